package web

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/auth"
	"traguardo/app/i18n"
	"traguardo/app/service"
)

const langCookie = "traguardo_lang"

// lang is the language of the request: the cookie of the switch, then the
// account's, then the browser's, then Italian.
func (s *Server) lang(c *fiber.Ctx) string {
	if l := c.Cookies(langCookie); l == i18n.Italian || l == i18n.English {
		return l
	}
	if l := stateOf(c).Actor.Lang; l != "" {
		return l
	}
	return s.texts.Negotiate(c.Get(fiber.HeaderAcceptLanguage))
}

// texter is the localizer of the request.
func (s *Server) texter(c *fiber.Ctx) *i18n.Localizer { return s.texts.For(s.lang(c)) }

// chrome makes the frame of a page. titleKey is a message key, or empty when the
// handler sets Title itself. The flash message of the session is shown once.
func (s *Server) chrome(c *fiber.Ctx, titleKey string) Chrome {
	st := stateOf(c)
	ch := Chrome{Localizer: s.texter(c), Assets: s.assets, Path: publicPath(c), CSRF: st.CSRF, Version: s.version}
	if titleKey != "" {
		ch.Title = ch.T(titleKey)
	}
	if st.SignedIn {
		sum := sha256.Sum256([]byte(st.Actor.UserID)) // the same person after a new sign-in: typed text comes back
		ch.User = &User{Key: hex.EncodeToString(sum[:6]), Name: st.Actor.Name, Links: s.userLinks(ch, st.Actor)}
	}
	if st.Flash != "" {
		ch.Flash = append(ch.Flash, Flash{Kind: KindOK, Text: st.Flash})
		st.Flash = ""
	}
	return ch
}

func (s *Server) userLinks(ch Chrome, a auth.Actor) []Link {
	links := []Link{{Label: ch.T("nav.my_enti"), Href: "/"}, {Label: ch.T("nav.password"), Href: passwordPath}}
	if a.Admin {
		links = append(links, Link{Label: ch.T("nav.users"), Href: "/sistema/utenti"}, Link{Label: ch.T("nav.system"), Href: "/sistema"})
	}
	return links
}

// enteChrome makes the frame of a page of one ente: its name, its menu with the
// section marked, and the mark of invented data.
func (s *Server) enteChrome(c *fiber.Ctx, p service.Place, titleKey, section string) Chrome {
	ch := s.chrome(c, titleKey)
	base := entePath(p.Ente.ID)
	ch.Ente = &Ente{Name: ch.T("ente.title", "Name", p.Ente.Name), Path: base}
	if p.Ente.ProvinceSigla != "" {
		ch.Ente.Note = "(" + p.Ente.ProvinceSigla + ")"
	}
	ch.Fictitious = p.Ente.Fictitious
	if ch.User != nil && len(p.Roles) > 0 {
		ch.User.Role = ch.T(roleKey(p.Roles[0]))
	}
	for _, item := range enteMenu() {
		if p.Can(item.action) {
			ch.Nav = append(ch.Nav, Link{Label: ch.T(item.key), Href: base + item.path, Current: item.section == section})
		}
	}
	if section != sectionHome {
		ch.Breadcrumbs = []Link{{Label: ch.T("nav.home"), Href: base}}
	}
	return ch
}

// Sections of an ente's menu.
const (
	sectionHome       = "home"
	sectionSetup      = "setup"
	sectionAssessment = "assessment"
	sectionSurvey     = "survey"
	sectionResults    = "results"
	sectionPlan       = "plan"
	sectionTrack      = "track"
	sectionPTI        = "pti"
	sectionReports    = "reports"
	sectionTasks      = "tasks"
)

type menuItem struct {
	section, key, path string
	action             auth.Action
}

// enteMenu is the menu of an ente, in the order of the loop.
func enteMenu() []menuItem {
	return []menuItem{
		{sectionHome, "nav.home", "", auth.EnteView},
		{sectionSetup, "nav.setup", "/impostazioni", auth.EnteEdit},
		{sectionAssessment, "nav.assessment", "/valutazioni", auth.AssessmentView},
		{sectionSurvey, "nav.survey", "/rilevazioni", auth.CampaignView},
		{sectionResults, "nav.results", "/risultati", auth.AssessmentView},
		{sectionPlan, "nav.plan", "/piano", auth.PlanView},
		{sectionTrack, "nav.track", "/avanzamento", auth.TrackView},
		{sectionTasks, "nav.tasks", "/attivita", auth.TaskUpdate},
		{sectionPTI, "nav.pti", "/pti", auth.TrackView},
		{sectionReports, "nav.reports", "/rapporti", auth.ReportIssue},
	}
}

func entePath(id interface{ String() string }) string { return "/enti/" + id.String() }

// roleKey is the message key of a role's name.
func roleKey(r auth.Role) string {
	switch r {
	case auth.Coordinator:
		return "role.coordinator"
	case auth.Facilitator:
		return "role.facilitator"
	case auth.RTD:
		return "role.rtd"
	case auth.UTD:
		return "role.utd"
	case auth.Office:
		return "role.office"
	case auth.Viewer:
		return "role.viewer"
	case auth.Admin:
		return "role.admin"
	default:
		return "role.none"
	}
}

// seeOther redirects after a POST, leaving a message for the next page.
func (s *Server) seeOther(c *fiber.Ctx, to, messageKey string, args ...any) error {
	if st := stateOf(c); st.SignedIn && messageKey != "" {
		if err := s.svc.SetFlash(c.UserContext(), st.Token, s.texter(c).T(messageKey, args...)); err != nil {
			return err
		}
	}
	return c.Redirect(to, fiber.StatusSeeOther)
}
