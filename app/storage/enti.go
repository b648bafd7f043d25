package storage

import (
	"context"
	"strings"
	"time"

	"traguardo/surveys"
	"traguardo/surveys/comune"
)

type enteRow struct {
	ID                string `gorm:"primaryKey"`
	Name              string
	OtherName         string
	Catastale         string
	Istat             string
	IstatPrevious     string
	Ipa               string
	ProvinceCode      string
	Province          string
	Region            string
	ProvincialCapital bool
	RegionalCapital   bool
	Population        int64
	Fictitious        bool
	PtiEdition        string
	Threshold         int64
	CreatedAt         int64 `gorm:"autoCreateTime:false"`
}

func (enteRow) TableName() string { return "enti" }

func (r enteRow) ente() comune.Ente {
	e := comune.Ente{ID: surveys.ID(r.ID), Name: r.Name, OtherName: r.OtherName, Catastale: comune.CodiceCatastale(r.Catastale),
		ISTAT: comune.CodiceISTAT(r.Istat), IPA: comune.CodiceIPA(r.Ipa), ProvinceSigla: r.ProvinceCode, Province: r.Province,
		Region: r.Region, ProvincialCapital: r.ProvincialCapital, RegionalCapital: r.RegionalCapital, Population: int(r.Population),
		Fictitious: r.Fictitious, PTIEdition: r.PtiEdition, Threshold: int(r.Threshold)}
	for code := range strings.FieldsSeq(r.IstatPrevious) {
		e.ISTATPrev = append(e.ISTATPrev, comune.CodiceISTAT(code))
	}
	return e
}

func enteRowOf(e comune.Ente, created time.Time) enteRow {
	previous := make([]string, 0, len(e.ISTATPrev))
	for _, code := range e.ISTATPrev {
		previous = append(previous, string(code))
	}
	return enteRow{ID: e.ID.String(), Name: e.Name, OtherName: e.OtherName, Catastale: string(e.Catastale), Istat: string(e.ISTAT),
		IstatPrevious: strings.Join(previous, " "), Ipa: string(e.IPA), ProvinceCode: e.ProvinceSigla, Province: e.Province, Region: e.Region,
		ProvincialCapital: e.ProvincialCapital, RegionalCapital: e.RegionalCapital, Population: int64(e.Population), Fictitious: e.Fictitious,
		PtiEdition: e.PTIEdition, Threshold: int64(e.Threshold), CreatedAt: unix(created)}
}

// AddEnte inserts an ente.
func (s *Store) AddEnte(ctx context.Context, e comune.Ente, created time.Time) error {
	row := enteRowOf(e, created)
	return translate(table[enteRow](s.db).Create(ctx, &row), "adding ente %s", e.ID)
}

// UpdateEnte writes the fields that an ente's people may change. ErrStale: there
// is no such ente, or somebody raised the threshold above this one meanwhile.
func (s *Store) UpdateEnte(ctx context.Context, e comune.Ente) error {
	n, err := table[enteRow](s.db).Where("id = ? AND threshold <= ?", e.ID, e.Threshold).Select("ipa", "population", "pti_edition", "threshold").Updates(ctx, enteRowOf(e, time.Unix(0, 0)))
	return one(n, err, ErrStale, "updating ente %s", e.ID)
}

// Ente finds an ente by id.
func (s *Store) Ente(ctx context.Context, id surveys.ID) (comune.Ente, error) {
	row, err := table[enteRow](s.db).Where("id = ?", id).First(ctx)
	return row.ente(), translate(err, "ente %s", id)
}

// Enti lists every ente by name.
func (s *Store) Enti(ctx context.Context) ([]comune.Ente, error) {
	rows, err := table[enteRow](s.db).Order("name, id").Find(ctx)
	return mapRows(rows, enteRow.ente), translate(err, "listing enti")
}

