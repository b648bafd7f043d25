package stats

import (
	"fmt"
	"math"
)

// Zeros says what the signed-rank test does with differences of zero.
type Zeros int

// Pratt ranks the zeros with the others and then drops their ranks (the default,
// Pratt 1959); Drop leaves them out before ranking (Wilcoxon 1945); Split gives
// half of their ranks to each side. Under the sign-flip null Split has the exact
// p-value of Pratt, because the zeros add the same constant to both sides; the two
// sums, the rank-biserial correlation and the normal approximation differ.
const (
	Pratt Zeros = iota
	Drop
	Split
)

// String returns "pratt", "drop" or "split".
func (z Zeros) String() string {
	switch z {
	case Pratt:
		return "pratt"
	case Drop:
		return "drop"
	case Split:
		return "split"
	}
	return fmt.Sprintf("Zeros(%d)", int(z))
}

// Method says how a p-value is computed.
type Method int

// Auto is Exact up to AutoExact non-zero differences and Normal above; MonteCarlo
// is used by StratifiedSignedRank alone.
const (
	Auto Method = iota
	Exact
	Normal
	MonteCarlo
)

// String returns "auto", "exact", "normal" or "monte-carlo".
func (m Method) String() string {
	switch m {
	case Auto:
		return "auto"
	case Exact:
		return "exact"
	case Normal:
		return "normal"
	case MonteCarlo:
		return "monte-carlo"
	}
	return fmt.Sprintf("Method(%d)", int(m))
}

// Alternative is the direction of a test.
type Alternative int

// TwoSided asks for any change, Greater for post above pre, Less for post below.
const (
	TwoSided Alternative = iota
	Greater
	Less
)

// String returns "two-sided", "greater" or "less".
func (a Alternative) String() string {
	switch a {
	case TwoSided:
		return "two-sided"
	case Greater:
		return "greater"
	case Less:
		return "less"
	}
	return fmt.Sprintf("Alternative(%d)", int(a))
}

// AutoExact is the number of non-zero differences up to which Auto is exact
// (methodology §2.7).
const AutoExact = 50

// WilcoxonOptions chooses a variant; the zero value is the product's own: Pratt,
// exact up to 50 non-zero differences, two-sided. Correct applies the continuity
// correction of ½ to the normal approximation.
type WilcoxonOptions struct {
	Zeros       Zeros
	Method      Method
	Correct     bool
	Alternative Alternative
}

// WilcoxonResult is a signed-rank test. N = NZero + NUsed. WPlus and WMinus are
// sums of midranks of the positive and negative differences. Method is what was
// done, never Auto. Z is nil when the p-value is exact. P and RankBiserial
// ((W+ − W−)/(W+ + W−), −1 to 1, Kerby 2014) are nil when no difference is
// non-zero, and everything is zero or nil when a difference is not finite.
type WilcoxonResult struct {
	N, NZero, NUsed int
	WPlus, WMinus   float64
	Z               *float64
	P               *float64
	Method          Method
	RankBiserial    *float64
}

// Wilcoxon tests whether paired differences (post − pre) are symmetric about 0.
// Differences equal within 1e-9 of the largest are tied. Method Exact gives way
// to Normal above MaxExact non-zero differences, and the result says so. The
// p-value is conditional on the observed sizes and zeros: the null flips signs.
func Wilcoxon(diffs []float64, options WilcoxonOptions) WilcoxonResult {
	if !finite(diffs...) {
		return WilcoxonResult{Method: options.Method}
	}
	s := signedRanks(diffs, options.Zeros)
	result := WilcoxonResult{
		N: len(diffs), NZero: s.zeros, NUsed: len(s.ranks),
		WPlus: float64(s.plus)/2 + s.each, WMinus: float64(s.minus)/2 + s.each,
		Method: chooseMethod(options.Method, len(s.ranks)),
	}
	if len(s.ranks) == 0 {
		return result
	}
	result.RankBiserial = ref((result.WPlus - result.WMinus) / (result.WPlus + result.WMinus))
	if result.Method == Exact {
		result.P = ref(exactP(s, options.Alternative))
		return result
	}
	z, p := normalP(s, options.Alternative, options.Correct)
	result.Z, result.P = ref(z), ref(p)
	return result
}

func chooseMethod(asked Method, used int) Method {
	switch {
	case asked == Normal, used > MaxExact, asked != Exact && used > AutoExact:
		return Normal
	}
	return Exact
}

// signs is a sample reduced to what the signed-rank null needs.
type signs struct {
	ranks       []int   // doubled midranks of the non-zero differences
	plus, minus int     // doubled sums by sign
	zeros       int     // number of zero differences
	each        float64 // with Split: half of the zeros' ranks, not doubled
	zeroSquares float64 // with Split: sum of the squares of the zeros' ranks
}

// signedRanks ranks finite differences under the given rule for zeros.
func signedRanks(diffs []float64, zeros Zeros) signs {
	values := snap(diffs)
	var s signs
	if zeros == Drop {
		kept := values[:0]
		for _, v := range values {
			if v != 0 {
				kept = append(kept, v)
			}
		}
		s.zeros = len(diffs) - len(kept)
		values = kept
	}
	for i, r := range doubledRanks(values) {
		switch {
		case values[i] > 0:
			s.plus += r
			s.ranks = append(s.ranks, r)
		case values[i] < 0:
			s.minus += r
			s.ranks = append(s.ranks, r)
		default:
			s.zeros++
			if zeros == Split {
				s.each += float64(r) / 4
				s.zeroSquares += float64(r) * float64(r) / 4
			}
		}
	}
	return s
}

// exactP uses the symmetry of the null: P(W+ ≥ w) = P(W ≤ total − w).
func exactP(s signs, alternative Alternative) float64 {
	switch alternative {
	case Greater:
		return lowerTail(s.ranks, s.minus)
	case Less:
		return lowerTail(s.ranks, s.plus)
	case TwoSided:
	}
	return math.Min(1, 2*lowerTail(s.ranks, min(s.plus, s.minus)))
}

// normalP uses the exact mean and variance of the sign-flip null: half the sum of
// the ranks and a quarter of the sum of their squares, which are the formulas of
// methodology §2.7 with their corrections for zeros and ties. With Split the ranks
// of the zeros count in the variance, as in the usual formula and in SciPy's zsplit.
func normalP(s signs, alternative Alternative, correct bool) (z, p float64) {
	squares := s.zeroSquares
	for _, r := range s.ranks {
		squares += float64(r) * float64(r) / 4
	}
	distance := float64(s.plus-s.minus) / 4 // W+ − E(W+)
	shift := 0.0
	if correct {
		switch alternative {
		case Greater:
			shift = 0.5
		case Less:
			shift = -0.5
		case TwoSided:
			shift = math.Copysign(math.Min(0.5, math.Abs(distance)), distance)
		}
	}
	z = (distance - shift) / math.Sqrt(squares/4)
	switch alternative {
	case Greater:
		return z, normalTail(z)
	case Less:
		return z, normalTail(-z)
	case TwoSided:
	}
	return z, math.Min(1, 2*normalTail(math.Abs(z)))
}

// normalTail is P(Z ≥ z), accurate far out.
func normalTail(z float64) float64 { return math.Erfc(z/math.Sqrt2) / 2 }
