package figure

import "math"

// ChangeRow is one area of a DotLine figure. Before and After are on 0–100;
// Change, in points, may be known while the two means are withheld.
type ChangeRow struct {
	Label         string
	Before, After Value
	Change        Value
	Interval      Interval // of the change, in points
	Pairs         int      // matched persons behind the change; 0: not a paired change
}

// DotLineData is the input of DotLine. WithInterval draws the second panel,
// with the change and its interval around zero.
type DotLineData struct {
	Title        string
	Rows         []ChangeRow
	WithInterval bool
}

// Geometry of DotLine, in units.
const dotStep = 48.0

// dotPlan holds the places of the two panels.
type dotPlan struct {
	x0           float64 // left end of the 0–100 panel
	leftEnd      float64 // right end of the 0–100 panel
	rightX0, end float64 // change panel; equal where there is none
	reach        float64 // change drawn at the ends of the change panel
}

func (p dotPlan) level(v float64) float64 { return p.x0 + clamp(v, 0, 100)/100*(p.leftEnd-p.x0) }

func (p dotPlan) change(v float64) float64 {
	return p.rightX0 + (clamp(v, -p.reach, p.reach)+p.reach)/(2*p.reach)*(p.end-p.rightX0)
}

// DotLine draws ex-ante (ring) and ex-post (diamond) of each area, joined by a
// line, and beside them the change with its interval.
func (d *Drawer) DotLine(in DotLineData) Figure {
	s := &sheet{Drawer: d}
	head := []string{d.t("figure.area"), d.t("figure.before"), d.t("figure.after"), d.t("figure.change")}
	if in.WithInterval {
		head = append(head, d.t("figure.interval"), d.t("figure.pairs"))
	}
	if len(in.Rows) == 0 {
		return s.none(in.Title, head)
	}
	p := dotPlan{x0: 214, leftEnd: 584, rightX0: 584, end: 584, reach: 1}
	if in.WithInterval {
		p = dotPlan{x0: 172, leftEnd: 360, rightX0: 392, end: 574, reach: reach(in.Rows)}
	}
	const top = 22.0
	bottom := top + float64(len(in.Rows))*dotStep
	s.dotAxes(p, top, bottom, in.WithInterval)
	data := Table{Head: head}
	for i, r := range in.Rows {
		y := top + (float64(i)+0.5)*dotStep
		s.label(0, y, p.x0-22, r.Label, 3)
		s.dotLevels(p, r, y)
		s.dotChange(p, r, y, in.WithInterval)
		row := []string{r.Label, d.value(r.Before), d.value(r.After), d.changeWords(r.Change)}
		if in.WithInterval {
			row = append(row, d.change(r.Interval), pairsWords(d, r))
		}
		data.Rows = append(data.Rows, row)
	}
	keys := []key{
		{d.t("figure.before"), func(x, y float64) { s.ring(x+11, y+6) }},
		{d.t("figure.after"), func(x, y float64) { s.diamond(x+11, y+6) }},
	}
	if in.WithInterval {
		keys = append(keys, key{d.t("figure.interval_change"), func(x, y float64) { s.whisker(x+2, x+20, y+6) }})
	}
	end := s.legend(bottom+28, keys)
	return s.finish(in.Title, end, data)
}

func pairsWords(d *Drawer, r ChangeRow) string {
	if r.Pairs <= 0 || r.Change.State != Known {
		return "–"
	}
	return d.loc.Int(r.Pairs)
}

func (d *Drawer) changeWords(v Value) string {
	if v.State == Known {
		return d.signed(v.V)
	}
	return d.state(v.State)
}

// reach returns the end of the change axis: the next multiple of 10 over all
// known changes and intervals, at least 10, at most 100.
func reach(rows []ChangeRow) float64 {
	most := 10.0
	for _, r := range rows {
		if r.Change.State == Known {
			most = max(most, math.Abs(r.Change.V))
			if r.Interval.Set {
				most = max(most, math.Abs(r.Interval.Low), math.Abs(r.Interval.High))
			}
		}
	}
	return min(math.Ceil(most/10)*10, 100)
}

