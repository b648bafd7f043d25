package stats

import (
	"fmt"
	"math"
)

// Disposition counts what became of the eligible staff, in AAPOR's words: complete
// and partial interviews, refusals (break-offs too), not contacted, other, unknown
// whether eligible (household or person: UH, UO).
type Disposition struct {
	Complete, Partial, Refusal, NotContacted, Other, UnknownHousehold, UnknownOther int
}

// Rates returns AAPOR's response rates 1 and 2, each 0–1: complete (and, in RR2,
// partial) over everybody (methodology §2.2). With a staff list, where all are
// known to be eligible, RR2 is (I+P)/N. ok is false when a count is negative or
// all are zero.
func (d Disposition) Rates() (rr1, rr2 float64, ok bool) {
	all := 0
	for _, count := range []int{d.Complete, d.Partial, d.Refusal, d.NotContacted, d.Other, d.UnknownHousehold, d.UnknownOther} {
		if count < 0 {
			return 0, 0, false
		}
		all += count
	}
	if all == 0 {
		return 0, 0, false
	}
	return float64(d.Complete) / float64(all), float64(d.Complete+d.Partial) / float64(all), true
}

// Completeness is how far one response went.
type Completeness int

// Complete is ≥ 80 % of the served items, Partial 50 % to below 80 %, BreakOff below
// 50 %, which is excluded (methodology §2.2).
const (
	BreakOff Completeness = iota + 1
	Partial
	Complete
)

// String returns "complete", "partial" or "break-off".
func (c Completeness) String() string {
	switch c {
	case BreakOff:
		return "break-off"
	case Partial:
		return "partial"
	case Complete:
		return "complete"
	}
	return fmt.Sprintf("Completeness(%d)", int(c))
}

// CompletenessOf classes a response that answered some of the served items; "does
// not concern me" and "don't know" are answers. ok is false unless
// 0 ≤ answered ≤ served and served ≥ 1.
func CompletenessOf(answered, served int) (c Completeness, ok bool) {
	switch {
	case served < 1 || answered < 0 || answered > served:
		return 0, false
	case answered*5 >= served*4:
		return Complete, true
	case answered*2 >= served:
		return Partial, true
	}
	return BreakOff, true
}

// Manski returns the bounds of the mean of everybody when responded of eligible
// answered with the given mean, whatever the others would have said between low
// and high: r·ȳ + (1−r)·y_min to r·ȳ + (1−r)·y_max (methodology §2.2, Manski 1989).
// With no answer at all they are low and high, and mean is not looked at. ok is
// false unless 0 ≤ responded ≤ eligible, eligible ≥ 1 and low ≤ mean ≤ high.
func Manski(mean float64, responded, eligible int, low, high float64) (Interval, bool) {
	if eligible < 1 || responded < 0 || responded > eligible || !finite(low, high) || low > high {
		return Interval{}, false
	}
	if responded == 0 {
		return Interval{low, high}, true
	}
	if !(mean >= low && mean <= high) {
		return Interval{}, false
	}
	r := float64(responded) / float64(eligible)
	return Interval{r*mean + (1-r)*low, r*mean + (1-r)*high}, true
}

// StaffGroup is one group of the eligible staff and how many of it answered.
type StaffGroup struct{ Eligible, Responded int }

// Representativity says how evenly groups answered. R is 1 − 2·S(ρ̂), 1 when all
// groups answered alike, not below 0; MeanPropensity is the response rate; MaxBias
// the largest absolute bias that a mean with the given standard deviation can
// have, in its units; nil when nobody answered.
type Representativity struct {
	R              float64
	MeanPropensity float64
	MaxBias        *float64
}

// RIndicator returns the representativity of the response (methodology §2.2,
// Schouten, Cobben & Bethlehem 2009), the propensity of each person being the rate
// of the group and S its standard deviation over all N eligible (N−1). sdY ≥ 0 is
// the standard deviation of the outcome. ok is false with fewer than two groups or
// impossible counts. Groups without eligible staff are passed over.
func RIndicator(groups []StaffGroup, sdY float64) (Representativity, bool) {
	var eligible, responded, known int
	for _, g := range groups {
		if g.Eligible < 0 || g.Responded < 0 || g.Responded > g.Eligible {
			return Representativity{}, false
		}
		if g.Eligible > 0 {
			known++
		}
		eligible += g.Eligible
		responded += g.Responded
	}
	if known < 2 || !(sdY >= 0) || !finite(sdY) {
		return Representativity{}, false
	}
	mean := float64(responded) / float64(eligible)
	var squares float64
	for _, g := range groups {
		if g.Eligible > 0 {
			d := float64(g.Responded)/float64(g.Eligible) - mean
			squares += float64(g.Eligible) * d * d
		}
	}
	s := math.Sqrt(squares / float64(eligible-1))
	result := Representativity{R: math.Max(0, 1-2*s), MeanPropensity: mean}
	if responded > 0 {
		result.MaxBias = ref(2 * s * sdY / (2 * mean))
	}
	return result, true
}
