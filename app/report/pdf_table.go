package report

import (
	"strconv"

	"github.com/johnfercher/maroto/v2/pkg/components/row"
	"github.com/johnfercher/maroto/v2/pkg/consts/border"
	"github.com/johnfercher/maroto/v2/pkg/core"
	"github.com/johnfercher/maroto/v2/pkg/props"
)

// Padding inside a table cell, in millimetres.
const (
	cellPadX = 1.6
	cellPadY = 1.15
)

// wholeRows is the most rows of a table that is kept on one page.
const wholeRows = 8

// A row of more than maxCellLines lines may break over pages, every pieceLines.
const (
	maxCellLines = 40
	pieceLines   = 12
)

// table returns the rows of a table; each one repeats the head where it begins
// a page.
func (p *printer) table(v Table, n int) []item {
	out := []item{{h: 2, gap: true, keep: true, row: space(2)}}
	out = append(out, p.captionItems(v.Caption, p.t("report.table_n", "N", strconv.Itoa(n)))...)
	widths := p.widths(v)
	head := p.tableRow(cellsOf(v, func(c Column) string { return c.Head }), v, widths, tableHead(), headRule())
	for i := range head {
		head[i].keep = true
	}
	out = append(out, head...)
	rows := 0
	for _, g := range v.Groups {
		rows += len(g.Rows)
	}
	if rows == 0 {
		s := tableCell()
		s.color = muted()
		h := s.lineH() + 2*cellPadY
		return append(out, item{h: h, row: across(h, column(textW,
			run{lines: []string{p.t("report.empty_table")}, style: s, left: cellPadX, top: cellPadY}))}, gap(4))
	}
	for _, g := range v.Groups {
		if g.Title != "" {
			out = append(out, p.groupTitle(g.Title, head)...)
		}
		for i, cells := range g.Rows {
			its := p.tableRow(cells, v, widths, tableCell(), rowRule())
			for j := range its {
				its[j].repeat = head
				// neither the first row under a head nor the last of a group stands alone
				its[j].keep = (i == 0 && len(g.Rows) > 1) || i == len(g.Rows)-2
				its[j].soft = rows <= wholeRows
			}
			out = append(out, its...)
		}
	}
	out[len(out)-1].keep, out[len(out)-1].soft = false, false
	return append(out, gap(5))
}

func cellsOf(v Table, f func(Column) string) []string {
	out := make([]string, len(v.Columns))
	for i, c := range v.Columns {
		out[i] = f(c)
	}
	return out
}

// widths shares the text width by weight, in grid units.
func (p *printer) widths(v Table) []float64 {
	sum := 0.0
	weight := func(c Column) float64 {
		if c.Weight <= 0 {
			return 1
		}
		return c.Weight
	}
	for _, c := range v.Columns {
		sum += weight(c)
	}
	out := make([]float64, len(v.Columns))
	left := textW
	for i, c := range v.Columns {
		out[i] = floorGrid(textW * weight(c) / sum)
		if i == len(v.Columns)-1 {
			out[i] = left
		}
		left -= out[i]
	}
	return out
}

func headRule() *props.Cell {
	return &props.Cell{BorderType: border.Bottom, BorderColor: ink().props(), BorderThickness: 0.5}
}

func rowRule() *props.Cell {
	return &props.Cell{BorderType: border.Bottom, BorderColor: grid().props(), BorderThickness: 0.2}
}

// tableRow returns one row, or several where it is too tall for a page. A head
// stands on its bottom line, other cells hang from the top.
func (p *printer) tableRow(cells []string, v Table, widths []float64, s style, rule *props.Cell) []item {
	folded := make([][]string, len(cells))
	most := 1
	for i, c := range cells {
		folded[i] = p.fold(s, widths[i]-cellPadX-padLeft(v, i), c)
		most = max(most, len(folded[i]))
	}
	step := maxCellLines
	if most > maxCellLines {
		step = pieceLines
	}
	var out []item
	for from := 0; from < most; from += step {
		high := min(most-from, step)
		above, below := cellPadY*b2f(from == 0), cellPadY*b2f(from+high == most)
		h := float64(high)*s.lineH() + above + below
		cols := make([]core.Col, 0, len(cells)+2)
		cols = append(cols, column(marginX))
		for i := range cells {
			ls := folded[i][min(from, len(folded[i])):min(from+high, len(folded[i]))]
			top := above
			if s == tableHead() {
				top += float64(high-len(ls)) * s.lineH()
			}
			c := column(widths[i], run{lines: ls, style: s, align: v.Columns[i].Align, left: padLeft(v, i), right: cellPadX, top: top})
			if from+high == most {
				c.WithStyle(rule)
			}
			cols = append(cols, c)
		}
		cols = append(cols, column(marginX))
		out = append(out, item{h: h, row: row.New(h).Add(cols...)})
	}
	return out
}

// padLeft returns the space left of a cell: more where text follows a column
// that is set to the right.
func padLeft(v Table, i int) float64 {
	if i > 0 && v.Columns[i].Align == Left && v.Columns[i-1].Align == Right {
		return cellPadX + 3
	}
	return cellPadX
}

// groupTitle returns the row that names a group; it stays with its first row.
func (p *printer) groupTitle(title string, head []item) []item {
	s := tableHead()
	s.color = primary()
	ls := p.fold(s, textW-2*cellPadX, title)
	h := float64(len(ls))*s.lineH() + 2*cellPadY + 0.6
	return []item{{h: h, keep: true, repeat: head, row: across(h, filled(textW, faint(),
		run{lines: ls, style: s, left: cellPadX, top: cellPadY + 0.3}))}}
}
