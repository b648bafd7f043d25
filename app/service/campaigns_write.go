package service

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/surveys"
)

// FormOf is the form of a stored wave, for editing it.
func (s *Service) FormOf(c storage.Campaign) CampaignForm {
	f := CampaignForm{Wave: string(c.Wave), Short: c.Short, Threshold: c.Threshold, Projects: c.Projects, Reminders: c.Reminders,
		Informativa: c.Informativa, UnionsNotice: c.UnionsNotice, Opinion: c.RPDOpinion}
	f.OpensDay, f.OpensHour = s.dayInRome(c.OpensAt), c.OpensAt.In(s.rome).Format("15:04")
	f.ClosesDay, f.ClosesHour = s.dayInRome(c.ClosesAt), c.ClosesAt.In(s.rome).Format("15:04")
	for _, m := range c.Modules {
		f.Modules = append(f.Modules, string(m))
	}
	return f
}

// inCampaign runs fn on a locked campaign in one transaction with its audit row.
func (s *Service) inCampaign(ctx context.Context, actor auth.Actor, ente, id surveys.ID, action auth.Action,
	fn func(tx *storage.Store, p Place, c *storage.Campaign) (Change, error)) error {
	return s.changeIn(ctx, actor, ente, action, func(tx *storage.Store, p Place) (Change, error) {
		c, err := tx.LockCampaign(ctx, ente, id)
		if err != nil {
			return Change{}, err
		}
		change, err := fn(tx, p, &c)
		change.Subject = "campaign:" + id.String()
		return change, err
	})
}

// UpdateCampaign writes a draft anew; version is the one that the form was made
// from. An opening that was ordered has to be ordered again.
func (s *Service) UpdateCampaign(ctx context.Context, actor auth.Actor, ente, id surveys.ID, version int64, f CampaignForm) error {
	return s.inCampaign(ctx, actor, ente, id, auth.CampaignEdit, func(tx *storage.Store, _ Place, c *storage.Campaign) (Change, error) {
		if c.State != surveys.CampaignDraft {
			return Change{}, fmt.Errorf("editing campaign %s: %w", id, surveys.ErrState)
		}
		if c.Version != version {
			return Change{}, fmt.Errorf("editing campaign %s: %w", id, storage.ErrStale)
		}
		staff, err := tx.CountStaff(ctx, ente)
		if err != nil {
			return Change{}, err
		}
		c.Eligible = staff
		if err := s.fillCampaign(c, f, staff); err != nil {
			return Change{}, err
		}
		c.ScheduledBy = ""
		if err := c.Validate(); err != nil {
			return Change{}, err
		}
		return Change{Action: "campaign.update"}, tx.UpdateCampaign(ctx, *c)
	})
}

// RemoveCampaign deletes a draft.
func (s *Service) RemoveCampaign(ctx context.Context, actor auth.Actor, ente, id surveys.ID) error {
	return s.inCampaign(ctx, actor, ente, id, auth.CampaignEdit, func(tx *storage.Store, _ Place, c *storage.Campaign) (Change, error) {
		if c.State != surveys.CampaignDraft {
			return Change{}, fmt.Errorf("removing campaign %s: %w", id, surveys.ErrState)
		}
		return Change{Action: "campaign.remove", Detail: map[string]string{"wave": string(c.Wave)}}, tx.RemoveCampaign(ctx, ente, id)
	})
}

// What the RTD says of knowledge keys that are past their date of review.
const (
	KeysChecked  = "checked"  // they were checked and still hold
	KeysWithheld = "withheld" // they were not: the items are not served
)

// Opening is how a wave is to be opened.
type Opening struct {
	AtOnce bool   // now, whatever hour was stated
	Keys   string // KeysChecked or KeysWithheld; needed only when keys are past review_by
}

