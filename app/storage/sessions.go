package storage

import (
	"context"
	"time"

	"traguardo/surveys"
)

// Session is one signed-in browser.
type Session struct {
	IDHash    []byte // SHA-256 of the cookie
	UserID    surveys.ID
	CSRF      string
	Flash     string // one message for the next page
	CreatedAt time.Time
	SeenAt    time.Time
	ExpiresAt time.Time // absolute limit
}

type sessionRow struct {
	IDHash    []byte `gorm:"primaryKey"`
	UserID    string
	CSRF      string `gorm:"column:csrf"`
	Flash     string
	CreatedAt int64 `gorm:"autoCreateTime:false"`
	SeenAt    int64
	ExpiresAt int64
}

func (sessionRow) TableName() string { return "sessions" }

func (r sessionRow) session() Session {
	return Session{IDHash: r.IDHash, UserID: surveys.ID(r.UserID), CSRF: r.CSRF, Flash: r.Flash,
		CreatedAt: fromUnix(r.CreatedAt), SeenAt: fromUnix(r.SeenAt), ExpiresAt: fromUnix(r.ExpiresAt)}
}

// AddSession stores a new session.
func (s *Store) AddSession(ctx context.Context, se Session) error {
	row := sessionRow{IDHash: se.IDHash, UserID: se.UserID.String(), CSRF: se.CSRF, Flash: se.Flash,
		CreatedAt: unix(se.CreatedAt), SeenAt: unix(se.SeenAt), ExpiresAt: unix(se.ExpiresAt)}
	return translate(table[sessionRow](s.db).Create(ctx, &row), "adding a session")
}

const sessionSQL = `SELECT se.id_hash, se.user_id, se.csrf, se.flash, se.created_at, se.seen_at, se.expires_at,
	u.email, u.name, u.lang, u.is_admin, u.disabled, u.must_change FROM sessions se JOIN users u ON u.id = se.user_id WHERE se.id_hash = ?`

type sessionUserRow struct {
	Session    sessionRow `gorm:"embedded"` // GORM skips embedded structs that are not exported
	Email      string
	Name       string
	Lang       string
	IsAdmin    bool
	Disabled   bool
	MustChange bool
}

// Session finds a session and its user by the hash of the cookie, in one query.
func (s *Store) Session(ctx context.Context, hash []byte) (Session, User, error) {
	row, err := table[sessionUserRow](s.db).Raw(sessionSQL, hash).Take(ctx)
	if err != nil {
		return Session{}, User{}, translate(err, "session")
	}
	return row.Session.session(), User{ID: surveys.ID(row.Session.UserID), Email: row.Email, Name: row.Name, Lang: row.Lang,
		Admin: row.IsAdmin, Disabled: row.Disabled, MustChange: row.MustChange}, nil
}

// TouchSession writes when a session was last used and the message it carries.
func (s *Store) TouchSession(ctx context.Context, hash []byte, seen time.Time, flash string) error {
	_, err := table[sessionRow](s.db).Where("id_hash = ?", hash).Select("seen_at", "flash").Updates(ctx, sessionRow{SeenAt: unix(seen), Flash: flash})
	return translate(err, "touching a session")
}

// RemoveSession ends one session.
func (s *Store) RemoveSession(ctx context.Context, hash []byte) error {
	_, err := table[sessionRow](s.db).Where("id_hash = ?", hash).Delete(ctx)
	return translate(err, "removing a session")
}

// RemoveSessionsOf ends every session of a user, after a change of password or of rights.
func (s *Store) RemoveSessionsOf(ctx context.Context, user surveys.ID) error {
	_, err := table[sessionRow](s.db).Where("user_id = ?", user).Delete(ctx)
	return translate(err, "removing sessions of %s", user)
}

// SweepSessions deletes sessions past their limits and spent tokens.
func (s *Store) SweepSessions(ctx context.Context, now, idleSince time.Time) error {
	if _, err := table[sessionRow](s.db).Where("expires_at < ? OR seen_at < ?", unix(now), unix(idleSince)).Delete(ctx); err != nil {
		return translate(err, "sweeping sessions")
	}
	if _, err := table[resetRow](s.db).Where("expires_at < ?", unix(now)).Delete(ctx); err != nil {
		return translate(err, "sweeping password resets")
	}
	_, err := table[throttleRow](s.db).Where("window_at < ? AND blocked_until < ?", unix(now.Add(-24*time.Hour)), unix(now)).Delete(ctx)
	return translate(err, "sweeping throttles")
}

