package web

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/auth"
	"traguardo/app/service"
	"traguardo/app/storage"
	"traguardo/plans"
	"traguardo/surveys"
)

// projectFormView is the page "plan/edit": what an ente knows better than the
// catalogue, or a micro-progetto of its own.
type projectFormView struct {
	Chrome
	Action  string
	Back    string
	Own     []Field // of the ente's own ones only
	Fields  []Field
	Money   []Field
	Who     []Field
	When    []Field
	Must    *Field // of a new one
	Version int
	New     bool
}

// projectForm is the form of a micro-progetto.
type projectForm struct {
	Version  int    `form:"version" validate:"min=0"`
	Title    string `form:"title" validate:"required,max=160"`
	Cost     string `form:"cost" validate:"required,max=20"`
	Running  string `form:"running" validate:"max=20"`
	Checked  string `form:"checked" validate:"max=1"`
	Days     int    `form:"days" validate:"min=0,max=5000"`
	Quarters int    `form:"quarters" validate:"required,min=1,max=12"`
	Office   string `form:"office" validate:"max=26"`
	Owner    string `form:"owner" validate:"max=160"`
	CUP      string `form:"cup" validate:"max=20"`
	OwnMoney string `form:"own" validate:"max=20"`
	Regional string `form:"regional" validate:"max=20"`
	PNRR     string `form:"pnrr" validate:"max=20"`
	Measure  string `form:"measure" validate:"max=40"`
	Other    string `form:"other" validate:"max=20"`
	Start    string `form:"start" validate:"max=10"`

	Purpose      string `form:"purpose" validate:"max=2000"`
	Area         string `form:"area" validate:"max=3"`
	Indicator    string `form:"indicator" validate:"max=20"`
	Level        string `form:"level" validate:"max=1"`
	Lines        string `form:"lines" validate:"max=400"`
	Deliverables string `form:"deliverables" validate:"max=2000"`
	Acceptance   string `form:"acceptance" validate:"max=2000"`
	Must         string `form:"must" validate:"max=1"`
}

// typedMoney writes cents as a form shows them.
func typedMoney(c plans.Cents) string { return strings.TrimSuffix(c.Euro("it"), " €") }

// formOf fills the form from a stored micro-progetto.
func formOf(r service.PlanRow) projectForm {
	m := r.Project
	f := projectForm{Version: r.Version, Title: m.Title, Cost: typedMoney(m.Cost), Running: typedMoney(m.RunningCost), Days: m.Days(), Quarters: m.Duration(),
		Office: m.Office.String(), Owner: m.Owner, CUP: m.CUP, Purpose: m.Purpose, Area: string(m.Area), Lines: strings.Join(m.Lines, ", "),
		Deliverables: strings.Join(m.Deliverables, "\n"), Acceptance: m.Acceptance}
	if !m.CostEstimated {
		f.Checked = "1"
	}
	if r.Wish == storage.WishPinned {
		f.Start = m.Start.String()
	}
	if len(m.Effects) > 0 {
		f.Indicator, f.Level = m.Effects[0].Indicator, strconv.Itoa(int(m.Effects[0].To))
	}
	for _, s := range m.Funding {
		text := typedMoney(s.Cents)
		switch s.Source {
		case plans.Own:
			f.OwnMoney = text
		case plans.Regional:
			f.Regional = text
		case plans.PNRR:
			f.PNRR, f.Measure = text, s.Measure
		case plans.OtherSource:
			f.Other = text
		}
	}
	return f
}

