package stats

import (
	"cmp"
	"math"
	"slices"
)

// tieTolerance is the relative distance below which two differences are the same
// decimal number: 0.1+0.5 and 0.2+0.4 must tie although their bits differ.
const tieTolerance = 1e-9

// snap returns a copy of diffs in which values whose sizes differ by less than
// 1e-9 of the largest (of 1 when the largest is smaller) have the same size, and
// sizes below that are 0. The unit floor is there because our scores live on
// 0–100: a set of differences that is rounding noise alone is a set of zeros.
// Values are grouped from their sorted order, not by a grid, so that no group is
// cut at a grid line.
func snap(diffs []float64) []float64 {
	tolerance := tieTolerance * math.Max(1, maxAbs(diffs))
	order := make([]int, len(diffs))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(math.Abs(diffs[a]), math.Abs(diffs[b])) })
	out := make([]float64, len(diffs))
	group := 0.0 // the smallest size of the current group; the first group is zero
	for _, i := range order {
		size := math.Abs(diffs[i])
		if size-group > tolerance {
			group = size
		}
		if group != 0 {
			out[i] = math.Copysign(group, diffs[i])
		}
	}
	return out
}

// doubledRanks returns twice the midrank of each |value|, counted from 1: always
// a whole number. Values must have been snapped.
func doubledRanks(values []float64) []int {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(math.Abs(values[a]), math.Abs(values[b])) })
	ranks := make([]int, len(values))
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && math.Abs(values[order[to]]) == math.Abs(values[order[from]]) {
			to++
		}
		for _, i := range order[from:to] {
			ranks[i] = from + 1 + to // first rank + last rank = 2 × midrank
		}
		from = to
	}
	return ranks
}

// MaxExact is the largest number of non-zero differences for which the exact
// null distribution is computed: up to it 2^−n is a normal float64.
const MaxExact = 1000

// lowerTail returns P(W ≤ limit) where W is the sum of a random subset of ranks,
// each in or out with probability ½: the shift algorithm (Streitberg & Röhmel
// 1986) on probabilities. ranks are doubled midranks, limit is doubled as well;
// len(ranks) ≤ MaxExact. Every step adds positive numbers, so the relative error
// stays near 1e-13; up to 50 ranks the result is exact but for the last bits.
func lowerTail(ranks []int, limit int) float64 {
	if limit < 0 {
		return 0
	}
	total, unit := 0, 0
	for _, r := range ranks {
		total += r
		unit = gcd(unit, r)
	}
	if limit >= total {
		return 1
	}
	var p float64
	for _, d := range subsetSums(ranks, unit, limit/unit) {
		p += d
	}
	return math.Min(1, p)
}

// subsetSums returns P(W = w·unit) for w from 0 to limit; unit divides all ranks.
func subsetSums(ranks []int, unit, limit int) []float64 {
	dist := make([]float64, limit+1)
	dist[0] = 1
	reach := 0
	for _, r := range ranks {
		r /= unit
		reach = min(reach+r, limit)
		for s := reach; s >= r; s-- {
			dist[s] = (dist[s] + dist[s-r]) / 2
		}
		for s := min(r-1, reach); s >= 0; s-- {
			dist[s] /= 2
		}
	}
	return dist
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
