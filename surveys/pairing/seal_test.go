package pairing

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"traguardo/surveys"
)

func TestDeriveLink(t *testing.T) {
	t.Parallel()
	random := seeded(20)
	secret, err := NewLinkSecret(random)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := DeriveLink(secret)
	if err != nil {
		t.Fatal(err)
	}
	again, _ := DeriveLink(secret)
	if keys != again {
		t.Error("the same secret gives other keys")
	}
	if Hash(keys.Key) == keys.Token || keys.Token.IsZero() || bytes.Contains([]byte(secret.Text()), []byte(keys.Draft[:10])) {
		t.Error("the three parts are not apart")
	}
	if _, err := surveys.ParseID(keys.Draft.String()); err != nil {
		t.Errorf("draft %q: %v", keys.Draft, err)
	}
	flipped := secret
	flipped[15] ^= 1
	other, _ := DeriveLink(flipped)
	if other.Token == keys.Token || other.Draft == keys.Draft || other.Key == keys.Key {
		t.Error("another secret gives a part of the same keys")
	}
	desk, _ := NewDeskCode(random)
	deskKeys, err := DeriveDesk(desk)
	if err != nil || deskKeys.Token.IsZero() || deskKeys.Key == (DraftKey{}) {
		t.Errorf("desk: got %v, %v", deskKeys.Token, err)
	}
	// Fixed for ever: links that are out must keep working after an update.
	fixed, _ := DeriveLink(LinkSecret{1, 2, 3})
	if got, want := fixed.Token.String()[:16]+" "+fixed.Draft.String()[:8], "4e68666ab27db756 rc4yzb5s"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestDeriveDeskIsNotDeriveLink(t *testing.T) {
	t.Parallel()
	raw := bytes.Repeat([]byte{7}, linkBytes)
	a, errA := derive(raw, "link")
	b, errB := derive(raw, "desk")
	if errA != nil || errB != nil || a.Token == b.Token || a.Draft == b.Draft || a.Key == b.Key {
		t.Errorf("got %v and %v, %v, %v", a.Token, b.Token, errA, errB)
	}
}

func TestLinkText(t *testing.T) {
	t.Parallel()
	secret, _ := NewLinkSecret(seeded(21))
	text := secret.Text()
	if got, err := ParseLinkSecret(text); len(text) != 26 || err != nil || got != secret {
		t.Errorf("%q: got %v", text, err)
	}
	for _, bad := range []string{"", text[:25], text + "a", strings.ToUpper(text), text[:25] + "9", " " + text, text[:12] + "\n" + text[12:]} {
		if _, err := ParseLinkSecret(bad); !errors.Is(err, surveys.ErrInvalid) {
			t.Errorf("%q: got %v", bad, err)
		}
	}
}

func FuzzParseLinkSecret(f *testing.F) {
	f.Add("abcdefghijkmnpqrstuvwxyz23")
	f.Add("")
	f.Fuzz(func(t *testing.T, s string) {
		if secret, err := ParseLinkSecret(s); err == nil && secret.Text() != s {
			t.Fatalf("%q has a second spelling %q", s, secret.Text())
		}
	})
}

func TestDraftTampering(t *testing.T) {
	t.Parallel()
	key := DraftKey{5, 6}
	draft := []byte("\x03\xff\x00 risposta libera")
	sealed, err := SealDraft(key, "campaign-1", "STAFF 1.0", draft, seeded(22))
	if err != nil || len(sealed) != len(draft)+SealOverhead {
		t.Fatalf("got %d bytes, %v", len(sealed), err)
	}
	if got, err := OpenDraft(key, "campaign-1", "STAFF 1.0", sealed); err != nil || !bytes.Equal(got, draft) {
		t.Fatalf("got %q, %v", got, err)
	}
	if bytes.Contains(sealed, []byte("risposta")) {
		t.Error("the draft is readable")
	}
	second, _ := SealDraft(key, "campaign-1", "STAFF 1.0", draft, seeded(23))
	if bytes.Equal(second, sealed) {
		t.Error("two nonces: got the same bytes")
	}
	for i := range sealed {
		for bit := range 8 {
			bad := bytes.Clone(sealed)
			bad[i] ^= 1 << bit
			if got, err := OpenDraft(key, "campaign-1", "STAFF 1.0", bad); !errors.Is(err, ErrOpen) || got != nil {
				t.Fatalf("byte %d bit %d: got %q, %v", i, bit, got, err)
			}
		}
	}
	for cut := range len(sealed) {
		if _, err := OpenDraft(key, "campaign-1", "STAFF 1.0", sealed[:cut]); !errors.Is(err, ErrOpen) {
			t.Fatalf("cut to %d: got %v", cut, err)
		}
	}
	for name, open := range map[string]func() ([]byte, error){
		"longer": func() ([]byte, error) {
			return OpenDraft(key, "campaign-1", "STAFF 1.0", append(sealed[:len(sealed):len(sealed)], 0))
		},
		"other key":      func() ([]byte, error) { return OpenDraft(DraftKey{5}, "campaign-1", "STAFF 1.0", sealed) },
		"other campaign": func() ([]byte, error) { return OpenDraft(key, "campaign-2", "STAFF 1.0", sealed) },
		"other version":  func() ([]byte, error) { return OpenDraft(key, "campaign-1", "STAFF 1.1", sealed) },
		"shifted":        func() ([]byte, error) { return OpenDraft(key, "campaign-1S", "TAFF 1.0", sealed) },
		"as a secret":    func() ([]byte, error) { return UnwrapSecret(Key(key), "campaign-1", sealed) },
	} {
		if got, err := open(); !errors.Is(err, ErrOpen) || got != nil {
			t.Errorf("%s: got %q, %v", name, got, err)
		}
	}
}

func TestWrapSecret(t *testing.T) {
	t.Parallel()
	random := seeded(24)
	master, _ := NewKey(random)
	series, _ := NewKey(random)
	wrapped, err := WrapSecret(master, "series/1/key", series[:], random)
	if err != nil {
		t.Fatal(err)
	}
	b, err := UnwrapSecret(master, "series/1/key", wrapped)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := KeyFromBytes(b); err != nil || got != series {
		t.Errorf("got another key, %v", err)
	}
	for i := range wrapped {
		bad := bytes.Clone(wrapped)
		bad[i] ^= 0x80
		if _, err := UnwrapSecret(master, "series/1/key", bad); !errors.Is(err, ErrOpen) {
			t.Fatalf("byte %d: got %v", i, err)
		}
	}
	if _, err := UnwrapSecret(master, "series/2/key", wrapped); !errors.Is(err, ErrOpen) {
		t.Errorf("other context: got %v", err)
	}
	if _, err := UnwrapSecret(series, "series/1/key", wrapped); !errors.Is(err, ErrOpen) {
		t.Errorf("other master: got %v", err)
	}
	if _, err := UnwrapSecret(master, "series/1/key", nil); !errors.Is(err, ErrOpen) {
		t.Errorf("nothing: got %v", err)
	}
	empty, _ := WrapSecret(master, "x", nil, random)
	if got, err := UnwrapSecret(master, "x", empty); err != nil || len(got) != 0 {
		t.Errorf("empty secret: got %q, %v", got, err)
	}
}

func TestKeyFromBytes(t *testing.T) {
	t.Parallel()
	for _, bad := range [][]byte{nil, make([]byte, 31), make([]byte, 33), make([]byte, 32)} {
		if _, err := KeyFromBytes(bad); !errors.Is(err, ErrKey) {
			t.Errorf("%d bytes: got %v", len(bad), err)
		}
	}
}

func FuzzOpen(f *testing.F) {
	sealed, err := SealDraft(DraftKey{1}, "c", "1", []byte("draft"), seeded(25))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sealed)
	f.Add([]byte{})
	f.Add([]byte{1})
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := OpenDraft(DraftKey{1}, "c", "1", b)
		if bytes.Equal(b, sealed) {
			if err != nil || string(got) != "draft" {
				t.Fatalf("got %q, %v", got, err)
			}
		} else if !errors.Is(err, ErrOpen) {
			t.Fatalf("%x opens to %q", b, got)
		}
	})
}