// edit reads the form as the service takes it; amounts that cannot be read are faults.
func (f projectForm) edit(p Chrome) (e service.ProjectEdit, wrong []FieldError) {
	money := func(field, text string) plans.Cents {
		if text == "" {
			return 0
		}
		c, err := plans.ParseCents(text)
		if err != nil {
			wrong = append(wrong, FieldError{Field: field, Text: p.T("plan.bad_amount")})
		}
		return c
	}
	e = service.ProjectEdit{Version: f.Version, Title: f.Title, Cost: money("cost", f.Cost), RunningCost: money("running", f.Running), Checked: f.Checked == "1",
		Days: f.Days, Quarters: f.Quarters, Office: surveys.ID(f.Office), Owner: f.Owner, CUP: f.CUP, Purpose: f.Purpose, Area: surveys.Area(f.Area), Acceptance: f.Acceptance}
	for _, s := range []plans.Share{{Source: plans.Own, Cents: money("own", f.OwnMoney)}, {Source: plans.Regional, Cents: money("regional", f.Regional)},
		{Source: plans.PNRR, Cents: money("pnrr", f.PNRR), Measure: f.Measure, CUP: f.CUP}, {Source: plans.OtherSource, Cents: money("other", f.Other)}} {
		if s.Cents > 0 {
			e.Funding = append(e.Funding, s)
		}
	}
	if f.Start != "" {
		q, err := plans.ParseQuarter(f.Start)
		if err != nil {
			wrong = append(wrong, FieldError{Field: "start", Text: p.T("form.choice")})
		}
		e.Start = q
	}
	if f.Indicator != "" {
		level, err := strconv.Atoi(f.Level)
		if err != nil || level < 1 || level > 4 {
			wrong = append(wrong, FieldError{Field: "level", Text: p.T("form.choice")})
		}
		e.Effects = []plans.Effect{{Indicator: f.Indicator, To: surveys.Level(level)}}
	}
	e.Lines = strings.FieldsFunc(strings.ToUpper(f.Lines), func(r rune) bool { return r == ',' || r == ';' || r == ' ' || r == '\n' })
	for line := range strings.SplitSeq(f.Deliverables, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			e.Deliverables = append(e.Deliverables, line)
		}
	}
	return e, wrong
}

// projectPage makes the form of a stored micro-progetto, or of a new one.
func (s *Server) projectPage(c *fiber.Ctx, v service.PlanProject, f projectForm, wrong []FieldError) projectFormView {
	ente, title := v.Place.Ente.ID, "plan.edit_title"
	own := v.Row.Project.Template == ""
	fresh := v.Row.Project.ID == ""
	if fresh {
		title = "plan.new_title"
	}
	p := projectFormView{Chrome: s.enteChrome(c, v.Place, title, sectionPlan), Back: planPath(ente), Version: f.Version, New: fresh}
	p.Errors, p.Action = wrong, planPath(ente)+"/progetti/nuovo"
	p.Breadcrumbs = append(p.Breadcrumbs, Link{Label: p.T("plan.title"), Href: planPath(ente)})
	p.Lead = p.T("plan.new_lead")
	if !fresh {
		p.Lead = v.Row.Project.Title
		p.Back = projectPath(ente, v.Row.Project.ID)
		p.Action = p.Back + "/modifica"
		p.Breadcrumbs = append(p.Breadcrumbs, Link{Label: v.Row.Project.Title, Href: p.Back})
	}
	p.Fields = []Field{{Name: "title", Label: p.T("plan.field_title"), Required: true, MaxLength: 160, Value: f.Title, Guard: true, Error: p.ErrorOf("title")}}
	if own {
		p.ownFields(v, f)
	}
	p.moneyFields(f)
	p.whoFields(v, f)
	if fresh {
		p.Must = &Field{Name: "must", Type: "checkbox", Label: p.T("plan.field_must"), Hint: p.T("plan.field_must_hint"), Checked: f.Must == "1"}
	}
	return p
}

