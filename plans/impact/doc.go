// Package impact sets what moved between two assessments beside what was done.
// It describes and never attributes: without a comparison group a change is a
// "change during the programme" and never the "effect of" a micro-progetto
// (methodology.md §2.9). The package therefore holds no difference, ratio or
// test between indicators with and without a micro-progetto: it groups, counts
// and leaves the reading to people.
//
// Rules of wording for whoever prints its result, with the keys of the message
// catalogue (app/i18n, group report) that the impact report uses for them:
//
//	report.impact_title        «Che cosa è cambiato»: never «effect» or «result of»
//	report.acted_title         «Dove si è lavorato»: what ended, beside the change of every area
//	report.cause_title         always printed: a description, not a proof
//	report.regression_title    printed when ExpectRegression: low starts tend to rise by themselves
//	report.change_declared     said of a row that is scoring.DeclaredOnly
//	report.change_documented   said of a row that is scoring.BetterDocumented
//
// "Not assessed" in one of the two waves is its own group and never a change of 0.
package impact
