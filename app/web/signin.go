package web

import (
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/auth"
)

const (
	signInPath   = "/accedi"
	passwordPath = "/password/nuova"
)

// signInView is the page "account/sign-in".
type signInView struct {
	Chrome
	Form signInForm
	Kept string // sealed form of an expired session; empty when there is none
}

type signInForm struct {
	Email    string `form:"email" validate:"required,email,max=254"`
	Password string `form:"password" validate:"required,max=512"`
	Next     string `form:"da" validate:"max=2000"`
	Kept     string `form:"kept"`
}

// showSignIn handles GET /accedi.
func (s *Server) showSignIn(c *fiber.Ctx) error {
	if stateOf(c).SignedIn {
		return c.Redirect(localPath(c.Query("da")), fiber.StatusSeeOther)
	}
	needed, err := s.svc.NeedsSetUp(c.UserContext())
	if err != nil {
		return err
	}
	if needed {
		return c.Redirect("/avvio", fiber.StatusSeeOther)
	}
	p := signInView{Chrome: s.chrome(c, "account.sign_in_title"), Form: signInForm{Next: localPath(c.Query("da"))}}
	if c.Query("esito") == "password" {
		p.Flash = append(p.Flash, Flash{Kind: KindOK, Text: p.T("account.choose_done")})
	}
	return c.Render("account/sign-in", p)
}

// askSignIn sends a reader to the sign-in page, and a writer too, with all that
// was typed sealed into the page: after sign-in it is there again.
func (s *Server) askSignIn(c *fiber.Ctx) error {
	if c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead {
		return c.Redirect(signInPath+"?da="+queryEscape(c.OriginalURL()), fiber.StatusSeeOther)
	}
	if wantsJSON(c) {
		return auth.ErrSignedOut
	}
	kept, err := s.keepForm(c)
	if err != nil {
		return err
	}
	p := signInView{Chrome: s.chrome(c, "account.sign_in_title"), Kept: kept, Form: signInForm{Next: "/"}}
	p.Flash = append(p.Flash, Flash{Kind: KindWarning, Text: p.T("account.session_over")})
	return c.Status(fiber.StatusUnauthorized).Render("account/sign-in", p)
}

// signIn handles POST /accedi.
func (s *Server) signIn(c *fiber.Ctx) error {
	var form signInForm
	wrong, err := s.bind(c, &form)
	if err != nil {
		return err
	}
	if len(wrong) > 0 {
		return s.signInAgain(c, form, wrong)
	}
	token, err := s.svc.SignIn(c.UserContext(), form.Email, form.Password, c.IP())
	switch {
	case errors.Is(err, auth.ErrCredentials):
		return s.signInAgain(c, form, []FieldError{{Text: s.texter(c).T("account.wrong_credentials")}})
	case errors.Is(err, auth.ErrThrottled):
		return s.signInAgain(c, form, []FieldError{{Text: s.texter(c).T("account.throttled")}})
	case err != nil:
		return err
	}
	s.setSession(c, token)
	if form.Kept != "" {
		return s.resumeForm(c, token, form.Kept)
	}
	return c.Redirect(localPath(form.Next), fiber.StatusSeeOther)
}

func (s *Server) signInAgain(c *fiber.Ctx, form signInForm, wrong []FieldError) error {
	p := signInView{Chrome: s.chrome(c, "account.sign_in_title"), Form: form, Kept: form.Kept}
	p.Form.Password, p.Errors = "", wrong
	return s.invalid(c, "account/sign-in", p)
}

// signOut handles POST /esci.
func (s *Server) signOut(c *fiber.Ctx) error {
	if err := s.svc.SignOut(c.UserContext(), stateOf(c).Token); err != nil {
		return err
	}
	s.clearSession(c)
	return c.Redirect(signInPath, fiber.StatusSeeOther)
}

// localPath accepts only a path of this site as the way back; else the home.
func localPath(p string) string {
	control := func(r rune) bool { return r < 0x20 || r == 0x7f } // browsers drop tabs: «/\t/host» is «//host»
	if !strings.HasPrefix(p, "/") || strings.HasPrefix(p, "//") || strings.Contains(p, `\`) || strings.ContainsFunc(p, control) {
		return "/"
	}
	return p
}

// EmailField is the field of the address.
func (p signInView) EmailField() Field {
	return Field{Name: "email", Type: "email", Label: p.T("account.email"), Value: p.Form.Email, Required: true,
		Autocomplete: "username", Error: p.ErrorOf("email")}
}

// PasswordField is the field of the password; what was typed is never sent back.
func (p signInView) PasswordField() Field {
	return Field{Name: "password", Type: "password", Label: p.T("account.password"), Required: true,
		Autocomplete: "current-password", Error: p.ErrorOf("password")}
}
