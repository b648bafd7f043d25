package planner

import (
	"math"
	"slices"
)

// status of a candidate in a node of the search.
type status uint8

const (
	isFree status = iota
	isIn
	isOut
)

// node is a part of the search: some candidates in (with a schedule), some out.
type node struct {
	status []status
	board  *board
}

func (nd *node) copy() *node { return &node{slices.Clone(nd.status), nd.board.copy()} }

// search is one run of branch and bound.
type search struct {
	m        *model
	relax    *relax
	best     *board
	bestGain int64
	bestCost int64
	work     int   // done so far, in units of about a candidate looked at
	limit    int   // work after which the search stops
	tries    int   // choices looked at in one exact schedule
	missed   int64 // highest bound of a part that this round left unsearched, -1 when none
	open     int64 // lowest missed of any round: no plan gains more than it or the best
	spare    []*prices
	keep     *prices
	quick    bool // spend little on a first good plan
}

const (
	arrangeTries = 400 // the first value of search.tries
	shuffleTries = 60  // the same while looking for a first good plan
	rootSteps    = 300 // subgradient steps at the root
	nodeSteps    = 8   // at every other node
)

// offer takes the board as the best plan when it gains more, or as much for less.
func (s *search) offer(b *board) {
	gain, cost := s.m.total(b.set()), int64(0)
	for i := range s.m.cands {
		if b.in(i) {
			cost += s.m.cands[i].Cost
		}
	}
	if s.best == nil || gain > s.bestGain || (gain == s.bestGain && cost < s.bestCost) {
		s.best, s.bestGain, s.bestCost = b.copy(), gain, cost
	}
}

// leave notes that a part with this bound was not searched.
func (s *search) leave(bound int64) { s.missed = max(s.missed, bound) }

// floor turns a bound in points into the highest gain that it allows.
func (s *search) floor(bound float64) int64 {
	m := int64(math.Floor(bound*1e6 + 0.1))
	return m - ((m%s.m.unit)+s.m.unit)%s.m.unit
}

// run searches below nd, which holds every must. While schedules that could not
// be decided are all that stands between the best plan and a proof, it searches
// again with more patience for each.
func (s *search) run(nd *node) {
	for s.tries = arrangeTries; ; s.tries *= 8 {
		s.missed = -1
		s.descend(nd.copy(), rootSteps, 0, math.MaxInt64/2)
		s.open = min(s.open, s.missed) // each round is a proof of its own
		if s.open <= s.bestGain || s.work >= s.limit {
			return
		}
	}
}

// descend searches the part nd. inherited is the bound of the part around it.
func (s *search) descend(nd *node, steps, depth int, inherited int64) {
	if s.work >= s.limit {
		s.leave(inherited)
		return
	}
	relaxed := s.bound(nd, steps)
	bound := min(s.floor(relaxed), inherited)
	if bound <= s.bestGain {
		return
	}
	s.settle(nd, relaxed)
	i := s.choose(nd)
	if i < 0 {
		return
	}
	saved := s.spareAt(depth)
	saved.copyFrom(s.relax.cur)
	with := nd.copy()
	if s.include(with, i, bound) {
		s.offer(with.board)
		s.descend(with, nodeSteps, depth+1, bound)
	}
	s.relax.cur.copyFrom(saved)
	s.exclude(nd, i)
	s.descend(nd, nodeSteps, depth+1, bound)
}

func (s *search) spareAt(depth int) *prices {
	for len(s.spare) <= depth {
		s.spare = append(s.spare, s.m.newPrices())
	}
	return s.spare[depth]
}

// bound returns points that no plan of the part can exceed, by a few steps of
// the relaxation, which is left at the prices of its best step.
func (s *search) bound(nd *node, steps int) float64 {
	r := s.relax
	won, money, time := r.fix(nd)
	best, stalled, pace := math.Inf(1), 0, 1.0
	keep := s.keep
	keep.copyFrom(r.cur)
	for range steps {
		s.work += len(s.m.cands)
		v := r.value(nd, won, money, time)
		if v < best-1e-9 {
			best, stalled = v, 0
			keep.copyFrom(r.cur)
		} else if stalled++; stalled >= 5 {
			stalled, pace = 0, pace/2
		}
		if s.floor(best) <= s.bestGain {
			break
		}
		norm, gm, gt := r.slope(nd, money, time)
		if norm < 1e-12 || pace < 1e-3 {
			break
		}
		r.move(nd, pace*(v-points(s.bestGain)+0.01)/norm, gm, gt)
	}
	r.cur.copyFrom(keep)
	return r.value(nd, won, money, time)
}

// settle puts out candidates too dear for what is left, useless ones, and those
// with which no plan of the part beats the best one; relaxed is the bound at the
// present prices.
func (s *search) settle(nd *node, relaxed float64) {
	r, m := s.relax, s.m
	var money int64
	days := 0
	for _, b := range nd.board.budget {
		money += b
	}
	for _, d := range nd.board.days {
		days += d
	}
	for i := range m.cands {
		if nd.status[i] != isFree {
			continue
		}
		s.work++
		rc := r.reduced[i]
		switch {
		case m.cands[i].Cost > money || m.days[i] > days || s.useless(nd, i):
			s.exclude(nd, i)
		case rc < 0 && s.floor(relaxed+rc) <= s.bestGain:
			s.exclude(nd, i)
		}
	}
}

// useless reports whether i wins nothing that the part has not won, neither
// itself nor by opening the way to another.
func (s *search) useless(nd *node, i int) bool {
	if s.wins(nd, i) {
		return false
	}
	for _, j := range s.m.after[i] {
		if nd.status[j] == isFree && s.wins(nd, j) {
			return false
		}
	}
	return true
}

func (s *search) wins(nd *node, i int) bool {
	if s.m.gain[i] > 0 {
		return true
	}
	for _, k := range s.m.stepsOf[i] {
		if !slices.ContainsFunc(s.m.steps[k].covers, func(j int) bool { return nd.status[j] == isIn }) {
			return true
		}
	}
	return false
}

// choose returns the free candidate that the prices like best, -1 when none is free.
func (s *search) choose(nd *node) int {
	best, score := -1, math.Inf(-1)
	for i := range s.m.cands {
		if nd.status[i] == isFree && s.relax.reduced[i] > score {
			best, score = i, s.relax.reduced[i]
		}
	}
	return best
}

// exclude puts i out, and all that need it.
func (s *search) exclude(nd *node, i int) {
	nd.status[i] = isOut
	for _, j := range s.m.after[i] {
		if nd.status[j] == isFree {
			nd.status[j] = isOut
		}
	}
}

// include puts i in with its prerequisites and finds a schedule, and puts out what
// conflicts. It reports false when the part is empty, or is left unsearched
// because no schedule was found in the work allowed.
func (s *search) include(nd *node, i int, bound int64) bool {
	group := nd.board.group(i)
	for _, j := range group {
		if nd.status[j] == isOut {
			return false
		}
	}
	if nd.board.clashes(group) {
		return false
	}
	s.work += len(s.m.cands)
	if !nd.board.placeAll(group) {
		set := nd.board.set()
		for _, j := range group {
			set[j] = true
		}
		b, v := s.m.arrange(set, s.tries, &s.work)
		switch v {
		case cannot:
			return false
		case unknown:
			s.leave(bound)
			return false
		case stands:
			nd.board = b
		}
	}
	for _, j := range group {
		nd.status[j] = isIn
		for _, k := range s.m.conflict[j] {
			if nd.status[k] == isFree {
				s.exclude(nd, k)
			}
		}
	}
	return true
}
