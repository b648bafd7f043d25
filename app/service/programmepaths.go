package service

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/plans"
	"traguardo/plans/pti"
	"traguardo/surveys"
	"traguardo/surveys/comune"
)

// deadlineDays is how far ahead the homes of an ente and of a programme look.
const deadlineDays = 120

// ProgrammeDeadline is one day of the PTI calendar that concerns Comuni of a
// programme.
type ProgrammeDeadline struct {
	Due    pti.Due // as it stands for the first of them
	Comuni int     // that it concerns or may concern
}

// ProgrammePaths is how far each Comune of a programme is and what comes next.
type ProgrammePaths struct {
	Programme storage.Programme
	Rows      []MatrixRow // by step, then those that stand still longest; no cells
	Late      []LateProject
	Deadlines []ProgrammeDeadline // of the next deadlineDays days, by day
	CanEdit   bool
}

// ProgrammePaths reads where the Comuni of a programme are. storage.ErrNotFound:
// no such programme for this actor.
func (s *Service) ProgrammePaths(ctx context.Context, actor auth.Actor, programme surveys.ID) (ProgrammePaths, error) {
	canEdit, err := s.viewProgramme(ctx, actor, programme)
	if err != nil {
		return ProgrammePaths{}, err
	}
	v := ProgrammePaths{CanEdit: canEdit}
	if v.Programme, err = s.store.Programme(ctx, programme); err != nil {
		return v, err
	}
	if v.Rows, err = s.matrixRows(ctx, programme, nil, &v.Late); err != nil {
		return v, err
	}
	v.Deadlines, err = s.programmeDeadlines(v.Rows)
	slices.SortStableFunc(v.Rows, func(a, b MatrixRow) int {
		return cmp.Or(slices.Index(Steps(), a.Percorso.At())-slices.Index(Steps(), b.Percorso.At()), b.Percorso.StuckFor()-a.Percorso.StuckFor(),
			strings.Compare(a.Ente.Name, b.Ente.Name))
	})
	return v, err
}

// programmeDeadlines joins the calendars of the Comuni: one entry for each day and
// duty. What an ente answered to the plan's conditions is not asked here: a line
// still to verify counts as one that may concern it.
func (s *Service) programmeDeadlines(rows []MatrixRow) ([]ProgrammeDeadline, error) {
	from := plans.DateOf(s.Today())
	calendars := map[calendarKey][]pti.Due{}
	at := map[string]int{}
	var out []ProgrammeDeadline
	for _, r := range rows {
		e, err := s.edition(r.Ente.PTIEdition)
		if err != nil {
			return nil, err
		}
		key := calendarKeyOf(e, r.Ente)
		dues, known := calendars[key]
		if !known {
			dues = e.Calendar(pti.FactsOf(r.Ente, nil), from, from.AddDays(deadlineDays), nil)
			calendars[key] = dues
		}
		for _, due := range dues {
			if due.Kind == pti.DueStart {
				continue
			}
			i, ok := at[due.ID]
			if !ok {
				i = len(out)
				at[due.ID], out = i, append(out, ProgrammeDeadline{Due: due})
			}
			out[i].Comuni++
		}
	}
	slices.SortStableFunc(out, func(a, b ProgrammeDeadline) int {
		return cmp.Or(a.Due.Date.Time().Compare(b.Due.Date.Time()), strings.Compare(a.Due.ID, b.Due.ID))
	})
	return out, nil
}

// calendarKey is all that the calendar of an ente without answers depends on:
// hundreds of Comuni have a handful of calendars.
type calendarKey struct {
	edition                           string
	band                              int // how many bounds of the rules its population reaches; -1 unknown
	metropolitan, regional, provinces bool
}

func calendarKeyOf(e *pti.Edition, c comune.Ente) calendarKey {
	k := calendarKey{edition: e.ID, band: -1, metropolitan: c.MetropolitanCapital(), regional: c.RegionalCapital, provinces: c.ProvincialCapital}
	if c.Population <= 0 {
		return k
	}
	k.band = 0
	reach := func(r pti.Rule) {
		if r.Kind != pti.RulePopulation {
			return
		}
		if c.Population >= r.Min {
			k.band++
		}
		if r.Max > 0 && c.Population > r.Max {
			k.band++
		}
	}
	for _, l := range e.Lines {
		reach(l.Rule)
	}
	for _, o := range e.Obligations {
		reach(o.Rule)
	}
	return k
}
