package plans

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"traguardo/surveys"
)

func plan(t *testing.T) *Plan {
	t.Helper()
	p := &Plan{ID: "p", EnteID: "e", Title: "Piano", State: Draft, Edition: "2024-2026 agg. 2026",
		Start: Quarter{2026, 4}, Quarters: 6, Budget: []Cents{50_000, 200_000, 0}, Capacity: []int{10, 20, 20, 20, 20, 20},
		Targets: []Target{{Indicator: "M-PIA-01", Level: 2}}}
	a, b := sheet("a"), sheet("b")
	b.Start, b.Requires = Quarter{2027, 3}, []surveys.ID{"a"}
	for _, s := range []Sheet{b, a} {
		if err := p.Put(s); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

func act(d Date) Act {
	return Act{Type: "delibera di Giunta", Number: "12", Date: d, By: "Giunta comunale"}
}

func TestPlanYears(t *testing.T) {
	t.Parallel()
	if got := plan(t).Years(); len(got) != 3 || got[0] != 2026 || got[2] != 2028 {
		t.Errorf("years: got %v", got)
	}
	if got := YearsOf(Quarter{2027, 1}, 4); len(got) != 1 {
		t.Errorf("one year: got %v", got)
	}
}

func TestLoadsAndFaults(t *testing.T) {
	t.Parallel()
	p := plan(t)
	if f := p.Faults(); len(f) != 0 {
		t.Fatalf("a plan that holds: got %+v", f)
	}
	if l := p.YearLoads(); l[1].Used != 200_000 || l[1].Limit != 200_000 || l[0].Used != 0 {
		t.Errorf("years: got %+v", l)
	}
	if l := p.QuarterLoads(); l[0].Used != 0 || l[1].Used != 5 || l[4].Used != 5 || l[5].Used != 0 {
		t.Errorf("quarters: got %+v", l)
	}
	p.Budget[1], p.Capacity[2] = 199_999, 3
	p.Projects[0].Start = Quarter{2027, 2} // b: before a ends
	p.Projects[1].Conflicts = []surveys.ID{"b"}
	want := []Fault{
		{Kind: FaultBudget, Year: 2027, Cents: 1}, {Kind: FaultCapacity, Quarter: Quarter{2027, 2}, Days: 7},
		{Kind: FaultPrereq, Project: "b", Other: "a"}, {Kind: FaultConflict, Project: "a", Other: "b"},
	}
	got := p.Faults()
	if len(got) != len(want) {
		t.Fatalf("faults: got %+v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("fault %d: got %+v want %+v", i, got[i], want[i])
		}
	}
	if err := p.Projects[0].Record(fact(FactCancel, day(1, 1))); err != nil {
		t.Fatal(err)
	}
	if f := p.Faults(); len(f) != 1 || f[0].Kind != FaultCapacity || f[0].Days != 2 {
		t.Errorf("after cancelling b: got %+v", f)
	}
	p.Projects[1].Start = Quarter{2028, 1}
	if f := p.Faults(); len(f) == 0 || f[len(f)-1].Kind != FaultHorizon {
		t.Errorf("beyond the horizon: got %+v", f)
	}
}

func TestPlanLife(t *testing.T) {
	t.Parallel()
	p, today := plan(t), day(1, 15)
	if _, err := p.Approve(act(today), today); !errors.Is(err, ErrTransition) {
		t.Errorf("approving a draft: got %v", err)
	}
	if err := p.Propose(today, "rtd"); err != nil {
		t.Fatal(err)
	}
	if err := p.Put(sheet("c")); !errors.Is(err, ErrTransition) {
		t.Errorf("editing a proposed plan: got %v", err)
	}
	if err := p.Withdraw(); err != nil || p.State != Draft {
		t.Fatalf("withdraw: %v, %s", err, p.State)
	}
	if err := p.Propose(today, "rtd"); err != nil {
		t.Fatal(err)
	}
	for name, a := range map[string]Act{
		"no number": {Type: "delibera", Date: today, By: "Giunta"}, "no date": {Type: "delibera", Number: "1", By: "Giunta"},
		"no body": {Type: "delibera", Number: "1", Date: today, By: "  "}, "no type": {Number: "1", Date: today, By: "Giunta"},
		"tomorrow": act(today.AddDays(1)),
	} {
		if _, err := p.Approve(a, today); !errors.Is(err, ErrAct) || p.State != Proposed || len(p.Versions) != 0 {
			t.Errorf("%s: got %v while %s with %d versions", name, err, p.State, len(p.Versions))
		}
	}
	v, err := p.Approve(act(today), today)
	if err != nil || v.Number != 1 || p.State != Approved || len(v.SHA256) != 64 {
		t.Fatalf("approve: %v, %+v", err, v)
	}
	if err := p.Amend(" "); !errors.Is(err, ErrReason) {
		t.Errorf("amending without reason: got %v", err)
	}
	if err := p.Amend("nuovo finanziamento"); err != nil || p.State != Draft {
		t.Fatalf("amend: %v", err)
	}
	if err := p.Propose(today, "rtd"); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Approve(act(today.AddDays(-1)), today); !errors.Is(err, ErrAct) {
		t.Errorf("older act: got %v", err)
	}
	if v, err = p.Approve(act(today), today); err != nil || v.Number != 2 || v.Reason != "nuovo finanziamento" || p.Amendment != "" {
		t.Fatalf("second version: %v, %+v", err, v)
	}
	if err := p.Close(Date{}); !errors.Is(err, ErrDate) {
		t.Errorf("closing without day: got %v", err)
	}
	if err := p.Close(today); err != nil || p.State != Closed || !errors.Is(p.Close(today), ErrTransition) {
		t.Errorf("closing: got %v, %s", err, p.State)
	}
}

func TestProposeRefuses(t *testing.T) {
	t.Parallel()
	today := day(1, 1)
	for _, tc := range []struct {
		name string
		edit func(*Plan)
		want error
	}{
		{"over budget", func(p *Plan) { p.Budget[1] = 1 }, ErrFaults},
		{"empty", func(p *Plan) { p.Projects = nil }, ErrInvalid},
		{"budget of the wrong length", func(p *Plan) { p.Budget = p.Budget[:2] }, ErrInvalid},
		{"negative capacity", func(p *Plan) { p.Capacity[0] = -1 }, ErrInvalid},
		{"13 quarters", func(p *Plan) { p.Quarters = 13 }, ErrInvalid},
		{"3 quarters", func(p *Plan) { p.Quarters = 3 }, ErrInvalid},
		{"target 5", func(p *Plan) { p.Targets[0].Level = 5 }, ErrInvalid},
		{"same id twice", func(p *Plan) { p.Projects[1].ID = "b" }, ErrDuplicate},
		{"proposed already", func(p *Plan) { p.State = Proposed }, ErrTransition},
	} {
		p := plan(t)
		tc.edit(p)
		before := p.State
		if err := p.Propose(today, "rtd"); !errors.Is(err, tc.want) || p.State != before {
			t.Errorf("%s: got %v while %s, want %v", tc.name, err, p.State, tc.want)
		}
	}
}

func TestPutAndRemove(t *testing.T) {
	t.Parallel()
	p := plan(t)
	a, err := p.Project("a")
	if err != nil || a.PlanID != "p" || a.EnteID != "e" {
		t.Fatalf("project a: %v, %+v", err, a)
	}
	if err := a.Record(fact(FactStart, day(1, 2))); err != nil {
		t.Fatal(err)
	}
	changed := sheet("a")
	changed.Title = "Altro titolo"
	if err := p.Put(changed); err != nil || len(p.Projects) != 2 {
		t.Fatalf("replace: %v, %d projects", err, len(p.Projects))
	}
	if a, _ = p.Project("a"); a.Title != "Altro titolo" || a.State() != Started {
		t.Errorf("replaced sheet keeps its facts: got %q while %s", a.Title, a.State())
	}
	if err := p.Remove("a"); !errors.Is(err, ErrTransition) {
		t.Errorf("removing a started project: got %v", err)
	}
	if err := p.Remove("b"); err != nil || len(p.Projects) != 1 {
		t.Errorf("removing: got %v", err)
	}
	if err := p.Remove("z"); !errors.Is(err, ErrNotFound) {
		t.Errorf("removing what is not there: got %v", err)
	}
}

func TestSheetValidate(t *testing.T) {
	t.Parallel()
	nine := surveys.Level(9)
	for name, edit := range map[string]func(*Sheet){
		"no title": func(s *Sheet) { s.Title = " " }, "area STR": func(s *Sheet) { s.Area = surveys.STR },
		"no quarter": func(s *Sheet) { s.Start = Quarter{} }, "no life": func(s *Sheet) { s.Effort = nil },
		"13 quarters": func(s *Sheet) { s.Effort = make([]int, 13) }, "negative days": func(s *Sheet) { s.Effort[0] = -1 },
		"negative cost": func(s *Sheet) { s.Cost = -1 }, "level 0": func(s *Sheet) { s.Effects[0].To = 0 },
		"level 5": func(s *Sheet) { s.Effects[0].To = 5 }, "from 9": func(s *Sheet) { s.Effects[0].From = &nine },
		"shares above cost": func(s *Sheet) { s.Funding = []Share{{Source: Own, Cents: 100_001}} },
		"negative share":    func(s *Sheet) { s.Funding = []Share{{Source: Own, Cents: -1}} },
		"unknown source":    func(s *Sheet) { s.Funding = []Share{{Source: "x"}} },
	} {
		s := sheet("a")
		edit(&s)
		if err := s.Validate(); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: got %v want ErrInvalid", name, err)
		}
	}
	if err := sheet("a").Validate(); err != nil {
		t.Errorf("a good sheet: got %v", err)
	}
}

func TestVersionIsFrozenAndCanonical(t *testing.T) {
	t.Parallel()
	today := day(1, 15)
	p, q := plan(t), plan(t)
	q.Projects[0], q.Projects[1] = q.Projects[1], q.Projects[0]
	var versions []Version
	for _, x := range []*Plan{p, q} {
		if err := x.Propose(today, "rtd"); err != nil {
			t.Fatal(err)
		}
		v, err := x.Approve(act(today), today)
		if err != nil {
			t.Fatal(err)
		}
		versions = append(versions, v)
	}
	if !bytes.Equal(versions[0].JSON, versions[1].JSON) || versions[0].SHA256 != versions[1].SHA256 {
		t.Errorf("order of projects changes the bytes:\n%s\n%s", versions[0].JSON, versions[1].JSON)
	}
	if err := p.Projects[1].Record(fact(FactStart, today)); err != nil {
		t.Fatal(err)
	}
	if d, err := p.Diff(versions[0], "it"); err != nil || len(d) != 0 {
		t.Errorf("a fact is no change of the plan: got %+v, %v", d, err)
	}
	bad := versions[0]
	bad.JSON = bytes.Replace(bad.JSON, []byte(`"cost_cents":100000`), []byte(`"cost_cents":900000`), 1)
	if _, err := bad.Content(); !errors.Is(err, ErrTampered) {
		t.Errorf("changed bytes: got %v want ErrTampered", err)
	}
}

func TestDiff(t *testing.T) {
	t.Parallel()
	today := day(1, 15)
	p := plan(t)
	if err := p.Propose(today, "rtd"); err != nil {
		t.Fatal(err)
	}
	v, err := p.Approve(act(today), today)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Amend("varia"); err != nil {
		t.Fatal(err)
	}
	a := sheet("a")
	a.Cost, a.Start, a.Effort = 150_000, Quarter{2027, 2}, []int{5, 8}
	for _, s := range []Sheet{a, sheet("c")} {
		if err := p.Put(s); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Remove("b"); err != nil {
		t.Fatal(err)
	}
	p.Budget[1] = 250_000
	got, err := p.Diff(v, "it")
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, c := range got {
		lines = append(lines, strings.Join([]string{c.Kind.String(), string(c.Project), c.Field, c.Old, c.New}, "|"))
	}
	want := []string{
		"frame||budget.2027|2.000 €|2.500 €", "added|c|||1.000 €", "removed|b||1.000 €|",
		"field|a|cost_cents|1.000 €|1.500 €", "field|a|start|1° trim. 2027|2° trim. 2027", "field|a|effort_days|5, 5|5, 8",
	}
	if strings.Join(lines, "\n") != strings.Join(want, "\n") {
		t.Errorf("diff: got\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
}
