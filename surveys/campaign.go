package surveys

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// MinThreshold is the number of people under which nothing is shown. An ente may
// raise it, nobody may lower it (PRODUCT.md, Truths).
const MinThreshold = 5

// Pairing is how the answers of one person in two waves find each other; it is
// fixed for a whole series of waves (questionnaires.md Block 1).
type Pairing string

// The pairing methods.
const (
	PairingCard Pairing = "card" // a random card code known only to the person
	PairingCode Pairing = "code" // six elements; only where the key is held outside the ente
	PairingLink Pairing = "link" // pseudonym from the invitation; only where a programme hosts
)

// ParsePairing accepts the code of a method and refuses all other text.
func ParsePairing(s string) (Pairing, error) {
	switch p := Pairing(s); p {
	case PairingCard, PairingCode, PairingLink:
		return p, nil
	default:
		return "", fmt.Errorf("%w: pairing %q", ErrInvalid, s)
	}
}

// CampaignState is where a campaign stands.
type CampaignState string

// The states, in the only order in which they follow each other.
const (
	CampaignDraft  CampaignState = "draft"
	CampaignOpen   CampaignState = "open"
	CampaignClosed CampaignState = "closed"
)

// ParseCampaignState accepts the code of a state and refuses all other text.
func ParseCampaignState(s string) (CampaignState, error) {
	switch c := CampaignState(s); c {
	case CampaignDraft, CampaignOpen, CampaignClosed:
		return c, nil
	default:
		return "", fmt.Errorf("%w: campaign state %q", ErrInvalid, s)
	}
}

// Limits of what a campaign may hold.
const (
	maxProjects    = 24     // slots of EXP-01 in STAFF 1.0
	maxEligible    = 50_000 // more than any Comune employs
	maxNotice      = 20_000 // bytes of informativa, notice or opinion
	maxProjectName = 200    // bytes of one project's title
)

// Campaign (rilevazione) is one wave of STAFF in one ente.
type Campaign struct {
	ID             ID
	EnteID         ID
	ProgrammeID    ID // "" when the ente measures on its own
	SeriesID       ID // the waves that are paired with one key
	Wave           Wave
	InstrumentHash string   // 64 hexadecimal digits: the published version
	Short          bool     // short form; always under MinFullForm eligible staff
	Modules        []Module // optional blocks that are on; none under MinFullForm
	Threshold      int      // people under which nothing is shown, MinThreshold or more
	Pairing        Pairing
	PairsWith      ID // the earlier campaign that this one is compared with; "" for none
	OpensAt        time.Time
	ClosesAt       time.Time // first instant at which nothing more is taken
	State          CampaignState
	Eligible       int      // people invited; frozen when the wave opens
	Projects       []string // titles for EXP-01, frozen when the wave opens; ex-post and MinFullForm eligible only
	Informativa    string   // text shown on the first page
	UnionsNotice   string   // reference and date of the notice to the unions; "" when none was given
	RPDOpinion     string   // reference and date of the opinion of the RPD (data protection officer)
	KeysConfirmed  ID       // who confirmed the knowledge keys past review_by; "" when nobody did
	OpenedAt       time.Time
	ClosedAt       time.Time
}

// Small reports whether the ente has fewer than MinFullForm eligible employees.
func (c *Campaign) Small() bool { return c.Eligible < MinFullForm }

// SetEligible records how many people may answer and forces the short form where
// they are fewer than MinFullForm. It returns ErrState once the wave has been
// opened, ErrInvalid for an impossible number or when modules are on that so few
// people may not be asked; c is unchanged then.
func (c *Campaign) SetEligible(n int) error {
	if c.State != CampaignDraft {
		return fmt.Errorf("%w: eligible staff is frozen when the wave opens", ErrState)
	}
	if n < 0 || n > maxEligible {
		return fmt.Errorf("%w: %d eligible employees", ErrInvalid, n)
	}
	if n < MinFullForm && (len(c.Modules) > 0 || len(c.Projects) > 0) {
		return fmt.Errorf("%w: no modules and no list of micro-progetti under %d eligible employees", ErrInvalid, MinFullForm)
	}
	c.Eligible = n
	c.Short = c.Short || c.Small()
	return nil
}

