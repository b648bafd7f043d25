package web

import (
	"strconv"

	"traguardo/app/report/figure"
	"traguardo/app/service"
	"traguardo/app/storage"
	"traguardo/surveys"
)

// figureRows is the most Comuni that the drawing shows one by one; above it shows
// the medians of the population classes.
const figureRows = 24

func (p matrixView) linesOf(q service.MatrixQuery, rows []service.MatrixRow) []matrixLine {
	out := make([]matrixLine, 0, len(rows))
	for _, r := range rows {
		l := matrixLine{Name: r.Ente.Name, Href: entePath(r.Ente.ID), Step: p.T("percorso.step_" + string(r.Percorso.At()))}
		class := textIn(p.Lang(), r.Ente.Class().Label())
		l.Note = p.T("matrix.comune_note", "Province", r.Ente.ProvinceSigla, "Class", class)
		if days := r.Percorso.StuckFor(); days > 0 {
			l.Stuck = p.T("matrix.stuck", "Count", days, "Date", p.Date(r.Percorso.LastMove()))
		}
		l.Cells = p.cellsOf(q, r)
		out = append(out, l)
	}
	return out
}

func (p matrixView) cellsOf(q service.MatrixQuery, r service.MatrixRow) []matrixCell {
	var out []matrixCell
	switch q.View {
	case service.ViewStaff:
		for _, a := range surveys.ScoredAreas() {
			out = append(out, p.staffCell(r, q.Wave, a))
		}
		return append(out, p.responsesCell(r, q.Wave))
	case service.ViewChange:
		for _, a := range append(append(surveys.ScoredAreas(), storage.AllAreas), surveys.GOV) {
			out = append(out, p.changeCell(r, a))
		}
		return out
	default:
		for _, a := range append(append(surveys.ScoredAreas(), storage.AllAreas), surveys.GOV) {
			out = append(out, p.maturityCell(r, q.Wave, a))
		}
		return append(out, p.responsesCell(r, q.Wave))
	}
}

// heatClass shades a score of 0–100 as the drawings do.
func heatClass(score float64) string { return "heat-" + strconv.Itoa(min(int(max(score, 0))/20, 4)) }

// cellClass is the look of a summary row.
func cellClass(a storage.ResultArea) string {
	switch {
	case a.State == storage.AreaShown && a.Evidenced != nil:
		return heatClass(*a.Evidenced)
	case a.State == storage.AreaInterval:
		return ""
	case a.State == storage.AreaNone:
		return "not-assessed"
	default:
		return "suppressed"
	}
}

// pending is the cell of a wave that is not closed.
func (p matrixView) pending(state string) matrixCell {
	if state == "open" || state == "draft" {
		return matrixCell{Class: "not-assessed", Main: p.T("matrix.running")}
	}
	return matrixCell{Class: "not-assessed", Main: p.T("figure.not_assessed")}
}

func (p matrixView) maturityCell(r service.MatrixRow, w surveys.Wave, area surveys.Area) matrixCell {
	a, ok := r.Cell(storage.ResultAssessment, w, area)
	if !ok {
		return p.pending(r.Wave(w).Assessment.State)
	}
	text, muted := p.scoreWords(a.ResultArea, a.Evidenced)
	cell := matrixCell{Class: cellClass(a.ResultArea), Main: text, Number: !muted}
	if a.State == storage.AreaShown && a.Low != nil && a.High != nil && *a.High-*a.Low >= 0.5 {
		cell.Subs = append(cell.Subs, p.T("figure.from_to", "Low", p.Num(*a.Low, 0), "High", p.Num(*a.High, 0)))
	}
	if a.Declared != nil {
		cell.Subs = append(cell.Subs, p.T("matrix.declared", "Score", p.Num(*a.Declared, 0)))
	}
	if a.Coverage != nil {
		cell.Subs = append(cell.Subs, p.T("matrix.coverage", "Share", p.Pct(*a.Coverage, 0)))
	} else if a.State != storage.AreaNone {
		cell.Subs = append(cell.Subs, p.T("matrix.coverage_none"))
	}
	if a.N != nil && a.Of != nil {
		cell.Subs = append(cell.Subs, p.T("matrix.indicators", "N", *a.N, "Total", *a.Of))
	}
	return cell
}

