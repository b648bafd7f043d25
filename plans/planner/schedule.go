package planner

import (
	"encoding/binary"
	"slices"
)

// board is a set of candidates with a quarter for each: a plan in the making.
type board struct {
	m      *model
	start  []int // quarter, -1 when not on the board
	budget []int64
	days   []int
	count  int
}

func (m *model) newBoard() *board {
	b := &board{m: m, start: make([]int, len(m.cands)), budget: slices.Clone(m.p.Budget), days: slices.Clone(m.p.Capacity)}
	for i := range b.start {
		b.start[i] = -1
	}
	return b
}

func (b *board) copy() *board {
	return &board{b.m, slices.Clone(b.start), slices.Clone(b.budget), slices.Clone(b.days), b.count}
}

func (b *board) in(i int) bool { return b.start[i] >= 0 }

func (b *board) set() []bool {
	out := make([]bool, len(b.start))
	for i := range out {
		out[i] = b.in(i)
	}
	return out
}

func (b *board) put(i, q int) {
	c := &b.m.cands[i]
	b.start[i] = q
	b.count++
	b.budget[b.m.year(q)] -= c.Cost
	for k, d := range c.Effort {
		b.days[q+k] -= d
	}
}

func (b *board) take(i int) {
	c, q := &b.m.cands[i], b.start[i]
	b.start[i] = -1
	b.count--
	b.budget[b.m.year(q)] += c.Cost
	for k, d := range c.Effort {
		b.days[q+k] += d
	}
}

// ready returns the first quarter after every prerequisite of i on the board.
func (b *board) ready(i int) int {
	from := 0
	for _, j := range b.m.requires[i] {
		if b.in(j) {
			from = max(from, b.start[j]+len(b.m.cands[j].Effort))
		}
	}
	return from
}

// fits reports whether i can start in q beside what is on the board.
func (b *board) fits(i, q int) bool {
	return b.m.windows[i]>>q&1 == 1 && b.m.cands[i].Cost <= b.budget[b.m.year(q)] && b.m.fitsDays(i, q, b.days)
}

// place puts i in the first quarter in which it fits, and reports whether there was one.
func (b *board) place(i int) bool {
	for q := b.ready(i); q < b.m.p.Quarters; q++ {
		if b.fits(i, q) {
			b.put(i, q)
			return true
		}
	}
	return false
}

// group returns i after those of its prerequisites that are not on the board.
func (b *board) group(i int) []int {
	var out []int
	for _, j := range b.m.before[i] {
		if !b.in(j) {
			out = append(out, j)
		}
	}
	return append(out, i)
}

// clashes reports whether one of group conflicts with the board or with another of the group.
func (b *board) clashes(group []int) bool {
	for _, i := range group {
		for _, j := range b.m.conflict[i] {
			if b.in(j) || slices.Contains(group, j) {
				return true
			}
		}
	}
	return false
}

// placeAll places the group in its order, or leaves the board as it was.
func (b *board) placeAll(group []int) bool {
	for k, i := range group {
		if !b.place(i) {
			for _, j := range group[:k] {
				b.take(j)
			}
			return false
		}
	}
	return true
}

// verdict is what arrange found.
type verdict int

const (
	stands  verdict = iota // a schedule was found
	cannot                 // there is none
	unknown                // the work allowed ended first
)

// arrange looks for a schedule of exactly the candidates of set (which holds
// their prerequisites). First by placing them in a few orders, then by trying
// every start, at most limit times. It adds what it did to work.
func (m *model) arrange(set []bool, limit int, work *int) (*board, verdict) {
	var list []int
	for i, yes := range set {
		if yes {
			list = append(list, i)
		}
	}
	for _, less := range m.orders() {
		slices.SortStableFunc(list, less)
		b := m.newBoard()
		*work += len(list)
		if b.placeInOrder(list) {
			return b, stands
		}
	}
	if !m.yearsFit(list, limit, work) {
		return nil, cannot
	}
	b, tries := m.newBoard(), limit // each try looks at up to as many quarters as there are
	v := b.exhaust(list, &tries)
	*work += (limit - tries) * 2
	return b, v
}

