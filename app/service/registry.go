package service

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/surveys/comune"
)

// searchLimit is how many Comuni one search shows.
const searchLimit = 30

// FoundComune is one answer of a search.
type FoundComune struct {
	Comune  comune.Comune
	Homonym bool // another Comune has this name
	Taken   bool // an ente of this Comune works with the installation already
}

// ComuneSearch is what a search found, and over what.
type ComuneSearch struct {
	Query    string
	Found    []FoundComune
	More     bool // there are others: the query is too short
	Registry storage.RegistryState
	Whole    bool // the registry is imported; false: only the nine reference Comuni are known
}

// SearchComuni looks for a Comune by any name or code: in the imported registry,
// or among the nine reference Comuni when none is imported. For whoever may
// create an ente.
func (s *Service) SearchComuni(ctx context.Context, actor auth.Actor, query string) (ComuneSearch, error) {
	out := ComuneSearch{Query: query, Found: []FoundComune{}}
	if err := s.mayCreateEnti(ctx, actor); err != nil {
		return out, err
	}
	var err error
	if out.Registry, err = s.store.Registry(ctx); err != nil {
		return out, err
	}
	out.Whole = out.Registry.Comuni > 0
	candidates, _, _ := comune.Reference()
	if out.Whole {
		if candidates, err = s.store.RegistryCandidates(ctx, query); err != nil {
			return out, err
		}
	}
	matches := comune.NewIndex(candidates).Search(query, searchLimit+1)
	out.More = len(matches) > searchLimit
	matches = matches[:min(len(matches), searchLimit)]
	codes := make([]comune.CodiceCatastale, 0, len(matches))
	for _, m := range matches {
		codes = append(codes, m.Comune.Catastale)
	}
	taken, err := s.store.TakenComuni(ctx, codes)
	for _, m := range matches {
		out.Found = append(out.Found, FoundComune{Comune: m.Comune, Homonym: m.Homonym, Taken: slices.Contains(taken, m.Comune.Catastale)})
	}
	return out, err
}

// mayCreateEnti requires the administrator, or the coordinator of any programme.
func (s *Service) mayCreateEnti(ctx context.Context, actor auth.Actor) error {
	if actor.System || actor.Admin {
		return nil
	}
	grants, err := s.store.GrantsOf(ctx, actor.UserID)
	if err != nil {
		return err
	}
	for _, g := range grants {
		if g.ProgrammeID != "" && auth.Can(auth.EnteCreate, []auth.Role{g.Role}, false) {
			return nil
		}
	}
	return fmt.Errorf("%s: %w", auth.EnteCreate, auth.ErrForbidden)
}

// comuneOf finds a Comune by its cadastral code, in the registry or among the
// nine reference Comuni. storage.ErrNotFound otherwise.
func (s *Service) comuneOf(ctx context.Context, st *storage.Store, code comune.CodiceCatastale) (comune.Comune, error) {
	c, err := st.RegistryComune(ctx, code)
	if !errors.Is(err, storage.ErrNotFound) {
		return c, err
	}
	known, _, _ := comune.Reference()
	for _, c := range known {
		if c.Catastale == code {
			return c, nil
		}
	}
	return comune.Comune{}, fmt.Errorf("comune %s: %w", code, storage.ErrNotFound)
}

// Funding is what is known of the PA digitale 2026 funding of an ente.
type Funding struct {
	Rows     []comune.Funding
	Source   comune.Attribution
	Embedded bool // the rows are those inside the program: nothing was imported
}

// funding lists the PA digitale 2026 rows of an ente: the imported ones, or those
// inside the program for the nine reference Comuni. None for a fictitious ente.
func (s *Service) funding(ctx context.Context, st *storage.Store, e comune.Ente) (Funding, error) {
	out := Funding{Rows: []comune.Funding{}, Source: comune.ReferenceAttribution()}
	if e.Fictitious {
		return out, nil
	}
	state, err := st.Registry(ctx)
	if err != nil {
		return out, err
	}
	codes := append([]comune.CodiceISTAT{e.ISTAT}, e.ISTATPrev...)
	if state.FundingRows > 0 {
		out.Rows, err = st.FundingOf(ctx, codes...)
		return out, err
	}
	out.Embedded = true
	_, rows, _ := comune.Reference()
	for _, r := range rows {
		if slices.Contains(codes, r.ISTAT) {
			out.Rows = append(out.Rows, r)
		}
	}
	return out, nil
}

// RegistryState counts what was imported, for the administrator.
func (s *Service) RegistryState(ctx context.Context, actor auth.Actor) (storage.RegistryState, error) {
	if err := s.authoriseSystem(actor, auth.SystemImport); err != nil {
		return storage.RegistryState{}, err
	}
	return s.store.Registry(ctx)
}
