package web_test

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/app/web/webtest"
	"traguardo/surveys"
	"traguardo/surveys/privacy"
	"traguardo/surveys/scoring"
)

// pdfWords is the text of a PDF with single spaces, as poppler reads it.
func pdfWords(t *testing.T, pdf string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "r.pdf")
	if err := os.WriteFile(file, []byte(pdf), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "pdftotext", "-layout", file, "-").CombinedOutput()
	if err != nil {
		t.Fatalf("pdftotext: %v %s", err, out)
	}
	return strings.Join(strings.Fields(string(out)), " ")
}

// measured is a Comune whose first assessment is closed, with a staff result.
func measured(t *testing.T, w *webtest.World) (assessWorld, *webtest.Client) {
	t.Helper()
	a := newAssessWorld(t, w, 610)
	c := a.open("1")
	a.fill(surveys.ExAnte, func(it surveys.Item) int {
		switch it.Code {
		case "M-COM-05", "M-COM-06", "M-COM-07":
			return -1
		case "M-SIC-01":
			return 0
		}
		return 3
	})
	answer(c, "/enti/"+a.e.ID.String()+"/valutazioni/exante/M-PIA-04", "na", "motivo", "nessuna notifica")
	c.Post("/enti/"+a.e.ID.String()+"/valutazioni/exante/M-DOC-01/prove", url.Values{"tipo": {"E1"}, "titolo": {"Manuale di gestione"}, "data": {"2026-01-10"}, "atto_tipo": {"Delibera"}, "atto_numero": {"3"}})
	a.closeWave(c, "exante")
	a.saveStaff(surveys.ExAnte, storage.ResultStaff, staffOf(scoring.Published, 20))
	return a, c
}

func TestReportOfAnAssessment(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		a, c := measured(t, w)
		base := "/enti/" + a.e.ID.String() + "/rapporti"
		wantStatus(t, "list", c.Get(base), 200, "Valutazione della maturità digitale, Ex ante", "Dati al 23/11/2026", "Il piano non è ancora stato costruito", "Serve la seconda valutazione", "Non è stato ancora emesso")
		page := c.Get(base + "/valutazione")
		wantStatus(t, "twin", page, 200, "Comune di Roccaverde", "ente, persone e cifre di questo documento sono inventati", "Determina n. 44 del 23/11/2026",
			"nessuna notifica", "E1 Manuale di gestione del 10/01/2026", "Hanno risposto 12 persone su 20", "58,2", "da 51,0 a 66,0", "<svg", "solo intervallo", "MAT 1.0")
		overview := c.Get("/enti/" + a.e.ID.String() + "/risultati/exante")
		wantStatus(t, "same figures on the page of results", overview, 200, "58 (da 51 a 66)", "12 risposte valide su 20")
		pdf := c.PostRaw(base+"/valutazione/pdf", url.Values{"rilevazione": {"exante"}})
		if pdf.Status != 200 || pdf.Header.Get("Content-Type") != "application/pdf" || pdf.Header.Get("Content-Disposition") != `attachment; filename="valutazione-roccaverde-2026-11-23.pdf"` {
			t.Fatalf("got %d, %s, %s", pdf.Status, pdf.Header.Get("Content-Type"), pdf.Header.Get("Content-Disposition"))
		}
		words := pdfWords(t, pdf.Body)
		for _, want := range []string{"58,2", "da 51,0 a 66,0", "DATO DIMOSTRATIVO", "Determina n. 44", "E1 Manuale", "formula " + scoring.FormulaVersion, "nessuna notifica"} {
			if !strings.Contains(words, want) {
				t.Errorf("PDF: %q is missing", want)
			}
		}
		w.Clock = w.Clock.AddDate(0, 0, 3)
		c = w.SignedIn("viewer@uno.example")
		again := c.PostRaw(base+"/valutazione/pdf", nil)
		if again.Body != pdf.Body {
			t.Error("the same data three days later gave other bytes")
		}
		sum := sha256.Sum256([]byte(pdf.Body))
		list, err := w.Store.Reports(t.Context(), a.e.ID)
		if err != nil || len(list) != 1 || list[0].SHA256 != hex.EncodeToString(sum[:]) || list[0].Pages < 4 || list[0].IssuedBy != a.rtd.UserID || len(list[0].DataHash) != 64 {
			t.Errorf("got %+v, %v, want one entry with the hash of the file", list, err)
		}
		wantStatus(t, "list after", c.Get(base), 200, list[0].SHA256[:12], "23/11/2026")
		trail, err := w.Store.AuditTrail(t.Context(), a.e.ID, 2)
		if err != nil || len(trail) != 2 || trail[0].Action != "report.issue" || trail[1].Action != "report.issue" {
			t.Errorf("got trail %+v, %v, want both issues", trail, err)
		}
		wantStatus(t, "English", c.Get("/lingua/en?da="+base+"/valutazione"), 200, "Comune di Roccaverde", "Staff")
	})
}

