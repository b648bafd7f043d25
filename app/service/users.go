package service

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/surveys"
)

const resetLife = time.Hour

// NewAccount is what makes an account.
type NewAccount struct {
	Email    string
	Name     string
	Password string // empty: none yet, a reset link sets it
	Lang     string // it or en; empty is it
	Admin    bool

	MustChange bool // the password is a provisional one
	Invite     bool // send a link that sets the password
}

// NewSetupCode makes the one-time code of the first administrator, and replaces
// an unused one. It returns nothing once there is an account.
func (s *Service) NewSetupCode(ctx context.Context) (string, error) {
	n, err := s.store.CountUsers(ctx)
	if err != nil || n > 0 {
		return "", err
	}
	code := rand.Text()[:20]
	return code, s.store.InTx(ctx, func(tx *storage.Store) error {
		return tx.AddSetupCode(ctx, auth.HashToken(code), s.clock())
	})
}

// NeedsSetUp reports whether there is no account yet.
func (s *Service) NeedsSetUp(ctx context.Context) (bool, error) {
	n, err := s.store.CountUsers(ctx)
	return n == 0, err
}

// SetUp makes the first administrator with the set-up code. InvalidError when
// the code or the account is not good.
func (s *Service) SetUp(ctx context.Context, code string, a NewAccount) (auth.Actor, error) {
	a.Admin = true
	var actor auth.Actor
	err := s.store.InTx(ctx, func(tx *storage.Store) error {
		n, err := tx.CountUsers(ctx)
		if err != nil {
			return err
		}
		if n > 0 {
			return fmt.Errorf("set-up is done: %w", storage.ErrNotFound)
		}
		err = tx.UseSetupCode(ctx, auth.HashToken(strings.ToUpper(strings.TrimSpace(code))), s.clock())
		if errors.Is(err, storage.ErrNotFound) {
			return Invalid("code", "account.setup_code_wrong")
		}
		if err != nil {
			return err
		}
		u, err := s.addAccount(ctx, tx, a)
		if err != nil {
			return err
		}
		actor = auth.Actor{UserID: u.ID, Name: u.Name, Email: u.Email, Lang: u.Lang, Admin: true}
		return s.audit(ctx, tx, actor, Change{Action: "user.setup", Subject: "user:" + u.ID.String()})
	})
	return actor, err
}

// AddUser makes an account, by the administrator of the system.
func (s *Service) AddUser(ctx context.Context, actor auth.Actor, a NewAccount) (storage.User, error) {
	if err := s.authoriseSystem(actor, auth.SystemUsers); err != nil {
		return storage.User{}, err
	}
	var u storage.User
	err := s.change(ctx, actor, func(tx *storage.Store) (Change, error) {
		var err error
		if u, err = s.addAccount(ctx, tx, a); err != nil {
			return Change{}, err
		}
		if a.Invite {
			err = s.mailWelcome(ctx, tx, u)
		}
		return Change{Action: "user.add", Subject: "user:" + u.ID.String(), Detail: map[string]bool{"admin": a.Admin}}, err
	})
	return u, err
}

// addAccount checks and stores an account; permissions are the caller's business.
func (s *Service) addAccount(ctx context.Context, tx *storage.Store, a NewAccount) (storage.User, error) {
	var f faults
	a.Email, a.Name = strings.TrimSpace(a.Email), strings.TrimSpace(a.Name)
	if parsed, err := mail.ParseAddress(a.Email); err != nil || parsed.Address != a.Email {
		f.add("email", "form.email")
	}
	if a.Name == "" {
		f.add("name", "form.required")
	}
	if a.Password != "" {
		f.addPassword(a.Password, a.Email)
	}
	if err := f.err(); err != nil {
		return storage.User{}, err
	}
	// Looked for before inserting: a refused insert would end the transaction on PostgreSQL.
	if _, err := tx.UserByEmail(ctx, foldEmail(a.Email)); err == nil {
		return storage.User{}, Invalid("email", "account.email_taken")
	} else if !errors.Is(err, storage.ErrNotFound) {
		return storage.User{}, err
	}
	id, err := s.newID()
	if err != nil {
		return storage.User{}, err
	}
	u := storage.User{ID: id, Email: a.Email, EmailFolded: foldEmail(a.Email), Name: a.Name, Lang: langOr(a.Lang), Admin: a.Admin,
		MustChange: a.MustChange && a.Password != "", CreatedAt: s.clock()}
	if a.Password != "" {
		if u.PasswordHash, err = s.hasher.Hash(ctx, a.Password); err != nil {
			return storage.User{}, err
		}
	}
	return u, tx.AddUser(ctx, u)
}

func langOr(lang string) string {
	if lang == "en" {
		return lang
	}
	return "it"
}

func (f *faults) addPassword(password, email string) {
	switch err := auth.CheckPassword(password, email); {
	case errors.Is(err, auth.ErrPasswordShort):
		f.add("password", "account.password_short", "Min", auth.MinPasswordLength)
	case errors.Is(err, auth.ErrPasswordLong):
		f.add("password", "account.password_long", "Max", auth.MaxPasswordLength)
	case err != nil:
		f.add("password", "account.password_weak")
	}
}

// SetPassword sets the password of an account, by the administrator or the
// command line: its sessions end, and it must be changed at the next sign-in.
func (s *Service) SetPassword(ctx context.Context, actor auth.Actor, email, password string) error {
	if err := s.authoriseSystem(actor, auth.SystemUsers); err != nil {
		return err
	}
	return s.change(ctx, actor, func(tx *storage.Store) (Change, error) {
		u, err := tx.UserByEmail(ctx, foldEmail(email))
		if err != nil {
			return Change{}, err
		}
		u.MustChange = true
		return Change{Action: "user.password_set", Subject: "user:" + u.ID.String()}, s.writePassword(ctx, tx, u, password)
	})
}

