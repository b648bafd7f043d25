package figure

import "image/color"

// Role is what a colour means. The class of an SVG shape is "tg-" and the role.
type Role string

// The roles. The hues keep their order of lightness for every kind of colour
// blindness and at least 3:1 contrast on white where they carry meaning.
const (
	None      Role = ""
	Ink       Role = "ink"       // text and axes
	Muted     Role = "muted"     // secondary text
	Grid      Role = "grid"      // grid lines
	Faint     Role = "faint"     // grounds
	Paper     Role = "paper"     // white
	Evidenced Role = "evidenced" // documented level; planned; after
	Declared  Role = "declared"  // declared level; before
	Good      Role = "good"      // done
	Warn      Role = "warn"      // late, over the limit
	Heat0     Role = "heat0"     // 0–19
	Heat1     Role = "heat1"     // 20–39
	Heat2     Role = "heat2"     // 40–59
	Heat3     Role = "heat3"     // 60–79
	Heat4     Role = "heat4"     // 80–100
)

// Hex returns the colour of a role as #RRGGBB; None and unknown roles are ink.
// The blues and greys are those of the design system of Italian public bodies
// (Bootstrap Italia 2: primary #0066cc, neutral #17324d and #5b6f82).
func (r Role) Hex() string {
	switch r {
	case Muted:
		return "#4c6073"
	case Grid:
		return "#d3dae1"
	case Faint:
		return "#f1f4f7"
	case Paper:
		return "#ffffff"
	case Evidenced:
		return "#0066cc"
	case Declared:
		return "#4c6073"
	case Good:
		return "#00705a"
	case Warn:
		return "#a65300"
	case Heat0:
		return "#eef4fb"
	case Heat1:
		return "#cde0f5"
	case Heat2:
		return "#93bdea"
	case Heat3:
		return "#2f7fd1"
	case Heat4:
		return "#0a3f80"
	case Ink, None:
		return "#17324d"
	default:
		return "#17324d"
	}
}

// rgb returns the opaque colour of a role.
func (r Role) rgb() color.RGBA {
	h := r.Hex()
	n := func(i int) uint8 { return hexDigit(h[i])<<4 | hexDigit(h[i+1]) }
	return color.RGBA{R: n(1), G: n(3), B: n(5), A: 0xff}
}

func hexDigit(c byte) uint8 {
	if c >= 'a' {
		return c - 'a' + 10
	}
	return c - '0'
}

// heat returns the fill of a value of 0–100 and the role of text on it.
func heat(v float64) (fill, text Role) {
	switch {
	case v < 20:
		return Heat0, Ink
	case v < 40:
		return Heat1, Ink
	case v < 60:
		return Heat2, Ink
	case v < 80:
		return Heat3, Paper
	default:
		return Heat4, Paper
	}
}
