package web

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/auth"
	"traguardo/app/report/figure"
	"traguardo/app/service"
	"traguardo/surveys"
	"traguardo/surveys/privacy"
	"traguardo/surveys/scoring"
)

// resultsPage is "results/overview": one closed wave at a glance.
type resultsPage struct {
	resultsFrame
	Empty      *Empty // nothing is closed
	Tiles      []Tile
	Levels     *Figure
	Areas      *Table
	Notes      []string // gates that hold labels down, gates not assessed
	Gap        *Figure  // declared beside evidenced
	NoMAT      string   // why the ente's part is missing
	Staff      *Figure
	Knowledge  *Figure
	StaffText  string // n, response rate, or why there is nothing
	StaffWhy   string // what «dati insufficienti» means here
	Both       *Table // ente and staff, side by side
	Next       *Next
	Priorities []Link
}

// showLatestResults handles GET …/risultati.
func (s *Server) showLatestResults(c *fiber.Ctx) error {
	f, v, err := s.readResults(c, "", "results.title", "")
	if err != nil {
		return err
	}
	return s.renderResults(c, f, v)
}

// showResults handles GET …/risultati/:ondata.
func (s *Server) showResults(c *fiber.Ctx) error {
	wave, err := pathWave(c)
	if err != nil {
		return err
	}
	f, v, err := s.readResults(c, wave, "results.title", "")
	if err != nil {
		return err
	}
	return s.renderResults(c, f, v)
}

func (s *Server) renderResults(c *fiber.Ctx, f resultsFrame, v service.ResultsView) error {
	if v.MAT == nil && v.Staff == nil {
		return s.emptyResults(c, f, v)
	}
	p := resultsPage{resultsFrame: f}
	p.Title = p.T("results.wave_title", "Wave", strings.ToLower(waveName(p.Localizer, v.Wave)))
	p.Lead = p.T("results.lead")
	d := s.draw(c)
	if err := p.maturity(d, v); err != nil {
		return err
	}
	if err := p.staff(d, v); err != nil {
		return err
	}
	if v.MAT != nil && v.Staff != nil {
		p.Both = p.both(v)
	}
	if v.Wave == surveys.ExAnte && v.MAT != nil && v.Place.Can(auth.PlanView) {
		p.Next = &Next{Title: p.T("results.next_plan"), Text: p.T("results.next_plan_text"), Action: p.T("results.next_plan_action"), Href: entePath(v.Place.Ente.ID) + "/piano"}
	}
	return c.Render("results/overview", p)
}

// maturity fills the ente's side.
func (p *resultsPage) maturity(d *figure.Drawer, v service.ResultsView) error {
	if v.MAT == nil {
		p.NoMAT = p.T("results.no_mat")
		return nil
	}
	r := v.MAT.Result
	p.tiles(v)
	levels := figure.LevelBarsData{Title: p.T("results.fig_levels"), Bands: bands(p.Localizer)}
	gap := figure.DivergingData{Title: p.T("results.fig_gap")}
	for i, a := range areasOf(r) {
		levels.Rows = append(levels.Rows, figure.LevelRow{Label: areaName(p.Localizer, a.Area), Evidenced: scoreValue(a.Evidenced, a.Answered),
			Declared: scoreValue(a.Declared, a.Answered), Interval: scoreInterval(a.Evidenced, a.Answered), Aside: i >= len(r.Areas)})
		gap.Rows = append(gap.Rows, figure.PairRow{Label: areaName(p.Localizer, a.Area), Declared: scoreValue(a.Declared, a.Answered), Evidenced: scoreValue(a.Evidenced, a.Answered)})
	}
	one, err := newFigure("livelli", d.LevelBars(levels), p.T("results.fig_levels_note", "Date", p.Date(v.MAT.Assessment.ClosedAt)))
	if err != nil {
		return err
	}
	two, err := newFigure("divario", d.Diverging(gap), p.T("results.fig_gap_note"))
	if err != nil {
		return err
	}
	p.Levels, p.Gap, p.Areas = &one, &two, p.areasTable(v)
	p.notes(v)
	return p.priorities(v)
}

