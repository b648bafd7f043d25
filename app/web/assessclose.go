package web

import (
	"github.com/gofiber/fiber/v2"

	"traguardo/app/auth"
	"traguardo/app/service"
	"traguardo/app/storage"
	"traguardo/surveys"
	"traguardo/surveys/scoring"
)

// closePage is "assess/close": what closing means, what is missing, and the act.
type closePage struct {
	Chrome
	Missing   []Link // not assessed
	Consensus []Link // two first answers, no joint level yet
	Gates     int    // gates among Missing
	Unproved  []Link // declared at 2 or more without evidence that holds it up
	Renew     []Link
	Narrow    []string // areas of which only an interval will be printed
	NoTotal   bool     // one of the four areas is among them: no single index
	Nothing   bool     // no indicator has a level: there is nothing to close
	Confirm   Confirm
	Back      string
}

// closeForm is the act that closes a wave.
type closeForm struct {
	ActType   string `form:"atto_tipo" validate:"required,max=80"`
	ActNumber string `form:"atto_numero" validate:"required,max=80"`
	ActDate   string `form:"atto_data" validate:"required,datetime=2006-01-02"`
}

// showClosing handles GET …/valutazioni/:ondata/chiusura.
func (s *Server) showClosing(c *fiber.Ctx) error {
	p, err := s.closing(c, closeForm{}, nil)
	if err != nil {
		return err
	}
	return c.Render("assess/close", p)
}

func (s *Server) closing(c *fiber.Ctx, form closeForm, wrong []FieldError) (*closePage, error) {
	id, wave, err := atWave(c)
	if err != nil {
		return nil, err
	}
	v, err := s.svc.Assessment(c.UserContext(), actor(c), id, wave)
	switch {
	case err != nil:
		return nil, err
	case !v.Place.Can(auth.AssessmentClose):
		return nil, auth.ErrForbidden
	case v.Assessment.Closed:
		return nil, surveys.ErrClosed
	}
	p := &closePage{Chrome: s.waveChrome(c, v.Place, wave), Back: wavePath(id, wave)}
	p.Breadcrumbs = append(p.Breadcrumbs, Link{Label: waveName(p.Localizer, wave), Href: p.Back})
	p.Title, p.Lead, p.Errors = p.T("assess.close_title"), p.T("assess.close_lead"), wrong
	p.lists(v)
	p.Confirm = p.confirm(form)
	return p, nil
}

func (p *closePage) lists(v service.AssessmentView) {
	count := map[surveys.Area][2]int{} // missing or N/A, all
	p.Nothing = true
	for _, x := range v.Indicators {
		link := Link{Label: x.Item.Code + " · " + words(p.Localizer, x.Item.Title).Text, Href: p.Back + "/" + x.Item.Code}
		n := count[x.Item.Area]
		n[1]++
		switch x.Result.State {
		case scoring.Assessed:
			p.Nothing = false
			if *x.Result.Evidenced < *x.Result.Declared {
				p.Unproved = append(p.Unproved, link)
			}
		case scoring.NotApplicable:
			n[0]++
		case scoring.NotAssessed:
			n[0]++
			if x.Rating.RaterA != nil && x.Rating.RaterB != nil {
				p.Consensus = append(p.Consensus, link)
			}
			p.Missing = append(p.Missing, link)
			if x.Item.Gate {
				p.Gates++
			}
		}
		if x.Result.Renew {
			p.Renew = append(p.Renew, link)
		}
		count[x.Item.Area] = n
	}
	for _, a := range surveys.AssessmentAreas() {
		if n := count[a]; 4*n[0] > n[1] { // more than a quarter: questionnaires.md §4
			p.Narrow = append(p.Narrow, areaName(p.Localizer, a))
			p.NoTotal = p.NoTotal || a != surveys.GOV
		}
	}
}

