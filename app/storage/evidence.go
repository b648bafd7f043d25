package storage

import (
	"context"
	"time"

	"gorm.io/gorm"

	"traguardo/surveys"
)

// EvidenceKind says what a piece of evidence is made of.
type EvidenceKind string

// The kinds of evidence.
const (
	EvidenceFile EvidenceKind = "file" // a file kept here
	EvidenceLink EvidenceKind = "link" // an address
	EvidenceAct  EvidenceKind = "act"  // type, number and date of an act
	EvidenceNote EvidenceKind = "note" // the check of a reviewer
)

// Evidence is one piece attached to an indicator, a micro-progetto or both. It
// belongs to the ente and not to a wave: the next assessment finds it again.
type Evidence struct {
	surveys.Evidence
	EnteID       surveys.ID
	Indicator    string     // code; empty when only of a micro-progetto
	ProjectID    surveys.ID // empty when only of an indicator
	Kind         EvidenceKind
	Title        string         // what it is, in the words of who added it
	URL          string         // EvidenceLink
	ActType      string         // EvidenceAct
	ActNumber    string         // EvidenceAct
	CheckedLevel *surveys.Level // E5: the level that the reviewer found proved; nil for the rest
	FileID       surveys.ID     // EvidenceFile; empty when the file was deleted
	FileName     string         // filled by reads, with the next two
	FileSize     int64          // bytes
	FileHash     string         // SHA-256, hexadecimal
	AddedBy      surveys.ID
	AddedByName  string // filled by reads
	AddedRole    string // role in which it was added
	AddedAt      time.Time
	RevokedAt    time.Time // zero while it counts
}

type evidenceRow struct {
	ID           string `gorm:"primaryKey"`
	EnteID       string
	Indicator    string
	ProjectID    string
	Type         string
	Kind         string
	Title        string
	Url          string
	ActType      string
	ActNumber    string
	Dated        string
	ValidUntil   *string
	Revoked      bool
	RevokedAt    *int64
	CheckedLevel *int64
	FileID       *string
	AddedBy      string
	AddedRole    string
	AddedAt      int64
}

func (evidenceRow) TableName() string { return "evidence" }

type namedEvidence struct {
	Piece     evidenceRow `gorm:"embedded"`
	FileName  *string
	FileSize  *int64
	FileHash  *string
	AddedName *string
}

func (r namedEvidence) evidence() Evidence {
	row := r.Piece
	e := Evidence{Evidence: surveys.Evidence{ID: surveys.ID(row.ID), Type: surveys.EvidenceType(row.Type), Dated: fromDay(row.Dated),
		ValidUntil: fromDayOrZero(row.ValidUntil), Revoked: row.Revoked},
		EnteID: surveys.ID(row.EnteID), Indicator: row.Indicator, ProjectID: surveys.ID(row.ProjectID), Kind: EvidenceKind(row.Kind),
		Title: row.Title, URL: row.Url, ActType: row.ActType, ActNumber: row.ActNumber, CheckedLevel: toLevel(row.CheckedLevel),
		FileID: surveys.ID(orEmpty(row.FileID)), FileName: orEmpty(r.FileName), FileHash: orEmpty(r.FileHash),
		AddedBy: surveys.ID(row.AddedBy), AddedByName: orEmpty(r.AddedName), AddedRole: row.AddedRole, AddedAt: fromUnix(row.AddedAt),
		RevokedAt: fromUnixOrZero(row.RevokedAt)}
	if r.FileSize != nil {
		e.FileSize = *r.FileSize
	}
	return e
}

// AddEvidence inserts a piece. Its file, if any, was stored before by AddFile.
func (s *Store) AddEvidence(ctx context.Context, e Evidence) error {
	row := evidenceRow{ID: e.ID.String(), EnteID: e.EnteID.String(), Indicator: e.Indicator, ProjectID: e.ProjectID.String(), Type: string(e.Type),
		Kind: string(e.Kind), Title: e.Title, Url: e.URL, ActType: e.ActType, ActNumber: e.ActNumber, Dated: day(e.Dated),
		ValidUntil: dayOrNil(e.ValidUntil), CheckedLevel: fromLevel(e.CheckedLevel), FileID: idOrNil(e.FileID),
		AddedBy: e.AddedBy.String(), AddedRole: e.AddedRole, AddedAt: unix(e.AddedAt)}
	return translate(table[evidenceRow](s.db).Create(ctx, &row), "adding evidence %s", e.ID)
}

const evidenceSQL = `SELECT e.*, f.name AS file_name, f.size AS file_size, f.sha256 AS file_hash, u.name AS added_name FROM evidence e
	LEFT JOIN files f ON f.id = e.file_id LEFT JOIN users u ON u.id = e.added_by WHERE e.ente_id = ? `

