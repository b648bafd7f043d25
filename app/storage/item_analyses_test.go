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

func TestItemAnalysesAreKeptOnce(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, s *storage.Store) {
		ctx, at := t.Context(), time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
		in, err := instruments.STAFF()
		if err != nil {
			t.Fatal(err)
		}
		hash, err := s.PublishInstrument(ctx, in, at)
		if err != nil {
			t.Fatal(err)
		}
		one, two := surveys.ID("aaaaaaaaaaaaaaaaaaaaaaaaaa"), surveys.ID("bbbbbbbbbbbbbbbbbbbbbbbbbb")
		for _, id := range []surveys.ID{one, two} {
			if err := s.AddProgramme(ctx, storage.Programme{ID: id, Name: "P " + id.String(), CreatedAt: at}); err != nil {
				t.Fatal(err)
			}
		}
		a := storage.StoredItems{ProgrammeID: one, Wave: surveys.ExAnte, InstrumentHash: hash, Body: []byte(`{"n":58}`), ComputedAt: at}
		if err := s.SaveItems(ctx, a); err != nil {
			t.Fatal(err)
		}
		if err := s.SaveItems(ctx, a); !errors.Is(err, storage.ErrConflict) {
			t.Errorf("a second analysis: got %v, want ErrConflict", err)
		}
		list, err := s.ItemsOf(ctx, one)
		if err != nil || len(list) != 1 || string(list[0].Body) != `{"n":58}` || !list[0].ComputedAt.Equal(at) {
			t.Errorf("got %+v, %v", list, err)
		}
		if list, err := s.ItemsOf(ctx, two); err != nil || len(list) != 0 {
			t.Errorf("another programme: got %+v, %v", list, err)
		}
	})
}
