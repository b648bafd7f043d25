package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"time"

	"traguardo/app/auth"
	"traguardo/app/i18n"
	"traguardo/app/jobs"
	"traguardo/app/notify"
	"traguardo/app/service"
	"traguardo/app/storage"
	"traguardo/app/web"
	"traguardo/templates"
)

// App is the whole product over one database.
type App struct {
	Store   *storage.Store
	Service *service.Service
	cfg     Config
	web     *web.Server
	mailer  notify.Mailer // nil: mail stays in the outbox
	hasher  *auth.Hasher
	texts   *i18n.Catalogue
	rome    *time.Location
	log     *slog.Logger
}

// Build describes the program itself.
type Build struct{ Version string }

// Logger writes JSON lines of the configured level.
func Logger(out io.Writer, level string) *slog.Logger {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		l = slog.LevelInfo
	}
	return slog.New(slog.NewJSONHandler(out, &slog.HandlerOptions{Level: l}))
}

// Open checks the configuration and opens the database, without migrating it.
// The caller closes the App.
func Open(ctx context.Context, cfg Config, build Build, log *slog.Logger) (*App, error) {
	cfg, err := cfg.WithKeyFile(func(b []byte) error { _, err := rand.Read(b); return err })
	if err != nil {
		return nil, err
	}
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	store, err := storage.Open(ctx, cfg.DatabaseURL)
	if err != nil {
		return nil, err
	}
	a := &App{Store: store, cfg: cfg, log: log}
	if err := a.wire(build); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return a, nil
}

func (a *App) wire(build Build) error {
	master, err := a.cfg.masterKey()
	if err != nil {
		return err
	}
	forms, err := webKey(master)
	if err != nil {
		return err
	}
	texts, err := i18n.Load()
	if err != nil {
		return err
	}
	hasher, err := auth.NewHasher(2, auth.HashMemory)
	if err != nil {
		return err
	}
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		return fmt.Errorf("loading the time zone: %w", err)
	}
	dailyMail, err := a.cfg.mailCap()
	if err != nil {
		return err
	}
	a.hasher, a.texts, a.rome = hasher, texts, rome
	a.Service, err = service.New(service.Config{Store: a.Store, Now: time.Now, Random: rand.Reader, MasterKey: master, Hasher: hasher,
		Texts: texts, BaseURL: a.cfg.BaseURL, Log: a.log, Rome: rome, MailCap: dailyMail})
	if err != nil {
		return err
	}
	a.web, err = web.New(web.Config{Service: a.Service, Texts: texts, Templates: templates.FS(), BaseURL: a.cfg.BaseURL,
		Version: build.Version, Key: forms, Now: time.Now, Log: a.log, ProxyHeader: a.cfg.ProxyHeader})
	if err != nil {
		return err
	}
	if a.cfg.SMTPURL != "" {
		a.mailer, err = notify.NewSMTP(a.cfg.SMTPURL, a.cfg.MailFrom)
	}
	return err
}

// Close ends the connections.
func (a *App) Close() error { return a.Store.Close() }

// Serve answers requests and runs jobs until ctx ends, then stops gracefully:
// requests under way are finished. ready is called with the address once it listens.
func (a *App) Serve(ctx context.Context, ready func(net.Addr)) error {
	if err := a.Store.CheckSchema(ctx); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", a.cfg.Addr)
	if err != nil {
		return fmt.Errorf("listening on %s: %w", a.cfg.Addr, err)
	}
	runner, err := jobs.New(a.Store, a.Service, a.mailer, a.log)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	if err := runner.Start(ctx); err != nil {
		return errors.Join(err, listener.Close())
	}
	failed := make(chan error, 1)
	go func() { failed <- a.web.App().Listener(listener) }()
	ready(listener.Addr())
	select {
	case err = <-failed:
	case <-ctx.Done():
		a.log.Info("stopping")
		if err = a.web.App().ShutdownWithTimeout(20 * time.Second); err != nil {
			err = fmt.Errorf("finishing requests: %w", err)
		}
		<-failed
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
	defer cancel()
	return errors.Join(err, runner.Stop(stop), a.Store.Checkpoint(stop))
}
