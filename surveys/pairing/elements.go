package pairing

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Elements is the number of elements of a remembered code.
const Elements = 6

// Code is a remembered code, normalised: S-COD-1 to S-COD-6 of the questionnaire
// (Block 1). It is family data: hash it at once (HashCode) and let it go. The zero
// Code is not valid. Codes compare with ==.
type Code struct{ elements [Elements]string }

// NewCode normalises the six answers in the order of the questionnaire: upper case,
// accents removed, first name only, numbers zero-padded. Elements 1, 3 and 5 take a
// letter or a whole name, of which the asked letter of the first word is kept (the
// second for element 1, the first for 3 and 5); element 2 a day 1–31, element 4 a
// count 0–9, element 6 a month 0–12. The first that is missing or out of range is
// named in a *TypingError of kind ErrElement.
func NewCode(raw [Elements]string) (Code, error) {
	var c Code
	for i, text := range raw {
		value, ok := element(i, text)
		if !ok {
			return Code{}, &TypingError{Kind: ErrElement, Position: i + 1}
		}
		c.elements[i] = value
	}
	return c, nil
}

// element normalises the answer at position i, from 0.
func element(i int, text string) (value string, ok bool) {
	switch i {
	case 0:
		return letter(text, 2)
	case 1:
		return number(text, 1, 31, 2)
	case 2, 4:
		return letter(text, 1)
	case 3:
		return number(text, 0, 9, 1)
	case 5:
		return number(text, 0, 12, 2)
	default:
		return "", false
	}
}

// BadElements lists the positions, 1–6, of the answers that NewCode would refuse.
func BadElements(raw [Elements]string) []int {
	var out []int
	for i, text := range raw {
		if _, ok := element(i, text); !ok {
			out = append(out, i+1)
		}
	}
	return out
}

// Valid reports whether c came from NewCode.
func (c Code) Valid() bool { return c.elements[0] != "" }

// masked returns the six elements with the one at position m, from 0, left out; −1
// leaves out none.
func (c Code) masked(m int) []string {
	parts := c.elements
	if m >= 0 {
		parts[m] = "*"
	}
	return parts[:]
}

// String hides the code from logs and messages.
func (c Code) String() string { return "(code)" }

// GoString hides the code from %#v.
func (c Code) GoString() string { return c.String() }

// MarshalText always fails with ErrSecret.
func (c Code) MarshalText() ([]byte, error) { return nil, ErrSecret }

// letter returns a single typed letter as it is, and of a name the letter at the
// given place, from 1, of its first word.
func letter(text string, place int) (string, bool) {
	words := strings.Fields(plain(text))
	switch {
	case len(words) == 0:
		return "", false
	case len(words) == 1 && len(words[0]) == 1:
		place = 1
	case len(words[0]) < place:
		return "", false
	}
	l := words[0][place-1 : place]
	return l, l >= "A" && l <= "Z"
}

// plain writes text in A–Z: upper case, accents removed, apostrophes dropped
// (L'Aquila is LAQUILA), every other character that is not a letter a blank.
// Letters that have no A–Z form become '?', which no element accepts.
func plain(text string) string {
	if len(text) > 4*maxTyped {
		return ""
	}
	var b strings.Builder
	for _, r := range norm.NFKD.String(text) {
		r = unicode.ToUpper(r)
		switch {
		case r >= 'A' && r <= 'Z':
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’', r == '‘', r == 'ʼ', r == '`', r == '´':
		case unicode.IsLetter(r):
			b.WriteString(latin(r))
		default:
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// latin spells Latin letters that have no accent to take away.
func latin(r rune) string {
	switch r {
	case 'Æ':
		return "AE"
	case 'Œ':
		return "OE"
	case 'Ø':
		return "O"
	case 'Đ', 'Ð':
		return "D"
	case 'Ł':
		return "L"
	case 'ß', 'ẞ':
		return "SS"
	case 'Þ':
		return "TH"
	case 'Ħ':
		return "H"
	case 'Ŋ':
		return "N"
	case 'Ŧ':
		return "T"
	}
	return "?"
}

// number reads a whole number from low to high and pads it with zeros to width.
func number(text string, low, high, width int) (string, bool) {
	text = strings.TrimSpace(norm.NFKC.String(text))
	if text == "" || len(text) > 4 || strings.Trim(text, "0123456789") != "" {
		return "", false
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < low || n > high {
		return "", false
	}
	padded := strconv.Itoa(n)
	for len(padded) < width {
		padded = "0" + padded
	}
	return padded, true
}
