package scoring

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"traguardo/surveys"
	"traguardo/surveys/instruments"
	"traguardo/surveys/privacy"
)

const tolerance = 1e-9

func near(t *testing.T, what string, got *float64, want float64) {
	t.Helper()
	if got == nil {
		t.Errorf("%s: got nothing, want %g", what, want)
	} else if math.Abs(*got-want) > tolerance {
		t.Errorf("%s: got %.12g, want %.12g", what, *got, want)
	}
}

func nothing(t *testing.T, what string, got *float64) {
	t.Helper()
	if got != nil {
		t.Errorf("%s: got %g, want nothing", what, *got)
	}
}

func nearRange(t *testing.T, what string, got *privacy.Range, low, high float64) {
	t.Helper()
	if got == nil || math.Abs(got.Low-low) > tolerance || math.Abs(got.High-high) > tolerance {
		t.Errorf("%s: got %v, want [%g, %g]", what, got, low, high)
	}
}

func day(s string) time.Time {
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return d
}

var today = day("2026-11-22")

// smallMAT has PIA 4 (first a gate, last may be N/A), SIC 2 (first a gate and an
// act cap), COM 2, DOC 2, GOV 1.
func smallMAT() *surveys.Instrument {
	in := &surveys.Instrument{Code: surveys.CodeMAT, Version: "test"}
	for _, a := range []struct {
		area surveys.Area
		n    int
	}{{surveys.PIA, 4}, {surveys.SIC, 2}, {surveys.COM, 2}, {surveys.DOC, 2}, {surveys.GOV, 1}} {
		b := surveys.Block{Code: string(a.area)}
		for i := range a.n {
			it := surveys.Item{Code: fmt.Sprintf("M-%s-%02d", a.area, i+1), Area: a.area, Weight: 1, Scored: true}
			it.Gate = i == 0 && (a.area == surveys.PIA || a.area == surveys.SIC)
			it.ActCap4 = a.area == surveys.SIC && i == 0
			it.NAAllowed = a.area == surveys.PIA
			b.Items = append(b.Items, it)
		}
		in.Blocks = append(in.Blocks, b)
	}
	return in
}

func level(l surveys.Level) *surveys.Level { return &l }

func rated(code string, l surveys.Level, kinds ...surveys.EvidenceType) surveys.Rating {
	r := surveys.Rating{Indicator: code, Level: level(l)}
	for _, k := range kinds {
		r.Evidence = append(r.Evidence, surveys.Evidence{Type: k, Dated: day("2026-06-01")})
	}
	return r
}

func notApplicable(code string) surveys.Rating {
	return surveys.Rating{Indicator: code, NA: true, NAReason: "il servizio non esiste"}
}

