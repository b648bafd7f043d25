package pti

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"regexp"
	"sort"
	"strings"
	"unicode/utf8"

	"traguardo/plans"
	"traguardo/surveys/comune"
)

// Official is a file of official columns, read.
type Official struct {
	Edition       string // as the file names it, e.g. "2024-2026 aggiornamento 2026"
	Lines         []OfficialLine
	Targets       int // rows of national targets
	Institutional int // action rows addressed to national bodies: counted, never compared
}

// OfficialLine is one action row addressed to administrations.
type OfficialLine struct {
	Row       int // line of the file, the header being 1
	Code      string
	Owner     string // as printed: mostly "PA"
	Objective string
	Results   []string // sorted
	Starts    plans.Date
	Deadline  plans.Date
	Standing  bool
	Replanned bool
	Wording   string // official words, for the person who writes ours; never a title of ours
}

// Limits of an official file: the largest known has 456 rows and 260 KB.
const (
	maxOfficialBytes  = 8 << 20
	maxOfficialRows   = 20_000
	maxOfficialFaults = 1_000
)

// officialCode also accepts the older editions, which write CAP1.PA.LA01 and, twice, CAP3.PA.LA8.
var officialCode = regexp.MustCompile(`^CAP[1-9]\.PA\.(LA[0-9]{1,2}|[0-9]{2})$`)

// institutionalCode is that of a line for national bodies. The code decides, not
// the owner: the first edition prints named owners on six lines for administrations.
var institutionalCode = regexp.MustCompile(`^CAP[1-9]\.(LA)?[0-9]{1,3}$`)

// officialColumns are the columns that are read; others are ignored.
func officialColumns() []string {
	return []string{"edition", "objective_code", "result_code", "target_year", "action_code", "action_owner",
		"starts", "deadline", "deadline_text", "action_text"}
}

// ParseOfficialCSV reads the official columns of shared/data/pti: UTF-8, comma,
// header, with or without a byte order mark, one edition a file, no code twice.
// Where there is any fault the result must not be used: nothing is half-read.
func ParseOfficialCSV(r io.Reader) (Official, []comune.RowError) {
	limited := &io.LimitedReader{R: r, N: maxOfficialBytes}
	buffered := bufio.NewReader(limited)
	if mark, err := buffered.Peek(3); err == nil && bytes.Equal(mark, []byte("\xef\xbb\xbf")) {
		_, _ = buffered.Discard(3) // three bytes are there: Peek has just shown them
	}
	p := officialParser{csv: csv.NewReader(buffered), at: map[string]int{}, seen: map[string]int{}}
	p.csv.FieldsPerRecord = -1
	if !p.header() {
		return Official{}, p.faults
	}
	p.rows()
	if limited.N <= 0 {
		p.fault(0, "", comune.RuleTooMany, "")
	}
	if len(p.faults) == 0 && len(p.out.Lines) == 0 {
		p.fault(0, "", comune.RuleEmpty, "")
	}
	if len(p.faults) > 0 {
		return Official{}, p.faults
	}
	return p.out, nil
}

type officialParser struct {
	csv    *csv.Reader
	at     map[string]int // column → index
	width  int
	seen   map[string]int // code → line of the file
	out    Official
	faults []comune.RowError
}

func (p *officialParser) fault(line int, column string, rule comune.Rule, value string) {
	if v := []rune(strings.ToValidUTF8(value, "�")); len(v) > 40 {
		value = string(v[:39]) + "…"
	}
	p.faults = append(p.faults, comune.RowError{Line: line, Column: column, Rule: rule, Value: value})
}

func (p *officialParser) header() bool {
	names, err := p.csv.Read()
	if err != nil {
		p.fault(1, "", comune.RuleEmpty, "")
		return false
	}
	for i, name := range names {
		p.at[strings.ToLower(strings.TrimSpace(name))] = i
	}
	p.width = len(names)
	for _, c := range officialColumns() {
		if _, found := p.at[c]; !found {
			p.fault(1, c, comune.RuleColumn, "")
		}
	}
	return len(p.faults) == 0
}

func (p *officialParser) rows() {
	for n := 0; ; n++ {
		record, err := p.csv.Read()
		var syntax *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			return
		case errors.As(err, &syntax):
			p.fault(syntax.StartLine, "", comune.RuleCSV, "")
			return // after a quote that does not close, rows cannot be told apart
		case err != nil:
			p.fault(0, "", comune.RuleCSV, err.Error())
			return
		}
		line, _ := p.csv.FieldPos(0)
		switch {
		case n >= maxOfficialRows || len(p.faults) >= maxOfficialFaults:
			p.fault(line, "", comune.RuleTooMany, "")
			return
		case len(record) != p.width:
			p.fault(line, "", comune.RuleFields, "")
		case !utf8.ValidString(strings.Join(record, "")):
			p.fault(line, "", comune.RuleEncoding, "")
		default:
			p.row(line, func(c string) string { return strings.TrimSpace(record[p.at[c]]) })
		}
	}
}

func (p *officialParser) row(line int, get func(string) string) {
	switch edition := get("edition"); {
	case edition == "":
		p.fault(line, "edition", comune.RuleRequired, "")
	case p.out.Edition == "":
		p.out.Edition = edition
	case p.out.Edition != edition:
		p.fault(line, "edition", comune.RuleChoice, edition)
	}
	switch code := get("action_code"); {
	case code == "" && get("target_year") != "":
		p.out.Targets++
	case code == "":
		p.fault(line, "action_code", comune.RuleRequired, "")
	case institutionalCode.MatchString(code) && get("action_owner") != "PA":
		p.out.Institutional++
	case !officialCode.MatchString(code):
		p.fault(line, "action_code", comune.RuleCode, code)
	case p.seen[code] > 0:
		p.faults = append(p.faults, comune.RowError{
			Line: line, Column: "action_code", Rule: comune.RuleDuplicate, Value: code, Other: p.seen[code]})
	default:
		p.seen[code] = line
		p.line(line, code, get)
	}
}

func (p *officialParser) line(line int, code string, get func(string) string) {
	when := get("deadline_text")
	l := OfficialLine{Row: line, Code: code, Owner: get("action_owner"), Objective: get("objective_code"), Wording: get("action_text"),
		Starts: p.day(line, "starts", get), Deadline: p.day(line, "deadline", get),
		Standing: when == "vigente", Replanned: strings.HasSuffix(when, "*")}
	for _, column := range []string{"objective_code", "action_text"} {
		if get(column) == "" {
			p.fault(line, column, comune.RuleRequired, "")
		}
	}
	for _, r := range strings.Split(get("result_code"), ";") {
		if r = strings.TrimSpace(r); r != "" {
			l.Results = append(l.Results, r)
		}
	}
	sort.Strings(l.Results)
	p.out.Lines = append(p.out.Lines, l)
}

// day reads an ISO day, or nothing.
func (p *officialParser) day(line int, column string, get func(string) string) plans.Date {
	s := get(column)
	if s == "" {
		return plans.Date{}
	}
	d, err := plans.ParseDate(s)
	if err != nil {
		p.fault(line, column, comune.RuleDate, s)
	}
	return d
}
