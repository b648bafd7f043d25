package plans

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"traguardo/surveys"
)

func TestEuro(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		in     Cents
		it, en string
	}{
		{"zero", 0, "0 €", "€0"},
		{"cents only", 5, "0,05 €", "€0.05"},
		{"hundreds", 99_900, "999 €", "€999"},
		{"thousands", 400_000, "4.000 €", "€4,000"},
		{"millions with cents", 123_456_789, "1.234.567,89 €", "€1,234,567.89"},
		{"negative", -400_050, "-4.000,50 €", "-€4,000.50"},
		{"smallest", -1 << 63, "-92.233.720.368.547.758,08 €", "-€92,233,720,368,547,758.08"},
	} {
		if got := tc.in.Euro("it"); got != tc.it {
			t.Errorf("%s: Italian got %q want %q", tc.name, got, tc.it)
		}
		if got := tc.in.Euro("en"); got != tc.en {
			t.Errorf("%s: English got %q want %q", tc.name, got, tc.en)
		}
	}
}

func TestParseCents(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		in   string
		want Cents
		ok   bool
	}{
		{"0", 0, true}, {"4000", 400_000, true}, {"4.000", 400_000, true}, {"4.000,50", 400_050, true},
		{"4000,5", 400_050, true}, {"€ 4.000", 400_000, true}, {" 1.234.567,89 €", 123_456_789, true}, {"4.000\u00a0€", 400_000, true},
		{"", 0, false}, {"-1", 0, false}, {"4.00", 0, false}, {"1,234", 0, false}, {"4,", 0, false}, {"4000.000", 0, false},
		{"a", 0, false}, {"1.2345", 0, false}, {"999999999999999999999", 0, false}, {"4 000", 0, false}, {".500", 0, false},
	} {
		got, err := ParseCents(tc.in)
		if (err == nil) != tc.ok || got != tc.want {
			t.Errorf("ParseCents(%q): got %d, %v; want %d, ok %v", tc.in, got, err, tc.want, tc.ok)
		}
		if err != nil && !errors.Is(err, ErrInvalid) {
			t.Errorf("ParseCents(%q): got %v want ErrInvalid", tc.in, err)
		}
	}
}

func FuzzParseCents(f *testing.F) {
	for _, s := range []string{"4.000,50", "€ 1", ",", "0,01", "1.000.000"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseCents(s)
		if err != nil {
			return
		}
		again, err := ParseCents(c.Euro("it"))
		if c < 0 || err != nil || again != c {
			t.Errorf("ParseCents(%q) = %d, written %q, read back %d, %v", s, c, c.Euro("it"), again, err)
		}
	})
}

func TestQuarterArithmetic(t *testing.T) {
	t.Parallel()
	q := Quarter{2027, 3}
	for _, tc := range []struct {
		n    int
		want Quarter
	}{{0, q}, {1, Quarter{2027, 4}}, {2, Quarter{2028, 1}}, {6, Quarter{2029, 1}}, {-2, Quarter{2027, 1}}, {-3, Quarter{2026, 4}}, {-11, Quarter{2024, 4}}} {
		got := q.Add(tc.n)
		if got != tc.want || got.Sub(q) != tc.n {
			t.Errorf("%v + %d: got %v (difference %d) want %v", q, tc.n, got, got.Sub(q), tc.want)
		}
	}
	if got := q.Label("it"); got != "3° trim. 2027" {
		t.Errorf("Italian label: got %q", got)
	}
	if got := q.Label("en"); got != "Q3 2027" {
		t.Errorf("English label: got %q", got)
	}
	if q.First() != (Date{2027, time.July, 1}) || q.Last() != (Date{2027, time.September, 30}) {
		t.Errorf("days: got %v to %v", q.First(), q.Last())
	}
	if got := (Quarter{2028, 1}).Last(); got != (Date{2028, time.March, 31}) {
		t.Errorf("last day of Q1 2028: got %v", got)
	}
	for d := (Date{2026, time.January, 1}); d.Year < 2029; d = d.AddDays(1) {
		if k := d.Quarter(); d.Before(k.First()) || d.After(k.Last()) {
			t.Fatalf("%v is not within its quarter %v", d, k)
		}
	}
}

