package app_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"traguardo/app"
	"traguardo/app/storage"
	"traguardo/app/storage/storagetest"
)

// serveOnly in the environment turns the test binary into a server, so that a
// test can kill a real process; see killed.
const serveOnly = "TRAGUARDO_E2E_SERVE"

func TestMain(m *testing.M) {
	if os.Getenv(serveOnly) != "" {
		if err := serveAlone(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(storagetest.Main(m))
}

// serveAlone is what `traguardo serve` does, with the address on standard output.
func serveAlone() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	cfg, err := app.Config{}.FromEnvironment(os.LookupEnv)
	if err != nil {
		return err
	}
	a, err := app.Open(ctx, cfg, app.Build{Version: "e2e"}, app.Logger(os.Stderr, cfg.LogLevel))
	if err != nil {
		return err
	}
	return errors.Join(a.Serve(ctx, func(addr net.Addr) { fmt.Println(addr) }), a.Close())
}

// configFor is a configuration over a database, at an address of its own.
func configFor(t testing.TB, dsn string) app.Config {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return app.Config{DatabaseURL: dsn, Addr: addr, BaseURL: "http://" + addr, LogLevel: "warn", MailFrom: "prova@traguardo.example",
		SecretKey: base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{7}, 32))}
}

// site is the whole product, listening.
type site struct {
	*app.App
	base string // http://127.0.0.1:port
}

// newSite opens a migrated database, prepares it, and serves it until the test
// ends. What the program logs as an error fails the test.
func newSite(t testing.TB, dsn string, prepare ...func(*app.App)) site {
	t.Helper()
	cfg := configFor(t, dsn)
	heard := &errorLog{Handler: slog.DiscardHandler, t: t}
	a, err := app.Open(t.Context(), cfg, app.Build{Version: "e2e"}, slog.New(heard))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Store.MigrateUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, p := range prepare {
		p(a)
	}
	ctx, stop := context.WithCancel(context.Background())
	ready, done := make(chan struct{}), make(chan error, 1)
	go func() { done <- a.Serve(ctx, func(net.Addr) { close(ready) }) }()
	t.Cleanup(func() {
		heard.stopping.Store(true)
		stop()
		if err := errors.Join(<-done, a.Close()); err != nil {
			t.Errorf("stopping: %v", err)
		}
	})
	select {
	case <-ready:
	case err := <-done:
		done <- nil
		t.Fatal(err)
	case <-time.After(time.Minute):
		t.Fatal("the site does not listen")
	}
	return site{App: a, base: cfg.BaseURL}
}

// errorLog reports errors that the program logs.
type errorLog struct {
	slog.Handler
	t        testing.TB
	stopping atomic.Bool // jobs cut short by the end of the test are no fault
}

// Enabled takes errors only.
func (e *errorLog) Enabled(_ context.Context, l slog.Level) bool {
	return l >= slog.LevelError && !e.stopping.Load()
}

// Handle fails the test.
func (e *errorLog) Handle(_ context.Context, r slog.Record) error {
	var b strings.Builder
	r.Attrs(func(a slog.Attr) bool { fmt.Fprintf(&b, " %s", a); return true })
	e.t.Errorf("the program logs: %s%s", r.Message, b.String())
	return nil
}

// onEngines runs a test on an address of a fresh migrated database of each engine.
func onEngines(t *testing.T, test func(t *testing.T, dsn string)) {
	t.Helper()
	for _, engine := range []storage.Engine{storage.SQLite, storage.PostgreSQL} {
		t.Run(string(engine), func(t *testing.T) { test(t, storagetest.URL(t, engine)) })
	}
}
