package web

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/auth"
	"traguardo/app/service"
	"traguardo/app/storage"
	"traguardo/surveys"
)

// staffPerPage is how many employees a page of the list shows.
const staffPerPage = 50

// staffView is the page "ente/staff": the staff list, and what its numbers can show.
type staffView struct {
	Chrome
	Tabs     *Tabs
	Path     string
	Query    string
	Office   Field
	Left     bool // the list of those who left is shown
	Table    Table
	Pager    Pager
	InAll    int
	Add      []Field
	Rate     Field
	Forecast Table
	Empty    Empty
}

type staffForm struct {
	Email  string `form:"email" validate:"required,max=254"`
	Office string `form:"ufficio"`
	Role   string `form:"famiglia"`
}

// showStaff handles GET /enti/:ente/impostazioni/personale.
func (s *Server) showStaff(c *fiber.Ctx) error {
	p, err := s.staffView(c, staffForm{}, nil)
	if err != nil {
		return err
	}
	return c.Render("ente/staff", p)
}

func (s *Server) staffView(c *fiber.Ctx, form staffForm, wrong []FieldError) (staffView, error) {
	id, err := pathID(c, "ente")
	if err != nil {
		return staffView{}, err
	}
	page := max(1, c.QueryInt("pagina", 1))
	f := storage.StaffFilter{Text: strings.TrimSpace(c.Query("q")), Left: c.Query("stato") == "usciti", Limit: staffPerPage, Offset: (page - 1) * staffPerPage}
	if office, err := surveys.ParseID(c.Query("ufficio")); err == nil {
		f.Office = office
	}
	st, err := s.svc.Staff(c.UserContext(), actor(c), id, f)
	if err != nil {
		return staffView{}, err
	}
	p := staffView{Chrome: s.enteChrome(c, st.Place, "settings.tab_staff", sectionSetup), Path: entePath(id) + "/impostazioni/personale", Query: f.Text, Left: f.Left, InAll: st.InAll}
	p.Lead, p.Errors, p.Tabs = p.T("staff.lead"), wrong, s.settingsTabs(p.Chrome, st.Place, "/personale")
	p.Empty = Empty{Title: p.T("staff.none_title"), Text: p.T("staff.none_text"), Action: p.T("staff.load"), Href: p.Path + "/elenco"}
	p.Office = officeField(p.Chrome, st.Offices, c.Query("ufficio"), p.T("staff.all_offices"))
	p.Office.Required = true // «all» is a choice too
	p.Table = p.staffTable(st.Members)
	query := url.Values{}
	for key, value := range map[string]string{"q": f.Text, "ufficio": f.Office.String(), "stato": c.Query("stato")} {
		if value != "" {
			query.Set(key, value)
		}
	}
	base := p.Path + "?"
	if len(query) > 0 {
		base += query.Encode() + "&"
	}
	p.Pager = Pager{Page: page, Pages: max(1, (st.Total+staffPerPage-1)/staffPerPage), Total: st.Total, Base: base}
	p.Table.Note = p.T("staff.total", "Count", st.Total)
	p.Add = staffFields(p.Chrome, form, st.Offices)
	return p, p.forecast(c.QueryInt("tasso", 70))
}

func (p staffView) staffTable(members []storage.StaffMember) Table {
	t := Table{ID: "personale", Caption: p.T("settings.tab_staff"), Hidden: true, Empty: p.T("staff.nobody"), Columns: []Column{{Label: p.T("account.email")},
		{Label: p.T("staff.office")}, {Label: p.T("staff.role")}, {Label: p.T("staff.since")}}}
	if p.Left {
		t.Columns = append(t.Columns, Column{Label: p.T("staff.left_on")})
	}
	for _, m := range members {
		office := Cell{Text: m.Office}
		if m.Office == "" {
			office = Cell{Text: p.T("staff.no_office"), Muted: true}
		}
		cells := []Cell{{Text: m.Email, Href: p.Path + "/" + m.ID.String()}, office, {Text: p.T(roleFamilyKey(m.Role))}, {Text: p.Date(m.JoinedOn)}}
		if p.Left {
			cells = append(cells, Cell{Text: p.Date(m.LeftOn)})
		}
		t.Rows = append(t.Rows, Row{Cells: cells})
	}
	return t
}

