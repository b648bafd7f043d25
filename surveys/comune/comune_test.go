package comune

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"traguardo/surveys"
)

// shared opens a file of the shared data that stands beside a checkout. Where it
// does not, found is false and the caller leaves the case out of its table.
func shared(t *testing.T, path ...string) (data []byte, found bool) {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Fatal("no go.mod above the package")
		}
		dir = up
	}
	data, err = os.ReadFile(filepath.Join(append([]string{dir, "..", "shared", "data"}, path...)...))
	if errors.Is(err, os.ErrNotExist) {
		return nil, false
	}
	if err != nil {
		t.Fatal(err)
	}
	return data, true
}

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestCodes(t *testing.T) {
	t.Parallel()
	parse := map[string]func(string) (string, error){
		"catastale": func(s string) (string, error) { c, err := ParseCatastale(s); return c.String(), err },
		"istat":     func(s string) (string, error) { c, err := ParseISTAT(s); return c.String(), err },
		"ipa":       func(s string) (string, error) { c, err := ParseIPA(s); return c.String(), err },
	}
	for _, tt := range []struct{ kind, in, want string }{
		{"catastale", "A606", "A606"}, {"catastale", " a606 ", "A606"}, {"catastale", "A60", ""}, {"catastale", "AA06", ""},
		{"catastale", "", ""}, {"catastale", "A6066", ""}, {"catastale", "A٦٠٦", ""},
		{"istat", "001001", "001001"}, {"istat", " 112004", "112004"}, {"istat", "1001", ""}, {"istat", "000001", ""},
		{"istat", "N/D", ""}, {"istat", "1120040", ""}, {"istat", "", ""},
		{"ipa", "c_a606", "c_a606"}, {"ipa", "C_H460im", "C_H460im"}, {"ipa", "FVZWE5SF", "FVZWE5SF"}, {"ipa", "", ""},
		{"ipa", "c a606", ""}, {"ipa", "=cmd()", ""}, {"ipa", strings.Repeat("a", 21), ""},
	} {
		got, err := parse[tt.kind](tt.in)
		if got != tt.want || (err == nil) != (tt.want != "") {
			t.Errorf("%s %q: got %q, %v; want %q", tt.kind, tt.in, got, err, tt.want)
		}
		if err != nil && !errors.Is(err, surveys.ErrInvalid) {
			t.Errorf("%s %q: error %v is not ErrInvalid", tt.kind, tt.in, err)
		}
	}
}

func TestPopulationClass(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		inhabitants int
		want        Class
		code        string
	}{
		{-1, ClassUnknown, "unknown"}, {0, ClassUnknown, "unknown"}, {1, ClassTo1000, "1-1000"}, {1000, ClassTo1000, "1-1000"},
		{1001, ClassTo3000, "1001-3000"}, {3000, ClassTo3000, "1001-3000"}, {3001, ClassTo5000, "3001-5000"},
		{5000, ClassTo5000, "3001-5000"}, {5001, ClassTo10000, "5001-10000"}, {10001, ClassTo20000, "10001-20000"},
		{20000, ClassTo20000, "10001-20000"}, {20001, ClassTo60000, "20001-60000"}, {60000, ClassTo60000, "20001-60000"},
		{60001, ClassOver60000, "60001-"}, {2_700_000, ClassOver60000, "60001-"},
	} {
		got := PopulationClass(tt.inhabitants)
		if got != tt.want || got.String() != tt.code {
			t.Errorf("PopulationClass(%d) = %s, want %s", tt.inhabitants, got, tt.code)
		}
		back, err := ParseClass(got.String())
		if err != nil || back != got {
			t.Errorf("ParseClass(%q) = %v, %v", got, back, err)
		}
		if l := got.Label(); l.IT == "" || l.EN == "" {
			t.Errorf("class %s has no label", got)
		}
	}
	if _, err := ParseClass("2.501-5.000"); !errors.Is(err, surveys.ErrInvalid) {
		t.Errorf("the grouping of the file is taken for a class: %v", err)
	}
	next := 1
	for _, c := range Classes() {
		first, last := c.Bounds()
		if first != next {
			t.Errorf("class %s begins at %d, want %d", c, first, next)
		}
		next = last + 1
	}
}

