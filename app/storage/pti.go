package storage

import (
	"context"
	"fmt"
	"time"

	"traguardo/surveys"
)

// LineExclusion takes a line of the PTI out for one ente, by hand.
type LineExclusion struct {
	Line   string // code, e.g. "CAP4.PA.01"
	Reason string
	SetBy  surveys.ID
	SetAt  time.Time
}

type lineExclusionRow struct {
	EnteID  string `gorm:"primaryKey"`
	Edition string `gorm:"primaryKey"`
	Line    string `gorm:"primaryKey"`
	Reason  string
	SetBy   string
	SetAt   int64
}

func (lineExclusionRow) TableName() string { return "line_exclusions" }

// ExcludeLine takes a line out. ErrConflict: it is out already.
func (s *Store) ExcludeLine(ctx context.Context, ente surveys.ID, edition string, x LineExclusion) error {
	row := lineExclusionRow{EnteID: ente.String(), Edition: edition, Line: x.Line, Reason: x.Reason, SetBy: x.SetBy.String(), SetAt: unix(x.SetAt)}
	return translate(table[lineExclusionRow](s.db).Create(ctx, &row), "excluding line %s of %s", x.Line, ente)
}

// IncludeLine undoes ExcludeLine. ErrNotFound: the line is not out.
func (s *Store) IncludeLine(ctx context.Context, ente surveys.ID, edition, line string) error {
	n, err := table[lineExclusionRow](s.db).Where("ente_id = ? AND edition = ? AND line = ?", ente, edition, line).Delete(ctx)
	return one(n, err, ErrNotFound, "including line %s of %s", line, ente)
}

type ptiAnswerRow struct {
	EnteID     string `gorm:"primaryKey"`
	Edition    string `gorm:"primaryKey"`
	Condition  string `gorm:"primaryKey"`
	Answer     bool
	AnsweredBy string
	AnsweredAt int64
}

func (ptiAnswerRow) TableName() string { return "pti_answers" }

// AnswerCondition records, or replaces, what an ente answers to a condition of
// an edition (pti.Condition).
func (s *Store) AnswerCondition(ctx context.Context, ente surveys.ID, edition, condition string, answer bool, by surveys.ID, at time.Time) error {
	return s.InTx(ctx, func(tx *Store) error {
		if err := tx.ForgetCondition(ctx, ente, edition, condition); err != nil {
			return err
		}
		row := ptiAnswerRow{EnteID: ente.String(), Edition: edition, Condition: condition, Answer: answer, AnsweredBy: by.String(), AnsweredAt: unix(at)}
		return translate(table[ptiAnswerRow](tx.db).Create(ctx, &row), "answering %s for %s", condition, ente)
	})
}

// ForgetCondition takes an answer back; nothing happens when there is none.
func (s *Store) ForgetCondition(ctx context.Context, ente surveys.ID, edition, condition string) error {
	_, err := table[ptiAnswerRow](s.db).Where("ente_id = ? AND edition = ? AND condition = ?", ente, edition, condition).Delete(ctx)
	return translate(err, "forgetting %s of %s", condition, ente)
}

// ConditionAnswers returns what an ente answered so far, by id of the condition:
// the Conditions of pti.Facts.
func (s *Store) ConditionAnswers(ctx context.Context, ente surveys.ID, edition string) (map[string]bool, error) {
	rows, err := table[ptiAnswerRow](s.db).Where("ente_id = ? AND edition = ?", ente, edition).Find(ctx)
	out := make(map[string]bool, len(rows))
	for _, r := range rows {
		out[r.Condition] = r.Answer
	}
	return out, translate(err, "answers of %s to the conditions of %s", ente, edition)
}

type ptiEvidenceRow struct {
	EnteID     string `gorm:"primaryKey"`
	Edition    string `gorm:"primaryKey"`
	Subject    string `gorm:"primaryKey"`
	EvidenceID string `gorm:"primaryKey"`
	TiedBy     string
	TiedAt     int64
}

func (ptiEvidenceRow) TableName() string { return "pti_evidence" }

// TieEvidence says that a piece of evidence of the ente proves a line, or one
// day of the calendar (pti.Due.ID). ErrConflict: it is tied already; ErrNotFound:
// the ente has no such piece that counts.
func (s *Store) TieEvidence(ctx context.Context, ente surveys.ID, edition, subject string, evidence, by surveys.ID, at time.Time) error {
	type found struct{ N int64 }
	rows, err := table[found](s.db).Raw("SELECT COUNT(*) AS n FROM evidence WHERE ente_id = ? AND id = ? AND revoked = ?", ente, evidence, false).Find(ctx)
	if err != nil {
		return translate(err, "evidence %s of %s", evidence, ente)
	}
	if len(rows) != 1 || rows[0].N != 1 {
		return fmt.Errorf("evidence %s of %s: %w", evidence, ente, ErrNotFound)
	}
	row := ptiEvidenceRow{EnteID: ente.String(), Edition: edition, Subject: subject, EvidenceID: evidence.String(), TiedBy: by.String(), TiedAt: unix(at)}
	return translate(table[ptiEvidenceRow](s.db).Create(ctx, &row), "tying evidence %s to %s", evidence, subject)
}

// UntieEvidence undoes TieEvidence; the piece itself stays. ErrNotFound: not tied.
func (s *Store) UntieEvidence(ctx context.Context, ente surveys.ID, edition, subject string, evidence surveys.ID) error {
	n, err := table[ptiEvidenceRow](s.db).Where("ente_id = ? AND edition = ? AND subject = ? AND evidence_id = ?", ente, edition, subject, evidence).Delete(ctx)
	return one(n, err, ErrNotFound, "untying evidence %s from %s", evidence, subject)
}

// EvidenceOf lists every piece of an ente that counts (not revoked), newest first.
func (s *Store) EvidenceOf(ctx context.Context, ente surveys.ID) ([]Evidence, error) {
	rows, err := table[namedEvidence](s.db).Raw(evidenceSQL+"AND e.revoked = ? ORDER BY e.dated DESC, e.added_at DESC, e.id", ente, false).Find(ctx)
	return mapRows(rows, namedEvidence.evidence), translate(err, "evidence of %s", ente)
}

// ServesIndicator says that a piece of a micro-progetto also proves an indicator;
// empty takes that back. ErrNotFound: no piece of that micro-progetto that counts.
func (s *Store) ServesIndicator(ctx context.Context, ente, project, evidence surveys.ID, indicator string) error {
	n, err := table[evidenceRow](s.db).Where("ente_id = ? AND project_id = ? AND id = ? AND revoked = ?", ente, project, evidence, false).
		Select("indicator").Updates(ctx, evidenceRow{Indicator: indicator})
	return one(n, err, ErrNotFound, "indicator of evidence %s", evidence)
}

// HasFunding tells whether PA digitale 2026 rows of any Comune were imported.
func (s *Store) HasFunding(ctx context.Context) (bool, error) {
	rows, err := table[fundingRow](s.db).Select("id").Limit(1).Find(ctx)
	return len(rows) > 0, translate(err, "looking for PA digitale rows")
}
