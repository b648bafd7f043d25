// Package webtest drives the whole web application in tests: a real database, a
// real service, the real pages, and a client that keeps cookies, follows forms
// and reads pages by selector-like helpers.
package webtest

import (
	"bytes"
	"crypto/sha256"
	"io"
	"log/slog"
	"maps"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"traguardo/app/auth"
	"traguardo/app/i18n"
	"traguardo/app/service"
	"traguardo/app/storage"
	"traguardo/app/storage/storagetest"
	"traguardo/app/web"
	"traguardo/surveys"
	"traguardo/surveys/comune"
	"traguardo/templates"
)

// Start is the instant at which a World's clock begins: a Monday morning.
func Start() time.Time { return time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC) }

// Password is the password of every account that a World makes.
const Password = "quattro sassi lungo il fiume"

// World is one application with its database and its clock.
type World struct {
	T       testing.TB
	Store   *storage.Store
	Service *service.Service
	Server  *web.Server
	Clock   time.Time
	Key     []byte
	Log     *bytes.Buffer
}

// Run runs test on a fresh World on each engine.
func Run(t *testing.T, test func(t *testing.T, w *World)) {
	t.Helper()
	storagetest.Run(t, func(t *testing.T, store *storage.Store) { test(t, New(t, store)) })
}

