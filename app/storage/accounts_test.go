package storage_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/app/storage/storagetest"
	"traguardo/surveys"
)

func addUser(t *testing.T, store *storage.Store, name string, admin bool) storage.User {
	t.Helper()
	u := storage.User{ID: idOf(t, "user:"+name), Email: name + "@Comune.example", EmailFolded: name + "@comune.example", Name: name,
		PasswordHash: "hash", Lang: "it", Admin: admin, CreatedAt: time.Unix(1_790_000_000, 0)}
	if err := store.AddUser(t.Context(), u); err != nil {
		t.Fatal(err)
	}
	return u
}

func TestUsersAreFoundByFoldedAddress(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, store *storage.Store) {
		ctx := t.Context()
		u := addUser(t, store, "anna", true)
		got, err := store.UserByEmail(ctx, "anna@comune.example")
		if err != nil || got != (storage.User{ID: u.ID, Email: u.Email, EmailFolded: u.EmailFolded, Name: u.Name, PasswordHash: "hash", Lang: "it", Admin: true, CreatedAt: u.CreatedAt.UTC()}) {
			t.Errorf("got %+v, %v, want %+v", got, err, u)
		}
		if err := store.AddUser(ctx, storage.User{ID: idOf(t, "x"), Email: "a", EmailFolded: u.EmailFolded, Lang: "it"}); !errors.Is(err, storage.ErrConflict) {
			t.Errorf("the same address twice: got %v, want ErrConflict", err)
		}
		if _, err := store.User(ctx, idOf(t, "nobody")); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("no such user: got %v, want ErrNotFound", err)
		}
		u.Name, u.Admin, u.Disabled = "Anna", false, true
		if err := store.UpdateUser(ctx, u); err != nil {
			t.Fatal(err)
		}
		if got, err := store.User(ctx, u.ID); err != nil || got.Admin || !got.Disabled || got.Name != "Anna" {
			t.Errorf("after the update: got %+v, %v", got, err)
		}
		if err := store.UpdateUser(ctx, storage.User{ID: idOf(t, "nobody")}); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("updating nobody: got %v, want ErrNotFound", err)
		}
		addUser(t, store, "bruno", true)
		if n, err := store.CountActiveAdmins(ctx); err != nil || n != 1 {
			t.Errorf("active administrators: got %d, %v, want 1", n, err)
		}
		if list, err := store.ActiveAdmins(ctx); err != nil || len(list) != 1 || list[0].Name != "bruno" {
			t.Errorf("active administrators: got %v, %v, want bruno", list, err)
		}
	})
}

func TestSessionsHaveLimits(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, store *storage.Store) {
		ctx, now := t.Context(), time.Unix(1_790_000_000, 0).UTC()
		u := addUser(t, store, "anna", false)
		add := func(key string, seen, expires time.Time) {
			t.Helper()
			if err := store.AddSession(ctx, storage.Session{IDHash: []byte(key), UserID: u.ID, CSRF: "token", CreatedAt: now, SeenAt: seen, ExpiresAt: expires}); err != nil {
				t.Fatal(err)
			}
		}
		add("fresh", now, now.Add(time.Hour))
		add("idle", now.Add(-2*time.Hour), now.Add(time.Hour))
		add("over", now, now.Add(-time.Second))
		if err := store.TouchSession(ctx, []byte("fresh"), now.Add(time.Minute), "saved"); err != nil {
			t.Fatal(err)
		}
		se, who, err := store.Session(ctx, []byte("fresh"))
		if err != nil || who.ID != u.ID || se.Flash != "saved" || !se.SeenAt.Equal(now.Add(time.Minute)) || se.CSRF != "token" {
			t.Errorf("got %+v of %s, %v", se, who.ID, err)
		}
		if err := store.SweepSessions(ctx, now, now.Add(-time.Hour)); err != nil {
			t.Fatal(err)
		}
		for key, want := range map[string]error{"fresh": nil, "idle": storage.ErrNotFound, "over": storage.ErrNotFound, "never": storage.ErrNotFound} {
			if _, _, err := store.Session(ctx, []byte(key)); !errors.Is(err, want) {
				t.Errorf("session %s: got %v, want %v", key, err, want)
			}
		}
		if err := store.RemoveSessionsOf(ctx, u.ID); err != nil {
			t.Fatal(err)
		}
		if _, _, err := store.Session(ctx, []byte("fresh")); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("after all were removed: got %v, want ErrNotFound", err)
		}
	})
}

