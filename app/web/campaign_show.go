package web

import (
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/auth"
	"traguardo/app/service"
	"traguardo/surveys"
)

// campaignPage is "campaigns/show": one wave, and what to do with it now.
type campaignPage struct {
	Chrome
	State    Badge
	Next     Next
	Facts    []Fact
	Missing  []string
	Edit     string // addresses; empty when not now or not allowed
	Prepare  string
	Letters  string
	Cards    string
	Remind   string
	Days     *Confirm // days of the reminders still to come
	Mails    string   // address of the list of mails
	MailNote string   // mails that wait or were refused; empty when none
	Opening  *openingForm
	Destroy  *Confirm
	Reopen   *Confirm
	NoReopen string // why a closed wave cannot be opened again
	Texts    []Link // to the pages of the free texts
	Close    *Confirm
	Extend   *Confirm
	Remove   *Confirm
	DueKeys  []string
	Forecast *Table
	Draft    bool
	Rate     string // of an open wave; empty when nothing may be told
	RateWhy  string
	Text     []string // the informativa
	Opinion  string
	Unions   string
}

// openingForm opens a wave now or orders its opening.
type openingForm struct {
	Action   string
	Text     string // what will happen
	Keys     *Field // nil when no knowledge key is past its date
	Schedule string // words of the button that orders the opening; empty when its hour has come or it is ordered
	Undo     string // address that takes an ordered opening back; empty when none is ordered
}

// Fact is one line of a list of facts.
type Fact struct{ Label, Value string }

// showCampaign handles GET /enti/:ente/rilevazioni/:id.
func (s *Server) showCampaign(c *fiber.Ctx) error {
	v, err := s.campaignView(c)
	if err != nil {
		return err
	}
	return c.Render("campaigns/show", s.campaignPage(c, v, nil))
}

func (s *Server) campaignPage(c *fiber.Ctx, v service.CampaignView, wrong []FieldError) campaignPage {
	ente, id := v.Campaign.EnteID, v.Campaign.ID
	p := campaignPage{Chrome: s.enteChrome(c, v.Place, "", sectionSurvey), Text: paragraphs(v.Campaign.Informativa), Opinion: v.Campaign.RPDOpinion, Unions: v.Campaign.UnionsNotice}
	p.Title = p.T("campaign.title", "Wave", p.T("wave."+string(v.Campaign.Wave)))
	p.Breadcrumbs = append(p.Breadcrumbs, Link{Label: p.T("campaign.list_title"), Href: campaignsPath(ente)})
	p.Errors = wrong
	p.State = campaignBadge(p.Chrome, v.Campaign)
	base := campaignPath(ente, id)
	edit := v.Place.Can(auth.CampaignEdit)
	p.Draft = v.Campaign.State == surveys.CampaignDraft
	if edit && v.Campaign.State != surveys.CampaignClosed {
		if v.Campaign.Pairing == surveys.PairingCard {
			p.Cards = base + "/carte"
		}
		if v.Mails.Invited > 0 && !v.Mails.Bare {
			p.Letters = base + "/lettere"
		}
	}
	switch v.Campaign.State {
	case surveys.CampaignDraft:
		s.draftParts(&p, v, base)
	case surveys.CampaignOpen:
		s.openParts(&p, v, base)
	case surveys.CampaignClosed:
		p.Next = Next{Title: p.T("campaign.next_closed"), Text: p.T("campaign.next_closed_text"), Action: p.T("campaign.next_closed_action"), Href: entePath(ente) + "/risultati"}
		s.reopenPart(&p, v, base)
		if v.KeyOver && v.Place.Can(auth.CampaignClose) {
			p.Destroy = &Confirm{Action: base + "/distruggi-chiave", Ask: p.T("campaign.destroy"), Title: p.T("campaign.destroy_title"),
				Consequence: p.T("campaign.destroy_text"), Button: p.T("campaign.destroy"), Danger: true}
		}
	}
	p.Facts, p.Texts = campaignFacts(p.Chrome, v), textLinks(p.Chrome, actor(c), v, base)
	return p
}

