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

// faults gathers everything that is wrong, so that one reading mends a document.
type faults []error

func (f *faults) addf(format string, args ...any) {
	*f = append(*f, fmt.Errorf("%w: "+format, append([]any{ErrInvalid}, args...)...))
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
			f.addf("item code %q is empty or used twice", it.Code)
		}
		seen[it.Code] = true
		in.checkItem(&f, it)
		in.checkOptions(&f, it)
		in.checkThen(&f, it)
	}
	return errors.Join(f...)
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
			f.addf("scale code %q is empty or used twice", s.Code)
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
			f.addf("scale %s: a key scale has no options of its own and offers \"do not know\"", s.Code)
		}
	case ScaleSingle, ScaleMultiple:
	case ScaleProjects:
		if s.Slots < 1 || s.Slots > maxSlots {
			f.addf("scale %s: %d slots, want 1 to %d", s.Code, s.Slots, maxSlots)
		}
		if len(s.Options) != 2 || s.Options[0].Value != 1 || s.Options[1].Value != 0 {
			f.addf("scale %s: a projects scale has two options, 1 yes and 0 none", s.Code)
		}
	case ScaleText:
		if s.MaxLen < 1 || s.MaxLen > 4000 {
			f.addf("scale %s: max_len %d, want 1 to 4000", s.Code, s.MaxLen)
		}
	case ScaleCode:
	default:
		f.addf("scale %s: kind %q", s.Code, s.Kind)
	}
	if s.Kind != ScaleLinear && (s.Factor != 0 || s.Offset != 0) {
		f.addf("scale %s: factor and offset belong to linear scales", s.Code)
	}
	if s.Kind != ScaleProjects && s.Slots != 0 || s.Kind != ScaleText && s.MaxLen != 0 {
		f.addf("scale %s: slots or max_len on kind %s", s.Code, s.Kind)
	}
	if s.NA != nil && s.NA.IT == "" || s.DK != nil && s.DK.IT == "" {
		f.addf("scale %s: na or dk without a label", s.Code)
	}
	checkLabels(f, "scale "+s.Code, s.Options)
}

// checkLinear holds a linear scale to the 0–100 metric of questionnaires.md §2.
func checkLinear(f *faults, s Scale) {
	if len(s.Options) < 2 {
		f.addf("scale %s: a linear scale needs at least two options", s.Code)
		return
	}
	for i := 1; i < len(s.Options); i++ {
		if s.Options[i].Value <= s.Options[i-1].Value {
			f.addf("scale %s: values of a linear scale must rise", s.Code)
		}
	}
	low := s.Factor * (float64(s.Options[0].Value) + s.Offset)
	high := s.Factor * (float64(s.Options[len(s.Options)-1].Value) + s.Offset)
	if math.Abs(low) > 1e-9 || math.Abs(high-100) > 1e-9 {
		f.addf("scale %s: scores go from %g to %g, want 0 to 100", s.Code, low, high)
	}
}

func checkLabels(f *faults, where string, options []Option) {
	seen := map[byte]bool{}
	for _, o := range options {
		if o.Label.IT == "" {
			f.addf("%s: option %d without label", where, o.Value)
		}
		if o.Value > MaxValue || seen[o.Value] {
			f.addf("%s: option value %d over %d or used twice", where, o.Value, MaxValue)
		}
		seen[o.Value] = true
	}
}

