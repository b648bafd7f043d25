package main

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"traguardo/app"
	"traguardo/app/demo"
	"traguardo/app/storage"
)

type demoFlags struct {
	addr    string
	data    string
	seed    uint64
	noServe bool
}

func newDemo(e env) *cobra.Command {
	var f demoFlags
	cmd := &cobra.Command{Use: "demo", Short: "Build a demonstration and serve it",
		Long: "Builds the database DIR/traguardo.db with two programmes, nine fictitious Comuni and the nine real reference Comuni, and serves it.\n" +
			"An existing DIR/traguardo.db made by an earlier demo is served as it is. With --no-serve it is built, described as JSON, and left.",
		Args: noArgs, RunE: func(cmd *cobra.Command, _ []string) error { return e.demo(cmd.Context(), f) }}
	cmd.Flags().StringVar(&f.addr, "addr", "127.0.0.1:8080", "host:port to listen on")
	cmd.Flags().StringVar(&f.data, "data", "", "folder of the demonstration (default: a new temporary folder)")
	cmd.Flags().Uint64Var(&f.seed, "seed", 1, "seed of the invented data: the same seed on the same day gives the same figures")
	cmd.Flags().BoolVar(&f.noServe, "no-serve", false, "build, print JSON and exit")
	return cmd
}

func (e env) demo(ctx context.Context, f demoFlags) error {
	dir := f.data
	if dir == "" {
		var err error
		if dir, err = os.MkdirTemp("", "traguardo-demo-"); err != nil {
			return err
		}
		if f.noServe {
			defer os.RemoveAll(dir)
		}
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("making the folder of the demonstration: %w", err)
	}
	c := app.Config{DatabaseURL: "sqlite://" + filepath.Join(dir, "traguardo.db"), Addr: f.addr, LogLevel: "warn"}
	c, err := c.FromEnvironment(func(string) (string, bool) { return "", false })
	if err != nil {
		return err
	}
	a, err := app.Open(ctx, c, app.Build{Version: version}, app.Logger(e.err, c.LogLevel))
	if err != nil {
		return err
	}
	return errors.Join(e.demoWith(ctx, a, f, dir), a.Close())
}

func (e env) demoWith(ctx context.Context, a *app.App, f demoFlags, dir string) error {
	if _, err := a.Store.MigrateUp(ctx); err != nil {
		return err
	}
	if !f.noServe {
		fmt.Fprintln(e.out, "Preparing the demonstration…")
	}
	summary, err := a.Demo(ctx, f.seed, seeded(f.seed), time.Now())
	if errors.Is(err, storage.ErrConflict) {
		return fmt.Errorf("%s holds a demonstration already: choose another --data, delete the folder, or run «traguardo serve --database-url sqlite://%s»: %w",
			dir, filepath.Join(dir, "traguardo.db"), err)
	}
	if err != nil {
		return err
	}
	if f.noServe {
		return writeJSON(e.out, summary)
	}
	e.printDemo(summary, a.BaseURL(), dir)
	return e.serve(ctx, a)
}

func (e env) printDemo(s demo.Summary, base, dir string) {
	fmt.Fprintf(e.out, "\n  %s\n\n  Data: %s (invented Comuni are marked «dato dimostrativo»)\n\n  Sign in with the password  %s\n", base, dir, demo.Password)
	for _, x := range s.SignIns {
		fmt.Fprintf(e.out, "    %-12s %-36s %s\n", x.Role, x.Email, x.Where)
	}
	fmt.Fprintln(e.out, "\n  Answer as an employee (personal link, and the card that the person kept):")
	for i, link := range s.Links {
		fmt.Fprintf(e.out, "    %s   %s\n", link, s.Cards[i])
	}
	fmt.Fprintln(e.out)
}

// seeded is a random source that gives the same ids and links for the same seed.
// It serves the demonstration alone: real data take the system's randomness.
func seeded(seed uint64) io.Reader {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], seed)
	return mathrand.NewChaCha8(sha256.Sum256(b[:]))
}
