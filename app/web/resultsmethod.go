package web

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/service"
	"traguardo/surveys"
	"traguardo/surveys/privacy"
	"traguardo/surveys/scoring"
)

// methodPage is "results/method": what the figures of a wave rest on, how each is
// computed, what they cannot say and how to compute them again.
type methodPage struct {
	resultsFrame
	Parts []methodPart
	Agree string
	Not   []string
}

// methodPart is one result of the wave: the assessment, the staff, their changes.
type methodPart struct {
	ID, Title string
	Facts     []methodFact
	Tables    []Table
	Notes     []string
	How       []string // formulas in words, with their source
	Commands  []string // of the command line, to compute the figures again
}

// methodFact is one line of a list of facts.
type methodFact struct {
	Label, Value string
	Code         bool
}

func (m *methodPart) fact(label, value string) {
	m.Facts = append(m.Facts, methodFact{label, value, false})
}

// code adds a fact that is a hash or a number to copy; nothing when it is not known.
func (m *methodPart) code(label, value string) {
	if value != "" {
		m.Facts = append(m.Facts, methodFact{label, value, true})
	}
}

// showMethod handles GET …/risultati/:ondata/metodo.
func (s *Server) showMethod(c *fiber.Ctx) error {
	wave, err := pathWave(c)
	if err != nil {
		return err
	}
	f, v, err := s.readResults(c, wave, "results.page_method", "/metodo")
	if err != nil {
		return err
	}
	if v.MAT == nil && v.Staff == nil {
		return fiber.ErrNotFound
	}
	p := methodPage{resultsFrame: f}
	p.Lead = p.T("method.lead")
	if v.MAT != nil {
		p.assessment(v)
	}
	if v.Staff != nil {
		asked, err := s.svc.StaffAsked(c.UserContext(), v)
		if err != nil {
			return err
		}
		p.staff(v.Staff, asked)
	}
	p.changes(v)
	for _, key := range []string{"results.m_not_1", "results.m_not_2", "results.m_not_3", "results.m_not_4", "method.not_cause", "method.not_nonresponse", "method.not_rank"} {
		p.Not = append(p.Not, p.T(key))
	}
	return c.Render("results/method", p)
}

func (p *methodPage) list(keys ...string) []string {
	out := make([]string, 0, len(keys))
	for _, k := range keys {
		out = append(out, p.T(k))
	}
	return out
}

func (p *methodPage) assessment(v service.ResultsView) {
	m := v.MAT
	part := methodPart{ID: "ente", Title: p.T("results.ente")}
	part.fact(p.T("results.m_instrument"), m.Result.Instrument+" "+m.Result.Version)
	part.fact(p.T("results.m_closed"), p.DateTime(m.Assessment.ClosedAt)+", "+actWords(p.Localizer, m.Assessment.Act))
	part.fact(p.T("results.m_formula"), m.Stored.FormulaVersion)
	part.code(p.T("results.m_hash"), m.Stored.DataHash)
	part.code(p.T("results.m_content"), m.Assessment.InstrumentHash)
	part.fact(p.T("results.m_indicators"), p.denominator(m.Result))
	part.How = p.list("results.m_how_1", "results.m_how_2", "results.m_how_3", "results.m_how_4", "results.m_how_5", "method.how_coverage", "method.how_kappa")
	if m.Result.Agreement.Kappa != nil {
		part.Commands = []string{"traguardo stats kappa --csv livelli.csv --x primo --y secondo --levels 5 --json"}
	}
	p.Agree = p.agreement(v)
	p.Parts = append(p.Parts, part)
}

