package app

import (
	"context"
	"io"
	"time"

	"traguardo/app/demo"
)

// Demo fills the empty database with the demonstration that ends on now.
func (a *App) Demo(ctx context.Context, seed uint64, secrets io.Reader, now time.Time) (demo.Summary, error) {
	master, err := a.cfg.masterKey()
	if err != nil {
		return demo.Summary{}, err
	}
	return demo.Build(ctx, a.Store, demo.Options{Seed: seed, Now: now, Secrets: secrets, MasterKey: master, Hasher: a.hasher, Texts: a.texts,
		BaseURL: a.cfg.BaseURL, Log: a.log, Rome: a.rome})
}

// BaseURL is the public address of the site.
func (a *App) BaseURL() string { return a.cfg.BaseURL }
