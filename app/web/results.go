package web

import (
	"math"
	"strings"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/auth"
	"traguardo/app/i18n"
	"traguardo/app/report/figure"
	"traguardo/app/service"
	"traguardo/surveys"
	"traguardo/surveys/privacy"
	"traguardo/surveys/scoring"
)

// resultsFrame is what every page of results shows around its own content.
type resultsFrame struct {
	Chrome
	Tabs  []Link // waves
	Pages []Link // pages of the wave
	Facts string // formula, hash and day
}

// readResults loads a wave of results; sub is the part of the address after it.
func (s *Server) readResults(c *fiber.Ctx, wave surveys.Wave, titleKey, sub string) (resultsFrame, service.ResultsView, error) {
	id, err := pathID(c, "ente")
	if err != nil {
		return resultsFrame{}, service.ResultsView{}, err
	}
	v, err := s.svc.Results(c.UserContext(), actor(c), id, wave)
	if err != nil {
		return resultsFrame{}, v, err
	}
	f := resultsFrame{Chrome: s.enteChrome(c, v.Place, titleKey, sectionResults)}
	for _, w := range v.Closed {
		f.Tabs = append(f.Tabs, Link{Label: waveName(f.Localizer, w), Href: resultsPath(id, w), Current: w == v.Wave})
	}
	if len(f.Tabs) < 2 {
		f.Tabs = nil
	}
	f.pages(v, sub)
	if sub != "" {
		f.Breadcrumbs = append(f.Breadcrumbs, Link{Label: f.T("results.title"), Href: resultsPath(id, v.Wave)})
	}
	if v.MAT != nil {
		f.Facts = f.T("results.facts", "Date", f.Date(v.MAT.Assessment.ClosedAt), "Formula", v.MAT.Stored.FormulaVersion, "Hash", v.MAT.Stored.DataHash[:12])
	}
	return f, v, nil
}

func (f *resultsFrame) pages(v service.ResultsView, sub string) {
	base := resultsPath(v.Place.Ente.ID, v.Wave)
	add := func(path, key string) {
		f.Pages = append(f.Pages, Link{Label: f.T(key), Href: base + path, Current: path == sub})
	}
	add("", "results.page_overview")
	if v.MAT != nil {
		add("/perche", "results.page_why")
		add("/divari", "results.page_gaps")
	}
	if v.Change != nil || v.StaffChange != nil {
		add("/variazione", "results.page_change")
	}
	if v.MAT != nil || v.Staff != nil {
		if v.Staff != nil {
			add(textsSub, "texts.results_title")
		}
		add("/metodo", "results.page_method")
		if v.Place.Can(auth.ResultsExport) {
			add(exportSub, "export.title")
		}
	}
	if len(f.Pages) < 2 {
		f.Pages = nil
	}
}

// resultsWave is the wave of an address of results.
func (s *Server) resultsWave(c *fiber.Ctx, titleKey, sub string) (resultsFrame, service.ResultsView, error) {
	wave, err := pathWave(c)
	if err != nil {
		return resultsFrame{}, service.ResultsView{}, err
	}
	f, v, err := s.readResults(c, wave, titleKey, sub)
	if err == nil && v.MAT == nil {
		err = fiber.ErrNotFound
	}
	return f, v, err
}

// scoreWord writes a score 0–100, or the interval that missing answers leave, or
// that nothing was assessed. muted: there is no single number.
func scoreWord(l *i18n.Localizer, s scoring.Score, answered int) (text string, muted bool) {
	switch {
	case s.Value != nil:
		return l.Num(*s.Value, 0), false
	case answered > 0 && s.Interval != nil:
		return l.T("figure.from_to", "Low", l.Num(s.Interval.Low, 0), "High", l.Num(s.Interval.High, 0)), true
	default:
		return l.T("figure.not_assessed"), true
	}
}

// scoreCell is a score as a cell of a table, written as the figures write it: one
// decimal, none where it is whole.
func scoreCell(l *i18n.Localizer, s scoring.Score, answered int) Cell {
	if s.Value != nil {
		return Cell{Text: points(l, *s.Value)}
	}
	text, muted := scoreWord(l, s, answered)
	return Cell{Text: text, Muted: muted}
}

// points writes a score with one decimal, none where it is whole.
func points(l *i18n.Localizer, v float64) string {
	if r := math.Round(v*10) / 10; r == math.Trunc(r) {
		return l.Num(r, 0)
	}
	return l.Num(v, 1)
}

// scoreValue is a score as figures draw it.
func scoreValue(s scoring.Score, answered int) figure.Value {
	switch {
	case s.Value != nil:
		return figure.Of(*s.Value)
	case answered > 0 && s.Interval != nil:
		return figure.Value{State: figure.IntervalOnly}
	default:
		return figure.Value{State: figure.NotAssessed}
	}
}

