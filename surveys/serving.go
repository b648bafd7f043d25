package surveys

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
)

// The numbers that decide what is served.
const (
	// MinFullForm is the number of eligible staff under which only the short
	// form is served, without profile, modules and list of micro-progetti
	// (questionnaires.md §5).
	MinFullForm = 30
	// MaxPageItems is how many items one page holds at most (320 px screens).
	MaxPageItems = 12
)

// ServingSpec says what one person is asked.
type ServingSpec struct {
	Wave     Wave
	Short    bool     // short form
	Small    bool     // fewer than MinFullForm eligible staff
	Set      Form     // FormA or FormB: the rotated knowledge items of this person; FormNone in the short form, which has only anchors
	Modules  []Module // optional blocks that are on
	Projects int      // micro-progetti in the campaign's frozen list, 0 to the slots of EXP-01; not used when Small
	Skip     []string // codes withheld, e.g. knowledge keys past review_by that nobody confirmed
	Seed     uint64   // orders options and shuffled blocks; the same seed gives the same order
}

// Choice is one thing that the person may tick.
type Choice struct {
	Field     string // what the form sends, as ParseAnswer reads it
	Label     Text   // empty for a micro-progetto, whose name the campaign knows
	Project   int    // index into the campaign's frozen list, -1 for all other choices
	Exclusive bool   // cannot stand with others
}

// ServedItem is one question as it is put to the person. Item carries keys and
// rationale: it is for the server, never to be sent whole to a browser.
type ServedItem struct {
	Item
	Kind     ScaleKind
	Many     bool     // several choices may be ticked
	Question Text     // the text to show: Text, or SmallText in a small ente
	Choices  []Choice // in the order to show, "not applicable" and "do not know" last; empty for free text
	MaxLen   int      // free text: characters, 0 otherwise
}

// Page is one page of the questionnaire.
type Page struct {
	Block string
	Area  Area // set when the block was split by area, "" otherwise
	Part  int  // 1-based part of the block's pages
	Parts int
	Title Text
	Intro Text
	Items []ServedItem
}

// Serving is what one person is asked, and the only way to write a vector. It is
// immutable once made and safe for concurrent use.
type Serving struct {
	in     *Instrument
	spec   ServingSpec
	blocks []servedBlock
	byCode map[string]place  // what is asked
	ranges map[string][2]int // all slots of every item of the instrument
	length int
}

type servedBlock struct {
	block *Block
	items []*Item // into the instrument
}

type place struct {
	item     *Item
	from, to int // slots that are asked: fewer than the item's own for projects
}

// NewServing works out what to ask. The instrument must be valid and must not
// change afterwards. It returns ErrInvalid for a spec that the rules of
// questionnaires.md §5 do not allow.
func NewServing(in *Instrument, spec ServingSpec) (*Serving, error) {
	if err := checkSpec(in, spec); err != nil {
		return nil, err
	}
	ranges, length := in.ranges()
	s := &Serving{in: in, spec: spec, byCode: map[string]place{}, ranges: ranges, length: length}
	for i := range in.Blocks {
		b := &in.Blocks[i]
		if items := s.choose(b); len(items) > 0 {
			s.blocks = append(s.blocks, servedBlock{block: b, items: items})
		}
	}
	s.blocks = nest(s.blocks)
	for _, b := range s.blocks {
		for _, it := range b.items {
			r := ranges[it.Code]
			p := place{item: it, from: r[0], to: r[1]}
			if in.ScaleOf(*it).Kind == ScaleProjects {
				p.to = p.from + s.projects()
			}
			s.byCode[it.Code] = p
		}
	}
	return s, nil
}

func checkSpec(in *Instrument, spec ServingSpec) error {
	if _, err := ParseWave(string(spec.Wave)); err != nil {
		return err
	}
	if spec.Small && !spec.Short {
		return fmt.Errorf("%w: under %d eligible staff only the short form is served", ErrInvalid, MinFullForm)
	}
	if spec.Small && len(spec.Modules) > 0 {
		return fmt.Errorf("%w: no modules under %d eligible staff", ErrInvalid, MinFullForm)
	}
	for _, m := range spec.Modules {
		if _, err := ParseModule(string(m)); err != nil {
			return err
		}
	}
	switch spec.Set {
	case FormA, FormB:
	case FormNone:
		if !spec.Short && slices.ContainsFunc(in.Items(), func(it Item) bool { return it.Form != FormNone }) {
			return fmt.Errorf("%w: the full form needs the set A or B", ErrInvalid)
		}
	case FormX:
		return fmt.Errorf("%w: X is not a rotated set", ErrInvalid)
	default:
		return fmt.Errorf("%w: set %q", ErrInvalid, spec.Set)
	}
	slots := 0
	for _, sc := range in.Scales {
		slots = max(slots, sc.Slots)
	}
	if spec.Projects < 0 || spec.Projects > slots {
		return fmt.Errorf("%w: %d micro-progetti, the instrument holds %d", ErrInvalid, spec.Projects, slots)
	}
	return nil
}

// projects is how many slots of a projects scale are asked: one yes/no in a
// small ente, one a micro-progetto elsewhere.
func (s *Serving) projects() int {
	if s.spec.Small {
		return 1
	}
	return s.spec.Projects
}

// choose returns the items of b that this person is asked, in order.
func (s *Serving) choose(b *Block) []*Item {
	if len(b.Waves) > 0 && !slices.Contains(b.Waves, s.spec.Wave) ||
		b.Module != "" && !slices.Contains(s.spec.Modules, b.Module) ||
		b.OmitShort && s.spec.Short || b.OmitSmall && s.spec.Small {
		return nil
	}
	items := make([]*Item, 0, len(b.Items))
	for i := range b.Items {
		it := &b.Items[i]
		kind := s.in.ScaleOf(*it).Kind
		if kind == ScaleCode ||
			s.spec.Short && !it.Short ||
			(it.Form == FormA || it.Form == FormB) && it.Form != s.spec.Set ||
			kind == ScaleProjects && s.projects() == 0 ||
			slices.Contains(s.spec.Skip, it.Code) {
			continue
		}
		items = append(items, it)
	}
	if b.Shuffle {
		shuffle(s.spec.Seed, b.Code, items)
	}
	return items
}

