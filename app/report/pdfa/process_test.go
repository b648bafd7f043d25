package pdfa_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"traguardo/app/report/pdfa"
)

// sample writes a file as gofpdf does: two pages, an information dictionary
// with the clock, an empty name tree. order gives the places of the objects.
func sample(order []int, stamp string) []byte {
	objects := map[int]string{
		1: "<</Type /Pages\n/Kids [3 0 R 5 0 R ]\n/Count 2\n/MediaBox [0 0 595.28 841.89]\n>>",
		2: "<<\n/ProcSet [/PDF /Text]\n/XObject <<\n>>\n>>",
		3: "<</Type /Page\n/Parent 1 0 R\n/Resources 2 0 R\n/Contents 4 0 R>>",
		4: "<</Length 10>>\nstream\n0 0 m 1 1 \nendstream",
		5: "<</Type /Page\n/Parent 1 0 R\n/Resources 2 0 R\n/Contents 6 0 R>>",
		6: "<</Length 10>>\nstream\n2 2 m (\\)) \nendstream",
		7: "<<\n/CreationDate (D:" + stamp + ")\n/Producer (x \\( y)\n>>",
		8: "<<\n/Type /Catalog\n/Pages 1 0 R\n/Names <<\n/EmbeddedFiles << /Names [\n] >>\n>>\n>>",
	}
	var b bytes.Buffer
	b.WriteString("%PDF-1.3\n")
	at := map[int]int{}
	for _, n := range order {
		at[n] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", n, objects[n])
	}
	start := b.Len()
	b.WriteString("xref\n0 9\n0000000000 65535 f \n")
	for n := 1; n <= 8; n++ {
		fmt.Fprintf(&b, "%010d 00000 n \n", at[n])
	}
	fmt.Fprintf(&b, "trailer\n<<\n/Size 9\n/Root 8 0 R\n/Info 7 0 R\n>>\nstartxref\n%d\n%%%%EOF\n", start)
	return b.Bytes()
}

func options() pdfa.Options {
	return pdfa.Options{Title: "Valutazione – Comune <Àlfa> & C.", Author: "Comune", Lang: "it", Pages: 2,
		Date: time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC),
		Outline: []pdfa.Bookmark{{Title: "Uno", Level: 1, Page: 0, Top: 100}, {Title: "Uno.uno", Level: 2, Page: 0, Top: 300},
			{Title: "Uno.uno.uno", Level: 3, Page: 1, Top: 20}, {Title: "Due", Level: 1, Page: 1, Top: 500}}}
}

