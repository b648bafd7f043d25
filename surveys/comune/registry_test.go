package comune

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestParseRegistryFixture(t *testing.T) {
	t.Parallel()
	rows, faults := ParseRegistry(bytes.NewReader(fixture(t, "registry.csv")))
	if len(faults) != 0 || len(rows) != 12 {
		t.Fatalf("got %d rows and %v, want 12 and no fault", len(rows), faults)
	}
	x := NewIndex(rows)
	banari, _ := x.ByCatastale("A606")
	if banari.ISTAT != "112004" || !slices.Equal(banari.ISTATPrev, []CodiceISTAT{"090007"}) || banari.Population() != 515 {
		t.Errorf("Banari: %+v", banari)
	}
	merged, _ := x.ByCatastale("M439")
	if merged.IPA != "" || merged.PopulationNote == "" || merged.Population() != 5932 {
		t.Errorf("merged Comune without IPA: %+v", merged)
	}
	napoli, _ := x.ByCatastale("F839")
	if napoli.ProvinceSigla != "NA" || !napoli.RegionalCapital || !napoli.MetropolitanCapital() {
		t.Errorf("Napoli: %+v", napoli)
	}
	bolzano, _ := x.ByCatastale("A952")
	if bolzano.OtherName != "Bozen" || bolzano.Label() != "Bolzano / Bozen (BZ)" || bolzano.SearchText() != "bolzano | bozen" || bolzano.MetropolitanCapital() {
		t.Errorf("Bolzano: %+v", bolzano)
	}
}

// mutate returns the registry fixture with one change to its raw text.
func mutate(t *testing.T, old, new string) string {
	t.Helper()
	s := string(fixture(t, "registry.csv"))
	if !strings.Contains(s, old) {
		t.Fatalf("fixture has no %q", old)
	}
	return strings.Replace(s, old, new, 1)
}

func TestParseRegistryFaults(t *testing.T) {
	t.Parallel()
	head, _, _ := strings.Cut(string(fixture(t, "registry.csv")), "\n")
	for _, tt := range []struct {
		name, in string
		want     RowError
		rows     int
	}{
		{"nothing", "", RowError{Line: 1, Rule: RuleEmpty}, 0},
		{"header alone", head + "\n", RowError{Rule: RuleEmpty}, 0},
		{"no such column", mutate(t, "cod_catastale", "belfiore"), RowError{Line: 1, Column: "cod_catastale", Rule: RuleColumn}, 0},
		{"lost zeros", mutate(t, "001001,", "1001,"), RowError{Line: 2, Column: "cod_istat", Rule: RuleZeros, Value: "1001"}, 11},
		{"no ISTAT code", mutate(t, "001001,", ","), RowError{Line: 2, Column: "cod_istat", Rule: RuleRequired}, 11},
		{"bad cadastral code", mutate(t, ",A074,", ",AO74,"), RowError{Line: 2, Column: "cod_catastale", Rule: RuleCode, Value: "AO74"}, 11},
		{"bad IPA", mutate(t, ",c_a074,", ",=1+1,"), RowError{Line: 2, Column: "codice_ipa", Rule: RuleCode, Value: "=1+1"}, 11},
		{"no name", mutate(t, "Agliè", " "), RowError{Line: 2, Column: "nome", Rule: RuleRequired}, 11},
		{"bad sigla", mutate(t, ",TO,", ",Torino,"), RowError{Line: 2, Column: "sigla_provincia", Rule: RuleCode, Value: "Torino"}, 11},
		{"bad flag", mutate(t, "padigitale2026,0,0,2562", "padigitale2026,no,0,2562"), RowError{Line: 2, Column: "capoluogo_provincia", Rule: RuleFlag, Value: "no"}, 11},
		{"population zero", mutate(t, ",2568,", ",0,"), RowError{Line: 2, Column: "pop_residente_2022", Rule: RuleNumber, Value: "0"}, 11},
		{"population with a point", mutate(t, ",2568,", ",2.568,"), RowError{Line: 2, Column: "pop_residente_2022", Rule: RuleNumber, Value: "2.568"}, 11},
		{"fields", mutate(t, "001001,", "001001,x,"), RowError{Line: 2, Rule: RuleFields, Value: "22"}, 11},
		{"quotes", mutate(t, "Agliè", `Ag"liè`), RowError{Line: 2, Rule: RuleCSV}, 11},
		{"not UTF-8", mutate(t, ",2.501-5.000,,\n021004", ",\xe8,,\n021004"), RowError{Line: 2, Rule: RuleEncoding, Value: "001001 Agliè  TO Torino 201 Piemonte 01…"}, 11},
		{"same cadastral code", mutate(t, ",H754,", ",H753,"), RowError{Line: 10, Column: "cod_catastale", Rule: RuleDuplicate, Value: "H753", Other: 9}, 11},
		{"same ISTAT code", mutate(t, "022165", "001235"), RowError{Line: 10, Column: "cod_istat", Rule: RuleDuplicate, Value: "001235", Other: 9}, 11},
		{"same IPA in other case", mutate(t, "c_h754", "C_H753"), RowError{Line: 10, Column: "codice_ipa", Rule: RuleDuplicate, Value: "c_h753", Other: 9}, 11},
		{"earlier code in use", mutate(t, ",090007,", ",001001,"), RowError{Line: 5, Column: "cod_istat_precedente", Rule: RuleDuplicate, Value: "001001", Other: 2}, 11},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			rows, faults := ParseRegistry(strings.NewReader(tt.in))
			if len(faults) != 1 || faults[0] != tt.want {
				t.Errorf("faults %+v, want %+v", faults, tt.want)
			}
			if len(rows) != tt.rows {
				t.Errorf("%d rows, want %d", len(rows), tt.rows)
			}
			if tt.want.Rule != "" && !strings.Contains(faults[0].Error(), string(tt.want.Rule)) {
				t.Errorf("Error() %q does not name the rule", faults[0].Error())
			}
		})
	}
}

