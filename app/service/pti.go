package service

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/plans"
	"traguardo/plans/pti"
	"traguardo/surveys"
)

// MaxReasonText is the longest written reason or note of the tracking, in characters.
const MaxReasonText = 2000

// PTILine is one line of action as it stands for an ente.
type PTILine struct {
	pti.Binding
	Status     pti.Status
	Indicators []string // MAT indicators that name it; none for a line that no indicator names
}

// PTIView is the Piano triennale as it stands for an ente today.
type PTIView struct {
	Place    Place
	Edition  *pti.Edition // shared: nobody may change it
	Today    plans.Date
	Lines    []PTILine       // every line of the edition, in its order, those that bind nobody included
	Open     []pti.Question  // conditions that wait for an answer
	Answers  map[string]bool // answers given, by id of the condition
	PlanOnly plans.PlanState // state of a plan that was never approved: its lines do not count as planned; else empty
}

// today is the calendar day in Europe/Rome.
func (s *Service) today() plans.Date { return plans.DateOf(s.Today()) }

// ground is what the states of lines are derived from, read once.
type ground struct {
	edition    *pti.Edition
	facts      pti.Facts
	situation  pti.Situation
	indicators map[string][]string
	plan       storage.PlanRecord // zero without a plan
	exclusions []storage.LineExclusion
	proofs     map[surveys.ID][]plans.Date // days of the evidence of each micro-progetto
}

// ptiGround reads everything that lines and calendar of an ente are derived
// from, in three queries.
func (s *Service) ptiGround(ctx context.Context, st *storage.Store, p Place) (ground, error) {
	edition, err := s.edition(p.Ente.PTIEdition)
	if err != nil {
		return ground{}, err
	}
	marks, err := st.PTIMarks(ctx, p.Ente.ID, edition.ID, s.today())
	if err != nil {
		return ground{}, err
	}
	plan, err := st.Plan(ctx, p.Ente.ID)
	if err != nil && !errors.Is(err, storage.ErrNotFound) {
		return ground{}, err
	}
	return s.groundOf(p, edition, marks, plan)
}

// groundOf joins what was read; a zero plan: the ente has none.
func (s *Service) groundOf(p Place, edition *pti.Edition, marks storage.PTIMarks, plan storage.PlanRecord) (ground, error) {
	g := ground{edition: edition, facts: pti.FactsOf(p.Ente, marks.Answers), exclusions: marks.Exclusions, proofs: marks.Proofs, plan: plan,
		situation: pti.Situation{AsOf: s.today(), Excluded: s.excluded(marks), Evidence: marks.Tied}}
	var err error
	if g.indicators, err = s.lineIndicators(); err != nil {
		return g, err
	}
	g.situation.Projects, err = s.projectFacts(plan, g.proofs)
	return g, err
}

// excluded are the lines that an ente took out by hand, by code.
func (s *Service) excluded(m storage.PTIMarks) map[string]pti.Exclusion {
	out := map[string]pti.Exclusion{}
	for _, x := range m.Exclusions {
		out[x.Line] = pti.Exclusion{Reason: x.Reason, On: plans.DateOf(x.SetAt.In(s.rome))}
	}
	return out
}

// projectFacts turns the micro-progetti that count into what lines need of them.
func (s *Service) projectFacts(rec storage.PlanRecord, proofs map[surveys.ID][]plans.Date) ([]pti.ProjectFact, error) {
	records, err := trackedRecords(rec)
	if err != nil || len(records) == 0 {
		return nil, err
	}
	out := make([]pti.ProjectFact, 0, len(records))
	for i := range records {
		m := &records[i].Project
		out = append(out, pti.ProjectFact{ID: m.ID.String(), Title: m.Title, State: m.StateOn(s.today()), Lines: m.Lines, Helps: m.HelpsLines,
			EvidenceDates: proofs[m.ID], PlannedEnd: m.End().Last()})
	}
	return out, nil
}

// trackedRecords are the micro-progetti that count: those of the last approved
// version and those to which something happened. A draft that nobody approved
// plans nothing yet.
func trackedRecords(rec storage.PlanRecord) ([]storage.ProjectRecord, error) {
	var last plans.Version
	if n := len(rec.Plan.Versions); n > 0 {
		last = rec.Plan.Versions[n-1]
	}
	approved, err := approvedIDs(last)
	if err != nil {
		return nil, fmt.Errorf("plan %s: %w", rec.Plan.ID, err)
	}
	var out []storage.ProjectRecord
	for _, r := range rec.Records {
		if len(r.Project.Facts) > 0 || (r.In && approved[r.Project.ID]) {
			out = append(out, r)
		}
	}
	return out, nil
}

