package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/glebarez/sqlite"
	"github.com/pressly/goose/v3"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"

	"traguardo/migrations"
)

// Engine is a storage engine.
type Engine string

// The engines.
const (
	SQLite     Engine = "sqlite"
	PostgreSQL Engine = "postgres"
)

func dialectorOf(dsn string) (gorm.Dialector, Engine, error) {
	switch {
	case strings.HasPrefix(dsn, "sqlite://"):
		path := strings.TrimPrefix(dsn, "sqlite://")
		if path == "" {
			return nil, "", errors.New("the SQLite address names no file (sqlite:///path/to/file)")
		}
		if err := ownFile(path); err != nil {
			return nil, "", err
		}
		return sqlite.Open(sqliteDSN(path)), SQLite, nil
	case strings.HasPrefix(dsn, "postgres://"), strings.HasPrefix(dsn, "postgresql://"):
		if _, err := url.Parse(dsn); err != nil {
			return nil, "", errors.New("the PostgreSQL address cannot be read")
		}
		return postgres.New(postgres.Config{DSN: dsn}), PostgreSQL, nil
	default:
		return nil, "", errors.New("the database address must begin with sqlite:// or postgres://")
	}
}

// ownFile makes a new database readable by its owner only; SQLite gives its log
// the same rights. One that exists stays as it is: its administrator decides.
func ownFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("opening the SQLite database: %w", err)
	}
	return f.Close()
}

// sqliteDSN asks for WAL, foreign keys, transactions that take the write lock at
// once (a later upgrade could fail), a wait instead of an error when busy, and
// zeros over what was deleted: an answer's draft does not stay in a free page, and
// what is sorted or moved does not pass through a file of its own.
func sqliteDSN(path string) string {
	q := url.Values{}
	for _, p := range []string{"journal_mode(WAL)", "foreign_keys(1)", "busy_timeout(15000)", "synchronous(FULL)", "secure_delete(1)", "temp_store(MEMORY)"} {
		q.Add("_pragma", p)
	}
	q.Set("_txlock", "immediate")
	return "file:" + (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath() + "?" + q.Encode()
}

func (s *Store) configure(ctx context.Context) error {
	pool, err := s.db.DB()
	if err != nil {
		return err
	}
	if s.engine == SQLite {
		pool.SetMaxOpenConns(8)
		pool.SetMaxIdleConns(8)
	} else {
		pool.SetMaxOpenConns(20)
		pool.SetMaxIdleConns(10)
	}
	if err := pool.PingContext(ctx); err != nil {
		return fmt.Errorf("the %s database does not answer: %w", s.engine, err)
	}
	return nil
}

// Checkpoint folds SQLite's write-ahead log into the file; nothing on PostgreSQL.
func (s *Store) Checkpoint(ctx context.Context) error {
	if s.engine != SQLite {
		return nil
	}
	return s.db.WithContext(ctx).Exec("PRAGMA wal_checkpoint(PASSIVE)").Error
}

// lockAudit makes writers of the audit trail queue until the transaction ends.
// SQLite needs nothing: a transaction already holds the only write lock.
func (s *Store) lockAudit(ctx context.Context) error {
	if s.engine != PostgreSQL {
		return nil
	}
	const auditLock = 7_164_911 // any number that no other lock of ours uses
	return s.db.WithContext(ctx).Exec("SELECT pg_advisory_xact_lock(?)", auditLock).Error
}

// forUpdate is the locking clause for a row that is read and then written.
func (s *Store) forUpdate() string {
	if s.engine == PostgreSQL {
		return " FOR UPDATE"
	}
	return ""
}

// forShare is the locking clause for a row that must not change until the
// transaction ends, while others may lock it alike.
func (s *Store) forShare() string {
	if s.engine == PostgreSQL {
		return " FOR SHARE"
	}
	return ""
}

// Scrub clears what deleted rows of the survey leave behind on disk: the old row
// versions of PostgreSQL, SQLite's log of writes. Call it outside transactions
// after a campaign was closed.
func (s *Store) Scrub(ctx context.Context) error {
	if s.inTx {
		return nil // nothing of a transaction under way can be cleared yet
	}
	if s.engine == SQLite {
		return s.db.WithContext(ctx).Exec("PRAGMA wal_checkpoint(TRUNCATE)").Error
	}
	return s.db.WithContext(ctx).Exec("VACUUM invitations, responses, response_texts, released_texts, drafts, series").Error
}

func migrationsOf(e Engine) (goose.Dialect, fs.FS, error) {
	dialect := goose.DialectSQLite3
	if e == PostgreSQL {
		dialect = goose.DialectPostgres
	}
	sub, err := fs.Sub(migrations.FS, string(e))
	return dialect, sub, err
}
