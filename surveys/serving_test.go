package surveys_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"traguardo/surveys"
	"traguardo/surveys/instruments"
)

func staff(tb testing.TB) *surveys.Instrument {
	tb.Helper()
	in, err := instruments.STAFF()
	if err != nil {
		tb.Fatal(err)
	}
	return in
}

func serve(tb testing.TB, in *surveys.Instrument, spec surveys.ServingSpec) *surveys.Serving {
	tb.Helper()
	s, err := surveys.NewServing(in, spec)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

var allModules = []surveys.Module{surveys.ModuleREC, surveys.ModuleBEH, surveys.ModuleVIG, surveys.ModuleATN}

// specs are the ways in which STAFF 1.0 may be asked.
func specs() map[string]surveys.ServingSpec {
	return map[string]surveys.ServingSpec{
		"ex-ante A":           {Wave: surveys.ExAnte, Set: surveys.FormA, Seed: 1},
		"ex-ante B modules":   {Wave: surveys.ExAnte, Set: surveys.FormB, Modules: allModules, Seed: 2},
		"ex-post B modules":   {Wave: surveys.ExPost, Set: surveys.FormB, Modules: allModules, Projects: 7, Seed: 3},
		"ex-post no projects": {Wave: surveys.ExPost, Set: surveys.FormA, Seed: 3},
		"short ex-ante":       {Wave: surveys.ExAnte, Short: true, Set: surveys.FormA, Seed: 4},
		"small ex-ante":       {Wave: surveys.ExAnte, Short: true, Small: true, Seed: 5},
		"small ex-post":       {Wave: surveys.ExPost, Short: true, Small: true, Seed: 6},
		"interim":             {Wave: surveys.Interim, Set: surveys.FormA, Seed: 7},
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"ex-ante A":           "PRF:3 AUT/PIA:6 AUT/SIC:6 AUT/COM:6 AUT/DOC:6 CON/PIA:5 CON/SIC:5 CON/COM:5 CON/DOC:5 CON/STR:3 ATT:12 CND:2",
		"ex-ante B modules":   "PRF:3 AUT/PIA:6 AUT/SIC:6 AUT/COM:6 AUT/DOC:6 CON/PIA:5 CON/SIC:5 CON/COM:5 CON/DOC:5 CON/STR:3 REC:12 ATT:6 ATT:7 CND:2 BEH:8 VIG:3",
		"ex-post B modules":   "PRF:3 AUT/PIA:6 AUT/SIC:6 AUT/COM:6 AUT/DOC:6 CON/PIA:5 CON/SIC:5 CON/COM:5 CON/DOC:5 CON/STR:3 REC:12 ATT:6 ATT:7 CND:2 BEH:8 VIG:3 THEN:8 EXP:2 IMP:6 OUT:3",
		"ex-post no projects": "PRF:3 AUT/PIA:6 AUT/SIC:6 AUT/COM:6 AUT/DOC:6 CON/PIA:5 CON/SIC:5 CON/COM:5 CON/DOC:5 CON/STR:3 ATT:12 CND:2 THEN:8 EXP:1 IMP:6 OUT:3",
		"short ex-ante":       "PRF:3 AUT:12 CON/PIA:3 CON/SIC:3 CON/COM:3 CON/DOC:3 CON/STR:2 ATT:6",
		"small ex-ante":       "AUT:12 CON/PIA:3 CON/SIC:3 CON/COM:3 CON/DOC:3 CON/STR:2 ATT:6",
		"small ex-post":       "AUT:12 CON/PIA:3 CON/SIC:3 CON/COM:3 CON/DOC:3 CON/STR:2 ATT:6 THEN:4 EXP:2 IMP:2 OUT:1",
		"interim":             "PRF:3 AUT/PIA:6 AUT/SIC:6 AUT/COM:6 AUT/DOC:6 CON/PIA:5 CON/SIC:5 CON/COM:5 CON/DOC:5 CON/STR:3 ATT:12 CND:2",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, p := range serve(t, staff(t), specs()[name]).Pages() {
				label := p.Block
				if p.Area != "" {
					label += "/" + string(p.Area)
				}
				got = append(got, fmt.Sprintf("%s:%d", label, len(p.Items)))
				if len(p.Items) > surveys.MaxPageItems || p.Title.IT == "" || p.Part < 1 || p.Part > p.Parts {
					t.Errorf("page %s: %d items, title %q, part %d of %d", label, len(p.Items), p.Title.IT, p.Part, p.Parts)
				}
			}
			if s := strings.Join(got, " "); s != want {
				t.Errorf("pages\ngot  %s\nwant %s", s, want)
			}
		})
	}
}

