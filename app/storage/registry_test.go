package storage_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"traguardo/app/storage"
	"traguardo/app/storage/storagetest"
	"traguardo/surveys"
	"traguardo/surveys/comune"
)

// sharedFile reads a file of the shared data where it stands beside the
// checkout; found is false where it does not, and those cases are not in the run.
func sharedFile(t *testing.T, path ...string) (content []byte, found bool) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(append([]string{"..", "..", "..", "shared", "data"}, path...)...))
	if errors.Is(err, os.ErrNotExist) {
		return nil, false
	}
	if err != nil {
		t.Fatal(err)
	}
	return content, true
}

func fixture(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("..", "..", "surveys", "comune", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func parseRegistry(t *testing.T, content []byte) []comune.Comune {
	t.Helper()
	comuni, faults := comune.ParseRegistry(bytes.NewReader(content))
	if len(faults) > 0 {
		t.Fatalf("faults in the registry: %v", faults)
	}
	return comuni
}

// replace runs ReplaceRegistry in a transaction.
func replace(t *testing.T, store *storage.Store, comuni []comune.Comune, dated time.Time, write bool) storage.ImportCounts {
	t.Helper()
	var counts storage.ImportCounts
	err := store.InTx(t.Context(), func(tx *storage.Store) error {
		var err error
		counts, err = tx.ReplaceRegistry(t.Context(), comuni, dated, write)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return counts
}

func TestReplaceRegistry(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, store *storage.Store) {
		comuni := parseRegistry(t, fixture(t, "registry.csv"))
		n := len(comuni)
		dated := time.Date(2026, 8, 14, 0, 0, 0, 0, time.UTC)
		if got, want := replace(t, store, comuni, dated, false), (storage.ImportCounts{Rows: n, Added: n}); got != want {
			t.Errorf("dry run: got %+v, want %+v", got, want)
		}
		if st, err := store.Registry(t.Context()); err != nil || st.Comuni != 0 {
			t.Fatalf("after a dry run: got %+v, %v, want nothing stored", st, err)
		}
		replace(t, store, comuni, dated, true)
		if got, want := replace(t, store, comuni, dated, true), (storage.ImportCounts{Rows: n, Unchanged: n}); got != want {
			t.Errorf("twice: got %+v, want %+v", got, want)
		}
		changed := append([]comune.Comune(nil), comuni[1:]...)
		changed[0].PopulationResident2022++
		fresh := comuni[0]
		fresh.Catastale, fresh.ISTAT, fresh.IPA = "Z999", "999999", ""
		changed = append(changed, fresh)
		later := dated.AddDate(1, 0, 0)
		if got, want := replace(t, store, changed, later, true), (storage.ImportCounts{Rows: n, Added: 1, Changed: 1, Unchanged: n - 2, Gone: 1}); got != want {
			t.Errorf("a later edition: got %+v, want %+v", got, want)
		}
		st, err := store.Registry(t.Context())
		if err != nil || st.Comuni != n || !st.Dated.Equal(later) {
			t.Errorf("registry: got %+v, %v, want %d Comuni of %s", st, err, n, later)
		}
		if _, err := store.RegistryComune(t.Context(), comuni[0].Catastale); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("the Comune that is gone: got %v, want ErrNotFound", err)
		}
		got, err := store.RegistryComune(t.Context(), "Z999")
		if err != nil || got.Name != fresh.Name || got.Population() != fresh.Population() || got.IPA != "" {
			t.Errorf("the new Comune: got %+v, %v", got, err)
		}
	})
}

// TestRegistryCandidates searches names and codes as people type them.
func TestRegistryCandidates(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, store *storage.Store) {
		replace(t, store, parseRegistry(t, fixture(t, "registry.csv")), time.Time{}, true)
		tests := []struct {
			name, query string
			want        []comune.CodiceCatastale // best first; others may follow
		}{
			{"accent as apostrophe", "AGLIE'", []comune.CodiceCatastale{"A074"}},
			{"other language", "Eppan an der Weinstrasse", []comune.CodiceCatastale{"A332"}},
			{"without apostrophe", "laquila", []comune.CodiceCatastale{"A345"}},
			{"earlier Sardinian code", "090007", []comune.CodiceCatastale{"A606"}},
			{"present code", "112004", []comune.CodiceCatastale{"A606"}},
			{"homonyms", "samone", []comune.CodiceCatastale{"H754", "H753"}},
			{"homonym with province", "Samone TO", []comune.CodiceCatastale{"H753"}},
			{"IPA in capitals of the source", "fvzwe5sf", []comune.CodiceCatastale{"M438"}},
			{"cadastral code in lower case", "f839", []comune.CodiceCatastale{"F839"}},
			{"one Comune by IPA, another by cadastral code", "c_m136", []comune.CodiceCatastale{"E963"}},
			{"signs of LIKE", "%_%", nil},
			{"nothing", "  ", nil},
			{"unknown", "Atlantide", nil},
		}
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				found, err := store.RegistryCandidates(t.Context(), tt.query)
				if err != nil {
					t.Fatal(err)
				}
				var got []comune.CodiceCatastale
				for _, m := range comune.NewIndex(found).Search(tt.query, 10) {
					got = append(got, m.Comune.Catastale)
				}
				if len(got) < len(tt.want) || (len(tt.want) == 0 && len(got) > 0) {
					t.Fatalf("got %v, want %v", got, tt.want)
				}
				for i, want := range tt.want {
					if got[i] != want {
						t.Errorf("got %v, want %v first", got, tt.want)
						break
					}
				}
			})
		}
	})
}

