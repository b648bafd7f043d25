package stats

import (
	"math"
	"math/rand/v2"
	"slices"
)

// stratifiedExactWork bounds the steps of the shift algorithm (ranks × sums) of a
// pooled test: about a tenth of a second.
const stratifiedExactWork = 200_000_000

// minDraws is the smallest number of sign flips that gives a p-value.
const minDraws = 100

// StratifiedResult is a signed-rank test pooled over strata (Comuni). Strata
// counts those with at least one non-zero difference. N, NZero and NUsed count
// differences of all strata; WPlus and WMinus are sums over strata of midranks
// given within each. P and RankBiserial are nil when no difference is non-zero; P
// also when it had to be drawn and fewer than 100 draws were asked. Method is
// Exact or MonteCarlo, Draws the sign flips made (0 when exact).
type StratifiedResult struct {
	Strata          int
	N, NZero, NUsed int
	WPlus, WMinus   float64
	P               *float64
	Method          Method
	Draws           int
	RankBiserial    *float64
}

// StratifiedSignedRank tests, two-sided, whether differences are symmetric about 0
// in every stratum: ranks (Pratt) within strata, sum of W+ over them, null by sign
// flips (methodology §2.7). The null is exact up to MaxExact non-zero differences
// while it stays quick, and otherwise drawn from seed, p = (1+hits)/(1+draws),
// which is valid without asymptotics. The order of strata and of differences does not
// matter. It says nothing about Comuni not in it. The
// zero value with Method Exact comes back when a difference is not finite.
func StratifiedSignedRank(strata [][]float64, draws int, seed uint64) StratifiedResult {
	result := StratifiedResult{Method: Exact}
	for _, diffs := range strata {
		if !finite(diffs...) {
			return result
		}
	}
	var pooled signs
	for _, diffs := range strata {
		s := signedRanks(diffs, Pratt)
		result.N += len(diffs)
		result.NZero += s.zeros
		if len(s.ranks) > 0 {
			result.Strata++
		}
		pooled.ranks = append(pooled.ranks, s.ranks...)
		pooled.plus += s.plus
		pooled.minus += s.minus
	}
	result.NUsed = len(pooled.ranks)
	result.WPlus, result.WMinus = float64(pooled.plus)/2, float64(pooled.minus)/2
	if result.NUsed == 0 {
		return result
	}
	result.RankBiserial = ref((result.WPlus - result.WMinus) / (result.WPlus + result.WMinus))
	if limit := min(pooled.plus, pooled.minus); result.NUsed <= MaxExact && limit*result.NUsed <= stratifiedExactWork {
		result.P = ref(exactP(pooled, TwoSided))
		return result
	}
	result.Method = MonteCarlo
	if draws >= minDraws {
		result.Draws = draws
		result.P = ref(flippedP(pooled, draws, seed))
	}
	return result
}

// flippedP draws the sign-flip null and returns the two-sided p-value.
func flippedP(s signs, draws int, seed uint64) float64 {
	source := rand.New(rand.NewPCG(seed, 1))
	ranks := slices.Sorted(slices.Values(s.ranks))
	observed := s.plus - s.minus
	if observed < 0 {
		observed = -observed
	}
	hits := 0
	for range draws {
		var coins uint64
		sum := 0
		for i, r := range ranks {
			if i%64 == 0 {
				coins = source.Uint64()
			}
			sum += r * (1 - 2*int(coins&1))
			coins >>= 1
		}
		if sum >= observed || -sum >= observed {
			hits++
		}
	}
	return math.Min(1, float64(1+hits)/float64(1+draws))
}
