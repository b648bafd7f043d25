package recompute

import (
	"math"
	"slices"

	"traguardo/surveys/sheet"
	"traguardo/surveys/stats"
)

// PairedFigures are the figures of `stats paired`: y − x of the same persons. CI is
// the t interval of the mean difference; DAv divides by the root mean of the two
// variances, DRm is DZ·√(2(1−r)), GZ and GAv carry Hedges' J (methodology §2.7).
type PairedFigures struct {
	N        int      `json:"n"`
	MeanDiff *float64 `json:"mean_diff"`
	SDDiff   *float64 `json:"sd_diff"`
	R        *float64 `json:"r"`
	T        *float64 `json:"t"`
	DF       *int     `json:"df"`
	P        *float64 `json:"p"`
	CILow    *float64 `json:"ci_low"`
	CIHigh   *float64 `json:"ci_high"`
	DZ       *float64 `json:"d_z"`
	DAv      *float64 `json:"d_av"`
	DRm      *float64 `json:"d_rm"`
	GZ       *float64 `json:"g_z"`
	GAv      *float64 `json:"g_av"`
}

// Paired compares two columns as before and after.
func Paired(t sheet.Table, x, y string) (PairedFigures, error) {
	d, err := pairs(t, x, y)
	if err != nil {
		return PairedFigures{}, err
	}
	figures := PairedFigures{N: len(d.Values)}
	if mean, ok := stats.Mean(d.Values); ok {
		figures.MeanDiff = &mean
	}
	result, ok := stats.PairedOf(d.X, d.Y, d.Values)
	if !ok {
		return figures, nil
	}
	figures.MeanDiff, figures.SDDiff, figures.R = &result.MeanDiff, &result.SD, result.R
	figures.T, figures.DF, figures.P = result.T, &result.DF, result.P
	figures.CILow, figures.CIHigh = &result.CI.Low, &result.CI.High
	figures.DZ, figures.DAv, figures.DRm, figures.GZ, figures.GAv = result.DZ, result.DAv, result.DRm, result.GZ, result.GAv
	return figures, nil
}

// WilcoxonFigures are the figures of `stats wilcoxon`: differences are y − x. Z is
// nil when the p-value is exact. HL is the median of the Walsh averages of all
// differences; its ends are nil below 6 differences, where 95 % cannot be reached.
type WilcoxonFigures struct {
	N             int      `json:"n"`
	NZero         int      `json:"n_zero"`
	NUsed         int      `json:"n_used"`
	WPlus         *float64 `json:"w_plus"`
	WMinus        *float64 `json:"w_minus"`
	Z             *float64 `json:"z"`
	P             *float64 `json:"p"`
	Method        string   `json:"method"`
	RankBiserial  *float64 `json:"rank_biserial"`
	HL            *float64 `json:"hl"`
	HLLow         *float64 `json:"hl_low"`
	HLHigh        *float64 `json:"hl_high"`
	ShareImproved *float64 `json:"share_improved"`
}

// Wilcoxon is the signed-rank test (methodology §2.7).
func Wilcoxon(t sheet.Table, x, y string, options stats.WilcoxonOptions) (WilcoxonFigures, error) {
	d, err := pairs(t, x, y)
	if err != nil {
		return WilcoxonFigures{}, err
	}
	result := stats.Wilcoxon(d.Order, options)
	if options.Method == stats.Exact && result.Method != stats.Exact {
		return WilcoxonFigures{}, sheet.Unusablef("the exact test is for at most %d differences that are not zero; there are %d", stats.MaxExact, result.NUsed)
	}
	figures := WilcoxonFigures{
		N: result.N, NZero: result.NZero, NUsed: result.NUsed, Z: result.Z, P: result.P,
		Method: result.Method.String(), RankBiserial: result.RankBiserial,
	}
	if result.N == 0 {
		return figures, nil
	}
	figures.WPlus, figures.WMinus = &result.WPlus, &result.WMinus
	if share, ok := stats.ShareImproved(d.Order); ok {
		figures.ShareImproved = &share
	}
	if hl, ok := hodgesLehmann(d.Values); ok {
		figures.HL = &hl.Value
		if hl.Confidence >= 0.95 {
			figures.HLLow, figures.HLHigh = &hl.Low, &hl.High
		}
	}
	return figures, nil
}

