package web

import (
	"github.com/gofiber/fiber/v2"

	"traguardo/app/service"
	"traguardo/plans"
	"traguardo/surveys"
)

// afterProject goes back to the micro-progetto with a message, or shows it again
// with what was wrong.
func (s *Server) afterProject(c *fiber.Ctx, err error, anchor, message string) error {
	if wrong, ok := s.faultsOf(c, err); ok {
		return s.trackedAgain(c, wrong, evidenceForm{})
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, "/enti/"+c.Params("ente")+"/avanzamento/"+c.Params("progetto")+anchor, message)
}

func (s *Server) trackedAgain(c *fiber.Ctx, wrong []FieldError, form evidenceForm) error {
	p, err := s.trackedPage(c, wrong, form)
	if err != nil {
		return err
	}
	return s.invalid(c, "track/project", p)
}

type milestoneForm struct {
	Title string `form:"tappa" validate:"required,max=400"`
	Due   string `form:"entro" validate:"required,datetime=2006-01-02"`
}

// addMilestone handles POST …/avanzamento/:progetto/tappe.
func (s *Server) addMilestone(c *fiber.Ctx) error {
	ente, project, err := projectIDs(c)
	if err != nil {
		return err
	}
	var form milestoneForm
	wrong, err := s.bind(c, &form)
	if err != nil {
		return err
	}
	if len(wrong) > 0 {
		return s.trackedAgain(c, wrong, evidenceForm{})
	}
	err = s.svc.AddMilestone(c.UserContext(), actor(c), ente, project, form.Title, plans.DateOf(typedDay(form.Due)))
	return s.afterProject(c, err, "#tappe", "track.mile_added")
}

// proposeMilestones handles POST …/avanzamento/:progetto/tappe/proponi.
func (s *Server) proposeMilestones(c *fiber.Ctx) error {
	ente, project, err := projectIDs(c)
	if err != nil {
		return err
	}
	return s.afterProject(c, s.svc.ProposeMilestones(c.UserContext(), actor(c), ente, project), "#tappe", "track.mile_proposed")
}

// partID is projectIDs with the id of a part of the micro-progetto.
func partID(c *fiber.Ctx, name string) (ente, project, part surveys.ID, err error) {
	if ente, project, err = projectIDs(c); err != nil {
		return "", "", "", err
	}
	part, err = pathID(c, name)
	return ente, project, part, err
}

// reachMilestone handles POST …/tappe/:tappa/raggiunta.
func (s *Server) reachMilestone(c *fiber.Ctx) error {
	ente, project, id, err := partID(c, "tappa")
	if err != nil {
		return err
	}
	name := "raggiunta-" + id.String()
	on := plans.DateOf(typedDay(c.FormValue(name)))
	if typedDay(c.FormValue(name)).IsZero() {
		return s.trackedAgain(c, []FieldError{{Field: name, Text: s.texter(c).T("form.date")}}, evidenceForm{})
	}
	err = s.svc.ReachMilestone(c.UserContext(), actor(c), ente, project, id, on)
	if wrong, ok := s.faultsOf(c, err); ok {
		wrong[0].Field = name
		return s.trackedAgain(c, wrong, evidenceForm{})
	}
	return s.afterProject(c, err, "#tappe", "track.mile_reached_done")
}

// reopenMilestone handles POST …/tappe/:tappa/riapri.
func (s *Server) reopenMilestone(c *fiber.Ctx) error {
	ente, project, id, err := partID(c, "tappa")
	if err != nil {
		return err
	}
	return s.afterProject(c, s.svc.ReachMilestone(c.UserContext(), actor(c), ente, project, id, plans.Date{}), "#tappe", "track.mile_reopened")
}

// removeMilestone handles POST …/tappe/:tappa/elimina.
func (s *Server) removeMilestone(c *fiber.Ctx) error {
	ente, project, id, err := partID(c, "tappa")
	if err != nil {
		return err
	}
	return s.afterProject(c, s.svc.RemoveMilestone(c.UserContext(), actor(c), ente, project, id), "#tappe", "track.mile_removed")
}

type taskForm struct {
	Title   string `form:"compito" validate:"required,max=400"`
	Office  string `form:"ufficio" validate:"max=40"`
	Due     string `form:"compito_entro" validate:"omitempty,datetime=2006-01-02"`
	Version int    `form:"version" validate:"min=0"`
}

