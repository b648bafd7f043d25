package plans

import (
	"fmt"
	"strconv"
	"strings"
)

// Cents is an amount of money in euro cents. It may be negative in a correction.
type Cents int64

// Euro returns c for reading in lang: "4.000 €" and "4.000,50 €" in Italian,
// "€4,000" and "€4,000.50" in English ("en"). Cents are written only when there are any.
func (c Cents) Euro(lang string) string {
	thousand, decimal := ".", ","
	if lang == "en" {
		thousand, decimal = ",", "."
	}
	sign, abs := "", uint64(c)
	if c < 0 {
		sign, abs = "-", uint64(-(c+1))+1
	}
	text := group(strconv.FormatUint(abs/100, 10), thousand)
	if rest := abs % 100; rest != 0 {
		text += fmt.Sprintf("%s%02d", decimal, rest)
	}
	if lang == "en" {
		return sign + "€" + text
	}
	return sign + text + " €"
}

// String returns c in Italian.
func (c Cents) String() string { return c.Euro("it") }

// group puts sep between each three digits of whole, from the right.
func group(whole, sep string) string {
	var b strings.Builder
	for i, r := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(sep)
		}
		b.WriteRune(r)
	}
	return b.String()
}

// ParseCents reads an amount as a person types it in a form: "4000", "4.000",
// "4.000,50", "4000,5", "€ 4.000". A point must stand between groups of three digits, a
// comma before one or two decimals. It refuses negative amounts and all other text.
func ParseCents(s string) (Cents, error) {
	bad := fmt.Errorf("%w: amount %q", ErrInvalid, s)
	t := strings.TrimSpace(strings.ReplaceAll(strings.ReplaceAll(s, "€", ""), "\u00a0", " "))
	whole, decimals, hasDecimals := strings.Cut(t, ",")
	if hasDecimals && (len(decimals) == 0 || len(decimals) > 2) {
		return 0, bad
	}
	groups := strings.Split(whole, ".")
	for i, g := range groups {
		if g == "" || (len(groups) > 1 && (len(g) > 3 || (i > 0 && len(g) != 3))) {
			return 0, bad
		}
	}
	digits := strings.Join(groups, "") + (decimals + "00")[:2]
	if strings.Trim(digits, "0123456789") != "" {
		return 0, bad
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return 0, bad
	}
	return Cents(n), nil
}
