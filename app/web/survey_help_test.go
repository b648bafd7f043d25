package web_test

import (
	"fmt"
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/app/web/webtest"
	"traguardo/surveys"
	"traguardo/surveys/comune"
)

// employ stores n employees of the ente in two offices.
func employ(t *testing.T, w *webtest.World, e comune.Ente, n int) {
	t.Helper()
	ctx := t.Context()
	var offices []surveys.ID
	for _, name := range []string{"Anagrafe", "Tributi"} {
		id := w.ID("office:" + e.ID.String() + name)
		if err := w.Store.AddOffice(ctx, storage.Office{ID: id, EnteID: e.ID, Name: name}); err != nil {
			t.Fatal(err)
		}
		offices = append(offices, id)
	}
	for i := range n {
		m := storage.StaffMember{ID: w.ID(fmt.Sprintf("staff:%s%d", e.ID, i)), EnteID: e.ID, Email: fmt.Sprintf("persona%02d@comune.example", i), EmailFolded: fmt.Sprintf("persona%02d@comune.example", i),
			OfficeID: offices[i%2], JoinedOn: webtest.Start().AddDate(-1, 0, 0)}
		if err := w.Store.AddStaff(ctx, m); err != nil {
			t.Fatal(err)
		}
	}
}

// waveForm is a form of a wave that is ready to open at once.
func waveForm(w *webtest.World, wave string) url.Values {
	return url.Values{"wave": {wave}, "opens_day": {w.Clock.Format(time.DateOnly)}, "opens_hour": {"08:00"},
		"closes_day": {w.Clock.AddDate(0, 0, 10).Format(time.DateOnly)}, "closes_hour": {"18:00"}, "threshold": {"5"},
		"informativa": {"Serve a programmare la formazione.\nTitolare: Comune."}, "opinion": {"Parere n. 1"}, "unions": {"Nota n. 2"}}
}

var wavePath = regexp.MustCompile(`/enti/[a-z0-9]+/rilevazioni/[a-z0-9]{26}`)

// openedWave creates a wave through the pages and opens it at once; it returns its address.
func openedWave(t *testing.T, w *webtest.World, c *webtest.Client, e comune.Ente, wave string) string {
	t.Helper()
	base := "/enti/" + e.ID.String() + "/rilevazioni"
	c.Get(base + "/nuova")
	p := c.PostRaw(base+"/nuova", waveForm(w, wave))
	if p.Status != 303 || !wavePath.MatchString(p.Location) {
		t.Fatalf("creating the wave: got %d to %q\n%s", p.Status, p.Location, p.Body)
	}
	path := p.Location
	if p := c.Get(path); p.Status != 200 {
		t.Fatalf("the wave: got %d", p.Status)
	}
	if p := c.PostRaw(path+"/apri", url.Values{"subito": {"1"}, "keys": {"checked"}}); p.Status != 303 {
		t.Fatalf("opening the wave: got %d\n%s", p.Status, p.Body)
	}
	return path
}

var linkPattern = regexp.MustCompile(`/q/[a-z0-9]{26}`)

// links reads the personal links from the mails in the outbox, and takes the mails out.
func links(t *testing.T, w *webtest.World) []string {
	t.Helper()
	ctx := t.Context()
	due, err := w.Store.DueMail(ctx, w.Clock.Add(time.Hour), 1000)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, m := range due {
		link := linkPattern.FindString(m.Text)
		if link == "" || !strings.Contains(m.HTML, link) || len([]rune(m.Subject)) >= 60 {
			t.Errorf("mail %q: want the link in text and HTML and a short subject", m.Subject)
		}
		out = append(out, link)
		if err := w.Store.MailSent(ctx, m.ID, w.Clock); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

var hiddenPattern = regexp.MustCompile(`<input type="hidden" name="(\w+)" value="([^"]*)"`)

// hidden reads the hidden inputs of the last page's last form that has a ref.
func hidden(p webtest.Page) url.Values {
	out := url.Values{}
	for _, m := range hiddenPattern.FindAllStringSubmatch(p.Body, -1) {
		if m[1] != "csrf" {
			out.Set(m[1], html.UnescapeString(m[2]))
		}
	}
	return out
}

var radioPattern = regexp.MustCompile(`<input type="(radio|checkbox)" id="[^"]*" name="(r_[^"]+)" value="([^"]+)"`)

// answersOf chooses for each question of a page the choice at position pick (modulo how many there are).
func answersOf(p webtest.Page, pick int) url.Values {
	choices, order := map[string][]string{}, []string{}
	for _, m := range radioPattern.FindAllStringSubmatch(p.Body, -1) {
		if len(choices[m[2]]) == 0 {
			order = append(order, m[2])
		}
		choices[m[2]] = append(choices[m[2]], m[3])
	}
	out := hidden(p)
	for _, name := range order {
		out.Set(name, choices[name][pick%len(choices[name])])
	}
	return out
}

// answerAll walks the whole questionnaire of a link without JavaScript up to the
// review page; an empty card goes on without one.
func answerAll(t *testing.T, c *webtest.Client, link, card string, pick int) webtest.Page {
	t.Helper()
	if p := c.Get(link); p.Status != 200 || !strings.Contains(p.Body, "/q/carta") {
		t.Fatalf("informativa: got %d\n%s", p.Status, p.Body)
	}
	fields := hidden(c.Get("/q/carta"))
	if card == "" {
		fields.Set("senza", "1")
	} else {
		fields.Set("card", card)
	}
	p := c.PostRaw("/q/carta", fields)
	for range 40 {
		if p.Status != 303 {
			t.Fatalf("got %d at %s\n%s", p.Status, p.Path, p.Body)
		}
		next := p.Location
		p = c.Get(next)
		if next == "/q/rivedi" {
			return p
		}
		p = c.PostRaw(next, answersOf(p, pick))
	}
	t.Fatal("the questionnaire does not end")
	return p
}

// submit sends the review page.
func submit(c *webtest.Client, review webtest.Page, extra url.Values) webtest.Page {
	fields := hidden(review)
	for k, v := range extra {
		fields[k] = v
	}
	return c.PostRaw("/q/invia", fields)
}

// surveyWorld is an ente with staff and an RTD who is signed in.
func surveyWorld(t *testing.T, w *webtest.World, staff int) (comune.Ente, *webtest.Client) {
	t.Helper()
	e := w.Ente("Roccaverde", 3200)
	employ(t, w, e, staff)
	w.User("rtd@comune.example", false, webtest.In(auth.RTD, e))
	return e, w.SignedIn("rtd@comune.example")
}
