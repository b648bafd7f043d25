package planner

import (
	"fmt"
	"slices"
	"strings"

	"traguardo/plans"
	"traguardo/plans/catalogue"
	"traguardo/surveys"
)

// IndicatorState is what the assessment says of an indicator of MAT.
type IndicatorState struct {
	Code      string
	Title     string
	Area      surveys.Area
	Gate      bool
	NA        bool           // not applicable: asks for nothing
	Evidenced *surveys.Level // nil: not assessed, which asks for nothing and is not level 0
	Declared  *surveys.Level // nil: not assessed
	Target    surveys.Level  // 0: the default of Points
}

// LineState is a PTI line that binds this Comune and is not satisfied.
type LineState struct {
	Code string
	Due  plans.Date // zero: no date (standing)
}

// Competence is the mean of the staff on an item or, with an empty Item, on an
// area. Suppressed figures are not to be passed in.
type Competence struct {
	Item string // A-…; empty: the mean of the area
	Area surveys.Area
	Mean float64 // 0–100
}

// Input is what candidates come from.
type Input struct {
	Today       plans.Date
	Population  int
	Indicators  []IndicatorState
	Lines       []LineState
	Competences []Competence
	Catalogue   *catalogue.Catalogue
	Points      Points
}

// Option is a micro-progetto that the ente could do, with the answers, lines
// and needs that ask for it.
type Option struct {
	catalogue.Stage
	Title      string // that of the template, with the indicator where it makes one for each
	Effects    []plans.Effect
	Lines      []string // open lines that it closes
	Needs      []string // weak items and areas that it trains
	TrainFirst []string // weak items that its template wants trained before
	Requires   []string // ids of other options
	Conflicts  []string
	Asked      []plans.Reason // never empty
	Points     float64        // of its reasons, alone; a plan counts shared ones once
}

// maker gathers what Candidates needs while it works.
type maker struct {
	in         Input
	indicators map[string]IndicatorState
	lines      map[string]LineState
	weak       map[string]Competence // by item, or by area
	stages     map[string][]catalogue.Stage
	options    map[string]*Option
}

// Candidates returns every stage of the catalogue that a gap, an open PTI line
// or a weak competence asks for, and those which these need first. They stand in order of id.
func Candidates(in Input) []Option {
	m := &maker{in: in, indicators: map[string]IndicatorState{}, lines: map[string]LineState{}, weak: map[string]Competence{},
		stages: map[string][]catalogue.Stage{}, options: map[string]*Option{}}
	for _, s := range in.Indicators {
		if s.Target == 0 {
			s.Target = in.Points.DefaultTarget
		}
		m.indicators[s.Code] = s
	}
	for _, l := range in.Lines {
		m.lines[l.Code] = l
	}
	for _, c := range in.Competences {
		if c.Mean < in.Points.NeedBelow {
			m.weak[c.key()] = c
		}
	}
	templates := in.Catalogue.All()
	for _, t := range templates {
		m.stages[t.Code] = t.Stages(catalogue.BandOf(in.Population))
	}
	for _, t := range templates {
		for _, s := range m.stages[t.Code] {
			if o := m.asked(s); len(o.Asked) > 0 {
				m.options[s.ID] = &o
			}
		}
	}
	for _, id := range sortedIDs(m.options) {
		m.need(m.options[id])
	}
	return m.finish()
}

func (c Competence) key() string {
	if c.Item != "" {
		return c.Item
	}
	return string(c.Area)
}

