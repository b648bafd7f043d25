package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/service"
	"traguardo/app/storage"
	"traguardo/plans"
)

// Sections of a programme's menu.
const (
	sectionMatrix = "matrix"
	sectionPaths  = "paths"
	sectionEnti   = "enti"
	sectionItems  = "items"
)

// programmeEntiPath is the page where Comuni are enrolled.
const programmeEntiPath = "/enti"

// programmeChrome makes the frame of a page of one programme.
func (s *Server) programmeChrome(c *fiber.Ctx, p storage.Programme, canEdit bool, section string) Chrome {
	ch := s.chrome(c, "")
	base := programmePath(p.ID)
	ch.Ente = &Ente{Name: p.Name, Path: base}
	ch.Fictitious = p.Fictitious
	ch.Nav = []Link{{Label: ch.T("paths.nav_matrix"), Href: base, Current: section == sectionMatrix},
		{Label: ch.T("paths.nav_paths"), Href: base + "/percorsi", Current: section == sectionPaths}}
	if canEdit && !actor(c).Admin {
		ch.Nav = append(ch.Nav, Link{Label: ch.T("items.title"), Href: base + itemsPath, Current: section == sectionItems})
	}
	if canEdit {
		ch.Nav = append(ch.Nav, Link{Label: ch.T("paths.nav_enti"), Href: base + programmeEntiPath, Current: section == sectionEnti})
	}
	ch.Breadcrumbs = []Link{{Label: ch.T("nav.my_enti"), Href: "/"}}
	return ch
}

// pathsView is the page "programme/paths": where the Comuni are, who stands
// still, what is late and what comes next.
type pathsView struct {
	Chrome
	Paths     Table
	Late      *Table
	Deadlines Table
}

// showProgrammePaths handles GET /programmi/:programma/percorsi.
func (s *Server) showProgrammePaths(c *fiber.Ctx) error {
	id, err := pathID(c, "programma")
	if err != nil {
		return err
	}
	v, err := s.svc.ProgrammePaths(c.UserContext(), actor(c), id)
	if err != nil {
		return err
	}
	p := pathsView{Chrome: s.programmeChrome(c, v.Programme, v.CanEdit, sectionPaths)}
	p.Title, p.Lead = p.T("paths.title"), p.T("paths.lead", "Days", service.StuckDays)
	p.Breadcrumbs = append(p.Breadcrumbs, Link{Label: v.Programme.Name, Href: programmePath(id)})
	p.Paths = p.pathsTable(v.Rows)
	p.Late = p.lateTable(v.Late)
	p.Deadlines = p.deadlinesTable(v)
	return c.Render("programme/paths", p)
}

func (p pathsView) pathsTable(rows []service.MatrixRow) Table {
	t := Table{ID: "percorsi", Caption: p.T("paths.title"), Hidden: true, Empty: p.T("matrix.empty_title"), Columns: []Column{
		{Label: p.T("matrix.col_comune")}, {Label: p.T("matrix.col_step")}, {Label: p.T("paths.col_doing")}, {Label: p.T("paths.col_moved")}}}
	for _, r := range rows {
		w := r.Percorso
		step := Cell{Text: p.T("percorso.step_" + string(w.At()))}
		moved := Cell{Text: p.Date(w.LastMove())}
		if days := w.StuckFor(); days > 0 {
			moved.Badge = &Badge{Kind: KindWarning, Text: p.T("paths.stuck", "Count", days)}
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: r.Ente.Name, Href: entePath(r.Ente.ID)}, step, {Text: p.doing(w)}, moved}})
	}
	return t
}

// doing is the note of the step on which an ente stands.
func (p pathsView) doing(w service.Percorso) string {
	note := enteHomeView{Chrome: p.Chrome}.stepNote(w.At(), w.State(w.At()), w)
	if note == "" {
		return "–"
	}
	return note
}

func (p pathsView) lateTable(late []service.LateProject) *Table {
	if len(late) == 0 {
		return nil
	}
	t := Table{ID: "ritardi", Caption: p.T("percorso.late_title"), Hidden: true, Columns: []Column{{Label: p.T("matrix.col_comune")},
		{Label: p.T("percorso.late_project")}, {Label: p.T("percorso.late_area")}, {Label: p.T("percorso.late_due")}}}
	for _, l := range late {
		due := l.Project.End()
		if l.Project.State() == plans.Planned {
			due = l.Project.Start
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: l.Ente.Name, Href: entePath(l.Ente.ID)}, {Text: l.Project.Title},
			{Text: areaName(p.Localizer, l.Project.Area)}, {Text: due.Label(p.Lang())}}})
	}
	return &t
}

func (p pathsView) deadlinesTable(v service.ProgrammePaths) Table {
	t := Table{ID: "scadenze", Caption: p.T("paths.deadlines_title"), Hidden: true, Empty: p.T("paths.deadlines_empty"),
		Note: p.T("paths.deadlines_note"), Columns: []Column{{Label: p.T("paths.col_deadline")}, {Label: p.T("paths.col_what")},
			{Label: p.T("paths.col_lines")}, {Label: p.T("paths.col_concerned"), Numeric: true}}}
	for _, d := range v.Deadlines {
		lines := strings.Join(d.Due.Lines, ", ")
		if lines == "" {
			lines = "–"
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: p.Date(d.Due.Date.Time())}, {Text: textIn(p.Lang(), d.Due.Title)}, {Text: lines},
			{Text: p.T("report.n_of", "N", d.Comuni, "Total", len(v.Rows))}}})
	}
	return t
}
