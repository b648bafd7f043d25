package app_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"traguardo/app/browsertest"
	"traguardo/app/storage"
	"traguardo/app/storage/storagetest"
)

const (
	loopPassword = "quattro sassi lungo il fiume"
	rtdAddress   = "rtd@suvereto.example"
	employees    = 12
	respondents  = 10
)

// loop is one real Comune on its way from an empty installation to the second
// measurement: the RTD in Chromium without JavaScript, everybody else over HTTP.
type loop struct {
	t     *testing.T
	site  site
	b     *browsertest.Browser // the RTD's
	h     walker               // the RTD's other window
	ente  string               // /enti/…
	cards []string             // pairing cards that employees keep
}

func TestLoopOfARealComune(t *testing.T) {
	l := &loop{t: t, site: newSite(t, storagetest.URL(t, storage.SQLite))}
	l.setUp()
	l.b = browsertest.Open(t, l.site.base, "loop", false)
	l.signIn()
	l.staffList()
	l.survey("exante", 0)
	l.assess("exante", 1)
	l.results("exante")
	project := l.plan()
	l.track(project)
	l.survey("expost", 1)
	l.assess("expost", 2)
	l.change()
	l.b.Complaints()
}

// visit starts another visitor.
func (l *loop) visit() walker { return walker{t: l.t, visitor: newVisitor(l.site.base)} }

// today is the day in Europe/Rome, days from now.
func (l *loop) today(days int) string {
	return l.site.Service.Today().AddDate(0, 0, days).Format(time.DateOnly)
}

// setUp walks from nothing to an ente with an RTD who has a password.
func (l *loop) setUp() {
	code, err := l.site.Service.NewSetupCode(l.t.Context())
	if err != nil {
		l.t.Fatal(err)
	}
	a := l.visit()
	a.Open("/avvio")
	a.Refused(422, "/avvio", "code", "sbagliato", "name", "Ada", "email", "ada@prova.example", "password", loopPassword, "again", loopPassword)
	a.Send("/avvio", "code", code, "name", "Ada", "email", "ada@prova.example", "password", loopPassword, "again", loopPassword)
	registry, whole := registryFile(l.t)
	if whole {
		a.Open("/sistema/registro")
		a.files = map[string][]byte{"comuni": registry}
		a.Send("/sistema/registro/comuni", "prova", "1")
		a.files = map[string][]byte{"comuni": registry}
		a.Send("/sistema/registro/comuni")
	}
	a.Open("/programmi/nuovo")
	a.Send("/programmi/nuovo", "nome", "prova")
	a.Says("prova")
	a.Open("/enti/nuovo?q=Suvereto")
	a.Says("Suvereto", "Livorno")
	programme := ""
	if link := a.hrefs("programma="); len(link) > 0 {
		programme = link[0]
		a.Open(programme)
	}
	a.Send("/enti/nuovo")
	m := regexp.MustCompile(`/enti/[a-z0-9]{26}`).FindString(a.path)
	if m == "" {
		l.t.Fatalf("after adding the ente: at %s; the page says: %.800s", a.path, a.text())
	}
	l.ente = m
	a.Open(l.ente + "/impostazioni/persone")
	a.Send("/impostazioni/persone", "email", rtdAddress, "nome", "Rita Tosi", "ruolo", "rtd")
	a.Says("Rita Tosi")
	l.choosePassword()
}

// registryFile is the register of all Comuni where the shared data stand. Without
// it an installation knows the nine reference Comuni from the start.
func registryFile(t *testing.T) ([]byte, bool) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(root(t), "..", "shared", "data", "comuni", "comuni.csv"))
	if err != nil {
		return nil, false
	}
	rows, err := csv.NewReader(bytes.NewReader(content)).ReadAll()
	if err != nil || len(rows) < 7000 {
		t.Fatalf("the register has %d rows, %v", len(rows), err)
	}
	return content, true
}

// choosePassword follows the link of the RTD's invitation.
func (l *loop) choosePassword() {
	due, err := l.site.Store.DueMail(l.t.Context(), time.Now().Add(time.Hour), 10)
	if err != nil || len(due) != 1 {
		l.t.Fatalf("mails to the RTD: got %d, %v, want 1", len(due), err)
	}
	link := regexp.MustCompile(`/password/scegli/\S+`).FindString(due[0].Text)
	l.h = l.visit()
	l.h.Open(link)
	_, suffix, _ := strings.Cut(link, "/password")
	l.h.Refused(422, suffix, "password", "corta", "again", "corta")
	l.h.Send(suffix, "password", loopPassword, "again", loopPassword)
	if err := l.site.Store.MailSent(l.t.Context(), due[0].ID, time.Now()); err != nil {
		l.t.Fatal(err)
	}
}

func (l *loop) signIn() {
	l.b.Go("/accedi")
	l.b.Fill("email", rtdAddress)
	l.b.Fill("password", loopPassword)
	l.b.Submit("/accedi")
	l.b.Go(l.ente)
	l.b.Wants("Manca l'elenco del personale")
	l.b.Look("percorso")
	if l.h.form("/accedi") == nil {
		l.h.Open("/accedi")
	}
	if l.h.form("/accedi") != nil {
		l.h.Send("/accedi", "email", rtdAddress, "password", loopPassword)
	}
}

