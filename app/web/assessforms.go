package web

import (
	"errors"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/auth"
	"traguardo/app/service"
	"traguardo/app/storage"
	"traguardo/surveys"
)

// ratingForm is the answer to one indicator.
type ratingForm struct {
	Level   string `form:"livello" validate:"omitempty,oneof=0 1 2 3 4 na"`
	Reason  string `form:"motivo"`
	Comment string `form:"commento"`
	Version int    `form:"version" validate:"min=1"`
	Was     string `form:"prima" validate:"omitempty,oneof=0 1 2 3 4"`
	Action  string `form:"azione" validate:"omitempty,oneof=salva avanti conferma"`
}

func (f ratingForm) input() service.RatingInput {
	return service.RatingInput{Level: typedLevel(f.Level), NA: f.Level == "na", NAReason: f.Reason, Comment: f.Comment,
		ConfirmsBefore: f.Action == "conferma", Version: f.Version, Was: typedLevel(f.Was)}
}

// typedLevel reads "0" to "4"; anything else is no level.
func typedLevel(s string) *surveys.Level {
	n, err := strconv.Atoi(s)
	if err != nil {
		return nil
	}
	l := surveys.Level(n)
	return &l
}

func roleOf(s string) auth.Role { return auth.Role(s) }

// saveRating handles POST …/valutazioni/:ondata/:codice.
func (s *Server) saveRating(c *fiber.Ctx) error {
	id, wave, err := atWave(c)
	if err != nil {
		return err
	}
	var form ratingForm
	wrong, err := s.bind(c, &form)
	if err != nil {
		return err
	}
	if len(wrong) == 0 {
		err = s.svc.SaveRating(c.UserContext(), actor(c), id, wave, c.Params("codice"), form.input())
		switch {
		case err == nil:
			return s.afterRating(c, id, wave, form)
		case errors.Is(err, storage.ErrStale):
			return s.showConflict(c, form)
		}
		var ok bool
		if wrong, ok = s.faultsOf(c, err); !ok {
			return err
		}
	}
	p, v, x, err := s.readCard(c)
	if err == nil {
		err = mayWrite(v)
	}
	if err != nil {
		return err
	}
	p.Errors = wrong
	p.keep(v, x, form)
	return s.invalid(c, "assess/card", p)
}

// mayWrite is the error for a reader whose form could not be taken anyway.
func mayWrite(v service.AssessmentView) error {
	switch {
	case v.MayEdit:
		return nil
	case v.Place.Can(auth.AssessmentEdit):
		return surveys.ErrClosed
	default:
		return auth.ErrForbidden
	}
}

// afterRating goes on to the next card, or stays.
func (s *Server) afterRating(c *fiber.Ctx, id surveys.ID, wave surveys.Wave, form ratingForm) error {
	to := cardPath(id, wave, c.Params("codice"))
	if form.Action != "avanti" {
		return s.seeOther(c, to, "assess.saved")
	}
	v, err := s.svc.Assessment(c.UserContext(), actor(c), id, wave)
	if err != nil {
		return err
	}
	_, _, next, _ := v.Indicator(c.Params("codice"))
	if next == "" {
		return s.seeOther(c, wavePath(id, wave), "assess.saved")
	}
	if last, _, _, _ := v.Indicator(c.Params("codice")); last.Item.Gate {
		if following, _, _, _ := v.Indicator(next); !following.Item.Gate {
			return s.seeOther(c, wavePath(id, wave), "assess.saved_first_round")
		}
	}
	return s.seeOther(c, cardPath(id, wave, next), "assess.saved_code", "Code", c.Params("codice"))
}

// showConflict shows what somebody else saved beside what was typed here: nothing
// is overwritten and nothing is lost. Status 409.
func (s *Server) showConflict(c *fiber.Ctx, form ratingForm) error {
	p, v, x, err := s.readCard(c)
	if err != nil {
		return err
	}
	p.Conflict = p.conflictOf(v, x)
	p.keep(v, x, form)
	return c.Status(fiber.StatusConflict).Render("assess/card", p)
}

