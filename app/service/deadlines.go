package service

import (
	"context"
	"slices"
	"strings"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/plans"
	"traguardo/plans/pti"
	"traguardo/surveys"
)

// Calendar windows, in days.
const (
	calendarAhead  = 365 // the next twelve months
	calendarBehind = 365 // yearly duties are looked for this far back
)

// DayState is how a day of the calendar stands.
type DayState string

// The states of a day.
const (
	DayDone     DayState = "done"     // settled, with evidence
	DayLate     DayState = "late"     // passed, and nothing shows that it was settled
	DayOpen     DayState = "open"     // still ahead, and not settled
	DayStarts   DayState = "starts"   // nothing to settle: a line begins to hold
	DayToVerify DayState = "toverify" // it may not concern the ente: a question waits
)

// CalendarDay is one day of the calendar of an ente: of the PTI, of a yearly
// duty, or a milestone of a micro-progetto.
type CalendarDay struct {
	Date      plans.Date
	State     DayState
	Due       *pti.Due           // nil for a milestone and for a task
	Lines     []PTILine          // of Due
	Proofs    []pti.EvidenceFact // tied to Due by hand, or to its lines
	Milestone *plans.Milestone   // nil for a day of the PTI
	Task      *storage.Task      // nil but on the home of an ente
	Project   *Tracked           // of Milestone
}

// CalendarView is the calendar (scadenzario) of an ente.
type CalendarView struct {
	Place   Place
	Edition *pti.Edition
	Today   plans.Date
	Until   plans.Date
	Overdue []CalendarDay // oldest first
	Asking  int           // days that have passed and wait for an answer to know whether they concern the ente
	Ahead   []CalendarDay // from today to Until, by day
}

// Calendar lists the deadlines of the PTI that concern an ente, the yearly duties
// and the milestones of its plan for the next twelve months, and those that have
// passed without being settled.
func (s *Service) Calendar(ctx context.Context, actor auth.Actor, ente surveys.ID) (CalendarView, error) {
	p, err := s.Place(ctx, actor, ente, auth.TrackView)
	if err != nil {
		return CalendarView{}, err
	}
	g, err := s.ptiGround(ctx, s.store, p)
	if err != nil {
		return CalendarView{}, err
	}
	v := CalendarView{Place: p, Edition: g.edition, Today: s.today(), Until: s.today().AddDays(calendarAhead)}
	track, err := s.store.Track(ctx, ente, "")
	if err != nil {
		return v, err
	}
	days, err := s.calendarDays(g, track, v.Until)
	if err != nil {
		return v, err
	}
	for _, d := range days {
		switch {
		case !d.Date.Before(v.Today):
			v.Ahead = append(v.Ahead, d)
		case d.State == DayLate:
			v.Overdue = append(v.Overdue, d)
		case d.State == DayToVerify:
			v.Asking++
		}
	}
	return v, nil
}

// calendarDays are the days of the PTI, of yearly duties and of milestones up to
// until, those that have passed included, by day.
func (s *Service) calendarDays(g ground, track storage.Track, until plans.Date) ([]CalendarDay, error) {
	miles, err := s.milestoneDays(g.plan, track, until)
	if err != nil {
		return nil, err
	}
	days := append(s.ptiDays(g, until), miles...)
	slices.SortStableFunc(days, byDay)
	return days, nil
}

// ptiDays are the days of the edition and the yearly duties, from the first year
// of the edition (duties: a year back) to until.
func (s *Service) ptiDays(g ground, until plans.Date) []CalendarDay {
	today := s.today()
	from := plans.Date{Year: g.edition.FirstYear, Month: 1, Day: 1}
	lines := map[string]PTILine{}
	for _, l := range g.lines() {
		lines[l.Line.Code] = l
	}
	var out []CalendarDay
	for _, due := range g.edition.Calendar(g.facts, from, until, g.indicators) {
		if due.Kind == pti.DueYearly && len(due.Lines) == 0 && due.Date.Before(today.AddDays(-calendarBehind)) {
			continue
		}
		d := CalendarDay{Date: due.Date, Due: &due}
		for _, code := range due.Lines {
			d.Lines = append(d.Lines, lines[code])
		}
		d.Proofs = proofsOf(g.situation, due, today)
		if d.State = dayState(d, today); d.State != "" {
			out = append(out, d)
		}
	}
	return out
}