func (p *resultsPage) tiles(v service.ResultsView) {
	o := v.MAT.Result.Overall
	answered := 0
	for _, a := range v.MAT.Result.Areas {
		answered += a.Answered
	}
	evidenced := Tile{Label: p.T("results.tile_evidenced"), Href: resultsPath(v.Place.Ente.ID, v.Wave) + "/perche"}
	evidenced.Value, evidenced.Muted = scoreWord(p.Localizer, o.Evidenced, answered)
	evidenced.Note = p.T("results.tile_no_index")
	if o.Label != nil {
		evidenced.Note = labelName(p.Localizer, *o.Label)
	}
	declared := Tile{Label: p.T("results.tile_declared"), Note: p.T("results.tile_declared_note")}
	declared.Value, declared.Muted = scoreWord(p.Localizer, o.Declared, answered)
	coverage := Tile{Label: p.T("results.tile_coverage"), Value: p.T("report.not_computable"), Muted: true, Note: p.T("results.tile_coverage_none")}
	if o.Coverage.Share != nil {
		coverage.Value, coverage.Muted = p.Pct(*o.Coverage.Share, 0), false
		coverage.Note = p.T("results.tile_coverage_note", "Part", o.Coverage.Covered, "Whole", o.Coverage.Declared)
	}
	p.Tiles = []Tile{evidenced, declared, coverage}
	if o.Sensitivity != nil {
		p.Tiles = append(p.Tiles, Tile{Label: p.T("results.tile_sensitivity"), Note: p.T("results.tile_sensitivity_note"),
			Value: p.T("results.range", "Low", p.Num(o.Sensitivity.Low, 0), "High", p.Num(o.Sensitivity.High, 0))})
	}
	if len(o.Weakest) > 0 {
		names := make([]string, 0, len(o.Weakest))
		for _, a := range o.Weakest {
			names = append(names, areaName(p.Localizer, a))
		}
		p.Notes = append(p.Notes, p.T("results.weakest", "Areas", p.Join(names)))
	}
	if o.Evidenced.Value != nil && o.Evidenced.Interval != nil && o.Evidenced.Interval.High > o.Evidenced.Interval.Low {
		p.Notes = append(p.Notes, p.T("results.missing_interval", "Low", p.Num(o.Evidenced.Interval.Low, 0), "High", p.Num(o.Evidenced.Interval.High, 0)))
	}
}

// areasTable is the figure in words, with label, coverage and denominator.
func (p *resultsPage) areasTable(v service.ResultsView) *Table {
	t := &Table{ID: "aree", Caption: p.T("results.areas"), Columns: []Column{{Label: p.T("figure.area")}, {Label: p.T("figure.evidenced"), Numeric: true},
		{Label: p.T("figure.declared"), Numeric: true}, {Label: p.T("results.col_label")}, {Label: p.T("results.col_coverage"), Numeric: true}, {Label: p.T("results.col_answered"), Numeric: true}},
		Note: p.T("results.areas_note")}
	for _, a := range areasOf(v.MAT.Result) {
		name := areaName(p.Localizer, a.Area)
		if a.Area == surveys.GOV {
			name = p.T("results.beside", "Area", name)
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{
			{Text: name, Href: resultsPath(v.Place.Ente.ID, v.Wave) + "/aree/" + string(a.Area)},
			scoreCell(p.Localizer, a.Evidenced, a.Answered), scoreCell(p.Localizer, a.Declared, a.Answered), p.labelCell(a),
			coverageCell(p.Chrome, a.Coverage), {Text: p.T("results.of_indicators", "Part", a.Answered, "Whole", a.Total-a.NA)}}})
	}
	return t
}

func (f resultsFrame) labelCell(a scoring.AreaResult) Cell {
	if a.Label == nil {
		return Cell{Text: f.T("results.no_label"), Muted: true}
	}
	cell := Cell{Text: labelName(f.Localizer, *a.Label)}
	if a.HeldDown {
		cell.Badge = &Badge{KindWarning, f.T("results.held")}
	}
	return cell
}

func coverageCell(c Chrome, v scoring.Coverage) Cell {
	if v.Share == nil {
		return Cell{Text: c.T("report.not_computable"), Muted: true}
	}
	return Cell{Text: c.Pct(*v.Share, 0)}
}

// notes says which gates hold a label down, and which were not assessed.
func (p *resultsPage) notes(v service.ResultsView) {
	for _, a := range areasOf(v.MAT.Result) {
		p.Notes = append(p.Notes, p.areaNotes(v, a)...)
	}
}

func (f resultsFrame) areaNotes(v service.ResultsView, a scoring.AreaResult) []string {
	var out []string
	name := areaName(f.Localizer, a.Area)
	if a.HeldDown {
		for _, g := range a.Gates {
			out = append(out, f.T("results.held_by", "Area", name, "Gate", indicatorName(f.Localizer, v.MAT.Instrument, g.Code), "Evidenced", int(g.Evidenced),
				"Declared", int(g.Declared), "Label", labelName(f.Localizer, *a.LabelByScore)))
		}
	}
	if len(a.GatesMissing) > 0 {
		out = append(out, f.T("results.gates_missing", "Area", name, "Gates", listNames(f.Localizer, v.MAT.Instrument, a.GatesMissing)))
	}
	if len(a.Renew) > 0 {
		out = append(out, f.T("results.renew", "Area", name, "Indicators", listNames(f.Localizer, v.MAT.Instrument, a.Renew)))
	}
	return out
}

