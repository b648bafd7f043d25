package storage_test

import (
	"errors"
	"testing"
	"time"

	"traguardo/app/storage"
	"traguardo/app/storage/storagetest"
	"traguardo/plans"
	"traguardo/surveys"
	"traguardo/surveys/comune"
)

const edition = "2024-2026-agg-2026"

// twoEnti stores two fictitious enti.
func twoEnti(t *testing.T, store *storage.Store) (a, b surveys.ID, at time.Time) {
	t.Helper()
	a, b, at = "ente-a", "ente-b", time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	for _, id := range []surveys.ID{a, b} {
		e := comune.Ente{ID: id, Name: "Comune " + id.String(), Fictitious: true, Threshold: 5, Population: 900}
		if err := store.AddEnte(t.Context(), e, at); err != nil {
			t.Fatal(err)
		}
	}
	return a, b, at
}

func TestLineExclusions(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, store *storage.Store) {
		ctx := t.Context()
		a, b, at := twoEnti(t, store)
		x := storage.LineExclusion{Line: "CAP4.PA.01", Reason: "Gestito dall'Unione", SetBy: "user", SetAt: at}
		if err := store.ExcludeLine(ctx, a, edition, x); err != nil {
			t.Fatal(err)
		}
		if err := store.ExcludeLine(ctx, a, edition, x); !errors.Is(err, storage.ErrConflict) {
			t.Errorf("twice: got %v, want ErrConflict", err)
		}
		today := plans.DateOf(at)
		got, err := store.PTIMarks(ctx, a, edition, today)
		if err != nil || len(got.Exclusions) != 1 || got.Exclusions[0] != x {
			t.Errorf("got %v, %v, want the one exclusion", got, err)
		}
		if got, err := store.PTIMarks(ctx, b, edition, today); err != nil || len(got.Exclusions) != 0 {
			t.Errorf("other ente: got %v, %v, want none", got, err)
		}
		if got, err := store.PTIMarks(ctx, a, "2022-2024", today); err != nil || len(got.Exclusions) != 0 {
			t.Errorf("other edition: got %v, %v, want none", got, err)
		}
		if err := store.IncludeLine(ctx, b, edition, x.Line); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("other ente: got %v, want ErrNotFound", err)
		}
		if err := store.IncludeLine(ctx, a, edition, x.Line); err != nil {
			t.Error(err)
		}
	})
}

func TestConditionAnswers(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, store *storage.Store) {
		ctx := t.Context()
		a, b, at := twoEnti(t, store)
		for _, answer := range []bool{true, false} { // the second replaces the first; false is an answer
			if err := store.AnswerCondition(ctx, a, edition, "sdg_agreement", answer, "user", at); err != nil {
				t.Fatal(err)
			}
			got, err := store.ConditionAnswers(ctx, a, edition)
			if v, ok := got["sdg_agreement"]; err != nil || !ok || v != answer || len(got) != 1 {
				t.Errorf("got %v, %v, want %v", got, err, answer)
			}
		}
		if got, err := store.ConditionAnswers(ctx, b, edition); err != nil || len(got) != 0 {
			t.Errorf("other ente: got %v, %v, want none", got, err)
		}
		if err := store.ForgetCondition(ctx, a, edition, "sdg_agreement"); err != nil {
			t.Fatal(err)
		}
		if got, err := store.ConditionAnswers(ctx, a, edition); err != nil || len(got) != 0 {
			t.Errorf("forgotten: got %v, %v, want none", got, err)
		}
	})
}
