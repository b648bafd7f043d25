package storage

import (
	"context"

	"gorm.io/gorm"

	"traguardo/surveys"
)

// EnteProgress is how far one ente is in the percorso, from counts and states only.
type EnteProgress struct {
	EnteID           surveys.ID
	Offices          int
	Staff            int    // people in service
	Assessment       string // ex-ante: open, closed, or empty when not begun
	Survey           string // ex-ante: draft, open, closed, or empty
	AssessmentExPost string // as Assessment
	SurveyExPost     string // as Survey
	Plan             string // draft, proposed, approved, closed, or empty
}

type progressRow struct {
	EnteID           string
	Offices          int64
	Staff            int64
	Assessment       string
	Survey           string
	AssessmentExPost string
	SurveyExPost     string
	Plan             string
}

const progressSQL = `SELECT e.id AS ente_id,
	(SELECT COUNT(*) FROM offices o WHERE o.ente_id = e.id) AS offices,
	(SELECT COUNT(*) FROM staff st WHERE st.ente_id = e.id AND st.left_on IS NULL) AS staff,
	COALESCE((SELECT a.state FROM assessments a WHERE a.ente_id = e.id AND a.wave = 'exante'), '') AS assessment,
	COALESCE((SELECT c.state FROM campaigns c WHERE c.ente_id = e.id AND c.wave = 'exante'), '') AS survey,
	COALESCE((SELECT a.state FROM assessments a WHERE a.ente_id = e.id AND a.wave = 'expost'), '') AS assessment_ex_post,
	COALESCE((SELECT c.state FROM campaigns c WHERE c.ente_id = e.id AND c.wave = 'expost'), '') AS survey_ex_post,
	COALESCE((SELECT p.state FROM plans p WHERE p.ente_id = e.id), '') AS plan
	FROM enti e WHERE e.id IN ? ORDER BY e.name, e.id`

// ProgressOf tells how far each of these enti is, in one query, by the name of
// the ente. An empty list gives an empty list.
func (s *Store) ProgressOf(ctx context.Context, enti []surveys.ID) ([]EnteProgress, error) {
	if len(enti) == 0 {
		return []EnteProgress{}, nil
	}
	rows, err := gorm.G[progressRow](s.db).Raw(progressSQL, enti).Find(ctx)
	return mapRows(rows, func(r progressRow) EnteProgress {
		return EnteProgress{EnteID: surveys.ID(r.EnteID), Offices: int(r.Offices), Staff: int(r.Staff), Assessment: r.Assessment,
			Survey: r.Survey, AssessmentExPost: r.AssessmentExPost, SurveyExPost: r.SurveyExPost, Plan: r.Plan}
	}), translate(err, "progress of %d enti", len(enti))
}
