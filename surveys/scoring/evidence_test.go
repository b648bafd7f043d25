package scoring_test

import (
	"testing"
	"time"

	"traguardo/surveys"
	"traguardo/surveys/scoring"
)

func TestLastDayOfEvidence(t *testing.T) {
	day := func(s string) time.Time {
		d, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, c := range []struct {
		name  string
		piece surveys.Evidence
		want  string // empty: none
	}{
		{"act without end", surveys.Evidence{Type: surveys.E1, Dated: day("2020-01-01")}, ""},
		{"act with its own end", surveys.Evidence{Type: surveys.E1, Dated: day("2020-01-01"), ValidUntil: day("2026-06-30")}, "2026-06-30"},
		{"record: twelve months", surveys.Evidence{Type: surveys.E2, Dated: day("2024-02-29")}, "2025-02-28"},
		{"page with an earlier end", surveys.Evidence{Type: surveys.E3, Dated: day("2026-01-31"), ValidUntil: day("2026-03-01")}, "2026-03-01"},
		{"page with a later end", surveys.Evidence{Type: surveys.E3, Dated: day("2026-01-31"), ValidUntil: day("2030-01-01")}, "2027-01-31"},
	} {
		last := scoring.LastDay(c.piece)
		if got := last.Format(time.DateOnly); c.want == "" && !last.IsZero() || c.want != "" && got != c.want {
			t.Errorf("%s: got %s, want %q", c.name, got, c.want)
			continue
		}
		if c.want == "" {
			continue
		}
		if counts, _ := scoring.Counts(c.piece, last); !counts {
			t.Errorf("%s: the last day does not count", c.name)
		}
		if counts, expired := scoring.Counts(c.piece, last.AddDate(0, 0, 1)); counts || !expired {
			t.Errorf("%s: the day after still counts, or is not said to have expired", c.name)
		}
	}
	if counts, expired := scoring.Counts(surveys.Evidence{Type: surveys.E2, Dated: day("2026-01-01"), Revoked: true}, day("2026-01-02")); counts || expired {
		t.Error("a revoked piece: want it neither counted nor expired")
	}
}
