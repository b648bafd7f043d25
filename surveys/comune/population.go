package comune

import (
	"fmt"

	"traguardo/surveys"
)

// Class is a class of population. Comuni are compared inside one class
// (questionnaires.md §4, comparison between Comuni). The zero value is unknown.
type Class int

// The seven classes, smallest first.
const (
	ClassUnknown Class = iota
	ClassTo1000
	ClassTo3000
	ClassTo5000
	ClassTo10000
	ClassTo20000
	ClassTo60000
	ClassOver60000
)

// PopulationClass returns the class of a number of inhabitants, ClassUnknown
// when the number is 0 or less (0 means that the population is not known).
func PopulationClass(inhabitants int) Class {
	if inhabitants <= 0 {
		return ClassUnknown
	}
	for _, c := range Classes() {
		if _, last := c.Bounds(); last == 0 || inhabitants <= last {
			return c
		}
	}
	return ClassOver60000
}

// Classes returns the seven classes, smallest first. The caller owns the slice.
func Classes() []Class {
	return []Class{ClassTo1000, ClassTo3000, ClassTo5000, ClassTo10000, ClassTo20000, ClassTo60000, ClassOver60000}
}

// Bounds returns the first and last number of inhabitants of the class, both
// inside it. The last of ClassOver60000 is 0: it has none; both of ClassUnknown are 0.
func (c Class) Bounds() (first, last int) {
	switch c {
	case ClassTo1000:
		return 1, 1000
	case ClassTo3000:
		return 1001, 3000
	case ClassTo5000:
		return 3001, 5000
	case ClassTo10000:
		return 5001, 10000
	case ClassTo20000:
		return 10001, 20000
	case ClassTo60000:
		return 20001, 60000
	case ClassOver60000:
		return 60001, 0
	case ClassUnknown:
	}
	return 0, 0
}

// String returns the code of the class, stable in exports: "1-1000" …
// "20001-60000", "60001-", and "unknown".
func (c Class) String() string {
	first, last := c.Bounds()
	switch {
	case first == 0:
		return "unknown"
	case last == 0:
		return fmt.Sprintf("%d-", first)
	}
	return fmt.Sprintf("%d-%d", first, last)
}

// ParseClass accepts what String returns and refuses all other text (surveys.ErrInvalid).
func ParseClass(s string) (Class, error) {
	for _, c := range append(Classes(), ClassUnknown) {
		if c.String() == s {
			return c, nil
		}
	}
	return ClassUnknown, fmt.Errorf("%w: population class %q", surveys.ErrInvalid, clip(s))
}

// Label returns the words of the class for a reader.
func (c Class) Label() surveys.Text {
	switch c {
	case ClassTo1000:
		return surveys.Text{IT: "fino a 1.000 abitanti", EN: "up to 1,000 inhabitants"}
	case ClassTo3000:
		return surveys.Text{IT: "1.001–3.000 abitanti", EN: "1,001–3,000 inhabitants"}
	case ClassTo5000:
		return surveys.Text{IT: "3.001–5.000 abitanti", EN: "3,001–5,000 inhabitants"}
	case ClassTo10000:
		return surveys.Text{IT: "5.001–10.000 abitanti", EN: "5,001–10,000 inhabitants"}
	case ClassTo20000:
		return surveys.Text{IT: "10.001–20.000 abitanti", EN: "10,001–20,000 inhabitants"}
	case ClassTo60000:
		return surveys.Text{IT: "20.001–60.000 abitanti", EN: "20,001–60,000 inhabitants"}
	case ClassOver60000:
		return surveys.Text{IT: "oltre 60.000 abitanti", EN: "over 60,000 inhabitants"}
	case ClassUnknown:
	}
	return surveys.Text{IT: "popolazione non nota", EN: "population not known"}
}
