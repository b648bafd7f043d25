package web

import (
	"strings"

	"traguardo/app/service"
	"traguardo/app/storage"
	"traguardo/plans"
)

// planCard is one micro-progetto in a list, drawn by the partial "plan-card".
type planCard struct {
	ID       string // of the element on the page
	Href     string
	Action   string // address of the wish form
	Title    string
	Area     string
	Rank     int
	Facts    []Pair
	Why      []string // who asked for it: sentences
	Verdict  string   // why it is in or out; empty where Why says it already
	In       bool
	State    *Badge // what happened to it; nil while planned
	Wish     *Badge // what the ente wants; nil when the planner chooses
	Wished   bool
	Started  bool
	Excluded bool
	Own      bool
	CanEdit  bool
	Buttons  []Option // wishes that can be expressed now
	Quarters []Option // in which it may start, for the form that moves it
}

// Pair is a name and its value.
type Pair struct{ Name, Value string }

func (p Chrome) card(v service.PlanView, r service.PlanRow) planCard {
	m := r.Project
	card := planCard{ID: "p-" + m.ID.String(), Href: projectPath(v.Place.Ente.ID, m.ID), Title: m.Title, Area: areaName(p.Localizer, m.Area), Rank: r.Rank,
		In: r.In, Started: len(m.Facts) > 0, Own: m.Template == "", CanEdit: v.Editable()}
	card.Action = card.Href + "/scelta"
	card.Facts = []Pair{{p.T("plan.col_points"), p.points(r.Points())}, {p.T("plan.col_cost"), p.cost(m.Sheet)}, {p.T("plan.col_days"), p.Int(m.Days())}}
	if r.In {
		card.Facts = append(card.Facts, Pair{p.T("plan.col_when"), p.span(m.Sheet)})
	} else {
		card.Facts = append(card.Facts, Pair{p.T("plan.col_duration"), p.T("plan.quarters", "Count", m.Duration())})
	}
	if len(m.Lines) > 0 {
		card.Facts = append(card.Facts, Pair{p.T("plan.col_lines"), strings.Join(m.Lines, ", ")})
	}
	for _, reason := range m.Reasons {
		card.Why = append(card.Why, sentence(p, v, reason))
	}
	if code := r.Verdict.Reason.Code; code != "" && code != plans.OutChosen {
		card.Verdict = sentence(p, v, r.Verdict.Reason)
	}
	card.wish(p, r)
	if state := m.StateOn(v.Today); state != plans.Planned {
		card.State = planBadge(p, state)
	}
	if card.CanEdit && !card.Started {
		card.Quarters, card.Buttons = p.startOptions(v.Plan(), m), card.buttons(p)
	}
	return card
}

func (card *planCard) wish(p Chrome, r service.PlanRow) {
	card.Wished = r.Wish != storage.WishAuto
	switch r.Wish {
	case storage.WishMust:
		card.Wish = &Badge{Kind: KindInfo, Text: p.T("plan.wish_must")}
	case storage.WishPinned:
		card.Wish = &Badge{Kind: KindInfo, Text: p.T("plan.wish_pinned", "Quarter", r.Project.Start.Label(p.Lang()))}
	case storage.WishExcluded:
		card.Wish, card.Excluded = &Badge{Kind: KindNeutral, Text: p.T("plan.wish_excluded")}, true
	case storage.WishAuto:
	}
}

// buttons are the wishes that make sense for the card as it stands.
func (card planCard) buttons(p Chrome) []Option {
	auto, exclude := Option{Value: string(storage.WishAuto)}, Option{Value: string(storage.WishExcluded), Label: p.T("plan.do_exclude")}
	must := Option{Value: string(storage.WishMust), Label: p.T("plan.do_force")}
	switch {
	case card.Excluded:
		auto.Label = p.T("plan.do_back")
		return []Option{auto}
	case card.Wished:
		auto.Label = p.T("plan.do_free")
		return []Option{auto, exclude}
	case card.In:
		must.Label = p.T("plan.do_keep")
	}
	return []Option{must, exclude}
}

// cost writes what a micro-progetto costs, and whether that is an estimate.
func (p Chrome) cost(s plans.Sheet) string {
	if s.CostEstimated {
		return p.T("plan.estimate_short", "Cost", p.Euro(int64(s.Cost)))
	}
	return p.Euro(int64(s.Cost))
}

// span writes the quarters in which a micro-progetto runs.
func (p Chrome) span(s plans.Sheet) string {
	if s.Start.IsZero() {
		return p.T("plan.unplaced")
	}
	if s.Duration() == 1 {
		return s.Start.Label(p.Lang())
	}
	return p.T("plan.from_to", "From", s.Start.Label(p.Lang()), "To", s.End().Label(p.Lang()))
}

// startOptions lists the quarters of the plan in which m could start and still end.
func (p Chrome) startOptions(plan plans.Plan, m plans.MicroProject) []Option {
	var out []Option
	for i := 0; i+m.Duration() <= plan.Quarters; i++ {
		q := plan.Start.Add(i)
		out = append(out, Option{Value: q.String(), Label: q.Label(p.Lang()), Selected: q == m.Start})
	}
	return out
}

// planBadge is the state of a micro-progetto in words and colour.
func planBadge(p Chrome, state plans.State) *Badge {
	kind := KindNeutral
	switch state {
	case plans.Started:
		kind = KindInfo
	case plans.Suspended:
		kind = KindWarning
	case plans.Done, plans.Checked:
		kind = KindOK
	case plans.Planned, plans.Cancelled:
	}
	return &Badge{Kind: kind, Text: p.T("plan.project_" + string(state))}
}
