// Package figure draws the charts of pages and reports once, as a few
// primitives (rectangle, line, circle, polygon, text, pattern), and writes them
// twice: as SVG for pages and HTML twins, as PNG for the PDF.
//
// A Figure carries its title, a description in words and the table of its
// data, so that nobody needs the picture. Colours are roles, never the only
// sign: every state has a pattern or a word too. Numbers that may not be shown
// are drawn as such: suppressed («dati insufficienti»), not assessed (hatched),
// not applicable, only an interval.
//
// Words used here: evidenced and declared (documentato, dichiarato), whisker
// (the interval), band (one of the five maturity labels), unit (a quarter of a
// millimetre on paper, a pixel of the SVG's view box).
//
// The package knows no Comune, no score rule and no database; texts come
// through Locale.
package figure
