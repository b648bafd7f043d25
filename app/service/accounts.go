package service

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/surveys"
	"traguardo/surveys/comune"
)

// AccountPage is one account with its roles, and the places where it may get one.
type AccountPage struct {
	User       storage.User // without the password hash
	Waiting    bool         // no password was chosen yet
	LastAdmin  bool         // the only administrator: cannot be disabled
	Grants     []PlacedGrant
	Enti       []comune.Ente
	Programmes []storage.Programme
}

// PlacedGrant is a role with the name of its place.
type PlacedGrant struct {
	Grant auth.Grant
	Place string
}

// Account reads one account, for the administrator.
func (s *Service) Account(ctx context.Context, actor auth.Actor, id surveys.ID) (AccountPage, error) {
	var out AccountPage
	if err := s.authoriseSystem(actor, auth.SystemUsers); err != nil {
		return out, err
	}
	var err error
	if out.User, err = s.store.User(ctx, id); err != nil {
		return out, err
	}
	out.Waiting, out.User.PasswordHash = out.User.PasswordHash == "", ""
	admins, err := s.store.CountActiveAdmins(ctx)
	if err != nil {
		return out, err
	}
	out.LastAdmin = out.User.Admin && !out.User.Disabled && admins == 1
	if out.Enti, err = s.store.Enti(ctx); err != nil {
		return out, err
	}
	if out.Programmes, err = s.store.Programmes(ctx); err != nil {
		return out, err
	}
	grants, err := s.store.GrantsOf(ctx, id)
	for _, g := range grants {
		out.Grants = append(out.Grants, PlacedGrant{Grant: g, Place: placeName(g, out.Enti, out.Programmes)})
	}
	return out, err
}

func placeName(g auth.Grant, enti []comune.Ente, programmes []storage.Programme) string {
	for _, e := range enti {
		if e.ID == g.EnteID {
			return e.Name
		}
	}
	for _, p := range programmes {
		if p.ID == g.ProgrammeID {
			return p.Name
		}
	}
	return ""
}

// AccountInput is what the administrator changes of an account.
type AccountInput struct {
	Name  string
	Lang  string
	Admin bool
}

// UpdateAccount changes name, language and the mark of administrator.
func (s *Service) UpdateAccount(ctx context.Context, actor auth.Actor, id surveys.ID, in AccountInput) error {
	return s.changeAccount(ctx, actor, id, func(tx *storage.Store, u *storage.User, last bool) (Change, error) {
		in.Name = strings.TrimSpace(in.Name)
		if in.Name == "" {
			return Change{}, Invalid("nome", "form.required")
		}
		if last && !in.Admin {
			return Change{}, Invalid("amministratore", "account.last_admin")
		}
		rights := u.Admin != in.Admin
		u.Name, u.Lang, u.Admin = in.Name, langOr(in.Lang), in.Admin
		change := Change{Action: "user.update", Detail: map[string]bool{"admin": in.Admin}}
		if rights { // a session keeps what it could do: it ends
			return change, tx.RemoveSessionsOf(ctx, id)
		}
		return change, nil
	})
}

// SetDisabled closes an account, whose sessions end, or opens it again. The last
// administrator cannot be disabled: nobody could open it again.
func (s *Service) SetDisabled(ctx context.Context, actor auth.Actor, id surveys.ID, disabled bool) error {
	return s.changeAccount(ctx, actor, id, func(tx *storage.Store, u *storage.User, last bool) (Change, error) {
		if last && disabled {
			return Change{}, Invalid("", "account.last_admin")
		}
		u.Disabled = disabled
		if !disabled {
			return Change{Action: "user.enable"}, nil
		}
		return Change{Action: "user.disable"}, tx.RemoveSessionsOf(ctx, id)
	})
}

// changeAccount reads an account under the lock of the administrators' rows, lets
// fn change it and stores it. last: it is the only administrator who may sign in.
func (s *Service) changeAccount(ctx context.Context, actor auth.Actor, id surveys.ID, fn func(tx *storage.Store, u *storage.User, last bool) (Change, error)) error {
	if err := s.authoriseSystem(actor, auth.SystemUsers); err != nil {
		return err
	}
	return s.change(ctx, actor, func(tx *storage.Store) (Change, error) {
		admins, err := tx.ActiveAdmins(ctx)
		if err != nil {
			return Change{}, err
		}
		u, err := tx.User(ctx, id)
		if err != nil {
			return Change{}, err
		}
		c, err := fn(tx, &u, len(admins) == 1 && admins[0].ID == id)
		if err != nil {
			return Change{}, err
		}
		c.Subject = "user:" + id.String()
		return c, tx.UpdateUser(ctx, u)
	})
}

