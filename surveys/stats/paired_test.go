package stats

import (
	"math"
	"slices"
	"testing"
)

func TestPairedEffects(t *testing.T) {
	t.Parallel()
	// Computed apart in Python from the definitions.
	pre := []float64{50, 62.5, 37.5, 75, 25, 50, 62.5, 87.5}
	post := []float64{62.5, 62.5, 50, 87.5, 50, 37.5, 75, 87.5}
	p, ok := Paired(pre, post)
	p = must(t, p, ok)
	near(t, "mean", p.MeanDiff, 7.8125, 1e-12)
	near(t, "pre", p.MeanPre, 56.25, 1e-12)
	near(t, "post", p.MeanPost, 64.0625, 1e-12)
	near(t, "sd", p.SD, 11.451567266411304, 1e-12)
	near(t, "r", *p.R, 0.82502864732539, 1e-12)
	near(t, "t", *p.T, 1.9296124624698994, 1e-12)
	near(t, "d_z", *p.DZ, 0.6822210286372691, 1e-12)
	near(t, "d_av", *p.DAv, 0.4078600371278505, 1e-12)
	near(t, "d_rm", *p.DRm, 0.4035743670959512, 1e-12)
	near(t, "g_z", *p.GZ, 0.6822210286372691*8/9, 1e-12)
	near(t, "g_av", *p.GAv, 0.4078600371278505*8/9, 1e-12)
	near(t, "half width", p.CI.Width()/2, 2.3646242515927844*11.451567266411304/math.Sqrt(8), 1e-9)
}

func TestPairedEdges(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name      string
		pre, post []float64
		ok        bool
	}{
		{"none", nil, nil, false},
		{"one", []float64{1}, []float64{2}, false},
		{"uneven", []float64{1, 2}, []float64{1}, false},
		{"not a number", []float64{1, math.NaN()}, []float64{1, 2}, false},
		{"huge", []float64{1e308, -1e308}, []float64{-1e308, 1e308}, false},
		{"two", []float64{1, 2}, []float64{2, 5}, true},
		{"all unchanged", []float64{1, 2, 3}, []float64{1, 2, 3}, true},
		{"all up alike", []float64{1, 2, 3}, []float64{2, 3, 4}, true},
		{"constants", []float64{1, 1}, []float64{4, 4}, true},
	}
	for _, c := range cases {
		p, ok := Paired(c.pre, c.post)
		if ok != c.ok {
			t.Errorf("%s: got %v, want %v", c.name, ok, c.ok)
		}
		if ok && p.SD == 0 && (p.T != nil || p.P != nil || p.DZ != nil || p.DRm != nil || p.GZ != nil) {
			t.Errorf("%s: got a test without variation: %+v", c.name, p)
		}
	}
	p, _ := Paired([]float64{1, 2, 3}, []float64{2, 3, 4})
	near(t, "d_av of a common shift", *p.DAv, 1, 1e-12)
	p, _ = Paired([]float64{1, 2}, []float64{2, 5})
	if p.GZ == nil || *p.GZ != 0 {
		t.Errorf("two pairs: got g_z %v, want 0 (no correction exists)", p.GZ)
	}
}

func TestMeanIntervals(t *testing.T) {
	t.Parallel()
	xs := []float64{40, 50, 60, 70, 80}
	se := math.Sqrt(250) / math.Sqrt(5)
	cases := []struct {
		name       string
		population int
		factor     float64
	}{
		{"infinite", 0, 1}, {"unknown, below n", 3, 1}, {"everybody", 5, 0},
		{"ten", 10, math.Sqrt(5.0 / 9)}, {"six", 6, math.Sqrt(1.0 / 5)},
	}
	for _, c := range cases {
		i, ok := MeanInterval(xs, c.population)
		i = must(t, i, ok)
		near(t, c.name, i.Width()/2, 2.7764451052*se*c.factor, 1e-8)
		near(t, c.name+" centre", (i.Low+i.High)/2, 60, 1e-12)
		z, ok := NormalInterval(xs, c.population)
		near(t, c.name+" normal", must(t, z, ok).Width()/2, z975*se*c.factor, 1e-12)
	}
	for df, want := range map[int]float64{1: 12.7062, 2: 4.3027, 9: 2.2622, 30: 2.0423, 119: 1.9801} {
		ys := make([]float64, df+1)
		ys[0] = 1
		i, _ := MeanInterval(ys, 0)
		sd, _ := SD(ys)
		near(t, "t quantile", i.Width()/2/sd*math.Sqrt(float64(df+1)), want, 5e-5)
	}
	for _, few := range [][]float64{nil, {3}, {1, math.Inf(1)}} {
		if i, ok := MeanInterval(few, 0); ok {
			t.Errorf("%v: got %v", few, i)
		}
		if i, ok := NormalInterval(few, 9); ok {
			t.Errorf("%v: got %v", few, i)
		}
	}
}

