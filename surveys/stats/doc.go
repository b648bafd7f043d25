// Package stats holds the estimators and tests that the survey methodology asks
// for: intervals, paired change, reliability, agreement, non-response and
// multiple testing. It is pure arithmetic: it knows no survey, no item, no HTTP,
// no SQL and no clock; the only randomness comes from a seed that the caller
// passes and stores with the report.
//
// Words: a difference is post − pre of one matched person; N is the number of
// differences, NZero those that are zero, NUsed the others. Intervals are at
// 95 % unless a Confidence field says otherwise. Methodology §2.x in a comment
// names the section of the methodology page where the formula stands.
//
// Too few data: a function either returns ok = false (and a zero value that must
// not be printed) or a nil pointer in the field that cannot be computed. No
// result ever holds NaN or an infinity; an input that holds one gives ok = false.
// Every function leaves its arguments unchanged and may be called concurrently.
package stats
