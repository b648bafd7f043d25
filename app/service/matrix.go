package service

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/plans"
	"traguardo/surveys"
	"traguardo/surveys/comune"
)

// MatrixSort is an order of the rows of a matrix. None is by score: the matrix is
// no ranking.
type MatrixSort string

// The orders.
const (
	SortName       MatrixSort = "nome"
	SortPopulation MatrixSort = "abitanti" // largest first
	SortStep       MatrixSort = "passo"    // furthest first
)

// MatrixSorts lists the orders; the first is the usual one. The caller owns the slice.
func MatrixSorts() []MatrixSort { return []MatrixSort{SortName, SortPopulation, SortStep} }

// MatrixView is what the cells of a matrix show.
type MatrixView string

// The views.
const (
	ViewMaturity MatrixView = "maturita"   // MAT: evidenced, declared, coverage
	ViewStaff    MatrixView = "personale"  // STAFF: mean, interval, n
	ViewChange   MatrixView = "variazione" // both, between ex-ante and ex-post
)

// MatrixViews lists the views; the first is the usual one. The caller owns the slice.
func MatrixViews() []MatrixView { return []MatrixView{ViewMaturity, ViewStaff, ViewChange} }

// MatrixQuery is what a reader asks of the matrix; empty fields ask for all, or
// for the first of the list.
type MatrixQuery struct {
	View     MatrixView
	Wave     surveys.Wave // exante or expost; the change has no wave of its own
	Sort     MatrixSort
	Class    *comune.Class
	Province string // sigla
	Step     Step
}

// MatrixKey names one cell of a row.
type MatrixKey struct {
	Kind storage.ResultKind
	Wave surveys.Wave
	Area surveys.Area // AllAreas for the index
}

// MatrixRow is one ente of the matrix. Cells holds only what closed waves stored.
type MatrixRow struct {
	Ente     comune.Ente
	Percorso Percorso
	Cells    map[MatrixKey]storage.EnteArea
}

// Cell finds one cell; ok is false when its wave was not closed.
func (r MatrixRow) Cell(kind storage.ResultKind, wave surveys.Wave, area surveys.Area) (storage.EnteArea, bool) {
	a, ok := r.Cells[MatrixKey{kind, wave, area}]
	return a, ok
}

// Wave is how far the ente is in one wave.
func (r MatrixRow) Wave(w surveys.Wave) storage.WaveProgress {
	if w == surveys.ExPost {
		return r.Percorso.ExPost
	}
	return r.Percorso.ExAnte
}

// Matrix is a programme's Comuni by area, from stored results alone.
type Matrix struct {
	Programme storage.Programme
	Query     MatrixQuery
	Rows      []MatrixRow // those that the query keeps, in its order
	All       int         // enti of the programme
	Steps     map[Step]int
	Provinces []string       // siglas of the programme's enti, sorted
	Classes   []comune.Class // that the programme's enti have, smallest first
	Groups    []ClassGroup   // medians of the maturity view, over all enti
	Version   string         // of the questionnaire that most rows of the view share; empty without rows
	Formula   string         // of the scoring that they share
	Other     int            // rows of the view, over all enti, with another version or formula: not comparable
	Late      []LateProject  // over all enti, by name of the ente
	CanEdit   bool           // may enrol
}

// LateProject is one late micro-progetto of a programme.
type LateProject struct {
	Ente    comune.Ente
	Project plans.MicroProject // title, area and quarters only
}

// Matrix reads the comparison of a programme in at most six queries, whatever the
// number of its Comuni. storage.ErrNotFound: no such programme for this actor.
func (s *Service) Matrix(ctx context.Context, actor auth.Actor, programme surveys.ID, q MatrixQuery) (Matrix, error) {
	canEdit, err := s.viewProgramme(ctx, actor, programme)
	if err != nil {
		return Matrix{}, err
	}
	m := Matrix{Query: q.normal(), Steps: map[Step]int{}, CanEdit: canEdit}
	if m.Programme, err = s.store.Programme(ctx, programme); err != nil {
		return m, err
	}
	rows, err := s.matrixRows(ctx, programme, &m.Query, &m.Late)
	if err != nil {
		return m, err
	}
	m.describe(rows)
	for _, r := range rows {
		if m.Query.keeps(r) {
			m.Rows = append(m.Rows, r)
		}
	}
	m.Query.sort(m.Rows)
	return m, nil
}

// viewProgramme requires the right to see a programme, and tells whether the actor
// may change it too, in one query. Errors as authoriseProgramme.
func (s *Service) viewProgramme(ctx context.Context, actor auth.Actor, programme surveys.ID) (canEdit bool, err error) {
	if actor.System {
		return true, nil
	}
	roles, err := s.store.RolesInProgramme(ctx, actor.UserID, programme)
	switch {
	case err != nil:
		return false, err
	case auth.Can(auth.ProgrammeView, roles, actor.Admin):
		return auth.Can(auth.ProgrammeEdit, roles, actor.Admin), nil
	case len(roles) == 0:
		return false, fmt.Errorf("programme %s: %w", programme, storage.ErrNotFound)
	default:
		return false, fmt.Errorf("%s on programme %s: %w", auth.ProgrammeView, programme, auth.ErrForbidden)
	}
}

