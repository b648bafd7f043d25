package planner

import (
	"reflect"
	"slices"
	"testing"

	"traguardo/plans"
)

// oneYear is a plan of the year 2027 with 10.000 € and 10 days a quarter, and an
// indicator for each letter, worth 10 points.
func oneYear(cands ...Candidate) Problem {
	p := Problem{Quarters: 4, Start: plans.Quarter{Year: 2027, N: 1}, Budget: []int64{1_000_000}, Capacity: []int{10, 10, 10, 10},
		Indicators: map[string]Indicator{}, Candidates: cands}
	for i, c := range cands {
		p.Indicators[c.ID] = Indicator{Points: []float64{0, 10}, Target: 1}
		if len(c.Effects) == 0 && c.Gain == 0 {
			p.Candidates[i].Effects = []Effect{{c.ID, 1}}
		}
		if len(c.Effort) == 0 {
			p.Candidates[i].Effort = []int{2}
		}
	}
	return p
}

// reasonCase is a problem and what is to be said of one of its candidates.
type reasonCase struct {
	name  string
	p     Problem
	id    string
	in    bool
	want  plans.Reason
	loss  float64 // of those out; none: not stated
	gives []string
}

func reasonCases() []reasonCase {
	two, none := 2, -1
	return []reasonCase{
		{name: "chosen", p: oneYear(Candidate{ID: "A", Cost: 500}), id: "A", in: true,
			want: plans.Reason{Code: plans.OutChosen, Points: 10, Cents: 500, Days: 2}},
		{name: "must without gain", p: oneYear(Candidate{ID: "A", Cost: 500, Effects: []Effect{{"B", 0}}, Must: true}, Candidate{ID: "B", Never: true}), id: "A", in: true,
			want: plans.Reason{Code: plans.OutMust, Cents: 500, Days: 2}},
		{name: "for another", p: oneYear(Candidate{ID: "A", Effects: []Effect{{"B", 0}}}, Candidate{ID: "B", Requires: []string{"A"}}), id: "A", in: true,
			want: plans.Reason{Code: plans.OutForOther, Days: 2, Other: []string{"B"}}},
		{name: "4.000 € over the rest of 2027", p: oneYear(Candidate{ID: "A", Cost: 700_000, Gain: 30}, Candidate{ID: "B", Cost: 700_000}), id: "B",
			want: plans.Reason{Code: plans.OutBudget, Year: 2027, Cents: 400_000, Points: 20, Other: []string{"A"}}, loss: 20, gives: []string{"A"}},
		{name: "over any budget", p: oneYear(Candidate{ID: "A", Cost: 1_000_001}), id: "A",
			want: plans.Reason{Code: plans.OutBudget, Year: 2027, Cents: 1}, loss: float64(none)},
		{name: "5 days short", p: oneYear(Candidate{ID: "A", Effort: []int{8, 8, 8, 8}, Gain: 30}, Candidate{ID: "B", Effort: []int{1, 7}}), id: "B",
			want: plans.Reason{Code: plans.OutCapacity, Quarter: plans.Quarter{Year: 2027, N: 2}, Days: 5, Points: 20, Other: []string{"A"}}, loss: 20, gives: []string{"A"}},
		{name: "too late", p: oneYear(Candidate{ID: "A", Effort: []int{1, 1}, Earliest: 2, Deadline: &two}), id: "A",
			want: plans.Reason{Code: plans.OutDeadline, Quarter: plans.Quarter{Year: 2027, N: 3}}, loss: float64(none)},
		{name: "unknown prerequisite", p: oneYear(Candidate{ID: "A", Requires: []string{"Z"}}), id: "A",
			want: plans.Reason{Code: plans.OutPrereq, Other: []string{"Z"}}, loss: float64(none)},
		{name: "prerequisite that must not be", p: oneYear(Candidate{ID: "A", Requires: []string{"B"}}, Candidate{ID: "B", Never: true}), id: "A",
			want: plans.Reason{Code: plans.OutPrereq, Other: []string{"B"}}, loss: float64(none)},
		{name: "conflict", p: oneYear(Candidate{ID: "A", Gain: 12}, Candidate{ID: "B", Conflicts: []string{"A"}}), id: "B",
			want: plans.Reason{Code: plans.OutConflict, Other: []string{"A"}}, loss: 2, gives: []string{"A"}},
		{name: "never", p: oneYear(Candidate{ID: "A", Never: true}), id: "A", want: plans.Reason{Code: plans.OutNever}, loss: -10},
		{name: "nothing to gain", p: oneYear(Candidate{ID: "A", Cost: 5}, Candidate{ID: "B", Cost: 9, Effects: []Effect{{"A", 1}}}), id: "B",
			want: plans.Reason{Code: plans.OutNoGain, Other: []string{"A"}}, loss: 0, gives: []string{"A"}},
		{name: "money in one half, days in the other", id: "C",
			p: Problem{Quarters: 8, Start: plans.Quarter{Year: 2027, N: 1}, Budget: []int64{10, 10}, Capacity: []int{0, 0, 0, 9, 9, 0, 0, 0},
				Candidates: []Candidate{{ID: "A", Gain: 50, Cost: 10, Effort: []int{0}, Deadline: &two}, {ID: "B", Gain: 50, Effort: []int{9}, Earliest: 4}, {ID: "C", Gain: 10, Cost: 5, Effort: []int{5}}}},
			want: plans.Reason{Code: plans.OutOutweighed, Points: 40, Other: []string{"A"}}, loss: 40, gives: []string{"A"}},
	}
}

