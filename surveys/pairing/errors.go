package pairing

import (
	"errors"
	"fmt"

	"traguardo/surveys"
)

// Sentinels of what was typed wrongly; a TypingError wraps one of the first five
// and surveys.ErrInvalid.
var (
	// ErrLength: characters are missing or too many.
	ErrLength = errors.New("wrong number of characters")
	// ErrCharacter: a character is not one that codes are made of.
	ErrCharacter = errors.New("character not used in codes")
	// ErrCheck: the check character does not fit, so something was mistyped.
	ErrCheck = errors.New("check character does not fit")
	// ErrSet: the last letter of a card is neither A nor B.
	ErrSet = errors.New("set letter is not A or B")
	// ErrElement: an element of the remembered code is missing or out of range.
	ErrElement = errors.New("element missing or out of range")
	// ErrOpen: sealed bytes were altered, or key or context are not those of sealing.
	ErrOpen = errors.New("sealed data cannot be opened")
	// ErrKey: a key has not the length that it must have.
	ErrKey = errors.New("wrong key length")
	// ErrSecret: something tried to write a secret out by a general way.
	ErrSecret = errors.New("secret is not for output")
)

// TypingError says what is wrong with a code that a person typed. Kind is one of
// ErrLength, ErrCharacter, ErrCheck, ErrSet, ErrElement. Position counts from 1 the
// character (for ErrElement: the element S-COD-n) that is wrong, 0 when none can be
// named. Got and Want are the lengths of an ErrLength, separators left out. It
// never holds what was typed.
type TypingError struct {
	Kind      error
	Position  int
	Got, Want int
}

// Error says the kind and the position or the lengths, never what was typed.
func (e *TypingError) Error() string {
	switch {
	case errors.Is(e.Kind, ErrLength):
		return fmt.Sprintf("%v: got %d, want %d", e.Kind, e.Got, e.Want)
	case e.Position > 0:
		return fmt.Sprintf("%v: position %d", e.Kind, e.Position)
	}
	return e.Kind.Error()
}

// Unwrap lets errors.Is find both the kind and surveys.ErrInvalid.
func (e *TypingError) Unwrap() []error { return []error{e.Kind, surveys.ErrInvalid} }
