package service

import "traguardo/surveys"

// RequestID returns a random name for one request, for the log and the error page.
func (s *Service) RequestID() (string, error) {
	id, err := surveys.NewID(s.random)
	return id.String(), err
}
