package surveys

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// CodeMAT and CodeSTAFF are the codes of the two instruments of the product.
const (
	CodeMAT   = "MAT"
	CodeSTAFF = "STAFF"
)

// ThenPrefix makes the code of a then-test item from that of its twin.
const ThenPrefix = "T-"

// maxSlots bounds what a projects scale may reserve in the vector.
const maxSlots = 64

// FaultKind says what part of an instrument a fault is about.
type FaultKind string

// The kinds; "" is the instrument as a whole.
const (
	KindItem  FaultKind = "item"
	KindBlock FaultKind = "block"
	KindScale FaultKind = "scale"
)

// Fault is one thing that is wrong with an instrument; it wraps ErrInvalid.
type Fault struct {
	Kind FaultKind
	Code string // of the item, block or scale
	Text string
}

// Error returns the fault with what it is about before it.
func (f Fault) Error() string {
	if f.Kind == "" {
		return ErrInvalid.Error() + ": " + f.Text
	}
	return fmt.Sprintf("%s: %s %s: %s", ErrInvalid, f.Kind, f.Code, f.Text)
}

// Unwrap returns ErrInvalid.
func (f Fault) Unwrap() error { return ErrInvalid }

// faults gathers everything that is wrong, so that one reading mends a document.
type faults []Fault

func (f *faults) addf(format string, args ...any) { f.add("", "", format, args...) }

func (f *faults) add(kind FaultKind, code, format string, args ...any) {
	*f = append(*f, Fault{kind, code, fmt.Sprintf(format, args...)})
}

// join returns all faults as one error, nil when there is none.
func (f faults) join() error {
	errs := make([]error, len(f))
	for i, fault := range f {
		errs[i] = fault
	}
	return errors.Join(errs...)
}

// Faults returns the single faults of an error of Validate or CheckCrosswalk.
func Faults(err error) []Fault {
	var all []Fault
	var one Fault
	if many, ok := err.(interface{ Unwrap() []error }); ok { //nolint:errorlint // the tree is walked by hand
		for _, e := range many.Unwrap() {
			all = append(all, Faults(e)...)
		}
	} else if errors.As(err, &one) {
		all = append(all, one)
	} else if next := errors.Unwrap(err); next != nil {
		return Faults(next)
	}
	return all
}

// Validate reports everything that is wrong with the instrument, joined; nil
// when it may be served. Each fault wraps ErrInvalid and names block, scale or
// item. It looks at form only: whether a key is right is the work of people.
func (in *Instrument) Validate() error {
	var f faults
	in.checkHead(&f)
	for _, s := range in.Scales {
		checkScale(&f, s)
	}
	in.checkBlocks(&f)
	seen := map[string]bool{}
	for _, it := range in.Items() {
		if it.Code == "" || seen[it.Code] {
			f.add(KindItem, it.Code, "the code is empty or used twice")
		}
		seen[it.Code] = true
		in.checkItem(&f, it)
		in.checkOptions(&f, it)
		in.checkThen(&f, it)
	}
	return f.join()
}

func (in *Instrument) checkHead(f *faults) {
	if in.Code == "" || in.Version == "" || in.Title.IT == "" {
		f.addf("instrument needs code, version and title, has %q, %q, %q", in.Code, in.Version, in.Title.IT)
	}
	if in.Language != "it" {
		f.addf("instrument language %q, only \"it\" is known", in.Language)
	}
	if !slices.Contains([]string{"draft", "pilot", "active", "retired"}, in.Status) {
		f.addf("instrument status %q", in.Status)
	}
	for _, day := range []string{in.ValidFrom, in.ReviewBy} {
		if !isDay(day) {
			f.addf("instrument date %q is not YYYY-MM-DD", day)
		}
	}
	seen := map[string]bool{}
	for _, s := range in.Scales {
		if s.Code == "" || seen[s.Code] {
			f.add(KindScale, s.Code, "the code is empty or used twice")
		}
		seen[s.Code] = true
	}
}

