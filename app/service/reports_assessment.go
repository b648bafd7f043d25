package service

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"traguardo/app/i18n"
	"traguardo/app/report"
	"traguardo/app/report/figure"
	"traguardo/app/storage"
	"traguardo/surveys"
	"traguardo/surveys/privacy"
	"traguardo/surveys/scoring"
)

// priorityCount is how many priorities a report lists.
const priorityCount = 6

// assessmentReport fills the report of a closed assessment from stored results.
func (s *Service) assessmentReport(ctx context.Context, p Place, wave surveys.Wave, lang string) (report.AssessmentData, error) {
	var d report.AssessmentData
	stored, err := s.store.ClosedResults(ctx, p.Ente.ID)
	if err != nil {
		return d, err
	}
	v, err := s.assessed(ctx, p, stored, wave)
	if err != nil {
		return d, err
	}
	pieces, err := s.store.IndicatorEvidence(ctx, p.Ente.ID, "")
	if err != nil {
		return d, err
	}
	l := s.texts.For(lang)
	if d.Meta, err = s.reportMeta(l, p, v.MAT.Stored); err != nil {
		return d, err
	}
	if v.Staff != nil {
		d.DataHash = hashOf("assessment", v.MAT.Stored.DataHash, v.Staff.Stored.DataHash)
	}
	d.Version = v.MAT.Instrument.Code + " " + v.MAT.Instrument.Version
	d.WaveName, d.ClosedOn = l.T("wave."+string(v.Wave)), v.MAT.Assessment.ClosedAt
	d.Act = actWords(l, v.MAT.Assessment.Act)
	d.Overall = overallScore(l, v.MAT.Result)
	for _, a := range v.MAT.Result.Areas {
		d.Areas = append(d.Areas, areaScore(l, v.MAT, a, false))
	}
	for _, a := range v.MAT.Result.Beside {
		d.Areas = append(d.Areas, areaScore(l, v.MAT, a, true))
	}
	if d.Priorities, err = priorities(l, v.MAT); err != nil {
		return d, err
	}
	d.Indicators = indicatorRows(l, v.MAT, evidenceAt(pieces, v.MAT.Assessment))
	if v.Staff != nil {
		d.Staff = staffReport(l, v.Staff.Result)
	}
	return d, nil
}

// assessed reads the results of a wave in which the assessment is closed; with an
// empty wave, of the latest such one. surveys.ErrState when there is none.
func (s *Service) assessed(ctx context.Context, p Place, stored []storage.Result, wave surveys.Wave) (ResultsView, error) {
	waves := []surveys.Wave{wave}
	if wave == "" {
		waves = []surveys.Wave{surveys.ExPost, surveys.ExAnte}
	}
	for _, w := range waves {
		v, err := s.resultsOf(ctx, p, stored, w)
		if err != nil || v.MAT != nil {
			return v, err
		}
	}
	return ResultsView{}, fmt.Errorf("report of %s: no closed assessment: %w", p.Ente.ID, surveys.ErrState)
}

// reportMeta is what every report of stored results says of itself; its day is
// that of the result.
func (s *Service) reportMeta(l *i18n.Localizer, p Place, r storage.Result) (report.Meta, error) {
	e, err := s.edition(p.Ente.PTIEdition)
	if err != nil {
		return report.Meta{}, err
	}
	return report.Meta{Ente: l.T("ente.title", "Name", p.Ente.Name), Fictitious: p.Ente.Fictitious, DataHash: r.DataHash,
		FormulaVersion: r.FormulaVersion, Edition: e.Label, GeneratedOn: s.dayOf(r.ComputedAt)}, nil
}

// hashOf is SHA-256 over the hashes of several results, in a stated order.
func hashOf(kind string, hashes ...string) string {
	sum := sha256.Sum256([]byte("report/1 " + kind + "\n" + strings.Join(hashes, "\n")))
	return hex.EncodeToString(sum[:])
}

func actWords(l *i18n.Localizer, a storage.Act) string {
	if a.Number == "" {
		return ""
	}
	return l.T("report.act", "Type", a.Type, "Number", a.Number, "Date", l.Date(a.Date))
}

func scoreFigure(s scoring.Score, answered int) figure.Value {
	switch {
	case s.Value != nil:
		return figure.Of(*s.Value)
	case answered > 0 && s.Interval != nil:
		return figure.Value{State: figure.IntervalOnly}
	default:
		return figure.Value{State: figure.NotAssessed}
	}
}

func rangeOf(r *privacy.Range) figure.Interval {
	if r == nil {
		return figure.Interval{}
	}
	return figure.Between(r.Low, r.High)
}

func overallScore(l *i18n.Localizer, r scoring.MATResult) report.OverallScore {
	answered := 0
	for _, a := range r.Areas {
		answered += a.Answered
	}
	o := report.OverallScore{Evidenced: scoreFigure(r.Overall.Evidenced, answered), Declared: scoreFigure(r.Overall.Declared, answered),
		Sensitivity: rangeOf(r.Overall.Sensitivity), Coverage: r.Overall.Coverage.Share}
	if r.Overall.Label != nil {
		o.Label = l.T("level." + string(*r.Overall.Label))
	}
	var weakest []string
	for _, a := range r.Overall.Weakest {
		weakest = append(weakest, l.T("area."+string(a)))
	}
	o.Weakest = l.Join(weakest)
	return o
}

