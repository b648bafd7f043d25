package figure

import (
	"fmt"
	"math"
	"strings"

	"traguardo/app/i18n"
	"traguardo/app/report/fonts"
)

// Sizes of text and lines shared by the figures, in units.
const (
	textSize  = 13.0
	smallSize = 11.0
	lineStep  = 15.0 // between two lines of a label
	rightPad  = 4.0
)

// State says what a Value is.
type State int

// The states. Only Known and IntervalOnly say anything about a number.
const (
	Known         State = iota
	NotAssessed         // nobody answered yet: hatched, never 0
	Suppressed          // too few answers: «dati insufficienti», V is not set
	NotApplicable       // left out with a written reason
	IntervalOnly        // too many answers missing: only the interval is printed
)

// Value is a number or the reason why there is none. The zero value is a known 0.
type Value struct {
	V     float64
	State State
}

// Of returns a known value.
func Of(v float64) Value { return Value{V: v} }

// Interval is a range of uncertainty; the zero value (Set false) is none.
type Interval struct {
	Low, High float64
	Set       bool
	All       bool // nobody is missing: the value is that of everyone, Low = High
}

// Between returns an interval; low must not be above high.
func Between(low, high float64) Interval { return Interval{Low: low, High: high, Set: true} }

// OfAll returns the interval of a value that everyone who could has taken part in.
func OfAll(v float64) Interval { return Interval{Low: v, High: v, Set: true, All: true} }

// Drawer makes figures in one language. It is safe for concurrent use.
type Drawer struct {
	loc *i18n.Localizer
	m   *fonts.Measure
}

// NewDrawer returns a drawer that writes with loc and measures with m.
func NewDrawer(loc *i18n.Localizer, m *fonts.Measure) *Drawer { return &Drawer{loc: loc, m: m} }

// t returns a text of the catalogue.
func (d *Drawer) t(key string, args ...any) string { return d.loc.T(key, args...) }

// n writes a score or points with one decimal, as the tables do.
func (d *Drawer) n(v float64) string { return d.loc.Num(v, 1) }

// whole writes a tick of an axis or a level.
func (d *Drawer) whole(v float64) string { return d.loc.Num(v, 0) }

func (d *Drawer) signed(v float64) string { return d.loc.Signed(v, 1) }

// value writes a value or the words for its state.
func (d *Drawer) value(v Value) string {
	if v.State == Known {
		return d.n(v.V)
	}
	return d.state(v.State)
}

// state returns the words for a state that has no number.
func (d *Drawer) state(s State) string {
	switch s {
	case NotAssessed:
		return d.t("figure.not_assessed")
	case Suppressed:
		return d.t("figure.insufficient")
	case NotApplicable:
		return d.t("figure.not_applicable")
	case IntervalOnly:
		return d.t("figure.interval_only")
	case Known:
		return ""
	default:
		return ""
	}
}

// interval writes "da 55 a 68", or a dash.
func (d *Drawer) interval(i Interval) string { return Span(d.loc, i, d.n) }

// Span writes an interval with the ends as number writes them: "da 55 a 68"; that
// nobody is missing; that it is narrower than what is printed; a dash for none.
func Span(l *i18n.Localizer, i Interval, number func(float64) string) string {
	low, high := number(i.Low), number(i.High)
	switch {
	case !i.Set:
		return "–"
	case i.All:
		return l.T("figure.interval_all")
	case low == high:
		return l.T("figure.interval_narrow")
	default:
		return l.T("figure.from_to", "Low", low, "High", high)
	}
}

// missing writes the interval that missing answers leave.
func (d *Drawer) missing(i Interval) string {
	if i.Set && i.Low == i.High {
		return d.t("figure.interval_complete")
	}
	return d.interval(i)
}

// change writes "da −1,2 a +4,0", or a dash.
func (d *Drawer) change(i Interval) string {
	return Span(d.loc, i, d.signed)
}

// sheet collects the shapes of a figure.
type sheet struct {
	*Drawer
	shapes []Shape
}

func (s *sheet) add(sh ...Shape) { s.shapes = append(s.shapes, sh...) }

// text adds one line and drops runes without glyph.
func (s *sheet) text(x, y float64, str string, size float64, a Anchor, r Role, bold bool) {
	s.add(Text{At: Point{x, y}, S: s.m.Clean(str), Size: size, Bold: bold, Anchor: a, Role: r})
}

// label adds text of at most maxLines lines, centred on the height y.
func (s *sheet) label(x, y, width float64, str string, maxLines int) {
	lines := s.fold(str, width, maxLines)
	top := y - float64(len(lines)-1)*lineStep/2 + textSize*0.34
	for i, l := range lines {
		s.add(Text{At: Point{x, top + float64(i)*lineStep}, S: l, Size: textSize, Anchor: Start, Role: Ink})
	}
}

