package scoring

import (
	"traguardo/surveys"
	"traguardo/surveys/privacy"
)

// Label is the name of a band of scores: a convention, not validated
// (questionnaires.md §4). The names are those of the levels of S-MAT5.
type Label string

// The labels: scores below 20, 40, 60, 80, and the rest.
const (
	Assente     Label = "assente"
	Iniziale    Label = "iniziale"
	Definito    Label = "definito"
	Consolidato Label = "consolidato"
	Misurato    Label = "misurato" // «Misurato e migliorato»
)

// LabelOf returns the label of a score 0–100, taken in full precision: 19.99 is
// Assente.
func LabelOf(score float64) Label {
	switch {
	case score < 20:
		return Assente
	case score < 40:
		return Iniziale
	case score < 60:
		return Definito
	case score < 80:
		return Consolidato
	default:
		return Misurato
	}
}

// IndicatorState says what is known of an indicator. Missing is not level 0.
type IndicatorState string

// The states of an indicator.
const (
	Assessed      IndicatorState = "assessed"
	NotApplicable IndicatorState = "not_applicable" // with a reason; leaves the denominator
	NotAssessed   IndicatorState = "missing"
)

// IndicatorResult is one indicator of the assessment.
type IndicatorResult struct {
	Code      string               `json:"code"`
	Area      surveys.Area         `json:"area"`
	State     IndicatorState       `json:"state"`
	Gate      bool                 `json:"gate"`
	Weight    float64              `json:"weight"`
	Declared  *surveys.Level       `json:"declared"`  // nil unless assessed
	Evidenced *surveys.Level       `json:"evidenced"` // min(declared, cap of the evidence); nil unless assessed
	Cap       surveys.Level        `json:"cap"`       // highest level that the valid evidence proves, 1–4
	Evidence  surveys.EvidenceType `json:"evidence"`  // strongest valid evidence, E0 when none
	Renew     bool                 `json:"renew"`     // «da rinnovare»: stronger evidence has expired
	NAReason  string               `json:"na_reason,omitempty"`
}

// Score is a score 0–100 with what missing answers leave open.
type Score struct {
	// Value is nil when there is no single number: nothing assessed, or more than
	// a quarter of the indicators missing or not applicable.
	Value *float64 `json:"value"`
	// Interval holds the score with every missing indicator at 0 and at 4. It is
	// nil when no indicator is applicable, a point when none is missing.
	Interval *privacy.Range `json:"interval"`
}

// Coverage is how much of what is declared at level 2 or more is evidenced.
type Coverage struct {
	Covered  int      `json:"covered"`  // of these, how many have evidenced = declared
	Declared int      `json:"declared"` // indicators declared at level 2 or more
	Share    *float64 `json:"share"`    // Covered/Declared, 0–1; nil («non calcolabile») when Declared is 0
}

// Contribution says what one indicator gives to a score and what it costs it, in
// points of that score. Gives over all indicators sums to the score, Gives plus
// Loses to 100. Undocumented is the part of Loses that evidence alone would win.
type Contribution struct {
	Code         string       `json:"code"`
	Area         surveys.Area `json:"area"`
	Gives        float64      `json:"gives"`
	Loses        float64      `json:"loses"`
	Undocumented float64      `json:"undocumented"`
}

// GateHold is a gate whose evidenced level is 0 or 1: with it the area's label
// cannot be higher than Definito.
type GateHold struct {
	Code      string        `json:"code"`
	Declared  surveys.Level `json:"declared"`
	Evidenced surveys.Level `json:"evidenced"`
}

