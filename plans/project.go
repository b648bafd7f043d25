package plans

import (
	"fmt"
	"strings"

	"traguardo/surveys"
)

// Effect is what a micro-progetto does to an indicator of MAT: it brings it to
// level To (1–4). From is the evidenced level when the plan was made, nil when
// the indicator was not assessed then (which is not level 0).
type Effect struct {
	Indicator string         `json:"indicator"`
	From      *surveys.Level `json:"from"`
	To        surveys.Level  `json:"to"`
}

// Source is where money comes from.
type Source string

// The sources of money.
const (
	Own         Source = "own"      // own budget of the ente
	Regional    Source = "regional" // Regione, other local bodies
	PNRR        Source = "pnrr"     // PA digitale 2026 and other PNRR measures: tracked, never offered (calls are closed)
	OtherSource Source = "other"
)

// Sources returns every source, in the order of tables. The caller owns the slice.
func Sources() []Source { return []Source{Own, Regional, PNRR, OtherSource} }

// ParseSource accepts the code of a source and refuses all other text.
func ParseSource(s string) (Source, error) {
	switch v := Source(s); v {
	case Own, Regional, PNRR, OtherSource:
		return v, nil
	default:
		return "", fmt.Errorf("%w: source %q", ErrInvalid, s)
	}
}

func (s Source) String() string { return string(s) }

// Share is a part of the cost and where it is meant to come from.
type Share struct {
	Source  Source `json:"source"`
	Cents   Cents  `json:"cents"`
	Measure string `json:"measure,omitempty"` // e.g. PNRR measure "1.4.4"
	CUP     string `json:"cup,omitempty"`
	Note    string `json:"note,omitempty"`
}

// Sheet is what a plan says of one micro-progetto. It is what an approval
// freezes. Texts are Italian. Slices belong to the sheet.
type Sheet struct {
	ID              surveys.ID   `json:"id"`
	EnteID          surveys.ID   `json:"ente"`
	PlanID          surveys.ID   `json:"plan"`
	Template        string       `json:"template,omitempty"`         // stage of the catalogue, e.g. "PIA-01@2"; empty for a project of the ente's own
	TemplateVersion string       `json:"template_version,omitempty"` // version of the catalogue it was made from
	Title           string       `json:"title"`
	Purpose         string       `json:"purpose"`
	Area            surveys.Area `json:"area"` // PIA, SIC, COM, DOC or GOV
	Effects         []Effect     `json:"effects,omitempty"`
	Lines           []string     `json:"lines,omitempty"`        // PTI codes it closes (e.g. CAP4.PA.01); the edition is the plan's
	HelpsLines      []string     `json:"helps_lines,omitempty"`  // PTI codes it helps without closing them
	Competences     []string     `json:"competences,omitempty"`  // items of STAFF that it trains
	Deliverables    []string     `json:"deliverables,omitempty"` // what is handed over
	Acceptance      string       `json:"acceptance"`             // text of the level reached, copied from the instrument when the plan was made
	Cost            Cents        `json:"cost_cents"`             // one-off, euro cents, all in the year of Start
	RunningCost     Cents        `json:"running_cost_cents"`     // euro cents a year afterwards, not in the plan's budget
	CostEstimated   bool         `json:"cost_estimated"`         // still our estimate («stima da verificare»), not the ente's figure
	Funding         []Share      `json:"funding,omitempty"`
	Start           Quarter      `json:"start"`
	Effort          []int        `json:"effort_days"`         // staff days in each quarter of its life; its length is the duration
	Requires        []surveys.ID `json:"requires,omitempty"`  // projects of the plan that must finish before it starts
	Conflicts       []surveys.ID `json:"conflicts,omitempty"` // projects of the plan that cannot stand with it
	Office          surveys.ID   `json:"office,omitempty"`    // office that owns it
	Owner           string       `json:"owner,omitempty"`     // function or person in charge, as the ente writes it
	CUP             string       `json:"cup,omitempty"`
	Must            bool         `json:"must,omitempty"`
	Pinned          bool         `json:"pinned,omitempty"`
	Reasons         []Reason     `json:"reasons,omitempty"` // which answers, lines and needs asked for it
}

// Duration returns the quarters that the micro-progetto lasts.
func (s Sheet) Duration() int { return len(s.Effort) }

// End returns the last quarter in which it runs.
func (s Sheet) End() Quarter { return s.Start.Add(len(s.Effort) - 1) }

// Days returns the staff days of its whole life.
func (s Sheet) Days() int {
	sum := 0
	for _, d := range s.Effort {
		sum += d
	}
	return sum
}

// Validate refuses a sheet that cannot stand in any plan: no title, no area of
// the assessment, a level outside 1–4, negative money or days, no quarter, a
// life outside 1–12 quarters, shares of money above the cost.
func (s Sheet) Validate() error {
	switch {
	case strings.TrimSpace(s.Title) == "":
		return fmt.Errorf("%w: micro-progetto %s has no title", ErrInvalid, s.ID)
	case !assessed(s.Area):
		return fmt.Errorf("%w: micro-progetto %s has area %q", ErrInvalid, s.ID, s.Area)
	case !s.Start.Valid():
		return fmt.Errorf("%w: micro-progetto %s has no starting quarter", ErrInvalid, s.ID)
	case len(s.Effort) < 1 || len(s.Effort) > MaxQuarters:
		return fmt.Errorf("%w: micro-progetto %s lasts %d quarters", ErrInvalid, s.ID, len(s.Effort))
	case s.Cost < 0 || s.RunningCost < 0:
		return fmt.Errorf("%w: micro-progetto %s has a negative cost", ErrInvalid, s.ID)
	}
	for _, d := range s.Effort {
		if d < 0 {
			return fmt.Errorf("%w: micro-progetto %s has negative days", ErrInvalid, s.ID)
		}
	}
	for _, e := range s.Effects {
		if e.Indicator == "" || e.To < 1 || e.To > 4 || (e.From != nil && (*e.From < 0 || *e.From > 4)) {
			return fmt.Errorf("%w: micro-progetto %s has an effect outside levels 0–4", ErrInvalid, s.ID)
		}
	}
	return s.validateFunding()
}

func (s Sheet) validateFunding() error {
	var sum Cents
	for _, f := range s.Funding {
		if _, err := ParseSource(string(f.Source)); err != nil {
			return fmt.Errorf("micro-progetto %s: %w", s.ID, err)
		}
		if f.Cents < 0 {
			return fmt.Errorf("%w: micro-progetto %s has a negative share", ErrInvalid, s.ID)
		}
		sum += f.Cents
	}
	if sum > s.Cost {
		return fmt.Errorf("%w: micro-progetto %s has shares of %s for a cost of %s", ErrInvalid, s.ID, sum, s.Cost)
	}
	return nil
}

func assessed(a surveys.Area) bool {
	for _, b := range surveys.AssessmentAreas() {
		if a == b {
			return true
		}
	}
	return false
}

// MicroProject is a sheet and what happened to it. A Fact is appended by Start,
// Suspend, Resume, Finish, Reopen, Check and Cancel only; State reads them.
type MicroProject struct {
	Sheet
	Facts      []Fact      `json:"facts,omitempty"` // in the order of days
	Milestones []Milestone `json:"milestones,omitempty"`
	Tasks      []Task      `json:"tasks,omitempty"`
	Expenses   []Expense   `json:"expenses,omitempty"`
	Evidence   []Evidence  `json:"evidence,omitempty"`
}
