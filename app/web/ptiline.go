package web

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/auth"
	"traguardo/app/service"
	"traguardo/plans/pti"
)

// ptiLinePage is the page "pti/line": one line of action and what explains its state.
type ptiLinePage struct {
	Chrome
	Card     ptiCard
	DateNote string
	Facts    []pair // what the plan says of the line
	Targets  Table  // national figures
	Proofs   proofsView
	Exclude  *Confirm // not applicable by hand
	Include  *Confirm // undo it
	OutBy    string   // since when it is out by hand
	Ask      string   // the page of questions, when one settles it
	History  []historyView
}

// pair is a name and what it is.
type pair struct{ Name, Value string }

// showPTILine handles GET /enti/:ente/pti/linee/:codice.
func (s *Server) showPTILine(c *fiber.Ctx) error {
	p, err := s.ptiLinePage(c, nil, evidenceForm{})
	if err != nil {
		return err
	}
	return c.Render("pti/line", p)
}

// ptiLinePage makes the page of the line named in the address.
func (s *Server) ptiLinePage(c *fiber.Ctx, wrong []FieldError, form evidenceForm) (ptiLinePage, error) {
	id, err := pathID(c, "ente")
	if err != nil {
		return ptiLinePage{}, err
	}
	v, err := s.svc.PTILineOf(c.UserContext(), actor(c), id, c.Params("codice"))
	if err != nil {
		return ptiLinePage{}, err
	}
	base := entePath(id)
	self := base + "/pti/linee/" + v.Line.Line.Code
	p := ptiLinePage{Chrome: s.enteChrome(c, v.Place, "", sectionPTI)}
	p.Errors = wrong
	p.Card = p.ptiCard(base, v.Line)
	p.Title, p.Lead = p.Card.Title, p.Card.Code+" · "+p.Card.When
	p.Breadcrumbs = append(p.Breadcrumbs, Link{Label: p.T("pti.title"), Href: base + "/pti"})
	p.DateNote = textIn(p.Lang(), v.Line.Line.DateNote)
	p.Facts = p.lineFacts(v)
	p.Targets = p.lineTargets(v)
	p.History = p.history(v.History)
	if v.Line.Ask != "" && v.Line.Applies == pti.AppliesToVerify {
		p.Ask = base + "/pti/domande"
	}
	edit := v.Place.Can(auth.TrackEdit)
	p.Proofs = p.tiedProofs(base, self+"/prove", v.Tied, v.Offered, edit && v.Line.Status.State != pti.NotApplicable, form, len(wrong) > 0 && p.ErrorOf("motivo") == "")
	if v.Exclusion != nil {
		p.OutBy = p.T("pti.excluded_since", "Date", p.Date(v.Exclusion.SetAt))
	}
	if edit && v.Exclusion != nil {
		p.Include = &Confirm{Action: self + "/applicabile", Ask: p.T("pti.include"), Title: p.T("pti.include_title"), Consequence: p.T("pti.include_text"), Button: p.T("pti.include_button")}
	}
	if edit && v.Exclusion == nil && v.Line.Applies != pti.AppliesNo {
		p.Exclude = &Confirm{Action: self + "/non-applicabile", Ask: p.T("pti.exclude"), Title: p.T("pti.exclude_title"), Consequence: p.T("pti.exclude_text"), Button: p.T("pti.exclude_button"), Danger: true,
			Fields: []Field{{Name: "motivo", Type: "textarea", Rows: 3, Label: p.T("pti.exclude_reason"), Hint: p.T("pti.exclude_reason_hint"), Required: true, MaxLength: service.MaxReasonText, Guard: true,
				Value: c.FormValue("motivo"), Error: p.ErrorOf("motivo")}}}
	}
	return p, nil
}

// lineFacts are what the plan says of a line, beside its date.
func (p *ptiLinePage) lineFacts(v service.PTILineView) []pair {
	lang := p.Lang()
	out := []pair{
		{p.T("pti.chapter"), strconv.Itoa(v.Chapter.Number) + ". " + textIn(lang, v.Chapter.Title)},
		{p.T("pti.objective"), v.Objective.Code + " – " + textIn(lang, v.Objective.Title)},
		{p.T("pti.filter_area"), areaName(p.Localizer, v.Line.Line.Area)},
	}
	for _, r := range v.Results {
		out = append(out, pair{p.T("pti.result"), r.Code + " – " + textIn(lang, r.Title)})
	}
	if len(v.Line.Indicators) > 0 {
		out = append(out, pair{p.T("pti.indicators"), p.Join(v.Line.Indicators)})
	}
	return append(out, pair{p.T("pti.edition"), textIn(lang, v.Edition.Title)})
}

