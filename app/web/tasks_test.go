package web_test

import (
	"net/url"
	"strings"
	"testing"

	"traguardo/app/web/webtest"
	"traguardo/surveys"
)

// giveTask has the RTD give a task and returns its address.
func (x *trackWorld) giveTask(project surveys.ID, title string, office surveys.ID, due string) string {
	x.t.Helper()
	c := x.SignedIn("rtd@uno.example")
	c.Get(x.project(project))
	p := c.Post(x.project(project)+"/attivita", url.Values{"compito": {title}, "ufficio": {office.String()}, "compito_entro": {due}})
	wantStatus(x.t, "giving a task", p, 200, title)
	before, _, _ := strings.Cut(p.Body, title)
	return x.base + "/attivita/" + before[strings.LastIndex(before, "/attivita/")+len("/attivita/"):][:26]
}

func TestTasksOfAnOffice(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		x := newTrackWorld(t, w)
		mine := x.giveTask(x.late, "Raccogliere i pagamenti", x.townhall, "2026-11-30")
		theirs := x.giveTask(x.now, "Preparare gli avvisi", x.registry, "2026-11-01")
		nobodys := x.giveTask(x.now, "Scegliere il referente", "", "")
		c := x.SignedIn("segreteria@uno.example")
		wantStatus(t, "my tasks", c.Get(x.base+"/attivita"), 200, "Le mie attività", "Segreteria", "Raccogliere i pagamenti", "Scade tra 7 giorni",
			"!Preparare gli avvisi", "!Scegliere il referente", "!/avanzamento/")
		wantStatus(t, "my task", c.Get(mine), 200, "Segna come fatta", "!/avanzamento/", "!/modifica")
		for _, path := range []string{theirs, nobodys} {
			wantStatus(t, "another office's task", c.Get(path), 404)
			wantStatus(t, "done by another office", c.Post(path+"/fatta", url.Values{"giorno": {"2026-11-20"}}), 404)
		}
		c.Get(mine)
		wantStatus(t, "note", c.Post(mine+"/nota", url.Values{"nota": {"Mancano i bollettini"}}), 200, "Nota salvata", "Mancano i bollettini")
		wantStatus(t, "no edit", c.Post(mine+"/modifica", url.Values{"compito": {"Altro"}}), 403)
		wantStatus(t, "no removal", c.Post(mine+"/elimina", nil), 403)
		wantStatus(t, "nothing else", c.Get(x.base+"/pti"), 403)
		wantStatus(t, "no project page", c.Get(x.project(x.late)), 403)
		wantStatus(t, "future", c.Post(mine+"/fatta", url.Values{"giorno": {"2027-01-01"}, "nota": {"Fatto"}}), 422, "non può essere dopo oggi", "Fatto")
		wantStatus(t, "done", c.Post(mine+"/fatta", url.Values{"giorno": {"2026-11-20"}, "nota": {"Fatto"}}), 200, "Attività fatta", "È tutto fatto")
		wantStatus(t, "done twice", c.Post(mine+"/fatta", url.Values{"giorno": {"2026-11-20"}}), 409)
		wantStatus(t, "who did it", c.Get(mine), 200, "Fatta il 20/11/2026 da Utente segreteria@uno.example")
		wantStatus(t, "reopened", c.Post(mine+"/riapri", url.Values{"nota": {"Fatto"}}), 200, "Segna come fatta")
		wantStatus(t, "forged", c.PostRaw(mine+"/fatta", url.Values{"csrf": {"x"}, "giorno": {"2026-11-20"}}), 403)
	})
}

func TestTaskEvidence(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		x := newTrackWorld(t, w)
		mine := x.giveTask(x.late, "Raccogliere i pagamenti", x.townhall, "")
		rtd := x.SignedIn("rtd@uno.example")
		rtd.Get(x.project(x.late))
		rtd.Post(x.project(x.late)+"/prove", proofFields("Atto riservato"))
		c := x.SignedIn("segreteria@uno.example")
		wantStatus(t, "others' evidence", c.Get(mine), 200, "!Atto riservato")
		p := c.PostFile(mine+"/prove", url.Values{"tipo": {"E2"}, "titolo": {"Elenco"}, "data": {"2026-11-19"}}, "file", "elenco.csv", []byte("a;b\n1;2\n"))
		wantStatus(t, "my evidence", p, 200, "Elenco", "/allegati/")
		_, after, _ := strings.Cut(p.Body, mine+"/allegati/")
		file := mine + "/allegati/" + after[:26]
		got := c.Get(file)
		if got.Status != 200 || got.Body != "a;b\n1;2\n" || !strings.HasPrefix(got.Header.Get("Content-Disposition"), "attachment") {
			t.Errorf("file: got %d %q %q", got.Status, got.Body, got.Header.Get("Content-Disposition"))
		}
		wantStatus(t, "file by another office", x.SignedIn("anagrafe@uno.example").Get(file), 404)
		wantStatus(t, "it reaches the micro-progetto", rtd.Get(x.project(x.late)), 200, "elenco.csv", "Referente d'ufficio")
		_, after, _ = strings.Cut(p.Body, mine+"/prove/")
		wantStatus(t, "taken back", c.Post(mine+"/prove/"+after[:26]+"/revoca", nil), 200, "!elenco.csv")
		wantStatus(t, "nothing to prove with", c.Post(mine+"/prove", url.Values{"tipo": {"E2"}, "titolo": {"Nulla"}, "data": {"2026-11-19"}}), 422, "f-file-error", "Nulla")
	})
}

func TestTasksAreEdited(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		x := newTrackWorld(t, w)
		path := x.giveTask(x.late, "Raccogliere i pagamenti", x.townhall, "2026-11-30")
		c := x.SignedIn("utd@uno.example")
		wantStatus(t, "all offices", c.Get(x.base+"/attivita"), 200, "Attività degli uffici", "Raccogliere i pagamenti")
		version := valueOf(c.Get(path).Body, "version")
		wantStatus(t, "office of another ente", c.Post(path+"/modifica", url.Values{"compito": {"X"}, "ufficio": {w.ID("nowhere").String()}}), 422, "f-ufficio-error")
		edited := url.Values{"compito": {"Raccogliere tutto"}, "ufficio": {x.registry.String()}, "compito_entro": {""}, "version": {version}}
		wantStatus(t, "edited", c.Post(path+"/modifica", edited), 200, "Raccogliere tutto", "Anagrafe")
		wantStatus(t, "edited on an old page", c.Post(path+"/modifica", edited), 409)
		wantStatus(t, "it changed hands", x.SignedIn("segreteria@uno.example").Get(path), 404)
		wantStatus(t, "other ente", x.SignedIn("rtd@due.example").Get(path), 404)
		wantStatus(t, "other ente's address", x.SignedIn("rtd@due.example").Get(x.foreignBase+strings.TrimPrefix(path, x.base)), 404)
		wantStatus(t, "viewer", x.SignedIn("viewer@uno.example").Get(x.base+"/attivita"), 403)
		wantStatus(t, "removed", c.Post(path+"/elimina", nil), 200, "!Raccogliere tutto", "Nessuna attività")
	})
}
