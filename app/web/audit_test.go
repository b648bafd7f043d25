package web

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"traguardo/app/i18n"
	"traguardo/plans"
)

// actionForm is the code of a change: a subject and what happened to it; an
// open end is completed by a code.
var actionForm = regexp.MustCompile(`^[a-z]+\.[a-z_]*$`)

// actionCodes collects from the source of the services every text that is given
// as the action of a change: a field Action or action, a variable of that name,
// or an argument of the helpers that pass it on.
func actionCodes(t *testing.T) map[string]bool {
	t.Helper()
	files, err := filepath.Glob("../service/*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no source of the services: %v", err)
	}
	out := map[string]bool{}
	take := func(n ast.Node) {
		ast.Inspect(n, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if text, err := strconv.Unquote(lit.Value); err == nil && actionForm.MatchString(text) {
					out[text] = true
				}
			}
			_, call := n.(*ast.CallExpr) // of a message, not of a change
			return !call
		})
	}
	helpers := map[string]int{"changeProject": 4, "changeTask": 5, "movePlan": 4} // where the action stands
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.KeyValueExpr:
				if key, ok := n.Key.(*ast.Ident); ok && strings.EqualFold(key.Name, "action") {
					take(n.Value)
				}
			case *ast.AssignStmt:
				if left, ok := n.Lhs[0].(*ast.Ident); ok && left.Name == "action" {
					take(n.Rhs[0])
				}
			case *ast.CallExpr:
				if sel, ok := n.Fun.(*ast.SelectorExpr); ok && helpers[sel.Sel.Name] > 0 && len(n.Args) > helpers[sel.Sel.Name] {
					take(n.Args[helpers[sel.Sel.Name]])
				}
			}
			return true
		})
	}
	return out
}

// TestEveryActionHasWords: no code of the audit trail reaches a page.
func TestEveryActionHasWords(t *testing.T) {
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	codes := actionCodes(t)
	if len(codes) < 80 {
		t.Fatalf("got %d actions, want those of every service", len(codes))
	}
	ends := map[string][]string{"project.": nil, "import.": {"comuni", "padigitale"}}
	for _, k := range []plans.FactKind{plans.FactStart, plans.FactSuspend, plans.FactResume, plans.FactFinish, plans.FactReopen, plans.FactCheck, plans.FactCancel} {
		ends["project."] = append(ends["project."], string(k))
	}
	for code := range codes {
		all := []string{code}
		if strings.HasSuffix(code, ".") {
			if all = nil; ends[code] == nil {
				t.Errorf("%s…: the test does not know what it ends in", code)
			}
			for _, end := range ends[code] {
				all = append(all, code+end)
			}
		}
		for _, c := range all {
			for _, lang := range i18n.Languages() {
				if !texts.For(lang).Has("history." + c) {
					t.Errorf("%s: no words for the action %s", lang, c)
				}
			}
		}
	}
}
