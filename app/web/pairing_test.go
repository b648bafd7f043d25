package web_test

import (
	"bytes"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/app/web/webtest"
	"traguardo/surveys"
	"traguardo/surveys/comune"
)

const keeper = "Provincia di Prova, ufficio innovazione"

// hosted is two enti in a programme whose keys are kept outside them, and an ente
// outside; the RTD has them all.
func hosted(t *testing.T, w *webtest.World, staff int) (one, two, outside comune.Ente, rtd, admin *webtest.Client, programme string) {
	t.Helper()
	one, two, outside = w.Ente("Roccaverde", 3200), w.Ente("Pietrafonda", 4100), w.Ente("Lagoscuro", 2100)
	p := w.Programme("Sponda", one, two)
	for _, e := range []comune.Ente{one, two, outside} {
		employ(t, w, e, staff)
	}
	w.User("rtd@comune.example", false, webtest.In(auth.RTD, one), webtest.In(auth.RTD, two), webtest.In(auth.RTD, outside))
	w.User("admin@comune.example", true)
	admin = w.SignedIn("admin@comune.example")
	programme = "/programmi/" + p.ID.String()
	admin.Get(programme + "/enti")
	if p := admin.PostRaw(programme+"/custode", url.Values{"custode": {keeper}}); p.Status != 303 {
		t.Fatalf("keeper: got %d\n%s", p.Status, p.Body)
	}
	return one, two, outside, w.SignedIn("rtd@comune.example"), admin, programme
}

// wavePaired creates a wave with a pairing method and opens it at once.
func wavePaired(t *testing.T, rtd *webtest.Client, e comune.Ente, form url.Values) string {
	t.Helper()
	base := "/enti/" + e.ID.String() + "/rilevazioni"
	rtd.Get(base + "/nuova")
	p := rtd.PostRaw(base+"/nuova", form)
	if p.Status != 303 {
		t.Fatalf("creating: got %d\n%s", p.Status, p.Body)
	}
	rtd.Get(p.Location)
	if p := rtd.PostRaw(p.Location+"/apri", url.Values{"subito": {"1"}, "keys": {"checked"}}); p.Status != 303 {
		t.Fatalf("opening: got %d\n%s", p.Status, p.Body)
	}
	return p.Location
}

// answerPaired answers a whole questionnaire with the given fields on the first page.
func answerPaired(t *testing.T, w *webtest.World, link string, fields url.Values, pick int) {
	t.Helper()
	c := w.Client()
	c.Get(link)
	p := c.PostRaw("/q/carta", merge(hidden(c.Get("/q/carta")), fields))
	for range 40 {
		if p.Status != 303 {
			t.Fatalf("got %d at %s\n%s", p.Status, p.Path, p.Body)
		}
		next := p.Location
		p = c.Get(next)
		if next == "/q/rivedi" {
			if p := submit(c, p, nil); p.Status >= 400 {
				t.Fatalf("submit: got %d\n%s", p.Status, p.Body)
			}
			return
		}
		p = c.PostRaw(next, answersOf(p, pick))
	}
	t.Fatal("the questionnaire does not end")
}

func merge(a, b url.Values) url.Values {
	for k, v := range b {
		a[k] = v
	}
	return a
}

// elements is what person i answers to the six questions.
func elements(i int) url.Values {
	letter := func(n int) string { return string(rune('A' + n%26)) }
	return url.Values{"cod_1": {letter(i)}, "cod_2": {fmt.Sprint(1 + i%31)}, "cod_3": {letter(3 * i)}, "cod_4": {fmt.Sprint(i % 10)},
		"cod_5": {letter(5 * i)}, "cod_6": {fmt.Sprint(i % 13)}}
}