func (p matrixView) staffCell(r service.MatrixRow, w surveys.Wave, area surveys.Area) matrixCell {
	a, ok := r.Cell(storage.ResultStaff, w, area)
	if !ok {
		return p.pending(r.Wave(w).Survey.State)
	}
	text, muted := p.scoreWords(a.ResultArea, a.Evidenced)
	cell := matrixCell{Class: cellClass(a.ResultArea), Main: text, Number: !muted}
	if a.State == storage.AreaShown && a.Low != nil && a.High != nil {
		cell.Subs = append(cell.Subs, p.T("figure.from_to", "Low", p.Num(*a.Low, 0), "High", p.Num(*a.High, 0)))
	}
	if a.State == storage.AreaShown && a.N != nil {
		cell.Subs = append(cell.Subs, p.T("matrix.n", "N", *a.N))
	}
	return cell
}

// responsesCell is the response rate: of a closed wave exactly, of an open one as
// far as it may be told.
func (p matrixView) responsesCell(r service.MatrixRow, w surveys.Wave) matrixCell {
	a, ok := r.Cell(storage.ResultStaff, w, storage.AllAreas)
	survey := r.Wave(w).Survey
	switch {
	case ok && a.State == storage.AreaShown && a.N != nil && a.Of != nil && *a.Of > 0:
		return matrixCell{Main: p.Pct(float64(*a.N)/float64(*a.Of), 0), Number: true, Subs: []string{p.T("report.n_of", "N", *a.N, "Total", *a.Of)}}
	case ok:
		return matrixCell{Class: "suppressed", Main: p.T("figure.insufficient")}
	case survey.State != "open":
		return p.pending(survey.State)
	}
	if rate := p.openRate(survey); rate != "" {
		return matrixCell{Main: rate, Subs: []string{p.T("matrix.running")}}
	}
	return matrixCell{Class: "not-assessed", Main: p.T("matrix.running")}
}

// changeCell sets the change of evidenced and declared score beside that of the
// staff; the three are never added.
func (p matrixView) changeCell(r service.MatrixRow, area surveys.Area) matrixCell {
	before, ok1 := r.Cell(storage.ResultAssessment, surveys.ExAnte, area)
	after, ok2 := r.Cell(storage.ResultAssessment, surveys.ExPost, area)
	cell := matrixCell{Class: "not-assessed", Main: p.T("matrix.no_change")}
	switch {
	case !ok1 || !ok2:
	case !after.ComparesWith(before):
		cell = matrixCell{Main: p.T("matrix.other_version")}
	case before.Evidenced == nil || after.Evidenced == nil:
		cell = matrixCell{Main: p.T("matrix.interval_only")}
	default:
		cell = matrixCell{Main: p.Signed(*after.Evidenced-*before.Evidenced, 1), Number: true}
		if before.Declared != nil && after.Declared != nil {
			cell.Subs = append(cell.Subs, p.T("matrix.declared", "Score", p.Signed(*after.Declared-*before.Declared, 1)))
		}
	}
	staff, ok := r.Cell(storage.ResultStaffChange, surveys.ExPost, area)
	switch {
	case !ok || area == storage.AllAreas || area == surveys.GOV:
	case staff.State == storage.AreaShown && staff.Evidenced != nil && staff.N != nil:
		cell.Subs = append(cell.Subs, p.T("matrix.staff_change", "Change", p.Signed(*staff.Evidenced, 1), "N", *staff.N))
		if staff.Low != nil && staff.High != nil {
			cell.Subs = append(cell.Subs, p.T("figure.from_to", "Low", p.Signed(*staff.Low, 1), "High", p.Signed(*staff.High, 1)))
		}
	default:
		cell.Subs = append(cell.Subs, p.T("matrix.staff_insufficient"))
	}
	return cell
}

func (p matrixView) legendOf(q service.MatrixQuery) []legendKey {
	if q.View == service.ViewChange {
		return nil
	}
	out := []legendKey{{"heat-0", "0–19"}, {"heat-1", "20–39"}, {"heat-2", "40–59"}, {"heat-3", "60–79"}, {"heat-4", "80–100"},
		{"not-assessed", p.T("figure.not_assessed")}}
	if q.View == service.ViewStaff {
		out = append(out, legendKey{"suppressed", p.T("figure.insufficient")})
	}
	return out
}

