package web

import (
	"testing"

	"traguardo/surveys/privacy"
	"traguardo/surveys/scoring"
)

// An interval whose ends print the same says in words what that means.
func TestStaffWord(t *testing.T) {
	some := scoring.StaffResult{Eligible: 18, FinitePopulation: true}
	everyone := scoring.StaffResult{Eligible: 12, FinitePopulation: true}
	figure := func(low, value, high float64) privacy.Figure {
		return privacy.NewFigure(12, value, &privacy.Range{Low: low, High: high}, nil)
	}
	for _, c := range []struct {
		name   string
		of     scoring.StaffResult
		f      privacy.Figure
		it, en string
	}{
		{"some answered", some, figure(51, 58.2, 66), "58 (da 51 a 66)", "58 (from 51 to 66)"},
		{"ends within a point", some, figure(58.1, 58.2, 58.3), "58,2 (da 58,1 a 58,3)", "58.2 (from 58.1 to 58.3)"},
		{"all the same", some, figure(58, 58, 58), "58,0 (intervallo più stretto di un decimo di punto)", "58.0 (interval narrower than a tenth of a point)"},
		{"everyone answered", everyone, figure(58.2, 58.2, 58.2), "58; ha risposto tutto il personale",
			"58; all the staff answered"},
		{"withheld", everyone, privacy.Withheld(privacy.Insufficient), "dati insufficienti", "insufficient data"},
	} {
		for lang, want := range map[string]string{"it": c.it, "en": c.en} {
			if got, _ := staffWord(testChrome(t, lang).Localizer, c.of, c.f); got != want {
				t.Errorf("%s, %s: got %q, want %q", c.name, lang, got, want)
			}
		}
	}
}
