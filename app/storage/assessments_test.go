package storage_test

import (
	"errors"
	"testing"
	"time"

	"traguardo/app/storage"
	"traguardo/app/storage/storagetest"
	"traguardo/surveys"
	"traguardo/surveys/instruments"
)

// addAssessment opens the ex-ante of an ente with these indicators.
func addAssessment(t *testing.T, store *storage.Store, ente surveys.ID, codes ...string) storage.Assessment {
	t.Helper()
	in, err := instruments.MAT()
	if err != nil {
		t.Fatal(err)
	}
	at := time.Unix(1_790_000_000, 0).UTC()
	hash, err := store.PublishInstrument(t.Context(), in, at)
	if err != nil {
		t.Fatal(err)
	}
	a := storage.Assessment{ID: idOf(t, "assessment:"+ente.String()), EnteID: ente, Wave: surveys.ExAnte, InstrumentHash: hash, TwoRaters: true, OpenedAt: at}
	if err := store.AddAssessment(t.Context(), a, codes); err != nil {
		t.Fatal(err)
	}
	return a
}

func TestRatingsAreNeverOverwritten(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, store *storage.Store) {
		ctx := t.Context()
		one, two := addEnte(t, store, "Uno"), addEnte(t, store, "Due")
		a := addAssessment(t, store, one, "M-PIA-01", "M-PIA-02")
		if err := store.AddAssessment(ctx, storage.Assessment{ID: idOf(t, "again"), EnteID: one, Wave: surveys.ExAnte, InstrumentHash: a.InstrumentHash}, nil); !errors.Is(err, storage.ErrConflict) {
			t.Errorf("same wave twice: got %v, want ErrConflict", err)
		}
		got, err := store.Rating(ctx, one, a.ID, "M-PIA-02")
		if err != nil || got.Version != 1 || got.Level != nil || got.Touched() {
			t.Fatalf("got %+v, %v, want an empty rating of version 1", got, err)
		}
		level := surveys.Level(0)
		got.Level, got.Comment, got.UpdatedBy, got.UpdatedAt = &level, "à", idOf(t, "someone"), a.OpenedAt
		if err := store.SaveRating(ctx, got); err != nil {
			t.Fatal(err)
		}
		if err := store.SaveRating(ctx, got); !errors.Is(err, storage.ErrStale) {
			t.Errorf("same version twice: got %v, want ErrStale", err)
		}
		if err := store.AssignRating(ctx, one, a.ID, "M-PIA-02", idOf(t, "colleague")); err != nil {
			t.Fatal(err)
		}
		list, err := store.Ratings(ctx, one, a.ID)
		if err != nil || len(list) != 2 || list[1].Version != 2 || list[1].Level == nil || *list[1].Level != 0 || list[1].Comment != "à" || list[1].AssignedTo == "" {
			t.Errorf("got %+v, %v, want level 0, version 2, assigned", list, err)
		}
		if _, err := store.Rating(ctx, two, a.ID, "M-PIA-02"); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("by another ente: got %v, want ErrNotFound", err)
		}
		got.EnteID, got.Version = two, 2
		if err := store.SaveRating(ctx, got); !errors.Is(err, storage.ErrStale) {
			t.Errorf("written by another ente: got %v, want ErrStale", err)
		}
	})
}

func TestClosingHappensOnce(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, store *storage.Store) {
		ctx := t.Context()
		one := addEnte(t, store, "Uno")
		a := addAssessment(t, store, one, "M-PIA-01")
		a.ClosedAt, a.ClosedBy = a.OpenedAt.Add(time.Hour), idOf(t, "rtd")
		a.Act = storage.Act{Type: "Determina", Number: "12", Date: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)}
		if err := store.CloseAssessment(ctx, a); err != nil {
			t.Fatal(err)
		}
		if err := store.CloseAssessment(ctx, a); !errors.Is(err, storage.ErrStale) {
			t.Errorf("second closing: got %v, want ErrStale", err)
		}
		var got storage.Assessment
		err := store.InTx(ctx, func(tx *storage.Store) (err error) {
			got, err = tx.LockAssessment(ctx, one, surveys.ExAnte)
			return err
		})
		if err != nil || !got.Closed || got.Act != a.Act || !got.ClosedAt.Equal(a.ClosedAt) || !got.TwoRaters {
			t.Errorf("got %+v, %v, want it closed with its act", got, err)
		}
	})
}

func TestEvidenceAndFilesStayInTheirEnte(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, store *storage.Store) {
		ctx := t.Context()
		one, two := addEnte(t, store, "Uno"), addEnte(t, store, "Due")
		at, level := time.Unix(1_790_000_000, 0).UTC(), surveys.Level(3)
		f := storage.File{ID: idOf(t, "file"), EnteID: one, Name: "atto.pdf", ContentType: "application/pdf", SHA256: "ab", Content: []byte("%PDF-"), CreatedAt: at}
		if err := store.AddFile(ctx, f); err != nil {
			t.Fatal(err)
		}
		e := storage.Evidence{Evidence: surveys.Evidence{ID: idOf(t, "evidence"), Type: surveys.E5, Dated: time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)},
			EnteID: one, Indicator: "M-PIA-01", Kind: storage.EvidenceFile, Title: "Atto", FileID: f.ID, CheckedLevel: &level, AddedAt: at}
		if err := store.AddEvidence(ctx, e); err != nil {
			t.Fatal(err)
		}
		list, err := store.IndicatorEvidence(ctx, one, "M-PIA-01")
		if err != nil || len(list) != 1 || list[0].FileName != "atto.pdf" || list[0].FileSize != 5 || *list[0].CheckedLevel != 3 || !list[0].Dated.Equal(e.Dated) {
			t.Fatalf("got %+v, %v, want the piece with its file", list, err)
		}
		if list, err := store.IndicatorEvidence(ctx, two, ""); err != nil || len(list) != 0 {
			t.Errorf("of another ente: got %d, %v, want none", len(list), err)
		}
		if _, err := store.File(ctx, two, f.ID); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("file by another ente: got %v, want ErrNotFound", err)
		}
		if err := store.RevokeEvidence(ctx, two, e.ID, at); !errors.Is(err, storage.ErrStale) {
			t.Errorf("revoked by another ente: got %v, want ErrStale", err)
		}
		if err := store.RevokeEvidence(ctx, one, e.ID, at); err != nil {
			t.Fatal(err)
		}
		if err := store.RemoveFile(ctx, one, f.ID); err != nil {
			t.Fatal(err)
		}
		got, err := store.Evidence(ctx, one, e.ID)
		if err != nil || !got.Revoked || !got.RevokedAt.Equal(at) || got.FileID != "" {
			t.Errorf("got %+v, %v, want it revoked and without file", got, err)
		}
	})
}