func TestDescribe(t *testing.T) {
	t.Parallel()
	xs := []float64{15, 20, 35, 40, 50}
	for p, want := range map[float64]float64{0: 15, 0.25: 20, 0.4: 29, 0.5: 35, 0.9: 46, 1: 50} {
		q, ok := Quantile(xs, p)
		near(t, "quantile", must(t, q, ok), want, 1e-12)
	}
	if _, ok := Quantile(xs, 1.1); ok {
		t.Error("p above 1: got a quantile")
	}
	if _, ok := Quantile(nil, 0.5); ok {
		t.Error("nothing: got a quantile")
	}
	if _, ok := Mean(nil); ok {
		t.Error("nothing: got a mean")
	}
	if _, ok := SD([]float64{1}); ok {
		t.Error("one value: got a standard deviation")
	}
	if sd, ok := SD([]float64{0.1, 0.1, 0.1}); !ok || sd != 0 {
		t.Errorf("equal values: got %v", sd)
	}
	third := 1.0 / 3
	if v, ok := Variance([]float64{third + 0.1, 0.1 + third, third - 0.2 + 0.3}); !ok || v != 0 {
		t.Errorf("equal but for rounding: got %v", v)
	}
	if v, ok := Variance([]float64{1e-9, 2e-9, 3e-9}); !ok || math.Abs(v-1e-18) > 1e-30 {
		t.Errorf("small but real: got %v", v)
	}
}

func TestShareImproved(t *testing.T) {
	t.Parallel()
	share, ok := ShareImproved(vector())
	near(t, "share", must(t, share, ok), 9.0/12, 1e-12) // 8 up, 2 equal
	if _, ok := ShareImproved(nil); ok {
		t.Error("nothing: got a share")
	}
}

func TestSmallFormulas(t *testing.T) {
	t.Parallel()
	smd, ok := SMD([]float64{3, 5, 2, 8, 6}, []float64{4, 1, 2, 2})
	near(t, "SMD", must(t, smd, ok), 1.285370708565899, 1e-12)
	if _, ok := SMD([]float64{1, 1}, []float64{2, 2}); ok {
		t.Error("no variation: got an SMD")
	}
	if _, ok := SMD([]float64{1, 3}, []float64{2}); ok {
		t.Error("one unmatched: got an SMD")
	}
	rc, ok := ReliableChange(50, 65, 5)
	near(t, "RC", must(t, rc, ok), 15/(5*math.Sqrt2), 1e-12)
	if _, ok := ReliableChange(1, 2, 0); ok {
		t.Error("no error of measurement: got an RC")
	}
	did, ok := DifferenceInDifferences(50, 62, 48, 51)
	near(t, "DiD", must(t, did, ok), 9, 1e-12)
	if _, ok := DifferenceInDifferences(50, math.NaN(), 48, 51); ok {
		t.Error("not a number: got a difference")
	}
	shift, ok := RegressionToMean(0.7, 55, 40)
	near(t, "regression to the mean", must(t, shift, ok), 4.5, 1e-12)
	if _, ok := RegressionToMean(1.5, 55, 40); ok {
		t.Error("a correlation above 1: got a shift")
	}
}

func TestAdjustedP(t *testing.T) {
	t.Parallel()
	cases := []struct{ ps, holm, bh []float64 }{
		{nil, nil, nil},
		{[]float64{0.2}, []float64{0.2}, []float64{0.2}},
		// p.adjust of R.
		{[]float64{0.01, 0.02, 0.03, 0.04, 0.05}, []float64{0.05, 0.08, 0.09, 0.09, 0.09}, []float64{0.05, 0.05, 0.05, 0.05, 0.05}},
		{
			[]float64{0.387, 0.005, 0.009, 0.022, 0.019, 0.051, 0.361, 0.101},
			[]float64{0.722, 0.04, 0.063, 0.114, 0.114, 0.204, 0.722, 0.303},
			[]float64{0.387, 0.036, 0.036, 0.044, 0.044, 0.0816, 0.387, 0.1346666666667},
		},
		{[]float64{0.9, 1.0}, []float64{1, 1}, []float64{1, 1}},
		{[]float64{0.1, math.NaN()}, nil, nil},
		{[]float64{0.1, -0.1}, nil, nil},
	}
	for _, c := range cases {
		for what, pair := range map[string][2][]float64{
			"Holm": {Holm(c.ps), c.holm}, "BH": {BenjaminiHochberg(c.ps), c.bh},
		} {
			same := func(a, b float64) bool { return math.Abs(a-b) < 1e-12 }
			if !slices.EqualFunc(pair[0], pair[1], same) {
				t.Errorf("%s of %v: got %v, want %v", what, c.ps, pair[0], pair[1])
			}
		}
	}
}

func TestMcNemarLarge(t *testing.T) {
	t.Parallel()
	// Both ways of summing meet at the border between them.
	for _, c := range [][2]int{{480, 520}, {450, 550}, {380, 620}} {
		small, _ := McNemar(c[0], c[1])
		large, _ := McNemar(c[0]+1, c[1])
		if large <= small || large > small*1.5 {
			t.Errorf("%v: got %g, then %g with one more", c, small, large)
		}
	}
	p, _ := McNemar(4, 100000)
	if p < 0 || p > 1e-100 {
		t.Errorf("got %g, want next to nothing", p)
	}
}
