package browsertest

import (
	"fmt"
	"strings"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Keys types with the keyboard where the focus is: letters and keys of package kb.
func (b *Browser) Keys(keys string) {
	b.t.Helper()
	b.do("typing", chromedp.KeyEvent(keys))
}

// Focus is what has the keyboard, as the page shows it.
type Focus struct {
	Place  int    // in the order of the document, from 1; 0: nothing has it
	Name   string // tag, name, id or text, for messages
	Marked bool   // a ring, line or shadow shows it
	Seen   bool   // in the window, nothing over it
}

// focused describes document.activeElement. A radio button or check box may be
// drawn by its label, and marked there; a link to skip to is seen while it has it.
const focused = `(() => { const e = document.activeElement;
	if (!e || e === document.body || e === document.documentElement) return {Place: 0, Name: 'nothing', Marked: true, Seen: true};
	const drawn = [e, ...(e.labels ?? [])], styles = drawn.flatMap(d => [getComputedStyle(d), getComputedStyle(d, '::before'), getComputedStyle(d, '::after')]);
	const marked = styles.some(s => (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 1) || s.boxShadow !== 'none');
	const seen = drawn.some(d => { const r = d.getClientRects()[0]; if (!r) return false;
		return [0.5, 0.05, 0.95].some(f => { const hit = document.elementFromPoint(r.left + r.width * f, Math.max(1, r.top) + Math.min(r.height, innerHeight) * 0.5);
			return hit && (d.contains(hit) || drawn.some(o => o.contains(hit) || hit.contains(o) && hit.closest('label, .choice'))); }); });
	return {Place: [...document.querySelectorAll('*')].indexOf(e) + 1, Marked: marked, Seen: seen,
		Name: [e.tagName.toLowerCase(), e.name, e.id, (e.tagName === 'INPUT' ? e.value : e.textContent).trim().replace(/\s+/g, ' ').slice(0, 40)].filter(Boolean).join(' ')}; })()`

const standing = `(() => { const r = document.activeElement.getBoundingClientRect(), hit = document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2);
	return [r.left, r.top, r.right, r.bottom].map(Math.round).join(' ') + ' of ' + innerWidth + ' ' + innerHeight + ', over it ' + hit?.outerHTML.slice(0, 120); })()`

// Tab moves the focus forward, or with back, backward. Where it lands must be marked and in sight.
func (b *Browser) Tab(back bool) Focus {
	b.t.Helper()
	key := chromedp.KeyEvent(kb.Tab)
	if back {
		key = chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(chromedp.ModifierShift))
	}
	b.do("Tab", key)
	var f Focus
	for range 120 { // the window may still be scrolling to it
		if f = get(b, "reading the focus", chromedp.Evaluate[Focus](focused)); f.Marked && f.Seen {
			return f
		}
		time.Sleep(25 * time.Millisecond)
	}
	b.fail("the focus on %q: marked %v, in sight %v, want both; it stands at %s", f.Name, f.Marked, f.Seen, b.Eval(standing))
	return f
}

// TabTo presses Tab until the focus is on what a selector finds.
func (b *Browser) TabTo(selector string) {
	b.t.Helper()
	var path []string
	for range 250 {
		f := b.Tab(false)
		if b.On(selector) {
			return
		}
		path = append(path, f.Name)
	}
	b.fail("250 times Tab do not lead to %s; the way: %s", selector, strings.Join(path[max(0, len(path)-40):], " › "))
}

// On tells whether what has the focus matches a selector.
func (b *Browser) On(selector string) bool {
	b.t.Helper()
	return get(b, "reading the focus", chromedp.Evaluate[bool](fmt.Sprintf(`document.activeElement?.matches(%q) === true`, selector)))
}

// Enter presses Enter on what has the focus and waits for the next page.
func (b *Browser) Enter() {
	b.t.Helper()
	b.do("marking", chromedp.Evaluate[chromedp.Void](`window.traguardoOld = true`))
	b.Keys(kb.Enter)
	b.awaitPage("Enter")
}

// Type replaces what the focused input holds by typing.
func (b *Browser) Type(text string) {
	b.t.Helper()
	b.do("selecting", chromedp.KeyEvent("a", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	b.Keys(text)
}

// Untrapped walks the page with Tab from its top to its end and back with Shift
// and Tab: every stop once, both ways the same, none holds the focus.
func (b *Browser) Untrapped() {
	b.t.Helper()
	forward := b.stops(false)
	if back := b.stops(true); back != forward {
		b.fail("stops of Tab: %d forward, %d backward, want the same", forward, back)
	}
	if forward < 3 {
		b.fail("got %d stops of Tab, want at least three", forward)
	}
}

// parts is how many stops one input may have: day, month, year and the picker.
const parts = 6

// stops counts the distinct stops from one end of the page until it starts again.
func (b *Browser) stops(back bool) int {
	b.t.Helper()
	seen := map[int]bool{}
	last, same := -1, 0
	for range 600 {
		f := b.Tab(back)
		switch {
		case f.Place == 0 && len(seen) == 0: // still outside the page
			continue
		case f.Place == 0 || seen[f.Place] && f.Place != last:
			return len(seen)
		case f.Place != last:
			same = 0
		case same > parts:
			b.fail("Tab does not leave %q", f.Name)
		}
		same++
		seen[f.Place], last = true, f.Place
	}
	b.fail("Tab does not come to the end of the page")
	return 0
}
