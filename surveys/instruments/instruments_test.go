package instruments

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"traguardo/surveys"
)

var update = flag.Bool("update", false, "rewrite the golden hashes")

func mat(t *testing.T) *surveys.Instrument {
	t.Helper()
	in, err := MAT()
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func staff(t *testing.T) *surveys.Instrument {
	t.Helper()
	in, err := STAFF()
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// block returns the items of one block.
func block(t *testing.T, in *surveys.Instrument, code string) []surveys.Item {
	t.Helper()
	b, ok := in.Block(code)
	if !ok {
		t.Fatalf("no block %s", code)
	}
	return b.Items
}

func count(items []surveys.Item, keep func(surveys.Item) bool) int {
	n := 0
	for _, it := range items {
		if keep(it) {
			n++
		}
	}
	return n
}

// TestHashes fails when a published text changes by accident: an instrument that
// waves point to is immutable, a change is a new version.
func TestHashes(t *testing.T) {
	t.Parallel()
	var got bytes.Buffer
	for _, in := range []*surveys.Instrument{mat(t), staff(t)} {
		h, err := in.Hash()
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&got, "%s %s %s\n", in.Code, in.Version, h)
	}
	golden := filepath.Join("testdata", "hashes.golden")
	if *update {
		if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got.String() != string(want) {
		t.Errorf("hashes changed:\ngot  %swant %s", got.String(), want)
	}
}

// TestCountsMAT holds the data to questionnaires.md §11 and §4.
func TestCountsMAT(t *testing.T) {
	t.Parallel()
	items := mat(t).Items()
	levels, texts := 0, map[string]bool{}
	perArea := map[surveys.Area]int{}
	var gates, capped, na []string
	for _, it := range items {
		perArea[it.Area]++
		for _, l := range it.Levels {
			levels++
			texts[it.Code+l.IT] = true
		}
		if it.Gate {
			gates = append(gates, it.Code)
		}
		if it.ActCap4 {
			capped = append(capped, it.Code)
		}
		if it.NAAllowed {
			na = append(na, it.Code)
		}
	}
	for _, c := range []struct {
		name      string
		got, want any
	}{
		{"indicators", len(items), 40},
		{"level texts", levels, 200},
		{"different level texts within their indicator", len(texts), 200},
		{"areas", fmt.Sprint(perArea), "map[COM:9 DOC:9 GOV:4 PIA:8 SIC:10]"},
		{"gates", strings.Join(gates, " "), "M-PIA-01 M-PIA-02 M-SIC-01 M-SIC-02 M-SIC-06 M-COM-02 M-DOC-01 M-DOC-02 M-DOC-07 M-GOV-01"},
		{"act may prove level 4", strings.Join(capped, " "), "M-PIA-08 M-SIC-01 M-COM-02 M-DOC-01 M-DOC-07 M-DOC-08 M-GOV-01"},
		{"not applicable allowed", strings.Join(na, " "), "M-PIA-04 M-COM-09"},
		{"slots", len(mat(t).Slots()), 40},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %v want %v", c.name, c.got, c.want)
		}
	}
}

func TestCountsSTAFF(t *testing.T) {
	t.Parallel()
	in := staff(t)
	form := func(f surveys.Form) func(surveys.Item) bool {
		return func(it surveys.Item) bool { return it.Form == f }
	}
	short := func(it surveys.Item) bool { return it.Short }
	then := func(it surveys.Item) bool { return it.ThenTest }
	reverse := func(it surveys.Item) bool { return it.Reverse }
	foil := func(it surveys.Item) bool { return it.Foil }
	all := func(surveys.Item) bool { return true }
	for _, c := range []struct {
		block string
		what  string
		keep  func(surveys.Item) bool
		want  int
	}{
		{"COD", "all", all, 6},
		{"PRF", "all", all, 3},
		{"AUT", "all", all, 24}, {"AUT", "then-test", then, 8}, {"AUT", "short", short, 12},
		{"CON", "all", all, 32}, {"CON", "X", form(surveys.FormX), 14}, {"CON", "A", form(surveys.FormA), 9}, {"CON", "B", form(surveys.FormB), 9}, {"CON", "short", short, 14},
		{"REC", "all", all, 12}, {"REC", "foils", foil, 3},
		{"ATT", "all", all, 12}, {"ATT", "reversed", reverse, 5}, {"ATT", "short", short, 6},
		{"ATN", "all", all, 1}, {"CND", "all", all, 2}, {"BEH", "all", all, 8}, {"VIG", "all", all, 3},
		{"THEN", "all", all, 8}, {"THEN", "short", short, 4},
		{"EXP", "all", all, 2}, {"EXP", "short", short, 2},
		{"IMP", "all", all, 6}, {"IMP", "short", short, 2},
		{"OUT", "all", all, 3}, {"OUT", "short", short, 1},
	} {
		if got := count(block(t, in, c.block), c.keep); got != c.want {
			t.Errorf("%s %s: got %d want %d", c.block, c.what, got, c.want)
		}
	}
	order := make([]string, len(in.Blocks))
	for i, b := range in.Blocks {
		order[i] = b.Code
	}
	if got, want := strings.Join(order, " "), "INF COD PRF AUT CON REC ATT ATN CND BEH VIG THEN EXP IMP OUT"; got != want {
		t.Errorf("order of blocks: got %s want %s", got, want)
	}
}

// TestKeysBalanced: 8 keys on each letter, the key the longest option in 8 of 32
// (what chance gives), every key to be confirmed after the end of the year, one
// anchor a knowledge area at least, forms A and B alike in each area.
func TestKeysBalanced(t *testing.T) {
	t.Parallel()
	letters, longest := map[byte]int{}, 0
	rotated := map[surveys.Area]int{}
	for _, it := range block(t, staff(t), "CON") {
		longestOther, key := 0, 0
		for i, o := range it.Options {
			n := utf8.RuneCountInString(o.Label.IT)
			if o.Key {
				letters["abcd"[i]]++
				key = n
			} else {
				longestOther = max(longestOther, n)
			}
		}
		if key > longestOther {
			longest++
		}
		if it.ReviewBy != "2026-12-31" {
			t.Errorf("%s: review_by %q", it.Code, it.ReviewBy)
		}
		switch it.Form {
		case surveys.FormA:
			rotated[it.Area]++
		case surveys.FormB:
			rotated[it.Area]--
		case surveys.FormX, surveys.FormNone:
		}
	}
	if got := fmt.Sprint(letters); got != "map[97:8 98:8 99:8 100:8]" {
		t.Errorf("keys on a–d: %s, want 8 each", got)
	}
	if longest != 8 {
		t.Errorf("the key is the longest option in %d items, want 8", longest)
	}
	for a, d := range rotated {
		if d != 0 {
			t.Errorf("area %s: form A has %+d items more than B", a, d)
		}
	}
}

func TestScalesReachTheMetric(t *testing.T) {
	t.Parallel()
	for _, in := range []*surveys.Instrument{mat(t), staff(t)} {
		for _, s := range in.Scales {
			if s.Kind != surveys.ScaleLinear {
				continue
			}
			top := s.Options[len(s.Options)-1].Value
			if got := s.Factor * (float64(top) + s.Offset); got < 99.999 || got > 100.001 {
				t.Errorf("%s: top score %g", s.Code, got)
			}
		}
	}
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	const head = "code: STAFF\nversion: '1'\nlanguage: it\ntitle: {it: x}\nstatus: draft\nvalid_from: '2026-01-01'\nreview_by: '2026-12-31'\n"
	for _, c := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"no file", nil, "no *.yaml file"},
		{"empty file", map[string]string{"a.yaml": ""}, "a.yaml: the file is empty"},
		{"unknown key", map[string]string{"a.yaml": head + "wave: x\n"}, "[8:1] unknown field"},
		{"key twice", map[string]string{"a.yaml": "code: A\ncode: B\n"}, "[2:1] mapping key"},
		{"value too large", map[string]string{"a.yaml": "scales:\n  - options:\n      - {value: 300}\n"}, "[3:"},
		{"not closed", map[string]string{"a.yaml": "code: [\n"}, "[1:7]"},
		{"two documents", map[string]string{"a.yaml": "---\ncode: A\n---\ncode: B\n"}, "more than one document"},
		{"second header", map[string]string{"a.yaml": head, "b.yaml": "version: '2'\n"}, "b.yaml: invalid value: header or scales outside"},
		{"continued with a title", map[string]string{"a.yaml": head + "blocks:\n  - {code: B, title: {it: x}}\n", "b.yaml": "blocks:\n  - {code: B, title: {it: y}}\n"}, "continues with more than items"},
		{"scale missing", map[string]string{"a.yaml": head + "blocks:\n  - {code: B, title: {it: x}, items: [{code: I, area: GEN, text: {it: x}, scale: S, weight: 0, scored: false}]}\n"}, "scale \"S\" does not exist"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			fsys := fstest.MapFS{}
			for name, s := range c.files {
				fsys[name] = &fstest.MapFile{Data: []byte(s)}
			}
			_, err := Load(fsys)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got error %v, want one with %q", err, c.want)
			}
		})
	}
}

