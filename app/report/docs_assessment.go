package report

import (
	"time"

	"traguardo/app/report/figure"
)

// AssessmentData is everything that the assessment report shows. Texts (names
// of areas, indicators, labels) come in the language of the report. Suppressed
// values carry the state only, never the number.
type AssessmentData struct {
	Meta
	WaveName   string    // "ex-ante", "ex-post"
	ClosedOn   time.Time // day of closing; zero: still open, then no result is shown
	Act        string    // act that closed it; empty: none
	Overall    OverallScore
	Areas      []AreaScore // in the order of the product; those with Aside never enter the index
	Priorities []Priority  // most urgent first, six at most in the first section
	Staff      StaffResult
	Indicators []IndicatorRow // in order of area, then code
}

// OverallScore is the index of the four areas, 0–100.
type OverallScore struct {
	Evidenced, Declared figure.Value
	Label               string          // maturity label of the evidenced index
	Sensitivity         figure.Interval // index under other weights (questionnaires.md, §4)
	Weakest             string          // name of the weakest area
	Coverage            *float64        // share of levels 2–4 that evidence supports; nil: not computable
}

// AreaScore is the result of one area, 0–100.
type AreaScore struct {
	Name                string
	Aside               bool // shown beside the index
	Evidenced, Declared figure.Value
	Interval            figure.Interval // with every missing answer at 0 and at 4
	Label               string          // empty where there is no number
	HeldBy              []string        // names of the gates that hold the label down
	Coverage            *float64
	Answered            int // indicators with a level
	Applicable          int // indicators that apply
	Contributions       []Contribution
}

// Contribution is what an indicator brings to its area's score, in points.
type Contribution struct {
	Name   string
	Level  figure.Value // evidenced level 0–4
	Points float64
	Most   float64
	Gate   bool
}

// Priority is one thing to do first, with its reason.
type Priority struct{ Title, Reason string }

// StaffResult is the survey of the staff. Small means fewer than ten eligible
// persons: no result of the Comune is ever shown. Few means fewer valid answers than
// the threshold: neither figures nor the number of answers are shown.
type StaffResult struct {
	Done      bool // a wave was closed
	Small     bool
	Few       bool
	Eligible  int
	Responses int
	Areas     []StaffArea
}

// StaffArea is the staff's mean in one area, 0–100, with its 95 % interval.
type StaffArea struct {
	Name     string
	N        int // valid answers; not printed where Mean is suppressed
	Mean     figure.Value
	Interval figure.Interval
}

// IndicatorRow is one indicator with its evidence. Nil levels are not assessed.
type IndicatorRow struct {
	Code, Name, Area    string
	Declared, Evidenced *int
	NA                  bool
	NAReason            string
	Evidence            string // e.g. "E1 Delibera 12/2026 del 03/02/2026"
	Renew               bool   // evidence expired: «da rinnovare»
	Gate                bool
}

// Assessment builds the report of an assessment in a language ("it", "en").
func (r *Reports) Assessment(lang string, d AssessmentData) Document {
	w := r.writer(lang)
	sub := w.t("report.assessment_subtitle", "Wave", d.WaveName, "Date", w.loc.Date(d.ClosedOn))
	if d.Act != "" {
		sub = w.t("report.assessment_subtitle_act", "Wave", d.WaveName, "Date", w.loc.Date(d.ClosedOn), "Act", d.Act)
	}
	doc := d.document(KindAssessment, w.loc.Lang(), w.t("report.assessment_title"), sub)
	w.assessmentSummary(d)
	w.assessmentPriorities(d)
	w.assessmentLevels(d)
	w.assessmentStaff(d.Staff)
	w.assessmentReasons(d)
	w.assessmentIndicators(d)
	w.method(d.Meta, w.t("report.method_construct"), w.t("report.method_evidence"), w.t("report.method_missing"),
		w.t("report.method_labels"), w.t("report.method_suppression"), w.t("report.method_pseudonym"))
	doc.Blocks = w.blocks
	return doc
}

func (w *writer) assessmentSummary(d AssessmentData) {
	w.h1("report.summary")
	o := d.Overall
	switch {
	case o.Evidenced.State == figure.Known && o.Declared.State == figure.Known:
		w.add(Paragraph{Size: Lead, Text: w.t("report.assessment_lead", "Ente", d.Ente, "Evidenced", w.score(o.Evidenced),
			"Label", o.Label, "Declared", w.score(o.Declared))})
	default:
		w.add(Paragraph{Size: Lead, Text: w.t("report.assessment_lead_none", "Ente", d.Ente, "State", w.score(o.Evidenced))})
	}
	keys := KeyFigures{Items: []KeyFigure{
		{w.t("report.key_evidenced"), w.score(o.Evidenced), w.sensitivity(o)},
		{w.t("report.key_declared"), w.score(o.Declared), w.t("report.key_declared_note")},
		{w.t("report.key_coverage"), w.share(o.Coverage), w.t("report.key_coverage_note")},
	}}
	if d.Staff.Done {
		keys.Items = append(keys.Items, w.staffKey(d.Staff))
	}
	w.add(keys, List{Items: Items(w.assessmentSentences(d)...)})
	w.add(Note{Title: w.t("report.construct_title"), Text: w.t("report.method_construct")})
}

