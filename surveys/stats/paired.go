package stats

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// PairedResult describes the change of N matched persons (methodology §2.7,
// Lakens 2013). MeanDiff, SD and CI are in the units of the score; CI is the 95 %
// t interval of the mean difference without finite population correction. R is
// the correlation of pre and post. The effect sizes divide MeanDiff by: the SD of
// the differences (DZ), the root mean of the two variances (DAv), and
// SD/√(2(1−R)), so DRm = DZ·√(2(1−R)); GZ and GAv carry Hedges' factor. A pointer
// is nil when its denominator is zero, as when everyone changed alike.
type PairedResult struct {
	N        int
	MeanPre  float64
	MeanPost float64
	MeanDiff float64
	SD       float64
	R        *float64
	T        *float64
	DF       int
	P        *float64
	CI       Interval
	DZ       *float64
	DAv      *float64
	DRm      *float64
	GZ       *float64
	GAv      *float64
}

// Paired compares post with pre, the same persons in the same order. ok is false
// when the lengths differ, there are fewer than two pairs or a value is not
// finite.
func Paired(pre, post []float64) (PairedResult, bool) {
	return PairedOf(pre, post, Differences(pre, post))
}

// PairedOf is Paired with the differences post − pre computed by the caller, as
// when they are known exactly from decimals. ok is false when the three lengths
// differ, there are fewer than two pairs or a value is not finite.
func PairedOf(pre, post, diffs []float64) (PairedResult, bool) {
	n := len(pre)
	if n < 2 || len(post) != n || len(diffs) != n || !finite(pre...) || !finite(post...) {
		return PairedResult{}, false
	}
	ci, ok := MeanInterval(diffs, 0)
	if !ok {
		return PairedResult{}, false
	}
	result := PairedResult{N: n, DF: n - 1, CI: ci}
	result.MeanPre, _ = Mean(pre)
	result.MeanPost, _ = Mean(post)
	result.MeanDiff, _ = Mean(diffs)
	result.SD, _ = SD(diffs)
	if r, ok := Correlation(pre, post); ok {
		result.R = &r
	}
	vpre, okPre := Variance(pre)
	vpost, okPost := Variance(post)
	if !okPre || !okPost {
		return PairedResult{}, false
	}
	result.effects(vpre, vpost)
	return result, true
}

// effects fills the test and the effect sizes from the moments already there.
func (p *PairedResult) effects(vpre, vpost float64) {
	j := HedgesFactor(p.N)
	if p.SD > 0 {
		dz := p.MeanDiff / p.SD
		t := dz * math.Sqrt(float64(p.N))
		student := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(p.DF)}
		p.DZ, p.GZ, p.T = ref(dz), ref(j*dz), ref(t)
		p.P = ref(math.Min(1, 2*student.Survival(math.Abs(t))))
		if p.R != nil {
			p.DRm = ref(dz * math.Sqrt(2*(1-*p.R)))
		}
	}
	if average := math.Sqrt((vpre + vpost) / 2); average > 0 && finite(average) {
		dav := p.MeanDiff / average
		p.DAv, p.GAv = ref(dav), ref(j*dav)
	}
}

// HedgesFactor returns J = 1 − 3/(4(n−1)−1), the small-sample factor of an effect
// size from n pairs (Hedges 1981); 0 < J ≤ 1, and 0 for n < 3, where the formula
// has no meaning (−0 at n = 2).
func HedgesFactor(n int) float64 {
	if n < 3 {
		return 0
	}
	return 1 - 3/(4*float64(n-1)-1)
}

// Differences returns post − pre element by element, with differences of rounding
// noise (below 1e-9 of the largest score) set to zero. It returns nil when the
// lengths differ.
func Differences(pre, post []float64) []float64 {
	if len(pre) != len(post) {
		return nil
	}
	noise := tieTolerance * math.Max(1, math.Max(maxAbs(pre), maxAbs(post)))
	diffs := make([]float64, len(pre))
	for i := range pre {
		if d := post[i] - pre[i]; math.Abs(d) > noise {
			diffs[i] = d
		}
	}
	return diffs
}

// DZ returns the mean of diffs divided by their standard deviation; it has the
// form of a Statistic for BCa. ok is false with fewer than two differences or
// when they do not vary.
func DZ(diffs []float64) (dz float64, ok bool) {
	sd, ok := SD(diffs)
	if !ok || sd == 0 {
		return 0, false
	}
	mean, _ := Mean(diffs)
	return checked(mean / sd)
}

// ShareImproved returns (#D>0 + ½·#D=0)/n, 0–1: the chance that a person taken at
// random went up, with no change counted as half (methodology §2.7). ok is false
// when diffs is empty or holds a value that is not finite.
func ShareImproved(diffs []float64) (share float64, ok bool) {
	if len(diffs) == 0 || !finite(diffs...) {
		return 0, false
	}
	for _, d := range snap(diffs) {
		switch {
		case d > 0:
			share++
		case d == 0:
			share += 0.5
		}
	}
	return share / float64(len(diffs)), true
}

// ReliableChange returns Jacobson & Truax's RC = (after − before)/(SEM·√2), for
// the person's own eyes only (methodology §2.7). ok is false unless sem > 0.
func ReliableChange(before, after, sem float64) (rc float64, ok bool) {
	if !(sem > 0) || !finite(before, after, sem) {
		return 0, false
	}
	return checked((after - before) / (sem * math.Sqrt2))
}

// SMD returns the standardised mean difference (x̄_matched − x̄_unmatched)/s_pooled
// of the attrition check at pre (methodology §2.1). ok is false with fewer than
// two values on either side or when neither side varies.
func SMD(matched, unmatched []float64) (smd float64, ok bool) {
	va, oka := Variance(matched)
	vb, okb := Variance(unmatched)
	if !oka || !okb {
		return 0, false
	}
	na, nb := float64(len(matched)), float64(len(unmatched))
	pooled := math.Sqrt(((na-1)*va + (nb-1)*vb) / (na + nb - 2))
	if !(pooled > 0) || !finite(pooled) {
		return 0, false
	}
	ma, _ := Mean(matched)
	mb, _ := Mean(unmatched)
	return checked((ma - mb) / pooled)
}

// DifferenceInDifferences returns (post−pre) of the started minus (post−pre) of
// the waiting (methodology §2.9), from the four means.
func DifferenceInDifferences(startedPre, startedPost, waitingPre, waitingPost float64) (did float64, ok bool) {
	return checked((startedPost - startedPre) - (waitingPost - waitingPre))
}

// RegressionToMean returns the shift to expect without any programme when units
// were chosen for low (or high) scores: (1−ρ)(μ − x̄_selected), ρ the test-retest
// correlation, μ the mean of the population (methodology §2.9, Barnett et al.
// 2005). ok is false unless −1 ≤ ρ ≤ 1.
func RegressionToMean(rho, mu, selected float64) (shift float64, ok bool) {
	if !(rho >= -1 && rho <= 1) {
		return 0, false
	}
	return checked((1 - rho) * (mu - selected))
}
