package storage

import (
	"context"
	"time"

	"traguardo/plans"
	"traguardo/plans/pti"
	"traguardo/surveys"
)

// PTIMarks is what an ente noted about the lines of an edition and about what
// proves them.
type PTIMarks struct {
	Answers    map[string]bool             // by id of the condition: the Conditions of pti.Facts
	Exclusions []LineExclusion             // by code of the line
	Tied       []pti.EvidenceFact          // not revoked, by day and id; one entry in Lines for every subject
	Proofs     map[surveys.ID][]plans.Date // days of the evidence of each micro-progetto that counts on the day asked, oldest first
}

// markRow is an answer (n is 1 for yes), an exclusion (n: unix seconds) or a
// piece of evidence with one of its subjects, empty when it is tied to none.
type markRow struct {
	Kind      string
	Subject   string
	ID        string
	Label     string
	Actor     string
	N         int64
	Dated     string
	Until     string
	ProjectID string
}

const marksSQL = `SELECT 'answer' AS kind, condition AS subject, '' AS id, '' AS label, answered_by AS actor,
		CASE WHEN answer THEN 1 ELSE 0 END AS n, '' AS dated, '' AS until, '' AS project_id
	FROM pti_answers WHERE ente_id = ? AND edition = ?
	UNION ALL SELECT 'exclusion', line, '', reason, set_by, set_at, '', '', '' FROM line_exclusions WHERE ente_id = ? AND edition = ?
	UNION ALL SELECT 'evidence', COALESCE(t.subject, ''), e.id, e.title, e.added_by, 0, e.dated, COALESCE(e.valid_until, ''), e.project_id
	FROM evidence e LEFT JOIN pti_evidence t ON t.evidence_id = e.id AND t.ente_id = e.ente_id AND t.edition = ?
	WHERE e.ente_id = ? AND e.revoked = ? AND (e.project_id <> '' OR t.subject IS NOT NULL)
	ORDER BY kind, dated, id, subject`

// PTIMarks reads what an ente noted about an edition of the PTI, in one query. on
// is the day on which the evidence of micro-progetti must still be valid.
func (s *Store) PTIMarks(ctx context.Context, ente surveys.ID, edition string, on plans.Date) (PTIMarks, error) {
	m := PTIMarks{Answers: map[string]bool{}, Proofs: map[surveys.ID][]plans.Date{}}
	rows, err := table[markRow](s.db).Raw(marksSQL, ente, edition, ente, edition, edition, ente, false).Find(ctx)
	last := ""
	for _, r := range rows {
		switch r.Kind {
		case "answer":
			m.Answers[r.Subject] = r.N == 1
		case "exclusion":
			m.Exclusions = append(m.Exclusions, LineExclusion{Line: r.Subject, Reason: r.Label, SetBy: surveys.ID(r.Actor), SetAt: time.Unix(r.N, 0).UTC()})
		case "evidence":
			m.evidence(r, r.ID == last, on)
			last = r.ID
		}
	}
	return m, translate(err, "marks of %s on %s", ente, edition)
}

// evidence adds a row of evidence; again says that the row before was of the same piece.
func (m *PTIMarks) evidence(r markRow, again bool, on plans.Date) {
	until := dateOf(r.Until)
	if project := surveys.ID(r.ProjectID); project != "" && !again && (until.IsZero() || !until.Before(on)) {
		m.Proofs[project] = append(m.Proofs[project], dateOf(r.Dated))
	}
	switch n := len(m.Tied); {
	case r.Subject == "":
	case again && n > 0:
		m.Tied[n-1].Lines = append(m.Tied[n-1].Lines, r.Subject)
	default:
		m.Tied = append(m.Tied, pti.EvidenceFact{ID: r.ID, Title: r.Label, Lines: []string{r.Subject}, Dated: dateOf(r.Dated), ValidUntil: until})
	}
}
