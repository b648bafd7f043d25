package web

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/service"
	"traguardo/plans"
	"traguardo/plans/catalogue"
	"traguardo/surveys"
)

// planIDs reads the ente and the micro-progetto of an address.
func planIDs(c *fiber.Ctx) (ente, project surveys.ID, err error) {
	if ente, err = pathID(c, "ente"); err != nil {
		return "", "", err
	}
	project, err = pathID(c, "progetto")
	return ente, project, err
}

// projectView is the page "plan/project": everything about one micro-progetto.
type projectView struct {
	Chrome
	Card      planCard
	Purpose   string
	Effects   []effectLine
	Accept    []string // acceptance criterion, a paragraph each
	Table     Table    // PTI lines
	Facts     []Pair
	Days      Table // by role
	HasDays   bool
	Requires  []Link
	NeededBy  []Link
	Conflicts []Link
	Train     []string
	Trains    []string
	Funding   []Pair
	Holds     []string // every reason that holds for one left out
	Loss      string
	Texts     *templateTexts
	Edit      string // address; empty when it cannot be changed
	Remove    *Confirm
	Track     string // address of its progress
	Italian   bool   // texts of the catalogue are in Italian on this English page
}

// effectLine is an indicator and the levels it goes from and to.
type effectLine struct {
	Code, Href, Title, From, To string // Href: the answer that asked for it
	FromText, ToText            string // what the levels say
}

// showProject handles GET /enti/:ente/piano/progetti/:progetto.
func (s *Server) showProject(c *fiber.Ctx) error {
	ente, id, err := planIDs(c)
	if err != nil {
		return err
	}
	v, err := s.svc.PlanProject(c.UserContext(), actor(c), ente, id)
	if err != nil {
		return err
	}
	m := v.Row.Project
	p := projectView{Chrome: s.enteChrome(c, v.Place, "", sectionPlan), Purpose: m.Purpose}
	p.Title, p.Italian = m.Title, p.Lang() != "it"
	p.Breadcrumbs = append(p.Breadcrumbs, Link{Label: p.T("plan.title"), Href: planPath(ente)})
	p.Card = p.card(v.PlanView, v.Row)
	p.Accept = strings.Split(m.Acceptance, "\n")
	p.fillEffects(v)
	p.fillFacts(v)
	p.fillLinks(v)
	p.Table = p.lineTable(v)
	for _, r := range v.Row.Verdict.Holds {
		p.Holds = append(p.Holds, sentence(p.Chrome, v.PlanView, r))
	}
	if v.Row.Verdict.Loss != nil && *v.Row.Verdict.Loss > 0 {
		p.Loss = p.T("plan.loss", "Points", p.points(*v.Row.Verdict.Loss))
	}
	if v.Row.Stage != nil {
		p.Texts = textsOf(p.Chrome, v.Row.Stage.Template)
		p.Days, p.HasDays = p.stageDays([]catalogue.Stage{*v.Row.Stage}), true
	}
	if v.Editable() {
		p.Edit = p.Card.Href + "/modifica"
		if p.Card.Own && !p.Card.Started {
			p.Remove = &Confirm{Action: p.Card.Href + "/elimina", Ask: p.T("plan.remove"), Title: p.T("plan.remove_title"), Consequence: p.T("plan.remove_text"), Button: p.T("plan.remove_button"), Danger: true}
		}
	}
	return c.Render("plan/project", p)
}

func (p *projectView) fillEffects(v service.PlanProject) {
	for _, e := range v.Row.Project.Effects {
		item, _ := v.MAT.Item(e.Indicator)
		line := effectLine{Code: e.Indicator, Href: entePath(v.Place.Ente.ID) + "/valutazioni/" + string(v.Wave) + "/" + e.Indicator, Title: v.Names.Indicator(p.Lang(), e.Indicator), From: p.T("plan.not_assessed"), To: strconv.Itoa(int(e.To))}
		level := func(l surveys.Level) string {
			if int(l) < len(item.Levels) {
				return textIn(p.Lang(), item.Levels[l])
			}
			return ""
		}
		line.ToText = level(e.To)
		if e.From != nil {
			line.From, line.FromText = strconv.Itoa(int(*e.From)), level(*e.From)
		}
		p.Effects = append(p.Effects, line)
	}
}

