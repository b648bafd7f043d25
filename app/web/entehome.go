package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/auth"
	"traguardo/app/service"
	"traguardo/app/storage"
	"traguardo/plans"
)

// enteHomeView is the page "ente/home": the percorso of an ente.
type enteHomeView struct {
	Chrome
	Steps   Steps
	Next    Next
	Figures []Tile // of the latest closed waves; none before
	Note    string // what the figures are
	Late    *Table // nil when nothing is late
	Tasks   *Table // of the reader's offices; nil for who is no office contact
	AllDone string // instead of Tasks, when every one is done
	Ahead   *deadlinesView
	Facts   []Tile

	base string
}

// showEnte handles GET /enti/:ente: the percorso, with one thing to do next.
func (s *Server) showEnte(c *fiber.Ctx) error {
	id, err := pathID(c, "ente")
	if err != nil {
		return err
	}
	h, err := s.svc.EnteHome(c.UserContext(), actor(c), id)
	if err != nil {
		return err
	}
	p := enteHomeView{Chrome: s.enteChrome(c, h.Place, "percorso.title", sectionHome), base: entePath(id)}
	p.Lead = p.T("percorso.lead")
	p.Steps = Steps{Label: p.T("percorso.title"), Steps: p.stepsOf(h)}
	p.Next = p.nextOf(h)
	p.Figures, p.Note = p.figuresOf(h.Areas)
	p.Late = p.lateOf(h.Late, h.Percorso)
	p.Tasks, p.AllDone = p.officeTasks(h)
	p.Ahead = p.aheadOf(h)
	p.Facts = p.factsOf(h)
	return c.Render("ente/home", p)
}

func (p enteHomeView) factsOf(h service.EnteHome) []Tile {
	e := h.Place.Ente
	facts := []Tile{
		{Label: p.T("percorso.population"), Value: p.Int(e.Population), Note: textIn(p.Lang(), e.Class().Label())},
		{Label: p.T("percorso.offices"), Value: p.Int(h.Percorso.Offices)},
		{Label: p.T("percorso.staff"), Value: p.Int(h.Percorso.Staff)},
	}
	if e.Population == 0 {
		facts[0] = Tile{Label: p.T("percorso.population"), Value: p.T("home.unknown"), Muted: true}
	}
	return facts
}

// stepPage is where a step is worked on, and who may go there.
func stepPage(s service.Step) (path string, action auth.Action) {
	switch s {
	case service.StepSetup:
		return "/impostazioni", auth.EnteEdit
	case service.StepExAnte:
		return "/valutazioni", auth.AssessmentView
	case service.StepResults:
		return "/risultati", auth.AssessmentView
	case service.StepPlan:
		return "/piano", auth.PlanView
	case service.StepTrack:
		return "/avanzamento", auth.TrackView
	case service.StepExPost:
		return "/valutazioni", auth.AssessmentView
	case service.StepImpact:
		return "/rapporti", auth.ReportIssue
	}
	return "", auth.EnteView
}

func (p enteHomeView) stepsOf(h service.EnteHome) []Step {
	out := make([]Step, 0, 7)
	for _, s := range service.Steps() {
		state := h.Percorso.State(s)
		step := Step{Name: p.T("percorso.step_" + string(s)), State: string(state), Note: p.stepNote(s, state, h.Percorso)}
		if path, action := stepPage(s); state != service.StepBlocked && h.Place.Can(action) {
			step.Href = p.base + path
		}
		out = append(out, step)
	}
	return out
}

// stepNote is the count or the day beside the state of a step.
func (p enteHomeView) stepNote(s service.Step, state service.StepState, w service.Percorso) string {
	switch s {
	case service.StepSetup:
		if w.Staff == 0 {
			return p.T("percorso.note_no_staff")
		}
		return p.T("percorso.note_staff", "Count", w.Staff)
	case service.StepExAnte:
		return p.waveNote(w.ExAnte)
	case service.StepResults:
		if at := w.ResultsAt(); !at.IsZero() {
			return p.T("percorso.note_on", "Date", p.Date(at))
		}
		return p.T("percorso.note_results_wait")
	case service.StepPlan:
		return p.planNote(w)
	case service.StepTrack:
		if !w.Approved() {
			return ""
		}
		note := p.T("percorso.note_finished", "N", w.Plan.Finished, "Total", w.Plan.Projects)
		if w.Late > 0 {
			note += "; " + p.T("percorso.note_late", "Count", w.Late)
		}
		return note
	case service.StepExPost:
		return p.exPostNote(state, w)
	case service.StepImpact:
		if state == service.StepDone {
			return p.T("percorso.note_impact")
		}
		return p.T("percorso.note_impact_wait")
	}
	return ""
}

