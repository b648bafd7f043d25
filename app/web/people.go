package web

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/auth"
	"traguardo/app/service"
	"traguardo/surveys"
)

// enteAnd reads the ente's id and another one from the address.
func enteAnd(c *fiber.Ctx, name string) (ente, other surveys.ID, err error) {
	if ente, err = pathID(c, "ente"); err != nil {
		return "", "", err
	}
	other, err = pathID(c, name)
	return ente, other, err
}

// peopleView is the page "ente/people": who has which role in the ente.
type peopleView struct {
	Chrome
	Tabs       *Tabs
	Path       string
	People     []personLine
	Programmes []service.Person
	NoRTD      bool
	Fields     []Field
	RoleText   []fact
}

// personLine is one role with its state and the question that takes it away.
type personLine struct {
	Name, Email, Role, Office string
	State                     *Badge
	Remove                    Confirm
}

// showPeople handles GET /enti/:ente/impostazioni/persone.
func (s *Server) showPeople(c *fiber.Ctx) error {
	p, err := s.peopleView(c, personForm{}, nil)
	if err != nil {
		return err
	}
	return c.Render("ente/people", p)
}

type personForm struct {
	Email  string `form:"email" validate:"required,email,max=254"`
	Name   string `form:"nome" validate:"max=120"`
	Role   string `form:"ruolo" validate:"required"`
	Office string `form:"ufficio"`
}

func (s *Server) peopleView(c *fiber.Ctx, form personForm, wrong []FieldError) (peopleView, error) {
	id, err := pathID(c, "ente")
	if err != nil {
		return peopleView{}, err
	}
	st, err := s.svc.People(c.UserContext(), actor(c), id)
	if err != nil {
		return peopleView{}, err
	}
	p := peopleView{Chrome: s.enteChrome(c, st.Place, "settings.tab_people", sectionSetup), Path: entePath(id) + "/impostazioni/persone", Programmes: st.Programmes, NoRTD: true}
	p.Lead, p.Errors, p.Tabs = p.T("people.lead"), wrong, s.settingsTabs(p.Chrome, st.Place, "/persone")
	if !st.Place.Can(auth.EnteView) { // the administrator sees nothing else of the ente
		p.Ente.Path = p.Path
		p.Breadcrumbs = []Link{{Label: p.T("home.all_enti_title"), Href: "/sistema/enti"}}
	}
	for _, x := range st.Own {
		p.NoRTD = p.NoRTD && x.Grant.Role != auth.RTD
		role := p.T(roleKey(x.Grant.Role))
		p.People = append(p.People, personLine{Name: x.Name, Email: x.Email, Role: role, Office: x.Office, State: p.accountBadge(x.Disabled, x.Waiting),
			Remove: Confirm{Action: p.Path + "/" + x.Grant.ID.String() + "/togli", Ask: p.T("people.take"), Title: p.T("people.take_title", "Name", x.Name, "Role", role),
				Consequence: p.T("people.take_text"), Button: p.T("people.take_button"), Danger: true}})
	}
	if form.Role == "" && p.NoRTD {
		form.Role = string(auth.RTD)
	}
	p.addFields(form, st)
	return p, nil
}

func (p *peopleView) addFields(form personForm, st service.People) {
	role := Field{Name: "ruolo", Type: "radio", Label: p.T("users.role"), Required: true, Error: p.ErrorOf("ruolo")}
	for _, r := range service.EnteRoles() {
		if r == auth.Office && len(st.Offices) == 0 {
			continue // first the offices
		}
		role.Options = append(role.Options, Option{Value: string(r), Label: p.T(roleKey(r)), Hint: p.T("people.does_" + string(r)), Selected: form.Role == string(r)})
	}
	p.Fields = []Field{
		{Name: "email", Type: "email", Label: p.T("account.email"), Value: form.Email, Required: true, Autocomplete: "off", Error: p.ErrorOf("email")},
		{Name: "nome", Label: p.T("account.name"), Hint: p.T("people.name_hint"), Value: form.Name, MaxLength: 120, Autocomplete: "off", Error: p.ErrorOf("nome")},
		role,
	}
	if len(st.Offices) == 0 {
		return
	}
	office := Field{Name: "ufficio", Type: "select", Label: p.T("people.office"), Hint: p.T("people.office_hint"), Error: p.ErrorOf("ufficio"), Options: []Option{{Label: "–"}}}
	for _, o := range st.Offices {
		office.Options = append(office.Options, Option{Value: o.ID.String(), Label: o.Name, Selected: form.Office == o.ID.String()})
	}
	p.Fields = append(p.Fields, office)
}

// addPerson handles POST /enti/:ente/impostazioni/persone.
func (s *Server) addPerson(c *fiber.Ctx) error {
	id, err := pathID(c, "ente")
	if err != nil {
		return err
	}
	var form personForm
	return s.handle(c, &form, work{
		Do: func(ctx context.Context, who auth.Actor) error {
			return s.svc.AddPerson(ctx, who, id, service.PersonInput{Email: form.Email, Name: form.Name, Role: auth.Role(form.Role), OfficeID: surveys.ID(form.Office)})
		},
		Again: func(wrong []FieldError) error {
			p, err := s.peopleView(c, form, wrong)
			if err != nil {
				return err
			}
			return s.invalid(c, "ente/people", p)
		},
		Done: func() error {
			return s.seeOther(c, entePath(id)+"/impostazioni/persone", "people.added", "Email", form.Email)
		},
	})
}

// removePerson handles POST /enti/:ente/impostazioni/persone/:incarico/togli.
func (s *Server) removePerson(c *fiber.Ctx) error {
	id, grant, err := enteAnd(c, "incarico")
	if err != nil {
		return err
	}
	err = s.svc.RemovePerson(c.UserContext(), actor(c), id, grant)
	if wrong, ok := s.faultsOf(c, err); ok {
		p, err := s.peopleView(c, personForm{}, wrong)
		if err != nil {
			return err
		}
		return s.invalid(c, "ente/people", p)
	}
	if err != nil {
		return err
	}
	if _, err := s.svc.Place(c.UserContext(), actor(c), id, auth.EnteUsers); err != nil { // it was one's own role
		return s.seeOther(c, "/", "people.taken")
	}
	return s.seeOther(c, entePath(id)+"/impostazioni/persone", "people.taken")
}
