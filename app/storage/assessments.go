package storage

import (
	"context"
	"time"

	"gorm.io/gorm"

	"traguardo/surveys"
)

// Act is the administrative act that closes or approves something.
type Act struct {
	Type   string // as the ente calls it: determina, delibera di Giunta …
	Number string
	Date   time.Time // day, midnight UTC
}

// Assessment is one wave of MAT in one ente.
type Assessment struct {
	ID             surveys.ID
	EnteID         surveys.ID
	Wave           surveys.Wave
	InstrumentHash string
	Closed         bool
	TwoRaters      bool // RTD and UTD answer apart before the consensus level
	OpenedAt       time.Time
	ClosedAt       time.Time  // zero while open
	ClosedBy       surveys.ID // empty while open
	Act            Act        // zero while open
}

type assessmentRow struct {
	ID             string `gorm:"primaryKey"`
	EnteID         string
	Wave           string
	InstrumentHash string
	State          string
	TwoRaters      bool
	OpenedAt       int64
	ClosedAt       *int64
	ClosedBy       string
	ActType        string
	ActNumber      string
	ActDate        *string
}

func (assessmentRow) TableName() string { return "assessments" }

const (
	stateOpen   = "open"
	stateClosed = "closed"
)

func (r assessmentRow) assessment() Assessment {
	return Assessment{ID: surveys.ID(r.ID), EnteID: surveys.ID(r.EnteID), Wave: surveys.Wave(r.Wave), InstrumentHash: r.InstrumentHash,
		Closed: r.State == stateClosed, TwoRaters: r.TwoRaters, OpenedAt: fromUnix(r.OpenedAt), ClosedAt: fromUnixOrZero(r.ClosedAt),
		ClosedBy: surveys.ID(r.ClosedBy), Act: Act{Type: r.ActType, Number: r.ActNumber, Date: fromDayOrZero(r.ActDate)}}
}

// AddAssessment opens an assessment with one empty rating for each indicator.
// ErrConflict: the ente has that wave already.
func (s *Store) AddAssessment(ctx context.Context, a Assessment, indicators []string) error {
	return s.InTx(ctx, func(tx *Store) error {
		row := assessmentRow{ID: a.ID.String(), EnteID: a.EnteID.String(), Wave: string(a.Wave), InstrumentHash: a.InstrumentHash,
			State: stateOpen, TwoRaters: a.TwoRaters, OpenedAt: unix(a.OpenedAt)}
		if err := table[assessmentRow](tx.db).Create(ctx, &row); err != nil {
			return translate(err, "opening the %s assessment of %s", a.Wave, a.EnteID)
		}
		rows := make([]ratingRow, 0, len(indicators))
		for _, code := range indicators {
			rows = append(rows, ratingRow{AssessmentID: row.ID, Indicator: code, EnteID: row.EnteID, Version: 1, UpdatedAt: row.OpenedAt})
		}
		return translate(table[ratingRow](tx.db).CreateInBatches(ctx, &rows, 100), "preparing the ratings of assessment %s", a.ID)
	})
}

// Assessment finds the assessment of a wave. ErrNotFound: not opened.
func (s *Store) Assessment(ctx context.Context, ente surveys.ID, wave surveys.Wave) (Assessment, error) {
	row, err := table[assessmentRow](s.db).Where("ente_id = ? AND wave = ?", ente, string(wave)).First(ctx)
	return row.assessment(), translate(err, "%s assessment of %s", wave, ente)
}

// LockAssessment is Assessment for a transaction that writes: others that want to
// write to the same assessment wait until it ends.
func (s *Store) LockAssessment(ctx context.Context, ente surveys.ID, wave surveys.Wave) (Assessment, error) {
	rows, err := table[assessmentRow](s.db).Raw("SELECT * FROM assessments WHERE ente_id = ? AND wave = ?"+s.forUpdate(), ente, string(wave)).Find(ctx)
	if err == nil && len(rows) == 0 {
		err = gorm.ErrRecordNotFound
	}
	if err != nil {
		return Assessment{}, translate(err, "%s assessment of %s", wave, ente)
	}
	return rows[0].assessment(), nil
}

// Assessments lists the assessments of an ente in the order of opening.
func (s *Store) Assessments(ctx context.Context, ente surveys.ID) ([]Assessment, error) {
	rows, err := table[assessmentRow](s.db).Where("ente_id = ?", ente).Order("opened_at, wave").Find(ctx)
	return mapRows(rows, assessmentRow.assessment), translate(err, "assessments of %s", ente)
}

// CloseAssessment marks an open assessment as closed. ErrStale: it is not open.
func (s *Store) CloseAssessment(ctx context.Context, a Assessment) error {
	row := assessmentRow{State: stateClosed, ClosedAt: unixOrNil(a.ClosedAt), ClosedBy: a.ClosedBy.String(),
		ActType: a.Act.Type, ActNumber: a.Act.Number, ActDate: dayOrNil(a.Act.Date)}
	n, err := table[assessmentRow](s.db).Where("ente_id = ? AND id = ? AND state = ?", a.EnteID, a.ID, stateOpen).
		Select("state", "closed_at", "closed_by", "act_type", "act_number", "act_date").Updates(ctx, row)
	return one(n, err, ErrStale, "closing assessment %s", a.ID)
}

// Rating is the answer to one indicator as it stands. Evidence is kept apart: see
// Evidence.
type Rating struct {
	surveys.Rating
	AssessmentID  surveys.ID
	EnteID        surveys.ID
	Comment       string
	AssignedTo    surveys.ID // user; empty: nobody
	AssignedName  string     // filled by reads
	Version       int        // 1 as prepared, one more at each change
	UpdatedBy     surveys.ID // empty: nobody answered yet
	UpdatedByName string     // filled by reads
	UpdatedAt     time.Time
}

