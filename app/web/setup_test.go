package web_test

import (
	"net/url"
	"strings"
	"testing"

	"traguardo/app/auth"
	"traguardo/app/service"
	"traguardo/app/storage"
	"traguardo/app/web/webtest"
	"traguardo/surveys"
	"traguardo/surveys/comune"
)

func setupPath(e comune.Ente, path string) string {
	return "/enti/" + e.ID.String() + "/impostazioni" + path
}

// TestSettingsByRole opens every page of the settings as each role, as a stranger
// of another ente and signed out.
func TestSettingsByRole(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		a, b := w.Ente("Roccaverde", 600), w.Ente("Borgo Ametista", 12000)
		pr := w.Programme("Valle", a)
		w.User("admin@sistema.example", true)
		w.User("rtd@comune.example", false, webtest.In(auth.RTD, a))
		w.User("utd@comune.example", false, webtest.In(auth.UTD, a))
		w.User("office@comune.example", false, webtest.In(auth.Office, a))
		w.User("viewer@comune.example", false, webtest.In(auth.Viewer, a))
		w.User("coord@programma.example", false, webtest.On(auth.Coordinator, pr))
		w.User("fac@programma.example", false, webtest.On(auth.Facilitator, pr))
		w.User("other@comune.example", false, webtest.In(auth.RTD, b))
		edit := map[string]int{"rtd": 200, "utd": 200, "office": 403, "viewer": 403, "coord": 403, "fac": 200, "other": 404, "admin": 404}
		people := map[string]int{"rtd": 200, "utd": 403, "office": 403, "viewer": 403, "coord": 200, "fac": 403, "other": 404, "admin": 200}
		pages := []struct {
			path, words string
			want        map[string]int
		}{
			{"", "Dati del Comune", edit}, {"/uffici", "Nuovo ufficio", edit}, {"/personale", "Che cosa potranno mostrare", edit},
			{"/personale/elenco", "Come si scrive", edit}, {"/persone", "Assegni un ruolo", people},
		}
		for email, domain := range map[string]string{"admin": "@sistema.example", "rtd": "@comune.example", "utd": "@comune.example", "office": "@comune.example",
			"viewer": "@comune.example", "coord": "@programma.example", "fac": "@programma.example", "other": "@comune.example"} {
			c := w.SignedIn(email + domain)
			for _, pg := range pages {
				p := c.Get(setupPath(a, pg.path))
				if p.Status != pg.want[email] {
					t.Errorf("%s at %s: got %d, want %d", email, pg.path, p.Status, pg.want[email])
				}
				if p.Status == 200 {
					wantPage(t, email, p, []string{pg.words, "Roccaverde"}, []string{"Borgo Ametista"})
				}
			}
		}
		if p := w.Client().Raw(setupPath(a, "/personale")); p.Status != 303 || !strings.HasPrefix(p.Location, "/accedi") {
			t.Errorf("signed out: got %d to %q", p.Status, p.Location)
		}
	})
}

func TestThresholdIsNeverLowered(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		a := w.Ente("Roccaverde", 600)
		w.User("rtd@comune.example", false, webtest.In(auth.RTD, a))
		c := w.SignedIn("rtd@comune.example")
		steps := []struct {
			value  string
			status int
			words  string
		}{
			{"8", 200, "Impostazioni salvate"}, {"7", 422, "non abbassare: ora è 8"}, {"4", 422, "minimo"}, {"51", 422, "massimo"}, {"8", 200, "Impostazioni salvate"}, {"x", 422, "Scriva un numero"},
		}
		for _, st := range steps {
			c.Get(setupPath(a, ""))
			if p := c.Post(setupPath(a, ""), url.Values{"soglia": {st.value}}); p.Status != st.status || !strings.Contains(p.Body, st.words) {
				t.Errorf("threshold %s: got %d, want %d with %q", st.value, p.Status, st.status, st.words)
			}
		}
		if e, err := w.Store.Ente(t.Context(), a.ID); err != nil || e.Threshold != 8 {
			t.Errorf("stored: got %d, %v, want 8", e.Threshold, err)
		}
		if p := c.PostRaw(setupPath(a, ""), url.Values{"csrf": {"x"}, "soglia": {"9"}}); p.Status != 403 {
			t.Errorf("forged token: got %d, want 403", p.Status)
		}
	})
}

