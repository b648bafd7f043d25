package web

import (
	"html/template"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/auth"
	"traguardo/app/service"
	"traguardo/plans"
	"traguardo/surveys"
)

func planPath(ente surveys.ID) string { return entePath(ente) + "/piano" }

func projectPath(ente, id surveys.ID) string {
	return planPath(ente) + "/progetti/" + id.String()
}

// planView is the page "plan/plan": the plan of an ente, proposed, changed and
// approved; without one, what is needed and what comes.
type planView struct {
	Chrome
	Base        string // address of the plan
	Catalogue   string
	Empty       *Empty // no plan yet
	EmptySteps  []string
	Exists      bool
	State       Badge
	StateText   string
	Act         string // act of the version in force; empty before
	Changed     string // address of what changed since; empty before
	Tiles       []Tile
	First       []planCard // the six priorities
	Annex       []planCard
	Out         []planCard
	OutCount    int
	Figures     []Figure
	CanEdit     bool
	CanFree     bool // some wish binds the planner
	Propose     *Confirm
	Withdraw    *Confirm
	Approve     *Confirm
	Amend       *Confirm
	Restore     *Confirm
	Free        *Confirm
	Questions   int
	PTI         string
	PlannedOn   string
	Wait        string // who approves, for a reader who cannot
	NothingIn   bool
	NothingText string
}

// showPlan handles GET /enti/:ente/piano.
func (s *Server) showPlan(c *fiber.Ctx) error { return s.planPage(c, nil, nil) }

// planPage renders the plan, with what was wrong with the last wish or act on
// top (status 422) and what was typed of the act.
func (s *Server) planPage(c *fiber.Ctx, wrong []FieldError, typed map[string]string) error {
	id, err := pathID(c, "ente")
	if err != nil {
		return err
	}
	v, err := s.svc.PlanView(c.UserContext(), actor(c), id)
	if err != nil {
		return err
	}
	p := planView{Chrome: s.enteChrome(c, v.Place, "plan.title", sectionPlan), Base: planPath(id), Exists: v.Exists}
	p.Catalogue, p.PTI = entePath(id)+"/catalogo", entePath(id)+"/pti"
	p.Errors = wrong
	if !v.Exists {
		p.fillEmpty(v)
		return s.planStatus(c, wrong, p)
	}
	p.Lead = p.T("plan.lead", "Start", v.Plan().Start.Label(p.Lang()), "End", v.Plan().Start.Add(v.Plan().Quarters-1).Label(p.Lang()))
	p.fillState(v, typed)
	p.fillCards(v)
	p.Tiles = p.tiles(v)
	if p.Figures, err = s.planFigures(c, p.Chrome, v); err != nil {
		return err
	}
	return s.planStatus(c, wrong, p)
}

func (s *Server) planStatus(c *fiber.Ctx, wrong []FieldError, p planView) error {
	if len(wrong) > 0 {
		return s.invalid(c, "plan/plan", p)
	}
	return c.Render("plan/plan", p)
}

// fillEmpty says what is needed before a plan, and what comes.
func (p *planView) fillEmpty(v service.PlanView) {
	p.Lead = p.T("plan.empty_lead")
	p.EmptySteps = []string{p.T("plan.step_measure"), p.T("plan.step_limits"), p.T("plan.step_proposal"), p.T("plan.step_approval")}
	switch {
	case !v.Ready:
		p.Empty = &Empty{Title: p.T("plan.empty_measure_title"), Text: p.T("plan.empty_measure_text")}
		if v.Place.Can(auth.AssessmentEdit) {
			p.Empty.Action, p.Empty.Href = p.T("plan.empty_measure_action"), entePath(v.Place.Ente.ID)+"/valutazioni"
		}
	case v.Place.Can(auth.PlanEdit):
		p.Empty = &Empty{Title: p.T("plan.empty_ready_title"), Text: p.T("plan.empty_ready_text", "Wave", waveName(p.Localizer, v.Wave), "Date", p.Date(v.ClosedAt)),
			Action: p.T("plan.empty_ready_action"), Href: p.Base + "/limiti"}
	default:
		p.Empty = &Empty{Title: p.T("plan.empty_wait_title"), Text: p.T("plan.empty_wait_text")}
	}
}

