package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"traguardo/app"
	"traguardo/app/auth"
	"traguardo/app/service"
	"traguardo/app/storage"
	"traguardo/surveys"
	"traguardo/surveys/instruments"
)

func newInstrument(e env) *cobra.Command {
	return group("instrument", "Check, compare and publish versions of the questionnaires",
		e.instrumentLint(), e.instrumentPublish(), e.instrumentDiff(), e.instrumentExport())
}

// errProblems ends a check that found problems: they are printed.
var errProblems = errors.New("the document has problems")

const instrumentFile = "FILE is a YAML document, or a folder whose *.yaml files are joined in the order of their names."

// instrumentFiles reads a document: one file, or a folder.
func (e env) instrumentFiles(path string) ([]instruments.File, error) {
	if path == "-" {
		body, err := io.ReadAll(io.LimitReader(e.in, maxImport))
		return []instruments.File{{Name: "-", Body: body}}, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return instruments.Files(os.DirFS(path))
	}
	body, err := os.ReadFile(path)
	return []instruments.File{{Name: filepath.Base(path), Body: body}}, err
}

// lintReport is what lint prints with --json.
type lintReport struct {
	OK       bool                  `json:"ok"`
	Code     string                `json:"code"`
	Version  string                `json:"version"`
	Hash     string                `json:"hash"`
	Items    int                   `json:"items"`
	Slots    int                   `json:"slots"`
	Problems []instruments.Problem `json:"problems"`
}

// checked reads a document that must have no problems; it prints those it has.
func (e env) checked(path string, earlier *surveys.Instrument) (*surveys.Instrument, error) {
	files, err := e.instrumentFiles(path)
	if err != nil {
		return nil, err
	}
	in, problems := instruments.Lint(files, earlier)
	for _, p := range problems {
		fmt.Fprintln(e.err, p)
	}
	if len(problems) > 0 {
		return nil, errProblems
	}
	return in, nil
}