// ownFields are those that the catalogue fills for its own micro-progetti.
func (p *projectFormView) ownFields(v service.PlanProject, f projectForm) {
	area := Field{Name: "area", Type: "select", Label: p.T("plan.field_area"), Required: true, Error: p.ErrorOf("area")}
	for _, a := range surveys.AssessmentAreas() {
		area.Options = append(area.Options, Option{Value: string(a), Label: areaName(p.Localizer, a), Selected: f.Area == string(a)})
	}
	indicator := Field{Name: "indicator", Type: "select", Label: p.T("plan.field_indicator"), Hint: p.T("plan.field_indicator_hint"), Error: p.ErrorOf("indicator"),
		Options: []Option{{Value: "", Label: p.T("plan.none")}}}
	for _, it := range v.MAT.Items() {
		if it.Scored {
			indicator.Options = append(indicator.Options, Option{Value: it.Code, Label: it.Code + " " + textIn(p.Lang(), it.Title), Selected: f.Indicator == it.Code})
		}
	}
	level := Field{Name: "level", Type: "select", Label: p.T("plan.field_level"), Error: p.ErrorOf("level"), Options: []Option{{Value: "", Label: p.T("plan.none")}}}
	for n := 1; n <= 4; n++ {
		level.Options = append(level.Options, Option{Value: strconv.Itoa(n), Label: p.T("plan.level_n", "Level", strconv.Itoa(n)), Selected: f.Level == strconv.Itoa(n)})
	}
	text := func(name, label, hint, value string, rows int, required bool) Field {
		return Field{Name: name, Type: "textarea", Rows: rows, MaxLength: 2000, Label: label, Hint: hint, Value: value, Required: required, Guard: true, Error: p.ErrorOf(name)}
	}
	p.Own = []Field{
		text("purpose", p.T("plan.field_purpose"), p.T("plan.field_purpose_hint"), f.Purpose, 3, true), area, indicator, level,
		{Name: "lines", Label: p.T("plan.field_lines"), Hint: p.T("plan.field_lines_hint"), Value: f.Lines, MaxLength: 400, Error: p.ErrorOf("lines")},
		text("deliverables", p.T("plan.field_deliverables"), p.T("plan.field_deliverables_hint"), f.Deliverables, 3, false),
		text("acceptance", p.T("plan.field_acceptance"), p.T("plan.field_acceptance_hint"), f.Acceptance, 3, false),
	}
}

func (p *projectFormView) moneyFields(f projectForm) {
	euro := func(name, label, hint, value string, required bool) Field {
		return Field{Name: name, Label: label, Hint: hint, Value: value, Required: required, Unit: "€", Narrow: true, InputMode: "decimal", Error: p.ErrorOf(name)}
	}
	p.Fields = append(p.Fields, euro("cost", p.T("plan.field_cost"), p.T("plan.field_cost_hint"), f.Cost, true),
		Field{Name: "checked", Type: "checkbox", Label: p.T("plan.field_checked"), Hint: p.T("plan.field_checked_hint"), Checked: f.Checked == "1"},
		euro("running", p.T("plan.running"), p.T("plan.running_hint"), f.Running, false))
	p.Money = []Field{euro("own", p.T("plan.source_own"), "", f.OwnMoney, false), euro("regional", p.T("plan.source_regional"), "", f.Regional, false),
		euro("pnrr", p.T("plan.source_pnrr"), p.T("plan.pnrr_hint"), f.PNRR, false),
		{Name: "measure", Label: p.T("plan.field_measure"), Value: f.Measure, Narrow: true, MaxLength: 40, Error: p.ErrorOf("measure")},
		euro("other", p.T("plan.source_other"), "", f.Other, false),
		{Name: "cup", Label: "CUP", Hint: p.T("plan.cup_hint"), Value: f.CUP, Narrow: true, MaxLength: 20, Error: p.ErrorOf("cup")}}
}

func (p *projectFormView) whoFields(v service.PlanProject, f projectForm) {
	office := Field{Name: "office", Type: "select", Label: p.T("plan.office"), Error: p.ErrorOf("office"), Options: []Option{{Value: "", Label: p.T("plan.no_office")}}}
	for _, o := range v.Offices {
		office.Options = append(office.Options, Option{Value: o.ID.String(), Label: o.Name, Selected: f.Office == o.ID.String()})
	}
	p.Who = []Field{office, {Name: "owner", Label: p.T("plan.owner"), Hint: p.T("plan.owner_hint"), Value: f.Owner, MaxLength: 160, Error: p.ErrorOf("owner")}}
	number := func(name, label, hint string, value int, required bool) Field {
		return Field{Name: name, Label: label, Hint: hint, Value: p.TypedOf(name, value), Required: required, Narrow: true, InputMode: "numeric", Error: p.ErrorOf(name)}
	}
	p.When = []Field{number("days", p.T("plan.field_days"), p.T("plan.field_days_hint"), f.Days, true),
		number("quarters", p.T("plan.field_quarters"), "", f.Quarters, true)}
	if len(v.Row.Project.Facts) == 0 {
		p.When = append(p.When, Field{Name: "start", Type: "select", Label: p.T("plan.field_start"), Hint: p.T("plan.field_start_hint"), Error: p.ErrorOf("start"),
			Options: p.quarterOptions(v.Plan(), f.Start)})
	}
}

