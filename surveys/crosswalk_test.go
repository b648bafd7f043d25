package surveys_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"traguardo/surveys"
	"traguardo/surveys/instruments"
)

// version returns a fresh copy of STAFF under another version.
func version(t *testing.T, number string) *surveys.Instrument {
	t.Helper()
	in, err := instruments.STAFF()
	if err != nil {
		t.Fatal(err)
	}
	in.Version = number
	return in
}

// edit changes one item in place.
func edit(t *testing.T, in *surveys.Instrument, code string, change func(*surveys.Item)) {
	t.Helper()
	for i := range in.Blocks {
		for j := range in.Blocks[i].Items {
			if in.Blocks[i].Items[j].Code == code {
				change(&in.Blocks[i].Items[j])
				return
			}
		}
	}
	t.Fatalf("no item %s", code)
}

// remove takes one item out.
func remove(in *surveys.Instrument, code string) {
	for i := range in.Blocks {
		in.Blocks[i].Items = slices.DeleteFunc(in.Blocks[i].Items, func(it surveys.Item) bool { return it.Code == code })
	}
}

func fates(crossings []surveys.Crossing) map[string]surveys.Fate {
	m := map[string]surveys.Fate{}
	for _, c := range crossings {
		if c.Fate != surveys.FateSame {
			m[c.Code] = c.Fate
		}
	}
	return m
}

// knowledge returns the codes of the first knowledge items.
func knowledge(t *testing.T, in *surveys.Instrument, n int) []string {
	t.Helper()
	var codes []string
	for _, it := range in.Items() {
		if in.ScaleOf(it).Kind == surveys.ScaleKey && len(codes) < n {
			codes = append(codes, it.Code)
		}
	}
	if len(codes) < n {
		t.Fatal("too few knowledge items")
	}
	return codes
}

func TestCross(t *testing.T) {
	old, later := version(t, "1.0"), version(t, "2.0")
	if got := fates(surveys.Cross(old, later)); len(got) != 0 {
		t.Fatalf("nothing changed: got %v", got)
	}
	k := knowledge(t, old, 4)
	edit(t, later, k[0], func(it *surveys.Item) { it.Text.IT += " (nuovo)" })
	edit(t, later, k[1], func(it *surveys.Item) { it.Text.EN = "English"; it.Text.IT = " " + it.Text.IT + "\n" })
	remove(later, k[2])
	remove(old, k[3])
	got := fates(surveys.Cross(old, later))
	want := map[string]surveys.Fate{k[0]: surveys.FateReworded, k[2]: surveys.FateDropped, k[3]: surveys.FateNew}
	if len(got) != len(want) {
		t.Errorf("got %v, want %v", got, want)
	}
	for code, fate := range want {
		if got[code] != fate {
			t.Errorf("%s: got %s, want %s", code, got[code], fate)
		}
	}
}

// A label of a scale changes every item that is answered on it.
func TestCrossSeesTheScale(t *testing.T) {
	old, later := version(t, "1.0"), version(t, "2.0")
	code := later.Scales[0].Code
	for i := range later.Scales {
		if later.Scales[i].Kind == surveys.ScaleLinear {
			code = later.Scales[i].Code
			later.Scales[i].Options[0].Label.IT = "Altro"
			break
		}
	}
	for _, c := range surveys.Cross(old, later) {
		it, _ := later.Item(c.Code)
		if (it.Scale == code) != (c.Fate == surveys.FateReworded) || (it.Scale == code && !slices.Contains(c.Changes, "scale")) {
			t.Errorf("%s on %s: got %+v", c.Code, it.Scale, c)
		}
	}
}

func TestCheckCrosswalk(t *testing.T) {
	old, later := version(t, "1.0"), version(t, "2.0")
	k := knowledge(t, old, 2)
	edit(t, later, k[0], func(it *surveys.Item) { it.Options[0].Label.IT = "Un'altra risposta" })
	for name, c := range map[string]struct {
		walk *surveys.Crosswalk
		want string
	}{
		"none":               {nil, "no crosswalk"},
		"from another":       {&surveys.Crosswalk{From: "0.9"}, "starts from version 0.9"},
		"says the same":      {&surveys.Crosswalk{From: "1.0"}, k[0] + ": the crosswalk says same, it is reworded (options)"},
		"says reworded":      {&surveys.Crosswalk{From: "1.0", Reworded: []string{k[0], k[1]}}, k[1] + ": the crosswalk says reworded, it is same"},
		"names a stranger":   {&surveys.Crosswalk{From: "1.0", Reworded: []string{k[0]}, Dropped: []string{"ZZ-1"}}, "ZZ-1: the crosswalk names it"},
		"right about it all": {&surveys.Crosswalk{From: "1.0", Reworded: []string{k[0]}}, ""},
	} {
		later.Crosswalk = c.walk
		err := surveys.CheckCrosswalk(old, later)
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: got %v", name, err)
		case c.want != "" && (!errors.Is(err, surveys.ErrInvalid) || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

// Responses of both versions become vectors of the common part: each slot holds
// what the same item held before.
func TestAlign(t *testing.T) {
	old, later := version(t, "1.0"), version(t, "2.0")
	k := knowledge(t, old, 3)
	edit(t, later, k[0], func(it *surveys.Item) { it.Text.IT += " (nuovo)" })
	remove(later, k[1])
	for i := range later.Blocks { // another order changes no answer
		slices.Reverse(later.Blocks[i].Items)
	}
	a := surveys.Align(old, later)
	if _, ok := a.Common.Item(k[0]); ok {
		t.Error("a reworded item is in the common part")
	}
	fill := func(in *surveys.Instrument) surveys.Vector {
		v := make(surveys.Vector, len(in.Slots()))
		for _, it := range in.Items() {
			from, to := in.SlotsOf(it.Code)
			for s := from; s < to; s++ {
				v[s] = byte(len(it.Code)*7+int(it.Code[len(it.Code)-1])+(s-from)) % 199
			}
		}
		return v
	}
	common := fill(a.Common)
	before, ok1 := a.Earlier(fill(old))
	after, ok2 := a.Later(fill(later))
	if !ok1 || !ok2 || string(before) != string(common) || string(after) != string(common) {
		t.Error("a slot of the common part does not hold the answer to its item")
	}
	if _, ok := a.Earlier(make(surveys.Vector, 3)); ok {
		t.Error("a vector of another length was accepted")
	}
}
