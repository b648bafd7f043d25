package instruments

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"traguardo/surveys"
)

// Problem is one thing that is wrong with a document. Line and Column count from
// 1; they are 0 for what concerns the document as a whole.
type Problem struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
	Text   string `json:"text"`
}

// String returns file:line:column: text.
func (p Problem) String() string {
	if p.Line == 0 {
		return p.File + ": " + p.Text
	}
	return fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Column, p.Text)
}

// File is one file of a document.
type File struct {
	Name string
	Body []byte
}

// Files reads the *.yaml files at the root of fsys in the order of their names.
func Files(fsys fs.FS) ([]File, error) {
	names, err := fs.Glob(fsys, "*.yaml")
	if err != nil {
		return nil, fmt.Errorf("listing instrument files: %w", err)
	}
	files := make([]File, 0, len(names))
	for _, name := range names {
		b, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", name, err)
		}
		files = append(files, File{name, b})
	}
	return files, nil
}

// Lint reads files as Load does and returns the instrument, nil when it cannot be
// read, and everything that is wrong with it, in the order of files and lines.
// earlier, when it is not nil, is the version that the crosswalk is checked against.
func Lint(files []File, earlier *surveys.Instrument) (*surveys.Instrument, []Problem) {
	if len(files) == 0 {
		return nil, []Problem{{File: ".", Text: "no *.yaml file to read an instrument from"}}
	}
	var whole surveys.Instrument
	at := places{}
	for i, f := range files {
		part, problem := read(f.Name, f.Body)
		if problem == nil {
			if err := join(&whole, part, i == 0); err != nil {
				problem = &Problem{File: f.Name, Text: message(err)}
			}
		}
		if problem != nil {
			return nil, []Problem{*problem}
		}
		at.gather(f.Name, f.Body)
	}
	problems := at.find(files[0].Name, whole.Validate())
	if earlier != nil {
		problems = append(problems, at.find(files[0].Name, surveys.CheckCrosswalk(earlier, &whole))...)
	}
	slices.SortStableFunc(problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return &whole, problems
}

// read parses one file and says where it cannot be read.
func read(name string, b []byte) (surveys.Instrument, *Problem) {
	var part surveys.Instrument
	err := yaml.NewDecoder(bytes.NewReader(b), yaml.Strict()).Decode(&part)
	if err == nil {
		if _, err = Parse(name, b); err == nil {
			return part, nil
		}
	}
	problem := &Problem{File: name, Text: message(err)}
	var placed yaml.Error
	if errors.As(err, &placed) {
		problem.Text = placed.GetMessage()
		if t := placed.GetToken(); t != nil && t.Position != nil {
			problem.Line, problem.Column = t.Position.Line, t.Position.Column
		}
	}
	return part, problem
}

// message is an error without the words of its sentinel.
func message(err error) string {
	if faults := surveys.Faults(err); len(faults) == 1 {
		return faults[0].Text
	}
	return strings.TrimPrefix(err.Error(), surveys.ErrInvalid.Error()+": ")
}

// places remembers where each item, block and scale is written; of a code that is
// written twice, the last place.
type places map[place]Problem

type place struct {
	kind surveys.FaultKind
	code string
}

// gather walks one file that can be read.
func (p places) gather(name string, b []byte) {
	file, err := parser.ParseBytes(b, 0)
	if err != nil {
		return
	}
	for _, doc := range file.Docs {
		p.walk(name, "", doc.Body)
	}
}

// kindOf says what the members of a document hold that faults are about.
func kindOf(member string) surveys.FaultKind {
	switch member {
	case "items":
		return surveys.KindItem
	case "blocks":
		return surveys.KindBlock
	case "scales":
		return surveys.KindScale
	}
	return ""
}

func (p places) walk(name, member string, node ast.Node) {
	switch n := node.(type) {
	case *ast.MappingNode:
		for _, v := range n.Values {
			p.entry(name, member, v)
		}
	case *ast.MappingValueNode:
		p.entry(name, member, n)
	case *ast.SequenceNode:
		for _, v := range n.Values {
			p.walk(name, member, v)
		}
	}
}

func (p places) entry(name, member string, v *ast.MappingValueNode) {
	key := v.Key.GetToken().Value
	if kind := kindOf(member); key == "code" && kind != "" {
		if t := v.Value.GetToken(); t != nil && t.Position != nil {
			p[place{kind, t.Value}] = Problem{File: name, Line: t.Position.Line, Column: t.Position.Column}
		}
		return
	}
	p.walk(name, key, v.Value)
}

// find gives each fault of err its place.
func (p places) find(first string, err error) []Problem {
	faults := surveys.Faults(err)
	problems := make([]Problem, 0, len(faults))
	if err != nil && len(faults) == 0 {
		return []Problem{{File: first, Text: message(err)}}
	}
	for _, f := range faults {
		problem, ok := p[place{f.Kind, f.Code}]
		if !ok {
			problem = Problem{File: first}
		}
		problem.Text = f.Text
		if f.Kind != "" {
			problem.Text = fmt.Sprintf("%s %s: %s", f.Kind, f.Code, f.Text)
		}
		problems = append(problems, problem)
	}
	return problems
}

// Write returns an instrument as one YAML document that Load reads back.
func Write(in *surveys.Instrument) ([]byte, error) {
	b, err := yaml.MarshalWithOptions(in, yaml.UseLiteralStyleIfMultiline(true), yaml.IndentSequence(true))
	if err != nil {
		return nil, fmt.Errorf("writing instrument %s %s: %w", in.Code, in.Version, err)
	}
	return b, nil
}
