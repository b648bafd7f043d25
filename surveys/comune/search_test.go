package comune

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

func TestFold(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                             "",
		" - ":                          "",
		"Agliè":                        "aglie",
		"AGLIE'":                       "aglie",
		"Aglie\u0300":                  "aglie", // decomposed
		"L'Aquila":                     "l aquila",
		"L’AQUILA":                     "l aquila",
		"Forlì-Cesena":                 "forli cesena",
		"Eppan an der Weinstraße":      "eppan an der weinstrasse",
		"Škofja":                       "skofja",
		"Valle d'Aosta/Vallée d'Aoste": "valle d aosta vallee d aoste",
		"S.Calogero":                   "s calogero",
		"İstanbul":                     "istanbul",
		"\xff":                         "",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"Agliè", "L'Aquila", "ß", "ℌ x", "Ǆ", "ŉ", "ẞ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := Fold(s)
		if twice := Fold(once); twice != once {
			t.Errorf("Fold(%q) = %q, folded again %q", s, once, twice)
		}
		if strings.Contains(once, "  ") || strings.TrimSpace(once) != once {
			t.Errorf("Fold(%q) = %q has loose spaces", s, once)
		}
	})
}

func TestSearch(t *testing.T) {
	t.Parallel()
	rows, faults := ParseRegistry(bytes.NewReader(fixture(t, "registry.csv")))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	x := NewIndex(rows)
	for _, tt := range []struct {
		query string
		want  []string // label and rank
	}{
		{"", nil}, {"  ' ", nil}, {"zzz", nil},
		{"aglie", []string{"Agliè (TO) 2"}}, {"AGLIE'", []string{"Agliè (TO) 2"}}, {"agl", []string{"Agliè (TO) 3"}},
		{"samone", []string{"Samone (TN) 2 homonym", "Samone (TO) 2 homonym"}},
		{"Samone TN", []string{"Samone (TN) 4 homonym"}}, {"samone trento", []string{"Samone (TN) 4 homonym"}},
		{"bozen", []string{"Bolzano / Bozen (BZ) 2"}}, {"BOLZANO", []string{"Bolzano / Bozen (BZ) 2"}},
		{"weinstrasse", []string{"Appiano sulla strada del vino / Eppan an der Weinstraße (BZ) 4"}},
		{"strada vino", []string{"Appiano sulla strada del vino / Eppan an der Weinstraße (BZ) 4"}},
		{"laquila", []string{"L'Aquila (AQ) 2"}}, {"l aquila", []string{"L'Aquila (AQ) 2"}}, {"aquila", []string{"L'Aquila (AQ) 4"}},
		{"d'este", []string{"Santa Caterina d'Este (PD) 4"}},
		{"a606", []string{"Banari (SS) 1"}}, {"112004", []string{"Banari (SS) 1"}}, {"090007", []string{"Banari (SS) 1"}}, {"C_A606", []string{"Banari (SS) 1"}},
		{"m136", []string{"Vottignasco (CN) 1"}}, {"c_m136", []string{"Marmora (CN) 1"}}, {"c_m136v", []string{"Vottignasco (CN) 1"}},
		{"fvzwe5sf", []string{"Santa Caterina d'Este (PD) 1"}},
		{"torino", nil}, // a province alone names no Comune
		{"a", []string{"Agliè (TO) 3", "Appiano sulla strada del vino / Eppan an der Weinstraße (BZ) 3", "L'Aquila (AQ) 4"}},
	} {
		var got []string
		for _, m := range x.Search(tt.query, 10) {
			s := m.Comune.Label() + " " + string(rune('0'+m.Rank))
			if m.Homonym {
				s += " homonym"
			}
			got = append(got, s)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("Search(%q) = %q, want %q", tt.query, got, tt.want)
		}
	}
	if n := len(x.Search("a", 1)); n != 1 {
		t.Errorf("limit 1 gave %d", n)
	}
	if m := x.Search("aglie", 0); m != nil {
		t.Errorf("limit 0 gave %v", m)
	}
}

func TestIndexByCode(t *testing.T) {
	t.Parallel()
	comuni, _, _ := Reference()
	x := NewIndex(comuni)
	if x.Len() != 9 {
		t.Fatalf("Len %d", x.Len())
	}
	for _, code := range []CodiceISTAT{"112004", "090007"} {
		if c, found := x.ByISTAT(code); !found || c.Name != "Banari" {
			t.Errorf("ByISTAT(%s) = %v, %v", code, c.Name, found)
		}
	}
	if c, found := x.ByIPA("C_E655"); !found || c.Name != "Loiano" {
		t.Errorf("ByIPA = %v, %v", c.Name, found)
	}
	if _, found := x.ByIPA(""); found {
		t.Error("an empty IPA code finds a Comune")
	}
	if _, found := x.ByCatastale("Z999"); found {
		t.Error("an unknown code finds a Comune")
	}
}

// TestSearchRegistries looks every Comune up by each of its codes, and homonyms
// by name, in the fixture and in the national registry where it is at hand.
func TestSearchRegistries(t *testing.T) {
	t.Parallel()
	type registry struct {
		data  []byte
		exact map[string][]string // query → labels of the exact answers
	}
	cases := map[string]registry{"fixture": {fixture(t, "registry.csv"), map[string][]string{"samone": {"Samone (TN)", "Samone (TO)"}, "napoli": {"Napoli (NA)"}}}}
	if data, found := shared(t, "comuni", "comuni.csv"); found {
		cases["national"] = registry{data, map[string][]string{
			"castro":      {"Castro (BG)", "Castro (LE)"},
			"san teodoro": {"San Teodoro (ME)", "San Teodoro (OT)"},
			"peglio":      {"Peglio (CO)", "Peglio (PU)"},
			"roma":        {"Roma (RM)"},
		}}
	}
	for name, tt := range cases {
		rows, _ := ParseRegistry(bytes.NewReader(tt.data))
		x := NewIndex(rows)
		for _, c := range rows {
			byCatastale, _ := x.ByCatastale(c.Catastale)
			byISTAT, _ := x.ByISTAT(c.ISTAT)
			if byCatastale.Catastale != c.Catastale || byISTAT.Catastale != c.Catastale {
				t.Fatalf("%s: %s is not found by its codes", name, c.Label())
			}
			for _, old := range c.ISTATPrev {
				if byOld, _ := x.ByISTAT(old); byOld.Catastale != c.Catastale {
					t.Fatalf("%s: %s is not found by its earlier code", name, c.Label())
				}
			}
		}
		for query, want := range tt.exact {
			var got []string
			for _, m := range x.Search(query, 50) {
				if m.Rank == RankExact {
					got = append(got, m.Comune.Label())
				}
				if m.Rank == RankExact && m.Homonym != (len(want) > 1) {
					t.Errorf("%s: %s: homonym %v", name, m.Comune.Label(), m.Homonym)
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: Search(%q) exact = %q, want %q", name, query, got, want)
			}
		}
	}
}

func BenchmarkSearch(b *testing.B) {
	comuni, _, _ := Reference()
	x := NewIndex(comuni)
	for b.Loop() {
		x.Search("san cal", 10)
	}
}
