package web_test

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/app/web/webtest"
	"traguardo/surveys"
	"traguardo/surveys/pairing"
	"traguardo/surveys/scoring"

	"math/rand/v2"
)

// TestSurveyLoop walks a wave from the empty list to stored results, without JavaScript.
func TestSurveyLoop(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		e, rtd := surveyWorld(t, w, 12)
		base := "/enti/" + e.ID.String() + "/rilevazioni"
		if p := rtd.Get(base); p.Status != 200 || !strings.Contains(p.Body, "Nessuna rilevazione") || !strings.Contains(p.Body, "Che cosa potranno mostrare") {
			t.Fatalf("empty list: got %d\n%s", p.Status, p.Body)
		}
		path := openedWave(t, w, rtd, e, "exante")
		all := links(t, w)
		if len(all) != 12 {
			t.Fatalf("got %d mails, want 12", len(all))
		}
		for i, link := range all[:7] {
			c := w.Client()
			review := answerAll(t, c, link, "", i)
			if p := submit(c, review, nil); p.Status != 303 || p.Location != "/q/grazie" {
				t.Fatalf("submit %d: got %d to %q\n%s", i, p.Status, p.Location, p.Body)
			}
			if p := c.Get("/q/grazie"); p.Status != 200 || !strings.Contains(p.Body, "Grazie") {
				t.Errorf("thanks: got %d", p.Status)
			}
		}
		p := rtd.Get(path)
		if !strings.Contains(p.Body, "almeno il 50 %") || strings.Contains(p.Body, "58") {
			t.Errorf("open wave: want only the rounded rate\n%s", p.Body)
		}
		if _, err := w.Store.Result(t.Context(), e.ID, surveys.ExAnte, storage.ResultStaff); err == nil {
			t.Error("a result exists while the wave is open")
		}
		if p := rtd.PostRaw(path+"/chiudi", nil); p.Status != 303 {
			t.Fatalf("closing: got %d\n%s", p.Status, p.Body)
		}
		if p := rtd.PostRaw(path+"/chiudi", nil); p.Status != 409 {
			t.Errorf("closing twice: got %d, want 409", p.Status)
		}
		r, err := w.Store.Result(t.Context(), e.ID, surveys.ExAnte, storage.ResultStaff)
		if err != nil || r.FormulaVersion != scoring.FormulaVersion || len(r.DataHash) != 64 || len(r.Areas) != 5 {
			t.Fatalf("stored result: got %+v, %v", r, err)
		}
		var staff scoring.StaffResult
		if err := json.Unmarshal(r.Body, &staff); err != nil || staff.State != scoring.Published || staff.Response.Responses != 7 || staff.Eligible != 12 {
			t.Errorf("result: got %+v, %v, want 7 of 12 published", staff.Response, err)
		}
		late := w.Client()
		if p := late.Get(all[8]); p.Status != 200 || !strings.Contains(p.Body, "La rilevazione è chiusa") {
			t.Errorf("late answer: got %d\n%s", p.Status, p.Body)
		}
		if rows, broken, err := w.Store.VerifyAudit(t.Context()); err != nil || broken != 0 || rows == 0 {
			t.Errorf("audit: got %d rows, broken %d, %v", rows, broken, err)
		}
	})
}

// TestSubmissionLeavesNoTrace checks that an answer writes neither an audit row nor
// a log line with the link, and that a second sending changes nothing.
func TestSubmissionLeavesNoTrace(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		e, rtd := surveyWorld(t, w, 12)
		openedWave(t, w, rtd, e, "exante")
		link := links(t, w)[0]
		before, err := w.Store.AuditTrail(t.Context(), "", 1000)
		if err != nil {
			t.Fatal(err)
		}
		c := w.Client()
		review := answerAll(t, c, link, "", 1)
		first := submit(c, review, url.Values{"profilo": {"1"}})
		if first.Status != 200 || !strings.Contains(first.Body, "Il Suo profilo") || !strings.Contains(first.Body, "data-print") {
			t.Fatalf("profile on request: got %d\n%s", first.Status, first.Body)
		}
		for _, again := range []webtest.Page{submit(c, review, nil), c.Get("/q"), c.Get("/q/rivedi"), c.Get(link), c.Get("/q/parte/1")} {
			if again.Status != 200 || !strings.Contains(again.Body, "Risposta già ricevuta") {
				t.Errorf("%s again: got %d, want «già ricevuta»", again.Path, again.Status)
			}
		}
		after, err := w.Store.AuditTrail(t.Context(), "", 1000)
		if err != nil || len(after) != len(before) {
			t.Errorf("audit rows: got %d, want %d (%v)", len(after), len(before), err)
		}
		if n, err := w.Store.CountResponses(t.Context(), e.ID, campaignOf(t, w, e.ID)); err != nil || n != 1 {
			t.Errorf("responses: got %d, %v, want 1", n, err)
		}
		if token := strings.TrimPrefix(link, "/q/"); bytes.Contains(w.Log.Bytes(), []byte(token)) {
			t.Error("the link's secret is in the log")
		}
	})
}

