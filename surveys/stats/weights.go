package stats

import "math"

// Rules of post-stratification (methodology §2.3).
const (
	// MinStratum is the smallest number of respondents of a stratum.
	MinStratum = 5
	// MaxWeight is where weights are trimmed.
	MaxWeight = 3.0
)

// KishResult holds the effective sample size (Σw)²/Σw² and the design effect n/n_eff.
type KishResult struct{ Effective, Deff float64 }

// Kish returns the effective size of a weighted sample, one weight a person
// (methodology §2.3, Kish 1965). ok is false when a weight is negative or not
// finite, or none is positive.
func Kish(weights []float64) (KishResult, bool) {
	var sum, squares float64
	largest := maxAbs(weights)
	if !finite(weights...) || largest == 0 {
		return KishResult{}, false
	}
	for _, w := range weights {
		if w < 0 {
			return KishResult{}, false
		}
		w /= largest // keeps the squares in range
		sum += w
		squares += w * w
	}
	effective := sum * sum / squares
	return KishResult{effective, float64(len(weights)) / effective}, true
}

// Stratum is one class of the coarse profile: Population persons, of whom
// Responded answered.
type Stratum struct{ Population, Responded int }

// PostStratification holds the weight of a respondent of each stratum, in the
// order given, how many strata were trimmed at MaxWeight, and the price paid.
// Weights are not rescaled after trimming: divide by their sum.
type PostStratification struct {
	Weights []float64
	Trimmed int
	Kish    KishResult
}

// PostStratify returns w_h = (N_h/N)/(n_h/n), trimmed at 3 (methodology §2.3). The
// unweighted result stands beside the weighted one, always. ok is false with fewer
// than two strata, a stratum with fewer than 5 respondents or more respondents
// than population.
func PostStratify(strata []Stratum) (PostStratification, bool) {
	if len(strata) < 2 {
		return PostStratification{}, false
	}
	var population, responded int
	for _, s := range strata {
		if s.Responded < MinStratum || s.Population < s.Responded {
			return PostStratification{}, false
		}
		population += s.Population
		responded += s.Responded
	}
	result := PostStratification{Weights: make([]float64, len(strata))}
	each := make([]float64, 0, responded)
	for h, s := range strata {
		w := float64(s.Population) / float64(population) * float64(responded) / float64(s.Responded)
		if w > MaxWeight {
			w = MaxWeight
			result.Trimmed++
		}
		result.Weights[h] = w
		for range s.Responded {
			each = append(each, w)
		}
	}
	var ok bool
	result.Kish, ok = Kish(each)
	return result, ok
}

// WeightedMean returns Σwx/Σw. ok is false when the lengths differ, a weight is
// negative, none is positive or a value is not finite.
func WeightedMean(xs, weights []float64) (mean float64, ok bool) {
	if len(xs) != len(weights) || !finite(xs...) || !finite(weights...) {
		return 0, false
	}
	var sum, total float64
	for i, w := range weights {
		if w < 0 {
			return 0, false
		}
		sum += w * xs[i]
		total += w
	}
	if total == 0 || !finite(sum, total) {
		return 0, false
	}
	return checked(math.Min(math.Max(sum/total, minOf(xs)), maxOf(xs)))
}

func minOf(xs []float64) float64 {
	m := xs[0]
	for _, x := range xs {
		m = math.Min(m, x)
	}
	return m
}

func maxOf(xs []float64) float64 {
	m := xs[0]
	for _, x := range xs {
		m = math.Max(m, x)
	}
	return m
}
