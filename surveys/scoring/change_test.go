package scoring

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"traguardo/surveys"
	"traguardo/surveys/pairing"
	"traguardo/surveys/privacy"
	"traguardo/surveys/stats"
)

// waves is n matched people: self-assessment rises by one level for all but every
// fourth, anchors right go from 1 to 1+i%3, and the set alternates.
func waves(t *testing.T, in *surveys.Instrument, n int) (pre, post []PairedResponse, match pairing.MatchReport) {
	t.Helper()
	for i := range n {
		set := []surveys.Form{surveys.FormA, surveys.FormB}[i%2]
		before, gain := byte(1+i%2), byte(1)
		if i%4 == 3 {
			gain = 0
		}
		a := PairedResponse{surveys.ID(fmt.Sprintf("pre%03d", i)), respond(t, in, full(surveys.ExAnte, set), at(before, 1+i%2))}
		answer := at(before+gain, 1+i%3)
		b := PairedResponse{surveys.ID(fmt.Sprintf("post%03d", i)), respond(t, in, full(surveys.ExPost, set.Other()), func(it surveys.Item) byte {
			if strings.HasPrefix(it.Code, surveys.ThenPrefix) {
				return byte(i % 2) // then: one level lower than was said
			}
			return answer(it)
		})}
		pre, post = append(pre, a), append(post, b)
		match.Pairs = append(match.Pairs, pairing.Pair{Pre: a.ID, Post: b.ID})
	}
	return pre, post, match
}

