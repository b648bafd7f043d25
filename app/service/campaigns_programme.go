package service

import (
	"context"
	"fmt"
	"slices"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/surveys"
	"traguardo/surveys/comune"
)

// ProgrammeWaves is what the page of a programme's waves needs.
type ProgrammeWaves struct {
	Programme storage.Programme
	Enti      []comune.Ente
	Versions  []storage.InstrumentVersion // published versions of STAFF, the latest first
}

// ProgrammeWaveLine is what became of one ente.
type ProgrammeWaveLine struct {
	Ente     comune.Ente
	Campaign surveys.ID   // the new draft; "" when none was made
	Faults   []FieldFault // why none was made
}

// ProgrammeWaves prepares the form of a wave in all enti of a programme.
func (s *Service) ProgrammeWaves(ctx context.Context, actor auth.Actor, programme surveys.ID) (ProgrammeWaves, CampaignForm, error) {
	var w ProgrammeWaves
	if err := s.authoriseProgramme(ctx, s.store, actor, programme, auth.ProgrammeWave); err != nil {
		return w, CampaignForm{}, err
	}
	var err error
	if w.Programme, err = s.store.Programme(ctx, programme); err != nil {
		return w, CampaignForm{}, err
	}
	if w.Enti, err = s.store.EntiOfProgramme(ctx, programme); err != nil {
		return w, CampaignForm{}, err
	}
	if w.Versions, err = s.store.InstrumentVersions(ctx, surveys.CodeSTAFF); err != nil {
		return w, CampaignForm{}, err
	}
	f, err := s.freshForm()
	f.Wave, f.Threshold = string(surveys.ExAnte), surveys.MinThreshold
	return w, f, err
}

// PrepareProgrammeWave prepares the same wave as a draft in these enti of a
// programme, each in a transaction of its own: what one lacks holds up no other. The
// waves are the enti's: opening them stays an act of each RTD. An InvalidError names
// what is wrong for all.
func (s *Service) PrepareProgrammeWave(ctx context.Context, actor auth.Actor, programme surveys.ID, enti []surveys.ID, f CampaignForm) ([]ProgrammeWaveLine, error) {
	w, _, err := s.ProgrammeWaves(ctx, actor, programme)
	if err != nil {
		return nil, err
	}
	if err := s.checkProgrammeWave(w, enti, f); err != nil {
		return nil, err
	}
	var lines []ProgrammeWaveLine
	for _, e := range w.Enti {
		if !slices.Contains(enti, e.ID) {
			continue
		}
		line := ProgrammeWaveLine{Ente: e}
		if line.Campaign, err = s.prepareIn(ctx, actor, programme, e, f); err != nil {
			if line.Campaign, line.Faults = "", FaultsOf(err); len(line.Faults) == 0 {
				return lines, err
			}
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// checkProgrammeWave refuses what would be wrong in every ente.
func (s *Service) checkProgrammeWave(w ProgrammeWaves, enti []surveys.ID, f CampaignForm) error {
	var bad faults
	for _, id := range enti {
		if !slices.ContainsFunc(w.Enti, func(e comune.Ente) bool { return e.ID == id }) {
			return fmt.Errorf("ente %s of programme %s: %w", id, w.Programme.ID, storage.ErrNotFound)
		}
	}
	if len(enti) == 0 {
		bad.add("enti", "programme.wave_no_enti")
	}
	wave, err := surveys.ParseWave(f.Wave)
	if err != nil {
		bad.add("wave", "campaign.fault_wave")
	}
	trial := storage.Campaign{Campaign: surveys.Campaign{Wave: wave}}
	bad.list = append(bad.list, FaultsOf(s.fillCampaign(&trial, f, surveys.MinFullForm))...)
	return bad.err()
}

// prepareIn prepares the wave in one ente, with the ente's threshold where it is higher.
func (s *Service) prepareIn(ctx context.Context, actor auth.Actor, programme surveys.ID, e comune.Ente, f CampaignForm) (surveys.ID, error) {
	id, err := s.newID()
	if err != nil {
		return "", err
	}
	f.Threshold = max(f.Threshold, e.Threshold)
	return id, s.change(ctx, actor, func(tx *storage.Store) (Change, error) {
		if err := s.authoriseProgramme(ctx, tx, actor, programme, auth.ProgrammeWave); err != nil {
			return Change{}, err
		}
		staff, err := tx.CountStaff(ctx, e.ID)
		if err != nil {
			return Change{}, err
		}
		if staff == 0 {
			return Change{}, Invalid("", "campaign.missing_staff")
		}
		change, err := s.addCampaign(ctx, tx, e.ID, id, programme, f)
		change.Ente = e.ID
		return change, err
	})
}
