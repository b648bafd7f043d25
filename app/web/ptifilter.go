package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/service"
	"traguardo/plans"
	"traguardo/plans/pti"
	"traguardo/surveys"
	"traguardo/surveys/comune"
)

// linesPerPage is how many lines of the Piano triennale stand on one page.
const linesPerPage = 25

// Groups of lines that the list can show.
const (
	groupBinding   = "vincolanti"
	groupVoluntary = "facoltative"
	groupOthers    = "altre"
)

// ptiFilter is what the list is narrowed to; empty fields narrow nothing.
type ptiFilter struct {
	Area, Chapter, State, Group, Text string
	Within                            int // days from today, 0: any time; lines without a date never pass
	Page                              int // from 1
	today                             plans.Date
}

func filterOf(c *fiber.Ctx, today plans.Date) ptiFilter {
	f := ptiFilter{Area: c.Query("area"), Chapter: c.Query("capitolo"), State: c.Query("stato"), Group: c.Query("gruppo"),
		Text: strings.TrimSpace(c.Query("testo")), Within: c.QueryInt("entro"), Page: max(1, c.QueryInt("pagina", 1)), today: today}
	if f.Group != groupVoluntary && f.Group != groupOthers {
		f.Group = groupBinding
	}
	if !slices.Contains(withinDays(), f.Within) {
		f.Within = 0
	}
	return f
}

// withinDays are the spans of time that the list can be narrowed to.
func withinDays() []int { return []int{30, 90, 180, 365} }

// query is the filter as it stands in the address, without the page.
func (f ptiFilter) query() string {
	q := url.Values{}
	for name, value := range map[string]string{"area": f.Area, "capitolo": f.Chapter, "stato": f.State, "gruppo": f.Group, "testo": f.Text} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if f.Within > 0 {
		q.Set("entro", strconv.Itoa(f.Within))
	}
	return q.Encode()
}

// narrows reports whether anything but the group that is shown first was asked for.
func (f ptiFilter) narrows() bool {
	f.Page, f.today = 0, plans.Date{}
	return f != ptiFilter{Group: groupBinding}
}

// groupOf says in which group of the list a line stands.
func groupOf(l service.PTILine) string {
	switch {
	case l.Binds():
		return groupBinding
	case l.Applies != pti.AppliesNo:
		return groupVoluntary
	default:
		return groupOthers
	}
}

func (f ptiFilter) lets(l service.PTILine) bool {
	return groupOf(l) == f.Group && (f.Area == "" || f.Area == string(l.Line.Area)) &&
		(f.Chapter == "" || f.Chapter == strconv.Itoa(l.Line.Chapter)) && (f.State == "" || f.State == string(l.Status.State)) &&
		f.falls(l.Line) && f.reads(l.Line)
}

// falls reports whether a line is due from today within the days asked for.
func (f ptiFilter) falls(l pti.ActionLine) bool {
	return f.Within == 0 || !l.Deadline.IsZero() && !l.Deadline.Before(f.today) && f.today.DaysUntil(l.Deadline) <= f.Within
}

// reads reports whether every word asked for stands in the code, the title or the
// text of a line; capitals and accents make no difference.
func (f ptiFilter) reads(l pti.ActionLine) bool {
	text := strings.ToLower(l.Code) + " " + comune.Fold(l.Title.IT+" "+l.Title.EN+" "+l.Todo.IT+" "+l.Todo.EN)
	for word := range strings.FieldsSeq(f.Text) {
		if !strings.Contains(text, strings.ToLower(word)) && (comune.Fold(word) == "" || !strings.Contains(text, comune.Fold(word))) {
			return false
		}
	}
	return true
}

// fillLines puts one page of the lines that pass the filter into their chapters.
func (p *ptiListView) fillLines(v service.PTIView, f ptiFilter) {
	base := strings.TrimSuffix(p.Self, "/pti")
	lines := slices.Collect(func(yield func(service.PTILine) bool) {
		for _, ch := range v.Edition.Chapters {
			for _, l := range v.Lines {
				if l.Line.Chapter == ch.Number && f.lets(l) && !yield(l) {
					return
				}
			}
		}
	})
	pages := max(1, (len(lines)+linesPerPage-1)/linesPerPage)
	page := min(f.Page, pages)
	p.Shown = len(lines)
	p.Pager = Pager{Page: page, Pages: pages, Total: len(lines), Base: p.Self + "?" + f.query() + "&"}
	for _, l := range lines[(page-1)*linesPerPage : min(len(lines), page*linesPerPage)] {
		if n := len(p.Chapters); n == 0 || p.Chapters[n-1].Number != l.Line.Chapter {
			ch := ptiChapter{Number: l.Line.Chapter}
			for _, c := range v.Edition.Chapters {
				if c.Number == ch.Number {
					ch.Title = textIn(p.Lang(), c.Title)
				}
			}
			p.Chapters = append(p.Chapters, ch)
		}
		last := &p.Chapters[len(p.Chapters)-1]
		last.Lines = append(last.Lines, p.ptiCard(base, l))
	}
}

func (p *ptiListView) fillFilter(v service.PTIView, f ptiFilter) {
	any := Option{Value: "", Label: p.T("pti.filter_any")}
	areas, chapters, states := []Option{{Value: "", Label: p.T("pti.filter_any_area")}}, []Option{any}, []Option{any}
	for _, a := range surveys.AssessmentAreas() {
		areas = append(areas, Option{Value: string(a), Label: areaName(p.Localizer, a)})
	}
	for _, ch := range v.Edition.Chapters {
		chapters = append(chapters, Option{Value: strconv.Itoa(ch.Number), Label: strconv.Itoa(ch.Number) + ". " + textIn(p.Lang(), ch.Title)})
	}
	for _, st := range pti.LineStates() {
		states = append(states, Option{Value: string(st), Label: p.T("pti.state_" + string(st))})
	}
	within := []Option{{Value: "", Label: p.T("pti.filter_any_time")}}
	for _, days := range withinDays() {
		within = append(within, Option{Value: strconv.Itoa(days), Label: p.T("pti.filter_days", "Count", days)})
	}
	span := ""
	if f.Within > 0 {
		span = strconv.Itoa(f.Within)
	}
	groups := []Option{{Value: groupBinding, Label: p.T("pti.group_binding")}, {Value: groupVoluntary, Label: p.T("pti.group_voluntary")}, {Value: groupOthers, Label: p.T("pti.group_others")}}
	p.Filter = []Field{
		{Name: "testo", Type: "search", Label: p.T("pti.filter_text"), Value: f.Text, MaxLength: 100},
		{Name: "gruppo", Type: "select", Label: p.T("pti.filter_group"), Required: true, Options: chosen(groups, f.Group)},
		{Name: "stato", Type: "select", Label: p.T("pti.filter_state"), Required: true, Options: chosen(states, f.State)},
		{Name: "entro", Type: "select", Label: p.T("pti.filter_within"), Required: true, Options: chosen(within, span)},
		{Name: "area", Type: "select", Label: p.T("pti.filter_area"), Required: true, Options: chosen(areas, f.Area)},
		{Name: "capitolo", Type: "select", Label: p.T("pti.chapter"), Required: true, Options: chosen(chapters, f.Chapter)},
	}
	p.Filtered = f.narrows()
}