// reopenPart offers to open a closed wave again, or says why that cannot be.
func (s *Server) reopenPart(p *campaignPage, v service.CampaignView, base string) {
	if !v.Place.Can(auth.CampaignClose) {
		return
	}
	if v.Campaign.ResultsSeen {
		p.NoReopen = p.T("campaign.fault_seen")
		return
	}
	p.Reopen = &Confirm{Action: base + "/riapri", Ask: p.T("campaign.reopen"), Title: p.T("campaign.reopen_title"), Consequence: p.T("campaign.reopen_text"),
		Button: p.T("campaign.reopen"), Fields: []Field{
			{Name: "closes_day", Type: "date", Label: p.T("campaign.f_closes_day"), Required: true, Narrow: true, Error: p.ErrorOf("closes_day")},
			{Name: "closes_hour", Type: "time", Label: p.T("campaign.f_closes_hour"), Value: "18:00", Required: true, Narrow: true},
			{Name: "reason", Type: "textarea", Label: p.T("campaign.f_reason"), Hint: p.T("campaign.reason_hint"), Required: true, Rows: 3, Error: p.ErrorOf("reason")}}}
}

func campaignFacts(ch Chrome, v service.CampaignView) []Fact {
	c := v.Campaign
	form := ch.T("campaign.form_full")
	if c.Short || c.Small() {
		form = ch.T("campaign.form_short")
	}
	closes := c.ClosesAt
	if !c.ClosedAt.IsZero() {
		closes = c.ClosedAt
	}
	facts := []Fact{{ch.T("campaign.opens"), ch.DateTime(c.OpensAt)}, {ch.T("campaign.closes"), ch.DateTime(closes)}, {ch.T("campaign.form"), form}, {ch.T("campaign.f_instrument"), v.Asked},
		{ch.T("campaign.f_threshold"), ch.T("campaign.people", "Count", c.Threshold)}, {ch.T("campaign.pairing"), ch.T("campaign.pairing_" + string(c.Pairing))}}
	if v.Keeper != "" {
		facts = append(facts, Fact{ch.T("campaign.keeper"), v.Keeper})
	}
	if c.State == surveys.CampaignDraft {
		facts = append(facts, Fact{ch.T("campaign.staff"), ch.T("campaign.people", "Count", v.Staff)}, Fact{ch.T("campaign.invited"), ch.Int(v.Mails.Invited)})
	} else {
		facts = append(facts, Fact{ch.T("campaign.eligible"), ch.T("campaign.people", "Count", c.Eligible)})
	}
	if c.State == surveys.CampaignClosed {
		kind := ch.T("campaign.pseudonymous")
		if v.Anonymous {
			kind = ch.T("campaign.anonymous")
		}
		facts = append(facts, Fact{ch.T("campaign.data_kind"), kind})
	}
	if !v.Mails.LastSent.IsZero() {
		facts = append(facts, Fact{ch.T("campaign.last_mail"), ch.Date(v.Mails.LastSent)})
	}
	if c.State != surveys.CampaignClosed && len(c.Reminders) > 0 {
		days := make([]string, 0, len(c.Reminders))
		for _, d := range c.Reminders {
			if day, err := time.Parse(time.DateOnly, d); err == nil {
				days = append(days, ch.Date(day))
			}
		}
		facts = append(facts, Fact{ch.T("campaign.reminders"), strings.Join(days, "; ")})
	}
	if v.Paired != nil {
		compared := ch.T("wave." + string(v.Paired.Wave))
		if v.Others {
			compared += ". " + ch.T("campaign.compared_same")
		}
		facts = append(facts, Fact{ch.T("campaign.compared"), compared})
	}
	return facts
}

