package web_test

import (
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"traguardo/app/auth"
	"traguardo/app/report"
	"traguardo/app/storage"
	"traguardo/app/web/webtest"
	"traguardo/surveys"
	"traguardo/surveys/comune"
	"traguardo/surveys/instruments"
)

// TestChooseVersion checks that the version of the questionnaire is asked only when
// there are two, and that the page says what is compared.
func TestChooseVersion(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		e, rtd := surveyWorld(t, w, 12)
		base := "/enti/" + e.ID.String() + "/rilevazioni"
		if p := rtd.Get(base + "/nuova"); strings.Contains(p.Body, `name="instrument"`) {
			t.Error("one version: the form asks which")
		}
		exante := openedWave(t, w, rtd, e, "exante")
		if p := rtd.PostRaw(exante+"/chiudi", nil); p.Status != 303 {
			t.Fatalf("closing: got %d", p.Status)
		}
		in, err := instruments.STAFF()
		if err != nil {
			t.Fatal(err)
		}
		in.Version, in.Crosswalk = "2.0", &surveys.Crosswalk{From: "1.0"}
		hash, err := w.Store.PublishInstrument(t.Context(), in, w.Clock.Add(time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		form := rtd.Get(base + "/nuova")
		wantPage(t, "rtd", form, []string{`name="instrument"`, `value="` + hash + `"`, "2.0, pubblicata il"}, nil)
		wrong := waveForm(w, "expost")
		wrong.Set("instrument", strings.Repeat("0", 64))
		if p := rtd.PostRaw(base+"/nuova", wrong); p.Status != 422 || !strings.Contains(p.Body, "#f-instrument") {
			t.Errorf("an unknown version: got %d", p.Status)
		}
		chosen := waveForm(w, "expost")
		chosen.Set("instrument", hash)
		p := rtd.PostRaw(base+"/nuova", chosen)
		if p.Status != 303 {
			t.Fatalf("creating: got %d\n%s", p.Status, p.Body)
		}
		wantPage(t, "rtd", rtd.Get(p.Location), []string{"<dd>2.0</dd>", "solo le domande uguali in entrambe"}, nil)
		wantPage(t, "rtd", rtd.Get(exante), []string{"<dd>1.0</dd>"}, []string{"domande uguali in entrambe"})

		// Another Comune that begins now takes the last version, the first one on request.
		other := w.Ente("Pietrafitta", 2000)
		employ(t, w, other, 12)
		w.User("rtd2@comune.example", false, webtest.In(auth.RTD, other))
		second := w.SignedIn("rtd2@comune.example")
		if got := second.Get(openedWave(t, w, second, other, "exante")); !strings.Contains(got.Body, "<dd>2.0</dd>") {
			t.Error("a new Comune: want the last version")
		}
		if got := second.Get(p.Location); got.Status != 404 {
			t.Errorf("another Comune's wave: got %d, want 404", got.Status)
		}
	})
}

