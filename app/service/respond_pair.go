package service

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"traguardo/app/storage"
	"traguardo/surveys"
	"traguardo/surveys/pairing"
)

// PairForm is what the page before the questionnaire sends: what the method of the
// series asks for.
type PairForm struct {
	Ref      string
	Version  int64
	Card     string                   // method card, as typed
	Elements [pairing.Elements]string // method code, as typed
	None     bool                     // goes on without being paired
}

// SavePairing takes what pairs this person's answers with those of another wave, or
// nothing, and begins the questionnaire. Only keyed hashes go into the encrypted
// draft: never the card or the elements. An InvalidError says what is mistyped;
// storage.ErrStale: the questionnaire was begun in another window.
func (s *Service) SavePairing(ctx context.Context, token string, f PairForm) error {
	return s.store.InTx(ctx, func(tx *storage.Store) error {
		a, err := s.opened(ctx, tx, token, f.Ref)
		if err != nil {
			return err
		}
		if a.Version != f.Version {
			return fmt.Errorf("pairing: %w", storage.ErrStale)
		}
		if !a.Started {
			if err := s.begin(&a); err != nil {
				return err
			}
		}
		if f.None {
			a.draft.Pair, a.draft.Masked = "", nil
			return s.save(ctx, tx, &a)
		}
		if err := s.pair(ctx, tx, &a, f); err != nil {
			return err
		}
		return s.save(ctx, tx, &a)
	})
}

// pair keeps the keyed hashes that the method of the series makes, and the rotated
// set that goes with them.
func (s *Service) pair(ctx context.Context, tx *storage.Store, a *Answering, f PairForm) error {
	switch a.Campaign.Pairing {
	case surveys.PairingCard:
		card, err := pairing.ParseCard(f.Card)
		if err != nil {
			return cardFault(err)
		}
		return s.pairWith(ctx, tx, a, func(key pairing.Key, series string) (pairing.Hashes, pairing.Set) {
			return pairing.HashCard(key, series, card), card.Set()
		})
	case surveys.PairingCode:
		var bad faults
		for _, n := range pairing.BadElements(f.Elements) {
			bad.add(ElementField(n), "respond.code_fault_"+strconv.Itoa(n))
		}
		if err := bad.err(); err != nil {
			return err
		}
		code, err := pairing.NewCode(f.Elements)
		if err != nil {
			return err
		}
		return s.pairWith(ctx, tx, a, func(key pairing.Key, series string) (pairing.Hashes, pairing.Set) {
			h := pairing.HashCode(key, series, code)
			return h, h.Full.Set()
		})
	case surveys.PairingLink:
		return s.pairWith(ctx, tx, a, func(key pairing.Key, series string) (pairing.Hashes, pairing.Set) {
			h := pairing.HashLink(key, series, []byte(a.person))
			return h, h.Full.Set()
		})
	default:
		return fmt.Errorf("pairing of campaign %s: %w", a.Campaign.ID, surveys.ErrInvalid)
	}
}

// ElementField names the form field of an element of the remembered code, 1–6.
func ElementField(n int) string { return "cod_" + strconv.Itoa(n) }

// pairWith keeps the hashes made with the key of the series, and the set: the one
// given in the first wave, the other one afterwards.
func (s *Service) pairWith(ctx context.Context, tx *storage.Store, a *Answering, hash func(key pairing.Key, series string) (pairing.Hashes, pairing.Set)) error {
	series, err := tx.Series(ctx, a.Campaign.EnteID, a.Campaign.SeriesID)
	if err != nil {
		return err
	}
	key, err := s.seriesKey(series)
	if err != nil {
		return err
	}
	h, set := hash(key, series.ID.String())
	if a.Campaign.Wave != surveys.ExAnte {
		set = set.Other()
	}
	a.draft.Pair, a.draft.Set, a.draft.Masked = h.Full.String(), surveys.Form(set.String()), nil
	for _, m := range h.Masked {
		if !m.IsZero() {
			a.draft.Masked = append(a.draft.Masked, m.String())
		}
	}
	return nil
}

// seriesKey unwraps the key of a series.
func (s *Service) seriesKey(series storage.Series) (pairing.Key, error) {
	master, err := pairing.KeyFromBytes(s.key)
	if err != nil {
		return pairing.Key{}, err
	}
	b, err := pairing.UnwrapSecret(master, seriesContext(series.ID), series.KeyWrapped)
	if err != nil {
		return pairing.Key{}, fmt.Errorf("unwrapping the key of series %s: %w", series.ID, err)
	}
	return pairing.KeyFromBytes(b)
}

// hashes reads back what pairWith kept.
func (d draft) hashes() (pairing.Hashes, error) {
	var h pairing.Hashes
	if d.Pair == "" {
		return h, nil
	}
	var err error
	if h.Full, err = pairing.ParseHash(d.Pair); err != nil {
		return h, err
	}
	for m := range min(len(d.Masked), len(h.Masked)) {
		if h.Masked[m], err = pairing.ParseHash(d.Masked[m]); err != nil {
			return h, err
		}
	}
	return h, nil
}

// cardFault says beside the field what is mistyped.
func cardFault(err error) error {
	var typing *pairing.TypingError
	if !errors.As(err, &typing) {
		return err
	}
	switch {
	case errors.Is(err, pairing.ErrLength):
		return Invalid("card", "respond.card_length", "Got", typing.Got, "Want", typing.Want)
	case errors.Is(err, pairing.ErrCharacter):
		return Invalid("card", "respond.card_character", "Position", typing.Position)
	case errors.Is(err, pairing.ErrSet):
		return Invalid("card", "respond.card_set")
	default:
		return Invalid("card", "respond.card_check")
	}
}

// NewCard makes a card for a browser without JavaScript. It is kept nowhere.
func (s *Service) NewCard() (string, error) {
	card, err := pairing.NewCard(s.random)
	return card.Text(), err
}