// TestShortExPost holds the short form to questionnaires.md §5, last row.
func TestShortExPost(t *testing.T) {
	t.Parallel()
	var got []string
	for _, p := range serve(t, staff(t), specs()["small ex-post"]).Pages() {
		if !slices.Contains([]string{"AUT", "CON", "ATT"}, p.Block) {
			for _, it := range p.Items {
				got = append(got, it.Code)
			}
		}
	}
	want := "T-A-PIA-01 T-A-SIC-01 T-A-COM-01 T-A-DOC-01 EXP-01 EXP-02 IMP-05 IMP-06 ATR-01"
	if s := strings.Join(got, " "); s != want {
		t.Errorf("got %s want %s", s, want)
	}
}

func TestSpecRefused(t *testing.T) {
	t.Parallel()
	for name, spec := range map[string]surveys.ServingSpec{
		"no wave":           {Set: surveys.FormA},
		"full without set":  {Wave: surveys.ExAnte},
		"set X":             {Wave: surveys.ExAnte, Set: surveys.FormX},
		"set Z":             {Wave: surveys.ExAnte, Set: "Z"},
		"small, full":       {Wave: surveys.ExAnte, Set: surveys.FormA, Small: true},
		"small, modules":    {Wave: surveys.ExAnte, Short: true, Small: true, Modules: allModules},
		"unknown module":    {Wave: surveys.ExAnte, Set: surveys.FormA, Modules: []surveys.Module{"AUT"}},
		"too many projects": {Wave: surveys.ExPost, Set: surveys.FormA, Projects: 25},
		"minus one project": {Wave: surveys.ExPost, Set: surveys.FormA, Projects: -1},
	} {
		if _, err := surveys.NewServing(staff(t), spec); !errors.Is(err, surveys.ErrInvalid) {
			t.Errorf("%s: got error %v, want ErrInvalid", name, err)
		}
	}
}

// items are the served items of all pages by code.
func items(s *surveys.Serving) map[string]surveys.ServedItem {
	out := map[string]surveys.ServedItem{}
	for _, p := range s.Pages() {
		for _, it := range p.Items {
			out[it.Code] = it
		}
	}
	return out
}

func fields(it surveys.ServedItem) string {
	var out []string
	for _, c := range it.Choices {
		out = append(out, c.Field)
	}
	return strings.Join(out, " ")
}

func TestChoices(t *testing.T) {
	t.Parallel()
	full := items(serve(t, staff(t), specs()["ex-post B modules"]))
	small := items(serve(t, staff(t), specs()["small ex-post"]))
	for _, c := range []struct {
		name, got, want string
	}{
		{"AUT offers na last", fields(full["A-PIA-01"]), "0 1 2 3 4 na"},
		{"vignettes offer no na", fields(full["V-SIC-1"]), "0 1 2 3 4"},
		{"attitudes", fields(full["ATT-UTI-01"]), "1 2 3 4 5"},
		{"profile", fields(full["P-02"]), "1 2 3 0"},
		{"barriers", fields(full["BAR-01"]), "1 2 3 4 5 6"},
		{"projects", fields(full["EXP-01"]), "0 1 2 3 4 5 6 none"},
		{"projects of a small ente", fields(small["EXP-01"]), "0 none"},
		{"question of a small ente", small["EXP-01"].Question.IT, "Ha preso parte ad almeno un micro-progetto?"},
		{"free text", fields(full["TXT-01"]), ""},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q want %q", c.name, c.got, c.want)
		}
	}
	if !full["EXP-01"].Many || small["EXP-01"].Many || !full["BAR-01"].Many || full["A-PIA-01"].Many {
		t.Error("Many: only BAR-01 and the list of EXP-01 take several choices")
	}
	if full["TXT-01"].MaxLen != 500 {
		t.Errorf("TXT-01 takes %d characters, want 500", full["TXT-01"].MaxLen)
	}
}

