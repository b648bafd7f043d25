package service

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/surveys"
	"traguardo/surveys/scoring"
)

// OneRaterUnder is the population under which one rater is enough
// (questionnaires.md, part A); from there two raters are proposed.
const OneRaterUnder = 5000

// AssessmentWave is one wave as the page of an ente's assessments lists it.
type AssessmentWave struct {
	Wave       surveys.Wave
	Opened     bool
	MayOpen    bool // not opened yet, and the wave before is closed
	Assessment storage.Assessment
	Done       int // indicators with a level or not applicable; 0 unless Opened
	Total      int // 0 unless Opened
}

// AssessmentWaves is the list of an ente's assessments: ex ante and ex post.
type AssessmentWaves struct {
	Place     Place
	Waves     []AssessmentWave
	TwoRaters bool // what is proposed at opening, by population
}

// AssessmentWaves lists the two waves of MAT of an ente, opened or not.
func (s *Service) AssessmentWaves(ctx context.Context, actor auth.Actor, ente surveys.ID) (AssessmentWaves, error) {
	p, err := s.Place(ctx, actor, ente, auth.AssessmentView)
	if err != nil {
		return AssessmentWaves{}, err
	}
	list, err := s.store.Assessments(ctx, ente)
	if err != nil {
		return AssessmentWaves{}, err
	}
	out := AssessmentWaves{Place: p, TwoRaters: p.Ente.Population >= OneRaterUnder}
	closed := true // what comes before the wave is closed
	for _, wave := range []surveys.Wave{surveys.ExAnte, surveys.ExPost} {
		w := AssessmentWave{Wave: wave, MayOpen: closed}
		if i := slices.IndexFunc(list, func(a storage.Assessment) bool { return a.Wave == wave }); i >= 0 {
			w.Opened, w.MayOpen, w.Assessment = true, false, list[i]
			ratings, err := s.store.Ratings(ctx, ente, list[i].ID)
			if err != nil {
				return AssessmentWaves{}, err
			}
			w.Total = len(ratings)
			for _, r := range ratings {
				if r.Level != nil || r.NA {
					w.Done++
				}
			}
		}
		closed = w.Opened && w.Assessment.Closed
		out.Waves = append(out.Waves, w)
	}
	return out, nil
}

// OpenAssessment begins a wave of MAT with the instrument of this program.
// surveys.ErrState: the ex post before the ex ante is closed; storage.ErrConflict:
// opened already. Only ex ante and ex post are opened here.
func (s *Service) OpenAssessment(ctx context.Context, actor auth.Actor, ente surveys.ID, wave surveys.Wave, twoRaters bool) error {
	in, err := s.carried()
	if err != nil {
		return err
	}
	var codes []string
	for _, it := range in.mat.Items() {
		if it.Scored {
			codes = append(codes, it.Code)
		}
	}
	return s.changeIn(ctx, actor, ente, auth.AssessmentEdit, func(tx *storage.Store, _ Place) (Change, error) {
		if err := mayOpen(ctx, tx, ente, wave); err != nil {
			return Change{}, err
		}
		now := s.clock()
		hash, err := tx.PublishInstrument(ctx, in.mat, now)
		if err != nil {
			return Change{}, err
		}
		id, err := s.newID()
		if err != nil {
			return Change{}, err
		}
		a := storage.Assessment{ID: id, EnteID: ente, Wave: wave, InstrumentHash: hash, TwoRaters: twoRaters, OpenedAt: now}
		return Change{Action: "assessment.open", Subject: "assessment:" + id.String(),
			Detail: map[string]any{"wave": wave, "two_raters": twoRaters, "instrument": hash}}, tx.AddAssessment(ctx, a, codes)
	})
}

func mayOpen(ctx context.Context, tx *storage.Store, ente surveys.ID, wave surveys.Wave) error {
	switch wave {
	case surveys.ExAnte:
		return nil
	case surveys.ExPost:
		before, err := tx.Assessment(ctx, ente, surveys.ExAnte)
		if err != nil && !errors.Is(err, storage.ErrNotFound) {
			return err
		}
		if err != nil || !before.Closed {
			return fmt.Errorf("opening the %s assessment of %s before the ex-ante is closed: %w", wave, ente, surveys.ErrState)
		}
		return nil
	case surveys.Interim:
		return fmt.Errorf("opening an interim assessment of %s: %w", ente, surveys.ErrState)
	default:
		return fmt.Errorf("opening wave %q: %w", wave, surveys.ErrInvalid)
	}
}

// Rater is which of the two first answers an actor gives.
type Rater string

// The raters. NoRater only looks.
const (
	NoRater Rater = ""
	RaterA  Rater = "a" // the RTD, or the facilitator who edits as one
	RaterB  Rater = "b" // the UTD
)

