package plans

import (
	"fmt"
	"slices"
	"strings"

	"traguardo/surveys"
)

// Limits of a plan's horizon, in quarters.
const (
	MinQuarters = 4
	MaxQuarters = 12
)

// PlanState is where a plan stands.
type PlanState string

// The states of a plan.
const (
	Draft    PlanState = "draft"
	Proposed PlanState = "proposed"
	Approved PlanState = "approved"
	Closed   PlanState = "closed"
)

// ParsePlanState accepts the code of a state and refuses all other text.
func ParsePlanState(s string) (PlanState, error) {
	switch v := PlanState(s); v {
	case Draft, Proposed, Approved, Closed:
		return v, nil
	default:
		return "", fmt.Errorf("%w: plan state %q", ErrInvalid, s)
	}
}

func (s PlanState) String() string { return string(s) }

// Act is the formal act that approves a plan (delibera, determina, decreto).
type Act struct {
	Type   string `json:"type"`
	Number string `json:"number"`
	Date   Date   `json:"date"`
	By     string `json:"by"` // body or person that adopted it, e.g. Giunta comunale
}

// Target is the level wanted for an indicator and by when.
type Target struct {
	Indicator string        `json:"indicator"`
	Level     surveys.Level `json:"level"` // 1–4
	By        Date          `json:"by"`    // zero when it has no date
}

// Choice says of a candidate whether the plan holds it and why. A candidate is
// named by the code of its template, or by the id of the ente's own project.
type Choice struct {
	Candidate string   `json:"candidate"`
	Title     string   `json:"title"`
	In        bool     `json:"in"`
	Asked     []Reason `json:"asked,omitempty"`
	Reason    Reason   `json:"reason"`
}

// Plan is the plan of an ente over Quarters quarters from Start.
type Plan struct {
	ID       surveys.ID
	EnteID   surveys.ID
	Title    string
	State    PlanState
	Edition  string // PTI edition, e.g. "2024-2026 agg. 2026"
	Start    Quarter
	Quarters int     // 4–12
	Budget   []Cents // one for each of Years()
	Capacity []int   // staff days, one for each quarter
	Targets  []Target
	Projects []MicroProject
	Choices  []Choice // last proposal of the planner; empty for a plan made by hand
	// Bookkeeping of the proposal, printed beside the plan.
	PointsVersion string  // version of the table of points
	Gain, Bound   float64 // points reached, and what no plan can exceed
	Proved        bool    // Gain is proved to be the best
	Amendment     string  // why an approved plan was opened again; empty in the first draft
	ProposedOn    Date
	ProposedBy    string
	ClosedOn      Date
	Versions      []Version // approved versions, oldest first; never changed
}

// Years returns the calendar years that the plan touches, in order.
func (p *Plan) Years() []int { return YearsOf(p.Start, p.Quarters) }

// YearsOf returns the calendar years touched by quarters quarters from start.
func YearsOf(start Quarter, quarters int) []int {
	var out []int
	for i := range quarters {
		if y := start.Add(i).Year; len(out) == 0 || out[len(out)-1] != y {
			out = append(out, y)
		}
	}
	return out
}

// Validate refuses a plan whose frame cannot hold: a horizon outside 4–12
// quarters, a budget or capacity of the wrong length or negative, a target
// outside 1–4, a sheet that does not validate, an id used twice.
func (p *Plan) Validate() error {
	if !p.Start.Valid() || p.Quarters < MinQuarters || p.Quarters > MaxQuarters {
		return fmt.Errorf("%w: plan %s runs %d quarters from %q", ErrInvalid, p.ID, p.Quarters, p.Start)
	}
	if len(p.Budget) != len(p.Years()) || len(p.Capacity) != p.Quarters {
		return fmt.Errorf("%w: plan %s has %d budgets for %d years, %d capacities for %d quarters",
			ErrInvalid, p.ID, len(p.Budget), len(p.Years()), len(p.Capacity), p.Quarters)
	}
	if slices.ContainsFunc(p.Budget, func(c Cents) bool { return c < 0 }) ||
		slices.ContainsFunc(p.Capacity, func(d int) bool { return d < 0 }) {
		return fmt.Errorf("%w: plan %s has a negative budget or capacity", ErrInvalid, p.ID)
	}
	for _, t := range p.Targets {
		if t.Indicator == "" || t.Level < 1 || t.Level > 4 {
			return fmt.Errorf("%w: plan %s: target of %q is %d", ErrInvalid, p.ID, t.Indicator, t.Level)
		}
	}
	seen := map[surveys.ID]bool{}
	for i := range p.Projects {
		s := p.Projects[i].Sheet
		if err := s.Validate(); err != nil {
			return fmt.Errorf("plan %s: %w", p.ID, err)
		}
		if seen[s.ID] {
			return fmt.Errorf("%w: plan %s: micro-progetto %s", ErrDuplicate, p.ID, s.ID)
		}
		seen[s.ID] = true
	}
	return nil
}

// Project returns the micro-progetto with id. The pointer is into the plan.
func (p *Plan) Project(id surveys.ID) (*MicroProject, error) {
	for i := range p.Projects {
		if p.Projects[i].ID == id {
			return &p.Projects[i], nil
		}
	}
	return nil, fmt.Errorf("%w: micro-progetto %s", ErrNotFound, id)
}

