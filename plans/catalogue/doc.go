// Package catalogue holds the templates of micro-progetti: what an ente can do
// to bring an indicator of MAT to the next level, close a line of the Piano
// triennale or train its people. Templates are YAML, one file an area, embedded
// and read strictly by Load: an unknown field, a missing part or a code that does
// not exist stops it with file and line.
//
// A template has stages. The stage of level L is the micro-progetto that brings
// its indicators to level L; "PIA-01@2" and "PIA-01@3" are two micro-progetti of
// one template, the second after the first. A template marked each makes one
// micro-progetto for every indicator it names.
//
// Titles and texts are our own words. The acceptance criterion is not in the
// catalogue: it is the text of the level reached, taken from the instrument when
// a plan is made. Costs, days and weeks are estimates of ours («stima da
// verificare») until an ente writes its own. Law and PTI codes are cited, never copied.
//
// The package knows neither instruments nor editions: Lint takes what they hold
// and tells which codes of the catalogue they do not know.
package catalogue
