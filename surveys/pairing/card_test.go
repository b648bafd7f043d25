package pairing

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"traguardo/surveys"
)

// seeded is a reproducible stand-in for the operating system's random source.
func seeded(seed byte) io.Reader { return rand.NewChaCha8([32]byte{seed}) }

func newTestCard(t *testing.T, random io.Reader) Card {
	t.Helper()
	card, err := NewCard(random)
	if err != nil {
		t.Fatal(err)
	}
	return card
}

func TestAlphabet(t *testing.T) {
	t.Parallel()
	if len(alphabet) != 32 {
		t.Fatalf("got %d characters, want 32", len(alphabet))
	}
	for i, r := range alphabet {
		if strings.ContainsRune("ILOU", r) || strings.IndexRune(alphabet, r) != i {
			t.Errorf("character %q at %d: a look-alike or twice there", r, i)
		}
	}
	// The weights α^0 … α^15 of the longest code are all different and not 0.
	seen, weight := map[byte]bool{}, byte(1)
	for range deskText {
		if weight == 0 || seen[weight] {
			t.Fatalf("weight %d is 0 or comes back", weight)
		}
		seen[weight] = true
		weight = multiply(weight, 2)
	}
}

func TestCardText(t *testing.T) {
	t.Parallel()
	random := seeded(1)
	for range 200 {
		card := newTestCard(t, random)
		text := card.Text()
		if len([]rune(text)) != 15 || text[5] != '-' || text[11] != '-' || !strings.HasSuffix(text, "·"+card.Set().String()) {
			t.Fatalf("got %q, want the form ABCDE-FGHJK-C·A", text)
		}
		got, err := ParseCard(text)
		if err != nil || got != card {
			t.Fatalf("%q: got %v, %v", text, got.Text(), err)
		}
	}
	if (Card{}).Text() != "" || (Card{}).Valid() {
		t.Error("the zero card has a text or is valid")
	}
}

func TestParseCardLeniently(t *testing.T) {
	t.Parallel()
	card := Card{code: [cardCode]byte{1, 0, 10, 31, 1, 0, 5, 20, 1, 0}, set: SetB}
	text := card.Text()
	if !strings.HasPrefix(text, "10AZ1-05M10-") {
		t.Fatalf("got %q", text)
	}
	plain := strings.NewReplacer("-", "", "·", "").Replace(text)
	for _, typed := range []string{
		strings.ToLower(text), plain, " " + text + "\n", strings.ReplaceAll(text, "-", " — "),
		strings.ReplaceAll(text, "·", "."), strings.ReplaceAll(plain, "0", "O"), strings.ReplaceAll(plain, "0", "o"),
		strings.ReplaceAll(plain, "1", "I"), strings.ReplaceAll(plain, "1", "l"), strings.ReplaceAll(plain, "1", "i"),
		strings.Join(strings.Split(plain, ""), " "), "\ufeff" + plain, strings.ReplaceAll(text, "-", "\u2011"),
		strings.ReplaceAll(text, "-", "\u00a0"), strings.ReplaceAll(text, "-", "_"),
	} {
		got, err := ParseCard(typed)
		if err != nil || got != card {
			t.Errorf("%q: got %q, %v", typed, got.Text(), err)
		}
	}
}

func TestParseCardErrors(t *testing.T) {
	t.Parallel()
	good := newTestCard(t, seeded(2)).Text()
	plain := strings.NewReplacer("-", "", "·", "").Replace(good)
	cases := []struct {
		name, typed string
		kind        error
		position    int
		message     string
	}{
		{"nothing", "", ErrLength, 0, "wrong number of characters: got 0, want 12"},
		{"separators", " - · -", ErrLength, 0, "wrong number of characters: got 0, want 12"},
		{"no set letter", plain[:11], ErrLength, 0, "wrong number of characters: got 11, want 12"},
		{"one too many", plain + "A", ErrLength, 0, "wrong number of characters: got 13, want 12"},
		{"endless", strings.Repeat("A", 5000), ErrLength, 0, ""},
		{"foreign character", plain[:3] + "?" + plain[4:], ErrCharacter, 4, "character not used in codes: position 4"},
		{"U", plain[:7] + "U" + plain[8:], ErrCharacter, 8, "character not used in codes: position 8"},
		{"accent", plain[:7] + "È" + plain[8:], ErrCharacter, 8, ""},
		{"broken UTF-8", plain[:7] + "\xff" + plain[8:], ErrCharacter, 8, ""},
		{"set C", plain[:11] + "C", ErrSet, 12, "set letter is not A or B: position 12"},
		{"set 8", plain[:11] + "8", ErrSet, 12, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			card, err := ParseCard(c.typed)
			var typing *TypingError
			if !errors.As(err, &typing) || !errors.Is(err, c.kind) || !errors.Is(err, surveys.ErrInvalid) || card.Valid() {
				t.Fatalf("got %v, %v, want %v", card, err, c.kind)
			}
			if typing.Position != c.position || c.message != "" && err.Error() != c.message {
				t.Errorf("got %q at %d, want %q at %d", err, typing.Position, c.message, c.position)
			}
		})
	}
}

