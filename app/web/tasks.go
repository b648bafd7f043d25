package web

import (
	"context"
	"mime"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/auth"
	"traguardo/app/service"
	"traguardo/app/storage"
	"traguardo/plans"
	"traguardo/surveys"
)

// tasksPage is the page "track/tasks": what my office has to do.
type tasksPage struct {
	Chrome
	Tiles   []Tile // only for who sees every office
	Open    []taskCard
	Done    Table
	Empty   Empty
	Nothing bool // no task at all
}

// taskCard is one task still to be done.
type taskCard struct {
	Title, Href  string
	Project      string
	Office, When string
	State        Badge
	Note         string
}

// showTasks handles GET /enti/:ente/attivita.
func (s *Server) showTasks(c *fiber.Ctx) error {
	id, err := pathID(c, "ente")
	if err != nil {
		return err
	}
	l, err := s.svc.Tasks(c.UserContext(), actor(c), id)
	if err != nil {
		return err
	}
	title := "tasks.title"
	if l.All {
		title = "tasks.title_all"
	}
	p := tasksPage{Chrome: s.enteChrome(c, l.Place, title, sectionTasks), Nothing: len(l.Tasks) == 0}
	p.Lead = p.tasksLead(l)
	var open, done []storage.Task
	late, soon := 0, 0
	for _, t := range l.Tasks {
		switch {
		case t.Done():
			done = append(done, t)
			continue
		case t.Late(l.Today):
			late++
		case !t.Due.IsZero() && l.Today.DaysUntil(t.Due) <= soonDays:
			soon++
		}
		open = append(open, t)
	}
	if l.All {
		p.Tiles = []Tile{{Label: p.T("tasks.tile_late"), Value: p.Int(late)}, {Label: p.T("tasks.tile_soon"), Value: p.Int(soon), Note: p.T("tasks.tile_soon_note", "Count", soonDays)},
			{Label: p.T("tasks.tile_open"), Value: p.Int(len(open))}, {Label: p.T("tasks.tile_done"), Value: p.Int(len(done))}}
	}
	base := entePath(id)
	for _, t := range open {
		card := taskCard{Title: t.Title, Href: base + "/attivita/" + t.ID.String(), Project: t.ProjectTitle, State: p.taskBadge(t, l.Today), Note: t.Note}
		if !t.Due.IsZero() {
			card.When = p.T("pti.by", "By", t.Due.Italian())
		}
		if l.All || len(l.Offices) > 1 {
			card.Office = or(t.OfficeName, p.T("track.no_office"))
		}
		p.Open = append(p.Open, card)
	}
	p.Done = p.taskTable(base, done, l.Today, true, true)
	p.Done.ID, p.Done.Caption = "fatte", p.T("tasks.done")
	p.Empty = Empty{Title: p.T("tasks.empty_title"), Text: p.T("tasks.empty_text")}
	if l.All {
		p.Empty.Text, p.Empty.Action, p.Empty.Href = p.T("tasks.empty_text_all"), p.T("tasks.empty_action"), base+"/avanzamento"
	}
	return c.Render("track/tasks", p)
}

func (p *tasksPage) tasksLead(l service.TaskList) string {
	if l.All {
		return p.T("tasks.lead_all")
	}
	if len(l.Offices) == 0 {
		return p.T("tasks.lead_no_office")
	}
	var names []string
	for _, o := range l.Offices {
		names = append(names, o.Name)
	}
	return p.T("tasks.lead", "Offices", p.Join(names))
}

// taskPage is the page "track/task": one task, to be done, noted or proved.
type taskPage struct {
	Chrome
	Self     string
	State    Badge
	Facts    []pair
	Done     bool
	DoneText string
	Finish   []Field // while it is open
	Note     []Field // when it is done
	Lock     int     // version of the task that the page shows
	Proofs   proofsView
	Purpose  string
	Criteria string
	Edit     []Field // title, office and day; only for who may
	EditOpen bool
	Remove   *Confirm
	Project  string // address of the micro-progetto; empty for an office contact
}

// showTask handles GET /enti/:ente/attivita/:attivita.
func (s *Server) showTask(c *fiber.Ctx) error {
	p, err := s.taskPage(c, nil, evidenceForm{})
	if err != nil {
		return err
	}
	return c.Render("track/task", p)
}

func taskIDs(c *fiber.Ctx) (ente, task surveys.ID, err error) {
	if ente, err = pathID(c, "ente"); err != nil {
		return "", "", err
	}
	task, err = pathID(c, "attivita")
	return ente, task, err
}

