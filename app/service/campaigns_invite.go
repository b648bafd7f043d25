package service

import (
	"bytes"
	"context"
	"fmt"
	"html/template"
	"strings"
	"sync"

	"traguardo/app/auth"
	"traguardo/app/i18n"
	"traguardo/app/storage"
	"traguardo/surveys"
	"traguardo/surveys/pairing"
)

// invite makes the invitations of a wave fit the staff in service: newcomers get
// one, those who left lose theirs. It returns all of them.
func (s *Service) invite(ctx context.Context, tx *storage.Store, c *storage.Campaign) ([]storage.Invitation, error) {
	if err := tx.WithdrawLeavers(ctx, c.EnteID, c.ID); err != nil {
		return nil, err
	}
	have, err := tx.Invitations(ctx, c.EnteID, c.ID)
	if err != nil {
		return nil, err
	}
	invited := make(map[surveys.ID]bool, len(have))
	for _, i := range have {
		invited[i.StaffID] = true
	}
	staff, err := tx.StaffInService(ctx, c.EnteID)
	if err != nil {
		return nil, err
	}
	var fresh []storage.Invitation
	for _, person := range staff {
		if invited[person.StaffID] {
			continue
		}
		i, err := s.newInvitation(c.EnteID, c.ID, person)
		if err != nil {
			return nil, err
		}
		fresh = append(fresh, i)
	}
	if err := tx.AddInvitations(ctx, fresh); err != nil {
		return nil, err
	}
	return append(have, fresh...), nil
}

func (s *Service) newInvitation(ente, campaign surveys.ID, person storage.Invitee) (storage.Invitation, error) {
	id, err := s.newID()
	if err != nil {
		return storage.Invitation{}, err
	}
	secret, err := pairing.NewLinkSecret(s.random)
	if err != nil {
		return storage.Invitation{}, err
	}
	keys, err := pairing.DeriveLink(secret)
	if err != nil {
		return storage.Invitation{}, err
	}
	master, err := pairing.KeyFromBytes(s.key)
	if err != nil {
		return storage.Invitation{}, err
	}
	wrapped, err := pairing.WrapSecret(master, invitationContext(id), secret[:], s.random)
	return storage.Invitation{ID: id, EnteID: ente, CampaignID: campaign, StaffID: person.StaffID, Token: keys.Token, SecretWrapped: wrapped,
		Email: person.Email, Office: person.Office}, err
}

func invitationContext(id surveys.ID) string { return "invitation/" + id.String() + "/secret" }

// link unwraps the personal link of an invitation.
func (s *Service) link(i storage.Invitation) (string, error) {
	master, err := pairing.KeyFromBytes(s.key)
	if err != nil {
		return "", err
	}
	b, err := pairing.UnwrapSecret(master, invitationContext(i.ID), i.SecretWrapped)
	if err != nil {
		return "", fmt.Errorf("unwrapping invitation %s: %w", i.ID, err)
	}
	var secret pairing.LinkSecret
	if copy(secret[:], b) != len(secret) || len(b) != len(secret) {
		return "", fmt.Errorf("unwrapping invitation %s: %w", i.ID, surveys.ErrInvalid)
	}
	return s.base + "/q/" + secret.Text(), nil
}

// PrepareInvitations makes the invitations of a draft, so that letters can be
// printed before the wave opens. No mail leaves.
func (s *Service) PrepareInvitations(ctx context.Context, actor auth.Actor, ente, id surveys.ID) error {
	return s.inCampaign(ctx, actor, ente, id, auth.CampaignEdit, func(tx *storage.Store, _ Place, c *storage.Campaign) (Change, error) {
		if c.State != surveys.CampaignDraft {
			return Change{}, fmt.Errorf("inviting for campaign %s: %w", id, surveys.ErrState)
		}
		all, err := s.invite(ctx, tx, c)
		if err != nil {
			return Change{}, err
		}
		if len(all) == 0 {
			return Change{}, Invalid("", "campaign.missing_staff")
		}
		return Change{Action: "campaign.invite", Detail: map[string]int{"invited": len(all)}}, nil
	})
}

// Letter is one personal letter to print.
type Letter struct {
	Email  string
	Office string // empty when none
	Link   string // personal: whoever has it can answer in the person's place
}

// Letters returns the personal letters of a wave, for printing; that somebody read
// the links goes into the audit trail.
func (s *Service) Letters(ctx context.Context, actor auth.Actor, ente, id surveys.ID) (CampaignView, []Letter, error) {
	var letters []Letter
	err := s.inCampaign(ctx, actor, ente, id, auth.CampaignEdit, func(tx *storage.Store, _ Place, c *storage.Campaign) (Change, error) {
		if c.State == surveys.CampaignClosed {
			return Change{}, fmt.Errorf("letters of campaign %s: %w", id, surveys.ErrClosed)
		}
		all, err := tx.Invitations(ctx, ente, id)
		if err != nil {
			return Change{}, err
		}
		if err := linksKept(all); err != nil {
			return Change{}, err
		}
		for _, i := range all {
			link, err := s.link(i)
			if err != nil {
				return Change{}, err
			}
			letters = append(letters, Letter{Email: i.Email, Office: i.Office, Link: link})
		}
		return Change{Action: "campaign.letters", Detail: map[string]int{"letters": len(letters)}}, nil
	})
	if err != nil {
		return CampaignView{}, nil, err
	}
	v, err := s.Campaign(ctx, actor, ente, id)
	return v, letters, err
}

