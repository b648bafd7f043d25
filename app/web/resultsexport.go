package web

import (
	"github.com/gofiber/fiber/v2"

	"traguardo/app/auth"
	"traguardo/app/report/dataset"
	"traguardo/app/service"
)

// exportPage is "results/export": the figures of a wave as files.
type exportPage struct {
	resultsFrame
	Files  []exportFile
	States Table
}

// exportFile is one file of the list.
type exportFile struct {
	ID, Title, Text, Action string
}

// showExport handles GET …/risultati/:ondata/dati.
func (s *Server) showExport(c *fiber.Ctx) error {
	wave, err := pathWave(c)
	if err != nil {
		return err
	}
	f, v, err := s.readResults(c, wave, "export.title", exportSub)
	if err != nil {
		return err
	}
	if v.MAT == nil && v.Staff == nil {
		return fiber.ErrNotFound
	}
	if !v.Place.Can(auth.ResultsExport) {
		return auth.ErrForbidden
	}
	p := exportPage{resultsFrame: f, States: Table{ID: "stati", Caption: f.T("export.states"), Hidden: true, Columns: []Column{{Label: f.T("export.col_code")}, {Label: f.T("export.col_meaning")}}}}
	p.Lead = p.T("export.lead")
	base := resultsPath(v.Place.Ente.ID, v.Wave) + exportSub
	for _, format := range []dataset.Format{dataset.XLSX, dataset.CSV, dataset.CSVCodes, dataset.JSON} {
		code := string(format)
		p.Files = append(p.Files, exportFile{ID: "file-" + code, Title: p.T("export.file_" + code), Text: p.T("export.text_" + code), Action: base + "/" + code})
	}
	for _, state := range dataset.States() {
		p.States.Rows = append(p.States.Rows, Row{Cells: []Cell{{Text: state}, {Text: p.T("codebook.state_" + state)}}})
	}
	return c.Render("results/export", p)
}

// exportSub is the page of the files after the address of a wave.
const exportSub = "/dati"

// sendExport handles POST …/risultati/:ondata/dati/:formato: a file, recorded.
func (s *Server) sendExport(c *fiber.Ctx) error {
	id, err := pathID(c, "ente")
	if err != nil {
		return err
	}
	wave, err := pathWave(c)
	if err != nil {
		return err
	}
	format, err := dataset.ParseFormat(c.Params("formato"))
	if err != nil {
		return fiber.ErrNotFound
	}
	out, err := s.svc.ExportResults(c.UserContext(), actor(c), id, wave, format, s.lang(c))
	if err != nil {
		return err
	}
	return sendFigures(c, out)
}

// sendFigures hands a file out; no program and no browser may keep it.
func sendFigures(c *fiber.Ctx, out service.Exported) error {
	c.Set(fiber.HeaderContentType, out.ContentType)
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+out.Name+`"`)
	return c.Send(out.Body)
}
