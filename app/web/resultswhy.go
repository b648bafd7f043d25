package web

import (
	"github.com/gofiber/fiber/v2"

	"traguardo/app/report/figure"
	"traguardo/app/service"
	"traguardo/surveys"
	"traguardo/surveys/scoring"
)

// whyPage is "results/why": what every indicator gives to the score and costs it.
type whyPage struct {
	resultsFrame
	Intro   string
	Table   *Table // steps that would raise the index most
	Figures []Figure
	Without []string // areas without a single score, and why
}

// showWhy handles GET …/risultati/:ondata/perche.
func (s *Server) showWhy(c *fiber.Ctx) error {
	f, v, err := s.resultsWave(c, "results.page_why", "/perche")
	if err != nil {
		return err
	}
	p := whyPage{resultsFrame: f}
	o := v.MAT.Result.Overall
	p.Intro = p.T("results.why_none")
	if o.Evidenced.Value != nil {
		p.Title = p.T("results.why_title", "Score", p.Num(*o.Evidenced.Value, 0))
		p.Intro = p.T("results.why_intro", "Score", points(p.Localizer, *o.Evidenced.Value), "Areas", p.meanWords(v.MAT.Result))
		p.Table = p.steps(v)
	}
	d := s.draw(c)
	for _, a := range areasOf(v.MAT.Result) {
		if a.Evidenced.Value == nil {
			p.Without = append(p.Without, p.T("results.why_without", "Area", areaName(p.Localizer, a.Area), "Answered", a.Answered, "Total", a.Total))
			continue
		}
		fig, err := p.contributions(d, v, a)
		if err != nil {
			return err
		}
		p.Figures = append(p.Figures, fig)
	}
	return c.Render("results/why", p)
}

// meanWords writes the four scores whose mean the index is.
func (p whyPage) meanWords(r scoring.MATResult) string {
	names := make([]string, 0, len(r.Areas))
	for _, a := range r.Areas {
		names = append(names, areaName(p.Localizer, a.Area)+" "+scoreCell(p.Localizer, a.Evidenced, a.Answered).Text)
	}
	return p.Join(names)
}

// steps lists the indicators that cost the index most, and what one level more
// would bring.
func (p whyPage) steps(v service.ResultsView) *Table {
	t := &Table{ID: "passi", Caption: p.T("results.why_steps"), Hidden: true, Columns: []Column{{Label: p.T("assess.col_indicator")}, {Label: p.T("results.col_levels")},
		{Label: p.T("results.col_gives"), Numeric: true}, {Label: p.T("results.col_loses"), Numeric: true}, {Label: p.T("results.col_take")}},
		Note: p.T("results.why_steps_note")}
	for _, c := range v.MAT.Result.Overall.Contributions {
		x, _ := v.MAT.Result.Indicator(c.Code)
		it, _ := v.MAT.Instrument.Item(c.Code)
		take := Cell{Text: p.T("results.take_nothing"), Muted: true}
		switch {
		case c.Undocumented > 0:
			take = Cell{Text: p.T("results.take_evidence", "Points", p.Num(c.Undocumented, 1), "Level", int(*x.Declared))}
		case *x.Evidenced < 4 && int(*x.Evidenced)+1 < len(it.Levels):
			take = Cell{Text: p.T("results.take_level", "Points", p.Num(c.Loses/float64(4-*x.Evidenced), 1), "Level", int(*x.Evidenced)+1, "Text", words(p.Localizer, it.Levels[*x.Evidenced+1]).Text)}
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: indicatorName(p.Localizer, v.MAT.Instrument, c.Code)},
			{Text: p.T("results.levels", "Evidenced", int(*x.Evidenced), "Declared", int(*x.Declared))}, {Text: p.Num(c.Gives, 1)}, {Text: p.Num(c.Loses, 1)}, take}})
	}
	return t
}