// Cards makes fresh pairing cards for a printed sheet: one for everybody in service
// and a fifth more, so that nobody can tell who drew which. They are kept nowhere.
func (s *Service) Cards(ctx context.Context, actor auth.Actor, ente, id surveys.ID) (CampaignView, []string, error) {
	v, err := s.Campaign(ctx, actor, ente, id)
	if err != nil {
		return v, nil, err
	}
	if !v.Place.Can(auth.CampaignEdit) {
		return v, nil, fmt.Errorf("cards of campaign %s: %w", id, auth.ErrForbidden)
	}
	if v.Campaign.Pairing != surveys.PairingCard {
		return v, nil, fmt.Errorf("cards of campaign %s, which has none: %w", id, storage.ErrNotFound)
	}
	n := max(v.Staff, v.Campaign.Eligible)
	cards, err := pairing.NewCards(s.random, n+(n+4)/5)
	if err != nil {
		return v, nil, err
	}
	texts := make([]string, 0, len(cards))
	for _, c := range cards {
		texts = append(texts, c.Text())
	}
	return v, texts, nil
}

type mailKind int

const (
	mailInvitation mailKind = iota + 1
	mailReminder
)

// writeTo queues one mail for every invitation and notes the day.
func (s *Service) writeTo(ctx context.Context, tx *storage.Store, p Place, c storage.Campaign, to []storage.Invitation, kind mailKind) error {
	if err := s.queueMails(ctx, tx, p, c, to, kind); err != nil {
		return err
	}
	return tx.InvitationsSent(ctx, c.EnteID, c.ID, s.Today())
}

// queueMails queues one mail for every invitation.
func (s *Service) queueMails(ctx context.Context, tx *storage.Store, p Place, c storage.Campaign, to []storage.Invitation, kind mailKind) error {
	if err := linksKept(to); err != nil {
		return err
	}
	l, now := s.texts.For(i18n.Italian), s.clock()
	mails := make([]storage.Mail, 0, len(to))
	for _, i := range to {
		link, err := s.link(i)
		if err != nil {
			return err
		}
		id, err := s.newID()
		if err != nil {
			return err
		}
		m := s.surveyMail(l, p, c, link, kind)
		html, err := m.html()
		if err != nil {
			return err
		}
		mails = append(mails, storage.Mail{ID: id, EnteID: c.EnteID, Invitation: i.ID, Recipient: i.Email, Subject: m.Subject, Text: m.text(), HTML: html, CreatedAt: now})
	}
	return tx.AddMails(ctx, mails)
}

func (s *Service) surveyMail(l *i18n.Localizer, p Place, c storage.Campaign, link string, kind mailKind) mailText {
	m := mailText{Lang: l.Lang(), Action: l.T("campaign.mail_action"), Href: link}
	m.Before = []string{l.T("campaign.mail_intro", "Ente", p.Ente.Name, "Minutes", CampaignMinutes(c))}
	m.Subject = l.T("campaign.mail_subject")
	if kind == mailReminder {
		m.Subject = l.T("campaign.mail_reminder_subject")
		m.Before = append([]string{l.T("campaign.mail_reminder")}, m.Before...)
	}
	m.After = []string{l.T("campaign.mail_until", "Until", l.DateTime(c.ClosesAt)), l.T("campaign.mail_personal"), l.T("campaign.mail_" + string(c.Pairing))}
	if p.Ente.Fictitious {
		m.After = append(m.After, l.T("campaign.mail_fictitious"))
	}
	return m
}

// Minutes that the questionnaire is said to take (questionnaires.md §5: estimates,
// to be measured in the pilot).
const (
	minutesFull  = 25
	minutesShort = 12
)

// CampaignMinutes is how long a wave's questionnaire is said to take.
func CampaignMinutes(c storage.Campaign) int {
	if c.Short || c.Small() {
		return minutesShort
	}
	return minutesFull
}

// mailText is a mail with one action.
type mailText struct {
	Lang, Subject string
	Before, After []string // paragraphs around the action
	Action, Href  string
}

// text is the plain form.
func (m mailText) text() string {
	parts := append([]string{}, m.Before...)
	parts = append(parts, m.Action+":\n"+m.Href)
	parts = append(parts, m.After...)
	return strings.Join(parts, "\n\n") + "\n"
}

const mailHTML = `<!doctype html>
<html lang="{{.Lang}}"><head><meta charset="utf-8"><title>{{.Subject}}</title></head>
<body style="margin:0;padding:24px;background:#f3f6f9;font-family:Arial,sans-serif;font-size:17px;line-height:1.5;color:#17324d">
<div style="max-width:560px;margin:0 auto;padding:28px;background:#ffffff;border-radius:8px">
{{range .Before}}<p>{{.}}</p>{{end}}
<p style="margin:28px 0"><a href="{{.Href}}" style="display:inline-block;padding:14px 24px;background:#0066cc;color:#ffffff;text-decoration:none;border-radius:6px;font-weight:bold">{{.Action}}</a></p>
<p style="font-size:15px;color:#455b71;word-break:break-all">{{.Href}}</p>
{{range .After}}<p>{{.}}</p>{{end}}
</div></body></html>
`

// mailTemplate is read once: a wave writes to thousands.
var mailTemplate = sync.OnceValues(func() (*template.Template, error) { return template.New("mail").Parse(mailHTML) })

// html is the form for mail readers that show it; nothing in it is fetched from outside.
func (m mailText) html() (string, error) {
	t, err := mailTemplate()
	if err != nil {
		return "", fmt.Errorf("mail template: %w", err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, m); err != nil {
		return "", fmt.Errorf("writing a mail: %w", err)
	}
	return b.String(), nil
}
