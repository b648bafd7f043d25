package report

import (
	"slices"
	"strconv"
	"time"

	"traguardo/app/report/figure"
	"traguardo/plans"
)

// PlanData is everything that the report of the plan shows, with its progress.
type PlanData struct {
	Meta
	Act       string    // act of approval, e.g. "Delibera di Giunta n. 12"; empty: draft
	ActDate   time.Time // zero: draft
	Projects  []PlanProject
	LeftOut   []LeftOut
	Budget    []BudgetYear
	Lines     LineCounts
	Deadlines []Deadline // by date
}

// PlanProject is one micro-progetto. Cost and Spent are euro cents.
type PlanProject struct {
	Code, Title, Area string
	From, To          plans.Quarter // zero: not placed yet
	Cost, Spent       int64
	Days              float64  // staff days
	Lines             []string // codes of PTI lines, e.g. "CAP4.PA.01"
	Reasons           []string // why it is in the plan, whole sentences
	State             figure.TaskState
	StateName         string  // in words
	Progress          float64 // 0–1
	Owner             string  // office
}

// LeftOut is a candidate that did not enter, with the reason.
type LeftOut struct {
	Title  string
	Cost   int64
	Days   float64
	Reason string
}

// BudgetYear is one year of spending, euro cents; Limit below 0: none set,
// Spent below 0: nothing recorded.
type BudgetYear struct {
	Year                  int
	Planned, Limit, Spent int64
}

// LineCounts counts the PTI lines that bind this ente by their state.
type LineCounts struct{ Done, Running, Planned, Open, NotApplicable int }

// total returns the lines that apply.
func (l LineCounts) total() int { return l.Done + l.Running + l.Planned + l.Open }

// Deadline is a date of a PTI line or of a milestone.
type Deadline struct {
	Date  time.Time
	Code  string
	Text  string
	State string // in words, e.g. "in ritardo"
}

// ganttRows is the most projects of one Gantt figure.
const ganttRows = 20

// Plan builds the report of the plan with its progress in a language.
func (r *Reports) Plan(lang string, d PlanData) Document {
	w := r.writer(lang)
	sub := w.t("report.plan_draft", "Date", w.loc.Date(d.GeneratedOn))
	if d.Act != "" {
		sub = w.t("report.plan_approved", "Act", d.Act, "Date", w.loc.Date(d.ActDate))
	}
	doc := d.document(KindPlan, w.loc.Lang(), w.t("report.plan_title"), sub)
	w.planSummary(d)
	w.planBudget(d)
	w.planTimeline(d)
	w.planProjects(d)
	w.planReasons(d)
	w.planLines(d)
	w.method(d.Meta, w.t("report.method_plan_gain"), w.t("report.method_plan_cause"), w.t("report.method_plan_lines"))
	doc.Blocks = w.blocks
	return doc
}

func (w *writer) planSummary(d PlanData) {
	w.h1("report.summary")
	var cost, spent int64
	days, done, late := 0.0, 0, 0
	for _, p := range d.Projects {
		if p.State == figure.TaskCanceled {
			continue
		}
		cost, spent, days = cost+p.Cost, spent+max(p.Spent, 0), days+p.Days
		if p.State == figure.TaskDone {
			done++
		}
		if p.State == figure.TaskLate {
			late++
		}
	}
	n := active(d.Projects)
	if n == 0 {
		w.add(Paragraph{Size: Lead, Text: w.t("report.plan_empty", "Ente", d.Ente)})
	} else {
		w.add(Paragraph{Size: Lead, Text: w.t("report.plan_lead", "Ente", d.Ente, "Count", n,
			"Cost", w.loc.Euro(cost), "Days", w.loc.Num(days, 0))})
	}
	w.add(KeyFigures{Items: []KeyFigure{
		{w.t("report.key_projects"), w.loc.Int(n), w.t("report.key_projects_note", "Count", done)},
		{w.t("report.key_cost"), w.loc.Euro(cost), w.t("report.key_cost_note", "Spent", w.loc.Euro(spent))},
		{w.t("report.key_days"), w.loc.Num(days, 0), w.t("report.key_days_note")},
		{w.t("report.key_lines"), w.t("report.n_of", "N", d.Lines.Done, "Total", d.Lines.total()), w.t("report.key_lines_note")},
	}})
	var items []string
	if n > 0 {
		items = append(items, w.t("report.plan_sentence_progress", "Done", done, "Count", n))
	}
	if late > 0 {
		items = append(items, w.t("report.plan_sentence_late", "Count", late))
	}
	if len(d.LeftOut) > 0 {
		items = append(items, w.t("report.plan_sentence_out", "Count", len(d.LeftOut)))
	}
	if next := nextDeadline(d); next != nil {
		items = append(items, w.t("report.plan_sentence_next", "Date", w.loc.Date(next.Date), "Code", next.Code, "Text", next.Text))
	}
	if len(items) > 0 {
		w.add(List{Items: Items(items...)})
	}
}

