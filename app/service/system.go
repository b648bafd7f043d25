package service

import (
	"context"
	"strings"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/plans/pti"
	"traguardo/surveys"
	"traguardo/surveys/instruments"
	"traguardo/surveys/scoring"
)

// trailLength is how many rows of the audit trail the page of the system shows.
const trailLength = 100

// MailCounts counts the outbox by state.
type MailCounts struct{ Queued, Sent, Failed int64 }

// SystemStatus is what the administrator sees of the installation.
type SystemStatus struct {
	Checks []Check
	Mail   MailCounts
	Trail  []storage.NamedAudit // newest first
	Rows   int64                // of the trail whose chain holds
	Broken int64                // first row whose chain does not; 0: all hold
}

// SystemStatus reads the state of the installation, for the administrator.
func (s *Service) SystemStatus(ctx context.Context, actor auth.Actor) (SystemStatus, error) {
	var out SystemStatus
	if err := s.authoriseSystem(actor, auth.SystemStatus); err != nil {
		return out, err
	}
	if err := s.examine(ctx, &out); err != nil {
		return out, err
	}
	var err error
	out.Trail, err = s.store.NamedTrail(ctx, trailLength)
	return out, err
}

// RetryMail puts the messages that failed back in the queue, at the administrator's word.
func (s *Service) RetryMail(ctx context.Context, actor auth.Actor) (int, error) {
	if err := s.authoriseSystem(actor, auth.SystemStatus); err != nil {
		return 0, err
	}
	n := 0
	return n, s.change(ctx, actor, func(tx *storage.Store) (Change, error) {
		var err error
		n, err = tx.RetryMail(ctx, s.clock())
		return Change{Action: "mail.retry", Subject: "outbox", Detail: map[string]int{"messages": n}}, err
	})
}

// Contents is what the program carries and computes with.
type Contents struct {
	Formulas    string // version of the scoring formulas
	Edition     *pti.Edition
	Instruments []ContentInstrument
}

// ContentInstrument is one instrument inside the program.
type ContentInstrument struct {
	Code, Version, Hash string // Hash: SHA-256 of the canonical bytes, hexadecimal
}

// Contents reads what is inside the program; everybody may know it.
func (s *Service) Contents(_ context.Context) (Contents, error) {
	out := Contents{Formulas: scoring.FormulaVersion}
	var err error
	if out.Edition, err = s.edition(pti.CurrentID); err != nil {
		return out, err
	}
	for _, load := range []func() (*surveys.Instrument, error){instruments.MAT, instruments.STAFF} {
		in, err := load()
		if err != nil {
			return out, err
		}
		hash, err := in.Hash()
		if err != nil {
			return out, err
		}
		out.Instruments = append(out.Instruments, ContentInstrument{Code: in.Code, Version: in.Version, Hash: hash})
	}
	return out, nil
}

// Feedback is what a reader says of the accessibility of the site.
type Feedback struct {
	Page  string // address of the page; may be empty
	Text  string
	Email string // for the answer; may be empty
}

// SendFeedback mails what a reader says to the administrators of the system,
// whose addresses are not shown. source is the client's address, for the throttle
// only. auth.ErrThrottled after ten in an hour.
func (s *Service) SendFeedback(ctx context.Context, in Feedback, source string) error {
	now, key := s.clock(), throttleKey("feedback", source)
	until, err := s.store.Blocked(ctx, []string{key}, now)
	if err != nil {
		return err
	}
	if !until.IsZero() {
		return auth.ErrThrottled
	}
	if strings.TrimSpace(in.Text) == "" {
		return Invalid("testo", "form.required")
	}
	return s.store.InTx(ctx, func(tx *storage.Store) error {
		if err := tx.CountFailure(ctx, key, now, failureWindow*4, 10, failureWindow*4); err != nil {
			return err
		}
		admins, err := tx.ActiveAdmins(ctx)
		if err != nil {
			return err
		}
		if len(admins) == 0 {
			return Invalid("", "public.feedback_nobody")
		}
		for _, u := range admins {
			l := s.texts.For(u.Lang)
			args := []any{"Page", orDash(in.Page), "Text", in.Text, "Email", orDash(in.Email)}
			if err := s.mail(ctx, tx, u, "", l.T("mail.feedback_subject"), l.T("mail.feedback_text", args...), ""); err != nil {
				return err
			}
		}
		return s.audit(ctx, tx, auth.SystemActor(), Change{Action: "feedback.sent", Subject: "site"})
	})
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}
