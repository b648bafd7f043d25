package web

import (
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/service"
	"traguardo/plans/pti"
)

// calendarPage is the page "pti/calendar": what falls due, month by month.
type calendarPage struct {
	Chrome
	Tabs    Tabs
	Asking  int    // days that wait for an answer
	AskHref string // the page of questions
	Overdue []calendarRow
	Months  []calendarMonth
	Empty   Empty
	File    string
}

type calendarMonth struct {
	ID, Title string
	Rows      []calendarRow
}

// calendarRow is one day.
type calendarRow struct {
	Date, ISO   string
	Title, Href string
	Kind        string // what sort of day
	State       Badge
	Satisfies   string // what settles it
	Notes       []string
	Links       []Link // lines it belongs to
	Proofs      []string
}

// showCalendar handles GET /enti/:ente/scadenze.
func (s *Server) showCalendar(c *fiber.Ctx) error {
	id, err := pathID(c, "ente")
	if err != nil {
		return err
	}
	v, err := s.svc.Calendar(c.UserContext(), actor(c), id)
	if err != nil {
		return err
	}
	base := entePath(id)
	p := calendarPage{Chrome: s.enteChrome(c, v.Place, "calendar.title", sectionPTI), Asking: v.Asking, AskHref: base + "/pti/domande", File: base + "/scadenze.ics"}
	p.Lead = p.T("calendar.lead", "Until", v.Until.Italian())
	p.Breadcrumbs = append(p.Breadcrumbs, Link{Label: p.T("pti.title"), Href: base + "/pti"})
	p.Tabs = p.ptiTabs(base, "/scadenze", 0)
	for _, d := range v.Overdue {
		p.Overdue = append(p.Overdue, p.calendarRow(base, d))
	}
	for _, d := range v.Ahead {
		key := strconv.Itoa(d.Date.Year) + "-" + strconv.Itoa(int(d.Date.Month))
		if n := len(p.Months); n == 0 || p.Months[n-1].ID != key {
			p.Months = append(p.Months, calendarMonth{ID: key, Title: p.Month(d.Date.Month) + " " + strconv.Itoa(d.Date.Year)})
		}
		m := &p.Months[len(p.Months)-1]
		m.Rows = append(m.Rows, p.calendarRow(base, d))
	}
	p.Empty = Empty{Title: p.T("calendar.empty_title"), Text: p.T("calendar.empty_text")}
	return c.Render("pti/calendar", p)
}

// calendarRow words one day of the calendar.
func (p *calendarPage) calendarRow(base string, d service.CalendarDay) calendarRow {
	r := calendarRow{Date: d.Date.Italian(), ISO: d.Date.String(), State: p.dayBadge(d.State)}
	if d.Milestone != nil {
		r.Title, r.Kind, r.Satisfies = d.Milestone.Title, p.T("calendar.kind_milestone"), p.T("calendar.milestone_of", "Title", d.Project.Project.Title)
		r.Href = base + "/avanzamento/" + d.Project.Project.ID.String()
		return r
	}
	r.Title, r.Satisfies = textIn(p.Lang(), d.Due.Title), textIn(p.Lang(), d.Due.Satisfies)
	r.Kind = p.T("calendar.kind_" + string(d.Due.Kind))
	if d.Due.Law != "" {
		r.Notes = append(r.Notes, d.Due.Law)
	}
	if d.Due.ToVerify {
		r.Notes = append(r.Notes, p.T("calendar.to_verify"))
	}
	if d.Due.Applies == pti.AppliesToVerify {
		r.Notes = append(r.Notes, textIn(p.Lang(), d.Due.Reason.Text))
	}
	for _, l := range d.Lines {
		r.Links = append(r.Links, Link{Label: l.Line.Code, Href: base + "/pti/linee/" + l.Line.Code})
	}
	switch {
	case len(d.Lines) == 1 && d.Due.Kind != pti.DueYearly:
		r.Href = base + "/pti/linee/" + d.Lines[0].Line.Code
	case d.Due.Kind == pti.DueYearly:
		r.Href = base + "/scadenze/" + d.Due.Obligation + "/" + strconv.Itoa(d.Due.Date.Year)
	}
	for _, e := range d.Proofs {
		r.Proofs = append(r.Proofs, p.T("calendar.proof", "Title", e.Title, "Date", dayText(e.Dated)))
	}
	return r
}

func (p *calendarPage) dayBadge(st service.DayState) Badge {
	switch st {
	case service.DayDone:
		return Badge{KindOK, p.T("calendar.state_done")}
	case service.DayLate:
		return Badge{KindError, p.T("calendar.state_late")}
	case service.DayStarts:
		return Badge{KindNeutral, p.T("calendar.state_starts")}
	case service.DayToVerify:
		return Badge{KindWarning, p.T("pti.to_verify")}
	case service.DayOpen:
		return Badge{KindInfo, p.T("calendar.state_open")}
	}
	return Badge{KindNeutral, string(st)}
}

// sendCalendar handles GET /enti/:ente/scadenze.ics.
func (s *Server) sendCalendar(c *fiber.Ctx) error {
	id, err := pathID(c, "ente")
	if err != nil {
		return err
	}
	file, err := s.svc.CalendarFile(c.UserContext(), actor(c), id, s.lang(c))
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "text/calendar; charset=utf-8")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="scadenze-`+s.now().In(time.UTC).Format(time.DateOnly)+`.ics"`)
	return c.Send(file)
}
