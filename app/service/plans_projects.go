package service

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/plans"
	"traguardo/surveys"
)

var cupForm = regexp.MustCompile(`^[A-Z][0-9]{2}[A-Z][0-9]{11}$`)

// ProjectEdit is what an ente may write about a micro-progetto of its draft. Own
// fields (Purpose, Area, Effects, Lines, Deliverables, Acceptance) are read for
// the ente's own ones only.
type ProjectEdit struct {
	Version     int // of the micro-progetto the form was made from
	Title       string
	Cost        plans.Cents
	RunningCost plans.Cents // a year
	Checked     bool        // the cost is the ente's figure, not an estimate any more
	Days        int         // staff days in all
	Quarters    int         // how many it lasts, 1–12
	Office      surveys.ID
	Owner       string
	CUP         string
	Funding     []plans.Share
	Start       plans.Quarter // zero: the planner chooses

	Purpose      string
	Area         surveys.Area
	Effects      []plans.Effect // From is filled when the choice is made
	Lines        []string
	Deliverables []string
	Acceptance   string
}

// EditProject writes what the ente knows better than the catalogue and chooses
// again. storage.ErrStale: somebody changed it meanwhile. InvalidError: a field
// makes no sense, or the plan cannot hold it.
func (s *Service) EditProject(ctx context.Context, actor auth.Actor, ente, id surveys.ID, e ProjectEdit) error {
	apply := func(_ Place, _ *PlanBasis, rec *storage.PlanRecord) error {
		r, err := recordOf(rec, id)
		if err != nil {
			return err
		}
		if r.Version != e.Version {
			return fmt.Errorf("micro-progetto %s of %s: %w", id, ente, storage.ErrStale)
		}
		if err := s.checkEdit(ctx, ente, rec.Plan, &e); err != nil {
			return err
		}
		sheet := &r.Project.Sheet
		if sheet.Template == "" {
			if err := s.checkOwn(e, rec.Plan.Edition); err != nil {
				return err
			}
			e.writeOwn(sheet)
		}
		e.write(sheet)
		r.Edited = true
		if len(r.Project.Facts) == 0 {
			r.Wish = e.wish(*r)
			if !e.Start.IsZero() {
				r.Project.Start = e.Start
			}
		}
		return nil
	}
	return s.replan(ctx, actor, ente, replanned{action: "plan.project_edit", detail: map[string]any{"project": id}, apply: apply})
}

// wish keeps what the ente wanted, unless the form fixes or frees the quarter.
func (e ProjectEdit) wish(r storage.ProjectRecord) storage.Wish {
	switch {
	case !e.Start.IsZero():
		return storage.WishPinned
	case r.Wish == storage.WishPinned:
		return storage.WishMust
	default:
		return r.Wish
	}
}

// AddProject adds a micro-progetto of the ente's own to the draft and chooses
// again. must says that it has to be in; otherwise the planner weighs it like the others.
func (s *Service) AddProject(ctx context.Context, actor auth.Actor, ente surveys.ID, e ProjectEdit, must bool) (surveys.ID, error) {
	id, err := s.newID()
	if err != nil {
		return "", err
	}
	apply := func(_ Place, _ *PlanBasis, rec *storage.PlanRecord) error {
		if err := s.checkEdit(ctx, ente, rec.Plan, &e); err != nil {
			return err
		}
		if err := s.checkOwn(e, rec.Plan.Edition); err != nil {
			return err
		}
		r := storage.ProjectRecord{Wish: storage.WishAuto, Edited: true}
		if must {
			r.Wish = storage.WishMust
		}
		if !e.Start.IsZero() {
			r.Wish = storage.WishPinned
		}
		r.Project.Sheet = plans.Sheet{ID: id, EnteID: ente, PlanID: rec.Plan.ID, Start: e.Start}
		e.writeOwn(&r.Project.Sheet)
		e.write(&r.Project.Sheet)
		rec.Records = append(rec.Records, r)
		return nil
	}
	return id, s.replan(ctx, actor, ente, replanned{action: "plan.project_add", detail: map[string]any{"project": id}, apply: apply})
}

// RemoveProject takes a micro-progetto of the ente's own out of the draft for
// good. One of the catalogue is excluded instead; one that started is cancelled.
func (s *Service) RemoveProject(ctx context.Context, actor auth.Actor, ente, id surveys.ID) error {
	apply := func(_ Place, _ *PlanBasis, rec *storage.PlanRecord) error {
		r, err := recordOf(rec, id)
		if err != nil {
			return err
		}
		if r.Project.Template != "" || len(r.Project.Facts) > 0 {
			return fmt.Errorf("%w: remove micro-progetto %s", plans.ErrTransition, id)
		}
		rec.Records = slices.DeleteFunc(rec.Records, func(x storage.ProjectRecord) bool { return x.Project.ID == id })
		return nil
	}
	return s.replan(ctx, actor, ente, replanned{action: "plan.project_remove", detail: map[string]any{"project": id}, apply: apply, drop: id})
}