func TestReportsByRole(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		a, _ := measured(t, w)
		base := "/enti/" + a.e.ID.String() + "/rapporti"
		for email, want := range map[string]int{"rtd@uno.example": 200, "utd@uno.example": 200, "viewer@uno.example": 200, "coord@prova.example": 200, "fac@prova.example": 200,
			"office@uno.example": 403, "rtd@due.example": 404, "admin@prova.example": 404} {
			c := w.SignedIn(email)
			for _, page := range []string{"", "/valutazione"} {
				wantStatus(t, email+page, c.Get(base+page), want)
			}
			if want != 200 {
				c.Get("/")
				wantStatus(t, email+" pdf", c.PostRaw(base+"/valutazione/pdf", nil), want)
			}
		}
		c := w.SignedIn("rtd@uno.example")
		c.Get(base)
		wantStatus(t, "bad token", c.PostRaw(base+"/valutazione/pdf", url.Values{"csrf": {"wrong"}}), 403)
		wantStatus(t, "no such kind", c.Get(base+"/bilancio"), 404)
		wantStatus(t, "no such wave", c.Get(base+"/valutazione?rilevazione=ieri"), 404)
		wantStatus(t, "wave not closed", c.Get(base+"/valutazione?rilevazione=expost"), 409)
		wantStatus(t, "no plan", c.Get(base+"/piano"), 404)
		wantStatus(t, "no comparison", c.Get(base+"/impatto"), 409)
		if got := w.Client().Raw(base); got.Status != 303 {
			t.Errorf("signed out: got %d", got.Status)
		}
		list, err := w.Store.Reports(t.Context(), a.e.ID)
		if err != nil || len(list) != 0 {
			t.Errorf("got %v, %v, want nothing registered", list, err)
		}
	})
}

func TestReportWithTooFewAnswers(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		a := newAssessWorld(t, w, 610)
		c := a.open("1")
		a.fill(surveys.ExAnte, func(surveys.Item) int { return 1 })
		a.closeWave(c, "exante")
		page := "/enti/" + a.e.ID.String() + "/rapporti/valutazione"
		wantStatus(t, "no questionnaire", c.Get(page), 200, "Non c'è ancora una rilevazione chiusa")
		a.saveStaff(surveys.ExAnte, storage.ResultStaff, staffOf(scoring.TooFew, 14))
		wantStatus(t, "too few", c.Get(page), 200, "dati insufficienti", "meno della soglia di riservatezza", "!su 14", "!0 risposte")
	})
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		a := newAssessWorld(t, w, 610)
		c := a.open("1")
		a.fill(surveys.ExAnte, func(surveys.Item) int { return 1 })
		a.closeWave(c, "exante")
		a.saveStaff(surveys.ExAnte, storage.ResultStaff, staffOf(scoring.OnlyPooled, 6))
		wantStatus(t, "six employees", c.Get("/enti/"+a.e.ID.String()+"/rapporti/valutazione"), 200, "meno di dieci persone", "dati insufficienti", "!su 6")
	})
}

