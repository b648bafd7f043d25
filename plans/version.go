package plans

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"traguardo/surveys"
)

// Content is the part of a plan that an approval freezes: its frame and its
// sheets, not what happened to them afterwards. Sheets stand in order of id.
type Content struct {
	ID            surveys.ID `json:"id"`
	EnteID        surveys.ID `json:"ente"`
	Title         string     `json:"title"`
	Edition       string     `json:"edition"`
	Start         Quarter    `json:"start"`
	Quarters      int        `json:"quarters"`
	Budget        []Cents    `json:"budget_cents"`
	Capacity      []int      `json:"capacity_days"`
	Targets       []Target   `json:"targets"`
	Sheets        []Sheet    `json:"projects"`
	Choices       []Choice   `json:"choices"`
	PointsVersion string     `json:"points_version"`
	Gain          float64    `json:"gain"`
	Bound         float64    `json:"bound"`
	Proved        bool       `json:"proved"`
}

// Version is an approved plan, frozen. JSON is the canonical form of its
// Content (UTF-8, fields in fixed order, sheets and targets sorted, no HTML
// escapes) and SHA256 its hash in hex. It is stored as bytes, never as a JSON
// column of a database, which may reorder keys.
type Version struct {
	Number int // 1, 2, …
	Act    Act
	Reason string // why it amends the one before; empty for the first
	JSON   []byte
	SHA256 string
}

// Content returns what an approval today would freeze.
func (p *Plan) Content() Content {
	c := Content{
		ID: p.ID, EnteID: p.EnteID, Title: p.Title, Edition: p.Edition, Start: p.Start, Quarters: p.Quarters,
		Budget: p.Budget, Capacity: p.Capacity, Targets: slices.Clone(p.Targets), Choices: slices.Clone(p.Choices),
		PointsVersion: p.PointsVersion, Gain: p.Gain, Bound: p.Bound, Proved: p.Proved,
	}
	for i := range p.Projects {
		if m := &p.Projects[i]; m.Active() {
			c.Sheets = append(c.Sheets, m.Sheet)
		}
	}
	slices.SortFunc(c.Sheets, func(a, b Sheet) int { return strings.Compare(string(a.ID), string(b.ID)) })
	slices.SortFunc(c.Targets, func(a, b Target) int { return strings.Compare(a.Indicator, b.Indicator) })
	slices.SortStableFunc(c.Choices, func(a, b Choice) int { return strings.Compare(a.Candidate, b.Candidate) })
	return c
}

func freeze(p *Plan, act Act) (Version, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(p.Content()); err != nil {
		return Version{}, fmt.Errorf("freezing plan %s: %w", p.ID, err)
	}
	raw := bytes.TrimRight(b.Bytes(), "\n")
	sum := sha256.Sum256(raw)
	return Version{
		Number: len(p.Versions) + 1, Act: act, Reason: p.Amendment, JSON: raw, SHA256: hex.EncodeToString(sum[:]),
	}, nil
}

// Content reads the frozen plan back. It returns ErrTampered when the bytes do
// not give the hash.
func (v Version) Content() (Content, error) {
	if sum := sha256.Sum256(v.JSON); hex.EncodeToString(sum[:]) != v.SHA256 {
		return Content{}, fmt.Errorf("%w: version %d", ErrTampered, v.Number)
	}
	var c Content
	if err := json.Unmarshal(v.JSON, &c); err != nil {
		return Content{}, fmt.Errorf("reading version %d: %w", v.Number, err)
	}
	return c, nil
}

// Restore gives up an amendment: the frame of the plan is again that of its last
// approved version, whose content it returns for the sheets to be put back, and
// the plan stands approved. It returns ErrTransition unless the plan is a draft
// that amends a version, ErrTampered when that version does not hold.
func (p *Plan) Restore() (Content, error) {
	if p.State != Draft || len(p.Versions) == 0 {
		return Content{}, fmt.Errorf("%w: restore plan %s while %s", ErrTransition, p.ID, p.State)
	}
	c, err := p.Versions[len(p.Versions)-1].Content()
	if err != nil {
		return Content{}, fmt.Errorf("restoring plan %s: %w", p.ID, err)
	}
	p.Title, p.Edition, p.Start, p.Quarters, p.Budget, p.Capacity = c.Title, c.Edition, c.Start, c.Quarters, c.Budget, c.Capacity
	p.Targets, p.Choices, p.PointsVersion, p.Gain, p.Bound, p.Proved = c.Targets, c.Choices, c.PointsVersion, c.Gain, c.Bound, c.Proved
	p.State, p.Amendment, p.ProposedOn, p.ProposedBy = Approved, "", Date{}, ""
	return c, nil
}
