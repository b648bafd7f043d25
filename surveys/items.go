package surveys

// Items returns every item of the instrument in the order of asking, pairing
// code elements and free text included. The slice is new at each call and the
// caller owns it; Slot.Item is an index into it.
func (in *Instrument) Items() []Item {
	n := 0
	for i := range in.Blocks {
		n += len(in.Blocks[i].Items)
	}
	items := make([]Item, 0, n)
	for i := range in.Blocks {
		items = append(items, in.Blocks[i].Items...)
	}
	return items
}

// Item returns the item of that code, and false when the instrument has none.
func (in *Instrument) Item(code string) (Item, bool) {
	for i := range in.Blocks {
		for j := range in.Blocks[i].Items {
			if in.Blocks[i].Items[j].Code == code {
				return in.Blocks[i].Items[j], true
			}
		}
	}
	return Item{}, false
}

// Block returns the block of that code, and false when the instrument has none.
// Its slice of items belongs to the instrument.
func (in *Instrument) Block(code string) (Block, bool) {
	for i := range in.Blocks {
		if in.Blocks[i].Code == code {
			return in.Blocks[i], true
		}
	}
	return Block{}, false
}

// Scale returns the scale of that code, and false when the instrument has none.
func (in *Instrument) Scale(code string) (Scale, bool) {
	for i := range in.Scales {
		if in.Scales[i].Code == code {
			return in.Scales[i], true
		}
	}
	return Scale{}, false
}

// ScaleOf returns the scale that it is answered on. An item of a validated
// instrument always has one; the zero Scale comes back for any other item.
func (in *Instrument) ScaleOf(it Item) Scale {
	s, _ := in.Scale(it.Scale)
	return s
}

// OptionsOf returns the choices of it in the order of the document: its own
// where it brings them, those of its scale otherwise. The slice belongs to the
// instrument and must not be changed.
func (in *Instrument) OptionsOf(it Item) []Option {
	if len(it.Options) > 0 {
		return it.Options
	}
	return in.ScaleOf(it).Options
}

// slotCount returns how many bytes of the vector the item takes: one an option
// on a multiple scale, the reserved number on a projects scale, none for free
// text and code elements (both kept out of the vector), one for all others.
func (in *Instrument) slotCount(it *Item) (n int, kind ScaleKind) {
	for i := range in.Scales {
		s := &in.Scales[i]
		if s.Code != it.Scale {
			continue
		}
		switch s.Kind {
		case ScaleMultiple:
			if len(it.Options) > 0 {
				return len(it.Options), s.Kind
			}
			return len(s.Options), s.Kind
		case ScaleProjects:
			return s.Slots, s.Kind
		case ScaleText, ScaleCode:
			return 0, s.Kind
		case ScaleLinear, ScaleKey, ScaleSingle:
			return 1, s.Kind
		}
	}
	return 0, ""
}

// Slots returns the bytes of a Vector of this instrument, in order. Its length
// is the length of every such vector. The caller owns the slice.
func (in *Instrument) Slots() []Slot {
	slots := make([]Slot, 0, 256)
	item := 0
	for i := range in.Blocks {
		for j := range in.Blocks[i].Items {
			n, kind := in.slotCount(&in.Blocks[i].Items[j])
			for k := range n {
				option := -1
				if kind == ScaleMultiple || kind == ScaleProjects {
					option = k
				}
				slots = append(slots, Slot{Item: item, Option: option})
			}
			item++
		}
	}
	return slots
}

// ranges returns the half-open range of slots of every item by code, and the
// length of a vector.
func (in *Instrument) ranges() (byCode map[string][2]int, length int) {
	byCode = map[string][2]int{}
	for i := range in.Blocks {
		for j := range in.Blocks[i].Items {
			it := &in.Blocks[i].Items[j]
			n, _ := in.slotCount(it)
			byCode[it.Code] = [2]int{length, length + n}
			length += n
		}
	}
	return byCode, length
}

// SlotsOf returns the half-open range [from, to) of slots that hold the item of
// that code. It is empty (from == to) for free text, for code elements and for
// a code that the instrument does not have.
func (in *Instrument) SlotsOf(code string) (from, to int) {
	byCode, _ := in.ranges()
	r := byCode[code]
	return r[0], r[1]
}

// DueForReview returns the codes of the items whose review_by lies before day
// (YYYY-MM-DD), in order: knowledge keys that somebody has to confirm when a
// wave opens and that are not served without it.
func (in *Instrument) DueForReview(day string) []string {
	var codes []string
	for _, it := range in.Items() {
		if it.ReviewBy != "" && it.ReviewBy < day {
			codes = append(codes, it.Code)
		}
	}
	return codes
}