// writePassword checks and stores a password and ends the sessions of the account.
func (s *Service) writePassword(ctx context.Context, tx *storage.Store, u storage.User, password string) error {
	var f faults
	f.addPassword(password, u.Email)
	if err := f.err(); err != nil {
		return err
	}
	hash, err := s.hasher.Hash(ctx, password)
	if err != nil {
		return err
	}
	u.PasswordHash = hash
	return errors.Join(tx.UpdateUser(ctx, u), tx.RemoveSessionsOf(ctx, u.ID))
}

// ChangePassword replaces one's own password; all sessions end and a new one
// begins, whose token is returned. auth.ErrThrottled after too many wrong ones.
func (s *Service) ChangePassword(ctx context.Context, actor auth.Actor, current, password string) (token string, err error) {
	u, err := s.store.User(ctx, actor.UserID)
	if err != nil {
		return "", err
	}
	now, keys := s.clock(), []string{throttleKey("account", u.EmailFolded), throttleKey("change", u.EmailFolded)}
	if until, err := s.store.Blocked(ctx, keys, now); err != nil {
		return "", err
	} else if !until.IsZero() {
		return "", auth.ErrThrottled
	}
	ok, err := s.hasher.Verify(ctx, current, u.PasswordHash)
	if err != nil {
		return "", err
	}
	if !ok {
		return "", errors.Join(Invalid("current", "account.current_wrong"), s.countSignInFailure(ctx, keys, now))
	}
	u.MustChange = false
	err = s.change(ctx, actor, func(tx *storage.Store) (Change, error) {
		if err := s.writePassword(ctx, tx, u, password); err != nil {
			return Change{}, err
		}
		token, err = s.openSession(ctx, tx, u)
		return Change{Action: "user.password_change", Subject: "user:" + u.ID.String()}, err
	})
	return token, err
}

// AskReset sends a link to set a new password. It answers alike whether the
// account exists or not.
func (s *Service) AskReset(ctx context.Context, email, source string) error {
	now := s.clock()
	key := throttleKey("reset", source)
	until, err := s.store.Blocked(ctx, []string{key}, now)
	if err != nil {
		return err
	}
	if !until.IsZero() {
		return auth.ErrThrottled
	}
	return s.store.InTx(ctx, func(tx *storage.Store) error {
		if err := tx.CountFailure(ctx, key, now, time.Hour, 10, time.Hour); err != nil {
			return err
		}
		u, err := tx.UserByEmail(ctx, foldEmail(email))
		if errors.Is(err, storage.ErrNotFound) || (err == nil && u.Disabled) {
			return nil
		}
		if err != nil {
			return err
		}
		return s.mailReset(ctx, tx, u)
	})
}

func (s *Service) mailReset(ctx context.Context, tx *storage.Store, u storage.User) error {
	link, err := s.passwordLink(ctx, tx, u, resetLife)
	if err != nil {
		return err
	}
	l := s.texts.For(u.Lang)
	if err := s.mail(ctx, tx, u, "", l.T("mail.reset_subject"), l.T("mail.reset_text", "Name", u.Name, "Link", link),
		string(l.HTML("mail.reset_html", "Name", u.Name, "Link", link))); err != nil {
		return err
	}
	return s.audit(ctx, tx, auth.SystemActor(), Change{Action: "user.reset_asked", Subject: "user:" + u.ID.String()})
}

// ResetValid reports whether a reset link still works.
func (s *Service) ResetValid(ctx context.Context, token string) error {
	_, err := s.store.ResetUser(ctx, auth.HashToken(token), s.clock())
	return err
}

// ResetPassword sets a new password with a reset link, once.
func (s *Service) ResetPassword(ctx context.Context, token, password string) error {
	hash, now := auth.HashToken(token), s.clock()
	return s.store.InTx(ctx, func(tx *storage.Store) error {
		id, err := tx.ResetUser(ctx, hash, now)
		if err != nil {
			return err
		}
		u, err := tx.User(ctx, id)
		if err != nil {
			return err
		}
		u.MustChange = false
		if err := s.writePassword(ctx, tx, u, password); err != nil {
			return err
		}
		if err := tx.UseReset(ctx, hash, now); err != nil {
			return err
		}
		return s.audit(ctx, tx, auth.Actor{UserID: u.ID}, Change{Action: "user.password_reset", Subject: "user:" + u.ID.String()})
	})
}

// Account is one line of the list of accounts.
type Account struct {
	ID       surveys.ID `json:"id"`
	Email    string     `json:"email"`
	Name     string     `json:"name"`
	Admin    bool       `json:"admin"`
	Disabled bool       `json:"disabled"`
	Waiting  bool       `json:"waiting"` // no password was chosen yet
}

// Users lists every account, by address.
func (s *Service) Users(ctx context.Context, actor auth.Actor) ([]Account, error) {
	if err := s.authoriseSystem(actor, auth.SystemUsers); err != nil {
		return nil, err
	}
	users, err := s.store.Users(ctx)
	out := make([]Account, 0, len(users))
	for _, u := range users {
		out = append(out, Account{ID: u.ID, Email: u.Email, Name: u.Name, Admin: u.Admin, Disabled: u.Disabled, Waiting: u.PasswordHash == ""})
	}
	return out, err
}
