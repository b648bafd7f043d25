package dataset

import (
	"traguardo/surveys"
	"traguardo/surveys/privacy"
	"traguardo/surveys/scoring"
)

// All is the code of the figure over the four areas.
const All = "ALL"

// States of an assessment that no figure of the staff has.
const (
	stateInterval = "interval" // only the ends are known: indicators are missing
	stateNA       = "na"
	stateMissing  = "missing"
	stateNone     = "none" // there is nothing to compute it from
)

func (d *Dataset) assessment(r scoring.MATResult) {
	answered := 0
	for _, a := range r.Areas {
		answered += a.Answered
	}
	d.scores(All, r.Overall.Declared, r.Overall.Evidenced, r.Overall.Coverage, r.Overall.Label, answered)
	if s := r.Overall.Sensitivity; s != nil {
		d.add(Row{Figure: "mat_sensitivity", Area: All, State: stateInterval, Low: &s.Low, High: &s.High})
	}
	d.add(plainRow(Row{Figure: "mat_geometric", Area: All}, r.Overall.Geometric))
	for _, list := range [][]scoring.AreaResult{r.Areas, r.Beside} {
		for _, a := range list {
			d.scores(string(a.Area), a.Declared, a.Evidenced, a.Coverage, a.Label, a.Answered)
			d.counts(a)
		}
	}
	for _, x := range r.Indicators {
		d.indicator(x)
	}
	g := r.Agreement
	n := g.N
	for _, x := range []struct {
		code  string
		value *float64
	}{{"mat_identical", g.Identical}, {"mat_within_one", g.WithinOne}, {"mat_kappa", g.Kappa}} {
		row := plainRow(Row{Figure: x.code}, x.value)
		row.N = &n
		d.add(row)
	}
}

func (d *Dataset) scores(area string, declared, evidenced scoring.Score, c scoring.Coverage, label *scoring.Label, answered int) {
	d.add(scoreRow(Row{Figure: "mat_declared", Area: area}, declared, answered))
	row := scoreRow(Row{Figure: "mat_evidenced", Area: area}, evidenced, answered)
	if label != nil {
		row.Text = string(*label)
	}
	d.add(row)
	covered, of := c.Covered, c.Declared
	row = plainRow(Row{Figure: "mat_coverage", Area: area}, c.Share)
	row.N, row.Of = &covered, &of
	d.add(row)
}

func (d *Dataset) counts(a scoring.AreaResult) {
	total := a.Total
	for _, x := range []struct {
		code  string
		count int
	}{{"mat_answered", a.Answered}, {"mat_na", a.NA}, {"mat_missing", a.Missing}} {
		v := float64(x.count)
		d.add(Row{Figure: x.code, Area: string(a.Area), State: string(privacy.Shown), Value: &v, Of: &total})
	}
}

// scoreRow is a score: one number, only its ends, or nothing.
func scoreRow(r Row, s scoring.Score, answered int) Row {
	r.State = stateNone
	if answered == 0 {
		return r
	}
	if s.Interval != nil {
		r.State, r.Low, r.High = stateInterval, &s.Interval.Low, &s.Interval.High
	}
	if s.Value != nil {
		r.State, r.Value = string(privacy.Shown), s.Value
	}
	return r
}

// plainRow is a value that is there or not.
func plainRow(r Row, v *float64) Row {
	r.State = stateNone
	if v != nil {
		r.State, r.Value = string(privacy.Shown), v
	}
	return r
}

func (d *Dataset) indicator(x scoring.IndicatorResult) {
	for _, f := range []struct {
		code  string
		level *surveys.Level
	}{{"mat_indicator_declared", x.Declared}, {"mat_indicator_evidenced", x.Evidenced}} {
		row := levelRow(Row{Figure: f.code, Area: string(x.Area), Item: x.Code}, f.level)
		switch x.State {
		case scoring.NotApplicable:
			row.State, row.Text = stateNA, x.NAReason
		case scoring.NotAssessed:
			row.State = stateMissing
		case scoring.Assessed:
			row.Text = string(x.Evidence)
		}
		d.add(row)
	}
}

func levelRow(r Row, l *surveys.Level) Row {
	if l == nil {
		return plainRow(r, nil)
	}
	v := float64(*l)
	return plainRow(r, &v)
}

func (d *Dataset) change(c scoring.MATChange) {
	d.scoreChange(All, "matchange_declared", c.Declared)
	d.scoreChange(All, "matchange_evidenced", c.Evidenced)
	for _, a := range c.Areas {
		d.scoreChange(string(a.Area), "matchange_declared", a.Declared)
		d.scoreChange(string(a.Area), "matchange_evidenced", a.Evidenced)
	}
	for _, x := range c.Indicators {
		for _, f := range []struct {
			code  string
			delta *int
		}{{"matchange_indicator_declared", x.DeltaDeclared}, {"matchange_indicator_evidenced", x.DeltaEvidenced}} {
			row := Row{Figure: f.code, Area: string(x.Area), Item: x.Code, State: stateNone, Text: string(x.Kind)}
			if f.delta != nil {
				v := float64(*f.delta)
				row = plainRow(row, &v)
			}
			d.add(row)
		}
	}
}

func (d *Dataset) scoreChange(area, figure string, c scoring.ScoreChange) {
	d.add(plainRow(Row{Figure: figure, Area: area}, c.Delta))
}
