package service

import (
	"context"
	"errors"
	"time"

	"traguardo/app/notify"
	"traguardo/app/storage"
)

const (
	mailBatch    = 50 // messages a run
	mailAttempts = 8  // then the message has failed
)

// DeliverMail sends what is due in the outbox and returns how many went out. It
// is a job; running it twice at once could send a mail twice, never lose one.
func (s *Service) DeliverMail(ctx context.Context, mailer notify.Mailer) (int, error) {
	room, err := s.mailRoom(ctx)
	if err != nil || room == 0 {
		return 0, err
	}
	due, err := s.store.DueMail(ctx, s.clock(), room)
	if err != nil {
		return 0, err
	}
	sent := 0
	for _, m := range due {
		err := mailer.Send(ctx, notify.Message{ID: m.ID.String(), To: m.Recipient, Subject: m.Subject, Text: m.Text, HTML: m.HTML})
		if err == nil {
			sent++
		}
		if err := s.noteMail(ctx, m, err); err != nil {
			return sent, err
		}
	}
	return sent, nil
}

// mailRoom is how many messages this run may send: a batch, or what is left of the
// day's cap. What waits goes out on the next day.
func (s *Service) mailRoom(ctx context.Context) (int, error) {
	if s.mailCap == 0 {
		return mailBatch, nil
	}
	sent, err := s.store.CountMailSent(ctx, s.Today())
	return min(mailBatch, max(0, s.mailCap-sent)), err
}

// noteMail writes down how sending m went, on the message and on the invitation that
// it belongs to.
func (s *Service) noteMail(ctx context.Context, m storage.Mail, failure error) error {
	return s.store.InTx(ctx, func(tx *storage.Store) error {
		mark := func(undelivered bool) error {
			if m.Invitation == "" {
				return nil
			}
			return tx.MarkDelivery(ctx, m.EnteID, m.Invitation, undelivered)
		}
		if failure == nil {
			return errors.Join(tx.MailSent(ctx, m.ID, s.Today()), mark(false))
		}
		attempts, next := m.Attempts+1, s.clock().Add(mailDelay(m.Attempts))
		if errors.Is(failure, notify.ErrPermanent) || attempts >= mailAttempts {
			return errors.Join(tx.MailFailed(ctx, m.ID, attempts, time.Time{}, failure.Error()), mark(true))
		}
		return tx.MailFailed(ctx, m.ID, attempts, next, failure.Error())
	})
}

// mailDelay is 1, 2, 4 … minutes after the first, second, third … failure.
func mailDelay(attempts int) time.Duration { return time.Minute << min(attempts, 8) }
