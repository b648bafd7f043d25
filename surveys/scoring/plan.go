package scoring

import (
	"fmt"
	"math"

	"traguardo/surveys"
	"traguardo/surveys/privacy"
)

// Codes of the blocks that carry scored measures (questionnaires.md §5).
const (
	blockProfile   = "PRF"
	blockSelf      = "AUT"
	blockKnowledge = "CON"
	blockAttitude  = "ATT"
	blockBehaviour = "BEH"
	blockTerms     = "REC"
	blockAttention = "ATN"
	blockThen      = "THEN"
)

// Measure says what a staff score measures.
type Measure string

// The measures (questionnaires.md §7).
const (
	SelfAssessed  Measure = "SA"      // self-assessed competence, by area
	Knowledge     Measure = "KN"      // knowledge, by area and overall (with STR)
	Anchors       Measure = "KX"      // knowledge on the anchor items alone, by area and overall
	Rotated       Measure = "KR"      // knowledge on the rotated items alone, overall
	GuessChecked  Measure = "KG"      // knowledge corrected for guessing, overall, −33.3 to 100
	Calibration   Measure = "CAL"     // mean SA − mean KN, by area, −100 to 100
	Attitude      Measure = "ATT"     // attitude scales, by construct
	Behaviour     Measure = "BH"      // behaviour, by area
	Overclaim     Measure = "OC"      // familiarity with terms that do not exist
	SelfThenItems Measure = "SA_THEN" // Post − Pre on the items that have a then-test
	PostThen      Measure = "POST_THEN"
	ResponseShift Measure = "RS" // Then − Pre
)

// item is one question as the vector holds it: slots [from, to).
type item struct {
	surveys.Item
	block    string
	kind     surveys.ScaleKind
	options  []surveys.Option
	at       int // position in plan.items
	from, to int
	score    *[256]float64 // 0–100 by byte; NaN where the byte is no valid answer; nil unless linear or key
	accepts  [256]bool     // bytes that may stand in the slots
}

// scale is one measure: the slots that it is made of and the rule of validity.
type scale struct {
	measure   Measure
	area      surveys.Area // "" for overall measures
	construct string       // attitude only
	items     []*item
	num, den  int           // valid when valid/served ≥ num/den
	overAll   bool          // divide by the served items and not by the valid ones (knowledge)
	span      privacy.Range // what a score can be
}

// key names the measure within a result: "SA.PIA", "KX", "ATT.UTI".
func (s *scale) key() string {
	switch {
	case s.construct != "":
		return string(s.measure) + "." + s.construct
	case s.area != "":
		return string(s.measure) + "." + string(s.area)
	default:
		return string(s.measure)
	}
}

// plan is an instrument made ready for scoring. It is read-only once made.
type plan struct {
	inst   *surveys.Instrument
	length int
	items  []*item // those that the vector holds, in order
	scales []*scale
}

// Rules of validity: two thirds of the served items (4 of 6, 2 of 3), three
// quarters for attitudes (3 of 4, both of 2).
const (
	twoThirdsNum, twoThirdsDen         = 2, 3
	threeQuartersNum, threeQuartersDen = 3, 4
)

func newPlan(inst *surveys.Instrument) *plan {
	p := &plan{inst: inst}
	first, count := map[int]int{}, map[int]int{}
	for at, slot := range inst.Slots() {
		if count[slot.Item] == 0 {
			first[slot.Item] = at
		}
		count[slot.Item]++
		p.length++
	}
	n := 0
	for _, b := range inst.Blocks {
		for _, it := range b.Items {
			if from := first[n]; count[n] > 0 {
				x := &item{
					Item: it, block: b.Code, kind: inst.ScaleOf(it).Kind, options: inst.OptionsOf(it),
					at: len(p.items), from: from, to: from + count[n],
				}
				x.fillTables(inst.ScaleOf(it))
				p.items = append(p.items, x)
			}
			n++
		}
	}
	p.addScales()
	return p
}

// fillTables turns scale and options into look-ups by byte. On a key scale «do not
// know» is a valid answer worth 0; a missing one is not valid.
func (x *item) fillTables(s surveys.Scale) {
	for _, b := range []byte{surveys.Missing, surveys.NA, surveys.DK, surveys.NotServed} {
		x.accepts[b] = true
	}
	if x.to-x.from > 1 || x.kind == surveys.ScaleProjects || x.kind == surveys.ScaleMultiple {
		x.accepts[0], x.accepts[1] = true, true
		return
	}
	for _, o := range x.options {
		x.accepts[o.Value] = true
	}
	if x.kind != surveys.ScaleLinear && x.kind != surveys.ScaleKey {
		return
	}
	x.score = new([256]float64)
	for i := range x.score {
		x.score[i] = math.NaN()
	}
	for _, o := range x.options {
		switch {
		case x.kind == surveys.ScaleKey && o.Key:
			x.score[o.Value] = 100
		case x.kind == surveys.ScaleKey:
			x.score[o.Value] = 0
		default:
			x.score[o.Value] = linearScore(s, x.options, o.Value, x.Reverse)
		}
	}
	if x.kind == surveys.ScaleKey {
		x.score[surveys.DK] = 0
	}
}

