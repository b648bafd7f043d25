package storage

import (
	"context"
	"strings"
	"time"

	"traguardo/surveys"
	"traguardo/surveys/comune"
)

// StaffMember is one employee of an ente's staff list. It joins with no answer.
type StaffMember struct {
	ID          surveys.ID
	EnteID      surveys.ID
	Email       string
	EmailFolded string // unique in the ente
	OfficeID    surveys.ID
	Office      string // name; filled by the lists
	Role        surveys.RoleFamily
	JoinedOn    time.Time
	LeftOn      time.Time // zero while in service
}

type staffRow struct {
	ID          string `gorm:"primaryKey"`
	EnteID      string
	Email       string
	EmailFolded string
	OfficeID    *string
	RoleFamily  string
	JoinedOn    string
	LeftOn      *string
}

func (staffRow) TableName() string { return "staff" }

func staffRowOf(m StaffMember) staffRow {
	return staffRow{ID: m.ID.String(), EnteID: m.EnteID.String(), Email: m.Email, EmailFolded: m.EmailFolded, OfficeID: idOrNil(m.OfficeID),
		RoleFamily: string(m.Role), JoinedOn: day(m.JoinedOn), LeftOn: dayOrNil(m.LeftOn)}
}

type staffOfficeRow struct {
	Staff  staffRow `gorm:"embedded"` // GORM skips embedded structs that are not exported
	Office *string
}

func (r staffOfficeRow) member() StaffMember {
	return StaffMember{ID: surveys.ID(r.Staff.ID), EnteID: surveys.ID(r.Staff.EnteID), Email: r.Staff.Email, EmailFolded: r.Staff.EmailFolded,
		OfficeID: surveys.ID(orEmpty(r.Staff.OfficeID)), Office: orEmpty(r.Office), Role: surveys.RoleFamily(r.Staff.RoleFamily),
		JoinedOn: fromDay(r.Staff.JoinedOn), LeftOn: fromDayOrZero(r.Staff.LeftOn)}
}

// AddStaff inserts employees, all or none when called inside a transaction.
// ErrConflict: the ente has one with that address.
func (s *Store) AddStaff(ctx context.Context, members ...StaffMember) error {
	if len(members) == 0 {
		return nil
	}
	rows := mapRows(members, staffRowOf)
	return translate(table[staffRow](s.db).CreateInBatches(ctx, &rows, importBatch), "adding %d employees to %s", len(members), members[0].EnteID)
}

// UpdateStaff writes address, office, role family and days of an employee.
func (s *Store) UpdateStaff(ctx context.Context, m StaffMember) error {
	n, err := table[staffRow](s.db).Where("ente_id = ? AND id = ?", m.EnteID, m.ID).
		Select("email", "email_folded", "office_id", "role_family", "joined_on", "left_on").Updates(ctx, staffRowOf(m))
	return one(n, err, ErrNotFound, "updating employee %s of %s", m.ID, m.EnteID)
}

const staffSQL = `SELECT st.*, o.name AS office FROM staff st LEFT JOIN offices o ON o.id = st.office_id AND o.ente_id = st.ente_id WHERE st.ente_id = ?`

// StaffMember finds one employee.
func (s *Store) StaffMember(ctx context.Context, ente, id surveys.ID) (StaffMember, error) {
	row, err := table[staffOfficeRow](s.db).Raw(staffSQL+" AND st.id = ?", ente, id).Take(ctx)
	return row.member(), translate(err, "employee %s of %s", id, ente)
}

// StaffByEmail finds the employee with this folded address.
func (s *Store) StaffByEmail(ctx context.Context, ente surveys.ID, folded string) (StaffMember, error) {
	row, err := table[staffOfficeRow](s.db).Raw(staffSQL+" AND st.email_folded = ?", ente, folded).Take(ctx)
	return row.member(), translate(err, "employee of %s by address", ente)
}

// StaffMembers lists all employees of an ente by address, those who left too.
func (s *Store) StaffMembers(ctx context.Context, ente surveys.ID) ([]StaffMember, error) {
	rows, err := table[staffOfficeRow](s.db).Raw(staffSQL+" ORDER BY st.email_folded", ente).Find(ctx)
	return mapRows(rows, staffOfficeRow.member), translate(err, "employees of %s", ente)
}

// StaffFilter narrows a list of employees.
type StaffFilter struct {
	Text   string     // part of the address or of the office's name; empty: all
	Office surveys.ID // empty: all
	Left   bool       // those who left, instead of those in service
	Offset int
	Limit  int
}

// StaffPage lists a page of employees by address, and how many there are in all.
func (s *Store) StaffPage(ctx context.Context, ente surveys.ID, f StaffFilter) ([]StaffMember, int, error) {
	where, args := " AND st.left_on IS NULL", []any{ente}
	if f.Left {
		where = " AND st.left_on IS NOT NULL"
	}
	if f.Office != "" {
		where += " AND st.office_id = ?"
		args = append(args, f.Office)
	}
	if f.Text != "" {
		where += ` AND (st.email_folded LIKE ? ESCAPE '\' OR ' ' || o.name_folded LIKE ? ESCAPE '\')`
		args = append(args, "%"+escapeLike(strings.ToLower(f.Text))+"%", "% "+escapeLike(comune.Fold(f.Text))+"%")
	}
	type countRow struct{ N int64 }
	total, err := table[countRow](s.db).Raw("SELECT COUNT(*) AS n FROM staff st LEFT JOIN offices o ON o.id = st.office_id AND o.ente_id = st.ente_id WHERE st.ente_id = ?"+where, args...).Take(ctx)
	if err != nil {
		return nil, 0, translate(err, "counting employees of %s", ente)
	}
	rows, err := table[staffOfficeRow](s.db).Raw(staffSQL+where+" ORDER BY st.email_folded LIMIT ? OFFSET ?", append(args, f.Limit, f.Offset)...).Find(ctx)
	return mapRows(rows, staffOfficeRow.member), int(total.N), translate(err, "employees of %s", ente)
}

func escapeLike(s string) string {
	return strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(s)
}