func campaignOf(t *testing.T, w *webtest.World, ente surveys.ID) surveys.ID {
	t.Helper()
	list, err := w.Store.Campaigns(t.Context(), ente)
	if err != nil || len(list) == 0 {
		t.Fatalf("campaigns: %v", err)
	}
	return list[len(list)-1].ID
}

// TestLinkCookie checks where the secret goes.
func TestLinkCookie(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		e, rtd := surveyWorld(t, w, 12)
		openedWave(t, w, rtd, e, "exante")
		link := links(t, w)[0]
		p := w.Client().Raw(link)
		cookie := strings.Join(p.Header.Values("Set-Cookie"), "\n")
		if p.Status != 303 || p.Location != "/q" || !strings.Contains(cookie, "path=/q; HttpOnly; SameSite=Lax") {
			t.Errorf("got %d to %q with %q, want a cookie of /q alone", p.Status, p.Location, cookie)
		}
		bad := w.Client()
		for _, path := range []string{"/q/aaaaaaaaaaaaaaaaaaaaaaaaaa", "/q/qualcosa", "/q"} {
			p := bad.Raw(path)
			if p.Status != 404 || !strings.Contains(p.Body, "Manca il Suo collegamento") {
				t.Errorf("%s: got %d, want 404 with what to do", path, p.Status)
			}
			if strings.Contains(p.Body, "aaaaaaaaaaaaaaaaaaaaaaaaaa") {
				t.Errorf("%s: the page holds the token", path)
			}
		}
		// The RTD, signed in, answers as anybody else: no name on the page.
		rtd.Get(link)
		if p := rtd.Get("/q"); strings.Contains(p.Body, "rtd@comune.example") || strings.Contains(p.Body, "Utente") {
			t.Error("the page of who answers names the signed-in user")
		}
	})
}

// TestTwoWindows checks that an older window never overwrites a newer one and that
// nothing typed is lost.
func TestTwoWindows(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		e, rtd := surveyWorld(t, w, 12)
		openedWave(t, w, rtd, e, "exante")
		link := links(t, w)[0]
		c := w.Client()
		c.Get(link)
		c.PostRaw("/q/carta", with(hidden(c.Get("/q/carta")), "senza", "1"))
		one := c.Get("/q/parte/1")
		two := c.Get("/q/parte/1")
		save := func(page webtest.Page, pick int) webtest.Page {
			c.Page = page
			f := answersOf(page, pick)
			f.Set("autosave", "1")
			return c.JSON("/q/salva", "application/x-www-form-urlencoded", f.Encode())
		}
		if p := save(one, 1); p.Status != 200 || !strings.Contains(p.Body, `"version":2`) {
			t.Fatalf("autosave: got %d %s, want version 2", p.Status, p.Body)
		}
		if p := save(one, 2); p.Status != 200 {
			t.Errorf("the same window with its old version (its answer was lost): got %d, want 200", p.Status)
		}
		if p := save(two, 3); p.Status != 409 {
			t.Errorf("autosave of the older window: got %d, want 409", p.Status)
		}
		c.Page = two
		p := c.PostRaw("/q/parte/1", answersOf(two, 3))
		if p.Status != 409 || !strings.Contains(p.Body, "altra finestra") || strings.Count(p.Body, " checked") < 3 {
			t.Fatalf("Continua in the older window: got %d, want 409 with both answers", p.Status)
		}
		merged := answersOf(p, 3)
		if p := c.PostRaw("/q/parte/1", merged); p.Status != 303 {
			t.Errorf("Continua again: got %d, want 303", p.Status)
		}
		back := c.Get("/q/parte/1")
		if !strings.Contains(back.Body, " checked") {
			t.Error("the answers are not there after coming back")
		}
		// Another device finds everything by the same link.
		phone := w.Client()
		if p := phone.Get(link); !strings.Contains(p.Body, "Bentornata") {
			t.Errorf("other device: got %d without the draft", p.Status)
		}
	})
}

