package web

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/service"
	"traguardo/plans/catalogue"
	"traguardo/surveys"
)

// templateTexts are the words of a template of the catalogue, in Italian.
type templateTexts struct {
	Deliverables []string
	Steps        []Pair
	Drivers      string
	Law          []string
	Sources      []string
	PNRR         []Pair
	KPI          string
	Risks        []string
	Reuse        string
	Version      string
}

func textsOf(p Chrome, t *catalogue.Template) *templateTexts {
	out := &templateTexts{Deliverables: t.Deliverables, Drivers: t.Cost.Drivers, Law: t.Law, KPI: t.KPI.Name + " (" + t.KPI.Unit + ")", Risks: t.Risks,
		Reuse: t.Reuse, Version: p.T("plan.template_version", "Code", t.Code, "Version", t.Version)}
	for _, st := range t.Steps {
		out.Steps = append(out.Steps, Pair{st.Do, p.T("plan.weeks", "Count", st.Weeks)})
	}
	for _, src := range t.Funding.Sources {
		out.Sources = append(out.Sources, p.T("plan.source_"+string(src)))
	}
	for _, m := range t.Funding.PNRR {
		out.PNRR = append(out.PNRR, Pair{m.Measure, m.Note})
	}
	return out
}

// catalogueView is the page "plan/catalogue": every template, by area.
type catalogueView struct {
	Chrome
	Areas []catalogueArea
	Count int
	Plan  string
}

type catalogueArea struct {
	ID, Name string
	Items    []catalogueItem
}

type catalogueItem struct {
	Href, Code, Title, Kind, Purpose, Raises, Cost string
}

// showCatalogue handles GET /enti/:ente/catalogo.
func (s *Server) showCatalogue(c *fiber.Ctx) error {
	id, err := pathID(c, "ente")
	if err != nil {
		return err
	}
	v, err := s.svc.CatalogueView(c.UserContext(), actor(c), id)
	if err != nil {
		return err
	}
	p := catalogueView{Chrome: s.enteChrome(c, v.Place, "plan.catalogue_title", sectionPlan), Count: len(v.Templates), Plan: planPath(id)}
	p.Lead = p.T("plan.catalogue_lead")
	p.Breadcrumbs = append(p.Breadcrumbs, Link{Label: p.T("plan.title"), Href: p.Plan})
	for _, a := range surveys.AssessmentAreas() {
		area := catalogueArea{ID: "area-" + string(a), Name: areaName(p.Localizer, a)}
		for _, t := range v.Templates {
			if t.Area == a {
				area.Items = append(area.Items, p.item(v, t))
			}
		}
		if len(area.Items) > 0 {
			p.Areas = append(p.Areas, area)
		}
	}
	return c.Render("plan/catalogue", p)
}

func (p catalogueView) item(v service.CatalogueView, t *catalogue.Template) catalogueItem {
	it := catalogueItem{Href: entePath(v.Place.Ente.ID) + "/catalogo/" + t.Code, Code: t.Code, Title: t.Title, Purpose: t.Purpose, Kind: p.T("plan.kind_" + string(t.Kind))}
	stages := t.Stages(v.Band)
	low, high := stages[0].Low, stages[0].High
	for _, st := range stages {
		low, high = min(low, st.Low), max(high, st.High)
	}
	it.Cost = p.T("plan.from_to", "From", p.Euro(int64(low)), "To", p.Euro(int64(high)))
	for i, e := range t.Effects {
		if i > 0 {
			it.Raises += "; "
		}
		it.Raises += v.Names.Indicator(p.Lang(), e.Indicator)
	}
	return it
}

// templateView is the page "plan/template": one template for the size of the ente.
type templateView struct {
	Chrome
	Code    string
	Kind    string
	Purpose string
	Effects Table
	Lines   Table
	Days    Table
	Texts   *templateTexts
	Needs   []Link
	Train   []string
	Trains  []string
	Italian bool
}

// showTemplate handles GET /enti/:ente/catalogo/:codice.
func (s *Server) showTemplate(c *fiber.Ctx) error {
	id, err := pathID(c, "ente")
	if err != nil {
		return err
	}
	v, err := s.svc.CatalogueView(c.UserContext(), actor(c), id)
	if err != nil {
		return err
	}
	t, err := v.Template(c.Params("codice"))
	if err != nil {
		return err
	}
	p := templateView{Chrome: s.enteChrome(c, v.Place, "", sectionPlan), Code: t.Code, Purpose: t.Purpose}
	p.Title, p.Kind, p.Italian = t.Title, p.T("plan.kind_"+string(t.Kind)), p.Lang() != "it"
	base := entePath(id) + "/catalogo"
	p.Breadcrumbs = append(p.Breadcrumbs, Link{Label: p.T("plan.title"), Href: planPath(id)}, Link{Label: p.T("plan.catalogue_title"), Href: base})
	p.Texts, p.Days = textsOf(p.Chrome, t), p.stageDays(uniqueStages(t, v.Band))
	p.fillTables(v, t)
	for _, code := range t.Requires {
		if other, err := v.Template(code); err == nil {
			p.Needs = append(p.Needs, Link{Label: other.Title, Href: base + "/" + other.Code})
		}
	}
	for _, item := range t.Competences {
		p.Train = append(p.Train, v.Names.Item(p.Lang(), item))
	}
	for _, item := range t.Trains {
		p.Trains = append(p.Trains, v.Names.Item(p.Lang(), item))
	}
	return c.Render("plan/template", p)
}

// uniqueStages leaves one stage a level where a template makes one for each indicator.
func uniqueStages(t *catalogue.Template, b catalogue.Band) []catalogue.Stage {
	var out []catalogue.Stage
	for _, st := range t.Stages(b) {
		if len(out) == 0 || out[len(out)-1].Level != st.Level {
			out = append(out, st)
		}
	}
	return out
}

func (p *templateView) fillTables(v service.CatalogueView, t *catalogue.Template) {
	p.Effects = Table{ID: "indicatori", Caption: p.T("plan.effects_title"), Hidden: true, Columns: []Column{{Label: p.T("plan.effect_indicator")}, {Label: p.T("plan.effect_from")}, {Label: p.T("plan.effect_to")}}}
	for _, e := range t.Effects {
		to := ""
		for i, stop := range e.Stops {
			if i > 0 {
				to += ", "
			}
			to += strconv.Itoa(int(stop))
		}
		p.Effects.Rows = append(p.Effects.Rows, Row{Cells: []Cell{{Text: v.Names.Indicator(p.Lang(), e.Indicator) + " (" + e.Indicator + ")"}, {Text: strconv.Itoa(int(e.From))}, {Text: to}}})
	}
	p.Lines = Table{ID: "linee", Caption: p.T("plan.lines_title"), Hidden: true, Columns: []Column{{Label: p.T("plan.line_code")}, {Label: p.T("plan.line_what")}, {Label: p.T("plan.line_effect")}}}
	add := func(codes []string, effect string) {
		for _, text := range codes {
			code, level := text, ""
			if len(text) > 2 && text[len(text)-2] == '@' {
				code, level = text[:len(text)-2], text[len(text)-1:]
			}
			title, _ := v.Names.Line(p.Lang(), code)
			words := effect
			if level != "" {
				words += " " + p.T("plan.at_level", "Level", level)
			}
			p.Lines.Rows = append(p.Lines.Rows, Row{Cells: []Cell{{Text: code}, {Text: title}, {Text: words}}})
		}
	}
	add(t.Closes, p.T("plan.line_closes"))
	add(t.Helps, p.T("plan.line_helps"))
}
