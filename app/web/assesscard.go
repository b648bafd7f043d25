package web

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/auth"
	"traguardo/app/service"
	"traguardo/app/storage"
	"traguardo/surveys"
	"traguardo/surveys/scoring"
)

// cardPage is "assess/card": one indicator, its answer and its evidence.
type cardPage struct {
	Chrome
	Code     string
	Area     string
	Gate     bool
	Question Words
	State    Badge
	Position string // «3 di 10 del primo giro»
	Step     service.RatingStep

	Levels   []levelChoice
	Reason   *Field // reason of N/A, where it is allowed
	Comment  *Field // nil on a first answer of two
	Version  int
	Was      string // own first answer that the form shows
	Intro    string // what is asked of the reader
	Raters   *ratersView
	Before   *beforeView
	Conflict *conflictView

	Why      string // «Dichiarato 3, documentato 1: manca una prova»
	WhyKind  string
	Answered string // who answered and when
	Asked    Words  // evidence that the indicator asks for
	Check    Words
	Pieces   []pieceView
	Evidence []Field // form to add a piece; empty: read only
	AddOpen  bool
	Review   *reviewView
	Assign   *Field
	Sources  []string
	Lines    []string // codes of PTI lines

	Self, Previous, Next, List string // addresses
}

// levelChoice is one of the five levels, N/A or «not yet».
type levelChoice struct {
	Value, Key string // Key: the digit that chooses it
	Name       string
	Text       Words
	Checked    bool
	Before     bool // the declared level of the closed ex ante
}

// ratersView shows both first answers once both are there.
type ratersView struct{ A, B, Text string }

// beforeView is the closed ex ante beside an ex-post answer.
type beforeView struct{ Text, Button string }

// conflictView is what somebody else saved while the reader was writing.
type conflictView struct{ Who, Answer, Comment string }

// reviewView is the form of a reviewer.
type reviewView struct {
	Text   string
	Fields []Field
}

// pieceView is one piece of evidence.
type pieceView struct {
	ID, Type, Title string
	State           Badge
	Link            *Link
	File            *Link
	Act, Dates, By  string
	Revoke          *Confirm
}

// readCard loads the page of one indicator.
func (s *Server) readCard(c *fiber.Ctx) (*cardPage, service.AssessmentView, service.IndicatorView, error) {
	id, wave, err := atWave(c)
	if err != nil {
		return nil, service.AssessmentView{}, service.IndicatorView{}, err
	}
	v, err := s.svc.Assessment(c.UserContext(), actor(c), id, wave)
	if err != nil {
		return nil, v, service.IndicatorView{}, err
	}
	x, previous, next, ok := v.Indicator(c.Params("codice"))
	if !ok {
		return nil, v, x, fiber.ErrNotFound
	}
	p := &cardPage{Chrome: s.waveChrome(c, v.Place, wave), Code: x.Item.Code, Gate: x.Item.Gate, Step: x.Step, Version: x.Rating.Version,
		List: wavePath(id, wave), Self: cardPath(id, wave, x.Item.Code)}
	p.Breadcrumbs = append(p.Breadcrumbs, Link{Label: waveName(p.Localizer, wave), Href: p.List})
	if previous != "" {
		p.Previous = cardPath(id, wave, previous)
	}
	if next != "" {
		p.Next = cardPath(id, wave, next)
	}
	p.fill(v, x)
	if err := s.cardPeople(c, p, v, x); err != nil {
		return nil, v, x, err
	}
	return p, v, x, nil
}

// showCard handles GET …/valutazioni/:ondata/:codice.
func (s *Server) showCard(c *fiber.Ctx) error {
	p, _, _, err := s.readCard(c)
	if err != nil {
		return err
	}
	return c.Render("assess/card", p)
}

