package surveys

import "fmt"

// NewVector returns the vector of a person who has answered nothing yet: Missing
// where asked, NotServed elsewhere.
func (s *Serving) NewVector() Vector {
	v := make(Vector, s.length)
	for i := range v {
		v[i] = NotServed
	}
	for _, p := range s.byCode {
		for i := p.from; i < p.to; i++ {
			v[i] = Missing
		}
	}
	return v
}

// Set writes an answer into v, in place; StateMissing takes one back. It returns
// ErrUnknownItem when the item is not asked of this person or has no slot (free
// text), ErrInvalid when the answer does not fit the item or v this serving; v
// is unchanged then.
func (s *Serving) Set(v Vector, code string, a Answer) error {
	p, ok := s.byCode[code]
	if !ok || p.from == p.to {
		return fmt.Errorf("%w: %q is not asked or has no place in the vector", ErrUnknownItem, code)
	}
	if len(v) != s.length {
		return fmt.Errorf("%w: vector of %d bytes, want %d", ErrInvalid, len(v), s.length)
	}
	if a.State == StateNotServed {
		return fmt.Errorf("%w: item %s is asked", ErrInvalid, code)
	}
	if err := s.in.check(p.item, a, p.to-p.from); err != nil {
		return err
	}
	fill := func(b byte) {
		for i := p.from; i < p.to; i++ {
			v[i] = b
		}
	}
	switch a.State {
	case StateMissing:
		fill(Missing)
	case StateNA:
		fill(NA)
	case StateDK:
		fill(DK)
	case StateValue:
		if s.many(p) {
			fill(0)
			for _, c := range a.Chosen {
				v[p.from+c] = 1
			}
		} else {
			v[p.from] = a.Value
		}
	case StateNotServed:
	}
	return nil
}

func (s *Serving) many(p place) bool {
	kind := s.in.ScaleOf(*p.item).Kind
	return kind == ScaleMultiple || kind == ScaleProjects
}

// Decode reads the answer to the item of that code out of v, asked or not: see
// Instrument.Decode, which looks its slots up anew at each call.
func (s *Serving) Decode(v Vector, code string) (Answer, error) {
	if len(v) != s.length {
		return Answer{}, fmt.Errorf("%w: vector of %d bytes, want %d", ErrInvalid, len(v), s.length)
	}
	p, ok := s.byCode[code]
	if !ok {
		return s.in.Decode(v, code)
	}
	r := s.ranges[code]
	if r[0] == r[1] {
		return Answer{}, fmt.Errorf("%w: %q has no place in the vector", ErrUnknownItem, code)
	}
	return s.in.decode(v[r[0]:r[1]], p.item)
}

// Check reports whether v could have come from NewVector and Set of this
// serving: right length, asked items with an answer or Missing, all others
// NotServed. It returns ErrInvalid otherwise.
func (s *Serving) Check(v Vector) error {
	if len(v) != s.length {
		return fmt.Errorf("%w: vector of %d bytes, want %d", ErrInvalid, len(v), s.length)
	}
	at := 0
	for i := range s.in.Blocks {
		for j := range s.in.Blocks[i].Items {
			it := &s.in.Blocks[i].Items[j]
			n, _ := s.in.slotCount(it)
			if err := s.checkItem(v[at:at+n], it); err != nil {
				return err
			}
			at += n
		}
	}
	return nil
}

// checkItem checks the slots of one item, of which there may be none.
func (s *Serving) checkItem(slots Vector, it *Item) error {
	if len(slots) == 0 {
		return nil
	}
	asked := 0
	if p, ok := s.byCode[it.Code]; ok {
		asked = p.to - p.from
	}
	for i, b := range slots {
		if (b == NotServed) != (i >= asked) {
			return fmt.Errorf("%w: item %s: asked and not-asked slots do not match", ErrInvalid, it.Code)
		}
	}
	_, err := s.in.decode(slots, it)
	return err
}

// Completeness is the class of a response (methodology.md 2.2), fixed before the wave.
type Completeness string

// The classes. A break-off is kept out of every result.
const (
	Complete Completeness = "complete"  // at least 80 % of the served items
	Partial  Completeness = "partial"   // 50 to under 80 %
	BreakOff Completeness = "break_off" // under 50 %
)

// Tally counts the items of one response. Free text counts in neither number.
type Tally struct {
	Served   int // items asked
	Answered int // items with a value, NA or DK
}

// Count tallies v by the instrument alone, without knowing how it was served: an
// item whose first slot is NotServed was not asked. It returns ErrInvalid when
// the length is not that of the instrument's slots.
func (in *Instrument) Count(v Vector) (Tally, error) {
	slots := in.Slots()
	if len(v) != len(slots) {
		return Tally{}, fmt.Errorf("%w: vector of %d bytes, want %d", ErrInvalid, len(v), len(slots))
	}
	var t Tally
	for i, s := range slots {
		if s.Option > 0 || v[i] == NotServed {
			continue
		}
		t.Served++
		if v[i] != Missing {
			t.Answered++
		}
	}
	return t, nil
}

// Class returns the completeness class. Nothing served is a break-off.
func (t Tally) Class() Completeness {
	switch {
	case t.Served > 0 && t.Answered*100 >= t.Served*80:
		return Complete
	case t.Served > 0 && t.Answered*100 >= t.Served*50:
		return Partial
	default:
		return BreakOff
	}
}