func with(v url.Values, name, value string) url.Values {
	v.Set(name, value)
	return v
}

// TestTwoLinksInOneBrowser: the page of one link must not save into another's draft.
func TestTwoLinksInOneBrowser(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		e, rtd := surveyWorld(t, w, 12)
		openedWave(t, w, rtd, e, "exante")
		all := links(t, w)
		c := w.Client()
		for _, link := range all[:2] {
			c.Get(link)
			c.PostRaw("/q/carta", with(hidden(c.Get("/q/carta")), "senza", "1"))
		}
		c.Get(all[0])
		page := c.Get("/q/parte/1")
		c.Get(all[1])
		c.Page = page
		if p := c.PostRaw("/q/parte/1", answersOf(page, 1)); p.Status != 409 || !strings.Contains(p.Body, "altro questionario") {
			t.Errorf("page of the first link under the second: got %d, want 409", p.Status)
		}
		if p := c.Get("/q/parte/1"); strings.Contains(p.Body, " checked") {
			t.Error("the second draft holds answers of the first")
		}
	})
}

// TestCardTyping checks what is said about a mistyped card.
func TestCardTyping(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		e, rtd := surveyWorld(t, w, 12)
		openedWave(t, w, rtd, e, "exante")
		c := w.Client()
		c.Get(links(t, w)[0])
		good := card(t, 1)
		wrong := "Z" + good[1:]
		if good[0] == 'Z' {
			wrong = "Y" + good[1:]
		}
		for typed, want := range map[string]string{"ABC": "12 caratteri", wrong: "non torna", strings.Replace(good, "-", "?", 1): "non è usato"} {
			p := c.PostRaw("/q/carta", with(hidden(c.Get("/q/carta")), "card", typed))
			if p.Status != 422 || !strings.Contains(p.Body, want) {
				t.Errorf("%q: got %d, want 422 saying %q", typed, p.Status, want)
			}
		}
		p := c.PostRaw("/q/carta", with(hidden(c.Get("/q/carta")), "card", strings.ToLower(good)))
		if p.Status != 303 {
			t.Errorf("lower case: got %d, want 303", p.Status)
		}
		if p := c.Get("/q/carta"); !strings.Contains(p.Body, "già inserito") || strings.Contains(p.Body, good) {
			t.Error("the page must say that the card is in, and not show it")
		}
	})
}

func card(t *testing.T, n byte) string {
	t.Helper()
	c, err := pairing.NewCard(rand.NewChaCha8([32]byte{n}))
	if err != nil {
		t.Fatal(err)
	}
	return c.Text()
}