func TestOffices(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		a, b := w.Ente("Roccaverde", 600), w.Ente("Borgo Ametista", 12000)
		rtd := w.User("rtd@comune.example", false, webtest.In(auth.RTD, a))
		other := w.User("other@comune.example", false, webtest.In(auth.RTD, b))
		c := w.SignedIn("rtd@comune.example")
		path := setupPath(a, "/uffici")
		wantPage(t, "rtd", c.Get(path), []string{"Non ci sono ancora uffici"}, nil)
		wantPage(t, "rtd", c.Post(path, url.Values{"nome": {"  Anagrafe   e stato civile "}}), []string{"Ufficio aggiunto", "Anagrafe e stato civile", "0 persone"}, nil)
		if p := c.Post(path, url.Values{"nome": {"ANAGRAFE e stato civile"}}); p.Status != 422 || !strings.Contains(p.Body, "già un ufficio") || !strings.Contains(p.Body, "ANAGRAFE") {
			t.Errorf("the same name: got %d, want 422 with the value kept", p.Status)
		}
		if p := c.Post(path, url.Values{"nome": {" "}}); p.Status != 422 {
			t.Errorf("no name: got %d, want 422", p.Status)
		}
		offices, err := w.Store.Offices(t.Context(), a.ID)
		if err != nil || len(offices) != 1 {
			t.Fatalf("offices: %v, %v", offices, err)
		}
		one := path + "/" + offices[0].ID.String()
		field := "nome-" + offices[0].ID.String()
		c.Get(path)
		wantPage(t, "rtd", c.Post(one, url.Values{field: {"Servizi demografici"}}), []string{"Nome cambiato", "Servizi demografici"}, []string{">Anagrafe e stato civile<"})
		foreign := strings.Replace(one, a.ID.String(), b.ID.String(), 1)
		oc := w.SignedIn("other@comune.example")
		oc.Get(setupPath(b, "/uffici"))
		if p := oc.Post(foreign, url.Values{field: {"Rubato"}}); p.Status != 404 {
			t.Errorf("renaming an office of the other ente: got %d, want 404", p.Status)
		}
		if err := w.Service.AddPerson(t.Context(), rtd, a.ID, service.PersonInput{Email: other.Email, Role: auth.Office, OfficeID: offices[0].ID}); err != nil {
			t.Fatal(err)
		}
		c.Get(path)
		if p := c.Post(one+"/togli", nil); p.Status != 200 || !strings.Contains(p.Body, "Ufficio tolto") {
			t.Errorf("removed: got %d", p.Status)
		}
		if p := c.Post(one+"/togli", nil); p.Status != 404 {
			t.Errorf("removed twice: got %d, want 404", p.Status)
		}
		if grants, err := w.Store.GrantsIn(t.Context(), a.ID); err != nil || len(grants) != 1 {
			t.Errorf("roles after the office is gone: got %v, %v, want the RTD alone", grants, err)
		}
	})
}

func TestStaffPages(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		a, b := w.Ente("Roccaverde", 600), w.Ente("Borgo Ametista", 12000)
		w.User("rtd@comune.example", false, webtest.In(auth.RTD, a))
		w.User("other@comune.example", false, webtest.In(auth.RTD, b))
		c, path := w.SignedIn("rtd@comune.example"), setupPath(a, "/personale")
		wantPage(t, "rtd", c.Get(path), []string{"elenco del personale è vuoto", "Con 0 persone"}, nil)
		wantPage(t, "rtd", c.Post(path, url.Values{"email": {"anna@comune.example"}, "famiglia": {"operatore"}}), []string{"anna@comune.example è nell", "senza ufficio", "1 persona"}, nil)
		for name, form := range map[string]url.Values{"twice": {"email": {"ANNA@comune.example"}}, "no address": {"email": {"anna"}}, "no such office": {"email": {"x@comune.example"}, "ufficio": {w.ID("x").String()}},
			"no such role": {"email": {"x@comune.example"}, "famiglia": {"re"}}} {
			if p := c.Post(path, form); p.Status != 422 || !strings.Contains(p.Body, form.Get("email")) {
				t.Errorf("%s: got %d, want 422 with the value kept", name, p.Status)
			}
			c.Get(path)
		}
		members, err := w.Store.StaffMembers(t.Context(), a.ID)
		if err != nil || len(members) != 1 {
			t.Fatalf("staff: %v, %v", members, err)
		}
		one := path + "/" + members[0].ID.String()
		wantPage(t, "rtd", c.Get(one), []string{"In servizio dal 23/11/2026"}, nil)
		wantPage(t, "rtd", c.Post(one, url.Values{"email": {"anna.b@comune.example"}, "famiglia": {"dirigente"}}), []string{"anna.b@comune.example", "dirigente o segretario"}, nil)
		foreign := setupPath(b, "/personale/") + members[0].ID.String()
		oc := w.SignedIn("other@comune.example")
		if p := oc.Get(foreign); p.Status != 404 {
			t.Errorf("an employee of the other ente: got %d, want 404", p.Status)
		}
		oc.Get(setupPath(b, "/personale"))
		if p := oc.Post(foreign+"/servizio", url.Values{"stato": {"uscito"}}); p.Status != 404 {
			t.Errorf("marking an employee of the other ente: got %d, want 404", p.Status)
		}
		c.Get(one)
		wantPage(t, "rtd", c.Post(one+"/servizio", url.Values{"stato": {"uscito"}}), []string{"non è più in servizio", "è vuoto"}, nil)
		if p := c.Post(one+"/servizio", url.Values{"stato": {"uscito"}}); p.Status != 409 {
			t.Errorf("left twice: got %d, want 409", p.Status)
		}
		wantPage(t, "rtd", c.Get(path+"?stato=usciti"), []string{"anna.b@comune.example", "Uscita il"}, nil)
		c.Get(one)
		wantPage(t, "rtd", c.Post(one+"/servizio", url.Values{"stato": {"in-servizio"}}), []string{"di nuovo in servizio", "anna.b@comune.example"}, nil)
	})
}

