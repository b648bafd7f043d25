package plans

import (
	"fmt"
	"strconv"
	"strings"

	"traguardo/surveys"
)

// ReasonCode says which kind of reason a Reason is.
type ReasonCode string

// Why a micro-progetto was asked for (triggers) and why it was chosen or left
// out (outcomes). The arguments of each are those that Args fills.
const (
	AskedGap         ReasonCode = "gap"          // Indicator, From, To: evidenced level below target
	AskedGate        ReasonCode = "gate"         // Indicator, From, To: a gate below target
	AskedUndocument  ReasonCode = "undocumented" // Indicator, From (evidenced), To (declared): the level is declared, not documented
	AskedLine        ReasonCode = "line"         // Line, Due (may be none): a PTI line that binds the Comune
	AskedLineOverdue ReasonCode = "line_overdue" // Line, Due: a PTI line past its date
	AskedTraining    ReasonCode = "training"     // Item, Mean, Threshold (0–100): a weak competence of the staff
	AskedPrereq      ReasonCode = "needed_by"    // Other: another candidate cannot start without it

	OutChosen     ReasonCode = "chosen"       // Points, Cents, Days: in, for what it gains
	OutMust       ReasonCode = "must"         // in because the ente wants it
	OutForOther   ReasonCode = "for_other"    // Other: in because Other needs it
	OutBudget     ReasonCode = "budget"       // Year, Cents short; Other, Points: what would go for it and points lost (may be none)
	OutCapacity   ReasonCode = "capacity"     // Quarter, Days short; Other, Points as in budget
	OutDeadline   ReasonCode = "deadline"     // Quarter by which it would have to end
	OutPrereq     ReasonCode = "prerequisite" // Other: what is missing
	OutConflict   ReasonCode = "conflict"     // Other: what is in instead
	OutNever      ReasonCode = "never"        // out because the ente does not want it
	OutNoGain     ReasonCode = "no_gain"      // Other (may be none): it adds nothing to what is in
	OutOutweighed ReasonCode = "outweighed"   // Points lost if forced in, Other (may be none): what would go
	OutClash      ReasonCode = "clash"        // Other: musts that cannot stand together
)

// ParseReasonCode accepts the code of a reason and refuses all other text.
func ParseReasonCode(s string) (ReasonCode, error) {
	switch c := ReasonCode(s); c {
	case AskedGap, AskedGate, AskedUndocument, AskedLine, AskedLineOverdue, AskedTraining, AskedPrereq,
		OutChosen, OutMust, OutForOther, OutBudget, OutCapacity, OutDeadline, OutPrereq, OutConflict,
		OutNever, OutNoGain, OutOutweighed, OutClash:
		return c, nil
	default:
		return "", fmt.Errorf("%w: reason %q", ErrInvalid, s)
	}
}

func (c ReasonCode) String() string { return string(c) }

// Asks reports whether c is a trigger and not an outcome.
func (c ReasonCode) Asks() bool {
	switch c {
	case AskedGap, AskedGate, AskedUndocument, AskedLine, AskedLineOverdue, AskedTraining, AskedPrereq:
		return true
	case OutChosen, OutMust, OutForOther, OutBudget, OutCapacity, OutDeadline, OutPrereq, OutConflict,
		OutNever, OutNoGain, OutOutweighed, OutClash:
		return false
	}
	return false
}

// Reason is a reason with its figures. Only the fields named beside its code
// are filled; the others are zero and mean nothing.
type Reason struct {
	Code      ReasonCode     `json:"code"`
	Indicator string         `json:"indicator,omitempty"`
	From      *surveys.Level `json:"from,omitempty"`
	To        *surveys.Level `json:"to,omitempty"`
	Line      string         `json:"line,omitempty"`
	Due       Date           `json:"due,omitzero"`
	Item      string         `json:"item,omitempty"`
	Mean      float64        `json:"mean,omitempty"`      // 0–100
	Threshold float64        `json:"threshold,omitempty"` // 0–100
	Year      int            `json:"year,omitempty"`
	Quarter   Quarter        `json:"quarter,omitzero"`
	Cents     Cents          `json:"cents,omitempty"`
	Days      int            `json:"days,omitempty"`
	Points    float64        `json:"points,omitempty"` // points it gives (asked, chosen) or costs (outweighed)
	Other     []string       `json:"other,omitempty"`  // ids of other candidates
}

// Key returns the key of the reason's sentence in the message catalogue, e.g.
// "reason.budget". Keys with a variant end with it: "reason.line.dated", and
// ".other" after no_gain, outweighed, budget and capacity when Other is filled.
func (r Reason) Key() string {
	key := "reason." + string(r.Code)
	switch {
	case r.Code == AskedLine && !r.Due.IsZero():
		return key + ".dated"
	case len(r.Other) > 0 && (r.Code == OutNoGain || r.Code == OutOutweighed || r.Code == OutBudget || r.Code == OutCapacity):
		return key + ".other"
	}
	return key
}

// Args returns the arguments of the sentence, ready for reading in lang ("it"
// or "en"): Indicator, From, To, Line, Due, Item, Mean, Threshold, Year,
// Quarter, Euro, Days, Points, Other. Every name is always there, "" or 0 where the reason
// has none; Other joins with ", " what name gives for each id (nil: the id itself).
func (r Reason) Args(lang string, name func(id string) string) map[string]any {
	others := make([]string, len(r.Other))
	for i, id := range r.Other {
		others[i] = id
		if name != nil {
			others[i] = name(id)
		}
	}
	due := r.Due.Italian()
	if lang == "en" {
		due = r.Due.String()
	}
	return map[string]any{
		"Indicator": r.Indicator, "From": levelText(r.From), "To": levelText(r.To), "Line": r.Line, "Due": due,
		"Item": r.Item, "Mean": decimal(r.Mean, lang), "Threshold": decimal(r.Threshold, lang), "Year": r.Year,
		"Quarter": r.Quarter.Label(lang), "Euro": r.Cents.Euro(lang), "Days": r.Days, "Points": decimal(r.Points, lang),
		"Other": strings.Join(others, ", "),
	}
}

func levelText(l *surveys.Level) string {
	if l == nil {
		return ""
	}
	return strconv.Itoa(int(*l))
}

// decimal writes v with at most one decimal, with the comma in Italian.
func decimal(v float64, lang string) string {
	s := strings.TrimSuffix(strconv.FormatFloat(v, 'f', 1, 64), ".0")
	if lang != "en" {
		s = strings.ReplaceAll(s, ".", ",")
	}
	return s
}
