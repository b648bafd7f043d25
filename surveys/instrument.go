package surveys

import "fmt"

// Text is a text in the languages of the product. IT is always filled; EN may
// be empty, and then IT is shown and marked as Italian.
type Text struct {
	IT string `yaml:"it" json:"it"`
	EN string `yaml:"en,omitempty" json:"en,omitempty"`
}

// In returns the text in lang ("it" or "en") and the language it really is in.
func (t Text) In(lang string) (text, actual string) {
	if lang == "en" && t.EN != "" {
		return t.EN, "en"
	}
	return t.IT, "it"
}

// ScaleKind says how the answers of a scale are stored and scored.
type ScaleKind string

// The kinds of scale (questionnaires.md §2).
const (
	ScaleLinear   ScaleKind = "linear"   // one of ordered values; score = Factor·(x+Offset) on 0–100
	ScaleKey      ScaleKind = "key"      // one option, one key: 100 when right, else 0
	ScaleSingle   ScaleKind = "single"   // one of unordered options, not scored
	ScaleMultiple ScaleKind = "multiple" // any of the options, one slot an option, not scored
	ScaleProjects ScaleKind = "projects" // any of the campaign's frozen list of micro-progetti
	ScaleText     ScaleKind = "text"     // free text, kept apart from the vector
	ScaleCode     ScaleKind = "code"     // element of the personal code: never in the vector, never stored
)

// Option is one choice of a scale or of an item.
type Option struct {
	Value     byte `yaml:"value" json:"value"` // stored value, 0–200
	Label     Text `yaml:"label" json:"label"`
	Key       bool `yaml:"key,omitempty" json:"key,omitempty"`             // the right one (S-MC4)
	Exclusive bool `yaml:"exclusive,omitempty" json:"exclusive,omitempty"` // cannot stand with others (multiple)
}

// Scale is a set of answers shared by items.
type Scale struct {
	Code    string    `yaml:"code" json:"code"`
	Kind    ScaleKind `yaml:"kind" json:"kind"`
	Options []Option  `yaml:"options,omitempty" json:"options,omitempty"` // empty where items bring their own
	NA      *Text     `yaml:"na,omitempty" json:"na,omitempty"`           // label of "does not concern my work", nil where not offered
	DK      *Text     `yaml:"dk,omitempty" json:"dk,omitempty"`           // label of "do not know", nil where not offered
	Factor  float64   `yaml:"factor,omitempty" json:"factor,omitempty"`
	Offset  float64   `yaml:"offset,omitempty" json:"offset,omitempty"`
	Shuffle bool      `yaml:"shuffle,omitempty" json:"shuffle,omitempty"`
	Slots   int       `yaml:"slots,omitempty" json:"slots,omitempty"` // for ScaleProjects: bytes reserved in the vector
	MaxLen  int       `yaml:"max_len,omitempty" json:"max_len,omitempty"`
}

// Form is the rotation of knowledge items: X anchors in both waves, A and B rotated.
type Form string

// The forms. The zero value means that the item does not rotate.
const (
	FormNone Form = ""
	FormX    Form = "X"
	FormA    Form = "A"
	FormB    Form = "B"
)

// Other returns the rotated set that the same person meets in the other wave:
// B for A, A for B, and f itself for the rest.
func (f Form) Other() Form {
	switch f {
	case FormA:
		return FormB
	case FormB:
		return FormA
	case FormNone, FormX:
		return f
	default:
		return f
	}
}

// PTIRef ties an indicator to the Piano triennale.
type PTIRef struct {
	Edition    string   `yaml:"edition" json:"edition"`
	Chapter    string   `yaml:"chapter" json:"chapter"`
	Objectives []string `yaml:"objectives" json:"objectives"`
	Lines      []string `yaml:"lines,omitempty" json:"lines,omitempty"`
	Note       string   `yaml:"note,omitempty" json:"note,omitempty"` // English, for the methods page: why there is no line, or which are conditional
}