func (in *Instrument) checkBlocks(f *faults) {
	seen := map[string]bool{}
	for _, b := range in.Blocks {
		if b.Code == "" || seen[b.Code] {
			f.addf("block code %q is empty or used twice", b.Code)
		}
		seen[b.Code] = true
		if b.Title.IT == "" || len(b.Items) == 0 && b.Intro.IT == "" {
			f.addf("block %s: needs a title, and items or an intro", b.Code)
		}
		for i, w := range b.Waves {
			if _, err := ParseWave(string(w)); err != nil || slices.Contains(b.Waves[:i], w) {
				f.addf("block %s: wave %q is unknown or named twice", b.Code, w)
			}
		}
		if b.Module != "" {
			if _, err := ParseModule(string(b.Module)); err != nil {
				f.addf("block %s: module %q", b.Code, b.Module)
			}
		}
		if b.Within != "" {
			host, ok := in.Block(b.Within)
			if !ok || host.Within != "" || host.Module != "" || len(host.Waves) > 0 || host.Code == b.Code {
				f.addf("block %s: within %q, which is not a block that is always asked", b.Code, b.Within)
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
		f.addf("item %s: scale %q does not exist", it.Code, it.Scale)
	}
	if _, err := ParseArea(string(it.Area)); err != nil {
		f.addf("item %s: area %q", it.Code, it.Area)
	}
	if it.Text.IT == "" {
		f.addf("item %s: no text", it.Code)
	}
	if math.IsNaN(it.Weight) || math.IsInf(it.Weight, 0) || it.Weight < 0 || it.Scored && it.Weight == 0 {
		f.addf("item %s: weight %g", it.Code, it.Weight)
	}
	if it.Scored && s.Kind != ScaleLinear && s.Kind != ScaleKey {
		f.addf("item %s: scored on a %s scale", it.Code, s.Kind)
	}
	if it.Reverse && s.Kind != ScaleLinear {
		f.addf("item %s: reversed on a %s scale", it.Code, s.Kind)
	}
	if it.NAAllowed && s.NA == nil {
		f.addf("item %s: na allowed, but scale %s has no label for it", it.Code, it.Scale)
	}
	if it.Expect != nil && !hasValue(in.OptionsOf(it), *it.Expect) {
		f.addf("item %s: expects %d, which is no option", it.Code, *it.Expect)
	}
	if s.Kind == ScaleCode != (it.Format != "") || s.Kind == ScaleCode != (it.Bits > 0) {
		f.addf("item %s: format and bits belong to code elements, and every one has them", it.Code)
	}
	if in.Code == CodeMAT {
		checkIndicator(f, it)
	} else if len(it.Levels) > 0 || it.PTI != nil || it.Gate || it.ActCap4 {
		f.addf("item %s: levels, gate, act cap and PTI belong to indicators", it.Code)
	}
}

// checkIndicator holds a MAT item to five anchored levels and its card.
func checkIndicator(f *faults, it Item) {
	if len(it.Levels) != 5 || slices.ContainsFunc(it.Levels, func(t Text) bool { return t.IT == "" }) {
		f.addf("item %s: an indicator has five level texts, got %d", it.Code, len(it.Levels))
	}
	if it.Title.IT == "" || it.Evidence.IT == "" || it.Check.IT == "" || it.Action.IT == "" || len(it.References) == 0 {
		f.addf("item %s: an indicator has title, evidence, check, action and references", it.Code)
	}
	if it.PTI == nil || it.PTI.Edition == "" || it.PTI.Chapter == "" || len(it.PTI.Objectives) == 0 {
		f.addf("item %s: an indicator names edition, chapter and objective of the PTI", it.Code)
	}
	if it.Form != FormNone {
		f.addf("item %s: an indicator does not rotate", it.Code)
	}
}

func (in *Instrument) checkOptions(f *faults, it Item) {
	s := in.ScaleOf(it)
	where := "item " + it.Code
	if len(it.Options) > 0 {
		if len(s.Options) > 0 {
			f.addf("%s: brings options although scale %s has them", where, it.Scale)
		}
		checkLabels(f, where, it.Options)
	}
	keys := 0
	for _, o := range in.OptionsOf(it) {
		if o.Key {
			keys++
		}
		if o.Exclusive && s.Kind != ScaleMultiple && s.Kind != ScaleProjects {
			f.addf("%s: exclusive option on a %s scale", where, s.Kind)
		}
	}
	switch s.Kind {
	case ScaleKey:
		if len(it.Options) != 4 || keys != 1 {
			f.addf("%s: %d options and %d keys, want 4 and 1", where, len(it.Options), keys)
		}
		if !slices.Contains([]Form{FormX, FormA, FormB}, it.Form) || !isDay(it.ReviewBy) || it.Rationale.IT == "" {
			f.addf("%s: a knowledge item has a form, a rationale and a review_by date", where)
		}
	case ScaleSingle, ScaleMultiple:
		if len(in.OptionsOf(it)) < 2 {
			f.addf("%s: needs at least two options", where)
		}
	case ScaleText, ScaleCode:
		if len(in.OptionsOf(it)) > 0 {
			f.addf("%s: options on a %s scale", where, s.Kind)
		}
	case ScaleLinear, ScaleProjects:
	}
	if s.Kind != ScaleKey && (keys > 0 || it.Form != FormNone || it.ReviewBy != "") {
		f.addf("%s: key, form and review_by belong to knowledge items", where)
	}
}

// checkThen pairs every then-test item with the one that it looks back on.
func (in *Instrument) checkThen(f *faults, it Item) {
	if it.ThenTest {
		twin, ok := in.Item(ThenPrefix + it.Code)
		if !ok || twin.Text != it.Text || twin.Scale != it.Scale || twin.Area != it.Area {
			f.addf("item %s: no then-test twin with the same text, area and scale", it.Code)
		}
	}
	if code, ok := strings.CutPrefix(it.Code, ThenPrefix); ok {
		if origin, found := in.Item(code); !found || !origin.ThenTest {
			f.addf("item %s: looks back on %q, which is no then-test item", it.Code, code)
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
