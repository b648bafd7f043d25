package web

import (
	"github.com/gofiber/fiber/v2"

	"traguardo/app/service"
	"traguardo/app/storage"
	"traguardo/surveys"
	"traguardo/surveys/scoring"
)

// proofsView is the box of evidence of a line, a duty, a micro-progetto or a task.
type proofsView struct {
	Title, Text string
	Pieces      []proofView
	None        string // sentence in place of pieces
	Offer       *Field // other pieces that could be used here: radio buttons
	OfferAction string
	OfferText   string
	Form        []Field // of a new piece; none when the reader may not add
	Action      string
	Open        bool // the form is at fault
}

// proofView is one piece with what may be done with it.
type proofView struct {
	pieceView
	Indicator string // which it also proves, in words; empty when none
	Serve     *Field // choice of the indicator it also proves
	ServeHref string
}

// proofFields is the form of a new piece. The types are those of the assessment.
func (c Chrome) proofFields(f evidenceForm) []Field {
	kinds := Field{Name: "tipo", Type: "radio", Label: c.T("assess.type"), Required: true, Error: c.ErrorOf("tipo")}
	for _, t := range []surveys.EvidenceType{surveys.E1, surveys.E2, surveys.E3, surveys.E4} {
		kinds.Options = append(kinds.Options, Option{Value: string(t), Label: c.T("assess.type_" + string(t)), Hint: c.T("assess.type_hint_" + string(t)), Selected: f.Type == string(t)})
	}
	return []Field{kinds,
		{Name: "titolo", Label: c.T("assess.piece_title"), Hint: c.T("assess.piece_title_hint"), Value: f.Title, Required: true, MaxLength: service.MaxTitle, Guard: true, Error: c.ErrorOf("titolo")},
		{Name: "data", Type: "date", Label: c.T("assess.piece_date"), Hint: c.T("assess.piece_date_hint"), Value: f.Dated, Required: true, Narrow: true, Error: c.ErrorOf("data")},
		{Name: "file", Type: "file", Label: c.T("assess.piece_file"), Hint: c.T("assess.piece_file_hint"), Accept: fileTypes, Error: c.ErrorOf("file")},
		{Name: "indirizzo", Type: "url", Label: c.T("assess.piece_url"), Hint: c.T("assess.piece_url_hint"), Value: f.URL, MaxLength: service.MaxURL, Guard: true, Error: c.ErrorOf("indirizzo")},
		{Name: "atto_tipo", Label: c.T("assess.piece_act_type"), Hint: c.T("assess.piece_act_type_hint"), Value: f.ActType, MaxLength: service.MaxAct, Guard: true, Error: c.ErrorOf("atto_tipo")},
		{Name: "atto_numero", Label: c.T("assess.piece_act_number"), Value: f.ActNumber, MaxLength: service.MaxAct, Narrow: true, Guard: true, Error: c.ErrorOf("atto_numero")},
		{Name: "scadenza", Type: "date", Label: c.T("assess.piece_until"), Hint: c.T("assess.piece_until_hint"), Value: f.Until, Narrow: true, Error: c.ErrorOf("scadenza")},
	}
}

// proof words one piece; files is the address under which its file is served.
func (c Chrome) proof(e storage.Evidence, files string) proofView {
	v := proofView{pieceView: pieceView{ID: e.ID.String(), Type: c.T("assess.type_" + string(e.Type)), Title: e.Title, State: Badge{KindOK, c.T("assess.piece_valid")}}}
	if e.Revoked {
		v.State = Badge{KindNeutral, c.T("assess.piece_revoked")}
	}
	if e.FileID != "" {
		v.File = &Link{Label: e.FileName, Href: files + "/" + e.FileID.String()}
	}
	if e.URL != "" {
		v.Link = &Link{Label: e.URL, Href: e.URL}
	}
	if e.ActNumber != "" {
		v.Act = c.T("assess.piece_act", "Type", e.ActType, "Number", e.ActNumber)
	}
	v.Dates = c.T("assess.piece_dated", "Date", c.Date(e.Dated))
	if last := scoring.LastDay(e.Evidence); !last.IsZero() && !e.ValidUntil.IsZero() {
		v.Dates += " " + c.T("assess.piece_counts_until", "Date", c.Date(e.ValidUntil))
	}
	v.By = c.T("assess.piece_by", "Who", or(e.AddedByName, c.T("assess.someone")), "Role", c.T(roleKey(roleOf(e.AddedRole))), "When", c.Date(e.AddedAt))
	return v
}

// offer makes the choice among pieces that could be used; nil when there is none.
func (c Chrome) offer(list []storage.Evidence) *Field {
	if len(list) == 0 {
		return nil
	}
	f := &Field{Name: "prova", Type: "radio", Label: c.T("proof.offer"), Required: true, Error: c.ErrorOf("prova")}
	for _, e := range list {
		hint := c.T("assess.piece_dated", "Date", c.Date(e.Dated))
		if e.Indicator != "" {
			hint += " " + c.T("proof.of_indicator", "Code", e.Indicator)
		}
		f.Options = append(f.Options, Option{Value: e.ID.String(), Label: e.Title, Hint: hint})
	}
	return f
}

// untie is the question before a piece stops proving a line or a duty.
func (c Chrome) untie(action string, e storage.Evidence) *Confirm {
	return &Confirm{Action: action + "/" + e.ID.String() + "/slega", Ask: c.T("proof.untie"), Title: c.T("proof.untie_title", "Title", e.Title),
		Consequence: c.T("proof.untie_text"), Button: c.T("proof.untie_button")}
}

// tiedProofs is the box of evidence of a line or a duty.
func (c Chrome) tiedProofs(base, action string, tied, offered []storage.Evidence, edit bool, form evidenceForm, open bool) proofsView {
	v := proofsView{Title: c.T("proof.title"), Text: c.T("proof.text"), None: c.T("proof.none"), Action: action, OfferAction: action + "/usa", OfferText: c.T("proof.offer_text"), Open: open}
	for _, e := range tied {
		piece := c.proof(e, base+"/allegati")
		if edit {
			piece.Revoke = c.untie(action, e)
		}
		v.Pieces = append(v.Pieces, piece)
	}
	if edit {
		v.Offer, v.Form = c.offer(offered), c.proofFields(form)
	}
	return v
}

// bindEvidence reads the form of a new piece.
func (s *Server) bindEvidence(c *fiber.Ctx) (evidenceForm, service.EvidenceInput, []FieldError, error) {
	var form evidenceForm
	wrong, err := s.bind(c, &form)
	if err != nil {
		return form, service.EvidenceInput{}, nil, err
	}
	in, err := form.input(c)
	return form, in, wrong, err
}
