// Package i18n holds every sentence a user reads, in Italian and in English, and
// the one way to write numbers, money and dates in each.
//
// Messages stand in it/*.yaml and en/*.yaml, embedded, one file per group of
// pages (same file names in both languages). A key is flat, "group.name". A value
// is one text, or a map of plural forms (Italian: one, many, other; English: one,
// other) chosen by the argument "Count". Arguments are named: the text says
// {{.Name}} and the caller passes "Name", value. Integers are written with the
// thousands separator of the language; other values as fmt prints them.
//
// A missing key is never silent: it prints as [key] and is counted. The package
// may be imported by web, api, service, report and notify; it imports none of ours.
package i18n
