package scoring

import (
	"cmp"
	"fmt"
	"slices"

	"traguardo/surveys"
	"traguardo/surveys/pairing"
	"traguardo/surveys/privacy"
)

// PairedResponse is a response that can be named by a match. ID is unique within
// its wave.
type PairedResponse struct {
	ID surveys.ID
	Response
}

// ChangeConfig is what a comparison of two waves of one ente brings besides the
// answers.
type ChangeConfig struct {
	EligiblePre, EligiblePost int    // employees entitled to answer each wave
	Threshold                 int    // as StaffConfig.Threshold
	Seed                      uint64 // of the bootstrap interval from 15 pairs on; stored with the result
}

// MatchCounts tells how the two waves were paired. Counts are withheld (State) when
// there are fewer pairs than the threshold.
type MatchCounts struct {
	State         privacy.State `json:"state"`
	Pre           int           `json:"pre"`  // valid responses of each wave, break-offs left out
	Post          int           `json:"post"` //
	Pairs         int           `json:"pairs"`
	AmbiguousPre  int           `json:"ambiguous_pre"` // dropped: they fit more than one response
	AmbiguousPost int           `json:"ambiguous_post"`
	OnlyPre       int           `json:"only_pre"` // valid responses without a valid partner
	OnlyPost      int           `json:"only_post"`
	SameSet       int           `json:"same_set"` // pairs that met the same rotated set twice: anchors only
	Rate          *float64      `json:"rate"`     // pairs/min(pre, post), 0–1
}

// MeasureChange is the change of one measure over matched pairs, in points of
// 0–100: later minus earlier. Three measures need the then-test and are taken on
// its items alone: SA_THEN is Post − Pre, POST_THEN Post − Then, RS (response shift)
// Then − Pre; for them Pre and Post hold the two that are compared. All figures are
// zero or nil unless State is Shown.
type MeasureChange struct {
	Measure   Measure       `json:"measure"`
	Area      surveys.Area  `json:"area,omitempty"`
	Construct string        `json:"construct,omitempty"`
	Primary   bool          `json:"primary"` // the outcome fixed before the wave: anchors overall
	State     privacy.State `json:"state"`
	N         int           `json:"n"` // pairs with a valid score in both waves

	Mean *float64 `json:"mean"` // mean of post − pre
	// MeanInterval is at 95 %, by MeanMethod; nil where the interval of the change is
	// that of Estimate.
	MeanInterval *privacy.Range `json:"mean_interval"`
	// MeanMethod is MethodExact under 15 pairs, bca to 2,000, normal above; MethodT
	// where the exact interval is withheld.
	MeanMethod string `json:"mean_method"`

	// Estimate is the Hodges–Lehmann median of the Walsh averages, Interval its exact
	// interval. Interval is nil where its ends would be the smallest and the largest
	// change of a single person in a group of fewer than ten.
	Estimate   *float64       `json:"estimate"`
	Interval   *privacy.Range `json:"interval"`
	Confidence *float64       `json:"confidence"` // of Interval, 0–1

	P     *float64 `json:"p"`      // exact signed-rank, two-sided; nil below six pairs or when nobody changed
	PHolm *float64 `json:"p_holm"` // adjusted over the areas; self-assessed competence only
	// LowPower asks for the note «potenza bassa»: fewer than 15 pairs.
	LowPower bool `json:"low_power"`
	// RankBiserial (−1 to 1) and Improved (share that rose, ties half, 0–1) need ten
	// pairs, and that not everyone moved the same way.
	RankBiserial *float64 `json:"rank_biserial"`
	Improved     *float64 `json:"improved"`

	Pre  *float64 `json:"pre"`  // means of the same pairs; nil when withheld
	Post *float64 `json:"post"` //
	// MeansWithheld: the two separate wave means would give somebody away, because in
	// one wave 1–4 people (below the threshold) answered only that wave, or because
	// the change is suppressed and nobody stands outside the pairs. See Withhold. It
	// may be true while State is Suppressed.
	MeansWithheld bool `json:"means_withheld"`
}

// The interval of a change under 15 pairs: MethodExact is that of the Hodges–Lehmann
// estimate (methodology.md §2.7), and the mean has none of its own. MethodT is the t
// interval of the mean, where the exact one would print the smallest and the largest
// change of a person (questionnaires.md §8: «scale means with interval», «no minimum
// or maximum»).
const (
	MethodExact = "hodges-lehmann"
	MethodT     = "t"
)

// Headline is the change that comes first in print, with its interval, by the rule of
// methodology.md §2.7: under 15 pairs the Hodges–Lehmann estimate with its exact
// interval, from 15 on, or where that interval is withheld, the mean with its own.
// Both are nil unless State is Shown.
func (m MeasureChange) Headline() (value *float64, interval *privacy.Range) {
	if m.MeanMethod == MethodExact {
		return m.Estimate, m.Interval
	}
	return m.Mean, m.MeanInterval
}

// ChangeResult compares two waves of one ente person by person. It describes
// change during the programme, never its effect. Like StaffResult it holds only
// what may be published.
type ChangeResult struct {
	FormulaVersion string          `json:"formula_version"`
	Instrument     string          `json:"instrument"`
	Version        string          `json:"version"`
	State          ResultState     `json:"state"`
	Threshold      int             `json:"threshold"`
	Seed           uint64          `json:"seed"`
	Match          MatchCounts     `json:"match"`
	Measures       []MeasureChange `json:"measures"`
	// Attrition is the standardised difference at pre, on the anchors overall, of
	// those matched and those not; nil with too few on either side.
	Attrition *float64 `json:"attrition"`
	// OverclaimShifted asks for the warning on self-assessment change: familiarity
	// with terms that do not exist differs between waves by more than its interval.
	OverclaimShifted bool `json:"overclaim_shifted"`
}

