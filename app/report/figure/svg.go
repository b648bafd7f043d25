package figure

import (
	"bytes"
	"fmt"
	"html"
	"io"
	"strconv"
	"strings"
)

// patternStep is the distance between the lines or dots of a pattern, in units.
const patternStep = 6.0

// SVG writes the figure as one element for a page or a file: role "img" named
// by its title and description, classes and presentation attributes only (no
// style attribute, which a strict content policy refuses), ids prefixed by
// f.ID so that several figures live in one page.
func (f Figure) SVG(w io.Writer) error {
	var b bytes.Buffer
	id := f.ID
	if id == "" {
		id = "f" + f.Hash()[:10]
	}
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" class="tg-figure" role="img" `+
		`aria-labelledby="%[1]s-t %[1]s-d" viewBox="0 0 %[2]s %[3]s" `+
		`font-family="'Titillium Web', Roboto, 'Liberation Sans', Arial, sans-serif">`, html.EscapeString(id), num(f.W), num(f.H))
	fmt.Fprintf(&b, `<title id="%s-t">%s</title><desc id="%s-d">%s</desc>`,
		html.EscapeString(id), html.EscapeString(f.Title), html.EscapeString(id), html.EscapeString(f.Desc))
	f.defs(&b, id)
	for _, s := range f.Shapes {
		if err := s.svg(&b, id); err != nil {
			return err
		}
	}
	b.WriteString("</svg>")
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("write figure: %w", err)
	}
	return nil
}

// defs writes the patterns in use, each once, in order of first use.
func (f Figure) defs(b *bytes.Buffer, id string) {
	seen := map[Fill]bool{}
	var out strings.Builder
	for _, s := range f.Shapes {
		r, ok := s.(Rect)
		if !ok || r.Fill.Pattern == Plain || seen[r.Fill] {
			continue
		}
		seen[r.Fill] = true
		fmt.Fprintf(&out, `<pattern id="%s" width="6" height="6" patternUnits="userSpaceOnUse">`+
			`<rect class="tg-paper" width="6" height="6" fill="%s"/>%s</pattern>`,
			patternID(id, r.Fill), Paper.Hex(), patternMark(r.Fill))
	}
	if out.Len() > 0 {
		b.WriteString("<defs>" + out.String() + "</defs>")
	}
}

func patternID(prefix string, f Fill) string {
	return html.EscapeString(prefix) + "-" + string(f.Pattern) + "-" + string(f.Role)
}

func patternMark(f Fill) string {
	line := func(d string) string {
		return fmt.Sprintf(`<path class="tg-%s" d="%s" stroke="%s" stroke-width="1.3" fill="none"/>`,
			f.Role, d, f.Role.Hex())
	}
	switch f.Pattern {
	case Hatch:
		return line("M-1.5 1.5L1.5-1.5M0 6L6 0M4.5 7.5L7.5 4.5")
	case Back:
		return line("M-1.5 4.5L1.5 7.5M0 0L6 6M4.5-1.5L7.5 1.5")
	case Stripe:
		return line("M3 0V6")
	case Dots:
		return fmt.Sprintf(`<circle class="tg-%s" cx="3" cy="3" r="1.2" fill="%s"/>`, f.Role, f.Role.Hex())
	case Plain:
		return ""
	default:
		return ""
	}
}

// num writes a coordinate with at most two decimals.
func num(v float64) string {
	s := strconv.FormatFloat(v, 'f', 2, 64)
	s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	if s == "-0" {
		return "0"
	}
	return s
}

func (f Fill) attr(prefix string) string {
	switch {
	case f.Role == None:
		return ` fill="none"`
	case f.Pattern != Plain:
		return ` fill="url(#` + patternID(prefix, f) + `)"`
	default:
		return ` fill="` + f.Role.Hex() + `"`
	}
}

func (s Stroke) attr() string {
	if s.Role == None || s.Width <= 0 {
		return ""
	}
	a := ` stroke="` + s.Role.Hex() + `" stroke-width="` + num(s.Width) + `"`
	if s.Dash > 0 {
		a += ` stroke-dasharray="` + num(s.Dash) + `"`
	}
	return a
}

// class names the roles of fill and stroke.
func class(f Fill, s Stroke) string {
	var c []string
	if f.Role != None {
		c = append(c, "tg-"+string(f.Role))
		if f.Pattern != Plain {
			c = append(c, "tg-"+string(f.Pattern))
		}
	}
	if s.Role != None && s.Width > 0 {
		c = append(c, "tg-line-"+string(s.Role))
	}
	if len(c) == 0 {
		return ""
	}
	return ` class="` + strings.Join(c, " ") + `"`
}

// element closes an element, with a tooltip inside where there is one.
func element(w io.Writer, name, attrs, tip string) error {
	end := "/>"
	if tip != "" {
		end = "><title>" + html.EscapeString(tip) + "</title></" + name + ">"
	}
	if _, err := io.WriteString(w, "<"+name+attrs+end); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

func (r Rect) svg(w io.Writer, prefix string) error {
	return element(w, "rect", fmt.Sprintf(`%s x="%s" y="%s" width="%s" height="%s"%s%s`, class(r.Fill, r.Stroke),
		num(r.X), num(r.Y), num(max(r.W, 0)), num(max(r.H, 0)), r.Fill.attr(prefix), r.Stroke.attr()), r.Tip)
}

func (l Line) svg(w io.Writer, _ string) error {
	return element(w, "line", fmt.Sprintf(`%s x1="%s" y1="%s" x2="%s" y2="%s"%s`, class(Fill{}, l.Stroke),
		num(l.From.X), num(l.From.Y), num(l.To.X), num(l.To.Y), l.Stroke.attr()), "")
}

func (c Circle) svg(w io.Writer, prefix string) error {
	return element(w, "circle", fmt.Sprintf(`%s cx="%s" cy="%s" r="%s"%s%s`, class(c.Fill, c.Stroke),
		num(c.C.X), num(c.C.Y), num(c.R), c.Fill.attr(prefix), c.Stroke.attr()), c.Tip)
}

func (p Polygon) svg(w io.Writer, prefix string) error {
	pts := make([]string, len(p.Points))
	for i, q := range p.Points {
		pts[i] = num(q.X) + "," + num(q.Y)
	}
	return element(w, "polygon", fmt.Sprintf(`%s points="%s"%s%s`, class(p.Fill, p.Stroke),
		strings.Join(pts, " "), p.Fill.attr(prefix), p.Stroke.attr()), "")
}

func (t Text) svg(w io.Writer, _ string) error {
	weight := ""
	if t.Bold {
		weight = ` font-weight="600"`
	}
	_, err := fmt.Fprintf(w, `<text class="tg-text tg-%s" x="%s" y="%s" font-size="%s" text-anchor="%s"%s fill="%s">%s</text>`,
		t.Role, num(t.At.X), num(t.At.Y), num(t.Size), t.Anchor, weight, t.Role.Hex(), html.EscapeString(t.S))
	if err != nil {
		return fmt.Errorf("write text: %w", err)
	}
	return nil
}
