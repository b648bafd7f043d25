package surveys

import "time"

// Level is a maturity level of S-MAT5: 0 Assente … 4 Misurato e migliorato.
type Level int

// EvidenceType is the strength of a piece of evidence (questionnaires.md §4).
type EvidenceType string

// The evidence types and what they are.
const (
	E0 EvidenceType = "E0" // only the statement
	E1 EvidenceType = "E1" // document or act, valid until revoked or its own end date
	E2 EvidenceType = "E2" // system record
	E3 EvidenceType = "E3" // public page or screenshot
	E4 EvidenceType = "E4" // third-party open data
	E5 EvidenceType = "E5" // check by a reviewer who did not edit the ente
)

// Evidence is one piece attached to an indicator.
type Evidence struct {
	ID         ID
	Type       EvidenceType
	Dated      time.Time // day of the act, export, page or check
	ValidUntil time.Time // own end date; zero when it has none
	Revoked    bool
}

// Rating is the answer to one indicator: a level, or not applicable with a
// reason, or nothing yet (Level nil and NA false: not assessed, which is not 0).
type Rating struct {
	Indicator string
	Level     *Level // declared (consensus) level; nil when not assessed or N/A
	NA        bool
	NAReason  string
	Evidence  []Evidence
	// First answers of the two raters before consensus; nil where not given.
	RaterA, RaterB *Level
}