func TestThrottleCountsInAWindow(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, store *storage.Store) {
		ctx, now := t.Context(), time.Unix(1_790_000_000, 0)
		fail := func(key string, at time.Time) {
			t.Helper()
			if err := store.CountFailure(ctx, key, at, time.Minute, 3, time.Hour); err != nil {
				t.Fatal(err)
			}
		}
		blocked := func(at time.Time, keys ...string) bool {
			t.Helper()
			until, err := store.Blocked(ctx, keys, at)
			if err != nil {
				t.Fatal(err)
			}
			return !until.IsZero()
		}
		fail("a", now)
		fail("a", now)
		fail("a", now.Add(2*time.Minute)) // another window
		if blocked(now.Add(2*time.Minute), "a") {
			t.Error("blocked by failures of two windows")
		}
		fail("a", now.Add(2*time.Minute))
		fail("a", now.Add(2*time.Minute))
		if !blocked(now.Add(3*time.Minute), "b", "a") || blocked(now.Add(3*time.Minute), "b") {
			t.Error("want a blocked and b not")
		}
		if blocked(now.Add(2*time.Hour), "a") {
			t.Error("still blocked after the penalty")
		}
		if err := store.ClearFailures(ctx, "a"); err != nil || blocked(now.Add(3*time.Minute), "a") {
			t.Errorf("after clearing: %v", err)
		}
	})
}

func TestTokensWorkOnce(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, store *storage.Store) {
		ctx, now := t.Context(), time.Unix(1_790_000_000, 0)
		u := addUser(t, store, "anna", false)
		if err := store.AddReset(ctx, []byte("token"), u.ID, now.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if _, err := store.ResetUser(ctx, []byte("token"), now.Add(2*time.Hour)); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("an expired token: got %v, want ErrNotFound", err)
		}
		if err := store.UseReset(ctx, []byte("token"), now); err != nil {
			t.Fatal(err)
		}
		if err := store.UseReset(ctx, []byte("token"), now); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("the same token twice: got %v, want ErrNotFound", err)
		}
		for _, code := range []string{"first", "second"} {
			if err := store.AddSetupCode(ctx, []byte(code), now); err != nil {
				t.Fatal(err)
			}
		}
		if err := store.UseSetupCode(ctx, []byte("first"), now); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("a set-up code that was replaced: got %v, want ErrNotFound", err)
		}
		if err := store.UseSetupCode(ctx, []byte("second"), now); err != nil {
			t.Errorf("the newest set-up code: %v", err)
		}
	})
}

func TestGrantsReachThroughProgrammes(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, store *storage.Store) {
		ctx, now := t.Context(), time.Unix(1_790_000_000, 0)
		one, two := addEnte(t, store, "Roccaverde"), addEnte(t, store, "Borgo Ametista")
		u := addUser(t, store, "anna", false)
		pr := storage.Programme{ID: idOf(t, "programme"), Name: "Valle", CreatedAt: now}
		if err := errors.Join(store.AddProgramme(ctx, pr), store.Enrol(ctx, pr.ID, one, now)); err != nil {
			t.Fatal(err)
		}
		g := auth.Grant{ID: idOf(t, "grant"), UserID: u.ID, Role: auth.Coordinator, ProgrammeID: pr.ID}
		if err := store.AddGrant(ctx, g); err != nil {
			t.Fatal(err)
		}
		for ente, want := range map[surveys.ID]int{one: 1, two: 0} {
			if a, err := store.Access(ctx, u.ID, ente); err != nil || len(a.Roles) != want {
				t.Errorf("roles in %s: got %v, %v, want %d", ente, a.Roles, err, want)
			}
			if through, err := store.GrantsThroughProgrammes(ctx, ente); err != nil || len(through) != want {
				t.Errorf("through programmes in %s: got %v, %v, want %d", ente, through, err, want)
			}
		}
		if err := store.AddGrant(ctx, auth.Grant{ID: idOf(t, "both"), UserID: u.ID, Role: auth.RTD, EnteID: one, ProgrammeID: pr.ID}); err == nil {
			t.Error("a grant on an ente and a programme at once was stored")
		}
		if err := store.RemoveGrant(ctx, g.ID, two, ""); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("removing from another place: got %v, want ErrNotFound", err)
		}
		if err := store.Unenrol(ctx, pr.ID, two); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("taking out what is not in: got %v, want ErrNotFound", err)
		}
		if err := store.Unenrol(ctx, pr.ID, one); err != nil {
			t.Fatal(err)
		}
		if a, err := store.Access(ctx, u.ID, one); err != nil || len(a.Roles) != 0 {
			t.Errorf("after the ente was taken out: got %v, %v, want none", a.Roles, err)
		}
	})
}

