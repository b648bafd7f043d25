package stats

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"
)

// Columns: role, age band, answer.
func profiles() [][]string {
	return [][]string{
		{"ufficio", "30–49", "sì"}, {"ufficio", "30–49", "no"}, {"ufficio", "30–49", "sì"}, {"ufficio", "30–49", "non so"},
		{"ufficio", "50+", "sì"}, {"ufficio", "50+", "sì"}, {"ufficio", "50+", "sì"},
		{"polizia", "30–49", "no"}, {"polizia", "30–49", "sì"},
		{"operaio", "", "no"},
	}
}

func TestAnonymity(t *testing.T) {
	t.Parallel()
	got, ok := Anonymity(profiles(), AnonymityOptions{Keys: []int{0, 1}, Sensitive: []int{2}, Threshold: 3})
	got = must(t, got, ok)
	want := AnonymityResult{
		Rows: 10, Classes: 4, K: 1, Unique: 1, Below: 3, Risk: 0.4,
		Small:     []Class{{[]string{"operaio", ""}, 1}, {[]string{"polizia", "30–49"}, 2}},
		Diversity: []Diversity{{Column: 2, Distinct: 1, Entropy: 1, Homogeneous: 4}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	got, _ = Anonymity(profiles(), AnonymityOptions{Sensitive: []int{2}, Threshold: 5})
	entropy := -(0.6*math.Log(0.6) + 0.3*math.Log(0.3) + 0.1*math.Log(0.1))
	if got.K != 10 || got.Classes != 1 || len(got.Small) != 0 || got.Diversity[0].Distinct != 3 {
		t.Errorf("no keys: got %+v", got)
	}
	near(t, "entropy l", got.Diversity[0].Entropy, math.Exp(entropy), 1e-12)
}

func TestAnonymityEdges(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		rows    [][]string
		options AnonymityOptions
	}{
		"nothing":           {nil, AnonymityOptions{Keys: []int{0}}},
		"uneven":            {[][]string{{"a", "b"}, {"a"}}, AnonymityOptions{Keys: []int{0}}},
		"no such key":       {[][]string{{"a"}}, AnonymityOptions{Keys: []int{1}}},
		"negative":          {[][]string{{"a"}}, AnonymityOptions{Keys: []int{-1}}},
		"no such sensitive": {[][]string{{"a"}}, AnonymityOptions{Sensitive: []int{3}}},
	} {
		if got, ok := Anonymity(c.rows, c.options); ok {
			t.Errorf("%s: got %+v", name, got)
		}
	}
	// Values that look alike when joined are different combinations.
	got, _ := Anonymity([][]string{{"a", "bc"}, {"ab", "c"}, {"1:a", ""}, {"", "1:a"}}, AnonymityOptions{Keys: []int{0, 1}})
	if got.Classes != 4 {
		t.Errorf("got %d classes, want 4", got.Classes)
	}
}

// TestAnonymityProperties: the order of rows does not matter, another key column
// never raises k, and l never passes k.
func TestAnonymityProperties(t *testing.T) {
	t.Parallel()
	source := seeded(51)
	for range 100 {
		rows := make([][]string, 1+source.IntN(60))
		for i := range rows {
			rows[i] = []string{fmt.Sprint(source.IntN(3)), fmt.Sprint(source.IntN(3)), fmt.Sprint(source.IntN(4)), fmt.Sprint(source.IntN(3))}
		}
		options := AnonymityOptions{Keys: []int{0, 1}, Sensitive: []int{3}, Threshold: 5}
		first, _ := Anonymity(rows, options)
		shuffled := slices.Clone(rows)
		source.Shuffle(len(rows), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if second, _ := Anonymity(shuffled, options); !reflect.DeepEqual(first, second) {
			t.Fatalf("shuffled: got %+v, want %+v", second, first)
		}
		finer, _ := Anonymity(rows, AnonymityOptions{Keys: []int{0, 1, 2}, Threshold: 5})
		d := first.Diversity[0]
		if finer.K > first.K || d.Distinct > first.K || d.Entropy > float64(d.Distinct)+1e-9 || d.Entropy < 1-1e-9 {
			t.Fatalf("got %+v, finer %+v", first, finer)
		}
	}
}

func ExampleAnonymity() {
	rows := [][]string{{"office", "30-49", "yes"}, {"office", "30-49", "no"}, {"office", "50+", "yes"}}
	r, _ := Anonymity(rows, AnonymityOptions{Keys: []int{0, 1}, Sensitive: []int{2}, Threshold: 5})
	fmt.Printf("k %d, %d unique, l %d\n", r.K, r.Unique, r.Diversity[0].Distinct)
	// Output: k 1, 1 unique, l 1
}
