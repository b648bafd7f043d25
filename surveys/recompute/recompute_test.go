package recompute_test

import (
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"traguardo/surveys/recompute"
	"traguardo/surveys/sheet"
	"traguardo/surveys/stats"
)

// The files of testdata were drawn at random; the figures wanted from them come
// from SciPy 1.10.1 and NumPy, run on the same files (exact p-values: whole-number
// dynamic programming in Python).

func load(t *testing.T, name string) sheet.Table {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	table, err := sheet.Read(f, sheet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func text(t *testing.T, s string) sheet.Table {
	t.Helper()
	table, err := sheet.Read(strings.NewReader(s), sheet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// near checks a figure; want NaN means that it must be absent.
func near(t *testing.T, name string, got *float64, want float64) {
	t.Helper()
	switch {
	case math.IsNaN(want):
		if got != nil {
			t.Errorf("%s: got %v, want none", name, *got)
		}
	case got == nil:
		t.Errorf("%s: got none, want %v", name, want)
	case math.Abs(*got-want) > 1e-6*math.Max(1, math.Abs(want)):
		t.Errorf("%s: got %v, want %v", name, *got, want)
	}
}

func reverse(t *testing.T, s string) recompute.Reverse {
	t.Helper()
	r, ok := recompute.ParseReverse(s)
	if !ok {
		t.Fatalf("%q is not understood", s)
	}
	return r
}

func TestAlpha(t *testing.T) {
	table := load(t, "items.csv")
	o := recompute.ItemsOptions{Reverse: []recompute.Reverse{reverse(t, "c:0:4")}}
	a, err := recompute.Alpha(table, o)
	if err != nil || a.K != 6 || a.N != 33 || strings.Join(a.Items, "") != "abcdef" {
		t.Fatalf("got %+v, %v", a, err)
	}
	near(t, "alpha", a.Alpha, 0.7688480430993504)
	near(t, "alpha_std", a.AlphaStd, 0.7665240463251117)
	near(t, "ci_low", a.CILow, 0.6208490133305608)
	near(t, "ci_high", a.CIHigh, 0.8723754513237444)
	near(t, "sem", a.SEM, 2.3506929990446594)
	near(t, "kr20", a.KR20, math.NaN())
	for j, want := range []float64{0.4286384113887556, 0.4368413454145165, 0.5553393857483617, 0.5839591640901376, 0.5734602942639355, 0.4985568083623709} {
		near(t, "item_total", a.ItemTotal[j], want)
	}
	for j, want := range []float64{0.7547122010539118, 0.7530045689312674, 0.7232517284370397, 0.7151651651651653, 0.718060259254934, 0.7383212457337884} {
		near(t, "alpha_if_dropped", a.AlphaIfDropped[j], want)
	}
	o.Pairwise = true
	a, err = recompute.Alpha(table, o)
	if err != nil || a.N != 33 {
		t.Fatalf("pairwise: got %+v, %v", a, err)
	}
	near(t, "pairwise alpha", a.Alpha, 0.7592044461010778)
	near(t, "pairwise sem", a.SEM, 2.3623772625328514)
	near(t, "pairwise alpha_std", a.AlphaStd, 0.7572270486679581)
}

func TestAlphaPairwiseWithoutGaps(t *testing.T) {
	table := text(t, "a,b,c\n1,2,2\n2,2,3\n3,4,5\n4,3,4\n5,5,4\n")
	listwise, err1 := recompute.Alpha(table, recompute.ItemsOptions{})
	pairwise, err2 := recompute.Alpha(table, recompute.ItemsOptions{Pairwise: true})
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	near(t, "alpha", pairwise.Alpha, *listwise.Alpha)
	near(t, "alpha_std", pairwise.AlphaStd, *listwise.AlphaStd)
	near(t, "sem", pairwise.SEM, *listwise.SEM)
	for j := range listwise.Items {
		near(t, "item_total", pairwise.ItemTotal[j], *listwise.ItemTotal[j])
		near(t, "alpha_if_dropped", pairwise.AlphaIfDropped[j], *listwise.AlphaIfDropped[j])
	}
}

func TestKR20IsAlphaOfRightAndWrong(t *testing.T) {
	a, err := recompute.Alpha(text(t, "a,b,c\n1,1,1\n1,1,0\n1,0,0\n0,0,0\n1,1,1\n"), recompute.ItemsOptions{Items: []string{"a", "b", "c"}})
	if err != nil || a.Alpha == nil {
		t.Fatalf("got %+v, %v", a, err)
	}
	near(t, "kr20", a.KR20, *a.Alpha)
}

func TestOmega(t *testing.T) {
	o, err := recompute.Omega(load(t, "items.csv"), recompute.ItemsOptions{Reverse: []recompute.Reverse{reverse(t, "c:0:4")}})
	if err != nil || o.N != 33 || len(o.Loadings) != 6 {
		t.Fatalf("got %+v, %v", o, err)
	}
	near(t, "omega", o.Omega, 0.76916627)
	if math.Abs(*o.Loadings[3]-0.6917386) > 1e-5 {
		t.Errorf("loading of d: got %v, want 0.69174", *o.Loadings[3])
	}
}

func TestKappa(t *testing.T) {
	zero, err := recompute.Kappa(text(t, "x,y\n0,0\n1,2\n2,2\n3,1\n4,4\n,1\n"), "x", "y", 5)
	if err != nil || zero.N != 5 {
		t.Fatalf("got %+v, %v", zero, err)
	}
	one, err := recompute.Kappa(text(t, "x,y\n1,1\n2,3\n3,3\n4,2\n5,5\n"), "x", "y", 5)
	if err != nil {
		t.Fatal(err)
	}
	// Observed 5, expected over all pairings of the two margins (85/5 = 17): 1 − 5/19.
	near(t, "kappa", zero.Kappa, 1-5/19.0)
	near(t, "kappa counted from 1", one.Kappa, *zero.Kappa)
	near(t, "agreement", zero.Agreement, 0.6)
	near(t, "agreement within 1", zero.AgreementWithin1, 0.8)
	if _, err := recompute.Kappa(text(t, "x,y\n0,5\n"), "x", "y", 5); !errors.Is(err, sheet.ErrUnusable) {
		t.Errorf("levels 0 and 5 of 5: got %v", err)
	}
	same, err := recompute.Kappa(text(t, "x,y\n2,2\n2,2\n"), "x", "y", 5)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "kappa of one level", same.Kappa, math.NaN())
}

func TestPaired(t *testing.T) {
	p, err := recompute.Paired(load(t, "pairs.csv"), "pre", "post")
	if err != nil || p.N != 40 || *p.DF != 39 {
		t.Fatalf("got %+v, %v", p, err)
	}
	near(t, "mean_diff", p.MeanDiff, 3.7024999999999992)
	near(t, "sd_diff", p.SDDiff, 8.611664346716774)
	near(t, "r", p.R, 0.7988192313734426)
	near(t, "t", p.T, 2.719180071442815)
	near(t, "p", p.P, 0.00971895855919546)
	near(t, "ci_low", p.CILow, 0.9483561390073332)
	near(t, "ci_high", p.CIHigh, 6.456643860992668)
	near(t, "d_z", p.DZ, 3.7025/8.611664346716774)
	near(t, "d_rm", p.DRm, 3.7025/8.611664346716774*math.Sqrt(2*(1-0.7988192313734426)))
	near(t, "g_z", p.GZ, 3.7025/8.611664346716774*(1-3/(4*39.0-1)))
}

func TestWilcoxon(t *testing.T) {
	table := load(t, "pairs.csv")
	for _, c := range []struct {
		options stats.WilcoxonOptions
		z, p    float64
	}{
		{stats.WilcoxonOptions{}, math.NaN(), 0.008706071348569822},
		{stats.WilcoxonOptions{Zeros: stats.Drop}, math.NaN(), 0.008630784279375803},
		{stats.WilcoxonOptions{Zeros: stats.Split}, math.NaN(), 0.008706071348569822},
		{stats.WilcoxonOptions{Method: stats.Normal}, 2.587771177924072, 0.00965991267310657},
		{stats.WilcoxonOptions{Method: stats.Normal, Zeros: stats.Drop}, 2.5886902361185657, 0.009634171566431633},
		{stats.WilcoxonOptions{Method: stats.Normal, Zeros: stats.Split}, 2.587508167803843, 0.009667290370892933},
		{stats.WilcoxonOptions{Method: stats.Normal, Correct: true}, 2.5810496943450487, 0.009850040166806946},
		{stats.WilcoxonOptions{Method: stats.Normal, Alternative: stats.Greater}, 2.587771177924072, 0.004829956336553285},
		{stats.WilcoxonOptions{Method: stats.Normal, Correct: true, Alternative: stats.Less}, 2.5944926615030957, 0.9952634682070366},
	} {
		w, err := recompute.Wilcoxon(table, "pre", "post", c.options)
		if err != nil || w.N != 40 || w.NZero != 2 || w.NUsed != 38 {
			t.Fatalf("%+v: got %+v, %v", c.options, w, err)
		}
		near(t, "z", w.Z, c.z)
		near(t, "p", w.P, c.p)
		near(t, "hl", w.HL, 3.75)
		near(t, "share", w.ShareImproved, 0.675)
	}
}

func TestDecimalsTie(t *testing.T) {
	// 1.3 − 0.1 and 1.4 − 0.2 differ in binary; 0.1 + 1.2 is 1.1 + 0.2 on paper.
	w, err := recompute.Wilcoxon(text(t, "x;y\n0,1;1,3\n0,2;1,4\n1,1;2,3\n2,3;1,1\n0;0,5\n0;3\n0;4\n"), "x", "y", stats.WilcoxonOptions{})
	if err != nil {
		t.Fatal(err)
	}
	// Sizes .5, four of 1.2, 3, 4: midranks 1, 3.5 (four), 6, 7; one 3.5 is negative.
	near(t, "w_minus", w.WMinus, 3.5)
	near(t, "w_plus", w.WPlus, 24.5)
	tiny, err := recompute.Wilcoxon(text(t, "x,y\n0,1e-12\n0,2e-12\n0,3e-12\n0,-4e-12\n0,5e-12\n0,6e-12\n"), "x", "y", stats.WilcoxonOptions{})
	if err != nil || tiny.NZero != 0 || tiny.HL == nil || math.Abs(*tiny.HL-2.5e-12) > 1e-18 {
		t.Errorf("tiny differences: got %+v, %v", tiny, err)
	}
}

func TestExactLimits(t *testing.T) {
	var b strings.Builder
	b.WriteString("x,y\n")
	for i := range stats.MaxExact {
		b.WriteString("0," + []string{"1", "-2", "3"}[i%3] + "\n")
	}
	w, err := recompute.Wilcoxon(text(t, b.String()), "x", "y", stats.WilcoxonOptions{Method: stats.Exact})
	if err != nil || w.Method != "exact" || w.P == nil {
		t.Fatalf("got %+v, %v", w, err)
	}
	b.WriteString("0,7\n")
	if _, err := recompute.Wilcoxon(text(t, b.String()), "x", "y", stats.WilcoxonOptions{Method: stats.Exact}); !errors.Is(err, sheet.ErrUnusable) {
		t.Errorf("1001 differences: got %v, want a refusal", err)
	}
	if w, err := recompute.Wilcoxon(text(t, b.String()), "x", "y", stats.WilcoxonOptions{}); err != nil || w.Method != "normal" {
		t.Errorf("auto: got %+v, %v", w, err)
	}
}

func TestPooled(t *testing.T) {
	one, err := recompute.Pooled(text(t, "x,y,s\n0,1,A\n0,-2,A\n0,3,A\n0,5,A\n"), "x", "y", "s", 1000, 1)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := recompute.Wilcoxon(text(t, "x,y\n0,1\n0,-2\n0,3\n0,5\n"), "x", "y", stats.WilcoxonOptions{})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "one stratum is the plain test", one.P, *whole.P)
	near(t, "w_plus", one.WPlus, *whole.WPlus)
	// Two strata of three rises each: W+ = 6 + 6, p = 2/2^6.
	two, err := recompute.Pooled(text(t, "x,y,s\n0,1,A\n0,2,A\n0,3,A\n0,10,B\n0,20,B\n0,30,B\n0,1,\n,1,B\n"), "x", "y", "s", 1000, 1)
	if err != nil || two.Strata != 2 || two.N != 6 || two.Method != "exact" {
		t.Fatalf("got %+v, %v", two, err)
	}
	near(t, "w_plus", two.WPlus, 12)
	near(t, "p", two.P, 2/64.0)
}

func TestBootstrap(t *testing.T) {
	table := load(t, "skewed.csv")
	m, err := recompute.Bootstrap(table, "", stats.Median, 20000, 1)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "median", m.Estimate, 5.51)
	near(t, "ci_low", m.CILow, 3.74)
	near(t, "ci_high", m.CIHigh, 7.52)
	mean, err := recompute.Bootstrap(table, "v", stats.Mean, 20000, 1)
	if err != nil || mean.CILow == nil || math.Abs(*mean.CILow-5.1444) > 0.1 || math.Abs(*mean.CIHigh-8.7568) > 0.1 {
		t.Errorf("mean: got %+v, %v, want about 5.14 to 8.76 (SciPy, 200,000 draws)", mean, err)
	}
	again, _ := recompute.Bootstrap(table, "v", stats.Mean, 20000, 1)
	if *again.CILow != *mean.CILow || *again.CIHigh != *mean.CIHigh {
		t.Error("the same seed gave other figures")
	}
}

func TestAdjust(t *testing.T) {
	table := text(t, "name;p\na;0,01\nb;0,04\nc;\nd;0,03\ne;0,005\n")
	holm, err := recompute.Adjust(table, "", stats.Holm)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{0.03, 0.06, math.NaN(), 0.06, 0.02} { // R: p.adjust(c(.01,.04,NA,.03,.005), "holm")
		near(t, "holm", holm.PAdjusted[i], want)
	}
	bh, err := recompute.Adjust(table, "p", stats.BenjaminiHochberg)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{0.02, 0.04, math.NaN(), 0.04, 0.02} {
		near(t, "bh", bh.PAdjusted[i], want)
	}
	if _, err := recompute.Adjust(text(t, "p\n1.5\n"), "", stats.Holm); !errors.Is(err, sheet.ErrUnusable) {
		t.Errorf("1.5: got %v", err)
	}
	if _, err := recompute.Adjust(text(t, "0.01\n0.02\n"), "", stats.Holm); !errors.Is(err, sheet.ErrUnusable) {
		t.Errorf("a file without a name: got %v", err)
	}
}

func TestCounts(t *testing.T) {
	m, err := recompute.McNemar(1, 7)
	if err != nil || m.N != 8 {
		t.Fatalf("got %+v, %v", m, err)
	}
	near(t, "mcnemar", m.P, 0.0703125)
	w, err := recompute.Wilson(7, 12)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "low", w.CILow, 0.3195113125)
	near(t, "high", w.CIHigh, 0.8067396863)
	none, err := recompute.Wilson(0, 0)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "nothing of nothing", none.Estimate, math.NaN())
	if _, err := recompute.Wilson(8, 5); !errors.Is(err, sheet.ErrUnusable) {
		t.Errorf("8 of 5: got %v", err)
	}
	if _, err := recompute.McNemar(-1, 5); !errors.Is(err, sheet.ErrUnusable) {
		t.Errorf("−1 pairs: got %v", err)
	}
}

