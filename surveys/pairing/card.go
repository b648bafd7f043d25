package pairing

import (
	"encoding/binary"
	"fmt"
	"io"
)

// Lengths of a card in characters.
const (
	cardCode = 10           // 50 random bits
	cardText = cardCode + 2 // and check character, set letter
)

// Set is the group of rotated knowledge items that a person meets in the first
// wave; in the second it is the other one. The zero Set is not valid.
type Set byte

// SetA and SetB are the two rotated sets.
const (
	SetA Set = 'A'
	SetB Set = 'B'
)

// String returns "A" or "B".
func (s Set) String() string {
	if s.Valid() {
		return string(rune(s))
	}
	return fmt.Sprintf("Set(%d)", byte(s))
}

// Valid reports whether s is SetA or SetB.
func (s Set) Valid() bool { return s == SetA || s == SetB }

// Other returns the set of the other wave; a set that is not valid stays as it is.
func (s Set) Other() Set {
	switch s {
	case SetA:
		return SetB
	case SetB:
		return SetA
	}
	return s
}

// ParseSet accepts "A" and "B" and refuses all other text with ErrSet.
func ParseSet(text string) (Set, error) {
	if len(text) == 1 && Set(text[0]).Valid() {
		return Set(text[0]), nil
	}
	return 0, &TypingError{Kind: ErrSet}
}

// DrawSet reads one random byte: the set of a person who gave nothing to be paired by.
func DrawSet(random io.Reader) (Set, error) {
	var b [1]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return 0, fmt.Errorf("reading a random byte for a set: %w", err)
	}
	return SetA + Set(b[0]&1), nil
}

// Card is a printed pairing card: 50 random bits known to its holder alone, and
// the set letter. Cards compare with ==. The zero Card is not valid. Its text is a
// secret of the person: it comes from Text only.
type Card struct {
	code [cardCode]byte // values 0–31
	set  Set
}

// NewCard reads 11 bytes from random and makes a card with a random set. It fails
// only when random does.
func NewCard(random io.Reader) (Card, error) {
	set, err := DrawSet(random)
	if err != nil {
		return Card{}, err
	}
	return newCard(random, set)
}

func newCard(random io.Reader, set Set) (Card, error) {
	card := Card{set: set}
	if err := randomSymbols(random, card.code[:]); err != nil {
		return Card{}, fmt.Errorf("reading random bytes for a card: %w", err)
	}
	return card, nil
}

// NewCards makes n different cards for a printed sheet, as many of set A as of B
// (one more of either, by chance, when n is odd), in random order. n < 1 gives
// none. It fails only when random does.
func NewCards(random io.Reader, n int) ([]Card, error) {
	first, err := DrawSet(random)
	if err != nil {
		return nil, err
	}
	cards := make([]Card, 0, max(n, 0))
	taken := make(map[[cardCode]byte]bool, max(n, 0))
	for set := first; len(cards) < n; {
		card, err := newCard(random, set)
		if err != nil {
			return nil, err
		}
		if !taken[card.code] {
			taken[card.code] = true
			cards = append(cards, card)
			set = set.Other()
		}
	}
	for i := len(cards) - 1; i > 0; i-- {
		j, err := below(random, uint64(i+1))
		if err != nil {
			return nil, err
		}
		cards[i], cards[j] = cards[j], cards[i]
	}
	return cards, nil
}

// below returns a uniform number from 0 to n−1, n ≥ 1.
func below(random io.Reader, n uint64) (uint64, error) {
	var b [8]byte
	for {
		if _, err := io.ReadFull(random, b[:]); err != nil {
			return 0, fmt.Errorf("reading random bytes to shuffle: %w", err)
		}
		// −n % n is 2^64 mod n: refusing that many values leaves a multiple of n.
		if v := binary.BigEndian.Uint64(b[:]); v >= -n%n {
			return v % n, nil
		}
	}
}

// ParseCard reads a typed card. It forgives lower case, blanks, dashes and dots,
// O for 0, I and L for 1; anything else wrong is a *TypingError: any single wrong
// character and any exchange of two characters is found, the set letter included.
func ParseCard(s string) (Card, error) {
	values, err := symbols(s, cardText)
	if err != nil {
		return Card{}, err
	}
	card := Card{set: Set(alphabet[values[cardCode+1]])}
	copy(card.code[:], values)
	if !card.set.Valid() {
		return Card{}, &TypingError{Kind: ErrSet, Position: cardText}
	}
	if card.check() != values[cardCode] {
		return Card{}, &TypingError{Kind: ErrCheck}
	}
	return card, nil
}

// check covers the code and the set letter.
func (c Card) check() byte {
	return weigh(append(c.code[:len(c.code):len(c.code)], byte(symbol(rune(c.set)))))
}

// Set returns the set letter of the card.
func (c Card) Set() Set { return c.set }

// Valid reports whether c came from NewCard or ParseCard.
func (c Card) Valid() bool { return c.set.Valid() }

// Text returns the card as it is printed: "ABCDE-FGHJK-C·A", code in two groups,
// check character, set letter; "" for the zero Card.
func (c Card) Text() string {
	if !c.Valid() {
		return ""
	}
	code := spell(c.code[:])
	return code[:5] + "-" + code[5:] + "-" + string(alphabet[c.check()]) + "·" + c.set.String()
}

// String hides the card from logs and messages; use Text to print it.
func (c Card) String() string { return "(card)" }

// GoString hides the card from %#v.
func (c Card) GoString() string { return c.String() }

// MarshalText always fails with ErrSecret.
func (c Card) MarshalText() ([]byte, error) { return nil, ErrSecret }
