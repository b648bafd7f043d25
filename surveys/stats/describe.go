package stats

import (
	"math"
	"slices"
)

// finite reports whether every value is an ordinary number.
func finite(xs ...float64) bool {
	for _, x := range xs {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return false
		}
	}
	return true
}

// ref returns a pointer to x, or nil when x is not an ordinary number.
func ref(x float64) *float64 {
	if !finite(x) {
		return nil
	}
	return &x
}

// checked returns x, true when it is an ordinary number and 0, false otherwise.
func checked(x float64) (float64, bool) {
	if !finite(x) {
		return 0, false
	}
	return x, true
}

// Mean returns the arithmetic mean of xs. ok is false when xs is empty or holds
// a value that is not finite.
func Mean(xs []float64) (mean float64, ok bool) {
	if len(xs) == 0 || !finite(xs...) {
		return 0, false
	}
	var sum float64
	for _, x := range xs {
		sum += x
	}
	mean = sum / float64(len(xs))
	// One correction step keeps the last digits right for long slices.
	var rest float64
	for _, x := range xs {
		rest += x - mean
	}
	mean += rest / float64(len(xs))
	return checked(mean)
}

// Variance returns the sample variance of xs, divided by n−1. ok is false with
// fewer than two values or with one that is not finite.
func Variance(xs []float64) (variance float64, ok bool) {
	mean, ok := Mean(xs)
	if !ok || len(xs) < 2 {
		return 0, false
	}
	var squares float64
	for _, x := range xs {
		squares += (x - mean) * (x - mean)
	}
	// Equal decimals that went through different sums differ in the last bits;
	// a spread of that size is none.
	if scale := maxAbs(xs); math.Sqrt(squares/float64(len(xs))) <= 1e-13*scale {
		return 0, true
	}
	return checked(squares / float64(len(xs)-1))
}

// SD returns the sample standard deviation of xs (n−1). ok is false with fewer
// than two values or with one that is not finite.
func SD(xs []float64) (sd float64, ok bool) {
	variance, ok := Variance(xs)
	return math.Sqrt(variance), ok
}

// Quantile returns the p-quantile of xs, 0 ≤ p ≤ 1, interpolating linearly
// between order statistics (type 7 of Hyndman & Fan 1996, the default of R). ok
// is false when xs is empty, a value is not finite or p is out of range.
func Quantile(xs []float64, p float64) (q float64, ok bool) {
	if len(xs) == 0 || !finite(xs...) || !(p >= 0 && p <= 1) {
		return 0, false
	}
	sorted := slices.Clone(xs)
	slices.Sort(sorted)
	return sortedQuantile(sorted, p), true
}

// Median returns the middle value of xs, or the mean of the two middle ones. ok is
// false when xs is empty or holds a value that is not finite. It is a Statistic.
func Median(xs []float64) (median float64, ok bool) { return Quantile(xs, 0.5) }

// sortedQuantile is Quantile on a non-empty ascending slice.
func sortedQuantile(sorted []float64, p float64) float64 {
	at := p * float64(len(sorted)-1)
	below := int(math.Floor(at))
	if below >= len(sorted)-1 {
		return sorted[len(sorted)-1]
	}
	part := at - float64(below)
	return sorted[below]*(1-part) + sorted[below+1]*part
}

// Correlation returns Pearson's r of two slices of equal length. ok is false
// when the lengths differ, there are fewer than two pairs, or one side does not
// vary.
func Correlation(xs, ys []float64) (r float64, ok bool) {
	vx, okx := Variance(xs)
	vy, oky := Variance(ys)
	if !okx || !oky || len(xs) != len(ys) || vx == 0 || vy == 0 {
		return 0, false
	}
	mx, _ := Mean(xs)
	my, _ := Mean(ys)
	var cross float64
	for i := range xs {
		cross += (xs[i] - mx) * (ys[i] - my)
	}
	r = cross / float64(len(xs)-1) / math.Sqrt(vx) / math.Sqrt(vy)
	if !finite(r) {
		return 0, false
	}
	return math.Max(-1, math.Min(1, r)), true
}

func maxAbs(xs []float64) float64 {
	var m float64
	for _, x := range xs {
		m = math.Max(m, math.Abs(x))
	}
	return m
}
