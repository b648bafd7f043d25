package web_test

import (
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"traguardo/app/auth"
	"traguardo/app/storage/storagetest"
	"traguardo/app/web/webtest"
)

func TestMain(m *testing.M) { os.Exit(storagetest.Main(m)) }

func TestSignIn(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		w.User("rtd@comune.example", false)
		c := w.Client()
		if p := c.Get("/accedi"); p.Status != 200 || !strings.Contains(p.Body, `name="password"`) {
			t.Fatalf("sign-in page: got %d", p.Status)
		}
		p := c.Post("/accedi", url.Values{"email": {"rtd@comune.example"}, "password": {"sbagliata ma lunga"}})
		if p.Status != 422 || strings.Contains(p.Body, "sbagliata ma lunga") {
			t.Errorf("wrong password: got %d, want 422 without the password", p.Status)
		}
		if !strings.Contains(p.Body, "rtd@comune.example") {
			t.Error("wrong password: the address was lost")
		}
		p = c.PostRaw("/accedi", url.Values{"email": {"rtd@comune.example"}, "password": {webtest.Password}})
		if p.Status != 303 || p.Location != "/" {
			t.Errorf("right password: got %d to %q, want 303 to /", p.Status, p.Location)
		}
	})
}

func TestSignInIsThrottled(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		w.User("rtd@comune.example", false)
		c := w.Client()
		for range 8 {
			c.Post("/accedi", url.Values{"email": {"RTD@comune.example"}, "password": {"sbagliata"}})
		}
		p := c.Post("/accedi", url.Values{"email": {"rtd@comune.example"}, "password": {webtest.Password}})
		if p.Status != 422 || !strings.Contains(p.Body, "Troppi tentativi") {
			t.Errorf("after 8 failures: got %d, want to be throttled", p.Status)
		}
		w.Clock = w.Clock.Add(16 * time.Minute)
		if p := c.PostRaw("/accedi", url.Values{"email": {"rtd@comune.example"}, "password": {webtest.Password}}); p.Status != 303 {
			t.Errorf("a quarter of an hour later: got %d, want 303", p.Status)
		}
	})
}

func TestPostNeedsToken(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		w.User("rtd@comune.example", false)
		c := w.SignedIn("rtd@comune.example")
		if p := c.PostRaw("/esci", url.Values{"csrf": {"forged"}}); p.Status != 403 {
			t.Errorf("forged token: got %d, want 403", p.Status)
		}
	})
}

func TestExpiredSessionKeepsWhatWasTyped(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		e := w.Ente("Roccaverde", 600)
		w.User("rtd@comune.example", false, webtest.In(auth.RTD, e))
		c := w.SignedIn("rtd@comune.example")
		path := "/enti/" + e.ID.String() + "/prova"
		w.Clock = w.Clock.Add(2 * time.Hour)
		p := c.PostRaw(path, url.Values{"csrf": {"of the old session"}, "nota": {"testo lungo, à è"}})
		if p.Status != 401 || !strings.Contains(p.Body, `name="kept"`) {
			t.Fatalf("expired session: got %d, want 401 with the kept form", p.Status)
		}
		_, after, _ := strings.Cut(p.Body, `name="kept" value="`)
		kept, _, _ := strings.Cut(after, `"`)
		p = c.Post("/accedi", url.Values{"email": {"rtd@comune.example"}, "password": {webtest.Password}, "kept": {kept}})
		if p.Status != 200 || !strings.Contains(p.Body, "testo lungo, à è") || !strings.Contains(p.Body, path) {
			t.Errorf("after sign-in: got %d, want the form as it was", p.Status)
		}
	})
}

func TestUnknownErrorsShowNothing(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		if err := w.Store.Close(); err != nil {
			t.Fatal(err)
		}
		p := w.Client().Raw("/accedi")
		if p.Status != 500 || strings.Contains(p.Body, "sql") || strings.Contains(p.Body, "closed") {
			t.Errorf("got %d %q, want 500 without the error's text", p.Status, p.Body)
		}
	})
}
