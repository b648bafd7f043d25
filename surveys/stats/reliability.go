package stats

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// MinReliabilityN is the number of complete respondents below which no
// coefficient may be shown (methodology §2.5, questionnaires §8).
const MinReliabilityN = 30

// AlphaResult describes the internal consistency of K items in N persons.
// Raw is Cronbach's alpha (it may be negative), Standardized the one from the
// mean correlation, nil when an item does not vary. ItemTotal[j] is the
// correlation of item j with the sum of the others and IfDropped[j] the raw alpha
// without item j; nil where the item or the rest does not vary, and IfDropped nil
// for two items. SEM is the standard error of measurement of the sum score,
// s_T·√(1−α). Interval is Feldt's. Reportable says whether N ≥ MinReliabilityN:
// when it is false the figures may be computed with but not shown.
type AlphaResult struct {
	K, N         int
	Raw          float64
	Standardized *float64
	ItemTotal    []*float64
	IfDropped    []*float64
	SEM          float64
	Interval     Interval
	Reportable   bool
}

// Alpha computes Cronbach's alpha from complete rows: scores[i][j] is the score of
// person i on item j, all rows equally long, reversed items already recoded. ok is
// false with fewer than two items or persons, uneven rows, a value that is not
// finite, or sum scores that do not vary.
func Alpha(scores [][]float64) (AlphaResult, bool) {
	items, ok := columns(scores)
	if !ok {
		return AlphaResult{}, false
	}
	k, n := len(items), len(scores)
	totals := rowSums(scores)
	raw, ok := rawAlpha(items, totals)
	if !ok {
		return AlphaResult{}, false
	}
	result := AlphaResult{
		K: k, N: n, Raw: raw, Standardized: standardizedAlpha(items),
		ItemTotal: make([]*float64, k), IfDropped: make([]*float64, k),
		Reportable: n >= MinReliabilityN,
	}
	st, _ := SD(totals)
	result.SEM = st * math.Sqrt(1-raw)
	if result.Interval, ok = FeldtInterval(raw, k, n); !ok {
		return AlphaResult{}, false
	}
	rest := make([]float64, n)
	for j, item := range items {
		for i := range rest {
			rest[i] = totals[i] - item[i]
		}
		if r, ok := Correlation(item, rest); ok {
			result.ItemTotal[j] = &r
		}
		if a, ok := rawAlpha(without(items, j), rest); ok {
			result.IfDropped[j] = &a
		}
	}
	return result, true
}

// rawAlpha is k/(k−1)·(1 − Σ s_j²/s_T²) from item columns and their row sums.
func rawAlpha(items [][]float64, totals []float64) (alpha float64, ok bool) {
	vt, ok := Variance(totals)
	if !ok || vt == 0 || len(items) < 2 {
		return 0, false
	}
	var sum float64
	for _, item := range items {
		v, ok := Variance(item)
		if !ok {
			return 0, false
		}
		sum += v
	}
	k := float64(len(items))
	return checked(math.Min(1, k/(k-1)*(1-sum/vt)))
}

// standardizedAlpha is k·r̄/(1+(k−1)·r̄), nil when a correlation is undefined.
func standardizedAlpha(items [][]float64) *float64 {
	var sum float64
	k := len(items)
	for a := range items {
		for b := a + 1; b < k; b++ {
			r, ok := Correlation(items[a], items[b])
			if !ok {
				return nil
			}
			sum += r
		}
	}
	mean := sum / float64(k*(k-1)/2)
	denominator := 1 + float64(k-1)*mean
	if denominator <= 1e-12 {
		return nil
	}
	return ref(float64(k) * mean / denominator)
}

// FeldtInterval returns the 95 % interval of alpha from k items and n persons:
// 1 − (1−α)·F with n−1 and (n−1)(k−1) degrees of freedom (methodology §2.5, Feldt,
// Woodruff & Salih 1987; the R package statpsych prints the variant with n(k−1)).
// The lower end may be negative. ok is false unless alpha ≤ 1, k ≥ 2 and n ≥ 2.
func FeldtInterval(alpha float64, k, n int) (Interval, bool) {
	if !finite(alpha) || alpha > 1 || k < 2 || n < 2 {
		return Interval{}, false
	}
	f := distuv.F{D1: float64(n - 1), D2: float64(n-1) * float64(k-1)}
	i := Interval{1 - (1-alpha)*f.Quantile(0.975), 1 - (1-alpha)*f.Quantile(0.025)}
	if !finite(i.Low, i.High) {
		return Interval{}, false
	}
	return i, true
}

