package service

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/surveys"
	"traguardo/surveys/pairing"
	"traguardo/surveys/privacy"
	"traguardo/surveys/scoring"
)

// close ends a wave in the running transaction: the results are computed once and
// stored, drafts go, and invitations and responses are written anew in random order.
func (s *Service) close(ctx context.Context, tx *storage.Store, c *storage.Campaign, now time.Time) (Change, error) {
	if err := c.Close(now); err != nil {
		return Change{}, err
	}
	if err := tx.UpdateCampaign(ctx, *c); err != nil {
		return Change{}, err
	}
	in, err := s.instrument(ctx, tx, c.InstrumentHash)
	if err != nil {
		return Change{}, err
	}
	responses, err := tx.Responses(ctx, c.EnteID, c.ID)
	if err != nil {
		return Change{}, err
	}
	result, err := scoring.Staff(in, scored(responses, c.Short), scoring.StaffConfig{Eligible: c.Eligible, Threshold: c.Threshold,
		Wave: c.Wave, Short: c.Short, Modules: c.Modules})
	if err != nil {
		return Change{}, err
	}
	if c.PairsWith != "" {
		if result, err = s.compare(ctx, tx, in, *c, responses, result); err != nil {
			return Change{}, err
		}
	}
	hash := dataHash(*c, responses)
	if err := s.saveResult(ctx, tx, *c, storage.ResultStaff, hash, result, staffAreas(result)); err != nil {
		return Change{}, err
	}
	if err := tx.RemoveDrafts(ctx, c.EnteID, c.ID); err != nil {
		return Change{}, err
	}
	if err := tx.DropCampaignMail(ctx, c.EnteID, c.ID); err != nil {
		return Change{}, err
	}
	if err := tx.ShuffleCampaign(ctx, c.EnteID, c.ID); err != nil {
		return Change{}, err
	}
	return Change{Action: "campaign.close", Detail: map[string]string{"data_hash": hash, "formula": scoring.FormulaVersion}}, nil
}

func scored(rows []storage.Response, short bool) []scoring.Response {
	out := make([]scoring.Response, 0, len(rows))
	for _, r := range rows {
		out = append(out, scoring.Response{Vector: r.Vector, Set: r.Set, Short: short})
	}
	return out
}

// compare pairs the wave with the one before, stores the change, and returns the
// result of the later wave without what would give away the few who answered one
// wave only; the earlier result loses it too.
func (s *Service) compare(ctx context.Context, tx *storage.Store, in *surveys.Instrument, c storage.Campaign, post []storage.Response,
	result scoring.StaffResult) (scoring.StaffResult, error) {
	earlier, err := tx.Campaign(ctx, c.EnteID, c.PairsWith)
	if err != nil {
		return result, err
	}
	if earlier.State != surveys.CampaignClosed || earlier.SeriesID != c.SeriesID {
		return result, nil
	}
	pre, err := tx.Responses(ctx, c.EnteID, earlier.ID)
	if err != nil {
		return result, err
	}
	common, before, after, err := s.comparable(ctx, tx, in, earlier, pre, post)
	if err != nil {
		return result, err
	}
	match := pairing.Match(keyed(pre), keyed(post), c.Pairing, max(len(pre), len(post)))
	seed, err := seedFrom(s)
	if err != nil {
		return result, err
	}
	change, err := scoring.Change(common, paired(before, earlier.Short), paired(after, c.Short), match, scoring.ChangeConfig{EligiblePre: earlier.Eligible,
		EligiblePost: c.Eligible, Threshold: max(earlier.Threshold, c.Threshold), Seed: seed})
	if err != nil {
		return result, err
	}
	hash := changeHash(earlier, c, pre, post, match)
	if err := s.saveResult(ctx, tx, c, storage.ResultStaffChange, hash, change, changeAreas(change)); err != nil {
		return result, err
	}
	return change.Withhold(result), s.withholdEarlier(ctx, tx, earlier, change)
}

// comparable returns the questionnaire and the sheets on which two waves are compared:
// as they are when both were asked the same version, and otherwise reduced to the
// items that are the same in both, so that a reworded one never makes a change.
func (s *Service) comparable(ctx context.Context, tx *storage.Store, in *surveys.Instrument, earlier storage.Campaign, pre, post []storage.Response) (
	common *surveys.Instrument, before, after []storage.Response, err error) {
	old, err := s.instrument(ctx, tx, earlier.InstrumentHash)
	if err != nil || old == in {
		return in, pre, post, err
	}
	a := surveys.Align(old, in)
	align := func(rows []storage.Response, to func(surveys.Vector) (surveys.Vector, bool)) ([]storage.Response, error) {
		out := slices.Clone(rows)
		for i := range out {
			v, ok := to(out[i].Vector)
			if !ok {
				return nil, fmt.Errorf("%w: a sheet of campaign %s has %d slots", surveys.ErrInvalid, out[i].CampaignID, len(out[i].Vector))
			}
			out[i].Vector = v
		}
		return out, nil
	}
	if before, err = align(pre, a.Earlier); err != nil {
		return nil, nil, nil, err
	}
	after, err = align(post, a.Later)
	return a.Common, before, after, err
}