func mustAssess(t *testing.T, in *surveys.Instrument, ratings []surveys.Rating) MATResult {
	t.Helper()
	res, err := Assess(in, ratings, today)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func TestEvidenceCaps(t *testing.T) {
	t.Parallel()
	piece := func(k surveys.EvidenceType, dated, until string, revoked bool) surveys.Evidence {
		e := surveys.Evidence{Type: k, Revoked: revoked}
		if dated != "" {
			e.Dated = day(dated)
		}
		if until != "" {
			e.ValidUntil = day(until)
		}
		return e
	}
	for _, c := range []struct {
		name   string
		code   string
		pieces []surveys.Evidence
		kind   surveys.EvidenceType
		cap    surveys.Level
		renew  bool
	}{
		{"none", "M-PIA-01", nil, surveys.E0, 1, false},
		{"only the statement", "M-PIA-01", []surveys.Evidence{piece(surveys.E0, "", "", false)}, surveys.E0, 1, false},
		{"act", "M-PIA-01", []surveys.Evidence{piece(surveys.E1, "2019-01-01", "", false)}, surveys.E1, 3, false},
		{"act where it proves level 4", "M-SIC-01", []surveys.Evidence{piece(surveys.E1, "2019-01-01", "", false)}, surveys.E1, 4, false},
		{"page where an act proves level 4", "M-SIC-01", []surveys.Evidence{piece(surveys.E3, "2026-11-01", "", false)}, surveys.E3, 3, false},
		{"act revoked", "M-PIA-01", []surveys.Evidence{piece(surveys.E1, "2026-01-01", "", true)}, surveys.E0, 1, false},
		{"act on its last day", "M-PIA-01", []surveys.Evidence{piece(surveys.E1, "2024-01-01", "2026-11-22", false)}, surveys.E1, 3, false},
		{"act past its end", "M-PIA-01", []surveys.Evidence{piece(surveys.E1, "2024-01-01", "2026-11-21", false)}, surveys.E0, 1, true},
		{"record twelve months old to the day", "M-PIA-01", []surveys.Evidence{piece(surveys.E2, "2025-11-22", "", false)}, surveys.E2, 4, false},
		{"record a day older", "M-PIA-01", []surveys.Evidence{piece(surveys.E2, "2025-11-21", "", false)}, surveys.E0, 1, true},
		{"record with a later end date of its own", "M-PIA-01", []surveys.Evidence{piece(surveys.E2, "2025-01-01", "2027-12-31", false)}, surveys.E0, 1, true},
		{"record with an earlier end date", "M-PIA-01", []surveys.Evidence{piece(surveys.E2, "2026-06-01", "2026-09-30", false)}, surveys.E0, 1, true},
		{"record without date", "M-PIA-01", []surveys.Evidence{piece(surveys.E2, "", "", false)}, surveys.E0, 1, true},
		{"page", "M-PIA-01", []surveys.Evidence{piece(surveys.E3, "2026-11-01", "", false)}, surveys.E3, 3, false},
		{"open data", "M-PIA-01", []surveys.Evidence{piece(surveys.E4, "2026-08-31", "", false)}, surveys.E4, 3, false},
		{"reviewer", "M-PIA-01", []surveys.Evidence{piece(surveys.E5, "2026-11-01", "", false)}, surveys.E5, 4, false},
		{"dated tomorrow", "M-PIA-01", []surveys.Evidence{piece(surveys.E2, "2026-11-23", "", false)}, surveys.E0, 1, false},
		{"the strongest counts", "M-PIA-01", []surveys.Evidence{piece(surveys.E3, "2026-11-01", "", false), piece(surveys.E2, "2026-11-01", "", false)}, surveys.E2, 4, false},
		{"expired record beside a valid act", "M-PIA-01", []surveys.Evidence{piece(surveys.E2, "2024-11-01", "", false), piece(surveys.E1, "2020-01-01", "", false)}, surveys.E1, 3, true},
		{"expired page beside a new one", "M-PIA-01", []surveys.Evidence{piece(surveys.E3, "2024-11-01", "", false), piece(surveys.E3, "2026-10-01", "", false)}, surveys.E3, 3, false},
	} {
		res, err := Assess(smallMAT(), []surveys.Rating{{Indicator: c.code, Level: level(4), Evidence: c.pieces}}, today)
		if err != nil {
			t.Fatal(err)
		}
		x, _ := res.Indicator(c.code)
		if x.Evidence != c.kind || x.Cap != c.cap || x.Renew != c.renew || *x.Evidenced != c.cap || *x.Declared != 4 {
			t.Errorf("%s: got %s cap %d evidenced %d renew %v, want %s %d %v", c.name, x.Evidence, x.Cap, *x.Evidenced, x.Renew, c.kind, c.cap, c.renew)
		}
	}
}

func TestPlusMonthsAtMonthEnd(t *testing.T) {
	t.Parallel()
	for from, want := range map[string]string{"2024-02-29": "2025-02-28", "2025-12-31": "2026-12-31", "2025-08-31": "2026-08-31"} {
		if got := plusMonths(day(from), 12).Format(time.DateOnly); got != want {
			t.Errorf("%s plus twelve months: got %s, want %s", from, got, want)
		}
	}
}

// TestAssessByHand is worked out on paper.
// PIA: d 3,2,1 + N/A, evidence E1, none, none → e 3,1,1; 3 of 4, one N/A (25 %, not
// more): declared (75+50+25)/3 = 50, evidenced (75+25+25)/3 = 41.6̅.
// SIC: d 4 (E1 on an act cap → 4), 3 (E2 → 3): 87.5. COM: d 1, 0 → 12.5.
// DOC: d 4 (E3 → 3), 2 (E0 → 1): declared 75, evidenced 50. GOV: d 2 (E4 → 2): 50.
func TestAssessByHand(t *testing.T) {
	t.Parallel()
	res := mustAssess(t, smallMAT(), []surveys.Rating{
		rated("M-PIA-01", 3, surveys.E1), rated("M-PIA-02", 2), rated("M-PIA-03", 1), notApplicable("M-PIA-04"),
		rated("M-SIC-01", 4, surveys.E1), rated("M-SIC-02", 3, surveys.E2),
		rated("M-COM-01", 1), rated("M-COM-02", 0),
		rated("M-DOC-01", 4, surveys.E3), rated("M-DOC-02", 2),
		rated("M-GOV-01", 2, surveys.E4),
	})
	for _, c := range []struct {
		area                surveys.Area
		declared, evidenced float64
		label               Label
		covered, of         int
	}{
		{surveys.PIA, 50, 125.0 / 3, Definito, 1, 2},
		{surveys.SIC, 87.5, 87.5, Misurato, 2, 2},
		{surveys.COM, 12.5, 12.5, Assente, 0, 0},
		{surveys.DOC, 75, 50, Definito, 0, 2},
		{surveys.GOV, 50, 50, Definito, 1, 1},
	} {
		a, ok := res.Area(c.area)
		if !ok {
			t.Fatalf("no %s", c.area)
		}
		near(t, string(c.area)+" declared", a.Declared.Value, c.declared)
		near(t, string(c.area)+" evidenced", a.Evidenced.Value, c.evidenced)
		nearRange(t, string(c.area)+" interval", a.Evidenced.Interval, c.evidenced, c.evidenced)
		if a.Label == nil || *a.Label != c.label {
			t.Errorf("%s label: got %v, want %s", c.area, a.Label, c.label)
		}
		if a.Coverage.Covered != c.covered || a.Coverage.Declared != c.of {
			t.Errorf("%s coverage: got %d of %d, want %d of %d", c.area, a.Coverage.Covered, a.Coverage.Declared, c.covered, c.of)
		}
		if (c.of == 0) != (a.Coverage.Share == nil) {
			t.Errorf("%s coverage share: got %v for a denominator of %d", c.area, a.Coverage.Share, c.of)
		}
	}
	pia, _ := res.Area(surveys.PIA)
	if pia.Answered != 3 || pia.Total != 4 || pia.NA != 1 || pia.Missing != 0 {
		t.Errorf("PIA denominators: %d of %d, %d na, %d missing", pia.Answered, pia.Total, pia.NA, pia.Missing)
	}
	near(t, "overall declared", res.Overall.Declared.Value, (50+87.5+12.5+75)/4)
	near(t, "overall evidenced", res.Overall.Evidenced.Value, (125.0/3+87.5+12.5+50)/4)
	near(t, "coverage", res.Overall.Coverage.Share, 3.0/6)
	// 125/3 + 1 = 42.6̅; geometric mean (42.6̅·88.5·13.5·51)^¼ − 1.
	near(t, "geometric", res.Overall.Geometric, math.Pow((125.0/3+1)*88.5*13.5*51, 0.25)-1)
	// Highest: COM weighs 0.75, (125/3+87.5+50+0.75·12.5)/3.75 = 50.27̅ (SIC at 1.25
	// gives 50.24…); lowest: the geometric mean.
	nearRange(t, "sensitivity", res.Overall.Sensitivity, *res.Overall.Geometric, (125.0/3+87.5+50+0.75*12.5)/3.75)
	if !slices.Equal(res.Overall.Weakest, []surveys.Area{surveys.COM}) || *res.Overall.Label != Definito {
		t.Errorf("weakest %v, label %s", res.Overall.Weakest, *res.Overall.Label)
	}
	if res.FormulaVersion != "1.1" || res.AsOf != "2026-11-22" {
		t.Errorf("formula %s as of %s", res.FormulaVersion, res.AsOf)
	}
}

func TestNothingAnswered(t *testing.T) {
	t.Parallel()
	res := mustAssess(t, smallMAT(), nil)
	nothing(t, "overall", res.Overall.Evidenced.Value)
	nearRange(t, "overall interval", res.Overall.Evidenced.Interval, 0, 100)
	for _, a := range res.Areas {
		nothing(t, string(a.Area), a.Evidenced.Value)
		nearRange(t, string(a.Area), a.Evidenced.Interval, 0, 100)
		if a.Label != nil || a.Coverage.Share != nil || len(a.Contributions) != 0 {
			t.Errorf("%s: label %v, coverage %v, contributions %v from no answer", a.Area, a.Label, a.Coverage.Share, a.Contributions)
		}
	}
	pia, _ := res.Area(surveys.PIA)
	if !slices.Equal(pia.GatesMissing, []string{"M-PIA-01"}) || len(pia.Gates) != 0 {
		t.Errorf("gates missing %v, held %v", pia.GatesMissing, pia.Gates)
	}
	if res.Agreement.N != 0 || res.Agreement.Identical != nil || res.Agreement.Kappa != nil {
		t.Errorf("agreement from nobody: %+v", res.Agreement)
	}
}

func TestMissingAndNA(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		ratings   []surveys.Rating
		single    float64 // −1: none
		low, high float64 // −1: no interval
	}{
		{"all answered", []surveys.Rating{rated("M-PIA-01", 1), rated("M-PIA-02", 1), rated("M-PIA-03", 0), rated("M-PIA-04", 0)}, 12.5, 12.5, 12.5},
		{"one missing of four: 25 %, still a number", []surveys.Rating{rated("M-PIA-01", 1), rated("M-PIA-02", 1), rated("M-PIA-03", 1)}, 25, 18.75, 43.75},
		{"two missing: only the interval", []surveys.Rating{rated("M-PIA-01", 1), rated("M-PIA-02", 1)}, -1, 12.5, 62.5},
		{"one missing and one na: only the interval", []surveys.Rating{rated("M-PIA-01", 1), rated("M-PIA-02", 1), notApplicable("M-PIA-03")}, -1, 50.0 / 3, 50},
		{"two na: only the interval, a point", []surveys.Rating{rated("M-PIA-01", 1), rated("M-PIA-02", 0), notApplicable("M-PIA-03"), notApplicable("M-PIA-04")}, -1, 12.5, 12.5},
		{"all na: nothing", []surveys.Rating{notApplicable("M-PIA-01"), notApplicable("M-PIA-02"), notApplicable("M-PIA-03"), notApplicable("M-PIA-04")}, -1, -1, -1},
	} {
		pia, _ := mustAssess(t, smallMAT(), c.ratings).Area(surveys.PIA)
		if c.single < 0 {
			nothing(t, c.name, pia.Evidenced.Value)
		} else {
			near(t, c.name, pia.Evidenced.Value, c.single)
		}
		if c.low < 0 {
			if pia.Evidenced.Interval != nil {
				t.Errorf("%s: interval %v, want none", c.name, pia.Evidenced.Interval)
			}
		} else {
			nearRange(t, c.name, pia.Evidenced.Interval, c.low, c.high)
		}
	}
}

