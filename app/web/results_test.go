package web_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"traguardo/app/storage"
	"traguardo/app/web/webtest"
	"traguardo/surveys"
	"traguardo/surveys/comune"
	"traguardo/surveys/privacy"
	"traguardo/surveys/scoring"
)

// closeWave closes a wave of the first ente by an act of today.
func (a assessWorld) closeWave(c *webtest.Client, wave string) {
	a.t.Helper()
	p := c.PostRaw("/enti/"+a.e.ID.String()+"/valutazioni/"+wave+"/chiusura",
		url.Values{"atto_tipo": {"Determina"}, "atto_numero": {"44"}, "atto_data": {a.Clock.Format(time.DateOnly)}})
	if p.Status != 303 {
		a.t.Fatalf("closing the %s: got %d", wave, p.Status)
	}
}

// saveStaff stores a result of the staff as closing a questionnaire would.
func (a assessWorld) saveStaff(wave surveys.Wave, kind storage.ResultKind, body any) {
	a.t.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		a.t.Fatal(err)
	}
	r := storage.Result{ID: a.ID("result:" + string(wave) + string(kind)), EnteID: a.e.ID, Wave: wave, Kind: kind, SourceID: a.ID("campaign"),
		FormulaVersion: "1.0", DataHash: strings.Repeat("ab", 32), Body: b, ComputedAt: a.Clock}
	if err := a.Store.SaveResult(a.t.Context(), r); err != nil {
		a.t.Fatal(err)
	}
}

func staffOf(state scoring.ResultState, eligible int) scoring.StaffResult {
	r := scoring.StaffResult{FormulaVersion: "1.0", Instrument: "STAFF", Version: "1.0", Wave: surveys.ExAnte, State: state, Threshold: 5, Eligible: eligible,
		Response: scoring.ResponseRate{State: privacy.Insufficient}}
	if state != scoring.Published {
		return r
	}
	rate := 0.6
	r.Response = scoring.ResponseRate{State: privacy.Shown, Responses: 12, Rate: &rate}
	for _, area := range surveys.ScoredAreas() {
		r.Areas = append(r.Areas, scoring.StaffArea{Area: area, Self: privacy.NewFigure(12, 58.2, &privacy.Range{Low: 51, High: 66}, nil),
			Knowledge: privacy.Withheld(privacy.Insufficient), Anchors: privacy.Withheld(privacy.Insufficient)})
	}
	return r
}

func TestResultsExistOnlyWhenClosed(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		a := newAssessWorld(t, w, 610)
		base := "/enti/" + a.e.ID.String() + "/risultati"
		c := w.SignedIn("rtd@uno.example")
		wantStatus(t, "nothing opened", c.Get(base), 200, "Ancora nessun risultato", "Apra la valutazione")
		c = a.open("1")
		a.fill(surveys.ExAnte, func(surveys.Item) int { return 4 })
		wantStatus(t, "open", c.Get(base), 200, "La valutazione è aperta: 40 indicatori su 40", "!Indice documentato")
		for _, page := range []string{"/perche", "/divari", "/metodo", "/variazione", "/aree/PIA"} {
			wantStatus(t, "open"+page, c.Get(base+"/exante"+page), 404)
		}
		a.saveStaff(surveys.ExAnte, storage.ResultStaff, staffOf(scoring.OnlyPooled, 7))
		wantStatus(t, "only the staff is closed", c.Get(base), 200, "non è ancora chiusa: qui c'è solo il personale", "meno di dieci aventi diritto")
	})
}

