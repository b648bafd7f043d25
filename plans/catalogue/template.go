package catalogue

import (
	"slices"
	"strconv"
	"strings"

	"traguardo/plans"
	"traguardo/surveys"
)

// Band is a size of Comune for which costs and days are given.
type Band int

// The bands, by resident population.
const (
	Small  Band = iota // up to 3,000
	Medium             // 3,001 to 20,000
	Large              // above 20,000
)

// BandOf returns the band of a Comune with this many residents.
func BandOf(population int) Band {
	switch {
	case population <= 3_000:
		return Small
	case population <= 20_000:
		return Medium
	default:
		return Large
	}
}

func (b Band) String() string {
	switch b {
	case Small:
		return "small"
	case Medium:
		return "medium"
	case Large:
		return "large"
	}
	return "band " + strconv.Itoa(int(b))
}

// Sized is a figure for each band: [small, medium, large].
type Sized [3]int

// Kind is what sort of work a template is.
type Kind string

// The kinds: a project changes services and systems, training and change work on people.
const (
	Project  Kind = "project"
	Training Kind = "training"
	Change   Kind = "change"
)

func (k Kind) String() string { return string(k) }

// Effect is an indicator of MAT and the levels to which the template can bring
// it, one stage a level, ascending. From is the lowest evidenced level at which the first stage can begin.
type Effect struct {
	Indicator string          `yaml:"indicator"`
	From      surveys.Level   `yaml:"from"`
	Stops     []surveys.Level `yaml:"stops"`
}

// Step is a part of the work.
type Step struct {
	Do    string `yaml:"do"`
	Weeks int    `yaml:"weeks"` // typical
}

// Days are staff days by role. Supplier days are not days of the ente.
type Days struct {
	RTD      Sized `yaml:"rtd"`
	UTD      Sized `yaml:"utd"`
	Office   Sized `yaml:"office"`
	Supplier Sized `yaml:"supplier"`
}

// Cost is a range in whole euro by band, one-off, and what it costs a year
// afterwards. Staff of the ente is not in it.
type Cost struct {
	Low     Sized  `yaml:"low"`
	High    Sized  `yaml:"high"`
	Running Sized  `yaml:"running"`
	Drivers string `yaml:"drivers"` // what makes it low or high
}

// Measure is a PNRR measure that paid for this kind of work. Calls of PA
// digitale 2026 are closed (all TERMINATO in shared/data/padigitale2026, avvisi,
// read in 2026): a measure is there for tracking and is never offered.
type Measure struct {
	Measure string `yaml:"measure"`
	Note    string `yaml:"note"`
}

// Funding says where money for it can come from.
type Funding struct {
	Sources []plans.Source `yaml:"sources"` // own, regional, other; never pnrr
	PNRR    []Measure      `yaml:"pnrr"`
}

// KPI is how one sees that it worked.
type KPI struct {
	Name string `yaml:"name"`
	Unit string `yaml:"unit"`
}

// Template is one entry of the catalogue. Texts are Italian.
type Template struct {
	Code         string             `yaml:"code"` // e.g. PIA-01
	Title        string             `yaml:"title"`
	Kind         Kind               `yaml:"kind"`
	Purpose      string             `yaml:"purpose"` // two sentences
	Effects      []Effect           `yaml:"effects"`
	Each         bool               `yaml:"each"`  // one micro-progetto for each effect
	Share        map[string]float64 `yaml:"share"` // part of cost and days that a stage takes, by level; 1 where absent
	Deliverables []string           `yaml:"deliverables"`
	Steps        []Step             `yaml:"steps"`
	Days         Days               `yaml:"days"`
	Cost         Cost               `yaml:"cost"`
	Requires     []string           `yaml:"requires"`
	Conflicts    []string           `yaml:"conflicts"`
	Closes       []string           `yaml:"closes"` // PTI lines, "CAP4.PA.04@3" where only the stage of level 3 closes it
	Helps        []string           `yaml:"helps"`
	Law          []string           `yaml:"law"`
	Funding      Funding            `yaml:"funding"`
	KPI          KPI                `yaml:"kpi"`
	Risks        []string           `yaml:"risks"`
	Reuse        string             `yaml:"reuse"`
	Competences  []string           `yaml:"competences"` // items of STAFF to train first
	Trains       []string           `yaml:"trains"`      // items of STAFF that it trains

	Area     surveys.Area `yaml:"-"` // of its file
	Version  string       `yaml:"-"` // of its file
	Estimate bool         `yaml:"-"` // of its file: figures are estimates to be checked
	file     string
	index    int // in its file
}

