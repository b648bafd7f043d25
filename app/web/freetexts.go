package web

import (
	"github.com/gofiber/fiber/v2"

	"traguardo/app/auth"
	"traguardo/app/service"
	"traguardo/surveys"
)

// textsSub is the page of the free texts, after the address of a wave or of its results.
const textsSub = "/testi"

// reviewerPage is "campaigns/reviewer": who reads the free texts of a wave first.
type reviewerPage struct {
	Chrome
	Back   string
	Choose Field
}

// textsPage is "campaigns/texts": the free texts of a wave, for their reviewer.
type textsPage struct {
	Chrome
	Empty    *Empty
	State    string // how many are read, released and deleted
	Unread   []textCard
	Released []textCard
}

// textCard is one text and what can be done with it.
type textCard struct {
	ID       string
	Question Words
	Body     string
	Action   string
	Field    Field
	Withhold Confirm
}

// releasedPage is "results/texts": the free texts that may be shown.
type releasedPage struct {
	resultsFrame
	Empty *Empty
	Count string // how many were written; empty where that may not be told
	Texts []textCard
}

// textLinks are the links of a wave's page to the pages of its free texts, for
// whom they concern.
func textLinks(ch Chrome, who auth.Actor, v service.CampaignView, base string) []Link {
	var out []Link
	if v.Place.Can(auth.TextsName) {
		out = append(out, Link{Label: ch.T("texts.name_link"), Href: base + "/lettore"})
	}
	if v.Campaign.State == surveys.CampaignClosed && v.Campaign.TextReviewer != "" && v.Campaign.TextReviewer == who.UserID {
		out = append(out, Link{Label: ch.T("texts.read_link"), Href: base + textsSub})
	}
	return out
}

// inWave fills the way back to a wave's page.
func inWave(ch *Chrome, ente, id surveys.ID, wave surveys.Wave) {
	ch.Breadcrumbs = append(ch.Breadcrumbs, Link{Label: ch.T("campaign.list_title"), Href: campaignsPath(ente)},
		Link{Label: ch.T("campaign.title", "Wave", ch.T("wave."+string(wave))), Href: campaignPath(ente, id)})
}

// showReviewer handles GET …/rilevazioni/:id/lettore.
func (s *Server) showReviewer(c *fiber.Ctx) error {
	p, err := s.reviewerPage(c, nil)
	if err != nil {
		return err
	}
	return c.Render("campaigns/reviewer", p)
}

func (s *Server) reviewerPage(c *fiber.Ctx, wrong []FieldError) (reviewerPage, error) {
	ente, id, err := campaignIDs(c)
	if err != nil {
		return reviewerPage{}, err
	}
	v, err := s.svc.TextReviewers(c.UserContext(), actor(c), ente, id)
	if err != nil {
		return reviewerPage{}, err
	}
	p := reviewerPage{Chrome: s.enteChrome(c, v.Place, "texts.name_title", sectionSurvey), Back: campaignPath(ente, id)}
	inWave(&p.Chrome, ente, id, v.Campaign.Wave)
	p.Errors, p.Lead = wrong, p.T("texts.name_lead")
	p.Choose = Field{Name: "reviewer", Type: "select", Label: p.T("texts.reviewer"), Hint: p.T("texts.reviewer_hint"), Required: true, Error: p.ErrorOf("reviewer"),
		Options: []Option{{Label: p.T("texts.reviewer_choose")}}}
	for _, u := range v.People {
		p.Choose.Options = append(p.Choose.Options, Option{Value: u.ID.String(), Label: u.Name + " (" + u.Email + ")", Selected: u.ID == v.Campaign.TextReviewer})
	}
	return p, nil
}

type reviewerForm struct {
	Reviewer string `form:"reviewer" validate:"max=60"`
}

// nameReviewer handles POST …/rilevazioni/:id/lettore.
func (s *Server) nameReviewer(c *fiber.Ctx) error {
	ente, id, err := campaignIDs(c)
	if err != nil {
		return err
	}
	var form reviewerForm
	if wrong, err := s.bind(c, &form); err != nil || len(wrong) > 0 {
		return errNoForm
	}
	err = s.svc.NameTextReviewer(c.UserContext(), actor(c), ente, id, surveys.ID(form.Reviewer))
	if wrong, bad := s.faultsOf(c, err); bad {
		p, err := s.reviewerPage(c, wrong)
		if err != nil {
			return err
		}
		return s.invalid(c, "campaigns/reviewer", p)
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, campaignPath(ente, id), "texts.named")
}

// showTexts handles GET …/rilevazioni/:id/testi.
func (s *Server) showTexts(c *fiber.Ctx) error {
	p, err := s.textsPage(c, nil, "", "")
	if err != nil {
		return err
	}
	return c.Render("campaigns/texts", p)
}

