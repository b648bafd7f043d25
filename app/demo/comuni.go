package demo

import "traguardo/surveys"

// stage is how far a fictitious Comune has come in its second measurement.
type stage int

const (
	expostNone stage = iota
	expostOpen
	expostClosed
)

// town is one fictitious Comune: an invented name, and a size like that of a
// Comune of the programme or of a larger one.
type town struct {
	Name       string
	Province   string
	Sigla      string
	Region     string
	Population int
	Staff      int     // eligible staff at the ex-ante
	Rate       float64 // share that answers
	Level      float64 // mean maturity level before, 0–4
	Stage      stage
	Offices    []string
}

// towns lists the nine fictitious Comuni, the five small ones first. Names were
// checked against the registry: no Comune bears them.
func towns() []town {
	small := []string{"Affari generali", "Ufficio tecnico"}
	middle := []string{"Affari generali", "Demografici", "Tecnico", "Tributi e ragioneria"}
	large := []string{"Segreteria e affari generali", "Servizi demografici", "Tecnico e territorio", "Tributi e ragioneria", "Sociale e scuola", "Polizia locale", "Sistemi informativi"}
	return []town{
		{"Valdombra", "Siena", "SI", "Toscana", 610, 4, 1, 0.9, expostClosed, small},
		{"Pietrachiara", "Salerno", "SA", "Campania", 1180, 9, 0.89, 1.0, expostClosed, small},
		{"Montesereno", "Bologna", "BO", "Emilia-Romagna", 4350, 18, 0.9, 1.7, expostClosed, middle},
		{"Rocca Ginestra", "Vibo Valentia", "VV", "Calabria", 4120, 22, 0.73, 1.1, expostNone, middle},
		{"Fontelunga", "Livorno", "LI", "Toscana", 2980, 27, 0.85, 1.5, expostOpen, middle},
		{"Castel Ventoso", "Chieti", "CH", "Abruzzo", 34200, 150, 0.62, 1.9, expostClosed, large},
		{"Collefosco", "Latina", "LT", "Lazio", 24600, 96, 0.58, 1.5, expostClosed, large},
		{"Borgo Tre Ponti", "Arezzo", "AR", "Toscana", 23900, 118, 0.66, 2.1, expostClosed, large},
		{"Portoselva", "Ravenna", "RA", "Emilia-Romagna", 95800, 320, 0.55, 2.5, expostClosed, large},
	}
}

// drift is how much an area gains between the waves, by where the demonstration's
// plans put their projects; in scale points of S-COMP5.
func drift(a surveys.Area) float64 {
	switch a {
	case surveys.SIC:
		return 0.55
	case surveys.DOC:
		return 0.4
	case surveys.COM:
		return 0.3
	case surveys.PIA:
		return 0.25
	default:
		return 0.1
	}
}
