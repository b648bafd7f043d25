package service

import (
	"context"
	"errors"
	"fmt"
	"time"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/surveys"
)

// SeriesKey is the pairing key of a series of waves, as far as it may be told.
type SeriesKey struct {
	Series    surveys.ID      `json:"series"`
	Method    surveys.Pairing `json:"method"`
	Waves     []surveys.Wave  `json:"waves"`     // in the order of their opening hours
	Pending   []surveys.Wave  `json:"pending"`   // of Waves, those that are prepared or open: they keep the key
	Destroyed time.Time       `json:"destroyed"` // zero while the key exists
	CreatedAt time.Time       `json:"created"`
}

// SeriesKeys lists the series of an ente, the newest first.
func (s *Service) SeriesKeys(ctx context.Context, actor auth.Actor, ente surveys.ID) ([]SeriesKey, error) {
	if _, err := s.Place(ctx, actor, ente, auth.CampaignClose); err != nil {
		return nil, err
	}
	return seriesKeys(ctx, s.store, ente)
}

func seriesKeys(ctx context.Context, st *storage.Store, ente surveys.ID) ([]SeriesKey, error) {
	list, err := st.SeriesOfEnte(ctx, ente)
	if err != nil {
		return nil, err
	}
	campaigns, err := st.Campaigns(ctx, ente)
	out := make([]SeriesKey, 0, len(list))
	for _, x := range list {
		k := SeriesKey{Series: x.ID, Method: x.Method, Destroyed: x.Destroyed, CreatedAt: x.CreatedAt, Waves: []surveys.Wave{}, Pending: []surveys.Wave{}}
		for _, c := range campaigns {
			if c.SeriesID != x.ID {
				continue
			}
			k.Waves = append(k.Waves, c.Wave)
			if c.State != surveys.CampaignClosed {
				k.Pending = append(k.Pending, c.Wave)
			}
		}
		out = append(out, k)
	}
	return out, err
}

// ErrKeyNeeded: a wave of the series is prepared or open and needs the key.
var ErrKeyNeeded = errors.New("a wave that is prepared or open needs the key")

// DestroySeriesKey erases the pairing key of a series for good: nobody can pair its
// answers with those of another wave any more, and they are anonymous. It is audited.
// ErrKeyNeeded while a wave of the series is prepared or open; storage.ErrNotFound
// when the ente has no such series or its key is gone already.
func (s *Service) DestroySeriesKey(ctx context.Context, actor auth.Actor, ente, series surveys.ID) (SeriesKey, error) {
	var gone SeriesKey
	err := s.changeIn(ctx, actor, ente, auth.CampaignClose, func(tx *storage.Store, _ Place) (Change, error) {
		keys, err := seriesKeys(ctx, tx, ente)
		if err != nil {
			return Change{}, err
		}
		for _, k := range keys {
			if k.Series == series {
				gone = k
			}
		}
		if len(gone.Pending) > 0 {
			return Change{}, fmt.Errorf("destroying the key of series %s: %w", series, ErrKeyNeeded)
		}
		gone.Destroyed = s.clock()
		return Change{Action: "campaign.destroy_key", Subject: "series:" + series.String(), Detail: map[string]string{"series": series.String(), "method": string(gone.Method)}},
			tx.DestroySeriesKey(ctx, ente, series, gone.Destroyed)
	})
	if err != nil {
		return SeriesKey{}, err
	}
	return gone, s.scrub(ctx, nil)
}
