package web_test

import (
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/app/web/webtest"
	"traguardo/plans"
	"traguardo/surveys"
	"traguardo/surveys/comune"
	"traguardo/surveys/instruments"
	"traguardo/surveys/privacy"
	"traguardo/surveys/scoring"
)

// planWorld is two Comuni, everybody in the first, and its closed assessment.
type planWorld struct {
	*webtest.World
	t    *testing.T
	e    comune.Ente
	path string // address of the plan of e
}

func newPlanWorld(t *testing.T, w *webtest.World) planWorld {
	t.Helper()
	e, other := w.Ente("Roccaverde", 610), w.Ente("Borgo Altro", 9000)
	p := w.Programme("Prova", e, other)
	for _, role := range []auth.Role{auth.RTD, auth.UTD, auth.Viewer, auth.Office} {
		w.User(string(role)+"@uno.example", false, webtest.In(role, e))
	}
	w.User("rtd@due.example", false, webtest.In(auth.RTD, other))
	w.User("coord@prova.example", false, webtest.On(auth.Coordinator, p))
	w.User("admin@prova.example", true)
	return planWorld{World: w, t: t, e: e, path: "/enti/" + e.ID.String() + "/piano"}
}

// closeAssessment stores the result of an assessment in which every indicator
// stands at a level, without evidence.
func closeAssessment(t *testing.T, w *webtest.World, e comune.Ente, wave surveys.Wave, level surveys.Level) {
	t.Helper()
	mat, err := instruments.MAT()
	if err != nil {
		t.Fatal(err)
	}
	var ratings []surveys.Rating
	for _, it := range mat.Items() {
		if it.Scored {
			l := level
			ratings = append(ratings, surveys.Rating{Indicator: it.Code, Level: &l})
		}
	}
	res, err := scoring.Assess(mat, ratings, w.Clock)
	if err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(res)
	if err != nil {
		t.Fatal(err)
	}
	err = w.Store.SaveResult(t.Context(), storage.Result{ID: w.ID("result:" + e.Name + string(wave)), EnteID: e.ID, Wave: wave, Kind: storage.ResultAssessment,
		SourceID: w.ID("assessment"), FormulaVersion: scoring.FormulaVersion, DataHash: "00", Body: body, ComputedAt: w.Clock})
	if err != nil {
		t.Fatal(err)
	}
}

// limitsOf is the form of limits of a small Comune.
func limitsOf(version, money, days string) url.Values {
	return url.Values{"start": {"2027-Q1"}, "quarters": {"4"}, "budget_2027": {money}, "days": {days}, "ambition": {"minimum"}, "version": {version}}
}

// propose makes the plan of the first Comune.
func (p planWorld) propose(c *webtest.Client) webtest.Page {
	p.t.Helper()
	c.Get(p.path + "/limiti")
	page := c.Post(p.path+"/limiti", limitsOf("0", "10.000", "30"))
	wantStatus(p.t, "proposal", page, 200, "Ecco la proposta", "Sei priorità", "Perché sì", "Rimasti fuori", "Perché no:", "Calendario dei micro-progetti", "Giornate di lavoro per trimestre", "Bozza")
	return page
}

var cardPattern = regexp.MustCompile(`id="p-([a-z0-9]{26})"`)

// cards lists the ids of the micro-progetti of a page, those in the plan first.
func cards(page webtest.Page) []string {
	var out []string
	for _, m := range cardPattern.FindAllStringSubmatch(page.Body, -1) {
		out = append(out, m[1])
	}
	return out
}

