package dataset

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"

	"traguardo/app/i18n"
	"traguardo/surveys"
	"traguardo/surveys/instruments"
	"traguardo/surveys/privacy"
	"traguardo/surveys/scoring"
)

func catalogue(t *testing.T) *i18n.Catalogue {
	t.Helper()
	c, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// staffResult scores people who all answer alike but for knowledge, so that some
// figures are shown and others are suppressed.
func staffResult(t *testing.T, n int) (*surveys.Instrument, scoring.StaffResult) {
	t.Helper()
	in, err := instruments.STAFF()
	if err != nil {
		t.Fatal(err)
	}
	var people []scoring.Response
	for i := range n {
		v := in.NewVector()
		for _, it := range in.Items() {
			from, to := in.SlotsOf(it.Code)
			kind := in.ScaleOf(it).Kind
			if to-from != 1 || (kind != surveys.ScaleLinear && kind != surveys.ScaleKey) || it.Area == surveys.DOC {
				continue
			}
			options := in.OptionsOf(it)
			v[from] = options[(i+len(it.Code))%len(options)].Value
			if it.Area == surveys.COM {
				v[from] = options[0].Value
			}
		}
		people = append(people, scoring.Response{Vector: v, Set: surveys.FormA})
	}
	r, err := scoring.Staff(in, people, scoring.StaffConfig{Eligible: 40, Wave: surveys.ExAnte})
	if err != nil {
		t.Fatal(err)
	}
	return in, r
}

func sample(t *testing.T, n int) Dataset {
	t.Helper()
	in, r := staffResult(t, n)
	about := About{Ente: "=Comune@test", Wave: surveys.ExAnte, Note: "-nota", Sources: []Source{{Kind: "staff", ComputedAt: "2026-11-23", DataHash: strings.Repeat("ab", 32)}}}
	return Build(Input{About: about, Staff: &r, Instruments: []*surveys.Instrument{in}}, catalogue(t))
}

func TestEveryFigureIsInTheCodebook(t *testing.T) {
	d := sample(t, 20)
	d.assessment(scoring.MATResult{Areas: []scoring.AreaResult{{Area: surveys.PIA, Answered: 3}}, Indicators: []scoring.IndicatorResult{
		{Code: "M-PIA-01", Area: surveys.PIA, State: scoring.NotApplicable, NAReason: "=cmd()"}, {Code: "M-PIA-02", Area: surveys.PIA, State: scoring.NotAssessed}}})
	d.change(scoring.MATChange{Indicators: []scoring.IndicatorChange{{Code: "M-PIA-01", Kind: scoring.NotComparable}}})
	d.staffChange(scoring.ChangeResult{Match: scoring.MatchCounts{State: privacy.Insufficient}, Measures: []scoring.MeasureChange{{Measure: scoring.SelfAssessed, State: privacy.Shown, N: 12, MeansWithheld: true}}})
	known, states := map[string]bool{}, States()
	for _, f := range d.Codebook.Figures {
		known[f.Code] = true
		if f.Label.IT == "" || f.Text.EN == "" || strings.HasPrefix(f.Label.IT, "[") || strings.HasPrefix(f.Text.EN, "[") {
			t.Errorf("figure %s has no words: %+v", f.Code, f)
		}
	}
	for _, r := range d.Figures {
		if !known[r.Figure] || !slices.Contains(states, r.State) {
			t.Errorf("row %+v: figure or state is not in the codebook", r)
		}
		if r.State != "shown" && (r.Value != nil || r.BoundLow != nil) {
			t.Errorf("row %s %s %s is %s and has a value", r.Figure, r.Measure, r.Area, r.State)
		}
	}
	for _, list := range [][]Entry{d.Codebook.Columns, d.Codebook.Measures, d.Codebook.Areas, d.Codebook.States} {
		for _, e := range list {
			if e.IT == "" || e.EN == "" || strings.HasPrefix(e.IT, "[") || strings.HasPrefix(e.EN, "[") {
				t.Errorf("%s has no words", e.Code)
			}
		}
	}
	for _, code := range []string{"na", "dk", "missing", "suppressed", "insufficient", "not_asked"} {
		if !slices.ContainsFunc(d.Codebook.States, func(e Entry) bool { return e.Code == code }) {
			t.Errorf("the codebook does not explain %q", code)
		}
	}
}

func TestSuppressedFiguresHaveNoNumber(t *testing.T) {
	d := sample(t, 20)
	states := map[string]int{}
	for _, r := range d.Figures {
		if r.Figure == "staff_mean" && r.Measure == "SA" {
			states[r.Area+" "+r.State]++
		}
	}
	if states["PIA shown"] != 1 || states["COM suppressed"] != 1 || states["DOC not_asked"] != 1 {
		t.Fatalf("states of self-assessment: got %v", states)
	}
	few := sample(t, 4)
	for _, r := range few.Figures {
		if r.Value != nil && r.Figure != "staff_eligible" && r.Figure != "staff_threshold" {
			t.Errorf("four people: %s %s is %v", r.Figure, r.Measure, *r.Value)
		}
	}
}

func TestCSVIsReadBackAndEscaped(t *testing.T) {
	d := sample(t, 20)
	b, err := d.Write(CSV)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil || len(rows) != len(d.Figures)+1 || len(rows[0]) != len(columns())+2 {
		t.Fatalf("got %d rows of %d cells, %v", len(rows), len(rows[0]), err)
	}
	if rows[1][0] != "'=Comune@test" || rows[1][1] != "exante" {
		t.Errorf("first cells: got %q", rows[1][:2])
	}
	codes, err := d.Write(CSVCodes)
	if err != nil || !bytes.Contains(codes, []byte("state,suppressed,Non mostrata")) || !bytes.Contains(codes, []byte("answer,A-PIA-01=na,")) {
		t.Errorf("codebook: %v", err)
	}
	for _, text := range []string{"=1", "+1", "-1", "@x", "\tx", "\rx"} {
		if got := escape(text); got != "'"+text {
			t.Errorf("escape(%q) = %q", text, got)
		}
	}
	if escape("1-2") != "1-2" || escape("") != "" {
		t.Error("a harmless text was escaped")
	}
}

func TestXLSXHoldsThreeSheetsAndNoFormula(t *testing.T) {
	d := sample(t, 20)
	one, err := d.Write(XLSX)
	if err != nil {
		t.Fatal(err)
	}
	two, err := d.Write(XLSX)
	if err != nil || !bytes.Equal(one, two) {
		t.Errorf("equal data gave other bytes (%v)", err)
	}
	z, err := zip.NewReader(bytes.NewReader(one), int64(len(one)))
	if err != nil {
		t.Fatal(err)
	}
	sheets := 0
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(f.Name, "xl/worksheets/") {
			sheets++
			if bytes.Contains(text, []byte("<f>")) {
				t.Errorf("%s holds a formula", f.Name)
			}
		}
	}
	if sheets != 3 {
		t.Errorf("got %d sheets, want 3", sheets)
	}
}

func TestJSONHoldsEverything(t *testing.T) {
	d := sample(t, 20)
	b, err := d.Write(JSON)
	if err != nil {
		t.Fatal(err)
	}
	var back Dataset
	if err := json.Unmarshal(b, &back); err != nil || len(back.Figures) != len(d.Figures) || len(back.Codebook.Items) != len(d.Codebook.Items) {
		t.Errorf("read back %d figures of %d, %v", len(back.Figures), len(d.Figures), err)
	}
	for _, it := range back.Codebook.Items {
		for _, o := range it.Options {
			if strings.HasPrefix(it.Code, "K-") && o.Value != "right" && o.Value != "wrong" && o.Value != "dk" {
				t.Errorf("%s: the codebook tells option %q of a knowledge question", it.Code, o.Value)
			}
		}
	}
	if _, err := d.Write("pdf"); err == nil {
		t.Error("an unknown format was written")
	}
}