// cardPeople adds what depends on other people: colleagues to assign to, and
// whether the reader may review.
func (s *Server) cardPeople(c *fiber.Ctx, p *cardPage, v service.AssessmentView, x service.IndicatorView) error {
	if v.MayEdit {
		editors, err := s.svc.AssessmentEditors(c.UserContext(), actor(c), v.Place.Ente.ID)
		if err != nil {
			return err
		}
		p.Assign = p.assignField(editors, x.Rating.AssignedTo)
	}
	if v.Assessment.Closed || !v.Place.Can(auth.AssessmentReview) || x.Result.Declared == nil || *x.Result.Declared < 2 {
		return nil
	}
	may, err := s.svc.MayReview(c.UserContext(), actor(c), v.Place)
	if may {
		p.Review = p.reviewForm(v.Instrument, x.Item)
	}
	return err
}

func (p *cardPage) assignField(editors []storage.User, now surveys.ID) *Field {
	f := &Field{Name: "collega", Type: "select", Label: p.T("assess.assign"), Options: []Option{{Value: "", Label: p.T("assess.assign_nobody"), Selected: now == ""}}}
	for _, u := range editors {
		f.Options = append(f.Options, Option{Value: u.ID.String(), Label: u.Name, Selected: u.ID == now})
	}
	return f
}

