package app_test

import (
	"bytes"
	"html"
	"log/slog"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/auth"
	"traguardo/app/demo"
	"traguardo/app/i18n"
	"traguardo/app/storage"
	"traguardo/app/storage/storagetest"
	"traguardo/app/web/webtest"
)

const (
	maxPageQueries = 8 // ARCHITECTURE.md, budgets: session and permissions included
	visitsOfRoute  = 4 // by one user: an ente early in the loop and one late differ
)

// TestQueryBudgetOfEveryPage walks the demonstration along its links as each role
// and counts the queries of each page; every page of a signed-in user is met but those of unmet.
func TestQueryBudgetOfEveryPage(t *testing.T) {
	w := demoWorld(t)
	routes := pageRoutes(w)
	met := map[string]bool{}
	for _, who := range []string{"rtd.montesereno", "rtd.castel-ventoso", "rtd.valdombra", "coordinatrice", "facilitatore", "utd", "ufficio", "segretaria", "rtd.vero", "admin"} {
		walkPages(t, w, who, routes, met)
	}
	for _, r := range routes {
		if !met[r] && !slices.Contains(unmet(), r) {
			t.Errorf("no link of the demonstration leads to %s", r)
		}
	}
}

// unmet are the pages to which no link of the demonstration leads: its plans are
// approved, it has no draft of a wave and no file.
func unmet() []string {
	return []string{"/enti/:ente/valutazioni/:ondata/chiusura", "/enti/:ente/valutazioni/:ondata/verifiche", "/enti/:ente/allegati/:file",
		"/enti/:ente/rilevazioni/:id/modifica", "/enti/:ente/rilevazioni/:id/lettere", "/enti/:ente/rilevazioni/:id/carte", "/enti/:ente/rilevazioni/:id/inviti", "/enti/:ente/rilevazioni/:id/testi",
		"/enti/:ente/rilevazioni/:id/lettere.pdf", "/enti/:ente/rilevazioni/:id/carte.pdf", "/enti/:ente/piano/limiti",
		"/enti/:ente/piano/progetti/nuovo", "/enti/:ente/piano/progetti/:progetto/modifica", "/enti/:ente/attivita/:attivita/allegati/:file"}
}

// demoWorld is the whole application over the demonstration.
func demoWorld(t *testing.T) *webtest.World {
	t.Helper()
	store := storagetest.New(t, storage.SQLite)
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	hasher, err := auth.NewHasher(2, 64)
	if err != nil {
		t.Fatal(err)
	}
	w := webtest.New(t, store)
	w.Clock = time.Date(2026, 11, 22, 11, 0, 0, 0, time.UTC)
	_, err = demo.Build(t.Context(), store, demo.Options{Seed: 1, Now: w.Clock, Secrets: rand.NewChaCha8([32]byte{3}), MasterKey: bytes.Clone(w.Key),
		Hasher: hasher, Texts: texts, BaseURL: "http://traguardo.test", Log: slog.New(slog.DiscardHandler), Rome: w.Service.Rome()})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// pageRoutes are the patterns of the pages of signed-in users, fixed parts before parameters.
func pageRoutes(w *webtest.World) []string {
	var out []string
	for _, r := range w.Server.App().GetRoutes(true) {
		first, _, _ := strings.Cut(strings.Trim(r.Path, "/"), "/")
		if r.Method == fiber.MethodGet && slices.Contains([]string{"", "enti", "programmi", "sistema"}, first) && r.Path != "/*" {
			out = append(out, r.Path)
		}
	}
	return slices.Compact(out)
}

// routeOf is the first pattern that a path meets; empty when none does.
func routeOf(path string, routes []string) string {
	path, _, _ = strings.Cut(path, "?")
	parts := strings.Split(strings.TrimSuffix(path, "/"), "/")
	for _, r := range routes {
		want := strings.Split(strings.TrimSuffix(r, "/"), "/")
		same := len(want) == len(parts)
		for i := 0; same && i < len(want); i++ {
			same = want[i] == parts[i] || strings.HasPrefix(want[i], ":")
		}
		if same {
			return r
		}
	}
	return ""
}

var hrefPattern = regexp.MustCompile(`href="(/[^"#]*)`)

// walkPages follows the links of one user, a few for each route.
func walkPages(t *testing.T, w *webtest.World, who string, routes []string, met map[string]bool) {
	t.Helper()
	c := w.SignedInWith(who+"@demo.example", demo.Password)
	visits, seen := map[string]int{}, map[string]bool{"/": true}
	for queue := []string{"/"}; len(queue) > 0; queue = queue[1:] {
		path := queue[0]
		route := routeOf(path, routes)
		if route == "" || visits[route] >= visitsOfRoute {
			continue
		}
		visits[route]++
		c.Raw(path) // what is read once for all (instruments) is read now
		before := w.Store.Queries().Count()
		got := c.Raw(path)
		n := w.Store.Queries().Count() - before
		if got.Status >= 400 {
			t.Errorf("%s: %s: got %d", who, path, got.Status)
			continue
		}
		met[route] = true
		if n > maxPageQueries {
			t.Errorf("%s: %s: %d queries, want at most %d", who, route, n, maxPageQueries)
		}
		found := []string{}
		if got.Location != "" {
			found = append(found, got.Location)
		}
		for _, m := range hrefPattern.FindAllStringSubmatch(got.Body, -1) {
			found = append(found, html.UnescapeString(m[1]))
		}
		for _, f := range found {
			f, _, _ = strings.Cut(f, "#")
			if !seen[f] {
				seen[f] = true
				queue = append(queue, f)
			}
		}
	}
	if len(visits) < 2 {
		t.Errorf("%s: visited %v only", who, visits)
	}
}
