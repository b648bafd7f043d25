package scoring

import (
	"encoding/json"
	"math"
	"testing"

	"traguardo/surveys"
	"traguardo/surveys/privacy"
	"traguardo/surveys/stats"
)

// varied is n people who answer the full form, no two items alike.
func varied(t *testing.T, in *surveys.Instrument, n int) []Response {
	t.Helper()
	var out []Response
	for i := range n {
		j := 0
		out = append(out, respond(t, in, full(surveys.ExAnte, surveys.FormA), func(it surveys.Item) byte {
			j++
			options := in.OptionsOf(it)
			if len(options) == 0 {
				return surveys.Missing
			}
			return options[(i/2+(i*j)%3)%len(options)].Value
		}))
	}
	return out
}

func TestReliabilityNeedsThirty(t *testing.T) {
	in := staffInstrument(t)
	if r := mustStaff(t, in, varied(t, in, 29), 60); r.State != Published || len(r.Reliability) != 0 {
		t.Errorf("29 people: got %d coefficients, want none", len(r.Reliability))
	}
	r := mustStaff(t, in, varied(t, in, 30), 60)
	if len(r.Reliability) == 0 {
		t.Fatal("30 people: no coefficient")
	}
	for _, x := range r.Reliability {
		if x.N != 30 || x.K < 2 || math.IsNaN(x.Alpha) || x.Interval == nil || x.Interval.Low > x.Alpha || x.Interval.High < x.Alpha {
			t.Errorf("%s %s %s: got %+v", x.Measure, x.Area, x.Construct, x)
		}
		if (x.KR20 != nil) != (x.Measure == Anchors) {
			t.Errorf("%s: KR-20 is there: %t", x.Measure, x.KR20 != nil)
		}
		// KR-20 is alpha of the same right/wrong answers.
		if x.KR20 != nil && math.Abs(*x.KR20-x.Alpha) > 1e-9 {
			t.Errorf("KR-20 %g, alpha %g", *x.KR20, x.Alpha)
		}
	}
	// One answer missing takes its person out of that scale: 29 are too few.
	people := varied(t, in, 30)
	put(in, people[0], servedSelf(in, surveys.PIA)[0], surveys.Missing)
	for _, x := range mustStaff(t, in, people, 60).Reliability {
		if x.Measure == SelfAssessed && x.Area == surveys.PIA {
			t.Errorf("29 complete rows: got %+v", x)
		}
	}
}

func TestReliabilityByHand(t *testing.T) {
	in := staffInstrument(t)
	people := varied(t, in, 40)
	var rows [][]float64
	for _, p := range people {
		var row []float64
		for _, code := range servedSelf(in, surveys.SIC) {
			from, _ := in.SlotsOf(code)
			row = append(row, 25*float64(p.Vector[from]))
		}
		rows = append(rows, row)
	}
	want, _ := stats.Alpha(rows)
	for _, x := range mustStaff(t, in, people, 60).Reliability {
		if x.Measure != SelfAssessed || x.Area != surveys.SIC {
			continue
		}
		if math.Abs(x.Alpha-want.Raw) > 1e-12 || x.SEM == nil || math.Abs(*x.SEM-want.SEM/float64(want.K)) > 1e-12 || x.K != want.K {
			t.Errorf("got %+v, want alpha %g", x, want.Raw)
		}
		return
	}
	t.Error("no coefficient of SA.SIC")
}

func TestReliabilityOfAWithheldMeanGoes(t *testing.T) {
	in := staffInstrument(t)
	before := mustStaff(t, in, varied(t, in, 40), 60)
	after := ChangeResult{Measures: []MeasureChange{{Measure: SelfAssessed, Area: surveys.SIC, MeansWithheld: true, State: privacy.Shown}}}.Withhold(before)
	if len(after.Reliability) != len(before.Reliability)-1 {
		t.Errorf("got %d coefficients, want one less than %d", len(after.Reliability), len(before.Reliability))
	}
	if _, err := json.Marshal(before); err != nil {
		t.Errorf("a coefficient cannot be written: %v", err)
	}
}
