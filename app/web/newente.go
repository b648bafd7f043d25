package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/service"
	"traguardo/app/storage"
	"traguardo/surveys"
)

// newEnteView is the page "ente/new": look for a Comune, see its facts, add it.
type newEnteView struct {
	Chrome
	Query      string
	Asked      bool
	Search     service.ComuneSearch
	Found      []foundLine
	Programme  surveys.ID // chosen; empty: none
	Programmes []storage.Programme
	Alone      bool // the administrator may add it outside any programme
	IsAdmin    bool
}

// foundLine is one Comune of the answer with its facts.
type foundLine struct {
	Code, Name, Place string
	Facts             []fact
	Taken, Homonym    bool
}

type fact struct{ Label, Value string }

// showNewEnte handles GET /enti/nuovo.
func (s *Server) showNewEnte(c *fiber.Ctx) error {
	p, err := s.newEnteView(c, c.Query("q"), c.Query("programma"), nil)
	if err != nil {
		return err
	}
	return c.Render("ente/new", p)
}

func (s *Server) newEnteView(c *fiber.Ctx, query, programme string, wrong []FieldError) (newEnteView, error) {
	query = strings.TrimSpace(query)
	if r := []rune(query); len(r) > 100 {
		query = string(r[:100])
	}
	found, err := s.svc.SearchComuni(c.UserContext(), actor(c), query)
	if err != nil {
		return newEnteView{}, err
	}
	p := newEnteView{Chrome: s.systemChrome(c, "home.add_ente"), Query: query, Asked: query != "", Search: found, Alone: actor(c).Admin, IsAdmin: actor(c).Admin}
	p.Lead, p.Errors = p.T("newente.lead"), wrong
	if p.Programmes, err = s.svc.EnrollingProgrammes(c.UserContext(), actor(c)); err != nil {
		return p, err
	}
	for _, pr := range p.Programmes {
		if pr.ID.String() == programme {
			p.Programme = pr.ID
		}
	}
	if p.Programme == "" && !p.Alone && len(p.Programmes) > 0 {
		p.Programme = p.Programmes[0].ID
	}
	for _, f := range found.Found {
		p.Found = append(p.Found, p.lineOf(f))
	}
	return p, nil
}

func (p newEnteView) lineOf(f service.FoundComune) foundLine {
	c := f.Comune
	name := c.Name
	if c.OtherName != "" {
		name += " / " + c.OtherName
	}
	l := foundLine{Code: c.Catastale.String(), Name: name, Place: c.Province + " (" + c.ProvinceSigla + "), " + c.Region, Taken: f.Taken, Homonym: f.Homonym}
	population := p.T("home.unknown")
	if n := c.Population(); n > 0 {
		population = p.Int(n) + " (" + textIn(p.Lang(), c.Class().Label()) + ")"
	}
	ipa := c.IPA.String()
	if ipa == "" {
		ipa = p.T("newente.no_ipa")
	}
	codes := c.ISTAT.String()
	for _, old := range c.ISTATPrev {
		codes += " (" + p.T("newente.before", "Code", old.String()) + ")"
	}
	l.Facts = []fact{{p.T("home.col_population"), population}, {p.T("newente.istat"), codes}, {p.T("newente.catastale"), c.Catastale.String()}, {p.T("newente.ipa"), ipa}}
	if c.PopulationNote != "" {
		l.Facts = append(l.Facts, fact{p.T("newente.note"), c.PopulationNote})
	}
	return l
}

// ProgrammeField is the choice of the programme.
func (p newEnteView) ProgrammeField() Field {
	f := Field{Name: "programma", Type: "select", Label: p.T("newente.programme"), Required: true}
	if p.Alone {
		f.Options = append(f.Options, Option{Label: p.T("newente.alone"), Selected: p.Programme == ""})
	}
	for _, pr := range p.Programmes {
		f.Options = append(f.Options, Option{Value: pr.ID.String(), Label: pr.Name, Selected: pr.ID == p.Programme})
	}
	return f
}

// addEnte handles POST /enti/nuovo; then it asks who answers for the ente.
func (s *Server) addEnte(c *fiber.Ctx) error {
	programme := surveys.ID("")
	if text := c.FormValue("programma"); text != "" {
		var err error
		if programme, err = surveys.ParseID(text); err != nil {
			return fiber.ErrNotFound
		}
	}
	id, err := s.svc.CreateEnte(c.UserContext(), actor(c), c.FormValue("comune"), programme)
	if wrong, ok := s.faultsOf(c, err); ok {
		for i := range wrong {
			wrong[i].Field = "" // the button has no input of its own
		}
		p, err := s.newEnteView(c, c.FormValue("q"), programme.String(), wrong)
		if err != nil {
			return err
		}
		return s.invalid(c, "ente/new", p)
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, entePath(id)+"/impostazioni/persone", "newente.added")
}
