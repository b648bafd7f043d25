package web

import (
	"context"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/auth"
	"traguardo/app/service"
	"traguardo/surveys/comune"
)

// settingsView is the page "ente/settings": facts, threshold, edition, and what
// is still to be prepared.
type settingsView struct {
	Chrome
	Tabs    *Tabs
	Path    string
	Facts   []fact
	Fields  []Field
	Todo    []todoLine
	Edition string
	Reading string
	Funding Table
	Sources string
}

// todoLine is one thing to prepare, with its state.
type todoLine struct {
	Title, Text, Href, Action string
	Badge                     *Badge
}

// settingsTabs are the pages of the settings that the role opens; nil when it
// opens one alone.
func (s *Server) settingsTabs(c Chrome, p service.Place, current string) *Tabs {
	base := entePath(p.Ente.ID) + "/impostazioni"
	tabs := &Tabs{Label: c.T("settings.title")}
	add := func(action auth.Action, key, path string) {
		if p.Can(action) {
			tabs.Links = append(tabs.Links, Link{Label: c.T(key), Href: base + path, Current: path == current})
		}
	}
	add(auth.EnteEdit, "settings.tab_facts", "")
	add(auth.EnteEdit, "settings.tab_offices", "/uffici")
	add(auth.EnteEdit, "settings.tab_staff", "/personale")
	add(auth.EnteUsers, "settings.tab_people", "/persone")
	if len(tabs.Links) < 2 {
		return nil
	}
	return tabs
}

// showSettings handles GET /enti/:ente/impostazioni.
func (s *Server) showSettings(c *fiber.Ctx) error {
	p, err := s.settingsView(c, nil, nil)
	if err != nil {
		return err
	}
	return c.Render("ente/settings", p)
}

type settingsForm struct {
	IPA       string `form:"ipa" validate:"max=20"`
	Threshold int    `form:"soglia" validate:"min=5,max=50"`
}

func (s *Server) settingsView(c *fiber.Ctx, form *settingsForm, wrong []FieldError) (settingsView, error) {
	id, err := pathID(c, "ente")
	if err != nil {
		return settingsView{}, err
	}
	st, err := s.svc.Settings(c.UserContext(), actor(c), id)
	if err != nil {
		return settingsView{}, err
	}
	p := settingsView{Chrome: s.enteChrome(c, st.Place, "settings.title", sectionSetup), Path: entePath(id) + "/impostazioni"}
	p.Lead, p.Errors = p.T("settings.lead"), wrong
	p.Tabs = s.settingsTabs(p.Chrome, st.Place, "")
	e := st.Place.Ente
	p.Facts = p.factsOf(e, st)
	if form == nil {
		form = &settingsForm{IPA: e.IPA.String(), Threshold: e.Threshold}
	}
	if !e.Fictitious {
		p.Fields = append(p.Fields, Field{Name: "ipa", Label: p.T("newente.ipa"), Hint: p.T("settings.ipa_hint"), Value: form.IPA, MaxLength: 20, Narrow: true, Error: p.ErrorOf("ipa")})
	}
	p.Fields = append(p.Fields, Field{Name: "soglia", Type: "number", Label: p.T("settings.threshold"), Hint: p.T("settings.threshold_hint", "Min", e.Threshold),
		Value: p.TypedOf("soglia", form.Threshold), Min: strconv.Itoa(e.Threshold), Max: "50", Unit: p.T("settings.threshold_unit"), Required: true, Narrow: true, Error: p.ErrorOf("soglia")})
	p.Todo = p.todo(st)
	p.Edition, p.Reading = textIn(p.Lang(), st.Edition.Title), textIn(p.Lang(), st.Edition.Reading)
	p.Funding, p.Sources = p.fundingTable(st.Funding), st.Funding.Source.Notice
	return p, nil
}

