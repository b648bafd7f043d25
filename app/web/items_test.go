package web_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"traguardo/app/auth"
	"traguardo/app/web/webtest"
	"traguardo/surveys"
)

func TestItemsOfAProgramme(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		one, two, few := w.Ente("Uno", 3200), w.Ente("Due", 4100), w.Ente("Pochi", 2500)
		outside := w.Ente("Fuori", 3000)
		p, other := w.Programme("Insieme", one, two, few), w.Programme("Altro", outside)
		w.User("coord@x.example", false, webtest.On(auth.Coordinator, p))
		w.User("fac@x.example", false, webtest.On(auth.Facilitator, p))
		w.User("coord2@x.example", false, webtest.On(auth.Coordinator, other))
		w.User("admin@x.example", true)
		rtd := w.User("rtd@x.example", false, webtest.In(auth.RTD, one), webtest.In(auth.RTD, two), webtest.In(auth.RTD, few))
		page := "/programmi/" + p.ID.String() + "/domande"
		coord := func() *webtest.Client { return w.SignedIn("coord@x.example") }
		wantStatus(t, "nothing yet", coord().Get(page), 200, "ancora una rilevazione")
		employ(t, w, one, 40)
		surveyed(t, w, w.SignedIn("rtd@x.example"), rtd, one, surveys.ExAnte, 34, 0, false)
		c := coord()
		wantStatus(t, "one closed", c.Get(page), 200, "Servono almeno due chiuse", "!Calcola l'analisi")
		if got := c.PostRaw(page, url.Values{"rilevazione": {"exante"}}); got.Status != 422 || !strings.Contains(got.Body, "non si può calcolare ora") {
			t.Errorf("too early: got %d, want 422", got.Status)
		}
		employ(t, w, two, 30)
		employ(t, w, few, 14)
		surveyed(t, w, w.SignedIn("rtd@x.example"), rtd, two, surveys.ExAnte, 24, 1, false)
		surveyed(t, w, w.SignedIn("rtd@x.example"), rtd, few, surveys.ExAnte, 8, 2, true)
		w.Clock = w.Clock.Add(time.Minute)
		c = coord()
		wantStatus(t, "ready", c.Get(page), 200, "3 Comuni hanno chiuso", "Calcola l'analisi")
		if got := c.PostRaw(page, url.Values{"rilevazione": {"exante"}}); got.Status != 303 {
			t.Fatalf("computing: got %d, want 303\n%s", got.Status, got.Body)
		}
		// Pochi has eight valid responses: it is not among the 58.
		wantStatus(t, "computed", c.Get(page), 200, "58 persone di 2 Comuni", "Domande di conoscenza", "Distinzione", "K-PIA-", "!Calcola l'analisi", "!NaN")
		if got := c.PostRaw(page, url.Values{"rilevazione": {"exante"}}); got.Status != 303 || !strings.Contains(c.Get(page).Body, "58 persone di 2 Comuni") {
			t.Errorf("a second time: got %d, want 303 and the first analysis", got.Status)
		}
		before := w.Store.Queries().Count()
		c.Get(page)
		if n := w.Store.Queries().Count() - before; n > 8 {
			t.Errorf("got %d queries, want at most 8", n)
		}
		wantStatus(t, "English", c.Get("/lingua/en?da="+page), 200, "58 people of 2 Comuni", "Telling apart")
		for email, status := range map[string]int{"fac@x.example": 403, "coord2@x.example": 404, "rtd@x.example": 404, "admin@x.example": 404} {
			c := w.SignedIn(email)
			got := c.Get(page)
			if got.Status != status && !(status == 404 && got.Status == 403) || strings.Contains(got.Body, "K-PIA-") {
				t.Errorf("%s: got %d, want %d", email, got.Status, status)
			}
			if got := c.PostRaw(page, url.Values{"rilevazione": {"expost"}}); got.Status < 400 {
				t.Errorf("%s computes: got %d", email, got.Status)
			}
		}
		entries, err := w.Store.NamedTrail(t.Context(), 50)
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, e := range entries {
			found = found || e.Action == "programme.items"
		}
		if !found {
			t.Error("computing is not in the register")
		}
	})
}
