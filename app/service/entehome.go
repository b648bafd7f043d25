package service

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/plans"
	"traguardo/surveys"
)

// homeDeadlines is how many deadlines the home of an ente shows.
const homeDeadlines = 5

// EnteHome is the percorso of one ente as one role sees it.
type EnteHome struct {
	Place    Place
	Percorso Percorso
	Next     NextStep
	Areas    []storage.EnteArea   // summary rows of its results; none for who may not read them
	Late     []plans.MicroProject // that should have begun or ended, by quarter; none for who may not follow the plan
	Ahead    []CalendarDay        // the next deadlines, nearest first, at most five; none for who may not follow the plan
	Overdue  int                  // deadlines that have passed unsettled; 0 for who may not follow the plan
	Tasks    []storage.Task       // open ones of the actor's offices, by day, those without one last
}

// EnteHome gathers the percorso of an ente for this actor: the steps, what to do
// next, the figures of closed waves, what is late and what falls due.
func (s *Service) EnteHome(ctx context.Context, actor auth.Actor, ente surveys.ID) (EnteHome, error) {
	place, err := s.Place(ctx, actor, ente, auth.EnteView)
	if err != nil {
		return EnteHome{}, err
	}
	h := EnteHome{Place: place}
	states, err := s.store.ProgressOf(ctx, []surveys.ID{ente})
	if err != nil {
		return EnteHome{}, err
	}
	h.Percorso = s.percorsi(states, nil)[ente]
	if place.Can(auth.TrackView) {
		err = s.homeTrack(ctx, &h)
	} else {
		err = s.homeOffice(ctx, &h)
	}
	if err != nil {
		return EnteHome{}, err
	}
	h.Next = h.Percorso.Next(place)
	if place.Can(auth.AssessmentView) {
		h.Areas, err = s.store.EnteAreas(ctx, ente)
	}
	return h, err
}

// homeTrack fills what who follows the plan sees, from the ground of the PTI and
// what happened to the micro-progetti: four queries.
func (s *Service) homeTrack(ctx context.Context, h *EnteHome) error {
	g, err := s.ptiGround(ctx, s.store, h.Place)
	if err != nil {
		return err
	}
	track, err := s.store.Track(ctx, h.Place.Ente.ID, "")
	if err != nil {
		return err
	}
	today := s.today()
	h.Late = lateOf(openOf(g.plan), today)
	h.Percorso.Late = len(h.Late)
	h.Tasks = openTasks(track.Tasks, h.Place.Offices)
	days, err := s.calendarDays(g, track, today.AddDays(calendarAhead))
	if err != nil {
		return err
	}
	for _, d := range append(days, taskDays(track.Tasks, today)...) {
		switch {
		case d.State == DayLate:
			h.Overdue++
		case !d.Date.Before(today) && (d.State == DayOpen || d.State == DayToVerify):
			h.Ahead = append(h.Ahead, d)
		}
	}
	slices.SortStableFunc(h.Ahead, byDay)
	h.Ahead = h.Ahead[:min(len(h.Ahead), homeDeadlines)]
	return nil
}

// homeOffice fills what an office contact sees: how many micro-progetti are late
// and the tasks of the own offices.
func (s *Service) homeOffice(ctx context.Context, h *EnteHome) error {
	open, err := s.store.OpenProjects(ctx, h.Place.Ente.ID)
	if err != nil {
		return err
	}
	h.Percorso.Late = len(lateOf(open, s.today()))
	tasks, err := s.store.TasksOf(ctx, h.Place.Ente.ID, h.Place.Offices)
	h.Tasks = openTasks(tasks, h.Place.Offices)
	return err
}

// openOf are the micro-progetti of an approved plan that are neither handed over
// nor cancelled, by quarter, title and id: those of storage.OpenProjects.
func openOf(rec storage.PlanRecord) []plans.MicroProject {
	var out []plans.MicroProject
	for _, r := range rec.Records {
		state := r.Project.State()
		over := state == plans.Done || state == plans.Checked || state == plans.Cancelled
		if len(rec.Plan.Versions) > 0 && r.In && !over && !r.Project.Start.IsZero() {
			out = append(out, r.Project)
		}
	}
	slices.SortStableFunc(out, func(a, b plans.MicroProject) int {
		return cmp.Or(a.Start.Sub(b.Start), strings.Compare(a.Title, b.Title), strings.Compare(a.ID.String(), b.ID.String()))
	})
	return out
}

// openTasks keeps the tasks of some offices that are not done.
func openTasks(tasks []storage.Task, offices []surveys.ID) []storage.Task {
	var out []storage.Task
	for _, t := range tasks {
		if !t.Done() && slices.Contains(offices, t.Office) {
			out = append(out, t)
		}
	}
	return out
}

// taskDays are the days on which open tasks fall due.
func taskDays(tasks []storage.Task, today plans.Date) []CalendarDay {
	var out []CalendarDay
	for i, t := range tasks {
		if t.Done() || t.Due.IsZero() {
			continue
		}
		d := CalendarDay{Date: t.Due, State: DayOpen, Task: &tasks[i]}
		if t.Late(today) {
			d.State = DayLate
		}
		out = append(out, d)
	}
	return out
}

func byDay(a, b CalendarDay) int { return a.Date.Time().Compare(b.Date.Time()) }
