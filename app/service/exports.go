package service

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"time"

	"traguardo/app/auth"
	"traguardo/app/report/dataset"
	"traguardo/app/storage"
	"traguardo/surveys"
	"traguardo/surveys/comune"
)

// Exported is a file of figures as it is handed out.
type Exported struct {
	Name        string
	ContentType string
	Body        []byte
}

// ExportResults writes the stored figures of one closed wave as a file, and records
// who took it. Only stored results are read, from which everything that may not be
// shown was left out when the wave closed. storage.ErrNotFound: nothing of the wave
// is closed; surveys.ErrInvalid: no such format.
func (s *Service) ExportResults(ctx context.Context, actor auth.Actor, ente surveys.ID, wave surveys.Wave, format dataset.Format, lang string) (Exported, error) {
	p, err := s.Place(ctx, actor, ente, auth.ResultsExport)
	if err != nil {
		return Exported{}, err
	}
	stored, err := s.store.ClosedResults(ctx, ente)
	if err != nil {
		return Exported{}, err
	}
	v, err := s.resultsOf(ctx, p, stored, wave)
	if err != nil {
		return Exported{}, err
	}
	if v.MAT == nil && v.Staff == nil {
		return Exported{}, storage.ErrNotFound
	}
	in, err := s.exportInput(ctx, v, lang)
	if err != nil {
		return Exported{}, err
	}
	body, err := dataset.Build(in, s.texts).Write(format)
	if err != nil {
		return Exported{}, err
	}
	sum := sha256.Sum256(body)
	out := Exported{Name: exportName(p.Ente, wave, format), ContentType: format.ContentType(), Body: body}
	return out, s.changeIn(ctx, actor, ente, auth.ResultsExport, func(*storage.Store, Place) (Change, error) {
		return Change{Action: "results.export", Subject: "results:" + string(wave),
			Detail: map[string]string{"format": string(format), "sha256": hex.EncodeToString(sum[:])}}, nil
	})
}

// exportInput gathers the results of a wave and says where each comes from.
func (s *Service) exportInput(ctx context.Context, v ResultsView, lang string) (dataset.Input, error) {
	in := dataset.Input{About: dataset.About{Ente: v.Place.Ente.Name, ISTAT: string(v.Place.Ente.ISTAT), Fictitious: v.Place.Ente.Fictitious, Wave: v.Wave,
		Sources: []dataset.Source{}, Note: s.texts.For(lang).T("export.note")}, Change: v.Change, StaffChange: v.StaffChange}
	add := func(r storage.Result, instrument, version, hash, seed string) {
		in.About.Sources = append(in.About.Sources, dataset.Source{Kind: string(r.Kind), Instrument: instrument, Version: version, InstrumentHash: hash,
			FormulaVersion: r.FormulaVersion, DataHash: r.DataHash, ComputedAt: r.ComputedAt.In(s.rome).Format(time.DateOnly), Seed: seed})
	}
	if m := v.MAT; m != nil {
		in.MAT, in.Instruments = &m.Result, append(in.Instruments, m.Instrument)
		add(m.Stored, m.Result.Instrument, m.Result.Version, m.Assessment.InstrumentHash, "")
		if v.Change != nil {
			add(v.ChangeStored, m.Result.Instrument, m.Result.Version, m.Assessment.InstrumentHash, "")
		}
	}
	if v.Staff == nil {
		return in, nil
	}
	c, questions, err := s.askedOf(ctx, v.Staff.Stored)
	if err != nil {
		return in, err
	}
	if questions != nil {
		in.Instruments = append(in.Instruments, questions)
	}
	in.Staff = &v.Staff.Result
	add(v.Staff.Stored, in.Staff.Instrument, in.Staff.Version, c.InstrumentHash, "")
	if v.StaffChange != nil {
		add(v.StaffChangeStored, v.StaffChange.Instrument, v.StaffChange.Version, c.InstrumentHash, strconv.FormatUint(v.StaffChange.Seed, 10))
	}
	return in, nil
}

// askedOf finds the wave that a result of the staff was computed from, and its
// questionnaire; both are empty when the wave was removed since.
func (s *Service) askedOf(ctx context.Context, r storage.Result) (storage.Campaign, *surveys.Instrument, error) {
	c, err := s.store.Campaign(ctx, r.EnteID, r.SourceID)
	if errors.Is(err, storage.ErrNotFound) {
		return storage.Campaign{}, nil, nil
	}
	if err != nil {
		return c, nil, err
	}
	in, err := s.instrument(ctx, s.store, c.InstrumentHash)
	return c, in, err
}

// exportName is "cifre-borgo-ametista-exante.csv": plain ASCII.
func exportName(e comune.Ente, wave surveys.Wave, f dataset.Format) string {
	kind := "cifre"
	if f == dataset.CSVCodes {
		kind = "codici"
	}
	return strings.Join([]string{kind, plainName(e.Name), string(wave)}, "-") + "." + f.Ending()
}

// StaffAsked says which published questions a result of the staff rests on.
type StaffAsked struct {
	InstrumentHash string // SHA-256; empty when the wave was removed since
}

// StaffAsked finds the questions of the staff survey of a wave that v shows; v has
// been read with the right to see it.
func (s *Service) StaffAsked(ctx context.Context, v ResultsView) (StaffAsked, error) {
	if v.Staff == nil {
		return StaffAsked{}, storage.ErrNotFound
	}
	c, _, err := s.askedOf(ctx, v.Staff.Stored)
	return StaffAsked{InstrumentHash: c.InstrumentHash}, err
}
