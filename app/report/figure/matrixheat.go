package figure

import (
	"math"

	"traguardo/app/report/fonts"
)

// Cell is one place of a MatrixHeat: a value of 0–100 and a second line of
// text, e.g. "n 14".
type Cell struct {
	Value Value
	Sub   string
}

// MatrixRow is one line of a MatrixHeat; it has a cell for every column.
type MatrixRow struct {
	Label string
	Cells []Cell
}

// MatrixData is the input of MatrixHeat.
type MatrixData struct {
	Title   string
	Columns []string
	Rows    []MatrixRow
}

// Geometry of MatrixHeat, in units.
const (
	matrixX0   = 190.0
	matrixStep = 38.0
)

// MatrixHeat draws a table whose cells are shaded by their value; the number
// stands in every cell and the states without number have pattern and words.
func (d *Drawer) MatrixHeat(in MatrixData) Figure {
	s := &sheet{Drawer: d}
	head := append([]string{d.t("figure.row")}, in.Columns...)
	if len(in.Rows) == 0 || len(in.Columns) == 0 {
		return s.none(in.Title, head)
	}
	w := (Width - matrixX0) / float64(len(in.Columns))
	high := 1
	folded := make([][]string, len(in.Columns))
	for i, c := range in.Columns {
		folded[i] = s.fold(c, w-8, 3)
		high = max(high, len(folded[i]))
	}
	top := float64(high)*lineStep + 8
	for i, lines := range folded {
		for j, l := range lines {
			y := top - 8 - float64(len(lines)-1-j)*lineStep
			s.text(matrixX0+(float64(i)+0.5)*w, y, l, textSize, Middle, Ink, false)
		}
	}
	data := Table{Head: head}
	for i, r := range in.Rows {
		y := top + float64(i)*matrixStep
		s.label(0, y+matrixStep/2, matrixX0-12, r.Label, 2)
		row := []string{r.Label}
		for j := range in.Columns {
			c := Cell{Value: Value{State: NotAssessed}}
			if j < len(r.Cells) {
				c = r.Cells[j]
			}
			s.cell(c, matrixX0+float64(j)*w, y, w)
			words := d.value(c.Value)
			if c.Sub != "" {
				words += " (" + c.Sub + ")"
			}
			row = append(row, words)
		}
		data.Rows = append(data.Rows, row)
	}
	end := s.heatScale(top + float64(len(in.Rows))*matrixStep + 12)
	return s.finish(in.Title, end, data)
}

func (s *sheet) cell(c Cell, x, y, w float64) {
	const gap = 1.5
	x, y, w = x+gap, y+gap, w-2*gap
	h := matrixStep - 2*gap
	if c.Value.State != Known {
		s.emptyCell(c.Value.State, x, y, w, h)
		return
	}
	f, role := heat(math.Round(c.Value.V))
	s.add(Rect{X: x, Y: y, W: w, H: h, Fill: Fill{Role: f}, Stroke: Stroke{Role: Grid, Width: 1}})
	mid := y + h/2 + (textSize+1)*0.36
	if c.Sub != "" {
		mid -= 6
		s.text(x+w/2, y+h-5, s.m.Truncate(fonts.Regular, smallSize-1, w-4, c.Sub), smallSize-1, Middle, role, false)
	}
	s.text(x+w/2, mid, s.n(c.Value.V), textSize+1, Middle, role, true)
}

// emptyCell draws a cell without number: pattern and, on a chip, the reason.
func (s *sheet) emptyCell(st State, x, y, w, h float64) {
	f := Fill{Role: Paper}
	switch st {
	case NotAssessed:
		f = Fill{Grid, Hatch}
	case Suppressed:
		f = Fill{Grid, Dots}
	case NotApplicable, IntervalOnly, Known:
	}
	s.add(Rect{X: x, Y: y, W: w, H: h, Fill: f, Stroke: Stroke{Role: Muted, Width: 0.8, Dash: 3}})
	size := smallSize - 1
	lines := s.m.Lines(fonts.Regular, size, w-6, s.m.Clean(s.state(st)))
	wide := 0.0
	for _, l := range lines {
		wide = max(wide, s.m.Width(fonts.Regular, size, l))
	}
	n := float64(len(lines))
	s.add(Rect{X: x + w/2 - wide/2 - 3, Y: y + h/2 - n*6 - 1, W: wide + 6, H: n*12 + 2, Fill: Fill{Role: Paper}})
	for i, l := range lines {
		s.text(x+w/2, y+h/2-n*6+float64(i)*12+9.5, l, size, Middle, Ink, false)
	}
}

// heatScale draws the five steps of the shading and returns the y below.
func (s *sheet) heatScale(y float64) float64 {
	var keys []key
	for i, words := range []string{"0–19", "20–39", "40–59", "60–79", "80–100"} {
		f, _ := heat(float64(i * 20))
		keys = append(keys, key{words, s.box(Fill{Role: f}, Stroke{Role: Grid, Width: 1})})
	}
	return s.legend(y, keys)
}
