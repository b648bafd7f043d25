package privacy

import (
	"encoding/json"
	"fmt"
)

// State says whether a figure is there and, when it is not, why.
type State string

// The states of a figure. Insufficient and Suppressed are printed as «dati
// insufficienti» and «non mostrato per riservatezza»: neither is a zero.
const (
	Shown        State = "shown"
	Insufficient State = "insufficient" // fewer valid answers than the threshold
	Suppressed   State = "suppressed"   // enough answers, but the figure would tell too much
	NotAsked     State = "not_asked"    // the questions were not part of this survey
)

// Range is a closed range of scores, Low ≤ High.
type Range struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// Figure is a mean, a difference or a share that may be withheld. Unless State is
// Shown everything else is zero or nil; JSON, String and %v hold the state alone
// even when somebody filled the rest by hand.
type Figure struct {
	State    State    `json:"state"`
	N        int      `json:"n,omitempty"`        // valid answers behind Value
	Value    *float64 `json:"value,omitempty"`    // full precision, in the unit that the holder states
	Interval *Range   `json:"interval,omitempty"` // 95 % interval; nil when it cannot be computed
	Bounds   *Range   `json:"bounds,omitempty"`   // worst-case bounds without assumptions on those who did not answer
}

// NewFigure returns a shown figure. interval and bounds may be nil.
func NewFigure(n int, value float64, interval, bounds *Range) Figure {
	return Figure{State: Shown, N: n, Value: &value, Interval: interval, Bounds: bounds}
}

// Withheld returns a figure that says only why it is not there. Asked for Shown it
// answers Suppressed: a shown figure comes from NewFigure alone.
func Withheld(s State) Figure {
	if s == Shown {
		s = Suppressed
	}
	return Figure{State: s}
}

// Visible reports whether the figure may be read.
func (f Figure) Visible() bool { return f.State == Shown && f.Value != nil }

// safe returns f without anything that its state forbids.
func (f Figure) safe() Figure {
	if f.Visible() {
		return f
	}
	return Withheld(f.State)
}

// MarshalJSON writes a withheld figure as its state alone.
func (f Figure) MarshalJSON() ([]byte, error) {
	type plain Figure
	return json.Marshal(plain(f.safe()))
}

// String gives value and n of a shown figure and the state of any other.
func (f Figure) String() string {
	if !f.Visible() {
		return string(f.safe().State)
	}
	return fmt.Sprintf("%g (n=%d)", *f.Value, f.N)
}

// GoString is String, so that %#v leaks no more than %v.
func (f Figure) GoString() string { return f.String() }

// Cell is a count of people that may be withheld; Count is 0 unless it is shown.
type Cell struct {
	State State `json:"state"`
	Count int   `json:"count"`
}

// MarshalJSON writes a withheld cell as its state alone.
func (c Cell) MarshalJSON() ([]byte, error) {
	if c.State == Shown {
		type plain Cell
		return json.Marshal(plain(c))
	}
	return json.Marshal(struct {
		State State `json:"state"`
	}{c.State})
}

// String gives the count of a shown cell and the state of any other.
func (c Cell) String() string {
	if c.State == Shown {
		return fmt.Sprint(c.Count)
	}
	return string(c.State)
}

// GoString is String, so that %#v leaks no more than %v.
func (c Cell) GoString() string { return c.String() }
