package service

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/surveys"
	"traguardo/surveys/comune"
)

// inviteLife is how long the link of an invitation sets the first password.
const inviteLife = 7 * 24 * time.Hour

// Person is one role of one user in one place.
type Person struct {
	Grant    auth.Grant
	Name     string
	Email    string
	Disabled bool
	Waiting  bool   // has not chosen a password yet
	Office   string // name, for role office
	Via      string // programme that gives the role; empty when it is the ente's own
}

// People is who has which role in an ente.
type People struct {
	Place      Place
	Own        []Person // given in the ente itself
	Programmes []Person // that come from its programmes
	Offices    []storage.Office
}

// People lists the roles in an ente, those that come from its programmes too.
func (s *Service) People(ctx context.Context, actor auth.Actor, ente surveys.ID) (People, error) {
	var out People
	var err error
	if out.Place, err = s.Place(ctx, actor, ente, auth.EnteUsers); err != nil {
		return out, err
	}
	if out.Offices, err = s.store.Offices(ctx, ente); err != nil {
		return out, err
	}
	own, err := s.store.GrantsIn(ctx, ente)
	if err != nil {
		return out, err
	}
	if out.Own, err = s.persons(ctx, own, out.Offices); err != nil {
		return out, err
	}
	via, err := s.store.GrantsThroughProgrammes(ctx, ente)
	if err != nil {
		return out, err
	}
	if out.Programmes, err = s.persons(ctx, via, nil); err != nil || len(via) == 0 {
		return out, err
	}
	programmes, err := s.store.ProgrammesOfEnte(ctx, ente)
	for i := range out.Programmes {
		for _, p := range programmes {
			if p.ID == out.Programmes[i].Grant.ProgrammeID {
				out.Programmes[i].Via = p.Name
			}
		}
	}
	return out, err
}

// persons adds names to grants, by role and address.
func (s *Service) persons(ctx context.Context, grants []auth.Grant, offices []storage.Office) ([]Person, error) {
	ids := make([]surveys.ID, 0, len(grants))
	for _, g := range grants {
		ids = append(ids, g.UserID)
	}
	users, err := s.store.UsersByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]Person, 0, len(grants))
	for _, g := range grants {
		p := Person{Grant: g}
		for _, u := range users {
			if u.ID == g.UserID {
				p.Name, p.Email, p.Disabled, p.Waiting = u.Name, u.Email, u.Disabled, u.PasswordHash == ""
			}
		}
		for _, o := range offices {
			if o.ID == g.OfficeID {
				p.Office = o.Name
			}
		}
		out = append(out, p)
	}
	slices.SortStableFunc(out, func(a, b Person) int {
		if a.Grant.Role != b.Grant.Role {
			return roleOrder(a.Grant.Role) - roleOrder(b.Grant.Role)
		}
		if a.Email < b.Email {
			return -1
		}
		return 1
	})
	return out, nil
}

func roleOrder(r auth.Role) int { return slices.Index(append(EnteRoles(), ProgrammeRoles()...), r) }

// EnteRoles lists the roles that are given in an ente, most responsible first.
func EnteRoles() []auth.Role {
	return []auth.Role{auth.RTD, auth.UTD, auth.Office, auth.Viewer}
}

// ProgrammeRoles lists the roles that are given on a programme.
func ProgrammeRoles() []auth.Role { return []auth.Role{auth.Coordinator, auth.Facilitator} }

// PersonInput is a role given to somebody by address.
type PersonInput struct {
	Email    string
	Name     string // needed when the address has no account yet
	Role     auth.Role
	OfficeID surveys.ID // for role office
}

// AddPerson gives a role in an ente to the user of an address, who is invited by
// mail; an account is made when there is none.
func (s *Service) AddPerson(ctx context.Context, actor auth.Actor, ente surveys.ID, in PersonInput) error {
	return s.changeIn(ctx, actor, ente, auth.EnteUsers, func(tx *storage.Store, p Place) (Change, error) {
		var f faults
		if !slices.Contains(EnteRoles(), in.Role) {
			f.add("ruolo", "form.choice")
		}
		if in.Role != auth.Office {
			in.OfficeID = ""
		} else if ok, err := s.officeOf(ctx, tx, ente, in.OfficeID); err != nil {
			return Change{}, err
		} else if !ok {
			f.add("ufficio", "people.office_needed")
		}
		if err := f.err(); err != nil {
			return Change{}, err
		}
		u, fresh, err := s.userFor(ctx, tx, in)
		if err != nil {
			return Change{}, err
		}
		g := auth.Grant{UserID: u.ID, Role: in.Role, EnteID: ente, OfficeID: in.OfficeID}
		if err := s.give(ctx, tx, &g); err != nil {
			return Change{}, err
		}
		return Change{Action: "grant.add", Subject: "grant:" + g.ID.String(), Detail: map[string]string{"role": string(in.Role), "user": u.ID.String()}},
			s.mailInvitation(ctx, tx, u, fresh, in.Role, p.Ente)
	})
}

