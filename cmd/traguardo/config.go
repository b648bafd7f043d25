package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"

	"github.com/spf13/cobra"

	"traguardo/app"
)

// configFlags adds the flags of the configuration to a command.
func configFlags(cmd *cobra.Command, c *app.Config) {
	f := cmd.Flags()
	f.StringVar(&c.DatabaseURL, "database-url", "", "sqlite:///path/to/file or postgres://… (TRAGUARDO_DATABASE_URL; default sqlite://traguardo.db)")
	f.StringVar(&c.LogLevel, "log-level", "", "debug, info, warn or error (TRAGUARDO_LOG_LEVEL; default info)")
	f.StringVar(&c.SecretKey, "secret-key", "", "32 bytes in base64 (better TRAGUARDO_SECRET_KEY or TRAGUARDO_SECRET_KEY_FILE; SQLite makes traguardo.key)")
}

func siteFlags(cmd *cobra.Command, c *app.Config) {
	f := cmd.Flags()
	f.StringVar(&c.Addr, "addr", "", "host:port to listen on (TRAGUARDO_ADDR; default 127.0.0.1:8080)")
	f.StringVar(&c.BaseURL, "base-url", "", "public address of the site (TRAGUARDO_BASE_URL; default http://ADDR)")
	f.StringVar(&c.MailCap, "mail-daily-cap", "", "messages a day at most; what is left goes out on the next day (TRAGUARDO_MAIL_DAILY_CAP; none: no limit)")
	f.StringVar(&c.SMTPURL, "smtp-url", "", "smtp://user:password@host:587 or smtps://… (TRAGUARDO_SMTP_URL, _FILE; none: mail waits)")
	f.StringVar(&c.MailFrom, "mail-from", "", "sender of mails (TRAGUARDO_MAIL_FROM)")
	f.StringVar(&c.ProxyHeader, "proxy-header", "", "header with the client's address set by a trusted reverse proxy (TRAGUARDO_PROXY_HEADER)")
}

// open completes the configuration and opens the application.
func (e env) open(ctx context.Context, c app.Config) (*app.App, error) {
	c, err := c.FromEnvironment(e.lookup)
	if err != nil {
		return nil, err
	}
	return app.Open(ctx, c, app.Build{Version: version}, app.Logger(e.err, c.LogLevel))
}

// withApp runs fn on the open application, whose schema must be this program's.
func (e env) withApp(ctx context.Context, c app.Config, fn func(a *app.App) error) error {
	a, err := e.open(ctx, c)
	if err != nil {
		return err
	}
	if err := a.Store.CheckSchema(ctx); err != nil {
		return errors.Join(err, a.Close())
	}
	return errors.Join(fn(a), a.Close())
}

func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
