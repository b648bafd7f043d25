package comune

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"traguardo/surveys"
)

func TestParsePADigitaleFixture(t *testing.T) {
	t.Parallel()
	rows, faults := ParsePADigitale(bytes.NewReader(fixture(t, "padigitale.csv")))
	if len(faults) != 0 || len(rows) != 8 {
		t.Fatalf("got %d rows and %v, want 8 and no fault", len(rows), faults)
	}
	if r := rows[0]; r.SourceISTAT != "N/D" || !r.Remapped() || r.ISTAT != "005122" {
		t.Errorf("row without a published code: %+v", r)
	}
	if r := rows[1]; r.CUP != "" || r.State != Renounced {
		t.Errorf("row without CUP: %+v", r)
	}
	if r := rows[3]; r.SourceISTAT != "090007" || !r.StateOn.IsZero() || r.PaidCents == nil || *r.PaidCents != 4_742_700 || r.TargetRealised == nil || *r.TargetRealised != 1 {
		t.Errorf("cloud row of Banari: %+v", r)
	}
	anncsu := rows[4]
	if anncsu.AmountCents != 432_640 || anncsu.Platform != PlatformANNCSU || anncsu.State != Assigned || anncsu.Remapped() || anncsu.PaidCents != nil || anncsu.TargetRealised != nil {
		t.Errorf("ANNCSU row of Banari: %+v", anncsu)
	}
	if want := time.Date(2026, 8, 16, 0, 0, 0, 0, time.UTC); !anncsu.DataAsOf.Equal(want) || anncsu.Window != 2 {
		t.Errorf("dated %v, window %d", anncsu.DataAsOf, anncsu.Window)
	}
	if r := rows[5]; r.TargetRealised == nil || *r.TargetRealised != 0 || r.PaidCents != nil {
		t.Errorf("target 0 is not the same as none: %+v", r)
	}
}

func TestParsePADigitaleFaults(t *testing.T) {
	t.Parallel()
	plain := string(fixture(t, "padigitale.csv"))
	for _, tt := range []struct {
		name, old, new string
		column         string
		rule           Rule
	}{
		{"column", "dati_al", "data", "dati_al", RuleColumn},
		{"state unknown", ",1,R,2023-06-07,2026-08-16", ",1,X,2023-06-07,2026-08-16", "stato", RuleChoice},
		{"platform unknown", ",pdnd,", ",spid,", "piattaforma", RuleChoice},
		{"platform of another measure", ",1.3.1,pdnd,", ",1.4.3,pdnd,", "piattaforma", RuleChoice},
		{"amount in Italian", ",4326.40,", ",4326€40,", "importo_eur", RuleNumber},
		{"three decimals", ",4326.40,", ",4326.400,", "importo_eur", RuleNumber},
		{"negative", ",4326.40,", ",-4326,", "importo_eur", RuleNumber},
		{"no amount", ",4326.40,", ",,", "importo_eur", RuleRequired},
		{"date", "2022-10-27", "27/10/2022", "data_invio", RuleDate},
		{"no date of the data", ",2023-06-07,2026-08-16", ",2023-06-07,", "dati_al", RuleRequired},
		{"CUP", "B51F22004330006", "B51F2200433000", "cup", RuleCode},
		{"lost zeros", "005122,N/D", "5122,N/D", "cod_istat", RuleZeros},
		{"IPA", "c_f709", "", "codice_ipa", RuleCode},
	} {
		if !strings.Contains(plain, tt.old) {
			t.Fatalf("%s: fixture has no %q", tt.name, tt.old)
		}
		_, faults := ParsePADigitale(strings.NewReader(strings.Replace(plain, tt.old, tt.new, 1)))
		if len(faults) != 1 || faults[0].Column != tt.column || faults[0].Rule != tt.rule {
			t.Errorf("%s: faults %v, want %s %s", tt.name, faults, tt.column, tt.rule)
		}
	}
}

func TestPlatformsAndStates(t *testing.T) {
	t.Parallel()
	for _, p := range Platforms() {
		if l := p.Label(); p.Measure() == "" || l.IT == "" || l.EN == "" {
			t.Errorf("platform %s: measure %q, label %+v", p, p.Measure(), l)
		}
	}
	for _, s := range []FundingState{Assigned, Paid, Renounced} {
		got, err := ParseFundingState(string(s))
		if l := s.Meaning(); err != nil || got != s || l.IT == "" || l.EN == "" {
			t.Errorf("state %s: %v, %+v", s, err, l)
		}
	}
	if _, err := ParseFundingState("e"); !errors.Is(err, surveys.ErrInvalid) {
		t.Errorf("state e: %v", err)
	}
	if !strings.Contains(Assigned.Meaning().IT, "non dice") {
		t.Error("the meaning of A promises too much")
	}
	for _, n := range MissingNotices() {
		if _, err := time.Parse("2006-01", n.Month); err != nil || n.Platform.Measure() == "" {
			t.Errorf("missing notice %+v", n)
		}
	}
}

// TestParsePADigitaleCounts holds the fixture and, where it is at hand, the whole
// extract to what the notes on the source say of it.
func TestParsePADigitaleCounts(t *testing.T) {
	t.Parallel()
	type extract struct {
		data                   []byte
		rows, remapped, comuni int
	}
	cases := map[string]extract{"fixture": {fixture(t, "padigitale.csv"), 8, 6, 3}, "reference": {referenceFunding, 85, 4, 9}}
	if data, found := shared(t, "padigitale2026", "candidature_comuni.csv"); found {
		cases["national"] = extract{data, 59_747, 2_059, 7_860}
	}
	for name, tt := range cases {
		rows, faults := ParsePADigitale(bytes.NewReader(tt.data))
		if len(faults) != 0 || len(rows) != tt.rows {
			t.Fatalf("%s: %d rows, faults %v", name, len(rows), faults)
		}
		remapped, comuni := checkDates(t, rows)
		if remapped != tt.remapped || comuni != tt.comuni {
			t.Errorf("%s: %d rows remapped of %d Comuni, want %d of %d", name, remapped, comuni, tt.remapped, tt.comuni)
		}
	}
}

// checkDates holds each measure to its own date and counts remapped rows and Comuni.
func checkDates(t *testing.T, rows []Funding) (remapped, comuni int) {
	t.Helper()
	dated := map[string]string{"1.2": "2023-03-04", "1.3.1": "2026-08-16", "1.4.1": "2025-01-09", "1.4.3": "2023-10-24", "1.4.4": "2025-03-27", "1.4.5": "2026-08-12"}
	seen := map[CodiceISTAT]bool{}
	for _, r := range rows {
		if got := r.DataAsOf.Format(time.DateOnly); got != dated[r.Measure] {
			t.Fatalf("measure %s is dated %s, want %s", r.Measure, got, dated[r.Measure])
		}
		seen[r.ISTAT] = true
		if r.Remapped() {
			remapped++
		}
	}
	return remapped, len(seen)
}

func FuzzParsePADigitale(f *testing.F) {
	f.Add(fixture(f, "padigitale.csv"))
	f.Fuzz(func(t *testing.T, data []byte) {
		rows, faults := ParsePADigitale(bytes.NewReader(data))
		if len(rows) == 0 && len(faults) == 0 {
			t.Error("nothing read and nothing said")
		}
		for _, r := range rows {
			if r.AmountCents < 0 || r.Platform.Measure() != r.Measure || r.DataAsOf.IsZero() || !istatForm.MatchString(string(r.ISTAT)) {
				t.Errorf("impossible row %+v", r)
			}
		}
	})
}
