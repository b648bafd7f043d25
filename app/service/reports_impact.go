package service

import (
	"context"
	"errors"
	"fmt"
	"time"

	"traguardo/app/i18n"
	"traguardo/app/report"
	"traguardo/app/report/figure"
	"traguardo/app/storage"
	"traguardo/plans"
	"traguardo/plans/impact"
	"traguardo/surveys"
	"traguardo/surveys/privacy"
	"traguardo/surveys/scoring"
)

// impactReport fills the report on what moved between the two waves, from stored
// results and from what the plan's micro-progetti did meanwhile.
func (s *Service) impactReport(ctx context.Context, p Place, lang string) (report.ImpactData, error) {
	var d report.ImpactData
	results, err := s.store.ClosedResults(ctx, p.Ente.ID)
	if err != nil {
		return d, err
	}
	after, err := s.assessed(ctx, p, results, surveys.ExPost)
	if err != nil {
		return d, err
	}
	before, err := s.assessed(ctx, p, results, surveys.ExAnte)
	if err != nil {
		return d, err
	}
	if after.Change == nil || !after.Change.SameVersion {
		return d, fmt.Errorf("impact report of %s: the two assessments cannot be compared: %w", p.Ente.ID, surveys.ErrState)
	}
	stored := resultIn(results, surveys.ExPost, storage.ResultChange)
	l := s.texts.For(lang)
	if d.Meta, err = s.reportMeta(l, p, stored); err != nil {
		return d, err
	}
	d.Version = after.MAT.Instrument.Code + " " + after.MAT.Instrument.Version
	d.BeforeOn, d.AfterOn = s.dayOf(before.MAT.Assessment.ClosedAt), s.dayOf(after.MAT.Assessment.ClosedAt)
	for _, a := range after.Change.Areas {
		d.Areas = append(d.Areas, report.AreaChange{Name: l.T("area." + string(a.Area)), EvidencedBefore: sideFigure(before, a.Area, true),
			EvidencedAfter: sideFigure(after, a.Area, true), DeclaredBefore: sideFigure(before, a.Area, false), DeclaredAfter: sideFigure(after, a.Area, false)})
	}
	d.Indicators = indicatorChanges(l, after)
	if after.StaffChange != nil {
		d.Staff = staffChangeReport(l, *after.StaffChange)
		staff := resultIn(results, surveys.ExPost, storage.ResultStaffChange)
		d.DataHash = hashOf("impact", stored.DataHash, staff.DataHash)
		d.GeneratedOn = s.dayOf(latestOf(stored.ComputedAt, staff.ComputedAt))
	}
	plan, err := s.store.Plan(ctx, p.Ente.ID)
	if err != nil && !errors.Is(err, storage.ErrNotFound) {
		return d, err
	}
	d.Acted = actedAreas(l, plan, *after.Change, d.BeforeOn, d.AfterOn)
	d.ExpectRegression = movements(plan, *after.Change, d.AfterOn).ExpectRegression
	return d, nil
}

// resultIn finds the result of a kind for a wave; zero when there is none.
func resultIn(list []storage.Result, wave surveys.Wave, kind storage.ResultKind) storage.Result {
	for _, r := range list {
		if r.Wave == wave && r.Kind == kind {
			return r
		}
	}
	return storage.Result{}
}

// sideFigure is the score of an area in one wave, as its own page prints it.
func sideFigure(v ResultsView, area surveys.Area, evidenced bool) figure.Value {
	a, ok := v.MAT.Result.Area(area)
	if !ok {
		return figure.Value{State: figure.NotAssessed}
	}
	if evidenced {
		return scoreFigure(a.Evidenced, a.Answered)
	}
	return scoreFigure(a.Declared, a.Answered)
}

func indicatorChanges(l *i18n.Localizer, v ResultsView) []report.IndicatorChange {
	level := func(x *surveys.Level) *int {
		if x == nil {
			return nil
		}
		n := int(*x)
		return &n
	}
	var out []report.IndicatorChange
	for _, x := range v.Change.Indicators {
		out = append(out, report.IndicatorChange{Code: x.Code, Name: v.MAT.title(l, x.Code), Area: l.T("area." + string(x.Area)), Kind: changeKind(x),
			DeclaredBefore: level(x.BeforeDeclared), DeclaredAfter: level(x.AfterDeclared), EvidencedBefore: level(x.BeforeEvidenced), EvidencedAfter: level(x.AfterEvidenced)})
	}
	return out
}

