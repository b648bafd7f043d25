package web

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/service"
	"traguardo/plans/pti"
)

// ptiListView is the page "pti/list": the lines of the Piano triennale as they
// stand for one ente.
type ptiListView struct {
	Chrome
	Tabs      Tabs
	Edition   string
	Reading   string // whose reading the applicability is
	Questions int    // conditions that wait for an answer
	AskHref   string
	PlanNote  string // the plan was never approved; empty otherwise
	Tiles     []Tile
	Counts    Table
	Filter    []Field
	Filtered  bool
	Self      string
	Shown     int // lines that pass the filter, on every page
	Pager     Pager
	Chapters  []ptiChapter
	Empty     Empty
}

type ptiChapter struct {
	Number int
	Title  string
	Lines  []ptiCard
}

// ptiCard is one line in a list.
type ptiCard struct {
	Code, Title, Href string
	Todo, Why, When   string
	State             Badge
	Notes             []Badge // to verify, at risk, moved in this update …
	Chain             []chainView
	Excluded          string // reason given by hand
}

// chainView is one thing that explains the state of a line.
type chainView struct{ Text, Href string }

// showPTI handles GET /enti/:ente/pti.
func (s *Server) showPTI(c *fiber.Ctx) error {
	id, err := pathID(c, "ente")
	if err != nil {
		return err
	}
	v, err := s.svc.PTI(c.UserContext(), actor(c), id)
	if err != nil {
		return err
	}
	f := filterOf(c, v.Today)
	base := entePath(id)
	p := ptiListView{Chrome: s.enteChrome(c, v.Place, "pti.title", sectionPTI), Self: base + "/pti", AskHref: base + "/pti/domande", Questions: len(v.Open)}
	p.Lead = p.T("pti.lead")
	p.Tabs = p.ptiTabs(base, "/pti", len(v.Open))
	p.Edition, p.Reading = textIn(p.Lang(), v.Edition.Title), textIn(p.Lang(), v.Edition.Reading)
	if v.PlanOnly != "" {
		p.PlanNote = p.T("pti.plan_not_approved")
	}
	p.fillCounts(v)
	p.fillFilter(v, f)
	p.fillLines(v, f)
	p.Empty = Empty{Title: p.T("pti.none_title"), Text: p.T("pti.none_text"), Action: p.T("pti.none_action"), Href: p.Self}
	return c.Render("pti/list", p)
}

// fillCounts counts the lines that bind the ente, by state and by chapter.
func (p *ptiListView) fillCounts(v service.PTIView) {
	total, verify := map[pti.LineState]int{}, 0
	byChapter := map[int]map[pti.LineState]int{}
	for _, l := range v.Lines {
		if !l.Binds() {
			continue
		}
		if byChapter[l.Line.Chapter] == nil {
			byChapter[l.Line.Chapter] = map[pti.LineState]int{}
		}
		byChapter[l.Line.Chapter][l.Status.State]++
		total[l.Status.State]++
		if l.Applies == pti.AppliesToVerify && l.Status.State != pti.NotApplicable {
			verify++
		}
	}
	p.Counts = Table{ID: "conteggi", Caption: p.T("pti.counts"), Columns: []Column{{Label: p.T("pti.chapter")}}, Note: p.T("pti.counts_note")}
	sum := Row{Strong: true, Cells: []Cell{{Text: p.T("pti.total")}}}
	for _, st := range pti.LineStates() {
		p.Counts.Columns = append(p.Counts.Columns, Column{Label: p.T("pti.count_" + string(st)), Numeric: true})
		sum.Cells = append(sum.Cells, Cell{Text: p.Int(total[st])})
		if st != pti.NotApplicable {
			p.Tiles = append(p.Tiles, Tile{Label: p.T("pti.count_" + string(st)), Value: p.Int(total[st]), Note: p.T("pti.tile_" + string(st)),
				Href: p.Self + "?stato=" + string(st) + "#linee"})
		}
	}
	if verify > 0 {
		p.Tiles = append(p.Tiles, Tile{Label: p.T("pti.to_verify"), Value: p.Int(verify), Note: p.T("pti.tile_to_verify"), Href: p.AskHref})
	}
	for _, ch := range v.Edition.Chapters {
		row := Row{Cells: []Cell{{Text: strconv.Itoa(ch.Number) + ". " + textIn(p.Lang(), ch.Title), Href: p.Self + "?capitolo=" + strconv.Itoa(ch.Number) + "#linee"}}}
		for _, st := range pti.LineStates() {
			row.Cells = append(row.Cells, Cell{Text: p.Int(byChapter[ch.Number][st])})
		}
		p.Counts.Rows = append(p.Counts.Rows, row)
	}
	p.Counts.Rows = append(p.Counts.Rows, sum)
}

// ptiCard words one line.
func (c Chrome) ptiCard(base string, l service.PTILine) ptiCard {
	lang := c.Lang()
	card := ptiCard{Code: l.Line.Code, Title: textIn(lang, l.Line.Title), Href: base + "/pti/linee/" + l.Line.Code, Todo: textIn(lang, l.Line.Todo),
		Why: textIn(lang, l.Reason.Text), When: c.lineWhen(l.Line), State: lineBadge(c.Localizer, l.Status), Excluded: l.Status.Excluded}
	if l.Status.State == pti.NotApplicable {
		return card
	}
	if l.Applies == pti.AppliesToVerify {
		card.Notes = append(card.Notes, Badge{KindWarning, c.T("pti.to_verify")})
	}
	if l.Status.AtRisk {
		card.Notes = append(card.Notes, Badge{KindWarning, c.T("pti.at_risk")})
	}
	if l.Status.AfterTime {
		card.Notes = append(card.Notes, Badge{KindNeutral, c.T("pti.after_time")})
	}
	if l.Line.Replanned {
		card.Notes = append(card.Notes, Badge{KindNeutral, c.T("pti.replanned")})
	}
	for _, x := range l.Status.Chain {
		card.Chain = append(card.Chain, c.chain(base, x))
	}
	return card
}

// lineWhen words the dates of a line as the plan prints them.
func (c Chrome) lineWhen(l pti.ActionLine) string {
	switch {
	case !l.Deadline.IsZero() && !l.Starts.IsZero():
		return c.T("pti.from_by", "From", l.Starts.Italian(), "By", l.Deadline.Italian())
	case !l.Deadline.IsZero():
		return c.T("pti.by", "By", l.Deadline.Italian())
	case !l.Starts.IsZero():
		return c.T("pti.from", "From", l.Starts.Italian())
	case l.Standing:
		return c.T("pti.standing")
	default:
		return c.T("pti.undated")
	}
}

// chain words one link of the explanation of a state.
func (c Chrome) chain(base string, x pti.Link) chainView {
	v := chainView{Href: base + "/avanzamento/" + x.ID}
	state := ""
	if x.State != "" {
		state = c.T("track.state_" + string(x.State))
	}
	switch x.Role {
	case pti.Proves, pti.Expired:
		v.Href = ""
		v.Text = c.T("pti.chain_"+string(x.Role), "Title", x.Title, "Date", dayText(x.On))
	case pti.Closes, pti.ClosesDone, pti.Unproved, pti.Helps:
		v.Text = c.T("pti.chain_"+string(x.Role), "Title", x.Title, "State", state, "Date", dayText(x.On))
	}
	return v
}
