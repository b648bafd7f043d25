package notify_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"traguardo/app/notify"
)

// inbox is a mail server that keeps what it takes; refuse answers a recipient.
type inbox struct {
	mu     sync.Mutex
	taken  []string
	secure []bool // was the conversation under TLS
	refuse *smtp.SMTPError
}

func (b *inbox) NewSession(c *smtp.Conn) (smtp.Session, error) { return &visit{inbox: b, conn: c}, nil }

type visit struct {
	inbox *inbox
	conn  *smtp.Conn
}

func (v *visit) Mail(string, *smtp.MailOptions) error { return nil }

func (v *visit) Rcpt(string, *smtp.RcptOptions) error {
	if v.inbox.refuse != nil {
		return v.inbox.refuse
	}
	return nil
}

func (v *visit) Data(r io.Reader) error {
	content, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	_, secure := v.conn.TLSConnectionState()
	v.inbox.mu.Lock()
	defer v.inbox.mu.Unlock()
	v.inbox.taken = append(v.inbox.taken, string(content))
	v.inbox.secure = append(v.inbox.secure, secure)
	return nil
}

func (v *visit) Reset()        {}
func (v *visit) Logout() error { return nil }

// serve runs the inbox on this machine, with STARTTLS when cert is given.
func serve(t *testing.T, b *inbox, cert *tls.Certificate) (address string) {
	t.Helper()
	server := smtp.NewServer(b)
	server.Domain = "localhost"
	server.AllowInsecureAuth = true
	if cert != nil {
		server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{*cert}, MinVersion: tls.VersionTLS12}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Errorf("closing the mail server: %v", err)
		}
		<-done
	})
	return listener.Addr().String()
}

// certificate makes a certificate of 127.0.0.1 and the pool that trusts it.
func certificate(t *testing.T) (*tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, pool
}

func message() notify.Message {
	return notify.Message{ID: "abc", To: "anna@comune.example", Subject: "Nuova password", Text: "Gentile Anna,\nperché no?\n", HTML: "<p>Gentile Anna</p>"}
}

func TestSendUnderTLS(t *testing.T) {
	cert, pool := certificate(t)
	box := &inbox{}
	m, err := notify.NewSMTP("smtp://"+serve(t, box, cert), "Traguardo <traguardo@comune.example>", notify.WithRoots(pool))
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Send(t.Context(), message()); err != nil {
		t.Fatal(err)
	}
	if len(box.taken) != 1 || !box.secure[0] {
		t.Fatalf("taken: %d messages, secure %v, want one under TLS", len(box.taken), box.secure)
	}
	got := box.taken[0]
	for _, want := range []string{"Message-ID: <abc@comune.example>", "Auto-Submitted: auto-generated", "Subject: Nuova password", "anna@comune.example", "text/plain", "text/html"} {
		if !strings.Contains(got, want) {
			t.Errorf("the message lacks %q:\n%s", want, got)
		}
	}
	if strings.Contains(got, "<img") {
		t.Error("the message has an image")
	}
}

func TestSendRefusesWhatIsNotSafe(t *testing.T) {
	cert, _ := certificate(t)
	plain, untrusted := &inbox{}, &inbox{}
	for name, address := range map[string]string{"a server without TLS": serve(t, plain, nil), "a certificate that nobody knows": serve(t, untrusted, cert)} {
		m, err := notify.NewSMTP("smtp://"+address, "traguardo@comune.example")
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Send(t.Context(), message()); !errors.Is(err, notify.ErrTemporary) {
			t.Errorf("%s: got %v, want ErrTemporary", name, err)
		}
	}
	if len(plain.taken)+len(untrusted.taken) > 0 {
		t.Error("a message went out in the clear")
	}
	if _, err := notify.NewSMTP("smtp://mail.comune.example:25?tls=none", "traguardo@comune.example"); err == nil {
		t.Error("mail in the clear to another machine was allowed")
	}
	for _, address := range []string{"", "smtp://", "smtp://h:port"} {
		if _, err := notify.NewSMTP(address, "a@b.example"); err == nil {
			t.Errorf("address %q was accepted", address)
		}
	}
}

func TestSendTellsFailuresApart(t *testing.T) {
	tests := []struct {
		name   string
		refuse *smtp.SMTPError
		want   error
	}{
		{"no such mailbox", &smtp.SMTPError{Code: 550, Message: "anna@comune.example is unknown"}, notify.ErrPermanent},
		{"greylisted", &smtp.SMTPError{Code: 451, Message: "try again anna@comune.example"}, notify.ErrTemporary},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, err := notify.NewSMTP("smtp://"+serve(t, &inbox{refuse: tt.refuse}, nil)+"?tls=none", "traguardo@comune.example")
			if err != nil {
				t.Fatal(err)
			}
			err = m.Send(t.Context(), message())
			if !errors.Is(err, tt.want) {
				t.Fatalf("got %v, want %v", err, tt.want)
			}
			if strings.Contains(err.Error(), "anna") {
				t.Errorf("the error names the recipient: %v", err)
			}
		})
	}
	m, err := notify.NewSMTP("smtp://127.0.0.1:1?tls=none", "traguardo@comune.example")
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Send(t.Context(), message()); !errors.Is(err, notify.ErrTemporary) {
		t.Errorf("nobody listens: got %v, want ErrTemporary", err)
	}
	bad := message()
	bad.To = "not an address"
	if err := m.Send(t.Context(), bad); !errors.Is(err, notify.ErrPermanent) {
		t.Errorf("not an address: got %v, want ErrPermanent", err)
	}
}
