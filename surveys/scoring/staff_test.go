package scoring

import (
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"syscall"
	"time"
	"traguardo/surveys"
	"traguardo/surveys/instruments"
	"traguardo/surveys/privacy"
)

func staffInstrument(t testing.TB) *surveys.Instrument {
	t.Helper()
	in, err := instruments.STAFF()
	if err != nil {
		t.Fatal(err)
	}
	return in
}

var allModules = []surveys.Module{surveys.ModuleREC, surveys.ModuleBEH, surveys.ModuleATN}

func full(wave surveys.Wave, set surveys.Form) surveys.ServingSpec {
	return surveys.ServingSpec{Wave: wave, Set: set, Modules: allModules}
}

// respond makes a response: answer gives the byte of each item that is asked and
// has one slot; items with several slots stay missing.
func respond(t testing.TB, in *surveys.Instrument, spec surveys.ServingSpec, answer func(it surveys.Item) byte) Response {
	t.Helper()
	s, err := surveys.NewServing(in, spec)
	if err != nil {
		t.Fatal(err)
	}
	v := s.NewVector()
	items := in.Items()
	for at, slot := range in.Slots() {
		if it := items[slot.Item]; slot.Option < 0 && s.Asked(it.Code) {
			v[at] = answer(it)
		}
	}
	if err := s.Check(v); err != nil {
		t.Fatal(err)
	}
	return Response{Vector: v, Set: spec.Set, Short: spec.Short}
}

func put(in *surveys.Instrument, r Response, code string, b byte) {
	from, _ := in.SlotsOf(code)
	r.Vector[from] = b
}

func keyOf(it surveys.Item, right bool) byte {
	for _, o := range it.Options {
		if o.Key == right {
			return o.Value
		}
	}
	return surveys.Missing
}

// at answers every self-assessment with level, the first right knowledge items of
// each area correctly and the rest wrongly, attitudes with 3.
func at(level byte, right int) func(surveys.Item) byte {
	seen := map[surveys.Area]int{}
	return func(it surveys.Item) byte {
		switch {
		case strings.HasPrefix(it.Code, "A-"), strings.HasPrefix(it.Code, "T-"):
			return level
		case strings.HasPrefix(it.Code, "K-"):
			seen[it.Area]++
			return keyOf(it, seen[it.Area] <= right)
		case strings.HasPrefix(it.Code, "ATT-"), strings.HasPrefix(it.Code, "IMP-"):
			return 3
		case strings.HasPrefix(it.Code, "P-"):
			return 1
		case strings.HasPrefix(it.Code, "ATN-"):
			return 2
		default:
			return 1
		}
	}
}

// crew is n people whose levels go 1, 2, 3, 1 … and whose right answers vary too.
func crew(t testing.TB, in *surveys.Instrument, spec surveys.ServingSpec, n int) []Response {
	t.Helper()
	var out []Response
	for i := range n {
		if spec.Set != surveys.FormNone {
			spec.Set = []surveys.Form{surveys.FormA, surveys.FormB}[i%2]
		}
		out = append(out, respond(t, in, spec, at(byte(1+i%3), 1+i%2)))
	}
	return out
}

