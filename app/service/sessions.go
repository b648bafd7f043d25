package service

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"traguardo/app/auth"
	"traguardo/app/storage"
)

// Limits of a session and of failed sign-ins (OWASP ASVS 5.0 level 2).
const (
	SessionIdle     = 60 * time.Minute
	SessionAbsolute = 12 * time.Hour

	failureWindow  = 15 * time.Minute
	accountLimit   = 8  // failures of one account in the window
	sourceLimit    = 60 // failures from one source in the window: an office shares one address
	failurePenalty = 15 * time.Minute
)

// Session is a signed-in browser as the pages see it.
type Session struct {
	Actor      auth.Actor
	CSRF       string
	Flash      string // shown once: reading the session takes it away
	MustChange bool   // only the page to change the password is open
}

func foldEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

func throttleKey(kind, value string) string {
	sum := sha256.Sum256([]byte(kind + ":" + value))
	return kind + ":" + hex.EncodeToString(sum[:16])
}

// SignIn checks e-mail and password and opens a session; the token goes into the
// cookie. source is the client's address, for the throttle only, and is kept as
// a hash. auth.ErrCredentials, auth.ErrThrottled otherwise.
func (s *Service) SignIn(ctx context.Context, email, password, source string) (token string, err error) {
	now, folded := s.clock(), foldEmail(email)
	keys := []string{throttleKey("account", folded), throttleKey("source", source)}
	if until, err := s.store.Blocked(ctx, keys, now); err != nil {
		return "", err
	} else if !until.IsZero() {
		return "", auth.ErrThrottled
	}
	user, err := s.store.UserByEmail(ctx, folded)
	if err != nil && !errors.Is(err, storage.ErrNotFound) {
		return "", err
	}
	ok, verr := s.hasher.Verify(ctx, password, user.PasswordHash)
	if verr != nil {
		return "", fmt.Errorf("verifying a password: %w", verr)
	}
	if !ok || err != nil || user.Disabled {
		return "", errors.Join(auth.ErrCredentials, s.countSignInFailure(ctx, keys, now))
	}
	err = s.store.InTx(ctx, func(tx *storage.Store) error {
		if err := tx.ClearFailures(ctx, keys[0]); err != nil {
			return err
		}
		token, err = s.openSession(ctx, tx, user)
		if err != nil {
			return err
		}
		return s.audit(ctx, tx, auth.Actor{UserID: user.ID}, Change{Action: "session.open", Subject: "user:" + user.ID.String()})
	})
	return token, err
}

func (s *Service) countSignInFailure(ctx context.Context, keys []string, now time.Time) error {
	return s.store.InTx(ctx, func(tx *storage.Store) error {
		if err := tx.CountFailure(ctx, keys[0], now, failureWindow, accountLimit, failurePenalty); err != nil {
			return err
		}
		return tx.CountFailure(ctx, keys[1], now, failureWindow, sourceLimit, failurePenalty)
	})
}

func (s *Service) openSession(ctx context.Context, tx *storage.Store, user storage.User) (string, error) {
	token, hash, err := auth.NewToken(s.random)
	if err != nil {
		return "", err
	}
	csrf, _, err := auth.NewToken(s.random)
	if err != nil {
		return "", err
	}
	now := s.clock()
	return token, tx.AddSession(ctx, storage.Session{IDHash: hash, UserID: user.ID, CSRF: csrf, CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(SessionAbsolute)})
}

// Session finds the session of a cookie and takes its flash message away.
// auth.ErrSignedOut when there is none, or it is past its limits.
func (s *Service) Session(ctx context.Context, token string) (Session, error) {
	hash, now := auth.HashToken(token), s.clock()
	se, user, err := s.store.Session(ctx, hash)
	if errors.Is(err, storage.ErrNotFound) {
		return Session{}, auth.ErrSignedOut
	}
	if err != nil {
		return Session{}, err
	}
	if user.Disabled || now.After(se.ExpiresAt) || now.After(se.SeenAt.Add(SessionIdle)) {
		return Session{}, errors.Join(auth.ErrSignedOut, s.store.RemoveSession(ctx, hash))
	}
	if se.Flash != "" || now.Sub(se.SeenAt) > time.Minute {
		if err := s.store.TouchSession(ctx, hash, now, ""); errors.Is(err, storage.ErrFull) {
			s.log.Warn("noting the use of a session", "error", err.Error()) // what is there can still be read
		} else if err != nil {
			return Session{}, err
		}
	}
	return Session{Actor: auth.Actor{UserID: user.ID, Name: user.Name, Email: user.Email, Lang: user.Lang, Admin: user.Admin},
		CSRF: se.CSRF, Flash: se.Flash, MustChange: user.MustChange}, nil
}

// SetFlash leaves a message for the next page of this session.
func (s *Service) SetFlash(ctx context.Context, token, message string) error {
	return s.store.TouchSession(ctx, auth.HashToken(token), s.clock(), message)
}

// SignOut ends the session of a cookie.
func (s *Service) SignOut(ctx context.Context, token string) error {
	return s.store.RemoveSession(ctx, auth.HashToken(token))
}

// Sweep deletes sessions and tokens past their limits and folds SQLite's log
// into its file. It is a job.
func (s *Service) Sweep(ctx context.Context) error {
	now := s.clock()
	return errors.Join(s.store.SweepSessions(ctx, now, now.Add(-SessionIdle)), s.store.SweepSubmissions(ctx, now.Add(-time.Hour)), s.store.Checkpoint(ctx))
}
