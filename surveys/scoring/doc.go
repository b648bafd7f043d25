// Package scoring is the one place where an answer becomes a number: maturity of
// the ente (MAT), competence of its staff (STAFF), change between waves, pooled
// results and a person's own profile. Screens, exports and PDFs read what it
// returns and compute nothing. It knows no HTTP, no SQL, no clock and no random
// source.
//
// Words: a level is 0–4, a score 0–100 in full precision (rounded once, at
// display). Declared is what the ente says, evidenced what valid evidence holds
// up. A nil pointer means «not calculable» and is never a zero. Staff results hold
// privacy.Figure values: suppression is applied here, before returning, so that a
// result may be stored and marshalled as it is. Results are structs and slices
// only: equal inputs give equal JSON, byte for byte.
//
// Sources: questionnaires.md §4 (part A), §7 (part B), §8 (suppression);
// methodology.md for the statistics.
package scoring

// FormulaVersion names the formulas of this package. It is stored with every
// result and printed with every report; any change of a number raises it.
const FormulaVersion = "1.1"
