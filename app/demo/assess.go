package demo

import (
	"fmt"
	"math"
	"time"

	"traguardo/app/auth"
	"traguardo/app/service"
	"traguardo/surveys"
)

// assess fills the assessment of a wave, indicator by indicator, and closes it.
func (b *builder) assess(w *walk, rtd auth.Actor, wave surveys.Wave, opens, closes int) error {
	b.at(opens, 9)
	if err := b.svc.OpenAssessment(b.ctx, rtd, w.ente.ID, wave, false); err != nil {
		return err
	}
	if w.levels == nil {
		w.levels = map[string]surveys.Level{}
	}
	for i, it := range b.mat.Items() {
		b.clock = b.clock.Add(7 * time.Minute)
		if err := b.rate(w, rtd, wave, i, it); err != nil {
			return fmt.Errorf("%s: %w", it.Code, err)
		}
	}
	b.at(closes, 12)
	return b.svc.CloseAssessment(b.ctx, rtd, w.ente.ID, wave, b.act("Determina"))
}

// rate answers one indicator: a level around the Comune's own, higher after where
// projects were done; evidence for most of what is declared.
func (b *builder) rate(w *walk, rtd auth.Actor, wave surveys.Wave, i int, it surveys.Item) error {
	in := service.RatingInput{Version: 1}
	level := surveys.Level(min(max(int(math.Round(w.town.Level+b.random.NormFloat64()*0.85)), 0), 4))
	if wave == surveys.ExPost {
		level = w.levels[it.Code]
		if raised, ok := w.raised[it.Code]; ok {
			level = max(level, raised)
		} else if b.random.Float64() < 0.08 && level < 4 {
			level++
		}
	}
	switch {
	case it.NAAllowed && w.town.Population < 5000 && i%2 == 1:
		in.NA, in.NAReason = true, "Il Comune non ha atti o strumenti di questo tipo (dato dimostrativo)."
	case wave == surveys.ExAnte && i == 17 && w.town.Population < 2000:
		return nil // one answer missing: it shows as not assessed
	default:
		in.Level = &level
	}
	w.levels[it.Code] = level
	if err := b.svc.SaveRating(b.ctx, rtd, w.ente.ID, wave, it.Code, in); err != nil {
		return err
	}
	skip := 0.22
	if wave == surveys.ExPost {
		skip = 0.6 // most evidence is there from before and still counts
	}
	if in.Level == nil || level < 2 || b.random.Float64() < skip {
		return nil
	}
	return b.prove(w, rtd, wave, it, level)
}

// prove attaches the evidence that the level asks for.
func (b *builder) prove(w *walk, rtd auth.Actor, wave surveys.Wave, it surveys.Item, level surveys.Level) error {
	day := b.clock.In(b.Rome).AddDate(0, -1-b.random.IntN(6), 0)
	e := service.EvidenceInput{Type: surveys.E1, Title: "Atto o procedura adottata (dato dimostrativo)", ActType: "Determina",
		ActNumber: fmt.Sprintf("%d/%d", 10+b.random.IntN(300), day.Year()), Dated: time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, time.UTC)}
	if level == 4 && !it.ActCap4 {
		e = service.EvidenceInput{Type: surveys.E2, Title: "Estrazione dal gestionale (dato dimostrativo)", Dated: e.Dated,
			URL: "https://intranet." + slug(w.town.Name) + ".example/estrazioni/" + it.Code}
	}
	return b.svc.AddEvidence(b.ctx, rtd, w.ente.ID, wave, it.Code, e)
}
