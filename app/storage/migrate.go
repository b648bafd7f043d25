package storage

import (
	"context"
	"errors"
	"fmt"

	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/rivermigrate"
)

// Schema errors; the text says what to run.
var (
	// ErrSchemaOld: the database needs migrations that this program has.
	ErrSchemaOld = errors.New("the database schema is older than this program: run «traguardo migrate up»")
	// ErrSchemaNew: the database was migrated by a later program.
	ErrSchemaNew = errors.New("the database schema is newer than this program: install the later release")
)

// MigrationState is one migration and whether the database has it.
type MigrationState struct {
	Version int64  `json:"version"`
	Name    string `json:"name"`
	Applied bool   `json:"applied"`
}

func (s *Store) provider() (*goose.Provider, error) {
	pool, err := s.db.DB()
	if err != nil {
		return nil, err
	}
	dialect, files, err := migrationsOf(s.engine)
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(dialect, pool, files)
}

// MigrateUp applies every pending migration, ours and the job queue's, and
// returns how many of ours were applied. A second call does nothing.
func (s *Store) MigrateUp(ctx context.Context) (int, error) {
	p, err := s.provider()
	if err != nil {
		return 0, err
	}
	done, err := p.Up(ctx)
	if err != nil {
		return len(done), fmt.Errorf("migrating: %w", err)
	}
	m, err := s.queueMigrator()
	if err != nil {
		return len(done), err
	}
	if err := m(ctx, rivermigrate.DirectionUp); err != nil {
		return len(done), fmt.Errorf("migrating the job queue: %w", err)
	}
	return len(done), nil
}

// MigrateDown undoes every migration. It exists for the tests of the migrations.
func (s *Store) MigrateDown(ctx context.Context) error {
	m, err := s.queueMigrator()
	if err != nil {
		return err
	}
	if err := m(ctx, rivermigrate.DirectionDown); err != nil {
		return fmt.Errorf("undoing the job queue: %w", err)
	}
	p, err := s.provider()
	if err != nil {
		return err
	}
	_, err = p.DownTo(ctx, 0)
	return err
}

// Migrations lists what there is and what the database has, in order.
func (s *Store) Migrations(ctx context.Context) ([]MigrationState, error) {
	p, err := s.provider()
	if err != nil {
		return nil, err
	}
	states, err := p.Status(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the migrations: %w", err)
	}
	out := make([]MigrationState, 0, len(states))
	for _, st := range states {
		out = append(out, MigrationState{Version: st.Source.Version, Name: st.Source.Path, Applied: st.State == goose.StateApplied})
	}
	return out, nil
}

// CheckSchema returns nil when the schema is the one of this program, and
// ErrSchemaOld or ErrSchemaNew otherwise.
func (s *Store) CheckSchema(ctx context.Context) error {
	p, err := s.provider()
	if err != nil {
		return err
	}
	have, err := p.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("reading the schema version: %w", err)
	}
	var want int64
	for _, src := range p.ListSources() {
		want = max(want, src.Version)
	}
	switch {
	case have < want:
		return ErrSchemaOld
	case have > want:
		return ErrSchemaNew
	default:
		return nil
	}
}