// textsPage is the reviewer's page; typed is what was refused for the text of id.
func (s *Server) textsPage(c *fiber.Ctx, wrong []FieldError, text surveys.ID, typed string) (textsPage, error) {
	ente, id, err := campaignIDs(c)
	if err != nil {
		return textsPage{}, err
	}
	v, err := s.svc.TextReview(c.UserContext(), actor(c), ente, id)
	if err != nil {
		return textsPage{}, err
	}
	p := textsPage{Chrome: s.enteChrome(c, v.Place, "texts.title", sectionSurvey)}
	inWave(&p.Chrome, ente, id, v.Campaign.Wave)
	p.Errors, p.Lead = wrong, p.T("texts.lead")
	if !v.Readable {
		p.Empty = &Empty{Title: p.T("texts.few"), Text: p.T("texts.few_text")}
		return p, nil
	}
	p.State = p.T("texts.state", "Left", v.Left, "Released", len(v.Released), "Withheld", v.Withheld)
	for _, t := range v.Unread {
		if t.ID == text {
			t.Body = typed
		}
		p.Unread = append(p.Unread, reviewCard(p.Chrome, t, campaignPath(ente, id)+textsSub))
	}
	for _, t := range v.Released {
		p.Released = append(p.Released, reviewCard(p.Chrome, t, campaignPath(ente, id)+textsSub))
	}
	return p, nil
}

func reviewCard(ch Chrome, t service.FreeText, base string) textCard {
	action, name := base+"/"+t.ID.String(), "body_"+t.ID.String()
	return textCard{ID: "testo-" + t.ID.String(), Question: words(ch.Localizer, t.Question), Body: t.Body, Action: action,
		Field: Field{Name: name, Type: "textarea", Label: ch.T("texts.body"), Hint: ch.T("texts.body_hint"), Value: t.Body, Required: true, Rows: 4, Error: ch.ErrorOf(name)},
		Withhold: Confirm{Action: action, Ask: ch.T("texts.withhold"), Title: ch.T("texts.withhold_title"), Consequence: ch.T("texts.withhold_text"),
			Button: ch.T("texts.withhold"), Danger: true, Hidden: []Hidden{{Name: "withhold", Value: "1"}}}}
}

// decideText handles POST …/rilevazioni/:id/testi/:testo: shown as the field says,
// or deleted.
func (s *Server) decideText(c *fiber.Ctx) error {
	ente, id, err := campaignIDs(c)
	if err != nil {
		return err
	}
	text, err := pathID(c, "testo")
	if err != nil {
		return err
	}
	d := service.TextDecision{Withhold: c.FormValue("withhold") != "", Body: c.FormValue("body_" + text.String())}
	done, err := s.svc.DecideText(c.UserContext(), actor(c), ente, id, text, d)
	if wrong, bad := s.faultsOf(c, err); bad {
		p, err := s.textsPage(c, wrong, text, d.Body)
		if err != nil {
			return err
		}
		return s.invalid(c, "campaigns/texts", p)
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, campaignPath(ente, id)+textsSub, decidedKey(done, d.Withhold))
}

// decidedKey says what became of a text.
func decidedKey(done, withheld bool) string {
	switch {
	case !done:
		return "texts.already"
	case withheld:
		return "texts.withheld"
	default:
		return "texts.released"
	}
}

// showReleased handles GET …/risultati/:ondata/testi.
func (s *Server) showReleased(c *fiber.Ctx) error {
	wave, err := pathWave(c)
	if err != nil {
		return err
	}
	f, v, err := s.readResults(c, wave, "texts.results_title", textsSub)
	if err != nil {
		return err
	}
	if v.Staff == nil {
		return fiber.ErrNotFound
	}
	r, err := s.svc.ReleasedTexts(c.UserContext(), v)
	if err != nil {
		return err
	}
	p := releasedPage{resultsFrame: f}
	p.Lead = p.T("texts.results_lead")
	switch {
	case !r.Readable:
		p.Empty = &Empty{Title: p.T("texts.few"), Text: p.T("texts.few_text")}
	case len(r.Texts) == 0 && !r.Named:
		p.Empty = &Empty{Title: p.T("texts.none"), Text: p.T("texts.none_named")}
	case len(r.Texts) == 0:
		p.Empty = &Empty{Title: p.T("texts.none"), Text: p.T("texts.none_read")}
	}
	if r.Counted {
		p.Count = p.T("texts.counts", "Released", len(r.Texts), "Written", r.Written)
	}
	for _, t := range r.Texts {
		p.Texts = append(p.Texts, textCard{Question: words(p.Localizer, t.Question), Body: t.Body})
	}
	return c.Render("results/texts", p)
}
