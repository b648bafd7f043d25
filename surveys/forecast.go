package surveys

import (
	"fmt"
	"math"
)

// ForecastKey names one thing that a campaign may or may not be able to show.
// The text stands in the message catalogue under "forecast." + key.
type ForecastKey string

// What is forecast, in the order of questionnaires.md §8.
const (
	ForecastRateOpen      ForecastKey = "rate_open"     // response rate while the wave is open
	ForecastReport        ForecastKey = "report"        // a staff report of this ente at all
	ForecastMeans         ForecastKey = "means"         // scale means with interval
	ForecastDistributions ForecastKey = "distributions" // distribution of each item's answers
	ForecastFullForm      ForecastKey = "full_form"     // long questionnaire, with profile
	ForecastModules       ForecastKey = "modules"       // REC, BEH, VIG, ATN
	ForecastBreakdown     ForecastKey = "breakdown"     // two groups of one profile question
	ForecastFreeText      ForecastKey = "free_text"     // free text of this ente, after review
	ForecastReliability   ForecastKey = "reliability"   // coefficients of this ente
	ForecastChange        ForecastKey = "change"        // paired change
	ForecastTest          ForecastKey = "test"          // p-value beside the change
	ForecastPower         ForecastKey = "power"         // change without the note «potenza bassa»
)

// ForecastUnit says what ForecastLine.Needs counts.
type ForecastUnit string

// The units of Needs.
const (
	NeedsEligible  ForecastUnit = "eligible"  // employees who may answer
	NeedsResponses ForecastUnit = "responses" // valid answers in the wave
	NeedsPairs     ForecastUnit = "pairs"     // people matched in two waves
)

// ForecastLine says whether one thing is likely to be shown. Needs is the least
// number of Unit for it, Have the expected one. Where two conditions hold, the
// line names the first that is not met, or the last.
type ForecastLine struct {
	What  ForecastKey
	Shown bool
	Needs int
	Unit  ForecastUnit
	Have  int
}

// Forecast says what this ente's numbers can show, by questionnaires.md §8, if a
// share rate (0–1) of its eligible employees answers each wave. Expected answers
// and pairs are rounded down; pairs suppose that answering one wave does not
// depend on answering the other (eligible·rate²), fewer than in most enti. The
// threshold is MinThreshold. It returns ErrInvalid for a negative number or a
// rate outside 0–1.
func Forecast(eligible int, rate float64) ([]ForecastLine, error) {
	if eligible < 0 || math.IsNaN(rate) || rate < 0 || rate > 1 {
		return nil, fmt.Errorf("%w: forecast for %d eligible at rate %g", ErrInvalid, eligible, rate)
	}
	const rounding = 1e-9 // 0.7·10 is 6.999…
	have := map[ForecastUnit]int{
		NeedsEligible:  eligible,
		NeedsResponses: int(math.Floor(float64(eligible)*rate + rounding)),
		NeedsPairs:     int(math.Floor(float64(eligible)*rate*rate + rounding)),
	}
	type need struct {
		unit ForecastUnit
		n    int
	}
	line := func(what ForecastKey, needs ...need) ForecastLine {
		l := ForecastLine{What: what, Shown: true}
		for _, n := range needs {
			l.Unit, l.Needs, l.Have = n.unit, n.n, have[n.unit]
			if l.Have < n.n {
				l.Shown = false
				break
			}
		}
		return l
	}
	// Under ten eligible employees the ente has no staff report at all (§8, last
	// row), so every line of results needs them first. Profile and free text are
	// asked in the full form only.
	report, full := need{NeedsEligible, 10}, need{NeedsEligible, MinFullForm}
	return []ForecastLine{
		line(ForecastRateOpen, report),
		line(ForecastReport, report, need{NeedsResponses, MinThreshold}),
		line(ForecastMeans, report, need{NeedsResponses, MinThreshold}),
		line(ForecastDistributions, report, need{NeedsResponses, 10}),
		line(ForecastFullForm, full),
		line(ForecastModules, full),
		line(ForecastBreakdown, full, need{NeedsResponses, 2 * MinThreshold}),
		line(ForecastFreeText, full, need{NeedsResponses, 10}),
		line(ForecastReliability, report, need{NeedsResponses, 30}),
		line(ForecastChange, report, need{NeedsPairs, 5}),
		line(ForecastTest, report, need{NeedsPairs, 6}),
		line(ForecastPower, report, need{NeedsPairs, 15}),
	}, nil
}