// linearScore is Factor·(v+Offset) on 0–100, reversed items recoded first:
// v' = lowest + highest − v (on S-AGREE5, 6 − v).
func linearScore(s surveys.Scale, options []surveys.Option, v byte, reverse bool) float64 {
	x := float64(v)
	if reverse {
		x = float64(options[0].Value) + float64(options[len(options)-1].Value) - x
	}
	return s.Factor * (x + s.Offset)
}

func (p *plan) addScales() {
	hundred := privacy.Range{Low: 0, High: 100}
	byBlock := func(block string, keep func(*item) bool) []*item {
		var out []*item
		for _, x := range p.items {
			if x.block == block && x.score != nil && (keep == nil || keep(x)) {
				out = append(out, x)
			}
		}
		return out
	}
	add := func(s scale) {
		if len(s.items) > 0 {
			p.scales = append(p.scales, &s)
		}
	}
	for _, a := range surveys.ScoredAreas() {
		in := func(x *item) bool { return x.Area == a }
		anchor := func(x *item) bool { return x.Area == a && x.Form == surveys.FormX }
		add(scale{measure: SelfAssessed, area: a, items: byBlock(blockSelf, in), num: twoThirdsNum, den: twoThirdsDen, span: hundred})
		add(scale{measure: Knowledge, area: a, items: byBlock(blockKnowledge, in), num: twoThirdsNum, den: twoThirdsDen, overAll: true, span: hundred})
		add(scale{measure: Anchors, area: a, items: byBlock(blockKnowledge, anchor), num: twoThirdsNum, den: twoThirdsDen, overAll: true, span: hundred})
		add(scale{measure: Behaviour, area: a, items: byBlock(blockBehaviour, in), num: twoThirdsNum, den: twoThirdsDen, span: hundred})
	}
	anchor := func(x *item) bool { return x.Form == surveys.FormX }
	rotated := func(x *item) bool { return x.Form == surveys.FormA || x.Form == surveys.FormB }
	add(scale{measure: Knowledge, items: byBlock(blockKnowledge, nil), num: twoThirdsNum, den: twoThirdsDen, overAll: true, span: hundred})
	add(scale{measure: Anchors, items: byBlock(blockKnowledge, anchor), num: twoThirdsNum, den: twoThirdsDen, overAll: true, span: hundred})
	add(scale{measure: Rotated, items: byBlock(blockKnowledge, rotated), num: twoThirdsNum, den: twoThirdsDen, overAll: true, span: hundred})
	add(scale{measure: GuessChecked, items: byBlock(blockKnowledge, nil), num: twoThirdsNum, den: twoThirdsDen, overAll: true, span: privacy.Range{Low: -100.0 / 3, High: 100}})
	for _, c := range constructs(byBlock(blockAttitude, nil)) {
		of := func(x *item) bool { return x.Construct == c }
		add(scale{measure: Attitude, construct: c, items: byBlock(blockAttitude, of), num: threeQuartersNum, den: threeQuartersDen, span: hundred})
	}
	foil := func(x *item) bool { return x.Foil }
	add(scale{measure: Overclaim, items: byBlock(blockTerms, foil), num: twoThirdsNum, den: twoThirdsDen, span: hundred})
}

// constructs lists the constructs of items in the order of asking.
func constructs(items []*item) []string {
	var out []string
	seen := map[string]bool{}
	for _, x := range items {
		if x.Construct != "" && !seen[x.Construct] {
			seen[x.Construct] = true
			out = append(out, x.Construct)
		}
	}
	return out
}

// scoreOf returns a person's score on s, and false when too few of the served
// items have a valid answer, or none was served. With mask, only items that mask
// was served as well count: the two sides of a pair are scored on the same items.
func (s *scale) scoreOf(v, mask surveys.Vector) (float64, bool) {
	var sum float64
	served, valid, wrong := 0, 0, 0
	for _, x := range s.items {
		b := v[x.from]
		if b == surveys.NotServed || mask != nil && mask[x.from] == surveys.NotServed {
			continue
		}
		served++
		score := x.score[b]
		if math.IsNaN(score) {
			continue
		}
		valid++
		sum += score
		if score == 0 && b != surveys.DK {
			wrong++
		}
	}
	if served == 0 || valid == 0 || valid*s.den < served*s.num {
		return 0, false
	}
	switch {
	case s.measure == GuessChecked:
		// 100·(R − W/3)/k: R = sum/100 right, W wrong, «do not know» neither.
		return (sum - 100*float64(wrong)/3) / float64(served), true
	case s.overAll:
		return sum / float64(served), true
	default:
		return sum / float64(valid), true
	}
}

// servedTo reports whether v was served an item of s.
func (s *scale) servedTo(v surveys.Vector) bool {
	for _, x := range s.items {
		if v[x.from] != surveys.NotServed {
			return true
		}
	}
	return false
}

// check reports whether v can be a vector of the instrument, and its class.
func (p *plan) check(v surveys.Vector) (surveys.Completeness, error) {
	if len(v) != p.length {
		return "", fmt.Errorf("%w: vector of %d bytes, want %d", surveys.ErrInvalid, len(v), p.length)
	}
	var t surveys.Tally
	for _, x := range p.items {
		for _, b := range v[x.from:x.to] {
			if !x.accepts[b] {
				return "", fmt.Errorf("%w: item %s holds a byte that is no answer", surveys.ErrInvalid, x.Code)
			}
		}
		if b := v[x.from]; b != surveys.NotServed {
			t.Served++
			if b != surveys.Missing {
				t.Answered++
			}
		}
	}
	return t.Class(), nil
}
