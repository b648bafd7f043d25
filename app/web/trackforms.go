package web

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/auth"
	"traguardo/app/service"
	"traguardo/plans"
	"traguardo/surveys"
)

// onProject handles a POST on a micro-progetto: afterwards to the part of its page
// that anchor names.
func (s *Server) onProject(c *fiber.Ctx, form any, do projectWork, anchor, message string) error {
	ente, project, err := projectIDs(c)
	if err != nil {
		return err
	}
	return s.handle(c, form, work{
		Do:    func(ctx context.Context, who auth.Actor) error { return do(ctx, who, ente, project) },
		Again: func(wrong []FieldError) error { return s.trackedAgain(c, wrong, evidenceForm{}) },
		Done:  func() error { return s.seeOther(c, trackedPath(ente, project)+anchor, message) },
	})
}

// projectWork does something to a micro-progetto of an ente.
type projectWork func(ctx context.Context, who auth.Actor, ente, project surveys.ID) error

func trackedPath(ente, project surveys.ID) string {
	return entePath(ente) + "/avanzamento/" + project.String()
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
	var form milestoneForm
	return s.onProject(c, &form, func(ctx context.Context, who auth.Actor, ente, project surveys.ID) error {
		return s.svc.AddMilestone(ctx, who, ente, project, form.Title, plans.DateOf(typedDay(form.Due)))
	}, "#tappe", "track.mile_added")
}

// proposeMilestones handles POST …/avanzamento/:progetto/tappe/proponi.
func (s *Server) proposeMilestones(c *fiber.Ctx) error {
	return s.onProject(c, nil, s.svc.ProposeMilestones, "#tappe", "track.mile_proposed")
}

// reachMilestone handles POST …/tappe/:tappa/raggiunta.
func (s *Server) reachMilestone(c *fiber.Ctx) error {
	id, err := pathID(c, "tappa")
	if err != nil {
		return err
	}
	name := "raggiunta-" + id.String()
	day := typedDay(c.FormValue(name))
	if day.IsZero() {
		return s.trackedAgain(c, []FieldError{{Field: name, Text: s.texter(c).T("form.date")}}, evidenceForm{})
	}
	ente, project, err := projectIDs(c)
	if err != nil {
		return err
	}
	return s.handle(c, nil, work{
		Do: func(ctx context.Context, who auth.Actor) error {
			return s.svc.ReachMilestone(ctx, who, ente, project, id, plans.DateOf(day))
		},
		Again: func(wrong []FieldError) error {
			wrong[0].Field = name
			return s.trackedAgain(c, wrong, evidenceForm{})
		},
		Done: func() error { return s.seeOther(c, trackedPath(ente, project)+"#tappe", "track.mile_reached_done") },
	})
}

// onPart is onProject for a part of it, whose id is in the address under name.
func (s *Server) onPart(c *fiber.Ctx, name string, do func(ctx context.Context, who auth.Actor, ente, project, part surveys.ID) error, anchor, message string) error {
	part, err := pathID(c, name)
	if err != nil {
		return err
	}
	return s.onProject(c, nil, func(ctx context.Context, who auth.Actor, ente, project surveys.ID) error {
		return do(ctx, who, ente, project, part)
	}, anchor, message)
}

// reopenMilestone handles POST …/tappe/:tappa/riapri.
func (s *Server) reopenMilestone(c *fiber.Ctx) error {
	return s.onPart(c, "tappa", func(ctx context.Context, who auth.Actor, ente, project, id surveys.ID) error {
		return s.svc.ReachMilestone(ctx, who, ente, project, id, plans.Date{})
	}, "#tappe", "track.mile_reopened")
}

// removeMilestone handles POST …/tappe/:tappa/elimina.
func (s *Server) removeMilestone(c *fiber.Ctx) error {
	return s.onPart(c, "tappa", s.svc.RemoveMilestone, "#tappe", "track.mile_removed")
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
	var form taskForm
	return s.onProject(c, &form, func(ctx context.Context, who auth.Actor, ente, project surveys.ID) error {
		return s.svc.AddTask(ctx, who, ente, project, form.input())
	}, "#compiti", "track.task_added")
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
	return s.onProject(c, nil, func(ctx context.Context, who auth.Actor, ente, project surveys.ID) error {
		return s.svc.AddExpense(ctx, who, ente, project, in)
	}, "#denaro", "track.expense_added")
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
	again := func(wrong []FieldError) error { return s.trackedAgain(c, wrong, form) }
	if len(wrong) > 0 {
		return again(wrong)
	}
	return s.handle(c, nil, work{Again: again,
		Do: func(ctx context.Context, who auth.Actor) error {
			return s.svc.AddProjectEvidence(ctx, who, ente, project, c.FormValue("indicatore"), in)
		},
		Done: func() error { return s.seeOther(c, trackedPath(ente, project)+"#prove", "assess.piece_added") }})
}

// serveIndicator handles POST …/prove/:prova/indicatore.
func (s *Server) serveIndicator(c *fiber.Ctx) error {
	return s.onPart(c, "prova", func(ctx context.Context, who auth.Actor, ente, project, id surveys.ID) error {
		return s.svc.ServeIndicator(ctx, who, ente, project, id, c.FormValue("indicatore-"+id.String()))
	}, "#prove", "proof.serve_done")
}

// revokeProjectEvidence handles POST …/avanzamento/:progetto/prove/:prova/revoca.
func (s *Server) revokeProjectEvidence(c *fiber.Ctx) error {
	return s.onPart(c, "prova", func(ctx context.Context, who auth.Actor, ente, project, id surveys.ID) error {
		return s.svc.RevokeProjectEvidence(ctx, who, ente, project, id, c.FormValue("elimina-"+id.String()) != "")
	}, "#prove", "assess.piece_revoked_done")
}