// roleFamilyKey is the message key of a role family.
func roleFamilyKey(r surveys.RoleFamily) string {
	switch r {
	case surveys.RoleOperatore:
		return "staff.role_operatore"
	case surveys.RoleFunzionario:
		return "staff.role_funzionario"
	case surveys.RoleDirigente:
		return "staff.role_dirigente"
	default:
		return "staff.role_unknown"
	}
}

func officeField(c Chrome, offices []storage.Office, chosen, none string) Field {
	f := Field{Name: "ufficio", Type: "select", Label: c.T("staff.office"), Error: c.ErrorOf("ufficio"), Options: []Option{{Label: none}}}
	for _, o := range offices {
		f.Options = append(f.Options, Option{Value: o.ID.String(), Label: o.Name, Selected: o.ID.String() == chosen})
	}
	return f
}

// staffFields are the inputs of one employee.
func staffFields(c Chrome, form staffForm, offices []storage.Office) []Field {
	role := Field{Name: "famiglia", Type: "select", Label: c.T("staff.role"), Hint: c.T("staff.role_hint"), Error: c.ErrorOf("famiglia")}
	for _, r := range []surveys.RoleFamily{surveys.RoleUnknown, surveys.RoleOperatore, surveys.RoleFunzionario, surveys.RoleDirigente} {
		role.Options = append(role.Options, Option{Value: string(r), Label: c.T(roleFamilyKey(r)), Selected: form.Role == string(r)})
	}
	office := officeField(c, offices, form.Office, c.T("staff.no_office"))
	return []Field{{Name: "email", Type: "email", Label: c.T("account.email"), Value: form.Email, Required: true, Autocomplete: "off", Error: c.ErrorOf("email")}, office, role}
}

// forecast says what this ente's numbers can show, if a share of its people answers.
func (p *staffView) forecast(rate int) error {
	rates := []int{50, 60, 70, 80, 90}
	p.Rate = Field{Name: "tasso", Type: "select", Label: p.T("staff.rate"), Required: true, Narrow: true}
	known := false
	for _, r := range rates {
		known = known || r == rate
	}
	if !known {
		rate = 70
	}
	for _, r := range rates {
		p.Rate.Options = append(p.Rate.Options, Option{Value: strconv.Itoa(r), Label: p.Pct(float64(r)/100, 0), Selected: r == rate})
	}
	lines, err := surveys.Forecast(p.InAll, float64(rate)/100)
	if err != nil {
		return err
	}
	p.Forecast = Table{ID: "previsione", Caption: p.T("staff.forecast_caption"), Hidden: true, Note: p.T("staff.forecast_note"),
		Columns: []Column{{Label: p.T("staff.col_what")}, {Label: p.T("staff.col_shown")}, {Label: p.T("staff.col_needs")}, {Label: p.T("staff.col_have"), Numeric: true}}}
	for _, l := range lines {
		badge := &Badge{Kind: KindOK, Text: p.T("staff.shown_yes")}
		if !l.Shown {
			badge = &Badge{Kind: KindNeutral, Text: p.T("staff.shown_no")}
		}
		p.Forecast.Rows = append(p.Forecast.Rows, Row{Cells: []Cell{{Text: p.T("forecast." + string(l.What))}, {Badge: badge},
			{Text: p.T("forecast.needs_"+string(l.Unit), "Count", l.Needs)}, {Text: p.Int(l.Have)}}})
	}
	return nil
}

// addStaff handles POST /enti/:ente/impostazioni/personale: one employee.
func (s *Server) addStaff(c *fiber.Ctx) error {
	id, err := pathID(c, "ente")
	if err != nil {
		return err
	}
	var form staffForm
	return s.handle(c, &form, work{
		Do: func(ctx context.Context, who auth.Actor) error {
			return s.svc.AddStaffMember(ctx, who, id, staffInput(form))
		},
		Again: func(wrong []FieldError) error {
			p, err := s.staffView(c, form, wrong)
			if err != nil {
				return err
			}
			return s.invalid(c, "ente/staff", p)
		},
		Done: func() error {
			return s.seeOther(c, entePath(id)+"/impostazioni/personale", "staff.added", "Email", form.Email)
		},
	})
}