type throttleRow struct {
	Key          string `gorm:"primaryKey"`
	Failures     int64
	WindowAt     int64
	BlockedUntil int64
}

func (throttleRow) TableName() string { return "throttles" }

// Blocked returns until when any of the keys is blocked; zero when none is.
func (s *Store) Blocked(ctx context.Context, keys []string, now time.Time) (time.Time, error) {
	rows, err := table[throttleRow](s.db).Where("key IN ? AND blocked_until > ?", keys, unix(now)).Order("blocked_until DESC").Find(ctx)
	if err != nil || len(rows) == 0 {
		return time.Time{}, translate(err, "reading throttles")
	}
	return fromUnix(rows[0].BlockedUntil), nil
}

const failSQL = `INSERT INTO throttles (key, failures, window_at, blocked_until) VALUES (?, 1, ?, 0)
	ON CONFLICT (key) DO UPDATE SET failures = CASE WHEN throttles.window_at < ? THEN 1 ELSE throttles.failures + 1 END,
	window_at = CASE WHEN throttles.window_at < ? THEN excluded.window_at ELSE throttles.window_at END RETURNING failures`

// CountFailure adds one failure to key within window and blocks the key for
// penalty once the failures reach limit.
func (s *Store) CountFailure(ctx context.Context, key string, now time.Time, window time.Duration, limit int64, penalty time.Duration) error {
	from := unix(now.Add(-window))
	row, err := table[throttleRow](s.db).Raw(failSQL, key, unix(now), from, from).Take(ctx)
	if err != nil {
		return translate(err, "counting a failure")
	}
	if row.Failures < limit {
		return nil
	}
	_, err = table[throttleRow](s.db).Where("key = ?", key).Update(ctx, "blocked_until", unix(now.Add(penalty)))
	return translate(err, "blocking")
}

// ClearFailures forgets the failures of key.
func (s *Store) ClearFailures(ctx context.Context, key string) error {
	_, err := table[throttleRow](s.db).Where("key = ?", key).Delete(ctx)
	return translate(err, "clearing failures")
}

type resetRow struct {
	TokenHash []byte `gorm:"primaryKey"`
	UserID    string
	ExpiresAt int64
	UsedAt    *int64
}

func (resetRow) TableName() string { return "password_resets" }

// AddReset stores a password-reset token.
func (s *Store) AddReset(ctx context.Context, hash []byte, user surveys.ID, expires time.Time) error {
	row := resetRow{TokenHash: hash, UserID: user.String(), ExpiresAt: unix(expires)}
	return translate(table[resetRow](s.db).Create(ctx, &row), "adding a password reset")
}

// ResetUser tells whose a valid, unused token is. ErrNotFound otherwise.
func (s *Store) ResetUser(ctx context.Context, hash []byte, now time.Time) (surveys.ID, error) {
	row, err := table[resetRow](s.db).Where("token_hash = ? AND used_at IS NULL AND expires_at > ?", hash, unix(now)).First(ctx)
	return surveys.ID(row.UserID), translate(err, "password reset")
}

// UseReset burns a token. ErrNotFound when it was used or has expired.
func (s *Store) UseReset(ctx context.Context, hash []byte, now time.Time) error {
	n, err := table[resetRow](s.db).Where("token_hash = ? AND used_at IS NULL AND expires_at > ?", hash, unix(now)).Update(ctx, "used_at", unix(now))
	return one(n, err, ErrNotFound, "using a password reset")
}

type setupCodeRow struct {
	CodeHash  []byte `gorm:"primaryKey"`
	CreatedAt int64  `gorm:"autoCreateTime:false"`
	UsedAt    *int64
}

func (setupCodeRow) TableName() string { return "setup_codes" }

// AddSetupCode replaces every unused set-up code by this one.
func (s *Store) AddSetupCode(ctx context.Context, hash []byte, now time.Time) error {
	if _, err := table[setupCodeRow](s.db).Where("used_at IS NULL").Delete(ctx); err != nil {
		return translate(err, "removing set-up codes")
	}
	row := setupCodeRow{CodeHash: hash, CreatedAt: unix(now)}
	return translate(table[setupCodeRow](s.db).Create(ctx, &row), "adding a set-up code")
}

// UseSetupCode burns the set-up code. ErrNotFound when it is wrong or used.
func (s *Store) UseSetupCode(ctx context.Context, hash []byte, now time.Time) error {
	n, err := table[setupCodeRow](s.db).Where("code_hash = ? AND used_at IS NULL", hash).Update(ctx, "used_at", unix(now))
	return one(n, err, ErrNotFound, "using a set-up code")
}
