package comune

import (
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"traguardo/surveys"
)

// Platform is what a PA digitale 2026 notice pays for.
type Platform string

// The platforms of the extract, with the PNRR measure of each.
const (
	PlatformCloud    Platform = "cloud"                // 1.2
	PlatformPDND     Platform = "pdnd"                 // 1.3.1
	PlatformANNCSU   Platform = "anncsu"               // 1.3.1
	PlatformSite     Platform = "esperienza_cittadino" // 1.4.1
	PlatformPagoPA   Platform = "pagopa"               // 1.4.3
	PlatformAppIO    Platform = "appio"                // 1.4.3
	PlatformIdentity Platform = "spid_cie"             // 1.4.4
	PlatformANPR     Platform = "anpr_ansc"            // 1.4.4
	PlatformSEND     Platform = "send"                 // 1.4.5
)

// Platforms returns all nine, in the order of their measures. The caller owns the slice.
func Platforms() []Platform {
	return []Platform{PlatformCloud, PlatformPDND, PlatformANNCSU, PlatformSite, PlatformPagoPA,
		PlatformAppIO, PlatformIdentity, PlatformANPR, PlatformSEND}
}

// Measure returns the number of the PNRR measure, "1.2" to "1.4.5", empty for an unknown platform.
func (p Platform) Measure() string {
	switch p {
	case PlatformCloud:
		return "1.2"
	case PlatformPDND, PlatformANNCSU:
		return "1.3.1"
	case PlatformSite:
		return "1.4.1"
	case PlatformPagoPA, PlatformAppIO:
		return "1.4.3"
	case PlatformIdentity, PlatformANPR:
		return "1.4.4"
	case PlatformSEND:
		return "1.4.5"
	}
	return ""
}

// Label returns the name of the platform for a reader.
func (p Platform) Label() surveys.Text {
	switch p {
	case PlatformCloud:
		return surveys.Text{IT: "Migrazione al cloud", EN: "Cloud migration"}
	case PlatformPDND:
		return surveys.Text{IT: "PDND", EN: "PDND (data exchange)"}
	case PlatformANNCSU:
		return surveys.Text{IT: "ANNCSU", EN: "ANNCSU (street numbers)"}
	case PlatformSite:
		return surveys.Text{IT: "Sito e servizi online", EN: "Website and online services"}
	case PlatformPagoPA:
		return surveys.Text{IT: "pagoPA", EN: "pagoPA (payments)"}
	case PlatformAppIO:
		return surveys.Text{IT: "app IO", EN: "IO app"}
	case PlatformIdentity:
		return surveys.Text{IT: "SPID e CIE", EN: "SPID and CIE (digital identity)"}
	case PlatformANPR:
		return surveys.Text{IT: "ANPR – stato civile (ANSC)", EN: "ANPR – civil status (ANSC)"}
	case PlatformSEND:
		return surveys.Text{IT: "SEND", EN: "SEND (notifications)"}
	}
	return surveys.Text{IT: string(p)}
}

// FundingState is the state of an application on the day of its data.
type FundingState string

// The states of the source.
const (
	Assigned  FundingState = "A" // financed
	Paid      FundingState = "E" // paid after the technical check
	Renounced FundingState = "R" // given up by the Comune
)

// ParseFundingState accepts A, E and R and refuses all other text (surveys.ErrInvalid).
func ParseFundingState(s string) (FundingState, error) {
	switch f := FundingState(s); f {
	case Assigned, Paid, Renounced:
		return f, nil
	}
	return "", fmt.Errorf("%w: funding state %q", surveys.ErrInvalid, clip(s))
}

// Meaning returns what the state says and, for Assigned, what it does not.
func (s FundingState) Meaning() surveys.Text {
	switch s {
	case Assigned:
		return surveys.Text{
			IT: "finanziamento assegnato alla data del dato; non dice se oggi il progetto è concluso",
			EN: "funding assigned on the day of the data; it does not say whether the project is finished today",
		}
	case Paid:
		return surveys.Text{IT: "contributo erogato dopo la verifica tecnica", EN: "funding paid after the technical check"}
	case Renounced:
		return surveys.Text{IT: "il Comune ha rinunciato al finanziamento", EN: "the Comune gave the funding up"}
	}
	return surveys.Text{IT: string(s)}
}

// Funding is one application of a Comune to a PA digitale 2026 notice.
//
// DataAsOf differs by measure, from 2023 to 2026: the shares of E of two
// measures say nothing side by side and no function here computes them. A Comune
// without a row for a platform has not been found in the extract, which lacks
// the notices of MissingNotices; that is not "has not adopted".
type Funding struct {
	ISTAT       CodiceISTAT // current code; join with Index.ByISTAT
	SourceISTAT string      // code as published: may be an earlier one, a merged Comune's, or "N/D"
	IPA         CodiceIPA   // as published: may be a merged Comune's
	Ente        string      // name as published
	Measure     string      // PNRR measure, e.g. "1.4.3"
	Platform    Platform
	Notice      string // id of the notice in the extract, e.g. "1.4.3-2"
	AmountCents int64  // euro cents
	SentOn      time.Time
	FundedOn    time.Time
	CUP         string // 15 characters; empty in one row; the same in 1,078 pairs (mostly renounced and repeated)
	Window      int    // finestra of the notice, from 1
	State       FundingState
	StateOn     time.Time // zero where the source has none (all of 1.2)
	DataAsOf    time.Time // day of the source file
	Line        int       // line of the file it was read from, 1 is the header; 0 when not from a file

	PaidCents      *int64 // ReGiS payments at 2025-03-31, euro cents; nil: the CUP is not in that table
	TargetRealised *int   // ReGiS target realised at 2025-03-31; nil: not in that table
}

