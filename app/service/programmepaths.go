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
	if err := s.authoriseProgramme(ctx, s.store, actor, programme, auth.ProgrammeView); err != nil {
		return ProgrammePaths{}, err
	}
	v := ProgrammePaths{CanEdit: s.authoriseProgramme(ctx, s.store, actor, programme, auth.ProgrammeEdit) == nil}
	var err error
	if v.Programme, err = s.store.Programme(ctx, programme); err != nil {
		return v, err
	}
	if v.Rows, err = s.matrixRows(ctx, programme, "", &v.Late); err != nil {
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
	at := map[string]int{}
	var out []ProgrammeDeadline
	for _, r := range rows {
		e, err := s.edition(r.Ente.PTIEdition)
		if err != nil {
			return nil, err
		}
		for _, due := range e.Calendar(pti.FactsOf(r.Ente, nil), from, from.AddDays(deadlineDays), nil) {
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
