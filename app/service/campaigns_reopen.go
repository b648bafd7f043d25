package service

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/surveys"
)

// Bounds of the reason for opening a wave again, in characters.
const (
	minReason = 10
	maxReason = 500
)

// Reopening is how a closed wave is opened again.
type Reopening struct {
	Day, Hour string // of the new closing, Europe/Rome
	Reason    string
}

// ReopenCampaign takes a closed wave back: an act of the RTD with its reason, only
// while nobody has seen what the wave found. Answers stay; drafts and the secrets of
// links went at closing, so that no reminder or letter can be made.
func (s *Service) ReopenCampaign(ctx context.Context, actor auth.Actor, ente, id surveys.ID, r Reopening) error {
	return s.inCampaign(ctx, actor, ente, id, auth.CampaignClose, func(tx *storage.Store, _ Place, c *storage.Campaign) (Change, error) {
		if c.State != surveys.CampaignClosed {
			return Change{}, fmt.Errorf("opening campaign %s again: %w", id, surveys.ErrState)
		}
		now := s.clock()
		var bad faults
		until, reason := s.hour(&bad, "closes_day", r.Day, r.Hour), strings.TrimSpace(r.Reason)
		if len(bad.list) == 0 && !until.After(now) {
			bad.add("closes_day", "campaign.fault_past")
		}
		if n := utf8.RuneCountInString(reason); n < minReason || n > maxReason {
			bad.add("reason", "campaign.fault_reason", "Min", minReason, "Max", maxReason)
		}
		if err := s.reopenable(ctx, tx, *c, &bad); err != nil {
			return Change{}, err
		}
		if err := bad.err(); err != nil {
			return Change{}, err
		}
		if err := tx.RemoveCampaignResults(ctx, ente, id); errors.Is(err, storage.ErrConflict) {
			return Change{}, Invalid("", "campaign.fault_seen")
		} else if err != nil {
			return Change{}, err
		}
		if err := c.Reopen(now, until); err != nil {
			return Change{}, err
		}
		c.Reminders = nil
		return Change{Action: "campaign.reopen", Detail: map[string]any{"reason": reason, "closes_at": until.Unix()}}, tx.UpdateCampaign(ctx, *c)
	})
}

// reopenable adds what forbids opening a closed wave again: seen results, a later wave
// that is compared with it, a destroyed key.
func (s *Service) reopenable(ctx context.Context, tx *storage.Store, c storage.Campaign, bad *faults) error {
	if c.ResultsSeen {
		bad.add("", "campaign.fault_seen")
	}
	list, err := tx.Campaigns(ctx, c.EnteID)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(list, func(x storage.Campaign) bool { return x.PairsWith == c.ID && x.State != surveys.CampaignDraft }) {
		bad.add("", "campaign.fault_later_wave")
	}
	series, err := tx.Series(ctx, c.EnteID, c.SeriesID)
	if err == nil && !series.Destroyed.IsZero() {
		bad.add("", "campaign.fault_key_gone")
	}
	return err
}

// linksKept refuses what needs the personal links after a wave was closed and opened
// again.
func linksKept(all []storage.Invitation) error {
	if slices.ContainsFunc(all, func(i storage.Invitation) bool { return len(i.SecretWrapped) == 0 }) {
		return Invalid("", "campaign.fault_links_gone")
	}
	return nil
}
