package planner

import (
	"bytes"
	_ "embed" // the table of points
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"

	"traguardo/surveys"
)

//go:embed points.yaml
var pointsYAML []byte

// ErrPoints: the table of points does not hold; the text says line and what.
var ErrPoints = errors.New("table of points does not hold")

// Points says what each thing is worth. See points.yaml for what each field means.
type Points struct {
	Version       string        `yaml:"version" json:"version"`
	Levels        []float64     `yaml:"levels" json:"levels"` // four: of the step from level 0, 1, 2, 3
	GateFactor    float64       `yaml:"gate_factor" json:"gate_factor"`
	Line          float64       `yaml:"line" json:"line"`
	LineOverdue   float64       `yaml:"line_overdue" json:"line_overdue"`
	Training      float64       `yaml:"training" json:"training"`
	NeedBelow     float64       `yaml:"need_below" json:"need_below"` // 0–100
	DefaultTarget surveys.Level `yaml:"default_target" json:"default_target"`
}

// DefaultPoints reads the table that comes with the program.
func DefaultPoints() (Points, error) { return ParsePoints(pointsYAML) }

// ParsePoints reads a table, strictly. It returns ErrPoints for an unknown
// field, a missing version, other than four levels, a negative figure, a gate
// that counts less than an indicator, an overdue line that counts less than one due.
func ParsePoints(raw []byte) (Points, error) {
	var p Points
	if err := yaml.NewDecoder(bytes.NewReader(raw), yaml.Strict()).Decode(&p); err != nil {
		return Points{}, fmt.Errorf("%w: %s", ErrPoints, strings.TrimSpace(yaml.FormatError(err, false, true)))
	}
	return p, p.Validate()
}

// Validate returns ErrPoints as ParsePoints does.
func (p Points) Validate() error {
	if p.Version == "" || len(p.Levels) != 4 {
		return fmt.Errorf("%w: version %q, %d levels", ErrPoints, p.Version, len(p.Levels))
	}
	for _, v := range append([]float64{p.Line, p.LineOverdue - p.Line, p.Training, p.GateFactor - 1, p.NeedBelow, 100 - p.NeedBelow}, p.Levels...) {
		if !usable(v) || v < 0 {
			return fmt.Errorf("%w: a figure is negative or out of order", ErrPoints)
		}
	}
	if p.DefaultTarget < 1 || p.DefaultTarget > 4 {
		return fmt.Errorf("%w: default target %d", ErrPoints, p.DefaultTarget)
	}
	return nil
}

// cumulative returns the points of standing at each level 0–4.
func (p Points) cumulative(gate bool) []float64 {
	out := make([]float64, 1, 5)
	for l, v := range p.Levels {
		if gate {
			v *= p.GateFactor
		}
		out = append(out, out[l]+v)
	}
	return out
}

// between returns the points of going from one level to another; 0 when it does not rise.
func (p Points) between(gate bool, from, to surveys.Level) float64 {
	if to <= from {
		return 0
	}
	c := p.cumulative(gate)
	return c[to] - c[from]
}
