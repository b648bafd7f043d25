package web

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/auth"
	"traguardo/app/service"
	"traguardo/app/storage"
	"traguardo/plans"
)

// fillState says where the plan stands, and what may be done with it by this reader.
func (p *planView) fillState(v service.PlanView, typed map[string]string) {
	plan := v.Plan()
	p.State = Badge{Kind: planKind(plan.State), Text: p.T("plan.state_" + string(plan.State))}
	if last, ok := v.InForce(); ok {
		p.Act = p.actText(last)
		p.Changed = p.Base + "/versioni/" + strconv.Itoa(last.Number)
	}
	edit, approve := v.Place.Can(auth.PlanEdit), v.Place.Can(auth.PlanApprove)
	switch plan.State {
	case plans.Draft:
		p.StateText = p.T("plan.draft_text")
		if p.Act != "" {
			p.StateText = p.T("plan.amending_text", "Reason", plan.Amendment)
		}
		p.draftActions(v, edit, approve)
	case plans.Proposed:
		p.StateText = p.T("plan.proposed_text", "Date", plan.ProposedOn.Italian())
		if approve {
			p.Approve = p.approveForm(v, typed)
		} else {
			p.Wait = p.T("plan.wait_rtd")
		}
		if edit {
			p.Withdraw = &Confirm{Action: p.Base + "/ritira", Ask: p.T("plan.withdraw"), Title: p.T("plan.withdraw_title"), Consequence: p.T("plan.withdraw_text"), Button: p.T("plan.withdraw_button")}
		}
	case plans.Approved:
		p.StateText = p.T("plan.approved_text")
		if approve {
			p.Amend = &Confirm{Action: p.Base + "/modifica", Ask: p.T("plan.amend"), Title: p.T("plan.amend_title"), Consequence: p.T("plan.amend_text"), Button: p.T("plan.amend_button"),
				Fields: []Field{{Name: "reason", Type: "textarea", Rows: 3, MaxLength: 500, Label: p.T("plan.amend_reason"), Hint: p.T("plan.amend_reason_hint"), Required: true, Value: typed["reason"], Error: p.ErrorOf("reason")}}}
		}
	case plans.Closed:
		p.StateText = p.T("plan.closed_text", "Date", plan.ClosedOn.Italian())
	}
}

func (p *planView) draftActions(v service.PlanView, edit, approve bool) {
	if edit && len(v.In) > 0 {
		p.Propose = &Confirm{Action: p.Base + "/proponi", Ask: p.T("plan.propose"), Title: p.T("plan.propose_title"), Consequence: p.T("plan.propose_text"), Button: p.T("plan.propose_button")}
	}
	if edit {
		p.Free = &Confirm{Action: p.Base + "/libera", Ask: p.T("plan.free"), Title: p.T("plan.free_title"), Consequence: p.T("plan.free_text"), Button: p.T("plan.free_button")}
	}
	if approve && p.Act != "" {
		p.Restore = &Confirm{Action: p.Base + "/ripristina", Ask: p.T("plan.restore"), Title: p.T("plan.restore_title"), Consequence: p.T("plan.restore_text"), Button: p.T("plan.restore_button"), Danger: true}
	}
}

func planKind(st plans.PlanState) string {
	switch st {
	case plans.Approved:
		return KindOK
	case plans.Proposed:
		return KindInfo
	case plans.Draft:
		return KindWarning
	case plans.Closed:
		return KindNeutral
	}
	return KindNeutral
}

// actText writes the act of a version.
func (p Chrome) actText(v plans.Version) string {
	return p.T("plan.act", "Version", strconv.Itoa(v.Number), "Type", v.Act.Type, "Number", v.Act.Number, "Date", v.Act.Date.Italian(), "By", v.Act.By)
}

// approveForm asks for the act before the plan is frozen.
func (p *planView) approveForm(v service.PlanView, typed map[string]string) *Confirm {
	value := func(name, otherwise string) string {
		if t, ok := typed[name]; ok {
			return t
		}
		return otherwise
	}
	text := func(name, label, otherwise string) Field {
		return Field{Name: name, Label: label, Required: true, MaxLength: 200, Value: value(name, otherwise), Error: p.ErrorOf(name)}
	}
	return &Confirm{Action: p.Base + "/approva", Ask: p.T("plan.approve"), Title: p.T("plan.approve_title"), Consequence: p.T("plan.approve_text"), Button: p.T("plan.approve_button"),
		Fields: []Field{
			text("act_type", p.T("plan.act_type"), p.T("plan.act_type_default")),
			text("act_number", p.T("plan.act_number"), ""),
			{Name: "act_date", Type: "date", Label: p.T("plan.act_date"), Required: true, Narrow: true, Max: v.Today.String(), Value: value("act_date", ""), Error: p.ErrorOf("act_date")},
			text("act_by", p.T("plan.act_by"), p.T("plan.act_by_default")),
		}}
}

