package browsertest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// Fill types into the input with this name, replacing what is there. Dates, hours
// and lists are set as their pickers set them.
func (b *Browser) Fill(name, value string) {
	b.t.Helper()
	b.FillAt(fmt.Sprintf(`[name=%q]`, name), value)
}

// FillAt is Fill for the input that a selector finds.
func (b *Browser) FillAt(selector, value string) {
	b.t.Helper()
	find := fmt.Sprintf(`document.querySelector(%q)`, selector)
	b.reveal(find, selector)
	kind := get(b, "finding "+selector, chromedp.Evaluate[string](fmt.Sprintf(`(() => { const e = %s, v = %q; if (!e) return 'none';
		if (!e.matches('textarea, input:not([type]), input[type=text], input[type=email], input[type=password], input[type=search], input[type=number], input[type=url]')) {
			e.value = v; for (const n of ['input', 'change']) e.dispatchEvent(new Event(n, {bubbles: true})); return e.value === v ? 'set' : 'refused'; }
		e.scrollIntoView({block: 'center', behavior: 'instant'}); e.focus(); e.select(); return document.activeElement === e ? 'typed' : 'out of reach'; })()`, find, value)))
	switch {
	case kind == "set":
		return
	case kind != "typed":
		b.fail("filling %s: %s", selector, kind)
	case value == "":
		b.Keys("\b")
		return
	}
	if _, err := chromedp.Call(b.ctx, input.InsertText, input.InsertTextParams{Text: value}); err != nil {
		b.fail("typing into %s: %v", selector, err)
	}
}

// Upload chooses a file for the file input that a selector finds.
func (b *Browser) Upload(selector, file string) {
	b.t.Helper()
	b.do("choosing a file for "+selector, chromedp.SetUploadFiles(chromedp.CSS(selector), []string{file}))
}

// Pick selects a value of a select, radio group or check box by name.
func (b *Browser) Pick(name, value string) {
	b.t.Helper()
	if get(b, "looking for "+name, chromedp.Evaluate[bool](fmt.Sprintf(`document.querySelector('select[name=%q]') !== null`, name))) {
		b.FillAt(fmt.Sprintf(`select[name=%q]`, name), value)
		return
	}
	b.Tick(fmt.Sprintf(`input[name=%q][value=%q]`, name, value))
}

// Tick clicks the radio button or check box that a selector finds, unless it is chosen.
func (b *Browser) Tick(selector string) {
	b.t.Helper()
	find := fmt.Sprintf(`document.querySelector(%q)`, selector)
	checked := chromedp.Evaluate[bool](fmt.Sprintf(`%s?.checked === true`, find))
	if get(b, "reading "+selector, checked) {
		return
	}
	b.click(find, selector)
	if !get(b, "reading "+selector, checked) {
		b.fail("a click does not choose %s", selector)
	}
}

// Press clicks the button or link with this text, and waits for the next page.
func (b *Browser) Press(text string) {
	b.t.Helper()
	b.press(fmt.Sprintf(`[...document.querySelectorAll('main button, main a, main summary, header a, header button, header summary')].find(e => e.textContent.trim().replace(/\s+/g, ' ') === %q && e.getClientRects().length)`, text), text)
}

// PressContaining is Press for a button or link whose text contains this.
func (b *Browser) PressContaining(text string) {
	b.t.Helper()
	b.press(fmt.Sprintf(`[...document.querySelectorAll('main button, main a, main summary, header a, header summary')].find(e => e.textContent.includes(%q) && e.getClientRects().length)`, text), text)
}

// PressAt is Press for the button or link that a selector finds.
func (b *Browser) PressAt(selector string) {
	b.t.Helper()
	b.press(fmt.Sprintf(`document.querySelector(%q)`, selector), selector)
}

// Submit sends the form whose action ends with suffix, by its first button.
func (b *Browser) Submit(suffix string) {
	b.t.Helper()
	b.press(fmt.Sprintf(`document.querySelector('form[action$=%q] button[type=submit], form[action$=%q] button:not([type])')`, suffix, suffix), "form "+suffix)
}

// Tap clicks what a selector finds and stays on the page.
func (b *Browser) Tap(selector string) {
	b.t.Helper()
	b.click(fmt.Sprintf(`document.querySelector(%q)`, selector), selector)
}