func TestPlanBeforeAndAfterTheAssessment(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		p := newPlanWorld(t, w)
		rtd, viewer := w.SignedIn("rtd@uno.example"), w.SignedIn("viewer@uno.example")
		wantStatus(t, "nothing closed", rtd.Get(p.path), 200, "Prima serve la valutazione", "Vai alla valutazione", "Catalogo dei micro-progetti", "!Prepara il piano")
		wantStatus(t, "too early", rtd.Post(p.path+"/limiti", limitsOf("0", "0", "5")), 422, "Prima va chiusa la valutazione")
		closeAssessment(t, w, p.e, surveys.ExAnte, 1)
		wantStatus(t, "ready", rtd.Get(p.path), 200, "Tutto pronto per il piano", "Prepara il piano", "Ex ante")
		wantStatus(t, "viewer waits", viewer.Get(p.path), 200, "Il piano non c'è ancora", "!Prepara il piano")
		wantStatus(t, "viewer may not", viewer.Get(p.path+"/limiti"), 403)
		wantStatus(t, "viewer may not post", viewer.Post(p.path+"/limiti", limitsOf("0", "0", "5")), 403)
		wantStatus(t, "form", rtd.Get(p.path+"/limiti"), 200, "Bilancio 2027", "Bilancio 2028", "1° trim. 2027", "Proponi il piano")
		wantStatus(t, "other years", rtd.Get(p.path+"/limiti?start=2026-Q4&quarters=4"), 200, "Bilancio 2026", "Bilancio 2027", "!Bilancio 2028")
		bad := limitsOf("0", "tanti", "")
		wantStatus(t, "bad input", rtd.Post(p.path+"/limiti", bad), 422, "Scriva un importo in euro", `value="tanti"`, "Questo campo è necessario")
		page := p.propose(rtd)
		if ids := cards(page); len(ids) < 12 {
			t.Errorf("got %d candidates, want a real list", len(ids))
		}
		wantStatus(t, "twice", rtd.Post(p.path+"/limiti", limitsOf("0", "10.000", "30")), 409, "Qualcuno ha modificato prima di Lei")
		wantStatus(t, "viewer reads", viewer.Get(p.path), 200, "Sei priorità", "!Proponi all'approvazione", "!Tieni, sposta o escludi", "!Cambia i limiti")
		wantStatus(t, "points", viewer.Get(p.path+"/punti"), 200, "Come si calcolano i punti", "scelta di Traguardo, non dell'AgID")
		limits := rtd.Get(p.path + "/limiti")
		wantStatus(t, "limits again", limits, 200, `value="10.000"`, `value="30"`, `name="version" value="1"`)
		wantStatus(t, "nothing fits", rtd.Post(p.path+"/limiti", limitsOf("1", "0", "0")), 200, "non entra nessun micro-progetto")
	})
}

func TestPlanBelongsToItsEnteAndRoles(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		p := newPlanWorld(t, w)
		closeAssessment(t, w, p.e, surveys.ExAnte, 1)
		rtd := w.SignedIn("rtd@uno.example")
		id := cards(p.propose(rtd))[0]
		card := p.path + "/progetti/" + id
		stranger := w.SignedIn("rtd@due.example")
		for _, path := range []string{p.path, p.path + "/limiti", p.path + "/punti", card, card + "/modifica", p.path + "/progetti/nuovo", "/enti/" + p.e.ID.String() + "/catalogo"} {
			wantStatus(t, "stranger "+path, stranger.Get(path), 404)
			if got := w.Client().Raw(path); got.Status != 303 || !strings.HasPrefix(got.Location, "/accedi") {
				t.Errorf("signed out %s: got %d %q, want a way to sign in", path, got.Status, got.Location)
			}
		}
		other := w.Ente("Terzo", 800)
		w.User("rtd@tre.example", false, webtest.In(auth.RTD, other))
		closeAssessment(t, w, other, surveys.ExAnte, 0)
		third := w.SignedIn("rtd@tre.example")
		mine := "/enti/" + other.ID.String() + "/piano"
		wantStatus(t, "own plan", third.Post(mine+"/limiti", limitsOf("0", "5000", "20")), 200, "Ecco la proposta")
		wantStatus(t, "foreign project through one's own ente", third.Get(mine+"/progetti/"+id), 404)
		wantStatus(t, "foreign wish", third.Post(mine+"/progetti/"+id+"/scelta", url.Values{"wish": {"excluded"}}), 404)
		for _, who := range []string{"viewer@uno.example", "coord@prova.example"} {
			c := w.SignedIn(who)
			wantStatus(t, who+" reads", c.Get(card), 200, "Quando è fatto", "!Modifica i dati")
			for _, path := range []string{card + "/scelta", p.path + "/proponi", p.path + "/libera", p.path + "/approva", p.path + "/modifica"} {
				v := url.Values{"wish": {"excluded"}, "reason": {"x"}, "act_type": {"x"}, "act_number": {"1"}, "act_date": {"2026-11-20"}, "act_by": {"x"}}
				wantStatus(t, who+" "+path, c.Post(path, v), 403)
			}
		}
		wantStatus(t, "office", w.SignedIn("office@uno.example").Get(p.path), 403)
		wantStatus(t, "admin", w.SignedIn("admin@prova.example").Get(p.path), 404)
		wantStatus(t, "bad token", rtd.Post(card+"/scelta", url.Values{"csrf": {"falso"}, "wish": {"excluded"}}), 403)
		wantStatus(t, "unknown version", rtd.Get(p.path+"/versioni/1"), 404)
	})
}

