// Package pti holds the Piano triennale per l'informatica nella PA (PTI) as
// data: editions, chapters, objectives (OB), expected results (RA) with their
// national targets, and the lines of action (linee d'azione, LA) addressed to
// administrations. It says which lines bind one Comune and why, where each
// stands, and which days its calendar (scadenzario) holds.
//
// Codes, dates and figures are the official ones, as read in shared/data/pti;
// titles and "what the Comune does" are our own words. The reading of which
// Comuni a line binds is ours too, and Edition.Reading says so.
//
// A line is keyed by edition and code: the dates of one code change between
// editions, and a code can be used again with another meaning. A line has its
// own area and its own applicability; an indicator that is not applicable never
// removes a line.
//
// The package is pure domain: no HTTP, no SQL, no clock, no random source; days
// are passed in. Editions are read from embedded YAML by Load, which is worth
// calling once: an *Edition is not changed afterwards and may be read by many
// goroutines.
package pti
