package web

import (
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/report/figure"
	"traguardo/app/service"
	"traguardo/plans"
)

// ganttRows is the most micro-progetti of one drawing; more make a second one.
const ganttRows = 30

// planFigures draws the calendar of the plan, its money by year and its days by quarter.
func (s *Server) planFigures(c *fiber.Ctx, p Chrome, v service.PlanView) ([]Figure, error) {
	if len(v.In) == 0 {
		return nil, nil
	}
	plan := v.Plan()
	var out []Figure
	add := func(id string, f figure.Figure, note string) error {
		drawn, err := newFigure(id, f, note)
		out = append(out, drawn)
		return err
	}
	rows := slices.Clone(v.In)
	slices.SortStableFunc(rows, func(a, b service.PlanRow) int { return a.Project.Start.Sub(b.Project.Start) })
	parts := (len(rows) + ganttRows - 1) / ganttRows
	for i := range parts {
		title := p.T("plan.gantt_title")
		if parts > 1 {
			title = p.T("plan.gantt_part", "Part", strconv.Itoa(i+1), "Parts", strconv.Itoa(parts))
		}
		part := rows[i*len(rows)/parts : (i+1)*len(rows)/parts]
		if err := add("calendario-"+strconv.Itoa(i+1), s.draw(c).Gantt(p.gantt(v, title, part)), p.T("plan.gantt_note")); err != nil {
			return nil, err
		}
	}
	money := figure.BudgetData{Title: p.T("plan.budget_title")}
	for _, y := range v.Years {
		money.Rows = append(money.Rows, figure.BudgetRow{Year: y.Year, Planned: y.Used, Limit: y.Limit, Spent: -1})
	}
	if err := add("spesa", s.draw(c).BudgetBars(money), p.T("plan.budget_note")); err != nil {
		return nil, err
	}
	days := figure.CapacityData{Title: p.T("plan.capacity_title")}
	for _, q := range v.Quarters {
		days.Rows = append(days.Rows, figure.CapacityRow{Label: p.T("figure.quarter", "Q", strconv.Itoa(q.Quarter.N)) + " " + strconv.Itoa(q.Quarter.Year),
			Used: int(q.Used), Limit: int(q.Limit)})
	}
	return out, add("giornate", s.draw(c).CapacityBars(days), p.T("plan.capacity_note", "Count", plan.Quarters))
}

func (p Chrome) gantt(v service.PlanView, title string, rows []service.PlanRow) figure.GanttData {
	plan := v.Plan()
	in := figure.GanttData{Title: title, FirstYear: plan.Start.Year, FirstQuarter: plan.Start.N, Quarters: plan.Quarters,
		Now: nowIn(v.Today, plan)}
	for _, r := range rows {
		m := r.Project
		row := figure.GanttRow{Label: m.Title, Start: 0, End: -1, State: service.TaskStateOf(m, v.Today)}
		if !m.Start.IsZero() {
			row.Start, row.End = m.Start.Sub(plan.Start), m.End().Sub(plan.Start)
		}
		in.Rows = append(in.Rows, row)
	}
	return in
}

// nowIn is today's quarter in the drawing; −1 when the plan does not hold it.
func nowIn(today plans.Date, plan plans.Plan) int {
	if now := today.Quarter().Sub(plan.Start); now >= 0 && now < plan.Quarters {
		return now
	}
	return -1
}
