package scoring

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"traguardo/surveys"
	"traguardo/surveys/privacy"
)

// withAnswers is n full responses, the answers to code set one by one.
func withAnswers(t *testing.T, in *surveys.Instrument, code string, answers []byte) []Response {
	t.Helper()
	var rs []Response
	for i, b := range answers {
		r := respond(t, in, full(surveys.ExAnte, surveys.FormA), at(byte(1+i%3), i%4))
		put(in, r, code, b)
		rs = append(rs, r)
	}
	return rs
}

func repeat(counts map[byte]int) []byte {
	var out []byte
	for b := range 256 {
		for range counts[byte(b)] {
			out = append(out, byte(b))
		}
	}
	return out
}

func itemOf(t *testing.T, res StaffResult, code string) ItemResult {
	t.Helper()
	for _, x := range res.Items {
		if x.Code == code {
			return x
		}
	}
	t.Fatalf("no item %s", code)
	return ItemResult{}
}

func TestItemDistributions(t *testing.T) {
	t.Parallel()
	in := staffInstrument(t)
	const na, dk = surveys.NA, surveys.DK
	key, _ := in.Item("K-PIA-01")
	right, wrong := keyOf(key, true), keyOf(key, false)
	for _, c := range []struct {
		name   string
		code   string
		counts map[byte]int
		state  privacy.State
		n      int
		bins   string
		mean   float64 // −1: none
		na, dk privacy.State
	}{
		{"nothing to merge", "A-PIA-04", map[byte]int{0: 3, 1: 3, 2: 3, 3: 3, 4: 4}, privacy.Shown, 16, "[0]3 [1]3 [2]3 [3]3 [4]4", 53.125, privacy.Suppressed, privacy.NotAsked},
		{"merged, so no mean", "A-PIA-04", map[byte]int{0: 1, 1: 5, 3: 6}, privacy.Shown, 12, "[0 1 2]6 [3 4]6", -1, privacy.Suppressed, privacy.NotAsked},
		{"everyone alike", "A-PIA-04", map[byte]int{2: 12}, privacy.Suppressed, 0, "", -1, privacy.Suppressed, privacy.NotAsked},
		{"nine answered, three na", "A-PIA-04", map[byte]int{1: 4, 3: 5, na: 3}, privacy.Insufficient, 0, "", -1, privacy.Shown, privacy.NotAsked},
		{"ten answered, two na", "A-PIA-04", map[byte]int{1: 5, 3: 5, na: 2}, privacy.Shown, 10, "[0 1 2]5 [3 4]5", -1, privacy.Suppressed, privacy.NotAsked},
		{"knowledge", "K-PIA-01", map[byte]int{right: 5, wrong: 4, dk: 3}, privacy.Shown, 12, "[right]5 [wrong]4 [dk]3", -1, privacy.NotAsked, privacy.Shown},
		{"few do not know", "K-PIA-01", map[byte]int{right: 5, wrong: 5, dk: 2}, privacy.Shown, 12, "[right]5 [wrong dk]7", -1, privacy.NotAsked, privacy.Suppressed},
		{"few wrong: the share of do not know goes too", "K-PIA-01", map[byte]int{right: 5, wrong: 2, dk: 5}, privacy.Shown, 12, "[right]5 [wrong dk]7", -1, privacy.NotAsked, privacy.Suppressed},
		{"few right", "K-PIA-01", map[byte]int{right: 2, wrong: 5, dk: 5}, privacy.Shown, 12, "[right wrong]7 [dk]5", -1, privacy.NotAsked, privacy.Shown},
		{"all right", "K-PIA-01", map[byte]int{right: 12}, privacy.Suppressed, 0, "", -1, privacy.NotAsked, privacy.Suppressed},
		{"bands", "CND-02", map[byte]int{0: 4, 1: 4, 2: 4}, privacy.Shown, 12, "[0]4 [1]4 [2 3 4]4", -1, privacy.NotAsked, privacy.NotAsked},
	} {
		x := itemOf(t, mustStaff(t, in, withAnswers(t, in, c.code, repeat(c.counts)), 40), c.code)
		got := ""
		for i, b := range x.Bins {
			if i > 0 {
				got += " "
			}
			got += fmt.Sprintf("%v%d", b.Categories, b.Count)
		}
		if x.State != c.state || x.N != c.n || got != c.bins || x.NA.State != c.na || x.DK.State != c.dk {
			t.Errorf("%s: %s n=%d %q na %s dk %s, want %s n=%d %q na %s dk %s", c.name, x.State, x.N, got, x.NA.State, x.DK.State, c.state, c.n, c.bins, c.na, c.dk)
		}
		if c.mean < 0 {
			nothing(t, c.name+" mean", x.Mean)
		} else {
			near(t, c.name+" mean", x.Mean, c.mean)
		}
	}
}