func sortedIDs(options map[string]*Option) []string {
	out := make([]string, 0, len(options))
	for id := range options {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}

// asked makes the option of a stage with every reason that asks for it.
func (m *maker) asked(s catalogue.Stage) Option {
	o := Option{Stage: s, Title: s.Template.Title}
	applicable, reached := 0, 0
	for _, e := range s.Effects {
		st := m.indicators[e.Indicator] // one that the input does not name is not assessed
		if st.NA {
			continue
		}
		applicable++
		if st.Evidenced != nil && *st.Evidenced >= e.To {
			reached++
		}
		if s.Template.Each {
			o.Title = strings.TrimSuffix(s.Template.Title+": "+st.Title, ": ")
		}
		o.Effects = append(o.Effects, plans.Effect{Indicator: e.Indicator, From: st.Evidenced, To: e.To})
		if r, ok := m.gap(st, e); ok {
			o.Asked = append(o.Asked, r)
		}
	}
	if applicable > 0 && reached == applicable {
		return Option{} // the work is done: what is missing is its proof
	}
	m.askLines(&o)
	m.askTraining(&o)
	for _, r := range o.Asked {
		o.Points += r.Points
	}
	return o
}

// gap is the reason of an effect whose indicator stands below its target.
func (m *maker) gap(st IndicatorState, e catalogue.StageEffect) (plans.Reason, bool) {
	if st.Evidenced == nil || *st.Evidenced >= e.To || e.From >= st.Target {
		return plans.Reason{}, false
	}
	to := min(e.To, st.Target)
	from := max(*st.Evidenced, e.From)
	r := plans.Reason{Code: plans.AskedGap, Indicator: e.Indicator, From: st.Evidenced, To: &to, Points: m.in.Points.between(st.Gate, from, to)}
	switch {
	case st.Declared != nil && *st.Declared >= e.To:
		r.Code, r.To = plans.AskedUndocument, st.Declared
	case st.Gate:
		r.Code = plans.AskedGate
	}
	return r, r.Points > 0
}

func (m *maker) askLines(o *Option) {
	for _, code := range o.Closes {
		l, open := m.lines[code]
		if !open || slices.Contains(o.Lines, code) {
			continue
		}
		o.Lines = append(o.Lines, code)
		r := plans.Reason{Code: plans.AskedLine, Line: code, Due: l.Due, Points: m.in.Points.Line}
		if l.overdue(m.in.Today) {
			r.Code, r.Points = plans.AskedLineOverdue, m.in.Points.LineOverdue
		}
		o.Asked = append(o.Asked, r)
	}
}

func (l LineState) overdue(today plans.Date) bool { return !l.Due.IsZero() && l.Due.Before(today) }

func (m *maker) askTraining(o *Option) {
	t := o.Template
	ask := func(key string) {
		if c, weak := m.weak[key]; weak && o.FirstOfLines && !slices.Contains(o.Needs, key) {
			o.Needs = append(o.Needs, key)
			o.Asked = append(o.Asked, plans.Reason{Code: plans.AskedTraining, Item: key, Mean: c.Mean, Threshold: m.in.Points.NeedBelow, Points: m.in.Points.Training})
		}
	}
	for _, item := range t.Trains {
		ask(item)
	}
	for _, item := range t.Trains {
		if parts := strings.Split(item, "-"); len(parts) == 3 {
			ask(parts[1])
		}
	}
	for _, item := range t.Competences {
		if _, weak := m.weak[item]; weak {
			o.TrainFirst = append(o.TrainFirst, item)
		}
	}
}

// need gives an option its prerequisites, and makes those that nothing else asked for.
func (m *maker) need(o *Option) {
	for _, e := range o.Stage.Effects {
		st := m.indicators[e.Indicator]
		if st.NA || e.From == 0 || (st.Evidenced != nil && *st.Evidenced >= e.From) {
			continue
		}
		if s, ok := m.ladder(o, e); ok {
			m.require(o, s)
		} else { // no candidate has this id: Select says what is missing
			o.Requires = append(o.Requires, fmt.Sprintf("%s@%d", e.Indicator, e.From))
		}
	}
	for _, code := range o.Template.Requires {
		if stages := m.stages[code]; len(stages) > 0 && !m.satisfied(stages[0]) {
			m.require(o, stages[0])
		}
	}
}

// ladder finds the stage that brings the indicator of e to where e begins: of
// the same template if it can be, else the first of the catalogue.
func (m *maker) ladder(o *Option, e catalogue.StageEffect) (catalogue.Stage, bool) {
	codes := []string{o.Template.Code}
	for _, t := range m.in.Catalogue.All() {
		codes = append(codes, t.Code)
	}
	for _, code := range codes {
		for _, s := range m.stages[code] {
			if s.ID != o.ID && slices.ContainsFunc(s.Effects, func(x catalogue.StageEffect) bool {
				return x.Indicator == e.Indicator && x.To >= e.From && x.From < e.From
			}) {
				return s, true
			}
		}
	}
	return catalogue.Stage{}, false
}

// satisfied reports whether the work of a stage is there already, or does not
// apply: every applicable indicator that it raises stands at its level.
func (m *maker) satisfied(s catalogue.Stage) bool {
	if len(s.Effects) == 0 {
		return false
	}
	for _, e := range s.Effects {
		st := m.indicators[e.Indicator]
		if !st.NA && (st.Evidenced == nil || *st.Evidenced < e.To) {
			return false
		}
	}
	return true
}

func (m *maker) require(o *Option, s catalogue.Stage) {
	if slices.Contains(o.Requires, s.ID) {
		return
	}
	o.Requires = append(o.Requires, s.ID)
	p, there := m.options[s.ID]
	if !there {
		made := m.asked(s)
		if made.Template == nil {
			made = Option{Stage: s, Title: s.Template.Title}
		}
		p = &made
		m.options[s.ID] = p
		m.need(p)
	}
	for i := range p.Asked {
		if p.Asked[i].Code == plans.AskedPrereq {
			p.Asked[i].Other = append(p.Asked[i].Other, o.ID)
			return
		}
	}
	p.Asked = append(p.Asked, plans.Reason{Code: plans.AskedPrereq, Other: []string{o.ID}})
}

// finish resolves conflicts between templates into options and sorts.
func (m *maker) finish() []Option {
	out := make([]Option, 0, len(m.options))
	for _, id := range sortedIDs(m.options) {
		o := *m.options[id]
		for _, code := range o.Template.Conflicts {
			for _, s := range m.stages[code] {
				if _, there := m.options[s.ID]; there {
					o.Conflicts = append(o.Conflicts, s.ID)
				}
			}
		}
		slices.Sort(o.Requires)
		out = append(out, o)
	}
	return out
}