func TestPlanWishes(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		p := newPlanWorld(t, w)
		closeAssessment(t, w, p.e, surveys.ExAnte, 1)
		c := w.SignedIn("utd@uno.example")
		page := p.propose(c)
		ids := cards(page)
		first, last := p.path+"/progetti/"+ids[0], p.path+"/progetti/"+ids[len(ids)-1]
		got := c.Post(first+"/scelta", url.Values{"wish": {"excluded"}})
		wantStatus(t, "exclude", got, 200, "Piano ricalcolato", "Escluso dall'ente", "Rimetti fra i candidati")
		if in := cards(got); in[0] == ids[0] {
			t.Error("an excluded micro-progetto is still first")
		}
		wantStatus(t, "back", c.Post(first+"/scelta", url.Values{"wish": {"auto"}}), 200, "!Escluso dall'ente")
		wantStatus(t, "pin", c.Post(first+"/scelta", url.Values{"wish": {"pinned"}, "quarter": {"2027-Q2"}}), 200, "Fissato: 2° trim. 2027")
		wantStatus(t, "pin outside", c.Post(first+"/scelta", url.Values{"wish": {"pinned"}, "quarter": {"2031-Q2"}}), 422, "non ci starebbe")
		wantStatus(t, "bad quarter", c.Post(first+"/scelta", url.Values{"wish": {"pinned"}, "quarter": {"domani"}}), 422)
		wantStatus(t, "bad wish", c.Post(first+"/scelta", url.Values{"wish": {"forse"}}), 422)
		wantStatus(t, "force", c.Post(last+"/scelta", url.Values{"wish": {"must"}}), 200, "Voluto dall'ente")
		wantStatus(t, "limits that wishes break", c.Post(p.path+"/limiti", limitsOf(valueOf(c.Get(p.path+"/limiti").Body, "version"), "0", "0")), 422, "Non è stato cambiato nulla", `value="0"`)
		wantStatus(t, "free", c.Post(p.path+"/libera", nil), 200, "Piano ricalcolato", "!Voluto dall'ente")
		wantStatus(t, "why out", c.Get(last), 200, "Perché è rimasto fuori", "Quando è fatto", "Giornate per ruolo", "Norme")
	})
}

