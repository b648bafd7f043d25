package storage

import (
	"context"
	"errors"
	"fmt"
	"time"

	"traguardo/surveys"
)

// ResultKind says what a stored result was computed from.
type ResultKind string

// The kinds of result.
const (
	ResultAssessment  ResultKind = "assessment"  // MAT of one wave
	ResultStaff       ResultKind = "staff"       // STAFF of one wave
	ResultChange      ResultKind = "change"      // MAT, against the ex-ante; kept under the later wave
	ResultStaffChange ResultKind = "staffchange" // STAFF, paired with the ex-ante; kept under the later wave
)

// AllAreas is the Area of a ResultArea that holds the figure over the four areas.
const AllAreas surveys.Area = "ALL"

// Result is what was computed when a wave closed, once. Body holds only what may be shown.
type Result struct {
	ID             surveys.ID
	EnteID         surveys.ID
	Wave           surveys.Wave
	Kind           ResultKind
	SourceID       surveys.ID // assessment or campaign
	FormulaVersion string
	DataHash       string // SHA-256 of the input in canonical form, hexadecimal
	Body           []byte // JSON of the domain's result type of this kind
	ComputedAt     time.Time
	Areas          []ResultArea // the summary rows that comparisons read; filled by Result, empty in lists
}

// States of a ResultArea.
const (
	AreaShown        = "shown"
	AreaInterval     = "interval"     // only Low and High are known (missing indicators)
	AreaInsufficient = "insufficient" // too few answers: «dati insufficienti»
	AreaSuppressed   = "suppressed"   // withheld so that no other figure gives it away
	AreaNone         = "none"         // not assessed
)

// ResultArea is one area of a result, for comparison pages. A nil pointer is "no
// value", never 0.
type ResultArea struct {
	Area      surveys.Area // PIA, SIC, COM, DOC, GOV or AllAreas
	State     string       // AreaShown …
	Declared  *float64     // 0–100; assessment
	Evidenced *float64     // 0–100; assessment: evidenced; staff: mean of self-assessed competence
	Low, High *float64     // 0–100; interval of the figure
	Coverage  *float64     // 0–1
	Knowledge *float64     // 0–100; staff only
	N         *int         // staff: valid persons; assessment: indicators answered
	Of        *int         // staff: eligible; assessment: applicable indicators
	Label     string       // level in the scoring package's code; empty when there is none
}

type resultRow struct {
	ID             string `gorm:"primaryKey"`
	EnteID         string
	Wave           string
	Kind           string
	SourceID       string
	FormulaVersion string
	DataHash       string
	Body           []byte
	ComputedAt     int64
}

func (resultRow) TableName() string { return "results" }

func (r resultRow) result() Result {
	return Result{ID: surveys.ID(r.ID), EnteID: surveys.ID(r.EnteID), Wave: surveys.Wave(r.Wave), Kind: ResultKind(r.Kind),
		SourceID: surveys.ID(r.SourceID), FormulaVersion: r.FormulaVersion, DataHash: r.DataHash, Body: r.Body, ComputedAt: fromUnix(r.ComputedAt)}
}

type resultAreaRow struct {
	ResultID  string `gorm:"primaryKey"`
	Area      string `gorm:"primaryKey"`
	EnteID    string
	Wave      string
	Kind      string
	State     string
	Declared  *float64
	Evidenced *float64
	Low       *float64
	High      *float64
	Coverage  *float64
	Knowledge *float64
	N         *int64
	OfN       *int64
	Label     string
}

func (resultAreaRow) TableName() string { return "result_areas" }

func (r resultAreaRow) area() ResultArea {
	return ResultArea{Area: surveys.Area(r.Area), State: r.State, Declared: r.Declared, Evidenced: r.Evidenced, Low: r.Low,
		High: r.High, Coverage: r.Coverage, Knowledge: r.Knowledge, N: toInt(r.N), Of: toInt(r.OfN), Label: r.Label}
}

func toInt(n *int64) *int {
	if n == nil {
		return nil
	}
	v := int(*n)
	return &v
}

func toInt64(n *int) *int64 {
	if n == nil {
		return nil
	}
	v := int64(*n)
	return &v
}

func areaRows(r Result) []resultAreaRow {
	return mapRows(r.Areas, func(a ResultArea) resultAreaRow {
		return resultAreaRow{ResultID: r.ID.String(), Area: string(a.Area), EnteID: r.EnteID.String(), Wave: string(r.Wave), Kind: string(r.Kind),
			State: a.State, Declared: a.Declared, Evidenced: a.Evidenced, Low: a.Low, High: a.High, Coverage: a.Coverage,
			Knowledge: a.Knowledge, N: toInt64(a.N), OfN: toInt64(a.Of), Label: a.Label}
	})
}

