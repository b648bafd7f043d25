package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"traguardo/plans"
	"traguardo/surveys"
)

// PlanRecord is the plan of an ente as it is kept. Plan.Projects are the records
// that are In, sheets and facts only: milestones, tasks, money and evidence are
// read by their own methods. Plan.Versions are the approved ones, oldest first.
type PlanRecord struct {
	Plan      plans.Plan
	Records   []ProjectRecord // every micro-progetto, in the plan and left out, by area, title and id
	Version   int             // optimistic lock of the plan and its records, from 1
	CreatedAt time.Time
}

type planRow struct {
	ID           string `gorm:"primaryKey"`
	EnteID       string
	State        string
	Edition      string
	StartYear    int64
	StartQuarter int64
	Quarters     int64
	Budget       string
	Capacity     string
	Targets      string
	Body         string
	Version      int64
	CreatedAt    int64 `gorm:"autoCreateTime:false"`
	ApprovedAt   *int64
}

func (planRow) TableName() string { return "plans" }

// planBody is what of a plan has no column of its own.
type planBody struct {
	Title         string         `json:"title"`
	Choices       []plans.Choice `json:"choices,omitempty"`
	PointsVersion string         `json:"points_version,omitempty"`
	Gain          float64        `json:"gain,omitempty"`
	Bound         float64        `json:"bound,omitempty"`
	Proved        bool           `json:"proved,omitempty"`
	Amendment     string         `json:"amendment,omitempty"`
	ProposedOn    plans.Date     `json:"proposed_on,omitzero"`
	ProposedBy    string         `json:"proposed_by,omitempty"`
	ClosedOn      plans.Date     `json:"closed_on,omitzero"`
}

func planRowOf(p plans.Plan, version int) (planRow, error) {
	budget, err1 := json.Marshal(p.Budget)
	capacity, err2 := json.Marshal(p.Capacity)
	targets, err3 := json.Marshal(p.Targets)
	body, err4 := json.Marshal(planBody{Title: p.Title, Choices: p.Choices, PointsVersion: p.PointsVersion, Gain: p.Gain, Bound: p.Bound,
		Proved: p.Proved, Amendment: p.Amendment, ProposedOn: p.ProposedOn, ProposedBy: p.ProposedBy, ClosedOn: p.ClosedOn})
	return planRow{ID: p.ID.String(), EnteID: p.EnteID.String(), State: string(p.State), Edition: p.Edition,
		StartYear: int64(p.Start.Year), StartQuarter: int64(p.Start.N), Quarters: int64(p.Quarters), Budget: string(budget),
		Capacity: string(capacity), Targets: string(targets), Body: string(body), Version: int64(version)}, errors.Join(err1, err2, err3, err4)
}

func (r planRow) plan() (plans.Plan, error) {
	var body planBody
	p := plans.Plan{ID: surveys.ID(r.ID), EnteID: surveys.ID(r.EnteID), State: plans.PlanState(r.State), Edition: r.Edition,
		Start: plans.Quarter{Year: int(r.StartYear), N: int(r.StartQuarter)}, Quarters: int(r.Quarters)}
	err := errors.Join(json.Unmarshal([]byte(r.Budget), &p.Budget), json.Unmarshal([]byte(r.Capacity), &p.Capacity),
		json.Unmarshal([]byte(r.Targets), &p.Targets), json.Unmarshal([]byte(r.Body), &body))
	if err != nil {
		return p, fmt.Errorf("reading plan %s: %w", r.ID, err)
	}
	p.Title, p.Choices, p.PointsVersion, p.Gain, p.Bound = body.Title, body.Choices, body.PointsVersion, body.Gain, body.Bound
	p.Proved, p.Amendment, p.ProposedOn, p.ProposedBy, p.ClosedOn = body.Proved, body.Amendment, body.ProposedOn, body.ProposedBy, body.ClosedOn
	return p, nil
}

// AddPlan inserts the frame of a plan, without projects. ErrConflict: the ente has one.
func (s *Store) AddPlan(ctx context.Context, p plans.Plan, now time.Time) error {
	row, err := planRowOf(p, 1)
	if err != nil {
		return fmt.Errorf("adding plan %s: %w", p.ID, err)
	}
	row.CreatedAt = unix(now)
	return translate(table[planRow](s.db).Create(ctx, &row), "adding plan %s", p.ID)
}

const planSQL = `SELECT p.*, v.number AS v_number, v.reason AS v_reason, v.body AS v_body, v.sha256 AS v_sha256, v.act_type AS v_type,
	v.act_number AS v_act, v.act_date AS v_date, v.act_by AS v_by
	FROM plans p LEFT JOIN plan_versions v ON v.plan_id = p.id AND v.ente_id = p.ente_id WHERE p.ente_id = ? ORDER BY p.id, v.number`

// versionedPlan is a plan beside one of its versions; nil columns: it has none.
type versionedPlan struct {
	Row     planRow `gorm:"embedded"`
	VNumber *int64
	VReason *string
	VBody   []byte
	VSha256 *string `gorm:"column:v_sha256"`
	VType   *string
	VAct    *string
	VDate   *string
	VBy     *string
}