func (w *writer) sensitivity(o OverallScore) string {
	if !o.Sensitivity.Set {
		return w.t("report.key_evidenced_note")
	}
	if w.loc.Num(o.Sensitivity.Low, 1) == w.loc.Num(o.Sensitivity.High, 1) {
		return w.t("report.key_sensitivity_same")
	}
	return w.t("report.key_sensitivity", "Span", w.span(o.Sensitivity))
}

func (w *writer) staffKey(s StaffResult) KeyFigure {
	if s.Small || s.Eligible == 0 {
		return KeyFigure{w.t("report.key_staff"), "–", w.t("report.key_staff_small")}
	}
	if s.Few {
		return KeyFigure{w.t("report.key_staff"), "–", w.t("figure.insufficient")}
	}
	return KeyFigure{w.t("report.key_staff"), w.loc.Pct(float64(s.Responses)/float64(s.Eligible), 0),
		w.t("report.key_staff_note", "Responses", s.Responses, "Eligible", s.Eligible)}
}

// assessmentSentences returns the sentences that matter, each from a figure shown.
func (w *writer) assessmentSentences(d AssessmentData) []string {
	var out []string
	best, worst := -1, -1
	for i, a := range d.Areas {
		if a.Aside || a.Evidenced.State != figure.Known {
			continue
		}
		if best < 0 || a.Evidenced.V > d.Areas[best].Evidenced.V {
			best = i
		}
		if worst < 0 || a.Evidenced.V < d.Areas[worst].Evidenced.V {
			worst = i
		}
	}
	if best >= 0 && worst != best {
		out = append(out, w.t("report.sentence_range", "Best", d.Areas[best].Name, "High", w.score(d.Areas[best].Evidenced),
			"Worst", d.Areas[worst].Name, "Low", w.score(d.Areas[worst].Evidenced)))
	}
	if gap := w.widestGap(d.Areas); gap >= 0 {
		a := d.Areas[gap]
		out = append(out, w.t("report.sentence_gap", "Area", a.Name, "Declared", w.score(a.Declared),
			"Evidenced", w.score(a.Evidenced)))
	}
	held := 0
	for _, a := range d.Areas {
		if len(a.HeldBy) > 0 {
			held++
		}
	}
	if held > 0 {
		out = append(out, w.t("report.sentence_gates", "Count", held))
	}
	if len(d.Priorities) > 0 {
		out = append(out, w.t("report.sentence_first", "Title", d.Priorities[0].Title))
	}
	return out
}

// widestGap returns the area whose declared score is most over the evidenced
// one, by ten points at least; −1 where there is none.
func (w *writer) widestGap(areas []AreaScore) int {
	const least = 10.0
	at, most := -1, least
	for i, a := range areas {
		if a.Evidenced.State != figure.Known || a.Declared.State != figure.Known {
			continue
		}
		if g := a.Declared.V - a.Evidenced.V; g >= most {
			at, most = i, g
		}
	}
	return at
}

func (w *writer) assessmentLevels(d AssessmentData) {
	w.h1("report.levels_title")
	w.p("report.levels_intro")
	in := figure.LevelBarsData{Title: w.t("report.fig_levels"), Bands: w.bands()}
	div := figure.DivergingData{Title: w.t("report.fig_diverging")}
	var rows [][]string
	for _, a := range d.Areas {
		in.Rows = append(in.Rows, figure.LevelRow{Label: a.Name, Evidenced: a.Evidenced, Declared: a.Declared,
			Interval: a.Interval, Aside: a.Aside})
		div.Rows = append(div.Rows, figure.PairRow{Label: a.Name, Declared: a.Declared, Evidenced: a.Evidenced})
		rows = append(rows, []string{a.Name, dash(a.Label), w.scored(a.Evidenced, a.Interval), w.points(a.Declared), w.share(a.Coverage),
			w.t("report.n_of", "N", a.Answered, "Total", a.Applicable)})
	}
	w.add(FigureBlock{w.draw.LevelBars(in)})
	w.add(Table{Caption: w.t("report.tab_levels"), Columns: []Column{
		{Head: w.t("figure.area"), Weight: 3.2}, {Head: w.t("report.col_label"), Weight: 1.7},
		{Head: w.t("figure.evidenced"), Align: Right, Weight: 1.5}, {Head: w.t("figure.declared"), Align: Right, Weight: 1.4},
		{Head: w.t("report.col_coverage"), Align: Right, Weight: 1.5}, {Head: w.t("report.col_indicators"), Align: Right, Weight: 1.3},
	}, Groups: []RowGroup{{Rows: rows}}})
	for _, a := range d.Areas {
		if len(a.HeldBy) > 0 {
			w.add(Note{Kind: NoteLimit, Title: a.Name, Text: w.t("report.held_by", "Label", a.Label, "Gates", w.loc.Join(a.HeldBy))})
		}
	}
	w.add(Paragraph{Text: w.t("report.diverging_intro")}, FigureBlock{w.draw.Diverging(div)})
}

func (w *writer) assessmentPriorities(d AssessmentData) {
	if len(d.Priorities) == 0 {
		return
	}
	w.h1("report.priorities_title")
	w.p("report.priorities_intro")
	var items []Item
	for _, p := range d.Priorities {
		items = append(items, Item{Title: p.Title, Text: p.Reason})
	}
	w.add(List{Ordered: true, Items: items})
}
