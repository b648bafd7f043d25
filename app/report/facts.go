package report

import "traguardo/app/i18n"

// fact is one pair of the document's particulars.
type fact struct{ Label, Value string }

// facts returns what the document rests on, in the order of cover and twin.
func (d Document) facts(loc *i18n.Localizer) []fact {
	out := []fact{{loc.T("report.fact_date"), loc.Date(d.GeneratedOn)}}
	add := func(label, value string) {
		if value != "" {
			out = append(out, fact{label, value})
		}
	}
	add(loc.T("report.fact_version"), d.Version)
	add(loc.T("report.fact_classification"), d.Classification)
	add(loc.T("report.fact_formula"), d.FormulaVersion)
	add(loc.T("report.fact_edition"), d.Edition)
	add(loc.T("report.fact_hash"), shortHash(d.DataHash))
	return out
}
