package scoring

import (
	"fmt"
	"slices"
	"time"

	"traguardo/surveys"
	"traguardo/surveys/privacy"
	"traguardo/surveys/stats"
)

// maxLevel is the top of S-MAT5.
const maxLevel surveys.Level = 4

// levelPoints is what one level is worth on 0–100 (questionnaires.md §2).
const levelPoints = 25.0

// Assess scores the maturity assessment exactly as questionnaires.md §4. Ratings
// may come in any order; an indicator without one is missing. asOf is the day on
// which evidence must be valid: the day of closing, or today while it is open. It
// returns surveys.ErrUnknownItem for a rating of an indicator that inst does not
// have, and surveys.ErrInvalid for two ratings of one indicator, a level outside
// 0–4, a level beside «not applicable», «not applicable» where it is not allowed
// or without a reason, evidence of an unknown type, or no day.
func Assess(inst *surveys.Instrument, ratings []surveys.Rating, asOf time.Time) (MATResult, error) {
	if asOf.IsZero() {
		return MATResult{}, fmt.Errorf("scoring %s: %w: no day to check evidence on", inst.Code, surveys.ErrInvalid)
	}
	byCode := map[string]surveys.Rating{}
	for _, r := range ratings {
		it, ok := inst.Item(r.Indicator)
		if !ok {
			return MATResult{}, fmt.Errorf("scoring %s: %w: indicator %q", inst.Code, surveys.ErrUnknownItem, r.Indicator)
		}
		if _, twice := byCode[r.Indicator]; twice {
			return MATResult{}, fmt.Errorf("scoring %s: %w: two ratings of %s", inst.Code, surveys.ErrInvalid, r.Indicator)
		}
		if err := checkRating(it, r); err != nil {
			return MATResult{}, fmt.Errorf("scoring %s: %w", inst.Code, err)
		}
		byCode[r.Indicator] = r
	}
	res := MATResult{
		FormulaVersion: FormulaVersion, Instrument: inst.Code, Version: inst.Version,
		AsOf: asOf.Format(time.DateOnly), Indicators: []IndicatorResult{}, Beside: []AreaResult{},
	}
	items := inst.Items()
	for _, it := range items {
		if it.Scored {
			res.Indicators = append(res.Indicators, indicator(it, byCode[it.Code], asOf))
		}
	}
	for _, a := range surveys.ScoredAreas() {
		res.Areas = append(res.Areas, areaResult(a, of(res.Indicators, a)))
	}
	if gov := of(res.Indicators, surveys.GOV); len(gov) > 0 {
		res.Beside = append(res.Beside, areaResult(surveys.GOV, gov))
	}
	res.Overall = overall(res.Areas)
	res.Agreement = agreement(items, byCode)
	return res, nil
}

func checkRating(it surveys.Item, r surveys.Rating) error {
	for _, l := range []*surveys.Level{r.Level, r.RaterA, r.RaterB} {
		if l != nil && (*l < 0 || *l > maxLevel) {
			return fmt.Errorf("%w: level %d of %s", surveys.ErrInvalid, *l, r.Indicator)
		}
	}
	if r.NA && (r.Level != nil || !it.NAAllowed || r.NAReason == "") {
		return fmt.Errorf("%w: «not applicable» on %s needs leave, a reason and no level", surveys.ErrInvalid, r.Indicator)
	}
	for _, e := range r.Evidence {
		if _, ok := levelCap(e.Type, false); !ok {
			return fmt.Errorf("%w: evidence type %q of %s", surveys.ErrInvalid, e.Type, r.Indicator)
		}
	}
	return nil
}

func indicator(it surveys.Item, r surveys.Rating, asOf time.Time) IndicatorResult {
	p := proofOf(r.Evidence, it.ActCap4, asOf)
	x := IndicatorResult{
		Code: it.Code, Area: it.Area, Gate: it.Gate, Weight: it.Weight,
		State: NotAssessed, Cap: p.cap, Evidence: p.kind, Renew: p.renew,
	}
	switch {
	case r.NA:
		x.State, x.NAReason = NotApplicable, r.NAReason
	case r.Level != nil:
		declared, evidenced := *r.Level, min(*r.Level, p.cap)
		x.State, x.Declared, x.Evidenced = Assessed, &declared, &evidenced
	}
	return x
}

func of(all []IndicatorResult, a surveys.Area) []IndicatorResult {
	var out []IndicatorResult
	for _, x := range all {
		if x.Area == a {
			out = append(out, x)
		}
	}
	return out
}

