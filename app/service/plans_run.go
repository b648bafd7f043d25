package service

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"traguardo/app/storage"
	"traguardo/plans"
	"traguardo/plans/catalogue"
	"traguardo/plans/planner"
	"traguardo/surveys"
)

// planRun is one computation of a plan: candidates, what the ente wants of each,
// the choice, and the records that come out of it.
type planRun struct {
	base    *planBase
	in      planner.Input
	plan    plans.Plan
	rows    map[string]storage.ProjectRecord // by candidate
	names   map[surveys.ID]string            // candidate of each record
	options []planner.Option
	own     map[string]bool // candidates whose sheet is the ente's, not the catalogue's
	ids     map[string]surveys.ID
	frame   planner.Frame
}

// planOutcome is what a run decided.
type planOutcome struct {
	plan    plans.Plan
	changed []storage.ProjectRecord // to be written
	removed []surveys.ID
}

// candidateOf names a record in the planner: the stage of the catalogue, or its own id.
func candidateOf(r storage.ProjectRecord) string {
	if r.Project.Template != "" {
		return r.Project.Template
	}
	return r.Project.ID.String()
}

// under reports whether something already happened to it and it still counts.
func under(r storage.ProjectRecord) bool { return len(r.Project.Facts) > 0 && r.Project.Active() }

// newPlanRun lines up the candidates: those that answers, lines and needs ask for,
// the ente's own, and those that must stay though nothing asks for them any more.
func newPlanRun(b *planBase, in planner.Input, rec storage.PlanRecord, newID func() (surveys.ID, error)) (*planRun, error) {
	r := &planRun{base: b, in: in, plan: rec.Plan, rows: map[string]storage.ProjectRecord{}, names: map[surveys.ID]string{},
		own: map[string]bool{}, ids: map[string]surveys.ID{}}
	for _, row := range rec.Records {
		r.rows[candidateOf(row)], r.names[row.Project.ID] = row, candidateOf(row)
	}
	asked := map[string]bool{}
	for _, o := range planner.Candidates(in) {
		if row, there := r.rows[o.ID]; there && !row.Project.Active() {
			continue // given up: it stays in the plan as such and is not proposed again
		}
		asked[o.ID] = true
		if len(o.Template.Levels()) > 1 { // its stages are micro-progetti of their own: the title tells them apart
			o.Title += fmt.Sprintf(" – livello %d", o.Level)
		}
		r.options = append(r.options, o)
	}
	for _, id := range slices.Sorted(maps.Keys(r.rows)) {
		row := r.rows[id]
		stays := row.Project.Template == "" || under(row) || (row.In && (row.Wish == storage.WishMust || row.Wish == storage.WishPinned))
		if !asked[id] && stays && row.Project.Active() {
			r.own[id] = true
			r.options = append(r.options, r.ownOption(id, row.Project.Sheet))
		}
	}
	for _, o := range r.options {
		id := r.rows[o.ID].Project.ID
		if id == "" {
			var err error
			if id, err = newID(); err != nil {
				return nil, err
			}
		}
		r.ids[o.ID] = id
	}
	return r, r.setFrame()
}

// ownOption makes a candidate of a sheet: effects, lines and prerequisites are
// those that the sheet names.
func (r *planRun) ownOption(id string, s plans.Sheet) planner.Option {
	o := planner.Option{Title: s.Title, Stage: catalogue.Stage{ID: id, Template: &catalogue.Template{Code: id, Title: s.Title, Area: s.Area},
		Low: s.Cost, High: s.Cost, Running: s.RunningCost, Effort: s.Effort, Closes: s.Lines}}
	for _, e := range s.Effects {
		for _, st := range r.in.Indicators {
			if st.Code == e.Indicator && !st.NA {
				e.From = st.Evidenced
				o.Effects = append(o.Effects, e)
				o.Asked = append(o.Asked, r.gapOf(st, e)...)
			}
		}
	}
	for _, l := range r.in.Lines {
		if slices.Contains(s.Lines, l.Code) {
			o.Lines = append(o.Lines, l.Code)
			reason := plans.Reason{Code: plans.AskedLine, Line: l.Code, Due: l.Due, Points: r.in.Points.Line}
			if !l.Due.IsZero() && l.Due.Before(r.in.Today) {
				reason.Code, reason.Points = plans.AskedLineOverdue, r.in.Points.LineOverdue
			}
			o.Asked = append(o.Asked, reason)
		}
	}
	for _, other := range s.Requires {
		if name, ok := r.names[other]; ok {
			if row := r.rows[name]; row.Project.Active() {
				o.Requires = append(o.Requires, name)
			}
		}
	}
	return o
}

