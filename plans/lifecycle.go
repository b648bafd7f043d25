package plans

import (
	"fmt"
	"strings"
)

// State is where a micro-progetto stands. It is derived from its facts.
type State string

// The states of a micro-progetto.
const (
	Planned   State = "planned"
	Started   State = "started"
	Suspended State = "suspended"
	Done      State = "done"    // handed over, not yet looked at
	Checked   State = "checked" // someone looked at the evidence and accepted it
	Cancelled State = "cancelled"
)

// States returns every state, in the order of boards. The caller owns the slice.
func States() []State { return []State{Planned, Started, Suspended, Done, Checked, Cancelled} }

// ParseState accepts the code of a state and refuses all other text.
func ParseState(s string) (State, error) {
	switch v := State(s); v {
	case Planned, Started, Suspended, Done, Checked, Cancelled:
		return v, nil
	default:
		return "", fmt.Errorf("%w: state %q", ErrInvalid, s)
	}
}

func (s State) String() string { return string(s) }

// FactKind is what happened to a micro-progetto.
type FactKind string

// The kinds of fact and the states they lead to.
const (
	FactStart   FactKind = "start"   // planned → started
	FactSuspend FactKind = "suspend" // started → suspended, needs a reason
	FactResume  FactKind = "resume"  // suspended → started
	FactFinish  FactKind = "finish"  // started → done
	FactReopen  FactKind = "reopen"  // done → started, needs a reason: the check did not pass
	FactCheck   FactKind = "check"   // done → checked, needs evidence
	FactCancel  FactKind = "cancel"  // planned, started, suspended → cancelled, needs a reason
)

// ParseFactKind accepts the code of a kind of fact and refuses all other text.
func ParseFactKind(s string) (FactKind, error) {
	switch k := FactKind(s); k {
	case FactStart, FactSuspend, FactResume, FactFinish, FactReopen, FactCheck, FactCancel:
		return k, nil
	default:
		return "", fmt.Errorf("%w: fact %q", ErrInvalid, s)
	}
}

func (k FactKind) String() string { return string(k) }

// Fact is a dated thing that happened to a micro-progetto.
type Fact struct {
	Kind     FactKind `json:"kind"`
	On       Date     `json:"on"`               // day on which it happened
	Recorded Date     `json:"recorded"`         // day on which it was written down, not before On
	By       string   `json:"by"`               // who wrote it down (id of the user)
	Reason   string   `json:"reason,omitempty"` // required by suspend, reopen, cancel
}

// next returns the state after a fact of kind k, or ErrTransition.
func next(s State, k FactKind) (State, error) {
	to := State("")
	switch k {
	case FactStart:
		to = pick(s == Planned, Started)
	case FactSuspend:
		to = pick(s == Started, Suspended)
	case FactResume:
		to = pick(s == Suspended, Started)
	case FactFinish:
		to = pick(s == Started, Done)
	case FactReopen:
		to = pick(s == Done, Started)
	case FactCheck:
		to = pick(s == Done, Checked)
	case FactCancel:
		to = pick(s == Planned || s == Started || s == Suspended, Cancelled)
	}
	if to == "" {
		return "", fmt.Errorf("%w: %s while %s", ErrTransition, k, s)
	}
	return to, nil
}

func pick(ok bool, s State) State {
	if ok {
		return s
	}
	return ""
}

// Allowed returns the kinds of fact that the present state accepts, in the
// order of buttons on a page. The caller owns the slice.
func (p *MicroProject) Allowed() []FactKind {
	var out []FactKind
	for _, k := range []FactKind{FactStart, FactResume, FactFinish, FactSuspend, FactCheck, FactReopen, FactCancel} {
		if _, err := next(p.State(), k); err == nil {
			out = append(out, k)
		}
	}
	return out
}

// State returns the state after every fact.
func (p *MicroProject) State() State { return p.stateUpTo(len(p.Facts)) }

// StateOn returns the state at the end of day.
func (p *MicroProject) StateOn(day Date) State {
	n := 0
	for n < len(p.Facts) && !p.Facts[n].On.After(day) {
		n++
	}
	return p.stateUpTo(n)
}

func (p *MicroProject) stateUpTo(n int) State {
	s := Planned
	for _, f := range p.Facts[:n] {
		to, err := next(s, f.Kind)
		if err != nil {
			return s // facts enter through Record, which refuses this; stop at the last that held
		}
		s = to
	}
	return s
}

// Record appends a fact. It returns ErrTransition when the state does not allow
// it, ErrReason when a reason is due and missing, ErrEvidence when a check has
// nothing to look at, ErrDate when the day is missing, in the future of
// Recorded, or before the last fact, and ErrInvalid when nobody signs.
func (p *MicroProject) Record(f Fact) error {
	if _, err := next(p.State(), f.Kind); err != nil {
		return fmt.Errorf("micro-progetto %s: %w", p.ID, err)
	}
	switch {
	case strings.TrimSpace(f.By) == "":
		return fmt.Errorf("%w: micro-progetto %s: fact %s signed by nobody", ErrInvalid, p.ID, f.Kind)
	case f.On.IsZero() || f.Recorded.IsZero() || f.On.After(f.Recorded):
		return fmt.Errorf("%w: micro-progetto %s: %s on %q recorded on %q", ErrDate, p.ID, f.Kind, f.On, f.Recorded)
	case len(p.Facts) > 0 && f.On.Before(p.Facts[len(p.Facts)-1].On):
		return fmt.Errorf("%w: micro-progetto %s: %s before the last fact", ErrDate, p.ID, f.Kind)
	case needsReason(f.Kind) && strings.TrimSpace(f.Reason) == "":
		return fmt.Errorf("%w: micro-progetto %s: %s", ErrReason, p.ID, f.Kind)
	case f.Kind == FactCheck && len(p.Evidence) == 0:
		return fmt.Errorf("%w: micro-progetto %s", ErrEvidence, p.ID)
	}
	p.Facts = append(p.Facts, f)
	return nil
}

func needsReason(k FactKind) bool {
	switch k {
	case FactSuspend, FactReopen, FactCancel:
		return true
	case FactStart, FactResume, FactFinish, FactCheck:
		return false
	}
	return false
}

// LastFact returns the last fact of kind k and whether there is one.
func (p *MicroProject) LastFact(k FactKind) (Fact, bool) {
	for i := len(p.Facts) - 1; i >= 0; i-- {
		if p.Facts[i].Kind == k {
			return p.Facts[i], true
		}
	}
	return Fact{}, false
}

// Active reports whether the micro-progetto still counts in the plan: every
// state but cancelled.
func (p *MicroProject) Active() bool { return p.State() != Cancelled }

// Finished reports whether it was handed over: done or checked.
func (p *MicroProject) Finished() bool {
	s := p.State()
	return s == Done || s == Checked
}

// Late reports whether, on day, it should have started or finished by its sheet
// and had not. Cancelled, done and checked ones are never late.
func (p *MicroProject) Late(day Date) bool {
	switch p.StateOn(day) {
	case Planned:
		return day.After(p.Start.Last()) || day.After(p.End().Last())
	case Started, Suspended:
		return day.After(p.End().Last())
	case Done, Checked, Cancelled:
		return false
	}
	return false
}
