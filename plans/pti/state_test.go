package pti

import (
	"errors"
	"slices"
	"testing"

	"traguardo/plans"
)

func date(t *testing.T, s string) plans.Date {
	t.Helper()
	d, err := plans.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

type stateCase struct {
	name     string
	asOf     string
	projects []ProjectFact
	evidence []EvidenceFact
	want     LineState
	since    string
	roles    []Role
	risk     bool
	after    bool
}

// stateCases are all about CAP4.PA.01, due on 2026-12-31.
func stateCases(t *testing.T) []stateCase {
	t.Helper()
	d := func(s string) plans.Date { return date(t, s) }
	due := []string{"CAP4.PA.01"}
	project := func(s plans.State, end string, evidence ...string) ProjectFact {
		p := ProjectFact{ID: "p-" + string(s), Title: "Progetto", State: s, Lines: due}
		if end != "" {
			p.PlannedEnd = d(end)
		}
		for _, ev := range evidence {
			p.EvidenceDates = append(p.EvidenceDates, d(ev))
		}
		return p
	}
	help := project(plans.Checked, "", "2026-01-01")
	help.Lines, help.Helps = nil, due
	proof := func(dated, until string) EvidenceFact {
		x := EvidenceFact{ID: "e", Title: "Prova", Lines: due, Dated: d(dated)}
		if until != "" {
			x.ValidUntil = d(until)
		}
		return x
	}
	return []stateCase{
		{"nothing, in time", "2026-12-31", nil, nil, NotStarted, "", nil, false, false},
		{"nothing, late", "2027-01-01", nil, nil, Late, "", nil, false, false},
		{"planned", "2026-11-22", []ProjectFact{project(plans.Planned, "2026-12-20")}, nil, LinePlanned, "", []Role{Closes}, false, false},
		{"planned too late", "2026-11-22", []ProjectFact{project(plans.Planned, "2027-03-31")}, nil, LinePlanned, "", []Role{Closes}, true, false},
		{"planned without end", "2026-11-22", []ProjectFact{project(plans.Planned, "")}, nil, LinePlanned, "", []Role{Closes}, true, false},
		{"started", "2026-11-22", []ProjectFact{project(plans.Started, "2026-12-20")}, nil, InProgress, "", []Role{Closes}, false, false},
		{"suspended", "2026-11-22", []ProjectFact{project(plans.Suspended, "2026-12-20")}, nil, InProgress, "", []Role{Closes}, false, false},
		{"started and late", "2027-02-01", []ProjectFact{project(plans.Started, "2027-03-31")}, nil, Late, "", []Role{Closes}, false, false},
		{"cancelled", "2026-11-22", []ProjectFact{project(plans.Cancelled, "2026-12-20", "2026-01-01")}, nil, NotStarted, "", nil, false, false},
		{"done without evidence", "2026-11-22", []ProjectFact{project(plans.Done, "")}, nil, InProgress, "", []Role{Unproved}, false, false},
		{"evidence of tomorrow", "2026-11-22", []ProjectFact{project(plans.Done, "", "2026-11-23")}, nil, InProgress, "", []Role{Unproved}, false, false},
		{"done with evidence", "2026-11-22", []ProjectFact{project(plans.Done, "", "2026-10-01", "2026-09-01")}, nil, Satisfied, "2026-09-01", []Role{ClosesDone}, false, false},
		{"checked after the deadline", "2027-02-01", []ProjectFact{project(plans.Checked, "", "2027-01-15")}, nil, Satisfied, "2027-01-15", []Role{ClosesDone}, false, true},
		{"one of two still open", "2026-11-22", []ProjectFact{project(plans.Done, "", "2026-09-01"), project(plans.Started, "2026-12-01")}, nil, InProgress, "", []Role{ClosesDone, Closes}, false, false},
		{"two done", "2026-11-22", []ProjectFact{project(plans.Done, "", "2026-09-01"), project(plans.Checked, "", "2026-10-01")}, nil, Satisfied, "2026-10-01", []Role{ClosesDone, ClosesDone}, false, false},
		{"help alone never satisfies", "2026-11-22", []ProjectFact{help}, nil, InProgress, "", []Role{Helps}, false, false},
		{"evidence tied to the line", "2026-11-22", nil, []EvidenceFact{proof("2025-05-05", "")}, Satisfied, "2025-05-05", []Role{Proves}, false, false},
		{"evidence on its last day", "2026-11-22", nil, []EvidenceFact{proof("2025-05-05", "2026-11-22")}, Satisfied, "2025-05-05", []Role{Proves}, false, false},
		{"expired evidence", "2026-11-22", nil, []EvidenceFact{proof("2025-05-05", "2026-11-21")}, NotStarted, "", []Role{Expired}, false, false},
		{"another line's project", "2026-11-22", []ProjectFact{{ID: "x", State: plans.Done, Lines: []string{"CAP4.PA.02"}, EvidenceDates: []plans.Date{d("2026-01-01")}}}, nil, NotStarted, "", nil, false, false},
	}
}

func TestState(t *testing.T) {
	t.Parallel()
	e := current(t)
	for _, c := range stateCases(t) {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			st := State(binding(t, e, "CAP4.PA.01", banari), Situation{AsOf: date(t, c.asOf), Projects: c.projects, Evidence: c.evidence})
			var roles []Role
			for _, l := range st.Chain {
				roles = append(roles, l.Role)
			}
			if st.State != c.want || st.Since.String() != c.since || !slices.Equal(roles, c.roles) || st.AtRisk != c.risk || st.AfterTime != c.after {
				t.Errorf("got %s since %q chain %v risk %v after %v", st.State, st.Since, roles, st.AtRisk, st.AfterTime)
			}
		})
	}
}

