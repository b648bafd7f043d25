package scoring

import (
	"slices"
	"strconv"

	"traguardo/surveys"
	"traguardo/surveys/privacy"
	"traguardo/surveys/stats"
)

// The categories of a knowledge item's distribution.
const (
	CategoryRight = "right"
	CategoryWrong = "wrong"
	CategoryDK    = "dk"
)

// ItemBin is one shown category of an item, or several merged ones.
type ItemBin struct {
	Categories []string `json:"categories"` // option values in decimal, or right, wrong, dk
	Count      int      `json:"count"`
	Share      float64  `json:"share"` // of N, 0–1
}

// OptionShare is how many chose one option where several may be chosen.
type OptionShare struct {
	Option int            `json:"option"` // option value, or index into the campaign's list of micro-progetti
	Share  privacy.Figure `json:"share"`  // of those who answered the item, 0–1
}

// ItemResult is one question over the group. Everything but the code needs at
// least ten valid answers.
type ItemResult struct {
	Code    string            `json:"code"`
	Block   string            `json:"block"`
	Area    surveys.Area      `json:"area"`
	Kind    surveys.ScaleKind `json:"kind"`
	State   privacy.State     `json:"state"`
	N       int               `json:"n"`       // valid answers; 0 unless shown
	Bins    []ItemBin         `json:"bins"`    // in the order of the scale, categories under three merged; empty unless shown
	Mean    *float64          `json:"mean"`    // 0–100 on linear scales, only where no category was merged
	NA      privacy.Figure    `json:"na"`      // share of «does not concern my work» among those asked
	DK      privacy.Figure    `json:"dk"`      // share of «do not know» among those asked
	Options []OptionShare     `json:"options"` // for questions with several choices; empty otherwise
}

// items gives every question of the group but profile, attention check and
// then-test, and hides a second item of a scale when exactly one is suppressed.
func (b builder) items() []ItemResult {
	out := []ItemResult{}
	for _, x := range b.plan.items {
		switch x.block {
		case blockProfile, blockAttention, blockThen:
			continue
		}
		if b.asked(x) {
			out = append(out, b.item(x))
		}
	}
	b.complement(out)
	return out
}

func (b builder) item(x *item) ItemResult {
	res := ItemResult{
		Code: x.Code, Block: x.block, Area: x.Area, Kind: x.kind,
		Bins: []ItemBin{}, Options: []OptionShare{},
	}
	counts := b.tally[x.at]
	asked := len(b.group.people) - counts[surveys.NotServed]
	res.NA = b.share(counts[surveys.NA], asked, x.NAAllowed)
	res.DK = b.share(counts[surveys.DK], asked, b.plan.inst.ScaleOf(x.Item).DK != nil)
	switch x.kind {
	case surveys.ScaleMultiple, surveys.ScaleProjects:
		b.options(x, &res)
	case surveys.ScaleKey:
		b.knowledge(x, counts, &res)
	case surveys.ScaleLinear, surveys.ScaleSingle:
		b.distribution(x, counts, &res)
	case surveys.ScaleText, surveys.ScaleCode:
		res.State = privacy.NotAsked
	}
	return res
}

// distribution fills bins in the order of the options.
func (b builder) distribution(x *item, counts [256]int, res *ItemResult) {
	var categories []string
	var each []int
	var scores []float64
	for _, o := range x.options {
		categories = append(categories, strconv.Itoa(int(o.Value)))
		each = append(each, counts[o.Value])
		if x.score != nil {
			for range counts[o.Value] {
				scores = append(scores, x.score[o.Value])
			}
		}
	}
	b.bins(categories, each, res)
	// Beside merged bins a mean would help to undo the merging.
	if res.State == privacy.Shown && len(res.Bins) == len(categories) && len(scores) > 0 {
		mean, _ := stats.Mean(scores)
		res.Mean = &mean
	}
}