// TestDeliveries checks the list of mails: who may see it, what can be done there,
// and that an answer changes nothing on it.
func TestDeliveries(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		e, rtd := surveyWorld(t, w, 12)
		other := w.Ente("Pietrafitta", 2000)
		w.User("rtd2@comune.example", false, webtest.In(auth.RTD, other))
		w.User("vista@comune.example", false, webtest.In(auth.Viewer, e))
		path := openedWave(t, w, rtd, e, "exante")
		wantPage(t, "rtd", rtd.Get(path+"/inviti"), []string{"persona00@comune.example", "in coda", "12 e-mail in coda"}, nil)
		all := links(t, w)
		before := rtd.Get(path + "/inviti")
		wantPage(t, "rtd", before, []string{"inviata"}, []string{"in coda", "risposto:"})
		answered := w.Client()
		if p := submit(answered, answerAll(t, answered, all[0], "", 1), nil); p.Status != 303 {
			t.Fatalf("answering: got %d", p.Status)
		}
		plain := func(p webtest.Page) string { return tokens.ReplaceAllString(p.Body, "") }
		if after := rtd.Get(path + "/inviti"); plain(after) != plain(before) {
			t.Error("the list of mails changes when somebody answers")
		}
		again := resendPath.FindString(before.Body)
		for _, tc := range []struct {
			mail      string
			get, post int
		}{{"rtd2@comune.example", 404, 404}, {"vista@comune.example", 403, 403}} {
			c := w.SignedIn(tc.mail)
			if p := c.Get(path + "/inviti"); p.Status != tc.get {
				t.Errorf("%s: list: got %d, want %d", tc.mail, p.Status, tc.get)
			}
			for _, form := range []string{again, path + "/promemoria/giorni"} {
				if p := c.PostRaw(form, nil); p.Status != tc.post {
					t.Errorf("%s: %s: got %d, want %d", tc.mail, form, p.Status, tc.post)
				}
			}
		}
		if p := rtd.PostRaw(again, nil); p.Status != 303 || p.Location != path+"/inviti" {
			t.Errorf("resending: got %d to %q", p.Status, p.Location)
		}
		if p := rtd.PostRaw(again, nil); p.Status != 422 || !strings.Contains(p.Body, "già in coda") {
			t.Errorf("twice: got %d, want 422", p.Status)
		}
		if n := len(links(t, w)); n != 1 {
			t.Errorf("got %d mails, want 1", n)
		}
		days := url.Values{"reminder_1": {"2026-11-26"}, "reminder_2": {"2027-03-01"}}
		if p := rtd.PostRaw(path+"/promemoria/giorni", days); p.Status != 422 || !strings.Contains(p.Body, "#f-reminder_2") {
			t.Errorf("a day after closing: got %d", p.Status)
		}
		days.Del("reminder_2")
		if p := rtd.PostRaw(path+"/promemoria/giorni", days); p.Status != 303 {
			t.Errorf("days: got %d\n%s", p.Status, p.Body)
		}
		wantPage(t, "rtd", rtd.Get(path), []string{"Promemoria programmati</dt><dd>26"}, nil)
	})
}

var (
	tokens     = regexp.MustCompile(`name="csrf" value="[^"]+"`)
	resendPath = regexp.MustCompile(`/enti/[a-z0-9]+/rilevazioni/[a-z0-9]{26}/inviti/[a-z0-9]{26}/rimanda`)
)

// TestPaper checks the files to print: who gets them, and that the audit trail knows
// of letters.
func TestPaper(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		e, rtd := surveyWorld(t, w, 12)
		other := w.Ente("Pietrafitta", 2000)
		w.User("rtd2@comune.example", false, webtest.In(auth.RTD, other))
		w.User("vista@comune.example", false, webtest.In(auth.Viewer, e))
		path := openedWave(t, w, rtd, e, "exante")
		for file, pages := range map[string]int{"/lettere.pdf": 12, "/carte.pdf": 2} {
			p := rtd.Get(path + file)
			if p.Status != 200 || p.Header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(p.Header.Get("Content-Disposition"), "attachment") || report.Pages([]byte(p.Body)) != pages {
				t.Errorf("%s: got %d, %v, %d pages, want %d", file, p.Status, p.Header, report.Pages([]byte(p.Body)), pages)
			}
			for mail, want := range map[string]int{"rtd2@comune.example": 404, "vista@comune.example": 403} {
				if p := w.SignedIn(mail).Get(path + file); p.Status != want {
					t.Errorf("%s: %s: got %d, want %d", mail, file, p.Status, want)
				}
			}
		}
		trail, err := w.Store.AuditTrail(t.Context(), e.ID, 50)
		if err != nil || !slices.ContainsFunc(trail, func(a storage.AuditEntry) bool { return a.Action == "campaign.letters" }) {
			t.Errorf("audit trail: %v, want the letters", err)
		}
		if p := rtd.PostRaw(path+"/chiudi", nil); p.Status != 303 {
			t.Fatalf("closing: got %d", p.Status)
		}
		if p := rtd.Get(path + "/lettere.pdf"); p.Status != 409 {
			t.Errorf("letters of a closed wave: got %d, want 409", p.Status)
		}
	})
}

