package scoring

import (
	"math"

	"traguardo/surveys"
	"traguardo/surveys/privacy"
	"traguardo/surveys/stats"
)

// Corrected item-total correlations below these are flagged (methodology.md §2.5).
const (
	weakItem      = 0.30
	weakKnowledge = 0.20
)

// ScaleReliability is the internal consistency of one scale in one wave. It exists
// only where at least 30 people answered every item of the scale and its mean is
// shown. Coefficients are nil where they are not defined, never NaN.
type ScaleReliability struct {
	Measure   Measure        `json:"measure"` // SA, KX or ATT
	Area      surveys.Area   `json:"area,omitempty"`
	Construct string         `json:"construct,omitempty"`
	K         int            `json:"k"`     // items that everybody was asked
	N         int            `json:"n"`     // people who answered all of them
	Alpha     float64        `json:"alpha"` // Cronbach's; may be negative
	Interval  *privacy.Range `json:"interval"`
	KR20      *float64       `json:"kr20"`    // right/wrong items only
	Omega     *float64       `json:"omega"`   // McDonald's, one factor; nil with a Heywood case or without convergence
	SEM       *float64       `json:"sem"`     // standard error of measurement, in points of the 0–100 mean score
	Weak      []string       `json:"weak"`    // items whose corrected item-total correlation is below .30 (.20 for knowledge), or undefined
	Heywood   bool           `json:"heywood"` // a communality passed 1: omega is left out
}

// reliability computes the coefficients of the scales that changes and results are
// read on: self-assessment by area, anchors overall, attitudes. Complete rows only
// (methodology.md §2.5); «do not know» is a wrong answer, «does not concern my work»
// leaves the row out.
func (b builder) reliability() []ScaleReliability {
	out := []ScaleReliability{}
	for _, s := range b.plan.scales {
		switch {
		case s.measure == SelfAssessed, s.measure == Attitude, s.measure == Anchors && s.area == "":
			if r, ok := b.reliabilityOf(s); ok {
				out = append(out, r)
			}
		}
	}
	return out
}

func (b builder) reliabilityOf(s *scale) (ScaleReliability, bool) {
	if !b.figure(b.column(s)).Visible() {
		return ScaleReliability{}, false
	}
	items, rows := b.completeRows(s)
	if len(rows) < privacy.ReliabilityMin {
		return ScaleReliability{}, false
	}
	a, ok := stats.Alpha(rows)
	if !ok {
		return ScaleReliability{}, false
	}
	r := ScaleReliability{Measure: s.measure, Area: s.area, Construct: s.construct, K: a.K, N: a.N, Alpha: a.Raw, Weak: []string{}}
	if in, ok := stats.FeldtInterval(a.Raw, a.K, a.N); ok {
		r.Interval = &privacy.Range{Low: in.Low, High: in.High}
	}
	if sem := a.SEM / float64(a.K); !math.IsNaN(sem) {
		r.SEM = &sem
	}
	limit := weakItem
	if s.measure == Anchors {
		limit = weakKnowledge
		r.KR20 = kr20Of(rows)
	}
	for j, x := range a.ItemTotal {
		if x == nil || *x < limit {
			r.Weak = append(r.Weak, items[j].Code)
		}
	}
	if o, ok := stats.Omega(rows); ok {
		r.Heywood = len(o.Heywood) > 0
		if !r.Heywood && o.Converged {
			r.Omega = &o.Omega
		}
	}
	return r, true
}

// completeRows are the scores of the people who answered every item that everybody
// was asked, and those items.
func (b builder) completeRows(s *scale) (items []*item, rows [][]float64) {
	for _, x := range s.items {
		if b.tally[x.at][surveys.NotServed] == 0 {
			items = append(items, x)
		}
	}
	for _, p := range b.group.people {
		row := make([]float64, 0, len(items))
		for _, x := range items {
			score := x.score[p.Vector[x.from]]
			if math.IsNaN(score) {
				break
			}
			row = append(row, score)
		}
		if len(row) == len(items) && len(items) > 0 {
			rows = append(rows, row)
		}
	}
	return items, rows
}

func kr20Of(rows [][]float64) *float64 {
	right := make([][]bool, len(rows))
	for i, row := range rows {
		right[i] = make([]bool, len(row))
		for j, x := range row {
			right[i][j] = x > 0
		}
	}
	if k, ok := stats.KR20(right); ok {
		return &k
	}
	return nil
}
