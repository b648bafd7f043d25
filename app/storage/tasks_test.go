package storage_test

import (
	"errors"
	"reflect"
	"testing"

	"traguardo/app/storage"
	"traguardo/app/storage/storagetest"
	"traguardo/plans"
	"traguardo/surveys"
)

func TestTasksChangeOnceAVersion(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, store *storage.Store) {
		ctx := t.Context()
		a, b := addTracked(t, store, "Uno"), addTracked(t, store, "Due")
		anna := addUser(t, store, "anna", false)
		task := storage.Task{Task: plans.Task{ID: idOf(t, "t1"), Office: a.register, Title: "Avviso", Due: dayOf(t, "2027-03-01")}, ProjectID: a.first}
		if err := store.AddTask(ctx, a.ente, task); err != nil {
			t.Fatal(err)
		}
		task.Version, task.ProjectTitle, task.OfficeName = 1, "Primo", "Àlbo"
		if got, err := store.Task(ctx, a.ente, task.ID); err != nil || !reflect.DeepEqual(got, task) {
			t.Errorf("added: got %+v, %v, want %+v", got, err, task)
		}
		changed := task
		changed.Title, changed.Office, changed.Due, changed.Note = "Avviso pubblico", a.accounts, plans.Date{}, "Bozza pronta"
		changed.DoneOn, changed.DoneBy = dayOf(t, "2027-02-20"), anna.ID.String()
		changed.ProjectID = a.second // a task stays where it is
		if err := store.UpdateTask(ctx, b.ente, changed); !errors.Is(err, storage.ErrStale) {
			t.Errorf("of the other ente: got %v, want ErrStale", err)
		}
		if err := store.UpdateTask(ctx, a.ente, changed); err != nil {
			t.Fatal(err)
		}
		late := task
		late.Title = "Scritto sopra"
		if err := store.UpdateTask(ctx, a.ente, late); !errors.Is(err, storage.ErrStale) {
			t.Errorf("with the version of before: got %v, want ErrStale", err)
		}
		changed.Version, changed.ProjectID, changed.OfficeName, changed.DoneByName = 2, a.first, "Ragioneria", "anna"
		if got, err := store.Task(ctx, a.ente, task.ID); err != nil || !reflect.DeepEqual(got, changed) {
			t.Errorf("changed: got %+v, %v, want %+v", got, err, changed)
		}
		if _, err := store.Task(ctx, b.ente, task.ID); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("read by the other ente: got %v, want ErrNotFound", err)
		}
		if err := store.RemoveTask(ctx, b.ente, task.ID); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("removed by the other ente: got %v, want ErrNotFound", err)
		}
		if err := store.RemoveTask(ctx, a.ente, task.ID); err != nil {
			t.Error(err)
		}
		if err := store.RemoveTask(ctx, a.ente, task.ID); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("removed twice: got %v, want ErrNotFound", err)
		}
	})
}

func TestTasksOfSomeOffices(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, store *storage.Store) {
		ctx := t.Context()
		a, b := addTracked(t, store, "Uno"), addTracked(t, store, "Due")
		add := func(k tracked, name string, project, office surveys.ID, due plans.Date) {
			t.Helper()
			if err := store.AddTask(ctx, k.ente, storage.Task{Task: plans.Task{ID: idOf(t, name), Title: name, Office: office, Due: due}, ProjectID: project}); err != nil {
				t.Fatal(err)
			}
		}
		add(a, "senza data", a.first, a.register, plans.Date{})
		add(a, "tardi", a.second, a.register, dayOf(t, "2027-09-01"))
		add(a, "presto", a.first, a.accounts, dayOf(t, "2027-01-15"))
		add(a, "di nessuno", a.first, "", dayOf(t, "2027-01-01"))
		add(b, "altrove", b.first, b.register, dayOf(t, "2027-01-01"))
		for _, c := range []struct {
			name    string
			ente    surveys.ID
			offices []surveys.ID
			want    []string
		}{
			{"both offices", a.ente, []surveys.ID{a.register, a.accounts}, []string{"presto", "tardi", "senza data"}},
			{"one office", a.ente, []surveys.ID{a.accounts}, []string{"presto"}},
			{"no office", a.ente, nil, []string{}},
			{"an office of the other ente", a.ente, []surveys.ID{b.register}, []string{}},
			{"the other ente with our office", b.ente, []surveys.ID{a.register}, []string{}},
		} {
			tasks, err := store.TasksOf(ctx, c.ente, c.offices)
			if err != nil {
				t.Fatal(err)
			}
			got := []string{}
			for _, k := range tasks {
				got = append(got, k.Title)
			}
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("%s: got %v, want %v", c.name, got, c.want)
			}
		}
	})
}
