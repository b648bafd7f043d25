package catalogue

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"traguardo/plans"
	"traguardo/surveys"
)

var (
	codeForm      = regexp.MustCompile(`^(PIA|SIC|COM|DOC|GOV)-[0-9]{2}$`)
	indicatorForm = regexp.MustCompile(`^M-(PIA|SIC|COM|DOC|GOV)-[0-9]{2}$`)
	lineForm      = regexp.MustCompile(`^CAP[1-7]\.PA\.[0-9]{2}(@[1-4])?$`)
	itemForm      = regexp.MustCompile(`^A-(PIA|SIC|COM|DOC)-[0-9]{2}$`)
)

// check returns everything that does not hold in the catalogue itself.
func (c *Catalogue) check() []Fault {
	var out []Fault
	for i := range c.templates {
		t := &c.templates[i]
		if c.byCode[t.Code] != t {
			out = append(out, c.fault(t, "code", "code used twice"))
		}
		out = append(out, c.checkParts(t)...)
		out = append(out, c.checkEffects(t)...)
		out = append(out, c.checkFigures(t)...)
		out = append(out, c.checkCodes(t)...)
	}
	return append(out, c.checkCircles()...)
}

func (c *Catalogue) checkParts(t *Template) []Fault {
	var out []Fault
	if !codeForm.MatchString(t.Code) || !strings.HasPrefix(t.Code, string(t.Area)+"-") {
		out = append(out, c.fault(t, "code", "code %q in a file of area %s", t.Code, t.Area))
	}
	switch t.Kind {
	case Project, Training, Change:
	default:
		out = append(out, c.fault(t, "kind", "unknown kind %q", t.Kind))
	}
	for field, text := range map[string]string{
		"title": t.Title, "purpose": t.Purpose, "cost.drivers": t.Cost.Drivers, "kpi.name": t.KPI.Name, "kpi.unit": t.KPI.Unit, "reuse": t.Reuse,
	} {
		if strings.TrimSpace(text) == "" {
			out = append(out, c.fault(t, field, "%s is missing", field))
		}
	}
	for field, n := range map[string]int{
		"deliverables": len(t.Deliverables), "steps": len(t.Steps), "law": len(t.Law), "risks": len(t.Risks), "funding.sources": len(t.Funding.Sources),
	} {
		if n == 0 {
			out = append(out, c.fault(t, field, "%s is empty", field))
		}
	}
	slices.SortFunc(out, func(a, b Fault) int { return strings.Compare(a.Text, b.Text) })
	return out
}

func (c *Catalogue) checkEffects(t *Template) []Fault {
	var out []Fault
	if len(t.Effects)+len(t.Closes)+len(t.Trains) == 0 {
		out = append(out, c.fault(t, "effects", "raises no indicator, closes no line and trains nobody"))
	}
	for _, e := range t.Effects {
		if !indicatorForm.MatchString(e.Indicator) {
			out = append(out, c.fault(t, "effects", "indicator %q", e.Indicator))
		}
		last := e.From
		for _, s := range e.Stops {
			if s <= last || s > 4 || e.From < 0 {
				out = append(out, c.fault(t, "effects", "%s: stops %v from %d do not ascend to 4", e.Indicator, e.Stops, e.From))
				break
			}
			last = s
		}
		if len(e.Stops) == 0 {
			out = append(out, c.fault(t, "effects", "%s: no stops", e.Indicator))
		}
	}
	levels := t.Levels()
	for level, share := range t.Share {
		l, err := strconv.Atoi(level)
		if err != nil || !slices.Contains(levels, surveys.Level(l)) || share <= 0 || share > 2 {
			out = append(out, c.fault(t, "share", "share %g of level %q", share, level))
		}
	}
	return out
}

func (c *Catalogue) checkFigures(t *Template) []Fault {
	var out []Fault
	total := 0
	for b := Small; b <= Large; b++ {
		if t.Cost.Low[b] < 0 || t.Cost.Low[b] > t.Cost.High[b] || t.Cost.Running[b] < 0 {
			out = append(out, c.fault(t, "cost", "cost of %s: %d to %d, running %d", b, t.Cost.Low[b], t.Cost.High[b], t.Cost.Running[b]))
		}
		d := t.Days
		if min(d.RTD[b], d.UTD[b], d.Office[b], d.Supplier[b]) < 0 || d.RTD[b]+d.UTD[b]+d.Office[b] == 0 {
			out = append(out, c.fault(t, "days", "days of %s: rtd %d utd %d office %d", b, d.RTD[b], d.UTD[b], d.Office[b]))
		}
	}
	for _, s := range t.Steps {
		if s.Weeks < 1 || strings.TrimSpace(s.Do) == "" {
			out = append(out, c.fault(t, "steps", "step %q of %d weeks", s.Do, s.Weeks))
		}
		total += s.Weeks
	}
	if total > plans.MaxQuarters*weeksPerQuarter {
		out = append(out, c.fault(t, "steps", "%d weeks do not fit a plan", total))
	}
	return out
}

