package dataset

import (
	"strconv"

	"traguardo/app/i18n"
	"traguardo/surveys"
	"traguardo/surveys/privacy"
)

// Entry explains one code in both languages.
type Entry struct {
	Code string `json:"code"`
	IT   string `json:"it"`
	EN   string `json:"en"`
}

// Figure explains one code of the column "figure".
type Figure struct {
	Code  string       `json:"code"`
	Label surveys.Text `json:"label"`
	Text  surveys.Text `json:"meaning"`
	Unit  string       `json:"unit"` // points, level, levels, share, persons, indicators, p, coefficient, sd
	Low   *float64     `json:"min"`  // of the values that it can have; nil: no bound
	High  *float64     `json:"max"`
}

// Option is one answer of a question.
type Option struct {
	Value string       `json:"value"` // of the column "category": a number, right, wrong, na or dk
	Label surveys.Text `json:"label"`
}

// Item is one question or indicator.
type Item struct {
	Code    string       `json:"code"`
	Area    string       `json:"area"`
	Scale   string       `json:"scale"`
	Reverse bool         `json:"reverse"`
	Text    surveys.Text `json:"text"`
	Options []Option     `json:"options"`
}

// Codebook explains every code that a file of figures holds.
type Codebook struct {
	Columns  []Entry  `json:"columns"`
	Figures  []Figure `json:"figures"`
	Measures []Entry  `json:"measures"`
	Areas    []Entry  `json:"areas"`
	States   []Entry  `json:"states"`
	Items    []Item   `json:"items"` // of the instruments of the wave, in the order of asking
}

// columns are the names of a row's cells, in order, as JSON has them.
func columns() []string {
	return []string{"figure", "measure", "area", "item", "category", "state", "value", "low", "high", "confidence", "bound_low", "bound_high", "n", "of", "method", "text"}
}

// States lists every code of the column "state": those of a withheld figure, and the
// three that an answer may have instead of a value, which are never a zero.
func States() []string {
	return []string{string(privacy.Shown), stateInterval, string(privacy.Insufficient), string(privacy.Suppressed), string(privacy.NotAsked), stateNone, stateNA, "dk", stateMissing}
}

// figureDef is the unit and range of a figure; a range of 0 to 0 is none.
type figureDef struct {
	code, unit string
	low, high  float64
}

func figureDefs() []figureDef {
	return []figureDef{
		{"mat_declared", "points", 0, 100}, {"mat_evidenced", "points", 0, 100}, {"mat_coverage", "share", 0, 1}, {"mat_sensitivity", "points", 0, 100},
		{"mat_geometric", "points", 0, 100}, {"mat_answered", "indicators", 0, 40}, {"mat_na", "indicators", 0, 40}, {"mat_missing", "indicators", 0, 40},
		{"mat_indicator_declared", "level", 0, 4}, {"mat_indicator_evidenced", "level", 0, 4}, {"mat_identical", "share", 0, 1}, {"mat_within_one", "share", 0, 1},
		{"mat_kappa", "coefficient", -1, 1},
		{"staff_eligible", "persons", 0, 0}, {"staff_threshold", "persons", 0, 0}, {"staff_rate", "share", 0, 1}, {"staff_complete", "persons", 0, 0},
		{"staff_partial", "persons", 0, 0}, {"staff_break_offs", "persons", 0, 0}, {"staff_mean", "points", 0, 100}, {"staff_attention_failed", "share", 0, 1},
		{"staff_same_answers", "share", 0, 1}, {"staff_item_share", "share", 0, 1}, {"staff_item_mean", "points", 0, 100}, {"staff_item_na", "share", 0, 1},
		{"staff_item_dk", "share", 0, 1}, {"staff_item_option", "share", 0, 1},
		{"matchange_declared", "points", -100, 100}, {"matchange_evidenced", "points", -100, 100}, {"matchange_indicator_declared", "levels", -4, 4},
		{"matchange_indicator_evidenced", "levels", -4, 4},
		{"staffchange_pairs", "persons", 0, 0}, {"staffchange_attrition", "sd", 0, 0}, {"staffchange_mean", "points", -100, 100}, {"staffchange_median", "points", -100, 100},
		{"staffchange_p", "p", 0, 1}, {"staffchange_p_holm", "p", 0, 1}, {"staffchange_rank_biserial", "coefficient", -1, 1}, {"staffchange_improved", "share", 0, 1},
		{"staffchange_before", "points", 0, 100}, {"staffchange_after", "points", 0, 100},
	}
}