func TestParseRegistryForms(t *testing.T) {
	t.Parallel()
	plain := string(fixture(t, "registry.csv"))
	for name, in := range map[string]string{
		"byte order mark": "\xef\xbb\xbf" + plain,
		"semicolons":      strings.ReplaceAll(plain, ",", ";"),
		"CRLF":            strings.ReplaceAll(plain, "\n", "\r\n"),
		"no final line":   strings.TrimSpace(plain),
	} {
		rows, faults := ParseRegistry(strings.NewReader(in))
		if len(rows) != 12 || len(faults) != 0 {
			t.Errorf("%s: %d rows, %v", name, len(rows), faults)
		}
	}
}

func TestParseRegistryStops(t *testing.T) {
	t.Parallel()
	head, _, _ := strings.Cut(string(fixture(t, "registry.csv")), "\n")
	_, faults := ParseRegistry(strings.NewReader(head + "\n" + strings.Repeat("x\n", maxFaults+50)))
	if len(faults) != maxFaults+1 || faults[maxFaults].Rule != RuleTooMany {
		t.Errorf("%d faults, last %v", len(faults), faults[len(faults)-1])
	}
}

// TestParseRegistryCounts counts what the notes on the source say of the fixture
// and, where it is at hand, of the national registry.
func TestParseRegistryCounts(t *testing.T) {
	t.Parallel()
	type registry struct {
		data []byte
		want string // Comuni, earlier codes, bilingual, no IPA, merged, homonym names, metropolitan, IPA unlike c_catastale
	}
	cases := map[string]registry{"fixture": {fixture(t, "registry.csv"), "12 1 2 1 2 1 1 3"}}
	if data, found := shared(t, "comuni", "comuni.csv"); found {
		cases["national"] = registry{data, "7894 377 124 5 4 5 15 236"}
	}
	for name, tt := range cases {
		if got := countTraps(t, tt.data); got != tt.want {
			t.Errorf("%s: got %s, want %s", name, got, tt.want)
		}
	}
}

func countTraps(t *testing.T, data []byte) string {
	t.Helper()
	rows, faults := ParseRegistry(bytes.NewReader(data))
	if len(faults) != 0 {
		t.Fatalf("%d faults, first %v", len(faults), faults[0])
	}
	var moved, bilingual, noIPA, merged, otherIPA, metropolitan int
	names := map[string]int{}
	for _, c := range rows {
		names[c.Name]++
		moved += len(c.ISTATPrev)
		if c.OtherName != "" {
			bilingual++
		}
		if c.PopulationNote != "" {
			merged++
		}
		if c.MetropolitanCapital() {
			metropolitan++
		}
		switch {
		case c.IPA == "":
			noIPA++
		case c.IPA.Key() != "c_"+strings.ToLower(string(c.Catastale)):
			otherIPA++
		}
		if c.Population() <= 0 || c.Class() == ClassUnknown {
			t.Errorf("%s: population %d", c.Label(), c.Population())
		}
	}
	homonyms := 0
	for _, n := range names {
		if n > 1 {
			homonyms++
		}
	}
	return fmt.Sprint(len(rows), moved, bilingual, noIPA, merged, homonyms, metropolitan, otherIPA)
}

func FuzzParseRegistry(f *testing.F) {
	f.Add(fixture(f, "registry.csv"))
	f.Add([]byte("cod_istat;nome\n\"a"))
	f.Fuzz(func(t *testing.T, data []byte) {
		rows, faults := ParseRegistry(bytes.NewReader(data))
		if len(rows) == 0 && len(faults) == 0 {
			t.Error("nothing read and nothing said")
		}
		if len(faults) > maxFaults+40 {
			t.Errorf("%d faults", len(faults))
		}
		seen := map[CodiceCatastale]bool{}
		for _, c := range rows {
			if c.Name == "" || !catastaleForm.MatchString(string(c.Catastale)) || !istatForm.MatchString(string(c.ISTAT)) || seen[c.Catastale] {
				t.Errorf("impossible row %+v", c)
			}
			seen[c.Catastale] = true
		}
	})
}
