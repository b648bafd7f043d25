package service_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"traguardo/app/auth"
	"traguardo/app/service"
	"traguardo/app/storage"
	"traguardo/surveys"
)

func read(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("..", "..", "surveys", "comune", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// shared lists the files of the shared data that stand beside the checkout.
func shared(path ...string) (string, bool) {
	name := filepath.Join(append([]string{"..", "..", "..", "shared", "data"}, path...)...)
	_, err := os.Stat(name)
	return name, err == nil
}

func TestImportComuni(t *testing.T) {
	run(t, func(t *testing.T, o *office) {
		ctx, system, file := t.Context(), auth.SystemActor(), read(t, "registry.csv")
		nobody := auth.Actor{UserID: o.ente(t, "x").ID}
		if _, err := o.ImportComuni(ctx, nobody, bytes.NewReader(file), service.ImportOptions{}); !errors.Is(err, auth.ErrForbidden) {
			t.Errorf("not the administrator: got %v, want ErrForbidden", err)
		}
		r, err := o.ImportComuni(ctx, system, bytes.NewReader(file), service.ImportOptions{DryRun: true})
		if err != nil || r.Imported || r.Added != 12 || len(r.Faults) != 0 {
			t.Errorf("dry run: got %+v, %v", r, err)
		}
		faulty := strings.Replace(string(file), "112004", "x", 1)
		r, err = o.ImportComuni(ctx, system, strings.NewReader(faulty), service.ImportOptions{})
		if err != nil || r.Imported || len(r.Faults) != 1 || r.Faults[0].Column != "cod_istat" || r.Faults[0].Line != 5 {
			t.Errorf("one faulty row: got %+v, %v, want nothing imported and the row named", r, err)
		}
		if st, err := o.store.Registry(ctx); err != nil || st.Comuni != 0 {
			t.Fatalf("stored: %+v, %v, want nothing", st, err)
		}
		if r, err = o.ImportComuni(ctx, system, bytes.NewReader(file), service.ImportOptions{}); err != nil || !r.Imported {
			t.Fatalf("got %+v, %v, want it imported", r, err)
		}
		if r, err = o.ImportComuni(ctx, system, bytes.NewReader(file), service.ImportOptions{}); err != nil || r.Unchanged != 12 {
			t.Errorf("twice: got %+v, %v, want all unchanged", r, err)
		}
		trail, err := o.store.AuditTrail(ctx, "", 10)
		if err != nil || len(trail) != 2 || trail[0].Action != "import.comuni" {
			t.Errorf("trail: got %+v, %v, want one row for each import and none for the others", trail, err)
		}
	})
}

func TestImportPADigitaleChecksCodes(t *testing.T) {
	run(t, func(t *testing.T, o *office) {
		ctx, system, file := t.Context(), auth.SystemActor(), read(t, "padigitale.csv")
		r, err := o.ImportPADigitale(ctx, system, bytes.NewReader(file), service.ImportOptions{DryRun: true})
		if err != nil || len(r.Notes) != 1 || len(r.Faults) != 0 {
			t.Errorf("without registry: got %+v, %v, want a note and no fault", r, err)
		}
		if _, err := o.ImportComuni(ctx, system, bytes.NewReader(read(t, "registry.csv")), service.ImportOptions{}); err != nil {
			t.Fatal(err)
		}
		r, err = o.ImportPADigitale(ctx, system, bytes.NewReader(file), service.ImportOptions{})
		if err != nil || r.Imported || len(r.Faults) == 0 || r.Faults[0].Rule != "unknown_comune" || r.Faults[0].Line < 2 {
			t.Errorf("with a registry that lacks Comuni: got %+v, %v, want their rows named", r, err)
		}
		lines := strings.Split(string(file), "\n")
		known := []string{lines[0]}
		for _, l := range lines[1:] {
			if strings.HasPrefix(l, "112004,") {
				known = append(known, l, strings.Replace(l, "112004,", "090007,", 1))
			}
		}
		r, err = o.ImportPADigitale(ctx, system, strings.NewReader(strings.Join(known, "\n")), service.ImportOptions{})
		if err != nil || !r.Imported || len(known) < 3 {
			t.Fatalf("rows of Banari: got %+v, %v", r, err)
		}
		rows, err := o.store.FundingOf(ctx, "112004")
		if err != nil || len(rows) != len(known)-1 {
			t.Errorf("rows under the present code: got %d, %v, want the earlier code joined", len(rows), err)
		}
	})
}

func TestComparePTI(t *testing.T) {
	files := map[string]map[string]int{}
	if name, ok := shared("pti", "pti-2024-2026-agg-2026.csv"); ok {
		files[name] = map[string]int{"same": 124}
	}
	if name, ok := shared("pti", "pti-2024-2026.csv"); ok {
		files[name] = map[string]int{"gone": 12, "new": 10}
	}
	run(t, func(t *testing.T, o *office) {
		for name, want := range files {
			content, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			r, err := o.ComparePTI(t.Context(), auth.SystemActor(), bytes.NewReader(content))
			if err != nil || len(r.Faults) > 0 || r.Imported {
				t.Fatalf("%s: got %+v, %v", filepath.Base(name), r.Faults, err)
			}
			for kind, n := range want {
				if r.Counts[kind] != n {
					t.Errorf("%s: got %v, want %d %s", filepath.Base(name), r.Counts, n, kind)
				}
			}
		}
		if r, err := o.ComparePTI(t.Context(), auth.SystemActor(), strings.NewReader("a,b\n1,2\n")); err != nil || len(r.Faults) == 0 {
			t.Errorf("another file: got %+v, %v, want faults", r, err)
		}
	})
}

func TestImportStaff(t *testing.T) {
	run(t, func(t *testing.T, o *office) {
		ctx, system := t.Context(), auth.SystemActor()
		one, two := o.ente(t, "Roccaverde"), o.ente(t, "Borgo Ametista")
		list := "anna@comune.example;Anagrafe;operatore\nbruno@comune.example;Tributi;\ncarla@comune.example;Tributi;dirigente\n"
		if _, err := o.ImportStaff(ctx, system, one.ID, list, nil); err != nil {
			t.Fatal(err)
		}
		if _, err := o.ImportStaff(ctx, system, two.ID, "diego@comune.example;Tecnico;\n", nil); err != nil {
			t.Fatal(err)
		}
		members, err := o.store.StaffMembers(ctx, one.ID)
		if err != nil || len(members) != 3 || members[0].Office != "Anagrafe" || members[2].Role != surveys.RoleDirigente {
			t.Fatalf("got %+v, %v", members, err)
		}
		foreign, err := o.store.StaffMembers(ctx, two.ID)
		if err != nil || len(foreign) != 1 {
			t.Fatal(err)
		}
		// Anna moves, Bruno's role family is not told (and stays unknown), Carla is
		// missing, Elena joins; an id of the other ente among those who left does nothing.
		second := "ANNA@comune.example;tributi;\nbruno@comune.example;Tributi\nelena@comune.example;Nuovo ufficio;operatore\n"
		plan, err := o.PreviewStaff(ctx, system, one.ID, second)
		if err != nil || len(plan.Joined) != 1 || len(plan.Changed) != 1 || plan.Stays != 1 || len(plan.Missing) != 1 || len(plan.NewOffices) != 1 {
			t.Fatalf("preview: got %+v, %v", plan, err)
		}
		if _, err := o.ImportStaff(ctx, system, one.ID, second, []surveys.ID{foreign[0].ID, members[0].ID, plan.Missing[0].ID}); err != nil {
			t.Fatal(err)
		}
		left, n, err := o.store.StaffPage(ctx, one.ID, storage.StaffFilter{Left: true, Limit: 10})
		if err != nil || n != 1 || left[0].Email != "carla@comune.example" {
			t.Errorf("left: got %+v, %v, want Carla alone", left, err)
		}
		if anna, err := o.store.StaffMember(ctx, one.ID, members[0].ID); err != nil || anna.Office != "Tributi" || anna.Role != surveys.RoleOperatore || !anna.LeftOn.IsZero() {
			t.Errorf("Anna: got %+v, %v, want another office and her role family kept", anna, err)
		}
		if still, err := o.store.StaffMembers(ctx, two.ID); err != nil || !still[0].LeftOn.IsZero() {
			t.Errorf("the other ente: got %+v, %v, want it untouched", still, err)
		}
		back, err := o.ImportStaff(ctx, system, one.ID, "carla@comune.example;Tributi;\n", nil)
		if err != nil || len(back.Changed) != 1 || !back.Changed[0].Back || len(back.Missing) != 3 {
			t.Errorf("Carla is back: got %+v, %v", back, err)
		}
		report, err := o.ImportStaffFile(ctx, system, one.ID.String(), "anna@comune\n", service.StaffOptions{})
		if err != nil || report.Imported || len(report.Faults) == 0 {
			t.Errorf("faulty file: got %+v, %v, want nothing imported", report, err)
		}
		if _, err := o.ImportStaffFile(ctx, system, "Z999", "a@b.example;x\n", service.StaffOptions{}); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("no such ente: got %v, want ErrNotFound", err)
		}
	})
}

// TestLastAdministratorIsKept lets two administrators take each other's rights at
// the same time: one of them must be left.
func TestLastAdministratorIsKept(t *testing.T) {
	run(t, func(t *testing.T, o *office) {
		ctx := t.Context()
		var admins []auth.Actor
		for _, name := range []string{"ada", "bea"} {
			u, err := o.AddUser(ctx, auth.SystemActor(), service.NewAccount{Email: name + "@sistema.example", Name: name, Admin: true})
			if err != nil {
				t.Fatal(err)
			}
			admins = append(admins, auth.Actor{UserID: u.ID, Admin: true})
		}
		var wg sync.WaitGroup
		errs := make([]error, 2)
		for i := range admins {
			wg.Go(func() { errs[i] = o.SetDisabled(ctx, admins[i], admins[1-i].UserID, true) })
		}
		wg.Wait()
		n, err := o.store.CountActiveAdmins(ctx)
		if err != nil || n != 1 {
			t.Errorf("administrators left: %d, %v, errors %v, want one", n, err, errs)
		}
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Errorf("got %v, want exactly one refusal", errs)
		}
	})
}

func TestFundingOfAnEnte(t *testing.T) {
	run(t, func(t *testing.T, o *office) {
		ctx, system := t.Context(), auth.SystemActor()
		id, err := o.CreateEnte(ctx, system, "A606", "")
		if err != nil {
			t.Fatal(err)
		}
		st, err := o.Settings(ctx, system, id)
		if err != nil || !st.Funding.Embedded || len(st.Funding.Rows) == 0 {
			t.Errorf("nothing imported: got %d rows, %v, want those inside the program", len(st.Funding.Rows), err)
		}
		fictitious := o.ente(t, "Roccaverde")
		if st, err := o.Settings(ctx, system, fictitious.ID); err != nil || len(st.Funding.Rows) != 0 {
			t.Errorf("a fictitious ente: got %d rows, %v, want none", len(st.Funding.Rows), err)
		}
	})
}
