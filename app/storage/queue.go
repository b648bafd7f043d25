package storage

import (
	"context"
	"database/sql"
	"log/slog"

	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
)

// QueueDriver is river's driver for this engine, over the same pool.
func (s *Store) QueueDriver() (riverdriver.Driver[*sql.Tx], error) {
	pool, err := s.db.DB()
	if err != nil {
		return nil, err
	}
	if s.engine == PostgreSQL {
		return riverdatabasesql.New(pool), nil
	}
	return riversqlite.New(pool), nil
}

func (s *Store) queueMigrator() (func(context.Context, rivermigrate.Direction) error, error) {
	driver, err := s.QueueDriver()
	if err != nil {
		return nil, err
	}
	m, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, d rivermigrate.Direction) error {
		opts := &rivermigrate.MigrateOpts{}
		if d == rivermigrate.DirectionDown {
			opts.TargetVersion = -1
		}
		_, err := m.Migrate(ctx, d, opts)
		return err
	}, nil
}
