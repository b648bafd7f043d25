package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/auth"
	"traguardo/app/service"
	"traguardo/surveys"
)

// staffListView is the page "ente/staff-list": a list to bring, and its preview.
// The text travels in the form: nothing is kept until it is confirmed.
type staffListView struct {
	Chrome
	Path    string
	Back    string
	Text    Field
	File    Field
	Preview bool
	Clean   bool // no fault: it can be confirmed
	Tiles   []Tile
	Faults  Table
	Changes Table
	Offices []string
	Missing []missingLine
	Raw     string // the text to be confirmed
}

// missingLine is one person in service whom the list lacks.
type missingLine struct {
	ID, Email, Office string
	Checked           bool
}

// showStaffList handles GET /enti/:ente/impostazioni/personale/elenco.
func (s *Server) showStaffList(c *fiber.Ctx) error {
	p, err := s.staffListView(c, "", nil)
	if err != nil {
		return err
	}
	return c.Render("ente/staff-list", p)
}

func (s *Server) staffListView(c *fiber.Ctx, text string, wrong []FieldError) (staffListView, error) {
	id, err := pathID(c, "ente")
	if err != nil {
		return staffListView{}, err
	}
	place, err := s.svc.Place(c.UserContext(), actor(c), id, auth.EnteEdit)
	if err != nil {
		return staffListView{}, err
	}
	list := entePath(id) + "/impostazioni/personale"
	p := staffListView{Chrome: s.enteChrome(c, place, "staff.load", sectionSetup), Path: list + "/elenco", Back: list}
	p.Lead, p.Errors = p.T("staff.list_lead"), wrong
	p.Breadcrumbs = append(p.Breadcrumbs, Link{Label: p.T("settings.title"), Href: entePath(id) + "/impostazioni"}, Link{Label: p.T("settings.tab_staff"), Href: list})
	p.Text = Field{Name: "testo", Type: "textarea", Label: p.T("staff.paste"), Hint: p.T("staff.paste_hint"), Value: text, Rows: 10, Error: p.ErrorOf("elenco"), Guard: true}
	p.File = Field{Name: "file", Type: "file", Label: p.T("staff.file"), Hint: p.T("staff.file_hint"), Accept: ".csv,.txt,text/csv,text/plain"}
	return p, nil
}

// previewStaffList handles POST /enti/:ente/impostazioni/personale/elenco.
func (s *Server) previewStaffList(c *fiber.Ctx) error {
	id, err := pathID(c, "ente")
	if err != nil {
		return err
	}
	content, err := s.upload(c, "file")
	if err != nil {
		return err
	}
	text := c.FormValue("testo")
	if content != nil {
		if text, err = surveys.DecodeText(content); err != nil {
			text = ""
		}
	}
	if strings.TrimSpace(text) == "" {
		return s.staffListAgain(c, text, []FieldError{{Field: "testo", Text: s.texter(c).T("staff.list_empty")}})
	}
	plan, err := s.svc.PreviewStaff(c.UserContext(), actor(c), id, text)
	if wrong, ok := s.faultsOf(c, err); ok {
		return s.staffListAgain(c, text, wrong)
	}
	if err != nil {
		return err
	}
	p, err := s.staffListView(c, text, nil)
	if err != nil {
		return err
	}
	p.preview(plan, text, nil)
	if !p.Clean {
		return s.invalid(c, "ente/staff-list", p)
	}
	return c.Render("ente/staff-list", p)
}

func (s *Server) staffListAgain(c *fiber.Ctx, text string, wrong []FieldError) error {
	for i := range wrong {
		wrong[i].Field = "testo"
	}
	p, err := s.staffListView(c, text, wrong)
	if err != nil {
		return err
	}
	p.Text.Error = p.ErrorOf("testo")
	return s.invalid(c, "ente/staff-list", p)
}