// TestAuditIsAppendOnlyAndChained writes rows, tries to change them as the program
// could, and then as somebody with the database in hand would.
func TestAuditIsAppendOnlyAndChained(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, store *storage.Store) {
		ctx := t.Context()
		if err := store.Audit(ctx, storage.AuditEntry{}); err == nil {
			t.Error("a row was written outside a transaction")
		}
		for _, action := range []string{"user.add", "ente.create", "grant.add"} {
			err := store.InTx(ctx, func(tx *storage.Store) error {
				return tx.Audit(ctx, storage.AuditEntry{At: time.Unix(1_790_000_000, 0), Actor: "system", Action: action, Subject: "x", Detail: "{}"})
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		rolledBack := errors.New("rolled back")
		err := store.InTx(ctx, func(tx *storage.Store) error {
			return errors.Join(tx.Audit(ctx, storage.AuditEntry{Action: "never", Detail: "{}"}), rolledBack)
		})
		if !errors.Is(err, rolledBack) {
			t.Fatal(err)
		}
		if rows, broken, err := store.VerifyAudit(ctx); rows != 3 || broken != 0 || err != nil {
			t.Fatalf("whole chain: got %d rows, broken at %d, %v, want 3 and 0", rows, broken, err)
		}
		db, err := store.SQL()
		if err != nil {
			t.Fatal(err)
		}
		for _, statement := range []string{"UPDATE audit SET action = 'user.remove' WHERE seq = 2", "DELETE FROM audit WHERE seq = 2"} {
			if _, err := db.ExecContext(ctx, statement); err == nil || !strings.Contains(err.Error(), "immutable") {
				t.Errorf("%s: got %v, want a refusal", statement, err)
			}
		}
		off := []string{"DROP TRIGGER audit_no_update"}
		if store.Engine() == storage.PostgreSQL {
			off = []string{"ALTER TABLE audit DISABLE TRIGGER USER"}
		}
		for _, statement := range append(off, "UPDATE audit SET detail = '{\"admin\":true}' WHERE seq = 2") {
			if _, err := db.ExecContext(ctx, statement); err != nil {
				t.Fatalf("%s: %v", statement, err)
			}
		}
		if rows, broken, err := store.VerifyAudit(ctx); rows != 1 || broken != 2 || err != nil {
			t.Errorf("tampered row: got %d rows, broken at %d, %v, want 1 and 2", rows, broken, err)
		}
	})
}

func TestOutboxErasesWhatWasSent(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, store *storage.Store) {
		ctx, now := t.Context(), time.Unix(1_790_000_000, 0)
		for _, name := range []string{"one", "two"} {
			m := storage.Mail{ID: idOf(t, name), Recipient: name + "@comune.example", Subject: "s", Text: "secret text", HTML: "secret html", CreatedAt: now}
			if err := store.AddMail(ctx, m); err != nil {
				t.Fatal(err)
			}
		}
		if err := errors.Join(store.MailSent(ctx, idOf(t, "one"), now), store.MailFailed(ctx, idOf(t, "two"), 1, now.Add(time.Minute), "later")); err != nil {
			t.Fatal(err)
		}
		if due, err := store.DueMail(ctx, now, 10); err != nil || len(due) != 0 {
			t.Errorf("due now: got %d, %v, want none", len(due), err)
		}
		if due, err := store.DueMail(ctx, now.Add(time.Minute), 10); err != nil || len(due) != 1 || due[0].Attempts != 1 {
			t.Errorf("due in a minute: got %v, %v, want the one that failed", due, err)
		}
		if err := store.MailFailed(ctx, idOf(t, "two"), 2, time.Time{}, "refused"); err != nil {
			t.Fatal(err)
		}
		if q, s, f, err := store.MailCounts(ctx); q != 0 || s != 1 || f != 1 || err != nil {
			t.Errorf("counts: got %d %d %d, %v, want 0 1 1", q, s, f, err)
		}
		db, err := store.SQL()
		if err != nil {
			t.Fatal(err)
		}
		var kept string
		if err := db.QueryRowContext(ctx, "SELECT recipient || subject || body_text || body_html FROM outbox WHERE state = 'sent'").Scan(&kept); err != nil || kept != "s" {
			t.Errorf("of a message that was sent %q is kept, %v, want the subject alone", kept, err)
		}
		if n, err := store.RetryMail(ctx, now); n != 1 || err != nil {
			t.Errorf("retry: got %d, %v, want 1", n, err)
		}
		if due, err := store.DueMail(ctx, now, 10); err != nil || len(due) != 1 || due[0].Text != "secret text" {
			t.Errorf("after the retry: got %v, %v, want the message whole", due, err)
		}
	})
}