// changeKind is the kind of a change as the report tells them apart. Evidence that
// was lost lowers the evidenced level, but is no fall: the ente declares what it did.
func changeKind(x scoring.IndicatorChange) report.ChangeKind {
	switch x.Kind {
	case scoring.Improved:
		return report.Improved
	case scoring.BetterDocumented:
		return report.BetterDocumented
	case scoring.DeclaredOnly:
		return report.DeclaredOnly
	case scoring.LessDocumented:
		if x.Renew {
			return report.Expired
		}
		return report.LessDocumented
	case scoring.Worsened:
		return report.Worsened
	case scoring.Unchanged:
		return report.Unchanged
	case scoring.NotComparable:
		return report.NotComparable
	}
	return report.NotComparable
}

func staffChangeReport(l *i18n.Localizer, c scoring.ChangeResult) report.StaffChange {
	out := report.StaffChange{Done: true, OverclaimDiffer: c.OverclaimShifted}
	if c.Match.State == privacy.Shown && movers(c.Match.OnlyPre, c.Threshold) && movers(c.Match.OnlyPost, c.Threshold) {
		out.Joined, out.Left, out.ShowMovers = c.Match.OnlyPost, c.Match.OnlyPre, true
	}
	hidden := figure.Value{State: figure.Suppressed}
	for _, a := range surveys.ScoredAreas() {
		row := report.PairedChange{Name: l.T("area." + string(a)), Before: hidden, After: hidden, Change: hidden}
		if m, ok := c.Measure(scoring.SelfAssessed, a, ""); ok && m.State == privacy.Shown && m.Mean != nil {
			value, in := m.Headline()
			row.Change, row.Pairs, row.P = figure.Of(*value), m.N, m.P
			row.Interval = rangeOf(in)
			if m.Pre != nil && m.Post != nil {
				row.Before, row.After = figure.Of(*m.Pre), figure.Of(*m.Post)
			}
		}
		out.Areas = append(out.Areas, row)
	}
	return out
}

// movers reports whether a count of people in one wave only may be printed.
func movers(n, threshold int) bool { return n == 0 || n >= max(threshold, surveys.MinThreshold) }

// actedAreas counts, by area, the micro-progetti handed over between the two
// waves, beside the change of the evidenced score. It says nothing of causes.
func actedAreas(l *i18n.Localizer, plan storage.PlanRecord, c scoring.MATChange, from, to time.Time) []report.ActedArea {
	done := map[surveys.Area]int{}
	for _, r := range plan.Records {
		f, finished := r.Project.LastFact(plans.FactFinish)
		if state := r.Project.StateOn(plans.DateOf(to)); finished && (state == plans.Done || state == plans.Checked) &&
			!f.On.Time().Before(from) && !f.On.Time().After(to) {
			done[r.Project.Area]++
		}
	}
	var out []report.ActedArea
	for _, a := range c.Areas {
		row := report.ActedArea{Name: l.T("area." + string(a.Area)), Projects: done[a.Area], Change: figure.Value{State: figure.IntervalOnly}}
		if a.Evidenced.Delta != nil {
			row.Change = figure.Of(*a.Evidenced.Delta)
		}
		out = append(out, row)
	}
	return out
}

// movements sets every indicator of the comparison beside what the plan had done on
// it by the second assessment.
func movements(plan storage.PlanRecord, c scoring.MATChange, on time.Time) impact.Table {
	var indicators []impact.Indicator
	for _, x := range c.Indicators {
		if x.Kind != scoring.NotComparable {
			indicators = append(indicators, impact.Indicator{Code: x.Code, Area: x.Area, Before: impact.Reading{Declared: x.BeforeDeclared, Evidenced: x.BeforeEvidenced},
				After: impact.Reading{Declared: x.AfterDeclared, Evidenced: x.AfterEvidenced}})
		}
	}
	var projects []plans.MicroProject
	for _, r := range plan.Records {
		projects = append(projects, r.Project)
	}
	return impact.Describe(indicators, projects, plans.DateOf(on))
}
