package scoring

import (
	"fmt"
	"slices"

	"traguardo/surveys"
	"traguardo/surveys/privacy"
	"traguardo/surveys/stats"
)

// GroupFigure is one measure in the groups of a profile question, in the order of
// BreakdownResult.Groups. Intervals are without finite population correction: how
// many eligible employees a group has is not known.
type GroupFigure struct {
	Measure   Measure          `json:"measure"`
	Area      surveys.Area     `json:"area,omitempty"`      // "" for overall measures and attitudes
	Construct string           `json:"construct,omitempty"` // attitudes only
	Figures   []privacy.Figure `json:"figures"`
}

// BreakdownGroup is one answer to the profile question. Option is its value; 0
// gathers those who preferred not to say and those who gave no answer.
type BreakdownGroup struct {
	Option int          `json:"option"`
	People privacy.Cell `json:"people"`
}

// BreakdownResult splits the means of one wave by one profile question.
type BreakdownResult struct {
	FormulaVersion string           `json:"formula_version"`
	By             string           `json:"by"` // code of the profile item
	State          ResultState      `json:"state"`
	Groups         []BreakdownGroup `json:"groups"`
	Measures       []GroupFigure    `json:"measures"`
}

// Breakdown splits the published means of a closed wave by one profile item (P-01,
// P-02 or P-03). Every shown group, and what the shown groups leave of the total,
// has at least the threshold of people, measure by measure; when one group must be
// hidden the next smallest is too (questionnaires.md §8). At most one profile item
// may ever be used in a wave: the caller remembers which. Under 30 eligible
// employees, where the profile is not asked, everything is withheld. It returns
// surveys.ErrUnknownItem when by is no profile item and otherwise the errors of
// Staff.
func Breakdown(inst *surveys.Instrument, responses []Response, cfg StaffConfig, by string) (BreakdownResult, error) {
	whole, err := Staff(inst, responses, cfg)
	if err != nil {
		return BreakdownResult{}, err
	}
	p := newPlan(inst)
	at := slices.IndexFunc(p.items, func(x *item) bool { return x.Code == by && x.block == blockProfile })
	if at < 0 {
		return BreakdownResult{}, fmt.Errorf("scoring %s: %w: %q is no profile item", inst.Code, surveys.ErrUnknownItem, by)
	}
	out := BreakdownResult{
		FormulaVersion: FormulaVersion, By: by, State: whole.State,
		Groups: []BreakdownGroup{}, Measures: []GroupFigure{},
	}
	if whole.State != Published || cfg.Eligible < privacy.ProfileStaffMin {
		if whole.State == Published {
			out.State = TooFew
		}
		return out, nil
	}
	rules, err := privacy.NewRules(cfg.Threshold)
	if err != nil {
		return BreakdownResult{}, err
	}
	g, err := p.read(responses)
	if err != nil {
		return BreakdownResult{}, err
	}
	b := builder{plan: p, group: g, rules: rules}.counted()
	split := splitter{builder: b, of: b.groupOf(p.items[at])}
	split.options = append(split.options, 0)
	for _, o := range p.items[at].options {
		if o.Value != 0 {
			split.options = append(split.options, int(o.Value))
		}
	}
	split.fill(&out)
	return out, nil
}

// groupOf gives each person's profile answer, 0 for none.
func (b builder) groupOf(profile *item) []int {
	out := make([]int, len(b.group.people))
	for i, r := range b.group.people {
		if v := r.Vector[profile.from]; surveys.IsValue(v) {
			out[i] = int(v)
		}
	}
	return out
}

// splitter is a group of people cut by a profile question.
type splitter struct {
	builder
	options []int
	of      []int // option by person
}

func (s splitter) fill(out *BreakdownResult) {
	sizes := make([]int, len(s.options))
	for _, o := range s.of {
		sizes[slices.Index(s.options, o)]++
	}
	hidden := s.rules.Hide(sizes, nil)
	for k, o := range s.options {
		cell := privacy.Cell{State: privacy.Suppressed}
		if !hidden[k] {
			cell = privacy.Cell{State: privacy.Shown, Count: sizes[k]}
		}
		out.Groups = append(out.Groups, BreakdownGroup{o, cell})
	}
	for _, sc := range s.plan.scales {
		switch sc.measure {
		case SelfAssessed, Knowledge, Anchors, Attitude:
			out.Measures = append(out.Measures, GroupFigure{sc.measure, sc.area, sc.construct, s.figures(sc, hidden)})
		case Rotated, GuessChecked, Calibration, Behaviour, Overclaim, SelfThenItems, PostThen, ResponseShift:
		}
	}
}

// figures gives the mean of one measure in every group. Withheld groups do not say
// why: the reason would tell the first from its company.
func (s splitter) figures(sc *scale, hidden []bool) []privacy.Figure {
	out := make([]privacy.Figure, len(s.options))
	whole := s.column(sc)
	if state := s.rules.MeanState(whole.scores, sc.span); !whole.asked || state != privacy.Shown {
		for k := range out {
			out[k] = privacy.Withheld(state)
			if !whole.asked {
				out[k] = privacy.Withheld(privacy.NotAsked)
			}
		}
		return out
	}
	scores := make([][]float64, len(s.options))
	next := 0
	for i, has := range whole.has {
		if has {
			k := slices.Index(s.options, s.of[i])
			scores[k] = append(scores[k], whole.scores[next])
			next++
		}
	}
	counts, already := make([]int, len(scores)), make([]bool, len(scores))
	for k, xs := range scores {
		counts[k] = len(xs)
		already[k] = len(xs) > 0 && (hidden[k] || s.rules.MeanState(xs, sc.span) != privacy.Shown)
	}
	for k, hide := range s.rules.Hide(counts, already) {
		if hide {
			out[k] = privacy.Withheld(privacy.Suppressed)
			continue
		}
		mean, _ := stats.Mean(scores[k])
		out[k] = privacy.NewFigure(len(scores[k]), mean, meanInterval(scores[k], 0, sc.span), nil)
	}
	return out
}
