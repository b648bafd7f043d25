package stats

import (
	"encoding/binary"
	"math"
	"reflect"
	"slices"
	"testing"
)

// allFinite fails when x holds, however deep, a NaN or an infinity, or an Interval
// whose ends are exchanged.
func allFinite(t *testing.T, what string, x any) {
	t.Helper()
	var walk func(v reflect.Value)
	walk = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.Float64:
			if f := v.Float(); math.IsNaN(f) || math.IsInf(f, 0) {
				t.Fatalf("%s: got %v in %+v", what, f, x)
			}
		case reflect.Pointer, reflect.Interface:
			if !v.IsNil() {
				walk(v.Elem())
			}
		case reflect.Slice, reflect.Array:
			for i := range v.Len() {
				walk(v.Index(i))
			}
		case reflect.Struct:
			if i, ok := v.Interface().(Interval); ok && i.Low > i.High {
				t.Fatalf("%s: got %v", what, i)
			}
			for i := range v.NumField() {
				walk(v.Field(i))
			}
		default:
		}
	}
	walk(reflect.ValueOf(x))
}

// numbers reads raw as float64 values of all sorts: eight bytes each when wild, a
// byte each on a quarter grid otherwise.
func numbers(raw []byte, wild bool) []float64 {
	var xs []float64
	if !wild {
		for _, b := range raw {
			xs = append(xs, float64(int8(b))/4)
		}
		return xs
	}
	for ; len(raw) >= 8; raw = raw[8:] {
		xs = append(xs, math.Float64frombits(binary.LittleEndian.Uint64(raw)))
	}
	return xs
}

func wildSeed(xs ...float64) []byte {
	var b []byte
	for _, x := range xs {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
	}
	return b
}

// FuzzNoNaN: whatever numbers come in, no result that is handed out holds NaN or
// an infinity, and the argument is left as it was.
func FuzzNoNaN(f *testing.F) {
	f.Add([]byte{4, 0, 0, 8, 252, 4, 4, 248, 12}, false)
	f.Add([]byte{}, false)
	f.Add([]byte{7}, false)
	f.Add([]byte{1, 1, 1, 1, 1, 1}, false)
	f.Add(wildSeed(math.NaN(), 1, 2), true)
	f.Add(wildSeed(1e308, -1e308, 1e308, 5e-324, 0, 1), true)
	f.Add(wildSeed(math.MaxFloat64, math.MaxFloat64, math.MaxFloat64, -math.MaxFloat64), true)
	f.Add(wildSeed(1e-200, 2e-200, 3e-200, -1e-200, 1e200, 4e160), true)
	f.Fuzz(func(t *testing.T, raw []byte, wild bool) {
		if len(raw) > 400 {
			raw = raw[:400]
		}
		xs := numbers(raw, wild)
		kept := slices.Clone(xs)
		checkUnivariate(t, xs)
		checkTwoSided(t, xs)
		same := func(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) }
		if !slices.EqualFunc(xs, kept, same) {
			t.Fatal("the argument was changed")
		}
	})
}

func checkUnivariate(t *testing.T, xs []float64) {
	t.Helper()
	for what, stat := range map[string]Statistic{"Mean": Mean, "SD": SD, "Variance": Variance, "DZ": DZ, "ShareImproved": ShareImproved} {
		x, ok := stat(xs)
		allFinite(t, what, x)
		if !ok && x != 0 {
			t.Fatalf("%s: got %v with ok false", what, x)
		}
	}
	for _, zeros := range []Zeros{Pratt, Drop, Split} {
		for _, method := range []Method{Auto, Exact, Normal} {
			allFinite(t, "Wilcoxon", Wilcoxon(xs, WilcoxonOptions{Zeros: zeros, Method: method, Correct: true}))
		}
	}
	q, _ := Quantile(xs, 0.3)
	allFinite(t, "Quantile", q)
	e, ok := HodgesLehmann(xs)
	allFinite(t, "HodgesLehmann", e)
	if ok && !(e.Low <= e.Value && e.Value <= e.High) {
		t.Fatalf("HodgesLehmann: got %+v", e)
	}
	for what, interval := range map[string]func([]float64, int) (Interval, bool){"MeanInterval": MeanInterval, "NormalInterval": NormalInterval} {
		i, _ := interval(xs, len(xs)+3)
		allFinite(t, what, i)
	}
	i, _ := BCa(xs, Mean, 100, 1)
	allFinite(t, "BCa", i)
	k, _ := Kish(xs)
	allFinite(t, "Kish", k)
	allFinite(t, "Holm", Holm(xs))
	allFinite(t, "BenjaminiHochberg", BenjaminiHochberg(xs))
}

// checkTwoSided splits xs in two samples, and in rows of three.
func checkTwoSided(t *testing.T, xs []float64) {
	t.Helper()
	a, b := xs[:len(xs)/2], xs[len(xs)/2:]
	p, _ := Paired(a, b[:len(a)])
	allFinite(t, "Paired", p)
	smd, _ := SMD(a, b)
	allFinite(t, "SMD", smd)
	r, _ := Correlation(a, b[:len(a)])
	allFinite(t, "Correlation", r)
	w, _ := WeightedMean(a, b[:len(a)])
	allFinite(t, "WeightedMean", w)
	allFinite(t, "StratifiedSignedRank", StratifiedSignedRank([][]float64{a, b}, 100, 1))
	var rows [][]float64
	for rest := xs; len(rest) >= 3; rest = rest[3:] {
		rows = append(rows, rest[:3])
	}
	alpha, _ := Alpha(rows)
	allFinite(t, "Alpha", alpha)
	omega, ok := Omega(rows)
	allFinite(t, "Omega", omega)
	if ok && (omega.Omega < 0 || omega.Omega > 1) {
		t.Fatalf("Omega: got %+v", omega)
	}
	if len(xs) >= 4 {
		m, _ := Manski(xs[0], 3, 9, xs[1], xs[2])
		allFinite(t, "Manski", m)
		sb, _ := SpearmanBrown(xs[0], xs[1])
		allFinite(t, "SpearmanBrown", sb)
		rc, _ := ReliableChange(xs[0], xs[1], xs[2])
		allFinite(t, "ReliableChange", rc)
		shift, _ := RegressionToMean(xs[0], xs[1], xs[2])
		allFinite(t, "RegressionToMean", shift)
		i, _ := FeldtInterval(xs[0], 4, 30)
		allFinite(t, "FeldtInterval", i)
		g, _ := RIndicator([]StaffGroup{{9, 3}, {4, 4}}, xs[0])
		allFinite(t, "RIndicator", g)
	}
}
