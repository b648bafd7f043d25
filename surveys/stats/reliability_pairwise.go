package stats

import "math"

// AlphaPairwise is Alpha when single answers are missing: scores[i][j] is the
// score of person i on item j, NaN where it is missing. Every variance and
// covariance comes from all persons who have the items concerned, and
// α = k/(k−1)·(1 − Σ c_jj / ΣΣ c_jl) from that matrix; Standardized, ItemTotal,
// IfDropped and SEM come from the same matrix. N is the smallest number of persons
// behind one of its cells: the interval leans on the weakest. With nothing missing
// the result is that of Alpha. ok is false with fewer than two items, uneven rows,
// a value that is infinite, a pair of items that fewer than two persons have, or a
// matrix whose sum is not positive.
func AlphaPairwise(scores [][]float64) (AlphaResult, bool) {
	c, n, ok := pairwiseCovariance(scores)
	if !ok {
		return AlphaResult{}, false
	}
	k := len(c)
	raw, ok := alphaOf(c, nil)
	if !ok {
		return AlphaResult{}, false
	}
	result := AlphaResult{
		K: k, N: n, Raw: raw, ItemTotal: make([]*float64, k), IfDropped: make([]*float64, k),
		SEM: math.Sqrt(total(c, nil)) * math.Sqrt(1-raw), Reportable: n >= MinReliabilityN,
		Standardized: standardizedOf(c),
	}
	if result.Interval, ok = FeldtInterval(raw, k, n); !ok {
		return AlphaResult{}, false
	}
	for j := range c {
		out := map[int]bool{j: true}
		if a, ok := alphaOf(c, out); ok {
			result.IfDropped[j] = &a
		}
		var with float64
		for l := range c {
			if l != j {
				with += c[j][l]
			}
		}
		if rest := total(c, out); rest > 0 && c[j][j] > 0 {
			result.ItemTotal[j] = ref(math.Max(-1, math.Min(1, with/math.Sqrt(c[j][j]*rest))))
		}
	}
	return result, true
}

// pairwiseCovariance returns the matrix and the smallest number of persons behind
// one of its cells.
func pairwiseCovariance(scores [][]float64) (c [][]float64, n int, ok bool) {
	if len(scores) < 2 || len(scores[0]) < 2 {
		return nil, 0, false
	}
	k := len(scores[0])
	c = make([][]float64, k)
	for j := range c {
		c[j] = make([]float64, k)
	}
	for _, row := range scores {
		if len(row) != k {
			return nil, 0, false
		}
	}
	n = len(scores)
	for a := range k {
		for b := a; b < k; b++ {
			var xs, ys []float64
			for _, row := range scores {
				if !math.IsNaN(row[a]) && !math.IsNaN(row[b]) {
					xs, ys = append(xs, row[a]), append(ys, row[b])
				}
			}
			cov, ok := covariance(xs, ys)
			if !ok {
				return nil, 0, false
			}
			c[a][b], c[b][a] = cov, cov
			n = min(n, len(xs))
		}
	}
	return c, n, true
}

// covariance is the sample covariance (n−1) of two slices of equal length; ok is
// false with fewer than two pairs or a value that is not finite.
func covariance(xs, ys []float64) (cov float64, ok bool) {
	mx, okx := Mean(xs)
	my, oky := Mean(ys)
	if !okx || !oky || len(xs) < 2 {
		return 0, false
	}
	for i := range xs {
		cov += (xs[i] - mx) * (ys[i] - my)
	}
	return checked(cov / float64(len(xs)-1))
}

// total sums a covariance matrix over the items that are not left out.
func total(c [][]float64, out map[int]bool) float64 {
	var sum float64
	for a := range c {
		for b := range c {
			if !out[a] && !out[b] {
				sum += c[a][b]
			}
		}
	}
	return sum
}

// alphaOf is Cronbach's alpha of the items of c that are not left out.
func alphaOf(c [][]float64, out map[int]bool) (alpha float64, ok bool) {
	var trace, k float64
	for j := range c {
		if !out[j] {
			trace += c[j][j]
			k++
		}
	}
	sum := total(c, out)
	if k < 2 || !(sum > 1e-13*trace) || trace == 0 {
		return 0, false
	}
	return checked(math.Min(1, k/(k-1)*(1-trace/sum)))
}

// standardizedOf is k·r̄/(1+(k−1)·r̄) with the correlations of c, nil when an item
// does not vary.
func standardizedOf(c [][]float64) *float64 {
	var sum float64
	k := len(c)
	for a := range c {
		for b := range a {
			v := c[a][a] * c[b][b]
			if !(v > 0) {
				return nil
			}
			sum += c[a][b] / math.Sqrt(v)
		}
	}
	mean := sum / float64(k*(k-1)/2)
	denominator := 1 + float64(k-1)*mean
	if denominator <= 1e-12 {
		return nil
	}
	return ref(float64(k) * mean / denominator)
}
