package web_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"traguardo/app/auth"
	"traguardo/app/web/webtest"
)

const newPassword = "cinque gatti sopra il tetto"

func TestFirstAdministrator(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		code, err := w.Service.NewSetupCode(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		c := w.Client()
		wantPage(t, "nobody", c.Get("/"), []string{`action="/avvio"`, `name="code"`}, nil)
		form := url.Values{"code": {"SBAGLIATO"}, "name": {"Ada Neri"}, "email": {"ada@sistema.example"}, "password": {newPassword}, "again": {newPassword}}
		if p := c.Post("/avvio", form); p.Status != 422 || !strings.Contains(p.Body, "codice di avvio non è corretto") || strings.Contains(p.Body, newPassword) {
			t.Errorf("wrong code: got %d, want 422 without the password", p.Status)
		}
		form.Set("code", strings.ToLower(code))
		form.Set("again", "altra cosa del tutto")
		if p := c.Post("/avvio", form); p.Status != 422 || !strings.Contains(p.Body, "non coincidono") {
			t.Errorf("two passwords: got %d, want 422", p.Status)
		}
		form.Set("again", newPassword)
		p := c.Post("/avvio", form)
		wantPage(t, "administrator", p, []string{"/sistema/utenti", "Amministrazione del sistema"}, nil)
		other := w.Client()
		if p := other.Raw("/avvio"); p.Location != "/accedi" {
			t.Errorf("after set-up: got %d to %q, want the sign-in page", p.Status, p.Location)
		}
		other.Get("/accedi")
		if p := other.Post("/avvio", form); p.Status != 404 {
			t.Errorf("the same code twice: got %d, want 404", p.Status)
		}
	})
}

// linkOf finds the newest link that sets a password in the outbox.
func linkOf(t *testing.T, w *webtest.World, to string) string {
	t.Helper()
	mails, err := w.Store.DueMail(t.Context(), w.Clock, 100)
	if err != nil {
		t.Fatal(err)
	}
	link := ""
	for _, m := range mails {
		if m.Recipient != to {
			continue
		}
		if len([]rune(m.Subject)) > 60 || missingKey.MatchString(m.Subject+m.Text+m.HTML) {
			t.Errorf("mail %q: subject too long or text missing", m.Subject)
		}
		if found := regexp.MustCompile(`/password/scegli/\S+`).FindString(m.Text); found != "" {
			link = found
		}
	}
	return link
}

func TestForgottenPassword(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		w.User("rtd@comune.example", false)
		signedIn := w.SignedIn("rtd@comune.example")
		c := w.Client()
		c.Get("/password/dimenticata")
		known := c.Post("/password/dimenticata", url.Values{"email": {"RTD@comune.example"}})
		c.Get("/password/dimenticata")
		unknown := c.Post("/password/dimenticata", url.Values{"email": {"ignoto@comune.example"}})
		if known.Status != 200 || strings.ReplaceAll(known.Body, "rtd", "") != strings.ReplaceAll(unknown.Body, "ignoto", "") {
			t.Errorf("known %d and unknown %d: the answers differ", known.Status, unknown.Status)
		}
		link := linkOf(t, w, "rtd@comune.example")
		if link == "" || linkOf(t, w, "ignoto@comune.example") != "" {
			t.Fatalf("got link %q, want one for the account only", link)
		}
		wantPage(t, "link", c.Get(link), []string{`name="again"`}, nil)
		if p := c.Post(link, url.Values{"password": {"corta"}, "again": {"corta"}}); p.Status != 422 || !strings.Contains(p.Body, "almeno 12") {
			t.Errorf("short password: got %d, want 422", p.Status)
		}
		if p := c.Post(link, url.Values{"password": {newPassword}, "again": {newPassword}}); p.Status != 200 || !strings.Contains(p.Body, "Ora può accedere") {
			t.Errorf("new password: got %d", p.Status)
		}
		if p := c.Get(link); p.Status != 410 || !strings.Contains(p.Body, "non più valido") {
			t.Errorf("the link twice: got %d, want 410", p.Status)
		}
		if p := signedIn.Raw("/"); p.Status != 303 || !strings.HasPrefix(p.Location, "/accedi") {
			t.Errorf("session from before: got %d to %q, want it ended", p.Status, p.Location)
		}
		if _, err := w.Service.SignIn(t.Context(), "rtd@comune.example", newPassword, "x"); err != nil {
			t.Errorf("sign-in with the new password: %v", err)
		}
	})
}

