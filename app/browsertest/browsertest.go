// Package browsertest drives a real headless Chromium over a running Traguardo:
// it walks pages as people do, with and without JavaScript, checks each page it
// sees with axe at 1280 and at 320 px, and keeps screenshots in build/screenshots.
package browsertest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

const stepLimit = time.Minute // for one step of a walk; a hang is a failure, not a wait

// Browser is one tab with its own cookies.
type Browser struct {
	t       testing.TB
	ctx     context.Context
	address string // http://127.0.0.1:port
	shots   string
	axe     string
	scripts bool
	seen    int

	mu    sync.Mutex
	heard []string
}

// Open starts Chromium for the site at address. name is the folder of the
// screenshots. Without scripts, the tab runs no JavaScript of the pages.
func Open(t testing.TB, address, name string, scripts bool) *Browser {
	t.Helper()
	root := projectRoot(t)
	axe, err := os.ReadFile(filepath.Join(root, "build", "axe.min.js"))
	if err != nil {
		t.Fatalf("axe-core is missing, run make assets: %v", err)
	}
	b := &Browser{t: t, address: address, shots: filepath.Join(root, "build", "screenshots", name), axe: string(axe), scripts: scripts}
	if err := os.MkdirAll(b.shots, 0o755); err != nil {
		t.Fatal(err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("lang", "it"), chromedp.Flag("accept-lang", "it-IT,it"),
		// Chromium drops keys and clicks that come before a page's first picture is
		// drawn; a person cannot be that fast, a test on a busy machine is.
		chromedp.Flag("allow-pre-commit-input", true))
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	b.ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Listen(b.ctx, b.listen); err != nil {
		t.Fatalf("starting Chromium (.ci/setup installs it): %v", err)
	}
	b.do("viewport", chromedp.EmulateViewport(1280, 900))
	// A slow machine would be looked at in the middle of a scroll.
	still := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}}}
	if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, still); err != nil {
		t.Fatalf("asking for less motion: %v", err)
	}
	if !scripts {
		b.allowScripts(false)
	}
	return b
}

// Scripts tells whether the tab runs the JavaScript of the pages.
func (b *Browser) Scripts() bool { return b.scripts }

func (b *Browser) allowScripts(allowed bool) {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !allowed}); err != nil {
		b.t.Fatalf("switching scripts: %v", err)
	}
}

// listen hears errors of pages and refusals of the content policy.
func (b *Browser) listen(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError && !strings.Contains(e.Entry.Text, "status of 4") {
			b.heard = append(b.heard, e.Entry.Text)
		}
	case *runtime.EventExceptionThrown:
		b.heard = append(b.heard, e.ExceptionDetails.Text)
	}
}

func (b *Browser) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, stepLimit)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.fail("%s: %v", what, err)
	}
}

func get[T any](b *Browser, what string, action chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, stepLimit)
	defer cancel()
	value, err := chromedp.Run(ctx, action)
	if err != nil {
		b.fail("%s: %v", what, err)
	}
	return value
}

// fail keeps a picture of the page at fault.
func (b *Browser) fail(format string, args ...any) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 20*time.Second)
	defer cancel()
	if shot, err := chromedp.Run(ctx, chromedp.FullScreenshot(100)); err == nil {
		_ = os.WriteFile(filepath.Join(b.shots, "failure.png"), shot, 0o644)
	}
	if text, err := chromedp.Run(ctx, chromedp.Evaluate[string]("location.pathname + ' — ' + document.title")); err == nil {
		b.t.Logf("on page %s", text)
	}
	b.t.Fatalf(format, args...)
}

// Go opens a path of the site and waits for its heading.
func (b *Browser) Go(path string) {
	b.t.Helper()
	if !strings.HasPrefix(path, "http") {
		path = b.address + path
	}
	for attempt := 1; ; attempt++ {
		err := b.open(path)
		if err == nil {
			return
		}
		if attempt == 3 {
			b.fail("opening %s: %v", path, err)
		}
		b.t.Logf("opening %s again: %v", path, err) // a starved machine sometimes loses the browser's load event
	}
}

