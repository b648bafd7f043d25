package service

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/plans"
	"traguardo/surveys"
)

// TaskList is the tasks that an actor may see in an ente.
type TaskList struct {
	Place   Place
	Today   plans.Date
	All     bool             // every office; false: only those of the actor
	Offices []storage.Office // of the actor, or all
	Tasks   []storage.Task   // by day, those without one last
}

// allOffices reports whether the place lets the actor see the tasks of every
// office; an office contact sees those of the own offices alone.
func (p Place) allOffices() bool { return p.Can(auth.TrackEdit) }

// Tasks lists the tasks of the actor's offices; RTD, UTD and facilitator see those
// of every office.
func (s *Service) Tasks(ctx context.Context, actor auth.Actor, ente surveys.ID) (TaskList, error) {
	p, err := s.Place(ctx, actor, ente, auth.TaskUpdate)
	if err != nil {
		return TaskList{}, err
	}
	l := TaskList{Place: p, Today: s.today(), All: p.allOffices()}
	if l.All {
		track, err := s.store.Track(ctx, ente, "")
		l.Tasks, l.Offices = track.Tasks, track.Offices
		return l, err
	}
	offices, err := s.store.Offices(ctx, ente)
	if err != nil {
		return l, err
	}
	for _, o := range offices {
		if slices.Contains(p.Offices, o.ID) {
			l.Offices = append(l.Offices, o)
		}
	}
	l.Tasks, err = s.store.TasksOf(ctx, ente, p.Offices)
	return l, err
}

// TaskView is one task with the evidence of its micro-progetto that the actor may
// see: all of it, or one's own for an office contact.
type TaskView struct {
	Place    Place
	Today    plans.Date
	Task     storage.Task
	Edit     bool // may change title, office and day, and remove it
	Offices  []storage.Office
	Evidence []storage.Evidence
	Purpose  string // of the micro-progetto
	Criteria string // acceptance criterion of the micro-progetto
	actor    surveys.ID
}

// Mine reports whether the actor added a piece, and may take it back.
func (v TaskView) Mine(e storage.Evidence) bool { return e.AddedBy == v.actor }

// TaskOf shows one task. storage.ErrNotFound: not of this ente, or of an office
// that is not the actor's.
func (s *Service) TaskOf(ctx context.Context, actor auth.Actor, ente, id surveys.ID) (TaskView, error) {
	p, err := s.Place(ctx, actor, ente, auth.TaskUpdate)
	if err != nil {
		return TaskView{}, err
	}
	task, err := taskFor(ctx, s.store, p, id)
	if err != nil {
		return TaskView{}, err
	}
	v := TaskView{Place: p, Today: s.today(), Task: task, Edit: p.Can(auth.TrackEdit), actor: actor.UserID}
	project, err := s.store.Project(ctx, ente, task.ProjectID)
	if err != nil {
		return v, err
	}
	v.Purpose, v.Criteria = project.Project.Purpose, project.Project.Acceptance
	evidence, err := s.store.ProjectEvidence(ctx, ente, task.ProjectID)
	if err != nil {
		return v, err
	}
	for _, e := range evidence {
		if !e.Revoked && (p.allOffices() || e.AddedBy == actor.UserID) {
			v.Evidence = append(v.Evidence, e)
		}
	}
	v.Offices, err = s.store.Offices(ctx, ente)
	return v, err
}

// taskFor finds a task that the place lets its actor see.
func taskFor(ctx context.Context, st *storage.Store, p Place, id surveys.ID) (storage.Task, error) {
	t, err := st.Task(ctx, p.Ente.ID, id)
	if err != nil {
		return t, err
	}
	if !p.allOffices() && (t.Office == "" || !slices.Contains(p.Offices, t.Office)) {
		return storage.Task{}, fmt.Errorf("task %s of another office: %w", id, storage.ErrNotFound)
	}
	return t, nil
}

// changeTask is changeIn for one task that the actor may see.
func (s *Service) changeTask(ctx context.Context, actor auth.Actor, ente, id surveys.ID, action auth.Action, kind string,
	fn func(tx *storage.Store, p Place, t *storage.Task) error) error {
	return s.changeIn(ctx, actor, ente, action, func(tx *storage.Store, p Place) (Change, error) {
		t, err := taskFor(ctx, tx, p, id)
		if err != nil {
			return Change{}, err
		}
		c := Change{Action: kind, Subject: projectSubject(t.ProjectID), Detail: map[string]string{"task": id.String()}}
		return c, fn(tx, p, &t)
	})
}

