package service_test

import (
	"bytes"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"traguardo/app/auth"
	"traguardo/app/i18n"
	"traguardo/app/notify"
	"traguardo/app/service"
	"traguardo/app/storage"
	"traguardo/app/storage/storagetest"
	"traguardo/surveys"
	"traguardo/surveys/comune"
)

func TestMain(m *testing.M) { os.Exit(storagetest.Main(m)) }

// office is a service over a fresh database, with a clock that tests move.
type office struct {
	*service.Service
	store  *storage.Store
	clock  time.Time
	config service.Config
}

// cap makes the service anew with so many messages a day; 0: no limit.
func (o *office) cap(t *testing.T, messages int) {
	t.Helper()
	o.config.MailCap = messages
	var err error
	if o.Service, err = service.New(o.config); err != nil {
		t.Fatal(err)
	}
}

// run runs test on a fresh office on each engine.
func run(t *testing.T, test func(t *testing.T, o *office)) {
	t.Helper()
	storagetest.Run(t, func(t *testing.T, store *storage.Store) {
		texts, err := i18n.Load()
		if err != nil {
			t.Fatal(err)
		}
		hasher, err := auth.NewHasher(1, 64)
		if err != nil {
			t.Fatal(err)
		}
		rome, err := time.LoadLocation("Europe/Rome")
		if err != nil {
			t.Fatal(err)
		}
		o := &office{store: store, clock: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)}
		o.config = service.Config{Store: store, Now: func() time.Time { return o.clock }, Random: rand.NewChaCha8([32]byte{1}), MasterKey: bytes.Repeat([]byte{7}, 32),
			Hasher: hasher, Texts: texts, BaseURL: "https://traguardo.example", Log: slog.New(slog.DiscardHandler), Rome: rome}
		o.cap(t, 0)
		test(t, o)
	})
}

// ente stores a fictitious ente.
func (o *office) ente(t *testing.T, name string) comune.Ente {
	t.Helper()
	var seed [32]byte
	copy(seed[:], name)
	id, err := surveys.NewID(rand.NewChaCha8(seed))
	if err != nil {
		t.Fatal(err)
	}
	e := comune.Ente{ID: id, Name: name, Population: 900, Fictitious: true, PTIEdition: "2024-2026-agg-2026", Threshold: 5}
	if err := o.store.AddEnte(t.Context(), e, o.clock); err != nil {
		t.Fatal(err)
	}
	return e
}

// postOffice is a mail server whose answer to a recipient tests choose.
type postOffice struct {
	mu     sync.Mutex
	answer map[string]*smtp.SMTPError
	bodies []string
}

func (p *postOffice) NewSession(*smtp.Conn) (smtp.Session, error) { return &counter{p}, nil }

type counter struct{ office *postOffice }

func (c *counter) Mail(string, *smtp.MailOptions) error { return nil }

func (c *counter) Rcpt(to string, _ *smtp.RcptOptions) error {
	c.office.mu.Lock()
	defer c.office.mu.Unlock()
	if refused, ok := c.office.answer[to]; ok {
		return refused
	}
	return nil
}

func (c *counter) Data(r io.Reader) error {
	body, err := io.ReadAll(r)
	c.office.mu.Lock()
	defer c.office.mu.Unlock()
	c.office.bodies = append(c.office.bodies, string(body))
	return err
}

func (c *counter) Reset()        {}
func (c *counter) Logout() error { return nil }

func openPost(t *testing.T, p *postOffice) notify.Mailer {
	t.Helper()
	server := smtp.NewServer(p)
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
	m, err := notify.NewSMTP("smtp://"+listener.Addr().String()+"?tls=none", "traguardo@comune.example")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestDeliverMail sends what can be sent, tries again later what cannot be now,
// and gives up what never can be.
func TestDeliverMail(t *testing.T) {
	run(t, func(t *testing.T, o *office) {
		ctx := t.Context()
		for _, to := range []string{"anna", "busy", "gone"} {
			if _, err := o.AddUser(ctx, auth.SystemActor(), service.NewAccount{Email: to + "@comune.example", Name: to, Invite: true}); err != nil {
				t.Fatal(err)
			}
		}
		post := &postOffice{answer: map[string]*smtp.SMTPError{"busy@comune.example": {Code: 451, Message: "later"}, "gone@comune.example": {Code: 550, Message: "unknown"}}}
		mailer := openPost(t, post)
		deliver := func(want int) {
			t.Helper()
			if n, err := o.DeliverMail(ctx, mailer); n != want || err != nil {
				t.Errorf("at %s: %d sent, %v, want %d", o.clock.Format(time.TimeOnly), n, err, want)
			}
		}
		counts := func(queued, sent, failed int64) {
			t.Helper()
			q, s, f, err := o.store.MailCounts(ctx)
			if q != queued || s != sent || f != failed || err != nil {
				t.Errorf("outbox: got %d %d %d, %v, want %d %d %d", q, s, f, err, queued, sent, failed)
			}
		}
		deliver(1)
		counts(1, 1, 1)
		if len(post.bodies) != 1 || !strings.Contains(post.bodies[0], "https://traguardo.example/password/scegli/") {
			t.Errorf("delivered: %v, want the invitation with its link", post.bodies)
		}
		deliver(0) // not due yet
		o.clock = o.clock.Add(61 * time.Second)
		deliver(0) // refused again
		o.clock = o.clock.Add(3 * time.Minute)
		delete(post.answer, "busy@comune.example")
		deliver(1)
		counts(0, 2, 1)
		delete(post.answer, "gone@comune.example")
		o.clock = o.clock.Add(24 * time.Hour)
		deliver(0) // given up
		if n, err := o.RetryMail(ctx, auth.SystemActor()); n != 1 || err != nil {
			t.Errorf("retry by the administrator: %d, %v, want 1", n, err)
		}
		deliver(1)
		counts(0, 3, 0)
	})
}

// TestDeliverMailGivesUp stops after eight attempts.
func TestDeliverMailGivesUp(t *testing.T) {
	run(t, func(t *testing.T, o *office) {
		if _, err := o.AddUser(t.Context(), auth.SystemActor(), service.NewAccount{Email: "busy@comune.example", Name: "Busy", Invite: true}); err != nil {
			t.Fatal(err)
		}
		mailer := openPost(t, &postOffice{answer: map[string]*smtp.SMTPError{"busy@comune.example": {Code: 451, Message: "later"}}})
		for range 8 {
			if _, err := o.DeliverMail(t.Context(), mailer); err != nil {
				t.Fatal(err)
			}
			o.clock = o.clock.Add(12 * time.Hour)
		}
		if q, _, f, err := o.store.MailCounts(t.Context()); q != 0 || f != 1 || err != nil {
			t.Errorf("after eight attempts: %d waiting, %d failed, %v, want 0 and 1", q, f, err)
		}
	})
}