// AreaResult is one area. Answered is the denominator in use («8 su 9
// indicatori»): Total = Answered + NA + Missing.
type AreaResult struct {
	Area      surveys.Area `json:"area"`
	Declared  Score        `json:"declared"`
	Evidenced Score        `json:"evidenced"` // the headline
	Coverage  Coverage     `json:"coverage"`
	Total     int          `json:"total"`
	Answered  int          `json:"answered"`
	NA        int          `json:"na"`
	Missing   int          `json:"missing"`

	Label        *Label     `json:"label"`          // of the evidenced score, after the gates; nil without a single number
	LabelByScore *Label     `json:"label_by_score"` // what the mean alone would say
	HeldDown     bool       `json:"held_down"`      // the gates made the label lower
	Gates        []GateHold `json:"gates"`          // gates at evidenced level 0 or 1, the reason next to the label
	GatesMissing []string   `json:"gates_missing"`  // gates that were not assessed: they hold nothing down and prove nothing
	Renew        []string   `json:"renew"`          // indicators «da rinnovare»

	// Contributions explains the evidenced score, most lost points first; empty
	// without a single number.
	Contributions []Contribution `json:"contributions"`
}

// OverallResult is the index: the mean of the four scored areas. GOV never enters.
type OverallResult struct {
	Declared  Score    `json:"declared"`
	Evidenced Score    `json:"evidenced"`
	Coverage  Coverage `json:"coverage"` // over the indicators of the four areas
	Label     *Label   `json:"label"`    // nil without a single number; gates act on areas, not here
	// Weakest lists the area with the lowest evidenced score, more than one when
	// tied; empty without a single number.
	Weakest []surveys.Area `json:"weakest"`
	// Sensitivity is the lowest and highest index over each area's weight +25 %
	// and −25 % and over the geometric mean; nil without a single number.
	Sensitivity *privacy.Range `json:"sensitivity"`
	Geometric   *float64       `json:"geometric"` // (Π(S+1))^¼ − 1
	// Contributions explains the index (a quarter of each area's), most lost
	// points first; empty without a single number.
	Contributions []Contribution `json:"contributions"`
}

// RaterGap is an indicator on which two raters stood two levels or more apart.
type RaterGap struct {
	Code string        `json:"code"`
	A    surveys.Level `json:"a"`
	B    surveys.Level `json:"b"`
}

// Agreement compares the first answers of two raters, before consensus, over the
// indicators that both rated (questionnaires.md §4).
type Agreement struct {
	N         int        `json:"n"`          // indicators rated by both
	Identical *float64   `json:"identical"`  // share 0–1, nil when N is 0
	WithinOne *float64   `json:"within_one"` // share 0–1, nil when N is 0
	Kappa     *float64   `json:"kappa"`      // quadratic weights; nil when N < 20 or undefined
	ToDiscuss []RaterGap `json:"to_discuss"` // two levels or more apart, in the order of the instrument
}

// MATResult is the scored assessment of one ente on one day.
type MATResult struct {
	FormulaVersion string            `json:"formula_version"`
	Instrument     string            `json:"instrument"`
	Version        string            `json:"version"`
	AsOf           string            `json:"as_of"` // YYYY-MM-DD: the day on which evidence was checked for validity
	Overall        OverallResult     `json:"overall"`
	Areas          []AreaResult      `json:"areas"`      // PIA, SIC, COM, DOC
	Beside         []AreaResult      `json:"beside"`     // GOV: shown beside, never in the index; empty when the instrument has none
	Indicators     []IndicatorResult `json:"indicators"` // in the order of the instrument
	Agreement      Agreement         `json:"agreement"`
}

// Area returns the result of an area, scored or beside, and false when the
// instrument has no indicator of it.
func (r MATResult) Area(a surveys.Area) (AreaResult, bool) {
	for _, list := range [][]AreaResult{r.Areas, r.Beside} {
		for _, x := range list {
			if x.Area == a {
				return x, true
			}
		}
	}
	return AreaResult{}, false
}

// Indicator returns the result of one indicator, and false when there is none.
func (r MATResult) Indicator(code string) (IndicatorResult, bool) {
	for _, x := range r.Indicators {
		if x.Code == code {
			return x, true
		}
	}
	return IndicatorResult{}, false
}
