package earlier

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"traguardo/surveys"
	"traguardo/surveys/sheet"
)

// File is an export as it was read. Names are the headings of the first line in
// composed form, white space collapsed; a heading that comes again gets " #2",
// " #3", and an empty one is called "(column N)". Rows[i] are the cells of a row,
// cleaned alike, as many as the row has, and Lines[i] is the 1-based line of the
// file on which it begins.
type File struct {
	Source Source
	Names  []string
	Rows   [][]string
	Lines  []int
}

// Read reads a whole export: UTF-8, UTF-16 with a mark or Windows-1252, cells
// parted by commas, semicolons or tabs, whichever makes a known first line. The
// error answers to sheet.ErrUnusable unless it is that of r.
func Read(r io.Reader) (File, error) {
	raw, err := io.ReadAll(io.LimitReader(r, sheet.MaxBytes+1))
	if err != nil {
		return File{}, fmt.Errorf("reading the export: %w", err)
	}
	if len(raw) > sheet.MaxBytes {
		return File{}, sheet.Unusablef("the file is larger than %d MiB", sheet.MaxBytes>>20)
	}
	text, err := surveys.DecodeText(raw)
	if err != nil || strings.ContainsRune(text, 0) {
		return File{}, sheet.Unusablef("the file is not text in UTF-8, UTF-16 or Windows-1252")
	}
	if strings.TrimSpace(text) == "" {
		return File{}, sheet.Unusablef("the file is empty")
	}
	for _, comma := range []rune{',', ';', '\t'} {
		header, err := reader(text, comma).Read()
		if err != nil {
			continue
		}
		if source, ok := recognise(header); ok {
			return readRows(text, comma, source)
		}
	}
	return File{}, sheet.Unusablef("the first line is not that of an export of LimeSurvey, Microsoft Forms or Google Forms")
}

func reader(text string, comma rune) *csv.Reader {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord = comma, -1
	return r
}

func readRows(text string, comma rune, source Source) (File, error) {
	f := File{Source: source}
	r := reader(text, comma)
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return f, nil
		}
		if err != nil {
			var at *csv.ParseError
			if errors.As(err, &at) {
				return File{}, sheet.Unusablef("line %d: %v", at.Line, at.Err)
			}
			return File{}, fmt.Errorf("reading the export: %w", err)
		}
		for i := range record {
			record[i] = clean(record[i])
		}
		if f.Names == nil {
			f.Names = distinct(record)
			continue
		}
		line, _ := r.FieldPos(0)
		f.Rows, f.Lines = append(f.Rows, record), append(f.Lines, line)
	}
}

// clean composes text and makes one space of any white space, so that a heading
// with line breaks or a hard space is one text.
func clean(s string) string { return strings.Join(strings.Fields(norm.NFC.String(s)), " ") }

// distinct gives every column a name of its own.
func distinct(header []string) []string {
	names := make([]string, len(header))
	seen := map[string]bool{}
	for i, name := range header {
		if name == "" {
			name = "(column " + strconv.Itoa(i+1) + ")"
		}
		own := name
		for n := 2; seen[own]; n++ {
			own = name + " #" + strconv.Itoa(n)
		}
		seen[own] = true
		names[i] = own
	}
	return names
}

// clip shortens a cell for a message and leaves out what would act on a terminal.
func clip(s string) string {
	s = strings.Map(func(r rune) rune {
		if !strconv.IsPrint(r) {
			return '·'
		}
		return r
	}, s)
	if r := []rune(s); len(r) > maxShown {
		return string(r[:maxShown]) + "…"
	}
	return s
}

// maxShown is how many characters of a cell a fault repeats.
const maxShown = 60
