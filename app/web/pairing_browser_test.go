package web_test

import (
	"testing"

	"github.com/chromedp/chromedp"

	"traguardo/app/storage"
	"traguardo/app/storage/storagetest"
	"traguardo/app/web/webtest"
)

// TestPairingInBrowser looks at the pages of the methods that need a keeper.
func TestPairingInBrowser(t *testing.T) {
	w := webtest.New(t, storagetest.New(t, storage.SQLite))
	one, two, _, rtd, _, programme := hosted(t, w, 12)
	wavePaired(t, rtd, two, with(waveForm(w, "exante"), "pairing", "code"))
	code := links(t, w)[0]
	b := browse(t, w, "pairing")
	b.do(chromedp.Navigate(b.address+"/accedi"), chromedp.SendKeys("#f-email", "admin@comune.example"), chromedp.SendKeys("#f-password", webtest.Password),
		chromedp.Click("form button.btn-primary"), chromedp.WaitVisible(".menu-user"))
	b.look(programme+"/enti", "keeper")
	b.do(chromedp.Click(".menu-user summary, .menu-user button"), chromedp.Click("form[action='/esci'] button"), chromedp.WaitVisible("#f-email"))
	b.do(chromedp.SendKeys("#f-email", "rtd@comune.example"), chromedp.SendKeys("#f-password", webtest.Password), chromedp.Click("form button.btn-primary"), chromedp.WaitVisible(".menu-user"))
	b.look("/enti/"+one.ID.String()+"/rilevazioni/nuova", "new")
	wavePaired(t, rtd, one, with(waveForm(w, "exante"), "pairing", "link"))
	link := links(t, w)[0]
	b.look(code, "start-code")
	b.look("/q/carta", "code")
	b.do(chromedp.SendKeys("#f-cod_2", "40"), chromedp.Click("form .buttons .btn-primary"), chromedp.WaitVisible(".field-error"))
	b.look("", "code-wrong")
	for id, text := range map[string]string{"1": "a", "3": "Roma", "4": "2", "5": "x", "6": "12"} {
		b.do(chromedp.SendKeys("#f-cod_"+id, text))
	}
	b.do(chromedp.SetValue("#f-cod_2", "30"), chromedp.Click("form .buttons .btn-primary"), chromedp.WaitVisible(".question"))
	b.look("/q/carta", "code-have")
	b.look(link, "start-link")
	b.look("/q/carta", "link")
	b.do(chromedp.Click("form .buttons .btn-primary"), chromedp.WaitVisible(".question"))
}