func TestGateHoldsTheLabelNotTheMean(t *testing.T) {
	t.Parallel()
	res := mustAssess(t, smallMAT(), []surveys.Rating{
		rated("M-PIA-01", 4), rated("M-PIA-02", 4, surveys.E2), rated("M-PIA-03", 4, surveys.E2), rated("M-PIA-04", 4, surveys.E2),
		rated("M-SIC-01", 2, surveys.E1), rated("M-SIC-02", 4, surveys.E2),
	})
	pia, _ := res.Area(surveys.PIA)
	near(t, "mean", pia.Evidenced.Value, (25+300.0)/4)
	if *pia.Label != Definito || *pia.LabelByScore != Misurato || !pia.HeldDown {
		t.Errorf("label %s by score %s held %v, want definito, misurato, true", *pia.Label, *pia.LabelByScore, pia.HeldDown)
	}
	if !slices.Equal(pia.Gates, []GateHold{{"M-PIA-01", 4, 1}}) {
		t.Errorf("reasons %v", pia.Gates)
	}
	sic, _ := res.Area(surveys.SIC)
	if *sic.Label != Consolidato || sic.HeldDown || len(sic.Gates) != 0 {
		t.Errorf("a gate at level 2 holds SIC at %s", *sic.Label)
	}
}