func (s *sheet) dotAxes(p dotPlan, top, bottom float64, two bool) {
	for v := 0.0; v <= 100; v += 25 {
		s.vline(p.level(v), top, bottom, Grid, 1)
		s.text(p.level(v), bottom+15, s.whole(v), smallSize, Middle, Muted, false)
	}
	s.text((p.x0+p.leftEnd)/2, 12, s.t("figure.scale100"), smallSize, Middle, Muted, false)
	if !two {
		return
	}
	for _, v := range []float64{-p.reach, -p.reach / 2, 0, p.reach / 2, p.reach} {
		role, w := Grid, 1.0
		if v == 0 {
			role, w = Ink, 1.2
		}
		s.vline(p.change(v), top, bottom, role, w)
		s.text(p.change(v), bottom+15, s.loc.Signed(v, 0), smallSize, Middle, Muted, false)
	}
	s.text((p.rightX0+p.end)/2, 12, s.t("figure.change_points"), smallSize, Middle, Muted, false)
}

func (s *sheet) ring(x, y float64) {
	s.add(Circle{C: Point{x, y}, R: 5.5, Fill: Fill{Role: Paper}, Stroke: Stroke{Role: Declared, Width: 2.2}})
}

func (s *sheet) diamond(x, y float64) {
	const r = 7.5
	s.add(Polygon{Points: []Point{{x - r, y}, {x, y - r}, {x + r, y}, {x, y + r}}, Fill: Fill{Role: Evidenced},
		Stroke: Stroke{Role: Paper, Width: 1}})
}

func (s *sheet) dotLevels(p dotPlan, r ChangeRow, y float64) {
	known := r.Before.State == Known && r.After.State == Known
	if !known && r.Before.State != Known && r.After.State != Known {
		s.blank(p.x0, y-9, p.leftEnd-p.x0, 18, r.After.State)
		return
	}
	if known {
		s.hline(p.level(r.Before.V), p.level(r.After.V), y, Evidenced, 3)
	}
	if r.Before.State == Known {
		s.ring(p.level(r.Before.V), y)
		s.pointLabel(p.level(r.Before.V), y, r.Before.V, known && r.Before.V > r.After.V)
	}
	if r.After.State == Known {
		s.diamond(p.level(r.After.V), y)
		s.pointLabel(p.level(r.After.V), y, r.After.V, !known || r.After.V >= r.Before.V)
	}
}

// pointLabel writes the number of a point outside the line: right or left of it.
func (s *sheet) pointLabel(x, y, v float64, right bool) {
	if right {
		s.text(x+11, y+smallSize*0.34, s.n(v), smallSize, Start, Ink, false)
		return
	}
	s.text(x-11, y+smallSize*0.34, s.n(v), smallSize, End, Ink, false)
}

func (s *sheet) dotChange(p dotPlan, r ChangeRow, y float64, two bool) {
	if r.Change.State != Known {
		if two {
			s.blank(p.rightX0, y-9, p.end-p.rightX0, 18, r.Change.State)
		}
		s.text(Width-rightPad, y+textSize*0.34, "–", textSize, End, Muted, false)
		return
	}
	if two {
		if r.Interval.Set {
			s.whisker(p.change(r.Interval.Low), p.change(r.Interval.High), y)
		}
		s.add(Circle{C: Point{p.change(r.Change.V), y}, R: 4.5, Fill: Fill{Role: Evidenced}, Stroke: Stroke{Role: Paper, Width: 1}})
	}
	up := 0.0
	if two && r.Pairs > 0 {
		up = 6
		s.text(Width-rightPad, y+15, s.t("figure.n_pairs", "Count", r.Pairs), smallSize, End, Muted, false)
	}
	s.text(Width-rightPad, y+textSize*0.34-up, s.signed(r.Change.V), textSize+2, End, Ink, true)
}
