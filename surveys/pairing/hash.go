package pairing

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"

	"traguardo/surveys"
)

// KeySize is the length of every key in bytes.
const KeySize = 32

// Key is the secret key of a series, or a master key that wraps such keys. The
// zero Key is not to be used. Destroy a series' key after its last wave is paired.
type Key [KeySize]byte

// NewKey reads a key from random. It fails only when random does.
func NewKey(random io.Reader) (Key, error) {
	var k Key
	if _, err := io.ReadFull(random, k[:]); err != nil {
		return Key{}, fmt.Errorf("reading random bytes for a key: %w", err)
	}
	return k, nil
}

// KeyFromBytes takes a key of exactly KeySize bytes, not all zero, and returns
// ErrKey otherwise.
func KeyFromBytes(b []byte) (Key, error) {
	if len(b) != KeySize || Key(b) == (Key{}) {
		return Key{}, ErrKey
	}
	return Key(b), nil
}

// String hides the key from logs and messages.
func (k Key) String() string { return "(key)" }

// GoString hides the key from %#v.
func (k Key) GoString() string { return k.String() }

// MarshalText always fails with ErrSecret; wrap keys with WrapSecret to store them.
func (k Key) MarshalText() ([]byte, error) { return nil, ErrSecret }

// Hash is a keyed hash of what identifies a person within a series. The zero Hash
// stands for "gave none" and equals nothing in Match.
type Hash [sha256.Size]byte

// IsZero reports whether h stands for no hash.
func (h Hash) IsZero() bool { return h == Hash{} }

// String returns h as 64 lower-case hexadecimal digits.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// ParseHash reads the form of String and refuses all other with surveys.ErrInvalid.
func ParseHash(s string) (Hash, error) {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != sha256.Size || hex.EncodeToString(b) != s {
		return Hash{}, fmt.Errorf("%w: not a hash", surveys.ErrInvalid)
	}
	return Hash(b), nil
}

// Set is the rotated set of a person of method code or link in the first wave: a bit
// of the keyed hash, so as good as drawn, and the same whenever the hash is; a later
// wave serves the other one.
func (h Hash) Set() Set { return SetA + Set(h[0]&1) }

// Hashes is what is stored of a person's code. Masked[m], method code only, is the
// hash without element m+1; all zero for the other methods.
type Hashes struct {
	Full   Hash
	Masked [Elements]Hash
}

// HashCard returns the hash of a card's 50 bits (not of its set letter) within a
// series; the zero Hashes for the zero Card.
func HashCard(key Key, series string, card Card) Hashes {
	if !card.Valid() {
		return Hashes{}
	}
	return Hashes{Full: keyed(key, "card", series, spell(card.code[:]))}
}

// HashCode returns the seven hashes of a remembered code within a series: equality
// of one masked hash means that at most that element differs. The zero Hashes for
// the zero Code.
func HashCode(key Key, series string, code Code) Hashes {
	if !code.Valid() {
		return Hashes{}
	}
	h := Hashes{Full: keyed(key, "code", series, code.masked(-1)...)}
	for m := range h.Masked {
		h.Masked[m] = keyed(key, "code-masked", series, code.masked(m)...)
	}
	return h
}

// HashLink returns the pseudonym of an invitation within a series. subject is the
// secret of the invited person that is the same in every wave of the series (the
// links themselves are new each time); the zero Hashes when it is empty.
func HashLink(key Key, series string, subject []byte) Hashes {
	if len(subject) == 0 {
		return Hashes{}
	}
	return Hashes{Full: keyed(key, "link", series, string(subject))}
}

// keyed is HMAC-SHA-256 over a label, the series and the parts, each with its
// length before it so that no two lists have the same bytes.
func keyed(key Key, label, series string, parts ...string) Hash {
	mac := hmac.New(sha256.New, key[:])
	mac.Write(packed(append([]string{"traguardo/pairing/v1", label, series}, parts...)...))
	return Hash(mac.Sum(nil))
}

// packed joins parts unambiguously: each after its length in 8 bytes.
func packed(parts ...string) []byte {
	var b []byte
	for _, p := range parts {
		b = binary.BigEndian.AppendUint64(b, uint64(len(p)))
		b = append(b, p...)
	}
	return b
}
