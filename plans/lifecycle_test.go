package plans

import (
	"errors"
	"testing"
	"time"

	"traguardo/surveys"
)

func day(month time.Month, d int) Date { return Date{Year: 2027, Month: month, Day: d} }

func sheet(id string) Sheet {
	return Sheet{ID: surveys.ID(id), Title: "Prova " + id, Area: surveys.PIA, Start: Quarter{2027, 1}, Effort: []int{5, 5}, Cost: 100_000,
		Effects: []Effect{{Indicator: "M-PIA-01", To: 2}}}
}

func fact(k FactKind, on Date) Fact {
	return Fact{Kind: k, On: on, Recorded: on, By: "rtd", Reason: "motivo"}
}

// allowed is the whole table of transitions; what is not in it is refused.
func allowed() map[State]map[FactKind]State {
	return map[State]map[FactKind]State{
		Planned:   {FactStart: Started, FactCancel: Cancelled},
		Started:   {FactSuspend: Suspended, FactFinish: Done, FactCancel: Cancelled},
		Suspended: {FactResume: Started, FactCancel: Cancelled},
		Done:      {FactReopen: Started, FactCheck: Checked},
		Checked:   {},
		Cancelled: {},
	}
}

func TestEveryTransition(t *testing.T) {
	t.Parallel()
	path := map[State][]FactKind{
		Planned: nil, Started: {FactStart}, Suspended: {FactStart, FactSuspend}, Done: {FactStart, FactFinish},
		Checked: {FactStart, FactFinish, FactCheck}, Cancelled: {FactCancel},
	}
	kinds := []FactKind{FactStart, FactSuspend, FactResume, FactFinish, FactReopen, FactCheck, FactCancel}
	for _, s := range States() {
		for _, k := range kinds {
			p := MicroProject{Sheet: sheet("a"), Evidence: []Evidence{{ID: "e", Type: surveys.E1}}}
			for _, step := range path[s] {
				if err := p.Record(fact(step, day(2, 1))); err != nil {
					t.Fatalf("reaching %s by %s: %v", s, step, err)
				}
			}
			if p.State() != s {
				t.Fatalf("reached %s, want %s", p.State(), s)
			}
			n, err := len(p.Facts), p.Record(fact(k, day(2, 2)))
			want, ok := allowed()[s][k]
			switch {
			case ok && (err != nil || p.State() != want):
				t.Errorf("%s while %s: got %s, %v want %s", k, s, p.State(), err, want)
			case !ok && (!errors.Is(err, ErrTransition) || len(p.Facts) != n):
				t.Errorf("%s while %s: got %v with %d facts, want ErrTransition", k, s, err, len(p.Facts))
			}
		}
	}
}

func TestRecordRefuses(t *testing.T) {
	t.Parallel()
	started := func() *MicroProject {
		p := &MicroProject{Sheet: sheet("a")}
		if err := p.Record(fact(FactStart, day(2, 10))); err != nil {
			t.Fatal(err)
		}
		return p
	}
	for _, tc := range []struct {
		name string
		f    Fact
		want error
	}{
		{"suspension without reason", Fact{Kind: FactSuspend, On: day(3, 1), Recorded: day(3, 1), By: "x", Reason: " "}, ErrReason},
		{"future", Fact{Kind: FactFinish, On: day(3, 2), Recorded: day(3, 1), By: "x"}, ErrDate},
		{"before the last fact", Fact{Kind: FactFinish, On: day(2, 9), Recorded: day(3, 1), By: "x"}, ErrDate},
		{"no day", Fact{Kind: FactFinish, Recorded: day(3, 1), By: "x"}, ErrDate},
		{"nobody", Fact{Kind: FactFinish, On: day(3, 1), Recorded: day(3, 1)}, ErrInvalid},
		{"unknown kind", Fact{Kind: "vanish", On: day(3, 1), Recorded: day(3, 1), By: "x"}, ErrTransition},
	} {
		p := started()
		if err := p.Record(tc.f); !errors.Is(err, tc.want) || len(p.Facts) != 1 {
			t.Errorf("%s: got %v, %d facts; want %v", tc.name, err, len(p.Facts), tc.want)
		}
	}
	p := started()
	if err := p.Record(fact(FactFinish, day(2, 10))); err != nil {
		t.Fatalf("two facts on one day: %v", err)
	}
	if err := p.Record(fact(FactCheck, day(2, 11))); !errors.Is(err, ErrEvidence) {
		t.Errorf("check without evidence: got %v want ErrEvidence", err)
	}
}

func TestStateOnAndLate(t *testing.T) {
	t.Parallel()
	p := &MicroProject{Sheet: sheet("a")} // 1st and 2nd quarter of 2027
	for _, f := range []Fact{fact(FactStart, day(2, 1)), fact(FactSuspend, day(3, 1)), fact(FactResume, day(4, 1)), fact(FactFinish, day(8, 1))} {
		if err := p.Record(f); err != nil {
			t.Fatal(err)
		}
	}
	for _, tc := range []struct {
		on   Date
		want State
		late bool
	}{
		{day(1, 31), Planned, false}, {day(2, 1), Started, false}, {day(3, 15), Suspended, false},
		{day(6, 30), Started, false}, {day(7, 1), Started, true}, {day(8, 1), Done, false},
	} {
		if got := p.StateOn(tc.on); got != tc.want || p.Late(tc.on) != tc.late {
			t.Errorf("on %s: got %s late %v, want %s late %v", tc.on, got, p.Late(tc.on), tc.want, tc.late)
		}
	}
	idle := &MicroProject{Sheet: sheet("b")}
	if idle.Late(day(3, 31)) || !idle.Late(day(4, 1)) {
		t.Error("a project not started is late from the day after its first quarter")
	}
	if f, ok := p.LastFact(FactSuspend); !ok || f.On != day(3, 1) {
		t.Errorf("last suspension: got %v, %v", f, ok)
	}
	if got := p.Allowed(); len(got) != 2 || got[0] != FactCheck || got[1] != FactReopen {
		t.Errorf("allowed when done: got %v", got)
	}
}

