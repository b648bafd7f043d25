package plans

import "errors"

// Sentinels of the domain; wrap them with %w and match them with errors.Is.
var (
	// ErrInvalid: the value cannot be what it is said to be.
	ErrInvalid = errors.New("invalid value")
	// ErrTransition: the state of the thing does not allow this step.
	ErrTransition = errors.New("state does not allow this step")
	// ErrReason: this step needs a written reason.
	ErrReason = errors.New("a reason is required")
	// ErrDate: the day is in the future or before the step that it follows.
	ErrDate = errors.New("date does not fit")
	// ErrEvidence: this step needs at least one piece of evidence.
	ErrEvidence = errors.New("evidence is required")
	// ErrAct: the act of approval is incomplete.
	ErrAct = errors.New("act is incomplete")
	// ErrFaults: the plan breaks its own limits; see Plan.Faults.
	ErrFaults = errors.New("plan breaks its own limits")
	// ErrNotFound: the plan holds no such thing.
	ErrNotFound = errors.New("not found in the plan")
	// ErrDuplicate: the plan already holds a thing with this id.
	ErrDuplicate = errors.New("already in the plan")
	// ErrTampered: the bytes of a version do not give its hash.
	ErrTampered = errors.New("version does not match its hash")
)
