package service

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/surveys"
)

// EvidenceInput is a piece of evidence as it was typed: at least one of file,
// address and act.
type EvidenceInput struct {
	Type       surveys.EvidenceType // E1 to E4; E5 comes from ReviewIndicator
	Title      string
	URL        string
	ActType    string
	ActNumber  string
	Dated      time.Time // day of the act, export, page or data; required
	ValidUntil time.Time // zero: none of its own
	File       *Upload
}

// kind is what the piece is made of: a file before an address before an act.
func (in EvidenceInput) kind() storage.EvidenceKind {
	switch {
	case in.File != nil:
		return storage.EvidenceFile
	case in.URL != "":
		return storage.EvidenceLink
	default:
		return storage.EvidenceAct
	}
}

func (in *EvidenceInput) check(today time.Time) error {
	in.Title, in.URL = strings.TrimSpace(in.Title), strings.TrimSpace(in.URL)
	in.ActType, in.ActNumber = strings.TrimSpace(in.ActType), strings.TrimSpace(in.ActNumber)
	var f faults
	if !slices.Contains([]surveys.EvidenceType{surveys.E1, surveys.E2, surveys.E3, surveys.E4}, in.Type) {
		f.add("tipo", "assess.fault_type")
	}
	if in.Title == "" {
		f.add("titolo", "assess.fault_title")
	}
	if in.File == nil && in.URL == "" && in.ActNumber == "" {
		f.add("file", "assess.fault_nothing")
	}
	if in.URL != "" {
		if u, err := url.Parse(in.URL); err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
			f.add("indirizzo", "form.url")
		}
	}
	if in.ActNumber != "" && in.ActType == "" {
		f.add("atto_tipo", "assess.fault_act_type")
	}
	switch {
	case in.Dated.IsZero():
		f.add("data", "form.date")
	case in.Dated.After(today):
		f.add("data", "assess.fault_future")
	}
	if !in.ValidUntil.IsZero() && in.ValidUntil.Before(in.Dated) {
		f.add("scadenza", "assess.fault_until")
	}
	for _, x := range []struct {
		field, text string
		limit       int
	}{{"titolo", in.Title, MaxTitle}, {"indirizzo", in.URL, MaxURL}, {"atto_tipo", in.ActType, MaxAct}, {"atto_numero", in.ActNumber, MaxAct}} {
		if utf8.RuneCountInString(x.text) > x.limit {
			f.add(x.field, "assess.fault_long", "Max", x.limit)
		}
	}
	if in.File != nil {
		checkUpload(*in.File, "file", &f)
	}
	return f.err()
}

// AddEvidence attaches a piece to an indicator of an open wave. It counts in
// later waves too, as long as it is valid.
func (s *Service) AddEvidence(ctx context.Context, actor auth.Actor, ente surveys.ID, wave surveys.Wave, code string, in EvidenceInput) error {
	if err := in.check(s.Today()); err != nil {
		// Who may not write here learns nothing about the form.
		if _, perr := s.Place(ctx, actor, ente, auth.AssessmentEdit); perr != nil {
			return perr
		}
		return err
	}
	return s.changeIn(ctx, actor, ente, auth.AssessmentEdit, func(tx *storage.Store, p Place) (Change, error) {
		if _, _, err := s.lockIndicator(ctx, tx, p, wave, code); err != nil {
			return Change{}, err
		}
		e := storage.Evidence{Evidence: surveys.Evidence{Type: in.Type, Dated: in.Dated, ValidUntil: in.ValidUntil}, EnteID: ente, Indicator: code,
			Kind: in.kind(), Title: in.Title, URL: in.URL, ActType: in.ActType, ActNumber: in.ActNumber,
			AddedBy: actor.UserID, AddedRole: firstRole(p), AddedAt: s.clock()}
		var err error
		if in.File != nil {
			if e.FileID, err = s.storeUpload(ctx, tx, actor, ente, *in.File); err != nil {
				return Change{}, err
			}
		}
		if e.ID, err = s.newID(); err != nil {
			return Change{}, err
		}
		return Change{Action: "evidence.add", Subject: "evidence:" + e.ID.String(), Detail: map[string]any{"indicator": code, "type": in.Type}}, tx.AddEvidence(ctx, e)
	})
}

func firstRole(p Place) string {
	if len(p.Roles) == 0 {
		return ""
	}
	return string(p.Roles[0])
}

