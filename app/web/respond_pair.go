package web

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/service"
	"traguardo/surveys"
	"traguardo/surveys/pairing"
)

// pairCardPage is "respond/card", "respond/code" or "respond/link", by the method of
// the series: what pairs the answers of today with those of another wave.
type pairCardPage struct {
	Chrome
	Ref      string
	Version  int64
	First    bool    // first wave: a card is drawn now
	Have     bool    // it was given already
	Part     string  // where the questionnaire goes on
	Spare    string  // a card for browsers without JavaScript, made for this page and kept nowhere
	Card     Field   // method card
	Elements []Field // method code: the six elements
	Keeper   string  // who keeps the key outside the ente; empty with cards
}

type pairCardForm struct {
	Ref     string `form:"ref" validate:"required,max=64"`
	Version int64  `form:"version" validate:"min=0"`
	Card    string `form:"card" validate:"max=200"`
	One     string `form:"cod_1" validate:"max=60"`
	Two     string `form:"cod_2" validate:"max=60"`
	Three   string `form:"cod_3" validate:"max=60"`
	Four    string `form:"cod_4" validate:"max=60"`
	Five    string `form:"cod_5" validate:"max=60"`
	Six     string `form:"cod_6" validate:"max=60"`
	None    string `form:"senza" validate:"max=10"`
}

func (f pairCardForm) elements() [pairing.Elements]string {
	return [pairing.Elements]string{f.One, f.Two, f.Three, f.Four, f.Five, f.Six}
}

// showPairCard handles GET /q/carta.
func (s *Server) showPairCard(c *fiber.Ctx) error {
	a, ok, err := s.answering(c)
	if !ok {
		return err
	}
	return s.renderPairCard(c, a, pairCardForm{}, nil)
}

// renderPairCard writes the page of the method. What was typed is written back only
// into the answer to the very form that held it.
func (s *Server) renderPairCard(c *fiber.Ctx, a service.Answering, typed pairCardForm, wrong []FieldError) error {
	method := a.Campaign.Pairing
	p := pairCardPage{Chrome: s.respondChrome(c, a, "respond."+string(method)+"_title"), Ref: a.Ref, Version: a.Version, First: a.Campaign.Wave == surveys.ExAnte,
		Have: a.Paired, Part: partPath(max(a.Reached, 1)), Keeper: a.Keeper}
	p.Errors = wrong
	switch method {
	case surveys.PairingCard:
		var err error
		if p.Spare, err = s.svc.NewCard(); err != nil {
			return err
		}
		p.Card = Field{Name: "card", Label: p.T("respond.card_label"), Hint: p.T("respond.card_hint"), Value: typed.Card, Error: p.ErrorOf("card"),
			Autocomplete: "off", MaxLength: 60, Narrow: true, Required: true}
	case surveys.PairingCode:
		p.Elements = elementFields(p.Chrome, typed.elements())
	case surveys.PairingLink:
	}
	if len(wrong) > 0 {
		return s.invalid(c, "respond/"+string(method), p)
	}
	return c.Render("respond/"+string(method), p)
}

// elementFields are the six elements of the remembered code.
func elementFields(ch Chrome, typed [pairing.Elements]string) []Field {
	out := make([]Field, 0, len(typed))
	for i, value := range typed {
		n := strconv.Itoa(i + 1)
		f := Field{Name: service.ElementField(i + 1), Label: ch.T("respond.code_element_" + n), Hint: ch.T("respond.code_hint_" + n), Value: value,
			Error: ch.ErrorOf(service.ElementField(i + 1)), Autocomplete: "off", MaxLength: 60, Narrow: true, Required: true}
		if i == 1 || i == 3 || i == 5 {
			f.InputMode = "numeric"
		}
		out = append(out, f)
	}
	return out
}

// savePairCard handles POST /q/carta.
func (s *Server) savePairCard(c *fiber.Ctx) error {
	a, ok, err := s.answering(c)
	if !ok {
		return err
	}
	var form pairCardForm
	wrong, err := s.bind(c, &form)
	if err != nil {
		return err
	}
	if len(wrong) == 0 {
		err = s.svc.SavePairing(c.UserContext(), s.respondentToken(c), service.PairForm{Ref: form.Ref, Version: form.Version, Card: form.Card,
			Elements: form.elements(), None: form.None != ""})
		if faults, bad := s.faultsOf(c, err); bad {
			wrong = faults
		} else if err != nil {
			return s.respondError(c, err)
		}
	}
	if len(wrong) > 0 {
		return s.renderPairCard(c, a, form, wrong)
	}
	return c.Redirect(partPath(max(a.Reached, 1)), fiber.StatusSeeOther)
}
