package service

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"traguardo/app/auth"
	"traguardo/app/i18n"
	"traguardo/app/report"
	"traguardo/app/report/figure"
	"traguardo/app/storage"
	"traguardo/plans"
	"traguardo/surveys"
)

// PlanReport gathers the document of the plan with its progress, in a language
// (it or en). storage.ErrNotFound: the ente has no plan.
func (s *Service) PlanReport(ctx context.Context, actor auth.Actor, ente surveys.ID, lang string) (report.PlanData, error) {
	v, err := s.PlanView(ctx, actor, ente)
	if err != nil {
		return report.PlanData{}, err
	}
	if !v.Exists {
		return report.PlanData{}, fmt.Errorf("plan of %s: %w", ente, storage.ErrNotFound)
	}
	happened, err := s.store.Track(ctx, ente, "")
	if err != nil {
		return report.PlanData{}, err
	}
	track, err := s.trackReport(ctx, v, happened, lang)
	if err != nil {
		return report.PlanData{}, err
	}
	v.addTrack(happened)
	l := s.texts.For(langOr(lang))
	d := report.PlanData{Meta: report.Meta{Ente: l.T("ente.title", "Name", v.Place.Ente.Name), Fictitious: v.Place.Ente.Fictitious,
		Edition: v.Edition.Label, GeneratedOn: s.Today()}}
	if err := stampPlan(&d, v); err != nil {
		return report.PlanData{}, err
	}
	planRows(&d, v, l, happened.Offices)
	d.Lines, d.Deadlines = track.Lines, track.Deadlines
	for i := range d.Budget {
		d.Budget[i].Spent = track.Paid(d.Budget[i].Year)
	}
	return d, nil
}

// addTrack adds what happened to the micro-progetti of a plan to their facts.
func (v *PlanView) addTrack(track storage.Track) {
	fill := func(m *plans.MicroProject) {
		m.Milestones, m.Expenses, m.Evidence = track.Milestones[m.ID], track.Expenses[m.ID], nil
		for _, day := range v.marks.Proofs[m.ID] {
			m.Evidence = append(m.Evidence, plans.Evidence{Dated: day})
		}
	}
	for i := range v.In {
		fill(&v.In[i].Project)
	}
	for i := range v.Record.Plan.Projects {
		fill(&v.Record.Plan.Projects[i])
	}
}

// stampPlan writes version, act and hash: of the approved version while the plan
// is what was approved, of today's content otherwise.
func stampPlan(d *report.PlanData, v PlanView) error {
	if last, ok := v.InForce(); ok && v.Record.Plan.State != plans.Draft && v.Record.Plan.State != plans.Proposed {
		d.Version, d.DataHash = fmt.Sprint(last.Number), last.SHA256
		d.Act, d.ActDate = strings.TrimSpace(last.Act.Type+" n. "+last.Act.Number), last.Act.Date.Time()
		return nil
	}
	raw, err := json.Marshal(v.Record.Plan.Content())
	if err != nil {
		return fmt.Errorf("hashing plan %s: %w", v.Record.Plan.ID, err)
	}
	sum := sha256.Sum256(raw)
	d.DataHash = hex.EncodeToString(sum[:])
	return nil
}

func planRows(d *report.PlanData, v PlanView, l *i18n.Localizer, offices []storage.Office) {
	names := map[surveys.ID]string{}
	for _, o := range offices {
		names[o.ID] = o.Name
	}
	for _, r := range v.In {
		m := r.Project
		p := report.PlanProject{Code: m.Template, Title: m.Title, Area: l.T("area." + string(m.Area)), From: m.Start, To: m.End(), Cost: int64(m.Cost),
			Days: float64(m.Days()), Lines: m.Lines, Owner: names[m.Office], State: TaskStateOf(m, v.Today), Spent: -1}
		p.StateName = l.T("plan.project_" + string(m.StateOn(v.Today)))
		for _, reason := range m.Reasons {
			p.Reasons = append(p.Reasons, v.Names.Reason(l, reason))
		}
		if reached, of := m.Progress(); of > 0 {
			p.Progress = float64(reached) / float64(of)
		} else if m.Finished() {
			p.Progress = 1
		}
		if len(m.Expenses) > 0 {
			p.Spent = int64(m.Money().Paid)
		}
		d.Projects = append(d.Projects, p)
	}
	for _, r := range v.Out {
		d.LeftOut = append(d.LeftOut, report.LeftOut{Title: r.Project.Title, Cost: int64(r.Project.Cost), Days: float64(r.Project.Days()),
			Reason: v.Names.Reason(l, r.Verdict.Reason)})
	}
	for _, y := range v.Years {
		d.Budget = append(d.Budget, report.BudgetYear{Year: y.Year, Planned: y.Used, Limit: y.Limit, Spent: -1})
	}
}

// TaskStateOf is the state of a micro-progetto as drawings tell them apart.
func TaskStateOf(m plans.MicroProject, today plans.Date) figure.TaskState {
	if m.Late(today) {
		return figure.TaskLate
	}
	switch m.StateOn(today) {
	case plans.Planned:
		return figure.TaskPlanned
	case plans.Started:
		return figure.TaskRunning
	case plans.Suspended:
		return figure.TaskSuspended
	case plans.Done, plans.Checked:
		return figure.TaskDone
	case plans.Cancelled:
		return figure.TaskCanceled
	}
	return figure.TaskPlanned
}

// textIn is a text of the domain in a language, Italian where the other is missing.
func textIn(lang string, t surveys.Text) string {
	text, _ := t.In(lang)
	return text
}