// lineTargets is the table of national figures; they are never of a Comune.
func (p *ptiLinePage) lineTargets(v service.PTILineView) Table {
	t := Table{ID: "traguardi", Caption: p.T("pti.targets"), Note: p.T("pti.reading_national"),
		Columns: []Column{{Label: p.T("pti.result")}, {Label: p.T("pti.year")}, {Label: p.T("pti.target_kind")}, {Label: p.T("pti.target")}}}
	for _, r := range v.Results {
		for _, x := range r.Targets {
			t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: r.Code}, {Text: strconv.Itoa(x.Year)}, {Text: p.T("pti.kind_" + string(x.Kind))},
				{Text: textIn(p.Lang(), x.Text()), Muted: x.None}}})
		}
	}
	return t
}

// afterLine goes back to the line with a message, or shows it again with what was wrong.
func (s *Server) afterLine(c *fiber.Ctx, err error, form evidenceForm, message string) error {
	if wrong, ok := s.faultsOf(c, err); ok {
		p, err := s.ptiLinePage(c, wrong, form)
		if err != nil {
			return err
		}
		return s.invalid(c, "pti/line", p)
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, "/enti/"+c.Params("ente")+"/pti/linee/"+c.Params("codice"), message)
}

type reasonForm struct {
	Reason string `form:"motivo" validate:"max=4000"`
}

// excludeLine handles POST …/pti/linee/:codice/non-applicabile.
func (s *Server) excludeLine(c *fiber.Ctx) error {
	id, err := pathID(c, "ente")
	if err != nil {
		return err
	}
	var form reasonForm
	if _, err := s.bind(c, &form); err != nil {
		return err
	}
	return s.afterLine(c, s.svc.ExcludeLine(c.UserContext(), actor(c), id, c.Params("codice"), form.Reason), evidenceForm{}, "pti.excluded_done")
}

// includeLine handles POST …/pti/linee/:codice/applicabile.
func (s *Server) includeLine(c *fiber.Ctx) error {
	id, err := pathID(c, "ente")
	if err != nil {
		return err
	}
	return s.afterLine(c, s.svc.IncludeLine(c.UserContext(), actor(c), id, c.Params("codice")), evidenceForm{}, "pti.included_done")
}

// addLineEvidence handles POST …/pti/linee/:codice/prove.
func (s *Server) addLineEvidence(c *fiber.Ctx) error {
	id, err := pathID(c, "ente")
	if err != nil {
		return err
	}
	form, in, wrong, err := s.bindEvidence(c)
	if err != nil {
		return err
	}
	if len(wrong) > 0 {
		p, err := s.ptiLinePage(c, wrong, form)
		if err != nil {
			return err
		}
		return s.invalid(c, "pti/line", p)
	}
	return s.afterLine(c, s.svc.AddPTIEvidence(c.UserContext(), actor(c), id, c.Params("codice"), in), form, "assess.piece_added")
}

type tieForm struct {
	Evidence string `form:"prova"`
}

// tieLineEvidence handles POST …/pti/linee/:codice/prove/usa.
func (s *Server) tieLineEvidence(c *fiber.Ctx) error {
	id, err := pathID(c, "ente")
	if err != nil {
		return err
	}
	evidence, err := s.chosenEvidence(c)
	if err != nil {
		return err
	}
	return s.afterLine(c, s.svc.TieEvidence(c.UserContext(), actor(c), id, c.Params("codice"), evidence), evidenceForm{}, "proof.tied")
}

// untieLineEvidence handles POST …/pti/linee/:codice/prove/:prova/slega.
func (s *Server) untieLineEvidence(c *fiber.Ctx) error {
	id, err := pathID(c, "ente")
	if err != nil {
		return err
	}
	evidence, err := pathID(c, "prova")
	if err != nil {
		return err
	}
	return s.afterLine(c, s.svc.UntieEvidence(c.UserContext(), actor(c), id, c.Params("codice"), evidence), evidenceForm{}, "proof.untied")
}
