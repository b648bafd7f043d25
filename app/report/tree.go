package report

import (
	"fmt"
	"time"

	"traguardo/app/report/figure"
)

// Kind is the kind of a document.
type Kind string

// The kinds that have a builder.
const (
	KindAssessment Kind = "assessment"
	KindPlan       Kind = "plan"
	KindImpact     Kind = "impact"
)

// KindPaper is letters and slips: they have no builder and are kept nowhere.
const KindPaper Kind = "paper"

// ParseKind accepts the code of a kind and refuses all other text.
func ParseKind(s string) (Kind, error) {
	switch k := Kind(s); k {
	case KindAssessment, KindPlan, KindImpact:
		return k, nil
	default:
		return "", fmt.Errorf("unknown kind of report %q", s)
	}
}

// Document is one report: what stands on every page, and the blocks in
// reading order. All text is plain, in the language Lang.
type Document struct {
	Kind           Kind
	Lang           string // "it" or "en"
	Title          string
	Subtitle       string // empty: none
	Ente           string
	Fictitious     bool      // invented ente: marked «dato dimostrativo» on every page
	Classification string    // e.g. "Uso interno"; empty: not printed
	Version        string    // version of the plan or of the document; empty: not printed
	DataHash       string    // hash of the data, hexadecimal; pages show its first 12 digits
	FormulaVersion string    // version of the scoring, e.g. "MAT-STAFF 1.0"
	Edition        string    // PTI edition, e.g. "2024-2026 agg. 2026"; empty: not printed
	GeneratedOn    time.Time // date of the result, not of the printing
	Blocks         []Block
}

// Block is one part of a document.
type Block interface{ block() }

// Heading opens a section; levels 1 to 3 under the document's title.
type Heading struct {
	Level int
	Text  string
}

// Size is the size of running text.
type Size int

// The sizes: Lead for the first paragraph of a document, Fine for notes on method.
const (
	Normal Size = iota
	Lead
	Fine
)

// Paragraph is running text.
type Paragraph struct {
	Text string
	Size Size
}

// Item is one entry of a List; Title, where it is not empty, stands before the
// text in bold.
type Item struct{ Title, Text string }

// List is a bulleted or numbered list.
type List struct {
	Items   []Item
	Ordered bool
	Size    Size
}

// Items makes entries without titles.
func Items(texts ...string) []Item {
	out := make([]Item, len(texts))
	for i, t := range texts {
		out[i] = Item{Text: t}
	}
	return out
}

// Align is the alignment of a column.
type Align int

// The alignments; numbers go right.
const (
	Left Align = iota
	Right
	Center
)

// Column is one column of a Table. Weight is its share of the width (0 counts
// as 1).
type Column struct {
	Head   string
	Align  Align
	Weight float64
}

// RowGroup is a run of rows under a title of its own; no title: none printed.
// The first cell of each row names the row.
type RowGroup struct {
	Title string
	Rows  [][]string
}

// Table is a table with header cells; it breaks over pages with its head
// repeated. A table without rows prints its head and one line that says so.
type Table struct {
	Caption string
	Columns []Column
	Groups  []RowGroup
}

// FigureBlock shows a figure; its caption is the figure's title.
type FigureBlock struct{ Figure figure.Figure }

// KeyFigure is one card: a value with what it is and a line of context.
type KeyFigure struct{ Label, Value, Note string }

// KeyFigures is a row of cards.
type KeyFigures struct{ Items []KeyFigure }

// NoteKind chooses the look of a Note; its words say the rest.
type NoteKind int

// The kinds of note.
const (
	NoteInfo NoteKind = iota
	NoteLimit
)

// Note is a boxed remark.
type Note struct {
	Kind  NoteKind
	Title string
	Text  string
}

// PageBreak begins a new page in the PDF; in HTML it is nothing.
type PageBreak struct{}

func (Heading) block()     {}
func (Paragraph) block()   {}
func (List) block()        {}
func (Table) block()       {}
func (FigureBlock) block() {}
func (KeyFigures) block()  {}
func (Note) block()        {}
func (PageBreak) block()   {}

// Validate reports a document that cannot be rendered: no title, no date, an
// unknown language, a heading level outside 1–3, a row whose cells do not
// match the columns.
func (d Document) Validate() error {
	switch {
	case d.Title == "":
		return fmt.Errorf("report %s: no title", d.Kind)
	case d.GeneratedOn.IsZero():
		return fmt.Errorf("report %s: no date of the result", d.Kind)
	case d.Lang != "it" && d.Lang != "en":
		return fmt.Errorf("report %s: language %q", d.Kind, d.Lang)
	}
	for i, b := range d.Blocks {
		switch v := b.(type) {
		case Heading:
			if v.Level < 1 || v.Level > 3 {
				return fmt.Errorf("report %s, block %d: heading level %d", d.Kind, i, v.Level)
			}
		case Table:
			for _, g := range v.Groups {
				for _, r := range g.Rows {
					if len(r) != len(v.Columns) {
						return fmt.Errorf("report %s, block %d: row with %d cells for %d columns", d.Kind, i, len(r), len(v.Columns))
					}
				}
			}
		case FigureBlock:
			if v.Figure.W <= 0 || v.Figure.H <= 0 {
				return fmt.Errorf("report %s, block %d: figure without size", d.Kind, i)
			}
		}
	}
	return nil
}

// shortHash returns the first twelve digits of a hash.
func shortHash(h string) string {
	if len(h) > 12 {
		return h[:12]
	}
	return h
}
