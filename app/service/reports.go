package service

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"traguardo/app/auth"
	"traguardo/app/report"
	"traguardo/app/storage"
	"traguardo/surveys"
	"traguardo/surveys/comune"
)

// figureCache is how many bytes of painted figures are kept for the next report.
const figureCache = 32 << 20

// ReportAsk names one document: its kind, its language (it or en) and, for the
// assessment, its wave (empty: the latest closed one).
type ReportAsk struct {
	Kind report.Kind
	Wave surveys.Wave
	Lang string
}

// NotYet says why a document cannot be issued.
type NotYet string

// The reasons; empty when it can.
const (
	NotBegun       NotYet = "begun"    // nothing of it exists yet
	NotClosed      NotYet = "closed"   // its wave goes on: nothing of an open wave is printed
	NotPlanned     NotYet = "planned"  // no plan
	NotCompared    NotYet = "compared" // the second measure is not closed
	NotBecauseDone NotYet = ""
)

// ReportOffer is one document that an ente has, or will have.
type ReportOffer struct {
	Kind report.Kind
	Wave surveys.Wave // of an assessment
	Why  NotYet       // NotBecauseDone: it can be issued now
	On   time.Time    // day of its data; zero for the plan, whose data are today's
}

// ReportsView is what can be issued for an ente, and what was.
type ReportsView struct {
	Place  Place
	Offers []ReportOffer
	Issued []storage.IssuedReport
}

// Reports lists the documents of an ente: those ready, those not yet and why, and
// those issued.
func (s *Service) Reports(ctx context.Context, actor auth.Actor, ente surveys.ID) (ReportsView, error) {
	p, err := s.Place(ctx, actor, ente, auth.ReportIssue)
	if err != nil {
		return ReportsView{}, err
	}
	states, err := s.store.ProgressOf(ctx, []surveys.ID{ente})
	if err != nil {
		return ReportsView{}, err
	}
	v := ReportsView{Place: p, Offers: offersOf(s.percorsi(states, nil)[ente])}
	v.Issued, err = s.store.Reports(ctx, ente)
	return v, err
}

func offersOf(w Percorso) []ReportOffer {
	assessment := func(wave surveys.Wave, a storage.AssessmentProgress) ReportOffer {
		o := ReportOffer{Kind: report.KindAssessment, Wave: wave, Why: NotBegun}
		switch a.State {
		case waveClosed:
			o.Why, o.On = NotBecauseDone, a.ClosedAt
		case waveOpen:
			o.Why = NotClosed
		}
		return o
	}
	plan := ReportOffer{Kind: report.KindPlan, Why: NotPlanned}
	if w.Plan.State != "" {
		plan.Why = NotBecauseDone
	}
	impact := ReportOffer{Kind: report.KindImpact, Why: NotCompared}
	if w.ExPost.Assessment.State == waveClosed {
		impact.Why, impact.On = NotBecauseDone, latestOf(w.ExPost.Assessment.ClosedAt, w.ExPost.Survey.ClosedAt)
	}
	out := []ReportOffer{assessment(surveys.ExAnte, w.ExAnte.Assessment), plan}
	if w.ExPost.Assessment.State != "" {
		out = append(out, assessment(surveys.ExPost, w.ExPost.Assessment))
	}
	return append(out, impact)
}

// ReportDocument builds one document of an ente. storage.ErrNotFound and errors of
// the permission table as Place; surveys.ErrState: its data are not closed yet.
func (s *Service) ReportDocument(ctx context.Context, actor auth.Actor, ente surveys.ID, ask ReportAsk) (Place, report.Document, error) {
	p, err := s.Place(ctx, actor, ente, auth.ReportIssue)
	if err != nil {
		return Place{}, report.Document{}, err
	}
	docs, err := s.documents()
	if err != nil {
		return p, report.Document{}, err
	}
	if ask.Lang != "en" {
		ask.Lang = "it"
	}
	switch ask.Kind {
	case report.KindAssessment:
		data, err := s.assessmentReport(ctx, p, ask.Wave, ask.Lang)
		if err != nil {
			return p, report.Document{}, err
		}
		return p, docs.Assessment(ask.Lang, data), nil
	case report.KindPlan:
		data, err := s.PlanReport(ctx, actor, ente, ask.Lang)
		if err != nil {
			return p, report.Document{}, err
		}
		return p, docs.Plan(ask.Lang, data), nil
	case report.KindImpact:
		data, err := s.impactReport(ctx, p, ask.Lang)
		if err != nil {
			return p, report.Document{}, err
		}
		return p, docs.Impact(ask.Lang, data), nil
	default:
		return p, report.Document{}, fmt.Errorf("report kind %q: %w", ask.Kind, surveys.ErrInvalid)
	}
}

