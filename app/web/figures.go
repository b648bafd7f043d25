package web

import (
	"bytes"
	"fmt"
	"html/template"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/report/figure"
)

// draw returns the drawer of figures in the reader's language.
func (s *Server) draw(c *fiber.Ctx) *figure.Drawer { return figure.NewDrawer(s.texter(c), s.measure) }

// newFigure makes the partial's data from a drawing: the SVG, and its table one
// click away. id must be unique in the page; note states n, date and source.
func newFigure(id string, drawing figure.Figure, note string) (Figure, error) {
	drawing.ID = id
	var svg bytes.Buffer
	if err := drawing.SVG(&svg); err != nil {
		return Figure{}, fmt.Errorf("drawing figure %s: %w", id, err)
	}
	table := Table{ID: id + "-data", Caption: drawing.Data.Caption, Hidden: true}
	if table.Caption == "" {
		table.Caption = drawing.Title
	}
	for i, head := range drawing.Data.Head {
		table.Columns = append(table.Columns, Column{Label: head, Numeric: i > 0})
	}
	for _, row := range drawing.Data.Rows {
		var cells []Cell
		for _, text := range row {
			cells = append(cells, Cell{Text: text})
		}
		table.Rows = append(table.Rows, Row{Cells: cells})
	}
	// The emitter escapes every text and writes no attribute from outside.
	return Figure{ID: id, Caption: drawing.Title, SVG: template.HTML(svg.String()), Note: note, Table: table}, nil //nolint:gosec // see above
}
