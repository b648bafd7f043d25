package recompute

import (
	"math"
	"math/big"
	"strings"

	"traguardo/surveys/sheet"
	"traguardo/surveys/stats"
)

// Reverse recodes an item as Low + High − x.
type Reverse struct {
	Item      string
	Low, High *big.Rat
}

// ParseReverse reads item:min:max; the item may itself hold colons. false when it
// is anything else or min is not below max.
func ParseReverse(s string) (Reverse, bool) {
	parts := strings.Split(s, ":")
	if len(parts) < 3 {
		return Reverse{}, false
	}
	name := strings.Join(parts[:len(parts)-2], ":")
	low, okLow := bound(parts[len(parts)-2])
	high, okHigh := bound(parts[len(parts)-1])
	if name == "" || !okLow || !okHigh || low.Cmp(high) >= 0 {
		return Reverse{}, false
	}
	return Reverse{name, low, high}, true
}

// bound reads an end of a scale: digits, a sign, a decimal point or comma.
func bound(s string) (*big.Rat, bool) {
	if s == "" || len(s) > 20 || strings.Trim(s, "+-.,0123456789") != "" {
		return nil, false
	}
	return new(big.Rat).SetString(strings.Replace(s, ",", ".", 1))
}

// ItemsOptions chooses the items of a scale: Items in the order wanted (all named
// columns when empty) and those to recode. Pairwise keeps persons with missing
// answers (alpha only).
type ItemsOptions struct {
	Items    []string
	Reverse  []Reverse
	Pairwise bool
}

// AlphaFigures are the figures of `stats alpha`. N counts persons with all items;
// pairwise, the persons behind the weakest pair of items. KR20 is nil unless all
// answers are 0 or 1 (pairwise, also when one is missing). SEM is that of the sum. The arrays are in the order of Items.
type AlphaFigures struct {
	K              int        `json:"k"`
	N              int        `json:"n"`
	Items          []string   `json:"items"`
	Alpha          *float64   `json:"alpha"`
	AlphaStd       *float64   `json:"alpha_std"`
	KR20           *float64   `json:"kr20"`
	CILow          *float64   `json:"ci_low"`
	CIHigh         *float64   `json:"ci_high"`
	SEM            *float64   `json:"sem"`
	ItemTotal      []*float64 `json:"item_total"`
	AlphaIfDropped []*float64 `json:"alpha_if_dropped"`
}

// Alpha computes Cronbach's alpha with Feldt's interval (methodology §2.5).
func Alpha(t sheet.Table, options ItemsOptions) (AlphaFigures, error) {
	scores, items, err := scale(t, options)
	if err != nil {
		return AlphaFigures{}, err
	}
	complete := listwise(scores)
	figures := AlphaFigures{
		K: len(items), N: len(complete), Items: items,
		ItemTotal: make([]*float64, len(items)), AlphaIfDropped: make([]*float64, len(items)),
	}
	result, ok := stats.Alpha(complete)
	if options.Pairwise {
		if result, ok = stats.AlphaPairwise(scores); ok {
			figures.N = result.N
		}
	}
	if !ok {
		return figures, nil
	}
	figures.Alpha, figures.AlphaStd, figures.SEM = &result.Raw, result.Standardized, &result.SEM
	figures.CILow, figures.CIHigh = &result.Interval.Low, &result.Interval.High
	figures.ItemTotal, figures.AlphaIfDropped = result.ItemTotal, result.IfDropped
	if right, ok := rightWrong(complete); ok && (!options.Pairwise || len(complete) == len(scores)) {
		if kr20, ok := stats.KR20(right); ok {
			figures.KR20 = &kr20
		}
	}
	return figures, nil
}

// OmegaFigures are the figures of `stats omega`.
type OmegaFigures struct {
	K        int        `json:"k"`
	N        int        `json:"n"`
	Items    []string   `json:"items"`
	Omega    *float64   `json:"omega"`
	Loadings []*float64 `json:"loadings"`
}

// Omega computes McDonald's omega of one factor over the persons with all items
// (methodology §2.5).
func Omega(t sheet.Table, options ItemsOptions) (OmegaFigures, error) {
	scores, items, err := scale(t, options)
	if err != nil {
		return OmegaFigures{}, err
	}
	complete := listwise(scores)
	figures := OmegaFigures{K: len(items), N: len(complete), Items: items, Loadings: make([]*float64, len(items))}
	if result, ok := stats.Omega(complete); ok {
		figures.Omega = &result.Omega
		for j := range result.Loadings {
			figures.Loadings[j] = &result.Loadings[j]
		}
	}
	return figures, nil
}

