package figure_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"traguardo/app/report/figure"
)

func rasterizer(t testing.TB, limit int) *figure.Rasterizer {
	t.Helper()
	r, err := figure.NewRasterizer(limit)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// svg writes a figure with an id and returns its elements in order.
func svg(t *testing.T, f figure.Figure, id string) (string, []xml.StartElement) {
	t.Helper()
	f.ID = id
	var b bytes.Buffer
	if err := f.SVG(&b); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	var els []xml.StartElement
	dec := xml.NewDecoder(&b)
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("the SVG does not parse: %v", err)
		}
		if el, ok := tok.(xml.StartElement); ok {
			els = append(els, el.Copy())
		}
	}
	return text, els
}

// TestGallery checks every figure in both languages: sound XML, named for
// screen readers, no style attribute, no id without the prefix, no missing
// message, shapes inside the sheet, a full table. TRAGUARDO_GALLERY=DIR keeps
// the pictures.
func TestGallery(t *testing.T) {
	t.Parallel()
	keep := os.Getenv("TRAGUARDO_GALLERY")
	r := rasterizer(t, 0)
	for _, lang := range []string{"it", "en"} {
		for _, g := range gallery(drawer(t, lang)) {
			t.Run(lang+"/"+g.name, func(t *testing.T) {
				text, els := svg(t, g.fig, "x7")
				checkElements(t, els)
				for _, bad := range []string{"style=", "[figure.", "NaN", "Inf"} {
					if strings.Contains(text, bad) {
						t.Errorf("the SVG holds %q", bad)
					}
				}
				checkTable(t, g.fig)
				b, err := r.PNG(g.fig, 150)
				if err != nil {
					t.Fatal(err)
				}
				img, err := png.Decode(bytes.NewReader(b))
				if err != nil {
					t.Fatal(err)
				}
				if got, want := img.Bounds().Dx(), 1004; got != want {
					t.Errorf("got %d pixels across, want %d (170 mm at 150 dpi)", got, want)
				}
				if keep != "" && lang == "it" {
					for ext, data := range map[string][]byte{".png": b, ".svg": []byte(text)} {
						if err := os.WriteFile(filepath.Join(keep, g.name+ext), data, 0o600); err != nil {
							t.Fatal(err)
						}
					}
				}
			})
		}
	}
}

func checkElements(t *testing.T, els []xml.StartElement) {
	t.Helper()
	root := map[string]string{}
	for _, a := range els[0].Attr {
		root[a.Name.Local] = a.Value
	}
	if root["role"] != "img" || root["aria-labelledby"] != "x7-t x7-d" {
		t.Errorf("got role %q labelled by %q, want img, x7-t x7-d", root["role"], root["aria-labelledby"])
	}
	if els[1].Name.Local != "title" || els[2].Name.Local != "desc" {
		t.Errorf("the SVG begins with %s, %s; want title, desc", els[1].Name.Local, els[2].Name.Local)
	}
	ids := map[string]bool{}
	for _, el := range els {
		for _, a := range el.Attr {
			if a.Name.Local != "id" {
				continue
			}
			if !strings.HasPrefix(a.Value, "x7-") || ids[a.Value] {
				t.Errorf("id %q: without the prefix or twice", a.Value)
			}
			ids[a.Value] = true
		}
	}
	for _, el := range els {
		for _, a := range el.Attr {
			if id, ok := strings.CutPrefix(a.Value, "url(#"); ok && !ids[strings.TrimSuffix(id, ")")] {
				t.Errorf("pattern %s is used and not defined", a.Value)
			}
		}
	}
}

func checkTable(t *testing.T, f figure.Figure) {
	t.Helper()
	if f.Title == "" || f.Desc == "" || len(f.Data.Head) == 0 {
		t.Errorf("got title %q, description %q, %d columns; want some of each", f.Title, f.Desc, len(f.Data.Head))
	}
	for _, row := range f.Data.Rows {
		if len(row) != len(f.Data.Head) {
			t.Errorf("row %q has %d cells, want %d", row[0], len(row), len(f.Data.Head))
		}
	}
	for _, s := range f.Shapes {
		r, ok := s.(figure.Rect)
		if ok && (r.X < -0.01 || r.Y < -0.01 || r.X+r.W > f.W+0.01 || r.Y+r.H > f.H+0.01) {
			t.Errorf("rectangle %+v stands outside %g × %g", r, f.W, f.H)
		}
	}
}

