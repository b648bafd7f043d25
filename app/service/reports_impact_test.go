package service

import (
	"testing"

	"traguardo/app/report"
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