func mustStaff(t *testing.T, in *surveys.Instrument, rs []Response, eligible int) StaffResult {
	t.Helper()
	res, err := Staff(in, rs, StaffConfig{Eligible: eligible, Wave: surveys.ExAnte})
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// Marks that stand for the right and a wrong option in personCase.answers.
const rightMark, wrongMark = 200, 201

// personCase is one person's answers to a few items, all others missing.
type personCase struct {
	name      string
	spec      surveys.ServingSpec
	codes     []string
	answers   []byte
	measure   Measure
	area      surveys.Area
	construct string
	want      float64 // −1: none
}

// servedKeys lists the knowledge items of an area for a set, FormNone for anchors only.
func servedKeys(in *surveys.Instrument, set surveys.Form, area surveys.Area) (codes []string) {
	for _, it := range in.Items() {
		if it.Area == area && (it.Form == surveys.FormX || it.Form != surveys.FormNone && it.Form == set) {
			codes = append(codes, it.Code)
		}
	}
	return codes
}

func personCases(in *surveys.Instrument) []personCase {
	const na, dk, missing = surveys.NA, surveys.DK, surveys.Missing
	short := surveys.ServingSpec{Wave: surveys.ExAnte, Short: true}
	setA, setB := full(surveys.ExAnte, surveys.FormA), full(surveys.ExAnte, surveys.FormB)
	aut := servedSelf(in, surveys.PIA)
	keys := servedKeys(in, surveys.FormA, surveys.PIA)
	uti := []string{"ATT-UTI-01", "ATT-UTI-02", "ATT-UTI-03", "ATT-UTI-04"}
	return []personCase{
		{"SA of six", setA, aut, []byte{4, 3, 2, 1, 0, 2}, SelfAssessed, surveys.PIA, "", 50},
		{"SA with 4 of 6", setA, aut, []byte{4, 3, 2, 1}, SelfAssessed, surveys.PIA, "", 62.5},
		{"SA with 3 of 6", setA, aut, []byte{4, 3, 2}, SelfAssessed, surveys.PIA, "", -1},
		{"na is not valid", setA, aut, []byte{4, 4, 4, na, na, na}, SelfAssessed, surveys.PIA, "", -1},
		{"all na", setA, aut, []byte{na, na, na, na, na, na}, SelfAssessed, surveys.PIA, "", -1},
		{"short SA with 2 of 3", short, aut, []byte{4, 2, na}, SelfAssessed, surveys.PIA, "", 75},
		{"short SA with 1 of 3", short, aut, []byte{4}, SelfAssessed, surveys.PIA, "", -1},
		{"KN of five, do not know and wrong are 0", setA, keys, []byte{rightMark, rightMark, rightMark, dk, wrongMark}, Knowledge, surveys.PIA, "", 60},
		{"KN divides by served", setA, keys, []byte{rightMark, rightMark, rightMark, dk, missing}, Knowledge, surveys.PIA, "", 60},
		{"KN with 3 of 5 answered", setA, keys, []byte{rightMark, rightMark, rightMark, missing, missing}, Knowledge, surveys.PIA, "", -1},
		{"KN all unanswered", setA, nil, nil, Knowledge, surveys.PIA, "", -1},
		{"KN all do not know", setB, servedKeys(in, surveys.FormB, surveys.SIC), []byte{dk, dk, dk, dk, dk}, Knowledge, surveys.SIC, "", 0},
		{"KX, anchors only", setA, servedKeys(in, surveys.FormNone, surveys.DOC), []byte{rightMark, wrongMark, rightMark}, Anchors, surveys.DOC, "", 200.0 / 3},
		{"UTI with reversed items", setA, uti, []byte{5, 1, 4, 2}, Attitude, "", "UTI", 87.5},
		{"UTI with 3 of 4", setA, uti, []byte{5, 5, 3}, Attitude, "", "UTI", 50},
		{"UTI with 2 of 4", setA, uti, []byte{5, 5}, Attitude, "", "UTI", -1},
		{"short UTI, both", short, uti, []byte{4, 2}, Attitude, "", "UTI", 75},
		{"short UTI, one", short, uti, []byte{4}, Attitude, "", "UTI", -1},
		{"BH of two", setA, []string{"B-DOC-01", "B-DOC-02"}, []byte{4, 1}, Behaviour, surveys.DOC, "", 62.5},
		{"OC, three foils", setA, []string{"R-10", "R-11", "R-12"}, []byte{0, 1, 2}, Overclaim, "", "", 100.0 / 3},
	}
}

func servedSelf(in *surveys.Instrument, area surveys.Area) (codes []string) {
	for _, it := range in.Items() {
		if it.Area == area && strings.HasPrefix(it.Code, "A-") {
			codes = append(codes, it.Code)
		}
	}
	return codes
}

// TestPersonScores works each formula of §7 out on one person.
func TestPersonScores(t *testing.T) {
	t.Parallel()
	in := staffInstrument(t)
	p := newPlan(in)
	for _, c := range personCases(in) {
		r := respond(t, in, c.spec, func(surveys.Item) byte { return surveys.Missing })
		for i, b := range c.answers {
			it, _ := in.Item(c.codes[i])
			if b == rightMark || b == wrongMark {
				b = keyOf(it, b == rightMark)
			}
			put(in, r, c.codes[i], b)
		}
		found := false
		for _, s := range p.scales {
			if s.measure != c.measure || s.area != c.area || s.construct != c.construct {
				continue
			}
			found = true
			got, ok := s.scoreOf(r.Vector, nil)
			if ok != (c.want >= 0) || ok && math.Abs(got-c.want) > tolerance {
				t.Errorf("%s: got %g (%v), want %g", c.name, got, ok, c.want)
			}
		}
		if !found {
			t.Errorf("%s: no such measure", c.name)
		}
	}
}

// TestOverallKnowledge: 23 served, 2 right in each of five areas, 13 wrong.
func TestOverallKnowledge(t *testing.T) {
	t.Parallel()
	in := staffInstrument(t)
	p := newPlan(in)
	r := respond(t, in, full(surveys.ExAnte, surveys.FormA), at(1, 2))
	served := 0
	for _, x := range p.items {
		if x.kind == surveys.ScaleKey && r.Vector[x.from] != surveys.NotServed {
			served++
		}
	}
	got, _ := p.find(Knowledge, "").scoreOf(r.Vector, nil)
	near(t, "KN overall", &got, 100*10/float64(served))
	guess, _ := p.find(GuessChecked, "").scoreOf(r.Vector, nil)
	near(t, "guess-corrected", &guess, 100*(10-float64(served-10)/3)/float64(served))
	if served != 23 {
		t.Errorf("served %d knowledge items, want 23", served)
	}
}

func TestStaffEdges(t *testing.T) {
	t.Parallel()
	in := staffInstrument(t)
	spec := full(surveys.ExAnte, surveys.FormA)
	same := func(n int) (rs []Response) {
		for range n {
			rs = append(rs, respond(t, in, spec, at(2, 2)))
		}
		return rs
	}
	for _, c := range []struct {
		name      string
		responses []Response
		eligible  int
		state     ResultState
		self      privacy.State // of PIA; "" when there are no areas
		items     privacy.State // of A-PIA-01; "" when there are no items
	}{
		{"nobody eligible", nil, 0, OnlyPooled, "", ""},
		{"one employee", crew(t, in, spec, 1), 1, OnlyPooled, "", ""},
		{"six employees, all answered", crew(t, in, spec, 6), 6, OnlyPooled, "", ""},
		{"nine employees", crew(t, in, spec, 9), 9, OnlyPooled, "", ""},
		{"no answer", nil, 12, TooFew, "", ""},
		{"four answers", crew(t, in, spec, 4), 12, TooFew, "", ""},
		{"five answers", crew(t, in, spec, 5), 12, Published, privacy.Shown, privacy.Insufficient},
		{"nine answers", crew(t, in, spec, 9), 12, Published, privacy.Shown, privacy.Insufficient},
		{"ten answers", crew(t, in, spec, 10), 12, Published, privacy.Shown, privacy.Shown},
		{"everyone the same, five", same(5), 12, Published, privacy.Suppressed, privacy.Insufficient},
		{"everyone the same, twelve", same(12), 12, Published, privacy.Suppressed, privacy.Suppressed},
	} {
		res := mustStaff(t, in, c.responses, c.eligible)
		if res.State != c.state {
			t.Errorf("%s: state %s, want %s", c.name, res.State, c.state)
		}
		var self, item privacy.State
		if len(res.Areas) > 0 {
			self = res.Areas[0].Self.State
		}
		for _, x := range res.Items {
			if x.Code == "A-PIA-01" {
				item = x.State
			}
		}
		if self != c.self || item != c.items {
			t.Errorf("%s: PIA %q item %q, want %q %q", c.name, self, item, c.self, c.items)
		}
	}
}

// TestWithheldHoldsNoFigure walks the JSON of results that must show nothing and
// finds every number in it.
func TestWithheldHoldsNoFigure(t *testing.T) {
	t.Parallel()
	in := staffInstrument(t)
	spec := full(surveys.ExAnte, surveys.FormA)
	for name, res := range map[string]StaffResult{
		"six eligible": mustStaff(t, in, crew(t, in, spec, 6), 6),
		"four answers": mustStaff(t, in, crew(t, in, spec, 4), 40),
	} {
		raw, err := json.Marshal(res)
		if err != nil {
			t.Fatal(err)
		}
		var tree map[string]any
		if err := json.Unmarshal(raw, &tree); err != nil {
			t.Fatal(err)
		}
		for _, path := range numbers("", tree) {
			if path != ".eligible" && path != ".threshold" && path != ".response.responses=0" {
				t.Errorf("%s: a number at %s", name, path)
			}
		}
	}
}

// numbers lists the paths of all numbers, a zero with its value.
func numbers(path string, node any) []string {
	var out []string
	switch x := node.(type) {
	case map[string]any:
		for k, v := range x {
			out = append(out, numbers(path+"."+k, v)...)
		}
	case []any:
		for _, v := range x {
			out = append(out, numbers(path+"[]", v)...)
		}
	case float64:
		if x == 0 {
			path += "=0"
		}
		out = append(out, path)
	}
	return out
}

func TestStaffByHand(t *testing.T) {
	t.Parallel()
	in := staffInstrument(t)
	spec := full(surveys.ExAnte, surveys.FormA)
	// SA of PIA: 0, 25, 50, 75, 100 → 50, s² = 1562.5. KN of PIA (5 served): 1 2 3 4 2
	// right → 20 40 60 80 40 → 48, s² = 520. Ten eligible, half answered.
	var rs []Response
	for i, right := range []int{1, 2, 3, 4, 2} {
		rs = append(rs, respond(t, in, spec, at(byte(i), right)))
	}
	res := mustStaff(t, in, rs, 10)
	pia := res.Areas[0]
	near(t, "SA", pia.Self.Value, 50)
	near(t, "KN", pia.Knowledge.Value, 48)
	near(t, "CAL", pia.Calibration.Value, 2)
	const t4 = 2.7764451051977987 // 97.5 % of Student's t with 4 degrees of freedom
	fpc := math.Sqrt(5.0 / 9)
	half := t4 * math.Sqrt(1562.5/5) * fpc
	nearRange(t, "SA interval", pia.Self.Interval, 50-half, 50+half)
	nearRange(t, "SA bounds", pia.Self.Bounds, 25, 75)
	nearRange(t, "KN bounds", pia.Knowledge.Bounds, 24, 74)
	// Differences −20 −15 −10 −5 60: mean 2, s² = (22²+17²+12²+7²+58²)/4.
	half = t4 * math.Sqrt((22*22+17*17+12*12+7*7+58*58)/4.0/5) * fpc
	nearRange(t, "CAL interval", pia.Calibration.Interval, 2-half, 2+half)
	if pia.Self.N != 5 || pia.Calibration.N != 5 || res.Response.Responses != 5 || *res.Response.Rate != 0.5 {
		t.Errorf("n %d, CAL n %d, responses %+v", pia.Self.N, pia.Calibration.N, res.Response)
	}
	if res.Attitudes[0].Construct != "UTI" || res.Attitudes[0].Figure.State != privacy.Suppressed {
		t.Errorf("attitudes, all alike: %+v", res.Attitudes[0])
	}
	for _, c := range res.Items {
		if c.State != privacy.Insufficient || c.N != 0 || len(c.Bins) != 0 {
			t.Errorf("five answers show item %s", c.Code)
		}
	}
}

func TestOneAnswerMissing(t *testing.T) {
	t.Parallel()
	in := staffInstrument(t)
	rs := crew(t, in, full(surveys.ExAnte, surveys.FormA), 12)
	whole := mustStaff(t, in, rs, 12)
	put(in, rs[0], "A-PIA-01", surveys.Missing)
	res := mustStaff(t, in, rs, 12)
	near(t, "SA with five of six", res.Areas[0].Self.Value, *whole.Areas[0].Self.Value)
	if res.Areas[0].Self.N != 12 {
		t.Errorf("n %d, want 12", res.Areas[0].Self.N)
	}
	for _, x := range res.Items {
		if x.Code == "A-PIA-01" && x.N != 11 {
			t.Errorf("item n %d, want 11", x.N)
		}
	}
}

func TestEndOfRangeIsSuppressed(t *testing.T) {
	t.Parallel()
	in := staffInstrument(t)
	var rs []Response
	for i := range 12 {
		rs = append(rs, respond(t, in, full(surveys.ExAnte, surveys.FormA), func(it surveys.Item) byte {
			if it.Area == surveys.PIA {
				return at(4, 1+i%3)(it)
			}
			return at(byte(i%5), 2)(it)
		}))
	}
	res := mustStaff(t, in, rs, 12)
	if res.Areas[0].Self.State != privacy.Suppressed || res.Areas[0].Calibration.State != privacy.Suppressed {
		t.Errorf("all at 100: SA %s, CAL %s", res.Areas[0].Self, res.Areas[0].Calibration)
	}
	if res.Areas[1].Self.State != privacy.Shown {
		t.Errorf("SIC is withheld: %s", res.Areas[1].Self)
	}
}

// TestOverallKeepsOneAreaCompany: SIC is all right for everybody; overall, the other
// areas and the STR items would say so.
func TestOverallKeepsOneAreaCompany(t *testing.T) {
	t.Parallel()
	in := staffInstrument(t)
	var rs []Response
	for i := range 20 {
		vary := at(byte(i%5), i%4)
		rs = append(rs, respond(t, in, full(surveys.ExAnte, surveys.FormA), func(it surveys.Item) byte {
			if it.Form != surveys.FormNone && it.Area == surveys.SIC {
				return keyOf(it, true)
			}
			return vary(it)
		}))
	}
	res := mustStaff(t, in, rs, 40)
	if res.Areas[1].Knowledge.State != privacy.Suppressed || res.Knowledge.State != privacy.Suppressed ||
		res.GuessCorrected.State != privacy.Suppressed || res.Anchors.State != privacy.Suppressed {
		t.Errorf("SIC %s, overall %s, checked %s, anchors %s", res.Areas[1].Knowledge, res.Knowledge, res.GuessCorrected, res.Anchors)
	}
	if !res.Areas[0].Knowledge.Visible() || !res.Areas[0].Anchors.Visible() {
		t.Errorf("PIA %s %s", res.Areas[0].Knowledge, res.Areas[0].Anchors)
	}
}

func TestStaffOrderAndRoundTrip(t *testing.T) {
	t.Parallel()
	in := staffInstrument(t)
	rs := crew(t, in, full(surveys.ExPost, surveys.FormA), 17)
	for i := range rs {
		put(in, rs[i], "A-SIC-02", byte(i*i%5))
		put(in, rs[i], "ATT-EFF-03", byte(1+i%4))
	}
	first, err := json.Marshal(mustStaff(t, in, rs, 40))
	if err != nil {
		t.Fatal(err)
	}
	for k := range rs {
		slices.Reverse(rs[k:])
		again, err := json.Marshal(mustStaff(t, in, rs, 40))
		if err != nil || string(again) != string(first) {
			t.Fatalf("another order gives another result (%v)", err)
		}
	}
	var back StaffResult
	if err := json.Unmarshal(first, &back); err != nil {
		t.Fatal(err)
	}
	if again, err := json.Marshal(back); err != nil || string(again) != string(first) {
		t.Errorf("a stored result reads back differently (%v)", err)
	}
}

// TestRaisingAnAnswer raises every self-assessment of a person by one level and
// turns every wrong answer right: no score falls, all stay on their span.
func TestRaisingAnAnswer(t *testing.T) {
	t.Parallel()
	in := staffInstrument(t)
	p := newPlan(in)
	r := respond(t, in, full(surveys.ExAnte, surveys.FormB), at(2, 2))
	put(in, r, "A-DOC-04", surveys.NA)
	for _, x := range p.items {
		if x.score == nil || x.Reverse || !surveys.IsValue(r.Vector[x.from]) {
			continue
		}
		for _, o := range x.options {
			up := Response{Vector: slices.Clone(r.Vector), Set: r.Set}
			up.Vector[x.from] = o.Value
			if x.score[o.Value] < x.score[r.Vector[x.from]] {
				continue
			}
			for _, s := range p.scales {
				before, ok1 := s.scoreOf(r.Vector, nil)
				after, ok2 := s.scoreOf(up.Vector, nil)
				if ok1 != ok2 || after < before-tolerance || after > s.span.High+tolerance || after < s.span.Low-tolerance {
					t.Fatalf("%s from %d to %d: %s goes from %g to %g", x.Code, r.Vector[x.from], o.Value, s.key(), before, after)
				}
			}
		}
	}
}

func TestBreakOffsAreLeftOut(t *testing.T) {
	t.Parallel()
	in := staffInstrument(t)
	spec := full(surveys.ExAnte, surveys.FormA)
	rs := crew(t, in, spec, 11)
	whole := mustStaff(t, in, rs, 20)
	for range 6 {
		rs = append(rs, respond(t, in, spec, func(it surveys.Item) byte {
			if strings.HasPrefix(it.Code, "A-") {
				return 4
			}
			return surveys.Missing
		}))
	}
	res := mustStaff(t, in, rs, 20)
	near(t, "SA", res.Areas[0].Self.Value, *whole.Areas[0].Self.Value)
	if res.Response.Responses != 11 || res.Response.BreakOffs != (privacy.Cell{State: privacy.Shown, Count: 6}) {
		t.Errorf("response %+v", res.Response)
	}
}

func TestStaffRefuses(t *testing.T) {
	t.Parallel()
	in := staffInstrument(t)
	spec := full(surveys.ExAnte, surveys.FormA)
	good := crew(t, in, spec, 12)
	odd := respond(t, in, spec, at(1, 1))
	put(in, odd, "A-PIA-01", 77)
	for _, c := range []struct {
		name string
		rs   []Response
		cfg  StaffConfig
	}{
		{"lowered threshold", good, StaffConfig{Eligible: 20, Wave: surveys.ExAnte, Threshold: 3}},
		{"no wave", good, StaffConfig{Eligible: 20}},
		{"more answers than people", good, StaffConfig{Eligible: 11, Wave: surveys.ExAnte}},
		{"negative staff", nil, StaffConfig{Eligible: -1, Wave: surveys.ExAnte}},
		{"short vector", []Response{{Vector: surveys.Vector{1, 2}}}, StaffConfig{Eligible: 20, Wave: surveys.ExAnte}},
		{"a byte that is no answer", []Response{odd}, StaffConfig{Eligible: 20, Wave: surveys.ExAnte}},
		{"set X", []Response{{Vector: good[0].Vector, Set: surveys.FormX}}, StaffConfig{Eligible: 20, Wave: surveys.ExAnte}},
		{"set C", []Response{{Vector: good[0].Vector, Set: "C"}}, StaffConfig{Eligible: 20, Wave: surveys.ExAnte}},
	} {
		_, err := Staff(in, c.rs, c.cfg)
		if !errors.Is(err, surveys.ErrInvalid) {
			t.Errorf("%s: error %v, want ErrInvalid", c.name, err)
		}
		if err != nil && strings.Contains(err.Error(), "77") {
			t.Errorf("%s: the error tells an answer: %v", c.name, err)
		}
	}
	raised, err := Staff(in, good, StaffConfig{Eligible: 20, Wave: surveys.ExAnte, Threshold: 13})
	if err != nil || raised.State != TooFew || raised.Threshold != 13 {
		t.Errorf("raised threshold: %s %d %v", raised.State, raised.Threshold, err)
	}
}

// BenchmarkStaff scores 100,000 full vectors; the figure counts every answer given, by
// second of processor. The budget of ARCHITECTURE.md is 5 million a second a core.
func BenchmarkStaff(b *testing.B) {
	in := staffInstrument(b)
	base := crew(b, in, full(surveys.ExPost, surveys.FormA), 600)
	rs := make([]Response, 100_000)
	answers := 0
	for i := range rs {
		rs[i] = base[(i*7)%len(base)]
		for _, x := range rs[i].Vector {
			if surveys.IsValue(x) {
				answers++
			}
		}
	}
	b.ResetTimer()
	before := processor(b)
	for b.Loop() {
		if _, err := Staff(in, rs, StaffConfig{Eligible: len(rs), Wave: surveys.ExPost}); err != nil {
			b.Fatal(err)
		}
	}
	spent := processor(b) - before
	b.ReportMetric(float64(answers)*float64(b.N)/spent.Seconds(), "score_answers_per_s_core")
}

// processor is the time that the process has spent on all cores, so that what else
// runs on the machine does not count.
func processor(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
