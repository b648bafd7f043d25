package web

import (
	"context"
	"html/template"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/auth"
	"traguardo/app/report/qr"
	"traguardo/app/service"
	"traguardo/surveys"
)

// lettersPage is "campaigns/letters": one personal letter a sheet.
type lettersPage struct {
	Chrome
	Back    string
	Opens   string
	Until   string
	Minutes int
	Pairing string // what the person needs so that two waves can be compared
	Letters []letter
}

type letter struct {
	Email, Office, Link string
	QR                  template.HTML
}

// showLetters handles GET …/lettere.
func (s *Server) showLetters(c *fiber.Ctx) error {
	ente, id, err := campaignIDs(c)
	if err != nil {
		return err
	}
	v, letters, err := s.svc.Letters(c.UserContext(), actor(c), ente, id)
	if err != nil {
		return err
	}
	p := lettersPage{Chrome: s.enteChrome(c, v.Place, "campaign.letters_title", sectionSurvey), Back: campaignPath(ente, id), Minutes: service.CampaignMinutes(v.Campaign)}
	p.Breadcrumbs = append(p.Breadcrumbs, Link{Label: p.T("campaign.list_title"), Href: campaignsPath(ente)},
		Link{Label: p.T("campaign.title", "Wave", p.T("wave."+string(v.Campaign.Wave))), Href: p.Back})
	p.Pairing = p.T("campaign.letter_" + string(v.Campaign.Pairing))
	p.Opens, p.Until = p.DateTime(v.Campaign.OpensAt), p.DateTime(v.Campaign.ClosesAt)
	for _, l := range letters {
		svg, err := qr.SVG(l.Link, p.T("campaign.letter_qr"))
		if err != nil {
			return err
		}
		// Drawn by our own emitter, which escapes the label and writes nothing else from outside.
		p.Letters = append(p.Letters, letter{Email: l.Email, Office: l.Office, Link: l.Link, QR: template.HTML(svg)}) //nolint:gosec // see above
	}
	return c.Render("campaigns/letters", p)
}

// pairCardsPage is "campaigns/cards": pairing cards to cut and to draw from.
type pairCardsPage struct {
	Chrome
	Back  string
	Cards []string
}

// showPairCards handles GET …/carte: every showing makes new cards.
func (s *Server) showPairCards(c *fiber.Ctx) error {
	ente, id, err := campaignIDs(c)
	if err != nil {
		return err
	}
	v, cards, err := s.svc.Cards(c.UserContext(), actor(c), ente, id)
	if err != nil {
		return err
	}
	p := pairCardsPage{Chrome: s.enteChrome(c, v.Place, "campaign.cards_title", sectionSurvey), Back: campaignPath(ente, id), Cards: cards}
	p.Breadcrumbs = append(p.Breadcrumbs, Link{Label: p.T("campaign.list_title"), Href: campaignsPath(ente)},
		Link{Label: p.T("campaign.title", "Wave", p.T("wave."+string(v.Campaign.Wave))), Href: p.Back})
	return c.Render("campaigns/cards", p)
}

// sendPaper answers with a file to print.
func (s *Server) sendPaper(c *fiber.Ctx, make func(ctx context.Context, who auth.Actor, ente, id surveys.ID) (service.Paper, error)) error {
	ente, id, err := campaignIDs(c)
	if err != nil {
		return err
	}
	p, err := make(c.UserContext(), actor(c), ente, id)
	if err != nil {
		return err
	}
	c.Attachment(p.Name)
	c.Set(fiber.HeaderContentType, "application/pdf")
	return c.Send(p.PDF)
}

// sendLetters handles GET …/lettere.pdf.
func (s *Server) sendLetters(c *fiber.Ctx) error { return s.sendPaper(c, s.svc.LettersPDF) }

// sendPairCards handles GET …/carte.pdf: every file has new cards.
func (s *Server) sendPairCards(c *fiber.Ctx) error { return s.sendPaper(c, s.svc.CardsPDF) }

func campaignIDs(c *fiber.Ctx) (ente, id surveys.ID, err error) {
	if ente, err = pathID(c, "ente"); err != nil {
		return "", "", err
	}
	id, err = pathID(c, "id")
	return ente, id, err
}
