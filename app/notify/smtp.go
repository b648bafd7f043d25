package notify

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"
)

// Message is one mail.
type Message struct {
	ID      string // becomes the Message-ID: a retry is the same mail
	To      string
	Subject string
	Text    string
	HTML    string // empty: text only
}

// Failures of Send. Their text holds no address: it may be logged and stored.
var (
	// ErrPermanent: another attempt is of no use (no such address, sender refused).
	ErrPermanent = errors.New("mail refused for good")
	// ErrTemporary: the server did not take it now.
	ErrTemporary = errors.New("mail not taken now")
)

// Mailer sends messages.
type Mailer interface {
	Send(ctx context.Context, m Message) error
}

// SMTP sends through one server. Safe for concurrent use: a connection a message.
type SMTP struct {
	host    string
	options []mail.Option
	from    string
}

// Option changes how an SMTP talks to its server.
type Option func(s *SMTP, host string)

// WithRoots trusts these authorities instead of the machine's.
func WithRoots(roots *x509.CertPool) Option {
	return func(s *SMTP, host string) {
		s.options = append(s.options, mail.WithTLSConfig(&tls.Config{RootCAs: roots, ServerName: host, MinVersion: tls.VersionTLS12}))
	}
}

// NewSMTP reads smtp://user:password@host:587 (STARTTLS required; ?tls=none only
// to this machine) or smtps://user:password@host:465 (implicit TLS).
func NewSMTP(address, from string, more ...Option) (*SMTP, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return nil, errors.New("smtp-url cannot be read")
	}
	options := []mail.Option{mail.WithTimeout(30 * time.Second)}
	port := 587
	switch {
	case u.Scheme == "smtps":
		port = 465
		options = append(options, mail.WithSSL())
	case u.Query().Get("tls") == "none":
		if h := u.Hostname(); h != "localhost" && h != "127.0.0.1" && h != "::1" {
			return nil, errors.New("smtp-url: mail without TLS is allowed to this machine only")
		}
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	default:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if p := u.Port(); p != "" {
		if port, err = strconv.Atoi(p); err != nil {
			return nil, errors.New("smtp-url: the port is not a number")
		}
	}
	options = append(options, mail.WithPort(port))
	if u.User != nil {
		password, _ := u.User.Password()
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(u.User.Username()), mail.WithPassword(password))
	}
	s := &SMTP{host: u.Hostname(), options: options, from: from}
	for _, o := range more {
		o(s, u.Hostname())
	}
	return s, nil
}

// Send delivers one message, or fails with ErrPermanent or ErrTemporary.
func (s *SMTP) Send(ctx context.Context, m Message) error {
	msg := mail.NewMsg()
	if err := errors.Join(msg.From(s.from), msg.To(m.To)); err != nil {
		return fmt.Errorf("%w: sender or recipient is not an address", ErrPermanent)
	}
	_, domain, _ := strings.Cut(s.from, "@")
	msg.SetMessageIDWithValue(m.ID + "@" + strings.TrimSuffix(domain, ">"))
	msg.SetDate()
	msg.Subject(m.Subject)
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetBodyString(mail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(mail.TypeTextHTML, m.HTML)
	}
	client, err := mail.NewClient(s.host, s.options...)
	if err != nil {
		return fmt.Errorf("%w: mail client settings", ErrPermanent)
	}
	return failure(client.DialAndSendWithContext(ctx, msg))
}

// failure keeps the code of the server and drops its text, which may name people.
func failure(err error) error {
	var refused *mail.SendError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refused) && refused.ErrorCode() >= 500:
		return fmt.Errorf("%w: code %d", ErrPermanent, refused.ErrorCode())
	case errors.As(err, &refused):
		return fmt.Errorf("%w: code %d", ErrTemporary, refused.ErrorCode())
	default:
		return fmt.Errorf("%w: no conversation with the server", ErrTemporary)
	}
}