// TestOrderBySeed: the same seed gives the same order, seeds differ, "do not know"
// stays last, every option comes first for some seed, shuffling loses nothing.
func TestOrderBySeed(t *testing.T) {
	t.Parallel()
	in := staff(t)
	first := map[string]int{}
	terms := map[string]bool{}
	for seed := range uint64(400) {
		spec := surveys.ServingSpec{Wave: surveys.ExAnte, Set: surveys.FormA, Modules: allModules, Seed: seed}
		got := items(serve(t, in, spec))["K-PIA-01"]
		if again := items(serve(t, in, spec))["K-PIA-01"]; !reflect.DeepEqual(got, again) {
			t.Fatalf("seed %d: two orders", seed)
		}
		f := strings.Fields(fields(got))
		if f[4] != "dk" {
			t.Fatalf("seed %d: %v, \"do not know\" is not last", seed, f)
		}
		first[f[0]]++
		slices.Sort(f)
		if strings.Join(f, " ") != "0 1 2 3 dk" {
			t.Fatalf("seed %d: options %v", seed, f)
		}
		for _, p := range serve(t, in, spec).Pages() {
			if p.Block == "REC" {
				terms[p.Items[0].Code] = true
			}
		}
	}
	for _, o := range []string{"0", "1", "2", "3"} {
		if first[o] < 60 || first[o] > 140 {
			t.Errorf("option %s first for %d of 400 seeds, want about 100", o, first[o])
		}
	}
	if len(terms) != 12 {
		t.Errorf("%d of 12 terms come first for some seed", len(terms))
	}
}

// TestOrderIsPinned: the order is part of what a respondent saw; it may not change
// with a release.
func TestOrderIsPinned(t *testing.T) {
	t.Parallel()
	got := fields(items(serve(t, staff(t), surveys.ServingSpec{Wave: surveys.ExAnte, Set: surveys.FormA, Seed: 42}))["K-PIA-01"])
	if want := "0 2 1 3 dk"; got != want {
		t.Errorf("got %q want %q", got, want)
	}
}

func TestSkip(t *testing.T) {
	t.Parallel()
	in := staff(t)
	if n := len(in.DueForReview("2026-12-31")); n != 0 {
		t.Errorf("%d keys due on the day itself, want 0", n)
	}
	due := in.DueForReview("2027-01-01")
	if len(due) != 32 {
		t.Fatalf("%d keys due after the day, want 32", len(due))
	}
	s := serve(t, in, surveys.ServingSpec{Wave: surveys.ExAnte, Set: surveys.FormA, Skip: due[:14]})
	if s.Asked(due[0]) || !s.Asked(due[14]) {
		t.Errorf("skipped %s asked %v; %s asked %v", due[0], s.Asked(due[0]), due[14], s.Asked(due[14]))
	}
	if err := s.Set(s.NewVector(), due[0], surveys.Answer{State: surveys.StateDK}); !errors.Is(err, surveys.ErrUnknownItem) {
		t.Errorf("setting a skipped item: got %v, want ErrUnknownItem", err)
	}
}

