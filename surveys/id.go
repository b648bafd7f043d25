package surveys

import (
	"encoding/base32"
	"fmt"
	"io"
)

// ID names one stored thing (an ente, a campaign, a plan …). It is 26 lower-case
// base32 characters of 128 random bits: not guessable and not ordered by time.
type ID string

var idEncoding = base32.NewEncoding("abcdefghijkmnpqrstuvwxyz23456789").WithPadding(base32.NoPadding)

// NewID reads 16 bytes from random and returns them as an ID. It fails only
// when random does.
func NewID(random io.Reader) (ID, error) {
	var b [16]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", fmt.Errorf("reading random bytes for an id: %w", err)
	}
	return ID(idEncoding.EncodeToString(b[:])), nil
}

// ParseID accepts text that has the form of an ID and refuses all other.
func ParseID(s string) (ID, error) {
	b, err := idEncoding.DecodeString(s)
	if err != nil || len(b) != 16 {
		return "", fmt.Errorf("%w: not an id", ErrInvalid)
	}
	return ID(s), nil
}

func (id ID) String() string { return string(id) }