func (p *closePage) confirm(form closeForm) Confirm {
	return Confirm{Action: p.Back + "/chiusura", Ask: p.T("assess.close_ask"), Title: p.T("assess.close_question"), Consequence: p.T("assess.close_consequence"),
		Button: p.T("assess.close_button"), Danger: true, Fields: []Field{
			{Name: "atto_tipo", Label: p.T("assess.act_type"), Hint: p.T("assess.act_type_hint"), Value: form.ActType, Required: true, MaxLength: service.MaxAct, Guard: true, Error: p.ErrorOf("atto_tipo")},
			{Name: "atto_numero", Label: p.T("assess.act_number"), Value: form.ActNumber, Required: true, MaxLength: service.MaxAct, Narrow: true, Guard: true, Error: p.ErrorOf("atto_numero")},
			{Name: "atto_data", Type: "date", Label: p.T("assess.act_date"), Value: form.ActDate, Required: true, Narrow: true, Error: p.ErrorOf("atto_data")},
		}}
}

// closeAssessment handles POST …/valutazioni/:ondata/chiusura: the act of the RTD.
func (s *Server) closeAssessment(c *fiber.Ctx) error {
	id, wave, err := atWave(c)
	if err != nil {
		return err
	}
	var form closeForm
	wrong, err := s.bind(c, &form)
	if err != nil {
		return err
	}
	if len(wrong) == 0 {
		act := storage.Act{Type: form.ActType, Number: form.ActNumber, Date: typedDay(form.ActDate)}
		if err = s.svc.CloseAssessment(c.UserContext(), actor(c), id, wave, act); err == nil {
			return s.seeOther(c, resultsPath(id, wave), "assess.closed")
		}
		var ok bool
		if wrong, ok = s.faultsOf(c, err); !ok {
			return err
		}
	}
	p, err := s.closing(c, form, wrong)
	if err != nil {
		return err
	}
	return s.invalid(c, "assess/close", p)
}

// reviewsPage is "assess/reviews": what a reviewer may check.
type reviewsPage struct {
	Chrome
	May   bool // the reader changed nothing in this ente
	Table Table
	Empty Empty
}

// showReviews handles GET …/valutazioni/:ondata/verifiche.
func (s *Server) showReviews(c *fiber.Ctx) error {
	id, wave, err := atWave(c)
	if err != nil {
		return err
	}
	v, err := s.svc.Assessment(c.UserContext(), actor(c), id, wave)
	if err != nil {
		return err
	}
	if !v.Place.Can(auth.AssessmentReview) {
		return auth.ErrForbidden
	}
	p := reviewsPage{Chrome: s.waveChrome(c, v.Place, wave), Empty: Empty{}}
	if p.May, err = s.svc.MayReview(c.UserContext(), actor(c), v.Place); err != nil {
		return err
	}
	p.Breadcrumbs = append(p.Breadcrumbs, Link{Label: waveName(p.Localizer, wave), Href: wavePath(id, wave)})
	p.Title, p.Lead = p.T("assess.reviews_title"), p.T("assess.reviews_lead")
	p.Table = p.table(v)
	p.Empty = Empty{Title: p.T("assess.reviews_none"), Text: p.T("assess.reviews_none_text"), Action: p.T("assess.reviews_back"), Href: wavePath(id, wave)}
	return c.Render("assess/reviews", p)
}

// table lists the indicators declared at 2 or more.
func (p *reviewsPage) table(v service.AssessmentView) Table {
	t := Table{ID: "verifiche", Caption: p.T("assess.reviews_title"), Hidden: true, Columns: []Column{{Label: p.T("assess.col_indicator")},
		{Label: p.T("assess.col_answer")}, {Label: p.T("assess.col_pieces"), Numeric: true}, {Label: p.T("assess.col_checked")}}}
	for _, x := range v.Indicators {
		if x.Result.Declared == nil || *x.Result.Declared < 2 {
			continue
		}
		pieces, checked := 0, Cell{Text: p.T("assess.reviews_not_yet"), Muted: true}
		for _, e := range x.Evidence {
			switch {
			case e.Revoked:
			case e.CheckedLevel == nil:
				pieces++
			default:
				checked = Cell{Text: p.T("assess.reviews_checked", "Level", int(*e.CheckedLevel), "Date", p.Date(e.Dated))}
			}
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{
			{Text: x.Item.Code + " · " + words(p.Localizer, x.Item.Title).Text, Href: cardPath(v.Place.Ente.ID, v.Assessment.Wave, x.Item.Code) + "#verifica"},
			{Text: levelWords(p.Chrome, v.Instrument, x.Item, *x.Result.Declared)}, {Text: p.Int(pieces)}, checked}})
	}
	return t
}
