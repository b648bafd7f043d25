package service

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/surveys"
	"traguardo/surveys/scoring"
)

// Limits of the texts of an assessment, in characters.
const (
	MaxComment = 2000
	MaxReason  = 500
	MaxTitle   = 200
	MaxAct     = 80
	MaxURL     = 1000
)

const topLevel surveys.Level = 4

// RatingInput is what somebody answered to an indicator.
type RatingInput struct {
	Level          *surveys.Level // nil: not assessed (yet)
	NA             bool           // not applicable, with NAReason
	NAReason       string
	Comment        string
	ConfirmsBefore bool           // ex post: take the declared level, or the N/A, of the ex ante
	Version        int            // of the rating that the form showed
	Was            *surveys.Level // two raters: the actor's own first answer that the form showed
}

// SaveRating writes an answer. With two raters it is the actor's first answer
// until both are there, then the consensus. storage.ErrStale: somebody else
// changed the same answer since the form was shown, and nothing was written;
// surveys.ErrClosed: the wave is closed.
func (s *Service) SaveRating(ctx context.Context, actor auth.Actor, ente surveys.ID, wave surveys.Wave, code string, in RatingInput) error {
	return s.changeIn(ctx, actor, ente, auth.AssessmentEdit, func(tx *storage.Store, p Place) (Change, error) {
		a, view, err := s.lockIndicator(ctx, tx, p, wave, code)
		if err != nil {
			return Change{}, err
		}
		if in.ConfirmsBefore {
			if err := in.takeBefore(view.Before); err != nil {
				return Change{}, err
			}
		}
		if err := in.check(view.Item); err != nil {
			return Change{}, err
		}
		r, err := tx.Rating(ctx, ente, a.ID, code)
		if err != nil {
			return Change{}, err
		}
		first := view.Step == StepFirst || view.Step == StepWaiting
		if first && !in.NA {
			err = in.first(&r, p.Rater())
		} else {
			err = in.joint(&r, first, a.TwoRaters, p.Rater())
		}
		if err != nil {
			return Change{}, err
		}
		r.UpdatedBy, r.UpdatedAt = actor.UserID, s.clock()
		return Change{Action: "rating.save", Subject: "assessment:" + a.ID.String(), Detail: map[string]any{"indicator": code}}, tx.SaveRating(ctx, r)
	})
}

// lockIndicator finds an open assessment, holds it for writing and returns the
// indicator as the actor sees it.
func (s *Service) lockIndicator(ctx context.Context, tx *storage.Store, p Place, wave surveys.Wave, code string) (storage.Assessment, IndicatorView, error) {
	a, err := tx.LockAssessment(ctx, p.Ente.ID, wave)
	if err != nil {
		return a, IndicatorView{}, err
	}
	if a.Closed {
		return a, IndicatorView{}, fmt.Errorf("%s assessment of %s: %w", wave, p.Ente.ID, surveys.ErrClosed)
	}
	v, err := s.assessmentView(ctx, tx, p, wave)
	if err != nil {
		return a, IndicatorView{}, err
	}
	x, _, _, ok := v.Indicator(code)
	if !ok {
		return a, IndicatorView{}, fmt.Errorf("indicator %q: %w", code, storage.ErrNotFound)
	}
	return a, x, nil
}

// takeBefore answers with the closed ex ante.
func (in *RatingInput) takeBefore(before *scoring.IndicatorResult) error {
	if before == nil || before.State == scoring.NotAssessed {
		return Invalid("livello", "assess.fault_no_before")
	}
	in.Level, in.NA = before.Declared, before.State == scoring.NotApplicable
	if in.NA {
		in.NAReason = before.NAReason
	}
	return nil
}

