package storage

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"sync/atomic"
	"syscall"

	"gorm.io/gorm"
)

// Sentinels of storage; match them with errors.Is.
var (
	// ErrNotFound: no such row in this ente. Callers cannot tell a foreign id from a missing one.
	ErrNotFound = errors.New("not found")
	// ErrConflict: a unique key is taken.
	ErrConflict = errors.New("already there")
	// ErrStale: the row changed since it was read; nothing was written.
	ErrStale = errors.New("changed by somebody else meanwhile")
	// ErrFull: the disk of the database is full; nothing was written.
	ErrFull = errors.New("no space left for the database")
	// ErrDown: the database does not answer; nothing was written.
	ErrDown = errors.New("the database does not answer")
)

// classify marks the errors of a full disk and of a database that is away; others
// go through as they are.
func classify(err error) error {
	if err == nil || errors.Is(err, ErrFull) || errors.Is(err, ErrDown) {
		return err
	}
	var sqlite interface{ Code() int }
	var postgres interface{ SQLState() string }
	var network *net.OpError
	switch {
	case errors.As(err, &sqlite):
		const full, ioError = 13, 10 // SQLITE_FULL, SQLITE_IOERR and its kinds in the low byte
		if code := sqlite.Code() & 0xff; code == full || code == ioError {
			return errors.Join(ErrFull, err)
		}
	case errors.As(err, &postgres):
		switch postgres.SQLState() {
		case "53100": // disk_full
			return errors.Join(ErrFull, err)
		case "57P01", "57P02", "57P03", "53300": // shut down, crashed, starting, too many connections
			return errors.Join(ErrDown, err)
		}
	case errors.As(err, &network), errors.Is(err, driver.ErrBadConn), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET):
		return errors.Join(ErrDown, err)
	}
	return err
}

// translate turns GORM's errors into ours and says what was being done.
func translate(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	what := fmt.Sprintf(format, args...)
	switch {
	case errors.Is(err, gorm.ErrRecordNotFound):
		return fmt.Errorf("%s: %w", what, ErrNotFound)
	case errors.Is(err, gorm.ErrDuplicatedKey):
		return fmt.Errorf("%s: %w", what, ErrConflict)
	default:
		return fmt.Errorf("%s: %w", what, classify(err))
	}
}

// one is for writes that must change exactly one row: it returns otherwise when
// none was changed.
func one(rows int, err, otherwise error, format string, args ...any) error {
	if err != nil {
		return translate(err, format, args...)
	}
	if rows != 1 {
		return fmt.Errorf(format+": %w", append(args, otherwise)...)
	}
	return nil
}

// Counter counts statements, for the tests that hold the query budgets.
type Counter struct{ n atomic.Int64 }

// Count is the number of statements since the start.
func (c *Counter) Count() int64 { return c.n.Load() }

// Queries returns the counter of this store's statements.
func (s *Store) Queries() *Counter { return s.queries }

func (s *Store) countQueries() error {
	tick := func(*gorm.DB) { s.queries.n.Add(1) }
	cb := s.db.Callback()
	return errors.Join(
		cb.Query().Before("gorm:query").Register("traguardo:count_query", tick),
		cb.Row().Before("gorm:row").Register("traguardo:count_row", tick),
		cb.Raw().Before("gorm:raw").Register("traguardo:count_raw", tick),
		cb.Create().Before("gorm:create").Register("traguardo:count_create", tick),
		cb.Update().Before("gorm:update").Register("traguardo:count_update", tick),
		cb.Delete().Before("gorm:delete").Register("traguardo:count_delete", tick),
	)
}
