package report

import (
	"fmt"
	"time"

	"traguardo/app/report/figure"
)

// ImpactData is everything that the report on the change between two waves shows.
type ImpactData struct {
	Meta
	BeforeOn, AfterOn time.Time // closing days of ex-ante and ex-post
	Areas             []AreaChange
	Indicators        []IndicatorChange // by area, then code
	Staff             StaffChange
	Acted             []ActedArea // where projects were carried out, beside the change
	ExpectRegression  bool        // what was worked on began lower than the rest (impact.Table)
}

// AreaChange is the maturity of an area in both assessments, 0–100.
type AreaChange struct {
	Name                            string
	EvidencedBefore, EvidencedAfter figure.Value
	DeclaredBefore, DeclaredAfter   figure.Value
}

// ChangeKind says how an indicator moved (questionnaires.md, §4).
type ChangeKind int

// The kinds of change of an indicator.
const (
	Unchanged        ChangeKind = iota
	Improved                    // the evidenced level rose with the declared one
	BetterDocumented            // evidence was added to an unchanged level
	DeclaredOnly                // declared rose, not documented
	Worsened                    // the declared level fell
	LessDocumented              // evidence expired or was withdrawn, declared level unchanged
	Expired                     // the same, because evidence expired: to be renewed
	NotComparable               // other version, or missing or N/A in one of the two
)

// IndicatorChange is one indicator in both assessments; nil levels are not assessed.
type IndicatorChange struct {
	Code, Name, Area                string
	DeclaredBefore, DeclaredAfter   *int
	EvidencedBefore, EvidencedAfter *int
	Kind                            ChangeKind
}

// StaffChange is the paired change of the staff. Values that may not be
// shown carry the state only.
type StaffChange struct {
	Done            bool
	Joined, Left    int  // persons in one wave only
	ShowMovers      bool // the two counts above may be printed
	Areas           []PairedChange
	OverclaimDiffer bool // over-claiming differs between the waves by more than its interval
}

// PairedChange is the change of matched persons in one area, in points.
type PairedChange struct {
	Name          string
	Before, After figure.Value // withheld where the remainder is too small
	Change        figure.Value
	Interval      figure.Interval
	Pairs         int
	P             *float64 // exact two-sided p; nil where it may not be printed
}

// lowPower is the number of pairs below which the note «potenza bassa» is
// printed (questionnaires.md, §8).
const lowPower = 15

// ActedArea sets the projects carried out in an area beside its change.
type ActedArea struct {
	Name     string
	Projects int // done between the two waves
	Change   figure.Value
}

// Impact builds the report on what moved between ex-ante and ex-post.
func (r *Reports) Impact(lang string, d ImpactData) Document {
	w := r.writer(lang)
	doc := d.document(KindImpact, w.loc.Lang(), w.t("report.impact_title"),
		w.t("report.impact_subtitle", "Before", w.loc.Date(d.BeforeOn), "After", w.loc.Date(d.AfterOn)))
	w.impactSummary(d)
	w.impactAreas(d)
	w.impactStaff(d.Staff)
	w.impactActed(d.Acted, d.ExpectRegression)
	w.impactIndicators(d.Indicators)
	w.method(d.Meta, w.t("report.method_construct"), w.t("report.method_change"), w.t("report.method_pairs"),
		w.t("report.method_plan_cause"), w.t("report.method_suppression"))
	doc.Blocks = w.blocks
	return doc
}

