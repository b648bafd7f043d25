package privacy

// Bin is one or more neighbouring categories, merged so that no bin counts fewer
// than three people. From and To are positions in the counts given, inclusive.
type Bin struct {
	From  int `json:"from"`
	To    int `json:"to"`
	Count int `json:"count"`
}

// Distribution merges the counts of an item's ordered categories into bins that
// may be shown. The state is Insufficient below ten answers; Suppressed when
// everyone chose the same category, or when merging leaves a single bin; else
// Shown, and the bins cover all categories in order. Bins are nil unless Shown.
func (r Rules) Distribution(counts []int) ([]Bin, State) {
	n, chosen := 0, 0
	for _, c := range counts {
		n += c
		if c > 0 {
			chosen++
		}
	}
	if !r.MayDistribute(n) {
		return nil, Insufficient
	}
	if chosen < 2 {
		return nil, Suppressed
	}
	bins := Merge(counts, CategoryMin)
	if len(bins) < 2 {
		return nil, Suppressed
	}
	return bins, Shown
}

// Merge joins each category counting fewer than least with a neighbour until no
// bin counts fewer or one bin is left. The smallest bin goes first (the earlier of
// equals) and joins its smaller neighbour (the earlier of equals), so that equal
// counts always give equal bins. Categories nobody chose are merged like others:
// «nobody» is a count under three too.
func Merge(counts []int, least int) []Bin {
	bins := make([]Bin, len(counts))
	for i, c := range counts {
		bins[i] = Bin{From: i, To: i, Count: c}
	}
	for len(bins) > 1 {
		i := smallest(bins)
		if bins[i].Count >= least {
			break
		}
		j := neighbour(bins, i)
		if j < i {
			i, j = j, i
		}
		bins[i].To, bins[i].Count = bins[j].To, bins[i].Count+bins[j].Count
		bins = append(bins[:j], bins[j+1:]...)
	}
	return bins
}

func smallest(bins []Bin) int {
	at := 0
	for i := range bins {
		if bins[i].Count < bins[at].Count {
			at = i
		}
	}
	return at
}

func neighbour(bins []Bin, i int) int {
	switch {
	case i == 0:
		return 1
	case i == len(bins)-1:
		return i - 1
	case bins[i+1].Count < bins[i-1].Count:
		return i + 1
	default:
		return i - 1
	}
}
