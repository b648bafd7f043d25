package service

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/plans/pti"
	"traguardo/surveys"
	"traguardo/surveys/comune"
)

// CreateEnte makes the ente of a Comune: in a programme, by its coordinator, or
// alone (programme empty), by the administrator. An ente that is there already is
// enrolled instead, when the actor may: the administrator always, a coordinator
// only with a role in it, because enrolment opens its data to the programme.
// InvalidError on field "comune" otherwise.
func (s *Service) CreateEnte(ctx context.Context, actor auth.Actor, code string, programme surveys.ID) (surveys.ID, error) {
	var id surveys.ID
	err := s.change(ctx, actor, func(tx *storage.Store) (Change, error) {
		if err := s.mayCreateIn(ctx, tx, actor, programme); err != nil {
			return Change{}, err
		}
		catastale, err := comune.ParseCatastale(code)
		if err != nil {
			return Change{}, Invalid("comune", "form.choice")
		}
		if there, err := tx.EnteByCode(ctx, string(catastale)); !errors.Is(err, storage.ErrNotFound) {
			if err != nil {
				return Change{}, err
			}
			id = there.ID
			return s.enrolExisting(ctx, tx, actor, there, programme)
		}
		c, err := s.comuneOf(ctx, tx, catastale)
		if errors.Is(err, storage.ErrNotFound) {
			return Change{}, Invalid("comune", "form.choice")
		}
		if err != nil {
			return Change{}, err
		}
		if id, err = s.newID(); err != nil {
			return Change{}, err
		}
		e := comune.NewEnte(id, c, pti.CurrentID)
		if err := e.Validate(); err != nil {
			return Change{}, fmt.Errorf("ente of %s: %w", catastale, err)
		}
		if err := tx.AddEnte(ctx, e, s.clock()); err != nil {
			return Change{}, err
		}
		if programme != "" {
			err = s.enrol(ctx, tx, programme, e)
		}
		return Change{Action: "ente.create", Ente: id, Subject: "ente:" + id.String(), Detail: map[string]string{"catastale": string(catastale), "programme": programme.String()}}, err
	})
	return id, err
}

func (s *Service) mayCreateIn(ctx context.Context, tx *storage.Store, actor auth.Actor, programme surveys.ID) error {
	if programme == "" {
		return s.authoriseSystem(actor, auth.EnteCreate)
	}
	if _, err := tx.Programme(ctx, programme); err != nil {
		return err
	}
	return s.authoriseProgramme(ctx, tx, actor, programme, auth.EnteCreate)
}

func (s *Service) enrolExisting(ctx context.Context, tx *storage.Store, actor auth.Actor, e comune.Ente, programme surveys.ID) (Change, error) {
	if programme == "" {
		return Change{}, Invalid("comune", "ente.exists")
	}
	if !actor.Admin && !actor.System {
		a, err := tx.Access(ctx, actor.UserID, e.ID)
		if err != nil {
			return Change{}, err
		}
		if len(a.Roles) == 0 {
			return Change{}, Invalid("comune", "ente.exists_ask")
		}
	}
	return Change{Action: "programme.enrol", Ente: e.ID, Subject: "programme:" + programme.String()}, s.enrol(ctx, tx, programme, e)
}

// enrol adds an ente to a programme; a real Comune and invented ones never stand
// side by side.
func (s *Service) enrol(ctx context.Context, tx *storage.Store, programme surveys.ID, e comune.Ente) error {
	pr, err := tx.Programme(ctx, programme)
	if err != nil {
		return err
	}
	if pr.Fictitious != e.Fictitious {
		return Invalid("comune", "programme.mixed")
	}
	err = tx.Enrol(ctx, programme, e.ID, s.Today())
	if errors.Is(err, storage.ErrConflict) {
		return Invalid("comune", "programme.enrolled_already")
	}
	return err
}

// AllEnti lists every ente of the installation with its state, for the administrator.
func (s *Service) AllEnti(ctx context.Context, actor auth.Actor) ([]HomeEnte, error) {
	if err := s.authoriseSystem(actor, auth.EnteUsers); err != nil {
		return nil, err
	}
	enti, err := s.store.Enti(ctx)
	if err != nil {
		return nil, err
	}
	return s.withProgress(ctx, enti)
}

// Settings is what the settings page of an ente shows.
type Settings struct {
	Place      Place
	Offices    []storage.Office
	Progress   storage.EnteProgress
	Edition    *pti.Edition
	Programmes []storage.Programme
	Funding    Funding
}

// Settings reads the facts, offices and counts of an ente.
func (s *Service) Settings(ctx context.Context, actor auth.Actor, ente surveys.ID) (Settings, error) {
	var out Settings
	var err error
	if out.Place, err = s.Place(ctx, actor, ente, auth.EnteEdit); err != nil {
		return out, err
	}
	if out.Offices, err = s.store.Offices(ctx, ente); err != nil {
		return out, err
	}
	states, err := s.store.ProgressOf(ctx, []surveys.ID{ente})
	if err != nil {
		return out, err
	}
	if len(states) == 1 {
		out.Progress = states[0]
	}
	if out.Programmes, err = s.store.ProgrammesOfEnte(ctx, ente); err != nil {
		return out, err
	}
	if out.Edition, err = s.edition(out.Place.Ente.PTIEdition); err != nil {
		return out, fmt.Errorf("PTI edition of ente %s: %w", ente, err)
	}
	out.Funding, err = s.funding(ctx, s.store, out.Place.Ente)
	return out, err
}

