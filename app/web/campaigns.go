package web

import (
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/auth"
	"traguardo/app/service"
	"traguardo/app/storage"
	"traguardo/surveys"
)

func campaignsPath(ente surveys.ID) string { return entePath(ente) + "/rilevazioni" }

func campaignPath(ente, id surveys.ID) string { return campaignsPath(ente) + "/" + id.String() }

// campaignsPage is "campaigns/list": the waves of the staff survey of an ente.
type campaignsPage struct {
	Chrome
	Table    Table
	Empty    Empty
	New      string // address of the form of a new wave; empty when there is none to add or no right to
	Forecast Table
	Staff    int
}

// showCampaigns handles GET /enti/:ente/rilevazioni.
func (s *Server) showCampaigns(c *fiber.Ctx) error {
	ente, err := pathID(c, "ente")
	if err != nil {
		return err
	}
	l, err := s.svc.Campaigns(c.UserContext(), actor(c), ente)
	if err != nil {
		return err
	}
	p := campaignsPage{Chrome: s.enteChrome(c, l.Place, "campaign.list_title", sectionSurvey), Staff: l.Staff}
	p.Lead = p.T("campaign.list_lead")
	edit := l.Place.Can(auth.CampaignEdit)
	if edit && len(l.Free) > 0 && l.Staff > 0 {
		p.New = campaignsPath(ente) + "/nuova"
	}
	p.Table = campaignTable(p.Chrome, ente, l.Rows)
	p.Forecast = forecastTable(p.Chrome, l.Staff, l.Forecast)
	p.Empty = Empty{Title: p.T("campaign.empty_title"), Text: p.T("campaign.empty_text")}
	switch {
	case l.Staff == 0 && edit:
		p.Empty.Text, p.Empty.Action, p.Empty.Href = p.T("campaign.empty_staff"), p.T("campaign.empty_staff_action"), entePath(ente)+"/personale"
	case p.New != "":
		p.Empty.Action, p.Empty.Href = p.T("campaign.new"), p.New
	}
	return c.Render("campaigns/list", p)
}

func campaignTable(ch Chrome, ente surveys.ID, rows []service.CampaignRow) Table {
	t := Table{ID: "rilevazioni", Caption: ch.T("campaign.list_title"), Hidden: true, Columns: []Column{{Label: ch.T("campaign.wave")}, {Label: ch.T("campaign.state")},
		{Label: ch.T("campaign.opens")}, {Label: ch.T("campaign.closes")}, {Label: ch.T("campaign.eligible"), Numeric: true}}}
	for _, r := range rows {
		badge := campaignBadge(ch, r.Campaign)
		closes := r.Campaign.ClosesAt
		if !r.Campaign.ClosedAt.IsZero() {
			closes = r.Campaign.ClosedAt
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: ch.T("wave." + string(r.Campaign.Wave)), Href: campaignPath(ente, r.Campaign.ID)}, {Badge: &badge},
			{Text: ch.DateTime(r.Campaign.OpensAt)}, {Text: ch.DateTime(closes)}, {Text: ch.Int(r.Invited)}}})
	}
	return t
}

func campaignBadge(ch Chrome, c storage.Campaign) Badge {
	switch {
	case c.State == surveys.CampaignOpen:
		return Badge{Kind: KindInfo, Text: ch.T("campaign.state_open")}
	case c.State == surveys.CampaignClosed:
		return Badge{Kind: KindOK, Text: ch.T("campaign.state_closed")}
	case c.ScheduledBy != "":
		return Badge{Kind: KindWarning, Text: ch.T("campaign.state_scheduled")}
	default:
		return Badge{Kind: KindNeutral, Text: ch.T("campaign.state_draft")}
	}
}

// forecastTable says what the numbers of an ente will be able to show.
func forecastTable(ch Chrome, staff int, lines []surveys.ForecastLine) Table {
	t := Table{ID: "previsione", Caption: ch.T("campaign.forecast_title"), Columns: []Column{{Label: ch.T("campaign.forecast_what")}, {Label: ch.T("campaign.forecast_shown")},
		{Label: ch.T("campaign.forecast_needs")}}, Note: ch.T("campaign.forecast_note", "Count", staff, "Rate", ch.Pct(service.ForecastRate, 0))}
	for _, l := range lines {
		badge := Badge{Kind: KindOK, Text: ch.T("campaign.forecast_yes")}
		if !l.Shown {
			badge = Badge{Kind: KindNeutral, Text: ch.T("campaign.forecast_no")}
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: ch.T("forecast." + string(l.What))}, {Badge: &badge},
			{Text: ch.T("campaign.needs_"+string(l.Unit), "Count", l.Needs, "Have", l.Have)}}})
	}
	return t
}