// Touched reports whether anybody has answered or commented.
func (r Rating) Touched() bool { return r.UpdatedBy != "" }

type ratingRow struct {
	AssessmentID string `gorm:"primaryKey"`
	Indicator    string `gorm:"primaryKey"`
	EnteID       string
	Level        *int64
	Na           bool
	NaReason     string
	Comment      string
	RaterA       *int64
	RaterB       *int64
	AssignedTo   string
	Version      int64
	UpdatedBy    string
	UpdatedAt    int64 `gorm:"autoUpdateTime:false"`
}

func (ratingRow) TableName() string { return "ratings" }

type namedRating struct {
	Rating       ratingRow `gorm:"embedded"`
	AssignedName *string
	UpdatedName  *string
}

func (r namedRating) rating() Rating {
	row := r.Rating
	return Rating{Rating: surveys.Rating{Indicator: row.Indicator, Level: toLevel(row.Level), NA: row.Na, NAReason: row.NaReason,
		RaterA: toLevel(row.RaterA), RaterB: toLevel(row.RaterB)},
		AssessmentID: surveys.ID(row.AssessmentID), EnteID: surveys.ID(row.EnteID), Comment: row.Comment,
		AssignedTo: surveys.ID(row.AssignedTo), AssignedName: orEmpty(r.AssignedName), Version: int(row.Version),
		UpdatedBy: surveys.ID(row.UpdatedBy), UpdatedByName: orEmpty(r.UpdatedName), UpdatedAt: fromUnix(row.UpdatedAt)}
}

func toLevel(n *int64) *surveys.Level {
	if n == nil {
		return nil
	}
	l := surveys.Level(*n)
	return &l
}

func fromLevel(l *surveys.Level) *int64 {
	if l == nil {
		return nil
	}
	n := int64(*l)
	return &n
}

const ratingsSQL = `SELECT r.*, a.name AS assigned_name, u.name AS updated_name FROM ratings r
	LEFT JOIN users a ON a.id = r.assigned_to LEFT JOIN users u ON u.id = r.updated_by
	WHERE r.ente_id = ? AND r.assessment_id = ? AND (? = '' OR r.indicator = ?) ORDER BY r.indicator`

// Ratings lists the ratings of an assessment, one for each indicator, by code.
func (s *Store) Ratings(ctx context.Context, ente, assessment surveys.ID) ([]Rating, error) {
	rows, err := table[namedRating](s.db).Raw(ratingsSQL, ente, assessment, "", "").Find(ctx)
	return mapRows(rows, namedRating.rating), translate(err, "ratings of assessment %s", assessment)
}

// Rating finds the rating of one indicator. ErrNotFound: no such indicator.
func (s *Store) Rating(ctx context.Context, ente, assessment surveys.ID, indicator string) (Rating, error) {
	rows, err := table[namedRating](s.db).Raw(ratingsSQL, ente, assessment, indicator, indicator).Find(ctx)
	if err == nil && len(rows) == 0 {
		err = gorm.ErrRecordNotFound
	}
	if err != nil {
		return Rating{}, translate(err, "rating of %s", indicator)
	}
	return rows[0].rating(), nil
}

// SaveRating writes an answer over version r.Version and makes it one higher.
// ErrStale: somebody else wrote in between; nothing was written.
func (s *Store) SaveRating(ctx context.Context, r Rating) error {
	row := ratingRow{Level: fromLevel(r.Level), Na: r.NA, NaReason: r.NAReason, Comment: r.Comment, RaterA: fromLevel(r.RaterA),
		RaterB: fromLevel(r.RaterB), Version: int64(r.Version) + 1, UpdatedBy: r.UpdatedBy.String(), UpdatedAt: unix(r.UpdatedAt)}
	n, err := table[ratingRow](s.db).
		Where("ente_id = ? AND assessment_id = ? AND indicator = ? AND version = ?", r.EnteID, r.AssessmentID, r.Indicator, r.Version).
		Select("level", "na", "na_reason", "comment", "rater_a", "rater_b", "version", "updated_by", "updated_at").Updates(ctx, row)
	return one(n, err, ErrStale, "rating %s", r.Indicator)
}

// AssignRating gives an indicator to a colleague, or to nobody when user is empty.
// It is no answer: the version stays.
func (s *Store) AssignRating(ctx context.Context, ente, assessment surveys.ID, indicator string, user surveys.ID) error {
	n, err := table[ratingRow](s.db).Where("ente_id = ? AND assessment_id = ? AND indicator = ?", ente, assessment, indicator).
		Select("assigned_to").Updates(ctx, ratingRow{AssignedTo: user.String()})
	return one(n, err, ErrNotFound, "assigning %s", indicator)
}

// ClosedResults lists every result of an ente with its body, by wave and kind; the
// areas are left empty. An ente has at most four for each wave.
func (s *Store) ClosedResults(ctx context.Context, ente surveys.ID) ([]Result, error) {
	rows, err := table[seenRow](s.db).Raw(seenSQL+"r.ente_id = ? ORDER BY r.wave, r.kind", ente).Find(ctx)
	if err != nil {
		return nil, translate(err, "results of %s", ente)
	}
	var unseen []string
	for _, r := range rows {
		if r.Unseen {
			unseen = append(unseen, r.Row.SourceID)
		}
	}
	if len(unseen) > 0 {
		err = s.markSeen(ctx, []string{ente.String()}, unseen)
	}
	return mapRows(rows, func(r seenRow) Result { return r.Row.result() }), err
}
