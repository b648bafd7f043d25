package storage

import "time"

// Times are kept as unix seconds, dates as YYYY-MM-DD: both engines alike.

func unix(t time.Time) int64 { return t.Unix() }

func fromUnix(n int64) time.Time { return time.Unix(n, 0).UTC() }

func unixOrNil(t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	n := t.Unix()
	return &n
}

func fromUnixOrZero(n *int64) time.Time {
	if n == nil {
		return time.Time{}
	}
	return fromUnix(*n)
}

func day(t time.Time) string { return t.Format(time.DateOnly) }

func fromDay(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return time.Time{}
	}
	return t
}

func dayOrNil(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	s := day(t)
	return &s
}

func fromDayOrZero(s *string) time.Time {
	if s == nil {
		return time.Time{}
	}
	return fromDay(*s)
}

func idOrNil[T ~string](id T) *string {
	if id == "" {
		return nil
	}
	s := string(id)
	return &s
}

func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
