package pairing_test

import (
	"errors"
	"fmt"
	"math/rand/v2"

	"traguardo/surveys"
	"traguardo/surveys/pairing"
)

// A card is printed, typed a year later in another spelling, and still hashes to
// the same value; a typing error is told, not swallowed.
func Example() {
	random := rand.NewChaCha8([32]byte{}) // crypto/rand.Reader in the program
	key, _ := pairing.NewKey(random)
	card, _ := pairing.NewCard(random)
	fmt.Println(card.Text(), card)

	typed, err := pairing.ParseCard("  epfdx rkcjm 7 b")
	var typing *pairing.TypingError
	fmt.Println(typed.Valid(), errors.As(err, &typing), errors.Is(err, pairing.ErrCheck))

	before := []pairing.Keyed{{ID: "before-1", Hashes: pairing.HashCard(key, "series-1", card)}}
	after := []pairing.Keyed{{ID: "after-1", Hashes: pairing.HashCard(key, "series-1", card)}, {ID: "after-2"}}
	report := pairing.Match(before, after, surveys.PairingCard, 2)
	fmt.Println(report.Pairs, report.UnmatchedPost)
	// Output:
	// EPFDX-RKCMJ-7·B (card)
	// false true true
	// [{before-1 after-1 0}] [after-2]
}

func ExampleExpectedAccidentalPairs() {
	fmt.Printf("%.3f\n", pairing.ExpectedAccidentalPairs(25, 25, pairing.CodeEntropies()))
	// Output: 0.018
}

// The server keeps the token and the sealed draft; what opens it is in the link.
func ExampleDeriveLink() {
	random := rand.NewChaCha8([32]byte{1})
	secret, _ := pairing.NewLinkSecret(random)
	keys, _ := pairing.DeriveLink(secret)
	sealed, _ := pairing.SealDraft(keys.Key, "campaign-1", "STAFF 1.0", []byte("half an answer"), random)
	draft, err := pairing.OpenDraft(keys.Key, "campaign-1", "STAFF 1.0", sealed)
	fmt.Println(len(secret.Text()), string(draft), err)
	_, err = pairing.OpenDraft(keys.Key, "campaign-2", "STAFF 1.0", sealed)
	fmt.Println(err)
	// Output:
	// 26 half an answer <nil>
	// sealed data cannot be opened
}