func TestPlanProjectIsEdited(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		p := newPlanWorld(t, w)
		closeAssessment(t, w, p.e, surveys.ExAnte, 1)
		office := storage.Office{ID: w.ID("office"), EnteID: p.e.ID, Name: "Anagrafe"}
		if err := w.Store.AddOffice(t.Context(), office); err != nil {
			t.Fatal(err)
		}
		c := w.SignedIn("utd@uno.example")
		card := p.path + "/progetti/" + cards(p.propose(c))[0]
		form := c.Get(card + "/modifica")
		wantStatus(t, "form", form, 200, "Modifica il micro-progetto", "Anagrafe", "!Che cosa si consegna")
		v := url.Values{"version": {valueOf(form.Body, "version")}, "title": {"Il nostro titolo"}, "cost": {"1.234,50"}, "checked": {"1"}, "running": {"100"}, "days": {"5"},
			"quarters": {"2"}, "office": {office.ID.String()}, "owner": {"Ragioneria"}, "cup": {"j41b21000010006"}, "pnrr": {"1.000"}, "measure": {"1.4.4"}, "start": {"2027-Q3"}}
		wantStatus(t, "saved", c.Post(card+"/modifica", v), 200, "Il nostro titolo", "1.234,50 €", "Anagrafe", "Ragioneria", "J41B21000010006", "PNRR 1.4.4", "Fissato: 3° trim. 2027", "!1.234,50 € (stima da verificare)")
		wantStatus(t, "somebody else's form", c.Post(card+"/modifica", v), 409, "Qualcuno ha modificato prima di Lei")
		v.Set("version", valueOf(c.Get(card+"/modifica").Body, "version"))
		for field, value := range map[string]string{"title": "", "cost": "molto", "days": "-1", "quarters": "9", "office": w.ID("nobody").String(), "cup": "123", "pnrr": "9.000", "start": "2027-Q4"} {
			bad := url.Values{}
			for k, x := range v {
				bad[k] = x
			}
			bad.Set(field, value)
			wantStatus(t, "bad "+field, c.Post(card+"/modifica", bad), 422, `id="f-`, "Il nostro titolo")
		}
		own := url.Values{"version": {"0"}, "title": {"Wi-Fi in biblioteca"}, "purpose": {"Perché la gente studia lì."}, "area": {"COM"}, "indicator": {"M-COM-01"}, "level": {"2"},
			"cost": {"500"}, "days": {"2"}, "quarters": {"1"}, "deliverables": {"Rete attiva\nIstruzioni"}, "must": {"1"}}
		wantStatus(t, "own project without purpose", c.Post(p.path+"/progetti/nuovo", url.Values{"title": {"X"}, "cost": {"1"}, "quarters": {"1"}, "area": {"COM"}}), 422, "Questo campo è necessario", "Dica come si vedrà")
		page := c.Post(p.path+"/progetti/nuovo", own)
		wantStatus(t, "own project", page, 200, "Wi-Fi in biblioteca", "Nel piano", "Voluto dall'ente", "Elimina questo progetto")
		wantStatus(t, "remove", c.Post(page.Path+"/elimina", nil), 200, "Piano ricalcolato", "!Wi-Fi in biblioteca")
		wantStatus(t, "catalogue's cannot be removed", c.Post(card+"/elimina", nil), 409)
	})
}