// hodgesLehmann brings differences of any size near 1 by a power of two, which
// changes no digit, because stats takes differences below 1e-9 for rounding.
func hodgesLehmann(diffs []float64) (stats.Estimate, bool) {
	largest := 0.0
	for _, d := range diffs {
		largest = math.Max(largest, math.Abs(d))
	}
	_, exponent := math.Frexp(largest)
	scaled := make([]float64, len(diffs))
	for i, d := range diffs {
		scaled[i] = math.Ldexp(d, -exponent)
	}
	hl, ok := stats.HodgesLehmann(scaled)
	hl.Value, hl.Low, hl.High = math.Ldexp(hl.Value, exponent), math.Ldexp(hl.Low, exponent), math.Ldexp(hl.High, exponent)
	return hl, ok
}

// PooledFigures are the figures of `stats pooled`. Strata and N count strata and
// pairs with both values; Method is "exact" or "monte-carlo".
type PooledFigures struct {
	Strata int      `json:"strata"`
	N      int      `json:"n"`
	WPlus  *float64 `json:"w_plus"`
	P      *float64 `json:"p"`
	Method string   `json:"method"`
}

// Pooled is the signed-rank test with ranks within strata (methodology §2.7).
func Pooled(t sheet.Table, x, y, stratum string, draws int, seed uint64) (PooledFigures, error) {
	d, err := pairs(t, x, y)
	if err != nil {
		return PooledFigures{}, err
	}
	names, err := t.Text(stratum)
	if err != nil {
		return PooledFigures{}, err
	}
	by := map[string][]float64{}
	n := 0
	for i, row := range d.Rows {
		if name := names[row]; name != "" {
			by[name] = append(by[name], d.Order[i])
			n++
		}
	}
	strata := make([][]float64, 0, len(by))
	for _, name := range sortedKeys(by) {
		strata = append(strata, by[name])
	}
	result := stats.StratifiedSignedRank(strata, draws, seed)
	figures := PooledFigures{Strata: len(strata), N: n, P: result.P, Method: result.Method.String()}
	if n > 0 {
		figures.WPlus = &result.WPlus
	}
	return figures, nil
}

// BootstrapFigures are the figures of `stats bootstrap`.
type BootstrapFigures struct {
	Estimate *float64 `json:"estimate"`
	CILow    *float64 `json:"ci_low"`
	CIHigh   *float64 `json:"ci_high"`
	Method   string   `json:"method"`
}

// Bootstrap is the BCa interval of a statistic of one column, the only one of the
// file when column is "" (methodology §2.7).
func Bootstrap(t sheet.Table, column string, statistic stats.Statistic, draws int, seed uint64) (BootstrapFigures, error) {
	numbers, err := only(t, column, "--col")
	if err != nil {
		return BootstrapFigures{}, err
	}
	values := sheet.Valid(numbers)
	figures := BootstrapFigures{Method: "bca"}
	if estimate, ok := statistic(values); ok {
		figures.Estimate = &estimate
	}
	if interval, ok := stats.BCa(values, statistic, draws, seed); ok {
		figures.CILow, figures.CIHigh = &interval.Low, &interval.High
	}
	return figures, nil
}

// pairs reads two columns of one table.
func pairs(t sheet.Table, x, y string) (sheet.Differences, error) {
	xs, err := t.Numbers(x)
	if err != nil {
		return sheet.Differences{}, err
	}
	ys, err := t.Numbers(y)
	if err != nil {
		return sheet.Differences{}, err
	}
	return sheet.Difference(xs, ys), nil
}

// only reads a named column, or the only one of the file.
func only(t sheet.Table, column, flag string) ([]sheet.Number, error) {
	if column == "" {
		if len(t.Names) != 1 {
			return nil, sheet.Unusablef("the file has %d columns: say which with %s", len(t.Names), flag)
		}
		column = t.Names[0]
		if t.NamesAreNumbers() {
			return nil, sheet.Unusablef("the first line of the file is «%s»: it should name the column", column)
		}
	}
	return t.Numbers(column)
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
