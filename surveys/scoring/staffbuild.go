package scoring

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"traguardo/surveys"
	"traguardo/surveys/privacy"
	"traguardo/surveys/stats"
)

// builder turns one group of people into a published result.
type builder struct {
	plan       *plan
	group      group
	rules      privacy.Rules
	population int        // for the finite population correction; 0: none
	eligible   int        // for response rate and worst-case bounds
	tally      [][256]int // by item: how often each byte stands in its first slot
}

// counted returns b with its tally.
func (b builder) counted() builder {
	b.tally = make([][256]int, len(b.plan.items))
	for _, r := range b.group.people {
		for i, x := range b.plan.items {
			b.tally[i][r.Vector[x.from]]++
		}
	}
	return b
}

// asked reports whether anybody was served one of the items.
func (b builder) asked(items ...*item) bool {
	for _, x := range items {
		if b.tally[x.at][surveys.NotServed] < len(b.group.people) {
			return true
		}
	}
	return false
}

// column is a measure over a group: scores of the people who have one.
type column struct {
	scale  *scale
	asked  bool // somebody was served an item of it
	scores []float64
	has    []bool // by person
}

func (b builder) column(s *scale) column {
	c := column{scale: s, asked: b.asked(s.items...), has: make([]bool, len(b.group.people))}
	c.scores = make([]float64, 0, len(b.group.people))
	for i, r := range b.group.people {
		if x, ok := s.scoreOf(r.Vector, nil); ok {
			c.scores = append(c.scores, x)
			c.has[i] = true
		}
	}
	return c
}

// find returns the scale of a measure; an instrument without it gives nil.
func (p *plan) find(m Measure, a surveys.Area) *scale {
	for _, s := range p.scales {
		if s.measure == m && s.area == a && s.construct == "" {
			return s
		}
	}
	return nil
}

// fill computes every figure of res from the group.
func (b builder) fill(res *StaffResult) {
	b = b.counted()
	res.State = Published
	res.Response = b.responseRate()
	for _, a := range surveys.ScoredAreas() {
		self, knowledge := b.columnOf(SelfAssessed, a), b.columnOf(Knowledge, a)
		area := StaffArea{
			Area: a, Self: b.figure(self), Knowledge: b.figure(knowledge),
			Anchors: b.figure(b.columnOf(Anchors, a)), Behaviour: b.figure(b.columnOf(Behaviour, a)),
		}
		area.Calibration = b.calibration(self, knowledge, area)
		res.Areas = append(res.Areas, area)
	}
	res.Knowledge = b.figure(b.columnOf(Knowledge, ""))
	res.Anchors = b.figure(b.columnOf(Anchors, ""))
	res.GuessCorrected = b.figure(b.columnOf(GuessChecked, ""))
	res.completeOveralls()
	res.Overclaim = b.figure(b.columnOf(Overclaim, ""))
	for _, s := range b.plan.scales {
		if s.measure == Attitude {
			res.Attitudes = append(res.Attitudes, ConstructResult{
				Construct: s.construct, Title: s.items[0].Title, Figure: b.figure(b.column(s)),
			})
		}
	}
	res.Items = b.items()
	res.Quality = b.quality()
	res.Reliability = b.reliability()
}

// completeOveralls withholds an overall knowledge figure when exactly one area of it
// is suppressed: overall, the other areas and the STR items would give it back.
func (res *StaffResult) completeOveralls() {
	knowledge, anchors := 0, 0
	for _, a := range res.Areas {
		if a.Knowledge.State == privacy.Suppressed {
			knowledge++
		}
		if a.Anchors.State == privacy.Suppressed {
			anchors++
		}
	}
	if knowledge == 1 {
		res.Knowledge, res.GuessCorrected = withheldLike(res.Knowledge), withheldLike(res.GuessCorrected)
	}
	if anchors == 1 {
		res.Anchors = withheldLike(res.Anchors)
	}
}

func (b builder) columnOf(m Measure, a surveys.Area) column {
	s := b.plan.find(m, a)
	if s == nil {
		return column{has: make([]bool, len(b.group.people))}
	}
	return b.column(s)
}

// figure publishes the mean of a column with its interval and its worst-case
// bounds, or withholds it.
func (b builder) figure(c column) privacy.Figure {
	if !c.asked {
		return privacy.Withheld(privacy.NotAsked)
	}
	if s := b.rules.MeanState(c.scores, c.scale.span); s != privacy.Shown {
		return privacy.Withheld(s)
	}
	mean, _ := stats.Mean(c.scores)
	return privacy.NewFigure(len(c.scores), mean, meanInterval(c.scores, b.population, c.scale.span), b.bounds(mean, len(c.scores), c.scale.span))
}

// meanInterval is the 95 % t interval, cut to what a score can be.
func meanInterval(xs []float64, population int, span privacy.Range) *privacy.Range {
	i, ok := stats.MeanInterval(xs, population)
	if !ok {
		return nil
	}
	return &privacy.Range{Low: max(i.Low, span.Low), High: min(i.High, span.High)}
}

// bounds are Manski's: everyone who gave no score at the bottom, or at the top.
func (b builder) bounds(mean float64, n int, span privacy.Range) *privacy.Range {
	if b.eligible < n || b.eligible == 0 {
		return nil
	}
	r := float64(n) / float64(b.eligible)
	return &privacy.Range{Low: r*mean + (1-r)*span.Low, High: r*mean + (1-r)*span.High}
}

