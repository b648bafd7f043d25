package figure

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
)

// UnitMM is the length of one drawing unit on paper, in millimetres.
const UnitMM = 0.25

// Width is the width of every figure, in units: 170 mm, the text width of an
// A4 page with 20 mm margins.
const Width = 680.0

// Figure is one finished drawing with its words and its data.
type Figure struct {
	ID     string  // prefix of ids inside the SVG; empty: taken from the content
	Title  string  // short name of the figure, plain text
	Desc   string  // what the figure shows, in words, for who cannot see it
	W, H   float64 // size in units, origin top left, y grows downwards
	Shapes []Shape // in painting order
	Data   Table   // the same data as text
}

// Table is the data of a figure as formatted text: every row has len(Head)
// cells and its first cell names the row.
type Table struct {
	Caption string
	Head    []string
	Rows    [][]string
}

// Empty reports whether the figure has no data row.
func (f Figure) Empty() bool { return len(f.Data.Rows) == 0 }

// Hash returns the SHA-256 of the drawing in hexadecimal, the same for equal
// drawings in every process. ID does not count.
func (f Figure) Hash() string {
	f.ID = "h"
	h := sha256.New()
	if err := f.SVG(h); err != nil { // a hash never refuses a write
		return ""
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Shape is one primitive: Rect, Line, Circle, Polygon or Text.
type Shape interface {
	svg(w io.Writer, prefix string) error
	paint(p *painter)
}

// Pattern is drawn over a pale ground in the colour of its role.
type Pattern string

// The patterns. Plain is a solid fill.
const (
	Plain  Pattern = ""
	Hatch  Pattern = "hatch"  // diagonal lines rising to the right
	Back   Pattern = "back"   // diagonal lines falling to the right
	Dots   Pattern = "dots"   // a grid of dots
	Stripe Pattern = "stripe" // vertical lines
)

// Fill is the inside of a shape; the zero value is no fill.
type Fill struct {
	Role    Role
	Pattern Pattern
}

// Stroke is the outline of a shape or a line; the zero value is no stroke.
type Stroke struct {
	Role  Role
	Width float64 // units
	Dash  float64 // length of dash and gap in units; 0: solid
}

// Point is a place in units.
type Point struct{ X, Y float64 }

// Rect is an upright rectangle; patterns are drawn in rectangles only. Tip is
// the tooltip of the SVG, empty for none.
type Rect struct {
	X, Y, W, H float64
	Fill       Fill
	Stroke     Stroke
	Tip        string
}

// Line is a straight line.
type Line struct {
	From, To Point
	Stroke   Stroke
}

// Circle is a disc or ring.
type Circle struct {
	C      Point
	R      float64
	Fill   Fill
	Stroke Stroke
	Tip    string
}

// Polygon is a closed outline with a plain fill.
type Polygon struct {
	Points []Point
	Fill   Fill
	Stroke Stroke
}

// Anchor is the point of a text that stands at its X.
type Anchor string

// The anchors, as SVG names them.
const (
	Start  Anchor = "start"
	Middle Anchor = "middle"
	End    Anchor = "end"
)

// Text is one line of text on a baseline.
type Text struct {
	At     Point // baseline
	S      string
	Size   float64 // units
	Bold   bool
	Anchor Anchor
	Role   Role
}
