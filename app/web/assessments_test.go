package web_test

import (
	"bytes"
	"html"
	"net/url"
	"strings"
	"testing"
	"time"

	"traguardo/app/auth"
	"traguardo/app/service"
	"traguardo/app/web/webtest"
	"traguardo/surveys"
	"traguardo/surveys/comune"
	"traguardo/surveys/instruments"
)

// assessWorld is two Comuni of one programme with everybody in the first.
type assessWorld struct {
	*webtest.World
	t    *testing.T
	e    comune.Ente
	rtd  auth.Actor
	base string // address of the ex-ante assessment of e
}

func newAssessWorld(t *testing.T, w *webtest.World, population int) assessWorld {
	t.Helper()
	e, other := w.Ente("Roccaverde", population), w.Ente("Borgo Altro", 9000)
	p := w.Programme("Prova", e, other)
	rtd := w.User("rtd@uno.example", false, webtest.In(auth.RTD, e))
	w.User("utd@uno.example", false, webtest.In(auth.UTD, e))
	w.User("viewer@uno.example", false, webtest.In(auth.Viewer, e))
	w.User("office@uno.example", false, webtest.In(auth.Office, e))
	w.User("rtd@due.example", false, webtest.In(auth.RTD, other))
	w.User("coord@prova.example", false, webtest.On(auth.Coordinator, p))
	w.User("fac@prova.example", false, webtest.On(auth.Facilitator, p))
	w.User("admin@prova.example", true)
	return assessWorld{World: w, t: t, e: e, rtd: rtd, base: "/enti/" + e.ID.String() + "/valutazioni/exante"}
}

func (a assessWorld) open(raters string) *webtest.Client {
	a.t.Helper()
	c := a.SignedIn("rtd@uno.example")
	p := c.Post("/enti/"+a.e.ID.String()+"/valutazioni", url.Values{"ondata": {"exante"}, "valutatori": {raters}})
	if p.Status != 200 || !strings.Contains(p.Body, "Primo giro") {
		a.t.Fatalf("opening: got %d %s", p.Status, p.Path)
	}
	return c
}

// answer saves a level on a card whose page was just read.
func answer(c *webtest.Client, path, level string, more ...string) webtest.Page {
	page := c.Get(path)
	v := url.Values{"livello": {level}, "version": {valueOf(page.Body, "version")}, "prima": {valueOf(page.Body, "prima")}, "azione": {"salva"}}
	for i := 0; i+1 < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	return c.Post(path, v)
}

// valueOf reads the value of a hidden input.
func valueOf(body, name string) string {
	_, after, _ := strings.Cut(body, `name="`+name+`" value="`)
	value, _, _ := strings.Cut(after, `"`)
	return value
}

func wantStatus(t *testing.T, what string, p webtest.Page, status int, texts ...string) {
	t.Helper()
	if p.Status != status {
		t.Errorf("%s: got status %d, want %d", what, p.Status, status)
	}
	body := html.UnescapeString(p.Body)
	for _, text := range texts {
		if not, found := strings.CutPrefix(text, "!"); found {
			if strings.Contains(body, not) {
				t.Errorf("%s: %q must not be there", what, not)
			}
		} else if !strings.Contains(body, text) {
			t.Errorf("%s: %q is missing", what, text)
		}
	}
}

