package catalogue

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sort"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"traguardo/surveys"
)

//go:embed templates/*.yaml
var embedded embed.FS

// ErrCatalogue: a file of the catalogue does not hold; the text says file, line and what.
var ErrCatalogue = errors.New("catalogue does not hold")

// Fault is one thing wrong in a file of the catalogue.
type Fault struct {
	File string
	Line int // from 1; 0 when it concerns the whole file
	Code string
	Text string
}

func (f Fault) String() string {
	return fmt.Sprintf("%s:%d: %s: %s", f.File, f.Line, f.Code, f.Text)
}

// Catalogue is a set of templates in order of code. It is not changed after
// loading and is safe for many goroutines.
type Catalogue struct {
	templates []Template
	byCode    map[string]*Template
	trees     map[string]*ast.File
}

// file is the form of one YAML file.
type file struct {
	Area      surveys.Area `yaml:"area"`
	Version   string       `yaml:"version"`
	Estimate  bool         `yaml:"estimate"`
	Templates []Template   `yaml:"templates"`
}

// Embedded reads the catalogue that comes with the program.
func Embedded() (*Catalogue, error) {
	sub, err := fs.Sub(embedded, "templates")
	if err != nil {
		return nil, fmt.Errorf("opening the embedded catalogue: %w", err)
	}
	return Load(sub)
}

// Load reads every *.yaml of fsys, in order of name. It returns ErrCatalogue
// with every fault found, one a line, when a file is not strict YAML of the right form, a
// part is missing, a figure makes no sense, a code is used twice or unknown, or
// prerequisites go in a circle.
func Load(fsys fs.FS) (*Catalogue, error) {
	names, err := fs.Glob(fsys, "*.yaml")
	if err != nil || len(names) == 0 {
		return nil, fmt.Errorf("%w: no files", ErrCatalogue)
	}
	sort.Strings(names)
	c := &Catalogue{byCode: map[string]*Template{}, trees: map[string]*ast.File{}}
	var faults []string
	for _, name := range names {
		if err := c.read(fsys, name); err != nil {
			faults = append(faults, err.Error())
		}
	}
	slices.SortStableFunc(c.templates, func(a, b Template) int { return strings.Compare(a.Code, b.Code) })
	for i := range c.templates {
		t := &c.templates[i]
		if c.byCode[t.Code] == nil {
			c.byCode[t.Code] = t
		}
	}
	for _, f := range c.check() {
		faults = append(faults, f.String())
	}
	if len(faults) > 0 {
		return nil, fmt.Errorf("%w:\n%s", ErrCatalogue, strings.Join(faults, "\n"))
	}
	return c, nil
}

func (c *Catalogue) read(fsys fs.FS, name string) error {
	raw, err := fs.ReadFile(fsys, name)
	if err != nil {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	var f file
	if err := yaml.NewDecoder(bytes.NewReader(raw), yaml.Strict()).Decode(&f); err != nil {
		return fmt.Errorf("%s: %s", name, strings.TrimSpace(yaml.FormatError(err, false, true)))
	}
	tree, err := parser.ParseBytes(raw, 0)
	if err != nil {
		return fmt.Errorf("%s: %s", name, strings.TrimSpace(yaml.FormatError(err, false, true)))
	}
	c.trees[name] = tree
	if f.Version == "" || !slices.Contains(surveys.AssessmentAreas(), f.Area) || len(f.Templates) == 0 {
		return fmt.Errorf("%s:1: area %q, version %q, %d templates", name, f.Area, f.Version, len(f.Templates))
	}
	for i := range f.Templates {
		t := &f.Templates[i]
		t.Area, t.Version, t.Estimate, t.file, t.index = f.Area, f.Version, f.Estimate, name, i
		c.templates = append(c.templates, *t)
	}
	return nil
}

// All returns every template in order of code. The slice is the caller's, the
// templates are not to be changed.
func (c *Catalogue) All() []*Template {
	out := make([]*Template, len(c.templates))
	for i := range c.templates {
		out[i] = &c.templates[i]
	}
	return out
}

// Template returns the template with code and whether there is one.
func (c *Catalogue) Template(code string) (*Template, bool) {
	t, ok := c.byCode[code]
	return t, ok
}

// fault places a text at a field of a template ("" for the template itself).
func (c *Catalogue) fault(t *Template, field, format string, args ...any) Fault {
	return Fault{File: t.file, Line: c.line(t, field), Code: t.Code, Text: fmt.Sprintf(format, args...)}
}

// line finds the line of a field; that of the template when it has no such field.
func (c *Catalogue) line(t *Template, field string) int {
	tree := c.trees[t.file]
	if tree == nil {
		return 0
	}
	for _, place := range []string{"." + field, ".code", ""} {
		if place == "." {
			continue
		}
		path, err := yaml.PathString(fmt.Sprintf("$.templates[%d]%s", t.index, place))
		if err != nil {
			continue
		}
		if node, err := path.FilterFile(tree); err == nil && node != nil {
			return node.GetToken().Position.Line
		}
	}
	return 0
}
