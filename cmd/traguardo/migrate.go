package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"traguardo/app"
)

func newMigrate(e env) *cobra.Command {
	var c app.Config
	up := &cobra.Command{Use: "up", Short: "Bring the schema to this program's version", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a, err := e.open(cmd.Context(), c)
			if err != nil {
				return err
			}
			n, err := a.Store.MigrateUp(cmd.Context())
			if err != nil {
				return errors.Join(err, a.Close())
			}
			fmt.Fprintf(e.out, "%d migrations applied\n", n)
			return a.Close()
		}}
	var asJSON bool
	status := &cobra.Command{Use: "status", Short: "List the migrations and what the database has; exit 1 when some are missing", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a, err := e.open(cmd.Context(), c)
			if err != nil {
				return err
			}
			return errors.Join(e.migrationStatus(cmd, a, asJSON), a.Close())
		}}
	status.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	configFlags(up, &c)
	configFlags(status, &c)
	return group("migrate", "Schema of the database", up, status)
}

func (e env) migrationStatus(cmd *cobra.Command, a *app.App, asJSON bool) error {
	states, err := a.Store.Migrations(cmd.Context())
	if err != nil {
		return err
	}
	if asJSON {
		if err := writeJSON(e.out, states); err != nil {
			return err
		}
	} else {
		for _, s := range states {
			mark := "pending"
			if s.Applied {
				mark = "applied"
			}
			fmt.Fprintf(e.out, "%s  %s\n", mark, s.Name)
		}
	}
	return a.Store.CheckSchema(cmd.Context())
}
