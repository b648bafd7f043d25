package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"traguardo/app/service"
	"traguardo/surveys"
	"traguardo/surveys/earlier"
	"traguardo/surveys/privacy"
	"traguardo/surveys/scoring"
)

func newEarlier(e env) *cobra.Command {
	return group("earlier", "Read a survey held with LimeSurvey, Microsoft Forms or Google Forms",
		e.earlierPropose(), e.earlierPreview(), e.earlierScore())
}

const earlierFile = "FILE is the CSV export as the tool wrote it; - is standard input. The tool is known by the first line. No database is opened and nothing is stored."

// errEarlierFaults ends a reading that found faults: they are printed.
var errEarlierFaults = errors.New("the export and its mapping do not agree; nothing was read")

// earlierFlags are those of the commands that apply a mapping.
type earlierFlags struct {
	mapping, instrument string
	json                bool
}

func (f *earlierFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.mapping, "mapping", "", "the mapping, made by propose and corrected")
	cmd.Flags().StringVar(&f.instrument, "instrument", "", "the questionnaire, a file or a folder; the one inside the program when empty")
	cmd.Flags().BoolVar(&f.json, "json", false, "print JSON")
}

func (e env) readExport(path string) (earlier.File, error) {
	in := e.in
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return earlier.File{}, err
		}
		defer file.Close()
		in = file
	}
	return earlier.Read(in)
}

// questionnaire is the instrument inside the program when name is its code, and
// else that of a file.
func (e env) questionnaire(name string) (*surveys.Instrument, error) {
	if code := strings.ToUpper(name); code == surveys.CodeSTAFF || code == surveys.CodeMAT {
		return service.EmbeddedInstrument(code)
	}
	return e.checked(name, nil)
}

func (e env) earlierPropose() *cobra.Command {
	var instrument, wave, out string
	cmd := &cobra.Command{Use: "propose FILE", Short: "Draft the mapping of an export, to be corrected by hand", Args: exactArgs(1, "an export"),
		Long: earlierFile + "\n\nColumns are matched to items by code or text, cells to answers by label. What is only near is marked and what cannot be\n" +
			"told is left open: preview and score refuse the draft until a person has settled it. --out never overwrites a file.",
		RunE: func(_ *cobra.Command, args []string) error {
			w, err := surveys.ParseWave(wave)
			if err != nil {
				return usagef("--wave %q: exante, interim or expost", wave)
			}
			file, err := e.readExport(args[0])
			if err != nil {
				return err
			}
			in, err := e.questionnaire(instrument)
			if err != nil {
				return err
			}
			body, err := earlier.Propose(in, w, file).Write()
			if err != nil {
				return err
			}
			return e.writeDraft(out, body)
		}}
	cmd.Flags().StringVar(&instrument, "instrument", surveys.CodeSTAFF, "STAFF, or a file or folder with a version of it")
	cmd.Flags().StringVar(&wave, "wave", string(surveys.ExAnte), "what the survey was held as: exante, interim or expost")
	cmd.Flags().StringVar(&out, "out", "", "file to write, which must not exist; standard output when empty")
	return cmd
}

