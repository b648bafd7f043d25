package plans

import (
	"fmt"
	"strings"

	"traguardo/surveys"
)

// Milestone is a dated point of a micro-progetto.
type Milestone struct {
	ID     surveys.ID `json:"id"`
	Title  string     `json:"title"`
	Due    Date       `json:"due"`
	DoneOn Date       `json:"done_on"` // zero until reached
}

// Late reports whether the milestone was due before day and is not reached.
func (m Milestone) Late(day Date) bool { return m.DoneOn.IsZero() && day.After(m.Due) }

// Task is something that an office has to do for a micro-progetto.
type Task struct {
	ID     surveys.ID `json:"id"`
	Office surveys.ID `json:"office"`
	Title  string     `json:"title"`
	Due    Date       `json:"due"`     // zero when it has no date
	DoneOn Date       `json:"done_on"` // zero until done
	DoneBy string     `json:"done_by,omitempty"`
	Note   string     `json:"note,omitempty"`
}

// Done reports whether the task is done.
func (t Task) Done() bool { return !t.DoneOn.IsZero() }

// Late reports whether the task was due before day and is not done.
func (t Task) Late(day Date) bool { return !t.Done() && !t.Due.IsZero() && day.After(t.Due) }

// Finish marks the task as done. It returns ErrTransition when it already is,
// ErrDate when on is missing or after today, ErrInvalid when nobody signs.
func (t *Task) Finish(on, today Date, by string) error {
	switch {
	case t.Done():
		return fmt.Errorf("%w: task %s is already done", ErrTransition, t.ID)
	case on.IsZero() || on.After(today):
		return fmt.Errorf("%w: task %s done on %q", ErrDate, t.ID, on)
	case strings.TrimSpace(by) == "":
		return fmt.Errorf("%w: task %s done by nobody", ErrInvalid, t.ID)
	}
	t.DoneOn, t.DoneBy = on, by
	return nil
}

// Reopen undoes Finish. It returns ErrTransition when the task is not done.
func (t *Task) Reopen() error {
	if !t.Done() {
		return fmt.Errorf("%w: task %s is not done", ErrTransition, t.ID)
	}
	t.DoneOn, t.DoneBy = Date{}, ""
	return nil
}

// Evidence is a piece that shows what was delivered.
type Evidence struct {
	ID     surveys.ID           `json:"id"`
	Type   surveys.EvidenceType `json:"type"`
	Title  string               `json:"title"`
	URL    string               `json:"url,omitempty"`
	FileID surveys.ID           `json:"file,omitempty"`
	Act    string               `json:"act,omitempty"` // type and number of an act
	Dated  Date                 `json:"dated"`
}

// ExpenseKind is a step in the life of money.
type ExpenseKind string

// The steps of money: stanziamento, impegno, pagamento.
const (
	Budget    ExpenseKind = "budget"
	Committed ExpenseKind = "committed"
	Paid      ExpenseKind = "paid"
)

// ParseExpenseKind accepts the code of a kind and refuses all other text.
func ParseExpenseKind(s string) (ExpenseKind, error) {
	switch k := ExpenseKind(s); k {
	case Budget, Committed, Paid:
		return k, nil
	default:
		return "", fmt.Errorf("%w: expense kind %q", ErrInvalid, s)
	}
}

func (k ExpenseKind) String() string { return string(k) }

// Expense is one movement. A negative amount is a correction and needs a note.
type Expense struct {
	ID     surveys.ID  `json:"id"`
	Kind   ExpenseKind `json:"kind"`
	Cents  Cents       `json:"cents"`
	Date   Date        `json:"date"`
	Source Source      `json:"source"`
	CUP    string      `json:"cup,omitempty"`
	Note   string      `json:"note,omitempty"`
}