// staffList pastes twelve employees; a bad row is named and nothing is written.
func (l *loop) staffList() {
	l.b.Go(l.ente + "/impostazioni/uffici")
	l.b.Fill("nome", "Affari generali")
	l.b.Submit("/impostazioni/uffici")
	l.b.Wants("Affari generali")
	l.b.Look("uffici")
	var list strings.Builder
	list.WriteString("indirizzo;ufficio;famiglia\n")
	for i := range employees {
		fmt.Fprintf(&list, "persona%02d@suvereto.example;%s;%s\n", i, []string{"Affari generali", "Ufficio tecnico"}[i%2], []string{"operatore", "funzionario"}[i/2%2])
	}
	page := l.ente + "/impostazioni/personale/elenco"
	l.b.Go(page)
	l.b.Fill("testo", strings.Replace(list.String(), "persona03@", "persona03", 1))
	l.b.Submit("/personale/elenco")
	l.b.Wants("indirizzo non valido", "persona03suvereto.example")
	l.b.Look("elenco-difetti")
	l.b.Fill("testo", list.String())
	l.b.Submit("/personale/elenco")
	l.b.Wants("Ufficio tecnico", strconv.Itoa(employees))
	l.b.Look("elenco-anteprima")
	l.b.Submit("/elenco/conferma")
	l.b.Wants("persona11@suvereto.example")
}

// survey makes a wave, opens it now, lets ten of twelve answer, and closes it.
func (l *loop) survey(wave string, lift int) {
	l.b.Go(l.ente + "/rilevazioni/nuova")
	if strings.Contains(l.b.Eval(`String(document.querySelector('[name=wave]') !== null)`), "true") {
		l.b.Pick("wave", wave)
	}
	for name, value := range map[string]string{"opens_day": l.today(0), "opens_hour": "00:00", "closes_day": l.today(10), "closes_hour": "18:00",
		"informativa": "Serve a programmare la formazione.\nTitolare: Comune di Suvereto.", "opinion": "Parere del RPD n. 1", "unions": "Nota n. 2"} {
		l.b.Fill(name, value)
	}
	l.b.Submit("/rilevazioni/nuova")
	path, _, _ := strings.Cut(l.b.Path(), "?")
	if l.b.Eval(`String(document.querySelector('form[action$="/apri"] [name=keys]') !== null)`) == "true" {
		l.b.Pick("keys", "checked")
	}
	l.b.Look(wave + "-rilevazione")
	l.b.Submit("/apri")
	l.b.Go(path + "/lettere")
	l.b.Look(wave + "-lettere")
	l.h.Open(path + "/lettere")
	links := regexp.MustCompile(`/q/[a-z0-9]{26}`).FindAllString(l.h.text(), -1)
	if len(links) != employees {
		l.t.Fatalf("letters: got %d links, want %d", len(links), employees)
	}
	first := len(l.cards) == 0
	if first {
		l.cards = make([]string, respondents)
	}
	l.employeeInBrowser(wave, links[0])
	for i := 1; i < respondents; i++ {
		card := l.cards[i]
		if first {
			card = newCard
		}
		v := newVisitor(l.site.base)
		if err := v.answer(links[i], card, i%4+lift, 0); err != nil {
			l.t.Fatalf("employee %d in %s: %v", i, wave, err)
		}
		l.cards[i] = v.card
	}
	l.b.Go(path)
	l.b.Look(wave + "-aperta")
	l.b.Submit("/chiudi")
	l.b.Wants("Chiusa")
}

// employeeInBrowser answers page by page in Chromium, with a card.
func (l *loop) employeeInBrowser(wave, link string) {
	l.b.Go(link)
	l.b.Look(wave + "-informativa")
	l.b.Go("/q/carta")
	if l.cards[0] == "" {
		l.cards[0] = l.b.Eval(`document.querySelector('noscript .personal-code').textContent`)
	}
	l.b.Fill("card", l.cards[0])
	l.b.Look(wave + "-carta")
	l.b.Submit("/q/carta")
	for n := 1; strings.HasPrefix(l.b.Path(), "/q/parte/"); n++ {
		l.b.Eval(`[...document.querySelectorAll('fieldset.question')].map(f => [...f.querySelectorAll('input')].filter(i => i.value !== '')[1]).map(i => i && i.click()).length + ''`)
		if n <= 2 {
			l.b.Look(wave + "-parte-" + strconv.Itoa(n))
		}
		path, _, _ := strings.Cut(l.b.Path(), "?")
		l.b.Submit(strings.TrimPrefix(path, "/q"))
		if n > 40 {
			l.t.Fatal("the questionnaire does not end")
		}
	}
	l.b.Look(wave + "-rivedi")
	l.b.Submit("/q/invia")
	l.b.Wants("Le Sue risposte sono arrivate")
	l.b.Look(wave + "-grazie")
}
