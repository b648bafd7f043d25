package web

import (
	"github.com/gofiber/fiber/v2"

	"traguardo/app/auth"
	"traguardo/app/service"
	"traguardo/surveys"
)

// programmesView is the page "programme/list".
type programmesView struct {
	Chrome
	Table  Table
	CanAdd bool
	Empty  Empty
}

// showProgrammes handles GET /programmi.
func (s *Server) showProgrammes(c *fiber.Ctx) error {
	list, err := s.svc.Programmes(c.UserContext(), actor(c))
	if err != nil {
		return err
	}
	p := programmesView{Chrome: s.systemChrome(c, "home.programmes_title"), CanAdd: actor(c).Admin}
	p.Lead = p.T("programme.lead")
	p.Empty = Empty{Title: p.T("programme.none_title"), Text: p.T("programme.none_text")}
	if p.CanAdd {
		p.Empty = Empty{Title: p.T("programme.none_title"), Text: p.T("programme.none_add_text"), Action: p.T("programme.new_button"), Href: "/programmi/nuovo"}
	}
	p.Table = Table{ID: "programmi", Caption: p.T("home.programmes_title"), Hidden: true,
		Columns: []Column{{Label: p.T("programme.col_name")}, {Label: p.T("programme.col_enti"), Numeric: true}, {Label: p.T("programme.col_about")}}}
	for _, pr := range list {
		name := Cell{Text: pr.Name, Href: programmePath(pr.ID) + "/enti"}
		if pr.Fictitious {
			name.Badge = &Badge{Kind: KindWarning, Text: p.T("home.fictitious")}
		}
		p.Table.Rows = append(p.Table.Rows, Row{Cells: []Cell{name, {Text: p.Int(pr.Enti)}, {Text: pr.Description}}})
	}
	return c.Render("programme/list", p)
}

type programmeForm struct {
	Name        string `form:"nome" validate:"required,max=120"`
	Description string `form:"descrizione" validate:"max=500"`
}

// showNewProgramme handles GET /programmi/nuovo.
func (s *Server) showNewProgramme(c *fiber.Ctx) error {
	if !actor(c).Admin {
		return auth.ErrForbidden
	}
	return c.Render("system/form", s.newProgrammeView(c, programmeForm{}, nil))
}

func (s *Server) newProgrammeView(c *fiber.Ctx, form programmeForm, wrong []FieldError) formView {
	p := formView{Chrome: s.systemChrome(c, "programme.new_title"), Action: "/programmi/nuovo", Back: "/programmi"}
	p.Errors, p.Intro, p.Button = wrong, p.T("programme.new_text"), p.T("programme.new_button")
	p.Breadcrumbs = append(p.Breadcrumbs, Link{Label: p.T("home.programmes_title"), Href: "/programmi"})
	p.Fields = []Field{
		{Name: "nome", Label: p.T("programme.name"), Value: form.Name, Required: true, MaxLength: 120, Error: p.ErrorOf("nome")},
		{Name: "descrizione", Type: "textarea", Label: p.T("programme.description"), Value: form.Description, Rows: 3, MaxLength: 500, Error: p.ErrorOf("descrizione")},
	}
	return p
}

// addProgramme handles POST /programmi/nuovo.
func (s *Server) addProgramme(c *fiber.Ctx) error {
	var form programmeForm
	wrong, err := s.bind(c, &form)
	if err != nil {
		return err
	}
	if len(wrong) > 0 {
		return s.invalid(c, "system/form", s.newProgrammeView(c, form, wrong))
	}
	id, err := s.svc.CreateProgramme(c.UserContext(), actor(c), service.ProgrammeInput{Name: form.Name, Description: form.Description})
	if wrong, ok := s.faultsOf(c, err); ok {
		return s.invalid(c, "system/form", s.newProgrammeView(c, form, wrong))
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, programmePath(id)+"/enti", "programme.added")
}

// enrolmentView is the page "programme/enti": the enti of a programme.
type enrolmentView struct {
	Chrome
	Path       string
	AddHref    string
	WaveHref   string // form of a wave in all enti; empty for those who may not
	Enti       []enrolledLine
	Add        *Field // enti that are here already; nil when there is none to add
	People     []service.Person
	KeeperPath string
	Keeper     *Field // who keeps the pairing keys; nil for all but the administrator
	Manage     string // where the administrator gives roles on the programme; empty for others
	Empty      Empty
}

// enrolledLine is one ente of the programme.
type enrolledLine struct {
	Name, Place, State string
	Population         string
	People             string // address of its people and roles
	Remove             Confirm
}

// showEnrolment handles GET /programmi/:programma/enti.
func (s *Server) showEnrolment(c *fiber.Ctx) error {
	p, err := s.enrolmentView(c, nil)
	if err != nil {
		return err
	}
	return c.Render("programme/enti", p)
}

