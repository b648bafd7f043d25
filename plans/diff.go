package plans

import (
	"fmt"
	"strconv"
	"strings"

	"traguardo/surveys"
)

// ChangeKind says what differs between two contents of a plan.
type ChangeKind string

// The kinds of change.
const (
	ChangeFrame   ChangeKind = "frame"   // a field of the plan itself
	ChangeAdded   ChangeKind = "added"   // a micro-progetto that was not there
	ChangeRemoved ChangeKind = "removed" // a micro-progetto that is not there any more (removed or cancelled)
	ChangeField   ChangeKind = "field"   // a field of a micro-progetto
)

func (k ChangeKind) String() string { return string(k) }

// Change is one difference. Field is a stable name (json name of the field;
// "budget.2027" and "capacity.2027-Q3" for a year and a quarter); Old and New
// are written for reading and empty where there was nothing.
type Change struct {
	Kind     ChangeKind
	Project  surveys.ID
	Title    string
	Field    string
	Old, New string
}

// Diff returns what changed from old to now: the frame first, then projects
// added, removed and changed, in order of id. lang is the language of amounts
// and quarters. Choices, gain and bound are not compared: they explain a plan
// and are no part of what was approved to be done.
func Diff(old, now Content, lang string) []Change {
	out := diffFrame(old, now, lang)
	before, after := map[surveys.ID]Sheet{}, map[surveys.ID]bool{}
	for _, s := range old.Sheets {
		before[s.ID] = s
	}
	var changed []Change
	for _, s := range now.Sheets {
		after[s.ID] = true
		was, ok := before[s.ID]
		if !ok {
			out = append(out, Change{Kind: ChangeAdded, Project: s.ID, Title: s.Title, New: s.Cost.Euro(lang)})
			continue
		}
		for _, f := range pairs(fields(was, lang), fields(s, lang)) {
			changed = append(changed, Change{Kind: ChangeField, Project: s.ID, Title: s.Title, Field: f.name, Old: f.old, New: f.now})
		}
	}
	for _, s := range old.Sheets {
		if !after[s.ID] {
			out = append(out, Change{Kind: ChangeRemoved, Project: s.ID, Title: s.Title, Old: s.Cost.Euro(lang)})
		}
	}
	return append(out, changed...)
}

// Diff returns what changed in the plan since v was approved; ErrTampered when v
// does not hold.
func (p *Plan) Diff(v Version, lang string) ([]Change, error) {
	old, err := v.Content()
	if err != nil {
		return nil, err
	}
	return Diff(old, p.Content(), lang), nil
}

type field struct{ name, value string }

type fieldPair struct{ name, old, now string }

// pairs returns the fields whose value differs, those of a first, then those
// only in b. Both lists name each field once.
func pairs(a, b []field) []fieldPair {
	values := map[string]string{}
	for _, f := range b {
		values[f.name] = f.value
	}
	var out []fieldPair
	seen := map[string]bool{}
	for _, f := range a {
		seen[f.name] = true
		if now := values[f.name]; now != f.value {
			out = append(out, fieldPair{f.name, f.value, now})
		}
	}
	for _, f := range b {
		if !seen[f.name] && f.value != "" {
			out = append(out, fieldPair{f.name, "", f.value})
		}
	}
	return out
}

func diffFrame(old, now Content, lang string) []Change {
	var out []Change
	for _, f := range pairs(frame(old, lang), frame(now, lang)) {
		out = append(out, Change{Kind: ChangeFrame, Field: f.name, Old: f.old, New: f.now})
	}
	return out
}

func frame(c Content, lang string) []field {
	out := []field{
		{"title", c.Title}, {"edition", c.Edition}, {"start", c.Start.Label(lang)}, {"quarters", strconv.Itoa(c.Quarters)},
	}
	for i, y := range YearsOf(c.Start, c.Quarters) {
		if i < len(c.Budget) {
			out = append(out, field{"budget." + strconv.Itoa(y), c.Budget[i].Euro(lang)})
		}
	}
	for i, d := range c.Capacity {
		out = append(out, field{"capacity." + c.Start.Add(i).String(), strconv.Itoa(d)})
	}
	for _, t := range c.Targets {
		text := strconv.Itoa(int(t.Level))
		if !t.By.IsZero() {
			text += " (" + t.By.String() + ")"
		}
		out = append(out, field{"target." + t.Indicator, text})
	}
	return out
}

// fields writes each field of a sheet for reading. Reasons and the mark of
// estimate are left out: they are not part of what is to be done.
func fields(s Sheet, lang string) []field {
	effects := make([]string, len(s.Effects))
	for i, e := range s.Effects {
		from := "–"
		if e.From != nil {
			from = strconv.Itoa(int(*e.From))
		}
		effects[i] = fmt.Sprintf("%s %s→%d", e.Indicator, from, e.To)
	}
	shares := make([]string, len(s.Funding))
	for i, f := range s.Funding {
		shares[i] = strings.TrimSpace(fmt.Sprintf("%s %s %s %s", f.Source, f.Measure, f.Cents.Euro(lang), f.CUP))
	}
	return []field{
		{"title", s.Title}, {"purpose", s.Purpose}, {"area", string(s.Area)}, {"effects", strings.Join(effects, "; ")},
		{"lines", strings.Join(s.Lines, ", ")}, {"helps_lines", strings.Join(s.HelpsLines, ", ")},
		{"deliverables", strings.Join(s.Deliverables, "; ")}, {"acceptance", s.Acceptance},
		{"cost_cents", s.Cost.Euro(lang)}, {"running_cost_cents", s.RunningCost.Euro(lang)},
		{"funding", strings.Join(shares, "; ")}, {"start", s.Start.Label(lang)}, {"effort_days", joined(s.Effort)},
		{"requires", joined(s.Requires)}, {"conflicts", joined(s.Conflicts)}, {"competences", strings.Join(s.Competences, ", ")},
		{"office", string(s.Office)}, {"owner", s.Owner}, {"cup", s.CUP},
	}
}

// joined writes the values of a list with ", " between them.
func joined[T int | surveys.ID](list []T) string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = fmt.Sprint(v)
	}
	return strings.Join(out, ", ")
}
