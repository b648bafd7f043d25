package pairing

import "math"

// CodeEntropies returns the assumed entropy of each element S-COD-1 to S-COD-6, in
// bits (questionnaires, Block 1; none has been measured).
func CodeEntropies() [Elements]float64 { return [Elements]float64{3.7, 5.0, 3.7, 1.8, 3.7, 3.6} }

// CardEntropy is the entropy of a card in bits.
const CardEntropy = 5.0 * cardCode

// ExpectedAccidentalPairs returns how many pairs of different persons tolerant
// matching would make by chance: n1·n2·Σ_m 2^(−H_m), H_m the entropy in bits of the
// code without element m (methodology §2.1), elements taken as independent. 0 when
// a wave is empty. With CodeEntropies it is 0.018 for 25 and 25, as §2.1 prints, and
// 1.17 for 200 and 200; the «about 1.3» there does not follow from its own formula
// and entropies, and the rule drawn from it (no tolerance above 100) stands either way.
func ExpectedAccidentalPairs(n1, n2 int, entropies [Elements]float64) float64 {
	var total, sum float64
	for _, h := range entropies {
		total += h
	}
	for _, h := range entropies {
		sum += math.Exp2(h - total)
	}
	return float64(max(n1, 0)) * float64(max(n2, 0)) * sum
}

// ExpectedEqualPairs returns how many pairs of different persons have the same
// code by chance when a code has the given entropy in bits: n1·n2·2^(−bits). It is
// the figure for cards and for full-hash matching.
func ExpectedEqualPairs(n1, n2 int, bits float64) float64 {
	return float64(max(n1, 0)) * float64(max(n2, 0)) * math.Exp2(-bits)
}
