package web

import (
	"bytes"
	"context"
	"io"
	"time"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/auth"
	"traguardo/app/service"
	"traguardo/app/storage"
)

// systemView is the page "system/status": checks, mail queue, audit trail.
type systemView struct {
	Chrome
	Checks Table
	Mail   []Tile
	Retry  *Confirm // nil when no message failed
	Chain  Flash
	Trail  Table
}

// showSystem handles GET /sistema.
func (s *Server) showSystem(c *fiber.Ctx) error {
	st, err := s.svc.SystemStatus(c.UserContext(), actor(c))
	if err != nil {
		return err
	}
	p := systemView{Chrome: s.systemChrome(c, "system.title")}
	p.Lead = p.T("system.lead")
	p.Checks = p.checksTable(st.Checks)
	p.Mail = []Tile{
		{Label: p.T("system.mail_queued"), Value: p.Int(int(st.Mail.Queued)), Note: p.T("system.mail_queued_note")},
		{Label: p.T("system.mail_sent"), Value: p.Int(int(st.Mail.Sent))},
		{Label: p.T("system.mail_failed"), Value: p.Int(int(st.Mail.Failed)), Note: p.T("system.mail_failed_note")},
	}
	if st.Mail.Failed > 0 {
		p.Retry = &Confirm{Action: "/sistema/posta/riprova", Ask: p.T("system.retry"), Title: p.T("system.retry_title"), Consequence: p.T("system.retry_text"), Button: p.T("system.retry")}
	}
	p.Chain = Flash{Kind: KindOK, Text: p.T("system.chain_ok", "Count", int(st.Rows))}
	if st.Broken > 0 {
		p.Chain = Flash{Kind: KindError, Text: p.T("system.chain_broken", "Row", int(st.Broken))}
	}
	p.Trail = p.trailTable(st.Trail)
	return c.Render("system/status", p)
}

func (p systemView) checksTable(checks []service.Check) Table {
	t := Table{ID: "controlli", Caption: p.T("system.checks"), Hidden: true, Columns: []Column{{Label: p.T("system.col_check")}, {Label: p.T("system.col_state")}, {Label: p.T("system.col_detail")}}}
	for _, ch := range checks {
		badge := Badge{Kind: KindOK, Text: p.T("system.ok")}
		if !ch.OK {
			badge = Badge{Kind: KindError, Text: p.T("system.wrong")}
		}
		detail := ch.Detail // in English, for the command line: here only what is wrong, and two names
		if ch.OK && ch.Name != "database" && ch.Name != "base_url" {
			detail = ""
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: p.T("system.check_" + ch.Name)}, {Badge: &badge}, {Text: detail}}})
	}
	return t
}

func (p systemView) trailTable(trail []storage.NamedAudit) Table {
	t := Table{ID: "operazioni", Caption: p.T("system.trail_caption"), Hidden: true, Note: p.T("system.trail_note"), Columns: []Column{{Label: p.T("system.col_row")},
		{Label: p.T("system.col_when")}, {Label: p.T("system.col_who")}, {Label: p.T("system.col_what")}, {Label: p.T("system.col_where")}}}
	for _, l := range trail {
		who := l.ActorName
		switch {
		case l.Actor == "system":
			who = p.T("system.who_system")
		case who == "":
			who = p.T("system.who_gone")
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: p.Int(int(l.Seq))}, {Text: p.DateTime(l.At)}, {Text: who}, {Text: p.actionWords(l.Action)}, {Text: l.EnteName}}})
	}
	return t
}

// retryMail handles POST /sistema/posta/riprova.
func (s *Server) retryMail(c *fiber.Ctx) error {
	n, err := s.svc.RetryMail(c.UserContext(), actor(c))
	if err != nil {
		return err
	}
	return s.seeOther(c, "/sistema", "system.retried", "Count", n)
}

// allEntiView is the page "system/enti": every ente of the installation.
type allEntiView struct {
	Chrome
	Table Table
	Empty Empty
}

// showAllEnti handles GET /sistema/enti.
func (s *Server) showAllEnti(c *fiber.Ctx) error {
	enti, err := s.svc.AllEnti(c.UserContext(), actor(c))
	if err != nil {
		return err
	}
	p := allEntiView{Chrome: s.systemChrome(c, "system.enti_title")}
	p.Lead = p.T("system.enti_lead")
	p.Empty = Empty{Title: p.T("system.no_enti_title"), Text: p.T("system.no_enti_text"), Action: p.T("home.add_ente"), Href: "/enti/nuovo"}
	p.Table = homeView{Chrome: p.Chrome}.entiTable(enti)
	p.Table.Columns = append(p.Table.Columns, Column{Label: p.T("people.title")})
	for i, e := range enti {
		cells := p.Table.Rows[i].Cells
		cells[0].Href = "" // the administrator sees nothing of what an ente measures
		p.Table.Rows[i].Cells = append(cells, Cell{Text: p.T("system.see_people"), Href: entePath(e.Ente.ID) + "/impostazioni/persone"})
	}
	return c.Render("system/enti", p)
}

// registryView is the page "system/registry": what is known of the Comuni, and
// the two files that can be brought.
type registryView struct {
	Chrome
	Facts   []Tile
	Whole   bool
	Files   []registryFile
	Report  *service.ImportReport // nil: nothing was tried on this page
	Faults  Table
	Outcome Flash
}

// registryFile is one form of the page.
type registryFile struct {
	Title, Text, Action string
	File                Field
	Day                 *Field
}

// showRegistry handles GET /sistema/registro.
func (s *Server) showRegistry(c *fiber.Ctx) error {
	p, err := s.registryView(c, nil)
	if err != nil {
		return err
	}
	return c.Render("system/registry", p)
}

