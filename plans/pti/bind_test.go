package pti

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"traguardo/plans"
	"traguardo/surveys/comune"
)

// Facts of the registry (shared/data/comuni/comuni.csv, residents of 2022).
var (
	banari = Facts{Catastale: "A606", Population: 515}
	cesena = Facts{Catastale: "C573", Population: 96003, ProvincialCapital: true}
	torino = Facts{Catastale: "L219", Population: 847398, ProvincialCapital: true, RegionalCapital: true}
)

func binding(t *testing.T, e *Edition, code string, f Facts) Binding {
	t.Helper()
	b, ok := e.BindLine(code, f)
	if !ok {
		t.Fatalf("no line %s", code)
	}
	return b
}

func bound(e *Edition, f Facts) []string {
	var out []string
	for _, b := range e.Bind(f) {
		if b.Binds() {
			out = append(out, b.Line.Code)
		}
	}
	return out
}

func only(a, b []string) []string {
	var out []string
	for _, c := range a {
		if !slices.Contains(b, c) {
			out = append(out, c)
		}
	}
	return out
}

func TestThreeComuniGetDifferentLines(t *testing.T) {
	t.Parallel()
	e := current(t)
	small, large, metro := bound(e, banari), bound(e, cesena), bound(e, torino)
	// 65 for everybody and the 18 that a question settles; Cesena its band of open data, Torino its own and MAUVE++.
	if len(small) != 83 || len(large) != 86 || len(metro) != 88 {
		t.Errorf("got %d, %d, %d lines", len(small), len(large), len(metro))
	}
	if got := only(large, small); !slices.Equal(got, []string{"CAP5.PA.06", "CAP5.PA.11", "CAP5.PA.16"}) {
		t.Errorf("Cesena and not Banari: %v", got)
	}
	if got := only(metro, small); !slices.Equal(got, []string{"CAP3.PA.23", "CAP3.PA.24", "CAP5.PA.08", "CAP5.PA.13", "CAP5.PA.18"}) {
		t.Errorf("Torino and not Banari: %v", got)
	}
	if got := only(small, metro); len(got) != 0 {
		t.Errorf("Banari and not Torino: %v", got)
	}
}

func TestBindTable(t *testing.T) {
	t.Parallel()
	with := func(f Facts, id string, answer bool) Facts {
		f.Conditions = map[string]bool{id: answer}
		return f
	}
	cases := []struct {
		name    string
		code    string
		facts   Facts
		kind    Kind
		applies Applies
		key     string
		says    string
	}{
		{"everybody", "CAP3.PA.16", banari, BindsAll, AppliesYes, "pti.reason.all", "Vale per tutti i Comuni."},
		{"others", "CAP4.PA.09", torino, BindsNone, AppliesNo, "pti.reason.others", "Non riguarda i Comuni: è per Regioni e Province autonome."},
		{"voluntary", "CAP4.PA.08", banari, Voluntary, AppliesYes, "pti.reason.voluntary", "Facoltativa: è per chi vuole aderire a NoiPA."},
		{"metropolitan capital", "CAP3.PA.24", torino, BindsCondition, AppliesYes, "pti.reason.capital", "Il Comune è capoluogo di Città metropolitana."},
		{"provincial capital only", "CAP3.PA.24", cesena, BindsNone, AppliesNo, "pti.reason.not_capital", "questo Comune non lo è"},
		{"fictitious without code", "CAP3.PA.24", Facts{Population: 900000}, BindsNone, AppliesNo, "pti.reason.not_capital", "non lo è"},
		{"too small", "CAP5.PA.10", banari, BindsNone, AppliesNo, "pti.reason.not_population", "Riguarda i Comuni da 5.000 a 10.000 abitanti: questo ne ha 515."},
		{"in band, not asked", "CAP5.PA.16", cesena, BindsCondition, AppliesToVerify, "pti.reason.population.toverify",
			"Il Comune ha 96.003 abitanti: rientra fra quelli da 10.000 a 100.000 abitanti. Da verificare: Nel 2024"},
		{"in band, was in the catalogue", "CAP5.PA.16", with(cesena, "open_data_2024", true), BindsNone, AppliesNo, "pti.reason.population.answered_out", "ha risposto sì: la linea non vale"},
		{"in band, was not in the catalogue", "CAP5.PA.16", with(cesena, "open_data_2024", false), BindsCondition, AppliesYes, "pti.reason.population.answered", "ha risposto no: la linea vale"},
		{"over the last band", "CAP5.PA.18", torino, BindsCondition, AppliesToVerify, "pti.reason.population.toverify", "con più di 250.000 abitanti"},
		{"population unknown", "CAP5.PA.10", Facts{Catastale: "A606"}, BindsCondition, AppliesToVerify, "pti.reason.population_unknown", "il numero di abitanti non è noto"},
		{"question open", "CAP2.PA.02", banari, BindsCondition, AppliesToVerify, "pti.reason.toverify", "Da verificare: Il Comune gestisce in proprio appalti"},
		{"question yes", "CAP2.PA.02", with(banari, "contracting_authority", true), BindsCondition, AppliesYes, "pti.reason.answered", "ha risposto sì"},
		{"question no", "CAP2.PA.02", with(banari, "contracting_authority", false), BindsNone, AppliesNo, "pti.reason.answered_out", "ha risposto no"},
	}
	e := current(t)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := binding(t, e, c.code, c.facts)
			if b.Binding != c.kind || b.Applies != c.applies || b.Reason.Key != c.key || !strings.Contains(b.Reason.Text.IT, c.says) {
				t.Errorf("got %s %s %s %q", b.Binding, b.Applies, b.Reason.Key, b.Reason.Text.IT)
			}
			if (b.Ask != "") != strings.HasSuffix(b.Reason.Key, "toverify") {
				t.Errorf("asks %q with reason %s", b.Ask, b.Reason.Key)
			}
		})
	}
}

