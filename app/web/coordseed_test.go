package web_test

import (
	"errors"
	"testing"
	"time"

	"traguardo/app/storage"
	"traguardo/app/web/webtest"
	"traguardo/plans"
	"traguardo/surveys"
	"traguardo/surveys/comune"
	"traguardo/surveys/instruments"
)

// seeder writes stored results, waves and plans straight into the database of a
// World: what the pages of a percorso and of a programme read.
type seeder struct {
	t     testing.TB
	w     *webtest.World
	store *storage.Store // of the transaction while there is one
	mat   string         // hashes of the published instruments
	staff string
}

func newSeeder(t testing.TB, w *webtest.World) *seeder {
	t.Helper()
	s := &seeder{t: t, w: w, store: w.Store}
	mat, err1 := instruments.MAT()
	staff, err2 := instruments.STAFF()
	s.must(errors.Join(err1, err2))
	var err error
	s.mat, err = w.Store.PublishInstrument(t.Context(), mat, w.Clock)
	s.must(err)
	s.staff, err = w.Store.PublishInstrument(t.Context(), staff, w.Clock)
	s.must(err)
	return s
}

func (s *seeder) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// at is a day at nine in the morning.
func at(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 9, 0, 0, 0, time.UTC) }

// assessment opens a wave of MAT and, given a day, closes it without result rows.
func (s *seeder) assessment(e comune.Ente, wave surveys.Wave, opened, closed time.Time) surveys.ID {
	s.t.Helper()
	a := storage.Assessment{ID: s.w.ID("assessment:" + e.Name + string(wave)), EnteID: e.ID, Wave: wave, InstrumentHash: s.mat, OpenedAt: opened}
	s.must(s.store.AddAssessment(s.t.Context(), a, []string{"M-PIA-01", "M-PIA-02", "M-SIC-01"}))
	if !closed.IsZero() {
		a.ClosedAt, a.ClosedBy, a.Act = closed, s.w.ID("rtd"), storage.Act{Type: "Determina", Number: "12", Date: closed.Truncate(24 * time.Hour)}
		s.must(s.store.CloseAssessment(s.t.Context(), a))
	}
	return a.ID
}

// campaign makes a wave of STAFF in a state.
func (s *seeder) campaign(e comune.Ente, wave surveys.Wave, state surveys.CampaignState, eligible int, opens, closes time.Time) surveys.ID {
	s.t.Helper()
	ctx := s.t.Context()
	series := storage.Series{ID: s.w.ID("series:" + e.Name + string(wave)), EnteID: e.ID, Method: surveys.PairingCard, KeyWrapped: []byte{1}, CreatedAt: opens}
	s.must(s.store.AddSeries(ctx, series))
	c := storage.Campaign{Campaign: surveys.Campaign{ID: s.w.ID("campaign:" + e.Name + string(wave)), EnteID: e.ID, SeriesID: series.ID, Wave: wave,
		InstrumentHash: s.staff, Short: eligible < surveys.MinFullForm, Threshold: 5, Pairing: surveys.PairingCard, OpensAt: opens, ClosesAt: closes,
		State: state, Eligible: eligible}, CreatedAt: opens}
	if state != surveys.CampaignDraft {
		c.OpenedAt = opens
	}
	if state == surveys.CampaignClosed {
		c.ClosedAt = closes
	}
	s.must(s.store.AddCampaign(ctx, c))
	return c.ID
}

// result stores summary rows; computed on the day the wave closed.
func (s *seeder) result(e comune.Ente, wave surveys.Wave, kind storage.ResultKind, source surveys.ID, on time.Time, areas ...storage.ResultArea) {
	s.t.Helper()
	s.must(s.store.SaveResult(s.t.Context(), storage.Result{ID: s.w.ID("result:" + e.Name + string(wave) + string(kind)), EnteID: e.ID, Wave: wave,
		Kind: kind, SourceID: source, FormulaVersion: "1.0", DataHash: "ab", Body: []byte("{}"), ComputedAt: on, Areas: areas}))
}

func num(x float64) *float64 { return &x }

func count(n int) *int { return &n }

// maturity are the rows of an assessment in which every area has one number.
func maturity(evidenced, declared float64) []storage.ResultArea {
	var out []storage.ResultArea
	for i, a := range append(surveys.AssessmentAreas(), storage.AllAreas) {
		d := float64(i)
		out = append(out, storage.ResultArea{Area: a, State: storage.AreaShown, Evidenced: num(evidenced + d), Declared: num(declared + d),
			Low: num(evidenced + d), High: num(evidenced + d), Coverage: num(0.5), N: count(8), Of: count(8), Label: "definito"})
	}
	return out
}

// competence are the rows of a questionnaire with n of eligible responses.
func competence(mean float64, n, eligible int) []storage.ResultArea {
	out := []storage.ResultArea{{Area: storage.AllAreas, State: storage.AreaShown, N: count(n), Of: count(eligible), Coverage: num(float64(n) / float64(eligible))}}
	for _, a := range surveys.ScoredAreas() {
		out = append(out, storage.ResultArea{Area: a, State: storage.AreaShown, Evidenced: num(mean), Low: num(mean - 6), High: num(mean + 6), N: count(n), Of: count(eligible)})
	}
	return out
}

// withheldRows are the rows of a questionnaire in which too few people work.
func withheldRows(eligible int) []storage.ResultArea {
	var out []storage.ResultArea
	for _, a := range append(surveys.ScoredAreas(), storage.AllAreas) {
		out = append(out, storage.ResultArea{Area: a, State: storage.AreaInsufficient, Of: count(eligible)})
	}
	return out
}

// plan stores an approved plan with micro-progetti that start in these quarters
// and last one; done ones were handed over.
func (s *seeder) plan(e comune.Ente, approved time.Time, done int, starts ...plans.Quarter) {
	s.t.Helper()
	ctx := s.t.Context()
	p := plans.Plan{ID: s.w.ID("plan:" + e.Name), EnteID: e.ID, Title: "Piano", Edition: "2024-2026-agg-2026", State: plans.Draft,
		Start: plans.Quarter{Year: 2026, N: 1}, Quarters: 8, Budget: []plans.Cents{0, 0}, Capacity: make([]int, 8)}
	s.must(s.store.AddPlan(ctx, p, approved))
	var records []storage.ProjectRecord
	for i, q := range starts {
		m := plans.MicroProject{Sheet: plans.Sheet{ID: s.w.ID("project:" + e.Name + string(rune('a'+i))), EnteID: e.ID, PlanID: p.ID, Title: "Progetto " + string(rune('A'+i)),
			Area: surveys.PIA, Acceptance: "fatto", Start: q, Effort: []int{3}}}
		if i < done {
			day := plans.DateOf(approved)
			m.Facts = []plans.Fact{{Kind: plans.FactStart, On: day, Recorded: day, By: "rtd"}, {Kind: plans.FactFinish, On: day, Recorded: day, By: "rtd"}}
		}
		records = append(records, storage.ProjectRecord{Project: m, In: true, Wish: storage.WishAuto, Version: 1, UpdatedAt: approved})
	}
	s.must(s.store.SaveProjects(ctx, records))
	v := plans.Version{Number: 1, JSON: []byte("{}"), SHA256: "ab", Act: plans.Act{Type: "Delibera", Number: "8", Date: plans.DateOf(approved), By: "Giunta"}}
	s.must(s.store.AddPlanVersion(ctx, p, v, s.w.ID("version:"+e.Name), s.w.ID("rtd"), approved))
	p.State = plans.Approved
	s.must(s.store.UpdatePlan(ctx, p, 1))
}
