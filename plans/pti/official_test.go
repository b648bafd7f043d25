package pti

import (
	"slices"
	"strings"
	"testing"

	"traguardo/surveys/comune"
)

const header = "edition,objective_code,result_code,target_year,action_code,action_owner,starts,deadline,deadline_text,action_text\n"

func TestParseOfficialCSV(t *testing.T) {
	t.Parallel()
	o, faults := ParseOfficialCSV(strings.NewReader("\ufeff" + header +
		"E,OB.1.1,RA1.1.1,2025,,,,,,\r\n" +
		"E,OB.1.1,RA1.1.1,,CAP1.01,AgID,,2025-06-30,Giugno 2025,Testo di un ente nazionale\r\n" +
		"E,OB.1.3,RA1.3.3;RA1.3.2,,CAP1.PA.12,PA,2026-09-01,,Da settembre 2026 *,\"Una riga, con virgola\"\r\n" +
		"E,OB.1.2,,,CAP1.PA.07,\"PA, Regioni\",,,vigente,Altra riga\r\n"))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if o.Edition != "E" || o.Targets != 1 || o.Institutional != 1 || len(o.Lines) != 2 {
		t.Fatalf("got %+v", o)
	}
	if l := o.Lines[0]; l.Row != 4 || !slices.Equal(l.Results, []string{"RA1.3.2", "RA1.3.3"}) || !l.Replanned ||
		l.Starts != date(t, "2026-09-01") || !l.Deadline.IsZero() || l.Standing {
		t.Errorf("got %+v", l)
	}
	if l := o.Lines[1]; !l.Standing || l.Results != nil || l.Owner != "PA, Regioni" {
		t.Errorf("got %+v", l)
	}
}

func TestParseOfficialCSVSaysEveryFault(t *testing.T) {
	t.Parallel()
	row := "E,OB.1.1,,,CAP1.PA.01,PA,,,vigente,Testo\n"
	cases := []struct {
		name, file string
		line       int
		column     string
		rule       comune.Rule
	}{
		{"nothing", "", 1, "", comune.RuleEmpty},
		{"only a header", header, 0, "", comune.RuleEmpty},
		{"missing column", "edition,action_code\n", 1, "objective_code", comune.RuleColumn},
		{"short row", header + "E,OB.1.1\n" + row, 2, "", comune.RuleFields},
		{"open quote", header + row + "E,\"OB\n", 3, "", comune.RuleCSV},
		{"not UTF-8", header + "E,OB.1.1,,,CAP1.PA.01,PA,,,vigente,Citt\xe0\n", 2, "", comune.RuleEncoding},
		{"two editions", header + row + "F,OB.1.1,,,CAP1.PA.02,PA,,,vigente,Testo\n", 3, "edition", comune.RuleChoice},
		{"no code, no target", header + "E,OB.1.1,,,,PA,,,vigente,Testo\n", 2, "action_code", comune.RuleRequired},
		{"bad code", header + "E,OB.1.1,,,CAP1PA01,PA,,,vigente,Testo\n", 2, "action_code", comune.RuleCode},
		{"code twice", header + row + row, 3, "action_code", comune.RuleDuplicate},
		{"no such day", header + "E,OB.1.1,,,CAP1.PA.01,PA,,2025-06-31,Giugno 2025,Testo\n", 2, "deadline", comune.RuleDate},
		{"no text", header + "E,OB.1.1,,,CAP1.PA.01,PA,,,vigente,\n", 2, "action_text", comune.RuleRequired},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o, faults := ParseOfficialCSV(strings.NewReader(c.file))
			if len(o.Lines) > 0 {
				t.Error("something was half-read")
			}
			if !slices.ContainsFunc(faults, func(f comune.RowError) bool {
				return f.Line == c.line && f.Column == c.column && f.Rule == c.rule
			}) {
				t.Errorf("got %v, want line %d column %q rule %s", faults, c.line, c.column, c.rule)
			}
		})
	}
}

