package stats

import (
	"math"
	"testing"
)

// vector is the test vector of methodology §2.7.
var vector = []float64{2, 1, 0, 3, -1, 1, 0, 2, 1, -2, 1, 2}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > tolerance {
		t.Errorf("%s: got %.9g, want %.9g ± %g", what, got, want, tolerance)
	}
}

func TestWilcoxonVector(t *testing.T) {
	t.Parallel()
	r := Wilcoxon(vector, WilcoxonOptions{})
	if r.N != 12 || r.NZero != 2 || r.NUsed != 10 || r.Method != Exact || r.Z != nil {
		t.Fatalf("got %+v", r)
	}
	near(t, "pratt W+", r.WPlus, 60.5, 0)
	near(t, "pratt W-", r.WMinus, 14.5, 0)
	near(t, "pratt p", *r.P, 0.08008, 5e-6)
	near(t, "pratt r_rb", *r.RankBiserial, 0.613, 5e-4)
	r = Wilcoxon(vector, WilcoxonOptions{Zeros: Drop})
	near(t, "drop W+", r.WPlus, 44.5, 0)
	near(t, "drop W-", r.WMinus, 10.5, 0)
	near(t, "drop p", *r.P, 0.09961, 5e-6)
	near(t, "drop r_rb", *r.RankBiserial, 0.618, 5e-4)
	e, ok := HodgesLehmann(vector)
	if want := (Estimate{1, 0, 2, 0.95}); !ok || e != want {
		t.Errorf("Hodges-Lehmann: got %+v, want %+v", e, want)
	}
}

func TestWilson(t *testing.T) {
	t.Parallel()
	i, ok := Wilson(7, 12)
	if !ok {
		t.Fatal("got no interval")
	}
	near(t, "low", i.Low, 0.3195, 5e-5)
	near(t, "high", i.High, 0.8067, 5e-5)
}
