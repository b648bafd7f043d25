package storage

import (
	"context"
	"time"

	"traguardo/surveys"
	"traguardo/surveys/pairing"
)

// Invitee is an employee in service, as far as an invitation needs it.
type Invitee struct {
	StaffID surveys.ID
	Email   string
	Office  string // name of the office; empty when none
}

// StaffInService lists the employees of an ente that have not left, by office and address.
func (s *Store) StaffInService(ctx context.Context, ente surveys.ID) ([]Invitee, error) {
	type inviteeRow struct {
		ID     string
		Email  string
		Office *string
	}
	rows, err := table[inviteeRow](s.db).Raw(`SELECT st.id, st.email, o.name AS office FROM staff st LEFT JOIN offices o ON o.id = st.office_id AND o.ente_id = st.ente_id
		WHERE st.ente_id = ? AND st.left_on IS NULL ORDER BY o.name_folded, st.email_folded`, ente).Find(ctx)
	return mapRows(rows, func(r inviteeRow) Invitee {
		return Invitee{StaffID: surveys.ID(r.ID), Email: r.Email, Office: orEmpty(r.Office)}
	}), translate(err, "staff in service of %s", ente)
}

// CountStaff counts the employees in service of an ente.
func (s *Store) CountStaff(ctx context.Context, ente surveys.ID) (int, error) {
	type countRow struct{ N int64 }
	row, err := table[countRow](s.db).Raw("SELECT COUNT(*) AS n FROM staff WHERE ente_id = ? AND left_on IS NULL", ente).Take(ctx)
	return int(row.N), translate(err, "counting the staff of %s", ente)
}

// Invitation is the right of one employee to answer one campaign, once. It shares
// no key with drafts or responses.
type Invitation struct {
	ID            surveys.ID
	EnteID        surveys.ID
	CampaignID    surveys.ID
	StaffID       surveys.ID
	Token         pairing.Hash // of a key derived from the link's secret
	SecretWrapped []byte       // the link's secret under the key outside the database
	Used          bool         // yes or no: no day and no time
	SentOn        time.Time    // day of the last mail; zero when none was sent
	Undelivered   bool         // the last mail was refused for good
	Email, Office string       // of the employee; filled by Invitations
}

type invitationRow struct {
	ID            string `gorm:"primaryKey"`
	EnteID        string
	CampaignID    string
	StaffID       string
	TokenHash     []byte
	SecretWrapped []byte
	Used          bool
	SentOn        *string
	Undelivered   bool
}

func (invitationRow) TableName() string { return "invitations" }

func (r invitationRow) invitation() Invitation {
	i := Invitation{ID: surveys.ID(r.ID), EnteID: surveys.ID(r.EnteID), CampaignID: surveys.ID(r.CampaignID), StaffID: surveys.ID(r.StaffID),
		SecretWrapped: r.SecretWrapped, Used: r.Used, SentOn: fromDayOrZero(r.SentOn), Undelivered: r.Undelivered}
	copy(i.Token[:], r.TokenHash)
	return i
}

const batch = 200 // rows of one INSERT

// AddInvitations inserts invitations. ErrConflict: somebody is invited already.
func (s *Store) AddInvitations(ctx context.Context, list []Invitation) error {
	if len(list) == 0 {
		return nil
	}
	rows := mapRows(list, func(i Invitation) invitationRow {
		return invitationRow{ID: i.ID.String(), EnteID: i.EnteID.String(), CampaignID: i.CampaignID.String(), StaffID: i.StaffID.String(),
			TokenHash: i.Token[:], SecretWrapped: i.SecretWrapped, Used: i.Used, SentOn: dayOrNil(i.SentOn), Undelivered: i.Undelivered}
	})
	return translate(table[invitationRow](s.db).CreateInBatches(ctx, &rows, batch), "inviting %d people", len(rows))
}

const invitationsSQL = `SELECT i.*, st.email AS email, o.name AS office FROM invitations i JOIN staff st ON st.id = i.staff_id
	LEFT JOIN offices o ON o.id = st.office_id WHERE i.ente_id = ? AND i.campaign_id = ? ORDER BY o.name_folded, st.email_folded`

// Invitations lists the invitations of a campaign by office and address.
func (s *Store) Invitations(ctx context.Context, ente, campaign surveys.ID) ([]Invitation, error) {
	type invitedRow struct {
		Row    invitationRow `gorm:"embedded"`
		Email  string
		Office *string
	}
	rows, err := table[invitedRow](s.db).Raw(invitationsSQL, ente, campaign).Find(ctx)
	return mapRows(rows, func(r invitedRow) Invitation {
		i := r.Row.invitation()
		i.Email, i.Office = r.Email, orEmpty(r.Office)
		return i
	}), translate(err, "invitations of campaign %s", campaign)
}

