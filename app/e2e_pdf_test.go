package app_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// pdfText checks a PDF with poppler and qpdf, as its reader's tools would, and
// returns its words in one line: it opens without fault and every page carries
// its number out of how many.
func pdfText(t *testing.T, name string, content []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), filepath.Base(name))
	if err := os.WriteFile(file, content, 0o644); err != nil {
		t.Fatal(err)
	}
	tool := func(args ...string) string {
		out, err := exec.CommandContext(t.Context(), args[0], args[1:]...).CombinedOutput()
		if err != nil {
			t.Fatalf("%s of %s: %v\n%s (.ci/setup installs the tools)", args[0], name, err, out)
		}
		return string(out)
	}
	tool("qpdf", "--check", file)
	m := regexp.MustCompile(`Pages:\s+(\d+)`).FindStringSubmatch(tool("pdfinfo", file))
	if m == nil {
		t.Fatalf("%s: pdfinfo gives no number of pages", name)
	}
	text := strings.Join(strings.Fields(tool("pdftotext", file, "-")), " ")
	pages, err := strconv.Atoi(m[1])
	if err != nil {
		t.Fatal(err)
	}
	for n := 1; n <= pages; n++ {
		if !strings.Contains(text, "pagina "+strconv.Itoa(n)+" di "+m[1]) {
			t.Errorf("%s: page %d of %d does not say its number", name, n, pages)
		}
	}
	if pages < 2 {
		t.Errorf("%s: got %d pages, want more", name, pages)
	}
	return text
}

// wantWords fails unless a document says each text and none of those with "!".
func wantWords(t *testing.T, name, text string, words ...string) {
	t.Helper()
	for _, w := range words {
		w, not := strings.CutPrefix(w, "!")
		if got := strings.Contains(text, w); got == not {
			t.Errorf("%s: says %q: got %v, want %v; it says: %.3000s", name, w, got, !not, text)
		}
	}
}
