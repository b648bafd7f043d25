package pti

import (
	"traguardo/surveys/comune"
)

// Facts are what is known of a Comune when its lines are decided.
type Facts struct {
	Catastale         comune.CodiceCatastale // empty for a fictitious ente: then it is no metropolitan capital
	Population        int                    // inhabitants; 0 when unknown
	ProvincialCapital bool
	RegionalCapital   bool
	Conditions        map[string]bool // by id of Condition: the answer given; no entry means not answered
}

// FactsOf returns the facts that the registry knows of an ente, with the answers
// that it has given so far (nil when none). The map is kept, not copied.
func FactsOf(e comune.Ente, answers map[string]bool) Facts {
	return Facts{
		Catastale: e.Catastale, Population: e.Population,
		ProvincialCapital: e.ProvincialCapital, RegionalCapital: e.RegionalCapital,
		Conditions: answers,
	}
}

// Applies is whether a line concerns one Comune.
type Applies string

// The answers. A line that is to verify counts as one that binds on condition.
const (
	AppliesYes      Applies = "yes"
	AppliesNo       Applies = "no"
	AppliesToVerify Applies = "toverify"
)

// Binding is a line as it stands for one Comune.
type Binding struct {
	Line    ActionLine
	Binding Kind    // for this Comune: a condition that is not met makes it BindsNone
	Applies Applies // yes for voluntary lines too: the Comune may
	Reason  Reason  // why, in words
	Ask     string  // id of the Condition to ask, when Applies is AppliesToVerify and a question settles it
}

// Binds reports whether the line is a duty of this Comune, or may be one until
// its question is answered. Voluntary lines bind nobody.
func (b Binding) Binds() bool {
	return (b.Binding == BindsAll || b.Binding == BindsCondition) && b.Applies != AppliesNo
}

// Bind decides every line of the edition for one Comune, in the order of the
// edition. It depends on the facts alone: never on indicators or answers of an
// assessment. The caller owns the slice.
func (e *Edition) Bind(f Facts) []Binding {
	out := make([]Binding, len(e.Lines))
	for i, l := range e.Lines {
		out[i] = e.bind(l, f)
	}
	return out
}

// BindLine decides one line, and returns false when the edition has no such code.
func (e *Edition) BindLine(code string, f Facts) (Binding, bool) {
	l, ok := e.Line(code)
	if !ok {
		return Binding{}, false
	}
	return e.bind(l, f), true
}

func (e *Edition) bind(l ActionLine, f Facts) Binding {
	b := Binding{Line: l, Binding: l.Binding}
	b.Applies, b.Ask, b.Reason = e.decide(l.Rule, f)
	if b.Applies == AppliesNo {
		b.Binding = BindsNone
	}
	return b
}

// decide evaluates one rule. ask is the condition to ask when the answer is
// AppliesToVerify, empty when the population is what is missing.
func (e *Edition) decide(r Rule, f Facts) (a Applies, ask string, why Reason) {
	switch r.Kind {
	case RuleEverybody:
		return AppliesYes, "", reasonAll()
	case RuleVoluntary:
		name, _ := e.audience(r.Audience)
		return AppliesYes, "", reasonVoluntary(name)
	case RuleOthers:
		name, _ := e.audience(r.Audience)
		return AppliesNo, "", reasonOthers(name)
	case RuleCapital:
		is := f.capital(r.Capital)
		return when(is), "", reasonCapital(r.Capital, is)
	case RulePopulation:
		return e.decidePopulation(r, f)
	case RuleAsk:
		return e.decideAsk(r, f, Reason{})
	}
	return AppliesNo, "", Reason{} // Load refuses every other kind
}

func (e *Edition) decidePopulation(r Rule, f Facts) (Applies, string, Reason) {
	if f.Population <= 0 {
		return AppliesToVerify, "", reasonPopulationUnknown(r)
	}
	in := f.Population >= r.Min && (r.Max == 0 || f.Population <= r.Max)
	why := reasonPopulation(r, f.Population, in)
	if !in {
		return AppliesNo, "", why
	}
	if r.Ask == "" {
		return AppliesYes, "", why
	}
	return e.decideAsk(r, f, why)
}

// decideAsk looks for the answer to r.Ask; before is the reason that led here.
func (e *Edition) decideAsk(r Rule, f Facts, before Reason) (Applies, string, Reason) {
	c, _ := e.Condition(r.Ask)
	answer, known := f.Conditions[r.Ask]
	if !known {
		return AppliesToVerify, r.Ask, before.then(reasonToVerify(c))
	}
	yes := answer == (r.Expect == Yes)
	return when(yes), "", before.then(reasonAnswered(c, answer, yes))
}

func (f Facts) capital(k CapitalKind) bool {
	switch k {
	case MetropolitanCapital:
		return comune.MetropolitanCapital(f.Catastale)
	case RegionalCapital:
		return f.RegionalCapital
	case ProvincialCapital:
		return f.ProvincialCapital
	}
	return false
}

func when(yes bool) Applies {
	if yes {
		return AppliesYes
	}
	return AppliesNo
}

// Question is a condition that one Comune still has to answer.
type Question struct {
	Condition Condition
	Lines     []string // codes of the lines that wait for it, in the order of the edition
}

// Questions returns the conditions that would settle lines to verify, in the
// order of the edition's conditions. Those that cannot matter to this Comune
// (the question on open data for a Comune outside every band) are not asked.
func (e *Edition) Questions(f Facts) []Question {
	lines := map[string][]string{}
	for _, b := range e.Bind(f) {
		if b.Applies == AppliesToVerify && b.Ask != "" {
			lines[b.Ask] = append(lines[b.Ask], b.Line.Code)
		}
	}
	var out []Question
	for _, c := range e.Conditions {
		if l := lines[c.ID]; len(l) > 0 {
			out = append(out, Question{Condition: c, Lines: l})
		}
	}
	return out
}
