package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
)

// Password rules (OWASP ASVS 5.0, V6.2): length counts, composition does not.
const (
	MinPasswordLength = 12  // characters
	MaxPasswordLength = 128 // characters
)

// Reasons why a password is refused.
var (
	ErrPasswordShort = errors.New("password is too short")
	ErrPasswordLong  = errors.New("password is too long")
	ErrPasswordWeak  = errors.New("password is one of the common ones")
)

// Hasher makes and checks argon2id hashes. It caps how many run at once, since
// each takes 64 MiB. Safe for concurrent use.
type Hasher struct {
	slots  chan struct{}
	params argon2id.Params
	decoy  string
}

// HashMemory is the memory of one hash in KiB, for passwords of people.
const HashMemory = 64 * 1024

// NewHasher returns a Hasher that runs at most atOnce hashes together, each in
// memory KiB: HashMemory, less only for the invented accounts of tests.
func NewHasher(atOnce int, memory uint32) (*Hasher, error) {
	h := &Hasher{slots: make(chan struct{}, atOnce), params: *argon2id.DefaultParams}
	h.params.Memory = memory
	h.params.Parallelism = 2
	decoy, err := argon2id.CreateHash(rand.Text(), &h.params)
	if err != nil {
		return nil, fmt.Errorf("making the decoy hash: %w", err)
	}
	h.decoy = decoy
	return h, nil
}

// CheckPassword returns nil when the password may be used by the account.
func CheckPassword(password, email string) error {
	switch n := utf8.RuneCountInString(password); {
	case n < MinPasswordLength:
		return ErrPasswordShort
	case n > MaxPasswordLength:
		return ErrPasswordLong
	}
	low := strings.ToLower(password)
	local, _, _ := strings.Cut(strings.ToLower(email), "@")
	if len(local) >= 4 && strings.Contains(low, local) {
		return ErrPasswordWeak
	}
	for _, common := range []string{"password", "12345678", "qwertyui", "traguardo", "aaaaaaaa"} {
		if strings.HasPrefix(low, common) && len(low) < len(common)+8 {
			return ErrPasswordWeak
		}
	}
	return nil
}

// Hash returns the encoded argon2id hash of the password.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	if err := h.enter(ctx); err != nil {
		return "", err
	}
	defer h.leave()
	return argon2id.CreateHash(password, &h.params)
}

// Verify reports whether the password fits. With an empty hash (no such
// account) it works as long and answers false.
func (h *Hasher) Verify(ctx context.Context, password, hash string) (bool, error) {
	if err := h.enter(ctx); err != nil {
		return false, err
	}
	defer h.leave()
	if hash == "" {
		_, err := argon2id.ComparePasswordAndHash(password, h.decoy)
		return false, err
	}
	return argon2id.ComparePasswordAndHash(password, hash)
}

func (h *Hasher) enter(ctx context.Context) error {
	select {
	case h.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (h *Hasher) leave() { <-h.slots }

// NewToken returns 256 random bits as text, and their hash to be stored.
func NewToken(random io.Reader) (token string, hash []byte, err error) {
	var b [32]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", nil, fmt.Errorf("reading random bytes for a token: %w", err)
	}
	token = base64.RawURLEncoding.EncodeToString(b[:])
	return token, HashToken(token), nil
}

// HashToken is the stored form of a token.
func HashToken(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
