package planner

import (
	"math"
	"slices"

	"traguardo/plans"
)

// Decision is what was decided of a candidate, and why.
type Decision struct {
	In     bool
	Reason plans.Reason // the one to show
	// Holds are all the reasons that hold for a candidate that is out, Reason
	// among them; nil when it is in.
	Holds []plans.Reason
	// Loss is what the best plan with this candidate gains less, in points. It is
	// nil when it is in, cannot be in, or the loss is not proved.
	Loss *float64
	// Displaces are chosen candidates that a plan with this one would leave out.
	Displaces []string
}

// lossWork is the work allowed to each question «what if this one were in».
const lossWork = 30_000

// explain gives every candidate its decision.
func (s *search) explain(root *node, sol Solution, o Options) map[string]Decision {
	out := map[string]Decision{}
	for i, c := range s.m.cands {
		if s.best.in(i) {
			out[c.ID] = Decision{In: true, Reason: s.whyIn(root, i)}
			continue
		}
		d := Decision{Holds: s.whyOut(i)}
		if !o.SkipLosses {
			s.force(i, sol, &d)
		}
		d.Reason = d.Holds[0]
		out[c.ID] = d
	}
	return out
}

// whyIn gives the points of i alone: what its prerequisites win is theirs.
func (s *search) whyIn(root *node, i int) plans.Reason {
	m := s.m
	set := s.best.set()
	set[i] = false
	r := plans.Reason{Code: plans.OutChosen, Cents: plans.Cents(m.cands[i].Cost), Days: m.days[i], Points: points(s.bestGain - m.total(set))}
	var others []string
	for _, j := range m.after[i] {
		if s.best.in(j) {
			others = append(others, m.cands[j].ID)
		}
	}
	switch {
	case m.cands[i].must():
		r.Code = plans.OutMust
	case len(others) > 0 && (root.status[i] == isIn || r.Points == 0):
		r.Code, r.Other = plans.OutForOther, others
	}
	return r
}

// whyOut returns every reason that holds, the one to show first: what no money
// or time would change, then money, then time.
func (s *search) whyOut(i int) []plans.Reason {
	m := s.m
	var out []plans.Reason
	if m.cands[i].Never {
		out = append(out, plans.Reason{Code: plans.OutNever})
	}
	if lacking := m.lacking(i); len(lacking) > 0 {
		out = append(out, plans.Reason{Code: plans.OutPrereq, Other: lacking})
	}
	if q, late := m.tooLate(i); late {
		out = append(out, plans.Reason{Code: plans.OutDeadline, Quarter: m.quarter(q)})
	}
	group := s.best.group(i)
	if rivals := s.rivals(group); len(rivals) > 0 {
		out = append(out, plans.Reason{Code: plans.OutConflict, Other: rivals})
	}
	if m.p.Gain(s.names(group)) <= points(s.bestGain) {
		out = append(out, plans.Reason{Code: plans.OutNoGain, Other: s.already(i)})
	}
	if r, short := s.shortMoney(group); short {
		out = append(out, r)
	}
	if r, short := s.shortDays(group); short {
		out = append(out, r)
	}
	if len(out) == 0 {
		out = append(out, plans.Reason{Code: plans.OutOutweighed})
	}
	return out
}

// names are the chosen candidates and the group. Candidates that can be in no
// plan win no step of the model, so gains with them are counted on the problem.
func (s *search) names(group []int) map[string]bool {
	out := map[string]bool{}
	for i, c := range s.m.cands {
		if s.best.in(i) || slices.Contains(group, i) {
			out[c.ID] = true
		}
	}
	return out
}

// lacking are the prerequisites of i that cannot be in any plan, direct or not.
func (m *model) lacking(i int) []string {
	out := slices.Clone(m.missing[i])
	for _, j := range m.before[i] {
		if !m.possible[j] {
			out = append(out, m.cands[j].ID)
		}
	}
	return out
}

// tooLate reports whether i could not end in time even with all the money and
// days, and the quarter by which it would have to end.
func (m *model) tooLate(i int) (int, bool) {
	from := m.soonest(i)
	for q := from; q < m.p.Quarters; q++ {
		if m.inTime(i, q) {
			return 0, false
		}
	}
	last := m.p.Quarters - 1
	if d := m.cands[i].Deadline; d != nil {
		last = min(last, *d)
	}
	return last, true
}

// soonest is the first quarter in which i could start after its prerequisites.
func (m *model) soonest(i int) int {
	from := 0
	for _, j := range m.requires[i] {
		from = max(from, max(m.soonest(j), m.cands[j].Earliest)+len(m.cands[j].Effort))
	}
	return from
}

// quarter names quarter q; the zero value when the plan has no calendar.
func (m *model) quarter(q int) plans.Quarter {
	if m.p.Start.IsZero() {
		return plans.Quarter{}
	}
	return m.p.Start.Add(q)
}