// contributions draws what each indicator brings to the score of its area.
func (f resultsFrame) contributions(d *figure.Drawer, v service.ResultsView, a scoring.AreaResult) (Figure, error) {
	gives := map[string]scoring.Contribution{}
	for _, c := range a.Contributions {
		gives[c.Code] = c
	}
	data := figure.ContributionsData{Title: f.T("results.fig_why", "Area", areaName(f.Localizer, a.Area), "Score", points(f.Localizer, *a.Evidenced.Value))}
	for _, x := range v.MAT.Result.Indicators {
		if x.Area != a.Area {
			continue
		}
		row := figure.ContributionRow{Label: indicatorName(f.Localizer, v.MAT.Instrument, x.Code), Gate: x.Gate, Level: service.LevelFigure(x)}
		if c, ok := gives[x.Code]; ok {
			row.Points, row.Most = c.Gives, c.Gives+c.Loses
		}
		data.Rows = append(data.Rows, row)
	}
	return newFigure("perche-"+string(a.Area), d.Contributions(data), f.T("results.fig_why_note", "Answered", a.Answered, "Applicable", a.Total-a.NA))
}

// gapsPage is "results/gaps": the distances from the next level, ranked.
type gapsPage struct {
	resultsFrame
	Gaps []gapRow
	Plan *Link
}

// gapRow is one gap: what is asked for next, in the words of the level.
type gapRow struct {
	Code, Name, Area string
	Place            int
	State            Badge
	Levels           string
	Next             Words
	Action           Words
	Why              string
}

// showGaps handles GET …/risultati/:ondata/divari.
func (s *Server) showGaps(c *fiber.Ctx) error {
	f, v, err := s.resultsWave(c, "results.page_gaps", "/divari")
	if err != nil {
		return err
	}
	gaps, err := scoring.Gaps(v.MAT.Result, scoring.GapOptions{})
	if err != nil {
		return err
	}
	p := gapsPage{resultsFrame: f}
	p.Lead = p.T("results.gaps_lead")
	for i, g := range gaps {
		p.Gaps = append(p.Gaps, p.gap(v, g, i+1))
	}
	return c.Render("results/gaps", p)
}

func (p gapsPage) gap(v service.ResultsView, g scoring.Gap, place int) gapRow {
	it, _ := v.MAT.Instrument.Item(g.Code)
	row := gapRow{Code: g.Code, Name: words(p.Localizer, it.Title).Text, Area: areaName(p.Localizer, g.Area), Place: place,
		Levels: p.T("results.from_to_level", "From", int(g.Evidenced), "To", int(g.Target)), Action: words(p.Localizer, it.Action), Next: words(p.Localizer, it.Levels[g.Target])}
	switch {
	case g.HeldGate:
		row.State, row.Why = Badge{KindWarning, p.T("results.gap_gate")}, p.T("results.gap_gate_why")
	case g.EvidenceOnly:
		row.State, row.Why = Badge{KindInfo, p.T("results.gap_evidence")}, p.T("results.gap_evidence_why")
	default:
		row.State, row.Why = Badge{KindNeutral, p.T("results.gap_level")}, p.T("results.gap_level_why")
	}
	if g.HeldGate && g.EvidenceOnly {
		row.Why += " " + p.T("results.gap_evidence_why")
	}
	return row
}

// areaPage is "results/area": one area, indicator by indicator.
type areaPage struct {
	resultsFrame
	Tiles      []Tile
	Notes      []string
	Figure     *Figure
	Indicators Table
	NA         []string // not applicable, with the reason
	Lines      *Table
	Edition    string
	Funding    *Table
	FundingNo  string   // why there are no rows
	Traps      []string // what the open data cannot say
}

// showArea handles GET …/risultati/:ondata/aree/:area.
func (s *Server) showArea(c *fiber.Ctx) error {
	area, err := surveys.ParseArea(c.Params("area"))
	if err != nil {
		return fiber.ErrNotFound
	}
	f, v, err := s.resultsWave(c, "results.title", "/aree")
	if err != nil {
		return err
	}
	a, ok := v.MAT.Result.Area(area)
	if !ok {
		return fiber.ErrNotFound
	}
	ground, err := s.svc.AreaGround(c.UserContext(), v, area)
	if err != nil {
		return err
	}
	p := areaPage{resultsFrame: f, Edition: ground.Edition}
	p.Title = areaName(p.Localizer, area)
	p.Lead = p.T("results.area_lead")
	if area == surveys.GOV {
		p.Lead = p.T("assess.gov_text")
	}
	p.fill(v, a)
	if a.Evidenced.Value != nil {
		fig, err := p.contributions(s.draw(c), v, a)
		if err != nil {
			return err
		}
		p.Figure = &fig
	}
	p.lines(v, ground)
	if area == surveys.PIA {
		p.funding(v, ground)
	}
	return c.Render("results/area", p)
}