// Measure returns the change of one measure, and false when the result has none.
func (c ChangeResult) Measure(m Measure, a surveys.Area, construct string) (MeasureChange, bool) {
	for _, x := range c.Measures {
		if x.Measure == m && x.Area == a && x.Construct == construct {
			return x, true
		}
	}
	return MeasureChange{}, false
}

// Change compares two closed waves of one ente over the pairs of match (made by
// pairing.Match on the same responses; ambiguous ones are already left out there).
// The anchors overall are the primary outcome. A pair is scored on the items that
// it was served in both waves, so a short form after a full one compares the short
// items; pairs that met the same rotated set twice count for the anchors only. It
// returns surveys.ErrInvalid for the faults that Staff refuses, an id used twice
// and a match that names a response not given.
func Change(inst *surveys.Instrument, pre, post []PairedResponse, match pairing.MatchReport, cfg ChangeConfig) (ChangeResult, error) {
	rules, err := privacy.NewRules(cfg.Threshold)
	if err != nil {
		return ChangeResult{}, fmt.Errorf("change of %s: %w", inst.Code, err)
	}
	p := newPlan(inst)
	c := comparison{plan: p, rules: rules, seed: cfg.Seed}
	if err := c.read(pre, post, match); err != nil {
		return ChangeResult{}, err
	}
	res := ChangeResult{
		FormulaVersion: FormulaVersion, Instrument: inst.Code, Version: inst.Version, State: Published,
		Threshold: rules.Threshold(), Seed: cfg.Seed, Measures: []MeasureChange{},
		Match: MatchCounts{State: privacy.Insufficient},
	}
	switch {
	case !rules.MayReport(cfg.EligiblePre) || !rules.MayReport(cfg.EligiblePost):
		res.State = OnlyPooled
		return res, nil
	case !rules.MayShow(len(c.pairs)):
		res.State = NothingPairs
		return res, nil
	}
	res.Match = c.counts(match)
	c.measures(&res)
	res.Attrition = c.attrition()
	if oc, ok := res.Measure(Overclaim, "", ""); ok {
		_, in := oc.Headline()
		res.OverclaimShifted = in != nil && (in.Low > 0 || in.High < 0)
	}
	return res, nil
}

// comparison is the valid responses of two waves and who is paired with whom.
type comparison struct {
	plan      *plan
	rules     privacy.Rules
	seed      uint64
	pre, post []Response // valid responses, break-offs left out
	pairs     []couple
	paired    [2][]bool // by position in pre and post
}

// couple is one matched person: positions in pre and post.
type couple struct{ pre, post int }

func (c *comparison) read(pre, post []PairedResponse, match pairing.MatchReport) error {
	preAt, err := c.side(pre, &c.pre)
	if err != nil {
		return err
	}
	postAt, err := c.side(post, &c.post)
	if err != nil {
		return err
	}
	c.paired = [2][]bool{make([]bool, len(c.pre)), make([]bool, len(c.post))}
	for _, m := range match.Pairs {
		i, okPre := preAt[m.Pre]
		j, okPost := postAt[m.Post]
		if !okPre || !okPost {
			return fmt.Errorf("change of %s: %w: match names a response that is not there", c.plan.inst.Code, surveys.ErrInvalid)
		}
		if i < 0 || j < 0 {
			continue // one of the two is a break-off
		}
		if c.paired[0][i] || c.paired[1][j] {
			return fmt.Errorf("change of %s: %w: match uses a response twice", c.plan.inst.Code, surveys.ErrInvalid)
		}
		c.paired[0][i], c.paired[1][j] = true, true
		c.pairs = append(c.pairs, couple{i, j})
	}
	// As in plan.read: equal answers, equal bytes, whatever the ids.
	slices.SortFunc(c.pairs, func(a, b couple) int {
		return cmp.Or(compareResponses(c.pre[a.pre], c.pre[b.pre]), compareResponses(c.post[a.post], c.post[b.post]))
	})
	return nil
}

// side keeps the valid responses of one wave and says where each id went, −1 for
// break-offs.
func (c *comparison) side(rows []PairedResponse, kept *[]Response) (map[surveys.ID]int, error) {
	at := make(map[surveys.ID]int, len(rows))
	for _, r := range rows {
		if _, twice := at[r.ID]; twice {
			return nil, fmt.Errorf("change of %s: %w: an id is used twice", c.plan.inst.Code, surveys.ErrInvalid)
		}
		g, err := c.plan.read([]Response{r.Response})
		if err != nil {
			return nil, err
		}
		at[r.ID] = -1
		if len(g.people) == 1 {
			at[r.ID] = len(*kept)
			*kept = append(*kept, r.Response)
		}
	}
	return at, nil
}

func (c *comparison) counts(match pairing.MatchReport) MatchCounts {
	n := len(c.pairs)
	out := MatchCounts{
		State: privacy.Shown, Pre: len(c.pre), Post: len(c.post), Pairs: n,
		OnlyPre: len(c.pre) - n, OnlyPost: len(c.post) - n, Rate: ratio(n, min(len(c.pre), len(c.post))),
	}
	out.AmbiguousPre, out.AmbiguousPost = match.AmbiguousCount()
	for _, k := range c.pairs {
		if sameSet(c.pre[k.pre], c.post[k.post]) {
			out.SameSet++
		}
	}
	return out
}

// sameSet reports whether both responses met the same rotated items.
func sameSet(a, b Response) bool {
	return a.Set != surveys.FormNone && a.Set == b.Set
}
