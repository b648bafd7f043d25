package pti

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"sort"

	"github.com/goccy/go-yaml"

	"traguardo/plans"
)

//go:embed editions obligations.yaml
var files embed.FS

// CurrentID is the id of the newest edition that this program carries.
const CurrentID = "2024-2026-agg-2026"

// IDs returns the ids of the embedded editions, sorted. The caller owns the slice.
func IDs() []string {
	entries, err := files.ReadDir("editions")
	if err != nil {
		return nil // the folder is embedded: this cannot happen in a program that compiled
	}
	var ids []string
	for _, d := range entries {
		if d.IsDir() {
			ids = append(ids, d.Name())
		}
	}
	sort.Strings(ids)
	return ids
}

// Current returns the newest edition. It is read anew at each call; read it
// once, at start.
func Current() (*Edition, error) { return Load(CurrentID) }

// Load returns the embedded edition of that id, or of that label ("2024-2026
// aggiornamento 2026", as instruments and official files write it). It returns
// plans.ErrNotFound for any other name. The edition is read anew at each call.
func Load(name string) (*Edition, error) {
	for _, id := range IDs() {
		e, err := loadFolder(id)
		if err != nil {
			return nil, err
		}
		if e.ID == name || e.Label == name {
			return e, nil
		}
	}
	return nil, fmt.Errorf("%w: PTI edition %q", plans.ErrNotFound, name)
}

func loadFolder(id string) (*Edition, error) {
	sub, err := fs.Sub(files, path.Join("editions", id))
	if err != nil {
		return nil, fmt.Errorf("opening PTI edition %s: %w", id, err)
	}
	e, err := read(sub)
	if err != nil {
		return nil, fmt.Errorf("PTI edition %s: %w", id, err)
	}
	if e.Obligations, err = readObligations(files); err != nil {
		return nil, err
	}
	if err := e.validate(); err != nil {
		return nil, fmt.Errorf("PTI edition %s: %w", id, err)
	}
	return e, nil
}

// chapterFile and linesFile are the two files of a chapter.
type chapterFile struct {
	Chapter    Chapter     `yaml:"chapter"`
	Objectives []Objective `yaml:"objectives"`
}

type linesFile struct {
	Lines []ActionLine `yaml:"lines"`
}

// read joins the files of a folder: edition.yaml, fingerprints.yaml, and for
// each chapter chapter-N.yaml and chapter-N-lines.yaml, from 1 without gaps.
func read(fsys fs.FS) (*Edition, error) {
	var e Edition
	if err := decode(fsys, "edition.yaml", &e); err != nil {
		return nil, err
	}
	if err := decode(fsys, "fingerprints.yaml", &e.fingerprints); err != nil {
		return nil, err
	}
	e.byCode = map[string]int{}
	for n := 1; ; n++ {
		var cf chapterFile
		err := decode(fsys, fmt.Sprintf("chapter-%d.yaml", n), &cf)
		if n > 1 && errors.Is(err, fs.ErrNotExist) {
			return &e, nil
		}
		if err != nil {
			return nil, err
		}
		if cf.Chapter.Number != n {
			return nil, fmt.Errorf("%w: chapter-%d.yaml holds chapter %d", plans.ErrInvalid, n, cf.Chapter.Number)
		}
		cf.Chapter.Objectives = cf.Objectives
		e.Chapters = append(e.Chapters, cf.Chapter)
		var lf linesFile
		if err := decode(fsys, fmt.Sprintf("chapter-%d-lines.yaml", n), &lf); err != nil {
			return nil, err
		}
		for _, l := range lf.Lines {
			if _, double := e.byCode[l.Code]; double {
				return nil, fmt.Errorf("%w: line %s stands twice", plans.ErrInvalid, l.Code)
			}
			l.Chapter = n
			e.byCode[l.Code] = len(e.Lines)
			e.Lines = append(e.Lines, l)
		}
	}
}

// decode reads one YAML document strictly: unknown and double keys are errors
// that name file, line and column.
func decode(fsys fs.FS, name string, into any) error {
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	if err := yaml.NewDecoder(bytes.NewReader(b), yaml.Strict()).Decode(into); err != nil {
		if errors.Is(err, io.EOF) {
			return fmt.Errorf("%w: %s: the file is empty", plans.ErrInvalid, name)
		}
		return fmt.Errorf("%w: %s: %s", plans.ErrInvalid, name, yaml.FormatError(err, false, true))
	}
	return nil
}
