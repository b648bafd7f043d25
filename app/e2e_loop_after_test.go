package app_test

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// assess answers every indicator of a wave, three of them in the browser with an
// act as evidence, and closes with an act.
func (l *loop) assess(wave string, level int) {
	waves := l.ente + "/valutazioni"
	l.b.Go(waves)
	l.b.Look(wave + "-valutazioni")
	l.b.Submit("/valutazioni")
	base := waves + "/" + wave
	l.h.Open(base)
	codes := regexp.MustCompile(`/valutazioni/`+wave+`/(M-[A-Z]{3}-\d\d)`).FindAllStringSubmatch(l.h.body, -1)
	var all []string
	for _, m := range codes {
		if !slices.Contains(all, m[1]) {
			all = append(all, m[1])
		}
	}
	if len(all) != 40 {
		l.t.Fatalf("indicators of %s: got %d, want 40", wave, len(all))
	}
	for i, code := range all {
		answer := strconv.Itoa(min(level+i%2, 4))
		if i < 3 {
			l.rateInBrowser(base+"/"+code, answer, wave, i)
			continue
		}
		l.h.Open(base + "/" + code)
		l.h.Send("/"+code, "livello", answer, "azione", "salva")
		if i%3 == 0 {
			l.h.Send("/"+code+"/prove", "tipo", "E1", "titolo", "Determina "+code, "data", l.today(-20), "atto_tipo", "Determina", "atto_numero", strconv.Itoa(100+i))
		}
	}
	l.b.Go(base)
	l.b.Look(wave + "-elenco")
	l.b.Go(base + "/chiusura")
	l.b.Look(wave + "-chiusura")
	l.b.Fill("atto_tipo", "Delibera di Giunta")
	l.b.Fill("atto_numero", "12/2026")
	l.b.Fill("atto_data", l.today(0))
	l.b.Submit("/chiusura")
	l.b.Wants("Valutazione chiusa")
}

func (l *loop) rateInBrowser(card, level, wave string, i int) {
	l.b.Go(card)
	l.b.Pick("livello", level)
	if i == 0 {
		l.b.Press("Salva")
	} else {
		l.b.PressAt("button[name=azione][value=avanti]")
		if strings.HasPrefix(l.b.Path(), card) {
			l.t.Fatalf("saving and going on stays at %s", card)
		}
	}
	l.b.Go(card)
	l.b.Pick("tipo", "E1")
	for name, value := range map[string]string{"titolo": "Determina del Responsabile", "data": l.today(-30), "atto_tipo": "Determina", "atto_numero": "45/2026"} {
		l.b.Fill(name, value)
	}
	l.b.Submit("/prove")
	l.b.Wants("Determina del Responsabile", "45/2026")
	if i == 0 {
		l.b.Look(wave + "-scheda")
	}
}

// indexPattern finds the evidenced index as a page prints it.
var indexPattern = regexp.MustCompile(`Indice documentato\s+(\d+)\s`)

func (l *loop) results(wave string) {
	l.b.Go(l.ente + "/risultati/" + wave)
	m := indexPattern.FindStringSubmatch(l.b.Text())
	if m == nil {
		l.t.Fatalf("no index on the results page; it says: %.1500s", l.b.Text())
	}
	l.index[wave] = m[1]
	l.b.Look(wave + "-risultati")
	l.b.Go(l.ente + "/risultati/" + wave + "/perche")
	l.b.Wants(m[1])
	l.b.Look(wave + "-perche")
}

// plan frames, proposes and approves a plan; it returns the first micro-progetto.
func (l *loop) plan() string {
	path := l.ente + "/piano"
	l.b.Go(path)
	l.b.Look("piano-pronto")
	l.b.Go(path + "/limiti")
	for _, year := range strings.Fields(l.b.Eval(`[...document.querySelectorAll('[name^=budget_]')].map(e => e.name).join(' ')`)) {
		l.b.Fill(year, "10.000")
	}
	l.b.Fill("days", "30")
	l.b.Look("piano-limiti")
	l.b.Press("Proponi il piano")
	l.b.Wants("Ecco la proposta", "Perché sì")
	l.b.Look("piano-proposta")
	l.b.Submit("/piano/proponi")
	for name, value := range map[string]string{"act_type": "Delibera di Giunta", "act_number": "77", "act_date": l.today(0), "act_by": "Giunta comunale"} {
		l.b.Fill(name, value)
	}
	l.b.Look("piano-da-approvare")
	l.b.Submit("/piano/approva")
	l.b.Wants("77")
	l.b.Look("piano-approvato")
	l.b.Go(l.ente + "/avanzamento")
	l.b.Look("avanzamento")
	l.h.Open(l.ente + "/avanzamento")
	for _, href := range l.h.hrefs("/avanzamento/") {
		if m := regexp.MustCompile(`/avanzamento/[a-z0-9]{26}`).FindString(href); m != "" {
			return l.ente + m
		}
	}
	l.t.Fatal("no micro-progetto to track")
	return ""
}