// valueOf is a summary row as drawings take it.
func valueOf(a storage.ResultArea) figure.Value {
	switch {
	case a.State == storage.AreaShown && a.Evidenced != nil:
		return figure.Of(*a.Evidenced)
	case a.State == storage.AreaInterval:
		return figure.Value{State: figure.IntervalOnly}
	case a.State == storage.AreaInsufficient || a.State == storage.AreaSuppressed:
		return figure.Value{State: figure.Suppressed}
	default:
		return figure.Value{State: figure.NotAssessed}
	}
}

// figureOf draws the view: Comune by Comune where they are few, by population
// class otherwise; nil where there is nothing to draw.
func (p matrixView) figureOf(d *figure.Drawer, m service.Matrix, rows []service.MatrixRow) (*Figure, error) {
	var drawing figure.Figure
	switch {
	case len(rows) == 0 || (m.Query.View != service.ViewMaturity && len(rows) > figureRows):
		return nil, nil
	case m.Query.View == service.ViewChange:
		in := figure.DotLineData{Title: p.T("matrix.fig_change")}
		for _, r := range rows {
			before, ok1 := r.Cell(storage.ResultAssessment, surveys.ExAnte, storage.AllAreas)
			after, ok2 := r.Cell(storage.ResultAssessment, surveys.ExPost, storage.AllAreas)
			if !ok1 || !ok2 || !after.ComparesWith(before) {
				continue
			}
			row := figure.ChangeRow{Label: r.Ente.Name, Before: valueOf(before.ResultArea), After: valueOf(after.ResultArea), Change: figure.Value{State: figure.NotAssessed}}
			if row.Before.State == figure.Known && row.After.State == figure.Known {
				row.Change = figure.Of(row.After.V - row.Before.V)
			}
			in.Rows = append(in.Rows, row)
		}
		if len(in.Rows) == 0 {
			return nil, nil
		}
		drawing = d.DotLine(in)
	case len(rows) > figureRows:
		if len(m.Groups) == 0 {
			return nil, nil
		}
		drawing = d.MatrixHeat(p.groupsHeat(m))
	default:
		drawing = d.MatrixHeat(p.rowsHeat(m, rows))
	}
	f, err := newFigure("matrice", drawing, p.T("matrix.fig_note"))
	return &f, err
}

func (p matrixView) heatColumns(q service.MatrixQuery) (areas []surveys.Area, names []string) {
	areas = surveys.ScoredAreas()
	if q.View == service.ViewMaturity {
		areas = append(areas, storage.AllAreas, surveys.GOV)
	}
	for _, a := range areas {
		names = append(names, p.T("matrix.short_"+string(a)))
	}
	return areas, names
}

func (p matrixView) rowsHeat(m service.Matrix, rows []service.MatrixRow) figure.MatrixData {
	areas, names := p.heatColumns(m.Query)
	in := figure.MatrixData{Title: p.captionOf(m), Columns: names}
	for _, r := range rows {
		row := figure.MatrixRow{Label: r.Ente.Name}
		for _, area := range areas {
			a, ok := r.Cell(m.Query.Kind(), m.Query.Wave, area)
			cell := figure.Cell{Value: figure.Value{State: figure.NotAssessed}}
			if ok {
				cell.Value = valueOf(a.ResultArea)
			}
			if ok && a.N != nil && cell.Value.State == figure.Known {
				cell.Sub = p.T("matrix.n", "N", *a.N)
			}
			row.Cells = append(row.Cells, cell)
		}
		in.Rows = append(in.Rows, row)
	}
	return in
}

func (p matrixView) groupsHeat(m service.Matrix) figure.MatrixData {
	areas, names := p.heatColumns(m.Query)
	in := figure.MatrixData{Title: p.T("matrix.fig_groups"), Columns: names}
	for _, g := range m.Groups {
		row := figure.MatrixRow{Label: p.groupName(g)}
		for _, a := range areas {
			f, cell := g.Areas[a], figure.Cell{Value: figure.Value{State: figure.Suppressed}}
			if f.Median != nil {
				cell = figure.Cell{Value: figure.Of(*f.Median), Sub: p.T("matrix.n", "N", f.N)}
			}
			row.Cells = append(row.Cells, cell)
		}
		in.Rows = append(in.Rows, row)
	}
	return in
}
