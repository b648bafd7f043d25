package privacy

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"traguardo/surveys"
)

func TestThresholdOnlyRises(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		asked, want int
		refused     bool
	}{{-1, 0, true}, {0, 5, false}, {1, 0, true}, {4, 0, true}, {5, 5, false}, {8, 8, false}} {
		r, err := NewRules(c.asked)
		if c.refused != errors.Is(err, surveys.ErrInvalid) {
			t.Errorf("NewRules(%d): error %v, want refusal %v", c.asked, err, c.refused)
		}
		if err == nil && r.Threshold() != c.want {
			t.Errorf("NewRules(%d).Threshold() = %d, want %d", c.asked, r.Threshold(), c.want)
		}
	}
	if got := (Rules{}).Threshold(); got != 5 {
		t.Errorf("zero Rules have threshold %d, want 5", got)
	}
}

func TestLimitsRowByRow(t *testing.T) {
	t.Parallel()
	var r Rules
	strict, err := NewRules(12)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name      string
		got, want bool
	}{
		{"mean of 0", r.MayShow(0), false},
		{"mean of 4", r.MayShow(4), false},
		{"mean of 5", r.MayShow(5), true},
		{"mean of 11 under a raised threshold", strict.MayShow(11), false},
		{"distribution of 9", r.MayDistribute(9), false},
		{"distribution of 10", r.MayDistribute(10), true},
		{"distribution of 11 under a raised threshold", strict.MayDistribute(11), false},
		{"texts of 5 among 10", r.MayReadTexts(10, 5), true},
		{"texts of 4 among 10", r.MayReadTexts(10, 4), false},
		{"texts of 9 among 9", r.MayReadTexts(9, 9), false},
		{"number of 8 texts among 12: 4 wrote none", r.MayCountTexts(12, 8), false},
		{"number of 8 texts among 13", r.MayCountTexts(13, 8), true},
		{"number of 12 texts among 12", r.MayCountTexts(12, 12), true},
		{"report of 9 eligible", r.MayReport(9), false},
		{"report of 10 eligible", r.MayReport(10), true},
		{"remainder of 0", r.Remainder(0), true},
		{"remainder of 1", r.Remainder(1), false},
		{"remainder of 4", r.Remainder(4), false},
		{"remainder of 5", r.Remainder(5), true},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, c.got, c.want)
		}
	}
}

func TestOpenRate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		responses, eligible, percent int
		ok                           bool
	}{{0, 0, 0, false}, {5, 9, 0, false}, {9, 9, 0, false}, {-1, 50, 0, false}, {0, 10, 0, true}, {1, 10, 10, true}, {12, 10, 100, true},
		{19, 100, 10, true}, {20, 100, 20, true}, {99, 100, 90, true}, {1, 3000, 0, true}, {9, 27, 30, true}, {8, 27, 20, true}, {27, 27, 100, true}, {30, 27, 100, true}} {
		percent, ok := OpenRate(c.responses, c.eligible)
		if percent != c.percent || ok != c.ok {
			t.Errorf("OpenRate(%d, %d) = %d, %v; want %d, %v", c.responses, c.eligible, percent, ok, c.percent, c.ok)
		}
	}
}