func areaResult(a surveys.Area, list []IndicatorResult) AreaResult {
	res := AreaResult{
		Area: a, Total: len(list), Gates: []GateHold{}, GatesMissing: []string{},
		Renew: []string{}, Contributions: []Contribution{},
	}
	for _, x := range list {
		switch x.State {
		case Assessed:
			res.Answered++
			if x.Gate && *x.Evidenced <= 1 {
				res.Gates = append(res.Gates, GateHold{x.Code, *x.Declared, *x.Evidenced})
			}
		case NotApplicable:
			res.NA++
		case NotAssessed:
			res.Missing++
			if x.Gate {
				res.GatesMissing = append(res.GatesMissing, x.Code)
			}
		}
		if x.Renew {
			res.Renew = append(res.Renew, x.Code)
		}
	}
	res.Coverage = coverage(list)
	// More than 25 % missing or na: the interval and no single number.
	single := res.Answered > 0 && 4*(res.Missing+res.NA) <= res.Total
	res.Declared = score(list, single, func(x IndicatorResult) surveys.Level { return *x.Declared })
	res.Evidenced = score(list, single, func(x IndicatorResult) surveys.Level { return *x.Evidenced })
	if res.Evidenced.Value != nil {
		byScore := LabelOf(*res.Evidenced.Value)
		label := byScore
		if len(res.Gates) > 0 && (byScore == Consolidato || byScore == Misurato) {
			label, res.HeldDown = Definito, true
		}
		res.Label, res.LabelByScore = &label, &byScore
		res.Contributions = contributions(list, 1)
	}
	return res
}

// score is S_a = Σ w·25·level / Σ w over assessed indicators, with the interval
// that missing ones leave open.
func score(list []IndicatorResult, single bool, level func(IndicatorResult) surveys.Level) Score {
	var points, weight, missing float64
	for _, x := range list {
		switch x.State {
		case Assessed:
			points += x.Weight * levelPoints * float64(level(x))
			weight += x.Weight
		case NotAssessed:
			missing += x.Weight
		case NotApplicable:
		}
	}
	var s Score
	if weight+missing > 0 {
		s.Interval = &privacy.Range{
			Low:  points / (weight + missing),
			High: (points + missing*levelPoints*float64(maxLevel)) / (weight + missing),
		}
	}
	if single && weight > 0 {
		v := points / weight
		s.Value = &v
	}
	return s
}

func coverage(list []IndicatorResult) Coverage {
	var c Coverage
	for _, x := range list {
		if x.State == Assessed && *x.Declared >= 2 {
			c.Declared++
			if *x.Evidenced == *x.Declared {
				c.Covered++
			}
		}
	}
	c.Share = ratio(c.Covered, c.Declared)
	return c
}

// contributions splits a score among the assessed indicators; share is what the
// area's score counts for in the score explained (1, or a quarter of the index).
func contributions(list []IndicatorResult, share float64) []Contribution {
	var weight float64
	for _, x := range list {
		if x.State == Assessed {
			weight += x.Weight
		}
	}
	out := []Contribution{}
	for _, x := range list {
		if x.State != Assessed || weight == 0 {
			continue
		}
		point := share * x.Weight * levelPoints / weight
		out = append(out, Contribution{
			Code: x.Code, Area: x.Area,
			Gives:        point * float64(*x.Evidenced),
			Loses:        point * float64(maxLevel-*x.Evidenced),
			Undocumented: point * float64(*x.Declared-*x.Evidenced),
		})
	}
	sortByLoss(out)
	return out
}

// sortByLoss puts most lost points first; equals keep the order of the instrument.
func sortByLoss(list []Contribution) {
	slices.SortStableFunc(list, func(a, b Contribution) int {
		switch {
		case a.Loses > b.Loses:
			return -1
		case a.Loses < b.Loses:
			return 1
		default:
			return 0
		}
	})
}

// agreementKappaMin is the number of indicators rated by both from which kappa is
// given (questionnaires.md §4).
const agreementKappaMin = 20

func agreement(items []surveys.Item, byCode map[string]surveys.Rating) Agreement {
	out := Agreement{ToDiscuss: []RaterGap{}}
	var as, bs []int
	same, near := 0, 0
	for _, it := range items {
		r := byCode[it.Code]
		if r.RaterA == nil || r.RaterB == nil {
			continue
		}
		a, b := *r.RaterA, *r.RaterB
		as, bs = append(as, int(a)), append(bs, int(b))
		switch gap := max(a-b, b-a); gap {
		case 0:
			same++
			near++
		case 1:
			near++
		default:
			out.ToDiscuss = append(out.ToDiscuss, RaterGap{it.Code, a, b})
		}
	}
	out.N = len(as)
	out.Identical, out.WithinOne = ratio(same, out.N), ratio(near, out.N)
	if out.N >= agreementKappaMin {
		if k, ok := stats.KappaQuadratic(as, bs, int(maxLevel)+1); ok {
			out.Kappa = &k
		}
	}
	return out
}

// ratio returns part/whole, nil when the whole is empty.
func ratio(part, whole int) *float64 {
	if whole == 0 {
		return nil
	}
	x := float64(part) / float64(whole)
	return &x
}
