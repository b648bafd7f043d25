package service

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/plans"
	"traguardo/plans/pti"
	"traguardo/surveys"
	"traguardo/surveys/comune"
)

// PTILineView is one line with everything that explains it.
type PTILineView struct {
	Place     Place
	Edition   *pti.Edition
	Today     plans.Date
	Line      PTILine
	Objective pti.Objective
	Chapter   pti.Chapter
	Results   []pti.ExpectedResult // those the line is tied to, with their national targets
	Projects  []Tracked            // that close or help it, cancelled ones too
	Tied      []storage.Evidence   // evidence tied to the line by hand
	Offered   []storage.Evidence   // other evidence of the ente that may be tied: of its indicators and its projects
	Exclusion *storage.LineExclusion
	History   []storage.NamedAudit
}

// PTILineOf explains one line. storage.ErrNotFound: the edition has none of that code.
func (s *Service) PTILineOf(ctx context.Context, actor auth.Actor, ente surveys.ID, code string) (PTILineView, error) {
	p, err := s.Place(ctx, actor, ente, auth.TrackView)
	if err != nil {
		return PTILineView{}, err
	}
	g, err := s.ptiGround(ctx, s.store, p)
	if err != nil {
		return PTILineView{}, err
	}
	b, ok := g.edition.BindLine(code, g.facts)
	if !ok {
		return PTILineView{}, fmt.Errorf("line %s of %s: %w", code, g.edition.ID, storage.ErrNotFound)
	}
	v := PTILineView{Place: p, Edition: g.edition, Today: s.today(),
		Line: PTILine{Binding: b, Status: pti.State(b, g.situation), Indicators: g.indicators[code]}}
	v.Objective, _, _ = g.edition.Objective(b.Line.Objective)
	for _, c := range g.edition.Chapters {
		if c.Number == b.Line.Chapter {
			v.Chapter = c
		}
	}
	for _, r := range b.Line.Results {
		if result, _, ok := g.edition.Result(r); ok {
			v.Results = append(v.Results, result)
		}
	}
	for i := range g.exclusions {
		if g.exclusions[i].Line == code {
			v.Exclusion = &g.exclusions[i]
		}
	}
	if v.Projects, err = s.projectsOfLine(g, code); err != nil {
		return v, err
	}
	if v.Tied, v.Offered, err = s.lineEvidence(ctx, g, p, code); err != nil {
		return v, err
	}
	v.History, err = s.store.AuditOf(ctx, ente, lineSubject(g.edition, code), historyLimit)
	return v, err
}

func (s *Service) projectsOfLine(g ground, code string) ([]Tracked, error) {
	records, err := trackedRecords(g.plan)
	if err != nil {
		return nil, err
	}
	var out []Tracked
	for _, r := range records {
		if slices.Contains(r.Project.Lines, code) || slices.Contains(r.Project.HelpsLines, code) {
			out = append(out, s.tracked(r, storage.Track{}, nil))
		}
	}
	return out, nil
}

// lineEvidence splits the evidence of the ente into what is tied to a line and
// what is offered: evidence of its indicators and of its projects.
func (s *Service) lineEvidence(ctx context.Context, g ground, p Place, code string) (tied, offered []storage.Evidence, err error) {
	all, err := s.store.EvidenceOf(ctx, p.Ente.ID)
	if err != nil {
		return nil, nil, err
	}
	isTied := map[surveys.ID]bool{}
	for _, e := range g.situation.Evidence {
		if slices.Contains(e.Lines, code) {
			isTied[surveys.ID(e.ID)] = true
		}
	}
	for _, e := range all {
		switch {
		case isTied[e.ID]:
			tied = append(tied, e)
		case e.Kind != storage.EvidenceNote && (slices.Contains(g.indicators[code], e.Indicator) || g.projectHasLine(e.ProjectID, code)):
			offered = append(offered, e)
		}
	}
	return tied, offered, nil
}

func (g ground) projectHasLine(id surveys.ID, code string) bool {
	return id != "" && slices.ContainsFunc(g.situation.Projects, func(f pti.ProjectFact) bool {
		return f.ID == id.String() && (slices.Contains(f.Lines, code) || slices.Contains(f.Helps, code))
	})
}

// subjectIn accepts what evidence may be tied to: the code of a line of the
// edition, or the id of a yearly duty of a year (obligation/piao/2027).
func (s *Service) subjectIn(p Place, subject string) (*pti.Edition, error) {
	e, err := s.edition(p.Ente.PTIEdition)
	if err != nil {
		return nil, err
	}
	if _, ok := e.Line(subject); ok {
		return e, nil
	}
	today := s.today()
	for _, due := range e.Calendar(pti.FactsOf(p.Ente, nil), today.AddDays(-2*366), today.AddDays(2*366), nil) {
		if due.Kind == pti.DueYearly && due.ID == subject {
			return e, nil
		}
	}
	return nil, fmt.Errorf("line or day %s of %s: %w", subject, e.ID, storage.ErrNotFound)
}

