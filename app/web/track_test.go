package web_test

import (
	"net/url"
	"strings"
	"testing"

	"traguardo/app/web/webtest"
)

func TestBoard(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		x := newTrackWorld(t, w)
		p := x.SignedIn("rtd@uno.example").Get(x.base + "/avanzamento")
		wantStatus(t, "board", p, 200, "Incassi su pagoPA di Roccaverde", "stato-late", "delibera di Giunta n. 12", "Avvia", "<svg", "4.000", "!Borgo Altro", "!ZgotmplZ")
		if at := strings.Index(p.Body, "stato-late"); at < 0 || at > strings.Index(p.Body, "stato-planned") {
			t.Error("late ones must come first")
		}
		for _, who := range []string{"utd@uno.example", "fac@prova.example"} {
			wantStatus(t, who, x.SignedIn(who).Get(x.base+"/avanzamento"), 200, "/stato/start")
		}
		for _, who := range []string{"viewer@uno.example", "coord@prova.example"} {
			wantStatus(t, who, x.SignedIn(who).Get(x.base+"/avanzamento"), 200, "Incassi su pagoPA", "!/stato/start")
			wantStatus(t, who+" at a step", x.SignedIn(who).Get(x.project(x.late)+"/stato/start"), 403)
		}
		wantStatus(t, "office", x.SignedIn("segreteria@uno.example").Get(x.base+"/avanzamento"), 403)
		wantStatus(t, "other ente", x.SignedIn("rtd@due.example").Get(x.base+"/avanzamento"), 404)
		if p := x.Client().Raw(x.base + "/avanzamento"); p.Status != 303 || !strings.HasPrefix(p.Location, "/accedi") {
			t.Errorf("signed out: got %d to %q, want the sign-in page", p.Status, p.Location)
		}
		third := x.Ente("Terzo", 700)
		x.User("rtd@tre.example", false, webtest.In("rtd", third))
		wantStatus(t, "no plan", x.SignedIn("rtd@tre.example").Get("/enti/"+third.ID.String()+"/avanzamento"), 200, "Non c'è ancora un piano", "/piano")
	})
}

func TestStepsOfAProject(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		x := newTrackWorld(t, w)
		c := x.SignedIn("utd@uno.example")
		wantStatus(t, "future day", x.step(c, x.late, "start", "2026-12-01", ""), 422, "non può essere dopo oggi")
		wantStatus(t, "no day", x.step(c, x.late, "start", "", ""), 422)
		wantStatus(t, "start", x.step(c, x.late, "start", "2026-11-02", ""), 200, "Micro-progetto avviato.")
		again := c.Post(x.project(x.late)+"/stato/start", url.Values{"giorno": {"2026-11-03"}})
		wantStatus(t, "start twice", again, 409)
		wantStatus(t, "suspend without reason", x.step(c, x.late, "suspend", "2026-11-03", ""), 422, "Scriva il motivo", `value="2026-11-03"`)
		wantStatus(t, "suspend", x.step(c, x.late, "suspend", "2026-11-03", "Manca il fornitore"), 200, "Manca il fornitore", "stato-late")
		wantStatus(t, "resume before the last fact", x.step(c, x.late, "resume", "2026-11-01", ""), 422, "03/11/2026")
		wantStatus(t, "resume", x.step(c, x.late, "resume", "2026-11-05", ""), 200, "Micro-progetto ripreso.")
		wantStatus(t, "finish without evidence", x.step(c, x.late, "finish", "2026-11-10", ""), 422, "Non ci sono prove")
		wantStatus(t, "finish with a reason", x.step(c, x.late, "finish", "2026-11-10", "La prova arriva con il collaudo"), 200, "ora il RTD lo verifica")
		wantStatus(t, "UTD checks nothing", c.Get(x.project(x.late)+"/stato/check"), 403)
		wantStatus(t, "UTD posts a check", c.Post(x.project(x.late)+"/stato/check", url.Values{"giorno": {"2026-11-11"}}), 403)
		rtd := x.SignedIn("rtd@uno.example")
		wantStatus(t, "check without evidence", x.step(rtd, x.late, "check", "2026-11-11", ""), 422, "almeno una prova")
		rtd.Get(x.project(x.late))
		wantStatus(t, "evidence", rtd.Post(x.project(x.late)+"/prove", proofFields("Verbale di collaudo")), 200, "Verbale di collaudo")
		wantStatus(t, "check", x.step(rtd, x.late, "check", "2026-11-20", ""), 200, "Micro-progetto verificato.")
		wantStatus(t, "checked is the end", rtd.Get(x.project(x.late)+"/stato/cancel"), 409)
		p := rtd.Get(x.project(x.late))
		wantStatus(t, "history", p, 200, "02/11/2026", "La prova arriva con il collaudo", "Verifica registrata", "Utente rtd@uno.example")
		wantStatus(t, "cancel without reason", x.step(rtd, x.later, "cancel", "2026-11-20", " "), 422)
		wantStatus(t, "cancel", x.step(rtd, x.later, "cancel", "2026-11-20", "Lo fa l'Unione"), 200, "Lo fa l'Unione")
		wantStatus(t, "unknown step", rtd.Get(x.project(x.now)+"/stato/vola"), 404)
	})
}

