package web

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/auth"
	"traguardo/app/service"
	"traguardo/app/storage"
	"traguardo/plans"
)

// trackedPage is the page "track/project": one micro-progetto and what happened to it.
type trackedPage struct {
	Chrome
	Self       string
	State      Badge
	Late       bool
	Steps      []stepLink
	Reason     string // of a suspension or a cancellation
	Facts      []pair
	Purpose    string
	Criterion  string
	Happened   []happened
	Milestones []milestoneView
	AddMile    []Field // none when the reader may not edit
	MileOpen   bool
	Propose    bool // the catalogue has steps to propose
	Tasks      Table
	AddTask    []Field
	TaskOpen   bool
	Money      []Tile
	Over       string
	Expenses   Table
	AddExpense []Field
	SpendOpen  bool
	Proofs     proofsView
	Lines      []Link
	Funding    Table
	History    []historyView
}

// happened is one dated fact.
type happened struct{ When, What, Reason string }

// milestoneView is one milestone with what may be done with it.
type milestoneView struct {
	Title, When string
	State       Badge
	Reach       *Confirm
	Remove      *Confirm
	Undo        string // address that takes the reaching back; empty when it cannot
}

// showTracked handles GET /enti/:ente/avanzamento/:progetto.
func (s *Server) showTracked(c *fiber.Ctx) error {
	p, err := s.trackedPage(c, nil, evidenceForm{})
	if err != nil {
		return err
	}
	return c.Render("track/project", p)
}

// trackedPage makes the page of the micro-progetto of the address; what was typed
// in a refused form is read back from the request.
func (s *Server) trackedPage(c *fiber.Ctx, wrong []FieldError, form evidenceForm) (*trackedPage, error) {
	ente, id, err := projectIDs(c)
	if err != nil {
		return nil, err
	}
	v, err := s.svc.ProjectOf(c.UserContext(), actor(c), ente, id)
	if err != nil {
		return nil, err
	}
	base := entePath(ente)
	m := &v.Tracked.Project
	p := &trackedPage{Chrome: s.enteChrome(c, v.Place, "", sectionTrack), Self: base + "/avanzamento/" + id.String(),
		State: projectBadge(s.texter(c), v.Tracked.State, false), Late: v.Tracked.Late, Purpose: m.Purpose, Criterion: m.Acceptance}
	p.Errors = wrong
	p.Title = m.Title
	p.Breadcrumbs = append(p.Breadcrumbs, Link{Label: p.T("track.title"), Href: base + "/avanzamento"})
	p.Steps, p.Reason = p.steps(p.Self, v.Tracked.Allowed), p.stopReason(m)
	p.Facts = p.projectFacts(v)
	for _, f := range slices.Backward(m.Facts) {
		p.Happened = append(p.Happened, happened{When: f.On.Italian(), What: p.T("track.fact_" + string(f.Kind)), Reason: f.Reason})
	}
	edit := v.Place.Can(auth.TrackEdit) && v.Approved
	p.fillMilestones(c, v, edit)
	p.fillTasks(c, base, v, edit)
	p.fillMoney(c, v, edit)
	p.fillProofs(c, base, v, edit, form)
	for _, code := range m.Lines {
		p.Lines = append(p.Lines, Link{Label: code, Href: base + "/pti/linee/" + code})
	}
	p.fillProjectFunding(v)
	p.History = p.history(v.History)
	return p, nil
}

func (p *trackedPage) projectFacts(v service.ProjectView) []pair {
	m := &v.Tracked.Project
	out := []pair{{p.T("track.when"), p.quarters(m.Sheet)}, {p.T("pti.filter_area"), areaName(p.Localizer, m.Area)},
		{p.T("track.office"), or(v.Tracked.Office, p.T("track.no_office"))}}
	if m.Owner != "" {
		out = append(out, pair{p.T("track.owner"), m.Owner})
	}
	out = append(out, pair{p.T("track.days"), p.Int(m.Days())})
	if m.CUP != "" {
		out = append(out, pair{p.T("track.cup"), m.CUP})
	}
	return out
}

// anyError says whether one of these fields is at fault.
func (c Chrome) anyError(fields ...string) bool {
	return slices.ContainsFunc(fields, func(f string) bool { return c.ErrorOf(f) != "" })
}