// KR20 returns the Kuder-Richardson coefficient of right/wrong items:
// right[i][j] says whether person i got item j. The variance of the totals is
// taken over n, as p·q is, so that KR-20 is Cronbach's alpha of the same 0/1
// scores (Kuder & Richardson 1937; dividing one by n−1 and not the other would
// inflate it). ok is false as for Alpha. Show it only for n ≥ MinReliabilityN.
func KR20(right [][]bool) (kr20 float64, ok bool) {
	scores := make([][]float64, len(right))
	for i, row := range right {
		scores[i] = make([]float64, len(row))
		for j, r := range row {
			if r {
				scores[i][j] = 1
			}
		}
	}
	items, ok := columns(scores)
	if !ok {
		return 0, false
	}
	n := float64(len(scores))
	vt, _ := Variance(rowSums(scores))
	if vt == 0 {
		return 0, false
	}
	var sum float64
	for _, item := range items {
		p, _ := Mean(item)
		sum += p * (1 - p)
	}
	k := float64(len(items))
	return k / (k - 1) * (1 - sum/(vt*(n-1)/n)), true
}

// SpearmanBrown returns the reliability to expect when a scale of reliability r
// is made m times as long (m < 1: shorter): m·r/(1+(m−1)r). ok is false unless
// −1 ≤ r ≤ 1, m > 0 and the denominator is positive.
func SpearmanBrown(r, m float64) (reliability float64, ok bool) {
	denominator := 1 + (m-1)*r
	if !(r >= -1 && r <= 1) || !(m > 0) || !finite(m) || denominator <= 1e-12 {
		return 0, false
	}
	return checked(m * r / denominator)
}

// GuessingCorrected returns S = R − W/(m−1), the number of right answers less the
// share of the wrong ones that guessing among m options explains; "don't know" is
// neither (methodology §2.6). It may be negative. ok is false unless right and
// wrong are ≥ 0 and options ≥ 2.
func GuessingCorrected(right, wrong, options int) (score float64, ok bool) {
	if right < 0 || wrong < 0 || options < 2 {
		return 0, false
	}
	return float64(right) - float64(wrong)/float64(options-1), true
}

// KappaQuadratic returns Cohen's kappa of two raters with weights
// (a−b)²/(levels−1)² (methodology §2.5, Cohen 1968): a[i] and b[i] are the levels,
// 0 to levels−1, that they gave to thing i. 1 is full agreement, 0 what chance
// gives. ok is false when the lengths differ, there is nothing, a level is out of
// range, or no disagreement was possible (both gave one and the same level).
func KappaQuadratic(a, b []int, levels int) (kappa float64, ok bool) {
	if len(a) != len(b) || len(a) == 0 || levels < 2 {
		return 0, false
	}
	countA, countB := make([]float64, levels), make([]float64, levels)
	var observed, expected float64
	for i := range a {
		if a[i] < 0 || a[i] >= levels || b[i] < 0 || b[i] >= levels {
			return 0, false
		}
		countA[a[i]]++
		countB[b[i]]++
		observed += square(a[i] - b[i])
	}
	for x := range countA {
		for y := range countB {
			expected += countA[x] * countB[y] / float64(len(a)) * square(x-y)
		}
	}
	if expected == 0 {
		return 0, false
	}
	return 1 - observed/expected, true
}

func square(x int) float64 { return float64(x) * float64(x) }

// columns turns rows into columns; ok is false unless there are at least two of
// each, rows are equally long and all values are finite.
func columns(rows [][]float64) (cols [][]float64, ok bool) {
	if len(rows) < 2 || len(rows[0]) < 2 {
		return nil, false
	}
	cols = make([][]float64, len(rows[0]))
	for j := range cols {
		cols[j] = make([]float64, len(rows))
	}
	for i, row := range rows {
		if len(row) != len(cols) || !finite(row...) {
			return nil, false
		}
		for j, x := range row {
			cols[j][i] = x
		}
	}
	return cols, true
}

func rowSums(rows [][]float64) []float64 {
	sums := make([]float64, len(rows))
	for i, row := range rows {
		for _, x := range row {
			sums[i] += x
		}
	}
	return sums
}

func without(items [][]float64, j int) [][]float64 {
	kept := make([][]float64, 0, len(items)-1)
	return append(append(kept, items[:j]...), items[j+1:]...)
}
