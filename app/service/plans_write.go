package service

import (
	"context"
	"errors"
	"fmt"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/plans"
	"traguardo/surveys"
)

// planTries is how often a change is computed again when somebody else wrote
// meanwhile.
const planTries = 3

// replanned is a change of a draft: what it does to the record before the choice
// is made again, and what the audit trail says of it.
type replanned struct {
	action string
	detail map[string]any
	apply  func(p Place, basis *PlanBasis, rec *storage.PlanRecord) error
	create bool       // there may be no plan yet
	drop   surveys.ID // record that apply took out, to be deleted
}

// replan applies a change to the draft of an ente, chooses and schedules again,
// and writes everything in one transaction. The computing is done before it, so
// that nobody waits; when the plan changed meanwhile it is done again.
func (s *Service) replan(ctx context.Context, actor auth.Actor, ente surveys.ID, ch replanned) error {
	for try := 1; ; try++ {
		place, err := s.Place(ctx, actor, ente, auth.PlanEdit)
		if err != nil {
			return err
		}
		rec, out, err := s.compute(ctx, place, ch)
		if err != nil {
			return err
		}
		if ch.drop != "" {
			out.removed = append(out.removed, ch.drop)
		}
		err = s.changeIn(ctx, actor, ente, auth.PlanEdit, func(tx *storage.Store, _ Place) (Change, error) {
			c := Change{Action: ch.action, Subject: "plan:" + out.plan.ID.String(), Detail: ch.detail}
			return c, s.writePlan(ctx, tx, rec, out)
		})
		if !errors.Is(err, storage.ErrStale) || try == planTries {
			return err
		}
	}
}

// compute reads the plan and what it starts from, applies the change and chooses.
func (s *Service) compute(ctx context.Context, place Place, ch replanned) (storage.PlanRecord, planOutcome, error) {
	fail := func(err error) (storage.PlanRecord, planOutcome, error) {
		return storage.PlanRecord{}, planOutcome{}, err
	}
	base, err := s.planning()
	if err != nil {
		return fail(err)
	}
	basis, err := s.planBasis(ctx, s.store, place.Ente.ID)
	if err != nil {
		return fail(err)
	}
	if basis == nil {
		return fail(Invalid("", "plan.need_assessment"))
	}
	rec, err := s.store.Plan(ctx, place.Ente.ID)
	if err != nil && !(errors.Is(err, storage.ErrNotFound) && ch.create) {
		return fail(err)
	}
	if rec.Version > 0 && rec.Plan.State != plans.Draft {
		return fail(fmt.Errorf("%w: change plan %s while %s", plans.ErrTransition, rec.Plan.ID, rec.Plan.State))
	}
	if err := ch.apply(place, basis, &rec); err != nil {
		return fail(err)
	}
	edition, err := s.edition(rec.Plan.Edition)
	if err != nil {
		return fail(err)
	}
	lines, err := s.planLines(ctx, s.store, place.Ente, rec.Plan.Edition)
	if err != nil {
		return fail(err)
	}
	in := base.input(plans.DateOf(s.Today()), place.Ente.Population, basis, rec.Plan.Targets, edition, lines)
	run, err := newPlanRun(base, in, rec, s.newID)
	if err != nil {
		return fail(err)
	}
	out, err := run.solve(s.clock())
	return rec, out, err
}

// writePlan stores an outcome over the record that it was computed from.
func (s *Service) writePlan(ctx context.Context, tx *storage.Store, rec storage.PlanRecord, out planOutcome) error {
	var err error
	if rec.Version == 0 {
		err = tx.AddPlan(ctx, out.plan, s.clock())
	} else {
		err = tx.UpdatePlan(ctx, out.plan, rec.Version)
	}
	if err != nil {
		return err
	}
	if err := tx.SaveProjects(ctx, out.changed); err != nil {
		return err
	}
	return tx.RemoveProjects(ctx, out.plan.EnteID, out.removed)
}

// PlanFrame is what the ente can spend, when, and how far it wants to go.
type PlanFrame struct {
	Start    plans.Quarter
	Quarters int           // 4–12
	Budget   []plans.Cents // one for each calendar year touched, in order
	Capacity []int         // staff days, one for each quarter
	Ambition Ambition
	Version  int // of the plan the form was made from; 0: there was none
}

