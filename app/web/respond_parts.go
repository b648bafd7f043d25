package web

import (
	"errors"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/service"
	"traguardo/app/storage"
	"traguardo/surveys"
)

// answerPrefix stands before the code of an item in the names of a form.
const answerPrefix = "r_"

// Question is one item as the partial "question" draws it.
type Question struct {
	Name     string // of the inputs; the fieldset's id is that of a Field of this name
	Text     string
	Lang     string // language of Text and labels where it is not the page's; empty otherwise
	Hint     string
	Many     bool // checkboxes
	Across   bool // short labels: choices side by side where there is room
	Choices  []QuestionChoice
	FreeText bool
	MaxLen   int
	Value    string // free text
	Error    string
	Other    string // what another window had answered, in words; empty when it agrees
}

// QuestionChoice is one choice of a Question.
type QuestionChoice struct {
	Value, Label string
	Checked      bool
	Exclusive    bool // cannot stand with others
}

// ID returns the id of the group, also the target of the error summary.
func (q Question) ID() string { return fieldID(q.Name) }

// InputType is that of its choices.
func (q Question) InputType() string {
	if q.Many {
		return "checkbox"
	}
	return "radio"
}

// partPage is "respond/part": one page of questions.
type partPage struct {
	Chrome
	Intro     string
	IntroLang string
	Area      string
	Ref       string
	Tab       string
	Version   int64
	Page      int
	Action    string
	Questions []Question
	Conflict  bool // another window saved in between
}

// partNumber reads the number of a page from the address.
func partNumber(c *fiber.Ctx, a service.Answering) (int, error) {
	n, err := strconv.Atoi(c.Params("n"))
	if err != nil || n < 1 || n > len(a.Pages) {
		return 0, fiber.ErrNotFound
	}
	return n, nil
}

// showPart handles GET /q/parte/:n.
func (s *Server) showPart(c *fiber.Ctx) error {
	a, ok, err := s.started(c)
	if !ok {
		return err
	}
	n, err := partNumber(c, a)
	if err != nil {
		return err
	}
	return s.renderPart(c, a, n, nil, service.SavedAnswers{}, nil)
}

// renderPart writes page n: with the saved answers, or with those just typed when
// they could not be kept as they are.
func (s *Server) renderPart(c *fiber.Ctx, a service.Answering, n int, typed map[string][]string, saved service.SavedAnswers, wrong []FieldError) error {
	page := a.Pages[n-1]
	tab, err := s.svc.RequestID()
	if err != nil {
		return err
	}
	p := partPage{Chrome: s.respondChrome(c, a, ""), Ref: a.Ref, Tab: tab, Version: a.Version, Page: n, Action: partPath(n), Conflict: saved.Other != nil}
	p.Path = partPath(n)
	p.Errors = wrong
	p.Title, _ = page.Title.In(p.Lang())
	if page.Area != "" {
		p.Title += ": " + p.T("area."+string(page.Area))
	} else if page.Parts > 1 {
		p.Title += " (" + p.T("respond.part_of", "Part", page.Part, "Parts", page.Parts) + ")"
	}
	p.Intro, p.IntroLang = page.Intro.In(p.Lang())
	p.IntroLang = otherLang(p.IntroLang, p.Lang())
	p.Progress = &Progress{Step: n, Of: len(a.Pages) + 1, MinutesLeft: a.MinutesFrom(n)}
	for _, it := range page.Items {
		values := a.Values(it.Code)
		if text := a.FreeText(it.Code); it.Kind == surveys.ScaleText && text != "" {
			values = []string{text}
		}
		if typed != nil {
			values = typed[it.Code]
		}
		q := questionOf(p.Chrome, a, it, values)
		q.Error = p.ErrorOf(q.Name)
		if other, differs := saved.Other[it.Code]; differs {
			q.Other = inWords(p.Chrome, questionOf(p.Chrome, a, it, other))
		}
		p.Questions = append(p.Questions, q)
	}
	switch {
	case p.Conflict:
		p.Flash = append(p.Flash, Flash{Kind: KindWarning, Text: p.T("respond.conflict")})
		c.Status(fiber.StatusConflict)
	case len(wrong) > 0:
		c.Status(fiber.StatusUnprocessableEntity)
	}
	return c.Render("respond/part", p)
}

