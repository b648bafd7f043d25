// Package service holds what users do: one method, one user action. A method
// asks the permission table, opens a transaction, calls the domain and storage,
// writes the audit row in the same transaction, and returns plain data. Pages,
// jobs and the command line all call it.
//
// It knows no HTTP. Time and randomness come from Config, never from the system.
package service
