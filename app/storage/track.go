package storage

import (
	"context"
	"time"

	"traguardo/plans"
	"traguardo/surveys"
)

// dateOf reads YYYY-MM-DD; the zero day for an empty or unreadable text.
func dateOf(s string) plans.Date {
	d, err := plans.ParseDate(s)
	if err != nil {
		return plans.Date{}
	}
	return d
}

func dateOrNil(d plans.Date) *string {
	if d.IsZero() {
		return nil
	}
	s := d.String()
	return &s
}

// Track is what happened to micro-progetti beside their facts, by id of the
// micro-progetto.
type Track struct {
	Milestones map[surveys.ID][]plans.Milestone // by due day
	Expenses   map[surveys.ID][]plans.Expense   // by day
	Tasks      []Task                           // those without a day last
}

type milestoneRow struct {
	ID        string `gorm:"primaryKey"`
	EnteID    string
	ProjectID string
	Title     string
	Due       string
	ReachedOn *string
}

func (milestoneRow) TableName() string { return "milestones" }

func (r milestoneRow) milestone() plans.Milestone {
	return plans.Milestone{ID: surveys.ID(r.ID), Title: r.Title, Due: dateOf(r.Due), DoneOn: dateOf(orEmpty(r.ReachedOn))}
}

// Track reads milestones, expenses and tasks of one micro-progetto of an ente, or
// of all when project is empty, in three queries.
func (s *Store) Track(ctx context.Context, ente, project surveys.ID) (Track, error) {
	t := Track{Milestones: map[surveys.ID][]plans.Milestone{}, Expenses: map[surveys.ID][]plans.Expense{}}
	const mine = "ente_id = ? AND (? = '' OR project_id = ?)"
	miles, err := table[milestoneRow](s.db).Where(mine, ente, project, project).Order("due, title, id").Find(ctx)
	if err != nil {
		return t, translate(err, "milestones of %s", ente)
	}
	for _, r := range miles {
		t.Milestones[surveys.ID(r.ProjectID)] = append(t.Milestones[surveys.ID(r.ProjectID)], r.milestone())
	}
	spent, err := table[expenseRow](s.db).Where(mine, ente, project, project).Order("dated, added_at, id").Find(ctx)
	if err != nil {
		return t, translate(err, "expenses of %s", ente)
	}
	for _, r := range spent {
		t.Expenses[surveys.ID(r.ProjectID)] = append(t.Expenses[surveys.ID(r.ProjectID)], r.expense())
	}
	t.Tasks, err = s.tasks(ctx, "t.ente_id = ? AND (? = '' OR t.project_id = ?)", ente, project, project)
	return t, err
}

// AddMilestone inserts a milestone of a micro-progetto.
func (s *Store) AddMilestone(ctx context.Context, ente, project surveys.ID, m plans.Milestone) error {
	row := milestoneRow{ID: m.ID.String(), EnteID: ente.String(), ProjectID: project.String(), Title: m.Title, Due: m.Due.String(), ReachedOn: dateOrNil(m.DoneOn)}
	return translate(table[milestoneRow](s.db).Create(ctx, &row), "adding milestone %s", m.ID)
}

// ReachMilestone notes the day on which a milestone was reached; the zero day
// takes it back. ErrStale: it is so already; ErrNotFound: no such milestone.
func (s *Store) ReachMilestone(ctx context.Context, ente, project, id surveys.ID, on plans.Date) error {
	if _, err := table[milestoneRow](s.db).Where("ente_id = ? AND project_id = ? AND id = ?", ente, project, id).First(ctx); err != nil {
		return translate(err, "milestone %s of %s", id, project)
	}
	n, err := table[milestoneRow](s.db).Where("ente_id = ? AND project_id = ? AND id = ? AND (reached_on IS NULL) = ?", ente, project, id, !on.IsZero()).
		Select("reached_on").Updates(ctx, milestoneRow{ReachedOn: dateOrNil(on)})
	return one(n, err, ErrStale, "reaching milestone %s", id)
}

// RemoveMilestone deletes a milestone.
func (s *Store) RemoveMilestone(ctx context.Context, ente, project, id surveys.ID) error {
	n, err := table[milestoneRow](s.db).Where("ente_id = ? AND project_id = ? AND id = ?", ente, project, id).Delete(ctx)
	return one(n, err, ErrNotFound, "removing milestone %s of %s", id, project)
}

type expenseRow struct {
	ID        string `gorm:"primaryKey"`
	EnteID    string
	ProjectID string
	Kind      string
	Cents     int64
	Dated     string
	Source    string
	Cup       string
	Note      string
	AddedBy   string
	AddedAt   int64
}

func (expenseRow) TableName() string { return "expenses" }

func (r expenseRow) expense() plans.Expense {
	return plans.Expense{ID: surveys.ID(r.ID), Kind: plans.ExpenseKind(r.Kind), Cents: plans.Cents(r.Cents), Date: dateOf(r.Dated),
		Source: plans.Source(r.Source), CUP: r.Cup, Note: r.Note}
}

// AddExpense inserts a movement of money; none is ever changed or removed.
func (s *Store) AddExpense(ctx context.Context, ente, project surveys.ID, e plans.Expense, by surveys.ID, at time.Time) error {
	row := expenseRow{ID: e.ID.String(), EnteID: ente.String(), ProjectID: project.String(), Kind: string(e.Kind), Cents: int64(e.Cents),
		Dated: e.Date.String(), Source: string(e.Source), Cup: e.CUP, Note: e.Note, AddedBy: by.String(), AddedAt: unix(at)}
	return translate(table[expenseRow](s.db).Create(ctx, &row), "adding expense %s", e.ID)
}

// AuditOf lists the newest rows of the trail on one subject of an ente, newest
// first, with the names of those who acted where the account still stands.
func (s *Store) AuditOf(ctx context.Context, ente surveys.ID, subject string, limit int) ([]NamedAudit, error) {
	rows, err := table[namedAuditRow](s.db).Raw(`SELECT a.*, u.name AS actor_name FROM audit a LEFT JOIN users u ON u.id = a.actor
		WHERE a.ente_id = ? AND a.subject = ? ORDER BY a.seq DESC LIMIT ?`, ente, subject, limit).Find(ctx)
	return mapRows(rows, func(r namedAuditRow) NamedAudit {
		return NamedAudit{AuditEntry: r.Row.entry(), ActorName: orEmpty(r.ActorName)}
	}), translate(err, "audit of %s", subject)
}

// NamedAudit is a row of the trail with the name of who acted; empty for the
// system and for accounts that were removed.
type NamedAudit struct {
	AuditEntry
	ActorName string
}

type namedAuditRow struct {
	Row       auditRow `gorm:"embedded"`
	ActorName *string
}
