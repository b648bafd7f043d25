package app_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"traguardo/app/browsertest"
	"traguardo/app/storage"
	"traguardo/app/storage/storagetest"
	"traguardo/surveys"
)

// TestKeyboardAlone walks as employee and as RTD without touching the mouse: Tab,
// Shift and Tab, Space, Enter, arrows and letters. Wherever the focus lands it is
// marked and in sight (browsertest.Tab), and no page holds it.
func TestKeyboardAlone(t *testing.T) {
	s := newSite(t, storagetest.URL(t, storage.SQLite))
	o := newOpenSurvey(t, s.App, invitedPeople, true)
	b := browsertest.Open(t, s.base, "keyboard", true)
	k := keyboard{t: t, b: b}
	k.employee(o.links[0])
	rtd := newRTD(t, s, o.ente)
	if err := s.Service.OpenAssessment(t.Context(), rtd, o.ente, surveys.ExAnte, false); err != nil {
		t.Fatal(err)
	}
	rateAll(t, s, rtd, o.ente, surveys.ExAnte, "M-PIA-01")
	ente := "/enti/" + o.ente.String()
	k.signIn(rtd.Email)
	k.rate(ente + "/valutazioni/exante")
	k.approve(ente + "/piano")
	b.Complaints()
}

// keyboard is a visitor without a mouse.
type keyboard struct {
	t *testing.T
	b *browsertest.Browser
}

// visit opens a page, finds the way to skip to its content first, and checks that
// Tab goes through it both ways.
func (k keyboard) visit(path string) {
	k.t.Helper()
	k.b.Go(path)
	k.b.Untrapped()
	k.b.Go(path)
	k.b.Tab(false)
	if !k.b.On(`.skip a[href="#contenuto"]`) {
		k.t.Errorf("%s: the first stop of Tab is not the link to the content", path)
	}
	k.b.Keys(kb.Enter)
	k.b.Settles(`location.hash === '#contenuto'`, "the link to the content leads nowhere")
	k.b.Tab(false)
	if !k.b.On("main *") {
		k.t.Errorf("%s: after skipping to the content, Tab stops outside it", path)
	}
}

// faults expects the summary of errors to have the focus, follows its first link
// with Enter, and expects the field to have it.
func (k keyboard) faults(field string) {
	k.t.Helper()
	k.b.Settles(`document.activeElement.matches('[data-error-summary]')`, "after a refusal the focus is not on the summary of errors")
	k.b.Tab(false)
	if !k.b.On("[data-error-summary] a") {
		k.t.Errorf("%s: Tab does not go from the summary of errors to its first link", k.b.Path())
	}
	k.b.Keys(kb.Enter)
	k.b.Settles(fmt.Sprintf(`document.activeElement.matches(%q)`, field), "the summary of errors does not lead to "+field)
}

// unfold opens the folded box of a form.
func (k keyboard) unfold(form string) {
	k.t.Helper()
	k.b.TabTo(fmt.Sprintf(`details:has(%s) > summary`, form))
	k.b.Keys(" ")
	k.b.Settles(fmt.Sprintf(`document.querySelector(%q).closest('details').open`, form), "the box does not open")
}

// write goes to the inputs by name and types.
func (k keyboard) write(form string, fields ...string) {
	k.t.Helper()
	for i := 0; i+1 < len(fields); i += 2 {
		k.b.TabTo(fmt.Sprintf("%s [name=%q]", form, fields[i]))
		k.b.Type(fields[i+1])
	}
}

// date types today into a date input, in the order that the browser's language has.
func (k keyboard) date(selector string) {
	k.t.Helper()
	k.b.TabTo(selector)
	today := time.Now()
	for _, order := range []string{"02012006", "01022006"} {
		k.b.Keys(today.Format(order))
		if k.b.Eval(`document.activeElement.value`) == today.Format(time.DateOnly) {
			return
		}
		k.b.Keys(kb.ArrowLeft + kb.ArrowLeft)
	}
	k.t.Errorf("%s: got %q from the keyboard, want today", selector, k.b.Eval(`document.activeElement.value`))
}

