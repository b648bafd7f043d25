package web

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/service"
	"traguardo/surveys"
)

// programmeWavePage is "programme/wave": a wave prepared in many enti at once.
type programmeWavePage struct {
	Chrome
	Action, Back string
	Enti         Field
	Waves        Field
	When         []Field
	Remind       []Field
	Texts        Field
	Form         []Field
	Asked        *Field // version of the questionnaire; nil when there is one only
	Done         *Table // what became of each ente; nil before
}

const programmeWavePath = "/rilevazioni/nuova"

// showProgrammeWave handles GET /programmi/:programma/rilevazioni/nuova.
func (s *Server) showProgrammeWave(c *fiber.Ctx) error {
	id, err := pathID(c, "programma")
	if err != nil {
		return err
	}
	w, f, err := s.svc.ProgrammeWaves(c.UserContext(), actor(c), id)
	if err != nil {
		return err
	}
	all := make([]surveys.ID, 0, len(w.Enti))
	for _, e := range w.Enti {
		all = append(all, e.ID)
	}
	return c.Render("programme/wave", s.programmeWavePage(c, w, f, all, nil))
}

func (s *Server) programmeWavePage(c *fiber.Ctx, w service.ProgrammeWaves, f service.CampaignForm, enti []surveys.ID, wrong []FieldError) programmeWavePage {
	base := programmePath(w.Programme.ID)
	p := programmeWavePage{Chrome: s.programmeChrome(c, w.Programme, true, sectionEnti), Action: base + programmeWavePath, Back: base + programmeEntiPath}
	p.Title, p.Lead, p.Errors = p.T("programme.wave_title"), p.T("programme.wave_lead"), wrong
	field := func(name, kind, value string, required bool) Field {
		return Field{Name: name, Type: kind, Label: p.T("campaign.f_" + name), Value: value, Required: required, Error: p.ErrorOf(name)}
	}
	p.Enti = Field{Name: "enti", Type: "checkboxes", Label: p.T("programme.wave_enti"), Required: true, Error: p.ErrorOf("enti")}
	for _, e := range w.Enti {
		p.Enti.Options = append(p.Enti.Options, Option{Value: e.ID.String(), Label: e.Name, Selected: slices.Contains(enti, e.ID)})
	}
	p.Waves = Field{Name: "wave", Type: "radio", Label: p.T("campaign.wave"), Required: true, Error: p.ErrorOf("wave")}
	for _, wave := range []surveys.Wave{surveys.ExAnte, surveys.Interim, surveys.ExPost} {
		p.Waves.Options = append(p.Waves.Options, Option{Value: string(wave), Label: p.T("wave." + string(wave)), Hint: p.T("campaign.wave_" + string(wave)), Selected: string(wave) == f.Wave})
	}
	p.When = []Field{field("opens_day", "date", f.OpensDay, true), field("opens_hour", "time", f.OpensHour, true),
		field("closes_day", "date", f.ClosesDay, true), field("closes_hour", "time", f.ClosesHour, true)}
	p.Remind = reminderFields(p.Chrome, f.Reminders)
	p.Texts = field("informativa", "textarea", f.Informativa, true)
	p.Texts.Rows, p.Texts.Guard, p.Texts.Hint = 14, true, p.T("programme.wave_text_hint")
	threshold := field("threshold", "number", p.TypedOf("threshold", f.Threshold), true)
	threshold.Min, threshold.Max, threshold.Narrow, threshold.Hint = "5", "1000", true, p.T("programme.wave_threshold_hint")
	short := field("short", "checkbox", "1", false)
	short.Checked, short.Hint = f.Short, p.T("campaign.short_hint")
	modules := field("modules", "checkboxes", "", false)
	modules.Hint = p.T("programme.wave_modules_hint")
	for _, m := range []surveys.Module{surveys.ModuleREC, surveys.ModuleBEH, surveys.ModuleVIG, surveys.ModuleATN} {
		modules.Options = append(modules.Options, Option{Value: string(m), Label: p.T("campaign.module_" + string(m)), Selected: contains(f.Modules, string(m))})
	}
	p.Form, p.Asked = []Field{threshold, short, modules}, versionField(p.Chrome, w.Versions, f.Instrument)
	return p
}

// prepareProgrammeWave handles POST /programmi/:programma/rilevazioni/nuova. The
// answer is the list of what was and was not made, which is kept nowhere; sent again,
// it finds the waves there.
func (s *Server) prepareProgrammeWave(c *fiber.Ctx) error {
	id, err := pathID(c, "programma")
	if err != nil {
		return err
	}
	w, _, err := s.svc.ProgrammeWaves(c.UserContext(), actor(c), id)
	if err != nil {
		return err
	}
	var form campaignForm
	wrong, err := s.bind(c, &form)
	if err != nil {
		return err
	}
	enti := chosenEnti(c)
	var lines []service.ProgrammeWaveLine
	if len(wrong) == 0 {
		lines, err = s.svc.PrepareProgrammeWave(c.UserContext(), actor(c), id, enti, form.service())
		if faults, bad := s.faultsOf(c, err); bad {
			wrong = faults
		} else if err != nil {
			return err
		}
	}
	p := s.programmeWavePage(c, w, form.service(), enti, wrong)
	if len(wrong) > 0 {
		return s.invalid(c, "programme/wave", p)
	}
	p.Done = waveTable(p.Chrome, lines)
	return c.Render("programme/wave", p)
}

// chosenEnti reads the ticked enti; what is no id is passed over.
func chosenEnti(c *fiber.Ctx) []surveys.ID {
	var enti []surveys.ID
	for _, v := range c.Request().PostArgs().PeekMulti("enti") {
		if id, err := surveys.ParseID(string(v)); err == nil {
			enti = append(enti, id)
		}
	}
	return enti
}

// waveTable says for each ente whether its draft was made, and why not.
func waveTable(ch Chrome, lines []service.ProgrammeWaveLine) *Table {
	t := &Table{ID: "esito", Caption: ch.T("programme.wave_done"), Columns: []Column{{Label: ch.T("home.col_ente")}, {Label: ch.T("programme.wave_outcome")}, {Label: ch.T("programme.wave_why")}}}
	for _, l := range lines {
		row := Row{Cells: []Cell{{Text: l.Ente.Name}, {Badge: &Badge{Kind: KindWarning, Text: ch.T("programme.wave_not_made")}}}}
		if l.Campaign != "" {
			row.Cells[0].Href = campaignPath(l.Ente.ID, l.Campaign)
			row.Cells[1].Badge = &Badge{Kind: KindOK, Text: ch.T("programme.wave_made")}
		}
		var why []string
		for _, f := range l.Faults {
			why = append(why, ch.T(f.Key, f.Args...))
		}
		row.Cells = append(row.Cells, Cell{Text: strings.Join(why, " ")})
		t.Rows = append(t.Rows, row)
	}
	return t
}
