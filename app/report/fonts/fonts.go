package fonts

import (
	"embed"
	"fmt"
	"sync"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

//go:embed TitilliumWeb-Regular.ttf TitilliumWeb-SemiBold.ttf TitilliumWeb-Italic.ttf OFL.txt
var files embed.FS

// Family is the name under which renderers register the typeface.
const Family = "TitilliumWeb"

// Style is one of the embedded cuts.
type Style int

// The embedded cuts. Bold is the SemiBold cut (weight 600).
const (
	Regular Style = iota
	Bold
	Italic
)

// String names the cut as the font's own files do.
func (s Style) String() string {
	switch s {
	case Bold:
		return "SemiBold"
	case Italic:
		return "Italic"
	case Regular:
		return "Regular"
	default:
		return fmt.Sprintf("Style(%d)", int(s))
	}
}

// TTF returns a fresh copy of the TrueType file of a cut; the caller owns it
// and may change it (gofpdf does while it makes its subset).
func TTF(s Style) ([]byte, error) {
	b, err := files.ReadFile("TitilliumWeb-" + s.String() + ".ttf")
	if err != nil {
		return nil, fmt.Errorf("read font %s: %w", s, err)
	}
	return b, nil
}

// Licence returns the text of the font's licence (SIL OFL 1.1).
func Licence() (string, error) {
	b, err := files.ReadFile("OFL.txt")
	if err != nil {
		return "", fmt.Errorf("read font licence: %w", err)
	}
	return string(b), nil
}

// Parse returns a cut for drawing glyphs.
func Parse(s Style) (*sfnt.Font, error) {
	b, err := TTF(s)
	if err != nil {
		return nil, err
	}
	f, err := sfnt.Parse(b)
	if err != nil {
		return nil, fmt.Errorf("parse font %s: %w", s, err)
	}
	return f, nil
}

// unitsPerEm is the em of all three cuts, in font units (table head).
const unitsPerEm = 1000

// Measure gives the width of text without kerning, as gofpdf sets it, and
// breaks it into lines. It keeps the widths it met and is safe for concurrent use.
type Measure struct {
	mu   sync.Mutex
	cuts [3]*sfnt.Font
	adv  [3]map[rune]int // advance in 1/1000 em; -1: no glyph
	buf  sfnt.Buffer

	glyphs [3]map[rune]sfnt.Segments // outlines in font units
}

// NewMeasure reads the embedded cuts.
func NewMeasure() (*Measure, error) {
	m := &Measure{}
	for _, s := range []Style{Regular, Bold, Italic} {
		f, err := Parse(s)
		if err != nil {
			return nil, err
		}
		m.cuts[s] = f
		m.adv[s] = make(map[rune]int, 96)
		m.glyphs[s] = map[rune]sfnt.Segments{}
	}
	return m, nil
}

// advance returns the advance of r in 1/1000 em and whether the cut has r. The
// caller holds the lock.
func (m *Measure) advance(s Style, r rune) (int, bool) {
	if a, ok := m.adv[s][r]; ok {
		return max(a, 0), a >= 0
	}
	a := -1
	if i, err := m.cuts[s].GlyphIndex(&m.buf, r); err == nil && i != 0 {
		w, err := m.cuts[s].GlyphAdvance(&m.buf, i, fixed.Int26_6(unitsPerEm), hinting)
		if err == nil {
			a = int(w)
		}
	}
	m.adv[s][r] = a
	return max(a, 0), a >= 0
}

// Has reports whether the cut has a glyph for r.
func (m *Measure) Has(s Style, r rune) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, ok := m.advance(s, r)
	return ok
}

// Width returns the width of text at a size, in the unit of size. A rune
// without glyph counts half an em, as gofpdf counts it.
func (m *Measure) Width(s Style, size float64, text string) float64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	w := 0
	for _, r := range text {
		a, ok := m.advance(s, r)
		if !ok {
			a = unitsPerEm / 2
		}
		w += a
	}
	return float64(w) * size / unitsPerEm
}
