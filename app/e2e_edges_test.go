package app_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"traguardo/app/auth"
	"traguardo/app/browsertest"
	"traguardo/app/service"
	"traguardo/app/storage"
	"traguardo/app/storage/storagetest"
	"traguardo/surveys"
	"traguardo/surveys/comune"
	"traguardo/surveys/instruments"
)

// edge is a Comune whose staff answers as no forecast expects, and what its pages
// and documents say of it.
type edge struct {
	name     string
	staff    int
	answers  int
	pick     func(person, wave int) int // choice of each question; wave is 0, then 1
	alike    bool                       // everyone means the same choice, in whatever order it is offered
	leave    string                     // item that the first person leaves out
	overview []string                   // of the results; "!" in front: not said
	change   []string
	pdf      []string // of assessment and impact alike
	report   []string // of the assessment
	measured bool     // figures of the staff are shown
}

func edges() []edge {
	around := func(person, wave int) int { return (person + wave*(person%3)) % 4 }
	none := []string{"!risposte valide su", "!(n ", "!Competenza del personale per area"}
	return []edge{
		{name: "Nessuna Risposta", staff: 12, pick: around, overview: append(none, "12 aventi diritto", "Dati insufficienti: meno di 5 risposte valide"),
			change: []string{"dati insufficienti per un confronto", "!coppie di risposte ("}, pdf: []string{"insufficienti"}, report: []string{"meno della soglia di riservatezza"}},
		{name: "Quattro Risposte", staff: 12, answers: 4, pick: around, overview: append(none, "12 aventi diritto", "Dati insufficienti: meno di 5 risposte valide"),
			change: []string{"dati insufficienti per un confronto", "!coppie di risposte ("}, pdf: []string{"insufficienti"}, report: []string{"meno della soglia di riservatezza"}},
		{name: "Sei Dipendenti", staff: 6, answers: 5, pick: around, overview: append(none, "6 aventi diritto", "con meno di dieci aventi diritto dalle risposte non esce nessun numero del Comune", "!meno di 5 risposte"),
			change: []string{"il Comune non ha un risultato proprio del personale", "!coppie di risposte ("}, pdf: []string{"insufficienti"},
			report: []string{"Il personale che può rispondere è di meno di dieci persone"}},
		{name: "Tutti Uguali", staff: 12, answers: 12, alike: true, pick: func(int, int) int { return 2 },
			overview: []string{"12 risposte valide su 12 aventi diritto (100", "dati insufficienti", "la cifra direbbe troppo di poche persone", "!(n 12)"},
			change:   []string{"dati insufficienti"}, pdf: []string{"insufficienti"}},
		{name: "Una In Meno", staff: 12, answers: 12, pick: around, leave: "A-PIA-01", measured: true, overview: []string{"12 risposte valide su 12 aventi diritto (100", "(n 12)"},
			change: []string{"12 coppie di risposte"}, pdf: []string{"Una In Meno"}},
	}
}

// TestPagesOfOddStaffs shows every page and PDF of the staff's part where nobody
// answered, too few did, all said the same, or one answer is missing.
func TestPagesOfOddStaffs(t *testing.T) {
	s := newSite(t, storagetest.URL(t, storage.SQLite))
	b := browsertest.Open(t, s.base, "edges", true)
	var enti []string
	for _, e := range edges() {
		o := newOddStaff(t, s, e)
		enti = append(enti, o.path)
		o.wave(surveys.ExAnte)
		o.wave(surveys.ExPost)
		o.signIn(b)
		o.pages(b, enti[0])
	}
	b.Complaints()
}

// oddStaff is one edge at work.
type oddStaff struct {
	edge
	t     *testing.T
	site  site
	id    surveys.ID
	path  string // /enti/…
	rtd   auth.Actor
	cards []string
}

func newOddStaff(t *testing.T, s site, e edge) *oddStaff {
	t.Helper()
	o := &oddStaff{edge: e, t: t, site: s, id: testID(t, e.name), cards: make([]string, e.answers)}
	o.path = "/enti/" + o.id.String()
	now := time.Now().Truncate(time.Second)
	o.must(s.Store.AddEnte(t.Context(), comune.Ente{ID: o.id, Name: e.name, Population: 2400, Fictitious: true, PTIEdition: "2024-2026-agg-2026",
		Region: "Toscana", Province: "Siena", ProvinceSigla: "SI", Threshold: 5}, now))
	var staff []storage.StaffMember
	for i := range e.staff {
		mail := fmt.Sprintf("persona%02d@%s.example", i, strings.ReplaceAll(strings.ToLower(e.name), " ", "-"))
		staff = append(staff, storage.StaffMember{ID: testID(t, mail), EnteID: o.id, Email: mail, EmailFolded: mail, JoinedOn: now.AddDate(-1, 0, 0)})
	}
	o.must(s.Store.AddStaff(t.Context(), staff...))
	o.rtd = newRTD(t, s, o.id)
	return o
}

func (o *oddStaff) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatalf("%s: %v", o.name, err)
	}
}