func TestOtherMethodsNeedAKeeper(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		one, _, outside, rtd, admin, programme := hosted(t, w, 12)
		base := "/enti/" + outside.ID.String() + "/rilevazioni/nuova"
		if p := rtd.Get(base); p.Status != 200 || strings.Contains(p.Body, `value="code"`) || !strings.Contains(p.Body, "solo dove un programma") {
			t.Errorf("form without a keeper: got %d, want cards only with the reason", p.Status)
		}
		for _, method := range []string{"code", "link"} {
			p := rtd.PostRaw(base, with(waveForm(w, "exante"), "pairing", method))
			if p.Status != 422 || !strings.Contains(p.Body, "nessun programma di questo ente lo dichiara") || !strings.Contains(p.Body, "Titolare: Comune.") {
				t.Errorf("%s without a keeper: got %d, want 422 with the reason and what was typed", method, p.Status)
			}
		}
		p := rtd.Get("/enti/" + one.ID.String() + "/rilevazioni/nuova")
		for _, want := range []string{`value="card"`, `value="code"`, `value="link"`, keeper} {
			if !strings.Contains(p.Body, want) {
				t.Errorf("form with a keeper lacks %q", want)
			}
		}
		if p := rtd.PostRaw(programme+"/custode", url.Values{"custode": {"io"}}); p.Status != 403 && p.Status != 404 {
			t.Errorf("keeper named by an RTD: got %d, want refusal", p.Status)
		}
		w.User("coordinatrice@comune.example", false, webtest.On(auth.Coordinator, programmeOf(t, w, one)))
		c := w.SignedIn("coordinatrice@comune.example")
		if p := c.Get(programme + "/enti"); p.Status != 200 || strings.Contains(p.Body, "/custode") {
			t.Errorf("coordinator: got %d, want the page without the form of the keeper", p.Status)
		}
		if p := c.PostRaw(programme+"/custode", url.Values{"custode": {"io"}}); p.Status != 403 {
			t.Errorf("keeper named by the coordinator: got %d, want 403", p.Status)
		}
		admin.Get(programme + "/enti")
		if p := admin.PostRaw(programme+"/custode", url.Values{"custode": {strings.Repeat("x", 201)}}); p.Status != 422 {
			t.Errorf("a keeper of 201 characters: got %d, want 422", p.Status)
		}
		if p := admin.PostRaw(programme+"/custode", url.Values{"custode": {""}}); p.Status != 303 {
			t.Errorf("keeper taken back with no key in use: got %d, want 303", p.Status)
		}
	})
}

func TestSixAnswersPairTwoWaves(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		one, two, _, rtd, _, programme := hosted(t, w, 14)
		wavePaired(t, rtd, two, with(waveForm(w, "exante"), "pairing", "code"))
		other := links(t, w)
		answerPaired(t, w, other[0], elements(1), 1)
		exante := wavePaired(t, rtd, one, with(waveForm(w, "exante"), "pairing", "code"))
		all := links(t, w)
		c := w.Client()
		if p := c.Get(all[0]); !strings.Contains(p.Body, "Dati pseudonimizzati") || !strings.Contains(p.Body, keeper) {
			t.Error("the first page does not say that the data are pseudonymised and who keeps the key")
		}
		wrong := merge(hidden(c.Get("/q/carta")), url.Values{"cod_1": {"?"}, "cod_2": {"32"}, "cod_3": {"Àncona"}, "cod_4": {"10"}, "cod_5": {"x"}, "cod_6": {"13"}})
		p := c.PostRaw("/q/carta", wrong)
		if p.Status != 422 || strings.Count(p.Body, "field-error") != 4 || !strings.Contains(p.Body, "da 1 a 31") || !strings.Contains(p.Body, `value="Àncona"`) {
			t.Errorf("four wrong elements: got %d with %d faults, want 422 beside each and the typed values", p.Status, strings.Count(p.Body, "field-error"))
		}
		for i := range 10 {
			answerPaired(t, w, all[i], elements(i), i%5)
		}
		if p := rtd.Get(exante + "/carte"); p.Status != 404 {
			t.Errorf("cards of a wave without cards: got %d, want 404", p.Status)
		}
		closeWave(t, rtd, exante)
		w.Clock = w.Clock.AddDate(0, 1, 0)
		rtd = w.SignedIn("rtd@comune.example")
		base := "/enti/" + one.ID.String() + "/rilevazioni/nuova"
		rtd.Get(base)
		if p := rtd.PostRaw(base, with(waveForm(w, "expost"), "pairing", "card")); p.Status != 422 || !strings.Contains(p.Body, "non si cambia") {
			t.Errorf("another method in the later wave: got %d, want 422", p.Status)
		}
		expost := wavePaired(t, rtd, one, waveForm(w, "expost"))
		all = links(t, w)
		for i := range 10 {
			f := elements(i)
			switch i {
			case 0:
				f.Set("cod_2", "30") // one element remembered otherwise
			case 8:
				f.Set("cod_1", "Z")
				f.Set("cod_2", "29") // two: nobody
			case 9:
				f = url.Values{"senza": {"1"}}
			}
			answerPaired(t, w, all[i], f, (i+1)%5)
		}
		closeWave(t, rtd, expost)
		got, err := w.Service.StaffResults(t.Context(), auth.SystemActor(), one.ID, surveys.ExPost)
		if err != nil || got.Change == nil || got.Change.Match.Pairs != 8 || got.Change.Match.OnlyPost != 2 {
			t.Fatalf("got %+v, %v, want 8 pairs, one of them with an element that differs", got.Change, err)
		}
		pre, err := w.Store.Responses(t.Context(), one.ID, campaignOfWave(t, w, one.ID, surveys.ExAnte))
		if err != nil || len(pre) != 10 || pre[0].Pair.Masked[0].IsZero() || pre[0].Pair.Masked[5].IsZero() {
			t.Fatalf("got %d, %v, want ten answers with their seven hashes", len(pre), err)
		}
		foreign, err := w.Store.Responses(t.Context(), two.ID, campaignOfWave(t, w, two.ID, surveys.ExAnte))
		if err != nil || len(foreign) != 1 {
			t.Fatal(len(foreign), err)
		}
		for _, r := range pre {
			if r.Pair == foreign[0].Pair {
				t.Error("the same six answers have the same hash in two Comuni")
			}
		}
		if bytes.Contains(w.Log.Bytes(), []byte("cod_")) {
			t.Error("the log names an element")
		}
		admin := w.SignedIn("admin@comune.example")
		admin.Get(programme + "/enti")
		if p := admin.PostRaw(programme+"/enti/"+one.ID.String()+"/togli", nil); p.Status != 422 || !strings.Contains(p.Body, "ancora in uso") {
			t.Errorf("ente taken out while its key exists: got %d, want 422", p.Status)
		}
		if p := admin.PostRaw(programme+"/custode", url.Values{"custode": {""}}); p.Status != 422 || !strings.Contains(p.Body, "ancora in uso") {
			t.Errorf("keeper taken back while keys exist: got %d, want 422", p.Status)
		}
		rtd.Get(expost)
		if p := rtd.PostRaw(expost+"/distruggi-chiave", nil); p.Status != 303 {
			t.Errorf("destroying the key: got %d, want 303", p.Status)
		}
		if p := admin.PostRaw(programme+"/enti/"+one.ID.String()+"/togli", nil); p.Status != 303 {
			t.Errorf("ente taken out after its key is gone: got %d, want 303", p.Status)
		}
	})
}

