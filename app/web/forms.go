package web

import (
	"errors"
	"reflect"
	"strings"

	"github.com/go-playground/validator/v10"
	"github.com/gofiber/fiber/v2"

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
	if err := c.BodyParser(dst); err != nil {
		return nil, errors.Join(errNoForm, err)
	}
	trimStrings(dst)
	err := s.validate.StructCtx(c.UserContext(), dst)
	var wrong validator.ValidationErrors
	switch {
	case err == nil:
		return nil, nil
	case errors.As(err, &wrong):
		out := make([]FieldError, 0, len(wrong))
		for _, w := range wrong {
			out = append(out, FieldError{Field: w.Field(), Text: shapeText(s.texter(c), w)})
		}
		return out, nil
	default:
		return nil, err
	}
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

// invalid renders page again with status 422: values kept, messages on top and
// beside the fields.
func (s *Server) invalid(c *fiber.Ctx, page string, data any) error {
	return c.Status(fiber.StatusUnprocessableEntity).Render(page, data)
}