// gapOf is the reason of an effect of the ente's own project, where the indicator
// stands below its target.
func (r *planRun) gapOf(st planner.IndicatorState, e plans.Effect) []plans.Reason {
	target := st.Target
	if target == 0 {
		target = r.in.Points.DefaultTarget
	}
	to := min(e.To, target)
	if st.Evidenced == nil || *st.Evidenced >= to {
		return nil
	}
	reason := plans.Reason{Code: plans.AskedGap, Indicator: e.Indicator, From: st.Evidenced, To: &to}
	factor := 1.0
	if st.Gate {
		reason.Code, factor = plans.AskedGate, r.in.Points.GateFactor
	}
	for _, points := range r.in.Points.Levels[*st.Evidenced:to] {
		reason.Points += points * factor
	}
	return []plans.Reason{reason}
}

// setFrame turns wishes, edits and what already happened into limits of the choice.
func (r *planRun) setFrame() error {
	f := planner.Frame{Start: r.plan.Start, Quarters: r.plan.Quarters, Budget: r.plan.Budget, Capacity: r.plan.Capacity,
		Must: map[string]bool{}, Never: map[string]bool{}, Pins: map[string]plans.Quarter{}, Cost: map[string]plans.Cents{}, Effort: map[string][]int{}}
	var bad faults
	for _, o := range r.options {
		row, there := r.rows[o.ID]
		if !there {
			continue
		}
		switch {
		case under(row), row.Wish == storage.WishPinned:
			f.Pins[o.ID] = row.Project.Start
			last := row.Project.Start.Add(len(row.Project.Effort) - 1)
			if row.Project.Start.Before(r.plan.Start) || !last.Before(r.plan.Start.Add(r.plan.Quarters)) {
				bad.add("", "plan.pin_outside", "Title", row.Project.Title, "Quarter", row.Project.Start.Label("it"))
			}
		case row.Wish == storage.WishMust:
			f.Must[o.ID] = true
		case row.Wish == storage.WishExcluded:
			f.Never[o.ID] = true
		}
		if row.Edited || under(row) {
			f.Cost[o.ID], f.Effort[o.ID] = row.Project.Cost, row.Project.Effort
		}
	}
	r.frame = f
	return bad.err()
}

// solve chooses and schedules. It returns an InvalidError that names the clash
// when what the ente wants cannot stand together.
func (r *planRun) solve(now time.Time) (planOutcome, error) {
	problem, err := planner.Build(r.in, r.options, r.frame)
	if err != nil {
		return planOutcome{}, fmt.Errorf("plan %s: %w", r.plan.ID, err)
	}
	warm := map[string]int{}
	for id, row := range r.rows {
		if q := row.Project.Start.Sub(r.plan.Start); row.In && r.ids[id] != "" && q >= 0 && q < r.plan.Quarters {
			warm[id] = q
		}
	}
	sol, err := planner.Select(problem, planner.Options{Warm: warm})
	if err != nil {
		return planOutcome{}, fmt.Errorf("plan %s: %w", r.plan.ID, err)
	}
	if sol.Status == planner.Infeasible {
		return planOutcome{}, r.clash(sol)
	}
	return r.outcome(sol, now)
}

// clash says which wishes cannot stand together, by title.
func (r *planRun) clash(sol planner.Solution) error {
	titles := make([]string, 0, len(sol.Clash))
	for _, o := range r.options {
		if slices.Contains(sol.Clash, o.ID) {
			titles = append(titles, "«"+r.titleOf(o)+"»")
		}
	}
	if len(titles) == 1 {
		return Invalid("", "plan.clash_one", "Title", titles[0])
	}
	return Invalid("", "plan.clash", "Titles", strings.Join(titles, ", "))
}

