package plans

import (
	"fmt"
	"time"
)

// Quarter is a calendar quarter. N is 1 to 4. The zero value means "no quarter".
// In JSON and YAML it is the text "2027-Q3", or "" for the zero value.
type Quarter struct {
	Year int
	N    int
}

// ParseQuarter reads "2027-Q3" and refuses all other text.
func ParseQuarter(s string) (Quarter, error) {
	var q Quarter
	if n, err := fmt.Sscanf(s, "%4d-Q%1d", &q.Year, &q.N); err != nil || n != 2 || !q.Valid() || q.String() != s {
		return Quarter{}, fmt.Errorf("%w: quarter %q", ErrInvalid, s)
	}
	return q, nil
}

// Valid reports whether q is a quarter of the years 2000 to 2199.
func (q Quarter) Valid() bool { return q.N >= 1 && q.N <= 4 && q.Year >= 2000 && q.Year < 2200 }

// IsZero reports whether q is no quarter at all.
func (q Quarter) IsZero() bool { return q == Quarter{} }

// Add returns the quarter n quarters later (earlier when n is negative).
func (q Quarter) Add(n int) Quarter {
	i := q.Year*4 + q.N - 1 + n
	year := i / 4
	if i%4 < 0 {
		year--
	}
	return Quarter{Year: year, N: i - year*4 + 1}
}

// Sub returns how many quarters after r is q; negative when q is earlier.
func (q Quarter) Sub(r Quarter) int { return (q.Year*4 + q.N) - (r.Year*4 + r.N) }

// Before reports whether q comes before r.
func (q Quarter) Before(r Quarter) bool { return q.Sub(r) < 0 }

// First returns the first day of q.
func (q Quarter) First() Date { return Date{Year: q.Year, Month: time.Month(q.N*3 - 2), Day: 1} }

// Last returns the last day of q.
func (q Quarter) Last() Date { return q.Add(1).First().AddDays(-1) }

// Label returns q for reading: "3° trim. 2027" in Italian, "Q3 2027" in English ("en").
func (q Quarter) Label(lang string) string {
	if q.IsZero() {
		return ""
	}
	if lang == "en" {
		return fmt.Sprintf("Q%d %d", q.N, q.Year)
	}
	return fmt.Sprintf("%d° trim. %d", q.N, q.Year)
}

// String returns "2027-Q3", or "" for the zero value.
func (q Quarter) String() string {
	if q.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-Q%d", q.Year, q.N)
}

// MarshalText writes q as String does.
func (q Quarter) MarshalText() ([]byte, error) { return []byte(q.String()), nil }

// UnmarshalText reads "2027-Q3", or "" as the zero value.
func (q *Quarter) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*q = Quarter{}
		return nil
	}
	parsed, err := ParseQuarter(string(b))
	if err != nil {
		return err
	}
	*q = parsed
	return nil
}
