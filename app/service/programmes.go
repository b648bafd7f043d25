package service

import (
	"context"
	"slices"
	"strings"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/plans/pti"
	"traguardo/surveys"
	"traguardo/surveys/comune"
)

// ProgrammeInput is what makes a programme.
type ProgrammeInput struct {
	Name        string
	Description string
}

// CreateProgramme makes a programme, by the administrator of the system.
func (s *Service) CreateProgramme(ctx context.Context, actor auth.Actor, in ProgrammeInput) (surveys.ID, error) {
	if err := s.authoriseSystem(actor, auth.ProgrammeCreate); err != nil {
		return "", err
	}
	in.Name = strings.Join(strings.Fields(in.Name), " ")
	if in.Name == "" {
		return "", Invalid("nome", "form.required")
	}
	id, err := s.newID()
	if err != nil {
		return "", err
	}
	return id, s.change(ctx, actor, func(tx *storage.Store) (Change, error) {
		there, err := tx.Programmes(ctx)
		if err != nil {
			return Change{}, err
		}
		if slices.ContainsFunc(there, func(p storage.Programme) bool { return comune.Fold(p.Name) == comune.Fold(in.Name) }) {
			return Change{}, Invalid("nome", "programme.taken")
		}
		return Change{Action: "programme.create", Subject: "programme:" + id.String()},
			tx.AddProgramme(ctx, storage.Programme{ID: id, Name: in.Name, Description: in.Description, PTIEdition: pti.CurrentID, CreatedAt: s.clock()})
	})
}

// Programmes lists the programmes of the actor; all of them for the administrator.
func (s *Service) Programmes(ctx context.Context, actor auth.Actor) ([]storage.Programme, error) {
	if actor.System || actor.Admin {
		return s.store.Programmes(ctx)
	}
	return s.store.ProgrammesOfUser(ctx, actor.UserID)
}

// Enrolment is what the page of a programme's enti shows.
type Enrolment struct {
	Programme  storage.Programme
	Enti       []HomeEnte
	Candidates []comune.Ente // that the actor may enrol: by name
	People     []Person      // who coordinates and assists
	MayPrepare bool          // the actor may prepare a wave in all enti
}

// Enrolment lists the enti of a programme, and those that the actor may add.
func (s *Service) Enrolment(ctx context.Context, actor auth.Actor, programme surveys.ID) (Enrolment, error) {
	var out Enrolment
	if err := s.authoriseProgramme(ctx, s.store, actor, programme, auth.ProgrammeEdit); err != nil {
		return out, err
	}
	var err error
	if out.Programme, err = s.store.Programme(ctx, programme); err != nil {
		return out, err
	}
	enti, err := s.store.EntiOfProgramme(ctx, programme)
	if err != nil {
		return out, err
	}
	if out.Enti, err = s.withProgress(ctx, enti); err != nil {
		return out, err
	}
	mine, err := s.enrollable(ctx, actor)
	if err != nil {
		return out, err
	}
	for _, e := range mine {
		in := slices.ContainsFunc(enti, func(x comune.Ente) bool { return x.ID == e.ID })
		if !in && e.Fictitious == out.Programme.Fictitious {
			out.Candidates = append(out.Candidates, e)
		}
	}
	grants, err := s.store.GrantsInProgramme(ctx, programme)
	if err != nil {
		return out, err
	}
	out.MayPrepare = slices.ContainsFunc(grants, func(g auth.Grant) bool {
		return g.UserID == actor.UserID && auth.Can(auth.ProgrammeWave, []auth.Role{g.Role}, false)
	})
	out.People, err = s.persons(ctx, grants, nil)
	return out, err
}

func (s *Service) enrollable(ctx context.Context, actor auth.Actor) ([]comune.Ente, error) {
	if actor.System || actor.Admin {
		return s.store.Enti(ctx)
	}
	return s.store.EntiOf(ctx, actor.UserID)
}

// Enrol adds an ente that is here already to a programme: any by the
// administrator, one in which they have a role by a coordinator.
func (s *Service) Enrol(ctx context.Context, actor auth.Actor, programme, ente surveys.ID) error {
	return s.change(ctx, actor, func(tx *storage.Store) (Change, error) {
		if err := s.authoriseProgramme(ctx, tx, actor, programme, auth.ProgrammeEdit); err != nil {
			return Change{}, err
		}
		e, err := tx.Ente(ctx, ente)
		if err != nil {
			return Change{}, err
		}
		if !actor.Admin && !actor.System {
			if _, err := s.place(ctx, tx, actor, ente, auth.EnteView); err != nil {
				return Change{}, err
			}
		}
		return Change{Action: "programme.enrol", Ente: ente, Subject: "programme:" + programme.String()}, s.enrol(ctx, tx, programme, e)
	})
}

// Unenrol takes an ente out of a programme: the coordinators and facilitators of
// the programme no longer see it; nothing of the ente is removed.
func (s *Service) Unenrol(ctx context.Context, actor auth.Actor, programme, ente surveys.ID) error {
	return s.change(ctx, actor, func(tx *storage.Store) (Change, error) {
		if err := s.authoriseProgramme(ctx, tx, actor, programme, auth.ProgrammeEdit); err != nil {
			return Change{}, err
		}
		if err := refuseHeld(ctx, tx, programme, ente); err != nil {
			return Change{}, err
		}
		return Change{Action: "programme.unenrol", Ente: ente, Subject: "programme:" + programme.String()}, tx.Unenrol(ctx, programme, ente)
	})
}

// EnrollingProgrammes lists the programmes in which the actor may put a real
// Comune: those of invented ones are not among them.
func (s *Service) EnrollingProgrammes(ctx context.Context, actor auth.Actor) ([]storage.Programme, error) {
	list, err := s.Programmes(ctx, actor)
	list = slices.DeleteFunc(list, func(p storage.Programme) bool { return p.Fictitious })
	if err != nil || actor.System || actor.Admin {
		return list, err
	}
	grants, err := s.store.GrantsOf(ctx, actor.UserID)
	return slices.DeleteFunc(list, func(p storage.Programme) bool {
		return !slices.ContainsFunc(grants, func(g auth.Grant) bool {
			return g.ProgrammeID == p.ID && auth.Can(auth.EnteCreate, []auth.Role{g.Role}, false)
		})
	}), err
}
