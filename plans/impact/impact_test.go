package impact

import (
	"slices"
	"testing"
	"time"

	"traguardo/plans"
	"traguardo/surveys"
	"traguardo/surveys/scoring"
)

func reading(declared, evidenced int) Reading {
	d, e := surveys.Level(declared), surveys.Level(evidenced)
	return Reading{Declared: &d, Evidenced: &e}
}

func day(m time.Month) plans.Date { return plans.Date{Year: 2027, Month: m, Day: 1} }

// project is a micro-progetto on an indicator, with facts on the first of months 1, 2, 3 …
func project(t *testing.T, id, indicator string, kinds ...plans.FactKind) plans.MicroProject {
	t.Helper()
	p := plans.MicroProject{Sheet: plans.Sheet{ID: surveys.ID(id), Effects: []plans.Effect{{Indicator: indicator, To: 2}}},
		Evidence: []plans.Evidence{{ID: "e"}}}
	for i, k := range kinds {
		on := day(time.Month(i + 1))
		if err := p.Record(plans.Fact{Kind: k, On: on, Recorded: on, By: "x", Reason: "y"}); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

func TestMove(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name          string
		before, after Reading
		want          scoring.ChangeKind
	}{
		{"rose", reading(1, 1), reading(3, 2), scoring.Improved},
		{"same", reading(2, 1), reading(2, 1), scoring.Unchanged},
		{"evidence lapsed, declared as before: no fall", reading(2, 2), reading(2, 1), scoring.LessDocumented},
		{"declared and evidenced lower", reading(3, 3), reading(2, 2), scoring.Worsened},
		{"evidence lapsed while declared rose", reading(2, 2), reading(3, 1), scoring.DeclaredOnly},
		{"evidence reaches what was declared before", reading(2, 1), reading(3, 2), scoring.BetterDocumented},
		{"declared alone", reading(1, 1), reading(3, 1), scoring.DeclaredOnly},
		{"evidence attached to an unchanged level", reading(3, 1), reading(3, 3), scoring.BetterDocumented},
		{"evidence attached to a level declared lower", reading(3, 1), reading(2, 2), scoring.BetterDocumented},
		{"declared lower alone", reading(3, 1), reading(2, 1), scoring.Worsened},
		{"not assessed before is not a rise from 0", Reading{}, reading(2, 2), scoring.NotComparable},
		{"not assessed after is not a fall to 0", reading(2, 2), Reading{}, scoring.NotComparable},
		{"not applicable", reading(1, 1), Reading{NA: true}, scoring.NotComparable},
	} {
		if got := Move(Indicator{Before: tc.before, After: tc.after}); got != tc.want {
			t.Errorf("%s: got %s want %s", tc.name, got, tc.want)
		}
	}
}

func TestDescribe(t *testing.T) {
	t.Parallel()
	indicators := []Indicator{
		{"M-SIC-02", surveys.SIC, reading(2, 2), reading(2, 2)},
		{"M-PIA-02", surveys.PIA, reading(0, 0), reading(2, 2)},
		{"M-PIA-01", surveys.PIA, reading(1, 1), reading(2, 1)},
		{"M-PIA-03", surveys.PIA, Reading{}, reading(2, 2)},
		{"M-GOV-01", surveys.GOV, reading(3, 3), reading(4, 4)},
	}
	projects := []plans.MicroProject{
		project(t, "b", "M-PIA-02", plans.FactStart, plans.FactFinish),
		project(t, "a", "M-PIA-02", plans.FactStart),
		project(t, "c", "M-PIA-01", plans.FactStart, plans.FactSuspend),
		project(t, "d", "M-SIC-02", plans.FactStart, plans.FactCancel),
		project(t, "e", "M-GOV-01"),
		project(t, "f", "M-PIA-03", plans.FactStart, plans.FactFinish, plans.FactCheck),
	}
	got := Describe(indicators, projects, day(time.December))
	var order []string
	exposure := map[string]Exposure{}
	for _, i := range got.Items {
		order = append(order, i.Code)
		exposure[i.Code] = i.Exposure
	}
	if !slices.Equal(order, []string{"M-PIA-01", "M-PIA-02", "M-PIA-03", "M-SIC-02", "M-GOV-01"}) {
		t.Errorf("order: got %v", order)
	}
	for code, want := range map[string]Exposure{"M-PIA-01": Running, "M-PIA-02": Acted, "M-PIA-03": Acted, "M-SIC-02": None, "M-GOV-01": None} {
		if exposure[code] != want {
			t.Errorf("%s: got %s want %s", code, exposure[code], want)
		}
	}
	if p := got.Items[1].Projects; !slices.Equal(p, []surveys.ID{"a", "b"}) {
		t.Errorf("projects of M-PIA-02: got %v", p)
	}
	acted := got.Total[0]
	if acted.Exposure != Acted || acted.Indicators != 2 || acted.Comparable != 1 || acted.Count[scoring.Improved] != 1 || acted.Count[scoring.NotComparable] != 1 || *acted.MeanEvidenced != 2 {
		t.Errorf("acted: got %+v", acted)
	}
	if none := got.Total[2]; none.Comparable != 2 || *none.MeanEvidenced != 0.5 || *none.MeanDeclared != 0.5 || none.Count[scoring.Improved] != 1 {
		t.Errorf("none: got %+v", none)
	}
	if sic := got.Areas[surveys.SIC]; len(sic) != 3 || sic[0].Indicators != 0 || sic[0].MeanEvidenced != nil || sic[2].Count[scoring.Unchanged] != 1 {
		t.Errorf("SIC: got %+v", sic)
	}
	if _, there := got.Areas[surveys.COM]; there || !got.ExpectRegression {
		t.Errorf("areas %v, regression %v", got.Areas, got.ExpectRegression)
	}
}

func TestDescribeOnItsDay(t *testing.T) {
	t.Parallel()
	indicators := []Indicator{{"M-PIA-02", surveys.PIA, reading(0, 0), reading(2, 2)}}
	projects := []plans.MicroProject{project(t, "a", "M-PIA-02", plans.FactStart, plans.FactFinish)}
	for on, want := range map[plans.Date]Exposure{day(1).AddDays(-1): None, day(1): Running, day(2): Acted} {
		if got := Describe(indicators, projects, on).Items[0].Exposure; got != want {
			t.Errorf("on %s: got %s want %s", on, got, want)
		}
	}
}

func TestDescribeNothing(t *testing.T) {
	t.Parallel()
	got := Describe(nil, nil, day(1))
	if len(got.Items) != 0 || len(got.Total) != 3 || got.Total[0].MeanDeclared != nil || got.ExpectRegression {
		t.Errorf("nothing: got %+v", got)
	}
}

// TestCountsAddUp holds that each indicator stands in one exposure and one movement.
func TestCountsAddUp(t *testing.T) {
	t.Parallel()
	var indicators []Indicator
	for b := -1; b <= 4; b++ {
		for a := -1; a <= 4; a++ {
			i := Indicator{Code: string(rune('a'+b+1)) + string(rune('a'+a+1)), Area: surveys.DOC}
			if b >= 0 {
				i.Before = reading(b, min(b, 2))
			}
			if a >= 0 {
				i.After = reading(a, min(a, 3))
			}
			indicators = append(indicators, i)
		}
	}
	table := Describe(indicators, []plans.MicroProject{project(t, "p", "ab", plans.FactStart)}, day(12))
	total := 0
	for _, r := range table.Total {
		sum := 0
		for _, m := range Movements() {
			sum += r.Count[m]
		}
		if sum != r.Indicators || r.Comparable != r.Indicators-r.Count[scoring.NotComparable] {
			t.Errorf("%s: %d movements for %d indicators", r.Exposure, sum, r.Indicators)
		}
		total += r.Indicators
	}
	if total != len(indicators) {
		t.Errorf("%d of %d indicators", total, len(indicators))
	}
}
