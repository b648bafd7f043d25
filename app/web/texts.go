package web

import "traguardo/surveys"

// textIn is a text of the domain in the reader's language, Italian where the
// other is missing.
func textIn(lang string, t surveys.Text) string {
	text, _ := t.In(lang)
	return text
}
