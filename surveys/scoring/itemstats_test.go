package scoring

import (
	"encoding/json"
	"math"
	"testing"

	"traguardo/surveys"
)

func TestItemsNeedThirtyPeopleOfTwoEnti(t *testing.T) {
	in := staffInstrument(t)
	for name, parts := range map[string][][]Response{
		"29 people": {varied(t, in, 14), varied(t, in, 15)}, "one ente": {varied(t, in, 60)}, "an empty second": {varied(t, in, 60), nil}, "nobody": nil,
	} {
		a, err := Items(in, surveys.ExAnte, parts)
		if err != nil || a.N != 0 || len(a.Items) != 0 || a.Comuni != 0 {
			t.Errorf("%s: got %+v, %v", name, a, err)
		}
	}
	a, err := Items(in, surveys.ExAnte, [][]Response{varied(t, in, 30), varied(t, in, 30)})
	if err != nil || a.N != 60 || a.Comuni != 2 || len(a.Items) == 0 {
		t.Fatalf("got %d people of %d, %v", a.N, a.Comuni, err)
	}
	if _, err := json.Marshal(a); err != nil {
		t.Errorf("a figure cannot be written: %v", err)
	}
	for _, x := range a.Items {
		if x.N != 0 && x.N < 30 || x.Discrimination != nil && (math.IsNaN(*x.Discrimination) || math.Abs(*x.Discrimination) > 1) {
			t.Errorf("%s: %+v", x.Code, x)
		}
	}
}

// TestItemCells sets how many choose each answer of one anchor and reads what shows.
func TestItemCells(t *testing.T) {
	in := staffInstrument(t)
	code := servedKeys(in, surveys.FormNone, surveys.PIA)[0]
	it, _ := in.Item(code)
	key, wrong := 0, []byte{}
	for i, o := range it.Options {
		if o.Key {
			key = i
		} else {
			wrong = append(wrong, o.Value)
		}
	}
	cases := []struct {
		name                string
		right, w0, w1, w2   int // dk: the rest of 60
		shown               int // cells shown
		difficulty, hasRare bool
	}{
		{"all cells large", 30, 8, 8, 8, 5, true, false},
		{"one small hides two", 30, 3, 12, 8, 3, true, false},
		{"two small", 30, 1, 2, 20, 3, true, true},
		{"nobody wrong", 60, 0, 0, 0, 1, false, true},
		{"nobody right", 0, 20, 20, 10, 4, false, false},
	}
	for _, c := range cases {
		people := varied(t, in, 60)
		for i := range people {
			b := surveys.DK
			switch {
			case i < c.right:
				b = it.Options[key].Value
			case i < c.right+c.w0:
				b = wrong[0]
			case i < c.right+c.w0+c.w1:
				b = wrong[1]
			case i < c.right+c.w0+c.w1+c.w2:
				b = wrong[2]
			}
			put(in, people[i], code, b)
		}
		a, err := Items(in, surveys.ExAnte, [][]Response{people[:20], people[20:]})
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range a.Items {
			if x.Code != code {
				continue
			}
			shown, rare := 0, false
			for _, o := range x.Options {
				if o.Share != nil {
					shown++
				}
			}
			for _, f := range x.Flags {
				rare = rare || f == FlagRare
			}
			wantShown := c.shown
			if c.name == "nobody right" {
				wantShown = 3 // key hidden, and the next smallest with it
			}
			if shown != wantShown || (x.Mean != nil) != c.difficulty || rare != c.hasRare {
				t.Errorf("%s: shown %d, difficulty %t, rare %t: %+v", c.name, shown, x.Mean != nil, rare, x)
			}
			if c.difficulty && math.Abs(*x.Mean-float64(c.right)/60) > 1e-12 {
				t.Errorf("%s: difficulty %g", c.name, *x.Mean)
			}
		}
	}
}