// Rater says which first answer the actor's roles give; RTD goes before UTD.
func (p Place) Rater() Rater {
	switch {
	case slices.Contains(p.Roles, auth.RTD), slices.Contains(p.Roles, auth.Facilitator):
		return RaterA
	case slices.Contains(p.Roles, auth.UTD):
		return RaterB
	default:
		return NoRater
	}
}

// RatingStep is what an indicator waits for, seen by one actor.
type RatingStep string

// The steps.
const (
	StepAnswer    RatingStep = "answer"    // one rater: the level
	StepFirst     RatingStep = "first"     // two raters: the actor's own first answer is missing
	StepWaiting   RatingStep = "waiting"   // two raters: the other's first answer is missing
	StepConsensus RatingStep = "consensus" // two raters: both are there; the joint level is to be written or changed
	StepLook      RatingStep = "look"      // closed, or a role that only looks
)

// IndicatorView is one indicator of an assessment as one actor may see it: of two
// first answers, the other's is hidden until both are there.
type IndicatorView struct {
	Item     surveys.Item
	Rating   storage.Rating
	Evidence []storage.Evidence      // newest first; on a closed wave as it stood at closing
	Result   scoring.IndicatorResult // on today's evidence, or on that of the day of closing
	Step     RatingStep
	OtherHas bool                     // two raters: the other has answered, and it is hidden
	Before   *scoring.IndicatorResult // ex post: the closed ex ante, same version only; nil otherwise
}

// AssessmentView is one wave with all its indicators.
type AssessmentView struct {
	Place      Place
	Assessment storage.Assessment
	Instrument *surveys.Instrument
	Indicators []IndicatorView // the first round (the gates), then the rest, each in the order of the instrument
	MayEdit    bool            // open, and the role may
	AsOf       time.Time       // day on which evidence was checked: today, or that of closing
}

// Indicator finds an indicator and the codes before and after it, empty at the ends.
func (v AssessmentView) Indicator(code string) (x IndicatorView, previous, next string, ok bool) {
	i := slices.IndexFunc(v.Indicators, func(x IndicatorView) bool { return x.Item.Code == code })
	if i < 0 {
		return IndicatorView{}, "", "", false
	}
	if i > 0 {
		previous = v.Indicators[i-1].Item.Code
	}
	if i+1 < len(v.Indicators) {
		next = v.Indicators[i+1].Item.Code
	}
	return v.Indicators[i], previous, next, true
}

// Assessment reads one wave with its indicators. storage.ErrNotFound: the wave was not opened.
func (s *Service) Assessment(ctx context.Context, actor auth.Actor, ente surveys.ID, wave surveys.Wave) (AssessmentView, error) {
	p, err := s.Place(ctx, actor, ente, auth.AssessmentView)
	if err != nil {
		return AssessmentView{}, err
	}
	return s.assessmentView(ctx, s.store, p, wave)
}

func (s *Service) assessmentView(ctx context.Context, st *storage.Store, p Place, wave surveys.Wave) (AssessmentView, error) {
	a, err := st.Assessment(ctx, p.Ente.ID, wave)
	if err != nil {
		return AssessmentView{}, err
	}
	sheet, err := s.sheet(ctx, st, a)
	if err != nil {
		return AssessmentView{}, err
	}
	before, err := s.before(ctx, st, a, sheet.instrument)
	if err != nil {
		return AssessmentView{}, err
	}
	v := AssessmentView{Place: p, Assessment: a, Instrument: sheet.instrument, MayEdit: !a.Closed && p.Can(auth.AssessmentEdit), AsOf: sheet.asOf}
	for _, x := range sheet.result.Indicators {
		it, _ := sheet.instrument.Item(x.Code)
		view := IndicatorView{Item: it, Rating: sheet.ratings[x.Code], Evidence: sheet.evidence[x.Code], Result: x}
		if b, ok := before.Indicator(x.Code); ok {
			view.Before = &b
		}
		view.hideFirst(a, p, v.MayEdit)
		v.Indicators = append(v.Indicators, view)
	}
	slices.SortStableFunc(v.Indicators, func(x, y IndicatorView) int {
		switch {
		case x.Item.Gate == y.Item.Gate:
			return 0
		case x.Item.Gate:
			return -1
		default:
			return 1
		}
	})
	return v, nil
}

// hideFirst sets the step and takes away what the actor may not see yet.
func (x *IndicatorView) hideFirst(a storage.Assessment, p Place, mayEdit bool) {
	r := &x.Rating
	both := r.RaterA != nil && r.RaterB != nil
	x.Step = StepLook
	if mayEdit {
		x.Step = StepAnswer
	}
	if !a.TwoRaters || both || r.NA {
		if mayEdit && a.TwoRaters {
			x.Step = StepConsensus
		}
		return
	}
	own, other := &r.RaterA, &r.RaterB
	switch p.Rater() {
	case RaterA:
	case RaterB:
		own, other = other, own
	case NoRater:
		r.RaterA, r.RaterB = nil, nil
		return
	}
	x.OtherHas = *other != nil
	*other = nil
	if mayEdit {
		x.Step = StepFirst
		if *own != nil {
			x.Step = StepWaiting
		}
	}
}