func checkScale(f *faults, s Scale) {
	switch s.Kind {
	case ScaleLinear:
		checkLinear(f, s)
	case ScaleKey:
		if len(s.Options) > 0 || s.DK == nil {
			f.add(KindScale, s.Code, "a key scale has no options of its own and offers \"do not know\"")
		}
	case ScaleSingle, ScaleMultiple:
	case ScaleProjects:
		if s.Slots < 1 || s.Slots > maxSlots {
			f.add(KindScale, s.Code, "%d slots, want 1 to %d", s.Slots, maxSlots)
		}
		if len(s.Options) != 2 || s.Options[0].Value != 1 || s.Options[1].Value != 0 {
			f.add(KindScale, s.Code, "a projects scale has two options, 1 yes and 0 none")
		}
	case ScaleText:
		if s.MaxLen < 1 || s.MaxLen > 4000 {
			f.add(KindScale, s.Code, "max_len %d, want 1 to 4000", s.MaxLen)
		}
	case ScaleCode:
	default:
		f.add(KindScale, s.Code, "kind %q", s.Kind)
	}
	if s.Kind != ScaleLinear && (s.Factor != 0 || s.Offset != 0) {
		f.add(KindScale, s.Code, "factor and offset belong to linear scales")
	}
	if s.Kind != ScaleProjects && s.Slots != 0 || s.Kind != ScaleText && s.MaxLen != 0 {
		f.add(KindScale, s.Code, "slots or max_len on kind %s", s.Kind)
	}
	if s.NA != nil && s.NA.IT == "" || s.DK != nil && s.DK.IT == "" {
		f.add(KindScale, s.Code, "na or dk without a label")
	}
	checkLabels(f, KindScale, s.Code, s.Options)
}

// checkLinear holds a linear scale to the 0–100 metric of questionnaires.md §2.
func checkLinear(f *faults, s Scale) {
	if len(s.Options) < 2 {
		f.add(KindScale, s.Code, "a linear scale needs at least two options")
		return
	}
	for i := 1; i < len(s.Options); i++ {
		if s.Options[i].Value <= s.Options[i-1].Value {
			f.add(KindScale, s.Code, "values of a linear scale must rise")
		}
	}
	low := s.Factor * (float64(s.Options[0].Value) + s.Offset)
	high := s.Factor * (float64(s.Options[len(s.Options)-1].Value) + s.Offset)
	if math.Abs(low) > 1e-9 || math.Abs(high-100) > 1e-9 {
		f.add(KindScale, s.Code, "scores go from %g to %g, want 0 to 100", low, high)
	}
}

func checkLabels(f *faults, kind FaultKind, code string, options []Option) {
	seen := map[byte]bool{}
	for _, o := range options {
		if o.Label.IT == "" {
			f.add(kind, code, "option %d without label", o.Value)
		}
		if o.Value > MaxValue || seen[o.Value] {
			f.add(kind, code, "option value %d over %d or used twice", o.Value, MaxValue)
		}
		seen[o.Value] = true
	}
}

func (in *Instrument) checkBlocks(f *faults) {
	seen := map[string]bool{}
	for _, b := range in.Blocks {
		if b.Code == "" || seen[b.Code] {
			f.add(KindBlock, b.Code, "the code is empty or used twice")
		}
		seen[b.Code] = true
		if b.Title.IT == "" || len(b.Items) == 0 && b.Intro.IT == "" {
			f.add(KindBlock, b.Code, "needs a title, and items or an intro")
		}
		for i, w := range b.Waves {
			if _, err := ParseWave(string(w)); err != nil || slices.Contains(b.Waves[:i], w) {
				f.add(KindBlock, b.Code, "wave %q is unknown or named twice", w)
			}
		}
		if b.Module != "" {
			if _, err := ParseModule(string(b.Module)); err != nil {
				f.add(KindBlock, b.Code, "module %q", b.Module)
			}
		}
		if b.Within != "" {
			host, ok := in.Block(b.Within)
			if !ok || host.Within != "" || host.Module != "" || len(host.Waves) > 0 || host.Code == b.Code {
				f.add(KindBlock, b.Code, "within %q, which is not a block that is always asked", b.Within)
			}
		}
	}
	if len(in.Blocks) == 0 {
		f.addf("instrument has no blocks")
	}
}