func (s *Server) enrolmentView(c *fiber.Ctx, wrong []FieldError) (enrolmentView, error) {
	id, err := pathID(c, "programma")
	if err != nil {
		return enrolmentView{}, err
	}
	e, err := s.svc.Enrolment(c.UserContext(), actor(c), id)
	if err != nil {
		return enrolmentView{}, err
	}
	p := enrolmentView{Chrome: s.systemChrome(c, ""), Path: programmePath(id) + "/enti", AddHref: "/enti/nuovo?programma=" + id.String(), People: e.People}
	p.Title, p.Lead, p.Errors, p.Fictitious = e.Programme.Name, e.Programme.Description, wrong, e.Programme.Fictitious
	p.Breadcrumbs = append(p.Breadcrumbs, Link{Label: p.T("home.programmes_title"), Href: "/programmi"})
	p.Empty = Empty{Title: p.T("programme.empty_title"), Text: p.T("programme.empty_text"), Action: p.T("home.add_ente"), Href: p.AddHref}
	if e.MayPrepare {
		p.WaveHref = programmePath(id) + programmeWavePath
	}
	if actor(c).Admin {
		p.Manage, p.KeeperPath = usersPath, programmePath(id)+"/custode"
		p.Keeper = &Field{Name: "custode", Label: p.T("programme.keeper"), Hint: p.T("programme.keeper_hint"), Value: e.Programme.KeyHolder, MaxLength: 200, Error: p.ErrorOf("custode")}
	}
	for _, l := range e.Enti {
		population := p.T("home.unknown")
		if l.Ente.Population > 0 {
			population = p.Int(l.Ente.Population)
		}
		p.Enti = append(p.Enti, enrolledLine{Name: l.Ente.Name, Place: l.Ente.Province + " (" + l.Ente.ProvinceSigla + ")", Population: population,
			State: p.T("home.at_step_" + string(l.Percorso.At())), People: entePath(l.Ente.ID) + "/impostazioni/persone",
			Remove: Confirm{Action: p.Path + "/" + l.Ente.ID.String() + "/togli", Ask: p.T("programme.remove"), Title: p.T("programme.remove_title", "Name", l.Ente.Name),
				Consequence: p.T("programme.remove_text"), Button: p.T("programme.remove_button"), Danger: true}})
	}
	if len(e.Candidates) > 0 {
		p.Add = &Field{Name: "comune", Type: "select", Label: p.T("programme.add_here"), Required: true, Error: p.ErrorOf("comune")}
		for _, x := range e.Candidates {
			p.Add.Options = append(p.Add.Options, Option{Value: x.ID.String(), Label: x.Name + " (" + x.ProvinceSigla + ")"})
		}
	}
	return p, nil
}

// enrolEnte handles POST /programmi/:programma/enti.
func (s *Server) enrolEnte(c *fiber.Ctx) error {
	id, err := pathID(c, "programma")
	if err != nil {
		return err
	}
	ente, err := surveys.ParseID(c.FormValue("comune"))
	if err != nil {
		err = service.Invalid("comune", "form.choice")
	} else {
		err = s.svc.Enrol(c.UserContext(), actor(c), id, ente)
	}
	if wrong, ok := s.faultsOf(c, err); ok {
		return s.enrolmentFaults(c, wrong)
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, programmePath(id)+"/enti", "programme.enrolled")
}

// unenrolEnte handles POST /programmi/:programma/enti/:ente/togli.
func (s *Server) unenrolEnte(c *fiber.Ctx) error {
	id, err := pathID(c, "programma")
	if err != nil {
		return err
	}
	ente, err := pathID(c, "ente")
	if err != nil {
		return err
	}
	err = s.svc.Unenrol(c.UserContext(), actor(c), id, ente)
	if wrong, ok := s.faultsOf(c, err); ok {
		return s.enrolmentFaults(c, wrong)
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, programmePath(id)+"/enti", "programme.unenrolled")
}

// enrolmentFaults shows the page again with what is wrong.
func (s *Server) enrolmentFaults(c *fiber.Ctx, wrong []FieldError) error {
	p, err := s.enrolmentView(c, wrong)
	if err != nil {
		return err
	}
	return s.invalid(c, "programme/enti", p)
}

// setKeyHolder handles POST /programmi/:programma/custode.
func (s *Server) setKeyHolder(c *fiber.Ctx) error {
	id, err := pathID(c, "programma")
	if err != nil {
		return err
	}
	err = s.svc.SetKeyHolder(c.UserContext(), actor(c), id, c.FormValue("custode"))
	if wrong, ok := s.faultsOf(c, err); ok {
		return s.enrolmentFaults(c, wrong)
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, programmePath(id)+"/enti", "programme.keeper_saved")
}
