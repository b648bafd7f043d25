package instruments

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"traguardo/surveys"
)

// source is questionnaires.json, as far as it goes.
type source struct {
	MAT []struct {
		Code, Area, Title, Q, Ev, Chk, Refs, Micro string
		Lv                                         []string
		Gate, NA                                   bool
		Lines                                      []string `json:"pti_lines"`
		Chapter                                    string   `json:"pti_chapter"`
	}
	AUT []struct {
		Code, Area, Text, Lvl, Refs string
		Then, Short                 bool
	}
	CON []struct {
		Code, Area, Stem, Key, Why, Refs, Form string
		Opts                                   []string
	}
	ATT []struct {
		Code, Text, Constr, Refs string
		Rev, Short               bool
	}
	BEH, COD, IMP [][]string
	REC           [][]any
}

// shared returns the path of a file of the model folder that may stand beside the
// repository, and false where it does not: those cases are then not part of the run.
func shared(t *testing.T, name string) (string, bool) {
	t.Helper()
	dir, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
	path := filepath.Join(dir, "..", "shared", "model", name)
	_, err = os.Stat(path)
	return path, err == nil
}

func readSource(t *testing.T) (s source, ok bool) {
	t.Helper()
	path, ok := shared(t, "questionnaires.json")
	if !ok {
		return s, false
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &s); err != nil {
		t.Fatal(err)
	}
	return s, true
}

// differ reports each field that is not carried over whole.
func differ(t *testing.T, code string, pairs ...string) {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i] != pairs[i+1] {
			t.Errorf("%s: got %q want %q", code, pairs[i], pairs[i+1])
		}
	}
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func refs(it surveys.Item) string { return strings.Join(it.References, "; ") }

func TestSameAsSourceMAT(t *testing.T) {
	t.Parallel()
	s, _ := readSource(t)
	in := mat(t)
	for _, w := range s.MAT {
		it, ok := in.Item(w.Code)
		if !ok {
			t.Errorf("%s is missing", w.Code)
			continue
		}
		var levels []string
		for _, l := range it.Levels {
			levels = append(levels, l.IT)
		}
		lines := it.PTI.Lines
		if w.Code == "M-GOV-01" { // the JSON cut the range CAP1.PA.01-06 of questionnaires.md after its first line
			lines = lines[:1]
		}
		differ(t, w.Code, string(it.Area), w.Area, it.Title.IT, w.Title, it.Text.IT, w.Q, it.Evidence.IT, w.Ev, it.Check.IT, w.Chk,
			refs(it), w.Refs, it.Action.IT, w.Micro, strings.Join(levels, "|"), strings.Join(w.Lv, "|"), yes(it.Gate), yes(w.Gate),
			yes(it.NAAllowed), yes(w.NA), strings.Join(lines, " "), strings.Join(w.Lines, " "), it.PTI.Chapter, w.Chapter)
	}
}

func TestSameAsSourceSTAFF(t *testing.T) {
	t.Parallel()
	s, _ := readSource(t)
	in := staff(t)
	find := func(code string) surveys.Item {
		it, ok := in.Item(code)
		if !ok {
			t.Errorf("%s is missing", code)
		}
		return it
	}
	for _, w := range s.AUT {
		it := find(w.Code)
		differ(t, w.Code, string(it.Area), w.Area, it.Text.IT, w.Text, it.Syllabus, w.Lvl, refs(it), w.Refs, yes(it.ThenTest), yes(w.Then), yes(it.Short), yes(w.Short))
	}
	for _, w := range s.CON {
		it := find(w.Code)
		var options []string
		key := ""
		for i, o := range it.Options {
			options = append(options, o.Label.IT)
			if o.Key {
				key = string("abcd"[i])
			}
		}
		differ(t, w.Code, string(it.Area), w.Area, it.Text.IT, w.Stem, key, w.Key, it.Rationale.IT, w.Why, refs(it), w.Refs, string(it.Form), w.Form,
			strings.Join(options, "|"), strings.Join(w.Opts, "|"), yes(it.Short), yes(w.Form == "X"))
	}
	for _, w := range s.ATT {
		it := find(w.Code)
		differ(t, w.Code, it.Text.IT, w.Text, it.Title.IT, w.Constr, refs(it), w.Refs, yes(it.Reverse), yes(w.Rev), yes(it.Short), yes(w.Short))
	}
	for _, w := range s.BEH {
		it := find(w[0])
		differ(t, w[0], string(it.Area), w[1], it.Text.IT, w[2], refs(it), w[3])
	}
	for _, w := range s.COD {
		it := find(w[0])
		differ(t, w[0], it.Text.IT, w[1], it.Format, w[2])
	}
	for _, w := range s.IMP {
		it := find(w[0])
		differ(t, w[0], string(it.Area), w[1], it.Text.IT, w[2])
	}
	for _, w := range s.REC {
		it := find(w[0].(string))
		differ(t, it.Code, it.Text.IT, w[1].(string), yes(it.Foil), yes(w[2].(bool)))
	}
}

// TestWordsOfTheModel holds every Italian word that a respondent or an RTD reads in
// the items to questionnaires.md, which also has what the JSON lacks. The few texts
// that the model only describes are named here.
func TestWordsOfTheModel(t *testing.T) {
	t.Parallel()
	path, ok := shared(t, "questionnaires.md")
	var model string
	if ok {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		model = string(b)
	}
	ours := []string{
		"Ha preso parte ad almeno un micro-progetto?", "Al massimo 500 caratteri. Non scriva nomi di persone.",
		"0 (per nulla)", "10 (del tutto)", "No, a nessuno", "Non applicabile",
	}
	check := func(code, text string) {
		if ok && text != "" && !strings.Contains(model, text) && !slices.Contains(ours, text) {
			t.Errorf("%s: not in the model: %q", code, text)
		}
	}
	for _, in := range []*surveys.Instrument{mat(t), staff(t)} {
		for _, s := range in.Scales {
			for _, o := range s.Options {
				check(s.Code, o.Label.IT)
			}
			for _, label := range []*surveys.Text{s.NA, s.DK} {
				if label != nil {
					check(s.Code, label.IT)
				}
			}
		}
		for _, b := range in.Blocks {
			check(b.Code, b.Intro.IT)
		}
		for _, it := range in.Items() {
			check(it.Code, it.Text.IT)
			check(it.Code, it.Hint.IT)
			check(it.Code, it.SmallText.IT)
			for _, o := range it.Options {
				check(it.Code, o.Label.IT)
			}
		}
	}
}

// TestPTILinesExist holds every line and objective to the catalogue of the edition.
func TestPTILinesExist(t *testing.T) {
	t.Parallel()
	path, _ := shared(t, filepath.Join("..", "data", "pti", "pti-2024-2026-agg-2026.csv"))
	b, err := os.ReadFile(path)
	if err != nil {
		b = nil
	}
	catalogue := string(b)
	for _, it := range mat(t).Items() {
		if it.PTI.Edition != "2024-2026 aggiornamento 2026" {
			t.Errorf("%s: edition %q", it.Code, it.PTI.Edition)
		}
		if len(it.PTI.Lines) == 0 && it.PTI.Note == "" {
			t.Errorf("%s: no line and no word why", it.Code)
		}
		if catalogue == "" {
			continue
		}
		for _, code := range append(slices.Clone(it.PTI.Lines), it.PTI.Objectives...) {
			if !strings.Contains(catalogue, ","+code+",") {
				t.Errorf("%s: %s is not in the catalogue of the edition", it.Code, code)
			}
		}
	}
}
