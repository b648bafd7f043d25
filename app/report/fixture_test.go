package report_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"traguardo/app/i18n"
	"traguardo/app/report"
	"traguardo/app/report/figure"
	"traguardo/plans"
)

const (
	shortEnte = "Comune di Valleverde sul Tronco"
	longEnte  = "Unione dei Comuni Montani dell'Alta Valle del Fiume Sereno, di Borgo San Lorenzo in Collina e di Castelvecchio " +
		"di Sopra e di Sotto con Frazioni Riunite"
	fullHash = "9f2c1d7a54e0b3c8866f5d1a0be94c72d3518f6a7e20c4b91d8830af5c6e7b12"
)

func day(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

func reports(t testing.TB) *report.Reports {
	t.Helper()
	c, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	r, err := report.New(c, 32<<20)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func meta(ente string) report.Meta {
	return report.Meta{Ente: ente, Fictitious: true, Classification: "Uso interno", Version: "1", DataHash: fullHash,
		FormulaVersion: "MAT-STAFF 1.0", Edition: "2024-2026 agg. 2026", GeneratedOn: day(2026, 11, 20)}
}

func num(n int) *int { return &n }

func share(f float64) *float64 { return &f }

// areaNames returns the five areas with their numbers of indicators.
func areaNames() ([]string, []int) {
	return []string{"Piattaforme abilitanti", "Sicurezza informatica", "Comunicazione e promozione dei servizi digitali",
		"Gestione documentale", "Governo e organizzazione"}, []int{8, 9, 7, 8, 8}
}

func indicatorNames() []string {
	return []string{"Identità digitale nei servizi online", "Incassi con pagoPA", "Messaggi e servizi su IO",
		"Notifiche digitali con SEND", "Dati anagrafici verificati d'ufficio", "Scambio di dati con la PDND",
		"Servizi online completi", "Applicativi e infrastruttura in cloud", "Piano di continuità e copie di sicurezza provate"}
}

// assessment is a full assessment of 40 indicators with every state.
func assessment(ente string) report.AssessmentData {
	d := report.AssessmentData{Meta: meta(ente), WaveName: "ex-ante", ClosedOn: day(2026, 11, 18), Act: "Determina n. 41"}
	d.Overall = report.OverallScore{Evidenced: figure.Of(47.2), Declared: figure.Of(61.8), Label: "Definito",
		Sensitivity: figure.Between(44.9, 49.6), Weakest: "Sicurezza informatica", Coverage: share(0.62)}
	names, counts := areaNames()
	for i, n := range names {
		a := report.AreaScore{Name: n, Aside: i == 4, Evidenced: figure.Of(38 + float64(i)*7.3), Declared: figure.Of(55 + float64(i)*5.1),
			Label: []string{"Iniziale", "Definito", "Definito", "Consolidato", "Consolidato"}[i], Coverage: share(0.4 + float64(i)*0.1),
			Answered: counts[i] - 1, Applicable: counts[i], Interval: figure.Between(34+float64(i)*7, 48+float64(i)*7)}
		switch i {
		case 1:
			a.HeldBy = []string{"Governo della sicurezza", "Misure minime di sicurezza ICT"}
		case 2:
			a.Evidenced, a.Declared = figure.Value{State: figure.IntervalOnly}, figure.Value{State: figure.IntervalOnly}
			a.Label, a.Coverage = "", nil
			a.Interval = figure.Between(21, 70)
		}
		for k := range counts[i] {
			name := indicatorNames()[k]
			row := report.IndicatorRow{Code: fmt.Sprintf("M-%s-%02d", []string{"PIA", "SIC", "COM", "DOC", "GOV"}[i], k+1),
				Name: name, Area: n, Declared: num(k % 5), Evidenced: num(min(k%5, 3)), Gate: k < 2,
				Evidence: fmt.Sprintf("E1 Delibera di Giunta n. %d del 03/02/2026; E3 pagina pubblica del 11/09/2026", 12+k)}
			c := report.Contribution{Name: name, Level: figure.Of(float64(min(k%5, 3))), Most: 100 / float64(counts[i]),
				Points: 25 * float64(min(k%5, 3)) / float64(counts[i]), Gate: k < 2}
			switch k {
			case 5:
				row.Declared, row.Evidenced, row.Evidence = nil, nil, ""
				c.Level = figure.Value{State: figure.NotAssessed}
			case 6:
				row.NA, row.NAReason = true, "servizio svolto dall'Unione dei Comuni"
				c.Level = figure.Value{State: figure.NotApplicable}
			case 3:
				row.Renew = true
			}
			d.Indicators = append(d.Indicators, row)
			a.Contributions = append(a.Contributions, c)
		}
		d.Areas = append(d.Areas, a)
	}
	for i, p := range []string{"Nominare il referente per la sicurezza", "Provare il ripristino delle copie", "Attivare i pagamenti mancanti su pagoPA",
		"Aggiornare il manuale di gestione documentale", "Pubblicare la dichiarazione di accessibilità", "Portare le notifiche su SEND"} {
		d.Priorities = append(d.Priorities, report.Priority{Title: p,
			Reason: fmt.Sprintf("Indicatore soglia al livello %d: senza questo passo l'etichetta dell'area non può salire.", i%2)})
	}
	d.Staff = report.StaffResult{Done: true, Eligible: 27, Responses: 19, Areas: []report.StaffArea{
		{Name: names[0], N: 19, Mean: figure.Of(44.1), Interval: figure.Between(37.2, 51)},
		{Name: names[1], N: 18, Mean: figure.Of(35.5), Interval: figure.Between(28, 43.1)},
		{Name: names[2], Mean: figure.Value{State: figure.Suppressed}},
		{Name: names[3], N: 19, Mean: figure.Of(58.9), Interval: figure.Between(51, 66.3)}}}
	return d
}

// plan is a plan of n projects with its progress.
func plan(ente string, n int) report.PlanData {
	d := report.PlanData{Meta: meta(ente), Act: "Delibera di Giunta n. 88", ActDate: day(2026, 11, 30),
		Lines: report.LineCounts{Done: 11, Running: 9, Planned: 23, Open: 22, NotApplicable: 4}}
	names, _ := areaNames()
	states := []struct {
		s figure.TaskState
		n string
	}{{figure.TaskDone, "concluso"}, {figure.TaskRunning, "in corso"}, {figure.TaskLate, "in ritardo"}, {figure.TaskPlanned, "da avviare"},
		{figure.TaskSuspended, "sospeso"}, {figure.TaskCanceled, "annullato"}}
	for i := range n {
		from := plans.Quarter{Year: 2026, N: 4}.Add(i * 9 / max(n, 1))
		st := states[i%len(states)]
		d.Projects = append(d.Projects, report.PlanProject{Code: fmt.Sprintf("P%02d", i+1),
			Title: indicatorNames()[i%9] + []string{"", " per tutti gli uffici", ": completamento e formazione"}[i%3],
			Area:  names[i*5/max(n, 1)], From: from, To: from.Add(i % 3), Cost: int64(150000 + i*37500), Spent: int64(i%4) * 60000,
			Days: float64(6 + i%9), Lines: []string{"CAP4.PA.01", "CAP7.PA.11"}[:1+i%2], State: st.s, StateName: st.n,
			Progress: []float64{1, 0.4, 0.7, 0, 0.3, 0.1}[i%6], Owner: "Servizi demografici",
			Reasons: []string{"Porta l'indicatore «" + indicatorNames()[i%9] + "» dal livello 1 al livello 3.",
				"Chiude una linea del Piano triennale con scadenza nel 2026."}})
	}
	for i := range min(n, 5) {
		d.LeftOut = append(d.LeftOut, report.LeftOut{Title: "Nuovo sito istituzionale, lotto " + fmt.Sprint(i+1), Cost: 1800000, Days: 30,
			Reason: "Costa 4.000\u00a0€ oltre il residuo 2027; entrerebbe togliendo «Notifiche digitali con SEND»."})
		d.Deadlines = append(d.Deadlines, report.Deadline{Date: day(2026, 12, 31).AddDate(0, i*3, 0), Code: "CAP4.PA.0" + fmt.Sprint(i+1),
			Text: "integrare i pagamenti con pagoPA per tutti i servizi", State: "in corso"})
	}
	if n > 0 {
		d.Budget = []report.BudgetYear{{Year: 2026, Planned: 400000, Limit: 500000, Spent: 150000},
			{Year: 2027, Planned: 1850000, Limit: 1500000, Spent: -1}, {Year: 2028, Planned: 900000, Limit: -1, Spent: -1}}
	}
	return d
}

// impact is a comparison of two waves.
func impact(ente string) report.ImpactData {
	d := report.ImpactData{Meta: meta(ente), BeforeOn: day(2026, 3, 2), AfterOn: day(2026, 11, 18), ExpectRegression: true}
	names, counts := areaNames()
	p := 0.004
	for i, n := range names {
		d.Areas = append(d.Areas, report.AreaChange{Name: n, EvidencedBefore: figure.Of(31 + float64(i)*4), EvidencedAfter: figure.Of(45 + float64(i)*2.5),
			DeclaredBefore: figure.Of(50), DeclaredAfter: figure.Of(52 + float64(i))})
		d.Acted = append(d.Acted, report.ActedArea{Name: n, Projects: (i * 2) % 5, Change: figure.Of(14 - float64(i)*1.5)})
		for k := range counts[i] {
			d.Indicators = append(d.Indicators, report.IndicatorChange{Code: fmt.Sprintf("M-%d-%02d", i, k+1), Name: indicatorNames()[k], Area: n,
				DeclaredBefore: num(1), DeclaredAfter: num(3), EvidencedBefore: num(1), EvidencedAfter: num(k % 4), Kind: report.ChangeKind(k % 8)})
		}
	}
	sup := figure.Value{State: figure.Suppressed}
	d.Staff = report.StaffChange{Done: true, Joined: 6, Left: 7, ShowMovers: true, OverclaimDiffer: true, Areas: []report.PairedChange{
		{Name: names[0], Before: figure.Of(41), After: figure.Of(50.2), Change: figure.Of(9.2), Interval: figure.Between(3.1, 15.5), Pairs: 14, P: &p},
		{Name: names[1], Before: figure.Of(38), After: figure.Of(37.1), Change: figure.Of(-0.9), Interval: figure.Between(-6, 4.4), Pairs: 14},
		{Name: names[2], Before: sup, After: sup, Change: sup},
		{Name: names[3], Before: sup, After: sup, Change: figure.Of(4), Interval: figure.Between(-2, 10), Pairs: 9}}}
	return d
}

// document is a case of the tests: a name and the document.
type document struct {
	name string
	doc  report.Document
}

// documents returns every kind, full, empty, with extreme names, in both languages.
func documents(r *report.Reports) []document {
	empty := report.AssessmentData{Meta: meta("Comune di Prato Basso"), WaveName: "ex-ante"}
	empty.Overall = report.OverallScore{Evidenced: figure.Value{State: figure.NotAssessed}, Declared: figure.Value{State: figure.NotAssessed}}
	empty.Staff = report.StaffResult{Done: true, Small: true, Eligible: 6, Responses: 4}
	long := plan(longEnte, 40)
	for i := range long.Projects {
		long.Projects[i].Title = strings.Repeat("Riorganizzazione-del-protocollo-informatico ", 4) + long.Projects[i].Title
	}
	long.Projects[3].Reasons = []string{strings.Repeat("Questo motivo è lungo apposta per riempire più di una pagina. ", 150)}
	return []document{
		{"assessment", r.Assessment("it", assessment(shortEnte))},
		{"assessment-en", r.Assessment("en", assessment(shortEnte))},
		{"assessment-empty", r.Assessment("it", empty)},
		{"plan", r.Plan("it", plan(shortEnte, 18))},
		{"plan-empty", r.Plan("it", plan("Comune di Prato Basso", 0))},
		{"plan-long", r.Plan("it", long)},
		{"plan-en", r.Plan("en", plan(shortEnte, 7))},
		{"impact", r.Impact("it", impact(shortEnte))},
		{"impact-empty", r.Impact("it", report.ImpactData{Meta: meta(longEnte), BeforeOn: day(2026, 3, 2), AfterOn: day(2026, 11, 18)})},
	}
}