func TestResultsOfTheExAnte(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		a := newAssessWorld(t, w, 610)
		base := "/enti/" + a.e.ID.String() + "/risultati/exante"
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
		c.Post("/enti/"+a.e.ID.String()+"/valutazioni/exante/M-PIA-01/prove", url.Values{"tipo": {"E1"}, "titolo": {"Convenzione"}, "data": {"2026-01-10"}, "atto_tipo": {"Delibera"}, "atto_numero": {"3"}})
		a.closeWave(c, "exante")
		wantStatus(t, "overview", c.Get(base), 200, "Indice documentato", "M-SIC-01", "solo intervallo", "7 su 7", "Governo e organizzazione (accanto",
			"Il questionario al personale di questa rilevazione non è ancora chiuso", "Le priorità", "Vai al piano", "<svg", "impronta dei dati")
		wantStatus(t, "why", c.Get(base+"/perche"), 200, "Non c'è un indice unico", "Comunicazione e promozione dei servizi digitali: 6 indicatori con livello su 9", "Piattaforme abilitanti: perché")
		wantStatus(t, "gaps", c.Get(base+"/divari"), 200, "Indicatore soglia", "Incarico formale a una persona", "da 0 a 2", "Basta una prova")
		wantStatus(t, "area", c.Get(base+"/aree/PIA"), 200, "nessuna notifica", "CAP4.PA.04", "Edizione 2024-2026", "Questo Comune è inventato", "Atto o documento", "Non applicabili, con il motivo")
		wantStatus(t, "GOV", c.Get(base+"/aree/GOV"), 200, "non entra mai nell'indice")
		wantStatus(t, "no such area", c.Get(base+"/aree/STR"), 404)
		wantStatus(t, "method", c.Get(base+"/metodo"), 200, "36 con livello, 1 non applicabili, 3 non valutati", "MAT 1.0", "Determina n. 44", "Non è una certificazione")
		wantStatus(t, "no change yet", c.Get(base+"/variazione"), 404)
		wantStatus(t, "English", c.Get("/lingua/en?da="+base), 200, "Evidenced index", "Cybersecurity")
		for email, status := range map[string]int{"viewer@uno.example": 200, "coord@prova.example": 200, "office@uno.example": 403, "rtd@due.example": 404, "admin@prova.example": 404} {
			wantStatus(t, email, w.SignedIn(email).Get(base), status)
		}
	})
}

func TestResultsBesideTheStaff(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		a := newAssessWorld(t, w, 610)
		c := a.open("1")
		a.fill(surveys.ExAnte, func(surveys.Item) int { return 2 })
		a.closeWave(c, "exante")
		a.saveStaff(surveys.ExAnte, storage.ResultStaff, staffOf(scoring.Published, 20))
		base := "/enti/" + a.e.ID.String() + "/risultati/exante"
		wantStatus(t, "overview", c.Get(base), 200, "12 risposte valide su 20 aventi diritto (60", "Ente e personale, insieme", "58 (da 51 a 66)", "dati insufficienti", "n 12", "Con altri pesi")
		wantStatus(t, "why", c.Get(base+"/perche"), 200, "Perché 25?", "documentando il livello 2 già dichiarato")
		wantStatus(t, "method", c.Get(base+"/metodo"), 200, "Soglia", "12 risposte valide")
		before := w.Store.Queries().Count()
		c.Get(base)
		if n := w.Store.Queries().Count() - before; n > 8 {
			t.Errorf("overview: got %d queries, want 8 at most", n)
		}
	})
}

func TestExPostAndItsChange(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		a := newAssessWorld(t, w, 610)
		ente := "/enti/" + a.e.ID.String()
		c := a.open("1")
		a.fill(surveys.ExAnte, func(surveys.Item) int { return 2 })
		act := url.Values{"tipo": {"E1"}, "titolo": {"Manuale"}, "data": {"2026-01-10"}, "atto_tipo": {"Delibera"}, "atto_numero": {"3"}}
		record := url.Values{"tipo": {"E2"}, "titolo": {"Estrazione"}, "data": {"2026-01-10"}, "atto_tipo": {"Report"}, "atto_numero": {"9"}}
		c.Post(ente+"/valutazioni/exante/M-DOC-01/prove", act)
		c.Post(ente+"/valutazioni/exante/M-DOC-02/prove", record)
		a.closeWave(c, "exante")
		w.Clock = w.Clock.AddDate(0, 8, 0)
		c = w.SignedIn("rtd@uno.example")
		wantStatus(t, "opened", c.Post(ente+"/valutazioni", url.Values{"ondata": {"expost"}, "valutatori": {"1"}}), 200, "0 indicatori su 40")
		post := ente + "/valutazioni/expost/"
		wantStatus(t, "beside, not filled in", c.Get(post+"M-DOC-01"), 200, "Ex ante: livello dichiarato 2 · Definito, documentato 2", "Ancora valida", `value="" checked`, "Conferma il livello di prima")
		wantStatus(t, "expired evidence", c.Get(post+"M-DOC-02"), 200, "Scaduta")
		wantStatus(t, "confirmed", answer(c, post+"M-DOC-01", "", "azione", "conferma"), 200, `value="2" data-key="2" checked`, "Dichiarato e documentato 2")
		wantStatus(t, "confirmed with expired evidence", answer(c, post+"M-DOC-02", "", "azione", "conferma"), 200, "documentato 1: la prova più forte è scaduta", "Da rinnovare")
		c.Post(post+"M-SIC-01/prove", url.Values{"tipo": {"E1"}, "titolo": {"Nomina"}, "data": {"2027-01-10"}, "atto_tipo": {"Decreto"}, "atto_numero": {"1"}})
		answer(c, post+"M-SIC-01", "3")
		c.Post(post+"M-SIC-02/prove", url.Values{"tipo": {"E1"}, "titolo": {"Modulo"}, "data": {"2027-01-10"}, "atto_tipo": {"Decreto"}, "atto_numero": {"2"}})
		answer(c, post+"M-SIC-02", "2")
		answer(c, post+"M-SIC-03", "3")
		a.fill(surveys.ExPost, func(it surveys.Item) int {
			switch it.Code {
			case "M-DOC-01", "M-DOC-02", "M-SIC-01", "M-SIC-02", "M-SIC-03":
				return -1
			case "M-COM-01":
				return 1
			}
			return 2
		})
		a.closeWave(c, "expost")
		change := ente + "/risultati/expost/variazione"
		wantStatus(t, "change", c.Get(change), 200, "Migliorato", "Documentato meglio", "Dichiarato, non documentato", "Meno documentato", "Peggiorato", "2 → 3 (+1)", "1 → 3 (+2)",
			"Non si dice che cosa l'ha fatto cambiare", "Il confronto del personale si calcola", "!ha causato")
		wantStatus(t, "latest is the ex post", c.Get(ente+"/risultati"), 200, "Risultati ex post", "Variazione", "/risultati/exante")
		wantStatus(t, "the ex ante stays what it was", c.Get(ente+"/valutazioni/exante/M-DOC-02"), 200, "Dichiarato e documentato 2", "!Scaduta")
		wantStatus(t, "other ente", w.SignedIn("rtd@due.example").Get(change), 404)
	})
}