func TestAssessmentFirstRound(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		a := newAssessWorld(t, w, 610)
		waves := "/enti/" + a.e.ID.String() + "/valutazioni"
		c := w.SignedIn("rtd@uno.example")
		wantStatus(t, "before opening", c.Get(waves), 200, "Non aperta", "Apri la valutazione", `value="1" checked`)
		wantStatus(t, "the ex post too early", c.Post(waves, url.Values{"ondata": {"expost"}, "valutatori": {"1"}}), 409)
		c = a.open("1")
		wantStatus(t, "opened twice", c.Post(waves, url.Values{"ondata": {"exante"}, "valutatori": {"1"}}), 409)
		wantStatus(t, "list", c.Get(a.base), 200, "mancano 10 indicatori", "M-PIA-01 · Identità digitale", "0 indicatori su 40", "Governo e organizzazione")
		card := a.base + "/M-PIA-01"
		wantStatus(t, "card", c.Get(card), 200, "Con quali credenziali i cittadini entrano", "1 di 10 del primo giro", "Non lo so ancora", `data-key="4"`, "!Non applicabile", "Elenco dei servizi con metodo di accesso")
		p := answer(c, card, "3", "azione", "avanti")
		wantStatus(t, "save and go on", p, 200, "M-PIA-01: risposta salvata", "Incassi con pagoPA")
		wantStatus(t, "explained", c.Get(card), 200, "Dichiarato 3, documentato 1: manca una prova", "Utente rtd@uno.example")
		wantStatus(t, "not applicable where it is not allowed", answer(c, card, "na", "motivo", "nessun servizio"), 422, "si applica a tutti i Comuni")
		wantStatus(t, "bad level", answer(c, card, "7"), 422)
		wantStatus(t, "unknown indicator", c.Get(a.base+"/M-PIA-99"), 404)
		wantStatus(t, "unknown wave", c.Get(strings.Replace(a.base, "exante", "ieri", 1)), 404)
		na := a.base + "/M-PIA-04"
		wantStatus(t, "N/A without reason", answer(c, na, "na", "commento", "testo da tenere"), 422, "Scriva perché", "testo da tenere")
		wantStatus(t, "N/A with reason", answer(c, na, "na", "motivo", "nessun atto da notificare"), 200, "Risposta salvata", "nessun atto da notificare")
		wantStatus(t, "back to not assessed", answer(c, na, ""), 200, "Non valutato", "!nessun atto da notificare")
		wantStatus(t, "list after", c.Get(a.base), 200, "mancano 9 indicatori", "3 · Consolidato, documentato 1")
	})
}

func TestAssessmentByRole(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		a := newAssessWorld(t, w, 610)
		card := a.base + "/M-PIA-01"
		rtd := a.open("1")
		answer(rtd, card, "2")
		answerForm := url.Values{"livello": {"4"}, "version": {"2"}, "prima": {""}}
		for _, r := range []struct {
			email            string
			look, edit       int
			sees, seesNot    string
			closes, reviewed int
		}{
			{"rtd@uno.example", 200, 409, "Salva e continua", "Verifica del revisore", 200, 403},
			{"utd@uno.example", 200, 409, "Salva e continua", "Chiudi la valutazione", 403, 403},
			{"fac@prova.example", 200, 409, "Salva e continua", "Chiudi con un atto", 403, 200},
			{"coord@prova.example", 200, 403, "Verifica del revisore", "Salva e continua", 403, 200},
			{"viewer@uno.example", 200, 403, "Con quali credenziali", "Salva e continua", 403, 403},
			{"office@uno.example", 403, 403, "", "Con quali credenziali", 403, 403},
			{"admin@prova.example", 404, 404, "", "Con quali credenziali", 404, 404},
			{"rtd@due.example", 404, 404, "", "Con quali credenziali", 404, 404},
		} {
			c := w.SignedIn(r.email)
			wantStatus(t, r.email+" looks", c.Get(card), r.look, r.sees, "!"+r.seesNot)
			stale := url.Values{"livello": {"4"}, "version": {"1"}, "prima": {""}}
			wantStatus(t, r.email+" edits an old version", c.Post(card, stale), r.edit)
			wantStatus(t, r.email+" closing page", c.Get(a.base+"/chiusura"), r.closes)
			wantStatus(t, r.email+" reviews", c.Get(a.base+"/verifiche"), r.reviewed)
		}
		out := w.Client()
		if p := out.Raw(card); p.Status != 303 || !strings.HasPrefix(p.Location, "/accedi") {
			t.Errorf("signed out: got %d to %q, want the sign-in page", p.Status, p.Location)
		}
		answerForm.Set("csrf", "forged")
		if p := rtd.PostRaw(card, answerForm); p.Status != 403 {
			t.Errorf("forged token: got %d, want 403", p.Status)
		}
		wantStatus(t, "after all that", rtd.Get(card), 200, `value="2" data-key="2" checked`)
	})
}

