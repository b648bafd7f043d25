package web

import (
	"slices"

	"traguardo/app/i18n"
	"traguardo/app/storage"
	"traguardo/plans"
	"traguardo/plans/pti"
)

// Tabs is a row of pages that belong together.
type Tabs struct {
	Label string // name of the row for screen readers
	Links []Link
}

// ptiTabs are the pages about the Piano triennale; open counts the questions that wait.
func (c Chrome) ptiTabs(base, current string, open int) Tabs {
	t := Tabs{Label: c.T("pti.tabs")}
	for _, x := range []struct{ key, path string }{
		{"pti.tab_lines", "/pti"}, {"pti.tab_questions", "/pti/domande"}, {"pti.tab_calendar", "/scadenze"}, {"pti.tab_funding", "/pti/finanziamenti"},
	} {
		l := Link{Label: c.T(x.key), Href: base + x.path, Current: x.path == current}
		if x.path == "/pti/domande" && open > 0 {
			l.Badge = c.Int(open)
		}
		t.Links = append(t.Links, l)
	}
	return t
}

// Day writes a calendar day, 31/12/2026; a dash for none.
func dayText(d plans.Date) string {
	if d.IsZero() {
		return "–"
	}
	return d.Italian()
}

// lineBadge is the state of a line of the PTI in words.
func lineBadge(l *i18n.Localizer, st pti.Status) Badge {
	kind := KindNeutral
	switch st.State {
	case pti.Satisfied:
		kind = KindOK
	case pti.Late:
		kind = KindError
	case pti.InProgress, pti.LinePlanned:
		kind = KindInfo
	case pti.NotStarted, pti.NotApplicable:
	}
	return Badge{Kind: kind, Text: l.T("pti.state_" + string(st.State))}
}

// projectBadge is the state of a micro-progetto in words; late comes first.
func projectBadge(l *i18n.Localizer, st plans.State, late bool) Badge {
	if late {
		return Badge{Kind: KindError, Text: l.T("track.state_late")}
	}
	kind := KindNeutral
	switch st {
	case plans.Started:
		kind = KindInfo
	case plans.Suspended:
		kind = KindWarning
	case plans.Done, plans.Checked:
		kind = KindOK
	case plans.Planned, plans.Cancelled:
	}
	return Badge{Kind: kind, Text: l.T("track.state_" + string(st))}
}

// historyView is one row of the audit trail in words.
type historyView struct{ When, Who, What string }

// history words the newest rows of the trail.
func (c Chrome) history(rows []storage.NamedAudit) []historyView {
	out := make([]historyView, 0, len(rows))
	for _, r := range rows {
		who := r.ActorName
		if who == "" {
			who = c.T("history.system")
		}
		out = append(out, historyView{When: c.DateTime(r.At), Who: who, What: c.actionWords(r.Action)})
	}
	return out
}

// actionWords is a kind of change of the audit trail in words; the code itself
// for one that only an older version of the program wrote.
func (c Chrome) actionWords(action string) string {
	if key := "history." + action; c.Has(key) {
		return c.T(key)
	}
	return action
}

// chosen marks the option with a value as selected.
func chosen(options []Option, value string) []Option {
	options = slices.Clone(options)
	for i := range options {
		options[i].Selected = options[i].Value == value
	}
	return options
}
