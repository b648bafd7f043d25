// Package qr draws an address as a QR code, for letters that are printed. It knows
// nothing of what the address is good for.
package qr
