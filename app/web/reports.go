package web

import (
	"html/template"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/report"
	"traguardo/app/service"
	"traguardo/surveys"
)

// reportsView is the page "ente/reports": what can be issued, what cannot yet and
// why, and what was issued.
type reportsView struct {
	Chrome
	Offers []reportOffer
	Issued Table
}

// reportOffer is one document of the list.
type reportOffer struct {
	ID          string // unique in the page
	Title, Text string
	Why         string // why not yet; empty when it can be issued
	Page        string // address of the HTML twin
	PDF         string // address of the POST that makes the PDF
	Wave        string
}

// reportKinds are the kinds with their names in addresses.
func reportKinds() map[string]report.Kind {
	return map[string]report.Kind{"valutazione": report.KindAssessment, "piano": report.KindPlan, "impatto": report.KindImpact}
}

// reportPath is the name of a kind in addresses.
func reportPath(k report.Kind) string {
	for name, kind := range reportKinds() {
		if kind == k {
			return name
		}
	}
	return ""
}

// showReports handles GET …/rapporti.
func (s *Server) showReports(c *fiber.Ctx) error {
	id, err := pathID(c, "ente")
	if err != nil {
		return err
	}
	v, err := s.svc.Reports(c.UserContext(), actor(c), id)
	if err != nil {
		return err
	}
	p := reportsView{Chrome: s.enteChrome(c, v.Place, "reports.title", sectionReports)}
	p.Lead = p.T("reports.lead")
	for _, o := range v.Offers {
		p.Offers = append(p.Offers, p.offer(entePath(id)+"/rapporti", o))
	}
	p.Issued = p.issuedTable(v)
	return c.Render("ente/reports", p)
}

func (p reportsView) offer(base string, o service.ReportOffer) reportOffer {
	out := reportOffer{ID: "rapporto-" + reportPath(o.Kind) + string(o.Wave), Title: p.T("reports.kind_" + string(o.Kind)), Text: p.T("reports.text_" + string(o.Kind)),
		Page: base + "/" + reportPath(o.Kind), PDF: base + "/" + reportPath(o.Kind) + "/pdf", Wave: string(o.Wave)}
	if o.Wave != "" {
		out.Title = p.T("reports.kind_wave", "Kind", out.Title, "Wave", waveName(p.Localizer, o.Wave))
		out.Page += "?rilevazione=" + string(o.Wave)
	}
	switch {
	case o.Why != service.NotBecauseDone:
		out.Why = p.T("reports.why_" + string(o.Why))
	case o.On.IsZero():
		out.Text += " " + p.T("reports.today")
	default:
		out.Text += " " + p.T("reports.data_of", "Date", p.Date(o.On))
	}
	return out
}

func (p reportsView) issuedTable(v service.ReportsView) Table {
	t := Table{ID: "emessi", Caption: p.T("reports.issued"), Hidden: true, Empty: p.T("reports.issued_none"), Note: p.T("reports.issued_note"), Columns: []Column{
		{Label: p.T("reports.col_date")}, {Label: p.T("reports.col_kind")}, {Label: p.T("reports.col_by")}, {Label: p.T("reports.col_pages"), Numeric: true}, {Label: p.T("reports.col_hash")}}}
	for _, r := range v.Issued {
		by := r.ByName
		if by == "" {
			by = p.T("reports.by_system")
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: p.Date(r.IssuedOn)}, {Text: p.T("reports.kind_" + r.Kind)}, {Text: by}, {Text: p.Int(r.Pages)}, {Text: shortHash(r.SHA256)}}})
	}
	return t
}

// shortHash is the beginning of a hash, as documents print it.
func shortHash(hash string) string { return hash[:min(12, len(hash))] }

// reportView is the page "ente/report": the accessible twin of a PDF.
type reportView struct {
	Chrome
	Article template.HTML
	Back    string
	PDF     string
	Wave    string
}

// reportAsk reads which document is asked for.
func (s *Server) reportAsk(c *fiber.Ctx, wave string) (surveys.ID, service.ReportAsk, error) {
	id, err := pathID(c, "ente")
	if err != nil {
		return "", service.ReportAsk{}, err
	}
	kind, ok := reportKinds()[c.Params("tipo")]
	if !ok {
		return "", service.ReportAsk{}, fiber.ErrNotFound
	}
	ask := service.ReportAsk{Kind: kind, Lang: s.lang(c)}
	if wave != "" {
		if ask.Wave, err = surveys.ParseWave(wave); err != nil {
			return "", ask, fiber.ErrNotFound
		}
	}
	return id, ask, nil
}

// showReport handles GET …/rapporti/:tipo: the document as a page.
func (s *Server) showReport(c *fiber.Ctx) error {
	id, ask, err := s.reportAsk(c, c.Query("rilevazione"))
	if err != nil {
		return err
	}
	place, d, err := s.svc.ReportDocument(c.UserContext(), actor(c), id, ask)
	if err != nil {
		return err
	}
	article, err := s.svc.ReportHTML(d, false)
	if err != nil {
		return err
	}
	p := reportView{Chrome: s.enteChrome(c, place, "", sectionReports), Back: entePath(id) + "/rapporti", Wave: string(ask.Wave)}
	p.Title, p.PDF = d.Title, p.Back+"/"+reportPath(ask.Kind)+"/pdf"
	p.Breadcrumbs = append(p.Breadcrumbs, Link{Label: p.T("reports.title"), Href: p.Back})
	p.Article = template.HTML(article) //nolint:gosec // written and escaped by app/report
	return c.Render("ente/report", p)
}

// issueReport handles POST …/rapporti/:tipo/pdf: the PDF, registered.
func (s *Server) issueReport(c *fiber.Ctx) error {
	id, ask, err := s.reportAsk(c, c.FormValue("rilevazione"))
	if err != nil {
		return err
	}
	out, err := s.svc.IssueReport(c.UserContext(), actor(c), id, ask)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/pdf")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+out.Name+`"`)
	return c.Send(out.PDF)
}