func (w *writer) impactSummary(d ImpactData) {
	w.h1("report.summary")
	count := map[ChangeKind]int{}
	for _, i := range d.Indicators {
		count[i.Kind]++
	}
	w.add(Paragraph{Size: Lead, Text: w.t("report.impact_lead", "Ente", d.Ente, "Before", w.loc.Date(d.BeforeOn),
		"After", w.loc.Date(d.AfterOn))})
	w.add(KeyFigures{Items: []KeyFigure{
		{w.t("report.key_improved"), w.loc.Int(count[Improved]), w.t("report.key_improved_note", "Total", w.loc.Int(len(d.Indicators)))},
		{w.t("report.key_documented"), w.loc.Int(count[BetterDocumented]), w.t("report.key_documented_note")},
		{w.t("report.key_declared_only"), w.loc.Int(count[DeclaredOnly]), w.t("report.key_declared_only_note")},
		{w.t("report.key_worsened"), w.loc.Int(count[Worsened]), w.t("report.key_worsened_note")},
	}})
	if lapsed := count[LessDocumented] + count[Expired]; lapsed > 0 {
		w.add(Note{Title: w.t("report.lapsed_title"), Text: w.t("report.lapsed_text", "Count", lapsed)})
	}
	w.add(Note{Title: w.t("report.cause_title"), Text: w.t("report.method_plan_cause")})
}

func (w *writer) impactAreas(d ImpactData) {
	w.h1("report.impact_areas_title")
	w.p("report.impact_areas_intro")
	in := figure.DotLineData{Title: w.t("report.fig_impact_areas")}
	var rows [][]string
	for _, a := range d.Areas {
		ev, de := difference(a.EvidencedBefore, a.EvidencedAfter), difference(a.DeclaredBefore, a.DeclaredAfter)
		in.Rows = append(in.Rows, figure.ChangeRow{Label: a.Name, Before: a.EvidencedBefore, After: a.EvidencedAfter, Change: ev})
		rows = append(rows, []string{a.Name, w.points(a.EvidencedBefore), w.points(a.EvidencedAfter), w.signed(ev),
			w.points(a.DeclaredBefore), w.points(a.DeclaredAfter), w.signed(de)})
	}
	w.add(FigureBlock{w.draw.DotLine(in)}, Table{Caption: w.t("report.tab_impact_areas"), Columns: []Column{
		{Head: w.t("figure.area"), Weight: 2.6}, {Head: w.t("report.col_evidenced_before"), Align: Right, Weight: 1.5},
		{Head: w.t("report.col_evidenced_after"), Align: Right, Weight: 1.5}, {Head: w.t("figure.change"), Align: Right, Weight: 1.3},
		{Head: w.t("report.col_declared_before"), Align: Right, Weight: 1.4}, {Head: w.t("report.col_declared_after"), Align: Right, Weight: 1.4},
		{Head: w.t("figure.change"), Align: Right, Weight: 1.3},
	}, Groups: []RowGroup{{Rows: rows}}})
}

// difference returns after − before, or the first state that has no number.
func difference(before, after figure.Value) figure.Value {
	switch {
	case before.State != figure.Known:
		return figure.Value{State: before.State}
	case after.State != figure.Known:
		return figure.Value{State: after.State}
	default:
		return figure.Of(after.V - before.V)
	}
}

func (w *writer) impactStaff(s StaffChange) {
	w.h1("report.impact_staff_title")
	if !s.Done {
		w.p("report.impact_staff_none")
		return
	}
	w.p("report.impact_staff_intro")
	in := figure.DotLineData{Title: w.t("report.fig_impact_staff"), WithInterval: true}
	var rows [][]string
	low := false
	for _, a := range s.Areas {
		in.Rows = append(in.Rows, figure.ChangeRow{Label: a.Name, Before: a.Before, After: a.After, Change: a.Change,
			Interval: a.Interval, Pairs: a.Pairs})
		n, span, p := "–", "–", "–"
		if a.Change.State == figure.Known {
			n, span = w.loc.Int(a.Pairs), w.signedSpan(a.Interval)
			low = low || a.Pairs < lowPower
			if a.P != nil {
				p = w.pValue(*a.P)
			}
		}
		rows = append(rows, []string{a.Name, w.signed(a.Change), span, n, p})
	}
	w.add(FigureBlock{w.draw.DotLine(in)}, Table{Caption: w.t("report.tab_impact_staff"), Columns: []Column{
		{Head: w.t("figure.area"), Weight: 2.8}, {Head: w.t("figure.change"), Align: Right, Weight: 1.5},
		{Head: w.t("report.col_interval95"), Align: Right, Weight: 1.9}, {Head: w.t("report.col_pairs"), Align: Right, Weight: 1},
		{Head: w.t("report.col_p"), Align: Right, Weight: 1},
	}, Groups: []RowGroup{{Rows: rows}}})
	if low {
		w.add(Note{Kind: NoteLimit, Title: w.t("report.low_power"), Text: w.t("report.low_power_text", "Least", lowPower)})
	}
	if s.OverclaimDiffer {
		w.add(Note{Kind: NoteLimit, Title: w.t("report.overclaim_title"), Text: w.t("report.overclaim_text")})
	}
	if s.ShowMovers {
		w.p("report.impact_movers", "Joined", s.Joined, "Left", s.Left)
	}
}

