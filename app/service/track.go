package service

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/plans"
	"traguardo/surveys"
)

// historyLimit is how many rows of the audit trail a page shows.
const historyLimit = 50

// Tracked is a micro-progetto with what happened to it.
type Tracked struct {
	Project  plans.MicroProject // milestones, tasks and expenses filled; evidence only in ProjectView
	State    plans.State        // today
	Late     bool               // today
	Version  int                // optimistic lock
	Office   string             // name of the office that owns it; empty when none does
	Next     *plans.Milestone   // first milestone not reached; nil when there is none
	NextLate bool               // Next was due before today
	Money    plans.Money
	Proofs   int              // pieces of evidence that count
	Allowed  []plans.FactKind // steps that its state and the actor's role allow; filled for the board and the project
}

// tracked joins a record with what was read apart; a zero Track and nil proofs leave the parts out.
func (s *Service) tracked(r storage.ProjectRecord, t storage.Track, proofs map[surveys.ID][]plans.Date) Tracked {
	m := r.Project
	m.Milestones, m.Expenses = t.Milestones[m.ID], t.Expenses[m.ID]
	for _, task := range t.Tasks {
		if task.ProjectID == m.ID {
			m.Tasks = append(m.Tasks, task.Task)
		}
	}
	today := s.today()
	out := Tracked{Project: m, State: m.StateOn(today), Late: m.Late(today), Version: r.Version, Money: m.Money(), Proofs: len(proofs[m.ID])}
	for _, o := range t.Offices {
		if o.ID == m.Office {
			out.Office = o.Name
		}
	}
	for i := range m.Milestones {
		if m.Milestones[i].DoneOn.IsZero() {
			out.Next, out.NextLate = &m.Milestones[i], m.Milestones[i].Late(today)
			break
		}
	}
	return out
}

// YearMoney is the money of one calendar year, in euro cents. Planned is the
// whole cost of what starts in that year.
type YearMoney struct {
	Year                            int
	Planned, Limit, Committed, Paid plans.Cents
	HasLimit                        bool // the plan sets a budget for the year
}

// Board is where every micro-progetto of an ente stands.
type Board struct {
	Place    Place
	Today    plans.Date
	Plan     plans.PlanState // empty: the ente has no plan
	Approved bool            // some version was approved: there is something to track
	Act      plans.Act       // of the last approved version
	Projects []Tracked       // late ones first, then by start, end and title
	Money    plans.Money
	Years    []YearMoney
}

// Board lists the micro-progetti of the approved plan of an ente.
func (s *Service) Board(ctx context.Context, actor auth.Actor, ente surveys.ID) (Board, error) {
	p, err := s.Place(ctx, actor, ente, auth.TrackView)
	if err != nil {
		return Board{}, err
	}
	b := Board{Place: p, Today: s.today()}
	rec, err := s.store.Plan(ctx, ente)
	if errors.Is(err, storage.ErrNotFound) {
		return b, nil
	}
	if err != nil {
		return b, err
	}
	b.Plan, b.Approved = rec.Plan.State, len(rec.Plan.Versions) > 0
	if b.Approved {
		b.Act = rec.Plan.Versions[len(rec.Plan.Versions)-1].Act
	}
	marks, err := s.store.PTIMarks(ctx, ente, rec.Plan.Edition, b.Today)
	if err != nil {
		return b, err
	}
	track, err := s.store.Track(ctx, ente, "")
	if err != nil {
		return b, err
	}
	if b.Projects, err = s.trackedAll(rec, track, marks.Proofs); err != nil {
		return b, err
	}
	for i := range b.Projects {
		b.Projects[i].Allowed = allowedSteps(p, b.Approved, &b.Projects[i].Project)
	}
	b.Money, b.Years = moneyOf(rec.Plan, b.Projects)
	return b, nil
}

// trackedAll joins every micro-progetto that counts with what happened to it;
// proofs are the days of their evidence.
func (s *Service) trackedAll(rec storage.PlanRecord, track storage.Track, proofs map[surveys.ID][]plans.Date) ([]Tracked, error) {
	records, err := trackedRecords(rec)
	if err != nil {
		return nil, err
	}
	out := make([]Tracked, 0, len(records))
	for _, r := range records {
		out = append(out, s.tracked(r, track, proofs))
	}
	slices.SortStableFunc(out, func(a, b Tracked) int {
		if a.Late != b.Late {
			if a.Late {
				return -1
			}
			return 1
		}
		return cmp.Or(a.Project.Start.Sub(b.Project.Start), a.Project.End().Sub(b.Project.End()),
			strings.Compare(a.Project.Title, b.Project.Title), strings.Compare(a.Project.ID.String(), b.Project.ID.String()))
	})
	return out, nil
}

// moneyOf totals the money of the micro-progetti, over sources and by year.
func moneyOf(p plans.Plan, projects []Tracked) (plans.Money, []YearMoney) {
	years := map[int]*YearMoney{}
	at := func(year int) *YearMoney {
		if years[year] == nil {
			years[year] = &YearMoney{Year: year}
		}
		return years[year]
	}
	for i, y := range p.Years() {
		if i < len(p.Budget) {
			at(y).Limit, at(y).HasLimit = p.Budget[i], true
		}
	}
	list := make([]*plans.MicroProject, 0, len(projects))
	for i := range projects {
		m := &projects[i].Project
		list = append(list, m)
		if m.Active() {
			at(m.Start.Year).Planned += m.Cost
		}
		for _, e := range m.Expenses {
			switch e.Kind {
			case plans.Committed:
				at(e.Date.Year).Committed += e.Cents
			case plans.Paid:
				at(e.Date.Year).Paid += e.Cents
			case plans.Budget: // money set aside is no spending
			}
		}
	}
	out := make([]YearMoney, 0, len(years))
	for _, y := range years {
		out = append(out, *y)
	}
	slices.SortFunc(out, func(a, b YearMoney) int { return a.Year - b.Year })
	return plans.Total(list), out
}

