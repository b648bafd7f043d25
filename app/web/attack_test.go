package web_test

import (
	"errors"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/app/storage/storagetest"
	"traguardo/app/web/webtest"
)

// pathParts fill the addresses of an ente: ids of rows by kind and codes that exist.
func pathParts(w *webtest.World, x *trackWorld) map[string]string {
	id := w.ID("nothing").String()
	return map[string]string{"ufficio": id, "persona": id, "incarico": id, "prova": id, "file": id, "id": id, "tappa": id, "attivita": id,
		"progetto": x.foreign.String(), "ondata": "exante", "codice": "M-PIA-01", "area": "PIA", "versione": "1", "passo": "start",
		"tipo": "valutazione", "condizione": "x", "dovere": "x", "anno": "2026"}
}

var parameter = regexp.MustCompile(`:(\w+)`)

// TestEveryAddressRefusesAnotherEnte walks all addresses of an ente, also those
// that will be added, as people who have no part in it: 404, and nothing changes.
func TestEveryAddressRefusesAnotherEnte(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		x := newTrackWorld(t, w)
		third := w.Ente("Terzo", 800)
		w.User("coord@terzo.example", false, webtest.On(auth.Coordinator, w.Programme("Altri", third)))
		foreign, parts := strings.TrimPrefix(x.foreignBase, "/enti/"), pathParts(w, x)
		form := url.Values{"version": {"1"}, "quarters": {"8"}, "days": {"3"}, "threshold": {"7"}, "soglia": {"7"}, "nome": {"X"}, "motivo": {"perché no"},
			"tappa": {"T"}, "entro": {"2026-12-31"}, "giorno": {"2026-11-20"}, "importo": {"1"}, "spesa": {"paid"}, "fonte": {"own"}, "email": {"a@b.example"}, "ruolo": {"viewer"},
			"ondata": {"exante"}, "valutatori": {"1"}, "risposta": {"si"}, "prova": {w.ID("nothing").String()}}
		before, err := w.Store.AuditTrail(t.Context(), "", 10_000)
		if err != nil {
			t.Fatal(err)
		}
		for _, mail := range []string{"rtd@uno.example", "coord@terzo.example"} {
			c, seen := w.SignedIn(mail), 0
			token := c.Token()
			for _, r := range w.Server.App().GetRoutes(true) {
				if !strings.HasPrefix(r.Path, "/enti/:ente") || r.Method != "GET" && r.Method != "POST" {
					continue
				}
				seen++
				path := parameter.ReplaceAllStringFunc(r.Path, func(name string) string {
					if name == ":ente" {
						return foreign
					}
					return parts[name[1:]]
				})
				var p webtest.Page
				if r.Method == "GET" {
					p = c.Raw(path)
				} else {
					f := url.Values{"csrf": {token}}
					for k, v := range form {
						f[k] = v
					}
					p = c.PostRaw(path, f)
				}
				if p.Status != 404 {
					t.Errorf("%s, %s %s: got %d, want 404", mail, r.Method, r.Path, p.Status)
				}
			}
			if seen < 100 {
				t.Errorf("%s: walked %d addresses, want them all", mail, seen)
			}
		}
		after, err := w.Store.AuditTrail(t.Context(), "", 10_000)
		if err != nil || len(after) != len(before)+2 { // two sign-ins
			t.Errorf("audit: got %d rows, %v, want %d", len(after), err, len(before)+2)
		}
	})
}

// TestSentTwiceAddsOnce: ten clicks at once on a form that adds, one effect.
func TestSentTwiceAddsOnce(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		x := newTrackWorld(t, w)
		path := x.project(x.late)
		c := x.SignedIn("rtd@uno.example")
		c.Get(path)
		for _, tc := range []struct {
			to, mark string
			form     url.Values
		}{
			{"/spese", "Bonifico di prova", url.Values{"spesa": {"paid"}, "importo": {"10"}, "giorno": {"2026-11-10"}, "fonte": {"own"}, "nota": {"Bonifico di prova"}}},
			{"/tappe", "Tappa unica", url.Values{"tappa": {"Tappa unica"}, "entro": {"2026-12-31"}}},
		} {
			token := c.Token()
			var wg sync.WaitGroup
			statuses := make([]int, 10)
			for i := range statuses {
				clone := c.Clone()
				wg.Go(func() {
					f := url.Values{"csrf": {token}}
					for k, v := range tc.form {
						f[k] = v
					}
					statuses[i] = clone.PostRaw(path+tc.to, f).Status
				})
			}
			wg.Wait()
			for _, got := range statuses {
				if got != 303 {
					t.Errorf("%s: got %v, want 303 for all", tc.to, statuses)
					break
				}
			}
			actions := 0
			rows, err := w.Store.AuditTrail(t.Context(), "", 100)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range rows {
				if r.Action == map[string]string{"/spese": "expense.add", "/tappe": "milestone.add"}[tc.to] {
					actions++
				}
			}
			if actions != 1 || !strings.Contains(c.Get(path).Body, tc.mark) {
				t.Errorf("%s: got %d effects, want 1", tc.to, actions)
			}
		}
		refused := url.Values{"tappa": {"Seconda"}, "entro": {"domani"}}
		wantStatus(t, "refused", c.Post(path+"/tappe", refused), 422)
		wantStatus(t, "refused again, not taken for a second click", c.Post(path+"/tappe", refused), 422)
	})
}