func (p *trackedPage) fillMilestones(c *fiber.Ctx, v service.ProjectView, edit bool) {
	today := v.Today.String()
	for _, m := range v.Tracked.Project.Milestones {
		view := milestoneView{Title: m.Title, When: p.T("pti.by", "By", m.Due.Italian()), State: Badge{KindNeutral, p.T("track.mile_open")}}
		path := p.Self + "/tappe/" + m.ID.String()
		switch {
		case !m.DoneOn.IsZero():
			view.State = Badge{KindOK, p.T("track.mile_reached", "Date", m.DoneOn.Italian())}
			if edit {
				view.Undo = path + "/riapri"
			}
		case m.Late(v.Today):
			view.State = Badge{KindError, p.T("track.state_late")}
		}
		if edit && m.DoneOn.IsZero() {
			name := "raggiunta-" + m.ID.String()
			view.Reach = &Confirm{Action: path + "/raggiunta", Ask: p.T("track.mile_reach"), Title: p.T("track.mile_reach_title"), Consequence: p.T("track.mile_reach_text", "Title", m.Title), Button: p.T("track.mile_reach_button"),
				Fields: []Field{{Name: name, Type: "date", Label: p.T("track.step_day"), Required: true, Narrow: true, Max: today, Value: or(c.FormValue(name), today), Error: p.ErrorOf(name)}}}
			view.Remove = &Confirm{Action: path + "/elimina", Ask: p.T("track.remove"), Title: p.T("track.mile_remove_title"), Consequence: p.T("track.mile_remove_text", "Title", m.Title), Button: p.T("track.remove_button"), Danger: true}
		}
		p.Milestones = append(p.Milestones, view)
	}
	if !edit {
		return
	}
	p.Propose = len(p.Milestones) == 0 && v.Tracked.Project.Template != ""
	p.MileOpen = p.anyError("tappa", "entro")
	p.AddMile = []Field{
		{Name: "tappa", Label: p.T("track.mile_title"), Hint: p.T("track.mile_title_hint"), Required: true, MaxLength: service.MaxTrackTitle, Value: c.FormValue("tappa"), Error: p.ErrorOf("tappa")},
		{Name: "entro", Type: "date", Label: p.T("track.due"), Required: true, Narrow: true, Value: c.FormValue("entro"), Error: p.ErrorOf("entro")},
	}
}

func (p *trackedPage) fillTasks(c *fiber.Ctx, base string, v service.ProjectView, edit bool) {
	p.Tasks = p.taskTable(base, v.Tasks, v.Today, edit, false)
	if !edit {
		return
	}
	p.TaskOpen = p.anyError("compito", "ufficio", "compito_entro")
	p.AddTask = p.taskFields(v.Offices, c.FormValue("compito"), c.FormValue("ufficio"), c.FormValue("compito_entro"))
}

// taskFields is the form of a task as the RTD types it.
func (c Chrome) taskFields(offices []storage.Office, title, office, due string) []Field {
	options := []Option{{Value: "", Label: c.T("track.no_office")}}
	for _, o := range offices {
		options = append(options, Option{Value: o.ID.String(), Label: o.Name})
	}
	return []Field{
		{Name: "compito", Label: c.T("track.task_title"), Hint: c.T("track.task_title_hint"), Required: true, MaxLength: service.MaxTrackTitle, Value: title, Error: c.ErrorOf("compito")},
		{Name: "ufficio", Type: "select", Label: c.T("track.office"), Hint: c.T("track.task_office_hint"), Required: true, Options: chosen(options, office), Error: c.ErrorOf("ufficio")},
		{Name: "compito_entro", Type: "date", Label: c.T("track.due"), Narrow: true, Value: due, Error: c.ErrorOf("compito_entro")},
	}
}

