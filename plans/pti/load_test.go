package pti

import (
	"errors"
	"io/fs"
	"maps"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"traguardo/plans"
	"traguardo/surveys"
	"traguardo/surveys/instruments"
)

func TestEditionIsWhole(t *testing.T) {
	t.Parallel()
	e := current(t)
	objectives, results, targets := 0, 0, 0
	for _, c := range e.Chapters {
		for _, o := range c.Objectives {
			objectives++
			for _, r := range o.Results {
				results++
				targets += len(r.Targets)
			}
		}
	}
	if len(e.Chapters) != 7 || objectives != 26 || results != 62 || targets != 185 || len(e.Lines) != 124 {
		t.Errorf("got %d chapters, %d objectives, %d results, %d targets, %d lines", len(e.Chapters), objectives, results, targets, len(e.Lines))
	}
	for _, name := range []string{CurrentID, "2024-2026 aggiornamento 2026"} {
		if again, err := Load(name); err != nil || again.ID != e.ID {
			t.Errorf("Load(%q): %v", name, err)
		}
	}
	if _, err := Load("2027-2029"); !errors.Is(err, plans.ErrNotFound) {
		t.Errorf("unknown edition: %v", err)
	}
}

// PRODUCT.md: the four areas hold only 45 of the 65 lines that bind every Comune.
func TestCountsByBindingAndArea(t *testing.T) {
	t.Parallel()
	kinds, areas := map[Kind]int{}, map[surveys.Area]int{}
	for _, l := range current(t).Lines {
		kinds[l.Binding]++
		if l.Binding == BindsAll {
			areas[l.Area]++
		}
	}
	if want := map[Kind]int{BindsAll: 65, BindsCondition: 31, Voluntary: 15, BindsNone: 13}; !maps.Equal(kinds, want) {
		t.Errorf("bindings: got %v, want %v", kinds, want)
	}
	want := map[surveys.Area]int{surveys.PIA: 18, surveys.SIC: 21, surveys.COM: 4, surveys.DOC: 2, surveys.GOV: 20}
	if !maps.Equal(areas, want) {
		t.Errorf("lines for every Comune by area: got %v, want %v", areas, want)
	}
	if four := areas[surveys.PIA] + areas[surveys.SIC] + areas[surveys.COM] + areas[surveys.DOC]; four != 45 {
		t.Errorf("the four areas hold %d, want 45", four)
	}
}

func TestTextsOfLines(t *testing.T) {
	t.Parallel()
	titles := map[string]string{}
	for _, l := range current(t).Lines {
		for _, text := range []string{l.Todo.IT, l.Todo.EN} {
			if n := strings.Count(text, ". ") + 1; n > 3 || !strings.HasSuffix(text, ".") || utf8.RuneCountInString(text) > 260 {
				t.Errorf("%s: todo has %d sentences, %d characters: %q", l.Code, n, utf8.RuneCountInString(text), text)
			}
		}
		if other, double := titles[l.Title.IT]; double {
			t.Errorf("%s and %s have the same title", l.Code, other)
		}
		titles[l.Title.IT] = l.Code
		if strings.HasSuffix(l.Title.IT, ".") || strings.HasSuffix(l.Title.EN, ".") {
			t.Errorf("%s: title ends with a full stop", l.Code)
		}
	}
}

func TestEmbeddedInstrumentNamesLinesOfThisEdition(t *testing.T) {
	t.Parallel()
	mat, err := instruments.MAT()
	if err != nil {
		t.Fatal(err)
	}
	e, by := current(t), IndicatorsByLine(mat)
	for code, indicators := range by {
		if _, ok := e.Line(code); !ok {
			t.Errorf("%v name %s, which the edition does not have", indicators, code)
		}
	}
	for _, it := range mat.Items() {
		if it.PTI != nil && it.PTI.Edition != e.Label {
			t.Errorf("%s points to edition %q", it.Code, it.PTI.Edition)
		}
		for _, o := range it.PTI.Objectives {
			if _, _, ok := e.Objective(o); !ok {
				t.Errorf("%s names objective %s", it.Code, o)
			}
		}
	}
	if got := strings.Join(by["CAP7.PA.10"], " "); got != "M-SIC-02 M-SIC-04 M-SIC-05 M-SIC-06" {
		t.Errorf("indicators of CAP7.PA.10: %s", got)
	}
}

// folder copies the embedded edition, to be broken by a test.
func folder(t *testing.T) fstest.MapFS {
	t.Helper()
	out := fstest.MapFS{}
	sub, err := fs.Sub(files, "editions/"+CurrentID)
	if err != nil {
		t.Fatal(err)
	}
	names, err := fs.Glob(sub, "*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		b, err := fs.ReadFile(sub, n)
		if err != nil {
			t.Fatal(err)
		}
		out[n] = &fstest.MapFile{Data: b}
	}
	return out
}

func TestReadRefusesBrokenEditions(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, file, old, new, says string }{
		{"unknown key", "chapter-1-lines.yaml", "binding: all", "binding: all\n    colour: red", "colour"},
		{"code twice", "chapter-1-lines.yaml", "CAP1.PA.02", "CAP1.PA.01", "stands twice"},
		{"code of another chapter", "chapter-1-lines.yaml", "CAP1.PA.02", "CAP2.PA.99", "does not fit its chapter"},
		{"day that does not exist", "chapter-2-lines.yaml", "2025-06-30", "2025-06-31", "2025-06-31"},
		{"unknown objective", "chapter-2-lines.yaml", "objective: OB.2.1", "objective: OB.9.9", "unknown objective OB.9.9"},
		{"result of another objective", "chapter-2-lines.yaml", "[RA2.1.1]", "[RA2.2.1]", "is not of OB.2.1"},
		{"unknown area", "chapter-3-lines.yaml", "area: DOC", "area: STR", "area"},
		{"unknown binding", "chapter-3-lines.yaml", "binding: all", "binding: some", "binding"},
		{"rule that does not suit", "chapter-3-lines.yaml", "binding: voluntary", "binding: all", "does not suit"},
		{"unknown condition", "chapter-6-lines.yaml", "ask: data_centre_b", "ask: data_center", "unknown condition"},
		{"unknown audience", "chapter-6-lines.yaml", "audience: spc_connectivity", "audience: nobody", "unknown audience"},
		{"long title", "chapter-7-lines.yaml", `it: "Nominare il responsabile`, `it: "` + strings.Repeat("Nominare ", 12) + `il responsabile`, "too long"},
		{"no English", "chapter-7.yaml", `en: "Cybersecurity governance"`, `en: ""`, "OB.7.1"},
		{"empty band", "chapter-5-lines.yaml", "min: 5000, max: 10000", "min: 9000, max: 800", "has no band"},
		{"target outside the years", "chapter-5.yaml", "year: 2026", "year: 2031", "2031"},
		{"missing file", "chapter-7-lines.yaml", "", "", "chapter-7-lines.yaml"},
		{"empty file", "edition.yaml", "", "", "edition.yaml"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := folder(t)
			was := string(f[c.file].Data)
			switch {
			case c.name == "missing file":
				delete(f, c.file)
			case c.name == "empty file":
				f[c.file] = &fstest.MapFile{}
			case !strings.Contains(was, c.old):
				t.Fatalf("%q is not in %s", c.old, c.file)
			default:
				f[c.file] = &fstest.MapFile{Data: []byte(strings.Replace(was, c.old, c.new, 1))}
			}
			e, err := read(f)
			if err == nil {
				err = e.validate()
			}
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want an error that says %q", err, c.says)
			}
		})
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		current(b)
	}
}
