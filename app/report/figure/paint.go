package figure

import (
	"math"

	"gonum.org/v1/plot/vg"

	"traguardo/app/report/fonts"
)

// painter puts shapes on a vg canvas, whose y grows upwards.
type painter struct {
	canvas  vg.Canvas
	letters *fonts.Measure
	h       float64 // height of the figure in units
}

func (p *painter) point(q Point) vg.Point {
	return vg.Point{X: unit(q.X), Y: unit(p.h - q.Y)}
}

func (p *painter) path(pts []Point, closed bool) vg.Path {
	var path vg.Path
	for i, q := range pts {
		if i == 0 {
			path.Move(p.point(q))
		} else {
			path.Line(p.point(q))
		}
	}
	if closed {
		path.Close()
	}
	return path
}

func (p *painter) stroke(path vg.Path, s Stroke) {
	if s.Role == None || s.Width <= 0 {
		return
	}
	p.canvas.SetColor(s.Role.rgb())
	p.canvas.SetLineWidth(unit(s.Width))
	if s.Dash > 0 {
		p.canvas.SetLineDash([]vg.Length{unit(s.Dash), unit(s.Dash)}, 0)
	} else {
		p.canvas.SetLineDash(nil, 0)
	}
	p.canvas.Stroke(path)
}

func (p *painter) fill(path vg.Path, f Fill) {
	if f.Role == None {
		return
	}
	p.canvas.SetColor(f.Role.rgb())
	p.canvas.Fill(path)
}

func (r Rect) paint(p *painter) {
	if r.W <= 0 || r.H <= 0 {
		return
	}
	path := p.path([]Point{{r.X, r.Y}, {r.X + r.W, r.Y}, {r.X + r.W, r.Y + r.H}, {r.X, r.Y + r.H}}, true)
	if r.Fill.Pattern == Plain {
		p.fill(path, r.Fill)
	} else {
		p.fill(path, Fill{Role: Paper})
		p.pattern(r)
	}
	p.stroke(path, r.Stroke)
}

// pattern draws the marks inside a rectangle, at the places where the SVG
// pattern has them: its cells start at the origin of the figure.
func (p *painter) pattern(r Rect) {
	x0, y0, x1, y1 := r.X, r.Y, r.X+r.W, r.Y+r.H
	const batch = 2 * 10 // the rasterizer slows down with the lines of one path
	var path vg.Path
	flush := func() {
		p.stroke(path, Stroke{Role: r.Fill.Role, Width: 1.3})
		path = path[:0]
	}
	add := func(a, b Point) {
		path.Move(p.point(a))
		path.Line(p.point(b))
		if len(path) >= batch {
			flush()
		}
	}
	switch r.Fill.Pattern {
	case Hatch: // x + y = k·step
		for s := math.Ceil((x0+y0)/patternStep) * patternStep; s < x1+y1; s += patternStep {
			add(Point{max(x0, s-y1), min(y1, s-x0)}, Point{min(x1, s-y0), max(y0, s-x1)})
		}
	case Back: // x - y = k·step
		for s := math.Ceil((x0-y1)/patternStep) * patternStep; s < x1-y0; s += patternStep {
			add(Point{max(x0, s+y0), max(y0, x0-s)}, Point{min(x1, s+y1), min(y1, x1-s)})
		}
	case Stripe:
		for x := math.Ceil((x0-3)/patternStep)*patternStep + 3; x < x1; x += patternStep {
			add(Point{x, y0}, Point{x, y1})
		}
	case Dots:
		p.dots(r)
		return
	case Plain:
		return
	}
	flush()
}

func (p *painter) dots(r Rect) {
	const radius = 1.2
	var path vg.Path
	for y := math.Ceil((r.Y-3+radius)/patternStep)*patternStep + 3; y+radius <= r.Y+r.H; y += patternStep {
		for x := math.Ceil((r.X-3+radius)/patternStep)*patternStep + 3; x+radius <= r.X+r.W; x += patternStep {
			c := p.point(Point{x, y})
			path.Move(vg.Point{X: c.X + unit(radius), Y: c.Y})
			path.Arc(c, unit(radius), 0, 2*math.Pi)
			path.Close()
		}
	}
	p.fill(path, Fill{Role: r.Fill.Role})
}

func (l Line) paint(p *painter) {
	p.stroke(p.path([]Point{l.From, l.To}, false), l.Stroke)
}

func (c Circle) paint(p *painter) {
	var path vg.Path
	q := p.point(c.C)
	path.Move(vg.Point{X: q.X + unit(c.R), Y: q.Y})
	path.Arc(q, unit(c.R), 0, 2*math.Pi)
	path.Close()
	p.fill(path, c.Fill)
	p.stroke(path, c.Stroke)
}

func (g Polygon) paint(p *painter) {
	path := p.path(g.Points, true)
	p.fill(path, g.Fill)
	p.stroke(path, g.Stroke)
}

func (t Text) paint(p *painter) {
	cut := fonts.Regular
	if t.Bold {
		cut = fonts.Bold
	}
	x := t.At.X
	switch t.Anchor {
	case Middle:
		x -= p.letters.Width(cut, t.Size, t.S) / 2
	case End:
		x -= p.letters.Width(cut, t.Size, t.S)
	case Start:
	}
	path := make(vg.Path, 0, 40*len(t.S))
	p.letters.Outline(cut, t.Size, t.S, func(op fonts.Op, at [2]fonts.Point) {
		// outlines go up from the baseline, sheets go down
		a := p.point(Point{x + at[0].X, t.At.Y - at[0].Y})
		switch op {
		case fonts.MoveTo:
			path.Move(a)
		case fonts.LineTo:
			path.Line(a)
		case fonts.QuadTo:
			path.QuadTo(a, p.point(Point{x + at[1].X, t.At.Y - at[1].Y}))
		}
	})
	p.fill(path, Fill{Role: t.Role})
}
