package scoring

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"

	"traguardo/surveys"
	"traguardo/surveys/privacy"
)

// Response is one submitted vector. Break-offs (under half of the served items)
// may be among them: they are counted and left out of every result.
type Response struct {
	Vector surveys.Vector
	Set    surveys.Form // rotated knowledge set: FormA, FormB, or FormNone in the short form
	Short  bool         // answered the short form
}

// StaffConfig is what a wave of STAFF in one ente brings besides the answers.
type StaffConfig struct {
	Eligible  int // employees entitled to answer, at closing
	Threshold int // people below which nothing is shown; 0 = 5; may only be raised
	Wave      surveys.Wave
	Short     bool             // the campaign served the short form; recorded with the result
	Modules   []surveys.Module // optional blocks that were on; recorded with the result
}

// ResultState says whether a result has anything to show.
type ResultState string

// The states of a staff result.
const (
	Published    ResultState = "published"
	TooFew       ResultState = "insufficient" // fewer valid responses than the threshold: «dati insufficienti»
	OnlyPooled   ResultState = "pooled_only"  // under ten eligible employees: no staff report of the Comune
	OnlyOneEnte  ResultState = "one_ente"     // a pool of fewer than two Comuni would be a report of one
	NothingPairs ResultState = "no_pairs"     // fewer matched pairs than the threshold
)

// ResponseRate counts responses. Counts are withheld with the rest when there are
// too few, and the split into complete and partial when one part has 1–4 people.
type ResponseRate struct {
	State     privacy.State `json:"state"`
	Responses int           `json:"responses"` // complete + partial; 0 unless shown
	Rate      *float64      `json:"rate"`      // RR2 of AAPOR, (I+P)/N, 0–1
	Complete  privacy.Cell  `json:"complete"`  // at least 80 % of the served items
	Partial   privacy.Cell  `json:"partial"`   // 50–79 %
	BreakOffs privacy.Cell  `json:"break_offs"`
}

// StaffArea holds the figures of one area, all on 0–100 but Calibration (points).
type StaffArea struct {
	Area      surveys.Area   `json:"area"`
	Self      privacy.Figure `json:"self"`      // SA
	Knowledge privacy.Figure `json:"knowledge"` // KN
	Anchors   privacy.Figure `json:"anchors"`   // KX
	// Calibration is mean SA − mean KN. The two metrics are not equated: a gap is a
	// question to discuss. N counts those who have both scores.
	Calibration privacy.Figure `json:"calibration"`
	Behaviour   privacy.Figure `json:"behaviour"` // BH, descriptive only
}

// ConstructResult is one attitude scale.
type ConstructResult struct {
	Construct string         `json:"construct"` // UTI, EFF, ORG
	Title     surveys.Text   `json:"title"`
	Figure    privacy.Figure `json:"figure"`
}

// Quality holds group flags of data quality, shares 0–1. Nobody is excluded by them.
type Quality struct {
	AttentionFailed privacy.Figure `json:"attention_failed"` // did not choose the value that ATN-01 asks for
	SameAnswers     privacy.Figure `json:"same_answers"`     // one and the same answer to every attitude item
}

// StaffResult is a scored wave of STAFF: of one ente, or pooled. It holds only
// what may be published (questionnaires.md §8); everything withheld is a Figure
// or a Cell with a state and no number.
type StaffResult struct {
	FormulaVersion string           `json:"formula_version"`
	Instrument     string           `json:"instrument"`
	Version        string           `json:"version"`
	Wave           surveys.Wave     `json:"wave"`
	Short          bool             `json:"short"`
	Modules        []surveys.Module `json:"modules"`
	State          ResultState      `json:"state"`
	Threshold      int              `json:"threshold"`
	Eligible       int              `json:"eligible"`
	Comuni         int              `json:"comuni,omitempty"` // of a pool: enti with at least one valid response
	// FinitePopulation says that intervals describe this ente's staff, with the
	// correction for a finite population; a pool's do not.
	FinitePopulation bool              `json:"finite_population"`
	Response         ResponseRate      `json:"response"`
	Areas            []StaffArea       `json:"areas"`           // PIA, SIC, COM, DOC; empty unless published
	Knowledge        privacy.Figure    `json:"knowledge"`       // KN overall, STR included
	Anchors          privacy.Figure    `json:"anchors"`         // KX overall
	GuessCorrected   privacy.Figure    `json:"guess_corrected"` // 100·(R − W/3)/k, check only
	Attitudes        []ConstructResult `json:"attitudes"`
	Overclaim        privacy.Figure    `json:"overclaim"`
	Items            []ItemResult      `json:"items"` // empty unless published
	Quality          Quality           `json:"quality"`
	// Reliability of the scales with at least 30 complete answers; empty with fewer.
	Reliability []ScaleReliability `json:"reliability"`
}

