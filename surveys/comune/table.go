package comune

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Limits of an imported file. Italy has 7,894 Comuni and the PA digitale 2026
// extract 59,747 rows; a file beyond these is not one of them.
const (
	maxRows   = 200_000
	maxFaults = 1_000
)

// table walks a CSV file with a header: comma or semicolon, with or without a
// byte order mark. It gathers faults; a row with a fault is not given back.
type table struct {
	csv    *csv.Reader
	header map[string]int
	width  int
	faults []RowError
	rows   int
}

// openTable reads the header. Columns of required that it lacks become faults of
// line 1; ok is false then, and nothing else can be read.
func openTable(r io.Reader, required []string) (t *table, ok bool) {
	buffered := bufio.NewReaderSize(r, 64<<10)
	if mark, err := buffered.Peek(3); err == nil && bytes.Equal(mark, []byte("\xef\xbb\xbf")) {
		_, _ = buffered.Discard(3) // three bytes are there: Peek has just shown them
	}
	reader := csv.NewReader(buffered)
	reader.FieldsPerRecord = -1
	if head, _ := buffered.Peek(4 << 10); semicolons(head) {
		reader.Comma = ';'
	}
	t = &table{csv: reader, header: map[string]int{}}
	names, err := reader.Read()
	if err != nil {
		t.add(RowError{Line: 1, Rule: RuleEmpty})
		return t, false
	}
	for i, name := range names {
		t.header[strings.ToLower(strings.TrimSpace(name))] = i
	}
	t.width = len(names)
	for _, name := range required {
		if _, found := t.header[name]; !found {
			t.add(RowError{Line: 1, Column: name, Rule: RuleColumn})
		}
	}
	return t, len(t.faults) == 0
}

// semicolons reports whether the first line of head separates by semicolons.
func semicolons(head []byte) bool {
	if end := bytes.IndexByte(head, '\n'); end >= 0 {
		head = head[:end]
	}
	return bytes.Count(head, []byte(";")) > bytes.Count(head, []byte(","))
}

func (t *table) add(e RowError) {
	e.Value = clip(e.Value)
	t.faults = append(t.faults, e)
}

// next returns the next row that has the width of the header, or nil at the end.
func (t *table) next() *row {
	for {
		cells, err := t.csv.Read()
		if errors.Is(err, io.EOF) {
			if t.rows == 0 {
				t.add(RowError{Rule: RuleEmpty})
			}
			return nil
		}
		var syntax *csv.ParseError
		switch {
		case errors.As(err, &syntax):
			t.rows++
			t.add(RowError{Line: syntax.StartLine, Rule: RuleCSV})
		case err != nil:
			t.add(RowError{Line: 0, Rule: RuleCSV, Value: err.Error()})
			return nil
		default:
			t.rows++
			if r := t.check(cells); r != nil {
				return r
			}
		}
		if t.full() {
			return nil
		}
	}
}

// check refuses a row of another width or encoding, and every row past the limits.
func (t *table) check(cells []string) *row {
	line, _ := t.csv.FieldPos(0)
	switch {
	case t.full():
	case len(cells) != t.width:
		t.add(RowError{Line: line, Rule: RuleFields, Value: strconv.Itoa(len(cells))})
	case !utf8.ValidString(strings.Join(cells, "")):
		t.add(RowError{Line: line, Rule: RuleEncoding, Value: strings.Join(cells, " ")})
	default:
		return &row{table: t, line: line, cells: cells, good: true}
	}
	return nil
}

// full reports, once as a fault, that the limits are passed.
func (t *table) full() bool {
	if t.rows <= maxRows && len(t.faults) < maxFaults {
		return false
	}
	if last := t.faults; len(last) == 0 || last[len(last)-1].Rule != RuleTooMany {
		t.add(RowError{Rule: RuleTooMany})
	}
	return true
}

// row is one line of a table; its readers note a fault and clear good.
type row struct {
	table *table
	line  int
	cells []string
	good  bool
}

func (r *row) fail(column string, rule Rule, value string) {
	r.good = false
	r.table.add(RowError{Line: r.line, Column: column, Rule: rule, Value: value})
}

// text returns the cell without the spaces around it; empty when the file has no such column.
func (r *row) text(column string) string {
	i, found := r.table.header[column]
	if !found {
		return ""
	}
	return strings.TrimSpace(r.cells[i])
}

// required is text that must not be empty and is at most 200 bytes long.
func (r *row) required(column string) string {
	s := r.text(column)
	if s == "" || len(s) > 200 {
		r.fail(column, RuleRequired, s)
	}
	return s
}

// number reads a whole number from least to most; an empty cell gives 0.
func (r *row) number(column string, least, most int) int {
	s := r.text(column)
	if s == "" {
		return 0
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < least || n > most {
		r.fail(column, RuleNumber, s)
		return 0
	}
	return n
}

func (r *row) flag(column string) bool {
	switch s := r.text(column); s {
	case "1":
		return true
	case "0":
		return false
	default:
		r.fail(column, RuleFlag, s)
		return false
	}
}

// day reads a calendar day at midnight UTC; an empty cell gives the zero time.
func (r *row) day(column string) time.Time {
	s := r.text(column)
	if s == "" {
		return time.Time{}
	}
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		r.fail(column, RuleDate, s)
	}
	return d
}

// istat reads one ISTAT code, telling a code that lost its zeros from other text.
func (r *row) istat(column, s string) CodiceISTAT {
	c, err := ParseISTAT(s)
	if err == nil {
		return c
	}
	rule := RuleCode
	switch {
	case s == "":
		rule = RuleRequired
	case shortISTAT.MatchString(s):
		rule = RuleZeros
	}
	r.fail(column, rule, s)
	return ""
}