// pValue writes a p-value with three decimals, "< 0,001" under that.
func (w *writer) pValue(p float64) string {
	if p < 0.001 {
		return "<\u00a0" + w.loc.Num(0.001, 3)
	}
	return w.loc.Num(p, 3)
}

func (w *writer) impactActed(acted []ActedArea, regression bool) {
	if len(acted) == 0 {
		return
	}
	w.h1("report.acted_title")
	w.p("report.acted_intro")
	var rows [][]string
	for _, a := range acted {
		rows = append(rows, []string{a.Name, w.loc.Int(a.Projects), w.signed(a.Change)})
	}
	w.add(Table{Caption: w.t("report.tab_acted"), Columns: []Column{
		{Head: w.t("figure.area"), Weight: 3}, {Head: w.t("report.col_projects_done"), Align: Right, Weight: 1.5},
		{Head: w.t("report.col_change_evidenced"), Align: Right, Weight: 1.8},
	}, Groups: []RowGroup{{Rows: rows}}})
	if regression {
		w.add(Note{Kind: NoteLimit, Title: w.t("report.regression_title"), Text: w.t("report.regression_text")})
	}
}

func (w *writer) impactIndicators(list []IndicatorChange) {
	w.h1("report.impact_indicators_title")
	w.p("report.impact_indicators_intro")
	var groups []RowGroup
	for _, i := range list {
		if len(groups) == 0 || groups[len(groups)-1].Title != i.Area {
			groups = append(groups, RowGroup{Title: i.Area})
		}
		g := &groups[len(groups)-1]
		g.Rows = append(g.Rows, []string{i.Code + " " + i.Name, w.levels(i.DeclaredBefore, i.DeclaredAfter),
			w.levels(i.EvidencedBefore, i.EvidencedAfter), w.changeKind(i.Kind)})
	}
	w.add(Table{Caption: w.t("report.tab_impact_indicators"), Columns: []Column{
		{Head: w.t("figure.indicator"), Weight: 3.2}, {Head: w.t("figure.declared"), Weight: 1.4},
		{Head: w.t("figure.evidenced"), Weight: 1.4}, {Head: w.t("report.col_outcome"), Weight: 2},
	}, Groups: groups})
}

// levels writes "da 1 a 3"; a dash stands for a level that is not there.
func (w *writer) levels(before, after *int) string {
	one := func(l *int) string {
		if l == nil {
			return "–"
		}
		return fmt.Sprint(*l)
	}
	return w.t("figure.from_to", "Low", one(before), "High", one(after))
}

func (w *writer) changeKind(k ChangeKind) string {
	switch k {
	case Improved:
		return w.t("report.change_improved")
	case BetterDocumented:
		return w.t("report.change_documented")
	case DeclaredOnly:
		return w.t("report.change_declared")
	case Worsened:
		return w.t("report.change_worsened")
	case LessDocumented:
		return w.t("report.change_less_documented")
	case Expired:
		return w.t("report.change_expired")
	case NotComparable:
		return w.t("report.change_not_comparable")
	case Unchanged:
		return w.t("report.change_unchanged")
	default:
		return "–"
	}
}