// newRTD makes the RTD of an ente, with loopPassword.
func newRTD(t *testing.T, s site, ente surveys.ID) auth.Actor {
	t.Helper()
	email := "rtd." + ente.String() + "@prova.example"
	if err := s.Service.AddPerson(t.Context(), auth.SystemActor(), ente, service.PersonInput{Email: email, Name: "Rita Tosi", Role: auth.RTD}); err != nil {
		t.Fatal(err)
	}
	due, err := s.Store.DueMail(t.Context(), time.Now().Add(time.Hour), 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range due {
		if link := regexp.MustCompile(`/password/scegli/(\S+)`).FindStringSubmatch(m.Text); link != nil && strings.Contains(m.Recipient, ente.String()) {
			if err := s.Service.ResetPassword(t.Context(), link[1], loopPassword); err != nil {
				t.Fatal(err)
			}
		}
	}
	u, err := s.Store.UserByEmail(t.Context(), email)
	if err != nil {
		t.Fatal(err)
	}
	return auth.Actor{UserID: u.ID, Name: u.Name, Email: u.Email, Lang: "it"}
}

// wave runs one wave from its opening to its end: the employees over HTTP, the
// assessment with an answer to all but one indicator.
func (o *oddStaff) wave(wave surveys.Wave) {
	o.t.Helper()
	ctx, now := o.t.Context(), time.Now()
	id, err := o.site.Service.CreateCampaign(ctx, o.rtd, o.id, service.CampaignForm{Wave: string(wave), OpensDay: now.Format(time.DateOnly), OpensHour: "00:00",
		ClosesDay: now.AddDate(0, 0, 10).Format(time.DateOnly), ClosesHour: "18:00", Short: true, Threshold: 5, Informativa: "Serve a programmare la formazione.",
		UnionsNotice: "Nota n. 2", Opinion: "Parere n. 1"})
	o.must(err)
	_, err = o.site.Service.OpenCampaign(ctx, o.rtd, o.id, id, service.Opening{AtOnce: true, Keys: service.KeysWithheld})
	o.must(err)
	_, letters, err := o.site.Service.Letters(ctx, o.rtd, o.id, id)
	o.must(err)
	for i := range o.answers {
		v := newVisitor(o.site.base)
		if v.alike = o.alike; i == 0 {
			v.leave = o.leave
		}
		card := o.cards[i]
		if card == "" {
			card = newCard
		}
		o.must(v.answer(letters[i].Link[strings.Index(letters[i].Link, "/q/"):], card, o.pick(i, map[surveys.Wave]int{surveys.ExPost: 1}[wave]), 0))
		o.cards[i] = v.card
	}
	o.must(o.site.Service.CloseCampaign(ctx, o.rtd, o.id, id))
	o.must(o.site.Service.OpenAssessment(ctx, o.rtd, o.id, wave, false))
	rateAll(o.t, o.site, o.rtd, o.id, wave, "M-DOC-03")
	o.must(o.site.Service.CloseAssessment(ctx, o.rtd, o.id, wave, storage.Act{Type: "Determina", Number: "44", Date: o.site.Service.Today()}))
}

// rateAll answers every indicator of an open assessment but those left out.
func rateAll(t *testing.T, s site, rtd auth.Actor, ente surveys.ID, wave surveys.Wave, left ...string) {
	t.Helper()
	mat, err := instruments.MAT()
	if err != nil {
		t.Fatal(err)
	}
	for i, it := range mat.Items() {
		if slices.Contains(left, it.Code) {
			continue
		}
		level := surveys.Level(1 + i%3)
		if err := s.Service.SaveRating(t.Context(), rtd, ente, wave, it.Code, service.RatingInput{Level: &level, Version: 1}); err != nil {
			t.Fatalf("%s: %v", it.Code, err)
		}
	}
}

func (o *oddStaff) signIn(b *browsertest.Browser) {
	b.Go("/accedi")
	if !strings.HasPrefix(b.Path(), "/accedi") {
		b.PressAt(`form[action="/esci"] button`)
	}
	b.Fill("email", o.rtd.Email)
	b.Fill("password", loopPassword)
	b.Submit("/accedi")
}

// staffFigure is a figure of the staff as pages and documents print it: a mean with
// its interval, or how many people stand behind one.
var staffFigure = regexp.MustCompile(`\(n \d+\)|\d+ risposte valide su|\d+ coppie di risposte \(|n = \d+`)

// pages looks at each page and document of the two waves. other is the first
// Comune of the test, of which this RTD sees nothing.
func (o *oddStaff) pages(b *browsertest.Browser, other string) {
	says := func(page string, texts ...string) {
		o.t.Helper()
		text := strings.Join(strings.Fields(b.Text()), " ")
		wantWords(o.t, o.name+" "+page, text, texts...)
		if leak := staffFigure.FindString(text); leak != "" && !o.measured && o.answers < o.staff {
			o.t.Errorf("%s %s: prints %q, want no figure of the staff", o.name, page, leak)
		}
		b.Look(strings.ReplaceAll(strings.ToLower(o.name), " ", "-") + "-" + page)
	}
	for _, wave := range []string{"exante", "expost"} {
		b.Go(o.path + "/risultati/" + wave)
		says(wave, append(o.overview, "Indice documentato")...)
	}
	b.Go(o.path + "/risultati/exante/aree/DOC")
	says("area", "non valutato", "M-DOC-03")
	b.Go(o.path + "/risultati/expost/variazione")
	says("variazione", o.change...)
	b.Go(o.path + "/rapporti/impatto")
	says("impatto", o.name)
	b.Go(o.path + "/rapporti")
	for form, words := range map[string][]string{"/valutazione/pdf": o.report, "/impatto/pdf": nil} {
		name, content := b.Download(fmt.Sprintf("form[action$=%q] button", form))
		text := pdfText(o.t, name, content)
		wantWords(o.t, o.name+" "+name, text, slices.Concat(words, o.pdf, []string{o.name, "dimostrativ"})...)
		if leak := staffFigure.FindString(text); leak != "" && !o.measured && o.answers < o.staff {
			o.t.Errorf("%s %s: prints %q, want no figure of the staff", o.name, name, leak)
		}
	}
	if other != o.path {
		b.Go(other + "/risultati/exante")
		wantWords(o.t, "another Comune's results", b.Text(), "!Indice documentato", "!aventi diritto")
	}
}
