package main

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"traguardo/app/storage"
	"traguardo/surveys"
	"traguardo/surveys/comune"
	"traguardo/surveys/instruments"
	"traguardo/surveys/scoring"
)

// line runs one command line on a database and returns exit code and output.
func line(t *testing.T, url string, args ...string) (code int, out, errOut string) {
	t.Helper()
	var o, e bytes.Buffer
	lookup := func(name string) (string, bool) {
		switch name {
		case "TRAGUARDO_DATABASE_URL":
			return url, true
		case "TRAGUARDO_SECRET_KEY":
			return "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=", true
		default:
			return "", false
		}
	}
	code = run(t.Context(), args, lookup, strings.NewReader(""), &o, &e)
	return code, o.String(), e.String()
}

// seedAssessment stores a fictitious and a real ente; the fictitious one has a
// closed assessment with every indicator at level 2.
func seedAssessment(t *testing.T, url string) {
	t.Helper()
	ctx, at := t.Context(), time.Date(2026, 2, 10, 9, 0, 0, 0, time.UTC)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	store, err := storage.Open(ctx, url)
	must(err)
	defer func() { must(store.Close()) }()
	random := rand.NewChaCha8([32]byte{3})
	id := func() surveys.ID {
		v, err := surveys.NewID(random)
		must(err)
		return v
	}
	e := comune.Ente{ID: id(), Name: "Roccaverde", Population: 600, Fictitious: true, PTIEdition: "2024-2026-agg-2026", Threshold: 5}
	must(store.AddEnte(ctx, e, at))
	must(store.AddEnte(ctx, comune.Ente{ID: id(), Name: "Lanciano", Catastale: "E435", ISTAT: "069046", IPA: "c_e435", Population: 34000, Threshold: 5}, at))
	mat, err := instruments.MAT()
	must(err)
	hash, err := store.PublishInstrument(ctx, mat, at)
	must(err)
	var codes []string
	var ratings []surveys.Rating
	for _, it := range mat.Items() {
		if it.Scored {
			level := surveys.Level(2)
			codes, ratings = append(codes, it.Code), append(ratings, surveys.Rating{Indicator: it.Code, Level: &level})
		}
	}
	a := storage.Assessment{ID: id(), EnteID: e.ID, Wave: surveys.ExAnte, InstrumentHash: hash, OpenedAt: at}
	must(store.AddAssessment(ctx, a, codes))
	a.ClosedAt, a.ClosedBy, a.Act = at, id(), storage.Act{Type: "Determina", Number: "1", Date: at.Truncate(24 * time.Hour)}
	must(store.CloseAssessment(ctx, a))
	res, err := scoring.Assess(mat, ratings, at)
	must(err)
	body, err := json.Marshal(res)
	must(err)
	must(store.SaveResult(ctx, storage.Result{ID: id(), EnteID: e.ID, Wave: surveys.ExAnte, Kind: storage.ResultAssessment, SourceID: a.ID,
		FormulaVersion: scoring.FormulaVersion, DataHash: strings.Repeat("ab", 32), Body: body, ComputedAt: at}))
}

func TestReportCommand(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	url := "sqlite://" + filepath.Join(dir, "t.db")
	if code, _, errOut := line(t, url, "migrate", "up"); code != exitOK {
		t.Fatalf("migrate: %d %s", code, errOut)
	}
	seedAssessment(t, url)
	file := func(name string) string { return filepath.Join(dir, name) }
	tests := []struct {
		name string
		args []string
		code int
		says string // in the error output
	}{
		{"by name", []string{"assessment", "--ente", "roccaverde", "--out", file("a.pdf")}, exitOK, "sha256"},
		{"again, of the wave", []string{"assessment", "--ente", "Roccaverde", "--wave", "exante", "--out", file("b.pdf")}, exitOK, "sha256"},
		{"page in English", []string{"assessment", "--ente", "Roccaverde", "--lang", "en", "--html", "--out", file("a.html")}, exitOK, ""},
		{"no plan", []string{"plan", "--ente", "Roccaverde", "--out", file("p.pdf")}, exitFailed, "cannot be made yet"},
		{"nothing to compare", []string{"impact", "--ente", "Roccaverde", "--out", file("i.pdf")}, exitFailed, "cannot be made yet"},
		{"real one by code, nothing measured", []string{"assessment", "--ente", "c_e435", "--out", file("l.pdf")}, exitFailed, "cannot be made yet"},
		{"a real one is not found by name", []string{"assessment", "--ente", "Lanciano", "--out", file("l.pdf")}, exitFailed, "no ente has code"},
		{"no such folder", []string{"assessment", "--ente", "Roccaverde", "--out", file("none/a.pdf")}, exitFailed, "no such file"},
		{"no kind", []string{"--ente", "Roccaverde", "--out", file("x.pdf")}, exitUsage, "wants"},
		{"unknown kind", []string{"budget", "--ente", "Roccaverde", "--out", file("x.pdf")}, exitUsage, "unknown kind"},
		{"no ente", []string{"assessment", "--out", file("x.pdf")}, exitUsage, "--ente"},
		{"no file", []string{"assessment", "--ente", "Roccaverde"}, exitUsage, "--out"},
		{"language", []string{"assessment", "--ente", "Roccaverde", "--lang", "de", "--out", file("x.pdf")}, exitUsage, "--lang"},
		{"wave of a plan", []string{"plan", "--ente", "Roccaverde", "--wave", "exante", "--out", file("x.pdf")}, exitUsage, "--wave"},
	}
	for _, tt := range tests {
		if code, _, errOut := line(t, url, append([]string{"report"}, tt.args...)...); code != tt.code || !strings.Contains(errOut, tt.says) {
			t.Errorf("%s: got exit code %d and %q, want %d and %q", tt.name, code, errOut, tt.code, tt.says)
		}
	}
	one, err1 := os.ReadFile(file("a.pdf"))
	two, err2 := os.ReadFile(file("b.pdf"))
	if err1 != nil || err2 != nil || !bytes.HasPrefix(one, []byte("%PDF-1.7")) || !bytes.Equal(one, two) {
		t.Errorf("got %d and %d bytes (%v, %v), want the same PDF twice", len(one), len(two), err1, err2)
	}
	page, err := os.ReadFile(file("a.html"))
	if err != nil || !bytes.Contains(page, []byte("Assessment of digital maturity")) || !bytes.Contains(page, []byte(`<html lang="en">`)) {
		t.Errorf("got a page of %d bytes, %v, want an English one", len(page), err)
	}
	if _, err := os.Stat(file("x.pdf")); err == nil {
		t.Error("a refused command line wrote a file")
	}
}
