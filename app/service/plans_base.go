package service

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"traguardo/app/storage"
	"traguardo/plans"
	"traguardo/plans/catalogue"
	"traguardo/plans/planner"
	"traguardo/plans/pti"
	"traguardo/surveys"
	"traguardo/surveys/comune"
	"traguardo/surveys/instruments"
	"traguardo/surveys/scoring"
)

// planBase is what plans are made from besides an ente's own data: read once,
// never changed.
type planBase struct {
	catalogue *catalogue.Catalogue
	points    planner.Points
	mat       *surveys.Instrument
	staff     *surveys.Instrument
}

// loadPlanBase reads the embedded catalogue, points and instruments.
func loadPlanBase() (*planBase, error) {
	b := &planBase{}
	var errs [4]error
	b.catalogue, errs[0] = catalogue.Embedded()
	b.points, errs[1] = planner.DefaultPoints()
	b.mat, errs[2] = instruments.MAT()
	b.staff, errs[3] = instruments.STAFF()
	if err := errors.Join(errs[:]...); err != nil {
		return nil, fmt.Errorf("reading what plans are made from: %w", err)
	}
	return b, nil
}

// PlanBasis is the closed measurement that a plan starts from.
type PlanBasis struct {
	Wave       surveys.Wave
	ClosedAt   time.Time // when the result was computed
	Assessment scoring.MATResult
	Staff      *scoring.StaffResult // nil: no closed survey, or none of this ente alone
}

// planBasis reads the latest closed assessment and staff result of an ente. It
// returns nil when no assessment is closed.
func (s *Service) planBasis(ctx context.Context, st *storage.Store, ente surveys.ID) (*PlanBasis, error) {
	basis := &PlanBasis{}
	for _, w := range []surveys.Wave{surveys.ExPost, surveys.Interim, surveys.ExAnte} {
		r, err := st.Result(ctx, ente, w, storage.ResultAssessment)
		if errors.Is(err, storage.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(r.Body, &basis.Assessment); err != nil {
			return nil, fmt.Errorf("reading the assessment result of %s: %w", ente, err)
		}
		basis.Wave, basis.ClosedAt = w, r.ComputedAt
		break
	}
	if basis.Wave == "" {
		return nil, nil //nolint:nilnil // no closed assessment is a state of the page, not a fault
	}
	for _, w := range []surveys.Wave{surveys.ExPost, surveys.Interim, surveys.ExAnte} {
		r, err := st.Result(ctx, ente, w, storage.ResultStaff)
		if errors.Is(err, storage.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		var staff scoring.StaffResult
		if err := json.Unmarshal(r.Body, &staff); err != nil {
			return nil, fmt.Errorf("reading the staff result of %s: %w", ente, err)
		}
		if staff.State == scoring.Published {
			basis.Staff = &staff
		}
		break
	}
	return basis, nil
}

// planLines is what an ente said of the PTI lines of an edition.
type planLines struct {
	Facts    pti.Facts
	Excluded map[string]pti.Exclusion // by code
	Evidence []pti.EvidenceFact
}

// planLines reads answers, exclusions and tied evidence, in one query.
func (s *Service) planLines(ctx context.Context, st *storage.Store, e comune.Ente, edition string) (planLines, error) {
	marks, err := st.PTIMarks(ctx, e.ID, edition, s.today())
	return planLines{Facts: pti.FactsOf(e, marks.Answers), Excluded: s.excluded(marks), Evidence: marks.Tied}, err
}

// input gathers what candidates come from: gaps, open PTI lines, weak competences.
func (b *planBase) input(today plans.Date, population int, basis *PlanBasis, targets []plans.Target, edition *pti.Edition, lines planLines) planner.Input {
	in := planner.Input{Today: today, Population: population, Catalogue: b.catalogue, Points: b.points}
	wanted := map[string]surveys.Level{}
	for _, t := range targets {
		wanted[t.Indicator] = t.Level
	}
	for _, x := range basis.Assessment.Indicators {
		item, _ := b.mat.Item(x.Code)
		in.Indicators = append(in.Indicators, planner.IndicatorState{Code: x.Code, Title: item.Title.IT, Area: x.Area, Gate: x.Gate,
			NA: x.State == scoring.NotApplicable, Evidenced: x.Evidenced, Declared: x.Declared, Target: wanted[x.Code]})
	}
	// What the plan's own projects will close stays open here: they are what closes it.
	before := pti.Situation{AsOf: today, Evidence: lines.Evidence, Excluded: lines.Excluded}
	for _, l := range edition.Bind(lines.Facts) {
		if !l.Binds() || l.Applies != pti.AppliesYes {
			continue
		}
		if st := pti.State(l, before).State; st != pti.Satisfied && st != pti.NotApplicable {
			in.Lines = append(in.Lines, planner.LineState{Code: l.Line.Code, Due: l.Line.Deadline})
		}
	}
	if basis.Staff == nil {
		return in
	}
	for _, a := range basis.Staff.Areas {
		if a.Self.Visible() {
			in.Competences = append(in.Competences, planner.Competence{Area: a.Area, Mean: *a.Self.Value})
		}
	}
	for _, it := range basis.Staff.Items {
		if it.Mean != nil && strings.HasPrefix(it.Code, "A-") {
			in.Competences = append(in.Competences, planner.Competence{Item: it.Code, Area: it.Area, Mean: *it.Mean})
		}
	}
	return in
}

// acceptance is the text of a level of an indicator, as the instrument has it.
func (b *planBase) acceptance(indicator string, l surveys.Level) string {
	item, ok := b.mat.Item(indicator)
	if !ok || int(l) >= len(item.Levels) {
		return ""
	}
	return item.Levels[l].IT
}

// Ambition is how far a plan wants to bring the indicators.
type Ambition string

// The ambitions.
const (
	AmbitionMinimum Ambition = "minimum" // level 2, which the law mostly asks: the target of the table of points
	AmbitionNext    Ambition = "next"    // one level more than today, at least 2
	AmbitionGood    Ambition = "good"    // level 3
	AmbitionTop     Ambition = "top"     // level 4
)

// Ambitions returns every ambition, lowest first. The caller owns the slice.
func Ambitions() []Ambition {
	return []Ambition{AmbitionMinimum, AmbitionNext, AmbitionGood, AmbitionTop}
}

// targets writes an ambition as the targets of the assessed indicators; nil for the minimum.
func (a Ambition) targets(res scoring.MATResult) []plans.Target {
	var out []plans.Target
	for _, x := range res.Indicators {
		if x.Evidenced == nil {
			continue
		}
		switch a {
		case AmbitionNext:
			out = append(out, plans.Target{Indicator: x.Code, Level: min(4, max(2, *x.Evidenced+1))})
		case AmbitionGood:
			out = append(out, plans.Target{Indicator: x.Code, Level: 3})
		case AmbitionTop:
			out = append(out, plans.Target{Indicator: x.Code, Level: 4})
		case AmbitionMinimum:
		}
	}
	return out
}

// ambitionOf finds the ambition whose targets these are; AmbitionMinimum when none fits.
func ambitionOf(targets []plans.Target, res scoring.MATResult) Ambition {
	for _, a := range Ambitions() {
		want := a.targets(res)
		same := len(want) == len(targets)
		for i := 0; same && i < len(want); i++ {
			same = want[i] == targets[i]
		}
		if same {
			return a
		}
	}
	return AmbitionMinimum
}
