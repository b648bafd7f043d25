package report

import (
	"strconv"
	"strings"

	"traguardo/plans"
)

// quarters writes "T1 2027 – T3 2027", one quarter once.
func (w *writer) quarters(from, to plans.Quarter) string {
	one := func(q plans.Quarter) string {
		return w.t("figure.quarter", "Q", strconv.Itoa(q.N)) + "\u00a0" + strconv.Itoa(q.Year)
	}
	switch {
	case from.IsZero():
		return w.t("figure.unplaced")
	case from == to:
		return one(from)
	default:
		return one(from) + " – " + one(to)
	}
}

// planProjects adds the table of projects, by area.
func (w *writer) planProjects(d PlanData) {
	w.h1("report.projects_title")
	w.p("report.projects_intro")
	w.add(Table{Caption: w.t("report.tab_projects"), Columns: []Column{
		{Head: w.t("figure.project"), Weight: 3.3}, {Head: w.t("report.col_period"), Weight: 1.7},
		{Head: w.t("report.col_cost"), Align: Right, Weight: 1.3}, {Head: w.t("report.col_days"), Align: Right, Weight: 1.1},
		{Head: w.t("report.col_lines"), Weight: 1.9},
	}, Groups: byArea(d.Projects, func(p PlanProject) []string {
		return []string{p.Code + " " + p.Title, w.quarters(p.From, p.To), w.loc.Euro(p.Cost), w.loc.Num(p.Days, 0),
			dash(strings.Join(p.Lines, ", "))}
	})})
	w.add(Heading{Level: 2, Text: w.t("report.progress_title")})
	w.p("report.progress_intro", "Date", w.loc.Date(d.GeneratedOn))
	w.add(Table{Caption: w.t("report.tab_progress"), Columns: []Column{
		{Head: w.t("figure.project"), Weight: 3.3}, {Head: w.t("report.col_owner"), Weight: 1.9},
		{Head: w.t("figure.state"), Weight: 1.5}, {Head: w.t("report.col_progress"), Align: Right, Weight: 1.5},
		{Head: w.t("report.col_spent_of"), Align: Right, Weight: 1.6},
	}, Groups: byArea(d.Projects, func(p PlanProject) []string {
		return []string{p.Code + " " + p.Title, dash(p.Owner), p.StateName, w.loc.Pct(p.Progress, 0), w.euroOr(p.Spent)}
	})})
}

// byArea groups projects by area, in the order in which the areas come.
func byArea(ps []PlanProject, row func(PlanProject) []string) []RowGroup {
	var groups []RowGroup
	at := map[string]int{}
	for _, p := range ps {
		i, ok := at[p.Area]
		if !ok {
			i = len(groups)
			at[p.Area] = i
			groups = append(groups, RowGroup{Title: p.Area})
		}
		groups[i].Rows = append(groups[i].Rows, row(p))
	}
	return groups
}

// planReasons adds why each project is in the plan, and what stayed out.
func (w *writer) planReasons(d PlanData) {
	w.h1("report.why_title")
	w.p("report.why_intro")
	var rows [][]string
	for _, p := range d.Projects {
		rows = append(rows, []string{p.Code + " " + p.Title, dash(strings.Join(p.Reasons, " "))})
	}
	w.add(Table{Caption: w.t("report.tab_why"), Columns: []Column{
		{Head: w.t("figure.project"), Weight: 2}, {Head: w.t("report.col_why"), Weight: 3},
	}, Groups: []RowGroup{{Rows: rows}}})
	if len(d.LeftOut) == 0 {
		return
	}
	w.add(Heading{Level: 2, Text: w.t("report.out_title")})
	w.p("report.out_intro")
	rows = nil
	for _, o := range d.LeftOut {
		rows = append(rows, []string{o.Title, w.loc.Euro(o.Cost), w.loc.Num(o.Days, 0), dash(o.Reason)})
	}
	w.add(Table{Caption: w.t("report.tab_out"), Columns: []Column{
		{Head: w.t("figure.project"), Weight: 2.4}, {Head: w.t("report.col_cost"), Align: Right, Weight: 1.1},
		{Head: w.t("report.col_days"), Align: Right, Weight: 1}, {Head: w.t("report.col_why"), Weight: 3.2},
	}, Groups: []RowGroup{{Rows: rows}}})
}

// planLines adds the state of the PTI lines and the deadlines.
func (w *writer) planLines(d PlanData) {
	w.h1("report.lines_title")
	l := d.Lines
	w.p("report.lines_intro", "Count", l.total(), "Edition", d.Edition)
	row := func(key string, n int) []string {
		return []string{w.t(key), w.loc.Int(n), w.loc.Pct(ratio(n, l.total()), 0)}
	}
	rows := [][]string{row("report.line_done", l.Done), row("report.line_running", l.Running),
		row("report.line_planned", l.Planned), row("report.line_open", l.Open)}
	w.add(Table{Caption: w.t("report.tab_lines"), Columns: []Column{
		{Head: w.t("report.col_line_state"), Weight: 3}, {Head: w.t("report.col_line_count"), Align: Right, Weight: 1},
		{Head: w.t("report.col_share"), Align: Right, Weight: 1},
	}, Groups: []RowGroup{{Rows: rows}}})
	if l.NotApplicable > 0 {
		w.p("report.lines_na", "Count", l.NotApplicable)
	}
	if len(d.Deadlines) == 0 {
		return
	}
	w.add(Heading{Level: 2, Text: w.t("report.deadlines_title")})
	w.p("report.deadlines_intro")
	rows = nil
	for _, x := range d.Deadlines {
		rows = append(rows, []string{w.loc.Date(x.Date), dash(x.Code), x.Text, dash(x.State)})
	}
	w.add(Table{Caption: w.t("report.tab_deadlines"), Columns: []Column{
		{Head: w.t("report.col_date"), Weight: 1.1}, {Head: w.t("report.col_line"), Weight: 1.4},
		{Head: w.t("report.col_what"), Weight: 4}, {Head: w.t("figure.state"), Weight: 1.4},
	}, Groups: []RowGroup{{Rows: rows}}})
}