func TestStateNotApplicableAndNeverLate(t *testing.T) {
	t.Parallel()
	e, asOf := current(t), date(t, "2027-06-01")
	state := func(code string, f Facts, x map[string]Exclusion) Status {
		return State(binding(t, e, code, f), Situation{AsOf: asOf, Excluded: x})
	}
	if st := state("CAP5.PA.15", banari, nil); st.State != NotApplicable || st.Excluded != "" {
		t.Errorf("outside the band: %+v", st)
	}
	if st := state("CAP5.PA.16", cesena, nil); st.State != NotStarted || st.Timing != Overdue {
		t.Errorf("still to verify: %+v, must not be called late", st)
	}
	yes := cesena
	yes.Conditions = map[string]bool{"open_data_2024": false}
	if st := state("CAP5.PA.16", yes, nil); st.State != Late {
		t.Errorf("verified and past: %+v", st)
	}
	if st := state("CAP7.PA.22", banari, nil); st.State != NotStarted {
		t.Errorf("voluntary: %+v", st)
	}
	reason := Exclusion{Reason: "Il servizio è dell'Unione.", On: date(t, "2026-05-01")}
	if st := state("CAP4.PA.03", banari, map[string]Exclusion{"CAP4.PA.03": reason}); st.State != NotApplicable || st.Excluded != reason.Reason {
		t.Errorf("excluded by hand: %+v", st)
	}
	for name, x := range map[string]Exclusion{
		"blank": {Reason: " ", On: reason.On}, "no day": {Reason: "perché"}, "tomorrow": {Reason: "perché", On: asOf.AddDays(1)}} {
		if st := state("CAP4.PA.03", banari, map[string]Exclusion{"CAP4.PA.03": x}); st.State != Late {
			t.Errorf("exclusion %s counts: %+v", name, st)
		}
	}
	if err := (Exclusion{Reason: "\t"}).Validate(); !errors.Is(err, plans.ErrReason) {
		t.Errorf("exclusion without reason: %v", err)
	}
}

// More evidence never makes a line worse, and States keeps the order of bindings.
func TestStatesKeepOrderAndEvidenceHelps(t *testing.T) {
	t.Parallel()
	e := current(t)
	all := e.Bind(cesena)
	s := Situation{AsOf: date(t, "2026-11-22")}
	for _, l := range e.Lines {
		s.Projects = append(s.Projects, ProjectFact{ID: l.Code, State: plans.Started, Lines: []string{l.Code}})
	}
	for i, st := range States(all, s) {
		if st.Line != all[i].Line.Code {
			t.Fatalf("line %d is %s", i, st.Line)
		}
		more := s
		more.Evidence = []EvidenceFact{{ID: "e", Lines: []string{st.Line}, Dated: date(t, "2026-01-01")}}
		if after := State(all[i], more); st.State != NotApplicable && after.State != Satisfied {
			t.Errorf("%s: %s with evidence, %s without", st.Line, after.State, st.State)
		}
	}
}