// New builds the application over a migrated store. Randomness is seeded: the
// same test makes the same ids.
func New(t testing.TB, store *storage.Store) *World {
	t.Helper()
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	hasher, err := auth.NewHasher(2, 64)
	if err != nil {
		t.Fatal(err)
	}
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	w := &World{T: t, Store: store, Clock: Start(), Key: bytes.Repeat([]byte{7}, 32), Log: &bytes.Buffer{}}
	now := func() time.Time { return w.Clock }
	log := slog.New(slog.NewJSONHandler(w.Log, nil))
	w.Service, err = service.New(service.Config{Store: store, Now: now, Random: &lockedRandom{source: rand.NewChaCha8([32]byte{1})}, MasterKey: w.Key,
		Hasher: hasher, Texts: texts, BaseURL: "http://traguardo.test", Log: log, Rome: rome})
	if err != nil {
		t.Fatal(err)
	}
	w.Server, err = web.New(web.Config{Service: w.Service, Texts: texts, Templates: templates.FS(), BaseURL: "http://traguardo.test",
		Version: "test", Key: w.Key, Now: now, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// lockedRandom lets concurrent requests share one seeded source.
type lockedRandom struct {
	mu     sync.Mutex
	source io.Reader
}

// Read fills p.
func (r *lockedRandom) Read(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.source.Read(p)
}

// ID makes an id that depends on its name alone.
func (w *World) ID(name string) surveys.ID {
	w.T.Helper()
	id, err := surveys.NewID(rand.NewChaCha8(sha256.Sum256([]byte(name))))
	if err != nil {
		w.T.Fatal(err)
	}
	return id
}

// Ente stores a fictitious ente of so many inhabitants.
func (w *World) Ente(name string, population int) comune.Ente {
	w.T.Helper()
	e := comune.Ente{ID: w.ID("ente:" + name), Name: name, Population: population, Fictitious: true, PTIEdition: "2024-2026-agg-2026",
		Region: "Toscana", Province: "Siena", ProvinceSigla: "SI", Threshold: 5}
	if err := w.Store.AddEnte(w.T.Context(), e, w.Clock); err != nil {
		w.T.Fatal(err)
	}
	return e
}

// Programme stores a programme and enrols the enti.
func (w *World) Programme(name string, enti ...comune.Ente) storage.Programme {
	w.T.Helper()
	p := storage.Programme{ID: w.ID("programme:" + name), Name: name, Fictitious: true, PTIEdition: "2024-2026-agg-2026", CreatedAt: w.Clock}
	if err := w.Store.AddProgramme(w.T.Context(), p); err != nil {
		w.T.Fatal(err)
	}
	for _, e := range enti {
		if err := w.Store.Enrol(w.T.Context(), p.ID, e.ID, w.Clock); err != nil {
			w.T.Fatal(err)
		}
	}
	return p
}

// User stores an account with Password and these grants, and returns its actor.
func (w *World) User(email string, admin bool, grants ...auth.Grant) auth.Actor {
	w.T.Helper()
	ctx := w.T.Context()
	hasher, err := auth.NewHasher(2, 64)
	if err != nil {
		w.T.Fatal(err)
	}
	hash, err := hasher.Hash(ctx, Password)
	if err != nil {
		w.T.Fatal(err)
	}
	u := storage.User{ID: w.ID("user:" + email), Email: email, EmailFolded: strings.ToLower(email), Name: "Utente " + email,
		PasswordHash: hash, Lang: "it", Admin: admin, CreatedAt: w.Clock}
	if err := w.Store.AddUser(ctx, u); err != nil {
		w.T.Fatal(err)
	}
	for _, g := range grants {
		g.UserID = u.ID
		g.ID = w.ID("grant:" + email + string(g.Role) + g.EnteID.String() + g.ProgrammeID.String())
		if err := w.Store.AddGrant(ctx, g); err != nil {
			w.T.Fatal(err)
		}
	}
	return auth.Actor{UserID: u.ID, Name: u.Name, Email: email, Lang: "it", Admin: admin}
}

// In is a grant of role in an ente, for User.
func In(role auth.Role, e comune.Ente) auth.Grant { return auth.Grant{Role: role, EnteID: e.ID} }

// On is a grant of role on a programme, for User.
func On(role auth.Role, p storage.Programme) auth.Grant {
	return auth.Grant{Role: role, ProgrammeID: p.ID}
}

// Client is one browser without JavaScript.
type Client struct {
	w       *World
	cookies map[string]string
	Page    Page // the last page
}

// Page is an answer of the application.
type Page struct {
	Status   int
	Body     string
	Header   http.Header
	Location string
	Path     string
}

// Client returns a browser without cookies.
func (w *World) Client() *Client { return &Client{w: w, cookies: map[string]string{}} }

// Clone is another tab of the same browser, to send from at the same time.
func (c *Client) Clone() *Client {
	return &Client{w: c.w, cookies: maps.Clone(c.cookies), Page: c.Page}
}

// SignedIn returns a browser signed in as the account of an address.
func (w *World) SignedIn(email string) *Client {
	w.T.Helper()
	return w.SignedInWith(email, Password)
}

// SignedInWith is SignedIn for an account with a password of its own.
func (w *World) SignedInWith(email, password string) *Client {
	w.T.Helper()
	token, err := w.Service.SignIn(w.T.Context(), email, password, "test")
	if err != nil {
		w.T.Fatalf("signing in as %s: %v", email, err)
	}
	c := w.Client()
	c.cookies["traguardo"] = token
	return c
}

// Get reads a page, following redirects.
func (c *Client) Get(path string) Page { return c.follow(c.do(http.MethodGet, path, "", nil, nil)) }

// Raw reads a page without following redirects.
func (c *Client) Raw(path string) Page { return c.do(http.MethodGet, path, "", nil, nil) }

// Post sends a form with the token of the last page (the client reads one from
// the home page when it has none), following redirects.
func (c *Client) Post(path string, fields url.Values) Page {
	return c.follow(c.PostRaw(path, fields))
}

// PostRaw is Post without following redirects.
func (c *Client) PostRaw(path string, fields url.Values) Page {
	sent := url.Values{"csrf": {c.Token()}}
	for k, v := range fields {
		sent[k] = v
	}
	return c.do(http.MethodPost, path, "application/x-www-form-urlencoded", strings.NewReader(sent.Encode()), nil)
}

// PostFile sends a multipart form with one file.
func (c *Client) PostFile(path string, fields url.Values, field, name string, content []byte) Page {
	c.w.T.Helper()
	var body bytes.Buffer
	mw := multipart.NewWriter(&body)
	must := func(err error) {
		if err != nil {
			c.w.T.Fatal(err)
		}
	}
	must(mw.WriteField("csrf", c.Token()))
	for k, vs := range fields {
		for _, v := range vs {
			must(mw.WriteField(k, v))
		}
	}
	fw, err := mw.CreateFormFile(field, name)
	must(err)
	_, err = fw.Write(content)
	must(err)
	must(mw.Close())
	return c.follow(c.do(http.MethodPost, path, mw.FormDataContentType(), &body, nil))
}

// JSON sends body with the token in the header, as the page's script does.
func (c *Client) JSON(path, contentType, body string) Page {
	return c.do(http.MethodPost, path, contentType, strings.NewReader(body), http.Header{"X-Csrf-Token": {c.Token()}, "Accept": {"application/json"}})
}

var tokenPattern = regexp.MustCompile(`name="csrf" value="([^"]+)"`)

// Token is the form token of this browser's last page that had one.
func (c *Client) Token() string {
	c.w.T.Helper()
	if m := tokenPattern.FindStringSubmatch(c.Page.Body); m != nil {
		return m[1]
	}
	if m := tokenPattern.FindStringSubmatch(c.Get("/").Body); m != nil {
		return m[1]
	}
	c.w.T.Fatal("no page with a form token")
	return ""
}

func (c *Client) follow(p Page) Page {
	for range 5 {
		if p.Location == "" {
			break
		}
		path, _, _ := strings.Cut(p.Location, "#") // a browser keeps the fragment to itself
		p = c.do(http.MethodGet, path, "", nil, nil)
	}
	return p
}

func (c *Client) do(method, path, contentType string, body io.Reader, header http.Header) Page {
	c.w.T.Helper()
	req := httptest.NewRequest(method, path, body)
	for k, v := range header {
		req.Header[k] = v
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	for name, value := range c.cookies {
		req.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	resp, err := c.w.Server.App().Test(req, -1)
	if err != nil {
		c.w.T.Fatalf("%s %s: %v", method, path, err)
	}
	defer resp.Body.Close()
	for _, ck := range resp.Cookies() {
		if ck.MaxAge < 0 || ck.Value == "" {
			delete(c.cookies, ck.Name)
		} else {
			c.cookies[ck.Name] = ck.Value
		}
	}
	content, err := io.ReadAll(resp.Body)
	if err != nil {
		c.w.T.Fatal(err)
	}
	c.Page = Page{Status: resp.StatusCode, Body: string(content), Header: resp.Header, Location: resp.Header.Get("Location"), Path: path}
	return c.Page
}