func (p settingsView) factsOf(e comune.Ente, st service.Settings) []fact {
	population, ipa := p.T("home.unknown"), p.T("newente.no_ipa")
	if e.Population > 0 {
		population = p.Int(e.Population) + " (" + textIn(p.Lang(), e.Class().Label()) + ")"
	}
	if e.IPA != "" {
		ipa = e.IPA.String()
	}
	facts := []fact{{p.T("settings.name"), e.Name}, {p.T("home.col_place"), e.Province + " (" + e.ProvinceSigla + "), " + e.Region}, {p.T("home.col_population"), population}}
	if e.OtherName != "" {
		facts[0].Value += " / " + e.OtherName
	}
	if !e.Fictitious {
		facts = append(facts, fact{p.T("newente.istat"), e.ISTAT.String()}, fact{p.T("newente.catastale"), e.Catastale.String()}, fact{p.T("newente.ipa"), ipa})
	}
	for _, pr := range st.Programmes {
		facts = append(facts, fact{p.T("newente.programme"), pr.Name})
	}
	return facts
}

// todo lists what set-up still wants, in order.
func (p settingsView) todo(st service.Settings) []todoLine {
	state := func(n int, key string) *Badge {
		if n == 0 {
			return &Badge{Kind: KindWarning, Text: p.T("settings.todo")}
		}
		return &Badge{Kind: KindOK, Text: p.T(key, "Count", n)}
	}
	return []todoLine{
		{p.T("settings.tab_offices"), p.T("settings.offices_text"), p.Path + "/uffici", p.T("settings.offices_action"), state(len(st.Offices), "settings.offices_count")},
		{p.T("settings.tab_staff"), p.T("settings.staff_text"), p.Path + "/personale", p.T("settings.staff_action"), state(st.Progress.Staff, "settings.staff_count")},
	}
}

func (p settingsView) fundingTable(f service.Funding) Table {
	t := Table{ID: "finanziamenti", Caption: p.T("settings.funding"), Hidden: true, Empty: p.T("settings.funding_none"), Note: p.T("settings.funding_note"),
		Columns: []Column{{Label: p.T("settings.col_platform")}, {Label: p.T("settings.col_measure")}, {Label: p.T("settings.col_amount"), Numeric: true}, {Label: p.T("settings.col_state")}, {Label: p.T("settings.col_as_of")}}}
	for _, r := range f.Rows {
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: textIn(p.Lang(), r.Platform.Label())}, {Text: r.Measure}, {Text: p.Euro(r.AmountCents)},
			{Text: textIn(p.Lang(), r.State.Meaning())}, {Text: p.Date(r.DataAsOf)}}})
	}
	return t
}

// saveSettings handles POST /enti/:ente/impostazioni.
func (s *Server) saveSettings(c *fiber.Ctx) error {
	id, err := pathID(c, "ente")
	if err != nil {
		return err
	}
	var form settingsForm
	return s.handle(c, &form, work{
		Do: func(ctx context.Context, who auth.Actor) error {
			return s.svc.UpdateEnte(ctx, who, id, service.EnteInput{IPA: form.IPA, Threshold: form.Threshold})
		},
		Again: func(wrong []FieldError) error {
			p, err := s.settingsView(c, &form, wrong)
			if err != nil {
				return err
			}
			return s.invalid(c, "ente/settings", p)
		},
		Done: func() error { return s.seeOther(c, entePath(id)+"/impostazioni", "settings.saved") },
	})
}

// officesView is the page "ente/offices".
type officesView struct {
	Chrome
	Tabs    *Tabs
	Path    string
	Offices []officeLine
	Add     Field
	Empty   bool
}

// officeLine is one office with its two forms.
type officeLine struct {
	Name, People string
	Action       string
	Rename       Field
	Open         bool // the form stands open: its name was refused
	Remove       Confirm
}

// showOffices handles GET /enti/:ente/impostazioni/uffici.
func (s *Server) showOffices(c *fiber.Ctx) error {
	p, err := s.officesView(c, "", "", nil)
	if err != nil {
		return err
	}
	return c.Render("ente/offices", p)
}

