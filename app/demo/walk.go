package demo

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"traguardo/app/auth"
	"traguardo/app/service"
	"traguardo/app/storage"
	"traguardo/surveys"
	"traguardo/surveys/pairing"
)

// Days before the end on which each thing happened.
const (
	exanteOpens    = 300
	exanteCloses   = 279
	planApproved   = 250
	expostOpens    = 45
	expostCloses   = 20
	openWaveOpens  = 6
	openWaveCloses = -15
)

// walk takes one Comune through the loop as far as its stage says.
func (b *builder) walk(w *walk) error {
	rtd := w.rtd
	if err := b.assess(w, rtd, surveys.ExAnte, exanteOpens, exanteCloses); err != nil {
		return fmt.Errorf("ex-ante assessment: %w", err)
	}
	campaign, err := b.openWave(w, rtd, surveys.ExAnte, exanteOpens, exanteCloses)
	if err != nil {
		return fmt.Errorf("ex-ante survey: %w", err)
	}
	if w.answers, err = b.answerWave(w, rtd, campaign, surveys.ExAnte, w.town.Rate); err != nil {
		return fmt.Errorf("ex-ante answers: %w", err)
	}
	if err := b.closeWave(w, rtd, campaign, exanteCloses); err != nil {
		return fmt.Errorf("closing the ex-ante: %w", err)
	}
	if err := b.plan(w, rtd); err != nil {
		return fmt.Errorf("plan: %w", err)
	}
	if err := b.track(w, rtd); err != nil {
		return fmt.Errorf("tracking: %w", err)
	}
	switch w.town.Stage {
	case expostNone:
		return nil
	case expostOpen:
		return b.secondWaveOpen(w, rtd)
	case expostClosed:
		return b.secondWave(w, rtd)
	default:
		return nil
	}
}

// openWave creates a wave of the survey and opens it.
func (b *builder) openWave(w *walk, rtd auth.Actor, wave surveys.Wave, opens, closes int) (surveys.ID, error) {
	b.at(opens, 8)
	_, form, err := b.svc.NewCampaign(b.ctx, rtd, w.ente.ID)
	if err != nil {
		return "", err
	}
	end := b.Now.In(b.Rome).AddDate(0, 0, -closes)
	form.Wave = string(wave)
	form.OpensDay, form.OpensHour = b.clock.In(b.Rome).Format(time.DateOnly), "08:00"
	form.ClosesDay, form.ClosesHour = end.Format(time.DateOnly), "20:00"
	form.Informativa = completed(form.Informativa)
	form.UnionsNotice = "Informativa alle organizzazioni sindacali inviata (dato dimostrativo)."
	form.Opinion = "Parere favorevole del RPD, con raccomandazioni recepite (dato dimostrativo)."
	id, err := b.svc.CreateCampaign(b.ctx, rtd, w.ente.ID, form)
	if err != nil {
		return "", err
	}
	_, err = b.svc.OpenCampaign(b.ctx, rtd, w.ente.ID, id, service.Opening{AtOnce: true, Keys: service.KeysChecked})
	return id, err
}

// completed fills the gaps that the informativa leaves to titolare and RPD.
func completed(informativa string) string {
	for {
		before, rest, found := strings.Cut(informativa, service.ToComplete)
		if !found {
			return informativa
		}
		_, after, _ := strings.Cut(rest, "]")
		informativa = before + "(dato dimostrativo)" + after
	}
}

// answerWave has a share of the staff answer, in the order of the list, and
// returns how many did.
func (b *builder) answerWave(w *walk, rtd auth.Actor, campaign surveys.ID, wave surveys.Wave, rate float64) (int, error) {
	_, letters, err := b.svc.Letters(b.ctx, rtd, w.ente.ID, campaign)
	if err != nil {
		return 0, err
	}
	links := map[string]string{}
	for _, l := range letters {
		links[l.Email] = l.Link
	}
	if wave != surveys.ExAnte {
		w.links, w.cards = nil, nil
	}
	answered := 0
	for i := range w.people {
		e := &w.people[i]
		link, invited := links[e.email]
		if !invited {
			continue
		}
		if !b.willAnswer(i, len(w.people), rate) {
			if len(w.links) < 3 && wave != surveys.ExAnte {
				w.links, w.cards = append(w.links, link), append(w.cards, e.card)
			}
			continue
		}
		if err := b.answerOne(e, link, wave); err != nil {
			return answered, err
		}
		answered++
	}
	return answered, nil
}

