// Package storage keeps Traguardo's rows in SQLite or PostgreSQL through GORM.
// Row structs are private and carry the tags; methods of Store take and return
// domain types or the plain records of this package. Every method on an ente's
// data takes the ente and puts it into WHERE: another ente's id answers
// ErrNotFound, exactly like one that does not exist.
//
// It knows nothing of HTTP and decides nothing: who may do what is app/service's
// business, what a figure means is surveys' and plans'. dialect.go is the only
// file that tells SQLite from PostgreSQL.
package storage