// calibration is the difference of the two published means, so that it tells
// nothing that they do not; its standard error takes in that the same people gave
// both: s²_SA/n₁ + s²_KN/n₂ − 2·cov·n₁₂/(n₁n₂), with min(n₁, n₂)−1 degrees of
// freedom. Where everyone has both scores this is the paired t interval. It is
// withheld when either mean is.
func (b builder) calibration(self, knowledge column, area StaffArea) privacy.Figure {
	if !self.asked || !knowledge.asked {
		return privacy.Withheld(privacy.NotAsked)
	}
	if !area.Self.Visible() || !area.Knowledge.Visible() {
		if area.Self.State == privacy.Insufficient || area.Knowledge.State == privacy.Insufficient {
			return privacy.Withheld(privacy.Insufficient)
		}
		return privacy.Withheld(privacy.Suppressed)
	}
	xs, ys := both(self, knowledge)
	if !b.rules.MayShow(len(xs)) {
		return privacy.Withheld(privacy.Insufficient)
	}
	n1, n2, n12 := float64(len(self.scores)), float64(len(knowledge.scores)), float64(len(xs))
	v1, _ := stats.Variance(self.scores)
	v2, _ := stats.Variance(knowledge.scores)
	gap := *area.Self.Value - *area.Knowledge.Value
	variance := max(0, v1/n1+v2/n2-2*covariance(xs, ys)*n12/(n1*n2))
	df := min(n1, n2) - 1
	half := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.Quantile(0.975) * math.Sqrt(variance) *
		stats.FinitePopulation(int(min(n1, n2)), b.population)
	return privacy.NewFigure(len(xs), gap, &privacy.Range{Low: max(-100, gap-half), High: min(100, gap+half)}, nil)
}

// both returns the scores of the people who have one in either column.
func both(a, b column) (xs, ys []float64) {
	i, j := 0, 0
	for k := range a.has {
		if a.has[k] && b.has[k] {
			xs, ys = append(xs, a.scores[i]), append(ys, b.scores[j])
		}
		if a.has[k] {
			i++
		}
		if b.has[k] {
			j++
		}
	}
	return xs, ys
}

func covariance(xs, ys []float64) float64 {
	mx, _ := stats.Mean(xs)
	my, _ := stats.Mean(ys)
	sum := 0.0
	for i := range xs {
		sum += (xs[i] - mx) * (ys[i] - my)
	}
	return sum / float64(len(xs)-1)
}

func (b builder) responseRate() ResponseRate {
	n := len(b.group.people)
	r := ResponseRate{State: privacy.Shown, Responses: n, Complete: b.cell(b.group.complete), Partial: b.cell(b.group.partial), BreakOffs: b.cell(b.group.breakOff)}
	if r.Complete.State != privacy.Shown || r.Partial.State != privacy.Shown {
		r.Complete, r.Partial = privacy.Cell{State: privacy.Suppressed}, privacy.Cell{State: privacy.Suppressed}
	}
	r.Rate = ratio(n, b.eligible)
	return r
}

// cell shows a count of nobody or of enough people.
func (b builder) cell(count int) privacy.Cell {
	if b.rules.Remainder(count) {
		return privacy.Cell{State: privacy.Shown, Count: count}
	}
	return privacy.Cell{State: privacy.Suppressed}
}

// share publishes «count of n» as 0–1, or withholds it.
func (b builder) share(count, n int, asked bool) privacy.Figure {
	if !asked {
		return privacy.Withheld(privacy.NotAsked)
	}
	if s := b.rules.ShareState(count, n); s != privacy.Shown {
		return privacy.Withheld(s)
	}
	w, _ := stats.Wilson(count, n)
	return privacy.NewFigure(n, float64(count)/float64(n), &privacy.Range{Low: w.Low, High: w.High}, nil)
}

// quality counts failed attention checks and runs of identical answers.
func (b builder) quality() Quality {
	var attention []*item
	var attitudes []*item
	for _, x := range b.plan.items {
		switch {
		case x.block == blockAttention && x.Expect != nil:
			attention = append(attention, x)
		case x.block == blockAttitude:
			attitudes = append(attitudes, x)
		}
	}
	failed, checked, same, full := 0, 0, 0, 0
	for _, r := range b.group.people {
		for _, x := range attention {
			if v := r.Vector[x.from]; surveys.IsValue(v) {
				checked++
				if v != *x.Expect {
					failed++
				}
			}
		}
		if answers := answered(attitudes, r.Vector); len(answers) > 1 {
			full++
			if slices.Max(answers) == slices.Min(answers) {
				same++
			}
		}
	}
	return Quality{
		AttentionFailed: b.share(failed, checked, b.asked(attention...)),
		SameAnswers:     b.share(same, full, b.asked(attitudes...)),
	}
}

// answered returns the answers to items when every served one has a value, else nil.
func answered(items []*item, v surveys.Vector) []byte {
	var out []byte
	for _, x := range items {
		switch b := v[x.from]; {
		case surveys.IsValue(b):
			out = append(out, b)
		case b != surveys.NotServed:
			return nil
		}
	}
	return out
}
