package stats

import (
	"math"
	"slices"
	"testing"
)

func TestRates(t *testing.T) {
	t.Parallel()
	rr1, rr2, ok := Disposition{Complete: 12, Partial: 3, Refusal: 2, NotContacted: 8}.Rates()
	if !ok {
		t.Fatal("got no rates")
	}
	near(t, "RR1", rr1, 12.0/25, 1e-15)
	near(t, "RR2", rr2, 15.0/25, 1e-15)
	if _, _, ok := (Disposition{}).Rates(); ok {
		t.Error("nobody: got rates")
	}
	if _, _, ok := (Disposition{Complete: 3, Other: -1}).Rates(); ok {
		t.Error("a negative count: got rates")
	}
}

func TestCompleteness(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		answered, served int
		want             Completeness
		ok               bool
	}{
		{0, 40, BreakOff, true}, {19, 40, BreakOff, true}, {20, 40, Partial, true}, {31, 40, Partial, true},
		{32, 40, Complete, true}, {40, 40, Complete, true}, {0, 0, 0, false}, {41, 40, 0, false}, {-1, 40, 0, false},
	} {
		if got, ok := CompletenessOf(c.answered, c.served); got != c.want || ok != c.ok {
			t.Errorf("%d of %d: got %v, %v, want %v, %v", c.answered, c.served, got, ok, c.want, c.ok)
		}
	}
}

func TestManski(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		mean                float64
		responded, eligible int
		want                Interval
		ok                  bool
	}{
		{60, 15, 20, Interval{45, 70}, true}, {60, 20, 20, Interval{60, 60}, true}, {math.NaN(), 0, 20, Interval{0, 100}, true},
		{101, 15, 20, Interval{}, false}, {60, 21, 20, Interval{}, false}, {60, 0, 0, Interval{}, false}, {math.NaN(), 5, 20, Interval{}, false},
	} {
		got, ok := Manski(c.mean, c.responded, c.eligible, 0, 100)
		if ok != c.ok || math.Abs(got.Low-c.want.Low) > 1e-12 || math.Abs(got.High-c.want.High) > 1e-12 {
			t.Errorf("%+v: got %v, %v", c, got, ok)
		}
	}
}

