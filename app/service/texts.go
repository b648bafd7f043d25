package service

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/surveys"
	"traguardo/surveys/privacy"
)

// maxText is the length of a free text, in characters.
const maxText = 500

// textsAtOnce is how many unread texts one page of the reviewer holds.
const textsAtOnce = 20

// What a reviewer can have done with a free text; written to the audit trail.
const (
	textReleased = "released"
	textEdited   = "edited"
	textWithheld = "withheld"
)

// errDecided ends a transaction in which nothing is left to do: a second click.
var errDecided = errors.New("it was decided already")

// FreeText is one free text as it is read.
type FreeText struct {
	ID       surveys.ID
	Question surveys.Text
	Body     string
}

// TextReviewers is who can be named to read the free texts of a wave.
type TextReviewers struct {
	Place    Place
	Campaign storage.Campaign
	People   []storage.User // by name; with a role here that lets them see the wave
}

// TextReviewers lists who can read the free texts of a wave before anybody else.
func (s *Service) TextReviewers(ctx context.Context, actor auth.Actor, ente, id surveys.ID) (TextReviewers, error) {
	p, err := s.Place(ctx, actor, ente, auth.TextsName)
	if err != nil {
		return TextReviewers{}, err
	}
	v := TextReviewers{Place: p}
	if v.Campaign, err = s.store.Campaign(ctx, ente, id); err != nil {
		return v, err
	}
	own, err := s.store.GrantsIn(ctx, ente)
	if err != nil {
		return v, err
	}
	via, err := s.store.GrantsThroughProgrammes(ctx, ente)
	if err != nil {
		return v, err
	}
	var ids []surveys.ID
	for _, g := range append(own, via...) {
		if auth.Can(auth.TextsReview, []auth.Role{g.Role}, false) && !slices.Contains(ids, g.UserID) {
			ids = append(ids, g.UserID)
		}
	}
	if v.People, err = s.store.UsersByID(ctx, ids); err != nil {
		return v, err
	}
	v.People = slices.DeleteFunc(v.People, func(u storage.User) bool { return u.Disabled })
	slices.SortFunc(v.People, func(a, b storage.User) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Email, b.Email))
	})
	return v, nil
}

// NameTextReviewer names who reads the free texts of a wave before anybody else: an
// act of the RTD. Naming the same person again changes nothing.
func (s *Service) NameTextReviewer(ctx context.Context, actor auth.Actor, ente, id, user surveys.ID) error {
	err := s.inCampaign(ctx, actor, ente, id, auth.TextsName, func(tx *storage.Store, _ Place, c *storage.Campaign) (Change, error) {
		if user != "" && c.TextReviewer == user {
			return Change{}, errDecided
		}
		if err := mayReadTexts(ctx, tx, ente, user); err != nil {
			return Change{}, err
		}
		if c.TextSeed == "" {
			var seed [16]byte
			if _, err := io.ReadFull(s.random, seed[:]); err != nil {
				return Change{}, fmt.Errorf("seed of the texts of campaign %s: %w", id, err)
			}
			c.TextSeed = hex.EncodeToString(seed[:])
		}
		c.TextReviewer = user
		return Change{Action: "texts.name", Detail: map[string]string{"reviewer": user.String()}}, tx.UpdateCampaign(ctx, *c)
	})
	if errors.Is(err, errDecided) {
		return nil
	}
	return err
}

// mayReadTexts refuses a user who has no role in the ente that lets them see the wave.
func mayReadTexts(ctx context.Context, tx *storage.Store, ente, user surveys.ID) error {
	wrong := Invalid("reviewer", "texts.fault_reviewer")
	if user == "" {
		return wrong
	}
	u, err := tx.User(ctx, user)
	if errors.Is(err, storage.ErrNotFound) {
		return wrong
	} else if err != nil {
		return err
	}
	a, err := tx.Access(ctx, user, ente)
	if err != nil {
		return err
	}
	if u.Disabled || !auth.Can(auth.TextsReview, a.Roles, false) {
		return wrong
	}
	return nil
}