// SetPlanFrame makes the plan of an ente, or changes the limits of its draft, and
// proposes the best choice within them. InvalidError: no closed assessment, a
// limit that makes no sense, or wishes that these limits cannot hold.
func (s *Service) SetPlanFrame(ctx context.Context, actor auth.Actor, ente surveys.ID, f PlanFrame) error {
	id, err := s.newID()
	if err != nil {
		return err
	}
	apply := func(p Place, basis *PlanBasis, rec *storage.PlanRecord) error {
		if rec.Version != f.Version {
			return fmt.Errorf("frame of the plan of %s: %w", ente, storage.ErrStale)
		}
		if err := f.check(rec.Plan); err != nil {
			return err
		}
		if rec.Version == 0 {
			rec.Plan = plans.Plan{ID: id, EnteID: ente, Title: p.Ente.Name, State: plans.Draft, Edition: p.Ente.PTIEdition}
		}
		rec.Plan.Start, rec.Plan.Quarters, rec.Plan.Budget, rec.Plan.Capacity = f.Start, f.Quarters, f.Budget, f.Capacity
		rec.Plan.Targets = f.Ambition.targets(basis.Assessment)
		return nil
	}
	detail := map[string]any{"start": f.Start.String(), "quarters": f.Quarters, "budget_cents": f.Budget, "capacity_days": f.Capacity, "ambition": f.Ambition}
	return s.replan(ctx, actor, ente, replanned{action: "plan.frame", detail: detail, apply: apply, create: true})
}

// check refuses a frame that no plan can have.
func (f PlanFrame) check(p plans.Plan) error {
	var bad faults
	if !f.Start.Valid() || f.Quarters < plans.MinQuarters || f.Quarters > plans.MaxQuarters {
		bad.add("quarters", "plan.bad_horizon")
		return bad.err()
	}
	if len(f.Budget) != len(plans.YearsOf(f.Start, f.Quarters)) || len(f.Capacity) != f.Quarters {
		bad.add("quarters", "plan.bad_horizon")
	}
	for _, c := range f.Budget {
		if c < 0 || c > 100_000_000_00 {
			bad.add("budget", "plan.bad_budget")
			break
		}
	}
	for _, d := range f.Capacity {
		if d < 0 || d > 10_000 {
			bad.add("days", "plan.bad_days")
			break
		}
	}
	if len(p.Versions) > 0 && f.Start != p.Start {
		bad.add("start", "plan.start_fixed")
	}
	return bad.err()
}

// Wish says what the ente wants of one micro-progetto. Quarter is for
// storage.WishPinned only: the one in which it must start.
type Wish struct {
	Project surveys.ID
	Wish    storage.Wish
	Quarter plans.Quarter
}

// SetWish records what the ente wants of a micro-progetto of its draft and
// chooses again. InvalidError: the wish cannot stand with the others, in the
// limits of the plan; nothing is changed then.
func (s *Service) SetWish(ctx context.Context, actor auth.Actor, ente surveys.ID, w Wish) error {
	apply := func(_ Place, _ *PlanBasis, rec *storage.PlanRecord) error {
		r, err := recordOf(rec, w.Project)
		if err != nil {
			return err
		}
		if len(r.Project.Facts) > 0 {
			return Invalid("", "plan.already_started", "Title", r.Project.Title)
		}
		if w.Wish == storage.WishPinned {
			if !w.Quarter.Valid() {
				return Invalid("quarter", "form.required")
			}
			r.Project.Start = w.Quarter
		}
		r.Wish = w.Wish
		return nil
	}
	detail := map[string]any{"project": w.Project, "wish": w.Wish, "quarter": w.Quarter.String()}
	return s.replan(ctx, actor, ente, replanned{action: "plan.wish", detail: detail, apply: apply})
}

// FreeWishes gives every micro-progetto that did not start back to the planner
// and chooses again.
func (s *Service) FreeWishes(ctx context.Context, actor auth.Actor, ente surveys.ID) error {
	apply := func(_ Place, _ *PlanBasis, rec *storage.PlanRecord) error {
		for i := range rec.Records {
			if len(rec.Records[i].Project.Facts) == 0 {
				rec.Records[i].Wish = storage.WishAuto
			}
		}
		return nil
	}
	return s.replan(ctx, actor, ente, replanned{action: "plan.free", apply: apply})
}

// recordOf finds a record to be changed in place.
func recordOf(rec *storage.PlanRecord, id surveys.ID) (*storage.ProjectRecord, error) {
	for i := range rec.Records {
		if rec.Records[i].Project.ID == id {
			return &rec.Records[i], nil
		}
	}
	return nil, fmt.Errorf("micro-progetto %s of %s: %w", id, rec.Plan.EnteID, storage.ErrNotFound)
}
