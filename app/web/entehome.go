package web

import (
	"github.com/gofiber/fiber/v2"

	"traguardo/app/auth"
	"traguardo/app/service"
	"traguardo/app/storage"
)

// enteHomeView is the page "ente/home": the percorso of an ente.
type enteHomeView struct {
	Chrome
	Steps Steps
	Next  Next
	Facts []Tile
}

// showEnte handles GET /enti/:ente: the percorso, with one thing to do next.
func (s *Server) showEnte(c *fiber.Ctx) error {
	id, err := pathID(c, "ente")
	if err != nil {
		return err
	}
	place, progress, err := s.svc.EnteHome(c.UserContext(), actor(c), id)
	if err != nil {
		return err
	}
	p := enteHomeView{Chrome: s.enteChrome(c, place, "percorso.title", sectionHome)}
	p.Lead = p.T("percorso.lead")
	p.Steps = Steps{Label: p.T("percorso.title"), Steps: p.stepsOf(place, progress)}
	p.Next = p.nextOf(place, progress)
	p.Facts = []Tile{
		{Label: p.T("percorso.population"), Value: p.Int(place.Ente.Population), Note: textIn(p.Lang(), place.Ente.Class().Label())},
		{Label: p.T("percorso.offices"), Value: p.Int(progress.Offices)},
		{Label: p.T("percorso.staff"), Value: p.Int(progress.Staff)},
	}
	if place.Ente.Population == 0 {
		p.Facts[0] = Tile{Label: p.T("percorso.population"), Value: p.T("home.unknown"), Muted: true}
	}
	return c.Render("ente/home", p)
}

// stepsOf derives the state of each step from what is stored.
func (p enteHomeView) stepsOf(place service.Place, st storage.EnteProgress) []Step {
	stages := []string{stageSetup, stageExAnte, "results", stagePlan, stageTrack, stageExPost, stageCompare}
	paths := []string{"/impostazioni", "/valutazioni", "/risultati", "/piano", "/avanzamento", "/rilevazioni", "/rapporti"}
	actions := []auth.Action{auth.EnteEdit, auth.AssessmentView, auth.AssessmentView, auth.PlanView, auth.TrackView, auth.CampaignView, auth.ReportIssue}
	at, passed := stageOf(st), true
	out := make([]Step, 0, len(stages))
	for i, stage := range stages {
		step := Step{Name: p.T("percorso.step_" + stage), State: StepTodo}
		switch {
		case stage == at:
			step.State, passed = StepCurrent, false
		case passed:
			step.State = StepDone
		}
		if stage == "results" && st.Assessment != "closed" && st.Survey != "closed" {
			step.State = StepBlocked
		}
		if place.Can(actions[i]) && step.State != StepBlocked {
			step.Href = entePath(place.Ente.ID) + paths[i]
		}
		out = append(out, step)
	}
	return out
}

// nextOf is the one thing to do next for this role.
func (p enteHomeView) nextOf(place service.Place, st storage.EnteProgress) Next {
	base := entePath(place.Ente.ID)
	n := Next{Title: p.T("percorso.next_" + stageOf(st) + "_title"), Text: p.T("percorso.next_" + stageOf(st) + "_text"), Action: p.T("percorso.next_" + stageOf(st) + "_action")}
	switch stageOf(st) {
	case stageSetup:
		n.Href = base + "/impostazioni"
	case stageExAnte:
		n.Href = base + "/valutazioni"
	case stagePlan:
		n.Href = base + "/piano"
	case stageTrack:
		n.Href = base + "/avanzamento"
	case stageExPost:
		n.Href = base + "/valutazioni"
	case stageCompare:
		n.Href = base + "/risultati"
	}
	if stageOf(st) == stageSetup && !place.Can(auth.EnteEdit) {
		return Next{Title: p.T("percorso.next_wait_title"), Text: p.T("percorso.next_wait_text")}
	}
	if !place.Can(auth.AssessmentView) {
		return Next{Title: p.T("percorso.next_tasks_title"), Text: p.T("percorso.next_tasks_text"), Action: p.T("percorso.next_tasks_action"), Href: base + "/attivita"}
	}
	return n
}
