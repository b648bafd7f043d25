package service

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/surveys"
)

// MaxReminders is how many days of reminders a wave may have ahead.
const MaxReminders = 3

// reminderHour is when the reminder of a day leaves, Europe/Rome.
const reminderHour = 9

// Remind writes again to everybody who was invited, whether they answered or not:
// no list of mails tells who did. Once a day at most.
func (s *Service) Remind(ctx context.Context, actor auth.Actor, ente, id surveys.ID) error {
	return s.inCampaign(ctx, actor, ente, id, auth.CampaignEdit, func(tx *storage.Store, p Place, c *storage.Campaign) (Change, error) {
		if err := c.Accepts(s.clock()); err != nil {
			return Change{}, fmt.Errorf("reminding of campaign %s: %w", id, err)
		}
		_, last, err := tx.InvitationCounts(ctx, ente, id)
		if err != nil {
			return Change{}, err
		}
		if !last.Before(s.Today()) {
			return Change{}, Invalid("", "campaign.fault_reminded")
		}
		all, err := tx.Invitations(ctx, ente, id)
		if err != nil {
			return Change{}, err
		}
		return Change{Action: "campaign.remind", Detail: map[string]int{"mails": len(all)}}, s.writeTo(ctx, tx, p, *c, all, mailReminder)
	})
}

// reminderDays reads the days chosen for reminders: after the opening, up to the day
// of closing, in order. Empty ones are passed over.
func (s *Service) reminderDays(bad *faults, typed []string, opens, closes time.Time) []string {
	var days []string
	for i, d := range typed {
		if d = strings.TrimSpace(d); d == "" {
			continue
		}
		field := fmt.Sprintf("reminder_%d", i+1)
		switch _, err := time.Parse(time.DateOnly, d); {
		case err != nil:
			bad.add(field, "campaign.fault_reminder_day")
		case d <= s.dayInRome(opens) || d > s.dayInRome(closes):
			bad.add(field, "campaign.fault_reminder_range")
		case slices.Contains(days, d):
			bad.add(field, "campaign.fault_reminder_twice")
		default:
			days = append(days, d)
		}
	}
	slices.Sort(days)
	return days
}

// SetReminders chooses anew the days of the reminders of an open wave, from tomorrow on.
func (s *Service) SetReminders(ctx context.Context, actor auth.Actor, ente, id surveys.ID, typed []string) error {
	return s.inCampaign(ctx, actor, ente, id, auth.CampaignEdit, func(tx *storage.Store, _ Place, c *storage.Campaign) (Change, error) {
		now := s.clock()
		if err := c.Accepts(now); err != nil {
			return Change{}, fmt.Errorf("reminders of campaign %s: %w", id, err)
		}
		var bad faults
		days := s.reminderDays(&bad, typed, later(c.OpensAt, now), c.ClosesAt)
		if err := bad.err(); err != nil {
			return Change{}, err
		}
		all, err := tx.Invitations(ctx, ente, id)
		if err == nil {
			err = linksKept(all)
		}
		if err != nil {
			return Change{}, err
		}
		c.Reminders = days
		return Change{Action: "campaign.reminders", Detail: map[string]any{"days": days}}, tx.UpdateCampaign(ctx, *c)
	})
}

// lastReminderDay is the last day whose reminders are due by now.
func (s *Service) lastReminderDay() string {
	now := s.clock().In(s.rome)
	if now.Hour() < reminderHour {
		now = now.AddDate(0, 0, -1)
	}
	return now.Format(time.DateOnly)
}

// remindDue sends the reminder whose day has come, to everybody; when several days
// have passed, or everybody was written to today, only one mail or none leaves.
func (s *Service) remindDue(ctx context.Context, tx *storage.Store, p Place, c *storage.Campaign) (Change, error) {
	until := s.lastReminderDay()
	c.Reminders = slices.DeleteFunc(c.Reminders, func(d string) bool { return d <= until })
	if err := tx.UpdateCampaign(ctx, *c); err != nil {
		return Change{}, err
	}
	_, last, err := tx.InvitationCounts(ctx, c.EnteID, c.ID)
	if err != nil {
		return Change{}, err
	}
	var all []storage.Invitation
	if last.Before(s.Today()) {
		if all, err = tx.Invitations(ctx, c.EnteID, c.ID); err != nil {
			return Change{}, err
		}
		if err := s.writeTo(ctx, tx, p, *c, all, mailReminder); err != nil {
			return Change{}, err
		}
	}
	return Change{Action: "campaign.remind", Detail: map[string]int{"mails": len(all)}}, nil
}

// Delivery is how the mail of one invited person went. It tells nothing of answers.
type Delivery struct {
	Invitation    surveys.ID
	Email, Office string
	Waiting       bool // a mail is in the queue
	Undelivered   bool // the last one was refused for good
	Written       bool // a mail went to everybody
}

// Deliveries lists everybody invited to a wave with the state of their mail; of the
// view it fills place, campaign and mails.
func (s *Service) Deliveries(ctx context.Context, actor auth.Actor, ente, id surveys.ID) (CampaignView, []Delivery, error) {
	v := CampaignView{Now: s.clock()}
	var err error
	if v.Place, err = s.Place(ctx, actor, ente, auth.CampaignEdit); err != nil {
		return v, nil, err
	}
	if v.Campaign, err = s.store.Campaign(ctx, ente, id); err != nil {
		return v, nil, err
	}
	all, err := s.store.Invitations(ctx, ente, id)
	if err != nil {
		return v, nil, err
	}
	waiting, err := s.store.WaitingMail(ctx, ente, id)
	if err != nil {
		return v, nil, err
	}
	v.Mails = storage.MailState{Invited: len(all), Waiting: len(waiting)}
	list := make([]Delivery, 0, len(all))
	for _, i := range all {
		if i.Undelivered {
			v.Mails.Undelivered++
		}
		list = append(list, Delivery{Invitation: i.ID, Email: i.Email, Office: i.Office, Waiting: waiting[i.ID], Undelivered: i.Undelivered, Written: !i.SentOn.IsZero()})
	}
	return v, list, nil
}

// Resend writes again to one person, whether she or he answered or not. The audit
// row names the wave, not the person.
func (s *Service) Resend(ctx context.Context, actor auth.Actor, ente, id, invitation surveys.ID) error {
	return s.inCampaign(ctx, actor, ente, id, auth.CampaignEdit, func(tx *storage.Store, p Place, c *storage.Campaign) (Change, error) {
		if err := c.Accepts(s.clock()); err != nil {
			return Change{}, fmt.Errorf("writing again for campaign %s: %w", id, err)
		}
		all, err := tx.Invitations(ctx, ente, id)
		if err != nil {
			return Change{}, err
		}
		i := slices.IndexFunc(all, func(x storage.Invitation) bool { return x.ID == invitation })
		if i < 0 {
			return Change{}, fmt.Errorf("invitation %s: %w", invitation, storage.ErrNotFound)
		}
		waiting, err := tx.WaitingMail(ctx, ente, id)
		if err != nil {
			return Change{}, err
		}
		if waiting[invitation] {
			return Change{}, Invalid("", "campaign.fault_waiting")
		}
		return Change{Action: "campaign.resend"}, s.queueMails(ctx, tx, p, *c, all[i:i+1], mailInvitation)
	})
}
