// Package auth says who somebody is and what a role may do: passwords, session
// and reset tokens, roles, the Actor of a request and the one permission table.
// It knows no HTTP and no SQL; app/service asks it before every action.
package auth
