package comune

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold returns text as searches compare it: lower case, without accents,
// everything that is neither letter nor digit (apostrophes, hyphens, dots,
// slashes) turned into one space between words. "Agliè", "AGLIE'" and "aglie"
// fold alike, and so do "Weinstraße" and "weinstrasse". Fold(Fold(s)) == Fold(s).
func Fold(s string) string {
	s = norm.NFKD.String(strings.ToLower(norm.NFKD.String(strings.ToValidUTF8(s, " "))))
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for _, r := range s {
		switch {
		case unicode.Is(unicode.M, r):
			continue // the accent of the letter before
		case !unicode.IsLetter(r) && !unicode.IsNumber(r):
			gap = true
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte(' ')
		}
		gap = false
		writeFolded(&b, unicode.ToLower(r))
	}
	return b.String()
}

// writeFolded writes the letters that have no decomposition in plain ones.
func writeFolded(b *strings.Builder, r rune) {
	switch r {
	case 'ß':
		b.WriteString("ss")
	case 'æ':
		b.WriteString("ae")
	case 'œ':
		b.WriteString("oe")
	case 'ø':
		b.WriteByte('o')
	case 'đ', 'ð':
		b.WriteByte('d')
	case 'ł':
		b.WriteByte('l')
	case 'ı':
		b.WriteByte('i')
	default:
		b.WriteRune(r)
	}
}

// compact is folded text without its spaces: "laquila" finds "l aquila".
func compact(folded string) string { return strings.ReplaceAll(folded, " ", "") }
