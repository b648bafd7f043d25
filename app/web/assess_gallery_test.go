package web

import (
	"strings"
	"testing"
	"time"

	"traguardo/app/auth"
	"traguardo/app/i18n"
	"traguardo/app/report/figure"
	"traguardo/app/report/fonts"
	"traguardo/app/service"
	"traguardo/app/storage"
	"traguardo/plans/pti"
	"traguardo/surveys"
	"traguardo/surveys/comune"
	"traguardo/surveys/instruments"
	"traguardo/surveys/privacy"
	"traguardo/surveys/scoring"
)

// galleryDay is the day of the pages of this gallery.
func galleryDay() time.Time { return time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC) }

// builtAssessment is a wave with every state that an indicator can be in.
func builtAssessment(t *testing.T, role auth.Role, closed bool) service.AssessmentView {
	t.Helper()
	in, err := instruments.MAT()
	if err != nil {
		t.Fatal(err)
	}
	v := service.AssessmentView{Instrument: in, AsOf: galleryDay(), MayEdit: !closed && role != auth.Viewer,
		Place:      service.Place{Ente: comune.Ente{ID: "abcdefghijkmnpqrstuvwxyz22", Name: "Borgo Ametista", Population: 900, Fictitious: true}, Roles: []auth.Role{role}},
		Assessment: storage.Assessment{Wave: surveys.ExPost, TwoRaters: true, Closed: closed, OpenedAt: galleryDay().AddDate(0, -1, 0)}}
	if closed {
		v.Assessment.ClosedAt, v.Assessment.Act = galleryDay(), storage.Act{Type: "Determina", Number: "<1>", Date: galleryDay()}
	}
	var ratings []surveys.Rating
	for i, it := range in.Items() {
		level := surveys.Level(i % 5)
		x := service.IndicatorView{Item: it, Step: service.StepConsensus, Rating: storage.Rating{Rating: surveys.Rating{Indicator: it.Code, Level: &level}, Version: 3,
			Comment: strings.Repeat("nota lunga ", 40), UpdatedBy: "u", UpdatedByName: "Giulia <b>Bianchi</b>", UpdatedAt: galleryDay()}}
		a, b := level, surveys.Level((i+2)%5)
		x.Rating.RaterA, x.Rating.RaterB = &a, &b
		switch i % 6 {
		case 1:
			x.Step, x.Rating.Level, x.Rating.RaterA, x.Rating.RaterB, x.OtherHas = service.StepFirst, nil, nil, nil, true
		case 2:
			x.Step, x.Rating.Level, x.Rating.RaterB = service.StepWaiting, nil, nil
		case 3:
			x.Evidence = builtEvidence(it.Code)
		}
		if it.NAAllowed {
			x.Rating.Level, x.Rating.NA, x.Rating.NAReason = nil, true, "non svolge il servizio"
		}
		if closed || role == auth.Viewer {
			x.Step = service.StepLook
		}
		r := x.Rating.Rating
		for _, e := range x.Evidence {
			r.Evidence = append(r.Evidence, e.Evidence)
		}
		ratings = append(ratings, r)
		v.Indicators = append(v.Indicators, x)
	}
	res, err := scoring.Assess(in, ratings, galleryDay())
	if err != nil {
		t.Fatal(err)
	}
	for i := range v.Indicators {
		v.Indicators[i].Result = res.Indicators[i]
		v.Indicators[i].Before = &res.Indicators[len(res.Indicators)-1-i]
	}
	return v
}

func builtEvidence(code string) []storage.Evidence {
	two := surveys.Level(2)
	piece := func(id string, t surveys.EvidenceType, k storage.EvidenceKind, months int) storage.Evidence {
		return storage.Evidence{Evidence: surveys.Evidence{ID: surveys.ID(id), Type: t, Dated: galleryDay().AddDate(0, -months, 0)}, Indicator: code, Kind: k,
			Title: "Prova <con> un titolo", AddedAt: galleryDay(), AddedRole: "rtd"}
	}
	file, link, act := piece("p1", surveys.E2, storage.EvidenceFile, 1), piece("p2", surveys.E3, storage.EvidenceLink, 20), piece("p3", surveys.E1, storage.EvidenceAct, 30)
	file.FileID, file.FileName, file.AddedByName = "f1", "elenco.pdf", "Giulia Bianchi"
	link.URL = "https://www.comune.esempio.it/una/strada/molto/lunga/che/non/finisce/mai/davvero/servizi?pagina=1&tutto=si"
	act.ActType, act.ActNumber, act.Revoked, act.RevokedAt = "Delibera", "1/2024", true, galleryDay()
	check, older := piece("p4", surveys.E5, storage.EvidenceNote, 0), piece("p5", surveys.E5, storage.EvidenceNote, 2)
	check.CheckedLevel, older.CheckedLevel, check.AddedRole = &two, &two, "coordinator"
	return []storage.Evidence{check, file, older, link, act}
}

