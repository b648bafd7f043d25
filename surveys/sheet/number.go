package sheet

import (
	"cmp"
	"math"
	"math/big"
	"regexp"
	"slices"
	"strings"
)

// Decimal says which sign stands before the decimals.
type Decimal int

// Detect finds out, Point is 1.5, Comma is 1,5.
const (
	Detect Decimal = iota
	Point
	Comma
)

// Number is one cell: the exact value in the file and the float64 nearest to it.
// Missing is an empty cell, or NA as R writes it; the value is then 0.
type Number struct {
	Missing bool
	Value   float64
	exact   *big.Rat
}

var (
	wholeNumber  = regexp.MustCompile(`^[+-]?[0-9]+([eE][+-]?[0-9]{1,3})?$`)
	withPoint    = regexp.MustCompile(`^[+-]?([0-9]+\.[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?$`)
	withComma    = regexp.MustCompile(`^[+-]?([0-9]+,[0-9]*|,[0-9]+)([eE][+-]?[0-9]{1,3})?$`)
	pointGroups  = regexp.MustCompile(`^[+-]?[1-9][0-9]{0,2}(\.[0-9]{3})+$`)
	commaGroups  = regexp.MustCompile(`^[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+$`)
	italianWhole = regexp.MustCompile(`^[+-]?[1-9][0-9]{0,2}(\.[0-9]{3})+,[0-9]+$`)
	englishWhole = regexp.MustCompile(`^[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+\.[0-9]+$`)
)

// maxDigits bounds a cell that is taken for a number.
const maxDigits = 60

func looksNumeric(s string) bool {
	return wholeNumber.MatchString(s) || withPoint.MatchString(s) || withComma.MatchString(s) ||
		italianWhole.MatchString(s) || englishWhole.MatchString(s)
}

// detect finds the sign of the decimals from all cells of the file. A cell such
// as 1.5 or 0,25 settles it; 1.234 alone does not, unless cells are parted by
// commas, where a bare point can only be the decimals, or by semicolons, where a
// bare comma is what the semicolons are there for.
func (t Table) detect(asked Decimal) (Decimal, error) {
	if asked != Detect {
		return asked, nil
	}
	var point, comma, pointMaybe, commaMaybe string
	for _, row := range t.Rows {
		for _, cell := range row {
			switch {
			case pointGroups.MatchString(cell):
				pointMaybe = cell
			case commaGroups.MatchString(cell):
				commaMaybe = cell
			case withPoint.MatchString(cell), englishWhole.MatchString(cell):
				point = cell
			case withComma.MatchString(cell), italianWhole.MatchString(cell):
				comma = cell
			}
		}
	}
	switch {
	case point != "" && comma != "":
		return Detect, Unusablef("the file writes decimals both as «%s» and as «%s»", point, comma)
	case point != "":
		return Point, nil
	case comma != "":
		return Comma, nil
	case pointMaybe != "" && commaMaybe != "":
		return Detect, Unusablef("«%s» and «%s» may be thousands or decimals: say which with --decimal", pointMaybe, commaMaybe)
	case pointMaybe != "" && t.comma == ';' && len(t.Names) > 1:
		return Detect, Unusablef("«%s» may be thousands or decimals: say which with --decimal", pointMaybe)
	case commaMaybe != "" && (t.comma == ',' || len(t.Names) == 1):
		return Detect, Unusablef("«%s» may be thousands or decimals: say which with --decimal", commaMaybe)
	case commaMaybe != "":
		return Comma, nil
	}
	return Point, nil
}

// Numbers returns a column of figures. The error answers to ErrUnusable and names
// the line and the cell that is not a number.
func (t Table) Numbers(name string) ([]Number, error) {
	at, err := t.Index(name)
	if err != nil {
		return nil, err
	}
	numbers := make([]Number, len(t.Rows))
	for i, row := range t.Rows {
		n, ok := t.number(row[at])
		if !ok {
			return nil, Unusablef("line %d: «%s» in column «%s» is not a number", t.Lines[i], clip(row[at]), name)
		}
		numbers[i] = n
	}
	return numbers, nil
}

