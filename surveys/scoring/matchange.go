package scoring

import "traguardo/surveys"

// ChangeKind names what happened to one indicator between two assessments
// (questionnaires.md §4).
type ChangeKind string

// The kinds of change. Only Improved is called an improvement.
const (
	Improved         ChangeKind = "improved"          // «migliorato»: the declared level rose and evidence shows more than was declared before
	DeclaredOnly     ChangeKind = "declared_only"     // «dichiarato, non documentato»: only the declared level rose
	BetterDocumented ChangeKind = "better_documented" // «documentato meglio»: evidence caught up with what was declared before
	LessDocumented   ChangeKind = "less_documented"   // evidence expired or withdrawn, the declared level unchanged
	Worsened         ChangeKind = "worsened"          // «peggiorato»: the declared level fell and the evidenced did not rise
	Unchanged        ChangeKind = "unchanged"         // «invariato»
	NotComparable    ChangeKind = "not_comparable"    // other version, or not assessed in both
)

// IndicatorChange is one indicator in two assessments. Levels are nil where it was
// not assessed, deltas nil unless comparable; deltas are −4 to 4.
type IndicatorChange struct {
	Code            string         `json:"code"`
	Area            surveys.Area   `json:"area"`
	Kind            ChangeKind     `json:"kind"`
	BeforeDeclared  *surveys.Level `json:"before_declared"`
	AfterDeclared   *surveys.Level `json:"after_declared"`
	BeforeEvidenced *surveys.Level `json:"before_evidenced"`
	AfterEvidenced  *surveys.Level `json:"after_evidenced"`
	DeltaDeclared   *int           `json:"delta_declared"`
	DeltaEvidenced  *int           `json:"delta_evidenced"`
	Renew           bool           `json:"renew"` // «da rinnovare» in the later assessment
}

// ScoreChange is a score in two assessments, in points of 0–100; Delta is nil
// unless both have a single number.
type ScoreChange struct {
	Before *float64 `json:"before"`
	After  *float64 `json:"after"`
	Delta  *float64 `json:"delta"`
}

// AreaChange is one area in two assessments.
type AreaChange struct {
	Area      surveys.Area `json:"area"`
	Declared  ScoreChange  `json:"declared"`
	Evidenced ScoreChange  `json:"evidenced"`
	Kinds     []KindCount  `json:"kinds"` // how many indicators of each kind, all kinds in the order of the constants
}

// KindCount counts indicators of one kind of change.
type KindCount struct {
	Kind  ChangeKind `json:"kind"`
	Count int        `json:"count"`
}

// MATChange compares two assessments of one ente.
type MATChange struct {
	FormulaVersion string            `json:"formula_version"`
	SameVersion    bool              `json:"same_version"` // false: nothing is comparable
	Before         string            `json:"before"`       // days of the two assessments, YYYY-MM-DD
	After          string            `json:"after"`
	Declared       ScoreChange       `json:"declared"` // of the index
	Evidenced      ScoreChange       `json:"evidenced"`
	Areas          []AreaChange      `json:"areas"`      // the four areas, then GOV
	Indicators     []IndicatorChange `json:"indicators"` // those of after in its order, then those that only before has
}

// AssessChange compares two assessments indicator by indicator; only the same
// version of the same instrument is comparable, and only indicators assessed in
// both. Declared and evidenced change stand apart and are never summed.
func AssessChange(before, after MATResult) MATChange {
	same := before.Instrument == after.Instrument && before.Version == after.Version
	out := MATChange{
		FormulaVersion: FormulaVersion, SameVersion: same, Before: before.AsOf, After: after.AsOf,
		Areas: []AreaChange{}, Indicators: []IndicatorChange{},
	}
	for _, a := range after.Indicators {
		b, _ := before.Indicator(a.Code)
		out.Indicators = append(out.Indicators, indicatorChange(b, a, same))
	}
	for _, b := range before.Indicators {
		if _, ok := after.Indicator(b.Code); !ok {
			out.Indicators = append(out.Indicators, indicatorChange(b, IndicatorResult{Code: b.Code, Area: b.Area}, false))
		}
	}
	out.Declared = scoreChange(before.Overall.Declared, after.Overall.Declared, same)
	out.Evidenced = scoreChange(before.Overall.Evidenced, after.Overall.Evidenced, same)
	for _, list := range [][]AreaResult{after.Areas, after.Beside} {
		for _, a := range list {
			b, _ := before.Area(a.Area)
			out.Areas = append(out.Areas, AreaChange{
				Area:      a.Area,
				Declared:  scoreChange(b.Declared, a.Declared, same),
				Evidenced: scoreChange(b.Evidenced, a.Evidenced, same),
				Kinds:     countKinds(out.Indicators, a.Area),
			})
		}
	}
	return out
}

func indicatorChange(before, after IndicatorResult, same bool) IndicatorChange {
	c := IndicatorChange{
		Code: after.Code, Area: after.Area, Kind: NotComparable, Renew: after.Renew,
		BeforeDeclared: before.Declared, BeforeEvidenced: before.Evidenced,
		AfterDeclared: after.Declared, AfterEvidenced: after.Evidenced,
	}
	if !same || before.State != Assessed || after.State != Assessed {
		return c
	}
	d, e := int(*after.Declared-*before.Declared), int(*after.Evidenced-*before.Evidenced)
	c.DeltaDeclared, c.DeltaEvidenced = &d, &e
	c.Kind = KindOf(Levels{*before.Declared, *before.Evidenced}, Levels{*after.Declared, *after.Evidenced})
	return c
}

// Levels are the two levels of an indicator in one assessment, 0–4.
type Levels struct{ Declared, Evidenced surveys.Level }

// KindOf names what happened to an indicator assessed twice (questionnaires.md §4).
// It tells a real rise from one on paper (evidence that only reaches what was
// declared before documents it, and does not improve it) and a fall from evidence
// that lapsed: a level has gone down only where the ente itself declares less.
func KindOf(before, after Levels) ChangeKind {
	declared, evidenced := after.Declared-before.Declared, after.Evidenced-before.Evidenced
	switch {
	case evidenced > 0 && declared > 0 && after.Evidenced > before.Declared:
		return Improved
	case evidenced > 0:
		return BetterDocumented
	case declared > 0:
		return DeclaredOnly
	case declared < 0:
		return Worsened
	case evidenced < 0:
		return LessDocumented
	default:
		return Unchanged
	}
}

func scoreChange(before, after Score, same bool) ScoreChange {
	c := ScoreChange{Before: before.Value, After: after.Value}
	if same && before.Value != nil && after.Value != nil {
		d := *after.Value - *before.Value
		c.Delta = &d
	}
	return c
}

func countKinds(list []IndicatorChange, a surveys.Area) []KindCount {
	var out []KindCount
	for _, k := range []ChangeKind{Improved, DeclaredOnly, BetterDocumented, LessDocumented, Worsened, Unchanged, NotComparable} {
		n := 0
		for _, c := range list {
			if c.Area == a && c.Kind == k {
				n++
			}
		}
		out = append(out, KindCount{k, n})
	}
	return out
}
