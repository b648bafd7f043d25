package earlier

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"traguardo/surveys"
	"traguardo/surveys/privacy"
)

// Rule names what a fault breaks.
type Rule string

// The rules. Those before RuleCells are about the mapping and have no line.
const (
	RuleColumnGone    Rule = "column_gone"    // the mapping names a column that the file has not
	RuleColumnTwice   Rule = "column_twice"   // the mapping has two lines for one column
	RuleUnmapped      Rule = "unmapped"       // the mapping does not name this column of the file
	RuleIdentity      Rule = "identity"       // a column of who, where or when is mapped to an item
	RuleNoTarget      Rule = "no_target"      // neither an item nor ignore, or both
	RuleItemUnknown   Rule = "item_unknown"   // the instrument has no such item
	RuleItemTwice     Rule = "item_twice"     // two columns for one item, or for one of its options
	RuleNotImportable Rule = "not_importable" // free text, code elements and lists of micro-progetti are not read
	RuleUnchecked     Rule = "unchecked"      // check: near stands
	RuleUnresolved    Rule = "unresolved"     // answer: ? stands
	RuleAnswer        Rule = "answer"         // the item has no such answer, or the cell has two
	RuleOption        Rule = "option"         // option or separator where it cannot stand, or no such option

	RuleCells       Rule = "cells"       // the row has more or fewer cells than the first line
	RuleUnknown     Rule = "unknown"     // the mapping does not know this cell
	RuleCombination Rule = "combination" // the choices cannot stand together
)

// Fault is one thing that is wrong. Line is 1-based and 0 for the mapping; Value is
// the cell, clipped; Column the heading.
type Fault struct {
	Line   int    `json:"line"`
	Column string `json:"column"`
	Value  string `json:"value"`
	Rule   Rule   `json:"rule"`
}

// String is the fault in one line.
func (f Fault) String() string {
	where := "mapping"
	if f.Line > 0 {
		where = fmt.Sprintf("line %d", f.Line)
	}
	if f.Column != "" {
		where += ", «" + clip(f.Column) + "»"
	}
	if f.Value != "" {
		return fmt.Sprintf("%s: %s «%s»", where, f.Rule, f.Value)
	}
	return fmt.Sprintf("%s: %s", where, f.Rule)
}

// MaxFaults is how many faults are listed; all are counted.
const MaxFaults = 500

// ItemCount is one mapped item. Answers counts the rows with an answer (na and dk
// included); it is nil when they are fewer than five.
type ItemCount struct {
	Item    string   `json:"item"`
	Columns []string `json:"columns"`
	Answers *int     `json:"answers"`
}

// Result is an export under its mapping. Vectors is empty when there is a fault;
// otherwise it has one vector a row, sorted by its bytes and so in no order of the
// file, NotServed where no column is mapped.
type Result struct {
	Source     Source           `json:"source"`
	Rows       int              `json:"rows"`
	Items      []ItemCount      `json:"items"`    // in the order of the instrument; empty when the mapping has a fault
	Ignored    []string         `json:"ignored"`  // columns that the mapping leaves out
	Identity   []string         `json:"identity"` // columns of who, where or when, never read
	FaultCount int              `json:"fault_count"`
	Faults     []Fault          `json:"faults"` // the first MaxFaults
	Vectors    []surveys.Vector `json:"-"`
}

func (r *Result) fault(line int, column, value string, rule Rule) {
	r.FaultCount++
	if len(r.Faults) < MaxFaults {
		r.Faults = append(r.Faults, Fault{Line: line, Column: column, Value: clip(value), Rule: rule})
	}
}

// Apply reads every row of f under m. It returns surveys.ErrInvalid when m is not
// for this source or not for this version of the instrument; whatever else is wrong
// is a fault of the result.
func Apply(in *surveys.Instrument, m Mapping, f File) (Result, error) {
	if m.Source != f.Source {
		return Result{}, fmt.Errorf("%w: the file is from %s, the mapping is for %s", surveys.ErrInvalid, f.Source, m.Source)
	}
	if m.Instrument != in.Code || m.Version != in.Version {
		return Result{}, fmt.Errorf("%w: the mapping is for %s %s, the instrument is %s %s", surveys.ErrInvalid, m.Instrument, m.Version, in.Code, in.Version)
	}
	res := Result{Source: f.Source, Rows: len(f.Rows), Items: []ItemCount{}, Ignored: []string{}, Identity: []string{}, Faults: []Fault{}}
	bindings := bind(in, m, f, &res)
	if res.FaultCount > 0 {
		return res, nil
	}
	empty := in.NewVector()
	for _, b := range bindings {
		for i := b.from; i < b.to; i++ {
			empty[i] = surveys.Missing
		}
	}
	for i, row := range f.Rows {
		if len(row) != len(f.Names) {
			res.fault(f.Lines[i], "", fmt.Sprintf("%d cells of %d", len(row), len(f.Names)), RuleCells)
			continue
		}
		v := bytes.Clone(empty)
		if readRow(in, f, i, bindings, v, &res) {
			res.Vectors = append(res.Vectors, v)
		}
	}
	res.count(in, bindings, f)
	if res.FaultCount > 0 {
		res.Vectors = nil
	}
	slices.SortFunc(res.Vectors, func(a, b surveys.Vector) int { return bytes.Compare(a, b) })
	return res, nil
}