func TestReasonsCarryFigures(t *testing.T) {
	t.Parallel()
	none := -1
	for _, tc := range reasonCases() {
		s := solve(t, tc.p, Options{})
		d := s.Why[tc.id]
		if tc.name == "money in one half, days in the other" {
			tc.want.Other, tc.gives = d.Displaces, d.Displaces // A or B, equal points
			if len(d.Displaces) != 1 {
				t.Errorf("%s: displaces %v", tc.name, d.Displaces)
			}
		}
		if d.In != tc.in || !reflect.DeepEqual(d.Reason, tc.want) {
			t.Errorf("%s: in %v, got %+v want %+v", tc.name, d.In, d.Reason, tc.want)
		}
		switch {
		case tc.in:
		case tc.loss == float64(none) && d.Loss != nil:
			t.Errorf("%s: loss %g where it cannot be in", tc.name, *d.Loss)
		case tc.loss != float64(none) && (d.Loss == nil || *d.Loss != tc.loss):
			t.Errorf("%s: loss %v want %g", tc.name, d.Loss, tc.loss)
		}
		if !slices.Equal(d.Displaces, tc.gives) {
			t.Errorf("%s: displaces %v want %v", tc.name, d.Displaces, tc.gives)
		}
	}
}

func TestMustsThatClashAreNamed(t *testing.T) {
	t.Parallel()
	one := 1
	p := oneYear(Candidate{ID: "A", Cost: 600_000, Must: true}, Candidate{ID: "B", Cost: 100, Must: true},
		Candidate{ID: "C", Cost: 600_000, Pin: &one}, Candidate{ID: "D"}, Candidate{ID: "E", Never: true})
	s := solve(t, p, Options{})
	if s.Status != Infeasible || !s.Proved || !slices.Equal(s.Clash, []string{"A", "C"}) || len(s.Starts) != 0 {
		t.Fatalf("clash: got %+v", s)
	}
	for id, code := range map[string]plans.ReasonCode{"A": plans.OutClash, "B": plans.OutClash, "D": plans.OutClash, "E": plans.OutNever} {
		if d := s.Why[id]; d.In || d.Reason.Code != code {
			t.Errorf("%s: got %+v", id, d)
		}
	}
	p = oneYear(Candidate{ID: "A", Must: true, Never: true}, Candidate{ID: "B", Must: true})
	if s := solve(t, p, Options{}); s.Status != Infeasible || !slices.Equal(s.Clash, []string{"A"}) {
		t.Errorf("must and never: got %+v", s)
	}
}

func TestPinIsKeptAndCalendarYearsCount(t *testing.T) {
	t.Parallel()
	two := 2
	p := oneYear(Candidate{ID: "A", Cost: 800_000}, Candidate{ID: "B", Cost: 800_000, Pin: &two})
	p.Start, p.Budget = plans.Quarter{Year: 2026, N: 3}, []int64{900_000, 900_000} // two quarters in each year
	s := solve(t, p, Options{})
	if s.Starts["B"] != 2 || s.Starts["A"] != 0 || s.Gain != 20 {
		t.Errorf("one in each year: got %+v", s.Starts)
	}
	p.Budget = []int64{0, 900_000}
	s = solve(t, p, Options{})
	if d := s.Why["A"]; d.In || d.Reason.Code != plans.OutBudget || d.Reason.Year != 2027 || d.Reason.Cents != 700_000 {
		t.Errorf("A: got %+v", d)
	}
}
