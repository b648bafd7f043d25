package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/auth"
	"traguardo/app/i18n"
	"traguardo/app/service"
	"traguardo/app/storage"
	"traguardo/surveys"
	"traguardo/surveys/scoring"
)

// pathWave reads a wave from the address.
func pathWave(c *fiber.Ctx) (surveys.Wave, error) {
	w, err := surveys.ParseWave(c.Params("ondata"))
	if err != nil {
		return "", fiber.ErrNotFound
	}
	return w, nil
}

// atWave reads ente and wave of an address.
func atWave(c *fiber.Ctx) (surveys.ID, surveys.Wave, error) {
	id, err := pathID(c, "ente")
	if err != nil {
		return "", "", err
	}
	w, err := pathWave(c)
	return id, w, err
}

func assessmentsPath(ente surveys.ID) string { return entePath(ente) + "/valutazioni" }

func wavePath(ente surveys.ID, w surveys.Wave) string { return assessmentsPath(ente) + "/" + string(w) }

func cardPath(ente surveys.ID, w surveys.Wave, code string) string {
	return wavePath(ente, w) + "/" + code
}

// wavesPage is "assess/waves": the two assessments of an ente.
type wavesPage struct {
	Chrome
	Waves  []waveCard
	Raters Field
}

// waveCard is one wave: how far it is, or the form that opens it.
type waveCard struct {
	Wave        surveys.Wave
	Title, Text string
	State       Badge
	Done, Total int
	Href, Label string // one link; none when Href is empty
	Results     string // address of the results of a closed wave
	Act         string
	Opens       bool // the form to open it
}

// showWaves handles GET …/valutazioni.
func (s *Server) showWaves(c *fiber.Ctx) error {
	id, err := pathID(c, "ente")
	if err != nil {
		return err
	}
	v, err := s.svc.AssessmentWaves(c.UserContext(), actor(c), id)
	if err != nil {
		return err
	}
	p := wavesPage{Chrome: s.enteChrome(c, v.Place, "assess.title", sectionAssessment)}
	p.Lead = p.T("assess.lead")
	for _, w := range v.Waves {
		p.Waves = append(p.Waves, p.card(v.Place, w))
	}
	p.Raters = p.ratersField(v.TwoRaters)
	return c.Render("assess/waves", p)
}

func (p wavesPage) ratersField(two bool) Field {
	return Field{Name: "valutatori", Type: "radio", Label: p.T("assess.raters"), Required: true, Options: []Option{
		{Value: "1", Label: p.T("assess.raters_one"), Hint: p.T("assess.raters_one_hint"), Selected: !two},
		{Value: "2", Label: p.T("assess.raters_two"), Hint: p.T("assess.raters_two_hint"), Selected: two}}}
}

func (p wavesPage) card(place service.Place, w service.AssessmentWave) waveCard {
	card := waveCard{Wave: w.Wave, Title: waveName(p.Localizer, w.Wave), Done: w.Done, Total: w.Total, Href: wavePath(place.Ente.ID, w.Wave)}
	switch {
	case !w.Opened && w.MayOpen:
		card.State, card.Text, card.Href = Badge{KindNeutral, p.T("assess.state_none")}, p.T("assess.text_open_"+string(w.Wave)), ""
		card.Opens = place.Can(auth.AssessmentEdit)
	case !w.Opened:
		card.State, card.Text, card.Href = Badge{KindNeutral, p.T("assess.state_none")}, p.T("assess.text_wait"), ""
	case w.Assessment.Closed:
		card.State, card.Text = Badge{KindOK, p.T("assess.state_closed")}, p.T("assess.text_closed", "Date", p.Date(w.Assessment.ClosedAt))
		card.Label, card.Results = p.T("assess.look"), resultsPath(place.Ente.ID, w.Wave)
		card.Act = actWords(p.Localizer, w.Assessment.Act)
	default:
		card.State, card.Text = Badge{KindInfo, p.T("assess.state_open")}, p.T("assess.text_started", "Date", p.Date(w.Assessment.OpenedAt))
		card.Label = p.T("assess.go_on")
	}
	return card
}

func actWords(l *i18n.Localizer, a storage.Act) string {
	return l.T("assess.act_words", "Type", a.Type, "Number", a.Number, "Date", l.Date(a.Date))
}

// openForm opens a wave.
type openForm struct {
	Wave   string `form:"ondata" validate:"required,oneof=exante expost"`
	Raters string `form:"valutatori" validate:"required,oneof=1 2"`
}

// openAssessment handles POST …/valutazioni.
func (s *Server) openAssessment(c *fiber.Ctx) error {
	id, err := pathID(c, "ente")
	if err != nil {
		return err
	}
	var form openForm
	wrong, err := s.bind(c, &form)
	if err != nil {
		return err
	}
	if len(wrong) > 0 {
		return errNoForm
	}
	wave := surveys.Wave(form.Wave)
	if err := s.svc.OpenAssessment(c.UserContext(), actor(c), id, wave, form.Raters == "2"); err != nil {
		return err
	}
	return s.seeOther(c, wavePath(id, wave), "assess.opened")
}

// assessmentPage is "assess/list": the indicators of a wave.
type assessmentPage struct {
	Chrome
	Next    *Next
	Tiles   []Tile
	Done    int
	Total   int
	Groups  []indicatorGroup
	Mine    bool   // only those assigned to the reader
	MineTo  string // address of the other choice
	Closed  bool
	Act     string
	Results string
	Close   string // address of the closing page; empty: the role may not
	Review  string // address of the reviewer's page; empty: the role may not
	Empty   Empty
}