// OfEveryone reports whether a shown figure is of all the eligible employees of the
// ente, so that no part of the staff is missing from it.
func (r StaffResult) OfEveryone(f privacy.Figure) bool {
	return r.FinitePopulation && f.Visible() && r.Eligible > 0 && f.N == r.Eligible
}

// Staff scores one closed wave of one ente and withholds what §8 forbids. Under
// ten eligible employees it returns state OnlyPooled and no figure at all. It
// returns surveys.ErrInvalid for a vector that inst cannot have, an unknown set or
// wave, a lowered threshold, or more valid responses than eligible employees. The
// order of responses does not matter.
func Staff(inst *surveys.Instrument, responses []Response, cfg StaffConfig) (StaffResult, error) {
	rules, err := privacy.NewRules(cfg.Threshold)
	if err != nil {
		return StaffResult{}, fmt.Errorf("scoring %s: %w", inst.Code, err)
	}
	if cfg.Eligible < 0 {
		return StaffResult{}, fmt.Errorf("scoring %s: %w: %d eligible", inst.Code, surveys.ErrInvalid, cfg.Eligible)
	}
	p := newPlan(inst)
	g, err := p.read(responses)
	if err != nil {
		return StaffResult{}, err
	}
	res, err := p.emptyResult(cfg.Wave, rules)
	if err != nil {
		return StaffResult{}, err
	}
	res.Short, res.Eligible, res.FinitePopulation = cfg.Short, cfg.Eligible, true
	res.Modules = append(res.Modules, cfg.Modules...)
	if !rules.MayReport(cfg.Eligible) {
		res.State = OnlyPooled
		return res, nil
	}
	if len(g.people) > cfg.Eligible {
		return StaffResult{}, fmt.Errorf("scoring %s: %w: %d responses from %d eligible", inst.Code, surveys.ErrInvalid, len(g.people), cfg.Eligible)
	}
	if !rules.MayShow(len(g.people)) {
		return res, nil
	}
	b := builder{plan: p, group: g, rules: rules, population: cfg.Eligible, eligible: cfg.Eligible}
	b.fill(&res)
	return res, nil
}

// emptyResult is a result in which everything is withheld as insufficient.
func (p *plan) emptyResult(w surveys.Wave, rules privacy.Rules) (StaffResult, error) {
	if _, err := surveys.ParseWave(string(w)); err != nil {
		return StaffResult{}, fmt.Errorf("scoring %s: %w", p.inst.Code, err)
	}
	no := privacy.Withheld(privacy.Insufficient)
	cell := privacy.Cell{State: privacy.Insufficient}
	return StaffResult{
		FormulaVersion: FormulaVersion, Instrument: p.inst.Code, Version: p.inst.Version,
		Wave: w, Modules: []surveys.Module{}, State: TooFew, Threshold: rules.Threshold(),
		Response: ResponseRate{State: privacy.Insufficient, Complete: cell, Partial: cell, BreakOffs: cell},
		Areas:    []StaffArea{}, Knowledge: no, Anchors: no, GuessCorrected: no,
		Attitudes: []ConstructResult{}, Overclaim: no, Items: []ItemResult{},
		Quality:     Quality{AttentionFailed: no, SameAnswers: no},
		Reliability: []ScaleReliability{},
	}, nil
}

// group is the valid responses of a wave with their classes.
type group struct {
	people                      []Response
	complete, partial, breakOff int
}

// read checks the responses and sets break-offs apart.
func (p *plan) read(responses []Response) (group, error) {
	var g group
	for _, r := range responses {
		switch r.Set {
		case surveys.FormA, surveys.FormB, surveys.FormNone:
		case surveys.FormX:
			return group{}, fmt.Errorf("scoring %s: %w: X is not a rotated set", p.inst.Code, surveys.ErrInvalid)
		default:
			return group{}, fmt.Errorf("scoring %s: %w: set %q", p.inst.Code, surveys.ErrInvalid, r.Set)
		}
		class, err := p.check(r.Vector)
		if err != nil {
			return group{}, fmt.Errorf("scoring %s: %w", p.inst.Code, err)
		}
		switch class {
		case surveys.Complete:
			g.complete++
		case surveys.Partial:
			g.partial++
		case surveys.BreakOff:
			g.breakOff++
			continue
		}
		g.people = append(g.people, r)
	}
	// Sums of floating point depend on their order in the last digits: sorted, the
	// same answers give the same bytes whatever order they were read in.
	slices.SortFunc(g.people, compareResponses)
	return g, nil
}

func compareResponses(a, b Response) int {
	return cmp.Or(bytes.Compare(a.Vector, b.Vector), cmp.Compare(a.Set, b.Set))
}
