package web

import (
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/service"
	"traguardo/surveys/comune"
)

// ptiFundingView is the page "pti/funding": the PA digitale 2026 applications of
// the ente, each with the date of its data.
type ptiFundingView struct {
	Chrome
	Tabs     Tabs
	Measures []fundingMeasure
	States   []fundingState
	Missing  Table
	Sources  []string
	Notice   string
	Empty    Empty
}

// fundingState says what a state means.
type fundingState struct {
	Badge Badge
	Text  string
}

// fundingMeasure is one measure with its rows.
type fundingMeasure struct {
	Title string
	Dated string // days of the data of its rows
	Table Table
}

// showFunding handles GET /enti/:ente/pti/finanziamenti.
func (s *Server) showFunding(c *fiber.Ctx) error {
	id, err := pathID(c, "ente")
	if err != nil {
		return err
	}
	v, err := s.svc.Funding(c.UserContext(), actor(c), id)
	if err != nil {
		return err
	}
	base := entePath(id)
	p := ptiFundingView{Chrome: s.enteChrome(c, v.Place, "funding.title", sectionPTI), Notice: v.Source.Notice}
	p.Lead = p.T("funding.lead")
	p.Breadcrumbs = append(p.Breadcrumbs, Link{Label: p.T("pti.title"), Href: base + "/pti"})
	p.Tabs = p.ptiTabs(base, "/pti/finanziamenti", 0)
	for _, st := range []comune.FundingState{comune.Assigned, comune.Paid, comune.Renounced} {
		p.States = append(p.States, fundingState{p.fundingBadge(st), textIn(p.Lang(), st.Meaning())})
	}
	for i, row := range v.Rows {
		if i == 0 || v.Rows[i-1].Measure != row.Measure {
			p.Measures = append(p.Measures, p.measure(row.Measure, v.Rows[i:], base))
		}
	}
	p.fillMissing(v.Missing)
	for _, src := range v.Source.Sources {
		if strings.Contains(src.Covers, "CUP") {
			p.Sources = append(p.Sources, p.T("funding.source", "Title", src.Title, "Publisher", src.Publisher, "Licence", src.Licence, "Date", p.Date(src.Dated)))
		}
	}
	p.Empty = p.fundingEmpty(v)
	return c.Render("pti/funding", p)
}

// fundingEmpty says why there is no row: that is never "has not adopted".
func (p *ptiFundingView) fundingEmpty(v service.FundingView) Empty {
	switch {
	case v.Place.Ente.Fictitious:
		return Empty{Title: p.T("funding.empty_title"), Text: p.T("funding.empty_fictitious")}
	case !v.Imported:
		return Empty{Title: p.T("funding.empty_title"), Text: p.T("funding.empty_not_imported")}
	default:
		return Empty{Title: p.T("funding.empty_title"), Text: p.T("funding.empty_not_found")}
	}
}

// measure makes the table of one measure from the first of its rows on.
func (p *ptiFundingView) measure(number string, rows []service.FundingLine, base string) fundingMeasure {
	m := fundingMeasure{Title: p.T("funding.measure", "Number", number)}
	m.Table = Table{ID: "misura-" + strings.ReplaceAll(number, ".", "-"), Caption: m.Title, Hidden: true, Columns: []Column{
		{Label: p.T("funding.col_platform")}, {Label: p.T("funding.col_state")}, {Label: p.T("funding.col_amount"), Numeric: true},
		{Label: p.T("funding.col_funded")}, {Label: p.T("funding.col_cup")}, {Label: p.T("funding.col_project")}, {Label: p.T("funding.col_data")}}}
	var days []string
	for _, f := range rows {
		if f.Measure != number {
			break
		}
		state := p.fundingBadge(f.State)
		dated := p.Date(f.DataAsOf)
		if len(days) == 0 || days[len(days)-1] != dated {
			days = append(days, dated)
		}
		when := Cell{Badge: &state}
		if !f.StateOn.IsZero() {
			when.Text = p.Date(f.StateOn)
		}
		m.Table.Rows = append(m.Table.Rows, Row{Cells: []Cell{{Text: textIn(p.Lang(), f.Platform.Label())}, when, {Text: p.Euro(f.AmountCents)},
			{Text: p.Date(f.FundedOn)}, p.cupCell(f), p.projectCell(f, base), {Text: dated}}})
	}
	m.Dated = p.T("funding.dated", "Dates", p.Join(days))
	return m
}

func (p *ptiFundingView) cupCell(f service.FundingLine) Cell {
	switch {
	case f.CUP == "":
		return Cell{Text: p.T("funding.no_cup"), Muted: true}
	case f.SameCUP > 0:
		return Cell{Text: f.CUP, Badge: &Badge{KindWarning, p.T("funding.cup_again")}}
	default:
		return Cell{Text: f.CUP}
	}
}

func (p *ptiFundingView) projectCell(f service.FundingLine, base string) Cell {
	if len(f.Projects) == 0 {
		return Cell{Text: p.T("funding.no_project"), Muted: true}
	}
	first := f.Projects[0]
	badge := projectBadge(p.Localizer, first.State, first.Late)
	return Cell{Text: first.Project.Title, Href: base + "/avanzamento/" + first.Project.ID.String(), Badge: &badge}
}

func (p *ptiFundingView) fundingBadge(st comune.FundingState) Badge {
	switch st {
	case comune.Assigned:
		return Badge{KindInfo, p.T("funding.state_A")}
	case comune.Paid:
		return Badge{KindOK, p.T("funding.state_E")}
	case comune.Renounced:
		return Badge{KindNeutral, p.T("funding.state_R")}
	}
	return Badge{KindNeutral, string(st)}
}

func (p *ptiFundingView) fillMissing(list []comune.MissingNotice) {
	p.Missing = Table{ID: "avvisi-mancanti", Caption: p.T("funding.missing"), Columns: []Column{{Label: p.T("funding.col_platform")}, {Label: p.T("funding.col_notice")}}}
	for _, m := range list {
		month, err := time.Parse("2006-01", m.Month)
		text := m.Month
		if err == nil {
			text = p.Month(month.Month()) + " " + month.Format("2006")
		}
		p.Missing.Rows = append(p.Missing.Rows, Row{Cells: []Cell{{Text: textIn(p.Lang(), m.Platform.Label())}, {Text: text}}})
	}
}
