package web

import (
	"github.com/gofiber/fiber/v2"

	"traguardo/app/report/figure"
	"traguardo/app/service"
	"traguardo/surveys"
	"traguardo/surveys/privacy"
	"traguardo/surveys/scoring"
)

// changePage is "results/change": what moved between the two waves, without
// saying what moved it.
type changePage struct {
	resultsFrame
	NoMAT      string
	Levels     *Figure
	Counts     *Table // how many indicators of each kind, by area
	Indicators *Table
	NoStaff    string
	StaffText  string
	Staff      *Figure
	Measures   *Table
	Notes      []string
}

// showChange handles GET …/risultati/:ondata/variazione.
func (s *Server) showChange(c *fiber.Ctx) error {
	wave, err := pathWave(c)
	if err != nil {
		return err
	}
	f, v, err := s.readResults(c, wave, "results.page_change", "/variazione")
	if err != nil {
		return err
	}
	if v.Change == nil && v.StaffChange == nil {
		return fiber.ErrNotFound
	}
	p := changePage{resultsFrame: f}
	p.Lead = p.T("results.change_lead")
	d := s.draw(c)
	if err := p.maturity(d, v); err != nil {
		return err
	}
	if err := p.staff(d, v); err != nil {
		return err
	}
	return c.Render("results/change", p)
}

func (p *changePage) maturity(d *figure.Drawer, v service.ResultsView) error {
	switch {
	case v.Change == nil:
		p.NoMAT = p.T("results.change_no_mat")
		return nil
	case !v.Change.SameVersion:
		p.NoMAT = p.T("results.change_version")
		return nil
	}
	data := figure.DotLineData{Title: p.T("results.fig_change")}
	for _, a := range v.Change.Areas {
		data.Rows = append(data.Rows, figure.ChangeRow{Label: areaName(p.Localizer, a.Area), Before: pointValue(a.Evidenced.Before), After: pointValue(a.Evidenced.After),
			Change: pointValue(a.Evidenced.Delta)})
	}
	fig, err := newFigure("variazione", d.DotLine(data), p.T("results.fig_change_note"))
	p.Levels, p.Counts, p.Indicators = &fig, p.counts(v.Change), p.indicators(v)
	return err
}

// pointValue is a score of one side; without one, only an interval was printed there.
func pointValue(v *float64) figure.Value {
	if v == nil {
		return figure.Value{State: figure.IntervalOnly}
	}
	return figure.Of(*v)
}

// kindKey is the message key of a kind of change.
func kindKey(k scoring.ChangeKind) string { return "results.kind_" + string(k) }

func (p *changePage) counts(c *scoring.MATChange) *Table {
	t := &Table{ID: "tipi", Caption: p.T("results.kinds"), Columns: []Column{{Label: p.T("figure.area")}}, Note: p.T("results.kinds_note")}
	for i, a := range c.Areas {
		row := Row{Cells: []Cell{{Text: areaName(p.Localizer, a.Area)}}}
		for _, k := range a.Kinds {
			if i == 0 {
				t.Columns = append(t.Columns, Column{Label: p.T(kindKey(k.Kind)), Numeric: true})
			}
			row.Cells = append(row.Cells, Cell{Text: p.Int(k.Count)})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (p *changePage) indicators(v service.ResultsView) *Table {
	t := &Table{ID: "indicatori", Caption: p.T("results.change_indicators"), Columns: []Column{{Label: p.T("assess.col_indicator")}, {Label: p.T("results.col_kind")},
		{Label: p.T("results.col_declared_move")}, {Label: p.T("results.col_evidenced_move")}}}
	for _, x := range v.Change.Indicators {
		name := x.Code
		if v.MAT != nil {
			name = indicatorName(p.Localizer, v.MAT.Instrument, x.Code)
		}
		badge := kindBadge(p.Chrome, x)
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: name, Href: cardPath(v.Place.Ente.ID, v.Wave, x.Code)}, {Badge: &badge},
			p.move(x.BeforeDeclared, x.AfterDeclared, x.DeltaDeclared), p.move(x.BeforeEvidenced, x.AfterEvidenced, x.DeltaEvidenced)}})
	}
	return t
}

func kindBadge(c Chrome, x scoring.IndicatorChange) Badge {
	b := Badge{KindNeutral, c.T(kindKey(x.Kind))}
	switch x.Kind {
	case scoring.Improved:
		b.Kind = KindOK
	case scoring.BetterDocumented:
		b.Kind = KindInfo
	case scoring.DeclaredOnly, scoring.LessDocumented, scoring.Worsened:
		b.Kind = KindWarning
	case scoring.Unchanged, scoring.NotComparable:
	}
	return b
}

// move writes «2 → 3 (+1)».
func (p *changePage) move(before, after *surveys.Level, delta *int) Cell {
	word := func(l *surveys.Level) string {
		if l == nil {
			return "–"
		}
		return p.Int(int(*l))
	}
	text := word(before) + " → " + word(after)
	if delta != nil && *delta != 0 {
		text += " (" + p.Signed(float64(*delta), 0) + ")"
	}
	return Cell{Text: text, Muted: delta == nil}
}

