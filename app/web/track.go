package web

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/report/figure"
	"traguardo/app/service"
	"traguardo/plans"
)

// boardPage is the page "track/board": where every micro-progetto stands.
type boardPage struct {
	Chrome
	Act     string // act of the approved plan
	Note    string // the plan is being amended, or is closed; may be empty
	Tiles   []Tile
	Columns []boardColumn
	Gantt   *Figure
	Sources Table
	Years   Table
	Empty   *Empty // nothing to track yet
}

// boardColumn is one state with its micro-progetti.
type boardColumn struct {
	ID, Title string
	Cards     []boardCard
}

// boardCard is one micro-progetto of the board.
type boardCard struct {
	Title, Href  string
	State        Badge
	When, Office string
	Milestones   string // how many are reached
	Money        string
	Over         string // how much over the limit; empty within it
	Next         string // next milestone
	NextLate     bool
	Steps        []stepLink
	Reason       string // of a suspension or a cancellation
}

// stepLink is one step that may be taken now.
type stepLink struct {
	Label, Href string
	Main        bool
}

// showBoard handles GET /enti/:ente/avanzamento.
func (s *Server) showBoard(c *fiber.Ctx) error {
	id, err := pathID(c, "ente")
	if err != nil {
		return err
	}
	b, err := s.svc.Board(c.UserContext(), actor(c), id)
	if err != nil {
		return err
	}
	p := boardPage{Chrome: s.enteChrome(c, b.Place, "track.title", sectionTrack)}
	p.Lead = p.T("track.lead")
	base := entePath(id)
	if !b.Approved {
		p.Empty = p.noPlan(base, b)
		return c.Render("track/board", p)
	}
	p.Act = p.T("track.act", "Type", b.Act.Type, "Number", b.Act.Number, "Date", b.Act.Date.Italian())
	switch b.Plan {
	case plans.Draft, plans.Proposed:
		p.Note = p.T("track.amending")
	case plans.Closed:
		p.Note = p.T("track.closed")
	case plans.Approved:
	}
	p.fillBoard(base, b)
	p.Sources, p.Years = p.sourceTable("fonti", b.Money), p.yearTable(b.Years)
	fig, err := newFigure("gantt", s.draw(c).Gantt(p.gantt(b)), p.T("track.gantt_note", "Date", b.Today.Italian()))
	if err != nil {
		return err
	}
	p.Gantt = &fig
	return c.Render("track/board", p)
}

// noPlan says what is missing before there is something to track.
func (p *boardPage) noPlan(base string, b service.Board) *Empty {
	e := &Empty{Title: p.T("track.no_plan_title"), Text: p.T("track.no_plan_text"), Action: p.T("track.no_plan_action"), Href: base + "/piano"}
	if b.Plan != "" {
		e.Title, e.Text, e.Action = p.T("track.not_approved_title"), p.T("track.not_approved_text"), p.T("track.not_approved_action")
	}
	return e
}

// fillBoard makes the columns: late ones first, then by state. Empty columns are left out.
func (p *boardPage) fillBoard(base string, b service.Board) {
	columns := []boardColumn{{ID: "late", Title: p.T("track.column_late")}}
	for _, st := range plans.States() {
		columns = append(columns, boardColumn{ID: string(st), Title: p.T("track.column_" + string(st))})
	}
	count := map[string]int{}
	for _, t := range b.Projects {
		key := string(t.State)
		if t.Late {
			key = "late"
		}
		count[key]++
		for i := range columns {
			if columns[i].ID == key {
				columns[i].Cards = append(columns[i].Cards, p.boardCard(base, t))
			}
		}
	}
	for _, col := range columns {
		if len(col.Cards) > 0 {
			p.Columns = append(p.Columns, col)
		}
	}
	p.Tiles = []Tile{
		{Label: p.T("track.tile_late"), Value: p.Int(count["late"]), Note: p.T("track.tile_late_note")},
		{Label: p.T("track.tile_running"), Value: p.Int(count[string(plans.Started)] + count[string(plans.Suspended)]), Note: p.T("track.tile_running_note", "Count", count[string(plans.Suspended)])},
		{Label: p.T("track.tile_done"), Value: p.Int(count[string(plans.Done)] + count[string(plans.Checked)]), Note: p.T("track.tile_done_note", "Count", count[string(plans.Checked)])},
		{Label: p.T("track.tile_spent"), Value: p.Euro(int64(b.Money.Paid)), Note: p.T("track.tile_spent_note", "Limit", p.Euro(int64(b.Money.Limit())))},
	}
}

func (p *boardPage) boardCard(base string, t service.Tracked) boardCard {
	m := &t.Project
	href := base + "/avanzamento/" + m.ID.String()
	card := boardCard{Title: m.Title, Href: href, State: projectBadge(p.Localizer, t.State, false), When: p.quarters(m.Sheet), Office: or(t.Office, p.T("track.no_office")),
		Money: p.T("track.spent_of", "Paid", p.Euro(int64(t.Money.Paid)), "Limit", p.Euro(int64(t.Money.Limit()))), Reason: p.stopReason(m)}
	if reached, of := m.Progress(); of > 0 {
		card.Milestones = p.T("track.milestones_of", "N", reached, "Of", of)
	}
	if t.Money.Overspent() {
		card.Over = p.T("track.over", "Euro", p.Euro(-int64(t.Money.Left())))
	}
	if t.Next != nil && m.Active() && !m.Finished() {
		card.Next, card.NextLate = p.T("track.next_milestone", "Title", t.Next.Title, "Date", t.Next.Due.Italian()), t.NextLate
	}
	card.Steps = p.steps(href, t.Allowed)
	return card
}

