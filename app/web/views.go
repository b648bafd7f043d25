package web

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"path"
	"strings"
)

// ErrView marks a template that cannot be used or a page that does not exist.
var ErrView = errors.New("page template")

// Views implements fiber.Views. Each page is one parsed set: all layouts and
// partials, and the page itself, which names its layout with {{template "base" .}}.
// Sets are made once by Load and only read afterwards: safe for concurrent use.
type Views struct {
	fsys  fs.FS
	pages map[string]*template.Template // "group/name" → set
}

// NewViews reads nothing yet: fiber (or a test) calls Load. fsys holds layouts/,
// partials/ and pages/.
func NewViews(fsys fs.FS) *Views { return &Views{fsys: fsys} }

// Load parses and checks every page. A template that does not parse, calls one
// that does not exist, or cannot be escaped is an error that names it; all faults are listed.
func (v *Views) Load() error {
	shared := template.New("shared").Option("missingkey=error").Funcs(viewFuncs())
	for _, folder := range []string{"layouts", "partials"} {
		if err := v.parseShared(shared, folder); err != nil {
			return err
		}
	}
	pages := map[string]*template.Template{}
	var faults []error
	err := fs.WalkDir(v.fsys, "pages", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(file) != ".html" {
			return err
		}
		name := strings.TrimSuffix(strings.TrimPrefix(file, "pages/"), ".html")
		page, err := v.parsePage(shared, name, file)
		if err != nil {
			faults = append(faults, fmt.Errorf("%w %s: %w", ErrView, file, err))
			return nil
		}
		pages[name] = page
		return nil
	})
	if err != nil {
		return fmt.Errorf("%w: listing pages: %w", ErrView, err)
	}
	if len(faults) > 0 {
		return errors.Join(faults...)
	}
	v.pages = pages
	return nil
}

// parseShared adds every file of folder to set under its name without extension.
func (v *Views) parseShared(set *template.Template, folder string) error {
	names, err := fs.Glob(v.fsys, folder+"/*.html")
	if err != nil {
		return fmt.Errorf("%w: listing %s: %w", ErrView, folder, err)
	}
	for _, file := range names {
		text, err := fs.ReadFile(v.fsys, file)
		if err != nil {
			return fmt.Errorf("%w: reading %s: %w", ErrView, file, err)
		}
		if _, err := set.New(strings.TrimSuffix(path.Base(file), ".html")).Parse(string(text)); err != nil {
			return fmt.Errorf("%w %s: %w", ErrView, file, err)
		}
	}
	return nil
}

// parsePage makes the set of one page and has it escaped now, so that a fault in
// any branch stops the program at start and not the reader later.
func (v *Views) parsePage(shared *template.Template, name, file string) (*template.Template, error) {
	text, err := fs.ReadFile(v.fsys, file)
	if err != nil {
		return nil, fmt.Errorf("reading it: %w", err)
	}
	set, err := shared.Clone()
	if err != nil {
		return nil, fmt.Errorf("cloning the shared set: %w", err)
	}
	page, err := set.New("page:" + name).Parse(string(text))
	if err != nil {
		return nil, err
	}
	var escaping *template.Error
	// Without data the run itself fails at the first field: only the escaping, done before it, counts here.
	if err := page.Execute(io.Discard, nil); errors.As(err, &escaping) {
		return nil, err
	}
	return page, nil
}

// Render writes page name ("group/name") filled with data, a page struct that
// embeds Chrome. Nothing reaches out unless the whole page could be made. Layouts
// given by fiber are not used: the page names its own.
func (v *Views) Render(out io.Writer, name string, data any, _ ...string) error {
	page, ok := v.pages[name]
	if !ok {
		return fmt.Errorf("%w: no page %q", ErrView, name)
	}
	var buffer bytes.Buffer
	if err := page.Execute(&buffer, data); err != nil {
		return fmt.Errorf("%w %s: %w", ErrView, name, err)
	}
	if _, err := buffer.WriteTo(out); err != nil {
		return fmt.Errorf("writing page %s: %w", name, err)
	}
	return nil
}

// Names returns the names of the loaded pages, in no order. The caller owns the slice.
func (v *Views) Names() []string {
	names := make([]string, 0, len(v.pages))
	for name := range v.pages {
		names = append(names, name)
	}
	return names
}

// viewFuncs are the functions of every template: pure, the same for each reader.
// What depends on the reader (language, paths, token) is a method of Chrome.
func viewFuncs() template.FuncMap {
	return template.FuncMap{
		"part": newPart,
		"add":  func(a, b int) int { return a + b },
	}
}
