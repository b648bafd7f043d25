package report_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode"

	"traguardo/app/report"
)

// tool runs a program of poppler or qpdf on a file; .ci/setup installs them.
func tool(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return string(out)
}

// letters keeps letters and digits only, so that line breaks do not count.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// words returns the prose of a document in reading order: headings,
// paragraphs, list entries and notes.
func words(d report.Document) []string {
	var out []string
	for _, b := range d.Blocks {
		switch v := b.(type) {
		case report.Heading:
			out = append(out, v.Text)
		case report.Paragraph:
			out = append(out, v.Text)
		case report.Note:
			out = append(out, v.Title, v.Text)
		case report.List:
			for _, i := range v.Items {
				out = append(out, i.Title, i.Text)
			}
		}
	}
	return out
}

// TestPDF renders every document and checks it with other programs' eyes:
// sound syntax, pages, marks on every page, words in order. TRAGUARDO_REPORTS
// names a folder that keeps the files.
func TestPDF(t *testing.T) {
	t.Parallel()
	keep := os.Getenv("TRAGUARDO_REPORTS")
	r := reports(t)
	for _, d := range documents(r) {
		t.Run(d.name, func(t *testing.T) {
			b, err := r.PDF(d.doc)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			if keep != "" {
				dir = keep
			}
			file := filepath.Join(dir, d.name+".pdf")
			if err := os.WriteFile(file, b, 0o600); err != nil {
				t.Fatal(err)
			}
			if out := tool(t, "qpdf", "--check", file); strings.Contains(out, "WARNING") {
				t.Errorf("qpdf warns:\n%s", out)
			}
			info := tool(t, "pdfinfo", file)
			if !strings.Contains(info, "Title:           "+d.doc.Title) || !strings.Contains(info, "PDF version:     1.7") {
				t.Errorf("got information\n%s", info)
			}
			m := regexp.MustCompile(`Pages:\s+(\d+)`).FindStringSubmatch(info)
			n, err := strconv.Atoi(m[1])
			if err != nil {
				t.Fatal(err)
			}
			checkPages(t, d.doc, strings.Split(tool(t, "pdftotext", "-layout", file, "-"), "\f"), n)
			checkOrder(t, d.doc, tool(t, "pdftotext", "-raw", file, "-"))
		})
	}
}

// checkPages looks for footer and mark on each page, and for a page without text.
func checkPages(t *testing.T, d report.Document, pages []string, n int) {
	t.Helper()
	if len(pages) != n+1 { // pdftotext ends every page with a form feed
		t.Fatalf("got text of %d pages, want %d", len(pages)-1, n)
	}
	foot, mark := "pagina %d di %d", "dato dimostrativo"
	if d.Lang == "en" {
		foot, mark = "page %d of %d", "demonstration data"
	}
	for i, p := range pages[:n] {
		if !strings.Contains(p, fmt.Sprintf(foot, i+1, n)) {
			t.Errorf("page %d has no number", i+1)
		}
		if !strings.Contains(strings.ToLower(p), mark) {
			t.Errorf("page %d does not say %q", i+1, mark)
		}
		if !strings.Contains(p, d.DataHash[:12]) || !strings.Contains(p, d.FormulaVersion) || !strings.Contains(p, d.Edition) {
			t.Errorf("page %d lacks hash, formula or edition", i+1)
		}
		if got := len(letters(p)); got < 200 {
			t.Errorf("page %d holds %d letters: nearly empty", i+1, got)
		}
	}
}

// checkOrder looks for every heading and paragraph after the one before it.
func checkOrder(t *testing.T, d report.Document, text string) {
	t.Helper()
	var body strings.Builder
	// headers and footers stand between the parts of a paragraph that breaks
	for line := range strings.SplitSeq(text, "\n") {
		l := strings.TrimPrefix(line, "\f")
		if strings.Contains(l, d.DataHash[:12]+" ") || l == d.Classification || strings.HasSuffix(l, "DATO DIMOSTRATIVO") ||
			strings.HasSuffix(l, "DEMONSTRATION DATA") || regexp.MustCompile(`^(pagina|page) \d+ (di|of) \d+$`).MatchString(l) {
			continue
		}
		body.WriteString(l)
	}
	rest := letters(body.String())
	for _, w := range words(d) {
		at := strings.Index(rest, letters(w))
		if at < 0 {
			t.Fatalf("%q is missing or out of order", w)
		}
		rest = rest[at:]
	}
	if strings.Contains(text, "[report.") || strings.Contains(text, "[figure.") {
		t.Error("a message is missing")
	}
}

// digests returns the SHA-256 of the first documents of the fixture.
func digests(t *testing.T, r *report.Reports) string {
	t.Helper()
	var out strings.Builder
	for _, d := range documents(r)[:4] {
		b, err := r.PDF(d.doc)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(b)
		fmt.Fprintf(&out, "%s %s\n", d.name, hex.EncodeToString(sum[:]))
	}
	return out.String()
}

