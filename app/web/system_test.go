package web_test

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"traguardo/app/auth"
	"traguardo/app/web/webtest"
)

func TestSystemPagesAreTheAdministrators(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		e := w.Ente("Roccaverde", 600)
		w.User("admin@sistema.example", true)
		w.User("rtd@comune.example", false, webtest.In(auth.RTD, e))
		w.User("coord@programma.example", false, webtest.On(auth.Coordinator, w.Programme("Valle", e)))
		admin := w.SignedIn("admin@sistema.example")
		for path, want := range map[string]string{"/sistema": "catena è intatta", "/sistema/utenti": "rtd@comune.example", "/sistema/utenti/nuovo": "Nuovo utente",
			"/sistema/enti": "Roccaverde", "/sistema/registro": "nove Comuni di riferimento", "/programmi/nuovo": "Nuovo programma"} {
			wantPage(t, "admin", admin.Get(path), []string{want}, nil)
			for _, other := range []string{"rtd@comune.example", "coord@programma.example"} {
				if p := w.SignedIn(other).Get(path); p.Status != 403 {
					t.Errorf("%s at %s: got %d, want 403", other, path, p.Status)
				}
			}
			if p := w.Client().Raw(path); p.Status != 303 {
				t.Errorf("signed out at %s: got %d, want 303", path, p.Status)
			}
		}
	})
}

func TestUsers(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		e := w.Ente("Roccaverde", 600)
		pr := w.Programme("Valle")
		admin := w.User("admin@sistema.example", true)
		c := w.SignedIn("admin@sistema.example")
		c.Get("/sistema/utenti/nuovo")
		form := url.Values{"name": {"Bruno Verdi"}, "email": {"bruno@comune.example"}, "lang": {"it"}}
		p := c.Post("/sistema/utenti/nuovo", form)
		wantPage(t, "admin", p, []string{"Bruno Verdi", "bruno@comune.example", "Nessun ruolo", "invitato"}, nil)
		if linkOf(t, w, "bruno@comune.example") == "" {
			t.Error("no invitation in the outbox")
		}
		path := p.Path
		c.Get("/sistema/utenti/nuovo")
		if p := c.Post("/sistema/utenti/nuovo", form); p.Status != 422 || !strings.Contains(p.Body, "Esiste già") || !strings.Contains(p.Body, "Bruno Verdi") {
			t.Errorf("the same address twice: got %d, want 422 with values kept", p.Status)
		}
		roles := []struct {
			name, role, place, want string
			status                  int
		}{
			{"RTD of the ente", "rtd", "e:" + e.ID.String(), "Roccaverde", 200},
			{"the same again", "rtd", "e:" + e.ID.String(), "ha già questo ruolo", 422},
			{"coordinator", "coordinator", "p:" + pr.ID.String(), "Valle", 200},
			{"RTD of a programme", "rtd", "p:" + pr.ID.String(), "non si assegna lì", 422},
			{"coordinator of an ente", "coordinator", "e:" + e.ID.String(), "non si assegna lì", 422},
			{"no place", "rtd", "", "Scelga una delle voci", 422},
			{"an ente that is not there", "rtd", "e:" + w.ID("x").String(), "Pagina non trovata", 404},
			{"administrator by scope", "admin", "e:" + e.ID.String(), "non si assegna lì", 422},
		}
		for _, tt := range roles {
			c.Get(path)
			if p := c.Post(path+"/ruoli", url.Values{"ruolo": {tt.role}, "luogo": {tt.place}}); p.Status != tt.status || !strings.Contains(p.Body, tt.want) {
				t.Errorf("%s: got %d, want %d with %q", tt.name, p.Status, tt.status, tt.want)
			}
		}
		c.Get(path)
		_, rest, _ := strings.Cut(c.Page.Body, path+"/ruoli/")
		grant, _, _ := strings.Cut(rest, "/togli")
		if p := c.Post(path+"/ruoli/"+grant+"/togli", nil); p.Status != 200 || !strings.Contains(p.Body, "Ruolo tolto") {
			t.Errorf("role taken: got %d", p.Status)
		}
		if p := c.Post(path+"/ruoli/"+grant+"/togli", nil); p.Status != 404 {
			t.Errorf("taken twice: got %d, want 404", p.Status)
		}
		own := "/sistema/utenti/" + admin.UserID.String()
		c.Get(own)
		if p := c.Post(own+"/accesso", url.Values{"stato": {"chiuso"}}); p.Status != 422 || !strings.Contains(p.Body, "unico amministratore") {
			t.Errorf("last administrator disabled: got %d, want 422", p.Status)
		}
		if p := c.Post(own, url.Values{"nome": {"Ada"}, "lang": {"it"}}); p.Status != 422 || !strings.Contains(p.Body, "unico amministratore") {
			t.Errorf("last administrator without the mark: got %d, want 422", p.Status)
		}
		c.Get(path)
		if p := c.Post(path, url.Values{"nome": {"Bruno Verdi"}, "lang": {"en"}, "amministratore": {"1"}}); p.Status != 200 {
			t.Errorf("made an administrator: got %d", p.Status)
		}
		if p := c.Post(path+"/password", url.Values{"password": {"breve"}}); p.Status != 422 {
			t.Errorf("short provisional password: got %d, want 422", p.Status)
		}
		if p := c.Post(path+"/accesso", url.Values{"stato": {"chiuso"}}); p.Status != 200 || !strings.Contains(p.Body, "accesso chiuso") {
			t.Errorf("disabled: got %d", p.Status)
		}
		wantPage(t, "admin", c.Get("/sistema/utenti?q=bruno"), []string{"Bruno Verdi"}, []string{`<th scope="row">Utente admin`})
	})
}