// OpenCampaign opens a wave now, or orders its opening at the stated hour: an act
// of the RTD. opened tells which of the two happened.
func (s *Service) OpenCampaign(ctx context.Context, actor auth.Actor, ente, id surveys.ID, o Opening) (opened bool, err error) {
	err = s.inCampaign(ctx, actor, ente, id, auth.CampaignClose, func(tx *storage.Store, p Place, c *storage.Campaign) (Change, error) {
		now := s.clock()
		if c.State != surveys.CampaignDraft {
			return Change{}, fmt.Errorf("opening campaign %s: %w", id, surveys.ErrState)
		}
		if o.AtOnce && now.Before(c.OpensAt) {
			c.OpensAt = now
		}
		if err := s.confirmKeys(ctx, tx, c, actor, o.Keys, now); err != nil {
			return Change{}, err
		}
		if opened = !now.Before(c.OpensAt); opened {
			return s.open(ctx, tx, p, c, now)
		}
		if err := s.ready(ctx, tx, *c, now); err != nil {
			return Change{}, err
		}
		c.ScheduledBy = surveys.ID(actor.ID())
		return Change{Action: "campaign.schedule", Detail: map[string]int64{"opens_at": c.OpensAt.Unix()}}, tx.UpdateCampaign(ctx, *c)
	})
	return opened, err
}

// confirmKeys notes who checked the keys that are past their date when the wave opens.
func (s *Service) confirmKeys(ctx context.Context, tx *storage.Store, c *storage.Campaign, actor auth.Actor, said string, now time.Time) error {
	in, err := s.instrument(ctx, tx, c.InstrumentHash)
	if err != nil {
		return err
	}
	if len(in.DueForReview(s.dayInRome(later(c.OpensAt, now)))) == 0 {
		return nil
	}
	switch said {
	case KeysChecked:
		c.KeysConfirmed = surveys.ID(actor.ID())
	case KeysWithheld:
		c.KeysConfirmed = ""
	default:
		return Invalid("keys", "campaign.fault_keys")
	}
	return nil
}

// ready refuses to open a wave to which something is missing, naming all of it.
func (s *Service) ready(ctx context.Context, tx *storage.Store, c storage.Campaign, now time.Time) error {
	staff, err := tx.CountStaff(ctx, c.EnteID)
	if err != nil {
		return err
	}
	var paired *storage.Campaign
	if c.PairsWith != "" {
		p, err := tx.Campaign(ctx, c.EnteID, c.PairsWith)
		if err != nil {
			return err
		}
		paired = &p
	}
	var bad faults
	for _, key := range missing(c, paired, staff, now) {
		bad.add("", key)
	}
	return bad.err()
}

// open starts the wave: everybody in service is invited, the number is frozen, the
// mails are queued.
func (s *Service) open(ctx context.Context, tx *storage.Store, p Place, c *storage.Campaign, now time.Time) (Change, error) {
	if err := s.ready(ctx, tx, *c, now); err != nil {
		return Change{}, err
	}
	invited, err := s.invite(ctx, tx, c)
	if err != nil {
		return Change{}, err
	}
	if err := c.SetEligible(len(invited)); err != nil {
		return Change{}, err
	}
	if err := c.Open(now); err != nil {
		return Change{}, err
	}
	if err := tx.UpdateCampaign(ctx, *c); err != nil {
		return Change{}, err
	}
	if err := s.writeTo(ctx, tx, p, *c, invited, mailInvitation); err != nil {
		return Change{}, err
	}
	return Change{Action: "campaign.open", Detail: map[string]any{"eligible": c.Eligible, "keys_confirmed": c.KeysConfirmed != ""}}, nil
}

// UnscheduleCampaign takes an ordered opening back.
func (s *Service) UnscheduleCampaign(ctx context.Context, actor auth.Actor, ente, id surveys.ID) error {
	return s.inCampaign(ctx, actor, ente, id, auth.CampaignClose, func(tx *storage.Store, _ Place, c *storage.Campaign) (Change, error) {
		if c.State != surveys.CampaignDraft || c.ScheduledBy == "" {
			return Change{}, fmt.Errorf("taking back the opening of campaign %s: %w", id, surveys.ErrState)
		}
		c.ScheduledBy = ""
		return Change{Action: "campaign.unschedule"}, tx.UpdateCampaign(ctx, *c)
	})
}

// ExtendCampaign moves the hour of closing of an open wave to a later one.
func (s *Service) ExtendCampaign(ctx context.Context, actor auth.Actor, ente, id surveys.ID, day, clock string) error {
	return s.inCampaign(ctx, actor, ente, id, auth.CampaignClose, func(tx *storage.Store, _ Place, c *storage.Campaign) (Change, error) {
		now := s.clock()
		if err := c.Accepts(now); err != nil {
			return Change{}, fmt.Errorf("extending campaign %s: %w", id, err)
		}
		var bad faults
		to := s.hour(&bad, "closes_day", day, clock)
		if len(bad.list) == 0 && !to.After(c.ClosesAt) {
			bad.add("closes_day", "campaign.fault_extend")
		}
		if err := bad.err(); err != nil {
			return Change{}, err
		}
		c.ClosesAt = to
		return Change{Action: "campaign.extend", Detail: map[string]int64{"closes_at": to.Unix()}}, tx.UpdateCampaign(ctx, *c)
	})
}

