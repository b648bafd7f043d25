package web_test

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"traguardo/app/auth"
	"traguardo/app/service"
	"traguardo/app/storage"
	"traguardo/app/storage/storagetest"
	"traguardo/app/web/webtest"
	"traguardo/surveys"
	"traguardo/surveys/comune"
	"traguardo/surveys/instruments"
)

// written is the n-th free text of a test; told apart from every other.
func written(n int) string { return fmt.Sprintf("Proposta numero %02d di Anna Bianchi", n) }

// wroteTexts closes a wave of an ente in which people answered, the first texts of
// them with a free text, and returns its address.
func wroteTexts(t *testing.T, w *webtest.World, c *webtest.Client, rtd auth.Actor, e comune.Ente, people, texts int) string {
	t.Helper()
	path := openedWave(t, w, c, e, "exante")
	id, err := surveys.ParseID(path[strings.LastIndex(path, "/")+1:])
	if err != nil {
		t.Fatal(err)
	}
	in, err := instruments.STAFF()
	if err != nil {
		t.Fatal(err)
	}
	for i := range people {
		r := storage.Response{ID: w.ID(fmt.Sprintf("answer:%s%d", e.ID, i)), EnteID: e.ID, CampaignID: id, Set: surveys.FormA, Vector: answersFor(in, surveys.ExAnte, i, 0, false)}
		var own []storage.ResponseText
		if i < texts {
			own = []storage.ResponseText{{ID: w.ID(fmt.Sprintf("text:%s%d", e.ID, i)), EnteID: e.ID, CampaignID: id, Item: "TXT-01", Body: written(i)}}
		}
		if err := w.Store.AddResponse(t.Context(), r, own); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Service.CloseCampaign(t.Context(), rtd, e.ID, id); err != nil {
		t.Fatal(err)
	}
	return path
}

var (
	textAction = regexp.MustCompile(`action="(/enti/[^"]+/testi/([a-z0-9]{26}))"`)
	textBody   = regexp.MustCompile(`Proposta numero \d\d`)
)

// unreadForm is the address, the id and the wording of the first unread text.
func unreadForm(t *testing.T, p webtest.Page) (action, id, body string) {
	t.Helper()
	m, body := textAction.FindStringSubmatch(p.Body), textBody.FindString(p.Body)
	if m == nil || body == "" {
		t.Fatalf("no text to decide on: got %d\n%s", p.Status, p.Body)
	}
	return m[1], m[2], body
}

// TestFreeTexts walks the review of free texts in two Comuni: naming, reading,
// showing, changing, deleting, each of them twice, and who may see what.
func TestFreeTexts(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		e, other := w.Ente("Roccaverde", 3200), w.Ente("Pietrafitta", 2000)
		employ(t, w, e, 34)
		who := w.User("rtd@comune.example", false, webtest.In(auth.RTD, e))
		reader := w.User("utd@comune.example", false, webtest.In(auth.UTD, e))
		w.User("vista@comune.example", false, webtest.In(auth.Viewer, e))
		stranger := w.User("rtd2@comune.example", false, webtest.In(auth.RTD, other))
		w.User("admin@comune.example", true)
		rtd := w.SignedIn("rtd@comune.example")
		path := wroteTexts(t, w, rtd, who, e, 14, 8)
		results := "/enti/" + e.ID.String() + "/risultati/exante/testi"
		wantPage(t, "rtd", rtd.Get(results), []string{"Nessuno è stato ancora nominato", "0 su 8 scritti"}, []string{"Proposta"})

		wantPage(t, "rtd", rtd.Get(path), []string{path + "/lettore"}, []string{path + "/testi"})
		wantPage(t, "rtd", rtd.Get(path+"/lettore"), []string{"utd@comune.example", "vista@comune.example"}, []string{"rtd2@comune.example", "admin@comune.example"})
		for _, wrong := range []string{"", "x", stranger.UserID.String()} {
			if p := rtd.PostRaw(path+"/lettore", url.Values{"reviewer": {wrong}}); p.Status != 422 || !strings.Contains(p.Body, "#f-reviewer") {
				t.Errorf("naming %q: got %d, want 422", wrong, p.Status)
			}
		}
		for range 2 { // the second time is a second click
			if p := rtd.PostRaw(path+"/lettore", url.Values{"reviewer": {reader.UserID.String()}}); p.Status != 303 || p.Location != path {
				t.Fatalf("naming: got %d\n%s", p.Status, p.Body)
			}
		}
		for mail, want := range map[string][2]int{"rtd@comune.example": {200, 403}, "vista@comune.example": {403, 403}, "rtd2@comune.example": {404, 404}, "admin@comune.example": {404, 404}} {
			c := w.SignedIn(mail)
			if p := c.Get(path + "/lettore"); p.Status != want[0] {
				t.Errorf("%s: naming: got %d, want %d", mail, p.Status, want[0])
			}
			if p := c.Get(path + "/testi"); p.Status != want[1] || strings.Contains(p.Body, "Proposta") {
				t.Errorf("%s: texts: got %d, want %d", mail, p.Status, want[1])
			}
			if p := c.PostRaw(path+"/testi/"+w.ID("text:"+e.ID.String()+"0").String(), url.Values{"withhold": {"1"}}); p.Status != want[1] {
				t.Errorf("%s: deleting: got %d, want %d", mail, p.Status, want[1])
			}
		}
		reviewTexts(t, w, e, path, results)
		wantPage(t, "rtd", rtd.Get(results), []string{"Proposta corretta", "2 su 8 scritti"}, []string{"Bianchi</blockquote><script"})
		wantPage(t, "viewer", w.SignedIn("vista@comune.example").Get(results), []string{"Proposta corretta"}, nil)
		if p := w.SignedIn("rtd2@comune.example").Get(results); p.Status != 404 {
			t.Errorf("another Comune's texts: got %d, want 404", p.Status)
		}
		trail(t, w, e)
	})
}

