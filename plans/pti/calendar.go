package pti

import (
	"fmt"
	"slices"
	"sort"

	"traguardo/plans"
	"traguardo/surveys"
)

// DueKind is why a day stands in the calendar.
type DueKind string

// The kinds of day.
const (
	DueDeadline DueKind = "deadline" // last day of a line of action
	DueStart    DueKind = "start"    // first day of a line of action
	DueYearly   DueKind = "yearly"   // last day of a yearly obligation
)

// Due is one day of the calendar (scadenzario) of a Comune.
type Due struct {
	ID         string // stable: the same day has it in every calendar, e.g. "2024-2026-agg-2026/CAP4.PA.01/deadline"
	Date       plans.Date
	Kind       DueKind
	Title      surveys.Text
	Satisfies  surveys.Text // what settles it
	Area       surveys.Area
	Lines      []string // codes of the lines it belongs to; none for an obligation outside the plan
	Indicators []string // MAT indicators it belongs to; none when no indicator names the line
	Obligation string   // id, for DueYearly
	Law        string   // Italian citation, for DueYearly
	Source     string   // where the day comes from
	ToVerify   bool     // the day or scope come from unofficial sources
	Applies    Applies  // yes or toverify
	Reason     Reason   // why it concerns this Comune
}

// Calendar returns the days from first to last, both included, that concern one
// Comune: starts and deadlines of the lines that bind it or may bind it, and the
// yearly obligations. A line that asks for the same thing on the same day as an
// obligation is joined to it. indicators (see IndicatorsByLine) says which
// indicators name a line; nil leaves the lines without. Voluntary lines are no
// deadline. Sorted by day, then by ID; the caller owns the slice.
func (e *Edition) Calendar(f Facts, first, last plans.Date, indicators map[string][]string) []Due {
	var out []Due
	in := func(d plans.Date) bool { return !d.IsZero() && !d.Before(first) && !d.After(last) }
	yearly := map[string]bool{} // line code + day already told by an obligation
	for _, o := range e.Obligations {
		applies, _, why := e.decide(o.Rule, f)
		if applies == AppliesNo {
			continue
		}
		for year := first.Year; year <= last.Year; year++ {
			if d := o.On(year); in(d) {
				out = append(out, e.yearly(o, d, applies, why, yearly))
			}
		}
	}
	for _, b := range e.Bind(f) {
		if !b.Binds() {
			continue
		}
		if l := b.Line; in(l.Starts) {
			out = append(out, e.due(b, DueStart, l.Starts, indicators))
		}
		if l := b.Line; in(l.Deadline) && !yearly[l.Code+l.Deadline.String()] {
			out = append(out, e.due(b, DueDeadline, l.Deadline, indicators))
		}
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].Date != out[j].Date {
			return out[i].Date.Before(out[j].Date)
		}
		return out[i].ID < out[j].ID
	})
	return out
}

func (e *Edition) yearly(o Obligation, d plans.Date, a Applies, why Reason, told map[string]bool) Due {
	due := Due{
		ID: fmt.Sprintf("obligation/%s/%d", o.ID, d.Year), Date: d, Kind: DueYearly, Title: o.Title, Satisfies: o.Satisfies,
		Area: o.Area, Indicators: slices.Clone(o.Indicators), Obligation: o.ID, Law: o.Law, Source: o.Source,
		ToVerify: o.ToVerify, Applies: a, Reason: why,
	}
	for _, code := range o.Lines {
		if l, ok := e.Line(code); ok && l.Deadline == d {
			due.Lines = append(due.Lines, code)
			told[code+d.String()] = true
		}
	}
	return due
}

func (e *Edition) due(b Binding, k DueKind, d plans.Date, indicators map[string][]string) Due {
	l := b.Line
	return Due{
		ID: e.ID + "/" + l.Code + "/" + string(k), Date: d, Kind: k, Title: l.Title, Satisfies: l.Todo,
		Area: l.Area, Lines: []string{l.Code}, Indicators: slices.Clone(indicators[l.Code]),
		Source: e.Title.IT + ", " + l.Code, Applies: b.Applies, Reason: b.Reason,
	}
}
