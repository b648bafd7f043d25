package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/auth"
	"traguardo/app/service"
	"traguardo/surveys"
)

const usersPath = "/sistema/utenti"

// usersView is the page "system/users": every account.
type usersView struct {
	Chrome
	Query string
	Table Table
}

// showUsers handles GET /sistema/utenti.
func (s *Server) showUsers(c *fiber.Ctx) error {
	users, err := s.svc.Users(c.UserContext(), actor(c))
	if err != nil {
		return err
	}
	p := usersView{Chrome: s.systemChrome(c, "users.title"), Query: strings.TrimSpace(c.Query("q"))}
	p.Lead = p.T("users.lead")
	p.Table = Table{ID: "utenti", Caption: p.T("users.caption"), Hidden: true, Empty: p.T("users.none"),
		Columns: []Column{{Label: p.T("users.col_name")}, {Label: p.T("users.col_email")}, {Label: p.T("users.col_kind")}, {Label: p.T("users.col_state")}}}
	for _, u := range users {
		if q := strings.ToLower(p.Query); q != "" && !strings.Contains(strings.ToLower(u.Name+" "+u.Email), q) {
			continue
		}
		kind := Cell{Text: p.T("users.kind_user")}
		if u.Admin {
			kind.Text = p.T("role.admin")
		}
		p.Table.Rows = append(p.Table.Rows, Row{Cells: []Cell{{Text: u.Name, Href: usersPath + "/" + u.ID.String()}, {Text: u.Email}, kind, {Badge: p.accountBadge(u.Disabled, u.Waiting)}}})
	}
	return c.Render("system/users", p)
}

// accountBadge is the state of an account in words.
func (c Chrome) accountBadge(disabled, waiting bool) *Badge {
	switch {
	case disabled:
		return &Badge{Kind: KindError, Text: c.T("users.disabled")}
	case waiting:
		return &Badge{Kind: KindWarning, Text: c.T("users.waiting")}
	default:
		return &Badge{Kind: KindOK, Text: c.T("users.active")}
	}
}

// systemChrome is the frame of a page of the system.
func (s *Server) systemChrome(c *fiber.Ctx, titleKey string) Chrome {
	ch := s.chrome(c, titleKey)
	ch.Breadcrumbs = []Link{{Label: ch.T("nav.my_enti"), Href: "/"}}
	if strings.HasPrefix(c.Path(), usersPath+"/") {
		ch.Breadcrumbs = append(ch.Breadcrumbs, Link{Label: ch.T("users.title"), Href: usersPath})
	}
	return ch
}

// formView is a page with one form: new user, new programme.
type formView struct {
	Chrome
	Action string
	Intro  string
	Fields []Field
	Button string
	Back   string // address of «Annulla»
}

type newUserForm struct {
	Name     string `form:"name" validate:"required,max=120"`
	Email    string `form:"email" validate:"required,email,max=254"`
	Lang     string `form:"lang" validate:"oneof=it en"`
	Admin    string `form:"admin" validate:"omitempty,eq=1"`
	Password string `form:"password" validate:"max=512"`
}

// showNewUser handles GET /sistema/utenti/nuovo.
func (s *Server) showNewUser(c *fiber.Ctx) error {
	if _, err := s.svc.Users(c.UserContext(), actor(c)); err != nil {
		return err
	}
	return c.Render("system/form", s.newUserView(c, newUserForm{Lang: "it"}, nil))
}

func (s *Server) newUserView(c *fiber.Ctx, form newUserForm, wrong []FieldError) formView {
	p := formView{Chrome: s.systemChrome(c, "users.new_title"), Action: usersPath + "/nuovo", Back: usersPath}
	p.Errors, p.Intro, p.Button = wrong, p.T("users.new_text"), p.T("users.new_button")
	p.Fields = []Field{
		{Name: "name", Label: p.T("account.name"), Value: form.Name, Required: true, MaxLength: 120, Autocomplete: "off", Error: p.ErrorOf("name")},
		{Name: "email", Type: "email", Label: p.T("account.email"), Value: form.Email, Required: true, Autocomplete: "off", Error: p.ErrorOf("email")},
		p.langField(form.Lang),
		{Name: "password", Type: "password", Label: p.T("users.provisional"), Hint: p.T("users.provisional_hint"), Autocomplete: "new-password", Error: p.ErrorOf("password")},
		{Name: "admin", Type: "checkbox", Label: p.T("users.make_admin"), Hint: p.T("users.make_admin_hint"), Checked: form.Admin == "1", Error: p.ErrorOf("admin")},
	}
	return p
}

func (c Chrome) langField(lang string) Field {
	return Field{Name: "lang", Type: "select", Label: c.T("users.lang"), Required: true, Error: c.ErrorOf("lang"),
		Options: []Option{{Value: "it", Label: "Italiano", Selected: lang != "en"}, {Value: "en", Label: "English", Selected: lang == "en"}}}
}

