package instruments

import (
	"strings"
	"testing"

	"traguardo/surveys"
)

func written(t *testing.T, in *surveys.Instrument) string {
	t.Helper()
	b, err := Write(in)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func lint(t *testing.T, text string, earlier *surveys.Instrument) (*surveys.Instrument, []Problem) {
	t.Helper()
	return Lint([]File{{"doc.yaml", []byte(text)}}, earlier)
}

// What Write writes is the same instrument.
func TestWriteReadsBack(t *testing.T) {
	t.Parallel()
	for _, in := range []*surveys.Instrument{mat(t), staff(t)} {
		back, problems := lint(t, written(t, in), nil)
		if len(problems) > 0 {
			t.Fatalf("%s: got %v", in.Code, problems)
		}
		want, _ := in.Hash()
		if got, err := back.Hash(); err != nil || got != want {
			t.Errorf("%s: got hash %s, %v, want %s", in.Code, got, err, want)
		}
	}
}

func TestLintNamesTheLine(t *testing.T) {
	t.Parallel()
	text := written(t, staff(t))
	lineOf := func(text, needle string) int {
		before, _, ok := strings.Cut(text, needle)
		if !ok {
			t.Fatalf("%q is not in the document", needle)
		}
		return strings.Count(before, "\n") + 1
	}
	cases := []struct{ name, from, to, at, want string }{
		{"scale that does not exist", "scale: S-MC4", "scale: S-NONE", "code: X-PIA-1", "item"},
		{"unknown key", "language: it", "lingua: it", "lingua: it", "unknown field"},
		{"broken syntax", "language: it", "language: [it", "language: [it", ""},
	}
	first, _, _ := strings.Cut(text, "scale: S-MC4")
	codeLine := strings.LastIndex(first, "code: ")
	cases[0].at = strings.SplitN(first[codeLine:], "\n", 2)[0]
	for _, c := range cases {
		changed := strings.Replace(text, c.from, c.to, 1)
		_, problems := lint(t, changed, nil)
		if len(problems) == 0 || !strings.Contains(problems[0].Text, c.want) {
			t.Errorf("%s: got %v, want %q", c.name, problems, c.want)
			continue
		}
		if want := lineOf(changed, c.at); c.want != "" && problems[0].Line != want {
			t.Errorf("%s: got line %d of %v, want %d", c.name, problems[0].Line, problems[0], want)
		}
		if problems[0].Line == 0 || problems[0].File != "doc.yaml" {
			t.Errorf("%s: got no place in %v", c.name, problems[0])
		}
	}
}

func TestLintChecksTheCrosswalk(t *testing.T) {
	t.Parallel()
	old := staff(t)
	text := strings.Replace(written(t, old), "version: \"1.0\"", "version: \"2.0\"", 1)
	if !strings.Contains(text, "2.0") {
		t.Fatal("the version was not found in the document")
	}
	if _, problems := lint(t, text, old); len(problems) != 1 || !strings.Contains(problems[0].Text, "no crosswalk") {
		t.Errorf("no crosswalk: got %v", problems)
	}
	if _, problems := lint(t, text+"crosswalk:\n  from: \"1.0\"\n", old); len(problems) != 0 {
		t.Errorf("nothing changed: got %v", problems)
	}
	item := old.Blocks[2].Items[0]
	changed := strings.Replace(text, item.Text.IT, "Un altro testo", 1)
	if _, problems := lint(t, changed+"crosswalk:\n  from: \"1.0\"\n", old); len(problems) == 0 || !strings.Contains(problems[0].Text, item.Code) || problems[0].Line == 0 {
		t.Errorf("a reworded item that is said to be the same: got %v", problems)
	}
}

func TestLintNothing(t *testing.T) {
	t.Parallel()
	if in, problems := Lint(nil, nil); in != nil || len(problems) != 1 {
		t.Errorf("got %v, %v", in, problems)
	}
}
