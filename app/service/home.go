package service

import (
	"context"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/surveys"
	"traguardo/surveys/comune"
)

// HomeEnte is one ente of the home page: what it is and how far it is.
type HomeEnte struct {
	Ente     comune.Ente
	Progress storage.EnteProgress
}

// Home is what a user starts from.
type Home struct {
	Enti       []HomeEnte // in which the user has a role, by name
	Programmes []storage.Programme
	CanAdd     bool // may create an ente in a programme, or alone
}

// Home lists the enti and programmes of the actor, with the state of each ente.
func (s *Service) Home(ctx context.Context, actor auth.Actor) (Home, error) {
	enti, err := s.store.EntiOf(ctx, actor.UserID)
	if err != nil {
		return Home{}, err
	}
	h := Home{CanAdd: actor.Admin}
	if h.Enti, err = s.withProgress(ctx, enti); err != nil {
		return Home{}, err
	}
	if h.Programmes, err = s.store.ProgrammesOfUser(ctx, actor.UserID); err != nil {
		return Home{}, err
	}
	grants, err := s.store.GrantsOf(ctx, actor.UserID)
	for _, g := range grants {
		h.CanAdd = h.CanAdd || (g.ProgrammeID != "" && auth.Can(auth.EnteCreate, []auth.Role{g.Role}, false))
	}
	return h, err
}

func (s *Service) withProgress(ctx context.Context, enti []comune.Ente) ([]HomeEnte, error) {
	ids := make([]surveys.ID, 0, len(enti))
	for _, e := range enti {
		ids = append(ids, e.ID)
	}
	states, err := s.store.ProgressOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	byID := make(map[surveys.ID]storage.EnteProgress, len(states))
	for _, st := range states {
		byID[st.EnteID] = st
	}
	out := make([]HomeEnte, 0, len(enti))
	for _, e := range enti {
		out = append(out, HomeEnte{Ente: e, Progress: byID[e.ID]})
	}
	return out, nil
}

// EnteHome is the ente's own home: the place and how far it is.
func (s *Service) EnteHome(ctx context.Context, actor auth.Actor, ente surveys.ID) (Place, storage.EnteProgress, error) {
	p, err := s.Place(ctx, actor, ente, auth.EnteView)
	if err != nil {
		return Place{}, storage.EnteProgress{}, err
	}
	states, err := s.store.ProgressOf(ctx, []surveys.ID{ente})
	if err != nil || len(states) == 0 {
		return p, storage.EnteProgress{EnteID: ente}, err
	}
	return p, states[0], nil
}