func TestStepIsRefusedWhenSomebodyWasFaster(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		x := newTrackWorld(t, w)
		c, path := x.SignedIn("rtd@uno.example"), x.project(x.late)+"/stato/start"
		seen := valueOf(c.Get(path).Body, "version")
		x.step(x.SignedIn("utd@uno.example"), x.late, "cancel", "2026-11-20", "Non serve più")
		wantStatus(t, "stale", c.Post(path, url.Values{"giorno": {"2026-11-20"}, "version": {seen}}), 409)
		wantStatus(t, "forged token", c.PostRaw(path, url.Values{"csrf": {"forged"}, "giorno": {"2026-11-20"}}), 403)
		wantStatus(t, "foreign project through our ente", c.Get(x.base+"/avanzamento/"+x.foreign.String()), 404)
		wantStatus(t, "foreign step", c.Post(x.base+"/avanzamento/"+x.foreign.String()+"/stato/start", url.Values{"giorno": {"2026-11-20"}}), 404)
		wantStatus(t, "our project through another ente", x.SignedIn("rtd@due.example").Get(x.foreignBase+"/avanzamento/"+x.late.String()), 404)
	})
}

func TestMilestones(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		x := newTrackWorld(t, w)
		c, path := x.SignedIn("utd@uno.example"), x.project(x.late)
		wantStatus(t, "proposal is offered", c.Get(path), 200, "/tappe/proponi")
		wantStatus(t, "proposed", c.Post(path+"/tappe/proponi", nil), 200, "Tappe aggiunte", "!/tappe/proponi", "Configurare le tipologie")
		wantStatus(t, "proposed twice", c.Post(path+"/tappe/proponi", nil), 422, "ce ne sono già")
		wantStatus(t, "no steps for the ente's own", c.Post(x.project(x.now)+"/tappe/proponi", nil), 422)
		path = x.project(x.now)
		wantStatus(t, "empty", c.Post(path+"/tappe", url.Values{"tappa": {""}, "entro": {"domani"}}), 422, "f-tappa-error", "f-entro-error")
		p := c.Post(path+"/tappe", url.Values{"tappa": {"Fornitore scelto"}, "entro": {"2026-11-01"}})
		wantStatus(t, "added", p, 200, "Fornitore scelto", "In ritardo")
		_, after, _ := strings.Cut(p.Body, path+"/tappe/")
		id := after[:26]
		wantStatus(t, "foreign milestone", x.SignedIn("rtd@due.example").Post(x.foreignBase+"/avanzamento/"+x.foreign.String()+"/tappe/"+id+"/elimina", nil), 404)
		wantStatus(t, "future", c.Post(path+"/tappe/"+id+"/raggiunta", url.Values{"raggiunta-" + id: {"2027-01-01"}}), 422)
		wantStatus(t, "reached", c.Post(path+"/tappe/"+id+"/raggiunta", url.Values{"raggiunta-" + id: {"2026-11-02"}}), 200, "Raggiunta il 02/11/2026", "Tappa raggiunta")
		wantStatus(t, "reached twice", c.Post(path+"/tappe/"+id+"/raggiunta", url.Values{"raggiunta-" + id: {"2026-11-02"}}), 409)
		wantStatus(t, "taken back", c.Post(path+"/tappe/"+id+"/riapri", nil), 200, "In ritardo")
		wantStatus(t, "removed", c.Post(path+"/tappe/"+id+"/elimina", nil), 200, "!Fornitore scelto")
		wantStatus(t, "removed twice", c.Post(path+"/tappe/"+id+"/elimina", nil), 404)
		wantStatus(t, "viewer", x.SignedIn("viewer@uno.example").Post(path+"/tappe", url.Values{"tappa": {"X"}, "entro": {"2026-12-01"}}), 403)
	})
}