// campaignFormPage is "campaigns/form": a new wave, or a draft that is edited.
type campaignFormPage struct {
	Chrome
	Action   string
	Back     string
	Button   string
	Version  int64
	Waves    Field
	Opens    []Field // day and hour
	Closes   []Field
	Remind   []Field // days of reminders
	Asked    *Field  // version of the questionnaire; nil when there is one only, or none to choose any more
	Form     []Field // short form, modules, threshold, micro-progetti
	Texts    []Field // informativa, unions, opinion of the RPD
	Pairing  *Field  // method of a new series; nil when it is fixed or cards are the only one
	Method   string  // the method that is fixed, in words
	Small    bool
	Staff    int
	Forecast Table
}

type campaignForm struct {
	Version     int64    `form:"version" validate:"min=0"`
	Wave        string   `form:"wave" validate:"omitempty,oneof=exante interim expost"`
	Instrument  string   `form:"instrument" validate:"max=64"`
	Pairing     string   `form:"pairing" validate:"omitempty,oneof=card code link"`
	OpensDay    string   `form:"opens_day" validate:"required,datetime=2006-01-02"`
	OpensHour   string   `form:"opens_hour" validate:"required,datetime=15:04"`
	ClosesDay   string   `form:"closes_day" validate:"required,datetime=2006-01-02"`
	ClosesHour  string   `form:"closes_hour" validate:"required,datetime=15:04"`
	Reminder1   string   `form:"reminder_1" validate:"omitempty,datetime=2006-01-02"`
	Reminder2   string   `form:"reminder_2" validate:"omitempty,datetime=2006-01-02"`
	Reminder3   string   `form:"reminder_3" validate:"omitempty,datetime=2006-01-02"`
	Short       string   `form:"short" validate:"max=10"`
	Modules     []string `form:"modules" validate:"max=10"`
	Threshold   int      `form:"threshold" validate:"required,min=5,max=1000"`
	Projects    string   `form:"projects" validate:"max=8000"`
	Informativa string   `form:"informativa" validate:"required,max=20000"`
	Unions      string   `form:"unions" validate:"max=2000"`
	Opinion     string   `form:"opinion" validate:"max=2000"`
}

func (f campaignForm) service() service.CampaignForm {
	return service.CampaignForm{Wave: f.Wave, Instrument: f.Instrument, Pairing: f.Pairing, OpensDay: f.OpensDay, OpensHour: f.OpensHour, ClosesDay: f.ClosesDay, ClosesHour: f.ClosesHour,
		Reminders: []string{f.Reminder1, f.Reminder2, f.Reminder3}, Short: f.Short != "", Modules: f.Modules, Threshold: f.Threshold, Projects: paragraphs(f.Projects),
		Informativa: strings.ReplaceAll(f.Informativa, "\r\n", "\n"), UnionsNotice: f.Unions, Opinion: f.Opinion}
}

// newCampaign handles GET /enti/:ente/rilevazioni/nuova.
func (s *Server) newCampaign(c *fiber.Ctx) error {
	ente, err := pathID(c, "ente")
	if err != nil {
		return err
	}
	l, f, err := s.svc.NewCampaign(c.UserContext(), actor(c), ente)
	if err != nil {
		return err
	}
	if len(l.Free) == 0 || l.Staff == 0 {
		return c.Redirect(campaignsPath(ente), fiber.StatusSeeOther)
	}
	return c.Render("campaigns/form", s.newCampaignPage(c, l, f, nil))
}

func (s *Server) newCampaignPage(c *fiber.Ctx, l service.CampaignList, f service.CampaignForm, wrong []FieldError) campaignFormPage {
	ente := l.Place.Ente.ID
	p := s.campaignFormPage(c, l.Place, "campaign.new_title", l.Staff, f, wrong)
	p.Action, p.Button = campaignsPath(ente)+"/nuova", p.T("campaign.create")
	p.Waves = Field{Name: "wave", Type: "radio", Label: p.T("campaign.wave"), Required: true, Error: p.ErrorOf("wave")}
	for _, w := range l.Free {
		p.Waves.Options = append(p.Waves.Options, Option{Value: string(w), Label: p.T("wave." + string(w)), Hint: p.T("campaign.wave_" + string(w)), Selected: string(w) == f.Wave})
	}
	p.Asked = versionField(p.Chrome, l.Versions, f.Instrument)
	p.Pairing, p.Method = pairingField(p, l, f.Pairing)
	p.Forecast = forecastTable(p.Chrome, l.Staff, l.Forecast)
	return p
}

