package storage

import (
	"context"
	"strings"
	"time"
)

// A submission is the sending of a form that adds something. Its digest names
// session, address and fields: sent twice, it is the same one.
type submissionRow struct {
	Digest   string `gorm:"primaryKey"`
	Location string
	SentAt   int64
}

func (submissionRow) TableName() string { return "submissions" }

const claimSQL = `INSERT INTO submissions (digest, location, sent_at) VALUES (?, '', ?)
	ON CONFLICT (digest) DO UPDATE SET location = '', sent_at = excluded.sent_at WHERE submissions.sent_at < ?`

// ClaimSubmission reports whether digest is the caller's to carry out: nobody sent
// the same since the given instant.
func (s *Store) ClaimSubmission(ctx context.Context, digest string, now, since time.Time) (bool, error) {
	var mine bool
	err := s.InTx(ctx, func(tx *Store) error {
		res := tx.db.WithContext(ctx).Exec(claimSQL, digest, unix(now), unix(since))
		mine = res.RowsAffected == 1
		return translate(res.Error, "claiming a submission")
	})
	return mine, err
}

// Submission tells where a claimed submission led; empty while it is under way.
// ErrNotFound: it was given up.
func (s *Store) Submission(ctx context.Context, digest string) (location string, err error) {
	row, err := table[submissionRow](s.db).Where("digest = ?", digest).First(ctx)
	return row.Location, translate(err, "submission")
}

// SettleSubmission notes where a claimed submission led.
func (s *Store) SettleSubmission(ctx context.Context, digest, location string) error {
	_, err := table[submissionRow](s.db).Where("digest = ?", digest).Update(ctx, "location", location)
	return translate(err, "settling a submission")
}

// ReleaseSubmission gives a claimed submission up: it may be sent again.
func (s *Store) ReleaseSubmission(ctx context.Context, digest string) error {
	_, err := table[submissionRow](s.db).Where("digest = ?", digest).Delete(ctx)
	return translate(err, "releasing a submission")
}

// SweepSubmissions deletes the submissions before an instant.
func (s *Store) SweepSubmissions(ctx context.Context, before time.Time) error {
	_, err := table[submissionRow](s.db).Where("sent_at < ?", unix(before)).Delete(ctx)
	return translate(err, "sweeping submissions")
}

const probeSQL = `INSERT INTO submissions (digest, location, sent_at) VALUES ('probe', ?, ?)
	ON CONFLICT (digest) DO UPDATE SET location = excluded.location, sent_at = excluded.sent_at`

// Probe writes a row as large as a page of answers and reads nothing: whether the
// database takes writes. ErrFull and ErrDown say why it does not.
func (s *Store) Probe(ctx context.Context, now time.Time) error {
	const size = 16 << 10 // bytes
	return s.InTx(ctx, func(tx *Store) error {
		return translate(tx.db.WithContext(ctx).Exec(probeSQL, strings.Repeat("x", size), unix(now)).Error, "probing the database")
	})
}