func (s *Server) taskPage(c *fiber.Ctx, wrong []FieldError, form evidenceForm) (*taskPage, error) {
	ente, id, err := taskIDs(c)
	if err != nil {
		return nil, err
	}
	v, err := s.svc.TaskOf(c.UserContext(), actor(c), ente, id)
	if err != nil {
		return nil, err
	}
	base, t := entePath(ente), v.Task
	p := &taskPage{Chrome: s.enteChrome(c, v.Place, "", sectionTasks), Self: base + "/attivita/" + id.String(), Done: t.Done(), Lock: t.Version,
		Purpose: v.Purpose, Criteria: v.Criteria}
	p.Errors = wrong
	p.Title, p.Lead = t.Title, p.T("calendar.milestone_of", "Title", t.ProjectTitle)
	p.Breadcrumbs = append(p.Breadcrumbs, Link{Label: p.T("tasks.title"), Href: base + "/attivita"})
	p.State = p.taskBadge(t, v.Today)
	p.Facts = []pair{{p.T("track.due"), dayText(t.Due)}, {p.T("track.office"), or(t.OfficeName, p.T("track.no_office"))}}
	note := Field{Name: "nota", Type: "textarea", Rows: 3, Label: p.T("track.note"), Hint: p.T("tasks.note_hint"), MaxLength: service.MaxReasonText, Guard: true, Value: t.Note, Error: p.ErrorOf("nota")}
	if c.Method() == fiber.MethodPost && c.FormValue("nota") != "" {
		note.Value = c.FormValue("nota")
	}
	if t.Done() {
		p.DoneText = p.T("tasks.done_by", "Who", or(t.DoneByName, p.T("assess.someone")), "Date", t.DoneOn.Italian())
		p.Note = []Field{note}
	} else {
		p.Finish = []Field{{Name: "giorno", Type: "date", Label: p.T("tasks.done_day"), Required: true, Narrow: true, Max: v.Today.String(), Value: or(c.FormValue("giorno"), v.Today.String()), Error: p.ErrorOf("giorno")}, note}
	}
	p.fillTaskProofs(v, form)
	if v.Edit {
		p.Project = base + "/avanzamento/" + t.ProjectID.String()
		p.fillTaskEdit(c, v)
	}
	return p, nil
}

func (p *taskPage) fillTaskProofs(v service.TaskView, form evidenceForm) {
	p.Proofs = proofsView{Title: p.T("tasks.proofs"), Text: p.T("tasks.proofs_text"), None: p.T("proof.none"), Action: p.Self + "/prove", Form: p.proofFields(form),
		Open: p.anyError("tipo", "titolo", "data", "file", "indirizzo", "atto_tipo", "atto_numero", "scadenza")}
	for _, e := range v.Evidence {
		piece := p.proof(e, p.Self+"/allegati")
		if v.Mine(e) {
			piece.Revoke = &Confirm{Action: p.Self + "/prove/" + e.ID.String() + "/revoca", Ask: p.T("assess.revoke"), Title: p.T("assess.revoke_title", "Title", e.Title),
				Consequence: p.T("tasks.revoke_text"), Button: p.T("assess.revoke_button"), Danger: true}
		}
		p.Proofs.Pieces = append(p.Proofs.Pieces, piece)
	}
}

func (p *taskPage) fillTaskEdit(c *fiber.Ctx, v service.TaskView) {
	t := v.Task
	title, office, due := t.Title, t.Office.String(), t.Due.String()
	p.EditOpen = p.anyError("compito", "ufficio", "compito_entro")
	if p.EditOpen {
		title, office, due = c.FormValue("compito"), c.FormValue("ufficio"), c.FormValue("compito_entro")
	}
	p.Edit = p.taskFields(v.Offices, title, office, due)
	p.Remove = &Confirm{Action: p.Self + "/elimina", Ask: p.T("track.remove"), Title: p.T("tasks.remove_title"), Consequence: p.T("tasks.remove_text"), Button: p.T("track.remove_button"), Danger: true}
}

// onTask handles a POST on a task; to is where it leads afterwards.
func (s *Server) onTask(c *fiber.Ctx, form any, do taskWork, to func(ente, task surveys.ID) string, message string) error {
	ente, id, err := taskIDs(c)
	if err != nil {
		return err
	}
	return s.handle(c, form, work{
		Do:    func(ctx context.Context, who auth.Actor) error { return do(ctx, who, ente, id) },
		Again: func(wrong []FieldError) error { return s.taskAgain(c, wrong, evidenceForm{}) },
		Done:  func() error { return s.seeOther(c, to(ente, id), message) },
	})
}

// taskWork does something to a task of an ente.
type taskWork func(ctx context.Context, who auth.Actor, ente, task surveys.ID) error

