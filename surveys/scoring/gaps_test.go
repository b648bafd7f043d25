package scoring

import (
	"errors"
	"slices"
	"testing"

	"traguardo/surveys"
)

func TestGapsOrder(t *testing.T) {
	t.Parallel()
	res := mustAssess(t, smallMAT(), []surveys.Rating{
		rated("M-PIA-01", 2, surveys.E1), rated("M-PIA-02", 0), rated("M-PIA-03", 4, surveys.E2), rated("M-PIA-04", 3, surveys.E1),
		rated("M-SIC-01", 3), rated("M-SIC-02", 2, surveys.E1),
		rated("M-COM-01", 0), rated("M-COM-02", 0),
		rated("M-DOC-01", 2, surveys.E1), rated("M-DOC-02", 2, surveys.E1),
	})
	codes := func(gaps []Gap) (out []string) {
		for _, g := range gaps {
			out = append(out, g.Code)
		}
		return out
	}
	gaps, err := Gaps(res, GapOptions{})
	if err != nil {
		t.Fatal(err)
	}
	// The gate SIC-01 (evidenced 1) first; then gap 1 each, by area: COM 0, SIC 37.5, DOC 50, PIA 56.25.
	want := []string{"M-SIC-01", "M-COM-01", "M-COM-02", "M-SIC-02", "M-DOC-01", "M-DOC-02", "M-PIA-01", "M-PIA-02", "M-PIA-04"}
	if got := codes(gaps); !slices.Equal(got, want) {
		t.Errorf("default order %v, want %v", got, want)
	}
	if g := gaps[0]; g.Target != 2 || g.Gap != 1 || !g.HeldGate || !g.EvidenceOnly {
		t.Errorf("gate gap %+v, want target 2, evidence only", g)
	}
	gaps, err = Gaps(res, GapOptions{
		Targets: map[string]surveys.Level{"M-PIA-02": 3, "M-DOC-01": 2, "M-COM-01": 4, "M-SIC-01": 3},
		Effort:  map[string]int{"M-COM-01": 3, "M-SIC-01": 3},
	})
	if err != nil {
		t.Fatal(err)
	}
	// Priorities: PIA-02 3/1, COM-01 4/3, the rest 1; SIC-01 2/3 but a gate; DOC-01 reached.
	want = []string{"M-SIC-01", "M-PIA-02", "M-COM-01", "M-COM-02", "M-SIC-02", "M-DOC-02", "M-PIA-01", "M-PIA-04"}
	if got := codes(gaps); !slices.Equal(got, want) {
		t.Errorf("order with targets %v, want %v", got, want)
	}
	for _, bad := range []GapOptions{{Targets: map[string]surveys.Level{"M-PIA-01": 5}}, {Effort: map[string]int{"M-PIA-01": 0}}} {
		if _, err := Gaps(res, bad); !errors.Is(err, surveys.ErrInvalid) {
			t.Errorf("%+v: error %v, want ErrInvalid", bad, err)
		}
	}
	if gaps, err := Gaps(mustAssess(t, smallMAT(), nil), GapOptions{}); err != nil || len(gaps) != 0 {
		t.Errorf("nothing assessed: %d gaps, %v", len(gaps), err)
	}
}

func TestAssessChange(t *testing.T) {
	t.Parallel()
	in := smallMAT()
	type side struct {
		level    surveys.Level
		evidence surveys.EvidenceType
	}
	absent := side{-1, ""}
	for _, c := range []struct {
		name          string
		before, after side
		want          ChangeKind
	}{
		{"both rise", side{1, surveys.E0}, side{3, surveys.E1}, Improved},
		{"only declared", side{1, surveys.E0}, side{3, surveys.E0}, DeclaredOnly},
		{"evidence on the same level", side{3, surveys.E0}, side{3, surveys.E1}, BetterDocumented},
		{"evidence reaches the old claim, the new one is open", side{3, surveys.E0}, side{4, surveys.E1}, BetterDocumented},
		{"evidence beyond the old claim", side{3, surveys.E0}, side{4, surveys.E2}, Improved},
		{"claim lowered, but proved", side{4, surveys.E0}, side{3, surveys.E1}, BetterDocumented},
		{"both fall", side{3, surveys.E1}, side{2, surveys.E1}, Worsened},
		{"only the claim falls", side{3, surveys.E0}, side{2, surveys.E0}, Worsened},
		{"evidence lost", side{3, surveys.E1}, side{3, surveys.E0}, LessDocumented},
		{"claim up, evidence lost", side{2, surveys.E1}, side{3, surveys.E0}, DeclaredOnly},
		{"same", side{2, surveys.E1}, side{2, surveys.E3}, Unchanged},
		{"not assessed before", absent, side{2, surveys.E1}, NotComparable},
		{"not assessed after", side{2, surveys.E1}, absent, NotComparable},
	} {
		assess := func(s side) MATResult {
			if s == absent {
				return mustAssess(t, in, nil)
			}
			return mustAssess(t, in, []surveys.Rating{rated("M-COM-01", s.level, s.evidence)})
		}
		change := AssessChange(assess(c.before), assess(c.after))
		for _, x := range change.Indicators {
			if x.Code == "M-COM-01" && x.Kind != c.want {
				t.Errorf("%s: got %s, want %s", c.name, x.Kind, c.want)
			}
			if (x.Kind == NotComparable) != (x.DeltaEvidenced == nil) {
				t.Errorf("%s: %s has delta %v", c.name, x.Kind, x.DeltaEvidenced)
			}
		}
	}
}

func TestAssessChangeByArea(t *testing.T) {
	t.Parallel()
	in := smallMAT()
	before := mustAssess(t, in, []surveys.Rating{rated("M-COM-01", 1), rated("M-COM-02", 2, surveys.E1)})
	after := mustAssess(t, in, []surveys.Rating{rated("M-COM-01", 3, surveys.E1), rated("M-COM-02", 2, surveys.E1)})
	change := AssessChange(before, after)
	com := change.Areas[2]
	near(t, "COM before", com.Evidenced.Before, 37.5)
	near(t, "COM after", com.Evidenced.After, 62.5)
	near(t, "COM delta", com.Evidenced.Delta, 25)
	nothing(t, "overall", change.Evidenced.Delta)
	if com.Kinds[0] != (KindCount{Improved, 1}) || com.Kinds[5] != (KindCount{Unchanged, 1}) || len(change.Areas) != 5 {
		t.Errorf("kinds %v in %d areas", com.Kinds, len(change.Areas))
	}
	other := smallMAT()
	other.Version = "2"
	change = AssessChange(before, mustAssess(t, other, []surveys.Rating{rated("M-COM-01", 3, surveys.E1)}))
	if change.SameVersion || change.Areas[2].Evidenced.Delta != nil {
		t.Errorf("versions differ, yet comparable: %+v", change.Areas[2])
	}
	for _, x := range change.Indicators {
		if x.Kind != NotComparable {
			t.Errorf("%s is %s across versions", x.Code, x.Kind)
		}
	}
}
