package report_test

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"traguardo/app/report"
	"traguardo/app/report/figure"
)

// walk calls f for every element under n, in order.
func walk(n *html.Node, f func(*html.Node)) {
	if n.Type == html.ElementNode {
		f(n)
	}
	for c := range n.ChildNodes() {
		walk(c, f)
	}
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// inner returns the text of a node without that of drawings.
func inner(n *html.Node) string {
	var b strings.Builder
	var rec func(*html.Node)
	rec = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		if n.Type == html.ElementNode && (n.Data == "svg" || n.Data == "style") {
			return
		}
		for c := range n.ChildNodes() {
			rec(c)
		}
	}
	rec(n)
	return b.String()
}

func twin(t *testing.T, r *report.Reports, d report.Document) *html.Node {
	t.Helper()
	var b bytes.Buffer
	if err := r.HTMLPage(&b, d); err != nil {
		t.Fatal(err)
	}
	n, err := html.Parse(&b)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestHTMLTwin checks the structure of every twin and that it has the same
// words in the same order as the tree.
func TestHTMLTwin(t *testing.T) {
	t.Parallel()
	r := reports(t)
	for _, d := range documents(r) {
		t.Run(d.name, func(t *testing.T) {
			root := twin(t, r, d.doc)
			checkStructure(t, root)
			rest := letters(inner(root))
			for _, w := range words(d.doc) {
				at := strings.Index(rest, letters(w))
				if at < 0 {
					t.Fatalf("%q is missing or out of order", w)
				}
				rest = rest[at:]
			}
			cells := 0
			for _, b := range d.doc.Blocks {
				if tb, ok := b.(report.Table); ok {
					cells += countRows(tb)
				}
				if fb, ok := b.(report.FigureBlock); ok {
					cells += len(fb.Figure.Data.Rows)
				}
			}
			got := 0
			walk(root, func(n *html.Node) {
				if n.Data == "th" && attr(n, "scope") == "row" {
					got++
				}
			})
			if got != cells {
				t.Errorf("got %d rows with a name, want %d", got, cells)
			}
			if d.doc.Fictitious != strings.Contains(inner(root), strings.Split(report.DemoMark(r, d.doc.Lang), ":")[0]) {
				t.Error("the mark of demonstration data does not follow the document")
			}
		})
	}
}

func countRows(t report.Table) int {
	n := 0
	for _, g := range t.Groups {
		n += len(g.Rows)
	}
	return n
}

func checkStructure(t *testing.T, root *html.Node) {
	t.Helper()
	ids := map[string]bool{}
	level, h1 := 0, 0
	walk(root, func(n *html.Node) {
		if id := attr(n, "id"); id != "" {
			if ids[id] {
				t.Errorf("id %q twice", id)
			}
			ids[id] = true
		}
		if attr(n, "style") != "" || n.Data == "script" {
			t.Errorf("<%s> with a style attribute, or a script", n.Data)
		}
		switch n.Data {
		case "h1", "h2", "h3", "h4":
			l := int(n.Data[1] - '0')
			if l > level+1 {
				t.Errorf("heading %q jumps from level %d to %d", inner(n), level, l)
			}
			level = l
			if l == 1 {
				h1++
			}
		case "table":
			if n.FirstChild == nil || n.FirstChild.NextSibling == nil {
				t.Error("empty table")
			}
			caption := false
			walk(n, func(c *html.Node) {
				caption = caption || (c.Data == "caption" && strings.TrimSpace(inner(c)) != "")
				if c.Data == "th" && attr(c, "scope") == "" {
					t.Errorf("header cell %q without scope", inner(c))
				}
			})
			if !caption {
				t.Error("table without caption")
			}
		case "svg":
			if attr(n, "role") != "img" || attr(n, "aria-labelledby") == "" {
				t.Error("drawing without role or name")
			}
		}
	})
	walk(root, func(n *html.Node) {
		for id := range strings.FieldsSeq(attr(n, "aria-labelledby")) {
			if !ids[id] {
				t.Errorf("aria-labelledby names %q, which is not there", id)
			}
		}
		if to, ok := strings.CutPrefix(attr(n, "href"), "#"); ok && !ids[to] {
			t.Errorf("link to #%s, which is not there", to)
		}
	})
	if h1 != 1 {
		t.Errorf("got %d h1, want 1", h1)
	}
}

func TestHTMLEscapesText(t *testing.T) {
	t.Parallel()
	r := reports(t)
	evil := `</table><script>alert(1)</script><img src=x onerror="x">`
	d := r.Plan("it", plan(evil, 3))
	d.Blocks = append(d.Blocks, report.Heading{Level: 1, Text: evil}, report.Note{Title: evil, Text: evil},
		report.List{Items: []report.Item{{Title: evil, Text: evil}}},
		report.Table{Caption: evil, Columns: []report.Column{{Head: evil}}, Groups: []report.RowGroup{{Title: evil, Rows: [][]string{{evil}}}}},
		report.KeyFigures{Items: []report.KeyFigure{{Label: evil, Value: evil, Note: evil}}},
		report.FigureBlock{Figure: r.Figures("it").LevelBars(figure.LevelBarsData{Title: evil,
			Rows: []figure.LevelRow{{Label: evil, Evidenced: figure.Of(3)}}})})
	walk(twin(t, r, d), func(n *html.Node) {
		if n.Data == "script" || n.Data == "img" || attr(n, "onerror") != "" {
			t.Fatalf("text became <%s>", n.Data)
		}
	})
	if _, err := r.PDF(d); err != nil {
		t.Errorf("PDF of the same text: %v", err)
	}
}

// Suppressed and absent values never show as 0, in either renderer's source.
func TestAbsentIsNeverZero(t *testing.T) {
	t.Parallel()
	r := reports(t)
	d := r.Assessment("it", report.AssessmentData{Meta: meta(shortEnte), WaveName: "ex-ante",
		Overall: report.OverallScore{Evidenced: figure.Value{State: figure.NotAssessed}, Declared: figure.Value{State: figure.NotAssessed}},
		Areas: []report.AreaScore{{Name: "Area", Evidenced: figure.Value{V: 64, State: figure.NotAssessed},
			Declared: figure.Value{V: 64, State: figure.NotAssessed}, Applicable: 8}},
		Staff: report.StaffResult{Done: true, Eligible: 12, Responses: 7, Areas: []report.StaffArea{
			{Name: "Area", N: 3, Mean: figure.Value{V: 64, State: figure.Suppressed}, Interval: figure.Between(60, 68)}}}})
	for _, b := range d.Blocks {
		var rows [][]string
		switch v := b.(type) {
		case report.Table:
			for _, g := range v.Groups {
				rows = append(rows, g.Rows...)
			}
		case report.FigureBlock:
			rows = v.Figure.Data.Rows
			var svg bytes.Buffer
			if err := v.Figure.SVG(&svg); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(svg.String(), "64,0") || strings.Contains(svg.String(), "68,0") {
				t.Errorf("figure %q draws a hidden number", v.Figure.Title)
			}
		}
		for _, row := range rows {
			line := strings.Join(row[1:], " ")
			if strings.Contains(line, "64") || strings.Contains(line, "60,0") || strings.Contains(line, "0,0") {
				t.Errorf("row %q shows a number that is not there", row)
			}
		}
	}
}

// Where everyone answered, or the ends of an interval print the same, words say it.
func TestIntervalsWithoutWidthInWords(t *testing.T) {
	t.Parallel()
	r := reports(t)
	data := assessment(shortEnte)
	data.Overall.Sensitivity = figure.Between(40.01, 40.02)
	data.Staff = report.StaffResult{Done: true, Eligible: 12, Responses: 12, Areas: []report.StaffArea{
		{Name: "Area", N: 12, Mean: figure.Of(38), Interval: figure.OfAll(38)},
		{Name: "Altra", N: 11, Mean: figure.Of(50), Interval: figure.Between(50.01, 50.02)}}}
	for lang, wants := range map[string][]string{
		"it": {"Hanno risposto tutte le 12 persone", "nessuno: hanno risposto tutti", "meno di un decimo di punto", "con altri pesi il numero non cambia"},
		"en": {"All 12 persons answered", "none: everyone answered", "less than a tenth of a point", "with other weights the number stays the same"},
	} {
		page := inner(twin(t, r, r.Assessment(lang, data)))
		for _, want := range wants {
			if !strings.Contains(page, want) {
				t.Errorf("%s: the report does not say %q", lang, want)
			}
		}
		for _, never := range []string{"38,0 a 38,0", "38.0 to 38.0", "50,0 a 50,0", "50.0 to 50.0"} {
			if strings.Contains(page, never) {
				t.Errorf("%s: the report says %q", lang, never)
			}
		}
	}
}

func TestParseKind(t *testing.T) {
	t.Parallel()
	for _, k := range []report.Kind{report.KindAssessment, report.KindPlan, report.KindImpact} {
		if got, err := report.ParseKind(string(k)); err != nil || got != k {
			t.Errorf("ParseKind(%q) = %q, %v", k, got, err)
		}
	}
	if _, err := report.ParseKind("altro"); err == nil {
		t.Error("want an error for an unknown kind")
	}
}
