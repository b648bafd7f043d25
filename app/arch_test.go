package app_test

import (
	"bufio"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// layer is a part of the house: the folders it lives in, the layers that it may
// import and the modules from outside the standard library that it may use.
//
// The arrows are those of ARCHITECTURE.md: cmd → app → web, api, jobs → service →
// storage, report, notify, auth → plans → surveys. What that line leaves open is
// decided in docs/decisions/0002-arrows.md.
type layer struct {
	name    string
	folders []string // "app" is that folder alone; "surveys/..." it and all under it
	imports []string // names of layers further along the arrows
	modules []string // import paths, each with all under it
}

func layers() []layer {
	domain := []string{"gonum.org/v1/gonum", "github.com/goccy/go-yaml", "golang.org/x/text"}
	below := []string{"storage", "report", "notify", "auth", "i18n", "plans", "surveys", "migrations", "templates"}
	withService := append([]string{"service"}, below...)
	pages := []string{"github.com/gofiber/fiber/v2", "github.com/go-playground", "github.com/nicksnyder/go-i18n/v2", "golang.org/x/text"}
	return []layer{
		{"surveys", []string{"surveys/..."}, nil, domain},
		{"plans", []string{"plans/..."}, []string{"surveys"}, domain},
		{"migrations", []string{"migrations"}, nil, nil},
		{"templates", []string{"templates"}, nil, nil},
		{"i18n", []string{"app/i18n"}, []string{"plans", "surveys"},
			[]string{"github.com/nicksnyder/go-i18n/v2", "github.com/goccy/go-yaml", "golang.org/x/text"}},
		{"auth", []string{"app/auth"}, []string{"plans", "surveys"},
			[]string{"github.com/alexedwards/argon2id", "github.com/pquerna/otp", "github.com/coreos/go-oidc/v3", "golang.org/x/oauth2", "golang.org/x/crypto"}},
		{"notify", []string{"app/notify"}, []string{"i18n", "plans", "surveys", "templates"},
			[]string{"github.com/wneessen/go-mail"}},
		{"report", []string{"app/report/..."}, []string{"i18n", "plans", "surveys"},
			[]string{"github.com/johnfercher/maroto/v2", "gonum.org/v1/plot", "github.com/xuri/excelize/v2",
				"github.com/nicksnyder/go-i18n/v2", "golang.org/x/image", "golang.org/x/text", "github.com/boombuler/barcode"}},
		{"storage", []string{"app/storage/..."}, []string{"auth", "plans", "surveys", "migrations"},
			[]string{"gorm.io", "github.com/glebarez", "github.com/jackc/pgx/v5", "github.com/pressly/goose/v3", "github.com/riverqueue/river"}},
		{"service", []string{"app/service/..."}, below, nil},
		{"web", []string{"app/web/..."}, withService, pages},
		{"api", []string{"app/api"}, withService, pages},
		{"jobs", []string{"app/jobs"}, withService, []string{"github.com/riverqueue/river"}},
		{"demo", []string{"app/demo"}, withService, nil},
		{"app", []string{"app", "app/browsertest"}, append([]string{"demo", "web", "api", "jobs"}, withService...), []string{"github.com/gofiber/fiber/v2"}},
		{"cmd", []string{"cmd/..."}, append([]string{"app", "demo", "web", "api", "jobs"}, withService...), []string{"github.com/spf13/cobra"}},
	}
}

// testModules are the modules that any test may use besides those of its layer.
func testModules() []string {
	return []string{"github.com/chromedp", "github.com/emersion/go-smtp", "github.com/emersion/go-sasl",
		"golang.org/x/net/html", "golang.org/x/text", "github.com/jackc/pgx/v5", "github.com/pdfcpu/pdfcpu"}
}

const modulePath = "traguardo"

// source is one Go file of the tree, parsed.
type source struct {
	path string // from the root, with slashes
	test bool
	file *ast.File
	set  *token.FileSet
}

func (s source) line(p token.Pos) string {
	return s.path + ":" + strconv.Itoa(s.set.Position(p).Line)
}

// root walks up from the package's folder to the one with go.mod.
func root(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Fatal("no go.mod above the package")
		}
		dir = up
	}
}

