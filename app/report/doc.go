// Package report makes the product's documents: a plain tree (headings,
// paragraphs, lists, tables, figures, key figures, notes) and two renderers of
// the same tree, a PDF (maroto, then pdfa) and an accessible HTML twin. Same
// words, same numbers, same order in both.
//
// A Document holds everything, the date included: the package has no clock, so
// equal data give equal bytes. Numbers and dates in the tree are text already,
// written by the builders (docs_*.go) with the message catalogue. The builders
// take plain data structs, decide nothing about scores and never show what was
// suppressed.
//
// Words: "dati insufficienti" for what may not be shown, "dato dimostrativo"
// on every page of an invented ente, evidenced and declared (documentato,
// dichiarato), n (how many answers or pairs stand behind a number).
//
// The package knows no HTTP, no SQL and no scoring rule.
package report