func TestResetLinkExpires(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		w.User("rtd@comune.example", false)
		if err := w.Service.AskReset(t.Context(), "rtd@comune.example", "x"); err != nil {
			t.Fatal(err)
		}
		link := linkOf(t, w, "rtd@comune.example")
		w.Clock = w.Clock.Add(61 * time.Minute)
		if p := w.Client().Get(link); p.Status != 410 {
			t.Errorf("after an hour: got %d, want 410", p.Status)
		}
		c := w.Client()
		for range 11 {
			c.Get("/password/dimenticata")
			c.Post("/password/dimenticata", url.Values{"email": {"rtd@comune.example"}})
		}
		if c.Page.Status != 429 {
			t.Errorf("eleven requests: got %d, want 429", c.Page.Status)
		}
	})
}

func TestChangePassword(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		e := w.Ente("Roccaverde", 600)
		w.User("rtd@comune.example", false, webtest.In(auth.RTD, e))
		other, c := w.SignedIn("rtd@comune.example"), w.SignedIn("rtd@comune.example")
		wantPage(t, "rtd", c.Get("/password/nuova"), []string{`name="current"`}, nil)
		p := c.Post("/password/nuova", url.Values{"current": {"sbagliata del tutto"}, "password": {newPassword}, "again": {newPassword}})
		if p.Status != 422 || !strings.Contains(p.Body, "password attuale non è corretta") {
			t.Errorf("wrong current password: got %d, want 422", p.Status)
		}
		p = c.Post("/password/nuova", url.Values{"current": {webtest.Password}, "password": {newPassword}, "again": {newPassword}})
		if p.Status != 200 || !strings.Contains(p.Body, "Password cambiata") {
			t.Errorf("change: got %d, want the home with a message", p.Status)
		}
		if p := other.Raw("/"); !strings.HasPrefix(p.Location, "/accedi") {
			t.Errorf("the other session: got %d to %q, want it ended", p.Status, p.Location)
		}
		for range 8 {
			c.Get("/password/nuova")
			c.Post("/password/nuova", url.Values{"current": {"sbagliata del tutto"}, "password": {"x"}, "again": {"x"}})
		}
		if c.Page.Status != 422 || !strings.Contains(c.Page.Body, "Troppi tentativi") && !strings.Contains(c.Page.Body, "password attuale") {
			t.Errorf("eight failures: got %d", c.Page.Status)
		}
	})
}

func TestProvisionalPasswordMustBeChanged(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		e := w.Ente("Roccaverde", 600)
		admin := w.User("admin@sistema.example", true)
		rtd := w.User("rtd@comune.example", false, webtest.In(auth.RTD, e))
		if err := w.Service.SetProvisional(t.Context(), admin, rtd.UserID, "provvisoria ma abbastanza lunga"); err != nil {
			t.Fatal(err)
		}
		c := w.Client()
		c.Get("/accedi")
		p := c.Post("/accedi", url.Values{"email": {"rtd@comune.example"}, "password": {"provvisoria ma abbastanza lunga"}})
		wantPage(t, "rtd", p, []string{"provvisoria: ne scelga una Sua", `name="current"`}, nil)
		if p := c.Raw("/enti/" + e.ID.String()); p.Location != "/password/nuova" {
			t.Errorf("another page: got %d to %q, want the change of password", p.Status, p.Location)
		}
		p = c.Post("/password/nuova", url.Values{"current": {"provvisoria ma abbastanza lunga"}, "password": {newPassword}, "again": {newPassword}})
		wantPage(t, "rtd", p, []string{"Roccaverde"}, nil)
	})
}
