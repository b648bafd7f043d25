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
// micro-progetto, and the offices that tasks can be given to.
type Track struct {
	Milestones map[surveys.ID][]plans.Milestone // by due day
	Expenses   map[surveys.ID][]plans.Expense   // by day
	Tasks      []Task                           // those without a day last
	Offices    []Office                         // every office of the ente, by name; Staff is not filled
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

// trackRow is a milestone, an expense, a task or an office: what a kind has not
// is empty.
type trackRow struct {
	What       string
	ID         string
	ProjectID  string
	Title      string // of an expense: its note; of an office: its name
	Due        string // of an expense: its day
	DoneOn     string
	Kind       string // of an expense
	Cents      int64
	Source     string
	Cup        string
	AddedAt    int64 // of an expense
	OfficeID   string
	DoneBy     string
	Note       string
	Version    int64
	Project    string // title
	Office     string // name; of an office: folded
	DoneByName string
}

const trackSQL = `SELECT 'milestone' AS what, id, project_id, title, due, COALESCE(reached_on, '') AS done_on, '' AS kind, 0 AS cents,
		'' AS source, '' AS cup, 0 AS added_at, '' AS office_id, '' AS done_by, '' AS note, 0 AS version, '' AS project, '' AS office, '' AS done_by_name
	FROM milestones WHERE ente_id = ? AND (? = '' OR project_id = ?)
	UNION ALL SELECT 'expense', id, project_id, note, dated, '', kind, cents, source, cup, added_at, '', '', '', 0, '', '', ''
	FROM expenses WHERE ente_id = ? AND (? = '' OR project_id = ?)
	UNION ALL SELECT 'office', id, '', name, '', '', '', 0, '', '', 0, '', '', '', 0, '', name_folded, '' FROM offices WHERE ente_id = ?
	UNION ALL SELECT 'task', t.id, t.project_id, t.title, COALESCE(t.due, '9999-12-31'), COALESCE(t.done_on, ''), '', 0, '', '', 0,
		COALESCE(t.office_id, ''), t.done_by, t.note, t.version, p.title, COALESCE(o.name, ''), COALESCE(u.name, '')
	FROM tasks t JOIN micro_projects p ON p.id = t.project_id AND p.ente_id = t.ente_id
	LEFT JOIN offices o ON o.id = t.office_id LEFT JOIN users u ON u.id = t.done_by
	WHERE t.ente_id = ? AND (? = '' OR t.project_id = ?)`

// Track reads milestones, expenses and tasks of one micro-progetto of an ente, or
// of all when project is empty, and the offices, in one query.
func (s *Store) Track(ctx context.Context, ente, project surveys.ID) (Track, error) {
	t := Track{Milestones: map[surveys.ID][]plans.Milestone{}, Expenses: map[surveys.ID][]plans.Expense{}}
	rows, err := table[trackRow](s.db).Raw("SELECT * FROM ("+trackSQL+") x ORDER BY what, due, added_at, CASE WHEN what = 'office' THEN office ELSE title END, id",
		ente, project, project, ente, project, project, ente, ente, project, project).Find(ctx)
	for _, r := range rows {
		of := surveys.ID(r.ProjectID)
		switch r.What {
		case "milestone":
			t.Milestones[of] = append(t.Milestones[of], plans.Milestone{ID: surveys.ID(r.ID), Title: r.Title, Due: dateOf(r.Due), DoneOn: dateOf(r.DoneOn)})
		case "expense":
			t.Expenses[of] = append(t.Expenses[of], plans.Expense{ID: surveys.ID(r.ID), Kind: plans.ExpenseKind(r.Kind), Cents: plans.Cents(r.Cents),
				Date: dateOf(r.Due), Source: plans.Source(r.Source), CUP: r.Cup, Note: r.Title})
		case "task":
			t.Tasks = append(t.Tasks, r.task())
		case "office":
			t.Offices = append(t.Offices, Office{ID: surveys.ID(r.ID), EnteID: ente, Name: r.Title})
		}
	}
	return t, translate(err, "what happened to the micro-progetti of %s", ente)
}

// noDue is the day of a task without one, so that it comes last.
const noDue = "9999-12-31"

func (r trackRow) task() Task {
	t := Task{Task: plans.Task{ID: surveys.ID(r.ID), Office: surveys.ID(r.OfficeID), Title: r.Title, DoneOn: dateOf(r.DoneOn), DoneBy: r.DoneBy, Note: r.Note},
		ProjectID: surveys.ID(r.ProjectID), ProjectTitle: r.Project, OfficeName: r.Office, DoneByName: r.DoneByName, Version: int(r.Version)}
	if r.Due != noDue {
		t.Due = dateOf(r.Due)
	}
	return t
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

// AddExpense inserts a movement of money; none is ever changed or removed.
func (s *Store) AddExpense(ctx context.Context, ente, project surveys.ID, e plans.Expense, by surveys.ID, at time.Time) error {
	row := expenseRow{ID: e.ID.String(), EnteID: ente.String(), ProjectID: project.String(), Kind: string(e.Kind), Cents: int64(e.Cents),
		Dated: e.Date.String(), Source: string(e.Source), Cup: e.CUP, Note: e.Note, AddedBy: by.String(), AddedAt: unix(at)}
	return translate(table[expenseRow](s.db).Create(ctx, &row), "adding expense %s", e.ID)
}