func (r versionedPlan) version() plans.Version {
	return plans.Version{Number: int(*r.VNumber), Reason: orEmpty(r.VReason), JSON: r.VBody, SHA256: orEmpty(r.VSha256),
		Act: plans.Act{Type: orEmpty(r.VType), Number: orEmpty(r.VAct), Date: plans.DateOf(fromDay(orEmpty(r.VDate))), By: orEmpty(r.VBy)}}
}

// Plan reads the plan of an ente with its micro-progetti and versions, in two
// queries. ErrNotFound when it has none.
func (s *Store) Plan(ctx context.Context, ente surveys.ID) (PlanRecord, error) {
	rows, err := table[versionedPlan](s.db).Raw(planSQL, ente).Find(ctx)
	if err == nil && len(rows) == 0 {
		err = gorm.ErrRecordNotFound
	}
	if err != nil {
		return PlanRecord{}, translate(err, "plan of %s", ente)
	}
	row := rows[0].Row
	p, err := row.plan()
	if err != nil {
		return PlanRecord{}, err
	}
	p.Versions = make([]plans.Version, 0, len(rows))
	for _, r := range rows {
		if r.VNumber != nil {
			p.Versions = append(p.Versions, r.version())
		}
	}
	rec := PlanRecord{Plan: p, Version: int(row.Version), CreatedAt: fromUnix(row.CreatedAt)}
	if rec.Records, err = s.Projects(ctx, ente); err != nil {
		return PlanRecord{}, err
	}
	for _, r := range rec.Records {
		if r.In {
			rec.Plan.Projects = append(rec.Plan.Projects, r.Project)
		}
	}
	return rec, nil
}

// UpdatePlan writes the frame, the state and the last proposal of a plan, when it
// still has version. ErrStale: somebody changed it meanwhile.
func (s *Store) UpdatePlan(ctx context.Context, p plans.Plan, version int) error {
	row, err := planRowOf(p, version+1)
	if err != nil {
		return fmt.Errorf("updating plan %s: %w", p.ID, err)
	}
	n, err := table[planRow](s.db).Where("ente_id = ? AND id = ? AND version = ?", p.EnteID, p.ID, version).
		Select("state", "edition", "start_year", "start_quarter", "quarters", "budget", "capacity", "targets", "body", "version").Updates(ctx, row)
	return one(n, err, ErrStale, "updating plan %s of %s", p.ID, p.EnteID)
}

type planVersionRow struct {
	ID         string `gorm:"primaryKey"`
	EnteID     string
	PlanID     string
	Number     int64
	Body       []byte
	SHA256     string `gorm:"column:sha256"`
	ActType    string
	ActNumber  string
	ActDate    string
	ActBy      string
	ApprovedBy string
	ApprovedAt int64
	Reason     string
}

func (planVersionRow) TableName() string { return "plan_versions" }

func (r planVersionRow) version() plans.Version {
	return plans.Version{Number: int(r.Number), Reason: r.Reason, JSON: r.Body, SHA256: r.SHA256,
		Act: plans.Act{Type: r.ActType, Number: r.ActNumber, Date: plans.DateOf(fromDay(r.ActDate)), By: r.ActBy}}
}

// LastPlanVersion finds the newest approved version of an ente's plan. ErrNotFound
// when the ente has no plan or none of its plan was approved.
func (s *Store) LastPlanVersion(ctx context.Context, ente surveys.ID) (plans.Version, error) {
	row, err := table[planVersionRow](s.db).Where("ente_id = ?", ente).Order("number DESC").First(ctx)
	if err != nil {
		return plans.Version{}, translate(err, "approved plan of %s", ente)
	}
	return row.version(), nil
}

// AddPlanVersion keeps an approved version for ever and notes the hour of
// approval on the plan. by is the user who recorded the act.
func (s *Store) AddPlanVersion(ctx context.Context, p plans.Plan, v plans.Version, id, by surveys.ID, now time.Time) error {
	return s.InTx(ctx, func(tx *Store) error {
		row := planVersionRow{ID: id.String(), EnteID: p.EnteID.String(), PlanID: p.ID.String(), Number: int64(v.Number), Body: v.JSON, SHA256: v.SHA256,
			ActType: v.Act.Type, ActNumber: v.Act.Number, ActDate: v.Act.Date.String(), ActBy: v.Act.By, ApprovedBy: by.String(),
			ApprovedAt: unix(now), Reason: v.Reason}
		if err := table[planVersionRow](tx.db).Create(ctx, &row); err != nil {
			return translate(err, "version %d of plan %s", v.Number, p.ID)
		}
		at := unix(now)
		n, err := table[planRow](tx.db).Where("ente_id = ? AND id = ?", p.EnteID, p.ID).Select("approved_at").Updates(ctx, planRow{ApprovedAt: &at})
		return one(n, err, ErrNotFound, "approving plan %s of %s", p.ID, p.EnteID)
	})
}
