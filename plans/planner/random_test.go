package planner

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// small draws an instance that brute force can decide: every kind of
// constraint, infeasible ones included.
func small(r *rand.Rand) Problem {
	p := Problem{Quarters: 2 + r.IntN(3), Indicators: map[string]Indicator{}}
	for range p.year(p.Quarters-1) + 1 {
		p.Budget = append(p.Budget, int64(r.IntN(12)))
	}
	for range p.Quarters {
		p.Capacity = append(p.Capacity, r.IntN(8))
	}
	for i := range 1 + r.IntN(3) {
		in := Indicator{Level: r.IntN(3), Target: r.IntN(5), Points: []float64{0}}
		for l := range 4 {
			in.Points = append(in.Points, in.Points[l]+float64(r.IntN(9))/2)
		}
		p.Indicators[fmt.Sprintf("I%d", i)] = in
	}
	n := 1 + r.IntN(6)
	for i := range n {
		p.Candidates = append(p.Candidates, smallCandidate(r, p, i, n))
	}
	return p
}

func smallCandidate(r *rand.Rand, p Problem, i, n int) Candidate {
	c := Candidate{ID: string(rune('A' + i)), Cost: int64(r.IntN(8)), Earliest: max(0, r.IntN(5)-2)}
	for range 1 + r.IntN(3) {
		c.Effort = append(c.Effort, r.IntN(5))
	}
	if r.IntN(3) == 0 {
		c.Gain = float64(r.IntN(5)) / 4
	}
	for range r.IntN(3) {
		c.Effects = append(c.Effects, Effect{fmt.Sprintf("I%d", r.IntN(len(p.Indicators))), r.IntN(5)})
	}
	if i > 0 && r.IntN(3) == 0 {
		c.Requires = append(c.Requires, string(rune('A'+r.IntN(i))))
	}
	if n > 1 && r.IntN(4) == 0 {
		if o := r.IntN(n); o != i {
			c.Conflicts = append(c.Conflicts, string(rune('A'+o)))
		}
	}
	if r.IntN(6) == 0 {
		d := r.IntN(p.Quarters + 1)
		c.Deadline = &d
	}
	c.Must = r.IntN(8) == 0
	c.Never = r.IntN(12) == 0
	if r.IntN(14) == 0 {
		q := r.IntN(p.Quarters)
		c.Pin = &q
	}
	return c
}

// brute tries every start of every candidate. It returns the highest gain and
// whether any plan stands.
func brute(p Problem) (gain float64, feasible bool) {
	gain = -1
	starts := map[string]int{}
	var walk func(i int)
	walk = func(i int) {
		if i == len(p.Candidates) {
			if p.Check(starts) == nil {
				in := map[string]bool{}
				for id := range starts {
					in[id] = true
				}
				gain, feasible = max(gain, p.Gain(in)), true
			}
			return
		}
		walk(i + 1)
		c := p.Candidates[i]
		for q := 0; q+len(c.Effort) <= p.Quarters; q++ {
			starts[c.ID] = q
			walk(i + 1)
			delete(starts, c.ID)
		}
	}
	walk(0)
	return gain, feasible
}

// town draws an instance like that of a Comune: n candidates of 1 to 3 quarters
// over quarters quarters, ladders of levels, and money and days for a share of them.
func town(r *rand.Rand, n, quarters int, share float64) Problem {
	p := Problem{Quarters: quarters, Indicators: map[string]Indicator{}}
	var cost int64
	days := 0
	for i := 0; i < n; i++ {
		ind := fmt.Sprintf("M%02d", i/2)
		level := 0
		weight := float64(1 + r.IntN(2))
		if _, ok := p.Indicators[ind]; !ok {
			p.Indicators[ind] = Indicator{Level: level, Target: 3, Points: []float64{0, 10 * weight, 20 * weight, 28 * weight, 33 * weight}}
		}
		c := Candidate{ID: fmt.Sprintf("C%03d", i), Cost: int64(r.IntN(40)) * 50_000, Effects: []Effect{{ind, 2 + i%2}}}
		for range 1 + r.IntN(3) {
			c.Effort = append(c.Effort, 2+r.IntN(10))
		}
		if i%2 == 1 {
			c.Requires = append(c.Requires, fmt.Sprintf("C%03d", i-1))
		}
		if r.IntN(3) == 0 {
			line := fmt.Sprintf("line:%d", r.IntN(n/3+1))
			p.Indicators[line] = Indicator{Points: []float64{0, float64(6 + 3*r.IntN(2))}, Target: 1}
			c.Effects = append(c.Effects, Effect{line, 1})
		}
		if i > 4 && r.IntN(8) == 0 {
			if o := fmt.Sprintf("C%03d", r.IntN(i)); !slices.Contains(c.Requires, o) {
				c.Requires = append(c.Requires, o)
			}
		}
		cost += c.Cost
		for _, d := range c.Effort {
			days += d
		}
		p.Candidates = append(p.Candidates, c)
	}
	years := p.year(quarters-1) + 1
	for range years {
		p.Budget = append(p.Budget, int64(float64(cost)*share/float64(years)))
	}
	for range quarters {
		p.Capacity = append(p.Capacity, int(float64(days)*share*1.2/float64(quarters)))
	}
	return p
}
