package pti

import (
	"slices"
	"testing"

	"traguardo/plans"
	"traguardo/surveys/instruments"
)

func ids(list []Due) []string {
	var out []string
	for _, d := range list {
		out = append(out, d.ID)
	}
	return out
}

func TestCalendarOf2026(t *testing.T) {
	t.Parallel()
	e := current(t)
	mat, err := instruments.MAT()
	if err != nil {
		t.Fatal(err)
	}
	got := e.Calendar(banari, date(t, "2026-09-01"), date(t, "2027-03-31"), IndicatorsByLine(mat))
	want := []string{
		"2024-2026-agg-2026/CAP1.PA.12/start", "2024-2026-agg-2026/CAP2.PA.06/start",
		"obligation/accessibility_declaration/2026",
		"2024-2026-agg-2026/CAP3.PA.22/deadline", "2024-2026-agg-2026/CAP4.PA.01/deadline",
		"2024-2026-agg-2026/CAP4.PA.02/deadline", "2024-2026-agg-2026/CAP4.PA.03/deadline",
		"2024-2026-agg-2026/CAP5.PA.24/deadline", "2024-2026-agg-2026/CAP5.PA.25/deadline",
		"2024-2026-agg-2026/CAP7.PA.11/deadline",
		"obligation/piao/2027", "obligation/nis_registration/2027", "obligation/accessibility_goals/2027",
	}
	if !slices.Equal(ids(got), want) {
		t.Errorf("got  %q\nwant %q", ids(got), want)
	}
	for _, d := range got {
		switch d.ID {
		case "obligation/accessibility_declaration/2026":
			if d.Date != date(t, "2026-09-23") || !slices.Equal(d.Lines, []string{"CAP3.PA.16"}) || !slices.Equal(d.Indicators, []string{"M-COM-02"}) || d.ToVerify {
				t.Errorf("declaration: %+v", d)
			}
		case "obligation/accessibility_goals/2027":
			if d.Date != date(t, "2027-03-31") || len(d.Lines) != 0 || d.Law == "" {
				t.Errorf("goals: %+v", d)
			}
		case "obligation/nis_registration/2027":
			if !d.ToVerify || d.Applies != AppliesToVerify {
				t.Errorf("NIS: %+v", d)
			}
		case "2024-2026-agg-2026/CAP4.PA.01/deadline":
			if !slices.Equal(d.Indicators, []string{"M-PIA-02"}) || d.Satisfies.IT == "" {
				t.Errorf("pagoPA: %+v", d)
			}
		}
	}
}

func TestCalendarFollowsTheComune(t *testing.T) {
	t.Parallel()
	e := current(t)
	first, last := date(t, "2024-01-01"), date(t, "2028-12-31")
	has := func(f Facts, id string) bool { return slices.Contains(ids(e.Calendar(f, first, last, nil)), id) }
	no := banari
	no.Conditions = map[string]bool{"nis_subject": false}
	cases := []struct {
		name  string
		facts Facts
		id    string
		want  bool
	}{
		{"MAUVE++ for Torino", torino, "2024-2026-agg-2026/CAP3.PA.24/deadline", true},
		{"MAUVE++ not for Cesena", cesena, "2024-2026-agg-2026/CAP3.PA.24/deadline", false},
		{"open data by band", cesena, "2024-2026-agg-2026/CAP5.PA.16/deadline", true},
		{"open data not for Banari", banari, "2024-2026-agg-2026/CAP5.PA.16/deadline", false},
		{"voluntary is no deadline", banari, "2024-2026-agg-2026/CAP7.PA.22/deadline", false},
		{"no NIS body", no, "obligation/nis_update/2027", false},
		{"joined to the obligation", banari, "2024-2026-agg-2026/CAP3.PA.16/deadline", false},
		{"the obligation goes on", banari, "obligation/accessibility_declaration/2028", true},
	}
	for _, c := range cases {
		if got := has(c.facts, c.id); got != c.want {
			t.Errorf("%s: got %v", c.name, got)
		}
	}
}

// Both ends belong to the window; every day lies in it, in order, with a unique
// id; splitting a window loses and doubles nothing; a line dated like its
// obligation is always told by it.
func TestCalendarWindows(t *testing.T) {
	t.Parallel()
	e := current(t)
	first, middle, last := date(t, "2023-06-01"), date(t, "2026-09-23"), date(t, "2027-12-31")
	whole := e.Calendar(torino, first, last, nil)
	seen := map[string]bool{}
	for i, d := range whole {
		if d.Date.Before(first) || d.Date.After(last) || plans.DateOf(d.Date.Time()) != d.Date {
			t.Errorf("%s on %s", d.ID, d.Date)
		}
		if i > 0 && d.Date.Before(whole[i-1].Date) || seen[d.ID] {
			t.Errorf("%s is out of order or stands twice", d.ID)
		}
		if !both(d.Title) || !both(d.Satisfies) || d.Source == "" || !both(d.Reason.Text) {
			t.Errorf("%s is not complete", d.ID)
		}
		seen[d.ID] = true
	}
	parts := append(e.Calendar(torino, first, middle, nil), e.Calendar(torino, middle.AddDays(1), last, nil)...)
	if !slices.Equal(ids(parts), ids(whole)) {
		t.Errorf("parts give %d days, the whole %d", len(parts), len(whole))
	}
	if one := ids(e.Calendar(banari, middle, middle, nil)); !slices.Equal(one, []string{"obligation/accessibility_declaration/2026"}) {
		t.Errorf("23 September 2026: %q", one)
	}
	if none := e.Calendar(torino, last, first, nil); len(none) != 0 {
		t.Errorf("window turned round: %d days", len(none))
	}
	for _, o := range e.Obligations {
		for _, code := range o.Lines {
			if l, ok := e.Line(code); !ok || l.Deadline != o.On(l.Deadline.Year) {
				t.Errorf("%s names %s, which is due on %s", o.ID, code, l.Deadline)
			}
		}
	}
}
