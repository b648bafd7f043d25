package web

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/auth"
	"traguardo/app/service"
	"traguardo/surveys"
)

// dutyPage is the page "pti/duty": one yearly duty of one year.
type dutyPage struct {
	Chrome
	State     Badge
	Satisfies string
	Why       string
	Notes     []string
	Facts     []pair
	Proofs    proofsView
	History   []historyView
}

// chosenEvidence reads the id of the piece chosen among those offered.
func (s *Server) chosenEvidence(c *fiber.Ctx) (surveys.ID, error) {
	var form tieForm
	if _, err := s.bind(c, &form); err != nil {
		return "", err
	}
	id, err := surveys.ParseID(form.Evidence)
	if err != nil {
		return "", errNoForm
	}
	return id, nil
}

// dutyOf reads the duty and the year of the address.
func dutyOf(c *fiber.Ctx) (ente surveys.ID, obligation string, year int, err error) {
	if ente, err = pathID(c, "ente"); err != nil {
		return "", "", 0, err
	}
	year, err = strconv.Atoi(c.Params("anno"))
	if err != nil || year < 2000 || year > 2199 {
		return "", "", 0, fiber.ErrNotFound
	}
	return ente, c.Params("dovere"), year, nil
}

func dutySubject(obligation string, year int) string {
	return "obligation/" + obligation + "/" + strconv.Itoa(year)
}

// showDuty handles GET /enti/:ente/scadenze/:dovere/:anno.
func (s *Server) showDuty(c *fiber.Ctx) error {
	p, err := s.dutyPage(c, nil, evidenceForm{})
	if err != nil {
		return err
	}
	return c.Render("pti/duty", p)
}

func (s *Server) dutyPage(c *fiber.Ctx, wrong []FieldError, form evidenceForm) (dutyPage, error) {
	ente, obligation, year, err := dutyOf(c)
	if err != nil {
		return dutyPage{}, err
	}
	v, err := s.svc.DutyOf(c.UserContext(), actor(c), ente, obligation, year)
	if err != nil {
		return dutyPage{}, err
	}
	base, due := entePath(ente), v.Day.Due
	p := dutyPage{Chrome: s.enteChrome(c, v.Place, "", sectionPTI)}
	p.Errors = wrong
	p.Title, p.Lead = textIn(p.Lang(), due.Title), p.T("pti.by", "By", v.Day.Date.Italian())
	p.Breadcrumbs = append(p.Breadcrumbs, Link{Label: p.T("pti.title"), Href: base + "/pti"}, Link{Label: p.T("calendar.title"), Href: base + "/scadenze"})
	p.State = (&calendarPage{Chrome: p.Chrome}).dayBadge(v.Day.State)
	p.Satisfies, p.Why = textIn(p.Lang(), due.Satisfies), textIn(p.Lang(), due.Reason.Text)
	if due.ToVerify {
		p.Notes = append(p.Notes, p.T("calendar.to_verify"))
	}
	p.Facts = p.dutyFacts(v)
	p.Proofs = p.tiedProofs(base, base+"/scadenze/"+obligation+"/"+strconv.Itoa(year)+"/prove", v.Tied, v.Offered, v.Place.Can(auth.TrackEdit), form, len(wrong) > 0)
	p.Proofs.Text = p.T("calendar.proofs_text")
	p.History = p.history(v.History)
	return p, nil
}

func (p *dutyPage) dutyFacts(v service.DutyView) []pair {
	due := v.Day.Due
	out := []pair{{p.T("calendar.law"), due.Law}, {p.T("calendar.source"), due.Source}, {p.T("pti.filter_area"), areaName(p.Localizer, due.Area)}}
	if len(due.Indicators) > 0 {
		out = append(out, pair{p.T("pti.indicators"), p.Join(due.Indicators)})
	}
	if len(due.Lines) > 0 {
		out = append(out, pair{p.T("calendar.lines"), p.Join(due.Lines)})
	}
	return out
}

// afterDuty goes back to the duty with a message, or shows it again with what was wrong.
func (s *Server) afterDuty(c *fiber.Ctx, err error, form evidenceForm, message string) error {
	if wrong, ok := s.faultsOf(c, err); ok {
		return s.dutyAgain(c, wrong, form)
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, "/enti/"+c.Params("ente")+"/scadenze/"+c.Params("dovere")+"/"+c.Params("anno"), message)
}

func (s *Server) dutyAgain(c *fiber.Ctx, wrong []FieldError, form evidenceForm) error {
	p, err := s.dutyPage(c, wrong, form)
	if err != nil {
		return err
	}
	return s.invalid(c, "pti/duty", p)
}

// addDutyEvidence handles POST …/scadenze/:dovere/:anno/prove.
func (s *Server) addDutyEvidence(c *fiber.Ctx) error {
	ente, obligation, year, err := dutyOf(c)
	if err != nil {
		return err
	}
	form, in, wrong, err := s.bindEvidence(c)
	if err != nil {
		return err
	}
	if len(wrong) > 0 {
		return s.dutyAgain(c, wrong, form)
	}
	return s.afterDuty(c, s.svc.AddPTIEvidence(c.UserContext(), actor(c), ente, dutySubject(obligation, year), in), form, "assess.piece_added")
}

// tieDutyEvidence handles POST …/scadenze/:dovere/:anno/prove/usa.
func (s *Server) tieDutyEvidence(c *fiber.Ctx) error {
	ente, obligation, year, err := dutyOf(c)
	if err != nil {
		return err
	}
	evidence, err := s.chosenEvidence(c)
	if err != nil {
		return err
	}
	return s.afterDuty(c, s.svc.TieEvidence(c.UserContext(), actor(c), ente, dutySubject(obligation, year), evidence), evidenceForm{}, "proof.tied")
}

// untieDutyEvidence handles POST …/scadenze/:dovere/:anno/prove/:prova/slega.
func (s *Server) untieDutyEvidence(c *fiber.Ctx) error {
	ente, obligation, year, err := dutyOf(c)
	if err != nil {
		return err
	}
	evidence, err := pathID(c, "prova")
	if err != nil {
		return err
	}
	return s.afterDuty(c, s.svc.UntieEvidence(c.UserContext(), actor(c), ente, dutySubject(obligation, year), evidence), evidenceForm{}, "proof.untied")
}