func TestLabelBounds(t *testing.T) {
	t.Parallel()
	for score, want := range map[float64]Label{0: Assente, 19.999: Assente, 20: Iniziale, 39.999: Iniziale, 40: Definito, 59.999: Definito, 60: Consolidato, 79.999: Consolidato, 80: Misurato, 100: Misurato} {
		if got := LabelOf(score); got != want {
			t.Errorf("LabelOf(%g) = %s, want %s", score, got, want)
		}
	}
}

func TestContributionsAddUp(t *testing.T) {
	t.Parallel()
	in, err := instruments.MAT()
	if err != nil {
		t.Fatal(err)
	}
	kinds := []surveys.EvidenceType{surveys.E0, surveys.E1, surveys.E2, surveys.E3, surveys.E4, surveys.E5}
	for seed := range 50 {
		var ratings []surveys.Rating
		for i, it := range in.Items() {
			ratings = append(ratings, rated(it.Code, surveys.Level((i*7+seed*3)%5), kinds[(i+seed)%len(kinds)]))
		}
		res := mustAssess(t, in, ratings)
		check := func(what string, score float64, list []Contribution) {
			gives, loses := 0.0, 0.0
			for i, c := range list {
				gives, loses = gives+c.Gives, loses+c.Loses
				if c.Undocumented > c.Loses+tolerance {
					t.Fatalf("%s: %+v can win more than it loses", what, c)
				}
				if i > 0 && c.Loses > list[i-1].Loses {
					t.Fatalf("%s: not sorted by lost points at %s", what, c.Code)
				}
			}
			if math.Abs(gives-score) > 1e-6 || math.Abs(gives+loses-100) > 1e-6 {
				t.Fatalf("%s: gives %g, loses %g, score %g", what, gives, loses, score)
			}
		}
		for _, a := range slices.Concat(res.Areas, res.Beside) {
			check(string(a.Area), *a.Evidenced.Value, a.Contributions)
		}
		check("overall", *res.Overall.Evidenced.Value, res.Overall.Contributions)
		if s := res.Overall.Sensitivity; s.Low > *res.Overall.Evidenced.Value+tolerance || s.High < *res.Overall.Evidenced.Value-tolerance {
			t.Fatalf("sensitivity %v does not hold the index %g", s, *res.Overall.Evidenced.Value)
		}
	}
}

