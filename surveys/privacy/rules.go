package privacy

import (
	"fmt"

	"traguardo/surveys"
)

// The fixed numbers of questionnaires.md §8. The first may be raised by an ente,
// never lowered; nobody may change the others.
const (
	DefaultThreshold  = surveys.MinThreshold // valid answers for any figure, and for any complement
	DistributionMin   = 10                   // valid answers for the distribution of an item
	CategoryMin       = 3                    // answers in a shown category
	EligibleMin       = 10                   // eligible staff for a staff report of the Comune
	TestPairsMin      = 6                    // matched pairs for a p-value
	LowPowerPairs     = 15                   // matched pairs below which the note «potenza bassa» is due
	ReliabilityMin    = 30                   // answers for a coefficient of reliability
	FreeTextMin       = 10                   // answers for free text, which also needs human review
	ProfileStaffMin   = 30                   // eligible staff for the profile block and its breakdowns
	openRateStep      = 10                   // percent: the rate of an open wave is rounded down to it
	determinedHalfGap = 2                    // a hidden count known within this on either side is not hidden
)

// Rules is the disclosure control of one ente. The zero value is the least strict
// that exists: the threshold of 5. It is a value and safe for concurrent use.
type Rules struct {
	raised int // 0: DefaultThreshold
}

// NewRules returns the rules with the given threshold of people, 0 meaning the
// default of 5. It refuses a threshold from 1 to 4 (or negative) with
// surveys.ErrInvalid: an ente may raise the threshold, nobody may lower it.
func NewRules(threshold int) (Rules, error) {
	if threshold == 0 {
		return Rules{}, nil
	}
	if threshold < DefaultThreshold {
		return Rules{}, fmt.Errorf("%w: threshold %d is below %d", surveys.ErrInvalid, threshold, DefaultThreshold)
	}
	return Rules{raised: threshold}, nil
}

// Threshold returns the number of people below which nothing is shown, at least 5.
func (r Rules) Threshold() int { return max(r.raised, DefaultThreshold) }

// MayShow reports whether a mean of n valid answers may be shown.
func (r Rules) MayShow(n int) bool { return n >= r.Threshold() }

// MayDistribute reports whether the distribution of n valid answers may be shown,
// with its categories merged (Distribution does it).
func (r Rules) MayDistribute(n int) bool { return n >= max(DistributionMin, r.Threshold()) }

// MayReadTexts reports whether free texts may be read at all, by their reviewer
// first: item distributions would be shown for this many responses, and there
// are texts of enough people that nobody is told by having written one.
// Source: questionnaires.md §8.
func (r Rules) MayReadTexts(responses, texts int) bool {
	return r.MayDistribute(responses) && r.MayShow(texts)
}

// MayCountTexts reports whether the number of texts may be told: they may be read,
// and those who wrote none are nobody or as many as the threshold.
func (r Rules) MayCountTexts(responses, texts int) bool {
	return r.MayReadTexts(responses, texts) && r.Remainder(max(0, responses-texts))
}

// MayReport reports whether an ente with that many eligible employees has a staff
// report of its own; below, its answers count in the pooled result only.
func (r Rules) MayReport(eligible int) bool { return eligible >= EligibleMin }

// Remainder reports whether a rest of n people, left over when one published group
// is taken from another, is safe: nobody, or at least the threshold.
func (r Rules) Remainder(n int) bool { return n == 0 || n >= r.Threshold() }

// MeanState says whether the mean of xs, scores between scale.Low and scale.High,
// may be shown. It may not with fewer values than the threshold (Insufficient), at
// either end of the scale, or when all values are one and the same, for then the
// mean is the answer of every single person (both Suppressed).
func (r Rules) MeanState(xs []float64, scale Range) State {
	if !r.MayShow(len(xs)) {
		return Insufficient
	}
	const rounding = 1e-9
	low, high := xs[0], xs[0]
	for _, x := range xs {
		low, high = min(low, x), max(high, x)
	}
	if high-low <= rounding || high <= scale.Low+rounding || low >= scale.High-rounding {
		return Suppressed
	}
	return Shown
}

// ShareState says whether «count of n» may be shown: with enough answers for a
// distribution, and only when neither those who did nor those who did not are
// fewer than three.
func (r Rules) ShareState(count, n int) State {
	if !r.MayDistribute(n) {
		return Insufficient
	}
	if count < CategoryMin || n-count < CategoryMin {
		return Suppressed
	}
	return Shown
}

// OpenRate returns the response rate of an open wave in percent, rounded down to
// tens, 0–100: all that may be known before closing. ok is false with fewer than
// ten eligible employees, where nothing may be shown at all.
func OpenRate(responses, eligible int) (percent int, ok bool) {
	if eligible < EligibleMin || responses < 0 {
		return 0, false
	}
	percent = 100 * min(responses, eligible) / eligible
	return percent - percent%openRateStep, true
}