func (p *trackedPage) fillMoney(c *fiber.Ctx, v service.ProjectView, edit bool) {
	m := v.Tracked.Money
	euro := func(v plans.Cents) string { return p.Euro(int64(v)) }
	limit := p.T("track.limit_planned")
	if m.Budget > 0 {
		limit = p.T("track.limit_budget")
	}
	p.Money = []Tile{{Label: limit, Value: euro(m.Limit())}, {Label: p.T("track.kind_committed"), Value: euro(m.Committed)},
		{Label: p.T("track.kind_paid"), Value: euro(m.Paid)}, {Label: p.T("track.left"), Value: euro(m.Left())}}
	if m.Overspent() {
		p.Over = p.T("track.over_text", "Euro", euro(-m.Left()))
	}
	p.Expenses = p.expenseTable(v)
	if !edit {
		return
	}
	p.SpendOpen = p.anyError("spesa", "importo", "giorno", "fonte", "cup", "nota")
	kinds := []Option{{Value: "budget", Label: p.T("track.kind_budget"), Hint: p.T("track.kind_hint_budget")}, {Value: "committed", Label: p.T("track.kind_committed"), Hint: p.T("track.kind_hint_committed")}, {Value: "paid", Label: p.T("track.kind_paid"), Hint: p.T("track.kind_hint_paid")}}
	var sources []Option
	for _, s := range plans.Sources() {
		sources = append(sources, Option{Value: string(s), Label: p.T("track.source_" + string(s))})
	}
	p.AddExpense = []Field{
		{Name: "spesa", Type: "radio", Label: p.T("track.expense_kind"), Required: true, Options: chosen(kinds, c.FormValue("spesa")), Error: p.ErrorOf("spesa")},
		{Name: "importo", Label: p.T("track.amount"), Hint: p.T("track.amount_hint"), Required: true, Narrow: true, InputMode: "decimal", Unit: "€", MaxLength: 20, Value: c.FormValue("importo"), Error: p.ErrorOf("importo")},
		{Name: "giorno", Type: "date", Label: p.T("track.expense_day"), Required: true, Narrow: true, Max: v.Today.String(), Value: c.FormValue("giorno"), Error: p.ErrorOf("giorno")},
		{Name: "fonte", Type: "select", Label: p.T("track.source"), Required: true, Options: chosen(sources, or(c.FormValue("fonte"), string(plans.Own))), Error: p.ErrorOf("fonte")},
		{Name: "cup", Label: p.T("track.cup"), Hint: p.T("track.cup_hint"), Narrow: true, MaxLength: 15, Value: or(c.FormValue("cup"), v.Tracked.Project.CUP), Error: p.ErrorOf("cup")},
		{Name: "nota", Label: p.T("track.note"), Hint: p.T("track.expense_note_hint"), MaxLength: 500, Value: c.FormValue("nota"), Error: p.ErrorOf("nota")},
		{Name: "storno", Type: "checkbox", Label: p.T("track.correct"), Hint: p.T("track.correct_hint"), Checked: c.FormValue("storno") != ""},
	}
}

func (p *trackedPage) expenseTable(v service.ProjectView) Table {
	t := Table{ID: "spese", Caption: p.T("track.expenses"), Hidden: true, Empty: p.T("track.no_expenses"), Columns: []Column{{Label: p.T("track.day")}, {Label: p.T("track.expense_kind")},
		{Label: p.T("track.amount"), Numeric: true}, {Label: p.T("track.source")}, {Label: p.T("track.cup")}, {Label: p.T("track.note")}}}
	for _, e := range v.Tracked.Project.Expenses {
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: e.Date.Italian()}, {Text: p.T("track.kind_" + string(e.Kind))}, {Text: p.Euro(int64(e.Cents))},
			{Text: p.T("track.source_" + string(e.Source))}, {Text: or(e.CUP, "–")}, {Text: or(e.Note, "–")}}})
	}
	return t
}

// fillProofs makes the box of evidence; each piece may also prove one of the
// indicators that the micro-progetto acts on.
func (p *trackedPage) fillProofs(c *fiber.Ctx, base string, v service.ProjectView, edit bool, form evidenceForm) {
	options := []Option{{Value: "", Label: p.T("proof.serve_none")}}
	for _, e := range v.Tracked.Project.Effects {
		options = append(options, Option{Value: e.Indicator, Label: p.T("proof.serve_level", "Code", e.Indicator, "Level", int(e.To))})
	}
	p.Proofs = proofsView{Title: p.T("proof.title"), Text: p.T("proof.project_text"), None: p.T("proof.none"), Action: p.Self + "/prove",
		Open: p.anyError("tipo", "titolo", "data", "file", "indirizzo", "atto_tipo", "atto_numero", "scadenza", "indicatore")}
	for _, e := range v.Evidence {
		piece := p.proof(e, base+"/allegati")
		if e.Indicator != "" {
			piece.Indicator = p.T("proof.serves", "Code", e.Indicator)
		}
		if edit && !e.Revoked {
			name := "indicatore-" + e.ID.String()
			if len(options) > 1 {
				piece.Serve = &Field{Name: name, Type: "select", Label: p.T("proof.serve_label"), Required: true, Options: chosen(options, e.Indicator)}
				piece.ServeHref = p.Self + "/prove/" + e.ID.String() + "/indicatore"
			}
			piece.Revoke = p.revokeProof(p.Self+"/prove/"+e.ID.String()+"/revoca", e)
		}
		p.Proofs.Pieces = append(p.Proofs.Pieces, piece)
	}
	if !edit {
		return
	}
	p.Proofs.Form = p.proofFields(form)
	if len(options) > 1 {
		at := c.FormValue("indicatore")
		if c.Method() == fiber.MethodGet && len(options) == 2 {
			at = options[1].Value // offered, and can be taken off
		}
		p.Proofs.Form = append(p.Proofs.Form, Field{Name: "indicatore", Type: "select", Label: p.T("proof.serve_label"), Hint: p.T("proof.serve_hint"), Required: true, Options: chosen(options, at), Error: p.ErrorOf("indicatore")})
	}
}

