package pairing

import (
	"bytes"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"io"

	"traguardo/surveys"
)

// linkBytes is the length of a link's secret: 128 bits.
const linkBytes = 16

// LinkSecret is the secret part of a personal link. The server keeps only what
// Derive makes of it. The zero LinkSecret is not to be used.
type LinkSecret [linkBytes]byte

// NewLinkSecret reads 16 bytes from random. It fails only when random does.
func NewLinkSecret(random io.Reader) (LinkSecret, error) {
	var s LinkSecret
	if _, err := io.ReadFull(random, s[:]); err != nil {
		return LinkSecret{}, fmt.Errorf("reading random bytes for a link: %w", err)
	}
	return s, nil
}

func linkEncoding() *base32.Encoding {
	return base32.NewEncoding("abcdefghijkmnpqrstuvwxyz23456789").WithPadding(base32.NoPadding)
}

// ParseLinkSecret reads the form of Text and refuses all other text with
// surveys.ErrInvalid: one secret has one spelling.
func ParseLinkSecret(s string) (LinkSecret, error) {
	b, err := linkEncoding().DecodeString(s)
	if err != nil || len(b) != linkBytes || linkEncoding().EncodeToString(b) != s {
		return LinkSecret{}, fmt.Errorf("%w: not a link secret", surveys.ErrInvalid)
	}
	return LinkSecret(b), nil
}

// Text returns the secret as 26 lower-case characters, for the path of the link.
func (s LinkSecret) Text() string { return linkEncoding().EncodeToString(s[:]) }

// String hides the secret from logs and messages; use Text for the link.
func (s LinkSecret) String() string { return "(link secret)" }

// GoString hides the secret from %#v.
func (s LinkSecret) GoString() string { return s.String() }

// MarshalText always fails with ErrSecret.
func (s LinkSecret) MarshalText() ([]byte, error) { return nil, ErrSecret }

// DraftKey encrypts the draft of one invitation. It exists only while a request of
// its holder is served.
type DraftKey [KeySize]byte

// String hides the key from logs and messages.
func (k DraftKey) String() string { return "(draft key)" }

// GoString hides the key from %#v.
func (k DraftKey) GoString() string { return k.String() }

// MarshalText always fails with ErrSecret.
func (k DraftKey) MarshalText() ([]byte, error) { return nil, ErrSecret }

// LinkKeys is what a link's secret is good for. The three parts are derived with
// different labels: none tells anything about another. Token finds the invitation
// (it may be stored there); Draft names the draft row, which the invitation must
// not hold, so that without the secret no draft can be joined to a person; Key
// opens the draft and is never stored.
type LinkKeys struct {
	Token Hash
	Draft surveys.ID
	Key   DraftKey
}

// DeriveLink derives the keys of a personal link by HKDF-SHA-256. The same secret
// always gives the same keys.
func DeriveLink(secret LinkSecret) (LinkKeys, error) { return derive(secret[:], "link") }

// DeriveDesk derives the keys of a desk code; no desk code gives the keys of a
// link. The zero DeskCode is refused with surveys.ErrInvalid.
func DeriveDesk(code DeskCode) (LinkKeys, error) {
	if !code.Valid() {
		return LinkKeys{}, fmt.Errorf("%w: empty desk code", surveys.ErrInvalid)
	}
	return derive(code.code[:], "desk")
}

func derive(secret []byte, kind string) (LinkKeys, error) {
	var keys LinkKeys
	var draft [linkBytes]byte
	parts := []struct {
		label string
		into  []byte
	}{{"token", keys.Token[:]}, {"draft-id", draft[:]}, {"draft-key", keys.Key[:]}}
	for _, p := range parts {
		b, err := hkdf.Key(sha256.New, secret, []byte("traguardo/"+kind+"/v1"), p.label, len(p.into))
		if err != nil {
			return LinkKeys{}, fmt.Errorf("deriving %s of a %s: %w", p.label, kind, err)
		}
		copy(p.into, b)
	}
	id, err := surveys.NewID(bytes.NewReader(draft[:]))
	if err != nil {
		return LinkKeys{}, fmt.Errorf("naming the draft of a %s: %w", kind, err)
	}
	keys.Draft = id
	return keys, nil
}
