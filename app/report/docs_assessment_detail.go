package report

import "traguardo/app/report/figure"

// assessmentStaff adds the section on the staff's survey.
func (w *writer) assessmentStaff(s StaffResult) {
	w.h1("report.staff_title")
	switch {
	case !s.Done:
		w.p("report.staff_none")
		return
	case s.Small:
		w.add(Note{Kind: NoteLimit, Title: w.t("figure.insufficient"), Text: w.t("report.staff_small")})
		return
	}
	if s.Few {
		w.add(Note{Kind: NoteLimit, Title: w.t("figure.insufficient"), Text: w.t("report.staff_few")})
		return
	}
	if s.Responses == s.Eligible {
		w.p("report.staff_intro_all", "Count", s.Eligible)
	} else {
		w.p("report.staff_intro", "Responses", s.Responses, "Eligible", s.Eligible, "Rate", w.loc.Pct(ratio(s.Responses, s.Eligible), 0))
	}
	in := figure.LevelBarsData{Title: w.t("report.fig_staff")}
	var rows [][]string
	hidden := 0
	for _, a := range s.Areas {
		in.Rows = append(in.Rows, figure.LevelRow{Label: a.Name, Evidenced: a.Mean, Interval: a.Interval,
			Declared: figure.Value{State: figure.NotApplicable}})
		n, span := w.loc.Int(a.N), w.span(a.Interval)
		if a.Mean.State != figure.Known {
			n, span = "–", "–"
			hidden++
		}
		rows = append(rows, []string{a.Name, w.points(a.Mean), span, n})
	}
	w.add(FigureBlock{w.draw.MeanBars(in)}, Table{Caption: w.t("report.tab_staff"), Columns: []Column{
		{Head: w.t("figure.area"), Weight: 3}, {Head: w.t("report.col_mean"), Align: Right, Weight: 1.5},
		{Head: w.t("report.col_interval95"), Align: Right, Weight: 1.6}, {Head: w.t("report.col_n"), Align: Right, Weight: 1},
	}, Groups: []RowGroup{{Rows: rows}}})
	if hidden > 0 {
		w.add(Note{Kind: NoteLimit, Title: w.t("figure.insufficient"), Text: w.t("report.staff_hidden", "Count", hidden)})
	}
	w.p("report.staff_beside")
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// assessmentReasons adds «perché 62?»: a section with one figure for each area.
func (w *writer) assessmentReasons(d AssessmentData) {
	w.h1("report.reasons_title")
	w.p("report.reasons_intro")
	for _, a := range d.Areas {
		if len(a.Contributions) == 0 {
			continue
		}
		if a.Evidenced.State == figure.Known {
			w.add(Heading{Level: 2, Text: w.t("report.reasons_area", "Area", a.Name, "Score", w.score(a.Evidenced))})
		} else {
			w.add(Heading{Level: 2, Text: a.Name})
		}
		w.reasonsText(a)
		in := figure.ContributionsData{Title: w.t("report.fig_reasons", "Area", a.Name)}
		for _, c := range a.Contributions {
			in.Rows = append(in.Rows, figure.ContributionRow{Label: c.Name, Level: c.Level, Points: c.Points, Most: c.Most, Gate: c.Gate})
		}
		w.add(FigureBlock{w.draw.Contributions(in)})
	}
}

// reasonsText says what brings most and where most is still to be won.
func (w *writer) reasonsText(a AreaScore) {
	top, open := -1, -1
	for i, c := range a.Contributions {
		if c.Level.State != figure.Known {
			continue
		}
		if c.Points > 0 && (top < 0 || c.Points > a.Contributions[top].Points) {
			top = i
		}
		if g := c.Most - c.Points; g > 0 && (open < 0 || g > a.Contributions[open].Most-a.Contributions[open].Points) {
			open = i
		}
	}
	switch {
	case a.Evidenced.State != figure.Known && a.Interval.Set:
		w.p("report.reasons_interval", "Span", w.span(a.Interval), "N", a.Answered, "Total", a.Applicable)
	case a.Evidenced.State != figure.Known:
		w.p("report.reasons_none", "N", a.Answered, "Total", a.Applicable)
	case top >= 0 && open >= 0:
		o := a.Contributions[open]
		w.p("report.reasons_text", "Top", a.Contributions[top].Name, "TopPoints", w.loc.Num(a.Contributions[top].Points, 1),
			"Open", o.Name, "OpenPoints", w.loc.Num(o.Most-o.Points, 1))
	case open >= 0:
		w.p("report.reasons_zero")
	default:
		w.p("report.reasons_full")
	}
}

// assessmentIndicators adds the table of every indicator with its evidence.
func (w *writer) assessmentIndicators(d AssessmentData) {
	w.add(PageBreak{})
	w.h1("report.indicators_title")
	w.p("report.indicators_intro")
	var groups []RowGroup
	for _, r := range d.Indicators {
		if len(groups) == 0 || groups[len(groups)-1].Title != r.Area {
			groups = append(groups, RowGroup{Title: r.Area})
		}
		g := &groups[len(groups)-1]
		declared, evidenced, proof := w.level(r.Declared), w.level(r.Evidenced), dash(r.Evidence)
		if r.NA {
			declared, evidenced = w.t("figure.not_applicable"), w.t("figure.not_applicable")
			proof = w.t("report.na_reason", "Reason", dash(r.NAReason))
		}
		if r.Renew {
			proof += " – " + w.t("report.renew")
		}
		name := r.Code + " " + r.Name
		if r.Gate {
			name += " (" + w.t("report.gate_mark") + ")"
		}
		g.Rows = append(g.Rows, []string{name, declared, evidenced, proof})
	}
	w.add(Table{Caption: w.t("report.tab_indicators"), Columns: []Column{
		{Head: w.t("figure.indicator"), Weight: 3.2}, {Head: w.t("figure.declared"), Align: Center, Weight: 1.45},
		{Head: w.t("figure.evidenced"), Align: Center, Weight: 1.45}, {Head: w.t("report.col_evidence"), Weight: 3},
	}, Groups: groups})
}
