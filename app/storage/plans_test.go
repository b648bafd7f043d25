package storage_test

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"traguardo/app/storage"
	"traguardo/app/storage/storagetest"
	"traguardo/plans"
	"traguardo/surveys"
)

// planOf is a draft of four quarters with everything filled.
func planOf(t *testing.T, ente surveys.ID) plans.Plan {
	t.Helper()
	return plans.Plan{ID: idOf(t, "plan:"+ente.String()), EnteID: ente, Title: "Piano", State: plans.Draft, Edition: "2024-2026-agg-2026",
		Start: plans.Quarter{Year: 2027, N: 1}, Quarters: 4, Budget: []plans.Cents{1_000_000}, Capacity: []int{10, 10, 10, 10},
		Targets: []plans.Target{{Indicator: "M-PIA-01", Level: 3, By: plans.Date{Year: 2027, Month: 12, Day: 31}}}, PointsVersion: "1",
		Gain: 12.5, Bound: 12.5, Proved: true}
}

// recordOf is a micro-progetto of a plan.
func recordOf(t *testing.T, p plans.Plan, name string, in bool) storage.ProjectRecord {
	t.Helper()
	from := surveys.Level(1)
	return storage.ProjectRecord{In: in, Wish: storage.WishAuto, UpdatedAt: time.Unix(1_790_000_000, 0).UTC(), Version: 1,
		Verdict: storage.Verdict{Reason: plans.Reason{Code: plans.OutChosen, Points: 4}, Points: 4},
		Project: plans.MicroProject{Sheet: plans.Sheet{ID: idOf(t, name+p.EnteID.String()), EnteID: p.EnteID, PlanID: p.ID, Template: "PIA-01@2",
			TemplateVersion: "1", Title: name, Purpose: "Perché.", Area: surveys.PIA, Effects: []plans.Effect{{Indicator: "M-PIA-01", From: &from, To: 2}},
			Acceptance: "Criterio", Cost: 400_000, RunningCost: 10_000, CostEstimated: true, Funding: []plans.Share{{Source: plans.Own, Cents: 400_000}},
			Start: plans.Quarter{Year: 2027, N: 2}, Effort: []int{3, 2}}}}
}

func TestPlanIsKeptWholeAndByEnte(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, store *storage.Store) {
		ctx, now := t.Context(), time.Unix(1_790_000_000, 0).UTC()
		one, two := addEnte(t, store, "Uno"), addEnte(t, store, "Due")
		if _, err := store.Plan(ctx, one); !errors.Is(err, storage.ErrNotFound) {
			t.Fatalf("no plan yet: got %v, want ErrNotFound", err)
		}
		p := planOf(t, one)
		if err := store.AddPlan(ctx, p, now); err != nil {
			t.Fatal(err)
		}
		if err := store.AddPlan(ctx, planOf(t, one), now); !errors.Is(err, storage.ErrConflict) {
			t.Errorf("second plan: got %v, want ErrConflict", err)
		}
		in, out := recordOf(t, p, "Dentro", true), recordOf(t, p, "Fuori", false)
		if err := store.SaveProjects(ctx, []storage.ProjectRecord{in, out}); err != nil {
			t.Fatal(err)
		}
		got, err := store.Plan(ctx, one)
		if err != nil {
			t.Fatal(err)
		}
		p.Projects = []plans.MicroProject{in.Project}
		p.Versions = []plans.Version{}
		if !reflect.DeepEqual(got.Plan, p) {
			t.Errorf("got plan %+v, want %+v", got.Plan, p)
		}
		if len(got.Records) != 2 || !reflect.DeepEqual(got.Records[0], in) || got.Version != 1 {
			t.Errorf("got %d records, version %d, first %+v, want %+v", len(got.Records), got.Version, got.Records[0], in)
		}
		if _, err := store.Plan(ctx, two); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("other ente: got %v, want ErrNotFound", err)
		}
		if _, err := store.Project(ctx, two, in.Project.ID); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("other ente's project: got %v, want ErrNotFound", err)
		}
	})
}

