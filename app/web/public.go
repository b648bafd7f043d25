package web

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/service"
)

// textView is a public page of text: "public/text".
type textView struct {
	Chrome
	Sections []textSection
	Form     []Field // feedback; none on the other pages
	Intro    string  // over the form
	Done     bool    // the feedback was sent
	Tables   []Table
}

// textSection is one heading with its paragraphs.
type textSection struct {
	ID         string
	Title      string
	Paragraphs []string
}

// publicText makes a page of n sections, whose texts are public.NAME_1_title,
// public.NAME_1_text and so on; a blank line parts paragraphs.
func (s *Server) publicText(c *fiber.Ctx, name string, n int) textView {
	p := textView{Chrome: s.chrome(c, "public."+name+"_title")}
	p.Lead = p.T("public." + name + "_lead")
	for i := 1; i <= n; i++ {
		key := "public." + name + "_" + strconv.Itoa(i)
		p.Sections = append(p.Sections, textSection{ID: name + "-" + strconv.Itoa(i), Title: p.T(key + "_title"), Paragraphs: strings.Split(p.T(key+"_text"), "\n\n")})
	}
	return p
}

// Numbers of sections of each page.
const (
	accessibilitySections = 4
	privacySections       = 8
	legalSections         = 5
	versionSections       = 1
)

// showAccessibility handles GET /accessibilita.
func (s *Server) showAccessibility(c *fiber.Ctx) error {
	p := s.accessibilityView(c, feedbackForm{Page: c.Query("pagina")}, nil)
	p.Done = c.Query("inviata") == "1"
	return c.Render("public/text", p)
}

type feedbackForm struct {
	Page  string `form:"pagina" validate:"max=500"`
	Text  string `form:"testo" validate:"required,max=4000"`
	Email string `form:"email" validate:"omitempty,email,max=254"`
}

func (s *Server) accessibilityView(c *fiber.Ctx, form feedbackForm, wrong []FieldError) textView {
	p := s.publicText(c, "accessibility", accessibilitySections)
	p.Errors, p.Intro = wrong, p.T("public.feedback_text")
	p.Form = []Field{
		{Name: "testo", Type: "textarea", Label: p.T("public.feedback_what"), Hint: p.T("public.feedback_what_hint"), Value: form.Text, Required: true, MaxLength: 4000, Error: p.ErrorOf("testo")},
		{Name: "pagina", Label: p.T("public.feedback_page"), Value: form.Page, MaxLength: 500, Error: p.ErrorOf("pagina")},
		{Name: "email", Type: "email", Label: p.T("public.feedback_email"), Hint: p.T("public.feedback_email_hint"), Value: form.Email, Autocomplete: "email", Error: p.ErrorOf("email")},
	}
	return p
}

// sendFeedback handles POST /accessibilita.
func (s *Server) sendFeedback(c *fiber.Ctx) error {
	var form feedbackForm
	wrong, err := s.bind(c, &form)
	if err != nil {
		return err
	}
	if len(wrong) == 0 {
		err = s.svc.SendFeedback(c.UserContext(), service.Feedback{Page: form.Page, Text: form.Text, Email: form.Email}, c.IP())
		wrong, _ = s.faultsOf(c, err)
	}
	if len(wrong) > 0 {
		return s.invalid(c, "public/text", s.accessibilityView(c, form, wrong))
	}
	if err != nil {
		return err
	}
	return c.Redirect("/accessibilita?inviata=1", fiber.StatusSeeOther)
}

// showPrivacy handles GET /privacy.
func (s *Server) showPrivacy(c *fiber.Ctx) error {
	return c.Render("public/text", s.publicText(c, "privacy", privacySections))
}

// showLegal handles GET /note-legali.
func (s *Server) showLegal(c *fiber.Ctx) error {
	return c.Render("public/text", s.publicText(c, "legal", legalSections))
}

// showVersion handles GET /versione: what computes, and with which instruments.
func (s *Server) showVersion(c *fiber.Ctx) error {
	contents, err := s.svc.Contents(c.UserContext())
	if err != nil {
		return err
	}
	p := s.publicText(c, "version", versionSections)
	t := Table{ID: "versioni", Caption: p.T("public.version_parts"), Columns: []Column{{Label: p.T("public.col_part")}, {Label: p.T("public.col_version")}, {Label: p.T("public.col_hash")}}}
	row := func(part, version, hash string) {
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: part}, {Text: version}, {Text: hash}}})
	}
	row(p.T("public.part_program"), s.version, "–")
	row(p.T("public.part_formulas"), contents.Formulas, "–")
	for _, in := range contents.Instruments {
		row(p.T("public.part_instrument", "Code", in.Code), in.Version, in.Hash)
	}
	row(p.T("public.part_edition"), textIn(p.Lang(), contents.Edition.Title), "–")
	p.Tables = []Table{t}
	return c.Render("public/text", p)
}
