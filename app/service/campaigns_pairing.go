package service

import (
	"context"
	"errors"
	"strings"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/surveys"
)

// pairingChoice says what the form of a new wave can choose: nothing where a later
// wave goes on with the series of the ex-ante.
func (s *Service) pairingChoice(ctx context.Context, l *CampaignList) error {
	ente := l.Place.Ente.ID
	for _, row := range l.Rows {
		if row.Campaign.Wave != surveys.ExAnte {
			continue
		}
		series, err := s.store.Series(ctx, ente, row.Campaign.SeriesID)
		if err != nil {
			return err
		}
		if series.Destroyed.IsZero() {
			l.Method = series.Method
		}
	}
	host, err := s.store.HostOf(ctx, ente)
	if errors.Is(err, storage.ErrNotFound) {
		return nil
	}
	l.Keeper = host.KeyHolder
	return err
}

// keeperOf tells who keeps the pairing key of a campaign outside the ente.
func keeperOf(ctx context.Context, st *storage.Store, c storage.Campaign) (string, error) {
	if c.Pairing == surveys.PairingCard || c.ProgrammeID == "" {
		return "", nil
	}
	host, err := st.Programme(ctx, c.ProgrammeID)
	return host.KeyHolder, err
}

// maxKeyHolder is the length of who keeps the keys, in characters.
const maxKeyHolder = 200

// SetKeyHolder notes who keeps the pairing keys of a programme outside its enti: from
// then on its enti may pair by remembered code or by link. Empty takes it back, which
// an InvalidError refuses while a key that is so kept still exists. By the
// administrator of the system, who alone can know where the key is.
func (s *Service) SetKeyHolder(ctx context.Context, actor auth.Actor, programme surveys.ID, holder string) error {
	if err := s.authoriseSystem(actor, auth.ProgrammeCreate); err != nil {
		return err
	}
	holder = strings.Join(strings.Fields(holder), " ")
	if len([]rune(holder)) > maxKeyHolder {
		return Invalid("custode", "form.max", "Param", maxKeyHolder)
	}
	return s.change(ctx, actor, func(tx *storage.Store) (Change, error) {
		if holder == "" {
			if err := refuseHeld(ctx, tx, programme, ""); err != nil {
				return Change{}, err
			}
		}
		return Change{Action: "programme.key_holder", Subject: "programme:" + programme.String(), Detail: map[string]string{"holder": holder}},
			tx.SetKeyHolder(ctx, programme, holder)
	})
}

// refuseHeld is an InvalidError when the programme still keeps pairing keys, of one
// ente or of any.
func refuseHeld(ctx context.Context, tx *storage.Store, programme, ente surveys.ID) error {
	n, err := tx.CountHeldKeys(ctx, programme, ente)
	if err != nil || n == 0 {
		return err
	}
	return Invalid("custode", "programme.fault_keys", "Count", n)
}
