package auth

import "slices"

// Action is something that a user can do; every page and every form is one.
type Action string

// The actions. Each service method asks for exactly one of them.
const (
	SystemUsers      Action = "system.users"      // accounts and roles
	SystemStatus     Action = "system.status"     // configuration, mail queue, audit trail
	SystemImport     Action = "system.import"     // registry, PTI, PA digitale
	EnteCreate       Action = "ente.create"       // a new ente from the registry
	ProgrammeCreate  Action = "programme.create"  //
	ProgrammeView    Action = "programme.view"    // matrix of its Comuni
	ProgrammeEdit    Action = "programme.edit"    // enrol enti
	ProgrammeItems   Action = "programme.items"   // analysis of the questions over its Comuni
	ProgrammeWave    Action = "programme.wave"    // prepare a wave of the staff survey in its Comuni
	EnteView         Action = "ente.view"         // percorso, results, plan, reports
	EnteEdit         Action = "ente.edit"         // data, offices, staff list
	EnteUsers        Action = "ente.users"        // who has which role in the ente
	AssessmentView   Action = "assessment.view"   //
	AssessmentEdit   Action = "assessment.edit"   // ratings and evidence
	AssessmentReview Action = "assessment.review" // E5: check of evidence by who did not edit
	AssessmentClose  Action = "assessment.close"  // act of the RTD
	CampaignView     Action = "campaign.view"     // response rate, never answers
	CampaignEdit     Action = "campaign.edit"     // create, invite, print letters
	CampaignClose    Action = "campaign.close"    // open and close a wave
	TextsName        Action = "texts.name"        // who reads the free texts of a wave
	TextsReview      Action = "texts.review"      // read, release and withhold them: the person named and nobody else
	PlanView         Action = "plan.view"         //
	PlanEdit         Action = "plan.edit"         //
	PlanApprove      Action = "plan.approve"      // act and date
	TrackView        Action = "track.view"        //
	TrackEdit        Action = "track.edit"        // states, milestones, money
	TrackCheck       Action = "track.check"       // verification of what was handed over
	TaskUpdate       Action = "task.update"       // tasks and evidence of one's office
	ReportIssue      Action = "report.issue"      //
	ResultsExport    Action = "results.export"    // figures as files for other programs; what pages show and nothing else
)

// table is the one permission table: which roles may do what. Admin and System
// are dealt with in Can. A role that is not listed may not.
func table(a Action) []Role {
	edit := []Role{Facilitator, RTD, UTD}
	look := []Role{Coordinator, Facilitator, RTD, UTD, Viewer}
	all := []Role{Coordinator, Facilitator, RTD, UTD, Office, Viewer}
	switch a {
	case SystemUsers, SystemStatus, SystemImport, ProgrammeCreate:
		return nil
	case EnteCreate, ProgrammeEdit, ProgrammeWave:
		return []Role{Coordinator}
	case ProgrammeItems:
		return []Role{Coordinator}
	case ProgrammeView:
		return []Role{Coordinator, Facilitator}
	case EnteView:
		return all
	case EnteEdit, CampaignEdit, AssessmentEdit, PlanEdit, TrackEdit:
		return edit
	case EnteUsers:
		return []Role{RTD, Coordinator}
	case AssessmentReview:
		return []Role{Coordinator, Facilitator}
	case AssessmentClose, CampaignClose, TextsName, PlanApprove, TrackCheck:
		return []Role{RTD}
	case AssessmentView, CampaignView, TextsReview, PlanView, TrackView:
		return look
	case TaskUpdate:
		return append(edit, Office)
	case ReportIssue:
		return look
	case ResultsExport:
		return []Role{Coordinator, RTD}
	default:
		return nil
	}
}

// Actions lists every action, for the test and the page of the permission table.
func Actions() []Action {
	return []Action{SystemUsers, SystemStatus, SystemImport, EnteCreate, ProgrammeCreate, ProgrammeView, ProgrammeEdit, ProgrammeItems, ProgrammeWave,
		EnteView, EnteEdit, EnteUsers, AssessmentView, AssessmentEdit, AssessmentReview, AssessmentClose, CampaignView,
		CampaignEdit, CampaignClose, TextsName, TextsReview, PlanView, PlanEdit, PlanApprove, TrackView, TrackEdit, TrackCheck, TaskUpdate, ReportIssue, ResultsExport}
}

// OfSystem reports whether the action belongs to the administrator of the
// system and not to an ente or a programme.
func (a Action) OfSystem() bool {
	switch a {
	case SystemUsers, SystemStatus, SystemImport, EnteCreate, ProgrammeCreate, EnteUsers, ProgrammeEdit:
		return true
	default:
		return false
	}
}

// Can reports whether one of roles may do a. admin adds the system's actions
// and nothing of what an ente wrote or measured.
func Can(a Action, roles []Role, admin bool) bool {
	if admin && a.OfSystem() {
		return true
	}
	return slices.ContainsFunc(roles, func(r Role) bool { return slices.Contains(table(a), r) })
}

// RolesFor lists the roles that may do a, for the page of the permission table.
func RolesFor(a Action) []Role { return slices.Clone(table(a)) }