// proofsOf are the pieces that count tied to a day or to its lines.
func proofsOf(s pti.Situation, due pti.Due, today plans.Date) []pti.EvidenceFact {
	var out []pti.EvidenceFact
	for _, e := range s.Evidence {
		mine := slices.ContainsFunc(e.Lines, func(l string) bool { return l == due.ID || slices.Contains(due.Lines, l) })
		expired := !e.ValidUntil.IsZero() && today.After(e.ValidUntil) && due.Kind != pti.DueYearly
		if mine && !expired {
			out = append(out, e)
		}
	}
	return out
}

// dayState derives the state of a day of the PTI; empty when the ente took its
// lines out by hand.
func dayState(d CalendarDay, today plans.Date) DayState {
	settled, out := len(d.Lines) > 0, len(d.Lines) > 0
	for _, l := range d.Lines {
		settled = settled && l.Status.State == pti.Satisfied
		out = out && l.Status.State == pti.NotApplicable
	}
	tied := slices.ContainsFunc(d.Proofs, func(e pti.EvidenceFact) bool { return slices.Contains(e.Lines, d.Due.ID) })
	switch {
	case out:
		return ""
	case d.Due.Kind == pti.DueStart:
		return DayStarts
	case settled || tied:
		return DayDone
	case d.Due.Applies == pti.AppliesToVerify:
		return DayToVerify
	case today.After(d.Date):
		return DayLate
	}
	return DayOpen
}

// milestoneDays are the milestones of the micro-progetti under way that are not
// reached, up to until.
func (s *Service) milestoneDays(rec storage.PlanRecord, track storage.Track, until plans.Date) ([]CalendarDay, error) {
	records, err := trackedRecords(rec)
	if err != nil {
		return nil, err
	}
	var out []CalendarDay
	for _, r := range records {
		t := s.tracked(r, track, nil)
		if t.State == plans.Cancelled || t.State == plans.Done || t.State == plans.Checked {
			continue
		}
		for i := range t.Project.Milestones {
			m := t.Project.Milestones[i]
			if !m.DoneOn.IsZero() || m.Due.After(until) {
				continue
			}
			d := CalendarDay{Date: m.Due, State: DayOpen, Milestone: &m, Project: &t}
			if m.Late(s.today()) {
				d.State = DayLate
			}
			out = append(out, d)
		}
	}
	return out, nil
}

// CalendarFile writes what lies ahead and what is overdue as an iCalendar file
// (RFC 5545), one entry of a whole day each, in the language of the actor.
func (s *Service) CalendarFile(ctx context.Context, actor auth.Actor, ente surveys.ID, lang string) ([]byte, error) {
	v, err := s.Calendar(ctx, actor, ente)
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	line := func(text string) { b.WriteString(foldICS(text)) }
	line("BEGIN:VCALENDAR")
	line("VERSION:2.0")
	line("PRODID:-//Traguardo//PTI//IT")
	stamp := s.clock().UTC().Format("20060102T150405Z")
	for _, d := range append(slices.Clone(v.Overdue), v.Ahead...) {
		uid, title, text := dayWords(d, lang)
		line("BEGIN:VEVENT")
		line("UID:" + escapeICS(uid+"@"+ente.String()))
		line("DTSTAMP:" + stamp)
		line("DTSTART;VALUE=DATE:" + strings.ReplaceAll(d.Date.String(), "-", ""))
		line("SUMMARY:" + escapeICS(title))
		line("DESCRIPTION:" + escapeICS(text))
		line("TRANSP:TRANSPARENT")
		line("END:VEVENT")
	}
	line("END:VCALENDAR")
	return []byte(b.String()), nil
}

func dayWords(d CalendarDay, lang string) (uid, title, text string) {
	if d.Milestone != nil {
		return "milestone/" + d.Milestone.ID.String(), d.Milestone.Title, d.Project.Project.Title
	}
	title, _ = d.Due.Title.In(lang)
	text, _ = d.Due.Satisfies.In(lang)
	if len(d.Due.Lines) > 0 {
		title = strings.Join(d.Due.Lines, ", ") + " – " + title
	}
	if d.Due.Law != "" {
		text += "\n" + d.Due.Law
	}
	return d.Due.ID, title, text
}

func escapeICS(s string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`).Replace(s)
}

// foldICS breaks a content line at 75 bytes, never inside a character, and ends it.
func foldICS(s string) string {
	var b strings.Builder
	width := 0
	for _, r := range s {
		n := len(string(r))
		if width+n > 74 {
			b.WriteString("\r\n ")
			width = 1
		}
		b.WriteRune(r)
		width += n
	}
	return b.String() + "\r\n"
}
