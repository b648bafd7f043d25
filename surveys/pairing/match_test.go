package pairing

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"traguardo/surveys"
)

func testKey() Key { return Key{1, 2, 3} }

// row is a response with a remembered code of six elements.
func row(t *testing.T, id string, elements ...string) Keyed {
	t.Helper()
	code, err := NewCode([Elements]string(elements))
	if err != nil {
		t.Fatal(err)
	}
	return Keyed{ID: surveys.ID(id), Hashes: HashCode(testKey(), "s1", code)}
}

func ids(names ...string) []surveys.ID {
	var out []surveys.ID
	for _, n := range names {
		out = append(out, surveys.ID(n))
	}
	return out
}

func TestHashCode(t *testing.T) {
	t.Parallel()
	a := row(t, "a", "A", "07", "L", "2", "G", "11")
	for m := range Elements {
		raw := []string{"A", "07", "L", "2", "G", "11"}
		raw[m] = map[bool]string{true: "05", false: "3"}[m == 1 || m == 5]
		if m == 0 || m == 2 || m == 4 {
			raw[m] = "Q"
		}
		b := row(t, "b", raw...)
		if a.Full == b.Full {
			t.Errorf("element %d changed: the full hashes are equal", m+1)
		}
		for k := range Elements {
			if (a.Masked[k] == b.Masked[k]) != (k == m) {
				t.Errorf("element %d changed, masked %d: equal %v", m+1, k+1, a.Masked[k] == b.Masked[k])
			}
		}
	}
}

func TestHashesAreApart(t *testing.T) {
	t.Parallel()
	card, err := NewCard(seeded(9))
	if err != nil {
		t.Fatal(err)
	}
	other := card
	other.set = card.set.Other()
	code, _ := NewCode([Elements]string{"A", "07", "L", "2", "G", "11"})
	full := HashCard(testKey(), "s1", card).Full
	if full != HashCard(testKey(), "s1", other).Full {
		t.Error("the set letter changes the hash")
	}
	apart := map[Hash]string{}
	add := func(what string, h Hash) {
		if before, twice := apart[h]; twice || h.IsZero() {
			t.Errorf("%s has the hash of %q", what, before)
		}
		apart[h] = what
	}
	add("card", full)
	add("other series", HashCard(testKey(), "s2", card).Full)
	add("other key", HashCard(Key{9}, "s1", card).Full)
	add("card as link", HashLink(testKey(), "s1", []byte(spell(card.code[:]))).Full)
	add("link", HashLink(testKey(), "s1", []byte("subject")).Full)
	add("series and subject shifted", HashLink(testKey(), "s1s", []byte("ubject")).Full)
	h := HashCode(testKey(), "s1", code)
	add("code", h.Full)
	for m, masked := range h.Masked {
		add(fmt.Sprintf("code without %d", m+1), masked)
	}
	none := Hashes{}
	if HashCard(testKey(), "s1", Card{}) != none || HashCode(testKey(), "s1", Code{}) != none || HashLink(testKey(), "s1", nil) != none {
		t.Error("nothing given: got hashes")
	}
}

func TestHashText(t *testing.T) {
	t.Parallel()
	h := HashLink(testKey(), "s1", []byte("subject")).Full
	if got, err := ParseHash(h.String()); err != nil || got != h {
		t.Errorf("got %v, %v", got, err)
	}
	// Fixed for ever: stored hashes of a series must stay comparable.
	if got, want := h.String(), "a7fa6a91b273f350559b229e303f1892db208a266b0fe126753c68b4270b1387"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for _, bad := range []string{"", "00", h.String() + "00", "Z" + h.String()[1:]} {
		if got, err := ParseHash(bad); err == nil {
			t.Errorf("%q: got %v", bad, got)
		}
	}
}

