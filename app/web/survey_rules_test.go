package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"traguardo/app/auth"
	"traguardo/app/web/webtest"
	"traguardo/surveys"
)

// TestWavesByRole checks what each role sees and may do, and that another ente's
// people see nothing.
func TestWavesByRole(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		e, rtd := surveyWorld(t, w, 12)
		other := w.Ente("Altrove", 900)
		prog := w.Programme("Insieme", e)
		for _, u := range []struct {
			mail  string
			admin bool
			grant []auth.Grant
		}{{"utd@x.example", false, []auth.Grant{webtest.In(auth.UTD, e)}}, {"viewer@x.example", false, []auth.Grant{webtest.In(auth.Viewer, e)}},
			{"office@x.example", false, []auth.Grant{webtest.In(auth.Office, e)}}, {"fac@x.example", false, []auth.Grant{webtest.On(auth.Facilitator, prog)}},
			{"coord@x.example", false, []auth.Grant{webtest.On(auth.Coordinator, prog)}}, {"admin@x.example", true, nil},
			{"rtd2@x.example", false, []auth.Grant{webtest.In(auth.RTD, other)}}} {
			w.User(u.mail, u.admin, u.grant...)
		}
		path := openedWave(t, w, rtd, e, "exante")
		base := "/enti/" + e.ID.String() + "/rilevazioni"
		cases := []struct {
			mail                            string
			list, show, letters, remind, up int // statuses; up: closing
			close                           bool
		}{
			{"viewer@x.example", 200, 200, 403, 403, 403, false},
			{"coord@x.example", 200, 200, 403, 403, 403, false},
			{"office@x.example", 403, 403, 403, 403, 403, false},
			{"utd@x.example", 200, 200, 200, 422, 403, false}, // today's mail has left already
			{"fac@x.example", 200, 200, 200, 422, 403, false},
			{"admin@x.example", 404, 404, 404, 404, 404, false},
			{"rtd2@x.example", 404, 404, 404, 404, 404, false},
		}
		for _, tc := range cases {
			c := w.SignedIn(tc.mail)
			if p := c.Get(base); p.Status != tc.list {
				t.Errorf("%s list: got %d, want %d", tc.mail, p.Status, tc.list)
			}
			p := c.Get(path)
			if p.Status != tc.show || strings.Contains(p.Body, "/chiudi") || linkPattern.MatchString(p.Body) {
				t.Errorf("%s wave: got %d, want %d without closing and links", tc.mail, p.Status, tc.show)
			}
			if p := c.Get(path + "/lettere"); p.Status != tc.letters || tc.letters == 200 && !linkPattern.MatchString(p.Body) {
				t.Errorf("%s letters: got %d, want %d", tc.mail, p.Status, tc.letters)
			}
			if p := c.PostRaw(path+"/promemoria", nil); p.Status != tc.remind {
				t.Errorf("%s reminder: got %d, want %d", tc.mail, p.Status, tc.remind)
			}
			if p := c.PostRaw(path+"/chiudi", nil); p.Status != tc.up {
				t.Errorf("%s closing: got %d, want %d", tc.mail, p.Status, tc.up)
			}
		}
		// The wave under the other ente's address: that RTD may not reach it either.
		c := w.SignedIn("rtd2@x.example")
		id := path[strings.LastIndex(path, "/")+1:]
		for _, p := range []string{"", "/modifica", "/lettere", "/carte"} {
			if got := c.Get("/enti/" + other.ID.String() + "/rilevazioni/" + id + p); got.Status != 404 {
				t.Errorf("other ente's address %s: got %d, want 404", p, got.Status)
			}
		}
		for _, p := range []string{"/apri", "/chiudi", "/promemoria", "/elimina", "/inviti", "/proroga", "/annulla-apertura", "/modifica"} {
			if got := c.PostRaw("/enti/"+other.ID.String()+"/rilevazioni/"+id+p, waveForm(w, "exante")); got.Status != 404 {
				t.Errorf("other ente's address, POST %s: got %d, want 404", p, got.Status)
			}
		}
		if p := w.Client().Raw(path); p.Status != 303 || !strings.HasPrefix(p.Location, "/accedi") {
			t.Errorf("signed out: got %d to %q, want the sign-in page", p.Status, p.Location)
		}
		rtd.Get(path)
		if p := rtd.PostRaw(path+"/chiudi", url.Values{"csrf": {"forged"}}); p.Status != 403 {
			t.Errorf("forged token: got %d, want 403", p.Status)
		}
	})
}

