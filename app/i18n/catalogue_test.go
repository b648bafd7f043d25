package i18n

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"
)

// catalogueOf loads one Italian file and a fitting English one.
func catalogueOf(it, en string) (*Catalogue, error) {
	return LoadFS(fstest.MapFS{"it/a.yaml": {Data: []byte(it)}, "en/a.yaml": {Data: []byte(en)}})
}

func TestTexts(t *testing.T) {
	t.Parallel()
	c, err := catalogueOf(`
a.hello: "Buongiorno {{.Name}}"
a.bold: "<strong>{{.Name}}</strong>"
a.staff:
  one: "{{.Count}} dipendente"
  many: "{{.Count}} di dipendenti"
  other: "{{.Count}} dipendenti"
`, `
a.hello: "Hello {{.Name}}"
a.bold: "<strong>{{.Name}}</strong>"
a.staff: {one: "{{.Count}} employee", other: "{{.Count}} employees"}
`)
	if err != nil {
		t.Fatal(err)
	}
	it, en := c.For("it"), c.For("en")
	tests := []struct{ name, got, want string }{
		{"argument", it.T("a.hello", "Name", "Lia"), "Buongiorno Lia"},
		{"other language", en.T("a.hello", "Name", "Lia"), "Hello Lia"},
		{"unknown language is Italian", c.For("de").T("a.hello", "Name", "Lia"), "Buongiorno Lia"},
		{"none", it.T("a.staff", "Count", 0), "0 dipendenti"},
		{"one", it.T("a.staff", "Count", 1), "1 dipendente"},
		{"thousands", it.T("a.staff", "Count", 12345), "12.345 dipendenti"},
		{"Italian many", it.T("a.staff", "Count", 1000000), "1.000.000 di dipendenti"},
		{"English plural", en.T("a.staff", "Count", 1000000), "1,000,000 employees"},
		{"values are escaped in markup", string(it.HTML("a.bold", "Name", "<i>")), "<strong>&lt;i&gt;</strong>"},
		{"missing key shows", it.T("a.absent"), "[a.absent]"},
		{"missing argument shows", it.T("a.hello"), "[a.hello]"},
		{"odd arguments show", it.T("a.hello", "Name"), "[a.hello]"},
		{"plural without count shows", it.T("a.staff"), "[a.staff]"},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, tt.got, tt.want)
		}
	}
	if got := c.Missing()["it a.absent"]; got != 1 {
		t.Errorf("missing key counted %d times, want 1", got)
	}
}

func TestFaultyCataloguesAreRefused(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, it, want string }{
		{"key twice", "a.x: uno\na.x: due", "a.x"},
		{"no group", "x: uno", "group.name"},
		{"empty", "a.x: ' '", "empty"},
		{"number", "a.x: 12", "quote it"},
		{"without many", "a.x: {one: u, other: d}", "plural forms"},
		{"bad template", `a.x: "{{.Name"`, "a.x"},
	}
	for _, tt := range tests {
		_, err := catalogueOf(tt.it, "a.x: one")
		if !errors.Is(err, ErrCatalogue) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want an error that says %q", tt.name, err, tt.want)
		}
	}
	_, err := LoadFS(fstest.MapFS{"it/a.yaml": {Data: []byte("a.x: uno")}, "it/b.yaml": {Data: []byte("a.x: due")}, "en/a.yaml": {Data: []byte("a.x: one")}})
	if !errors.Is(err, ErrCatalogue) || !strings.Contains(err.Error(), "stands in it/a.yaml too") {
		t.Errorf("key in two files: got %v", err)
	}
}

func TestNegotiate(t *testing.T) {
	t.Parallel()
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for header, want := range map[string]string{
		"": "it", "it-IT,it;q=0.9": "it", "en-GB,en;q=0.8": "en", "en;q=0.5,it": "it", "de": "it", "*": "it", "\x00;;": "it",
	} {
		if got := c.Negotiate(header); got != want {
			t.Errorf("%q: got %s, want %s", header, got, want)
		}
	}
}
