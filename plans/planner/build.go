package planner

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"traguardo/plans"
	"traguardo/surveys"
)

// Frame is what the ente can spend and wants, around the options.
type Frame struct {
	Start    plans.Quarter
	Quarters int
	Budget   []plans.Cents // one for each calendar year (plans.YearsOf)
	Capacity []int         // staff days, one for each quarter
	Must     map[string]bool
	Never    map[string]bool
	Pins     map[string]plans.Quarter // quarter in which an option starts; makes it a must
	Earliest map[string]plans.Quarter
	// Cost and Effort replace the figures of the catalogue by the ente's own.
	Cost   map[string]plans.Cents
	Effort map[string][]int
}

// Build makes the problem of the options within the frame. Every line and every
// weak competence becomes an indicator of two levels, so that it counts once.
// It returns ErrProblem when a pin stands outside the plan or names no option.
func Build(in Input, options []Option, f Frame) (Problem, error) {
	p := Problem{Quarters: f.Quarters, Start: f.Start, Capacity: slices.Clone(f.Capacity), Indicators: map[string]Indicator{}}
	for _, b := range f.Budget {
		p.Budget = append(p.Budget, int64(b))
	}
	states := map[string]IndicatorState{}
	for _, s := range in.Indicators {
		if s.Target == 0 {
			s.Target = in.Points.DefaultTarget
		}
		states[s.Code] = s
	}
	lines := map[string]LineState{}
	for _, l := range in.Lines {
		lines[l.Code] = l
	}
	known := map[string]bool{}
	for _, o := range options {
		known[o.ID] = true
		c := Candidate{ID: o.ID, Cost: int64(f.cost(o)), Effort: f.effort(o), Requires: o.Requires, Conflicts: o.Conflicts, Must: f.Must[o.ID], Never: f.Never[o.ID]}
		if err := f.dates(&c); err != nil {
			return Problem{}, err
		}
		for _, e := range o.Effects {
			if s := states[e.Indicator]; e.From != nil && *e.From < s.Target {
				p.Indicators[e.Indicator] = Indicator{Level: int(*e.From), Target: int(s.Target), Points: in.Points.cumulative(s.Gate)}
				c.Effects = append(c.Effects, Effect{e.Indicator, int(e.To)})
			}
		}
		for _, code := range o.Lines {
			worth := in.Points.Line
			if lines[code].overdue(in.Today) {
				worth = in.Points.LineOverdue
			}
			c.Effects = append(c.Effects, p.once("line:"+code, worth))
		}
		for _, key := range o.Needs {
			c.Effects = append(c.Effects, p.once("item:"+key, in.Points.Training))
		}
		p.Candidates = append(p.Candidates, c)
	}
	for _, id := range slices.Sorted(maps.Keys(f.Pins)) {
		if !known[id] {
			return Problem{}, fmt.Errorf("%w: pin of %s, which is no candidate", ErrProblem, id)
		}
	}
	return p, p.Validate()
}

// once makes an indicator of two levels and returns the effect of reaching the second.
func (p *Problem) once(name string, worth float64) Effect {
	p.Indicators[name] = Indicator{Points: []float64{0, worth}, Target: 1}
	return Effect{name, 1}
}

func (f Frame) cost(o Option) plans.Cents {
	if c, own := f.Cost[o.ID]; own {
		return c
	}
	return o.Stage.Cost()
}

func (f Frame) effort(o Option) []int {
	if e, own := f.Effort[o.ID]; own {
		return slices.Clone(e)
	}
	return slices.Clone(o.Stage.Effort)
}

func (f Frame) dates(c *Candidate) error {
	if q, ok := f.Earliest[c.ID]; ok {
		c.Earliest = max(0, q.Sub(f.Start))
	}
	q, ok := f.Pins[c.ID]
	if !ok {
		return nil
	}
	at := q.Sub(f.Start)
	if at < 0 || at >= f.Quarters {
		return fmt.Errorf("%w: %s is pinned to %s, outside the plan", ErrProblem, c.ID, q)
	}
	c.Pin = &at
	return nil
}

// Choices writes a solution as the choices of a plan, in order of candidate.
func Choices(options []Option, s Solution) []plans.Choice {
	out := make([]plans.Choice, 0, len(options))
	for _, o := range options {
		d := s.Why[o.ID]
		out = append(out, plans.Choice{Candidate: o.ID, Title: o.Title, In: d.In, Asked: o.Asked, Reason: d.Reason})
	}
	slices.SortFunc(out, func(a, b plans.Choice) int { return strings.Compare(a.Candidate, b.Candidate) })
	return out
}

// Sheets makes the sheets of the chosen options, in order of id of the option.
// ids names each chosen option's micro-progetto; acceptance gives the text of a level of
// an indicator from the instrument in use. A shared figure of the frame is used
// where there is one, and then the cost is no estimate any more.
func Sheets(options []Option, s Solution, f Frame, ids map[string]surveys.ID, acceptance func(indicator string, l surveys.Level) string) []plans.Sheet {
	var out []plans.Sheet
	for _, o := range options {
		start, in := s.Starts[o.ID]
		if !in {
			continue
		}
		t := o.Template
		_, own := f.Cost[o.ID]
		_, pinned := f.Pins[o.ID]
		out = append(out, plans.Sheet{
			ID: ids[o.ID], Template: o.ID, TemplateVersion: t.Version, Title: o.Title, Purpose: t.Purpose, Area: t.Area,
			Effects: o.Effects, Lines: o.Closes, HelpsLines: t.Helps, Competences: t.Trains, Deliverables: t.Deliverables,
			Acceptance: o.accept(acceptance), Cost: f.cost(o), RunningCost: o.Running, CostEstimated: t.Estimate && !own,
			Start: f.Start.Add(start), Effort: f.effort(o), Requires: named(o.Requires, s, ids), Conflicts: named(o.Conflicts, s, ids),
			Must: f.Must[o.ID], Pinned: pinned, Reasons: o.Asked,
		})
	}
	return out
}

func named(list []string, s Solution, ids map[string]surveys.ID) []surveys.ID {
	var out []surveys.ID
	for _, id := range list {
		if _, in := s.Starts[id]; in {
			out = append(out, ids[id])
		}
	}
	return out
}

// accept is the text of the level reached of each indicator; without indicators
// it is what is handed over.
func (o Option) accept(text func(string, surveys.Level) string) string {
	var parts []string
	for _, e := range o.Effects {
		parts = append(parts, fmt.Sprintf("%s, L%d: %s", e.Indicator, e.To, text(e.Indicator, e.To)))
	}
	if len(parts) == 0 {
		return "Consegnato e verificato: " + strings.Join(o.Template.Deliverables, "; ") + "."
	}
	return strings.Join(parts, "\n")
}

// Milestones proposes a dated milestone for each step of the option, from the
// first day of its quarter by the typical weeks. They have no ids yet.
func (o Option) Milestones(start plans.Quarter) []plans.Milestone {
	day := start.First()
	out := make([]plans.Milestone, len(o.Template.Steps))
	for i, s := range o.Template.Steps {
		day = day.AddDays(7 * s.Weeks)
		out[i] = plans.Milestone{Title: s.Do, Due: day.AddDays(-1)}
	}
	return out
}