// TestReopen opens a closed wave again while nobody saw its results, and never after.
func TestReopen(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		ctx := t.Context()
		e, rtd := surveyWorld(t, w, 12)
		other := w.Ente("Pietrafitta", 2000)
		w.User("rtd2@comune.example", false, webtest.In(auth.RTD, other))
		w.User("utd@comune.example", false, webtest.In(auth.UTD, e))
		path := openedWave(t, w, rtd, e, "exante")
		all := links(t, w)
		for i, link := range all[:6] {
			c := w.Client()
			submit(c, answerAll(t, c, link, "", i), nil)
		}
		form := url.Values{"closes_day": {w.Clock.AddDate(0, 0, 12).Format(time.DateOnly)}, "closes_hour": {"18:00"}, "reason": {"Chiusa per errore due giorni prima."}}
		if p := rtd.PostRaw(path+"/riapri", form); p.Status != 409 {
			t.Errorf("an open wave: got %d, want 409", p.Status)
		}
		if p := rtd.PostRaw(path+"/chiudi", nil); p.Status != 303 {
			t.Fatalf("closing: got %d", p.Status)
		}
		wantPage(t, "rtd", rtd.Get(path), []string{path + "/riapri"}, []string{"già stati visti"})
		for mail, want := range map[string]int{"rtd2@comune.example": 404, "utd@comune.example": 403} {
			c := w.SignedIn(mail)
			if c.Get(path); want == 404 {
				c.Get("/enti/" + other.ID.String() + "/rilevazioni")
			}
			if p := c.PostRaw(path+"/riapri", form); p.Status != want {
				t.Errorf("%s: got %d, want %d", mail, p.Status, want)
			}
		}
		rtd.Get(path)
		short := url.Values{"closes_day": {"2020-01-01"}, "closes_hour": {"18:00"}, "reason": {"boh"}}
		if p := rtd.PostRaw(path+"/riapri", short); p.Status != 422 || !strings.Contains(p.Body, "#f-reason") || !strings.Contains(p.Body, "#f-closes_day") {
			t.Errorf("no reason and an hour gone by: got %d", p.Status)
		}
		if p := rtd.PostRaw(path+"/riapri", form); p.Status != 303 {
			t.Fatalf("opening again: got %d\n%s", p.Status, p.Body)
		}
		if _, err := w.Store.Result(ctx, e.ID, surveys.ExAnte, storage.ResultStaff); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("a result of the reopened wave: %v", err)
		}
		wantPage(t, "rtd", rtd.Get(path), []string{"/chiudi", "chiusa e riaperta"}, []string{"/lettere", path + "/promemoria"})
		if p := rtd.PostRaw(path+"/promemoria", nil); p.Status != 422 {
			t.Errorf("reminding without links: got %d, want 422", p.Status)
		}
		late := w.Client()
		if p := submit(late, answerAll(t, late, all[7], "", 1), nil); p.Status != 303 {
			t.Errorf("answering by an old link: got %d", p.Status)
		}
		again := w.Client()
		if p := again.Get(all[0]); !strings.Contains(p.Body, "Risposta già ricevuta") {
			t.Error("who answered before closing could answer again")
		}
		rtd.Get(path)
		if p := rtd.PostRaw(path+"/chiudi", nil); p.Status != 303 {
			t.Fatalf("closing again: got %d", p.Status)
		}
		if p := rtd.Get("/enti/" + e.ID.String() + "/risultati/exante"); p.Status != 200 {
			t.Fatalf("results: got %d", p.Status)
		}
		wantPage(t, "rtd", rtd.Get(path), []string{"già stati visti"}, []string{path + "/riapri"})
		if p := rtd.PostRaw(path+"/riapri", form); p.Status != 422 || !strings.Contains(p.Body, "già stati visti") {
			t.Errorf("after the results were seen: got %d, want 422", p.Status)
		}
		r, err := w.Service.StaffResults(ctx, auth.SystemActor(), e.ID, surveys.ExAnte)
		if err != nil || r.Result.Response.Responses != 7 {
			t.Errorf("result: got %d answers, %v, want 7", r.Result.Response.Responses, err)
		}
		trail, err := w.Store.AuditTrail(ctx, e.ID, 50)
		if err != nil || !slices.ContainsFunc(trail, func(a storage.AuditEntry) bool {
			return a.Action == "campaign.reopen" && strings.Contains(a.Detail, "Chiusa per errore")
		}) {
			t.Errorf("audit trail: %v, want the reason", err)
		}
	})
}

