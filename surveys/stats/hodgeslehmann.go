package stats

import (
	"math"
	"slices"
)

// Estimate is a value with its interval. Confidence is the level that the
// interval has at least, 0–1: 0.95 where that can be reached.
type Estimate struct {
	Value, Low, High float64
	Confidence       float64
}

// Interval returns the two ends of e.
func (e Estimate) Interval() Interval { return Interval{e.Low, e.High} }

// hodgesLehmannExact is the number of differences up to which the order statistic
// of the interval comes from the exact null distribution.
const hodgesLehmannExact = 200

// HodgesLehmann returns the median of the n(n+1)/2 Walsh averages of all the
// differences, zeros included, and the interval between the order statistics that
// the exact signed-rank null (without ties) gives for 95 %: the definition of
// base R's wilcox.test, not the pseudo-median of exactRankTests (methodology
// §2.7, Hodges & Lehmann 1963). With fewer than 6 differences 95 % cannot be
// reached: the interval is then the whole range and Confidence says 1 − 2/2^n
// (0.9375 for 5); print it with that figure. ok is false with fewer than two
// differences or one that is not finite. Works in O(n log n) time, without
// building the averages.
func HodgesLehmann(diffs []float64) (Estimate, bool) {
	n := len(diffs)
	if n < 2 || !finite(diffs...) {
		return Estimate{}, false
	}
	sorted := snap(diffs)
	slices.Sort(sorted)
	if !finite(2*sorted[0], 2*sorted[n-1]) {
		return Estimate{}, false
	}
	pairs := n * (n + 1) / 2
	position, confidence := walshPosition(n)
	middle := walsh(sorted, (pairs+1)/2)
	if pairs%2 == 0 {
		middle = (middle + walsh(sorted, pairs/2+1)) / 2
	}
	return Estimate{
		Value: middle, Low: walsh(sorted, position), High: walsh(sorted, pairs+1-position),
		Confidence: confidence,
	}, true
}

// walshPosition returns the position c, from 1, of the lower end of the interval
// among the ordered Walsh averages: the smallest w with P(W ≤ w) ≥ .025, at least
// 1, and the confidence 1 − 2·P(W ≤ c−1), at most .95 being promised.
func walshPosition(n int) (position int, confidence float64) {
	if n > hodgesLehmannExact {
		mean := float64(n) * float64(n+1) / 4
		sd := math.Sqrt(mean * float64(2*n+1) / 6)
		return max(1, int(math.Floor(mean-z975*sd))), 0.95
	}
	ranks := make([]int, n)
	for i := range ranks {
		ranks[i] = i + 1
	}
	var below float64 // P(W ≤ w−1)
	for w, p := range subsetSums(ranks, 1, n*(n+1)/4) {
		if below+p >= 0.025 {
			if w == 0 {
				return 1, 1 - 2*p
			}
			return w, 0.95
		}
		below += p
	}
	return 1, 0 // not reached: half of the probability lies below n(n+1)/4
}

// walsh returns the k-th smallest, from 1, of the averages (x_i + x_j)/2, i ≤ j,
// of an ascending slice. It halves the range of float64 values itself, in their
// order, so the answer is one of the averages and not near one.
func walsh(sorted []float64, k int) float64 {
	low, high := orderedBits(sorted[0]), orderedBits(sorted[len(sorted)-1])
	for low < high {
		mid := low + (high-low)/2
		if countWalsh(sorted, fromOrderedBits(mid)) >= k {
			high = mid
		} else {
			low = mid + 1
		}
	}
	return fromOrderedBits(low) + 0 // −0 becomes 0
}

// countWalsh counts pairs i ≤ j with (x_i + x_j)/2 ≤ v.
func countWalsh(sorted []float64, v float64) int {
	count, j := 0, len(sorted)-1
	for i := range sorted {
		for j >= i && (sorted[i]+sorted[j])/2 > v {
			j--
		}
		if j < i {
			break
		}
		count += j - i + 1
	}
	return count
}

// orderedBits maps a finite float64 to an integer with the same order; −0 and +0
// are the same number and get the same integer.
func orderedBits(x float64) uint64 {
	const sign = 1 << 63
	if x == 0 {
		return sign
	}
	if b := math.Float64bits(x); b&sign == 0 {
		return b | sign
	} else {
		return ^b
	}
}

func fromOrderedBits(b uint64) float64 {
	const sign = 1 << 63
	if b&sign != 0 {
		return math.Float64frombits(b &^ sign)
	}
	return math.Float64frombits(^b)
}