// draftParts adds what can be done before a wave opens.
func (s *Server) draftParts(p *campaignPage, v service.CampaignView, base string) {
	for _, key := range v.Missing {
		p.Missing = append(p.Missing, p.T(key))
	}
	forecast := forecastTable(p.Chrome, v.Staff, v.Forecast)
	p.Forecast, p.DueKeys = &forecast, v.DueKeys
	opens := p.DateTime(v.Campaign.OpensAt)
	switch {
	case len(v.Missing) > 0:
		p.Next = Next{Title: p.T("campaign.next_missing"), Text: p.T("campaign.next_missing_text")}
	case v.Campaign.ScheduledBy != "":
		p.Next = Next{Title: p.T("campaign.next_scheduled", "When", opens), Text: p.T("campaign.next_scheduled_text")}
	case !v.Place.Can(auth.CampaignClose):
		p.Next = Next{Title: p.T("campaign.next_ready"), Text: p.T("campaign.next_ready_rtd")}
	default:
		p.Next = Next{Title: p.T("campaign.next_ready"), Text: p.T("campaign.next_ready_text")}
	}
	if v.Place.Can(auth.CampaignEdit) {
		p.Edit, p.Prepare = base+"/modifica", base+"/inviti"
		if len(v.Missing) > 0 {
			p.Next.Action, p.Next.Href = p.T("campaign.edit"), p.Edit
		}
		p.Remove = &Confirm{Action: base + "/elimina", Ask: p.T("campaign.remove"), Title: p.T("campaign.remove_title"),
			Consequence: p.T("campaign.remove_text"), Button: p.T("campaign.remove"), Danger: true}
	}
	if !v.Place.Can(auth.CampaignClose) || len(v.Missing) > 0 {
		return
	}
	o := &openingForm{Action: base + "/apri", Text: p.T("campaign.open_text", "Count", v.Staff, "Until", p.DateTime(v.Campaign.ClosesAt))}
	if len(v.DueKeys) > 0 {
		o.Keys = &Field{Name: "keys", Type: "radio", Label: p.T("campaign.keys"), Hint: p.T("campaign.keys_hint", "Count", len(v.DueKeys)), Required: true, Error: p.ErrorOf("keys"),
			Options: []Option{{Value: service.KeysChecked, Label: p.T("campaign.keys_checked")},
				{Value: service.KeysWithheld, Label: p.T("campaign.keys_withheld"), Hint: p.T("campaign.keys_withheld_hint")}}}
	}
	switch {
	case v.Campaign.ScheduledBy != "":
		o.Undo = base + "/annulla-apertura"
	case v.Now.Before(v.Campaign.OpensAt):
		o.Schedule = p.T("campaign.schedule", "When", opens)
	}
	p.Opening = o
}

// openParts adds what can be done while a wave is open.
func (s *Server) openParts(p *campaignPage, v service.CampaignView, base string) {
	until := p.DateTime(v.Campaign.ClosesAt)
	p.RateWhy = p.T("campaign.rate_hidden")
	p.Next = Next{Title: p.T("campaign.next_open", "Until", until), Text: p.T("campaign.next_open_text")}
	if v.RateShown {
		p.Rate, p.RateWhy = p.T("campaign.rate", "Rate", v.Rate), p.T("campaign.rate_why")
		if v.Rate == 0 {
			p.Rate = p.T("campaign.rate_low")
		}
	}
	if v.Place.Can(auth.CampaignEdit) && v.Mails.Bare {
		p.RateWhy += " " + p.T("campaign.fault_links_gone")
	} else if v.Place.Can(auth.CampaignEdit) {
		p.Remind = base + "/promemoria"
		p.Days = &Confirm{Action: base + "/promemoria/giorni", Ask: p.T("campaign.reminders_choose"), Title: p.T("campaign.reminders"),
			Consequence: p.T("campaign.reminders_text"), Button: p.T("campaign.save"), Fields: reminderFields(p.Chrome, v.Campaign.Reminders)}
		p.Mails = base + "/inviti"
		p.MailNote = mailNote(p.Chrome, v)
	}
	if !v.Place.Can(auth.CampaignClose) {
		return
	}
	p.Close = &Confirm{Action: base + "/chiudi", Ask: p.T("campaign.close"), Title: p.T("campaign.close_title"), Consequence: p.T("campaign.close_text"),
		Button: p.T("campaign.close"), Danger: true}
	day, hour := s.svc.FormOf(v.Campaign).ClosesDay, s.svc.FormOf(v.Campaign).ClosesHour
	p.Extend = &Confirm{Action: base + "/proroga", Ask: p.T("campaign.extend"), Title: p.T("campaign.extend_title"), Consequence: p.T("campaign.extend_text", "Until", until),
		Button: p.T("campaign.extend_button"), Fields: []Field{
			{Name: "closes_day", Type: "date", Label: p.T("campaign.f_closes_day"), Value: day, Required: true, Narrow: true, Error: p.ErrorOf("closes_day")},
			{Name: "closes_hour", Type: "time", Label: p.T("campaign.f_closes_hour"), Value: hour, Required: true, Narrow: true}}}
}

