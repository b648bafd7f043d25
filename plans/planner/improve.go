package planner

import "math"

// greedy fills the board from what is allowed: always the group of candidates
// that wins most for the share of money and days it takes. weight tells how much
// days count beside money (0 to 1). What does not fit is tried once more with a
// new schedule of everything, unless the search is quick.
func (s *search) greedy(b *board, allowed []bool, weight float64) {
	m, work := s.m, &s.work
	var money, time float64 = 1, 1
	for _, v := range m.p.Budget {
		money += float64(v)
	}
	for _, d := range m.p.Capacity {
		time += float64(d)
	}
	banned := make([]bool, len(m.cands))
	for {
		set := b.set()
		now := m.total(set)
		pick, score := -1, 0.0
		for i := range m.cands {
			if b.in(i) || banned[i] || !allowed[i] {
				continue
			}
			*work++
			group := b.group(i)
			if !allAllowed(group, allowed) || b.clashes(group) {
				continue
			}
			won, weigh := points(m.with(set, group)-now), 1e-6
			for _, j := range group {
				weigh += (1-weight)*float64(m.cands[j].Cost)/money + weight*float64(m.days[j])/time
			}
			if won > 0 && won/weigh > score {
				pick, score = i, won/weigh
			}
		}
		if pick < 0 {
			return
		}
		if !b.placeAll(b.group(pick)) && (s.quick || !b.reshuffle(b.group(pick), work)) {
			banned[pick] = true
		}
	}
}

// reshuffle makes place for the group by a new schedule of everything, looked
// for briefly; it leaves the board as it was when it finds none.
func (b *board) reshuffle(group []int, work *int) bool {
	set := b.set()
	for _, i := range group {
		set[i] = true
	}
	better, v := b.m.arrange(set, shuffleTries, work)
	if v == stands {
		*b = *better
	}
	return v == stands
}

func allAllowed(group []int, allowed []bool) bool {
	for _, i := range group {
		if !allowed[i] {
			return false
		}
	}
	return true
}

// with returns the gain of set and group together; set is left as it was.
func (m *model) with(set []bool, group []int) int64 {
	for _, i := range group {
		set[i] = true
	}
	sum := m.total(set)
	for _, i := range group {
		set[i] = false
	}
	return sum
}

// start offers a first good plan: greedy fillings of the root, then one
// candidate out and the hole filled again, while that helps.
func (s *search) start(root *node) {
	m := s.m
	allowed := make([]bool, len(m.cands))
	for i := range allowed {
		allowed[i] = root.status[i] != isOut
	}
	weights := []float64{0.5, 0, 1, 0.2, 0.8}
	if s.quick {
		weights = weights[:1]
	}
	for _, weight := range weights {
		b := root.board.copy()
		s.greedy(b, allowed, weight)
		s.offer(b)
	}
	for round := 0; round < 6; round++ {
		before := s.bestGain
		for i := range m.cands {
			if s.quick && s.work > s.limit/8 { // a look in greedy is dear: a hundred questions must not take seconds
				return
			}
			if s.best.in(i) && root.status[i] == isFree {
				s.swap(i, allowed)
			}
		}
		if s.bestGain == before || s.work > s.limit/4 {
			return
		}
	}
}

// fill adds to the best plan whatever still fits and wins something, which there
// can only be when the search ended early.
func (s *search) fill(root *node) {
	allowed := make([]bool, len(s.m.cands))
	for i := range allowed {
		allowed[i] = root.status[i] != isOut
	}
	b := s.best.copy()
	s.greedy(b, allowed, 0.5)
	s.offer(b)
}

// swap tries the best plan without i and what needs it, filled again.
func (s *search) swap(i int, allowed []bool) {
	b := s.best.copy()
	b.drop(i)
	allowed[i] = false
	s.greedy(b, allowed, 0.5)
	allowed[i] = true
	s.greedy(b, allowed, 0.5)
	s.offer(b)
}

// drop takes i and all that need it off the board.
func (b *board) drop(i int) {
	for _, j := range b.m.after[i] {
		if b.in(j) {
			b.take(j)
		}
	}
	if b.in(i) {
		b.take(i)
	}
}

// polish makes the best plan cheaper and earlier without losing points: what
// adds nothing goes (unless it is fixed), dear ones give way to cheaper ones
// that win as much, and everything starts as early as it can.
func (s *search) polish(fixed []bool) {
	for s.thin(fixed) || s.cheapen(fixed) {
	}
	s.early()
}

// thin drops one candidate that adds nothing; it reports whether there was one.
func (s *search) thin(fixed []bool) bool {
	for i := range s.m.cands {
		if !s.best.in(i) || fixed[i] || s.keepsOthers(i) {
			continue
		}
		set := s.best.set()
		set[i] = false
		if s.m.total(set) >= s.bestGain {
			s.best.take(i)
			s.bestCost -= s.m.cands[i].Cost
			return true
		}
	}
	return false
}

func (s *search) keepsOthers(i int) bool {
	for _, j := range s.m.after[i] {
		if s.best.in(j) {
			return true
		}
	}
	return false
}

// cheapen swaps one candidate for a cheaper one of no less gain.
func (s *search) cheapen(fixed []bool) bool {
	for i := range s.m.cands {
		if !s.best.in(i) || fixed[i] || s.keepsOthers(i) {
			continue
		}
		for j := range s.m.cands {
			if s.best.in(j) || !s.m.possible[j] || s.m.cands[j].Cost >= s.m.cands[i].Cost {
				continue
			}
			b := s.best.copy()
			b.take(i)
			if group := b.group(j); len(group) == 1 && !b.clashes(group) && s.m.with(b.set(), group) >= s.bestGain && b.place(j) {
				s.offer(b)
				return true
			}
		}
	}
	return false
}

// early moves each candidate to the first quarter in which it fits, until none moves.
func (s *search) early() {
	for moved := true; moved; {
		moved = false
		for i := range s.m.cands {
			if !s.best.in(i) {
				continue
			}
			q := s.best.start[i]
			s.best.take(i)
			if !s.best.place(i) || s.best.start[i] > q {
				if s.best.in(i) {
					s.best.take(i)
				}
				s.best.put(i, q)
			}
			moved = moved || s.best.start[i] < q
		}
	}
}

// round1e6 cuts what floating point adds beyond a millionth of a point.
func round1e6(v float64) float64 { return math.Round(v*1e6) / 1e6 }
