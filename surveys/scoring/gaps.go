package scoring

import (
	"fmt"
	"slices"

	"traguardo/surveys"
)

// GapOptions sets targets and effort by indicator. Both maps may be nil.
type GapOptions struct {
	// Targets are levels 0–4; an indicator without one gets DefaultTarget.
	Targets map[string]surveys.Level
	// Effort is the effort class of the indicator's micro-progetto, 1 or more; an
	// indicator without one counts 1.
	Effort map[string]int
}

// Gap is the distance of one assessed indicator from its target.
type Gap struct {
	Code      string        `json:"code"`
	Area      surveys.Area  `json:"area"`
	Evidenced surveys.Level `json:"evidenced"`
	Target    surveys.Level `json:"target"`
	Gap       surveys.Level `json:"gap"` // target − evidenced, at least 1
	// HeldGate: a gate at evidenced level 0 or 1, which goes before all others.
	HeldGate bool `json:"held_gate"`
	// EvidenceOnly: the declared level already reaches the target; evidence closes the gap.
	EvidenceOnly bool    `json:"evidence_only"`
	Effort       int     `json:"effort"`
	Priority     float64 `json:"priority"` // gap × 1/effort
}

// DefaultTarget is the target of an indicator for which the ente set none: level 2
// for a gate below it (the least that frees the area's label), the next level for
// everything else, level 4 at the top.
func DefaultTarget(x IndicatorResult) surveys.Level {
	if x.Evidenced == nil {
		return 0
	}
	if x.Gate && *x.Evidenced < 2 {
		return 2
	}
	return min(maxLevel, *x.Evidenced+1)
}

// Gaps lists the assessed indicators below target, GOV included, in the order in
// which micro-progetti are to be proposed (questionnaires.md §4): gates at 0 or 1
// first, then gap × 1/effort, ties by the area with the lowest score, then by the
// order of the instrument. An area without a single number counts with the lower
// end of its interval. Missing and not applicable indicators have no gap. It
// returns surveys.ErrInvalid for a target outside 0–4 or an effort below 1.
func Gaps(res MATResult, opt GapOptions) ([]Gap, error) {
	for code, t := range opt.Targets {
		if t < 0 || t > maxLevel {
			return nil, fmt.Errorf("gaps: %w: target %d of %s", surveys.ErrInvalid, t, code)
		}
	}
	for code, e := range opt.Effort {
		if e < 1 {
			return nil, fmt.Errorf("gaps: %w: effort %d of %s", surveys.ErrInvalid, e, code)
		}
	}
	gaps := []Gap{}
	for _, x := range res.Indicators {
		if x.State != Assessed {
			continue
		}
		target, set := opt.Targets[x.Code]
		if !set {
			target = DefaultTarget(x)
		}
		if target <= *x.Evidenced {
			continue
		}
		g := Gap{
			Code: x.Code, Area: x.Area, Evidenced: *x.Evidenced, Target: target, Gap: target - *x.Evidenced,
			HeldGate: x.Gate && *x.Evidenced <= 1, EvidenceOnly: *x.Declared >= target, Effort: max(1, opt.Effort[x.Code]),
		}
		g.Priority = float64(g.Gap) / float64(g.Effort)
		gaps = append(gaps, g)
	}
	slices.SortStableFunc(gaps, func(a, b Gap) int { return compareGaps(res, a, b) })
	return gaps, nil
}

func compareGaps(res MATResult, a, b Gap) int {
	if a.HeldGate != b.HeldGate {
		if a.HeldGate {
			return -1
		}
		return 1
	}
	if a.Priority != b.Priority {
		if a.Priority > b.Priority {
			return -1
		}
		return 1
	}
	sa, sb := lowScore(res, a.Area), lowScore(res, b.Area)
	switch {
	case sa < sb:
		return -1
	case sa > sb:
		return 1
	default:
		return 0
	}
}

func lowScore(res MATResult, a surveys.Area) float64 {
	x, ok := res.Area(a)
	switch {
	case !ok:
		return 100
	case x.Evidenced.Value != nil:
		return *x.Evidenced.Value
	case x.Evidenced.Interval != nil:
		return x.Evidenced.Interval.Low
	default:
		return 100
	}
}