func TestDisabledUserIsOut(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		e := w.Ente("Roccaverde", 600)
		admin := w.User("admin@sistema.example", true)
		rtd := w.User("rtd@comune.example", false, webtest.In(auth.RTD, e))
		c := w.SignedIn("rtd@comune.example")
		if err := w.Service.SetDisabled(t.Context(), admin, rtd.UserID, true); err != nil {
			t.Fatal(err)
		}
		if p := c.Raw("/"); !strings.HasPrefix(p.Location, "/accedi") {
			t.Errorf("open session: got %d to %q, want it ended", p.Status, p.Location)
		}
		if _, err := w.Service.SignIn(t.Context(), "rtd@comune.example", webtest.Password, "x"); err == nil {
			t.Error("a disabled account signed in")
		}
		if err := w.Service.AskReset(t.Context(), "rtd@comune.example", "x"); err != nil || linkOf(t, w, "rtd@comune.example") != "" {
			t.Errorf("reset of a disabled account: %v, want no mail", err)
		}
	})
}

func fixtureFile(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("..", "..", "surveys", "comune", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestRegistryUpload(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		w.User("admin@sistema.example", true)
		w.User("rtd@comune.example", false)
		c := w.SignedIn("admin@sistema.example")
		registry := fixtureFile(t, "registry.csv")
		c.Get("/sistema/registro")
		if p := c.PostFile("/sistema/registro/comuni", nil, "comuni", "vuoto.csv", nil); p.Status != 422 || !strings.Contains(p.Body, "necessario") {
			t.Errorf("no file: got %d, want 422", p.Status)
		}
		p := c.PostFile("/sistema/registro/comuni", nil, "comuni", "comuni.csv", []byte(strings.Replace(string(registry), "001001", "1001", 1)))
		if p.Status != 422 || !strings.Contains(p.Body, "zeri iniziali") || !strings.Contains(p.Body, "1001") {
			t.Errorf("code without zeros: got %d, want 422 with the row", p.Status)
		}
		p = c.PostFile("/sistema/registro/comuni", url.Values{"prova": {"1"}}, "comuni", "comuni.csv", registry)
		if p.Status != 200 || !strings.Contains(p.Body, "nulla è stato scritto") || !strings.Contains(p.Body, "solo i nove") {
			t.Errorf("trial: got %d, want the report and nothing stored", p.Status)
		}
		p = c.PostFile("/sistema/registro/comuni", url.Values{"data": {"2026-08-14"}}, "comuni", "comuni.csv", registry)
		wantPage(t, "admin", p, []string{"Importate 12 righe: 12 nuove", "14/08/2026"}, []string{"solo i nove"})
		p = c.PostFile("/sistema/registro/padigitale", nil, "padigitale", "p.csv", fixtureFile(t, "padigitale.csv"))
		if p.Status != 422 || !strings.Contains(p.Body, "nessun Comune del registro") {
			t.Errorf("funding of Comuni that the registry lacks: got %d, want 422", p.Status)
		}
		if p := c.PostFile("/sistema/registro/altro", nil, "altro", "x.csv", registry); p.Status != 404 {
			t.Errorf("unknown kind: got %d, want 404", p.Status)
		}
		other := w.SignedIn("rtd@comune.example")
		other.Get("/password/nuova")
		if p := other.PostFile("/sistema/registro/comuni", nil, "comuni", "comuni.csv", registry); p.Status != 403 {
			t.Errorf("not the administrator: got %d, want 403", p.Status)
		}
	})
}

func TestPublicPages(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		w.User("admin@sistema.example", true)
		c := w.Client()
		for path, want := range map[string]string{"/accessibilita": "Dichiarazione di accessibilità", "/privacy": "Informativa sulla privacy", "/note-legali": "Note legali", "/versione": "Impronta (SHA-256)"} {
			wantPage(t, "everybody", c.Get(path), []string{want}, nil)
			english := w.Client()
			english.Get("/lingua/en?da=" + path)
			wantPage(t, "everybody", english.Page, []string{`<html lang="en">`}, []string{want})
		}
		c.Get("/accessibilita")
		if p := c.Post("/accessibilita", url.Values{"testo": {""}, "pagina": {"/piano"}}); p.Status != 422 || !strings.Contains(p.Body, "/piano") {
			t.Errorf("empty feedback: got %d, want 422 with values kept", p.Status)
		}
		if p := c.PostRaw("/accessibilita", url.Values{"csrf": {"x"}, "testo": {"ciao"}}); p.Status != 403 {
			t.Errorf("forged token: got %d, want 403", p.Status)
		}
		c.Get("/accessibilita")
		p := c.Post("/accessibilita", url.Values{"testo": {"Non riesco a usare il menù <b>"}, "email": {"anna@esempio.example"}})
		wantPage(t, "everybody", p, []string{"segnalazione è stata inviata"}, nil)
		mails, err := w.Store.DueMail(t.Context(), w.Clock, 10)
		if err != nil || len(mails) != 1 || mails[0].Recipient != "admin@sistema.example" || !strings.Contains(mails[0].Text, "menù <b>") {
			t.Errorf("outbox: got %+v, %v, want one message to the administrator", mails, err)
		}
	})
}
