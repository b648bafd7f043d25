package scoring

import (
	"slices"

	"traguardo/surveys"
	"traguardo/surveys/privacy"
	"traguardo/surveys/stats"
)

// paired holds one measure over the pairs: scores before and after of those pairs
// that have both, and how many people have a score in one wave only.
type paired struct {
	pre, post []float64
	rest      [2]int // people of each wave with a score but not among the pairs above
	asked     bool
}

// measures fills the changes in the order: primary, areas, attitudes, the rest.
func (c *comparison) measures(res *ChangeResult) {
	add := func(s *scale, data paired) {
		m := c.change(s, data)
		m.Primary = s.measure == Anchors && s.area == ""
		res.Measures = append(res.Measures, m)
	}
	for _, k := range []struct {
		measure Measure
		byArea  bool
	}{{Anchors, false}, {Anchors, true}, {SelfAssessed, true}, {Rotated, false}, {Overclaim, false}} {
		for _, s := range c.plan.scales {
			if s.measure == k.measure && (s.area != "") == k.byArea {
				add(s, c.pairUp(s))
			}
		}
	}
	for _, s := range c.plan.scales {
		if s.measure == Attitude {
			add(s, c.pairUp(s))
		}
	}
	for _, a := range surveys.ScoredAreas() {
		if t := c.plan.then(a); t != nil {
			for _, x := range c.lookBack(t) {
				add(&scale{measure: x.measure, area: a, span: t.now.span}, x.data)
			}
		}
	}
	holm(res.Measures)
}

// pairUp scores every pair on the items served in both waves.
func (c *comparison) pairUp(s *scale) paired {
	var d paired
	used := [2][]bool{make([]bool, len(c.pre)), make([]bool, len(c.post))}
	for _, k := range c.pairs {
		a, b := c.pre[k.pre], c.post[k.post]
		maskA, maskB := b.Vector, a.Vector
		if s.measure == Rotated {
			if sameSet(a, b) {
				continue
			}
			maskA, maskB = nil, nil // the two sets are different items on purpose
		}
		x, okPre := s.scoreOf(a.Vector, maskA)
		y, okPost := s.scoreOf(b.Vector, maskB)
		d.asked = d.asked || s.servedTo(a.Vector) && s.servedTo(b.Vector)
		if okPre && okPost {
			d.pre, d.post = append(d.pre, x), append(d.post, y)
			used[0][k.pre], used[1][k.post] = true, true
		}
	}
	d.rest = [2]int{leftOver(s, c.pre, used[0]), leftOver(s, c.post, used[1])}
	return d
}

// leftOver counts the people with a score who are in no pair.
func leftOver(s *scale, people []Response, used []bool) int {
	n := 0
	for i, r := range people {
		if _, ok := s.scoreOf(r.Vector, nil); ok && !used[i] {
			n++
		}
	}
	return n
}

// thenTest is the items of one area asked three times: before, now, and now about
// before. now[i] and then[i] are the same text.
type thenTest struct{ now, then *scale }

// then returns the then-test of an area, nil when the instrument has none.
func (p *plan) then(a surveys.Area) *thenTest {
	self := p.find(SelfAssessed, a)
	if self == nil {
		return nil
	}
	now := &scale{measure: SelfThenItems, area: a, num: self.num, den: self.den, span: self.span}
	back := &scale{measure: ResponseShift, area: a, num: self.num, den: self.den, span: self.span}
	for _, x := range self.items {
		if !x.ThenTest {
			continue
		}
		i := slices.IndexFunc(p.items, func(t *item) bool { return t.Code == surveys.ThenPrefix+x.Code })
		if i >= 0 {
			now.items, back.items = append(now.items, x), append(back.items, p.items[i])
		}
	}
	if len(now.items) == 0 {
		return nil
	}
	return &thenTest{now, back}
}

type lookedBack struct {
	measure Measure
	data    paired
}

// lookBack scores Pre, Post and Then on the same items of the same people, so that
// Post − Pre = (Post − Then) + (Then − Pre) holds to the last digit.
func (c *comparison) lookBack(t *thenTest) []lookedBack {
	var pre, post, then []float64
	asked := false
	used := [2][]bool{make([]bool, len(c.pre)), make([]bool, len(c.post))}
	for _, k := range c.pairs {
		a, b := c.pre[k.pre].Vector, c.post[k.post].Vector
		now, back := t.common(a, b)
		asked = asked || len(now.items) > 0
		x, ok1 := now.scoreOf(a, nil)
		y, ok2 := now.scoreOf(b, nil)
		z, ok3 := back.scoreOf(b, nil)
		if ok1 && ok2 && ok3 {
			pre, post, then = append(pre, x), append(post, y), append(then, z)
			used[0][k.pre], used[1][k.post] = true, true
		}
	}
	rest := [2]int{leftOver(t.now, c.pre, used[0]), leftOver(t.now, c.post, used[1])}
	return []lookedBack{
		{SelfThenItems, paired{pre, post, rest, asked}},
		{PostThen, paired{then, post, rest, asked}},
		{ResponseShift, paired{pre, then, rest, asked}},
	}
}