// TestValidateFinds changes one thing in a valid instrument and wants it named.
func TestValidateFinds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		mat  bool
		edit func(*surveys.Instrument)
		want string
	}{
		{"four levels", true, func(in *surveys.Instrument) { in.Blocks[0].Items[0].Levels = in.Blocks[0].Items[0].Levels[:4] }, "item M-PIA-01: an indicator has five level texts"},
		{"empty level", true, func(in *surveys.Instrument) { in.Blocks[0].Items[0].Levels[2] = surveys.Text{} }, "item M-PIA-01: an indicator has five level texts"},
		{"no PTI", true, func(in *surveys.Instrument) { in.Blocks[1].Items[0].PTI = nil }, "item M-SIC-01: an indicator names edition"},
		{"weight 0", true, func(in *surveys.Instrument) { in.Blocks[1].Items[0].Weight = 0 }, "item M-SIC-01: weight 0"},
		{"code twice", true, func(in *surveys.Instrument) { in.Blocks[1].Items[0].Code = "M-PIA-01" }, "item M-PIA-01: the code is empty or used twice"},
		{"status", false, func(in *surveys.Instrument) { in.Status = "" }, "instrument status"},
		{"two keys", false, func(in *surveys.Instrument) {
			for i := range in.Blocks[4].Items[0].Options {
				in.Blocks[4].Items[0].Options[i].Key = true
			}
		}, "item K-PIA-01: 4 options and 4 keys"},
		{"three options", false, func(in *surveys.Instrument) { in.Blocks[4].Items[0].Options = in.Blocks[4].Items[0].Options[1:] }, "item K-PIA-01: 3 options"},
		{"relative review", false, func(in *surveys.Instrument) { in.Blocks[4].Items[0].ReviewBy = "31 December" }, "item K-PIA-01: a knowledge item has"},
		{"then text", false, func(in *surveys.Instrument) { in.Blocks[3].Items[0].Text.IT += "!" }, "item A-PIA-01: no then-test twin"},
		{"module", false, func(in *surveys.Instrument) { in.Blocks[5].Module = "XXX" }, "block REC: module"},
		{"within", false, func(in *surveys.Instrument) { in.Blocks[7].Within = "REC" }, "block ATN: within"},
		{"metric", false, func(in *surveys.Instrument) { in.Scales[0].Factor = 20 }, "scale S-COMP5: scores go from 0 to 80"},
		{"area", false, func(in *surveys.Instrument) { in.Blocks[3].Items[1].Area = "XXX" }, "item A-PIA-02: area"},
		{"expects", false, func(in *surveys.Instrument) { *in.Blocks[7].Items[0].Expect = 9 }, "item ATN-01: expects 9"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			in := staff(t)
			if c.mat {
				in = mat(t)
			}
			c.edit(in)
			if err := in.Validate(); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got error %v, want one with %q", err, c.want)
			}
		})
	}
}

func TestCanonicalRoundTrip(t *testing.T) {
	t.Parallel()
	for _, in := range []*surveys.Instrument{mat(t), staff(t)} {
		b, err := in.Canonical()
		if err != nil {
			t.Fatal(err)
		}
		back, err := surveys.ParseCanonical(b, "active")
		if err != nil {
			t.Fatal(err)
		}
		again, err := back.Canonical()
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(b, again) {
			t.Errorf("%s: canonical bytes change when read back", in.Code)
		}
		if bytes.ContainsAny(b, "\n\t") || bytes.Contains(b, []byte(`\u00`)) || !utf8.Valid(b) {
			t.Errorf("%s: canonical bytes hold white space or needless escapes", in.Code)
		}
		before, _ := in.Hash()
		in.Blocks[len(in.Blocks)-1].Items[0].Text.IT += " "
		if after, _ := in.Hash(); after == before {
			t.Errorf("%s: a changed text leaves the hash alone", in.Code)
		}
	}
	if _, err := surveys.ParseCanonical([]byte(`{"code":"MAT","future":1}`), "active"); err == nil {
		t.Error("a document with an unknown member is read")
	}
}
