package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"traguardo/app"
)

func newDoctor(e env) *cobra.Command {
	var c app.Config
	var asJSON bool
	cmd := &cobra.Command{Use: "doctor", Short: "Check configuration, schema, audit trail, mail queue; exit 1 when something is wrong", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a, err := e.open(cmd.Context(), c)
			if err != nil {
				return err
			}
			checks, err := a.Service.Doctor(cmd.Context())
			if err != nil {
				return errors.Join(err, a.Close())
			}
			healthy := true
			for _, ch := range checks {
				healthy = healthy && ch.OK
				if !asJSON {
					mark := "ok   "
					if !ch.OK {
						mark = "WRONG"
					}
					fmt.Fprintf(e.out, "%s %-12s %s\n", mark, ch.Name, ch.Detail)
				}
			}
			if asJSON {
				err = writeJSON(e.out, map[string]any{"ok": healthy, "version": version, "checks": checks})
			}
			if !healthy {
				err = errors.Join(err, errors.New("something is wrong: see above"))
			}
			return errors.Join(err, a.Close())
		}}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	configFlags(cmd, &c)
	siteFlags(cmd, &c)
	return cmd
}