func TestMatch(t *testing.T) {
	t.Parallel()
	base := []string{"A", "07", "L", "2", "G", "11"}
	with := func(element int, value string) []string {
		e := slices.Clone(base)
		e[element-1] = value
		return e
	}
	far := []string{"Z", "30", "Z", "9", "Z", "12"}
	cases := []struct {
		name      string
		pre, post []Keyed
		method    surveys.Pairing
		size      int
		want      MatchReport
	}{
		{"nothing", nil, nil, surveys.PairingCode, 10, MatchReport{}},
		{"one wave", []Keyed{row(t, "a", base...)}, nil, surveys.PairingCode, 10, MatchReport{UnmatchedPre: ids("a")}},
		{"equal", []Keyed{row(t, "a", base...)}, []Keyed{row(t, "x", base...)}, surveys.PairingCode, 10,
			MatchReport{Pairs: []Pair{{"a", "x", 0}}}},
		{"no code given", []Keyed{{ID: "a"}}, []Keyed{{ID: "x"}}, surveys.PairingCode, 10,
			MatchReport{UnmatchedPre: ids("a"), UnmatchedPost: ids("x")}},
		{"one element differs", []Keyed{row(t, "a", base...), row(t, "b", far...)}, []Keyed{row(t, "x", with(4, "3")...)}, surveys.PairingCode, 10,
			MatchReport{Pairs: []Pair{{"a", "x", 4}}, UnmatchedPre: ids("b")}},
		{"two elements differ", []Keyed{row(t, "a", base...)}, []Keyed{row(t, "x", "B", "07", "L", "3", "G", "11")}, surveys.PairingCode, 10,
			MatchReport{UnmatchedPre: ids("a"), UnmatchedPost: ids("x")}},
		{"at 100", []Keyed{row(t, "a", base...)}, []Keyed{row(t, "x", with(6, "10")...)}, surveys.PairingCode, 100,
			MatchReport{Pairs: []Pair{{"a", "x", 6}}}},
		{"above 100", []Keyed{row(t, "a", base...)}, []Keyed{row(t, "x", with(6, "10")...)}, surveys.PairingCode, 101,
			MatchReport{UnmatchedPre: ids("a"), UnmatchedPost: ids("x")}},
		{"never for cards", []Keyed{row(t, "a", base...)}, []Keyed{row(t, "x", with(6, "10")...)}, surveys.PairingCard, 10,
			MatchReport{UnmatchedPre: ids("a"), UnmatchedPost: ids("x")}},
		{"full hash first", []Keyed{row(t, "a", base...), row(t, "b", with(1, "B")...)}, []Keyed{row(t, "x", base...)}, surveys.PairingCode, 10,
			MatchReport{Pairs: []Pair{{"a", "x", 0}}, UnmatchedPre: ids("b")}},
		{"taken partners do not count", []Keyed{row(t, "a", base...), row(t, "b", with(1, "B")...)},
			[]Keyed{row(t, "x", base...), row(t, "y", with(1, "C")...)}, surveys.PairingCode, 10,
			MatchReport{Pairs: []Pair{{"a", "x", 0}, {"b", "y", 1}}}},
		{"twice before", []Keyed{row(t, "a", base...), row(t, "b", base...)}, []Keyed{row(t, "x", base...)}, surveys.PairingCode, 10,
			MatchReport{Ambiguous: []Ambiguity{{ids("a", "b"), ids("x")}}}},
		{"twice before, none after", []Keyed{row(t, "a", base...), row(t, "b", base...)}, []Keyed{row(t, "x", far...)}, surveys.PairingCode, 10,
			MatchReport{UnmatchedPre: ids("a", "b"), UnmatchedPost: ids("x")}},
		{"not unique before", []Keyed{row(t, "a", base...), row(t, "b", with(2, "08")...)}, []Keyed{row(t, "x", with(2, "09")...)}, surveys.PairingCode, 10,
			MatchReport{Ambiguous: []Ambiguity{{ids("a", "b"), ids("x")}}}},
		{"not unique, other elements", []Keyed{row(t, "a", base...)}, []Keyed{row(t, "x", with(1, "B")...), row(t, "y", with(4, "3")...)}, surveys.PairingCode, 10,
			MatchReport{Ambiguous: []Ambiguity{{ids("a"), ids("x", "y")}}}},
		{"ambiguous rows do not come back", []Keyed{row(t, "a", base...), row(t, "b", base...)},
			[]Keyed{row(t, "x", base...), row(t, "y", with(4, "3")...)}, surveys.PairingCode, 10,
			MatchReport{Ambiguous: []Ambiguity{{ids("a", "b"), ids("x")}}, UnmatchedPost: ids("y")}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := Match(c.pre, c.post, c.method, c.size); !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

func TestMatchSizeIsAtLeastTheWave(t *testing.T) {
	t.Parallel()
	pre := []Keyed{row(t, "a", "A", "07", "L", "2", "G", "11")}
	post := []Keyed{row(t, "x", "B", "07", "L", "2", "G", "11")}
	for i := range MaxTolerant {
		post = append(post, Keyed{ID: surveys.ID(fmt.Sprintf("z%03d", i))})
	}
	if got := Match(pre, post, surveys.PairingCode, 5); len(got.Pairs) != 0 {
		t.Errorf("101 respondents, size said 5: got %v", got.Pairs)
	}
}

// randomWaves builds two waves of people, some of whom mistype an element, some of
// whom stay away, with a coarse code so that accidents happen.
func randomWaves(t *testing.T, source *rand.Rand, n int) (pre, post []Keyed) {
	t.Helper()
	draw := func() [Elements]string {
		return [Elements]string{
			string(rune('A' + source.IntN(4))), fmt.Sprint(1 + source.IntN(4)), string(rune('A' + source.IntN(3))),
			fmt.Sprint(source.IntN(3)), string(rune('A' + source.IntN(3))), fmt.Sprint(source.IntN(4)),
		}
	}
	for i := range n {
		code := draw()
		if source.IntN(5) > 0 {
			pre = append(pre, row(t, fmt.Sprintf("p%03d", i), code[:]...))
		}
		if source.IntN(4) == 0 {
			e := source.IntN(Elements)
			code[e] = draw()[e]
		}
		if source.IntN(5) > 0 {
			post = append(post, row(t, fmt.Sprintf("q%03d", i), code[:]...))
		}
	}
	return pre, post
}

// TestMatchProperties: whatever the order of the input the report is the same;
// exchanging the waves exchanges the report; every response stands in one place;
// pairs are what the rules of Block 1 say when read directly.
func TestMatchProperties(t *testing.T) {
	t.Parallel()
	source := rand.New(rand.NewPCG(1, 2))
	for range 150 {
		pre, post := randomWaves(t, source, 1+source.IntN(60))
		want := Match(pre, post, surveys.PairingCode, 0)
		back := Match(post, pre, surveys.PairingCode, 0)
		source.Shuffle(len(pre), func(i, j int) { pre[i], pre[j] = pre[j], pre[i] })
		source.Shuffle(len(post), func(i, j int) { post[i], post[j] = post[j], post[i] })
		if got := Match(pre, post, surveys.PairingCode, 0); !reflect.DeepEqual(got, want) {
			t.Fatalf("shuffled: got %+v, want %+v", got, want)
		}
		if len(back.Pairs) != len(want.Pairs) || !slices.Equal(back.UnmatchedPre, want.UnmatchedPost) {
			t.Fatalf("exchanged: got %+v, want the mirror of %+v", back, want)
		}
		a, b := want.AmbiguousCount()
		if len(want.Pairs)+a+len(want.UnmatchedPre) != len(pre) || len(want.Pairs)+b+len(want.UnmatchedPost) != len(post) {
			t.Fatalf("got %+v of %d and %d", want, len(pre), len(post))
		}
		if got, want := want.Pairs, directPairs(pre, post); !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
		if rate, ok := want.MatchRate(); ok && (rate < 0 || rate > 1) {
			t.Fatalf("got rate %v", rate)
		}
	}
}

// directPairs reads Block 1 word by word, comparing everybody with everybody.
func directPairs(pre, post []Keyed) []Pair {
	gone := map[surveys.ID]bool{}
	var pairs []Pair
	for _, a := range pre {
		var same, twins []Keyed
		for _, b := range post {
			if a.Full == b.Full {
				same = append(same, b)
			}
		}
		for _, b := range pre {
			if a.Full == b.Full {
				twins = append(twins, b)
			}
		}
		if len(same) == 0 {
			continue
		}
		for _, k := range slices.Concat(same, twins) {
			gone[k.ID] = true
		}
		if len(same) == 1 && len(twins) == 1 {
			pairs = append(pairs, Pair{a.ID, same[0].ID, 0})
		}
	}
	linked := func(a, b Keyed) int {
		for m := range a.Masked {
			if a.Masked[m] == b.Masked[m] {
				return m + 1
			}
		}
		return 0
	}
	count := func(x Keyed, others []Keyed) (n int) {
		for _, o := range others {
			if !gone[o.ID] && linked(x, o) > 0 {
				n++
			}
		}
		return n
	}
	for _, a := range pre {
		for _, b := range post {
			if m := linked(a, b); m > 0 && !gone[a.ID] && !gone[b.ID] && count(a, post) == 1 && count(b, pre) == 1 {
				pairs = append(pairs, Pair{a.ID, b.ID, m})
			}
		}
	}
	slices.SortFunc(pairs, func(a, b Pair) int {
		if a.Pre < b.Pre {
			return -1
		}
		return 1
	})
	return pairs
}

func TestMatchRate(t *testing.T) {
	t.Parallel()
	r := MatchReport{
		Pairs: make([]Pair, 12), Ambiguous: []Ambiguity{{ids("a", "b"), ids("x")}},
		UnmatchedPre: ids("c"), UnmatchedPost: ids("y", "z", "w", "v"),
	}
	rate, ok := r.MatchRate()
	if !ok || math.Abs(rate-12.0/15) > 1e-15 {
		t.Errorf("got %v, %v, want 12 of 15", rate, ok)
	}
	if _, ok := (MatchReport{UnmatchedPre: ids("a")}).MatchRate(); ok {
		t.Error("an empty wave: got a rate")
	}
}

func TestExpectedAccidentalPairs(t *testing.T) {
	t.Parallel()
	e := CodeEntropies()
	for _, c := range []struct {
		n1, n2 int
		want   float64
	}{{25, 25, 0.018248752964996857}, {200, 200, 1.1679201897597988}, {0, 50, 0}, {-3, 50, 0}} {
		if got := ExpectedAccidentalPairs(c.n1, c.n2, e); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%d and %d: got %v, want %v", c.n1, c.n2, got, c.want)
		}
	}
	if got := ExpectedEqualPairs(1000, 1000, CardEntropy); math.Abs(got-1e6/math.Exp2(50)) > 1e-20 {
		t.Errorf("cards: got %v", got)
	}
}

// TestAccidentsHappenAsExpected draws strangers' codes and counts tolerant matches.
func TestAccidentsHappenAsExpected(t *testing.T) {
	t.Parallel()
	source := rand.New(rand.NewPCG(3, 4))
	entropies := [Elements]float64{2, 2, 2, 1, 1, 1} // 4·4·4·2·2·2
	const n, rounds = 4, 3000
	hits := 0
	for range rounds {
		var codes [2 * n][Elements]int
		for i := range codes {
			for e, h := range entropies {
				codes[i][e] = source.IntN(1 << int(h))
			}
		}
		for _, a := range codes[:n] {
			for _, b := range codes[n:] {
				for m := range Elements {
					x, y := a, b
					x[m], y[m] = 0, 0
					if x == y {
						hits++
					}
				}
			}
		}
	}
	want := ExpectedAccidentalPairs(n, n, entropies)
	if got := float64(hits) / rounds; math.Abs(got-want) > 0.1*want {
		t.Errorf("got %v a draw, want %v", got, want)
	}
}
