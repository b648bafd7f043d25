// Package storagetest gives tests a migrated, empty database of their own on
// both engines. PostgreSQL is TEST_DATABASE_URL when that is set, and else a
// server that the test process starts in a temporary folder and stops; never a
// silent skip.
package storagetest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // PostgreSQL for the administration connection

	"traguardo/app/storage"
)

// Run runs test once on SQLite and once on PostgreSQL, each on a migrated and
// empty database.
func Run(t *testing.T, test func(t *testing.T, store *storage.Store)) {
	t.Helper()
	for _, engine := range Engines() {
		t.Run(string(engine), func(t *testing.T) { test(t, New(t, engine)) })
	}
}

// Engines lists the engines that every storage, service and web test runs on.
func Engines() []storage.Engine { return []storage.Engine{storage.SQLite, storage.PostgreSQL} }

// New returns a migrated and empty database, removed when the test ends.
func New(t testing.TB, engine storage.Engine) *storage.Store {
	t.Helper()
	return open(t, URL(t, engine))
}

func open(t testing.TB, dsn string) *storage.Store {
	t.Helper()
	store, err := storage.Open(t.Context(), dsn)
	if err != nil {
		t.Fatalf("opening the test database: %v", err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Errorf("closing the test database: %v", err)
		}
	})
	return store
}

// URL returns the address of a migrated and empty database of the engine.
func URL(t testing.TB, engine storage.Engine) string {
	t.Helper()
	if engine == storage.SQLite {
		return sqliteURL(t)
	}
	return postgresURL(t, "TEMPLATE "+postgresTemplate(t))
}

// EmptyURL returns the address of a database without any schema.
func EmptyURL(t testing.TB, engine storage.Engine) string {
	t.Helper()
	if engine == storage.SQLite {
		return "sqlite://" + filepath.Join(t.TempDir(), "empty.db")
	}
	return postgresURL(t, "")
}

var sqliteTemplate = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "traguardo-template-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "template.db")
	if err := migrate("sqlite://" + path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

func sqliteURL(t testing.TB) string {
	t.Helper()
	template, err := sqliteTemplate()
	if err != nil {
		t.Fatalf("making the SQLite template: %v", err)
	}
	path := filepath.Join(t.TempDir(), "test.db")
	if err := os.WriteFile(path, template, 0o600); err != nil {
		t.Fatal(err)
	}
	return "sqlite://" + path
}

// migrate makes the schema and closes, so that all is in the file.
func migrate(dsn string) error {
	ctx := context.Background()
	store, err := storage.Open(ctx, dsn)
	if err != nil {
		return err
	}
	if _, err := store.MigrateUp(ctx); err != nil {
		store.Close()
		return err
	}
	return store.Close()
}

var madeTemplate = sync.OnceValues(func() (string, error) {
	base, err := server()
	if err != nil {
		return "", err
	}
	name := "traguardo_template_" + randomName()
	if err := admin(base, "CREATE DATABASE "+name); err != nil {
		return "", err
	}
	return name, migrate(withDatabase(base, name))
})

func postgresTemplate(t testing.TB) string {
	t.Helper()
	name, err := madeTemplate()
	if err != nil {
		t.Fatalf("making the PostgreSQL template: %v", err)
	}
	return name
}

var creating sync.Mutex // a template can be copied by one connection at a time

func postgresURL(t testing.TB, options string) string {
	t.Helper()
	base, err := server()
	if err != nil {
		t.Fatalf("PostgreSQL for tests: %v", err)
	}
	name := "traguardo_" + randomName()
	creating.Lock()
	err = admin(base, "CREATE DATABASE "+name+" "+options)
	creating.Unlock()
	if err != nil {
		t.Fatalf("creating a test database: %v", err)
	}
	t.Cleanup(func() {
		if err := admin(base, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("dropping the test database: %v", err)
		}
	})
	return withDatabase(base, name)
}

func randomName() string {
	var b [8]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

func withDatabase(base, name string) string {
	u, err := url.Parse(base)
	if err != nil {
		return base
	}
	u.Path = "/" + name
	return u.String()
}

func admin(base, statement string) error {
	db, err := sql.Open("pgx", base)
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := db.Exec(statement); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}
