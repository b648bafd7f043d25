package web

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/auth"
	"traguardo/app/service"
	"traguardo/plans"
)

// limitsView is the page "plan/limits": when the plan runs, what it can spend and
// how far it goes.
type limitsView struct {
	Chrome
	Action   string
	New      bool
	Start    Field // of the form that chooses the years; hidden in the other
	Quarters Field
	Budgets  []Field
	Days     Field
	Each     []Field // days that differ from quarter to quarter
	EachOpen bool
	Ambition Field
	Version  int
	Hidden   []Hidden
	Back     string
}

// limits is what the form of limits holds, as typed.
type limits struct {
	start    plans.Quarter
	quarters int
	budget   map[int]string // by year
	days     string
	each     map[string]string // by quarter
	ambition string
	version  int
}

// showLimits handles GET /enti/:ente/piano/limiti; start and quarters in the
// query choose the years to fill in.
func (s *Server) showLimits(c *fiber.Ctx) error {
	id, err := pathID(c, "ente")
	if err != nil {
		return err
	}
	v, err := s.svc.PlanSetup(c.UserContext(), actor(c), id)
	if err != nil {
		return err
	}
	if !v.Place.Can(auth.PlanEdit) {
		return fmt.Errorf("limits of the plan: %w", auth.ErrForbidden)
	}
	if v.Exists && v.Plan().State != plans.Draft {
		return fmt.Errorf("limits of the plan: %w", plans.ErrTransition)
	}
	if !v.Ready {
		return c.Redirect(planPath(id), fiber.StatusSeeOther)
	}
	l := storedLimits(v)
	if q, err := plans.ParseQuarter(c.Query("start")); err == nil {
		l.start = q
	}
	if n, err := strconv.Atoi(c.Query("quarters")); err == nil && n >= plans.MinQuarters && n <= plans.MaxQuarters {
		l.quarters = n
	}
	return c.Render("plan/limits", s.limitsPage(c, v, l, nil))
}

// storedLimits are those of the plan, or sensible ones for a new plan.
func storedLimits(v service.PlanSetup) limits {
	l := limits{start: v.Today.Quarter().Add(1), quarters: 8, budget: map[int]string{}, each: map[string]string{}, ambition: string(v.Ambition)}
	if !v.Exists {
		return l
	}
	plan := v.Plan()
	l.start, l.quarters, l.version = plan.Start, plan.Quarters, v.Record.Version
	for i, y := range plan.Years() {
		l.budget[y] = strings.TrimSuffix(plan.Budget[i].Euro("it"), " €")
	}
	l.days = strconv.Itoa(plan.Capacity[0])
	for i, d := range plan.Capacity {
		if d != plan.Capacity[0] {
			l.each[plan.Start.Add(i).String()] = strconv.Itoa(d)
		}
	}
	return l
}

func (s *Server) limitsPage(c *fiber.Ctx, v service.PlanSetup, l limits, wrong []FieldError) limitsView {
	title := "plan.limits_title"
	p := limitsView{Chrome: s.enteChrome(c, v.Place, title, sectionPlan), New: !v.Exists, Version: l.version, Back: planPath(v.Place.Ente.ID)}
	p.Errors, p.Lead, p.Action = wrong, p.T("plan.limits_lead"), p.Back+"/limiti"
	p.Breadcrumbs = append(p.Breadcrumbs, Link{Label: p.T("plan.title"), Href: p.Back})
	p.Start = Field{Name: "start", Type: "select", Label: p.T("plan.start"), Required: true, Hint: p.T("plan.start_hint"), Error: p.ErrorOf("start")}
	first := v.Today.Quarter()
	if l.start.Before(first) {
		first = l.start
	}
	fixed := len(v.Record.Plan.Versions) > 0
	for i := range 9 {
		q := first.Add(i)
		if !fixed || q == l.start {
			p.Start.Options = append(p.Start.Options, Option{Value: q.String(), Label: q.Label(p.Lang()), Selected: q == l.start})
		}
	}
	p.Quarters = Field{Name: "quarters", Type: "select", Label: p.T("plan.horizon"), Required: true, Hint: p.T("plan.horizon_hint"), Error: p.ErrorOf("quarters")}
	for n := plans.MinQuarters; n <= plans.MaxQuarters; n++ {
		p.Quarters.Options = append(p.Quarters.Options, Option{Value: strconv.Itoa(n), Label: p.T("plan.quarters", "Count", n), Selected: n == l.quarters})
	}
	p.Hidden = []Hidden{{"start", l.start.String()}, {"quarters", strconv.Itoa(l.quarters)}, {"version", strconv.Itoa(l.version)}}
	p.limitFields(l)
	return p
}

