package comune

import (
	"bytes"
	_ "embed" // the two data files below
	"fmt"
	"time"
)

var (
	//go:embed data/reference_comuni.csv
	referenceComuni []byte
	//go:embed data/reference_padigitale.csv
	referenceFunding []byte
)

// Source names where embedded facts come from.
type Source struct {
	Title     string    // of the data set
	Publisher string    // who publishes it
	Licence   string    // as stated by the source
	Address   string    // where it can be read
	Dated     time.Time // day of the snapshot, or of its newest row
	Covers    string    // which fields, in Italian
}

// Attribution is what the licences of embedded facts ask to be shown with them.
type Attribution struct {
	Notice  string // copyright sentence asked for by the source
	Sources []Source
}

// Reference returns the nine reference Comuni of the "Comune Full Digital"
// programme (Banari, Casaletto Spartano, Loiano, San Calogero, Suvereto,
// Lanciano, Sezze, Cesena, Montevarchi) with their 85 PA digitale 2026 rows and
// the attribution to show. They are true public facts only: nothing invented may
// stand beside them. The caller owns the slices. It panics if the embedded files
// are damaged, which the tests of this package exclude.
func Reference() ([]Comune, []Funding, Attribution) {
	comuni, faults := ParseRegistry(bytes.NewReader(referenceComuni))
	if len(faults) > 0 {
		panic(fmt.Sprintf("embedded reference_comuni.csv: %v", faults[0]))
	}
	rows, faults := ParsePADigitale(bytes.NewReader(referenceFunding))
	if len(faults) > 0 {
		panic(fmt.Sprintf("embedded reference_padigitale.csv: %v", faults[0]))
	}
	return comuni, rows, ReferenceAttribution()
}

// ReferenceAttribution returns the sources of Reference (shared/data/SOURCES-open-data.md).
func ReferenceAttribution() Attribution {
	day := func(year int, month time.Month, day int) time.Time {
		return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	}
	return Attribution{
		Notice: "Dati PNRR PADigitale2026 Copyright (c) Dipartimento per la trasformazione digitale",
		Sources: []Source{
			{
				Title: "Elenco dei Comuni (Situas), popolazione e superficie", Publisher: "ISTAT", Licence: "CC BY 4.0",
				Address: "https://github.com/ondata/liberiamoli-tutti", Dated: day(2026, 8, 14),
				Covers: "nomi, codici ISTAT e catastali, province, regioni, popolazione legale 2021 e residente 2022",
			},
			{
				Title: "PA digitale 2026, dati aperti", Publisher: "Dipartimento per la trasformazione digitale", Licence: "CC BY 4.0",
				Address: "https://github.com/teamdigitale/padigitale2026-opendata", Dated: day(2026, 8, 16),
				Covers: "candidature, importi, CUP e stati, ciascuno con la data del proprio file; codici IPA",
			},
			{
				Title: "ReGiS, dati aperti di Italia Domani", Publisher: "Italia Domani", Licence: "CC BY 4.0 (dichiarata dal portale)",
				Address: "https://github.com/ondata/italian-public-sector-pnrr-data-guide", Dated: day(2025, 3, 31),
				Covers: "pagamenti e obiettivi realizzati per CUP",
			},
		},
	}
}
