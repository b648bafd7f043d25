package report

import (
	"bytes"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strconv"
	"strings"

	"traguardo/app/i18n"
	"traguardo/app/report/fonts"
)

//go:embed report.html.tmpl
var templateText string

//go:embed report.css
var styleText string

// parseTemplates reads the embedded template of the HTML twin.
func parseTemplates() (*template.Template, error) {
	t, err := template.New("report").Parse(templateText)
	if err != nil {
		return nil, fmt.Errorf("parse template of the HTML twin: %w", err)
	}
	return t, nil
}

// view is a document prepared for the template.
type view struct {
	Lang, Ente, Title, Subtitle, Demo string
	Facts                             []fact
	ContentsHead                      string
	Contents                          []viewBlock
	Blocks                            []viewBlock
	CSS                               template.CSS
}

// viewBlock is one block of any type; unused fields are empty.
type viewBlock struct {
	Type, ID, Class, Title, Text string
	Items                        []Item
	Keys                         []KeyFigure
	SVG                          template.HTML
	Head                         []viewCell
	Groups                       []viewGroup
	Span                         int
	Table                        *viewBlock
}

// viewGroup is one table body.
type viewGroup struct {
	Title string
	Span  int
	Rows  [][]viewCell
}

// viewCell is one cell of a table.
type viewCell struct {
	Text, Class string
	Header      bool
}

// HTML writes the accessible twin of the document as one article, for a page
// that has its own head, style sheet and main element: h1 is the document's
// title, headings go from h2 to h4. No style attributes, no scripts. Classes
// begin with "tg-".
func (r *Reports) HTML(w io.Writer, d Document) error { return r.html(w, d, "article") }

// HTMLPage writes the twin as a file of its own, with its style sheet inside.
func (r *Reports) HTMLPage(w io.Writer, d Document) error { return r.html(w, d, "page") }

func (r *Reports) html(w io.Writer, d Document, name string) error {
	if err := d.Validate(); err != nil {
		return err
	}
	v, err := newView(d, r.texts.For(d.Lang))
	if err != nil {
		return fmt.Errorf("report %s: %w", d.Kind, err)
	}
	if name == "page" {
		if v.CSS, err = styleSheet(); err != nil {
			return fmt.Errorf("report %s: %w", d.Kind, err)
		}
	}
	var b bytes.Buffer
	if err := r.page.ExecuteTemplate(&b, name, v); err != nil {
		return fmt.Errorf("report %s: %w", d.Kind, err)
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("report %s: %w", d.Kind, err)
	}
	return nil
}

// styleSheet returns the style of a file of its own, with the type inside, so
// that it looks the same wherever it is opened.
func styleSheet() (template.CSS, error) {
	var b strings.Builder
	for _, cut := range []fonts.Style{fonts.Regular, fonts.Bold} {
		weight := "400"
		if cut == fonts.Bold {
			weight = "600"
		}
		ttf, err := fonts.TTF(cut)
		if err != nil {
			return "", err
		}
		b.WriteString(`@font-face { font-family: "Titillium Web"; font-weight: ` + weight +
			`; src: url(data:font/ttf;base64,` + base64.StdEncoding.EncodeToString(ttf) + ") format(\"truetype\"); }\n")
	}
	return template.CSS(b.String() + styleText), nil //nolint:gosec // our own embedded files
}

func newView(d Document, loc *i18n.Localizer) (view, error) {
	v := view{Lang: d.Lang, Ente: d.Ente, Title: d.Title, Subtitle: d.Subtitle, Facts: d.facts(loc),
		ContentsHead: loc.T("report.contents")}
	if d.Fictitious {
		v.Demo = loc.T("report.demo_cover")
	}
	n := &numbering{loc: loc}
	for i, b := range d.Blocks {
		vb, err := n.view(b, i)
		if err != nil {
			return view{}, err
		}
		if vb.Type == "" {
			continue
		}
		if vb.Type == "h1" {
			v.Contents = append(v.Contents, vb)
		}
		v.Blocks = append(v.Blocks, vb)
	}
	return v, nil
}

// numbering counts figures and tables as the PDF does.
type numbering struct {
	loc             *i18n.Localizer
	figures, tables int
}

func (n *numbering) view(b Block, i int) (viewBlock, error) {
	id := "b" + strconv.Itoa(i)
	switch v := b.(type) {
	case Heading:
		return viewBlock{Type: "h" + strconv.Itoa(v.Level), ID: id, Text: v.Text}, nil
	case Paragraph:
		vb := viewBlock{Type: "p", Text: v.Text}
		vb.Class = sizeClass(v.Size)
		return vb, nil
	case List:
		vb := viewBlock{Type: "ul", Items: v.Items, Class: sizeClass(v.Size)}
		if v.Ordered {
			vb.Type = "ol"
		}
		return vb, nil
	case KeyFigures:
		return viewBlock{Type: "keys", Keys: v.Items}, nil
	case Note:
		class := "tg-note-info"
		if v.Kind == NoteLimit {
			class = "tg-note-limit"
		}
		return viewBlock{Type: "note", Class: class, Title: v.Title, Text: v.Text}, nil
	case PageBreak:
		return viewBlock{}, nil
	case Table:
		n.tables++
		return n.table(v, id, n.loc.T("report.table_n", "N", strconv.Itoa(n.tables))+". "+v.Caption), nil
	case FigureBlock:
		n.figures++
		return n.figure(v, id)
	default:
		return viewBlock{}, fmt.Errorf("unknown block %T", b)
	}
}

func (n *numbering) table(t Table, id, caption string) viewBlock {
	out := viewBlock{Type: "table", ID: id, Title: caption, Span: len(t.Columns), Text: n.loc.T("report.empty_table")}
	for _, c := range t.Columns {
		out.Head = append(out.Head, viewCell{Text: c.Head, Class: alignClass(c.Align)})
	}
	for _, g := range t.Groups {
		if len(g.Rows) == 0 {
			continue
		}
		vg := viewGroup{Title: g.Title, Span: len(t.Columns)}
		for _, r := range g.Rows {
			var cells []viewCell
			for j, c := range r {
				cells = append(cells, viewCell{Text: c, Class: alignClass(t.Columns[j].Align), Header: j == 0})
			}
			vg.Rows = append(vg.Rows, cells)
		}
		out.Groups = append(out.Groups, vg)
	}
	return out
}

func sizeClass(s Size) string {
	switch s {
	case Lead:
		return "tg-lead"
	case Fine:
		return "tg-fine"
	case Normal:
		return ""
	default:
		return ""
	}
}

func alignClass(a Align) string {
	switch a {
	case Right:
		return "tg-right"
	case Center:
		return "tg-center"
	case Left:
		return ""
	default:
		return ""
	}
}

func (n *numbering) figure(v FigureBlock, id string) (viewBlock, error) {
	f := v.Figure
	f.ID = id
	var b bytes.Buffer
	if err := f.SVG(&b); err != nil {
		return viewBlock{}, fmt.Errorf("figure %q: %w", f.Title, err)
	}
	t := Table{Caption: f.Data.Caption}
	for _, h := range f.Data.Head {
		t.Columns = append(t.Columns, Column{Head: h})
	}
	t.Groups = []RowGroup{{Rows: f.Data.Rows}}
	data := n.table(t, id+"-data", f.Data.Caption)
	return viewBlock{Type: "figure", ID: id, Title: n.loc.T("report.figure_n", "N", strconv.Itoa(n.figures)) + ". " + f.Title,
		Text: n.loc.T("report.figure_data"), SVG: template.HTML(b.String()), Table: &data}, nil //nolint:gosec // written and escaped by figure
}
