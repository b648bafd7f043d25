package service

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/plans"
	"traguardo/surveys"
)

// MaxTrackTitle is the longest title of a milestone or a task, in characters.
const MaxTrackTitle = 200

// FactInput is a step of a micro-progetto as it was typed.
type FactInput struct {
	Kind    plans.FactKind
	On      plans.Date
	Reason  string // required by suspend, reopen, cancel; and by finish without evidence
	Version int    // version of the micro-progetto that the page showed; 0: any
}

// RecordFact writes that something happened to a micro-progetto of an approved
// plan. To finish needs evidence or a reason; to check is for the RTD and needs
// evidence. plans.ErrTransition: the state does not allow it; storage.ErrStale:
// somebody was faster.
func (s *Service) RecordFact(ctx context.Context, actor auth.Actor, ente, project surveys.ID, in FactInput) error {
	in.Reason = strings.TrimSpace(in.Reason)
	return s.changeIn(ctx, actor, ente, actionOf(in.Kind), func(tx *storage.Store, _ Place) (Change, error) {
		rec, err := s.approvedProject(ctx, tx, ente, project)
		if err != nil {
			return Change{}, err
		}
		if in.Version > 0 && in.Version != rec.Version {
			return Change{}, fmt.Errorf("micro-progetto %s: %w", project, storage.ErrStale)
		}
		evidence, err := tx.ProjectEvidence(ctx, ente, project)
		if err != nil {
			return Change{}, err
		}
		m := rec.Project
		m.Evidence = domainEvidence(evidence)
		if in.Kind == plans.FactFinish && len(m.Evidence) == 0 && in.Reason == "" && slices.Contains(m.Allowed(), in.Kind) {
			return Change{}, Invalid("motivo", "track.fault_finish")
		}
		if utf8.RuneCountInString(in.Reason) > MaxReasonText {
			return Change{}, Invalid("motivo", "track.fault_long", "Max", MaxReasonText)
		}
		fact := plans.Fact{Kind: in.Kind, On: in.On, Recorded: s.today(), By: actor.ID(), Reason: in.Reason}
		if err := m.Record(fact); err != nil {
			return Change{}, factFault(err, &m)
		}
		return Change{Action: "project." + string(in.Kind), Subject: projectSubject(project), Detail: map[string]any{"on": in.On.String()}},
			tx.SaveFacts(ctx, ente, m, rec.Version, s.clock())
	})
}

// factFault turns what the domain refuses into faults of the form.
func factFault(err error, m *plans.MicroProject) error {
	switch {
	case errors.Is(err, plans.ErrReason):
		return Invalid("motivo", "track.fault_reason")
	case errors.Is(err, plans.ErrEvidence):
		return Invalid("", "track.fault_evidence")
	case errors.Is(err, plans.ErrDate) && len(m.Facts) > 0:
		return Invalid("giorno", "track.fault_day_after", "Day", m.Facts[len(m.Facts)-1].On.Italian())
	case errors.Is(err, plans.ErrDate):
		return Invalid("giorno", "track.fault_day")
	}
	return err
}

// approvedProject finds a micro-progetto that may be tracked. storage.ErrNotFound:
// not of this ente; plans.ErrTransition: its plan was never approved.
func (s *Service) approvedProject(ctx context.Context, tx *storage.Store, ente, id surveys.ID) (storage.ProjectRecord, error) {
	r, err := tx.Project(ctx, ente, id)
	if err != nil || len(r.Project.Facts) > 0 {
		return r, err
	}
	last, err := tx.LastPlanVersion(ctx, ente)
	if err != nil && !errors.Is(err, storage.ErrNotFound) {
		return storage.ProjectRecord{}, err
	}
	approved, err := approvedIDs(last)
	if err != nil {
		return storage.ProjectRecord{}, err
	}
	if !r.In || !approved[id] {
		return storage.ProjectRecord{}, fmt.Errorf("%w: micro-progetto %s is in no approved plan", plans.ErrTransition, id)
	}
	return r, nil
}

// changeProject is changeIn for a part of a micro-progetto that may be tracked.
func (s *Service) changeProject(ctx context.Context, actor auth.Actor, ente, project surveys.ID, action string, detail any,
	fn func(tx *storage.Store, r storage.ProjectRecord) error) error {
	return s.changeIn(ctx, actor, ente, auth.TrackEdit, func(tx *storage.Store, _ Place) (Change, error) {
		r, err := s.approvedProject(ctx, tx, ente, project)
		if err != nil {
			return Change{}, err
		}
		return Change{Action: action, Subject: projectSubject(project), Detail: detail}, fn(tx, r)
	})
}

// AddMilestone adds a dated point to a micro-progetto.
func (s *Service) AddMilestone(ctx context.Context, actor auth.Actor, ente, project surveys.ID, title string, due plans.Date) error {
	title = strings.TrimSpace(title)
	return s.changeProject(ctx, actor, ente, project, "milestone.add", map[string]string{"due": due.String()}, func(tx *storage.Store, _ storage.ProjectRecord) error {
		var f faults
		f.title("tappa", title)
		if due.IsZero() {
			f.add("entro", "form.date")
		}
		if err := f.err(); err != nil {
			return err
		}
		id, err := s.newID()
		if err != nil {
			return err
		}
		return tx.AddMilestone(ctx, ente, project, plans.Milestone{ID: id, Title: title, Due: due})
	})
}