// yearName names the y-th year; its index when the plan has no calendar.
func (m *model) yearName(y int) int { return m.p.Start.Year + y }

// rivals are those chosen that conflict with one of the group.
func (s *search) rivals(group []int) []string {
	var out []string
	for _, i := range group {
		for _, j := range s.m.conflict[i] {
			if id := s.m.cands[j].ID; (s.best.in(j) || slices.Contains(group, j)) && !slices.Contains(out, id) {
				out = append(out, id)
			}
		}
	}
	slices.Sort(out)
	return out
}

// already are those chosen that reach the levels which i would reach.
func (s *search) already(i int) []string {
	var out []string
	for j, c := range s.m.cands {
		if !s.best.in(j) {
			continue
		}
		for _, e := range s.m.cands[i].Effects {
			target := s.m.p.Indicators[e.Indicator].Target
			same := func(o Effect) bool { return o.Indicator == e.Indicator && o.To >= min(e.To, target) }
			if slices.ContainsFunc(c.Effects, same) && !slices.Contains(out, c.ID) {
				out = append(out, c.ID)
			}
		}
	}
	return out
}

// shortMoney reports that the group does not fit the money left, however many
// days there were: the year that lacks least, and how much.
func (s *search) shortMoney(group []int) (plans.Reason, bool) {
	b := s.best.copy()
	for q := range b.days {
		b.days[q] = math.MaxInt32
	}
	for _, i := range group {
		least, at := int64(math.MaxInt64), -1
		placed := false
		for q := b.ready(i); q < s.m.p.Quarters && !placed; q++ {
			if !s.m.inTime(i, q) {
				continue
			}
			if lack := s.m.cands[i].Cost - b.budget[s.m.year(q)]; lack <= 0 {
				b.put(i, q)
				placed = true
			} else if lack < least {
				least, at = lack, s.m.year(q)
			}
		}
		if !placed {
			return plans.Reason{Code: plans.OutBudget, Year: s.m.yearName(max(at, 0)), Cents: plans.Cents(least)}, at >= 0
		}
	}
	return plans.Reason{}, false
}

// shortDays reports that the group does not fit the days left, however much
// money there was: the quarter that lacks most at the start where it lacks least.
func (s *search) shortDays(group []int) (plans.Reason, bool) {
	b := s.best.copy()
	for y := range b.budget {
		b.budget[y] = math.MaxInt64 / 4
	}
	for _, i := range group {
		least, at, placed := math.MaxInt, -1, false
		for q := b.ready(i); q < s.m.p.Quarters && !placed; q++ {
			if !s.m.inTime(i, q) {
				continue
			}
			if lack, where := b.lackDays(i, q); lack <= 0 {
				b.put(i, q)
				placed = true
			} else if lack < least {
				least, at = lack, where
			}
		}
		if !placed {
			return plans.Reason{Code: plans.OutCapacity, Quarter: s.m.quarter(max(at, 0)), Days: least}, at >= 0
		}
	}
	return plans.Reason{}, false
}

// lackDays returns the most days lacking in any quarter of i started in q.
func (b *board) lackDays(i, q int) (lack, where int) {
	for k, d := range b.m.cands[i].Effort {
		if l := d - b.days[q+k]; l > lack {
			lack, where = l, q+k
		}
	}
	return lack, where
}

// force asks what the best plan with i would be, and writes the answer into d.
func (s *search) force(i int, sol Solution, d *Decision) {
	p := s.m.p
	p.Candidates = slices.Clone(s.m.cands)
	p.Candidates[i].Must, p.Candidates[i].Never = true, false
	forced, err := Select(p, Options{Work: lossWork, SkipLosses: true, quick: true})
	if err != nil || forced.Status == Infeasible {
		return
	}
	for id := range sol.Starts {
		if _, in := forced.Starts[id]; !in {
			d.Displaces = append(d.Displaces, id)
		}
	}
	slices.Sort(d.Displaces)
	loss := round1e6(sol.Gain - forced.Gain)
	if forced.Proved && sol.Proved {
		d.Loss = &loss
	}
	for k := range d.Holds {
		switch r := &d.Holds[k]; r.Code {
		case plans.OutBudget, plans.OutCapacity, plans.OutOutweighed:
			if len(d.Displaces) > 0 && loss >= 0 {
				r.Other, r.Points = d.Displaces, loss
			}
		default:
		}
	}
}

// explainClash gives every candidate of an infeasible problem its decision:
// nothing is chosen because of the clash.
func (m *model) explainClash(sol *Solution) {
	for _, c := range m.cands {
		r := plans.Reason{Code: plans.OutClash, Other: sol.Clash}
		if c.Never && !c.must() {
			r = plans.Reason{Code: plans.OutNever}
		}
		sol.Why[c.ID] = Decision{Reason: r, Holds: []plans.Reason{r}}
	}
}