func TestStaffListPages(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		a := w.Ente("Roccaverde", 600)
		rtd := w.User("rtd@comune.example", false, webtest.In(auth.RTD, a))
		if err := w.Service.AddStaffMember(t.Context(), rtd, a.ID, service.StaffInput{Email: "vecchio@comune.example"}); err != nil {
			t.Fatal(err)
		}
		c, path := w.SignedIn("rtd@comune.example"), setupPath(a, "/personale/elenco")
		c.Get(path)
		if p := c.PostFile(path, url.Values{"testo": {" "}}, "file", "", nil); p.Status != 422 || !strings.Contains(p.Body, "Scelga un file") {
			t.Errorf("nothing: got %d, want 422", p.Status)
		}
		faulty := "anna@comune.example;Anagrafe;operatore\nbruno@comune;Tributi\nanna@comune.example;Tecnico;capo"
		p := c.PostFile(path, url.Values{"testo": {faulty}}, "file", "", nil)
		if p.Status != 422 {
			t.Errorf("faulty list: got %d, want 422", p.Status)
		}
		wantPage(t, "rtd", p, []string{"indirizzo non valido", "è già alla riga 1", "famiglia di ruolo non riconosciuta", "bruno@comune;Tributi"}, []string{"Conferma e carica"})
		if p := c.Post(path+"/conferma", url.Values{"testo": {faulty}}); p.Status != 422 || !strings.Contains(p.Body, "3 errori") {
			t.Errorf("confirming a faulty list: got %d, want 422", p.Status)
		}
		if list, err := w.Store.StaffMembers(t.Context(), a.ID); err != nil || len(list) != 1 {
			t.Fatalf("after faulty lists: %d people, %v, want nothing imported", len(list), err)
		}
		c.Get(path)
		good := "E-mail,Ufficio,Ruolo\r\nanna@comune.example,Anagrafe,operatore\r\nbruno@comune.example,Tributi,\r\n"
		p = c.PostFile(path, nil, "file", "elenco.csv", []byte("\xef\xbb\xbf"+good))
		wantPage(t, "rtd", p, []string{"Conferma e carica", "Uffici che si creano", "Tributi", "vecchio@comune.example"}, []string{"errori da correggere"})
		old, err := w.Store.StaffByEmail(t.Context(), a.ID, "vecchio@comune.example")
		if err != nil {
			t.Fatal(err)
		}
		p = c.Post(path+"/conferma", url.Values{"testo": {good}, "usciti": {old.ID.String()}})
		wantPage(t, "rtd", p, []string{"Elenco caricato: 2 persone nuove", "anna@comune.example", "bruno@comune.example"}, []string{"vecchio@comune.example"})
		c.Get(path)
		p = c.PostFile(path, nil, "file", "elenco.csv", []byte(good))
		wantPage(t, "rtd", p, []string{"Conferma e carica"}, []string{"Uffici che si creano", "Persone non più in servizio"})
		if list, _, err := w.Store.StaffPage(t.Context(), a.ID, storage.StaffFilter{Left: true, Limit: 9}); err != nil || len(list) != 1 {
			t.Errorf("who left: got %v, %v, want the one chosen", list, err)
		}
	})
}

