package web_test

import (
	"bytes"
	"net/url"
	"strings"
	"testing"

	"traguardo/app/storage"
	"traguardo/app/web/webtest"
	"traguardo/surveys/comune"
)

func TestPTILines(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		x := newTrackWorld(t, w)
		c := x.SignedIn("rtd@uno.example")
		p := c.Get(x.base + "/pti?capitolo=4")
		wantStatus(t, "lines", p, 200, "CAP4.PA.01", "Incassi su pagoPA di Roccaverde", "Vale per tutti i Comuni.", "Pianificata", "nostra lettura", "nazionali", "Rispondi alle domande", "!Borgo Altro")
		wantStatus(t, "by state", c.Get(x.base+"/pti?stato=planned"), 200, "CAP4.PA.01", "CAP4.PA.03", "!CAP4.PA.06")
		wantStatus(t, "by area and chapter", c.Get(x.base+"/pti?area=PIA&capitolo=4"), 200, "CAP4.PA.01", "!CAP1.PA")
		wantStatus(t, "by words", c.Get(x.base+"/pti?testo=PAGOPA"), 200, `value="PAGOPA"`, "/pti/linee/CAP4.PA.01", "!/pti/linee/CAP4.PA.06")
		wantStatus(t, "by code", c.Get(x.base+"/pti?testo=cap4.pa.06"), 200, "/pti/linee/CAP4.PA.06", "!/pti/linee/CAP4.PA.01")
		wantStatus(t, "by time", c.Get(x.base+"/pti?entro=30"), 200, "!/pti/linee/CAP1.PA.01", "Togli i filtri")
		first, second := c.Get(x.base+"/pti"), c.Get(x.base+"/pti?pagina=2")
		if n := strings.Count(first.Body, `class="card-item"`); n != 25 {
			t.Errorf("first page: got %d lines, want 25", n)
		}
		wantStatus(t, "second page", second, 200, `rel="prev"`, "!/pti/linee/CAP1.PA.01")
		wantStatus(t, "a page past the last", c.Get(x.base+"/pti?pagina=99&stato=planned"), 200, "CAP4.PA.01")
		wantStatus(t, "nothing fits", c.Get(x.base+"/pti?stato=satisfied"), 200, "Nessuna linea con questi filtri")
		wantStatus(t, "voluntary", c.Get(x.base+"/pti?gruppo=facoltative"), 200, "Facoltativa", "!CAP4.PA.01")
		wantStatus(t, "nonsense filter", c.Get(x.base+"/pti?area=XXX&stato=%3Cscript%3E"), 200, "!<script>")
		wantStatus(t, "viewer", x.SignedIn("viewer@uno.example").Get(x.base+"/pti?capitolo=4"), 200, "CAP4.PA.01")
		wantStatus(t, "other ente", x.SignedIn("rtd@due.example").Get(x.base+"/pti"), 404)
		x.step(c, x.late, "start", "2026-11-02", "")
		wantStatus(t, "started", c.Get(x.base+"/pti/linee/CAP4.PA.01"), 200, "In corso", "la porta a termine", "!A rischio", "Traguardi nazionali")
		wantStatus(t, "ends after the deadline", c.Get(x.base+"/pti/linee/CAP4.PA.03"), 200, "A rischio")
		wantStatus(t, "unknown line", c.Get(x.base+"/pti/linee/CAP9.PA.99"), 404)
	})
}

