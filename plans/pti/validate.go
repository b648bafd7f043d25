package pti

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"traguardo/plans"
	"traguardo/surveys"
)

var codeForm = regexp.MustCompile(`^CAP([1-9])\.PA\.[0-9]{2}$`)

// MaxTitle is the longest title of a line, in characters.
const MaxTitle = 90

// validate reports every fault of the edition at once (plans.ErrInvalid).
func (e *Edition) validate() error {
	var faults []error
	addf := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf("%w: "+format, append([]any{plans.ErrInvalid}, args...)...))
	}
	if e.ID == "" || e.Label == "" || e.Source == "" || !both(e.Title) || !both(e.Reading) {
		addf("edition without id, label, source, title or reading")
	}
	for _, c := range e.Conditions {
		if c.ID == "" || !both(c.Question) {
			addf("condition %q is not complete", c.ID)
		}
	}
	for _, a := range e.Audiences {
		if a.ID == "" || !both(a.Name) {
			addf("audience %q is not complete", a.ID)
		}
	}
	faults = append(faults, e.validateResults()...)
	for _, l := range e.Lines {
		if err := e.validateLine(l); err != nil {
			faults = append(faults, fmt.Errorf("line %s: %w", l.Code, err))
		}
	}
	for _, o := range e.Obligations {
		if err := o.validate(); err != nil {
			faults = append(faults, fmt.Errorf("obligation %s: %w", o.ID, err))
		} else if err := o.Rule.validate(e); err != nil {
			faults = append(faults, fmt.Errorf("obligation %s: %w", o.ID, err))
		}
	}
	return errors.Join(faults...)
}

func (e *Edition) validateResults() []error {
	var faults []error
	seen := map[string]bool{}
	once := func(code string) {
		if code == "" || seen[code] {
			faults = append(faults, fmt.Errorf("%w: code %q is empty or stands twice", plans.ErrInvalid, code))
		}
		seen[code] = true
	}
	for _, c := range e.Chapters {
		for _, o := range c.Objectives {
			once(o.Code)
			if !both(o.Title) || len(o.Results) == 0 || !strings.HasPrefix(o.Code, fmt.Sprintf("OB.%d.", c.Number)) {
				faults = append(faults, fmt.Errorf("%w: objective %s of chapter %d is not complete", plans.ErrInvalid, o.Code, c.Number))
			}
			for _, r := range o.Results {
				once(r.Code)
				if err := e.validateResult(r); err != nil {
					faults = append(faults, err)
				}
			}
		}
	}
	return faults
}

func (e *Edition) validateResult(r ExpectedResult) error {
	if !both(r.Title) || len(r.Targets) == 0 {
		return fmt.Errorf("%w: result %s is not complete", plans.ErrInvalid, r.Code)
	}
	last := e.FirstYear
	for _, t := range r.Targets {
		if (t.Kind != Goal && t.Kind != Measured) || !both(t.Text()) || t.Year < last || t.Year > e.LastYear {
			return fmt.Errorf("%w: result %s: target of %d is out of order or not complete", plans.ErrInvalid, r.Code, t.Year)
		}
		last = t.Year
	}
	return nil
}

func (e *Edition) validateLine(l ActionLine) error {
	bad := func(what string) error { return fmt.Errorf("%w: %s", plans.ErrInvalid, what) }
	m := codeForm.FindStringSubmatch(l.Code)
	if m == nil || m[1] != fmt.Sprint(l.Chapter) {
		return bad("code does not fit its chapter")
	}
	if _, chapter, ok := e.Objective(l.Objective); !ok || chapter != l.Chapter {
		return bad("unknown objective " + l.Objective)
	}
	for _, r := range l.Results {
		if _, objective, ok := e.Result(r); !ok || objective != l.Objective {
			return bad("result " + r + " is not of " + l.Objective)
		}
	}
	if _, err := ParseKind(string(l.Binding)); err != nil {
		return err
	}
	dated := !l.Starts.IsZero() || !l.Deadline.IsZero()
	switch {
	case !l.Rule.Kind.suits(l.Binding):
		return bad("rule " + string(l.Rule.Kind) + " does not suit binding " + string(l.Binding))
	case l.Standing && dated, !l.Standing && !dated && !both(l.DateNote):
		return bad("neither standing nor dated, or both")
	case !both(l.Title) || !both(l.Todo):
		return bad("title or todo is missing in a language")
	case utf8.RuneCountInString(l.Title.IT) > MaxTitle || utf8.RuneCountInString(l.Title.EN) > MaxTitle:
		return bad("title is too long")
	case !isArea(l.Area) || (l.Closest != "" && (l.Area != surveys.GOV || l.Closest == surveys.GOV || !isArea(l.Closest))):
		return bad("area or closest area")
	}
	if _, ok := e.fingerprints[l.Code]; !ok {
		return bad("no fingerprint of the official wording")
	}
	return l.Rule.validate(e)
}

func isArea(a surveys.Area) bool {
	for _, b := range surveys.AssessmentAreas() {
		if a == b {
			return true
		}
	}
	return false
}

// both reports whether a text stands in Italian and in English.
func both(t surveys.Text) bool {
	return strings.TrimSpace(t.IT) != "" && strings.TrimSpace(t.EN) != ""
}