// revokeProof is the question before a piece counts no more.
func (c Chrome) revokeProof(action string, e storage.Evidence) *Confirm {
	q := &Confirm{Action: action, Ask: c.T("assess.revoke"), Title: c.T("assess.revoke_title", "Title", e.Title), Consequence: c.T("proof.revoke_text"), Button: c.T("assess.revoke_button"), Danger: true}
	if e.FileID != "" {
		q.Fields = []Field{{Name: "elimina-" + e.ID.String(), Type: "checkbox", Label: c.T("assess.revoke_file")}}
	}
	return q
}

func (p *trackedPage) fillProjectFunding(v service.ProjectView) {
	p.Funding = Table{ID: "padigitale", Caption: p.T("track.funding"), Columns: []Column{{Label: p.T("funding.col_platform")}, {Label: p.T("funding.col_measure")},
		{Label: p.T("funding.col_state")}, {Label: p.T("funding.col_amount"), Numeric: true}, {Label: p.T("funding.col_data")}}}
	f := ptiFundingView{Chrome: p.Chrome}
	for _, r := range v.Funding {
		state := f.fundingBadge(r.State)
		p.Funding.Rows = append(p.Funding.Rows, Row{Cells: []Cell{{Text: textIn(p.Lang(), r.Platform.Label())}, {Text: r.Measure}, {Badge: &state}, {Text: p.Euro(r.AmountCents)}, {Text: p.Date(r.DataAsOf)}}})
	}
}

// soonDays is how long before its day a task is said to fall due soon.
const soonDays = 14

// taskTable lists tasks, with their micro-progetto where the page is not of one.
func (c Chrome) taskTable(base string, tasks []storage.Task, today plans.Date, link, withProject bool) Table {
	t := Table{ID: "attivita", Caption: c.T("track.tasks_list"), Hidden: true, Empty: c.T("track.no_tasks"), Columns: []Column{{Label: c.T("track.task")}}}
	if withProject {
		t.Columns = append(t.Columns, Column{Label: c.T("figure.project")})
	}
	t.Columns = append(t.Columns, Column{Label: c.T("track.office")}, Column{Label: c.T("track.due")}, Column{Label: c.T("figure.state")})
	for _, task := range tasks {
		title := Cell{Text: task.Title}
		if link {
			title.Href = base + "/attivita/" + task.ID.String()
		}
		cells := []Cell{title}
		if withProject {
			cells = append(cells, Cell{Text: task.ProjectTitle})
		}
		state := c.taskBadge(task, today)
		t.Rows = append(t.Rows, Row{Cells: append(cells, Cell{Text: or(task.OfficeName, c.T("track.no_office"))}, Cell{Text: dayText(task.Due)}, Cell{Badge: &state})})
	}
	return t
}

func (c Chrome) taskBadge(t storage.Task, today plans.Date) Badge {
	switch {
	case t.Done():
		return Badge{KindOK, c.T("track.task_done_on", "Date", t.DoneOn.Italian())}
	case t.Late(today):
		return Badge{KindError, c.T("track.state_late")}
	case t.Due == today:
		return Badge{KindWarning, c.T("track.task_today")}
	case !t.Due.IsZero() && today.DaysUntil(t.Due) <= soonDays:
		return Badge{KindWarning, c.T("track.task_soon", "Count", today.DaysUntil(t.Due))}
	default:
		return Badge{KindNeutral, c.T("track.task_todo")}
	}
}
