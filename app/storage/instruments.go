package storage

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"traguardo/surveys"
)

type instrumentRow struct {
	Hash        string `gorm:"primaryKey"`
	Code        string
	Version     string
	Language    string
	Body        []byte
	PublishedAt int64
}

func (instrumentRow) TableName() string { return "instruments" }

// PublishInstrument stores a version of an instrument and returns its hash. The
// same instrument again changes nothing. ErrConflict: another content was
// published under this code, version and language; a published one never changes.
func (s *Store) PublishInstrument(ctx context.Context, in *surveys.Instrument, at time.Time) (hash string, err error) {
	body, err := in.Canonical()
	if err != nil {
		return "", err
	}
	if hash, err = in.Hash(); err != nil {
		return "", err
	}
	err = s.InTx(ctx, func(tx *Store) error {
		old, err := table[instrumentRow](tx.db).Where("code = ? AND version = ? AND language = ?", in.Code, in.Version, in.Language).Select("hash").First(ctx)
		switch {
		case err == nil && old.Hash == hash:
			return nil
		case err == nil:
			return fmt.Errorf("publishing %s %s: %w", in.Code, in.Version, ErrConflict)
		case !errors.Is(err, gorm.ErrRecordNotFound):
			return translate(err, "looking for %s %s", in.Code, in.Version)
		}
		row := instrumentRow{Hash: hash, Code: in.Code, Version: in.Version, Language: in.Language, Body: body, PublishedAt: unix(at)}
		return translate(table[instrumentRow](tx.db).Create(ctx, &row), "publishing %s %s", in.Code, in.Version)
	})
	return hash, err
}

// Instrument reads a published version by its hash, as status "active".
// ErrNotFound when it was never published here. The same text is parsed once: do
// not change what is returned.
func (s *Store) Instrument(ctx context.Context, hash string) (*surveys.Instrument, error) {
	row, err := table[instrumentRow](s.db).Where("hash = ?", hash).First(ctx)
	if err != nil {
		return nil, translate(err, "instrument %s", hash)
	}
	sum := sha256.Sum256(row.Body)
	if in, ok := s.parsed.Load(sum); ok {
		return in.(*surveys.Instrument), nil
	}
	in, err := surveys.ParseCanonical(row.Body, "active")
	if err == nil {
		s.parsed.Store(sum, in)
	}
	return in, err
}

// InstrumentVersion describes a published version without its body.
type InstrumentVersion struct {
	Hash, Code, Version, Language string
	PublishedAt                   time.Time
}

// InstrumentVersions lists the published versions of an instrument, the latest
// first; those published in the same second by version.
func (s *Store) InstrumentVersions(ctx context.Context, code string) ([]InstrumentVersion, error) {
	rows, err := table[instrumentRow](s.db).Where("code = ?", code).Select("hash, code, version, language, published_at").
		Order("published_at DESC, version DESC").Find(ctx)
	if err != nil {
		return nil, translate(err, "versions of %s", code)
	}
	versions := make([]InstrumentVersion, 0, len(rows))
	for _, r := range rows {
		versions = append(versions, InstrumentVersion{r.Hash, r.Code, r.Version, r.Language, fromUnix(r.PublishedAt)})
	}
	return versions, nil
}