func TestTwoEditorsNeverOverwrite(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		a := newAssessWorld(t, w, 610)
		card := a.base + "/M-SIC-01"
		one := a.open("1")
		two := w.SignedIn("utd@uno.example")
		one.Get(card)
		two.Get(card)
		form := func(level, comment string) url.Values {
			return url.Values{"livello": {level}, "commento": {comment}, "version": {"1"}, "prima": {""}, "azione": {"salva"}}
		}
		wantStatus(t, "first", one.Post(card, form("1", "del primo")), 200, "Risposta salvata")
		p := two.Post(card, form("3", "del secondo, à"))
		wantStatus(t, "second", p, 409, "Qualcuno ha salvato mentre Lei scriveva", "1 · Iniziale", "del primo", "del secondo, à", `value="3" data-key="3" checked`, "Salva la mia versione", "Tieni quella salvata")
		wantStatus(t, "nothing was overwritten", one.Get(card), 200, "del primo", "!del secondo")
		again := form("3", "del secondo, à")
		again.Set("version", valueOf(p.Body, "version"))
		wantStatus(t, "chosen", two.Post(card, again), 200, "del secondo, à")
		wantStatus(t, "sent twice", two.Post(card, again), 409, "Qualcuno ha salvato")
	})
}

func TestTwoRatersAnswerApart(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		a := newAssessWorld(t, w, 12000)
		waves := "/enti/" + a.e.ID.String() + "/valutazioni"
		wantStatus(t, "proposed by population", w.SignedIn("rtd@uno.example").Get(waves), 200, `value="2" checked`)
		rtd := a.open("2")
		utd, viewer := w.SignedIn("utd@uno.example"), w.SignedIn("viewer@uno.example")
		card := a.base + "/M-DOC-01"
		wantStatus(t, "RTD", answer(rtd, card, "4"), 200, "può ancora cambiarla", "In attesa del collega")
		wantStatus(t, "UTD sees nothing of it", utd.Get(card), 200, "Il collega ha già risposto", "Tocca a Lei", "! checked")
		wantStatus(t, "nor does a viewer", viewer.Get(card), 200, `data-key="4"`, `value="" checked`)
		wantStatus(t, "nor the list", viewer.Get(a.base), 200, "!4 · Misurato")
		wantStatus(t, "a first answer needs a level", answer(utd, card, ""), 422, "Scelga un livello")
		wantStatus(t, "UTD", answer(utd, card, "2"), 200, "Prima risposta RTD", "4 · Misurato", "2 · Definito", "distano due livelli", "Da concordare")
		wantStatus(t, "consensus without a note", answer(rtd, card, "3"), 422, "come avete concordato")
		wantStatus(t, "consensus", answer(rtd, card, "3", "commento", "visto insieme il manuale"), 200, "visto insieme il manuale", "Dichiarato 3")
		wantStatus(t, "the first answers stay", viewer.Get(card), 200, "Prima risposta UTD", "2 · Definito")
		same := a.base + "/M-DOC-02"
		answer(utd, same, "1")
		wantStatus(t, "equal answers are agreed", answer(rtd, same, "1"), 200, "Le due risposte sono uguali", "Dichiarato 1")
		na := a.base + "/M-PIA-04"
		answer(rtd, na, "na", "motivo", "non serve")
		wantStatus(t, "level after N/A begins apart again", answer(utd, na, "2"), 200, "In attesa del collega", "!Dichiarato 2")
	})
}

