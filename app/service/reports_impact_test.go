package service

import (
	"testing"
	"time"

	"traguardo/app/report"
	"traguardo/app/storage"
	"traguardo/plans"
	"traguardo/surveys"
	"traguardo/surveys/scoring"
)

// TestChangeKind keeps evidence that lapsed apart from a level that went down.
func TestChangeKind(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind  scoring.ChangeKind
		renew bool
		want  report.ChangeKind
	}{
		{scoring.LessDocumented, true, report.Expired},
		{scoring.LessDocumented, false, report.LessDocumented},
		{scoring.Worsened, true, report.Worsened},
		{scoring.Worsened, false, report.Worsened},
		{scoring.Improved, false, report.Improved},
		{scoring.DeclaredOnly, true, report.DeclaredOnly},
		{scoring.BetterDocumented, false, report.BetterDocumented},
		{scoring.Unchanged, false, report.Unchanged},
		{scoring.NotComparable, true, report.NotComparable},
	} {
		if got := changeKind(scoring.IndicatorChange{Kind: c.kind, Renew: c.renew}); got != c.want {
			t.Errorf("%s, to be renewed %v: got %d, want %d", c.kind, c.renew, got, c.want)
		}
	}
}

// TestMovements asks for the note on regression where what was worked on began lower.
func TestMovements(t *testing.T) {
	t.Parallel()
	level := func(n surveys.Level) *surveys.Level { return &n }
	row := func(code string, before surveys.Level) scoring.IndicatorChange {
		return scoring.IndicatorChange{Code: code, Area: surveys.PIA, Kind: scoring.Unchanged, BeforeDeclared: level(before), AfterDeclared: level(before),
			BeforeEvidenced: level(before), AfterEvidenced: level(before)}
	}
	day := plans.Date{Year: 2026, Month: 3, Day: 1}
	p := plans.MicroProject{Sheet: plans.Sheet{ID: "p", Effects: []plans.Effect{{Indicator: "M-PIA-01", To: 2}}}}
	if err := p.Record(plans.Fact{Kind: plans.FactStart, On: day, Recorded: day, By: "x", Reason: "y"}); err != nil {
		t.Fatal(err)
	}
	plan := storage.PlanRecord{Records: []storage.ProjectRecord{{Project: p}}}
	after := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		worked, rest surveys.Level
		want         bool
	}{{1, 3, true}, {2, 2, false}, {3, 1, false}} {
		change := scoring.MATChange{Indicators: []scoring.IndicatorChange{row("M-PIA-01", c.worked), row("M-PIA-02", c.rest), {Code: "M-PIA-03", Kind: scoring.NotComparable}}}
		got := movements(plan, change, after)
		if got.ExpectRegression != c.want || len(got.Items) != 2 {
			t.Errorf("worked at %d, rest at %d: regression %v with %d indicators", c.worked, c.rest, got.ExpectRegression, len(got.Items))
		}
	}
}
