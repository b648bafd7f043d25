package service

import (
	"context"
	"errors"
	"time"

	"traguardo/app/notify"
)

const (
	mailBatch    = 50 // messages a run
	mailAttempts = 8  // then the message has failed
)

// DeliverMail sends what is due in the outbox and returns how many went out. It
// is a job; running it twice at once could send a mail twice, never lose one.
func (s *Service) DeliverMail(ctx context.Context, mailer notify.Mailer) (int, error) {
	due, err := s.store.DueMail(ctx, s.clock(), mailBatch)
	if err != nil {
		return 0, err
	}
	sent := 0
	for _, m := range due {
		err := mailer.Send(ctx, notify.Message{ID: m.ID.String(), To: m.Recipient, Subject: m.Subject, Text: m.Text, HTML: m.HTML})
		if err == nil {
			sent++
			err = s.store.MailSent(ctx, m.ID, s.Today())
		} else {
			attempts, next := m.Attempts+1, s.clock().Add(mailDelay(m.Attempts))
			if errors.Is(err, notify.ErrPermanent) || attempts >= mailAttempts {
				next = time.Time{}
			}
			err = s.store.MailFailed(ctx, m.ID, attempts, next, err.Error())
		}
		if err != nil {
			return sent, err
		}
	}
	return sent, nil
}

// mailDelay is 1, 2, 4 … minutes after the first, second, third … failure.
func mailDelay(attempts int) time.Duration { return time.Minute << min(attempts, 8) }
