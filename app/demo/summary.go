package demo

import (
	"errors"

	"traguardo/app/storage"
	"traguardo/plans"
	"traguardo/surveys"
	"traguardo/surveys/comune"
)

// Summary is what `traguardo demo --no-serve` prints: scripts rely on its keys.
type Summary struct {
	Programmes []ProgrammeSummary `json:"programmes"`
	Enti       []EnteSummary      `json:"enti"`
	SignIns    []SignIn           `json:"sign_ins"`
	Links      []string           `json:"links"` // personal links of employees who have not answered yet

	Cards []string `json:"-"` // their pairing cards, same order as Links
}

// ProgrammeSummary is one programme of the demonstration.
type ProgrammeSummary struct {
	ID         surveys.ID `json:"id"`
	Name       string     `json:"name"`
	Fictitious bool       `json:"fictitious"`
	Enti       int        `json:"enti"`
}

// EnteSummary is one ente of the demonstration. Exante and Expost are none, open
// or closed; Plan is none, draft or approved; Responses are those of the ex-ante.
type EnteSummary struct {
	Code       string `json:"code"` // accepted wherever a command wants an ente
	Name       string `json:"name"`
	Fictitious bool   `json:"fictitious"`
	Staff      int    `json:"staff"`
	Exante     string `json:"exante"`
	Expost     string `json:"expost"`
	Responses  int    `json:"responses"`
	Plan       string `json:"plan"`
}

// summarise reads what was made back from the database.
func (b *builder) summarise(walked []walk, reference []comune.Ente) error {
	for i := range b.out.Programmes {
		p, err := b.store.Programme(b.ctx, b.out.Programmes[i].ID)
		if err != nil {
			return err
		}
		b.out.Programmes[i].Enti = p.Enti
	}
	for _, w := range walked {
		s, err := b.enteSummary(w.ente)
		if err != nil {
			return err
		}
		s.Responses = w.answers
		b.out.Enti = append(b.out.Enti, s)
		if w.town.Stage == expostOpen { // the links of closed waves lead nowhere
			b.out.Links = append(b.out.Links, w.links...)
			b.out.Cards = append(b.out.Cards, w.cards...)
		}
	}
	for _, e := range reference {
		s, err := b.enteSummary(e)
		if err != nil {
			return err
		}
		b.out.Enti = append(b.out.Enti, s)
	}
	return nil
}

func (b *builder) enteSummary(e comune.Ente) (EnteSummary, error) {
	s := EnteSummary{Code: string(e.IPA), Name: e.Name, Fictitious: e.Fictitious, Exante: "none", Expost: "none", Plan: "none"}
	if s.Code == "" {
		s.Code = string(e.Catastale)
	}
	var err error
	if s.Staff, err = b.store.CountStaff(b.ctx, e.ID); err != nil {
		return s, err
	}
	campaigns, err := b.store.Campaigns(b.ctx, e.ID)
	if err != nil {
		return s, err
	}
	for _, c := range campaigns {
		state := "none"
		if c.State != surveys.CampaignDraft {
			state = string(c.State)
		}
		switch c.Wave {
		case surveys.ExAnte:
			s.Exante = state
		case surveys.ExPost:
			s.Expost = state
		case surveys.Interim:
		}
	}
	plan, err := b.store.Plan(b.ctx, e.ID)
	switch {
	case errors.Is(err, storage.ErrNotFound):
		return s, nil
	case err != nil:
		return s, err
	case plan.Plan.State == plans.Approved || plan.Plan.State == plans.Closed:
		s.Plan = "approved"
	default:
		s.Plan = "draft"
	}
	return s, nil
}
