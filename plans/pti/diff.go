package pti

import (
	"slices"
	"sort"

	"traguardo/plans"
)

// ChangeKind is what a file says of a line that the edition holds, or does not.
type ChangeKind string

// The kinds of change, one a line: the first that holds in this order.
const (
	ChangeNew      ChangeKind = "new"      // the file has it, the edition does not
	ChangeGone     ChangeKind = "gone"     // the edition has it, the file does not
	ChangeReused   ChangeKind = "reused"   // the code seems to mean something else: a person decides
	ChangeRedated  ChangeKind = "redated"  // start, deadline or standing differ
	ChangeReworded ChangeKind = "reworded" // only the official words, or the expected results, differ
	ChangeSame     ChangeKind = "same"
)

// reusedBelow is the share of common words under which an equal code is taken
// for another line. Between the first edition 2024-2026 and its 2026 update the
// least alike line that kept its meaning (CAP7.PA.20) has 0.18, all others 0.6
// or more (shared/data/pti). The threshold is ours.
const reusedBelow = 0.15

// Change compares one line of a file with the edition.
type Change struct {
	Code     string
	Kind     ChangeKind
	Old      *ActionLine   // nil for ChangeNew
	New      *OfficialLine // nil for ChangeGone
	Reworded bool          // the official words differ (also when Kind says more)
	Likeness float64       // share of common words, 0–1; 1 when the words are the same
}

// Diff compares a file with the edition, code by code, sorted by code. The
// edition may be the one the file is of, or an earlier one.
func Diff(e *Edition, f Official) []Change {
	fresh := map[string]*OfficialLine{}
	var codes []string
	for i := range f.Lines {
		fresh[f.Lines[i].Code] = &f.Lines[i]
		codes = append(codes, f.Lines[i].Code)
	}
	for _, l := range e.Lines {
		if fresh[l.Code] == nil {
			codes = append(codes, l.Code)
		}
	}
	sort.Strings(codes)
	out := make([]Change, 0, len(codes))
	for _, code := range codes {
		var old *ActionLine
		if l, ok := e.Line(code); ok {
			old = &l
		}
		out = append(out, e.change(code, old, fresh[code]))
	}
	return out
}

func (e *Edition) change(code string, old *ActionLine, fresh *OfficialLine) Change {
	c := Change{Code: code, Old: old, New: fresh, Likeness: 1}
	switch {
	case old == nil:
		c.Kind, c.Likeness = ChangeNew, 0
		return c
	case fresh == nil:
		c.Kind, c.Likeness = ChangeGone, 0
		return c
	}
	was, is := e.fingerprints[code], FingerprintOf(fresh.Wording)
	if c.Reworded = was.SHA != is.SHA; c.Reworded {
		c.Likeness = was.Likeness(is)
	}
	results := slices.Clone(old.Results)
	sort.Strings(results)
	switch {
	case old.Objective != fresh.Objective, c.Likeness < reusedBelow:
		c.Kind = ChangeReused
	case old.Starts != fresh.Starts, old.Deadline != fresh.Deadline, old.Standing != fresh.Standing:
		c.Kind = ChangeRedated
	case c.Reworded, !slices.Equal(results, fresh.Results):
		c.Kind = ChangeReworded
	default:
		c.Kind = ChangeSame
	}
	return c
}

// Undecided returns the codes of lines that seem re-used and are not in decided:
// an import must not go on while there are any. The order is that of changes.
func Undecided(changes []Change, decided map[string]bool) []string {
	var out []string
	for _, c := range changes {
		if c.Kind == ChangeReused && !decided[c.Code] {
			out = append(out, c.Code)
		}
	}
	return out
}

// Dates returns the old and new day of start and deadline; zero days where the
// side or the day is missing.
func (c Change) Dates() (oldStarts, newStarts, oldDeadline, newDeadline plans.Date) {
	if c.Old != nil {
		oldStarts, oldDeadline = c.Old.Starts, c.Old.Deadline
	}
	if c.New != nil {
		newStarts, newDeadline = c.New.Starts, c.New.Deadline
	}
	return oldStarts, newStarts, oldDeadline, newDeadline
}
