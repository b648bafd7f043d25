package web

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/auth"
	"traguardo/app/service"
	"traguardo/app/storage"
)

// accountView is every page with one short form and nothing else: first
// administrator, forgotten, chosen and changed password. Done replaces the form
// with a sentence.
type accountView struct {
	Chrome
	Action string
	Text   string
	Fields []Field
	Button string
	Link   string // words of the link under the form; empty: none
	Href   string
	Done   string
}

const accountPage = "account/form"

// showSetUp handles GET /avvio: the first administrator, once.
func (s *Server) showSetUp(c *fiber.Ctx) error {
	needed, err := s.svc.NeedsSetUp(c.UserContext())
	if err != nil {
		return err
	}
	if !needed {
		return c.Redirect(signInPath, fiber.StatusSeeOther)
	}
	return c.Render(accountPage, s.setUpView(c, setUpForm{}, nil))
}

type setUpForm struct {
	Code          string `form:"code" validate:"required,max=60"`
	Name          string `form:"name" validate:"required,max=120"`
	Email         string `form:"email" validate:"required,email,max=254"`
	Password      string `form:"password" validate:"required,max=512"`
	AgainPassword string `form:"again" validate:"required,eqfield=Password"`
}

func (s *Server) setUpView(c *fiber.Ctx, form setUpForm, wrong []FieldError) accountView {
	p := accountView{Chrome: s.chrome(c, "account.setup_title"), Action: "/avvio"}
	p.Errors, p.Text, p.Button = wrong, p.T("account.setup_text"), p.T("account.setup_button")
	p.Fields = []Field{
		{Name: "code", Label: p.T("account.setup_code"), Hint: p.T("account.setup_code_hint"), Value: form.Code, Required: true, Autocomplete: "off", Error: p.ErrorOf("code")},
		{Name: "name", Label: p.T("account.name"), Value: form.Name, Required: true, Autocomplete: "name", MaxLength: 120, Error: p.ErrorOf("name")},
		{Name: "email", Type: "email", Label: p.T("account.email"), Value: form.Email, Required: true, Autocomplete: "username", Error: p.ErrorOf("email")},
	}
	p.Fields = append(p.Fields, p.newPasswordFields()...)
	return p
}

// newPasswordFields are the two fields of a new password; what was typed is never sent back.
func (p accountView) newPasswordFields() []Field {
	return []Field{
		{Name: "password", Type: "password", Label: p.T("account.new_password"), Hint: p.T("account.password_hint"), Required: true, Autocomplete: "new-password", Error: p.ErrorOf("password")},
		{Name: "again", Type: "password", Label: p.T("account.new_password_again"), Required: true, Autocomplete: "new-password", Error: p.ErrorOf("again")},
	}
}

// setUp handles POST /avvio: makes the first administrator and signs them in.
func (s *Server) setUp(c *fiber.Ctx) error {
	var form setUpForm
	wrong, err := s.bind(c, &form)
	if err != nil {
		return err
	}
	if len(wrong) > 0 {
		return s.invalid(c, accountPage, s.setUpView(c, form, wrong))
	}
	_, err = s.svc.SetUp(c.UserContext(), form.Code, service.NewAccount{Email: form.Email, Name: form.Name, Password: form.Password, Lang: s.lang(c)})
	if wrong, ok := s.faultsOf(c, err); ok {
		return s.invalid(c, accountPage, s.setUpView(c, form, wrong))
	}
	if err != nil {
		return err
	}
	token, err := s.svc.SignIn(c.UserContext(), form.Email, form.Password, c.IP())
	if err != nil {
		return err
	}
	s.setSession(c, token)
	return c.Redirect("/", fiber.StatusSeeOther)
}

// showForgotten handles GET /password/dimenticata.
func (s *Server) showForgotten(c *fiber.Ctx) error {
	p := s.forgottenView(c, "", nil)
	if c.Query("inviata") == "1" {
		p.Done = p.T("account.forgotten_done")
	}
	return c.Render(accountPage, p)
}

func (s *Server) forgottenView(c *fiber.Ctx, email string, wrong []FieldError) accountView {
	p := accountView{Chrome: s.chrome(c, "account.forgotten_title"), Action: "/password/dimenticata", Href: signInPath}
	p.Errors, p.Text, p.Button, p.Link = wrong, p.T("account.forgotten_text"), p.T("account.forgotten_button"), p.T("account.back_to_sign_in")
	p.Fields = []Field{{Name: "email", Type: "email", Label: p.T("account.email"), Value: email, Required: true, Autocomplete: "username", Error: p.ErrorOf("email")}}
	return p
}