// TestProgrammeWave prepares a wave in the Comuni of a programme: each where it can
// be, with the reason where it cannot.
func TestProgrammeWave(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		e, rtd := surveyWorld(t, w, 34)
		small, empty, outside := w.Ente("Pietrafitta", 900), w.Ente("Vallescura", 900), w.Ente("Altrove", 900)
		employ(t, w, small, 8)
		pr := w.Programme("Valle", e, small, empty)
		w.User("coord@programma.example", false, webtest.On(auth.Coordinator, pr))
		w.User("fac@programma.example", false, webtest.On(auth.Facilitator, pr))
		w.User("altra@programma.example", false, webtest.On(auth.Coordinator, w.Programme("Monte", outside)))
		w.User("admin@sistema.example", true)
		path := "/programmi/" + pr.ID.String() + "/rilevazioni/nuova"
		coord := w.SignedIn("coord@programma.example")
		wantPage(t, "coordinator", coord.Get("/programmi/"+pr.ID.String()+"/enti"), []string{path}, nil)
		wantPage(t, "coordinator", coord.Get(path), []string{"Roccaverde", "Pietrafitta", "Vallescura"}, []string{"Altrove"})
		form := func(enti ...comune.Ente) url.Values {
			f := waveForm(w, "exante")
			f.Del("opinion")
			f.Del("unions")
			for _, x := range enti {
				f.Add("enti", x.ID.String())
			}
			return f
		}
		for mail, want := range map[string]int{"fac@programma.example": 403, "rtd@comune.example": 404, "altra@programma.example": 404, "admin@sistema.example": 404} {
			c := w.SignedIn(mail)
			if p := c.Get(path); p.Status != want {
				t.Errorf("%s: form: got %d, want %d", mail, p.Status, want)
			}
			c.Get("/accessibilita")
			if p := c.PostRaw(path, form(e)); p.Status != want {
				t.Errorf("%s: sending: got %d, want %d", mail, p.Status, want)
			}
		}
		coord.Get(path)
		if p := coord.PostRaw(path, form()); p.Status != 422 || !strings.Contains(p.Body, "#f-enti") {
			t.Errorf("no Comune: got %d", p.Status)
		}
		if p := coord.PostRaw(path, form(outside)); p.Status != 404 {
			t.Errorf("a Comune of another programme: got %d, want 404", p.Status)
		}
		low := form(e)
		low.Set("threshold", "3")
		if p := coord.PostRaw(path, low); p.Status != 422 || !strings.Contains(p.Body, "#f-threshold") {
			t.Errorf("threshold 3: got %d", p.Status)
		}
		all := form(e, small, empty)
		all.Set("modules", "REC")
		p := coord.PostRaw(path, all)
		wantPage(t, "coordinator", p, []string{"almeno 30 persone", "elenco del personale è vuoto"}, nil)
		if p.Status != 200 || strings.Count(p.Body, "non preparata") != 2 {
			t.Fatalf("got %d, want one of three prepared\n%s", p.Status, p.Body)
		}
		coord.Get(path)
		wantPage(t, "coordinator", coord.PostRaw(path, form(e, small)), []string{"Questa rilevazione esiste già", "/enti/" + small.ID.String() + "/rilevazioni/"}, nil)
		for _, x := range []comune.Ente{e, small} {
			list, err := w.Store.Campaigns(t.Context(), x.ID)
			if err != nil || len(list) != 1 || list[0].State != surveys.CampaignDraft || list[0].ProgrammeID != pr.ID || list[0].Threshold != 5 {
				t.Errorf("%s: got %+v, %v, want one draft of the programme", x.Name, list, err)
			}
		}
		if list, err := w.Store.Campaigns(t.Context(), empty.ID); err != nil || len(list) != 0 {
			t.Errorf("without staff: got %d waves, %v", len(list), err)
		}
		// The wave is the Comune's: its RTD completes it, the coordinator cannot open it.
		draft := wavePath.FindString(p.Body)
		wantPage(t, "rtd", rtd.Get(draft), []string{"parere dell&#39;RPD", draft + "/modifica"}, nil)
		coord.Get(draft)
		if p := coord.PostRaw(draft+"/apri", url.Values{"subito": {"1"}}); p.Status != 403 {
			t.Errorf("the coordinator opens: got %d, want 403", p.Status)
		}
	})
}
