package storage

import (
	"context"
	"time"

	"traguardo/surveys"
)

// IssuedReport is one document that was handed out: what it was, not its bytes,
// which the same data give again.
type IssuedReport struct {
	ID       surveys.ID
	EnteID   surveys.ID
	Kind     string // assessment, plan, impact
	SHA256   string // of the PDF, hexadecimal
	DataHash string
	Pages    int
	IssuedOn time.Time  // first day on which it was handed out
	IssuedBy surveys.ID // empty: the command line
	ByName   string     // filled by reads
}

type reportRow struct {
	ID       string `gorm:"primaryKey"`
	EnteID   string
	Kind     string
	SHA256   string `gorm:"column:sha256"`
	DataHash string
	Pages    int64
	IssuedOn string
	IssuedBy string
}

func (reportRow) TableName() string { return "reports" }

// AddReport registers a document of an ente. One with the same bytes that stands
// there already is not registered twice.
func (s *Store) AddReport(ctx context.Context, r IssuedReport) error {
	there, err := table[reportRow](s.db).Where("ente_id = ? AND kind = ? AND sha256 = ?", r.EnteID, r.Kind, r.SHA256).Find(ctx)
	if err != nil || len(there) > 0 {
		return translate(err, "looking for report %s", r.SHA256)
	}
	row := reportRow{ID: r.ID.String(), EnteID: r.EnteID.String(), Kind: r.Kind, SHA256: r.SHA256, DataHash: r.DataHash,
		Pages: int64(r.Pages), IssuedOn: day(r.IssuedOn), IssuedBy: r.IssuedBy.String()}
	return translate(table[reportRow](s.db).Create(ctx, &row), "registering report %s", r.SHA256)
}

type namedReport struct {
	Report reportRow `gorm:"embedded"`
	ByName *string
}

// Reports lists the documents registered for an ente, newest first.
func (s *Store) Reports(ctx context.Context, ente surveys.ID) ([]IssuedReport, error) {
	rows, err := table[namedReport](s.db).Raw(`SELECT r.*, u.name AS by_name FROM reports r LEFT JOIN users u ON u.id = r.issued_by
		WHERE r.ente_id = ? ORDER BY r.issued_on DESC, r.kind, r.sha256`, ente).Find(ctx)
	return mapRows(rows, func(r namedReport) IssuedReport {
		return IssuedReport{ID: surveys.ID(r.Report.ID), EnteID: surveys.ID(r.Report.EnteID), Kind: r.Report.Kind, SHA256: r.Report.SHA256,
			DataHash: r.Report.DataHash, Pages: int(r.Report.Pages), IssuedOn: fromDay(r.Report.IssuedOn), IssuedBy: surveys.ID(r.Report.IssuedBy), ByName: orEmpty(r.ByName)}
	}), translate(err, "reports of %s", ente)
}
