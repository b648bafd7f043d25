package web

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/auth"
	"traguardo/surveys"
)

// contentPolicy allows our own files and nothing else: no inline script or
// style, no outside host.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// middleware sets the order: recover, request id, log, headers, deadline,
// session. The token of forms is checked by every POST (see csrf.go).
func (s *Server) middleware() {
	s.app.Use(s.requestID, s.logRequest, s.recoverPanic, s.securityHeaders, s.deadline)
	s.app.Get("/static/:hash/*", s.assets.Serve)
	s.healthRoutes()
	s.app.Use(cleanInput, s.loadSession, s.checkCSRF, s.linkPace)
}

type localKey string

const (
	requestIDLocal localKey = "request_id"
	sessionLocal   localKey = "session"
	enteLocal      localKey = "ente"
)

func (s *Server) requestID(c *fiber.Ctx) error {
	id, err := s.svc.RequestID()
	if err != nil {
		return err
	}
	c.Locals(requestIDLocal, id)
	c.Set("X-Request-Id", id)
	return c.Next()
}

func requestIDOf(c *fiber.Ctx) string {
	id, _ := c.Locals(requestIDLocal).(string)
	return id
}

func (s *Server) recoverPanic(c *fiber.Ctx) (err error) {
	defer func() {
		if r := recover(); r != nil {
			s.log.Error("panic", "request_id", requestIDOf(c), "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return c.Next()
}

// logRequest writes one line a request: route pattern instead of path, because a
// path may hold a respondent's token; no address, no name.
func (s *Server) logRequest(c *fiber.Ctx) error {
	start := s.now()
	err := c.Next()
	if err != nil {
		if herr := s.handleError(c, err); herr != nil {
			return herr
		}
	}
	s.log.Info("request", "request_id", requestIDOf(c), "method", c.Method(), "route", c.Route().Path,
		"status", c.Response().StatusCode(), "ms", s.now().Sub(start).Milliseconds(), "bytes", len(c.Response().Body()))
	return nil
}

func (s *Server) securityHeaders(c *fiber.Ctx) error {
	s.setSecurityHeaders(c)
	return c.Next()
}

// setSecurityHeaders is also for the pages of requests that are refused before
// they reach the middleware: too large, unreadable.
func (s *Server) setSecurityHeaders(c *fiber.Ctx) {
	c.Set("Content-Security-Policy", contentPolicy)
	c.Set("X-Content-Type-Options", "nosniff")
	c.Set("Referrer-Policy", "same-origin")
	c.Set("X-Frame-Options", "DENY")
	c.Set("Cross-Origin-Opener-Policy", "same-origin")
	c.Set("Cross-Origin-Resource-Policy", "same-origin")
	c.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
	if s.secure {
		c.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
}

func (s *Server) deadline(c *fiber.Ctx) error {
	ctx, cancel := context.WithTimeout(context.Background(), requestTimeout)
	defer cancel()
	c.SetUserContext(ctx)
	return c.Next()
}

// sessionState is who asks, for the length of one request.
type sessionState struct {
	Actor      auth.Actor
	SignedIn   bool
	Token      string // of the session cookie
	CSRF       string
	Flash      string
	MustChange bool
}

func stateOf(c *fiber.Ctx) *sessionState {
	st, ok := c.Locals(sessionLocal).(*sessionState)
	if !ok {
		return &sessionState{}
	}
	return st
}

// actor is the signed-in user of the request.
func actor(c *fiber.Ctx) auth.Actor { return stateOf(c).Actor }

func (s *Server) loadSession(c *fiber.Ctx) error {
	st := &sessionState{Token: c.Cookies(s.sessionCookie())}
	if isRespondentPath(c.Path()) {
		st.Token = "" // who answers is nobody, also in the browser of a signed-in user
	}
	c.Locals(sessionLocal, st)
	if st.Token != "" {
		se, err := s.svc.Session(c.UserContext(), st.Token)
		switch {
		case err == nil:
			st.Actor, st.CSRF, st.Flash, st.MustChange, st.SignedIn = se.Actor, se.CSRF, se.Flash, se.MustChange, true
		case errors.Is(err, auth.ErrSignedOut):
			s.clearSession(c)
		default:
			return err
		}
	}
	if !st.SignedIn {
		return s.anonymousCSRF(c, st)
	}
	return c.Next()
}

// signedIn lets only signed-in users pass. A POST of an expired session comes
// back to the sign-in page with all that was typed (see kept.go).
func (s *Server) signedIn(c *fiber.Ctx) error {
	st := stateOf(c)
	if !st.SignedIn {
		return s.askSignIn(c)
	}
	if st.MustChange && c.Path() != passwordPath {
		return c.Redirect(passwordPath, fiber.StatusSeeOther)
	}
	return c.Next()
}

// pathID reads an id from the address; one that cannot be an id is not found.
func pathID(c *fiber.Ctx, name string) (surveys.ID, error) {
	id, err := surveys.ParseID(c.Params(name))
	if err != nil {
		return "", fiber.ErrNotFound
	}
	return id, nil
}

func (s *Server) sessionCookie() string {
	if s.secure {
		return "__Host-traguardo"
	}
	return "traguardo"
}

func (s *Server) setSession(c *fiber.Ctx, token string) {
	c.Cookie(&fiber.Cookie{Name: s.sessionCookie(), Value: token, Path: "/", HTTPOnly: true, Secure: s.secure, SameSite: fiber.CookieSameSiteLaxMode})
}

func (s *Server) clearSession(c *fiber.Ctx) {
	c.Cookie(&fiber.Cookie{Name: s.sessionCookie(), Value: "", Path: "/", HTTPOnly: true, Secure: s.secure,
		SameSite: fiber.CookieSameSiteLaxMode, Expires: time.Unix(0, 0), MaxAge: -1})
}
