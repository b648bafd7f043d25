package storage

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"traguardo/surveys"
	"traguardo/surveys/comune"
)

// FundingRow is one PA digitale 2026 application as it is kept. The Window, IPA,
// Ente and ReGiS fields of comune.Funding are not.
type FundingRow struct {
	ID surveys.ID
	comune.Funding
}

type padigitaleRow struct {
	ID          string `gorm:"primaryKey"`
	Istat       string
	SourceIstat string
	Measure     string
	Platform    string
	Notice      string
	AmountCents int64
	Cup         string
	State       string
	StateOn     *string
	SentOn      *string
	FundedOn    *string
	DataAsOf    string
}

func (padigitaleRow) TableName() string { return "padigitale_rows" }

func (r padigitaleRow) funding() FundingRow {
	return FundingRow{ID: surveys.ID(r.ID), Funding: comune.Funding{ISTAT: comune.CodiceISTAT(r.Istat), SourceISTAT: r.SourceIstat,
		Measure: r.Measure, Platform: comune.Platform(r.Platform), Notice: r.Notice, AmountCents: r.AmountCents, CUP: r.Cup,
		State: comune.FundingState(r.State), StateOn: fromDayOrZero(r.StateOn), SentOn: fromDayOrZero(r.SentOn),
		FundedOn: fromDayOrZero(r.FundedOn), DataAsOf: fromDay(r.DataAsOf)}}
}

// ReplaceFunding writes the rows in place of all that were kept for the Comuni
// that they name, in one transaction. Rows of other Comuni stay.
func (s *Store) ReplaceFunding(ctx context.Context, rows []FundingRow) error {
	if len(rows) == 0 {
		return nil
	}
	var codes []string
	kept := make([]padigitaleRow, 0, len(rows))
	for _, f := range rows {
		codes = append(codes, string(f.ISTAT))
		kept = append(kept, padigitaleRow{ID: f.ID.String(), Istat: string(f.ISTAT), SourceIstat: f.SourceISTAT, Measure: f.Measure,
			Platform: string(f.Platform), Notice: f.Notice, AmountCents: f.AmountCents, Cup: f.CUP, State: string(f.State),
			StateOn: dayOrNil(f.StateOn), SentOn: dayOrNil(f.SentOn), FundedOn: dayOrNil(f.FundedOn), DataAsOf: day(f.DataAsOf)})
	}
	slices.Sort(codes)
	return s.InTx(ctx, func(tx *Store) error {
		for part := range slices.Chunk(slices.Compact(codes), 500) {
			if _, err := gorm.G[padigitaleRow](tx.db).Where("istat IN ?", part).Delete(ctx); err != nil {
				return translate(err, "replacing PA digitale rows")
			}
		}
		return translate(gorm.G[padigitaleRow](tx.db).CreateInBatches(ctx, &kept, 500), "keeping %d PA digitale rows", len(kept))
	})
}

// FundingOf lists the PA digitale 2026 rows of one Comune by its current code, by
// measure, platform, day of sending and id. No row says "not found", not "none".
func (s *Store) FundingOf(ctx context.Context, istat comune.CodiceISTAT) ([]FundingRow, error) {
	if istat == "" {
		return []FundingRow{}, nil
	}
	rows, err := gorm.G[padigitaleRow](s.db).Where("istat = ?", string(istat)).Order("measure, platform, sent_on, id").Find(ctx)
	return mapRows(rows, padigitaleRow.funding), translate(err, "PA digitale rows of %s", istat)
}
