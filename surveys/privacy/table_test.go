package privacy

import (
	"errors"
	"slices"
	"testing"

	"traguardo/surveys"
)

func TestHide(t *testing.T) {
	t.Parallel()
	raised, err := NewRules(8)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name    string
		rules   Rules
		counts  []int
		already []bool
		want    []bool
	}{
		{"no groups", Rules{}, nil, nil, []bool{}},
		{"all large", Rules{}, []int{5, 6, 7}, nil, []bool{false, false, false}},
		{"one small takes the next smallest along", Rules{}, []int{12, 6, 4}, nil, []bool{false, true, true}},
		{"two small with five or more between them", Rules{}, []int{12, 4, 3}, nil, []bool{false, true, true}},
		{"two small that together stay small", Rules{}, []int{12, 3, 1}, nil, []bool{true, true, true}},
		{"an empty group needs no company", Rules{}, []int{12, 6, 0}, nil, []bool{false, false, true}},
		{"empty and small", Rules{}, []int{12, 6, 4, 0}, nil, []bool{false, true, true, true}},
		{"withheld beside an empty group", Rules{}, []int{9, 8, 0}, []bool{true, false, false}, []bool{true, true, true}},
		{"equal sizes: the earlier goes", Rules{}, []int{9, 9, 2}, nil, []bool{true, false, true}},
		{"withheld for another reason", Rules{}, []int{9, 8, 7}, []bool{true, false, false}, []bool{true, false, true}},
		{"raised threshold", raised, []int{20, 9, 7}, nil, []bool{false, true, true}},
		{"raised threshold, small complement", raised, []int{20, 9, 3, 3}, nil, []bool{false, true, true, true}},
	} {
		if got := c.rules.Hide(c.counts, c.already); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v gives %v, want %v", c.name, c.counts, got, c.want)
		}
	}
}

// TestHideComplement checks the sentence of the rule on every line of up to four
// groups: shown groups and what they leave of the total have five people or more
// (or nobody), and no hidden group stands alone.
func TestHideComplement(t *testing.T) {
	t.Parallel()
	sizes := []int{0, 1, 2, 3, 4, 5, 6, 9}
	var try func(counts []int)
	try = func(counts []int) {
		if len(counts) > 0 {
			hidden := Rules{}.Hide(counts, nil)
			rest, alone := 0, 0
			for i, h := range hidden {
				if h {
					rest += counts[i]
					if counts[i] > 0 {
						alone++
					}
				} else if counts[i] < 5 {
					t.Fatalf("%v: shows a group of %d", counts, counts[i])
				}
			}
			shown := slices.Contains(hidden, false)
			if shown && (rest > 0 && rest < 5 || alone == 1) {
				t.Fatalf("%v: hides %v, which the total gives away", counts, hidden)
			}
		}
		if len(counts) < 4 {
			for _, s := range sizes {
				try(append(slices.Clone(counts), s))
			}
		}
	}
	try(nil)
}

func TestTableRefuses(t *testing.T) {
	t.Parallel()
	for name, counts := range map[string][][]int{"empty": nil, "no columns": {{}}, "ragged": {{1, 2}, {3}}, "negative": {{5, -1}}} {
		if _, err := (Rules{}).Table(counts); !errors.Is(err, surveys.ErrInvalid) {
			t.Errorf("%s: error %v, want ErrInvalid", name, err)
		}
	}
}

func TestTableComplement(t *testing.T) {
	t.Parallel()
	g, err := Rules{}.Table([][]int{{2, 20, 30}, {15, 12, 40}, {16, 18, 50}})
	if err != nil {
		t.Fatal(err)
	}
	// 2 is primary; the next smallest of its row (20) and column (15); then 12
	// closes the rectangle. All margins stay.
	want := [][]bool{{true, true, false}, {true, true, false}, {false, false, false}}
	for i := range want {
		for j := range want[i] {
			if hidden := g.Cells[i][j].State != Shown; hidden != want[i][j] {
				t.Errorf("cell %d,%d hidden %v, want %v", i, j, hidden, want[i][j])
			}
		}
	}
	if g.Total != (Cell{Shown, 203}) || g.RowTotals[0] != (Cell{Shown, 52}) || g.ColTotals[2] != (Cell{Shown, 120}) {
		t.Errorf("margins %v %v %v changed", g.RowTotals, g.ColTotals, g.Total)
	}
}

