package surveys

import (
	"fmt"
	"slices"
	"strings"
)

// Fate says what became of an item between two versions of an instrument.
type Fate string

// The fates. Only FateSame items enter a comparison of two waves.
const (
	FateSame     Fate = "same"
	FateReworded Fate = "reworded" // anything that a respondent sees or a score uses is different
	FateNew      Fate = "new"
	FateDropped  Fate = "dropped"
)

// Crossing is the fate of one item. Changes names what differs of a reworded one:
// text, options, scale, levels, area, weight, reverse, scored, form, construct,
// na, foil, expect.
type Crossing struct {
	Code    string   `json:"code"`
	Fate    Fate     `json:"fate"`
	Changes []string `json:"changes,omitempty"`
}

// Crosswalk is what a new version says of the one before: every item that is not
// the same. Items that it does not name are the same.
type Crosswalk struct {
	From     string   `yaml:"from" json:"from"` // version it starts from
	Reworded []string `yaml:"reworded,omitempty" json:"reworded,omitempty"`
	New      []string `yaml:"new,omitempty" json:"new,omitempty"`
	Dropped  []string `yaml:"dropped,omitempty" json:"dropped,omitempty"`
}

// fate is what the crosswalk says of an item.
func (c Crosswalk) fate(code string) Fate {
	switch {
	case slices.Contains(c.Reworded, code):
		return FateReworded
	case slices.Contains(c.New, code):
		return FateNew
	case slices.Contains(c.Dropped, code):
		return FateDropped
	}
	return FateSame
}

// Cross compares two versions item by item: those of the later one in its order,
// then the dropped ones in theirs. The place of an item and its English text do
// not count: neither changes what an Italian answer means.
func Cross(earlier, later *Instrument) []Crossing {
	var crossings []Crossing
	for _, it := range later.Items() {
		old, ok := earlier.Item(it.Code)
		if !ok {
			crossings = append(crossings, Crossing{Code: it.Code, Fate: FateNew})
			continue
		}
		c := Crossing{Code: it.Code, Fate: FateSame, Changes: changes(earlier, old, later, it)}
		if len(c.Changes) > 0 {
			c.Fate = FateReworded
		}
		crossings = append(crossings, c)
	}
	for _, old := range earlier.Items() {
		if _, ok := later.Item(old.Code); !ok {
			crossings = append(crossings, Crossing{Code: old.Code, Fate: FateDropped})
		}
	}
	return crossings
}

// changes names what a respondent or a score would notice between two wordings.
func changes(earlier *Instrument, old Item, later *Instrument, it Item) []string {
	var names []string
	note := func(name string, same bool) {
		if !same {
			names = append(names, name)
		}
	}
	note("text", plain(old.Text) == plain(it.Text) && plain(old.SmallText) == plain(it.SmallText))
	note("options", sameOptions(old.Options, it.Options))
	note("scale", sameScale(earlier.ScaleOf(old), later.ScaleOf(it)))
	note("levels", slices.EqualFunc(old.Levels, it.Levels, func(a, b Text) bool { return plain(a) == plain(b) }))
	note("area", old.Area == it.Area)
	note("weight", old.Weight == it.Weight && old.Gate == it.Gate && old.ActCap4 == it.ActCap4)
	note("reverse", old.Reverse == it.Reverse)
	note("scored", old.Scored == it.Scored)
	note("form", old.Form == it.Form)
	note("construct", old.Construct == it.Construct)
	note("na", old.NAAllowed == it.NAAllowed)
	note("foil", old.Foil == it.Foil)
	note("expect", (old.Expect == nil) == (it.Expect == nil) && (old.Expect == nil || *old.Expect == *it.Expect))
	return names
}

// plain is the Italian text with its white space made single.
func plain(t Text) string { return strings.Join(strings.Fields(t.IT), " ") }

func sameOptions(a, b []Option) bool {
	return slices.EqualFunc(a, b, func(x, y Option) bool {
		return x.Value == y.Value && plain(x.Label) == plain(y.Label) && x.Key == y.Key && x.Exclusive == y.Exclusive
	})
}