// versionField chooses among the published versions of the questionnaire; nil when
// there is nothing to choose.
func versionField(p Chrome, versions []storage.InstrumentVersion, chosen string) *Field {
	if len(versions) < 2 {
		return nil
	}
	f := &Field{Name: "instrument", Type: "select", Label: p.T("campaign.f_instrument"), Hint: p.T("campaign.instrument_hint"), Required: true, Error: p.ErrorOf("instrument"),
		Options: []Option{{Label: p.T("campaign.instrument_usual", "Version", versions[0].Version)}}}
	for _, v := range versions {
		f.Options = append(f.Options, Option{Value: v.Hash, Label: p.T("campaign.instrument_version", "Version", v.Version, "Day", p.Date(v.PublishedAt)), Selected: v.Hash == chosen})
	}
	return f
}

// pairingField chooses the method of a new series, where a programme keeps the key
// outside the ente; otherwise it is nil and method says in words which it will be.
func pairingField(p campaignFormPage, l service.CampaignList, chosen string) (field *Field, method string) {
	if l.Method != "" {
		return nil, p.T("campaign.pairing_goes_on", "Method", p.T("campaign.pairing_"+string(l.Method)))
	}
	if l.Keeper == "" && p.ErrorOf("pairing") == "" {
		return nil, p.T("campaign.pairing_card")
	}
	field = &Field{Name: "pairing", Type: "radio", Label: p.T("campaign.pairing"), Hint: p.T("campaign.pairing_fixed"), Required: true, Error: p.ErrorOf("pairing")}
	for _, m := range []surveys.Pairing{surveys.PairingCard, surveys.PairingCode, surveys.PairingLink} {
		if m == surveys.PairingCard || l.Keeper != "" {
			field.Options = append(field.Options, Option{Value: string(m), Label: p.T("campaign.pairing_" + string(m)), Hint: p.T("campaign.pairing_why_"+string(m), "Keeper", l.Keeper),
				Selected: string(m) == chosen || (chosen == "" && m == surveys.PairingCard)})
		}
	}
	return field, ""
}

// campaignFormPage fills what both forms share.
func (s *Server) campaignFormPage(c *fiber.Ctx, place service.Place, title string, staff int, f service.CampaignForm, wrong []FieldError) campaignFormPage {
	p := campaignFormPage{Chrome: s.enteChrome(c, place, title, sectionSurvey), Back: campaignsPath(place.Ente.ID), Staff: staff, Small: staff < surveys.MinFullForm}
	p.Breadcrumbs = append(p.Breadcrumbs, Link{Label: p.T("campaign.list_title"), Href: campaignsPath(place.Ente.ID)})
	p.Errors = wrong
	field := func(name, kind, value string, required bool) Field {
		return Field{Name: name, Type: kind, Label: p.T("campaign.f_" + name), Value: value, Required: required, Error: p.ErrorOf(name)}
	}
	p.Opens = []Field{field("opens_day", "date", f.OpensDay, true), field("opens_hour", "time", f.OpensHour, true)}
	p.Closes = []Field{field("closes_day", "date", f.ClosesDay, true), field("closes_hour", "time", f.ClosesHour, true)}
	p.Remind = reminderFields(p.Chrome, f.Reminders)
	threshold := field("threshold", "number", p.TypedOf("threshold", f.Threshold), true)
	threshold.Hint, threshold.Min, threshold.Max, threshold.Narrow = p.T("campaign.threshold_hint"), "5", "1000", true
	p.Form = append(p.Form, threshold)
	if !p.Small {
		short := field("short", "checkbox", "1", false)
		short.Checked, short.Hint = f.Short, p.T("campaign.short_hint")
		modules := field("modules", "checkboxes", "", false)
		modules.Hint = p.T("campaign.modules_hint")
		for _, m := range []surveys.Module{surveys.ModuleREC, surveys.ModuleBEH, surveys.ModuleVIG, surveys.ModuleATN} {
			modules.Options = append(modules.Options, Option{Value: string(m), Label: p.T("campaign.module_" + string(m)), Selected: contains(f.Modules, string(m))})
		}
		projects := field("projects", "textarea", strings.Join(f.Projects, "\n"), false)
		projects.Hint = p.T("campaign.projects_hint")
		p.Form = append(p.Form, short, modules, projects)
	}
	informativa := field("informativa", "textarea", f.Informativa, true)
	informativa.Rows, informativa.Hint, informativa.Guard = 14, p.T("campaign.informativa_hint", "Mark", service.ToComplete), true
	unions, opinion := field("unions", "text", f.UnionsNotice, false), field("opinion", "text", f.Opinion, false)
	unions.Hint, opinion.Hint = p.T("campaign.unions_hint"), p.T("campaign.opinion_hint")
	p.Texts = []Field{informativa, opinion, unions}
	return p
}

