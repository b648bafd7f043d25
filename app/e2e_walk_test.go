package app_test

import (
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"traguardo/app"
	"traguardo/app/browsertest"
	"traguardo/app/demo"
)

// walks lists, for each sign-in of the demonstration, the pages that it visits
// from its own home, with JavaScript on: axe at 1280 and 320 px, and pictures.
func walks() []struct{ who, pages string } {
	return []struct{ who, pages string }{
		{"rtd.montesereno", ". /impostazioni /valutazioni/exante /valutazioni/exante/M-SIC-06 /rilevazioni " +
			"/risultati/exante /risultati/exante/perche /risultati/expost /risultati/expost/variazione /piano /catalogo /avanzamento /attivita /scadenze /rapporti"},
		{"rtd.castel-ventoso", ". /risultati/expost /pti /rapporti/valutazione /rapporti/piano /rapporti/impatto"},
		{"rtd.valdombra", ". /risultati/expost /risultati/expost/variazione"},
		{"segretaria", ". /risultati/exante /piano"},
		{"ufficio", ". /attivita"},
		{"coordinatrice", ". /programmi"},
		{"rtd.vero", ". /valutazioni /pti /pti/finanziamenti /scadenze"},
		{"admin", "//sistema //sistema/utenti //sistema/registro"},
	}
}

// TestDemonstrationInBrowser walks the demonstration as each role.
func TestDemonstrationInBrowser(t *testing.T) {
	var summary demo.Summary
	s := newSite(t, "sqlite://"+filepath.Join(t.TempDir(), "traguardo.db"), func(a *app.App) {
		var err error
		if summary, err = a.Demo(t.Context(), 1, rand.NewChaCha8([32]byte{1}), time.Now()); err != nil {
			t.Fatal(err)
		}
	})
	for _, w := range walks() {
		t.Run(w.who, func(t *testing.T) {
			b := browsertest.Open(t, s.base, "demo-"+w.who, true)
			signInTo(b, w.who)
			home := b.Path()
			for page := range strings.FieldsSeq(w.pages) {
				path, system := strings.CutPrefix(page, "//")
				switch {
				case system:
					path = "/" + path
				case page == ".":
					path = home
				default:
					path = strings.TrimSuffix(home, "/") + page
				}
				b.Go(path)
				b.Look(strings.ReplaceAll(strings.Trim(page, "/."), "/", "-") + "-")
			}
			b.Complaints()
		})
	}
	t.Run("matrix", func(t *testing.T) {
		b := browsertest.Open(t, s.base, "demo-matrix", true)
		signInTo(b, "coordinatrice")
		for _, p := range summary.Programmes {
			b.Go("/programmi/" + p.ID.String())
			b.Look("matrix")
			b.Go("/programmi/" + p.ID.String() + "/percorsi")
			b.Look("percorsi")
		}
		b.Complaints()
	})
	t.Run("pdf", func(t *testing.T) { pdfInHand(t, s) })
	t.Run("employee", func(t *testing.T) {
		b := browsertest.Open(t, s.base, "demo-employee", true)
		b.Go(summary.Links[0])
		b.Look("informativa")
		b.Complaints()
	})
}

func signInTo(b *browsertest.Browser, who string) {
	b.Go("/accedi")
	b.Fill("email", who+"@demo.example")
	b.Fill("password", demo.Password)
	b.Press("Accedi")
}

// pdfInHand presses every PDF button of the reports page as the page itself would.
func pdfInHand(t *testing.T, s site) {
	b := browsertest.Open(t, s.base, "demo-pdf", true)
	signInTo(b, "rtd.castel-ventoso")
	b.Go(b.Path() + "/rapporti")
	got := b.Await(`Promise.all([...document.querySelectorAll('form[action$="/pdf"]')].map(f =>
		fetch(f.action, {method: 'POST', body: new URLSearchParams(new FormData(f))}).then(r => r.arrayBuffer().then(a =>
			r.status + ' ' + new TextDecoder('latin1').decode(a.slice(0, 5)))))).then(l => l.join(','))`)
	answers := strings.Split(got, ",")
	if len(answers) < 3 {
		t.Fatalf("got %d reports to issue (%s), want assessment, plan and impact", len(answers), got)
	}
	for _, a := range answers {
		if a != "200 %PDF-" {
			t.Errorf("issuing a report: got %q, want a PDF", a)
		}
	}
}