// TestTextInFieldsOfNumbers: words where a number belongs are a fault beside the
// field, and everything typed is still there.
func TestTextInFieldsOfNumbers(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		e, rtd := surveyWorld(t, w, 12)
		base := "/enti/" + e.ID.String()
		for _, typed := range []string{"cinque", "5,5", "-3", "99999999999999999999", "١٢"} {
			rtd.Get(base + "/rilevazioni/nuova")
			f := waveForm(w, "exante")
			f.Set("threshold", typed)
			f.Set("informativa", "testo da non perdere")
			wantStatus(t, "wave, "+typed, rtd.PostRaw(base+"/rilevazioni/nuova", f), 422, "f-threshold-error", `value="`+typed+`"`, "testo da non perdere")
			rtd.Get(base + "/impostazioni")
			wantStatus(t, "settings, "+typed, rtd.PostRaw(base+"/impostazioni", url.Values{"soglia": {typed}}), 422, "f-soglia-error", `value="`+typed+`"`)
		}
		f := waveForm(w, "exante")
		f.Set("version", "uno")
		wantStatus(t, "a mark of the page itself", rtd.PostRaw(base+"/rilevazioni/nuova", f), 400)
		rtd.Get(base)
		wantStatus(t, "no form at all", rtd.JSON(base+"/impostazioni", "application/json", `{"Threshold":9}`), 400)
	})
}

// TestCharactersNobodyTypes: NUL and bytes that are no text reach no database,
// wherever they stand.
func TestCharactersNobodyTypes(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		e, rtd := surveyWorld(t, w, 12)
		base := "/enti/" + e.ID.String()
		for _, bad := range []string{"Uff\x00icio ", "Uff\xff\xfeicio ", "Uff\x1b[31micio "} {
			rtd.Get(base + "/impostazioni/uffici")
			p := rtd.PostRaw(base+"/impostazioni/uffici", url.Values{"nome": {bad + url.QueryEscape(bad)}})
			wantStatus(t, "field", p, 303)
			wantStatus(t, "search", rtd.Get(base+"/impostazioni/personale?q="+url.QueryEscape(bad)), 200)
			wantStatus(t, "address", rtd.Raw(base+"/catalogo/"+url.PathEscape(bad)), 404)
			wantStatus(t, "list", rtd.PostFile(base+"/impostazioni/personale/elenco", url.Values{"testo": {"email\na" + bad + "@b.example"}}, "file", "../../x\u202e.csv", nil), 422)
			wantStatus(t, "signing in", w.Client().PostRaw("/accedi", url.Values{"email": {bad + "@b.example"}, "password": {bad}}), 422)
		}
		if strings.Contains(w.Log.String(), `"status":500`) {
			t.Error("a request ended in 500")
		}
	})
}

// TestRefusedBeforeThePages: what is turned away before any page has the same
// headers as a page.
func TestRefusedBeforeThePages(t *testing.T) {
	store := storagetest.New(t, storage.SQLite)
	w := webtest.New(t, store)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	over := make(chan error, 1)
	go func() { over <- w.Server.App().Listener(listener) }()
	defer func() {
		if err := errors.Join(w.Server.App().Shutdown(), <-over); err != nil {
			t.Error(err)
		}
	}()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+listener.Addr().String()+"/accedi", nil)
	if err != nil {
		t.Fatal(err)
	}
	for size, want := range map[int]int{9 << 10: 303, 40 << 10: 431} {
		req.Header.Set("X-Intranet", strings.Repeat("x", size))
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		h := resp.Header
		if resp.StatusCode != want || !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'") || h.Get("Cache-Control") != "no-store" {
			t.Errorf("%d bytes of headers: got %d with %v, want %d", size, resp.StatusCode, h, want)
		}
	}
}

// TestWayBackStaysHere: no address after the sign-in or the language leads to another site.
func TestWayBackStaysHere(t *testing.T) {
	w := webtest.New(t, storagetest.New(t, storage.SQLite))
	w.User("a@b.example", true)
	c := w.SignedIn("a@b.example")
	for _, evil := range []string{"//evil.example", "/\t/evil.example", "/\x00/evil.example", `/\evil.example`, "https://evil.example", "/\r\nSet-Cookie: a=b", "\t//evil.example", ""} {
		for _, path := range []string{"/lingua/it?da=", "/accedi?da="} {
			p := c.Raw(path + url.QueryEscape(evil))
			if p.Status != 303 || p.Location != "/" {
				t.Errorf("%s%q: got %d to %q, want /", path, evil, p.Status, p.Location)
			}
		}
	}
	if p := c.Raw("/lingua/it?da=" + url.QueryEscape("/sistema?x=1")); p.Location != "/sistema?x=1" {
		t.Errorf("own page: got %q", p.Location)
	}
}

// TestHammeredLink: one link may not flood the site, and others feel nothing of it.
func TestHammeredLink(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		e, rtd := surveyWorld(t, w, 12)
		openedWave(t, w, rtd, e, "exante")
		all := links(t, w)
		flood, other := w.Client(), w.Client()
		flood.Get(all[0])
		other.Get(all[1])
		stopped := 0
		for range 200 {
			if flood.Raw("/q").Status == 429 {
				stopped++
			}
		}
		if stopped == 0 || stopped > 60 {
			t.Errorf("hammering: %d of 200 refused, want some and not most", stopped)
		}
		wantStatus(t, "the next person", other.Raw("/q"), 200)
		w.Clock = w.Clock.Add(60e9)
		wantStatus(t, "a minute later", flood.Raw("/q"), 200)
	})
}
