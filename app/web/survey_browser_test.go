package web_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/app/storage/storagetest"
	"traguardo/app/web/webtest"
	"traguardo/surveys"
)

// browser is a tab of headless Chromium on a listening World.
type browser struct {
	t       *testing.T
	ctx     context.Context
	address string
	axe     string
	shots   string
}

// browse opens a tab on w; screenshots go to build/screenshots/group.
func browse(t *testing.T, w *webtest.World, group string) *browser {
	t.Helper()
	axe, err := os.ReadFile("../../build/axe.min.js")
	if err != nil {
		t.Fatalf("axe-core is missing, run make assets: %v", err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- w.Server.App().Listener(listener) }()
	t.Cleanup(func() {
		if err := w.Server.App().Shutdown(); err != nil {
			t.Error(err)
		}
		<-done
	})
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("accept-lang", "it"),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true))
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	b := &browser{t: t, ctx: ctx, address: "http://" + listener.Addr().String(), axe: string(axe), shots: filepath.Join("..", "..", "build", "screenshots", group)}
	if err := os.MkdirAll(b.shots, 0o755); err != nil {
		t.Fatal(err)
	}
	err = chromedp.Listen(ctx, func(event any) {
		if e, ok := event.(*runtime.EventExceptionThrown); ok {
			t.Errorf("the browser complains: %s", e.ExceptionDetails.Text)
		}
		if e, ok := event.(*log.EventEntryAdded); ok && e.Entry.Source == log.EntrySourceSecurity {
			t.Errorf("the browser complains: %s", e.Entry.Text)
		}
	})
	if err != nil {
		t.Fatalf("starting Chromium (.ci/setup installs it): %v", err)
	}
	return b
}

func (b *browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, time.Minute)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

func read[T any](b *browser, action chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, time.Minute)
	defer cancel()
	value, err := chromedp.Run(ctx, action)
	if err != nil {
		b.t.Fatal(err)
	}
	return value
}

const axeRun = `axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map(v =>
	v.id + ': ' + v.help + ' at ' + v.nodes.map(n => n.target.join(' ') + ' ' + n.failureSummary).slice(0, 4).join(' | ')))`

// look checks the page as it stands, wide and narrow: axe finds nothing, nothing is
// wider than the window; both are photographed. path "" stays where the tab is.
func (b *browser) look(path, name string) {
	b.t.Helper()
	for _, width := range []int64{1280, 320} {
		b.do(chromedp.EmulateViewport(width, 800))
		if path != "" {
			b.do(chromedp.Navigate(b.address + path))
		}
		// "h1" alone would also look for that text, which a card may hold.
		b.do(chromedp.WaitVisible("main h1"), chromedp.Evaluate[chromedp.Void](b.axe))
		for _, v := range read(b, chromedp.Evaluate[[]string](axeRun, chromedp.EvalAwaitPromise)) {
			b.t.Errorf("%s at %d px: axe: %s", name, width, v)
		}
		if over := read(b, chromedp.Evaluate[int](`document.documentElement.scrollWidth - document.documentElement.clientWidth`)); over > 0 {
			b.t.Errorf("%s is %d px wider than a window of %d", name, over, width)
		}
		photo := chromedp.FullScreenshot(100)
		if read(b, chromedp.Evaluate[int](`document.documentElement.scrollHeight`)) > 9000 {
			photo = chromedp.CaptureScreenshot() // a whole page of letters would be too tall a picture
		}
		file := filepath.Join(b.shots, fmt.Sprintf("%s-%d.png", name, width))
		if err := os.WriteFile(file, read(b, photo), 0o644); err != nil {
			b.t.Fatal(err)
		}
	}
	b.do(chromedp.EmulateViewport(1280, 800))
}