// ReportHTML writes the accessible twin of a document: one article without head,
// or, for page, a file of its own.
func (s *Service) ReportHTML(d report.Document, page bool) ([]byte, error) {
	docs, err := s.documents()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if page {
		err = docs.HTMLPage(&b, d)
	} else {
		err = docs.HTML(&b, d)
	}
	return b.Bytes(), err
}

// Issued is a document as it is handed out.
type Issued struct {
	Name     string // of the file
	PDF      []byte
	SHA256   string // of PDF, hexadecimal
	Document report.Document
}

// IssueReport makes the PDF of a document and registers it with its hashes. Equal
// data give equal bytes, and equal bytes one entry of the register.
func (s *Service) IssueReport(ctx context.Context, actor auth.Actor, ente surveys.ID, ask ReportAsk) (Issued, error) {
	p, d, err := s.ReportDocument(ctx, actor, ente, ask)
	if err != nil {
		return Issued{}, err
	}
	docs, err := s.documents()
	if err != nil {
		return Issued{}, err
	}
	pdf, err := docs.PDF(d)
	if err != nil {
		return Issued{}, err
	}
	sum := sha256.Sum256(pdf)
	out := Issued{PDF: pdf, SHA256: hex.EncodeToString(sum[:]), Document: d, Name: reportName(p.Ente, d)}
	id, err := s.newID()
	if err != nil {
		return Issued{}, err
	}
	return out, s.changeIn(ctx, actor, ente, auth.ReportIssue, func(tx *storage.Store, _ Place) (Change, error) {
		err := tx.AddReport(ctx, storage.IssuedReport{ID: id, EnteID: ente, Kind: string(d.Kind), SHA256: out.SHA256, DataHash: d.DataHash,
			Pages: report.Pages(pdf), IssuedOn: s.Today(), IssuedBy: actor.UserID})
		return Change{Action: "report.issue", Subject: "report:" + string(d.Kind), Detail: map[string]string{"sha256": out.SHA256, "data_hash": d.DataHash}}, err
	})
}

// reportName is "valutazione-borgo-ametista-2026-02-10.pdf": plain ASCII, kind,
// ente and day of the data.
func reportName(e comune.Ente, d report.Document) string {
	kind := map[report.Kind]string{report.KindAssessment: "valutazione", report.KindPlan: "piano", report.KindImpact: "impatto"}[d.Kind]
	return kind + "-" + plainName(e.Name) + "-" + d.GeneratedOn.Format(time.DateOnly) + ".pdf"
}

// plainName writes a name for the name of a file: lower-case ASCII, "-" for the rest.
func plainName(name string) string {
	plain := strings.Map(func(r rune) rune {
		if (r >= 'a' && r <= 'z') || (r >= '0' && r <= '9') {
			return r
		}
		return '-'
	}, comune.Fold(name))
	return strings.Join(strings.FieldsFunc(plain, func(r rune) bool { return r == '-' }), "-")
}

// EnteNamed finds the ente of a code (IPA, ISTAT new or old, cadastral), of an id,
// or, for a fictitious one that has no code, of its exact name. For the command
// line. storage.ErrNotFound: none; surveys.ErrInvalid: more than one of that name.
func (s *Service) EnteNamed(ctx context.Context, actor auth.Actor, text string) (comune.Ente, error) {
	if err := s.authoriseSystem(actor, auth.SystemStatus); err != nil {
		return comune.Ente{}, err
	}
	if id, err := surveys.ParseID(text); err == nil {
		if e, err := s.store.Ente(ctx, id); err == nil {
			return e, nil
		}
	}
	if e, err := s.store.EnteByCode(ctx, text); err == nil {
		return e, nil
	}
	all, err := s.store.Enti(ctx)
	if err != nil {
		return comune.Ente{}, err
	}
	var found []comune.Ente
	for _, e := range all {
		if e.Fictitious && comune.Fold(e.Name) == comune.Fold(text) {
			found = append(found, e)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return comune.Ente{}, fmt.Errorf("ente %q: %w", text, storage.ErrNotFound)
	default:
		return comune.Ente{}, fmt.Errorf("%w: %d fictitious enti are named %q", surveys.ErrInvalid, len(found), text)
	}
}