// input turns the form into what the service takes; an office of another form
// than an id is refused there.
func (f taskForm) input() service.TaskInput {
	in := service.TaskInput{Title: f.Title, Office: surveys.ID(f.Office), Version: f.Version}
	if f.Due != "" {
		in.Due = plans.DateOf(typedDay(f.Due))
	}
	return in
}

// addTask handles POST …/avanzamento/:progetto/attivita.
func (s *Server) addTask(c *fiber.Ctx) error {
	ente, project, err := projectIDs(c)
	if err != nil {
		return err
	}
	var form taskForm
	wrong, err := s.bind(c, &form)
	if err != nil {
		return err
	}
	if len(wrong) > 0 {
		return s.trackedAgain(c, wrong, evidenceForm{})
	}
	return s.afterProject(c, s.svc.AddTask(c.UserContext(), actor(c), ente, project, form.input()), "#compiti", "track.task_added")
}

type expenseForm struct {
	Kind    string `form:"spesa" validate:"required,oneof=budget committed paid"`
	Amount  string `form:"importo" validate:"required,max=20"`
	Date    string `form:"giorno" validate:"required,datetime=2006-01-02"`
	Source  string `form:"fonte" validate:"required,oneof=own regional pnrr other"`
	CUP     string `form:"cup" validate:"max=20"`
	Note    string `form:"nota" validate:"max=2000"`
	Correct string `form:"storno"`
}

// addExpense handles POST …/avanzamento/:progetto/spese.
func (s *Server) addExpense(c *fiber.Ctx) error {
	ente, project, err := projectIDs(c)
	if err != nil {
		return err
	}
	var form expenseForm
	wrong, err := s.bind(c, &form)
	if err != nil {
		return err
	}
	cents, bad := plans.ParseCents(form.Amount)
	if bad != nil && form.Amount != "" {
		wrong = append(wrong, FieldError{Field: "importo", Text: s.texter(c).T("track.fault_amount")})
	}
	if len(wrong) > 0 {
		return s.trackedAgain(c, wrong, evidenceForm{})
	}
	in := service.ExpenseInput{Kind: plans.ExpenseKind(form.Kind), Cents: cents, Correct: form.Correct != "", Date: plans.DateOf(typedDay(form.Date)),
		Source: plans.Source(form.Source), CUP: form.CUP, Note: form.Note}
	return s.afterProject(c, s.svc.AddExpense(c.UserContext(), actor(c), ente, project, in), "#denaro", "track.expense_added")
}

// addProjectEvidence handles POST …/avanzamento/:progetto/prove.
func (s *Server) addProjectEvidence(c *fiber.Ctx) error {
	ente, project, err := projectIDs(c)
	if err != nil {
		return err
	}
	form, in, wrong, err := s.bindEvidence(c)
	if err != nil {
		return err
	}
	if len(wrong) == 0 {
		err = s.svc.AddProjectEvidence(c.UserContext(), actor(c), ente, project, c.FormValue("indicatore"), in)
		var ok bool
		if wrong, ok = s.faultsOf(c, err); !ok {
			return s.afterProject(c, err, "#prove", "assess.piece_added")
		}
	}
	return s.trackedAgain(c, wrong, form)
}

// serveIndicator handles POST …/prove/:prova/indicatore.
func (s *Server) serveIndicator(c *fiber.Ctx) error {
	ente, project, id, err := partID(c, "prova")
	if err != nil {
		return err
	}
	err = s.svc.ServeIndicator(c.UserContext(), actor(c), ente, project, id, c.FormValue("indicatore-"+id.String()))
	return s.afterProject(c, err, "#prove", "proof.serve_done")
}

// revokeProjectEvidence handles POST …/avanzamento/:progetto/prove/:prova/revoca.
func (s *Server) revokeProjectEvidence(c *fiber.Ctx) error {
	ente, project, id, err := partID(c, "prova")
	if err != nil {
		return err
	}
	withFile := c.FormValue("elimina-"+id.String()) != ""
	return s.afterProject(c, s.svc.RevokeProjectEvidence(c.UserContext(), actor(c), ente, project, id, withFile), "#prove", "assess.piece_revoked_done")
}
