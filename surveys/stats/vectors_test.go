package stats

import (
	"fmt"
	"math"
	"testing"
)

// vector is the test vector of methodology §2.7.
func vector() []float64 { return []float64{2, 1, 0, 3, -1, 1, 0, 2, 1, -2, 1, 2} }

// near fails unless got is within tolerance of want.
func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > tolerance {
		t.Errorf("%s: got %.9g, want %.9g ± %g", what, got, want, tolerance)
	}
}

// must returns x and fails unless ok.
func must[T any](t *testing.T, x T, ok bool) T {
	t.Helper()
	if !ok {
		t.Fatalf("got no %T, want one", x)
	}
	return x
}

// The vectors of this file are the figures printed in the methodology.

func TestVectorSignedRank(t *testing.T) {
	t.Parallel()
	cases := []struct {
		zeros               Zeros
		used                int
		plus, minus, p, rrb float64
	}{
		{Pratt, 10, 60.5, 14.5, 0.08008, 0.613},
		{Drop, 10, 44.5, 10.5, 0.09961, 0.618},
		// Each zero has rank 1.5, so 1.5 more on both sides; p as with Pratt.
		{Split, 10, 62, 16, 0.08008, 46.0 / 78},
	}
	for _, c := range cases {
		t.Run(c.zeros.String(), func(t *testing.T) {
			t.Parallel()
			r := Wilcoxon(vector(), WilcoxonOptions{Zeros: c.zeros})
			if r.N != 12 || r.NZero != 2 || r.NUsed != c.used || r.Method != Exact || r.Z != nil {
				t.Fatalf("got %+v", r)
			}
			near(t, "W+", r.WPlus, c.plus, 0)
			near(t, "W-", r.WMinus, c.minus, 0)
			near(t, "p", *r.P, c.p, 5e-6)
			near(t, "r_rb", *r.RankBiserial, c.rrb, 5e-4)
		})
	}
}

func TestVectorChange(t *testing.T) {
	t.Parallel()
	e, ok := HodgesLehmann(vector())
	if want := (Estimate{1, 0, 2, 0.95}); !ok || e != want {
		t.Errorf("Hodges-Lehmann: got %+v, want %+v", e, want)
	}
	pre := make([]float64, len(vector()))
	p, ok := Paired(pre, vector())
	p = must(t, p, ok)
	near(t, "mean", p.MeanDiff, 0.833, 5e-4)
	near(t, "s", p.SD, 1.403, 5e-4)
	near(t, "d_z", *p.DZ, 0.594, 5e-4)
	if p.R != nil || p.DRm != nil {
		t.Errorf("got a correlation with a constant: %+v", p)
	}
}

func TestVectorSmallestP(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]float64{4: 0.125, 5: 0.0625, 6: 0.03125, 7: 0.015625} {
		diffs := make([]float64, n)
		for i := range diffs {
			diffs[i] = float64(i + 1)
		}
		near(t, "smallest p", *Wilcoxon(diffs, WilcoxonOptions{}).P, want, 0)
	}
}

func TestVectorFeldt(t *testing.T) {
	t.Parallel()
	cases := []struct {
		alpha                float64
		k, n                 int
		low, high, tolerance float64
	}{
		{0.913, 20, 873, 0.9044, 0.9212, 5e-5},
		{0.85, 7, 89, 0.7971, 0.8932, 5e-5},
		{0.80, 6, 10, 0.52, 0.94, 5e-3},
		{0.80, 6, 20, 0.62, 0.91, 5e-3},
		{0.80, 6, 40, 0.69, 0.88, 5e-3},
		{0.80, 6, 100, 0.73, 0.86, 5e-3},
	}
	for _, c := range cases {
		i, ok := FeldtInterval(c.alpha, c.k, c.n)
		i = must(t, i, ok)
		near(t, "low", i.Low, c.low, c.tolerance)
		near(t, "high", i.High, c.high, c.tolerance)
	}
}

func TestVectorMcNemar(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		b, c int
		p    float64
	}{{0, 6, 0.03125}, {6, 0, 0.03125}, {1, 7, 0.0703125}, {0, 0, 1}, {3, 3, 1}, {0, 1, 1}} {
		p, ok := McNemar(c.b, c.c)
		near(t, "p", must(t, p, ok), c.p, 1e-15)
	}
	if _, ok := McNemar(-1, 3); ok {
		t.Error("a negative count: got a p-value")
	}
}

