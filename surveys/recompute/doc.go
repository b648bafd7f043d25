// Package recompute answers one question on one table with the figures of package
// stats, under the keys that `traguardo stats` promises, so that anyone can check
// a figure of ours against their own program, and ours against published ones. A
// figure for which there are too few rows is nil (null in JSON); no figure is ever
// NaN. Rows with an empty cell in a column in use are left out, unless said
// otherwise. Errors answer to sheet.ErrUnusable and are one sentence.
//
// It prints coefficients for any n: the rules of what may be shown belong to the
// pages, which read results and not these functions.
package recompute
