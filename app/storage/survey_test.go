package storage_test

import (
	"database/sql"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"traguardo/app/storage"
	"traguardo/app/storage/storagetest"
	"traguardo/surveys"
	"traguardo/surveys/instruments"
	"traguardo/surveys/pairing"
)

// addCampaign stores a draft campaign of the ente with its series.
func addCampaign(t *testing.T, store *storage.Store, ente surveys.ID, wave surveys.Wave) storage.Campaign {
	t.Helper()
	ctx, at := t.Context(), time.Unix(1_790_000_000, 0).UTC()
	staff, err := instruments.STAFF()
	if err != nil {
		t.Fatal(err)
	}
	hash, err := store.PublishInstrument(ctx, staff, at)
	if err != nil {
		t.Fatal(err)
	}
	name := ente.String()[:8] + string(wave)
	series := storage.Series{ID: idOf(t, "series"+name), EnteID: ente, Method: surveys.PairingCard, KeyWrapped: []byte{1, 2, 3}, CreatedAt: at}
	c := storage.Campaign{Campaign: surveys.Campaign{ID: idOf(t, "campaign"+name), EnteID: ente, SeriesID: series.ID, Wave: wave, InstrumentHash: hash,
		Short: true, Threshold: 5, Pairing: surveys.PairingCard, OpensAt: at, ClosesAt: at.Add(time.Hour), State: surveys.CampaignDraft, Eligible: 12,
		Projects: []string{"Uno, due"}, Modules: nil, Informativa: "testo", RPDOpinion: "parere"}, CreatedAt: at}
	if err := errors.Join(store.AddSeries(ctx, series), store.AddCampaign(ctx, c)); err != nil {
		t.Fatal(err)
	}
	c.Version = 1
	return c
}

func addStaff(t *testing.T, store *storage.Store, ente surveys.ID, emails ...string) []surveys.ID {
	t.Helper()
	db, err := store.SQL()
	if err != nil {
		t.Fatal(err)
	}
	var ids []surveys.ID
	for _, e := range emails {
		id := idOf(t, ente.String()[:6]+e)
		ids = append(ids, id)
		if _, err := db.ExecContext(t.Context(), "INSERT INTO staff (id, ente_id, email, email_folded, role_family, joined_on) VALUES ($1, $2, $3, $3, '', '2026-01-01')",
			id.String(), ente.String(), e); err != nil {
			t.Fatal(err)
		}
	}
	return ids
}

func TestCampaignVersionsAndEnte(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, store *storage.Store) {
		ctx := t.Context()
		one, two := addEnte(t, store, "Uno"), addEnte(t, store, "Due")
		c := addCampaign(t, store, one, surveys.ExAnte)
		got, err := store.Campaign(ctx, one, c.ID)
		if err != nil || got.Projects[0] != "Uno, due" || !got.ClosesAt.Equal(c.ClosesAt) || got.State != surveys.CampaignDraft {
			t.Fatalf("got %+v, %v, want what was stored", got, err)
		}
		if _, err := store.Campaign(ctx, two, c.ID); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("other ente: got %v, want ErrNotFound", err)
		}
		got.Threshold = 7
		if err := store.UpdateCampaign(ctx, got); err != nil {
			t.Fatal(err)
		}
		if err := store.UpdateCampaign(ctx, got); !errors.Is(err, storage.ErrStale) {
			t.Errorf("second writer of version 1: got %v, want ErrStale", err)
		}
		again := c
		again.ID = idOf(t, "again")
		if err := store.AddCampaign(ctx, again); !errors.Is(err, storage.ErrConflict) {
			t.Errorf("second campaign of the wave: got %v, want ErrConflict", err)
		}
		if _, err := store.LiveSeries(ctx, two, surveys.PairingCard); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("series of the other ente: got %v, want ErrNotFound", err)
		}
		if err := store.RemoveCampaign(ctx, two, c.ID); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("removing from the other ente: got %v, want ErrNotFound", err)
		}
		if err := store.RemoveCampaign(ctx, one, c.ID); err != nil {
			t.Error(err)
		}
	})
}

