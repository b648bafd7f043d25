package web

import (
	"context"
	"errors"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/auth"
	"traguardo/app/service"
	"traguardo/app/storage"
	"traguardo/plans"
	"traguardo/surveys"
)

var (
	errBadForm = errors.New("the form's token does not fit")
	errNoForm  = errors.New("the form cannot be read")
	errTooFast = errors.New("too many requests by one link")
)

// meaning is one row of the table that turns errors into pages.
type meaning struct {
	err    error
	status int
	title  string // message keys
	text   string
}

// meanings is the one table from sentinel to status and sentence, first match
// wins. What is not here is a 500 with a neutral page; its chain goes to the log.
func meanings() []meaning {
	return []meaning{
		{auth.ErrForbidden, fiber.StatusForbidden, "errors.forbidden_title", "errors.forbidden_text"},
		{auth.ErrSignedOut, fiber.StatusUnauthorized, "errors.signed_out_title", "errors.signed_out_text"},
		{auth.ErrThrottled, fiber.StatusTooManyRequests, "errors.throttled_title", "errors.throttled_text"},
		{storage.ErrNotFound, fiber.StatusNotFound, "errors.not_found_title", "errors.not_found_text"},
		{storage.ErrStale, fiber.StatusConflict, "errors.stale_title", "errors.stale_text"},
		{storage.ErrConflict, fiber.StatusConflict, "errors.conflict_title", "errors.conflict_text"},
		{surveys.ErrClosed, fiber.StatusConflict, "errors.closed_title", "errors.closed_text"},
		{surveys.ErrNotOpen, fiber.StatusConflict, "errors.not_open_title", "errors.not_open_text"},
		{surveys.ErrState, fiber.StatusConflict, "errors.state_title", "errors.state_text"},
		{plans.ErrTransition, fiber.StatusConflict, "errors.state_title", "errors.state_text"},
		{errBadForm, fiber.StatusForbidden, "errors.bad_form_title", "errors.bad_form_text"},
		{errNoForm, fiber.StatusBadRequest, "errors.no_form_title", "errors.no_form_text"},
		{fiber.ErrNotFound, fiber.StatusNotFound, "errors.not_found_title", "errors.not_found_text"},
		{fiber.ErrMethodNotAllowed, fiber.StatusMethodNotAllowed, "errors.not_found_title", "errors.not_found_text"},
		{storage.ErrFull, fiber.StatusServiceUnavailable, "errors.full_title", "errors.full_text"},
		{storage.ErrDown, fiber.StatusServiceUnavailable, "errors.down_title", "errors.down_text"},
		{errTooFast, fiber.StatusTooManyRequests, "errors.fast_title", "errors.fast_text"},
		{fiber.ErrRequestEntityTooLarge, fiber.StatusRequestEntityTooLarge, "errors.too_large_title", "errors.too_large_text"},
		{context.DeadlineExceeded, fiber.StatusServiceUnavailable, "errors.slow_title", "errors.slow_text"},
	}
}

func meaningOf(err error) meaning {
	for _, m := range meanings() {
		if errors.Is(err, m.err) {
			return m
		}
	}
	var fe *fiber.Error
	if errors.As(err, &fe) {
		for _, m := range meanings() {
			if m.status == fe.Code {
				return m
			}
		}
		if fe.Code >= 400 && fe.Code < 500 {
			return meaning{err, fe.Code, "errors.no_form_title", "errors.no_form_text"}
		}
	}
	var invalid *service.InvalidError
	if errors.As(err, &invalid) {
		return meaning{err, fiber.StatusUnprocessableEntity, "errors.invalid_title", "errors.invalid_text"}
	}
	return meaning{err, fiber.StatusInternalServerError, "errors.internal_title", "errors.internal_text"}
}

// handleError renders the page of an error. The error's own text is never shown.
func (s *Server) handleError(c *fiber.Ctx, err error) error {
	m := meaningOf(err)
	if requestIDOf(c) == "" {
		s.setSecurityHeaders(c)
	}
	level := s.log.Info
	if m.status >= 500 {
		level = s.log.Error
	}
	level("error", "request_id", requestIDOf(c), "status", m.status, "error", err.Error())
	if wantsJSON(c) {
		return c.Status(m.status).JSON(fiber.Map{"error": m.title, "request_id": requestIDOf(c)})
	}
	p := ErrorPage{Chrome: s.chrome(c, ""), RequestID: requestIDOf(c)}
	p.Title = p.T(m.title)
	p.Text = p.T(m.text)
	p.Action, p.Href = p.T("errors.home"), "/"
	if c.Method() == fiber.MethodPost && m.status != fiber.StatusNotFound {
		p.Kept = p.T("errors.kept")
	}
	c.Status(m.status)
	if rerr := c.Render("errors/error", p); rerr != nil {
		s.log.Error("rendering the error page", "request_id", requestIDOf(c), "error", rerr.Error())
		return c.Status(m.status).SendString(p.Title)
	}
	return nil
}

// wantsJSON reports whether a script of ours asks: autosave on leaving a page
// (sendBeacon) cannot set headers, so its mark in the form counts too.
func wantsJSON(c *fiber.Ctx) bool {
	return c.Get(fiber.HeaderAccept) == fiber.MIMEApplicationJSON || (c.Method() == fiber.MethodPost && c.FormValue("autosave") == "1")
}