// withholdEarlier takes out of the stored result of the earlier wave the means that
// beside the change would tell of people who answered that wave only.
func (s *Service) withholdEarlier(ctx context.Context, tx *storage.Store, earlier storage.Campaign, change scoring.ChangeResult) error {
	if !slices.ContainsFunc(change.Measures, func(m scoring.MeasureChange) bool { return m.MeansWithheld }) {
		return nil
	}
	stored, err := tx.Result(ctx, earlier.EnteID, earlier.Wave, storage.ResultStaff)
	if err != nil {
		return err
	}
	var before scoring.StaffResult
	if err := json.Unmarshal(stored.Body, &before); err != nil {
		return fmt.Errorf("reading the result of campaign %s: %w", earlier.ID, err)
	}
	before = change.Withhold(before)
	if stored.Body, err = json.Marshal(before); err != nil {
		return fmt.Errorf("writing the result of campaign %s: %w", earlier.ID, err)
	}
	stored.Areas = staffAreas(before)
	return tx.WithholdResult(ctx, stored)
}

// seedFrom draws the seed of the bootstrap; it is stored with the result.
func seedFrom(s *Service) (uint64, error) {
	id, err := s.newID()
	if err != nil {
		return 0, err
	}
	sum := sha256.Sum256([]byte(id))
	return binary.BigEndian.Uint64(sum[:8]) >> 11, nil // 53 bits: every reader of JSON keeps it exactly
}

func keyed(rows []storage.Response) []pairing.Keyed {
	out := make([]pairing.Keyed, 0, len(rows))
	for _, r := range rows {
		out = append(out, pairing.Keyed{ID: r.ID, Hashes: r.Pair})
	}
	return out
}

func paired(rows []storage.Response, short bool) []scoring.PairedResponse {
	out := make([]scoring.PairedResponse, 0, len(rows))
	for _, r := range rows {
		out = append(out, scoring.PairedResponse{ID: r.ID, Response: scoring.Response{Vector: r.Vector, Set: r.Set, Short: short}})
	}
	return out
}

func (s *Service) saveResult(ctx context.Context, tx *storage.Store, c storage.Campaign, kind storage.ResultKind, hash string, body any, areas []storage.ResultArea) error {
	id, err := s.newID()
	if err != nil {
		return err
	}
	b, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("writing the %s result of campaign %s: %w", kind, c.ID, err)
	}
	return tx.SaveResult(ctx, storage.Result{ID: id, EnteID: c.EnteID, Wave: c.Wave, Kind: kind, SourceID: c.ID, FormulaVersion: scoring.FormulaVersion,
		DataHash: hash, Body: b, ComputedAt: c.ClosedAt, Areas: areas})
}

// dataHash is SHA-256 over what the wave was scored from: the version of the
// questionnaire, eligible staff, threshold, and every sheet, sorted by content so
// that neither ids nor the order of coming in have a part in it.
func dataHash(c storage.Campaign, rows []storage.Response) string {
	return hashLines(append([]string{fmt.Sprintf("staff/1 %s %s %d %d %t", c.InstrumentHash, c.Wave, c.Eligible, c.Threshold, c.Short)}, responseLines(rows)...))
}

func changeHash(before, after storage.Campaign, pre, post []storage.Response, match pairing.MatchReport) string {
	byID := map[surveys.ID]string{}
	for _, r := range slices.Concat(pre, post) {
		byID[r.ID] = responseLine(r)
	}
	pairs := make([]string, 0, len(match.Pairs))
	for _, p := range match.Pairs {
		pairs = append(pairs, byID[p.Pre]+" "+byID[p.Post])
	}
	slices.Sort(pairs)
	return hashLines(append([]string{"staffchange/1", dataHash(before, pre), dataHash(after, post)}, pairs...))
}

func responseLines(rows []storage.Response) []string {
	out := make([]string, 0, len(rows))
	for _, r := range rows {
		out = append(out, responseLine(r))
	}
	slices.Sort(out)
	return out
}

func responseLine(r storage.Response) string {
	return string(r.Set) + ":" + hex.EncodeToString(r.Vector)
}

func hashLines(lines []string) string {
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return hex.EncodeToString(sum[:])
}

