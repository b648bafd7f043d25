package web

import (
	"github.com/gofiber/fiber/v2"

	"traguardo/app/service"
)

// homeView is the page "home/home": my enti and programmes, and the system's
// pages for its administrator.
type homeView struct {
	Chrome
	Enti       Table
	HasEnti    bool
	Programmes []Tile
	System     []homeLink // administrator only
	CanAdd     bool
	Empty      Empty
}

// homeLink is one page of the system with what it is for.
type homeLink struct{ Href, Title, Text string }

// showHome handles GET /: whoever works for one ente alone is taken there.
func (s *Server) showHome(c *fiber.Ctx) error {
	a := actor(c)
	h, err := s.svc.Home(c.UserContext(), a)
	if err != nil {
		return err
	}
	if len(h.Enti) == 1 && len(h.Programmes) == 0 && !a.Admin {
		if st := stateOf(c); st.Flash != "" { // the message goes along
			if err := s.svc.SetFlash(c.UserContext(), st.Token, st.Flash); err != nil {
				return err
			}
		}
		return c.Redirect(entePath(h.Enti[0].Ente.ID), fiber.StatusSeeOther)
	}
	p := homeView{Chrome: s.chrome(c, "home.title"), CanAdd: h.CanAdd, HasEnti: len(h.Enti) > 0}
	p.Lead = p.T("home.lead")
	p.Enti = p.entiTable(h.Enti)
	for _, pr := range h.Programmes {
		p.Programmes = append(p.Programmes, Tile{Label: pr.Name, Value: p.Int(pr.Enti), Note: p.T("home.programme_enti"), Href: programmePath(pr.ID)})
	}
	if a.Admin {
		p.System = p.systemLinks()
	}
	p.Empty = Empty{Title: p.T("home.empty_title"), Text: p.T("home.empty_text")}
	if h.CanAdd {
		p.Empty = Empty{Title: p.T("home.empty_title"), Text: p.T("home.empty_add_text"), Action: p.T("home.add_ente"), Href: "/enti/nuovo"}
	}
	return c.Render("home/home", p)
}

func (p homeView) entiTable(enti []service.HomeEnte) Table {
	t := Table{ID: "enti", Caption: p.T("home.enti"), Hidden: true, Columns: []Column{{Label: p.T("home.col_ente")},
		{Label: p.T("home.col_place")}, {Label: p.T("home.col_population"), Numeric: true}, {Label: p.T("home.col_state")}}}
	for _, e := range enti {
		population := Cell{Text: p.Int(e.Ente.Population)}
		if e.Ente.Population == 0 {
			population = Cell{Text: p.T("home.unknown"), Muted: true}
		}
		name := Cell{Text: e.Ente.Name, Href: entePath(e.Ente.ID)}
		if e.Ente.Fictitious {
			name.Badge = &Badge{Kind: KindWarning, Text: p.T("home.fictitious")}
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{name, {Text: e.Ente.Province + " (" + e.Ente.ProvinceSigla + ")"}, population,
			{Text: p.T("home.at_step_" + string(e.Percorso.At()))}}})
	}
	return t
}

func (p homeView) systemLinks() []homeLink {
	return []homeLink{
		{"/sistema/utenti", p.T("home.users_title"), p.T("home.users_text")},
		{"/sistema/enti", p.T("home.all_enti_title"), p.T("home.all_enti_text")},
		{"/programmi", p.T("home.programmes_title"), p.T("home.programmes_text")},
		{"/sistema/registro", p.T("home.registry_title"), p.T("home.registry_text")},
		{"/sistema", p.T("home.system_title"), p.T("home.system_text")},
	}
}

func programmePath(id interface{ String() string }) string { return "/programmi/" + id.String() }
