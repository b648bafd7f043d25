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
// compared with: method and key of the ex-ante, where there is one, and its version
// unless another was asked for.
func (s *Service) attach(ctx context.Context, tx *storage.Store, c *storage.Campaign, f CampaignForm) error {
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
			if f.Pairing != "" && f.Pairing != string(series.Method) {
				return Invalid("pairing", "campaign.fault_pairing_fixed")
			}
			c.PairsWith, c.SeriesID, c.Pairing = other.ID, other.SeriesID, series.Method
			if c.Pairing != surveys.PairingCard {
				c.ProgrammeID = other.ProgrammeID
			}
			c.InstrumentHash, err = s.staffVersion(ctx, tx, cmp.Or(f.Instrument, other.InstrumentHash))
			return err
		}
	}
	if c.InstrumentHash, err = s.staffVersion(ctx, tx, f.Instrument); err != nil {
		return err
	}
	if c.Pairing, c.ProgrammeID, err = s.method(ctx, tx, c.EnteID, f.Pairing); err != nil {
		return err
	}
	c.SeriesID, err = s.series(ctx, tx, c.EnteID, c.Pairing)
	return err
}

// method checks the pairing method that a new series is to have; "" is the card. Code
// and link need a programme that keeps the key outside the ente: it is returned.
func (s *Service) method(ctx context.Context, tx *storage.Store, ente surveys.ID, asked string) (surveys.Pairing, surveys.ID, error) {
	method, err := surveys.ParsePairing(cmp.Or(asked, string(surveys.PairingCard)))
	if err != nil {
		return "", "", Invalid("pairing", "form.choice")
	}
	if method == surveys.PairingCard {
		return method, "", nil
	}
	host, err := tx.HostOf(ctx, ente)
	if errors.Is(err, storage.ErrNotFound) {
		return "", "", Invalid("pairing", "campaign.fault_pairing_host")
	}
	return method, host.ID, err
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

// series finds the ente's series of a method, or begins one with a new key.
func (s *Service) series(ctx context.Context, tx *storage.Store, ente surveys.ID, method surveys.Pairing) (surveys.ID, error) {
	old, err := tx.LiveSeries(ctx, ente, method)
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
	return id, tx.AddSeries(ctx, storage.Series{ID: id, EnteID: ente, Method: method, KeyWrapped: wrapped, CreatedAt: s.clock()})
}

func seriesContext(id surveys.ID) string { return "series/" + id.String() + "/key" }