// TestSuppressedItemHasCompany: one item of a scale alone could be computed back
// from the scale's mean.
func TestSuppressedItemHasCompany(t *testing.T) {
	t.Parallel()
	in := staffInstrument(t)
	var rs []Response
	for i := range 30 {
		r := respond(t, in, full(surveys.ExAnte, surveys.FormA), at(byte(i%5), 1+i%2))
		put(in, r, "A-COM-03", 3)
		rs = append(rs, r)
	}
	var hidden []string
	for _, x := range mustStaff(t, in, rs, 40).Items {
		if x.Block == "AUT" && x.Area == surveys.COM && x.State != privacy.Shown {
			hidden = append(hidden, x.Code)
		}
	}
	if len(hidden) != 2 || !slices.Contains(hidden, "A-COM-03") {
		t.Errorf("hidden %v, want A-COM-03 and one more", hidden)
	}
}

func TestProfileQuestionsAreNoItems(t *testing.T) {
	t.Parallel()
	in := staffInstrument(t)
	for _, x := range mustStaff(t, in, crew(t, in, full(surveys.ExPost, surveys.FormA), 30), 40).Items {
		switch x.Block {
		case "PRF", "ATN", "THEN":
			t.Errorf("%s of block %s is shown", x.Code, x.Block)
		}
	}
}

func TestOptionsAndQuality(t *testing.T) {
	t.Parallel()
	in := staffInstrument(t)
	spec := full(surveys.ExPost, surveys.FormA)
	spec.Projects = 2
	from, _ := in.SlotsOf("EXP-01")
	var rs []Response
	for i := range 20 {
		r := respond(t, in, spec, at(byte(1+i%3), 1+i%2))
		r.Vector[from], r.Vector[from+1] = 0, 0
		if i < 8 {
			r.Vector[from] = 1
		}
		if i == 0 {
			r.Vector[from+1] = 1
		}
		if i >= 4 { // 16 vary, four answer 3 throughout; five fail the check
			put(in, r, "ATT-UTI-01", 5)
		}
		if i < 5 {
			put(in, r, "ATN-01", 4)
		}
		rs = append(rs, r)
	}
	res, err := Staff(in, rs, StaffConfig{Eligible: 25, Wave: surveys.ExPost})
	if err != nil {
		t.Fatal(err)
	}
	exp := itemOf(t, res, "EXP-01")
	if exp.N != 20 || len(exp.Options) != 2 || exp.Options[1].Share.State != privacy.Suppressed {
		t.Fatalf("EXP-01 %+v", exp)
	}
	near(t, "first micro-progetto", exp.Options[0].Share.Value, 0.4)
	near(t, "same answers", res.Quality.SameAnswers.Value, 0.2)
	near(t, "attention", res.Quality.AttentionFailed.Value, 0.25)
}

func TestShortFormSaysNotAsked(t *testing.T) {
	t.Parallel()
	in := staffInstrument(t)
	rs := crew(t, in, surveys.ServingSpec{Wave: surveys.ExAnte, Short: true, Small: true}, 12)
	res := mustStaff(t, in, rs, 20)
	if res.Overclaim.State != privacy.NotAsked || res.Areas[0].Behaviour.State != privacy.NotAsked || res.Quality.AttentionFailed.State != privacy.NotAsked {
		t.Errorf("OC %s, BH %s, ATN %s", res.Overclaim, res.Areas[0].Behaviour, res.Quality.AttentionFailed)
	}
	if !res.Areas[0].Self.Visible() || !res.Areas[0].Anchors.Visible() {
		t.Errorf("SA %s, KX %s", res.Areas[0].Self, res.Areas[0].Anchors)
	}
	near(t, "anchors are all knowledge there is", res.Areas[0].Anchors.Value, *res.Areas[0].Knowledge.Value)
}

// inGroups is people by their answer to P-01; every group has varied scores.
func inGroups(t *testing.T, in *surveys.Instrument, sizes map[byte]int) []Response {
	t.Helper()
	var rs []Response
	for option := range 256 {
		for i := range sizes[byte(option)] {
			r := respond(t, in, full(surveys.ExAnte, surveys.FormA), at(byte(1+i%3), 1+i%2))
			put(in, r, "P-01", byte(option))
			rs = append(rs, r)
		}
	}
	return rs
}

func TestBreakdown(t *testing.T) {
	t.Parallel()
	in := staffInstrument(t)
	cfg := StaffConfig{Eligible: 60, Wave: surveys.ExAnte}
	for _, c := range []struct {
		name  string
		sizes map[byte]int
		want  []int // shown counts by option 0–4, −1 hidden
	}{
		{"all large", map[byte]int{1: 6, 2: 7, 3: 8, 4: 9, 0: 5}, []int{5, 6, 7, 8, 9}},
		{"nobody kept it back", map[byte]int{1: 6, 2: 7, 3: 8, 4: 9}, []int{-1, 6, 7, 8, 9}},
		{"one small takes the next smallest along", map[byte]int{1: 6, 2: 7, 3: 8, 4: 4}, []int{-1, -1, 7, 8, -1}},
		{"no answer is a group too", map[byte]int{1: 10, 2: 12, surveys.Missing: 1, 0: 1}, []int{-1, -1, 12, -1, -1}},
		{"everybody in one group", map[byte]int{1: 20}, []int{-1, 20, -1, -1, -1}},
	} {
		res, err := Breakdown(in, inGroups(t, in, c.sizes), cfg, "P-01")
		if err != nil {
			t.Fatal(err)
		}
		var got []int
		for _, g := range res.Groups {
			n := -1
			if g.People.State == privacy.Shown {
				n = g.People.Count
			}
			got = append(got, n)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: groups %v, want %v", c.name, got, c.want)
		}
		for _, m := range res.Measures {
			for k, f := range m.Figures {
				if f.Visible() && (got[k] < 0 || f.N != got[k]) {
					t.Errorf("%s: %s %s group %d shows %s", c.name, m.Measure, m.Area, k, f)
				}
			}
		}
	}
}

