package pairing

import (
	"io"
	"strings"
	"unicode"
)

// alphabet has 32 characters, five bits each: no I, L, O (read as 1, 1, 0) and no U
// (Crockford's base 32). The position of a character is its value.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// maxTyped bounds the runes looked at in anything typed.
const maxTyped = 100

// symbols reads s leniently and returns the value, 0–31, of each character: lower
// case is upper case, O is 0, I and L are 1, blanks, dashes, dots and the like are
// passed over. want is the number of characters there must be.
func symbols(s string, want int) ([]byte, error) {
	values := make([]byte, 0, want)
	bad, seen, read := 0, 0, 0
	for _, r := range s {
		if read++; read > maxTyped {
			return nil, &TypingError{Kind: ErrLength, Got: seen, Want: want}
		}
		if separator(r) {
			continue
		}
		seen++
		value := symbol(r)
		if value < 0 {
			if bad == 0 {
				bad = seen
			}
			continue
		}
		values = append(values, byte(value))
	}
	switch {
	case bad > 0:
		return nil, &TypingError{Kind: ErrCharacter, Position: bad}
	case seen != want:
		return nil, &TypingError{Kind: ErrLength, Got: seen, Want: want}
	}
	return values, nil
}

// symbol returns the value of a typed character, −1 if it has none.
func symbol(r rune) int {
	switch r = unicode.ToUpper(r); r {
	case 'O':
		r = '0'
	case 'I', 'L':
		r = '1'
	}
	return strings.IndexRune(alphabet, r)
}

// separator reports whether r may stand between characters without meaning.
func separator(r rune) bool {
	switch r {
	case '.', '·', '•', '_', '/', ':', '−', '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff':
		return true
	}
	return unicode.IsSpace(r) || unicode.Is(unicode.Pd, r)
}

// weigh returns Σ α^(i+1)·v_i in the field of 32 elements. A code is valid when the
// weighed values plus the check value, whose own weight is α^0, sum to 0. All
// weights are different and none is 0 (α has order 31, codes are shorter), so every
// single wrong character and every exchange of two different characters, adjacent
// or not, the check among them, changes the sum.
func weigh(values []byte) byte {
	var sum byte
	weight := byte(1)
	for _, v := range values {
		weight = multiply(weight, 2)
		sum ^= multiply(weight, v)
	}
	return sum
}

// multiply is the product in GF(2^5) modulo x^5 + x^2 + 1.
func multiply(a, b byte) byte {
	var product byte
	for ; b > 0; b >>= 1 {
		if b&1 == 1 {
			product ^= a
		}
		if a <<= 1; a&32 != 0 {
			a ^= 0b100101
		}
	}
	return product
}

// randomSymbols reads n bytes and keeps five bits of each: 5n random bits.
func randomSymbols(random io.Reader, values []byte) error {
	if _, err := io.ReadFull(random, values); err != nil {
		return err
	}
	for i := range values {
		values[i] &= 31
	}
	return nil
}

// spell writes values in the alphabet.
func spell(values []byte) string {
	text := make([]byte, len(values))
	for i, v := range values {
		text[i] = alphabet[v]
	}
	return string(text)
}