// reviewTexts shows one text as it is, one without its name, and deletes one.
func reviewTexts(t *testing.T, w *webtest.World, e comune.Ente, path, results string) {
	t.Helper()
	c := w.SignedIn("utd@comune.example")
	before := w.Store.Queries().Count()
	page := c.Get(path + "/testi")
	if n := w.Store.Queries().Count() - before; n > 9 { // once, with the note that results were seen
		t.Errorf("got %d queries", n)
	}
	before = w.Store.Queries().Count()
	again := c.Get(path + "/testi")
	if n := w.Store.Queries().Count() - before; n > 8 {
		t.Errorf("got %d queries, want at most 8", n)
	}
	wantPage(t, "utd", page, []string{"Da leggere: 8", "Che cosa farebbe per prima cosa?"}, nil)
	order := textBody.FindAllString(page.Body, -1)
	if len(order) != 8 || slices.IsSorted(order) || !slices.Equal(order, textBody.FindAllString(again.Body, -1)) {
		t.Errorf("order: got %v, want the same each time and not that of the answers", order)
	}
	action, id, first := unreadForm(t, page)
	if p := c.PostRaw(action, url.Values{"body_" + id: {" "}}); p.Status != 422 || !strings.Contains(p.Body, "#f-body_"+id) {
		t.Errorf("empty: got %d, want 422", p.Status)
	}
	long := strings.Repeat("x", 501)
	if p := c.PostRaw(action, url.Values{"body_" + id: {long}}); p.Status != 422 || !strings.Contains(p.Body, long) {
		t.Errorf("too long: got %d, want 422 with what was typed", p.Status)
	}
	full := regexp.MustCompile(first + ` di Anna Bianchi`).FindString(page.Body)
	for range 2 {
		if p := c.PostRaw(action, url.Values{"body_" + id: {full}}); p.Status != 303 {
			t.Fatalf("showing: got %d\n%s", p.Status, p.Body)
		}
	}
	wantPage(t, "utd", c.Get(results), []string{full, "1 su 8 scritti"}, nil)
	action, id, edited := unreadForm(t, c.Get(path+"/testi"))
	for _, body := range []string{"Proposta corretta", "Proposta ripetuta"} {
		if p := c.PostRaw(action, url.Values{"body_" + id: {body}}); p.Status != 303 {
			t.Fatalf("changing: got %d\n%s", p.Status, p.Body)
		}
	}
	action, _, gone := unreadForm(t, c.Get(path+"/testi"))
	for range 2 {
		if p := c.PostRaw(action, url.Values{"withhold": {"1"}}); p.Status != 303 {
			t.Fatalf("deleting: got %d\n%s", p.Status, p.Body)
		}
	}
	wantPage(t, "utd", c.Get(path+"/testi"), []string{"Da leggere: 5. Mostrati: 2. Eliminati: 1."}, []string{gone, edited, "ripetuta"})
	db, err := w.Store.SQL()
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range []string{gone, edited} {
		var n int
		if err := db.QueryRow("SELECT (SELECT COUNT(*) FROM response_texts WHERE body LIKE '" + body + "%') + (SELECT COUNT(*) FROM released_texts WHERE body LIKE '" + body + "%')").Scan(&n); err != nil || n != 0 {
			t.Errorf("%q: got %d rows, %v, want none", body, n, err)
		}
	}
	if p := c.PostRaw(path+"/riapri", nil); p.Status != 403 {
		t.Errorf("opening again: got %d, want 403", p.Status)
	}
	unshown(t, w.SignedIn("rtd@comune.example"), e, append(textBody.FindAllString(c.Get(path+"/testi").Body, 5), gone, edited))
}

