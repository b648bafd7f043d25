package surveys

import "errors"

// Sentinels of the domain; wrap them with %w and match them with errors.Is.
var (
	// ErrInvalid: the value cannot be what it is said to be.
	ErrInvalid = errors.New("invalid value")
	// ErrClosed: the wave is closed and takes nothing more.
	ErrClosed = errors.New("wave is closed")
	// ErrNotOpen: the wave has not been opened yet.
	ErrNotOpen = errors.New("wave is not open")
	// ErrState: the thing is not in a state that allows the step.
	ErrState = errors.New("state does not allow this")
	// ErrUnknownItem: an answer names an item that the instrument does not have.
	ErrUnknownItem = errors.New("unknown item")
)
