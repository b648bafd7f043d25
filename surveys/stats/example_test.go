package stats_test

import (
	"fmt"

	"traguardo/surveys/stats"
)

// The change of twelve matched persons, with all that the report prints of it.
func Example() {
	diffs := []float64{2, 1, 0, 3, -1, 1, 0, 2, 1, -2, 1, 2}
	test := stats.Wilcoxon(diffs, stats.WilcoxonOptions{})
	estimate, kind, _ := stats.ChangeInterval(diffs, 1)
	share, _ := stats.ShareImproved(diffs)
	fmt.Printf("W+ %.1f, W- %.1f, %s p %.4f, r_rb %.3f\n", test.WPlus, test.WMinus, test.Method, *test.P, *test.RankBiserial)
	fmt.Printf("%s %.1f [%.0f, %.0f], improved %.2f\n", kind, estimate.Value, estimate.Low, estimate.High, share)
	// Output:
	// W+ 60.5, W- 14.5, exact p 0.0801, r_rb 0.613
	// hodges-lehmann 1.0 [0, 2], improved 0.75
}

// Fifteen of the twenty employees answered: the interval describes these twenty.
func ExampleMeanInterval() {
	scores := []float64{40, 45, 50, 50, 55, 55, 60, 60, 60, 65, 65, 70, 70, 75, 80}
	here, _ := stats.MeanInterval(scores, 20)
	beyond, _ := stats.MeanInterval(scores, 0)
	fmt.Printf("[%.1f, %.1f], not [%.1f, %.1f]\n", here.Low, here.High, beyond.Low, beyond.High)
	// Output: [56.8, 63.2], not [53.8, 66.2]
}

func ExampleWilson() {
	i, ok := stats.Wilson(7, 12)
	fmt.Printf("%.4f %.4f %v\n", i.Low, i.High, ok)
	_, ok = stats.Wilson(0, 0)
	fmt.Println(ok)
	// Output:
	// 0.3195 0.8067 true
	// false
}

// Five persons: 95 % cannot be reached and the estimate says so.
func ExampleHodgesLehmann() {
	e, _ := stats.HodgesLehmann([]float64{12.5, 0, 25, 12.5, 6.25})
	fmt.Printf("%.3f [%.0f, %.0f] at %.4f\n", e.Value, e.Low, e.High, e.Confidence)
	// Output: 12.500 [0, 25] at 0.9375
}

func ExampleFeldtInterval() {
	i, _ := stats.FeldtInterval(0.913, 20, 873)
	fmt.Printf("%.4f %.4f\n", i.Low, i.High)
	// Output: 0.9044 0.9212
}

func ExampleHolm() {
	fmt.Printf("%.2f\n", stats.Holm([]float64{0.03, 0.01, 0.04, 0.20}))
	// Output: [0.09 0.04 0.09 0.20]
}

// Two Comuni of four and five pairs: ranks within each, one pooled test.
func ExampleStratifiedSignedRank() {
	r := stats.StratifiedSignedRank([][]float64{{5, 10, -5, 15}, {20, 10, 5, 0, 15}}, 10000, 1)
	fmt.Printf("%d Comuni, %d pairs, W+ %.1f, W- %.1f, %s p %.4f\n", r.Strata, r.N, r.WPlus, r.WMinus, r.Method, *r.P)
	// Output: 2 Comuni, 9 pairs, W+ 22.5, W- 1.5, exact p 0.0234
}