func (b *Browser) open(path string) error {
	ctx, cancel := context.WithTimeout(b.ctx, stepLimit/3)
	defer cancel()
	return chromedp.Do(ctx, chromedp.Navigate(path), chromedp.WaitVisible(chromedp.CSS("h1")))
}

// Look checks the page shown, at both widths, and keeps its pictures under name.
func (b *Browser) Look(name string) {
	b.t.Helper()
	b.seen++
	for _, width := range []int64{1280, 320} {
		b.do("resizing", chromedp.EmulateViewport(width, 900))
		if over := get(b, "measuring", chromedp.Evaluate[int](`document.documentElement.scrollWidth - document.documentElement.clientWidth`)); over > 0 {
			b.t.Errorf("%s: the page is %d px wider than a window of %d px", name, over, width)
		}
		if b.scripts || width == 1280 {
			b.checkAxe(fmt.Sprintf("%s at %d px", name, width))
		}
		shot := get(b, "picture", chromedp.FullScreenshot(100))
		file := fmt.Sprintf("%02d-%s-%d.png", b.seen, name, width)
		if err := os.WriteFile(filepath.Join(b.shots, file), shot, 0o644); err != nil {
			b.t.Fatal(err)
		}
	}
	b.do("resizing", chromedp.EmulateViewport(1280, 900))
}

const runAxe = `axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map(v =>
	v.id + ': ' + v.help + ' at ' + v.nodes.map(n => n.target.join(' ') + ' ' + n.failureSummary).slice(0, 3).join(' | ')))`

// checkAxe runs axe on the page as it stands. Scripts are allowed for that long
// only: the page's own were refused when it was read, and do not come back.
func (b *Browser) checkAxe(where string) {
	b.t.Helper()
	if !b.scripts {
		b.allowScripts(true)
		defer b.allowScripts(false)
	}
	if get(b, "axe", chromedp.Evaluate[string](`typeof window.axe`)) == "undefined" {
		b.do("axe", chromedp.Evaluate[chromedp.Void](b.axe+";0"))
	}
	for _, v := range get(b, "axe", chromedp.Evaluate[[]string](runAxe, chromedp.EvalAwaitPromise)) {
		b.t.Errorf("%s: axe: %s", where, v)
	}
}

// try evaluates a condition once; a page on its way gives an error.
func (b *Browser) try(js string) (bool, error) {
	ctx, cancel := context.WithTimeout(b.ctx, 5*time.Second)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[bool](js))
}

// Text is what the page says in main.
func (b *Browser) Text() string {
	b.t.Helper()
	return get(b, "reading the page", chromedp.Evaluate[string](`document.querySelector('main').innerText`))
}

// Path is the address of the page shown, without the host.
func (b *Browser) Path() string {
	b.t.Helper()
	return get(b, "reading the address", chromedp.Evaluate[string](`location.pathname + location.search`))
}

// Eval runs an expression in the page and returns its text.
func (b *Browser) Eval(js string) string {
	b.t.Helper()
	return get(b, "evaluating", chromedp.Evaluate[string](js))
}

// Wants fails unless the page says each text.
func (b *Browser) Wants(texts ...string) {
	b.t.Helper()
	page := b.Text()
	for _, text := range texts {
		if !strings.Contains(page, text) {
			b.fail("the page does not say %q; it says:\n%.1500s", text, page)
		}
	}
}

// Complaints fails the test for each error that the browser reported.
func (b *Browser) Complaints() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, text := range b.heard {
		b.t.Errorf("the browser complains: %s", text)
	}
}

// projectRoot is the folder of go.mod.
func projectRoot(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
}

// Await evaluates an expression that gives a promise of text and returns the text.
func (b *Browser) Await(js string) string {
	b.t.Helper()
	return get(b, "evaluating", chromedp.Evaluate[string](js, chromedp.EvalAwaitPromise))
}
