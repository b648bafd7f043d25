package service

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/plans"
	"traguardo/plans/catalogue"
	"traguardo/plans/planner"
	"traguardo/plans/pti"
	"traguardo/surveys"
)

// Priorities is how many micro-progetti of a plan stand first; the rest is the annex.
const Priorities = 6

// PlanRow is one micro-progetto of a plan, or a candidate left out.
type PlanRow struct {
	storage.ProjectRecord
	Rank  int              // from 1 by points, among those in; 0 for those out
	Stage *catalogue.Stage // nil for the ente's own, or when the catalogue does not have it any more
}

// Points returns the points of the reasons that ask for the row; a plan counts
// what several share once.
func (r PlanRow) Points() float64 { return r.Verdict.Points }

// PlanView is the plan of an ente as pages and reports show it. Without a plan
// only Place, Ready, Edition, Points and Today are filled.
type PlanView struct {
	Place     Place
	Ready     bool         // an assessment is closed: a plan can be proposed
	Wave      surveys.Wave // of the latest closed assessment
	ClosedAt  time.Time
	Exists    bool
	Record    storage.PlanRecord
	In        []PlanRow // by points, most first; those given up last
	Out       []PlanRow // by points, most first
	Years     []plans.Load
	Quarters  []plans.Load
	Edition   *pti.Edition
	Points    planner.Points
	Names     PlanNames
	Questions []pti.Question // what the ente has to answer before some PTI lines count
	Today     plans.Date

	facts pti.Facts
	marks storage.PTIMarks // on Edition
}

// Plan is the domain's plan.
func (v PlanView) Plan() plans.Plan { return v.Record.Plan }

// InForce returns the last approved version and whether there is one.
func (v PlanView) InForce() (plans.Version, bool) {
	list := v.Record.Plan.Versions
	if len(list) == 0 {
		return plans.Version{}, false
	}
	return list[len(list)-1], true
}

// Editable reports whether this actor may change the plan as it stands.
func (v PlanView) Editable() bool {
	return v.Place.Can(auth.PlanEdit) && v.Exists && v.Record.Plan.State == plans.Draft
}

// Row finds a micro-progetto of the view, in or out.
func (v PlanView) Row(id surveys.ID) (PlanRow, bool) {
	for _, list := range [][]PlanRow{v.In, v.Out} {
		for _, r := range list {
			if r.Project.ID == id {
				return r, true
			}
		}
	}
	return PlanRow{}, false
}

// PlanView reads the plan of an ente. It is no error when there is none yet.
func (s *Service) PlanView(ctx context.Context, actor auth.Actor, ente surveys.ID) (PlanView, error) {
	place, err := s.Place(ctx, actor, ente, auth.PlanView)
	if err != nil {
		return PlanView{}, err
	}
	base, err := s.planning()
	if err != nil {
		return PlanView{}, err
	}
	v := PlanView{Place: place, Points: base.points, Today: plans.DateOf(s.Today())}
	results, err := s.store.Results(ctx, ente)
	if err != nil {
		return PlanView{}, err
	}
	for _, r := range results {
		if r.Kind == storage.ResultAssessment && (v.ClosedAt.IsZero() || r.ComputedAt.After(v.ClosedAt)) {
			v.Ready, v.Wave, v.ClosedAt = true, r.Wave, r.ComputedAt
		}
	}
	v.Record, err = s.store.Plan(ctx, ente)
	if err != nil && !errors.Is(err, storage.ErrNotFound) {
		return PlanView{}, err
	}
	v.Exists = err == nil
	edition := place.Ente.PTIEdition
	if v.Exists {
		edition = v.Record.Plan.Edition
	}
	if v.Edition, err = s.edition(edition); err != nil {
		return PlanView{}, err
	}
	v.Names = base.names(v.Edition, v.Record.Records)
	if v.marks, err = s.store.PTIMarks(ctx, ente, v.Edition.ID, v.Today); err != nil {
		return PlanView{}, err
	}
	v.facts = pti.FactsOf(place.Ente, v.marks.Answers)
	v.fill(base)
	return v, nil
}