func TestReportsOfPlanAndImpact(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		a, c := measured(t, w)
		ente := "/enti/" + a.e.ID.String()
		base := ente + "/rapporti"
		c.Get(ente + "/piano/limiti")
		wantStatus(t, "plan proposed", c.Post(ente+"/piano/limiti", limitsOf("0", "10.000", "30")), 200)
		wantStatus(t, "plan", c.Get(base+"/piano"), 200, "Piano dei micro-progetti", "Bozza al 23/11/2026", "CAP4.PA.", "Che cosa resta fuori", "Dato dimostrativo")
		pdf := c.PostRaw(base+"/piano/pdf", nil)
		if pdf.Status != 200 || !strings.HasPrefix(pdf.Body, "%PDF-1.7") {
			t.Fatalf("plan: got %d %.8s", pdf.Status, pdf.Body)
		}
		w.Clock = w.Clock.AddDate(0, 8, 0)
		c = w.SignedIn("rtd@uno.example")
		c.Post(ente+"/valutazioni", url.Values{"ondata": {"expost"}, "valutatori": {"1"}})
		c.Post(ente+"/valutazioni/expost/M-SIC-01/prove", url.Values{"tipo": {"E1"}, "titolo": {"Nomina"}, "data": {"2027-01-10"}, "atto_tipo": {"Decreto"}, "atto_numero": {"1"}})
		a.fill(surveys.ExPost, func(surveys.Item) int { return 3 })
		a.closeWave(c, "expost")
		mean := 4.2
		a.saveStaff(surveys.ExPost, storage.ResultStaffChange, scoring.ChangeResult{State: scoring.Published, Threshold: 5,
			Match: scoring.MatchCounts{State: privacy.Shown, Pre: 14, Post: 13, Pairs: 11, OnlyPre: 3, OnlyPost: 2}, Measures: []scoring.MeasureChange{
				{Measure: scoring.SelfAssessed, Area: surveys.PIA, State: privacy.Shown, N: 11, Mean: &mean, MeanInterval: &privacy.Range{Low: -1, High: 9.1}, LowPower: true, MeansWithheld: true},
				{Measure: scoring.SelfAssessed, Area: surveys.SIC, State: privacy.Insufficient}}})
		wantStatus(t, "change page", c.Get(ente+"/risultati/expost/variazione"), 200, "+4,2 (da −1,0 a +9,1)")
		page := c.Get(base + "/impatto")
		wantStatus(t, "impact", page, 200, "Che cosa è cambiato", "+4,2", "da −1,0 a +9,1", "dati insufficienti", "otenza bassa", "non dimostra che un progetto", "da 0 a 3", "!hanno causato")
		if strings.Contains(page.Body, "3 persone") {
			t.Error("movers below the threshold are printed")
		}
		pdf = c.PostRaw(base+"/impatto/pdf", nil)
		words := pdfWords(t, pdf.Body)
		for _, want := range []string{"+4,2", "DATO DIMOSTRATIVO", "da 0 a 3"} {
			if !strings.Contains(words, want) {
				t.Errorf("PDF of impact: %q is missing", want)
			}
		}
		wantStatus(t, "latest assessment", c.Get(base+"/valutazione"), 200, "Rilevazione Ex post")
		wantStatus(t, "list", c.Get(base), 200, "Valutazione della maturità digitale, Ex post", "!Serve la seconda")
	})
}

func TestEnteNamed(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		e, system := w.Ente("Roccaverde", 600), auth.SystemActor()
		for _, text := range []string{e.ID.String(), "Roccaverde", "roccaverde"} {
			if got, err := w.Service.EnteNamed(t.Context(), system, text); err != nil || got.ID != e.ID {
				t.Errorf("%q: got %s, %v", text, got.Name, err)
			}
		}
		for _, text := range []string{"", "Rocca", "H501"} {
			if got, err := w.Service.EnteNamed(t.Context(), system, text); err == nil {
				t.Errorf("%q: got %s, want an error", text, got.Name)
			}
		}
		if _, err := w.Service.EnteNamed(t.Context(), auth.Actor{UserID: "x"}, e.ID.String()); err == nil {
			t.Error("a user may not look for any ente")
		}
	})
}
