// Package sheet reads a table of figures from a CSV file as offices and
// statisticians write it: comma or semicolon between cells, decimal point or
// decimal comma, UTF-8, UTF-16 with a mark or Windows-1252. What separates and
// what the decimals are is found out from the file; where it could be read in two
// ways the file is refused and the reader is asked to say which one is meant,
// because a silent guess would be wrong by a factor of a thousand.
//
// Numbers are kept as the exact decimals of the file beside their float64, so
// that differences that are equal on paper are equal here too. The package is
// pure: it opens no file and knows no survey.
package sheet
