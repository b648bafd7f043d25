package service

import (
	"context"
	"fmt"
	"io"
	"time"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/plans/pti"
	"traguardo/surveys/comune"
)

// ImportOptions is how a file is imported.
type ImportOptions struct {
	DryRun bool      // read, check and count; write nothing
	Dated  time.Time // day of the source; zero when not told (registry only)
}

// ImportFault is one thing wrong with a file: nothing of it was imported.
type ImportFault struct {
	Line   int    `json:"line"`             // 1 is the header; 0 when the fault is of the whole file
	Column string `json:"column,omitempty"` // empty when the fault is of the whole row
	Rule   string `json:"rule"`             // code of the rule, stable
	Value  string `json:"value,omitempty"`  // what stood there, shortened
	Other  int    `json:"other,omitempty"`  // the other line, when two disagree
}

// ImportReport says what an import did, or would do.
type ImportReport struct {
	Kind     string `json:"kind"`
	DryRun   bool   `json:"dry_run"`
	Imported bool   `json:"imported"` // false: nothing was written
	storage.ImportCounts
	Faults []ImportFault `json:"faults"`
	Notes  []string      `json:"notes"` // what the reader should know, in English
}

// Rules of this package, beside those of comune.Rule and surveys.StaffProblem.
const (
	ruleGone    = "too_many_gone" // the file lacks over a tenth of what is stored: it is not the whole
	ruleUnknown = "unknown_comune"
)

func importFaults(errs []comune.RowError) []ImportFault {
	out := make([]ImportFault, 0, len(errs))
	for _, e := range errs {
		out = append(out, ImportFault{Line: e.Line, Column: e.Column, Rule: string(e.Rule), Value: e.Value, Other: e.Other})
	}
	return out
}

// wholeFile refuses a file that would take away more than a tenth of what is
// stored (and more than twenty rows): a part imported as the whole is a mistake.
func wholeFile(c storage.ImportCounts) []ImportFault {
	before := c.Changed + c.Unchanged + c.Gone
	if c.Gone <= 20 || c.Gone*10 <= before {
		return nil
	}
	return []ImportFault{{Rule: ruleGone, Value: fmt.Sprintf("%d of %d", c.Gone, before)}}
}

// ImportComuni makes the registry equal to a file with the columns of comuni.csv.
// Faults in the report mean that nothing was written; the error is for what could
// not be tried.
func (s *Service) ImportComuni(ctx context.Context, actor auth.Actor, file io.Reader, o ImportOptions) (ImportReport, error) {
	report := ImportReport{Kind: "comuni", DryRun: o.DryRun, Notes: []string{}}
	if err := s.authoriseSystem(actor, auth.SystemImport); err != nil {
		return report, err
	}
	comuni, faults := comune.ParseRegistry(file)
	report.Faults = importFaults(faults)
	report.Rows = len(comuni)
	return s.importWhole(ctx, actor, report, func(tx *storage.Store, write bool) (storage.ImportCounts, error) {
		return tx.ReplaceRegistry(ctx, comuni, o.Dated, write)
	})
}

// ImportPADigitale makes the stored funding rows equal to a file with the columns
// of candidature_comuni.csv. Codes are checked against the registry, and earlier
// ones replaced by the present, when there is one.
func (s *Service) ImportPADigitale(ctx context.Context, actor auth.Actor, file io.Reader, o ImportOptions) (ImportReport, error) {
	report := ImportReport{Kind: "padigitale", DryRun: o.DryRun, Notes: []string{}}
	if err := s.authoriseSystem(actor, auth.SystemImport); err != nil {
		return report, err
	}
	rows, faults := comune.ParsePADigitale(file)
	report.Faults = importFaults(faults)
	report.Rows = len(rows)
	codes, err := s.store.ISTATCodes(ctx)
	if err != nil {
		return report, err
	}
	if len(codes) == 0 {
		report.Notes = append(report.Notes, "no registry is imported: the ISTAT codes were not checked")
	}
	for i := range rows {
		current, known := codes[rows[i].ISTAT]
		switch {
		case known:
			rows[i].ISTAT = current
		case len(codes) > 0 && len(report.Faults) < 1000:
			report.Faults = append(report.Faults, ImportFault{Line: rows[i].Line, Column: "cod_istat", Rule: ruleUnknown, Value: string(rows[i].ISTAT)})
		}
	}
	return s.importWhole(ctx, actor, report, func(tx *storage.Store, write bool) (storage.ImportCounts, error) {
		return tx.ReplaceFunding(ctx, rows, write)
	})
}

