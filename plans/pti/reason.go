package pti

import (
	"fmt"
	"strconv"

	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"traguardo/surveys"
)

// Reason says why a line concerns a Comune or not. Key and Args are for a
// message catalogue and for exports; Text is the finished sentence in both
// languages, with the numbers written as each language writes them.
type Reason struct {
	Key  string            `json:"key"`
	Args map[string]string `json:"args,omitempty"` // plain digits and ids
	Text surveys.Text      `json:"text"`
}

// then joins a reason to the one that led to it; the key is that of the last.
func (r Reason) then(next Reason) Reason {
	if r.Key == "" {
		return next
	}
	args := map[string]string{}
	for k, v := range r.Args {
		args[k] = v
	}
	for k, v := range next.Args {
		args[k] = v
	}
	return Reason{
		Key: r.Key + "." + next.Key[len("pti.reason."):], Args: args,
		Text: surveys.Text{IT: r.Text.IT + " " + next.Text.IT, EN: r.Text.EN + " " + next.Text.EN},
	}
}

func reasonAll() Reason {
	return Reason{Key: "pti.reason.all", Text: surveys.Text{
		IT: "Vale per tutti i Comuni.", EN: "It binds every Comune."}}
}

func reasonVoluntary(a Audience) Reason {
	return Reason{Key: "pti.reason.voluntary", Args: map[string]string{"audience": a.ID}, Text: surveys.Text{
		IT: "Facoltativa: è per " + a.Name.IT + ".",
		EN: "Voluntary: it is for " + a.Name.EN + "."}}
}

func reasonOthers(a Audience) Reason {
	return Reason{Key: "pti.reason.others", Args: map[string]string{"audience": a.ID}, Text: surveys.Text{
		IT: "Non riguarda i Comuni: è per " + a.Name.IT + ".",
		EN: "It does not concern Comuni: it is for " + a.Name.EN + "."}}
}

func reasonCapital(k CapitalKind, is bool) Reason {
	it := map[CapitalKind]string{MetropolitanCapital: "capoluogo di Città metropolitana",
		RegionalCapital: "capoluogo di Regione", ProvincialCapital: "capoluogo di Provincia"}[k]
	en := map[CapitalKind]string{MetropolitanCapital: "the capital of a metropolitan city",
		RegionalCapital: "the capital of a Region", ProvincialCapital: "the capital of a Province"}[k]
	args := map[string]string{"capital": string(k)}
	if is {
		return Reason{Key: "pti.reason.capital", Args: args, Text: surveys.Text{
			IT: "Il Comune è " + it + ".", EN: "The Comune is " + en + "."}}
	}
	return Reason{Key: "pti.reason.not_capital", Args: args, Text: surveys.Text{
		IT: "Riguarda solo chi è " + it + ": questo Comune non lo è.",
		EN: "It concerns only " + en + ": this Comune is not."}}
}

func reasonPopulation(r Rule, population int, in bool) Reason {
	it, en := band(r)
	key, args := "pti.reason.population", bandArgs(r)
	args["population"] = strconv.Itoa(population)
	text := surveys.Text{
		IT: fmt.Sprintf("Il Comune ha %s abitanti: rientra fra quelli %s.", digits(language.Italian, population), it),
		EN: fmt.Sprintf("The Comune has %s inhabitants: it is among those %s.", digits(language.English, population), en)}
	if !in {
		key = "pti.reason.not_population"
		text = surveys.Text{
			IT: fmt.Sprintf("Riguarda i Comuni %s: questo ne ha %s.", it, digits(language.Italian, population)),
			EN: fmt.Sprintf("It concerns Comuni %s: this one has %s.", en, digits(language.English, population))}
	}
	return Reason{Key: key, Args: args, Text: text}
}

func reasonPopulationUnknown(r Rule) Reason {
	it, en := band(r)
	return Reason{Key: "pti.reason.population_unknown", Args: bandArgs(r), Text: surveys.Text{
		IT: "Da verificare: riguarda i Comuni " + it + " e il numero di abitanti non è noto.",
		EN: "To be checked: it concerns Comuni " + en + " and the number of inhabitants is not known."}}
}

func bandArgs(r Rule) map[string]string {
	args := map[string]string{"min": strconv.Itoa(r.Min)}
	if r.Max > 0 {
		args["max"] = strconv.Itoa(r.Max)
	}
	return args
}

// band words a band of population; both ends belong to it, as the plan prints them.
func band(r Rule) (it, en string) {
	if r.Max == 0 {
		return "con più di " + digits(language.Italian, r.Min-1) + " abitanti",
			"of more than " + digits(language.English, r.Min-1) + " inhabitants"
	}
	return "da " + digits(language.Italian, r.Min) + " a " + digits(language.Italian, r.Max) + " abitanti",
		"of " + digits(language.English, r.Min) + " to " + digits(language.English, r.Max) + " inhabitants"
}

func reasonToVerify(c Condition) Reason {
	return Reason{Key: "pti.reason.toverify", Args: map[string]string{"question": c.ID}, Text: surveys.Text{
		IT: "Da verificare: " + c.Question.IT, EN: "To be checked: " + c.Question.EN}}
}

func reasonAnswered(c Condition, answer, applies bool) Reason {
	key, given := "pti.reason.answered", No
	it, en := "no", "no"
	if answer {
		given, it, en = Yes, "sì", "yes"
	}
	tailIT, tailEN := "la linea vale per questo Comune.", "the line binds this Comune."
	if !applies {
		key = "pti.reason.answered_out"
		tailIT, tailEN = "la linea non vale per questo Comune.", "the line does not bind this Comune."
	}
	return Reason{Key: key, Args: map[string]string{"question": c.ID, "answer": string(given)}, Text: surveys.Text{
		IT: "Alla domanda «" + c.Question.IT + "» il Comune ha risposto " + it + ": " + tailIT,
		EN: "To the question \"" + c.Question.EN + "\" the Comune answered " + en + ": " + tailEN}}
}

// digits groups thousands as the language does: 370.000 in Italian, 370,000 in English.
func digits(lang language.Tag, n int) string { return message.NewPrinter(lang).Sprintf("%d", n) }