func TestRegistryOfItaly(t *testing.T) {
	content, found := sharedFile(t, "comuni", "comuni.csv")
	if !found {
		return
	}
	comuni := parseRegistry(t, content)
	storagetest.Run(t, func(t *testing.T, store *storage.Store) {
		replace(t, store, comuni, time.Time{}, true)
		if got := replace(t, store, comuni, time.Time{}, true); got.Unchanged != len(comuni) || got.Changed+got.Added+got.Gone != 0 {
			t.Errorf("twice: got %+v, want all unchanged", got)
		}
		// The whole registry in memory is the referee of what the database finds.
		index := comune.NewIndex(comuni)
		for _, query := range []string{"san", "Reggio nell'Emilia", "Banari", "090007", "livo", "calliano trento", "bozen", "c_e655", "roma"} {
			found, err := store.RegistryCandidates(t.Context(), query)
			if err != nil {
				t.Fatal(err)
			}
			got, want := comune.NewIndex(found).Search(query, 20), index.Search(query, 20)
			if len(got) != len(want) {
				t.Fatalf("%q: got %d Comuni, want %d", query, len(got), len(want))
			}
			for i := range want {
				if got[i].Comune.Catastale != want[i].Comune.Catastale {
					t.Errorf("%q: got %s at %d, want %s", query, got[i].Comune.Label(), i, want[i].Comune.Label())
				}
			}
		}
	})
}

func TestReplaceFunding(t *testing.T) {
	rows, faults := comune.ParsePADigitale(bytes.NewReader(fixture(t, "padigitale.csv")))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	storagetest.Run(t, func(t *testing.T, store *storage.Store) {
		importRows(t, store, rows, storage.ImportCounts{Rows: len(rows), Added: len(rows)})
		importRows(t, store, rows, storage.ImportCounts{Rows: len(rows), Unchanged: len(rows)})
		got, err := store.FundingOf(t.Context(), "112004", "")
		if err != nil || len(got) == 0 {
			t.Fatalf("rows of Banari: got %d, %v", len(got), err)
		}
		if got[0].PaidCents == nil || *got[0].PaidCents != 4_742_700 || got[0].State != comune.Assigned || got[0].TargetRealised == nil {
			t.Errorf("got %+v, want the row of the file with its ReGiS payment", got[0])
		}
		paid := append([]comune.Funding(nil), rows...)
		paid[0].State, paid[0].DataAsOf = comune.Paid, paid[0].DataAsOf.AddDate(0, 1, 0)
		importRows(t, store, paid[:len(paid)-1], storage.ImportCounts{Rows: len(rows) - 1, Changed: 1, Unchanged: len(rows) - 2, Gone: 1})
		if none, err := store.FundingOf(t.Context(), ""); err != nil || len(none) != 0 {
			t.Errorf("no code: got %d rows, %v", len(none), err)
		}
	})
}

