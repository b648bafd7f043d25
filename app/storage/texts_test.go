package storage_test

import (
	"errors"
	"testing"

	"traguardo/app/storage"
	"traguardo/app/storage/storagetest"
	"traguardo/surveys"
)

func TestTextsAreMovedAndRemoved(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, store *storage.Store) {
		ctx := t.Context()
		one, two := addEnte(t, store, "Uno"), addEnte(t, store, "Due")
		c := addCampaign(t, store, one, surveys.ExAnte)
		text := func(n string) storage.ResponseText {
			return storage.ResponseText{ID: idOf(t, "text"+n), EnteID: one, CampaignID: c.ID, Item: "TXT-01", Body: "testo " + n}
		}
		r := storage.Response{ID: idOf(t, "response"), EnteID: one, CampaignID: c.ID, Vector: surveys.Vector{1}}
		if err := store.AddResponse(ctx, r, []storage.ResponseText{text("a"), text("b"), text("c")}); err != nil {
			t.Fatal(err)
		}
		shown, foreign := text("a"), text("a")
		shown.Body, foreign.EnteID = "corretto", two
		if err := store.ReleaseText(ctx, foreign); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("releasing for the other ente: got %v, want ErrNotFound", err)
		}
		if err := store.ReleaseText(ctx, shown); err != nil {
			t.Fatal(err)
		}
		if err := store.ReleaseText(ctx, shown); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("releasing twice: got %v, want ErrNotFound", err)
		}
		if err := store.RemoveText(ctx, two, c.ID, text("b").ID); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("removing for the other ente: got %v, want ErrNotFound", err)
		}
		if err := store.RemoveText(ctx, one, c.ID, text("b").ID); err != nil {
			t.Error(err)
		}
		if n, err := store.TextCounts(ctx, one, c.ID); err != nil || n != (storage.TextCounts{Responses: 1, Unread: 1, Released: 1}) {
			t.Errorf("got %+v, %v, want one unread and one released", n, err)
		}
		if n, err := store.TextCounts(ctx, two, c.ID); err != nil || n != (storage.TextCounts{}) {
			t.Errorf("other ente: got %+v, %v, want nothing", n, err)
		}
		list, err := store.ReleasedTexts(ctx, one, c.ID)
		if err != nil || len(list) != 1 || list[0] != shown {
			t.Errorf("got %+v, %v, want the corrected text", list, err)
		}
		if list, err := store.UnreadTexts(ctx, two, c.ID); err != nil || len(list) != 0 {
			t.Errorf("other ente: got %+v, %v, want none", list, err)
		}
		if err := store.RemoveText(ctx, one, c.ID, shown.ID); err != nil {
			t.Errorf("removing a released text: %v", err)
		}
	})
}