func (in *Instrument) checkItem(f *faults, it Item) {
	s, ok := in.Scale(it.Scale)
	if !ok {
		f.add(KindItem, it.Code, "scale %q does not exist", it.Scale)
	}
	if _, err := ParseArea(string(it.Area)); err != nil {
		f.add(KindItem, it.Code, "area %q", it.Area)
	}
	if it.Text.IT == "" {
		f.add(KindItem, it.Code, "no text")
	}
	if math.IsNaN(it.Weight) || math.IsInf(it.Weight, 0) || it.Weight < 0 || it.Scored && it.Weight == 0 {
		f.add(KindItem, it.Code, "weight %g", it.Weight)
	}
	if it.Scored && s.Kind != ScaleLinear && s.Kind != ScaleKey {
		f.add(KindItem, it.Code, "scored on a %s scale", s.Kind)
	}
	if it.Reverse && s.Kind != ScaleLinear {
		f.add(KindItem, it.Code, "reversed on a %s scale", s.Kind)
	}
	if it.NAAllowed && s.NA == nil {
		f.add(KindItem, it.Code, "na allowed, but scale %s has no label for it", it.Scale)
	}
	if it.Expect != nil && !hasValue(in.OptionsOf(it), *it.Expect) {
		f.add(KindItem, it.Code, "expects %d, which is no option", *it.Expect)
	}
	if s.Kind == ScaleCode != (it.Format != "") || s.Kind == ScaleCode != (it.Bits > 0) {
		f.add(KindItem, it.Code, "format and bits belong to code elements, and every one has them")
	}
	if in.Code == CodeMAT {
		checkIndicator(f, it)
	} else if len(it.Levels) > 0 || it.PTI != nil || it.Gate || it.ActCap4 {
		f.add(KindItem, it.Code, "levels, gate, act cap and PTI belong to indicators")
	}
}

// checkIndicator holds a MAT item to five anchored levels and its card.
func checkIndicator(f *faults, it Item) {
	if len(it.Levels) != 5 || slices.ContainsFunc(it.Levels, func(t Text) bool { return t.IT == "" }) {
		f.add(KindItem, it.Code, "an indicator has five level texts, got %d", len(it.Levels))
	}
	if it.Title.IT == "" || it.Evidence.IT == "" || it.Check.IT == "" || it.Action.IT == "" || len(it.References) == 0 {
		f.add(KindItem, it.Code, "an indicator has title, evidence, check, action and references")
	}
	if it.PTI == nil || it.PTI.Edition == "" || it.PTI.Chapter == "" || len(it.PTI.Objectives) == 0 {
		f.add(KindItem, it.Code, "an indicator names edition, chapter and objective of the PTI")
	}
	if it.Form != FormNone {
		f.add(KindItem, it.Code, "an indicator does not rotate")
	}
}

func (in *Instrument) checkOptions(f *faults, it Item) {
	s := in.ScaleOf(it)
	if len(it.Options) > 0 {
		if len(s.Options) > 0 {
			f.add(KindItem, it.Code, "brings options although scale %s has them", it.Scale)
		}
		checkLabels(f, KindItem, it.Code, it.Options)
	}
	keys := 0
	for _, o := range in.OptionsOf(it) {
		if o.Key {
			keys++
		}
		if o.Exclusive && s.Kind != ScaleMultiple && s.Kind != ScaleProjects {
			f.add(KindItem, it.Code, "exclusive option on a %s scale", s.Kind)
		}
	}
	switch s.Kind {
	case ScaleKey:
		if len(it.Options) != 4 || keys != 1 {
			f.add(KindItem, it.Code, "%d options and %d keys, want 4 and 1", len(it.Options), keys)
		}
		if !slices.Contains([]Form{FormX, FormA, FormB}, it.Form) || !isDay(it.ReviewBy) || it.Rationale.IT == "" {
			f.add(KindItem, it.Code, "a knowledge item has a form, a rationale and a review_by date")
		}
	case ScaleSingle, ScaleMultiple:
		if len(in.OptionsOf(it)) < 2 {
			f.add(KindItem, it.Code, "needs at least two options")
		}
	case ScaleText, ScaleCode:
		if len(in.OptionsOf(it)) > 0 {
			f.add(KindItem, it.Code, "options on a %s scale", s.Kind)
		}
	case ScaleLinear, ScaleProjects:
	}
	if s.Kind != ScaleKey && (keys > 0 || it.Form != FormNone || it.ReviewBy != "") {
		f.add(KindItem, it.Code, "key, form and review_by belong to knowledge items")
	}
}

// checkThen pairs every then-test item with the one that it looks back on.
func (in *Instrument) checkThen(f *faults, it Item) {
	if it.ThenTest {
		twin, ok := in.Item(ThenPrefix + it.Code)
		if !ok || twin.Text != it.Text || twin.Scale != it.Scale || twin.Area != it.Area {
			f.add(KindItem, it.Code, "no then-test twin with the same text, area and scale")
		}
	}
	if code, ok := strings.CutPrefix(it.Code, ThenPrefix); ok {
		if origin, found := in.Item(code); !found || !origin.ThenTest {
			f.add(KindItem, it.Code, "looks back on %q, which is no then-test item", code)
		}
	}
}

func hasValue(options []Option, v byte) bool {
	return slices.ContainsFunc(options, func(o Option) bool { return o.Value == v })
}

// isDay reports whether s is a calendar day written YYYY-MM-DD.
func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}
