package web

import (
	"net/url"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/service"
	"traguardo/app/storage"
	"traguardo/surveys"
	"traguardo/surveys/comune"
)

// matrixPageSize is how many Comuni stand on one page of the matrix.
const matrixPageSize = 100

// matrixView is the page "programme/matrix": the Comuni of a programme by area.
type matrixView struct {
	Chrome
	Base    string
	Filters []Field
	Tiles   []Tile
	Caption string
	Head    []string
	Rows    []matrixLine
	Pager   Pager
	Legend  []legendKey
	Figure  *Figure
	Groups  *Table
	Notes   []string
	Shown   string // "12 di 285 Comuni"
	Empty   *Empty
}

// matrixLine is one Comune of the matrix.
type matrixLine struct {
	Name, Href, Note string
	Step             string
	Stuck            string // empty unless it stands still
	Cells            []matrixCell
}

// matrixCell is one cell: the figure, or the words for its absence, and what it
// rests on.
type matrixCell struct {
	Class  string // heat-0 … heat-4, not-assessed, suppressed; empty: plain
	Main   string
	Number bool // Main is a figure
	Subs   []string
}

type legendKey struct{ Class, Text string }

// showProgramme handles GET /programmi/:programma: the comparison of its Comuni.
func (s *Server) showProgramme(c *fiber.Ctx) error {
	id, err := pathID(c, "programma")
	if err != nil {
		return err
	}
	q := matrixQuery(c)
	m, err := s.svc.Matrix(c.UserContext(), actor(c), id, q)
	if err != nil {
		return err
	}
	p := matrixView{Chrome: s.programmeChrome(c, m.Programme, m.CanEdit, sectionMatrix), Base: programmePath(id)}
	p.Title, p.Lead = m.Programme.Name, p.T("matrix.lead", "Count", m.All)
	if m.All == 0 {
		p.Empty = &Empty{Title: p.T("matrix.empty_title"), Text: p.T("matrix.empty_text")}
		if m.CanEdit {
			p.Empty.Action, p.Empty.Href = p.T("matrix.empty_action"), p.Base+programmeEntiPath
		}
		return c.Render("programme/matrix", p)
	}
	p.Filters = p.filtersOf(m)
	p.Tiles = p.stepTiles(m)
	rows := p.page(c, m)
	p.Head, p.Rows = p.headOf(m.Query), p.linesOf(m.Query, rows)
	p.Caption = p.captionOf(m)
	p.Legend = p.legendOf(m.Query)
	p.Shown = p.T("matrix.shown", "N", len(m.Rows), "Total", m.All)
	p.Notes = p.notesOf(m)
	p.Groups = p.groupsTable(m)
	if p.Figure, err = p.figureOf(s.draw(c), m, rows); err != nil {
		return err
	}
	return c.Render("programme/matrix", p)
}

// matrixQuery reads the filters; what is not in a list asks for all.
func matrixQuery(c *fiber.Ctx) service.MatrixQuery {
	q := service.MatrixQuery{View: service.MatrixView(c.Query("vista")), Sort: service.MatrixSort(c.Query("ordina")),
		Wave: surveys.Wave(c.Query("rilevazione"))}
	if class, err := comune.ParseClass(c.Query("classe")); err == nil {
		q.Class = &class
	}
	if step, ok := service.ParseStep(c.Query("passo")); ok {
		q.Step = step
	}
	if p := c.Query("provincia"); p != everything {
		q.Province = p
	}
	return q
}

// everything is the choice of a filter that filters nothing.
const everything = "tutti"

func (p matrixView) filtersOf(m service.Matrix) []Field {
	q := m.Query
	pick := func(name, label string, chosen string, options ...Option) Field {
		for i := range options {
			options[i].Selected = options[i].Value == chosen
		}
		return Field{Name: name, Type: "select", Label: p.T(label), Required: true, Options: options}
	}
	all := Option{Value: everything, Label: p.T("matrix.all")}
	var views, waves, sorts []Option
	for _, v := range service.MatrixViews() {
		views = append(views, Option{Value: string(v), Label: p.T("matrix.view_" + string(v))})
	}
	for _, w := range []surveys.Wave{surveys.ExAnte, surveys.ExPost} {
		waves = append(waves, Option{Value: string(w), Label: waveName(p.Localizer, w)})
	}
	for _, o := range service.MatrixSorts() {
		sorts = append(sorts, Option{Value: string(o), Label: p.T("matrix.sort_" + string(o))})
	}
	classes, provinces, steps := []Option{all}, []Option{all}, []Option{all}
	for _, cl := range m.Classes {
		classes = append(classes, Option{Value: cl.String(), Label: textIn(p.Lang(), cl.Label())})
	}
	for _, sigla := range m.Provinces {
		provinces = append(provinces, Option{Value: sigla, Label: sigla})
	}
	for _, st := range service.Steps() {
		if st != service.StepResults { // nobody stands there
			steps = append(steps, Option{Value: string(st), Label: p.T("percorso.step_" + string(st))})
		}
	}
	class := ""
	if q.Class != nil {
		class = q.Class.String()
	}
	return []Field{pick("vista", "matrix.filter_view", string(q.View), views...), pick("rilevazione", "matrix.filter_wave", string(q.Wave), waves...),
		pick("classe", "matrix.filter_class", class, classes...), pick("provincia", "matrix.filter_province", q.Province, provinces...),
		pick("passo", "matrix.filter_step", string(q.Step), steps...), pick("ordina", "matrix.filter_sort", string(q.Sort), sorts...)}
}