func (s *Server) registryView(c *fiber.Ctx, wrong []FieldError) (registryView, error) {
	st, err := s.svc.RegistryState(c.UserContext(), actor(c))
	if err != nil {
		return registryView{}, err
	}
	p := registryView{Chrome: s.systemChrome(c, "home.registry_title"), Whole: st.Comuni > 0}
	p.Lead, p.Errors = p.T("registry.lead"), wrong
	dated := p.T("registry.not_dated")
	if !st.Dated.IsZero() {
		dated = p.T("registry.dated", "Day", p.Date(st.Dated))
	}
	comuni := Tile{Label: p.T("registry.comuni"), Value: p.Int(st.Comuni), Note: dated}
	if st.Comuni == 0 {
		comuni.Note = p.T("registry.only_nine")
	}
	p.Facts = []Tile{comuni, {Label: p.T("registry.funding"), Value: p.Int(st.FundingRows), Note: p.T("registry.funding_note")}}
	p.Files = []registryFile{
		{Title: p.T("registry.comuni_title"), Text: p.T("registry.comuni_text"), Action: "/sistema/registro/comuni",
			File: Field{Name: "comuni", Type: "file", Label: p.T("registry.file"), Required: true, Accept: ".csv,text/csv", Error: p.ErrorOf("comuni")},
			Day:  &Field{Name: "data", Type: "date", Label: p.T("registry.day"), Hint: p.T("registry.day_hint"), Narrow: true, Error: p.ErrorOf("data")}},
		{Title: p.T("registry.funding_title"), Text: p.T("registry.funding_text"), Action: "/sistema/registro/padigitale",
			File: Field{Name: "padigitale", Type: "file", Label: p.T("registry.file"), Required: true, Accept: ".csv,text/csv", Error: p.ErrorOf("padigitale")}},
	}
	return p, nil
}

// importTimeout is longer than that of other requests: the PA digitale extract
// has sixty thousand rows.
const importTimeout = 5 * time.Minute

// importRegistry handles POST /sistema/registro/:tipo: a dry run shows the
// report, and nothing is written when the file has faults.
func (s *Server) importRegistry(c *fiber.Ctx) error {
	kind := c.Params("tipo")
	if kind != "comuni" && kind != "padigitale" {
		return fiber.ErrNotFound
	}
	content, err := s.upload(c, kind)
	if err != nil {
		return err
	}
	day, dayErr := time.Parse(time.DateOnly, c.FormValue("data"))
	var wrong []FieldError
	switch {
	case content == nil:
		wrong = []FieldError{{Field: kind, Text: s.texter(c).T("form.required")}}
	case dayErr != nil && c.FormValue("data") != "":
		wrong = []FieldError{{Field: "data", Text: s.texter(c).T("form.date")}}
	}
	p, err := s.registryView(c, wrong)
	if err != nil {
		return err
	}
	if len(wrong) > 0 {
		return s.invalid(c, "system/registry", p)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.UserContext()), importTimeout)
	defer cancel()
	report, err := s.runImport(ctx, actor(c), kind, content, service.ImportOptions{DryRun: c.FormValue("prova") == "1", Dated: day})
	if err != nil {
		return err
	}
	if report.Imported {
		return s.seeOther(c, "/sistema/registro", "registry.done", "Rows", report.Rows, "Added", report.Added, "Changed", report.Changed, "Gone", report.Gone)
	}
	p.showReport(report)
	if len(report.Faults) > 0 {
		return s.invalid(c, "system/registry", p)
	}
	return c.Render("system/registry", p)
}

func (s *Server) runImport(ctx context.Context, a auth.Actor, kind string, content []byte, o service.ImportOptions) (service.ImportReport, error) {
	if kind == "comuni" {
		return s.svc.ImportComuni(ctx, a, bytes.NewReader(content), o)
	}
	return s.svc.ImportPADigitale(ctx, a, bytes.NewReader(content), o)
}

// shownFaults bounds the list of faults on a page; the number of all is told.
const shownFaults = 100

func (p *registryView) showReport(r service.ImportReport) {
	p.Report = &r
	p.Outcome = Flash{Kind: KindInfo, Text: p.T("registry.would", "Rows", r.Rows, "Added", r.Added, "Changed", r.Changed, "Gone", r.Gone)}
	if len(r.Faults) == 0 {
		return
	}
	p.Outcome = Flash{Kind: KindError, Text: p.T("registry.faults", "Count", len(r.Faults))}
	p.Faults = Table{ID: "difetti", Caption: p.T("registry.faults_caption"), Columns: []Column{{Label: p.T("registry.col_line"), Numeric: true},
		{Label: p.T("registry.col_column")}, {Label: p.T("registry.col_fault")}, {Label: p.T("registry.col_value")}}}
	for _, f := range r.Faults[:min(shownFaults, len(r.Faults))] {
		line := p.T("registry.whole_file")
		if f.Line > 0 {
			line = p.Int(f.Line)
		}
		p.Faults.Rows = append(p.Faults.Rows, Row{Cells: []Cell{{Text: line}, {Text: f.Column}, {Text: p.T("import.rule_" + f.Rule)}, {Text: f.Value}}})
	}
}

// upload reads one uploaded file; nil when none was chosen.
func (s *Server) upload(c *fiber.Ctx, field string) ([]byte, error) {
	header, err := c.FormFile(field)
	if err != nil || header.Size == 0 {
		return nil, nil //nolint:nilerr // no file was chosen: the form says so
	}
	file, err := header.Open()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, maxBody))
}
