package app_test

import (
	"math/rand/v2"
	"path/filepath"
	"strconv"
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
		{"utd", ". /valutazioni/exante /rilevazioni /risultati/expost /piano /avanzamento /rapporti"},
		{"coordinatrice", ". //programmi"},
		{"facilitatore", ". //programmi"},
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
	t.Run("coordinator", func(t *testing.T) { coordinator(t, s, summary, false) })
	t.Run("coordinator-js", func(t *testing.T) { coordinator(t, s, summary, true) })
	t.Run("limits", func(t *testing.T) { limits(t, s) })
	t.Run("pdf", func(t *testing.T) { pdfInHand(t, s) })
	t.Run("employee", func(t *testing.T) {
		b := browsertest.Open(t, s.base, "demo-employee", true)
		b.Go(summary.Links[0])
		b.Look("informativa")
		b.Complaints()
	})
}

// coordinator walks the programmes with the mouse: matrix with its filters, one
// Comune and its results, paths, who is enrolled, who works there.
func coordinator(t *testing.T, s site, summary demo.Summary, scripts bool) {
	name := map[bool]string{false: "coordinator", true: "coordinator-js"}[scripts]
	b := browsertest.Open(t, s.base, name, scripts)
	signInTo(b, "coordinatrice")
	b.Look("home")
	walked := summary.Programmes
	if !scripts {
		walked = walked[:1] // the pages are the same
	}
	for _, p := range walked {
		path := "/programmi/" + p.ID.String()
		b.PressAt(`main a[href="` + path + `"]`)
		b.Look("matrice")
		const rows = `String(document.querySelectorAll('.matrix tbody tr').length)`
		if got := b.Eval(rows); got != strconv.Itoa(p.Enti) {
			t.Errorf("%s: got %s rows, want %d", p.Name, got, p.Enti)
		}
		b.Pick("classe", b.Eval(`document.querySelector('select[name=classe]').options[1].value`))
		b.Press("Mostra")
		if got, err := strconv.Atoi(b.Eval(rows)); err != nil || got < 1 || got >= p.Enti {
			t.Errorf("%s, one class: got %d rows, %v, want some of %d", p.Name, got, err, p.Enti)
		}
		b.Look("matrice-filtrata")
		b.Press("Togli i filtri")
		if got := b.Eval(rows); got != strconv.Itoa(p.Enti) {
			t.Errorf("%s without filters: got %s rows, want %d", p.Name, got, p.Enti)
		}
		b.Go(path + "/percorsi")
		b.Look("percorsi")
		b.Go(path + "/enti")
		b.Wants("Coordinatrice di programma", "Facilitatore")
		b.Look("iscritti")
		b.PressAt(`main td a[href$="/impostazioni/persone"]`)
		b.Fill("email", name+"."+p.ID.String()+"@demo.example")
		b.Fill("nome", "Vera Pozzi")
		b.Pick("ruolo", "viewer")
		b.Submit("/impostazioni/persone")
		b.Wants("Vera Pozzi")
		b.Look("persone")
		b.Go(path)
		b.PressAt(`.matrix tbody th a`)
		b.Look("comune")
		b.PressAt(`header a[href$="/risultati"]`)
		b.Look("risultati")
		b.Go("/")
	}
	b.Complaints()
}

// limits: the member of the UTD fills in and does not approve; the facilitator
// opens a Comune of the programme from the matrix and checks its evidence.
func limits(t *testing.T, s site) {
	b := browsertest.Open(t, s.base, "demo-limits", true)
	signInTo(b, "utd")
	home := b.Path()
	b.Go(home + "/piano")
	if b.Eval(`String(document.querySelector('form[action$="/piano/approva"]') !== null)`) == "true" {
		t.Error("the member of the UTD is offered to approve")
	}
	b.Go(home + "/catalogo")
	b.PressAt(`header form[action="/esci"] button`)
	signInTo(b, "facilitatore")
	b.PressAt(`main a[href^="/programmi/"]`)
	b.PressAt(`.matrix tbody th a`)
	b.PressAt(`header a[href$="/valutazioni"]`)
	b.Look("valutazioni")
	b.Go(strings.TrimSuffix(b.Path(), "/") + "/exante/verifiche")
	b.Look("verifiche")
	b.Complaints()
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