func (s *Server) taskAgain(c *fiber.Ctx, wrong []FieldError, form evidenceForm) error {
	p, err := s.taskPage(c, wrong, form)
	if err != nil {
		return err
	}
	return s.invalid(c, "track/task", p)
}

func tasksPath(ente, _ surveys.ID) string         { return entePath(ente) + "/attivita" }
func taskPath(ente, task surveys.ID) string       { return entePath(ente) + "/attivita/" + task.String() }
func taskProofsPath(ente, task surveys.ID) string { return taskPath(ente, task) + "#prove" }

type taskDoneForm struct {
	On      string `form:"giorno" validate:"required,datetime=2006-01-02"`
	Note    string `form:"nota" validate:"max=4000"`
	Version int    `form:"version" validate:"min=0"`
}

// finishTask handles POST /enti/:ente/attivita/:attivita/fatta.
func (s *Server) finishTask(c *fiber.Ctx) error {
	var form taskDoneForm
	return s.onTask(c, &form, func(ctx context.Context, who auth.Actor, ente, id surveys.ID) error {
		return s.svc.FinishTask(ctx, who, ente, id, service.TaskDone{On: plans.DateOf(typedDay(form.On)), Note: form.Note, Version: form.Version})
	}, tasksPath, "tasks.finished")
}

type taskNoteForm struct {
	Note    string `form:"nota" validate:"max=4000"`
	Version int    `form:"version" validate:"min=0"`
}

// reopenTask handles POST /enti/:ente/attivita/:attivita/riapri.
func (s *Server) reopenTask(c *fiber.Ctx) error {
	var form taskNoteForm
	return s.onTask(c, &form, func(ctx context.Context, who auth.Actor, ente, id surveys.ID) error {
		return s.svc.ReopenTask(ctx, who, ente, id, form.Version)
	}, taskPath, "tasks.reopened")
}

// noteTask handles POST /enti/:ente/attivita/:attivita/nota.
func (s *Server) noteTask(c *fiber.Ctx) error {
	var form taskNoteForm
	return s.onTask(c, &form, func(ctx context.Context, who auth.Actor, ente, id surveys.ID) error {
		return s.svc.NoteTask(ctx, who, ente, id, form.Note, form.Version)
	}, taskPath, "tasks.noted")
}

// editTask handles POST /enti/:ente/attivita/:attivita/modifica.
func (s *Server) editTask(c *fiber.Ctx) error {
	var form taskForm
	return s.onTask(c, &form, func(ctx context.Context, who auth.Actor, ente, id surveys.ID) error {
		return s.svc.EditTask(ctx, who, ente, id, form.input())
	}, taskPath, "tasks.edited")
}

// removeTask handles POST /enti/:ente/attivita/:attivita/elimina.
func (s *Server) removeTask(c *fiber.Ctx) error {
	return s.onTask(c, nil, s.svc.RemoveTask, tasksPath, "tasks.removed")
}

// addTaskEvidence handles POST /enti/:ente/attivita/:attivita/prove.
func (s *Server) addTaskEvidence(c *fiber.Ctx) error {
	ente, id, err := taskIDs(c)
	if err != nil {
		return err
	}
	form, in, wrong, err := s.bindEvidence(c)
	if err != nil {
		return err
	}
	again := func(wrong []FieldError) error { return s.taskAgain(c, wrong, form) }
	if len(wrong) > 0 {
		return again(wrong)
	}
	return s.handle(c, nil, work{Again: again,
		Do:   func(ctx context.Context, who auth.Actor) error { return s.svc.AddTaskEvidence(ctx, who, ente, id, in) },
		Done: func() error { return s.seeOther(c, taskProofsPath(ente, id), "assess.piece_added") }})
}

// revokeTaskEvidence handles POST /enti/:ente/attivita/:attivita/prove/:prova/revoca.
func (s *Server) revokeTaskEvidence(c *fiber.Ctx) error {
	evidence, err := pathID(c, "prova")
	if err != nil {
		return err
	}
	return s.onTask(c, nil, func(ctx context.Context, who auth.Actor, ente, id surveys.ID) error {
		return s.svc.RevokeTaskEvidence(ctx, who, ente, id, evidence)
	}, taskProofsPath, "assess.piece_revoked_done")
}

// sendTaskFile handles GET /enti/:ente/attivita/:attivita/allegati/:file.
func (s *Server) sendTaskFile(c *fiber.Ctx) error {
	ente, id, err := taskIDs(c)
	if err != nil {
		return err
	}
	file, err := pathID(c, "file")
	if err != nil {
		return err
	}
	f, err := s.svc.TaskFile(c.UserContext(), actor(c), ente, id, file)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, f.ContentType)
	c.Set(fiber.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}))
	c.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	return c.Send(f.Content)
}
