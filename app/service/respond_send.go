package service

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"traguardo/app/storage"
	"traguardo/surveys"
	"traguardo/surveys/scoring"
)

// AnswersForm is one page of answers as sent.
type AnswersForm struct {
	Ref     string
	Version int64               // the version of the draft that the page was made from
	Page    int                 // from 1
	Tab     string              // names one showing of the page in one window
	Auto    bool                // saved by the page itself while the person answers
	Values  map[string][]string // item → what the form sent; an item not named is unanswered
}

// SavedAnswers tells how saving went.
type SavedAnswers struct {
	Version int64
	// Other is set when another window or device saved in between: what it holds for
	// the items of this page that differ. Nothing was written.
	Other map[string][]string
}

// SaveAnswers keeps the answers of one page in the draft. storage.ErrStale with
// Other filled: another window saved in between and says something else; nothing was
// written. An InvalidError names items whose answer cannot be; the rest was saved.
func (s *Service) SaveAnswers(ctx context.Context, token string, f AnswersForm) (SavedAnswers, error) {
	var saved SavedAnswers
	var invalid error
	err := s.store.InTx(ctx, func(tx *storage.Store) error {
		a, err := s.opened(ctx, tx, token, f.Ref)
		if err != nil {
			return err
		}
		if !a.Started || f.Page < 1 || f.Page > len(a.Pages) {
			return fmt.Errorf("page %d of a questionnaire: %w", f.Page, storage.ErrNotFound)
		}
		page := a.Pages[f.Page-1]
		// The same window may have saved by itself meanwhile, or its last answer was lost
		// on the way: only what another one wrote is in the way.
		if f.Version != a.Version && (f.Tab == "" || f.Tab != a.draft.Tab) {
			if other := a.differing(page, f.Values); len(other) > 0 || f.Auto {
				saved = SavedAnswers{Version: a.Version, Other: other}
				return fmt.Errorf("saving answers: %w", storage.ErrStale)
			}
		}
		invalid = a.take(page, f.Values)
		a.draft.Reached, a.draft.Tab = max(a.draft.Reached, f.Page), ""
		if f.Auto {
			a.draft.Tab = f.Tab
		}
		err = s.save(ctx, tx, &a)
		saved.Version = a.Version
		return err
	})
	if err == nil && !f.Auto {
		err = invalid
	}
	return saved, err
}

// differing returns what the draft holds for the items of a page that were sent
// with another answer.
func (a *Answering) differing(page surveys.Page, values map[string][]string) map[string][]string {
	out := map[string][]string{}
	for _, it := range page.Items {
		have := a.draft.Answers[it.Code]
		if it.Kind == surveys.ScaleText {
			if t := a.draft.Texts[it.Code]; t != "" {
				have = []string{t}
			}
		}
		if !slices.Equal(have, compact(values[it.Code])) {
			out[it.Code] = have
		}
	}
	return out
}

// compact drops the empty values that a form sends for "no answer".
func compact(values []string) []string {
	return slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "" })
}

// take writes the answers of a page into the draft. An answer that cannot be is
// left as it was and named in the error.
func (a *Answering) take(page surveys.Page, values map[string][]string) error {
	var bad faults
	v := a.serving.NewVector()
	for _, it := range page.Items {
		sent := compact(values[it.Code])
		if it.Kind == surveys.ScaleText {
			text, err := surveys.CleanText(first(values[it.Code]), it.MaxLen)
			if err != nil {
				bad.add(it.Code, "respond.text_long", "Max", it.MaxLen)
				continue
			}
			setOrDelete(a.draft.Texts, it.Code, text, text == "")
			continue
		}
		answer, err := a.in.ParseAnswer(it.Item, sent)
		if err == nil {
			err = a.serving.Set(v, it.Code, answer)
		}
		if err != nil {
			bad.add(it.Code, "respond.answer_alone")
			continue
		}
		setOrDelete(a.draft.Answers, it.Code, sent, len(sent) == 0)
	}
	return bad.err()
}