// fold breaks a label and cuts what is over maxLines.
func (s *sheet) fold(str string, width float64, maxLines int) []string {
	str = s.m.Clean(str)
	lines := s.m.Lines(fonts.Regular, textSize, width, str)
	if len(lines) > maxLines {
		rest := strings.Join(lines[maxLines-1:], " ")
		lines = append(lines[:maxLines-1], s.m.Truncate(fonts.Regular, textSize, width, rest))
	}
	return lines
}

func (s *sheet) hline(x1, x2, y float64, r Role, w float64) {
	s.add(Line{Point{x1, y}, Point{x2, y}, Stroke{Role: r, Width: w}})
}

func (s *sheet) vline(x, y1, y2 float64, r Role, w float64) {
	s.add(Line{Point{x, y1}, Point{x, y2}, Stroke{Role: r, Width: w}})
}

// whisker draws an interval on a white halo, so that it shows on a bar too.
func (s *sheet) whisker(x1, x2, y float64) {
	const limb = 5.0
	for _, st := range []Stroke{{Role: Paper, Width: 5}, {Role: Ink, Width: 1.8}} {
		halo := 0.0
		if st.Role == Paper {
			halo = 1.6
		}
		s.add(Line{Point{x1 - halo, y}, Point{x2 + halo, y}, st},
			Line{Point{x1, y - limb - halo}, Point{x1, y + limb + halo}, st},
			Line{Point{x2, y - limb - halo}, Point{x2, y + limb + halo}, st})
	}
}

// blank draws the place of a value that is not there, with the reason in words.
func (s *sheet) blank(x, y, w, h float64, st State) {
	r := Rect{X: x, Y: y, W: w, H: h, Stroke: Stroke{Role: Muted, Width: 1, Dash: 4}}
	switch st {
	case NotAssessed:
		r.Fill = Fill{Role: Grid, Pattern: Hatch}
	case Suppressed:
		r.Fill = Fill{Role: Grid, Pattern: Dots}
	case NotApplicable, IntervalOnly, Known:
		r.Fill = Fill{Role: Paper}
	}
	s.add(r)
	words := s.m.Clean(s.state(st))
	tw := s.m.Width(fonts.Regular, smallSize, words)
	if tw+12 > w {
		return
	}
	s.add(Rect{X: x + w/2 - tw/2 - 5, Y: y + 1.5, W: tw + 10, H: h - 3, Fill: Fill{Role: Paper}})
	s.text(x+w/2, y+h/2+smallSize*0.34, words, smallSize, Middle, Ink, false)
}

// key is one entry of a legend: mark draws in a box of 22 × 12 at (x, y).
type key struct {
	words string
	mark  func(x, y float64)
}

// legend lays entries out in rows from y on and returns the y below them.
func (s *sheet) legend(y float64, keys []key) float64 {
	x := 0.0
	for _, k := range keys {
		words := s.m.Clean(k.words)
		w := 28 + s.m.Width(fonts.Regular, smallSize, words)
		if x > 0 && x+w > Width {
			x, y = 0, y+20
		}
		k.mark(x, y)
		s.text(x+28, y+6+smallSize*0.34, words, smallSize, Start, Ink, false)
		x += w + 22
	}
	return y + 20
}

// box is a legend mark: a small filled rectangle.
func (s *sheet) box(f Fill, st Stroke) func(x, y float64) {
	return func(x, y float64) { s.add(Rect{X: x, Y: y, W: 22, H: 12, Fill: f, Stroke: st}) }
}

// finish closes the sheet into a figure of height h.
func (s *sheet) finish(title string, h float64, data Table) Figure {
	data.Caption = title
	return Figure{Title: title, Desc: s.describe(data), W: Width, H: math.Ceil(h), Shapes: s.shapes, Data: data}
}

// describe tells a table in words, its first twelve rows at most.
func (s *sheet) describe(t Table) string {
	if len(t.Rows) == 0 {
		return s.t("figure.no_data")
	}
	const most = 12
	var b strings.Builder
	for i, row := range t.Rows {
		if i == most {
			b.WriteString(" " + s.t("figure.more_rows", "Count", len(t.Rows)-most))
			break
		}
		if i > 0 {
			b.WriteString(" ")
		}
		b.WriteString(row[0] + ": ")
		for j := 1; j < len(row) && j < len(t.Head); j++ {
			if j > 1 {
				b.WriteString(", ")
			}
			fmt.Fprintf(&b, "%s %s", t.Head[j], row[j])
		}
		b.WriteString(".")
	}
	return b.String()
}

// none returns the figure that says that there is nothing to draw.
func (s *sheet) none(title string, head []string) Figure {
	s.add(Rect{X: 0.5, Y: 0.5, W: Width - 1, H: 59, Fill: Fill{Role: Faint}, Stroke: Stroke{Role: Grid, Width: 1}})
	s.text(Width/2, 34, s.t("figure.no_data"), textSize, Middle, Ink, false)
	return s.finish(title, 60, Table{Head: head})
}

func clamp(v, low, high float64) float64 { return math.Min(math.Max(v, low), high) }