func TestAssessmentGallery(t *testing.T) {
	views := testViews(t)
	for _, lang := range i18n.Languages() {
		chrome := testChrome(t, lang)
		for _, state := range []struct {
			role   auth.Role
			closed bool
		}{{auth.RTD, false}, {auth.UTD, false}, {auth.Viewer, false}, {auth.RTD, true}} {
			v := builtAssessment(t, state.role, state.closed)
			list := assessmentPage{Chrome: chrome, Closed: state.closed}
			list.fill(v, "u")
			renderPage(t, views, "assess/list", list)
			list.Mine = true
			list.fill(v, "nobody")
			renderPage(t, views, "assess/list", list)
			for _, x := range v.Indicators[:8] {
				p := builtCard(chrome, v, x)
				doc := renderPage(t, views, "assess/card", p)
				wantText(t, doc, "h1", words(chrome.Localizer, x.Item.Title).Text)
			}
			closing := closePage{Chrome: chrome, Back: "/x"}
			closing.lists(v)
			closing.Confirm = closing.confirm(closeForm{})
			renderPage(t, views, "assess/close", closing)
			reviews := reviewsPage{Chrome: chrome, May: true}
			reviews.Table = reviews.table(v)
			renderPage(t, views, "assess/reviews", reviews)
		}
		renderPage(t, views, "assess/close", closePage{Chrome: chrome, Nothing: true, Back: "/x"})
		renderPage(t, views, "assess/reviews", reviewsPage{Chrome: chrome, Empty: Empty{Title: "a", Text: "b", Action: "c", Href: "/d"}})
	}
}

func builtCard(chrome Chrome, v service.AssessmentView, x service.IndicatorView) cardPage {
	p := cardPage{Chrome: chrome, Code: x.Item.Code, Gate: x.Item.Gate, Step: x.Step, Version: 3, Self: "/c", List: "/l", Previous: "/p", Next: "/n"}
	p.Errors = []FieldError{{Field: "livello", Text: "Scelga un livello."}, {Field: "commento", Text: "Troppo lungo."}, {Field: "file", Text: "Troppo grande."}}
	p.fill(v, x)
	p.AddOpen = true
	p.Assign = p.assignField([]storage.User{{ID: "u1", Name: "Giulia"}}, "u1")
	p.Review = p.reviewForm(v.Instrument, x.Item)
	if x.Step != service.StepLook {
		p.Conflict = p.conflictOf(v, x)
		p.keep(v, x, ratingForm{Level: "2", Comment: "il mio"})
	}
	return p
}

// builtResults is a closed wave; few leaves most indicators out.
func builtResults(t *testing.T, few bool, staff *scoring.StaffResult) service.ResultsView {
	t.Helper()
	v := builtAssessment(t, auth.RTD, true)
	var ratings []surveys.Rating
	for i, x := range v.Indicators {
		if few && i%3 != 0 {
			continue
		}
		r := x.Rating.Rating
		for _, e := range builtEvidence(x.Item.Code) {
			if i%2 == 0 {
				r.Evidence = append(r.Evidence, e.Evidence)
			}
		}
		ratings = append(ratings, r)
	}
	res, err := scoring.Assess(v.Instrument, ratings, galleryDay())
	if err != nil {
		t.Fatal(err)
	}
	change := scoring.AssessChange(res, res)
	out := service.ResultsView{Place: v.Place, Wave: surveys.ExAnte, Closed: []surveys.Wave{surveys.ExAnte, surveys.ExPost}, Change: &change,
		MAT: &service.MATOfWave{Stored: storage.Result{FormulaVersion: "1.0", DataHash: strings.Repeat("0f", 32)}, Assessment: v.Assessment, Instrument: v.Instrument, Result: res}}
	if staff != nil {
		out.Staff = &service.StaffOfWave{Result: *staff, Stored: storage.Result{DataHash: strings.Repeat("0f", 32)}}
	}
	return out
}