func TestEvidence(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		a := newAssessWorld(t, w, 610)
		card := a.base + "/M-PIA-01"
		c := a.open("1")
		answer(c, card, "3")
		day := w.Clock.AddDate(0, 0, -10).Format(time.DateOnly)
		form := func(kind, title string, more ...string) url.Values {
			v := url.Values{"tipo": {kind}, "titolo": {title}, "data": {day}}
			for i := 0; i+1 < len(more); i += 2 {
				v.Set(more[i], more[i+1])
			}
			return v
		}
		wantStatus(t, "nothing attached", c.Post(card+"/prove", form("E1", "Delibera")), 422, "Alleghi un file", `value="Delibera"`)
		wantStatus(t, "future", c.Post(card+"/prove", form("E1", "x", "atto_numero", "1", "atto_tipo", "Determina", "data", "2027-01-01")), 422, "nel futuro")
		wantStatus(t, "script as address", c.Post(card+"/prove", form("E3", "x", "indirizzo", "javascript:alert(1)")), 422)
		wantStatus(t, "E5 by who edits", c.Post(card+"/prove", form("E5", "x", "atto_numero", "1", "atto_tipo", "a")), 422)
		wantStatus(t, "program as PDF", c.PostFile(card+"/prove", form("E2", "x"), "file", "atto.pdf", []byte("MZ\x90\x00 program")), 422, "conta il contenuto")
		wantStatus(t, "page as text", c.PostFile(card+"/prove", form("E2", "x"), "file", "pagina.html", []byte("<script>")), 422)
		wantStatus(t, "too large", c.PostFile(card+"/prove", form("E2", "x"), "file", "a.txt", bytes.Repeat([]byte("a"), 10<<20+1)), 422, "supera 10 MB")
		wantStatus(t, "act", c.Post(card+"/prove", form("E1", "Convenzione SPID", "atto_tipo", "Delibera", "atto_numero", "7/2026")), 200, "Delibera n. 7/2026", "Dichiarato e documentato 3", "Valida")
		p := c.PostFile(card+"/prove", form("E2", "Accessi"), "file", `..\accessi "2026".PDF`, []byte("%PDF-1.7 prova"))
		wantStatus(t, "file", p, 200, "Dato di un sistema", ".pdf")
		_, after, _ := strings.Cut(p.Body, "/allegati/")
		file := "/enti/" + a.e.ID.String() + "/allegati/" + after[:26]
		got := c.Get(file)
		if got.Status != 200 || got.Body != "%PDF-1.7 prova" || !strings.HasPrefix(got.Header.Get("Content-Disposition"), "attachment") ||
			got.Header.Get("X-Content-Type-Options") != "nosniff" || got.Header.Get("Content-Type") != "application/pdf" || strings.Contains(got.Header.Get("Content-Disposition"), "..") {
			t.Errorf("file: got %d %v, want an attachment of its type", got.Status, got.Header)
		}
		other := w.SignedIn("rtd@due.example")
		wantStatus(t, "file by another ente", other.Get(file), 404)
		wantStatus(t, "file through another ente", other.Get("/enti/"+w.ID("ente:Borgo Altro").String()+"/allegati/"+after[:26]), 404)
		wantStatus(t, "viewer adds", w.SignedIn("viewer@uno.example").Post(card+"/prove", form("E1", "x", "atto_numero", "1", "atto_tipo", "a")), 403)
		body := c.Get(card).Body
		for range 2 {
			_, after, _ = strings.Cut(body, "/prove/")
			id := after[:26]
			body = c.Post(card+"/prove/"+id+"/revoca", url.Values{"elimina-" + id: {"1"}}).Body
			if p := c.Post(card+"/prove/"+id+"/revoca", nil); p.Status != 409 {
				t.Errorf("revoked twice: got %d, want 409", p.Status)
			}
		}
		wantStatus(t, "all revoked", c.Get(card), 200, "Revocata", "documentato 1: manca una prova", "!/allegati/")
		wantStatus(t, "the file is gone", c.Get(file), 404)
	})
}

func TestReviewerChecks(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		a := newAssessWorld(t, w, 610)
		card := a.base + "/M-SIC-06"
		rtd := a.open("1")
		answer(rtd, card, "3")
		coord, fac := w.SignedIn("coord@prova.example"), w.SignedIn("fac@prova.example")
		wantStatus(t, "what to look at", coord.Get(a.base+"/verifiche"), 200, "M-SIC-06", "3 · Consolidato", "non ancora")
		review := url.Values{"livello_verificato": {"3"}, "nota": {"vista la prova di ripristino"}}
		wantStatus(t, "without a note", coord.Post(card+"/verifica", url.Values{"livello_verificato": {"3"}}), 422, "campo è necessario")
		wantStatus(t, "check", coord.Post(card+"/verifica", review), 200, "vista la prova di ripristino", "Verificato fino al livello 3", "Dichiarato e documentato 3", "Coordinatore")
		answer(rtd, card, "4")
		wantStatus(t, "a higher level outgrows it", rtd.Get(card), 200, "Valeva per un livello più basso", "documentato 1")
		answer(fac, a.base+"/M-SIC-01", "2")
		wantStatus(t, "who edited may not", fac.Post(card+"/verifica", review), 403)
		wantStatus(t, "and is told so", fac.Get(a.base+"/verifiche"), 200, "non può fare da revisore")
		wantStatus(t, "nor the RTD", rtd.Post(card+"/verifica", review), 403)
	})
}

