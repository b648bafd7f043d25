// Package demo fills a database with the demonstration: a programme of nine
// fictitious Comuni that have walked the loop, and the nine real reference Comuni
// with nothing but true public facts. All of it goes through app/service, as users
// would do it, on a clock that this package moves; the same seed and day give the
// same figures. Invented figures belong to invented Comuni only.
package demo
