package web

import (
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"
)

// cleanInput makes every text of a request one that can be kept and printed:
// bytes that are no UTF-8 become U+FFFD, and characters that nobody can type
// (NUL, which PostgreSQL refuses, and its like) go. An address with them is none.
func cleanInput(c *fiber.Ctx) error {
	if path := c.Path(); path != cleanText(path) {
		return fiber.ErrNotFound
	}
	cleanArgs(c.Request().URI().QueryArgs())
	if c.Method() != fiber.MethodPost {
		return c.Next()
	}
	form, err := c.MultipartForm()
	if err != nil { // not multipart, or broken: then bind refuses it
		cleanArgs(c.Request().PostArgs())
		return c.Next()
	}
	for _, values := range form.Value {
		for i := range values {
			values[i] = cleanText(values[i])
		}
	}
	return c.Next()
}

// fields are the arguments of an address or of a form.
type fields interface {
	VisitAll(f func(key, value []byte))
	Reset()
	Add(key, value string)
}

func cleanArgs(args fields) {
	dirty := false
	args.VisitAll(func(_, v []byte) { dirty = dirty || string(v) != cleanText(string(v)) })
	if !dirty {
		return
	}
	type pair struct{ key, value string }
	var all []pair
	args.VisitAll(func(k, v []byte) { all = append(all, pair{string(k), cleanText(string(v))}) })
	args.Reset()
	for _, p := range all {
		args.Add(p.key, p.value)
	}
}

func cleanText(s string) string {
	clean := func(r rune) bool { return r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0x7f }
	if utf8.ValidString(s) && !strings.ContainsFunc(s, clean) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if clean(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}
