package web

import (
	"fmt"
	"io"
	"mime"
	"time"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/service"
	"traguardo/app/storage"
	"traguardo/surveys"
	"traguardo/surveys/scoring"
)

// evidenceForm is a piece of evidence as it is typed.
type evidenceForm struct {
	Type      string `form:"tipo" validate:"required,oneof=E1 E2 E3 E4"`
	Title     string `form:"titolo" validate:"required,max=200"`
	URL       string `form:"indirizzo" validate:"omitempty,max=1000,http_url"`
	ActType   string `form:"atto_tipo" validate:"max=80"`
	ActNumber string `form:"atto_numero" validate:"max=80"`
	Dated     string `form:"data" validate:"required,datetime=2006-01-02"`
	Until     string `form:"scadenza" validate:"omitempty,datetime=2006-01-02"`
}

// fileTypes is what the browser offers to choose; the server looks at the content.
const fileTypes = ".pdf,.png,.jpg,.jpeg,.odt,.ods,.docx,.xlsx,.csv,.txt"

// evidenceFields is the form of a new piece, with what each type proves.
func (p *cardPage) evidenceFields(it surveys.Item, f evidenceForm) []Field {
	kinds := Field{Name: "tipo", Type: "radio", Label: p.T("assess.type"), Required: true, Error: p.ErrorOf("tipo")}
	for _, t := range []surveys.EvidenceType{surveys.E1, surveys.E2, surveys.E3, surveys.E4} {
		hint := p.T("assess.type_hint_"+string(t)) + " " + p.T("assess.type_cap", "Level", int(scoring.Cap(t, it.ActCap4)))
		kinds.Options = append(kinds.Options, Option{Value: string(t), Label: p.T("assess.type_" + string(t)), Hint: hint, Selected: f.Type == string(t)})
	}
	return []Field{kinds,
		{Name: "titolo", Label: p.T("assess.piece_title"), Hint: p.T("assess.piece_title_hint"), Value: f.Title, Required: true, MaxLength: service.MaxTitle, Guard: true, Error: p.ErrorOf("titolo")},
		{Name: "data", Type: "date", Label: p.T("assess.piece_date"), Hint: p.T("assess.piece_date_hint"), Value: f.Dated, Required: true, Narrow: true, Error: p.ErrorOf("data")},
		{Name: "file", Type: "file", Label: p.T("assess.piece_file"), Hint: p.T("assess.piece_file_hint"), Accept: fileTypes, Error: p.ErrorOf("file")},
		{Name: "indirizzo", Type: "url", Label: p.T("assess.piece_url"), Hint: p.T("assess.piece_url_hint"), Value: f.URL, MaxLength: service.MaxURL, Guard: true, Error: p.ErrorOf("indirizzo")},
		{Name: "atto_tipo", Label: p.T("assess.piece_act_type"), Hint: p.T("assess.piece_act_type_hint"), Value: f.ActType, MaxLength: service.MaxAct, Guard: true, Error: p.ErrorOf("atto_tipo")},
		{Name: "atto_numero", Label: p.T("assess.piece_act_number"), Value: f.ActNumber, MaxLength: service.MaxAct, Narrow: true, Guard: true, Error: p.ErrorOf("atto_numero")},
		{Name: "scadenza", Type: "date", Label: p.T("assess.piece_until"), Hint: p.T("assess.piece_until_hint"), Value: f.Until, Narrow: true, Error: p.ErrorOf("scadenza")},
	}
}

// piece is one piece as the card shows it.
func (p *cardPage) piece(v service.AssessmentView, x service.IndicatorView, e storage.Evidence) pieceView {
	out := pieceView{ID: e.ID.String(), Type: p.T("assess.type_" + string(e.Type)), Title: e.Title, State: p.pieceState(v, x, e)}
	if e.FileID != "" {
		out.File = &Link{Label: e.FileName, Href: entePath(v.Place.Ente.ID) + "/allegati/" + e.FileID.String()}
	}
	if e.URL != "" {
		out.Link = &Link{Label: e.URL, Href: e.URL}
	}
	if e.ActNumber != "" {
		out.Act = p.T("assess.piece_act", "Type", e.ActType, "Number", e.ActNumber)
	}
	out.Dates = p.T("assess.piece_dated", "Date", p.Date(e.Dated))
	if last := scoring.LastDay(e.Evidence); !last.IsZero() {
		out.Dates += " " + p.T("assess.piece_counts_until", "Date", p.Date(last))
	}
	if e.CheckedLevel != nil {
		out.Dates += " " + p.T("assess.piece_checked", "Level", int(*e.CheckedLevel))
	}
	out.By = p.T("assess.piece_by", "Who", or(e.AddedByName, p.T("assess.someone")), "Role", p.T(roleKey(roleOf(e.AddedRole))), "When", p.Date(e.AddedAt))
	if v.MayEdit && !e.Revoked && e.CheckedLevel == nil {
		out.Revoke = &Confirm{Action: p.Self + "/prove/" + out.ID + "/revoca", Ask: p.T("assess.revoke"), Title: p.T("assess.revoke_title", "Title", e.Title),
			Consequence: p.T("assess.revoke_text"), Button: p.T("assess.revoke_button"), Danger: true}
		if e.FileID != "" {
			out.Revoke.Fields = []Field{{Name: "elimina-" + out.ID, Type: "checkbox", Label: p.T("assess.revoke_file")}}
		}
	}
	return out
}