func (p *cardPage) conflictOf(v service.AssessmentView, x service.IndicatorView) *conflictView {
	out := &conflictView{Who: p.T("assess.conflict_who", "Who", or(x.Rating.UpdatedByName, p.T("assess.someone")), "When", p.DateTime(x.Rating.UpdatedAt)),
		Comment: x.Rating.Comment, Answer: p.T("assess.missing")}
	saved := x.Rating.Level
	if saved == nil && p.Was != "" {
		saved = typedLevel(p.Was)
	}
	switch {
	case x.Rating.NA:
		out.Answer = p.T("assess.na") + ": " + x.Rating.NAReason
	case saved != nil:
		out.Answer = levelWords(p.Chrome, v.Instrument, x.Item, *saved)
	}
	return out
}

// keep puts what was typed back into the form.
func (p *cardPage) keep(v service.AssessmentView, x service.IndicatorView, form ratingForm) {
	first := x.Step == service.StepFirst || x.Step == service.StepWaiting
	if form.Action != "conferma" {
		p.choices(v.Instrument, x, typedLevel(form.Level), form.Level == "na", !first)
	}
	if p.Reason != nil {
		p.Reason.Value, p.Reason.Error = form.Reason, p.ErrorOf("motivo")
	}
	if p.Comment != nil {
		p.Comment.Value, p.Comment.Error = form.Comment, p.ErrorOf("commento")
	}
}

// assignIndicator handles POST …/:codice/assegna.
func (s *Server) assignIndicator(c *fiber.Ctx) error {
	id, wave, err := atWave(c)
	if err != nil {
		return err
	}
	user := surveys.ID("")
	if typed := c.FormValue("collega"); typed != "" {
		if user, err = surveys.ParseID(typed); err != nil {
			return errNoForm
		}
	}
	if err := s.svc.AssignIndicator(c.UserContext(), actor(c), id, wave, c.Params("codice"), user); err != nil {
		return err
	}
	return s.seeOther(c, cardPath(id, wave, c.Params("codice")), "assess.assigned")
}

// reviewForm is the form of a reviewer on one card.
func (p *cardPage) reviewForm(in *surveys.Instrument, it surveys.Item) *reviewView {
	level := Field{Name: "livello_verificato", Type: "select", Label: p.T("assess.review_level"), Required: true, Error: p.ErrorOf("livello_verificato"),
		Options: []Option{{Value: "", Label: p.T("assess.review_choose")}}}
	for i := range it.Levels {
		level.Options = append(level.Options, Option{Value: strconv.Itoa(i), Label: levelWords(p.Chrome, in, it, surveys.Level(i))})
	}
	return &reviewView{Text: p.T("assess.review_text"), Fields: []Field{level,
		{Name: "nota", Type: "textarea", Rows: 3, Label: p.T("assess.review_note"), Hint: p.T("assess.review_note_hint"), Required: true,
			MaxLength: service.MaxReason, Guard: true, Error: p.ErrorOf("nota")}}}
}

// reviewInput is the form of a reviewer.
type reviewInput struct {
	Level string `form:"livello_verificato" validate:"required,oneof=0 1 2 3 4"`
	Note  string `form:"nota" validate:"required,max=500"`
}

// reviewIndicator handles POST …/:codice/verifica.
func (s *Server) reviewIndicator(c *fiber.Ctx) error {
	id, wave, err := atWave(c)
	if err != nil {
		return err
	}
	var form reviewInput
	wrong, err := s.bind(c, &form)
	if err != nil {
		return err
	}
	in := service.ReviewInput{Level: typedLevel(form.Level), Note: form.Note}
	err = s.svc.ReviewIndicator(c.UserContext(), actor(c), id, wave, c.Params("codice"), in)
	if err == nil {
		return s.seeOther(c, cardPath(id, wave, c.Params("codice"))+"#prove", "assess.review_done")
	}
	list, ok := s.faultsOf(c, err)
	if !ok {
		return err
	}
	if len(wrong) == 0 {
		wrong = list
	}
	p, v, x, err := s.readCard(c)
	if err != nil {
		return err
	}
	p.Errors = wrong
	p.Review = p.reviewForm(v.Instrument, x.Item)
	p.Review.Fields[1].Value = form.Note
	return s.invalid(c, "assess/card", p)
}