// SaveResult stores a result with its areas. ErrConflict: this ente has a result
// of the kind for the wave already; a result is computed once and never replaced.
func (s *Store) SaveResult(ctx context.Context, r Result) error {
	return s.InTx(ctx, func(tx *Store) error {
		row := resultRow{ID: r.ID.String(), EnteID: r.EnteID.String(), Wave: string(r.Wave), Kind: string(r.Kind), SourceID: r.SourceID.String(),
			FormulaVersion: r.FormulaVersion, DataHash: r.DataHash, Body: r.Body, ComputedAt: unix(r.ComputedAt)}
		if err := table[resultRow](tx.db).Create(ctx, &row); err != nil {
			return translate(err, "saving the %s result of %s, %s", r.Kind, r.EnteID, r.Wave)
		}
		if len(r.Areas) == 0 {
			return nil
		}
		rows := areaRows(r)
		return translate(table[resultAreaRow](tx.db).CreateInBatches(ctx, &rows, 100), "saving the areas of result %s", r.ID)
	})
}

// WithholdResult replaces body and areas of a stored result by ones that show less:
// a later wave made some of its means tell too much. Nothing else of it changes.
func (s *Store) WithholdResult(ctx context.Context, r Result) error {
	return s.InTx(ctx, func(tx *Store) error {
		n, err := table[resultRow](tx.db).Where("ente_id = ? AND id = ?", r.EnteID, r.ID).Select("body").Updates(ctx, resultRow{Body: r.Body})
		if err := one(n, err, ErrNotFound, "withholding parts of result %s", r.ID); err != nil {
			return err
		}
		if _, err := table[resultAreaRow](tx.db).Where("ente_id = ? AND result_id = ?", r.EnteID, r.ID).Delete(ctx); err != nil {
			return translate(err, "withholding areas of result %s", r.ID)
		}
		rows := areaRows(r)
		return translate(table[resultAreaRow](tx.db).CreateInBatches(ctx, &rows, 100), "withholding areas of result %s", r.ID)
	})
}

// seenRow is a stored result, and whether it is of a campaign whose results nobody
// has seen.
type seenRow struct {
	Row    resultRow `gorm:"embedded"`
	Unseen bool
}

const seenSQL = `SELECT r.*, COALESCE(NOT c.results_seen, FALSE) AS unseen FROM results r
	LEFT JOIN campaigns c ON c.id = r.source_id AND c.ente_id = r.ente_id WHERE `

// markSeen notes that results of campaigns left the database for somebody's eyes:
// from then on these waves are never opened again.
func (s *Store) markSeen(ctx context.Context, enti, campaigns []string) error {
	_, err := table[campaignRow](s.db).Where("ente_id IN ? AND id IN ? AND NOT results_seen", enti, campaigns).Select("results_seen").
		Updates(ctx, campaignRow{ResultsSeen: true})
	return translate(err, "noting that results were seen")
}

// MarkProgrammeSeen notes that figures over the closed waves of a programme's enti are
// worked out for somebody's eyes.
func (s *Store) MarkProgrammeSeen(ctx context.Context, programme surveys.ID, wave surveys.Wave) error {
	_, err := table[campaignRow](s.db).Where(`ente_id IN (SELECT ente_id FROM programme_enti WHERE programme_id = ?) AND wave = ? AND state = 'closed'
		AND NOT results_seen`, programme, string(wave)).Select("results_seen").Updates(ctx, campaignRow{ResultsSeen: true})
	return translate(err, "noting that results of programme %s were seen", programme)
}

// RemoveCampaignResults deletes what was computed from a campaign that is opened
// again. ErrConflict: somebody has seen it.
func (s *Store) RemoveCampaignResults(ctx context.Context, ente, campaign surveys.ID) error {
	n, err := table[resultRow](s.db).Where(`ente_id = ? AND source_id = ? AND EXISTS (SELECT 1 FROM campaigns c
		WHERE c.id = results.source_id AND c.ente_id = results.ente_id AND NOT c.results_seen)`, ente, campaign).Delete(ctx)
	if err == nil && n == 0 {
		err = ErrConflict
	}
	return translate(err, "removing the results of campaign %s", campaign)
}

// Result finds the result of a kind for one wave of an ente, with its areas in
// alphabetical order. ErrNotFound when there is none (the wave is not closed).
func (s *Store) Result(ctx context.Context, ente surveys.ID, wave surveys.Wave, kind ResultKind) (Result, error) {
	found, err := table[seenRow](s.db).Raw(seenSQL+"r.ente_id = ? AND r.wave = ? AND r.kind = ?", ente, string(wave), string(kind)).Take(ctx)
	if err != nil {
		return Result{}, translate(err, "%s result of %s, %s", kind, ente, wave)
	}
	row := found.Row
	if found.Unseen {
		if err := s.markSeen(ctx, []string{row.EnteID}, []string{row.SourceID}); err != nil {
			return Result{}, err
		}
	}
	areas, err := table[resultAreaRow](s.db).Where("ente_id = ? AND result_id = ?", ente, row.ID).Order("area").Find(ctx)
	if err != nil {
		return Result{}, translate(err, "areas of result %s", row.ID)
	}
	r := row.result()
	r.Areas = mapRows(areas, resultAreaRow.area)
	return r, nil
}

