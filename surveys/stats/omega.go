package stats

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// Limits of the iterated principal axis: methodology §2.5 stops at a change below
// 1e-6; the rest only bounds the time of a case that does not settle.
const (
	axisTolerance  = 1e-6
	axisIterations = 10000
	powerTolerance = 1e-13
	powerSteps     = 5000
)

// OmegaResult is McDonald's omega of one factor over K standardised items in N
// persons. Loadings[j] belongs to item j, their sum is not negative. Heywood lists
// the items whose communality passed 1 in any iteration; it was held at 1 and
// omega must then be read with care. Converged is false when the change did not
// fall below 1e-6. Reportable says whether N ≥ MinReliabilityN.
type OmegaResult struct {
	K, N       int
	Omega      float64
	Loadings   []float64
	Heywood    []int
	Iterations int
	Converged  bool
	Reportable bool
}

// Omega fits one factor by iterated principal axis (squared multiple correlations
// first, maximal correlations when the matrix cannot be inverted) and returns
// (Σλ)²/((Σλ)² + Σ(1−λ²)) (methodology §2.5, McDonald 1999). scores are as for
// Alpha. ok is false with fewer than three items or persons, an item that does
// not vary, uneven rows, or no positive common variance.
func Omega(scores [][]float64) (OmegaResult, bool) {
	items, ok := columns(scores)
	if !ok || len(items) < 3 || len(scores) < 3 {
		return OmegaResult{}, false
	}
	r, ok := correlations(items)
	if !ok {
		return OmegaResult{}, false
	}
	return omegaOf(r, len(scores))
}

// omegaOf is Omega from a correlation matrix of n persons.
func omegaOf(r *mat.SymDense, n int) (OmegaResult, bool) {
	k := r.SymmetricDim()
	result := OmegaResult{K: k, N: n, Reportable: n >= MinReliabilityN}
	communality := startCommunalities(r)
	heywood := make([]bool, k)
	axis := make([]float64, k)
	for j := range axis { // uneven, so that it is orthogonal to no likely axis
		axis[j] = 1 + 0.1*math.Sin(float64(j+1))
	}
	for result.Iterations < axisIterations && !result.Converged {
		result.Iterations++
		value := leadingAxis(r, communality, axis)
		if !(value > 1e-12) {
			return OmegaResult{}, false
		}
		change := 0.0
		for j, a := range axis {
			next := value * a * a
			if next > 1+1e-9 {
				heywood[j] = true
			}
			next = math.Min(1, next)
			change = math.Max(change, math.Abs(next-communality[j]))
			communality[j] = next
		}
		result.Converged = change < axisTolerance
	}
	for j, h := range heywood {
		if h {
			result.Heywood = append(result.Heywood, j)
		}
	}
	return result.finish(axis, communality)
}

// finish turns the axis and the communalities into loadings and omega.
func (o OmegaResult) finish(axis, communality []float64) (OmegaResult, bool) {
	o.Loadings = make([]float64, len(axis))
	var sum, unique float64
	for j, h := range communality {
		o.Loadings[j] = math.Copysign(math.Sqrt(h), axis[j])
		sum += o.Loadings[j]
		unique += 1 - h
	}
	if sum < 0 {
		for j := range o.Loadings {
			o.Loadings[j] = -o.Loadings[j]
		}
	}
	if sum*sum+unique <= 0 {
		return OmegaResult{}, false
	}
	o.Omega = sum * sum / (sum*sum + unique)
	return o, true
}

// correlations returns the correlation matrix of item columns; ok is false when
// an item does not vary.
func correlations(items [][]float64) (*mat.SymDense, bool) {
	r := mat.NewSymDense(len(items), nil)
	for a := range items {
		r.SetSym(a, a, 1)
		for b := a + 1; b < len(items); b++ {
			c, ok := Correlation(items[a], items[b])
			if !ok {
				return nil, false
			}
			r.SetSym(a, b, c)
		}
	}
	return r, true
}

// startCommunalities returns the squared multiple correlations 1 − 1/r^jj, or each
// item's largest |correlation| when r is close to singular.
func startCommunalities(r *mat.SymDense) []float64 {
	k := r.SymmetricDim()
	start := make([]float64, k)
	var chol mat.Cholesky
	var inverse mat.SymDense
	if chol.Factorize(r) && chol.Cond() < 1e10 && chol.InverseTo(&inverse) == nil {
		for j := range start {
			start[j] = math.Max(0, 1-1/inverse.At(j, j))
		}
		return start
	}
	for j := range start {
		for i := range k {
			if i != j {
				start[j] = math.Max(start[j], math.Abs(r.At(i, j)))
			}
		}
	}
	return start
}

// leadingAxis finds by power iteration the largest eigenvalue of r with the
// communalities on its diagonal, and leaves its unit eigenvector in axis, which on
// entry is the point to start from. The matrix is shifted by a bound of its most
// negative eigenvalue, so that the largest is the largest in size too.
func leadingAxis(r *mat.SymDense, communality, axis []float64) float64 {
	k := len(axis)
	shift := 0.0
	for i := range k {
		reach := -communality[i]
		for j := range k {
			if i != j {
				reach += math.Abs(r.At(i, j))
			}
		}
		shift = math.Max(shift, reach)
	}
	next := make([]float64, k)
	value := 0.0
	for range powerSteps {
		for i := range k {
			next[i] = (communality[i] + shift) * axis[i]
			for j := range k {
				if i != j {
					next[i] += r.At(i, j) * axis[j]
				}
			}
		}
		norm := 0.0
		for _, x := range next {
			norm += x * x
		}
		norm = math.Sqrt(norm)
		if norm == 0 {
			return 0
		}
		change := 0.0
		for i := range next {
			next[i] /= norm
			change = math.Max(change, math.Abs(next[i]-axis[i]))
		}
		copy(axis, next)
		value = norm - shift
		if change < powerTolerance {
			break
		}
	}
	return value
}