// TestSurveyInBrowser walks a wave as RTD and as employee with the page script on.
func TestSurveyInBrowser(t *testing.T) {
	w := webtest.New(t, storagetest.New(t, storage.SQLite))
	e, rtd := surveyWorld(t, w, 34)
	b := browse(t, w, "survey")
	base := "/enti/" + e.ID.String() + "/rilevazioni"
	b.do(chromedp.Navigate(b.address+"/accedi"), chromedp.SendKeys("#f-email", "rtd@comune.example"), chromedp.SendKeys("#f-password", webtest.Password),
		chromedp.Click("form button.btn-primary"), chromedp.WaitVisible(".menu-user"))
	b.look(base, "list-empty")
	b.look(base+"/nuova", "new")
	rtd.Get(base + "/nuova")
	form := waveForm(w, "exante")
	form.Set("informativa", "Titolare: [da completare: Comune].")
	form.Set("opens_day", "2027-01-11")
	form.Set("closes_day", "2027-01-29")
	path := rtd.PostRaw(base+"/nuova", form).Location
	b.look(path, "missing")
	b.look(path+"/modifica", "edit")
	rtd.Get(path + "/modifica")
	form.Set("informativa", "La rilevazione serve a programmare la formazione del Comune, non a valutare le persone.\nTitolare del trattamento: Comune di Roccaverde.")
	form.Set("version", "1")
	if p := rtd.PostRaw(path+"/modifica", form); p.Status != 303 {
		t.Fatalf("editing: got %d\n%s", p.Status, p.Body)
	}
	b.look(path, "ready")
	b.do(chromedp.Click(`#apertura input[value="checked"]`), chromedp.Click(`#apertura button[name="subito"]`), chromedp.WaitVisible(".flash-ok"))
	b.look("", "open")
	b.look(path+"/inviti", "deliveries")
	b.look(path+"/lettere", "letters")
	b.look(path+"/carte", "cards")
	b.look(base, "list")

	link := links(t, w)[0]
	b.look(link, "q-start")
	b.do(chromedp.Click("a.btn-primary"), chromedp.WaitVisible("#f-card"))
	b.look("", "q-card")
	b.do(chromedp.Click("[data-card-make]"), chromedp.WaitVisible("[data-card-text]"))
	b.look("", "q-card-made")
	b.do(chromedp.Click("form .buttons .btn-primary"), chromedp.WaitVisible(".question"))
	b.look("", "q-part-1")
	b.do(chromedp.Click(".question .choice label"), chromedp.WaitVisible(`#stato[data-state="saved"]`))
	b.do(chromedp.Navigate(b.address+"/q/parte/2"), chromedp.WaitVisible(".question"), chromedp.Click(".question .choice label"), chromedp.WaitVisible(`#stato[data-state="saved"]`))
	b.look("", "q-part-2")
	if n := read(b, chromedp.Evaluate[int](`document.querySelectorAll('.question input:checked').length`)); n != 1 {
		t.Errorf("answers on the page: got %d, want 1", n)
	}
	b.look("/q/parte/7", "q-knowledge")
	b.do(chromedp.Navigate(b.address+"/q/parte/1"), chromedp.WaitVisible(".question"))
	if n := read(b, chromedp.Evaluate[int](`document.querySelectorAll('.question input:checked').length`)); n != 1 {
		t.Errorf("answers after coming back: got %d, want 1", n)
	}
	b.look("/q/rivedi", "q-review")
	b.do(chromedp.Click("#f-profilo"), chromedp.Click("form .buttons .btn-primary"), chromedp.WaitVisible(".profile"))
	b.look("", "q-profile")
	b.look("/q", "q-done")
	if n, err := w.Store.CountResponses(t.Context(), e.ID, campaignOf(t, w, e.ID)); err != nil || n != 1 {
		t.Errorf("responses: got %d, %v, want 1", n, err)
	}
	rtd.Get(path)
	rtd.PostRaw(path+"/chiudi", nil)
	b.look(path, "closed")
	b.look(link, "q-over")
	if _, err := w.Store.Result(t.Context(), e.ID, surveys.ExAnte, storage.ResultStaff); err != nil {
		t.Errorf("one answer only: %v, want a result that says too few", err)
	}
}

// TestProgrammeWaveInBrowser looks at the form of a programme's wave and at its outcome.
func TestProgrammeWaveInBrowser(t *testing.T) {
	w := webtest.New(t, storagetest.New(t, storage.SQLite))
	e, empty := w.Ente("Roccaverde", 3200), w.Ente("San Giovanni d'Asso sul Colle", 900)
	employ(t, w, e, 34)
	pr := w.Programme("Valle", e, empty)
	w.User("coord@programma.example", false, webtest.On(auth.Coordinator, pr))
	b := browse(t, w, "programme-wave")
	b.do(chromedp.Navigate(b.address+"/accedi"), chromedp.SendKeys("#f-email", "coord@programma.example"), chromedp.SendKeys("#f-password", webtest.Password),
		chromedp.Click("form button.btn-primary"), chromedp.WaitVisible(".menu-user"))
	b.look("/programmi/"+pr.ID.String()+"/enti", "enti")
	b.look("/programmi/"+pr.ID.String()+"/rilevazioni/nuova", "form")
	b.do(chromedp.Click("form .buttons button.btn-primary"), chromedp.WaitVisible("#esito"))
	b.look("", "done")
}
