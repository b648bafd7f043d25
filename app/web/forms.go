package web

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/go-playground/validator/v10"
	"github.com/gofiber/fiber/v2"

	"traguardo/app/auth"
	"traguardo/app/i18n"
	"traguardo/app/service"
)

// newValidator names fields by their form tag, so that messages land on the input.
func newValidator() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string {
		name, _, _ := strings.Cut(f.Tag.Get("form"), ",")
		return name
	})
	return v
}

// bind reads the form into dst (a pointer to a struct with form and validate
// tags) and returns what is wrong with its shape, in the reader's language.
// Strings are trimmed. The error is for forms that cannot be read at all.
func (s *Server) bind(c *fiber.Ctx, dst any) ([]FieldError, error) {
	if !isForm(c) {
		return nil, errNoForm
	}
	out := s.notNumbers(c, dst)
	if err := c.BodyParser(dst); err != nil {
		return nil, errors.Join(errNoForm, err)
	}
	trimStrings(dst)
	err := s.validate.StructCtx(c.UserContext(), dst)
	var wrong validator.ValidationErrors
	switch {
	case err == nil:
		return out, nil
	case errors.As(err, &wrong):
		for _, w := range wrong {
			if !slices.ContainsFunc(out, func(e FieldError) bool { return e.Field == w.Field() }) {
				out = append(out, FieldError{Field: w.Field(), Text: shapeText(s.texter(c), w)})
			}
		}
		return out, nil
	default:
		return nil, err
	}
}

// isForm reports whether the request brings a form as browsers send it.
func isForm(c *fiber.Ctx) bool {
	kind, _, _ := strings.Cut(strings.ToLower(c.Get(fiber.HeaderContentType)), ";")
	kind = strings.TrimSpace(kind)
	return kind == fiber.MIMEApplicationForm || kind == fiber.MIMEMultipartForm
}

// notNumbers finds the fields of whole numbers of dst where something else was
// typed, and empties them so that the rest can be read; what was typed goes with
// the message (see Chrome.TypedOf). The marks that a page sends by itself stay as
// they are: a form with a broken one is refused whole.
func (s *Server) notNumbers(c *fiber.Ctx, dst any) (out []FieldError) {
	v := reflect.ValueOf(dst).Elem()
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("form"), ",")
		if name == "" || name == "version" || !v.Field(i).CanInt() {
			continue
		}
		typed := strings.TrimSpace(c.FormValue(name))
		if _, err := strconv.ParseInt(typed, 10, 32); err == nil || typed == "" {
			continue
		}
		out = append(out, FieldError{Field: name, Text: s.texter(c).T("form.number"), Typed: typed})
		if form, err := c.MultipartForm(); err == nil {
			form.Value[name] = []string{""}
			continue
		}
		c.Request().PostArgs().Set(name, "")
	}
	return out
}

// trimStrings trims spaces around every string field but passwords.
func trimStrings(dst any) {
	v := reflect.ValueOf(dst).Elem()
	for i := range v.NumField() {
		f := v.Field(i)
		if f.Kind() == reflect.String && f.CanSet() && !strings.Contains(strings.ToLower(v.Type().Field(i).Name), "password") {
			f.SetString(strings.TrimSpace(f.String()))
		}
	}
}

// shapeText is the message of a validator rule.
func shapeText(l *i18n.Localizer, w validator.FieldError) string {
	switch w.Tag() {
	case "required", "required_if", "required_unless", "required_with":
		return l.T("form.required")
	case "email":
		return l.T("form.email")
	case "url", "http_url":
		return l.T("form.url")
	case "max":
		return l.T("form.max", "Param", w.Param())
	case "min":
		return l.T("form.min", "Param", w.Param())
	case "number", "numeric":
		return l.T("form.number")
	case "datetime":
		return l.T("form.date")
	case "eqfield":
		return l.T("form.same")
	default:
		return l.T("form.choice")
	}
}

// faultsOf turns the faults that a service method found into messages beside
// their fields. ok is false when err is of another kind.
func (s *Server) faultsOf(c *fiber.Ctx, err error) (out []FieldError, ok bool) {
	list := service.FaultsOf(err)
	for _, f := range list {
		out = append(out, FieldError{Field: f.Field, Text: s.texter(c).T(f.Key, f.Args...)})
	}
	return out, len(list) > 0
}

// work is what a form asks for.
type work struct {
	Do    func(ctx context.Context, who auth.Actor) error
	Again func(wrong []FieldError) error // shows the page with what was refused
	Done  func() error                   // where to go afterwards
}

// handle reads the form of a POST into form (nil: it has no field of its own) and
// does what it asks; what is wrong with it, or with what it asks, is shown again.
func (s *Server) handle(c *fiber.Ctx, form any, w work) error {
	if form != nil {
		wrong, err := s.bind(c, form)
		if err != nil {
			return err
		}
		if len(wrong) > 0 {
			return w.Again(wrong)
		}
	}
	err := w.Do(c.UserContext(), actor(c))
	if wrong, ok := s.faultsOf(c, err); ok {
		return w.Again(wrong)
	}
	if err != nil {
		return err
	}
	return w.Done()
}

// invalid renders page again with status 422: values kept, messages on top and
// beside the fields.
func (s *Server) invalid(c *fiber.Ctx, page string, data any) error {
	return c.Status(fiber.StatusUnprocessableEntity).Render(page, data)
}