// Validate reports everything that is wrong with c, joined, each fault wrapping
// ErrInvalid; nil for a campaign that may be kept. What only opening needs (people,
// informativa, opinion) is checked by Open.
func (c *Campaign) Validate() error {
	var f faults
	for name, id := range map[string]ID{"id": c.ID, "ente": c.EnteID, "series": c.SeriesID} {
		if id == "" {
			f.addf("campaign without %s", name)
		}
	}
	if _, err := ParseWave(string(c.Wave)); err != nil {
		f.addf("wave %q", c.Wave)
	}
	if _, err := ParseCampaignState(string(c.State)); err != nil {
		f.addf("state %q", c.State)
	}
	if len(c.InstrumentHash) != 64 || strings.Trim(c.InstrumentHash, "0123456789abcdef") != "" {
		f.addf("instrument hash %q", c.InstrumentHash)
	}
	if c.Threshold < MinThreshold {
		f.addf("threshold %d, at least %d", c.Threshold, MinThreshold)
	}
	if !c.OpensAt.Before(c.ClosesAt) || c.OpensAt.IsZero() {
		f.addf("opens at %s and closes at %s", c.OpensAt, c.ClosesAt)
	}
	if c.PairsWith == c.ID && c.ID != "" || c.PairsWith != "" && c.Wave == ExAnte {
		f.addf("a %s campaign cannot be compared with %q", c.Wave, c.PairsWith)
	}
	c.checkPairing(&f)
	c.checkForm(&f)
	c.checkProjects(&f)
	for name, text := range map[string]string{"informativa": c.Informativa, "notice": c.UnionsNotice, "opinion": c.RPDOpinion} {
		if len(text) > maxNotice {
			f.addf("%s of %d bytes, at most %d", name, len(text), maxNotice)
		}
	}
	slices.SortFunc(f, func(a, b Fault) int { return strings.Compare(a.Error(), b.Error()) })
	return f.join()
}

func (c *Campaign) checkPairing(f *faults) {
	p, err := ParsePairing(string(c.Pairing))
	if err != nil {
		f.addf("pairing %q", c.Pairing)
		return
	}
	if p != PairingCard && c.ProgrammeID == "" {
		f.addf("pairing %s is allowed only where a programme holds the key", p)
	}
}

func (c *Campaign) checkForm(f *faults) {
	if c.Eligible < 0 || c.Eligible > maxEligible {
		f.addf("%d eligible employees", c.Eligible)
	}
	if c.Small() && !c.Short {
		f.addf("under %d eligible employees the short form is the only one", MinFullForm)
	}
	if c.Small() && len(c.Modules) > 0 {
		f.addf("no modules under %d eligible employees", MinFullForm)
	}
	if c.Short && len(c.Modules) > 0 {
		f.addf("modules are not part of the short form")
	}
	for i, m := range c.Modules {
		if _, err := ParseModule(string(m)); err != nil || slices.Contains(c.Modules[:i], m) {
			f.addf("module %q is unknown or named twice", m)
		}
	}
}

func (c *Campaign) checkProjects(f *faults) {
	if len(c.Projects) == 0 {
		return
	}
	if c.Wave != ExPost {
		f.addf("micro-progetti are asked about ex-post only")
	}
	if c.Small() {
		f.addf("under %d eligible employees only taking part at all is asked, without a list", MinFullForm)
	}
	if len(c.Projects) > maxProjects {
		f.addf("%d micro-progetti, at most %d", len(c.Projects), maxProjects)
	}
	for i, p := range c.Projects {
		if strings.TrimSpace(p) == "" || len(p) > maxProjectName || slices.Contains(c.Projects[:i], p) {
			f.addf("micro-progetto %q is empty, too long or named twice", p)
		}
	}
}

