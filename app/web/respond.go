package web

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/service"
	"traguardo/app/storage"
	"traguardo/surveys"
)

const (
	respondPath  = "/q"
	pairCardPath = "/q/carta"
	reviewPath   = "/q/rivedi"
	thanksPath   = "/q/grazie"
)

func partPath(n int) string { return "/q/parte/" + strconv.Itoa(n) }

// isRespondentPath reports whether a path belongs to the holders of a personal
// link: an account's session has no part in it.
func isRespondentPath(path string) bool {
	return path == respondPath || strings.HasPrefix(path, respondPath+"/")
}

// publicPath is what a page may say of its own address: never a respondent's token.
func publicPath(c *fiber.Ctx) string {
	if isRespondentPath(c.Path()) && c.Params("token") != "" {
		return respondPath
	}
	return c.OriginalURL()
}

func (s *Server) linkCookie() string {
	if s.secure {
		return "__Secure-traguardo_q"
	}
	return "traguardo_q"
}

// respondentToken is the secret of the personal link that this browser opened last.
func (s *Server) respondentToken(c *fiber.Ctx) string { return c.Cookies(s.linkCookie()) }

// openLink handles GET /q/:token: the secret goes into a cookie of these pages
// alone and out of the address.
func (s *Server) openLink(c *fiber.Ctx) error {
	token := c.Params("token")
	if _, err := s.svc.Answering(c.UserContext(), token); err != nil {
		return s.respondError(c, err)
	}
	c.Cookie(&fiber.Cookie{Name: s.linkCookie(), Value: token, Path: respondPath, HTTPOnly: true, Secure: s.secure, SameSite: fiber.CookieSameSiteLaxMode})
	return c.Redirect(respondPath, fiber.StatusSeeOther)
}

// answering opens the link of this browser for a page of the open questionnaire.
// When the link cannot answer now, the page that says why is written and ok is false.
func (s *Server) answering(c *fiber.Ctx) (a service.Answering, ok bool, err error) {
	a, err = s.svc.Answering(c.UserContext(), s.respondentToken(c))
	if err != nil {
		return a, false, s.respondError(c, err)
	}
	if a.Status == service.AnswerOpen {
		return a, true, nil
	}
	status := fiber.StatusOK
	if c.Method() == fiber.MethodPost && a.Status != service.AnswerDone {
		status = fiber.StatusConflict
	}
	return a, false, s.renderStatus(c, a, status)
}

// started is answering for the pages after the card.
func (s *Server) started(c *fiber.Ctx) (a service.Answering, ok bool, err error) {
	a, ok, err = s.answering(c)
	if !ok || a.Started {
		return a, ok, err
	}
	return a, false, c.Redirect(pairCardPath, fiber.StatusSeeOther)
}

// respondChrome is the frame of a respondent's page.
func (s *Server) respondChrome(c *fiber.Ctx, a service.Answering, titleKey string) Chrome {
	ch := s.chrome(c, titleKey)
	ch.User = nil
	if a.Ente.Name != "" {
		ch.Ente = &Ente{Name: ch.T("ente.title", "Name", a.Ente.Name)}
	}
	ch.Fictitious = a.Ente.Fictitious
	return ch
}

// noticePage is "respond/notice": one thing to know, and perhaps one to do.
type noticePage struct {
	Chrome
	Paragraphs   []string
	Action, Href string
}

func (s *Server) renderStatus(c *fiber.Ctx, a service.Answering, status int) error {
	var p noticePage
	switch a.Status {
	case service.AnswerDone:
		p = noticePage{Chrome: s.respondChrome(c, a, "respond.done_title")}
		p.Paragraphs = []string{p.T("respond.done_text"), p.T("respond.done_profile")}
	case service.AnswerSoon:
		p = noticePage{Chrome: s.respondChrome(c, a, "respond.soon_title")}
		p.Paragraphs = []string{p.T("respond.soon_text", "From", p.DateTime(a.Campaign.OpensAt))}
	case service.AnswerOver, service.AnswerOpen:
		p = noticePage{Chrome: s.respondChrome(c, a, "respond.over_title")}
		p.Paragraphs = []string{p.T("respond.over_text", "When", p.DateTime(overSince(a))), p.T("respond.over_thanks")}
	}
	return c.Status(status).Render("respond/notice", p)
}

// overSince is when the wave stopped taking answers.
func overSince(a service.Answering) time.Time {
	if !a.Campaign.ClosedAt.IsZero() && a.Campaign.ClosedAt.Before(a.Campaign.ClosesAt) {
		return a.Campaign.ClosedAt
	}
	return a.Campaign.ClosesAt
}

// respondError turns what went wrong into a page that a respondent understands,
// and for the page's own script into a status. Errors of other kinds go on.
func (s *Server) respondError(c *fiber.Ctx, err error) error {
	status, title, text := fiber.StatusConflict, "", ""
	switch {
	case errors.Is(err, service.ErrNoLink):
		status, title, text = fiber.StatusNotFound, "respond.no_link_title", "respond.no_link_text"
	case errors.Is(err, service.ErrOtherLink):
		title, text = "respond.other_link_title", "respond.other_link_text"
	case errors.Is(err, service.ErrAnswered), errors.Is(err, surveys.ErrClosed), errors.Is(err, surveys.ErrNotOpen):
		if wantsJSON(c) {
			return fiber.NewError(fiber.StatusConflict)
		}
		a, aerr := s.svc.Answering(c.UserContext(), s.respondentToken(c))
		if aerr != nil {
			return errors.Join(err, aerr)
		}
		if errors.Is(err, service.ErrAnswered) {
			return s.renderStatus(c, a, fiber.StatusOK) // sent twice: the first one counts
		}
		return s.renderStatus(c, a, fiber.StatusConflict)
	case errors.Is(err, storage.ErrStale) && !wantsJSON(c):
		title, text = "respond.stale_title", "respond.stale_text"
	default:
		return err
	}
	if wantsJSON(c) {
		return fiber.NewError(status)
	}
	p := noticePage{Chrome: s.respondChrome(c, service.Answering{}, title)}
	p.Paragraphs = []string{p.T(text)}
	if status == fiber.StatusConflict {
		p.Action, p.Href = p.T("respond.go_on"), respondPath
	}
	return c.Status(status).Render("respond/notice", p)
}

// startPage is "respond/start": the informativa.
type startPage struct {
	Chrome
	Minutes int
	Until   string
	Text    []string // paragraphs of the informativa, Italian
	Unions  string
	Paired  string // how the answers of two waves are paired and who keeps the key; empty with cards
	Started bool
	Href    string
}

// showRespondent handles GET /q: what it is for, who sees what, how long.
func (s *Server) showRespondent(c *fiber.Ctx) error {
	a, ok, err := s.answering(c)
	if !ok {
		return err
	}
	p := startPage{Chrome: s.respondChrome(c, a, "respond.start_title"), Minutes: a.Minutes(), Text: paragraphs(a.Campaign.Informativa),
		Unions: a.Campaign.UnionsNotice, Started: a.Started, Href: pairCardPath}
	p.Until = p.DateTime(a.Campaign.ClosesAt)
	if a.Campaign.Pairing != surveys.PairingCard {
		p.Paired = p.T("respond.paired_"+string(a.Campaign.Pairing), "Keeper", a.Keeper)
	}
	if a.Started {
		p.Minutes = a.MinutesFrom(max(a.Reached, 1))
		p.Href = partPath(max(a.Reached, 1))
	}
	return c.Render("respond/start", p)
}

// paragraphs cuts a text at its line ends; empty lines are dropped.
func paragraphs(text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}