// IndicatorEvidence lists what is attached to indicators, by code and then by the
// day of the piece, newest first; of one indicator, or of all when it is empty.
func (s *Store) IndicatorEvidence(ctx context.Context, ente surveys.ID, indicator string) ([]Evidence, error) {
	rows, err := table[namedEvidence](s.db).Raw(evidenceSQL+`AND e.indicator <> '' AND (? = '' OR e.indicator = ?)
		ORDER BY e.indicator, e.dated DESC, e.added_at DESC, e.id`, ente, indicator, indicator).Find(ctx)
	return mapRows(rows, namedEvidence.evidence), translate(err, "evidence of %s", ente)
}

// ProjectEvidence lists what is attached to one micro-progetto, newest first.
func (s *Store) ProjectEvidence(ctx context.Context, ente, project surveys.ID) ([]Evidence, error) {
	rows, err := table[namedEvidence](s.db).Raw(evidenceSQL+"AND e.project_id = ? ORDER BY e.dated DESC, e.added_at DESC, e.id", ente, project).Find(ctx)
	return mapRows(rows, namedEvidence.evidence), translate(err, "evidence of project %s", project)
}

// Evidence finds one piece. ErrNotFound: not of this ente.
func (s *Store) Evidence(ctx context.Context, ente, id surveys.ID) (Evidence, error) {
	rows, err := table[namedEvidence](s.db).Raw(evidenceSQL+"AND e.id = ?", ente, id).Find(ctx)
	if err == nil && len(rows) == 0 {
		err = gorm.ErrRecordNotFound
	}
	if err != nil {
		return Evidence{}, translate(err, "evidence %s", id)
	}
	return rows[0].evidence(), nil
}

// RevokeEvidence makes a piece count no more; it stays in sight. ErrStale: it was
// revoked already.
func (s *Store) RevokeEvidence(ctx context.Context, ente, id surveys.ID, at time.Time) error {
	n, err := table[evidenceRow](s.db).Where("ente_id = ? AND id = ? AND revoked = ?", ente, id, false).
		Select("revoked", "revoked_at").Updates(ctx, evidenceRow{Revoked: true, RevokedAt: unixOrNil(at)})
	return one(n, err, ErrStale, "revoking evidence %s", id)
}

// File is an uploaded file.
type File struct {
	ID          surveys.ID
	EnteID      surveys.ID
	Name        string
	ContentType string // found from the content
	SHA256      string // hexadecimal
	Content     []byte
	CreatedBy   surveys.ID
	CreatedAt   time.Time
}

type fileRow struct {
	ID          string `gorm:"primaryKey"`
	EnteID      string
	Name        string
	ContentType string
	Size        int64
	Sha256      string
	Content     []byte
	CreatedBy   string
	CreatedAt   int64 `gorm:"autoCreateTime:false"`
}

func (fileRow) TableName() string { return "files" }

// AddFile stores a file.
func (s *Store) AddFile(ctx context.Context, f File) error {
	row := fileRow{ID: f.ID.String(), EnteID: f.EnteID.String(), Name: f.Name, ContentType: f.ContentType, Size: int64(len(f.Content)),
		Sha256: f.SHA256, Content: f.Content, CreatedBy: f.CreatedBy.String(), CreatedAt: unix(f.CreatedAt)}
	return translate(table[fileRow](s.db).Create(ctx, &row), "storing file %s", f.ID)
}

// File reads a file. ErrNotFound: not of this ente.
func (s *Store) File(ctx context.Context, ente, id surveys.ID) (File, error) {
	row, err := table[fileRow](s.db).Where("ente_id = ? AND id = ?", ente, id).First(ctx)
	return File{ID: surveys.ID(row.ID), EnteID: surveys.ID(row.EnteID), Name: row.Name, ContentType: row.ContentType, SHA256: row.Sha256,
		Content: row.Content, CreatedBy: surveys.ID(row.CreatedBy), CreatedAt: fromUnix(row.CreatedAt)}, translate(err, "file %s", id)
}

// RemoveFile deletes a file for good; the evidence that held it stays without it.
func (s *Store) RemoveFile(ctx context.Context, ente, id surveys.ID) error {
	n, err := table[fileRow](s.db).Where("ente_id = ? AND id = ?", ente, id).Delete(ctx)
	return one(n, err, ErrNotFound, "removing file %s", id)
}

// ActionsOf lists the kinds of change that a user made in an ente, by the audit
// trail, each once.
func (s *Store) ActionsOf(ctx context.Context, ente, user surveys.ID) ([]string, error) {
	rows, err := table[auditRow](s.db).Where("ente_id = ? AND actor = ?", ente, user).Distinct("action").Find(ctx)
	return mapRows(rows, func(r auditRow) string { return r.Action }), translate(err, "actions of %s in %s", user, ente)
}

// EditorsIn lists the accounts that hold role rtd or utd in an ente, by name.
func (s *Store) EditorsIn(ctx context.Context, ente surveys.ID) ([]User, error) {
	rows, err := table[userRow](s.db).Raw(`SELECT u.* FROM users u WHERE u.disabled = ? AND u.id IN
		(SELECT g.user_id FROM grants g WHERE g.ente_id = ? AND g.role IN ('rtd', 'utd')) ORDER BY u.name, u.id`, false, ente).Find(ctx)
	return mapRows(rows, userRow.user), translate(err, "editors of %s", ente)
}
