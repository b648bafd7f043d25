package dataset

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"traguardo/surveys"
)

// Format is a kind of file.
type Format string

// The formats. CSV files have commas, decimal points, UTF-8 without a mark.
const (
	CSV      Format = "csv"      // the figures
	CSVCodes Format = "codebook" // the codebook, as CSV
	XLSX     Format = "xlsx"     // figures, codebook and sources, a sheet each
	JSON     Format = "json"     // everything
)

// ParseFormat accepts the code of a format and refuses all other text.
func ParseFormat(s string) (Format, error) {
	switch f := Format(s); f {
	case CSV, CSVCodes, XLSX, JSON:
		return f, nil
	default:
		return "", fmt.Errorf("%w: format %q", surveys.ErrInvalid, s)
	}
}

// Ending is how the names of files of the format end.
func (f Format) Ending() string {
	if f == CSVCodes {
		return "csv"
	}
	return string(f)
}

// ContentType is the media type of the format.
func (f Format) ContentType() string {
	switch f {
	case CSV, CSVCodes:
		return "text/csv; charset=utf-8"
	case XLSX:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case JSON:
		return "application/json; charset=utf-8"
	default:
		return "application/octet-stream"
	}
}

// Write returns the bytes of the file. surveys.ErrInvalid: no such format.
func (d Dataset) Write(f Format) ([]byte, error) {
	switch f {
	case CSV:
		return writeCSV(d.figureSheet())
	case CSVCodes:
		return writeCSV(d.codeSheet())
	case XLSX:
		return d.writeXLSX()
	case JSON:
		b, err := json.MarshalIndent(d, "", " ")
		if err != nil {
			return nil, fmt.Errorf("writing the figures as JSON: %w", err)
		}
		return append(b, '\n'), nil
	default:
		return nil, fmt.Errorf("%w: format %q", surveys.ErrInvalid, f)
	}
}

// sheet is a table whose cells are string, float64, int or nil (nothing).
type sheet struct {
	name   string
	widths []float64 // in characters, of the first columns
	rows   [][]any   // the first is the heading
}

func number[T float64 | int](v *T) any {
	if v == nil {
		return nil
	}
	return *v
}

// word is a text; the empty one is an empty cell.
func word(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func (d Dataset) figureSheet() sheet {
	s := sheet{name: "figures", widths: []float64{28, 12, 8, 14, 14, 14}}
	head := []any{"ente", "wave"}
	for _, c := range columns() {
		head = append(head, c)
	}
	s.rows = append(s.rows, head)
	for _, r := range d.Figures {
		s.rows = append(s.rows, []any{word(d.About.Ente), string(d.About.Wave), r.Figure, word(r.Measure), word(r.Area), word(r.Item), word(r.Category), r.State,
			number(r.Value), number(r.Low), number(r.High), number(r.Confidence), number(r.BoundLow), number(r.BoundHigh), number(r.N), number(r.Of), word(r.Method), word(r.Text)})
	}
	return s
}

// codeSheet is the codebook as one table: what kind of code, the code, its words.
func (d Dataset) codeSheet() sheet {
	s := sheet{name: "codebook", widths: []float64{10, 30, 40, 40}}
	s.rows = append(s.rows, []any{"kind", "code", "label_it", "label_en", "meaning_it", "meaning_en", "unit", "min", "max"})
	b := d.Codebook
	plain := func(kind string, list []Entry) {
		for _, e := range list {
			s.rows = append(s.rows, []any{kind, e.Code, e.IT, e.EN, nil, nil, nil, nil, nil})
		}
	}
	plain("column", b.Columns)
	for _, f := range b.Figures {
		s.rows = append(s.rows, []any{"figure", f.Code, f.Label.IT, f.Label.EN, f.Text.IT, f.Text.EN, f.Unit, number(f.Low), number(f.High)})
	}
	plain("measure", b.Measures)
	plain("area", b.Areas)
	plain("state", b.States)
	for _, it := range b.Items {
		s.rows = append(s.rows, []any{"item", it.Code, it.Text.IT, word(it.Text.EN), nil, nil, it.Scale, nil, nil})
		for _, o := range it.Options {
			s.rows = append(s.rows, []any{"answer", it.Code + "=" + o.Value, o.Label.IT, word(o.Label.EN), nil, nil, nil, nil, nil})
		}
	}
	return s
}

// sourceSheet says what the figures are of.
func (d Dataset) sourceSheet() sheet {
	s := sheet{name: "sources", widths: []float64{14, 14, 10, 70, 10, 70}}
	s.rows = append(s.rows, []any{"kind", "instrument", "version", "instrument_hash", "formula_version", "data_hash", "computed_on", "seed"})
	for _, x := range d.About.Sources {
		s.rows = append(s.rows, []any{x.Kind, x.Instrument, x.Version, word(x.InstrumentHash), x.FormulaVersion, x.DataHash, x.ComputedAt, word(x.Seed)})
	}
	s.rows = append(s.rows, []any{"note", d.About.Note})
	return s
}

// escape keeps a spreadsheet from taking a text for a formula: one that begins with
// = + - @, a tab or a carriage return gets an apostrophe in front (OWASP, CSV
// injection). Numbers are not texts and stay as they are.
func escape(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

func writeCSV(s sheet) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	for _, row := range s.rows {
		cells := make([]string, len(row))
		for i, c := range row {
			switch v := c.(type) {
			case string:
				cells[i] = escape(v)
			case float64:
				cells[i] = strconv.FormatFloat(v, 'g', -1, 64)
			case int:
				cells[i] = strconv.Itoa(v)
			}
		}
		if err := w.Write(cells); err != nil {
			return nil, fmt.Errorf("writing %s as CSV: %w", s.name, err)
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}
