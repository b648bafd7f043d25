package web_test

import (
	"strings"
	"testing"

	"traguardo/app/storage"
	"traguardo/app/web/webtest"
	"traguardo/surveys"
	"traguardo/surveys/privacy"
	"traguardo/surveys/scoring"
)

func TestMethodsOfTheStaff(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		a := newAssessWorld(t, w, 3200)
		few := staffOf(scoring.Published, 20)
		few.Areas[0].Self.Bounds = &privacy.Range{Low: 35, High: 75}
		a.saveStaff(surveys.ExAnte, storage.ResultStaff, few)
		many := staffOf(scoring.Published, 60)
		omega, sem := 0.81, 9.4
		many.Reliability = []scoring.ScaleReliability{{Measure: scoring.SelfAssessed, Area: surveys.SIC, K: 6, N: 33, Alpha: 0.79, Interval: &privacy.Range{Low: 0.66, High: 0.88}, Omega: &omega, SEM: &sem, Weak: []string{"A-SIC-04"}}}
		a.saveStaff(surveys.ExPost, storage.ResultStaff, many)
		mean := 4.25
		a.saveStaff(surveys.ExPost, storage.ResultStaffChange, scoring.ChangeResult{FormulaVersion: "1.1", Instrument: "STAFF", Version: "1.0", State: scoring.Published, Threshold: 5, Seed: 4611686018427387,
			Match: scoring.MatchCounts{State: privacy.Shown, Pre: 12, Post: 13, Pairs: 11}, Measures: []scoring.MeasureChange{{Measure: scoring.Anchors, Primary: true, State: privacy.Shown, N: 11, Mean: &mean}}})
		c := w.SignedIn("rtd@uno.example")
		base := "/enti/" + a.e.ID.String() + "/risultati/"
		wantStatus(t, "few", c.Get(base+"exante/metodo"), 200, "Affidabilità: nessun coefficiente. Serve che almeno 30", "da 35 a 75", "Manski", "Impronta dei dati", "traguardo stats alpha", "Soglia", "dati insufficienti", "!Omega</th>", "!Seme")
		wantStatus(t, "many, with a change", c.Get(base+"expost/metodo"), 200, "Autovalutazione, Sicurezza informatica", "0,79 (da 0,66 a 0,88)", "0,81", "9,4", "A-SIC-04", "4611686018427387",
			"Pratt", "wilcox.test", "11 coppie", "--seed 4611686018427387", "effetto del programma", "!nessun coefficiente")
		wantStatus(t, "English", c.Get("/lingua/en?da="+base+"expost/metodo"), 200, "Signed-rank", "Reliability of the scales", "What cannot be said")
		for email, status := range map[string]int{"coord@prova.example": 200, "viewer@uno.example": 200, "office@uno.example": 403, "rtd@due.example": 404} {
			wantStatus(t, email, w.SignedIn(email).Get(base+"expost/metodo"), status)
		}
		c = w.SignedIn("rtd@uno.example")
		before := w.Store.Queries().Count()
		body := c.Get(base + "expost/metodo").Body
		if n := w.Store.Queries().Count() - before; n > 8 {
			t.Errorf("got %d queries, want at most 8", n)
		}
		if strings.Contains(body, "NaN") || strings.Contains(body, "+Inf") {
			t.Error("a figure is not a number")
		}
	})
}