// unshown checks that no page, file or report holds a text that was not released.
func unshown(t *testing.T, c *webtest.Client, e comune.Ente, texts []string) {
	t.Helper()
	out := map[string]string{}
	outputs(t, c, e, out)
	p := c.Get("/enti/" + e.ID.String() + "/risultati/exante/testi")
	out["results"] = p.Body
	for name, body := range out {
		for _, text := range texts {
			if strings.Contains(body, text) {
				t.Errorf("%s holds a text that was not released", name)
			}
		}
	}
	if !strings.Contains(out[e.Name+" exante.json"], `"`) || !strings.HasPrefix(out[e.Name+" exante.json"], "200") {
		t.Errorf("exports were not read: %.80s", out[e.Name+" exante.json"])
	}
}

// trail checks what the audit trail knows: four acts, no word.
func trail(t *testing.T, w *webtest.World, e comune.Ente) {
	t.Helper()
	list, err := w.Store.AuditTrail(t.Context(), e.ID, 100)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	for _, a := range list {
		if strings.HasPrefix(a.Action, "texts.") {
			got[a.Action]++
		}
		if strings.Contains(a.Detail, "Proposta") || strings.Contains(a.Detail, "Bianchi") {
			t.Errorf("%s: the trail holds a text: %s", a.Action, a.Detail)
		}
	}
	if got["texts.name"] != 1 || got["texts.review"] != 3 {
		t.Errorf("trail: got %v, want one naming and three decisions", got)
	}
}

// TestFewTexts checks that nobody reads anything where too few answered or wrote.
func TestFewTexts(t *testing.T) {
	for _, tc := range []struct {
		name          string
		people, texts int
	}{{"few answers", 9, 9}, {"few texts", 14, 4}} {
		t.Run(tc.name, func(t *testing.T) {
			webtest.Run(t, func(t *testing.T, w *webtest.World) {
				e := w.Ente("Roccaverde", 3200)
				employ(t, w, e, 34)
				who := w.User("rtd@comune.example", false, webtest.In(auth.RTD, e))
				rtd := w.SignedIn("rtd@comune.example")
				path := wroteTexts(t, w, rtd, who, e, tc.people, tc.texts)
				id := surveys.ID(path[strings.LastIndex(path, "/")+1:])
				if err := w.Service.NameTextReviewer(t.Context(), who, e.ID, id, who.UserID); err != nil {
					t.Fatal(err)
				}
				for _, page := range []string{path + "/testi", "/enti/" + e.ID.String() + "/risultati/exante/testi"} {
					wantPage(t, "rtd", rtd.Get(page), []string{"Dati insufficienti"}, []string{"Proposta", "scritti.", "Da leggere:"})
				}
				done, err := w.Service.DecideText(t.Context(), who, e.ID, id, w.ID("text:"+e.ID.String()+"0"), service.TextDecision{Body: "x"})
				if done || !errors.Is(err, surveys.ErrState) {
					t.Errorf("deciding: got %v, %v, want ErrState", done, err)
				}
			})
		})
	}
}

// TestTextsInBrowser looks at the three pages of free texts.
func TestTextsInBrowser(t *testing.T) {
	w := webtest.New(t, storagetest.New(t, storage.SQLite))
	e := w.Ente("Roccaverde", 3200)
	employ(t, w, e, 34)
	who := w.User("rtd@comune.example", false, webtest.In(auth.RTD, e))
	path := wroteTexts(t, w, w.SignedIn("rtd@comune.example"), who, e, 14, 8)
	id := surveys.ID(path[strings.LastIndex(path, "/")+1:])
	if err := w.Service.NameTextReviewer(t.Context(), who, e.ID, id, who.UserID); err != nil {
		t.Fatal(err)
	}
	for i := range 2 {
		if _, err := w.Service.DecideText(t.Context(), who, e.ID, id, w.ID(fmt.Sprintf("text:%s%d", e.ID, i)), service.TextDecision{Body: written(i)}); err != nil {
			t.Fatal(err)
		}
	}
	b := browse(t, w, "texts")
	b.do(chromedp.Navigate(b.address+"/accedi"), chromedp.SendKeys("#f-email", "rtd@comune.example"), chromedp.SendKeys("#f-password", webtest.Password),
		chromedp.Click("form button.btn-primary"), chromedp.WaitVisible(".menu-user"))
	b.look(path+"/lettore", "reviewer")
	b.look(path+"/testi", "review")
	b.look("/enti/"+e.ID.String()+"/risultati/exante/testi", "results")
	b.look(path, "wave")
}
