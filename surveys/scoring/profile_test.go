package scoring

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"traguardo/surveys"
)

func profileOf(t *testing.T, in *surveys.Instrument, r Response, last bool) PersonalProfile {
	t.Helper()
	p, err := Profile(in, r.Vector, surveys.ExAnte, last)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestProfileStrengthsFirst(t *testing.T) {
	t.Parallel()
	in := staffInstrument(t)
	levels := map[surveys.Area]byte{surveys.PIA: 1, surveys.SIC: 4, surveys.COM: 3, surveys.DOC: 0}
	r := respond(t, in, full(surveys.ExAnte, surveys.FormA), func(it surveys.Item) byte {
		if strings.HasPrefix(it.Code, "A-") {
			return levels[it.Area]
		}
		return at(0, 2)(it)
	})
	p := profileOf(t, in, r, false)
	var order []surveys.Area
	for _, a := range p.Areas {
		order = append(order, a.Area)
	}
	if want := []surveys.Area{surveys.SIC, surveys.COM, surveys.PIA, surveys.DOC}; !slices.Equal(order, want) {
		t.Errorf("areas %v, want %v", order, want)
	}
	near(t, "SIC", p.Areas[0].Self, 100)
	if len(p.Strengths) != 12 || p.Strengths[0].Area != surveys.SIC || p.Strengths[6].Area != surveys.COM {
		t.Errorf("%d strengths, first %+v", len(p.Strengths), p.Strengths[0])
	}
	// DOC at 0 (need 4 an item): SYL 1.2 stands in five of six, 1.1 and 2.2 less; PIA
	// at 1 (need 3) brings 4.2 four times.
	if len(p.Study) == 0 || p.Study[0].Competence != "1.2" {
		t.Fatalf("study %+v", p.Study)
	}
	for _, s := range p.Study {
		for _, code := range s.Items {
			if strings.HasPrefix(code, "A-SIC") || strings.HasPrefix(code, "A-COM") {
				t.Errorf("%s suggests %s, which the person can do", code, s.Competence)
			}
			if it, _ := in.Item(code); it.Form == surveys.FormX {
				t.Errorf("%s is an anchor and marks an answer before the next wave", code)
			}
		}
	}
}

func TestProfileAnswers(t *testing.T) {
	t.Parallel()
	in := staffInstrument(t)
	r := respond(t, in, full(surveys.ExAnte, surveys.FormB), at(2, 5))
	put(in, r, "K-PIA-05", surveys.DK)
	wrong, _ := in.Item("K-PIA-07")
	put(in, r, "K-PIA-07", keyOf(wrong, false))
	p := profileOf(t, in, r, false)
	if len(p.Answers) != 9 || len(p.Invented) != 0 {
		t.Errorf("%d answers and %d invented terms, want the nine of set B and none", len(p.Answers), len(p.Invented))
	}
	for _, a := range p.Answers {
		it, _ := in.Item(a.Code)
		if it.Form != surveys.FormB || a.Right.IT == "" || a.Rationale.IT == "" {
			t.Errorf("%s of set %s: right %q", a.Code, it.Form, a.Right.IT)
		}
		switch a.Code {
		case "K-PIA-05":
			if a.Correct || a.Chosen != nil {
				t.Errorf("do not know: %+v", a)
			}
		case "K-PIA-07":
			if a.Correct || a.Chosen == nil || a.Chosen.IT == a.Right.IT {
				t.Errorf("wrong: %+v", a)
			}
		default:
			if !a.Correct || a.Chosen.IT != a.Right.IT {
				t.Errorf("right: %+v", a)
			}
		}
	}
	last := profileOf(t, in, r, true)
	if len(last.Answers) != 23 || len(last.Invented) != 3 {
		t.Errorf("last: %d answers and %d invented terms, want 23 and 3", len(last.Answers), len(last.Invented))
	}
	short := profileOf(t, in, respond(t, in, surveys.ServingSpec{Wave: surveys.ExAnte, Short: true}, at(2, 2)), false)
	if len(short.Answers) != 0 {
		t.Errorf("the short form has anchors only, yet %d answers are told", len(short.Answers))
	}
}

func TestProfileOfNothing(t *testing.T) {
	t.Parallel()
	in := staffInstrument(t)
	r := respond(t, in, full(surveys.ExAnte, surveys.FormA), func(surveys.Item) byte { return surveys.Missing })
	p := profileOf(t, in, r, false)
	if p.Knowledge != nil || len(p.Strengths) != 0 || len(p.Study) != 0 || len(p.Areas) != 4 {
		t.Errorf("%+v", p)
	}
	for _, a := range p.Areas {
		nothing(t, string(a.Area), a.Self)
		nothing(t, string(a.Area), a.Knowledge)
	}
	if _, err := Profile(in, surveys.Vector{1}, surveys.ExAnte, false); !errors.Is(err, surveys.ErrInvalid) {
		t.Errorf("short vector: %v", err)
	}
	if _, err := Profile(in, r.Vector, "later", false); !errors.Is(err, surveys.ErrInvalid) {
		t.Errorf("unknown wave: %v", err)
	}
}