// matSheet is everything an assessment is scored on.
type matSheet struct {
	assessment storage.Assessment
	instrument *surveys.Instrument
	ratings    map[string]storage.Rating
	evidence   map[string][]storage.Evidence
	result     scoring.MATResult
	asOf       time.Time
}

// sheet reads ratings and evidence and scores them: on today's evidence while the
// wave is open, on what stood at closing afterwards.
func (s *Service) sheet(ctx context.Context, st *storage.Store, a storage.Assessment) (matSheet, error) {
	out := matSheet{assessment: a, ratings: map[string]storage.Rating{}, evidence: map[string][]storage.Evidence{}, asOf: s.Today()}
	if a.Closed {
		out.asOf = s.dayOf(a.ClosedAt)
	}
	var err error
	if out.instrument, err = s.instrument(ctx, st, a.InstrumentHash); err != nil {
		return matSheet{}, err
	}
	ratings, err := st.Ratings(ctx, a.EnteID, a.ID)
	if err != nil {
		return matSheet{}, err
	}
	pieces, err := st.IndicatorEvidence(ctx, a.EnteID, "")
	if err != nil {
		return matSheet{}, err
	}
	for _, e := range pieces {
		if e, there := standing(e, a); there {
			out.evidence[e.Indicator] = append(out.evidence[e.Indicator], e)
		}
	}
	scored := make([]surveys.Rating, 0, len(ratings))
	for _, r := range ratings {
		r.Evidence = counting(out.evidence[r.Indicator], r.Level)
		out.ratings[r.Indicator] = r
		scored = append(scored, r.Rating)
	}
	out.result, err = scoring.Assess(out.instrument, scored, out.asOf)
	return out, err
}

// dayOf is the calendar day of t in Europe/Rome, as midnight UTC.
func (s *Service) dayOf(t time.Time) time.Time {
	y, m, d := t.In(s.rome).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// standing is a piece as it stood when the assessment was closed: what came later
// is not there, and a later revocation has not happened yet.
func standing(e storage.Evidence, a storage.Assessment) (storage.Evidence, bool) {
	if !a.Closed {
		return e, true
	}
	if e.AddedAt.After(a.ClosedAt) {
		return e, false
	}
	if e.Revoked && e.RevokedAt.After(a.ClosedAt) {
		e.Revoked, e.RevokedAt = false, time.Time{}
	}
	return e, true
}

// counting is the evidence as scoring takes it, from a list newest first. Of the
// reviewers' checks only the latest counts, and for the level that was checked:
// when more is declared since, it counts no longer.
func counting(pieces []storage.Evidence, declared *surveys.Level) []surveys.Evidence {
	out := make([]surveys.Evidence, 0, len(pieces))
	latest := LatestCheck(pieces)
	for _, e := range pieces {
		piece := e.Evidence
		if Outgrown(e, declared) || e.CheckedLevel != nil && e.ID != latest {
			piece.Revoked = true
		}
		out = append(out, piece)
	}
	return out
}

// LatestCheck returns the id of the newest reviewer's check in a list newest first,
// empty when there is none.
func LatestCheck(pieces []storage.Evidence) surveys.ID {
	for _, e := range pieces {
		if e.CheckedLevel != nil && !e.Revoked {
			return e.ID
		}
	}
	return ""
}

// Outgrown says that a reviewer's check was made for a lower level than the one
// declared: it proves nothing of it.
func Outgrown(e storage.Evidence, declared *surveys.Level) bool {
	return e.CheckedLevel != nil && declared != nil && *declared > *e.CheckedLevel
}

// before is the closed ex ante of an ex post, empty when there is none or when it
// was made with another version of the instrument.
func (s *Service) before(ctx context.Context, st *storage.Store, a storage.Assessment, in *surveys.Instrument) (scoring.MATResult, error) {
	if a.Wave != surveys.ExPost {
		return scoring.MATResult{}, nil
	}
	r, err := storedMAT(ctx, st, a.EnteID, surveys.ExAnte)
	if errors.Is(err, storage.ErrNotFound) || err == nil && r.Version != in.Version {
		return scoring.MATResult{}, nil
	}
	return r, err
}

// storedMAT reads the stored result of a closed assessment.
func storedMAT(ctx context.Context, st *storage.Store, ente surveys.ID, wave surveys.Wave) (scoring.MATResult, error) {
	var out scoring.MATResult
	r, err := st.Result(ctx, ente, wave, storage.ResultAssessment)
	if err != nil {
		return out, err
	}
	if err := json.Unmarshal(r.Body, &out); err != nil {
		return out, fmt.Errorf("reading the %s result of %s: %w", wave, ente, err)
	}
	return out, nil
}