func TestEnte(t *testing.T) {
	t.Parallel()
	comuni, _, _ := Reference()
	id := surveys.ID("aaaaaaaaaaaaaaaaaaaaaaaaaa")
	for _, c := range comuni {
		e := NewEnte(id, c, "2024-2026-agg-2026")
		if err := e.Validate(); err != nil {
			t.Errorf("%s: %v", c.Name, err)
		}
		if e.Population != c.PopulationResident2022 || e.Threshold != 5 || e.Class() != c.Class() {
			t.Errorf("%s: ente %+v", c.Name, e)
		}
	}
	real := NewEnte(id, comuni[0], "x")
	for _, tt := range []struct {
		name   string
		change func(*Ente)
		ok     bool
	}{
		{"as made", func(*Ente) {}, true},
		{"no IPA", func(e *Ente) { e.IPA = "" }, true},
		{"no name", func(e *Ente) { e.Name = " " }, false},
		{"no cadastral code", func(e *Ente) { e.Catastale = "" }, false},
		{"no ISTAT code", func(e *Ente) { e.ISTAT = "" }, false},
		{"threshold four", func(e *Ente) { e.Threshold = 4 }, false},
		{"negative population", func(e *Ente) { e.Population = -1 }, false},
		{"fictitious with a real code", func(e *Ente) { e.Fictitious = true }, false},
		{"fictitious", func(e *Ente) { e.Fictitious, e.Catastale, e.ISTAT, e.IPA = true, "", "", "" }, true},
	} {
		e := real
		tt.change(&e)
		if err := e.Validate(); (err == nil) != tt.ok {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	if err := real.RaiseThreshold(8); err != nil || real.Threshold != 8 {
		t.Errorf("raising to 8: %v, %d", err, real.Threshold)
	}
	if err := real.RaiseThreshold(7); !errors.Is(err, surveys.ErrInvalid) || real.Threshold != 8 {
		t.Errorf("lowering to 7: %v, %d", err, real.Threshold)
	}
}

func TestReference(t *testing.T) {
	t.Parallel()
	comuni, rows, attribution := Reference()
	want := map[string]struct {
		catastale  CodiceCatastale
		population int
		rows       int
	}{
		"Banari": {"A606", 515, 5}, "Casaletto Spartano": {"B888", 1276, 5}, "Loiano": {"E655", 4435, 13},
		"San Calogero": {"H785", 3907, 9}, "Suvereto": {"L019", 2961, 10}, "Lanciano": {"E435", 34009, 11},
		"Sezze": {"I712", 23747, 9}, "Cesena": {"C573", 96003, 12}, "Montevarchi": {"F656", 24137, 11},
	}
	if len(comuni) != len(want) || len(rows) != 85 {
		t.Fatalf("got %d Comuni and %d rows, want 9 and 85", len(comuni), len(rows))
	}
	count := map[CodiceISTAT]int{}
	for _, r := range rows {
		count[r.ISTAT]++
	}
	for _, c := range comuni {
		w := want[c.Name]
		if c.Catastale != w.catastale || c.Population() != w.population || count[c.ISTAT] != w.rows {
			t.Errorf("%s: %s, %d inhabitants, %d rows; want %+v", c.Name, c.Catastale, c.Population(), count[c.ISTAT], w)
		}
	}
	if attribution.Notice == "" || len(attribution.Sources) == 0 {
		t.Fatal("no attribution")
	}
	for _, s := range attribution.Sources {
		if s.Title == "" || s.Publisher == "" || !strings.Contains(s.Licence, "CC BY 4.0") || s.Address == "" || s.Dated.IsZero() || s.Covers == "" {
			t.Errorf("incomplete source %+v", s)
		}
	}
	if national, found := shared(t, "padigitale2026", "candidature_nove_comuni.csv"); found && !bytes.Equal(national, referenceFunding) {
		t.Error("reference_padigitale.csv is no longer the source's file")
	}
	if national, found := shared(t, "comuni", "comuni.csv"); found {
		all := strings.Split(string(national), "\n")
		for _, line := range strings.Split(strings.TrimSpace(string(referenceComuni)), "\n") {
			if !containsLine(all, line) {
				t.Errorf("not a row of comuni.csv: %s", line)
			}
		}
	}
}

func containsLine(lines []string, want string) bool {
	for _, l := range lines {
		if strings.TrimRight(l, "\r") == strings.TrimRight(want, "\r") {
			return true
		}
	}
	return false
}
