package pti

import (
	"crypto/sha256"
	"encoding/hex"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Fingerprint tells whether an official wording changed, without holding the
// wording: we carry facts of the plan, never its sentences.
type Fingerprint struct {
	SHA   string `yaml:"sha"`   // first 16 hexadecimal digits of SHA-256 over the words in order
	Words string `yaml:"words"` // hashes of the different words of 4 letters or more, 4 digits each, sorted
}

// FingerprintOf returns the fingerprint of an official wording. Case,
// punctuation and spaces make no difference.
func FingerprintOf(text string) Fingerprint {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	sum := sha256.Sum256([]byte(strings.Join(words, " ")))
	seen := map[string]bool{}
	var hashes []string
	for _, w := range words {
		if utf8.RuneCountInString(w) < 4 {
			continue
		}
		h := sha256.Sum256([]byte(w))
		if short := hex.EncodeToString(h[:2]); !seen[short] {
			seen[short] = true
			hashes = append(hashes, short)
		}
	}
	sort.Strings(hashes)
	return Fingerprint{SHA: hex.EncodeToString(sum[:8]), Words: strings.Join(hashes, " ")}
}

// Likeness returns the share of words that two wordings have in common, between
// 0 (none) and 1 (all); two empty wordings are alike.
func (f Fingerprint) Likeness(g Fingerprint) float64 {
	a, b := strings.Fields(f.Words), strings.Fields(g.Words)
	if len(a)+len(b) == 0 {
		return 1
	}
	in := map[string]bool{}
	for _, w := range a {
		in[w] = true
	}
	common := 0
	for _, w := range b {
		if in[w] {
			common++
		}
	}
	return float64(common) / float64(len(a)+len(b)-common)
}
