package scoring

import (
	"fmt"

	"traguardo/surveys"
	"traguardo/surveys/privacy"
)

// poolEntiMin is the number of enti with a valid response that a pool needs: a
// pool of one would be a staff report of that Comune.
const poolEntiMin = 2

// PoolPart is what one ente brings to a pool.
type PoolPart struct {
	Eligible  int
	Responses []Response
}

// PoolConfig is what the parts of a pool have in common.
type PoolConfig struct {
	Threshold int // as StaffConfig.Threshold
	Wave      surveys.Wave
	Short     bool
	Modules   []surveys.Module
}

// Pool scores the responses of several enti together, every person counting the
// same: where enti with fewer than ten eligible employees are seen. Intervals are
// without finite population correction. The pool must not differ from another
// published result by fewer people than the threshold (privacy.Rules.Leaks): pool
// the enti without a report of their own, or one population class, once. With
// fewer than two enti, or fewer valid responses than the threshold, nothing is
// shown. Errors are those of Staff.
func Pool(inst *surveys.Instrument, parts []PoolPart, cfg PoolConfig) (StaffResult, error) {
	rules, err := privacy.NewRules(cfg.Threshold)
	if err != nil {
		return StaffResult{}, fmt.Errorf("pooling %s: %w", inst.Code, err)
	}
	p := newPlan(inst)
	res, err := p.emptyResult(cfg.Wave, rules)
	if err != nil {
		return StaffResult{}, err
	}
	res.Short = cfg.Short
	res.Modules = append(res.Modules, cfg.Modules...)
	var all group
	for i, part := range parts {
		g, err := p.read(part.Responses)
		if err != nil {
			return StaffResult{}, fmt.Errorf("pooling part %d: %w", i, err)
		}
		if part.Eligible < len(g.people) {
			return StaffResult{}, fmt.Errorf("pooling part %d: %w: %d responses from %d eligible", i, surveys.ErrInvalid, len(g.people), part.Eligible)
		}
		res.Eligible += part.Eligible
		if len(g.people) > 0 {
			res.Comuni++
		}
		all.people = append(all.people, g.people...)
		all.complete, all.partial, all.breakOff = all.complete+g.complete, all.partial+g.partial, all.breakOff+g.breakOff
	}
	switch {
	case !rules.MayShow(len(all.people)):
		res.Comuni = 0
	case res.Comuni < poolEntiMin:
		res.State, res.Comuni = OnlyOneEnte, 0
	default:
		builder{plan: p, group: all, rules: rules, eligible: res.Eligible}.fill(&res)
	}
	return res, nil
}
