package report

import (
	"github.com/johnfercher/maroto/v2/pkg/components/col"
	"github.com/johnfercher/maroto/v2/pkg/components/row"
	mtext "github.com/johnfercher/maroto/v2/pkg/components/text"
	"github.com/johnfercher/maroto/v2/pkg/consts/align"
	"github.com/johnfercher/maroto/v2/pkg/consts/fontstyle"
	"github.com/johnfercher/maroto/v2/pkg/core"
	"github.com/johnfercher/maroto/v2/pkg/props"

	"traguardo/app/report/fonts"
)

// Geometry of a page, in millimetres (A4). The top margin stays free for the
// stamp of the protocol.
const (
	pageW     = 210.0
	pageH     = 297.0
	marginX   = 20.0
	textW     = pageW - 2*marginX
	topFree   = 15.0
	headerH   = 8.0
	headerGap = 7.0
	footerH   = 9.0
	bottom    = 9.0 // under the footer
	bodyH     = pageH - topFree - headerH - headerGap - footerH - bottom - 4
	gridUnit  = 0.5 // millimetres of one maroto column
	slack     = 0.4 // room left in a line against rounding
)

// ptMM is the length of a typographic point in millimetres.
const ptMM = 25.4 / 72

// style is how a run of text looks.
type style struct {
	size  float64 // points
	lead  float64 // distance of lines, as a multiple of size
	cut   fonts.Style
	color rgb
}

// rgb is a colour, 0–255 each.
type rgb struct{ r, g, b int }

func (c rgb) props() *props.Color { return &props.Color{Red: c.r, Green: c.g, Blue: c.b} }

// Colours of the documents: those of the figures (figure.Role).
func ink() rgb     { return rgb{0x17, 0x32, 0x4d} }
func muted() rgb   { return rgb{0x4c, 0x60, 0x73} }
func primary() rgb { return rgb{0x00, 0x66, 0xcc} }
func grid() rgb    { return rgb{0xd3, 0xda, 0xe1} }
func faint() rgb   { return rgb{0xf1, 0xf4, 0xf7} }
func pale() rgb    { return rgb{0xe8, 0xf1, 0xfb} }
func warn() rgb    { return rgb{0xa6, 0x53, 0x00} }
func cream() rgb   { return rgb{0xfd, 0xf3, 0xe6} }
func white() rgb   { return rgb{0xff, 0xff, 0xff} }

func body() style      { return style{10, 1.45, fonts.Regular, ink()} }
func leadIn() style    { return style{12.5, 1.42, fonts.Regular, ink()} }
func small() style     { return style{8, 1.4, fonts.Regular, muted()} }
func tableCell() style { return style{8.8, 1.32, fonts.Regular, ink()} }
func tableHead() style { return style{8.4, 1.28, fonts.Bold, ink()} }
func fine() style      { return style{8.6, 1.42, fonts.Regular, ink()} }
func caption() style   { return style{9.2, 1.35, fonts.Bold, ink()} }

// textStyle returns the look of running text of a size.
func textStyle(s Size) style {
	switch s {
	case Lead:
		return leadIn()
	case Fine:
		return fine()
	case Normal:
		return body()
	default:
		return body()
	}
}

// headingStyle returns the look of a heading level.
func headingStyle(level int) style {
	switch level {
	case 1:
		return style{20, 1.2, fonts.Bold, ink()}
	case 2:
		return style{14, 1.25, fonts.Bold, primary()}
	default:
		return style{11, 1.3, fonts.Bold, ink()}
	}
}

// lineH returns the height of a line in millimetres.
func (s style) lineH() float64 { return s.size * s.lead * ptMM }

// font returns maroto's name of the cut.
func (s style) font() fontstyle.Type {
	switch s.cut {
	case fonts.Bold:
		return fontstyle.Bold
	case fonts.Italic:
		return fontstyle.Italic
	case fonts.Regular:
		return fontstyle.Normal
	default:
		return fontstyle.Normal
	}
}

// floorGrid rounds millimetres down to the grid.
func floorGrid(mm float64) float64 { return float64(int(mm/gridUnit)) * gridUnit }

// run is text put into a cell: lines from top on, each on its own baseline.
type run struct {
	lines []string
	style style
	align Align
	top   float64 // millimetres from the top of the cell
	left  float64
	right float64
}

// capMiddle places the middle of the capitals in the middle of a line: maroto
// puts the baseline one em under the top, capitals of Titillium are 0.692 em.
const capMiddle = 1 - 0.692/2

func (t run) components() []core.Component {
	out := make([]core.Component, 0, len(t.lines))
	em := t.style.size * ptMM
	for i, l := range t.lines {
		if l == "" {
			continue
		}
		al := align.Left
		switch t.align {
		case Right:
			al = align.Right
		case Center:
			al = align.Center
		case Left:
		}
		out = append(out, mtext.New(l, props.Text{
			Top:    max(t.top+float64(i)*t.style.lineH()+t.style.lineH()/2-capMiddle*em, 0),
			Left:   t.left,
			Right:  t.right,
			Family: fonts.Family,
			Style:  t.style.font(),
			Size:   t.style.size,
			Align:  al,
			Color:  t.style.color.props(),
		}))
	}
	return out
}

// column makes a maroto column of a width in millimetres (multiple of gridUnit).
func column(mm float64, runs ...run) core.Col {
	c := col.New(int(mm/gridUnit + 0.5))
	for _, t := range runs {
		c.Add(t.components()...)
	}
	return c
}

// filled makes a column with a ground.
func filled(mm float64, ground rgb, runs ...run) core.Col {
	return column(mm, runs...).WithStyle(&props.Cell{BackgroundColor: ground.props()})
}

// space makes an empty row over the page's width.
func space(h float64) core.Row { return row.New(h).Add(column(pageW)) }

// across puts columns that fill the text width between the margins.
func across(h float64, cols ...core.Col) core.Row {
	return row.New(h).Add(append(append([]core.Col{column(marginX)}, cols...), column(marginX))...)
}