func TestMeanState(t *testing.T) {
	t.Parallel()
	scale := Range{0, 100}
	for _, c := range []struct {
		name string
		xs   []float64
		want State
	}{
		{"nobody", nil, Insufficient},
		{"four", []float64{1, 2, 3, 4}, Insufficient},
		{"five", []float64{1, 2, 3, 4, 5}, Shown},
		{"all at the bottom", []float64{0, 0, 0, 0, 0}, Suppressed},
		{"all at the top", []float64{100, 100, 100, 100, 100, 100}, Suppressed},
		{"all alike in the middle", []float64{50, 50, 50, 50, 50}, Suppressed},
		{"one differs", []float64{50, 50, 50, 50, 75}, Shown},
	} {
		if got := (Rules{}).MeanState(c.xs, scale); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

func TestShareState(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		count, n int
		want     State
	}{{3, 9, Insufficient}, {0, 10, Suppressed}, {2, 10, Suppressed}, {3, 10, Shown}, {7, 10, Shown}, {8, 10, Suppressed}, {10, 10, Suppressed}} {
		if got := (Rules{}).ShareState(c.count, c.n); got != c.want {
			t.Errorf("ShareState(%d, %d) = %s, want %s", c.count, c.n, got, c.want)
		}
	}
}

func TestDistribution(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		counts []int
		state  State
		bins   []Bin
	}{
		{"nobody", []int{0, 0, 0, 0, 0}, Insufficient, nil},
		{"nine", []int{3, 3, 3, 0, 0}, Insufficient, nil},
		{"everyone the same", []int{0, 0, 12, 0, 0}, Suppressed, nil},
		{"all but one the same", []int{0, 0, 11, 1, 0}, Suppressed, nil},
		{"nothing to merge", []int{3, 3, 4}, Shown, []Bin{{0, 0, 3}, {1, 1, 3}, {2, 2, 4}}},
		{"end joins its only neighbour", []int{1, 4, 6}, Shown, []Bin{{0, 1, 5}, {2, 2, 6}}},
		{"middle joins the smaller side", []int{5, 1, 4}, Shown, []Bin{{0, 0, 5}, {1, 2, 5}}},
		{"equal sides: the earlier", []int{5, 1, 5}, Shown, []Bin{{0, 1, 6}, {2, 2, 5}}},
		{"empty categories merge too", []int{0, 0, 6, 6, 0}, Shown, []Bin{{0, 2, 6}, {3, 4, 6}}},
	} {
		bins, state := Rules{}.Distribution(c.counts)
		if state != c.state || !slices.Equal(bins, c.bins) {
			t.Errorf("%s: got %s %v, want %s %v", c.name, state, bins, c.state, c.bins)
		}
	}
}

func TestMergeKeepsEverybody(t *testing.T) {
	t.Parallel()
	for seed := range 3000 {
		counts := make([]int, 1+seed%7)
		x, total := uint32(seed*2654435761), 0
		for i := range counts {
			x = x*1664525 + 1013904223
			counts[i] = int(x>>28) % 8
			total += counts[i]
		}
		bins := Merge(counts, CategoryMin)
		next, seen := 0, 0
		for _, b := range bins {
			if b.From != next || b.To < b.From {
				t.Fatalf("%v: bins %v have a gap or overlap", counts, bins)
			}
			if b.Count < CategoryMin && len(bins) > 1 {
				t.Fatalf("%v: bin %v counts under three", counts, b)
			}
			next, seen = b.To+1, seen+b.Count
		}
		if next != len(counts) || seen != total {
			t.Fatalf("%v: bins %v lose people or categories", counts, bins)
		}
	}
}

func TestWithheldNeverPrints(t *testing.T) {
	t.Parallel()
	secret, n := 42.4242, 4242
	filled := Figure{State: Suppressed, N: n, Value: &secret, Interval: &Range{42.1, 42.9}, Bounds: &Range{42.1, 42.9}}
	cell := Cell{State: Insufficient, Count: n}
	var out []string
	for _, v := range []any{filled, &filled, cell, &cell, []Figure{filled}, struct{ F Figure }{filled}, []Cell{cell}} {
		raw, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, string(raw), fmt.Sprintf("%v", v), fmt.Sprintf("%#v", v), fmt.Sprintf("%s", v))
	}
	for _, s := range out {
		if strings.Contains(s, "42") {
			t.Errorf("a withheld figure prints itself: %s", s)
		}
	}
	if got := fmt.Sprint(Withheld(Shown)); got != string(Suppressed) {
		t.Errorf("Withheld(Shown) prints %q, want suppressed", got)
	}
}

func TestFigureRoundTrip(t *testing.T) {
	t.Parallel()
	for _, f := range []Figure{NewFigure(7, 0, &Range{0, 12.5}, nil), Withheld(Insufficient), NewFigure(5, 61.25, nil, &Range{30, 80})} {
		raw, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		var back Figure
		if err := json.Unmarshal(raw, &back); err != nil {
			t.Fatal(err)
		}
		again, err := json.Marshal(back)
		if err != nil || string(again) != string(raw) || back.State != f.State {
			t.Errorf("%s came back as %s (%v)", raw, again, err)
		}
	}
}