func scoreInterval(s scoring.Score, answered int) figure.Interval {
	if s.Interval == nil || answered == 0 {
		return figure.Interval{}
	}
	return figure.Between(s.Interval.Low, s.Interval.High)
}

// staffValue is a figure of the staff as figures draw it.
func staffValue(f privacy.Figure) figure.Value {
	if f.Visible() {
		return figure.Of(*f.Value)
	}
	if f.State == privacy.NotAsked {
		return figure.Value{State: figure.NotApplicable}
	}
	return figure.Value{State: figure.Suppressed}
}

func staffInterval(r scoring.StaffResult, f privacy.Figure) figure.Interval {
	if !f.Visible() || f.Interval == nil {
		return figure.Interval{}
	}
	if r.OfEveryone(f) {
		return figure.OfAll(*f.Value)
	}
	return figure.Between(f.Interval.Low, f.Interval.High)
}

// staffWord writes a figure of the staff with its interval, or why it is not there.
func staffWord(l *i18n.Localizer, r scoring.StaffResult, f privacy.Figure) (text string, muted bool) {
	switch {
	case f.Visible() && f.Interval != nil:
		digits, i := 0, staffInterval(r, f)
		if !i.All && l.Num(i.Low, 0) == l.Num(i.High, 0) {
			digits = 1 // «38 (da 38 a 38)» says nothing
		}
		number := func(v float64) string { return l.Num(v, digits) }
		return meanWord(l, number(*f.Value), i, number), false
	case f.Visible():
		return l.Num(*f.Value, 0), false
	default:
		return stateWord(l, f.State), true
	}
}

// meanWord writes «58 (da 51 a 66)»; where the ends print the same, what that means.
func meanWord(l *i18n.Localizer, mean string, i figure.Interval, number func(float64) string) string {
	low, high := number(i.Low), number(i.High)
	switch {
	case i.All:
		return l.T("results.mean_all", "Mean", mean)
	case low == high:
		return l.T("results.mean_narrow", "Mean", mean)
	default:
		return l.T("results.mean_interval", "Mean", mean, "Low", low, "High", high)
	}
}

// stateWord says why a figure of the staff is not there.
func stateWord(l *i18n.Localizer, s privacy.State) string {
	switch s {
	case privacy.NotAsked:
		return l.T("results.not_asked")
	case privacy.Suppressed:
		return l.T("results.suppressed")
	case privacy.Insufficient, privacy.Shown:
		return l.T("figure.insufficient")
	default:
		return l.T("figure.insufficient")
	}
}

// bands are the five labels, for the heads of level bars.
func bands(l *i18n.Localizer) []string {
	var out []string
	for _, label := range []scoring.Label{scoring.Assente, scoring.Iniziale, scoring.Definito, scoring.Consolidato, scoring.Misurato} {
		out = append(out, labelName(l, label))
	}
	return out
}

// areasOf lists the four areas and, beside them, GOV.
func areasOf(r scoring.MATResult) []scoring.AreaResult {
	return append(append([]scoring.AreaResult{}, r.Areas...), r.Beside...)
}

// indicatorName is «M-PIA-01 · Identità digitale…».
func indicatorName(l *i18n.Localizer, in *surveys.Instrument, code string) string {
	it, ok := in.Item(code)
	if !ok {
		return code
	}
	return code + " · " + words(l, it.Title).Text
}

// listNames writes the names of indicators with commas.
func listNames(l *i18n.Localizer, in *surveys.Instrument, codes []string) string {
	names := make([]string, 0, len(codes))
	for _, c := range codes {
		names = append(names, indicatorName(l, in, c))
	}
	return strings.Join(names, ", ")
}

// emptyResults is the page before anything is closed: what is missing, and where to do it.
func (s *Server) emptyResults(c *fiber.Ctx, f resultsFrame, v service.ResultsView) error {
	p := resultsPage{resultsFrame: f}
	p.Lead = p.T("results.none_lead")
	p.Empty = &Empty{Title: p.T("results.none"), Text: p.T("results.none_text")}
	waves, err := s.svc.AssessmentWaves(c.UserContext(), actor(c), v.Place.Ente.ID)
	if err != nil {
		return err
	}
	for _, w := range waves.Waves {
		if w.Wave == v.Wave && w.Opened && !w.Assessment.Closed {
			p.Empty.Text = p.T("results.none_open", "Done", w.Done, "Total", w.Total)
			p.Empty.Action, p.Empty.Href = p.T("results.to_assessment"), wavePath(v.Place.Ente.ID, w.Wave)
		}
	}
	if p.Empty.Href == "" && v.Place.Can(auth.AssessmentView) {
		p.Empty.Action, p.Empty.Href = p.T("results.to_assessment"), assessmentsPath(v.Place.Ente.ID)
	}
	return c.Render("results/overview", p)
}
