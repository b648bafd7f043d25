package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"traguardo/plans"
	"traguardo/surveys"
)

// Wish is what the ente wants of a candidate.
type Wish string

// The wishes.
const (
	WishAuto     Wish = "auto"     // the planner chooses
	WishMust     Wish = "must"     // in the plan, in whichever quarter
	WishPinned   Wish = "pinned"   // in the plan, starting in the quarter of its sheet
	WishExcluded Wish = "excluded" // never in the plan
)

// ParseWish accepts the code of a wish and refuses all other text.
func ParseWish(s string) (Wish, error) {
	switch w := Wish(s); w {
	case WishAuto, WishMust, WishPinned, WishExcluded:
		return w, nil
	default:
		return "", fmt.Errorf("%w: wish %q", surveys.ErrInvalid, s)
	}
}

// Verdict is why a candidate is in or out, and what it would be worth.
type Verdict struct {
	Reason    plans.Reason   `json:"reason"`
	Holds     []plans.Reason `json:"holds,omitempty"`     // every reason that holds for one that is out
	Points    float64        `json:"points,omitempty"`    // points of the reasons that ask for it; a plan counts shared ones once
	Loss      *float64       `json:"loss,omitempty"`      // points lost if forced in; nil: in, impossible or not proved
	Displaces []string       `json:"displaces,omitempty"` // ids of micro_projects that would go for it
}

// ProjectRecord is one micro-progetto of an ente: in the plan, or a candidate
// that was left out. Project holds sheet and facts; its other parts are read apart.
type ProjectRecord struct {
	Project   plans.MicroProject
	In        bool
	Wish      Wish
	Edited    bool // somebody changed what the catalogue says; the ente's own ones always are
	Verdict   Verdict
	Version   int // optimistic lock, from 1
	UpdatedAt time.Time
}

type projectRow struct {
	ID              string `gorm:"primaryKey"`
	EnteID          string
	PlanID          string
	Template        string
	TemplateVersion string
	Title           string
	Area            string
	Body            string
	Edited          bool
	Included        bool
	Choice          string
	Verdict         string
	CostCents       int64
	RunningCents    int64
	Effort          string
	StartYear       *int64
	StartQuarter    *int64
	OfficeID        *string
	Cup             string
	Funding         string
	Facts           string
	StartedOn       *string
	SuspendedOn     *string
	SuspendedReason string
	DoneOn          *string
	CheckedOn       *string
	CancelledOn     *string
	CancelledReason string
	Version         int64
	UpdatedAt       int64 `gorm:"autoUpdateTime:false"`
}

func (projectRow) TableName() string { return "micro_projects" }

func projectRowOf(r ProjectRecord) (projectRow, error) {
	sheet := r.Project.Sheet
	body, err1 := json.Marshal(sheet)
	verdict, err2 := json.Marshal(r.Verdict)
	effort, err3 := json.Marshal(sheet.Effort)
	funding, err4 := json.Marshal(sheet.Funding)
	row := projectRow{ID: sheet.ID.String(), EnteID: sheet.EnteID.String(), PlanID: sheet.PlanID.String(), Template: sheet.Template,
		TemplateVersion: sheet.TemplateVersion, Title: sheet.Title, Area: string(sheet.Area), Body: string(body), Edited: r.Edited, Included: r.In,
		Choice: string(r.Wish), Verdict: string(verdict), CostCents: int64(sheet.Cost), RunningCents: int64(sheet.RunningCost),
		Effort: string(effort), OfficeID: idOrNil(sheet.Office), Cup: sheet.CUP, Funding: string(funding), Version: max(1, int64(r.Version)),
		UpdatedAt: unix(r.UpdatedAt)}
	if !sheet.Start.IsZero() {
		year, n := int64(sheet.Start.Year), int64(sheet.Start.N)
		row.StartYear, row.StartQuarter = &year, &n
	}
	return row, errors.Join(err1, err2, err3, err4, row.setFacts(r.Project))
}

// setFacts writes the facts and the days that are read from them.
func (r *projectRow) setFacts(m plans.MicroProject) error {
	facts, err := json.Marshal(append([]plans.Fact{}, m.Facts...))
	if err != nil {
		return err
	}
	r.Facts = string(facts)
	on := func(k plans.FactKind) *string {
		f, ok := m.LastFact(k)
		if !ok {
			return nil
		}
		text := f.On.String()
		return &text
	}
	r.StartedOn = on(plans.FactStart)
	switch m.State() {
	case plans.Suspended:
		f, _ := m.LastFact(plans.FactSuspend)
		r.SuspendedOn, r.SuspendedReason = on(plans.FactSuspend), f.Reason
	case plans.Done:
		r.DoneOn = on(plans.FactFinish)
	case plans.Checked:
		r.DoneOn, r.CheckedOn = on(plans.FactFinish), on(plans.FactCheck)
	case plans.Cancelled:
		f, _ := m.LastFact(plans.FactCancel)
		r.CancelledOn, r.CancelledReason = on(plans.FactCancel), f.Reason
	case plans.Planned, plans.Started:
	}
	return nil
}

