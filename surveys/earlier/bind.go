package earlier

import (
	"slices"
	"strings"

	"traguardo/surveys"
)

// bind checks the mapping against file and instrument, writes what is wrong into
// res, with the columns that are left out, and returns the columns to read.
func bind(in *surveys.Instrument, m Mapping, f File, res *Result) []binding {
	at, isAside := map[string]int{}, f.Aside()
	for i, name := range f.Names {
		at[name] = i
		if isAside[i] {
			res.Identity = append(res.Identity, name)
		}
	}
	shared := sharedAnswers(in, m, res)
	seen := map[string]bool{}
	taken := map[int]bool{} // slots
	var bindings []binding
	for _, c := range m.Columns {
		i, there := at[clean(c.Column)]
		switch {
		case !there:
			res.fault(0, c.Column, "", RuleColumnGone)
			continue
		case seen[f.Names[i]]:
			res.fault(0, c.Column, "", RuleColumnTwice)
			continue
		case c.Ignore == (c.Item != ""):
			res.fault(0, c.Column, c.Item, RuleNoTarget)
			continue
		}
		seen[f.Names[i]] = true
		switch {
		case isAside[i] && !c.Ignore:
			res.fault(0, c.Column, c.Item, RuleIdentity)
		case isAside[i]:
		case c.Ignore:
			res.Ignored = append(res.Ignored, f.Names[i])
		default:
			if b, ok := bindColumn(in, c, i, shared, taken, res); ok {
				bindings = append(bindings, b)
			}
		}
	}
	for i, name := range f.Names {
		if !isAside[i] && !seen[name] {
			res.fault(0, name, "", RuleUnmapped)
		}
	}
	return bindings
}

// sharedAnswers gathers the answers by scale; a scale that the instrument lacks is
// a fault, and so is what nobody has checked, once for all columns.
func sharedAnswers(in *surveys.Instrument, m Mapping, res *Result) map[string][]CellAnswer {
	shared := map[string][]CellAnswer{}
	for _, s := range m.Scales {
		if _, ok := in.Scale(s.Scale); !ok {
			res.fault(0, "", s.Scale, RuleAnswer)
		}
		for _, a := range s.Values {
			switch {
			case a.Answer == AnswerUnknown:
				res.fault(0, s.Scale, a.Cell, RuleUnresolved)
			case a.Check != "":
				res.fault(0, s.Scale, a.Cell, RuleUnchecked)
			default:
				shared[s.Scale] = append(shared[s.Scale], a)
			}
		}
	}
	return shared
}

// bindColumn ties one column to its item.
func bindColumn(in *surveys.Instrument, c Column, at int, shared map[string][]CellAnswer, taken map[int]bool, res *Result) (binding, bool) {
	before := res.FaultCount
	it, ok := in.Item(c.Item)
	if !ok {
		res.fault(0, c.Column, c.Item, RuleItemUnknown)
		return binding{}, false
	}
	b := binding{at: at, item: it.Code, option: -1, separator: c.Separator}
	b.from, b.to = in.SlotsOf(it.Code)
	kind := in.ScaleOf(it).Kind
	if b.from == b.to || kind == surveys.ScaleProjects {
		res.fault(0, c.Column, c.Item, RuleNotImportable)
		return binding{}, false
	}
	b.many = kind == surveys.ScaleMultiple
	if c.Check != "" {
		res.fault(0, c.Column, c.Item, RuleUnchecked)
	}
	if c.Option != nil {
		k := slices.IndexFunc(in.OptionsOf(it), func(o surveys.Option) bool { return o.Value == *c.Option })
		b.option = b.from + k
		if !b.many || k < 0 {
			res.fault(0, c.Column, c.Item, RuleOption)
			return binding{}, false
		}
	}
	if c.Separator != "" && (!b.many || c.Option != nil || strings.TrimSpace(c.Separator) == "") {
		res.fault(0, c.Column, c.Separator, RuleOption)
	}
	if !b.take(taken) {
		res.fault(0, c.Column, c.Item, RuleItemTwice)
	}
	b.answers = map[string]byte{}
	own := map[string]bool{}
	for _, a := range c.Values {
		own[clean(a.Cell)] = true
		b.learn(in, it, c.Column, a, res)
	}
	for _, a := range shared[it.Scale] {
		// Not every item of a scale offers na and dk.
		_, offered := code(in, it, a.Answer)
		if offered = offered || a.Answer != AnswerNA && a.Answer != AnswerDK; offered && !own[clean(a.Cell)] && c.Option == nil {
			b.learn(in, it, c.Column, a, res)
		}
	}
	return b, res.FaultCount == before
}

// take claims the slots that the column writes; false when another has one of them.
func (b binding) take(taken map[int]bool) bool {
	from, to := b.from, b.to
	if b.option >= 0 {
		from, to = b.option, b.option+1
	}
	free := true
	for i := from; i < to; i++ {
		free = free && !taken[i]
		taken[i] = true
	}
	return free
}

// learn adds one cell to the answers of the column.
func (b *binding) learn(in *surveys.Instrument, it surveys.Item, column string, a CellAnswer, res *Result) {
	cell := clean(a.Cell)
	var value byte
	var ok bool
	switch {
	case a.Answer == AnswerUnknown:
		res.fault(0, column, a.Cell, RuleUnresolved)
		return
	case a.Check != "":
		res.fault(0, column, a.Cell, RuleUnchecked)
		return
	case b.option >= 0 && (a.Answer == AnswerYes || a.Answer == AnswerNo):
		value, ok = 0, true
		if a.Answer == AnswerYes {
			value = 1
		}
	case b.option >= 0:
		value, ok = surveys.Missing, a.Answer == AnswerMissing
	default:
		value, ok = code(in, it, a.Answer)
		if b.many && ok && surveys.IsValue(value) {
			value = byte(slices.IndexFunc(in.OptionsOf(it), func(o surveys.Option) bool { return o.Value == value }))
		}
	}
	known, twice := b.answers[cell]
	if !ok || cell == "" || twice && known != value {
		res.fault(0, column, a.Cell+" → "+a.Answer, RuleAnswer)
		return
	}
	b.answers[cell] = value
}
