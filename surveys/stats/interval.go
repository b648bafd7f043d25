package stats

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// z975 is the 97.5 % point of the standard normal distribution.
const z975 = 1.959963984540054

// Interval is a closed range, Low ≤ High, at 95 % unless stated.
type Interval struct{ Low, High float64 }

// Width returns High − Low.
func (i Interval) Width() float64 { return i.High - i.Low }

// Contains reports whether Low ≤ x ≤ High.
func (i Interval) Contains(x float64) bool { return i.Low <= x && x <= i.High }

// MeanInterval returns the 95 % Student interval of the mean of xs, with n−1
// degrees of freedom. When population ≥ len(xs) the standard error is multiplied
// by sqrt((N−n)/(N−1)): the interval then describes this Comune's staff, and is a
// point when all of them answered; pass 0 to generalise beyond it (methodology
// §2.2, Cochran 1977). ok is false with fewer than two values.
func MeanInterval(xs []float64, population int) (Interval, bool) {
	if len(xs) < 2 {
		return Interval{}, false
	}
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(len(xs) - 1)}.Quantile(0.975)
	return symmetric(xs, population, t)
}

// NormalInterval is MeanInterval with the normal quantile in place of Student's:
// for more than 2,000 values (methodology §2.7). ok is false with fewer than two.
func NormalInterval(xs []float64, population int) (Interval, bool) {
	return symmetric(xs, population, z975)
}

// symmetric returns mean ± factor standard errors, with the finite population
// correction when population ≥ len(xs).
func symmetric(xs []float64, population int, factor float64) (Interval, bool) {
	sd, ok := SD(xs)
	if !ok {
		return Interval{}, false
	}
	mean, _ := Mean(xs)
	se := sd / math.Sqrt(float64(len(xs))) * FinitePopulation(len(xs), population)
	i := Interval{mean - factor*se, mean + factor*se}
	if !finite(i.Low, i.High) {
		return Interval{}, false
	}
	return i, true
}

// FinitePopulation returns sqrt((N−n)/(N−1)), the factor of a standard error when
// n of population N were observed; 1 when population < n (not known) or n < 1.
func FinitePopulation(n, population int) float64 {
	if n < 1 || population < n {
		return 1
	}
	if population == n {
		return 0
	}
	return math.Sqrt(float64(population-n) / float64(population-1))
}

// Wilson returns the 95 % interval of the proportion x/n without continuity
// correction, within 0–1 (methodology §2.6, Wilson 1927). ok is false unless
// 0 ≤ x ≤ n and n ≥ 1.
func Wilson(x, n int) (Interval, bool) {
	if n < 1 || x < 0 || x > n {
		return Interval{}, false
	}
	size := float64(n)
	p := float64(x) / size
	z2 := z975 * z975
	centre := p + z2/(2*size)
	half := z975 * math.Sqrt(p*(1-p)/size+z2/(4*size*size))
	scale := 1 + z2/size
	i := Interval{math.Max(0, (centre-half)/scale), math.Min(1, (centre+half)/scale)}
	if x == 0 {
		i.Low = 0
	}
	if x == n {
		i.High = 1
	}
	return i, true
}
