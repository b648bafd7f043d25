package web

import (
	"bytes"
	"io/fs"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"traguardo/app/i18n"
	"traguardo/templates"
)

// Helpers for the gallery tests of every page group:
//
//	views := testViews(t)
//	doc := renderPage(t, views, "plan/show", planPage{Chrome: testChrome(t, "it"), …})
//	wantText(t, doc, "h1", "Piano")
//
// renderPage fails the test when the page breaks a rule that holds everywhere.

// testViews loads the real templates.
func testViews(t *testing.T) *Views {
	t.Helper()
	return loadViews(t, templates.FS())
}

func loadViews(t *testing.T, fsys fs.FS) *Views {
	t.Helper()
	views := NewViews(fsys)
	if err := views.Load(); err != nil {
		t.Fatalf("loading the templates: %v", err)
	}
	return views
}

// testChrome is a frame with everything in it: user, ente, menu, trail.
func testChrome(t *testing.T, lang string) Chrome {
	t.Helper()
	texts, err := i18n.Load()
	if err != nil {
		t.Fatalf("loading the messages: %v", err)
	}
	static, err := templates.Static()
	if err != nil {
		t.Fatalf("static files: %v", err)
	}
	assets, err := NewAssets(static)
	if err != nil {
		t.Fatalf("static files: %v", err)
	}
	return Chrome{
		Localizer: texts.For(lang), Assets: assets, Title: "Percorso", Path: "/enti/abc/piano?anno=2027", CSRF: "token-of-forms",
		Version: "0.1.0", User: &User{Key: "k1", Name: "Giulia Bianchi", Role: "RTD", Links: []Link{{Label: "Password", Href: "/password"}}},
		Ente:        &Ente{Name: "Comune di Borgo Ametista", Path: "/enti/abc", Note: "(ZZ)"},
		Nav:         []Link{{Label: "Percorso", Href: "/enti/abc"}, {Label: "Valutazione", Href: "/enti/abc/valutazioni"}, {Label: "Rilevazioni", Href: "/enti/abc/rilevazioni"}, {Label: "Risultati", Href: "/enti/abc/risultati"}, {Label: "Piano", Href: "/enti/abc/piano", Current: true}, {Label: "Avanzamento", Href: "/enti/abc/avanzamento", Badge: "3"}},
		Breadcrumbs: []Link{{Label: "Percorso", Href: "/enti/abc"}},
	}
}

// renderPage renders a page and holds it to the rules of every page.
func renderPage(t *testing.T, views *Views, name string, data any) *html.Node {
	t.Helper()
	text := renderText(t, views, name, data)
	doc, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatalf("page %s: %v", name, err)
	}
	for _, fault := range pageFaults(text, doc) {
		t.Errorf("page %s: %s", name, fault)
	}
	return doc
}

func renderText(t *testing.T, views *Views, name string, data any) string {
	t.Helper()
	var out bytes.Buffer
	if err := views.Render(&out, name, data); err != nil {
		t.Fatalf("page %s: %v", name, err)
	}
	return out.String()
}

var missingText = regexp.MustCompile(`\[[a-z_]+\.[a-z0-9_.]+\]`)

// pageFaults returns what breaks a rule of every page, in words.
func pageFaults(text string, doc *html.Node) []string {
	c := &checker{ids: map[string]int{}, labelled: map[string]bool{}}
	c.collect(doc)
	c.walk(doc, false)
	if c.h1 != 1 {
		c.fault(strconv.Itoa(c.h1) + " h1, want 1")
	}
	for _, ref := range c.refs {
		for _, id := range strings.Fields(ref) {
			if c.ids[id] == 0 {
				c.faults = append(c.faults, "a reference to id "+id+", which is not there")
			}
		}
	}
	for id, n := range c.ids {
		if n > 1 {
			c.faults = append(c.faults, "id "+id+" is used more than once")
		}
	}
	if key := missingText.FindString(text); key != "" {
		c.faults = append(c.faults, "message missing: "+key)
	}
	if strings.Contains(text, "ZgotmplZ") || strings.Contains(text, "<no value>") {
		c.faults = append(c.faults, "a value the template could not print")
	}
	return c.faults
}

