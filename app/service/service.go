package service

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"traguardo/app/auth"
	"traguardo/app/i18n"
	"traguardo/app/report"
	"traguardo/app/storage"
	"traguardo/surveys"
	"traguardo/surveys/comune"
)

// Config is what a Service needs; every field but MailCap is required.
type Config struct {
	Store     *storage.Store
	Now       func() time.Time // the one clock
	Random    io.Reader        // the one random source
	MasterKey []byte           // 32 bytes, kept outside the database: wraps link secrets and pairing keys
	Hasher    *auth.Hasher
	Texts     *i18n.Catalogue // for mails and reports
	BaseURL   string          // https://… of the site, for links in mails and letters; no slash at the end
	Log       *slog.Logger
	Rome      *time.Location // Europe/Rome: waves open and close by it
	MailCap   int            // messages a day at most; 0: no limit
}

// Service carries out user actions. Safe for concurrent use.
type Service struct {
	store   *storage.Store
	now     func() time.Time
	random  io.Reader
	key     []byte
	hasher  *auth.Hasher
	texts   *i18n.Catalogue
	base    string
	log     *slog.Logger
	rome    *time.Location
	mailCap int
	staff   *staffInstruments

	probe    probe
	editions editionCache

	documents func() (*report.Reports, error) // made at the first report
	carried   func() (carried, error)         // instruments that this program carries: read at the first use, never changed
	planning  func() (*planBase, error)       // catalogue, points, instruments, editions: read at the first use
}

// New checks the configuration and returns a Service.
func New(c Config) (*Service, error) {
	if c.Store == nil || c.Now == nil || c.Random == nil || c.Hasher == nil || c.Texts == nil || c.Log == nil || c.Rome == nil {
		return nil, errors.New("service: a required part is missing")
	}
	if len(c.MasterKey) != 32 {
		return nil, fmt.Errorf("service: the master key has %d bytes, want 32", len(c.MasterKey))
	}
	documents := sync.OnceValues(func() (*report.Reports, error) { return report.New(c.Texts, figureCache) })
	return &Service{documents: documents, store: c.Store, now: c.Now, random: c.Random, key: c.MasterKey, hasher: c.Hasher, texts: c.Texts,
		base: c.BaseURL, log: c.Log, rome: c.Rome, mailCap: c.MailCap, staff: &staffInstruments{}, carried: sync.OnceValues(loadCarried), planning: sync.OnceValues(loadPlanBase)}, nil
}

// clock is the time of this action: whole seconds, so that both engines keep it alike.
func (s *Service) clock() time.Time { return s.now().Truncate(time.Second) }

// Today is the calendar day in Europe/Rome, as midnight UTC.
func (s *Service) Today() time.Time {
	t := s.clock().In(s.rome)
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// Rome is the zone of every hour shown or typed.
func (s *Service) Rome() *time.Location { return s.rome }

func (s *Service) newID() (surveys.ID, error) { return surveys.NewID(s.random) }

// Place is an ente as an actor sees it: what the roles there allow.
type Place struct {
	Ente    comune.Ente
	Roles   []auth.Role
	Offices []surveys.ID // of role office
	admin   bool
}

// Can reports whether the actor may do a here.
func (p Place) Can(a auth.Action) bool { return auth.Can(a, p.Roles, p.admin) }

// Place finds an ente and the actor's roles in it, and requires action.
// storage.ErrNotFound: no such ente, or none that this actor may know of;
// auth.ErrForbidden: a role here, but not one that may do this.
func (s *Service) Place(ctx context.Context, actor auth.Actor, ente surveys.ID, action auth.Action) (Place, error) {
	return s.place(ctx, s.store, actor, ente, action)
}

func (s *Service) place(ctx context.Context, st *storage.Store, actor auth.Actor, id surveys.ID, action auth.Action) (Place, error) {
	a, err := st.Access(ctx, actor.UserID, id)
	if err != nil {
		return Place{}, err
	}
	if actor.System {
		return Place{Ente: a.Ente, Roles: []auth.Role{auth.RTD, auth.Coordinator}, admin: true}, nil
	}
	if len(a.Roles) == 0 && !actor.Admin {
		return Place{}, fmt.Errorf("ente %s: %w", id, storage.ErrNotFound)
	}
	p := Place{Ente: a.Ente, Roles: a.Roles, Offices: a.Offices, admin: actor.Admin}
	if !p.Can(action) {
		if len(a.Roles) == 0 {
			return Place{}, fmt.Errorf("ente %s: %w", id, storage.ErrNotFound)
		}
		return Place{}, fmt.Errorf("%s in ente %s: %w", action, id, auth.ErrForbidden)
	}
	return p, nil
}

// authoriseProgramme requires action on a programme; errors as Place.
func (s *Service) authoriseProgramme(ctx context.Context, st *storage.Store, actor auth.Actor, id surveys.ID, action auth.Action) error {
	if actor.System {
		return nil
	}
	roles, err := st.RolesInProgramme(ctx, actor.UserID, id)
	if err != nil {
		return err
	}
	if auth.Can(action, roles, actor.Admin) {
		return nil
	}
	if len(roles) == 0 {
		return fmt.Errorf("programme %s: %w", id, storage.ErrNotFound)
	}
	return fmt.Errorf("%s on programme %s: %w", action, id, auth.ErrForbidden)
}

// authoriseSystem requires an action of the system's administrator.
func (s *Service) authoriseSystem(actor auth.Actor, action auth.Action) error {
	if actor.System || (actor.Admin && action.OfSystem()) {
		return nil
	}
	return fmt.Errorf("%s: %w", action, auth.ErrForbidden)
}

// Change is what an action writes to the audit trail.
type Change struct {
	Action  string     // "ente.create", "campaign.close" …
	Ente    surveys.ID // empty when of no ente
	Subject string     // kind and id
	Detail  any        // marshalled to JSON; never an answer, a name or an address; nil for none
}

// change runs fn in one transaction and writes what it returns to the audit
// trail in that same transaction. Nothing is kept when either fails.
func (s *Service) change(ctx context.Context, actor auth.Actor, fn func(tx *storage.Store) (Change, error)) error {
	return s.store.InTx(ctx, func(tx *storage.Store) error {
		c, err := fn(tx)
		if err != nil {
			return err
		}
		return s.audit(ctx, tx, actor, c)
	})
}

func (s *Service) audit(ctx context.Context, tx *storage.Store, actor auth.Actor, c Change) error {
	detail := []byte("{}")
	if c.Detail != nil {
		var err error
		if detail, err = json.Marshal(c.Detail); err != nil {
			return fmt.Errorf("audit detail of %s: %w", c.Action, err)
		}
	}
	return tx.Audit(ctx, storage.AuditEntry{At: s.clock(), Actor: actor.ID(), Action: c.Action, EnteID: c.Ente, Subject: c.Subject, Detail: string(detail)})
}

// changeIn is change for an action in one ente: it asks the permission table
// inside the transaction and hands the place to fn.
func (s *Service) changeIn(ctx context.Context, actor auth.Actor, ente surveys.ID, action auth.Action, fn func(tx *storage.Store, p Place) (Change, error)) error {
	return s.change(ctx, actor, func(tx *storage.Store) (Change, error) {
		p, err := s.place(ctx, tx, actor, ente, action)
		if err != nil {
			return Change{}, err
		}
		c, err := fn(tx, p)
		c.Ente = ente
		return c, err
	})
}