// nest moves every block that is asked within another into the middle of it.
func nest(blocks []servedBlock) []servedBlock {
	var out []servedBlock
	for _, b := range blocks {
		if b.block.Within == "" {
			out = append(out, b)
		}
	}
	for _, b := range blocks {
		if b.block.Within == "" {
			continue
		}
		for i := range out {
			if out[i].block.Code == b.block.Within {
				out[i].items = slices.Insert(out[i].items, (len(out[i].items)+1)/2, b.items...)
			}
		}
	}
	return out
}

// Pages returns the pages in the order of asking, none of them empty or longer
// than MaxPageItems. The personal code and the informativa are not among them.
func (s *Serving) Pages() []Page {
	var pages []Page
	for _, b := range s.blocks {
		parts := split(b)
		for i, items := range parts {
			p := Page{Block: b.block.Code, Part: i + 1, Parts: len(parts), Title: b.block.Title, Intro: b.block.Intro}
			if b.block.ByArea && len(parts) > 1 {
				p.Area = items[0].Area
			}
			for _, it := range items {
				p.Items = append(p.Items, s.served(*it))
			}
			pages = append(pages, p)
		}
	}
	return pages
}

// split cuts a block that is too long for a page: by area where it says so,
// in parts of nearly equal length otherwise.
func split(b servedBlock) [][]*Item {
	if len(b.items) <= MaxPageItems {
		return [][]*Item{b.items}
	}
	if !b.block.ByArea {
		return even(b.items)
	}
	var parts [][]*Item
	for _, it := range b.items {
		if n := len(parts); n > 0 && parts[n-1][0].Area == it.Area {
			parts[n-1] = append(parts[n-1], it)
		} else {
			parts = append(parts, []*Item{it})
		}
	}
	var out [][]*Item
	for _, p := range parts {
		out = append(out, even(p)...)
	}
	return out
}

func even(items []*Item) [][]*Item {
	n := (len(items) + MaxPageItems - 1) / MaxPageItems
	parts := make([][]*Item, 0, n)
	for i := range n {
		parts = append(parts, items[i*len(items)/n:(i+1)*len(items)/n])
	}
	return parts
}

func (s *Serving) served(it Item) ServedItem {
	scale := s.in.ScaleOf(it)
	out := ServedItem{Item: it, Kind: scale.Kind, Question: it.Text, MaxLen: scale.MaxLen}
	out.Many = scale.Kind == ScaleMultiple || scale.Kind == ScaleProjects && !s.spec.Small
	if s.spec.Small && it.SmallText.IT != "" {
		out.Question = it.SmallText
	}
	options := slices.Clone(s.in.OptionsOf(it))
	if scale.Shuffle {
		shuffle(s.spec.Seed, it.Code, options)
	}
	if scale.Kind == ScaleProjects {
		out.Choices = s.projectChoices(options)
		return out
	}
	for _, o := range options {
		out.Choices = append(out.Choices, Choice{Field: strconv.Itoa(int(o.Value)), Label: o.Label, Project: -1, Exclusive: o.Exclusive})
	}
	if it.NAAllowed && scale.NA != nil {
		out.Choices = append(out.Choices, Choice{Field: fieldNA, Label: *scale.NA, Project: -1, Exclusive: true})
	}
	if scale.DK != nil {
		out.Choices = append(out.Choices, Choice{Field: fieldDK, Label: *scale.DK, Project: -1, Exclusive: true})
	}
	return out
}

// projectChoices are yes and none in a small ente, the frozen list and none
// elsewhere. options are those of a projects scale: yes, none.
func (s *Serving) projectChoices(options []Option) []Choice {
	none := Choice{Field: fieldNone, Label: options[1].Label, Project: -1, Exclusive: true}
	if s.spec.Small {
		return []Choice{{Field: "0", Label: options[0].Label, Project: -1}, none}
	}
	var out []Choice
	for i := range s.spec.Projects {
		out = append(out, Choice{Field: strconv.Itoa(i), Project: i})
	}
	return append(out, none)
}

// Spec returns what the serving was made from. Its slices belong to the serving.
func (s *Serving) Spec() ServingSpec { return s.spec }

// Asked reports whether the person is asked the item of that code (free text included).
func (s *Serving) Asked(code string) bool {
	_, ok := s.byCode[code]
	return ok
}

// Debriefs returns what has to be told on the last page about the blocks asked.
func (s *Serving) Debriefs() []Text {
	var out []Text
	for _, b := range s.blocks {
		if b.block.Debrief.IT != "" {
			out = append(out, b.block.Debrief)
		}
	}
	return out
}

// shuffle orders list by seed and name alone: the same on every machine and in
// every release (SplitMix64 and Fisher–Yates, not the standard library's
// generator, whose sequence is not promised).
func shuffle[T any](seed uint64, name string, list []T) {
	h := fnv.New64a()
	h.Write([]byte(name))
	state := seed ^ h.Sum64()
	for i := len(list) - 1; i > 0; i-- {
		state += 0x9e3779b97f4a7c15
		z := state
		z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
		z = (z ^ (z >> 27)) * 0x94d049bb133111eb
		z ^= z >> 31
		j := int(z % uint64(i+1)) // bias under 2^-60
		list[i], list[j] = list[j], list[i]
	}
}