func (p *changePage) staff(d *figure.Drawer, v service.ResultsView) error {
	if v.StaffChange == nil {
		p.NoStaff = p.T("results.change_no_staff")
		return nil
	}
	c := v.StaffChange
	switch c.State {
	case scoring.OnlyPooled:
		p.NoStaff = p.T("results.change_pooled")
		return nil
	case scoring.NothingPairs, scoring.TooFew:
		p.NoStaff = p.T("results.change_few_pairs", "Threshold", c.Threshold)
		return nil
	case scoring.Published, scoring.OnlyOneEnte:
	}
	if c.Match.State == privacy.Shown {
		p.StaffText = p.T("results.match", "Count", c.Match.Pairs, "Pre", c.Match.Pre, "Post", c.Match.Post, "Ambiguous", c.Match.AmbiguousPre+c.Match.AmbiguousPost)
	}
	data := figure.DotLineData{Title: p.T("results.fig_staff_change"), WithInterval: true}
	low := false
	p.Measures = &Table{ID: "misure", Caption: p.T("results.measures"), Columns: []Column{{Label: p.T("results.col_measure")}, {Label: p.T("figure.pairs"), Numeric: true},
		{Label: p.T("results.col_mean_change")}, {Label: p.T("results.col_median_change")}, {Label: p.T("results.col_p"), Numeric: true}}, Note: p.T("results.measures_note")}
	for _, m := range c.Measures {
		if m.Measure == scoring.SelfAssessed || m.Primary {
			data.Rows = append(data.Rows, p.changeRow(m))
		}
		low = low || m.LowPower
		p.Measures.Rows = append(p.Measures.Rows, p.measureRow(m))
	}
	fig, err := newFigure("personale", d.DotLine(data), p.T("results.fig_staff_change_note"))
	p.Staff = &fig
	p.staffNotes(c, low)
	return err
}

func (p *changePage) staffNotes(c *scoring.ChangeResult, low bool) {
	if low {
		p.Notes = append(p.Notes, p.T("results.note_power"))
	}
	withheld := false
	for _, m := range c.Measures {
		withheld = withheld || m.MeansWithheld
	}
	if withheld {
		p.Notes = append(p.Notes, p.T("results.note_withheld"))
	}
	if c.OverclaimShifted {
		p.Notes = append(p.Notes, p.T("results.note_overclaim"))
	}
	if c.Attrition != nil {
		p.Notes = append(p.Notes, p.T("results.note_attrition", "SMD", p.Signed(*c.Attrition, 2)))
	}
}

// measureName is the name of a measure with its area or attitude.
func (p *changePage) measureName(m scoring.MeasureChange) string {
	name := p.T("results.measure_" + string(m.Measure))
	switch {
	case m.Area != "":
		return name + ", " + areaName(p.Localizer, m.Area)
	case m.Construct != "":
		return name + ", " + p.T("results.construct_"+m.Construct)
	case m.Primary:
		return name + " (" + p.T("results.primary") + ")"
	default:
		return name
	}
}

func (p *changePage) changeRow(m scoring.MeasureChange) figure.ChangeRow {
	value, in := m.Headline()
	row := figure.ChangeRow{Label: p.measureName(m), Before: withheldValue(m, m.Pre), After: withheldValue(m, m.Post), Change: withheldValue(m, value), Pairs: m.N}
	if m.State == privacy.Shown && in != nil {
		row.Interval = figure.Between(in.Low, in.High)
	}
	return row
}

func withheldValue(m scoring.MeasureChange, v *float64) figure.Value {
	switch {
	case m.State == privacy.NotAsked:
		return figure.Value{State: figure.NotApplicable}
	case m.State != privacy.Shown || v == nil:
		return figure.Value{State: figure.Suppressed}
	default:
		return figure.Of(*v)
	}
}

func (p *changePage) measureRow(m scoring.MeasureChange) Row {
	if m.State != privacy.Shown {
		why := Cell{Text: stateWord(p.Localizer, m.State), Muted: true}
		dash := Cell{Text: "–", Muted: true}
		return Row{Cells: []Cell{{Text: p.measureName(m)}, dash, why, why, dash}}
	}
	prob := m.P
	if m.PHolm != nil {
		prob = m.PHolm
	}
	row := Row{Cells: []Cell{{Text: p.measureName(m)}, {Text: p.Int(m.N)}, p.estimate(m.Mean, m.MeanInterval), p.estimate(m.Estimate, m.Interval), {Text: "–", Muted: true}}}
	if prob != nil {
		row.Cells[4] = Cell{Text: p.Num(*prob, 3)}
	}
	return row
}

// estimate writes «+4,2 (da −1,0 a +9,1)».
func (p *changePage) estimate(v *float64, r *privacy.Range) Cell {
	switch {
	case v == nil:
		return Cell{Text: "–", Muted: true}
	case r == nil:
		return Cell{Text: p.Signed(*v, 1)}
	default:
		number := func(x float64) string { return p.Signed(x, 1) }
		return Cell{Text: meanWord(p.Localizer, number(*v), figure.Between(r.Low, r.High), number)}
	}
}
