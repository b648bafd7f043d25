package pti

import (
	"traguardo/plans"
	"traguardo/surveys"
)

// Edition is one edition of the PTI. After Load it is not changed.
type Edition struct {
	ID        string       `yaml:"id"`    // e.g. "2024-2026-agg-2026"; the key of an edition
	Label     string       `yaml:"label"` // as the official columns and the instruments write it
	Title     surveys.Text `yaml:"title"`
	FirstYear int          `yaml:"first_year"`
	LastYear  int          `yaml:"last_year"`
	Source    string       `yaml:"source"`
	License   string       `yaml:"license"`
	Reading   surveys.Text `yaml:"reading"` // whose reading the applicability is

	Conditions []Condition `yaml:"conditions"` // what the registry cannot tell
	Audiences  []Audience  `yaml:"audiences"`

	Chapters    []Chapter    `yaml:"-"` // in the order of the plan
	Lines       []ActionLine `yaml:"-"` // in the order of the plan, chapter by chapter
	Obligations []Obligation `yaml:"-"` // yearly duties around the plan, by day of the year

	fingerprints map[string]Fingerprint // official wording of each line, by code
	byCode       map[string]int         // index into Lines
}

// Chapter is a chapter of the plan.
type Chapter struct {
	Number     int          `yaml:"number"`
	Title      surveys.Text `yaml:"title"`
	Objectives []Objective  `yaml:"-"`
}

// Objective is an objective (obiettivo, OB) of the plan.
type Objective struct {
	Code    string           `yaml:"code"` // OB.4.1
	Title   surveys.Text     `yaml:"title"`
	Results []ExpectedResult `yaml:"results"`
}

// ExpectedResult is an expected result (risultato atteso, RA) with its targets.
type ExpectedResult struct {
	Code    string       `yaml:"code"` // RA4.1.1
	Title   surveys.Text `yaml:"title"`
	Targets []Target     `yaml:"targets"` // by year; two may share a year where the plan prints two
}

// TargetKind tells a goal from a measure.
type TargetKind string

// The kinds of figure that the plan prints for a year.
const (
	Goal     TargetKind = "target"   // what the country aims at
	Measured TargetKind = "measured" // what was measured ("Monitoraggio" in the 2026 update)
)

// Target is a national figure for a year; it is never a figure of a Comune.
type Target struct {
	Year int        `yaml:"year"`
	Kind TargetKind `yaml:"kind"`
	None bool       `yaml:"none"` // the plan prints n.d. or n.a.: nothing to compare with, which is not 0
	IT   string     `yaml:"it"`
	EN   string     `yaml:"en"`
}

// Text returns the words of the target in both languages.
func (t Target) Text() surveys.Text { return surveys.Text{IT: t.IT, EN: t.EN} }

// ActionLine is a line of action (linea d'azione) addressed to administrations.
type ActionLine struct {
	Code      string       `yaml:"code"` // CAP4.PA.01
	Chapter   int          `yaml:"-"`    // 1–7, from the file that holds the line
	Objective string       `yaml:"objective"`
	Results   []string     `yaml:"results"`   // none where the plan ties the line to the objective only
	Starts    plans.Date   `yaml:"starts"`    // "from": zero where the plan gives none
	Deadline  plans.Date   `yaml:"deadline"`  // "by", last day of the month: zero where the plan gives none
	Standing  bool         `yaml:"standing"`  // "vigente": in force, without a date
	Replanned bool         `yaml:"replanned"` // marked * by the plan: moved in this update
	DateNote  surveys.Text `yaml:"date_note"` // what is odd in the printed date
	Area      surveys.Area `yaml:"area"`      // PIA, SIC, COM, DOC or GOV: the line's own, not its indicators'
	Closest   surveys.Area `yaml:"closest"`   // for GOV lines near one of the four areas; empty otherwise
	Binding   Kind         `yaml:"binding"`   // for Comuni at large; Edition.Bind resolves it for one
	Rule      Rule         `yaml:"rule"`
	Title     surveys.Text `yaml:"title"` // at most 90 characters
	Todo      surveys.Text `yaml:"todo"`  // what the Comune does, one to three plain sentences
}

// Condition is a fact about the ente that the registry cannot tell.
type Condition struct {
	ID       string       `yaml:"id"`
	Question surveys.Text `yaml:"question"` // to be answered yes or no
}

// Audience is a group to whom voluntary lines, and lines that bind no Comune, speak.
type Audience struct {
	ID   string       `yaml:"id"`
	Name surveys.Text `yaml:"name"`
}

// Line returns the line of that code, and false when the edition has none.
func (e *Edition) Line(code string) (ActionLine, bool) {
	i, ok := e.byCode[code]
	if !ok {
		return ActionLine{}, false
	}
	return e.Lines[i], true
}

// Objective returns the objective of that code and the number of its chapter,
// and false when the edition has none.
func (e *Edition) Objective(code string) (o Objective, chapter int, ok bool) {
	for _, c := range e.Chapters {
		for _, o := range c.Objectives {
			if o.Code == code {
				return o, c.Number, true
			}
		}
	}
	return Objective{}, 0, false
}

// Result returns the expected result of that code and the code of its
// objective, and false when the edition has none.
func (e *Edition) Result(code string) (r ExpectedResult, objective string, ok bool) {
	for _, c := range e.Chapters {
		for _, o := range c.Objectives {
			for _, r := range o.Results {
				if r.Code == code {
					return r, o.Code, true
				}
			}
		}
	}
	return ExpectedResult{}, "", false
}

// Condition returns the condition of that id, and false when the edition has none.
func (e *Edition) Condition(id string) (Condition, bool) {
	for _, c := range e.Conditions {
		if c.ID == id {
			return c, true
		}
	}
	return Condition{}, false
}

func (e *Edition) audience(id string) (Audience, bool) {
	for _, a := range e.Audiences {
		if a.ID == id {
			return a, true
		}
	}
	return Audience{}, false
}

// Timing is where a day stands in the life of a line, whatever was done.
type Timing string

// The timings of a line.
const (
	Upcoming Timing = "upcoming" // it starts later
	InForce  Timing = "in_force" // it stands, or it has started, or its deadline is still ahead
	Overdue  Timing = "overdue"  // its deadline has passed
	Undated  Timing = "undated"  // the plan gives no readable date (CAP4.PA.21)
)

// Timing says where day stands in the life of the line. The day of the deadline
// itself is still in time.
func (l ActionLine) Timing(day plans.Date) Timing {
	switch {
	case !l.Deadline.IsZero() && day.After(l.Deadline):
		return Overdue
	case !l.Starts.IsZero() && day.Before(l.Starts):
		return Upcoming
	case l.Standing || !l.Starts.IsZero() || !l.Deadline.IsZero():
		return InForce
	}
	return Undated
}

// IndicatorsByLine turns the links of a maturity instrument round: for each line
// code, the codes of the indicators that name it, in the order of the
// instrument. The caller owns the map.
func IndicatorsByLine(mat *surveys.Instrument) map[string][]string {
	out := map[string][]string{}
	for _, it := range mat.Items() {
		if it.PTI == nil {
			continue
		}
		for _, l := range it.PTI.Lines {
			out[l] = append(out[l], it.Code)
		}
	}
	return out
}
