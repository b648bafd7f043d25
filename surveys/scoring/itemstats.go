package scoring

import (
	"math"
	"slices"

	"traguardo/surveys"
	"traguardo/surveys/privacy"
	"traguardo/surveys/stats"
)

// Limits of the analysis of items (questionnaires.md §9): under them nothing is
// computed, and a cell of people is not shown.
const (
	ItemPoolMin = privacy.ReliabilityMin // people who answered the item, pooled
	ItemCellMin = privacy.DefaultThreshold
	easyLimit   = 0.90
	hardLimit   = 0.20
	rareLimit   = 0.05
)

// What is odd about an item.
const (
	FlagEasy = "easy" // more than 90 % right
	FlagHard = "hard" // fewer than 20 % right
	FlagWeak = "weak" // correlation with the rest below .20 (knowledge) or .30
	FlagRare = "rare" // a wrong option chosen by fewer than 5 %
)

// OptionStat is one answer to a knowledge question. Share is nil where the cell, or
// the one that would give it away, has fewer than five people.
type OptionStat struct {
	Option int      `json:"option"` // value of the option; −1 is «do not know»
	Key    bool     `json:"key"`
	Share  *float64 `json:"share"` // of N, 0–1
}

// ItemStat is one question over a pool of enti. Every pointer is nil where there are
// too few people or the figure is not defined.
type ItemStat struct {
	Code           string            `json:"code"`
	Area           surveys.Area      `json:"area"`
	Kind           surveys.ScaleKind `json:"kind"`
	N              int               `json:"n"`              // people with a valid answer, «do not know» included; 0 under 30
	Mean           *float64          `json:"mean"`           // knowledge: share right, 0–1; linear: mean, 0–100
	Discrimination *float64          `json:"discrimination"` // correlation with the mean of the other items of the scale
	NA             *float64          `json:"na"`             // share of «does not concern my work», 0–1
	Options        []OptionStat      `json:"options"`        // knowledge only
	Flags          []string          `json:"flags"`
}

// ItemAnalysis describes the questions of one version over a pool.
type ItemAnalysis struct {
	FormulaVersion string       `json:"formula_version"`
	Instrument     string       `json:"instrument"`
	Version        string       `json:"version"`
	Wave           surveys.Wave `json:"wave"`
	Comuni         int          `json:"comuni"`
	N              int          `json:"n"`
	Items          []ItemStat   `json:"items"` // self-assessment, knowledge and attitudes, in the order of asking; empty under 30 people or two enti
}

// Items analyses the questions over the valid responses of several enti. Difficulty
// is the share right, «do not know» counted as wrong; discrimination is the Pearson
// correlation of the item with the mean of the person's other valid items of the
// scale (a mean and not a sum, because the two rotated sets differ). surveys.ErrInvalid
// as for Staff.
func Items(inst *surveys.Instrument, w surveys.Wave, parts [][]Response) (ItemAnalysis, error) {
	p := newPlan(inst)
	out := ItemAnalysis{FormulaVersion: FormulaVersion, Instrument: inst.Code, Version: inst.Version, Wave: w, Items: []ItemStat{}}
	var people []Response
	for _, part := range parts {
		g, err := p.read(part)
		if err != nil {
			return ItemAnalysis{}, err
		}
		if len(g.people) > 0 {
			out.Comuni++
			people = append(people, g.people...)
		}
	}
	if len(people) < ItemPoolMin || out.Comuni < poolEntiMin {
		out.Comuni = 0
		return out, nil
	}
	slices.SortFunc(people, compareResponses)
	out.N = len(people)
	for _, s := range p.scales {
		if s.measure == SelfAssessed || s.measure == Attitude || s.measure == Knowledge && s.area == "" {
			for _, x := range s.items {
				out.Items = append(out.Items, itemStat(s, x, people))
			}
		}
	}
	return out, nil
}

