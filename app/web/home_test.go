package web_test

import (
	"regexp"
	"strings"
	"testing"

	"traguardo/app/auth"
	"traguardo/app/web/webtest"
)

func TestHome(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		a, b := w.Ente("Roccaverde", 600), w.Ente("Borgo Ametista", 12000)
		other := w.Ente("Altrove", 900)
		w.User("rtd@comune.example", false, webtest.In(auth.RTD, a))
		w.User("two@comune.example", false, webtest.In(auth.RTD, a), webtest.In(auth.Viewer, b))
		w.User("nobody@comune.example", false)
		w.User("admin@sistema.example", true)
		p := w.Programme("Valle", a, b)
		w.User("coord@programma.example", false, webtest.On(auth.Coordinator, p))

		if got := w.Client().Raw("/"); got.Status != 303 || !strings.HasPrefix(got.Location, "/accedi") {
			t.Errorf("signed out: got %d to %q, want the sign-in page", got.Status, got.Location)
		}
		if got := w.SignedIn("rtd@comune.example").Raw("/"); got.Location != "/enti/"+a.ID.String() {
			t.Errorf("one ente: got %d to %q, want its percorso", got.Status, got.Location)
		}
		tests := []struct {
			email     string
			want, not []string
		}{
			{"two@comune.example", []string{"Roccaverde", "Borgo Ametista", "12.000", "Impostazione"}, []string{"Altrove", "/sistema/utenti", "/enti/nuovo"}},
			{"nobody@comune.example", []string{"Non Le è ancora assegnato"}, []string{"Roccaverde", "/enti/nuovo"}},
			{"admin@sistema.example", []string{"/sistema/utenti", "/sistema/registro"}, []string{"Roccaverde", other.Name}},
			{"coord@programma.example", []string{"Roccaverde", "Valle", "/enti/nuovo"}, []string{"Altrove", "/sistema/utenti"}},
		}
		for _, tt := range tests {
			got := w.SignedIn(tt.email).Get("/")
			if got.Status != 200 {
				t.Fatalf("%s: got %d", tt.email, got.Status)
			}
			wantPage(t, tt.email, got, tt.want, tt.not)
		}
	})
}

var missingKey = regexp.MustCompile(`\[[a-z_]+\.[a-z0-9_.]+\]`)

// wantPage checks what must and what must not stand on a page.
func wantPage(t *testing.T, who string, p webtest.Page, want, not []string) {
	t.Helper()
	for _, s := range want {
		if !strings.Contains(p.Body, s) {
			t.Errorf("%s at %s: %q is missing (status %d)", who, p.Path, s, p.Status)
		}
	}
	for _, s := range not {
		if strings.Contains(p.Body, s) {
			t.Errorf("%s at %s: %q must not be there", who, p.Path, s)
		}
	}
	if strings.Contains(p.Body, "ZgotmplZ") || strings.Contains(p.Body, "<no value>") {
		t.Errorf("%s at %s: a value could not be printed", who, p.Path)
	}
	if key := missingKey.FindString(p.Body); key != "" {
		t.Errorf("%s at %s: message missing: %s", who, p.Path, key)
	}
	if n := strings.Count(p.Body, "<h1"); n != 1 {
		t.Errorf("%s at %s: %d h1, want 1", who, p.Path, n)
	}
}

func TestEnteHome(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		a, b := w.Ente("Roccaverde", 600), w.Ente("Borgo Ametista", 12000)
		w.User("rtd@comune.example", false, webtest.In(auth.RTD, a))
		w.User("office@comune.example", false, webtest.In(auth.Office, a))
		w.User("admin@sistema.example", true)
		path := func(id interface{ String() string }) string { return "/enti/" + id.String() }

		got := w.SignedIn("rtd@comune.example").Get(path(a.ID))
		wantPage(t, "rtd", got, []string{"Prepari il Comune", "/impostazioni", "Dato dimostrativo", "fino a 1.000 abitanti"}, []string{"Borgo Ametista"})
		if got := w.SignedIn("rtd@comune.example").Get(path(b.ID)); got.Status != 404 {
			t.Errorf("another ente: got %d, want 404", got.Status)
		}
		got = w.SignedIn("office@comune.example").Get(path(a.ID))
		wantPage(t, "office", got, []string{"/attivita"}, []string{"/impostazioni", "/valutazioni"})
		if got := w.SignedIn("admin@sistema.example").Get(path(a.ID)); got.Status != 404 {
			t.Errorf("admin without a role: got %d, want 404", got.Status)
		}
		if got := w.SignedIn("rtd@comune.example").Get("/enti/nonunid"); got.Status != 404 {
			t.Errorf("no id: got %d, want 404", got.Status)
		}
	})
}