// ProjectView is one micro-progetto with everything that happened to it.
type ProjectView struct {
	Place    Place
	Today    plans.Date
	Tracked  Tracked
	Approved bool // the plan was approved: it may be started
	Tasks    []storage.Task
	Evidence []storage.Evidence // newest first, revoked ones too
	Offices  []storage.Office
	Waits    []Tracked // prerequisites that are not finished
	Funding  []FundingLine
	History  []storage.NamedAudit
}

// ProjectOf shows one micro-progetto. storage.ErrNotFound: not of this ente, or
// only a candidate.
func (s *Service) ProjectOf(ctx context.Context, actor auth.Actor, ente, id surveys.ID) (ProjectView, error) {
	p, err := s.Place(ctx, actor, ente, auth.TrackView)
	if err != nil {
		return ProjectView{}, err
	}
	rec, err := s.store.Plan(ctx, ente)
	if err != nil {
		return ProjectView{}, err
	}
	records, err := trackedRecords(rec)
	if err != nil {
		return ProjectView{}, err
	}
	at := slices.IndexFunc(records, func(r storage.ProjectRecord) bool { return r.Project.ID == id })
	if at < 0 {
		return ProjectView{}, fmt.Errorf("micro-progetto %s of %s: %w", id, ente, storage.ErrNotFound)
	}
	v := ProjectView{Place: p, Today: s.today(), Approved: len(rec.Plan.Versions) > 0}
	for _, need := range records[at].Project.Requires {
		for _, r := range records {
			if r.Project.ID == need && !r.Project.Finished() {
				v.Waits = append(v.Waits, s.tracked(r, storage.Track{}, nil))
			}
		}
	}
	if err := s.fillProject(ctx, &v, records[at]); err != nil {
		return v, err
	}
	v.Tracked.Allowed = allowedSteps(p, v.Approved, &v.Tracked.Project)
	if v.Funding, err = s.fundingOfProject(ctx, p, &v.Tracked.Project); err != nil {
		return v, err
	}
	v.History, err = s.store.AuditOf(ctx, ente, projectSubject(id), historyLimit)
	return v, err
}

// fillProject reads what belongs to one micro-progetto.
func (s *Service) fillProject(ctx context.Context, v *ProjectView, r storage.ProjectRecord) error {
	ente, id := v.Place.Ente.ID, r.Project.ID
	track, err := s.store.Track(ctx, ente, id)
	if err != nil {
		return err
	}
	v.Tasks, v.Offices = track.Tasks, track.Offices
	if v.Evidence, err = s.store.ProjectEvidence(ctx, ente, id); err != nil {
		return err
	}
	v.Tracked = s.tracked(r, track, nil)
	v.Tracked.Project.Evidence = domainEvidence(v.Evidence)
	v.Tracked.Proofs = len(v.Tracked.Project.Evidence)
	return nil
}

// domainEvidence turns the pieces that count into those of the domain.
func domainEvidence(list []storage.Evidence) []plans.Evidence {
	var out []plans.Evidence
	for _, e := range list {
		if !e.Revoked {
			out = append(out, plans.Evidence{ID: e.ID, Type: e.Type, Title: e.Title, URL: e.URL, FileID: e.FileID,
				Act: strings.TrimSpace(e.ActType + " " + e.ActNumber), Dated: plans.DateOf(e.Dated)})
		}
	}
	return out
}

func (s *Service) fundingOfProject(ctx context.Context, p Place, m *plans.MicroProject) ([]FundingLine, error) {
	cups := cupsOf(m)
	if len(cups) == 0 {
		return nil, nil
	}
	rows, err := s.store.FundingOf(ctx, p.Ente.ISTAT)
	var out []FundingLine
	for _, f := range rows {
		if f.CUP != "" && slices.Contains(cups, f.CUP) {
			out = append(out, FundingLine{Funding: f})
		}
	}
	return out, err
}

// allowedSteps are the steps that the state of a micro-progetto and the roles of
// the place allow; none before the plan was approved.
func allowedSteps(p Place, approved bool, m *plans.MicroProject) []plans.FactKind {
	var out []plans.FactKind
	for _, k := range m.Allowed() {
		if approved && p.Can(actionOf(k)) {
			out = append(out, k)
		}
	}
	return out
}

// actionOf is what the permission table calls a step of a micro-progetto: to
// check what was handed over is for the RTD alone.
func actionOf(k plans.FactKind) auth.Action {
	if k == plans.FactCheck {
		return auth.TrackCheck
	}
	return auth.TrackEdit
}

func projectSubject(id surveys.ID) string { return "project:" + id.String() }

// StepOf is ProjectOf for who is about to take a step: it asks the permission of
// that step. plans.ErrTransition: the state does not allow it.
func (s *Service) StepOf(ctx context.Context, actor auth.Actor, ente, project surveys.ID, kind plans.FactKind) (ProjectView, error) {
	if _, err := s.Place(ctx, actor, ente, actionOf(kind)); err != nil {
		return ProjectView{}, err
	}
	v, err := s.ProjectOf(ctx, actor, ente, project)
	if err == nil && !slices.Contains(v.Tracked.Allowed, kind) {
		err = fmt.Errorf("%w: %s of micro-progetto %s", plans.ErrTransition, kind, project)
	}
	return v, err
}