// TieEvidence says that a piece of evidence of the ente proves a line, or a
// yearly duty. Tying twice is the same as once.
func (s *Service) TieEvidence(ctx context.Context, actor auth.Actor, ente surveys.ID, subject string, evidence surveys.ID) error {
	return s.changeIn(ctx, actor, ente, auth.TrackEdit, func(tx *storage.Store, p Place) (Change, error) {
		e, err := s.subjectIn(p, subject)
		if err != nil {
			return Change{}, err
		}
		marks, err := tx.PTIMarks(ctx, ente, e.ID, s.today())
		if err != nil {
			return Change{}, err
		}
		c := Change{Action: "pti.tie", Subject: lineSubject(e, subject), Detail: map[string]string{"evidence": evidence.String()}}
		if slices.ContainsFunc(marks.Tied, func(f pti.EvidenceFact) bool { return f.ID == evidence.String() && slices.Contains(f.Lines, subject) }) {
			return c, nil
		}
		return c, tx.TieEvidence(ctx, ente, e.ID, subject, evidence, actor.UserID, s.clock())
	})
}

// UntieEvidence undoes TieEvidence; the piece itself stays where it is.
func (s *Service) UntieEvidence(ctx context.Context, actor auth.Actor, ente surveys.ID, subject string, evidence surveys.ID) error {
	return s.changeIn(ctx, actor, ente, auth.TrackEdit, func(tx *storage.Store, p Place) (Change, error) {
		e, err := s.subjectIn(p, subject)
		if err != nil {
			return Change{}, err
		}
		return Change{Action: "pti.untie", Subject: lineSubject(e, subject), Detail: map[string]string{"evidence": evidence.String()}},
			tx.UntieEvidence(ctx, ente, e.ID, subject, evidence)
	})
}

// FundingView is the PA digitale 2026 funding of an ente.
type FundingView struct {
	Place    Place
	Rows     []FundingLine          // by measure and platform
	Imported bool                   // the site holds the rows of some Comune; false: nothing was imported
	Missing  []comune.MissingNotice // notices that the extract lacks
	Source   comune.Attribution
}

// FundingLine is one application and the micro-progetti that carry its CUP.
type FundingLine struct {
	comune.Funding
	Projects []Tracked
	SameCUP  int // other rows of the ente with the same CUP (renounced and repeated)
}

// Funding lists the PA digitale 2026 applications of an ente as imported.
func (s *Service) Funding(ctx context.Context, actor auth.Actor, ente surveys.ID) (FundingView, error) {
	p, err := s.Place(ctx, actor, ente, auth.TrackView)
	if err != nil {
		return FundingView{}, err
	}
	v := FundingView{Place: p, Missing: comune.MissingNotices(), Source: comune.ReferenceAttribution()}
	rows, err := s.store.FundingOf(ctx, append([]comune.CodiceISTAT{p.Ente.ISTAT}, p.Ente.ISTATPrev...)...)
	if err != nil {
		return v, err
	}
	if v.Imported, err = s.store.HasFunding(ctx); err != nil {
		return v, err
	}
	byCUP, err := s.projectsByCUP(ctx, ente)
	if err != nil {
		return v, err
	}
	count := map[string]int{}
	for _, f := range rows {
		count[f.CUP]++
	}
	for _, f := range rows {
		line := FundingLine{Funding: f}
		if f.CUP != "" {
			line.Projects, line.SameCUP = byCUP[f.CUP], count[f.CUP]-1
		}
		v.Rows = append(v.Rows, line)
	}
	return v, nil
}

// projectsByCUP groups the micro-progetti in the plan by the CUP of their sheet,
// of a share of their money or of an expense.
func (s *Service) projectsByCUP(ctx context.Context, ente surveys.ID) (map[string][]Tracked, error) {
	rec, err := s.store.Plan(ctx, ente)
	if errors.Is(err, storage.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	track, err := s.store.Track(ctx, ente, "")
	if err != nil {
		return nil, err
	}
	out := map[string][]Tracked{}
	for _, r := range rec.Records {
		if !r.In && len(r.Project.Facts) == 0 {
			continue
		}
		t := s.tracked(r, track, nil)
		for _, cup := range cupsOf(&t.Project) {
			out[cup] = append(out[cup], t)
		}
	}
	return out, nil
}

// cupsOf returns the codes that a micro-progetto names, each once, sorted.
func cupsOf(m *plans.MicroProject) []string {
	cups := []string{m.CUP}
	for _, f := range m.Funding {
		cups = append(cups, f.CUP)
	}
	for _, e := range m.Expenses {
		cups = append(cups, e.CUP)
	}
	for i := range cups {
		cups[i] = strings.ToUpper(strings.TrimSpace(cups[i]))
	}
	slices.Sort(cups)
	cups = slices.Compact(cups)
	if len(cups) > 0 && cups[0] == "" {
		cups = cups[1:]
	}
	return cups
}
