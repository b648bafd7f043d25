package pairing

import (
	"crypto/aes"
	"crypto/cipher"
	"fmt"
	"io"

	"traguardo/surveys"
)

// sealFormat is the first byte of everything sealed: AES-256-GCM, then 12 bytes of
// random nonce, then ciphertext and tag.
const sealFormat = 1

// SealOverhead is the number of bytes that sealing adds.
const SealOverhead = 1 + 12 + 16

// SealDraft encrypts the draft of one response under its link's key, bound to the
// campaign and to the version of the instrument that it answers: it opens with
// these alone. random gives the nonce.
func SealDraft(key DraftKey, campaign surveys.ID, version string, draft []byte, random io.Reader) ([]byte, error) {
	return seal(key, packed("traguardo/draft/v1", campaign.String(), version), draft, random)
}

// OpenDraft reverses SealDraft. It returns ErrOpen when sealed was altered or key,
// campaign or version are others.
func OpenDraft(key DraftKey, campaign surveys.ID, version string, sealed []byte) ([]byte, error) {
	return open(key, packed("traguardo/draft/v1", campaign.String(), version), sealed)
}

// WrapSecret encrypts a secret (a series' key, a mail password) under the master
// key for storage, bound to a context that says what it is and of whom, such as
// "series/<id>/key". random gives the nonce.
func WrapSecret(master Key, context string, secret []byte, random io.Reader) ([]byte, error) {
	return seal(DraftKey(master), packed("traguardo/secret/v1", context), secret, random)
}

// UnwrapSecret reverses WrapSecret. It returns ErrOpen when wrapped was altered or
// master or context are others.
func UnwrapSecret(master Key, context string, wrapped []byte) ([]byte, error) {
	return open(DraftKey(master), packed("traguardo/secret/v1", context), wrapped)
}

func seal(key [KeySize]byte, context, plain []byte, random io.Reader) ([]byte, error) {
	aead, err := gcm(key)
	if err != nil {
		return nil, err
	}
	sealed := make([]byte, 1+aead.NonceSize(), SealOverhead+len(plain))
	sealed[0] = sealFormat
	if _, err := io.ReadFull(random, sealed[1:]); err != nil {
		return nil, fmt.Errorf("reading a random nonce: %w", err)
	}
	return aead.Seal(sealed, sealed[1:], plain, append([]byte{sealFormat}, context...)), nil
}

func open(key [KeySize]byte, context, sealed []byte) ([]byte, error) {
	if len(sealed) < SealOverhead || sealed[0] != sealFormat {
		return nil, ErrOpen
	}
	aead, err := gcm(key)
	if err != nil {
		return nil, err
	}
	nonce, body := sealed[1:1+aead.NonceSize()], sealed[1+aead.NonceSize():]
	plain, err := aead.Open(nil, nonce, body, append([]byte{sealFormat}, context...))
	if err != nil {
		return nil, ErrOpen
	}
	return plain, nil
}

func gcm(key [KeySize]byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, fmt.Errorf("preparing the cipher: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("preparing the cipher: %w", err)
	}
	return aead, nil
}