// afterPlan goes back to the plan with a message, or shows it again with what was wrong.
func (s *Server) afterPlan(c *fiber.Ctx, err error, anchor, message string, typed map[string]string) error {
	if wrong, ok := s.faultsOf(c, err); ok {
		return s.planPage(c, wrong, typed)
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, "/enti/"+c.Params("ente")+"/piano"+anchor, message)
}

// wishForm is the form of a card.
type wishForm struct {
	Wish    string `form:"wish" validate:"required,oneof=auto must pinned excluded"`
	Quarter string `form:"quarter" validate:"max=10"`
}

// setWish handles POST /enti/:ente/piano/progetti/:progetto/scelta.
func (s *Server) setWish(c *fiber.Ctx) error {
	ente, project, err := planIDs(c)
	if err != nil {
		return err
	}
	var form wishForm
	wrong, err := s.bind(c, &form)
	if err != nil {
		return err
	}
	if len(wrong) > 0 {
		return s.planPage(c, wrong, nil)
	}
	w := service.Wish{Project: project, Wish: storage.Wish(form.Wish)}
	if w.Wish == storage.WishPinned {
		if w.Quarter, err = plans.ParseQuarter(form.Quarter); err != nil {
			return s.planPage(c, []FieldError{{Text: s.texter(c).T("form.choice")}}, nil)
		}
	}
	err = s.svc.SetWish(c.UserContext(), actor(c), ente, w)
	return s.afterPlan(c, err, "#p-"+project.String(), "plan.recomputed", nil)
}

// freeWishes handles POST /enti/:ente/piano/libera.
func (s *Server) freeWishes(c *fiber.Ctx) error {
	ente, err := pathID(c, "ente")
	if err != nil {
		return err
	}
	return s.afterPlan(c, s.svc.FreeWishes(c.UserContext(), actor(c), ente), "", "plan.recomputed", nil)
}

// proposePlan handles POST /enti/:ente/piano/proponi.
func (s *Server) proposePlan(c *fiber.Ctx) error {
	ente, err := pathID(c, "ente")
	if err != nil {
		return err
	}
	return s.afterPlan(c, s.svc.ProposePlan(c.UserContext(), actor(c), ente), "", "plan.proposed_done", nil)
}

// withdrawPlan handles POST /enti/:ente/piano/ritira.
func (s *Server) withdrawPlan(c *fiber.Ctx) error {
	ente, err := pathID(c, "ente")
	if err != nil {
		return err
	}
	return s.afterPlan(c, s.svc.WithdrawPlan(c.UserContext(), actor(c), ente), "", "plan.withdrawn_done", nil)
}

// restorePlan handles POST /enti/:ente/piano/ripristina.
func (s *Server) restorePlan(c *fiber.Ctx) error {
	ente, err := pathID(c, "ente")
	if err != nil {
		return err
	}
	return s.afterPlan(c, s.svc.RestorePlan(c.UserContext(), actor(c), ente), "", "plan.restored_done", nil)
}

// actForm is the act that approves a plan.
type actForm struct {
	Type   string `form:"act_type" validate:"required,max=200"`
	Number string `form:"act_number" validate:"required,max=200"`
	Date   string `form:"act_date" validate:"required,datetime=2006-01-02"`
	By     string `form:"act_by" validate:"required,max=200"`
}

// approvePlan handles POST /enti/:ente/piano/approva.
func (s *Server) approvePlan(c *fiber.Ctx) error {
	ente, err := pathID(c, "ente")
	if err != nil {
		return err
	}
	var form actForm
	wrong, err := s.bind(c, &form)
	if err != nil {
		return err
	}
	typed := map[string]string{"act_type": form.Type, "act_number": form.Number, "act_date": form.Date, "act_by": form.By}
	if len(wrong) > 0 {
		return s.planPage(c, wrong, typed)
	}
	day, err := plans.ParseDate(form.Date)
	if err != nil {
		return err
	}
	err = s.svc.ApprovePlan(c.UserContext(), actor(c), ente, plans.Act{Type: form.Type, Number: form.Number, Date: day, By: form.By})
	return s.afterPlan(c, err, "", "plan.approved_done", typed)
}

// amendForm is the reason of an amendment.
type amendForm struct {
	Reason string `form:"reason" validate:"required,max=500"`
}

// amendPlan handles POST /enti/:ente/piano/modifica.
func (s *Server) amendPlan(c *fiber.Ctx) error {
	ente, err := pathID(c, "ente")
	if err != nil {
		return err
	}
	var form amendForm
	wrong, err := s.bind(c, &form)
	if err != nil {
		return err
	}
	typed := map[string]string{"reason": form.Reason}
	if len(wrong) > 0 {
		return s.planPage(c, wrong, typed)
	}
	return s.afterPlan(c, s.svc.AmendPlan(c.UserContext(), actor(c), ente, form.Reason), "", "plan.amended_done", typed)
}
