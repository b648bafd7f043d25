package fonts_test

import (
	"strings"
	"testing"

	"traguardo/app/report/fonts"
)

func measure(t *testing.T) *fonts.Measure {
	t.Helper()
	m, err := fonts.NewMeasure()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestWidthGrowsWithTextAndSize(t *testing.T) {
	t.Parallel()
	m := measure(t)
	one, two := m.Width(fonts.Regular, 10, "Comune"), m.Width(fonts.Regular, 10, "Comune di")
	if one <= 0 || two <= one {
		t.Errorf("got widths %.2f and %.2f, want 0 < first < second", one, two)
	}
	if got := m.Width(fonts.Regular, 20, "Comune"); got != 2*one {
		t.Errorf("got %.3f at double size, want %.3f", got, 2*one)
	}
	if m.Width(fonts.Bold, 10, "Comune") <= one {
		t.Error("want the bold cut wider than the regular one")
	}
}

func TestLinesFitAndLoseNothing(t *testing.T) {
	t.Parallel()
	m := measure(t)
	cases := []struct{ name, in string }{
		{"empty", ""},
		{"prose", "Il piano tiene insieme costi, giornate e scadenze del triennio, anno per anno."},
		{"long word", strings.Repeat("protocollo", 12)},
		{"address", "https://www.comune.esempio.it/amministrazione-trasparente/piano-triennale/2026/documento.pdf"},
		{"two paragraphs", "Prima riga.\nSeconda riga piuttosto lunga che va a capo."},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			lines := m.Lines(fonts.Regular, 10, 120, c.in)
			if len(lines) == 0 {
				t.Fatal("got no line, want at least one")
			}
			for _, l := range lines {
				if w := m.Width(fonts.Regular, 10, l); w > 120 {
					t.Errorf("line %q is %.1f wide, want at most 120", l, w)
				}
			}
			strip := func(s string) string { return strings.NewReplacer(" ", "", "\n", "").Replace(s) }
			if got := strip(strings.Join(lines, "")); got != strip(c.in) {
				t.Errorf("got %q, want the same letters as %q", got, c.in)
			}
		})
	}
}

func TestNoBreakSpaceStaysOnOneLine(t *testing.T) {
	t.Parallel()
	m := measure(t)
	w := m.Width(fonts.Regular, 10, "costa 4.000")
	for _, l := range m.Lines(fonts.Regular, 10, w, "costa 4.000\u00a0€ in tutto") {
		if strings.HasSuffix(l, "4.000") || strings.HasPrefix(l, "€") {
			t.Errorf("line %q breaks at the no-break space", l)
		}
	}
}

func TestCleanKeepsWhatHasGlyphs(t *testing.T) {
	t.Parallel()
	m := measure(t)
	cases := []struct{ in, want string }{
		{"Comune di Cantù «è» – 4.000 €", "Comune di Cantù «è» – 4.000 €"},
		{"a\u0000b\u200b", "ab"},
		{"1 → 2", "1 -> 2"},
		{"nome 😀", "nome ?"},
		{"e\u0300", "è"},
		{"10\u202f000", "10\u00a0000"},
		{"riga\r\nriga", "riga \nriga"},
	}
	for _, c := range cases {
		if got := m.Clean(c.in); got != c.want {
			t.Errorf("Clean(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestTruncate(t *testing.T) {
	t.Parallel()
	m := measure(t)
	got := m.Truncate(fonts.Regular, 10, 60, "Segreteria generale e affari istituzionali")
	if !strings.HasSuffix(got, "…") || m.Width(fonts.Regular, 10, got) > 60 {
		t.Errorf("got %q, want an ellipsis within 60", got)
	}
	if got := m.Truncate(fonts.Regular, 10, 600, "Anagrafe"); got != "Anagrafe" {
		t.Errorf("got %q, want the text unchanged", got)
	}
}

func TestFilesAreCopiesAndLicensed(t *testing.T) {
	t.Parallel()
	a, err := fonts.TTF(fonts.Regular)
	if err != nil {
		t.Fatal(err)
	}
	a[0] ^= 0xff
	b, err := fonts.TTF(fonts.Regular)
	if err != nil {
		t.Fatal(err)
	}
	if a[0] == b[0] {
		t.Error("got the same bytes after a change, want a fresh copy")
	}
	l, err := fonts.Licence()
	if err != nil || !strings.Contains(l, "SIL OPEN FONT LICENSE Version 1.1") {
		t.Errorf("got licence of %d bytes, err %v; want the OFL 1.1", len(l), err)
	}
}
