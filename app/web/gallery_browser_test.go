package web

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/gofiber/fiber/v2"

	"traguardo/surveys/pairing"
)

// galleryPolicy is the content policy of the server.
const galleryPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// gallerySite serves the gallery pages under the real policy and counts the
// answers that the page saves by itself.
type gallerySite struct {
	address string
	mu      sync.Mutex
	saved   []string // bodies of autosave requests
}

func (g *gallerySite) bodies() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return append([]string(nil), g.saved...)
}

func startGallery(t *testing.T) *gallerySite {
	t.Helper()
	site := &gallerySite{}
	chrome := testChrome(t, "it")
	app := fiber.New(fiber.Config{DisableStartupMessage: true, Views: loadViews(t, galleryFS(t))})
	app.Use(func(c *fiber.Ctx) error {
		c.Set("Content-Security-Policy", galleryPolicy)
		return c.Next()
	})
	app.Get("/static/:hash/*", chrome.Assets.Serve)
	for state, build := range galleries() {
		app.Get("/parts/"+state, func(c *fiber.Ctx) error { return c.Render("gallery/parts", build(chrome)) })
	}
	app.Get("/survey", func(c *fiber.Ctx) error { return c.Render("gallery/survey", surveyPage(chrome)) })
	app.Get("/signin", func(c *fiber.Ctx) error { return c.Render("gallery/signin", signInPage(chrome)) })
	app.Post("/r/blocco/3", func(c *fiber.Ctx) error {
		site.mu.Lock()
		defer site.mu.Unlock()
		site.saved = append(site.saved, string(c.Body()))
		return c.JSON(fiber.Map{"version": 1 + len(site.saved)})
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- app.Listener(listener) }()
	t.Cleanup(func() {
		if err := app.Shutdown(); err != nil {
			t.Error(err)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	site.address = "http://" + listener.Addr().String()
	return site
}

// tab is a tab of headless Chromium with what it complained of, refusals by the
// content policy among them.
type tab struct {
	ctx   context.Context
	mu    sync.Mutex
	heard []string
}

func openTab(t *testing.T) *tab {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true))
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	b := &tab{ctx: ctx}
	err := chromedp.Listen(ctx, func(event any) {
		switch e := event.(type) {
		case *log.EventEntryAdded:
			if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
				b.hear(e.Entry.Text)
			}
		case *runtime.EventExceptionThrown:
			b.hear(e.ExceptionDetails.Text)
		}
	})
	if err != nil {
		t.Fatalf("starting Chromium (.ci/setup installs it): %v", err)
	}
	return b
}

func (b *tab) hear(text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.heard = append(b.heard, text)
}

// complaints fails the test for each thing the browser complained of.
func (b *tab) complaints(t *testing.T) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, text := range b.heard {
		t.Errorf("the browser complains: %s", text)
	}
}

func (b *tab) do(t *testing.T, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, time.Minute)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

// get runs one action of the tab and returns its value.
func get[T any](t *testing.T, b *tab, action chromedp.Action[T]) T {
	t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, time.Minute)
	defer cancel()
	value, err := chromedp.Run(ctx, action)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

const runAxe = `axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map(v =>
	v.id + ': ' + v.help + ' at ' + v.nodes.map(n => n.target.join(' ') + ' ' + n.failureSummary).slice(0, 4).join(' | ')))`

// TestGalleryInBrowser opens every gallery page at 1280 and 320 px: axe finds
// nothing, nothing overflows, the policy refuses nothing. Screenshots: build/screenshots.
func TestGalleryInBrowser(t *testing.T) {
	axe, err := os.ReadFile("../../build/axe.min.js")
	if err != nil {
		t.Fatalf("axe-core is missing, run make assets: %v", err)
	}
	site := startGallery(t)
	b := openTab(t)
	shots := filepath.Join("..", "..", "build", "screenshots", "gallery")
	if err := os.MkdirAll(shots, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, page := range []string{"parts/full", "parts/error", "parts/empty", "parts/long", "survey", "signin"} {
		for _, width := range []int64{1280, 320} {
			t.Run(fmt.Sprintf("%s %d", page, width), func(t *testing.T) {
				b.do(t, chromedp.EmulateViewport(width, 800), chromedp.Navigate(site.address+"/"+page),
					chromedp.WaitVisible("h1"), chromedp.Evaluate[chromedp.Void](string(axe)))
				for _, v := range get(t, b, chromedp.Evaluate[[]string](runAxe, chromedp.EvalAwaitPromise)) {
					t.Errorf("axe: %s", v)
				}
				if over := get(t, b, chromedp.Evaluate[int](`document.documentElement.scrollWidth - document.documentElement.clientWidth`)); over > 0 {
					t.Errorf("the page is %d px wider than the window", over)
				}
				name := fmt.Sprintf("%s-%d.png", strings.ReplaceAll(page, "/", "-"), width)
				if err := os.WriteFile(filepath.Join(shots, name), get(t, b, chromedp.FullScreenshot(100)), 0o644); err != nil {
					t.Fatal(err)
				}
			})
		}
	}
	b.complaints(t)
}

// TestScriptsInBrowser uses the page script as people do.
func TestScriptsInBrowser(t *testing.T) {
	site := startGallery(t)
	b := openTab(t)
	b.do(t, chromedp.Navigate(site.address+"/survey"), chromedp.Click("[data-card-make]"))
	if _, err := pairing.ParseCard(get(t, b, chromedp.Value("#f-card"))); err != nil {
		t.Errorf("the card made by the browser is refused: %v", err)
	}
	b.do(t, chromedp.Click("label[for=a1-4]"), chromedp.WaitVisible(`#stato[data-state="saved"]`))
	if bodies := site.bodies(); len(bodies) == 0 || !strings.Contains(bodies[len(bodies)-1], "a1=4") || !strings.Contains(bodies[len(bodies)-1], "autosave=1") {
		t.Errorf("saved by itself: got %d requests, want the last to hold the answer", len(bodies))
	}
	state, version := get(t, b, chromedp.Text("#stato")), get(t, b, chromedp.Value(`input[name="version"]`))
	if state != "Salvato" || version == "1" {
		t.Errorf("after saving: state %q, version %q", state, version)
	}

	b.do(t, chromedp.Navigate(site.address+"/parts/error"))
	if focus := get(t, b, chromedp.Evaluate[string](`document.activeElement.className`)); focus != "error-summary" {
		t.Errorf("focus after a refused form: got %q, want the summary", focus)
	}
	b.do(t, chromedp.SendKeys("#f-note", "non perdermi"), chromedp.Focus("#lPIA-01-0"), chromedp.KeyEvent("1"))
	if !get(t, b, chromedp.Evaluate[bool](`document.getElementById('lPIA-01-1').checked`)) {
		t.Error("key 1 did not pick level 1")
	}
	b.do(t, chromedp.Reload(), chromedp.WaitVisible("#f-note"))
	if text := get(t, b, chromedp.Value("#f-note")); text != "non perdermi" {
		t.Errorf("typed text after the page was opened again: got %q", text)
	}
	b.complaints(t)
}
