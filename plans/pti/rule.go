package pti

import (
	"fmt"

	"traguardo/plans"
)

// Kind is how a line binds Comuni.
type Kind string

// The four ways (pti-comuni-mapping.csv: tutti, condizione, facoltativa, no).
const (
	BindsAll       Kind = "all"       // every Comune
	BindsCondition Kind = "condition" // those that meet a condition
	Voluntary      Kind = "voluntary" // those that choose to
	BindsNone      Kind = "no"        // no Comune, or not this one
)

// ParseKind accepts the code of a kind and refuses all other text (plans.ErrInvalid).
func ParseKind(s string) (Kind, error) {
	switch k := Kind(s); k {
	case BindsAll, BindsCondition, Voluntary, BindsNone:
		return k, nil
	default:
		return "", fmt.Errorf("%w: binding %q", plans.ErrInvalid, s)
	}
}

func (k Kind) String() string { return string(k) }

// RuleKind is what decides whether a line concerns a Comune.
type RuleKind string

// The kinds of rule.
const (
	RuleEverybody  RuleKind = "everybody"  // every Comune
	RulePopulation RuleKind = "population" // inhabitants in a band, then the answer to Ask when there is one
	RuleCapital    RuleKind = "capital"    // capital of a metropolitan city, a region or a province
	RuleAsk        RuleKind = "ask"        // the answer to a question that the registry cannot give
	RuleVoluntary  RuleKind = "voluntary"  // whoever chooses to
	RuleOthers     RuleKind = "others"     // other bodies, never a Comune
)

// CapitalKind is a kind of capital.
type CapitalKind string

// The kinds of capital. Metropolitan ones are a named list
// (comune.MetropolitanCapital); the others stand in the registry.
const (
	MetropolitanCapital CapitalKind = "metropolitan"
	RegionalCapital     CapitalKind = "regional"
	ProvincialCapital   CapitalKind = "provincial"
)

// Answer is an answer expected to a condition.
type Answer string

// The answers.
const (
	Yes Answer = "yes"
	No  Answer = "no"
)

// Rule decides whether a line concerns a Comune. The fields used depend on Kind.
type Rule struct {
	Kind     RuleKind    `yaml:"kind"`
	Min      int         `yaml:"min"`      // population: first inhabitant count inside the band
	Max      int         `yaml:"max"`      // population: last one inside; 0 for no upper end
	Capital  CapitalKind `yaml:"capital"`  // capital
	Ask      string      `yaml:"ask"`      // ask, population: id of a Condition; may be empty for population
	Expect   Answer      `yaml:"expect"`   // the answer with which the line concerns the Comune
	Audience string      `yaml:"audience"` // voluntary, others: id of an Audience
}

// validate refuses a rule whose fields do not fit its kind or name nothing.
func (r Rule) validate(e *Edition) error {
	bad := func(what string) error { return fmt.Errorf("%w: rule %s: %s", plans.ErrInvalid, r.Kind, what) }
	if r.Ask != "" {
		if _, ok := e.Condition(r.Ask); !ok {
			return bad("unknown condition " + r.Ask)
		}
		if r.Expect != Yes && r.Expect != No {
			return bad("expects neither yes nor no")
		}
	}
	switch r.Kind {
	case RuleEverybody:
		if r != (Rule{Kind: RuleEverybody}) {
			return bad("takes no other field")
		}
	case RulePopulation:
		if r.Min < 0 || (r.Max != 0 && r.Max < r.Min) || (r.Min == 0 && r.Max == 0) {
			return bad("has no band")
		}
	case RuleCapital:
		switch r.Capital {
		case MetropolitanCapital, RegionalCapital, ProvincialCapital:
		default:
			return bad("unknown capital")
		}
	case RuleAsk:
		if r.Ask == "" {
			return bad("has no question")
		}
	case RuleVoluntary, RuleOthers:
		if _, ok := e.audience(r.Audience); !ok {
			return bad("unknown audience " + r.Audience)
		}
	default:
		return bad("unknown")
	}
	return nil
}

// suits reports whether a rule of this kind can stand on a line that binds so.
func (k RuleKind) suits(b Kind) bool {
	switch b {
	case BindsAll:
		return k == RuleEverybody
	case BindsCondition:
		return k == RulePopulation || k == RuleCapital || k == RuleAsk
	case Voluntary:
		return k == RuleVoluntary
	case BindsNone:
		return k == RuleOthers
	}
	return false
}
