package service

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"traguardo/app/storage"
	"traguardo/surveys"
	"traguardo/surveys/comune"
	"traguardo/surveys/pairing"
)

// AnswerStatus is what the holder of a personal link can do now.
type AnswerStatus string

// The statuses.
const (
	AnswerOpen AnswerStatus = "open"
	AnswerSoon AnswerStatus = "soon" // the wave is not open yet
	AnswerDone AnswerStatus = "done" // an answer was received by this link
	AnswerOver AnswerStatus = "over" // the wave is closed
)

// ErrNoLink: what was given is not a personal link of this site.
var ErrNoLink = errors.New("no such personal link")

// Answering is one person's questionnaire as far as it is: made anew for each
// request from the link's secret, kept nowhere.
type Answering struct {
	Status   AnswerStatus
	Ente     comune.Ente
	Campaign storage.Campaign
	Started  bool   // there is a draft: the page of the card was passed
	Paired   bool   // a card, a code or the link pairs the answers with another wave
	Keeper   string // who keeps the pairing key outside the ente; empty with cards
	Version  int64
	Ref      string         // names the link in the forms of its pages, without telling it
	Pages    []surveys.Page // empty until Started
	Reached  int            // furthest page saved, from 1; 0 for none

	in      *surveys.Instrument
	keys    pairing.LinkKeys
	person  surveys.ID // of the invitation; method link makes a keyed pseudonym of it
	serving *surveys.Serving
	draft   draft
}

// draft is what is sealed under the link's key.
type draft struct {
	Pair    string              `json:"pair"`             // keyed hash, hexadecimal; what it was made of is kept nowhere
	Masked  []string            `json:"masked,omitempty"` // method code: the six hashes with one element left out
	Set     surveys.Form        `json:"set"`
	Seed    uint64              `json:"seed"`
	Answers map[string][]string `json:"answers"` // item → what the form sent
	Texts   map[string]string   `json:"texts"`
	Reached int                 `json:"reached"`
	Tab     string              `json:"tab"` // the page that saved last by itself
}

// Answering opens a personal link. ErrNoLink: the text is no link of this site.
func (s *Service) Answering(ctx context.Context, token string) (Answering, error) {
	return s.answering(ctx, s.store, token)
}

func (s *Service) answering(ctx context.Context, st *storage.Store, token string) (Answering, error) {
	secret, err := pairing.ParseLinkSecret(token)
	if err != nil {
		return Answering{}, ErrNoLink
	}
	keys, err := pairing.DeriveLink(secret)
	if err != nil {
		return Answering{}, err
	}
	inv, err := st.InvitationByToken(ctx, keys.Token)
	if errors.Is(err, storage.ErrNotFound) {
		return Answering{}, ErrNoLink
	}
	if err != nil {
		return Answering{}, err
	}
	a := Answering{keys: keys, Ref: linkRef(keys), person: inv.StaffID}
	if a.Campaign, err = st.Campaign(ctx, inv.EnteID, inv.CampaignID); err != nil {
		return a, err
	}
	if a.Ente, err = st.Ente(ctx, inv.EnteID); err != nil {
		return a, err
	}
	if a.Keeper, err = keeperOf(ctx, st, a.Campaign); err != nil {
		return a, err
	}
	switch err := a.Campaign.Accepts(s.clock()); {
	case inv.Used:
		a.Status = AnswerDone
	case errors.Is(err, surveys.ErrClosed):
		a.Status = AnswerOver
	case errors.Is(err, surveys.ErrNotOpen):
		a.Status = AnswerSoon
	case err != nil:
		return a, err
	default:
		a.Status = AnswerOpen
		return a, s.loadDraft(ctx, st, &a)
	}
	return a, nil
}

// linkRef is a mark of the link that tells nothing of it: pages of two links in one
// browser must not save into each other's draft.
func linkRef(keys pairing.LinkKeys) string {
	sum := sha256.Sum256(append([]byte("traguardo/page/v1"), keys.Key[:]...))
	return hex.EncodeToString(sum[:8])
}

