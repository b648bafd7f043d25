package web

import (
	"strings"

	"traguardo/app/service"
	"traguardo/plans/pti"
	"traguardo/surveys/comune"
	"traguardo/surveys/scoring"
)

func (p *areaPage) fill(v service.ResultsView, a scoring.AreaResult) {
	evidenced := Tile{Label: p.T("figure.evidenced"), Note: p.T("results.no_label")}
	evidenced.Value, evidenced.Muted = scoreWord(p.Localizer, a.Evidenced, a.Answered)
	if a.Label != nil {
		evidenced.Note = labelName(p.Localizer, *a.Label)
	}
	declared := Tile{Label: p.T("figure.declared"), Note: p.T("results.tile_declared_note")}
	declared.Value, declared.Muted = scoreWord(p.Localizer, a.Declared, a.Answered)
	coverage := Tile{Label: p.T("results.tile_coverage"), Value: p.T("report.not_computable"), Muted: true, Note: p.T("results.tile_coverage_none")}
	if a.Coverage.Share != nil {
		coverage.Value, coverage.Muted = p.Pct(*a.Coverage.Share, 0), false
		coverage.Note = p.T("results.tile_coverage_note", "Part", a.Coverage.Covered, "Whole", a.Coverage.Declared)
	}
	count := Tile{Label: p.T("results.col_answered"), Value: p.T("results.of_indicators", "Part", a.Answered, "Whole", a.Total-a.NA), Note: p.T("results.tile_na", "Count", a.NA)}
	p.Tiles = []Tile{evidenced, declared, coverage, count}
	p.Notes = p.areaNotes(v, a)
	if a.Evidenced.Value == nil && a.Answered > 0 {
		p.Notes = append([]string{p.T("results.only_interval")}, p.Notes...)
	}
	p.indicators(v, a)
}

// indicators is the table of the area: declared, evidenced and what proves it.
func (p *areaPage) indicators(v service.ResultsView, a scoring.AreaResult) {
	p.Indicators = Table{ID: "indicatori", Caption: p.T("results.indicators"), Hidden: true, Columns: []Column{{Label: p.T("assess.col_indicator")}, {Label: p.T("figure.declared")},
		{Label: p.T("figure.evidenced")}, {Label: p.T("results.col_evidence")}, {Label: p.T("results.col_lines")}}}
	for _, x := range v.MAT.Result.Indicators {
		if x.Area != a.Area {
			continue
		}
		it, _ := v.MAT.Instrument.Item(x.Code)
		name := indicatorName(p.Localizer, v.MAT.Instrument, x.Code)
		row := Row{Cells: []Cell{{Text: name, Href: cardPath(v.Place.Ente.ID, v.Wave, x.Code)}, {}, {}, {}, {Text: p.T("results.no_lines"), Muted: true}}}
		if x.Gate {
			row.Cells[0].Badge = &Badge{KindInfo, p.T("assess.gate")}
		}
		switch x.State {
		case scoring.Assessed:
			row.Cells[1].Text = levelWords(p.Chrome, v.MAT.Instrument, it, *x.Declared)
			row.Cells[2].Text = levelWords(p.Chrome, v.MAT.Instrument, it, *x.Evidenced)
			row.Cells[3] = p.evidenceCell(x)
		case scoring.NotApplicable:
			row.Cells[1], row.Cells[2], row.Cells[3] = Cell{Text: p.T("assess.na"), Muted: true}, Cell{Text: "–", Muted: true}, Cell{Text: "–", Muted: true}
			p.NA = append(p.NA, p.T("results.na_reason", "Indicator", name, "Reason", x.NAReason))
		case scoring.NotAssessed:
			missing := Cell{Text: p.T("figure.not_assessed"), Muted: true}
			row.Cells[1], row.Cells[2], row.Cells[3] = missing, missing, Cell{Text: "–", Muted: true}
		}
		if it.PTI != nil && len(it.PTI.Lines) > 0 {
			row.Cells[4] = Cell{Text: strings.Join(it.PTI.Lines, ", ")}
		}
		p.Indicators.Rows = append(p.Indicators.Rows, row)
	}
}

