package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func seeded(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 99)) }

// coarse draws n differences on a coarse grid: many ties, many zeros.
func coarse(source *rand.Rand, n, steps int) []float64 {
	diffs := make([]float64, n)
	for i := range diffs {
		diffs[i] = float64(source.IntN(2*steps+1)-steps) / 4
	}
	return diffs
}

// enumerate computes the sign-flip distribution by trying every assignment of
// signs, on ranks found by counting: it shares no code with the package.
func enumerate(diffs []float64, zeros Zeros) (plus float64, atMost, atLeast, two float64) {
	var sizes []float64
	for _, d := range diffs {
		if d != 0 || zeros != Drop {
			sizes = append(sizes, math.Abs(d))
		}
	}
	var ranks []float64
	for _, d := range diffs {
		if d == 0 {
			continue
		}
		rank := 0.5
		for _, s := range sizes {
			switch {
			case s < math.Abs(d):
				rank++
			case s == math.Abs(d):
				rank += 0.5
			}
		}
		ranks = append(ranks, rank)
		if d > 0 {
			plus += rank
		}
	}
	var total float64
	for _, r := range ranks {
		total += r
	}
	all := 1 << len(ranks)
	for mask := range all {
		var w float64
		for i, r := range ranks {
			if mask>>i&1 == 1 {
				w += r
			}
		}
		if w <= plus {
			atMost++
		}
		if w >= plus {
			atLeast++
		}
		if math.Abs(w-total/2) >= math.Abs(plus-total/2) {
			two++
		}
	}
	return plus, atMost / float64(all), atLeast / float64(all), two / float64(all)
}

func TestWilcoxonAgainstEnumeration(t *testing.T) {
	t.Parallel()
	source := seeded(1)
	for round := range 400 {
		n := 1 + round%12
		diffs := coarse(source, n, 1+source.IntN(8))
		for _, zeros := range []Zeros{Pratt, Drop} {
			plus, atMost, atLeast, two := enumerate(diffs, zeros)
			r := Wilcoxon(diffs, WilcoxonOptions{Zeros: zeros})
			near(t, "W+", r.WPlus, plus, 0)
			if r.NUsed == 0 {
				if r.P != nil || r.RankBiserial != nil {
					t.Fatalf("%v: got %+v, want no p-value", diffs, r)
				}
				continue
			}
			near(t, "two-sided", *r.P, two, 1e-14)
			near(t, "greater", *Wilcoxon(diffs, WilcoxonOptions{Zeros: zeros, Alternative: Greater}).P, atLeast, 1e-14)
			near(t, "less", *Wilcoxon(diffs, WilcoxonOptions{Zeros: zeros, Alternative: Less}).P, atMost, 1e-14)
			if t.Failed() {
				t.Fatalf("differences %v, zeros %v", diffs, zeros)
			}
		}
	}
}

// TestNormalFormula compares the variance in use with the one printed in §2.7.
func TestNormalFormula(t *testing.T) {
	t.Parallel()
	source := seeded(2)
	for range 200 {
		diffs := coarse(source, 5+source.IntN(60), 1+source.IntN(10))
		r := Wilcoxon(diffs, WilcoxonOptions{Method: Normal})
		if r.NUsed == 0 {
			continue
		}
		n, n0 := float64(r.N), float64(r.NZero)
		counts := map[float64]float64{}
		for _, d := range diffs {
			if d != 0 {
				counts[math.Abs(d)]++
			}
		}
		var ties float64
		for _, c := range counts {
			ties += c*c*c - c
		}
		mean := (n*(n+1) - n0*(n0+1)) / 4
		variance := (n*(n+1)*(2*n+1)-n0*(n0+1)*(2*n0+1))/24 - ties/48
		near(t, "z", *r.Z, (r.WPlus-mean)/math.Sqrt(variance), 1e-9)
		corrected := Wilcoxon(diffs, WilcoxonOptions{Method: Normal, Correct: true})
		want := math.Max(0, math.Abs(r.WPlus-mean)-0.5) / math.Sqrt(variance)
		near(t, "corrected |z|", math.Abs(*corrected.Z), want, 1e-9)
		if *corrected.P < *r.P {
			t.Errorf("the correction lowered p from %v to %v", *r.P, *corrected.P)
		}
	}
}

func TestWilcoxonMethods(t *testing.T) {
	t.Parallel()
	source := seeded(3)
	diffs := make([]float64, 1200)
	for i := range diffs {
		diffs[i] = source.NormFloat64() + 0.1
	}
	cases := []struct {
		name  string
		n     int
		asked Method
		want  Method
	}{
		{"auto at 50", 50, Auto, Exact}, {"auto at 51", 51, Auto, Normal},
		{"exact at 1000", 1000, Exact, Exact}, {"exact above", 1001, Exact, Normal},
		{"normal", 10, Normal, Normal},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := Wilcoxon(diffs[:c.n], WilcoxonOptions{Method: c.asked})
			if r.Method != c.want || (r.Z == nil) != (c.want == Exact) || r.P == nil {
				t.Fatalf("got %+v, want method %v", r, c.want)
			}
			if c.n >= 50 {
				other := Wilcoxon(diffs[:c.n], WilcoxonOptions{Method: Normal})
				near(t, "p against normal", *r.P, *other.P, 0.01)
			}
		})
	}
}