func (p *cardPage) fill(v service.AssessmentView, x service.IndicatorView) {
	title := words(p.Localizer, x.Item.Title)
	p.Title, p.Area = title.Text, areaName(p.Localizer, x.Item.Area)
	p.Question, p.Asked, p.Check = words(p.Localizer, x.Item.Text), words(p.Localizer, x.Item.Evidence), words(p.Localizer, x.Item.Check)
	p.State = stateBadge(p.Chrome, x)
	p.position(v, x)
	p.answer(v, x)
	p.WhyKind, p.Why = p.why(x)
	if x.Rating.Touched() {
		p.Answered = p.T("assess.answered", "Who", or(x.Rating.UpdatedByName, p.T("assess.someone")), "When", p.DateTime(x.Rating.UpdatedAt))
	}
	for _, e := range x.Evidence {
		p.Pieces = append(p.Pieces, p.piece(v, x, e))
	}
	if v.MayEdit {
		p.Evidence = p.evidenceFields(x.Item, evidenceForm{})
	}
	p.Sources = x.Item.References
	if x.Item.PTI != nil {
		p.Lines = x.Item.PTI.Lines
	}
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func (p *cardPage) position(v service.AssessmentView, x service.IndicatorView) {
	at, of := 0, 0
	for _, y := range v.Indicators {
		if y.Item.Gate != x.Item.Gate {
			continue
		}
		of++
		if y.Item.Code == x.Item.Code {
			at = of
		}
	}
	key := "assess.position_rest"
	if x.Item.Gate {
		key = "assess.position_first"
	}
	p.Position = p.T(key, "At", at, "Of", of)
}

// answer fills the form with what is stored, seen by this reader.
func (p *cardPage) answer(v service.AssessmentView, x service.IndicatorView) {
	first := x.Step == service.StepFirst || x.Step == service.StepWaiting
	shown := x.Rating.Level
	if first {
		shown = x.Rating.RaterA
		if v.Place.Rater() == service.RaterB {
			shown = x.Rating.RaterB
		}
		p.Was = levelText(shown)
	}
	p.Intro = p.T("assess.intro_" + string(x.Step))
	p.choices(v.Instrument, x, shown, x.Rating.NA, !first)
	if x.Item.NAAllowed {
		p.Reason = &Field{Name: "motivo", Type: "textarea", Rows: 2, Label: p.T("assess.na_reason"), Hint: p.T("assess.na_reason_hint"), Value: x.Rating.NAReason,
			MaxLength: service.MaxReason, Guard: true}
	}
	if !first {
		label, hint := p.T("assess.comment"), p.T("assess.comment_hint")
		if v.Assessment.TwoRaters {
			label, hint = p.T("assess.note"), p.T("assess.note_hint")
		}
		p.Comment = &Field{Name: "commento", Type: "textarea", Rows: 4, Label: label, Hint: hint, Value: x.Rating.Comment, MaxLength: service.MaxComment, Guard: true}
	}
	if v.Assessment.TwoRaters {
		p.Raters = p.raters(v, x)
	}
	if x.Before != nil && x.Before.State != scoring.NotAssessed {
		p.Before = p.beforeOf(v, x)
	}
}

func levelText(l *surveys.Level) string {
	if l == nil {
		return ""
	}
	return strconv.Itoa(int(*l))
}

// choices makes the radio cards: five levels, N/A where allowed, and «not yet»
// where nothing need be chosen.
func (p *cardPage) choices(in *surveys.Instrument, x service.IndicatorView, shown *surveys.Level, na, none bool) {
	p.Levels = nil
	for i, text := range x.Item.Levels {
		l := surveys.Level(i)
		before := x.Before != nil && x.Before.Declared != nil && *x.Before.Declared == l
		p.Levels = append(p.Levels, levelChoice{Value: strconv.Itoa(i), Key: strconv.Itoa(i), Name: levelWords(p.Chrome, in, x.Item, l),
			Text: words(p.Localizer, text), Checked: !na && shown != nil && *shown == l, Before: before})
	}
	if x.Item.NAAllowed {
		p.Levels = append(p.Levels, levelChoice{Value: "na", Name: p.T("assess.na"), Text: Words{Text: p.T("assess.na_text")}, Checked: na,
			Before: x.Before != nil && x.Before.State == scoring.NotApplicable})
	}
	if none {
		p.Levels = append(p.Levels, levelChoice{Value: "", Name: p.T("assess.not_yet"), Text: Words{Text: p.T("assess.not_yet_text")}, Checked: !na && shown == nil})
	}
}

func (p *cardPage) raters(v service.AssessmentView, x service.IndicatorView) *ratersView {
	r := &ratersView{Text: p.T("assess.raters_hidden")}
	if x.Rating.RaterA == nil || x.Rating.RaterB == nil {
		if x.OtherHas {
			r.Text = p.T("assess.raters_other_has")
		}
		return r
	}
	r.A, r.B = levelWords(p.Chrome, v.Instrument, x.Item, *x.Rating.RaterA), levelWords(p.Chrome, v.Instrument, x.Item, *x.Rating.RaterB)
	gap := *x.Rating.RaterA - *x.Rating.RaterB
	switch max(gap, -gap) {
	case 0:
		r.Text = p.T("assess.raters_same")
	case 1:
		r.Text = p.T("assess.raters_near")
	default:
		r.Text = p.T("assess.raters_far")
	}
	return r
}

func (p *cardPage) beforeOf(v service.AssessmentView, x service.IndicatorView) *beforeView {
	b := &beforeView{Text: p.T("assess.before_na", "Reason", x.Before.NAReason)}
	if x.Before.State == scoring.Assessed {
		b.Text = p.T("assess.before", "Level", levelWords(p.Chrome, v.Instrument, x.Item, *x.Before.Declared), "Evidenced", int(*x.Before.Evidenced))
	}
	if v.MayEdit {
		b.Button = p.T("assess.before_confirm")
	}
	return b
}

// why explains the evidenced level in one sentence.
func (p *cardPage) why(x service.IndicatorView) (kind, text string) {
	r := x.Result
	if r.State == scoring.NotApplicable {
		return KindNeutral, p.T("assess.why_na")
	}
	if r.State == scoring.NotAssessed {
		return KindNeutral, p.T("assess.why_missing")
	}
	d, e := int(*r.Declared), int(*r.Evidenced)
	switch {
	case d <= 1:
		return KindOK, p.T("assess.why_low", "Declared", d)
	case d == e && r.Renew:
		return KindWarning, p.T("assess.why_full_renew", "Declared", d, "Type", p.T("assess.type_"+string(r.Evidence)))
	case d == e:
		return KindOK, p.T("assess.why_full", "Declared", d, "Type", p.T("assess.type_"+string(r.Evidence)))
	case r.Renew:
		return KindWarning, p.T("assess.why_renew", "Declared", d, "Evidenced", e)
	case r.Evidence == surveys.E0:
		return KindWarning, p.T("assess.why_none", "Declared", d, "Evidenced", e)
	default:
		return KindWarning, p.T("assess.why_weak", "Declared", d, "Evidenced", e)
	}
}