// showProjectForm handles GET /enti/:ente/piano/progetti/:progetto/modifica.
func (s *Server) showProjectForm(c *fiber.Ctx) error {
	ente, id, err := planIDs(c)
	if err != nil {
		return err
	}
	v, err := s.svc.PlanProject(c.UserContext(), actor(c), ente, id)
	if err != nil {
		return err
	}
	if err := mayEdit(v.PlanView); err != nil {
		return err
	}
	return c.Render("plan/edit", s.projectPage(c, v, formOf(v.Row), nil))
}

// mayEdit refuses a form that could not be saved.
func mayEdit(v service.PlanView) error {
	if !v.Place.Can(auth.PlanEdit) {
		return fmt.Errorf("%s: %w", auth.PlanEdit, auth.ErrForbidden)
	}
	if !v.Editable() {
		return fmt.Errorf("change the plan: %w", plans.ErrTransition)
	}
	return nil
}

// saveProject handles POST /enti/:ente/piano/progetti/:progetto/modifica.
func (s *Server) saveProject(c *fiber.Ctx) error {
	ente, id, err := planIDs(c)
	if err != nil {
		return err
	}
	var form projectForm
	wrong, err := s.bind(c, &form)
	if err != nil {
		return err
	}
	e, more := form.edit(Chrome{Localizer: s.texter(c)})
	if wrong = append(wrong, more...); len(wrong) == 0 {
		err = s.svc.EditProject(c.UserContext(), actor(c), ente, id, e)
		if err == nil {
			return s.seeOther(c, projectPath(ente, id), "plan.saved_recomputed")
		}
		var ok bool
		if wrong, ok = s.faultsOf(c, err); !ok {
			return err
		}
	}
	v, err := s.svc.PlanProject(c.UserContext(), actor(c), ente, id)
	if err != nil {
		return err
	}
	if err := mayEdit(v.PlanView); err != nil {
		return err
	}
	return s.invalid(c, "plan/edit", s.projectPage(c, v, form, wrong))
}

// showNewProject handles GET /enti/:ente/piano/progetti/nuovo.
func (s *Server) showNewProject(c *fiber.Ctx) error {
	ente, err := pathID(c, "ente")
	if err != nil {
		return err
	}
	v, err := s.svc.NewPlanProject(c.UserContext(), actor(c), ente)
	if err != nil {
		return err
	}
	if err := mayEdit(v.PlanView); err != nil {
		return err
	}
	return c.Render("plan/edit", s.projectPage(c, v, projectForm{Quarters: 1, Must: "1"}, nil))
}

// addProject handles POST /enti/:ente/piano/progetti/nuovo.
func (s *Server) addProject(c *fiber.Ctx) error {
	ente, err := pathID(c, "ente")
	if err != nil {
		return err
	}
	var form projectForm
	wrong, err := s.bind(c, &form)
	if err != nil {
		return err
	}
	e, more := form.edit(Chrome{Localizer: s.texter(c)})
	if wrong = append(wrong, more...); len(wrong) == 0 {
		id, err := s.svc.AddProject(c.UserContext(), actor(c), ente, e, form.Must == "1")
		if err == nil {
			return s.seeOther(c, projectPath(ente, id), "plan.saved_recomputed")
		}
		var ok bool
		if wrong, ok = s.faultsOf(c, err); !ok {
			return err
		}
	}
	v, err := s.svc.NewPlanProject(c.UserContext(), actor(c), ente)
	if err != nil {
		return err
	}
	return s.invalid(c, "plan/edit", s.projectPage(c, v, form, wrong))
}

// removeProject handles POST /enti/:ente/piano/progetti/:progetto/elimina.
func (s *Server) removeProject(c *fiber.Ctx) error {
	ente, id, err := planIDs(c)
	if err != nil {
		return err
	}
	return s.afterPlan(c, s.svc.RemoveProject(c.UserContext(), actor(c), ente, id), "", "plan.recomputed", nil)
}
