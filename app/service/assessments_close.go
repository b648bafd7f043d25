package service

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/surveys"
	"traguardo/surveys/scoring"
)

// CloseAssessment ends a wave by an act of the RTD: it scores what stands, stores
// the result with formula version and data hash, and makes the wave read-only, in
// one transaction. Closing the ex post stores the change against the ex ante too.
// surveys.ErrClosed: closed already.
func (s *Service) CloseAssessment(ctx context.Context, actor auth.Actor, ente surveys.ID, wave surveys.Wave, act storage.Act) error {
	return s.changeIn(ctx, actor, ente, auth.AssessmentClose, func(tx *storage.Store, _ Place) (Change, error) {
		a, err := tx.LockAssessment(ctx, ente, wave)
		if err != nil {
			return Change{}, err
		}
		if a.Closed {
			return Change{}, fmt.Errorf("closing the %s assessment of %s: %w", wave, ente, surveys.ErrClosed)
		}
		sheet, err := s.sheet(ctx, tx, a)
		if err != nil {
			return Change{}, err
		}
		if err := checkClosing(&act, sheet, s.Today()); err != nil {
			return Change{}, err
		}
		hash, err := sheet.hash()
		if err != nil {
			return Change{}, err
		}
		if err := s.saveMAT(ctx, tx, sheet, hash); err != nil {
			return Change{}, err
		}
		if wave == surveys.ExPost {
			if err := s.saveMATChange(ctx, tx, sheet, hash); err != nil {
				return Change{}, err
			}
		}
		a.ClosedAt, a.ClosedBy, a.Act = s.clock(), actor.UserID, act
		return Change{Action: "assessment.close", Subject: "assessment:" + a.ID.String(),
			Detail: map[string]any{"wave": wave, "act": act.Type + " " + act.Number, "act_date": act.Date.Format(time.DateOnly), "data_hash": hash}}, tx.CloseAssessment(ctx, a)
	})
}

func checkClosing(act *storage.Act, sheet matSheet, today time.Time) error {
	act.Type, act.Number = strings.TrimSpace(act.Type), strings.TrimSpace(act.Number)
	var f faults
	for _, x := range []struct{ field, text string }{{"atto_tipo", act.Type}, {"atto_numero", act.Number}} {
		if x.text == "" {
			f.add(x.field, "form.required")
		}
		if utf8.RuneCountInString(x.text) > MaxAct {
			f.add(x.field, "assess.fault_long", "Max", MaxAct)
		}
	}
	switch {
	case act.Date.IsZero():
		f.add("atto_data", "form.date")
	case act.Date.After(today):
		f.add("atto_data", "assess.fault_future")
	}
	if !slices.ContainsFunc(sheet.result.Indicators, func(x scoring.IndicatorResult) bool { return x.State == scoring.Assessed }) {
		f.add("", "assess.fault_empty")
	}
	return f.err()
}

// saveMAT stores the result of one wave.
func (s *Service) saveMAT(ctx context.Context, tx *storage.Store, sh matSheet, hash string) error {
	r, err := s.newResult(sh, storage.ResultAssessment, hash, sh.result)
	if err != nil {
		return err
	}
	for _, list := range [][]scoring.AreaResult{sh.result.Areas, sh.result.Beside} {
		for _, a := range list {
			r.Areas = append(r.Areas, matArea(a))
		}
	}
	r.Areas = append(r.Areas, matOverall(sh.result))
	return tx.SaveResult(ctx, r)
}

