package service

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/plans/pti"
	"traguardo/surveys"
	"traguardo/surveys/comune"
	"traguardo/surveys/scoring"
)

// MATOfWave is the stored result of a closed assessment.
type MATOfWave struct {
	Stored     storage.Result // formula, hash, day; the areas are empty
	Assessment storage.Assessment
	Instrument *surveys.Instrument
	Result     scoring.MATResult
}

// StaffOfWave is the stored result of a closed questionnaire.
type StaffOfWave struct {
	Stored storage.Result
	Result scoring.StaffResult
}

// ResultsView is what the closed waves of an ente show. Nil parts are not closed
// (or, for changes, have nothing to be compared with).
type ResultsView struct {
	Place       Place
	Wave        surveys.Wave
	Closed      []surveys.Wave // waves with any result, in the order of time
	MAT         *MATOfWave
	Staff       *StaffOfWave
	Change      *scoring.MATChange
	StaffChange *scoring.ChangeResult
	Before      *StaffOfWave // ex post: the questionnaire of the ex ante

	ChangeStored, StaffChangeStored storage.Result // meta of Change and StaffChange
}

// Results reads what one wave of an ente shows; with an empty wave, the latest
// that shows anything, else the ex ante. Nothing of an open wave is in it.
func (s *Service) Results(ctx context.Context, actor auth.Actor, ente surveys.ID, wave surveys.Wave) (ResultsView, error) {
	p, err := s.Place(ctx, actor, ente, auth.AssessmentView)
	if err != nil {
		return ResultsView{}, err
	}
	stored, err := s.store.ClosedResults(ctx, ente)
	if err != nil {
		return ResultsView{}, err
	}
	return s.resultsOf(ctx, p, stored, wave)
}

// resultsOf is Results from what an ente's closed waves stored.
func (s *Service) resultsOf(ctx context.Context, p Place, stored []storage.Result, wave surveys.Wave) (ResultsView, error) {
	var err error
	v := ResultsView{Place: p, Wave: wave}
	for _, w := range []surveys.Wave{surveys.ExAnte, surveys.Interim, surveys.ExPost} {
		if slices.ContainsFunc(stored, func(r storage.Result) bool { return r.Wave == w }) {
			v.Closed = append(v.Closed, w)
		}
	}
	if v.Wave == "" {
		v.Wave = surveys.ExAnte
		if len(v.Closed) > 0 {
			v.Wave = v.Closed[len(v.Closed)-1]
		}
	}
	for _, r := range stored {
		if err := v.take(r); err != nil {
			return ResultsView{}, err
		}
	}
	if v.MAT == nil {
		return v, nil
	}
	if v.MAT.Assessment, err = s.store.Assessment(ctx, p.Ente.ID, v.Wave); err != nil {
		return ResultsView{}, err
	}
	v.MAT.Instrument, err = s.instrument(ctx, s.store, v.MAT.Assessment.InstrumentHash)
	return v, err
}

// take reads one stored result into its place.
func (v *ResultsView) take(r storage.Result) error {
	read := func(into any) error {
		if err := json.Unmarshal(r.Body, into); err != nil {
			return fmt.Errorf("reading the %s result of %s, %s: %w", r.Kind, r.EnteID, r.Wave, err)
		}
		return nil
	}
	if r.Wave == surveys.ExAnte && v.Wave != surveys.ExAnte && r.Kind == storage.ResultStaff {
		v.Before = &StaffOfWave{Stored: r}
		return read(&v.Before.Result)
	}
	if r.Wave != v.Wave {
		return nil
	}
	switch r.Kind {
	case storage.ResultAssessment:
		v.MAT = &MATOfWave{Stored: r}
		return read(&v.MAT.Result)
	case storage.ResultStaff:
		v.Staff = &StaffOfWave{Stored: r}
		return read(&v.Staff.Result)
	case storage.ResultChange:
		v.Change, v.ChangeStored = &scoring.MATChange{}, r
		return read(v.Change)
	case storage.ResultStaffChange:
		v.StaffChange, v.StaffChangeStored = &scoring.ChangeResult{}, r
		return read(v.StaffChange)
	}
	return nil
}

// AreaLine is a line of the PTI that indicators of an area name, as it stands for
// the ente.
type AreaLine struct {
	pti.Binding
	Indicators []string // codes
}

// AreaGround is what stands beside the result of one area.
type AreaGround struct {
	Edition string // label
	Lines   []AreaLine
	Funding []comune.Funding // PA digitale 2026 rows of the Comune; empty for a fictitious ente
	HasData bool             // any row of the open data was imported at all
}

// AreaGround reads the PTI lines tied to the indicators of an area and, for the
// platforms, the PA digitale 2026 rows of the Comune.
func (s *Service) AreaGround(ctx context.Context, v ResultsView, area surveys.Area) (AreaGround, error) {
	edition, err := s.edition(v.Place.Ente.PTIEdition)
	if err != nil {
		return AreaGround{}, err
	}
	answers, err := s.store.ConditionAnswers(ctx, v.Place.Ente.ID, edition.ID)
	if err != nil {
		return AreaGround{}, err
	}
	out := AreaGround{Edition: edition.Label}
	tied := map[string][]string{}
	for _, it := range v.MAT.Instrument.Items() {
		if it.Area == area && it.PTI != nil {
			for _, line := range it.PTI.Lines {
				tied[line] = append(tied[line], it.Code)
			}
		}
	}
	facts := pti.FactsOf(v.Place.Ente, answers)
	for _, l := range edition.Lines {
		if codes := tied[l.Code]; len(codes) > 0 {
			b, _ := edition.BindLine(l.Code, facts)
			out.Lines = append(out.Lines, AreaLine{Binding: b, Indicators: codes})
		}
	}
	if area != surveys.PIA {
		return out, nil
	}
	if out.HasData, err = s.store.HasFunding(ctx); err != nil {
		return AreaGround{}, err
	}
	codes := append([]comune.CodiceISTAT{v.Place.Ente.ISTAT}, v.Place.Ente.ISTATPrev...)
	out.Funding, err = s.store.FundingOf(ctx, codes...)
	return out, err
}
