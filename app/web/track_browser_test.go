package web_test

import (
	"net/url"
	"testing"

	"github.com/chromedp/chromedp"

	"traguardo/app/storage"
	"traguardo/app/storage/storagetest"
	"traguardo/app/web/webtest"
	"traguardo/surveys/comune"
)

// TestTrackingInBrowser looks at every page of the tracking with axe, at both widths.
func TestTrackingInBrowser(t *testing.T) {
	w := webtest.New(t, storagetest.New(t, storage.SQLite))
	x := newTrackWorld(t, w)
	task := x.fill()
	real := x.real()
	b := browse(t, w, "track")
	signIn := func(email string) {
		b.do(chromedp.Navigate(b.address+"/accedi"), chromedp.SendKeys("#f-email", email), chromedp.SendKeys("#f-password", webtest.Password),
			chromedp.Click("form button.btn-primary"), chromedp.WaitVisible(".menu-user"))
	}
	signIn("rtd@uno.example")
	for _, page := range []struct{ name, path string }{
		{"board", "/avanzamento"}, {"project", "/avanzamento/" + x.late.String()}, {"project-suspended", "/avanzamento/" + x.now.String()},
		{"step-finish", "/avanzamento/" + x.late.String() + "/stato/finish"}, {"step-cancel", "/avanzamento/" + x.later.String() + "/stato/cancel"},
		{"tasks-all", "/attivita"}, {"pti", "/pti?capitolo=4"}, {"line", "/pti/linee/CAP4.PA.01"}, {"line-proved", "/pti/linee/CAP4.PA.06"},
		{"questions", "/pti/domande"}, {"calendar", "/scadenze"}, {"duty", "/scadenze/piao/2027"}, {"funding-none", "/pti/finanziamenti"},
	} {
		b.look(x.base+page.path, page.name)
	}
	b.look("/enti/"+real.ID.String()+"/pti/finanziamenti", "funding")
	// Two clicks and the reason: the step from the board.
	b.do(chromedp.Navigate(b.address+x.base+"/avanzamento"), chromedp.Click(`a[href$="`+x.late.String()+`/stato/suspend"]`), chromedp.WaitVisible("#f-motivo"),
		chromedp.SendKeys("#f-motivo", "Manca il fornitore"), chromedp.Click("main form button.btn-primary"), chromedp.WaitVisible(".flash-ok"))
	b.do(chromedp.Click(".menu-user summary"), chromedp.Click(".menu-user form button"), chromedp.WaitVisible("#f-email"))
	signIn("segreteria@uno.example")
	b.look(x.base+"/attivita", "office-tasks")
	b.look(task, "office-task")
	b.do(chromedp.Click("main form button.btn-primary"), chromedp.WaitVisible(".flash-ok"))
	b.look("", "office-done")
}

// fill lets something happen to the micro-progetti, and returns the address of a task.
func (x *trackWorld) fill() string {
	c := x.SignedIn("rtd@uno.example")
	x.step(c, x.late, "start", "2026-11-02", "")
	path := x.project(x.late)
	c.Get(path)
	c.Post(path+"/tappe/proponi", nil)
	c.Post(path+"/spese", url.Values{"spesa": {"committed"}, "importo": {"4.500"}, "giorno": {"2026-11-10"}, "fonte": {"own"}, "cup": {"B12F22000010006"}, "nota": {"Determina 45"}})
	c.Post(path+"/spese", url.Values{"spesa": {"paid"}, "importo": {"1.200,50"}, "giorno": {"2026-11-12"}, "fonte": {"regional"}})
	c.Post(path+"/prove", proofFields("Verbale di collaudo"))
	x.step(c, x.now, "start", "2026-11-02", "")
	x.step(c, x.now, "suspend", "2026-11-12", "Il fornitore non ha ancora risposto")
	c.Get(x.base + "/pti/linee/CAP4.PA.06")
	c.Post(x.base+"/pti/linee/CAP4.PA.06/prove", proofFields("Delibera di adesione a CIE"))
	x.giveTask(x.now, "Preparare gli avvisi", x.registry, "2026-11-01")
	return x.giveTask(x.late, "Raccogliere i pagamenti degli ultimi due anni e portarli in ragioneria", x.townhall, "2026-11-30")
}

// real stores a reference Comune with its PA digitale 2026 rows; the RTD of the
// first Comune is the RTD there too.
func (x *trackWorld) real() comune.Ente {
	x.t.Helper()
	comuni, rows, _ := comune.Reference()
	e := comune.NewEnte(x.ID("ente:vero"), comuni[0], x.e.PTIEdition)
	if err := x.Store.AddEnte(x.t.Context(), e, x.Clock); err != nil {
		x.t.Fatal(err)
	}
	if err := x.Store.InTx(x.t.Context(), func(tx *storage.Store) error {
		_, err := tx.ReplaceFunding(x.t.Context(), rows, true)
		return err
	}); err != nil {
		x.t.Fatal(err)
	}
	g := webtest.In("rtd", e)
	g.ID, g.UserID = x.ID("grant:vero"), x.ID("user:rtd@uno.example")
	if err := x.Store.AddGrant(x.t.Context(), g); err != nil {
		x.t.Fatal(err)
	}
	return e
}