// TestExPostIsPaired closes two waves of the same people and compares them.
func TestExPostIsPaired(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		e, rtd := surveyWorld(t, w, 14)
		waves := map[string]int{"exante": 1, "expost": 3}
		for _, wave := range []string{"exante", "expost"} {
			path := openedWave(t, w, rtd, e, wave)
			all := links(t, w)
			for i := range 10 { // eight come again; two answer each wave only
				n := byte(i)
				if i >= 8 && wave == "expost" {
					n += 100
				}
				c := w.Client()
				if p := submit(c, answerAll(t, c, all[i], card(t, n+1), (i*waves[wave]+i/3)%5), nil); p.Status >= 400 {
					t.Fatalf("%s %d: got %d", wave, i, p.Status)
				}
			}
			rtd.Get(path)
			if p := rtd.PostRaw(path+"/chiudi", nil); p.Status != 303 {
				t.Fatalf("closing %s: got %d\n%s", wave, p.Status, p.Body)
			}
			w.Clock = w.Clock.AddDate(0, 1, 0)
			rtd = w.SignedIn("rtd@comune.example")
		}
		got, err := w.Service.StaffResults(t.Context(), auth.SystemActor(), e.ID, surveys.ExPost)
		if err != nil || got.Change == nil || got.Change.State != scoring.Published || got.Change.Match.Pairs != 8 || got.Change.Match.OnlyPost != 2 {
			t.Fatalf("got %+v, %v, want 8 pairs", got.Change, err)
		}
		post := "/enti/" + e.ID.String() + "/rilevazioni/" + campaignOf(t, w, e.ID).String()
		if p := rtd.Get(post); !strings.Contains(p.Body, "pseudonimizzati") {
			t.Error("before the key is destroyed the data are pseudonymised, and the page must say so")
		}
		if p := rtd.PostRaw(post+"/distruggi-chiave", nil); p.Status != 303 {
			t.Errorf("destroying the key: got %d, want 303", p.Status)
		}
		if p := rtd.Get(post); !strings.Contains(p.Body, "anonimi (la chiave") || strings.Contains(p.Body, "/distruggi-chiave") {
			t.Error("after it the data are anonymous and there is nothing left to destroy")
		}
		withheld := false
		for _, m := range got.Change.Measures {
			withheld = withheld || m.MeansWithheld
		}
		before, err := w.Service.StaffResults(t.Context(), auth.SystemActor(), e.ID, surveys.ExAnte)
		if err != nil || !withheld || before.Result.Areas[0].Self.Visible() || got.Result.Areas[0].Self.Visible() {
			t.Errorf("two answered one wave only: got means %v and %v (withheld %v, %v), want both withheld", before.Result.Areas[0].Self, got.Result.Areas[0].Self, withheld, err)
		}
		if before.Stored.Areas[1].Evidenced != nil && before.Stored.Areas[1].Area != storage.AllAreas {
			t.Error("the summary row still holds the withheld mean")
		}
	})
}

// TestWavesAdvanceByTheirHours opens and closes by the clock alone.
func TestWavesAdvanceByTheirHours(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		e, rtd := surveyWorld(t, w, 12)
		base := "/enti/" + e.ID.String() + "/rilevazioni"
		rtd.Get(base + "/nuova")
		f := waveForm(w, "exante")
		f.Set("opens_day", w.Clock.AddDate(0, 0, 2).Format(time.DateOnly))
		path := rtd.PostRaw(base+"/nuova", f).Location
		rtd.Get(path)
		if p := rtd.PostRaw(path+"/apri", url.Values{}); p.Status != 303 {
			t.Fatalf("ordering the opening: got %d\n%s", p.Status, p.Body)
		}
		if p := rtd.Get(path); !strings.Contains(p.Body, "Si aprirà da sola il 25/11/2026, 08:00") {
			t.Errorf("scheduled wave: the hour is not said\n%s", p.Body)
		}
		advance := func(to time.Time) surveys.CampaignState {
			w.Clock = to
			for range 2 { // safe to run twice
				if err := w.Service.AdvanceWaves(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			list, err := w.Store.Campaigns(t.Context(), e.ID)
			if err != nil {
				t.Fatal(err)
			}
			return list[0].State
		}
		opens := time.Date(2026, 11, 25, 7, 0, 0, 0, time.UTC) // 08:00 in Rome
		closes := time.Date(2026, 12, 3, 17, 0, 0, 0, time.UTC)
		for _, step := range []struct {
			at   time.Time
			want surveys.CampaignState
		}{{opens.Add(-time.Second), surveys.CampaignDraft}, {opens, surveys.CampaignOpen}, {closes.Add(-time.Second), surveys.CampaignOpen}, {closes, surveys.CampaignClosed}} {
			if got := advance(step.at); got != step.want {
				t.Errorf("at %s: got %s, want %s", step.at, got, step.want)
			}
			if step.at.Equal(opens) { // what still waits when the wave closes is not sent any more
				if n := len(links(t, w)); n != 12 {
					t.Errorf("mails: got %d, want 12", n)
				}
			}
		}
	})
}
