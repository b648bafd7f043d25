package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"traguardo/app"
	"traguardo/app/auth"
	"traguardo/app/service"
)

// maxImport is the largest file that is read, in bytes: the PA digitale extract has 8.3 MB.
const maxImport = 64 << 20

// errFaults ends an import that found faults: they are printed, nothing was written.
var errFaults = errors.New("the file has faults: nothing was imported")

// importFlags are the flags of every import.
type importFlags struct {
	config app.Config
	dryRun bool
	asJSON bool
}

func (f *importFlags) add(cmd *cobra.Command) {
	configFlags(cmd, &f.config)
	cmd.Flags().BoolVar(&f.dryRun, "dry-run", false, "read, check and count; write nothing")
	cmd.Flags().BoolVar(&f.asJSON, "json", false, "print JSON")
}

func newImport(e env) *cobra.Command {
	return group("import", "Read official files: all of a file or nothing of it", newImportComuni(e), newImportPTI(e), newImportPADigitale(e), newImportStaff(e))
}

const importJSON = `

With --json it prints
  {"kind","dry_run","imported","rows","added","changed","unchanged","gone",
   "faults":[{"line","column","rule","value","other"}],"notes":[…]}
Exit code 0: imported, or a dry run without faults. 1: faults, nothing was written. 2: usage.`

func newImportComuni(e env) *cobra.Command {
	var f importFlags
	var dated string
	cmd := &cobra.Command{Use: "comuni FILE", Short: "The registry of Comuni (columns of comuni.csv)", Args: exactArgs(1, "a file, or - for standard input"),
		Long: "Makes the registry equal to the file: new Comuni are added, changed ones changed, those that the file\n" +
			"lacks removed. A file that lacks more than a tenth of the registry is refused. The keys are the codes,\n" +
			"never the names; earlier ISTAT codes (cod_istat_precedente) go on finding their Comune." + importJSON,
		RunE: func(cmd *cobra.Command, args []string) error {
			o := service.ImportOptions{DryRun: f.dryRun}
			if dated != "" {
				day, err := time.Parse(time.DateOnly, dated)
				if err != nil {
					return usagef("--dated wants a day written YYYY-MM-DD")
				}
				o.Dated = day
			}
			return e.importFile(cmd.Context(), f, args[0], func(ctx context.Context, a *app.App, file io.Reader) (service.ImportReport, error) {
				return a.Service.ImportComuni(ctx, auth.SystemActor(), file, o)
			})
		}}
	f.add(cmd)
	cmd.Flags().StringVar(&dated, "dated", "", "day of the source, YYYY-MM-DD, shown beside what comes from it")
	return cmd
}

func newImportPADigitale(e env) *cobra.Command {
	var f importFlags
	cmd := &cobra.Command{Use: "padigitale FILE", Short: "PA digitale 2026 applications (columns of candidature_comuni.csv)", Args: exactArgs(1, "a file, or - for standard input"),
		Long: "Makes the stored PA digitale 2026 rows equal to the file. Import the registry first: ISTAT codes are checked\n" +
			"against it and earlier codes replaced by the present ones." + importJSON,
		RunE: func(cmd *cobra.Command, args []string) error {
			return e.importFile(cmd.Context(), f, args[0], func(ctx context.Context, a *app.App, file io.Reader) (service.ImportReport, error) {
				return a.Service.ImportPADigitale(ctx, auth.SystemActor(), file, service.ImportOptions{DryRun: f.dryRun})
			})
		}}
	f.add(cmd)
	return cmd
}

// importFile runs one import of a whole file and prints its report.
func (e env) importFile(ctx context.Context, f importFlags, path string, run func(context.Context, *app.App, io.Reader) (service.ImportReport, error)) error {
	content, err := e.readFile(path)
	if err != nil {
		return err
	}
	return e.withApp(ctx, f.config, func(a *app.App) error {
		report, err := run(ctx, a, bytes.NewReader(content))
		if err != nil {
			return err
		}
		if f.asJSON {
			err = writeJSON(e.out, report)
		} else {
			e.printReport(report)
		}
		if len(report.Faults) > 0 {
			return errors.Join(err, errFaults)
		}
		return err
	})
}

func (e env) printReport(r service.ImportReport) {
	e.printFaults(r.Faults)
	for _, note := range r.Notes {
		fmt.Fprintf(e.out, "note: %s\n", note)
	}
	verb := "imported"
	if r.DryRun {
		verb = "would import"
	}
	if len(r.Faults) > 0 {
		return
	}
	fmt.Fprintf(e.out, "%s %d rows: %d added, %d changed, %d unchanged, %d gone\n", verb, r.Rows, r.Added, r.Changed, r.Unchanged, r.Gone)
}

func (e env) printFaults(faults []service.ImportFault) {
	for _, f := range faults {
		fmt.Fprintf(e.out, "line %d", f.Line)
		if f.Column != "" {
			fmt.Fprintf(e.out, ", %s", f.Column)
		}
		fmt.Fprintf(e.out, ": %s", f.Rule)
		if f.Value != "" {
			fmt.Fprintf(e.out, " %q", f.Value)
		}
		if f.Other > 0 {
			fmt.Fprintf(e.out, " (also line %d)", f.Other)
		}
		fmt.Fprintln(e.out)
	}
}