// Open starts the wave at now and freezes eligible staff and projects. It returns
// ErrState when it is open already, ErrClosed when it was closed or its hour of
// closing has passed, ErrNotOpen before its hour of opening, ErrInvalid when
// something is wrong or still missing: people to ask, the informativa, the
// opinion of the RPD.
func (c *Campaign) Open(now time.Time) error {
	switch {
	case c.State == CampaignOpen:
		return fmt.Errorf("%w: campaign %s is open", ErrState, c.ID)
	case c.State == CampaignClosed || !now.Before(c.ClosesAt):
		return fmt.Errorf("opening campaign %s: %w", c.ID, ErrClosed)
	case now.Before(c.OpensAt):
		return fmt.Errorf("opening campaign %s before its hour: %w", c.ID, ErrNotOpen)
	}
	if err := c.Validate(); err != nil {
		return fmt.Errorf("opening campaign %s: %w", c.ID, err)
	}
	var f faults
	if c.Eligible == 0 {
		f.addf("campaign %s has nobody to ask", c.ID)
	}
	if strings.TrimSpace(c.Informativa) == "" {
		f.addf("campaign %s has no informativa", c.ID)
	}
	if strings.TrimSpace(c.RPDOpinion) == "" {
		f.addf("campaign %s has no opinion of the RPD", c.ID)
	}
	if err := f.join(); err != nil {
		return err
	}
	c.State, c.OpenedAt = CampaignOpen, now
	return nil
}

// Close ends the wave at now, also before its hour: an act of the RTD. It returns
// ErrClosed the second time and ErrNotOpen for a draft.
func (c *Campaign) Close(now time.Time) error {
	switch c.State {
	case CampaignOpen:
		c.State, c.ClosedAt = CampaignClosed, now
		return nil
	case CampaignClosed:
		return fmt.Errorf("closing campaign %s: %w", c.ID, ErrClosed)
	case CampaignDraft:
		return fmt.Errorf("closing campaign %s: %w", c.ID, ErrNotOpen)
	default:
		return fmt.Errorf("%w: campaign state %q", ErrState, c.State)
	}
}

// Reopen takes a closed wave back until a later hour of closing. It returns ErrState
// when the wave is not closed and ErrInvalid when the hour is not after now; c is
// unchanged then. That nobody saw its results is the caller's to know.
func (c *Campaign) Reopen(now, until time.Time) error {
	if c.State != CampaignClosed {
		return fmt.Errorf("%w: campaign %s is not closed", ErrState, c.ID)
	}
	if !until.After(now) {
		return fmt.Errorf("%w: closes at %s, now it is %s", ErrInvalid, until, now)
	}
	c.State, c.ClosesAt, c.ClosedAt = CampaignOpen, until, time.Time{}
	return nil
}

// Accepts reports whether an answer that comes in at now is taken: nil, or
// ErrNotOpen or ErrClosed. The stated hours hold even when nothing has yet
// switched the state: at ClosesAt it is too late.
func (c *Campaign) Accepts(now time.Time) error {
	switch {
	case c.State == CampaignClosed || !now.Before(c.ClosesAt):
		return ErrClosed
	case c.State != CampaignOpen || now.Before(c.OpensAt):
		return ErrNotOpen
	default:
		return nil
	}
}

// Spec says what a person of this campaign is asked: set is the letter of the
// pairing card or drawn at random, seed orders options, skip are the codes
// withheld (knowledge keys past review_by when KeysConfirmed is empty).
func (c *Campaign) Spec(set Form, seed uint64, skip []string) ServingSpec {
	return ServingSpec{
		Wave: c.Wave, Short: c.Short || c.Small(), Small: c.Small(), Set: set,
		Modules: c.Modules, Projects: len(c.Projects), Skip: skip, Seed: seed,
	}
}
