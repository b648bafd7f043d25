package planner

import (
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"traguardo/plans"
)

func solve(t *testing.T, p Problem, o Options) Solution {
	t.Helper()
	s, err := Select(p, o)
	if err != nil {
		t.Fatalf("Select: %v", err)
	}
	return s
}

// TestAgainstBruteForce holds the search against every plan there is.
func TestAgainstBruteForce(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	optimal, infeasible, unproved := 0, 0, 0
	const rounds = 1500
	for k := range rounds {
		p := small(r)
		want, feasible := brute(p)
		got := solve(t, p, Options{})
		if !feasible {
			infeasible++
			checkClash(t, p, got)
			continue
		}
		if got.Status == Infeasible {
			t.Fatalf("instance %d: called infeasible, brute force finds %g\n%+v", k, want, p)
		}
		checkSolution(t, p, got)
		if got.Proved && math.Abs(got.Gain-want) > 1e-9 {
			t.Fatalf("instance %d: proved %g, brute force finds %g\n%+v", k, got.Gain, want, p)
		}
		if got.Bound < want-1e-9 {
			t.Fatalf("instance %d: bound %g below the best %g", k, got.Bound, want)
		}
		if !got.Proved {
			unproved++
		}
		if got.Gain >= want-1e-9 {
			optimal++
		}
	}
	t.Logf("%d instances: %d optimal, %d infeasible, %d not proved", rounds, optimal, infeasible, unproved)
	if optimal+infeasible != rounds || unproved > 0 {
		t.Errorf("small instances: %d of %d decided, %d not proved", optimal+infeasible, rounds, unproved)
	}
	if infeasible < rounds/50 || infeasible > rounds/2 {
		t.Errorf("generator: %d of %d infeasible", infeasible, rounds)
	}
}

// checkSolution holds what every solution promises.
func checkSolution(t *testing.T, p Problem, s Solution) {
	t.Helper()
	if err := p.Check(s.Starts); err != nil {
		t.Fatalf("the plan does not stand: %v\n%+v\n%+v", err, s.Starts, p)
	}
	in, cost := map[string]bool{}, int64(0)
	for _, c := range p.Candidates {
		if _, ok := s.Starts[c.ID]; ok {
			in[c.ID] = true
			cost += c.Cost
		}
	}
	if g := p.Gain(in); math.Abs(g-s.Gain) > 1e-9 || cost != s.Cost {
		t.Fatalf("says gain %g cost %d, is %g and %d", s.Gain, s.Cost, g, cost)
	}
	if s.Bound < s.Gain || (s.Proved != (s.Status == Optimal)) || (s.Proved && s.Bound != s.Gain) {
		t.Fatalf("gain %g bound %g proved %v status %s", s.Gain, s.Bound, s.Proved, s.Status)
	}
	if len(s.Why) != len(p.Candidates) {
		t.Fatalf("%d decisions for %d candidates", len(s.Why), len(p.Candidates))
	}
	for _, c := range p.Candidates {
		d := s.Why[c.ID]
		if d.In != in[c.ID] || d.Reason.Code == "" || d.Reason.Code.Asks() {
			t.Fatalf("%s: in %v, decision %+v", c.ID, in[c.ID], d)
		}
		if d.In == (len(d.Holds) > 0) || (!d.In && !reflect.DeepEqual(d.Holds[0], d.Reason)) {
			t.Fatalf("%s: reasons %+v", c.ID, d)
		}
		if d.Loss != nil && *d.Loss < -1e-9 && s.Proved && !c.Never {
			t.Fatalf("%s: forcing it in would gain %g", c.ID, -*d.Loss)
		}
	}
}

// checkClash holds that the musts named cannot stand and that without any of them the rest can.
func checkClash(t *testing.T, p Problem, s Solution) {
	t.Helper()
	if s.Status != Infeasible || len(s.Clash) == 0 || len(s.Starts) != 0 {
		t.Fatalf("infeasible instance gives %+v", s)
	}
	only := func(keep []string) Problem {
		q := p
		q.Candidates = slices.Clone(p.Candidates)
		for i := range q.Candidates {
			if !slices.Contains(keep, q.Candidates[i].ID) {
				q.Candidates[i].Must, q.Candidates[i].Pin = false, nil
			}
		}
		return q
	}
	if _, feasible := brute(only(s.Clash)); feasible {
		t.Fatalf("clash %v can stand\n%+v", s.Clash, p)
	}
	for _, id := range s.Clash {
		rest := slices.DeleteFunc(slices.Clone(s.Clash), func(x string) bool { return x == id })
		if _, feasible := brute(only(rest)); !feasible {
			t.Fatalf("clash %v is not smallest: %v cannot stand either", s.Clash, rest)
		}
	}
}

