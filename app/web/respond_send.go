package web

import (
	"errors"
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/service"
	"traguardo/app/storage"
	"traguardo/surveys"
	"traguardo/surveys/comune"
	"traguardo/surveys/scoring"
)

// reviewPage is "respond/review": what is answered and what is not, then sending.
type reviewPage struct {
	Chrome
	Ref      string
	Version  int64
	Parts    []reviewPart
	Answered int
	Asked    int
	Unpaired string // what it means that nothing pairs the answers; empty when something does
	AddPair  string // words of the way back to it
	Until    string
	Profile  Field
}

type reviewPart struct {
	Title   string
	Href    string
	State   Badge
	Missing []Link // unanswered questions, each with its place
	Lang    string // of the questions where it is not the page's
}

// showReview handles GET /q/rivedi.
func (s *Server) showReview(c *fiber.Ctx) error {
	a, ok, err := s.started(c)
	if !ok {
		return err
	}
	return s.renderReview(c, a, nil)
}

func (s *Server) renderReview(c *fiber.Ctx, a service.Answering, flash []Flash) error {
	p := reviewPage{Chrome: s.respondChrome(c, a, "respond.review_title"), Ref: a.Ref, Version: a.Version}
	p.Path = reviewPath
	if method := string(a.Campaign.Pairing); !a.Paired {
		p.Unpaired, p.AddPair = p.T("respond.review_no_"+method), p.T("respond.review_add_"+method)
	}
	p.Flash = append(p.Flash, flash...)
	p.Until = p.DateTime(a.Campaign.ClosesAt)
	p.Progress = &Progress{Step: len(a.Pages) + 1, Of: len(a.Pages) + 1, MinutesLeft: 1}
	p.Profile = Field{Name: "profilo", Type: "checkbox", Label: p.T("respond.profile_ask"), Hint: p.T("respond.profile_hint")}
	var gaps []service.Gap
	gaps, p.Answered, p.Asked = a.Review()
	for _, g := range gaps {
		part := reviewPart{Href: partPath(g.Page)}
		part.Title, _ = g.Part.Title.In(p.Lang())
		if g.Part.Area != "" {
			part.Title += ": " + p.T("area."+string(g.Part.Area))
		} else if g.Part.Parts > 1 {
			part.Title += " (" + p.T("respond.part_of", "Part", g.Part.Part, "Parts", g.Part.Parts) + ")"
		}
		part.State = Badge{Kind: KindOK, Text: p.T("respond.complete")}
		if len(g.Items) > 0 {
			part.State = Badge{Kind: KindNeutral, Text: p.T("respond.missing", "Count", len(g.Items), "Of", g.Of)}
		}
		for _, it := range g.Items {
			text, lang := it.Question.In(p.Lang())
			part.Lang = otherLang(lang, p.Lang())
			part.Missing = append(part.Missing, Link{Label: text, Href: part.Href + "#" + fieldID(answerPrefix+it.Code)})
		}
		p.Parts = append(p.Parts, part)
	}
	return c.Render("respond/review", p)
}

type submitForm struct {
	Ref     string `form:"ref" validate:"required,max=64"`
	Version int64  `form:"version" validate:"min=1"`
	Profile string `form:"profilo" validate:"max=10"`
}

// thanksPage is "respond/thanks": received, and on request one's own profile.
type thanksPage struct {
	Chrome
	Debriefs []debrief
	Keep     string // what to do until the next wave; empty when nothing
	Profile  *profileView
}

type debrief struct{ Text, Lang string }

// submitAnswers handles POST /q/invia. With the profile asked for, the page is the
// answer itself: it is made from what was just sent and kept nowhere.
func (s *Server) submitAnswers(c *fiber.Ctx) error {
	var form submitForm
	wrong, err := s.bind(c, &form)
	if err != nil {
		return err
	}
	if len(wrong) > 0 {
		return errNoForm
	}
	receipt, err := s.svc.Submit(c.UserContext(), s.respondentToken(c), service.Submission{Ref: form.Ref, Version: form.Version, Profile: form.Profile != ""})
	if err != nil {
		return s.submitError(c, err)
	}
	if receipt.Profile == nil && len(receipt.Debriefs) == 0 {
		return c.Redirect(thanksPath, fiber.StatusSeeOther)
	}
	of := service.Answering{Ente: comune.Ente{Name: receipt.Ente, Fictitious: receipt.Fictional}}
	p := thanksPage{Chrome: s.respondChrome(c, of, "respond.thanks_title")}
	p.Keep = keepText(p.Chrome, receipt.Pairing, receipt.Last)
	p.Path = respondPath
	for _, d := range receipt.Debriefs {
		text, lang := d.In(p.Lang())
		p.Debriefs = append(p.Debriefs, debrief{Text: text, Lang: otherLang(lang, p.Lang())})
	}
	if receipt.Profile != nil {
		p.Profile = profileOf(p.Chrome, *receipt.Profile)
	}
	return c.Render("respond/thanks", p)
}