func TestPopulationBandEdges(t *testing.T) {
	t.Parallel()
	e := current(t)
	cases := map[int][]string{
		1: nil, 4999: nil, 5000: {"CAP5.PA.15"}, 9999: {"CAP5.PA.15"},
		10000: {"CAP5.PA.15", "CAP5.PA.16"}, // the plan prints 10.000 as the end of one band and the start of the next
		10001: {"CAP5.PA.16"}, 100000: {"CAP5.PA.16"}, 100001: {"CAP5.PA.17"}, 250000: {"CAP5.PA.17"},
		250001: {"CAP5.PA.18"}, 3000000: {"CAP5.PA.18"},
	}
	for population, want := range cases {
		var got []string
		for _, code := range []string{"CAP5.PA.15", "CAP5.PA.16", "CAP5.PA.17", "CAP5.PA.18"} {
			if binding(t, e, code, Facts{Population: population}).Binds() {
				got = append(got, code)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%d inhabitants: got %v, want %v", population, got, want)
		}
	}
}

func TestMetropolitanCapitalsAreFifteen(t *testing.T) {
	t.Parallel()
	e, n := current(t), 0
	for _, code := range []comune.CodiceCatastale{"L219", "F205", "L736", "D969", "A944", "D612", "H501", "F839",
		"A662", "H224", "G273", "C351", "F158", "B354", "I452"} {
		if binding(t, e, "CAP3.PA.24", Facts{Catastale: code, Population: 500000}).Applies == AppliesYes {
			n++
		}
	}
	if n != 15 {
		t.Errorf("got %d capitals of metropolitan cities, want 15", n)
	}
	if b := binding(t, e, "CAP3.PA.24", Facts{Catastale: "H223", Population: 170000}); b.Applies != AppliesNo { // Reggio nell'Emilia
		t.Errorf("Reggio nell'Emilia: %s", b.Reason.Text.IT)
	}
}

// Every Comune gets every line with a reason in both languages, and its
// population decides only the lines with a band.
func TestEveryBindingIsExplained(t *testing.T) {
	t.Parallel()
	e := current(t)
	for _, f := range []Facts{{}, banari, cesena, torino, {Population: 7000}, {Population: 150000, Catastale: "I452"}} {
		all := e.Bind(f)
		if len(all) != len(e.Lines) {
			t.Fatalf("got %d bindings", len(all))
		}
		for i, b := range all {
			if b.Line.Code != e.Lines[i].Code || b.Reason.Key == "" || !both(b.Reason.Text) {
				t.Errorf("%s: reason %+v", b.Line.Code, b.Reason)
			}
			if b.Line.Binding == BindsAll && (b.Binding != BindsAll || !b.Binds()) {
				t.Errorf("%s: bound %s", b.Line.Code, b.Binding)
			}
			if strings.Contains(b.Reason.Text.IT+b.Reason.Text.EN, "%!") {
				t.Errorf("%s: %q", b.Line.Code, b.Reason.Text.IT)
			}
		}
	}
}

func TestQuestions(t *testing.T) {
	t.Parallel()
	e := current(t)
	f := banari
	f.Conditions = map[string]bool{}
	asked := 0
	for {
		q := e.Questions(f)
		if len(q) == 0 {
			break
		}
		if q[0].Condition.ID == "open_data_2024" {
			t.Error("Banari is asked about open data, which no band asks of it")
		}
		if len(q[0].Lines) == 0 {
			t.Errorf("%s settles no line", q[0].Condition.ID)
		}
		f.Conditions[q[0].Condition.ID] = asked%2 == 0
		asked++
	}
	if asked != 12 { // 14 conditions, less the one on open data and the one of the calendar
		t.Errorf("asked %d questions", asked)
	}
	for _, b := range e.Bind(f) {
		if b.Applies == AppliesToVerify {
			t.Errorf("%s is still to verify", b.Line.Code)
		}
	}
	before := maps.Clone(f.Conditions)
	e.Bind(f)
	if !maps.Equal(before, f.Conditions) {
		t.Error("Bind changed the answers")
	}
	if q := e.Questions(cesena); !slices.ContainsFunc(q, func(q Question) bool { return q.Condition.ID == "open_data_2024" && len(q.Lines) == 3 }) {
		t.Error("Cesena is not asked about open data")
	}
}

func TestFactsOf(t *testing.T) {
	t.Parallel()
	e := comune.NewEnte("x", comune.Comune{Catastale: "L219", PopulationLegal2021: 848748, PopulationResident2022: 847398,
		ProvincialCapital: true, RegionalCapital: true}, CurrentID)
	if got := FactsOf(e, nil); got.Catastale != "L219" || got.Population != 847398 || !got.RegionalCapital || !got.ProvincialCapital {
		t.Errorf("got %+v", got)
	}
}

func TestTiming(t *testing.T) {
	t.Parallel()
	day := func(s string) plans.Date {
		d, err := plans.ParseDate(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	cases := []struct {
		code, day string
		want      Timing
	}{
		{"CAP4.PA.01", "2026-12-31", InForce}, {"CAP4.PA.01", "2027-01-01", Overdue},
		{"CAP2.PA.08", "2026-11-30", Upcoming}, {"CAP2.PA.08", "2026-12-01", InForce},
		{"CAP4.PA.05", "2020-01-01", InForce}, {"CAP4.PA.21", "2026-11-22", Undated},
	}
	for _, c := range cases {
		l, ok := current(t).Line(c.code)
		if got := l.Timing(day(c.day)); !ok || got != c.want {
			t.Errorf("%s on %s: got %s, want %s", c.code, c.day, got, c.want)
		}
	}
}
