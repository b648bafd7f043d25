package storage_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"traguardo/app/storage"
	"traguardo/app/storage/storagetest"
)

// TestAuditCannotBeEmptied: TRUNCATE passes triggers of rows by; it is refused too.
func TestAuditCannotBeEmptied(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, store *storage.Store) {
		ctx := t.Context()
		err := store.InTx(ctx, func(tx *storage.Store) error {
			return tx.Audit(ctx, storage.AuditEntry{Action: "user.add", Actor: "system", Detail: "{}", At: time.Unix(1_790_000_000, 0)})
		})
		if err != nil {
			t.Fatal(err)
		}
		db, err := store.SQL()
		if err != nil {
			t.Fatal(err)
		}
		statements := []string{"DELETE FROM audit", "INSERT OR REPLACE INTO audit SELECT seq, at, 'x', action, ente_id, subject, detail, prev_hash, hash FROM audit"}
		if store.Engine() == storage.PostgreSQL {
			statements = []string{"DELETE FROM audit", "TRUNCATE audit", "TRUNCATE audit CASCADE"}
		}
		for _, statement := range statements {
			if _, err := db.ExecContext(ctx, statement); err == nil {
				t.Errorf("%s: got no refusal", statement)
			}
		}
		if rows, broken, err := store.VerifyAudit(ctx); rows != 1 || broken != 0 || err != nil {
			t.Errorf("chain: got %d rows, broken at %d, %v, want 1 and 0", rows, broken, err)
		}
	})
}

// TestFullDiskIsNamed: a write that finds no space is ErrFull, and works again
// when there is some.
func TestFullDiskIsNamed(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, store *storage.Store) {
		ctx, now := t.Context(), time.Unix(1_790_000_000, 0)
		db, err := store.SQL()
		if err != nil {
			t.Fatal(err)
		}
		db.SetMaxOpenConns(1) // the pragma holds for one connection
		full, space := "PRAGMA max_page_count = 1", "PRAGMA max_page_count = 1000000"
		if store.Engine() == storage.PostgreSQL {
			full = `CREATE FUNCTION no_space() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = '53100'; END; $$;
				CREATE TRIGGER no_space BEFORE INSERT ON submissions FOR EACH ROW EXECUTE FUNCTION no_space()`
			space = "DROP TRIGGER no_space ON submissions"
		}
		if _, err := db.ExecContext(ctx, full); err != nil {
			t.Fatal(err)
		}
		if err := store.Probe(ctx, now); !errors.Is(err, storage.ErrFull) {
			t.Errorf("full disk: got %v, want ErrFull", err)
		}
		if _, err := store.ClaimSubmission(ctx, strings.Repeat("d", 9000), now, now); !errors.Is(err, storage.ErrFull) {
			t.Errorf("claim on a full disk: got %v, want ErrFull", err)
		}
		if _, err := db.ExecContext(ctx, space); err != nil {
			t.Fatal(err)
		}
		if err := store.Probe(ctx, now); err != nil {
			t.Errorf("space again: got %v", err)
		}
	})
}

// TestSubmissionsAreClaimedOnce: of many at once one carries out.
func TestSubmissionsAreClaimedOnce(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, store *storage.Store) {
		ctx, now := t.Context(), time.Unix(1_790_000_000, 0)
		var mu sync.Mutex
		var wg sync.WaitGroup
		claimed := 0
		for range 10 {
			wg.Go(func() {
				mine, err := store.ClaimSubmission(ctx, "digest", now, now.Add(-10*time.Second))
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Errorf("claiming: %v", err)
				}
				if mine {
					claimed++
				}
			})
		}
		wg.Wait()
		if claimed != 1 {
			t.Errorf("got %d claims, want 1", claimed)
		}
		if at, err := store.Submission(ctx, "digest"); err != nil || at != "" {
			t.Errorf("under way: got %q, %v", at, err)
		}
		if err := store.SettleSubmission(ctx, "digest", "/there"); err != nil {
			t.Fatal(err)
		}
		if at, err := store.Submission(ctx, "digest"); err != nil || at != "/there" {
			t.Errorf("settled: got %q, %v", at, err)
		}
		if mine, err := store.ClaimSubmission(ctx, "digest", now.Add(11*time.Second), now.Add(time.Second)); err != nil || !mine {
			t.Errorf("later: got %v, %v, want a new claim", mine, err)
		}
		if err := store.ReleaseSubmission(ctx, "digest"); err != nil {
			t.Fatal(err)
		}
		if _, err := store.Submission(ctx, "digest"); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("released: got %v, want ErrNotFound", err)
		}
	})
}

// TestDeletedDraftsLeaveNothing: what was deleted is not in SQLite's files, which
// are the owner's alone.
func TestDeletedDraftsLeaveNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new.db")
	store, err := storage.Open(t.Context(), "sqlite://"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if _, err := store.MigrateUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("rights of the file: got %v, %v, want 0600", info.Mode(), err)
	}
	secret := strings.Repeat("nobody-may-find-this ", 3)
	if err := store.SettleSubmission(t.Context(), "x", ""); err != nil {
		t.Fatal(err)
	}
	if _, err := store.ClaimSubmission(t.Context(), "x", time.Unix(9, 0), time.Unix(1, 0)); err != nil {
		t.Fatal(err)
	}
	if err := store.SettleSubmission(t.Context(), "x", secret); err != nil {
		t.Fatal(err)
	}
	if err := store.ReleaseSubmission(t.Context(), "x"); err != nil {
		t.Fatal(err)
	}
	if err := store.Scrub(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{path, path + "-wal"} {
		content, err := os.ReadFile(file)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		if strings.Contains(string(content), "nobody-may-find-this") {
			t.Errorf("%s still holds what was deleted", filepath.Base(file))
		}
	}
}
