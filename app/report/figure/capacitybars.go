package figure

import "traguardo/app/report/fonts"

// CapacityRow is one quarter: staff days asked for, and how many there are.
type CapacityRow struct {
	Label string // e.g. "T1 2027"
	Used  int
	Limit int
}

// CapacityData is the input of CapacityBars.
type CapacityData struct {
	Title string
	Rows  []CapacityRow
}

// Geometry of CapacityBars, in units.
const (
	capacityX0   = 76.0
	capacityStep = 30.0
	capacityBar  = 16.0
)

// CapacityBars draws the staff days that a plan asks of each quarter against
// those there are; what goes over has its own pattern.
func (d *Drawer) CapacityBars(in CapacityData) Figure {
	s := &sheet{Drawer: d}
	head := []string{d.t("figure.quarter_head"), d.t("figure.days_used"), d.t("figure.days_limit")}
	if len(in.Rows) == 0 {
		return s.none(in.Title, head)
	}
	most, wide := int64(5), 0.0
	for _, r := range in.Rows {
		most = max(most, int64(r.Used), int64(r.Limit))
		wide = max(wide, d.m.Width(fonts.Bold, textSize, s.capacityWords(r)))
	}
	step, last := ticks(most)
	end := Width - rightPad - wide - 30
	x := func(days int) float64 { return capacityX0 + float64(days)/float64(last)*(end-capacityX0) }
	const top = 4.0
	bottom := top + float64(len(in.Rows))*capacityStep
	for c := int64(0); c <= last; c += step {
		s.vline(x(int(c)), top, bottom, Grid, 1)
		s.text(x(int(c)), bottom+15, d.loc.Int(int(c)), smallSize, Middle, Muted, false)
	}
	data, over := Table{Head: head}, false
	for i, r := range in.Rows {
		s.capacityRow(r, top+(float64(i)+0.5)*capacityStep, x)
		over = over || r.Used > r.Limit
		data.Rows = append(data.Rows, []string{r.Label, d.loc.Int(r.Used), d.loc.Int(r.Limit)})
	}
	s.vline(capacityX0, top, bottom, Ink, 1.2)
	keys := []key{{s.t("figure.days_used"), s.box(Fill{Role: Heat2}, Stroke{Role: Evidenced, Width: 1})},
		{s.t("figure.days_limit"), func(x, y float64) { s.vline(x+11, y-2, y+14, Ink, 2.6) }}}
	if over {
		keys = append(keys, key{s.t("figure.days_over"), s.box(Fill{Warn, Back}, Stroke{Role: Warn, Width: 1})})
	}
	return s.finish(in.Title, s.legend(bottom+28, keys), data)
}

func (s *sheet) capacityRow(r CapacityRow, y float64, x func(int) float64) {
	s.text(0, y+textSize*0.36, r.Label, textSize, Start, Ink, true)
	inside, role := min(r.Used, r.Limit), Ink
	s.add(Rect{X: x(0), Y: y - capacityBar/2, W: x(inside) - x(0), H: capacityBar,
		Fill: Fill{Role: Heat2}, Stroke: Stroke{Role: Evidenced, Width: 1}, Tip: r.Label + ": " + s.capacityWords(r)})
	if r.Used > inside {
		role = Warn
		s.add(Rect{X: x(inside), Y: y - capacityBar/2, W: x(r.Used) - x(inside), H: capacityBar,
			Fill: Fill{Warn, Back}, Stroke: Stroke{Role: Warn, Width: 1}})
	}
	s.vline(x(r.Limit), y-capacityBar/2-4, y+capacityBar/2+4, Ink, 2.6)
	s.text(Width-rightPad, y+textSize*0.36, s.capacityWords(r), textSize, End, role, true)
}

// capacityWords writes "12 di 20".
func (s *sheet) capacityWords(r CapacityRow) string {
	return s.t("figure.of", "Part", s.loc.Int(r.Used), "Whole", s.loc.Int(r.Limit))
}