// TestLossIsExact holds a proved loss against brute force with the candidate forced in.
func TestLossIsExact(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	checked := 0
	for range 500 {
		p := small(r)
		s := solve(t, p, Options{})
		for i, c := range p.Candidates {
			d := s.Why[c.ID]
			if s.Status == Infeasible || d.In {
				continue
			}
			q := p
			q.Candidates = slices.Clone(p.Candidates)
			q.Candidates[i].Must, q.Candidates[i].Never = true, false
			want, feasible := brute(q)
			switch {
			case !feasible && d.Loss != nil:
				t.Fatalf("%s cannot be in and loses %g", c.ID, *d.Loss)
			case feasible && d.Loss != nil:
				checked++
				if math.Abs(s.Gain-want-*d.Loss) > 1e-9 {
					t.Fatalf("%s: loss %g, brute force %g", c.ID, *d.Loss, s.Gain-want)
				}
			}
		}
	}
	if checked < 100 {
		t.Errorf("only %d losses were compared", checked)
	}
}

func TestMoreMoneyOrDaysNeverLose(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	for k := range 24 {
		p := town(r, 16+r.IntN(20), 4+4*r.IntN(3), 0.15+0.5*r.Float64())
		s := solve(t, p, Options{SkipLosses: true, Work: 1_000_000})
		more := p
		more.Budget, more.Capacity = slices.Clone(p.Budget), slices.Clone(p.Capacity)
		if k%2 == 0 {
			more.Budget[r.IntN(len(more.Budget))] += int64(r.IntN(3_000_000))
		} else {
			more.Capacity[r.IntN(len(more.Capacity))] += 1 + r.IntN(15)
		}
		cold := solve(t, more, Options{SkipLosses: true, Work: 1_000_000})
		warm := solve(t, more, Options{SkipLosses: true, Work: 1_000_000, Warm: s.Starts})
		if warm.Gain < s.Gain {
			t.Errorf("instance %d: %g points, %g with more and the earlier plan", k, s.Gain, warm.Gain)
		}
		if s.Proved && cold.Proved && cold.Gain < s.Gain {
			t.Errorf("instance %d: proved %g points, proved %g with more", k, s.Gain, cold.Gain)
		}
		if cold.Bound < s.Gain {
			t.Errorf("instance %d: bound %g with more is below a plan of %g", k, cold.Bound, s.Gain)
		}
	}
}

func TestOrderOfCandidatesDoesNotMatter(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 8))
	for range 4 {
		p := town(r, 20, 8, 0.4)
		a := solve(t, p, Options{})
		q := p
		q.Candidates = slices.Clone(p.Candidates)
		r.Shuffle(len(q.Candidates), func(i, j int) { q.Candidates[i], q.Candidates[j] = q.Candidates[j], q.Candidates[i] })
		if b := solve(t, q, Options{}); !reflect.DeepEqual(a, b) {
			t.Fatalf("shuffled candidates give another answer: %g and %g", a.Gain, b.Gain)
		}
	}
}

func TestTownsStandAndTellTheGap(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(9, 10))
	proved, worst := 0, 0.0
	const rounds = 8
	for range rounds {
		p := town(r, 60, 12, 0.15+0.5*r.Float64())
		s := solve(t, p, Options{SkipLosses: true})
		checkSolution(t, p, s)
		if s.Proved {
			proved++
		}
		worst = max(worst, (s.Bound-s.Gain)/s.Bound)
	}
	t.Logf("60 candidates over 12 quarters: %d of %d proved, worst gap %.2f%%", proved, rounds, 100*worst)
	if worst > 0.05 {
		t.Errorf("gap of %.2f%% on an instance of 60", 100*worst)
	}
}