type checker struct {
	faults   []string
	ids      map[string]int
	labelled map[string]bool // ids that a label names
	refs     []string
	h1       int
}

func (c *checker) fault(text string) { c.faults = append(c.faults, text) }

// collect notes ids and labels first, wherever they stand.
func (c *checker) collect(n *html.Node) {
	if n.Type == html.ElementNode {
		if id := attr(n, "id"); id != "" {
			c.ids[id]++
		}
		if n.Data == "label" && attr(n, "for") != "" {
			c.labelled[attr(n, "for")] = true
			c.refs = append(c.refs, attr(n, "for"))
		}
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		c.collect(child)
	}
}

func (c *checker) walk(n *html.Node, inLabel bool) {
	if n.Type == html.ElementNode {
		c.element(n, inLabel)
		inLabel = inLabel || n.Data == "label"
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		c.walk(child, inLabel)
	}
}

func (c *checker) element(n *html.Node, inLabel bool) {
	for _, a := range n.Attr {
		if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
			c.fault("inline " + a.Key + " on <" + n.Data + ">")
		}
		if strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Val)), "javascript:") {
			c.fault("a javascript: address on <" + n.Data + ">")
		}
		if a.Key == "aria-describedby" || a.Key == "aria-labelledby" || a.Key == "aria-controls" {
			c.refs = append(c.refs, a.Val)
		}
	}
	switch n.Data {
	case "h1":
		c.h1++
	case "style":
		c.fault("a <style> element")
	case "script":
		if attr(n, "src") == "" {
			c.fault("an inline <script>")
		}
	case "html":
		if attr(n, "lang") == "" {
			c.fault("no lang on <html>")
		}
	case "img":
		if !has(n, "alt") {
			c.fault("an image without alt")
		}
	case "th":
		if attr(n, "scope") == "" {
			c.fault("a <th> without scope: " + textOf(n))
		}
	case "a", "button", "summary", "legend", "label":
		if strings.TrimSpace(textOf(n)) == "" && attr(n, "aria-label") == "" {
			c.fault("a <" + n.Data + "> without words")
		}
	case "input", "select", "textarea":
		c.input(n, inLabel)
	case "form":
		if strings.EqualFold(attr(n, "method"), "post") && find(n, "input", "name", "csrf") == nil {
			c.fault("a POST form without csrf: " + attr(n, "action"))
		}
	}
}

func (c *checker) input(n *html.Node, inLabel bool) {
	switch attr(n, "type") {
	case "hidden", "submit":
		return
	}
	if !inLabel && !c.labelled[attr(n, "id")] && attr(n, "aria-label") == "" && attr(n, "aria-labelledby") == "" {
		c.fault("<" + n.Data + " name=" + attr(n, "name") + "> without label")
	}
}

// find returns the first element below n with this name and attribute value
// (any when key is empty), nil without one.
func find(n *html.Node, name, key, value string) *html.Node {
	if n.Type == html.ElementNode && n.Data == name && (key == "" || attr(n, key) == value) {
		return n
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		if found := find(child, name, key, value); found != nil {
			return found
		}
	}
	return nil
}

// wantText fails unless the first element of this name holds the words.
func wantText(t *testing.T, doc *html.Node, name, words string) {
	t.Helper()
	n := find(doc, name, "", "")
	if n == nil {
		t.Fatalf("no <%s>", name)
	}
	if got := textOf(n); !strings.Contains(got, words) {
		t.Errorf("<%s>: got %q, want words %q", name, got, words)
	}
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}

func textOf(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var b strings.Builder
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		b.WriteString(textOf(child))
	}
	return b.String()
}