func newImportPTI(e env) *cobra.Command {
	var f importFlags
	cmd := &cobra.Command{Use: "pti FILE", Short: "Compare a file of official PTI columns with the edition inside the program; stores nothing", Args: exactArgs(1, "a file, or - for standard input"),
		Long: "Compares the lines of action of an official file (columns of pti-2024-2026-agg-2026.csv) with the edition inside\n" +
			"the program and shows what differs, line by line. It stores nothing, with or without --dry-run: an edition\n" +
			"comes with the program, whose words for each line are its own.\n\n" +
			"With --json it prints\n" +
			"  {\"kind\",\"edition\",\"file\",\"imported\":false,\"counts\":{kind:n},\"undecided\":[code],\"changes\":[{\"code\",\"kind\",\"reworded\",\n" +
			"   \"likeness\",\"old_deadline\",\"new_deadline\"}],\"faults\":[…]}\n" +
			"Exit code 0: compared. 1: faults. 2: usage.",
		RunE: func(cmd *cobra.Command, args []string) error {
			content, err := e.readFile(args[0])
			if err != nil {
				return err
			}
			return e.withApp(cmd.Context(), f.config, func(a *app.App) error {
				report, err := a.Service.ComparePTI(cmd.Context(), auth.SystemActor(), bytes.NewReader(content))
				if err != nil {
					return err
				}
				if f.asJSON {
					err = writeJSON(e.out, report)
				} else {
					e.printPTI(report)
				}
				if len(report.Faults) > 0 {
					return errors.Join(err, errFaults)
				}
				return err
			})
		}}
	f.add(cmd)
	return cmd
}

func (e env) printPTI(r service.PTIReport) {
	e.printFaults(r.Faults)
	if len(r.Faults) > 0 {
		return
	}
	fmt.Fprintf(e.out, "file %q against edition %s: nothing is stored\n", r.File, r.Edition)
	for _, kind := range []string{"same", "reworded", "redated", "reused", "new", "gone"} {
		fmt.Fprintf(e.out, "%-9s %d\n", kind, r.Counts[kind])
	}
	for _, c := range r.Changes {
		fmt.Fprintf(e.out, "%s %s", c.Code, c.Kind)
		if c.OldDeadline != c.NewDeadline {
			fmt.Fprintf(e.out, " (deadline %s → %s)", orNone(c.OldDeadline), orNone(c.NewDeadline))
		}
		fmt.Fprintln(e.out)
	}
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

func newImportStaff(e env) *cobra.Command {
	var f importFlags
	var ente string
	var markLeft bool
	cmd := &cobra.Command{Use: "staff FILE --ente CODE", Short: "The staff list of one ente: e-mail, office, role family", Args: exactArgs(1, "a file, or - for standard input"),
		Long: "Adds the people of a list to the staff of an ente, and changes office and role family of those who are there.\n" +
			"Offices are made at need. People whom the list lacks stay in service unless --mark-left is given.\n" +
			"CODE is the IPA, ISTAT (present or earlier) or cadastral code of the ente, or its id.\n\n" +
			"With --json it prints\n" +
			"  {\"kind\",\"dry_run\",\"imported\",\"ente\",\"rows\",\"added\",\"changed\",\"unchanged\",\"missing\":[address],\"offices\":[name],\n" +
			"   \"faults\":[{\"line\",\"column\",\"rule\",\"value\",\"other\"}]}\n" +
			"Exit code 0: imported, or a dry run without faults. 1: faults or no such ente, nothing was written. 2: usage.",
		RunE: func(cmd *cobra.Command, args []string) error {
			if ente == "" {
				return usagef("--ente CODE is needed")
			}
			content, err := e.readFile(args[0])
			if err != nil {
				return err
			}
			return e.withApp(cmd.Context(), f.config, func(a *app.App) error {
				report, err := a.Service.ImportStaffFile(cmd.Context(), auth.SystemActor(), ente, string(content), service.StaffOptions{DryRun: f.dryRun, MarkLeft: markLeft})
				if err != nil {
					return err
				}
				if f.asJSON {
					err = writeJSON(e.out, report)
				} else {
					e.printStaff(report)
				}
				if len(report.Faults) > 0 {
					return errors.Join(err, errFaults)
				}
				return err
			})
		}}
	f.add(cmd)
	cmd.Flags().StringVar(&ente, "ente", "", "IPA, ISTAT or cadastral code of the ente, or its id (required)")
	cmd.Flags().BoolVar(&markLeft, "mark-left", false, "people whom the list lacks are no longer in service")
	return cmd
}

func (e env) printStaff(r service.StaffReport) {
	e.printFaults(r.Faults)
	if len(r.Faults) > 0 {
		return
	}
	verb := "imported"
	if r.DryRun {
		verb = "would import"
	}
	fmt.Fprintf(e.out, "%s %d rows: %d added, %d changed, %d unchanged, %d not in the list\n", verb, r.Rows, r.Added, r.Changed, r.Unchanged, len(r.Missing))
	for _, name := range r.Offices {
		fmt.Fprintf(e.out, "new office: %s\n", name)
	}
}

// readFile reads a file, or standard input for "-", up to maxImport bytes.
func (e env) readFile(path string) ([]byte, error) {
	in := e.in
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		in = file
	}
	content, err := io.ReadAll(io.LimitReader(in, maxImport+1))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}
	if len(content) > maxImport {
		return nil, fmt.Errorf("%s is over %d bytes", path, maxImport)
	}
	return content, nil
}