func BenchmarkSelect60(b *testing.B) {
	r := rand.New(rand.NewPCG(11, 12))
	problems := make([]Problem, 10)
	for i := range problems {
		problems[i] = town(r, 60, 12, 0.15+0.05*float64(i))
	}
	for i := 0; b.Loop(); i++ {
		if _, err := Select(problems[i%len(problems)], Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

func TestEmptyProblems(t *testing.T) {
	t.Parallel()
	p := Problem{Quarters: 4, Budget: []int64{0}, Capacity: []int{0, 0, 0, 0}}
	if s := solve(t, p, Options{}); s.Status != Optimal || s.Gain != 0 || len(s.Starts) != 0 {
		t.Errorf("no candidates: got %+v", s)
	}
	p.Indicators = map[string]Indicator{"I": {Points: []float64{0, 1}, Target: 1}}
	p.Candidates = []Candidate{{ID: "A", Cost: 1, Effort: []int{0}, Effects: []Effect{{"I", 1}}}, {ID: "B", Effort: []int{0}, Effects: []Effect{{"I", 1}}}}
	s := solve(t, p, Options{})
	if _, in := s.Starts["B"]; s.Gain != 1 || !in || len(s.Starts) != 1 {
		t.Errorf("nothing to spend: got %+v", s)
	}
	if got := s.Why["A"].Reason; got.Code != plans.OutNoGain || !slices.Equal(got.Other, []string{"B"}) {
		t.Errorf("A: got %+v", got)
	}
}

func TestMalformedProblems(t *testing.T) {
	t.Parallel()
	good := func() Problem {
		return Problem{Quarters: 4, Budget: []int64{9}, Capacity: []int{9, 9, 9, 9},
			Indicators: map[string]Indicator{"I": {Points: []float64{0, 1}, Target: 1}},
			Candidates: []Candidate{{ID: "A", Effort: []int{1}, Effects: []Effect{{"I", 1}}}, {ID: "B", Effort: []int{1}}}}
	}
	for name, edit := range map[string]func(*Problem){
		"no quarters": func(p *Problem) { p.Quarters = 0 }, "65 quarters": func(p *Problem) { p.Quarters = 65 },
		"two budgets": func(p *Problem) { p.Budget = []int64{1, 2} }, "short capacity": func(p *Problem) { p.Capacity = []int{1} },
		"negative budget": func(p *Problem) { p.Budget[0] = -1 }, "negative capacity": func(p *Problem) { p.Capacity[1] = -1 },
		"same id": func(p *Problem) { p.Candidates[1].ID = "A" }, "no id": func(p *Problem) { p.Candidates[1].ID = "" },
		"negative cost": func(p *Problem) { p.Candidates[0].Cost = -1 }, "no life": func(p *Problem) { p.Candidates[0].Effort = nil },
		"negative effort": func(p *Problem) { p.Candidates[0].Effort[0] = -1 }, "unknown indicator": func(p *Problem) { p.Candidates[0].Effects[0].Indicator = "J" },
		"unknown level": func(p *Problem) { p.Candidates[0].Effects[0].To = 2 }, "level without points": func(p *Problem) { p.Indicators["I"] = Indicator{Level: 3, Points: []float64{0}} },
		"falling points": func(p *Problem) { p.Indicators["I"] = Indicator{Points: []float64{1, 0}} },
		"not a number":   func(p *Problem) { p.Candidates[0].Gain = math.NaN() }, "own conflict": func(p *Problem) { p.Candidates[0].Conflicts = []string{"A"} },
		"circle":        func(p *Problem) { p.Candidates[0].Requires, p.Candidates[1].Requires = []string{"B"}, []string{"A"} },
		"negative gain": func(p *Problem) { p.Candidates[0].Gain = -1 }, "bad start": func(p *Problem) { p.Start = plans.Quarter{Year: 2027, N: 5} },
	} {
		p := good()
		edit(&p)
		if _, err := Select(p, Options{}); !errors.Is(err, ErrProblem) {
			t.Errorf("%s: got %v want ErrProblem", name, err)
		}
	}
	if _, err := Select(good(), Options{}); err != nil {
		t.Errorf("a good problem: got %v", err)
	}
}
