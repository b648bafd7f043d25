package main

import (
	"bufio"
	"crypto/rand"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"traguardo/app"
	"traguardo/app/auth"
	"traguardo/app/service"
)

func newUser(e env) *cobra.Command {
	return group("user", "Accounts", newUserAdd(e), newUserPasswd(e), newUserList(e))
}

func newUserAdd(e env) *cobra.Command {
	var c app.Config
	var a service.NewAccount
	var fromInput bool
	cmd := &cobra.Command{Use: "add EMAIL", Short: "Add an account; prints the password it made unless --password-stdin", Args: exactArgs(1, "an e-mail address"),
		RunE: func(cmd *cobra.Command, args []string) error {
			a.Email = args[0]
			if a.Name == "" {
				a.Name = args[0]
			}
			password, made, err := e.password(fromInput)
			if err != nil {
				return err
			}
			a.Password = password
			return e.withApp(cmd.Context(), c, func(ap *app.App) error {
				u, err := ap.Service.AddUser(cmd.Context(), auth.SystemActor(), a)
				if err != nil {
					return err
				}
				fmt.Fprintf(e.out, "added %s\n", u.Email)
				if made {
					fmt.Fprintf(e.out, "password: %s\n", password)
				}
				return nil
			})
		}}
	configFlags(cmd, &c)
	cmd.Flags().StringVar(&a.Name, "name", "", "displayed name")
	cmd.Flags().BoolVar(&a.Admin, "admin", false, "administrator of the system")
	cmd.Flags().StringVar(&a.Lang, "lang", "it", "it or en")
	cmd.Flags().BoolVar(&fromInput, "password-stdin", false, "read the password from standard input")
	return cmd
}

func newUserPasswd(e env) *cobra.Command {
	var c app.Config
	var fromInput bool
	cmd := &cobra.Command{Use: "passwd EMAIL", Short: "Set a password; it must be changed at the next sign-in", Args: exactArgs(1, "an e-mail address"),
		RunE: func(cmd *cobra.Command, args []string) error {
			password, made, err := e.password(fromInput)
			if err != nil {
				return err
			}
			return e.withApp(cmd.Context(), c, func(ap *app.App) error {
				if err := ap.Service.SetPassword(cmd.Context(), auth.SystemActor(), args[0], password); err != nil {
					return err
				}
				if made {
					fmt.Fprintf(e.out, "password: %s\n", password)
				}
				return nil
			})
		}}
	configFlags(cmd, &c)
	cmd.Flags().BoolVar(&fromInput, "password-stdin", false, "read the password from standard input")
	return cmd
}

func newUserList(e env) *cobra.Command {
	var c app.Config
	var asJSON bool
	cmd := &cobra.Command{Use: "list", Short: "List the accounts", Args: noArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		return e.withApp(cmd.Context(), c, func(ap *app.App) error {
			users, err := ap.Service.Users(cmd.Context(), auth.SystemActor())
			if err != nil {
				return err
			}
			if asJSON {
				return writeJSON(e.out, users)
			}
			for _, u := range users {
				fmt.Fprintf(e.out, "%s\t%s\tadmin=%t\tdisabled=%t\n", u.Email, u.Name, u.Admin, u.Disabled)
			}
			return nil
		})
	}}
	configFlags(cmd, &c)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// password reads one line of standard input, or makes a password.
func (e env) password(fromInput bool) (password string, made bool, err error) {
	if !fromInput {
		return strings.ToLower(rand.Text()[:20]), true, nil
	}
	line, err := bufio.NewReader(e.in).ReadString('\n')
	if line == "" && err != nil {
		return "", false, fmt.Errorf("reading the password: %w", err)
	}
	return strings.TrimRight(line, "\r\n"), false, nil
}