// knowledge fills right, wrong and «do not know»; the last two are merged first.
func (b builder) knowledge(x *item, counts [256]int, res *ItemResult) {
	right, wrong := 0, 0
	for _, o := range x.options {
		if o.Key {
			right += counts[o.Value]
		} else {
			wrong += counts[o.Value]
		}
	}
	dk := counts[surveys.DK]
	if wrong < privacy.CategoryMin || dk < privacy.CategoryMin {
		b.bins([]string{CategoryRight, ""}, []int{right, wrong + dk}, res)
		for i := range res.Bins {
			if res.Bins[i].Categories[0] == "" {
				res.Bins[i].Categories = []string{CategoryWrong, CategoryDK}
			}
		}
		// The share of «do not know» alone would split what was merged.
		if res.DK.State == privacy.Shown {
			res.DK = privacy.Withheld(privacy.Suppressed)
		}
		return
	}
	b.bins([]string{CategoryRight, CategoryWrong, CategoryDK}, []int{right, wrong, dk}, res)
}

func (b builder) bins(categories []string, counts []int, res *ItemResult) {
	bins, state := b.rules.Distribution(counts)
	res.State = state
	if state != privacy.Shown {
		return
	}
	for _, c := range counts {
		res.N += c
	}
	for _, bin := range bins {
		res.Bins = append(res.Bins, ItemBin{
			Categories: slices.Clone(categories[bin.From : bin.To+1]),
			Count:      bin.Count, Share: float64(bin.Count) / float64(res.N),
		})
	}
}

// options fills the share of each choice where several may be ticked.
func (b builder) options(x *item, res *ItemResult) {
	n, slots := 0, 0
	chosen := make([]int, x.to-x.from)
	for _, r := range b.group.people {
		if !surveys.IsValue(r.Vector[x.from]) {
			continue
		}
		n++
		for i, v := range r.Vector[x.from:x.to] {
			if v == surveys.NotServed {
				break // the campaign's list is shorter than the slots reserved
			}
			slots = max(slots, i+1)
			if v == 1 {
				chosen[i]++
			}
		}
	}
	if !b.rules.MayDistribute(n) {
		res.State = privacy.Insufficient
		return
	}
	res.State, res.N = privacy.Shown, n
	for i, count := range chosen[:slots] {
		option := i
		if x.kind == surveys.ScaleMultiple {
			option = int(x.options[i].Value)
		}
		res.Options = append(res.Options, OptionShare{option, b.share(count, n, true)})
	}
}

// complement keeps a suppressed item from being computed back out of its scale's
// mean and the other items: when exactly one item of a scale is suppressed, the
// shown one with the fewest answers is too (the first of equals).
func (b builder) complement(items []ItemResult) {
	scored := map[string]*item{}
	for _, x := range b.plan.items {
		if x.Scored {
			scored[x.Code] = x
		}
	}
	for _, s := range b.plan.scales {
		var shown, hidden []int
		for i, r := range items {
			if !slices.ContainsFunc(s.items, func(x *item) bool { return x.Code == r.Code }) {
				continue
			}
			if r.State == privacy.Shown {
				shown = append(shown, i)
			} else {
				hidden = append(hidden, i)
			}
		}
		if len(hidden) != 1 || len(shown) == 0 {
			continue
		}
		next := shown[0]
		for _, i := range shown {
			if items[i].N < items[next].N {
				next = i
			}
		}
		items[next].withhold()
	}
}

// withhold leaves nothing of a shown item but its code.
func (r *ItemResult) withhold() {
	r.State, r.N, r.Bins, r.Mean, r.Options = privacy.Suppressed, 0, []ItemBin{}, nil, []OptionShare{}
	r.NA, r.DK = withheldLike(r.NA), withheldLike(r.DK)
}

func withheldLike(f privacy.Figure) privacy.Figure {
	if f.Visible() {
		return privacy.Withheld(privacy.Suppressed)
	}
	return f
}
