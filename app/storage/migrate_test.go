package storage_test

import (
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"traguardo/app/storage"
	"traguardo/app/storage/storagetest"
	"traguardo/migrations"
)

func TestMain(m *testing.M) { os.Exit(storagetest.Main(m)) }

func TestMigrationFoldersAreEqual(t *testing.T) {
	names := map[string][]string{}
	for _, engine := range []string{"sqlite", "postgres"} {
		entries, err := fs.ReadDir(migrations.FS, engine)
		if err != nil {
			t.Fatal(err)
		}
		for i, e := range entries {
			names[engine] = append(names[engine], e.Name())
			if want := fmt.Sprintf("%05d_", i+1); !strings.HasPrefix(e.Name(), want) {
				t.Errorf("%s/%s: got a gap in the numbers, want prefix %s", engine, e.Name(), want)
			}
		}
	}
	if !slices.Equal(names["sqlite"], names["postgres"]) {
		t.Errorf("got %v and %v, want equal file lists", names["sqlite"], names["postgres"])
	}
}

func TestMigrateUpDownUp(t *testing.T) {
	for _, engine := range storagetest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			ctx := t.Context()
			store, err := storage.Open(ctx, storagetest.EmptyURL(t, engine))
			if err != nil {
				t.Fatal(err)
			}
			defer store.Close()
			if err := store.CheckSchema(ctx); err != storage.ErrSchemaOld {
				t.Errorf("empty database: got %v, want ErrSchemaOld", err)
			}
			for round := range 2 {
				n, err := store.MigrateUp(ctx)
				if err != nil || n == 0 {
					t.Fatalf("round %d: applied %d, %v", round, n, err)
				}
				if err := store.CheckSchema(ctx); err != nil {
					t.Fatalf("round %d: %v", round, err)
				}
				if n, err := store.MigrateUp(ctx); n != 0 || err != nil {
					t.Fatalf("second up: got %d, %v, want 0, nil", n, err)
				}
				if round == 0 {
					if err := store.MigrateDown(ctx); err != nil {
						t.Fatal(err)
					}
				}
			}
		})
	}
}

// TestSchemasAreEqual compares tables, columns, nullability and index names of
// both engines through a small class map.
func TestSchemasAreEqual(t *testing.T) {
	got := map[storage.Engine][]string{}
	for _, engine := range storagetest.Engines() {
		pool, err := storagetest.New(t, engine).SQL()
		if err != nil {
			t.Fatal(err)
		}
		got[engine] = schemaOf(t, pool, engine)
	}
	lite, pg := got[storage.SQLite], got[storage.PostgreSQL]
	if len(lite) < 200 {
		t.Fatalf("got %d lines of schema, want the whole of it", len(lite))
	}
	for _, line := range lite {
		if !slices.Contains(pg, line) {
			t.Errorf("only on SQLite: %s", line)
		}
	}
	for _, line := range pg {
		if !slices.Contains(lite, line) {
			t.Errorf("only on PostgreSQL: %s", line)
		}
	}
}

func schemaOf(t *testing.T, pool *sql.DB, engine storage.Engine) []string {
	t.Helper()
	columns := `SELECT m.name || '.' || p.name || ' ' || p.type || CASE WHEN p."notnull" = 1 THEN ' not null' ELSE '' END
		FROM sqlite_master m, pragma_table_info(m.name) p WHERE m.type = 'table' AND m.name NOT LIKE 'river%' AND m.name NOT LIKE 'goose%' AND m.name NOT LIKE 'sqlite%'`
	indexes := `SELECT 'index ' || name FROM sqlite_master WHERE type = 'index' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'river%' AND sql IS NOT NULL`
	if engine == storage.PostgreSQL {
		columns = `SELECT table_name || '.' || column_name || ' ' || data_type || CASE WHEN is_nullable = 'NO' THEN ' not null' ELSE '' END
			FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE 'river%' AND table_name NOT LIKE 'goose%'`
		indexes = `SELECT 'index ' || indexname FROM pg_indexes WHERE schemaname = 'public' AND indexname NOT LIKE '%_pkey' AND indexname NOT LIKE '%_key' AND tablename NOT LIKE 'river%'`
	}
	class := strings.NewReplacer("BLOB", "bytes", "bytea", "bytes", "TEXT", "text", "INTEGER", "int", "bigint", "int", "boolean", "int", "REAL", "real", "double precision", "real")
	var out []string
	for _, query := range []string{columns, indexes} {
		rows, err := pool.Query(query)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var line string
			if err := rows.Scan(&line); err != nil {
				t.Fatal(err)
			}
			out = append(out, class.Replace(line))
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
	}
	return out
}
