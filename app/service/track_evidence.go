package service

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"traguardo/app/auth"
	"traguardo/app/storage"
	"traguardo/plans"
	"traguardo/plans/pti"
	"traguardo/surveys"
)

// keepEvidence checks and stores a piece with its file; the caller has the right to.
func (s *Service) keepEvidence(ctx context.Context, tx *storage.Store, actor auth.Actor, p Place, in EvidenceInput, indicator string, project surveys.ID) (surveys.ID, error) {
	if err := in.check(s.Today()); err != nil {
		return "", err
	}
	e := storage.Evidence{Evidence: surveys.Evidence{Type: in.Type, Dated: in.Dated, ValidUntil: in.ValidUntil}, EnteID: p.Ente.ID, Indicator: indicator,
		ProjectID: project, Kind: in.kind(), Title: in.Title, URL: in.URL, ActType: in.ActType, ActNumber: in.ActNumber,
		AddedBy: actor.UserID, AddedRole: firstRole(p), AddedAt: s.clock()}
	var err error
	if in.File != nil {
		if e.FileID, err = s.storeUpload(ctx, tx, actor, p.Ente.ID, *in.File); err != nil {
			return "", err
		}
	}
	if e.ID, err = s.newID(); err != nil {
		return "", err
	}
	return e.ID, tx.AddEvidence(ctx, e)
}

// actsOn refuses an indicator that the micro-progetto does not act on; empty is
// none and always fits.
func actsOn(m plans.MicroProject, indicator string) error {
	if indicator != "" && !slices.ContainsFunc(m.Effects, func(e plans.Effect) bool { return e.Indicator == indicator }) {
		return Invalid("indicatore", "form.choice")
	}
	return nil
}

// AddProjectEvidence attaches a piece to a micro-progetto, and to one of the
// indicators that it acts on when indicator is not empty.
func (s *Service) AddProjectEvidence(ctx context.Context, actor auth.Actor, ente, project surveys.ID, indicator string, in EvidenceInput) error {
	return s.changeIn(ctx, actor, ente, auth.TrackEdit, func(tx *storage.Store, p Place) (Change, error) {
		r, err := s.approvedProject(ctx, tx, ente, project)
		if err != nil {
			return Change{}, err
		}
		if err := actsOn(r.Project, indicator); err != nil {
			return Change{}, err
		}
		id, err := s.keepEvidence(ctx, tx, actor, p, in, indicator, project)
		return Change{Action: "project.evidence", Subject: projectSubject(project),
			Detail: map[string]string{"evidence": id.String(), "type": string(in.Type), "indicator": indicator}}, err
	})
}

// AddTaskEvidence attaches a piece to the micro-progetto of a task of the actor's office.
func (s *Service) AddTaskEvidence(ctx context.Context, actor auth.Actor, ente, task surveys.ID, in EvidenceInput) error {
	return s.changeTask(ctx, actor, ente, task, auth.TaskUpdate, "project.evidence", func(tx *storage.Store, p Place, t *storage.Task) error {
		_, err := s.keepEvidence(ctx, tx, actor, p, in, "", t.ProjectID)
		return err
	})
}

// ServeIndicator says that a piece of a micro-progetto also proves one of the
// indicators that it acts on; empty takes that back.
func (s *Service) ServeIndicator(ctx context.Context, actor auth.Actor, ente, project, evidence surveys.ID, indicator string) error {
	detail := map[string]string{"evidence": evidence.String(), "indicator": indicator}
	return s.changeProject(ctx, actor, ente, project, "project.indicator", detail, func(tx *storage.Store, r storage.ProjectRecord) error {
		if err := actsOn(r.Project, indicator); err != nil {
			return err
		}
		return tx.ServesIndicator(ctx, ente, project, evidence, indicator)
	})
}

// RevokeProjectEvidence makes a piece of a micro-progetto count no more; withFile
// also deletes its file for good. storage.ErrStale: it was revoked already.
func (s *Service) RevokeProjectEvidence(ctx context.Context, actor auth.Actor, ente, project, evidence surveys.ID, withFile bool) error {
	detail := map[string]any{"evidence": evidence.String(), "file_deleted": withFile}
	return s.changeProject(ctx, actor, ente, project, "project.revoke", detail, func(tx *storage.Store, _ storage.ProjectRecord) error {
		e, err := tx.Evidence(ctx, ente, evidence)
		if err != nil {
			return err
		}
		if e.ProjectID != project {
			return fmt.Errorf("evidence %s of %s: %w", evidence, project, storage.ErrNotFound)
		}
		return revokePiece(ctx, tx, s, e, withFile)
	})
}

// RevokeTaskEvidence takes back a piece that the actor added to the micro-progetto
// of a task.
func (s *Service) RevokeTaskEvidence(ctx context.Context, actor auth.Actor, ente, task, evidence surveys.ID) error {
	return s.changeTask(ctx, actor, ente, task, auth.TaskUpdate, "project.revoke", func(tx *storage.Store, _ Place, t *storage.Task) error {
		e, err := tx.Evidence(ctx, ente, evidence)
		if err != nil {
			return err
		}
		if e.ProjectID != t.ProjectID || e.AddedBy != actor.UserID {
			return fmt.Errorf("evidence %s of task %s: %w", evidence, task, storage.ErrNotFound)
		}
		return revokePiece(ctx, tx, s, e, true)
	})
}

