package web

import (
	"slices"

	"traguardo/app/service"
	"traguardo/app/storage"
	"traguardo/surveys"
	"traguardo/surveys/scoring"
)

// Words of figures that come from the summary rows of closed waves. Every page
// writes a missing one in the same way: «non valutato», «dati insufficienti»,
// or the interval alone; never 0.

// scoreWords writes a score of 0–100 without decimals, or why there is none.
// muted says that there is no single number.
func (c Chrome) scoreWords(a storage.ResultArea, v *float64) (text string, muted bool) {
	switch {
	case a.State == storage.AreaShown && v != nil:
		return c.Num(*v, 0), false
	case a.State == storage.AreaInterval && a.Low != nil && a.High != nil:
		return c.T("figure.from_to", "Low", c.Num(*a.Low, 0), "High", c.Num(*a.High, 0)), true
	case a.State == storage.AreaInsufficient || a.State == storage.AreaSuppressed:
		return c.T("figure.insufficient"), true
	default:
		return c.T("figure.not_assessed"), true
	}
}

// openRate writes the response rate of an open questionnaire as far as it may be
// told; empty where nothing may.
func (c Chrome) openRate(s storage.SurveyProgress) string {
	switch pct, ok := service.OpenRate(s); {
	case !ok:
		return ""
	case pct == 0:
		return c.T("matrix.at_least_none")
	default:
		return c.T("matrix.at_least", "Rate", pct)
	}
}

// lastWave finds the row over all areas of a kind in the latest wave that has one.
func lastWave(areas []storage.EnteArea, kind storage.ResultKind) (storage.EnteArea, bool) {
	for _, wave := range []surveys.Wave{surveys.ExPost, surveys.Interim, surveys.ExAnte} {
		i := slices.IndexFunc(areas, func(a storage.EnteArea) bool {
			return a.Kind == kind && a.Wave == wave && a.Area == storage.AllAreas
		})
		if i >= 0 {
			return areas[i], true
		}
	}
	return storage.EnteArea{}, false
}

// figuresOf are the key figures of the latest closed waves, with what they rest on.
func (p enteHomeView) figuresOf(areas []storage.EnteArea) ([]Tile, string) {
	var out []Tile
	note := ""
	if a, ok := lastWave(areas, storage.ResultAssessment); ok {
		text, muted := p.scoreWords(a.ResultArea, a.Evidenced)
		tile := Tile{Label: p.T("percorso.figure_evidenced"), Value: text, Muted: muted, Href: p.base + "/risultati"}
		if a.Label != "" {
			tile.Note = labelName(p.Localizer, scoring.Label(a.Label))
		}
		text, muted = p.scoreWords(a.ResultArea, a.Declared)
		declared := Tile{Label: p.T("percorso.figure_declared"), Value: text, Muted: muted}
		if a.N != nil && a.Of != nil {
			declared.Note = p.T("percorso.figure_indicators", "N", *a.N, "Total", *a.Of)
		}
		coverage := Tile{Label: p.T("percorso.figure_coverage"), Value: p.T("report.not_computable"), Muted: true, Note: p.T("percorso.figure_coverage_note")}
		if a.Coverage != nil {
			coverage.Value, coverage.Muted = p.Pct(*a.Coverage, 0), false
		}
		out = append(out, tile, declared, coverage)
		note = p.T("percorso.figures_note", "Wave", waveName(p.Localizer, a.Wave), "Date", p.Date(a.ComputedAt), "Formula", a.FormulaVersion)
	}
	if a, ok := lastWave(areas, storage.ResultStaff); ok {
		out = append(out, p.responsesTile(a))
	}
	return out, note
}

// responsesTile is the response rate of a closed questionnaire.
func (p enteHomeView) responsesTile(a storage.EnteArea) Tile {
	t := Tile{Label: p.T("percorso.figure_staff"), Value: p.T("figure.insufficient"), Muted: true,
		Note: p.T("percorso.figure_staff_few"), Href: p.base + "/risultati"}
	if a.State == storage.AreaShown && a.N != nil && a.Of != nil && *a.Of > 0 {
		t.Value, t.Muted = p.Pct(float64(*a.N)/float64(*a.Of), 0), false
		t.Note = p.T("percorso.figure_staff_note", "N", *a.N, "Total", *a.Of, "Wave", waveName(p.Localizer, a.Wave))
	}
	return t
}
