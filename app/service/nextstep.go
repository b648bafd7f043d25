package service

import (
	"traguardo/app/auth"
	"traguardo/app/storage"
)

// NextStep is the one thing to do next in an ente, for one role. The page turns
// it into words and a button.
type NextStep string

// The things to do. Those that begin with Wait and Read are for who may not do
// what comes next: they say what is awaited, or what can be read meanwhile.
const (
	NextTasks         NextStep = "tasks"
	NextSetup         NextStep = "setup"
	NextBegin         NextStep = "begin"        // open the first assessment
	NextAssess        NextStep = "assess"       // go on with it
	NextAssessClose   NextStep = "assess_close" // every indicator answered
	NextSurvey        NextStep = "survey"       // prepare the first questionnaire
	NextSurveyOpen    NextStep = "survey_open"  // prepared: open it
	NextSurveyRuns    NextStep = "survey_runs"  // open: follow the responses
	NextPlan          NextStep = "plan"
	NextPlanEdit      NextStep = "plan_edit"
	NextPlanApprove   NextStep = "plan_approve"
	NextTrackLate     NextStep = "track_late"
	NextTrack         NextStep = "track"
	NextExPost        NextStep = "expost" // begin the second measure
	NextRebegin       NextStep = "rebegin"
	NextReassess      NextStep = "reassess"
	NextReassessClose NextStep = "reassess_close"
	NextResurvey      NextStep = "resurvey"
	NextResurveyOpen  NextStep = "resurvey_open"
	NextResurveyRuns  NextStep = "resurvey_runs"
	NextImpact        NextStep = "impact"

	WaitSetup   NextStep = "wait_setup"
	WaitBegin   NextStep = "wait_begin"
	WaitAssess  NextStep = "wait_assess"
	WaitClose   NextStep = "wait_close" // all answered: the RTD closes
	WaitSurvey  NextStep = "wait_survey"
	WaitPlan    NextStep = "wait_plan"
	WaitApprove NextStep = "wait_approve"
	ReadTrack   NextStep = "read_track"
	WaitExPost  NextStep = "wait_expost"
)

// Next says what this role should do next in the ente.
func (p Percorso) Next(place Place) NextStep {
	if !place.Can(auth.AssessmentView) {
		return NextTasks
	}
	switch p.At() {
	case StepSetup:
		return can(place, auth.EnteEdit, NextSetup, WaitSetup)
	case StepExAnte:
		return p.nextExAnte(place)
	case StepResults, StepPlan:
		return p.nextPlan(place)
	case StepTrack:
		return p.nextTrack(place)
	case StepExPost:
		return p.nextExPost(place)
	case StepImpact:
		return NextImpact
	}
	return NextImpact
}

func can(place Place, a auth.Action, yes, no NextStep) NextStep {
	if place.Can(a) {
		return yes
	}
	return no
}

func answered(a storage.AssessmentProgress) bool {
	return a.Indicators > 0 && a.Answered == a.Indicators
}

func (p Percorso) nextExAnte(place Place) NextStep {
	a, s := p.ExAnte.Assessment, p.ExAnte.Survey
	switch {
	case a.State == "":
		return can(place, auth.AssessmentEdit, NextBegin, WaitBegin)
	case a.State == waveOpen && answered(a):
		return can(place, auth.AssessmentClose, NextAssessClose, WaitClose)
	case a.State != waveClosed:
		return can(place, auth.AssessmentEdit, NextAssess, WaitAssess)
	case s.State == waveOpen:
		return can(place, auth.CampaignEdit, NextSurveyRuns, WaitSurvey)
	case s.State == waveDraft:
		return can(place, auth.CampaignClose, NextSurveyOpen, WaitSurvey)
	default:
		return can(place, auth.CampaignEdit, NextSurvey, WaitSurvey)
	}
}

func (p Percorso) nextPlan(place Place) NextStep {
	switch p.Plan.State {
	case "":
		return can(place, auth.PlanEdit, NextPlan, WaitPlan)
	case "proposed":
		return can(place, auth.PlanApprove, NextPlanApprove, WaitApprove)
	default:
		return can(place, auth.PlanEdit, NextPlanEdit, WaitPlan)
	}
}

func (p Percorso) nextTrack(place Place) NextStep {
	switch {
	case !place.Can(auth.TrackEdit):
		return ReadTrack
	case p.ExPostDue():
		return NextExPost
	case p.Late > 0:
		return NextTrackLate
	default:
		return NextTrack
	}
}

func (p Percorso) nextExPost(place Place) NextStep {
	a, s := p.ExPost.Assessment, p.ExPost.Survey
	switch {
	case a.State == "":
		return can(place, auth.AssessmentEdit, NextRebegin, WaitExPost)
	case a.State == waveOpen && answered(a):
		return can(place, auth.AssessmentClose, NextReassessClose, WaitClose)
	case a.State != waveClosed:
		return can(place, auth.AssessmentEdit, NextReassess, WaitExPost)
	case s.State == waveOpen:
		return can(place, auth.CampaignEdit, NextResurveyRuns, WaitExPost)
	case s.State == waveDraft:
		return can(place, auth.CampaignClose, NextResurveyOpen, WaitExPost)
	default:
		return can(place, auth.CampaignEdit, NextResurvey, WaitExPost)
	}
}
