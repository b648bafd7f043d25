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
	var out SystemStatus
	err := s.examine(ctx, &out)
	return out.Checks, err
}

// examine fills the checks, the mail and the state of the trail's chain. When the
// database does not answer or its schema is another one, it stops there.
func (s *Service) examine(ctx context.Context, out *SystemStatus) error {
	if err := s.store.Ping(ctx); err != nil {
		out.Checks = []Check{{Name: "database", Detail: err.Error()}}
		return nil
	}
	out.Checks = []Check{{Name: "database", OK: true, Detail: string(s.store.Engine())}}
	if err := s.store.CheckSchema(ctx); err != nil {
		out.Checks = append(out.Checks, Check{Name: "schema", Detail: err.Error()})
		return nil
	}
	var err error
	if out.Rows, out.Broken, err = s.store.VerifyAudit(ctx); err != nil {
		return err
	}
	audit := Check{Name: "audit", OK: out.Broken == 0, Detail: fmt.Sprintf("%d rows, chain intact", out.Rows)}
	if out.Broken > 0 {
		audit.Detail = fmt.Sprintf("chain broken at row %d", out.Broken)
	}
	m := &out.Mail
	if m.Queued, m.Sent, m.Failed, err = s.store.MailCounts(ctx); err != nil {
		return err
	}
	users, err := s.store.CountUsers(ctx)
	if err != nil {
		return err
	}
	out.Checks = append(out.Checks, Check{Name: "schema", OK: true, Detail: "this program's version"}, audit,
		Check{Name: "mail", OK: m.Failed == 0, Detail: fmt.Sprintf("%d waiting, %d sent, %d failed", m.Queued, m.Sent, m.Failed)},
		Check{Name: "accounts", OK: users > 0, Detail: fmt.Sprintf("%d accounts", users)},
		Check{Name: "base_url", OK: s.base != "", Detail: s.base})
	return nil
}
