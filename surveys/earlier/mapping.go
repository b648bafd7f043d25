package earlier

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/goccy/go-yaml"

	"traguardo/surveys"
)

// Words that stand in a mapping for what is not the value of an option.
const (
	AnswerNA      = "na"
	AnswerDK      = "dk"
	AnswerMissing = "missing"
	AnswerYes     = "yes" // of a column that is one option: chosen
	AnswerNo      = "no"  // not chosen
	AnswerUnknown = "?"   // a person has to say; nothing is applied while it stands
)

// CheckNear marks what a draft took by likeness. Nothing is applied while it stands:
// whoever has checked the line takes the mark away.
const CheckNear = "near"

// Mapping says how an export becomes vectors of one version of an instrument.
type Mapping struct {
	Source     Source         `yaml:"source"`
	Instrument string         `yaml:"instrument"`
	Version    string         `yaml:"version"`
	Wave       surveys.Wave   `yaml:"wave"`             // what the survey was held as
	Scales     []ScaleAnswers `yaml:"scales,omitempty"` // answers of every column of that scale
	Columns    []Column       `yaml:"columns"`          // every column but those of identity
}

// ScaleAnswers are the cells of all items on one scale.
type ScaleAnswers struct {
	Scale  string       `yaml:"scale"`
	Values []CellAnswer `yaml:"values"`
}

// Column says what one column is: an item, or something to ignore.
type Column struct {
	Column    string       `yaml:"column"` // heading, as Read names it
	Item      string       `yaml:"item,omitempty"`
	Ignore    bool         `yaml:"ignore,omitempty"`
	Option    *byte        `yaml:"option,omitempty"`    // multiple: the column is this option alone
	Separator string       `yaml:"separator,omitempty"` // multiple: what parts the choices in a cell
	Check     string       `yaml:"check,omitempty"`     // CheckNear
	Values    []CellAnswer `yaml:"values,omitempty"`    // before those of the scale
}

// CellAnswer is one text of a cell and what it means: the value of an option in
// decimal, or one of the words above. An empty cell is always a missing answer.
type CellAnswer struct {
	Cell   string `yaml:"cell"`
	Answer string `yaml:"answer"`
	Check  string `yaml:"check,omitempty"`
}

// ParseMapping reads a mapping document strictly. The error names line and column
// and wraps surveys.ErrInvalid.
func ParseMapping(b []byte) (Mapping, error) {
	var m Mapping
	if err := yaml.NewDecoder(bytes.NewReader(b), yaml.Strict()).Decode(&m); err != nil {
		if errors.Is(err, io.EOF) {
			return m, fmt.Errorf("%w: the mapping is empty", surveys.ErrInvalid)
		}
		return m, fmt.Errorf("%w: mapping: %s", surveys.ErrInvalid, yaml.FormatError(err, false, true))
	}
	if _, err := ParseSource(string(m.Source)); err != nil {
		return m, fmt.Errorf("mapping: %w", err)
	}
	if _, err := surveys.ParseWave(string(m.Wave)); err != nil {
		return m, fmt.Errorf("mapping: %w", err)
	}
	if m.Instrument == "" || m.Version == "" {
		return m, fmt.Errorf("%w: mapping without instrument and version", surveys.ErrInvalid)
	}
	return m, nil
}

const draftHead = `# Draft of a mapping, made from headings and labels: read every line before you use it.
# "answer" is the value of an option, or na, dk, missing (yes and no where a column is one option).
# "?" waits for you to say what a cell means; "check: near" was taken by likeness: take it away when it is right.
# Columns that say who, where or when are not listed: they are never read.
`

// Write returns the document that ParseMapping reads, with a head that explains it.
func (m Mapping) Write() ([]byte, error) {
	body, err := yaml.MarshalWithOptions(m, yaml.IndentSequence(true))
	if err != nil {
		return nil, fmt.Errorf("writing the mapping: %w", err)
	}
	return append([]byte(draftHead), body...), nil
}

// code turns an answer of a mapping into the byte that stands for it on the item;
// false when the item has no such answer.
func code(in *surveys.Instrument, it surveys.Item, answer string) (byte, bool) {
	switch answer {
	case AnswerNA:
		return surveys.NA, it.NAAllowed && in.ScaleOf(it).NA != nil
	case AnswerDK:
		return surveys.DK, in.ScaleOf(it).DK != nil
	case AnswerMissing:
		return surveys.Missing, true
	}
	n, err := strconv.ParseUint(answer, 10, 8)
	if err != nil {
		return 0, false
	}
	for _, o := range in.OptionsOf(it) {
		if o.Value == byte(n) {
			return o.Value, true
		}
	}
	return 0, false
}