// EnteByCode finds the ente with this cadastral, ISTAT (old ones too) or IPA
// code, or with this id. ErrNotFound when there is none.
func (s *Store) EnteByCode(ctx context.Context, code string) (comune.Ente, error) {
	row, err := table[enteRow](s.db).
		Where("? <> '' AND (id = ? OR catastale = ? OR istat = ? OR LOWER(ipa) = ? OR ' ' || istat_previous || ' ' LIKE ?)",
			code, code, strings.ToUpper(code), code, strings.ToLower(code), "% "+likeSafe(code)+" %").Order("name, id").First(ctx)
	return row.ente(), translate(err, "ente with code %s", code)
}

// TakenComuni tells which of these Comuni have an ente here.
func (s *Store) TakenComuni(ctx context.Context, codes []comune.CodiceCatastale) ([]comune.CodiceCatastale, error) {
	if len(codes) == 0 {
		return []comune.CodiceCatastale{}, nil
	}
	rows, err := table[enteRow](s.db).Select("catastale").Where("catastale IN ?", codes).Find(ctx)
	return mapRows(rows, func(r enteRow) comune.CodiceCatastale { return comune.CodiceCatastale(r.Catastale) }), translate(err, "looking for enti of Comuni")
}

const entiOfUserSQL = `SELECT e.* FROM enti e WHERE e.id IN (SELECT g.ente_id FROM grants g WHERE g.user_id = ? AND g.ente_id IS NOT NULL)
	OR e.id IN (SELECT pe.ente_id FROM programme_enti pe JOIN grants g ON g.programme_id = pe.programme_id WHERE g.user_id = ?)
	ORDER BY e.name, e.id`

// EntiOf lists the enti in which a user has a role, by name.
func (s *Store) EntiOf(ctx context.Context, user surveys.ID) ([]comune.Ente, error) {
	rows, err := table[enteRow](s.db).Raw(entiOfUserSQL, user, user).Find(ctx)
	return mapRows(rows, enteRow.ente), translate(err, "enti of %s", user)
}

// Office is one office of an ente.
type Office struct {
	ID     surveys.ID
	EnteID surveys.ID
	Name   string
	Staff  int // people in service there; filled by Offices
}

type officeRow struct {
	ID         string `gorm:"primaryKey"`
	EnteID     string
	Name       string
	NameFolded string
}

func (officeRow) TableName() string { return "offices" }

// AddOffice inserts an office. ErrConflict: the ente has one of that name.
func (s *Store) AddOffice(ctx context.Context, o Office) error {
	row := officeRow{ID: o.ID.String(), EnteID: o.EnteID.String(), Name: o.Name, NameFolded: comune.Fold(o.Name)}
	return translate(table[officeRow](s.db).Create(ctx, &row), "adding office %s", o.ID)
}

// RenameOffice writes the name of an office.
func (s *Store) RenameOffice(ctx context.Context, ente, id surveys.ID, name string) error {
	n, err := table[officeRow](s.db).Where("ente_id = ? AND id = ?", ente, id).Select("name", "name_folded").
		Updates(ctx, officeRow{Name: name, NameFolded: comune.Fold(name)})
	return one(n, err, ErrNotFound, "renaming office %s of %s", id, ente)
}

// RemoveOffice deletes an office; its people and tasks stay, without office.
func (s *Store) RemoveOffice(ctx context.Context, ente, id surveys.ID) error {
	n, err := table[officeRow](s.db).Where("ente_id = ? AND id = ?", ente, id).Delete(ctx)
	return one(n, err, ErrNotFound, "removing office %s of %s", id, ente)
}

// Offices lists an ente's offices by name, with how many people are in each.
func (s *Store) Offices(ctx context.Context, ente surveys.ID) ([]Office, error) {
	type row struct {
		Office officeRow `gorm:"embedded"`
		Staff  int64
	}
	rows, err := table[row](s.db).Raw(`SELECT o.id, o.ente_id, o.name, (SELECT COUNT(*) FROM staff st WHERE st.office_id = o.id AND st.left_on IS NULL) AS staff
		FROM offices o WHERE o.ente_id = ? ORDER BY o.name_folded, o.id`, ente).Find(ctx)
	return mapRows(rows, func(r row) Office {
		return Office{ID: surveys.ID(r.Office.ID), EnteID: surveys.ID(r.Office.EnteID), Name: r.Office.Name, Staff: int(r.Staff)}
	}), translate(err, "offices of %s", ente)
}