// saveMATChange stores the change since the closed ex ante.
func (s *Service) saveMATChange(ctx context.Context, tx *storage.Store, sh matSheet, hash string) error {
	before, err := tx.Result(ctx, sh.assessment.EnteID, surveys.ExAnte, storage.ResultAssessment)
	if errors.Is(err, storage.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	var was scoring.MATResult
	if err := json.Unmarshal(before.Body, &was); err != nil {
		return fmt.Errorf("reading the ex-ante result of %s: %w", sh.assessment.EnteID, err)
	}
	sum := sha256.Sum256([]byte(before.DataHash + hash))
	r, err := s.newResult(sh, storage.ResultChange, hex.EncodeToString(sum[:]), scoring.AssessChange(was, sh.result))
	if err != nil {
		return err
	}
	return tx.SaveResult(ctx, r)
}

func (s *Service) newResult(sh matSheet, kind storage.ResultKind, hash string, body any) (storage.Result, error) {
	b, err := json.Marshal(body)
	if err != nil {
		return storage.Result{}, fmt.Errorf("encoding the %s result: %w", kind, err)
	}
	id, err := s.newID()
	return storage.Result{ID: id, EnteID: sh.assessment.EnteID, Wave: sh.assessment.Wave, Kind: kind, SourceID: sh.assessment.ID,
		FormulaVersion: scoring.FormulaVersion, DataHash: hash, Body: b, ComputedAt: s.clock()}, err
}

// matArea is the summary row of one area: the evidenced score with its interval.
func matArea(a scoring.AreaResult) storage.ResultArea {
	applicable, answered := a.Total-a.NA, a.Answered
	row := storage.ResultArea{Area: a.Area, State: storage.AreaNone, Coverage: a.Coverage.Share, N: &answered, Of: &applicable}
	if a.Answered == 0 {
		return row
	}
	return withScores(row, a.Declared, a.Evidenced, a.Label)
}

// matOverall is the summary row of the index over the four areas.
func matOverall(r scoring.MATResult) storage.ResultArea {
	answered, applicable := 0, 0
	for _, a := range r.Areas {
		answered += a.Answered
		applicable += a.Total - a.NA
	}
	row := storage.ResultArea{Area: storage.AllAreas, State: storage.AreaNone, Coverage: r.Overall.Coverage.Share, N: &answered, Of: &applicable}
	if answered == 0 {
		return row
	}
	return withScores(row, r.Overall.Declared, r.Overall.Evidenced, r.Overall.Label)
}

// withScores fills a summary row: one number, or only the interval.
func withScores(row storage.ResultArea, declared, evidenced scoring.Score, label *scoring.Label) storage.ResultArea {
	row.State = storage.AreaInterval
	if evidenced.Value != nil {
		row.State = storage.AreaShown
	}
	row.Declared, row.Evidenced = declared.Value, evidenced.Value
	if evidenced.Interval != nil {
		row.Low, row.High = &evidenced.Interval.Low, &evidenced.Interval.High
	}
	if label != nil {
		row.Label = string(*label)
	}
	return row
}

// hash is SHA-256 over everything that the result was computed from: one JSON list
// in the order of codes and ids, without names, comments and times.
func (sh matSheet) hash() (string, error) {
	type piece struct {
		ID, Type, Kind, URL, ActType, ActNumber, Dated, ValidUntil, FileSHA256 string
		Revoked                                                                bool
		CheckedLevel                                                           *surveys.Level
	}
	type row struct {
		Indicator             string
		Level, RaterA, RaterB *surveys.Level
		NA                    bool
		NAReason              string
		Evidence              []piece
	}
	data := struct {
		Formula, Instrument, Wave, AsOf string
		Ratings                         []row
	}{scoring.FormulaVersion, sh.assessment.InstrumentHash, string(sh.assessment.Wave), sh.asOf.Format(time.DateOnly), []row{}}
	for _, x := range sh.result.Indicators {
		r := sh.ratings[x.Code]
		out := row{Indicator: x.Code, Level: r.Level, RaterA: r.RaterA, RaterB: r.RaterB, NA: r.NA, NAReason: r.NAReason, Evidence: []piece{}}
		for _, e := range sh.evidence[x.Code] {
			out.Evidence = append(out.Evidence, piece{ID: e.ID.String(), Type: string(e.Type), Kind: string(e.Kind), URL: e.URL, ActType: e.ActType,
				ActNumber: e.ActNumber, Dated: dayText(e.Dated), ValidUntil: dayText(e.ValidUntil), FileSHA256: e.FileHash, Revoked: e.Revoked, CheckedLevel: e.CheckedLevel})
		}
		slices.SortFunc(out.Evidence, func(a, b piece) int { return strings.Compare(a.ID, b.ID) })
		data.Ratings = append(data.Ratings, out)
	}
	b, err := json.Marshal(data)
	if err != nil {
		return "", fmt.Errorf("hashing an assessment: %w", err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

func dayText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}