// addUser handles POST /sistema/utenti/nuovo.
func (s *Server) addUser(c *fiber.Ctx) error {
	var form newUserForm
	wrong, err := s.bind(c, &form)
	if err != nil {
		return err
	}
	if len(wrong) > 0 {
		return s.invalid(c, "system/form", s.newUserView(c, form, wrong))
	}
	u, err := s.svc.AddUser(c.UserContext(), actor(c), service.NewAccount{Email: form.Email, Name: form.Name, Lang: form.Lang, Admin: form.Admin == "1",
		Password: form.Password, MustChange: true, Invite: form.Password == ""})
	if wrong, ok := s.faultsOf(c, err); ok {
		return s.invalid(c, "system/form", s.newUserView(c, form, wrong))
	}
	if err != nil {
		return err
	}
	if form.Password == "" {
		return s.seeOther(c, usersPath+"/"+u.ID.String(), "users.invited", "Email", u.Email)
	}
	return s.seeOther(c, usersPath+"/"+u.ID.String(), "users.added", "Email", u.Email)
}

// userView is the page "system/user": one account.
type userView struct {
	Chrome
	Page    service.AccountPage
	Path    string
	State   *Badge
	Facts   []Field
	Roles   []roleLine
	Place   Field
	Role    Field
	Access  Confirm
	Confirm Field // provisional password
	Self    bool
}

// roleLine is one role with the question that takes it away.
type roleLine struct {
	Role, Place string
	Remove      Confirm
}

type userForm struct {
	Name  string `form:"nome" validate:"required,max=120"`
	Lang  string `form:"lang" validate:"oneof=it en"`
	Admin string `form:"amministratore" validate:"omitempty,eq=1"`
}

// showUser handles GET /sistema/utenti/:utente.
func (s *Server) showUser(c *fiber.Ctx) error {
	p, err := s.userView(c, nil, nil)
	if err != nil {
		return err
	}
	return c.Render("system/user", p)
}

// userView reads the account again and shows it, with the typed values of form
// where there is one.
func (s *Server) userView(c *fiber.Ctx, form *userForm, wrong []FieldError) (userView, error) {
	id, err := pathID(c, "utente")
	if err != nil {
		return userView{}, err
	}
	account, err := s.svc.Account(c.UserContext(), actor(c), id)
	if err != nil {
		return userView{}, err
	}
	p := userView{Chrome: s.systemChrome(c, ""), Page: account, Path: usersPath + "/" + id.String(), Self: actor(c).UserID == id}
	p.Title, p.Lead, p.Errors = account.User.Name, account.User.Email, wrong
	p.State = p.accountBadge(account.User.Disabled, account.Waiting)
	if form == nil {
		form = &userForm{Name: account.User.Name, Lang: account.User.Lang, Admin: map[bool]string{true: "1"}[account.User.Admin]}
	}
	p.Facts = []Field{
		{Name: "nome", Label: p.T("account.name"), Value: form.Name, Required: true, MaxLength: 120, Autocomplete: "off", Error: p.ErrorOf("nome")},
		p.langField(form.Lang),
		{Name: "amministratore", Type: "checkbox", Label: p.T("users.make_admin"), Hint: p.T("users.make_admin_hint"), Checked: form.Admin == "1", Error: p.ErrorOf("amministratore")},
	}
	p.addRoles()
	p.Confirm = Field{Name: "password", Type: "password", Label: p.T("users.provisional"), Required: true, Hint: p.T("users.provisional_reset_hint"), Autocomplete: "new-password", Error: p.ErrorOf("password")}
	p.Access = Confirm{Action: p.Path + "/accesso", Ask: p.T("users.disable"), Title: p.T("users.disable_title"), Consequence: p.T("users.disable_text"),
		Button: p.T("users.disable"), Danger: true, Hidden: []Hidden{{Name: "stato", Value: "chiuso"}}}
	if account.User.Disabled {
		p.Access = Confirm{Action: p.Path + "/accesso", Ask: p.T("users.enable"), Title: p.T("users.enable_title"), Consequence: p.T("users.enable_text"),
			Button: p.T("users.enable"), Hidden: []Hidden{{Name: "stato", Value: "aperto"}}}
	}
	return p, nil
}