func importRows(t *testing.T, store *storage.Store, rows []comune.Funding, want storage.ImportCounts) {
	t.Helper()
	var got storage.ImportCounts
	err := store.InTx(t.Context(), func(tx *storage.Store) error {
		var err error
		got, err = tx.ReplaceFunding(t.Context(), rows, true)
		return err
	})
	if err != nil || got != want {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
}

func TestStaffList(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, store *storage.Store) {
		ctx, one, two := t.Context(), addEnte(t, store, "Roccaverde"), addEnte(t, store, "Borgo Ametista")
		office := storage.Office{ID: idOf(t, "office"), EnteID: one, Name: "Anagrafe e stato civile"}
		if err := store.AddOffice(ctx, office); err != nil {
			t.Fatal(err)
		}
		joined := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
		member := func(name string, ente surveys.ID) storage.StaffMember {
			return storage.StaffMember{ID: idOf(t, name+ente.String()), EnteID: ente, Email: name + "@comune.example", EmailFolded: name + "@comune.example", JoinedOn: joined}
		}
		a, b, foreign := member("anna", one), member("b_runo", one), member("anna", two)
		a.OfficeID, a.Role = office.ID, surveys.RoleFunzionario
		if err := store.AddStaff(ctx, a, b, foreign); err != nil {
			t.Fatal(err)
		}
		if err := store.AddStaff(ctx, storage.StaffMember{ID: idOf(t, "again"), EnteID: one, Email: "Anna@comune.example", EmailFolded: a.EmailFolded, JoinedOn: joined}); !errors.Is(err, storage.ErrConflict) {
			t.Errorf("the same address twice: got %v, want ErrConflict", err)
		}
		if _, err := store.StaffMember(ctx, one, foreign.ID); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("an employee of the other ente: got %v, want ErrNotFound", err)
		}
		foreign.EnteID = one
		if err := store.UpdateStaff(ctx, foreign); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("updating an employee of the other ente: got %v, want ErrNotFound", err)
		}
		tests := []struct {
			name   string
			filter storage.StaffFilter
			want   []string
		}{
			{"all in service", storage.StaffFilter{Limit: 10}, []string{a.Email, b.Email}},
			{"second page", storage.StaffFilter{Limit: 1, Offset: 1}, []string{b.Email}},
			{"by office name", storage.StaffFilter{Text: "Stato", Limit: 10}, []string{a.Email}},
			{"a sign of LIKE is a letter", storage.StaffFilter{Text: "b_r", Limit: 10}, []string{b.Email}},
			{"and matches nothing else", storage.StaffFilter{Text: "a_na", Limit: 10}, nil},
			{"by office", storage.StaffFilter{Office: office.ID, Limit: 10}, []string{a.Email}},
			{"left", storage.StaffFilter{Left: true, Limit: 10}, nil},
		}
		for _, tt := range tests {
			list, total, err := store.StaffPage(ctx, one, tt.filter)
			if err != nil {
				t.Fatalf("%s: %v", tt.name, err)
			}
			var got []string
			for _, m := range list {
				got = append(got, m.Email)
			}
			if len(got) != len(tt.want) || (len(got) > 0 && got[0] != tt.want[0]) {
				t.Errorf("%s: got %v (of %d), want %v", tt.name, got, total, tt.want)
			}
		}
		if err := store.RemoveOffice(ctx, one, office.ID); err != nil {
			t.Fatal(err)
		}
		if got, err := store.StaffMember(ctx, one, a.ID); err != nil || got.OfficeID != "" || got.Role != surveys.RoleFunzionario {
			t.Errorf("after its office was removed: got %+v, %v, want the person without office", got, err)
		}
	})
}
