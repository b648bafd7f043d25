package auth_test

import (
	"errors"
	"strings"
	"testing"

	"traguardo/app/auth"
)

func TestPermissionTable(t *testing.T) {
	tests := []struct {
		name   string
		action auth.Action
		roles  []auth.Role
		admin  bool
		want   bool
	}{
		{"nobody", auth.EnteView, nil, false, false},
		{"admin sees no assessment", auth.AssessmentView, nil, true, false},
		{"admin edits no plan", auth.PlanEdit, nil, true, false},
		{"admin handles users", auth.SystemUsers, nil, true, true},
		{"rtd handles no accounts of the system", auth.SystemUsers, []auth.Role{auth.RTD}, false, false},
		{"facilitator edits", auth.AssessmentEdit, []auth.Role{auth.Facilitator}, false, true},
		{"facilitator approves nothing", auth.PlanApprove, []auth.Role{auth.Facilitator}, false, false},
		{"utd approves nothing", auth.PlanApprove, []auth.Role{auth.UTD}, false, false},
		{"utd closes no assessment", auth.AssessmentClose, []auth.Role{auth.UTD}, false, false},
		{"rtd approves", auth.PlanApprove, []auth.Role{auth.RTD}, false, true},
		{"office updates tasks", auth.TaskUpdate, []auth.Role{auth.Office}, false, true},
		{"office reads no assessment", auth.AssessmentView, []auth.Role{auth.Office}, false, false},
		{"viewer edits nothing", auth.TrackEdit, []auth.Role{auth.Viewer}, false, false},
		{"coordinator edits no assessment", auth.AssessmentEdit, []auth.Role{auth.Coordinator}, false, false},
		{"best of two roles", auth.PlanApprove, []auth.Role{auth.Viewer, auth.RTD}, false, true},
		{"unknown action", auth.Action("x"), []auth.Role{auth.RTD}, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := auth.Can(tt.action, tt.roles, tt.admin); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
	for _, a := range auth.Actions() {
		if !a.OfSystem() && len(auth.RolesFor(a)) == 0 {
			t.Errorf("%s: nobody may do it", a)
		}
	}
}

func TestCheckPassword(t *testing.T) {
	tests := []struct {
		name, password string
		want           error
	}{
		{"empty", "", auth.ErrPasswordShort},
		{"eleven accents", "àèìòùàèìòùà", auth.ErrPasswordShort},
		{"long", strings.Repeat("lunga ", 30), auth.ErrPasswordLong},
		{"holds the name", "mariarossi2026", auth.ErrPasswordWeak},
		{"common", "password12345", auth.ErrPasswordWeak},
		{"four words", "quattro sassi lungo il fiume", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := auth.CheckPassword(tt.password, "mariarossi@comune.example.it"); !errors.Is(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestHasher(t *testing.T) {
	h, err := auth.NewHasher(1, auth.HashMemory)
	if err != nil {
		t.Fatal(err)
	}
	hash, err := h.Hash(t.Context(), "quattro sassi lungo il fiume")
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := h.Verify(t.Context(), "quattro sassi lungo il fiume", hash); !ok || err != nil {
		t.Errorf("right password: got %v, %v", ok, err)
	}
	if ok, err := h.Verify(t.Context(), "quattro sassi", hash); ok || err != nil {
		t.Errorf("wrong password: got %v, %v", ok, err)
	}
	if ok, err := h.Verify(t.Context(), "quattro sassi", ""); ok || err != nil {
		t.Errorf("no account: got %v, %v", ok, err)
	}
}
