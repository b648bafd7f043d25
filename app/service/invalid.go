package service

import (
	"errors"
	"strings"
)

// FieldFault is one thing wrong with what was typed: the field, and the message
// key with its arguments, for the page to show beside it.
type FieldFault struct {
	Field string // form field; empty for the whole form
	Key   string // message key
	Args  []any  // name, value pairs
}

// InvalidError says everything that is wrong with a form at once. Nothing was written.
type InvalidError struct{ Faults []FieldFault }

// Error lists the fields and keys, for the log.
func (e *InvalidError) Error() string {
	parts := make([]string, 0, len(e.Faults))
	for _, f := range e.Faults {
		parts = append(parts, f.Field+": "+f.Key)
	}
	return "invalid input: " + strings.Join(parts, "; ")
}

// Invalid makes an InvalidError with one fault.
func Invalid(field, key string, args ...any) *InvalidError {
	return &InvalidError{Faults: []FieldFault{{Field: field, Key: key, Args: args}}}
}

// faults collects what is wrong with a form.
type faults struct{ list []FieldFault }

func (f *faults) add(field, key string, args ...any) {
	f.list = append(f.list, FieldFault{Field: field, Key: key, Args: args})
}

// err returns nil when there is no fault.
func (f *faults) err() error {
	if len(f.list) == 0 {
		return nil
	}
	return &InvalidError{Faults: f.list}
}

// FaultsOf returns the faults inside err, or nil when it is of another kind.
func FaultsOf(err error) []FieldFault {
	var invalid *InvalidError
	if errors.As(err, &invalid) {
		return invalid.Faults
	}
	return nil
}