func TestMoney(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		x := newTrackWorld(t, w)
		c, path := x.SignedIn("rtd@uno.example"), x.project(x.late)
		c.Get(path)
		spend := func(kind, amount string, more ...string) webtest.Page {
			v := url.Values{"spesa": {kind}, "importo": {amount}, "giorno": {"2026-11-10"}, "fonte": {"own"}}
			for i := 0; i+1 < len(more); i += 2 {
				v.Set(more[i], more[i+1])
			}
			return c.Post(path+"/spese", v)
		}
		wantStatus(t, "words", spend("paid", "molto"), 422, "f-importo-error", `value="molto"`)
		wantStatus(t, "zero", spend("paid", "0"), 422, "f-importo-error")
		wantStatus(t, "bad CUP", spend("paid", "10", "cup", "corto"), 422, "quindici lettere")
		wantStatus(t, "unknown source", spend("paid", "10", "fonte", "zio"), 422, "f-fonte-error")
		wantStatus(t, "paid", spend("paid", "1.200,50", "cup", "b12f22000010006"), 200, "1.200,50", "B12F22000010006", "Movimento registrato")
		wantStatus(t, "correction without note", spend("paid", "200", "storno", "1"), 422, "motivo della correzione")
		wantStatus(t, "correction too big", spend("paid", "9.000", "storno", "1", "nota", "Errore"), 422, "f-importo-error")
		wantStatus(t, "correction", spend("paid", "200,50", "storno", "1", "nota", "Errore di battitura"), 200, "−200,50")
		wantStatus(t, "over the budget is shown, not refused", spend("committed", "5.000"), 200, "oltre il previsto di 1.000")
		wantStatus(t, "board", c.Get(x.base+"/avanzamento"), 200, "Oltre il previsto di 1.000", "Fondi propri")
		wantStatus(t, "foreign", c.Post(x.base+"/avanzamento/"+x.foreign.String()+"/spese", url.Values{"spesa": {"paid"}, "importo": {"1"}, "giorno": {"2026-11-10"}, "fonte": {"own"}}), 404)
	})
}

func TestProjectEvidenceServesAnIndicator(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		x := newTrackWorld(t, w)
		c, path := x.SignedIn("utd@uno.example"), x.project(x.late)
		wantStatus(t, "offered", c.Get(path), 200, `<option value="M-PIA-02" selected>`)
		f := proofFields("Elenco dei pagamenti")
		f.Set("indicatore", "M-SIC-01")
		wantStatus(t, "an indicator it does not act on", c.Post(path+"/prove", f), 422, "f-indicatore-error")
		f.Set("indicatore", "M-PIA-02")
		p := c.Post(path+"/prove", f)
		wantStatus(t, "added", p, 200, "Elenco dei pagamenti", "Vale anche per l'indicatore M-PIA-02")
		all, err := x.Store.IndicatorEvidence(t.Context(), x.e.ID, "M-PIA-02")
		if err != nil || len(all) != 1 || all[0].ProjectID != x.late {
			t.Fatalf("evidence of the indicator: got %v, %v, want the piece of the micro-progetto", all, err)
		}
		id := all[0].ID.String()
		wantStatus(t, "taken back", c.Post(path+"/prove/"+id+"/indicatore", url.Values{"indicatore-" + id: {""}}), 200, "!Vale anche per l'indicatore M-PIA-02.")
		wantStatus(t, "foreign piece", x.SignedIn("rtd@due.example").Post(x.foreignBase+"/avanzamento/"+x.foreign.String()+"/prove/"+id+"/revoca", nil), 404)
		wantStatus(t, "not a document", c.PostFile(path+"/prove", url.Values{"tipo": {"E1"}, "titolo": {"Programma"}, "data": {"2026-11-01"}}, "file", "a.pdf", []byte("MZ\x90\x00")), 422, "Tipo di file non ammesso")
		p = c.PostFile(path+"/prove", url.Values{"tipo": {"E1"}, "titolo": {"Manuale"}, "data": {"2026-11-01"}}, "file", "manuale.pdf", []byte("%PDF-1.7 prova"))
		wantStatus(t, "file", p, 200, "manuale.pdf")
		wantStatus(t, "revoked", c.Post(path+"/prove/"+id+"/revoca", nil), 200, "Revocata")
		wantStatus(t, "revoked twice", c.Post(path+"/prove/"+id+"/revoca", nil), 409)
	})
}