// Item is one question. Codes never change meaning.
type Item struct {
	Code       string   `yaml:"code" json:"code"`
	Area       Area     `yaml:"area" json:"area"`
	Title      Text     `yaml:"title,omitempty" json:"title,omitempty"` // MAT: short name of the indicator
	Text       Text     `yaml:"text" json:"text"`
	Scale      string   `yaml:"scale" json:"scale"`
	Options    []Option `yaml:"options,omitempty" json:"options,omitempty"` // where the scale has none (S-MC4, bands)
	Reverse    bool     `yaml:"reverse,omitempty" json:"reverse,omitempty"`
	Weight     float64  `yaml:"weight" json:"weight"`
	Gate       bool     `yaml:"gate,omitempty" json:"gate,omitempty"`
	NAAllowed  bool     `yaml:"na_allowed,omitempty" json:"na_allowed,omitempty"`
	Form       Form     `yaml:"form,omitempty" json:"form,omitempty"`
	Short      bool     `yaml:"short,omitempty" json:"short,omitempty"`         // in the short form
	ThenTest   bool     `yaml:"then_test,omitempty" json:"then_test,omitempty"` // has a T- twin in THEN
	Foil       bool     `yaml:"foil,omitempty" json:"foil,omitempty"`           // REC: the term does not exist
	Construct  string   `yaml:"construct,omitempty" json:"construct,omitempty"` // ATT: UTI, EFF, ORG
	Scored     bool     `yaml:"scored" json:"scored"`
	Syllabus   string   `yaml:"syllabus,omitempty" json:"syllabus,omitempty"` // level B, I, A
	Rationale  Text     `yaml:"rationale,omitempty" json:"rationale,omitempty"`
	References []string `yaml:"references,omitempty" json:"references,omitempty"`
	ReviewBy   string   `yaml:"review_by,omitempty" json:"review_by,omitempty"`   // CON: absolute date YYYY-MM-DD
	SmallText  Text     `yaml:"small_text,omitempty" json:"small_text,omitempty"` // EXP-01: question asked instead under MinFullForm eligible staff
	Hint       Text     `yaml:"hint,omitempty" json:"hint,omitempty"`             // shown under the question
	Expect     *byte    `yaml:"expect,omitempty" json:"expect,omitempty"`         // ATN: the value that the text asks for
	Format     string   `yaml:"format,omitempty" json:"format,omitempty"`         // COD: admitted range, "A–Z" or "01–31"
	Bits       float64  `yaml:"bits,omitempty" json:"bits,omitempty"`             // COD: assumed entropy in bits (questionnaires.md Block 1)

	Levels   []Text  `yaml:"levels,omitempty" json:"levels,omitempty"` // MAT: five anchors, L0..L4
	Evidence Text    `yaml:"evidence,omitempty" json:"evidence,omitempty"`
	Check    Text    `yaml:"check,omitempty" json:"check,omitempty"`
	Action   Text    `yaml:"action,omitempty" json:"action,omitempty"`     // MAT: typical micro-progetto
	ActCap4  bool    `yaml:"act_cap4,omitempty" json:"act_cap4,omitempty"` // MAT: an act (E1) may prove level 4 (§4, cap by indicator)
	PTI      *PTIRef `yaml:"pti,omitempty" json:"pti,omitempty"`
}

// Module is an optional block that a programme may turn on, off by default and
// never served under MinFullForm eligible staff (issue B, Campaigns).
type Module string

// The modules of STAFF 1.0.
const (
	ModuleREC Module = "REC" // termini conosciuti, over-claiming control
	ModuleBEH Module = "BEH" // comportamenti
	ModuleVIG Module = "VIG" // vignette di ancoraggio
	ModuleATN Module = "ATN" // controllo di attenzione
)

// ParseModule accepts the code of a module and refuses all other text.
func ParseModule(s string) (Module, error) {
	switch m := Module(s); m {
	case ModuleREC, ModuleBEH, ModuleVIG, ModuleATN:
		return m, nil
	default:
		return "", fmt.Errorf("%w: module %q", ErrInvalid, s)
	}
}

// Block is a page of the questionnaire.
type Block struct {
	Code      string `yaml:"code" json:"code"` // e.g. PRF, AUT, CON, ATT, BEH, REC, VIG, ATN, THEN, EXP
	Title     Text   `yaml:"title" json:"title"`
	Intro     Text   `yaml:"intro,omitempty" json:"intro,omitempty"`
	Waves     []Wave `yaml:"waves,omitempty" json:"waves,omitempty"`           // empty: every wave
	Module    Module `yaml:"module,omitempty" json:"module,omitempty"`         // empty: always on
	OmitShort bool   `yaml:"omit_short,omitempty" json:"omit_short,omitempty"` // not in the short form
	OmitSmall bool   `yaml:"omit_small,omitempty" json:"omit_small,omitempty"` // not under MinFullForm eligible staff (profile)
	ByArea    bool   `yaml:"by_area,omitempty" json:"by_area,omitempty"`       // when over MaxPageItems, one page an area instead of even parts
	Shuffle   bool   `yaml:"shuffle,omitempty" json:"shuffle,omitempty"`       // order of the items differs by respondent (REC)
	Within    string `yaml:"within,omitempty" json:"within,omitempty"`         // asked in the middle of this other block's page (ATN in ATT)
	Debrief   Text   `yaml:"debrief,omitempty" json:"debrief,omitempty"`       // told on the last page when the block was asked (REC)
	Items     []Item `yaml:"items,omitempty" json:"items,omitempty"`           // empty for a page of text only (INF)
}

// Instrument is one published version of a questionnaire. Two instruments with
// equal canonical bytes are the same instrument; Hash is over those bytes.
type Instrument struct {
	Code      string  `yaml:"code" json:"code"` // MAT or STAFF
	Version   string  `yaml:"version" json:"version"`
	Language  string  `yaml:"language" json:"language"`
	Title     Text    `yaml:"title" json:"title"`
	Status    string  `yaml:"status" json:"status"` // draft, pilot, active, retired
	ValidFrom string  `yaml:"valid_from" json:"valid_from"`
	ReviewBy  string  `yaml:"review_by" json:"review_by"`
	Scales    []Scale `yaml:"scales" json:"scales"`
	Blocks    []Block `yaml:"blocks" json:"blocks"` // in the order of asking

	Crosswalk *Crosswalk `yaml:"crosswalk,omitempty" json:"crosswalk,omitempty"` // nil for a first version
}