// TestWaveFormIsChecked checks what the form of a wave refuses, with what was typed kept.
func TestWaveFormIsChecked(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		e, rtd := surveyWorld(t, w, 12)
		base := "/enti/" + e.ID.String() + "/rilevazioni"
		rtd.Get(base + "/nuova")
		for name, tc := range map[string]struct{ field, value, want string }{
			"day":          {"opens_day", "31/12/2026", "data valida"},
			"order":        {"closes_day", "2026-11-20", "successiva all"},
			"past":         {"closes_hour", "", "necessario"},
			"threshold":    {"threshold", "4", "minimo è 5"},
			"wave":         {"wave", "", "Scelga la rilevazione"},
			"modules":      {"modules", "REC", "questionario completo"},
			"other module": {"modules", "XXX", "voci proposte"},
			"projects":     {"projects", "Uno", "ex post"},
		} {
			f := waveForm(w, "exante")
			f.Set("informativa", "testo da non perdere")
			f.Set(tc.field, tc.value)
			p := rtd.PostRaw(base+"/nuova", f)
			if p.Status != 422 || !strings.Contains(p.Body, tc.want) || !strings.Contains(p.Body, "testo da non perdere") {
				t.Errorf("%s: got %d, want 422 saying %q", name, p.Status, tc.want)
			}
		}
		openedWave(t, w, rtd, e, "exante")
		rtd.Get(base + "/nuova")
		if p := rtd.PostRaw(base+"/nuova", waveForm(w, "exante")); p.Status != 422 || !strings.Contains(p.Body, "esiste già") {
			t.Errorf("second ex-ante: got %d, want 422", p.Status)
		}
	})
}

// TestOpeningNeedsWhatIsMissing: placeholders, opinion, staff, the ex-ante and the keys.
func TestOpeningNeedsWhatIsMissing(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		e, rtd := surveyWorld(t, w, 12)
		base := "/enti/" + e.ID.String() + "/rilevazioni"
		rtd.Get(base + "/nuova")
		f := waveForm(w, "exante")
		f.Set("informativa", "Titolare: [da completare: chi]")
		f.Set("opinion", "")
		path := rtd.PostRaw(base+"/nuova", f).Location
		p := rtd.Get(path)
		for _, want := range []string{"parti da completare", "parere dell&#39;RPD", "Completi la preparazione"} {
			if !strings.Contains(p.Body, want) {
				t.Errorf("draft: the page does not say %q", want)
			}
		}
		if p := rtd.PostRaw(path+"/apri", url.Values{"subito": {"1"}}); p.Status != 422 || !strings.Contains(p.Body, "parti da completare") {
			t.Errorf("opening what is not ready: got %d, want 422", p.Status)
		}
		f = waveForm(w, "exante")
		f.Set("version", "1")
		rtd.Get(path + "/modifica")
		if p := rtd.PostRaw(path+"/modifica", f); p.Status != 303 {
			t.Fatalf("editing: got %d", p.Status)
		}
		if p := rtd.PostRaw(path+"/modifica", f); p.Status != 409 {
			t.Errorf("editing from an older page: got %d, want 409", p.Status)
		}
		// The keys of STAFF 1.0 are to be reviewed by 31/12/2026.
		w.Clock = time.Date(2027, 1, 11, 8, 0, 0, 0, time.UTC)
		rtd = w.SignedIn("rtd@comune.example")
		rtd.Get(path + "/modifica")
		f = waveForm(w, "exante")
		f.Set("version", "2")
		rtd.PostRaw(path+"/modifica", f)
		rtd.Get(path)
		if p := rtd.PostRaw(path+"/apri", url.Values{"subito": {"1"}}); p.Status != 422 || !strings.Contains(p.Body, "ha verificato le risposte") {
			t.Errorf("keys past their date: got %d, want 422", p.Status)
		}
		if p := rtd.PostRaw(path+"/apri", url.Values{"subito": {"1"}, "keys": {"withheld"}}); p.Status != 303 {
			t.Fatalf("opening without those questions: got %d", p.Status)
		}
		c := w.Client()
		review := answerAll(t, c, links(t, w)[0], "", 1)
		if strings.Contains(review.Body, "Conoscenze") {
			t.Error("knowledge is asked though its keys were not confirmed")
		}
		rtd.Get(base + "/nuova")
		later := rtd.PostRaw(base+"/nuova", waveForm(w, "expost")).Location
		rtd.Get(later)
		if p := rtd.PostRaw(later+"/apri", url.Values{"subito": {"1"}, "keys": {"checked"}}); p.Status != 422 || !strings.Contains(p.Body, "ex ante non è ancora chiusa") {
			t.Errorf("ex-post before the ex-ante is closed: got %d, want 422", p.Status)
		}
	})
}

