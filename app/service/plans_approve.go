package service

import (
	"context"
	"errors"
	"strings"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/plans"
	"traguardo/surveys"
)

// movePlan changes the state of the plan in one transaction.
func (s *Service) movePlan(ctx context.Context, actor auth.Actor, ente surveys.ID, may auth.Action, action string,
	step func(tx *storage.Store, rec *storage.PlanRecord) (map[string]any, error)) error {
	return s.changeIn(ctx, actor, ente, may, func(tx *storage.Store, _ Place) (Change, error) {
		rec, err := tx.Plan(ctx, ente)
		if err != nil {
			return Change{}, err
		}
		detail, err := step(tx, &rec)
		if err != nil {
			return Change{}, err
		}
		return Change{Action: action, Subject: "plan:" + rec.Plan.ID.String(), Detail: detail}, tx.UpdatePlan(ctx, rec.Plan, rec.Version)
	})
}

// ProposePlan sends the draft to who approves it; from then on it cannot be
// changed. InvalidError: it holds nothing, or breaks its own limits.
func (s *Service) ProposePlan(ctx context.Context, actor auth.Actor, ente surveys.ID) error {
	return s.movePlan(ctx, actor, ente, auth.PlanEdit, "plan.propose", func(_ *storage.Store, rec *storage.PlanRecord) (map[string]any, error) {
		if len(rec.Plan.Projects) == 0 {
			return nil, Invalid("", "plan.nothing_to_propose")
		}
		err := rec.Plan.Propose(plans.DateOf(s.Today()), actor.ID())
		if errors.Is(err, plans.ErrFaults) {
			return nil, Invalid("", "plan.over_limits")
		}
		return nil, err
	})
}

// WithdrawPlan brings a proposed plan back to draft.
func (s *Service) WithdrawPlan(ctx context.Context, actor auth.Actor, ente surveys.ID) error {
	return s.movePlan(ctx, actor, ente, auth.PlanEdit, "plan.withdraw", func(_ *storage.Store, rec *storage.PlanRecord) (map[string]any, error) {
		return nil, rec.Plan.Withdraw()
	})
}

// ApprovePlan records the act and freezes the plan into a new version, for ever.
// InvalidError: a part of the act is missing or its date does not fit.
func (s *Service) ApprovePlan(ctx context.Context, actor auth.Actor, ente surveys.ID, act plans.Act) error {
	id, err := s.newID()
	if err != nil {
		return err
	}
	today := plans.DateOf(s.Today())
	return s.movePlan(ctx, actor, ente, auth.PlanApprove, "plan.approve", func(tx *storage.Store, rec *storage.PlanRecord) (map[string]any, error) {
		if err := checkAct(act, today, rec.Plan); err != nil {
			return nil, err
		}
		v, err := rec.Plan.Approve(act, today)
		if err != nil {
			return nil, err
		}
		detail := map[string]any{"version": v.Number, "sha256": v.SHA256, "act": v.Act}
		return detail, tx.AddPlanVersion(ctx, rec.Plan, v, id, actor.UserID, s.clock())
	})
}

func checkAct(act plans.Act, today plans.Date, p plans.Plan) error {
	var bad faults
	for _, f := range [][2]string{{"act_type", act.Type}, {"act_number", act.Number}, {"act_by", act.By}} {
		if strings.TrimSpace(f[1]) == "" {
			bad.add(f[0], "form.required")
		}
	}
	switch {
	case act.Date.IsZero():
		bad.add("act_date", "form.required")
	case act.Date.After(today):
		bad.add("act_date", "plan.act_in_future")
	case len(p.Versions) > 0 && act.Date.Before(p.Versions[len(p.Versions)-1].Act.Date):
		bad.add("act_date", "plan.act_before_last", "Date", p.Versions[len(p.Versions)-1].Act.Date.Italian())
	}
	return bad.err()
}

// AmendPlan opens the approved plan again, with a reason. The approved version
// stays in force; micro-progetti stay where they were until somebody frees them.
func (s *Service) AmendPlan(ctx context.Context, actor auth.Actor, ente surveys.ID, reason string) error {
	return s.movePlan(ctx, actor, ente, auth.PlanApprove, "plan.amend", func(tx *storage.Store, rec *storage.PlanRecord) (map[string]any, error) {
		if strings.TrimSpace(reason) == "" {
			return nil, Invalid("reason", "form.required")
		}
		if err := rec.Plan.Amend(reason); err != nil {
			return nil, err
		}
		var fixed []storage.ProjectRecord
		for _, r := range rec.Records {
			if r.In && len(r.Project.Facts) == 0 && r.Wish != storage.WishPinned {
				r.Wish, r.Project.Pinned, r.Project.Must, r.UpdatedAt = storage.WishPinned, true, false, s.clock()
				fixed = append(fixed, r)
			}
		}
		return map[string]any{"reason": rec.Plan.Amendment}, tx.SaveProjects(ctx, fixed)
	})
}

// RestorePlan gives up an amendment: the plan is again what its last approved
// version says. What happened to its micro-progetti stays; candidates stay as candidates.
func (s *Service) RestorePlan(ctx context.Context, actor auth.Actor, ente surveys.ID) error {
	return s.movePlan(ctx, actor, ente, auth.PlanApprove, "plan.restore", func(tx *storage.Store, rec *storage.PlanRecord) (map[string]any, error) {
		content, err := rec.Plan.Restore()
		if err != nil {
			return nil, err
		}
		frozen := map[surveys.ID]plans.Sheet{}
		for _, sheet := range content.Sheets {
			frozen[sheet.ID] = sheet
		}
		var changed []storage.ProjectRecord
		for _, r := range rec.Records {
			sheet, in := frozen[r.Project.ID]
			delete(frozen, r.Project.ID)
			if in {
				r.Project.Sheet, r.In = sheet, true
			} else if r.Project.Active() {
				r.In, r.Project.Start = false, plans.Quarter{}
			}
			r.UpdatedAt = s.clock()
			changed = append(changed, r)
		}
		for _, sheet := range content.Sheets { // taken out altogether meanwhile: back again
			if _, gone := frozen[sheet.ID]; gone {
				r := storage.ProjectRecord{In: true, Wish: storage.WishPinned, Edited: true, UpdatedAt: s.clock()}
				r.Project.Sheet = sheet
				changed = append(changed, r)
			}
		}
		return nil, tx.SaveProjects(ctx, changed)
	})
}
