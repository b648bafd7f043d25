package dataset

import (
	"traguardo/app/i18n"
	"traguardo/surveys"
	"traguardo/surveys/privacy"
	"traguardo/surveys/scoring"
)

// About says which result the figures are of and how they were made.
type About struct {
	Ente       string       `json:"ente"`
	ISTAT      string       `json:"istat"` // empty for a fictitious ente
	Fictitious bool         `json:"fictitious"`
	Wave       surveys.Wave `json:"wave"`
	Licence    string       `json:"licence,omitempty"` // empty: the ente decides
	Sources    []Source     `json:"sources"`
	Note       string       `json:"note"` // what the figures cannot say
}

// Source is one stored result.
type Source struct {
	Kind           string `json:"kind"` // assessment, staff, change, staffchange
	Instrument     string `json:"instrument"`
	Version        string `json:"version"`
	InstrumentHash string `json:"instrument_hash,omitempty"` // SHA-256; empty where the result does not keep it
	FormulaVersion string `json:"formula_version"`
	DataHash       string `json:"data_hash"`
	ComputedAt     string `json:"computed_on"`    // YYYY-MM-DD, Europe/Rome
	Seed           string `json:"seed,omitempty"` // of the bootstrap; staffchange only
}

// Row is one figure. Value, Low, High and Confidence are nil, and N and Of absent,
// unless State is "shown" (or "interval", where only the ends are known).
type Row struct {
	Figure     string   `json:"figure"`             // code in Codebook.Figures
	Measure    string   `json:"measure,omitempty"`  // scoring.Measure
	Area       string   `json:"area,omitempty"`     // PIA, SIC, COM, DOC, GOV, ALL
	Item       string   `json:"item,omitempty"`     // code of an indicator, question or attitude
	Category   string   `json:"category,omitempty"` // values of the answers, joined with "|" where they were merged
	State      string   `json:"state"`              // code in Codebook.States
	Value      *float64 `json:"value"`
	Low        *float64 `json:"low"`
	High       *float64 `json:"high"`
	Confidence *float64 `json:"confidence"` // of Low–High, 0–1; nil where it is no statistical interval
	BoundLow   *float64 `json:"bound_low"`  // worst case without assumptions on who did not answer
	BoundHigh  *float64 `json:"bound_high"`
	N          *int     `json:"n"`
	Of         *int     `json:"of"`
	Method     string   `json:"method,omitempty"` // of the interval
	Text       string   `json:"text,omitempty"`   // label, kind of change, reason
}

// Dataset is what one file of export holds.
type Dataset struct {
	About    About    `json:"about"`
	Figures  []Row    `json:"figures"`
	Codebook Codebook `json:"codebook"`
}

// Input are the stored results of one wave; nil parts are not closed.
type Input struct {
	About       About
	MAT         *scoring.MATResult
	Staff       *scoring.StaffResult
	Change      *scoring.MATChange
	StaffChange *scoring.ChangeResult
	Instruments []*surveys.Instrument // those that the results were made with
}

// Build lays out the figures of one wave. texts gives the codebook its words.
func Build(in Input, texts *i18n.Catalogue) Dataset {
	d := Dataset{About: in.About, Figures: []Row{}}
	if in.MAT != nil {
		d.assessment(*in.MAT)
	}
	if in.Staff != nil {
		d.staff(*in.Staff)
	}
	if in.Change != nil {
		d.change(*in.Change)
	}
	if in.StaffChange != nil {
		d.staffChange(*in.StaffChange)
	}
	d.Codebook = newCodebook(texts, in.Instruments)
	return d
}

func (d *Dataset) add(r Row) { d.Figures = append(d.Figures, r) }

// level95 is the confidence of the intervals that the model prints at 95 %.
func level95() *float64 {
	v := 0.95
	return &v
}

// figureRow copies a figure that is shown, and of any other its state alone.
func figureRow(r Row, f privacy.Figure) Row {
	r.State = string(f.State)
	if !f.Visible() {
		if f.State == privacy.Shown {
			r.State = string(privacy.Suppressed)
		}
		return r
	}
	n := f.N
	r.Value, r.N = f.Value, &n
	if f.Interval != nil {
		r.Low, r.High, r.Confidence = &f.Interval.Low, &f.Interval.High, level95()
	}
	if f.Bounds != nil {
		r.BoundLow, r.BoundHigh = &f.Bounds.Low, &f.Bounds.High
	}
	return r
}

func cellRow(r Row, c privacy.Cell) Row {
	r.State = string(c.State)
	if c.State == privacy.Shown {
		v := float64(c.Count)
		r.Value = &v
	}
	return r
}
