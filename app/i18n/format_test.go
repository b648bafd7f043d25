package i18n

import (
	"math"
	"testing"
	"time"
)

func localizer(t *testing.T, lang string) *Localizer {
	t.Helper()
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return c.For(lang)
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	it, en := localizer(t, Italian), localizer(t, English)
	tests := []struct{ name, got, want string }{
		{"thousands", it.Num(1234.5, 1), "1.234,5"},
		{"thousands, English", en.Num(1234.5, 1), "1,234.5"},
		{"million", it.Int(1000000), "1.000.000"},
		{"three digits", it.Int(999), "999"},
		{"zero", it.Int(0), "0"},
		{"true minus", it.Num(-1234.56, 1), "−1.234,6"},
		{"minus that rounds to zero", it.Num(-0.04, 1), "0,0"},
		{"half rounds away from zero", it.Num(62.5, 0), "63"},
		{"no value is not zero", it.Num(math.NaN(), 1), "–"},
		{"share", it.Pct(0.1234, 1), "12,3\u00a0%"},
		{"share, English", en.Pct(0.1234, 1), "12.3%"},
		{"share without value", it.Pct(math.NaN(), 0), "–"},
		{"euro", it.Euro(400000), "4.000\u00a0€"},
		{"euro with cents", it.Euro(123450), "1.234,50\u00a0€"},
		{"euro, English", en.Euro(-400000), "−€4,000"},
		{"plus", it.Signed(3.25, 1), "+3,3"},
		{"plus that rounds to zero", it.Signed(0.01, 1), "0,0"},
		{"minus keeps its sign", it.Signed(-3, 0), "−3"},
		{"list", it.Join([]string{"PIA", "SIC", "COM"}), "PIA, SIC e COM"},
		{"list of one", en.Join([]string{"PIA"}), "PIA"},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, tt.got, tt.want)
		}
	}
}

func TestDatesAreOfRome(t *testing.T) {
	t.Parallel()
	it, en := localizer(t, Italian), localizer(t, English)
	newYear := time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC) // already 2027 in Rome
	summer := time.Date(2026, 7, 1, 22, 30, 0, 0, time.UTC)
	calendarDay := time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC)
	tests := []struct{ name, got, want string }{
		{"day", it.Date(calendarDay), "31/12/2026"},
		{"winter hour", it.DateTime(newYear), "01/01/2027, 00:30"},
		{"summer hour", en.DateTime(summer), "02/07/2026, 00:30"},
		{"words", it.LongDate(calendarDay), "31 dicembre 2026"},
		{"words, English", en.LongDate(calendarDay), "31 December 2026"},
		{"input value", it.ISODate(newYear), "2027-01-01"},
		{"no date", it.Date(time.Time{}), "–"},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, tt.got, tt.want)
		}
	}
}