// willAnswer spreads the share evenly over the list, with a little chance.
func (b *builder) willAnswer(i, n int, rate float64) bool {
	if n <= 10 {
		return float64(i) < rate*float64(n)
	}
	return b.random.Float64() < rate
}

// answerOne fills the whole questionnaire of one employee.
func (b *builder) answerOne(e *employee, link string, wave surveys.Wave) error {
	p := e.person
	if wave != surveys.ExAnte {
		p = e.person.later(b.random)
	}
	card := e.card
	if card == "" || b.random.Float64() < 0.06 { // some lose the card: an unmatched response
		made, err := pairing.NewCard(b.Secrets)
		if err != nil {
			return err
		}
		card = made.Text()
		if wave == surveys.ExAnte {
			e.card = card
		}
	}
	return b.svc.AnswerAtOnce(b.ctx, tokenOf(link), service.Whole{Card: card, Answer: func(it surveys.ServedItem) []string {
		return p.answer(b.random, b.staff, it)
	}})
}

// closeWave closes the survey and computes its results.
func (b *builder) closeWave(w *walk, rtd auth.Actor, campaign surveys.ID, day int) error {
	b.at(day, 21)
	return b.svc.CloseCampaign(b.ctx, rtd, w.ente.ID, campaign)
}

// change lets some people leave and others come between the waves.
func (b *builder) change(w *walk, rtd auth.Actor) error {
	n := len(w.people)
	if n < 60 {
		return nil
	}
	b.at(expostOpens+20, 10)
	for i := n - 1; i > 0 && i >= n-n/12; i-- {
		w.people[i].left = true
		if err := b.svc.MarkStaffLeft(b.ctx, rtd, w.ente.ID, w.people[i].staffID); err != nil {
			return err
		}
	}
	return b.hire(w, n/15, b.clock, true)
}

// secondWave measures again, assessment and survey, and closes both.
func (b *builder) secondWave(w *walk, rtd auth.Actor) error {
	if err := b.change(w, rtd); err != nil {
		return err
	}
	campaign, err := b.openWave(w, rtd, surveys.ExPost, expostOpens, expostCloses)
	if err != nil {
		return fmt.Errorf("ex-post survey: %w", err)
	}
	if _, err := b.answerWave(w, rtd, campaign, surveys.ExPost, w.town.Rate); err != nil {
		return fmt.Errorf("ex-post answers: %w", err)
	}
	if err := b.closeWave(w, rtd, campaign, expostCloses); err != nil {
		return fmt.Errorf("closing the ex-post: %w", err)
	}
	return b.assess(w, rtd, surveys.ExPost, expostOpens, expostCloses-4)
}

// secondWaveOpen leaves the second measurement under way.
func (b *builder) secondWaveOpen(w *walk, rtd auth.Actor) error {
	campaign, err := b.openWave(w, rtd, surveys.ExPost, openWaveOpens, openWaveCloses)
	if err != nil {
		return fmt.Errorf("ex-post survey: %w", err)
	}
	_, err = b.answerWave(w, rtd, campaign, surveys.ExPost, 0.45)
	return err
}

// act is the act of a demonstration, numbered by its day.
func (b *builder) act(kind string) storage.Act {
	day := b.clock.In(b.Rome)
	return storage.Act{Type: kind, Number: strconv.Itoa(40+day.YearDay()%200) + "/" + strconv.Itoa(day.Year()) + " (dimostrativo)",
		Date: time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, time.UTC)}
}
