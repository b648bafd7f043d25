package service

import (
	"context"
	"fmt"
	"strings"

	"traguardo/app/auth"
	"traguardo/app/i18n"
	"traguardo/app/report"
	"traguardo/app/storage"
	"traguardo/plans"
	"traguardo/plans/pti"
)

// TrackReport is what the document of a plan says of its progress: the same
// figures as the pages of the tracking.
type TrackReport struct {
	Projects  []Tracked // late ones first
	Money     plans.Money
	Years     []YearMoney
	Lines     report.LineCounts // lines that bind the ente, or may
	Deadlines []report.Deadline // what has passed unsettled, then what lies ahead until the end of the plan
	Questions int               // conditions of the PTI that wait for an answer
}

// Paid returns what was paid in a year, in euro cents; -1 when no movement of
// that year was recorded.
func (t TrackReport) Paid(year int) int64 {
	for _, y := range t.Years {
		if y.Year == year && (y.Paid != 0 || y.Committed != 0) {
			return int64(y.Paid)
		}
	}
	return -1
}

// trackReport gathers the progress of a plan that exists, in a language (it or
// en). auth.ErrForbidden: the roles do not let its progress be seen.
func (s *Service) trackReport(ctx context.Context, v PlanView, track storage.Track, lang string) (TrackReport, error) {
	if !v.Place.Can(auth.TrackView) {
		return TrackReport{}, fmt.Errorf("progress of %s: %w", v.Place.Ente.ID, auth.ErrForbidden)
	}
	edition, err := s.edition(v.Place.Ente.PTIEdition)
	if err != nil {
		return TrackReport{}, err
	}
	marks, rec := v.marks, v.Record
	if edition != v.Edition { // the plan was made for another one
		if marks, err = s.store.PTIMarks(ctx, v.Place.Ente.ID, edition.ID, v.Today); err != nil {
			return TrackReport{}, err
		}
	}
	g, err := s.groundOf(v.Place, edition, marks, rec)
	if err != nil {
		return TrackReport{}, err
	}
	out := TrackReport{Questions: len(g.edition.Questions(g.facts))}
	if out.Projects, err = s.trackedAll(rec, track, g.proofs); err != nil {
		return out, err
	}
	out.Money, out.Years = moneyOf(rec.Plan, out.Projects)
	for _, l := range g.lines() {
		out.count(l)
	}
	days, err := s.calendarDays(g, track, rec.Plan.Start.Add(rec.Plan.Quarters-1).Last())
	if err != nil {
		return out, err
	}
	l := s.texts.For(langOr(lang))
	for _, d := range days {
		if row, ok := deadlineOf(l, d, s.today()); ok {
			out.Deadlines = append(out.Deadlines, row)
		}
	}
	return out, nil
}

func (t *TrackReport) count(l PTILine) {
	if !l.Binds() {
		return
	}
	switch l.Status.State {
	case pti.Satisfied:
		t.Lines.Done++
	case pti.InProgress:
		t.Lines.Running++
	case pti.LinePlanned:
		t.Lines.Planned++
	case pti.NotStarted, pti.Late:
		t.Lines.Open++
	case pti.NotApplicable:
		t.Lines.NotApplicable++
	}
}

// deadlineOf words a day of the calendar for a document; false leaves it out.
func deadlineOf(l *i18n.Localizer, d CalendarDay, today plans.Date) (report.Deadline, bool) {
	if d.State == DayStarts || (d.Date.Before(today) && d.State != DayLate) {
		return report.Deadline{}, false
	}
	row := report.Deadline{Date: d.Date.Time(), State: l.T("calendar.state_" + string(d.State))}
	if d.Milestone != nil {
		row.Text = d.Project.Project.Title + ": " + d.Milestone.Title
		return row, true
	}
	row.Code, row.Text = strings.Join(d.Due.Lines, ", "), textIn(l.Lang(), d.Due.Title)
	return row, true
}
