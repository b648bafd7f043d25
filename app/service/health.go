package service

import (
	"context"
	"errors"
)

// Ready reports whether requests can be served: the database answers and its
// schema is this program's.
func (s *Service) Ready(ctx context.Context) error {
	return errors.Join(s.store.Ping(ctx), s.store.CheckSchema(ctx))
}