// measures are the codes of the column "measure".
func measures() []string {
	return []string{"SA", "KN", "KX", "KR", "KG", "CAL", "BH", "ATT", "OC", "SA_THEN", "POST_THEN", "RS"}
}

func newCodebook(texts *i18n.Catalogue, instruments []*surveys.Instrument) Codebook {
	it, en := texts.For(i18n.Italian), texts.For(i18n.English)
	entry := func(prefix, code string) Entry { return Entry{code, it.T(prefix + code), en.T(prefix + code)} }
	text := func(key string) surveys.Text { return surveys.Text{IT: it.T(key), EN: en.T(key)} }
	var b Codebook
	for _, c := range columns() {
		b.Columns = append(b.Columns, entry("codebook.col_", c))
	}
	for _, f := range figureDefs() {
		x := Figure{Code: f.code, Label: text("codebook.fig_" + f.code), Text: text("codebook.means_" + f.code), Unit: f.unit}
		if f.low != f.high {
			low, high := f.low, f.high
			x.Low, x.High = &low, &high
		}
		b.Figures = append(b.Figures, x)
	}
	for _, m := range measures() {
		b.Measures = append(b.Measures, entry("codebook.measure_", m))
	}
	for _, a := range append(surveys.ScoredAreas(), surveys.GOV) {
		b.Areas = append(b.Areas, entry("area.", string(a)))
	}
	b.Areas = append(b.Areas, entry("codebook.area_", All), entry("codebook.area_", "STR"), entry("codebook.area_", "GEN"))
	for _, s := range States() {
		b.States = append(b.States, entry("codebook.state_", s))
	}
	right, wrong := text("codebook.category_right"), text("codebook.category_wrong")
	b.Items = []Item{}
	for _, in := range instruments {
		for _, q := range in.Items() {
			if x, ok := newItem(in, q, right, wrong); ok {
				b.Items = append(b.Items, x)
			}
		}
	}
	return b
}

// newItem explains one question; false for free text and for the elements of the
// personal code, of which no figure exists. The key of a knowledge question is not
// told: categories of it are right, wrong and dk.
func newItem(in *surveys.Instrument, q surveys.Item, right, wrong surveys.Text) (Item, bool) {
	scale := in.ScaleOf(q)
	x := Item{Code: q.Code, Area: string(q.Area), Scale: scale.Code, Reverse: q.Reverse, Text: q.Text, Options: []Option{}}
	switch scale.Kind {
	case surveys.ScaleText, surveys.ScaleCode:
		return x, false
	case surveys.ScaleKey:
		x.Options = append(x.Options, Option{"right", right}, Option{"wrong", wrong})
	case surveys.ScaleLinear, surveys.ScaleSingle, surveys.ScaleMultiple, surveys.ScaleProjects:
		for i, level := range q.Levels {
			x.Options = append(x.Options, Option{strconv.Itoa(i), level})
		}
		if len(q.Levels) == 0 {
			for _, o := range in.OptionsOf(q) {
				x.Options = append(x.Options, Option{strconv.Itoa(int(o.Value)), o.Label})
			}
		}
	}
	if scale.NA != nil && q.NAAllowed {
		x.Options = append(x.Options, Option{"na", *scale.NA})
	}
	if scale.DK != nil {
		x.Options = append(x.Options, Option{"dk", *scale.DK})
	}
	return x, true
}