// mistyped calls with every single-character change of text (separators removed)
// and every exchange of two different characters.
func mistyped(text string, try func(kind, typed string)) {
	plain := strings.NewReplacer("-", "", "·", "").Replace(text)
	for i := range plain {
		for _, r := range alphabet {
			if byte(r) != plain[i] {
				try("substitution", plain[:i]+string(r)+plain[i+1:])
			}
		}
		for j := range i {
			if plain[i] != plain[j] {
				b := []byte(plain)
				b[i], b[j] = b[j], b[i]
				try("exchange", string(b))
			}
		}
	}
}

func TestCardFindsEverySingleErrorAndExchange(t *testing.T) {
	t.Parallel()
	random := seeded(3)
	tried := 0
	for range 40 {
		mistyped(newTestCard(t, random).Text(), func(kind, typed string) {
			tried++
			if _, err := ParseCard(typed); !errors.Is(err, ErrCheck) && !errors.Is(err, ErrSet) {
				t.Fatalf("%s %q: got %v", kind, typed, err)
			}
		})
	}
	if tried < 40*12*31 {
		t.Errorf("tried %d changes, want at least %d", tried, 40*12*31)
	}
}

func TestDeskCode(t *testing.T) {
	t.Parallel()
	random := seeded(4)
	for range 20 {
		d, err := NewDeskCode(random)
		if err != nil {
			t.Fatal(err)
		}
		text := d.Text()
		if len(text) != 19 || strings.Count(text, "-") != 3 {
			t.Fatalf("got %q, want four groups of four", text)
		}
		if got, err := ParseDeskCode(strings.ToLower(strings.ReplaceAll(text, "-", " "))); err != nil || got != d {
			t.Fatalf("%q: got %v", text, err)
		}
		mistyped(text, func(kind, typed string) {
			if _, err := ParseDeskCode(typed); !errors.Is(err, ErrCheck) {
				t.Fatalf("%s %q: got %v", kind, typed, err)
			}
		})
		if _, err := ParseCard(text); !errors.Is(err, ErrLength) {
			t.Errorf("a desk code as a card: got %v", err)
		}
	}
	if (DeskCode{}).Text() != "" || (DeskCode{}).Valid() {
		t.Error("the zero desk code has a text or is valid")
	}
	if _, err := DeriveDesk(DeskCode{}); !errors.Is(err, surveys.ErrInvalid) {
		t.Errorf("keys of the zero desk code: got %v", err)
	}
}

func TestNewCards(t *testing.T) {
	t.Parallel()
	for _, n := range []int{-1, 0, 1, 2, 7, 300} {
		cards, err := NewCards(seeded(5), n)
		if err != nil || len(cards) != max(n, 0) {
			t.Fatalf("n %d: got %d cards, %v", n, len(cards), err)
		}
		codes, sets := map[[cardCode]byte]bool{}, map[Set]int{}
		alternating := len(cards) > 10
		for i, c := range cards {
			codes[c.code] = true
			sets[c.set]++
			if i > 0 && c.set == cards[i-1].set {
				alternating = false
			}
		}
		if len(codes) != len(cards) || sets[SetA]-sets[SetB] > 1 || sets[SetB]-sets[SetA] > 1 || alternating {
			t.Errorf("n %d: got %d different, sets %v, alternating %v", n, len(codes), sets, alternating)
		}
	}
}

// TestCardBits: each of the 32 characters comes about equally often at each place.
func TestCardBits(t *testing.T) {
	t.Parallel()
	random := seeded(6)
	const draws = 6400
	var counts [cardCode][32]int
	sets := 0
	for range draws {
		c := newTestCard(t, random)
		for i, v := range c.code {
			counts[i][v]++
		}
		if c.set == SetA {
			sets++
		}
	}
	for i := range counts {
		for v, n := range counts[i] {
			if n < draws/32*6/10 || n > draws/32*14/10 {
				t.Errorf("place %d, character %c: got %d of %d", i, alphabet[v], n, draws)
			}
		}
	}
	if sets < draws*45/100 || sets > draws*55/100 {
		t.Errorf("set A: got %d of %d", sets, draws)
	}
}

