package service

import (
	"context"
	"fmt"
)

// Check is one line of the doctor's report.
type Check struct {
	Name   string `json:"name"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
}

// Doctor examines the installation. A check that fails is in the list; the error
// is for what could not be examined at all.
func (s *Service) Doctor(ctx context.Context) ([]Check, error) {
	out := []Check{{Name: "database", OK: true, Detail: string(s.store.Engine())}}
	if err := s.store.Ping(ctx); err != nil {
		return append(out[:0], Check{Name: "database", Detail: err.Error()}), nil
	}
	if err := s.store.CheckSchema(ctx); err != nil {
		return append(out, Check{Name: "schema", Detail: err.Error()}), nil
	}
	out = append(out, Check{Name: "schema", OK: true, Detail: "this program's version"})
	rows, broken, err := s.store.VerifyAudit(ctx)
	if err != nil {
		return nil, err
	}
	audit := Check{Name: "audit", OK: broken == 0, Detail: fmt.Sprintf("%d rows, chain intact", rows)}
	if broken > 0 {
		audit.Detail = fmt.Sprintf("chain broken at row %d", broken)
	}
	queued, sent, failed, err := s.store.MailCounts(ctx)
	if err != nil {
		return nil, err
	}
	users, err := s.store.CountUsers(ctx)
	if err != nil {
		return nil, err
	}
	return append(out, audit,
		Check{Name: "mail", OK: failed == 0, Detail: fmt.Sprintf("%d waiting, %d sent, %d failed", queued, sent, failed)},
		Check{Name: "accounts", OK: users > 0, Detail: fmt.Sprintf("%d accounts", users)},
		Check{Name: "base_url", OK: s.base != "", Detail: s.base}), nil
}
