package storage

import (
	"context"
	"encoding/json"
	"fmt"

	"traguardo/plans"
	"traguardo/surveys"
)

type openProjectRow struct {
	ID           string
	EnteID       string
	Title        string
	Area         string
	Effort       string
	StartYear    *int64
	StartQuarter *int64
	StartedOn    *string
	SuspendedOn  *string
}

// project holds what lateness depends on: the sheet's quarters and the facts that
// lead to the present state. The rest of the micro-progetto is not read.
func (r openProjectRow) project() (plans.MicroProject, error) {
	var m plans.MicroProject
	m.ID, m.EnteID, m.Title, m.Area = surveys.ID(r.ID), surveys.ID(r.EnteID), r.Title, surveys.Area(r.Area)
	if r.StartYear != nil && r.StartQuarter != nil {
		m.Start = plans.Quarter{Year: int(*r.StartYear), N: int(*r.StartQuarter)}
	}
	if err := json.Unmarshal([]byte(r.Effort), &m.Effort); err != nil {
		return m, fmt.Errorf("reading the quarters of micro-progetto %s: %w", r.ID, err)
	}
	for kind, on := range map[plans.FactKind]*string{plans.FactStart: r.StartedOn, plans.FactSuspend: r.SuspendedOn} {
		if on == nil {
			continue
		}
		day, err := plans.ParseDate(*on)
		if err != nil {
			return m, fmt.Errorf("reading the facts of micro-progetto %s: %w", r.ID, err)
		}
		f := plans.Fact{Kind: kind, On: day, Recorded: day}
		if kind == plans.FactStart {
			m.Facts = append([]plans.Fact{f}, m.Facts...)
		} else {
			m.Facts = append(m.Facts, f)
		}
	}
	return m, nil
}

const openProjectsSQL = `SELECT m.id, m.ente_id, m.title, m.area, m.effort, m.start_year, m.start_quarter, m.started_on, m.suspended_on
	FROM micro_projects m JOIN plans p ON p.id = m.plan_id AND p.ente_id = m.ente_id
	WHERE p.approved_at IS NOT NULL AND m.included AND m.done_on IS NULL AND m.cancelled_on IS NULL AND m.start_year IS NOT NULL AND `

func (s *Store) openProjects(ctx context.Context, where string, id surveys.ID) ([]plans.MicroProject, error) {
	rows, err := table[openProjectRow](s.db).Raw(openProjectsSQL+where+" ORDER BY m.ente_id, m.start_year, m.start_quarter, m.title, m.id", id).Find(ctx)
	if err != nil {
		return nil, translate(err, "open micro-progetti of %s", id)
	}
	out := make([]plans.MicroProject, 0, len(rows))
	for _, r := range rows {
		m, err := r.project()
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

// OpenProjects lists the micro-progetti of an approved plan that are neither
// handed over nor cancelled, by quarter and title: only what says whether they
// are late (title, area, quarters, days of start and suspension).
func (s *Store) OpenProjects(ctx context.Context, ente surveys.ID) ([]plans.MicroProject, error) {
	return s.openProjects(ctx, "m.ente_id = ?", ente)
}

// ProgrammeOpenProjects is OpenProjects for every ente of a programme, by ente first.
func (s *Store) ProgrammeOpenProjects(ctx context.Context, programme surveys.ID) ([]plans.MicroProject, error) {
	return s.openProjects(ctx, "m.ente_id IN (SELECT ente_id FROM programme_enti WHERE programme_id = ?)", programme)
}
