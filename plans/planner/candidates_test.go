package planner

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"traguardo/plans"
	"traguardo/plans/catalogue"
	"traguardo/surveys"
)

func lv(l surveys.Level) *surveys.Level { return &l }

func table(t *testing.T) Points {
	t.Helper()
	p, err := DefaultPoints()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func embeddedTemplates(t *testing.T) *catalogue.Catalogue {
	t.Helper()
	c, err := catalogue.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// today is a day after the deadline of CAP4.PA.12 (2024-12-31) and before that
// of CAP4.PA.01 (2026-12-31).
func today() plans.Date { return plans.Date{Year: 2026, Month: time.November, Day: 22} }

func find(options []Option, id string) *Option {
	for i := range options {
		if options[i].ID == id {
			return &options[i]
		}
	}
	return nil
}

func codes(rs []plans.Reason) string {
	var out []string
	for _, r := range rs {
		out = append(out, string(r.Code))
	}
	return strings.Join(out, " ")
}

// askCase is a change of an empty input and the candidates that it asks for.
type askCase struct {
	name   string
	edit   func(*Input)
	want   map[string]string // id → codes of reasons; every other id is absent
	points map[string]float64
}

func askCases() []askCase {
	return []askCase{
		{name: "nothing known", edit: func(*Input) {}, want: map[string]string{}},
		{name: "not assessed asks for nothing", edit: func(in *Input) { in.Indicators = []IndicatorState{{Code: "M-DOC-06", Target: 4}} }, want: map[string]string{}},
		{name: "not applicable asks for nothing", edit: func(in *Input) { in.Indicators = []IndicatorState{{Code: "M-PIA-04", NA: true, Target: 4}} }, want: map[string]string{}},
		{name: "at target", edit: func(in *Input) {
			in.Indicators = []IndicatorState{{Code: "M-SIC-03", Evidenced: lv(2), Declared: lv(2), Target: 2}}
		}, want: map[string]string{}},
		{name: "one level", edit: func(in *Input) {
			in.Indicators = []IndicatorState{{Code: "M-SIC-03", Evidenced: lv(1), Declared: lv(1), Target: 2}}
		},
			want: map[string]string{"SIC-03@2": "gap"}, points: map[string]float64{"SIC-03@2": 10}},
		{name: "default target", edit: func(in *Input) {
			in.Indicators = []IndicatorState{{Code: "M-SIC-03", Evidenced: lv(0), Declared: lv(0)}}
		},
			want: map[string]string{"SIC-03@2": "gap"}, points: map[string]float64{"SIC-03@2": 20}},
		{name: "to the top", edit: func(in *Input) {
			in.Indicators = []IndicatorState{{Code: "M-SIC-03", Title: "Inventario", Evidenced: lv(1), Declared: lv(1), Target: 4}}
		},
			want: map[string]string{"SIC-03@2": "gap needed_by", "SIC-03@3": "gap needed_by", "SIC-11@M-SIC-03@4": "gap"}, points: map[string]float64{"SIC-03@3": 8, "SIC-11@M-SIC-03@4": 5}},
		{name: "gates double", edit: func(in *Input) {
			in.Indicators = []IndicatorState{{Code: "M-DOC-01", Gate: true, Evidenced: lv(1), Declared: lv(1), Target: 2}}
		},
			want: map[string]string{"DOC-01@2": "gate"}, points: map[string]float64{"DOC-01@2": 20}},
		{name: "declared and not documented", edit: func(in *Input) {
			in.Indicators = []IndicatorState{{Code: "M-COM-04", Evidenced: lv(1), Declared: lv(2), Target: 2}}
		},
			want: map[string]string{"COM-04@2": "undocumented"}},
		{name: "prerequisite that nothing asked for", edit: func(in *Input) {
			in.Indicators = []IndicatorState{{Code: "M-DOC-06", Evidenced: lv(0), Declared: lv(0), Target: 2}}
		},
			want: map[string]string{"DOC-04@2": "needed_by", "DOC-05@2": "needed_by", "DOC-06@2": "gap"}},
		{name: "prerequisite there already", edit: func(in *Input) {
			in.Indicators = []IndicatorState{{Code: "M-DOC-06", Evidenced: lv(0), Declared: lv(0), Target: 2}, {Code: "M-DOC-05", Evidenced: lv(2), Declared: lv(2), Target: 2}}
		}, want: map[string]string{"DOC-06@2": "gap"}},
		{name: "line overdue without indicator", edit: func(in *Input) {
			in.Lines = []LineState{{Code: "CAP4.PA.12", Due: plans.Date{Year: 2024, Month: time.December, Day: 31}}}
		},
			want: map[string]string{"PIA-10": "line_overdue"}, points: map[string]float64{"PIA-10": 9}},
		{name: "line due, at a later stage only", edit: func(in *Input) { in.Lines = []LineState{{Code: "CAP4.PA.06"}} },
			want: map[string]string{"PIA-01@2": "needed_by", "PIA-01@3": "line"}, points: map[string]float64{"PIA-01@3": 6}},
		{name: "line of today is not overdue", edit: func(in *Input) { in.Lines = []LineState{{Code: "CAP4.PA.18", Due: today()}} }, want: map[string]string{"PIA-11": "line"}},
		{name: "line of a level that is there: proof is missing, not work", edit: func(in *Input) {
			in.Lines = []LineState{{Code: "CAP4.PA.02"}}
			in.Indicators = []IndicatorState{{Code: "M-PIA-03", Evidenced: lv(3), Declared: lv(3), Target: 3}}
		}, want: map[string]string{}},
		{name: "weak item", edit: func(in *Input) {
			in.Competences = []Competence{{Item: "A-SIC-03", Area: surveys.SIC, Mean: 49.9}, {Item: "A-SIC-01", Area: surveys.SIC, Mean: 50}}
		},
			want: map[string]string{"SIC-12": "training"}, points: map[string]float64{"SIC-12": 4}},
		{name: "weak area", edit: func(in *Input) { in.Competences = []Competence{{Area: surveys.SIC, Mean: 20}} },
			want: map[string]string{"SIC-10@2": "training", "SIC-12": "training", "GOV-07": "training", "GOV-08": "training"}},
	}
}

func TestCandidatesSayWhoAsked(t *testing.T) {
	t.Parallel()
	in := Input{Today: today(), Population: 2_000, Catalogue: embeddedTemplates(t), Points: table(t)}
	for _, tc := range askCases() {
		x := in
		tc.edit(&x)
		got := Candidates(x)
		if len(got) != len(tc.want) {
			t.Errorf("%s: got %d candidates, want %d: %v", tc.name, len(got), len(tc.want), ids(got))
		}
		for id, want := range tc.want {
			o := find(got, id)
			if o == nil || codes(o.Asked) != want {
				t.Errorf("%s: %s: got %+v want %q", tc.name, id, o, want)
			}
		}
		for id, want := range tc.points {
			if o := find(got, id); o != nil && o.Points != want {
				t.Errorf("%s: %s: got %g points want %g", tc.name, id, o.Points, want)
			}
		}
	}
}

func ids(options []Option) []string {
	var out []string
	for _, o := range options {
		out = append(out, o.ID)
	}
	return out
}

func TestCandidateDetails(t *testing.T) {
	t.Parallel()
	in := Input{Today: today(), Population: 30_000, Catalogue: embeddedTemplates(t), Points: table(t),
		Indicators: []IndicatorState{
			{Code: "M-PIA-03", Title: "Messaggi e servizi su IO", Evidenced: lv(3), Declared: lv(3), Target: 4},
			{Code: "M-PIA-07", Evidenced: lv(1), Declared: lv(1), Target: 3},
		},
		Competences: []Competence{{Item: "A-PIA-01", Mean: 10}}}
	got := Candidates(in)
	if o := find(got, "PIA-09@M-PIA-03@4"); o == nil || o.Title != "Misurare e migliorare un servizio delle piattaforme: Messaggi e servizi su IO" || len(o.Requires) != 0 {
		t.Errorf("one for each: got %+v", o)
	}
	o := find(got, "PIA-07@2")
	if o == nil || !slices.Equal(o.Requires, []string{"PIA-01@2", "PIA-02@2"}) || !slices.Equal(o.TrainFirst, []string{"A-PIA-01"}) {
		t.Fatalf("PIA-07@2: got %+v", o)
	}
	if o.Effort[0] == 0 || o.Days() != 75 {
		t.Errorf("large band: got %d days, %v", o.Days(), o.Effort)
	}
	if p := find(got, "PIA-01@2"); p == nil || !slices.Contains(p.Asked[len(p.Asked)-1].Other, "PIA-07@2") {
		t.Errorf("who needs PIA-01@2: got %+v", p)
	}
	if ms := o.Milestones(plans.Quarter{Year: 2027, N: 2}); len(ms) != 4 || ms[0].Due != (plans.Date{Year: 2027, Month: time.April, Day: 28}) {
		t.Errorf("milestones: got %+v", ms)
	}
}

// TestWholeLoopForEverySize goes from answers to a plan that can be proposed.
func TestWholeLoopForEverySize(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(21, 22))
	cat := embeddedTemplates(t)
	for _, tc := range []struct {
		population, days int
		budget           plans.Cents
	}{{600, 8, 1_000_000}, {5_000, 25, 3_000_000}, {50_000, 120, 20_000_000}} {
		in := Input{Today: today(), Population: tc.population, Catalogue: cat, Points: table(t)}
		for k, n := range []int{8, 10, 9, 9, 4} {
			area := surveys.AssessmentAreas()[k]
			for i := 1; i <= n; i++ {
				l := lv(surveys.Level(r.IntN(3)))
				in.Indicators = append(in.Indicators, IndicatorState{Code: fmt.Sprintf("M-%s-%02d", area, i), Area: area, Gate: i < 3, Evidenced: l, Declared: l, Target: 3})
			}
		}
		for _, code := range []string{"CAP4.PA.12", "CAP4.PA.18", "CAP2.PA.06", "CAP1.PA.08", "CAP7.PA.17", "CAP5.PA.21"} {
			in.Lines = append(in.Lines, LineState{Code: code})
		}
		in.Competences = []Competence{{Item: "A-DOC-02", Mean: 30}, {Area: surveys.COM, Mean: 40}}
		options := Candidates(in)
		f := Frame{Start: plans.Quarter{Year: 2027, N: 1}, Quarters: 8, Budget: []plans.Cents{tc.budget, tc.budget}}
		for range 8 {
			f.Capacity = append(f.Capacity, tc.days)
		}
		p, err := Build(in, options, f)
		if err != nil {
			t.Fatal(err)
		}
		s := solve(t, p, Options{})
		checkSolution(t, p, s)
		if len(s.Starts) == 0 || s.Gain <= 0 {
			t.Fatalf("%d inhabitants: nothing chosen of %d", tc.population, len(options))
		}
		t.Logf("%d inhabitants: %d of %d chosen, %g points, bound %g, proved %v", tc.population, len(s.Starts), len(options), s.Gain, s.Bound, s.Proved)
		proposePlan(t, options, s, f)
	}
}

// proposePlan holds that a solution makes a plan that stands by the plan's own rules.
func proposePlan(t *testing.T, options []Option, s Solution, f Frame) {
	t.Helper()
	names := map[string]surveys.ID{}
	for id := range s.Starts {
		names[id] = surveys.ID("id-" + id)
	}
	level := func(indicator string, l surveys.Level) string { return fmt.Sprintf("testo di %s %d", indicator, l) }
	plan := plans.Plan{ID: "p", EnteID: "e", State: plans.Draft, Start: f.Start, Quarters: f.Quarters, Budget: f.Budget, Capacity: f.Capacity, Choices: Choices(options, s)}
	for _, sheet := range Sheets(options, s, f, names, level) {
		if err := plan.Put(sheet); err != nil {
			t.Fatal(err)
		}
		if sheet.Acceptance == "" || len(sheet.Reasons) == 0 || !sheet.CostEstimated {
			t.Errorf("%s: got %+v", sheet.Template, sheet)
		}
		if len(sheet.Effects) > 0 && !strings.Contains(sheet.Acceptance, "testo di "+sheet.Effects[0].Indicator) {
			t.Errorf("%s: acceptance is not the text of the level: %q", sheet.Template, sheet.Acceptance)
		}
	}
	if err := plan.Propose(today(), "rtd"); err != nil {
		t.Errorf("the plan cannot be proposed: %v %+v", err, plan.Faults())
	}
	if len(plan.Choices) != len(options) || len(plan.Projects) != len(s.Starts) {
		t.Errorf("%d choices for %d options, %d projects for %d starts", len(plan.Choices), len(options), len(plan.Projects), len(s.Starts))
	}
}

func TestBuildKeepsTheFrame(t *testing.T) {
	t.Parallel()
	in := Input{Today: today(), Population: 600, Catalogue: embeddedTemplates(t), Points: table(t),
		Indicators: []IndicatorState{{Code: "M-SIC-03", Evidenced: lv(0), Declared: lv(0), Target: 3}}, Lines: []LineState{{Code: "CAP1.PA.09"}}}
	options := Candidates(in)
	f := Frame{Start: plans.Quarter{Year: 2026, N: 4}, Quarters: 4, Budget: []plans.Cents{0, 900_000}, Capacity: []int{20, 20, 20, 20},
		Must: map[string]bool{"COM-11@2": true}, Never: map[string]bool{"COM-05@2": true}, Pins: map[string]plans.Quarter{"SIC-03@2": {Year: 2027, N: 2}},
		Earliest: map[string]plans.Quarter{"COM-11@2": {Year: 2027, N: 3}}, Cost: map[string]plans.Cents{"COM-11@2": 12_300}, Effort: map[string][]int{"SIC-03@2": {7}}}
	p, err := Build(in, options, f)
	if err != nil {
		t.Fatal(err)
	}
	s := solve(t, p, Options{})
	if s.Starts["SIC-03@2"] != 2 || s.Starts["COM-11@2"] != 3 || s.Why["COM-05@2"].Reason.Code != plans.OutNever {
		t.Fatalf("frame: got %+v", s.Starts)
	}
	if i := p.Indicators["line:CAP1.PA.09"]; !reflect.DeepEqual(i, Indicator{Points: []float64{0, 6}, Target: 1}) {
		t.Errorf("the line is an indicator of two levels: got %+v", i)
	}
	sheets := Sheets(options, s, f, map[string]surveys.ID{}, func(string, surveys.Level) string { return "x" })
	for _, x := range sheets {
		switch x.Template {
		case "COM-11@2":
			if x.Cost != 12_300 || x.CostEstimated || !x.Must || x.Start != (plans.Quarter{Year: 2027, N: 3}) {
				t.Errorf("own cost: got %+v", x)
			}
		case "SIC-03@2":
			if !x.Pinned || !slices.Equal(x.Effort, []int{7}) || !x.CostEstimated {
				t.Errorf("own effort: got %+v", x)
			}
		}
	}
	f.Pins = map[string]plans.Quarter{"SIC-03@2": {Year: 2028, N: 1}}
	if _, err := Build(in, options, f); !errors.Is(err, ErrProblem) {
		t.Errorf("pin outside the plan: got %v", err)
	}
	f.Pins = map[string]plans.Quarter{"XXX": {Year: 2027, N: 1}}
	if _, err := Build(in, options, f); !errors.Is(err, ErrProblem) {
		t.Errorf("pin of nothing: got %v", err)
	}
}

func TestGapThatNothingLeadsUpTo(t *testing.T) {
	t.Parallel()
	text := `area: PIA
version: "1"
templates:
  - {code: PIA-01, title: T, kind: project, purpose: "A. B.", effects: [{indicator: M-PIA-01, from: 3, stops: [4]}], deliverables: [D],
     steps: [{do: S, weeks: 1}], days: {rtd: [1, 1, 1]}, cost: {drivers: D}, law: [L], funding: {sources: [own]}, kpi: {name: K, unit: U}, risks: [R], reuse: R}
`
	c, err := catalogue.Load(fstest.MapFS{"a.yaml": {Data: []byte(text)}})
	if err != nil {
		t.Fatal(err)
	}
	in := Input{Population: 1, Catalogue: c, Points: table(t), Indicators: []IndicatorState{{Code: "M-PIA-01", Evidenced: lv(1), Declared: lv(1), Target: 4}}}
	options := Candidates(in)
	p, err := Build(in, options, Frame{Quarters: 4, Start: plans.Quarter{Year: 2027, N: 1}, Budget: []plans.Cents{0}, Capacity: []int{9, 9, 9, 9}})
	if err != nil {
		t.Fatal(err)
	}
	if d := solve(t, p, Options{}).Why["PIA-01@4"]; d.In || d.Reason.Code != plans.OutPrereq || !slices.Equal(d.Reason.Other, []string{"M-PIA-01@3"}) {
		t.Errorf("got %+v", d)
	}
}

func TestPointsAreData(t *testing.T) {
	t.Parallel()
	p := table(t)
	if got := p.cumulative(true); !slices.Equal(got, []float64{0, 20, 40, 56, 66}) {
		t.Errorf("gate: got %v", got)
	}
	if p.between(false, 2, 2) != 0 || p.between(false, 3, 1) != 0 || p.between(false, 1, 3) != 18 {
		t.Error("points between levels")
	}
	text := string(pointsYAML)
	for name, change := range map[string][2]string{
		"unknown field": {"line: 6", "lines: 6"}, "three levels": {"[10, 10, 8, 5]", "[10, 10, 8]"}, "negative": {"training: 4", "training: -4"},
		"gate below one": {"gate_factor: 2", "gate_factor: 0.5"}, "overdue below due": {"line_overdue: 9", "line_overdue: 3"},
		"no version": {`version: "1.0"`, `version: ""`}, "target 5": {"default_target: 2", "default_target: 5"}, "need above 100": {"need_below: 50", "need_below: 101"},
		"not a number": {"line: 6", "line: .nan"},
	} {
		changed := strings.Replace(text, change[0], change[1], 1)
		if _, err := ParsePoints([]byte(changed)); changed == text || !errors.Is(err, ErrPoints) {
			t.Errorf("%s: got %v want ErrPoints", name, err)
		}
	}
}

// TestRaisingALevelNeverAddsPoints holds that a better start leaves less to gain.
func TestRaisingALevelNeverAddsPoints(t *testing.T) {
	t.Parallel()
	cat, pts := embeddedTemplates(t), table(t)
	for _, code := range []string{"M-PIA-01", "M-SIC-06", "M-COM-02", "M-DOC-05", "M-GOV-04"} {
		last := 1e9
		for l := surveys.Level(0); l <= 4; l++ {
			sum := 0.0
			in := Input{Today: today(), Population: 9_000, Catalogue: cat, Points: pts, Indicators: []IndicatorState{{Code: code, Evidenced: lv(l), Declared: lv(l), Target: 4}}}
			for _, o := range Candidates(in) {
				for _, r := range o.Asked {
					if r.Indicator == code {
						sum += r.Points
					}
				}
			}
			want := pts.between(false, l, 4)
			if sum > last || (code != "M-GOV-04" && sum != want) {
				t.Errorf("%s at %d: %g points to gain, %g from the level below, %g in the table", code, l, sum, last, want)
			}
			last = sum
		}
	}
}