// staffAreas are the summary rows of a staff result: evidenced is the mean of
// self-assessed competence, knowledge that of knowledge; the row of all areas has
// the response rate as coverage.
func staffAreas(r scoring.StaffResult) []storage.ResultArea {
	of := r.Eligible
	all := storage.ResultArea{Area: storage.AllAreas, State: areaState(r.Response.State), Knowledge: shown(r.Knowledge), Coverage: r.Response.Rate, Of: &of}
	if r.Response.State == privacy.Shown {
		n := r.Response.Responses
		all.N = &n
	}
	out := []storage.ResultArea{all}
	for _, a := range surveys.ScoredAreas() {
		row := storage.ResultArea{Area: a, State: storage.AreaInsufficient, Of: &of}
		if i := slices.IndexFunc(r.Areas, func(x scoring.StaffArea) bool { return x.Area == a }); i >= 0 {
			self := r.Areas[i].Self
			row.State, row.Evidenced, row.Knowledge = areaState(self.State), shown(self), shown(r.Areas[i].Knowledge)
			if self.Visible() {
				n := self.N
				row.N = &n
				row.Low, row.High = ends(self.Interval)
			}
		}
		out = append(out, row)
	}
	return out
}

// changeAreas are the summary rows of a change, in points: evidenced is the
// change of self-assessed competence that comes first in print (MeasureChange.Headline)
// with its interval, knowledge that of the anchors.
func changeAreas(r scoring.ChangeResult) []storage.ResultArea {
	var out []storage.ResultArea
	for _, a := range append([]surveys.Area{""}, surveys.ScoredAreas()...) {
		row := storage.ResultArea{Area: a, State: storage.AreaInsufficient}
		measure := scoring.SelfAssessed
		if a == "" {
			row.Area, measure = storage.AllAreas, scoring.Anchors
		}
		if m, ok := r.Measure(measure, a, ""); ok {
			row.State = areaState(m.State)
			if m.State == privacy.Shown {
				n := m.N
				value, in := m.Headline()
				row.N, row.Evidenced = &n, value
				row.Low, row.High = ends(in)
			}
		}
		if m, ok := r.Measure(scoring.Anchors, a, ""); ok && m.State == privacy.Shown {
			row.Knowledge, _ = m.Headline()
		}
		if a == "" {
			row.Evidenced = nil // no index over the areas of staff: anchors alone
		}
		out = append(out, row)
	}
	return out
}

func shown(f privacy.Figure) *float64 {
	if !f.Visible() {
		return nil
	}
	return f.Value
}

func ends(r *privacy.Range) (low, high *float64) {
	if r == nil {
		return nil, nil
	}
	return &r.Low, &r.High
}

func areaState(st privacy.State) string {
	switch st {
	case privacy.Shown:
		return storage.AreaShown
	case privacy.Suppressed:
		return storage.AreaSuppressed
	case privacy.NotAsked:
		return storage.AreaNone
	case privacy.Insufficient:
		return storage.AreaInsufficient
	default:
		return storage.AreaInsufficient
	}
}

// StaffResults is what a closed wave shows: the stored result and, for a later
// wave, the change from the ex-ante.
type StaffResults struct {
	Place   Place
	Stored  storage.Result // formula version, data hash, when computed
	Result  scoring.StaffResult
	Change  *scoring.ChangeResult // nil: nothing to compare with
	Changed *storage.Result       // meta of Change
}

// StaffResults returns what is stored for a wave of the staff survey. It never
// reads answers. storage.ErrNotFound: the wave is not closed.
func (s *Service) StaffResults(ctx context.Context, actor auth.Actor, ente surveys.ID, wave surveys.Wave) (StaffResults, error) {
	p, err := s.Place(ctx, actor, ente, auth.CampaignView)
	if err != nil {
		return StaffResults{}, err
	}
	r := StaffResults{Place: p}
	if r.Stored, err = s.store.Result(ctx, ente, wave, storage.ResultStaff); err != nil {
		return r, err
	}
	if err := json.Unmarshal(r.Stored.Body, &r.Result); err != nil {
		return r, fmt.Errorf("reading the staff result of %s, %s: %w", ente, wave, err)
	}
	changed, err := s.store.Result(ctx, ente, wave, storage.ResultStaffChange)
	if errors.Is(err, storage.ErrNotFound) {
		return r, nil
	}
	if err != nil {
		return r, err
	}
	var c scoring.ChangeResult
	if err := json.Unmarshal(changed.Body, &c); err != nil {
		return r, fmt.Errorf("reading the change of %s, %s: %w", ente, wave, err)
	}
	r.Change, r.Changed = &c, &changed
	return r, nil
}
