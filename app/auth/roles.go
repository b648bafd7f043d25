package auth

import (
	"errors"
	"fmt"

	"traguardo/surveys"
)

// Errors of access; match them with errors.Is.
var (
	// ErrForbidden: known here, but the role may not do this.
	ErrForbidden = errors.New("not allowed")
	// ErrSignedOut: nobody is signed in.
	ErrSignedOut = errors.New("not signed in")
	// ErrCredentials: unknown account or wrong password; never says which.
	ErrCredentials = errors.New("wrong e-mail or password")
	// ErrThrottled: too many failures; try later.
	ErrThrottled = errors.New("too many attempts")
)

// Role is what somebody is in an ente or in a programme.
type Role string

// The roles of PRODUCT.md. Admin is not granted by scope: it is a mark on the user.
const (
	Coordinator Role = "coordinator" // of a programme
	Facilitator Role = "facilitator" // of a programme: edits its enti, approves nothing
	RTD         Role = "rtd"         // responsabile per la transizione digitale of an ente
	UTD         Role = "utd"         // member of the ufficio per la transizione digitale
	Office      Role = "office"      // contact of one office
	Viewer      Role = "viewer"      // segretario, giunta, OIV
	Admin       Role = "admin"       // users, backup, configuration; no single answers
)

// ParseRole accepts the code of a role that can be granted.
func ParseRole(s string) (Role, error) {
	switch r := Role(s); r {
	case Coordinator, Facilitator, RTD, UTD, Office, Viewer:
		return r, nil
	case Admin:
		return "", fmt.Errorf("%w: admin is not granted by scope", surveys.ErrInvalid)
	default:
		return "", fmt.Errorf("%w: role %q", surveys.ErrInvalid, s)
	}
}

// OfProgramme reports whether the role is granted on a programme (and reaches
// its enti) instead of on one ente.
func (r Role) OfProgramme() bool { return r == Coordinator || r == Facilitator }

// Actor is who acts: a signed-in user, the command line or the system itself.
type Actor struct {
	UserID surveys.ID // empty for the system
	Name   string
	Email  string
	Lang   string // it or en
	Admin  bool
	System bool // a job or the command line: may do everything, and is recorded as such
}

// SystemActor acts for jobs and for the command line.
func SystemActor() Actor { return Actor{Name: "system", System: true, Lang: "it"} }

// ID is what the audit trail records: the user's id, or "system".
func (a Actor) ID() string {
	if a.System {
		return "system"
	}
	return a.UserID.String()
}

// Grant is one role of one user in one place.
type Grant struct {
	ID          surveys.ID
	UserID      surveys.ID
	Role        Role
	EnteID      surveys.ID // set for roles of an ente
	ProgrammeID surveys.ID // set for roles of a programme
	OfficeID    surveys.ID // set for Office
}