// RevokeEvidence makes a piece count no more. withFile also deletes its file for
// good, for what should never have been uploaded; closed waves keep its hash. A
// reviewer's check is not revoked but followed by another (surveys.ErrState).
func (s *Service) RevokeEvidence(ctx context.Context, actor auth.Actor, ente surveys.ID, wave surveys.Wave, code string, id surveys.ID, withFile bool) error {
	return s.changeIn(ctx, actor, ente, auth.AssessmentEdit, func(tx *storage.Store, p Place) (Change, error) {
		if _, _, err := s.lockIndicator(ctx, tx, p, wave, code); err != nil {
			return Change{}, err
		}
		e, err := tx.Evidence(ctx, ente, id)
		if err != nil {
			return Change{}, err
		}
		if e.Indicator != code {
			return Change{}, fmt.Errorf("evidence %s of %s: %w", id, code, storage.ErrNotFound)
		}
		if e.CheckedLevel != nil {
			return Change{}, fmt.Errorf("revoking the reviewer's check %s: %w", id, surveys.ErrState)
		}
		if err := tx.RevokeEvidence(ctx, ente, id, s.clock()); err != nil {
			return Change{}, err
		}
		if withFile && e.FileID != "" {
			if err := tx.RemoveFile(ctx, ente, e.FileID); err != nil {
				return Change{}, err
			}
		}
		return Change{Action: "evidence.revoke", Subject: "evidence:" + id.String(),
			Detail: map[string]any{"indicator": code, "file_deleted": withFile && e.FileID != "", "sha256": e.FileHash}}, nil
	})
}

// EvidenceFile reads a file of an ente, to be served as an attachment.
// storage.ErrNotFound: not of this ente.
func (s *Service) EvidenceFile(ctx context.Context, actor auth.Actor, ente, file surveys.ID) (storage.File, error) {
	if _, err := s.Place(ctx, actor, ente, auth.AssessmentView); err != nil {
		return storage.File{}, err
	}
	return s.store.File(ctx, ente, file)
}

// ReviewInput is the check of a reviewer: the level that the evidence seen proves.
type ReviewInput struct {
	Level *surveys.Level
	Note  string // what was looked at
}

// MayReview reports whether an actor may check evidence of an ente: a facilitator
// or coordinator who changed nothing in it (E5, questionnaires.md §4).
func (s *Service) MayReview(ctx context.Context, actor auth.Actor, p Place) (bool, error) {
	return mayReview(ctx, s.store, actor, p)
}

func mayReview(ctx context.Context, st *storage.Store, actor auth.Actor, p Place) (bool, error) {
	if !p.Can(auth.AssessmentReview) || actor.System || slices.Contains(p.Roles, auth.RTD) || slices.Contains(p.Roles, auth.UTD) {
		return false, nil
	}
	actions, err := st.ActionsOf(ctx, p.Ente.ID, actor.UserID)
	return !slices.ContainsFunc(actions, edits), err
}

// edits reports whether a kind of change in the audit trail is an edit of what the
// ente declares or does. Enrolling an ente, giving roles, issuing reports and
// reviewing are none.
func edits(action string) bool {
	for _, harmless := range []string{"programme.", "ente.create", "ente.enrol", "grant.", "user.", "report.", "session.", "evidence.review"} {
		if strings.HasPrefix(action, harmless) {
			return false
		}
	}
	return true
}

// ReviewIndicator records the check of a reviewer as evidence E5 of today. It
// counts for declared levels up to the one checked. auth.ErrForbidden: the actor
// edited this ente.
func (s *Service) ReviewIndicator(ctx context.Context, actor auth.Actor, ente surveys.ID, wave surveys.Wave, code string, in ReviewInput) error {
	return s.changeIn(ctx, actor, ente, auth.AssessmentReview, func(tx *storage.Store, p Place) (Change, error) {
		may, err := mayReview(ctx, tx, actor, p)
		if err != nil {
			return Change{}, err
		}
		if !may {
			return Change{}, fmt.Errorf("review of %s by who edited ente %s: %w", code, ente, auth.ErrForbidden)
		}
		if _, _, err := s.lockIndicator(ctx, tx, p, wave, code); err != nil {
			return Change{}, err
		}
		if err := in.check(); err != nil {
			return Change{}, err
		}
		id, err := s.newID()
		if err != nil {
			return Change{}, err
		}
		e := storage.Evidence{Evidence: surveys.Evidence{ID: id, Type: surveys.E5, Dated: s.Today()}, EnteID: ente, Indicator: code,
			Kind: storage.EvidenceNote, Title: in.Note, CheckedLevel: in.Level, AddedBy: actor.UserID, AddedRole: reviewerRole(p), AddedAt: s.clock()}
		return Change{Action: "evidence.review", Subject: "evidence:" + id.String(), Detail: map[string]any{"indicator": code}}, tx.AddEvidence(ctx, e)
	})
}

func (in *ReviewInput) check() error {
	in.Note = strings.TrimSpace(in.Note)
	var f faults
	if in.Level == nil || *in.Level < 0 || *in.Level > topLevel {
		f.add("livello_verificato", "assess.fault_choose")
	}
	if in.Note == "" {
		f.add("nota", "assess.fault_review_note")
	}
	if utf8.RuneCountInString(in.Note) > MaxReason {
		f.add("nota", "assess.fault_long", "Max", MaxReason)
	}
	return f.err()
}

func reviewerRole(p Place) string {
	if slices.Contains(p.Roles, auth.Facilitator) {
		return string(auth.Facilitator)
	}
	return string(auth.Coordinator)
}