func TestDebrief(t *testing.T) {
	t.Parallel()
	if n := len(serve(t, staff(t), specs()["ex-ante A"]).Debriefs()); n != 0 {
		t.Errorf("%d debriefs without REC", n)
	}
	if n := len(serve(t, staff(t), specs()["ex-ante B modules"]).Debriefs()); n != 1 {
		t.Errorf("%d debriefs with REC, want 1", n)
	}
}

// randomAnswer makes an answer that the item admits.
func randomAnswer(r *rand.Rand, in *surveys.Instrument, it surveys.ServedItem, spec surveys.ServingSpec) surveys.Answer {
	scale := in.ScaleOf(it.Item)
	switch n := r.IntN(10); {
	case n == 0:
		return surveys.Answer{State: surveys.StateMissing}
	case n == 1 && it.NAAllowed:
		return surveys.Answer{State: surveys.StateNA}
	case n == 2 && scale.DK != nil:
		return surveys.Answer{State: surveys.StateDK}
	}
	a := surveys.Answer{State: surveys.StateValue}
	options := in.OptionsOf(it.Item)
	switch scale.Kind {
	case surveys.ScaleProjects:
		n := spec.Projects
		if spec.Small {
			n = 1
		}
		for i := range n {
			if r.IntN(2) == 0 {
				a.Chosen = append(a.Chosen, i)
			}
		}
	case surveys.ScaleMultiple:
		if r.IntN(4) == 0 {
			a.Chosen = []int{len(options) - 1}
			break
		}
		a.Chosen = []int{r.IntN(2), 2 + r.IntN(3)}
	default:
		a.Value = options[r.IntN(len(options))].Value
	}
	return a
}

// roundTrip answers every item of codes at random, once directly and once through
// form values in the opposite order, and reads everything back.
func roundTrip(t *testing.T, in *surveys.Instrument, s *surveys.Serving, codes []string, r *rand.Rand) {
	t.Helper()
	served := items(s)
	said := map[string]surveys.Answer{}
	for _, code := range codes {
		said[code] = randomAnswer(r, in, served[code], s.Spec())
	}
	v, w := s.NewVector(), s.NewVector()
	answered := 0
	for i, code := range codes {
		if err := s.Set(v, code, said[code]); err != nil {
			t.Fatal(err)
		}
		other := codes[len(codes)-1-i]
		a, err := in.ParseAnswer(served[other].Item, in.FormValues(served[other].Item, said[other]))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Set(w, other, a); err != nil {
			t.Fatal(err)
		}
		if said[code].State != surveys.StateMissing {
			answered++
		}
	}
	if !bytes.Equal(v, w) {
		t.Fatal("the order of answering, or the way through a form, changes the vector")
	}
	if err := s.Check(v); err != nil {
		t.Fatal(err)
	}
	for _, code := range codes {
		if got, err := s.Decode(v, code); err != nil || !reflect.DeepEqual(got, said[code]) {
			t.Fatalf("%s: got %+v, %v want %+v", code, got, err, said[code])
		}
	}
	if got, err := in.Count(v); err != nil || got != (surveys.Tally{Served: len(codes), Answered: answered}) {
		t.Fatalf("tally %+v, %v; want %d of %d", got, err, answered, len(codes))
	}
}

// TestSetDecode is the property: what Set wrote Decode reads, whatever the order of
// answering; the vector checks; forms say the same; the tally is right.
func TestSetDecode(t *testing.T) {
	t.Parallel()
	in := staff(t)
	for name, spec := range specs() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, in, spec)
			served := items(s)
			var codes []string
			for code, it := range served {
				if it.Kind != surveys.ScaleText {
					codes = append(codes, code)
				}
			}
			slices.Sort(codes)
			for round := range 20 {
				roundTrip(t, in, s, codes, rand.New(rand.NewPCG(uint64(round), 9)))
			}
			for _, it := range in.Items() {
				from, to := in.SlotsOf(it.Code)
				if from == to || s.Asked(it.Code) {
					continue
				}
				if a, err := s.Decode(s.NewVector(), it.Code); err != nil || a.State != surveys.StateNotServed {
					t.Errorf("%s is not asked, but reads %+v, %v", it.Code, a, err)
				}
			}
		})
	}
}

