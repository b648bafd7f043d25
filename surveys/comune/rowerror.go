package comune

import "fmt"

// Rule names what a cell or a row did not hold to. Pages turn it into a
// sentence through the message catalogue; Error is for logs and the command line.
type Rule string

// The rules.
const (
	RuleColumn    Rule = "column"    // the header lacks this column
	RuleFields    Rule = "fields"    // the row has more or fewer cells than the header
	RuleCSV       Rule = "csv"       // quotes do not close, or the reader failed
	RuleEncoding  Rule = "encoding"  // the row is not UTF-8
	RuleEmpty     Rule = "empty"     // the file has no row under the header
	RuleTooMany   Rule = "too_many"  // too many rows or faults: reading stopped here
	RuleRequired  Rule = "required"  // the cell must not be empty
	RuleCode      Rule = "code"      // not a code of its kind
	RuleZeros     Rule = "zeros"     // an ISTAT code that lost its leading zeros
	RuleNumber    Rule = "number"    // not a number in range
	RuleFlag      Rule = "flag"      // neither 0 nor 1
	RuleDate      Rule = "date"      // not a day written YYYY-MM-DD
	RuleChoice    Rule = "choice"    // not one of the known values
	RuleDuplicate Rule = "duplicate" // the code stands in another row too
)

// RowError is one fault of an imported file.
type RowError struct {
	Line   int    // line of the file, 1 is the header; 0 when the fault is of the whole file
	Column string // name of the column; empty when the fault is of the whole row
	Rule   Rule
	Value  string // what stood there, at most 40 runes; empty when nothing did
	Other  int    // RuleDuplicate: line of the other row; else 0
}

func (e RowError) Error() string {
	s := fmt.Sprintf("line %d", e.Line)
	if e.Column != "" {
		s += fmt.Sprintf(", column %s", e.Column)
	}
	s += ": " + string(e.Rule)
	if e.Value != "" {
		s += fmt.Sprintf(" %q", e.Value)
	}
	if e.Other > 0 {
		s += fmt.Sprintf(" (also on line %d)", e.Other)
	}
	return s
}
