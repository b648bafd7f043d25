package web

import (
	"github.com/gofiber/fiber/v2"

	"traguardo/app/service"
	"traguardo/plans"
	"traguardo/surveys"
)

// factPage is the page "track/step": one step of a micro-progetto, with its consequence.
type factPage struct {
	Chrome
	Project     string
	Back        string
	Consequence string
	Warnings    []string
	Criterion   string // acceptance criterion, when the work is handed over or checked
	Proofs      string // how much evidence there is
	ProofsHref  string
	Fields      []Field
	Lock        int // version of the micro-progetto that the page shows
	Button      string
	Danger      bool
}

type stepForm struct {
	On      string `form:"giorno" validate:"required,datetime=2006-01-02"`
	Reason  string `form:"motivo" validate:"max=4000"`
	Version int    `form:"version" validate:"min=0"`
}

// projectIDs reads the ente and the micro-progetto of the address.
func projectIDs(c *fiber.Ctx) (ente, project surveys.ID, err error) {
	if ente, err = pathID(c, "ente"); err != nil {
		return "", "", err
	}
	project, err = pathID(c, "progetto")
	return ente, project, err
}

// showStep handles GET /enti/:ente/avanzamento/:progetto/stato/:passo.
func (s *Server) showStep(c *fiber.Ctx) error {
	p, err := s.factPage(c, nil, stepForm{})
	if err != nil {
		return err
	}
	return c.Render("track/step", p)
}

// factPage makes the page of one step. plans.ErrTransition when the state does not allow it.
func (s *Server) factPage(c *fiber.Ctx, wrong []FieldError, form stepForm) (factPage, error) {
	ente, project, err := projectIDs(c)
	if err != nil {
		return factPage{}, err
	}
	kind, err := plans.ParseFactKind(c.Params("passo"))
	if err != nil {
		return factPage{}, fiber.ErrNotFound
	}
	v, err := s.svc.StepOf(c.UserContext(), actor(c), ente, project, kind)
	if err != nil {
		return factPage{}, err
	}
	back := entePath(ente) + "/avanzamento/" + project.String()
	p := factPage{Chrome: s.enteChrome(c, v.Place, "track.step_title_"+string(kind), sectionTrack), Project: v.Tracked.Project.Title, Back: back, Lock: v.Tracked.Version}
	p.Errors = wrong
	p.Lead = p.Project
	p.Breadcrumbs = append(p.Breadcrumbs, Link{Label: p.T("track.title"), Href: entePath(ente) + "/avanzamento"}, Link{Label: p.Project, Href: back})
	p.Consequence, p.Button, p.Danger = p.T("track.step_text_"+string(kind)), p.T("track.step_button_"+string(kind)), kind == plans.FactCancel
	p.fillStep(kind, v)
	if form.On == "" {
		form.On = v.Today.String()
	}
	p.Fields = p.stepFields(kind, v, form)
	return p, nil
}

// fillStep adds what is worth knowing before the step.
func (p *factPage) fillStep(kind plans.FactKind, v service.ProjectView) {
	m := &v.Tracked.Project
	if kind == plans.FactStart {
		for _, w := range v.Waits {
			p.Warnings = append(p.Warnings, p.T("track.warn_prerequisite", "Title", w.Project.Title))
		}
	}
	if kind != plans.FactFinish && kind != plans.FactCheck {
		return
	}
	p.Criterion, p.ProofsHref = m.Acceptance, p.Back+"#prove"
	p.Proofs = p.T("track.proofs_there", "Count", v.Tracked.Proofs)
	if reached, of := m.Progress(); reached < of {
		p.Warnings = append(p.Warnings, p.T("track.warn_milestones", "Count", of-reached))
	}
	open := 0
	for _, t := range m.Tasks {
		if !t.Done() {
			open++
		}
	}
	if open > 0 {
		p.Warnings = append(p.Warnings, p.T("track.warn_tasks", "Count", open))
	}
}

func (p *factPage) stepFields(kind plans.FactKind, v service.ProjectView, form stepForm) []Field {
	first := ""
	if facts := v.Tracked.Project.Facts; len(facts) > 0 {
		first = facts[len(facts)-1].On.String()
	}
	day := Field{Name: "giorno", Type: "date", Label: p.T("track.step_day"), Hint: p.T("track.step_day_hint"), Required: true, Narrow: true, Min: first, Max: v.Today.String(), Value: form.On, Error: p.ErrorOf("giorno")}
	reason := Field{Name: "motivo", Type: "textarea", Rows: 3, Label: p.T("track.step_reason"), MaxLength: service.MaxReasonText, Guard: true, Value: form.Reason, Error: p.ErrorOf("motivo")}
	switch kind {
	case plans.FactSuspend, plans.FactReopen, plans.FactCancel:
		reason.Required, reason.Hint = true, p.T("track.step_reason_"+string(kind))
	case plans.FactFinish:
		if v.Tracked.Proofs == 0 {
			reason.Required, reason.Label, reason.Hint = true, p.T("track.step_no_proof"), p.T("track.step_no_proof_hint")
		}
	case plans.FactStart, plans.FactResume, plans.FactCheck:
		reason.Label = p.T("track.step_note")
	}
	return []Field{day, reason}
}

// takeStep handles POST /enti/:ente/avanzamento/:progetto/stato/:passo.
func (s *Server) takeStep(c *fiber.Ctx) error {
	ente, project, err := projectIDs(c)
	if err != nil {
		return err
	}
	kind, err := plans.ParseFactKind(c.Params("passo"))
	if err != nil {
		return fiber.ErrNotFound
	}
	var form stepForm
	wrong, err := s.bind(c, &form)
	if err != nil {
		return err
	}
	if len(wrong) == 0 {
		err = s.svc.RecordFact(c.UserContext(), actor(c), ente, project, service.FactInput{Kind: kind, On: plans.DateOf(typedDay(form.On)), Reason: form.Reason, Version: form.Version})
		if err == nil {
			return s.seeOther(c, entePath(ente)+"/avanzamento", "track.step_done_"+string(kind))
		}
		var ok bool
		if wrong, ok = s.faultsOf(c, err); !ok {
			return err
		}
	}
	p, err := s.factPage(c, wrong, form)
	if err != nil {
		return err
	}
	return s.invalid(c, "track/step", p)
}