func areaScore(l *i18n.Localizer, m *MATOfWave, a scoring.AreaResult, aside bool) report.AreaScore {
	out := report.AreaScore{Name: l.T("area." + string(a.Area)), Aside: aside, Evidenced: scoreFigure(a.Evidenced, a.Answered),
		Declared: scoreFigure(a.Declared, a.Answered), Coverage: a.Coverage.Share, Answered: a.Answered, Applicable: a.Total - a.NA}
	if a.Answered > 0 && a.Missing > 0 {
		out.Interval = rangeOf(a.Evidenced.Interval)
	}
	if a.Label != nil {
		out.Label = l.T("level." + string(*a.Label))
	}
	if a.HeldDown {
		for _, g := range a.Gates {
			out.HeldBy = append(out.HeldBy, m.title(l, g.Code))
		}
	}
	if len(a.Contributions) == 0 {
		return out
	}
	gives := map[string]scoring.Contribution{}
	for _, c := range a.Contributions {
		gives[c.Code] = c
	}
	for _, x := range m.Result.Indicators {
		if x.Area != a.Area {
			continue
		}
		c := gives[x.Code]
		out.Contributions = append(out.Contributions, report.Contribution{Name: m.title(l, x.Code), Level: LevelFigure(x), Points: c.Gives, Most: c.Gives + c.Loses, Gate: x.Gate})
	}
	return out
}

// LevelFigure is the evidenced level of an indicator as charts take it: a level, or
// the reason why there is none.
func LevelFigure(x scoring.IndicatorResult) figure.Value {
	switch x.State {
	case scoring.Assessed:
		return figure.Of(float64(*x.Evidenced))
	case scoring.NotApplicable:
		return figure.Value{State: figure.NotApplicable}
	case scoring.NotAssessed:
		return figure.Value{State: figure.NotAssessed}
	default:
		return figure.Value{State: figure.NotAssessed}
	}
}

// title is the name of an indicator.
func (m *MATOfWave) title(l *i18n.Localizer, code string) string {
	it, ok := m.Instrument.Item(code)
	if !ok {
		return code
	}
	text, _ := it.Title.In(l.Lang())
	return text
}

func priorities(l *i18n.Localizer, m *MATOfWave) ([]report.Priority, error) {
	gaps, err := scoring.Gaps(m.Result, scoring.GapOptions{})
	if err != nil {
		return nil, err
	}
	var out []report.Priority
	for _, g := range gaps[:min(priorityCount, len(gaps))] {
		reason := l.T("results.gap_level_why")
		switch {
		case g.HeldGate && g.EvidenceOnly:
			reason = l.T("results.gap_gate_why") + " " + l.T("results.gap_evidence_why")
		case g.HeldGate:
			reason = l.T("results.gap_gate_why")
		case g.EvidenceOnly:
			reason = l.T("results.gap_evidence_why")
		}
		out = append(out, report.Priority{Title: m.title(l, g.Code),
			Reason: l.T("results.from_to_level", "From", int(g.Evidenced), "To", int(g.Target)) + ". " + reason})
	}
	return out, nil
}

// evidenceAt keeps what counted at the closing of an assessment, by indicator.
func evidenceAt(pieces []storage.Evidence, a storage.Assessment) map[string][]storage.Evidence {
	out := map[string][]storage.Evidence{}
	for _, e := range pieces {
		if e, ok := standing(e, a); ok && e.Indicator != "" && !e.Revoked {
			out[e.Indicator] = append(out[e.Indicator], e)
		}
	}
	return out
}

func indicatorRows(l *i18n.Localizer, m *MATOfWave, pieces map[string][]storage.Evidence) []report.IndicatorRow {
	level := func(v *surveys.Level) *int {
		if v == nil {
			return nil
		}
		n := int(*v)
		return &n
	}
	var out []report.IndicatorRow
	for _, x := range m.Result.Indicators {
		var words []string
		for _, e := range pieces[x.Code] {
			words = append(words, l.T("report.piece", "Type", string(e.Type), "Title", e.Title, "Date", l.Date(e.Dated)))
		}
		out = append(out, report.IndicatorRow{Code: x.Code, Name: m.title(l, x.Code), Area: l.T("area." + string(x.Area)), Declared: level(x.Declared),
			Evidenced: level(x.Evidenced), NA: x.State == scoring.NotApplicable, NAReason: x.NAReason, Evidence: strings.Join(words, "; "), Renew: x.Renew, Gate: x.Gate})
	}
	return out
}

// staffReport is what may be printed of a closed questionnaire.
func staffReport(l *i18n.Localizer, r scoring.StaffResult) report.StaffResult {
	out := report.StaffResult{Done: true, Small: r.State == scoring.OnlyPooled, Few: r.State == scoring.TooFew, Eligible: r.Eligible}
	if r.State != scoring.Published {
		return out
	}
	out.Responses = r.Response.Responses
	for _, a := range r.Areas {
		row := report.StaffArea{Name: l.T("area." + string(a.Area)), Mean: privateFigure(a.Self)}
		if a.Self.Visible() {
			row.N, row.Interval = a.Self.N, rangeOf(a.Self.Interval)
			if row.Interval.Set && r.OfEveryone(a.Self) {
				row.Interval = figure.OfAll(*a.Self.Value)
			}
		}
		out.Areas = append(out.Areas, row)
	}
	return out
}

func privateFigure(f privacy.Figure) figure.Value {
	switch {
	case f.Visible():
		return figure.Of(*f.Value)
	case f.State == privacy.NotAsked:
		return figure.Value{State: figure.NotAssessed}
	default:
		return figure.Value{State: figure.Suppressed}
	}
}
