package recompute

import (
	"slices"

	"traguardo/surveys/sheet"
	"traguardo/surveys/stats"
)

// McNemarFigures are the figures of `stats mcnemar`; N counts the pairs that
// changed, P is nil when none did.
type McNemarFigures struct {
	N int      `json:"n"`
	P *float64 `json:"p"`
}

// McNemar is the exact test on b and c discordant pairs (methodology §2.6).
func McNemar(b, c int) (McNemarFigures, error) {
	if b < 0 || c < 0 || b > maxCount || c > maxCount {
		return McNemarFigures{}, sheet.Unusablef("b and c count pairs, from 0 to %d", maxCount)
	}
	figures := McNemarFigures{N: b + c}
	if p, ok := stats.McNemar(b, c); ok && b+c > 0 {
		figures.P = &p
	}
	return figures, nil
}

// maxCount bounds a count given by hand.
const maxCount = 1_000_000_000

// WilsonFigures are the figures of `stats wilson`.
type WilsonFigures struct {
	N        int      `json:"n"`
	Estimate *float64 `json:"estimate"`
	CILow    *float64 `json:"ci_low"`
	CIHigh   *float64 `json:"ci_high"`
}

// Wilson is the interval of the proportion x of n (methodology §2.6).
func Wilson(x, n int) (WilsonFigures, error) {
	if x < 0 || n < x || n > maxCount {
		return WilsonFigures{}, sheet.Unusablef("x counts some of n: 0 ≤ x ≤ n ≤ %d", maxCount)
	}
	figures := WilsonFigures{N: n}
	if interval, ok := stats.Wilson(x, n); ok {
		figures.Estimate = ref(float64(x) / float64(n))
		figures.CILow, figures.CIHigh = &interval.Low, &interval.High
	}
	return figures, nil
}

// AdjustFigures are the figures of `stats adjust`, in the order of the file; nil
// where the cell is empty, which does not count in the family.
type AdjustFigures struct {
	PAdjusted []*float64 `json:"p_adjusted"`
}

// Adjust corrects p-values for their number by stats.Holm or
// stats.BenjaminiHochberg. column "" is the only column of the file, or «p».
func Adjust(t sheet.Table, column string, by func([]float64) []float64) (AdjustFigures, error) {
	if column == "" && slices.Contains(t.Names, "p") {
		column = "p"
	}
	numbers, err := only(t, column, "--col")
	if err != nil {
		return AdjustFigures{}, err
	}
	for i, n := range numbers {
		if !n.Missing && (n.Value < 0 || n.Value > 1) {
			return AdjustFigures{}, sheet.Unusablef("line %d: %g is not a p-value, 0 to 1", t.Lines[i], n.Value)
		}
	}
	adjusted := by(sheet.Valid(numbers))
	figures := AdjustFigures{PAdjusted: make([]*float64, len(numbers))}
	at := 0
	for i, n := range numbers {
		if !n.Missing {
			figures.PAdjusted[i] = &adjusted[at]
			at++
		}
	}
	return figures, nil
}

// AnonymityFigures are the figures of `stats kanon`. K is the size of the smallest
// class of rows that share all keys, L the least number of different sensitive
// values in a class (nil without a sensitive column), Violations the classes below
// the size asked for and Suppressed the rows in them.
type AnonymityFigures struct {
	K          *int `json:"k"`
	L          *int `json:"l"`
	Violations int  `json:"violations"`
	Suppressed int  `json:"suppressed"`
}

// Anonymity measures k-anonymity and l-diversity (methodology §2.10). An empty key
// is a category of its own.
func Anonymity(t sheet.Table, keys []string, sensitive string, threshold int) (AnonymityFigures, error) {
	options := stats.AnonymityOptions{Threshold: threshold}
	for _, name := range keys {
		at, err := t.Index(name)
		if err != nil {
			return AnonymityFigures{}, err
		}
		options.Keys = append(options.Keys, at)
	}
	if sensitive != "" {
		at, err := t.Index(sensitive)
		if err != nil {
			return AnonymityFigures{}, err
		}
		options.Sensitive = []int{at}
	}
	result, ok := stats.Anonymity(t.Rows, options)
	if !ok {
		return AnonymityFigures{}, nil
	}
	figures := AnonymityFigures{K: &result.K, Violations: len(result.Small), Suppressed: result.Below}
	if len(result.Diversity) > 0 {
		figures.L = &result.Diversity[0].Distinct
	}
	return figures, nil
}