func TestExpensesAndTotals(t *testing.T) {
	t.Parallel()
	today := day(6, 1)
	p := &MicroProject{Sheet: sheet("a")}
	p.Funding = []Share{{Source: Regional, Cents: 40_000}}
	for _, tc := range []struct {
		name string
		e    Expense
		want error
	}{
		{"budget", Expense{Kind: Budget, Cents: 90_000, Date: day(2, 1), Source: Own}, nil},
		{"committed", Expense{Kind: Committed, Cents: 70_000, Date: day(3, 1), Source: Own}, nil},
		{"paid", Expense{Kind: Paid, Cents: 50_000, Date: day(4, 1), Source: Regional}, nil},
		{"correction", Expense{Kind: Paid, Cents: -10_000, Date: day(4, 2), Source: Regional, Note: "storno"}, nil},
		{"correction without note", Expense{Kind: Paid, Cents: -1, Date: day(4, 2), Source: Regional}, ErrReason},
		{"correction below zero", Expense{Kind: Paid, Cents: -40_001, Date: day(4, 2), Source: Regional, Note: "x"}, ErrInvalid},
		{"zero", Expense{Kind: Paid, Date: day(4, 2), Source: Own}, ErrInvalid},
		{"future", Expense{Kind: Paid, Cents: 1, Date: day(6, 2), Source: Own}, ErrDate},
		{"unknown source", Expense{Kind: Paid, Cents: 1, Date: today, Source: "bank"}, ErrInvalid},
		{"unknown kind", Expense{Kind: "lent", Cents: 1, Date: today, Source: Own}, ErrInvalid},
	} {
		if err := p.AddExpense(tc.e, today); !errors.Is(err, tc.want) {
			t.Errorf("%s: got %v want %v", tc.name, err, tc.want)
		}
	}
	m := p.Money()
	if m.Planned != 100_000 || m.Budget != 90_000 || m.Committed != 70_000 || m.Paid != 40_000 || m.Left() != 20_000 || m.Overspent() {
		t.Errorf("totals: got %+v left %d", m, m.Left())
	}
	if len(m.BySource) != 2 || m.BySource[0].Source != Own || m.BySource[0].Planned != 60_000 || m.BySource[1].Paid != 40_000 {
		t.Errorf("by source: got %+v", m.BySource)
	}
	if err := p.AddExpense(Expense{Kind: Committed, Cents: 20_001, Date: today, Source: Own}, today); err != nil {
		t.Fatal(err)
	}
	if got := p.Money(); got.Left() != -1 || !got.Overspent() {
		t.Errorf("one cent over: left %d overspent %v", got.Left(), got.Overspent())
	}
	if err := p.Record(fact(FactCancel, today)); err != nil {
		t.Fatal(err)
	}
	if got := p.Money(); got.Planned != 0 || got.Paid != 40_000 {
		t.Errorf("cancelled: got %+v", got)
	}
	if empty := Total(nil); empty.Planned != 0 || empty.BySource != nil || empty.Overspent() {
		t.Errorf("no projects: got %+v", empty)
	}
}

func TestTaskAndMilestone(t *testing.T) {
	t.Parallel()
	task := Task{ID: "t", Title: "Elenco", Due: day(3, 31)}
	if task.Late(day(3, 31)) || !task.Late(day(4, 1)) || (Task{}).Late(day(4, 1)) {
		t.Error("a task is late from the day after its date, and never without one")
	}
	if err := task.Finish(day(4, 2), day(4, 1), "x"); !errors.Is(err, ErrDate) {
		t.Errorf("done tomorrow: got %v", err)
	}
	if err := task.Finish(day(4, 1), day(4, 1), ""); !errors.Is(err, ErrInvalid) {
		t.Errorf("done by nobody: got %v", err)
	}
	if err := task.Finish(day(4, 1), day(4, 1), "x"); err != nil || !task.Done() || task.Late(day(5, 1)) {
		t.Errorf("done: got %v, %+v", err, task)
	}
	if err := task.Finish(day(4, 1), day(4, 1), "x"); !errors.Is(err, ErrTransition) {
		t.Errorf("done twice: got %v", err)
	}
	if err := task.Reopen(); err != nil || task.Done() || !errors.Is(task.Reopen(), ErrTransition) {
		t.Errorf("reopened: got %v, %+v", err, task)
	}
	p := MicroProject{Milestones: []Milestone{{Due: day(1, 1), DoneOn: day(1, 1)}, {Due: day(2, 1)}}}
	if a, b := p.Progress(); a != 1 || b != 2 || p.Milestones[0].Late(day(9, 1)) || !p.Milestones[1].Late(day(2, 2)) {
		t.Errorf("milestones: %d of %d", a, b)
	}
}
