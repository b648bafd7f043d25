package earlier

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"traguardo/surveys"
	"traguardo/surveys/instruments"
	"traguardo/surveys/scoring"
	"traguardo/surveys/sheet"
)

func staff(t testing.TB) *surveys.Instrument {
	t.Helper()
	in, err := instruments.STAFF()
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func fixture(t testing.TB, name string) File {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return export(t, string(raw))
}

func export(t testing.TB, text string) File {
	t.Helper()
	f, err := Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// settled is the draft as a person leaves it who agrees with all that is near.
func settled(m Mapping) Mapping {
	for i := range m.Columns {
		m.Columns[i].Check = ""
		for j := range m.Columns[i].Values {
			m.Columns[i].Values[j].Check = ""
		}
	}
	for i := range m.Scales {
		for j := range m.Scales[i].Values {
			m.Scales[i].Values[j].Check = ""
		}
	}
	return m
}

func apply(t testing.TB, m Mapping, f File) Result {
	t.Helper()
	res, err := Apply(staff(t), m, f)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func rules(res Result) []Rule {
	var out []Rule
	for _, f := range res.Faults {
		if !slices.Contains(out, f.Rule) {
			out = append(out, f.Rule)
		}
	}
	return out
}

func TestThreeSources(t *testing.T) {
	in := staff(t)
	cases := []struct {
		file     string
		source   Source
		wave     surveys.Wave
		items    []string
		identity []string
	}{
		{"limesurvey.csv", LimeSurvey, surveys.ExAnte, []string{"A-PIA-01", "A-PIA-02", "A-PIA-03", "A-PIA-04", "ATT-ORG-01"},
			[]string{"id", "submitdate", "lastpage", "startlanguage", "seed", "startdate", "datestamp", "ipaddr", "refurl", "interviewtime", "groupTime12", "ATTORG01Time"}},
		{"limesurvey.csv", LimeSurvey, surveys.ExPost, []string{"A-PIA-01", "A-PIA-02", "A-PIA-03", "A-PIA-04", "ATT-ORG-01", "BAR-01"}, nil},
		{"microsoft-forms.csv", MicrosoftForms, surveys.ExPost, []string{"A-PIA-01", "A-PIA-02", "A-PIA-03", "A-PIA-04", "T-A-PIA-01", "BAR-01"}, nil},
		{"google-forms.csv", GoogleForms, surveys.ExAnte, []string{"A-PIA-01", "A-PIA-02", "A-PIA-03", "A-PIA-04", "ATT-ORG-01"},
			[]string{"Informazioni cronologiche", "Indirizzo email"}},
	}
	for _, c := range cases {
		f := fixture(t, c.file)
		if f.Source != c.source || len(f.Rows) != 12 {
			t.Errorf("%s: got %s, %d rows", c.file, f.Source, len(f.Rows))
		}
		draft := Propose(in, c.wave, f)
		body, err := draft.Write()
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParseMapping(body)
		if err != nil {
			t.Fatalf("%s: the draft cannot be read: %v", c.file, err)
		}
		res := apply(t, settled(again), f)
		var items []string
		for _, it := range res.Items {
			items = append(items, it.Item)
		}
		slices.Sort(items)
		slices.Sort(c.items)
		if res.FaultCount != 0 || len(res.Vectors) != 12 || !slices.Equal(items, c.items) {
			t.Errorf("%s: got %d faults %v, %d vectors, items %v", c.file, res.FaultCount, res.Faults, len(res.Vectors), items)
		}
		if c.identity != nil && !slices.Equal(res.Identity, c.identity) {
			t.Errorf("%s: identity columns: got %v, want %v", c.file, res.Identity, c.identity)
		}
		printed, err := json.Marshal(res)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"persona1@", "Persona Inventata", "192.0.2.", "2025-03-0"} {
			if bytes.Contains(printed, []byte(secret)) || bytes.Contains(body, []byte(secret)) {
				t.Errorf("%s: %q stands in the mapping or the report", c.file, secret)
			}
		}
	}
}

// What is near is not applied before a person has said that it is right.
func TestDraftIsNotApplied(t *testing.T) {
	f := fixture(t, "google-forms.csv")
	res := apply(t, Propose(staff(t), surveys.ExAnte, f), f)
	if !slices.Equal(rules(res), []Rule{RuleUnchecked}) || len(res.Vectors) != 0 {
		t.Errorf("got %v and %d vectors", res.Faults, len(res.Vectors))
	}
}

func TestValuesAndStates(t *testing.T) {
	in := staff(t)
	f := fixture(t, "microsoft-forms.csv")
	m := settled(Propose(in, surveys.ExPost, f))
	res := apply(t, m, File{Source: f.Source, Names: f.Names, Rows: f.Rows[4:6], Lines: f.Lines[4:6]})
	chosen := map[string]bool{}
	for _, v := range res.Vectors {
		a, err := in.Decode(v, "BAR-01")
		if err != nil {
			t.Fatal(err)
		}
		chosen[fmt.Sprint(a.Chosen)] = true
		if a, err = in.Decode(v, "K-PIA-01"); err != nil || a.State != surveys.StateNotServed {
			t.Errorf("an item without a column: got %v, %v, want not served", a, err)
		}
	}
	if !chosen["[5]"] || !chosen["[0 2 4]"] {
		t.Errorf("choices: got %v, want the exclusive one and three", chosen)
	}
	for _, it := range res.Items {
		if it.Answers != nil {
			t.Errorf("%s: %d answers of two people are counted", it.Item, *it.Answers)
		}
	}
	// A choice that stands alone beside another.
	rows := slices.Clone(f.Rows[:1])
	rows[0] = slices.Clone(rows[0])
	rows[0][len(rows[0])-1] = "Nessun ostacolo;Tempo;"
	if res = apply(t, m, File{Source: f.Source, Names: f.Names, Rows: rows, Lines: f.Lines[:1]}); !slices.Equal(rules(res), []Rule{RuleCombination}) {
		t.Errorf("exclusive beside another: got %v", res.Faults)
	}
}

const head = "Timestamp,Email Address,A-PIA-01\n"

func TestRowFaults(t *testing.T) {
	in := staff(t)
	good := export(t, head+"t,e@x.example,Da sola/o nei casi semplici\n")
	m := Propose(in, surveys.ExAnte, good)
	f := export(t, head+
		"t,e@x.example,Da sola/o nei casi semplici\n"+
		"t,e@x.example,\"=HYPERLINK(\"\"https://x.example\"\")\"\n"+
		"t,e@x.example,\n"+
		"t,e@x.example\n"+
		"t,e@x.example,\"a\nb\x1b[31m\"\n")
	res := apply(t, m, f)
	want := []Fault{
		{3, "A-PIA-01", `=HYPERLINK("https://x.example")`, RuleUnknown},
		{5, "", "2 cells of 3", RuleCells},
		{6, "A-PIA-01", "a b·[31m", RuleUnknown},
	}
	if !slices.Equal(res.Faults, want) || len(res.Vectors) != 0 {
		t.Errorf("got %v, %d vectors, want %v and none", res.Faults, len(res.Vectors), want)
	}
	if got := want[0].String(); got != `line 3, «A-PIA-01»: unknown «=HYPERLINK("https://x.example")»` {
		t.Errorf("got %q", got)
	}
}

func TestMappingFaults(t *testing.T) {
	f := export(t, "Timestamp,Email Address,q1,q2,q3\nt,e@x.example,1,1,1\n")
	base := func(columns ...Column) Mapping {
		return Mapping{Source: GoogleForms, Instrument: "STAFF", Version: "1.0", Wave: surveys.ExAnte, Columns: columns}
	}
	rest := []Column{{Column: "q2", Ignore: true}, {Column: "q3", Ignore: true}}
	one := byte(1)
	cases := []struct {
		rule    Rule
		columns []Column
	}{
		{RuleUnmapped, []Column{{Column: "q1", Ignore: true}}},
		{RuleColumnGone, append([]Column{{Column: "q1", Ignore: true}, {Column: "q9", Ignore: true}}, rest...)},
		{RuleColumnTwice, append([]Column{{Column: "q1", Ignore: true}, {Column: "q1", Ignore: true}}, rest...)},
		{RuleIdentity, append([]Column{{Column: "Email Address", Item: "A-PIA-01"}, {Column: "q1", Ignore: true}}, rest...)},
		{RuleItemUnknown, append([]Column{{Column: "q1", Item: "A-XXX-01"}}, rest...)},
		{RuleItemTwice, []Column{{Column: "q1", Item: "A-PIA-01"}, {Column: "q2", Item: "A-PIA-01"}, rest[1]}},
		{RuleNotImportable, append([]Column{{Column: "q1", Item: "TXT-01"}}, rest...)},
		{RuleNotImportable, append([]Column{{Column: "q1", Item: "S-COD-1"}}, rest...)},
		{RuleNotImportable, append([]Column{{Column: "q1", Item: "EXP-01"}}, rest...)},
		{RuleOption, append([]Column{{Column: "q1", Item: "A-PIA-01", Option: &one}}, rest...)},
		{RuleOption, append([]Column{{Column: "q1", Item: "A-PIA-01", Separator: ";"}}, rest...)},
		{RuleUnresolved, append([]Column{{Column: "q1", Item: "A-PIA-01", Values: []CellAnswer{{Cell: "1", Answer: "?"}}}}, rest...)},
		{RuleAnswer, append([]Column{{Column: "q1", Item: "A-PIA-01", Values: []CellAnswer{{Cell: "1", Answer: "5"}}}}, rest...)},
		{RuleAnswer, append([]Column{{Column: "q1", Item: "A-PIA-01", Values: []CellAnswer{{Cell: "1", Answer: "dk"}}}}, rest...)},
		{RuleAnswer, append([]Column{{Column: "q1", Item: "A-PIA-01", Values: []CellAnswer{{Cell: "1", Answer: "1"}, {Cell: "1", Answer: "2"}}}}, rest...)},
	}
	for _, c := range cases {
		if res := apply(t, base(c.columns...), f); !slices.Contains(rules(res), c.rule) || len(res.Vectors) != 0 {
			t.Errorf("%s: got %v, %d vectors", c.rule, res.Faults, len(res.Vectors))
		}
	}
	for _, change := range []func(*Mapping){
		func(m *Mapping) { m.Source = LimeSurvey }, func(m *Mapping) { m.Version = "2.0" }, func(m *Mapping) { m.Instrument = "MAT" },
	} {
		m := base(rest...)
		change(&m)
		if _, err := Apply(staff(t), m, f); !errors.Is(err, surveys.ErrInvalid) {
			t.Errorf("mapping for something else: got %v", err)
		}
	}
}

func TestDegenerateFiles(t *testing.T) {
	for _, text := range []string{"", " \n\n", "\xef\xbb\xbf", "a,b\n1,2\n", "id;x\n1;2\n", "\x00\x01", "Timestamp\nx\n", "Timestamp,q\n\"open\n", "PK\x03\x04"} {
		if _, err := Read(strings.NewReader(text)); !errors.Is(err, sheet.ErrUnusable) {
			t.Errorf("%q: got %v, want unusable", text, err)
		}
	}
	for _, text := range []string{"Timestamp,q\n", "Timestamp;q\r\n1;2\r\n", "\xff\xfeT\x00i\x00m\x00e\x00s\x00t\x00a\x00m\x00p\x00,\x00q\x00\n\x00"} {
		f := export(t, text)
		m := Propose(staff(t), surveys.ExAnte, f)
		if res := apply(t, m, f); res.FaultCount != 0 || res.Rows != len(res.Vectors) {
			t.Errorf("%q: got %v", text, res)
		}
	}
	f := export(t, "Timestamp,q,q,,q\n")
	if want := []string{"Timestamp", "q", "q #2", "(column 4)", "q #3"}; !slices.Equal(f.Names, want) {
		t.Errorf("headings: got %q, want %q", f.Names, want)
	}
	for _, text := range []string{"", "source: x", "a: [", "source: google-forms\nunknown: 1", "source: google-forms\nwave: exante\n", "source: google-forms\nwave: never\n"} {
		if _, err := ParseMapping([]byte(text)); !errors.Is(err, surveys.ErrInvalid) {
			t.Errorf("mapping %q: got %v, want invalid", text, err)
		}
	}
}

// big is a Google export of n people who answered all items of self-assessment,
// and the vectors that they make.
func big(t testing.TB, n int) (string, []surveys.Vector) {
	t.Helper()
	in := staff(t)
	block, _ := in.Block("AUT")
	var b strings.Builder
	w := csv.NewWriter(&b)
	header := []string{"Timestamp", "Email Address"}
	slot := map[string]int{}
	for _, it := range block.Items {
		header = append(header, it.Text.IT)
		slot[it.Code], _ = in.SlotsOf(it.Code)
	}
	records := [][]string{header}
	var vectors []surveys.Vector
	for i := range n {
		row, v := []string{"t", "p" + strconv.Itoa(i) + "@x.example"}, in.NewVector()
		for k, it := range block.Items {
			o := in.OptionsOf(it)[(i*7+k*3+i/5)%5]
			v[slot[it.Code]] = o.Value
			row = append(row, o.Label.IT)
		}
		records, vectors = append(records, row), append(vectors, v)
	}
	if err := w.WriteAll(records); err != nil {
		t.Fatal(err)
	}
	return b.String(), vectors
}

func TestTwentyThousandRows(t *testing.T) {
	in := staff(t)
	text, want := big(t, 20000)
	f := export(t, text)
	res := apply(t, Propose(in, surveys.ExAnte, f), f)
	if res.FaultCount != 0 || len(res.Vectors) != 20000 || len(res.Items) != 24 || res.Items[0].Answers == nil || *res.Items[0].Answers != 20000 {
		t.Fatalf("got %d faults, %d vectors, %d items", res.FaultCount, len(res.Vectors), len(res.Items))
	}
	byBytes := func(a, b surveys.Vector) int { return bytes.Compare(a, b) }
	if !slices.IsSortedFunc(res.Vectors, byBytes) {
		t.Error("the vectors keep the order of the file")
	}
	slices.SortFunc(want, byBytes)
	if !slices.EqualFunc(res.Vectors, want, func(a, b surveys.Vector) bool { return bytes.Equal(a, b) }) {
		t.Error("the vectors are not those of the answers")
	}
}

func TestScoreIsThatOfTheProduct(t *testing.T) {
	in := staff(t)
	text, vectors := big(t, 23)
	f := export(t, text)
	res := apply(t, Propose(in, surveys.ExAnte, f), f)
	got, err := Score(in, surveys.ExAnte, res.Vectors, 40, 5)
	if err != nil {
		t.Fatal(err)
	}
	responses := make([]scoring.Response, len(vectors))
	for i, v := range vectors {
		responses[i].Vector = v
	}
	want, err := scoring.Staff(in, responses, scoring.StaffConfig{Eligible: 40, Threshold: 5, Wave: surveys.ExAnte})
	if err != nil {
		t.Fatal(err)
	}
	a, _ := json.Marshal(got)
	b, _ := json.Marshal(want)
	if !bytes.Equal(a, b) || got.State != scoring.Published || !got.Areas[0].Self.Visible() {
		t.Errorf("got %s\nwant %s", a, b)
	}
	if got, err = Score(in, surveys.ExAnte, res.Vectors[:4], 40, 5); err != nil || got.State != scoring.TooFew {
		t.Errorf("four people: got %s, %v", got.State, err)
	}
	if got, err = Score(in, surveys.ExAnte, res.Vectors[:8], 9, 5); err != nil || got.State != scoring.OnlyPooled {
		t.Errorf("nine eligible: got %s, %v", got.State, err)
	}
	if _, err = Score(in, surveys.ExAnte, res.Vectors, 22, 5); !errors.Is(err, surveys.ErrInvalid) {
		t.Errorf("more answers than eligible: got %v", err)
	}
	if _, err = Score(in, surveys.ExAnte, res.Vectors, 40, 4); !errors.Is(err, surveys.ErrInvalid) {
		t.Errorf("threshold of four: got %v", err)
	}
	mat, err := instruments.MAT()
	if err != nil {
		t.Fatal(err)
	}
	if _, err = Score(mat, surveys.ExAnte, nil, 40, 5); !errors.Is(err, surveys.ErrInvalid) {
		t.Errorf("MAT: got %v", err)
	}
}

func TestBareFiguresWaitForAPerson(t *testing.T) {
	f := export(t, "Timestamp,ATT-UTI-01,A-PIA-01\nt,1,A1\nt,5,na\n")
	m := Propose(staff(t), surveys.ExAnte, f)
	res := apply(t, m, f)
	if got := rules(res); !slices.Contains(got, RuleUnchecked) || !slices.Contains(got, RuleUnresolved) {
		t.Errorf("got %v, want figures marked and codes open", res.Faults)
	}
}

// Whatever a heading or a cell is, the draft reads back as it was written.
func TestDraftReadsBack(t *testing.T) {
	odd := []string{"=1+1", "- x: y", `"quoted"`, "'single'", "# not a comment", "null", "yes", "~", "1e3", "007", "{a: b}", "[x", "a: b", "&a", "*a", "!tag", "%d", "@x", "`x`",
		"| x", "> x", "x #y", "é – «ù»", `back\slash`, "trailing:", "0x1F", "2025-01-01", "?", "-", "\u202eabc", "😀", "<<", "a\x01b", "a\u0085b"}
	m := Mapping{Source: GoogleForms, Instrument: "STAFF", Version: "1.0", Wave: surveys.ExAnte}
	for _, s := range odd {
		m.Columns = append(m.Columns, Column{Column: s, Item: "A-PIA-01", Values: []CellAnswer{{Cell: s, Answer: "1"}}}, Column{Column: s, Ignore: true})
	}
	body, err := m.Write()
	if err != nil {
		t.Fatal(err)
	}
	back, err := ParseMapping(body)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range m.Columns {
		if got := back.Columns[i]; got.Column != c.Column || len(c.Values) > 0 && got.Values[0].Cell != c.Values[0].Cell {
			t.Errorf("%q came back as %q, %v", c.Column, got.Column, got.Values)
		}
	}
}

func TestHeadingsOfLimeSurvey(t *testing.T) {
	in := staff(t)
	text := "Spiegare a un cittadino come farsi riconoscere in un servizio online del Comune e che cosa fare se l'accesso non riesce."
	for heading, want := range map[string]string{
		"Q1[SQ001]. Autovalutazione [" + text + "]": "A-PIA-01",
		"Autovalutazione [" + text + "]":            "A-PIA-01",
		"APIA01. " + text:                           "A-PIA-01",
		"G1[A-PIA-01]":                              "A-PIA-01",
		"Q1":                                        "",
		"Note [altro]":                              "",
	} {
		f := export(t, "id,submitdate,lastpage,startlanguage,seed,\""+heading+"\"\n1,,,it,1,\n")
		m := Propose(in, surveys.ExAnte, f)
		if len(m.Columns) != 1 || m.Columns[0].Item != want || m.Columns[0].Check != "" {
			t.Errorf("%s: got %+v, want %q", heading, m.Columns, want)
		}
	}
}