// TestBreakdownComplement: a group suppressed because all its members are alike
// would follow from the total and the other groups.
func TestBreakdownComplement(t *testing.T) {
	t.Parallel()
	in := staffInstrument(t)
	rs := inGroups(t, in, map[byte]int{1: 8, 2: 9, 3: 10})
	for i := range rs {
		if from, _ := in.SlotsOf("P-01"); rs[i].Vector[from] == 3 {
			for _, code := range []string{"A-SIC-01", "A-SIC-02", "A-SIC-03", "A-SIC-04", "A-SIC-05", "A-SIC-06"} {
				put(in, rs[i], code, 4)
			}
		}
	}
	res, err := Breakdown(in, rs, StaffConfig{Eligible: 60, Wave: surveys.ExAnte}, "P-01")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range res.Measures {
		if m.Measure != SelfAssessed {
			continue
		}
		var shown []bool
		for _, f := range m.Figures {
			shown = append(shown, f.Visible())
		}
		want := []bool{false, true, true, true, false}
		if m.Area == surveys.SIC {
			want = []bool{false, false, true, false, false}
		}
		if !slices.Equal(shown, want) {
			t.Errorf("%s: shown %v, want %v", m.Area, shown, want)
		}
	}
}

func TestBreakdownRefusesAndWithholds(t *testing.T) {
	t.Parallel()
	in := staffInstrument(t)
	rs := inGroups(t, in, map[byte]int{1: 8, 2: 9})
	for _, by := range []string{"A-PIA-01", "P-09", ""} {
		if _, err := Breakdown(in, rs, StaffConfig{Eligible: 60, Wave: surveys.ExAnte}, by); !errors.Is(err, surveys.ErrUnknownItem) {
			t.Errorf("by %q: error %v, want ErrUnknownItem", by, err)
		}
	}
	for eligible, want := range map[int]ResultState{29: TooFew, 30: Published} {
		res, err := Breakdown(in, rs, StaffConfig{Eligible: eligible, Wave: surveys.ExAnte}, "P-01")
		if err != nil || res.State != want || (len(res.Groups) > 0) != (want == Published) {
			t.Errorf("%d eligible: %s with %d groups (%v), want %s", eligible, res.State, len(res.Groups), err, want)
		}
	}
}

func TestPool(t *testing.T) {
	t.Parallel()
	in := staffInstrument(t)
	short := surveys.ServingSpec{Wave: surveys.ExAnte, Short: true, Small: true}
	six := crew(t, in, short, 6)
	for _, c := range []struct {
		name   string
		parts  []PoolPart
		state  ResultState
		comuni int
		n      int
	}{
		{"no ente", nil, TooFew, 0, 0},
		{"one ente is no pool", []PoolPart{{6, six}}, OnlyOneEnte, 0, 0},
		{"another without answers changes nothing", []PoolPart{{6, six}, {4, nil}}, OnlyOneEnte, 0, 0},
		{"two enti, four answers", []PoolPart{{6, six[:2]}, {4, six[2:4]}}, TooFew, 0, 0},
		{"two enti, six answers", []PoolPart{{6, six[:3]}, {4, six[3:]}}, Published, 2, 6},
	} {
		res, err := Pool(in, c.parts, PoolConfig{Wave: surveys.ExAnte, Short: true})
		if err != nil {
			t.Fatal(err)
		}
		if res.State != c.state || res.Comuni != c.comuni || res.Response.Responses != c.n || res.FinitePopulation {
			t.Errorf("%s: %s, %d Comuni, n %d; want %s, %d, %d", c.name, res.State, res.Comuni, res.Response.Responses, c.state, c.comuni, c.n)
		}
		if c.state == Published {
			near(t, c.name, res.Areas[0].Self.Value, 50) // levels 1 2 3 1 2 3
			near(t, c.name+" rate", res.Response.Rate, 0.6)
		} else if len(res.Areas) != 0 {
			t.Errorf("%s: shows areas", c.name)
		}
	}
	if _, err := Pool(in, []PoolPart{{5, six}}, PoolConfig{Wave: surveys.ExAnte}); !errors.Is(err, surveys.ErrInvalid) {
		t.Errorf("more answers than people: error %v", err)
	}
}
