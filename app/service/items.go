package service

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/surveys"
	"traguardo/surveys/privacy"
	"traguardo/surveys/scoring"
)

// ItemsOfWave is what a programme knows of the questions of one wave.
type ItemsOfWave struct {
	Wave       surveys.Wave
	Closed     int // Comuni whose wave is closed
	Open       int // Comuni whose wave is prepared or open
	Stored     *storage.StoredItems
	Analysis   scoring.ItemAnalysis // of Stored
	Instrument *surveys.Instrument  // of Stored
}

// Ready reports whether the analysis can be computed: it is not yet, at least two
// waves are closed, and none is under way that would have to wait outside it.
func (w ItemsOfWave) Ready() bool { return w.Stored == nil && w.Open == 0 && w.Closed >= 2 }

// ProgrammeItems is the analysis of the questions of a programme, by wave.
type ProgrammeItems struct {
	Programme storage.Programme
	CanEdit   bool
	Waves     []ItemsOfWave // those that any Comune has, in the order of time
}

// ProgrammeItems reads the analyses that were computed. It never reads answers.
func (s *Service) ProgrammeItems(ctx context.Context, actor auth.Actor, programme surveys.ID) (ProgrammeItems, error) {
	if err := s.authoriseProgramme(ctx, s.store, actor, programme, auth.ProgrammeItems); err != nil {
		return ProgrammeItems{}, err
	}
	v := ProgrammeItems{CanEdit: true}
	var err error
	if v.Programme, err = s.store.Programme(ctx, programme); err != nil {
		return v, err
	}
	campaigns, err := s.store.ProgrammeCampaigns(ctx, programme)
	if err != nil {
		return v, err
	}
	stored, err := s.store.ItemsOf(ctx, programme)
	if err != nil {
		return v, err
	}
	for _, wave := range []surveys.Wave{surveys.ExAnte, surveys.Interim, surveys.ExPost} {
		w := countWaves(campaigns, wave)
		if i := slices.IndexFunc(stored, func(x storage.StoredItems) bool { return x.Wave == wave }); i >= 0 {
			w.Stored = &stored[i]
			if err := json.Unmarshal(stored[i].Body, &w.Analysis); err != nil {
				return v, fmt.Errorf("reading the items of programme %s, %s: %w", programme, wave, err)
			}
			if w.Instrument, err = s.instrument(ctx, s.store, stored[i].InstrumentHash); err != nil {
				return v, err
			}
		}
		if w.Stored != nil || w.Closed+w.Open > 0 {
			v.Waves = append(v.Waves, w)
		}
	}
	return v, nil
}

func countWaves(campaigns []storage.Campaign, wave surveys.Wave) ItemsOfWave {
	w := ItemsOfWave{Wave: wave}
	for _, c := range campaigns {
		switch {
		case c.Wave != wave:
		case c.State == surveys.CampaignClosed:
			w.Closed++
		default:
			w.Open++
		}
	}
	return w
}

// ComputeItems computes and keeps the analysis of the questions of one wave, once:
// which Comuni are in is frozen with it, for a second analysis over one Comune more
// would be one of that Comune. Only Comuni with at least ten valid responses enter,
// so that whatever is known of the others leaves no smaller group over. surveys.ErrState:
// it cannot be computed now; storage.ErrConflict: it was.
func (s *Service) ComputeItems(ctx context.Context, actor auth.Actor, programme surveys.ID, wave surveys.Wave) error {
	return s.change(ctx, actor, func(tx *storage.Store) (Change, error) {
		if err := s.authoriseProgramme(ctx, tx, actor, programme, auth.ProgrammeItems); err != nil {
			return Change{}, err
		}
		campaigns, err := tx.ProgrammeCampaigns(ctx, programme)
		if err != nil {
			return Change{}, err
		}
		if !countWaves(campaigns, wave).Ready() {
			return Change{}, fmt.Errorf("items of programme %s, %s: %w", programme, wave, surveys.ErrState)
		}
		hash := commonVersion(campaigns, wave)
		in, err := s.instrument(ctx, tx, hash)
		if err != nil {
			return Change{}, err
		}
		if err := tx.MarkProgrammeSeen(ctx, programme, wave); err != nil {
			return Change{}, err
		}
		rows, err := tx.PooledResponses(ctx, programme, wave, hash)
		if err != nil {
			return Change{}, err
		}
		analysis, err := scoring.Items(in, wave, pooledParts(in, rows, campaigns, wave))
		if err != nil {
			return Change{}, err
		}
		if analysis.N == 0 {
			return Change{}, fmt.Errorf("items of programme %s, %s: %w: too few people", programme, wave, surveys.ErrState)
		}
		body, err := json.Marshal(analysis)
		if err != nil {
			return Change{}, fmt.Errorf("writing the items of programme %s: %w", programme, err)
		}
		err = tx.SaveItems(ctx, storage.StoredItems{ProgrammeID: programme, Wave: wave, InstrumentHash: hash, Body: body, ComputedAt: s.clock()})
		return Change{Action: "programme.items", Subject: "programme:" + programme.String(), Detail: map[string]any{"wave": wave, "comuni": analysis.Comuni}}, err
	})
}

// commonVersion is the version that most closed waves were asked.
func commonVersion(campaigns []storage.Campaign, wave surveys.Wave) string {
	count := map[string]int{}
	for _, c := range campaigns {
		if c.Wave == wave && c.State == surveys.CampaignClosed {
			count[c.InstrumentHash]++
		}
	}
	best := ""
	for hash, n := range count {
		if best == "" || cmp.Or(cmp.Compare(n, count[best]), cmp.Compare(hash, best)) > 0 {
			best = hash
		}
	}
	return best
}

// pooledParts groups responses by ente and leaves out the enti with too few valid
// ones for a distribution of their own.
func pooledParts(in *surveys.Instrument, rows []storage.Response, campaigns []storage.Campaign, wave surveys.Wave) [][]scoring.Response {
	least, short := map[surveys.ID]int{}, map[surveys.ID]bool{}
	for _, c := range campaigns {
		if c.Wave == wave {
			least[c.EnteID], short[c.EnteID] = max(c.Threshold, privacy.DistributionMin), c.Short
		}
	}
	byEnte := map[surveys.ID][]scoring.Response{}
	var order []surveys.ID
	for _, r := range rows {
		tally, err := in.Count(r.Vector)
		if err != nil || tally.Class() == surveys.BreakOff {
			continue
		}
		if byEnte[r.EnteID] == nil {
			order = append(order, r.EnteID)
		}
		byEnte[r.EnteID] = append(byEnte[r.EnteID], scoring.Response{Vector: r.Vector, Set: r.Set, Short: short[r.EnteID]})
	}
	var parts [][]scoring.Response
	for _, id := range order {
		if len(byEnte[id]) >= least[id] {
			parts = append(parts, byEnte[id])
		}
	}
	return parts
}
