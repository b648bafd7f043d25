// Package earlier reads the answers of a survey that was held with another tool:
// CSV exports of LimeSurvey, Microsoft Forms and Google Forms. A mapping, a
// document that a person checks and keeps, says which column is which item of an
// instrument and which cell is which answer; Propose drafts one from headings and
// labels. Apply is strict: a cell that the mapping does not know is a fault with
// its line, and a result with a fault holds no vectors.
//
// Nobody is identified: columns of names, addresses and times are never read into
// the result, whatever the mapping says, and vectors come in an order that is not
// that of the file. The package is pure; it stores nothing.
package earlier