func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

func setOrDelete[V any](m map[string]V, key string, value V, empty bool) {
	if empty {
		delete(m, key)
		return
	}
	m[key] = value
}

// Submission is the last step.
type Submission struct {
	Ref     string
	Version int64
	Profile bool // the person asks for her or his own profile
}

// Receipt is what the person is told after submitting.
type Receipt struct {
	Ente      string
	Profile   *scoring.PersonalProfile // only when asked for; made here and kept nowhere
	Debriefs  []surveys.Text           // what has to be told about the blocks asked
	Last      bool                     // no later wave will ask again
	Fictional bool
	Pairing   surveys.Pairing
}

// Submit sends the answers, once: the invitation is burnt, the response stored and
// the draft deleted in one transaction, without an audit row and without a time.
// ErrAnswered: an answer was already received by this link, and that one counts;
// storage.ErrStale: the draft changed since the review page was made.
func (s *Service) Submit(ctx context.Context, token string, f Submission) (Receipt, error) {
	var receipt Receipt
	err := s.store.InTx(ctx, func(tx *storage.Store) error {
		a, err := s.opened(ctx, tx, token, f.Ref)
		if err != nil {
			return err
		}
		if !a.Started || a.Version != f.Version {
			return fmt.Errorf("submitting: %w", storage.ErrStale)
		}
		c, err := tx.ShareCampaign(ctx, a.Campaign.EnteID, a.Campaign.ID)
		if err != nil {
			return err
		}
		if err := c.Accepts(s.clock()); err != nil {
			return err
		}
		response, texts, err := s.response(&a)
		if err != nil {
			return err
		}
		if f.Profile {
			profile, err := scoring.Profile(a.in, response.Vector, a.Campaign.Wave, a.Campaign.Wave == surveys.ExPost)
			if err != nil {
				return err
			}
			receipt.Profile = &profile
		}
		receipt.Ente, receipt.Debriefs, receipt.Last = a.Ente.Name, a.serving.Debriefs(), a.Campaign.Wave == surveys.ExPost
		receipt.Fictional, receipt.Pairing = a.Ente.Fictitious, a.Campaign.Pairing
		if err := tx.UseInvitation(ctx, a.Campaign.EnteID, a.keys.Token); errors.Is(err, storage.ErrConflict) {
			return ErrAnswered
		} else if err != nil {
			return err
		}
		if err := tx.AddResponse(ctx, response, texts); err != nil {
			return err
		}
		return tx.RemoveDraft(ctx, a.Campaign.EnteID, a.Campaign.ID, a.keys.Draft)
	})
	if err != nil {
		return Receipt{}, err
	}
	return receipt, nil
}

// response makes the row of a draft: a random id, the vector, the keyed hash.
func (s *Service) response(a *Answering) (storage.Response, []storage.ResponseText, error) {
	r := storage.Response{EnteID: a.Campaign.EnteID, CampaignID: a.Campaign.ID, Set: a.serving.Spec().Set, Vector: a.serving.NewVector()}
	var err error
	if r.ID, err = s.newID(); err != nil {
		return r, nil, err
	}
	if r.Pair, err = a.draft.hashes(); err != nil {
		return r, nil, err
	}
	var texts []storage.ResponseText
	for _, p := range a.Pages {
		for _, it := range p.Items {
			if it.Kind == surveys.ScaleText {
				if body := a.draft.Texts[it.Code]; body != "" {
					id, err := s.newID()
					if err != nil {
						return r, nil, err
					}
					texts = append(texts, storage.ResponseText{ID: id, EnteID: r.EnteID, CampaignID: r.CampaignID, Item: it.Code, Body: body})
				}
				continue
			}
			answer, err := a.in.ParseAnswer(it.Item, a.draft.Answers[it.Code])
			if err != nil {
				return r, nil, err
			}
			if err := a.serving.Set(r.Vector, it.Code, answer); err != nil {
				return r, nil, err
			}
		}
	}
	return r, texts, a.serving.Check(r.Vector)
}