// EnteInput is what an ente's people may change of its facts.
type EnteInput struct {
	IPA       string // empty: unknown
	Threshold int    // smallest group shown
}

// UpdateEnte writes the IPA code and the threshold, which may be raised and never lowered.
func (s *Service) UpdateEnte(ctx context.Context, actor auth.Actor, ente surveys.ID, in EnteInput) error {
	return s.changeIn(ctx, actor, ente, auth.EnteEdit, func(tx *storage.Store, p Place) (Change, error) {
		var f faults
		e := p.Ente
		if ipa := strings.TrimSpace(in.IPA); ipa != string(e.IPA) {
			code, err := comune.ParseIPA(ipa)
			switch {
			case ipa == "":
				e.IPA = ""
			case e.Fictitious:
				f.add("ipa", "ente.ipa_fictitious")
			case err != nil:
				f.add("ipa", "ente.ipa_form")
			default:
				e.IPA = code
			}
		}
		if err := e.RaiseThreshold(in.Threshold); err != nil {
			f.add("soglia", "ente.threshold_lower", "Min", p.Ente.Threshold)
		}
		if in.Threshold > maxThreshold {
			f.add("soglia", "form.max", "Param", maxThreshold)
		}
		if err := f.err(); err != nil {
			return Change{}, err
		}
		return Change{Action: "ente.update", Subject: "ente:" + ente.String(), Detail: map[string]any{"ipa": e.IPA, "threshold": e.Threshold}}, tx.UpdateEnte(ctx, e)
	})
}

// maxThreshold bounds the threshold: above it nothing of the largest office would ever be shown.
const maxThreshold = 50

// AddOffice adds an office to an ente.
func (s *Service) AddOffice(ctx context.Context, actor auth.Actor, ente surveys.ID, name string) error {
	return s.changeIn(ctx, actor, ente, auth.EnteEdit, func(tx *storage.Store, _ Place) (Change, error) {
		id, err := s.addOffice(ctx, tx, ente, name)
		return Change{Action: "office.add", Subject: "office:" + id.String()}, err
	})
}

func (s *Service) addOffice(ctx context.Context, tx *storage.Store, ente surveys.ID, name string) (surveys.ID, error) {
	name, err := officeName(name)
	if err != nil {
		return "", err
	}
	id, err := s.newID()
	if err != nil {
		return "", err
	}
	return id, s.officeSaved(ctx, tx, ente, "", name, func() error { return tx.AddOffice(ctx, storage.Office{ID: id, EnteID: ente, Name: name}) })
}

// officeSaved looks for an office of that name before writing: a refused insert
// would end the transaction on PostgreSQL.
func (s *Service) officeSaved(ctx context.Context, tx *storage.Store, ente, id surveys.ID, name string, save func() error) error {
	offices, err := tx.Offices(ctx, ente)
	if err != nil {
		return err
	}
	for _, o := range offices {
		if o.ID != id && comune.Fold(o.Name) == comune.Fold(name) {
			return Invalid("nome", "office.taken")
		}
	}
	return save()
}

func officeName(name string) (string, error) {
	name = strings.Join(strings.Fields(name), " ")
	switch {
	case name == "" || comune.Fold(name) == "":
		return "", Invalid("nome", "form.required")
	case len([]rune(name)) > 120:
		return "", Invalid("nome", "form.max", "Param", 120)
	}
	return name, nil
}

// RenameOffice gives an office another name.
func (s *Service) RenameOffice(ctx context.Context, actor auth.Actor, ente, id surveys.ID, name string) error {
	return s.changeIn(ctx, actor, ente, auth.EnteEdit, func(tx *storage.Store, _ Place) (Change, error) {
		name, err := officeName(name)
		if err != nil {
			return Change{}, err
		}
		return Change{Action: "office.rename", Subject: "office:" + id.String()},
			s.officeSaved(ctx, tx, ente, id, name, func() error { return tx.RenameOffice(ctx, ente, id, name) })
	})
}

// RemoveOffice removes an office: its people stay in the list without office, its
// tasks without office, and its contacts lose that role.
func (s *Service) RemoveOffice(ctx context.Context, actor auth.Actor, ente, id surveys.ID) error {
	return s.changeIn(ctx, actor, ente, auth.EnteEdit, func(tx *storage.Store, _ Place) (Change, error) {
		roles, err := tx.RemoveOfficeGrants(ctx, ente, id)
		if err != nil {
			return Change{}, err
		}
		return Change{Action: "office.remove", Subject: "office:" + id.String(), Detail: map[string]int{"roles": roles}}, tx.RemoveOffice(ctx, ente, id)
	})
}