func itemStat(s *scale, x *item, people []Response) ItemStat {
	st := ItemStat{Code: x.Code, Area: x.Area, Kind: x.kind, Options: []OptionStat{}, Flags: []string{}}
	var own, rest, all []float64
	var tally [256]int
	served := 0
	for _, r := range people {
		b := r.Vector[x.from]
		tally[b]++
		if b != surveys.NotServed {
			served++
		}
		score := x.score[b]
		if math.IsNaN(score) {
			continue
		}
		all = append(all, score)
		if mean, ok := restOf(s, x, r.Vector); ok {
			own, rest = append(own, score), append(rest, mean)
		}
	}
	if len(all) < ItemPoolMin {
		return st
	}
	st.N = len(all)
	if x.kind == surveys.ScaleKey {
		st.knowledge(x, tally)
	} else {
		mean, _ := stats.Mean(all)
		st.Mean = &mean
		if na := tally[surveys.NA]; na >= ItemCellMin && served-na >= ItemCellMin {
			share := float64(na) / float64(served)
			st.NA = &share
		}
	}
	if len(own) >= ItemPoolMin {
		st.discriminate(own, rest)
	}
	return st
}

// restOf is the mean of a person's other valid items of the scale; at least two.
func restOf(s *scale, x *item, v surveys.Vector) (mean float64, ok bool) {
	n := 0
	for _, y := range s.items {
		if score := y.score[v[y.from]]; y != x && !math.IsNaN(score) {
			mean, n = mean+score, n+1
		}
	}
	return mean / float64(max(n, 1)), n >= 2
}

func (st *ItemStat) discriminate(own, rest []float64) {
	vx, okX := stats.Variance(own)
	vy, okY := stats.Variance(rest)
	if !okX || !okY || vx <= 0 || vy <= 0 {
		return
	}
	r := max(-1, min(1, covariance(own, rest)/math.Sqrt(vx*vy)))
	st.Discrimination = &r
	limit := weakItem
	if st.Kind == surveys.ScaleKey {
		limit = weakKnowledge
	}
	if r < limit {
		st.Flags = append(st.Flags, FlagWeak)
	}
}

// knowledge fills difficulty and the answers. Cells under five are hidden, and with
// exactly one hidden the next smallest, so that the rest does not give it.
func (st *ItemStat) knowledge(x *item, tally [256]int) {
	type cell struct {
		at, count int
	}
	var cells []cell
	right := 0
	for _, o := range x.options {
		if o.Key {
			right += tally[o.Value]
		}
		cells = append(cells, cell{len(cells), tally[o.Value]})
		st.Options = append(st.Options, OptionStat{Option: int(o.Value), Key: o.Key})
	}
	cells = append(cells, cell{len(cells), tally[surveys.DK]})
	st.Options = append(st.Options, OptionStat{Option: -1})
	slices.SortStableFunc(cells, func(a, b cell) int { return a.count - b.count })
	hidden := 0
	for hidden < len(cells) && cells[hidden].count < ItemCellMin {
		if o := st.Options[cells[hidden].at]; !o.Key && o.Option >= 0 && float64(cells[hidden].count) < rareLimit*float64(st.N) {
			st.flag(FlagRare)
		}
		hidden++
	}
	if hidden == 1 {
		hidden = 2
	}
	for _, c := range cells[min(hidden, len(cells)):] {
		share := float64(c.count) / float64(st.N)
		st.Options[c.at].Share = &share
		if o := st.Options[c.at]; !o.Key && o.Option >= 0 && share < rareLimit {
			st.flag(FlagRare)
		}
	}
	keyAt := slices.IndexFunc(st.Options, func(o OptionStat) bool { return o.Key })
	if keyAt < 0 || st.Options[keyAt].Share == nil || st.N-right < ItemCellMin {
		return // the difficulty would say what the hidden cell does not
	}
	st.Mean = st.Options[keyAt].Share
	switch {
	case *st.Mean > easyLimit:
		st.flag(FlagEasy)
	case *st.Mean < hardLimit:
		st.flag(FlagHard)
	}
}

func (st *ItemStat) flag(f string) {
	if !slices.Contains(st.Flags, f) {
		st.Flags = append(st.Flags, f)
	}
}