func (e env) instrumentLint() *cobra.Command {
	var against string
	var asJSON bool
	cmd := &cobra.Command{Use: "lint FILE", Short: "Say what is wrong with a document, by line", Args: exactArgs(1, "a file or a folder"),
		Long: instrumentFile + "\nWith --against the crosswalk is checked too. It opens no database.\n\n" +
			"With --json it prints {\"ok\",\"code\",\"version\",\"hash\",\"items\",\"slots\",\"problems\":[{\"file\",\"line\",\"column\",\"text\"}]}.\n" +
			"Exit code 0: nothing wrong. 1: something is. 2: usage.",
		RunE: func(_ *cobra.Command, args []string) error {
			var earlier *surveys.Instrument
			var err error
			if against != "" {
				if earlier, err = e.checked(against, nil); err != nil {
					return fmt.Errorf("--against: %w", err)
				}
			}
			files, err := e.instrumentFiles(args[0])
			if err != nil {
				return err
			}
			in, problems := instruments.Lint(files, earlier)
			return e.printLint(in, problems, asJSON)
		}}
	cmd.Flags().StringVar(&against, "against", "", "the version before, a file or a folder")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func (e env) printLint(in *surveys.Instrument, problems []instruments.Problem, asJSON bool) error {
	report := lintReport{OK: len(problems) == 0, Problems: problems}
	if problems == nil {
		report.Problems = []instruments.Problem{}
	}
	if in != nil {
		report.Code, report.Version, report.Items, report.Slots = in.Code, in.Version, len(in.Items()), len(in.Slots())
		if report.OK {
			var err error
			if report.Hash, err = in.Hash(); err != nil {
				return err
			}
		}
	}
	if asJSON {
		if err := writeJSON(e.out, report); err != nil {
			return err
		}
	} else {
		for _, p := range problems {
			fmt.Fprintln(e.out, p)
		}
	}
	if !report.OK {
		return errProblems
	}
	if !asJSON {
		fmt.Fprintf(e.out, "%s %s: %d items, %d slots, nothing wrong\nsha256 %s\n", report.Code, report.Version, report.Items, report.Slots, report.Hash)
	}
	return nil
}

func (e env) instrumentPublish() *cobra.Command {
	var c app.Config
	var asJSON bool
	cmd := &cobra.Command{Use: "publish FILE", Short: "Store a version for good; waves can be opened on it", Args: exactArgs(1, "a file or a folder"),
		Long: instrumentFile + "\nA published version never changes: its rows cannot be updated or deleted, and its key is the hash of its content.\n" +
			"A version after the first carries a crosswalk, which is checked against the version before. Earlier waves keep theirs.\n\n" +
			"With --json it prints {\"code\",\"version\",\"hash\",\"new\"}; new is false when this content was published before.",
		RunE: func(cmd *cobra.Command, args []string) error {
			in, err := e.checked(args[0], nil)
			if err != nil {
				return err
			}
			return e.withApp(cmd.Context(), c, func(a *app.App) error {
				p, err := a.Service.PublishInstrument(cmd.Context(), auth.SystemActor(), in)
				switch {
				case errors.Is(err, storage.ErrConflict):
					return fmt.Errorf("%s %s is published with another content: give the new one another version", in.Code, in.Version)
				case errors.Is(err, storage.ErrNotFound):
					return fmt.Errorf("code %q: MAT or STAFF", in.Code)
				case err != nil:
					return err
				case asJSON:
					return writeJSON(e.out, p)
				}
				said := "published"
				if !p.New {
					said = "was published already"
				}
				fmt.Fprintf(e.out, "%s %s %s\nsha256 %s\n", p.Code, p.Version, said, p.Hash)
				return nil
			})
		}}
	configFlags(cmd, &c)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// diffReport is what diff prints with --json.
type diffReport struct {
	Code     string             `json:"code"`
	From     string             `json:"from"`
	To       string             `json:"to"`
	Same     int                `json:"same"`
	Reworded int                `json:"reworded"`
	New      int                `json:"new"`
	Dropped  int                `json:"dropped"`
	Items    []surveys.Crossing `json:"items"` // those that are not the same
}

func (e env) instrumentDiff() *cobra.Command {
	var c app.Config
	var against string
	var asJSON bool
	cmd := &cobra.Command{Use: "diff FILE", Short: "Compare a document with the version before, item by item", Args: exactArgs(1, "a file or a folder"),
		Long: instrumentFile + "\nThe version before is --against, or the last one published in the database. The lines that are printed are the crosswalk\n" +
			"that the document needs.\n\nWith --json it prints {\"code\",\"from\",\"to\",\"same\",\"reworded\",\"new\",\"dropped\",\"items\":[{\"code\",\"fate\",\"changes\"}]}.",
		RunE: func(cmd *cobra.Command, args []string) error {
			in, err := e.checked(args[0], nil)
			if err != nil {
				return err
			}
			if against != "" {
				earlier, err := e.checked(against, nil)
				if err != nil {
					return fmt.Errorf("--against: %w", err)
				}
				return e.printDiff(earlier, in, asJSON)
			}
			return e.withApp(cmd.Context(), c, func(a *app.App) error {
				earlier, err := a.Service.EarlierInstrument(cmd.Context(), auth.SystemActor(), in.Code)
				if err != nil {
					return err
				}
				return e.printDiff(earlier, in, asJSON)
			})
		}}
	configFlags(cmd, &c)
	cmd.Flags().StringVar(&against, "against", "", "the version before, a file or a folder; then no database is opened")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func (e env) printDiff(earlier, later *surveys.Instrument, asJSON bool) error {
	if earlier.Code != later.Code {
		return fmt.Errorf("%s and %s are two instruments", earlier.Code, later.Code)
	}
	d := diffReport{Code: later.Code, From: earlier.Version, To: later.Version, Items: []surveys.Crossing{}}
	by := map[surveys.Fate][]string{}
	for _, x := range surveys.Cross(earlier, later) {
		by[x.Fate] = append(by[x.Fate], x.Code)
		if x.Fate != surveys.FateSame {
			d.Items = append(d.Items, x)
		}
	}
	d.Same, d.Reworded, d.New, d.Dropped = len(by[surveys.FateSame]), len(by[surveys.FateReworded]), len(by[surveys.FateNew]), len(by[surveys.FateDropped])
	if asJSON {
		return writeJSON(e.out, d)
	}
	fmt.Fprintf(e.out, "# %s %s → %s: %d same, %d reworded, %d new, %d dropped\n", d.Code, d.From, d.To, d.Same, d.Reworded, d.New, d.Dropped)
	for _, x := range d.Items {
		fmt.Fprintf(e.out, "# %-9s %s %s\n", x.Fate, x.Code, strings.Join(x.Changes, ", "))
	}
	fmt.Fprintf(e.out, "crosswalk:\n  from: %q\n", d.From)
	for _, fate := range []surveys.Fate{surveys.FateReworded, surveys.FateNew, surveys.FateDropped} {
		if len(by[fate]) > 0 {
			fmt.Fprintf(e.out, "  %s: [%s]\n", fate, strings.Join(by[fate], ", "))
		}
	}
	return nil
}

func (e env) instrumentExport() *cobra.Command {
	return &cobra.Command{Use: "export MAT|STAFF", Short: "Print the version inside the program as YAML, to start a new one from",
		Args: exactArgs(1, "MAT or STAFF"),
		RunE: func(_ *cobra.Command, args []string) error {
			in, err := service.EmbeddedInstrument(strings.ToUpper(args[0]))
			if err != nil {
				return usagef("%q: MAT or STAFF", args[0])
			}
			body, err := instruments.Write(in)
			if err != nil {
				return err
			}
			_, err = e.out.Write(body)
			return err
		}}
}