// TaskDone is the end of a task as it was typed.
type TaskDone struct {
	On      plans.Date
	Note    string
	Version int // version that the page showed; 0: any
}

// FinishTask marks a task as done. plans.ErrTransition: it is done already.
func (s *Service) FinishTask(ctx context.Context, actor auth.Actor, ente, id surveys.ID, in TaskDone) error {
	return s.changeTask(ctx, actor, ente, id, auth.TaskUpdate, "task.done", func(tx *storage.Store, _ Place, t *storage.Task) error {
		if err := t.Finish(in.On, s.today(), actor.ID()); err != nil {
			if errors.Is(err, plans.ErrDate) {
				return Invalid("giorno", "track.fault_day")
			}
			return err
		}
		return s.noteTask(ctx, tx, ente, t, in.Note, in.Version)
	})
}

// ReopenTask undoes FinishTask. plans.ErrTransition: it is not done.
func (s *Service) ReopenTask(ctx context.Context, actor auth.Actor, ente, id surveys.ID, version int) error {
	return s.changeTask(ctx, actor, ente, id, auth.TaskUpdate, "task.reopen", func(tx *storage.Store, _ Place, t *storage.Task) error {
		if err := t.Reopen(); err != nil {
			return err
		}
		return s.noteTask(ctx, tx, ente, t, t.Note, version)
	})
}

// NoteTask replaces the note of a task.
func (s *Service) NoteTask(ctx context.Context, actor auth.Actor, ente, id surveys.ID, note string, version int) error {
	return s.changeTask(ctx, actor, ente, id, auth.TaskUpdate, "task.note", func(tx *storage.Store, _ Place, t *storage.Task) error {
		return s.noteTask(ctx, tx, ente, t, note, version)
	})
}

// noteTask writes a task with its note; the version that the page showed wins.
func (s *Service) noteTask(ctx context.Context, tx *storage.Store, ente surveys.ID, t *storage.Task, note string, version int) error {
	t.Note = strings.TrimSpace(note)
	if utf8.RuneCountInString(t.Note) > MaxReasonText {
		return Invalid("nota", "track.fault_long", "Max", MaxReasonText)
	}
	if version > 0 {
		t.Version = version
	}
	return tx.UpdateTask(ctx, ente, *t)
}

// TaskInput is a task as the RTD types it.
type TaskInput struct {
	Title   string
	Office  surveys.ID // empty: no office yet
	Due     plans.Date // zero: no date
	Version int        // EditTask: version that the page showed; 0: any
}

func (in *TaskInput) check(ctx context.Context, tx *storage.Store, ente surveys.ID) error {
	in.Title = strings.TrimSpace(in.Title)
	var f faults
	f.title("compito", in.Title)
	if in.Office != "" {
		offices, err := tx.Offices(ctx, ente)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(offices, func(o storage.Office) bool { return o.ID == in.Office }) {
			f.add("ufficio", "form.choice")
		}
	}
	return f.err()
}

// AddTask gives an office something to do for a micro-progetto.
func (s *Service) AddTask(ctx context.Context, actor auth.Actor, ente, project surveys.ID, in TaskInput) error {
	return s.changeProject(ctx, actor, ente, project, "task.add", map[string]string{"due": in.Due.String()}, func(tx *storage.Store, _ storage.ProjectRecord) error {
		if err := in.check(ctx, tx, ente); err != nil {
			return err
		}
		id, err := s.newID()
		if err != nil {
			return err
		}
		return tx.AddTask(ctx, ente, storage.Task{Task: plans.Task{ID: id, Office: in.Office, Title: in.Title, Due: in.Due}, ProjectID: project})
	})
}

// EditTask changes title, office and day of a task.
func (s *Service) EditTask(ctx context.Context, actor auth.Actor, ente, id surveys.ID, in TaskInput) error {
	return s.changeTask(ctx, actor, ente, id, auth.TrackEdit, "task.edit", func(tx *storage.Store, _ Place, t *storage.Task) error {
		if err := in.check(ctx, tx, ente); err != nil {
			return err
		}
		t.Title, t.Office, t.Due = in.Title, in.Office, in.Due
		if in.Version > 0 {
			t.Version = in.Version
		}
		return tx.UpdateTask(ctx, ente, *t)
	})
}

// RemoveTask deletes a task.
func (s *Service) RemoveTask(ctx context.Context, actor auth.Actor, ente, id surveys.ID) error {
	return s.changeTask(ctx, actor, ente, id, auth.TrackEdit, "task.remove", func(tx *storage.Store, _ Place, _ *storage.Task) error {
		return tx.RemoveTask(ctx, ente, id)
	})
}
