package planner

import (
	"errors"
	"fmt"
	"math"

	"traguardo/plans"
)

// ErrProblem: the problem is not well formed (unknown id, wrong length, cycle …).
var ErrProblem = errors.New("malformed planning problem")

// Problem is what Select decides on. Quarters are counted from 0, the first
// quarter of the plan. Its JSON form is that of `traguardo plan solve`.
type Problem struct {
	Quarters   int                  `json:"quarters"`       // 1–64; a plan has 4–12
	Start      plans.Quarter        `json:"start,omitzero"` // calendar quarter of quarter 0; zero: the first of a year without a name
	Budget     []int64              `json:"budget"`         // euro cents for each calendar year touched, in order
	Capacity   []int                `json:"capacity"`       // staff days for each quarter
	Indicators map[string]Indicator `json:"indicators"`
	Candidates []Candidate          `json:"candidates"`
}

// year returns the index in Budget of the year in which quarter q falls.
func (p Problem) year(q int) int { return (q + max(p.Start.N-1, 0)) / 4 }

// Indicator is something that candidates raise. Points[l] are the points of
// standing at level l; they do not fall as l grows.
type Indicator struct {
	Level  int       `json:"level"`
	Points []float64 `json:"points"` // one for each level from 0
	Target int       `json:"target"` // levels above it give nothing more
}

// Effect says that a candidate brings an indicator to a level.
type Effect struct {
	Indicator string `json:"indicator"`
	To        int    `json:"to"`
}

// Candidate is a micro-progetto that may be chosen.
type Candidate struct {
	ID        string   `json:"id"`
	Gain      float64  `json:"gain"` // points of its own, beside its effects
	Effects   []Effect `json:"effects"`
	Cost      int64    `json:"cost"`   // euro cents, all in the year in which it starts
	Effort    []int    `json:"effort"` // staff days in each quarter of its life, at least one
	Earliest  int      `json:"earliest"`
	Deadline  *int     `json:"deadline"`  // last quarter in which it may still run; nil: none
	Requires  []string `json:"requires"`  // must have finished before it starts
	Conflicts []string `json:"conflicts"` // cannot stand in the same plan; holds both ways
	Must      bool     `json:"must"`
	Never     bool     `json:"never"`
	Pin       *int     `json:"pin"` // quarter in which it starts; makes it a must
}

// must reports whether the candidate has to be in every plan. One that is also
// Never makes the problem infeasible.
func (c Candidate) must() bool { return c.Must || c.Pin != nil }

// Validate returns ErrProblem, with the place, when the problem is not well formed.
func (p Problem) Validate() error {
	if p.Quarters < 1 || p.Quarters > 64 || (!p.Start.IsZero() && !p.Start.Valid()) {
		return fmt.Errorf("%w: %d quarters from %q", ErrProblem, p.Quarters, p.Start)
	}
	years := p.year(p.Quarters-1) + 1
	if len(p.Budget) != years || len(p.Capacity) != p.Quarters {
		return fmt.Errorf("%w: %d budgets for %d years, %d capacities for %d quarters", ErrProblem, len(p.Budget), years, len(p.Capacity), p.Quarters)
	}
	for _, b := range p.Budget {
		if b < 0 {
			return fmt.Errorf("%w: negative budget", ErrProblem)
		}
	}
	for _, d := range p.Capacity {
		if d < 0 {
			return fmt.Errorf("%w: negative capacity", ErrProblem)
		}
	}
	for name, in := range p.Indicators {
		if err := in.validate(); err != nil {
			return fmt.Errorf("indicator %s: %w", name, err)
		}
	}
	return p.validateCandidates()
}

func (in Indicator) validate() error {
	if in.Level < 0 || in.Level >= len(in.Points) || in.Target < 0 || in.Target >= len(in.Points) {
		return fmt.Errorf("%w: level %d, target %d, %d points", ErrProblem, in.Level, in.Target, len(in.Points))
	}
	for l, v := range in.Points {
		if !usable(v) || (l > 0 && v < in.Points[l-1]) {
			return fmt.Errorf("%w: points fall at level %d", ErrProblem, l)
		}
	}
	return nil
}

// usable accepts points that the exact arithmetic of the search can hold.
func usable(v float64) bool { return !math.IsNaN(v) && math.Abs(v) <= 1e6 }