func TestAnonymity(t *testing.T) {
	table := text(t, "role,office,score\n1,A,x\n1,A,y\n1,A,x\n2,B,x\n2,B,x\n,B,x\n")
	a, err := recompute.Anonymity(table, []string{"role", "office"}, "score", 3)
	if err != nil || *a.K != 1 || *a.L != 1 || a.Violations != 2 || a.Suppressed != 3 {
		t.Errorf("got %+v, %v", a, err)
	}
	a, err = recompute.Anonymity(table, []string{"office"}, "", 3)
	if err != nil || *a.K != 3 || a.L != nil || a.Violations != 0 || a.Suppressed != 0 {
		t.Errorf("by office: got %+v, %v", a, err)
	}
}

// Too few rows: figures are absent, nothing is NaN, and JSON can be written.
func TestTooFewRows(t *testing.T) {
	for _, s := range []string{"a,b,c\n", "a,b,c\n1,2,3\n", "a,b,c\n1,1,1\n1,1,1\n", "a,b,c\n,,\n"} {
		table := text(t, s)
		alpha, err1 := recompute.Alpha(table, recompute.ItemsOptions{})
		loose, err2 := recompute.Alpha(table, recompute.ItemsOptions{Pairwise: true})
		omega, err3 := recompute.Omega(table, recompute.ItemsOptions{})
		paired, err4 := recompute.Paired(table, "a", "b")
		wilcoxon, err5 := recompute.Wilcoxon(table, "a", "b", stats.WilcoxonOptions{})
		pooled, err6 := recompute.Pooled(table, "a", "b", "c", 100, 1)
		boot, err7 := recompute.Bootstrap(table, "a", stats.Mean, 100, 1)
		kappa, err8 := recompute.Kappa(table, "a", "b", 5)
		anonymity, err9 := recompute.Anonymity(table, []string{"a"}, "b", 5)
		if err := errors.Join(err1, err2, err3, err4, err5, err6, err7, err8, err9); err != nil {
			t.Errorf("%q: %v", s, err)
		}
		if alpha.Alpha != nil || loose.Alpha != nil || omega.Omega != nil || boot.CILow != nil && *boot.CILow != *boot.CIHigh {
			t.Errorf("%q: got figures from too few rows", s)
		}
		if _, err := json.Marshal([]any{alpha, loose, omega, paired, wilcoxon, pooled, boot, kappa, anonymity}); err != nil {
			t.Errorf("%q: %v", s, err)
		}
	}
}

func TestItemsRefused(t *testing.T) {
	table := text(t, "a,b\n1,2\n6,2\n")
	for name, o := range map[string]recompute.ItemsOptions{
		"no such item":        {Items: []string{"a", "z"}},
		"named twice":         {Items: []string{"a", "a"}},
		"outside the scale":   {Reverse: []recompute.Reverse{reverse(t, "a:1:5")}},
		"reversed, not there": {Items: []string{"b"}, Reverse: []recompute.Reverse{reverse(t, "a:1:9")}},
	} {
		if _, err := recompute.Alpha(table, o); !errors.Is(err, sheet.ErrUnusable) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	for _, s := range []string{"a", "a:1", "a:5:1", ":1:5", "a:x:5", "a:1:1", "a::"} {
		if _, ok := recompute.ParseReverse(s); ok {
			t.Errorf("%q: understood, want it refused", s)
		}
	}
}