func TestAssignment(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		a := newAssessWorld(t, w, 610)
		c := a.open("1")
		card := a.base + "/M-COM-02"
		utd := w.ID("user:utd@uno.example").String()
		wantStatus(t, "assigned", c.Post(card+"/assegna", url.Values{"collega": {utd}}), 200, `value="`+utd+`" selected`)
		wantStatus(t, "to a stranger", c.Post(card+"/assegna", url.Values{"collega": {w.ID("user:rtd@due.example").String()}}), 422)
		u := w.SignedIn("utd@uno.example")
		wantStatus(t, "mine", u.Get(a.base+"?assegnati=me"), 200, "M-COM-02", "!M-PIA-01 ·")
		wantStatus(t, "none of mine", c.Get(a.base+"?assegnati=me"), 200, "Nessun indicatore assegnato a Lei")
	})
}

// fill answers every indicator with a level chosen by its code; below 0 leaves it out.
func (a assessWorld) fill(wave surveys.Wave, level func(it surveys.Item) int) {
	a.t.Helper()
	in, err := instruments.MAT()
	if err != nil {
		a.t.Fatal(err)
	}
	for _, it := range in.Items() {
		l := surveys.Level(level(it))
		if l < 0 {
			continue
		}
		if err := a.Service.SaveRating(a.t.Context(), a.rtd, a.e.ID, wave, it.Code, service.RatingInput{Level: &l, Version: 1}); err != nil {
			a.t.Fatalf("answering %s: %v", it.Code, err)
		}
	}
}

func TestClosingAnAssessment(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		a := newAssessWorld(t, w, 610)
		c := a.open("1")
		act := url.Values{"atto_tipo": {"Determina"}, "atto_numero": {"44"}, "atto_data": {w.Clock.Format(time.DateOnly)}}
		wantStatus(t, "nothing to close", c.Get(a.base+"/chiusura"), 200, "Nessun indicatore ha ancora un livello", "!Chiudi con un atto")
		wantStatus(t, "closing it all the same", c.Post(a.base+"/chiusura", act), 422)
		a.fill(surveys.ExAnte, func(it surveys.Item) int {
			if it.Code == "M-SIC-10" {
				return -1
			}
			return 2
		})
		wantStatus(t, "closing page", c.Get(a.base+"/chiusura"), 200, "Un indicatore non valutato", "M-SIC-10", "39 livelli senza prove sufficienti", "Non si può annullare")
		wantStatus(t, "without act", c.Post(a.base+"/chiusura", url.Values{"atto_tipo": {"Determina"}}), 422, "Chiudere la valutazione?", `value="Determina"`)
		wantStatus(t, "the UTD", w.SignedIn("utd@uno.example").Post(a.base+"/chiusura", act), 403)
		wantStatus(t, "another ente", w.SignedIn("rtd@due.example").Post(a.base+"/chiusura", act), 404)
		if p := c.PostRaw(a.base+"/chiusura", act); p.Status != 303 || !strings.HasSuffix(p.Location, "/risultati/exante") {
			t.Fatalf("closing: got %d to %q", p.Status, p.Location)
		}
		wantStatus(t, "closing twice", c.Post(a.base+"/chiusura", act), 409)
		card := a.base + "/M-SIC-01"
		wantStatus(t, "read only", c.Get(card), 200, "Sola lettura", "!Salva e continua", "!Aggiungi una prova", "disabled")
		wantStatus(t, "writing to it", c.Post(card, url.Values{"livello": {"4"}, "version": {"2"}, "prima": {""}}), 409, "chiusa")
		wantStatus(t, "evidence to it", c.Post(card+"/prove", url.Values{"tipo": {"E1"}, "titolo": {"x"}, "data": {"2026-01-01"}, "atto_tipo": {"a"}, "atto_numero": {"1"}}), 409)
		trail, err := w.Store.AuditTrail(t.Context(), a.e.ID, 1)
		if err != nil || len(trail) != 1 || trail[0].Action != "assessment.close" || !strings.Contains(trail[0].Detail, "data_hash") {
			t.Errorf("audit: got %+v, %v, want assessment.close with the hash", trail, err)
		}
		if _, broken, err := w.Store.VerifyAudit(t.Context()); err != nil || broken != 0 {
			t.Errorf("audit chain: broken at %d, %v", broken, err)
		}
	})
}