// walk calls visit with every file of the tree that is ours, by path from the root.
func walk(t *testing.T, visit func(name, full string)) {
	t.Helper()
	top := root(t)
	err := filepath.WalkDir(top, func(full string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(top, full)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		if d.IsDir() {
			switch {
			case name == "build" || name == "bin" || name == "templates/static/vendor",
				d.Name() == "node_modules" || d.Name() == "testdata" || (strings.HasPrefix(d.Name(), ".") && name != "."):
				return fs.SkipDir
			}
			return nil
		}
		visit(name, full)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	walk(t, func(name, full string) {
		if path.Ext(name) != ".go" {
			return
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, full, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all = append(all, source{name, strings.HasSuffix(name, "_test.go"), file, set})
	})
	if len(all) == 0 {
		t.Fatal("no Go file found")
	}
	return all
}

// layerOf finds the layer of a folder, from the root.
func layerOf(folder string) (layer, bool) {
	for _, l := range layers() {
		for _, f := range l.folders {
			base, tree := strings.CutSuffix(f, "/...")
			if folder == base || (tree && strings.HasPrefix(folder, base+"/")) {
				return l, true
			}
		}
	}
	return layer{}, false
}

func under(list []string, importPath string) bool {
	return slices.ContainsFunc(list, func(m string) bool { return importPath == m || strings.HasPrefix(importPath, m+"/") })
}

func TestArchArrows(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		from, known := layerOf(path.Dir(s.path))
		if !known {
			t.Errorf("%s: the folder belongs to no layer: give it one here and in docs/decisions/0002-arrows.md", s.path)
			continue
		}
		for _, spec := range s.file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if fault := arrowFault(s, from, imported); fault != "" {
				t.Errorf("%s: %s imports %s: %s", s.line(spec.Pos()), from.name, imported, fault)
			}
		}
	}
}

// arrowFault says what is wrong with an import, or nothing.
func arrowFault(s source, from layer, imported string) string {
	tests := s.test || isTestFolder(path.Dir(s.path))
	first, _, _ := strings.Cut(imported, "/")
	folder, ours := strings.CutPrefix(imported, modulePath+"/")
	switch {
	case ours:
		to, known := layerOf(folder)
		switch {
		case !known:
			return "that folder belongs to no layer"
		case isTestFolder(folder) && !tests:
			return "a package of test helpers"
		case to.name == from.name || slices.Contains(from.imports, to.name):
		default:
			return "against the arrows"
		}
	case imported == modulePath || !strings.Contains(first, "."):
		return "" // the standard library
	case under(from.modules, imported) || (tests && under(testModules(), imported)):
	default:
		return "not in the layer's list of modules"
	}
	return ""
}

// isTestFolder tells packages of test helpers (storagetest, webtest): they live in
// the layer that they help to test and only tests may import them.
func isTestFolder(folder string) bool { return strings.HasSuffix(folder, "test") }

func isDomain(l layer) bool { return l.name == "surveys" || l.name == "plans" }

// TestArchPure keeps clock, randomness, network and database out of the domain.
func TestArchPure(t *testing.T) {
	t.Parallel()
	banned := []string{"net", "database/sql", "crypto/rand", "math/rand", "os/exec", "syscall", "log", "log/slog"}
	seeded := []string{"New", "NewPCG", "NewChaCha8", "NewZipf", "Rand", "Source", "PCG", "ChaCha8", "Zipf"}
	for _, s := range sources(t) {
		if from, _ := layerOf(path.Dir(s.path)); s.test || !isDomain(from) {
			continue
		}
		for _, spec := range s.file.Imports {
			if imported, _ := strconv.Unquote(spec.Path.Value); under(banned, imported) && imported != "math/rand/v2" {
				t.Errorf("%s: the domain imports %s", s.line(spec.Pos()), imported)
			}
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if name, found := strings.CutPrefix(selector(n), "rand."); found && !slices.Contains(seeded, name) {
				t.Errorf("%s: rand.%s draws from a source that nobody passed in", s.line(n.Pos()), name)
			}
			return true
		})
	}
}

// TestArchClock allows reading the clock in app and cmd only: everyone else is handed one.
func TestArchClock(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		if from, _ := layerOf(path.Dir(s.path)); s.test || from.name == "app" || from.name == "cmd" || isTestFolder(path.Dir(s.path)) {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch name := selector(n); name {
			case "time.Now", "time.Since", "time.Until":
				t.Errorf("%s: %s outside app and cmd", s.line(n.Pos()), name)
			}
			return true
		})
	}
}