func mustChange(t *testing.T, in *surveys.Instrument, pre, post []PairedResponse, match pairing.MatchReport) ChangeResult {
	t.Helper()
	res, err := Change(in, pre, post, match, ChangeConfig{EligiblePre: 60, EligiblePost: 60, Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func measured(t *testing.T, res ChangeResult, m Measure, a surveys.Area) MeasureChange {
	t.Helper()
	x, ok := res.Measure(m, a, "")
	if !ok {
		t.Fatalf("no %s %s", m, a)
	}
	return x
}

// TestChangeVector feeds the twelve differences of methodology 2.7.
func TestChangeVector(t *testing.T) {
	t.Parallel()
	diffs := []float64{2, 1, 0, 3, -1, 1, 0, 2, 1, -2, 1, 2}
	var d paired
	for i, x := range diffs {
		d.pre, d.post = append(d.pre, 50+float64(i)), append(d.post, 50+float64(i)+x)
	}
	d.asked = true
	c := comparison{}
	m := c.change(&scale{measure: Anchors, span: privacy.Range{Low: 0, High: 100}}, d)
	near(t, "mean", m.Mean, 10.0/12)
	near(t, "HL", m.Estimate, 1)
	nearRange(t, "HL interval", m.Interval, 0, 2)
	near(t, "share improved", m.Improved, 9.0/12)
	near(t, "rank-biserial", m.RankBiserial, (60.5-14.5)/75)
	if m.P == nil || math.Abs(*m.P-0.0801) > 5e-5 {
		t.Errorf("p %v, want .0801", m.P)
	}
	if m.N != 12 || !m.LowPower || m.MeanMethod != MethodExact || m.MeanInterval != nil || m.MeansWithheld {
		t.Errorf("n %d, low power %v, method %s, withheld %v", m.N, m.LowPower, m.MeanMethod, m.MeansWithheld)
	}
	near(t, "pre", m.Pre, 55.5)
	near(t, "post", m.Post, 55.5+10.0/12)
}

func TestChangeByPairs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		n                        int
		state                    privacy.State
		p, interval, share, lowP bool
		method                   string
	}{
		{0, privacy.Insufficient, false, false, false, false, ""},
		{4, privacy.Insufficient, false, false, false, false, ""},
		{5, privacy.Shown, false, false, false, true, "t"},
		{6, privacy.Shown, true, false, false, true, "t"},
		{9, privacy.Shown, true, true, false, true, MethodExact},
		{10, privacy.Shown, true, true, true, true, MethodExact},
		{14, privacy.Shown, true, true, true, true, MethodExact},
		{15, privacy.Shown, true, true, true, false, "bca"},
		{40, privacy.Shown, true, true, true, false, "bca"},
	} {
		d := paired{asked: true}
		for i := range c.n {
			d.pre = append(d.pre, 40+float64(i%7))
			d.post = append(d.post, 43+float64(i%7)+float64((i*5)%9)-4)
		}
		m := (&comparison{seed: 1}).change(&scale{measure: Anchors, span: privacy.Range{Low: 0, High: 100}}, d)
		if m.State != c.state || (m.P != nil) != c.p || (m.Interval != nil) != c.interval || (m.Improved != nil) != c.share || m.LowPower != c.lowP || m.MeanMethod != c.method {
			t.Errorf("%d pairs: %+v", c.n, m)
		}
		value, in := m.Headline()
		if (value != nil) != (c.state == privacy.Shown) || (in != nil) != (c.state == privacy.Shown) {
			t.Fatalf("%d pairs: headline %v in %v", c.n, value, in)
		}
		if value != nil && (in.Low > *value || in.High < *value || m.Mean == nil || (m.MeanInterval == nil) != (c.method == MethodExact)) {
			t.Errorf("%d pairs: headline %v in %v, mean %v in %v", c.n, *value, *in, m.Mean, m.MeanInterval)
		}
	}
}

// TestChangeSkewed is why the mean has no interval of its own under 15 pairs: the
// exact one is that of the median of the averages and need not hold the mean.
func TestChangeSkewed(t *testing.T) {
	t.Parallel()
	d := paired{asked: true}
	for i := range 14 {
		d.pre, d.post = append(d.pre, 0), append(d.post, 0)
		if i == 13 {
			d.post[i] = 100
		}
	}
	m := (&comparison{}).change(&scale{measure: Anchors, span: privacy.Range{Low: 0, High: 100}}, d)
	value, in := m.Headline()
	near(t, "mean", m.Mean, 100.0/14)
	near(t, "headline", value, 0)
	nearRange(t, "its interval", in, 0, 0)
	if m.MeanInterval != nil {
		t.Errorf("the mean has the interval %v", *m.MeanInterval)
	}
}

func TestChangeEdges(t *testing.T) {
	t.Parallel()
	scaleOf := func(m Measure) *scale { return &scale{measure: m, span: privacy.Range{Low: 0, High: 100}} }
	flat := func(n int, pre, diff float64) paired {
		d := paired{asked: true}
		for i := range n {
			d.pre, d.post = append(d.pre, pre+float64(i)), append(d.post, pre+float64(i)+diff)
		}
		return d
	}
	if m := (&comparison{}).change(scaleOf(Anchors), flat(8, 40, 0)); m.State != privacy.Suppressed || m.N != 0 || !m.MeansWithheld {
		t.Errorf("nobody changed: %+v", m)
	}
	if m := (&comparison{}).change(scaleOf(Anchors), flat(8, 40, 5)); m.State != privacy.Suppressed {
		t.Errorf("everyone by the same: %+v", m)
	}
	if m := (&comparison{}).change(scaleOf(Anchors), paired{}); m.State != privacy.NotAsked {
		t.Errorf("not asked: %+v", m)
	}
	rising := flat(12, 40, 5)
	rising.post[0]++
	if m := (&comparison{}).change(scaleOf(Anchors), rising); m.Improved != nil || m.RankBiserial != nil || m.P == nil {
		t.Errorf("everyone rose: %+v", m)
	}
	ceiling := paired{asked: true}
	for i := range 8 {
		ceiling.pre, ceiling.post = append(ceiling.pre, 50+float64(i)), append(ceiling.post, 100)
	}
	if m := (&comparison{}).change(scaleOf(Anchors), ceiling); m.State != privacy.Shown || m.Pre != nil || m.Post != nil {
		t.Errorf("all at the top after: pre %v post %v", m.Pre, m.Post)
	}
	for rest, withheld := range map[[2]int]bool{{0, 0}: false, {1, 0}: true, {0, 4}: true, {5, 0}: false, {5, 9}: false, {7, 2}: true} {
		d := flat(12, 40, 5)
		d.post[0], d.rest = 99, rest
		m := (&comparison{}).change(scaleOf(Anchors), d)
		if m.MeansWithheld != withheld || (m.Pre == nil) != withheld || m.Mean == nil {
			t.Errorf("rest %v: withheld %v, pre %v, change %v", rest, m.MeansWithheld, m.Pre, m.Mean)
		}
	}
}

func TestChangeOfTwoWaves(t *testing.T) {
	t.Parallel()
	in := staffInstrument(t)
	res := mustChange(t, in, first(waves(t, in, 16)), second(waves(t, in, 16)), third(waves(t, in, 16)))
	if res.State != Published || res.Match.Pairs != 16 || *res.Match.Rate != 1 || res.Match.SameSet != 0 {
		t.Fatalf("%s, %+v", res.State, res.Match)
	}
	primary := 0
	for _, m := range res.Measures {
		if m.Primary {
			primary++
			if m.Measure != Anchors || m.Area != "" {
				t.Errorf("primary outcome is %s %s", m.Measure, m.Area)
			}
		}
	}
	if primary != 1 {
		t.Errorf("%d primary outcomes", primary)
	}
	sa := measured(t, res, SelfAssessed, surveys.PIA)
	near(t, "ΔSA", sa.Mean, 25*12.0/16)
	near(t, "SA pre", sa.Pre, 37.5)
	if sa.PHolm == nil || math.Abs(*sa.PHolm-min(1, 4**sa.P)) > tolerance {
		t.Errorf("Holm over four equal tests: p %v, adjusted %v", *sa.P, sa.PHolm)
	}
	// Post − Pre = (Post − Then) + (Then − Pre), on the same people and items.
	for _, a := range surveys.ScoredAreas() {
		now, back, shift := measured(t, res, SelfThenItems, a), measured(t, res, PostThen, a), measured(t, res, ResponseShift, a)
		if shift.State != privacy.Suppressed {
			t.Errorf("%s: everyone's shift is one level, shown as %v", a, shift.Mean)
		}
		near(t, string(a)+" Post−Pre", now.Mean, 18.75)
		near(t, string(a)+" Post−Then", back.Mean, 43.75)
	}
	// 1+i%3 against 1+i%2 of three anchors in each of four areas, and of two in STR.
	want := 0.0
	for i := range 16 {
		want += float64(4*(i%3-i%2)+min(2, 1+i%3)-(1+i%2)) * 100 / 14 / 16
	}
	near(t, "ΔKX", measured(t, res, Anchors, "").Mean, want)
}

func first(a, _ []PairedResponse, _ pairing.MatchReport) []PairedResponse  { return a }
func second(_, b []PairedResponse, _ pairing.MatchReport) []PairedResponse { return b }
func third(_, _ []PairedResponse, m pairing.MatchReport) pairing.MatchReport {
	return m
}

func TestSameSetCountsForAnchorsOnly(t *testing.T) {
	t.Parallel()
	in := staffInstrument(t)
	// One rotated item of DOC is right for some before and for others after.
	rotate := func(rows []PairedResponse, every int) {
		for i, r := range rows {
			code := map[surveys.Form]string{surveys.FormA: "K-DOC-04", surveys.FormB: "K-DOC-05"}[r.Set]
			it, _ := in.Item(code)
			put(in, r.Response, code, keyOf(it, i%every == 0))
		}
	}
	pre, post, match := waves(t, in, 12)
	rotate(pre, 3)
	rotate(post, 2)
	if m := measured(t, mustChange(t, in, pre, post, match), Rotated, ""); m.State != privacy.Shown || m.N != 12 {
		t.Errorf("rotated: %s over %d pairs, want 12", m.State, m.N)
	} else {
		// DOC: 4 right before, 6 after; STR, with two anchors: 4 more after.
		near(t, "ΔKR", m.Mean, (6.0+4-4)/12*100/9)
	}
	for i := range 3 {
		post[i].Response = respond(t, in, full(surveys.ExPost, pre[i].Set), at(3, 1+i%3))
	}
	res := mustChange(t, in, pre, post, match)
	if res.Match.SameSet != 3 {
		t.Errorf("same set %d, want 3", res.Match.SameSet)
	}
	if n := measured(t, res, Anchors, "").N; n != 12 {
		t.Errorf("anchors over %d pairs, want 12", n)
	}
	if m := measured(t, res, Rotated, ""); m.State != privacy.Shown || m.N != 9 {
		t.Errorf("rotated: %s over %d pairs, want 9", m.State, m.N)
	}
}

// TestShortAfterFull: the pairs are compared on the short form's items.
func TestShortAfterFull(t *testing.T) {
	t.Parallel()
	in := staffInstrument(t)
	pre, post, match := waves(t, in, 12)
	for i := range post {
		post[i].Response = respond(t, in, surveys.ServingSpec{Wave: surveys.ExPost, Short: true}, at(byte(1+i%3), 2))
		put(in, pre[i].Response, "A-PIA-05", 4) // not in the short form
	}
	res := mustChange(t, in, pre, post, match)
	near(t, "SA pre on the short items", measured(t, res, SelfAssessed, surveys.PIA).Pre, 37.5)
	if m := measured(t, res, Rotated, ""); m.State != privacy.NotAsked {
		t.Errorf("rotated items: %s", m.State)
	}
	if m := measured(t, res, ResponseShift, surveys.SIC); m.State == privacy.NotAsked {
		t.Error("the short form has a then-test item in each area")
	}
}

func TestMatchCountsAndAttrition(t *testing.T) {
	t.Parallel()
	in := staffInstrument(t)
	pre, post, match := waves(t, in, 20)
	match.Pairs = match.Pairs[:8]
	match.Ambiguous = []pairing.Ambiguity{{Pre: []surveys.ID{"pre008", "pre009"}, Post: []surveys.ID{"post008"}}}
	post[0].Response = respond(t, in, full(surveys.ExPost, surveys.FormA), func(surveys.Item) byte { return surveys.Missing })
	res := mustChange(t, in, pre, post[:10], match)
	want := MatchCounts{State: privacy.Shown, Pre: 20, Post: 9, Pairs: 7, AmbiguousPre: 2, AmbiguousPost: 1, OnlyPre: 13, OnlyPost: 2, Rate: res.Match.Rate}
	if res.Match != want || math.Abs(*res.Match.Rate-7.0/9) > tolerance {
		t.Errorf("match %+v, want %+v", res.Match, want)
	}
	p := newPlan(in)
	var matched, rest []float64
	for i, r := range pre {
		x, _ := p.find(Anchors, "").scoreOf(r.Vector, nil)
		if i >= 1 && i < 8 {
			matched = append(matched, x)
		} else {
			rest = append(rest, x)
		}
	}
	smd, _ := stats.SMD(matched, rest)
	near(t, "attrition", res.Attrition, smd)
	sa := measured(t, res, SelfAssessed, surveys.PIA)
	if !sa.MeansWithheld || sa.Mean == nil || sa.Pre != nil {
		t.Errorf("two joiners: %+v", sa)
	}
}

func TestTooFewPairsShowNothing(t *testing.T) {
	t.Parallel()
	in := staffInstrument(t)
	pre, post, match := waves(t, in, 12)
	few := match
	few.Pairs = few.Pairs[:4]
	for name, c := range map[string]struct {
		match    pairing.MatchReport
		eligible int
		state    ResultState
	}{"four pairs": {few, 60, NothingPairs}, "nine eligible": {match, 9, OnlyPooled}} {
		res, err := Change(in, pre, post, c.match, ChangeConfig{EligiblePre: 60, EligiblePost: c.eligible})
		if err != nil {
			t.Fatal(err)
		}
		raw, err := json.Marshal(res)
		if err != nil {
			t.Fatal(err)
		}
		var tree map[string]any
		if err := json.Unmarshal(raw, &tree); err != nil {
			t.Fatal(err)
		}
		if res.State != c.state {
			t.Errorf("%s: state %s, want %s", name, res.State, c.state)
		}
		for _, path := range numbers("", tree) {
			if path != ".threshold" && !strings.HasSuffix(path, "=0") {
				t.Errorf("%s: a number at %s", name, path)
			}
		}
	}
}

func TestChangeRefuses(t *testing.T) {
	t.Parallel()
	in := staffInstrument(t)
	pre, post, match := waves(t, in, 6)
	stranger := pairing.MatchReport{Pairs: []pairing.Pair{{Pre: "pre000", Post: "nobody"}}}
	twice := pairing.MatchReport{Pairs: []pairing.Pair{match.Pairs[0], {Pre: match.Pairs[0].Pre, Post: match.Pairs[1].Post}}}
	for name, try := range map[string]func() error{
		"stranger":  func() error { _, err := Change(in, pre, post, stranger, ChangeConfig{}); return err },
		"twice":     func() error { _, err := Change(in, pre, post, twice, ChangeConfig{}); return err },
		"same id":   func() error { _, err := Change(in, append(pre, pre[0]), post, match, ChangeConfig{}); return err },
		"threshold": func() error { _, err := Change(in, pre, post, match, ChangeConfig{Threshold: 2}); return err },
	} {
		if err := try(); !errors.Is(err, surveys.ErrInvalid) {
			t.Errorf("%s: error %v, want ErrInvalid", name, err)
		}
	}
}

func TestChangeOrder(t *testing.T) {
	t.Parallel()
	in := staffInstrument(t)
	pre, post, match := waves(t, in, 17)
	first, err := json.Marshal(mustChange(t, in, pre, post, match))
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(pre)
	slices.Reverse(post[3:])
	slices.Reverse(match.Pairs)
	again, err := json.Marshal(mustChange(t, in, pre, post, match))
	if err != nil || string(again) != string(first) {
		t.Errorf("another order gives another result (%v)", err)
	}
}

// TestWithhold: two people answered ex-post only, so the ex-post means go, with all
// that would give them back; the rest stays.
func TestWithhold(t *testing.T) {
	t.Parallel()
	in := staffInstrument(t)
	pre, post, match := waves(t, in, 34)
	match.Pairs = match.Pairs[:32]
	change := mustChange(t, in, pre[:32], post, match)
	var rs []Response
	for i, r := range post {
		put(in, r.Response, "P-01", byte(1+i%2))
		rs = append(rs, r.Response)
	}
	cfg := StaffConfig{Eligible: 60, Wave: surveys.ExPost}
	before, err := Staff(in, rs, cfg)
	if err != nil {
		t.Fatal(err)
	}
	_, after := Reconcile(before, before, change)
	for i, a := range after.Areas {
		if a.Self.Visible() || a.Calibration.Visible() || a.Anchors.Visible() {
			t.Errorf("%s still shows SA %s, CAL %s, KX %s", a.Area, a.Self, a.Calibration, a.Anchors)
		}
		if !before.Areas[i].Self.Visible() || a.Knowledge.State != before.Areas[i].Knowledge.State {
			t.Errorf("%s: more or less than that changed", a.Area)
		}
	}
	if after.Anchors.Visible() || !before.Anchors.Visible() {
		t.Errorf("KX overall %s, was %s", after.Anchors, before.Anchors)
	}
	for i, x := range after.Items {
		if (x.Block == "AUT" || x.Block == "CON") && (x.State == privacy.Shown || len(x.Bins) > 0 || x.N > 0) {
			t.Errorf("item %s is still shown", x.Code)
		}
		if x.Block == "BEH" && x.State != before.Items[i].State {
			t.Errorf("item %s went too", x.Code)
		}
	}
	split, err := Breakdown(in, rs, cfg, "P-01")
	if err != nil {
		t.Fatal(err)
	}
	shown := 0
	for i, m := range change.WithholdBreakdown(split).Measures {
		for k, f := range m.Figures {
			if split.Measures[i].Figures[k].Visible() {
				shown++
			}
			if f.Visible() && (m.Measure == SelfAssessed || m.Measure == Anchors) {
				t.Errorf("breakdown still shows %s %s", m.Measure, m.Area)
			}
		}
	}
	if shown == 0 {
		t.Error("the breakdown had nothing to withhold")
	}
}

func TestOverclaimShift(t *testing.T) {
	t.Parallel()
	in := staffInstrument(t)
	pre, post, match := waves(t, in, 16)
	for _, r := range pre {
		put(in, r.Response, "R-10", 0)
	}
	if res := mustChange(t, in, pre, post, match); res.OverclaimShifted {
		t.Errorf("everyone alike: %+v", measured(t, res, Overclaim, ""))
	}
	for i, r := range post {
		put(in, r.Response, "R-11", byte(2+i%2))
	}
	if res := mustChange(t, in, pre, post, match); !res.OverclaimShifted {
		t.Errorf("familiarity rose by %v in %v", *measured(t, res, Overclaim, "").Mean, measured(t, res, Overclaim, "").MeanInterval)
	}
}