func TestDiff(t *testing.T) {
	t.Parallel()
	e := current(t)
	// An edition knows fingerprints, not sentences: two of them are set here to those of the words of this test.
	e.fingerprints["CAP1.PA.07"] = FingerprintOf("Gli enti formano il personale sulle competenze digitali")
	e.fingerprints["CAP2.PA.09"] = FingerprintOf("Gli enti concludono gli appalti innovativi avviati")
	e.fingerprints["CAP4.PA.05"] = FingerprintOf("Gli enti smettono di rilasciare credenziali proprie")
	o, faults := ParseOfficialCSV(strings.NewReader(header +
		"N,OB.1.2,,,CAP1.PA.07,PA,,,vigente,gli ENTI formano il personale: sulle competenze digitali!\n" +
		"N,OB.1.2,,,CAP1.PA.08,PA,,,vigente,Gli uffici allevano cavalli bianchi nelle pianure\n" +
		"N,OB.2.2,RA2.2.2,,CAP2.PA.09,PA,,2027-06-30,Giugno 2027,Gli enti concludono gli appalti innovativi avviati\n" +
		"N,OB.4.1,RA4.1.4,,CAP4.PA.05,PA,,,vigente,Gli enti smettono di rilasciare credenziali proprie ai cittadini\n" +
		"N,OB.7.1,RA7.1.1,,CAP4.PA.01,PA,,2026-12-31,Dicembre 2026,Testo\n" +
		"N,OB.9.1,,,CAP9.PA.01,PA,2027-01-01,,Da gennaio 2027,Linea di un capitolo nuovo\n"))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	kinds, n := map[string]ChangeKind{}, map[ChangeKind]int{}
	changes := Diff(e, o)
	for i, c := range changes {
		kinds[c.Code] = c.Kind
		n[c.Kind]++
		if i > 0 && changes[i-1].Code >= c.Code {
			t.Errorf("%s is out of order", c.Code)
		}
	}
	want := map[string]ChangeKind{"CAP1.PA.07": ChangeSame, "CAP1.PA.08": ChangeReused, "CAP2.PA.09": ChangeRedated,
		"CAP4.PA.05": ChangeReworded, "CAP4.PA.01": ChangeReused, "CAP9.PA.01": ChangeNew, "CAP7.PA.01": ChangeGone}
	for code, k := range want {
		if kinds[code] != k {
			t.Errorf("%s: got %s, want %s", code, kinds[code], k)
		}
	}
	if n[ChangeGone] != 119 || len(changes) != 125 {
		t.Errorf("got %v of %d", n, len(changes))
	}
	if got := Undecided(changes, map[string]bool{"CAP4.PA.01": true}); !slices.Equal(got, []string{"CAP1.PA.08"}) {
		t.Errorf("undecided: %v", got)
	}
	for _, c := range changes {
		if c.Code != "CAP2.PA.09" {
			continue
		}
		if _, _, was, is := c.Dates(); was != date(t, "2026-06-30") || is != date(t, "2027-06-30") {
			t.Errorf("dates %s, %s", was, is)
		}
	}
}

func TestFingerprint(t *testing.T) {
	t.Parallel()
	a, b := FingerprintOf("Le PA usano pagoPA, sempre."), FingerprintOf("le pa  usano «pagopa» sempre")
	if a != b || a.Likeness(b) != 1 {
		t.Errorf("case and punctuation count: %v %v", a, b)
	}
	if c := FingerprintOf("Altre parole ancora"); a.SHA == c.SHA || a.Likeness(c) != 0 || c.Likeness(a) != 0 {
		t.Errorf("different words look alike: %v %v", a, c)
	}
	if (Fingerprint{}).Likeness(Fingerprint{}) != 1 {
		t.Error("two empty wordings are not alike")
	}
}

func FuzzParseOfficialCSV(f *testing.F) {
	f.Add(header + "E,OB.1.1,,,CAP1.PA.01,PA,,,vigente,Testo\n")
	f.Add(header + "E,OB.1.1,RA1.1.1,2025,,,,,,\n")
	f.Add("\ufeffedition\n\"")
	f.Fuzz(func(t *testing.T, s string) {
		o, faults := ParseOfficialCSV(strings.NewReader(s))
		if len(faults) == 0 && (len(o.Lines) == 0 || o.Edition == "") {
			t.Errorf("accepted a file without lines: %+v", o)
		}
		if len(faults) > 0 && len(o.Lines) > 0 {
			t.Errorf("half-read: %d lines beside %d faults", len(o.Lines), len(faults))
		}
		for _, l := range o.Lines {
			if !officialCode.MatchString(l.Code) || l.Wording == "" || l.Objective == "" {
				t.Errorf("accepted %+v", l)
			}
		}
	})
}