func (p *methodPage) staff(st *service.StaffOfWave, asked service.StaffAsked) {
	r := st.Result
	part := methodPart{ID: "personale", Title: p.T("results.staff")}
	part.fact(p.T("results.m_staff"), r.Instrument+" "+r.Version)
	part.fact(p.T("method.form"), p.T("method.form_"+strconv.FormatBool(r.Short)))
	part.fact(p.T("results.m_staff_n"), p.staffN(r))
	if r.Response.Complete.State == privacy.Shown && r.Response.Partial.State == privacy.Shown && r.State == scoring.Published {
		part.fact(p.T("method.classes"), p.T("method.classes_of", "Complete", r.Response.Complete.Count, "Partial", r.Response.Partial.Count))
	}
	part.fact(p.T("results.m_threshold"), p.Int(r.Threshold))
	part.fact(p.T("results.m_formula"), st.Stored.FormulaVersion)
	part.code(p.T("results.m_staff_hash"), st.Stored.DataHash)
	part.code(p.T("method.questions_hash"), asked.InstrumentHash)
	if r.State == scoring.Published {
		part.Tables = append(part.Tables, p.boundsTable(r))
		if len(r.Reliability) > 0 {
			part.Tables = append(part.Tables, p.reliabilityTable(r))
		} else {
			part.Notes = append(part.Notes, p.T("method.reliability_none", "Least", privacy.ReliabilityMin))
		}
		part.Commands = []string{"traguardo stats alpha --csv risposte.csv --items a,b,c --reverse c:1:5 --json", "traguardo stats omega --csv risposte.csv --items a,b,c --json",
			"traguardo stats wilson --x 7 --n 12 --json", "traguardo stats kanon --csv profilo.csv --keys ambito --k " + strconv.Itoa(r.Threshold) + " --json"}
	}
	part.How = p.list("results.m_how_6", "method.how_missing", "method.how_interval", "method.how_bounds", "method.how_calibration", "method.how_alpha", "method.how_omega", "method.how_suppression")
	p.Parts = append(p.Parts, part)
}

// boundsTable has each mean with n, interval and the worst case of who did not answer.
func (p *methodPage) boundsTable(r scoring.StaffResult) Table {
	t := Table{ID: "limiti", Caption: p.T("method.bounds"), Note: p.T("method.bounds_note"), Columns: []Column{{Label: p.T("results.col_measure")}, {Label: p.T("method.col_n"), Numeric: true},
		{Label: p.T("method.col_mean")}, {Label: p.T("method.col_bounds")}}}
	add := func(name string, f privacy.Figure) {
		if f.State == privacy.NotAsked {
			return
		}
		text, muted := staffWord(p.Localizer, r, f)
		row := Row{Cells: []Cell{{Text: name}, {Text: "–", Muted: true}, {Text: text, Muted: muted}, {Text: "–", Muted: true}}}
		if f.Visible() {
			row.Cells[1] = Cell{Text: p.Int(f.N)}
			if f.Bounds != nil {
				row.Cells[3] = Cell{Text: p.T("figure.from_to", "Low", p.Num(f.Bounds.Low, 0), "High", p.Num(f.Bounds.High, 0))}
			}
		}
		t.Rows = append(t.Rows, row)
	}
	for _, a := range r.Areas {
		add(p.T("results.measure_SA")+", "+areaName(p.Localizer, a.Area), a.Self)
	}
	for _, a := range r.Areas {
		add(p.T("method.measure_KN")+", "+areaName(p.Localizer, a.Area), a.Knowledge)
	}
	add(p.T("results.measure_KX"), r.Anchors)
	for _, a := range r.Attitudes {
		add(p.T("results.measure_ATT")+", "+p.T("results.construct_"+a.Construct), a.Figure)
	}
	return t
}

// scaleName names a measure with its area or attitude.
func (p *methodPage) scaleName(m scoring.Measure, a surveys.Area, construct string) string {
	name := p.T("results.measure_" + string(m))
	switch {
	case a != "":
		return name + ", " + areaName(p.Localizer, a)
	case construct != "":
		return name + ", " + p.T("results.construct_"+construct)
	default:
		return name
	}
}

func (p *methodPage) reliabilityTable(r scoring.StaffResult) Table {
	t := Table{ID: "affidabilita", Caption: p.T("method.reliability"), Note: p.T("method.reliability_note"), Columns: []Column{{Label: p.T("results.col_measure")},
		{Label: p.T("method.col_items"), Numeric: true}, {Label: p.T("method.col_n"), Numeric: true}, {Label: p.T("method.col_alpha")}, {Label: p.T("method.col_omega"), Numeric: true},
		{Label: p.T("method.col_kr20"), Numeric: true}, {Label: p.T("method.col_sem"), Numeric: true}, {Label: p.T("method.col_weak")}}}
	number := func(v *float64, decimals int) Cell {
		if v == nil {
			return Cell{Text: "–", Muted: true}
		}
		return Cell{Text: p.Num(*v, decimals)}
	}
	for _, x := range r.Reliability {
		alpha := p.Num(x.Alpha, 2)
		if x.Interval != nil {
			alpha = p.T("results.mean_interval", "Mean", alpha, "Low", p.Num(x.Interval.Low, 2), "High", p.Num(x.Interval.High, 2))
		}
		weak := Cell{Text: p.T("method.weak_none"), Muted: true}
		if len(x.Weak) > 0 {
			weak = Cell{Text: p.Join(x.Weak)}
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: p.scaleName(x.Measure, x.Area, x.Construct)}, {Text: p.Int(x.K)}, {Text: p.Int(x.N)}, {Text: alpha},
			number(x.Omega, 2), number(x.KR20, 2), number(x.SEM, 1), weak}})
	}
	return t
}

