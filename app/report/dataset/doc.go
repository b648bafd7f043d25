// Package dataset writes the figures of an ente's results as files for other
// programs: CSV, XLSX and JSON, each with the codebook that says what every column,
// figure, state and question means, in Italian and in English.
//
// It is given stored results, in which what may not be published has a state and no
// number, and copies nothing but what a figure that is shown holds. It computes
// nothing, reads no clock and opens no file: equal results give equal bytes.
package dataset
