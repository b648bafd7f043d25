package demo_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"traguardo/app/auth"
	"traguardo/app/demo"
	"traguardo/app/i18n"
	"traguardo/app/storage"
	"traguardo/app/storage/storagetest"
)

func TestMain(m *testing.M) { os.Exit(storagetest.Main(m)) }

func build(t *testing.T, store *storage.Store, seed uint64) demo.Summary {
	t.Helper()
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	hasher, err := auth.NewHasher(2, 64)
	if err != nil {
		t.Fatal(err)
	}
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	var key [32]byte
	key[0] = byte(seed)
	out, err := demo.Build(t.Context(), store, demo.Options{Seed: seed, Now: time.Date(2026, 11, 22, 11, 0, 0, 0, time.UTC), Secrets: rand.NewChaCha8(key),
		MasterKey: bytes.Repeat([]byte{9}, 32), Hasher: hasher, Texts: texts, BaseURL: "http://127.0.0.1:8080",
		Log: slog.New(slog.DiscardHandler), Rome: rome})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestBuild makes the demonstration on both engines: the same seed, the same figures.
func TestBuild(t *testing.T) {
	store := storagetest.New(t, storage.SQLite)
	s := build(t, store, 1)
	again, err := json.Marshal(build(t, storagetest.New(t, storage.PostgreSQL), 1))
	if err != nil {
		t.Fatal(err)
	}
	if first, err := json.Marshal(s); err != nil || !bytes.Equal(first, again) {
		t.Errorf("the same seed on PostgreSQL gives another demonstration (%v)", err)
	}
	if len(s.Programmes) != 2 || len(s.Enti) != 18 || len(s.Links) == 0 || len(s.Links) != len(s.Cards) {
		t.Fatalf("got %d programmes, %d enti, %d links, %d cards, want 2, 18 and as many cards as links", len(s.Programmes), len(s.Enti), len(s.Links), len(s.Cards))
	}
	expost := map[string]int{}
	for _, e := range s.Enti {
		if !e.Fictitious {
			if e.Staff != 0 || e.Exante != "none" || e.Expost != "none" || e.Plan != "none" || e.Responses != 0 {
				t.Errorf("%s is real: got %+v, want public facts only", e.Name, e)
			}
			continue
		}
		expost[e.Expost]++
		if e.Exante != "closed" || e.Plan != "approved" || e.Responses == 0 || e.Responses > e.Staff+e.Staff/6 {
			t.Errorf("%s: got %+v, want a closed ex-ante, answers and an approved plan", e.Name, e)
		}
	}
	if expost["open"] != 1 || expost["none"] != 1 || expost["closed"] != 7 {
		t.Errorf("ex-post: got %v, want one open, one not begun, seven closed", expost)
	}
	roles := map[auth.Role]bool{}
	for _, x := range s.SignIns {
		roles[x.Role] = true
	}
	if len(roles) != 7 {
		t.Errorf("got sign-ins for %d roles, want 7: %v", len(roles), roles)
	}
	if queued, _, _, err := store.MailCounts(t.Context()); err != nil || queued != 0 {
		t.Errorf("outbox: got %d waiting, %v, want none: nobody lives there", queued, err)
	}
	if rows, broken, err := store.VerifyAudit(t.Context()); err != nil || broken != 0 || rows == 0 {
		t.Errorf("audit: got %d rows, broken at %d, %v", rows, broken, err)
	}
}
