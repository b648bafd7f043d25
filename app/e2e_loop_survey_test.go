package app_test

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

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
	l.b.PressAt(`form[action$="/apri"] button[name=subito], form[action$="/apri"] button[type=submit]`)
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

// employeeInBrowser answers page by page in Chromium, with a card. With scripts the
// card is made in the browser and every answer is saved as it is given.
func (l *loop) employeeInBrowser(wave, link string) {
	l.b.Go(link)
	l.b.Look(wave + "-informativa")
	l.b.PressAt("main a.btn-primary")
	l.giveCard(wave)
	for n := 1; strings.HasPrefix(l.b.Path(), "/q/parte/"); n++ {
		path, _, _ := strings.Cut(l.b.Path(), "?")
		l.answerPart()
		if l.b.Scripts() {
			l.b.Settles(`document.querySelector('#stato')?.dataset.state === 'saved'`, "the answers are not saved as they are given")
		}
		if n <= 2 {
			l.b.Look(wave + "-parte-" + strconv.Itoa(n))
		}
		if n == 2 && l.b.Scripts() {
			l.comeBack(path, link)
		}
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

// giveCard makes a card at the first wave, and types it at the next.
func (l *loop) giveCard(wave string) {
	switch {
	case l.cards[0] != "":
		l.b.Fill("card", l.cards[0])
	case l.b.Scripts():
		l.b.Tap("[data-card-make]")
		l.b.Settles(`document.querySelector('[data-card-text]').textContent !== ''`, "no card was made")
		l.cards[0] = l.b.Eval(`document.querySelector('[name=card]').value`)
		l.b.Wants(l.cards[0])
	default:
		l.cards[0] = l.b.Eval(`document.querySelector('noscript .personal-code').textContent`)
		l.b.Fill("card", l.cards[0])
	}
	l.b.Look(wave + "-carta")
	l.b.Submit("/q/carta")
}

// answerPart gives the second answer to each question of a part.
func (l *loop) answerPart() {
	const second = `[...document.querySelectorAll('fieldset.question')].map(f => [...f.querySelectorAll('input')].filter(i => i.value !== '')[1]?.id).filter(Boolean).join(' ')`
	for _, id := range strings.Fields(l.b.Eval(second)) {
		l.b.Tick(fmt.Sprintf("[id=%q]", id))
	}
}

// comeBack leaves a part without its button: what was autosaved is still there.
func (l *loop) comeBack(part, link string) {
	const given = `String(document.querySelectorAll('.question input:checked:not([value=""])').length)`
	before := l.b.Eval(given)
	l.b.Go(link)
	l.b.Press("Riprendi da dove era")
	l.b.Go(part)
	if after := l.b.Eval(given); after != before || before == "0" {
		l.t.Fatalf("%s: %s answers given, %s after coming back, want the same", part, before, after)
	}
}
