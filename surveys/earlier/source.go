package earlier

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"traguardo/surveys"
	"traguardo/surveys/comune"
)

// Source is the tool that wrote an export.
type Source string

// The tools whose exports are known.
const (
	LimeSurvey     Source = "limesurvey"
	MicrosoftForms Source = "microsoft-forms"
	GoogleForms    Source = "google-forms"
)

// ParseSource accepts the name of a source and refuses all other text with
// surveys.ErrInvalid.
func ParseSource(s string) (Source, error) {
	switch x := Source(s); x {
	case LimeSurvey, MicrosoftForms, GoogleForms:
		return x, nil
	}
	return "", fmt.Errorf("%w: source %q: limesurvey, microsoft-forms or google-forms", surveys.ErrInvalid, s)
}

// recognise tells the source by the cells of the first line: LimeSurvey begins
// with id and has submitdate, Microsoft Forms with ID and has the two times,
// Google Forms with the time stamp.
func recognise(header []string) (Source, bool) {
	folded := make([]string, len(header))
	for i, name := range header {
		folded[i] = comune.Fold(name)
	}
	has := func(names ...string) bool {
		return slices.ContainsFunc(names, func(n string) bool { return slices.Contains(folded, n) })
	}
	first := folded[0]
	switch {
	case slices.Contains([]string{"id", "response id", "id risposta"}, first) &&
		has("submitdate", "date submitted", "data invio", "data di invio"):
		return LimeSurvey, true
	case first == "id" && has("start time", "ora di inizio") && has("completion time", "ora di completamento"):
		return MicrosoftForms, true
	case slices.Contains([]string{"timestamp", "informazioni cronologiche"}, first) && len(header) > 1:
		return GoogleForms, true
	}
	return "", false
}

// aside are headings, folded, that tell who answered, from where or when, and
// those that a tool adds by itself. They are never an answer.
var aside = map[Source][]string{
	"": {"email", "e mail", "mail", "email address", "indirizzo email", "indirizzo e mail", "indirizzo di posta elettronica", "posta elettronica",
		"name", "nome", "surname", "last name", "first name", "cognome", "nome e cognome", "cognome e nome", "full name", "nome completo",
		"username", "nome utente", "matricola", "codice fiscale", "telefono", "phone", "cellulare", "ip", "ip address", "indirizzo ip",
		"data di nascita", "date of birth"},
	LimeSurvey: {"id", "response id", "id risposta", "submitdate", "date submitted", "data invio", "data di invio", "lastpage", "last page", "ultima pagina",
		"startlanguage", "start language", "lingua iniziale", "seed", "seme", "startdate", "date started", "data di inizio", "data inizio",
		"datestamp", "date last action", "data dell ultima azione", "data ultima azione", "ipaddr", "refurl", "referrer url", "token", "access code", "codice di accesso",
		"firstname", "lastname", "interviewtime", "total time", "tempo totale"},
	MicrosoftForms: {"id", "start time", "completion time", "last modified time", "total points", "quiz feedback", "language",
		"ora di inizio", "ora di completamento", "ora dell ultima modifica", "punti totali", "feedback sul quiz", "lingua"},
	GoogleForms: {"timestamp", "informazioni cronologiche", "score", "punteggio"},
}

var (
	graded    = regexp.MustCompile(`^(Points|Feedback|Punti|Commenti) [-–] `)
	groupTime = regexp.MustCompile(`^(groupTime[0-9]+|Group time: .*)$`)
	repeated  = regexp.MustCompile(` #[0-9]+$`)
)

// Aside reports for each column whether it is one that says who, where or when, or
// that the tool adds: such columns are left out whatever a mapping says.
func (f File) Aside() []bool {
	out := make([]bool, len(f.Names))
	for i, name := range f.Names {
		name = repeated.ReplaceAllString(name, "")
		folded := comune.Fold(name)
		out[i] = slices.Contains(aside[""], folded) || slices.Contains(aside[f.Source], folded)
		switch f.Source {
		case LimeSurvey:
			base, timed := strings.CutSuffix(name, "Time")
			attribute := strings.HasPrefix(folded, "attribute ")
			out[i] = out[i] || attribute || groupTime.MatchString(name) || timed && f.hasStem(base)
		case MicrosoftForms:
			out[i] = out[i] || graded.MatchString(name)
		case GoogleForms:
		}
	}
	return out
}

// hasStem reports whether a column is the question of that code or one of its rows.
func (f File) hasStem(code string) bool {
	return code != "" && slices.ContainsFunc(f.Names, func(n string) bool { return n == code || strings.HasPrefix(n, code+"[") })
}
