package surveys

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// AnswerState says what an answer is. The states are exported as such and none
// of them is ever counted as zero.
type AnswerState string

// The states of an answer (questionnaires.md §1) and that of an item that the
// person was not asked.
const (
	StateValue     AnswerState = "value"
	StateNA        AnswerState = "na"
	StateDK        AnswerState = "dk"
	StateMissing   AnswerState = "missing"
	StateNotServed AnswerState = "not_served"
)

// Answer is what one person said to one item.
type Answer struct {
	State AnswerState
	// Value is the chosen option's value on linear, key and single scales, when
	// State is StateValue; 0 otherwise.
	Value byte
	// Chosen are, when State is StateValue, the indexes of the ticked options
	// (multiple: into OptionsOf; projects: into the campaign's frozen list),
	// rising. Empty on a projects scale means "none of them".
	Chosen []int
}

// NewVector returns a vector of the instrument in which every slot is NotServed.
func (in *Instrument) NewVector() Vector {
	v := make(Vector, len(in.Slots()))
	for i := range v {
		v[i] = NotServed
	}
	return v
}

// Decode reads the answer to the item of that code out of v. It returns
// ErrUnknownItem when the item is unknown or has no slot (free text, code
// elements) and ErrInvalid when v does not belong to this instrument or holds
// bytes that no answer leaves.
func (in *Instrument) Decode(v Vector, code string) (Answer, error) {
	it, ok := in.Item(code)
	from, to := in.SlotsOf(code)
	if !ok || from == to {
		return Answer{}, fmt.Errorf("%w: %q has no place in the vector", ErrUnknownItem, code)
	}
	if want := len(in.Slots()); len(v) != want {
		return Answer{}, fmt.Errorf("%w: vector of %d bytes, want %d", ErrInvalid, len(v), want)
	}
	return in.decode(v[from:to], &it)
}

// decode reads the slots of one item.
func (in *Instrument) decode(slots Vector, it *Item) (Answer, error) {
	kind := in.ScaleOf(*it).Kind
	if kind == ScaleMultiple || kind == ScaleProjects {
		return in.decodeMany(slots, it, kind)
	}
	b := slots[0]
	a := Answer{State: stateOf(b)}
	if a.State == StateValue {
		a.Value = b
	}
	if err := in.check(it, a, 0); err != nil {
		return Answer{}, err
	}
	return a, nil
}

// decodeMany reads one slot an option: all of one code, or 1 and 0 in the slots
// that were asked. Only a projects scale may hold fewer asked slots than it has,
// and they come first.
func (in *Instrument) decodeMany(slots Vector, it *Item, kind ScaleKind) (Answer, error) {
	asked := slices.Index(slots, NotServed)
	if asked < 0 {
		asked = len(slots)
	}
	rest := slots[asked:]
	if slices.ContainsFunc(rest, func(b byte) bool { return b != NotServed }) || kind == ScaleMultiple && len(rest) > 0 && asked > 0 {
		return Answer{}, fmt.Errorf("%w: item %s is asked in part", ErrInvalid, it.Code)
	}
	if asked == 0 {
		return Answer{State: StateNotServed}, nil
	}
	if s := stateOf(slots[0]); s != StateValue {
		if slices.ContainsFunc(slots[:asked], func(b byte) bool { return b != slots[0] }) {
			return Answer{}, fmt.Errorf("%w: item %s mixes codes and values", ErrInvalid, it.Code)
		}
		a := Answer{State: s}
		return a, in.check(it, a, asked)
	}
	a := Answer{State: StateValue}
	for i, b := range slots[:asked] {
		switch b {
		case 0:
		case 1:
			a.Chosen = append(a.Chosen, i)
		default:
			return Answer{}, fmt.Errorf("%w: item %s holds %d in slot %d", ErrInvalid, it.Code, b, i)
		}
	}
	if err := in.check(it, a, asked); err != nil {
		return Answer{}, err
	}
	return a, nil
}

// stateOf returns "" for 201–251, which no answer leaves.
func stateOf(b byte) AnswerState {
	switch {
	case IsValue(b):
		return StateValue
	case b == NA:
		return StateNA
	case b == DK:
		return StateDK
	case b == NotServed:
		return StateNotServed
	case b == Missing:
		return StateMissing
	default:
		return ""
	}
}

// check reports whether a can be an answer to it. projects is how many of the
// slots of a projects scale were asked.
func (in *Instrument) check(it *Item, a Answer, projects int) error {
	s := in.ScaleOf(*it)
	bad := func(why string) error { return fmt.Errorf("%w: item %s: %s", ErrInvalid, it.Code, why) }
	if a.State != StateValue {
		if a.Value != 0 || len(a.Chosen) > 0 {
			return bad("a value beside the state " + string(a.State))
		}
	}
	switch a.State {
	case StateMissing, StateNotServed:
		return nil
	case StateNA:
		if !it.NAAllowed || s.NA == nil {
			return bad("\"not applicable\" is not offered")
		}
		return nil
	case StateDK:
		if s.DK == nil {
			return bad("\"do not know\" is not offered")
		}
		return nil
	case StateValue:
	default:
		return bad("unknown state " + strconv.Quote(string(a.State)))
	}
	switch s.Kind {
	case ScaleLinear, ScaleKey, ScaleSingle:
		if len(a.Chosen) > 0 || !hasValue(in.OptionsOf(*it), a.Value) {
			return bad("value " + strconv.Itoa(int(a.Value)) + " is no option")
		}
	case ScaleMultiple:
		return in.checkMany(it, a)
	case ScaleProjects:
		return checkChosen(it, a, projects)
	case ScaleText, ScaleCode:
		return bad("is not kept in the vector")
	}
	return nil
}

