package stats

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// six persons on four items; expected figures computed apart in Python.
func sixByFour() [][]float64 {
	return [][]float64{{4, 3, 5, 4}, {2, 2, 3, 1}, {5, 4, 4, 5}, {3, 3, 2, 3}, {1, 2, 1, 2}, {4, 5, 4, 3}}
}

func TestAlpha(t *testing.T) {
	t.Parallel()
	a, ok := Alpha(sixByFour())
	a = must(t, a, ok)
	near(t, "alpha", a.Raw, 0.903765690376569, 1e-12)
	near(t, "standardised", *a.Standardized, 0.9044270453946108, 1e-12)
	near(t, "SEM", a.SEM, 1.5165750888103107, 1e-12)
	for j, want := range []float64{0.9729265122666723, 0.7158212639926348, 0.7175937767305167, 0.7586432418108815} {
		near(t, "item-total", *a.ItemTotal[j], want, 1e-12)
	}
	for j, want := range []float64{0.8005617977528091, 0.9012605042016808, 0.9014423076923078, 0.8848920863309354} {
		near(t, "if dropped", *a.IfDropped[j], want, 1e-12)
	}
	if a.Reportable || a.N != 6 || a.K != 4 || !a.Interval.Contains(a.Raw) {
		t.Errorf("got %+v, want it not reportable below %d", a, MinReliabilityN)
	}
}

func TestAlphaEdges(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		scores [][]float64
		ok     bool
	}{
		{"nobody", nil, false},
		{"one person", [][]float64{{1, 2}}, false},
		{"one item", [][]float64{{1}, {2}}, false},
		{"uneven", [][]float64{{1, 2}, {2}}, false},
		{"not a number", [][]float64{{1, 2}, {2, math.NaN()}}, false},
		{"everybody alike", [][]float64{{1, 2}, {1, 2}, {1, 2}}, false},
		{"totals alike", [][]float64{{1, 3}, {2, 2}, {3, 1}}, false},
		{"two items", [][]float64{{1, 2}, {2, 2}, {3, 4}}, true},
		{"one item constant", [][]float64{{1, 2, 0}, {2, 2, 0}, {3, 4, 0}}, true},
		{"parallel", [][]float64{{1, 1, 1}, {2, 2, 2}, {4, 4, 4}}, true},
		{"opposed", [][]float64{{1, 4}, {2, 3}, {3, 1}, {9, 0}}, true},
	}
	for _, c := range cases {
		a, ok := Alpha(c.scores)
		if ok != c.ok {
			t.Errorf("%s: got %v, want %v", c.name, ok, c.ok)
		}
		if ok && a.K == 2 && (a.IfDropped[0] != nil || a.IfDropped[1] != nil) {
			t.Errorf("%s: got an alpha of one item", c.name)
		}
	}
	if a, _ := Alpha([][]float64{{1, 2, 0}, {2, 2, 0}, {3, 4, 0}}); a.ItemTotal[2] != nil || a.Standardized != nil {
		t.Errorf("constant item: got %+v", a)
	}
	if a, _ := Alpha([][]float64{{1, 1, 1}, {2, 2, 2}, {4, 4, 4}}); math.Abs(a.Raw-1) > 1e-12 || a.Raw > 1 {
		t.Errorf("parallel items: got %v, want 1", a.Raw)
	}
}

// TestAlphaSpearmanBrown: with standardised parallel items the alpha of k items
// steps up from the correlation by Spearman-Brown.
func TestAlphaSpearmanBrown(t *testing.T) {
	t.Parallel()
	two := [][]float64{{1, 2}, {2, 1}, {3, 4}, {4, 3}, {5, 5}}
	a, _ := Alpha(two)
	r, _ := Correlation([]float64{1, 2, 3, 4, 5}, []float64{2, 1, 4, 3, 5})
	sb, ok := SpearmanBrown(r, 2)
	near(t, "double length", must(t, sb, ok), *a.Standardized, 1e-12)
	back, _ := SpearmanBrown(sb, 0.5)
	near(t, "back", back, r, 1e-12)
	for _, c := range [][2]float64{{1.2, 2}, {0.5, 0}, {0.5, -1}, {-1, 2}, {math.NaN(), 2}, {0.5, math.Inf(1)}} {
		if got, ok := SpearmanBrown(c[0], c[1]); ok {
			t.Errorf("%v: got %v", c, got)
		}
	}
}

