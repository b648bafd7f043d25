package service

import (
	"context"
	"errors"
	"fmt"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/surveys"
	"traguardo/surveys/instruments"
)

// Published says what PublishInstrument did.
type Published struct {
	Code    string `json:"code"`
	Version string `json:"version"`
	Hash    string `json:"hash"`
	New     bool   `json:"new"` // false: this very content was published before
}

// EarlierInstrument returns the version that a new one of this code follows: the
// last published here, or the one inside the program when none was. storage's
// ErrNotFound when the code is neither MAT nor STAFF.
func (s *Service) EarlierInstrument(ctx context.Context, actor auth.Actor, code string) (*surveys.Instrument, error) {
	if err := s.authoriseSystem(actor, auth.SystemImport); err != nil {
		return nil, err
	}
	return s.earlierInstrument(ctx, s.store, code, "")
}

// earlierInstrument leaves one version out, that which is being published.
func (s *Service) earlierInstrument(ctx context.Context, st *storage.Store, code, but string) (*surveys.Instrument, error) {
	versions, err := st.InstrumentVersions(ctx, code)
	if err != nil {
		return nil, err
	}
	for _, v := range versions {
		if v.Version != but {
			return st.Instrument(ctx, v.Hash)
		}
	}
	return EmbeddedInstrument(code)
}

// EmbeddedInstrument returns the version inside the program. storage.ErrNotFound
// when the code is neither MAT nor STAFF.
func EmbeddedInstrument(code string) (*surveys.Instrument, error) {
	switch code {
	case surveys.CodeMAT:
		return instruments.MAT()
	case surveys.CodeSTAFF:
		return instruments.STAFF()
	}
	return nil, fmt.Errorf("instrument %q: %w", code, storage.ErrNotFound)
}

// PublishInstrument makes a version immutable under its hash; waves can then be
// opened on it. No result of an earlier version changes. The version before must
// be told apart item by item by its crosswalk. surveys.ErrInvalid: it is not valid
// or the crosswalk is not right; ErrState: it is retired;
// storage.ErrConflict: another content has this version already.
func (s *Service) PublishInstrument(ctx context.Context, actor auth.Actor, in *surveys.Instrument) (Published, error) {
	p := Published{Code: in.Code, Version: in.Version}
	if err := s.authoriseSystem(actor, auth.SystemImport); err != nil {
		return p, err
	}
	if err := in.Validate(); err != nil {
		return p, err
	}
	if in.Status == "retired" {
		return p, fmt.Errorf("%w: %s %s is retired", surveys.ErrState, in.Code, in.Version)
	}
	embedded, err := EmbeddedInstrument(in.Code)
	if err != nil {
		return p, err
	}
	if p.Hash, err = in.Hash(); err != nil {
		return p, err
	}
	err = s.store.InTx(ctx, func(tx *storage.Store) error {
		if _, err := tx.Instrument(ctx, p.Hash); !errors.Is(err, storage.ErrNotFound) {
			return err
		}
		if in.Version != embedded.Version {
			// The one inside the program is the root of all: it is published with the first that follows it.
			if _, err := tx.PublishInstrument(ctx, embedded, s.clock()); err != nil {
				return err
			}
		}
		earlier, err := s.earlierInstrument(ctx, tx, in.Code, in.Version)
		if err != nil {
			return err
		}
		if earlier.Version != in.Version {
			if err := surveys.CheckCrosswalk(earlier, in); err != nil {
				return err
			}
		}
		if _, err := tx.PublishInstrument(ctx, in, s.clock()); err != nil {
			return err
		}
		p.New = true
		return s.audit(ctx, tx, actor, Change{Action: "instrument.publish", Subject: "instrument:" + p.Hash,
			Detail: map[string]string{"code": in.Code, "version": in.Version}})
	})
	if err != nil {
		p.New = false
	}
	return p, err
}