func TestPlanIsApprovedAndAmended(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		p := newPlanWorld(t, w)
		closeAssessment(t, w, p.e, surveys.ExAnte, 1)
		utd, rtd := w.SignedIn("utd@uno.example"), w.SignedIn("rtd@uno.example")
		ids := cards(p.propose(utd))
		act := url.Values{"act_type": {"Delibera di Giunta comunale"}, "act_number": {"12"}, "act_date": {"2026-11-20"}, "act_by": {"Giunta comunale"}}
		wantStatus(t, "not proposed yet", rtd.Post(p.path+"/approva", act), 409)
		wantStatus(t, "proposed by the UTD", utd.Post(p.path+"/proponi", nil), 200, "In approvazione", "Lo approva il Responsabile", "!Registri l'atto")
		wantStatus(t, "proposed twice", utd.Post(p.path+"/proponi", nil), 409)
		wantStatus(t, "no change now", utd.Post(p.path+"/progetti/"+ids[0]+"/scelta", url.Values{"wish": {"excluded"}}), 409)
		wantStatus(t, "UTD approves nothing", utd.Post(p.path+"/approva", act), 403)
		bad := url.Values{"act_type": {"Delibera"}, "act_number": {"12"}, "act_date": {"2027-11-20"}, "act_by": {"Giunta"}}
		wantStatus(t, "act in the future", rtd.Post(p.path+"/approva", bad), 422, "non può essere nel futuro", `value="12"`)
		wantStatus(t, "act incomplete", rtd.Post(p.path+"/approva", url.Values{"act_number": {"12"}}), 422, "Questo campo è necessario")
		wantStatus(t, "approved", rtd.Post(p.path+"/approva", act), 200, "Approvato", "versione 1, Delibera di Giunta comunale n. 12 del 20/11/2026", "Apri una modifica")
		wantStatus(t, "approved twice", rtd.Post(p.path+"/approva", act), 409)
		wantStatus(t, "nothing changed", rtd.Get(p.path+"/versioni/1"), 200, "Non è cambiato nulla", "SHA-256")
		frozen := rtd.Get(p.path + "/versioni/1/dati.json")
		var content plans.Content
		if err := json.Unmarshal([]byte(frozen.Body), &content); err != nil || len(content.Sheets) == 0 || content.EnteID != p.e.ID {
			t.Errorf("frozen data: got %d sheets of %s, %v", len(content.Sheets), content.EnteID, err)
		}
		wantStatus(t, "UTD opens nothing", utd.Post(p.path+"/modifica", url.Values{"reason": {"x"}}), 403)
		wantStatus(t, "no reason", rtd.Post(p.path+"/modifica", url.Values{"reason": {" "}}), 422)
		wantStatus(t, "amendment", rtd.Post(p.path+"/modifica", url.Values{"reason": {"Variazione di bilancio"}}), 200, "Bozza", "Variazione di bilancio", "In vigore:", "Fissato:")
		wantStatus(t, "left out", rtd.Post(p.path+"/progetti/"+ids[0]+"/scelta", url.Values{"wish": {"excluded"}}), 200)
		wantStatus(t, "what changed", rtd.Get(p.path+"/versioni/1"), 200, "Tolto", "!Non è cambiato nulla")
		wantStatus(t, "given up", rtd.Post(p.path+"/ripristina", nil), 200, "Approvato")
		wantStatus(t, "as approved", rtd.Get(p.path+"/versioni/1"), 200, "Non è cambiato nulla")
		rtd.Post(p.path+"/modifica", url.Values{"reason": {"Nuovo bilancio"}})
		rtd.Post(p.path+"/progetti/"+ids[0]+"/scelta", url.Values{"wish": {"excluded"}})
		rtd.Post(p.path+"/proponi", nil)
		older := url.Values{"act_type": {"Delibera"}, "act_number": {"13"}, "act_date": {"2026-11-19"}, "act_by": {"Giunta"}}
		wantStatus(t, "older act", rtd.Post(p.path+"/approva", older), 422, "non può precedere")
		older.Set("act_date", "2026-11-22")
		wantStatus(t, "second version", rtd.Post(p.path+"/approva", older), 200, "versione 2")
		wantStatus(t, "first against second", rtd.Get(p.path+"/versioni/1"), 200, "Dalla versione approvata alla versione 2", "Tolto")
		p.checkAudit()
	})
}

// checkAudit wants a row of the trail for every step of the plan.
func (p planWorld) checkAudit() {
	p.t.Helper()
	rec, err := p.Store.Plan(p.t.Context(), p.e.ID)
	if err != nil {
		p.t.Fatal(err)
	}
	rows, err := p.Store.AuditOf(p.t.Context(), p.e.ID, "plan:"+rec.Plan.ID.String(), 100)
	if err != nil {
		p.t.Fatal(err)
	}
	seen := map[string]int{}
	for _, r := range rows {
		seen[r.Action]++
	}
	for action, want := range map[string]int{"plan.frame": 1, "plan.propose": 2, "plan.approve": 2, "plan.amend": 2, "plan.restore": 1, "plan.wish": 2} {
		if seen[action] != want {
			p.t.Errorf("audit of %s: got %d rows, want %d", action, seen[action], want)
		}
	}
}