// priorities are the first six gaps: those of the first plan.
func (p *resultsPage) priorities(v service.ResultsView) error {
	gaps, err := scoring.Gaps(v.MAT.Result, scoring.GapOptions{})
	for i, g := range gaps {
		if i == 6 {
			break
		}
		p.Priorities = append(p.Priorities, Link{Label: indicatorName(p.Localizer, v.MAT.Instrument, g.Code),
			Href: resultsPath(v.Place.Ente.ID, v.Wave) + "/divari#d-" + g.Code, Badge: p.T("results.from_to_level", "From", int(g.Evidenced), "To", int(g.Target))})
	}
	return err
}

// staff fills the staff's side, or says why it is not there.
func (p *resultsPage) staff(d *figure.Drawer, v service.ResultsView) error {
	if v.Staff == nil {
		p.StaffText = p.T("results.staff_none")
		return nil
	}
	r := v.Staff.Result
	p.StaffText = p.T("results.staff_eligible", "Count", r.Eligible)
	switch r.State {
	case scoring.OnlyPooled:
		p.StaffWhy = p.T("results.staff_pooled")
		return nil
	case scoring.TooFew:
		p.StaffWhy = p.T("results.staff_few", "Threshold", r.Threshold)
		return nil
	case scoring.OnlyOneEnte, scoring.NothingPairs, scoring.Published:
	}
	if r.Response.Rate != nil {
		p.StaffText = p.T("results.staff_rate", "Responses", r.Response.Responses, "Eligible", r.Eligible, "Rate", p.Pct(*r.Response.Rate, 0))
	}
	self := figure.LevelBarsData{Title: p.T("results.fig_staff")}
	know := figure.LevelBarsData{Title: p.T("results.fig_knowledge")}
	hidden, everyone := false, false
	for _, a := range r.Areas {
		name := areaName(p.Localizer, a.Area)
		self.Rows = append(self.Rows, figure.LevelRow{Label: name + nOf(p.Chrome, a.Self), Evidenced: staffValue(a.Self), Interval: staffInterval(r, a.Self)})
		know.Rows = append(know.Rows, figure.LevelRow{Label: name + nOf(p.Chrome, a.Knowledge), Evidenced: staffValue(a.Knowledge), Interval: staffInterval(r, a.Knowledge)})
		hidden = hidden || !a.Self.Visible() || !a.Knowledge.Visible()
		everyone = everyone || r.OfEveryone(a.Self) || r.OfEveryone(a.Knowledge)
	}
	if hidden {
		p.StaffWhy = p.T("results.staff_hidden", "Threshold", r.Threshold)
	}
	if everyone {
		p.StaffText += " " + p.T("results.staff_everyone", "N", r.Eligible)
	}
	one, err := newFigure("competenza", d.MeanBars(self), p.T("results.fig_staff_note"))
	if err != nil {
		return err
	}
	two, err := newFigure("conoscenze", d.MeanBars(know), p.T("results.fig_knowledge_note"))
	p.Staff, p.Knowledge = &one, &two
	return err
}

// nOf is « (n 12)» of a shown figure, nothing of any other.
func nOf(c Chrome, f privacy.Figure) string {
	if !f.Visible() {
		return ""
	}
	return " (n " + strconv.Itoa(f.N) + ")"
}

// both puts the ente's level and the staff's means side by side; they are never summed.
func (p *resultsPage) both(v service.ResultsView) *Table {
	t := &Table{ID: "insieme", Caption: p.T("results.both"), Hidden: true, Columns: []Column{{Label: p.T("figure.area")}, {Label: p.T("results.col_ente"), Numeric: true},
		{Label: p.T("results.col_self"), Numeric: true}, {Label: p.T("results.col_knowledge"), Numeric: true}}, Note: p.T("results.both_note")}
	for _, a := range v.MAT.Result.Areas {
		row := Row{Cells: []Cell{{Text: areaName(p.Localizer, a.Area)}, scoreCell(p.Localizer, a.Evidenced, a.Answered),
			{Text: p.T("figure.insufficient"), Muted: true}, {Text: p.T("figure.insufficient"), Muted: true}}}
		for _, st := range v.Staff.Result.Areas {
			if st.Area == a.Area {
				row.Cells[2].Text, row.Cells[2].Muted = staffWord(p.Localizer, v.Staff.Result, st.Self)
				row.Cells[3].Text, row.Cells[3].Muted = staffWord(p.Localizer, v.Staff.Result, st.Knowledge)
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