// TestEqualBytes renders documents twice here and once in a second
// process (this test, told by the variable to print its digests).
func TestEqualBytes(t *testing.T) {
	t.Parallel()
	const variable, begin = "TRAGUARDO_REPORT_DIGESTS", "DIGESTS\n"
	first := digests(t, reports(t))
	if os.Getenv(variable) != "" {
		fmt.Print(begin + first + "\n")
		return
	}
	if second := digests(t, reports(t)); second != first {
		t.Errorf("two runs differ:\n%s\n%s", first, second)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestEqualBytes$")
	cmd.Env = append(os.Environ(), variable+"=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("second process: %v\n%s", err, out)
	}
	if !strings.Contains(string(out), begin+first) {
		t.Errorf("the second process differs:\n%s\nwant\n%s", out, first)
	}
}

func TestAnotherDateGivesAnotherFile(t *testing.T) {
	t.Parallel()
	r := reports(t)
	d := r.Plan("it", plan(shortEnte, 2))
	a, err := r.PDF(d)
	if err != nil {
		t.Fatal(err)
	}
	d.GeneratedOn = d.GeneratedOn.AddDate(0, 0, 1)
	b, err := r.PDF(d)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(a, b) {
		t.Error("got the same bytes for another date")
	}
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	r := reports(t)
	d := r.Impact("it", impact(shortEnte))
	want, err := r.PDF(d)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			got, err := r.PDF(d)
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("a file made beside others differs (err %v)", err)
			}
		})
	}
	wg.Wait()
}

// Every page that a long table reaches begins with its head.
func TestTableHeadIsRepeated(t *testing.T) {
	t.Parallel()
	r := reports(t)
	doc := r.Plan("it", plan(shortEnte, 1))
	var rows [][]string
	for i := range 150 {
		rows = append(rows, []string{fmt.Sprintf("Riga%03d", i), "cella"})
	}
	doc.Blocks = []report.Block{report.Heading{Level: 1, Text: "Prova"}, report.Table{Caption: "Lunga",
		Columns: []report.Column{{Head: "Nomericonoscibile"}, {Head: "Altro"}}, Groups: []report.RowGroup{{Title: "Gruppo", Rows: rows}}}}
	b, err := r.PDF(doc)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "t.pdf")
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	seen, with := 0, 0
	for _, p := range strings.Split(tool(t, "pdftotext", "-layout", file, "-"), "\f") {
		n := strings.Count(p, "Riga")
		if n == 0 {
			continue
		}
		seen, with = seen+n, with+1
		if strings.Count(p, "Nomericonoscibile") != 1 {
			t.Errorf("a page with %d rows has no head or two", n)
		}
	}
	if seen != 150 || with < 3 {
		t.Errorf("got %d rows on %d pages, want 150 on three or more", seen, with)
	}
}

// No page ends with a heading: wherever the page breaks, text follows it.
func TestNoHeadingAtTheFoot(t *testing.T) {
	t.Parallel()
	r := reports(t)
	doc := r.Plan("it", plan(shortEnte, 1))
	doc.Blocks = nil
	for i := range 60 {
		doc.Blocks = append(doc.Blocks, report.Heading{Level: 1 + i%3, Text: fmt.Sprintf("Titolo%02d", i)},
			report.Paragraph{Text: strings.Repeat(fmt.Sprintf("Testo%02d ", i), 5+i*7%90)})
	}
	b, err := r.PDF(doc)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "t.pdf")
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	pages := strings.Split(tool(t, "pdftotext", "-layout", file, "-"), "\f")
	for i, p := range pages[1 : len(pages)-1] {
		all := regexp.MustCompile(`Titolo(\d\d)`).FindAllStringSubmatch(p, -1)
		if len(all) == 0 {
			continue
		}
		last := all[len(all)-1][1]
		if !strings.Contains(p, "Testo"+last) {
			t.Errorf("page %d ends with heading %s", i+2, last)
		}
	}
}

func TestPDFRefusesInvalidDocuments(t *testing.T) {
	t.Parallel()
	r := reports(t)
	good := r.Plan("it", plan(shortEnte, 1))
	cases := []struct {
		name   string
		change func(*report.Document)
	}{
		{"no title", func(d *report.Document) { d.Title = "" }},
		{"no date", func(d *report.Document) { d.GeneratedOn = day(1, 1, 1) }},
		{"language", func(d *report.Document) { d.Lang = "de" }},
		{"heading level", func(d *report.Document) { d.Blocks = []report.Block{report.Heading{Level: 4, Text: "x"}} }},
		{"cells", func(d *report.Document) {
			d.Blocks = []report.Block{report.Table{Columns: []report.Column{{Head: "a"}}, Groups: []report.RowGroup{{Rows: [][]string{{"1", "2"}}}}}}
		}},
		{"figure", func(d *report.Document) { d.Blocks = []report.Block{report.FigureBlock{}} }},
		{"unknown block", func(d *report.Document) { d.Blocks = []report.Block{nil} }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := good
			c.change(&d)
			if _, err := r.PDF(d); err == nil {
				t.Error("want an error")
			}
			var b bytes.Buffer
			if err := r.HTML(&b, d); err == nil || b.Len() > 0 {
				t.Errorf("want an error and no HTML, got %v and %d bytes", err, b.Len())
			}
		})
	}
}

// BenchmarkReport12Pages renders a report of twelve pages with eight figures:
// warm with its figures in the cache, cold painting each one.
func BenchmarkReport12Pages(b *testing.B) {
	data := assessment(shortEnte)
	for i := range data.Indicators {
		data.Indicators[i].Evidence += "; E2 esportazione del registro di protocollo del 30/09/2026; E1 determina n. 7 del 12/01/2026"
	}
	warm := reports(b)
	render := func(b *testing.B, r *report.Reports) {
		out, err := r.PDF(r.Assessment("it", data))
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(bytes.Count(out, []byte("/Type/Page/"))+bytes.Count(out, []byte("/Type/Page>"))), "pages")
	}
	b.Run("warm", func(b *testing.B) {
		render(b, warm)
		b.ReportAllocs()
		for b.Loop() {
			render(b, warm)
		}
	})
	b.Run("cold", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			b.StopTimer()
			r := reports(b)
			b.StartTimer()
			render(b, r)
		}
	})
}
