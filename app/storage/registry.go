package storage

import (
	"context"
	"strings"
	"time"

	"gorm.io/gorm/clause"

	"traguardo/surveys/comune"
)

// importBatch is how many rows one statement writes: 500 × 18 columns stay under
// the limit of variables of both engines.
const importBatch = 500

type comuneRow struct {
	Catastale         string `gorm:"primaryKey"`
	Istat             string
	IstatPrevious     string
	Ipa               string
	Name              string
	OtherName         string
	ProvinceCode      string
	Province          string
	Region            string
	ProvincialCapital bool
	RegionalCapital   bool
	Population        int64
	PopulationNote    string
	Folded            string
	Dated             string
}

func (comuneRow) TableName() string { return "comuni" }

func (r comuneRow) comune() comune.Comune {
	c := comune.Comune{Catastale: comune.CodiceCatastale(r.Catastale), ISTAT: comune.CodiceISTAT(r.Istat), IPA: comune.CodiceIPA(r.Ipa),
		Name: r.Name, OtherName: r.OtherName, ProvinceSigla: r.ProvinceCode, Province: r.Province, Region: r.Region,
		ProvincialCapital: r.ProvincialCapital, RegionalCapital: r.RegionalCapital,
		PopulationResident2022: int(r.Population), PopulationNote: r.PopulationNote}
	for code := range strings.FieldsSeq(r.IstatPrevious) {
		c.ISTATPrev = append(c.ISTATPrev, comune.CodiceISTAT(code))
	}
	return c
}

func comuneRowOf(c comune.Comune, dated time.Time) comuneRow {
	previous := make([]string, 0, len(c.ISTATPrev))
	for _, code := range c.ISTATPrev {
		previous = append(previous, string(code))
	}
	r := comuneRow{Catastale: string(c.Catastale), Istat: string(c.ISTAT), IstatPrevious: strings.Join(previous, " "), Ipa: string(c.IPA),
		Name: c.Name, OtherName: c.OtherName, ProvinceCode: c.ProvinceSigla, Province: c.Province, Region: c.Region,
		ProvincialCapital: c.ProvincialCapital, RegionalCapital: c.RegionalCapital, Population: int64(c.Population()),
		PopulationNote: c.PopulationNote, Folded: c.SearchText()}
	if !dated.IsZero() {
		r.Dated = day(dated)
	}
	return r
}

// ImportCounts says what an import changes, or would.
type ImportCounts struct {
	Rows      int `json:"rows"`      // in the file
	Added     int `json:"added"`     // not there before
	Changed   int `json:"changed"`   // there before, with other values
	Unchanged int `json:"unchanged"` // there before, alike
	Gone      int `json:"gone"`      // there before, not in the file: removed
}