// CloseCampaign ends an open wave now: an act of the RTD that cannot be taken back.
func (s *Service) CloseCampaign(ctx context.Context, actor auth.Actor, ente, id surveys.ID) error {
	err := s.inCampaign(ctx, actor, ente, id, auth.CampaignClose, func(tx *storage.Store, _ Place, c *storage.Campaign) (Change, error) {
		return s.close(ctx, tx, c, s.clock())
	})
	return errors.Join(err, s.scrub(ctx, err))
}

// seriesBusy reports whether a wave of the campaign's series is prepared or open.
func seriesBusy(ctx context.Context, st *storage.Store, c storage.Campaign) (bool, error) {
	list, err := st.Campaigns(ctx, c.EnteID)
	return slices.ContainsFunc(list, func(x storage.Campaign) bool {
		return x.SeriesID == c.SeriesID && x.State != surveys.CampaignClosed
	}), err
}

// DestroyKey erases the pairing key of a closed wave's series: from then on nobody
// can pair its answers with those of another wave, and they are anonymous. An act of
// the RTD that cannot be taken back.
func (s *Service) DestroyKey(ctx context.Context, actor auth.Actor, ente, id surveys.ID) error {
	err := s.inCampaign(ctx, actor, ente, id, auth.CampaignClose, func(tx *storage.Store, _ Place, c *storage.Campaign) (Change, error) {
		busy, err := seriesBusy(ctx, tx, *c)
		if err != nil {
			return Change{}, err
		}
		if busy {
			return Change{}, fmt.Errorf("destroying the key of series %s: %w", c.SeriesID, surveys.ErrState)
		}
		return Change{Action: "campaign.destroy_key", Detail: map[string]string{"series": c.SeriesID.String()}},
			tx.DestroySeriesKey(ctx, ente, c.SeriesID, s.clock())
	})
	return errors.Join(err, s.scrub(ctx, err))
}

// scrub clears what the rewriting of a closed wave left on disk.
func (s *Service) scrub(ctx context.Context, closing error) error {
	if closing != nil {
		return nil
	}
	if err := s.store.Scrub(ctx); err != nil {
		// The wave is closed and its rows are shuffled: the next sweep of the database clears the rest.
		s.log.Warn("clearing old row versions", "error", err.Error())
	}
	return nil
}

// AdvanceWaves opens and closes what is due by the stated hours, and reminds. It is a job, safe
// to run twice: one wave that cannot be opened or closed does not hold up the others.
func (s *Service) AdvanceWaves(ctx context.Context) error {
	due, err := s.store.DueCampaigns(ctx, s.clock(), s.lastReminderDay())
	if err != nil {
		return err
	}
	var failed []error
	for _, d := range due {
		err := s.inCampaign(ctx, auth.SystemActor(), d.EnteID, d.ID, auth.CampaignClose, func(tx *storage.Store, p Place, c *storage.Campaign) (Change, error) {
			now := s.clock()
			switch {
			case c.State == surveys.CampaignOpen && !now.Before(c.ClosesAt):
				return s.close(ctx, tx, c, now)
			case c.State == surveys.CampaignOpen && len(c.Reminders) > 0 && c.Reminders[0] <= s.lastReminderDay():
				return s.remindDue(ctx, tx, p, c)
			case c.State == surveys.CampaignDraft && c.ScheduledBy != "" && !now.Before(c.OpensAt):
				return s.open(ctx, tx, p, c, now)
			default:
				return Change{}, errNothingDue
			}
		})
		switch {
		case errors.Is(err, errNothingDue):
		case len(FaultsOf(err)) > 0:
			s.log.Warn("a wave could not open at its hour", "campaign", d.ID, "ente", d.EnteID, "error", err.Error())
		case err != nil:
			failed = append(failed, fmt.Errorf("campaign %s of %s: %w", d.ID, d.EnteID, err))
		case d.State == surveys.CampaignOpen:
			failed = append(failed, s.scrub(ctx, nil))
		}
	}
	return errors.Join(failed...)
}

var errNothingDue = errors.New("nothing is due any more")