// changes adds the parts of a later wave.
func (p *methodPage) changes(v service.ResultsView) {
	if v.Change != nil {
		part := methodPart{ID: "variazione-ente", Title: p.T("method.change_mat")}
		part.fact(p.T("results.m_formula"), v.ChangeStored.FormulaVersion)
		part.code(p.T("results.m_hash"), v.ChangeStored.DataHash)
		part.How = p.list("method.how_kinds", "method.how_same")
		p.Parts = append(p.Parts, part)
	}
	c := v.StaffChange
	if c == nil {
		return
	}
	part := methodPart{ID: "variazione-personale", Title: p.T("method.change_staff")}
	part.fact(p.T("results.m_staff"), c.Instrument+" "+c.Version)
	if c.Match.State == privacy.Shown {
		part.fact(p.T("figure.pairs"), p.T("results.match", "Count", c.Match.Pairs, "Pre", c.Match.Pre, "Post", c.Match.Post, "Ambiguous", c.Match.AmbiguousPre+c.Match.AmbiguousPost))
		if c.Match.Rate != nil {
			part.fact(p.T("method.match_rate"), p.Pct(*c.Match.Rate, 0))
		}
	} else {
		part.fact(p.T("figure.pairs"), p.T("results.change_few_pairs", "Threshold", c.Threshold))
	}
	part.fact(p.T("method.primary"), p.T("results.measure_KX"))
	part.fact(p.T("method.tests"), p.T("method.tests_text"))
	part.code(p.T("method.seed"), strconv.FormatUint(c.Seed, 10))
	part.fact(p.T("results.m_formula"), v.StaffChangeStored.FormulaVersion)
	part.code(p.T("results.m_staff_hash"), v.StaffChangeStored.DataHash)
	part.How = p.list("method.how_pairing", "method.how_wilcoxon", "method.how_hl", "method.how_bca", "method.how_holm", "method.how_effect", "method.how_shift", "method.how_power")
	part.Commands = []string{"traguardo stats wilcoxon --csv coppie.csv --x prima --y dopo --zeros pratt --method auto --json", "traguardo stats paired --csv coppie.csv --x prima --y dopo --json",
		"traguardo stats bootstrap --csv differenze.csv --col d --stat mean --draws 5000 --seed " + strconv.FormatUint(c.Seed, 10) + " --json",
		"traguardo stats adjust --csv p.csv --col p --method holm --json", "traguardo stats pooled --csv coppie.csv --x prima --y dopo --stratum comune --json"}
	p.Parts = append(p.Parts, part)
}

func (p methodPage) denominator(r scoring.MATResult) string {
	answered, na, missing := 0, 0, 0
	for _, a := range areasOf(r) {
		answered, na, missing = answered+a.Answered, na+a.NA, missing+a.Missing
	}
	return p.T("results.m_denominator", "Answered", answered, "NA", na, "Missing", missing)
}

func (p methodPage) staffN(r scoring.StaffResult) string {
	if r.State != scoring.Published || r.Response.Rate == nil {
		return p.T("results.staff_eligible", "Count", r.Eligible)
	}
	return p.T("results.staff_rate", "Responses", r.Response.Responses, "Eligible", r.Eligible, "Rate", p.Pct(*r.Response.Rate, 0))
}

// agreement says how far the two first answers agreed; nothing with one rater.
func (p methodPage) agreement(v service.ResultsView) string {
	a := v.MAT.Result.Agreement
	if a.N == 0 || a.Identical == nil || a.WithinOne == nil {
		return ""
	}
	text := p.T("results.agreement", "Count", a.N, "Identical", p.Pct(*a.Identical, 0), "Near", p.Pct(*a.WithinOne, 0))
	if a.Kappa != nil {
		text += " " + p.T("results.kappa", "Kappa", p.Num(*a.Kappa, 2))
	}
	if len(a.ToDiscuss) > 0 {
		var codes []string
		for _, g := range a.ToDiscuss {
			codes = append(codes, g.Code)
		}
		text += " " + p.T("results.to_discuss", "Indicators", listNames(p.Localizer, v.MAT.Instrument, codes))
	}
	return text
}
