package privacy

import (
	"fmt"

	"traguardo/surveys"
)

// Grid is an additive table of people, made safe: cells, row totals, column totals
// and grand total. A hidden count cannot be computed from the shown ones, nor be
// narrowed to within two of some value.
type Grid struct {
	Cells     [][]Cell `json:"cells"`
	RowTotals []Cell   `json:"row_totals"`
	ColTotals []Cell   `json:"col_totals"`
	Total     Cell     `json:"total"`
}

// Hide says which groups of one additive line must not be shown, given that their
// total is published. counts are people a group; already marks groups that are
// withheld for another reason (nil: none). The result has the length of counts.
// Groups below the threshold go first; when the hidden ones could be computed from
// the total, the next smallest goes too (the earlier of equals), until the hidden
// groups hold nobody at all or at least the threshold and cannot be told apart
// (methodology §2.10). Empty groups are hidden but are no company: that they are
// empty shows from the total.
func (r Rules) Hide(counts []int, already []bool) []bool {
	net := network{nodes: 2}
	hidden := make([]bool, len(counts))
	var at []int // group of each edge
	for i, c := range counts {
		if c == 0 {
			hidden[i] = true
			continue
		}
		marked := i < len(already) && already[i]
		net.edges = append(net.edges, edge{from: 0, to: 1, count: c, hidden: marked || c < r.Threshold()})
		at = append(at, i)
	}
	net.edges = append(net.edges, edge{from: 1, to: 0, count: sum(counts), total: true, fixed: true})
	net.protect(r.Threshold())
	for k, i := range at {
		hidden[i] = net.edges[k].hidden
	}
	return hidden
}

// Table applies primary and complementary suppression to counts (rows × columns,
// all rows equally long) together with its margins. Counts below the threshold are
// hidden, zeros included; then, while a hidden cell is alone in its row or column,
// the next smallest there; last, every hidden cell's range is solved from what is
// shown and more is hidden until none is known within two on either side. It
// refuses an empty or ragged table and negative counts with surveys.ErrInvalid.
func (r Rules) Table(counts [][]int) (Grid, error) {
	net, err := gridNetwork(counts, r.Threshold())
	if err != nil {
		return Grid{}, err
	}
	net.protect(r.Threshold())
	rows, cols := len(counts), len(counts[0])
	at := 0
	// A hidden cell does not say whether it is a primary or a complementary one: that
	// would tell of each first one that it is below the threshold.
	next := func() Cell {
		e := net.edges[at]
		at++
		if e.hidden {
			return Cell{State: Suppressed}
		}
		return Cell{State: Shown, Count: e.count}
	}
	g := Grid{Cells: make([][]Cell, rows)}
	for i := range rows {
		for range cols {
			g.Cells[i] = append(g.Cells[i], next())
		}
	}
	for range rows {
		g.RowTotals = append(g.RowTotals, next())
	}
	for range cols {
		g.ColTotals = append(g.ColTotals, next())
	}
	g.Total = next()
	return g, nil
}

// gridNetwork lays the table out as a circulation: the grand total flows to the
// row totals, each row total to its cells, each cell to its column total, and the
// column totals back to the grand total. Edges stand in the order cells, row
// totals, column totals, grand total.
func gridNetwork(counts [][]int, threshold int) (network, error) {
	if len(counts) == 0 || len(counts[0]) == 0 {
		return network{}, fmt.Errorf("%w: table without cells", surveys.ErrInvalid)
	}
	rows, cols := len(counts), len(counts[0])
	source, sink := rows+cols, rows+cols+1
	net := network{nodes: rows + cols + 2}
	rowTotals, colTotals := make([]int, rows), make([]int, cols)
	for i, row := range counts {
		if len(row) != cols {
			return network{}, fmt.Errorf("%w: row %d has %d cells, want %d", surveys.ErrInvalid, i, len(row), cols)
		}
		for j, c := range row {
			if c < 0 {
				return network{}, fmt.Errorf("%w: count %d in row %d", surveys.ErrInvalid, c, i)
			}
			net.edges = append(net.edges, edge{from: i, to: rows + j, count: c})
			rowTotals[i] += c
			colTotals[j] += c
		}
	}
	for i, c := range rowTotals {
		net.edges = append(net.edges, edge{from: source, to: i, count: c, total: true})
	}
	for j, c := range colTotals {
		net.edges = append(net.edges, edge{from: rows + j, to: sink, count: c, total: true})
	}
	net.edges = append(net.edges, edge{from: sink, to: source, count: sum(rowTotals), total: true})
	for i := range net.edges {
		net.edges[i].hidden = net.edges[i].count < threshold
	}
	return net, nil
}

func sum(xs []int) int {
	total := 0
	for _, x := range xs {
		total += x
	}
	return total
}
