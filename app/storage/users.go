package storage

import (
	"context"
	"time"

	"gorm.io/gorm"

	"traguardo/app/auth"
	"traguardo/surveys"
	"traguardo/surveys/comune"
)

// User is an account.
type User struct {
	ID           surveys.ID
	Email        string
	EmailFolded  string // lower case, unique
	Name         string
	PasswordHash string // argon2id, encoded; empty until first set
	Lang         string // it or en
	Admin        bool
	Disabled     bool
	MustChange   bool // the password was set by an administrator
	CreatedAt    time.Time
}

type userRow struct {
	ID           string `gorm:"primaryKey"`
	Email        string
	EmailFolded  string
	Name         string
	PasswordHash string
	Lang         string
	IsAdmin      bool
	Disabled     bool
	MustChange   bool
	CreatedAt    int64 `gorm:"autoCreateTime:false"`
}

func (userRow) TableName() string { return "users" }

func (r userRow) user() User {
	return User{ID: surveys.ID(r.ID), Email: r.Email, EmailFolded: r.EmailFolded, Name: r.Name, PasswordHash: r.PasswordHash,
		Lang: r.Lang, Admin: r.IsAdmin, Disabled: r.Disabled, MustChange: r.MustChange, CreatedAt: fromUnix(r.CreatedAt)}
}

func userRowOf(u User) userRow {
	return userRow{ID: u.ID.String(), Email: u.Email, EmailFolded: u.EmailFolded, Name: u.Name, PasswordHash: u.PasswordHash,
		Lang: u.Lang, IsAdmin: u.Admin, Disabled: u.Disabled, MustChange: u.MustChange, CreatedAt: unix(u.CreatedAt)}
}

// AddUser inserts an account. ErrConflict: the address has one already.
func (s *Store) AddUser(ctx context.Context, u User) error {
	row := userRowOf(u)
	return translate(table[userRow](s.db).Create(ctx, &row), "adding user %s", u.ID)
}

// UserByEmail finds an account by its folded address.
func (s *Store) UserByEmail(ctx context.Context, folded string) (User, error) {
	row, err := table[userRow](s.db).Where("email_folded = ?", folded).First(ctx)
	return row.user(), translate(err, "user by e-mail")
}

// User finds an account by id.
func (s *Store) User(ctx context.Context, id surveys.ID) (User, error) {
	row, err := table[userRow](s.db).Where("id = ?", id).First(ctx)
	return row.user(), translate(err, "user %s", id)
}

// Users lists every account by address.
func (s *Store) Users(ctx context.Context) ([]User, error) {
	rows, err := table[userRow](s.db).Order("email_folded").Find(ctx)
	return mapRows(rows, userRow.user), translate(err, "listing users")
}

// CountUsers counts the accounts: none means that set-up is still to be done.
func (s *Store) CountUsers(ctx context.Context) (int64, error) {
	n, err := table[userRow](s.db).Count(ctx, "id")
	return n, translate(err, "counting users")
}

// ActiveAdmins lists the administrators who may sign in, and holds their rows
// until the transaction ends: whoever counts them and then takes one away cannot
// be overtaken.
func (s *Store) ActiveAdmins(ctx context.Context) ([]User, error) {
	rows, err := table[userRow](s.db).Raw("SELECT * FROM users WHERE is_admin AND NOT disabled ORDER BY email_folded" + s.forUpdate()).Find(ctx)
	return mapRows(rows, userRow.user), translate(err, "listing administrators")
}

// CountActiveAdmins counts the administrators who may sign in.
func (s *Store) CountActiveAdmins(ctx context.Context) (int64, error) {
	n, err := table[userRow](s.db).Where("is_admin AND NOT disabled").Count(ctx, "id")
	return n, translate(err, "counting administrators")
}

// UsersByID lists these accounts, by address.
func (s *Store) UsersByID(ctx context.Context, ids []surveys.ID) ([]User, error) {
	if len(ids) == 0 {
		return []User{}, nil
	}
	rows, err := table[userRow](s.db).Where("id IN ?", ids).Order("email_folded").Find(ctx)
	return mapRows(rows, userRow.user), translate(err, "listing %d users", len(ids))
}

// UpdateUser writes name, language, marks and password hash of an account.
func (s *Store) UpdateUser(ctx context.Context, u User) error {
	n, err := table[userRow](s.db).Where("id = ?", u.ID).
		Select("name", "lang", "is_admin", "disabled", "must_change", "password_hash").Updates(ctx, userRowOf(u))
	return one(n, err, ErrNotFound, "updating user %s", u.ID)
}

// mapRows converts rows; the result is never nil, so that JSON shows [].
func mapRows[R, T any](rows []R, convert func(R) T) []T {
	out := make([]T, 0, len(rows))
	for _, r := range rows {
		out = append(out, convert(r))
	}
	return out
}

type grantRow struct {
	ID          string `gorm:"primaryKey"`
	UserID      string
	Role        string
	EnteID      *string
	ProgrammeID *string
	OfficeID    *string
}

func (grantRow) TableName() string { return "grants" }