// Stage is one micro-progetto of a template: the work that brings its effects
// to a level, sized for a band.
type Stage struct {
	ID           string // "PIA-01@2", "PIA-10@M-PIA-03@4" for a template marked each, "GOV-08" without effects
	Template     *Template
	Level        surveys.Level // 0 for a template without effects
	Effects      []StageEffect
	Low, High    plans.Cents // one-off
	Running      plans.Cents // a year
	RTD          int         // days
	UTD          int
	Office       int
	Supplier     int   // not days of the ente
	Effort       []int // days of the ente in each quarter
	Weeks        int
	Closes       []string // PTI codes, without stage
	FirstOfLines bool     // the earliest stage of its template
}

// StageEffect is an effect of a stage: from at least From to To.
type StageEffect struct {
	Indicator string
	From, To  surveys.Level
}

// Cost returns the middle of the range, the figure that a plan counts with.
func (s Stage) Cost() plans.Cents { return (s.Low + s.High) / 2 }

// Days returns the days of the ente.
func (s Stage) Days() int { return s.RTD + s.UTD + s.Office }

// Levels returns the levels of the template's stages, ascending; nil when it
// raises no indicator. The caller owns the slice.
func (t *Template) Levels() []surveys.Level {
	var out []surveys.Level
	for _, e := range t.Effects {
		out = append(out, e.Stops...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Stages returns every stage of the template for a band, lowest level first.
func (t *Template) Stages(b Band) []Stage {
	levels := t.Levels()
	if len(levels) == 0 {
		s := t.stage(b, 1)
		s.ID, s.Closes, s.FirstOfLines = t.Code, t.closesAt(0, true), true
		return []Stage{s}
	}
	var out []Stage
	for k, l := range levels {
		effects := t.effectsAt(l)
		if !t.Each {
			out = append(out, t.stageAt(b, l, k == 0, effects, t.Code))
			continue
		}
		for _, e := range effects {
			out = append(out, t.stageAt(b, l, k == 0, []StageEffect{e}, t.Code+"@"+e.Indicator))
		}
	}
	return out
}

func (t *Template) stageAt(b Band, l surveys.Level, first bool, effects []StageEffect, id string) Stage {
	level := strconv.Itoa(int(l))
	share, ok := t.Share[level]
	if !ok {
		share = 1
	}
	s := t.stage(b, share)
	s.ID, s.Level, s.Effects, s.FirstOfLines = id+"@"+level, l, effects, first
	s.Closes = t.closesAt(l, first)
	return s
}

// effectsAt returns the effects that have a stop at l, each from the stop before.
func (t *Template) effectsAt(l surveys.Level) []StageEffect {
	var out []StageEffect
	for _, e := range t.Effects {
		from := e.From
		for _, stop := range e.Stops {
			if stop == l {
				out = append(out, StageEffect{e.Indicator, from, l})
			}
			from = stop
		}
	}
	return out
}

// closesAt returns the PTI lines closed by the stage of level l.
func (t *Template) closesAt(l surveys.Level, first bool) []string {
	var out []string
	for _, text := range t.Closes {
		line, at, staged := strings.Cut(text, "@")
		if (staged && at == strconv.Itoa(int(l))) || (!staged && first) {
			out = append(out, line)
		}
	}
	return out
}

func (t *Template) stage(b Band, share float64) Stage {
	part := func(s Sized) int { return int(float64(s[b])*share + 0.5) }
	s := Stage{
		Template: t, RTD: part(t.Days.RTD), UTD: part(t.Days.UTD), Office: part(t.Days.Office), Supplier: part(t.Days.Supplier),
		Low: tens(part(t.Cost.Low)), High: tens(part(t.Cost.High)), Running: tens(t.Cost.Running[b]),
	}
	for _, step := range t.Steps {
		s.Weeks += step.Weeks
	}
	s.Effort = spread(s.Days(), (s.Weeks+weeksPerQuarter-1)/weeksPerQuarter)
	return s
}

const weeksPerQuarter = 13

// tens turns whole euro into cents, rounded to ten euro: estimates have no units.
func tens(euro int) plans.Cents { return plans.Cents((euro + 5) / 10 * 10 * 100) }

// spread deals days over quarters as evenly as whole days go, more in the first.
func spread(days, quarters int) []int {
	out := make([]int, max(quarters, 1))
	for i := range out {
		out[i] = days / len(out)
		if i < days%len(out) {
			out[i]++
		}
	}
	return out
}