func revokePiece(ctx context.Context, tx *storage.Store, s *Service, e storage.Evidence, withFile bool) error {
	if err := tx.RevokeEvidence(ctx, e.EnteID, e.ID, s.clock()); err != nil {
		return err
	}
	if withFile && e.FileID != "" {
		return tx.RemoveFile(ctx, e.EnteID, e.FileID)
	}
	return nil
}

// TaskFile reads a file that the actor may see from a task: one of its
// micro-progetto for RTD and UTD, one's own for an office contact.
func (s *Service) TaskFile(ctx context.Context, actor auth.Actor, ente, task, file surveys.ID) (storage.File, error) {
	v, err := s.TaskOf(ctx, actor, ente, task)
	if err != nil {
		return storage.File{}, err
	}
	if !slices.ContainsFunc(v.Evidence, func(e storage.Evidence) bool { return e.FileID == file }) {
		return storage.File{}, fmt.Errorf("file %s of task %s: %w", file, task, storage.ErrNotFound)
	}
	return s.store.File(ctx, ente, file)
}

// AddPTIEvidence stores a piece of no indicator and no micro-progetto and ties it
// to a line or a yearly duty: what the Comune had done before any project.
func (s *Service) AddPTIEvidence(ctx context.Context, actor auth.Actor, ente surveys.ID, subject string, in EvidenceInput) error {
	return s.changeIn(ctx, actor, ente, auth.TrackEdit, func(tx *storage.Store, p Place) (Change, error) {
		e, err := s.subjectIn(p, subject)
		if err != nil {
			return Change{}, err
		}
		id, err := s.keepEvidence(ctx, tx, actor, p, in, "", "")
		if err != nil {
			return Change{}, err
		}
		return Change{Action: "pti.tie", Subject: lineSubject(e, subject), Detail: map[string]string{"evidence": id.String(), "type": string(in.Type)}},
			tx.TieEvidence(ctx, ente, e.ID, subject, id, actor.UserID, s.clock())
	})
}

// DutyView is one yearly duty of one year with what settles it.
type DutyView struct {
	Place   Place
	Edition *pti.Edition
	Today   plans.Date
	Day     CalendarDay
	Tied    []storage.Evidence // tied to the duty of this year
	Offered []storage.Evidence // other evidence of its indicators, dated in the twelve months before the day
	History []storage.NamedAudit
}

// DutyOf shows one yearly duty. storage.ErrNotFound: no such duty of this ente
// within two years of today.
func (s *Service) DutyOf(ctx context.Context, actor auth.Actor, ente surveys.ID, obligation string, year int) (DutyView, error) {
	p, err := s.Place(ctx, actor, ente, auth.TrackView)
	if err != nil {
		return DutyView{}, err
	}
	g, err := s.ptiGround(ctx, s.store, p)
	if err != nil {
		return DutyView{}, err
	}
	id := "obligation/" + obligation + "/" + strconv.Itoa(year)
	if _, err := s.subjectIn(p, id); err != nil {
		return DutyView{}, err
	}
	v := DutyView{Place: p, Edition: g.edition, Today: s.today()}
	for _, d := range s.duties(g) {
		if d.Due.ID == id {
			v.Day = d
		}
	}
	if v.Day.Due == nil {
		return v, fmt.Errorf("duty %s: %w", id, storage.ErrNotFound)
	}
	all, err := s.store.EvidenceOf(ctx, ente)
	if err != nil {
		return v, err
	}
	since := v.Day.Date.AddDays(-calendarBehind).Time()
	for _, e := range all {
		switch {
		case slices.ContainsFunc(v.Day.Proofs, func(f pti.EvidenceFact) bool { return f.ID == e.ID.String() }):
			v.Tied = append(v.Tied, e)
		case e.Kind != storage.EvidenceNote && slices.Contains(v.Day.Due.Indicators, e.Indicator) && e.Dated.After(since):
			v.Offered = append(v.Offered, e)
		}
	}
	v.History, err = s.store.AuditOf(ctx, ente, lineSubject(g.edition, id), historyLimit)
	return v, err
}

// duties are the yearly duties within two years of today, as days of the calendar.
func (s *Service) duties(g ground) []CalendarDay {
	today := s.today()
	var out []CalendarDay
	for _, due := range g.edition.Calendar(g.facts, today.AddDays(-2*366), today.AddDays(2*366), g.indicators) {
		if due.Kind == pti.DueYearly {
			d := CalendarDay{Date: due.Date, Due: &due, Proofs: proofsOf(g.situation, due, today)}
			d.State = dayState(d, today)
			out = append(out, d)
		}
	}
	return out
}
