package planner

import "math"

// prices are the Lagrange multipliers of the relaxation, in points.
type prices struct {
	money, time float64     // per average cost, per average effort
	cover       []float64   // per step
	need        [][]float64 // [i][k]: for the k-th direct prerequisite of i
	clash       [][]float64 // [i][k]: for the k-th conflict of i, used where i is the smaller
}

func (m *model) newPrices() *prices {
	p := &prices{cover: make([]float64, len(m.steps)), need: make([][]float64, len(m.cands)), clash: make([][]float64, len(m.cands))}
	for i := range m.cands {
		p.need[i], p.clash[i] = make([]float64, len(m.requires[i])), make([]float64, len(m.conflict[i]))
	}
	for s := range m.steps {
		p.cover[s] = points(m.steps[s].value) / float64(len(m.steps[s].covers))
	}
	return p
}

func (p *prices) copyFrom(o *prices) {
	p.money, p.time = o.money, o.time
	copy(p.cover, o.cover)
	for i := range p.need {
		copy(p.need[i], o.need[i])
		copy(p.clash[i], o.clash[i])
	}
}

// relax is the working memory of the bound.
type relax struct {
	m           *model
	cost, effor []float64 // in averages
	reduced     []float64 // what each free candidate adds to the bound when in; below 0 what it takes
	covered     []bool    // step won by a candidate that is in
	alive       []int     // free candidates that cover the step
	win         []float64 // of the step in the relaxed answer: 1 when taken
	cur         *prices
	avgCost     float64
	avgDays     float64
}

func newRelax(m *model) *relax {
	r := &relax{m: m, cost: make([]float64, len(m.cands)), effor: make([]float64, len(m.cands)), reduced: make([]float64, len(m.cands)),
		covered: make([]bool, len(m.steps)), alive: make([]int, len(m.steps)), win: make([]float64, len(m.steps)), cur: m.newPrices()}
	for i, c := range m.cands {
		r.avgCost += float64(c.Cost) / float64(len(m.cands))
		r.avgDays += float64(m.days[i]) / float64(len(m.cands))
	}
	r.avgCost, r.avgDays = math.Max(r.avgCost, 1), math.Max(r.avgDays, 1)
	for i, c := range m.cands {
		r.cost[i], r.effor[i] = float64(c.Cost)/r.avgCost, float64(m.days[i])/r.avgDays
	}
	return r
}

// fix reads the state of a node: what is won, which steps can still be won, and
// what is left of money and days, in averages.
func (r *relax) fix(nd *node) (won, money, time float64) {
	m := r.m
	var sum int64
	for s := range m.steps {
		r.covered[s], r.alive[s] = false, 0
	}
	var cost, days float64
	for i := range m.cands {
		switch nd.status[i] {
		case isIn:
			sum += m.gain[i]
			cost += float64(m.cands[i].Cost)
			days += float64(m.days[i])
			for _, s := range m.stepsOf[i] {
				if !r.covered[s] {
					r.covered[s] = true
					sum += m.steps[s].value
				}
			}
		case isFree:
			for _, s := range m.stepsOf[i] {
				r.alive[s]++
			}
		}
	}
	for _, b := range m.p.Budget {
		money += float64(b)
	}
	for _, d := range m.p.Capacity {
		time += float64(d)
	}
	return points(sum), (money - cost) / r.avgCost, (time - days) / r.avgDays
}

// value computes the bound at the current prices and fills reduced and win.
func (r *relax) value(nd *node, won, money, time float64) float64 {
	m, p := r.m, r.cur
	bound := won + p.money*money + p.time*time
	for s := range m.steps {
		r.win[s] = 0
		if v := points(m.steps[s].value) - p.cover[s]; !r.covered[s] && r.alive[s] > 0 && v > 0 {
			bound += v
			r.win[s] = 1
		}
	}
	for i := range m.cands {
		if nd.status[i] == isFree {
			r.reduced[i] = points(m.gain[i]) - p.money*r.cost[i] - p.time*r.effor[i]
			for _, s := range m.stepsOf[i] {
				if !r.covered[s] {
					r.reduced[i] += p.cover[s]
				}
			}
		}
	}
	for i := range m.cands {
		if nd.status[i] != isFree {
			continue
		}
		for k, j := range m.requires[i] {
			if nd.status[j] == isFree {
				r.reduced[i] -= p.need[i][k]
				r.reduced[j] += p.need[i][k]
			}
		}
		for k, j := range m.conflict[i] {
			if j > i && nd.status[j] == isFree {
				r.reduced[i] -= p.clash[i][k]
				r.reduced[j] -= p.clash[i][k]
				bound += p.clash[i][k]
			}
		}
	}
	for i := range m.cands {
		if nd.status[i] == isFree && r.reduced[i] > 0 {
			bound += r.reduced[i]
		}
	}
	return bound
}

// taken is 1 when the relaxed answer holds i.
func (r *relax) taken(nd *node, i int) float64 {
	if nd.status[i] == isIn || (nd.status[i] == isFree && r.reduced[i] > 0) {
		return 1
	}
	return 0
}

// slope returns the squared length of the subgradient at the current answer
// and its first two parts.
func (r *relax) slope(nd *node, money, time float64) (norm, gm, gt float64) {
	m := r.m
	gm, gt = money, time
	for i := range m.cands {
		if nd.status[i] != isFree {
			continue
		}
		x := r.taken(nd, i)
		gm -= x * r.cost[i]
		gt -= x * r.effor[i]
		for _, j := range m.requires[i] {
			if nd.status[j] == isFree {
				g := r.taken(nd, j) - x
				norm += g * g
			}
		}
		for _, j := range m.conflict[i] {
			if j > i && nd.status[j] == isFree {
				g := 1 - x - r.taken(nd, j)
				norm += g * g
			}
		}
	}
	for s := range m.steps {
		if !r.covered[s] && r.alive[s] > 0 {
			g := r.coverSlope(nd, s)
			norm += g * g
		}
	}
	return norm + gm*gm + gt*gt, gm, gt
}

func (r *relax) coverSlope(nd *node, s int) float64 {
	g := -r.win[s]
	for _, i := range r.m.steps[s].covers {
		if nd.status[i] == isFree {
			g += r.taken(nd, i)
		}
	}
	return g
}

// move goes one step of length t down the subgradient.
func (r *relax) move(nd *node, t, gm, gt float64) {
	m, p := r.m, r.cur
	p.money, p.time = math.Max(0, p.money-t*gm), math.Max(0, p.time-t*gt)
	for s := range m.steps {
		if !r.covered[s] && r.alive[s] > 0 {
			p.cover[s] = math.Min(points(m.steps[s].value), math.Max(0, p.cover[s]-t*r.coverSlope(nd, s)))
		}
	}
	for i := range m.cands {
		if nd.status[i] != isFree {
			continue
		}
		x := r.taken(nd, i)
		for k, j := range m.requires[i] {
			if nd.status[j] == isFree {
				p.need[i][k] = math.Max(0, p.need[i][k]-t*(r.taken(nd, j)-x))
			}
		}
		for k, j := range m.conflict[i] {
			if j > i && nd.status[j] == isFree {
				p.clash[i][k] = math.Max(0, p.clash[i][k]-t*(1-x-r.taken(nd, j)))
			}
		}
	}
}
