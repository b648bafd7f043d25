package web_test

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"traguardo/app/storage"
	"traguardo/app/storage/storagetest"
	"traguardo/app/web/webtest"
)

// TestAutosaveAndDoubleClickInBrowser changes an answer faster than it can be saved,
// and then sends everything with a double click.
func TestAutosaveAndDoubleClickInBrowser(t *testing.T) {
	w := webtest.New(t, storagetest.New(t, storage.SQLite))
	e, rtd := surveyWorld(t, w, 12)
	openedWave(t, w, rtd, e, "exante")
	link := links(t, w)[0]
	b := browse(t, w, "respond")
	b.do(chromedp.Navigate(b.address+link), chromedp.WaitVisible("main h1"), chromedp.Navigate(b.address+"/q/carta"), chromedp.WaitVisible("button[name=senza]"),
		chromedp.Click("button[name=senza]"), chromedp.WaitVisible(".question"))
	const chosen = `[...document.querySelector('.question').querySelectorAll('input')].findIndex(i => i.checked)`
	// Every choice of the first question in one turn of the browser: the last one counts.
	// The very last choice skips the question and is left out.
	last := read(b, chromedp.Evaluate[int](`(() => { const all = [...document.querySelector('.question').querySelectorAll('input')].filter(i => i.value !== '');
		all.forEach(i => i.click()); return all.length - 1; })()`))
	b.do(chromedp.WaitVisible(`#stato[data-state="saved"]`), chromedp.Navigate(b.address+"/q/parte/1"), chromedp.WaitVisible(".question"))
	if n := read(b, chromedp.Evaluate[int](chosen)); n != last {
		t.Errorf("after coming back choice %d stands, want the last one, %d", n, last)
	}
	b.do(chromedp.Navigate(b.address+"/q/rivedi"), chromedp.WaitVisible("form .buttons .btn-primary"), chromedp.DoubleClick("form .buttons .btn-primary"))
	for range 50 {
		if n, err := w.Store.CountResponses(t.Context(), e.ID, campaignOf(t, w, e.ID)); err != nil || n > 0 {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	b.do(chromedp.Navigate(b.address+"/q/rivedi"), chromedp.WaitVisible("main h1"))
	if text := read(b, chromedp.Evaluate[string](`document.querySelector('main h1').textContent.trim()`)); text != "Risposta già ricevuta" {
		t.Errorf("the review after sending: got %q, want «già ricevuta»", text)
	}
	if n, err := w.Store.CountResponses(t.Context(), e.ID, campaignOf(t, w, e.ID)); err != nil || n != 1 {
		t.Errorf("responses: got %d, %v, want 1", n, err)
	}
}