// ReplaceRegistry makes the registry equal to comuni, whose cadastral codes are
// all different; dated is the day of the source, zero when not told. Without
// write it only counts. Call it inside a transaction.
func (s *Store) ReplaceRegistry(ctx context.Context, comuni []comune.Comune, dated time.Time, write bool) (ImportCounts, error) {
	there, err := table[comuneRow](s.db).Find(ctx)
	if err != nil {
		return ImportCounts{}, translate(err, "reading the registry")
	}
	old := make(map[string]comuneRow, len(there))
	for _, r := range there {
		r.Dated = ""
		old[r.Catastale] = r
	}
	counts := ImportCounts{Rows: len(comuni)}
	var fresh []comuneRow
	for _, c := range comuni {
		row := comuneRowOf(c, dated)
		before, known := old[row.Catastale]
		delete(old, row.Catastale)
		undated := row
		undated.Dated = ""
		switch {
		case !known:
			counts.Added++
		case before != undated:
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
	for code := range old {
		gone = append(gone, code)
	}
	return counts, s.writeRegistry(ctx, fresh, gone, dated)
}

func (s *Store) writeRegistry(ctx context.Context, fresh []comuneRow, gone []string, dated time.Time) error {
	for batch := range batches(gone, importBatch) {
		if _, err := table[comuneRow](s.db).Where("catastale IN ?", batch).Delete(ctx); err != nil {
			return translate(err, "removing Comuni from the registry")
		}
	}
	upsert := clause.OnConflict{Columns: []clause.Column{{Name: "catastale"}}, UpdateAll: true}
	if len(fresh) > 0 {
		if err := table[comuneRow](s.db, upsert).CreateInBatches(ctx, &fresh, importBatch); err != nil {
			return translate(err, "writing the registry")
		}
	}
	label := ""
	if !dated.IsZero() {
		label = day(dated)
	}
	_, err := table[comuneRow](s.db).Where("dated <> ?", label).Update(ctx, "dated", label)
	return translate(err, "dating the registry")
}

// batches cuts list into pieces of at most n.
func batches[T any](list []T, n int) func(yield func([]T) bool) {
	return func(yield func([]T) bool) {
		for len(list) > 0 {
			k := min(n, len(list))
			if !yield(list[:k]) {
				return
			}
			list = list[k:]
		}
	}
}

// RegistryState is what the installation knows of the Comuni.
type RegistryState struct {
	Comuni      int
	Dated       time.Time // of the source; zero when not told, or without registry
	FundingRows int
}

// Registry counts what was imported; all zero means nothing.
func (s *Store) Registry(ctx context.Context) (RegistryState, error) {
	type stateRow struct {
		Comuni  int64
		Dated   *string
		Funding int64
	}
	row, err := table[stateRow](s.db).Raw(`SELECT COUNT(*) AS comuni, MAX(dated) AS dated,
		(SELECT COUNT(*) FROM padigitale_rows) AS funding FROM comuni`).Take(ctx)
	return RegistryState{Comuni: int(row.Comuni), Dated: fromDayOrZero(row.Dated), FundingRows: int(row.Funding)}, translate(err, "counting the registry")
}

// ISTATCodes maps every ISTAT code of the registry, earlier ones too, to the
// present code of its Comune. Empty without registry.
func (s *Store) ISTATCodes(ctx context.Context) (map[comune.CodiceISTAT]comune.CodiceISTAT, error) {
	rows, err := table[comuneRow](s.db).Select("istat", "istat_previous").Find(ctx)
	out := make(map[comune.CodiceISTAT]comune.CodiceISTAT, len(rows))
	for _, r := range rows {
		out[comune.CodiceISTAT(r.Istat)] = comune.CodiceISTAT(r.Istat)
		for code := range strings.FieldsSeq(r.IstatPrevious) {
			out[comune.CodiceISTAT(code)] = comune.CodiceISTAT(r.Istat)
		}
	}
	return out, translate(err, "reading the ISTAT codes")
}

// candidateLimit bounds what one search reads; the most common first word
// ("San") begins under 700 names.
const candidateLimit = 2000

// RegistryCandidates lists the Comuni that a search may mean: those with the
// code, and those with a word of the query at the beginning of a word of one of
// their names. comune.Index ranks them. The query is folded here.
func (s *Store) RegistryCandidates(ctx context.Context, query string) ([]comune.Comune, error) {
	folded, code := comune.Fold(query), strings.TrimSpace(query)
	if folded == "" {
		return []comune.Comune{}, nil
	}
	where := "catastale = ? OR istat = ? OR ' ' || istat_previous || ' ' LIKE ? OR LOWER(ipa) = ? OR REPLACE(folded, ' ', '') LIKE ? OR REPLACE(folded, ' ', '') LIKE ?"
	compact := strings.ReplaceAll(folded, " ", "")
	args := []any{strings.ToUpper(code), code, "% " + likeSafe(code) + " %", strings.ToLower(code), compact + "%", "%|" + compact + "%"}
	for word := range strings.FieldsSeq(folded) {
		where += " OR ' ' || folded LIKE ?"
		args = append(args, "% "+word+"%")
	}
	rows, err := table[comuneRow](s.db).Where(where, args...).Order("folded, catastale").Limit(candidateLimit).Find(ctx)
	return mapRows(rows, comuneRow.comune), translate(err, "searching the registry")
}

// likeSafe drops the signs that mean something to LIKE: no code has them but "_",
// which stands in IPA codes and is not searched with LIKE.
func likeSafe(s string) string { return strings.NewReplacer("%", "", "_", "", `\`, "").Replace(s) }

// RegistryComune finds a Comune by its cadastral code.
func (s *Store) RegistryComune(ctx context.Context, code comune.CodiceCatastale) (comune.Comune, error) {
	row, err := table[comuneRow](s.db).Where("catastale = ?", code).First(ctx)
	return row.comune(), translate(err, "Comune %s", code)
}
