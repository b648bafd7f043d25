package storage

import (
	"context"
	"time"

	"traguardo/surveys"
	"traguardo/surveys/comune"
)

// Programme is a set of enti that a coordinator compares.
type Programme struct {
	ID          surveys.ID
	Name        string
	Description string
	Fictitious  bool
	PTIEdition  string
	KeyHolder   string // who keeps the pairing keys outside the enti; empty where nobody does
	CreatedAt   time.Time
	Enti        int // how many are enrolled; filled by the lists
}

type programmeRow struct {
	ID          string `gorm:"primaryKey"`
	Name        string
	Description string
	Fictitious  bool
	PtiEdition  string
	KeyHolder   string
	CreatedAt   int64 `gorm:"autoCreateTime:false"`
}

func (programmeRow) TableName() string { return "programmes" }

type programmeCountRow struct {
	Row  programmeRow `gorm:"embedded"` // GORM skips embedded structs that are not exported
	Enti int64
}

func (r programmeCountRow) programme() Programme {
	return Programme{ID: surveys.ID(r.Row.ID), Name: r.Row.Name, Description: r.Row.Description, Fictitious: r.Row.Fictitious,
		PTIEdition: r.Row.PtiEdition, KeyHolder: r.Row.KeyHolder, CreatedAt: fromUnix(r.Row.CreatedAt), Enti: int(r.Enti)}
}

const programmesSQL = `SELECT p.*, (SELECT COUNT(*) FROM programme_enti pe WHERE pe.programme_id = p.id) AS enti FROM programmes p `

// AddProgramme inserts a programme.
func (s *Store) AddProgramme(ctx context.Context, p Programme) error {
	row := programmeRow{ID: p.ID.String(), Name: p.Name, Description: p.Description, Fictitious: p.Fictitious,
		PtiEdition: p.PTIEdition, KeyHolder: p.KeyHolder, CreatedAt: unix(p.CreatedAt)}
	return translate(table[programmeRow](s.db).Create(ctx, &row), "adding programme %s", p.ID)
}

// Programme finds a programme by id.
func (s *Store) Programme(ctx context.Context, id surveys.ID) (Programme, error) {
	row, err := table[programmeCountRow](s.db).Raw(programmesSQL+"WHERE p.id = ?", id).Take(ctx)
	return row.programme(), translate(err, "programme %s", id)
}

// Programmes lists every programme by name.
func (s *Store) Programmes(ctx context.Context) ([]Programme, error) {
	rows, err := table[programmeCountRow](s.db).Raw(programmesSQL + "ORDER BY p.name, p.id").Find(ctx)
	return mapRows(rows, programmeCountRow.programme), translate(err, "listing programmes")
}

// ProgrammesOfUser lists the programmes on which a user has a role, by name.
func (s *Store) ProgrammesOfUser(ctx context.Context, user surveys.ID) ([]Programme, error) {
	rows, err := table[programmeCountRow](s.db).Raw(programmesSQL+
		"WHERE p.id IN (SELECT g.programme_id FROM grants g WHERE g.user_id = ?) ORDER BY p.name, p.id", user).Find(ctx)
	return mapRows(rows, programmeCountRow.programme), translate(err, "programmes of %s", user)
}

// ProgrammesOfEnte lists the programmes in which an ente is enrolled, by name.
func (s *Store) ProgrammesOfEnte(ctx context.Context, ente surveys.ID) ([]Programme, error) {
	rows, err := table[programmeCountRow](s.db).Raw(programmesSQL+
		"WHERE p.id IN (SELECT pe.programme_id FROM programme_enti pe WHERE pe.ente_id = ?) ORDER BY p.name, p.id", ente).Find(ctx)
	return mapRows(rows, programmeCountRow.programme), translate(err, "programmes of ente %s", ente)
}

type programmeEnteRow struct {
	ProgrammeID string `gorm:"primaryKey"`
	EnteID      string `gorm:"primaryKey"`
	EnrolledOn  string
}

func (programmeEnteRow) TableName() string { return "programme_enti" }

// Enrol adds an ente to a programme. ErrConflict: it is there already.
func (s *Store) Enrol(ctx context.Context, programme, ente surveys.ID, on time.Time) error {
	row := programmeEnteRow{ProgrammeID: programme.String(), EnteID: ente.String(), EnrolledOn: day(on)}
	return translate(table[programmeEnteRow](s.db).Create(ctx, &row), "enrolling %s in %s", ente, programme)
}

// EntiOfProgramme lists the enti of a programme, by name.
func (s *Store) EntiOfProgramme(ctx context.Context, programme surveys.ID) ([]comune.Ente, error) {
	rows, err := table[enteRow](s.db).Where("id IN (SELECT ente_id FROM programme_enti WHERE programme_id = ?)", programme).Order("name, id").Find(ctx)
	return mapRows(rows, enteRow.ente), translate(err, "enti of programme %s", programme)
}

// Unenrol takes an ente out of a programme. ErrNotFound: it is not in it.
func (s *Store) Unenrol(ctx context.Context, programme, ente surveys.ID) error {
	n, err := table[programmeEnteRow](s.db).Where("programme_id = ? AND ente_id = ?", programme, ente).Delete(ctx)
	return one(n, err, ErrNotFound, "taking %s out of %s", ente, programme)
}

// SetKeyHolder writes who keeps the pairing keys of a programme outside its enti;
// empty when nobody does. ErrNotFound: no such programme.
func (s *Store) SetKeyHolder(ctx context.Context, programme surveys.ID, holder string) error {
	n, err := table[programmeRow](s.db).Where("id = ?", programme).Select("key_holder").Updates(ctx, programmeRow{KeyHolder: holder})
	return one(n, err, ErrNotFound, "keeper of the keys of programme %s", programme)
}

// HostOf finds the programme that keeps pairing keys for an ente, the first by name.
// ErrNotFound: none does.
func (s *Store) HostOf(ctx context.Context, ente surveys.ID) (Programme, error) {
	row, err := table[programmeCountRow](s.db).Raw(programmesSQL+
		"WHERE p.key_holder <> '' AND p.id IN (SELECT pe.programme_id FROM programme_enti pe WHERE pe.ente_id = ?) ORDER BY p.name, p.id LIMIT 1", ente).Take(ctx)
	return row.programme(), translate(err, "host of ente %s", ente)
}
