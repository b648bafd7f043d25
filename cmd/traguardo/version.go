package main

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"traguardo/surveys/scoring"
)

func newVersion(e env) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{Use: "version", Short: "Print the version", Args: noArgs, RunE: func(*cobra.Command, []string) error {
		if asJSON {
			return writeJSON(e.out, map[string]string{"version": version, "go": runtime.Version(), "formula_version": scoring.FormulaVersion})
		}
		_, err := fmt.Fprintf(e.out, "traguardo %s (%s, formulas %s)\n", version, runtime.Version(), scoring.FormulaVersion)
		return err
	}}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}