// TestWilcoxonFarTail holds the extreme case: everybody up, p = 2·2^−n to the bit.
func TestWilcoxonFarTail(t *testing.T) {
	t.Parallel()
	for _, n := range []int{20, 50, 400, 1000} {
		diffs := make([]float64, n)
		for i := range diffs {
			diffs[i] = 1 + float64(i%7)
		}
		p := *Wilcoxon(diffs, WilcoxonOptions{Method: Exact}).P
		if want := math.Ldexp(1, 1-n); p != want {
			t.Errorf("n %d: got %g, want %g", n, p, want)
		}
	}
}

func TestDecimalTies(t *testing.T) {
	t.Parallel()
	tenth, fifth := 0.1, 0.2 // variables: constants would be added exactly
	a, b, noise := tenth+0.5, fifth+0.4, tenth+fifth-0.3
	if a == b || noise == 0 {
		t.Fatal("the two sums are equal in binary: the case tests nothing")
	}
	noisy := []float64{a, -b, 2.5, noise}
	clean := []float64{0.6, -0.6, 2.5, 0}
	got, want := Wilcoxon(noisy, WilcoxonOptions{}), Wilcoxon(clean, WilcoxonOptions{})
	if got.NZero != 1 || got.WPlus != want.WPlus || got.WMinus != want.WMinus || *got.P != *want.P {
		t.Errorf("got %+v, want %+v", got, want)
	}
	share, _ := ShareImproved(noisy)
	near(t, "share improved", share, 2.5/4, 0)
	if d := Differences([]float64{b}, []float64{a}); d[0] != 0 {
		t.Errorf("difference of equal decimals: got %g, want 0", d[0])
	}
	// Values at a boundary of a grid of 1e-9: 12.8 / 2^n with noise must still tie.
	base := 0.0125
	edge := []float64{math.Nextafter(base, 0), -base, math.Nextafter(base, 1), 12.8}
	if r := Wilcoxon(edge, WilcoxonOptions{}); r.WMinus != 2 {
		t.Errorf("grid boundary: got W- %v, want midrank 2", r.WMinus)
	}
}

func TestWilcoxonProperties(t *testing.T) {
	t.Parallel()
	source := seeded(4)
	for range 200 {
		diffs := coarse(source, 1+source.IntN(70), 6)
		options := WilcoxonOptions{Zeros: Zeros(source.IntN(3)), Method: Method(source.IntN(3))}
		r := Wilcoxon(diffs, options)
		kept := slices.Clone(diffs)
		shuffled, flipped, scaled := slices.Clone(diffs), make([]float64, len(diffs)), make([]float64, len(diffs))
		source.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		for i, d := range diffs {
			flipped[i], scaled[i] = -d, 25*d
		}
		s, f, x := Wilcoxon(shuffled, options), Wilcoxon(flipped, options), Wilcoxon(scaled, options)
		if !slices.Equal(diffs, kept) {
			t.Fatal("the argument was changed")
		}
		if f.WPlus != r.WMinus || s.WPlus != r.WPlus || x.WPlus != r.WPlus {
			t.Fatalf("W+: got %v shuffled, %v flipped, %v scaled, from %v and %v", s.WPlus, f.WPlus, x.WPlus, r.WPlus, r.WMinus)
		}
		if r.P == nil {
			continue
		}
		for what, other := range map[string]WilcoxonResult{"shuffled": s, "flipped": f, "scaled": x} {
			near(t, what, *other.P, *r.P, 1e-12)
		}
		if *r.P <= 0 || *r.P > 1 || math.Abs(*r.RankBiserial) > 1 || r.N != r.NZero+r.NUsed {
			t.Fatalf("got %+v", r)
		}
	}
}

// TestRaisingRaises: when one person improves more, W+ does not fall and the
// one-sided p does not rise (zeros dropped or not present).
func TestRaisingRaises(t *testing.T) {
	t.Parallel()
	source := seeded(5)
	for range 200 {
		diffs := make([]float64, 2+source.IntN(20))
		for i := range diffs {
			diffs[i] = source.NormFloat64()
		}
		before := Wilcoxon(diffs, WilcoxonOptions{Alternative: Greater})
		hlBefore, _ := HodgesLehmann(diffs)
		diffs[source.IntN(len(diffs))] += source.Float64() * 2
		after := Wilcoxon(diffs, WilcoxonOptions{Alternative: Greater})
		hlAfter, _ := HodgesLehmann(diffs)
		if after.WPlus < before.WPlus || *after.P > *before.P+1e-12 {
			t.Fatalf("W+ %v → %v, p %v → %v", before.WPlus, after.WPlus, *before.P, *after.P)
		}
		if hlAfter.Value < hlBefore.Value || hlAfter.Low < hlBefore.Low || hlAfter.High < hlBefore.High {
			t.Fatalf("Hodges-Lehmann fell: %+v → %+v", hlBefore, hlAfter)
		}
	}
}