func TestResultsGallery(t *testing.T) {
	views := testViews(t)
	measure, err := fonts.NewMeasure()
	if err != nil {
		t.Fatal(err)
	}
	rate := 0.5
	published := scoring.StaffResult{State: scoring.Published, Eligible: 20, Threshold: 5, Response: scoring.ResponseRate{State: privacy.Shown, Responses: 10, Rate: &rate},
		Areas: []scoring.StaffArea{{Area: surveys.PIA, Self: privacy.NewFigure(10, 55, &privacy.Range{Low: 40, High: 70}, nil), Knowledge: privacy.Withheld(privacy.Suppressed)},
			{Area: surveys.SIC, Self: privacy.NewFigure(10, 55, nil, nil), Knowledge: privacy.Withheld(privacy.NotAsked)}}}
	for _, lang := range i18n.Languages() {
		renderResults(t, views, lang, measure, builtResults(t, true, &scoring.StaffResult{State: scoring.OnlyPooled, Eligible: 6, Threshold: 5}))
		renderResults(t, views, lang, measure, builtResults(t, false, &published))
		few := resultsPage{resultsFrame: resultsFrame{Chrome: testChrome(t, lang)}}
		if err := few.staff(nil, builtResults(t, true, &scoring.StaffResult{State: scoring.TooFew, Eligible: 12, Threshold: 5})); err != nil {
			t.Fatal(err)
		}
		renderPage(t, views, "results/overview", few)
	}
}

func renderResults(t *testing.T, views *Views, lang string, measure *fonts.Measure, v service.ResultsView) {
	t.Helper()
	frame := resultsFrame{Chrome: testChrome(t, lang), Tabs: []Link{{Label: "a", Href: "/a"}}, Facts: "fatti"}
	frame.pages(v, "")
	d := figure.NewDrawer(frame.Localizer, measure)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	over := resultsPage{resultsFrame: frame}
	must(over.maturity(d, v))
	must(over.staff(d, v))
	if v.Staff != nil {
		over.Both = over.both(v)
	}
	renderPage(t, views, "results/overview", over)
	why := whyPage{resultsFrame: frame, Table: whyPage{resultsFrame: frame}.steps(v)}
	gaps := gapsPage{resultsFrame: frame}
	list, err := scoring.Gaps(v.MAT.Result, scoring.GapOptions{})
	must(err)
	for i, g := range list {
		gaps.Gaps = append(gaps.Gaps, gaps.gap(v, g, i+1))
	}
	renderPage(t, views, "results/gaps", gaps)
	renderPage(t, views, "results/gaps", gapsPage{resultsFrame: frame})
	edition, err := pti.Current()
	must(err)
	for _, a := range areasOf(v.MAT.Result) {
		area := areaPage{resultsFrame: frame}
		area.fill(v, a)
		if a.Evidenced.Value != nil {
			fig, err := frame.contributions(d, v, a)
			must(err)
			area.Figure = &fig
			why.Figures = append(why.Figures, fig)
		}
		ground := service.AreaGround{Edition: edition.Label, HasData: true}
		for _, b := range edition.Bind(pti.Facts{})[:4] {
			ground.Lines = append(ground.Lines, service.AreaLine{Binding: b, Indicators: []string{"M-PIA-01"}})
		}
		area.lines(v, ground)
		real := v
		real.Place.Ente.Fictitious = false
		_, rows, _ := comune.Reference()
		ground.Funding = rows[:6]
		area.funding(real, ground)
		renderPage(t, views, "results/area", area)
	}
	renderPage(t, views, "results/why", why)
	method := methodPage{resultsFrame: frame, Agree: methodPage{resultsFrame: frame}.agreement(v), Parts: []methodPart{{ID: "a", Title: "A", Facts: []methodFact{{Label: "a", Value: strings.Repeat("0f", 32), Code: true}}}}}
	method.staff(&service.StaffOfWave{Result: scoring.StaffResult{State: scoring.Published, Threshold: 5, Reliability: []scoring.ScaleReliability{
		{Measure: scoring.SelfAssessed, Area: surveys.PIA, K: 6, N: 31, Alpha: 0.8, Interval: &privacy.Range{Low: 0.7, High: 0.9}, Weak: []string{"A-PIA-01"}}, {Measure: scoring.Attitude, Construct: "UTI", K: 4, N: 30}}}},
		service.StaffAsked{InstrumentHash: strings.Repeat("0f", 32)})
	renderPage(t, views, "results/method", method)
	change := changePage{resultsFrame: frame}
	must(change.maturity(d, v))
	renderPage(t, views, "results/change", change)
}