func (p *planView) fillCards(v service.PlanView) {
	p.CanEdit = v.Editable()
	p.Questions = len(v.Questions)
	p.OutCount = len(v.Out)
	for i, r := range v.In {
		card := p.card(v, r)
		if i < service.Priorities {
			p.First = append(p.First, card)
		} else {
			p.Annex = append(p.Annex, card)
		}
		p.CanFree = p.CanFree || (p.CanEdit && card.Wished && !card.Started)
	}
	for _, r := range v.Out {
		p.Out = append(p.Out, p.card(v, r))
	}
	if len(v.In) == 0 {
		p.NothingIn, p.NothingText = true, p.T("plan.nothing_in")
		if len(v.Out) == 0 {
			p.NothingText = p.T("plan.nothing_asked")
		}
	}
}

// tiles are the key figures of the plan.
func (p *planView) tiles(v service.PlanView) []Tile {
	plan := v.Plan()
	var cost, days int64
	for _, y := range v.Years {
		cost += y.Used
	}
	for _, q := range v.Quarters {
		days += q.Used
	}
	var lines []string
	active := 0
	for _, r := range v.In {
		if r.Project.Active() {
			active++
			lines = append(lines, r.Project.Lines...)
		}
	}
	slices.Sort(lines)
	lines = slices.Compact(lines)
	proof := p.T("plan.points_proved")
	if !plan.Proved {
		proof = p.T("plan.points_bound", "Bound", p.points(plan.Bound))
	}
	return []Tile{
		{Label: p.T("plan.tile_points"), Value: p.points(plan.Gain), Note: proof, Href: p.Base + "/punti"},
		{Label: p.T("plan.tile_projects"), Value: p.Int(active), Note: p.T("plan.tile_projects_note", "Count", len(v.Out))},
		{Label: p.T("plan.tile_cost"), Value: p.Euro(cost), Note: p.T("plan.tile_cost_note")},
		{Label: p.T("plan.tile_days"), Value: p.Int(int(days)), Note: p.T("plan.tile_days_note")},
		{Label: p.T("plan.tile_lines"), Value: p.Int(len(lines)), Note: p.T("plan.tile_lines_note")},
	}
}

// points writes points with one decimal only where there is one.
func (p Chrome) points(v float64) string {
	if v == float64(int(v)) {
		return p.Int(int(v))
	}
	return p.Num(v, 1)
}

// planPointsView is the page "plan/points": the table of points as data.
type planPointsView struct {
	Chrome
	Table  Table
	Source string
}

// showPlanPoints handles GET /enti/:ente/piano/punti.
func (s *Server) showPlanPoints(c *fiber.Ctx) error {
	id, err := pathID(c, "ente")
	if err != nil {
		return err
	}
	v, err := s.svc.PlanView(c.UserContext(), actor(c), id)
	if err != nil {
		return err
	}
	p := planPointsView{Chrome: s.enteChrome(c, v.Place, "plan.points_title", sectionPlan)}
	p.Lead = p.T("plan.points_lead")
	p.Breadcrumbs = append(p.Breadcrumbs, Link{Label: p.T("plan.title"), Href: planPath(id)})
	pt := v.Points
	p.Source = p.T("plan.points_source", "Version", pt.Version)
	p.Table = Table{ID: "punti", Caption: p.T("plan.points_caption"), Columns: []Column{{Label: p.T("plan.points_what")}, {Label: p.T("plan.points_worth"), Numeric: true}}}
	for i, worth := range pt.Levels {
		p.Table.Rows = append(p.Table.Rows, pointsRow(p.T("plan.points_level", "From", strconv.Itoa(i), "To", strconv.Itoa(i+1)), p.points(worth)))
	}
	p.Table.Rows = append(p.Table.Rows,
		pointsRow(p.T("plan.points_gate"), "× "+p.points(pt.GateFactor)),
		pointsRow(p.T("plan.points_line"), p.points(pt.Line)),
		pointsRow(p.T("plan.points_line_overdue"), p.points(pt.LineOverdue)),
		pointsRow(p.T("plan.points_training", "Below", p.points(pt.NeedBelow)), p.points(pt.Training)),
		pointsRow(p.T("plan.points_target"), p.T("plan.level_n", "Level", strconv.Itoa(int(pt.DefaultTarget)))))
	return c.Render("plan/points", p)
}

func pointsRow(what, worth string) Row { return Row{Cells: []Cell{{Text: what}, {Text: worth}}} }

// sentence is a reason as a page shows it.
func sentence(ch Chrome, v service.PlanView, r plans.Reason) string {
	return v.Names.Reason(ch.Localizer, r)
}

// italianMark is the lang attribute of texts that are in Italian on any page.
func (p Chrome) ItalianMark() template.HTMLAttr {
	if p.Lang() == "it" {
		return ""
	}
	return `lang="it"`
}
