package storage

import (
	"context"
	"time"

	"traguardo/surveys"
)

// Mail is one message of the outbox.
type Mail struct {
	ID         surveys.ID
	EnteID     surveys.ID // empty when of no ente
	Invitation surveys.ID // of a wave; empty for other mail
	Recipient  string
	Subject    string
	Text       string
	HTML       string
	Attempts   int
	CreatedAt  time.Time
}

type outboxRow struct {
	ID           string `gorm:"primaryKey"`
	EnteID       string
	InvitationID string
	Recipient    string
	Subject      string
	BodyText     string
	BodyHTML     string `gorm:"column:body_html"`
	State        string
	Attempts     int64
	NextAt       int64
	CreatedAt    int64 `gorm:"autoCreateTime:false"`
	SentOn       *string
	LastError    string
}

func (outboxRow) TableName() string { return "outbox" }

// AddMail puts a message in the outbox, in the same transaction as its cause.
func (s *Store) AddMail(ctx context.Context, m Mail) error {
	row := outboxRow{ID: m.ID.String(), EnteID: m.EnteID.String(), InvitationID: m.Invitation.String(), Recipient: m.Recipient, Subject: m.Subject, BodyText: m.Text,
		BodyHTML: m.HTML, State: "queued", NextAt: unix(m.CreatedAt), CreatedAt: unix(m.CreatedAt)}
	return translate(table[outboxRow](s.db).Create(ctx, &row), "queueing mail %s", m.ID)
}

// DueMail lists messages to be sent now, oldest first; those of accounts before
// those of waves, which can wait for the next day.
func (s *Store) DueMail(ctx context.Context, now time.Time, limit int) ([]Mail, error) {
	rows, err := table[outboxRow](s.db).Where("state = 'queued' AND next_at <= ?", unix(now)).Order("CASE WHEN invitation_id = '' THEN 0 ELSE 1 END, next_at, id").Limit(limit).Find(ctx)
	return mapRows(rows, func(r outboxRow) Mail {
		return Mail{ID: surveys.ID(r.ID), EnteID: surveys.ID(r.EnteID), Invitation: surveys.ID(r.InvitationID), Recipient: r.Recipient, Subject: r.Subject,
			Text: r.BodyText, HTML: r.BodyHTML, Attempts: int(r.Attempts), CreatedAt: fromUnix(r.CreatedAt)}
	}), translate(err, "listing due mail")
}

// MailSent erases the message and its recipient and keeps the day: no log tells who was written to.
func (s *Store) MailSent(ctx context.Context, id surveys.ID, on time.Time) error {
	n, err := table[outboxRow](s.db).Where("id = ?", id).Select("state", "invitation_id", "recipient", "body_text", "body_html", "sent_on", "last_error").
		Updates(ctx, outboxRow{State: "sent", SentOn: dayOrNil(on)})
	return one(n, err, ErrNotFound, "marking mail %s as sent", id)
}

// MailFailed notes a failed attempt; next is zero when there will be no other.
func (s *Store) MailFailed(ctx context.Context, id surveys.ID, attempts int, next time.Time, reason string) error {
	row := outboxRow{State: "queued", Attempts: int64(attempts), NextAt: unix(next), LastError: reason}
	if next.IsZero() {
		row.State, row.NextAt = "failed", 0
	}
	n, err := table[outboxRow](s.db).Where("id = ?", id).Select("state", "attempts", "next_at", "last_error").Updates(ctx, row)
	return one(n, err, ErrNotFound, "noting a failure of mail %s", id)
}

// MailCounts counts the outbox by state.
func (s *Store) MailCounts(ctx context.Context) (queued, sent, failed int64, err error) {
	type countRow struct {
		State string
		N     int64
	}
	rows, err := table[countRow](s.db).Raw("SELECT state, COUNT(*) AS n FROM outbox GROUP BY state").Find(ctx)
	for _, r := range rows {
		switch r.State {
		case "queued":
			queued = r.N
		case "sent":
			sent = r.N
		case "failed":
			failed = r.N
		}
	}
	return queued, sent, failed, translate(err, "counting mail")
}

// RetryMail puts every failed message back in the queue, due now, and returns how many.
func (s *Store) RetryMail(ctx context.Context, now time.Time) (int, error) {
	n, err := table[outboxRow](s.db).Where("state = 'failed'").Select("state", "attempts", "next_at").
		Updates(ctx, outboxRow{State: "queued", NextAt: unix(now)})
	return n, translate(err, "retrying failed mail")
}

// DiscardMail deletes what waits in the outbox: the demonstration's invented
// addresses are never written to.
func (s *Store) DiscardMail(ctx context.Context) error {
	_, err := table[outboxRow](s.db).Where("state = 'queued'").Delete(ctx)
	return translate(err, "discarding mail")
}

// CountMailSent counts the messages that went out on a day.
func (s *Store) CountMailSent(ctx context.Context, on time.Time) (int, error) {
	n, err := table[outboxRow](s.db).Where("sent_on = ?", dayOrNil(on)).Count(ctx, "id")
	return int(n), translate(err, "counting the mail of a day")
}

// MarkDelivery notes on an invitation whether its last mail was refused for good.
// No such invitation any more is no error.
func (s *Store) MarkDelivery(ctx context.Context, ente, invitation surveys.ID, undelivered bool) error {
	_, err := table[invitationRow](s.db).Where("ente_id = ? AND id = ?", ente, invitation).Select("undelivered").
		Updates(ctx, invitationRow{Undelivered: undelivered})
	return translate(err, "noting the delivery of an invitation")
}

// DropCampaignMail deletes what waits or has failed of a campaign's mails: its links
// are of no use any more.
func (s *Store) DropCampaignMail(ctx context.Context, ente, campaign surveys.ID) error {
	_, err := table[outboxRow](s.db).Where(`ente_id = ? AND state <> 'sent' AND invitation_id IN
		(SELECT id FROM invitations WHERE ente_id = ? AND campaign_id = ?)`, ente, ente, campaign).Delete(ctx)
	return translate(err, "dropping the mails of campaign %s", campaign)
}

// WaitingMail lists the invitations of a campaign that have a mail in the queue.
func (s *Store) WaitingMail(ctx context.Context, ente, campaign surveys.ID) (map[surveys.ID]bool, error) {
	type waitingRow struct{ InvitationID string }
	rows, err := table[waitingRow](s.db).Raw(`SELECT DISTINCT invitation_id FROM outbox WHERE ente_id = ? AND state = 'queued' AND invitation_id IN
		(SELECT id FROM invitations WHERE ente_id = ? AND campaign_id = ?)`, ente, ente, campaign).Find(ctx)
	out := make(map[surveys.ID]bool, len(rows))
	for _, r := range rows {
		out[surveys.ID(r.InvitationID)] = true
	}
	return out, translate(err, "mails waiting of campaign %s", campaign)
}
