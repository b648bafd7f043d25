package storage

import (
	"context"
	"time"

	"traguardo/surveys"
)

// StoredItems is the analysis of the questions of one wave over a programme's enti,
// computed once: a second one over other enti would give away those that differ.
type StoredItems struct {
	ProgrammeID    surveys.ID
	Wave           surveys.Wave
	InstrumentHash string
	Body           []byte // JSON of scoring.ItemAnalysis
	ComputedAt     time.Time
}

type itemAnalysisRow struct {
	ProgrammeID    string `gorm:"primaryKey"`
	Wave           string `gorm:"primaryKey"`
	InstrumentHash string
	Body           []byte
	ComputedAt     int64
}

func (itemAnalysisRow) TableName() string { return "item_analyses" }

func (r itemAnalysisRow) analysis() StoredItems {
	return StoredItems{ProgrammeID: surveys.ID(r.ProgrammeID), Wave: surveys.Wave(r.Wave), InstrumentHash: r.InstrumentHash, Body: r.Body, ComputedAt: fromUnix(r.ComputedAt)}
}

// SaveItems keeps an analysis. ErrConflict: the programme has one of the wave already.
func (s *Store) SaveItems(ctx context.Context, a StoredItems) error {
	row := itemAnalysisRow{ProgrammeID: a.ProgrammeID.String(), Wave: string(a.Wave), InstrumentHash: a.InstrumentHash, Body: a.Body, ComputedAt: unix(a.ComputedAt)}
	return translate(table[itemAnalysisRow](s.db).Create(ctx, &row), "saving the items of programme %s, %s", a.ProgrammeID, a.Wave)
}

// ItemsOf lists the analyses of a programme by wave.
func (s *Store) ItemsOf(ctx context.Context, programme surveys.ID) ([]StoredItems, error) {
	rows, err := table[itemAnalysisRow](s.db).Where("programme_id = ?", programme).Order("wave").Find(ctx)
	return mapRows(rows, itemAnalysisRow.analysis), translate(err, "items of programme %s", programme)
}

// ProgrammeCampaigns lists the campaigns of the enti enrolled in a programme, by
// wave and ente.
func (s *Store) ProgrammeCampaigns(ctx context.Context, programme surveys.ID) ([]Campaign, error) {
	rows, err := table[campaignRow](s.db).Where("ente_id IN (SELECT ente_id FROM programme_enti WHERE programme_id = ?)", programme).Order("wave, ente_id").Find(ctx)
	return mapRows(rows, campaignRow.campaign), translate(err, "campaigns of programme %s", programme)
}

// PooledResponses lists the responses to a wave of one version in the enti of a
// programme, closed waves only, by ente. For scoring only.
func (s *Store) PooledResponses(ctx context.Context, programme surveys.ID, wave surveys.Wave, instrument string) ([]Response, error) {
	const in = `ente_id IN (SELECT ente_id FROM programme_enti WHERE programme_id = ?) AND campaign_id IN
		(SELECT id FROM campaigns WHERE wave = ? AND instrument_hash = ? AND state = 'closed')`
	rows, err := table[responseRow](s.db).Where(in, programme, string(wave), instrument).Order("ente_id, id").Find(ctx)
	return mapRows(rows, responseRow.response), translate(err, "responses of programme %s, %s", programme, wave)
}
