package storage

import (
	"context"

	"gorm.io/gorm"

	"traguardo/plans"
	"traguardo/surveys"
)

// Task is a task with what a list of many micro-progetti needs to know of it.
type Task struct {
	plans.Task
	ProjectID    surveys.ID
	ProjectTitle string
	OfficeName   string // empty when no office holds it
	DoneByName   string // of the account in DoneBy; empty while open, and when the account was removed
	Version      int    // optimistic lock, from 1
}

type taskRow struct {
	ID        string `gorm:"primaryKey"`
	EnteID    string
	ProjectID string
	OfficeID  *string
	Title     string
	Due       *string
	DoneOn    *string
	DoneBy    string
	Note      string
	Version   int64
}

func (taskRow) TableName() string { return "tasks" }

func taskRowOf(ente surveys.ID, t Task) taskRow {
	return taskRow{ID: t.ID.String(), EnteID: ente.String(), ProjectID: t.ProjectID.String(), OfficeID: idOrNil(t.Office), Title: t.Title,
		Due: dateOrNil(t.Due), DoneOn: dateOrNil(t.DoneOn), DoneBy: t.DoneBy, Note: t.Note, Version: int64(t.Version)}
}

type listedTask struct {
	Row          taskRow `gorm:"embedded"`
	ProjectTitle string
	OfficeName   *string
	DoneByName   *string
}

func (r listedTask) task() Task {
	t := r.Row
	return Task{Task: plans.Task{ID: surveys.ID(t.ID), Office: surveys.ID(orEmpty(t.OfficeID)), Title: t.Title, Due: dateOf(orEmpty(t.Due)),
		DoneOn: dateOf(orEmpty(t.DoneOn)), DoneBy: t.DoneBy, Note: t.Note},
		ProjectID: surveys.ID(t.ProjectID), ProjectTitle: r.ProjectTitle, OfficeName: orEmpty(r.OfficeName),
		DoneByName: orEmpty(r.DoneByName), Version: int(t.Version)}
}

const tasksSQL = `SELECT t.*, p.title AS project_title, o.name AS office_name, u.name AS done_by_name FROM tasks t
	JOIN micro_projects p ON p.id = t.project_id AND p.ente_id = t.ente_id
	LEFT JOIN offices o ON o.id = t.office_id LEFT JOIN users u ON u.id = t.done_by WHERE `

// tasks lists tasks that meet a condition of ours, by day; those without one last.
func (s *Store) tasks(ctx context.Context, where string, args ...any) ([]Task, error) {
	rows, err := table[listedTask](s.db).Raw(tasksSQL+where+" ORDER BY CASE WHEN t.due IS NULL THEN 1 ELSE 0 END, t.due, t.title, t.id", args...).Find(ctx)
	return mapRows(rows, listedTask.task), translate(err, "listing tasks")
}

// TasksOf lists the tasks of some offices of an ente; no office, no task.
func (s *Store) TasksOf(ctx context.Context, ente surveys.ID, offices []surveys.ID) ([]Task, error) {
	if len(offices) == 0 {
		return []Task{}, nil
	}
	return s.tasks(ctx, "t.ente_id = ? AND t.office_id IN ?", ente, offices)
}

// Task finds one task of an ente.
func (s *Store) Task(ctx context.Context, ente, id surveys.ID) (Task, error) {
	rows, err := s.tasks(ctx, "t.ente_id = ? AND t.id = ?", ente, id)
	if err == nil && len(rows) == 0 {
		err = gorm.ErrRecordNotFound
	}
	if err != nil {
		return Task{}, translate(err, "task %s of %s", id, ente)
	}
	return rows[0], nil
}

// AddTask inserts a task with version 1.
func (s *Store) AddTask(ctx context.Context, ente surveys.ID, t Task) error {
	t.Version = 1
	row := taskRowOf(ente, t)
	return translate(table[taskRow](s.db).Create(ctx, &row), "adding task %s", t.ID)
}

// UpdateTask writes everything of a task but its micro-progetto, when it still
// has t.Version. ErrStale: somebody changed it meanwhile.
func (s *Store) UpdateTask(ctx context.Context, ente surveys.ID, t Task) error {
	row := taskRowOf(ente, t)
	row.Version++
	n, err := table[taskRow](s.db).Where("ente_id = ? AND id = ? AND version = ?", ente, t.ID, t.Version).
		Select("office_id", "title", "due", "done_on", "done_by", "note", "version").Updates(ctx, row)
	return one(n, err, ErrStale, "updating task %s of %s", t.ID, ente)
}

// RemoveTask deletes a task.
func (s *Store) RemoveTask(ctx context.Context, ente, id surveys.ID) error {
	n, err := table[taskRow](s.db).Where("ente_id = ? AND id = ?", ente, id).Delete(ctx)
	return one(n, err, ErrNotFound, "removing task %s of %s", id, ente)
}