// title refuses an empty or endless title.
func (f *faults) title(field, title string) {
	switch {
	case title == "":
		f.add(field, "form.required")
	case utf8.RuneCountInString(title) > MaxTrackTitle:
		f.add(field, "track.fault_long", "Max", MaxTrackTitle)
	}
}

// ReachMilestone notes that a milestone was reached; the zero day takes it back.
func (s *Service) ReachMilestone(ctx context.Context, actor auth.Actor, ente, project, id surveys.ID, on plans.Date) error {
	action := "milestone.reach"
	if on.IsZero() {
		action = "milestone.reopen"
	}
	return s.changeProject(ctx, actor, ente, project, action, map[string]string{"on": on.String()}, func(tx *storage.Store, _ storage.ProjectRecord) error {
		if on.After(s.today()) {
			return Invalid("giorno", "track.fault_day")
		}
		return tx.ReachMilestone(ctx, ente, project, id, on)
	})
}

// RemoveMilestone deletes a milestone.
func (s *Service) RemoveMilestone(ctx context.Context, actor auth.Actor, ente, project, id surveys.ID) error {
	return s.changeProject(ctx, actor, ente, project, "milestone.remove", nil, func(tx *storage.Store, _ storage.ProjectRecord) error {
		return tx.RemoveMilestone(ctx, ente, project, id)
	})
}

// ProposeMilestones adds the steps of the catalogue as milestones, one after the
// other by their typical weeks from the day on which the micro-progetto began, or
// from the first day of its quarter. InvalidError when there are milestones
// already or the catalogue has no steps for it.
func (s *Service) ProposeMilestones(ctx context.Context, actor auth.Actor, ente, project surveys.ID) error {
	return s.changeProject(ctx, actor, ente, project, "milestone.propose", nil, func(tx *storage.Store, r storage.ProjectRecord) error {
		track, err := tx.Track(ctx, ente, project)
		if err != nil {
			return err
		}
		steps, err := s.stepsOf(r.Project.Template)
		if err != nil {
			return err
		}
		if len(steps) == 0 || len(track.Milestones[project]) > 0 {
			return Invalid("", "track.fault_no_steps")
		}
		day := r.Project.Start.First()
		if f, ok := r.Project.LastFact(plans.FactStart); ok {
			day = f.On
		}
		for _, step := range steps {
			day = day.AddDays(7 * step.Weeks)
			id, err := s.newID()
			if err != nil {
				return err
			}
			if err := tx.AddMilestone(ctx, ente, project, plans.Milestone{ID: id, Title: step.Do, Due: day}); err != nil {
				return err
			}
		}
		return nil
	})
}

// ExpenseInput is a movement of money as it was typed. Cents is positive; Correct
// takes it off what was recorded before.
type ExpenseInput struct {
	Kind    plans.ExpenseKind
	Cents   plans.Cents
	Correct bool
	Date    plans.Date
	Source  plans.Source
	CUP     string
	Note    string
}

// AddExpense records a movement of money of a micro-progetto. Spending over the
// budget is shown, never refused.
func (s *Service) AddExpense(ctx context.Context, actor auth.Actor, ente, project surveys.ID, in ExpenseInput) error {
	in.CUP, in.Note = strings.ToUpper(strings.TrimSpace(in.CUP)), strings.TrimSpace(in.Note)
	detail := map[string]any{"kind": in.Kind, "cents": in.signed(), "on": in.Date.String(), "source": in.Source}
	return s.changeProject(ctx, actor, ente, project, "expense.add", detail, func(tx *storage.Store, r storage.ProjectRecord) error {
		track, err := tx.Track(ctx, ente, project)
		if err != nil {
			return err
		}
		m := r.Project
		m.Expenses = track.Expenses[project]
		if in.CUP != "" && !validCUP(in.CUP) {
			return Invalid("cup", "track.fault_cup")
		}
		if utf8.RuneCountInString(in.Note) > MaxReasonText {
			return Invalid("nota", "track.fault_long", "Max", MaxReasonText)
		}
		id, err := s.newID()
		if err != nil {
			return err
		}
		e := plans.Expense{ID: id, Kind: in.Kind, Cents: in.signed(), Date: in.Date, Source: in.Source, CUP: in.CUP, Note: in.Note}
		if err := m.AddExpense(e, s.today()); err != nil {
			return expenseFault(err, in)
		}
		return tx.AddExpense(ctx, ente, project, e, actor.UserID, s.clock())
	})
}

func (in ExpenseInput) signed() plans.Cents {
	if in.Correct {
		return -in.Cents
	}
	return in.Cents
}

func expenseFault(err error, in ExpenseInput) error {
	switch {
	case errors.Is(err, plans.ErrReason):
		return Invalid("nota", "track.fault_correction_note")
	case errors.Is(err, plans.ErrDate):
		return Invalid("giorno", "track.fault_day")
	case errors.Is(err, plans.ErrInvalid) && in.Correct:
		return Invalid("importo", "track.fault_correction")
	case errors.Is(err, plans.ErrInvalid):
		return Invalid("importo", "track.fault_amount")
	}
	return err
}

// validCUP reports whether a CUP has the form of one: 15 capital letters and digits.
func validCUP(cup string) bool {
	return len(cup) == 15 && strings.IndexFunc(cup, func(r rune) bool { return !(r >= 'A' && r <= 'Z' || r >= '0' && r <= '9') }) < 0
}