func TestRandomFails(t *testing.T) {
	t.Parallel()
	broken := errors.New("no entropy")
	makers := map[string]func(io.Reader) error{
		"card":   func(r io.Reader) error { _, err := NewCard(r); return err },
		"cards":  func(r io.Reader) error { _, err := NewCards(r, 3); return err },
		"desk":   func(r io.Reader) error { _, err := NewDeskCode(r); return err },
		"set":    func(r io.Reader) error { _, err := DrawSet(r); return err },
		"key":    func(r io.Reader) error { _, err := NewKey(r); return err },
		"link":   func(r io.Reader) error { _, err := NewLinkSecret(r); return err },
		"draft":  func(r io.Reader) error { _, err := SealDraft(DraftKey{1}, "c", "1", nil, r); return err },
		"secret": func(r io.Reader) error { _, err := WrapSecret(Key{1}, "c", nil, r); return err },
	}
	for name, make := range makers {
		if err := make(iotest.ErrReader(broken)); !errors.Is(err, broken) {
			t.Errorf("%s: got %v, want %v", name, err, broken)
		}
	}
	for short := range 11 {
		if _, err := NewCard(bytes.NewReader(make([]byte, short))); err == nil {
			t.Errorf("%d random bytes: got a card", short)
		}
	}
	if _, err := NewCards(io.LimitReader(seeded(7), 40), 3); err == nil {
		t.Error("random ends in the shuffle: got cards")
	}
}

func TestSets(t *testing.T) {
	t.Parallel()
	if SetA.Other() != SetB || SetB.Other() != SetA || Set(0).Other() != 0 || Set(0).Valid() {
		t.Error("Other does not exchange A and B alone")
	}
	if s, err := ParseSet("B"); err != nil || s != SetB {
		t.Errorf("got %v, %v", s, err)
	}
	for _, bad := range []string{"", "C", "AB", "a"} {
		if s, err := ParseSet(bad); !errors.Is(err, ErrSet) {
			t.Errorf("%q: got %v, %v", bad, s, err)
		}
	}
	if got := Set(7).String(); got != "Set(7)" {
		t.Errorf("got %q", got)
	}
}

// TestSecretsStayHidden: no general way of printing shows a secret.
func TestSecretsStayHidden(t *testing.T) {
	t.Parallel()
	random := seeded(8)
	card := newTestCard(t, random)
	desk, _ := NewDeskCode(random)
	key, _ := NewKey(random)
	link, _ := NewLinkSecret(random)
	code, err := NewCode([Elements]string{"a", "1", "b", "0", "c", "1"})
	if err != nil {
		t.Fatal(err)
	}
	for want, secret := range map[string]interface{ MarshalText() ([]byte, error) }{
		"(card)": card, "(desk code)": desk, "(key)": key, "(link secret)": link, "(code)": code, "(draft key)": DraftKey(key),
	} {
		for _, verb := range []string{"%v", "%+v", "%s", "%#v"} {
			if got := fmt.Sprintf(verb, secret); got != want {
				t.Errorf("%s: got %q, want %q", verb, got, want)
			}
		}
		if b, err := secret.MarshalText(); !errors.Is(err, ErrSecret) || len(b) > 0 {
			t.Errorf("%s: got %q, %v", want, b, err)
		}
	}
}

func FuzzParseCard(f *testing.F) {
	f.Add("ABCDE-FGHJK-C·A")
	f.Add("oil00-00000-0.b")
	f.Add("")
	f.Add("\xff\xfe")
	f.Fuzz(func(t *testing.T, typed string) {
		card, err := ParseCard(typed)
		if err != nil {
			var typing *TypingError
			if !errors.As(err, &typing) || card != (Card{}) {
				t.Fatalf("%q: got %v, %v", typed, card, err)
			}
		} else if again, err := ParseCard(card.Text()); err != nil || again != card {
			t.Fatalf("%q: %q does not parse back: %v", typed, card.Text(), err)
		}
		desk, err := ParseDeskCode(typed)
		if err != nil {
			if desk.Valid() {
				t.Fatalf("%q: got a desk code and %v", typed, err)
			}
		} else if again, err := ParseDeskCode(desk.Text()); err != nil || again != desk {
			t.Fatalf("%q: %q does not parse back: %v", typed, desk.Text(), err)
		}
	})
}