// TestRaisingNeverLowers raises every level, and improves every piece of evidence,
// of many assessments and looks at every score.
func TestRaisingNeverLowers(t *testing.T) {
	t.Parallel()
	in := smallMAT()
	kinds := []surveys.EvidenceType{surveys.E0, surveys.E1, surveys.E2}
	for seed := range 40 {
		var base []surveys.Rating
		for i, it := range in.Items() {
			if l := (i*5 + seed*7 + seed/3) % 6; l < 5 {
				base = append(base, rated(it.Code, surveys.Level(l), kinds[(i+seed)%3]))
			}
		}
		before := mustAssess(t, in, base)
		for i := range base {
			for _, up := range []func(*surveys.Rating){
				func(r *surveys.Rating) { r.Level = level(min(4, *r.Level+1)) },
				func(r *surveys.Rating) { r.Evidence = rated(r.Indicator, 0, surveys.E5).Evidence },
			} {
				raised := slices.Clone(base)
				up(&raised[i])
				notLower(t, before, mustAssess(t, in, raised))
			}
		}
	}
}

func notLower(t *testing.T, before, after MATResult) {
	t.Helper()
	low := func(a, b Score) bool {
		if (a.Value == nil) != (b.Value == nil) {
			return true
		}
		if a.Value != nil && *b.Value < *a.Value-tolerance {
			return true
		}
		return a.Interval != nil && (b.Interval.Low < a.Interval.Low-tolerance || b.Interval.High < a.Interval.High-tolerance ||
			b.Interval.Low < 0 || b.Interval.High > 100+tolerance)
	}
	for i, a := range before.Areas {
		if low(a.Evidenced, after.Areas[i].Evidenced) || low(a.Declared, after.Areas[i].Declared) {
			t.Fatalf("%s fell from %+v to %+v", a.Area, a.Evidenced, after.Areas[i].Evidenced)
		}
	}
	if low(before.Overall.Evidenced, after.Overall.Evidenced) {
		t.Fatal("the index fell")
	}
	if s, u := before.Overall.Sensitivity, after.Overall.Sensitivity; s != nil && (u.Low < s.Low-tolerance || u.High < s.High-tolerance) {
		t.Fatalf("sensitivity fell from %v to %v", s, u)
	}
}

func TestOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	in := smallMAT()
	ratings := []surveys.Rating{
		rated("M-PIA-01", 3, surveys.E1, surveys.E2), rated("M-SIC-01", 2), rated("M-DOC-02", 4, surveys.E3), notApplicable("M-PIA-03"), rated("M-COM-01", 1),
	}
	first, err := json.Marshal(mustAssess(t, in, ratings))
	if err != nil {
		t.Fatal(err)
	}
	for range ratings {
		ratings = append(ratings[1:], ratings[0])
		slices.Reverse(ratings[0].Evidence)
		again, err := json.Marshal(mustAssess(t, in, ratings))
		if err != nil || string(again) != string(first) {
			t.Fatalf("another order gives another result (%v):\n%s\n%s", err, first, again)
		}
	}
	var back MATResult
	if err := json.Unmarshal(first, &back); err != nil {
		t.Fatal(err)
	}
	if again, err := json.Marshal(back); err != nil || string(again) != string(first) {
		t.Errorf("a stored result reads back differently (%v)", err)
	}
}

func TestAssessRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		ratings []surveys.Rating
		asOf    time.Time
		want    error
	}{
		{"no day", nil, time.Time{}, surveys.ErrInvalid},
		{"unknown indicator", []surveys.Rating{rated("M-XXX-01", 1)}, today, surveys.ErrUnknownItem},
		{"twice", []surveys.Rating{rated("M-PIA-01", 1), rated("M-PIA-01", 1)}, today, surveys.ErrInvalid},
		{"level 5", []surveys.Rating{rated("M-PIA-01", 5)}, today, surveys.ErrInvalid},
		{"level −1", []surveys.Rating{rated("M-PIA-01", -1)}, today, surveys.ErrInvalid},
		{"rater's level 7", []surveys.Rating{{Indicator: "M-PIA-01", RaterA: level(7)}}, today, surveys.ErrInvalid},
		{"na not allowed", []surveys.Rating{notApplicable("M-SIC-01")}, today, surveys.ErrInvalid},
		{"na without reason", []surveys.Rating{{Indicator: "M-PIA-01", NA: true}}, today, surveys.ErrInvalid},
		{"na with a level", []surveys.Rating{{Indicator: "M-PIA-01", NA: true, NAReason: "x", Level: level(1)}}, today, surveys.ErrInvalid},
		{"unknown evidence", []surveys.Rating{rated("M-PIA-01", 1, "E9")}, today, surveys.ErrInvalid},
	} {
		if _, err := Assess(smallMAT(), c.ratings, c.asOf); !errors.Is(err, c.want) {
			t.Errorf("%s: error %v, want %v", c.name, err, c.want)
		}
	}
}

func TestAgreement(t *testing.T) {
	t.Parallel()
	in, err := instruments.MAT()
	if err != nil {
		t.Fatal(err)
	}
	items := in.Items()
	both := func(n int, gap func(i int) int) []surveys.Rating {
		var rs []surveys.Rating
		for i := range n {
			a := i % 3
			rs = append(rs, surveys.Rating{Indicator: items[i].Code, RaterA: level(surveys.Level(a)), RaterB: level(surveys.Level(a + gap(i)))})
		}
		return rs
	}
	one := mustAssess(t, in, append(both(19, func(i int) int { return i % 3 }), surveys.Rating{Indicator: items[30].Code, RaterA: level(1)})).Agreement
	if one.N != 19 || one.Kappa != nil || len(one.ToDiscuss) != 6 {
		t.Errorf("19 items: n %d, kappa %v, %d to discuss", one.N, one.Kappa, len(one.ToDiscuss))
	}
	near(t, "identical", one.Identical, 7.0/19)
	near(t, "within one", one.WithinOne, 13.0/19)
	near(t, "kappa of full agreement", mustAssess(t, in, both(20, func(int) int { return 0 })).Agreement.Kappa, 1)
	flat := mustAssess(t, in, func() []surveys.Rating {
		rs := both(20, func(int) int { return 0 })
		for i := range rs {
			rs[i].RaterA, rs[i].RaterB = level(2), level(2)
		}
		return rs
	}()).Agreement
	if flat.Kappa != nil || *flat.Identical != 1 {
		t.Errorf("both always said 2: kappa %v, identical %v", flat.Kappa, *flat.Identical)
	}
}