func staffInput(form staffForm) service.StaffInput {
	return service.StaffInput{Email: form.Email, OfficeID: surveys.ID(form.Office), Role: surveys.RoleFamily(form.Role)}
}

// memberView is the page "ente/staff-member": one employee.
type memberView struct {
	Chrome
	Path    string
	Back    string
	Fields  []Field
	Service Confirm
	Note    string
}

// showStaffMember handles GET /enti/:ente/impostazioni/personale/:persona.
func (s *Server) showStaffMember(c *fiber.Ctx) error {
	p, err := s.memberView(c, nil, nil)
	if err != nil {
		return err
	}
	return c.Render("ente/staff-member", p)
}

func (s *Server) memberView(c *fiber.Ctx, form *staffForm, wrong []FieldError) (memberView, error) {
	id, person, err := enteAnd(c, "persona")
	if err != nil {
		return memberView{}, err
	}
	place, m, offices, err := s.svc.StaffMember(c.UserContext(), actor(c), id, person)
	if err != nil {
		return memberView{}, err
	}
	list := entePath(id) + "/impostazioni/personale"
	p := memberView{Chrome: s.enteChrome(c, place, "", sectionSetup), Path: list + "/" + person.String(), Back: list}
	p.Title, p.Errors = m.Email, wrong
	p.Breadcrumbs = append(p.Breadcrumbs, Link{Label: p.T("settings.title"), Href: entePath(id) + "/impostazioni"}, Link{Label: p.T("settings.tab_staff"), Href: list})
	if form == nil {
		form = &staffForm{Email: m.Email, Office: m.OfficeID.String(), Role: string(m.Role)}
	}
	p.Fields = staffFields(p.Chrome, *form, offices)
	p.Note = p.T("staff.in_service", "Day", p.Date(m.JoinedOn))
	p.Service = Confirm{Action: p.Path + "/servizio", Ask: p.T("staff.leave"), Title: p.T("staff.leave_title"), Consequence: p.T("staff.leave_text"), Button: p.T("staff.leave_button"),
		Danger: true, Hidden: []Hidden{{Name: "stato", Value: "uscito"}}}
	if !m.LeftOn.IsZero() {
		p.Note = p.T("staff.not_in_service", "Day", p.Date(m.LeftOn))
		p.Service = Confirm{Action: p.Path + "/servizio", Ask: p.T("staff.back"), Title: p.T("staff.back_title"), Consequence: p.T("staff.back_text"), Button: p.T("staff.back"),
			Hidden: []Hidden{{Name: "stato", Value: "in-servizio"}}}
	}
	return p, nil
}

// saveStaffMember handles POST /enti/:ente/impostazioni/personale/:persona.
func (s *Server) saveStaffMember(c *fiber.Ctx) error {
	var form staffForm
	wrong, err := s.bind(c, &form)
	if err != nil {
		return err
	}
	id, person, err := enteAnd(c, "persona")
	if err != nil {
		return err
	}
	if len(wrong) == 0 {
		err = s.svc.UpdateStaffMember(c.UserContext(), actor(c), id, person, staffInput(form))
		wrong, _ = s.faultsOf(c, err)
	}
	if len(wrong) > 0 {
		p, err := s.memberView(c, &form, wrong)
		if err != nil {
			return err
		}
		return s.invalid(c, "ente/staff-member", p)
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, entePath(id)+"/impostazioni/personale", "staff.saved")
}

// setStaffService handles POST /enti/:ente/impostazioni/personale/:persona/servizio.
func (s *Server) setStaffService(c *fiber.Ctx) error {
	id, person, err := enteAnd(c, "persona")
	if err != nil {
		return err
	}
	set, done := s.svc.MarkStaffBack, "staff.back_done"
	if c.FormValue("stato") == "uscito" {
		set, done = s.svc.MarkStaffLeft, "staff.left_done"
	}
	if err := set(c.UserContext(), actor(c), id, person); err != nil {
		return err
	}
	return s.seeOther(c, entePath(id)+"/impostazioni/personale", done)
}