func TestPlanChangesOnceAVersion(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, store *storage.Store) {
		ctx, now := t.Context(), time.Unix(1_790_000_000, 0).UTC()
		one, two := addEnte(t, store, "Uno"), addEnte(t, store, "Due")
		p := planOf(t, one)
		if err := store.AddPlan(ctx, p, now); err != nil {
			t.Fatal(err)
		}
		p.Budget, p.Proved, p.Gain = []plans.Cents{0}, false, 0
		if err := store.UpdatePlan(ctx, p, 1); err != nil {
			t.Fatal(err)
		}
		if err := store.UpdatePlan(ctx, p, 1); !errors.Is(err, storage.ErrStale) {
			t.Errorf("old version: got %v, want ErrStale", err)
		}
		stranger := p
		stranger.EnteID = two
		if err := store.UpdatePlan(ctx, stranger, 2); !errors.Is(err, storage.ErrStale) {
			t.Errorf("other ente: got %v, want ErrStale", err)
		}
		rec := recordOf(t, p, "Uno", true)
		if err := store.SaveProjects(ctx, []storage.ProjectRecord{rec}); err != nil {
			t.Fatal(err)
		}
		m := rec.Project
		day := plans.Date{Year: 2027, Month: 5, Day: 2}
		if err := m.Record(plans.Fact{Kind: plans.FactStart, On: day, Recorded: day, By: "x"}); err != nil {
			t.Fatal(err)
		}
		if err := store.SaveFacts(ctx, two, m, 1, now); !errors.Is(err, storage.ErrStale) {
			t.Errorf("facts of another ente: got %v, want ErrStale", err)
		}
		if err := store.SaveFacts(ctx, one, m, 1, now); err != nil {
			t.Fatal(err)
		}
		rec.Project.Title, rec.In = "Nuovo titolo", false
		if err := store.SaveProjects(ctx, []storage.ProjectRecord{rec}); err != nil {
			t.Fatal(err)
		}
		got, err := store.Project(ctx, one, m.ID)
		if err != nil || got.Project.Title != "Nuovo titolo" || got.In || got.Version != 3 || got.Project.State() != plans.Started {
			t.Errorf("got %+v, %v, want the new title, left out, version 3, still started", got, err)
		}
		if err := store.RemoveProjects(ctx, one, []surveys.ID{m.ID}); err != nil {
			t.Fatal(err)
		}
		if _, err := store.Project(ctx, one, m.ID); err != nil {
			t.Errorf("a started micro-progetto was removed: %v", err)
		}
		rec.Project.EnteID, rec.Project.Title = two, "Furto"
		if err := store.SaveProjects(ctx, []storage.ProjectRecord{rec}); err != nil {
			t.Fatal(err)
		}
		if got, err = store.Project(ctx, one, m.ID); err != nil || got.Project.Title != "Nuovo titolo" {
			t.Errorf("another ente wrote over it: got %q, %v", got.Project.Title, err)
		}
	})
}

func TestPlanVersionsAreFrozen(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, store *storage.Store) {
		ctx, now := t.Context(), time.Unix(1_790_000_000, 0).UTC()
		ente := addEnte(t, store, "Uno")
		p := planOf(t, ente)
		if err := store.AddPlan(ctx, p, now); err != nil {
			t.Fatal(err)
		}
		p.Projects = []plans.MicroProject{recordOf(t, p, "Uno", true).Project}
		today := plans.Date{Year: 2027, Month: 1, Day: 10}
		if err := p.Propose(today, "rtd"); err != nil {
			t.Fatal(err)
		}
		v, err := p.Approve(plans.Act{Type: "delibera", Number: "12", Date: today, By: "Giunta"}, today)
		if err != nil {
			t.Fatal(err)
		}
		if err := store.AddPlanVersion(ctx, p, v, idOf(t, "v1"), idOf(t, "user"), now); err != nil {
			t.Fatal(err)
		}
		if err := store.AddPlanVersion(ctx, p, v, idOf(t, "v1b"), idOf(t, "user"), now); !errors.Is(err, storage.ErrConflict) {
			t.Errorf("same number twice: got %v, want ErrConflict", err)
		}
		got, err := store.Plan(ctx, ente)
		if err != nil || len(got.Plan.Versions) != 1 || !reflect.DeepEqual(got.Plan.Versions[0], v) {
			t.Fatalf("got %+v, %v, want the version as it was frozen", got.Plan.Versions, err)
		}
		if _, err := got.Plan.Versions[0].Content(); err != nil {
			t.Errorf("the stored bytes do not hold: %v", err)
		}
		pool, err := store.SQL()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := pool.Exec("UPDATE plan_versions SET sha256 = 'x'"); err == nil {
			t.Error("a frozen version was changed")
		}
	})
}