func TestKR20(t *testing.T) {
	t.Parallel()
	right := [][]bool{
		{true, true, true, false}, {true, false, true, true}, {false, false, true, false}, {true, true, true, true},
		{false, false, false, false}, {true, true, false, false}, {true, false, false, false},
	}
	k, ok := KR20(right)
	near(t, "KR-20", must(t, k, ok), 0.634920634920635, 1e-12)
	source := seeded(21)
	for range 100 {
		n, items := 3+source.IntN(40), 2+source.IntN(12)
		bools, scores := make([][]bool, n), make([][]float64, n)
		for i := range bools {
			bools[i], scores[i] = make([]bool, items), make([]float64, items)
			for j := range items {
				if source.IntN(3) > 0 {
					bools[i][j], scores[i][j] = true, 1
				}
			}
		}
		k, okK := KR20(bools)
		a, okA := Alpha(scores)
		if okK != okA || okA && math.Abs(k-a.Raw) > 1e-12 {
			t.Fatalf("got %v, alpha %v", k, a.Raw)
		}
	}
	if _, ok := KR20([][]bool{{true, true}, {true, true}}); ok {
		t.Error("everybody right: got a coefficient")
	}
}

// oneFactor is the correlation matrix that the loadings imply.
func oneFactor(loadings ...float64) *mat.SymDense {
	r := mat.NewSymDense(len(loadings), nil)
	for a, x := range loadings {
		r.SetSym(a, a, 1)
		for b := a + 1; b < len(loadings); b++ {
			r.SetSym(a, b, x*loadings[b])
		}
	}
	return r
}

func TestOmegaRecoversLoadings(t *testing.T) {
	t.Parallel()
	for _, want := range [][]float64{
		{0.8, 0.7, 0.6}, {0.9, 0.5, 0.7, 0.4}, {0.3, 0.35, 0.4, 0.8, 0.6, 0.5}, {0.7, -0.6, 0.8, 0.5},
		{0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5},
	} {
		o, ok := omegaOf(oneFactor(want...), 200)
		o = must(t, o, ok)
		var sum, unique float64
		for j, l := range want {
			near(t, "loading", o.Loadings[j], l, 2e-5)
			sum += l
			unique += 1 - l*l
		}
		near(t, "omega", o.Omega, sum*sum/(sum*sum+unique), 2e-5)
		if !o.Converged || len(o.Heywood) != 0 || !o.Reportable {
			t.Errorf("got %+v", o)
		}
	}
}

func TestOmegaHeywood(t *testing.T) {
	t.Parallel()
	r := mat.NewSymDense(3, []float64{1, 0.9, 0.9, 0.9, 1, 0.5, 0.9, 0.5, 1})
	o, ok := omegaOf(r, 20)
	o = must(t, o, ok)
	if len(o.Heywood) == 0 || o.Heywood[0] != 0 || o.Reportable {
		t.Errorf("got %+v, want item 0 as Heywood case", o)
	}
	for _, l := range o.Loadings {
		if math.Abs(l) > 1 {
			t.Errorf("got loading %v", l)
		}
	}
	if o.Omega <= 0 || o.Omega > 1 {
		t.Errorf("got omega %v", o.Omega)
	}
}