func TestDraftsAreNeverOverwritten(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, store *storage.Store) {
		ctx := t.Context()
		ente := addEnte(t, store, "Uno")
		c := addCampaign(t, store, ente, surveys.ExAnte)
		d := storage.Draft{Key: idOf(t, "draft"), EnteID: ente, CampaignID: c.ID, Sealed: []byte("a")}
		v, err := store.SaveDraft(ctx, d)
		if err != nil || v != 1 {
			t.Fatalf("first save: got %d, %v, want 1", v, err)
		}
		if _, err := store.SaveDraft(ctx, d); !errors.Is(err, storage.ErrStale) {
			t.Errorf("second first save: got %v, want ErrStale", err)
		}
		d.Version, d.Sealed = 1, []byte("b")
		if v, err := store.SaveDraft(ctx, d); err != nil || v != 2 {
			t.Errorf("save over 1: got %d, %v, want 2", v, err)
		}
		if _, err := store.SaveDraft(ctx, d); !errors.Is(err, storage.ErrStale) {
			t.Errorf("save over 1 again: got %v, want ErrStale", err)
		}
		got, err := store.Draft(ctx, ente, c.ID, d.Key)
		if err != nil || got.Version != 2 || string(got.Sealed) != "b" {
			t.Errorf("got %+v, %v, want version 2", got, err)
		}
	})
}

func TestShuffleKeepsEveryRow(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, store *storage.Store) {
		ctx := t.Context()
		ente := addEnte(t, store, "Uno")
		c := addCampaign(t, store, ente, surveys.ExAnte)
		staff := addStaff(t, store, ente, "a@x.example", "b@x.example", "c@x.example")
		for i, id := range staff {
			inv := storage.Invitation{ID: idOf(t, "inv"+id.String()), EnteID: ente, CampaignID: c.ID, StaffID: id, Token: pairing.Hash{byte(i + 1)}, SecretWrapped: []byte{byte(i)}}
			r := storage.Response{ID: idOf(t, "resp"+id.String()), EnteID: ente, CampaignID: c.ID, Vector: surveys.Vector{byte(i), 255}}
			if i == 0 {
				r.Pair, r.Set = pairing.Hashes{Full: pairing.Hash{9}, Masked: [pairing.Elements]pairing.Hash{{1}, {2}, {3}, {4}, {5}, {6}}}, surveys.FormB
			}
			err := store.InTx(ctx, func(tx *storage.Store) error {
				return errors.Join(tx.AddInvitations(ctx, []storage.Invitation{inv}), tx.UseInvitation(ctx, ente, inv.Token),
					tx.AddResponse(ctx, r, []storage.ResponseText{{ID: idOf(t, "text"+id.String()), EnteID: ente, CampaignID: c.ID, Item: "TXT-01", Body: "testo"}}))
			})
			if err != nil {
				t.Fatal(err)
			}
			if err := store.UseInvitation(ctx, ente, inv.Token); !errors.Is(err, storage.ErrConflict) {
				t.Errorf("used twice: got %v, want ErrConflict", err)
			}
		}
		before, err := store.Responses(ctx, ente, c.ID)
		if err != nil || len(before) != 3 {
			t.Fatalf("got %d, %v, want 3 responses", len(before), err)
		}
		if err := store.InTx(ctx, func(tx *storage.Store) error { return tx.ShuffleCampaign(ctx, ente, c.ID) }); err != nil {
			t.Fatal(err)
		}
		after, err := store.Responses(ctx, ente, c.ID)
		if err != nil || !slices.EqualFunc(before, after, func(a, b storage.Response) bool {
			return a.ID == b.ID && a.Pair == b.Pair && a.Set == b.Set && slices.Equal(a.Vector, b.Vector)
		}) {
			t.Errorf("got %v, %v, want %v", after, err, before)
		}
		list, err := store.Invitations(ctx, ente, c.ID)
		if err != nil || len(list) != 3 || !list[0].Used || list[0].Email != "a@x.example" || len(list[0].SecretWrapped) != 0 {
			t.Errorf("got %+v, %v, want three used invitations without their secrets", list, err)
		}
		if err := store.DestroySeriesKey(ctx, ente, c.SeriesID, time.Unix(1_790_000_500, 0)); err != nil {
			t.Error(err)
		}
		if x, err := store.Series(ctx, ente, c.SeriesID); err != nil || len(x.KeyWrapped) != 0 || x.Destroyed.IsZero() {
			t.Errorf("destroyed key: got %+v, %v", x, err)
		}
		if err := store.DestroySeriesKey(ctx, ente, c.SeriesID, time.Unix(1_790_000_600, 0)); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("destroyed twice: got %v, want ErrNotFound", err)
		}
		if store.Engine() == storage.PostgreSQL {
			oneTransaction(t, store, "responses")
			oneTransaction(t, store, "invitations")
		}
		if err := store.Scrub(ctx); err != nil {
			t.Error(err)
		}
	})
}