func TestPeople(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		a, b := w.Ente("Roccaverde", 600), w.Ente("Borgo Ametista", 12000)
		w.User("admin@sistema.example", true)
		w.User("known@comune.example", false, webtest.In(auth.RTD, b))
		c, path := w.SignedIn("admin@sistema.example"), setupPath(a, "/persone")
		wantPage(t, "admin", c.Get(path), []string{"Nessuno è ancora Responsabile"}, []string{setupPath(a, "/personale")})
		if p := c.Post(path, url.Values{"email": {"nuova@comune.example"}, "ruolo": {"rtd"}}); p.Status != 422 || !strings.Contains(p.Body, "scriva nome e cognome") {
			t.Errorf("new address without name: got %d, want 422", p.Status)
		}
		p := c.Post(path, url.Values{"email": {"nuova@comune.example"}, "nome": {"Carla Blu"}, "ruolo": {"rtd"}})
		wantPage(t, "admin", p, []string{"Ruolo assegnato", "Carla Blu", "invitato"}, []string{"Nessuno è ancora Responsabile"})
		link := linkOf(t, w, "nuova@comune.example")
		rtd := w.Client()
		rtd.Get(link)
		rtd.Post(link, url.Values{"password": {newPassword}, "again": {newPassword}})
		wantPage(t, "rtd", rtd.Post("/accedi", url.Values{"email": {"nuova@comune.example"}, "password": {newPassword}}), []string{"Roccaverde"}, nil)
		rtd.Get(path)
		wantPage(t, "rtd", rtd.Post(path, url.Values{"email": {"known@comune.example"}, "ruolo": {"viewer"}}), []string{"known@comune.example", "Lettore"}, nil)
		if linkOf(t, w, "known@comune.example") != "" {
			t.Error("somebody with a password was sent a link that sets one")
		}
		for name, form := range map[string]url.Values{"coordinator": {"email": {"known@comune.example"}, "ruolo": {"coordinator"}}, "admin": {"email": {"known@comune.example"}, "ruolo": {"admin"}},
			"again": {"email": {"known@comune.example"}, "ruolo": {"viewer"}}, "office without office": {"email": {"known@comune.example"}, "ruolo": {"office"}}} {
			rtd.Get(path)
			if p := rtd.Post(path, form); p.Status != 422 {
				t.Errorf("%s: got %d, want 422", name, p.Status)
			}
		}
		grants, err := w.Store.GrantsIn(t.Context(), a.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range grants {
			rtd.Get(path)
			p := rtd.Post(path+"/"+g.ID.String()+"/togli", nil)
			if g.Role == auth.RTD && (p.Status != 422 || !strings.Contains(p.Body, "ultimo RTD")) {
				t.Errorf("the last RTD: got %d, want 422", p.Status)
			}
			if g.Role == auth.Viewer && p.Status != 200 {
				t.Errorf("a viewer: got %d, want 200", p.Status)
			}
		}
		foreign, err := w.Store.GrantsIn(t.Context(), b.ID)
		if err != nil || len(foreign) != 1 {
			t.Fatal(err)
		}
		rtd.Get(path)
		if p := rtd.Post(path+"/"+foreign[0].ID.String()+"/togli", nil); p.Status != 404 {
			t.Errorf("a role of the other ente: got %d, want 404", p.Status)
		}
	})
}