func (v *PlanView) fill(base *planBase) {
	if !v.Exists {
		return
	}
	p := &v.Record.Plan
	v.Questions = v.Edition.Questions(v.facts)
	v.Years, v.Quarters = p.YearLoads(), p.QuarterLoads()
	band := catalogue.BandOf(v.Place.Ente.Population)
	for _, rec := range v.Record.Records {
		row := PlanRow{ProjectRecord: rec, Stage: base.stage(rec.Project.Template, band)}
		if rec.In {
			v.In = append(v.In, row)
		} else {
			v.Out = append(v.Out, row)
		}
	}
	slices.SortStableFunc(v.In, compareRows)
	slices.SortStableFunc(v.Out, compareRows)
	for i := range v.In {
		v.In[i].Rank = i + 1
	}
}

// compareRows puts most points first; what was given up goes last, ties by start and title.
func compareRows(a, b PlanRow) int {
	active := func(r PlanRow) int {
		if r.Project.Active() {
			return 0
		}
		return 1
	}
	return cmp.Or(cmp.Compare(active(a), active(b)), -cmp.Compare(a.Points(), b.Points()), a.Project.Start.Sub(b.Project.Start),
		strings.Compare(a.Project.Title, b.Project.Title))
}

// stage finds a stage of the catalogue by its id, sized for a band; nil when there is none.
func (b *planBase) stage(id string, band catalogue.Band) *catalogue.Stage {
	code, _, _ := strings.Cut(id, "@")
	t, ok := b.catalogue.Template(code)
	if !ok {
		return nil
	}
	for _, st := range t.Stages(band) {
		if st.ID == id {
			return &st
		}
	}
	return nil
}

// PlanLine is a PTI line as a micro-progetto meets it.
type PlanLine struct {
	Code    string
	Closes  bool // the micro-progetto closes it; else it only helps
	Known   bool // the edition has it
	Line    pti.ActionLine
	Binding pti.Binding
}

// PlanProject is everything about one micro-progetto.
type PlanProject struct {
	PlanView
	Row        PlanRow
	Lines      []PlanLine
	Requires   []PlanRow // must finish before it starts
	NeededBy   []PlanRow // cannot start without it
	Conflicts  []PlanRow
	TrainFirst []string // items of STAFF that its template wants trained before
	Offices    []storage.Office
	MAT        *surveys.Instrument // to choose an indicator of the ente's own projects; not to be changed
}

// PlanProject reads one micro-progetto of an ente's plan, in or out.
// storage.ErrNotFound when the plan has none of this id.
func (s *Service) PlanProject(ctx context.Context, actor auth.Actor, ente, id surveys.ID) (PlanProject, error) {
	v, err := s.PlanView(ctx, actor, ente)
	if err != nil {
		return PlanProject{}, err
	}
	row, ok := v.Row(id)
	if !ok {
		return PlanProject{}, fmt.Errorf("micro-progetto %s of %s: %w", id, ente, storage.ErrNotFound)
	}
	p := PlanProject{PlanView: v, Row: row}
	sheet := row.Project.Sheet
	p.Lines = append(v.lines(sheet.Lines, true), v.lines(sheet.HelpsLines, false)...)
	p.Requires, p.Conflicts = v.rows(sheet.Requires), v.rows(sheet.Conflicts)
	for _, list := range [][]PlanRow{v.In, v.Out} {
		for _, other := range list {
			if slices.Contains(other.Project.Requires, id) {
				p.NeededBy = append(p.NeededBy, other)
			}
		}
	}
	if row.Stage != nil {
		p.TrainFirst = row.Stage.Template.Competences
	}
	return p, s.forForm(ctx, ente, &p)
}

// NewPlanProject is what the form of a micro-progetto of the ente's own needs.
func (s *Service) NewPlanProject(ctx context.Context, actor auth.Actor, ente surveys.ID) (PlanProject, error) {
	v, err := s.PlanView(ctx, actor, ente)
	if err != nil {
		return PlanProject{}, err
	}
	if !v.Exists {
		return PlanProject{}, fmt.Errorf("plan of %s: %w", ente, storage.ErrNotFound)
	}
	if !v.Place.Can(auth.PlanEdit) {
		return PlanProject{}, fmt.Errorf("%s in ente %s: %w", auth.PlanEdit, ente, auth.ErrForbidden)
	}
	p := PlanProject{PlanView: v}
	return p, s.forForm(ctx, ente, &p)
}

