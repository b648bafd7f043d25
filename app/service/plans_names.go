package service

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"traguardo/app/i18n"
	"traguardo/app/storage"
	"traguardo/plans"
	"traguardo/plans/pti"
	"traguardo/surveys"
)

// PlanNames writes codes of a plan as readers know them: titles of indicators,
// PTI lines, competences and micro-progetti. Safe for concurrent use.
type PlanNames struct {
	mat, staff *surveys.Instrument
	edition    *pti.Edition
	titles     map[string]string // of micro-progetti, by candidate and by id
}

func (b *planBase) names(edition *pti.Edition, records []storage.ProjectRecord) PlanNames {
	n := PlanNames{mat: b.mat, staff: b.staff, edition: edition, titles: map[string]string{}}
	for _, r := range records {
		n.titles[candidateOf(r)], n.titles[r.Project.ID.String()] = r.Project.Title, r.Project.Title
	}
	return n
}

// Project returns the title of a micro-progetto, its code where none is known.
func (n PlanNames) Project(id string) string {
	if title, ok := n.titles[id]; ok {
		return "«" + title + "»"
	}
	if indicator, level, ok := strings.Cut(id, "@"); ok { // a level that no micro-progetto of the plan reaches
		if _, known := n.mat.Item(indicator); known {
			return "«" + n.Indicator("it", indicator) + "» L" + level
		}
	}
	return id
}

// Indicator returns the title of an indicator in a language, its code where none is known.
func (n PlanNames) Indicator(lang, code string) string {
	if item, ok := n.mat.Item(code); ok {
		text, _ := item.Title.In(lang)
		return text
	}
	return code
}

// Line returns the title of a PTI line in a language, and whether the edition has it.
func (n PlanNames) Line(lang, code string) (title string, ok bool) {
	l, ok := n.edition.Line(code)
	title, _ = l.Title.In(lang)
	return title, ok
}

// Item returns the text of a competence of STAFF in a language, its code where none is known.
func (n PlanNames) Item(lang, code string) string {
	if item, ok := n.staff.Item(code); ok {
		text, _ := item.Text.In(lang)
		return text
	}
	return code
}

// Reason writes a reason of a plan as a sentence, with titles instead of codes.
func (n PlanNames) Reason(l *i18n.Localizer, r plans.Reason) string {
	args := r.Args(l.Lang(), n.Project)
	args["Year"] = strconv.Itoa(r.Year) // a year has no separator of thousands
	if r.Indicator != "" {
		args["Indicator"] = "«" + n.Indicator(l.Lang(), r.Indicator) + "» (" + r.Indicator + ")"
	}
	if title, ok := n.Line(l.Lang(), r.Line); ok {
		args["Line"] = r.Line + " «" + title + "»"
	}
	if r.Item != "" {
		args["Item"] = n.competence(l, r.Item)
	}
	pairs := make([]any, 0, 2*len(args))
	for _, name := range slices.Sorted(maps.Keys(args)) {
		pairs = append(pairs, name, args[name])
	}
	return l.T("reason."+strings.TrimPrefix(r.Key(), "reason."), pairs...)
}

// competence names an item of STAFF, or the area whose mean is meant.
func (n PlanNames) competence(l *i18n.Localizer, key string) string {
	if strings.Contains(key, "-") {
		return "«" + n.Item(l.Lang(), key) + "»"
	}
	return "«" + l.T("area."+key) + "»"
}
