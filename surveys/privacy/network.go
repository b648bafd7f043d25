package privacy

import "math"

// edge is one cell of an additive table: count people flow from one node to
// another, and what flows into a node flows out of it. A hidden edge is withheld;
// a fixed one is published elsewhere and cannot be.
type edge struct {
	from, to, count      int
	hidden, total, fixed bool
}

// network is an additive table as a circulation. Everything an outsider can work
// out about hidden counts follows from: they are not negative, and every node is
// in balance.
type network struct {
	nodes int
	edges []edge
}

// protect hides more edges until no hidden one is alone at a node and each has a
// range of at least threshold people (and over ±2).
func (n *network) protect(threshold int) {
	width := max(threshold, 2*determinedHalfGap+1)
	for {
		if n.pairUp() {
			continue
		}
		weak := n.determined(width)
		if weak < 0 || !n.hideNear(weak) {
			return
		}
	}
}

// pairUp finds a node with exactly one hidden edge and hides the next smallest
// there; it reports whether it did.
func (n *network) pairUp() bool {
	for node := range n.nodes {
		alone := 0
		for _, e := range n.edges {
			if e.hidden && (e.from == node || e.to == node) {
				alone++
			}
		}
		if alone == 1 && n.hideSmallest(func(e edge) bool { return e.from == node || e.to == node }) {
			return true
		}
	}
	return false
}

// determined returns the first hidden edge whose range is narrower than width, or
// −1 when there is none.
func (n *network) determined(width int) int {
	for i, e := range n.edges {
		if !e.hidden {
			continue
		}
		low, high := n.bounds(i)
		if high-low < width {
			return i
		}
	}
	return -1
}

// hideNear hides the smallest shown edge that touches edge i, else the smallest
// anywhere; it reports whether there was one to hide.
func (n *network) hideNear(i int) bool {
	at := n.edges[i]
	touches := func(e edge) bool {
		return e.from == at.from || e.from == at.to || e.to == at.from || e.to == at.to
	}
	return n.hideSmallest(touches) || n.hideSmallest(func(edge) bool { return true })
}

// hideSmallest hides the smallest shown edge that fits: inner cells before totals,
// then the smaller, then the earlier.
func (n *network) hideSmallest(fits func(edge) bool) bool {
	best := -1
	for i, e := range n.edges {
		if e.hidden || e.fixed || !fits(e) {
			continue
		}
		if best < 0 || before(e, n.edges[best]) {
			best = i
		}
	}
	if best < 0 {
		return false
	}
	n.edges[best].hidden = true
	return true
}

func before(a, b edge) bool {
	if a.total != b.total {
		return !a.total
	}
	return a.count < b.count
}

// unbounded stands for «no upper limit»; far above any count of people, far below
// an overflow when a few are added.
const unbounded = math.MaxInt32

// bounds returns the smallest and the largest value that hidden edge i may have
// given the shown edges. The constraints are those of a network flow, so the
// linear bounds are whole numbers and follow from the largest flow that the other
// hidden edges can carry around i.
func (n *network) bounds(i int) (low, high int) {
	e := n.edges[i]
	less := n.maxFlow(e.from, e.to, i)
	more := n.maxFlow(e.to, e.from, i)
	return max(0, e.count-less), min(unbounded, e.count+more)
}

// maxFlow returns how much can be sent from one node to another over the hidden
// edges except one: forwards without limit, backwards up to the count that is
// there (a count cannot become negative). Shortest augmenting paths first.
func (n *network) maxFlow(from, to, except int) int {
	flow := make([]int, len(n.edges))
	total := 0
	for total < unbounded {
		via := n.path(from, to, except, flow)
		if via == nil {
			return total
		}
		step := unbounded
		n.walk(via, from, to, func(i int, forward bool) {
			if !forward {
				step = min(step, n.edges[i].count+flow[i])
			}
		})
		if step == unbounded {
			return unbounded
		}
		n.walk(via, from, to, func(i int, forward bool) {
			if forward {
				flow[i] += step
			} else {
				flow[i] -= step
			}
		})
		total += step
	}
	return total
}

// path returns for each node reached the edge by which it was first reached
// (−1: not reached), or nil when to cannot be reached.
func (n *network) path(from, to, except int, flow []int) []int {
	via := make([]int, n.nodes)
	for i := range via {
		via[i] = -1
	}
	queue := []int{from}
	for len(queue) > 0 {
		node := queue[0]
		queue = queue[1:]
		if node == to {
			return via
		}
		for i, e := range n.edges {
			if !e.hidden || i == except {
				continue
			}
			next := -1
			switch {
			case e.from == node:
				next = e.to
			case e.to == node && e.count+flow[i] > 0:
				next = e.from
			}
			if next >= 0 && next != from && via[next] < 0 {
				via[next] = i
				queue = append(queue, next)
			}
		}
	}
	return nil
}

// walk visits the edges of a path from its end to its start.
func (n *network) walk(via []int, from, to int, visit func(i int, forward bool)) {
	for node := to; node != from; {
		i := via[node]
		forward := n.edges[i].to == node
		visit(i, forward)
		if forward {
			node = n.edges[i].from
		} else {
			node = n.edges[i].to
		}
	}
}
