// Package impact sets what moved between two assessments beside what was done.
// It describes and never attributes: without a comparison group a change is a
// "change during the programme" and never the "effect of" a micro-progetto
// (methodology.md §2.9). The package therefore holds no difference, ratio or
// test between indicators with and without a micro-progetto: it groups, counts
// and leaves the reading to people.
//
// Rules of wording for whoever prints its result, keys of the message catalogue:
//
//	impact.title               «Che cosa è cambiato durante il programma»
//	impact.acted               «Dove un micro-progetto è stato portato a termine»
//	impact.running             «Dove un micro-progetto è in corso»
//	impact.none                «Dove nessun micro-progetto ha agito»
//	impact.note.description    always printed: a description, not a proof
//	impact.note.regression     printed when ExpectRegression: low starts tend to rise by themselves
//	impact.note.undocumented   printed when scoring.DeclaredOnly > 0 in any row
//	impact.note.documented     printed when scoring.BetterDocumented > 0 in any row
//
// "Not assessed" in one of the two waves is its own group and never a change of 0.
package impact