// AddExpense appends a movement. It returns ErrInvalid for an unknown kind or
// source, an amount of 0 or a correction below what was recorded before,
// ErrReason for a negative amount without note, ErrDate without a day or after today.
func (p *MicroProject) AddExpense(e Expense, today Date) error {
	if _, err := ParseExpenseKind(string(e.Kind)); err != nil {
		return fmt.Errorf("micro-progetto %s: %w", p.ID, err)
	}
	if _, err := ParseSource(string(e.Source)); err != nil {
		return fmt.Errorf("micro-progetto %s: %w", p.ID, err)
	}
	switch {
	case e.Cents == 0:
		return fmt.Errorf("%w: micro-progetto %s: movement of 0", ErrInvalid, p.ID)
	case e.Date.IsZero() || e.Date.After(today):
		return fmt.Errorf("%w: micro-progetto %s: movement on %q", ErrDate, p.ID, e.Date)
	case e.Cents < 0 && strings.TrimSpace(e.Note) == "":
		return fmt.Errorf("%w: micro-progetto %s: negative movement", ErrReason, p.ID)
	case p.money(e.Kind, e.Source)+e.Cents < 0:
		return fmt.Errorf("%w: micro-progetto %s: correction below zero", ErrInvalid, p.ID)
	}
	p.Expenses = append(p.Expenses, e)
	return nil
}

func (p *MicroProject) money(k ExpenseKind, s Source) Cents {
	var sum Cents
	for _, e := range p.Expenses {
		if e.Kind == k && e.Source == s {
			sum += e.Cents
		}
	}
	return sum
}

// Money is the money of one or more micro-progetti. Each figure is euro cents.
type Money struct {
	Planned, Budget, Committed, Paid Cents
	BySource                         []SourceMoney // in the order of Sources, only those with a figure
}

// SourceMoney is the money of one source.
type SourceMoney struct {
	Source                           Source
	Planned, Budget, Committed, Paid Cents
}

// Limit returns what spending is held against: the budget set aside, or the
// planned cost while nothing is set aside.
func (m Money) Limit() Cents {
	if m.Budget > 0 {
		return m.Budget
	}
	return m.Planned
}

// Left returns Limit minus the larger of committed and paid; negative when overspent.
func (m Money) Left() Cents { return m.Limit() - max(m.Committed, m.Paid) }

// Overspent reports whether more was committed or paid than Limit.
func (m Money) Overspent() bool { return m.Left() < 0 }

// Money returns the totals of the micro-progetto. The planned cost without a
// share counts as own money.
func (p *MicroProject) Money() Money { return Total([]*MicroProject{p}) }

// Total returns the totals of several micro-progetti; the planned cost of
// cancelled ones is left out, what was spent on them is not.
func Total(projects []*MicroProject) Money {
	var total Money
	rows := map[Source]*SourceMoney{}
	for _, s := range Sources() {
		rows[s] = &SourceMoney{Source: s}
	}
	for _, p := range projects {
		if p.Active() {
			unshared := p.Cost
			for _, f := range p.Funding {
				rows[f.Source].Planned += f.Cents
				unshared -= f.Cents
			}
			rows[Own].Planned += unshared
		}
		for _, e := range p.Expenses {
			switch e.Kind {
			case Budget:
				rows[e.Source].Budget += e.Cents
			case Committed:
				rows[e.Source].Committed += e.Cents
			case Paid:
				rows[e.Source].Paid += e.Cents
			}
		}
	}
	for _, s := range Sources() {
		r := *rows[s]
		total.Planned += r.Planned
		total.Budget += r.Budget
		total.Committed += r.Committed
		total.Paid += r.Paid
		if r.Planned != 0 || r.Budget != 0 || r.Committed != 0 || r.Paid != 0 {
			total.BySource = append(total.BySource, r)
		}
	}
	return total
}

// Progress returns how many milestones are reached, of how many.
func (p *MicroProject) Progress() (reached, of int) {
	for _, m := range p.Milestones {
		if !m.DoneOn.IsZero() {
			reached++
		}
	}
	return reached, len(p.Milestones)
}
