package web

import (
	"errors"
	"time"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/i18n"
	"traguardo/app/storage"
)

// ready handles GET /salute/pronto.
func (s *Server) ready(c *fiber.Ctx) error {
	if err := s.svc.Ready(c.UserContext()); err != nil {
		s.log.Error("not ready", "error", err.Error())
		reason := "database"
		if errors.Is(err, storage.ErrFull) {
			reason = "disk_full"
		}
		return c.Status(fiber.StatusServiceUnavailable).JSON(fiber.Map{"status": "unavailable", "reason": reason, "version": s.version})
	}
	return c.JSON(fiber.Map{"status": "ok", "version": s.version})
}

// switchLanguage handles GET /lingua/:lang: it changes nothing but a cookie.
func (s *Server) switchLanguage(c *fiber.Ctx) error {
	lang := c.Params("lang")
	if lang != i18n.Italian && lang != i18n.English {
		return fiber.ErrNotFound
	}
	c.Cookie(&fiber.Cookie{Name: langCookie, Value: lang, Path: "/", HTTPOnly: true, Secure: s.secure,
		SameSite: fiber.CookieSameSiteLaxMode, Expires: s.now().Add(365 * 24 * time.Hour)})
	return c.Redirect(localPath(c.Query("da")), fiber.StatusSeeOther)
}
