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
// measurement and its documents: administrator, RTD and one employee in Chromium,
// the other employees over HTTP.
type loop struct {
	t     *testing.T
	site  site
	b     *browsertest.Browser // the administrator's, then the RTD's
	h     walker               // the RTD's other window
	ente  string               // /enti/…
	cards []string             // pairing cards that employees keep
	index map[string]string    // evidenced index by wave, as the page printed it
	moved string               // the staff's change in the first area, as the page printed it
}

// TestLoopOfARealComune walks the seven steps with the mouse, once without and
// once with JavaScript.
func TestLoopOfARealComune(t *testing.T) {
	for _, scripts := range []bool{false, true} {
		name := map[bool]string{false: "loop", true: "loop-js"}[scripts]
		t.Run(name, func(t *testing.T) {
			l := &loop{t: t, site: newSite(t, storagetest.URL(t, storage.SQLite)), index: map[string]string{}}
			l.b = browsertest.Open(t, l.site.base, name, scripts)
			l.setUp()
			l.signIn()
			l.staffList()
			l.survey("exante", 0)
			l.assess("exante", 1)
			l.results("exante")
			project := l.plan()
			l.track(project)
			l.survey("expost", 1)
			l.assess("expost", 2)
			l.results("expost")
			l.change()
			l.documents()
			l.b.Complaints()
		})
	}
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
	l.b.Go("/avvio")
	for _, given := range []string{"sbagliato", code} {
		for name, value := range map[string]string{"code": given, "name": "Ada", "email": "ada@prova.example", "password": loopPassword, "again": loopPassword} {
			l.b.Fill(name, value)
		}
		l.b.Submit("/avvio")
		if given != code {
			l.b.Wants("Il codice di avvio non è corretto", "Ciò che ha scritto è rimasto nella pagina.")
			l.b.Look("avvio-codice-sbagliato")
		}
	}
	l.b.Look("amministratrice")
	if registry, whole := registryFile(l.t); whole {
		l.b.Go("/sistema/registro")
		for _, button := range []string{"Prova senza scrivere", "Importa"} {
			l.b.Upload(`form[action$="/registro/comuni"] input[type=file]`, registry)
			l.b.PressAt(fmt.Sprintf(`form[action$="/registro/comuni"] button%s`, map[bool]string{true: "[name=prova]", false: ":not([name])"}[button != "Importa"]))
			l.b.Wants(map[bool]string{true: "Prova riuscita", false: "Importate"}[button != "Importa"])
		}
		l.b.Look("registro")
	}
	l.b.Go("/programmi/nuovo")
	l.b.Fill("nome", "Programma di prova")
	l.b.Submit("/programmi/nuovo")
	l.b.Wants("Programma di prova")
	l.newEnte()
	l.choosePassword()
}

// newEnte searches Suvereto, adds it to the programme and names its RTD.
func (l *loop) newEnte() {
	l.b.Go("/enti/nuovo")
	l.b.Fill("q", "Suveret")
	l.b.Pick("programma", l.b.Eval(`document.querySelector("select[name=programma]").lastElementChild.value`))
	l.b.Press("Cerca")
	l.b.Wants("Suvereto", "Livorno")
	l.b.Look("nuovo-ente")
	l.b.PressContaining("Aggiungi questo Comune")
	if l.ente = regexp.MustCompile(`/enti/[a-z0-9]{26}`).FindString(l.b.Path()); l.ente == "" {
		l.t.Fatalf("after adding the ente: at %s; the page says: %.800s", l.b.Path(), l.b.Text())
	}
	l.b.Go(l.ente + "/impostazioni/persone")
	l.b.Fill("email", rtdAddress)
	l.b.Fill("nome", "Rita Tosi")
	l.b.Pick("ruolo", "rtd")
	l.b.Submit("/impostazioni/persone")
	l.b.Wants("Rita Tosi")
	l.b.Look("persone")
	l.b.PressAt(`form[action="/esci"] button`)
	l.b.Wants("Accedi")
}

// registryFile is the register of all Comuni where the shared data stand. Without
// it an installation knows the nine reference Comuni from the start.
func registryFile(t *testing.T) (file string, whole bool) {
	t.Helper()
	file = filepath.Join(root(t), "..", "shared", "data", "comuni", "comuni.csv")
	content, err := os.ReadFile(file)
	if err != nil {
		return "", false
	}
	rows, err := csv.NewReader(bytes.NewReader(content)).ReadAll()
	if err != nil || len(rows) < 7000 {
		t.Fatalf("the register has %d rows, %v", len(rows), err)
	}
	return file, true
}

// choosePassword follows the link of the RTD's invitation.
func (l *loop) choosePassword() {
	due, err := l.site.Store.DueMail(l.t.Context(), time.Now().Add(time.Hour), 10)
	if err != nil || len(due) != 1 {
		l.t.Fatalf("mails to the RTD: got %d, %v, want 1", len(due), err)
	}
	link := regexp.MustCompile(`/password/scegli/\S+`).FindString(due[0].Text)
	l.b.Go(link)
	for _, password := range []string{"corta", loopPassword} {
		l.b.Fill("password", password)
		l.b.Fill("again", password)
		l.b.PressAt("main form button[type=submit]")
		if password == "corta" {
			l.b.Look("password-corta")
		}
	}
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
	l.h = l.visit()
	l.h.Open("/accedi")
	l.h.Send("/accedi", "email", rtdAddress, "password", loopPassword)
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
