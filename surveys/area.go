package surveys

import "fmt"

// Area is one of the product's areas. The four of ScoredAreas make the index;
// GOV is a context panel beside them; STR (strategy) is a knowledge area only;
// GEN holds what belongs to no area.
type Area string

// The areas, in the order in which every page, export and PDF lists them.
const (
	PIA Area = "PIA" // piattaforme abilitanti
	SIC Area = "SIC" // sicurezza informatica
	COM Area = "COM" // comunicazione e promozione dei servizi digitali
	DOC Area = "DOC" // gestione documentale
	GOV Area = "GOV" // governo e organizzazione, beside the index
	STR Area = "STR" // strategia, knowledge items only
	GEN Area = "GEN" // general
)

// ScoredAreas returns the four areas of the index, in order. The caller owns the slice.
func ScoredAreas() []Area { return []Area{PIA, SIC, COM, DOC} }

// AssessmentAreas returns the four scored areas and GOV, in order. The caller owns the slice.
func AssessmentAreas() []Area { return []Area{PIA, SIC, COM, DOC, GOV} }

// ParseArea accepts the code of an area and refuses all other text.
func ParseArea(s string) (Area, error) {
	switch a := Area(s); a {
	case PIA, SIC, COM, DOC, GOV, STR, GEN:
		return a, nil
	default:
		return "", fmt.Errorf("%w: area %q", ErrInvalid, s)
	}
}

// Wave is a round of measurement.
type Wave string

// The waves, in the order of time.
const (
	ExAnte  Wave = "exante"
	Interim Wave = "interim"
	ExPost  Wave = "expost"
)

// ParseWave accepts the code of a wave and refuses all other text.
func ParseWave(s string) (Wave, error) {
	switch w := Wave(s); w {
	case ExAnte, Interim, ExPost:
		return w, nil
	default:
		return "", fmt.Errorf("%w: wave %q", ErrInvalid, s)
	}
}