// limitFields makes the fields of money, days and ambition.
func (p *limitsView) limitFields(l limits) {
	for _, y := range plans.YearsOf(l.start, l.quarters) {
		name := "budget_" + strconv.Itoa(y)
		f := Field{Name: name, Label: p.T("plan.budget_year", "Year", strconv.Itoa(y)), Required: true, Unit: "€", Narrow: true, InputMode: "decimal", Value: l.budget[y], Error: p.ErrorOf(name)}
		p.Budgets = append(p.Budgets, f)
	}
	p.Days = Field{Name: "days", Label: p.T("plan.days"), Hint: p.T("plan.days_hint"), Required: true, Narrow: true, InputMode: "numeric", Unit: p.T("plan.days_unit"), Value: l.days, Error: p.ErrorOf("days")}
	for i := range l.quarters {
		q := l.start.Add(i)
		name := "days_" + q.String()
		p.Each = append(p.Each, Field{Name: name, Label: q.Label(p.Lang()), Narrow: true, InputMode: "numeric", Value: l.each[q.String()], Error: p.ErrorOf(name)})
		p.EachOpen = p.EachOpen || l.each[q.String()] != ""
	}
	p.Ambition = Field{Name: "ambition", Type: "radio", Label: p.T("plan.ambition"), Hint: p.T("plan.ambition_hint"), Required: true, Error: p.ErrorOf("ambition")}
	for _, a := range service.Ambitions() {
		p.Ambition.Options = append(p.Ambition.Options, Option{Value: string(a), Label: p.T("plan.ambition_" + string(a)), Hint: p.T("plan.ambition_" + string(a) + "_hint"), Selected: l.ambition == string(a)})
	}
}

// limitsForm holds the fields that have fixed names.
type limitsForm struct {
	Start    string `form:"start" validate:"required,max=10"`
	Quarters int    `form:"quarters" validate:"required,min=4,max=12"`
	Days     string `form:"days" validate:"required,max=6"`
	Ambition string `form:"ambition" validate:"required,oneof=minimum next good top"`
	Version  int    `form:"version" validate:"min=0"`
}

// saveLimits handles POST /enti/:ente/piano/limiti: «Proponi il piano».
func (s *Server) saveLimits(c *fiber.Ctx) error {
	id, err := pathID(c, "ente")
	if err != nil {
		return err
	}
	var form limitsForm
	wrong, err := s.bind(c, &form)
	if err != nil {
		return err
	}
	l, frame, more := s.readLimits(c, form)
	if wrong = append(wrong, more...); len(wrong) == 0 {
		err = s.svc.SetPlanFrame(c.UserContext(), actor(c), id, frame)
		if err == nil {
			return s.seeOther(c, planPath(id), "plan.proposal_ready")
		}
		var ok bool
		if wrong, ok = s.faultsOf(c, err); !ok {
			return err
		}
	}
	v, err := s.svc.PlanSetup(c.UserContext(), actor(c), id)
	if err != nil {
		return err
	}
	if !v.Place.Can(auth.PlanEdit) {
		return fmt.Errorf("limits of the plan: %w", auth.ErrForbidden)
	}
	return s.invalid(c, "plan/limits", s.limitsPage(c, v, l, wrong))
}

// readLimits reads the fields whose names hold a year or a quarter, and turns all
// of them into the frame of a plan.
func (s *Server) readLimits(c *fiber.Ctx, form limitsForm) (l limits, f service.PlanFrame, wrong []FieldError) {
	t := s.texter(c)
	l = limits{quarters: form.Quarters, days: form.Days, ambition: form.Ambition, version: form.Version, budget: map[int]string{}, each: map[string]string{}}
	start, err := plans.ParseQuarter(form.Start)
	if err != nil || form.Quarters < plans.MinQuarters || form.Quarters > plans.MaxQuarters {
		l.start, l.quarters = plans.DateOf(s.svc.Today()).Quarter().Add(1), max(plans.MinQuarters, min(form.Quarters, plans.MaxQuarters))
		return l, f, []FieldError{{Field: "start", Text: t.T("form.choice")}}
	}
	l.start = start
	f = service.PlanFrame{Start: start, Quarters: form.Quarters, Ambition: service.Ambition(form.Ambition), Version: form.Version}
	for _, y := range plans.YearsOf(start, form.Quarters) {
		name := "budget_" + strconv.Itoa(y)
		l.budget[y] = strings.TrimSpace(c.FormValue(name))
		cents, err := plans.ParseCents(l.budget[y])
		if err != nil {
			wrong = append(wrong, FieldError{Field: name, Text: t.T("plan.bad_amount")})
		}
		f.Budget = append(f.Budget, cents)
	}
	common, err := strconv.Atoi(form.Days)
	if (err != nil || common < 0) && form.Days != "" {
		wrong = append(wrong, FieldError{Field: "days", Text: t.T("form.number")})
	}
	for i := range form.Quarters {
		q := start.Add(i)
		days, typed := common, strings.TrimSpace(c.FormValue("days_"+q.String()))
		if typed != "" {
			l.each[q.String()] = typed
			if days, err = strconv.Atoi(typed); err != nil || days < 0 {
				wrong = append(wrong, FieldError{Field: "days_" + q.String(), Text: t.T("form.number")})
			}
		}
		f.Capacity = append(f.Capacity, days)
	}
	return l, f, wrong
}
