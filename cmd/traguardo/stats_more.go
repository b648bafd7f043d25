package main

import (
	"github.com/spf13/cobra"

	"traguardo/surveys/recompute"
	"traguardo/surveys/sheet"
	"traguardo/surveys/stats"
)

// drawFlags are the flags of what draws at random.
type drawFlags struct {
	draws int
	seed  uint64
}

func (d *drawFlags) add(cmd *cobra.Command, draws int) {
	cmd.Flags().IntVar(&d.draws, "draws", draws, "random draws, 100 to 1000000")
	cmd.Flags().Uint64Var(&d.seed, "seed", 1, "seed of the draws; the same seed gives the same figures everywhere")
}

func (d drawFlags) check() error {
	if d.draws < 100 || d.draws > 1_000_000 {
		return usagef("--draws %d: from 100 to 1000000", d.draws)
	}
	return nil
}

func (e env) statsPooled() *cobra.Command {
	var c columnFlags
	var d drawFlags
	var stratum string
	cmd, _ := e.statsCommand("pooled --csv FILE --x PRE --y POST --stratum S", "Signed-rank test pooled over strata (Comuni)",
		"Ranks within strata, sum over them; exact up to 1000 differences that are not zero, by random sign flips above.\nRows without a stratum are left out.",
		func(t sheet.Table) (any, error) {
			if err := c.check(); err != nil {
				return nil, err
			}
			if stratum == "" {
				return nil, usagef("--stratum is missing")
			}
			if err := d.check(); err != nil {
				return nil, err
			}
			return recompute.Pooled(t, c.x, c.y, stratum, d.draws, d.seed)
		})
	c.add(cmd, "column before", "column after")
	d.add(cmd, 10_000)
	cmd.Flags().StringVar(&stratum, "stratum", "", "column that names the stratum of a row")
	return cmd
}

func (e env) statsBootstrap() *cobra.Command {
	var d drawFlags
	var column, stat string
	cmd, _ := e.statsCommand("bootstrap --csv FILE --draws N --seed N", "BCa bootstrap interval of a mean or a median", "Equal values, draws and seed give equal figures on every machine.",
		func(t sheet.Table) (any, error) {
			statistic, err := choice("stat", stat, []string{"mean", "median"}, []stats.Statistic{stats.Mean, stats.Median})
			if err != nil {
				return nil, err
			}
			if err := d.check(); err != nil {
				return nil, err
			}
			return recompute.Bootstrap(t, column, statistic, d.draws, d.seed)
		})
	d.add(cmd, stats.BootstrapDraws)
	cmd.Flags().StringVar(&column, "col", "", "column; may be left out when the file has one")
	cmd.Flags().StringVar(&stat, "stat", "mean", "mean or median")
	return cmd
}

func (e env) statsAdjust() *cobra.Command {
	var column, method string
	cmd, _ := e.statsCommand("adjust --csv FILE --method holm|bh", "p-values adjusted for their number", "In the order of the file; empty cells stay empty and do not count.",
		func(t sheet.Table) (any, error) {
			by, err := choice("method", method, []string{"holm", "bh"}, []func([]float64) []float64{stats.Holm, stats.BenjaminiHochberg})
			if err != nil {
				return nil, err
			}
			return recompute.Adjust(t, column, by)
		})
	cmd.Flags().StringVar(&column, "col", "", "column; may be left out when the file has one, or has one named p")
	cmd.Flags().StringVar(&method, "method", "", "holm or bh")
	return cmd
}

func (e env) statsKanon() *cobra.Command {
	var keys, sensitive string
	var k int
	cmd, _ := e.statsCommand("kanon --csv FILE --keys A,B", "k-anonymity of a table, l-diversity of a sensitive column",
		"violations counts the groups of rows that share all keys and are fewer than k, suppressed the rows in them. A missing key is a\ncategory of its own.",
		func(t sheet.Table) (any, error) {
			names := nameList(keys)
			if len(names) == 0 {
				return nil, usagef("--keys is missing")
			}
			if k < 1 {
				return nil, usagef("--k %d: at least 1", k)
			}
			return recompute.Anonymity(t, names, sensitive, k)
		})
	cmd.Flags().StringVar(&keys, "keys", "", "columns that somebody may know, parted by commas")
	cmd.Flags().IntVar(&k, "k", 5, "size that a group should have")
	cmd.Flags().StringVar(&sensitive, "sensitive", "", "column that must not be inferred")
	return cmd
}
