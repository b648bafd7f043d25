package comune

import (
	"fmt"
	"regexp"
	"strings"

	"traguardo/surveys"
)

// CodiceCatastale is the cadastral ("Belfiore") code of a Comune: one capital
// letter and three digits, as in A606. It is the stable key of the registry.
type CodiceCatastale string

// CodiceISTAT is the code of a Comune in the ISTAT lists: six digits, the first
// three those of the territorial unit, as in 037034. It changes with the province.
type CodiceISTAT string

// CodiceIPA is the code of a body in the index of public administrations. It is
// mostly but not always "c_" and the cadastral code (236 Comuni differ), it keeps
// the case in which it was published and is compared without it. Empty: unknown.
type CodiceIPA string

var (
	catastaleForm = regexp.MustCompile(`^[A-Z][0-9]{3}$`)
	istatForm     = regexp.MustCompile(`^[0-9]{6}$`)
	shortISTAT    = regexp.MustCompile(`^[0-9]{4,5}$`)
	ipaForm       = regexp.MustCompile(`^[A-Za-z0-9_]{1,20}$`)
)

// ParseCatastale accepts a cadastral code in any case, with spaces around it,
// and returns it in capitals; all other text is surveys.ErrInvalid.
func ParseCatastale(s string) (CodiceCatastale, error) {
	c := strings.ToUpper(strings.TrimSpace(s))
	if !catastaleForm.MatchString(c) {
		return "", fmt.Errorf("%w: codice catastale %q", surveys.ErrInvalid, clip(s))
	}
	return CodiceCatastale(c), nil
}

// ParseISTAT accepts six digits that do not begin with 000, with spaces around
// them. A code of four or five digits has lost its leading zeros in a spreadsheet
// and is refused like the rest (surveys.ErrInvalid): it is never guessed.
func ParseISTAT(s string) (CodiceISTAT, error) {
	c := strings.TrimSpace(s)
	if !istatForm.MatchString(c) || strings.HasPrefix(c, "000") {
		return "", fmt.Errorf("%w: codice ISTAT %q", surveys.ErrInvalid, clip(s))
	}
	return CodiceISTAT(c), nil
}

// ParseIPA accepts 1 to 20 letters, digits and underscores and keeps their
// case; all other text, the empty one too, is surveys.ErrInvalid.
func ParseIPA(s string) (CodiceIPA, error) {
	c := strings.TrimSpace(s)
	if !ipaForm.MatchString(c) {
		return "", fmt.Errorf("%w: codice IPA %q", surveys.ErrInvalid, clip(s))
	}
	return CodiceIPA(c), nil
}

// Key returns the form in which two IPA codes are compared: lower case.
func (c CodiceIPA) Key() string { return strings.ToLower(string(c)) }

func (c CodiceIPA) String() string       { return string(c) }
func (c CodiceISTAT) String() string     { return string(c) }
func (c CodiceCatastale) String() string { return string(c) }

// clip shortens text from outside before it enters a message: 40 runes.
func clip(s string) string {
	r := []rune(strings.ToValidUTF8(s, "�"))
	if len(r) <= 40 {
		return string(r)
	}
	return string(r[:39]) + "…"
}
