package i18n

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// separators returns the thousands and the decimal separator of the language.
func (l *Localizer) separators() (thousands, decimal string) {
	if l.lang == English {
		return ",", "."
	}
	return ".", ","
}

// Int writes a whole number with thousands separators: 12.345, English 12,345; −3 with a true minus.
func (l *Localizer) Int(n int) string { return l.Num(float64(n), 0) }

// Num writes x rounded half away from zero to decimals places: 1.234,5, English
// 1,234.5. NaN and infinities print as a dash: they are "no value", never 0.
func (l *Localizer) Num(x float64, decimals int) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return "–"
	}
	scale := math.Pow10(decimals)
	text := strconv.FormatFloat(math.Round(math.Abs(x)*scale)/scale, 'f', decimals, 64)
	whole, fraction, _ := strings.Cut(text, ".")
	thousands, decimal := l.separators()
	var b strings.Builder
	if x < 0 && strings.Trim(text, "0.") != "" {
		b.WriteString("−")
	}
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(thousands)
		}
		b.WriteRune(digit)
	}
	if fraction != "" {
		b.WriteString(decimal + fraction)
	}
	return b.String()
}

// Signed writes a change with its sign, + or −; zero has none.
func (l *Localizer) Signed(x float64, decimals int) string {
	text := l.Num(x, decimals)
	if x > 0 && strings.Trim(text, "0.,") != "" {
		return "+" + text
	}
	return text
}

// Pct writes a share from 0 to 1 as a percentage: 0.1234 with 1 decimal is 12,3 %, English 12.3%.
func (l *Localizer) Pct(share float64, decimals int) string {
	text := l.Num(share*100, decimals)
	if text == "–" {
		return text
	}
	if l.lang == English {
		return text + "%"
	}
	return text + "\u00a0%"
}

// Euro writes an amount in euro cents: 4.000 €, with cents only where there are any; English €4,000.
func (l *Localizer) Euro(cents int64) string {
	decimals := 0
	if cents%100 != 0 {
		decimals = 2
	}
	text := l.Num(float64(cents)/100, decimals)
	if l.lang == English {
		if rest, negative := strings.CutPrefix(text, "−"); negative {
			return "−€" + rest
		}
		return "€" + text
	}
	return text + "\u00a0€"
}

// Date writes the day of t in Europe/Rome: 31/12/2026 in both languages. The zero time prints as a dash.
func (l *Localizer) Date(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.In(l.rome).Format("02/01/2006")
}

// DateTime writes day and hour of t in Europe/Rome: 31/12/2026, 23:59. The zero time prints as a dash.
func (l *Localizer) DateTime(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.In(l.rome).Format("02/01/2006, 15:04")
}

// LongDate writes the day of t in Europe/Rome in words: 31 dicembre 2026, English 31 December 2026.
func (l *Localizer) LongDate(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	day := t.In(l.rome)
	return strconv.Itoa(day.Day()) + " " + l.Month(day.Month()) + " " + strconv.Itoa(day.Year())
}

// Month returns the name of a month: dicembre, December.
func (l *Localizer) Month(m time.Month) string {
	if l.lang == English {
		return m.String()
	}
	return [...]string{"gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio",
		"agosto", "settembre", "ottobre", "novembre", "dicembre"}[m-1]
}

// ISODate writes the day of t in Europe/Rome as 2026-12-31: the value of <input type="date"> and
// of <time datetime>. The zero time gives an empty text.
func (l *Localizer) ISODate(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(l.rome).Format("2006-01-02")
}

// Join writes a list with commas and "e" / "and" before the last: a, b e c.
func (l *Localizer) Join(items []string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	and := " e "
	if l.lang == English {
		and = " and "
	}
	last := len(items) - 1
	return strings.Join(items[:last], ", ") + and + items[last]
}