func TestLineStateFollowsEvidence(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		x := newTrackWorld(t, w)
		c, line := x.SignedIn("rtd@uno.example"), x.base+"/pti/linee/CAP4.PA.01"
		x.step(c, x.late, "start", "2026-11-02", "")
		x.step(c, x.late, "finish", "2026-11-10", "Prova in arrivo")
		wantStatus(t, "done without evidence", c.Get(line), 200, "non ha prove", "!Soddisfatta<")
		c.Get(x.project(x.late))
		c.Post(x.project(x.late)+"/prove", proofFields("Verbale"))
		wantStatus(t, "done with evidence", c.Get(line), 200, "Soddisfatta", "con una prova del 20/11/2026")
		line = x.base + "/pti/linee/CAP4.PA.06"
		c.Get(line)
		bad := proofFields("")
		wantStatus(t, "piece without title", c.Post(line+"/prove", bad), 422, "f-titolo-error", `value="45"`)
		p := c.Post(line+"/prove", proofFields("Delibera di adesione"))
		wantStatus(t, "tied by hand", p, 200, "Soddisfatta", "Prova collegata: «Delibera di adesione»")
		_, after, _ := strings.Cut(p.Body, line+"/prove/")
		id := after[:26]
		wantStatus(t, "tied twice is once", c.Post(line+"/prove/usa", url.Values{"prova": {id}}), 200, "Soddisfatta")
		wantStatus(t, "foreign piece", x.SignedIn("rtd@due.example").Post(x.foreignBase+"/pti/linee/CAP4.PA.06/prove/usa", url.Values{"prova": {id}}), 404)
		wantStatus(t, "viewer", x.SignedIn("viewer@uno.example").Post(line+"/prove/"+id+"/slega", nil), 403)
		wantStatus(t, "untied", c.Post(line+"/prove/"+id+"/slega", nil), 200, "Prova scollegata", "!Prova collegata: «Delibera")
		wantStatus(t, "untied twice", c.Post(line+"/prove/"+id+"/slega", nil), 404)
	})
}

func TestLineNotApplicableByHand(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		x := newTrackWorld(t, w)
		c, line := x.SignedIn("utd@uno.example"), x.base+"/pti/linee/CAP4.PA.03"
		c.Get(line)
		wantStatus(t, "no reason", c.Post(line+"/non-applicabile", url.Values{"motivo": {"  "}}), 422, "Scriva il motivo", "confirm confirm-danger\" data-confirm open")
		wantStatus(t, "out", c.Post(line+"/non-applicabile", url.Values{"motivo": {"Lo gestisce l'Unione"}}), 200, "Non applicabile", "Lo gestisce l'Unione", "Segnata come non applicabile")
		wantStatus(t, "twice", c.Post(line+"/non-applicabile", url.Values{"motivo": {"Ancora"}}), 409)
		wantStatus(t, "the list tells the reason", c.Get(x.base+"/pti?stato=not_applicable"), 200, "Lo gestisce l'Unione")
		wantStatus(t, "the other ente keeps it", x.SignedIn("rtd@due.example").Get(x.foreignBase+"/pti/linee/CAP4.PA.03"), 200, "!Lo gestisce")
		wantStatus(t, "viewer", x.SignedIn("viewer@uno.example").Post(line+"/applicabile", nil), 403)
		wantStatus(t, "back", c.Post(line+"/applicabile", nil), 200, "di nuovo applicabile", "Pianificata")
		wantStatus(t, "back twice", c.Post(line+"/applicabile", nil), 404)
		wantStatus(t, "forged", c.PostRaw(line+"/non-applicabile", url.Values{"csrf": {"x"}, "motivo": {"m"}}), 403)
	})
}

func TestPTIQuestions(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		x := newTrackWorld(t, w)
		c, page := x.SignedIn("rtd@uno.example"), x.base+"/pti/domande"
		wantStatus(t, "asked", c.Get(page), 200, "Single Digital Gateway", "/pti/domande/sdg_agreement")
		wantStatus(t, "not an answer", c.Post(page+"/sdg_agreement", url.Values{"risposta": {"forse"}}), 400)
		c.Get(page)
		wantStatus(t, "not a question", c.Post(page+"/che_ore_sono", url.Values{"risposta": {"si"}}), 422)
		c.Get(page)
		wantStatus(t, "no", c.Post(page+"/sdg_agreement", url.Values{"risposta": {"no"}}), 200, "Risposte già date", "Risposta salvata")
		facts, err := x.Store.ConditionAnswers(t.Context(), x.e.ID, x.e.PTIEdition)
		if err != nil || len(facts) != 1 || facts["sdg_agreement"] {
			t.Errorf("got %v, %v, want one no", facts, err)
		}
		_, lines, _ := strings.Cut(c.Get(page).Body, "Risposte già date")
		_, code, _ := strings.Cut(lines, "/pti/linee/")
		code = code[:strings.Index(code, `"`)]
		wantStatus(t, "its effect", c.Get(x.base+"/pti/linee/"+code), 200, "ha risposto no", "Non applicabile")
		wantStatus(t, "yes", c.Post(page+"/sdg_agreement", url.Values{"risposta": {"si"}}), 200)
		wantStatus(t, "its effect", c.Get(x.base+"/pti/linee/"+code), 200, "ha risposto sì", "!Non applicabile<")
		wantStatus(t, "taken back", c.Post(page+"/sdg_agreement", url.Values{"risposta": {"togli"}}), 200, "!Risposte già date")
		viewer := x.SignedIn("viewer@uno.example")
		wantStatus(t, "viewer", viewer.Get(page), 200, "!name=\"risposta\"")
		wantStatus(t, "viewer answers", viewer.Post(page+"/sdg_agreement", url.Values{"risposta": {"si"}}), 403)
	})
}