// Remapped reports whether the row was published under a code that is no longer
// the Comune's: an old one, that of a Comune merged since, or none.
func (f Funding) Remapped() bool { return f.SourceISTAT != string(f.ISTAT) }

var (
	cupForm    = regexp.MustCompile(`^[A-Z0-9]{15}$`)
	amountForm = regexp.MustCompile(`^[0-9]{1,9}(\.[0-9]{1,2})?$`)
)

func fundingColumns() []string {
	return []string{"cod_istat", "cod_istat_fonte", "codice_ipa", "ente", "misura", "piattaforma", "avviso_id",
		"importo_eur", "data_invio", "data_finanziamento", "cup", "finestra", "stato", "data_stato", "dati_al"}
}

// ParsePADigitale reads PA digitale 2026 applications with the columns of
// candidature_comuni.csv (shared/data/SOURCES-open-data.md), in the order of the
// file; the two regis_ columns may be missing. Faulty rows are left out and told
// in faults: an importer that finds any must import nothing. The parser does not
// know the registry: whether ISTAT names a Comune is for the caller to check.
func ParsePADigitale(r io.Reader) (rows []Funding, faults []RowError) {
	t, ok := openTable(r, fundingColumns())
	if !ok {
		return nil, t.faults
	}
	for row := t.next(); row != nil; row = t.next() {
		if f := readFunding(row); row.good {
			rows = append(rows, f)
		}
	}
	return rows, t.faults
}

func readFunding(r *row) Funding {
	f := Funding{
		ISTAT:       r.istat("cod_istat", r.text("cod_istat")),
		SourceISTAT: r.required("cod_istat_fonte"),
		Ente:        r.required("ente"),
		Measure:     r.required("misura"),
		Platform:    Platform(r.text("piattaforma")),
		Notice:      r.required("avviso_id"),
		SentOn:      r.day("data_invio"),
		FundedOn:    r.day("data_finanziamento"),
		CUP:         r.form("cup", cupForm, false),
		Window:      r.number("finestra", 1, 99),
		StateOn:     r.day("data_stato"),
		DataAsOf:    r.day("dati_al"),
		Line:        r.line,
	}
	if amount := r.cents("importo_eur"); amount != nil {
		f.AmountCents = *amount
	} else if r.text("importo_eur") == "" {
		r.fail("importo_eur", RuleRequired, "")
	}
	if f.Platform.Measure() == "" || f.Platform.Measure() != f.Measure {
		r.fail("piattaforma", RuleChoice, r.text("piattaforma"))
	}
	if r.text("dati_al") == "" {
		r.fail("dati_al", RuleRequired, "")
	}
	var err error
	if f.IPA, err = ParseIPA(r.text("codice_ipa")); err != nil {
		r.fail("codice_ipa", RuleCode, r.text("codice_ipa"))
	}
	if f.State, err = ParseFundingState(r.text("stato")); err != nil {
		r.fail("stato", RuleChoice, r.text("stato"))
	}
	f.PaidCents = r.cents("regis_pagato_eur_2025_03")
	if s := r.text("regis_target_realizzato_2025_03"); s != "" {
		n := r.number("regis_target_realizzato_2025_03", 0, 1_000)
		f.TargetRealised = &n
	}
	return f
}

// cents reads euros with a decimal point and at most two decimals, exactly, as
// cents; nil for an empty cell and, with a fault, for anything else.
func (r *row) cents(column string) *int64 {
	s := r.text(column)
	if s == "" {
		return nil
	}
	if !amountForm.MatchString(s) {
		r.fail(column, RuleNumber, s)
		return nil
	}
	euros, decimals, _ := strings.Cut(s, ".")
	n, err := strconv.ParseInt(euros+(decimals + "00")[:2], 10, 64)
	if err != nil {
		r.fail(column, RuleNumber, s)
		return nil
	}
	return &n
}

// MissingNotice is a notice for Comuni whose applications the extract lacks.
type MissingNotice struct {
	Platform Platform
	Month    string // YYYY-MM of the notice
}

// MissingNotices returns the notices without rows in the extract of August 2026
// (shared/data/padigitale2026/avvisi.csv), by platform and month. They must be
// named beside an empty list of rows.
func MissingNotices() []MissingNotice {
	return []MissingNotice{
		{PlatformCloud, "2023-11"}, {PlatformCloud, "2024-09"}, {PlatformCloud, "2025-07"},
		{PlatformPagoPA, "2024-06"},
		{PlatformAppIO, "2023-11"}, {PlatformAppIO, "2024-05"}, {PlatformAppIO, "2025-05"},
		{PlatformANPR, "2025-07"},
	}
}
