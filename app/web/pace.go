package web

import (
	"crypto/sha256"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
)

// Pace of one personal link: a person who answers, with every choice saved at
// once, stays far below. By link and never by address: an office shares one.
const (
	paceBurst  = 150 // requests at once
	paceRate   = 3   // requests a second after that
	paceForget = 20_000
)

// pace counts the requests of personal links, in memory and by hash: it is about
// this process only, and nothing of it is kept.
type pace struct {
	now   func() time.Time
	mu    sync.Mutex
	links map[[16]byte]allowance
}

type allowance struct {
	left float64
	at   time.Time
}

func newPace(now func() time.Time) *pace {
	return &pace{now: now, links: map[[16]byte]allowance{}}
}

// allow takes one request of a link; false when it goes too fast.
func (p *pace) allow(token string) bool {
	sum := sha256.Sum256([]byte(token))
	key, now := [16]byte(sum[:16]), p.now()
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.links) >= paceForget {
		p.forget(now)
	}
	a, known := p.links[key]
	if !known {
		a = allowance{left: paceBurst, at: now}
	}
	a.left = min(paceBurst, a.left+now.Sub(a.at).Seconds()*paceRate)
	a.at = now
	ok := a.left >= 1
	if ok {
		a.left--
	}
	p.links[key] = a
	return ok
}

// forget drops the links that have rested long enough to have their whole
// allowance again; when all are busy, all.
func (p *pace) forget(now time.Time) {
	for key, a := range p.links {
		if now.Sub(a.at).Seconds()*paceRate >= paceBurst {
			delete(p.links, key)
		}
	}
	if len(p.links) >= paceForget {
		clear(p.links)
	}
}

// linkPace slows down whoever hammers one personal link.
func (s *Server) linkPace(c *fiber.Ctx) error {
	if !isRespondentPath(c.Path()) {
		return c.Next()
	}
	if token := s.respondentToken(c); token != "" && !s.pace.allow(token) {
		c.Set(fiber.HeaderRetryAfter, "30")
		return errTooFast
	}
	return c.Next()
}
