package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"traguardo/app"
	"traguardo/app/auth"
	"traguardo/app/service"
	"traguardo/app/storage"
	"traguardo/surveys"
)

func newPairing(e env) *cobra.Command {
	return group("pairing", "Pairing keys of the staff survey", e.pairingDestroy())
}

// keyFlags are the flags of «traguardo pairing destroy-key».
type keyFlags struct {
	ente, series string
	yes, json    bool
}

func (e env) pairingDestroy() *cobra.Command {
	var c app.Config
	var f keyFlags
	cmd := &cobra.Command{Use: "destroy-key --ente CODE [--series ID] --yes", Short: "Destroy the pairing key of a series of waves, for good", Args: noArgs,
		Long: "Destroys the key that pairs the answers of a person in two waves. It cannot be undone: no wave of the series can be compared, person by\n" +
			"person, with a later one; stored results stay. From then on the answers are anonymous. It is written in the audit trail.\n" +
			"Without --yes nothing happens and it says what would be lost. A wave that is prepared or open needs the key: close or remove it first.\n" +
			"Copies of the database made before still hold the wrapped key: delete them, or the master key with them.\n\n" +
			"CODE is an IPA, ISTAT or cadastral code or the id of the ente; a fictitious ente is named by its exact name. --series is needed when more\n" +
			"than one key exists.\n\n" +
			"With --json it prints {\"ente\",\"series\",\"method\",\"waves\",\"pending\",\"destroyed\",\"created\"}.\n" +
			"Exit code 0: destroyed. 1: refused, or nothing to destroy. 2: usage, also without --yes.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.ente == "" {
				return usagef("--ente is missing")
			}
			return e.withApp(cmd.Context(), c, func(a *app.App) error { return e.destroyKey(cmd.Context(), a, f) })
		}}
	configFlags(cmd, &c)
	cmd.Flags().StringVar(&f.ente, "ente", "", "code or id of the ente, or the exact name of a fictitious one")
	cmd.Flags().StringVar(&f.series, "series", "", "id of the series; the only one with a key when empty")
	cmd.Flags().BoolVar(&f.yes, "yes", false, "really destroy it")
	cmd.Flags().BoolVar(&f.json, "json", false, "print JSON")
	return cmd
}

// destroyedKey is what destroy-key prints with --json.
type destroyedKey struct {
	Ente surveys.ID `json:"ente"`
	service.SeriesKey
}

func (e env) destroyKey(ctx context.Context, a *app.App, f keyFlags) error {
	who := auth.SystemActor()
	ente, err := a.Service.EnteNamed(ctx, who, strings.TrimSpace(f.ente))
	if errors.Is(err, storage.ErrNotFound) {
		return fmt.Errorf("no ente has code or id %q", f.ente)
	}
	if err != nil {
		return err
	}
	keys, err := a.Service.SeriesKeys(ctx, who, ente.ID)
	if err != nil {
		return err
	}
	key, err := chosenKey(keys, f.series)
	if err != nil {
		return err
	}
	if len(key.Pending) > 0 {
		return fmt.Errorf("series %s: %s prepared or open and needs the key: close or remove it first", key.Series, waves(key.Pending))
	}
	if !f.yes {
		return usagef("nothing was destroyed: this cannot be undone, and afterwards no wave of series %s of %s (%s; method %s) can be compared, "+
			"person by person, with a later one. Stored results stay. Add --yes to do it", key.Series, ente.Name, waves(key.Waves), key.Method)
	}
	gone, err := a.Service.DestroySeriesKey(ctx, who, ente.ID, key.Series)
	if err != nil {
		return err
	}
	if f.json {
		return writeJSON(e.out, destroyedKey{Ente: ente.ID, SeriesKey: gone})
	}
	fmt.Fprintf(e.out, "the key of series %s of %s is destroyed; its answers (%s) are anonymous\n", gone.Series, ente.Name, waves(gone.Waves))
	return nil
}

// chosenKey is the series with this id, or the only one whose key exists.
func chosenKey(keys []service.SeriesKey, id string) (service.SeriesKey, error) {
	var live []service.SeriesKey
	var ids []string
	for _, k := range keys {
		switch {
		case id != "" && k.Series.String() != id:
		case k.Destroyed.IsZero():
			live, ids = append(live, k), append(ids, k.Series.String())
		case id != "":
			return k, fmt.Errorf("the key of series %s was destroyed on %s", id, k.Destroyed.Format("2006-01-02"))
		}
	}
	switch {
	case len(live) == 1:
		return live[0], nil
	case len(live) > 1:
		return service.SeriesKey{}, fmt.Errorf("more than one key exists: name one with --series: %s", strings.Join(ids, ", "))
	case id != "":
		return service.SeriesKey{}, fmt.Errorf("this ente has no series %q", id)
	default:
		return service.SeriesKey{}, errors.New("this ente has no pairing key")
	}
}

func waves(list []surveys.Wave) string {
	if len(list) == 0 {
		return "no wave"
	}
	names := make([]string, 0, len(list))
	for _, w := range list {
		names = append(names, string(w))
	}
	return strings.Join(names, ", ")
}
