package stats

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// Statistic computes one figure of a sample; ok is false when the sample has too
// few data for it. Mean, SD and DZ are Statistics. It must not change xs, which
// is reused between calls.
type Statistic func(xs []float64) (value float64, ok bool)

// BootstrapDraws is the number of draws of the product's intervals (methodology
// §2.7).
const BootstrapDraws = 5000

// undefinedShare is the share of resamples on which the statistic may be
// undefined before no interval is given.
const undefinedShare = 0.05

// BCa returns the 95 % bias-corrected and accelerated bootstrap interval of stat
// (Efron 1987). The same values, in whatever order, draws and seed give the same
// interval on every machine: they are sorted before drawing. Resamples on which stat is undefined are left out;
// ok is false when they exceed one in twenty, when stat is undefined on xs or on
// xs without one value, with fewer than three values or fewer than 100 draws. A
// sample without variation gives a point.
func BCa(xs []float64, stat Statistic, draws int, seed uint64) (Interval, bool) {
	if len(xs) < 3 || draws < 100 || !finite(xs...) {
		return Interval{}, false
	}
	xs = slices.Sorted(slices.Values(xs))
	value, ok := stat(xs)
	if !ok || !finite(value) {
		return Interval{}, false
	}
	acceleration, ok := jackknife(xs, stat)
	if !ok {
		return Interval{}, false
	}
	boot := resample(xs, stat, draws, seed)
	if float64(draws-len(boot)) > undefinedShare*float64(draws) {
		return Interval{}, false
	}
	slices.Sort(boot)
	tolerance := 1e-12 * math.Max(math.Abs(value), maxAbs(boot))
	if boot[len(boot)-1]-boot[0] <= tolerance {
		return Interval{boot[0], boot[len(boot)-1]}, true
	}
	z0 := biasCorrection(boot, value, tolerance)
	return Interval{
		Low:  sortedQuantile(boot, bcaLevel(z0, acceleration, -z975)),
		High: sortedQuantile(boot, bcaLevel(z0, acceleration, z975)),
	}, true
}

// resample returns the defined values of stat on draws resamples of xs.
func resample(xs []float64, stat Statistic, draws int, seed uint64) []float64 {
	source := rand.New(rand.NewPCG(seed, 0))
	sample := make([]float64, len(xs))
	boot := make([]float64, 0, draws)
	for range draws {
		for i := range sample {
			sample[i] = xs[source.IntN(len(xs))]
		}
		if v, ok := stat(sample); ok && finite(v) {
			boot = append(boot, v)
		}
	}
	return boot
}

// jackknife returns the acceleration a = Σd³/(6(Σd²)^1.5), d = mean − leave-one-out
// value; 0 when leaving one out changes nothing.
func jackknife(xs []float64, stat Statistic) (acceleration float64, ok bool) {
	left := make([]float64, len(xs))
	sample := make([]float64, 0, len(xs)-1)
	for i := range xs {
		sample = append(append(sample[:0], xs[:i]...), xs[i+1:]...)
		v, ok := stat(sample)
		if !ok || !finite(v) {
			return 0, false
		}
		left[i] = v
	}
	mean, ok := Mean(left)
	if !ok {
		return 0, false
	}
	var squares, cubes float64
	for _, v := range left {
		d := mean - v
		squares += d * d
		cubes += d * d * d
	}
	a := cubes / (6 * math.Pow(squares, 1.5))
	if !finite(a) {
		return 0, true
	}
	return a, true
}

// biasCorrection is z0 = Φ⁻¹(share of draws below value, ties counted half), the
// share kept half a draw away from 0 and 1.
func biasCorrection(sorted []float64, value, tolerance float64) float64 {
	var below float64
	for _, b := range sorted {
		switch {
		case b < value-tolerance:
			below++
		case b <= value+tolerance:
			below += 0.5
		}
	}
	n := float64(len(sorted))
	below = math.Min(math.Max(below, 0.5), n-0.5)
	return normalQuantile(below / n)
}

// bcaLevel returns the bootstrap quantile to read for the normal point z.
func bcaLevel(z0, acceleration, z float64) float64 {
	shrink := 1 - acceleration*(z0+z)
	if shrink <= 0 { // beyond the range of the correction: the end of the draws
		if z < 0 {
			return 0
		}
		return 1
	}
	return 1 - normalTail(z0+(z0+z)/shrink)
}

// normalQuantile is Φ⁻¹(p), 0 < p < 1.
func normalQuantile(p float64) float64 { return math.Sqrt2 * math.Erfinv(2*p-1) }

// IntervalKind names how a ChangeInterval was made.
type IntervalKind int

// ByHodgesLehmann is the exact interval of the median change, ByBCa the bootstrap
// and ByNormal the normal interval of the mean change.
const (
	ByHodgesLehmann IntervalKind = iota + 1
	ByBCa
	ByNormal
)

// String returns "hodges-lehmann", "bca" or "normal".
func (k IntervalKind) String() string {
	switch k {
	case ByHodgesLehmann:
		return "hodges-lehmann"
	case ByBCa:
		return "bca"
	case ByNormal:
		return "normal"
	}
	return fmt.Sprintf("IntervalKind(%d)", int(k))
}

// ChangeInterval applies the product's rule for the interval of a change
// (methodology §2.7): below 15 pairs the Hodges-Lehmann estimate and its exact
// interval, from 15 to 2,000 the mean with BCa (5,000 draws of seed), above the
// mean with the normal interval. ok is false with fewer than two differences.
func ChangeInterval(diffs []float64, seed uint64) (Estimate, IntervalKind, bool) {
	n := len(diffs)
	if n < 15 {
		e, ok := HodgesLehmann(diffs)
		return e, ByHodgesLehmann, ok
	}
	mean, ok := Mean(diffs)
	if !ok {
		return Estimate{}, ByBCa, false
	}
	kind, i := ByBCa, Interval{}
	if n <= 2000 {
		i, ok = BCa(diffs, Mean, BootstrapDraws, seed)
	} else {
		kind = ByNormal
		i, ok = NormalInterval(diffs, 0)
	}
	return Estimate{mean, i.Low, i.High, 0.95}, kind, ok
}
