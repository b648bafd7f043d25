package storage_test

import (
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"traguardo/app/storage"
	"traguardo/app/storage/storagetest"
	"traguardo/surveys"
	"traguardo/surveys/comune"
	"traguardo/surveys/instruments"
)

// idOf makes an id that depends on its name alone.
func idOf(t *testing.T, name string) surveys.ID {
	t.Helper()
	var seed [32]byte
	copy(seed[:], name)
	id, err := surveys.NewID(rand.NewChaCha8(seed))
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// addEnte stores a fictitious ente.
func addEnte(t *testing.T, store *storage.Store, name string) surveys.ID {
	t.Helper()
	e := comune.Ente{ID: idOf(t, "ente:"+name), Name: name, Population: 3000, Fictitious: true, Threshold: 5}
	if err := store.AddEnte(t.Context(), e, time.Unix(1_790_000_000, 0)); err != nil {
		t.Fatal(err)
	}
	return e.ID
}

func TestResultsAreKeptOnceAndByEnte(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, store *storage.Store) {
		ctx := t.Context()
		one, two := addEnte(t, store, "Uno"), addEnte(t, store, "Due")
		score, n := 62.5, 12
		r := storage.Result{ID: idOf(t, "r1"), EnteID: one, Wave: surveys.ExAnte, Kind: storage.ResultStaff, SourceID: idOf(t, "campaign"),
			FormulaVersion: "1.0", DataHash: "ab", Body: []byte(`{"a":1}`), ComputedAt: time.Unix(1_790_000_100, 0).UTC(),
			Areas: []storage.ResultArea{{Area: surveys.PIA, State: storage.AreaShown, Evidenced: &score, N: &n, Of: &n},
				{Area: surveys.SIC, State: storage.AreaInsufficient}}}
		if err := store.SaveResult(ctx, r); err != nil {
			t.Fatal(err)
		}
		got, err := store.Result(ctx, one, surveys.ExAnte, storage.ResultStaff)
		if err != nil || string(got.Body) != `{"a":1}` || !got.ComputedAt.Equal(r.ComputedAt) || len(got.Areas) != 2 {
			t.Fatalf("got %+v, %v, want what was saved", got, err)
		}
		if a := got.Areas[0]; *a.Evidenced != 62.5 || *a.N != 12 || a.Declared != nil {
			t.Errorf("got area %+v, want 62.5 of 12 and no declared value", a)
		}
		r.ID = idOf(t, "r2")
		if err := store.SaveResult(ctx, r); !errors.Is(err, storage.ErrConflict) {
			t.Errorf("second result of the wave: got %v, want ErrConflict", err)
		}
		if _, err := store.Result(ctx, two, surveys.ExAnte, storage.ResultStaff); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("other ente: got %v, want ErrNotFound", err)
		}
		if list, err := store.Results(ctx, two); err != nil || len(list) != 0 {
			t.Errorf("other ente: got %v, %v, want no results", list, err)
		}
		if list, err := store.Results(ctx, one); err != nil || len(list) != 1 || len(list[0].Body) != 0 {
			t.Errorf("got %v, %v, want one result without body", list, err)
		}
	})
}

func TestProgrammeAreas(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, store *storage.Store) {
		ctx, at := t.Context(), time.Unix(1_790_000_000, 0)
		in, out := addEnte(t, store, "Dentro"), addEnte(t, store, "Fuori")
		p := storage.Programme{ID: idOf(t, "programme"), Name: "Prova", CreatedAt: at}
		if err := errors.Join(store.AddProgramme(ctx, p), store.Enrol(ctx, p.ID, in, at)); err != nil {
			t.Fatal(err)
		}
		for _, e := range []surveys.ID{in, out} {
			r := storage.Result{ID: idOf(t, "r"+e.String()), EnteID: e, Wave: surveys.ExAnte, Kind: storage.ResultAssessment, ComputedAt: at,
				FormulaVersion: "1.0", Body: []byte("{}"), Areas: []storage.ResultArea{{Area: storage.AllAreas, State: storage.AreaNone}}}
			if err := store.SaveResult(ctx, r); err != nil {
				t.Fatal(err)
			}
		}
		got, err := store.ProgrammeAreas(ctx, p.ID, []surveys.Wave{surveys.ExAnte}, []storage.ResultKind{storage.ResultStaff})
		if err != nil || len(got) != 1 || got[0].EnteID != in || got[0].Area != storage.AllAreas {
			t.Errorf("got %+v, %v, want the one row of the ente inside", got, err)
		}
	})
}

func TestInstrumentIsPublishedOnce(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, store *storage.Store) {
		ctx, at := t.Context(), time.Unix(1_790_000_000, 0)
		staff, err := instruments.STAFF()
		if err != nil {
			t.Fatal(err)
		}
		first, err := store.PublishInstrument(ctx, staff, at)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := store.PublishInstrument(ctx, staff, at.Add(time.Hour)); err != nil || again != first {
			t.Errorf("again: got %s, %v, want %s", again, err, first)
		}
		back, err := store.Instrument(ctx, first)
		if err != nil {
			t.Fatal(err)
		}
		if h, err := back.Hash(); err != nil || h != first {
			t.Errorf("read back: got hash %s, %v, want %s", h, err, first)
		}
		staff.Title.IT += " (cambiato)"
		if _, err := store.PublishInstrument(ctx, staff, at); !errors.Is(err, storage.ErrConflict) {
			t.Errorf("changed content under the same version: got %v, want ErrConflict", err)
		}
		if _, err := store.Instrument(ctx, "none"); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("unknown hash: got %v, want ErrNotFound", err)
		}
	})
}
