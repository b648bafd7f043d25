package service

import (
	"time"

	"traguardo/app/storage"
	"traguardo/surveys/privacy"
)

// Step is one of the seven steps of the percorso.
type Step string

// The steps, in the order of the loop.
const (
	StepSetup   Step = "setup"
	StepExAnte  Step = "exante"
	StepResults Step = "results"
	StepPlan    Step = "plan"
	StepTrack   Step = "track"
	StepExPost  Step = "expost"
	StepImpact  Step = "impact"
)

// Steps returns the seven steps in order. The caller owns the slice.
func Steps() []Step {
	return []Step{StepSetup, StepExAnte, StepResults, StepPlan, StepTrack, StepExPost, StepImpact}
}

// ParseStep accepts the code of a step; ok is false for all other text.
func ParseStep(s string) (step Step, ok bool) {
	for _, x := range Steps() {
		if string(x) == s {
			return x, true
		}
	}
	return "", false
}

// StepState is where one step stands. It is derived from facts, never typed.
type StepState string

// The states of a step.
const (
	StepDone    StepState = "done"
	StepCurrent StepState = "current"
	StepGoing   StepState = "going"   // begun and not ended, although a later one was begun too
	StepTodo    StepState = "todo"    // may begin
	StepBlocked StepState = "blocked" // waits for an earlier one
)

// ExPostMonths is the time that must pass between the first measure and the
// second: the items IMP-01 … IMP-06 ask to compare with six months before
// (questionnaires.md §6).
const ExPostMonths = 6

// StuckDays is how long an ente may stand on a step, with nothing done and no
// questionnaire open, before a coordinator is told. The number is ours.
const StuckDays = 60

const (
	waveDraft  = "draft"
	waveOpen   = "open"
	waveClosed = "closed"
)

// Percorso is an ente's way through the seven steps on one day.
type Percorso struct {
	storage.EnteProgress
	Late  int       // micro-progetti that should have begun or ended
	Today time.Time // calendar day in Europe/Rome
}

// AssessmentClosed reports whether the first assessment is closed: from then on
// there are results and a plan can be made.
func (p Percorso) AssessmentClosed() bool { return p.ExAnte.Assessment.State == waveClosed }

// Approved reports whether a plan was approved, also while it is being amended.
func (p Percorso) Approved() bool { return !p.Plan.ApprovedAt.IsZero() }

func bothClosed(w storage.WaveProgress) bool {
	return w.Assessment.State == waveClosed && w.Survey.State == waveClosed
}

func waveBegun(w storage.WaveProgress) bool { return w.Assessment.State != "" || w.Survey.State != "" }

// At is the step on which the ente is: the last one that somebody began and did
// not end. Results are read on the way and are never where an ente stands.
func (p Percorso) At() Step {
	switch {
	case bothClosed(p.ExPost):
		return StepImpact
	case waveBegun(p.ExPost):
		return StepExPost
	case p.Approved():
		return StepTrack
	case p.Plan.State != "" || bothClosed(p.ExAnte):
		return StepPlan
	case waveBegun(p.ExAnte) || p.Staff > 0:
		return StepExAnte
	default:
		return StepSetup
	}
}

// State derives the state of one step.
func (p Percorso) State(s Step) StepState {
	if s == p.At() && s != StepImpact {
		return StepCurrent
	}
	pick := func(done, blocked bool) StepState {
		switch {
		case done:
			return StepDone
		case blocked:
			return StepBlocked
		default:
			return StepTodo
		}
	}
	switch s {
	case StepSetup:
		return pick(p.Staff > 0, false)
	case StepExAnte:
		return pick(bothClosed(p.ExAnte), false)
	case StepResults:
		return pick(p.AssessmentClosed() || p.ExAnte.Survey.State == waveClosed, true)
	case StepPlan:
		return pick(p.Approved(), !p.AssessmentClosed())
	case StepTrack:
		if p.Approved() && p.Plan.Finished > 0 && p.Plan.Finished < p.Plan.Projects {
			return StepGoing
		}
		return pick(p.Approved() && p.Plan.Projects > 0 && p.Plan.Finished == p.Plan.Projects, !p.Approved())
	case StepExPost:
		return pick(bothClosed(p.ExPost), p.ExPostFrom().IsZero())
	case StepImpact:
		return pick(bothClosed(p.ExPost), true)
	}
	return StepBlocked
}

// ResultsAt is when the first results came to be; zero when there are none.
func (p Percorso) ResultsAt() time.Time {
	a, s := p.ExAnte.Assessment.ClosedAt, p.ExAnte.Survey.ClosedAt
	if a.IsZero() || (!s.IsZero() && s.Before(a)) {
		return s
	}
	return a
}

// ExPostFrom is the first day on which a second measure makes sense: six months
// after the first was closed. Zero while that one goes on.
func (p Percorso) ExPostFrom() time.Time {
	if !p.AssessmentClosed() || p.ExAnte.Survey.State == waveOpen || p.ExAnte.Survey.State == waveDraft {
		return time.Time{}
	}
	last := latestOf(p.ExAnte.Assessment.ClosedAt, p.ExAnte.Survey.ClosedAt)
	return time.Date(last.Year(), last.Month()+ExPostMonths, last.Day(), 0, 0, 0, 0, time.UTC)
}

// ExPostDue reports whether the second measure should begin: its day has come
// and something of the plan was carried out.
func (p Percorso) ExPostDue() bool {
	from := p.ExPostFrom()
	return !waveBegun(p.ExPost) && p.Approved() && p.Plan.Finished > 0 && !from.IsZero() && !p.Today.Before(from)
}

// LastMove is the last day on which something of the percorso was done.
func (p Percorso) LastMove() time.Time {
	last := p.CreatedAt
	for _, w := range []storage.WaveProgress{p.ExAnte, p.ExPost} {
		last = latestOf(last, w.Assessment.OpenedAt, w.Assessment.ClosedAt, w.Survey.CreatedAt, w.Survey.OpenedAt, w.Survey.ClosedAt)
	}
	return latestOf(last, p.Plan.CreatedAt, p.Plan.ApprovedAt, p.Plan.MovedAt, p.ImpactAt)
}

// StuckFor returns for how many days nothing was done; 0 when the ente is not
// stuck: less than StuckDays, a questionnaire open, or the loop ended.
func (p Percorso) StuckFor() int {
	days := int(p.Today.Sub(p.LastMove()).Hours() / 24)
	if days < StuckDays || p.At() == StepImpact || p.ExAnte.Survey.State == waveOpen || p.ExPost.Survey.State == waveOpen {
		return 0
	}
	return days
}

// OpenRate is the response rate of an open questionnaire as far as it may be
// told, in percent, rounded down to tens (questionnaires.md §8); ok is false when
// it is not open or too few people were asked.
func OpenRate(w storage.SurveyProgress) (percent int, ok bool) {
	if w.State != waveOpen {
		return 0, false
	}
	return privacy.OpenRate(w.Used, w.Eligible)
}

func latestOf(times ...time.Time) time.Time {
	var last time.Time
	for _, t := range times {
		if t.After(last) {
			last = t
		}
	}
	return last
}