// A suppressed value must not reach the drawing in any form.
func TestSuppressedValueIsNotDrawn(t *testing.T) {
	t.Parallel()
	d := drawer(t, "it")
	hidden := figure.Value{V: 73.7, State: figure.Suppressed}
	figs := []figure.Figure{
		d.LevelBars(figure.LevelBarsData{Title: "t", Rows: []figure.LevelRow{{Label: "a", Evidenced: hidden, Declared: hidden}}}),
		d.DotLine(figure.DotLineData{Title: "t", WithInterval: true, Rows: []figure.ChangeRow{{Label: "a", Before: hidden, After: hidden, Change: hidden}}}),
		d.MatrixHeat(figure.MatrixData{Title: "t", Columns: []string{"c"}, Rows: []figure.MatrixRow{{Label: "a", Cells: []figure.Cell{{Value: hidden}}}}}),
	}
	for _, f := range figs {
		text, _ := svg(t, f, "s")
		if strings.Contains(text, "73,7") || strings.Contains(strings.Join(f.Data.Rows[0], " "), "73") {
			t.Errorf("%s: the suppressed number is in the figure", f.Title)
		}
		if !strings.Contains(text, "dati insufficienti") {
			t.Errorf("%s: want «dati insufficienti» in the figure", f.Title)
		}
	}
}

func TestNotAssessedDiffersFromZero(t *testing.T) {
	t.Parallel()
	d := drawer(t, "it")
	one := func(v figure.Value) string {
		s, _ := svg(t, d.LevelBars(figure.LevelBarsData{Title: "t", Rows: []figure.LevelRow{{Label: "a", Evidenced: v}}}), "s")
		return s
	}
	if na := one(figure.Value{State: figure.NotAssessed}); na == one(figure.Of(0)) || !strings.Contains(na, "tg-hatch") {
		t.Error("want not assessed hatched and unlike 0")
	}
}

func TestHostileTextIsEscaped(t *testing.T) {
	t.Parallel()
	d := drawer(t, "it")
	f := d.LevelBars(figure.LevelBarsData{Title: `<script>"&`, Rows: []figure.LevelRow{
		{Label: `</text><script>alert(1)</script>`, Evidenced: figure.Of(1)}}})
	_, els := svg(t, f, "s")
	for _, el := range els {
		if el.Name.Local == "script" {
			t.Fatal("a label became an element")
		}
	}
}

func TestPNGCacheIsBoundedAndKeyedByContent(t *testing.T) {
	t.Parallel()
	d := drawer(t, "it")
	bar := func(v float64) figure.Figure {
		return d.LevelBars(figure.LevelBarsData{Title: "t", Rows: []figure.LevelRow{{Label: "a", Evidenced: figure.Of(v)}}})
	}
	first, err := rasterizer(t, 0).PNG(bar(10), 100)
	if err != nil {
		t.Fatal(err)
	}
	r := rasterizer(t, 3*len(first))
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			if _, err := r.PNG(bar(float64(i%8)*10), 100); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n, size := r.Held(); n == 0 || size > 3*len(first) {
		t.Errorf("got %d pictures of %d bytes, want some and at most %d bytes", n, size, 3*len(first))
	}
	a, err := r.PNG(bar(10), 100)
	if err != nil {
		t.Fatal(err)
	}
	f := bar(10)
	f.ID = "other"
	b, err := r.PNG(f, 100)
	if err != nil {
		t.Fatal(err)
	}
	if &a[0] != &b[0] {
		t.Error("want the same bytes from the cache: the id is not part of the drawing")
	}
	if !bytes.Equal(a, first) {
		t.Error("want equal bytes from two rasterizers")
	}
	if f.Hash() == bar(11).Hash() {
		t.Error("want another hash for another drawing")
	}
}

func TestPNGRefusesBadInput(t *testing.T) {
	t.Parallel()
	r := rasterizer(t, 0)
	if _, err := r.PNG(figure.Figure{W: 10, H: 10}, 5); err == nil {
		t.Error("want an error at 5 dpi")
	}
	if _, err := r.PNG(figure.Figure{}, 100); err == nil {
		t.Error("want an error for a figure without size")
	}
}

func BenchmarkPNG(b *testing.B) {
	d := drawer(b, "it")
	r := rasterizer(b, 0)
	for _, g := range gallery(d) {
		if strings.HasPrefix(g.name, "empty") {
			continue
		}
		b.Run(g.name, func(b *testing.B) {
			for b.Loop() {
				out, err := r.PNG(g.fig, 300)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(len(out))/1024, "KiB")
			}
		})
	}
}
