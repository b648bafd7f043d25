package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"strings"

	"github.com/gofiber/fiber/v2"
)

const csrfField = "csrf"

// anonymousCSRF gives visitors without a session a random cookie; the token of
// their forms is an HMAC of it, so that another site cannot make one.
func (s *Server) anonymousCSRF(c *fiber.Ctx, st *sessionState) error {
	name := "traguardo_form"
	if s.secure {
		name = "__Host-traguardo_form"
	}
	value := c.Cookies(name)
	if len(value) != 26 {
		id, err := s.svc.RequestID()
		if err != nil {
			return err
		}
		value = id
		c.Cookie(&fiber.Cookie{Name: name, Value: value, Path: "/", HTTPOnly: true, Secure: s.secure, SameSite: fiber.CookieSameSiteLaxMode})
	}
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte("form:" + value))
	st.CSRF = base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
	return c.Next()
}

// checkCSRF requires the token on everything that is not a read. A signed-out
// POST with a wrong token is let through to askSignIn by signedIn routes only:
// its session has ended, so the token cannot fit; nothing is carried out.
func (s *Server) checkCSRF(c *fiber.Ctx) error {
	switch c.Method() {
	case fiber.MethodGet, fiber.MethodHead, fiber.MethodOptions:
		return c.Next()
	}
	st := stateOf(c)
	sent := c.Get("X-CSRF-Token")
	if sent == "" {
		sent = c.FormValue(csrfField)
	}
	if subtle.ConstantTimeCompare([]byte(sent), []byte(st.CSRF)) == 1 {
		return c.Next()
	}
	if !st.SignedIn && !isPublicPath(c.Path()) {
		return s.askSignIn(c)
	}
	return errBadForm
}

// isPublicPath reports whether a path is open without sign-in; see routes.go.
func isPublicPath(path string) bool {
	for _, p := range []string{"/accedi", "/password", "/avvio", "/q", "/accessibilita", "/carta"} {
		if path == p || strings.HasPrefix(path, p+"/") {
			return true
		}
	}
	return false
}