// track carries one micro-progetto from start to finished with evidence.
func (l *loop) track(project string) {
	l.b.Go(project + "/stato/start")
	l.b.Look("avvio")
	l.b.Press("Avvia")
	l.b.Wants("Micro-progetto avviato")
	l.h.Open(project)
	l.h.Send("/attivita", "compito", "Chiedere i preventivi", "compito_entro", l.today(7))
	l.h.Says("Chiedere i preventivi")
	tasks := l.h.hrefs("/attivita/")
	if len(tasks) == 0 {
		l.t.Fatal("no link to the task")
	}
	l.h.Open(tasks[0])
	task, _, _ := strings.Cut(tasks[0], "#")
	l.h.Send(strings.TrimPrefix(task, l.ente)+"/fatta", "giorno", l.today(0), "nota", "Tre preventivi")
	l.h.Open(project)
	l.h.Send("/spese", "spesa", "paid", "importo", "1.200,50", "giorno", l.today(0), "fonte", "own")
	l.h.Says("1.200,50")
	l.h.Send("/prove", "tipo", "E1", "titolo", "Verbale di collaudo", "data", l.today(0), "atto_tipo", "Determina", "atto_numero", "88")
	l.h.Says("Verbale di collaudo")
	l.b.Go(project + "/stato/finish")
	l.b.Look("conclusione")
	l.b.Press("Concludi")
	l.b.Wants("Micro-progetto concluso")
	l.b.Look("concluso")
	l.b.Go(project + "/stato/check")
	l.b.Press("Accetta la consegna")
	l.b.Wants("Micro-progetto verificato")
}

// change reads the second measurement against the first.
func (l *loop) change() {
	l.b.Go(l.ente + "/risultati/expost/variazione")
	l.b.Wants("n = " + strconv.Itoa(respondents))
	m := regexp.MustCompile(`Autovalutazione, Piattaforme abilitanti\s+` + strconv.Itoa(respondents) + `\s[^\n]*?(\S+) \(da`).FindStringSubmatch(l.b.Text())
	if m == nil {
		l.t.Fatalf("no change of the staff on the page; it says: %.3000s", l.b.Text())
	}
	l.moved = m[1]
	l.b.Look("variazione")
}

// documents takes every PDF that the page of reports offers, with a figure that
// the pages showed before.
func (l *loop) documents() {
	l.b.Go(l.ente + "/piano")
	l.b.Look("piano-in-corso")
	l.b.Go(l.ente + "/rapporti")
	l.b.Look("rapporti")
	forms := strings.Fields(l.b.Eval(`[...document.querySelectorAll('form[action$="/pdf"]')].map((f, i) => { f.id = 'documento-' + i; return f.id; }).join(' ')`))
	if len(forms) != 4 {
		l.t.Fatalf("documents offered: got %d, want both assessments, plan and impact", len(forms))
	}
	wanted := map[string][]string{
		"valutazione-suvereto": {"maturità digitale di "},
		"piano-suvereto":       {"Delibera di Giunta", "77", "1.200,50"},
		"impatto-suvereto":     {"Piattaforme abilitanti " + l.moved + " da "},
	}
	for i, id := range forms {
		name, content := l.b.Download("#" + id + " button[type=submit]")
		text := pdfText(l.t, name, content)
		kind := regexp.MustCompile(`-\d{4}-\d\d-\d\d\.pdf$`).ReplaceAllString(name, "")
		words, ok := wanted[kind]
		if !ok {
			l.t.Errorf("a file named %q", name)
		}
		wantWords(l.t, name, text, append(words, "Suvereto")...)
		if wave := []string{"exante", "", "expost", ""}[i]; wave != "" {
			wantWords(l.t, name, text, "maturità digitale di "+l.index[wave]+" punti")
		}
	}
	l.b.Go(l.ente + "/rapporti")
	if n := strings.Count(l.b.Text(), "Rita Tosi"); n != len(forms) {
		l.t.Errorf("documents in the register: got %d, want %d", n, len(forms))
	}
}