// reminderFields ask for the days of reminders.
func reminderFields(ch Chrome, days []string) []Field {
	var out []Field
	for i := range service.MaxReminders {
		f := Field{Name: fmt.Sprintf("reminder_%d", i+1), Type: "date", Label: ch.T("campaign.f_reminder", "Number", i+1), Narrow: true}
		if i < len(days) {
			f.Value = days[i]
		}
		f.Error = ch.ErrorOf(f.Name)
		out = append(out, f)
	}
	return out
}

// createCampaign handles POST /enti/:ente/rilevazioni/nuova.
func (s *Server) createCampaign(c *fiber.Ctx) error {
	ente, err := pathID(c, "ente")
	if err != nil {
		return err
	}
	var form campaignForm
	wrong, err := s.bind(c, &form)
	if err != nil {
		return err
	}
	var id surveys.ID
	if len(wrong) == 0 {
		id, err = s.svc.CreateCampaign(c.UserContext(), actor(c), ente, form.service())
		if faults, bad := s.faultsOf(c, err); bad {
			wrong = faults
		} else if err != nil {
			return err
		}
	}
	if len(wrong) > 0 {
		l, _, err := s.svc.NewCampaign(c.UserContext(), actor(c), ente)
		if err != nil {
			return err
		}
		return s.invalid(c, "campaigns/form", s.newCampaignPage(c, l, form.service(), wrong))
	}
	return s.seeOther(c, campaignPath(ente, id), "campaign.created")
}

// editCampaign handles GET /enti/:ente/rilevazioni/:id/modifica.
func (s *Server) editCampaign(c *fiber.Ctx) error {
	v, err := s.campaignView(c)
	if err != nil {
		return err
	}
	if !v.Place.Can(auth.CampaignEdit) {
		return auth.ErrForbidden
	}
	if v.Campaign.State != surveys.CampaignDraft {
		return surveys.ErrState
	}
	return c.Render("campaigns/form", s.editCampaignPage(c, v, s.svc.FormOf(v.Campaign), v.Campaign.Version, nil))
}

func (s *Server) editCampaignPage(c *fiber.Ctx, v service.CampaignView, f service.CampaignForm, version int64, wrong []FieldError) campaignFormPage {
	p := s.campaignFormPage(c, v.Place, "campaign.edit_title", v.Staff, f, wrong)
	p.Back = campaignPath(v.Campaign.EnteID, v.Campaign.ID)
	p.Action, p.Button, p.Version = p.Back+"/modifica", p.T("campaign.save"), version
	p.Lead, p.Method = p.T("wave."+string(v.Campaign.Wave)), p.T("campaign.pairing_"+string(v.Campaign.Pairing))
	p.Forecast = forecastTable(p.Chrome, v.Staff, v.Forecast)
	return p
}

// updateCampaign handles POST /enti/:ente/rilevazioni/:id/modifica.
func (s *Server) updateCampaign(c *fiber.Ctx) error {
	v, err := s.campaignView(c)
	if err != nil {
		return err
	}
	var form campaignForm
	wrong, err := s.bind(c, &form)
	if err != nil {
		return err
	}
	if len(wrong) == 0 {
		err = s.svc.UpdateCampaign(c.UserContext(), actor(c), v.Campaign.EnteID, v.Campaign.ID, form.Version, form.service())
		if faults, bad := s.faultsOf(c, err); bad {
			wrong = faults
		} else if err != nil {
			return err
		}
	}
	if len(wrong) > 0 {
		return s.invalid(c, "campaigns/form", s.editCampaignPage(c, v, form.service(), form.Version, wrong))
	}
	return s.seeOther(c, campaignPath(v.Campaign.EnteID, v.Campaign.ID), "campaign.saved")
}

// campaignView reads the wave that the address names.
func (s *Server) campaignView(c *fiber.Ctx) (service.CampaignView, error) {
	ente, id, err := campaignIDs(c)
	if err != nil {
		return service.CampaignView{}, err
	}
	return s.svc.Campaign(c.UserContext(), actor(c), ente, id)
}
