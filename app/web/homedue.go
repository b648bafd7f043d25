package web

import (
	"traguardo/app/auth"
	"traguardo/app/service"
	"traguardo/plans"
)

// homeTasks is how many tasks of an office its contact sees on the home.
const homeTasks = 10

// deadlinesView is the next deadlines of an ente on its home.
type deadlinesView struct {
	Rows    []deadlineRow
	Overdue string // how many have passed; empty when none has
	All     string // address of the whole calendar
}

// deadlineRow is one deadline: its day, how far off it is, and its page.
type deadlineRow struct {
	Date, ISO, Left string
	Soon            bool
	Kind            string
	Title, Href     string
}

// aheadOf words the next deadlines; nil for who may not follow the plan.
func (p enteHomeView) aheadOf(h service.EnteHome) *deadlinesView {
	if !h.Place.Can(auth.TrackView) {
		return nil
	}
	v := &deadlinesView{All: p.base + "/scadenze"}
	if h.Overdue > 0 {
		v.Overdue = p.T("percorso.overdue", "Count", h.Overdue)
	}
	today := plans.DateOf(h.Percorso.Today)
	words := &calendarPage{Chrome: p.Chrome}
	for _, d := range h.Ahead {
		left := today.DaysUntil(d.Date)
		row := deadlineRow{Date: d.Date.Italian(), ISO: d.Date.String(), Left: p.daysLeft(left), Soon: left <= soonDays}
		if d.Task != nil {
			row.Kind, row.Title, row.Href = p.T("percorso.kind_task"), d.Task.Title, p.base+"/attivita/"+d.Task.ID.String()
			if !h.Place.Can(auth.TaskUpdate) { // who only looks finds it on its micro-progetto
				row.Href = p.base + "/avanzamento/" + d.Task.ProjectID.String()
			}
		} else {
			day := words.calendarRow(p.base, d)
			row.Kind, row.Title, row.Href = day.Kind, day.Title, day.Href
		}
		if row.Href == "" {
			row.Href = v.All
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}

func (c Chrome) daysLeft(days int) string {
	if days == 0 {
		return c.T("percorso.today")
	}
	return c.T("percorso.days_left", "Count", days)
}

// officeTasks is the table of what the reader's offices have to do, or the
// sentence that all is done; neither for who is no office contact.
func (p enteHomeView) officeTasks(h service.EnteHome) (*Table, string) {
	if len(h.Place.Offices) == 0 {
		return nil, ""
	}
	if len(h.Tasks) == 0 {
		return nil, p.T("tasks.none_open")
	}
	today := plans.DateOf(h.Percorso.Today)
	t := &Table{ID: "attivita", Caption: p.T("tasks.title"), Hidden: true, Columns: []Column{{Label: p.T("track.task")}, {Label: p.T("percorso.late_project")},
		{Label: p.T("track.due")}, {Label: p.T("pti.filter_state")}}}
	for _, task := range h.Tasks[:min(len(h.Tasks), homeTasks)] {
		badge := p.taskBadge(task, today)
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: task.Title, Href: p.base + "/attivita/" + task.ID.String()}, {Text: task.ProjectTitle},
			{Text: dayText(task.Due)}, {Badge: &badge}}})
	}
	return t, ""
}
