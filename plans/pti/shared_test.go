package pti

import (
	"encoding/csv"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"

	"traguardo/surveys"
)

var update = flag.Bool("update", false, "rewrite fingerprints.yaml from the official file")

const editionFolder = "editions/2024-2026-agg-2026"

// shared returns the paths of the named files under ../shared that exist, by
// name; a checkout without them has none, and the checks on them are no part of the run.
func shared(t *testing.T, names ...string) map[string]string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = parent
	}
	out := map[string]string{}
	for _, n := range names {
		path := filepath.Join(dir, "..", "shared", n)
		if _, err := os.Stat(path); err == nil {
			out[n] = path
		}
	}
	return out
}

func rows(t *testing.T, path string) []map[string]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := make([]map[string]string, 0, len(all)-1)
	for _, rec := range all[1:] {
		m := map[string]string{}
		for i, h := range all[0] {
			m[h] = rec[i]
		}
		out = append(out, m)
	}
	return out
}

func official(t *testing.T, path string) Official {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	o, faults := ParseOfficialCSV(f)
	if len(faults) > 0 {
		t.Fatalf("%s: %d faults, first %v", filepath.Base(path), len(faults), faults[0])
	}
	return o
}

func current(t testing.TB) *Edition {
	t.Helper()
	e, err := Current()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

const (
	csv2026     = "data/pti/pti-2024-2026-agg-2026.csv"
	csv2024     = "data/pti/pti-2024-2026.csv"
	csvMapping  = "data/pti/pti-comuni-mapping.csv"
	csvAppendix = "data/pti/pti-2024-2026-agg-2026-appendice2.csv"
	jsonModel   = "model/questionnaires.json"
)

func TestLinesAgreeWithOfficialFile(t *testing.T) {
	for _, path := range shared(t, csv2026) {
		if *update {
			writeFingerprints(t, official(t, path))
		}
		e, o := current(t), official(t, path)
		if o.Edition != e.Label || len(o.Lines) != len(e.Lines) {
			t.Fatalf("got %d lines of %q, want %d of %q", len(o.Lines), o.Edition, len(e.Lines), e.Label)
		}
		for i, want := range o.Lines {
			got := e.Lines[i]
			results := slices.Clone(got.Results)
			sort.Strings(results)
			if got.Code != want.Code || got.Objective != want.Objective || !slices.Equal(results, want.Results) ||
				got.Starts != want.Starts || got.Deadline != want.Deadline ||
				got.Standing != want.Standing || got.Replanned != want.Replanned {
				t.Errorf("line %d: got %+v, want %+v", i, got, want)
			}
			if e.fingerprints[got.Code] != FingerprintOf(want.Wording) {
				t.Errorf("%s: fingerprint is not that of the official wording (run with -update)", got.Code)
			}
		}
		for _, c := range Diff(e, o) {
			if c.Kind != ChangeSame {
				t.Errorf("%s: %s against its own file", c.Code, c.Kind)
			}
		}
	}
}

func writeFingerprints(t *testing.T, o Official) {
	t.Helper()
	var b strings.Builder
	b.WriteString("# Impronte dei testi ufficiali, non i testi: servono a riconoscere una riga riscritta o un codice riusato.\n")
	b.WriteString("# Generato: go test ./plans/pti -run TestLinesAgreeWithOfficialFile -update\n")
	for _, l := range o.Lines {
		f := FingerprintOf(l.Wording)
		b.WriteString(l.Code + ": {sha: \"" + f.SHA + "\", words: \"" + f.Words + "\"}\n")
	}
	if err := os.WriteFile(filepath.Join(editionFolder, "fingerprints.yaml"), []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Fatal("fingerprints.yaml written; run again without -update")
}

func TestApplicabilityAgreesWithMapping(t *testing.T) {
	kinds := map[string]Kind{"tutti": BindsAll, "condizione": BindsCondition, "facoltativa": Voluntary, "no": BindsNone}
	areas := map[string]surveys.Area{"piattaforme_abilitanti": surveys.PIA, "sicurezza_informatica": surveys.SIC,
		"comunicazione_servizi_digitali": surveys.COM, "gestione_documentale": surveys.DOC, "trasversale": surveys.GOV, "": ""}
	for _, path := range shared(t, csvMapping) {
		e, seen := current(t), 0
		for _, r := range rows(t, path) {
			l, ok := e.Line(r["action_code"])
			if dropped := strings.HasPrefix(r["status_vs_2024_2026"], "non più presente"); ok == dropped {
				t.Errorf("%s: in the edition %v, %q", r["action_code"], ok, r["status_vs_2024_2026"])
				continue
			} else if dropped {
				continue
			}
			seen++
			if l.Binding != kinds[r["concerns_comuni"]] || l.Area != areas[r["area"]] || l.Closest != areas[r["closest_area"]] {
				t.Errorf("%s: got %s %s %s, mapping says %s %s %s", l.Code, l.Binding, l.Area, l.Closest,
					r["concerns_comuni"], r["area"], r["closest_area"])
			}
			if l.Starts.String() != r["starts_agg_2026"] || l.Deadline.String() != r["deadline_agg_2026"] {
				t.Errorf("%s: dates %s %s, mapping says %s %s", l.Code, l.Starts, l.Deadline, r["starts_agg_2026"], r["deadline_agg_2026"])
			}
			if band := bandOf(r["condition"]); band != [2]int{} && band != [2]int{l.Rule.Min, l.Rule.Max} {
				t.Errorf("%s: band %d-%d, mapping says %q", l.Code, l.Rule.Min, l.Rule.Max, r["condition"])
			}
			if metro := strings.Contains(r["condition"], "capoluogo di Città metropolitana"); metro != (l.Rule.Capital == MetropolitanCapital) {
				t.Errorf("%s: capital rule %q, mapping says %q", l.Code, l.Rule.Capital, r["condition"])
			}
		}
		if seen != len(e.Lines) {
			t.Errorf("mapping covers %d lines of %d", seen, len(e.Lines))
		}
	}
}

var bandForm = regexp.MustCompile(`^Comuni (?:([0-9.]+)-([0-9.]+)|oltre ([0-9.]+)) abitanti`)

// bandOf reads the band of a condition of the mapping, or nothing.
func bandOf(condition string) [2]int {
	m := bandForm.FindStringSubmatch(condition)
	number := func(s string) int {
		n := 0
		for _, r := range s {
			if r != '.' {
				n = n*10 + int(r-'0')
			}
		}
		return n
	}
	switch {
	case m == nil:
		return [2]int{}
	case m[3] != "":
		return [2]int{number(m[3]) + 1, 0}
	}
	return [2]int{number(m[1]), number(m[2])}
}

var (
	figure   = regexp.MustCompile(`\d[\d.,]*\d|\d`)
	brackets = regexp.MustCompile(`\([^)]*\)`)
	year     = regexp.MustCompile(`^20[0-9]{2}$`)
	word     = regexp.MustCompile(`[\p{L}\p{N}]+`)
)

// figures returns the numbers of a text outside brackets, years left out.
func figures(s string) []string {
	s = brackets.ReplaceAllString(s, "")
	var out []string
	for _, f := range figure.FindAllString(s, -1) {
		if !year.MatchString(f) && f != "25012" { // ISO/IEC 25012 is a name
			out = append(out, f)
		}
	}
	return out
}

func TestTargetsAgreeWithOfficialFile(t *testing.T) {
	for _, path := range shared(t, csv2026) {
		e, want := current(t), map[string][]map[string]string{}
		objectives := map[string]bool{}
		for _, r := range rows(t, path) {
			objectives[r["objective_code"]] = true
			if r["target_year"] != "" {
				want[r["result_code"]] = append(want[r["result_code"]], r)
			}
		}
		for o := range objectives {
			if _, _, ok := e.Objective(o); !ok {
				t.Errorf("objective %s is missing", o)
			}
		}
		for code, targets := range want {
			r, objective, ok := e.Result(code)
			if !ok || objective != targets[0]["objective_code"] || len(r.Targets) != len(targets) {
				t.Errorf("%s: found %v under %s with %d targets, want %d", code, ok, objective, len(r.Targets), len(targets))
				continue
			}
			for i, w := range targets {
				checkTarget(t, code, r.Targets[i], w)
			}
		}
		if len(want) != 62 || len(objectives) != 26 {
			t.Errorf("official file has %d results and %d objectives", len(want), len(objectives))
		}
	}
}

func checkTarget(t *testing.T, code string, got Target, w map[string]string) {
	t.Helper()
	value, measured := strings.CutPrefix(w["target_value"], "Monitoraggio: ")
	kind := Goal
	if measured {
		kind = Measured
	}
	bare := strings.ToLower(strings.TrimSuffix(strings.TrimSpace(value), "."))
	none := bare == "n.d" || bare == "n.a"
	if w["target_year"] != strconv.Itoa(got.Year) || got.Kind != kind || got.None != none {
		t.Errorf("%s %d: got %s none=%v, official %q", code, got.Year, got.Kind, got.None, w["target_value"])
	}
	for _, f := range figures(value) {
		if !slices.Contains(figure.FindAllString(got.IT, -1), f) {
			t.Errorf("%s %d: figure %s of the plan is not in %q", code, got.Year, f, got.IT)
		}
	}
}

// shingles returns the runs of n words of a text, lower case, punctuation apart.
func shingles(text string, n int) []string {
	words := word.FindAllString(strings.ToLower(text), -1)
	var out []string
	for i := 0; i+n <= len(words); i++ {
		out = append(out, strings.Join(words[i:i+n], " "))
	}
	return out
}

// ours returns every Italian text of the edition that we wrote.
func ours(e *Edition) map[string][]string {
	out := map[string][]string{"edition": {e.Title.IT, e.Reading.IT}}
	for _, c := range e.Conditions {
		out[c.ID] = []string{c.Question.IT}
	}
	for _, c := range e.Chapters {
		for _, o := range c.Objectives {
			out[o.Code] = []string{o.Title.IT}
			for _, r := range o.Results {
				out[r.Code] = []string{r.Title.IT}
				for _, t := range r.Targets {
					out[r.Code] = append(out[r.Code], t.IT)
				}
			}
		}
	}
	for _, l := range e.Lines {
		out[l.Code] = []string{l.Title.IT, l.Todo.IT}
	}
	for _, o := range e.Obligations {
		out[o.ID] = []string{o.Title.IT, o.Satisfies.IT}
	}
	return out
}

func TestWordsAreOurs(t *testing.T) {
	const run = 8
	sentences := map[string]bool{}
	for _, path := range shared(t, csv2026, csv2024, csvAppendix) {
		for _, r := range rows(t, path) {
			for _, column := range []string{"action_text", "objective", "expected_result", "target_value", "description"} {
				for _, s := range shingles(r[column], run) {
					sentences[s] = true
				}
			}
		}
	}
	for code, texts := range ours(current(t)) {
		for _, text := range texts {
			for _, s := range shingles(text, run) {
				if sentences[s] {
					t.Errorf("%s shares %d words with the official text: %q", code, run, s)
				}
			}
		}
	}
}

func TestLinesOfIndicatorsExist(t *testing.T) {
	for _, path := range shared(t, jsonModel) {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var model struct {
			MAT []struct {
				Code  string   `json:"code"`
				Lines []string `json:"pti_lines"`
			}
		}
		if err := json.Unmarshal(b, &model); err != nil {
			t.Fatal(err)
		}
		if len(model.MAT) != 40 {
			t.Errorf("got %d indicators, want 40", len(model.MAT))
		}
		e, codes := current(t), map[string]bool{}
		for _, m := range model.MAT {
			codes[m.Code] = true
			for _, l := range m.Lines {
				if _, ok := e.Line(l); !ok {
					t.Errorf("%s names %s, which the edition does not have", m.Code, l)
				}
			}
		}
		for _, o := range e.Obligations {
			for _, i := range o.Indicators {
				if !codes[i] {
					t.Errorf("obligation %s names %s, which is no indicator", o.ID, i)
				}
			}
		}
	}
}

func TestFirstEditionAgainstTheUpdate(t *testing.T) {
	for _, path := range shared(t, csv2024) {
		n := map[ChangeKind]int{}
		for _, c := range Diff(current(t), official(t, path)) {
			n[c.Kind]++
			if c.Kind == ChangeReused {
				t.Errorf("%s taken for another line, likeness %.2f", c.Code, c.Likeness)
			}
		}
		// 122 lines then, 124 now, 112 in both: 10 are gone and 12 are new, seen from the update's side.
		if n[ChangeNew] != 10 || n[ChangeGone] != 12 || n[ChangeRedated] == 0 || n[ChangeReworded] == 0 {
			t.Errorf("changes: %v", n)
		}
		t.Logf("first edition against the update: %v", n)
	}
}