func process(t *testing.T, raw []byte) []byte {
	t.Helper()
	out, err := pdfa.Process(raw, options())
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestOrderAndClockLeaveNoTrace(t *testing.T) {
	t.Parallel()
	a := process(t, sample([]int{1, 2, 3, 4, 5, 6, 7, 8}, "20260101000000"))
	b := process(t, sample([]int{8, 6, 7, 2, 4, 1, 5, 3}, "20261231235959"))
	if !bytes.Equal(a, b) {
		t.Error("got different bytes for the same pages in another order at another time")
	}
	o := options()
	o.Title = "Altro"
	c, err := pdfa.Process(sample([]int{1, 2, 3, 4, 5, 6, 7, 8}, "20260101000000"), o)
	if err != nil {
		t.Fatal(err)
	}
	id := regexp.MustCompile(`/ID\[<([0-9A-F]{32})> <([0-9A-F]{32})>\]`)
	ma, mc := id.FindSubmatch(a), id.FindSubmatch(c)
	if ma == nil || mc == nil || !bytes.Equal(ma[1], ma[2]) || bytes.Equal(ma[1], mc[1]) {
		t.Errorf("got identifiers %s and %s, want two different ones from the content", ma, mc)
	}
}

func TestFileTellsOfItself(t *testing.T) {
	t.Parallel()
	out := process(t, sample([]int{1, 2, 3, 4, 5, 6, 7, 8}, "20260101000000"))
	if !bytes.HasPrefix(out, []byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")) {
		t.Errorf("got head %q", out[:16])
	}
	for _, want := range []string{"/ViewerPreferences<</DisplayDocTitle true>>", "/Lang<FEFF00690074>", "/OutputIntents[",
		"/PageMode/UseOutlines", "/CreationDate(D:20261120080000+00'00')", "<xmp:CreateDate>2026-11-20T08:00:00Z</xmp:CreateDate>"} {
		if !bytes.Contains(out, []byte(want)) {
			t.Errorf("the file lacks %s", want)
		}
	}
	for _, bad := range []string{"/EmbeddedFiles", "pdfaid", "pdfuaid", "20260101000000"} {
		if bytes.Contains(out, []byte(bad)) {
			t.Errorf("the file holds %s", bad)
		}
	}
	packet := regexp.MustCompile(`(?s)<x:xmpmeta.*</x:xmpmeta>`).Find(out)
	var any struct {
		XMLName xml.Name
	}
	if err := xml.Unmarshal(packet, &any); err != nil {
		t.Errorf("the XMP does not parse: %v", err)
	}
	file := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(file, out, 0o600); err != nil {
		t.Fatal(err)
	}
	if msg, err := exec.CommandContext(t.Context(), "qpdf", "--check", file).CombinedOutput(); err != nil {
		t.Errorf("qpdf: %v\n%s", err, msg)
	}
}

func TestOutlineIsNested(t *testing.T) {
	t.Parallel()
	out := string(process(t, sample([]int{1, 2, 3, 4, 5, 6, 7, 8}, "20260101000000")))
	if n := strings.Count(out, "/Dest["); n != 4 {
		t.Errorf("got %d bookmarks, want 4", n)
	}
	// the root counts all four, "Uno" its two descendants, "Uno.uno" one
	for _, want := range []string{"/Count 4/First", "/Count 2/Dest", "/Count 1/Dest"} {
		if !strings.Contains(out, want) {
			t.Errorf("the outline lacks %q", want)
		}
	}
	if !strings.Contains(out, "/XYZ 0 741.89 null]") {
		t.Error("want the first bookmark 100 points under the top edge")
	}
	o := options()
	o.Outline[3].Page = 2
	if _, err := pdfa.Process(sample([]int{1, 2, 3, 4, 5, 6, 7, 8}, "x"), o); err == nil {
		t.Error("want an error for a bookmark after the last page")
	}
}

func TestRefusesOtherFiles(t *testing.T) {
	t.Parallel()
	good := string(sample([]int{1, 2, 3, 4, 5, 6, 7, 8}, "20260101000000"))
	cases := []struct{ name, in string }{
		{"empty", ""},
		{"no table", "%PDF-1.3\nstartxref\n0\n%%EOF"},
		{"cut", good[:len(good)/2]},
		{"stream length", strings.Replace(good, "/Length 10", "/Length 99", 1)},
		{"encrypted", strings.Replace(good, "/Info 7 0 R", "/Encrypt 7 0 R", 1)},
		{"missing object", strings.Replace(good, "/Contents 6 0 R", "/Contents 9 0 R", 1)},
		{"deep", strings.Replace(good, "/ProcSet [/PDF /Text]", "/P "+strings.Repeat("[", 500), 1)},
		{"page count", strings.Replace(good, "[3 0 R 5 0 R ]", "[3 0 R       ]", 1)},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if _, err := pdfa.Process([]byte(c.in), options()); !errors.Is(err, pdfa.ErrFormat) {
				t.Errorf("got %v, want ErrFormat", err)
			}
		})
	}
}

// FuzzProcess: no input makes it panic, and what it accepts it accepts again.
func FuzzProcess(f *testing.F) {
	f.Add(sample([]int{1, 2, 3, 4, 5, 6, 7, 8}, "20260101000000"))
	f.Add([]byte("startxref 0"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		o := options()
		o.Pages, o.Outline = 0, nil
		out, err := pdfa.Process(raw, o)
		if err != nil {
			return
		}
		again, err := pdfa.Process(out, o)
		if err != nil || len(again) == 0 {
			t.Errorf("the own output is refused: %v", err)
		}
	})
}
