package i18n

import (
	"fmt"
	"html"
	"html/template"
	"time"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	i18ntemplate "github.com/nicksnyder/go-i18n/v2/i18n/template"
)

// Localizer writes texts, numbers and dates in one language. Safe for concurrent use.
type Localizer struct {
	lang      string
	rome      *time.Location
	catalogue *Catalogue
	texts     map[string]*goi18n.Message
	inner     *goi18n.Localizer
}

// Lang returns the language code, "it" or "en": the value of the lang attribute.
func (l *Localizer) Lang() string { return l.lang }

// Has says whether the language has a message with this key.
func (l *Localizer) Has(key string) bool { _, ok := l.texts[key]; return ok }

// T returns the text of key. args are pairs of name and value; "Count", an int,
// also chooses the plural form. A missing key, an argument too few or a plural
// message without "Count" prints as [key] and is counted in Catalogue.Missing.
func (l *Localizer) T(key string, args ...any) string {
	data, count, ok := l.arguments(args)
	message := l.texts[key]
	if !ok || message == nil || (message.One != "" && count == nil) {
		return l.absent(key)
	}
	if message.One == "" {
		count = nil // one text for every number
	}
	text, err := l.inner.Localize(&goi18n.LocalizeConfig{
		MessageID: key, TemplateData: data, PluralCount: count,
		TemplateParser: &i18ntemplate.TextParser{Option: "missingkey=error"},
	})
	if err != nil {
		return l.absent(key)
	}
	return text
}

// HTML is T for the few messages that hold markup: the text is trusted, the values are escaped.
func (l *Localizer) HTML(key string, args ...any) template.HTML {
	safe := make([]any, len(args))
	for i, a := range args {
		switch v := a.(type) {
		case int, int64, template.HTML:
			safe[i] = v
		default:
			safe[i] = html.EscapeString(fmt.Sprint(v))
		}
	}
	return template.HTML(l.T(key, safe...)) //nolint:gosec // text from our catalogue, values escaped above
}

func (l *Localizer) absent(key string) string {
	l.catalogue.countMissing(l.lang, key)
	return "[" + key + "]"
}

// arguments turns pairs into template data, and picks the plural count (nil without "Count").
func (l *Localizer) arguments(args []any) (data map[string]any, count any, ok bool) {
	if len(args)%2 != 0 {
		return nil, nil, false
	}
	data = make(map[string]any, len(args)/2)
	for i := 0; i < len(args); i += 2 {
		name, isText := args[i].(string)
		if !isText {
			return nil, nil, false
		}
		switch v := args[i+1].(type) {
		case int:
			data[name] = l.Int(v)
			if name == "Count" {
				count = v
			}
		case int64:
			data[name] = l.Int(int(v))
			if name == "Count" {
				count = v
			}
		default:
			data[name] = v
		}
	}
	return data, count, true
}