// TextReview is what the named reviewer of a wave reads.
type TextReview struct {
	Place    Place
	Campaign storage.Campaign
	Readable bool       // enough people answered and wrote; without it there is nothing below
	Unread   []FreeText // the first of them, in an order that tells nothing
	Left     int        // all that are unread
	Released []FreeText
	Withheld int
}

// TextReview shows the free texts of a closed wave to the person named to read them
// and to nobody else. Nobody opens the wave again afterwards.
func (s *Service) TextReview(ctx context.Context, actor auth.Actor, ente, id surveys.ID) (TextReview, error) {
	p, err := s.Place(ctx, actor, ente, auth.TextsReview)
	if err != nil {
		return TextReview{}, err
	}
	v := TextReview{Place: p}
	if v.Campaign, err = s.store.Campaign(ctx, ente, id); err != nil {
		return v, err
	}
	if err := reviewing(actor, v.Campaign); err != nil {
		return v, err
	}
	n, err := s.store.TextCounts(ctx, ente, id)
	if err != nil {
		return v, err
	}
	if v.Readable, _, err = textsAllowed(v.Campaign, n); err != nil || !v.Readable {
		return v, err
	}
	if !v.Campaign.ResultsSeen {
		if err := s.store.MarkTextsSeen(ctx, ente, id); err != nil {
			return v, err
		}
	}
	v.Withheld, v.Left = v.Campaign.TextsWithheld, n.Unread
	unread, err := s.store.UnreadTexts(ctx, ente, id)
	if err != nil {
		return v, err
	}
	if v.Unread, err = s.freeTexts(ctx, v.Campaign, "unread", unread); err != nil {
		return v, err
	}
	v.Unread = v.Unread[:min(len(v.Unread), textsAtOnce)]
	released, err := s.store.ReleasedTexts(ctx, ente, id)
	if err != nil {
		return v, err
	}
	v.Released, err = s.freeTexts(ctx, v.Campaign, "released", released)
	return v, err
}

// reviewing refuses everybody but the named reviewer of a closed wave.
func reviewing(actor auth.Actor, c storage.Campaign) error {
	if actor.System || c.TextReviewer == "" || c.TextReviewer != actor.UserID {
		return fmt.Errorf("texts of campaign %s: %w", c.ID, auth.ErrForbidden)
	}
	if c.State != surveys.CampaignClosed {
		return fmt.Errorf("texts of campaign %s: %w", c.ID, surveys.ErrState)
	}
	return nil
}

// textsAllowed applies the rules of free text to a wave: whether texts may be read,
// and whether their number may be told. Withheld texts count as written.
func textsAllowed(c storage.Campaign, n storage.TextCounts) (readable, counted bool, err error) {
	rules, err := privacy.NewRules(c.Threshold)
	if err != nil {
		return false, false, err
	}
	written := n.Unread + n.Released + c.TextsWithheld
	return rules.MayReadTexts(n.Responses, written), rules.MayCountTexts(n.Responses, written), nil
}

// freeTexts puts texts in the order of the wave's seed, another one for each list,
// with the question that they answer.
func (s *Service) freeTexts(ctx context.Context, c storage.Campaign, list string, texts []storage.ResponseText) ([]FreeText, error) {
	in, err := s.instrument(ctx, s.store, c.InstrumentHash)
	if err != nil {
		return nil, err
	}
	key := func(id surveys.ID) string {
		sum := sha256.Sum256([]byte(c.TextSeed + "\n" + list + "\n" + id.String()))
		return string(sum[:])
	}
	slices.SortFunc(texts, func(a, b storage.ResponseText) int { return strings.Compare(key(a.ID), key(b.ID)) })
	out := make([]FreeText, 0, len(texts))
	for _, t := range texts {
		f := FreeText{ID: t.ID, Question: surveys.Text{IT: t.Item}, Body: t.Body}
		if it, ok := in.Item(t.Item); ok {
			f.Question = it.Text
		}
		out = append(out, f)
	}
	return out, nil
}

// TextDecision is what the reviewer does with one text.
type TextDecision struct {
	Withhold bool   // delete it
	Body     string // otherwise the wording to be shown: as it was written, or with names taken out
}

