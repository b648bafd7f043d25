package web_test

import (
	"net/url"
	"testing"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/app/web/webtest"
	"traguardo/plans"
	"traguardo/surveys"
	"traguardo/surveys/comune"
)

// trackWorld is two Comuni; the first has an approved plan of three micro-progetti
// (late, in its quarter, later) and two offices with a contact each.
type trackWorld struct {
	*webtest.World
	t                  *testing.T
	e, other           comune.Ente
	base               string
	late, now, later   surveys.ID
	townhall, registry surveys.ID
	foreign            surveys.ID // a micro-progetto of the other Comune
	foreignBase        string
}

func newTrackWorld(t *testing.T, w *webtest.World) *trackWorld {
	t.Helper()
	x := &trackWorld{World: w, t: t, e: w.Ente("Roccaverde", 3200), other: w.Ente("Borgo Altro", 9000)}
	x.base, x.foreignBase = "/enti/"+x.e.ID.String(), "/enti/"+x.other.ID.String()
	prog := w.Programme("Prova", x.e, x.other)
	x.townhall, x.registry = w.ID("office:segreteria"), w.ID("office:anagrafe")
	for id, name := range map[surveys.ID]string{x.townhall: "Segreteria", x.registry: "Anagrafe"} {
		if err := w.Store.AddOffice(t.Context(), storage.Office{ID: id, EnteID: x.e.ID, Name: name}); err != nil {
			t.Fatal(err)
		}
	}
	w.User("rtd@uno.example", false, webtest.In(auth.RTD, x.e))
	w.User("utd@uno.example", false, webtest.In(auth.UTD, x.e))
	w.User("viewer@uno.example", false, webtest.In(auth.Viewer, x.e))
	w.User("segreteria@uno.example", false, auth.Grant{Role: auth.Office, EnteID: x.e.ID, OfficeID: x.townhall})
	w.User("anagrafe@uno.example", false, auth.Grant{Role: auth.Office, EnteID: x.e.ID, OfficeID: x.registry})
	w.User("rtd@due.example", false, webtest.In(auth.RTD, x.other))
	w.User("fac@prova.example", false, webtest.On(auth.Facilitator, prog))
	w.User("coord@prova.example", false, webtest.On(auth.Coordinator, prog))
	ids := x.approve(x.e)
	x.late, x.now, x.later = ids[0], ids[1], ids[2]
	x.foreign = x.approve(x.other)[0]
	return x
}

// sheetOf is one micro-progetto of the fixture.
func sheetOf(id surveys.ID, template, title string, start plans.Quarter, lines, helps []string) plans.Sheet {
	from := surveys.Level(1)
	return plans.Sheet{ID: id, Template: template, TemplateVersion: "1.0", Title: title, Purpose: "Perché il servizio sia più semplice.", Area: surveys.PIA,
		Effects: []plans.Effect{{Indicator: "M-PIA-02", From: &from, To: 3}}, Lines: lines, HelpsLines: helps, Acceptance: "Almeno nove incassi su dieci passano da pagoPA.",
		Cost: 400_000, RunningCost: 50_000, Funding: []plans.Share{{Source: plans.Own, Cents: 300_000}, {Source: plans.Regional, Cents: 100_000}},
		Start: start, Effort: []int{5, 3}, Owner: "Responsabile finanziario"}
}

// approve stores an approved plan of three micro-progetti and returns their ids.
func (x *trackWorld) approve(e comune.Ente) []surveys.ID {
	x.t.Helper()
	ctx, today := x.t.Context(), plans.DateOf(x.Clock)
	must := func(err error) {
		x.t.Helper()
		if err != nil {
			x.t.Fatal(err)
		}
	}
	q := func(y, n int) plans.Quarter { return plans.Quarter{Year: y, N: n} }
	p := plans.Plan{ID: x.ID("plan:" + e.Name), EnteID: e.ID, Title: "Piano", State: plans.Draft, Edition: e.PTIEdition, Start: q(2026, 2), Quarters: 8,
		Budget: []plans.Cents{500_000, 900_000, 400_000}, Capacity: []int{40, 40, 40, 40, 40, 40, 40, 40}}
	ids := []surveys.ID{x.ID("late:" + e.Name), x.ID("now:" + e.Name), x.ID("later:" + e.Name)}
	must(p.Put(sheetOf(ids[0], "PIA-02@2", "Incassi su pagoPA di "+e.Name, q(2026, 2), []string{"CAP4.PA.01"}, []string{"CAP4.PA.02"})))
	must(p.Put(sheetOf(ids[1], "", "Servizi su app IO di "+e.Name, q(2026, 4), []string{"CAP4.PA.02"}, nil)))
	later := sheetOf(ids[2], "", "Notifiche con SEND di "+e.Name, q(2027, 2), []string{"CAP4.PA.03"}, nil)
	later.Requires = []surveys.ID{ids[1]}
	must(p.Put(later))
	p.Budget = []plans.Cents{900_000, 900_000, 400_000}
	must(x.Store.AddPlan(ctx, p, x.Clock))
	must(p.Propose(today, "rtd"))
	v, err := p.Approve(plans.Act{Type: "delibera di Giunta", Number: "12", Date: today, By: "Giunta"}, today)
	must(err)
	must(x.Store.UpdatePlan(ctx, p, 1))
	records := []storage.ProjectRecord{}
	for _, m := range p.Projects {
		m.Office = map[bool]surveys.ID{true: x.townhall}[e.ID == x.e.ID]
		records = append(records, storage.ProjectRecord{Project: m, In: true, Wish: storage.WishAuto, Version: 1, UpdatedAt: x.Clock})
	}
	must(x.Store.SaveProjects(ctx, records))
	must(x.Store.AddPlanVersion(ctx, p, v, x.ID("version:"+e.Name), "rtd", x.Clock))
	return ids
}

// step takes a step of a micro-progetto as the page of the step does.
func (x *trackWorld) step(c *webtest.Client, project surveys.ID, kind, day, reason string) webtest.Page {
	path := x.base + "/avanzamento/" + project.String() + "/stato/" + kind
	page := c.Get(path)
	return c.Post(path, url.Values{"giorno": {day}, "motivo": {reason}, "version": {valueOf(page.Body, "version")}})
}

// project is the address of a micro-progetto.
func (x *trackWorld) project(id surveys.ID) string { return x.base + "/avanzamento/" + id.String() }

// proofFields is a piece of evidence that is an act.
func proofFields(title string) url.Values {
	return url.Values{"tipo": {"E1"}, "titolo": {title}, "data": {"2026-11-20"}, "atto_tipo": {"Determina"}, "atto_numero": {"45"}}
}
