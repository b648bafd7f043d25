package planner

import (
	"maps"
	"math"
	"slices"
)

// Status of a solution.
type Status string

// The statuses: optimal when no plan gains more (proved), feasible when one
// might, infeasible when the musts cannot stand together.
const (
	Optimal    Status = "optimal"
	Feasible   Status = "feasible"
	Infeasible Status = "infeasible"
)

func (s Status) String() string { return string(s) }

// Options steer the search without changing what is a good plan.
type Options struct {
	// Work is how much the search may do; 0 means DefaultWork. More work can
	// only raise the gain and lower the bound.
	Work int
	// Warm is an earlier plan (id → quarter). When it still stands, the result
	// gains at least as much. What does not stand is passed over.
	Warm map[string]int
	// SkipLosses leaves Out.Loss and Out.Displaces empty, which is faster.
	SkipLosses bool

	quick bool // one greedy plan to begin with, for the many small questions of force
}

// DefaultWork lets 60 candidates over 12 quarters end in well under a second.
const DefaultWork = 5_000_000

// Solution is the answer to a Problem.
type Solution struct {
	Status Status
	Gain   float64             // points of the plan
	Bound  float64             // no plan gains more; equal to Gain when Proved
	Proved bool                // also when infeasible: that no schedule exists, not only that none was found
	Cost   int64               // euro cents
	Starts map[string]int      // chosen candidates and their quarter
	Why    map[string]Decision // every candidate, in or out
	Clash  []string            // when infeasible: musts that cannot stand together, in order of id
}

// Select chooses and schedules. It returns ErrProblem when the problem is not
// well formed; an infeasible one is no error. Equal problems give equal answers,
// whatever the order of candidates.
func Select(p Problem, o Options) (Solution, error) {
	if err := p.Validate(); err != nil {
		return Solution{}, err
	}
	m := newModel(p)
	root, v := m.root(arrangeTries * 20)
	if v != stands && o.quick { // force only asks whether: naming the clash takes a question for every three musts
		return Solution{Status: Infeasible, Proved: v == cannot}, nil
	}
	if v != stands {
		return m.infeasible(v), nil
	}
	s := &search{m: m, relax: newRelax(m), keep: m.newPrices(), limit: o.Work, open: math.MaxInt64, quick: o.quick}
	if s.limit <= 0 {
		s.limit = DefaultWork
	}
	fixed := make([]bool, len(m.cands))
	for i := range fixed {
		fixed[i] = root.status[i] == isIn
	}
	s.offer(root.board)
	s.warm(o.Warm, fixed)
	s.start(root)
	s.run(root)
	s.fill(root)
	s.polish(fixed)
	return s.solution(root, o), nil
}

// root puts every must in with its prerequisites, and out what cannot be in. The
// verdict says whether the musts have a schedule; the node is nil unless they have.
func (m *model) root(tries int) (*node, verdict) {
	nd := &node{status: make([]status, len(m.cands)), board: m.newBoard()}
	set := make([]bool, len(m.cands))
	for i, c := range m.cands {
		if !m.possible[i] {
			nd.status[i] = isOut
		}
		if !c.must() {
			continue
		}
		if !m.possible[i] {
			return nil, cannot
		}
		set[i] = true
		for _, j := range m.before[i] {
			set[j] = true
		}
	}
	for i, yes := range set {
		if !yes {
			continue
		}
		nd.status[i] = isIn
		if slices.ContainsFunc(m.conflict[i], func(j int) bool { return set[j] }) {
			return nil, cannot
		}
	}
	for i := range m.cands {
		if nd.status[i] == isFree && m.barred(i, set) {
			nd.status[i] = isOut
		}
	}
	work := 0
	b, v := m.arrange(set, tries, &work)
	if v != stands {
		return nil, v
	}
	nd.board = b
	return nd, stands
}

// barred reports whether i or one of its prerequisites conflicts with set.
func (m *model) barred(i int, set []bool) bool {
	for _, j := range append([]int{i}, m.before[i]...) {
		if slices.ContainsFunc(m.conflict[j], func(k int) bool { return set[k] }) {
			return true
		}
	}
	return false
}

// warm offers an earlier plan when it still stands.
func (s *search) warm(starts map[string]int, fixed []bool) {
	if len(starts) == 0 || s.m.p.Check(starts) != nil {
		return
	}
	b := s.m.newBoard()
	for _, id := range slices.Sorted(maps.Keys(starts)) {
		b.put(s.m.index[id], starts[id])
	}
	for i := range fixed {
		if fixed[i] && !b.in(i) {
			return
		}
	}
	s.offer(b)
}

func (s *search) solution(root *node, o Options) Solution {
	m := s.m
	out := Solution{Status: Feasible, Gain: points(s.bestGain), Cost: s.bestCost, Starts: map[string]int{}}
	bound := max(s.bestGain, s.open)
	bound -= ((bound % m.unit) + m.unit) % m.unit
	out.Bound = round1e6(points(bound))
	if out.Proved = bound <= s.bestGain; out.Proved {
		out.Status, out.Bound = Optimal, out.Gain
	}
	for i, c := range m.cands {
		if s.best.in(i) {
			out.Starts[c.ID] = s.best.start[i]
		}
	}
	out.Why = s.explain(root, out, o)
	return out
}

// infeasible names musts that cannot stand together: the smallest such set of
// up to three, or else one from which none can be left out. Alone among
// candidates a must that can never stand is a set of one.
func (m *model) infeasible(v verdict) Solution {
	var musts []string
	for _, c := range m.cands {
		if c.must() {
			musts = append(musts, c.ID)
		}
	}
	clash := m.smallClash(musts)
	if clash == nil {
		clash = m.thinClash(musts)
	}
	out := Solution{Status: Infeasible, Proved: v == cannot, Clash: clash, Why: map[string]Decision{}, Starts: map[string]int{}}
	m.explainClash(&out)
	return out
}

// stand reports whether these musts alone can stand.
func (m *model) stand(musts []string) bool {
	p := m.p
	p.Candidates = slices.Clone(m.cands)
	for i := range p.Candidates {
		c := &p.Candidates[i]
		if keep := slices.Contains(musts, c.ID); !keep {
			c.Must, c.Pin = false, nil
		}
	}
	_, v := newModel(p).root(arrangeTries)
	return v == stands
}

func (m *model) smallClash(musts []string) []string {
	n := len(musts)
	for i := 0; i < n; i++ {
		if !m.stand(musts[i : i+1]) {
			return musts[i : i+1]
		}
	}
	if n > 25 {
		return nil
	}
	for i := 0; i < n; i++ {
		for j := i + 1; j < n; j++ {
			if pair := []string{musts[i], musts[j]}; !m.stand(pair) {
				return pair
			}
		}
	}
	for i := 0; i < n; i++ {
		for j := i + 1; j < n; j++ {
			for k := j + 1; k < n; k++ {
				if three := []string{musts[i], musts[j], musts[k]}; !m.stand(three) {
					return three
				}
			}
		}
	}
	return nil
}

// thinClash leaves out every must without which the rest still cannot stand.
func (m *model) thinClash(musts []string) []string {
	clash := slices.Clone(musts)
	for _, id := range musts {
		rest := slices.DeleteFunc(slices.Clone(clash), func(x string) bool { return x == id })
		if len(rest) > 0 && !m.stand(rest) {
			clash = rest
		}
	}
	return clash
}