// waveNote says how far the two instruments of a wave are.
func (p enteHomeView) waveNote(w storage.WaveProgress) string {
	var parts []string
	switch a := w.Assessment; {
	case a.State == "closed":
		parts = append(parts, p.T("percorso.note_assessment_closed", "Date", p.Date(a.ClosedAt)))
	case a.State == "open":
		parts = append(parts, p.T("percorso.note_assessment_open", "N", a.Answered, "Total", a.Indicators))
	case w.Survey.State != "":
		parts = append(parts, p.T("percorso.note_assessment_none"))
	}
	switch s := w.Survey; s.State {
	case "closed":
		parts = append(parts, p.T("percorso.note_survey_closed", "Date", p.Date(s.ClosedAt)))
	case "open":
		if rate := p.openRate(s); rate != "" {
			parts = append(parts, p.T("percorso.note_survey_rate", "Rate", rate, "Date", p.Date(s.ClosesAt)))
		} else {
			parts = append(parts, p.T("percorso.note_survey_open", "Date", p.Date(s.ClosesAt)))
		}
	case "draft":
		parts = append(parts, p.T("percorso.note_survey_draft"))
	default:
		if w.Assessment.State != "" {
			parts = append(parts, p.T("percorso.note_survey_none"))
		}
	}
	return strings.Join(parts, "; ")
}

func (p enteHomeView) planNote(w service.Percorso) string {
	switch {
	case w.Approved():
		return p.T("percorso.note_plan_approved", "Date", p.Date(w.Plan.ApprovedAt), "Count", w.Plan.Projects)
	case w.Plan.State == "proposed":
		return p.T("percorso.note_plan_proposed")
	case w.Plan.State != "":
		return p.T("percorso.note_plan_draft", "Count", w.Plan.Projects)
	case !w.AssessmentClosed():
		return p.T("percorso.note_plan_wait")
	default:
		return ""
	}
}

// exPostNote says from when a second measure makes sense, while none was begun.
func (p enteHomeView) exPostNote(state service.StepState, w service.Percorso) string {
	if state == service.StepCurrent || state == service.StepDone {
		return p.waveNote(w.ExPost)
	}
	from := w.ExPostFrom()
	switch {
	case from.IsZero():
		return p.T("percorso.note_expost_wait")
	case w.ExPostDue():
		return p.T("percorso.note_expost_now")
	case w.Today.Before(from):
		return p.T("percorso.note_expost_from", "Date", p.Date(from))
	default:
		return p.T("percorso.note_expost_projects")
	}
}

// nextPage is where the next thing is done; empty when there is nothing to do but wait.
func nextPage(n service.NextStep) string {
	switch n {
	case service.NextTasks:
		return "/attivita"
	case service.NextSetup:
		return "/impostazioni"
	case service.NextBegin, service.NextAssess, service.NextAssessClose, service.NextExPost, service.NextRebegin, service.NextReassess, service.NextReassessClose:
		return "/valutazioni"
	case service.NextSurvey, service.NextSurveyOpen, service.NextSurveyRuns, service.NextResurvey, service.NextResurveyOpen, service.NextResurveyRuns:
		return "/rilevazioni"
	case service.NextPlan, service.NextPlanEdit, service.NextPlanApprove, service.WaitApprove:
		return "/piano"
	case service.NextTrackLate, service.NextTrack, service.ReadTrack:
		return "/avanzamento"
	case service.NextImpact, service.WaitPlan, service.WaitExPost:
		return "/risultati"
	case service.WaitSetup, service.WaitBegin, service.WaitAssess, service.WaitClose, service.WaitSurvey:
		return ""
	}
	return ""
}

// nextOf is the one thing to do next for this role, with its numbers.
func (p enteHomeView) nextOf(h service.EnteHome) Next {
	key, w := "percorso.next_"+string(h.Next), h.Percorso
	wave := w.ExAnte
	if w.At() == service.StepExPost {
		wave = w.ExPost
	}
	n := Next{Title: p.T(key + "_title"), Text: p.T(key+"_text", "N", wave.Assessment.Answered, "Total", wave.Assessment.Indicators,
		"Date", p.Date(wave.Survey.ClosesAt), "Count", w.Late, "Done", w.Plan.Finished, "Projects", w.Plan.Projects)}
	if path := nextPage(h.Next); path != "" {
		n.Action, n.Href = p.T(key+"_action"), p.base+path
	}
	switch h.Next {
	case service.NextBegin, service.NextAssess:
		if wave.Survey.State == "" && h.Place.Can(auth.CampaignEdit) {
			n.Second, n.SecondHref = p.T("percorso.second_survey"), p.base+"/rilevazioni"
		}
	case service.NextSurvey, service.NextSurveyOpen, service.NextSurveyRuns:
		n.Second, n.SecondHref = p.T("percorso.second_plan"), p.base+"/piano"
	case service.NextTrack, service.NextTrackLate:
		n.Second, n.SecondHref = p.T("percorso.second_pti"), p.base+"/pti"
	default:
	}
	return n
}

func (p enteHomeView) lateOf(late []plans.MicroProject, w service.Percorso) *Table {
	if len(late) == 0 {
		return nil
	}
	t := Table{ID: "ritardi", Caption: p.T("percorso.late_title"), Hidden: true, Columns: []Column{{Label: p.T("percorso.late_project")},
		{Label: p.T("percorso.late_area")}, {Label: p.T("percorso.late_state")}, {Label: p.T("percorso.late_due")}}}
	for _, m := range late {
		state, due := p.T("percorso.late_to_end"), m.End()
		if m.StateOn(plans.DateOf(w.Today)) == plans.Planned {
			state, due = p.T("percorso.late_to_start"), m.Start
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: m.Title, Href: p.base + "/avanzamento"}, {Text: areaName(p.Localizer, m.Area)},
			{Badge: &Badge{Kind: KindWarning, Text: state}}, {Text: due.Label(p.Lang())}}})
	}
	return &t
}