func (r grantRow) grant() auth.Grant {
	return auth.Grant{ID: surveys.ID(r.ID), UserID: surveys.ID(r.UserID), Role: auth.Role(r.Role), EnteID: surveys.ID(orEmpty(r.EnteID)),
		ProgrammeID: surveys.ID(orEmpty(r.ProgrammeID)), OfficeID: surveys.ID(orEmpty(r.OfficeID))}
}

// AddGrant gives a role.
func (s *Store) AddGrant(ctx context.Context, g auth.Grant) error {
	row := grantRow{ID: g.ID.String(), UserID: g.UserID.String(), Role: string(g.Role), EnteID: idOrNil(g.EnteID),
		ProgrammeID: idOrNil(g.ProgrammeID), OfficeID: idOrNil(g.OfficeID)}
	return translate(table[grantRow](s.db).Create(ctx, &row), "granting %s to %s", g.Role, g.UserID)
}

// RemoveGrant takes a role away. ErrNotFound: the ente or programme has no such grant.
func (s *Store) RemoveGrant(ctx context.Context, id, ente, programme surveys.ID) error {
	n, err := table[grantRow](s.db).Where("id = ? AND (ente_id = ? OR programme_id = ?)", id, ente, programme).Delete(ctx)
	return one(n, err, ErrNotFound, "removing grant %s", id)
}

// RemoveOfficeGrants takes the role of contact of an office away from everybody
// and returns from how many.
func (s *Store) RemoveOfficeGrants(ctx context.Context, ente, office surveys.ID) (int, error) {
	n, err := table[grantRow](s.db).Where("ente_id = ? AND office_id = ?", ente, office).Delete(ctx)
	return n, translate(err, "removing the contacts of office %s", office)
}

// GrantsOf lists the roles of one user.
func (s *Store) GrantsOf(ctx context.Context, user surveys.ID) ([]auth.Grant, error) {
	rows, err := table[grantRow](s.db).Where("user_id = ?", user).Order("role, id").Find(ctx)
	return mapRows(rows, grantRow.grant), translate(err, "grants of %s", user)
}

// GrantsIn lists the roles given on one ente (not those that come from a programme).
func (s *Store) GrantsIn(ctx context.Context, ente surveys.ID) ([]auth.Grant, error) {
	rows, err := table[grantRow](s.db).Where("ente_id = ?", ente).Order("role, id").Find(ctx)
	return mapRows(rows, grantRow.grant), translate(err, "grants in %s", ente)
}

// GrantsThroughProgrammes lists the roles that reach an ente through its programmes.
func (s *Store) GrantsThroughProgrammes(ctx context.Context, ente surveys.ID) ([]auth.Grant, error) {
	rows, err := table[grantRow](s.db).Where("programme_id IN (SELECT programme_id FROM programme_enti WHERE ente_id = ?)", ente).Order("role, id").Find(ctx)
	return mapRows(rows, grantRow.grant), translate(err, "grants through the programmes of %s", ente)
}

// GrantsInProgramme lists the roles given on one programme.
func (s *Store) GrantsInProgramme(ctx context.Context, programme surveys.ID) ([]auth.Grant, error) {
	rows, err := table[grantRow](s.db).Where("programme_id = ?", programme).Order("role, id").Find(ctx)
	return mapRows(rows, grantRow.grant), translate(err, "grants in programme %s", programme)
}

const accessSQL = `SELECT e.*, g.role, g.office_id FROM enti e LEFT JOIN grants g ON g.user_id = ? AND (g.ente_id = e.id
	OR g.programme_id IN (SELECT pe.programme_id FROM programme_enti pe WHERE pe.ente_id = e.id))
	WHERE e.id = ? ORDER BY CASE WHEN g.ente_id IS NULL THEN 1 ELSE 0 END, g.role, g.id`

type accessRow struct {
	Ente     enteRow `gorm:"embedded"`
	Role     *string
	OfficeID *string
}

// Access is what a user is in an ente: the roles, its own first and then those
// that come from its programmes, and the offices of role office. No role: empty.
type Access struct {
	Ente    comune.Ente
	Roles   []auth.Role
	Offices []surveys.ID
}

// Access finds an ente with the roles that a user has in it, in one query.
// ErrNotFound: there is no such ente.
func (s *Store) Access(ctx context.Context, user, ente surveys.ID) (Access, error) {
	rows, err := table[accessRow](s.db).Raw(accessSQL, user, ente).Find(ctx)
	if err == nil && len(rows) == 0 {
		err = gorm.ErrRecordNotFound
	}
	if err != nil {
		return Access{}, translate(err, "roles of %s in ente %s", user, ente)
	}
	a := Access{Ente: rows[0].Ente.ente()}
	for _, r := range rows {
		if r.Role != nil {
			a.Roles = append(a.Roles, auth.Role(*r.Role))
		}
		if r.OfficeID != nil {
			a.Offices = append(a.Offices, surveys.ID(*r.OfficeID))
		}
	}
	return a, nil
}

// RolesInProgramme lists the roles that a user has on a programme.
func (s *Store) RolesInProgramme(ctx context.Context, user, programme surveys.ID) ([]auth.Role, error) {
	rows, err := table[grantRow](s.db).Where("user_id = ? AND programme_id = ?", user, programme).Find(ctx)
	return mapRows(rows, func(r grantRow) auth.Role { return auth.Role(r.Role) }), translate(err, "roles of %s in programme %s", user, programme)
}