func TestPlanReport(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		p := newPlanWorld(t, w)
		closeAssessment(t, w, p.e, surveys.ExAnte, 1)
		p.propose(w.SignedIn("rtd@uno.example"))
		viewer := auth.Actor{UserID: w.ID("user:viewer@uno.example"), Lang: "it"}
		d, err := w.Service.PlanReport(t.Context(), viewer, p.e.ID, "it")
		if err != nil {
			t.Fatal(err)
		}
		if len(d.Projects) == 0 || len(d.LeftOut) == 0 || len(d.Budget) != 1 || d.Act != "" || len(d.DataHash) != 64 || d.Lines.Open+d.Lines.Planned == 0 || len(d.Deadlines) == 0 {
			t.Errorf("got %d projects, %d left out, %d years, act %q, hash %q, lines %+v, %d deadlines", len(d.Projects), len(d.LeftOut), len(d.Budget), d.Act, d.DataHash, d.Lines, len(d.Deadlines))
		}
		for _, x := range d.Projects {
			if len(x.Reasons) == 0 || strings.Contains(strings.Join(x.Reasons, ""), "[") || x.From.IsZero() {
				t.Errorf("%s: got reasons %v from %s", x.Code, x.Reasons, x.From)
			}
		}
		stranger := auth.Actor{UserID: w.ID("user:rtd@due.example"), Lang: "it"}
		if _, err := w.Service.PlanReport(t.Context(), stranger, p.e.ID, "it"); err == nil {
			t.Error("a stranger reads the report")
		}
	})
}

func TestCatalogueIsBrowsed(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		p := newPlanWorld(t, w)
		c := w.SignedIn("viewer@uno.example")
		base := "/enti/" + p.e.ID.String() + "/catalogo"
		list := c.Get(base)
		wantStatus(t, "list", list, 200, "Catalogo dei micro-progetti", "Piattaforme abilitanti", "Sicurezza informatica", "Costo tipico")
		for _, m := range regexp.MustCompile(`/catalogo/([A-Z]{3}-[0-9]{2})"`).FindAllStringSubmatch(list.Body, -1) {
			wantStatus(t, m[1], c.Get(base+"/"+m[1]), 200, "Giornate per ruolo", "Come si vede che ha funzionato", "![")
		}
		wantStatus(t, "unknown", c.Get(base+"/PIA-99"), 404)
		wantStatus(t, "English", c.Get("/lingua/en?da="+base), 200, "Catalogue of micro-progetti")
	})
}

// closeStaff stores a published staff result in which one area and one
// competence are weak, or one that may not be shown.
func closeStaff(t *testing.T, w *webtest.World, e comune.Ente, state scoring.ResultState) {
	t.Helper()
	low := 31.0
	res := scoring.StaffResult{FormulaVersion: scoring.FormulaVersion, Wave: surveys.ExAnte, State: state,
		Areas: []scoring.StaffArea{{Area: surveys.SIC, Self: privacy.NewFigure(20, low, nil, nil)}, {Area: surveys.PIA, Self: privacy.Withheld(privacy.Insufficient)}},
		Items: []scoring.ItemResult{{Code: "A-SIC-01", Area: surveys.SIC, State: privacy.Shown, N: 20, Mean: &low}}}
	body, err := json.Marshal(res)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Store.SaveResult(t.Context(), storage.Result{ID: w.ID("staff:" + e.Name), EnteID: e.ID, Wave: surveys.ExAnte, Kind: storage.ResultStaff,
		SourceID: w.ID("campaign"), FormulaVersion: scoring.FormulaVersion, DataHash: "00", Body: body, ComputedAt: w.Clock}); err != nil {
		t.Fatal(err)
	}
}

