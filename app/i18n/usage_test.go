package i18n

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// usage is where the program names messages.
type usage struct {
	asked    map[string]string // key given to T or HTML, or a text of that form in the packages that show pages → file
	literals map[string]bool   // every text of Go and of templates that could be a key
	prefixes map[string]bool   // "area." in "area." + code, or "area.%s"
}

var (
	keyForm        = regexp.MustCompile(`^[a-z][a-z0-9_]*\.[a-zA-Z0-9_.-]*[a-zA-Z0-9]$`)
	prefixForm     = regexp.MustCompile(`^([a-z][a-z0-9_]*\.(?:[a-zA-Z0-9_-]+[._])*)(?:%[sdv].*)?$`)
	templateCall   = regexp.MustCompile(`\.(?:T|HTML) "([^"]+)"`)
	templateString = regexp.MustCompile(`"([a-z][a-z0-9_]*\.[\w.%-]*)"`)
	placeholder    = regexp.MustCompile(`\{\{\s*\.(\w+)\s*\}\}`)
)

// TestEveryMessageIsThereAndUsed finds keys that a page asks for and a language
// lacks, keys of one language only, and keys nobody uses.
func TestEveryMessageIsThereAndUsed(t *testing.T) {
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	used := collectUsage(t, c)
	for key, file := range used.asked {
		for _, lang := range Languages() {
			if !c.For(lang).Has(key) {
				t.Errorf("%s asks for %q, which %s lacks", file, key, lang)
			}
		}
	}
	for _, lang := range Languages() {
		for _, key := range c.Keys(lang) {
			for _, other := range Languages() {
				if !c.For(other).Has(key) {
					t.Errorf("%s has %q, %s lacks it", lang, key, other)
				}
			}
			if !used.has(key) {
				t.Errorf("%s: nobody uses %q", lang, key)
			}
		}
	}
}

// TestLanguagesTakeTheSameArguments compares the placeholders of each message.
func TestLanguagesTakeTheSameArguments(t *testing.T) {
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	names := func(l *Localizer, key string) []string {
		var found []string
		m := l.texts[key]
		for _, text := range []string{m.One, m.Many, m.Other} {
			for _, match := range placeholder.FindAllStringSubmatch(text, -1) {
				if match[1] != "Count" { // "one" may say it in words
					found = append(found, match[1])
				}
			}
		}
		slices.Sort(found)
		return slices.Compact(found)
	}
	for _, key := range c.Keys(Italian) {
		it, en := c.For(Italian), c.For(English)
		if !en.Has(key) {
			continue // the other test says so
		}
		if got, want := names(en, key), names(it, key); !slices.Equal(got, want) {
			t.Errorf("%s: English takes %v, Italian %v", key, got, want)
		}
		if (en.texts[key].One != "") != (it.texts[key].One != "") {
			t.Errorf("%s: plural forms in one language only", key)
		}
	}
}

func (u usage) has(key string) bool {
	if u.literals[key] {
		return true
	}
	for prefix := range u.prefixes {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	return false
}

func collectUsage(t *testing.T, c *Catalogue) usage {
	t.Helper()
	u := usage{asked: map[string]string{}, literals: map[string]bool{}, prefixes: map[string]bool{}}
	groups := map[string]bool{}
	for _, key := range c.Keys(Italian) {
		group, _, _ := strings.Cut(key, ".")
		groups[group] = true
	}
	root := filepath.Join("..", "..")
	for _, folder := range []string{"app", "templates", "cmd", "plans", "surveys"} {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			switch {
			case strings.HasSuffix(path, ".html") && !strings.Contains(path, "testdata"):
				return u.readTemplate(path)
			case strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go"):
				return u.readGo(path, groups)
			}
			return nil
		})
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	return u
}

func (u usage) readTemplate(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	for _, match := range templateCall.FindAllStringSubmatch(string(text), -1) {
		u.asked[match[1]] = path
	}
	for _, match := range templateString.FindAllStringSubmatch(string(text), -1) {
		u.note(match[1])
	}
	return nil
}

// readGo notes the texts of one file. Keys must exist where they are given to T or
// HTML anywhere, and wherever they stand in the packages that make pages and reports.
func (u usage) readGo(path string, groups map[string]bool) error {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	shown := strings.Contains(path, "/app/web/") || strings.Contains(path, "/app/report/")
	imports := map[*ast.BasicLit]bool{}
	for _, spec := range file.Imports {
		imports[spec.Path] = true
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && len(call.Args) > 0 {
			name := ""
			switch f := call.Fun.(type) {
			case *ast.SelectorExpr:
				name = f.Sel.Name
			case *ast.Ident:
				name = f.Name
			}
			if text, ok := literal(call.Args[0]); ok && (name == "T" || name == "HTML") && keyForm.MatchString(text) {
				u.asked[text] = path
			}
		}
		if lit, ok := n.(*ast.BasicLit); ok && !imports[lit] {
			text, ok := literal(lit)
			if !ok {
				return true
			}
			u.note(text)
			group, _, _ := strings.Cut(text, ".")
			if shown && groups[group] && keyForm.MatchString(text) {
				u.asked[text] = path
			}
		}
		return true
	})
	return nil
}

func (u usage) note(text string) {
	if keyForm.MatchString(text) {
		u.literals[text] = true
	}
	if match := prefixForm.FindStringSubmatch(text); match != nil && match[1] != "" {
		u.prefixes[match[1]] = true
	}
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}