func TestTableOfFewPeopleShowsNothing(t *testing.T) {
	t.Parallel()
	g, err := Rules{}.Table([][]int{{1, 2}, {0, 1}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range slices.Concat(g.Cells[0], g.Cells[1], g.RowTotals, g.ColTotals, []Cell{g.Total}) {
		if c.State == Shown || c.Count != 0 {
			t.Errorf("cell %v of a table of four people is shown", c)
		}
	}
}

// TestTableAudit solves every published table again by brute force: it lists all
// tables of counts that agree with what is shown and checks that no hidden cell is
// known within two.
func TestTableAudit(t *testing.T) {
	t.Parallel()
	x := uint32(7)
	next := func(n uint32) int {
		x = x*1664525 + 1013904223
		return int((x >> 16) % n)
	}
	for range 60 {
		counts := [][]int{{next(9), next(9)}, {next(9), next(9)}}
		g, err := Rules{}.Table(counts)
		if err != nil {
			t.Fatal(err)
		}
		low, high := ranges(g, 45)
		for i := range 2 {
			for j := range 2 {
				if g.Cells[i][j].State != Shown && high[i][j]-low[i][j] < 5 {
					t.Fatalf("%v publishes %+v: cell %d,%d is between %d and %d", counts, g, i, j, low[i][j], high[i][j])
				}
			}
		}
	}
}

// ranges enumerates 2×2 tables up to limit a cell that agree with g.
func ranges(g Grid, limit int) (low, high [2][2]int) {
	first := true
	options := func(c Cell) (from, to int) {
		if c.State == Shown {
			return c.Count, c.Count
		}
		return 0, limit
	}
	agrees := func(c Cell, n int) bool { return c.State != Shown || c.Count == n }
	a0, a1 := options(g.Cells[0][0])
	b0, b1 := options(g.Cells[0][1])
	c0, c1 := options(g.Cells[1][0])
	d0, d1 := options(g.Cells[1][1])
	for a := a0; a <= a1; a++ {
		for b := b0; b <= b1; b++ {
			if !agrees(g.RowTotals[0], a+b) {
				continue
			}
			for c := c0; c <= c1; c++ {
				if !agrees(g.ColTotals[0], a+c) {
					continue
				}
				for d := d0; d <= d1; d++ {
					if !agrees(g.RowTotals[1], c+d) || !agrees(g.ColTotals[1], b+d) || !agrees(g.Total, a+b+c+d) {
						continue
					}
					now := [2][2]int{{a, b}, {c, d}}
					for i := range 2 {
						for j := range 2 {
							if first || now[i][j] < low[i][j] {
								low[i][j] = now[i][j]
							}
							if first || now[i][j] > high[i][j] {
								high[i][j] = now[i][j]
							}
						}
					}
					first = false
				}
			}
		}
	}
	return low, high
}

func TestBounds(t *testing.T) {
	t.Parallel()
	// Row totals 10 and 20, column totals 12 and 18: the first cell lies between 0 and 10.
	net, err := gridNetwork([][]int{{6, 4}, {6, 14}}, 0)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 4 {
		net.edges[i].hidden = true
	}
	for i, want := range [][2]int{{0, 10}, {0, 10}, {2, 12}, {8, 18}} {
		if low, high := net.bounds(i); low != want[0] || high != want[1] {
			t.Errorf("cell %d is between %d and %d, want %v", i, low, high, want)
		}
	}
}

func TestLeaks(t *testing.T) {
	t.Parallel()
	people := func(keys string) []string {
		var set []string
		for _, k := range keys {
			set = append(set, string(k))
		}
		return set
	}
	for _, c := range []struct {
		name string
		sets []string
		want []string
	}{
		{"nothing published", nil, nil},
		{"one set", []string{"abcdefgh"}, nil},
		{"one set of four", []string{"abcd"}, []string{"abcd"}},
		{"the same set twice", []string{"abcdefgh", "hgfedcba"}, nil},
		{"one person left over", []string{"abcdefgh", "abcdefg"}, []string{"h"}},
		{"five left over", []string{"abcdefghij", "abcde"}, nil},
		{"one left over by three sets", []string{"abcdefghijk", "abcde", "fghij"}, []string{"k"}},
		{"overlap that no sum isolates", []string{"abcdef", "bcdefg"}, nil},
		{"two people, told only together", []string{"abcdefg", "abcde"}, []string{"fg"}},
	} {
		var sets [][]string
		for _, s := range c.sets {
			sets = append(sets, people(s))
		}
		var got []string
		for _, l := range (Rules{}).Leaks(sets...) {
			joined := ""
			for _, m := range l.Members {
				joined += m
			}
			got = append(got, joined)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: leaks %v, want %v", c.name, got, c.want)
		}
	}
}
