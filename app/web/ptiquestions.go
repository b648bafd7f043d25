package web

import (
	"github.com/gofiber/fiber/v2"

	"traguardo/app/auth"
	"traguardo/app/service"
	"traguardo/plans/pti"
)

// ptiQuestionsView is the page "pti/questions": what the registry cannot tell.
type ptiQuestionsView struct {
	Chrome
	Tabs     Tabs
	Edit     bool
	Open     []ptiQuestion // that wait for an answer
	Answered []ptiQuestion
	Done     Empty // nothing waits
}

// ptiQuestion is one condition, what hangs on it, and the answer.
type ptiQuestion struct {
	ID, Text string
	Answer   string // in words; empty while open
	Effect   string // which lines hang on it
	Action   string
	Lines    []Link
}

// showPTIQuestions handles GET /enti/:ente/pti/domande.
func (s *Server) showPTIQuestions(c *fiber.Ctx) error {
	id, err := pathID(c, "ente")
	if err != nil {
		return err
	}
	v, err := s.svc.PTI(c.UserContext(), actor(c), id)
	if err != nil {
		return err
	}
	base := entePath(id)
	p := ptiQuestionsView{Chrome: s.enteChrome(c, v.Place, "pti.questions_title", sectionPTI), Edit: v.Place.Can(auth.TrackEdit)}
	p.Lead = p.T("pti.questions_lead")
	p.Breadcrumbs = append(p.Breadcrumbs, Link{Label: p.T("pti.title"), Href: base + "/pti"})
	p.Tabs = p.ptiTabs(base, "/pti/domande", len(v.Open))
	for _, q := range v.Open {
		p.Open = append(p.Open, p.question(base, v, q.Condition, q.Lines))
	}
	for _, cond := range v.Edition.Conditions {
		answer, ok := v.Answers[cond.ID]
		if !ok {
			continue
		}
		q := p.question(base, v, cond, linesAsking(v, cond.ID))
		q.Answer = p.T("pti.answer_no")
		if answer {
			q.Answer = p.T("pti.answer_yes")
		}
		p.Answered = append(p.Answered, q)
	}
	p.Done = Empty{Title: p.T("pti.questions_done_title"), Text: p.T("pti.questions_done_text"), Action: p.T("pti.tab_lines"), Href: base + "/pti"}
	return c.Render("pti/questions", p)
}

// linesAsking are the lines whose rule asks a condition, answered or not.
func linesAsking(v service.PTIView, condition string) []string {
	var out []string
	for _, l := range v.Lines {
		if l.Line.Rule.Ask == condition {
			out = append(out, l.Line.Code)
		}
	}
	return out
}

func (p *ptiQuestionsView) question(base string, v service.PTIView, cond pti.Condition, codes []string) ptiQuestion {
	q := ptiQuestion{ID: cond.ID, Text: textIn(p.Lang(), cond.Question), Action: base + "/pti/domande/" + cond.ID,
		Effect: p.T("pti.question_effect", "Count", len(codes))}
	for _, code := range codes {
		if l, ok := v.Edition.Line(code); ok {
			q.Lines = append(q.Lines, Link{Label: code + " – " + textIn(p.Lang(), l.Title), Href: base + "/pti/linee/" + code})
		}
	}
	if len(codes) == 0 {
		q.Effect = p.T("pti.question_calendar")
	}
	return q
}

type ptiAnswerForm struct {
	Answer string `form:"risposta" validate:"required,oneof=si no togli"`
}

// answerPTIQuestion handles POST /enti/:ente/pti/domande/:condizione.
func (s *Server) answerPTIQuestion(c *fiber.Ctx) error {
	id, err := pathID(c, "ente")
	if err != nil {
		return err
	}
	var form ptiAnswerForm
	wrong, err := s.bind(c, &form)
	if err != nil {
		return err
	}
	if len(wrong) > 0 {
		return errNoForm
	}
	var answer *bool
	if form.Answer != "togli" {
		yes := form.Answer == "si"
		answer = &yes
	}
	if err := s.svc.AnswerCondition(c.UserContext(), actor(c), id, c.Params("condizione"), answer); err != nil {
		return err
	}
	return s.seeOther(c, entePath(id)+"/pti/domande", "pti.answer_saved")
}