// checkEdit refuses fields that make no sense in this plan and tidies the others.
func (s *Service) checkEdit(ctx context.Context, ente surveys.ID, p plans.Plan, e *ProjectEdit) error {
	var bad faults
	e.Title, e.Owner = strings.TrimSpace(e.Title), strings.TrimSpace(e.Owner)
	e.CUP = strings.ToUpper(strings.TrimSpace(e.CUP))
	if e.Title == "" {
		bad.add("title", "form.required")
	}
	if e.Cost < 0 || e.RunningCost < 0 {
		bad.add("cost", "plan.bad_budget")
	}
	if e.Quarters < 1 || e.Quarters > p.Quarters {
		bad.add("quarters", "plan.bad_duration", "Max", p.Quarters)
	}
	if e.Days < 0 || e.Days > 5_000 {
		bad.add("days", "plan.bad_days")
	}
	if e.CUP != "" && !cupForm.MatchString(e.CUP) {
		bad.add("cup", "plan.bad_cup")
	}
	var shares plans.Cents
	for _, f := range e.Funding {
		shares += f.Cents
	}
	if shares > e.Cost {
		bad.add("own", "plan.bad_shares", "Shares", shares.Euro("it"), "Cost", e.Cost.Euro("it"))
	}
	if !e.Start.IsZero() && (e.Start.Before(p.Start) || !e.Start.Add(e.Quarters-1).Before(p.Start.Add(p.Quarters))) {
		bad.add("start", "plan.bad_start")
	}
	if err := s.checkOffice(ctx, ente, e.Office, &bad); err != nil {
		return err
	}
	return bad.err()
}

func (s *Service) checkOffice(ctx context.Context, ente, office surveys.ID, bad *faults) error {
	if office == "" {
		return nil
	}
	offices, err := s.store.Offices(ctx, ente)
	if err != nil {
		return err
	}
	for _, o := range offices {
		if o.ID == office {
			return nil
		}
	}
	bad.add("office", "form.choice")
	return nil
}

// checkOwn refuses own fields that make no sense.
func (s *Service) checkOwn(e ProjectEdit, edition string) error {
	base, err := s.planning()
	if err != nil {
		return err
	}
	lines, err := s.edition(edition)
	if err != nil {
		return err
	}
	var bad faults
	if strings.TrimSpace(e.Purpose) == "" {
		bad.add("purpose", "form.required")
	}
	known := false
	for _, a := range surveys.AssessmentAreas() {
		known = known || a == e.Area
	}
	if !known {
		bad.add("area", "form.choice")
	}
	for _, x := range e.Effects {
		if item, ok := base.mat.Item(x.Indicator); !ok || x.To < 1 || int(x.To) >= len(item.Levels) {
			bad.add("indicator", "form.choice")
		}
	}
	for _, line := range e.Lines {
		if _, ok := lines.Line(line); !ok {
			bad.add("lines", "plan.bad_line", "Line", line)
		}
	}
	if len(e.Effects) == 0 && strings.TrimSpace(e.Acceptance) == "" {
		bad.add("acceptance", "plan.need_acceptance")
	}
	return bad.err()
}

func (e ProjectEdit) write(s *plans.Sheet) {
	if e.Days != s.Days() || e.Quarters != s.Duration() {
		s.Effort = spreadDays(e.Days, e.Quarters)
	}
	s.Title, s.Cost, s.RunningCost, s.CostEstimated = e.Title, e.Cost, e.RunningCost, !e.Checked
	s.Office, s.Owner, s.CUP, s.Funding = e.Office, e.Owner, e.CUP, e.Funding
}

func (e ProjectEdit) writeOwn(s *plans.Sheet) {
	s.Purpose, s.Area, s.Effects, s.Lines = strings.TrimSpace(e.Purpose), e.Area, e.Effects, e.Lines
	s.Deliverables, s.Acceptance = e.Deliverables, strings.TrimSpace(e.Acceptance)
}

// spreadDays deals days over quarters as evenly as whole days go, more in the first.
func spreadDays(days, quarters int) []int {
	out := make([]int, quarters)
	for i := range out {
		out[i] = days / quarters
		if i < days%quarters {
			out[i]++
		}
	}
	return out
}
