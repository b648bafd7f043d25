package fonts

import (
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// Op is a step of an outline.
type Op int

// The steps: QuadTo bends through its first point to its second one.
const (
	MoveTo Op = iota
	LineTo
	QuadTo
)

// Point is a place of an outline, in the unit of the size; y grows upwards
// from the baseline.
type Point struct{ X, Y float64 }

// Outline calls step for every part of the outlines of text, set from x = 0 on
// without kerning, as Width measures it. Contours close by themselves. Runes
// without glyph leave half an em.
func (m *Measure) Outline(s Style, size float64, text string, step func(op Op, at [2]Point)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	x := 0
	scale := size / unitsPerEm
	for _, r := range text {
		a, ok := m.advance(s, r)
		if !ok {
			x += unitsPerEm / 2
			continue
		}
		for _, g := range m.glyph(s, r) {
			var at [2]Point
			for i := range at {
				at[i] = Point{X: float64(x+int(g.Args[i].X)) * scale, Y: -float64(g.Args[i].Y) * scale}
			}
			switch g.Op {
			case sfnt.SegmentOpMoveTo:
				step(MoveTo, at)
			case sfnt.SegmentOpLineTo:
				step(LineTo, at)
			case sfnt.SegmentOpQuadTo:
				step(QuadTo, at)
			case sfnt.SegmentOpCubeTo: // TrueType outlines have none
			}
		}
		x += a
	}
}

// glyph returns the outline of a rune in font units, y downwards, and keeps
// it. The caller holds the lock.
func (m *Measure) glyph(s Style, r rune) sfnt.Segments {
	if g, ok := m.glyphs[s][r]; ok {
		return g
	}
	var out sfnt.Segments
	if i, err := m.cuts[s].GlyphIndex(&m.buf, r); err == nil {
		if segs, err := m.cuts[s].LoadGlyph(&m.buf, i, fixed.Int26_6(unitsPerEm), nil); err == nil {
			out = append(out, segs...) // the buffer is used again
		}
	}
	m.glyphs[s][r] = out
	return out
}

// hinting of all measures: none, so that widths grow with the size.
const hinting = font.HintingNone
