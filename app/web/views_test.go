package web

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/net/html"
)

func viewsOf(page string) *Views {
	return NewViews(fstest.MapFS{
		"layouts/frame.html":  {Data: []byte(`<h1>{{.Title}}</h1>{{template "content" .}}`)},
		"partials/piece.html": {Data: []byte(`<b>{{.}}</b>`)},
		"pages/a/show.html":   {Data: []byte(page)},
	})
}

func TestBrokenPagesStopTheStart(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, page, want string }{
		{"syntax", `{{template "frame" .}}{{define "content"}}{{if}}{{end}}`, "pages/a/show.html"},
		{"no content", `{{template "frame" .}}`, "content"},
		{"partial that does not exist", `{{template "frame" .}}{{define "content"}}{{if .X}}{{template "none" .}}{{end}}{{end}}`, "none"},
		{"function that does not exist", `{{template "frame" .}}{{define "content"}}{{now}}{{end}}`, "now"},
		{"tag left open", `{{template "frame" .}}{{define "content"}}<a href="{{if .X}}"{{end}}{{end}}`, "pages/a/show.html"},
	}
	for _, tt := range tests {
		if err := viewsOf(tt.page).Load(); !errors.Is(err, ErrView) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want an error that says %q", tt.name, err, tt.want)
		}
	}
}

func TestRenderIsWholeOrNothing(t *testing.T) {
	t.Parallel()
	views := viewsOf(`{{template "frame" .}}{{define "content"}}{{template "piece" .Text}}{{end}}`)
	if err := views.Load(); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := views.Render(&out, "a/show", struct{ Title string }{"x"}); !errors.Is(err, ErrView) || out.Len() != 0 {
		t.Errorf("a field that is not there: error %v, %d bytes written, want an error and none", err, out.Len())
	}
	if err := views.Render(&out, "a/none", nil); !errors.Is(err, ErrView) {
		t.Errorf("a page that is not there: got %v", err)
	}
	if err := views.Render(&out, "a/show", struct{ Title, Text string }{"x", "<y>"}); err != nil || out.String() != "<h1>x</h1><b>&lt;y&gt;</b>" {
		t.Errorf("got %q, %v", out.String(), err)
	}
}

// TestPageFaultsFindsEachFault holds the checker of the galleries to its word.
func TestPageFaultsFindsEachFault(t *testing.T) {
	t.Parallel()
	const good = `<html lang="it"><title>x</title><body><h1>x</h1>`
	tests := []struct{ name, body, want string }{
		{"nothing wrong", `<label for="a">A</label><input id="a"><form method="post"><input type="hidden" name="csrf"></form>`, ""},
		{"inline style", `<p style="color:red">x</p>`, "inline style"},
		{"style element", `<style>p{}</style>`, "<style>"},
		{"inline script", `<script>1</script>`, "inline <script>"},
		{"handler", `<p onclick="x()">x</p>`, "inline onclick"},
		{"second h1", `<h1>y</h1>`, "2 h1"},
		{"input without label", `<input name="a" id="a">`, "without label"},
		{"POST without csrf", `<form method="post" action="/x"></form>`, "without csrf"},
		{"dangling reference", `<p aria-describedby="b">x</p>`, "id b"},
		{"id twice", `<p id="a"></p><p id="a"></p>`, "more than once"},
		{"image without alt", `<img src="x">`, "without alt"},
		{"heading of a table without scope", `<table><tr><th>x</th></tr></table>`, "without scope"},
		{"link without words", `<a href="/"></a>`, "without words"},
		{"missing message", `<p>[nav.home]</p>`, "message missing"},
		{"value that could not be printed", `<a href="#ZgotmplZ">x</a>`, "could not print"},
		{"javascript address", `<a href="javascript:x()">x</a>`, "javascript:"},
	}
	for _, tt := range tests {
		doc, err := html.Parse(strings.NewReader(good + tt.body))
		if err != nil {
			t.Fatal(err)
		}
		got := strings.Join(pageFaults(good+tt.body, doc), "; ")
		if (tt.want == "") != (got == "") || !strings.Contains(got, tt.want) {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}
