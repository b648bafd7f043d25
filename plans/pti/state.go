package pti

import (
	"fmt"
	"slices"
	"strings"

	"traguardo/plans"
)

// LineState is where a line stands for one Comune. It is derived, never typed.
type LineState string

// The states of a line.
const (
	NotApplicable LineState = "not_applicable" // the rule, or a written reason, takes it out
	Satisfied     LineState = "satisfied"      // done, with evidence
	Late          LineState = "late"           // its deadline has passed and it is not satisfied
	InProgress    LineState = "in_progress"    // some project on it has started
	LinePlanned   LineState = "planned"        // some project on it is planned
	NotStarted    LineState = "not_started"    // nothing is known to work on it
)

// LineStates returns every state, in the order of boards. The caller owns the slice.
func LineStates() []LineState {
	return []LineState{Late, NotStarted, LinePlanned, InProgress, Satisfied, NotApplicable}
}

// ProjectFact is what the state of a line needs to know of a micro-progetto.
type ProjectFact struct {
	ID            string
	Title         string
	State         plans.State // as it stands on the day of the question
	Lines         []string    // codes that it closes
	Helps         []string    // codes that it helps without closing them
	EvidenceDates []plans.Date
	PlannedEnd    plans.Date // zero when it has none
}

// EvidenceFact is a piece of evidence that a person tied to lines directly: what
// the Comune had already done before any project. Evidence of an indicator is
// never one of these by itself.
type EvidenceFact struct {
	ID         string
	Title      string
	Lines      []string
	Dated      plans.Date
	ValidUntil plans.Date // last day on which it counts; zero when it does not end
}

// Exclusion takes a line out for one ente, by hand.
type Exclusion struct {
	Reason string
	On     plans.Date
}

// Validate refuses an exclusion without a written reason (plans.ErrReason) or a
// day (plans.ErrDate).
func (x Exclusion) Validate() error {
	switch {
	case strings.TrimSpace(x.Reason) == "":
		return fmt.Errorf("%w: line not applicable", plans.ErrReason)
	case x.On.IsZero():
		return fmt.Errorf("%w: line not applicable without a day", plans.ErrDate)
	}
	return nil
}

// Situation is everything that the states of lines are derived from.
type Situation struct {
	AsOf     plans.Date
	Projects []ProjectFact
	Evidence []EvidenceFact
	Excluded map[string]Exclusion // by line code; one that does not validate, or is later than AsOf, does not count
}

// Role is what a link of the chain does for the line.
type Role string

// The roles.
const (
	Closes     Role = "closes"      // a project that closes the line
	ClosesDone Role = "closes_done" // the same, finished, with evidence: it proves the line
	Unproved   Role = "unproved"    // a project that says it is done and shows no evidence
	Helps      Role = "helps"       // a project that helps the line
	Proves     Role = "proves"      // evidence tied to the line directly
	Expired    Role = "expired"     // the same, no longer valid
)

// Link is one thing that explains the state of a line.
type Link struct {
	Role  Role
	ID    string
	Title string
	State plans.State // of a project; empty for evidence
	On    plans.Date  // day of the latest evidence; else the planned end; zero when neither is known
}

// Status is the state of a line and its explanation.
type Status struct {
	Line      string
	State     LineState
	Timing    Timing
	Since     plans.Date // Satisfied: the day of the evidence that completed it
	AfterTime bool       // Satisfied, but after the deadline
	AtRisk    bool       // its deadline is ahead and some project that closes it ends later, or has no end
	Excluded  string     // NotApplicable by hand: the written reason
	Chain     []Link     // what was looked at: projects in the order given, then evidence
}

