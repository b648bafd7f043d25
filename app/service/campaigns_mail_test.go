package service_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"traguardo/app/auth"
	"traguardo/app/service"
	"traguardo/app/storage"
	"traguardo/surveys"
	"traguardo/surveys/comune"
)

// opened opens an ex-ante wave of eleven days with these days of reminders.
func (o *office) opened(t *testing.T, e comune.Ente, reminders ...string) surveys.ID {
	t.Helper()
	day := func(n int) string { return o.clock.AddDate(0, 0, n).Format(time.DateOnly) }
	id, err := o.CreateCampaign(t.Context(), auth.SystemActor(), e.ID, service.CampaignForm{Wave: "exante", OpensDay: day(0), OpensHour: "08:00",
		ClosesDay: day(10), ClosesHour: "18:00", Threshold: 5, Reminders: reminders, Informativa: "Serve a programmare la formazione.", UnionsNotice: "Nota 2", Opinion: "Parere 1"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.OpenCampaign(t.Context(), auth.SystemActor(), e.ID, id, service.Opening{AtOnce: true, Keys: service.KeysChecked}); err != nil {
		t.Fatal(err)
	}
	return id
}

func (o *office) advance(t *testing.T, to time.Time) {
	t.Helper()
	o.clock = to
	if err := o.AdvanceWaves(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// queued counts what waits in the outbox.
func (o *office) queued(t *testing.T, want int64) {
	t.Helper()
	if q, _, _, err := o.store.MailCounts(t.Context()); q != want || err != nil {
		t.Errorf("at %s: %d mails wait, %v, want %d", o.clock.Format(time.DateTime), q, err, want)
	}
}

func TestRemindersOnChosenDays(t *testing.T) {
	run(t, func(t *testing.T, o *office) {
		ctx, system := t.Context(), auth.SystemActor()
		e, other := o.ente(t, "Alfa"), o.ente(t, "Beta")
		o.people(t, e, 6)
		o.people(t, other, 3)
		mailer := openPost(t, &postOffice{})
		id := o.opened(t, e, "2026-11-26", "", "2026-11-25") // opened on Monday the 23rd
		o.opened(t, other)
		o.queued(t, 9)
		if n, err := o.DeliverMail(ctx, mailer); n != 9 || err != nil {
			t.Fatalf("delivered %d, %v", n, err)
		}
		at := func(day, hour int) time.Time { return time.Date(2026, 11, day, hour, 0, 0, 0, time.UTC) }
		o.advance(t, at(25, 7)) // 8 in Rome: not yet
		o.queued(t, 0)
		o.advance(t, at(25, 8))
		o.queued(t, 6) // everybody of the first ente, nobody of the second
		o.advance(t, at(25, 9))
		o.queued(t, 6)
		if err := o.Remind(ctx, system, e.ID, id); len(service.FaultsOf(err)) != 1 {
			t.Errorf("by hand on the same day: got %v, want a fault", err)
		}
		if _, err := o.DeliverMail(ctx, mailer); err != nil {
			t.Fatal(err)
		}
		o.clock = at(26, 7)
		if err := o.Remind(ctx, system, e.ID, id); err != nil {
			t.Fatal(err)
		}
		o.advance(t, at(26, 10)) // by hand in the morning: no second one
		o.queued(t, 6)
		c, err := o.store.Campaign(ctx, e.ID, id)
		if err != nil || len(c.Reminders) != 0 {
			t.Errorf("days left: got %v, %v, want none", c.Reminders, err)
		}
		for _, days := range [][]string{{"2026-11-26"}, {"2026-12-04"}, {"martedì"}, {"2026-11-28", "2026-11-28"}} {
			if err := o.SetReminders(ctx, system, e.ID, id, days); len(service.FaultsOf(err)) != 1 {
				t.Errorf("%v: got %v, want a fault", days, err)
			}
		}
		if err := o.SetReminders(ctx, system, other.ID, id, []string{"2026-11-28"}); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("from another ente: got %v", err)
		}
		if err := o.SetReminders(ctx, system, e.ID, id, []string{"2026-11-30", "2026-11-28"}); err != nil {
			t.Fatal(err)
		}
		if err := o.CloseCampaign(ctx, system, e.ID, id); err != nil {
			t.Fatal(err)
		}
		o.queued(t, 0) // links of a closed wave wait no longer
		o.advance(t, at(28, 12))
		o.queued(t, 0)
	})
}

func TestRefusedMailAndResend(t *testing.T) {
	run(t, func(t *testing.T, o *office) {
		ctx, system := t.Context(), auth.SystemActor()
		e, other := o.ente(t, "Alfa"), o.ente(t, "Beta")
		o.people(t, e, 6)
		o.people(t, other, 2)
		post := &postOffice{answer: map[string]*smtp.SMTPError{"p01@alfa.example": {Code: 550, Message: "unknown"}, "p02@alfa.example": {Code: 451, Message: "later"}}}
		mailer := openPost(t, post)
		id := o.opened(t, e)
		o.opened(t, other)
		if _, err := o.DeliverMail(ctx, mailer); err != nil {
			t.Fatal(err)
		}
		states := func(wantRefused, wantWaiting string) []service.Delivery {
			t.Helper()
			v, list, err := o.Deliveries(ctx, system, e.ID, id)
			if err != nil || len(list) != 6 {
				t.Fatalf("got %d, %v", len(list), err)
			}
			var refused, waiting []string
			for _, d := range list {
				if d.Undelivered {
					refused = append(refused, d.Email[:3])
				}
				if d.Waiting {
					waiting = append(waiting, d.Email[:3])
				}
			}
			if got := strings.Join(refused, " "); got != wantRefused || v.Mails.Undelivered != len(refused) {
				t.Errorf("refused: got %q, want %q", got, wantRefused)
			}
			if got := strings.Join(waiting, " "); got != wantWaiting {
				t.Errorf("waiting: got %q, want %q", got, wantWaiting)
			}
			return list
		}
		list := states("p01", "p02")
		if v, err := o.Campaign(ctx, system, e.ID, id); err != nil || v.Mails.Undelivered != 1 || v.Mails.Waiting != 1 || v.Mails.Invited != 6 {
			t.Errorf("the wave's page: got %+v, %v", v.Mails, err)
		}
		if err := o.Resend(ctx, system, other.ID, id, list[1].Invitation); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("from another ente: got %v", err)
		}
		if err := o.Resend(ctx, system, e.ID, id, list[2].Invitation); len(service.FaultsOf(err)) != 1 {
			t.Errorf("one that waits already: got %v, want a fault", err)
		}
		delete(post.answer, "p01@alfa.example")
		if err := o.Resend(ctx, system, e.ID, id, list[1].Invitation); err != nil {
			t.Fatal(err)
		}
		states("p01", "p01 p02")
		if n, err := o.DeliverMail(ctx, mailer); n != 1 || err != nil {
			t.Errorf("delivered %d, %v, want 1", n, err)
		}
		states("", "p02")
		trail, err := o.store.AuditTrail(ctx, e.ID, 50)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range trail {
			if strings.HasPrefix(row.Action, "campaign.resend") && (row.Subject != "campaign:"+id.String() || strings.Contains(row.Detail, "p01") || strings.Contains(row.Detail, list[1].Invitation.String())) {
				t.Errorf("the audit row names a person: %+v", row)
			}
		}
	})
}

func TestDailyCap(t *testing.T) {
	run(t, func(t *testing.T, o *office) {
		ctx, system := t.Context(), auth.SystemActor()
		o.cap(t, 4)
		e := o.ente(t, "Alfa")
		o.people(t, e, 6)
		mailer := openPost(t, &postOffice{})
		deliver := func(want int) {
			t.Helper()
			if n, err := o.DeliverMail(ctx, mailer); n != want || err != nil {
				t.Errorf("at %s: %d sent, %v, want %d", o.clock.Format(time.DateTime), n, err, want)
			}
		}
		o.opened(t, e)
		if _, err := o.AddUser(ctx, system, service.NewAccount{Email: "nuovo@alfa.example", Name: "Nuovo", Invite: true}); err != nil {
			t.Fatal(err)
		}
		deliver(4)
		deliver(0)
		due, err := o.store.DueMail(ctx, o.clock, 10)
		if err != nil || len(due) != 3 {
			t.Fatalf("left: %d, %v, want 3 invitations", len(due), err)
		}
		for _, m := range due {
			if m.Invitation == "" {
				t.Errorf("%s: mail of an account waits behind those of a wave", m.Recipient)
			}
		}
		o.clock = time.Date(2026, 11, 23, 23, 30, 0, 0, time.UTC) // the next day in Rome
		deliver(3)
		deliver(0)
	})
}