func TestRIndicator(t *testing.T) {
	t.Parallel()
	r, ok := RIndicator([]StaffGroup{{10, 8}, {20, 8}, {5, 5}}, 12)
	r = must(t, r, ok)
	near(t, "R", r.R, 0.5149287499273341, 1e-12)
	near(t, "max bias", *r.MaxBias, 4.85071250072666, 1e-12)
	near(t, "propensity", r.MeanPropensity, 0.6, 1e-12)
	even, _ := RIndicator([]StaffGroup{{10, 5}, {20, 10}}, 12)
	if even.R != 1 || *even.MaxBias != 0 {
		t.Errorf("even response: got %+v", even)
	}
	split, _ := RIndicator([]StaffGroup{{10, 10}, {10, 0}}, 12)
	if split.R != 0 {
		t.Errorf("one group alone: got R %v, want 0", split.R)
	}
	none, ok := RIndicator([]StaffGroup{{10, 0}, {10, 0}}, 12)
	if !ok || none.MaxBias != nil || none.R != 1 {
		t.Errorf("nobody answered: got %+v", none)
	}
	for name, groups := range map[string][]StaffGroup{
		"one group": {{10, 5}}, "one with staff": {{10, 5}, {0, 0}}, "too many": {{10, 11}, {5, 1}}, "none": nil,
	} {
		if got, ok := RIndicator(groups, 12); ok {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}

func TestWeights(t *testing.T) {
	t.Parallel()
	k, ok := Kish([]float64{2, 2, 2, 2})
	if k = must(t, k, ok); k != (KishResult{4, 1}) {
		t.Errorf("equal weights: got %+v", k)
	}
	weights := slices.Concat(slices.Repeat([]float64{3}, 5), slices.Repeat([]float64{0.5}, 20), slices.Repeat([]float64{1}, 10))
	k, _ = Kish(weights)
	near(t, "n_eff", k.Effective, 20.416666666666668, 1e-12)
	near(t, "deff", k.Deff, 35/20.416666666666668, 1e-12)
	for name, ws := range map[string][]float64{"none": nil, "zero": {0, 0}, "negative": {1, -1}, "infinite": {math.Inf(1)}} {
		if got, ok := Kish(ws); ok {
			t.Errorf("%s: got %+v", name, got)
		}
	}
	mean, ok := WeightedMean([]float64{10, 20}, []float64{1, 3})
	near(t, "weighted mean", must(t, mean, ok), 17.5, 1e-12)
	if _, ok := WeightedMean([]float64{10}, []float64{0}); ok {
		t.Error("no weight: got a mean")
	}
}

func TestPostStratify(t *testing.T) {
	t.Parallel()
	p, ok := PostStratify([]Stratum{{60, 10}, {40, 30}})
	p = must(t, p, ok)
	near(t, "first", p.Weights[0], 2.4, 1e-12)
	near(t, "second", p.Weights[1], 0.4/0.75, 1e-12)
	if p.Trimmed != 0 {
		t.Errorf("got %d trimmed", p.Trimmed)
	}
	// Without trimming weighted counts give back the shares of the population.
	near(t, "share", p.Weights[0]*10/(p.Weights[0]*10+p.Weights[1]*30), 0.6, 1e-12)
	p, _ = PostStratify([]Stratum{{300, 5}, {100, 95}})
	if p.Trimmed != 1 || p.Weights[0] != MaxWeight {
		t.Errorf("got %+v, want the first trimmed", p)
	}
	for name, strata := range map[string][]Stratum{
		"one": {{10, 5}}, "four answered": {{50, 20}, {20, 4}}, "more than exist": {{50, 20}, {5, 6}}, "none": nil,
	} {
		if got, ok := PostStratify(strata); ok {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}

func TestStratifiedAgainstEnumeration(t *testing.T) {
	t.Parallel()
	source := seeded(31)
	for range 100 {
		strata := make([][]float64, 1+source.IntN(4))
		var all []float64 // signed ranks within strata
		for s := range strata {
			strata[s] = coarse(source, source.IntN(5), 3)
			for i, d := range strata[s] {
				rank := 0.5
				for _, e := range strata[s] {
					switch {
					case math.Abs(e) < math.Abs(d):
						rank++
					case math.Abs(e) == math.Abs(d):
						rank += 0.5
					}
				}
				if d != 0 {
					all = append(all, math.Copysign(rank, strata[s][i]))
				}
			}
		}
		var observed float64
		for _, r := range all {
			observed += r
		}
		hits := 0
		for mask := range 1 << len(all) {
			var sum float64
			for i, r := range all {
				if mask>>i&1 == 1 {
					r = -r
				}
				sum += r
			}
			if math.Abs(sum) >= math.Abs(observed) {
				hits++
			}
		}
		r := StratifiedSignedRank(strata, 1000, 1)
		if len(all) == 0 {
			if r.P != nil || r.RankBiserial != nil {
				t.Fatalf("%v: got %+v", strata, r)
			}
			continue
		}
		near(t, "p", *r.P, float64(hits)/float64(int(1)<<len(all)), 1e-14)
		near(t, "sum", r.WPlus-r.WMinus, observed, 0)
		if r.Method != Exact || r.Draws != 0 || r.N != r.NZero+r.NUsed {
			t.Fatalf("got %+v", r)
		}
	}
}

func TestStratifiedOneStratum(t *testing.T) {
	t.Parallel()
	r, w := StratifiedSignedRank([][]float64{vector()}, 0, 0), Wilcoxon(vector(), WilcoxonOptions{})
	if *r.P != *w.P || r.WPlus != w.WPlus || *r.RankBiserial != *w.RankBiserial || r.Strata != 1 {
		t.Errorf("got %+v, want %+v", r, w)
	}
}

func TestStratifiedMonteCarlo(t *testing.T) {
	t.Parallel()
	source := seeded(32)
	small := make([][]float64, 8)
	for s := range small {
		small[s] = coarse(source, 12, 8)
	}
	exact := StratifiedSignedRank(small, 0, 0)
	var pooled signs
	for _, diffs := range small {
		s := signedRanks(diffs, Pratt)
		pooled.ranks = append(pooled.ranks, s.ranks...)
		pooled.plus += s.plus
		pooled.minus += s.minus
	}
	near(t, "drawn against exact", flippedP(pooled, 20000, 5), *exact.P, 0.012)

	large := make([][]float64, 40) // 1,200 differences: drawn
	for s := range large {
		large[s] = make([]float64, 30)
		for i := range large[s] {
			large[s][i] = source.NormFloat64() + 0.05
		}
	}
	a, b := StratifiedSignedRank(large, 2000, 7), StratifiedSignedRank(large, 2000, 7)
	if a.Method != MonteCarlo || a.Draws != 2000 || *a.P != *b.P {
		t.Errorf("got %+v and %+v", a, b)
	}
	slices.Reverse(large)
	slices.Reverse(large[3])
	if r := StratifiedSignedRank(large, 2000, 7); *r.P != *a.P {
		t.Errorf("other order: got p %v, want %v", *r.P, *a.P)
	}
	if r := StratifiedSignedRank(large, 10, 7); r.P != nil || r.Draws != 0 {
		t.Errorf("ten draws: got %+v, want no p-value", r)
	}
	for s := range large {
		for i := range large[s] {
			large[s][i] = 1
		}
	}
	near(t, "smallest p", *StratifiedSignedRank(large, 999, 7).P, 0.001, 1e-15)
	if r := StratifiedSignedRank([][]float64{{1, math.NaN()}}, 1000, 1); r.P != nil || r.N != 0 {
		t.Errorf("not a number: got %+v", r)
	}
}