func sameScale(a, b Scale) bool {
	label := func(t *Text) string {
		if t == nil {
			return ""
		}
		return plain(*t)
	}
	return a.Kind == b.Kind && a.Factor == b.Factor && a.Offset == b.Offset && a.Slots == b.Slots &&
		label(a.NA) == label(b.NA) && label(a.DK) == label(b.DK) && sameOptions(a.Options, b.Options)
}

// CheckCrosswalk compares what a later version says of itself with what Cross
// finds. nil when they agree; otherwise one error for each item, all wrapping
// ErrInvalid. A later version without a crosswalk, or one from another version,
// is refused whole.
func CheckCrosswalk(earlier, later *Instrument) error {
	if earlier.Code != later.Code {
		return fmt.Errorf("%w: %s is not a version of %s", ErrInvalid, later.Code, earlier.Code)
	}
	if later.Crosswalk == nil {
		return fmt.Errorf("%w: version %s follows %s and has no crosswalk", ErrInvalid, later.Version, earlier.Version)
	}
	if later.Crosswalk.From != earlier.Version {
		return fmt.Errorf("%w: the crosswalk starts from version %s, the one before is %s", ErrInvalid, later.Crosswalk.From, earlier.Version)
	}
	var f faults
	known := map[string]bool{}
	for _, c := range Cross(earlier, later) {
		known[c.Code] = true
		if said := later.Crosswalk.fate(c.Code); said != c.Fate {
			detail := ""
			if len(c.Changes) > 0 {
				detail = " (" + strings.Join(c.Changes, ", ") + ")"
			}
			f.add(KindItem, c.Code, "the crosswalk says %s, it is %s%s", said, c.Fate, detail)
		}
	}
	for _, code := range slices.Concat(later.Crosswalk.Reworded, later.Crosswalk.New, later.Crosswalk.Dropped) {
		if !known[code] {
			f.add(KindItem, code, "the crosswalk names it and neither version has it")
		}
	}
	return f.join()
}

// Alignment makes the responses of two versions comparable.
type Alignment struct {
	// Common is the later version reduced to the items that are the same in both.
	Common         *Instrument
	earlier, later []int // for each slot of Common its place in the vector of either version
	nEarlier       int
	nLater         int
}

// Align finds the common part of two versions, by Cross and not by what either
// says of itself. Blocks that lose all their items stay out.
func Align(earlier, later *Instrument) Alignment {
	same := map[string]bool{}
	for _, c := range Cross(earlier, later) {
		same[c.Code] = c.Fate == FateSame
	}
	common := *later
	common.Crosswalk = nil
	common.Blocks = nil
	for _, b := range later.Blocks {
		kept := b
		kept.Items = nil
		for _, it := range b.Items {
			if same[it.Code] {
				kept.Items = append(kept.Items, it)
			}
		}
		if len(kept.Items) > 0 {
			common.Blocks = append(common.Blocks, kept)
		}
	}
	a := Alignment{Common: &common}
	var inEarlier, inLater map[string][2]int
	inEarlier, a.nEarlier = earlier.ranges()
	inLater, a.nLater = later.ranges()
	for _, it := range common.Items() {
		n, _ := common.slotCount(&it)
		for k := range n {
			a.earlier = append(a.earlier, inEarlier[it.Code][0]+k)
			a.later = append(a.later, inLater[it.Code][0]+k)
		}
	}
	return a
}

// Earlier returns a response of the earlier version as one of Common; false when
// it is not as long as that version's vectors.
func (a Alignment) Earlier(v Vector) (Vector, bool) { return pickSlots(v, a.earlier, a.nEarlier) }

// Later does the same for a response of the later version.
func (a Alignment) Later(v Vector) (Vector, bool) { return pickSlots(v, a.later, a.nLater) }

func pickSlots(v Vector, at []int, length int) (Vector, bool) {
	if len(v) != length {
		return nil, false
	}
	out := make(Vector, len(at))
	for i, from := range at {
		out[i] = v[from]
	}
	return out, true
}