// importWhole counts what replace would do, refuses a file that is a part, and
// writes unless it is a dry run.
func (s *Service) importWhole(ctx context.Context, actor auth.Actor, report ImportReport,
	replace func(tx *storage.Store, write bool) (storage.ImportCounts, error)) (ImportReport, error) {
	if len(report.Faults) > 0 {
		return report, nil
	}
	err := s.store.InTx(ctx, func(tx *storage.Store) error {
		counts, err := replace(tx, false)
		if err != nil {
			return err
		}
		report.ImportCounts, report.Faults = counts, append(report.Faults, wholeFile(counts)...)
		if report.DryRun || len(report.Faults) > 0 {
			return nil
		}
		if _, err := replace(tx, true); err != nil {
			return err
		}
		report.Imported = true
		return s.audit(ctx, tx, actor, Change{Action: "import." + report.Kind, Subject: "registry", Detail: counts})
	})
	if err != nil {
		report.Imported = false
	}
	return report, err
}

// PTIChange is what an official file says of one line of action.
type PTIChange struct {
	Code        string  `json:"code"`
	Kind        string  `json:"kind"` // new, gone, reused, redated, reworded, same
	Reworded    bool    `json:"reworded"`
	Likeness    float64 `json:"likeness"` // share of common words, 0–1
	OldDeadline string  `json:"old_deadline,omitempty"`
	NewDeadline string  `json:"new_deadline,omitempty"`
}

// PTIReport compares an official file with the edition inside the program.
type PTIReport struct {
	Kind      string         `json:"kind"`
	Edition   string         `json:"edition"`  // inside the program
	File      string         `json:"file"`     // as the file names its own
	Imported  bool           `json:"imported"` // always false: nothing is stored
	Counts    map[string]int `json:"counts"`   // lines by kind of change
	Undecided []string       `json:"undecided"`
	Changes   []PTIChange    `json:"changes"` // all lines but those that are the same
	Faults    []ImportFault  `json:"faults"`
}

// ComparePTI reads a file of official columns and compares it, line by line, with
// the edition inside the program. It stores nothing.
func (s *Service) ComparePTI(_ context.Context, actor auth.Actor, file io.Reader) (PTIReport, error) {
	report := PTIReport{Kind: "pti", Counts: map[string]int{}, Undecided: []string{}, Changes: []PTIChange{}, Faults: []ImportFault{}}
	if err := s.authoriseSystem(actor, auth.SystemImport); err != nil {
		return report, err
	}
	edition, err := pti.Current()
	if err != nil {
		return report, err
	}
	report.Edition = edition.ID
	official, faults := pti.ParseOfficialCSV(file)
	report.Faults, report.File = importFaults(faults), official.Edition
	if len(faults) > 0 {
		return report, nil
	}
	changes := pti.Diff(edition, official)
	report.Undecided = append(report.Undecided, pti.Undecided(changes, nil)...)
	for _, c := range changes {
		report.Counts[string(c.Kind)]++
		if c.Kind == pti.ChangeSame {
			continue
		}
		_, _, before, after := c.Dates()
		pc := PTIChange{Code: c.Code, Kind: string(c.Kind), Reworded: c.Reworded, Likeness: c.Likeness}
		if !before.IsZero() {
			pc.OldDeadline = before.String()
		}
		if !after.IsZero() {
			pc.NewDeadline = after.String()
		}
		report.Changes = append(report.Changes, pc)
	}
	return report, nil
}