// SetProvisional sets a provisional password of an account, told by the
// administrator in person: its sessions end, and it must be changed at the next sign-in.
func (s *Service) SetProvisional(ctx context.Context, actor auth.Actor, id surveys.ID, password string) error {
	if err := s.authoriseSystem(actor, auth.SystemUsers); err != nil {
		return err
	}
	return s.change(ctx, actor, func(tx *storage.Store) (Change, error) {
		u, err := tx.User(ctx, id)
		if err != nil {
			return Change{}, err
		}
		u.MustChange = true
		return Change{Action: "user.password_set", Subject: "user:" + id.String()}, s.writePassword(ctx, tx, u, password)
	})
}

// SendReset mails a link that sets a new password, at the administrator's word.
func (s *Service) SendReset(ctx context.Context, actor auth.Actor, id surveys.ID) error {
	if err := s.authoriseSystem(actor, auth.SystemUsers); err != nil {
		return err
	}
	return s.change(ctx, actor, func(tx *storage.Store) (Change, error) {
		u, err := tx.User(ctx, id)
		if err != nil {
			return Change{}, err
		}
		if u.Disabled {
			return Change{}, Invalid("", "people.disabled")
		}
		if u.PasswordHash == "" {
			return Change{Action: "user.invite", Subject: "user:" + id.String()}, s.mailWelcome(ctx, tx, u)
		}
		return Change{Action: "user.reset_sent", Subject: "user:" + id.String()}, s.mailReset(ctx, tx, u)
	})
}

// mailWelcome sends the link that sets the first password.
func (s *Service) mailWelcome(ctx context.Context, tx *storage.Store, u storage.User) error {
	link, err := s.passwordLink(ctx, tx, u, inviteLife)
	if err != nil {
		return err
	}
	l := s.texts.For(u.Lang)
	return s.mail(ctx, tx, u, "", l.T("mail.invite_subject"), l.T("mail.welcome_text", "Name", u.Name, "Link", link),
		string(l.HTML("mail.welcome_html", "Name", u.Name, "Link", link)))
}

// GrantInput is a role given by the administrator: in an ente or on a programme.
type GrantInput struct {
	Role        auth.Role
	EnteID      surveys.ID
	ProgrammeID surveys.ID
}

// AddGrant gives a role to an account, by the administrator. The role of contact
// of an office is given in the ente, where its offices are known.
func (s *Service) AddGrant(ctx context.Context, actor auth.Actor, user surveys.ID, in GrantInput) error {
	if err := s.authoriseSystem(actor, auth.SystemUsers); err != nil {
		return err
	}
	return s.change(ctx, actor, func(tx *storage.Store) (Change, error) {
		if _, err := tx.User(ctx, user); err != nil {
			return Change{}, err
		}
		if (in.EnteID == "") == (in.ProgrammeID == "") {
			return Change{}, Invalid("luogo", "form.choice")
		}
		g := auth.Grant{UserID: user, Role: in.Role, EnteID: in.EnteID, ProgrammeID: in.ProgrammeID}
		roles := EnteRoles()
		var err error
		if in.ProgrammeID != "" {
			roles = ProgrammeRoles()
			_, err = tx.Programme(ctx, in.ProgrammeID)
		} else {
			_, err = tx.Ente(ctx, in.EnteID)
		}
		if err != nil {
			return Change{}, err
		}
		if in.Role == auth.Office {
			return Change{}, Invalid("ruolo", "people.office_in_ente")
		}
		if !slices.Contains(roles, in.Role) {
			return Change{}, Invalid("ruolo", "people.role_place")
		}
		if err := s.give(ctx, tx, &g); err != nil {
			return Change{}, err
		}
		return Change{Action: "grant.add", Ente: in.EnteID, Subject: "grant:" + g.ID.String(), Detail: map[string]string{"role": string(in.Role), "user": user.String()}}, nil
	})
}

// RemoveGrant takes a role away from an account, by the administrator.
func (s *Service) RemoveGrant(ctx context.Context, actor auth.Actor, user, grant surveys.ID) error {
	if err := s.authoriseSystem(actor, auth.SystemUsers); err != nil {
		return err
	}
	return s.change(ctx, actor, func(tx *storage.Store) (Change, error) {
		grants, err := tx.GrantsOf(ctx, user)
		if err != nil {
			return Change{}, err
		}
		for _, g := range grants {
			if g.ID == grant {
				return Change{Action: "grant.remove", Ente: g.EnteID, Subject: "grant:" + grant.String(), Detail: map[string]string{"role": string(g.Role), "user": user.String()}},
					tx.RemoveGrant(ctx, grant, g.EnteID, g.ProgrammeID)
			}
		}
		return Change{}, fmt.Errorf("grant %s of user %s: %w", grant, user, storage.ErrNotFound)
	})
}
