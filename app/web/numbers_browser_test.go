package web_test

import (
	"net/url"
	"testing"

	"github.com/chromedp/chromedp"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/app/storage/storagetest"
	"traguardo/app/web/webtest"
	"traguardo/surveys"
)

// TestNumbersInBrowser looks at the pages of methods, data and questions with axe, at
// both widths.
func TestNumbersInBrowser(t *testing.T) {
	w := webtest.New(t, storagetest.New(t, storage.SQLite))
	one, two := w.Ente("Uno", 3200), w.Ente("Due", 4100)
	p := w.Programme("Insieme", one, two)
	w.User("coord@x.example", false, webtest.On(auth.Coordinator, p))
	rtd := w.User("rtd@x.example", false, webtest.In(auth.RTD, one), webtest.In(auth.RTD, two))
	employ(t, w, one, 40)
	employ(t, w, two, 30)
	surveyed(t, w, w.SignedIn("rtd@x.example"), rtd, one, surveys.ExAnte, 34, 0, false)
	surveyed(t, w, w.SignedIn("rtd@x.example"), rtd, two, surveys.ExAnte, 24, 1, false)
	surveyed(t, w, w.SignedIn("rtd@x.example"), rtd, one, surveys.ExPost, 34, 0, false)
	page := "/programmi/" + p.ID.String() + "/domande"
	c := w.SignedIn("coord@x.example")
	c.Get(page)
	if got := c.PostRaw(page, url.Values{"rilevazione": {"exante"}}); got.Status != 303 {
		t.Fatalf("computing: got %d, want 303", got.Status)
	}
	b := browse(t, w, "numbers")
	b.do(chromedp.Navigate(b.address+"/accedi"), chromedp.SendKeys("#f-email", "coord@x.example"), chromedp.SendKeys("#f-password", webtest.Password),
		chromedp.Click("form button.btn-primary"), chromedp.WaitVisible(".menu-user"))
	b.look(page, "items")
	b.look("/enti/"+one.ID.String()+"/risultati/expost/metodo", "method")
	b.look("/enti/"+one.ID.String()+"/risultati/expost/dati", "data")
}