func (in *RatingInput) check(it surveys.Item) error {
	in.Comment, in.NAReason = strings.TrimSpace(in.Comment), strings.TrimSpace(in.NAReason)
	var f faults
	switch {
	case in.Level != nil && (*in.Level < 0 || *in.Level > topLevel || in.NA):
		f.add("livello", "assess.fault_level")
	case in.NA && !it.NAAllowed:
		f.add("livello", "assess.fault_na")
	case in.NA && in.NAReason == "":
		f.add("motivo", "assess.fault_na_reason")
	}
	if utf8.RuneCountInString(in.NAReason) > MaxReason {
		f.add("motivo", "assess.fault_long", "Max", MaxReason)
	}
	if utf8.RuneCountInString(in.Comment) > MaxComment {
		f.add("commento", "assess.fault_long", "Max", MaxComment)
	}
	if !in.NA {
		in.NAReason = ""
	}
	return f.err()
}

// first writes the actor's own first answer. When the two agree the joint level
// is theirs. The other's answer is no conflict, nor does it show.
func (in *RatingInput) first(r *storage.Rating, rater Rater) error {
	own := &r.RaterA
	if rater == RaterB {
		own = &r.RaterB
	}
	if !sameLevel(*own, in.Was) {
		return fmt.Errorf("first answer to %s: %w", r.Indicator, storage.ErrStale)
	}
	if in.Level == nil {
		return Invalid("livello", "assess.fault_choose")
	}
	*own = in.Level
	if r.RaterA != nil && sameLevel(r.RaterA, r.RaterB) {
		r.Level = r.RaterA
	}
	return nil
}

// joint writes the level of one rater, the consensus of two, or the N/A of
// either. unseen: the actor could not see the other's first answer, so its
// arrival is no conflict. A level after an N/A begins with first answers again.
func (in *RatingInput) joint(r *storage.Rating, unseen, twoRaters bool, rater Rater) error {
	if r.Version != in.Version && !unseen {
		return fmt.Errorf("rating of %s: %w", r.Indicator, storage.ErrStale)
	}
	both := r.RaterA != nil && r.RaterB != nil
	if both && !sameLevel(r.RaterA, r.RaterB) && in.Level != nil && in.Comment == "" {
		return Invalid("commento", "assess.fault_note")
	}
	r.Level, r.NA, r.NAReason = in.Level, in.NA, in.NAReason
	if !unseen {
		r.Comment = in.Comment
	}
	if twoRaters && !both && in.Level != nil {
		r.Level, in.Was = nil, r.RaterA
		if rater == RaterB {
			in.Was = r.RaterB
		}
		return in.first(r, rater)
	}
	return nil
}

func sameLevel(a, b *surveys.Level) bool {
	return a == nil && b == nil || a != nil && b != nil && *a == *b
}

// AssessmentEditors lists the colleagues to whom indicators may be assigned: RTD and UTD
// of the ente.
func (s *Service) AssessmentEditors(ctx context.Context, actor auth.Actor, ente surveys.ID) ([]storage.User, error) {
	if _, err := s.Place(ctx, actor, ente, auth.AssessmentView); err != nil {
		return nil, err
	}
	return s.store.EditorsIn(ctx, ente)
}

// AssignIndicator gives an indicator to a colleague, or to nobody when user is
// empty. A user who is not RTD or UTD of the ente is a fault of field "collega".
func (s *Service) AssignIndicator(ctx context.Context, actor auth.Actor, ente surveys.ID, wave surveys.Wave, code string, user surveys.ID) error {
	return s.changeIn(ctx, actor, ente, auth.AssessmentEdit, func(tx *storage.Store, p Place) (Change, error) {
		a, _, err := s.lockIndicator(ctx, tx, p, wave, code)
		if err != nil {
			return Change{}, err
		}
		if user != "" {
			editors, err := tx.EditorsIn(ctx, ente)
			if err != nil {
				return Change{}, err
			}
			if !slices.ContainsFunc(editors, func(u storage.User) bool { return u.ID == user }) {
				return Change{}, Invalid("collega", "assess.fault_colleague")
			}
		}
		return Change{Action: "rating.assign", Subject: "assessment:" + a.ID.String(), Detail: map[string]any{"indicator": code, "user": user}},
			tx.AssignRating(ctx, ente, a.ID, code, user)
	})
}