// active counts the projects that were not given up.
func active(ps []PlanProject) int {
	n := 0
	for _, p := range ps {
		if p.State != figure.TaskCanceled {
			n++
		}
	}
	return n
}

// nextDeadline returns the first deadline on or after the date of the report.
func nextDeadline(d PlanData) *Deadline {
	for i := range d.Deadlines {
		if !d.Deadlines[i].Date.Before(d.GeneratedOn.Truncate(24 * time.Hour)) {
			return &d.Deadlines[i]
		}
	}
	return nil
}

// horizon returns the first quarter of the projects and how many quarters
// they span; 0 when none is placed.
func horizon(ps []PlanProject) (plans.Quarter, int) {
	var first, last plans.Quarter
	for _, p := range ps {
		if p.From.IsZero() || p.To.Sub(p.From) < 0 {
			continue
		}
		if first.IsZero() || p.From.Sub(first) < 0 {
			first = p.From
		}
		if last.IsZero() || p.To.Sub(last) > 0 {
			last = p.To
		}
	}
	if first.IsZero() {
		return first, 0
	}
	return first, last.Sub(first) + 1
}

func (w *writer) planTimeline(d PlanData) {
	w.h1("report.timeline_title")
	w.p("report.timeline_intro")
	first, quarters := horizon(d.Projects)
	now := plans.Quarter{Year: d.GeneratedOn.Year(), N: (int(d.GeneratedOn.Month())-1)/3 + 1}.Sub(first)
	if quarters == 0 || now < 0 || now >= quarters {
		now = -1
	}
	parts := slices.Collect(slices.Chunk(d.Projects, ganttRows))
	if len(parts) == 0 {
		parts = [][]PlanProject{nil}
	}
	for i, part := range parts {
		title := w.t("report.fig_gantt")
		if len(parts) > 1 {
			title = w.t("report.fig_gantt_part", "Part", strconv.Itoa(i+1), "Parts", strconv.Itoa(len(parts)))
		}
		in := figure.GanttData{Title: title, FirstYear: first.Year, FirstQuarter: first.N, Quarters: quarters, Now: now}
		for _, p := range part {
			row := figure.GanttRow{Label: p.Title, Start: 0, End: -1, State: p.State, Progress: p.Progress}
			if !p.From.IsZero() && p.To.Sub(p.From) >= 0 {
				row.Start, row.End = p.From.Sub(first), p.To.Sub(first)
			}
			in.Rows = append(in.Rows, row)
		}
		w.add(FigureBlock{w.draw.Gantt(in)})
	}
}

func (w *writer) planBudget(d PlanData) {
	w.h1("report.budget_title")
	in := figure.BudgetData{Title: w.t("report.fig_budget")}
	var rows [][]string
	over := 0
	for _, b := range d.Budget {
		in.Rows = append(in.Rows, figure.BudgetRow(b))
		rest := "–"
		if b.Limit >= 0 {
			rest = w.loc.Euro(b.Limit - b.Planned)
		}
		if b.Limit >= 0 && b.Planned > b.Limit {
			over++
		}
		rows = append(rows, []string{strconv.Itoa(b.Year), w.loc.Euro(b.Planned), w.euroOr(b.Limit), rest, w.euroOr(b.Spent)})
	}
	switch {
	case len(d.Budget) == 0:
		w.p("report.budget_none")
	case over > 0:
		w.p("report.budget_over", "Count", over)
	default:
		w.p("report.budget_within")
	}
	w.add(FigureBlock{w.draw.BudgetBars(in)}, Table{Caption: w.t("report.tab_budget"), Columns: []Column{
		{Head: w.t("figure.year")}, {Head: w.t("figure.planned"), Align: Right}, {Head: w.t("figure.limit"), Align: Right},
		{Head: w.t("report.col_rest"), Align: Right}, {Head: w.t("figure.spent"), Align: Right},
	}, Groups: []RowGroup{{Rows: rows}}})
}

// euroOr writes euro cents; below 0 there is no amount.
func (w *writer) euroOr(cents int64) string {
	if cents < 0 {
		return "–"
	}
	return w.loc.Euro(cents)
}