func (k keyboard) employee(link string) {
	k.visit(link)
	k.b.TabTo("main a.btn-primary")
	k.b.Enter()
	k.b.TabTo("[name=card]")
	k.b.Type("ABCDE-00000")
	k.b.Enter()
	k.faults("[name=card]")
	k.b.Look("carta-rifiutata")
	k.b.TabTo("[data-card-make]")
	k.b.Keys(" ")
	k.b.Settles(`document.querySelector('[name=card]').value.includes('·')`, "no card was made")
	k.b.TabTo("form .buttons .btn-primary")
	k.b.Enter()
	const questions = `[...new Set([...document.querySelectorAll('.question input, .question textarea')].map(i => i.name))].join(' ')`
	for n := 1; strings.HasPrefix(k.b.Path(), "/q/parte/"); n++ {
		for _, name := range strings.Fields(k.b.Eval(questions)) {
			k.answer(name)
		}
		k.b.Settles(`document.querySelector('#stato')?.dataset.state === 'saved'`, "the answers are not saved as they are given")
		if n == 2 {
			k.b.Look("parte")
		}
		k.b.TabTo("form .buttons-survey .btn-primary")
		k.b.Enter()
		if n > 40 {
			k.t.Fatal("the questionnaire does not end")
		}
	}
	k.b.TabTo(`form[action="/q/invia"] button[type=submit]`)
	k.b.Enter()
	k.b.Wants("Le Sue risposte sono arrivate")
}

// answer gives one answer: Space chooses the first of a group, an arrow the next.
func (k keyboard) answer(name string) {
	k.t.Helper()
	k.b.TabTo(fmt.Sprintf("[name=%q]", name))
	if k.b.On("textarea") {
		k.b.Keys("Nulla da aggiungere")
		return
	}
	k.b.Keys(" ")
	if k.b.On("[type=radio]") {
		k.b.Keys(kb.ArrowDown)
	}
	if !k.b.On(":checked") {
		k.t.Errorf("%s: the keyboard chooses nothing", name)
	}
}

func (k keyboard) signIn(email string) {
	k.visit("/accedi")
	for _, password := range []string{"sbagliata", loopPassword} {
		k.b.Go("/accedi")
		k.write("form", "email", email, "password", password)
		k.b.Enter()
		if password != loopPassword && !k.b.On("[data-error-summary]") {
			k.t.Error("signing in: after a refusal the focus is not on the summary of errors")
		}
	}
	k.b.Wants("I sette passi")
}

// rate answers the last indicator with a digit and closes the assessment.
func (k keyboard) rate(assessment string) {
	k.visit(assessment + "/M-PIA-01")
	k.b.TabTo("[name=livello]")
	k.b.Keys(" ")
	k.b.Keys("3")
	if !k.b.On(`[value="3"]:checked`) {
		k.t.Error("the digit 3 does not choose level 3")
	}
	k.b.Keys(kb.ArrowUp)
	if !k.b.On(`[value="2"]:checked`) {
		k.t.Error("the arrow does not choose level 2")
	}
	k.b.TabTo("button[name=azione][value=salva]")
	k.b.Enter()
	k.b.Wants("Dichiarato 2")
	k.b.Look("indicatore")
	k.b.Go(assessment + "/chiusura")
	const form = `form[action$="/chiusura"]`
	k.unfold(form)
	k.write(form, "atto_tipo", "Delibera di Giunta", "atto_numero", "12/2026")
	k.date(form + ` [name="atto_data"]`)
	k.b.TabTo(form + " button[type=submit]")
	k.b.Look("chiusura")
	k.b.Enter()
	k.b.Wants("Valutazione chiusa")
}

// approve frames, proposes and approves the plan.
func (k keyboard) approve(plan string) {
	k.b.Go(plan + "/limiti")
	years := strings.Fields(k.b.Eval(`[...document.querySelectorAll('[name^=budget_]')].map(e => e.name).join(' ')`))
	for _, year := range years {
		k.write("form[method=post]", year, "10000")
	}
	k.write("form[method=post]", "days", "30")
	k.b.TabTo("form[method=post] .btn-lg")
	k.b.Enter()
	k.b.Wants("Ecco la proposta")
	const propose, approve = `form[action$="/piano/proponi"]`, `form[action$="/piano/approva"]`
	k.b.Go(plan)
	k.unfold(propose)
	k.b.TabTo(propose + " button[type=submit]")
	k.b.Enter()
	k.b.Go(plan)
	k.unfold(approve)
	k.write(approve, "act_type", "Delibera di Giunta", "act_number", "77")
	k.date(approve + ` [name="act_date"]`)
	k.write(approve, "act_by", "Giunta comunale")
	k.b.Look("approvazione")
	k.b.TabTo(approve + " button[type=submit]")
	k.b.Enter()
	k.b.Wants("Delibera di Giunta n. 77")
	k.b.Look("approvato")
}
