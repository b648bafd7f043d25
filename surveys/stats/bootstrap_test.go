package stats

import (
	"math"
	"slices"
	"testing"
)

func TestBCaDeterministic(t *testing.T) {
	t.Parallel()
	xs := make([]float64, 20)
	source := seeded(10)
	for i := range xs {
		xs[i] = source.NormFloat64() + 1
	}
	a, ok := BCa(xs, Mean, BootstrapDraws, 7)
	a = must(t, a, ok)
	b, _ := BCa(xs, Mean, BootstrapDraws, 7)
	if a != b {
		t.Errorf("same seed: got %v and %v", a, b)
	}
	slices.Reverse(xs)
	if c, _ := BCa(xs, Mean, BootstrapDraws, 7); c != a {
		t.Errorf("other order: got %v and %v", a, c)
	}
	if c, _ := BCa(xs, Mean, BootstrapDraws, 8); a == c {
		t.Errorf("other seed: got the same %v", c)
	}
	mean, _ := Mean(xs)
	if !a.Contains(mean) || a.Low < -2 || a.High > 3 {
		t.Errorf("got %v around %v", a, mean)
	}
}

// TestBCaAgainstNormal: for a symmetric large sample the interval of the mean is
// the normal one, to the error of 5,000 draws.
func TestBCaAgainstNormal(t *testing.T) {
	t.Parallel()
	source := seeded(11)
	xs := make([]float64, 400)
	for i := range xs {
		xs[i] = 50 + 10*source.NormFloat64()
	}
	i, ok := BCa(xs, Mean, BootstrapDraws, 1)
	i = must(t, i, ok)
	want, _ := NormalInterval(xs, 0)
	near(t, "low", i.Low, want.Low, 0.1)
	near(t, "high", i.High, want.High, 0.1)
}

// TestBCaSkewed: on a sample with a long right tail the BCa interval lies to the
// right of the percentile interval, which is what the acceleration is for.
func TestBCaSkewed(t *testing.T) {
	t.Parallel()
	source := seeded(12)
	xs := make([]float64, 40)
	for i := range xs {
		xs[i] = math.Exp(source.NormFloat64())
	}
	got, ok := BCa(xs, Mean, BootstrapDraws, 3)
	got = must(t, got, ok)
	boot := resample(xs, Mean, BootstrapDraws, 3)
	low, _ := Quantile(boot, 0.025)
	high, _ := Quantile(boot, 0.975)
	if got.Low <= low || got.High <= high {
		t.Errorf("got %v, percentile [%v %v]", got, low, high)
	}
	// Equivariant under a change of units.
	ys := make([]float64, len(xs))
	for i, x := range xs {
		ys[i] = 4*x - 8
	}
	moved, _ := BCa(ys, Mean, BootstrapDraws, 3)
	near(t, "low of 4x-8", moved.Low, 4*got.Low-8, 1e-9)
	near(t, "high of 4x-8", moved.High, 4*got.High-8, 1e-9)
}

// TestBCaCoverage: over 300 samples of 30 skewed values the interval holds the true
// mean about as often as it says (the method is known to be a little short).
func TestBCaCoverage(t *testing.T) {
	t.Parallel()
	source := seeded(13)
	hits := 0
	const rounds = 300
	for round := range rounds {
		xs := make([]float64, 30)
		for i := range xs {
			xs[i] = source.ExpFloat64()
		}
		i, ok := BCa(xs, Mean, 1000, uint64(round))
		if must(t, i, ok).Contains(1) {
			hits++
		}
	}
	near(t, "coverage", float64(hits)/rounds, 0.93, 0.04)
}

func TestBCaEdges(t *testing.T) {
	t.Parallel()
	never := func([]float64) (float64, bool) { return 0, false }
	cases := []struct {
		name  string
		xs    []float64
		stat  Statistic
		draws int
		ok    bool
	}{
		{"nothing", nil, Mean, 1000, false},
		{"two", []float64{1, 2}, Mean, 1000, false},
		{"few draws", vector(), Mean, 99, false},
		{"not a number", []float64{1, 2, math.NaN()}, Mean, 1000, false},
		{"undefined statistic", vector(), never, 1000, false},
		{"effect size of three", []float64{1, 2, 3}, DZ, 1000, false}, // often undefined
		{"effect size of twelve", vector(), DZ, 1000, true},
		{"constant", []float64{4, 4, 4, 4}, Mean, 1000, true},
	}
	for _, c := range cases {
		i, ok := BCa(c.xs, c.stat, c.draws, 1)
		if ok != c.ok || ok && !(i.Low <= i.High) {
			t.Errorf("%s: got %v, %v, want %v", c.name, i, ok, c.ok)
		}
	}
	if i, _ := BCa([]float64{4, 4, 4, 4}, Mean, 1000, 1); i != (Interval{4, 4}) {
		t.Errorf("constant: got %v", i)
	}
}

func TestChangeInterval(t *testing.T) {
	t.Parallel()
	source := seeded(14)
	for n, want := range map[int]IntervalKind{2: ByHodgesLehmann, 14: ByHodgesLehmann, 15: ByBCa, 300: ByBCa, 2000: ByBCa, 2001: ByNormal} {
		diffs := make([]float64, n)
		for i := range diffs {
			diffs[i] = source.NormFloat64() + 3
		}
		e, kind, ok := ChangeInterval(diffs, 1)
		e = must(t, e, ok)
		if kind != want || !e.Interval().Contains(e.Value) {
			t.Errorf("n %d: got %v by %v, want by %v", n, e, kind, want)
		}
	}
	if _, _, ok := ChangeInterval([]float64{1}, 1); ok {
		t.Error("one difference: got an interval")
	}
	if _, _, ok := ChangeInterval(append(make([]float64, 20), math.NaN()), 1); ok {
		t.Error("not a number: got an interval")
	}
}