func (c *Catalogue) checkCodes(t *Template) []Fault {
	var out []Fault
	for field, codes := range map[string][]string{"requires": t.Requires, "conflicts": t.Conflicts} {
		for _, code := range codes {
			if c.byCode[code] == nil || code == t.Code {
				out = append(out, c.fault(t, field, "%s %q", field, code))
			}
		}
	}
	for field, form := range map[string]*regexp.Regexp{"closes": lineForm, "helps": lineForm, "competences": itemForm, "trains": itemForm} {
		for _, code := range map[string][]string{"closes": t.Closes, "helps": t.Helps, "competences": t.Competences, "trains": t.Trains}[field] {
			if !form.MatchString(code) {
				out = append(out, c.fault(t, field, "%s %q", field, code))
			}
		}
	}
	for _, s := range t.Funding.Sources {
		if _, err := plans.ParseSource(string(s)); err != nil || s == plans.PNRR {
			out = append(out, c.fault(t, "funding", "source %q cannot be offered", s))
		}
	}
	for _, m := range t.Funding.PNRR {
		if m.Measure == "" || m.Note == "" {
			out = append(out, c.fault(t, "funding", "PNRR measure %q without note", m.Measure))
		}
	}
	slices.SortFunc(out, func(a, b Fault) int { return strings.Compare(a.Text, b.Text) })
	return out
}

// checkCircles finds templates that need themselves through others.
func (c *Catalogue) checkCircles() []Fault {
	var out []Fault
	state := map[string]int{}
	var visit func(t *Template)
	visit = func(t *Template) {
		state[t.Code] = 1
		for _, code := range t.Requires {
			if o := c.byCode[code]; o != nil && state[code] == 1 {
				out = append(out, c.fault(t, "requires", "prerequisites go in a circle through %s", code))
			} else if o != nil && state[code] == 0 {
				visit(o)
			}
		}
		state[t.Code] = 2
	}
	for i := range c.templates {
		if t := c.byCode[c.templates[i].Code]; state[t.Code] == 0 {
			visit(t)
		}
	}
	return out
}

// Known is what the instruments and the PTI edition in use hold.
type Known struct {
	Indicators  map[string]surveys.Area // of MAT
	Lines       map[string]bool         // of the edition
	Competences map[string]bool         // items of STAFF, block AUT
}

// Lint returns what a reviewer should look at, in order of file and line: codes
// unknown to Known (an empty set is not compared), indicators whose levels 0–3
// no template raises, competences that nothing trains, purposes that are not two
// sentences, texts with double blanks.
func (c *Catalogue) Lint(k Known) []Fault {
	var out []Fault
	for i := range c.templates {
		t := &c.templates[i]
		for _, e := range t.Effects {
			if _, ok := k.Indicators[e.Indicator]; len(k.Indicators) > 0 && !ok {
				out = append(out, c.fault(t, "effects", "indicator %s is not in the instrument", e.Indicator))
			}
		}
		for _, line := range append(slices.Clone(t.Closes), t.Helps...) {
			if code, _, _ := strings.Cut(line, "@"); len(k.Lines) > 0 && !k.Lines[code] {
				out = append(out, c.fault(t, "closes", "line %s is not in the edition", code))
			}
		}
		for _, item := range append(slices.Clone(t.Competences), t.Trains...) {
			if len(k.Competences) > 0 && !k.Competences[item] {
				out = append(out, c.fault(t, "competences", "item %s is not in the instrument", item))
			}
		}
		if n := sentences(t.Purpose); n != 2 {
			out = append(out, c.fault(t, "purpose", "purpose has %d sentences, not two", n))
		}
		if strings.Contains(t.Purpose+t.Title+t.Cost.Drivers+t.Reuse, "  ") {
			out = append(out, c.fault(t, "purpose", "double blank"))
		}
	}
	out = append(out, c.uncovered(k)...)
	slices.SortStableFunc(out, func(a, b Fault) int {
		if d := strings.Compare(a.File, b.File); d != 0 {
			return d
		}
		return a.Line - b.Line
	})
	return out
}

// uncovered names levels that no template raises and competences nobody trains.
func (c *Catalogue) uncovered(k Known) []Fault {
	raised := map[string][4]bool{}
	trained := map[string]bool{}
	for i := range c.templates {
		t := &c.templates[i]
		for _, e := range t.Effects {
			levels := raised[e.Indicator]
			for l := max(e.From, 0); l < min(slices.Max(append(e.Stops, 0)), 4); l++ {
				levels[l] = true
			}
			raised[e.Indicator] = levels
		}
		for _, item := range t.Trains {
			trained[item] = true
		}
	}
	var out []Fault
	for indicator := range k.Indicators {
		for l, ok := range raised[indicator] {
			if !ok {
				out = append(out, Fault{Code: indicator, Text: "no template raises level " + strconv.Itoa(l)})
			}
		}
	}
	for item := range k.Competences {
		if !trained[item] {
			out = append(out, Fault{Code: item, Text: "no template trains it"})
		}
	}
	slices.SortFunc(out, func(a, b Fault) int { return strings.Compare(a.Code+a.Text, b.Code+b.Text) })
	return out
}

// sentences counts full stops that end a sentence.
func sentences(s string) int {
	n := 0
	for _, part := range strings.SplitAfter(strings.TrimSpace(s)+" ", ". ") {
		if strings.HasSuffix(part, ". ") {
			n++
		}
	}
	return n
}