// officesView shows the offices; renamed is the office whose form was refused,
// empty when it is the form of a new one, and typed what was written there.
func (s *Server) officesView(c *fiber.Ctx, renamed, typed string, wrong []FieldError) (officesView, error) {
	id, err := pathID(c, "ente")
	if err != nil {
		return officesView{}, err
	}
	st, err := s.svc.Settings(c.UserContext(), actor(c), id)
	if err != nil {
		return officesView{}, err
	}
	p := officesView{Chrome: s.enteChrome(c, st.Place, "settings.tab_offices", sectionSetup), Path: entePath(id) + "/impostazioni/uffici", Empty: len(st.Offices) == 0}
	p.Lead, p.Tabs = p.T("office.lead"), s.settingsTabs(p.Chrome, st.Place, "/uffici")
	for _, w := range wrong {
		if renamed != "" {
			w.Field = "nome-" + renamed
		}
		p.Errors = append(p.Errors, w)
	}
	p.Add = Field{Name: "nome", Label: p.T("office.name"), Hint: p.T("office.name_hint"), Required: true, MaxLength: 120, Error: p.ErrorOf("nome")}
	if renamed == "" {
		p.Add.Value = typed
	}
	for _, o := range st.Offices {
		field := "nome-" + o.ID.String()
		l := officeLine{Name: o.Name, People: p.T("office.people", "Count", o.Staff), Action: p.Path + "/" + o.ID.String(),
			Rename: Field{Name: field, Label: p.T("office.new_name"), Value: o.Name, Required: true, MaxLength: 120, Error: p.ErrorOf(field)}, Open: renamed == o.ID.String()}
		if l.Open {
			l.Rename.Value = typed
		}
		l.Remove = Confirm{Action: l.Action + "/togli", Ask: p.T("office.remove"), Title: p.T("office.remove_title", "Name", o.Name),
			Consequence: p.T("office.remove_text", "Count", o.Staff), Button: p.T("office.remove_button"), Danger: true}
		p.Offices = append(p.Offices, l)
	}
	return p, nil
}

// addOffice handles POST /enti/:ente/impostazioni/uffici.
func (s *Server) addOffice(c *fiber.Ctx) error {
	id, err := pathID(c, "ente")
	if err != nil {
		return err
	}
	err = s.svc.AddOffice(c.UserContext(), actor(c), id, c.FormValue("nome"))
	return s.officesAfter(c, err, "", c.FormValue("nome"), "office.added")
}

// renameOffice handles POST /enti/:ente/impostazioni/uffici/:ufficio.
func (s *Server) renameOffice(c *fiber.Ctx) error {
	id, office, err := enteAnd(c, "ufficio")
	if err != nil {
		return err
	}
	name := c.FormValue("nome-" + office.String())
	err = s.svc.RenameOffice(c.UserContext(), actor(c), id, office, name)
	return s.officesAfter(c, err, office.String(), name, "office.renamed")
}

// removeOffice handles POST /enti/:ente/impostazioni/uffici/:ufficio/togli.
func (s *Server) removeOffice(c *fiber.Ctx) error {
	id, office, err := enteAnd(c, "ufficio")
	if err != nil {
		return err
	}
	return s.officesAfter(c, s.svc.RemoveOffice(c.UserContext(), actor(c), id, office), "", "", "office.removed")
}

// officesAfter goes back to the offices with a message, or shows what is wrong.
func (s *Server) officesAfter(c *fiber.Ctx, err error, renamed, typed, done string) error {
	if wrong, ok := s.faultsOf(c, err); ok {
		p, err := s.officesView(c, renamed, typed, wrong)
		if err != nil {
			return err
		}
		return s.invalid(c, "ente/offices", p)
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, "/enti/"+c.Params("ente")+"/impostazioni/uffici", done)
}