// KappaFigures are the figures of `stats kappa`.
type KappaFigures struct {
	N                int      `json:"n"`
	Kappa            *float64 `json:"kappa"`
	Agreement        *float64 `json:"agreement"`
	AgreementWithin1 *float64 `json:"agreement_within_1"`
}

// Kappa compares two raters who gave one of so many levels, counted from 0 or from
// 1 (methodology §2.5, quadratic weights).
func Kappa(t sheet.Table, x, y string, levels int) (KappaFigures, error) {
	pairs, err := pairs(t, x, y)
	if err != nil {
		return KappaFigures{}, err
	}
	a, err := ratings(pairs.X, x)
	if err != nil {
		return KappaFigures{}, err
	}
	b, err := ratings(pairs.Y, y)
	if err != nil {
		return KappaFigures{}, err
	}
	low, high := levels, 0
	for i := range a {
		low, high = min(low, a[i], b[i]), max(high, a[i], b[i])
	}
	if len(a) > 0 && (low < 0 || high > levels || high-low >= levels) {
		return KappaFigures{}, sheet.Unusablef("levels run from %d to %d: %d levels are counted from 0 to %d or from 1 to %d", low, high, levels, levels-1, levels)
	}
	figures := KappaFigures{N: len(a)}
	if len(a) == 0 {
		return figures, nil
	}
	var same, near float64
	for i := range a {
		if high == levels {
			a[i], b[i] = a[i]-1, b[i]-1
		}
		if a[i] == b[i] {
			same++
		}
		if d := a[i] - b[i]; d >= -1 && d <= 1 {
			near++
		}
	}
	n := float64(len(a))
	figures.Agreement, figures.AgreementWithin1 = ref(same/n), ref(near/n)
	if kappa, ok := stats.KappaQuadratic(a, b, levels); ok {
		figures.Kappa = &kappa
	}
	return figures, nil
}

func ratings(values []float64, name string) ([]int, error) {
	levels := make([]int, len(values))
	for i, v := range values {
		if v != math.Trunc(v) || math.Abs(v) > 1e6 {
			return nil, sheet.Unusablef("«%g» in column «%s» is not a whole level", v, name)
		}
		levels[i] = int(v)
	}
	return levels, nil
}

// scale reads the items as rows of persons, NaN where an answer is missing.
func scale(t sheet.Table, options ItemsOptions) (scores [][]float64, items []string, err error) {
	items = options.Items
	if len(items) == 0 {
		for _, name := range t.Names {
			if name != "" {
				items = append(items, name)
			}
		}
	}
	scores = make([][]float64, len(t.Rows))
	for i := range scores {
		scores[i] = make([]float64, len(items))
	}
	used := map[string]bool{}
	for j, name := range items {
		if used[name] {
			return nil, nil, sheet.Unusablef("item «%s» is named twice", name)
		}
		used[name] = true
		numbers, err := t.Numbers(name)
		if err != nil {
			return nil, nil, err
		}
		for i, n := range numbers {
			if n, err = recoded(n, name, options.Reverse, t.Lines[i]); err != nil {
				return nil, nil, err
			}
			scores[i][j] = n.Value
			if n.Missing {
				scores[i][j] = math.NaN()
			}
		}
	}
	for _, r := range options.Reverse {
		if !used[r.Item] {
			return nil, nil, sheet.Unusablef("«%s», to be reversed, is not among the items", r.Item)
		}
	}
	return scores, items, nil
}

func recoded(n sheet.Number, name string, reverse []Reverse, line int) (sheet.Number, error) {
	for _, r := range reverse {
		if r.Item != name {
			continue
		}
		turned, ok := n.Reversed(r.Low, r.High)
		if !ok {
			return n, sheet.Unusablef("line %d: %g in column «%s» lies outside %s–%s", line, n.Value, name, r.Low.RatString(), r.High.RatString())
		}
		return turned, nil
	}
	return n, nil
}

// listwise keeps the rows without a missing value.
func listwise(scores [][]float64) [][]float64 {
	complete := make([][]float64, 0, len(scores))
next:
	for _, row := range scores {
		for _, x := range row {
			if math.IsNaN(x) {
				continue next
			}
		}
		complete = append(complete, row)
	}
	return complete
}

// rightWrong reads scores of 0 and 1; false when there is another.
func rightWrong(scores [][]float64) ([][]bool, bool) {
	right := make([][]bool, len(scores))
	for i, row := range scores {
		right[i] = make([]bool, len(row))
		for j, x := range row {
			if x != 0 && x != 1 {
				return nil, false
			}
			right[i][j] = x == 1
		}
	}
	return right, true
}

func ref(x float64) *float64 { return &x }