// Results lists what an ente has, without bodies and areas, by wave and kind.
func (s *Store) Results(ctx context.Context, ente surveys.ID) ([]Result, error) {
	rows, err := table[resultRow](s.db).Where("ente_id = ?", ente).
		Select("id, ente_id, wave, kind, source_id, formula_version, data_hash, computed_at").Order("wave, kind").Find(ctx)
	return mapRows(rows, resultRow.result), translate(err, "results of %s", ente)
}

// EnteArea is one summary row of one ente, for tables of many enti, with what says
// whether it may be compared with another.
type EnteArea struct {
	EnteID surveys.ID
	Wave   surveys.Wave
	Kind   ResultKind
	ResultArea
	FormulaVersion    string
	InstrumentVersion string    // of the questionnaire, e.g. "1.0"; empty when its source is gone
	ComputedAt        time.Time // when the wave was closed
}

// ComparesWith reports whether both rows come from the same version of the
// questionnaire and of the formulas.
func (a EnteArea) ComparesWith(b EnteArea) bool {
	return a.FormulaVersion == b.FormulaVersion && a.InstrumentVersion == b.InstrumentVersion
}

const enteAreasSQL = `SELECT ra.ente_id, ra.wave, ra.kind, ra.area, ra.state, ra.declared, ra.evidenced, ra.low, ra.high, ra.coverage,
	ra.knowledge, ra.n, ra.of_n, ra.label, r.formula_version, r.computed_at, i.version, COALESCE(NOT c.results_seen, FALSE), r.source_id FROM result_areas ra
	JOIN results r ON r.id = ra.result_id
	LEFT JOIN assessments a ON a.id = r.source_id AND a.ente_id = r.ente_id
	LEFT JOIN campaigns c ON c.id = r.source_id AND c.ente_id = r.ente_id
	LEFT JOIN instruments i ON i.hash = COALESCE(a.instrument_hash, c.instrument_hash) WHERE `

const enteAreasOrder = ` ORDER BY ra.ente_id, ra.wave, ra.kind, ra.area`

// enteAreas reads summary rows column by column: a programme has thousands, and
// GORM's reflection would take half of the page's time.
func (s *Store) enteAreas(ctx context.Context, where string, args ...any) (out []EnteArea, err error) {
	rows, err := s.db.WithContext(ctx).Raw(enteAreasSQL+where+enteAreasOrder, args...).Rows()
	if err != nil {
		return nil, err
	}
	var enti, unseen []string
	defer func() {
		if err = errors.Join(err, rows.Close()); err == nil && len(unseen) > 0 {
			err = s.markSeen(ctx, enti, unseen)
		}
	}()
	for rows.Next() {
		var a EnteArea
		var n, of *int64
		var at int64
		var version *string
		var fresh bool
		var source string
		if err := rows.Scan(&a.EnteID, &a.Wave, &a.Kind, &a.Area, &a.State, &a.Declared, &a.Evidenced, &a.Low, &a.High, &a.Coverage,
			&a.Knowledge, &n, &of, &a.Label, &a.FormulaVersion, &at, &version, &fresh, &source); err != nil {
			return nil, err
		}
		if fresh && (len(unseen) == 0 || unseen[len(unseen)-1] != source) {
			enti, unseen = append(enti, a.EnteID.String()), append(unseen, source)
		}
		a.N, a.Of, a.ComputedAt, a.InstrumentVersion = toInt(n), toInt(of), fromUnix(at), orEmpty(version)
		out = append(out, a)
	}
	return out, rows.Err()
}

// EnteAreas lists the summary rows of every result of one ente, by wave, kind and area.
func (s *Store) EnteAreas(ctx context.Context, ente surveys.ID) ([]EnteArea, error) {
	rows, err := s.enteAreas(ctx, "ra.ente_id = ?", ente)
	return rows, translate(err, "areas of %s", ente)
}

// ProgrammeAreas lists the summary rows of the results of a programme's enti for
// these waves, in one query, by ente, wave, kind and area: those of the kinds asked
// for, and the row over all areas of every other kind.
func (s *Store) ProgrammeAreas(ctx context.Context, programme surveys.ID, waves []surveys.Wave, kinds []ResultKind) ([]EnteArea, error) {
	const where = `ra.ente_id IN (SELECT ente_id FROM programme_enti WHERE programme_id = ?) AND ra.wave IN ? AND (ra.kind IN ? OR ra.area = ?)`
	rows, err := s.enteAreas(ctx, where, programme, waves, kinds, string(AllAreas))
	return rows, translate(err, "results of programme %s", programme)
}

// ParseResultKind accepts the code of a kind and refuses all other text.
func ParseResultKind(s string) (ResultKind, error) {
	switch k := ResultKind(s); k {
	case ResultAssessment, ResultStaff, ResultChange, ResultStaffChange:
		return k, nil
	default:
		return "", fmt.Errorf("%w: result kind %q", surveys.ErrInvalid, s)
	}
}
