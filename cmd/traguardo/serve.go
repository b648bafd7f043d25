package main

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/spf13/cobra"

	"traguardo/app"
)

func newServe(e env) *cobra.Command {
	var c app.Config
	cmd := &cobra.Command{Use: "serve", Short: "Answer the site and run its jobs, until interrupted", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a, err := e.open(cmd.Context(), c)
			if err != nil {
				return err
			}
			return errors.Join(e.serve(cmd.Context(), a), a.Close())
		}}
	configFlags(cmd, &c)
	siteFlags(cmd, &c)
	return cmd
}

// serve prints the one-time set-up code of an installation without accounts, and
// then the address.
func (e env) serve(ctx context.Context, a *app.App) error {
	if err := a.Store.CheckSchema(ctx); err != nil {
		return err
	}
	code, err := a.Service.NewSetupCode(ctx)
	if err != nil {
		return err
	}
	return a.Serve(ctx, func(addr net.Addr) {
		fmt.Fprintf(e.out, "Traguardo %s — http://%s\n", version, addr)
		if code != "" {
			fmt.Fprintf(e.out, "First administrator: open http://%s/avvio and enter the set-up code %s (it works once)\n", addr, code)
		}
	})
}
