package service

import (
	"strings"

	"traguardo/plans/catalogue"
)

// stepsOf returns the typical steps of the template whose stage made a
// micro-progetto (e.g. "PIA-01@3"); none for one of the ente's own.
func (s *Service) stepsOf(stage string) ([]catalogue.Step, error) {
	if stage == "" {
		return nil, nil
	}
	base, err := s.planning()
	if err != nil {
		return nil, err
	}
	code, _, _ := strings.Cut(stage, "@")
	t, ok := base.catalogue.Template(code)
	if !ok {
		return nil, nil
	}
	return t.Steps, nil
}
