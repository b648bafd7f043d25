package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/service"
	"traguardo/surveys"
)

// deliveriesPage is "campaigns/deliveries": how the mail of each invited person
// went. It tells nothing of answers.
type deliveriesPage struct {
	Chrome
	Back   string
	Note   string // mails that wait or were refused
	Resend bool
	People []deliveryRow
}

type deliveryRow struct {
	Email, Office string
	State         Badge
	Action        string // address that writes again
}

// mailNote says in words which mails wait and which were refused; empty when none.
func mailNote(ch Chrome, v service.CampaignView) string {
	var notes []string
	if v.Mails.Undelivered > 0 {
		notes = append(notes, ch.T("campaign.mail_undelivered", "Count", v.Mails.Undelivered))
	}
	if v.Mails.Waiting > 0 {
		notes = append(notes, ch.T("campaign.mail_waiting", "Count", v.Mails.Waiting))
	}
	return strings.Join(notes, " ")
}

func deliveryBadge(ch Chrome, d service.Delivery) Badge {
	switch {
	case d.Waiting:
		return Badge{Kind: KindNeutral, Text: ch.T("campaign.delivery_waiting")}
	case d.Undelivered:
		return Badge{Kind: KindWarning, Text: ch.T("campaign.delivery_refused")}
	case d.Written:
		return Badge{Kind: KindOK, Text: ch.T("campaign.delivery_sent")}
	default:
		return Badge{Kind: KindNeutral, Text: ch.T("campaign.delivery_none")}
	}
}

// showDeliveries handles GET …/inviti.
func (s *Server) showDeliveries(c *fiber.Ctx) error {
	ente, id, err := campaignIDs(c)
	if err != nil {
		return err
	}
	p, err := s.deliveriesPage(c, ente, id, nil)
	if err != nil {
		return err
	}
	return c.Render("campaigns/deliveries", p)
}

func (s *Server) deliveriesPage(c *fiber.Ctx, ente, id surveys.ID, wrong []FieldError) (deliveriesPage, error) {
	v, list, err := s.svc.Deliveries(c.UserContext(), actor(c), ente, id)
	if err != nil {
		return deliveriesPage{}, err
	}
	p := deliveriesPage{Chrome: s.enteChrome(c, v.Place, "campaign.deliveries_title", sectionSurvey), Back: campaignPath(ente, id)}
	p.Breadcrumbs = append(p.Breadcrumbs, Link{Label: p.T("campaign.list_title"), Href: campaignsPath(ente)},
		Link{Label: p.T("campaign.title", "Wave", p.T("wave."+string(v.Campaign.Wave))), Href: p.Back})
	p.Path, p.Errors, p.Note = p.Back+"/inviti", wrong, mailNote(p.Chrome, v)
	p.Resend = v.Campaign.Accepts(v.Now) == nil
	for _, d := range list {
		p.People = append(p.People, deliveryRow{Email: d.Email, Office: d.Office, State: deliveryBadge(p.Chrome, d),
			Action: p.Path + "/" + d.Invitation.String() + "/rimanda"})
	}
	return p, nil
}

// resendInvitation handles POST …/inviti/:invito/rimanda.
func (s *Server) resendInvitation(c *fiber.Ctx) error {
	ente, id, err := campaignIDs(c)
	if err != nil {
		return err
	}
	invitation, err := pathID(c, "invito")
	if err != nil {
		return err
	}
	err = s.svc.Resend(c.UserContext(), actor(c), ente, id, invitation)
	if wrong, bad := s.faultsOf(c, err); bad {
		p, err := s.deliveriesPage(c, ente, id, wrong)
		if err != nil {
			return err
		}
		return s.invalid(c, "campaigns/deliveries", p)
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, campaignPath(ente, id)+"/inviti", "campaign.resent")
}

type remindersForm struct {
	First  string `form:"reminder_1" validate:"max=20"`
	Second string `form:"reminder_2" validate:"max=20"`
	Third  string `form:"reminder_3" validate:"max=20"`
}

// setReminders handles POST …/promemoria/giorni.
func (s *Server) setReminders(c *fiber.Ctx) error {
	var form remindersForm
	if wrong, err := s.bind(c, &form); err != nil || len(wrong) > 0 {
		return errNoForm
	}
	return s.campaignAction(c, func(ente, id surveys.ID) (string, error) {
		return "campaign.reminders_saved", s.svc.SetReminders(c.UserContext(), actor(c), ente, id, []string{form.First, form.Second, form.Third})
	})
}

type reopenForm struct {
	Day    string `form:"closes_day" validate:"max=20"`
	Hour   string `form:"closes_hour" validate:"max=20"`
	Reason string `form:"reason" validate:"max=4000"`
}

// reopenCampaign handles POST …/riapri.
func (s *Server) reopenCampaign(c *fiber.Ctx) error {
	var form reopenForm
	if wrong, err := s.bind(c, &form); err != nil || len(wrong) > 0 {
		return errNoForm
	}
	return s.campaignAction(c, func(ente, id surveys.ID) (string, error) {
		return "campaign.reopened", s.svc.ReopenCampaign(c.UserContext(), actor(c), ente, id, service.Reopening{Day: form.Day, Hour: form.Hour, Reason: form.Reason})
	})
}