func TestSetRefuses(t *testing.T) {
	t.Parallel()
	s := serve(t, staff(t), specs()["ex-post B modules"])
	value := func(v byte) surveys.Answer { return surveys.Answer{State: surveys.StateValue, Value: v} }
	chosen := func(c ...int) surveys.Answer { return surveys.Answer{State: surveys.StateValue, Chosen: c} }
	for _, c := range []struct {
		name, code string
		a          surveys.Answer
		want       error
	}{
		{"unknown item", "X-1", value(1), surveys.ErrUnknownItem},
		{"set A item for a B person", "K-PIA-04", value(1), surveys.ErrUnknownItem},
		{"code element", "S-COD-1", value(1), surveys.ErrUnknownItem},
		{"free text", "TXT-01", value(1), surveys.ErrUnknownItem},
		{"value over the scale", "A-PIA-01", value(5), surveys.ErrInvalid},
		{"value under the scale", "ATT-UTI-01", value(0), surveys.ErrInvalid},
		{"code as a value", "A-PIA-01", value(surveys.DK), surveys.ErrInvalid},
		{"na not offered", "ATT-UTI-01", surveys.Answer{State: surveys.StateNA}, surveys.ErrInvalid},
		{"na on a vignette", "V-SIC-1", surveys.Answer{State: surveys.StateNA}, surveys.ErrInvalid},
		{"dk not offered", "A-PIA-01", surveys.Answer{State: surveys.StateDK}, surveys.ErrInvalid},
		{"not served", "A-PIA-01", surveys.Answer{State: surveys.StateNotServed}, surveys.ErrInvalid},
		{"no state", "A-PIA-01", surveys.Answer{Value: 1}, surveys.ErrInvalid},
		{"value beside dk", "K-PIA-01", surveys.Answer{State: surveys.StateDK, Value: 1}, surveys.ErrInvalid},
		{"several on a single scale", "A-PIA-01", chosen(1, 2), surveys.ErrInvalid},
		{"nothing of many", "BAR-01", chosen(), surveys.ErrInvalid},
		{"exclusive with others", "BAR-01", chosen(1, 5), surveys.ErrInvalid},
		{"twice the same", "BAR-01", chosen(1, 1), surveys.ErrInvalid},
		{"project beyond the list", "EXP-01", chosen(7), surveys.ErrInvalid},
		{"negative project", "EXP-01", chosen(-1), surveys.ErrInvalid},
	} {
		v := s.NewVector()
		if err := s.Set(v, c.code, c.a); !errors.Is(err, c.want) {
			t.Errorf("%s: got error %v want %v", c.name, err, c.want)
		}
		if !bytes.Equal(v, s.NewVector()) {
			t.Errorf("%s: a refused answer changed the vector", c.name)
		}
	}
	if err := s.Set(make(surveys.Vector, 3), "A-PIA-01", value(1)); !errors.Is(err, surveys.ErrInvalid) {
		t.Errorf("short vector: got %v", err)
	}
}

func TestCheckRefuses(t *testing.T) {
	t.Parallel()
	in := staff(t)
	s := serve(t, in, specs()["ex-post B modules"])
	first := func(code string) int { from, _ := in.SlotsOf(code); return from }
	for _, c := range []struct {
		name string
		slot int
		b    byte
	}{
		{"a byte that is neither value nor code", first("A-PIA-01"), 201},
		{"the same among several", first("BAR-01"), 230},
		{"over the scale", first("A-PIA-01"), 5},
		{"asked, but not served", first("A-PIA-01"), surveys.NotServed},
		{"not asked, but answered", first("K-PIA-04"), 1},
		{"not asked, but missing", first("K-PIA-04"), surveys.Missing},
		{"project beyond the list", first("EXP-01") + 7, 0},
		{"one of many answered alone", first("EXP-01"), 1},
		{"dk where not offered", first("A-PIA-01"), surveys.DK},
	} {
		v := s.NewVector()
		v[c.slot] = c.b
		if err := s.Check(v); !errors.Is(err, surveys.ErrInvalid) {
			t.Errorf("%s: got %v, want ErrInvalid", c.name, err)
		}
	}
	if err := s.Check(s.NewVector()); err != nil {
		t.Errorf("new vector: %v", err)
	}
}