func (r *planRun) titleOf(o planner.Option) string {
	if row, there := r.rows[o.ID]; there {
		return row.Project.Title
	}
	return o.Title
}

// outcome writes the solution as records.
func (r *planRun) outcome(sol planner.Solution, now time.Time) (planOutcome, error) {
	everything := planner.Solution{Starts: map[string]int{}}
	for _, o := range r.options {
		everything.Starts[o.ID] = 0
	}
	fresh := map[string]plans.Sheet{}
	for _, s := range planner.Sheets(r.options, everything, r.frame, r.ids, r.base.acceptance) {
		fresh[s.Template] = s
	}
	out := planOutcome{plan: r.plan}
	out.plan.Choices, out.plan.PointsVersion = planner.Choices(r.options, sol), r.in.Points.Version
	out.plan.Gain, out.plan.Bound, out.plan.Proved = sol.Gain, sol.Bound, sol.Proved
	kept := map[string]bool{}
	for _, o := range r.options {
		kept[o.ID] = true
		old, there := r.rows[o.ID]
		row := storage.ProjectRecord{Wish: storage.WishAuto, UpdatedAt: now}
		if there {
			row.Wish, row.Edited, row.Project.Facts = old.Wish, old.Edited, old.Project.Facts
		}
		row.Project.Sheet = r.sheet(o, fresh[o.ID], old, there)
		d := sol.Why[o.ID]
		row.In = d.In
		row.Verdict = storage.Verdict{Reason: d.Reason, Holds: d.Holds, Loss: d.Loss, Displaces: d.Displaces, Points: pointsOf(o.Asked)}
		row.Project.Start = plans.Quarter{}
		if q, in := sol.Starts[o.ID]; in {
			row.Project.Start = r.plan.Start.Add(q)
		}
		differs, err := recordsDiffer(row, old)
		if err != nil {
			return planOutcome{}, err
		}
		if !there || differs {
			out.changed = append(out.changed, row)
		}
	}
	for id, row := range r.rows {
		if !kept[id] && row.Project.Active() {
			out.removed = append(out.removed, row.Project.ID)
		}
	}
	slices.Sort(out.removed)
	return out, nil
}

// pointsOf adds up the points of reasons, as if nothing else were in the plan.
func pointsOf(asked []plans.Reason) float64 {
	sum := 0.0
	for _, reason := range asked {
		sum += reason.Points
	}
	return sum
}

// sheet is what the plan says of an option: the catalogue's words, the ente's
// own where somebody wrote them, untouched once something happened.
func (r *planRun) sheet(o planner.Option, fresh plans.Sheet, old storage.ProjectRecord, there bool) plans.Sheet {
	s := fresh
	switch {
	case r.own[o.ID] || (there && under(old)):
		s = old.Project.Sheet
		s.Reasons = o.Asked
		if r.own[o.ID] && !under(old) {
			s.Effects = o.Effects
		}
	case there && old.Edited:
		was := old.Project.Sheet
		s.Title, s.Cost, s.RunningCost, s.CostEstimated, s.Effort = was.Title, was.Cost, was.RunningCost, was.CostEstimated, was.Effort
		s.Funding, s.Office, s.Owner, s.CUP = was.Funding, was.Office, was.Owner, was.CUP
	}
	s.ID, s.EnteID, s.PlanID = r.ids[o.ID], r.plan.EnteID, r.plan.ID
	s.Must, s.Pinned = there && old.Wish == storage.WishMust, there && old.Wish == storage.WishPinned
	return s
}

// recordsDiffer compares what would be written of two records.
func recordsDiffer(a, b storage.ProjectRecord) (bool, error) {
	write := func(r storage.ProjectRecord) ([]byte, error) {
		return json.Marshal([]any{r.Project.Sheet, r.In, r.Wish, r.Edited, r.Verdict})
	}
	x, err1 := write(a)
	y, err2 := write(b)
	return !bytes.Equal(x, y), errors.Join(err1, err2)
}