func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// number reads one cell under the decimals of the file.
func (t Table) number(cell string) (Number, bool) {
	if cell == "" || cell == "NA" {
		return Number{Missing: true}, true
	}
	if len(cell) > maxDigits {
		return Number{}, false
	}
	text := cell
	switch {
	case wholeNumber.MatchString(cell):
	case t.decimal == Comma && (pointGroups.MatchString(cell) || italianWhole.MatchString(cell) || withComma.MatchString(cell)):
		text = strings.Replace(strings.ReplaceAll(cell, ".", ""), ",", ".", 1)
	case t.decimal == Point && withPoint.MatchString(cell):
	case t.decimal == Point && (commaGroups.MatchString(cell) || englishWhole.MatchString(cell)):
		text = strings.ReplaceAll(cell, ",", "")
	default:
		return Number{}, false
	}
	exact, ok := new(big.Rat).SetString(strings.TrimPrefix(text, "+"))
	if !ok {
		return Number{}, false
	}
	value, _ := exact.Float64()
	if math.IsInf(value, 0) {
		return Number{}, false
	}
	return Number{Value: value, exact: exact}, true
}

// Differences returns y − x of the rows in which neither is missing, computed in
// the exact decimals of the file. Values are the differences; Order holds for each
// a small whole number of the same sign whose size ranks it among the sizes of all
// (equal sizes have equal numbers), which is what a rank test needs. X and Y are
// the kept values and Rows their places in the table.
type Differences struct {
	X, Y, Values, Order []float64
	Rows                []int
}

// Difference pairs two columns of one table, equally long.
func Difference(x, y []Number) Differences {
	var d Differences
	var exact []*big.Rat
	for i := range x {
		if x[i].Missing || y[i].Missing {
			continue
		}
		diff := new(big.Rat).Sub(y[i].exact, x[i].exact)
		value, _ := diff.Float64()
		d.X, d.Y, d.Values = append(d.X, x[i].Value), append(d.Y, y[i].Value), append(d.Values, value)
		d.Rows = append(d.Rows, i)
		exact = append(exact, diff)
	}
	d.Order = denseOrder(exact)
	return d
}

// denseOrder replaces each value by its sign times the dense rank of its size.
func denseOrder(values []*big.Rat) []float64 {
	sizes := make([]*big.Rat, len(values))
	at := make([]int, len(values))
	for i, v := range values {
		sizes[i], at[i] = new(big.Rat).Abs(v), i
	}
	slices.SortStableFunc(at, func(a, b int) int { return cmp.Or(sizes[a].Cmp(sizes[b]), cmp.Compare(a, b)) })
	order := make([]float64, len(values))
	rank := 0
	for k, i := range at {
		if values[i].Sign() == 0 {
			continue
		}
		if k == 0 || sizes[i].Cmp(sizes[at[k-1]]) != 0 {
			rank++
		}
		order[i] = float64(rank * values[i].Sign())
	}
	return order
}

// Valid returns the values of a column that are not missing.
func Valid(numbers []Number) []float64 {
	values := make([]float64, 0, len(numbers))
	for _, n := range numbers {
		if !n.Missing {
			values = append(values, n.Value)
		}
	}
	return values
}

// Reversed returns low + high − n in exact decimals; false when n lies outside.
func (n Number) Reversed(low, high *big.Rat) (Number, bool) {
	if n.Missing {
		return n, true
	}
	if n.exact.Cmp(low) < 0 || n.exact.Cmp(high) > 0 {
		return n, false
	}
	exact := new(big.Rat).Add(low, high)
	exact.Sub(exact, n.exact)
	value, _ := exact.Float64()
	return Number{Value: value, exact: exact}, true
}