func TestNewEnteAndProgrammes(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		admin := w.User("admin@sistema.example", true)
		w.User("rtd@comune.example", false)
		c := w.SignedIn("admin@sistema.example")
		if p := w.SignedIn("rtd@comune.example").Get("/enti/nuovo?q=banari"); p.Status != 403 {
			t.Errorf("neither coordinator nor administrator: got %d, want 403", p.Status)
		}
		wantPage(t, "admin", c.Get("/enti/nuovo?q=090007"), []string{"1 Comune trovato", "Banari", "112004", "prima 090007", "nove Comuni di riferimento", "fino a 1.000"}, nil)
		wantPage(t, "admin", c.Get("/enti/nuovo?q=samone"), []string{"Nessun Comune trovato"}, nil)
		if _, err := w.Service.ImportComuni(t.Context(), admin, strings.NewReader(string(fixtureFile(t, "registry.csv"))), service.ImportOptions{}); err != nil {
			t.Fatal(err)
		}
		wantPage(t, "admin", c.Get("/enti/nuovo?q=samone"), []string{"2 Comuni trovati", "Trento (TN)", "Torino (TO)", "lo stesso nome"}, []string{"nove Comuni di riferimento"})
		wantPage(t, "admin", c.Get("/enti/nuovo?q="+url.QueryEscape("<script>")), []string{"Nessun Comune trovato"}, []string{"<script>\""})
		p := c.Post("/enti/nuovo", url.Values{"comune": {"A606"}, "q": {"banari"}})
		wantPage(t, "admin", p, []string{"Comune aggiunto", "Banari", "Nessuno è ancora Responsabile"}, nil)
		c.Get("/enti/nuovo?q=banari")
		if p := c.Post("/enti/nuovo", url.Values{"comune": {"A606"}, "q": {"banari"}}); p.Status != 422 || !strings.Contains(p.Body, "già in questa installazione") {
			t.Errorf("twice: got %d, want 422", p.Status)
		}
		if p := c.Post("/enti/nuovo", url.Values{"comune": {"Z999"}}); p.Status != 422 {
			t.Errorf("no such Comune: got %d, want 422", p.Status)
		}
		c.Get("/programmi/nuovo")
		p = c.Post("/programmi/nuovo", url.Values{"nome": {"Valle verde"}, "descrizione": {"Comuni di valle"}})
		wantPage(t, "admin", p, []string{"Valle verde", "non ha ancora Comuni", "Banari (SS)"}, nil)
		programme := p.Path
		c.Get("/programmi/nuovo")
		if p := c.Post("/programmi/nuovo", url.Values{"nome": {"VALLE VERDE"}}); p.Status != 422 {
			t.Errorf("the same name: got %d, want 422", p.Status)
		}
		enti, err := w.Store.Enti(t.Context())
		if err != nil || len(enti) != 1 {
			t.Fatalf("enti: %v, %v", enti, err)
		}
		banari := enti[0].ID.String()
		c.Get(programme)
		wantPage(t, "admin", c.Post(programme, url.Values{"comune": {banari}}), []string{"Comune iscritto", "Banari"}, nil)
		coordinate(t, w, programme, banari)
	})
}

// coordinate goes on as the coordinator of the programme and of another one.
func coordinate(t *testing.T, w *webtest.World, programme, banari string) {
	t.Helper()
	id, err := surveys.ParseID(strings.Split(programme, "/")[2])
	if err != nil {
		t.Fatal(err)
	}
	second := storage.Programme{ID: w.ID("second"), Name: "Altro programma", PTIEdition: "2024-2026-agg-2026", CreatedAt: w.Clock}
	if err := w.Store.AddProgramme(t.Context(), second); err != nil {
		t.Fatal(err)
	}
	w.User("coord@programma.example", false, auth.Grant{Role: auth.Coordinator, ProgrammeID: id})
	w.User("stranger@programma.example", false, auth.Grant{Role: auth.Coordinator, ProgrammeID: second.ID})
	c, stranger := w.SignedIn("coord@programma.example"), w.SignedIn("stranger@programma.example")
	if p := stranger.Get(programme); p.Status != 404 {
		t.Errorf("coordinator of another programme: got %d, want 404", p.Status)
	}
	stranger.Get("/enti/nuovo?q=banari")
	if p := stranger.Post("/enti/nuovo", url.Values{"comune": {"A606"}, "programma": {second.ID.String()}}); p.Status != 422 || !strings.Contains(p.Body, "lo chieda all") {
		t.Errorf("taking an ente of others into one's programme: got %d, want 422", p.Status)
	}
	if p := stranger.Post("/programmi/"+second.ID.String()+"/enti", url.Values{"comune": {banari}}); p.Status != 404 {
		t.Errorf("enrolling an ente of others: got %d, want 404", p.Status)
	}
	if p := stranger.Post("/enti/nuovo", url.Values{"comune": {"A074"}}); p.Status != 403 {
		t.Errorf("coordinator adding an ente alone: got %d, want 403", p.Status)
	}
	c.Get("/enti/nuovo?q=eppan")
	p := c.Post("/enti/nuovo", url.Values{"comune": {"A332"}, "programma": {id.String()}})
	wantPage(t, "coordinator", p, []string{"Comune aggiunto", "Appiano sulla strada del vino"}, nil)
	c.Get(programme)
	wantPage(t, "coordinator", c.Page, []string{"Appiano", "Banari"}, []string{"/sistema/utenti"})
	if p := c.Post(programme+"/"+banari+"/togli", nil); p.Status != 200 || !strings.Contains(p.Body, "tolto dal programma") {
		t.Errorf("taken out: got %d", p.Status)
	}
	if p := c.Post(programme+"/"+banari+"/togli", nil); p.Status != 404 {
		t.Errorf("taken out twice: got %d, want 404", p.Status)
	}
}
