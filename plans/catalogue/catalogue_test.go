package catalogue

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"traguardo/plans"
	"traguardo/surveys"
)

func embeddedCatalogue(t *testing.T) *Catalogue {
	t.Helper()
	c, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// counts are the indicators of MAT 1.0 and the self-assessment items of STAFF
// 1.0 by area (questionnaires.md §11).
func counts() Known {
	k := Known{Indicators: map[string]surveys.Area{}, Competences: map[string]bool{}}
	for area, n := range map[surveys.Area]int{surveys.PIA: 8, surveys.SIC: 10, surveys.COM: 9, surveys.DOC: 9, surveys.GOV: 4} {
		for i := 1; i <= n; i++ {
			k.Indicators[fmt.Sprintf("M-%s-%02d", area, i)] = area
		}
		for i := 1; i <= 6 && area != surveys.GOV; i++ {
			k.Competences[fmt.Sprintf("A-%s-%02d", area, i)] = true
		}
	}
	return k
}

func TestEmbeddedCatalogueHolds(t *testing.T) {
	t.Parallel()
	c := embeddedCatalogue(t)
	people := 0
	for _, x := range c.All() {
		if x.Kind != Project {
			people++
		}
		if !x.Estimate {
			t.Errorf("%s: costs are estimates of ours and must say so", x.Code)
		}
		if got, ok := c.Template(x.Code); !ok || got != x {
			t.Errorf("%s cannot be looked up", x.Code)
		}
	}
	if n := len(c.All()); n < 50 || people < 12 {
		t.Errorf("%d templates, %d of training and change", n, people)
	}
	for _, f := range c.Lint(counts()) {
		t.Errorf("lint: %s", f)
	}
}

// shared walks up to go.mod and returns ../shared, or nothing where it is not there.
func shared() []string {
	dir, err := os.Getwd()
	for err == nil && dir != filepath.Dir(dir) {
		if _, e := os.Stat(filepath.Join(dir, "go.mod")); e == nil {
			path := filepath.Join(filepath.Dir(dir), "shared")
			if _, e := os.Stat(path); e == nil {
				return []string{path}
			}
			return nil
		}
		dir = filepath.Dir(dir)
	}
	return nil
}

// questionnaires is what is read of shared/model/questionnaires.json.
type questionnaires struct {
	MAT []struct {
		Code  string       `json:"code"`
		Area  surveys.Area `json:"area"`
		Lines []string     `json:"pti_lines"`
		LV    []string     `json:"lv"`
	}
	AUT []struct {
		Code string `json:"code"`
	}
}

// readShared reads the codes of the PTI catalogue and of the questionnaires.
func readShared(t *testing.T, root string) (Known, questionnaires) {
	t.Helper()
	k := Known{Lines: map[string]bool{}, Indicators: map[string]surveys.Area{}, Competences: map[string]bool{}}
	f, err := os.Open(filepath.Join(root, "data/pti/pti-2024-2026-agg-2026.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows[1:] {
		k.Lines[r[slices.Index(rows[0], "action_code")]] = true
	}
	raw, err := os.ReadFile(filepath.Join(root, "model/questionnaires.json"))
	if err != nil {
		t.Fatal(err)
	}
	var q questionnaires
	if err := json.Unmarshal(raw, &q); err != nil {
		t.Fatal(err)
	}
	for _, m := range q.MAT {
		k.Indicators[m.Code] = m.Area
	}
	for _, a := range q.AUT {
		k.Competences[a.Code] = true
	}
	return k, q
}

// TestCodesAgainstSharedData holds the codes against the PTI catalogue and the
// questionnaires, in the folders that stand beside the checkout (none in a clone alone).
func TestCodesAgainstSharedData(t *testing.T) {
	t.Parallel()
	c := embeddedCatalogue(t)
	for _, root := range shared() {
		known, q := readShared(t, root)
		for _, f := range c.Lint(known) {
			t.Errorf("lint: %s", f)
		}
		text := ""
		touched := map[string]bool{"CAP1.PA.01": true} // a digital community of one's own: nobody has to
		for _, x := range c.All() {
			text += x.Purpose + strings.Join(x.Deliverables, " ")
			for _, line := range append(slices.Clone(x.Closes), x.Helps...) {
				touched[strings.Split(line, "@")[0]] = true
			}
		}
		for _, m := range q.MAT {
			for l, level := range m.LV {
				if strings.Contains(text, level) {
					t.Errorf("the text of %s level %d is copied into the catalogue", m.Code, l)
				}
			}
			for _, line := range m.Lines {
				if !touched[line] {
					t.Errorf("line %s of %s is neither closed nor helped by any template", line, m.Code)
				}
			}
		}
	}
}

func TestStages(t *testing.T) {
	t.Parallel()
	c := embeddedCatalogue(t)
	x, _ := c.Template("PIA-01")
	stages := x.Stages(Small)
	if len(stages) != 2 || stages[0].ID != "PIA-01@2" || stages[1].ID != "PIA-01@3" {
		t.Fatalf("stages: got %+v", stages)
	}
	if e := stages[1].Effects; len(e) != 1 || e[0] != (StageEffect{"M-PIA-01", 2, 3}) {
		t.Errorf("second stage goes from the first: got %+v", e)
	}
	if got := stages[0].Closes; !slices.Equal(got, []string{"CAP4.PA.04", "CAP4.PA.05"}) {
		t.Errorf("first stage closes %v", got)
	}
	if got := stages[1].Closes; !slices.Equal(got, []string{"CAP4.PA.06"}) {
		t.Errorf("second stage closes %v", got)
	}
	if s := stages[0]; s.Low != 100_000 || s.High != 300_000 || s.Cost() != 200_000 || s.Days() != 8 || s.Weeks != 18 || len(s.Effort) != 2 {
		t.Errorf("first stage: got %+v", s)
	}
	if s := stages[1]; s.Low != 80_000 || s.High != 240_000 {
		t.Errorf("second stage takes 0.8 of the money: got %d to %d", s.Low, s.High)
	}
	each, _ := c.Template("PIA-09")
	if got := each.Stages(Large); len(got) != 7 || got[0].ID != "PIA-09@M-PIA-01@4" || len(got[0].Effects) != 1 || got[0].Effects[0].From != 3 {
		t.Errorf("one for each indicator: got %d, first %+v", len(got), got[0])
	}
	none, _ := c.Template("GOV-07")
	if got := none.Stages(Medium); len(got) != 1 || got[0].ID != "GOV-07" || got[0].Level != 0 {
		t.Errorf("without effects: got %+v", got)
	}
}

// TestEverySizeMakesSense holds that days are spread whole, that ranges ascend
// and that a bigger Comune never costs less.
func TestEverySizeMakesSense(t *testing.T) {
	t.Parallel()
	for _, x := range embeddedCatalogue(t).All() {
		for b := Small; b <= Large; b++ {
			for i, s := range x.Stages(b) {
				sum := 0
				for _, d := range s.Effort {
					sum += d
				}
				if sum != s.Days() || sum == 0 || len(s.Effort) < 1 || len(s.Effort) > plans.MaxQuarters || s.Low > s.High {
					t.Errorf("%s %s: %+v", s.ID, b, s)
				}
				if b > Small {
					if less := x.Stages(b - 1)[i]; less.High > s.High || less.Days() > s.Days() || less.Running > s.Running {
						t.Errorf("%s: %s costs less than %s", s.ID, b, b-1)
					}
				}
			}
		}
	}
}

func TestBandOf(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]Band{0: Small, 600: Small, 3000: Small, 3001: Medium, 20_000: Medium, 20_001: Large, 95_000: Large} {
		if got := BandOf(n); got != want {
			t.Errorf("BandOf(%d): got %s want %s", n, got, want)
		}
	}
	if Medium.String() != "medium" || Band(7).String() != "band 7" {
		t.Errorf("names: %s, %s", Medium, Band(7))
	}
}

const good = `area: PIA
version: "1"
estimate: true
templates:
  - code: PIA-01
    title: Titolo
    kind: project
    purpose: Prima frase. Seconda frase.
    effects: [{indicator: M-PIA-01, stops: [2, 3]}]
    deliverables: [Elenco]
    steps: [{do: Fare, weeks: 4}]
    days: {rtd: [1, 2, 3], utd: [1, 1, 1], office: [1, 1, 1], supplier: [0, 0, 0]}
    cost: {low: [0, 1, 2], high: [1, 2, 3], running: [0, 0, 0], drivers: "Volumi."}
    closes: [CAP4.PA.04, CAP4.PA.06@3]
    law: [CAD art. 64]
    funding: {sources: [own], pnrr: [{measure: 1.4.4, note: "Chiuso."}]}
    kpi: {name: Servizi, unit: numero}
    risks: [Ritardo]
    reuse: Catalogo del riuso.
    competences: [A-PIA-01]
`

func TestLoadRefusesWithLine(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, old, new, want string }{
		{"unknown field", "    title: Titolo", "    titolo: Titolo", "[6:"},
		{"not YAML", "    title: Titolo", "   title: Titolo", "a.yaml"},
		{"wrong type", "weeks: 4", "weeks: quattro", "[11:"},
		{"unknown area", "area: PIA", "area: XXX", "a.yaml:1"},
		{"STR is no area of plans", "area: PIA", "area: STR", "a.yaml:1"},
		{"no version", `version: "1"`, `version: ""`, "a.yaml:1"},
		{"code of another area", "code: PIA-01", "code: SIC-01", "a.yaml:5: SIC-01"},
		{"unknown kind", "kind: project", "kind: dream", "a.yaml:7: PIA-01: unknown kind"},
		{"no title", "title: Titolo", `title: " "`, "a.yaml:6: PIA-01: title is missing"},
		{"no deliverables", "[Elenco]", "[]", "a.yaml:10: PIA-01: deliverables is empty"},
		{"bad indicator", "M-PIA-01,", "M-PIA-1,", "a.yaml:9: PIA-01: indicator"},
		{"stops fall", "stops: [2, 3]", "stops: [3, 2]", "a.yaml:9: PIA-01: M-PIA-01: stops"},
		{"stop above 4", "stops: [2, 3]", "stops: [2, 5]", "a.yaml:9"},
		{"no stops", "stops: [2, 3]", "stops: []", "a.yaml:9"},
		{"weeks of 0", "weeks: 4", "weeks: 0", "a.yaml:11: PIA-01: step"},
		{"low above high", "low: [0, 1, 2]", "low: [0, 5, 2]", "a.yaml:13: PIA-01: cost of medium"},
		{"negative days", "rtd: [1, 2, 3]", "rtd: [-1, 2, 3]", "a.yaml:12: PIA-01: days of small"},
		{"bad line", "CAP4.PA.04,", "CAP4.PA.4,", "a.yaml:14: PIA-01: closes"},
		{"PNRR is never offered", "sources: [own]", "sources: [pnrr]", "a.yaml:16: PIA-01: source"},
		{"measure without note", `note: "Chiuso."`, `note: ""`, "a.yaml:16: PIA-01: PNRR"},
		{"bad item", "[A-PIA-01]", "[A-GEN-01]", "a.yaml:20: PIA-01: competences"},
		{"unknown prerequisite", "    risks:", "    requires: [PIA-99]\n    risks:", "a.yaml:18: PIA-01: requires"},
		{"share of no stage", "    risks:", "    share: {\"4\": 1}\n    risks:", "a.yaml:18: PIA-01: share"},
		{"does nothing", "    effects: [{indicator: M-PIA-01, stops: [2, 3]}]\n", "", "a.yaml:"},
	} {
		text := strings.Replace(good, tc.old, tc.new, 1)
		if tc.name == "does nothing" {
			text = strings.Replace(text, "    closes: [CAP4.PA.04, CAP4.PA.06@3]\n", "", 1)
		}
		if text == good {
			t.Fatalf("%s: nothing replaced", tc.name)
		}
		_, err := Load(fstest.MapFS{"a.yaml": {Data: []byte(text)}})
		if !errors.Is(err, ErrCatalogue) || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v, want it to say %q", tc.name, err, tc.want)
		}
	}
	if _, err := Load(fstest.MapFS{"a.yaml": {Data: []byte(good)}}); err != nil {
		t.Errorf("a good file: got %v", err)
	}
	if _, err := Load(fstest.MapFS{}); !errors.Is(err, ErrCatalogue) {
		t.Errorf("no files: got %v", err)
	}
}

