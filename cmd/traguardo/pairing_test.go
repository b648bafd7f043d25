package main

import (
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"traguardo/app/storage"
	"traguardo/app/storage/storagetest"
	"traguardo/surveys"
	"traguardo/surveys/comune"
	"traguardo/surveys/instruments"
)

// seedKeys stores two enti, each with one series; the first has a second series, of
// links, and a closed and an open wave on the first one.
func seedKeys(t *testing.T, store *storage.Store) (cards, link surveys.ID) {
	t.Helper()
	ctx, at := t.Context(), time.Date(2026, 2, 10, 9, 0, 0, 0, time.UTC)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	random := rand.NewChaCha8([32]byte{5})
	id := func() surveys.ID {
		v, err := surveys.NewID(random)
		must(err)
		return v
	}
	staff, err := instruments.STAFF()
	must(err)
	hash, err := store.PublishInstrument(ctx, staff, at)
	must(err)
	for i, name := range []string{"Roccaverde", "Pietrafonda"} {
		e := comune.Ente{ID: id(), Name: name, Population: 600, Fictitious: true, Threshold: 5}
		must(store.AddEnte(ctx, e, at))
		x := storage.Series{ID: id(), EnteID: e.ID, Method: surveys.PairingCard, KeyWrapped: []byte{1, 2}, CreatedAt: at}
		must(store.AddSeries(ctx, x))
		if i > 0 {
			continue
		}
		cards = x.ID
		l := storage.Series{ID: id(), EnteID: e.ID, Method: surveys.PairingLink, KeyWrapped: []byte{3, 4}, CreatedAt: at}
		link = l.ID
		must(store.AddSeries(ctx, l))
		for wave, state := range map[surveys.Wave]surveys.CampaignState{surveys.ExAnte: surveys.CampaignClosed, surveys.ExPost: surveys.CampaignOpen} {
			must(store.AddCampaign(ctx, storage.Campaign{Campaign: surveys.Campaign{ID: id(), EnteID: e.ID, SeriesID: x.ID, Wave: wave, InstrumentHash: hash, Short: true, Threshold: 5,
				Pairing: surveys.PairingCard, OpensAt: at, ClosesAt: at.Add(time.Hour), State: state}, CreatedAt: at}))
		}
	}
	return cards, link
}

func TestMain(m *testing.M) { os.Exit(storagetest.Main(m)) }

func TestDestroyKey(t *testing.T) {
	for _, engine := range storagetest.Engines() {
		t.Run(string(engine), func(t *testing.T) { destroyKeys(t, storagetest.URL(t, engine)) })
	}
}

func destroyKeys(t *testing.T, url string) {
	store, err := storage.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	cards, link := seedKeys(t, store)
	refused := func(want int, says string, args ...string) {
		t.Helper()
		code, out, errOut := line(t, url, append([]string{"pairing", "destroy-key"}, args...)...)
		if code != want || out != "" || !strings.Contains(errOut, says) {
			t.Errorf("%v: got %d, %q, %q, want %d saying %q", args, code, out, errOut, want, says)
		}
	}
	refused(exitUsage, "--ente is missing")
	refused(exitUsage, "unexpected argument", "now")
	refused(exitFailed, "no ente has code", "--ente", "Nessuno", "--yes")
	refused(exitFailed, link.String(), "--ente", "Roccaverde", "--yes")
	refused(exitFailed, "no series", "--ente", "Pietrafonda", "--series", link.String(), "--yes")
	refused(exitFailed, "expost prepared or open", "--ente", "Roccaverde", "--series", cards.String(), "--yes")
	refused(exitUsage, "cannot be undone", "--ente", "Roccaverde", "--series", link.String())
	refused(exitUsage, "cannot be undone", "--ente", "Roccaverde", "--series", link.String(), "--json")
	code, out, errOut := line(t, url, "pairing", "destroy-key", "--ente", "Roccaverde", "--series", link.String(), "--yes", "--json")
	if code != exitOK || !strings.Contains(out, `"series": "`+link.String()) || !strings.Contains(out, `"method": "link"`) || strings.Contains(out, "0001-01-01") {
		t.Errorf("got %d, %q, %q, want the series and when its key was destroyed", code, out, errOut)
	}
	refused(exitFailed, "was destroyed on", "--ente", "Roccaverde", "--series", link.String(), "--yes")
	if code, out, errOut := line(t, url, "pairing", "destroy-key", "--ente", "Pietrafonda", "--yes"); code != exitOK || !strings.Contains(out, "anonymous") {
		t.Errorf("the only key of an ente: got %d, %q, %q", code, out, errOut)
	}
	refused(exitFailed, "no pairing key", "--ente", "Pietrafonda", "--yes")
	trail, err := store.AuditTrail(t.Context(), "", 10)
	if err != nil || len(trail) != 2 || trail[0].Action != "campaign.destroy_key" {
		t.Errorf("audit: got %+v, %v, want one row for each key", trail, err)
	}
}