// orders are the rules by which a first schedule is tried: narrow windows,
// big efforts, big costs, many that wait.
func (m *model) orders() []func(a, b int) int {
	width := func(i int) int {
		n := 0
		for w := m.windows[i]; w != 0; w &= w - 1 {
			n++
		}
		return n
	}
	return []func(a, b int) int{
		func(a, b int) int { return len(m.after[b]) - len(m.after[a]) },
		func(a, b int) int { return width(a) - width(b) },
		func(a, b int) int { return slices.Max(m.cands[b].Effort) - slices.Max(m.cands[a].Effort) },
		func(a, b int) int { return int(max(min(m.cands[b].Cost-m.cands[a].Cost, 1), -1)) },
	}
}

// placeInOrder places the list, each after its prerequisites.
func (b *board) placeInOrder(list []int) bool {
	for b.count < len(list) {
		placed := false
		for _, i := range list {
			if b.in(i) || slices.ContainsFunc(b.m.requires[i], func(j int) bool { return !b.in(j) }) {
				continue
			}
			if !b.place(i) {
				return false
			}
			placed = true
		}
		if !placed {
			return false
		}
	}
	return true
}

// exhaust tries every start of every candidate of list that is not on the
// board, the one with fewest choices first, and leaves the schedule on the
// board. tries counts down by one for each choice counted or made.
func (b *board) exhaust(list []int, tries *int) verdict {
	if b.count == len(list) {
		return stands
	}
	if *tries <= 0 {
		return unknown
	}
	pick, fewest := b.hardest(list, tries)
	if fewest == 0 || pick < 0 {
		return cannot
	}
	for q := b.ready(pick); q < b.m.p.Quarters; q++ {
		if !b.fits(pick, q) {
			continue
		}
		b.put(pick, q)
		if v := b.exhaust(list, tries); v != cannot {
			return v // unknown: the board is thrown away by arrange
		}
		b.take(pick)
	}
	return cannot
}

// hardest returns the candidate whose turn it may be with fewest quarters to
// start in, the one of most days among equals, and how many they are.
func (b *board) hardest(list []int, tries *int) (pick, fewest int) {
	pick, fewest = -1, b.m.p.Quarters+1
	for _, i := range list {
		if b.in(i) || slices.ContainsFunc(b.m.requires[i], func(j int) bool { return !b.in(j) }) {
			continue
		}
		*tries--
		choices := 0
		for q := b.ready(i); q < b.m.p.Quarters && choices <= fewest; q++ {
			if b.fits(i, q) {
				choices++
			}
		}
		if choices < fewest || (choices == fewest && b.m.days[i] > b.m.days[pick]) {
			pick, fewest = i, choices
		}
	}
	return pick, fewest
}

// yearsFit reports whether the costs of list can be dealt out to the yearly
// budgets at all, whatever the days. It says true when it does not find out in
// the work allowed: false is a proof.
func (m *model) yearsFit(list []int, limit int, work *int) bool {
	order := slices.Clone(list)
	slices.SortStableFunc(order, func(a, b int) int { return int(max(min(m.cands[b].Cost-m.cands[a].Cost, 1), -1)) })
	left := slices.Clone(m.p.Budget)
	seen := map[string]bool{}
	var state []byte
	tries := limit
	var deal func(k int) bool
	deal = func(k int) bool {
		if k == len(order) || m.cands[order[k]].Cost == 0 || tries <= 0 {
			return true
		}
		tries--
		state = state[:0]
		for _, v := range append(left, int64(k)) {
			state = binary.LittleEndian.AppendUint64(state, uint64(v))
		}
		if seen[string(state)] {
			return false
		}
		seen[string(state)] = true
		i, last := order[k], -1
		for q := range m.p.Quarters {
			if y := m.year(q); y != last && m.windows[i]>>q&1 == 1 && m.cands[i].Cost <= left[y] {
				last = y
				left[y] -= m.cands[i].Cost
				ok := deal(k + 1)
				left[y] += m.cands[i].Cost
				if ok {
					return true
				}
			}
		}
		return false
	}
	fits := deal(0)
	*work += (limit - tries) * 2
	return fits
}