// quarters writes when a micro-progetto runs.
func (c Chrome) quarters(s plans.Sheet) string {
	if s.Duration() <= 1 {
		return s.Start.Label(c.Lang())
	}
	return s.Start.Label(c.Lang()) + " – " + s.End().Label(c.Lang())
}

// stopReason is why a micro-progetto stands still or was given up; empty otherwise.
func (c Chrome) stopReason(m *plans.MicroProject) string {
	switch m.State() {
	case plans.Suspended:
		f, _ := m.LastFact(plans.FactSuspend)
		return f.Reason
	case plans.Cancelled:
		f, _ := m.LastFact(plans.FactCancel)
		return f.Reason
	case plans.Planned, plans.Started, plans.Done, plans.Checked:
	}
	return ""
}

// steps are the steps that may be taken, the first one as the main button.
func (c Chrome) steps(href string, allowed []plans.FactKind) []stepLink {
	var out []stepLink
	for i, k := range allowed {
		out = append(out, stepLink{Label: c.T("track.step_" + string(k)), Href: href + "/stato/" + string(k), Main: i == 0})
	}
	return out
}

// gantt draws every micro-progetto over the quarters of the plan.
func (p *boardPage) gantt(b service.Board) figure.GanttData {
	in := figure.GanttData{Title: p.T("track.gantt"), Now: -1}
	var first, last plans.Quarter
	for _, t := range b.Projects {
		if first.IsZero() || t.Project.Start.Before(first) {
			first = t.Project.Start
		}
		if last.IsZero() || last.Before(t.Project.End()) {
			last = t.Project.End()
		}
	}
	if first.IsZero() {
		return in
	}
	in.FirstYear, in.FirstQuarter, in.Quarters = first.Year, first.N, last.Sub(first)+1
	if now := b.Today.Quarter().Sub(first); now >= 0 && now < in.Quarters {
		in.Now = now
	}
	for _, t := range b.Projects {
		row := figure.GanttRow{Label: t.Project.Title, Start: t.Project.Start.Sub(first), End: t.Project.End().Sub(first), State: ganttState(t)}
		if reached, of := t.Project.Progress(); of > 0 {
			row.Progress = float64(reached) / float64(of)
		}
		in.Rows = append(in.Rows, row)
	}
	return in
}

// ganttState is the state of a micro-progetto as the drawing tells them apart.
func ganttState(t service.Tracked) figure.TaskState {
	if t.Late {
		return figure.TaskLate
	}
	switch t.State {
	case plans.Started:
		return figure.TaskRunning
	case plans.Suspended:
		return figure.TaskSuspended
	case plans.Done, plans.Checked:
		return figure.TaskDone
	case plans.Cancelled:
		return figure.TaskCanceled
	case plans.Planned:
		return figure.TaskPlanned
	}
	return figure.TaskPlanned
}

// sourceTable is the money by source: planned, set aside, committed, paid.
func (c Chrome) sourceTable(id string, m plans.Money) Table {
	t := Table{ID: id, Caption: c.T("track.money_by_source"), Columns: []Column{{Label: c.T("track.source")}, {Label: c.T("track.planned"), Numeric: true},
		{Label: c.T("track.kind_budget"), Numeric: true}, {Label: c.T("track.kind_committed"), Numeric: true}, {Label: c.T("track.kind_paid"), Numeric: true}},
		Empty: c.T("track.no_money")}
	euro := func(v plans.Cents) Cell { return Cell{Text: c.Euro(int64(v))} }
	for _, r := range m.BySource {
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: c.T("track.source_" + string(r.Source))}, euro(r.Planned), euro(r.Budget), euro(r.Committed), euro(r.Paid)}})
	}
	if len(m.BySource) > 0 {
		t.Rows = append(t.Rows, Row{Strong: true, Cells: []Cell{{Text: c.T("pti.total")}, euro(m.Planned), euro(m.Budget), euro(m.Committed), euro(m.Paid)}})
	}
	return t
}

// yearTable is the money by calendar year.
func (p *boardPage) yearTable(years []service.YearMoney) Table {
	t := Table{ID: "anni", Caption: p.T("track.money_by_year"), Note: p.T("track.money_year_note"), Columns: []Column{{Label: p.T("figure.year")}, {Label: p.T("track.plan_budget"), Numeric: true},
		{Label: p.T("track.planned"), Numeric: true}, {Label: p.T("track.kind_committed"), Numeric: true}, {Label: p.T("track.kind_paid"), Numeric: true}}}
	for _, y := range years {
		limit := Cell{Text: "–", Muted: true}
		if y.HasLimit {
			limit = Cell{Text: p.Euro(int64(y.Limit))}
		}
		paid := Cell{Text: p.Euro(int64(y.Paid))}
		if y.HasLimit && max(y.Paid, y.Committed) > y.Limit {
			paid.Badge = &Badge{KindWarning, p.T("track.over_budget")}
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: strconv.Itoa(y.Year)}, limit, {Text: p.Euro(int64(y.Planned))}, {Text: p.Euro(int64(y.Committed))}, paid}})
	}
	return t
}