// oneTransaction checks that every row of the table bears the mark of one transaction.
func oneTransaction(t *testing.T, store *storage.Store, table string) {
	t.Helper()
	db, err := store.SQL()
	if err != nil {
		t.Fatal(err)
	}
	var marks int
	if err := db.QueryRow("SELECT COUNT(DISTINCT xmin::text) FROM " + table).Scan(&marks); err != nil || marks != 1 {
		t.Errorf("%s: got %d transaction marks, %v, want 1", table, marks, err)
	}
}

// TestNothingJoinsAnswersToPeople reads the schema itself: what responses and texts
// hold, what they point to, and which columns they share with who was invited.
func TestNothingJoinsAnswersToPeople(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, store *storage.Store) {
		db, err := store.SQL()
		if err != nil {
			t.Fatal(err)
		}
		people := map[string]bool{}
		for _, table := range []string{"invitations", "staff", "drafts", "users", "outbox", "audit"} {
			for name := range columnsOf(t, db, store.Engine(), table) {
				people[name] = true
			}
		}
		want := map[string][]string{
			"responses":      {"campaign_id", "ente_id", "form", "id", "pair_hash", "pair_masked", "vector"},
			"response_texts": {"body", "campaign_id", "ente_id", "id", "item"},
			"released_texts": {"body", "campaign_id", "ente_id", "id", "item"},
			"drafts":         {"campaign_id", "draft_key", "ente_id", "sealed", "version"},
			"invitations":    {"campaign_id", "ente_id", "id", "secret_wrapped", "sent_on", "staff_id", "token_hash", "undelivered", "used"},
		}
		for table, names := range want {
			columns := columnsOf(t, db, store.Engine(), table)
			var got []string
			for name, kind := range columns {
				got = append(got, name)
				answers := strings.HasPrefix(table, "response") || table == "released_texts"
				if answers && people[name] && !slices.Contains([]string{"id", "ente_id", "campaign_id"}, name) {
					t.Errorf("%s.%s is also a column of people", table, name)
				}
				if answers && kind != "TEXT" && kind != "BLOB" && kind != "BYTEA" {
					t.Errorf("%s.%s is %s: nothing there may be a number, a day or a time", table, name, kind)
				}
			}
			slices.Sort(got)
			if !slices.Equal(got, names) {
				t.Errorf("%s: got columns %v, want %v", table, got, names)
			}
			for _, target := range referencesOf(t, db, store.Engine(), table) {
				if table != "invitations" && target != "enti" && target != "campaigns" {
					t.Errorf("%s points to %s", table, target)
				}
			}
		}
	})
}

func columnsOf(t *testing.T, db *sql.DB, engine storage.Engine, table string) map[string]string {
	t.Helper()
	query := "SELECT name, UPPER(type) FROM pragma_table_info('" + table + "')"
	if engine == storage.PostgreSQL {
		query = "SELECT column_name, UPPER(data_type) FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '" + table + "'"
	}
	out := map[string]string{}
	for _, row := range pairs(t, db, query) {
		out[row[0]] = row[1]
	}
	if len(out) == 0 {
		t.Fatalf("no columns of %s", table)
	}
	return out
}

func referencesOf(t *testing.T, db *sql.DB, engine storage.Engine, table string) []string {
	t.Helper()
	query := `SELECT "table", '' FROM pragma_foreign_key_list('` + table + `')`
	if engine == storage.PostgreSQL {
		query = "SELECT confrelid::regclass::text, '' FROM pg_constraint WHERE contype = 'f' AND conrelid = '" + table + "'::regclass"
	}
	var out []string
	for _, row := range pairs(t, db, query) {
		out = append(out, row[0])
	}
	if len(out) == 0 {
		t.Fatalf("no foreign keys of %s", table)
	}
	return out
}

func pairs(t *testing.T, db *sql.DB, query string) [][2]string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out [][2]string
	for rows.Next() {
		var p [2]string
		if err := rows.Scan(&p[0], &p[1]); err != nil {
			t.Fatal(err)
		}
		out = append(out, p)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}