// matrixRows reads the enti of a programme with their ways and the cells of q (none
// for nil): four queries.
func (s *Service) matrixRows(ctx context.Context, programme surveys.ID, q *MatrixQuery, late *[]LateProject) ([]MatrixRow, error) {
	enti, err := s.store.EntiOfProgramme(ctx, programme)
	if err != nil {
		return nil, err
	}
	states, err := s.store.ProgrammeProgress(ctx, programme)
	if err != nil {
		return nil, err
	}
	open, err := s.store.ProgrammeOpenProjects(ctx, programme)
	if err != nil {
		return nil, err
	}
	var cells []storage.EnteArea
	if q != nil {
		if cells, err = s.store.ProgrammeAreas(ctx, programme, q.waves(), q.View.kinds()); err != nil {
			return nil, err
		}
	}
	ways := s.percorsi(states, open)
	at := make(map[surveys.ID]int, len(enti))
	rows := make([]MatrixRow, 0, len(enti))
	for i, e := range enti {
		at[e.ID] = i
		rows = append(rows, MatrixRow{Ente: e, Percorso: ways[e.ID], Cells: map[MatrixKey]storage.EnteArea{}})
	}
	for _, a := range cells {
		if i, ok := at[a.EnteID]; ok {
			rows[i].Cells[MatrixKey{a.Kind, a.Wave, a.Area}] = a
		}
	}
	for _, p := range lateOf(open, plans.DateOf(s.Today())) {
		if i, ok := at[p.EnteID]; ok {
			*late = append(*late, LateProject{Ente: enti[i], Project: p})
		}
	}
	slices.SortStableFunc(*late, func(a, b LateProject) int { return at[a.Ente.ID] - at[b.Ente.ID] })
	return rows, nil
}

// kinds are the results whose areas a view shows.
func (v MatrixView) kinds() []storage.ResultKind {
	switch v {
	case ViewStaff:
		return []storage.ResultKind{storage.ResultStaff}
	case ViewChange:
		return []storage.ResultKind{storage.ResultAssessment, storage.ResultStaffChange}
	default:
		return []storage.ResultKind{storage.ResultAssessment}
	}
}

// waves are the waves that a query shows.
func (q MatrixQuery) waves() []surveys.Wave {
	if q.View == ViewChange {
		return []surveys.Wave{surveys.ExAnte, surveys.ExPost}
	}
	return []surveys.Wave{q.Wave}
}

// kind is the result whose version decides whether rows of a view compare.
func (v MatrixView) kind() storage.ResultKind {
	if v == ViewStaff {
		return storage.ResultStaff
	}
	return storage.ResultAssessment
}

// normal puts the usual choice in place of what is empty or unknown.
func (q MatrixQuery) normal() MatrixQuery {
	if !slices.Contains(MatrixViews(), q.View) {
		q.View = ViewMaturity
	}
	if !slices.Contains(MatrixSorts(), q.Sort) {
		q.Sort = SortName
	}
	if q.Wave != surveys.ExPost {
		q.Wave = surveys.ExAnte
	}
	return q
}

func (q MatrixQuery) keeps(r MatrixRow) bool {
	return (q.Class == nil || r.Ente.Class() == *q.Class) && (q.Province == "" || r.Ente.ProvinceSigla == q.Province) &&
		(q.Step == "" || r.Percorso.At() == q.Step)
}

func (q MatrixQuery) sort(rows []MatrixRow) {
	byName := func(a, b MatrixRow) int {
		return cmp.Or(strings.Compare(comune.Fold(a.Ente.Name), comune.Fold(b.Ente.Name)), strings.Compare(a.Ente.ID.String(), b.Ente.ID.String()))
	}
	slices.SortStableFunc(rows, func(a, b MatrixRow) int {
		switch q.Sort {
		case SortPopulation:
			return cmp.Or(b.Ente.Population-a.Ente.Population, byName(a, b))
		case SortStep:
			return cmp.Or(slices.Index(Steps(), b.Percorso.At())-slices.Index(Steps(), a.Percorso.At()), byName(a, b))
		case SortName:
			return byName(a, b)
		default:
			return byName(a, b)
		}
	})
}

// describe counts over all enti of the programme, before any filter.
func (m *Matrix) describe(rows []MatrixRow) {
	m.All = len(rows)
	versions := map[measuredBy]int{}
	for _, r := range rows {
		m.Steps[r.Percorso.At()]++
		if p := r.Ente.ProvinceSigla; p != "" && !slices.Contains(m.Provinces, p) {
			m.Provinces = append(m.Provinces, p)
		}
		if c := r.Ente.Class(); !slices.Contains(m.Classes, c) {
			m.Classes = append(m.Classes, c)
		}
		if a, ok := r.Cell(m.Query.View.kind(), m.Query.Wave, storage.AllAreas); ok {
			versions[measuredWith(a)]++
		}
	}
	slices.Sort(m.Provinces)
	slices.Sort(m.Classes)
	var shared measuredBy
	for v, n := range versions {
		if n > versions[shared] || (n == versions[shared] && v.newer(shared)) {
			shared = v
		}
	}
	m.Version, m.Formula = shared.instrument, shared.formula
	for v, n := range versions {
		if v != shared {
			m.Other += n
		}
	}
	if m.Query.View == ViewMaturity {
		m.Groups = classGroups(rows, m.Query.Wave, shared)
	}
}

// Kind is the result whose cells the view shades.
func (q MatrixQuery) Kind() storage.ResultKind { return q.View.kind() }

// measuredBy is what two results must share to be compared.
type measuredBy struct{ instrument, formula string }

func measuredWith(a storage.EnteArea) measuredBy {
	return measuredBy{a.InstrumentVersion, a.FormulaVersion}
}

func (e measuredBy) newer(o measuredBy) bool {
	return e.instrument > o.instrument || (e.instrument == o.instrument && e.formula > o.formula)
}