// DecideText releases or deletes one free text: for the named reviewer only. done is
// false when it was decided before: a second click. The audit trail learns that a
// text was read and what became of it, never a word of it or which one it was.
func (s *Service) DecideText(ctx context.Context, actor auth.Actor, ente, id, text surveys.ID, d TextDecision) (done bool, err error) {
	err = s.inCampaign(ctx, actor, ente, id, auth.TextsReview, func(tx *storage.Store, _ Place, c *storage.Campaign) (Change, error) {
		if err := reviewing(actor, *c); err != nil {
			return Change{}, err
		}
		n, err := tx.TextCounts(ctx, ente, id)
		if err != nil {
			return Change{}, err
		}
		if readable, _, err := textsAllowed(*c, n); err != nil {
			return Change{}, err
		} else if !readable {
			return Change{}, fmt.Errorf("too few texts in campaign %s: %w", id, surveys.ErrState)
		}
		what := textWithheld
		if d.Withhold {
			err = withholdText(ctx, tx, c, text)
		} else {
			what, err = releaseText(ctx, tx, *c, text, d.Body)
		}
		return Change{Action: "texts.review", Detail: map[string]string{"decision": what}}, err
	})
	if errors.Is(err, errDecided) {
		return false, nil
	}
	return err == nil, errors.Join(err, s.scrub(ctx, err))
}

// withholdText deletes a text and counts that it was there.
func withholdText(ctx context.Context, tx *storage.Store, c *storage.Campaign, text surveys.ID) error {
	if err := tx.RemoveText(ctx, c.EnteID, c.ID, text); errors.Is(err, storage.ErrNotFound) {
		return errDecided
	} else if err != nil {
		return err
	}
	c.TextsWithheld++
	return tx.UpdateCampaign(ctx, *c)
}

// releaseText lets an unread text be shown in the wording of body.
func releaseText(ctx context.Context, tx *storage.Store, c storage.Campaign, text surveys.ID, body string) (what string, err error) {
	unread, err := tx.UnreadTexts(ctx, c.EnteID, c.ID)
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(unread, func(t storage.ResponseText) bool { return t.ID == text })
	if i < 0 {
		return "", errDecided
	}
	t, what := unread[i], textReleased
	body = trimmedText(body)
	if body == "" {
		return "", Invalid("body_"+text.String(), "texts.fault_empty")
	}
	if longest := max(maxText, utf8.RuneCountInString(t.Body)); utf8.RuneCountInString(body) > longest {
		return "", Invalid("body_"+text.String(), "texts.fault_long", "Max", longest)
	}
	if body != trimmedText(t.Body) {
		what = textEdited
	}
	t.Body = body
	return what, tx.ReleaseText(ctx, t)
}

// trimmedText is a text as a form sends it, with plain ends of lines and no space around.
func trimmedText(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")) }

// ReleasedTexts is what everybody with the right to results sees of free text.
type ReleasedTexts struct {
	Readable bool // enough people answered and wrote; without it there is nothing below
	Named    bool // somebody was named to read them
	Counted  bool // Written may be told
	Written  int
	Texts    []FreeText // in an order that tells nothing
}

// ReleasedTexts reads the texts of a closed wave that its reviewer let be shown.
func (s *Service) ReleasedTexts(ctx context.Context, v ResultsView) (ReleasedTexts, error) {
	ente, id := v.Place.Ente.ID, v.Staff.Stored.SourceID
	c, err := s.store.Campaign(ctx, ente, id)
	if err != nil {
		return ReleasedTexts{}, err
	}
	n, err := s.store.TextCounts(ctx, ente, id)
	if err != nil {
		return ReleasedTexts{}, err
	}
	out := ReleasedTexts{Named: c.TextReviewer != ""}
	if out.Readable, out.Counted, err = textsAllowed(c, n); err != nil || !out.Readable {
		return out, err
	}
	if out.Counted {
		out.Written = n.Unread + n.Released + c.TextsWithheld
	}
	texts, err := s.store.ReleasedTexts(ctx, ente, id)
	if err != nil {
		return out, err
	}
	out.Texts, err = s.freeTexts(ctx, c, "shown", texts)
	return out, err
}
