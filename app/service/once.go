package service

import (
	"context"
	"errors"
	"time"

	"traguardo/app/storage"
)

// Limits of a form that is sent twice.
const (
	onceWindow = 10 * time.Second // the same again within it is the same sending
	onceWait   = 5 * time.Second  // how long the second waits for where the first leads
	oncePause  = 40 * time.Millisecond
)

// Once carries a submission out one time only: do returns where it led, empty when
// nothing was done. Sent again by a second click or an impatient browser, it leads
// where the first one led. digest names session, address and fields.
func (s *Service) Once(ctx context.Context, digest string, do func() (location string, err error)) (location string, again bool, err error) {
	for waited := time.Duration(0); ; waited += oncePause {
		now := s.clock()
		mine, err := s.store.ClaimSubmission(ctx, digest, now, now.Add(-onceWindow))
		if err != nil {
			return "", false, err
		}
		if mine {
			break
		}
		location, err := s.store.Submission(ctx, digest)
		if err == nil && location != "" {
			return location, true, nil
		}
		if err != nil && !errors.Is(err, storage.ErrNotFound) {
			return "", false, err
		}
		if waited >= onceWait {
			return "", false, context.DeadlineExceeded
		}
		select {
		case <-ctx.Done():
			return "", false, ctx.Err()
		case <-time.After(oncePause):
		}
	}
	location, err = do()
	if err != nil || location == "" {
		return "", false, errors.Join(err, s.store.ReleaseSubmission(ctx, digest))
	}
	return location, false, s.store.SettleSubmission(ctx, digest, location)
}