func (e env) writeDraft(path string, body []byte) (err error) {
	if path == "" || path == "-" {
		_, err = e.out.Write(body)
		return err
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if _, err = file.Write(body); err == nil {
		fmt.Fprintf(e.out, "%s written: read every line of it\n", path)
	}
	return err
}

// mapped reads an export under its mapping.
func (e env) mapped(path string, f earlierFlags) (*surveys.Instrument, earlier.Mapping, earlier.Result, error) {
	fail := func(err error) (*surveys.Instrument, earlier.Mapping, earlier.Result, error) {
		return nil, earlier.Mapping{}, earlier.Result{}, err
	}
	if f.mapping == "" {
		return fail(usagef("--mapping is missing"))
	}
	body, err := os.ReadFile(f.mapping)
	if err != nil {
		return fail(err)
	}
	m, err := earlier.ParseMapping(body)
	if err != nil {
		return fail(err)
	}
	name := f.instrument
	if name == "" {
		name = m.Instrument
	}
	in, err := e.questionnaire(name)
	if err != nil {
		return fail(err)
	}
	file, err := e.readExport(path)
	if err != nil {
		return fail(err)
	}
	res, err := earlier.Apply(in, m, file)
	return in, m, res, err
}

func (e env) earlierPreview() *cobra.Command {
	var f earlierFlags
	cmd := &cobra.Command{Use: "preview FILE --mapping MAPPING.yaml", Short: "Say what would be read, and every fault by line", Args: exactArgs(1, "an export"),
		Long: earlierFile + "\n\nAnswers are counted by item where they are five or more.\n" +
			"With --json it prints {\"source\",\"rows\",\"items\":[{\"item\",\"columns\",\"answers\"}],\"ignored\",\"identity\",\"fault_count\",\n" +
			"\"faults\":[{\"line\",\"column\",\"value\",\"rule\"}]}. Exit code 0: no fault. 1: there is one. 2: usage.",
		RunE: func(_ *cobra.Command, args []string) error {
			_, _, res, err := e.mapped(args[0], f)
			if err != nil {
				return err
			}
			if f.json {
				err = writeJSON(e.out, res)
			} else {
				printPreview(e.out, res)
			}
			if err == nil && res.FaultCount > 0 {
				err = errEarlierFaults
			}
			return err
		}}
	f.add(cmd)
	return cmd
}

func printPreview(w io.Writer, res earlier.Result) {
	fmt.Fprintf(w, "%s: %d rows, %d items mapped\n", res.Source, res.Rows, len(res.Items))
	for _, it := range res.Items {
		answers := "fewer than 5"
		if it.Answers != nil {
			answers = fmt.Sprint(*it.Answers)
		}
		fmt.Fprintf(w, "  %-12s %s answers\n", it.Item, answers)
	}
	fmt.Fprintf(w, "never read (who, where, when): %s\n", nameOrNone(res.Identity))
	fmt.Fprintf(w, "ignored by the mapping: %s\n", nameOrNone(res.Ignored))
	fmt.Fprintf(w, "faults: %d\n", res.FaultCount)
	printFaults(w, res)
}

func printFaults(w io.Writer, res earlier.Result) {
	for _, fault := range res.Faults {
		fmt.Fprintf(w, "  %s\n", fault)
	}
	if more := res.FaultCount - len(res.Faults); more > 0 {
		fmt.Fprintf(w, "  and %d more\n", more)
	}
}

func nameOrNone(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

func (e env) earlierScore() *cobra.Command {
	var f earlierFlags
	var eligible, threshold int
	cmd := &cobra.Command{Use: "score FILE --mapping MAPPING.yaml --eligible N", Short: "Print the result with the product's formulas and suppression", Args: exactArgs(1, "an export"),
		Long: earlierFile + "\n\nThe figures are those that a wave of Traguardo would show: nothing under the threshold, under ten eligible employees, or\n" +
			"from an export with a fault. With --json it prints the stored form of a result.",
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := needFlags(cmd, "eligible"); err != nil {
				return err
			}
			if eligible < 0 || threshold < surveys.MinThreshold {
				return usagef("--eligible from 0, --threshold from %d", surveys.MinThreshold)
			}
			in, m, res, err := e.mapped(args[0], f)
			if err != nil {
				return err
			}
			if res.FaultCount > 0 {
				printFaults(e.err, res)
				return errEarlierFaults
			}
			scored, err := earlier.Score(in, m.Wave, res.Vectors, eligible, threshold)
			switch {
			case err != nil:
				return err
			case scored.State == scoring.OnlyPooled:
				return errors.New("under ten eligible employees there is no result of one ente")
			case scored.State != scoring.Published:
				return fmt.Errorf("fewer than %d valid answers: nothing is shown", scored.Threshold)
			case f.json:
				return writeJSON(e.out, scored)
			}
			printStaff(e.out, scored)
			return nil
		}}
	f.add(cmd)
	cmd.Flags().IntVar(&eligible, "eligible", 0, "employees who were entitled to answer")
	cmd.Flags().IntVar(&threshold, "threshold", surveys.MinThreshold, "people below which nothing is shown; 5 or more")
	return cmd
}

func printStaff(w io.Writer, r scoring.StaffResult) {
	fmt.Fprintf(w, "%s %s, %s: %d answers of %d eligible (formula %s)\n", r.Instrument, r.Version, r.Wave, r.Response.Responses, r.Eligible, r.FormulaVersion)
	for _, a := range r.Areas {
		fmt.Fprintf(w, "%s  self-assessed %s, knowledge %s, anchors %s, calibration %s, behaviour %s\n", a.Area,
			figure(a.Self), figure(a.Knowledge), figure(a.Anchors), figure(a.Calibration), figure(a.Behaviour))
	}
	fmt.Fprintf(w, "knowledge %s, anchors %s, corrected for guessing %s\n", figure(r.Knowledge), figure(r.Anchors), figure(r.GuessCorrected))
	for _, c := range r.Attitudes {
		fmt.Fprintf(w, "%s (%s) %s\n", c.Construct, c.Title.IT, figure(c.Figure))
	}
	fmt.Fprintf(w, "over-claiming %s\n", figure(r.Overclaim))
}

// figure is a figure to one decimal with its n, or the reason why it is not there.
func figure(f privacy.Figure) string {
	if !f.Visible() {
		return f.String()
	}
	return fmt.Sprintf("%.1f (n=%d)", *f.Value, f.N)
}
