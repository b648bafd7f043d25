package web

import (
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/service"
	"traguardo/app/storage"
	"traguardo/surveys"
	"traguardo/surveys/scoring"
)

// itemsView is the page "programme/items": how the questions behave over the Comuni
// of a programme.
type itemsView struct {
	Chrome
	Fault string
	Waves []itemsWave
	None  bool
}

// itemsWave is one wave of the page.
type itemsWave struct {
	Title, Text string
	Compute     string // code of the wave; empty: not now
	Tables      []Table
}

// itemsPath is the page of the questions after the address of a programme.
const itemsPath = "/domande"

// showItems handles GET /programmi/:programma/domande.
func (s *Server) showItems(c *fiber.Ctx) error { return s.renderItems(c, "") }

func (s *Server) renderItems(c *fiber.Ctx, fault string) error {
	id, err := pathID(c, "programma")
	if err != nil {
		return err
	}
	v, err := s.svc.ProgrammeItems(c.UserContext(), actor(c), id)
	if err != nil {
		return err
	}
	p := itemsView{Chrome: s.programmeChrome(c, v.Programme, v.CanEdit, sectionItems), None: len(v.Waves) == 0}
	p.Title, p.Lead = p.T("items.title"), p.T("items.lead")
	p.Breadcrumbs = append(p.Breadcrumbs, Link{Label: v.Programme.Name, Href: programmePath(id)})
	if fault != "" {
		p.Fault = p.T(fault)
		c.Status(fiber.StatusUnprocessableEntity)
	}
	for _, w := range v.Waves {
		p.Waves = append(p.Waves, p.wave(w))
	}
	return c.Render("programme/items", p)
}

// computeItems handles POST /programmi/:programma/domande.
func (s *Server) computeItems(c *fiber.Ctx) error {
	id, err := pathID(c, "programma")
	if err != nil {
		return err
	}
	wave, err := surveys.ParseWave(c.FormValue("rilevazione"))
	if err != nil {
		return fiber.ErrNotFound
	}
	err = s.svc.ComputeItems(c.UserContext(), actor(c), id, wave)
	if errors.Is(err, surveys.ErrState) {
		return s.renderItems(c, "items.fault")
	}
	if err != nil && !errors.Is(err, storage.ErrConflict) { // computed already: the page shows it
		return err
	}
	return c.Redirect(programmePath(id)+itemsPath, fiber.StatusSeeOther)
}

func (p itemsView) wave(w service.ItemsOfWave) itemsWave {
	out := itemsWave{Title: waveName(p.Localizer, w.Wave)}
	switch {
	case w.Stored != nil:
		out.Text = p.T("items.of", "N", w.Analysis.N, "Comuni", w.Analysis.Comuni, "Date", p.Date(w.Stored.ComputedAt), "Version", w.Analysis.Version)
		out.Tables = []Table{p.knowledge(w), p.linear(w)}
	case w.Ready():
		out.Text, out.Compute = p.T("items.ready", "Closed", w.Closed), string(w.Wave)
	default:
		out.Text = p.T("items.wait", "Closed", w.Closed, "Open", w.Open)
	}
	return out
}

func (p itemsView) number(v *float64, decimals int) Cell {
	if v == nil {
		return Cell{Text: p.T("items.few"), Muted: true}
	}
	return Cell{Text: p.Num(*v, decimals)}
}

func (p itemsView) share(v *float64) Cell {
	if v == nil {
		return Cell{Text: p.T("items.few"), Muted: true}
	}
	return Cell{Text: p.Pct(*v, 0)}
}

func (p itemsView) flags(list []string) Cell {
	if len(list) == 0 {
		return Cell{Text: "–", Muted: true}
	}
	names := make([]string, 0, len(list))
	for _, f := range list {
		names = append(names, p.T("items.flag_"+f))
	}
	return Cell{Text: strings.Join(names, "; ")}
}

func (p itemsView) name(w service.ItemsOfWave, x scoring.ItemStat) string {
	it, _ := w.Instrument.Item(x.Code)
	return x.Code + " · " + words(p.Localizer, it.Text).Text
}

func (p itemsView) knowledge(w service.ItemsOfWave) Table {
	t := Table{ID: "conoscenze-" + string(w.Wave), Caption: p.T("items.knowledge"), Note: p.T("items.knowledge_note"), Columns: []Column{{Label: p.T("items.col_item")}, {Label: p.T("method.col_n"), Numeric: true},
		{Label: p.T("items.col_difficulty"), Numeric: true}, {Label: p.T("items.col_discrimination"), Numeric: true}, {Label: p.T("items.col_dk"), Numeric: true}, {Label: p.T("items.col_wrong")}, {Label: p.T("items.col_flags")}}}
	for _, x := range w.Analysis.Items {
		if x.Kind != surveys.ScaleKey {
			continue
		}
		var dk *float64
		var wrong []string
		for i, o := range x.Options {
			switch {
			case o.Option < 0:
				dk = o.Share
			case !o.Key:
				wrong = append(wrong, string(rune('a'+i))+" "+p.share(o.Share).Text)
			}
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: p.name(w, x)}, p.people(x.N), p.share(x.Mean), p.number(x.Discrimination, 2), p.share(dk), {Text: strings.Join(wrong, ", ")}, p.flags(x.Flags)}})
	}
	return t
}

func (p itemsView) linear(w service.ItemsOfWave) Table {
	t := Table{ID: "scale-" + string(w.Wave), Caption: p.T("items.linear"), Note: p.T("items.linear_note"), Columns: []Column{{Label: p.T("items.col_item")}, {Label: p.T("method.col_n"), Numeric: true},
		{Label: p.T("items.col_mean"), Numeric: true}, {Label: p.T("items.col_discrimination"), Numeric: true}, {Label: p.T("items.col_na"), Numeric: true}, {Label: p.T("items.col_flags")}}}
	for _, x := range w.Analysis.Items {
		if x.Kind == surveys.ScaleLinear {
			t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: p.name(w, x)}, p.people(x.N), p.number(x.Mean, 0), p.number(x.Discrimination, 2), p.share(x.NA), p.flags(x.Flags)}})
		}
	}
	return t
}

func (p itemsView) people(n int) Cell {
	if n == 0 {
		return Cell{Text: p.T("items.few"), Muted: true}
	}
	return Cell{Text: p.Int(n)}
}