func (s *Service) officeOf(ctx context.Context, tx *storage.Store, ente, office surveys.ID) (bool, error) {
	offices, err := tx.Offices(ctx, ente)
	return slices.ContainsFunc(offices, func(o storage.Office) bool { return o.ID == office }), err
}

// userFor finds the account of an address, or makes one without password. fresh
// says that a password is still to be set.
func (s *Service) userFor(ctx context.Context, tx *storage.Store, in PersonInput) (u storage.User, fresh bool, err error) {
	u, err = tx.UserByEmail(ctx, foldEmail(in.Email))
	switch {
	case err == nil && u.Disabled:
		return u, false, Invalid("email", "people.disabled")
	case err == nil:
		return u, u.PasswordHash == "", nil
	case !errors.Is(err, storage.ErrNotFound):
		return u, false, err
	}
	if in.Name == "" {
		return u, false, Invalid("nome", "people.name_needed")
	}
	u, err = s.addAccount(ctx, tx, NewAccount{Email: in.Email, Name: in.Name})
	return u, true, renameFault(err, "name", "nome")
}

// renameFault puts a fault on the field of another form.
func renameFault(err error, from, to string) error {
	var invalid *InvalidError
	if errors.As(err, &invalid) {
		for i := range invalid.Faults {
			if invalid.Faults[i].Field == from {
				invalid.Faults[i].Field = to
			}
		}
	}
	return err
}

// give stores a role unless the user has it already in that place.
func (s *Service) give(ctx context.Context, tx *storage.Store, g *auth.Grant) error {
	there, err := tx.GrantsOf(ctx, g.UserID)
	if err != nil {
		return err
	}
	for _, h := range there {
		if h.Role == g.Role && h.EnteID == g.EnteID && h.ProgrammeID == g.ProgrammeID && h.OfficeID == g.OfficeID {
			return Invalid("ruolo", "people.has_role")
		}
	}
	if g.ID, err = s.newID(); err != nil {
		return err
	}
	return tx.AddGrant(ctx, *g)
}

// RemovePerson takes a role in an ente away. The last RTD is taken away by a
// coordinator or the administrator only, so that an ente is not left without.
func (s *Service) RemovePerson(ctx context.Context, actor auth.Actor, ente, grant surveys.ID) error {
	return s.changeIn(ctx, actor, ente, auth.EnteUsers, func(tx *storage.Store, p Place) (Change, error) {
		grants, err := tx.GrantsIn(ctx, ente)
		if err != nil {
			return Change{}, err
		}
		rtds, role, user := 0, auth.Role(""), surveys.ID("")
		for _, g := range grants {
			if g.Role == auth.RTD {
				rtds++
			}
			if g.ID == grant {
				role, user = g.Role, g.UserID
			}
		}
		if role == "" {
			return Change{}, fmt.Errorf("grant %s in ente %s: %w", grant, ente, storage.ErrNotFound)
		}
		if role == auth.RTD && rtds == 1 && !actor.Admin && !actor.System && !slices.Contains(p.Roles, auth.Coordinator) {
			return Change{}, Invalid("", "people.last_rtd")
		}
		return Change{Action: "grant.remove", Subject: "grant:" + grant.String(), Detail: map[string]string{"role": string(role), "user": user.String()}},
			tx.RemoveGrant(ctx, grant, ente, "")
	})
}

// mailInvitation tells somebody of a new role, with a link to set the first
// password when there is none yet.
func (s *Service) mailInvitation(ctx context.Context, tx *storage.Store, u storage.User, fresh bool, role auth.Role, e comune.Ente) error {
	link := s.base + "/enti/" + e.ID.String()
	if fresh {
		var err error
		if link, err = s.passwordLink(ctx, tx, u, inviteLife); err != nil {
			return err
		}
	}
	l := s.texts.For(u.Lang)
	args := []any{"Name", u.Name, "Role", l.T("role." + string(role)), "Place", e.Name, "Link", link}
	if fresh {
		return s.mail(ctx, tx, u, e.ID, l.T("mail.invite_subject"), l.T("mail.invite_text", args...), string(l.HTML("mail.invite_html", args...)))
	}
	return s.mail(ctx, tx, u, e.ID, l.T("mail.role_subject"), l.T("mail.role_text", args...), string(l.HTML("mail.role_html", args...)))
}

// passwordLink makes a link that sets a password, once and within life.
func (s *Service) passwordLink(ctx context.Context, tx *storage.Store, u storage.User, life time.Duration) (string, error) {
	token, hash, err := auth.NewToken(s.random)
	if err != nil {
		return "", err
	}
	return s.base + "/password/scegli/" + token, tx.AddReset(ctx, hash, u.ID, s.clock().Add(life))
}

// mail puts a message to a user in the outbox.
func (s *Service) mail(ctx context.Context, tx *storage.Store, u storage.User, ente surveys.ID, subject, text, html string) error {
	id, err := s.newID()
	if err != nil {
		return err
	}
	return tx.AddMail(ctx, storage.Mail{ID: id, EnteID: ente, Recipient: u.Email, Subject: subject, Text: text, HTML: html, CreatedAt: s.clock()})
}
