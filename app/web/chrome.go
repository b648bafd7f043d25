package web

import (
	"html/template"
	"strconv"

	"traguardo/app/i18n"
)

// Chrome is what every page shows around its own content. Page structs embed it
// by value; templates then call {{.T "group.key"}}, {{.Date .Due}}, {{.Asset "app.css"}}
// (inside range and with: {{$.T …}}). Zero values leave the piece out.
type Chrome struct {
	*i18n.Localizer // never nil: T, HTML, Num, Int, Pct, Euro, Date, DateTime, Lang …

	Assets *Assets // never nil: hashed addresses of static files

	Title   string // the one h1 and the window title, already in the reader's language
	Lead    string // one sentence under the h1
	Path    string // path and query of this page: for the language switch and the way back after sign-in
	CSRF    string // token of every POST form
	Version string // version of the program, in the footer

	User        *User  // nil: nobody is signed in
	Ente        *Ente  // nil: the page belongs to no ente
	Fictitious  bool   // the data shown is invented: the banner «dato dimostrativo» stands on the page
	Nav         []Link // main menu
	Breadcrumbs []Link // from the home to the page above this one; the page itself is added by the layout
	Flash       []Flash
	Errors      []FieldError // faults of the form of this page, for the summary on top
	Progress    *Progress    // survey layout only
}

// User is the signed-in person as the header shows them.
type User struct {
	Key   string // opaque text that tells one user of this browser from another; never a name or address
	Name  string // displayed name
	Role  string // role in the reader's language
	Links []Link // account, other enti …; may be empty
}

// Ente is the Comune the page speaks of.
type Ente struct {
	Name string // "Comune di …"
	Path string // its home page
	Note string // province, population class; may be empty
}

// Link is one entry of a menu or a trail.
type Link struct {
	Label   string
	Href    string
	Current bool   // the page shown, or the section that holds it
	Badge   string // a short count beside the label; may be empty
}

// Kinds of Flash and Badge; each has its colour, its icon and, in the page, its word.
const (
	KindInfo    = "info"
	KindOK      = "ok"
	KindWarning = "warn"
	KindError   = "error"
	KindNeutral = "neutral"
)

// Flash is one message about what was just done.
type Flash struct {
	Kind string // KindInfo, KindOK, KindWarning or KindError
	Text string
}

// FieldError is one fault of a form: the name of the field, and what to do, in the reader's language.
type FieldError struct {
	Field string // name of the input; empty for a fault of the whole form
	Text  string
	Typed string // what stood there, when the form cannot hold it: text in a field of numbers
}

// ID returns the id of the input at fault, as the field partial writes it.
func (e FieldError) ID() string { return fieldID(e.Field) }

// Progress is how far a respondent is.
type Progress struct {
	Step, Of    int // block shown and number of blocks, from 1
	MinutesLeft int // honest estimate; 0 leaves it out
}

// Percent returns the share of blocks before this one, 0–100.
func (p Progress) Percent() int {
	if p.Of <= 0 {
		return 0
	}
	return (p.Step - 1) * 100 / p.Of
}

// Asset returns the address of a static file, with the hash of its content.
func (c Chrome) Asset(name string) string { return c.Assets.Path(name) }

// Icon draws one symbol of Bootstrap Italia's sprite, as decoration: the words stand beside it.
func (c Chrome) Icon(name string) template.HTML {
	href := template.HTMLEscapeString(c.Asset("vendor/svg/sprites.svg") + "#" + name)
	return template.HTML(`<svg class="icon" aria-hidden="true" focusable="false"><use href="` + href + `"></use></svg>`) //nolint:gosec // escaped above
}

// StepWord returns the state of a step of the percorso in words.
func (c Chrome) StepWord(state string) string {
	switch state {
	case StepDone:
		return c.T("shell.step_done")
	case StepCurrent, StepGoing:
		return c.T("shell.step_current")
	case StepBlocked:
		return c.T("shell.step_blocked")
	default:
		return c.T("shell.step_todo")
	}
}

// ErrorOf returns the first fault of a field, or nothing.
func (c Chrome) ErrorOf(field string) string {
	for _, e := range c.Errors {
		if e.Field == field {
			return e.Text
		}
	}
	return ""
}

// TypedOf is the value of a field of whole numbers: n, or the text that was typed
// instead and refused.
func (c Chrome) TypedOf(field string, n int) string {
	for _, e := range c.Errors {
		if e.Field == field && e.Typed != "" {
			return e.Typed
		}
	}
	return strconv.Itoa(n)
}

// OtherLanguages returns the languages the page can be switched to.
func (c Chrome) OtherLanguages() []Language {
	var others []Language
	for _, code := range i18n.Languages() {
		if code != c.Lang() {
			others = append(others, Language{Code: code, Name: languageName(code), Back: c.Path})
		}
	}
	return others
}

// Language is one entry of the language switch.
type Language struct {
	Code string // "it", "en"
	Name string // in that language itself
	Back string // the page to come back to
}

func languageName(code string) string {
	if code == i18n.English {
		return "English"
	}
	return "Italiano"
}

func (c Chrome) chrome() Chrome { return c }

// page is any struct that embeds Chrome.
type page interface{ chrome() Chrome }

// Part is what a partial receives: the frame of the page (for T, Date, CSRF …) and its own data D.
type Part struct {
	Chrome
	D any
}

// newPart is the template function part: {{template "pagination" (part $ .Pager)}}.
func newPart(p page, data any) Part { return Part{Chrome: p.chrome(), D: data} }
