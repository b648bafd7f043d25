package storage

import (
	"context"
	"time"

	"traguardo/surveys"
)

// EnteProgress is how far one ente is in the percorso: counts, states and days of
// what was done, never an answer. A zero time is "not yet".
type EnteProgress struct {
	EnteID    surveys.ID
	CreatedAt time.Time
	Offices   int
	Staff     int // people in service
	ExAnte    WaveProgress
	ExPost    WaveProgress
	Plan      PlanProgress
	ImpactAt  time.Time // first comparison of the two waves was computed
}

// WaveProgress is one round of measurement: the two instruments.
type WaveProgress struct {
	Assessment AssessmentProgress
	Survey     SurveyProgress
}

// AssessmentProgress is the state of MAT in one wave.
type AssessmentProgress struct {
	State      string // open, closed, or empty when not begun
	OpenedAt   time.Time
	ClosedAt   time.Time
	Indicators int
	Answered   int // with a level, or not applicable
}

// SurveyProgress is the state of STAFF in one wave.
type SurveyProgress struct {
	State     string // draft, open, closed, or empty when not begun
	CreatedAt time.Time
	OpensAt   time.Time // as ordered
	ClosesAt  time.Time // as ordered
	OpenedAt  time.Time
	ClosedAt  time.Time
	Eligible  int
	Used      int // invitations used while the wave is open, 0 otherwise; show it through privacy.OpenRate only
}

// PlanProgress is the state of the plan and of its micro-progetti.
type PlanProgress struct {
	State      string // draft, proposed, approved, closed, or empty
	CreatedAt  time.Time
	ApprovedAt time.Time
	Projects   int // in the plan and not cancelled
	Started    int // of these, begun and not handed over
	Finished   int // of these, handed over
	MovedAt    time.Time
}

type progressRow struct {
	EnteID     string
	CreatedAt  int64
	Offices    int64
	Staff      int64
	AState     *string
	AOpened    *int64
	AClosed    *int64
	AAll       int64
	AAnswered  int64
	SState     *string
	SCreated   *int64
	SOpens     *int64
	SCloses    *int64
	SOpened    *int64
	SClosed    *int64
	SEligible  *int64
	SUsed      int64
	BState     *string
	BOpened    *int64
	BClosed    *int64
	BAll       int64
	BAnswered  int64
	TState     *string
	TCreated   *int64
	TOpens     *int64
	TCloses    *int64
	TOpened    *int64
	TClosed    *int64
	TEligible  *int64
	TUsed      int64
	PState     *string
	PCreated   *int64
	PApproved  *int64
	MActive    int64
	MStarted   int64
	MFinished  int64
	MMoved     *int64
	ImpactFrom *int64
}

// progressSQL reads one row for each ente: every join is on a unique key (one
// assessment and one campaign for each wave, one plan), every count on an index.
const progressSQL = `SELECT e.id AS ente_id, e.created_at,
	(SELECT COUNT(*) FROM offices o WHERE o.ente_id = e.id) AS offices,
	(SELECT COUNT(*) FROM staff st WHERE st.ente_id = e.id AND st.left_on IS NULL) AS staff,
	a.state AS a_state, a.opened_at AS a_opened, a.closed_at AS a_closed,
	(SELECT COUNT(*) FROM ratings r WHERE r.assessment_id = a.id) AS a_all,
	(SELECT COUNT(*) FROM ratings r WHERE r.assessment_id = a.id AND (r.level IS NOT NULL OR r.na)) AS a_answered,
	s.state AS s_state, s.created_at AS s_created, s.opens_at AS s_opens, s.closes_at AS s_closes, s.opened_at AS s_opened,
	s.closed_at AS s_closed, s.eligible AS s_eligible,
	CASE WHEN s.state = 'open' THEN (SELECT COUNT(*) FROM invitations i WHERE i.campaign_id = s.id AND i.used) ELSE 0 END AS s_used,
	b.state AS b_state, b.opened_at AS b_opened, b.closed_at AS b_closed,
	(SELECT COUNT(*) FROM ratings r WHERE r.assessment_id = b.id) AS b_all,
	(SELECT COUNT(*) FROM ratings r WHERE r.assessment_id = b.id AND (r.level IS NOT NULL OR r.na)) AS b_answered,
	t.state AS t_state, t.created_at AS t_created, t.opens_at AS t_opens, t.closes_at AS t_closes, t.opened_at AS t_opened,
	t.closed_at AS t_closed, t.eligible AS t_eligible,
	CASE WHEN t.state = 'open' THEN (SELECT COUNT(*) FROM invitations i WHERE i.campaign_id = t.id AND i.used) ELSE 0 END AS t_used,
	p.state AS p_state, p.created_at AS p_created, p.approved_at AS p_approved,
	(SELECT COUNT(*) FROM micro_projects m WHERE m.plan_id = p.id AND m.included AND m.cancelled_on IS NULL) AS m_active,
	(SELECT COUNT(*) FROM micro_projects m WHERE m.plan_id = p.id AND m.included AND m.cancelled_on IS NULL
		AND m.started_on IS NOT NULL AND m.done_on IS NULL) AS m_started,
	(SELECT COUNT(*) FROM micro_projects m WHERE m.plan_id = p.id AND m.included AND m.cancelled_on IS NULL AND m.done_on IS NOT NULL) AS m_finished,
	(SELECT MAX(m.updated_at) FROM micro_projects m WHERE m.plan_id = p.id AND m.started_on IS NOT NULL) AS m_moved,
	(SELECT MIN(r.computed_at) FROM results r WHERE r.ente_id = e.id AND r.wave = 'expost' AND r.kind IN ('change', 'staffchange')) AS impact_from
	FROM enti e
	LEFT JOIN assessments a ON a.ente_id = e.id AND a.wave = 'exante'
	LEFT JOIN campaigns s ON s.ente_id = e.id AND s.wave = 'exante'
	LEFT JOIN assessments b ON b.ente_id = e.id AND b.wave = 'expost'
	LEFT JOIN campaigns t ON t.ente_id = e.id AND t.wave = 'expost'
	LEFT JOIN plans p ON p.ente_id = e.id `