func (s *Service) loadDraft(ctx context.Context, st *storage.Store, a *Answering) error {
	var err error
	if a.in, err = s.instrument(ctx, st, a.Campaign.InstrumentHash); err != nil {
		return err
	}
	row, err := st.Draft(ctx, a.Campaign.EnteID, a.Campaign.ID, a.keys.Draft)
	if errors.Is(err, storage.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	plain, err := pairing.OpenDraft(a.keys.Key, a.Campaign.ID, a.Campaign.InstrumentHash, row.Sealed)
	if err != nil {
		return fmt.Errorf("opening a draft of campaign %s: %w", a.Campaign.ID, err)
	}
	if err := json.Unmarshal(plain, &a.draft); err != nil {
		return fmt.Errorf("reading a draft of campaign %s: %w", a.Campaign.ID, err)
	}
	a.Version, a.Started, a.Paired, a.Reached = row.Version, true, a.draft.Pair != "", a.draft.Reached
	return s.serve(a)
}

// serve works out what this person is asked.
func (s *Service) serve(a *Answering) error {
	set := a.draft.Set
	if a.Campaign.Short || a.Campaign.Small() {
		set = surveys.FormNone // the short form has anchors only
	}
	serving, err := surveys.NewServing(a.in, a.Campaign.Spec(set, a.draft.Seed, s.withheldKeys(a)))
	if err != nil {
		return err
	}
	a.serving, a.Pages = serving, serving.Pages()
	return nil
}

// withheldKeys are the knowledge items past review_by when the wave opened, where
// nobody confirmed them: the same for the whole wave.
func (s *Service) withheldKeys(a *Answering) []string {
	if a.Campaign.KeysConfirmed != "" {
		return nil
	}
	return a.in.DueForReview(s.dayInRome(a.Campaign.OpenedAt))
}

// save seals the draft and stores it over a.Version. storage.ErrStale: somebody
// saved in between.
func (s *Service) save(ctx context.Context, st *storage.Store, a *Answering) error {
	plain, err := json.Marshal(a.draft)
	if err != nil {
		return fmt.Errorf("writing a draft: %w", err)
	}
	sealed, err := pairing.SealDraft(a.keys.Key, a.Campaign.ID, a.Campaign.InstrumentHash, plain, s.random)
	if err != nil {
		return err
	}
	a.Version, err = st.SaveDraft(ctx, storage.Draft{Key: a.keys.Draft, EnteID: a.Campaign.EnteID, CampaignID: a.Campaign.ID, Version: a.Version, Sealed: sealed})
	a.Started = true
	return err
}

// Values are what a form has to show as chosen for an item; empty when unanswered.
func (a Answering) Values(code string) []string { return a.draft.Answers[code] }

// FreeText is what was written for an item of free text.
func (a Answering) FreeText(code string) string { return a.draft.Texts[code] }

// Seconds that one item takes, by block (ours; they add up to the 25 and 12 minutes
// of questionnaires.md §5, to be measured in the pilot).
func secondsOf(it surveys.ServedItem) int {
	switch it.Kind {
	case surveys.ScaleKey:
		return 35
	case surveys.ScaleLinear:
		return 14
	case surveys.ScaleText:
		return 45
	case surveys.ScaleSingle, surveys.ScaleMultiple, surveys.ScaleProjects, surveys.ScaleCode:
		return 12
	default:
		return 12
	}
}

// MinutesFrom estimates how long page n (from 1) and those after it take, rounded up.
func (a Answering) MinutesFrom(n int) int {
	seconds := 0
	for i, p := range a.Pages {
		if i+1 < n {
			continue
		}
		for _, it := range p.Items {
			seconds += secondsOf(it)
		}
	}
	return (seconds + 59) / 60
}

// Minutes estimates the whole questionnaire, before anything is known of the person.
func (a Answering) Minutes() int { return CampaignMinutes(a.Campaign) }

// Gap is a page on which something is unanswered.
type Gap struct {
	Page  int // from 1
	Part  surveys.Page
	Items []surveys.ServedItem // unanswered, in order
	Of    int                  // items of the page
}

// Review lists every page with what is unanswered on it; free text is never missed.
func (a Answering) Review() (pages []Gap, answered, asked int) {
	for i, p := range a.Pages {
		g := Gap{Page: i + 1, Part: p, Of: len(p.Items)}
		for _, it := range p.Items {
			if it.Kind == surveys.ScaleText {
				g.Of--
				continue
			}
			asked++
			if len(a.draft.Answers[it.Code]) == 0 {
				g.Items = append(g.Items, it)
			} else {
				answered++
			}
		}
		pages = append(pages, g)
	}
	return pages, answered, asked
}

// opened is answering for a write: the wave must take answers, and the page must
// belong to this link.
func (s *Service) opened(ctx context.Context, tx *storage.Store, token, ref string) (Answering, error) {
	a, err := s.answering(ctx, tx, token)
	if err != nil {
		return a, err
	}
	switch a.Status {
	case AnswerOpen:
	case AnswerDone:
		return a, ErrAnswered
	case AnswerOver:
		return a, surveys.ErrClosed
	case AnswerSoon:
		return a, surveys.ErrNotOpen
	}
	if ref != a.Ref {
		return a, ErrOtherLink
	}
	return a, nil
}

// Errors of the respondent's pages.
var (
	// ErrAnswered: an answer was already received by this link.
	ErrAnswered = errors.New("already answered")
	// ErrOtherLink: the page was made for another personal link of the same browser.
	ErrOtherLink = errors.New("page of another link")
)

// begin draws what is drawn once a person: the rotated set, until a card names
// another, and the order of options.
func (s *Service) begin(a *Answering) error {
	set, err := pairing.DrawSet(s.random)
	if err != nil {
		return err
	}
	var b [8]byte
	if _, err := io.ReadFull(s.random, b[:]); err != nil {
		return fmt.Errorf("drawing the order of options: %w", err)
	}
	a.draft = draft{Set: surveys.Form(set.String()), Seed: binary.BigEndian.Uint64(b[:]), Answers: map[string][]string{}, Texts: map[string]string{}}
	return nil
}
