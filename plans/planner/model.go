package planner

import (
	"slices"
	"strings"
)

// step is one level of one indicator: value is won once when any candidate in
// covers is in.
type step struct {
	value  int64 // millionths of a point, > 0
	covers []int
}

// model is a Problem made ready for the search: candidates in order of id, sets
// as indexes, levels as steps.
type model struct {
	p        Problem
	cands    []Candidate
	index    map[string]int
	gain     []int64  // own gain, and steps that no other candidate covers
	days     []int    // sum of effort
	windows  []uint64 // bit q: may start in quarter q of the empty plan
	requires [][]int  // known prerequisites, direct
	missing  [][]string
	before   [][]int // all prerequisites, in an order in which they can be placed
	after    [][]int // all candidates that need this one
	conflict [][]int
	steps    []step
	stepsOf  [][]int
	possible []bool // may be in some plan: not never, window not empty, prerequisites possible
	unit     int64  // every gain is a multiple of it, ≥ 1
	years    []int  // year of each quarter
}

func newModel(p Problem) *model {
	m := &model{p: p, cands: slices.Clone(p.Candidates), index: map[string]int{}}
	slices.SortFunc(m.cands, func(a, b Candidate) int { return strings.Compare(a.ID, b.ID) })
	n := len(m.cands)
	for i, c := range m.cands {
		m.index[c.ID] = i
	}
	m.gain, m.days, m.windows = make([]int64, n), make([]int, n), make([]uint64, n)
	m.requires, m.missing, m.before, m.after = make([][]int, n), make([][]string, n), make([][]int, n), make([][]int, n)
	m.conflict, m.stepsOf, m.possible = make([][]int, n), make([][]int, n), make([]bool, n)
	for q := range p.Quarters {
		m.years = append(m.years, p.year(q))
	}
	m.link()
	m.openWindows()
	m.makeSteps()
	return m
}

// link resolves ids and closes prerequisites.
func (m *model) link() {
	for i, c := range m.cands {
		for _, d := range c.Effort {
			m.days[i] += d
		}
		for _, id := range c.Requires {
			if j, ok := m.index[id]; !ok {
				m.missing[i] = append(m.missing[i], id)
			} else if !slices.Contains(m.requires[i], j) {
				m.requires[i] = append(m.requires[i], j)
			}
		}
		slices.Sort(m.requires[i])
		for _, id := range c.Conflicts {
			if j, ok := m.index[id]; ok {
				m.conflict[i], m.conflict[j] = append(m.conflict[i], j), append(m.conflict[j], i)
			}
		}
	}
	for i := range m.cands {
		slices.Sort(m.conflict[i])
		m.conflict[i] = slices.Compact(m.conflict[i])
		m.before[i] = m.closure(i, nil)
		for _, j := range m.before[i] {
			m.after[j] = append(m.after[j], i)
		}
	}
}

// closure appends to out every prerequisite of i, each after its own.
func (m *model) closure(i int, out []int) []int {
	for _, j := range m.requires[i] {
		if !slices.Contains(out, j) {
			out = append(m.closure(j, out), j)
		}
	}
	return out
}

func (m *model) year(q int) int { return m.years[q] }

// openWindows finds the quarters in which each candidate may start at all.
func (m *model) openWindows() {
	done := make([]bool, len(m.cands))
	var open func(i int)
	open = func(i int) {
		if done[i] {
			return
		}
		done[i] = true
		from := 0
		ok := !m.cands[i].Never && len(m.missing[i]) == 0
		for _, j := range m.requires[i] {
			open(j)
			ok = ok && m.possible[j]
			if m.windows[j] != 0 {
				from = max(from, lowest(m.windows[j])+len(m.cands[j].Effort))
			}
		}
		for q := from; q < m.p.Quarters; q++ {
			if m.inTime(i, q) && m.cands[i].Cost <= m.p.Budget[m.year(q)] && m.fitsDays(i, q, m.p.Capacity) {
				m.windows[i] |= 1 << q
			}
		}
		m.possible[i] = ok && m.windows[i] != 0
	}
	for i := range m.cands {
		open(i)
	}
}

func lowest(w uint64) int {
	q := 0
	for w>>q&1 == 0 {
		q++
	}
	return q
}

// inTime reports whether i may start in q by its own dates.
func (m *model) inTime(i, q int) bool {
	c := m.cands[i]
	last := q + len(c.Effort) - 1
	return q >= c.Earliest && last < m.p.Quarters && (c.Deadline == nil || last <= *c.Deadline) && (c.Pin == nil || *c.Pin == q)
}

func (m *model) fitsDays(i, q int, left []int) bool {
	for k, d := range m.cands[i].Effort {
		if d > left[q+k] {
			return false
		}
	}
	return true
}

// makeSteps turns levels into steps. A candidate whose prerequisite wins a step
// does not win it too, and a step of one candidate becomes its own gain.
func (m *model) makeSteps() {
	names := make([]string, 0, len(m.p.Indicators))
	for name := range m.p.Indicators {
		names = append(names, name)
	}
	slices.Sort(names)
	reach := m.reach()
	for _, name := range names {
		ind := m.p.Indicators[name]
		for l := ind.Level + 1; l <= ind.Target; l++ {
			value := micro(ind.Points[l]) - micro(ind.Points[l-1])
			if value <= 0 {
				continue
			}
			var covers []int
			for i := range m.cands {
				if m.possible[i] && reach[i][name] >= l && !slices.ContainsFunc(m.before[i], func(j int) bool { return reach[j][name] >= l }) {
					covers = append(covers, i)
				}
			}
			m.addStep(step{value, covers})
		}
	}
	for i, c := range m.cands {
		m.gain[i] += micro(c.Gain)
		m.unit = gcd(m.unit, m.gain[i])
	}
	for _, s := range m.steps {
		m.unit = gcd(m.unit, s.value)
	}
	m.unit = max(m.unit, 1)
}

func (m *model) addStep(s step) {
	switch len(s.covers) {
	case 0:
	case 1:
		m.gain[s.covers[0]] += s.value
	default:
		for _, i := range s.covers {
			m.stepsOf[i] = append(m.stepsOf[i], len(m.steps))
		}
		m.steps = append(m.steps, s)
	}
}

// reach gives for each candidate the highest level of each indicator it raises.
func (m *model) reach() []map[string]int {
	out := make([]map[string]int, len(m.cands))
	for i, c := range m.cands {
		out[i] = map[string]int{}
		for _, e := range c.Effects {
			out[i][e.Indicator] = max(out[i][e.Indicator], e.To)
		}
	}
	return out
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return max(a, -a)
}

// total returns the gain of a set of candidates that holds its prerequisites.
func (m *model) total(in []bool) int64 {
	var sum int64
	for i, yes := range in {
		if yes {
			sum += m.gain[i]
		}
	}
	for _, s := range m.steps {
		if slices.ContainsFunc(s.covers, func(i int) bool { return in[i] }) {
			sum += s.value
		}
	}
	return sum
}
