package service

import (
	"context"
	"errors"
	"fmt"

	"traguardo/app/storage"
	"traguardo/surveys"
)

// Whole is a questionnaire that comes in one piece: the card and every answer.
type Whole struct {
	Card   string                            // as typed
	Answer func(surveys.ServedItem) []string // what a form would send for the item; nil leaves it out
}

// AnswerAtOnce takes a questionnaire in one piece through the same checks and the
// same transaction as Submit, without a draft. The demonstration answers so.
func (s *Service) AnswerAtOnce(ctx context.Context, token string, w Whole) error {
	return s.store.InTx(ctx, func(tx *storage.Store) error {
		a, err := s.answering(ctx, tx, token)
		if err != nil {
			return err
		}
		if a.Status != AnswerOpen {
			return fmt.Errorf("answering at once: %w", surveys.ErrState)
		}
		if err := errors.Join(s.begin(&a), s.pair(ctx, tx, &a, PairForm{Card: w.Card}), s.serve(&a)); err != nil {
			return err
		}
		for _, p := range a.Pages {
			values := map[string][]string{}
			for _, it := range p.Items {
				if v := w.Answer(it); len(v) > 0 {
					values[it.Code] = v
				}
			}
			if err := a.take(p, values); err != nil {
				return err
			}
		}
		response, texts, err := s.response(&a)
		if err != nil {
			return err
		}
		if err := tx.UseInvitation(ctx, a.Campaign.EnteID, a.keys.Token); err != nil {
			return err
		}
		return tx.AddResponse(ctx, response, texts)
	})
}