func (p *cardPage) pieceState(v service.AssessmentView, x service.IndicatorView, e storage.Evidence) Badge {
	counts, expired := scoring.Counts(e.Evidence, v.AsOf)
	switch {
	case e.Revoked:
		return Badge{KindNeutral, p.T("assess.piece_revoked")}
	case e.CheckedLevel != nil && e.ID != service.LatestCheck(x.Evidence):
		return Badge{KindNeutral, p.T("assess.piece_followed")}
	case service.Outgrown(e, x.Rating.Level):
		return Badge{KindWarning, p.T("assess.piece_outgrown")}
	case counts && e.AddedAt.Before(v.Assessment.OpenedAt):
		return Badge{KindOK, p.T("assess.piece_carried")}
	case counts:
		return Badge{KindOK, p.T("assess.piece_valid")}
	case expired:
		return Badge{KindWarning, p.T("assess.piece_expired")}
	default:
		return Badge{KindNeutral, p.T("assess.piece_later")}
	}
}

// addEvidence handles POST …/:codice/prove.
func (s *Server) addEvidence(c *fiber.Ctx) error {
	id, wave, err := atWave(c)
	if err != nil {
		return err
	}
	var form evidenceForm
	wrong, err := s.bind(c, &form)
	if err != nil {
		return err
	}
	in, err := form.input(c)
	if err != nil {
		return err
	}
	if len(wrong) == 0 {
		err = s.svc.AddEvidence(c.UserContext(), actor(c), id, wave, c.Params("codice"), in)
		if err == nil {
			return s.seeOther(c, cardPath(id, wave, c.Params("codice"))+"#prove", "assess.piece_added")
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
	p.Errors, p.AddOpen = wrong, true
	p.Evidence = p.evidenceFields(x.Item, form)
	return s.invalid(c, "assess/card", p)
}

// input reads dates and file of a form whose shape is right.
func (f evidenceForm) input(c *fiber.Ctx) (service.EvidenceInput, error) {
	in := service.EvidenceInput{Type: surveys.EvidenceType(f.Type), Title: f.Title, URL: f.URL, ActType: f.ActType, ActNumber: f.ActNumber,
		Dated: typedDay(f.Dated), ValidUntil: typedDay(f.Until)}
	upload, err := readUpload(c, "file")
	in.File = upload
	return in, err
}

// typedDay reads the value of a date input; anything else is the zero time.
func typedDay(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return time.Time{}
	}
	return t
}

// readUpload reads the file of a form, nil when none was chosen.
func readUpload(c *fiber.Ctx, field string) (*service.Upload, error) {
	header, err := c.FormFile(field)
	if err != nil || header.Filename == "" && header.Size == 0 {
		return nil, nil //nolint:nilnil,nilerr // no file was chosen
	}
	f, err := header.Open()
	if err != nil {
		return nil, fmt.Errorf("opening an upload: %w", err)
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, service.MaxUpload+1))
	if err != nil {
		return nil, fmt.Errorf("reading an upload: %w", err)
	}
	return &service.Upload{Name: header.Filename, Content: content}, nil
}

// revokeEvidence handles POST …/:codice/prove/:prova/revoca.
func (s *Server) revokeEvidence(c *fiber.Ctx) error {
	id, wave, err := atWave(c)
	if err != nil {
		return err
	}
	piece, err := pathID(c, "prova")
	if err != nil {
		return err
	}
	withFile := c.FormValue("elimina-"+piece.String()) != ""
	if err := s.svc.RevokeEvidence(c.UserContext(), actor(c), id, wave, c.Params("codice"), piece, withFile); err != nil {
		return err
	}
	return s.seeOther(c, cardPath(id, wave, c.Params("codice"))+"#prove", "assess.piece_revoked_done")
}

// sendFile handles GET …/allegati/:file: always as an attachment, in the type that
// was found from its content.
func (s *Server) sendFile(c *fiber.Ctx) error {
	id, err := pathID(c, "ente")
	if err != nil {
		return err
	}
	file, err := pathID(c, "file")
	if err != nil {
		return err
	}
	f, err := s.svc.EvidenceFile(c.UserContext(), actor(c), id, file)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, f.ContentType)
	c.Set(fiber.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}))
	c.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	return c.Send(f.Content)
}