// press marks the document, clicks the element and waits for another document
// unless the element is a summary, which opens in place.
func (b *Browser) press(find, what string) {
	b.t.Helper()
	kind := get(b, "finding "+what, chromedp.Evaluate[string](fmt.Sprintf(`(() => { const e = %s; window.traguardoOld = e?.tagName !== 'SUMMARY'; return e ? e.tagName : 'none'; })()`, find)))
	if kind == "none" {
		b.fail("no button or link %q", what)
	}
	b.click(find, what)
	if kind != "SUMMARY" {
		b.awaitPage(what)
	}
}

// awaitPage waits until the marked document gave way to another one.
func (b *Browser) awaitPage(what string) {
	b.t.Helper()
	b.await(`!window.traguardoOld && document.readyState === 'complete' && document.querySelector('h1') !== null`, "no new page after "+what)
}

// Settles waits until an expression of the page is true; what says what was missing.
func (b *Browser) Settles(js, what string) {
	b.t.Helper()
	b.await(js, what)
}

func (b *Browser) await(js, what string) {
	b.t.Helper()
	for deadline := time.Now().Add(stepLimit); time.Now().Before(deadline); time.Sleep(30 * time.Millisecond) {
		if ready, err := b.try(js); err == nil && ready {
			return
		}
	}
	b.fail("%s", what)
}

// point says where to click an element: its label's or its own first line, in the
// middle of the window, with nothing over it.
const point = `(() => { let e = %s; if (!e) return {};
	if (e.matches('input[type=radio], input[type=checkbox]') && e.labels.length) e = e.labels[0];
	e.scrollIntoView({block: 'center', behavior: 'instant'});
	const r = e.getClientRects()[0]; if (!r) return {};
	const x = r.left + Math.min(r.width / 2, 300), y = r.top + r.height / 2, hit = document.elementFromPoint(x, y);
	return {x, y, found: true, over: !hit || e.contains(hit) || hit.contains(e) ? '' : hit.outerHTML.slice(0, 200)}; })()`

type place struct {
	X, Y  float64
	Found bool   // it exists and is drawn
	Over  string // what covers it
}

// click presses and releases the left button of the mouse over an element.
func (b *Browser) click(find, what string) {
	b.t.Helper()
	b.reveal(find, what)
	at := get(b, "finding "+what, chromedp.Evaluate[place](fmt.Sprintf(point, find)))
	if !at.Found || at.Over != "" {
		b.fail("cannot click %s: drawn %v, covered by %q", what, at.Found, at.Over)
	}
	b.do("clicking "+what, chromedp.MouseClickXY(at.X, at.Y))
}

// reveal opens the folded parts of the page around an element, as people do.
func (b *Browser) reveal(find, what string) {
	b.t.Helper()
	const folded = `(() => { const e = %s; let d = e?.closest('details:not([open])'), top = null;
		while (d) { if (!d.querySelector(':scope > summary').contains(e)) top = d; d = d.parentElement.closest('details:not([open])'); }
		if (top) top.dataset.walked = 'yes'; return top !== null; })()`
	for range 5 {
		if !get(b, "finding "+what, chromedp.Evaluate[bool](fmt.Sprintf(folded, find))) {
			return
		}
		b.click(`document.querySelector('details[data-walked] > summary')`, "the fold around "+what)
		b.do("opening", chromedp.Evaluate[chromedp.Void](`delete document.querySelector('details[data-walked]').dataset.walked`))
	}
	b.fail("%s stays folded", what)
}

// Download presses the button or link that a selector finds and returns the name
// and the content of the file that the browser saves; a copy stays beside the pictures.
func (b *Browser) Download(selector string) (name string, content []byte) {
	b.t.Helper()
	dir := b.t.TempDir()
	allowed := browser.SetDownloadBehaviorParams{Behavior: browser.SetDownloadBehaviorBehaviorAllow, DownloadPath: dir}
	if _, err := chromedp.Call(b.ctx, browser.SetDownloadBehavior, allowed); err != nil {
		b.fail("allowing downloads: %v", err)
	}
	b.Tap(selector)
	for deadline := time.Now().Add(stepLimit); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		files, err := os.ReadDir(dir)
		if err != nil {
			b.t.Fatal(err)
		}
		// While it arrives, Chromium keeps it under a name of its own.
		if len(files) != 1 || strings.HasSuffix(files[0].Name(), ".crdownload") || strings.HasPrefix(files[0].Name(), ".") {
			continue
		}
		if content, err = os.ReadFile(filepath.Join(dir, files[0].Name())); err == nil && len(content) > 0 {
			if err := os.WriteFile(filepath.Join(b.shots, files[0].Name()), content, 0o644); err != nil {
				b.t.Fatal(err)
			}
			return files[0].Name(), content
		}
	}
	b.fail("no file came after pressing %s", selector)
	return "", nil
}