func (in *Instrument) checkMany(it *Item, a Answer) error {
	options := in.OptionsOf(*it)
	if err := checkChosen(it, a, len(options)); err != nil {
		return err
	}
	if len(a.Chosen) == 0 {
		return fmt.Errorf("%w: item %s: nothing chosen is \"missing\", not a value", ErrInvalid, it.Code)
	}
	for _, c := range a.Chosen {
		if options[c].Exclusive && len(a.Chosen) > 1 {
			return fmt.Errorf("%w: item %s: option %d stands alone", ErrInvalid, it.Code, options[c].Value)
		}
	}
	return nil
}

func checkChosen(it *Item, a Answer, n int) error {
	if a.Value != 0 {
		return fmt.Errorf("%w: item %s: a single value where several may be chosen", ErrInvalid, it.Code)
	}
	for i, c := range a.Chosen {
		if c < 0 || c >= n || i > 0 && c <= a.Chosen[i-1] {
			return fmt.Errorf("%w: item %s: choice %d of %d, out of range or order", ErrInvalid, it.Code, c, n)
		}
	}
	return nil
}

// Form values that stand for a state instead of an option.
const (
	fieldNA   = "na"
	fieldDK   = "dk"
	fieldNone = "none"
)

// ParseAnswer reads what a form sends for it: no value or "" for missing, "na",
// "dk", the decimal value of an option (several on a multiple scale), or on a
// projects scale indexes from 0, or "none". It refuses all other text; whether
// the answer fits the item is checked by Serving.Set.
func (in *Instrument) ParseAnswer(it Item, values []string) (Answer, error) {
	values = slices.DeleteFunc(slices.Clone(values), func(s string) bool { return s == "" })
	if len(values) == 0 {
		return Answer{State: StateMissing}, nil
	}
	kind := in.ScaleOf(it).Kind
	many := kind == ScaleMultiple || kind == ScaleProjects
	if len(values) > 1 && !many {
		return Answer{}, fmt.Errorf("%w: item %s: %d values where one is asked", ErrInvalid, it.Code, len(values))
	}
	if len(values) == 1 {
		switch {
		case values[0] == fieldNA:
			return Answer{State: StateNA}, nil
		case values[0] == fieldDK:
			return Answer{State: StateDK}, nil
		case values[0] == fieldNone && kind == ScaleProjects:
			return Answer{State: StateValue}, nil
		}
	}
	a := Answer{State: StateValue}
	for _, s := range values {
		n, err := strconv.ParseUint(s, 10, 8)
		if err != nil || n > uint64(MaxValue) {
			return Answer{}, fmt.Errorf("%w: item %s: %q is no answer", ErrInvalid, it.Code, s)
		}
		switch kind {
		case ScaleProjects:
			a.Chosen = append(a.Chosen, int(n))
		case ScaleMultiple:
			i := slices.IndexFunc(in.OptionsOf(it), func(o Option) bool { return o.Value == byte(n) })
			if i < 0 {
				return Answer{}, fmt.Errorf("%w: item %s: %d is no option", ErrInvalid, it.Code, n)
			}
			a.Chosen = append(a.Chosen, i)
		case ScaleLinear, ScaleKey, ScaleSingle, ScaleText, ScaleCode:
			a.Value = byte(n)
		}
	}
	slices.Sort(a.Chosen)
	a.Chosen = slices.Compact(a.Chosen)
	return a, nil
}

// FormValues is the inverse of ParseAnswer: what a form has to send to say a.
// It is empty for an item that is missing or was not served.
func (in *Instrument) FormValues(it Item, a Answer) []string {
	switch a.State {
	case StateNA:
		return []string{fieldNA}
	case StateDK:
		return []string{fieldDK}
	case StateMissing, StateNotServed:
		return nil
	case StateValue:
	}
	switch in.ScaleOf(it).Kind {
	case ScaleProjects:
		if len(a.Chosen) == 0 {
			return []string{fieldNone}
		}
		return texts(a.Chosen)
	case ScaleMultiple:
		options := in.OptionsOf(it)
		values := make([]int, len(a.Chosen))
		for i, c := range a.Chosen {
			values[i] = int(options[c].Value)
		}
		return texts(values)
	case ScaleLinear, ScaleKey, ScaleSingle, ScaleText, ScaleCode:
	}
	return texts([]int{int(a.Value)})
}

func texts(numbers []int) []string {
	out := make([]string, len(numbers))
	for i, n := range numbers {
		out[i] = strconv.Itoa(n)
	}
	return out
}

// CleanText readies free text for keeping: composed form (NFC), line ends as
// "\n", no other control characters, no space around. It returns ErrInvalid when
// the text is not UTF-8 or longer than limit characters (runes).
func CleanText(s string, limit int) (string, error) {
	if !utf8.ValidString(s) {
		return "", fmt.Errorf("%w: text is not UTF-8", ErrInvalid)
	}
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", " ").Replace(norm.NFC.String(s))
	s = strings.Map(func(r rune) rune {
		if r != '\n' && unicode.IsControl(r) {
			return -1
		}
		return r
	}, s)
	s = strings.TrimSpace(s)
	if n := utf8.RuneCountInString(s); n > limit {
		return "", fmt.Errorf("%w: text of %d characters, at most %d", ErrInvalid, n, limit)
	}
	return s, nil
}