// Put adds the sheet, or replaces the sheet of the micro-progetto with its id and
// keeps what happened to it. Only a draft takes it (ErrTransition otherwise).
func (p *Plan) Put(s Sheet) error {
	if p.State != Draft {
		return fmt.Errorf("%w: edit plan %s while %s", ErrTransition, p.ID, p.State)
	}
	s.PlanID, s.EnteID = p.ID, p.EnteID
	if err := s.Validate(); err != nil {
		return err
	}
	if old, err := p.Project(s.ID); err == nil {
		old.Sheet = s
		return nil
	}
	p.Projects = append(p.Projects, MicroProject{Sheet: s})
	return nil
}

// Remove takes a micro-progetto out of a draft. One that already started is not
// removed but cancelled with its reason (ErrTransition).
func (p *Plan) Remove(id surveys.ID) error {
	m, err := p.Project(id)
	if err != nil {
		return err
	}
	if p.State != Draft || len(m.Facts) > 0 {
		return fmt.Errorf("%w: remove micro-progetto %s (%s) from plan %s (%s)", ErrTransition, id, m.State(), p.ID, p.State)
	}
	p.Projects = slices.DeleteFunc(p.Projects, func(m MicroProject) bool { return m.ID == id })
	return nil
}

// Propose sends a draft to whoever approves. It returns ErrTransition unless the
// plan is a draft, ErrInvalid when the plan is empty or its frame does not hold,
// ErrFaults when it breaks its own limits.
func (p *Plan) Propose(on Date, by string) error {
	if p.State != Draft {
		return fmt.Errorf("%w: propose plan %s while %s", ErrTransition, p.ID, p.State)
	}
	if on.IsZero() || strings.TrimSpace(by) == "" || len(p.Projects) == 0 {
		return fmt.Errorf("%w: plan %s needs a day, a proposer and a micro-progetto", ErrInvalid, p.ID)
	}
	if err := p.holds(); err != nil {
		return err
	}
	p.State, p.ProposedOn, p.ProposedBy = Proposed, on, by
	return nil
}

func (p *Plan) holds() error {
	if err := p.Validate(); err != nil {
		return err
	}
	if f := p.Faults(); len(f) > 0 {
		return fmt.Errorf("%w: plan %s: %d, first %s", ErrFaults, p.ID, len(f), f[0].Kind)
	}
	return nil
}

// Withdraw brings a proposed plan back to draft.
func (p *Plan) Withdraw() error {
	if p.State != Proposed {
		return fmt.Errorf("%w: withdraw plan %s while %s", ErrTransition, p.ID, p.State)
	}
	p.State, p.ProposedOn, p.ProposedBy = Draft, Date{}, ""
	return nil
}

// Approve records the act, freezes the plan into a new version and returns it.
// It returns ErrTransition unless the plan is proposed, ErrAct when a part of
// the act is missing or its date is after today or, for an amendment, before
// the act of the version that it amends.
func (p *Plan) Approve(act Act, today Date) (Version, error) {
	if p.State != Proposed {
		return Version{}, fmt.Errorf("%w: approve plan %s while %s", ErrTransition, p.ID, p.State)
	}
	act.Type, act.Number, act.By = strings.TrimSpace(act.Type), strings.TrimSpace(act.Number), strings.TrimSpace(act.By)
	switch {
	case act.Type == "" || act.Number == "" || act.By == "" || act.Date.IsZero():
		return Version{}, fmt.Errorf("%w: plan %s", ErrAct, p.ID)
	case act.Date.After(today):
		return Version{}, fmt.Errorf("%w: plan %s: act dated %s", ErrAct, p.ID, act.Date)
	case len(p.Versions) > 0 && act.Date.Before(p.Versions[len(p.Versions)-1].Act.Date):
		return Version{}, fmt.Errorf("%w: plan %s: act older than the one it amends", ErrAct, p.ID)
	}
	if err := p.holds(); err != nil {
		return Version{}, err
	}
	v, err := freeze(p, act)
	if err != nil {
		return Version{}, err
	}
	p.Versions = append(p.Versions, v)
	p.State, p.Amendment = Approved, ""
	return v, nil
}

// Amend opens an approved plan again, with a reason; approving it gives a new
// version. What happened to its micro-progetti stays.
func (p *Plan) Amend(reason string) error {
	if p.State != Approved {
		return fmt.Errorf("%w: amend plan %s while %s", ErrTransition, p.ID, p.State)
	}
	if strings.TrimSpace(reason) == "" {
		return fmt.Errorf("%w: amend plan %s", ErrReason, p.ID)
	}
	p.State, p.Amendment = Draft, strings.TrimSpace(reason)
	p.ProposedOn, p.ProposedBy = Date{}, ""
	return nil
}

// Close ends an approved plan.
func (p *Plan) Close(on Date) error {
	if p.State != Approved {
		return fmt.Errorf("%w: close plan %s while %s", ErrTransition, p.ID, p.State)
	}
	if on.IsZero() {
		return fmt.Errorf("%w: close plan %s", ErrDate, p.ID)
	}
	p.State, p.ClosedOn = Closed, on
	return nil
}
