package instruments

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"

	"github.com/goccy/go-yaml"

	"traguardo/surveys"
)

//go:embed mat/*.yaml staff/*.yaml
var files embed.FS

// MAT returns the maturity assessment that this program carries. It is read
// anew at each call and the caller owns it; read it once, at start.
func MAT() (*surveys.Instrument, error) { return embedded("mat") }

// STAFF returns the staff survey that this program carries. It is read anew at
// each call and the caller owns it; read it once, at start.
func STAFF() (*surveys.Instrument, error) { return embedded("staff") }

func embedded(dir string) (*surveys.Instrument, error) {
	sub, err := fs.Sub(files, dir)
	if err != nil {
		return nil, fmt.Errorf("opening embedded instrument %s: %w", dir, err)
	}
	return Load(sub)
}

// Load reads the *.yaml files at the root of fsys as one instrument and
// validates it. The error of a document that cannot be read names file, line and
// column; those of Validate name block or item. All wrap surveys.ErrInvalid,
// except what fsys itself reports.
func Load(fsys fs.FS) (*surveys.Instrument, error) {
	files, err := Files(fsys)
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%w: no *.yaml file to read an instrument from", surveys.ErrInvalid)
	}
	var whole surveys.Instrument
	for i, f := range files {
		part, err := Parse(path.Base(f.Name), f.Body)
		if err != nil {
			return nil, err
		}
		if err := join(&whole, part, i == 0); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	if err := whole.Validate(); err != nil {
		return nil, fmt.Errorf("instrument %s %s: %w", whole.Code, whole.Version, err)
	}
	return &whole, nil
}

// Parse reads one file of an instrument, strictly, without validating it: a part
// alone is seldom valid. The error names the file, line and column and shows the
// lines around.
func Parse(name string, b []byte) (surveys.Instrument, error) {
	var part surveys.Instrument
	dec := yaml.NewDecoder(bytes.NewReader(b), yaml.Strict())
	if err := dec.Decode(&part); err != nil {
		if errors.Is(err, io.EOF) {
			return part, fmt.Errorf("%w: %s: the file is empty", surveys.ErrInvalid, name)
		}
		return part, fmt.Errorf("%w: %s: %s", surveys.ErrInvalid, name, yaml.FormatError(err, false, true))
	}
	var more any
	if err := dec.Decode(&more); !errors.Is(err, io.EOF) {
		return part, fmt.Errorf("%w: %s: more than one document in the file", surveys.ErrInvalid, name)
	}
	return part, nil
}

// join appends part to whole. Only the first file has a header.
func join(whole *surveys.Instrument, part surveys.Instrument, first bool) error {
	if first {
		blocks := part.Blocks
		*whole = part
		whole.Blocks = nil
		part = surveys.Instrument{Blocks: blocks}
	}
	if part.Code != "" || part.Version != "" || part.Language != "" || part.Title != (surveys.Text{}) ||
		part.Status != "" || part.ValidFrom != "" || part.ReviewBy != "" || part.Crosswalk != nil || len(part.Scales) > 0 {
		return fmt.Errorf("%w: header or scales outside the first file", surveys.ErrInvalid)
	}
	for _, b := range part.Blocks {
		last := len(whole.Blocks) - 1
		if last < 0 || whole.Blocks[last].Code != b.Code {
			whole.Blocks = append(whole.Blocks, b)
			continue
		}
		if b.Title != (surveys.Text{}) || b.Intro != (surveys.Text{}) || b.Debrief != (surveys.Text{}) ||
			len(b.Waves) > 0 || b.Module != "" || b.Within != "" || b.OmitShort || b.OmitSmall || b.ByArea || b.Shuffle {
			return fmt.Errorf("%w: block %s continues with more than items", surveys.ErrInvalid, b.Code)
		}
		whole.Blocks[last].Items = append(whole.Blocks[last].Items, b.Items...)
	}
	return nil
}