func (r projectRow) record() (ProjectRecord, error) {
	rec := ProjectRecord{In: r.Included, Wish: Wish(r.Choice), Edited: r.Edited, Version: int(r.Version), UpdatedAt: fromUnix(r.UpdatedAt)}
	err := errors.Join(json.Unmarshal([]byte(r.Body), &rec.Project.Sheet), json.Unmarshal([]byte(r.Verdict), &rec.Verdict),
		json.Unmarshal([]byte(r.Facts), &rec.Project.Facts))
	if err != nil {
		return rec, fmt.Errorf("reading micro-progetto %s: %w", r.ID, err)
	}
	rec.Project.Office = surveys.ID(orEmpty(r.OfficeID)) // an office that was removed leaves the column empty
	if len(rec.Project.Facts) == 0 {
		rec.Project.Facts = nil
	}
	return rec, nil
}

// Projects lists every micro-progetto of an ente's plan, in and left out, by
// area, title and id.
func (s *Store) Projects(ctx context.Context, ente surveys.ID) ([]ProjectRecord, error) {
	rows, err := table[projectRow](s.db).Where("ente_id = ?", ente).Order("area, title, id").Find(ctx)
	if err != nil {
		return nil, translate(err, "micro-progetti of %s", ente)
	}
	out := make([]ProjectRecord, 0, len(rows))
	for _, row := range rows {
		rec, err := row.record()
		if err != nil {
			return nil, err
		}
		out = append(out, rec)
	}
	return out, nil
}

// Project finds one micro-progetto of an ente, in the plan or left out.
func (s *Store) Project(ctx context.Context, ente, id surveys.ID) (ProjectRecord, error) {
	row, err := table[projectRow](s.db).Where("ente_id = ? AND id = ?", ente, id).First(ctx)
	if err != nil {
		return ProjectRecord{}, translate(err, "micro-progetto %s of %s", id, ente)
	}
	return row.record()
}

// SaveProjects inserts the records, or writes what is planned of those that are
// there: what happened to them (facts) stays. Each one written gets its next
// version; call it in the transaction that updates the plan, whose version is the lock.
func (s *Store) SaveProjects(ctx context.Context, records []ProjectRecord) error {
	if len(records) == 0 {
		return nil
	}
	rows := make([]projectRow, 0, len(records))
	for _, r := range records {
		row, err := projectRowOf(r)
		if err != nil {
			return fmt.Errorf("saving micro-progetto %s: %w", r.Project.ID, err)
		}
		rows = append(rows, row)
	}
	set := clause.AssignmentColumns([]string{"template", "template_version", "title", "area", "body", "edited", "included", "choice", "verdict",
		"cost_cents", "running_cents", "effort", "start_year", "start_quarter", "office_id", "cup", "funding", "updated_at"})
	set = append(set, clause.Assignment{Column: clause.Column{Name: "version"}, Value: gorm.Expr("micro_projects.version + 1")})
	upsert := clause.OnConflict{Columns: []clause.Column{{Name: "id"}}, DoUpdates: set, Where: clause.Where{Exprs: []clause.Expression{
		gorm.Expr("micro_projects.ente_id = excluded.ente_id AND micro_projects.plan_id = excluded.plan_id")}}}
	return translate(table[projectRow](s.db, upsert).CreateInBatches(ctx, &rows, 50), "saving %d micro-progetti", len(rows))
}

// SaveFacts writes what happened to a micro-progetto, and nothing else, when it
// still has version. ErrStale: somebody changed it meanwhile.
func (s *Store) SaveFacts(ctx context.Context, ente surveys.ID, m plans.MicroProject, version int, now time.Time) error {
	row := projectRow{Version: int64(version) + 1, UpdatedAt: unix(now)}
	if err := row.setFacts(m); err != nil {
		return fmt.Errorf("facts of micro-progetto %s: %w", m.ID, err)
	}
	n, err := table[projectRow](s.db).Where("ente_id = ? AND id = ? AND version = ?", ente, m.ID, version).
		Select("facts", "started_on", "suspended_on", "suspended_reason", "done_on", "checked_on", "cancelled_on", "cancelled_reason", "version", "updated_at").
		Updates(ctx, row)
	return one(n, err, ErrStale, "facts of micro-progetto %s of %s", m.ID, ente)
}

// RemoveProjects deletes micro-progetti to which nothing happened yet; those with
// facts stay, whatever the list says.
func (s *Store) RemoveProjects(ctx context.Context, ente surveys.ID, ids []surveys.ID) error {
	if len(ids) == 0 {
		return nil
	}
	_, err := table[projectRow](s.db).Where("ente_id = ? AND id IN ? AND started_on IS NULL AND cancelled_on IS NULL", ente, ids).Delete(ctx)
	return translate(err, "removing %d micro-progetti of %s", len(ids), ente)
}
