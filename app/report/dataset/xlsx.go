package dataset

import (
	"archive/zip"
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// writeXLSX writes the sheets figures, codebook and sources. Texts are cells of text,
// which no program computes, and begin as in the CSV so that a copy of the sheet
// saved as CSV is as safe.
func (d Dataset) writeXLSX() (out []byte, err error) {
	f := excelize.NewFile()
	defer func() {
		if e := f.Close(); err == nil && e != nil {
			err = fmt.Errorf("closing the workbook: %w", e)
		}
	}()
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return nil, fmt.Errorf("style of a heading: %w", err)
	}
	for i, s := range []sheet{d.figureSheet(), d.codeSheet(), d.sourceSheet()} {
		if i == 0 {
			err = f.SetSheetName("Sheet1", s.name)
		} else {
			_, err = f.NewSheet(s.name)
		}
		if err != nil {
			return nil, fmt.Errorf("sheet %s: %w", s.name, err)
		}
		if err := writeSheet(f, s, bold); err != nil {
			return nil, fmt.Errorf("sheet %s: %w", s.name, err)
		}
	}
	if err := f.SetDocProps(&excelize.DocProperties{Creator: "Traguardo", Title: d.About.Ente, Language: "it-IT", Created: d.day(), Modified: d.day()}); err != nil {
		return nil, fmt.Errorf("properties of the workbook: %w", err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		return nil, fmt.Errorf("writing the workbook: %w", err)
	}
	return ordered(b.Bytes())
}

// ordered writes the parts of a workbook anew in the order of their names: the
// library's order changes from call to call.
func ordered(book []byte) ([]byte, error) {
	z, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		return nil, fmt.Errorf("reading the workbook: %w", err)
	}
	slices.SortFunc(z.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range z.File {
		if err := w.Copy(f); err != nil {
			return nil, fmt.Errorf("part %s of the workbook: %w", f.Name, err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("writing the workbook: %w", err)
	}
	return out.Bytes(), nil
}

// day is the last day on which a source was computed, as the workbook's date: equal
// data, equal bytes.
func (d Dataset) day() string {
	last := "2026-01-01"
	for _, s := range d.About.Sources {
		last = max(last, s.ComputedAt)
	}
	return last + "T00:00:00Z"
}

func writeSheet(f *excelize.File, s sheet, bold int) error {
	w, err := f.NewStreamWriter(s.name)
	if err != nil {
		return err
	}
	for i, width := range s.widths {
		if err := w.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	for i, row := range s.rows {
		cells := make([]any, len(row))
		for j, c := range row {
			if text, ok := c.(string); ok {
				c = escape(text)
			}
			if i == 0 {
				c = excelize.Cell{StyleID: bold, Value: c}
			}
			cells[j] = c
		}
		at, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			return err
		}
		if err := w.SetRow(at, cells); err != nil {
			return err
		}
	}
	return w.Flush()
}