func (s *Service) forForm(ctx context.Context, ente surveys.ID, p *PlanProject) error {
	base, err := s.planning()
	if err != nil {
		return err
	}
	p.MAT = base.mat
	p.Offices, err = s.store.Offices(ctx, ente)
	return err
}

func (v PlanView) rows(ids []surveys.ID) []PlanRow {
	var out []PlanRow
	for _, id := range ids {
		if r, ok := v.Row(id); ok {
			out = append(out, r)
		}
	}
	return out
}

func (v PlanView) lines(codes []string, closes bool) []PlanLine {
	out := make([]PlanLine, 0, len(codes))
	for _, code := range codes {
		l := PlanLine{Code: code, Closes: closes}
		l.Line, l.Known = v.Edition.Line(code)
		l.Binding, _ = v.Edition.BindLine(code, v.facts)
		out = append(out, l)
	}
	return out
}

// PlanSetup is what the form of limits needs: the plan and how far it aims.
type PlanSetup struct {
	PlanView
	Ambition Ambition
}

// PlanSetup reads what the form of limits shows.
func (s *Service) PlanSetup(ctx context.Context, actor auth.Actor, ente surveys.ID) (PlanSetup, error) {
	v, err := s.PlanView(ctx, actor, ente)
	if err != nil {
		return PlanSetup{}, err
	}
	out := PlanSetup{PlanView: v, Ambition: AmbitionMinimum}
	if !v.Exists {
		return out, nil
	}
	basis, err := s.planBasis(ctx, s.store, ente)
	if err != nil || basis == nil {
		return out, err
	}
	out.Ambition = ambitionOf(v.Plan().Targets, basis.Assessment)
	return out, nil
}

// PlanChanges is one approved version beside another content of the plan.
type PlanChanges struct {
	PlanView
	Version plans.Version // what it is compared with
	Against int           // number of the later version; 0: the plan as it stands today
	Changes []plans.Change
}

// PlanChanges says what changed from version number to the next approved one, or
// to today's plan for the last. storage.ErrNotFound: there is no such version.
func (s *Service) PlanChanges(ctx context.Context, actor auth.Actor, ente surveys.ID, number int) (PlanChanges, error) {
	v, err := s.PlanView(ctx, actor, ente)
	if err != nil {
		return PlanChanges{}, err
	}
	list := v.Record.Plan.Versions
	if number < 1 || number > len(list) {
		return PlanChanges{}, fmt.Errorf("version %d of the plan of %s: %w", number, ente, storage.ErrNotFound)
	}
	out := PlanChanges{PlanView: v, Version: list[number-1]}
	old, err := out.Version.Content()
	if err != nil {
		return PlanChanges{}, err
	}
	now := v.Record.Plan.Content()
	if number < len(list) {
		out.Against = number + 1
		if now, err = list[number].Content(); err != nil {
			return PlanChanges{}, err
		}
	}
	out.Changes = plans.Diff(old, now, langOr(actor.Lang))
	return out, nil
}

// CatalogueView is the catalogue of micro-progetti for the size of an ente.
type CatalogueView struct {
	Place     Place
	Band      catalogue.Band
	Templates []*catalogue.Template // by code; not to be changed
	Names     PlanNames
}

// CatalogueView reads the catalogue; it needs no assessment.
func (s *Service) CatalogueView(ctx context.Context, actor auth.Actor, ente surveys.ID) (CatalogueView, error) {
	place, err := s.Place(ctx, actor, ente, auth.PlanView)
	if err != nil {
		return CatalogueView{}, err
	}
	base, err := s.planning()
	if err != nil {
		return CatalogueView{}, err
	}
	edition, err := s.edition(place.Ente.PTIEdition)
	if err != nil {
		return CatalogueView{}, err
	}
	return CatalogueView{Place: place, Band: catalogue.BandOf(place.Ente.Population), Templates: base.catalogue.All(),
		Names: base.names(edition, nil)}, nil
}

// Template finds a template of the catalogue. storage.ErrNotFound when there is none.
func (v CatalogueView) Template(code string) (*catalogue.Template, error) {
	for _, t := range v.Templates {
		if t.Code == code {
			return t, nil
		}
	}
	return nil, fmt.Errorf("template %q: %w", code, storage.ErrNotFound)
}
