package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"strings"

	"github.com/spf13/cobra"

	"traguardo/surveys/recompute"
	"traguardo/surveys/sheet"
	"traguardo/surveys/stats"
)

// statsFile are the flags of every command that reads a file.
type statsFile struct {
	path, delimiter, decimal string
	json                     bool
}

func newStats(e env) *cobra.Command {
	return group("stats", "Recompute a figure from a CSV file with the product's own formulas",
		e.statsAlpha(), e.statsOmega(), e.statsKappa(), e.statsPaired(), e.statsWilcoxon(), e.statsPooled(),
		e.statsBootstrap(), e.statsAdjust(), e.statsMcNemar(), e.statsWilson(), e.statsKanon())
}

// statsCommand makes a command that reads a file and prints the figures of compute.
func (e env) statsCommand(use, short, long string, compute func(sheet.Table) (any, error)) (*cobra.Command, *statsFile) {
	f := &statsFile{}
	cmd := &cobra.Command{Use: use, Short: short, Long: long + "\n\n" + fileHelp, Args: noArgs, RunE: func(*cobra.Command, []string) error {
		table, err := e.readTable(*f)
		if err != nil {
			return err
		}
		figures, err := compute(table)
		if err != nil {
			return err
		}
		return e.printFigures(figures, f.json)
	}}
	flags := cmd.Flags()
	flags.StringVar(&f.path, "csv", "", "CSV file whose first line names the columns; - for standard input")
	flags.StringVar(&f.delimiter, "delimiter", "", "comma or semicolon; found out when empty")
	flags.StringVar(&f.decimal, "decimal", "", "point or comma; found out when empty")
	flags.BoolVar(&f.json, "json", false, "print one JSON object")
	return cmd, f
}

const fileHelp = `The file is CSV with comma or semicolon and decimal point or comma, found out from the file and refused when it can be
read in two ways. Empty cells (and NA) are missing. A figure for which there are too few rows is null.`

func (e env) readTable(f statsFile) (sheet.Table, error) {
	var options sheet.Options
	switch f.delimiter {
	case "":
	case "comma":
		options.Delimiter = ','
	case "semicolon":
		options.Delimiter = ';'
	default:
		return sheet.Table{}, usagef("--delimiter %q: comma or semicolon", f.delimiter)
	}
	switch f.decimal {
	case "":
	case "point":
		options.Decimal = sheet.Point
	case "comma":
		options.Decimal = sheet.Comma
	default:
		return sheet.Table{}, usagef("--decimal %q: point or comma", f.decimal)
	}
	in := e.in
	switch f.path {
	case "":
		return sheet.Table{}, usagef("--csv is missing")
	case "-":
	default:
		file, err := os.Open(f.path)
		if err != nil {
			return sheet.Table{}, err
		}
		defer file.Close()
		in = file
	}
	return sheet.Read(in, options)
}

// printFigures prints a struct of figures: JSON, or a line a figure.
func (e env) printFigures(figures any, asJSON bool) error {
	var b bytes.Buffer
	if asJSON {
		if err := json.NewEncoder(&b).Encode(figures); err != nil {
			return err
		}
		_, err := b.WriteTo(e.out)
		return err
	}
	v := reflect.ValueOf(figures)
	for i := range v.NumField() {
		text, err := json.Marshal(v.Field(i).Interface())
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "%-19s %s\n", v.Type().Field(i).Tag.Get("json"), strings.ReplaceAll(string(text), "null", "-"))
	}
	_, err := io.Copy(e.out, &b)
	return err
}

// columnFlags are --x and --y.
type columnFlags struct{ x, y string }

func (c *columnFlags) add(cmd *cobra.Command, x, y string) {
	cmd.Flags().StringVar(&c.x, "x", "", x)
	cmd.Flags().StringVar(&c.y, "y", "", y)
}

func (c columnFlags) check() error {
	switch {
	case c.x == "":
		return usagef("--x is missing")
	case c.y == "":
		return usagef("--y is missing")
	case c.x == c.y:
		return usagef("--x and --y name the same column")
	}
	return nil
}