// evidenceCell names the strongest valid evidence and what is wrong with it.
func (p *areaPage) evidenceCell(x scoring.IndicatorResult) Cell {
	cell := Cell{Text: p.T("assess.type_" + string(x.Evidence))}
	switch {
	case *x.Declared < 2:
		return Cell{Text: p.T("results.evidence_not_needed"), Muted: true}
	case x.Renew:
		cell.Badge = &Badge{KindWarning, p.T("assess.badge_renew")}
	case *x.Evidenced < *x.Declared:
		cell.Badge = &Badge{KindWarning, p.T("assess.badge_undocumented")}
	default:
		cell.Badge = &Badge{KindOK, p.T("assess.badge_done")}
	}
	return cell
}

// lines lists the action lines that the area's indicators name, as they stand for
// the ente.
func (p *areaPage) lines(v service.ResultsView, g service.AreaGround) {
	if len(g.Lines) == 0 {
		return
	}
	p.Lines = &Table{ID: "linee", Caption: p.T("results.lines"), Hidden: true, Columns: []Column{{Label: p.T("results.col_line")}, {Label: p.T("results.col_deadline")},
		{Label: p.T("results.col_binds")}, {Label: p.T("assess.col_indicator")}}, Note: p.T("results.lines_note", "Edition", g.Edition)}
	for _, l := range g.Lines {
		deadline := Cell{Text: p.T("results.no_deadline"), Muted: true}
		switch {
		case !l.Line.Deadline.IsZero():
			deadline = Cell{Text: p.Date(l.Line.Deadline.Time())}
		case l.Line.Standing:
			deadline = Cell{Text: p.T("results.standing")}
		}
		p.Lines.Rows = append(p.Lines.Rows, Row{Cells: []Cell{{Text: l.Line.Code + " · " + words(p.Localizer, l.Line.Title).Text, Href: entePath(v.Place.Ente.ID) + "/pti/linee/" + l.Line.Code},
			deadline, {Text: words(p.Localizer, l.Reason.Text).Text, Muted: l.Applies == pti.AppliesNo}, {Text: strings.Join(l.Indicators, ", ")}}})
	}
}

// funding shows the Comune's PA digitale 2026 rows as they were published: never
// as a level of the indicator.
func (p *areaPage) funding(v service.ResultsView, g service.AreaGround) {
	p.Traps = []string{p.T("results.trap_dates"), p.T("results.trap_assigned"), p.T("results.trap_absent", "Notices", p.missingNotices())}
	switch {
	case v.Place.Ente.Fictitious:
		p.FundingNo, p.Traps = p.T("results.funding_fictitious"), nil
		return
	case !g.HasData:
		p.FundingNo = p.T("results.funding_not_imported")
		return
	case len(g.Funding) == 0:
		p.FundingNo = p.T("results.funding_none")
		return
	}
	p.Funding = &Table{ID: "padigitale", Caption: p.T("results.funding"), Hidden: true, Columns: []Column{{Label: p.T("results.col_platform")}, {Label: p.T("results.col_notice")},
		{Label: p.T("results.col_amount"), Numeric: true}, {Label: p.T("results.col_funding_state")}, {Label: p.T("results.col_state_on")}, {Label: p.T("results.col_as_of")}},
		Note: p.T("results.funding_note")}
	for _, f := range g.Funding {
		on := Cell{Text: "–", Muted: true}
		if !f.StateOn.IsZero() {
			on = Cell{Text: p.Date(f.StateOn)}
		}
		p.Funding.Rows = append(p.Funding.Rows, Row{Cells: []Cell{{Text: words(p.Localizer, f.Platform.Label()).Text + " (" + f.Measure + ")"}, {Text: f.Notice},
			{Text: p.Euro(f.AmountCents)}, {Text: string(f.State) + " · " + words(p.Localizer, f.State.Meaning()).Text}, on, {Text: p.Date(f.DataAsOf)}}})
	}
}

// missingNotices names the notices that the open data lack.
func (p *areaPage) missingNotices() string {
	var out []string
	for _, m := range comune.MissingNotices() {
		out = append(out, words(p.Localizer, m.Platform.Label()).Text+" "+m.Month)
	}
	return p.Join(out)
}
