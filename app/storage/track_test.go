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

// tracked is an ente with two micro-progetti and two offices.
type tracked struct {
	ente               surveys.ID
	first, second      surveys.ID // micro-progetti
	register, accounts surveys.ID // offices «Àlbo» and «Ragioneria»
}

func addTracked(t *testing.T, store *storage.Store, name string) tracked {
	t.Helper()
	ctx := t.Context()
	e := addEnte(t, store, name)
	p := planOf(t, e)
	if err := store.AddPlan(ctx, p, time.Unix(1_790_000_000, 0)); err != nil {
		t.Fatal(err)
	}
	one, two := recordOf(t, p, "Primo", true), recordOf(t, p, "Secondo", true)
	if err := store.SaveProjects(ctx, []storage.ProjectRecord{one, two}); err != nil {
		t.Fatal(err)
	}
	k := tracked{ente: e, first: one.Project.ID, second: two.Project.ID, register: idOf(t, "albo"+name), accounts: idOf(t, "ragioneria"+name)}
	for _, o := range []storage.Office{{ID: k.accounts, EnteID: e, Name: "Ragioneria"}, {ID: k.register, EnteID: e, Name: "Àlbo"}} {
		if err := store.AddOffice(ctx, o); err != nil {
			t.Fatal(err)
		}
	}
	return k
}

func dayOf(t *testing.T, s string) plans.Date {
	t.Helper()
	d, err := plans.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func (k tracked) track(t *testing.T, store *storage.Store, project surveys.ID) storage.Track {
	t.Helper()
	got, err := store.Track(t.Context(), k.ente, project)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// One query gives milestones, expenses, tasks and offices, each with all its
// columns and in its order, of one ente alone.
func TestTrackReadsEverythingInOrder(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, store *storage.Store) {
		ctx := t.Context()
		a, b := addTracked(t, store, "Uno"), addTracked(t, store, "Due")
		anna := addUser(t, store, "anna", false)
		late := plans.Milestone{ID: idOf(t, "m2"), Title: "Collaudo", Due: dayOf(t, "2027-06-30")}
		early := plans.Milestone{ID: idOf(t, "m1"), Title: "Avvio", Due: dayOf(t, "2027-02-01"), DoneOn: dayOf(t, "2027-02-03")}
		paid := plans.Expense{ID: idOf(t, "x2"), Kind: plans.Paid, Cents: 1_050, Date: dayOf(t, "2027-03-02"), Source: plans.Own, CUP: "B11C22000000001", Note: "Acconto"}
		back := plans.Expense{ID: idOf(t, "x1"), Kind: plans.Paid, Cents: -1_050, Date: dayOf(t, "2027-03-02"), Source: plans.Own, Note: "Storno"}
		for _, m := range []plans.Milestone{late, early} {
			if err := store.AddMilestone(ctx, a.ente, a.first, m); err != nil {
				t.Fatal(err)
			}
		}
		for i, x := range []plans.Expense{paid, back} { // the same day: as they were written
			if err := store.AddExpense(ctx, a.ente, a.first, x, anna.ID, time.Unix(1_790_000_000+int64(i), 0)); err != nil {
				t.Fatal(err)
			}
		}
		never := storage.Task{Task: plans.Task{ID: idOf(t, "t0"), Title: "Senza data"}, ProjectID: a.first}
		done := storage.Task{Task: plans.Task{ID: idOf(t, "t1"), Office: a.accounts, Title: "Impegno", Due: dayOf(t, "2027-03-01"),
			DoneOn: dayOf(t, "2027-02-20"), DoneBy: anna.ID.String(), Note: "Fatto"}, ProjectID: a.first}
		other := storage.Task{Task: plans.Task{ID: idOf(t, "t2"), Office: a.register, Title: "Avviso", Due: dayOf(t, "2027-01-15")}, ProjectID: a.second}
		for _, k := range []storage.Task{never, done, other} {
			if err := store.AddTask(ctx, a.ente, k); err != nil {
				t.Fatal(err)
			}
		}
		never.Version, never.ProjectTitle = 1, "Primo"
		done.Version, done.ProjectTitle, done.OfficeName, done.DoneByName = 1, "Primo", "Ragioneria", "anna"
		other.Version, other.ProjectTitle, other.OfficeName = 1, "Secondo", "Àlbo"
		offices := []storage.Office{{ID: a.register, EnteID: a.ente, Name: "Àlbo"}, {ID: a.accounts, EnteID: a.ente, Name: "Ragioneria"}}
		want := storage.Track{Milestones: map[surveys.ID][]plans.Milestone{a.first: {early, late}}, Expenses: map[surveys.ID][]plans.Expense{a.first: {paid, back}},
			Tasks: []storage.Task{other, done, never}, Offices: offices}
		if got := a.track(t, store, ""); !reflect.DeepEqual(got, want) {
			t.Errorf("whole ente: got\n%+v\nwant\n%+v", got, want)
		}
		want.Tasks = []storage.Task{done, never}
		if got := a.track(t, store, a.first); !reflect.DeepEqual(got, want) {
			t.Errorf("one micro-progetto: got\n%+v\nwant\n%+v", got, want)
		}
		empty := storage.Track{Milestones: map[surveys.ID][]plans.Milestone{}, Expenses: map[surveys.ID][]plans.Expense{}, Offices: offices}
		empty.Offices = []storage.Office{{ID: b.register, EnteID: b.ente, Name: "Àlbo"}, {ID: b.accounts, EnteID: b.ente, Name: "Ragioneria"}}
		for _, project := range []surveys.ID{"", a.first} { // nor under the id of the other's micro-progetto
			if got := b.track(t, store, project); !reflect.DeepEqual(got, empty) {
				t.Errorf("the other ente, micro-progetto %q: got\n%+v\nwant nothing but its offices", project, got)
			}
		}
	})
}

