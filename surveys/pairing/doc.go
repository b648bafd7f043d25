// Package pairing links the answers that one person gave in two waves without
// anybody knowing who the person is, and derives the keys of a personal link. It
// is pure: random bytes come from an io.Reader that the caller passes, keys and
// secrets are handed in, nothing is stored or logged. Only the standard library's
// crypto is used.
//
// Methods, fixed when a series of waves is created (questionnaires, Block 1):
// card, a random code on a printed card that nobody records (the default); code,
// six elements that the person can remember; link, a pseudonym from the
// invitation. Each is turned at reception into keyed hashes (HMAC-SHA-256); what
// was typed is never stored. Until the key of the series is destroyed the answers
// are "pseudonimizzati", not anonymous.
//
// Words: a series is a set of waves meant to be paired; a Key belongs to one
// series (or, as a master key, wraps such keys); a Secret is in somebody's hands
// and not in the database. Types that hold one print as a placeholder, refuse to
// be marshalled and give their text only through Text.
package pairing