func TestParseQuarterAndDate(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "2027-Q0", "2027-Q5", "2027-Q33", "27-Q1", "2027Q1", "1999-Q1", "2027-Q1 "} {
		if q, err := ParseQuarter(s); !errors.Is(err, ErrInvalid) {
			t.Errorf("ParseQuarter(%q): got %v, %v want ErrInvalid", s, q, err)
		}
	}
	for _, s := range []string{"", "2026-02-29", "31/12/2026", "2026-13-01", "2026-1-1"} {
		if d, err := ParseDate(s); !errors.Is(err, ErrInvalid) {
			t.Errorf("ParseDate(%q): got %v, %v want ErrInvalid", s, d, err)
		}
	}
	if q, err := ParseQuarter("2027-Q3"); err != nil || q != (Quarter{2027, 3}) {
		t.Errorf("ParseQuarter: got %v, %v", q, err)
	}
	d, err := ParseDate("2028-02-29")
	if err != nil || d.Italian() != "29/02/2028" || d.DaysUntil(Date{2028, time.March, 31}) != 31 {
		t.Errorf("ParseDate: got %v, %v", d, err)
	}
}

func TestTextOfDatesInJSON(t *testing.T) {
	t.Parallel()
	type pair struct {
		D Date
		Q Quarter
	}
	for _, want := range []pair{{}, {Date{2026, time.December, 31}, Quarter{2026, 4}}} {
		b, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got pair
		if err := json.Unmarshal(b, &got); err != nil || got != want {
			t.Errorf("through %s: got %v, %v want %v", b, got, err, want)
		}
	}
	var p pair
	if err := json.Unmarshal([]byte(`{"Q":"2026-Q9"}`), &p); !errors.Is(err, ErrInvalid) {
		t.Errorf("bad quarter: got %v", err)
	}
	if err := json.Unmarshal([]byte(`{"D":"2026-09-31"}`), &p); !errors.Is(err, ErrInvalid) {
		t.Errorf("bad date: got %v", err)
	}
}

func TestEnumerationsRefuseUnknownText(t *testing.T) {
	t.Parallel()
	parsers := map[string]func(string) (string, error){
		"source":  func(s string) (string, error) { v, err := ParseSource(s); return v.String(), err },
		"state":   func(s string) (string, error) { v, err := ParseState(s); return v.String(), err },
		"fact":    func(s string) (string, error) { v, err := ParseFactKind(s); return v.String(), err },
		"expense": func(s string) (string, error) { v, err := ParseExpenseKind(s); return v.String(), err },
		"plan":    func(s string) (string, error) { v, err := ParsePlanState(s); return v.String(), err },
		"reason":  func(s string) (string, error) { v, err := ParseReasonCode(s); return v.String(), err },
	}
	good := map[string]string{"source": "pnrr", "state": "checked", "fact": "resume", "expense": "paid", "plan": "approved", "reason": "needed_by"}
	for name, parse := range parsers {
		if got, err := parse(good[name]); err != nil || got != good[name] {
			t.Errorf("%s: %q gives %q, %v", name, good[name], got, err)
		}
		for _, bad := range []string{"", "Paid", "x", " own"} {
			if got, err := parse(bad); !errors.Is(err, ErrInvalid) {
				t.Errorf("%s: %q gives %q, %v; want ErrInvalid", name, bad, got, err)
			}
		}
	}
}

func TestReasonKeyAndArgs(t *testing.T) {
	t.Parallel()
	from, to := surveys.Level(1), surveys.Level(2)
	r := Reason{Code: AskedGap, Indicator: "M-PIA-01", From: &from, To: &to, Points: 2.5}
	if got := r.Key(); got != "reason.gap" {
		t.Errorf("key: got %q", got)
	}
	a := r.Args("it", nil)
	if a["Indicator"] != "M-PIA-01" || a["From"] != "1" || a["To"] != "2" || a["Points"] != "2,5" || a["Due"] != "" {
		t.Errorf("args: got %v", a)
	}
	b := Reason{Code: OutBudget, Year: 2027, Cents: 400_000, Other: []string{"X", "Y"}}
	got := b.Args("en", func(id string) string { return "<" + id + ">" })
	if got["Year"] != 2027 || got["Euro"] != "€4,000" || got["Other"] != "<X>, <Y>" {
		t.Errorf("args: got %v", got)
	}
	for want, r := range map[string]Reason{
		"reason.line": {Code: AskedLine}, "reason.line.dated": {Code: AskedLine, Due: Date{2026, 12, 31}},
		"reason.no_gain": {Code: OutNoGain}, "reason.outweighed.other": {Code: OutOutweighed, Other: []string{"A"}},
	} {
		if r.Key() != want {
			t.Errorf("key: got %q want %q", r.Key(), want)
		}
	}
	if !AskedPrereq.Asks() || OutForOther.Asks() {
		t.Error("Asks confuses triggers and outcomes")
	}
}