// TestOmegaAgainstAlpha: with equal loadings omega is alpha; the two agree on
// simulated data within sampling error of the loadings.
func TestOmegaAgainstAlpha(t *testing.T) {
	t.Parallel()
	source := seeded(22)
	scores := make([][]float64, 600)
	for i := range scores {
		factor := source.NormFloat64()
		scores[i] = make([]float64, 6)
		for j := range scores[i] {
			scores[i][j] = 0.7*factor + math.Sqrt(1-0.49)*source.NormFloat64()
		}
	}
	o, okO := Omega(scores)
	a, okA := Alpha(scores)
	if !okO || !okA {
		t.Fatal("got no coefficient")
	}
	near(t, "omega", o.Omega, *a.Standardized, 0.01)
	near(t, "alpha", a.Raw, 6*0.49/(1+5*0.49), 0.03)
}

func TestOmegaEdges(t *testing.T) {
	t.Parallel()
	for name, scores := range map[string][][]float64{
		"nobody": nil, "two items": {{1, 2}, {2, 1}, {3, 5}}, "two persons": {{1, 2, 3}, {2, 1, 5}},
		"constant item": {{1, 2, 3}, {2, 4, 3}, {3, 1, 3}, {1, 1, 3}},
	} {
		if o, ok := Omega(scores); ok {
			t.Errorf("%s: got %+v", name, o)
		}
	}
	// Identical items cannot be inverted; the loadings are all 1.
	o, ok := Omega([][]float64{{1, 1, 1}, {2, 2, 2}, {4, 4, 4}, {3, 3, 3}})
	near(t, "identical items", must(t, o, ok).Omega, 1, 1e-9)
}

func TestKappaQuadratic(t *testing.T) {
	t.Parallel()
	a := []int{0, 1, 2, 3, 4, 2, 1, 0, 3, 4, 2, 2}
	b := []int{0, 2, 2, 3, 3, 2, 0, 1, 4, 4, 1, 2}
	k, ok := KappaQuadratic(a, b, 5)
	near(t, "kappa", must(t, k, ok), 0.85, 1e-12)
	same, _ := KappaQuadratic(a, a, 5)
	near(t, "full agreement", same, 1, 0)
	opposed, _ := KappaQuadratic([]int{0, 4}, []int{4, 0}, 5)
	near(t, "full disagreement", opposed, -1, 1e-12)
	mirror, _ := KappaQuadratic(b, a, 5)
	near(t, "raters exchanged", mirror, k, 1e-12)
	for name, c := range map[string]struct {
		a, b   []int
		levels int
	}{
		"nothing": {nil, nil, 5}, "uneven": {[]int{1}, []int{1, 2}, 5}, "out of range": {[]int{5}, []int{1}, 5},
		"negative": {[]int{1, 2}, []int{1, -1}, 5}, "one level": {[]int{0}, []int{0}, 1}, "all alike": {[]int{2, 2}, []int{2, 2}, 5},
	} {
		if got, ok := KappaQuadratic(c.a, c.b, c.levels); ok {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

func TestGuessingCorrected(t *testing.T) {
	t.Parallel()
	s, ok := GuessingCorrected(14, 6, 4)
	near(t, "corrected", must(t, s, ok), 12, 0)
	s, _ = GuessingCorrected(0, 6, 4)
	near(t, "below zero", s, -2, 0)
	if _, ok := GuessingCorrected(1, 1, 1); ok {
		t.Error("one option: got a score")
	}
}

func TestFeldtEverywhere(t *testing.T) {
	t.Parallel()
	for _, alpha := range []float64{-2, 0, 0.5, 0.99, 1} {
		for _, k := range []int{2, 3, 12, 40} {
			for _, n := range []int{2, 3, 5, 30, 500, 20000} {
				i, ok := FeldtInterval(alpha, k, n)
				if !ok || !(i.Low <= i.High) || i.High > 1 || n > 5 && !i.Contains(alpha) {
					t.Errorf("alpha %v, k %d, n %d: got %v, %v", alpha, k, n, i, ok)
				}
			}
		}
	}
	for _, c := range [][3]float64{{1.1, 3, 30}, {0.5, 1, 30}, {0.5, 3, 1}, {math.NaN(), 3, 30}} {
		if i, ok := FeldtInterval(c[0], int(c[1]), int(c[2])); ok {
			t.Errorf("%v: got %v", c, i)
		}
	}
}