// nameList splits names parted by commas.
func nameList(s string) []string {
	var names []string
	for name := range strings.SplitSeq(s, ",") {
		if name = strings.TrimSpace(name); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// itemFlags are the flags that choose the items of a scale.
type itemFlags struct {
	items, missing string
	reverse        []string
}

func (f *itemFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.items, "items", "", "columns of the items, parted by commas; all when empty")
	cmd.Flags().StringArrayVar(&f.reverse, "reverse", nil, "item:min:max to recode as min+max−x; may be repeated")
}

func (f itemFlags) options() (recompute.ItemsOptions, error) {
	o := recompute.ItemsOptions{Items: nameList(f.items), Pairwise: f.missing == "pairwise"}
	if f.missing != "" && f.missing != "listwise" && f.missing != "pairwise" {
		return o, usagef("--missing %q: listwise or pairwise", f.missing)
	}
	for _, text := range f.reverse {
		r, ok := recompute.ParseReverse(text)
		if !ok {
			return o, usagef("--reverse %q: wants item:min:max with min below max", text)
		}
		o.Reverse = append(o.Reverse, r)
	}
	return o, nil
}

func (e env) statsAlpha() *cobra.Command {
	var f itemFlags
	cmd, _ := e.statsCommand("alpha --csv FILE", "Cronbach's alpha with Feldt's interval, item-total correlations, SEM of the sum",
		"Rows are persons, columns are items. With --missing pairwise n is the smallest number of persons behind a pair of items.",
		func(t sheet.Table) (any, error) {
			o, err := f.options()
			if err != nil {
				return nil, err
			}
			return recompute.Alpha(t, o)
		})
	f.add(cmd)
	cmd.Flags().StringVar(&f.missing, "missing", "listwise", "listwise or pairwise")
	return cmd
}

func (e env) statsOmega() *cobra.Command {
	var f itemFlags
	cmd, _ := e.statsCommand("omega --csv FILE", "McDonald's omega of one factor", "Rows are persons, columns are items; persons with a missing item are left out.",
		func(t sheet.Table) (any, error) {
			o, err := f.options()
			if err != nil {
				return nil, err
			}
			return recompute.Omega(t, o)
		})
	f.add(cmd)
	return cmd
}

func (e env) statsKappa() *cobra.Command {
	var c columnFlags
	var levels int
	cmd, _ := e.statsCommand("kappa --csv FILE --x A --y B --levels N", "Quadratic weighted kappa of two raters", "A row is one thing rated by both.",
		func(t sheet.Table) (any, error) {
			if err := c.check(); err != nil {
				return nil, err
			}
			if levels < 2 || levels > 1000 {
				return nil, usagef("--levels %d: from 2 to 1000", levels)
			}
			return recompute.Kappa(t, c.x, c.y, levels)
		})
	c.add(cmd, "column of the first rater", "column of the second rater")
	cmd.Flags().IntVar(&levels, "levels", 0, "number of levels, counted from 0 or from 1")
	return cmd
}

func (e env) statsPaired() *cobra.Command {
	var c columnFlags
	cmd, _ := e.statsCommand("paired --csv FILE --x PRE --y POST", "Mean change of the same persons, t interval and effect sizes", "Differences are y − x.",
		func(t sheet.Table) (any, error) {
			if err := c.check(); err != nil {
				return nil, err
			}
			return recompute.Paired(t, c.x, c.y)
		})
	c.add(cmd, "column before", "column after")
	return cmd
}

func (e env) statsMcNemar() *cobra.Command {
	var b, c int
	var asJSON bool
	cmd := &cobra.Command{Use: "mcnemar --b N --c N", Short: "Exact McNemar test of pairs that changed in either direction", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := needFlags(cmd, "b", "c"); err != nil {
				return err
			}
			figures, err := recompute.McNemar(b, c)
			if err != nil {
				return err
			}
			return e.printFigures(figures, asJSON)
		}}
	cmd.Flags().IntVar(&b, "b", 0, "pairs that went one way")
	cmd.Flags().IntVar(&c, "c", 0, "pairs that went the other way")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return cmd
}

func (e env) statsWilson() *cobra.Command {
	var x, n int
	var asJSON bool
	cmd := &cobra.Command{Use: "wilson --x N --n N", Short: "Wilson's interval of a proportion", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := needFlags(cmd, "x", "n"); err != nil {
				return err
			}
			figures, err := recompute.Wilson(x, n)
			if err != nil {
				return err
			}
			return e.printFigures(figures, asJSON)
		}}
	cmd.Flags().IntVar(&x, "x", 0, "how many have it")
	cmd.Flags().IntVar(&n, "n", 0, "out of how many")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return cmd
}

func needFlags(cmd *cobra.Command, names ...string) error {
	for _, name := range names {
		if !cmd.Flags().Changed(name) {
			return usagef("--%s is missing", name)
		}
	}
	return nil
}

// choice finds what a word stands for, or says which words there are.
func choice[V any](flag, word string, words []string, values []V) (V, error) {
	for i, w := range words {
		if w == word {
			return values[i], nil
		}
	}
	var none V
	return none, usagef("--%s %q: one of %s", flag, word, strings.Join(words, ", "))
}

func (e env) statsWilcoxon() *cobra.Command {
	var c columnFlags
	var zeros, method, alternative string
	var correct bool
	cmd, _ := e.statsCommand("wilcoxon --csv FILE --x PRE --y POST", "Signed-rank test, Hodges-Lehmann estimate, rank-biserial correlation",
		"Differences are y − x; --alternative greater asks whether y is above x. Exact by the shift algorithm on midranks: with --method exact\n"+
			"up to 1000 differences that are not zero, with auto up to 50.",
		func(t sheet.Table) (any, error) {
			err := c.check()
			o := stats.WilcoxonOptions{Correct: correct}
			var errZeros, errMethod, errAlternative error
			o.Zeros, errZeros = choice("zeros", zeros, []string{"pratt", "drop", "split"}, []stats.Zeros{stats.Pratt, stats.Drop, stats.Split})
			o.Method, errMethod = choice("method", method, []string{"auto", "exact", "normal"}, []stats.Method{stats.Auto, stats.Exact, stats.Normal})
			o.Alternative, errAlternative = choice("alternative", alternative, []string{"two-sided", "greater", "less"},
				[]stats.Alternative{stats.TwoSided, stats.Greater, stats.Less})
			if err := errors.Join(err, errZeros, errMethod, errAlternative); err != nil {
				return nil, usageError{err}
			}
			return recompute.Wilcoxon(t, c.x, c.y, o)
		})
	c.add(cmd, "column before", "column after")
	cmd.Flags().StringVar(&zeros, "zeros", "pratt", "pratt, drop or split")
	cmd.Flags().StringVar(&method, "method", "auto", "auto, exact or normal")
	cmd.Flags().StringVar(&alternative, "alternative", "two-sided", "two-sided, greater or less")
	cmd.Flags().BoolVar(&correct, "correct", false, "continuity correction of the normal approximation")
	return cmd
}
