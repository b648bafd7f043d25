package service

import (
	"fmt"
	"sync"

	"traguardo/plans/pti"
	"traguardo/surveys"
	"traguardo/surveys/instruments"
)

// editionCache keeps what is read from the embedded data: it never changes while
// the program runs. The zero value is ready; safe for concurrent use.
type editionCache struct {
	mu         sync.Mutex
	byName     map[string]*pti.Edition
	indicators map[string][]string
}

// edition returns an embedded edition of the PTI by id or label; the newest one
// for an ente that names none. The edition is shared: nobody may change it.
func (s *Service) edition(name string) (*pti.Edition, error) {
	if name == "" {
		name = pti.CurrentID
	}
	s.editions.mu.Lock()
	defer s.editions.mu.Unlock()
	if e, ok := s.editions.byName[name]; ok {
		return e, nil
	}
	e, err := pti.Load(name)
	if err != nil {
		return nil, err
	}
	if s.editions.byName == nil {
		s.editions.byName = map[string]*pti.Edition{}
	}
	s.editions.byName[name] = e
	return e, nil
}

// lineIndicators returns the MAT indicators that name each line (see
// pti.IndicatorsByLine). The map is shared: nobody may change it.
func (s *Service) lineIndicators() (map[string][]string, error) {
	s.editions.mu.Lock()
	defer s.editions.mu.Unlock()
	if s.editions.indicators == nil {
		in, err := s.carried()
		if err != nil {
			return nil, fmt.Errorf("reading the indicators of lines: %w", err)
		}
		s.editions.indicators = pti.IndicatorsByLine(in.mat)
	}
	return s.editions.indicators, nil
}

// carried are the instruments embedded in this program, shared: nobody may change them.
type carried struct{ mat, staff *surveys.Instrument }

func loadCarried() (c carried, err error) {
	if c.mat, err = instruments.MAT(); err != nil {
		return c, err
	}
	c.staff, err = instruments.STAFF()
	return c, err
}
