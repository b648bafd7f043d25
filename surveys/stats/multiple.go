package stats

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
)

// Holm returns the p-values adjusted by Holm (1979), in the order given: compare
// each with the level for the whole family. nil when ps is empty or holds a value
// outside 0–1.
func Holm(ps []float64) []float64 {
	order, ok := ascending(ps)
	if !ok {
		return nil
	}
	adjusted := make([]float64, len(ps))
	highest := 0.0
	for rank, i := range order {
		highest = math.Max(highest, math.Min(1, float64(len(ps)-rank)*ps[i]))
		adjusted[i] = highest
	}
	return adjusted
}

// BenjaminiHochberg returns the p-values adjusted for the false discovery rate
// (Benjamini & Hochberg 1995), in the order given. nil when ps is empty or holds
// a value outside 0–1.
func BenjaminiHochberg(ps []float64) []float64 {
	order, ok := ascending(ps)
	if !ok {
		return nil
	}
	adjusted := make([]float64, len(ps))
	lowest := 1.0
	for rank := len(order) - 1; rank >= 0; rank-- {
		i := order[rank]
		lowest = math.Min(lowest, ps[i]*float64(len(ps))/float64(rank+1))
		adjusted[i] = lowest
	}
	return adjusted
}

// ascending returns the positions of ps from the smallest p on.
func ascending(ps []float64) (order []int, ok bool) {
	order = make([]int, len(ps))
	for i, p := range ps {
		if !(p >= 0 && p <= 1) {
			return nil, false
		}
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(ps[a], ps[b]) })
	return order, len(ps) > 0
}

// McNemar returns the exact two-sided p-value of a change in one yes/no item, b
// and c being the pairs that changed in either direction:
// min(1, 2·Σ_{i≤min(b,c)} C(b+c,i)/2^(b+c)) (methodology §2.6). It is 1 when
// nobody changed. ok is false when b or c is negative.
func McNemar(b, c int) (p float64, ok bool) {
	if b < 0 || c < 0 {
		return 0, false
	}
	return math.Min(1, 2*fairCoin(b+c, min(b, c))), true
}

// fairCoin is P(X ≤ m) for X heads in n tosses.
func fairCoin(n, m int) float64 {
	switch {
	case m >= n:
		return 1
	case n > MaxExact:
		return mathext.RegIncBeta(float64(n-m), float64(m+1), 0.5)
	}
	term := math.Ldexp(1, -n)
	sum := term
	for i := range m {
		term *= float64(n-i) / float64(i+1)
		sum += term
	}
	return sum
}