func TestClass(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		answered, served int
		want             surveys.Completeness
	}{
		{0, 0, surveys.BreakOff}, {0, 10, surveys.BreakOff}, {49, 100, surveys.BreakOff}, {50, 100, surveys.Partial},
		{79, 100, surveys.Partial}, {80, 100, surveys.Complete}, {4, 5, surveys.Complete}, {5, 5, surveys.Complete},
	} {
		if got := (surveys.Tally{Served: c.served, Answered: c.answered}).Class(); got != c.want {
			t.Errorf("%d of %d: got %s want %s", c.answered, c.served, got, c.want)
		}
	}
}

// FuzzCheck: no bytes make Check, Decode or Count panic, and a vector that checks
// reads item by item and writes back to the same bytes.
func FuzzCheck(f *testing.F) {
	in := staff(f)
	s := serve(f, in, specs()["ex-post B modules"])
	f.Add([]byte(s.NewVector()))
	f.Add([]byte{})
	f.Add(bytes.Repeat([]byte{1}, len(s.NewVector())))
	served := items(s)
	f.Fuzz(func(t *testing.T, b []byte) {
		v := surveys.Vector(b)
		if s.Check(v) != nil {
			return
		}
		w := s.NewVector()
		for code, it := range served {
			if it.Kind == surveys.ScaleText {
				continue
			}
			a, err := s.Decode(v, code)
			if err != nil {
				t.Fatalf("%s: %v in a vector that checks", code, err)
			}
			if err := s.Set(w, code, a); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(v, w) {
			t.Fatal("decoded answers do not write the same vector")
		}
	})
}

func FuzzParseAnswer(f *testing.F) {
	in := staff(f)
	s := serve(f, in, specs()["ex-post B modules"])
	served := items(s)
	f.Add("BAR-01", "1", "3")
	f.Add("EXP-01", "none", "")
	f.Add("K-PIA-01", "dk", "")
	f.Add("A-PIA-01", "256", "-1")
	f.Fuzz(func(t *testing.T, code, x, y string) {
		it, ok := served[code]
		if !ok {
			return
		}
		a, err := in.ParseAnswer(it.Item, []string{x, y})
		if err != nil {
			return
		}
		v := s.NewVector()
		if s.Set(v, code, a) == nil && s.Check(v) != nil {
			t.Fatal("an accepted answer makes a vector that does not check")
		}
	})
}

func BenchmarkSubmit(b *testing.B) {
	in := staff(b)
	for b.Loop() {
		s := serve(b, in, specs()["ex-ante A"])
		v := s.NewVector()
		if err := s.Check(v); err != nil {
			b.Fatal(err)
		}
	}
}

func TestCleanText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{"", ""}, {"  ciao \r\n mondo\t! \x00", "ciao \n mondo !"}, {"perche\u0301", "perché"},
	} {
		if got, err := surveys.CleanText(c.in, 500); err != nil || got != c.want {
			t.Errorf("%q: got %q, %v want %q", c.in, got, err, c.want)
		}
	}
	for _, bad := range []string{strings.Repeat("è", 501), "a\xff"} {
		if _, err := surveys.CleanText(bad, 500); !errors.Is(err, surveys.ErrInvalid) {
			t.Errorf("%.10q…: got %v, want ErrInvalid", bad, err)
		}
	}
	if _, err := surveys.CleanText(strings.Repeat("è", 500), 500); err != nil {
		t.Errorf("500 characters: %v", err)
	}
}