// readRow writes one row into v and reports whether it has no fault.
func readRow(in *surveys.Instrument, f File, row int, bindings []binding, v surveys.Vector, res *Result) bool {
	before := res.FaultCount
	for _, b := range bindings {
		cell := f.Rows[row][b.at]
		if cell != "" && !b.write(cell, v) {
			res.fault(f.Lines[row], f.Names[b.at], cell, RuleUnknown)
		}
	}
	if res.FaultCount > before {
		return false
	}
	told := ""
	for _, b := range bindings {
		if !b.many || b.item == told {
			continue
		}
		settle(v[b.from:b.to])
		if _, err := in.Decode(v, b.item); err != nil {
			told = b.item
			res.fault(f.Lines[row], f.Names[b.at], f.Rows[row][b.at], RuleCombination)
		}
	}
	return res.FaultCount == before
}

// settle makes one answer of the slots of a multiple item: with something chosen,
// what is not chosen is 0; with nothing chosen the answer is missing.
func settle(slots surveys.Vector) {
	if slices.Contains(slots, 1) {
		for i, b := range slots {
			if b == surveys.Missing {
				slots[i] = 0
			}
		}
		return
	}
	if !slices.Contains(slots, surveys.NA) && !slices.Contains(slots, surveys.DK) {
		for i := range slots {
			slots[i] = surveys.Missing
		}
	}
}

// count fills Items from the vectors of the rows without a fault.
func (r *Result) count(in *surveys.Instrument, bindings []binding, f File) {
	columns := map[string][]string{}
	from := map[string]int{}
	for _, b := range bindings {
		columns[b.item] = append(columns[b.item], f.Names[b.at])
		from[b.item] = b.from
	}
	for _, it := range in.Items() {
		names, mapped := columns[it.Code]
		if !mapped {
			continue
		}
		n := 0
		for _, v := range r.Vectors {
			if v[from[it.Code]] != surveys.Missing {
				n++
			}
		}
		c := ItemCount{Item: it.Code, Columns: names}
		if n >= privacy.DefaultThreshold {
			c.Answers = &n
		}
		r.Items = append(r.Items, c)
	}
}

// binding is a column tied to the slots [from, to) of its item.
type binding struct {
	at        int // of the column
	item      string
	from, to  int
	many      bool
	option    int             // slot of the option that the column is, −1 otherwise
	separator string          // many, option −1
	answers   map[string]byte // by cell; many: index of the option, or NA, DK, Missing
}

// write puts the answer of a cell that is not empty into v; false when the mapping
// does not know the cell.
func (b binding) write(cell string, v surveys.Vector) bool {
	code, known := b.answers[cell]
	switch {
	case !b.many:
		if known {
			v[b.from] = code
		}
		return known
	case b.option >= 0:
		if known {
			v[b.option] = code
		}
		return known
	case known && !surveys.IsValue(code):
		for i := b.from; i < b.to; i++ {
			v[i] = code
		}
		return true
	}
	return b.choices(cell, v)
}

// choices reads several choices out of one cell. A label may hold the separator
// itself, so that at each place the longest known label is taken.
func (b binding) choices(cell string, v surveys.Vector) bool {
	if b.separator == "" {
		code, known := b.answers[cell]
		if known {
			v[b.from+int(code)] = 1
		}
		return known
	}
	parts := strings.Split(cell, strings.TrimSpace(b.separator))
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	glue := strings.TrimRight(b.separator, " ") + " "
	for at := 0; at < len(parts); {
		if parts[at] == "" {
			at++
			continue
		}
		next := at
		for end := len(parts); end > at && next == at; end-- {
			for _, joint := range []string{glue, b.separator} {
				if code, ok := b.answers[strings.Join(parts[at:end], joint)]; ok && surveys.IsValue(code) {
					v[b.from+int(code)], next = 1, end
					break
				}
			}
		}
		if next == at {
			return false
		}
		at = next
	}
	return true
}
