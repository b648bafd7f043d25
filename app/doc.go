// Package app wires the product: configuration, store, service, pages, jobs. It
// is the only place, with cmd, that reads the clock and the system's randomness.
package app