// forgotten handles POST /password/dimenticata; it answers alike for any address.
func (s *Server) forgotten(c *fiber.Ctx) error {
	var form struct {
		Email string `form:"email" validate:"required,email,max=254"`
	}
	wrong, err := s.bind(c, &form)
	if err != nil {
		return err
	}
	if len(wrong) > 0 {
		return s.invalid(c, accountPage, s.forgottenView(c, form.Email, wrong))
	}
	if err := s.svc.AskReset(c.UserContext(), form.Email, c.IP()); err != nil {
		return err
	}
	return c.Redirect("/password/dimenticata?inviata=1", fiber.StatusSeeOther)
}

// showChoose handles GET /password/scegli/:token: a new password by a link.
func (s *Server) showChoose(c *fiber.Ctx) error {
	err := s.svc.ResetValid(c.UserContext(), c.Params("token"))
	if errors.Is(err, storage.ErrNotFound) {
		return s.resetGone(c)
	}
	if err != nil {
		return err
	}
	return c.Render(accountPage, s.chooseView(c, nil))
}

// resetGone says that a link has expired or was used, and where to get another.
func (s *Server) resetGone(c *fiber.Ctx) error {
	p := accountView{Chrome: s.chrome(c, "account.reset_gone_title"), Href: "/password/dimenticata"}
	p.Done, p.Link = p.T("account.reset_gone_text"), p.T("account.reset_gone_link")
	return c.Status(fiber.StatusGone).Render(accountPage, p)
}

func (s *Server) chooseView(c *fiber.Ctx, wrong []FieldError) accountView {
	p := accountView{Chrome: s.chrome(c, "account.choose_title"), Action: "/password/scegli/" + c.Params("token")}
	p.Errors, p.Button = wrong, p.T("account.choose_button")
	p.Fields = p.newPasswordFields()
	return p
}

type newPasswordForm struct {
	Password      string `form:"password" validate:"required,max=512"`
	AgainPassword string `form:"again" validate:"required,eqfield=Password"`
}

// choose handles POST /password/scegli/:token.
func (s *Server) choose(c *fiber.Ctx) error {
	var form newPasswordForm
	wrong, err := s.bind(c, &form)
	if err != nil {
		return err
	}
	if len(wrong) > 0 {
		return s.invalid(c, accountPage, s.chooseView(c, wrong))
	}
	err = s.svc.ResetPassword(c.UserContext(), c.Params("token"), form.Password)
	if errors.Is(err, storage.ErrNotFound) {
		return s.resetGone(c)
	}
	if wrong, ok := s.faultsOf(c, err); ok {
		return s.invalid(c, accountPage, s.chooseView(c, wrong))
	}
	if err != nil {
		return err
	}
	return c.Redirect(signInPath+"?esito=password", fiber.StatusSeeOther)
}

// showPasswordChange handles GET /password/nuova.
func (s *Server) showPasswordChange(c *fiber.Ctx) error {
	return c.Render(accountPage, s.changeView(c, nil))
}

func (s *Server) changeView(c *fiber.Ctx, wrong []FieldError) accountView {
	p := accountView{Chrome: s.chrome(c, "account.change_title"), Action: passwordPath, Href: "/"}
	p.Errors, p.Button, p.Text, p.Link = wrong, p.T("account.choose_button"), p.T("account.change_text"), p.T("account.change_leave")
	if stateOf(c).MustChange {
		p.Text, p.Link = p.T("account.must_change"), ""
	}
	p.Fields = append([]Field{{Name: "current", Type: "password", Label: p.T("account.current_password"), Required: true,
		Autocomplete: "current-password", Error: p.ErrorOf("current")}}, p.newPasswordFields()...)
	return p
}

// changePassword handles POST /password/nuova: every other session ends.
func (s *Server) changePassword(c *fiber.Ctx) error {
	var form struct {
		CurrentPassword string `form:"current" validate:"required,max=512"`
		Password        string `form:"password" validate:"required,max=512"`
		AgainPassword   string `form:"again" validate:"required,eqfield=Password"`
	}
	wrong, err := s.bind(c, &form)
	if err != nil {
		return err
	}
	if len(wrong) > 0 {
		return s.invalid(c, accountPage, s.changeView(c, wrong))
	}
	token, err := s.svc.ChangePassword(c.UserContext(), actor(c), form.CurrentPassword, form.Password)
	if wrong, ok := s.faultsOf(c, err); ok {
		return s.invalid(c, accountPage, s.changeView(c, wrong))
	}
	if errors.Is(err, auth.ErrThrottled) {
		return s.invalid(c, accountPage, s.changeView(c, []FieldError{{Text: s.texter(c).T("account.throttled")}}))
	}
	if err != nil {
		return err
	}
	s.setSession(c, token)
	stateOf(c).Token = token
	return s.seeOther(c, "/", "account.changed")
}
