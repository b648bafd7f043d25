package comune

import (
	"io"
	"regexp"
	"strings"
)

var (
	siglaForm  = regexp.MustCompile(`^[A-Z]{2}$`)
	regionForm = regexp.MustCompile(`^[0-9]{2}$`)
)

// maxPopulation is a bound for sense: the largest Comune has 2.7 million.
const maxPopulation = 10_000_000

// registryColumns are those that a registry file must have. The others
// (nome_altra_lingua, codice_ipa, cod_istat_precedente, pop_legale_2021,
// pop_nota) may be missing; columns that the product does not use are not read.
func registryColumns() []string {
	return []string{"cod_catastale", "cod_istat", "nome", "sigla_provincia", "provincia", "regione",
		"cod_regione", "capoluogo_provincia", "capoluogo_regione", "pop_residente_2022"}
}

// ParseRegistry reads a registry of Comuni with the columns of comuni.csv
// (shared/data/SOURCES-open-data.md), in the order of the file. Faulty rows are
// left out and told in faults: an importer that finds any must import nothing.
//
// Two Comuni may share a name (five names do) and never a code. The IPA code and
// the population may be missing; an earlier ISTAT code may not be in use by
// another Comune. A file has at most 200,000 rows and 1,000 faults are told.
func ParseRegistry(r io.Reader) (comuni []Comune, faults []RowError) {
	t, ok := openTable(r, registryColumns())
	if !ok {
		return nil, t.faults
	}
	seen := seenCodes{}
	for row := t.next(); row != nil; row = t.next() {
		c := readComune(row)
		if row.good && seen.note(row, c) {
			comuni = append(comuni, c)
		}
	}
	return comuni, t.faults
}

func readComune(r *row) Comune {
	c := Comune{
		ISTAT:                  r.istat("cod_istat", r.text("cod_istat")),
		Name:                   r.required("nome"),
		OtherName:              r.text("nome_altra_lingua"),
		ProvinceSigla:          r.form("sigla_provincia", siglaForm, true),
		Province:               r.required("provincia"),
		Region:                 r.required("regione"),
		RegionCode:             r.form("cod_regione", regionForm, true),
		ProvincialCapital:      r.flag("capoluogo_provincia"),
		RegionalCapital:        r.flag("capoluogo_regione"),
		PopulationLegal2021:    r.number("pop_legale_2021", 1, maxPopulation),
		PopulationResident2022: r.number("pop_residente_2022", 1, maxPopulation),
		PopulationNote:         r.text("pop_nota"),
	}
	var err error
	if c.Catastale, err = ParseCatastale(r.text("cod_catastale")); err != nil {
		r.fail("cod_catastale", RuleCode, r.text("cod_catastale"))
	}
	if s := r.text("codice_ipa"); s != "" {
		if c.IPA, err = ParseIPA(s); err != nil {
			r.fail("codice_ipa", RuleCode, s)
		}
	}
	for _, s := range strings.FieldsFunc(r.text("cod_istat_precedente"), func(x rune) bool { return x == ' ' || x == ';' || x == '|' }) {
		c.ISTATPrev = append(c.ISTATPrev, r.istat("cod_istat_precedente", s))
	}
	return c
}

// form reads a cell that must match; an empty one is a fault only when needed.
func (r *row) form(column string, want *regexp.Regexp, needed bool) string {
	s := r.text(column)
	switch {
	case s == "" && needed:
		r.fail(column, RuleRequired, "")
	case s != "" && !want.MatchString(s):
		r.fail(column, RuleCode, s)
	}
	return s
}

// seenCodes maps each code, prefixed with its kind, to the line that has it.
// Current and earlier ISTAT codes are one kind: a search must find one Comune.
type seenCodes map[string]int

// note records the codes of c and reports whether none was there before.
func (s seenCodes) note(r *row, c Comune) bool {
	once := func(column, kind, code string) {
		if other, found := s[kind+code]; found {
			r.good = false
			r.table.add(RowError{Line: r.line, Column: column, Rule: RuleDuplicate, Value: code, Other: other})
			return
		}
		s[kind+code] = r.line
	}
	once("cod_catastale", "catastale ", string(c.Catastale))
	once("cod_istat", "istat ", string(c.ISTAT))
	for _, p := range c.ISTATPrev {
		once("cod_istat_precedente", "istat ", string(p))
	}
	if c.IPA != "" {
		once("codice_ipa", "ipa ", c.IPA.Key())
	}
	return r.good
}