// common keeps the items that were served all three times.
func (t *thenTest) common(pre, post surveys.Vector) (now, back *scale) {
	n, b := *t.now, *t.then
	n.items, b.items = nil, nil
	for i, x := range t.now.items {
		y := t.then.items[i]
		if pre[x.from] != surveys.NotServed && post[x.from] != surveys.NotServed && post[y.from] != surveys.NotServed {
			n.items, b.items = append(n.items, x), append(b.items, y)
		}
	}
	return &n, &b
}

// change publishes the change of one measure, or withholds it.
func (c *comparison) change(s *scale, d paired) MeasureChange {
	m := MeasureChange{Measure: s.measure, Area: s.area, Construct: s.construct, State: privacy.NotAsked}
	if !d.asked {
		return m
	}
	diffs := stats.Differences(d.pre, d.post)
	width := s.span.High - s.span.Low
	if m.State = c.rules.MeanState(diffs, privacy.Range{Low: -width, High: width}); m.State != privacy.Shown {
		// Everyone changed by the same: with nobody outside the pairs the difference of
		// the two wave means would say by how much.
		m.MeansWithheld = m.State == privacy.Suppressed && d.rest == [2]int{}
		return m
	}
	m.N, m.LowPower = len(diffs), len(diffs) < privacy.LowPowerPairs
	mean, _ := stats.Mean(diffs)
	m.Mean = &mean
	c.median(&m, diffs)
	c.meanInterval(&m, diffs, width)
	c.test(&m, diffs)
	if !c.rules.Remainder(d.rest[0]) || !c.rules.Remainder(d.rest[1]) {
		m.MeansWithheld = true
		return m
	}
	// The change is known, so one wave mean gives the other: both or none.
	if c.rules.MeanState(d.pre, s.span) == privacy.Shown && c.rules.MeanState(d.post, s.span) == privacy.Shown {
		a, _ := stats.Mean(d.pre)
		b, _ := stats.Mean(d.post)
		m.Pre, m.Post = &a, &b
	}
	return m
}

// meanInterval follows methodology 2.7: bootstrap from 15 pairs to 2,000, normal
// above; below 15 the interval of the change is the exact one of the estimate, which
// median has filled, and the t interval only where that is withheld.
func (c *comparison) meanInterval(m *MeasureChange, diffs []float64, width float64) {
	if len(diffs) < privacy.LowPowerPairs {
		if m.MeanMethod = MethodExact; m.Interval == nil {
			m.MeanInterval, m.MeanMethod = meanInterval(diffs, 0, privacy.Range{Low: -width, High: width}), MethodT
		}
		return
	}
	// Sorted, so that the draws depend on the changes alone.
	if e, kind, ok := stats.ChangeInterval(slices.Sorted(slices.Values(diffs)), c.seed); ok {
		m.MeanInterval, m.MeanMethod = &privacy.Range{Low: e.Low, High: e.High}, kind.String()
	}
}

// median fills the Hodges–Lehmann estimate. In a group of fewer than ten the ends
// of its interval may be the smallest and the largest change of one person, which
// must not be shown.
func (c *comparison) median(m *MeasureChange, diffs []float64) {
	e, ok := stats.HodgesLehmann(diffs)
	if !ok {
		return
	}
	m.Estimate = &e.Value
	if !c.rules.MayDistribute(len(diffs)) && (e.Low <= slices.Min(diffs) || e.High >= slices.Max(diffs)) {
		return
	}
	m.Interval, m.Confidence = &privacy.Range{Low: e.Low, High: e.High}, &e.Confidence
}

// test fills p and the effect sizes that the number of pairs allows.
func (c *comparison) test(m *MeasureChange, diffs []float64) {
	if len(diffs) < privacy.TestPairsMin {
		return
	}
	w := stats.Wilcoxon(diffs, stats.WilcoxonOptions{})
	m.P = w.P
	if !c.rules.MayDistribute(len(diffs)) || slices.Min(diffs) >= 0 || slices.Max(diffs) <= 0 {
		return
	}
	m.RankBiserial = w.RankBiserial
	if share, ok := stats.ShareImproved(diffs); ok {
		m.Improved = &share
	}
}

// holm adjusts the tests of self-assessed competence by area, the family of
// secondary outcomes (methodology 2.7).
func holm(list []MeasureChange) {
	var at []int
	var ps []float64
	for i, m := range list {
		if m.Measure == SelfAssessed && m.P != nil {
			at, ps = append(at, i), append(ps, *m.P)
		}
	}
	for k, p := range stats.Holm(ps) {
		list[at[k]].PHolm = &p
	}
}

// attrition compares at pre, on the anchors overall, who was matched with who was
// not; both sides need the threshold.
func (c *comparison) attrition() *float64 {
	s := c.plan.find(Anchors, "")
	if s == nil {
		return nil
	}
	var matched, unmatched []float64
	for i, r := range c.pre {
		x, ok := s.scoreOf(r.Vector, nil)
		switch {
		case !ok:
		case c.paired[0][i]:
			matched = append(matched, x)
		default:
			unmatched = append(unmatched, x)
		}
	}
	if !c.rules.MayShow(len(matched)) || !c.rules.MayShow(len(unmatched)) {
		return nil
	}
	slices.Sort(matched)
	slices.Sort(unmatched)
	d, ok := stats.SMD(matched, unmatched)
	if !ok {
		return nil
	}
	return &d
}
