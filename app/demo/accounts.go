package demo

import (
	"strings"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/surveys/comune"
)

// SignIn is one printed account.
type SignIn struct {
	Role     auth.Role `json:"role"`
	Email    string    `json:"email"`
	Password string    `json:"password"`

	Where string `json:"-"` // ente or programme, for the list that people read
}

// slug is the name in lower case without accents and spaces, for addresses.
func slug(name string) string { return strings.ReplaceAll(comune.Fold(name), " ", "-") }

// account makes one user with one hash for all: the password is printed anyway.
func (b *builder) account(hash, local, name string, admin bool, grants ...auth.Grant) (auth.Actor, error) {
	id, err := b.newID()
	if err != nil {
		return auth.Actor{}, err
	}
	email := local + "@demo.example"
	u := storage.User{ID: id, Email: email, EmailFolded: email, Name: name, PasswordHash: hash, Lang: "it", Admin: admin, CreatedAt: b.clock}
	if err := b.store.AddUser(b.ctx, u); err != nil {
		return auth.Actor{}, err
	}
	for _, g := range grants {
		if g.ID, err = b.newID(); err != nil {
			return auth.Actor{}, err
		}
		g.UserID = id
		if err := b.store.AddGrant(b.ctx, g); err != nil {
			return auth.Actor{}, err
		}
	}
	return auth.Actor{UserID: id, Name: name, Email: email, Lang: "it", Admin: admin}, nil
}

// accounts makes one account a role, and the RTD of every fictitious Comune, who
// acts in the demonstration; the printed ones are a small and a larger Comune's.
func (b *builder) accounts(invented, real storage.Programme, walked []walk, reference []comune.Ente) error {
	hash, err := b.Hasher.Hash(b.ctx, Password)
	if err != nil {
		return err
	}
	for i := range walked {
		w := &walked[i]
		if w.rtd, err = b.account(hash, "rtd."+slug(w.town.Name), "RTD di "+w.town.Name, false, auth.Grant{Role: auth.RTD, EnteID: w.ente.ID}); err != nil {
			return err
		}
	}
	small, large, open, test := &walked[2], &walked[5], &walked[4], reference[len(reference)-1]
	list := []struct {
		local, name, where string
		role               auth.Role
		grants             []auth.Grant
	}{
		{"admin", "Amministratrice di sistema", "", auth.Admin, nil},
		{"coordinatrice", "Coordinatrice di programma", invented.Name + ", " + real.Name, auth.Coordinator,
			[]auth.Grant{{Role: auth.Coordinator, ProgrammeID: invented.ID}, {Role: auth.Coordinator, ProgrammeID: real.ID}}},
		{"facilitatore", "Facilitatore", invented.Name + ", " + real.Name, auth.Facilitator,
			[]auth.Grant{{Role: auth.Facilitator, ProgrammeID: invented.ID}, {Role: auth.Facilitator, ProgrammeID: real.ID}}},
		{"utd", "Componente UTD", large.town.Name, auth.UTD, []auth.Grant{{Role: auth.UTD, EnteID: large.ente.ID}}},
		{"ufficio", "Referente d'ufficio", large.town.Name + ", " + large.offices[2].Name, auth.Office,
			[]auth.Grant{{Role: auth.Office, EnteID: large.ente.ID, OfficeID: large.offices[2].ID}}},
		{"segretaria", "Segretaria comunale", small.town.Name, auth.Viewer, []auth.Grant{{Role: auth.Viewer, EnteID: small.ente.ID}}},
		{"rtd.vero", "RTD di prova", test.Name + " (Comune vero, dati pubblici)", auth.RTD, []auth.Grant{{Role: auth.RTD, EnteID: test.ID}}},
	}
	for _, w := range []*walk{small, large, open, &walked[0]} {
		b.out.SignIns = append(b.out.SignIns, SignIn{Role: auth.RTD, Email: w.rtd.Email, Password: Password, Where: w.town.Name})
	}
	for _, a := range list {
		actor, err := b.account(hash, a.local, a.name, a.role == auth.Admin, a.grants...)
		if err != nil {
			return err
		}
		b.out.SignIns = append(b.out.SignIns, SignIn{Role: a.role, Email: actor.Email, Password: Password, Where: a.where})
	}
	return nil
}

// referenceEnti enrols the nine real Comuni with what is public and nothing else.
func (b *builder) referenceEnti(p storage.Programme) ([]comune.Ente, error) {
	comuni, funding, _ := comune.Reference()
	if _, err := b.store.ReplaceFunding(b.ctx, funding, true); err != nil {
		return nil, err
	}
	enti := make([]comune.Ente, 0, len(comuni))
	for _, c := range comuni {
		id, err := b.svc.CreateEnte(b.ctx, auth.SystemActor(), string(c.Catastale), p.ID)
		if err != nil {
			return nil, err
		}
		e, err := b.store.Ente(b.ctx, id)
		if err != nil {
			return nil, err
		}
		enti = append(enti, e)
	}
	return enti, nil
}

// tokenOf takes the secret out of a personal link.
func tokenOf(link string) string { return link[strings.LastIndex(link, "/")+1:] }
