package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"traguardo/app"
	"traguardo/app/auth"
	"traguardo/app/report"
	"traguardo/app/service"
	"traguardo/app/storage"
	"traguardo/surveys"
)

// reportFlags are the flags of «traguardo report».
type reportFlags struct {
	ente, out, lang, wave string
	html                  bool
}

func newReport(e env) *cobra.Command {
	var c app.Config
	var f reportFlags
	cmd := &cobra.Command{Use: "report KIND --ente CODE --out FILE", Short: "Write a report of an ente: assessment, plan or impact",
		Long: "Writes a report from stored results as PDF, or as a page with --html. CODE is an IPA, ISTAT (also an earlier one) or cadastral code\n" +
			"or the id of the ente; a fictitious ente, which has no code, is named by its exact name. A PDF is registered as issued.",
		Args: exactArgs(1, "a kind: assessment, plan or impact"),
		RunE: func(cmd *cobra.Command, args []string) error {
			ask, err := f.check(args[0])
			if err != nil {
				return err
			}
			return e.withApp(cmd.Context(), c, func(a *app.App) error { return e.writeReport(cmd, a, f, ask) })
		}}
	configFlags(cmd, &c)
	cmd.Flags().StringVar(&f.ente, "ente", "", "code or id of the ente, or the exact name of a fictitious one")
	cmd.Flags().StringVar(&f.out, "out", "", "file to write; - for standard output")
	cmd.Flags().StringVar(&f.lang, "lang", "it", "it or en")
	cmd.Flags().StringVar(&f.wave, "wave", "", "exante or expost, for the assessment; the latest closed one when empty")
	cmd.Flags().BoolVar(&f.html, "html", false, "write the accessible page in place of the PDF")
	return cmd
}

// check turns what cannot be understood into a usage error.
func (f reportFlags) check(kind string) (service.ReportAsk, error) {
	k, err := report.ParseKind(kind)
	if err != nil {
		return service.ReportAsk{}, usagef("%w: assessment, plan or impact", err)
	}
	ask := service.ReportAsk{Kind: k, Lang: f.lang}
	switch {
	case f.ente == "":
		return ask, usagef("--ente is missing")
	case f.out == "":
		return ask, usagef("--out is missing")
	case f.lang != "it" && f.lang != "en":
		return ask, usagef("--lang %q: it or en", f.lang)
	case f.wave != "" && k != report.KindAssessment:
		return ask, usagef("--wave is for the assessment only")
	}
	if f.wave != "" {
		if ask.Wave, err = surveys.ParseWave(f.wave); err != nil {
			return ask, usagef("--wave %q: exante or expost", f.wave)
		}
	}
	return ask, nil
}

func (e env) writeReport(cmd *cobra.Command, a *app.App, f reportFlags, ask service.ReportAsk) error {
	ctx, who := cmd.Context(), auth.SystemActor()
	ente, err := a.Service.EnteNamed(ctx, who, strings.TrimSpace(f.ente))
	if errors.Is(err, storage.ErrNotFound) {
		return fmt.Errorf("no ente has code or id %q", f.ente)
	}
	if err != nil {
		return err
	}
	var body []byte
	if f.html {
		_, d, err := a.Service.ReportDocument(ctx, who, ente.ID, ask)
		if err != nil {
			return notReady(err, ask)
		}
		if body, err = a.Service.ReportHTML(d, true); err != nil {
			return err
		}
	} else {
		issued, err := a.Service.IssueReport(ctx, who, ente.ID, ask)
		if err != nil {
			return notReady(err, ask)
		}
		body = issued.PDF
		defer fmt.Fprintf(e.err, "sha256 %s\n", issued.SHA256)
	}
	if f.out == "-" {
		_, err = e.out.Write(body)
		return err
	}
	return os.WriteFile(f.out, body, 0o644) //nolint:gosec // a report is made to be handed on
}

// notReady says in plain words that the data of a report are not closed yet.
func notReady(err error, ask service.ReportAsk) error {
	if errors.Is(err, surveys.ErrState) || errors.Is(err, storage.ErrNotFound) {
		return fmt.Errorf("the %s report cannot be made yet: %w", ask.Kind, err)
	}
	return err
}