// State derives where a line stands. A line is satisfied when evidence tied to
// it is valid, or when every project that closes it (cancelled ones left out) is
// done or checked and has evidence dated by AsOf; a project that only helps
// never satisfies. A line is late when its deadline has passed, it is not
// satisfied, and it is known to bind this Comune: a line still to verify, or a
// voluntary one, is never late.
func State(b Binding, s Situation) Status {
	st := Status{Line: b.Line.Code, Timing: b.Line.Timing(s.AsOf)}
	if x, ok := s.Excluded[b.Line.Code]; ok && x.Validate() == nil && !x.On.After(s.AsOf) {
		st.State, st.Excluded = NotApplicable, strings.TrimSpace(x.Reason)
		return st
	}
	if b.Applies == AppliesNo {
		st.State = NotApplicable
		return st
	}
	w := look(b.Line.Code, s)
	st.Chain = w.chain
	switch {
	case w.satisfied():
		st.State, st.Since = Satisfied, w.since()
		st.AfterTime = !b.Line.Deadline.IsZero() && st.Since.After(b.Line.Deadline)
		return st
	case st.Timing == Overdue && b.Applies == AppliesYes && b.Binds():
		st.State = Late
	case w.started:
		st.State = InProgress
	case w.planned:
		st.State = LinePlanned
	default:
		st.State = NotStarted
	}
	st.AtRisk = st.Timing != Overdue && !b.Line.Deadline.IsZero() && w.closers > 0 && !w.endsBy(b.Line.Deadline)
	return st
}

// States derives every line of an edition for one Comune, in the order of bindings.
func States(bindings []Binding, s Situation) []Status {
	out := make([]Status, len(bindings))
	for i, b := range bindings {
		out[i] = State(b, s)
	}
	return out
}

// work is what was found about one line.
type work struct {
	chain            []Link
	planned, started bool
	closers, proved  int        // projects that close it; those of them with proof
	lastProof        plans.Date // latest first proof among the closers
	tied             plans.Date // earliest valid evidence tied directly; zero when none
	ends             []plans.Date
}

func look(code string, s Situation) work {
	var w work
	for _, p := range s.Projects {
		closes, helps := slices.Contains(p.Lines, code), slices.Contains(p.Helps, code)
		if p.State != plans.Cancelled && (closes || helps) {
			w.project(p, closes, s.AsOf)
		}
	}
	for _, ev := range s.Evidence {
		if !slices.Contains(ev.Lines, code) || ev.Dated.IsZero() || ev.Dated.After(s.AsOf) {
			continue
		}
		link := Link{Role: Proves, ID: ev.ID, Title: ev.Title, On: ev.Dated}
		if !ev.ValidUntil.IsZero() && s.AsOf.After(ev.ValidUntil) {
			link.Role = Expired
		} else if w.tied.IsZero() || ev.Dated.Before(w.tied) {
			w.tied = ev.Dated
		}
		w.chain = append(w.chain, link)
	}
	return w
}

func (w *work) project(p ProjectFact, closes bool, asOf plans.Date) {
	first, last := proofs(p.EvidenceDates, asOf)
	link := Link{Role: Helps, ID: p.ID, Title: p.Title, State: p.State, On: p.PlannedEnd}
	finished := p.State == plans.Done || p.State == plans.Checked
	if closes {
		link.Role = Closes
		w.closers++
		if !finished {
			w.ends = append(w.ends, p.PlannedEnd)
		}
	}
	switch {
	case closes && finished && !first.IsZero():
		link.Role, link.On = ClosesDone, last
		w.proved++
		if first.After(w.lastProof) {
			w.lastProof = first
		}
	case closes && finished:
		link.Role = Unproved
	}
	if p.State == plans.Planned {
		w.planned = true
	} else {
		w.started = true
	}
	w.chain = append(w.chain, link)
}

func (w work) satisfied() bool {
	return !w.tied.IsZero() || (w.closers > 0 && w.proved == w.closers)
}

// since returns the day on which the line became satisfied.
func (w work) since() plans.Date {
	byProjects := w.closers > 0 && w.proved == w.closers
	if byProjects && (w.tied.IsZero() || w.lastProof.Before(w.tied)) {
		return w.lastProof
	}
	return w.tied
}

// endsBy reports whether every open project that closes the line ends by day.
func (w work) endsBy(day plans.Date) bool {
	for _, end := range w.ends {
		if end.IsZero() || end.After(day) {
			return false
		}
	}
	return true
}

// proofs returns the first and the last day of evidence not later than asOf.
func proofs(days []plans.Date, asOf plans.Date) (first, last plans.Date) {
	for _, d := range days {
		if d.IsZero() || d.After(asOf) {
			continue
		}
		if first.IsZero() || d.Before(first) {
			first = d
		}
		if d.After(last) {
			last = d
		}
	}
	return first, last
}
