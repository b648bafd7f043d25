package sheet

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"traguardo/surveys"
)

// MaxBytes is the size of the largest file that is read.
const MaxBytes = 64 << 20

// ErrUnusable marks a file that cannot be read as a table; the message is one
// sentence that says why and, where there is one, the line.
var ErrUnusable = errors.New("unusable table")

// unusable is one sentence for the reader; errors.Is finds ErrUnusable in it.
type unusable string

func (u unusable) Error() string        { return string(u) }
func (u unusable) Is(target error) bool { return target == ErrUnusable }

// Unusablef returns an error that answers to ErrUnusable with that sentence.
func Unusablef(format string, args ...any) error { return unusable(fmt.Sprintf(format, args...)) }

// Options settle what a file leaves open; the zero value finds everything out.
type Options struct {
	Delimiter rune    // ',' or ';'; 0 to find out
	Decimal   Decimal // Detect to find out
}

// Table is a read file: Names are the cells of its first line, trimmed, without
// repetition; Rows[i][j] is the trimmed text of row i under Names[j], and Lines[i]
// the 1-based line of the file on which row i begins.
type Table struct {
	Names   []string
	Rows    [][]string
	Lines   []int
	decimal Decimal
	comma   rune
}

// Read reads a whole file. Every row has as many cells as the first line; empty
// lines are left out, but in a file of one column an empty line before the last
// row is an empty cell. The error answers to ErrUnusable unless it is that of r.
func Read(r io.Reader, options Options) (Table, error) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return Table{}, fmt.Errorf("reading the table: %w", err)
	}
	if len(raw) > MaxBytes {
		return Table{}, Unusablef("the file is larger than %d MiB", MaxBytes>>20)
	}
	text, err := surveys.DecodeText(raw)
	if err != nil {
		return Table{}, Unusablef("the file is not text in UTF-8, UTF-16 or Windows-1252")
	}
	if strings.ContainsRune(text, 0) {
		return Table{}, Unusablef("the file is not text")
	}
	if strings.TrimSpace(text) == "" {
		return Table{}, Unusablef("the file is empty")
	}
	table, err := split(text, options.Delimiter)
	if err != nil {
		return Table{}, err
	}
	if err := table.checkNames(); err != nil {
		return Table{}, err
	}
	table.decimal, err = table.detect(options.Decimal)
	return table, err
}

// split tries both delimiters and keeps the one under which every row is as long
// as the first; of two it keeps the one with more than one column.
func split(text string, delimiter rune) (Table, error) {
	if delimiter != 0 {
		return parse(text, delimiter)
	}
	semicolon, errSemicolon := parse(text, ';')
	comma, errComma := parse(text, ',')
	manySemicolon := errSemicolon == nil && len(semicolon.Names) > 1
	manyComma := errComma == nil && len(comma.Names) > 1
	switch {
	case manySemicolon && manyComma:
		return Table{}, Unusablef("the file reads as a table both with commas and with semicolons between the cells: say which with --delimiter")
	case manySemicolon:
		return semicolon, nil
	case manyComma:
		return comma, nil
	}
	return single(text, errSemicolon, errComma)
}

// single keeps a file of one column, or says what is wrong with the likelier
// reading of one with more.
func single(text string, errSemicolon, errComma error) (Table, error) {
	first, _, _ := strings.Cut(strings.TrimLeft(text, "\r\n"), "\n")
	switch {
	case strings.Contains(first, ";") && errSemicolon != nil:
		return Table{}, errSemicolon
	case strings.Contains(first, ",") && errComma != nil:
		return Table{}, errComma
	case errSemicolon == nil:
		return column(text, ';')
	case errComma == nil:
		return column(text, ',')
	}
	return Table{}, errSemicolon
}

// parse reads text with one delimiter.
func parse(text string, comma rune) (Table, error) {
	reader := csv.NewReader(strings.NewReader(text))
	reader.Comma = comma
	reader.FieldsPerRecord = -1
	table := Table{comma: comma}
	for {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return table, nil
		}
		if err != nil {
			var at *csv.ParseError
			if errors.As(err, &at) {
				return Table{}, Unusablef("line %d: %v", at.Line, at.Err)
			}
			return Table{}, err
		}
		line, _ := reader.FieldPos(0)
		for i := range record {
			record[i] = strings.TrimSpace(record[i])
		}
		if table.Names == nil {
			table.Names = record
			continue
		}
		if len(record) != len(table.Names) {
			return Table{}, Unusablef("line %d has %d cells and the first line %d", line, len(record), len(table.Names))
		}
		table.Rows, table.Lines = append(table.Rows, record), append(table.Lines, line)
	}
}

// column reads a file of one column line by line, so that an empty line counts as
// an empty cell. Cells in quotes that hold line ends are left to parse.
func column(text string, comma rune) (Table, error) {
	table, err := parse(text, comma)
	lines := strings.Split(strings.TrimRight(strings.ReplaceAll(text, "\r\n", "\n"), "\n \t"), "\n")
	if err != nil || len(lines) < len(table.Rows)+1 || strings.Contains(text, `"`) {
		return table, err
	}
	start := 0
	for strings.TrimSpace(lines[start]) == "" {
		start++
	}
	table.Rows, table.Lines = nil, nil
	for i, line := range lines[start+1:] {
		table.Rows, table.Lines = append(table.Rows, []string{strings.TrimSpace(line)}), append(table.Lines, start+i+2)
	}
	return table, nil
}

// checkNames refuses a first line that does not name its columns.
func (t Table) checkNames() error {
	seen := map[string]bool{}
	for i, name := range t.Names {
		if name == "" && len(t.Names) > 1 && i == 0 {
			continue // the row names of R
		}
		if name == "" {
			return Unusablef("column %d has no name in the first line", i+1)
		}
		if seen[name] {
			return Unusablef("two columns are named «%s»", name)
		}
		seen[name] = true
	}
	return nil
}

// NamesAreNumbers reports whether the first line holds figures only, as in a file
// that does not name its columns.
func (t Table) NamesAreNumbers() bool {
	for _, name := range t.Names {
		if !looksNumeric(name) {
			return false
		}
	}
	return true
}

// Index returns the place of a column, or an error that answers to ErrUnusable.
func (t Table) Index(name string) (int, error) {
	for i, n := range t.Names {
		if n == name {
			return i, nil
		}
	}
	return 0, Unusablef("the file has no column «%s»; it has %s", name, strings.Join(t.Names, ", "))
}

// Text returns the cells of a column as they stand.
func (t Table) Text(name string) ([]string, error) {
	at, err := t.Index(name)
	if err != nil {
		return nil, err
	}
	cells := make([]string, len(t.Rows))
	for i, row := range t.Rows {
		cells[i] = row[at]
	}
	return cells, nil
}