func (p Problem) validateCandidates() error {
	index := map[string]int{}
	for i, c := range p.Candidates {
		if _, twice := index[c.ID]; c.ID == "" || twice {
			return fmt.Errorf("%w: candidate id %q empty or twice", ErrProblem, c.ID)
		}
		index[c.ID] = i
	}
	for _, c := range p.Candidates {
		if c.Cost < 0 || len(c.Effort) == 0 || c.Earliest < 0 || !usable(c.Gain) || c.Gain < 0 {
			return fmt.Errorf("%w: candidate %s: cost %d, %d quarters, earliest %d, gain %g", ErrProblem, c.ID, c.Cost, len(c.Effort), c.Earliest, c.Gain)
		}
		for _, d := range c.Effort {
			if d < 0 {
				return fmt.Errorf("%w: candidate %s: negative effort", ErrProblem, c.ID)
			}
		}
		for _, e := range c.Effects {
			in, ok := p.Indicators[e.Indicator]
			if !ok || e.To < 0 || e.To >= len(in.Points) {
				return fmt.Errorf("%w: candidate %s: effect on %q to %d", ErrProblem, c.ID, e.Indicator, e.To)
			}
		}
		for _, o := range c.Conflicts {
			if o == c.ID {
				return fmt.Errorf("%w: candidate %s conflicts with itself", ErrProblem, c.ID)
			}
		}
	}
	return p.validateOrder(index)
}

// validateOrder refuses prerequisites that go in a circle. An unknown id in
// Requires is no fault of form: the candidate is out for want of it.
func (p Problem) validateOrder(index map[string]int) error {
	state := make([]int, len(p.Candidates)) // 0 not seen, 1 on the path, 2 done
	var visit func(i int) error
	visit = func(i int) error {
		if state[i] == 1 {
			return fmt.Errorf("%w: prerequisites of %s go in a circle", ErrProblem, p.Candidates[i].ID)
		}
		if state[i] == 2 {
			return nil
		}
		state[i] = 1
		for _, id := range p.Candidates[i].Requires {
			if j, ok := index[id]; ok {
				if err := visit(j); err != nil {
					return err
				}
			}
		}
		state[i] = 2
		return nil
	}
	for i := range p.Candidates {
		if err := visit(i); err != nil {
			return err
		}
	}
	return nil
}

// Gain returns the points of a set of candidates, whether or not it can stand.
func (p Problem) Gain(in map[string]bool) float64 {
	var sum int64
	top := map[string]int{}
	for _, c := range p.Candidates {
		if !in[c.ID] {
			continue
		}
		sum += micro(c.Gain)
		for _, e := range c.Effects {
			top[e.Indicator] = max(top[e.Indicator], e.To)
		}
	}
	for name, to := range top {
		i := p.Indicators[name]
		if l := min(to, i.Target); l > i.Level {
			sum += micro(i.Points[l]) - micro(i.Points[i.Level])
		}
	}
	return points(sum)
}

// micro turns points into the integer that the search counts with: a millionth
// of a point, so that sums are exact and the order of adding does not matter.
func micro(v float64) int64 { return int64(math.Round(v * 1e6)) }

func points(m int64) float64 { return float64(m) / 1e6 }

// Check returns how a set of starts breaks the problem, nil when it stands. It
// is written apart from the search, so that each can be held against the other.
func (p Problem) Check(starts map[string]int) error {
	budget := make([]int64, len(p.Budget))
	capacity := make([]int, len(p.Capacity))
	byID := map[string]Candidate{}
	for _, c := range p.Candidates {
		byID[c.ID] = c
	}
	for id := range starts {
		if _, ok := byID[id]; !ok {
			return fmt.Errorf("%w: %s is no candidate", ErrProblem, id)
		}
	}
	for _, c := range p.Candidates {
		q, in := starts[c.ID]
		if !in {
			if c.must() {
				return fmt.Errorf("%s must be in", c.ID)
			}
			continue
		}
		if err := c.checkStart(p, q, starts, byID); err != nil {
			return err
		}
		budget[p.year(q)] += c.Cost
		for k, d := range c.Effort {
			capacity[q+k] += d
		}
	}
	for y, used := range budget {
		if used > p.Budget[y] {
			return fmt.Errorf("year %d: %d cents over", y, used-p.Budget[y])
		}
	}
	for q, used := range capacity {
		if used > p.Capacity[q] {
			return fmt.Errorf("quarter %d: %d days over", q, used-p.Capacity[q])
		}
	}
	return nil
}

func (c Candidate) checkStart(p Problem, q int, starts map[string]int, byID map[string]Candidate) error {
	last := q + len(c.Effort) - 1
	switch {
	case c.Never:
		return fmt.Errorf("%s must be out", c.ID)
	case q < c.Earliest || last >= p.Quarters || (c.Deadline != nil && last > *c.Deadline):
		return fmt.Errorf("%s runs from %d to %d", c.ID, q, last)
	case c.Pin != nil && q != *c.Pin:
		return fmt.Errorf("%s starts in %d and not in %d", c.ID, q, *c.Pin)
	}
	for _, id := range c.Requires {
		s, ok := starts[id]
		if !ok || s+len(byID[id].Effort) > q {
			return fmt.Errorf("%s starts before %s ends", c.ID, id)
		}
	}
	for _, id := range c.Conflicts {
		if _, ok := starts[id]; ok {
			return fmt.Errorf("%s stands with %s", c.ID, id)
		}
	}
	return nil
}
