package figure

// PairRow is one area of a Diverging figure, on 0–100.
type PairRow struct {
	Label               string
	Declared, Evidenced Value
}

// DivergingData is the input of Diverging.
type DivergingData struct {
	Title string
	Rows  []PairRow
}

// Geometry of Diverging, in units.
const (
	divMiddle = 386.0
	divReach  = 190.0 // length of a bar of 100
	divStep   = 34.0
	divBar    = 18.0
)

// Diverging draws what the ente declares to the left of a middle line and what
// it documents to the right of it, with the difference in points.
func (d *Drawer) Diverging(in DivergingData) Figure {
	s := &sheet{Drawer: d}
	head := []string{d.t("figure.area"), d.t("figure.declared"), d.t("figure.evidenced"), d.t("figure.difference")}
	if len(in.Rows) == 0 {
		return s.none(in.Title, head)
	}
	const top = 24.0
	bottom := top + float64(len(in.Rows))*divStep
	s.text(divMiddle-8, 13, d.t("figure.declared"), textSize, End, Ink, true)
	s.text(divMiddle+8, 13, d.t("figure.evidenced"), textSize, Start, Ink, true)
	s.text(Width-rightPad, 13, d.t("figure.difference"), smallSize, End, Muted, false)
	for _, v := range []float64{25, 50, 75, 100} {
		for _, side := range []float64{-1, 1} {
			x := divMiddle + side*v/100*divReach
			s.vline(x, top, bottom, Grid, 1)
			s.text(x, bottom+15, d.whole(v), smallSize, Middle, Muted, false)
		}
	}
	data := Table{Head: head}
	for i, r := range in.Rows {
		y := top + (float64(i)+0.5)*divStep
		s.label(0, y, divMiddle-divReach-12, r.Label, 2)
		s.divBar(r.Declared, y, -1, Fill{Role: Declared, Pattern: Back})
		s.divBar(r.Evidenced, y, 1, Fill{Role: Evidenced})
		gap := "–"
		if r.Declared.State == Known && r.Evidenced.State == Known {
			gap = d.signed(r.Evidenced.V - r.Declared.V)
		}
		s.text(Width-rightPad, y+textSize*0.34, gap, textSize, End, Ink, true)
		data.Rows = append(data.Rows, []string{r.Label, d.value(r.Declared), d.value(r.Evidenced), gap})
	}
	s.vline(divMiddle, top, bottom, Ink, 1.2)
	s.text(divMiddle, bottom+15, "0", smallSize, Middle, Muted, false)
	return s.finish(in.Title, bottom+22, data)
}

// divBar draws one bar to the left (side −1) or the right (1) with its number.
func (s *sheet) divBar(v Value, y, side float64, f Fill) {
	if v.State != Known {
		x := divMiddle
		if side < 0 {
			x -= divReach
		}
		s.blank(x, y-divBar/2, divReach, divBar, v.State)
		return
	}
	w := clamp(v.V, 0, 100) / 100 * divReach
	x := divMiddle
	if side < 0 {
		x -= w
	}
	s.add(Rect{X: x, Y: y - divBar/2, W: w, H: divBar, Fill: f, Stroke: Stroke{Role: f.Role, Width: 1}, Tip: s.n(v.V)})
	words, at, anchor := s.n(v.V), divMiddle+side*(w+5), Start
	if side < 0 {
		anchor = End
	}
	role := Ink
	if w > divReach-34 { // no room outside: inside the bar, on a paper chip
		at = divMiddle + side*(w-34)
		x0 := at - 3
		if side < 0 {
			x0 = at - 31
		}
		s.add(Rect{X: x0, Y: y - 7, W: 34, H: 14, Fill: Fill{Role: Paper}})
	}
	s.text(at, y+smallSize*0.36, words, smallSize, anchor, role, true)
}
