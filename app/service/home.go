package service

import (
	"context"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/plans"
	"traguardo/surveys"
	"traguardo/surveys/comune"
)

// HomeEnte is one ente of a list: what it is and how far it is. Late is not
// counted in lists.
type HomeEnte struct {
	Ente     comune.Ente
	Percorso Percorso
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
	return homeEnti(enti, s.percorsi(states, nil)), nil
}

// percorsi makes the way of each ente by id, with the late ones of the open
// micro-progetti counted.
func (s *Service) percorsi(states []storage.EnteProgress, open []plans.MicroProject) map[surveys.ID]Percorso {
	today := s.Today()
	late := map[surveys.ID]int{}
	for _, m := range lateOf(open, plans.DateOf(today)) {
		late[m.EnteID]++
	}
	out := make(map[surveys.ID]Percorso, len(states))
	for _, st := range states {
		out[st.EnteID] = Percorso{EnteProgress: st, Late: late[st.EnteID], Today: today}
	}
	return out
}

func homeEnti(enti []comune.Ente, ways map[surveys.ID]Percorso) []HomeEnte {
	out := make([]HomeEnte, 0, len(enti))
	for _, e := range enti {
		out = append(out, HomeEnte{Ente: e, Percorso: ways[e.ID]})
	}
	return out
}

// lateOf keeps the micro-progetti that are late on a day.
func lateOf(open []plans.MicroProject, day plans.Date) []plans.MicroProject {
	var out []plans.MicroProject
	for _, m := range open {
		if m.Late(day) {
			out = append(out, m)
		}
	}
	return out
}