func TestPlanTrainsWeakCompetences(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		p := newPlanWorld(t, w)
		closeAssessment(t, w, p.e, surveys.ExAnte, 2)
		closeStaff(t, w, p.e, scoring.Published)
		c := w.SignedIn("rtd@uno.example")
		c.Get(p.path + "/limiti")
		page := c.Post(p.path+"/limiti", limitsOf("0", "10.000", "60"))
		wantStatus(t, "weak competence", page, 200, "Forma su", "la media del personale è 31 su 100, sotto 50", "«Sicurezza informatica»")
		small := w.Ente("Piccolo", 300)
		w.User("rtd@piccolo.example", false, webtest.In(auth.RTD, small))
		closeAssessment(t, w, small, surveys.ExAnte, 2)
		closeStaff(t, w, small, scoring.OnlyPooled)
		c = w.SignedIn("rtd@piccolo.example")
		path := "/enti/" + small.ID.String() + "/piano"
		c.Get(path + "/limiti")
		wantStatus(t, "figures that may not be shown", c.Post(path+"/limiti", limitsOf("0", "10.000", "60")), 200, "!Forma su", "!31 su 100")
		english := c.Get("/lingua/en?da=" + path)
		wantStatus(t, "English", english, 200, "Plan", "Six priorities", "Why yes", "![plan.", "![reason.")
	})
}

func TestPlanKeepsWhatStarted(t *testing.T) {
	webtest.Run(t, func(t *testing.T, w *webtest.World) {
		p := newPlanWorld(t, w)
		closeAssessment(t, w, p.e, surveys.ExAnte, 1)
		c := w.SignedIn("rtd@uno.example")
		id := cards(p.propose(c))[0]
		c.Post(p.path+"/proponi", nil)
		c.Post(p.path+"/approva", url.Values{"act_type": {"Delibera"}, "act_number": {"1"}, "act_date": {"2026-11-20"}, "act_by": {"Giunta"}})
		rec, err := w.Store.Project(t.Context(), p.e.ID, surveys.ID(id))
		if err != nil {
			t.Fatal(err)
		}
		day := plans.Date{Year: 2026, Month: 11, Day: 22}
		if err := rec.Project.Record(plans.Fact{Kind: plans.FactStart, On: day, Recorded: day, By: "x"}); err != nil {
			t.Fatal(err)
		}
		if err := w.Store.SaveFacts(t.Context(), p.e.ID, rec.Project, rec.Version, w.Clock); err != nil {
			t.Fatal(err)
		}
		start := rec.Project.Start
		c.Post(p.path+"/modifica", url.Values{"reason": {"Meno fondi"}})
		card := p.path + "/progetti/" + id
		wantStatus(t, "exclude what started", c.Post(card+"/scelta", url.Values{"wish": {"excluded"}}), 422, "è già avviato")
		wantStatus(t, "freed", c.Post(p.path+"/libera", nil), 200, "Piano ricalcolato", "In corso")
		if rec, err = w.Store.Project(t.Context(), p.e.ID, surveys.ID(id)); err != nil || !rec.In || rec.Project.Start != start || rec.Project.State() != plans.Started {
			t.Errorf("got in %v from %s, %s, %v, want it where it started", rec.In, rec.Project.Start, rec.Project.State(), err)
		}
		limits := c.Get(p.path + "/limiti")
		wantStatus(t, "start is fixed", limits, 200, "1° trim. 2027", "!2° trim. 2028")
		moved := limitsOf(valueOf(limits.Body, "version"), "10.000", "30")
		moved.Set("start", "2027-Q2")
		moved.Set("budget_2028", "0")
		wantStatus(t, "moved start", c.Post(p.path+"/limiti", moved), 422, "non si cambia")
	})
}
