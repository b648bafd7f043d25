package service

import (
	"context"
	"fmt"

	"traguardo/app/auth"
	"traguardo/app/i18n"
	"traguardo/app/report"
	"traguardo/surveys"
)

// Paper is a file to print. It holds secrets of people and is kept nowhere.
type Paper struct {
	Name string // of the file
	PDF  []byte
	Of   int // letters or slips in it
}

// LettersPDF is Letters as a file, one letter a page.
func (s *Service) LettersPDF(ctx context.Context, actor auth.Actor, ente, id surveys.ID) (Paper, error) {
	v, letters, err := s.Letters(ctx, actor, ente, id)
	if err != nil {
		return Paper{}, err
	}
	if len(letters) == 0 {
		return Paper{}, fmt.Errorf("letters of campaign %s: %w", id, surveys.ErrState)
	}
	l := s.texts.For(i18n.Italian)
	list := make([]report.Letter, 0, len(letters))
	for _, x := range letters {
		letter := report.Letter{Title: l.T("campaign.letter_title"), Text: []string{l.T("campaign.letter_text", "Count", CampaignMinutes(v.Campaign)),
			l.T("campaign.letter_when", "Opens", l.DateTime(v.Campaign.OpensAt), "Until", l.DateTime(v.Campaign.ClosesAt))},
			How: l.T("campaign.letter_how"), Link: x.Link, After: []string{l.T("campaign.letter_personal"), l.T("campaign.letter_card")}}
		if x.Office != "" {
			letter.To = append(letter.To, x.Office)
		}
		letter.To = append(letter.To, x.Email)
		if v.Place.Ente.Fictitious {
			letter.After = append(letter.After, l.T("campaign.mail_fictitious"))
		}
		list = append(list, letter)
	}
	documents, err := s.documents()
	if err != nil {
		return Paper{}, err
	}
	pdf, err := documents.Letters(s.paper(v, "campaign.letters_title"), list)
	return Paper{Name: "lettere-" + string(v.Campaign.Wave) + ".pdf", PDF: pdf, Of: len(list)}, err
}

// CardsPDF is Cards as a file, ten a sheet with lines to cut along: every call makes
// new cards.
func (s *Service) CardsPDF(ctx context.Context, actor auth.Actor, ente, id surveys.ID) (Paper, error) {
	v, cards, err := s.Cards(ctx, actor, ente, id)
	if err != nil {
		return Paper{}, err
	}
	l := s.texts.For(i18n.Italian)
	slips := make([]report.Slip, 0, len(cards))
	for _, c := range cards {
		slips = append(slips, report.Slip{Head: l.T("campaign.card_head"), Code: c, Foot: l.T("campaign.card_keep")})
	}
	return s.slips(v, "campaign.cards_title", "carte", slips)
}

// slips prints sheets to cut.
func (s *Service) slips(v CampaignView, titleKey, file string, slips []report.Slip) (Paper, error) {
	if len(slips) == 0 {
		return Paper{}, fmt.Errorf("sheets of campaign %s: %w", v.Campaign.ID, surveys.ErrState)
	}
	documents, err := s.documents()
	if err != nil {
		return Paper{}, err
	}
	pdf, err := documents.Slips(s.paper(v, titleKey), slips)
	return Paper{Name: file + "-" + string(v.Campaign.Wave) + ".pdf", PDF: pdf, Of: len(slips)}, err
}

// paper is what letters and sheets say of themselves.
func (s *Service) paper(v CampaignView, titleKey string) report.Document {
	l := s.texts.For(i18n.Italian)
	return report.Document{Kind: report.KindPaper, Lang: l.Lang(), Title: l.T(titleKey), Ente: l.T("ente.title", "Name", v.Place.Ente.Name),
		Fictitious: v.Place.Ente.Fictitious, GeneratedOn: s.Today()}
}