// TestRemindersGoToEverybody: also to who answered, once a day.
func TestRemindersGoToEverybody(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		e, rtd := surveyWorld(t, w, 6)
		path := openedWave(t, w, rtd, e, "exante")
		all := links(t, w)
		c := w.Client()
		submit(c, answerAll(t, c, all[0], "", 1), nil)
		if p := rtd.Get(path); !strings.Contains(p.Body, "non si mostra quante hanno risposto") {
			t.Error("six employees: the rate must not be shown")
		}
		w.Clock = w.Clock.AddDate(0, 0, 1)
		rtd = w.SignedIn("rtd@comune.example")
		rtd.Get(path)
		if p := rtd.PostRaw(path+"/promemoria", nil); p.Status != 303 {
			t.Fatalf("reminder: got %d", p.Status)
		}
		if n := len(links(t, w)); n != 6 {
			t.Errorf("reminders: got %d, want 6", n)
		}
		rtd.Get(path)
		if p := rtd.PostRaw(path+"/promemoria", nil); p.Status != 422 {
			t.Errorf("second reminder of the day: got %d, want 422", p.Status)
		}
		if p := rtd.PostRaw(path+"/proroga", url.Values{"closes_day": {"2026-12-10"}, "closes_hour": {"12:00"}}); p.Status != 303 {
			t.Errorf("extending: got %d, want 303", p.Status)
		}
		rtd.Get(path)
		if p := rtd.PostRaw(path+"/proroga", url.Values{"closes_day": {"2026-12-01"}, "closes_hour": {"12:00"}}); p.Status != 422 {
			t.Errorf("shortening: got %d, want 422", p.Status)
		}
		rtd.PostRaw(path+"/chiudi", nil)
		got, err := w.Service.StaffResults(t.Context(), auth.SystemActor(), e.ID, surveys.ExAnte)
		if err != nil || got.Result.State != "pooled_only" || len(got.Result.Areas) != 0 {
			t.Errorf("six employees: got %+v, %v, want nothing but «pooled only»", got.Result.State, err)
		}
	})
}

// TestExclusiveOptionsStandAlone: the server says what the script prevents.
func TestExclusiveOptionsStandAlone(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		e, rtd := surveyWorld(t, w, 32)
		path := openedWave(t, w, rtd, e, "exante")
		rtd.Get(path)
		rtd.PostRaw(path+"/chiudi", nil)
		links(t, w)
		openedWave(t, w, rtd, e, "expost")
		c := w.Client()
		answerAll(t, c, links(t, w)[0], "", 0)
		for n := 1; n < 30; n++ {
			p := c.Get(fmt.Sprintf("/q/parte/%d", n))
			if !strings.Contains(p.Body, "r_BAR-01") {
				continue
			}
			f := answersOf(p, 0)
			f["r_BAR-01"] = []string{"1", "6"}
			f.Set("r_TXT-01", "Un testo da non perdere")
			got := c.PostRaw(fmt.Sprintf("/q/parte/%d", n), f)
			if got.Status != 422 || !strings.Contains(got.Body, "una sola") || !strings.Contains(got.Body, "Un testo da non perdere") || strings.Count(got.Body, "name=\"r_BAR-01\"") < 6 {
				t.Errorf("an exclusive option with another: got %d, want 422 with everything kept", got.Status)
			}
			f = answersOf(got, 0)
			f["r_BAR-01"] = []string{"6"}
			f.Set("r_TXT-01", strings.Repeat("à", 501))
			if got := c.PostRaw(fmt.Sprintf("/q/parte/%d", n), f); got.Status != 422 || !strings.Contains(got.Body, "troppo lungo") {
				t.Errorf("501 characters: got %d, want 422", got.Status)
			}
			return
		}
		t.Error("BAR-01 is not asked ex-post")
	})
}

// TestWholeOfficeAnswersAtOnce: sixty people behind one address, none refused.
func TestWholeOfficeAnswersAtOnce(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		e, rtd := surveyWorld(t, w, 60)
		openedWave(t, w, rtd, e, "exante")
		all := links(t, w)
		var wg sync.WaitGroup
		for i, link := range all {
			wg.Go(func() {
				c := w.Client()
				for _, p := range []webtest.Page{c.Get(link), c.PostRaw("/q/carta", with(hidden(c.Get("/q/carta")), "senza", "1"))} {
					if p.Status >= 400 {
						t.Errorf("person %d: got %d at %s", i, p.Status, p.Path)
					}
				}
				page := c.Get("/q/parte/1")
				if p := c.PostRaw("/q/parte/1", with(answersOf(page, i), "vai", "rivedi")); p.Status != http.StatusSeeOther {
					t.Errorf("person %d: saving got %d", i, p.Status)
				}
				if p := submit(c, c.Get("/q/rivedi"), nil); p.Status != http.StatusSeeOther {
					t.Errorf("person %d: sending got %d", i, p.Status)
				}
			})
		}
		wg.Wait()
		if n, err := w.Store.CountResponses(t.Context(), e.ID, campaignOf(t, w, e.ID)); err != nil || n != 60 {
			t.Errorf("responses: got %d, %v, want 60", n, err)
		}
	})
}
