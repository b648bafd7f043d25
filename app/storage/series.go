package storage

import (
	"context"
	"time"

	"traguardo/surveys"
)

// Series is a set of waves whose answers are paired with one key.
type Series struct {
	ID         surveys.ID
	EnteID     surveys.ID
	Method     surveys.Pairing
	KeyWrapped []byte    // under the key outside the database; empty once destroyed
	Destroyed  time.Time // when the key was destroyed; zero while it exists
	CreatedAt  time.Time
}

type seriesRow struct {
	ID             string `gorm:"primaryKey"`
	EnteID         string
	Method         string
	KeyWrapped     []byte
	KeyDestroyedAt *int64
	CreatedAt      int64 `gorm:"autoCreateTime:false"`
}

func (seriesRow) TableName() string { return "series" }

func (r seriesRow) series() Series {
	return Series{ID: surveys.ID(r.ID), EnteID: surveys.ID(r.EnteID), Method: surveys.Pairing(r.Method), KeyWrapped: r.KeyWrapped, Destroyed: fromUnixOrZero(r.KeyDestroyedAt),
		CreatedAt: fromUnix(r.CreatedAt)}
}

// AddSeries inserts a series.
func (s *Store) AddSeries(ctx context.Context, x Series) error {
	row := seriesRow{ID: x.ID.String(), EnteID: x.EnteID.String(), Method: string(x.Method), KeyWrapped: x.KeyWrapped, CreatedAt: unix(x.CreatedAt)}
	return translate(table[seriesRow](s.db).Create(ctx, &row), "adding series %s", x.ID)
}

// Series finds a series of an ente.
func (s *Store) Series(ctx context.Context, ente, id surveys.ID) (Series, error) {
	row, err := table[seriesRow](s.db).Where("ente_id = ? AND id = ?", ente, id).First(ctx)
	return row.series(), translate(err, "series %s of %s", id, ente)
}

// LiveSeries finds the newest series of an ente whose key still exists. ErrNotFound when there is none.
func (s *Store) LiveSeries(ctx context.Context, ente surveys.ID, method surveys.Pairing) (Series, error) {
	row, err := table[seriesRow](s.db).Where("ente_id = ? AND method = ? AND key_destroyed_at IS NULL", ente, string(method)).
		Order("created_at DESC, id").Take(ctx)
	return row.series(), translate(err, "series of %s", ente)
}

// DestroySeriesKey erases the pairing key of a series. ErrNotFound: no such series,
// or its key is gone already.
func (s *Store) DestroySeriesKey(ctx context.Context, ente, id surveys.ID, at time.Time) error {
	n, err := table[seriesRow](s.db).Where("ente_id = ? AND id = ? AND key_destroyed_at IS NULL", ente, id).Select("key_wrapped", "key_destroyed_at").
		Updates(ctx, seriesRow{KeyDestroyedAt: unixOrNil(at)})
	return one(n, err, ErrNotFound, "destroying the key of series %s", id)
}

// SeriesOfEnte lists the series of an ente, the newest first.
func (s *Store) SeriesOfEnte(ctx context.Context, ente surveys.ID) ([]Series, error) {
	rows, err := table[seriesRow](s.db).Where("ente_id = ?", ente).Order("created_at DESC, id").Find(ctx)
	return mapRows(rows, seriesRow.series), translate(err, "series of %s", ente)
}

const heldSQL = `SELECT COUNT(DISTINCT s.id) AS n FROM series s JOIN campaigns c ON c.series_id = s.id AND c.ente_id = s.ente_id
	WHERE c.programme_id = ? AND s.method <> 'card' AND s.key_destroyed_at IS NULL AND (? = '' OR s.ente_id = ?)`

// CountHeldKeys counts the series whose key a programme keeps outside its enti and
// that still exists; of one ente, or of all when ente is empty.
func (s *Store) CountHeldKeys(ctx context.Context, programme, ente surveys.ID) (int, error) {
	type countRow struct{ N int64 }
	row, err := table[countRow](s.db).Raw(heldSQL, programme, ente, ente).Take(ctx)
	return int(row.N), translate(err, "keys held by programme %s", programme)
}