// indicatorGroup is the first round, or the rest of one area.
type indicatorGroup struct {
	Title, Text string
	Table       Table
}

// showAssessment handles GET …/valutazioni/:ondata.
func (s *Server) showAssessment(c *fiber.Ctx) error {
	id, wave, err := atWave(c)
	if err != nil {
		return err
	}
	v, err := s.svc.Assessment(c.UserContext(), actor(c), id, wave)
	if err != nil {
		return err
	}
	p := assessmentPage{Chrome: s.waveChrome(c, v.Place, wave), Mine: c.Query("assegnati") == "me", Closed: v.Assessment.Closed}
	p.Title = p.T("assess.wave_title", "Wave", strings.ToLower(waveName(p.Localizer, wave)))
	p.fill(v, actor(c).UserID)
	return c.Render("assess/list", p)
}

// waveChrome is the frame of a page under …/valutazioni.
func (s *Server) waveChrome(c *fiber.Ctx, place service.Place, _ surveys.Wave) Chrome {
	ch := s.enteChrome(c, place, "assess.title", sectionAssessment)
	ch.Breadcrumbs = append(ch.Breadcrumbs, Link{Label: ch.T("assess.title"), Href: assessmentsPath(place.Ente.ID)})
	return ch
}

func (p *assessmentPage) fill(v service.AssessmentView, me surveys.ID) {
	id, wave := v.Place.Ente.ID, v.Assessment.Wave
	base := wavePath(id, wave)
	p.MineTo = base + "?assegnati=me"
	if p.Mine {
		p.MineTo = base
	}
	n := countIndicators(v.Indicators)
	p.Done, p.Total = n.assessed+n.na, len(v.Indicators)
	p.Tiles = []Tile{
		{Label: p.T("assess.tile_first"), Value: p.T("assess.of", "Part", n.gates, "Whole", n.allGates), Note: p.T("assess.tile_first_note")},
		{Label: p.T("assess.tile_all"), Value: p.T("assess.of", "Part", p.Done, "Whole", p.Total), Note: p.T("assess.tile_all_note", "Count", n.na)},
		{Label: p.T("assess.tile_proved"), Value: p.T("assess.of", "Part", n.proved, "Whole", n.toProve), Note: p.T("assess.tile_proved_note")},
		{Label: p.T("assess.tile_renew"), Value: p.Int(n.renew), Note: p.T("assess.tile_renew_note")},
	}
	p.groups(v, me)
	switch {
	case v.Assessment.Closed:
		p.Act, p.Results = actWords(p.Localizer, v.Assessment.Act), resultsPath(id, wave)
		p.Lead = p.T("assess.text_closed", "Date", p.Date(v.Assessment.ClosedAt))
	default:
		p.Lead = p.T("assess.list_lead")
		if v.Place.Can(auth.AssessmentClose) {
			p.Close = base + "/chiusura"
		}
		if v.Place.Can(auth.AssessmentReview) {
			p.Review = base + "/verifiche"
		}
		p.Next = p.nextStep(v, n, me)
	}
	p.Empty = Empty{Title: p.T("assess.mine_none"), Text: p.T("assess.mine_none_text"), Action: p.T("assess.mine_all"), Href: base}
}

// indicatorCounts is how far a wave is.
type indicatorCounts struct{ gates, allGates, assessed, na, toProve, proved, renew int }

func countIndicators(list []service.IndicatorView) indicatorCounts {
	var n indicatorCounts
	for _, x := range list {
		done := x.Result.State != scoring.NotAssessed
		if x.Item.Gate {
			n.allGates++
			if done {
				n.gates++
			}
		}
		switch x.Result.State {
		case scoring.Assessed:
			n.assessed++
			if *x.Result.Declared >= 2 {
				n.toProve++
				if *x.Result.Evidenced == *x.Result.Declared {
					n.proved++
				}
			}
		case scoring.NotApplicable:
			n.na++
		case scoring.NotAssessed:
		}
		if x.Result.Renew {
			n.renew++
		}
	}
	return n
}

// nextStep is the first indicator that waits for the reader (of those assigned to
// them, on that list), or the closing.
func (p *assessmentPage) nextStep(v service.AssessmentView, n indicatorCounts, me surveys.ID) *Next {
	if !v.MayEdit {
		return nil
	}
	base := wavePath(v.Place.Ente.ID, v.Assessment.Wave)
	for _, x := range v.Indicators {
		if !waitsForReader(x) || p.Mine && x.Rating.AssignedTo != me {
			continue
		}
		next := &Next{Title: p.T("assess.next_rest"), Text: p.T("assess.next_text", "Code", x.Item.Code, "Name", words(p.Localizer, x.Item.Title).Text),
			Action: p.T("assess.next_action"), Href: base + "/" + x.Item.Code}
		if x.Item.Gate {
			next.Title = p.T("assess.next_first", "Count", n.allGates-n.gates)
		} else if p.Close != "" {
			next.Second, next.SecondHref = p.T("assess.close_now"), p.Close
		}
		return next
	}
	if p.Mine {
		return nil
	}
	if p.Close != "" {
		return &Next{Title: p.T("assess.next_close"), Text: p.T("assess.next_close_text"), Action: p.T("assess.close_action"), Href: p.Close}
	}
	return &Next{Title: p.T("assess.next_done"), Text: p.T("assess.next_done_text")}
}

// waitsForReader says whether the reader has something to answer.
func waitsForReader(x service.IndicatorView) bool {
	switch x.Step {
	case service.StepFirst:
		return true
	case service.StepAnswer, service.StepConsensus:
		return x.Result.State == scoring.NotAssessed
	case service.StepWaiting, service.StepLook:
		return false
	default:
		return false
	}
}