func TestVectorWilson(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		x, n      int
		low, high float64
	}{{7, 12, 0.3195, 0.8067}, {0, 10, 0, 0.2775}, {10, 10, 0.7225, 1}, {1, 1, 0.2065, 1}} {
		i, ok := Wilson(c.x, c.n)
		i = must(t, i, ok)
		near(t, "low", i.Low, c.low, 5e-5)
		near(t, "high", i.High, c.high, 5e-5)
	}
	for _, c := range [][2]int{{0, 0}, {-1, 4}, {5, 4}, {1, -1}} {
		if i, ok := Wilson(c[0], c[1]); ok {
			t.Errorf("%v: got %v, want none", c, i)
		}
	}
}

// TestVectorPower simulates all the 24 cells of the power table of §2.7, which came
// from 1,200 draws each, with the exact test. A cell is a share of 1,200, ours one of
// 1,500: they may differ by four standard errors of that difference and by the
// rounding of the table. (20,000 draws a cell, done once, gave no difference above
// .025: .142 at 12 and .3, .851 at 12 and 1.0, .354 at 30 and .3.)
func TestVectorPower(t *testing.T) {
	t.Parallel()
	sizes := []float64{0.3, 0.5, 0.8, 1.0}
	for n, row := range map[int][]float64{
		6:  {0.05, 0.11, 0.23, 0.35},
		8:  {0.09, 0.19, 0.42, 0.59},
		12: {0.13, 0.33, 0.65, 0.86},
		20: {0.24, 0.55, 0.92, 0.99},
		30: {0.34, 0.73, 0.99, 1},
		60: {0.61, 0.96, 1, 1},
	} {
		for k, power := range row {
			got := simulatedPower(n, sizes[k], 1500)
			se := math.Sqrt(math.Max(power*(1-power), 0.0025) * (1.0/1200 + 1.0/1500))
			near(t, fmt.Sprintf("power of %d pairs at %.1f", n, sizes[k]), got, power, 4*se+0.005)
		}
	}
}

// simulatedPower is the share of draws of n normal differences with mean d and
// variance 1 in which the exact test is below .05.
func simulatedPower(n int, d float64, draws int) float64 {
	source := seeded(uint64(n*100) + uint64(10*d))
	hits := 0
	for range draws {
		diffs := make([]float64, n)
		for i := range diffs {
			diffs[i] = source.NormFloat64() + d
		}
		if *Wilcoxon(diffs, WilcoxonOptions{Method: Exact}).P <= 0.05 {
			hits++
		}
	}
	return float64(hits) / float64(draws)
}

// Published results of other programs.

func TestPublishedSignedRank(t *testing.T) {
	t.Parallel()
	// Hollander & Wolfe 1973, p. 29, the example of R's wilcox.test: V = 40,
	// one-sided p = 0.01953.
	x := []float64{1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30}
	y := []float64{0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29}
	diffs := Differences(y, x)
	r := Wilcoxon(diffs, WilcoxonOptions{Alternative: Greater})
	near(t, "V", r.WPlus, 40, 0)
	near(t, "one-sided p", *r.P, 0.01953125, 1e-12)
	near(t, "two-sided p", *Wilcoxon(diffs, WilcoxonOptions{}).P, 0.0390625, 1e-12)
}

func TestPublishedSleep(t *testing.T) {
	t.Parallel()
	// R's sleep data: t = -4.0621, df = 9, p = 0.002833, mean −1.58,
	// interval −2.4598858 to −0.7001142.
	first := []float64{0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0}
	second := []float64{1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4}
	p, ok := Paired(second, first)
	p = must(t, p, ok)
	near(t, "t", *p.T, -4.0621, 5e-5)
	near(t, "p", *p.P, 0.002833, 5e-7)
	near(t, "mean", p.MeanDiff, -1.58, 1e-12)
	near(t, "low", p.CI.Low, -2.4598858, 5e-8)
	near(t, "high", p.CI.High, -0.7001142, 5e-8)
	if p.DF != 9 || p.N != 10 {
		t.Errorf("got df %d, n %d", p.DF, p.N)
	}
}