func TestHodgesLehmannAgainstAllAverages(t *testing.T) {
	t.Parallel()
	source := seeded(6)
	for round := range 300 {
		n := 2 + round%60
		diffs := coarse(source, n, 1+source.IntN(30))
		var averages []float64
		for i := range diffs {
			for j := range i + 1 {
				averages = append(averages, (diffs[i]+diffs[j])/2)
			}
		}
		slices.Sort(averages)
		e, ok := HodgesLehmann(diffs)
		e = must(t, e, ok)
		median, _ := Quantile(averages, 0.5)
		near(t, "value", e.Value, median, 1e-12)
		c := wilcoxonCritical(n)
		near(t, "low", e.Low, averages[max(c, 1)-1], 1e-12)
		near(t, "high", e.High, averages[len(averages)-max(c, 1)], 1e-12)
		if t.Failed() {
			t.Fatalf("differences %v", diffs)
		}
	}
}

// wilcoxonCritical is qsignrank(.025, n), by counting subsets of 1…n.
func wilcoxonCritical(n int) int {
	counts := map[int]float64{0: 1}
	for r := 1; r <= n; r++ {
		next := map[int]float64{}
		for sum, c := range counts {
			next[sum] += c / 2
			next[sum+r] += c / 2
		}
		counts = next
	}
	var below float64
	for w := 0; ; w++ {
		if below += counts[w]; below >= 0.025 {
			return w
		}
	}
}

// TestSignedRankQuantiles compares with R's qsignrank(.025, n) + the usual tables of
// two-sided 5 % critical values (T such that P(W ≤ T) ≤ .025, position T + 1).
func TestSignedRankQuantiles(t *testing.T) {
	t.Parallel()
	for n, critical := range map[int]int{6: 0, 7: 2, 8: 3, 9: 5, 10: 8, 12: 13, 15: 25, 20: 52, 25: 89, 30: 137, 50: 434} {
		position, confidence := walshPosition(n)
		if position != critical+1 || confidence != 0.95 {
			t.Errorf("n %d: got position %d at %v, want %d", n, position, confidence, critical+1)
		}
	}
	for n, want := range map[int]float64{2: 0.5, 3: 0.75, 4: 0.875, 5: 0.9375} {
		position, confidence := walshPosition(n)
		if position != 1 || confidence != want {
			t.Errorf("n %d: got position %d at %v, want 1 at %v", n, position, confidence, want)
		}
	}
	exact, _ := walshPosition(200)
	approx, _ := walshPosition(201)
	if approx <= exact || approx > exact+110 {
		t.Errorf("positions at 200 and 201: got %d and %d", exact, approx)
	}
}

func TestTooFewDifferences(t *testing.T) {
	t.Parallel()
	for _, diffs := range [][]float64{nil, {}, {0}, {0, 0, 0}, {math.NaN(), 1}, {math.Inf(1), 2}} {
		if r := Wilcoxon(diffs, WilcoxonOptions{}); r.P != nil || r.Z != nil || r.RankBiserial != nil {
			t.Errorf("%v: got %+v, want no test", diffs, r)
		}
		r := Wilcoxon(diffs, WilcoxonOptions{Method: Normal, Correct: true})
		if r.P != nil || r.Z != nil {
			t.Errorf("%v, normal: got %+v, want no test", diffs, r)
		}
	}
	if _, ok := HodgesLehmann([]float64{1}); ok {
		t.Error("one difference: got an interval")
	}
	if e, ok := HodgesLehmann([]float64{0, 0, 0, 0, 0, 0}); !ok || e != (Estimate{0, 0, 0, 0.95}) {
		t.Errorf("all zero: got %+v, %v", e, ok)
	}
	if e, ok := HodgesLehmann([]float64{1, 2, 3, 4, 5}); !ok || e != (Estimate{3, 1, 5, 0.9375}) {
		t.Errorf("five: got %+v, %v", e, ok)
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for got, want := range map[string]string{
		Pratt.String(): "pratt", Drop.String(): "drop", Split.String(): "split", Zeros(9).String(): "Zeros(9)",
		Auto.String(): "auto", Exact.String(): "exact", Normal.String(): "normal", MonteCarlo.String(): "monte-carlo",
		Method(9).String(): "Method(9)", TwoSided.String(): "two-sided", Greater.String(): "greater",
		Less.String(): "less", Alternative(9).String(): "Alternative(9)", ByBCa.String(): "bca",
		ByHodgesLehmann.String(): "hodges-lehmann", ByNormal.String(): "normal", IntervalKind(9).String(): "IntervalKind(9)",
		Complete.String(): "complete", Partial.String(): "partial", BreakOff.String(): "break-off",
		Completeness(9).String(): "Completeness(9)",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