// campaignAction does something with the wave of the address and shows it again:
// after success by a redirect, with what is wrong on the page otherwise.
func (s *Server) campaignAction(c *fiber.Ctx, do func(ente, id surveys.ID) (messageKey string, err error)) error {
	ente, id, err := campaignIDs(c)
	if err != nil {
		return err
	}
	key, err := do(ente, id)
	if wrong, bad := s.faultsOf(c, err); bad {
		v, err := s.svc.Campaign(c.UserContext(), actor(c), ente, id)
		if err != nil {
			return err
		}
		return s.invalid(c, "campaigns/show", s.campaignPage(c, v, wrong))
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, campaignPath(ente, id), key)
}

type waveOpenForm struct {
	AtOnce string `form:"subito" validate:"max=10"`
	Keys   string `form:"keys" validate:"max=20"`
}

// openCampaign handles POST …/apri: now, or at the stated hour.
func (s *Server) openCampaign(c *fiber.Ctx) error {
	var form waveOpenForm
	if wrong, err := s.bind(c, &form); err != nil || len(wrong) > 0 {
		return errNoForm
	}
	return s.campaignAction(c, func(ente, id surveys.ID) (string, error) {
		opened, err := s.svc.OpenCampaign(c.UserContext(), actor(c), ente, id, service.Opening{AtOnce: form.AtOnce != "", Keys: form.Keys})
		if opened {
			return "campaign.opened", err
		}
		return "campaign.scheduled", err
	})
}

// unscheduleCampaign handles POST …/annulla-apertura.
func (s *Server) unscheduleCampaign(c *fiber.Ctx) error {
	return s.campaignAction(c, func(ente, id surveys.ID) (string, error) {
		return "campaign.unscheduled", s.svc.UnscheduleCampaign(c.UserContext(), actor(c), ente, id)
	})
}

// prepareInvitations handles POST …/inviti.
func (s *Server) prepareInvitations(c *fiber.Ctx) error {
	return s.campaignAction(c, func(ente, id surveys.ID) (string, error) {
		return "campaign.prepared", s.svc.PrepareInvitations(c.UserContext(), actor(c), ente, id)
	})
}

// remindCampaign handles POST …/promemoria.
func (s *Server) remindCampaign(c *fiber.Ctx) error {
	return s.campaignAction(c, func(ente, id surveys.ID) (string, error) {
		return "campaign.reminded", s.svc.Remind(c.UserContext(), actor(c), ente, id)
	})
}

// closeCampaign handles POST …/chiudi.
func (s *Server) closeCampaign(c *fiber.Ctx) error {
	return s.campaignAction(c, func(ente, id surveys.ID) (string, error) {
		return "campaign.closed", s.svc.CloseCampaign(c.UserContext(), actor(c), ente, id)
	})
}

// destroyKey handles POST …/distruggi-chiave.
func (s *Server) destroyKey(c *fiber.Ctx) error {
	return s.campaignAction(c, func(ente, id surveys.ID) (string, error) {
		return "campaign.destroyed", s.svc.DestroyKey(c.UserContext(), actor(c), ente, id)
	})
}

type extendForm struct {
	Day  string `form:"closes_day" validate:"max=20"`
	Hour string `form:"closes_hour" validate:"max=20"`
}

// extendCampaign handles POST …/proroga.
func (s *Server) extendCampaign(c *fiber.Ctx) error {
	var form extendForm
	if wrong, err := s.bind(c, &form); err != nil || len(wrong) > 0 {
		return errNoForm
	}
	return s.campaignAction(c, func(ente, id surveys.ID) (string, error) {
		return "campaign.extended", s.svc.ExtendCampaign(c.UserContext(), actor(c), ente, id, form.Day, form.Hour)
	})
}

// removeCampaign handles POST …/elimina.
func (s *Server) removeCampaign(c *fiber.Ctx) error {
	ente, id, err := campaignIDs(c)
	if err != nil {
		return err
	}
	if err := s.svc.RemoveCampaign(c.UserContext(), actor(c), ente, id); err != nil {
		return err
	}
	return s.seeOther(c, campaignsPath(ente), "campaign.removed")
}