func (r progressRow) progress() EnteProgress {
	n := func(v *int64) int {
		if v == nil {
			return 0
		}
		return int(*v)
	}
	return EnteProgress{EnteID: surveys.ID(r.EnteID), CreatedAt: fromUnix(r.CreatedAt), Offices: int(r.Offices), Staff: int(r.Staff),
		ExAnte: WaveProgress{
			Assessment: AssessmentProgress{State: orEmpty(r.AState), OpenedAt: fromUnixOrZero(r.AOpened), ClosedAt: fromUnixOrZero(r.AClosed),
				Indicators: int(r.AAll), Answered: int(r.AAnswered)},
			Survey: SurveyProgress{State: orEmpty(r.SState), CreatedAt: fromUnixOrZero(r.SCreated), OpensAt: fromUnixOrZero(r.SOpens),
				ClosesAt: fromUnixOrZero(r.SCloses), OpenedAt: fromUnixOrZero(r.SOpened), ClosedAt: fromUnixOrZero(r.SClosed), Eligible: n(r.SEligible), Used: int(r.SUsed)}},
		ExPost: WaveProgress{
			Assessment: AssessmentProgress{State: orEmpty(r.BState), OpenedAt: fromUnixOrZero(r.BOpened), ClosedAt: fromUnixOrZero(r.BClosed),
				Indicators: int(r.BAll), Answered: int(r.BAnswered)},
			Survey: SurveyProgress{State: orEmpty(r.TState), CreatedAt: fromUnixOrZero(r.TCreated), OpensAt: fromUnixOrZero(r.TOpens),
				ClosesAt: fromUnixOrZero(r.TCloses), OpenedAt: fromUnixOrZero(r.TOpened), ClosedAt: fromUnixOrZero(r.TClosed), Eligible: n(r.TEligible), Used: int(r.TUsed)}},
		Plan: PlanProgress{State: orEmpty(r.PState), CreatedAt: fromUnixOrZero(r.PCreated), ApprovedAt: fromUnixOrZero(r.PApproved),
			Projects: int(r.MActive), Started: int(r.MStarted), Finished: int(r.MFinished), MovedAt: fromUnixOrZero(r.MMoved)},
		ImpactAt: fromUnixOrZero(r.ImpactFrom)}
}

// ProgressOf tells how far each of these enti is, in one query, by the name of
// the ente. An empty list gives an empty list.
func (s *Store) ProgressOf(ctx context.Context, enti []surveys.ID) ([]EnteProgress, error) {
	if len(enti) == 0 {
		return []EnteProgress{}, nil
	}
	rows, err := table[progressRow](s.db).Raw(progressSQL+"WHERE e.id IN ? ORDER BY e.name, e.id", enti).Find(ctx)
	return mapRows(rows, progressRow.progress), translate(err, "progress of %d enti", len(enti))
}

// ProgrammeProgress is ProgressOf for every ente of a programme.
func (s *Store) ProgrammeProgress(ctx context.Context, programme surveys.ID) ([]EnteProgress, error) {
	rows, err := table[progressRow](s.db).Raw(progressSQL+
		"WHERE e.id IN (SELECT ente_id FROM programme_enti WHERE programme_id = ?) ORDER BY e.name, e.id", programme).Find(ctx)
	return mapRows(rows, progressRow.progress), translate(err, "progress of programme %s", programme)
}
