package web

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/gofiber/fiber/v2"
)

// once is for forms that add something: sent twice with the same fields by the
// same browser within a few seconds, they add it once and lead to the same page.
func (s *Server) once(next fiber.Handler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		digest, err := submissionDigest(c)
		if err != nil {
			return err
		}
		location, again, err := s.svc.Once(c.UserContext(), digest, func() (string, error) {
			if err := next(c); err != nil {
				return "", err
			}
			return string(c.Response().Header.Peek(fiber.HeaderLocation)), nil
		})
		if err == nil && again {
			return c.Redirect(location, fiber.StatusSeeOther)
		}
		return err
	}
}

// submissionDigest names a form as sent: session (or visitor), address, fields and
// the content of files, in an order of their own.
func submissionDigest(c *fiber.Ctx) (string, error) {
	st := stateOf(c)
	lines := []string{"session\x00" + st.Token + "\x00" + st.CSRF, "address\x00" + c.OriginalURL()}
	if form, err := c.MultipartForm(); err == nil {
		for name, values := range form.Value {
			for _, v := range values {
				lines = append(lines, name+"\x00"+v)
			}
		}
		for name, files := range form.File {
			for _, header := range files {
				f, err := header.Open()
				if err != nil {
					return "", fmt.Errorf("opening an upload: %w", err)
				}
				sum := sha256.New()
				_, err = io.Copy(sum, f)
				f.Close()
				if err != nil {
					return "", fmt.Errorf("reading an upload: %w", err)
				}
				lines = append(lines, name+"\x00"+header.Filename+"\x00"+hex.EncodeToString(sum.Sum(nil)))
			}
		}
	} else {
		c.Request().PostArgs().VisitAll(func(k, v []byte) { lines = append(lines, string(k)+"\x00"+string(v)) })
	}
	slices.Sort(lines)
	text, err := json.Marshal(lines)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}