// preview fills the page with what the list would do.
func (p *staffListView) preview(plan service.StaffPlan, text string, left map[string]bool) {
	p.Preview, p.Clean, p.Raw, p.Offices = true, len(plan.List.Faults) == 0, text, plan.NewOffices
	p.Tiles = []Tile{
		{Label: p.T("staff.joined"), Value: p.Int(len(plan.Joined))},
		{Label: p.T("staff.changed"), Value: p.Int(len(plan.Changed))},
		{Label: p.T("staff.stays"), Value: p.Int(plan.Stays)},
		{Label: p.T("staff.missing"), Value: p.Int(len(plan.Missing)), Note: p.T("staff.missing_note")},
	}
	p.Faults = Table{ID: "difetti", Caption: p.T("staff.faults_caption", "Count", len(plan.List.Faults)), Columns: []Column{{Label: p.T("registry.col_line"), Numeric: true},
		{Label: p.T("registry.col_fault")}, {Label: p.T("registry.col_value")}}}
	for _, f := range plan.List.Faults[:min(shownFaults, len(plan.List.Faults))] {
		p.Faults.Rows = append(p.Faults.Rows, Row{Cells: []Cell{{Text: p.Int(f.Line)}, {Text: p.T("import.staff_"+string(f.Code), "First", f.First)}, {Text: f.Value}}})
	}
	p.Changes = p.changesTable(plan)
	for _, m := range plan.Missing {
		p.Missing = append(p.Missing, missingLine{ID: m.ID.String(), Email: m.Email, Office: m.Office, Checked: left[m.ID.String()]})
	}
}

// changesTable lists who joins and who changes, at most shownFaults of each.
func (p staffListView) changesTable(plan service.StaffPlan) Table {
	t := Table{ID: "novita", Caption: p.T("staff.news"), Columns: []Column{{Label: p.T("account.email")}, {Label: p.T("staff.what")}, {Label: p.T("staff.office")}, {Label: p.T("staff.role")}}}
	for _, r := range plan.Joined[:min(shownFaults, len(plan.Joined))] {
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: r.Email}, {Badge: &Badge{Kind: KindOK, Text: p.T("staff.joins")}}, {Text: r.Office}, {Text: p.T(roleFamilyKey(r.Role))}}})
	}
	for _, ch := range plan.Changed[:min(shownFaults, len(plan.Changed))] {
		badge := &Badge{Kind: KindInfo, Text: p.T("staff.changes")}
		if ch.Back {
			badge = &Badge{Kind: KindInfo, Text: p.T("staff.comes_back")}
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: ch.Member.Email}, {Badge: badge}, {Text: ch.NewOffice}, {Text: p.T(roleFamilyKey(ch.NewRole))}}})
	}
	if all := len(plan.Joined) + len(plan.Changed); all > len(t.Rows) {
		t.Note = p.T("staff.news_more", "Count", all-len(t.Rows))
	}
	return t
}

// importStaffList handles POST /enti/:ente/impostazioni/personale/elenco/conferma:
// the text is read again, and all of it is written or nothing.
func (s *Server) importStaffList(c *fiber.Ctx) error {
	id, err := pathID(c, "ente")
	if err != nil {
		return err
	}
	var form struct {
		Text string   `form:"testo"`
		Left []string `form:"usciti"`
	}
	if err := c.BodyParser(&form); err != nil {
		return errNoForm
	}
	left := make([]surveys.ID, 0, len(form.Left))
	for _, x := range form.Left {
		left = append(left, surveys.ID(x))
	}
	plan, err := s.svc.ImportStaff(c.UserContext(), actor(c), id, form.Text, left)
	if wrong, ok := s.faultsOf(c, err); ok {
		return s.staffListAgain(c, form.Text, wrong)
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, entePath(id)+"/impostazioni/personale", "staff.imported", "Joined", len(plan.Joined), "Changed", len(plan.Changed), "Stays", plan.Stays)
}