// selector returns "x.Name" for such an expression with a plain x, else "".
func selector(n ast.Node) string {
	if sel, ok := n.(*ast.SelectorExpr); ok {
		if x, ok := sel.X.(*ast.Ident); ok {
			return x.Name + "." + sel.Sel.Name
		}
	}
	return ""
}

// TestArchStyle holds what CODE_STYLE.md says of packages: no init, no bag of
// things, a package comment.
func TestArchStyle(t *testing.T) {
	t.Parallel()
	documented := map[string]bool{}
	for _, s := range sources(t) {
		folder := path.Dir(s.path)
		if !s.test {
			documented[folder] = documented[folder] || s.file.Doc != nil
		}
		switch s.file.Name.Name {
		case "common", "utils", "util", "helpers", "misc", "shared":
			t.Errorf("%s: package %s says nothing of what it is for", s.path, s.file.Name.Name)
		}
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s: init()", s.line(f.Pos()))
			}
		}
	}
	for folder, has := range documented {
		if !has {
			t.Errorf("%s: no file has a package comment", folder)
		}
	}
}

// TestArchSize holds the lengths of CODE_STYLE.md §13.
func TestArchSize(t *testing.T) {
	t.Parallel()
	seen := 0
	walk(t, func(name, full string) {
		limit := 0
		switch {
		case strings.HasSuffix(name, "_test.go"):
			limit = 800
		case path.Ext(name) == ".go":
			limit = 400
		case strings.HasPrefix(name, "templates/") && path.Ext(name) == ".html":
			limit = 200
		default:
			return
		}
		seen++
		if n := countLines(t, full); n > limit {
			t.Errorf("%s has %d lines, at most %d: split it by subject", name, n, limit)
		}
	})
	if seen == 0 {
		t.Fatal("no file measured")
	}
}

func countLines(t *testing.T, full string) int {
	t.Helper()
	f, err := os.Open(full)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	scanner := bufio.NewScanner(f)
	scanner.Buffer(nil, 16<<20)
	n := 0
	for scanner.Scan() {
		n++
	}
	if err := scanner.Err(); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestArchFaults shows that the rules bite: each of these imports must be refused.
func TestArchFaults(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		folder, imported string
		test, ok         bool
	}{
		{"surveys", "traguardo/plans", false, false},
		{"surveys/comune", "traguardo/surveys", false, true},
		{"surveys", "github.com/gofiber/fiber/v2", false, false},
		{"surveys", "gonum.org/v1/plot", false, false},
		{"plans/planner", "traguardo/surveys/scoring", false, true},
		{"plans", "traguardo/app/storage", false, false},
		{"plans", "traguardo/app/storage/storagetest", true, false},
		{"app/storage", "traguardo/app/service", false, false},
		{"app/storage", "traguardo/app/report", false, false},
		{"app/report", "traguardo/app/storage", false, false},
		{"app/web", "gorm.io/gorm", false, false},
		{"app/web", "traguardo/app/service", false, true},
		{"app/web", "traguardo/app/jobs", false, false},
		{"app/web", "traguardo/app", false, false},
		{"app/web", "traguardo/app/storage/storagetest", true, true},
		{"app/web", "traguardo/app/storage/storagetest", false, false},
		{"app/web/webtest", "traguardo/app/storage/storagetest", false, true},
		{"app/jobs", "github.com/gofiber/fiber/v2", false, false},
		{"app/service", "traguardo/app/web", false, false},
		{"app/service", "github.com/stretchr/testify", true, false},
		{"app", "gorm.io/gorm", false, false},
		{"cmd/traguardo", "traguardo/app", false, true},
		{"app", "traguardo/cmd/traguardo", false, false},
	} {
		from, known := layerOf(tt.folder)
		if !known {
			t.Fatalf("%s belongs to no layer", tt.folder)
		}
		if fault := arrowFault(source{path: tt.folder + "/x.go", test: tt.test}, from, tt.imported); (fault == "") != tt.ok {
			t.Errorf("%s importing %s: fault %q, want ok %v", tt.folder, tt.imported, fault, tt.ok)
		}
	}
	if _, known := layerOf("app/common"); known {
		t.Error("a folder that nobody named belongs to a layer")
	}
}
