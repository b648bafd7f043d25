package web

import (
	"traguardo/app/i18n"
	"traguardo/surveys"
	"traguardo/surveys/scoring"
)

// areaName is the name of an area in the reader's language.
func areaName(l *i18n.Localizer, a surveys.Area) string { return l.T("area." + string(a)) }

// labelName is the name of a band of scores, which is that of a level.
func labelName(l *i18n.Localizer, label scoring.Label) string { return l.T("level." + string(label)) }

// waveName is the name of a wave in the reader's language.
func waveName(l *i18n.Localizer, w surveys.Wave) string { return l.T("wave." + string(w)) }

// Words is a text of an instrument as a page shows it: Lang is set where it is
// not the language of the page, for the lang attribute.
type Words struct{ Text, Lang string }

// words chooses the language of an instrument's text for a reader.
func words(l *i18n.Localizer, t surveys.Text) Words {
	text, lang := t.In(l.Lang())
	if lang == l.Lang() {
		lang = ""
	}
	return Words{Text: text, Lang: lang}
}

// resultsPath is the address of the results of a wave.
func resultsPath(ente surveys.ID, w surveys.Wave) string {
	return entePath(ente) + "/risultati/" + string(w)
}
