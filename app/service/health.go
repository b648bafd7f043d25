package service

import (
	"context"
	"sync"
	"time"
)

// probeEvery is how long an answer of the probe holds: who asks often does not
// make the database write often.
const probeEvery = 3 * time.Second

// probe is the last answer of the database to being written to.
type probe struct {
	mu   sync.Mutex
	at   time.Time
	last error
}

// Ready reports whether requests can be served: the database answers, its schema
// is this program's, and it takes writes. storage.ErrFull: its disk is full.
func (s *Service) Ready(ctx context.Context) error {
	if err := s.store.Ping(ctx); err != nil {
		return err
	}
	if err := s.store.CheckSchema(ctx); err != nil {
		return err
	}
	s.probe.mu.Lock()
	defer s.probe.mu.Unlock()
	now := s.clock()
	if s.probe.at.IsZero() || now.Sub(s.probe.at) >= probeEvery {
		s.probe.at, s.probe.last = now, s.store.Probe(ctx, now)
	}
	return s.probe.last
}