func TestTheInvitationPairsTwoWaves(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		one, two, _, rtd, _, _ := hosted(t, w, 14)
		wavePaired(t, rtd, two, with(waveForm(w, "exante"), "pairing", "card"))
		links(t, w)
		var path string
		for _, wave := range []string{"exante", "expost"} {
			form := waveForm(w, wave)
			if wave == "exante" {
				form.Set("pairing", "link")
			}
			path = wavePaired(t, rtd, one, form)
			all := linksByPerson(t, w)
			if wave == "exante" {
				c := w.Client()
				if p := c.Get(all[0]); !strings.Contains(p.Body, "Dati pseudonimizzati") || !strings.Contains(p.Body, keeper) {
					t.Error("the first page does not say that the data are pseudonymised and who keeps the key")
				}
				if p := c.Get("/q/carta"); !strings.Contains(p.Body, "Rispondo senza confronto") || strings.Contains(p.Body, "cod_1") {
					t.Error("the page must ask nothing and let the person refuse")
				}
			}
			for i := range 9 {
				f := url.Values{}
				if i == 8 {
					f.Set("senza", "1")
				}
				answerPaired(t, w, all[i], f, (i+len(wave))%5)
			}
			closeWave(t, rtd, path)
			w.Clock = w.Clock.AddDate(0, 1, 0)
			rtd = w.SignedIn("rtd@comune.example")
		}
		got, err := w.Service.StaffResults(t.Context(), auth.SystemActor(), one.ID, surveys.ExPost)
		if err != nil || got.Change == nil || got.Change.Match.Pairs != 8 {
			t.Fatalf("got %+v, %v, want 8 pairs", got.Change, err)
		}
		if p := rtd.Get(path); !strings.Contains(p.Body, "pseudonimo dall") || !strings.Contains(p.Body, keeper) {
			t.Error("the page of the wave does not name the method and who keeps the key")
		}
	})
}

func closeWave(t *testing.T, rtd *webtest.Client, path string) {
	t.Helper()
	rtd.Get(path)
	if p := rtd.PostRaw(path+"/chiudi", nil); p.Status != 303 {
		t.Fatalf("closing: got %d\n%s", p.Status, p.Body)
	}
}

func campaignOfWave(t *testing.T, w *webtest.World, ente surveys.ID, wave surveys.Wave) surveys.ID {
	t.Helper()
	list, err := w.Store.Campaigns(t.Context(), ente)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range list {
		if c.Wave == wave {
			return c.ID
		}
	}
	t.Fatalf("no wave %s", wave)
	return ""
}

func programmeOf(t *testing.T, w *webtest.World, e comune.Ente) storage.Programme {
	t.Helper()
	list, err := w.Store.ProgrammesOfEnte(t.Context(), e.ID)
	if err != nil || len(list) == 0 {
		t.Fatalf("programmes: %v", err)
	}
	return list[0]
}

// linksByPerson are the personal links in the outbox, in the order of the addresses.
func linksByPerson(t *testing.T, w *webtest.World) []string {
	t.Helper()
	due, err := w.Store.DueMail(t.Context(), w.Clock.Add(time.Hour), 1000)
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(due, func(a, b storage.Mail) int { return strings.Compare(a.Recipient, b.Recipient) })
	var out []string
	for _, m := range due {
		out = append(out, linkPattern.FindString(m.Text))
	}
	links(t, w)
	return out
}