// WithdrawLeavers deletes the invitations of people who have left the ente. For
// campaigns that are not open yet.
func (s *Store) WithdrawLeavers(ctx context.Context, ente, campaign surveys.ID) error {
	_, err := table[invitationRow](s.db).Where(`ente_id = ? AND campaign_id = ? AND NOT used
		AND staff_id IN (SELECT id FROM staff WHERE ente_id = ? AND left_on IS NOT NULL)`, ente, campaign, ente).Delete(ctx)
	return translate(err, "withdrawing invitations of campaign %s", campaign)
}

// InvitationByToken finds an invitation by what its link proves. ErrNotFound: no such link.
func (s *Store) InvitationByToken(ctx context.Context, token pairing.Hash) (Invitation, error) {
	row, err := table[invitationRow](s.db).Where("token_hash = ?", token[:]).First(ctx)
	return row.invitation(), translate(err, "invitation by link")
}

// UseInvitation marks an invitation as used. ErrConflict: it was used before.
func (s *Store) UseInvitation(ctx context.Context, ente surveys.ID, token pairing.Hash) error {
	n, err := table[invitationRow](s.db).Where("ente_id = ? AND token_hash = ? AND NOT used", ente, token[:]).Select("used").
		Updates(ctx, invitationRow{Used: true})
	return one(n, err, ErrConflict, "using an invitation")
}

// InvitationsSent notes the day on which everybody of a campaign was written to.
func (s *Store) InvitationsSent(ctx context.Context, ente, campaign surveys.ID, on time.Time) error {
	_, err := table[invitationRow](s.db).Where("ente_id = ? AND campaign_id = ?", ente, campaign).Select("sent_on").
		Updates(ctx, invitationRow{SentOn: dayOrNil(on)})
	return translate(err, "noting the mails of campaign %s", campaign)
}

// InvitationCounts tells how many people a campaign has invited and when they were last written to.
func (s *Store) InvitationCounts(ctx context.Context, ente, campaign surveys.ID) (invited int, lastSent time.Time, err error) {
	type countRow struct {
		N    int64
		Sent *string
	}
	row, err := table[countRow](s.db).Raw("SELECT COUNT(*) AS n, MAX(sent_on) AS sent FROM invitations WHERE ente_id = ? AND campaign_id = ?", ente, campaign).Take(ctx)
	return int(row.N), fromDayOrZero(row.Sent), translate(err, "counting invitations of campaign %s", campaign)
}

// AddMails puts messages in the outbox, as AddMail does one.
func (s *Store) AddMails(ctx context.Context, list []Mail) error {
	if len(list) == 0 {
		return nil
	}
	rows := mapRows(list, func(m Mail) outboxRow {
		return outboxRow{ID: m.ID.String(), EnteID: m.EnteID.String(), InvitationID: m.Invitation.String(), Recipient: m.Recipient, Subject: m.Subject, BodyText: m.Text, BodyHTML: m.HTML,
			State: "queued", NextAt: unix(m.CreatedAt), CreatedAt: unix(m.CreatedAt)}
	})
	return translate(table[outboxRow](s.db).CreateInBatches(ctx, &rows, batch), "queueing %d mails", len(rows))
}

// MailState counts people of a campaign and how their mails went; nothing of answers.
type MailState struct {
	Invited     int
	Waiting     int       // people with a mail in the queue
	Undelivered int       // people whose last mail was refused for good
	Bare        bool      // the secrets of the links are gone: the wave was closed and opened again
	LastSent    time.Time // day on which everybody was last written to; zero when never
}

const mailStateSQL = `SELECT COUNT(DISTINCT i.id) AS invited, COUNT(DISTINCT o.invitation_id) AS waiting, COUNT(DISTINCT CASE WHEN i.undelivered THEN i.id END) AS undelivered,
	MAX(CASE WHEN length(i.secret_wrapped) = 0 THEN 1 ELSE 0 END) AS bare, MAX(i.sent_on) AS sent FROM invitations i LEFT JOIN outbox o ON o.invitation_id = i.id AND o.ente_id = i.ente_id AND o.state = 'queued'
	WHERE i.ente_id = ? AND i.campaign_id = ?`

// MailState tells how many people a campaign has invited and how their mails went.
func (s *Store) MailState(ctx context.Context, ente, campaign surveys.ID) (MailState, error) {
	type stateRow struct {
		Invited, Waiting, Undelivered int64
		Bare                          *int64
		Sent                          *string
	}
	row, err := table[stateRow](s.db).Raw(mailStateSQL, ente, campaign).Take(ctx)
	return MailState{Invited: int(row.Invited), Waiting: int(row.Waiting), Undelivered: int(row.Undelivered), Bare: row.Bare != nil && *row.Bare == 1, LastSent: fromDayOrZero(row.Sent)},
		translate(err, "mails of campaign %s", campaign)
}
