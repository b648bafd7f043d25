package figure_test

import (
	"testing"

	"traguardo/app/i18n"
	"traguardo/app/report/figure"
	"traguardo/app/report/fonts"
)

func drawer(t testing.TB, lang string) *figure.Drawer {
	t.Helper()
	c, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	m, err := fonts.NewMeasure()
	if err != nil {
		t.Fatal(err)
	}
	return figure.NewDrawer(c.For(lang), m)
}

// named is one figure of the gallery.
type named struct {
	name string
	fig  figure.Figure
}

const longName = "Ufficio associato per la transizione digitale, i sistemi informativi e la statistica dell'Unione " +
	"di Comuni di Valle Lunga Superiore e di Borgo San Lorenzo in Collina"

// gallery is every kind of figure in its states: full, long names, absent values, empty.
func gallery(d *figure.Drawer) []named {
	var out []named
	add := func(n string, f figure.Figure) { out = append(out, named{n, f}) }
	absent := func(s figure.State) figure.Value { return figure.Value{State: s} }
	add("level", d.LevelBars(figure.LevelBarsData{
		Title: "Livello per area",
		Bands: []string{"Assente", "Iniziale", "Definito", "Consolidato", "Misurato e migliorato"},
		Rows: []figure.LevelRow{
			{Label: "Piattaforme abilitanti", Evidenced: figure.Of(62.5), Declared: figure.Of(71.9), Interval: figure.Between(55, 68)},
			{Label: "Sicurezza informatica", Evidenced: figure.Of(31), Declared: figure.Of(58)},
			{Label: "Comunicazione e promozione dei servizi digitali", Evidenced: absent(figure.IntervalOnly), Interval: figure.Between(22, 71)},
			{Label: "Gestione documentale", Evidenced: absent(figure.NotAssessed)},
			{Label: "Governo e organizzazione", Evidenced: figure.Of(100), Declared: figure.Of(100), Aside: true},
			{Label: longName, Evidenced: absent(figure.Suppressed)},
			{Label: "Zero", Evidenced: figure.Of(0), Declared: figure.Of(0)},
		},
	}))
	add("means", d.MeanBars(figure.LevelBarsData{Title: "Media del personale", Rows: []figure.LevelRow{
		{Label: "Piattaforme abilitanti", Evidenced: figure.Of(48.2), Interval: figure.Between(41, 55)},
		{Label: "Sicurezza informatica", Evidenced: absent(figure.Suppressed)},
	}}))
	rows := []figure.ChangeRow{
		{Label: "Piattaforme abilitanti", Before: figure.Of(41), After: figure.Of(56.3), Change: figure.Of(15.3), Interval: figure.Between(6.1, 24.4), Pairs: 14},
		{Label: "Sicurezza informatica", Before: figure.Of(52), After: figure.Of(47.5), Change: figure.Of(-4.5), Interval: figure.Between(-12.2, 3), Pairs: 14},
		{Label: "Comunicazione e promozione dei servizi digitali", Before: absent(figure.Suppressed), After: absent(figure.Suppressed), Change: figure.Of(3.2), Interval: figure.Between(-2, 8), Pairs: 9},
		{Label: "Gestione documentale", Before: absent(figure.Suppressed), After: absent(figure.Suppressed), Change: absent(figure.Suppressed)},
		{Label: "Estremi", Before: figure.Of(0), After: figure.Of(100), Change: figure.Of(100), Pairs: 1},
	}
	add("dotline-interval", d.DotLine(figure.DotLineData{Title: "Variazione del personale", Rows: rows, WithInterval: true}))
	add("dotline", d.DotLine(figure.DotLineData{Title: "Variazione della maturità", Rows: rows}))
	add("diverging", d.Diverging(figure.DivergingData{Title: "Dichiarato e documentato", Rows: []figure.PairRow{
		{Label: "Piattaforme abilitanti", Declared: figure.Of(71.9), Evidenced: figure.Of(62.5)},
		{Label: "Sicurezza informatica", Declared: figure.Of(100), Evidenced: figure.Of(100)},
		{Label: "Comunicazione e promozione dei servizi digitali", Declared: figure.Of(3), Evidenced: figure.Of(0)},
		{Label: "Gestione documentale", Declared: absent(figure.NotAssessed), Evidenced: absent(figure.NotAssessed)},
	}}))
	add("gantt", d.Gantt(figure.GanttData{
		Title: "Progetti per trimestre", FirstYear: 2026, FirstQuarter: 4, Quarters: 13, Now: 2,
		Rows: []figure.GanttRow{
			{Label: "Fascicolo informatico per tutti gli uffici", Start: 0, End: 1, State: figure.TaskDone},
			{Label: "Backup verificato ogni trimestre", Start: 1, End: 3, State: figure.TaskRunning, Progress: 0.4},
			{Label: longName, Start: 1, End: 2, State: figure.TaskLate, Progress: 0.2},
			{Label: "PDND: prime fruizioni", Start: 2, End: 5, State: figure.TaskSuspended, Progress: 0.3},
			{Label: "Notifiche con SEND", Start: 4, End: 6, State: figure.TaskPlanned},
			{Label: "Sito: dichiarazione di accessibilità", Start: 7, End: 12, State: figure.TaskCanceled},
			{Label: "Formazione Syllabus", Start: 0, End: -1, State: figure.TaskPlanned},
		},
	}))
	add("budget", d.BudgetBars(figure.BudgetData{Title: "Spesa per anno", Rows: []figure.BudgetRow{
		{Year: 2026, Planned: 400000, Limit: 500000, Spent: 150000},
		{Year: 2027, Planned: 1850000, Limit: 1500000, Spent: 0},
		{Year: 2028, Planned: 1230050, Limit: -1, Spent: -1},
	}}))
	add("matrix", d.MatrixHeat(figure.MatrixData{
		Title: "Comuni e aree", Columns: []string{"Piattaforme", "Sicurezza", "Comunicazione e promozione", "Documenti"},
		Rows: []figure.MatrixRow{
			{Label: "Comune di Valleverde", Cells: []figure.Cell{{Value: figure.Of(12), Sub: "n 14"}, {Value: figure.Of(33)}, {Value: figure.Of(48.5), Sub: "n 9"}, {Value: figure.Of(66)}}},
			{Label: "Comune di Montechiaro sul Lago e Frazioni Riunite", Cells: []figure.Cell{{Value: figure.Of(91), Sub: "n 120"}, {Value: absent(figure.Suppressed)}, {Value: absent(figure.NotAssessed)}, {Value: absent(figure.NotApplicable)}}},
			{Label: "Comune con celle mancanti", Cells: []figure.Cell{{Value: figure.Of(20)}}},
		},
	}))
	add("contributions", d.Contributions(figure.ContributionsData{Title: "Perché 62?", Rows: []figure.ContributionRow{
		{Label: "Identità digitale nei servizi online", Level: figure.Of(3), Points: 9.4, Most: 12.5, Gate: true},
		{Label: "Incassi con pagoPA", Level: figure.Of(4), Points: 12.5, Most: 12.5, Gate: true},
		{Label: "Messaggi e servizi su IO", Level: figure.Of(0), Points: 0, Most: 12.5},
		{Label: "Notifiche digitali con SEND: " + longName, Level: absent(figure.NotAssessed)},
		{Label: "Scambio di dati con la PDND", Level: absent(figure.NotApplicable)},
	}}))
	add("empty-level", d.LevelBars(figure.LevelBarsData{Title: "Vuoto"}))
	add("empty-means", d.MeanBars(figure.LevelBarsData{Title: "Vuoto"}))
	add("empty-dotline", d.DotLine(figure.DotLineData{Title: "Vuoto"}))
	add("empty-diverging", d.Diverging(figure.DivergingData{Title: "Vuoto"}))
	add("empty-gantt", d.Gantt(figure.GanttData{Title: "Vuoto"}))
	add("empty-budget", d.BudgetBars(figure.BudgetData{Title: "Vuoto"}))
	add("empty-matrix", d.MatrixHeat(figure.MatrixData{Title: "Vuoto"}))
	add("empty-contributions", d.Contributions(figure.ContributionsData{Title: "Vuoto"}))
	return out
}
