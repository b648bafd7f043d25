package pairing

import (
	"fmt"
	"io"
)

// Lengths of a desk code in characters.
const (
	deskCode = 15 // 75 random bits
	deskText = deskCode + 1
)

// DeskCode is an invitation that a person types at a shared desk instead of
// opening a link. It has 75 random bits (50 would do against guessing at the door;
// 75 also hold against somebody who stole the database and tries codes against its
// hashes) and a check character. The zero DeskCode is not valid.
type DeskCode struct {
	code  [deskCode]byte // values 0–31
	valid bool
}

// NewDeskCode reads 15 bytes from random. It fails only when random does.
func NewDeskCode(random io.Reader) (DeskCode, error) {
	d := DeskCode{valid: true}
	if err := randomSymbols(random, d.code[:]); err != nil {
		return DeskCode{}, fmt.Errorf("reading random bytes for a desk code: %w", err)
	}
	return d, nil
}

// ParseDeskCode reads a typed desk code with the leniency and the checks of
// ParseCard; what is wrong is a *TypingError.
func ParseDeskCode(s string) (DeskCode, error) {
	values, err := symbols(s, deskText)
	if err != nil {
		return DeskCode{}, err
	}
	d := DeskCode{valid: true}
	copy(d.code[:], values)
	if weigh(d.code[:]) != values[deskCode] {
		return DeskCode{}, &TypingError{Kind: ErrCheck}
	}
	return d, nil
}

// Valid reports whether d came from NewDeskCode or ParseDeskCode.
func (d DeskCode) Valid() bool { return d.valid }

// Text returns the code as it is printed, "ABCD-EFGH-JKMN-PQRC", the last character
// being the check; "" for the zero DeskCode.
func (d DeskCode) Text() string {
	if !d.valid {
		return ""
	}
	t := spell(append(d.code[:len(d.code):len(d.code)], weigh(d.code[:])))
	return t[:4] + "-" + t[4:8] + "-" + t[8:12] + "-" + t[12:]
}

// String hides the code from logs and messages; use Text to print it.
func (d DeskCode) String() string { return "(desk code)" }

// GoString hides the code from %#v.
func (d DeskCode) GoString() string { return d.String() }

// MarshalText always fails with ErrSecret.
func (d DeskCode) MarshalText() ([]byte, error) { return nil, ErrSecret }
