package storage

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm/clause"

	"traguardo/surveys"
	"traguardo/surveys/comune"
)

type fundingRow struct {
	ID             string `gorm:"primaryKey"`
	Istat          string
	Measure        string
	Platform       string
	Notice         string
	AmountCents    int64
	Cup            string
	State          string
	StateOn        *string
	SentOn         *string
	FundedOn       *string
	DataAsOf       string
	PaidCents      *int64
	TargetRealised *int64
}

func (fundingRow) TableName() string { return "padigitale_rows" }

func (r fundingRow) funding() comune.Funding {
	f := comune.Funding{ISTAT: comune.CodiceISTAT(r.Istat), SourceISTAT: r.Istat, Measure: r.Measure, Platform: comune.Platform(r.Platform),
		Notice: r.Notice, AmountCents: r.AmountCents, CUP: r.Cup, State: comune.FundingState(r.State), StateOn: fromDayOrZero(r.StateOn),
		SentOn: fromDayOrZero(r.SentOn), FundedOn: fromDayOrZero(r.FundedOn), DataAsOf: fromDay(r.DataAsOf), PaidCents: r.PaidCents}
	if r.TargetRealised != nil {
		n := int(*r.TargetRealised)
		f.TargetRealised = &n
	}
	return f
}

// same reports whether two rows say the same.
func (r fundingRow) same(o fundingRow) bool {
	text := func(r fundingRow) string {
		number := func(n *int64) string {
			if n == nil {
				return "-"
			}
			return fmt.Sprint(*n)
		}
		return strings.Join([]string{r.Istat, r.Measure, r.Platform, r.Notice, fmt.Sprint(r.AmountCents), r.Cup, r.State, orEmpty(r.StateOn),
			orEmpty(r.SentOn), orEmpty(r.FundedOn), r.DataAsOf, number(r.PaidCents), number(r.TargetRealised)}, "|")
	}
	return text(r) == text(o)
}

// fundingRowOf makes the row of an application. Its id comes from what does not
// change between two editions of the extract (Comune, platform, notice, CUP, day
// of sending) and from its place among equal ones: an import twice is one.
func fundingRowOf(f comune.Funding, seen map[string]int) (fundingRow, error) {
	key := strings.Join([]string{string(f.ISTAT), string(f.Platform), f.Notice, f.CUP, orEmpty(dayOrNil(f.SentOn))}, "|")
	seen[key]++
	sum := sha256.Sum256(fmt.Appendf(nil, "%s|%d", key, seen[key]))
	id, err := surveys.NewID(strings.NewReader(string(sum[:])))
	if err != nil {
		return fundingRow{}, err
	}
	r := fundingRow{ID: id.String(), Istat: string(f.ISTAT), Measure: f.Measure, Platform: string(f.Platform), Notice: f.Notice,
		AmountCents: f.AmountCents, Cup: f.CUP, State: string(f.State), StateOn: dayOrNil(f.StateOn), SentOn: dayOrNil(f.SentOn),
		FundedOn: dayOrNil(f.FundedOn), DataAsOf: day(f.DataAsOf), PaidCents: f.PaidCents}
	if f.TargetRealised != nil {
		n := int64(*f.TargetRealised)
		r.TargetRealised = &n
	}
	return r, nil
}

// ReplaceFunding makes the stored PA digitale 2026 rows equal to rows. Without
// write it only counts. Call it inside a transaction.
func (s *Store) ReplaceFunding(ctx context.Context, rows []comune.Funding, write bool) (ImportCounts, error) {
	there, err := table[fundingRow](s.db).Find(ctx)
	if err != nil {
		return ImportCounts{}, translate(err, "reading the PA digitale rows")
	}
	old := make(map[string]fundingRow, len(there))
	for _, r := range there {
		old[r.ID] = r
	}
	counts, seen := ImportCounts{Rows: len(rows)}, make(map[string]int, len(rows))
	var fresh []fundingRow
	for _, f := range rows {
		row, err := fundingRowOf(f, seen)
		if err != nil {
			return counts, err
		}
		before, known := old[row.ID]
		delete(old, row.ID)
		switch {
		case !known:
			counts.Added++
		case !before.same(row):
			counts.Changed++
		default:
			counts.Unchanged++
			continue
		}
		fresh = append(fresh, row)
	}
	counts.Gone = len(old)
	if !write {
		return counts, nil
	}
	gone := make([]string, 0, len(old))
	for id := range old {
		gone = append(gone, id)
	}
	return counts, s.writeFunding(ctx, fresh, gone)
}

func (s *Store) writeFunding(ctx context.Context, fresh []fundingRow, gone []string) error {
	for batch := range batches(gone, importBatch) {
		if _, err := table[fundingRow](s.db).Where("id IN ?", batch).Delete(ctx); err != nil {
			return translate(err, "removing PA digitale rows")
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	upsert := clause.OnConflict{Columns: []clause.Column{{Name: "id"}}, UpdateAll: true}
	return translate(table[fundingRow](s.db, upsert).CreateInBatches(ctx, &fresh, importBatch), "writing the PA digitale rows")
}

// FundingOf lists the imported PA digitale 2026 rows of a Comune, by measure,
// platform and day; codes are its present and earlier ISTAT codes.
func (s *Store) FundingOf(ctx context.Context, codes ...comune.CodiceISTAT) ([]comune.Funding, error) {
	codes = slices.DeleteFunc(slices.Clone(codes), func(c comune.CodiceISTAT) bool { return c == "" })
	if len(codes) == 0 {
		return []comune.Funding{}, nil
	}
	rows, err := table[fundingRow](s.db).Where("istat IN ?", codes).Order("measure, platform, sent_on, id").Find(ctx)
	return mapRows(rows, fundingRow.funding), translate(err, "PA digitale rows of %s", codes[0])
}
