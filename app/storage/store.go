package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// Store is a handle on one database, or on one transaction in it. A Store of a
// database is safe for concurrent use; one of a transaction is not.
type Store struct {
	db      *gorm.DB
	engine  Engine
	writes  *sync.Mutex // SQLite has one writer: they queue here, in order
	inTx    bool
	queries *Counter
	parsed  *sync.Map // instruments by the SHA-256 of their canonical text; nothing writes to one
}

// Open connects to the database that url names: sqlite:///path/to/file or
// postgres://user:password@host/name. It does not migrate.
func Open(ctx context.Context, url string) (*Store, error) {
	dialector, engine, err := dialectorOf(url)
	if err != nil {
		return nil, err
	}
	db, err := gorm.Open(dialector, &gorm.Config{
		TranslateError:         true,
		SkipDefaultTransaction: true,
		Logger:                 logger.Discard,
		NowFunc:                func() time.Time { return time.Time{} }, // no automatic times
	})
	if err != nil {
		return nil, fmt.Errorf("opening the %s database: %w", engine, err)
	}
	s := &Store{db: db, engine: engine, writes: &sync.Mutex{}, queries: &Counter{}, parsed: &sync.Map{}}
	if err := s.configure(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if err := s.countQueries(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Close ends every connection.
func (s *Store) Close() error {
	pool, err := s.db.DB()
	if err != nil {
		return fmt.Errorf("closing the database: %w", err)
	}
	return pool.Close()
}

// SQL returns the connection pool, for the job runner and the migrations.
func (s *Store) SQL() (*sql.DB, error) { return s.db.DB() }

// Engine says which database this is.
func (s *Store) Engine() Engine { return s.engine }

// Ping tells whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	pool, err := s.db.DB()
	if err != nil {
		return err
	}
	return pool.PingContext(ctx)
}

// InTx runs fn in one transaction: all of it is kept, or nothing. Inside a
// transaction it runs fn in that same one.
func (s *Store) InTx(ctx context.Context, fn func(tx *Store) error) error {
	if s.inTx {
		return fn(s)
	}
	if s.engine == SQLite {
		s.writes.Lock()
		defer s.writes.Unlock()
	}
	return classify(s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		return fn(&Store{db: tx, engine: s.engine, writes: s.writes, inTx: true, queries: s.queries, parsed: s.parsed})
	}))
}