// submitError shows the review again when something changed since it was made.
func (s *Server) submitError(c *fiber.Ctx, err error) error {
	if !errors.Is(err, storage.ErrStale) {
		return s.respondError(c, err)
	}
	a, ok, err := s.started(c)
	if !ok {
		return err
	}
	c.Status(fiber.StatusConflict)
	return s.renderReview(c, a, []Flash{{Kind: KindWarning, Text: s.texter(c).T("respond.review_stale")}})
}

// showThanks handles GET /q/grazie.
func (s *Server) showThanks(c *fiber.Ctx) error {
	a, err := s.svc.Answering(c.UserContext(), s.respondentToken(c))
	if err != nil {
		return s.respondError(c, err)
	}
	if a.Status != service.AnswerDone {
		return c.Redirect(respondPath, fiber.StatusSeeOther)
	}
	p := thanksPage{Chrome: s.respondChrome(c, a, "respond.thanks_title")}
	p.Keep = keepText(p.Chrome, a.Campaign.Pairing, a.Campaign.Wave == surveys.ExPost)
	return c.Render("respond/thanks", p)
}

// keepText says what a person does with the card or the code until the next wave.
func keepText(ch Chrome, method surveys.Pairing, last bool) string {
	switch {
	case method == surveys.PairingCard && last:
		return ch.T("respond.thanks_last")
	case method == surveys.PairingCard:
		return ch.T("respond.thanks_keep")
	case method == surveys.PairingCode && !last:
		return ch.T("respond.thanks_code")
	default:
		return ""
	}
}

// profileView is a person's own profile, strengths first.
type profileView struct {
	Bars      []LevelBar
	Strengths []profileItem
	Study     []profileStudy
	Answers   []profileAnswer
	Invented  []Words
}

type profileItem struct{ Text, Lang, Level string }

type profileStudy struct{ Number, Name string }

type profileAnswer struct {
	Question, Right, Chosen, Why, Lang string
	Correct                            bool
}

func profileOf(ch Chrome, r scoring.PersonalProfile) *profileView {
	v := &profileView{}
	for _, a := range r.Areas {
		name := ch.T("area." + string(a.Area))
		v.Bars = append(v.Bars, profileBar(ch, ch.T("respond.profile_self", "Area", name), a.Self, false),
			profileBar(ch, ch.T("respond.profile_knowledge", "Area", name), a.Knowledge, true))
	}
	for _, it := range r.Strengths {
		text, lang := it.Text.In(ch.Lang())
		v.Strengths = append(v.Strengths, profileItem{Text: text, Lang: otherLang(lang, ch.Lang()), Level: ch.T(fmt.Sprintf("respond.level_%d", it.Level))})
	}
	for _, t := range r.Study {
		key := "respond.syllabus_" + strings.ReplaceAll(t.Competence, ".", "_")
		name := ""
		if ch.Has(key) {
			name = ch.T(key)
		}
		v.Study = append(v.Study, profileStudy{Number: t.Competence, Name: name})
	}
	for _, a := range r.Answers {
		out := profileAnswer{Correct: a.Correct}
		out.Question, out.Lang = a.Question.In(ch.Lang())
		out.Lang = otherLang(out.Lang, ch.Lang())
		out.Right, _ = a.Right.In(ch.Lang())
		out.Why, _ = a.Rationale.In(ch.Lang())
		if a.Chosen != nil {
			out.Chosen, _ = a.Chosen.In(ch.Lang())
		}
		v.Answers = append(v.Answers, out)
	}
	for _, t := range r.Invented {
		v.Invented = append(v.Invented, words(ch.Localizer, t))
	}
	return v
}

func profileBar(ch Chrome, label string, score *float64, evidence bool) LevelBar {
	if score == nil {
		return LevelBar{Label: label, Text: ch.T("respond.profile_none"), Evidence: evidence}
	}
	return LevelBar{Label: label, Known: true, Score: *score, Low: *score, High: *score, Text: ch.T("respond.profile_score", "Score", ch.Num(*score, 0)), Evidence: evidence}
}
