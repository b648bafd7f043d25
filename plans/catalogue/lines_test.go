package catalogue

import (
	"slices"
	"strings"
	"testing"

	"traguardo/plans/pti"
)

// TestLinesBindComuni holds every line that a template closes or helps against the
// edition in force: it is there, and it is not one of the lines of other bodies
// alone, which no Comune can close.
func TestLinesBindComuni(t *testing.T) {
	t.Parallel()
	edition, err := pti.Current()
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, x := range embeddedCatalogue(t).All() {
		for _, named := range append(slices.Clone(x.Closes), x.Helps...) {
			code, _, _ := strings.Cut(named, "@")
			line, ok := edition.Line(code)
			switch {
			case !ok:
				t.Errorf("%s: line %s is not in edition %s", x.Code, code, edition.ID)
			case line.Binding == pti.BindsNone:
				t.Errorf("%s: line %s binds no Comune", x.Code, code)
			}
			checked++
		}
	}
	if checked < 60 {
		t.Errorf("%d lines checked", checked)
	}
}

// measureSources says where each PNRR measure that templates name was read. A
// template may name no other.
func measureSources() map[string]string {
	const avvisi = "PA digitale 2026, avvisi (shared/data/padigitale2026/avvisi.csv)"
	return map[string]string{
		"1.2": avvisi, "1.3.1": avvisi, "1.4.1": avvisi, "1.4.3": avvisi, "1.4.4": avvisi, "1.4.5": avvisi,
		// Carried out by the Regioni: it is in no call to Comuni.
		"1.7.2": "Piano triennale 2024-2026 agg. 2026, RA1.2.1, and Dipartimento per la trasformazione digitale, informativa to Regioni of 11 July 2025 («Misura 1.7.2 M1C1, Rete dei servizi di facilitazione digitale»)",
		// Of the Dipartimento della funzione pubblica: not on PA digitale 2026.
		"2.2.3": "Dipartimento della funzione pubblica, avviso of 10 July 2024 to Comuni, Province and others («Digitalizzazione delle procedure, SUAP e SUE»), announced by Provincia di Piacenza, pnrr.provincia.pc.it",
	}
}

// TestMeasuresHaveSources refuses a PNRR measure written from memory.
func TestMeasuresHaveSources(t *testing.T) {
	t.Parallel()
	sources, used := measureSources(), map[string]bool{}
	for _, x := range embeddedCatalogue(t).All() {
		for _, m := range x.Funding.PNRR {
			used[m.Measure] = true
			if sources[m.Measure] == "" {
				t.Errorf("%s: measure %s has no source", x.Code, m.Measure)
			}
		}
	}
	for m := range sources {
		if !used[m] {
			t.Errorf("measure %s is used by no template", m)
		}
	}
}