// questionOf draws an item with the given values chosen.
func questionOf(ch Chrome, a service.Answering, it surveys.ServedItem, values []string) Question {
	q := Question{Name: answerPrefix + it.Code, Many: it.Many, FreeText: it.Kind == surveys.ScaleText, MaxLen: it.MaxLen, Across: len(it.Choices) > 2}
	q.Text, q.Lang = it.Question.In(ch.Lang())
	q.Lang = otherLang(q.Lang, ch.Lang())
	q.Hint, _ = it.Hint.In(ch.Lang())
	if q.FreeText {
		q.Value = strings.Join(values, "\n")
		return q
	}
	const short = 24 // characters of a label that fits beside others
	for _, choice := range it.Choices {
		label, _ := choice.Label.In(ch.Lang())
		if choice.Project >= 0 && choice.Project < len(a.Campaign.Projects) {
			label = a.Campaign.Projects[choice.Project]
		}
		q.Across = q.Across && len([]rune(label)) <= short && !it.Many
		q.Choices = append(q.Choices, QuestionChoice{Value: choice.Field, Label: label, Exclusive: choice.Exclusive && it.Many, Checked: contains(values, choice.Field)})
	}
	return q
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func otherLang(actual, page string) string {
	if actual == page {
		return ""
	}
	return actual
}

// inWords says what was answered to q.
func inWords(ch Chrome, q Question) string {
	if q.FreeText && q.Value != "" {
		return q.Value
	}
	var chosen []string
	for _, c := range q.Choices {
		if c.Checked {
			chosen = append(chosen, c.Label)
		}
	}
	if len(chosen) == 0 {
		return ch.T("respond.nothing")
	}
	return strings.Join(chosen, "; ")
}

type partForm struct {
	Ref     string `form:"ref" validate:"required,max=64"`
	Tab     string `form:"scheda" validate:"max=64"`
	Version int64  `form:"version" validate:"min=0"`
	Page    int    `form:"pagina" validate:"min=1,max=100"`
	Go      string `form:"vai" validate:"max=20"`
}

// readPart reads the form of a page: its frame, and the answers by item.
func (s *Server) readPart(c *fiber.Ctx, auto bool) (partForm, service.AnswersForm, error) {
	var form partForm
	wrong, err := s.bind(c, &form)
	if err != nil {
		return form, service.AnswersForm{}, err
	}
	if len(wrong) > 0 {
		return form, service.AnswersForm{}, errNoForm
	}
	f := service.AnswersForm{Ref: form.Ref, Version: form.Version, Page: form.Page, Tab: form.Tab, Auto: auto, Values: map[string][]string{}}
	c.Request().PostArgs().VisitAll(func(k, v []byte) {
		if code, ok := strings.CutPrefix(string(k), answerPrefix); ok {
			f.Values[code] = append(f.Values[code], string(v))
		}
	})
	return form, f, nil
}

// savePart handles POST /q/parte/:n.
func (s *Server) savePart(c *fiber.Ctx) error {
	a, ok, err := s.started(c)
	if !ok {
		return err
	}
	n, err := partNumber(c, a)
	if err != nil {
		return err
	}
	form, f, err := s.readPart(c, false)
	if err != nil {
		return err
	}
	f.Page = n
	saved, err := s.svc.SaveAnswers(c.UserContext(), s.respondentToken(c), f)
	faults, bad := s.faultsOf(c, err)
	switch {
	case bad || errors.Is(err, storage.ErrStale) && saved.Other != nil:
		for i := range faults {
			faults[i].Field = answerPrefix + faults[i].Field
		}
		a.Version = saved.Version
		return s.renderPart(c, a, n, f.Values, saved, faults)
	case err != nil:
		return s.respondError(c, err)
	}
	return c.Redirect(afterPart(form.Go, n, len(a.Pages)), fiber.StatusSeeOther)
}

// afterPart is where the buttons of page n of so many lead.
func afterPart(button string, n, of int) string {
	switch {
	case button == "indietro" && n > 1:
		return partPath(n - 1)
	case button == "indietro":
		return pairCardPath
	case button == "rivedi" || n >= of:
		return reviewPath
	default:
		return partPath(n + 1)
	}
}

// autosavePart handles POST /q/salva: the page's script saves while one answers.
func (s *Server) autosavePart(c *fiber.Ctx) error {
	_, f, err := s.readPart(c, true)
	if err != nil {
		return err
	}
	saved, err := s.svc.SaveAnswers(c.UserContext(), s.respondentToken(c), f)
	if err != nil {
		return s.respondError(c, err)
	}
	return c.JSON(fiber.Map{"version": saved.Version})
}
