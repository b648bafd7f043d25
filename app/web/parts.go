package web

import (
	"html/template"
	"strconv"
	"strings"
)

// Field is one labelled input of a form, drawn by the partial "field".
type Field struct {
	Name     string // name of the input; its id is "f-" + Name
	Type     string // text (default), email, password, number, date, search, tel, url, file, textarea, select, radio, checkbox, checkboxes
	Label    string // always shown
	Hint     string // one line under the label
	Error    string // what to do; marks the field as invalid
	Value    string // checkbox: the value sent when ticked
	Required bool
	Checked  bool     // checkbox
	Options  []Option // select, radio, checkboxes
	Unit     string   // shown after the input, as "€" or "giorni"

	Autocomplete, InputMode, Pattern string
	Min, Max, Step, Accept           string
	MaxLength, Rows                  int // 0: no limit; 5 rows
	Narrow                           bool
	Guard                            bool // keep typed text in the browser until the form is saved
}

// Option is one choice of a select or of radio buttons.
type Option struct {
	Value, Label, Hint string
	Selected           bool
}

// ID returns the id of the input, also the target of the error summary.
func (f Field) ID() string { return fieldID(f.Name) }

// Kind returns the type of the input, text when none is given.
func (f Field) Kind() string {
	if f.Type == "" {
		return "text"
	}
	return f.Type
}

// InputType returns the type of each input of a group of choices.
func (f Field) InputType() string {
	if f.Type == "checkboxes" {
		return "checkbox"
	}
	return "radio"
}

// DescribedBy returns the ids of hint and error, for aria-describedby; empty without either.
func (f Field) DescribedBy() string {
	var ids []string
	if f.Hint != "" {
		ids = append(ids, f.ID()+"-hint")
	}
	if f.Error != "" {
		ids = append(ids, f.ID()+"-error")
	}
	return strings.Join(ids, " ")
}

// RowCount returns the rows of a textarea, 5 when none are given.
func (f Field) RowCount() int {
	if f.Rows == 0 {
		return 5
	}
	return f.Rows
}

// fieldID makes the id of an input from its name; names such as "rows[2].cost" stay valid ids.
func fieldID(name string) string {
	if name == "" {
		return "form"
	}
	return "f-" + strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_':
			return r
		default:
			return '-'
		}
	}, name)
}

// Table is a table of data with its caption and headings, drawn by the partial "table".
type Table struct {
	ID      string // unique in the page
	Caption string
	Hidden  bool // the caption is for screen readers only (a heading says the same)
	Columns []Column
	Rows    []Row
	Empty   string // sentence in place of rows
	Note    string // source, n, date, under the table
}

// Numeric says whether column i holds figures.
func (t Table) Numeric(i int) bool { return i < len(t.Columns) && t.Columns[i].Numeric }

// Column is the heading of a column.
type Column struct {
	Label   string
	Numeric bool // right-aligned, tabular figures
}

// Row is one row; the first cell is its heading.
type Row struct {
	Cells  []Cell
	Strong bool // a total
}

// Cell is one cell: text, and a link, a badge or a mark where given.
type Cell struct {
	Text  string
	Href  string
	Badge *Badge
	Muted bool // no value: "dati insufficienti", "non valutato"
}

// Badge is a state in one or two words.
type Badge struct {
	Kind string // KindNeutral, KindInfo, KindOK, KindWarning, KindError
	Text string
}

// Pager is the state of a list in pages.
type Pager struct {
	Page, Pages, Total int    // Page from 1
	Base               string // address without the page number, ending in "?" or "&"
}

// Previous returns the address of the page before, or nothing.
func (p Pager) Previous() string { return p.to(p.Page - 1) }

// Next returns the address of the page after, or nothing.
func (p Pager) Next() string { return p.to(p.Page + 1) }

func (p Pager) to(n int) string {
	if n < 1 || n > p.Pages {
		return ""
	}
	return p.Base + "pagina=" + strconv.Itoa(n)
}

// Empty is a list with nothing in it: why, and what to do.
type Empty struct {
	Title, Text  string
	Action, Href string // one button; none when Href is empty
}

// LevelBar is one score on the 0–100 ruler with its interval.
type LevelBar struct {
	Label    string
	Known    bool    // false: hatched, with Text in place of the figure ("non valutato", "dati insufficienti")
	Score    float64 // 0–100
	Low      float64 // lower end of the interval, 0–100; Low = High leaves it out
	High     float64
	Text     string // the figure in words, such as "62 (da 55 a 68)"
	Level    string // label of the level; may be empty
	Evidence bool   // second series (evidenced): other pattern
}

// HasInterval says whether the interval is drawn.
func (b LevelBar) HasInterval() bool { return b.Known && b.High > b.Low }

// Width returns the length of the interval, 0–100.
func (b LevelBar) Width() float64 { return b.High - b.Low }

// Figure is a drawing with its table one click away. SVG comes from our own emitter only.
type Figure struct {
	ID      string
	Caption string
	SVG     template.HTML // complete <svg> with title and desc, classes and no style attributes
	Note    string        // n, date, source
	Table   Table
}

// Confirm asks before something that cannot be undone, with the consequence stated.
type Confirm struct {
	Action      string // address of the POST
	Ask         string // words of the button that opens the question
	Title       string // the question
	Consequence string
	Button      string // verb of the button that does it
	Danger      bool
	Fields      []Field // what must be given, such as the number of the act
	Hidden      []Hidden
}

// Open says whether the question stands open: one of its fields is at fault.
func (c Confirm) Open() bool {
	for _, f := range c.Fields {
		if f.Error != "" {
			return true
		}
	}
	return false
}

// Hidden is one hidden input.
type Hidden struct{ Name, Value string }

// States of a Step of the percorso.
const (
	StepDone    = "done"
	StepCurrent = "current"
	StepGoing   = "going"
	StepTodo    = "todo"
	StepBlocked = "blocked"
)

// Step is one of the seven steps of the percorso.
type Step struct {
	Name  string
	State string // StepDone, StepCurrent, StepGoing, StepTodo or StepBlocked
	Note  string // date, count, what it waits for
	Href  string // empty: not reachable yet
}

// Steps is the percorso of an ente: the steps in order, and what to do next.
type Steps struct {
	Label string // name of the list for screen readers
	Steps []Step
}

// Next is the one thing to do next, with one button.
type Next struct {
	Title, Text  string
	Action, Href string
	Second       string // another way, as a plain link; may be empty
	SecondHref   string
}

// Tile is one figure of a row of key figures.
type Tile struct {
	Label, Value, Note string
	Href               string
	Muted              bool // no value
}

// ErrorPage is the page "errors/error": what happened (Title), what to do (Text) and what was kept.
type ErrorPage struct {
	Chrome
	Text, Kept   string
	Action, Href string // one button; the home page when empty
	RequestID    string // for support; empty leaves it out
}