func TestLoadReportsAllFaultsAtOnce(t *testing.T) {
	t.Parallel()
	second := strings.Replace(good, "PIA-01\n    title", "PIA-01\n    requires: [PIA-02]\n    title", 1)
	third := strings.Replace(strings.Replace(good, "code: PIA-01", "code: PIA-02\n    requires: [PIA-01]", 1), "reuse: Catalogo del riuso.", `reuse: ""`, 1)
	_, err := Load(fstest.MapFS{"a.yaml": {Data: []byte(second)}, "b.yaml": {Data: []byte(third)}, "c.yaml": {Data: []byte(good)}})
	if err == nil {
		t.Fatal("three faults: no error")
	}
	for _, want := range []string{"c.yaml:5: PIA-01: code used twice", "b.yaml:20: PIA-02: reuse is missing", "circle"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want it to say %q", err, want)
		}
	}
}

func TestLintFindsWhatIsUnknown(t *testing.T) {
	t.Parallel()
	c, err := Load(fstest.MapFS{"a.yaml": {Data: []byte(strings.Replace(good, "Seconda frase.", "seconda  parte", 1))}})
	if err != nil {
		t.Fatal(err)
	}
	got := c.Lint(Known{Indicators: map[string]surveys.Area{"M-PIA-02": surveys.PIA}, Lines: map[string]bool{"CAP4.PA.04": true}, Competences: map[string]bool{"A-PIA-02": true}})
	var all []string
	for _, f := range got {
		all = append(all, f.String())
	}
	text := strings.Join(all, "\n")
	for _, want := range []string{
		"a.yaml:9: PIA-01: indicator M-PIA-01 is not in the instrument", "a.yaml:14: PIA-01: line CAP4.PA.06 is not in the edition",
		"a.yaml:20: PIA-01: item A-PIA-01 is not in the instrument", "a.yaml:8: PIA-01: purpose has 1 sentences", "a.yaml:8: PIA-01: double blank",
		"M-PIA-02: no template raises level 0", "M-PIA-02: no template raises level 3", "A-PIA-02: no template trains it",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("lint does not say %q:\n%s", want, text)
		}
	}
	if again := c.Lint(Known{}); len(again) != 2 {
		t.Errorf("with nothing known only style is looked at: got %v", again)
	}
}
