package fonts

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Lines breaks text at spaces so that no line is wider than width (same unit
// as size). A word wider than a line is cut, after a hyphen, slash, dot, @ or
// underscore where it has one. Line feeds are kept. The result has at least
// one line. A no-break space never breaks.
func (m *Measure) Lines(s Style, size, width float64, text string) []string {
	var out []string
	for par := range strings.SplitSeq(text, "\n") {
		out = append(out, m.paragraph(s, size, width, par)...)
	}
	return out
}

func (m *Measure) paragraph(s Style, size, width float64, text string) []string {
	var out []string
	line := ""
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ' ' || r == '\t' }) {
		next := word
		if line != "" {
			next = line + " " + word
		}
		if m.Width(s, size, next) <= width {
			line = next
			continue
		}
		if line != "" {
			out = append(out, line)
		}
		line = word
		for m.Width(s, size, line) > width {
			head, tail := m.cut(s, size, width, line)
			if tail == "" {
				break
			}
			out = append(out, head)
			line = tail
		}
	}
	return append(out, line)
}

// cut splits a word that is too wide: head fits, tail is the rest.
func (m *Measure) cut(s Style, size, width float64, word string) (head, tail string) {
	fit, soft := 0, 0
	for i, r := range word {
		end := i + len(string(r))
		if m.Width(s, size, word[:end]) > width && fit > 0 {
			break
		}
		fit = end
		if strings.ContainsRune("-/.@_", r) {
			soft = end
		}
	}
	if soft > fit/3 {
		fit = soft
	}
	return word[:fit], word[fit:]
}

// Truncate shortens text to width with an ellipsis; text that fits is unchanged.
func (m *Measure) Truncate(s Style, size, width float64, text string) string {
	if m.Width(s, size, text) <= width {
		return text
	}
	rs := []rune(text)
	for len(rs) > 1 {
		rs = rs[:len(rs)-1]
		t := strings.TrimRight(string(rs), " ,;:-–") + "…"
		if m.Width(s, size, t) <= width {
			return t
		}
	}
	return "…"
}

// Clean returns text with only runes that the typeface has: control
// characters go, thin spaces become no-break spaces, arrows and the like get
// words of ASCII, letters with unknown marks lose the mark, all else becomes
// «?». Line feeds stay.
func (m *Measure) Clean(text string) string {
	plain := true
	for _, r := range text {
		if r != '\n' && (r < ' ' || !m.Has(Regular, r)) {
			plain = false
			break
		}
	}
	if plain {
		return text
	}
	var b strings.Builder
	for _, r := range norm.NFC.String(text) {
		switch {
		case r == '\n':
			b.WriteRune(r)
		case r == '\t' || r == '\r':
			b.WriteByte(' ')
		case r < ' ' || r == 0x7f || r == 0xad || (r >= 0x200b && r <= 0x200f) || r == 0xfeff:
		case m.Has(Regular, r):
			b.WriteRune(r)
		default:
			b.WriteString(m.substitute(r))
		}
	}
	return b.String()
}

// substitute returns what stands for a rune without glyph.
func (m *Measure) substitute(r rune) string {
	switch r {
	case 0x2002, 0x2003, 0x2007, 0x2008, 0x2009, 0x200a, 0x202f:
		return "\u00a0"
	case '→':
		return "->"
	case '←':
		return "<-"
	case 'Δ':
		return "delta"
	case '✓', '✔':
		return "x"
	case '●', '■', '▪', '◆':
		return "•"
	case '‐', '‑', '‒', '―':
		return "-"
	}
	for _, d := range norm.NFKD.String(string(r)) {
		if m.Has(Regular, d) {
			return string(d)
		}
	}
	return "?"
}