// fillFacts lists cost, days, quarters, office and money.
func (p *projectView) fillFacts(v service.PlanProject) {
	m := v.Row.Project
	cost := p.Euro(int64(m.Cost))
	if m.CostEstimated {
		cost = p.T("plan.estimate", "Cost", cost)
	}
	p.Facts = []Pair{{p.T("plan.col_points"), p.points(v.Row.Points())}, {p.T("plan.col_cost"), cost}}
	if st := v.Row.Stage; st != nil {
		p.Facts = append(p.Facts, Pair{p.T("plan.cost_range"), p.T("plan.from_to", "From", p.Euro(int64(st.Low)), "To", p.Euro(int64(st.High)))})
	}
	p.Facts = append(p.Facts, Pair{p.T("plan.running"), p.T("plan.per_year", "Cost", p.Euro(int64(m.RunningCost)))},
		Pair{p.T("plan.col_days"), p.Int(m.Days())}, Pair{p.T("plan.col_duration"), p.T("plan.quarters", "Count", m.Duration())},
		Pair{p.T("plan.col_when"), p.span(m.Sheet)})
	for _, o := range v.Offices {
		if o.ID == m.Office {
			p.Facts = append(p.Facts, Pair{p.T("plan.office"), o.Name})
		}
	}
	if m.Owner != "" {
		p.Facts = append(p.Facts, Pair{p.T("plan.owner"), m.Owner})
	}
	if m.CUP != "" {
		p.Facts = append(p.Facts, Pair{"CUP", m.CUP})
	}
	for _, f := range m.Funding {
		name := p.T("plan.source_" + string(f.Source))
		if f.Measure != "" {
			name += " " + f.Measure
		}
		p.Funding = append(p.Funding, Pair{name, p.Euro(int64(f.Cents))})
	}
}

// fillLinks names the micro-progetti that stand around this one, and competences.
func (p *projectView) fillLinks(v service.PlanProject) {
	links := func(rows []service.PlanRow) []Link {
		var out []Link
		for _, r := range rows {
			out = append(out, Link{Label: r.Project.Title, Href: projectPath(v.Place.Ente.ID, r.Project.ID), Current: r.In})
		}
		return out
	}
	p.Requires, p.NeededBy, p.Conflicts = links(v.Requires), links(v.NeededBy), links(v.Conflicts)
	for _, item := range v.TrainFirst {
		p.Train = append(p.Train, v.Names.Item(p.Lang(), item))
	}
	for _, item := range v.Row.Project.Competences {
		p.Trains = append(p.Trains, v.Names.Item(p.Lang(), item))
	}
	if _, approved := v.InForce(); approved && v.Row.In {
		p.Track = entePath(v.Place.Ente.ID) + "/avanzamento/" + v.Row.Project.ID.String()
	}
}

func (p projectView) lineTable(v service.PlanProject) Table {
	t := Table{ID: "linee", Caption: p.T("plan.lines_title"), Hidden: true, Columns: []Column{{Label: p.T("plan.line_code")}, {Label: p.T("plan.line_what")},
		{Label: p.T("plan.line_due")}, {Label: p.T("plan.line_effect")}}}
	for _, l := range v.Lines {
		effect, due := p.T("plan.line_helps"), p.T("plan.line_standing")
		if l.Closes {
			effect = p.T("plan.line_closes")
		}
		if !l.Line.Deadline.IsZero() {
			due = l.Line.Deadline.Italian()
		}
		if !l.Binding.Binds() {
			effect += " – " + p.T("plan.line_not_bound")
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: l.Code}, {Text: textIn(p.Lang(), l.Line.Title)}, {Text: due}, {Text: effect}}})
	}
	return t
}

// stageDays is the table of days by role of one or more stages.
func (p Chrome) stageDays(stages []catalogue.Stage) Table {
	t := Table{ID: "giornate-ruoli", Caption: p.T("plan.days_by_role"), Hidden: true, Columns: []Column{{Label: p.T("plan.stage")}, {Label: "RTD", Numeric: true},
		{Label: "UTD", Numeric: true}, {Label: p.T("plan.role_office"), Numeric: true}, {Label: p.T("plan.role_supplier"), Numeric: true}, {Label: p.T("plan.col_cost"), Numeric: true}},
		Note: p.T("plan.days_note")}
	for _, st := range stages {
		name := p.T("plan.whole")
		if st.Level > 0 {
			name = p.T("plan.to_level", "Level", strconv.Itoa(int(st.Level)))
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: name}, {Text: p.Int(st.RTD)}, {Text: p.Int(st.UTD)}, {Text: p.Int(st.Office)}, {Text: p.Int(st.Supplier)},
			{Text: p.T("plan.from_to", "From", p.Euro(int64(st.Low)), "To", p.Euro(int64(st.High)))}}})
	}
	return t
}

// quarterOptions lists the quarters of a plan, with "the planner chooses" first.
func (p Chrome) quarterOptions(plan plans.Plan, chosen string) []Option {
	out := []Option{{Value: "", Label: p.T("plan.start_auto"), Selected: chosen == ""}}
	for i := range plan.Quarters {
		q := plan.Start.Add(i)
		out = append(out, Option{Value: q.String(), Label: q.Label(p.Lang()), Selected: q.String() == chosen})
	}
	return out
}
