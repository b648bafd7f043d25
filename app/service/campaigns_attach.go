package service

import (
	"cmp"
	"context"
	"errors"

	"traguardo/app/storage"
	"traguardo/surveys"
	"traguardo/surveys/pairing"
)

// attach gives a new campaign its instrument, its series and the wave that it is
// compared with: the key of the ex-ante, where there is one, and its version unless
// another was asked for.
func (s *Service) attach(ctx context.Context, tx *storage.Store, c *storage.Campaign, hash string) error {
	list, err := tx.Campaigns(ctx, c.EnteID)
	if err != nil {
		return err
	}
	for _, other := range list {
		if c.Wave == surveys.ExAnte || other.Wave != surveys.ExAnte {
			continue
		}
		series, err := tx.Series(ctx, c.EnteID, other.SeriesID)
		if err != nil {
			return err
		}
		if series.Destroyed.IsZero() {
			c.PairsWith, c.SeriesID = other.ID, other.SeriesID
			c.InstrumentHash, err = s.staffVersion(ctx, tx, cmp.Or(hash, other.InstrumentHash))
			return err
		}
	}
	if c.InstrumentHash, err = s.staffVersion(ctx, tx, hash); err != nil {
		return err
	}
	c.SeriesID, err = s.series(ctx, tx, c.EnteID)
	return err
}

// staffVersion checks the hash of a published version of STAFF; "" is the last one
// published, or the one inside the program when none was.
func (s *Service) staffVersion(ctx context.Context, tx *storage.Store, hash string) (string, error) {
	versions, err := tx.InstrumentVersions(ctx, surveys.CodeSTAFF)
	if err != nil {
		return "", err
	}
	for _, v := range versions {
		if hash == "" || v.Hash == hash {
			return v.Hash, nil
		}
	}
	if hash != "" {
		return "", Invalid("instrument", "form.choice")
	}
	in, err := s.carried()
	if err != nil {
		return "", err
	}
	return tx.PublishInstrument(ctx, in.staff, s.clock())
}

// series finds the ente's series of cards, or begins one with a new key.
func (s *Service) series(ctx context.Context, tx *storage.Store, ente surveys.ID) (surveys.ID, error) {
	old, err := tx.LiveSeries(ctx, ente, surveys.PairingCard)
	if err == nil || !errors.Is(err, storage.ErrNotFound) {
		return old.ID, err
	}
	id, err := s.newID()
	if err != nil {
		return "", err
	}
	key, err := pairing.NewKey(s.random)
	if err != nil {
		return "", err
	}
	master, err := pairing.KeyFromBytes(s.key)
	if err != nil {
		return "", err
	}
	wrapped, err := pairing.WrapSecret(master, seriesContext(id), key[:], s.random)
	if err != nil {
		return "", err
	}
	return id, tx.AddSeries(ctx, storage.Series{ID: id, EnteID: ente, Method: surveys.PairingCard, KeyWrapped: wrapped, CreatedAt: s.clock()})
}

func seriesContext(id surveys.ID) string { return "series/" + id.String() + "/key" }