func TestCalendar(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		x := newTrackWorld(t, w)
		c := x.SignedIn("rtd@uno.example")
		c.Get(x.project(x.now))
		c.Post(x.project(x.now)+"/tappe", url.Values{"tappa": {"Fornitore scelto"}, "entro": {"2026-12-15"}})
		wantStatus(t, "calendar", c.Get(x.base+"/scadenze"), 200, "dicembre 2026", "31/12/2026", "CAP4.PA.01", "PIAO", "Fornitore scelto", "termini passati", "Obbligo annuale", "!Borgo Altro")
		duty := x.base + "/scadenze/piao/2027"
		wantStatus(t, "duty", c.Get(duty), 200, "31/01/2027", "DL 80/2021", "Da fare")
		wantStatus(t, "proved", c.Post(duty+"/prove", proofFields("Delibera PIAO")), 200, "Soddisfatta", "Delibera PIAO")
		wantStatus(t, "another year is another duty", c.Get(x.base+"/scadenze/piao/2026"), 200, "!Delibera PIAO", "Passata")
		for _, path := range []string{"/scadenze/piao/1999", "/scadenze/piao/2040", "/scadenze/pausa/2027", "/scadenze/piao/x"} {
			wantStatus(t, path, c.Get(x.base+path), 404)
		}
		file := c.Get(x.base + "/scadenze.ics")
		if !strings.HasPrefix(file.Header.Get("Content-Type"), "text/calendar") || !strings.Contains(file.Body, "DTSTART;VALUE=DATE:20261231\r\n") {
			t.Errorf("iCalendar: got %q %.200q", file.Header.Get("Content-Type"), file.Body)
		}
		for _, line := range strings.Split(file.Body, "\r\n") {
			if len(line) > 75 || strings.Contains(line, "\n") {
				t.Errorf("iCalendar line of %d bytes: %q", len(line), line)
			}
		}
		wantStatus(t, "office", x.SignedIn("segreteria@uno.example").Get(x.base+"/scadenze"), 403)
		wantStatus(t, "other ente", x.SignedIn("rtd@due.example").Get(x.base+"/scadenze.ics"), 404)
	})
}

func TestFundingPage(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		x := newTrackWorld(t, w)
		wantStatus(t, "fictitious", x.SignedIn("rtd@uno.example").Get(x.base+"/pti/finanziamenti"), 200, "inventato per la dimostrazione")
		comuni, rows, _ := comune.Reference()
		real := comune.NewEnte(w.ID("ente:vero"), comuni[0], x.e.PTIEdition)
		if err := w.Store.AddEnte(t.Context(), real, w.Clock); err != nil {
			t.Fatal(err)
		}
		w.User("rtd@vero.example", false, webtest.In("rtd", real))
		c, page := w.SignedIn("rtd@vero.example"), "/enti/"+real.ID.String()+"/pti/finanziamenti"
		wantStatus(t, "not imported", c.Get(page), 200, "non sono ancora stati importati")
		if err := w.Store.InTx(t.Context(), func(tx *storage.Store) error {
			_, err := tx.ReplaceFunding(t.Context(), rows, true)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		p := c.Get(page)
		wantStatus(t, "rows", p, 200, "Misura 1.4", "Dati al", "non si possono confrontare", "Dipartimento per la trasformazione digitale", "!%</td>")
		if n := bytes.Count([]byte(p.Body), []byte("<tr>")); n < 6 {
			t.Errorf("got %d rows, want those of %s", n, real.Name)
		}
	})
}