// queryOf writes the filters back into an address, for the pages of the list.
func queryOf(q service.MatrixQuery) string {
	v := url.Values{"vista": {string(q.View)}, "rilevazione": {string(q.Wave)}, "ordina": {string(q.Sort)}}
	if q.Class != nil {
		v.Set("classe", q.Class.String())
	}
	if q.Province != "" {
		v.Set("provincia", q.Province)
	}
	if q.Step != "" {
		v.Set("passo", string(q.Step))
	}
	return v.Encode()
}

// page cuts the rows of one page and notes where it stands.
func (p *matrixView) page(c *fiber.Ctx, m service.Matrix) []service.MatrixRow {
	pages := max(1, (len(m.Rows)+matrixPageSize-1)/matrixPageSize)
	n, err := strconv.Atoi(c.Query("pagina"))
	if err != nil || n < 1 || n > pages {
		n = 1
	}
	p.Pager = Pager{Page: n, Pages: pages, Total: len(m.Rows), Base: p.Base + "?" + queryOf(m.Query) + "&"}
	from := (n - 1) * matrixPageSize
	return m.Rows[from:min(from+matrixPageSize, len(m.Rows))]
}

// stepTiles counts the Comuni on each step; each tile filters the matrix.
func (p matrixView) stepTiles(m service.Matrix) []Tile {
	var out []Tile
	for _, st := range service.Steps() {
		if n := m.Steps[st]; n > 0 {
			q := m.Query
			q.Step = st
			out = append(out, Tile{Label: p.T("percorso.step_" + string(st)), Value: p.Int(n),
				Note: p.T("matrix.tile_note", "Count", n), Href: p.Base + "?" + queryOf(q)})
		}
	}
	return out
}

// captionOf says what the matrix shows, for who cannot see the filters above it.
func (p matrixView) captionOf(m service.Matrix) string {
	view := p.T("matrix.caption_" + string(m.Query.View))
	if m.Query.View == service.ViewChange {
		return view
	}
	return p.T("matrix.caption", "View", view, "Wave", waveName(p.Localizer, m.Query.Wave))
}

func (p matrixView) headOf(q service.MatrixQuery) []string {
	head := []string{p.T("matrix.col_comune"), p.T("matrix.col_step")}
	for _, a := range surveys.ScoredAreas() {
		head = append(head, areaName(p.Localizer, a))
	}
	if q.View == service.ViewStaff {
		return append(head, p.T("matrix.col_responses"))
	}
	head = append(head, p.T("matrix.col_index"), p.T("matrix.col_gov"))
	if q.View == service.ViewMaturity {
		head = append(head, p.T("matrix.col_responses"))
	}
	return head
}

// groupsTable lists the medians by population class; nil outside the maturity view.
func (p matrixView) groupsTable(m service.Matrix) *Table {
	if m.Query.View != service.ViewMaturity {
		return nil
	}
	areas := append(append(surveys.ScoredAreas(), storage.AllAreas), surveys.GOV)
	t := Table{ID: "classi", Caption: p.T("matrix.groups_title"), Hidden: true, Empty: p.T("matrix.groups_empty", "Least", service.GroupMin),
		Note: p.T("matrix.groups_note", "Least", service.GroupMin), Columns: []Column{{Label: p.T("matrix.col_class")}, {Label: p.T("matrix.col_n"), Numeric: true}}}
	for _, a := range areas {
		name := p.T("matrix.col_index")
		if a != storage.AllAreas {
			name = areaName(p.Localizer, a)
		}
		t.Columns = append(t.Columns, Column{Label: name})
	}
	for _, g := range m.Groups {
		row := Row{Cells: []Cell{{Text: p.groupName(g)}, {Text: p.Int(g.Comuni)}}}
		for _, a := range areas {
			f := g.Areas[a]
			if f.Median == nil {
				row.Cells = append(row.Cells, Cell{Text: p.T("figure.insufficient"), Muted: true})
				continue
			}
			row.Cells = append(row.Cells, Cell{Text: p.T("matrix.median", "Median", p.Num(*f.Median, 0),
				"Low", p.Num(*f.Low, 0), "High", p.Num(*f.High, 0), "N", f.N)})
		}
		t.Rows = append(t.Rows, row)
	}
	return &t
}

// groupName is "3.001–5.000 abitanti", or "da … a …" for joined classes.
func (p matrixView) groupName(g service.ClassGroup) string {
	from, to := textIn(p.Lang(), g.From.Label()), textIn(p.Lang(), g.To.Label())
	if g.From == g.To {
		return from
	}
	return p.T("matrix.classes_joined", "From", from, "To", to)
}

func (p matrixView) notesOf(m service.Matrix) []string {
	notes := []string{p.T("matrix.note_no_ranking"), p.T("matrix.note_class")}
	if m.Version != "" {
		notes = append(notes, p.T("matrix.note_version", "Version", m.Version, "Formula", m.Formula))
	}
	if m.Other > 0 {
		notes = append(notes, p.T("matrix.note_other", "Count", m.Other))
	}
	switch m.Query.View {
	case service.ViewStaff:
		notes = append(notes, p.T("matrix.note_staff"), p.T("matrix.note_unverified"), p.T("matrix.note_small"))
	case service.ViewChange:
		notes = append(notes, p.T("matrix.note_change"), p.T("matrix.note_small"))
	case service.ViewMaturity:
		notes = append(notes, p.T("matrix.note_maturity"))
	}
	return notes
}