func TestStaffChangeIsShownAsItIsKept(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		a := newAssessWorld(t, w, 610)
		mean, est := 4.2, 3.9
		p := 0.041
		r := scoring.ChangeResult{State: scoring.Published, Threshold: 5, Match: scoring.MatchCounts{State: privacy.Shown, Pre: 14, Post: 13, Pairs: 11, AmbiguousPre: 1},
			OverclaimShifted: true, Measures: []scoring.MeasureChange{
				{Measure: scoring.Anchors, Primary: true, State: privacy.Shown, N: 11, Mean: &mean, MeanInterval: &privacy.Range{Low: -1, High: 9.1}, Estimate: &est, P: &p, LowPower: true, MeansWithheld: true},
				{Measure: scoring.SelfAssessed, Area: surveys.SIC, State: privacy.Insufficient},
				{Measure: scoring.Attitude, Construct: "UTI", State: privacy.NotAsked}}}
		a.saveStaff(surveys.ExPost, storage.ResultStaffChange, r)
		c := w.SignedIn("viewer@uno.example")
		wantStatus(t, "change", c.Get("/enti/"+a.e.ID.String()+"/risultati/expost/variazione"), 200, "11 coppie di risposte", "+4,2 (da −1,0 a +9,1)", "potenza bassa", "0,041",
			"Autovalutazione, Sicurezza informatica", "dati insufficienti", "utilità percepita", "non chiesto", "termini che non esistono", "Le medie delle due rilevazioni non si mostrano")
	})
}

func TestPADigitaleBesideThePlatforms(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		refs, rows, _ := comune.Reference()
		if _, err := w.Store.ReplaceFunding(t.Context(), rows, true); err != nil {
			t.Fatal(err)
		}
		a := newAssessWorld(t, w, 610)
		a.e = comune.NewEnte(w.ID("ente:real"), refs[0], "2024-2026-agg-2026")
		if err := w.Store.AddEnte(t.Context(), a.e, w.Clock); err != nil {
			t.Fatal(err)
		}
		a.rtd = w.User("rtd@real.example", false, webtest.In("rtd", a.e))
		c := w.SignedIn("rtd@real.example")
		c.Post("/enti/"+a.e.ID.String()+"/valutazioni", url.Values{"ondata": {"exante"}, "valutatori": {"1"}})
		a.fill(surveys.ExAnte, func(surveys.Item) int { return 1 })
		a.closeWave(c, "exante")
		wantStatus(t, "area", c.Get("/enti/"+a.e.ID.String()+"/risultati/exante/aree/PIA"), 200, "open data PA digitale 2026", "Data del dato", "pagoPA", "le quote di due misure non si confrontano", "!Questo Comune è inventato")
		wantStatus(t, "only there", c.Get("/enti/"+a.e.ID.String()+"/risultati/exante/aree/SIC"), 200, "!Data del dato")
	})
}
