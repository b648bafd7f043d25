package dataset

import (
	"strconv"
	"strings"

	"traguardo/surveys/privacy"
	"traguardo/surveys/scoring"
)

func (d *Dataset) staff(r scoring.StaffResult) {
	eligible := float64(r.Eligible)
	d.add(plainRow(Row{Figure: "staff_eligible"}, &eligible))
	threshold := float64(r.Threshold)
	d.add(plainRow(Row{Figure: "staff_threshold"}, &threshold))
	d.response(r)
	for _, a := range r.Areas {
		for _, x := range []struct {
			measure scoring.Measure
			figure  privacy.Figure
		}{{scoring.SelfAssessed, a.Self}, {scoring.Knowledge, a.Knowledge}, {scoring.Anchors, a.Anchors}, {scoring.Calibration, a.Calibration}, {scoring.Behaviour, a.Behaviour}} {
			d.add(figureRow(Row{Figure: "staff_mean", Measure: string(x.measure), Area: string(a.Area)}, x.figure))
		}
	}
	for _, x := range []struct {
		measure scoring.Measure
		figure  privacy.Figure
	}{{scoring.Knowledge, r.Knowledge}, {scoring.Anchors, r.Anchors}, {scoring.GuessChecked, r.GuessCorrected}, {scoring.Overclaim, r.Overclaim}} {
		d.add(figureRow(Row{Figure: "staff_mean", Measure: string(x.measure), Area: All}, x.figure))
	}
	for _, a := range r.Attitudes {
		d.add(figureRow(Row{Figure: "staff_mean", Measure: string(scoring.Attitude), Item: a.Construct}, a.Figure))
	}
	d.add(figureRow(Row{Figure: "staff_attention_failed"}, r.Quality.AttentionFailed))
	d.add(figureRow(Row{Figure: "staff_same_answers"}, r.Quality.SameAnswers))
	for _, it := range r.Items {
		d.item(it)
	}
}

func (d *Dataset) response(r scoring.StaffResult) {
	row := Row{Figure: "staff_rate", State: string(r.Response.State)}
	if r.Response.State == privacy.Shown {
		n, of := r.Response.Responses, r.Eligible
		row = plainRow(row, r.Response.Rate)
		row.N, row.Of = &n, &of
	}
	d.add(row)
	d.add(cellRow(Row{Figure: "staff_complete"}, r.Response.Complete))
	d.add(cellRow(Row{Figure: "staff_partial"}, r.Response.Partial))
	d.add(cellRow(Row{Figure: "staff_break_offs"}, r.Response.BreakOffs))
}

// item writes the distribution of one question, and the shares of «does not concern
// my work» and «do not know» as the states na and dk of questionnaires.md §1.
func (d *Dataset) item(it scoring.ItemResult) {
	base := Row{Area: string(it.Area), Item: it.Code}
	with := func(figure, category string) Row {
		r := base
		r.Figure, r.Category = figure, category
		return r
	}
	d.add(figureRow(with("staff_item_na", "na"), it.NA))
	d.add(figureRow(with("staff_item_dk", "dk"), it.DK))
	if it.State != privacy.Shown {
		r := with("staff_item_share", "")
		r.State = string(it.State)
		d.add(r)
		return
	}
	n := it.N
	for _, b := range it.Bins {
		r := plainRow(with("staff_item_share", strings.Join(b.Categories, "|")), &b.Share)
		count := b.Count
		r.N, r.Of = &count, &n
		d.add(r)
	}
	if it.Mean != nil {
		r := plainRow(with("staff_item_mean", ""), it.Mean)
		r.N = &n
		d.add(r)
	}
	for _, o := range it.Options {
		d.add(figureRow(with("staff_item_option", strconv.Itoa(o.Option)), o.Share))
	}
}

func (d *Dataset) staffChange(c scoring.ChangeResult) {
	row := Row{Figure: "staffchange_pairs", State: string(c.Match.State)}
	if c.Match.State == privacy.Shown {
		v := float64(c.Match.Pairs)
		row = plainRow(row, &v)
	}
	d.add(row)
	d.add(plainRow(Row{Figure: "staffchange_attrition"}, c.Attrition))
	for _, m := range c.Measures {
		d.measureChange(m)
	}
}

func (d *Dataset) measureChange(m scoring.MeasureChange) {
	base := Row{Measure: string(m.Measure), Area: string(m.Area), Item: m.Construct, State: string(m.State)}
	if m.Area == "" && m.Construct == "" {
		base.Area = All
	}
	if m.State != privacy.Shown {
		base.Figure = "staffchange_mean"
		d.add(base)
		return
	}
	n := m.N
	base.N = &n
	with := func(figure string, v *float64) Row {
		r := base
		r.Figure = figure
		return plainRow(r, v)
	}
	mean := with("staffchange_mean", m.Mean)
	if m.MeanInterval != nil {
		mean.Low, mean.High, mean.Confidence, mean.Method = &m.MeanInterval.Low, &m.MeanInterval.High, level95(), m.MeanMethod
	}
	median := with("staffchange_median", m.Estimate)
	if m.Interval != nil {
		median.Low, median.High, median.Confidence, median.Method = &m.Interval.Low, &m.Interval.High, m.Confidence, scoring.MethodExact
	}
	d.add(mean)
	d.add(median)
	d.add(with("staffchange_p", m.P))
	if m.Measure == scoring.SelfAssessed {
		d.add(with("staffchange_p_holm", m.PHolm))
	}
	d.add(with("staffchange_rank_biserial", m.RankBiserial))
	d.add(with("staffchange_improved", m.Improved))
	pre, post := with("staffchange_before", m.Pre), with("staffchange_after", m.Post)
	if m.MeansWithheld {
		pre, post = withheld(pre), withheld(post)
	}
	d.add(pre)
	d.add(post)
}

// withheld leaves of a row its names and that it is suppressed.
func withheld(r Row) Row {
	return Row{Figure: r.Figure, Measure: r.Measure, Area: r.Area, Item: r.Item, State: string(privacy.Suppressed)}
}