// approvedIDs are the micro-progetti of an approved version, none for the zero one.
func approvedIDs(v plans.Version) (map[surveys.ID]bool, error) {
	approved := map[surveys.ID]bool{}
	if v.Number == 0 {
		return approved, nil
	}
	content, err := v.Content()
	if err != nil {
		return nil, err
	}
	for _, sheet := range content.Sheets {
		approved[sheet.ID] = true
	}
	return approved, nil
}

func (g ground) lines() []PTILine {
	bindings := g.edition.Bind(g.facts)
	states := pti.States(bindings, g.situation)
	out := make([]PTILine, len(bindings))
	for i, b := range bindings {
		out[i] = PTILine{Binding: b, Status: states[i], Indicators: g.indicators[b.Line.Code]}
	}
	return out
}

// PTI derives every line of the edition in force for an ente, today.
func (s *Service) PTI(ctx context.Context, actor auth.Actor, ente surveys.ID) (PTIView, error) {
	p, err := s.Place(ctx, actor, ente, auth.TrackView)
	if err != nil {
		return PTIView{}, err
	}
	g, err := s.ptiGround(ctx, s.store, p)
	if err != nil {
		return PTIView{}, err
	}
	v := PTIView{Place: p, Edition: g.edition, Today: s.today(), Lines: g.lines(), Open: g.edition.Questions(g.facts), Answers: g.facts.Conditions}
	if g.plan.Plan.ID != "" && len(g.plan.Plan.Versions) == 0 {
		v.PlanOnly = g.plan.Plan.State
	}
	return v, nil
}

// AnswerCondition records what the ente answers to a condition that the registry
// cannot tell; nil takes the answer back. InvalidError for a condition that the
// edition does not ask.
func (s *Service) AnswerCondition(ctx context.Context, actor auth.Actor, ente surveys.ID, condition string, answer *bool) error {
	return s.changeIn(ctx, actor, ente, auth.TrackEdit, func(tx *storage.Store, p Place) (Change, error) {
		e, err := s.edition(p.Ente.PTIEdition)
		if err != nil {
			return Change{}, err
		}
		c := Change{Action: "pti.answer", Subject: "pti:" + e.ID + "/" + condition, Detail: map[string]any{"condition": condition, "answer": answer}}
		if _, ok := e.Condition(condition); !ok {
			return c, Invalid("risposta", "form.choice")
		}
		if answer == nil {
			return c, tx.ForgetCondition(ctx, ente, e.ID, condition)
		}
		return c, tx.AnswerCondition(ctx, ente, e.ID, condition, *answer, actor.UserID, s.clock())
	})
}

// lineIn finds a line that may concern the ente. storage.ErrNotFound: the edition
// has no such line.
func (s *Service) lineIn(p Place, code string) (*pti.Edition, error) {
	e, err := s.edition(p.Ente.PTIEdition)
	if err != nil {
		return nil, err
	}
	if _, ok := e.Line(code); !ok {
		return nil, fmt.Errorf("line %s of %s: %w", code, e.ID, storage.ErrNotFound)
	}
	return e, nil
}

// ExcludeLine declares by hand that a line does not apply to the ente, with its
// reason. InvalidError without a reason; storage.ErrConflict: it is out already.
func (s *Service) ExcludeLine(ctx context.Context, actor auth.Actor, ente surveys.ID, code, reason string) error {
	reason = strings.TrimSpace(reason)
	return s.changeIn(ctx, actor, ente, auth.TrackEdit, func(tx *storage.Store, p Place) (Change, error) {
		e, err := s.lineIn(p, code)
		if err != nil {
			return Change{}, err
		}
		if err := checkReason("motivo", reason); err != nil {
			return Change{}, err
		}
		x := storage.LineExclusion{Line: code, Reason: reason, SetBy: actor.UserID, SetAt: s.clock()}
		return Change{Action: "pti.exclude", Subject: lineSubject(e, code)}, tx.ExcludeLine(ctx, ente, e.ID, x)
	})
}

// IncludeLine undoes ExcludeLine. storage.ErrNotFound: the line is not out.
func (s *Service) IncludeLine(ctx context.Context, actor auth.Actor, ente surveys.ID, code string) error {
	return s.changeIn(ctx, actor, ente, auth.TrackEdit, func(tx *storage.Store, p Place) (Change, error) {
		e, err := s.lineIn(p, code)
		if err != nil {
			return Change{}, err
		}
		return Change{Action: "pti.include", Subject: lineSubject(e, code)}, tx.IncludeLine(ctx, ente, e.ID, code)
	})
}

func lineSubject(e *pti.Edition, code string) string { return "pti:" + e.ID + "/" + code }

// checkReason refuses an empty or endless written reason.
func checkReason(field, reason string) error {
	switch {
	case strings.TrimSpace(reason) == "":
		return Invalid(field, "track.fault_reason")
	case utf8.RuneCountInString(reason) > MaxReasonText:
		return Invalid(field, "track.fault_long", "Max", MaxReasonText)
	}
	return nil
}
