package web

import (
	"traguardo/app/service"
	"traguardo/surveys"
	"traguardo/surveys/scoring"
)

// groups makes the tables: the first round, then the rest by area.
func (p *assessmentPage) groups(v service.AssessmentView, me surveys.ID) {
	p.Groups = nil
	add := func(id, title, text string, keep func(service.IndicatorView) bool) {
		table := Table{ID: "elenco-" + id, Caption: title, Hidden: true, Columns: []Column{{Label: p.T("assess.col_indicator")}, {Label: p.T("assess.col_answer")},
			{Label: p.T("assess.col_state")}, {Label: p.T("assess.col_assigned")}}}
		for _, x := range v.Indicators {
			if keep(x) && (!p.Mine || x.Rating.AssignedTo == me) {
				table.Rows = append(table.Rows, p.row(v, x))
			}
		}
		if len(table.Rows) > 0 {
			p.Groups = append(p.Groups, indicatorGroup{Title: title, Text: text, Table: table})
		}
	}
	add("primo", p.T("assess.first_round"), p.T("assess.first_round_text"), func(x service.IndicatorView) bool { return x.Item.Gate })
	for _, a := range surveys.AssessmentAreas() {
		text := ""
		if a == surveys.GOV {
			text = p.T("assess.gov_text")
		}
		add(string(a), areaName(p.Localizer, a), text, func(x service.IndicatorView) bool { return x.Item.Area == a && !x.Item.Gate })
	}
}

func (p *assessmentPage) row(v service.AssessmentView, x service.IndicatorView) Row {
	badge := stateBadge(p.Chrome, x)
	row := Row{Cells: []Cell{
		{Text: x.Item.Code + " · " + words(p.Localizer, x.Item.Title).Text, Href: cardPath(v.Place.Ente.ID, v.Assessment.Wave, x.Item.Code)},
		{Text: p.answerWords(v, x)}, {Badge: &badge}, {Text: x.Rating.AssignedName}}}
	row.Cells[1].Muted = x.Result.State == scoring.NotAssessed
	if x.Rating.AssignedName == "" {
		row.Cells[3] = Cell{Text: "–", Muted: true}
	}
	return row
}

// answerWords is the answer in a few words: «3 · Consolidato, documentato 1».
func (p *assessmentPage) answerWords(v service.AssessmentView, x service.IndicatorView) string {
	switch x.Result.State {
	case scoring.NotApplicable:
		return p.T("assess.na")
	case scoring.NotAssessed:
		return p.T("assess.missing")
	case scoring.Assessed:
	}
	text := levelWords(p.Chrome, v.Instrument, x.Item, *x.Result.Declared)
	if *x.Result.Evidenced < *x.Result.Declared {
		return p.T("assess.answer_gap", "Level", text, "Evidenced", int(*x.Result.Evidenced))
	}
	return text
}

// levelWords is a level with its name: «2 · Definito».
func levelWords(c Chrome, in *surveys.Instrument, it surveys.Item, l surveys.Level) string {
	for _, o := range in.OptionsOf(it) {
		if surveys.Level(o.Value) == l {
			return c.Int(int(l)) + " · " + words(c.Localizer, o.Label).Text
		}
	}
	return c.Int(int(l))
}

// stateBadge is where an indicator stands, in two words.
func stateBadge(c Chrome, x service.IndicatorView) Badge {
	switch {
	case x.Result.State == scoring.NotApplicable:
		return Badge{KindNeutral, c.T("assess.badge_na")}
	case x.Step == service.StepWaiting:
		return Badge{KindInfo, c.T("assess.badge_waiting")}
	case x.Step == service.StepFirst:
		return Badge{KindNeutral, c.T("assess.badge_first")}
	case x.Step == service.StepConsensus && x.Result.State == scoring.NotAssessed:
		return Badge{KindWarning, c.T("assess.badge_consensus")}
	case x.Result.State == scoring.NotAssessed:
		return Badge{KindNeutral, c.T("assess.badge_missing")}
	case x.Result.Renew:
		return Badge{KindWarning, c.T("assess.badge_renew")}
	case *x.Result.Evidenced < *x.Result.Declared:
		return Badge{KindWarning, c.T("assess.badge_undocumented")}
	default:
		return Badge{KindOK, c.T("assess.badge_done")}
	}
}