func (p *userView) addRoles() {
	for _, g := range p.Page.Grants {
		role := p.T(roleKey(g.Grant.Role))
		p.Roles = append(p.Roles, roleLine{Role: role, Place: g.Place, Remove: Confirm{Action: p.Path + "/ruoli/" + g.Grant.ID.String() + "/togli",
			Ask: p.T("users.take"), Title: p.T("users.take_title", "Role", role, "Place", g.Place), Consequence: p.T("users.take_text"), Button: p.T("users.take_button"), Danger: true}})
	}
	p.Role = Field{Name: "ruolo", Type: "select", Label: p.T("users.role"), Required: true, Error: p.ErrorOf("ruolo")}
	for _, r := range append(service.ProgrammeRoles(), service.EnteRoles()...) {
		if r != auth.Office {
			p.Role.Options = append(p.Role.Options, Option{Value: string(r), Label: p.T(roleKey(r))})
		}
	}
	p.Place = Field{Name: "luogo", Type: "select", Label: p.T("users.place"), Hint: p.T("users.place_hint"), Required: true, Error: p.ErrorOf("luogo")}
	for _, pr := range p.Page.Programmes {
		p.Place.Options = append(p.Place.Options, Option{Value: "p:" + pr.ID.String(), Label: p.T("users.place_programme", "Name", pr.Name)})
	}
	for _, e := range p.Page.Enti {
		p.Place.Options = append(p.Place.Options, Option{Value: "e:" + e.ID.String(), Label: p.T("users.place_ente", "Name", e.Name, "Province", e.ProvinceSigla)})
	}
}

// userAgain shows the account again with what is wrong, or hands on another error.
func (s *Server) userAgain(c *fiber.Ctx, form *userForm, err error) error {
	wrong, ok := s.faultsOf(c, err)
	if !ok {
		return err
	}
	p, err := s.userView(c, form, wrong)
	if err != nil {
		return err
	}
	return s.invalid(c, "system/user", p)
}

// updateUser handles POST /sistema/utenti/:utente.
func (s *Server) updateUser(c *fiber.Ctx) error {
	var form userForm
	wrong, err := s.bind(c, &form)
	if err != nil {
		return err
	}
	if len(wrong) > 0 {
		p, err := s.userView(c, &form, wrong)
		if err != nil {
			return err
		}
		return s.invalid(c, "system/user", p)
	}
	id, err := pathID(c, "utente")
	if err != nil {
		return err
	}
	if err := s.svc.UpdateAccount(c.UserContext(), actor(c), id, service.AccountInput{Name: form.Name, Lang: form.Lang, Admin: form.Admin == "1"}); err != nil {
		return s.userAgain(c, &form, err)
	}
	return s.seeOther(c, usersPath+"/"+id.String(), "users.saved")
}

// setUserAccess handles POST /sistema/utenti/:utente/accesso: closes or opens the account.
func (s *Server) setUserAccess(c *fiber.Ctx) error {
	id, err := pathID(c, "utente")
	if err != nil {
		return err
	}
	closed := c.FormValue("stato") == "chiuso"
	if err := s.svc.SetDisabled(c.UserContext(), actor(c), id, closed); err != nil {
		return s.userAgain(c, nil, err)
	}
	key := "users.enabled_done"
	if closed {
		key = "users.disabled_done"
	}
	return s.seeOther(c, usersPath+"/"+id.String(), key)
}

// resetUser handles POST /sistema/utenti/:utente/password: a link by mail, or a
// provisional password told in person.
func (s *Server) resetUser(c *fiber.Ctx) error {
	id, err := pathID(c, "utente")
	if err != nil {
		return err
	}
	if c.FormValue("modo") == "posta" {
		if err := s.svc.SendReset(c.UserContext(), actor(c), id); err != nil {
			return s.userAgain(c, nil, err)
		}
		return s.seeOther(c, usersPath+"/"+id.String(), "users.reset_sent")
	}
	if err := s.svc.SetProvisional(c.UserContext(), actor(c), id, c.FormValue("password")); err != nil {
		return s.userAgain(c, nil, err)
	}
	if actor(c).UserID == id { // one's own sessions have ended
		return c.Redirect(signInPath, fiber.StatusSeeOther)
	}
	return s.seeOther(c, usersPath+"/"+id.String(), "users.password_set")
}

// addUserRole handles POST /sistema/utenti/:utente/ruoli.
func (s *Server) addUserRole(c *fiber.Ctx) error {
	id, err := pathID(c, "utente")
	if err != nil {
		return err
	}
	in := service.GrantInput{Role: auth.Role(c.FormValue("ruolo"))}
	kind, place, _ := strings.Cut(c.FormValue("luogo"), ":")
	if where, err := surveys.ParseID(place); err == nil && kind == "p" {
		in.ProgrammeID = where
	} else if err == nil && kind == "e" {
		in.EnteID = where
	}
	if err := s.svc.AddGrant(c.UserContext(), actor(c), id, in); err != nil {
		return s.userAgain(c, nil, err)
	}
	return s.seeOther(c, usersPath+"/"+id.String(), "users.role_added")
}

// removeUserRole handles POST /sistema/utenti/:utente/ruoli/:incarico/togli.
func (s *Server) removeUserRole(c *fiber.Ctx) error {
	id, err := pathID(c, "utente")
	if err != nil {
		return err
	}
	grant, err := pathID(c, "incarico")
	if err != nil {
		return err
	}
	if err := s.svc.RemoveGrant(c.UserContext(), actor(c), id, grant); err != nil {
		return err
	}
	return s.seeOther(c, usersPath+"/"+id.String(), "users.role_taken")
}