func TestMilestonesOfOneEnte(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, store *storage.Store) {
		ctx := t.Context()
		a, b := addTracked(t, store, "Uno"), addTracked(t, store, "Due")
		m := plans.Milestone{ID: idOf(t, "m1"), Title: "Avvio", Due: dayOf(t, "2027-02-01")}
		if err := store.AddMilestone(ctx, a.ente, a.first, m); err != nil {
			t.Fatal(err)
		}
		if err := store.AddMilestone(ctx, b.ente, b.first, m); !errors.Is(err, storage.ErrConflict) {
			t.Errorf("the same id again: got %v, want ErrConflict", err)
		}
		on := dayOf(t, "2027-01-30")
		for _, step := range []struct {
			name          string
			ente, project surveys.ID
			on            plans.Date
			want          error
			then          plans.Date
		}{
			{"of the other ente", b.ente, a.first, on, storage.ErrNotFound, plans.Date{}},
			{"under another micro-progetto", a.ente, a.second, on, storage.ErrNotFound, plans.Date{}},
			{"not reached, taken back", a.ente, a.first, plans.Date{}, storage.ErrStale, plans.Date{}},
			{"reached", a.ente, a.first, on, nil, on},
			{"reached again", a.ente, a.first, dayOf(t, "2027-02-02"), storage.ErrStale, on},
			{"taken back by the other ente", b.ente, a.first, plans.Date{}, storage.ErrNotFound, on},
			{"taken back", a.ente, a.first, plans.Date{}, nil, plans.Date{}},
		} {
			if err := store.ReachMilestone(ctx, step.ente, step.project, m.ID, step.on); !errors.Is(err, step.want) {
				t.Errorf("%s: got %v, want %v", step.name, err, step.want)
			}
			if got := a.track(t, store, a.first).Milestones[a.first]; len(got) != 1 || got[0].DoneOn != step.then {
				t.Errorf("%s: now %+v, want reached on %v", step.name, got, step.then)
			}
		}
		for _, other := range [][2]surveys.ID{{b.ente, a.first}, {a.ente, a.second}} {
			if err := store.RemoveMilestone(ctx, other[0], other[1], m.ID); !errors.Is(err, storage.ErrNotFound) {
				t.Errorf("removing from elsewhere: got %v, want ErrNotFound", err)
			}
		}
		if err := store.RemoveMilestone(ctx, a.ente, a.first, m.ID); err != nil {
			t.Error(err)
		}
		if got := a.track(t, store, "").Milestones; len(got) != 0 {
			t.Errorf("after removing: got %+v, want none", got)
		}
	})
}
